/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "capture/scope-filter-complete.h"
#include "capture/scope-filter.h"

#define NOTHING SCOPE_FILTER_EXPECTS_NOTHING
#define FIELD SCOPE_FILTER_EXPECTS_FIELD
#define PATH SCOPE_FILTER_EXPECTS_PATH
#define OPERATOR SCOPE_FILTER_EXPECTS_OPERATOR
#define VALUE SCOPE_FILTER_EXPECTS_VALUE
#define LIST SCOPE_FILTER_EXPECTS_LIST
#define LIST_NEXT SCOPE_FILTER_EXPECTS_LIST_NEXT
#define CONNECTIVE SCOPE_FILTER_EXPECTS_CONNECTIVE

/* "|" is the cursor */
static const struct
{
  const char *text;
  ScopeFilterExpects expects;
  const char *prefix;
  const char *field;
  const char *op;
  gsize start;
  gsize end;
} place_cases[] = {
  { "|", FIELD, "", NULL, NULL, 0, 0 },
  { "  |", FIELD, "", NULL, NULL, 2, 2 },
  { "cha|", FIELD, "cha", NULL, NULL, 0, 3 },
  { "ch|an", FIELD, "ch", NULL, NULL, 0, 4 },
  { "channel|", FIELD, "channel", NULL, NULL, 0, 7 },
  { "channel |", OPERATOR, "", "channel", NULL, 8, 8 },
  { "channel =|", OPERATOR, "=", "channel", NULL, 8, 9 },
  { "channel ^|", OPERATOR, "^", "channel", NULL, 8, 9 },
  { "channel |== \"x\"", OPERATOR, "", "channel", NULL, 8, 10 },
  { "channel =|= \"x\"", OPERATOR, "=", "channel", NULL, 8, 10 },
  { "channel ex|", OPERATOR, "ex", "channel", NULL, 8, 10 },
  { "channel ==|", VALUE, "", "channel", "==", 10, 10 },
  { "channel == |", VALUE, "", "channel", "==", 11, 11 },
  { "channel == \"|", VALUE, "", "channel", "==", 11, 12 },
  { "channel == \"or|", VALUE, "or", "channel", "==", 11, 14 },
  { "channel == \"or|ders\"", VALUE, "or", "channel", "==", 11, 19 },
  { "channel == \"or|ders\"i and x", VALUE, "or", "channel", "==", 11, 20 },
  { "channel == \"a\\\"b|", VALUE, "a\"b", "channel", "==", 11, 16 },
  { "channel == \"a\\u00|", VALUE, "a", "channel", "==", 11, 17 },
  { "channel == \"or\"|", CONNECTIVE, "", NULL, NULL, 15, 15 },
  { "channel == \"or\" |", CONNECTIVE, "", NULL, NULL, 16, 16 },
  { "channel == \"or\" an|", CONNECTIVE, "an", NULL, NULL, 16, 18 },
  { "channel == \"or\" and |", FIELD, "", NULL, NULL, 20, 20 },
  { "channel == \"or\" and not us|", FIELD, "us", NULL, NULL, 24, 26 },
  { "channel == \"or\" x |", NOTHING, "", NULL, NULL, 18, 18 },
  { "size > 1|", VALUE, "1", "size", ">", 7, 8 },
  { "size > 10 |", CONNECTIVE, "", NULL, NULL, 10, 10 },
  { "size >|= 10", OPERATOR, ">", "size", NULL, 5, 7 },
  { "kind in|", OPERATOR, "in", "kind", NULL, 5, 7 },
  { "kind in |", LIST, "", "kind", "in", 8, 8 },
  { "kind in (|", VALUE, "", "kind", "in", 9, 9 },
  { "kind in (\"st|", VALUE, "st", "kind", "in", 9, 12 },
  { "kind in (\"state\"|", LIST_NEXT, "", "kind", "in", 16, 16 },
  { "kind in (\"state\", |", VALUE, "", "kind", "in", 18, 18 },
  { "kind in (\"state\") |", CONNECTIVE, "", NULL, NULL, 18, 18 },
  { "user exists |", CONNECTIVE, "", NULL, NULL, 12, 12 },
  { "data|", FIELD, "data", NULL, NULL, 0, 4 },
  { "data.|", PATH, "data.", NULL, NULL, 0, 5 },
  { "data.to|", PATH, "data.to", NULL, NULL, 0, 7 },
  { "data.to|tal > 5", PATH, "data.to", NULL, NULL, 0, 10 },
  { "data.\"order-|", PATH, "data.\"order-", NULL, NULL, 0, 12 },
  { "data.lines[|", PATH, "data.lines[", NULL, NULL, 0, 11 },
  { "data.lines[0].sku |", OPERATOR, "", "data.lines[0].sku", NULL, 18, 18 },
  { "data.a == |", VALUE, "", "data.a", "==", 10, 10 },
  { "data.a x |", NOTHING, "", "data.a", NULL, 9, 9 },
  { "paid |", CONNECTIVE, "", NULL, NULL, 5, 5 },
  { "paid eu|", CONNECTIVE, "eu", NULL, NULL, 5, 7 },
  { "paid eur and |", FIELD, "", NULL, NULL, 13, 13 },
  { "channel paid |", CONNECTIVE, "", NULL, NULL, 13, 13 },
  { "\"two words|", NOTHING, "", NULL, NULL, 10, 10 },
  { "\"two words\" |", CONNECTIVE, "", NULL, NULL, 12, 12 },
  { "paid == |", NOTHING, "", NULL, NULL, 8, 8 },
  { "(|", FIELD, "", NULL, NULL, 1, 1 },
  { "(size > 1) |", CONNECTIVE, "", NULL, NULL, 11, 11 },
  { "size > 1) |", NOTHING, "", NULL, NULL, 10, 10 },
  { "and |", NOTHING, "", NULL, NULL, 4, 4 },
  { "größe |", CONNECTIVE, "", NULL, NULL, 8, 8 },
};

