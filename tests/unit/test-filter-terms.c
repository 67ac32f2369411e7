/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "capture/scope-filter-terms.h"
#include "capture/scope-filter.h"

static const struct
{
  const char *text;
  ScopeFilterMode mode;
  const char *addition;
  const char *combined;
} combine_cases[] = {
  { "", SCOPE_FILTER_ONLY, "size > 1", "size > 1" },
  { " ", SCOPE_FILTER_EXCLUDE, "size > 1", "not size > 1" },
  { "paid eur", SCOPE_FILTER_ONLY, "size > 1", "paid eur and size > 1" },
  { "paid eur ", SCOPE_FILTER_EXCLUDE, "a b", "paid eur and not a b" },
  { "size > 1", SCOPE_FILTER_REPLACE, "user == \"a\"", "user == \"a\"" },
  { "size > 1 or user exists", SCOPE_FILTER_ONLY, "kind == \"event\"",
    "(size > 1 or user exists) and kind == \"event\"" },
  { "(size > 1 or user exists)", SCOPE_FILTER_ONLY, "kind == \"event\"",
    "(size > 1 or user exists) and kind == \"event\"" },
  { "(a or b) and c or d", SCOPE_FILTER_ONLY, "x", "((a or b) and c or d) and x" },
  { "size > 1", SCOPE_FILTER_EXCLUDE, "a or b", "size > 1 and not (a or b)" },
  { "size > 1", SCOPE_FILTER_ONLY, "a or b", "size > 1 and (a or b)" },
  { "a or b", SCOPE_FILTER_EXCLUDE, "c and d", "(a or b) and not (c and d)" },
  { "size > 1", SCOPE_FILTER_EXCLUDE, "not user exists", "size > 1 and user exists" },
  /* not twice */
  { "size > 1", SCOPE_FILTER_ONLY, "size > 1", "size > 1" },
  { "size > 1 and a", SCOPE_FILTER_ONLY, "size > 1", "size > 1 and a" },
  { "a and not size > 1", SCOPE_FILTER_EXCLUDE, "size > 1", "a and not size > 1" },
  { "a and (b and c)", SCOPE_FILTER_ONLY, "c", "a and b and c" },
  { "a or b", SCOPE_FILTER_ONLY, "a or b", "a or b" },
  /* the opposite gives way */
  { "a and not size > 1", SCOPE_FILTER_ONLY, "size > 1", "a and size > 1" },
  { "size > 1", SCOPE_FILTER_EXCLUDE, "size > 1", "not size > 1" },
  /* broken */
  { "size >", SCOPE_FILTER_ONLY, "a", "a" },
  { "size >", SCOPE_FILTER_EXCLUDE, "a", "not a" },
  { "(a", SCOPE_FILTER_EXCLUDE, "b or c", "not (b or c)" },
  { "a", SCOPE_FILTER_ONLY, "size >", "size >" },
  { "a", SCOPE_FILTER_EXCLUDE, "", "a" },
};

static void
test_combine (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (combine_cases); i++)
    {
      g_autofree char *combined = scope_filter_combine (combine_cases[i].text, combine_cases[i].mode,
                                                        combine_cases[i].addition);

      g_assert_cmpstr (combined, ==, combine_cases[i].combined);
    }
}

static void
test_split (void)
{
  g_autoptr (GPtrArray) terms =
      scope_filter_split_terms ("channel == \"a and b\" and not (x or y) and not not z and (p and q)");
  g_autofree char *joined = NULL;
  static const char * const texts[] = { "channel == \"a and b\"", "(x or y)", "not z", "p", "q" };
  static const gboolean negated[] = { FALSE, TRUE, TRUE, FALSE, FALSE };

  g_assert_nonnull (terms);
  g_assert_cmpuint (terms->len, ==, G_N_ELEMENTS (texts));
  for (guint i = 0; i < terms->len; i++)
    {
      ScopeFilterTerm *term = terms->pdata[i];

      g_assert_cmpstr (term->text, ==, texts[i]);
      g_assert_cmpint (term->negated, ==, negated[i]);
    }
  joined = scope_filter_join_terms (terms);
  g_assert_cmpstr (joined, ==,
                   "channel == \"a and b\" and not (x or y) and not not z and p and q");
  g_assert_null (scope_filter_split_terms ("a and"));
  g_assert_null (scope_filter_split_terms ("\xff"));
}

static void
test_format (void)
{
  static const struct
  {
    const char *field;
    const char *value;
    const char *term;
  } cases[] = {
    { "channel", "a \"b\"", "channel == \"a \\\"b\\\"\"" },
    { "direction", "in", "direction == \"in\"" },
    { "size", "312", "size >= 312" },
    { "time", "2026-11-21T14:05:02.113000Z", "time >= \"2026-11-21T14:05:02.113000Z\"" },
    { "data.total", "12.50", "data.total == 12.50" },
    { "data[0].\"x y\"", "\"\\u00e4\"", "data[0].\"x y\" == \"\\u00e4\"" },
    { "data", "null", "data == null" },
    { "data.a", "{\"b\":1}", "data.a exists" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *term = scope_filter_format_term (cases[i].field, cases[i].value);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeFilter) filter = scope_filter_new (term, NULL, &error);

      g_assert_cmpstr (term, ==, cases[i].term);
      g_assert_no_error (error);
      g_assert_nonnull (filter);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/filter-terms/combine", test_combine);
  g_test_add_func ("/filter-terms/split", test_split);
  g_test_add_func ("/filter-terms/format", test_format);

  return g_test_run ();
}
