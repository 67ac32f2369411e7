/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whose headers Host and Origin are let in by the sandbox. */

#define G_LOG_DOMAIN "test-sandbox-caller"

#include "config.h"

#include <glib.h>
#include <string.h>

#include "sandbox/scope-sandbox-caller.h"

#define REASON_BYTES 120 /* of a close frame */

typedef char *(*Refuse) (const char *header);

static void
check_all_let_in (Refuse              refuse,
                  const char * const *headers)
{
  g_assert_null (refuse (NULL));
  for (; *headers != NULL; headers++)
    {
      g_autofree char *refusal = refuse (*headers);

      g_assert_cmpstr (refusal, ==, NULL);
    }
}

static void
check_all_refused (Refuse              refuse,
                   const char * const *headers,
                   const char         *next_step)
{
  for (; *headers != NULL; headers++)
    {
      g_autofree char *refusal = refuse (*headers);

      g_assert_nonnull (refusal);
      g_assert_cmpint (strstr (refusal, next_step) - refusal, <, REASON_BYTES - strlen (next_step));
    }
}

static void
test_host (void)
{
  static const char * const let_in[] = {
    "127.0.0.1",      "127.0.0.1:6001",      "[::1]:6001",      "[::ffff:127.0.0.1]:1", "192.168.1.7:6001",
    "localhost",      "LocalHost:6001",      "localhost.:6001", "ws.localhost:6001",    "a.b.localhost",
    "shop.test:6001", "sandbox.shop.test.:1", NULL,
  };
  static const char * const refused[] = {
    "evil.example",        "evil.example:6001",      "localhost.evil.example:6001", "127.0.0.1.evil.example",
    "notlocalhost:6001",   "mytest",                 "127.0.0.1@evil.example",      "evil.example:6001, 127.0.0.1",
    "",                    ":6001",                  "localhost:port",              "[::1",
    "evil.example\\.test", "evil.example#.test",     "evil.example/.test",          ".",
    "\xff\xfe",            "127.0.0.1 evil.example", NULL,
  };

  check_all_let_in (scope_sandbox_caller_refuse_host, let_in);
  check_all_refused (scope_sandbox_caller_refuse_host, refused, "127.0.0.1 or localhost");
}

static void
test_origin (void)
{
  static const char * const let_in[] = {
    "",
    "file://",
    "http://localhost:5173",
    "https://localhost",
    "http://127.0.0.1:8000",
    "http://[::1]:3000",
    "http://0.0.0.0:8000",
    "http://192.168.178.20:3000",
    "http://10.0.2.2",
    "http://[fd00::1]:3000",
    "https://shop.test",
    "http://app.localhost:3000",
    "http://LOCALHOST:3000",
    "http://devbox:3000",
    "http://devbox.local:3000",
    "http://devbox.home.arpa",
    "tauri://localhost",
    "chrome-extension://abcdefghijklmnop",
    NULL,
  };
  static const char * const refused[] = {
    "null",
    "nonsense",
    "https://evil.example",
    "http://evil.example:3000",
    "HTTPS://EVIL.EXAMPLE",
    "https://localhost.evil.example",
    "https://evil.example.test.com",
    "https://eviltest.com",
    "https://user@127.0.0.1@evil.example",
    "https://93.184.216.34",
    "https://[2606:2800::1]",
    "https://[::ffff:93.184.216.34]",
    "http://",
    "http://evil.example/.test",
    "http://localhost, https://evil.example",
    NULL,
  };

  check_all_let_in (scope_sandbox_caller_refuse_origin, let_in);
  check_all_refused (scope_sandbox_caller_refuse_origin, refused, "--app KEY:ID");
}

/* What is said is bounded and can be shown, whatever came. */
static void
test_shown (void)
{
  g_autofree char *name = g_strnfill (100000, 'x');
  g_autofree char *origin = g_strconcat ("http://a\n\033[31m.", name, NULL);
  g_autofree char *refusal = scope_sandbox_caller_refuse_origin (origin);

  g_assert_cmpuint (strlen (refusal), <, 1000);
  g_assert_null (strpbrk (refusal, "\n\033"));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sandbox-caller/host", test_host);
  g_test_add_func ("/sandbox-caller/origin", test_origin);
  g_test_add_func ("/sandbox-caller/shown", test_shown);
  return g_test_run ();
}