static void
test_places (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (place_cases); i++)
    {
      g_auto (GStrv) halves = g_strsplit (place_cases[i].text, "|", 2);
      g_autofree char *text = g_strconcat (halves[0], halves[1], NULL);
      g_autoptr (ScopeFilterPlace) place = scope_filter_complete (text, strlen (halves[0]));

      g_test_message ("%s", place_cases[i].text);
      g_assert_cmpint (place->expects, ==, place_cases[i].expects);
      g_assert_cmpstr (place->prefix, ==, place_cases[i].prefix);
      g_assert_cmpstr (place->field, ==, place_cases[i].field);
      g_assert_cmpstr (place->op, ==, place_cases[i].op);
      g_assert_cmpuint (place->start, ==, place_cases[i].start);
      g_assert_cmpuint (place->end, ==, place_cases[i].end);
    }
}

/* --- every prefix of 200 filters: what is put there as told makes a filter the parser takes --- */

static const char * const questions[] = {
  "channel == \"orders\"",       "channel ^= \"private-\"i",   "event != \"order.paid\"",
  "event $= \".paid\"",          "user in (\"u-1\", \"u 2\")", "user exists",
  "direction == \"out\"",        "kind in (\"state\",\"gap\")", "size >= 1024",
  "size<8000",                   "time >= 14:05",              "time < \"2026-11-21T14:05:30Z\"",
  "text *= \"zo\\u00eb \\\"q\\\"\"i", "text ~ \"^[a-z]+\\\\d$\"", "data.total > 100.5",
  "data.\"order-id\" == \"A-7\"", "data[0].a[12].b == null",   "data == true",
  "data.größe in (1, 2 , \"3\"i)", "data.a.b exists",          "paid eur",
  "\"two words\" three",         "channel paid",               "not user exists",
  "(size > 1 or size < 9)",      "not (a and (b or c))",
};

static char *
make_filter (guint n)
{
  const guint count = G_N_ELEMENTS (questions);
  const char *a = questions[n % count];
  const char *b = questions[(n * 7 + 3) % count];
  const char *c = questions[(n * 11 + 5) % count];

  switch (n / count % 8)
    {
    case 0:
      return g_strdup (a);
    case 1:
      return g_strdup_printf ("%s and %s", a, b);
    case 2:
      return g_strdup_printf (" %s  or not %s", a, b);
    case 3:
      return g_strdup_printf ("(%s)and(%s)or %s", a, b, c);
    case 4:
      return g_strdup_printf ("not (%s and %s) and %s ", a, b, c);
    case 5:
      return g_strdup_printf ("%s and (%s or (%s))", a, b, c);
    case 6:
      return g_strdup_printf ("not not %s\tand\n%s", a, b);
    default:
      return g_strdup_printf ("((%s)) or %s and %s", a, b, c);
    }
}

static const char *
sample_value (const ScopeFilterPlace *place)
{
  if (g_strcmp0 (place->field, "time") == 0)
    return "14:05";
  return "\"x\"";
}

/* NULL: nothing can be said of it */
static char *
make_sample (const ScopeFilterPlace *place)
{
  gboolean in_list = g_strcmp0 (place->op, "in") == 0;

  switch (place->expects)
    {
    case FIELD:
      return g_strdup ("kind exists");
    case PATH:
      return g_strdup ("data.x exists");
    case OPERATOR:
      return g_strdup ("exists");
    case VALUE:
      return g_strconcat (sample_value (place), in_list ? ")" : "", NULL);
    case LIST:
      return g_strdup_printf ("(%s)", sample_value (place));
    case LIST_NEXT:
      return g_strdup (")");
    case CONNECTIVE:
      return g_strdup (" and size > 1");
    case NOTHING:
    default:
      return NULL;
    }
}

