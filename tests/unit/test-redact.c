/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-redact"

#include "config.h"

#include "base/scope-redact.h"

typedef struct
{
  const char *input;
  const char *expected;
} Row;

static void
test_text (void)
{
  static const struct
  {
    const char *text;
    const char *secrets[4];
    const char *expected;
  } rows[] = {
    { "", { NULL }, "" },
    { "no secret here", { NULL }, "no secret here" },
    { "no secret here", { "abcdef" }, "no secret here" },
    { "", { "abcdef" }, "" },
    { "abcdef", { "abcdef" }, "•••" },
    { "key abcdef, again abcdef.", { "abcdef" }, "key •••, again •••." },
    { "abcdefabcdef", { "abcdef" }, "••••••" },
    { "ABCDEF", { "abcdef" }, "ABCDEF" },
    { "one 1111 two 2222 one 1111", { "2222", "1111" }, "one ••• two ••• one •••" },
    /* too short to hide */
    { "abc", { "abc" }, "abc" },
    { "abcd", { "abcd", "" }, "•••" },
    /* one inside another, in either order */
    { "x abcdefgh y", { "cdef", "abcdefgh" }, "x ••• y" },
    { "x abcdefgh y", { "abcdefgh", "cdef" }, "x ••• y" },
    { "x abcdefgh y", { "abcd", "abcdefgh" }, "x ••• y" },
    { "x abcdefgh y", { "abcdefgh", "efgh" }, "x ••• y" },
    /* overlapping: nothing of either may be left */
    { "abcdefghi", { "abcdef", "defghi" }, "•••" },
    { "abcdefghi", { "defghi", "abcdef" }, "•••" },
    { "aaaaaa", { "aaaa" }, "•••" },
    { "abababa!", { "abab" }, "•••a!" },
    /* characters stay whole */
    { "für schlüssel – ü", { "schlüssel" }, "für ••• – ü" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *out = scope_redact_text (rows[i].text, rows[i].secrets);

      g_assert_cmpstr (out, ==, rows[i].expected);
    }
}

static void
test_text_no_secrets (void)
{
  g_autofree char *out = scope_redact_text ("text", NULL);

  g_assert_cmpstr (out, ==, "text");
}

static void
test_table (const Row *rows,
            gsize      n_rows,
            char    *(*redact) (const char *))
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *out = redact (rows[i].input);

      g_assert_cmpstr (out, ==, rows[i].expected);
    }
}

static void
test_url (void)
{
  static const Row rows[] = {
    { "", "" },
    { "https://example.org", "https://example.org" },
    { "https://example.org/auth", "https://example.org/auth" },
    { "https://example.org:8443/auth?token=abc&x=1",
      "https://example.org:8443/auth?token=•••&x=•••" },
    { "wss://h/app/key?protocol=7&client=js", "wss://h/app/key?protocol=•••&client=•••" },
    { "https://user:pw@example.org/", "https://•••@example.org/" },
    { "https://user@example.org", "https://•••@example.org" },
    { "https://a@b@example.org/", "https://•••@example.org/" },
    { "https://user:pw@[::1]:80/?a=b", "https://•••@[::1]:80/?a=•••" },
    { "https://example.org/@user/x", "https://example.org/@user/x" },
    { "https://example.org?mail=a@b.c", "https://example.org?mail=•••" },
    { "https://example.org/?", "https://example.org/?" },
    { "https://example.org/?a=", "https://example.org/?a=" },
    { "https://example.org/?=x", "https://example.org/?=•••" },
    { "https://example.org/?abcdef", "https://example.org/?•••" },
    { "https://example.org/?a=b=c&&d;e=f", "https://example.org/?a=•••&&•••;e=•••" },
    { "https://example.org/?u=http://x?y=z", "https://example.org/?u=•••" },
    { "https://example.org/#access_token=abc", "https://example.org/#•••" },
    { "https://example.org/?a=b#c?d=e", "https://example.org/?a=•••#•••" },
    { "https://example.org/#", "https://example.org/#" },
    { "//user:pw@example.org/x", "//•••@example.org/x" },
    { "user:pw@example.org/x", "•••@example.org/x" },
    { "/auth?token=abc", "/auth?token=•••" },
    { "not a url", "not a url" },
  };

  test_table (rows, G_N_ELEMENTS (rows), scope_redact_url);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/redact/text", test_text);
  g_test_add_func ("/redact/text-no-secrets", test_text_no_secrets);
  g_test_add_func ("/redact/url", test_url);

  return g_test_run ();
}
