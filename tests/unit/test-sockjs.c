/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The lines of the HTTP transports, protocol.md §7.2. */

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "protocol/scope-sockjs.h"

/* "open h", "messages <a><b>", "heartbeat", "close 4001 Why", "bad", "limit" */
static char *
describe (const char *line,
          gsize length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeSockjsFrame) frame = scope_sockjs_frame_parse (line, length, &error);
  g_autoptr (GString) text = NULL;

  if (frame == NULL)
    {
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_true (error->domain == SCOPE_ERROR);
      return g_strdup (error->code == SCOPE_ERROR_LIMIT ? "limit" : "bad");
    }

  g_assert_no_error (error);
  switch (frame->type)
    {
    case SCOPE_SOCKJS_OPEN:
      return g_strdup_printf ("open %s", frame->host != NULL ? frame->host : "-");
    case SCOPE_SOCKJS_HEARTBEAT:
      return g_strdup ("heartbeat");
    case SCOPE_SOCKJS_CLOSE:
      return g_strdup_printf ("close %u %s", frame->code, frame->reason != NULL ? frame->reason : "-");
    case SCOPE_SOCKJS_MESSAGES:
    default:
      break;
    }
  text = g_string_new ("messages ");
  for (guint i = 0; i < frame->messages->len; i++)
    {
      gsize n;
      const char *bytes = g_bytes_get_data (frame->messages->pdata[i], &n);

      g_string_append_printf (text, "<%.*s>", (int) n, n > 0 ? bytes : "");
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
test_lines (void)
{
  static const char * const rows[][2] = {
    { "o", "open -" },
    { "o{}", "open -" },
    { "o{\"hostname\":\"ws2.example.com\"}", "open ws2.example.com" },
    { "o{\"hostname\":\"[::1]\"}", "open [::1]" },
    { "o{\"hostname\":7}", "open -" },
    { "o[]", "bad" },
    { "o{", "bad" },
    /* a host that would be more than a host in a URL */
    { "o{\"hostname\":\"\"}", "bad" },
    { "o{\"hostname\":\"evil.example/x?\"}", "bad" },
    { "o{\"hostname\":\"me@evil.example\"}", "bad" },
    { "o{\"hostname\":\"evil.example:99\"}", "bad" },
    { "o{\"hostname\":\"a\\u0000b\"}", "open a" },
    { "o{\"hostname\":\"[::1\"}", "bad" },
    { "h", "heartbeat" },
    { "hhhhhhhhhhhhhhhh", "heartbeat" },
    { "a[]", "messages " },
    { "a[\"x\"]", "messages <x>" },
    { "a[\"{\\\"event\\\":\\\"e\\\"}\",\"\\u00e9\", \"\"]", "messages <{\"event\":\"e\"}><é><>" },
    { "a", "bad" },
    { "a[\"x\"", "bad" },
    { "a[\"x\",7]", "bad" },
    { "a[\"\\ud800\"]", "bad" },
    { "a{\"x\":1}", "bad" },
    { "a[\"x\"]y", "bad" },
    { "m\"{}\"", "messages <{}>" },
    { "m \"a\" ", "messages <a>" },
    { "m7", "bad" },
    { "m", "bad" },
    { "c[4001,\"Could not find app\"]", "close 4001 Could not find app" },
    { "c[1000]", "close 1000 -" },
    { "c[3000,7]", "close 3000 -" },
    { "c[]", "bad" },
    { "c[\"4001\",\"x\"]", "bad" },
    { "c[-1,\"x\"]", "bad" },
    { "c[65536,\"x\"]", "bad" },
    { "c[4001.5,\"x\"]", "bad" },
    { "c", "bad" },
    { "", "bad" },
    { "<html>", "bad" },
    { "{\"event\":\"x\"}", "bad" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = describe (rows[i][0], strlen (rows[i][0]));

      g_test_message ("%s", rows[i][0]);
      g_assert_cmpstr (text, ==, rows[i][1]);
    }
}

static void
test_limits (void)
{
  g_autoptr (GString) deep = g_string_new ("a");
  g_autofree char *large = g_strnfill (SCOPE_LIMIT_FRAME_BYTES + 1, 'h');
  g_autofree char *reason = g_strnfill (10000, 'r');
  g_autofree char *close = g_strdup_printf ("c[4009,\"%s\"]", reason);
  g_autoptr (ScopeSockjsFrame) frame = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < 1000; i++)
    g_string_append_c (deep, '[');
  text = describe (deep->str, deep->len);
  g_assert_cmpstr (text, ==, "limit");
  g_free (text);
  text = describe (large, SCOPE_LIMIT_FRAME_BYTES + 1);
  g_assert_cmpstr (text, ==, "limit");
  g_free (text);
  text = describe (large, SCOPE_LIMIT_FRAME_BYTES);
  g_assert_cmpstr (text, ==, "heartbeat");

  frame = scope_sockjs_frame_parse (close, strlen (close), NULL);
  g_assert_cmpuint (strlen (frame->reason), <, 2 * SCOPE_LIMIT_CLOSE_REASON_BYTES); /* with a note that it is cut */
}

static void
test_send (void)
{
  static const char frame[] = "{\"event\":\"client-x\",\"data\":\"é \\\"q\\\"\\n\"}";
  g_autofree char *body = scope_sockjs_build_send (frame, strlen (frame));
  g_autofree char *line = g_strconcat ("a", body, NULL);
  g_autofree char *back = describe (line, strlen (line));
  g_autofree char *expected = g_strdup_printf ("messages <%s>", frame);

  g_assert_cmpstr (body, ==, "[\"{\\\"event\\\":\\\"client-x\\\",\\\"data\\\":\\\"é \\\\\\\"q\\\\\\\"\\\\n\\\"}\"]");
  g_assert_cmpstr (back, ==, expected);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sockjs/lines", test_lines);
  g_test_add_func ("/sockjs/limits", test_limits);
  g_test_add_func ("/sockjs/send", test_send);
  return g_test_run ();
}