static void
check_prefix (const char *filter,
              gsize       length,
              guint      *n_told)
{
  g_autofree char *text = g_strndup (filter, length);
  g_autoptr (ScopeFilterPlace) place = scope_filter_complete (text, length);
  g_autofree char *sample = make_sample (place);
  g_autofree char *closing = g_strnfill (place->depth, ')');
  g_autofree char *whole = NULL;
  g_autoptr (ScopeFilter) parsed = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (place->start, <=, length);
  g_assert_cmpuint (place->end, ==, length);
  if (sample == NULL)
    return;
  text[place->start] = '\0';
  whole = g_strconcat (text, sample, closing, NULL);
  parsed = scope_filter_new (whole, NULL, &error);
  if (parsed == NULL)
    g_test_message ("“%.*s” → “%s”", (int) length, filter, whole);
  g_assert_no_error (error);
  (*n_told)++;
}

/* In the whole text the cursor may stand anywhere: the place lies around it. */
static void
check_inside (const char *filter,
              gsize       cursor)
{
  g_autoptr (ScopeFilterPlace) place = scope_filter_complete (filter, cursor);

  g_assert_cmpuint (place->start, <=, cursor);
  g_assert_cmpuint (place->end, >=, cursor);
  g_assert_cmpuint (place->end, <=, strlen (filter));
  g_assert_nonnull (place->prefix);
}

static void
test_prefixes (void)
{
  guint n_told = 0;
  guint n_prefixes = 0;

  for (guint n = 0; n < 208; n++)
    {
      g_autofree char *filter = make_filter (n);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeFilter) parsed = scope_filter_new (filter, NULL, &error);

      g_assert_no_error (error);
      for (const char *p = filter;; p = g_utf8_next_char (p))
        {
          n_prefixes++;
          check_prefix (filter, p - filter, &n_told);
          check_inside (filter, p - filter);
          if (*p == '\0')
            break;
        }
    }
  /* only inside of quoted words nothing is told */
  g_assert_cmpuint (n_told * 100, >, n_prefixes * 95);
}

/* Whatever is typed: bytes of the filters, shuffled. */
static void
test_garbage (void)
{
  static const char * const pieces[] = {
    "(", ")", "\"", "\\", "data", ".", "[", "]", "0", "and", "or", "not", "in", "exists", "==", "=",
    "~", ",", " ", "i", "ä", "channel", "^", "\t",
  };
  g_autoptr (GRand) rand = g_rand_new_with_seed (4);

  for (guint n = 0; n < 3000; n++)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      for (guint i = g_rand_int_range (rand, 0, 14); i > 0; i--)
        g_string_append (text, pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))]);
      for (const char *p = text->str;; p = g_utf8_next_char (p))
        {
          check_inside (text->str, p - text->str);
          if (*p == '\0')
            break;
        }
    }
}

static void
test_question (void)
{
  static const struct
  {
    const char *text;
    const char *field;
    const char *op;
    const char *value;
  } cases[] = {
    { "channel == \"a\"", "channel", "==", "\"a\"" },
    { "size>=10", "size", ">=", "10" },
    { "data.\"x == y\"[0] in (1, 2)", "data.\"x == y\"[0]", "in", "(1, 2)" },
    { "user exists", "user", "exists", "" },
    { "paid eur", NULL, NULL, NULL },
    { "channel paid", NULL, NULL, NULL },
    { "(size > 1)", NULL, NULL, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *field = NULL;
      g_autofree char *op = NULL;
      g_autofree char *value = NULL;

      g_assert_cmpint (scope_filter_split_question (cases[i].text, &field, &op, &value), ==,
                       cases[i].field != NULL);
      g_assert_cmpstr (field, ==, cases[i].field);
      g_assert_cmpstr (op, ==, cases[i].op);
      g_assert_cmpstr (value, ==, cases[i].value);
    }
}

static void
test_ends_in_field (void)
{
  const char * const fields[] = { "c", "chan", "channel", "a and us", "not dat", "(siz" };
  const char * const others[] = { "", "a and ", "zoe", "channelx", "chan ", "channel == \"user", "data." };

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    g_assert_true (scope_filter_ends_in_field (fields[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (others); i++)
    g_assert_false (scope_filter_ends_in_field (others[i]));
}

static void
test_begun (void)
{
  const char * const begun[] = { "channel ", "channel i", "user ex", "data.total ", "size >", "channel == ",
                                 "a or event in ", "event in (" };
  const char * const whole[] = { "", "chan", "channel", "channel foo", "order paid", "size > 1 ",
                                 "data.total exists ", "event in (\"a\") ", "\"channel\" " };

  for (gsize i = 0; i < G_N_ELEMENTS (begun); i++)
    g_assert_true (scope_filter_is_begun (begun[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (whole); i++)
    g_assert_false (scope_filter_is_begun (whole[i]));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/filter-complete/places", test_places);
  g_test_add_func ("/filter-complete/prefixes", test_prefixes);
  g_test_add_func ("/filter-complete/garbage", test_garbage);
  g_test_add_func ("/filter-complete/begun", test_begun);
  g_test_add_func ("/filter-complete/ends-in-field", test_ends_in_field);
  g_test_add_func ("/filter-complete/question", test_question);

  return g_test_run ();
}
