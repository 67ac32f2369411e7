/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-json"

#include "config.h"

#include "base/scope-limits.h"
#include "json/scope-json.h"

#include <string.h>

#define TEXT(literal) (literal), sizeof (literal) - 1
#define REPLACEMENT "\357\277\275"

/* A string of these as a document. */
static char *
test_repeat (const char *text,
             gsize       times)
{
  GString *out = g_string_new (NULL);

  for (gsize i = 0; i < times; i++)
    g_string_append (out, text);
  return g_string_free (out, FALSE);
}

static char *
test_span (const char *text,
           ScopeSpan   span)
{
  return g_strndup (text + span.offset, span.length);
}

#define assert_span(text, span, expected) \
  G_STMT_START { \
    g_autofree char *span_text = test_span ((text), (span)); \
    g_assert_cmpstr (span_text, ==, (expected)); \
  } G_STMT_END

/* ---- good and bad documents ---- */

typedef struct
{
  const char *text;
  gsize length;
  ScopeJsonKind kind;
} GoodRow;

static const GoodRow good_rows[] = {
  { TEXT ("{}"), SCOPE_JSON_OBJECT },
  { TEXT ("[]"), SCOPE_JSON_ARRAY },
  { TEXT ("\"\""), SCOPE_JSON_STRING },
  { TEXT ("true"), SCOPE_JSON_TRUE },
  { TEXT ("false"), SCOPE_JSON_FALSE },
  { TEXT ("null"), SCOPE_JSON_NULL },
  /* white space */
  { TEXT (" \t\r\n{ } \t\r\n"), SCOPE_JSON_OBJECT },
  { TEXT ("\n[\t1 , 2\r]\n"), SCOPE_JSON_ARRAY },
  { TEXT (" { \"a\" : 1 , \"b\" : [ ] } "), SCOPE_JSON_OBJECT },
  /* numbers */
  { TEXT ("0"), SCOPE_JSON_NUMBER },
  { TEXT ("-0"), SCOPE_JSON_NUMBER },
  { TEXT ("1"), SCOPE_JSON_NUMBER },
  { TEXT ("9876543210"), SCOPE_JSON_NUMBER },
  { TEXT ("-12"), SCOPE_JSON_NUMBER },
  { TEXT ("0.0"), SCOPE_JSON_NUMBER },
  { TEXT ("0.10"), SCOPE_JSON_NUMBER },
  { TEXT ("-1.5e+9"), SCOPE_JSON_NUMBER },
  { TEXT ("1e21"), SCOPE_JSON_NUMBER },
  { TEXT ("1E-21"), SCOPE_JSON_NUMBER },
  { TEXT ("0e0"), SCOPE_JSON_NUMBER },
  { TEXT ("1e999999"), SCOPE_JSON_NUMBER },
  { TEXT ("18446744073709551616"), SCOPE_JSON_NUMBER },
  { TEXT ("[0,-0,1.0,2e2]"), SCOPE_JSON_ARRAY },
  /* strings */
  { TEXT ("\"plain\""), SCOPE_JSON_STRING },
  { TEXT ("\"\\\" \\\\ \\/ \\b \\f \\n \\r \\t\""), SCOPE_JSON_STRING },
  { TEXT ("\"\\u0000\""), SCOPE_JSON_STRING },
  { TEXT ("\"\\u00e9 \\uD83D\\uDE00 \\uABCD\\uabcd\""), SCOPE_JSON_STRING },
  { TEXT ("\"\\ud800\""), SCOPE_JSON_STRING }, /* RFC 8259 section 8.2: the grammar allows it */
  { TEXT ("\"\\udc00\\ud800\""), SCOPE_JSON_STRING },
  { TEXT ("\"\x7f\""), SCOPE_JSON_STRING },
  { TEXT ("\"é€😀\""), SCOPE_JSON_STRING },
  { TEXT ("\"\302\200\337\277\340\240\200\357\277\277\""), SCOPE_JSON_STRING },
  { TEXT ("\"\355\237\277\356\200\200\360\220\200\200\364\217\277\277\""), SCOPE_JSON_STRING },
  { TEXT ("\"\342\200\250\""), SCOPE_JSON_STRING }, /* U+2028 may stand in a string */
  { TEXT ("\"{[,:]}\""), SCOPE_JSON_STRING },
  /* structure */
  { TEXT ("{\"\":0}"), SCOPE_JSON_OBJECT },
  { TEXT ("{\"a\":1,\"a\":2}"), SCOPE_JSON_OBJECT },
  { TEXT ("{\"a\":{\"b\":[1,{\"c\":null}]},\"d\":[[],{}]}"), SCOPE_JSON_OBJECT },
  { TEXT ("[[[[1],2],3],4]"), SCOPE_JSON_ARRAY },
  { TEXT ("[\"a\",1,true,false,null,{},[]]"), SCOPE_JSON_ARRAY },
  { TEXT ("{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\"1.2\\\","
          "\\\"activity_timeout\\\":120}\"}"),
    SCOPE_JSON_OBJECT },
};

typedef struct
{
  const char *text;
  gsize length;
  ScopeJsonFault fault;
  gsize offset;
} BadRow;

#define EMPTY SCOPE_JSON_FAULT_EMPTY
#define UTF8 SCOPE_JSON_FAULT_UTF8
#define SYNTAX SCOPE_JSON_FAULT_SYNTAX
#define CUT SCOPE_JSON_FAULT_TRUNCATED
#define TRAILING SCOPE_JSON_FAULT_TRAILING

static const BadRow bad_rows[] = {
  { TEXT (""), EMPTY, 0 },
  { TEXT (" \n\t\r"), EMPTY, 4 },
  /* no document at all */
  { TEXT ("hello"), SYNTAX, 0 },
  { TEXT ("\0"), SYNTAX, 0 },
  { TEXT ("\f1"), SYNTAX, 0 },
  { TEXT ("\v1"), SYNTAX, 0 },
  { TEXT ("\302\2401"), SYNTAX, 0 },     /* a no-break space is no white space here */
  { TEXT ("\357\273\277{}"), SYNTAX, 0 }, /* byte order mark */
  { TEXT ("'a'"), SYNTAX, 0 },
  { TEXT ("// x\n1"), SYNTAX, 0 },
  { TEXT ("/* x */1"), SYNTAX, 0 },
  { TEXT ("undefined"), SYNTAX, 0 },
  /* literals */
  { TEXT ("t"), CUT, 1 },
  { TEXT ("tru"), CUT, 3 },
  { TEXT ("trux"), SYNTAX, 3 },
  { TEXT ("True"), SYNTAX, 0 },
  { TEXT ("fals "), SYNTAX, 4 },
  { TEXT ("nulL"), SYNTAX, 3 },
  { TEXT ("nan"), SYNTAX, 1 },
  { TEXT ("NaN"), SYNTAX, 0 },
  { TEXT ("Infinity"), SYNTAX, 0 },
  { TEXT ("truefalse"), TRAILING, 4 },
  { TEXT ("[truefalse]"), SYNTAX, 5 },
  /* numbers */
  { TEXT ("-"), CUT, 1 },
  { TEXT ("+1"), SYNTAX, 0 },
  { TEXT ("--1"), SYNTAX, 1 },
  { TEXT ("-a"), SYNTAX, 1 },
  { TEXT ("01"), SYNTAX, 1 },
  { TEXT ("-012"), SYNTAX, 2 },
  { TEXT (".5"), SYNTAX, 0 },
  { TEXT ("1."), CUT, 2 },
  { TEXT ("1.a"), SYNTAX, 2 },
  { TEXT ("1.e1"), SYNTAX, 2 },
  { TEXT ("1.2.3"), TRAILING, 3 },
  { TEXT ("1e"), CUT, 2 },
  { TEXT ("1e+"), CUT, 3 },
  { TEXT ("1ex"), SYNTAX, 2 },
  { TEXT ("1e+-1"), SYNTAX, 3 },
  { TEXT ("1e1.5"), TRAILING, 3 },
  { TEXT ("0x10"), TRAILING, 1 },
  { TEXT ("1 2"), TRAILING, 2 },
  { TEXT ("1_000"), TRAILING, 1 },
  { TEXT ("-Infinity"), SYNTAX, 1 },
  { TEXT ("[1 2]"), SYNTAX, 3 },
  { TEXT ("[1.]"), SYNTAX, 3 },
  /* strings */
  { TEXT ("\""), CUT, 1 },
  { TEXT ("\"abc"), CUT, 4 },
  { TEXT ("\"abcdefghijklmnop"), CUT, 17 },
  { TEXT ("\"abc\\"), CUT, 5 },
  { TEXT ("\"abc\\\""), CUT, 6 },
  { TEXT ("\"\\a\""), SYNTAX, 2 },
  { TEXT ("\"\\'\""), SYNTAX, 2 },
  { TEXT ("\"\\x41\""), SYNTAX, 2 },
  { TEXT ("\"\\U0041\""), SYNTAX, 2 },
  { TEXT ("\"\\\n\""), SYNTAX, 2 },
  { TEXT ("\"\\\377\""), UTF8, 2 },
  { TEXT ("\"\\u"), CUT, 3 },
  { TEXT ("\"\\u12"), CUT, 5 },
  { TEXT ("\"\\u12\""), SYNTAX, 5 },
  { TEXT ("\"\\u12g4\""), SYNTAX, 5 },
  { TEXT ("\"\\u+123\""), SYNTAX, 3 },
  { TEXT ("\"a\0b\""), SYNTAX, 2 },
  { TEXT ("\"a\nb\""), SYNTAX, 2 },
  { TEXT ("\"a\tb\""), SYNTAX, 2 },
  { TEXT ("\"abcdefghij\x1fklm\""), SYNTAX, 11 },
  { TEXT ("\"a\"b"), TRAILING, 3 },
  /* UTF-8: each kind of wrong */
  { TEXT ("\"\200\""), UTF8, 1 },                 /* a continuation alone */
  { TEXT ("\"abcdefgh\277\""), UTF8, 9 },
  { TEXT ("\"\300\200\""), UTF8, 1 },             /* overlong NUL */
  { TEXT ("\"\301\277\""), UTF8, 1 },             /* overlong, two bytes */
  { TEXT ("\"\340\237\277\""), UTF8, 1 },         /* overlong, three bytes */
  { TEXT ("\"\360\217\277\277\""), UTF8, 1 },     /* overlong, four bytes */
  { TEXT ("\"\355\240\200\""), UTF8, 1 },         /* U+D800 */
  { TEXT ("\"\355\277\277\""), UTF8, 1 },         /* U+DFFF */
  { TEXT ("\"\364\220\200\200\""), UTF8, 1 },     /* U+110000 */
  { TEXT ("\"\365\200\200\200\""), UTF8, 1 },
  { TEXT ("\"\370\210\200\200\200\""), UTF8, 1 }, /* five bytes */
  { TEXT ("\"\376\""), UTF8, 1 },
  { TEXT ("\"\377\""), UTF8, 1 },
  { TEXT ("\"a\303\""), UTF8, 2 },                /* cut by the quote */
  { TEXT ("\"a\342\202\""), UTF8, 2 },
  { TEXT ("\"a\360\237\230\""), UTF8, 2 },
  { TEXT ("\"a\360\237\"\""), UTF8, 2 },
  { TEXT ("\"\303("), UTF8, 1 },
  { TEXT ("\"a\342\202"), CUT, 4 },               /* cut by the end */
  { TEXT ("\"a\377"), UTF8, 2 },
  { TEXT ("{\"\377\":1}"), UTF8, 2 },
  { TEXT ("[1,\377]"), UTF8, 3 },
  { TEXT ("\377"), UTF8, 0 },
  { TEXT ("[1,\303\251]"), SYNTAX, 3 },           /* well-formed, but not here */
  /* arrays */
  { TEXT ("["), CUT, 1 },
  { TEXT ("[1"), CUT, 2 },
  { TEXT ("[1,"), CUT, 3 },
  { TEXT ("[,1]"), SYNTAX, 1 },
  { TEXT ("[1,]"), SYNTAX, 3 },
  { TEXT ("[1,,2]"), SYNTAX, 3 },
  { TEXT ("[1:2]"), SYNTAX, 2 },
  { TEXT ("[1}"), SYNTAX, 2 },
  { TEXT ("[}"), SYNTAX, 1 },
  { TEXT ("]"), SYNTAX, 0 },
  { TEXT ("[]]"), TRAILING, 2 },
  { TEXT ("[][]"), TRAILING, 2 },
  { TEXT ("[\"a\"\"b\"]"), SYNTAX, 4 },
  /* objects */
  { TEXT ("{"), CUT, 1 },
  { TEXT ("{\"a\""), CUT, 4 },
  { TEXT ("{\"a\":"), CUT, 5 },
  { TEXT ("{\"a\":1"), CUT, 6 },
  { TEXT ("{\"a\":1,"), CUT, 7 },
  { TEXT ("{\"a\":1,}"), SYNTAX, 7 },
  { TEXT ("{,}"), SYNTAX, 1 },
  { TEXT ("{\"a\"}"), SYNTAX, 4 },
  { TEXT ("{\"a\",1}"), SYNTAX, 4 },
  { TEXT ("{\"a\":}"), SYNTAX, 5 },
  { TEXT ("{\"a\"::1}"), SYNTAX, 5 },
  { TEXT ("{\"a\":1 \"b\":2}"), SYNTAX, 7 },
  { TEXT ("{a:1}"), SYNTAX, 1 },
  { TEXT ("{'a':1}"), SYNTAX, 1 },
  { TEXT ("{1:1}"), SYNTAX, 1 },
  { TEXT ("{\"a\":1]"), SYNTAX, 6 },
  { TEXT ("{]"), SYNTAX, 1 },
  { TEXT ("}"), SYNTAX, 0 },
  { TEXT ("{}}"), TRAILING, 2 },
  { TEXT ("{} x"), TRAILING, 3 },
  { TEXT ("{}\0"), TRAILING, 2 },
  { TEXT ("{\"a\":[1,{\"b\":2]}"), SYNTAX, 14 },
};

static void
test_good (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good_rows); i++)
    {
      const GoodRow *row = &good_rows[i];
      ScopeJsonProblem problem = { SCOPE_JSON_FAULT_NONE, 4711 };
      ScopeJsonKind kind = SCOPE_JSON_NONE;

      g_test_message ("row %zu", i);
      g_assert_true (scope_json_check (row->text, row->length, &kind, &problem));
      g_assert_cmpint (kind, ==, row->kind);
      g_assert_cmpuint (problem.offset, ==, 4711);
      g_assert_cmpint (scope_json_peek_kind (row->text, row->length), ==, row->kind);
      g_assert_true (scope_json_check (row->text, row->length, NULL, NULL));
      g_assert_true (scope_json_scan_object (row->text, row->length, NULL, 0, NULL) ==
                     (row->kind == SCOPE_JSON_OBJECT));
    }
}

static void
test_bad (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_rows); i++)
    {
      const BadRow *row = &bad_rows[i];
      ScopeJsonProblem problem = { SCOPE_JSON_FAULT_NONE, 4711 };
      ScopeJsonKind kind = SCOPE_JSON_NONE;
      g_autofree char *message = NULL;

      g_test_message ("row %zu", i);
      g_assert_false (scope_json_check (row->text, row->length, &kind, &problem));
      g_assert_cmpint (problem.fault, ==, row->fault);
      g_assert_cmpuint (problem.offset, ==, row->offset);
      g_assert_cmpint (kind, ==, SCOPE_JSON_NONE);
      g_assert_false (scope_json_check (row->text, row->length, NULL, NULL));
      g_assert_false (scope_json_scan_object (row->text, row->length, NULL, 0, NULL));

      message = scope_json_problem_to_text (&problem);
      g_assert_true (g_utf8_validate (message, -1, NULL));
      g_assert_cmpuint (strlen (message), >, 5);
    }
}

static void
test_null_text (void)
{
  ScopeJsonProblem problem;

  g_assert_false (scope_json_check (NULL, 0, NULL, &problem));
  g_assert_cmpint (problem.fault, ==, EMPTY);
  g_assert_false (scope_json_scan_object (NULL, 0, NULL, 0, &problem));
  g_assert_cmpint (problem.fault, ==, EMPTY);
}

/* Only a number can end earlier and still be a document. Each copy ends where its memory ends, so
 * that a sanitizer sees a step too far. */
static void
test_truncation (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (good_rows); i++)
    {
      const GoodRow *row = &good_rows[i];
      gsize trimmed = row->length;

      while (strchr (" \t\r\n", row->text[trimmed - 1]) != NULL)
        trimmed--;

      for (gsize length = 0; row->kind != SCOPE_JSON_NUMBER && length < trimmed; length++)
        {
          g_autofree char *copy = g_memdup2 (row->text, length);
          ScopeJsonProblem problem = { SCOPE_JSON_FAULT_NONE, 0 };

          g_assert_false (scope_json_check (copy, length, NULL, &problem));
          g_assert_true (problem.fault == CUT || problem.fault == EMPTY);
          g_assert_cmpuint (problem.offset, ==, length);
        }
    }
}

/* One wrong byte anywhere: never a crash, and never an offset outside. */
static void
test_corruption (void)
{
  static const char bytes[] = { 0, 1, ' ', '"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', 'u',
                                '\x7f', '\x80', '\xc3', '\xe2', '\xf0', '\xff' };

  for (gsize i = 0; i < G_N_ELEMENTS (good_rows); i++)
    for (gsize at = 0; at < good_rows[i].length; at++)
      for (gsize j = 0; j < sizeof bytes; j++)
        {
          gsize length = good_rows[i].length;
          g_autofree char *copy = g_memdup2 (good_rows[i].text, length);
          ScopeJsonProblem problem = { SCOPE_JSON_FAULT_NONE, 0 };

          copy[at] = bytes[j];
          if (!scope_json_check (copy, length, NULL, &problem))
            {
              g_assert_cmpint (problem.fault, !=, SCOPE_JSON_FAULT_NONE);
              g_assert_cmpuint (problem.offset, <=, length);
            }
        }
}

/* ---- depth and size ---- */

static void
test_depth_of (const char *open,
               gsize       open_length,
               const char *inner,
               const char *close)
{
  for (gsize depth = 1; depth <= SCOPE_LIMIT_JSON_DEPTH + 1; depth++)
    {
      g_autofree char *opening = test_repeat (open, depth);
      g_autofree char *closing = test_repeat (close, depth);
      g_autofree char *text = g_strconcat (opening, inner, closing, NULL);
      ScopeJsonProblem problem = { SCOPE_JSON_FAULT_NONE, 0 };
      gboolean good = scope_json_check (text, strlen (text), NULL, &problem);

      g_assert_true (good == (depth <= SCOPE_LIMIT_JSON_DEPTH));
      if (good)
        continue;
      g_assert_cmpint (problem.fault, ==, SCOPE_JSON_FAULT_DEPTH);
      g_assert_cmpuint (problem.offset, ==, SCOPE_LIMIT_JSON_DEPTH * open_length);
    }
}

static void
test_depth (void)
{
  test_depth_of (TEXT ("["), "", "]");
  test_depth_of (TEXT ("["), "1", "]");
  test_depth_of (TEXT ("{\"a\":"), "1", "}");
}

/* Objects and arrays in turn, all 64 levels: every bit of the stack is told apart. */
static void
test_depth_mixed (void)
{
  g_autofree char *open = test_repeat ("{\"a\":[0,", 32);
  g_autofree char *close = test_repeat ("]}", 32);
  g_autofree char *text = g_strconcat (open, "1", close, NULL);

  g_assert_true (scope_json_check (text, strlen (text), NULL, NULL));
  for (char *p = text + strlen (open) + 1; *p != '\0'; p++)
    {
      ScopeJsonProblem problem;
      char kept = *p;

      *p = kept == '}' ? ']' : '}';
      g_assert_false (scope_json_check (text, strlen (text), NULL, &problem));
      g_assert_cmpint (problem.fault, ==, SYNTAX);
      g_assert_cmpuint (problem.offset, ==, p - text);
      *p = kept;
    }
}

static void
test_depth_hostile (void)
{
  static const char *const openings[] = { "[", "{\"a\":", "[{\"a\":[" };

  for (gsize i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autofree char *text = test_repeat (openings[i], 80000);
      gint64 start = g_get_monotonic_time ();
      ScopeJsonProblem problem;

      g_assert_false (scope_json_check (text, strlen (text), NULL, &problem));
      g_assert_cmpint (problem.fault, ==, SCOPE_JSON_FAULT_DEPTH);
      g_assert_cmpint (g_get_monotonic_time () - start, <, G_USEC_PER_SEC);
    }
}

static void
test_wide (void)
{
  g_autofree char *pairs = test_repeat ("[],{},", 80000);
  g_autofree char *text = g_strconcat ("[", pairs, "[]]", NULL);

  g_assert_true (scope_json_check (text, strlen (text), NULL, NULL));
  text[strlen (text) - 2] = '}';
  g_assert_false (scope_json_check (text, strlen (text), NULL, NULL));
}

static void
test_large_strings (void)
{
  static const char *const pieces[] = { "x", "abc\\\"", "\\u00e9", "é", "€", "😀", "plain, é " };

  for (gsize i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      gsize times = SCOPE_LIMIT_FRAME_BYTES / strlen (pieces[i]);
      g_autofree char *inside = test_repeat (pieces[i], times);
      g_autofree char *text = g_strconcat ("{\"data\":\"", inside, "\"}", NULL);
      ScopeJsonWanted wanted[] = { { "data" } };
      ScopeJsonProblem problem;
      gsize length = strlen (text);

      g_assert_true (scope_json_scan_object (text, length, wanted, 1, NULL));
      g_assert_cmpint (wanted[0].kind, ==, SCOPE_JSON_STRING);
      g_assert_cmpuint (wanted[0].value.length, ==, length - strlen ("{\"data\":}"));

      text[length - 3] = '\xff';
      g_assert_false (scope_json_check (text, length, NULL, &problem));
      g_assert_cmpuint (problem.offset, <=, length);
      g_assert_cmpuint (problem.offset, >=, length - 6);
    }
}

static void
test_size_limit (void)
{
  ScopeJsonProblem problem;

  /* The size is looked at before the text. */
  g_assert_false (scope_json_check ("1", (gsize) G_MAXUINT32 + 1, NULL, &problem));
  g_assert_cmpint (problem.fault, ==, SCOPE_JSON_FAULT_SIZE);
  g_assert_cmpuint (problem.offset, ==, G_MAXUINT32);
}

/* Plain runs of every length, ended by every kind of byte, at every alignment: the eight-byte
 * steps must see what single steps see. */
static void
test_string_steps (void)
{
  static const char *const stops[] = { "\"",   "\\n\"", "é\"",  "\\u0000\"",
                                       "\x01", "\x1f",  "\x80", "\xff" };

  for (gsize i = 0; i < G_N_ELEMENTS (stops); i++)
    for (gsize before = 0; before < 20; before++)
      for (gsize shift = 0; shift < 8; shift++)
        {
          g_autofree char *plain = test_repeat ("~", before);
          g_autofree char *space = test_repeat (" ", shift);
          g_autofree char *text = g_strconcat (space, "\"", plain, stops[i], NULL);
          ScopeJsonProblem problem = { SCOPE_JSON_FAULT_NONE, 0 };

          g_assert_true (scope_json_check (text, strlen (text), NULL, &problem) == (i < 4));
          if (i >= 4)
            g_assert_cmpuint (problem.offset, ==, shift + 1 + before);
        }
}

/* ---- members ---- */

static void
test_scan_object (void)
{
  static const char text[] =
    " { \"event\" : \"order.paid\", \"channel\":\"private-order-7\" ,"
    "\"data\":\"{\\\"total\\\":1}\","
    "\"more\":{\"event\":\"inner\",\"data\":[1]}, \"list\" : [ 1, {\"channel\":2} ], \"no\":null,"
    "\"yes\":true,\"never\":false,\"n\": -1e21 } ";
  ScopeJsonWanted wanted[] = { { "event" }, { "channel" }, { "data" },  { "more" },   { "list" },
                               { "no" },    { "yes" },     { "never" }, { "n" },      { "user_id" },
                               { "" },      { "even" },    { "events" } };

  g_assert_true (scope_json_scan_object (TEXT (text), wanted, G_N_ELEMENTS (wanted), NULL));
  assert_span (text, wanted[0].value, "\"order.paid\"");
  assert_span (text, wanted[1].value, "\"private-order-7\"");
  assert_span (text, wanted[2].value, "\"{\\\"total\\\":1}\"");
  assert_span (text, wanted[3].value, "{\"event\":\"inner\",\"data\":[1]}");
  assert_span (text, wanted[4].value, "[ 1, {\"channel\":2} ]");
  assert_span (text, wanted[5].value, "null");
  assert_span (text, wanted[6].value, "true");
  assert_span (text, wanted[7].value, "false");
  assert_span (text, wanted[8].value, "-1e21");
  g_assert_cmpint (wanted[0].kind, ==, SCOPE_JSON_STRING);
  g_assert_cmpint (wanted[3].kind, ==, SCOPE_JSON_OBJECT);
  g_assert_cmpint (wanted[4].kind, ==, SCOPE_JSON_ARRAY);
  g_assert_cmpint (wanted[5].kind, ==, SCOPE_JSON_NULL);
  g_assert_cmpint (wanted[6].kind, ==, SCOPE_JSON_TRUE);
  g_assert_cmpint (wanted[7].kind, ==, SCOPE_JSON_FALSE);
  g_assert_cmpint (wanted[8].kind, ==, SCOPE_JSON_NUMBER);
  for (guint i = 9; i < G_N_ELEMENTS (wanted); i++)
    {
      g_assert_cmpint (wanted[i].kind, ==, SCOPE_JSON_NONE);
      g_assert_cmpuint (wanted[i].value.offset, ==, 0);
      g_assert_cmpuint (wanted[i].value.length, ==, 0);
    }
}

static void
test_scan_keys (void)
{
  static const struct
  {
    const char *text;
    const char *key;
    const char *value; /* NULL: not there */
  } rows[] = {
    /* of equal keys the last counts, however it is written */
    { "{\"a\":1,\"a\":2}", "a", "2" },
    { "{\"a\":1,\"b\":3,\"a\":{\"a\":4}}", "a", "{\"a\":4}" },
    { "{\"a\":{\"a\":4},\"a\":null}", "a", "null" },
    { "{\"\\u0061\":1,\"a\":2}", "a", "2" },
    { "{\"a\":1,\"\\u0061\":2}", "a", "2" },
    /* escaped keys */
    { "{\"\\u0065vent\":1}", "event", "1" },
    { "{\"even\\u0074\":1}", "event", "1" },
    { "{\"\\u0065\\u0076\\u0065\\u006E\\u0074\":1}", "event", "1" },
    { "{\"\\u0065vents\":1}", "event", NULL },
    { "{\"\\u0065ven\":1}", "event", NULL },
    { "{\"a\\/b\":1}", "a/b", "1" },
    { "{\"a\\nb\":1}", "a\nb", "1" },
    { "{\"\\u00e9\":1}", "é", "1" },
    { "{\"é\":1}", "é", "1" },
    { "{\"\\ud83d\\ude00\":1}", "😀", "1" },
    { "{\"\\ud83d\":1}", REPLACEMENT, NULL },
    { "{\"event\\u0000\":1}", "event", NULL },
    { "{\"\\u0000\":1}", "", NULL },
    { "{\"\":1}", "", "1" },
    { "{\"Event\":1}", "event", NULL },
    { "{\"events\":1}", "event", NULL },
    { "{\"even\":1}", "event", NULL },
    { "{}", "event", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ScopeJsonWanted wanted[] = { { rows[i].key } };
      gsize length = strlen (rows[i].text);
      ScopeSpan span = { 0, 0 };
      ScopeJsonKind kind = scope_json_get_member (rows[i].text, length, rows[i].key, &span);

      g_assert_true (scope_json_scan_object (rows[i].text, length, wanted, 1, NULL));
      g_assert_true ((wanted[0].kind != SCOPE_JSON_NONE) == (rows[i].value != NULL));
      g_assert_cmpint (kind, ==, wanted[0].kind);
      g_assert_cmpuint (span.offset, ==, wanted[0].value.offset);
      g_assert_cmpuint (span.length, ==, wanted[0].value.length);
      if (rows[i].value != NULL)
        assert_span (rows[i].text, span, rows[i].value);
    }
}

static void
test_dup_member (void)
{
  static const char object[] = "{\"text\":\"a\\u00e9\",\"empty\":\"\",\"number\":1.0e2,\"list\":[1, 2],\"nil\":null}";
  static const struct
  {
    const char *key;
    const char *text;
  } rows[] = {
    { "text", "aé" }, { "empty", "" }, { "number", "1.0e2" }, { "list", "[1, 2]" }, { "nil", NULL }, { "none", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = scope_json_dup_member (object, strlen (object), rows[i].key);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
  g_assert_null (scope_json_dup_member (TEXT ("[1]"), "text"));
}

/* After a failure nothing is there, not even what had been found before it. */
static void
test_scan_failure (void)
{
  static const struct
  {
    const char *text;
    ScopeJsonFault fault;
    gsize offset;
  } rows[] = {
    { "{\"a\":1,\"b\":[1,2}", SYNTAX, 15 },
    { "{\"a\":1,\"b\":[1,2", CUT, 15 },
    { "{\"a\":1} {}", TRAILING, 8 },
    { "[1]", SYNTAX, 0 },
    { "  \"a\"", SYNTAX, 2 },
    { " 1", SYNTAX, 1 },
    { "[", SYNTAX, 0 },
    { "", EMPTY, 0 },
    { "  ", EMPTY, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ScopeJsonWanted wanted[] = { { "a", { 7, 7 }, SCOPE_JSON_TRUE }, { "b" } };
      ScopeJsonProblem problem = { SCOPE_JSON_FAULT_NONE, 0 };

      g_assert_false (scope_json_scan_object (rows[i].text, strlen (rows[i].text), wanted, 2,
                                              &problem));
      g_assert_cmpint (problem.fault, ==, rows[i].fault);
      g_assert_cmpuint (problem.offset, ==, rows[i].offset);
      for (guint j = 0; j < 2; j++)
        {
          g_assert_cmpint (wanted[j].kind, ==, SCOPE_JSON_NONE);
          g_assert_cmpuint (wanted[j].value.length, ==, 0);
        }
    }
}

/* ---- walking ---- */

/* "key=value;" for each member */
static char *
test_list_members (const char *text,
                   gsize       length)
{
  GString *out = g_string_new (NULL);
  ScopeSpan key, value;
  ScopeJsonKind kind;
  ScopeJsonIter iter;

  scope_json_iter_init (&iter, text, length);
  while (scope_json_iter_next (&iter, &key, &value, &kind))
    {
      g_assert_cmpint (kind, ==, scope_json_peek_kind (text + value.offset, value.length));
      g_string_append_len (out, text + key.offset, key.length);
      g_string_append_c (out, '=');
      g_string_append_len (out, text + value.offset, value.length);
      g_string_append_c (out, ';');
    }
  g_assert_false (scope_json_iter_next (&iter, &key, &value, &kind));

  return g_string_free (out, FALSE);
}

static void
test_iter (void)
{
  static const struct
  {
    const char *text;
    const char *members;
  } rows[] = {
    { "{}", "" },
    { " { } ", "" },
    { "[]", "" },
    { "[ \n ]", "" },
    { "1", "" },
    { "\"[1]\"", "" },
    { "null", "" },
    { "[1]", "=1;" },
    { " [ 1 , \"a,]\" ,{ \"x\" : [ ] } , [[],[1]] , -1.5e3,true ,null] ",
      "=1;=\"a,]\";={ \"x\" : [ ] };=[[],[1]];=-1.5e3;=true;=null;" },
    { "{\"a\":1}", "\"a\"=1;" },
    { " { \"a\" : 1 , \"b\\\"\":\"}\" ,\"c\":{\"d\":[{}]} , \"a\":2}",
      "\"a\"=1;\"b\\\"\"=\"}\";\"c\"={\"d\":[{}]};\"a\"=2;" },
    { "{\"\":\"\"}", "\"\"=\"\";" },
    { "[[[[]]],{\"a\":{\"b\":{}}}]", "=[[[]]];={\"a\":{\"b\":{}}};" },
    { "[\"\\\\\",\"\\\"\",\"é\"]", "=\"\\\\\";=\"\\\"\";=\"é\";" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *members = test_list_members (rows[i].text, strlen (rows[i].text));

      g_assert_cmpstr (members, ==, rows[i].members);
    }
}

/* What was never checked gives nonsense, but inside its own bytes, and ends. */
static void
test_iter_unchecked (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_rows); i++)
    {
      g_autofree char *copy = g_memdup2 (bad_rows[i].text, bad_rows[i].length);
      g_autofree char *members = test_list_members (copy, bad_rows[i].length);
      g_autoptr (GString) out = g_string_new (NULL);

      scope_json_append_compact (out, copy, bad_rows[i].length);
      scope_json_append_pretty (out, copy, bad_rows[i].length, 0);
      g_string_truncate (out, 0);
      scope_json_string_decode (copy, bad_rows[i].length, out);
      scope_json_string_equal (copy, bad_rows[i].length, "abc");
      g_free (scope_json_string_dup (copy, bad_rows[i].length));
      g_assert_nonnull (members);
    }
}

static void
test_get (void)
{
  static const char text[] = "{\"list\":[10, {\"deep\":[true]} ,\"x\"],\"n\":1}";
  gsize length = strlen (text);
  ScopeSpan list, element, untouched = { 47, 11 };

  g_assert_cmpint (scope_json_get_member (text, length, "list", &list), ==, SCOPE_JSON_ARRAY);
  g_assert_cmpint (scope_json_get_element (text + list.offset, list.length, 1, &element), ==,
                   SCOPE_JSON_OBJECT);
  assert_span (text + list.offset, element, "{\"deep\":[true]}");
  g_assert_cmpint (scope_json_get_element (text + list.offset, list.length, 0, NULL), ==,
                   SCOPE_JSON_NUMBER);
  g_assert_cmpint (scope_json_get_element (text + list.offset, list.length, 2, NULL), ==,
                   SCOPE_JSON_STRING);

  g_assert_cmpint (scope_json_get_element (text + list.offset, list.length, 3, &untouched), ==,
                   SCOPE_JSON_NONE);
  g_assert_cmpint (scope_json_get_element (text, length, 0, &untouched), ==, SCOPE_JSON_NONE);
  g_assert_cmpint (scope_json_get_member (text, length, "nil", &untouched), ==, SCOPE_JSON_NONE);
  g_assert_cmpint (scope_json_get_member (TEXT ("[1]"), "1", &untouched), ==, SCOPE_JSON_NONE);
  g_assert_cmpint (scope_json_get_member (NULL, 0, "a", &untouched), ==, SCOPE_JSON_NONE);
  g_assert_cmpuint (untouched.offset, ==, 47);
}

/* ---- strings ---- */

static void
test_string_decode (void)
{
  static const struct
  {
    const char *token;
    const char *decoded; /* NULL: it has no UTF-8 form */
    gsize length;
    const char *name;
  } rows[] = {
    { "\"\"", TEXT (""), "" },
    { "\"plain\"", TEXT ("plain"), "plain" },
    { "\"a\\\"\\\\\\/\\b\\f\\n\\r\\t\"", TEXT ("a\"\\/\b\f\n\r\t"), "a\"\\/\b\f\n\r\t" },
    { "\"\\u0041\\u00e9\\u20AC\"", TEXT ("Aé€"), "Aé€" },
    { "\"\\ud83d\\ude00\"", TEXT ("😀"), "😀" },
    { "\"\\uDBFF\\uDFFF\"", TEXT ("\364\217\277\277"), "\364\217\277\277" },
    { "\"\\ud800\\udc00\"", TEXT ("\360\220\200\200"), "\360\220\200\200" },
    { "\"\\uffff\\ufffe\"", TEXT ("\357\277\277\357\277\276"), "\357\277\277\357\277\276" },
    { "\"a\\u0000b\"", TEXT ("a\0b"), "a" },
    { "\"\\u0000\"", TEXT ("\0"), "" },
    { "\"é😀\"", TEXT ("é😀"), "é😀" },
    { "\"\\\\u0041\"", TEXT ("\\u0041"), "\\u0041" },
    { "\"\\ud800\"", NULL, 0, REPLACEMENT },
    { "\"\\udfff\"", NULL, 0, REPLACEMENT },
    { "\"a\\ud800b\"", NULL, 0, "a" REPLACEMENT "b" },
    { "\"\\ud800\\u0041\"", NULL, 0, REPLACEMENT "A" },
    { "\"\\ud800\\n\"", NULL, 0, REPLACEMENT "\n" },
    { "\"\\ud800\\ud800\\udc00\"", NULL, 0, REPLACEMENT "\360\220\200\200" },
    { "\"\\udc00\\ud800\"", NULL, 0, REPLACEMENT REPLACEMENT },
    { "\"ok \\u00e9 \\udc00\"", NULL, 0, "ok é " REPLACEMENT },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      gsize length = strlen (rows[i].token);
      g_autoptr (GString) out = g_string_new ("before");
      g_autofree char *name = scope_json_string_dup (rows[i].token, length);
      gboolean good = scope_json_string_decode (rows[i].token, length, out);

      g_assert_true (scope_json_check (rows[i].token, length, NULL, NULL));
      g_assert_cmpstr (name, ==, rows[i].name);
      g_assert_true (good == (rows[i].decoded != NULL));
      if (good)
        g_assert_cmpmem (out->str + 6, out->len - 6, rows[i].decoded, rows[i].length);
      else
        g_assert_cmpstr (out->str, ==, "before");
      g_assert_true (scope_json_string_equal (rows[i].token, length, rows[i].name) ==
                     (good && strlen (rows[i].decoded) == rows[i].length));
      g_assert_true (scope_json_string_has_escapes (rows[i].token, length) ==
                     (strchr (rows[i].token, '\\') != NULL));
    }
}

static void
test_string_equal (void)
{
  static const struct
  {
    const char *token;
    const char *text;
    gboolean equal;
  } rows[] = {
    { "\"\"", "", TRUE },          { "\"\"", "a", FALSE },          { "\"a\"", "", FALSE },
    { "\"abc\"", "abc", TRUE },    { "\"abc\"", "abcd", FALSE },    { "\"abcd\"", "abc", FALSE },
    { "\"a\\u0062c\"", "abc", TRUE }, { "\"a\\u0062\"", "a", FALSE },
    { "\"\\u0061\"", "ab", FALSE },
    { "\"\\n\"", "\n", TRUE },     { "\"\\n\"", "n", FALSE },       { "\"é\"", "\\u00e9", FALSE },
    { "\"\\u00e9\"", "é", TRUE },  { "\"\\ude00\"", "é", FALSE },   { "\"a\\u0000\"", "a", FALSE },
    { "abc", "abc", FALSE },       { "\"", "", FALSE },             { "1", "1", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_true (scope_json_string_equal (rows[i].token, strlen (rows[i].token), rows[i].text) ==
                   rows[i].equal);
}

static void
test_append_string (void)
{
  static const struct
  {
    const char *text;
    gssize length;
    const char *expected;
  } rows[] = {
    { NULL, -1, "\"\"" },
    { NULL, 0, "\"\"" },
    { "", -1, "\"\"" },
    { "plain / text", -1, "\"plain / text\"" },
    { "cut here", 3, "\"cut\"" },
    { "\"\\", -1, "\"\\\"\\\\\"" },
    { "\b\f\n\r\t", -1, "\"\\b\\f\\n\\r\\t\"" },
    { "\x01\x1f\x7f", -1, "\"\\u0001\\u001f\x7f\"" },
    { "a\0b", 3, "\"a\\u0000b\"" },
    { "é€😀\342\200\250", -1, "\"é€😀\342\200\250\"" },
    { "a\377b", -1, "\"a" REPLACEMENT "b\"" },
    { "\342\202", -1, "\"" REPLACEMENT "\"" },
    { "\342\202\254", 2, "\"" REPLACEMENT "\"" },
    { "\355\240\200", -1, "\"" REPLACEMENT REPLACEMENT REPLACEMENT "\"" },
    { "\300\257x", -1, "\"" REPLACEMENT REPLACEMENT "x\"" },
    { "a long piece of plain text, \"quoted\"\n", -1,
      "\"a long piece of plain text, \\\"quoted\\\"\\n\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) out = g_string_new ("");

      scope_json_append_string (out, rows[i].text, rows[i].length);
      g_assert_cmpstr (out->str, ==, rows[i].expected);
      g_assert_true (scope_json_check (out->str, out->len, NULL, NULL));
    }
}

/* Every character there is, to a token and back. */
static void
test_string_round_trip (void)
{
  g_autoptr (GString) all = g_string_new (NULL);
  g_autoptr (GString) token = g_string_new (NULL);
  g_autoptr (GString) back = g_string_new (NULL);

  for (gunichar c = 0; c < 0x110000; c++)
    if (c < 0xd800 || c > 0xdfff)
      g_string_append_unichar (all, c);

  scope_json_append_string (token, all->str, all->len);
  g_assert_true (scope_json_check (token->str, token->len, NULL, NULL));
  g_assert_true (scope_json_string_decode (token->str, token->len, back));
  g_assert_true (g_string_equal (all, back));
}

/* ---- layout ---- */

static void
test_pretty (void)
{
  static const struct
  {
    const char *text;
    const char *pretty;
  } rows[] = {
    { "1", "1" },
    { " \"a b\" ", "\"a b\"" },
    { "{}", "{}" },
    { " { } ", "{}" },
    { "[ ]", "[]" },
    { "[1]", "[\n  1\n]" },
    { "[1,2]", "[\n  1,\n  2\n]" },
    { "{\"a\":1}", "{\n  \"a\": 1\n}" },
    { "{\"a\" : [ 1 , {\"b\":{}} ], \"c\":\"x: ,\" }",
      "{\n  \"a\": [\n    1,\n    {\n      \"b\": {}\n    }\n  ],\n  \"c\": \"x: ,\"\n}" },
    { "[[],[[]],{\"a\":[]}]", "[\n  [],\n  [\n    []\n  ],\n  {\n    \"a\": []\n  }\n]" },
    { "[1e21,-0,1.10,\"a\\u0000b\",\"\\/\",18446744073709551616]",
      "[\n  1e21,\n  -0,\n  1.10,\n  \"a\\u0000b\",\n  \"\\/\",\n  18446744073709551616\n]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) out = g_string_new ("+");

      g_assert_true (scope_json_append_pretty (out, rows[i].text, strlen (rows[i].text), 0));
      g_assert_cmpstr (out->str + 1, ==, rows[i].pretty);
    }
}

/* Cut at every length: the beginning of the whole, never inside a character. */
static void
test_pretty_bounded (void)
{
  static const char text[] = "{\"a\":[1,\"grün €\",{}],\"😀\":{\"b\":[]}}";
  g_autoptr (GString) whole = g_string_new (NULL);

  scope_json_append_pretty (whole, TEXT (text), 0);
  for (gsize max = 1; max <= whole->len + 1; max++)
    {
      g_autoptr (GString) out = g_string_new ("+");
      gboolean good = scope_json_append_pretty (out, TEXT (text), max);

      g_assert_true (good == (max >= whole->len));
      g_assert_cmpuint (out->len - 1, <=, max);
      g_assert_cmpuint (out->len - 1 + 4, >, MIN (max, whole->len));
      g_assert_true (g_str_has_prefix (whole->str, out->str + 1));
      g_assert_true (g_utf8_validate (out->str, out->len, NULL));
    }
}

static void
test_compact (void)
{
  static const struct
  {
    const char *text;
    const char *compact;
  } rows[] = {
    { "1", "1" },
    { " \n", "" },
    { " { } ", "{}" },
    { "{\"a\":[1,2]}", "{\"a\":[1,2]}" },
    { " { \"a b\" : [ 1 ,\t2 ] ,\r\n\"c\" : \" \\\" \" } ", "{\"a b\":[1,2],\"c\":\" \\\" \"}" },
    { "[ 1e21, -0 ,\"a\\u0000b\" ]", "[1e21,-0,\"a\\u0000b\"]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GString) out = g_string_new ("+");

      scope_json_append_compact (out, rows[i].text, strlen (rows[i].text));
      g_assert_cmpstr (out->str + 1, ==, rows[i].compact);
    }
}

/* A document's tokens, one a line: written here once more, by the grammar and a byte at a time. */
static char *
test_list_tokens (const char *text,
                  gsize       length)
{
  GString *out = g_string_new (NULL);
  const char *p = text, *end = text + length;

  while (p < end)
    {
      const char *token = p++;

      if (strchr (" \t\r\n", *token) != NULL)
        continue;
      if (*token == '"')
        {
          while (*p != '"')
            p += *p == '\\' ? 2 : 1;
          p++;
        }
      else if (strchr ("{}[],:", *token) == NULL)
        while (p < end && strchr (" \t\r\n{}[],:\"", *p) == NULL)
          p++;
      g_string_append_len (out, token, p - token);
      g_string_append_c (out, '\n');
    }

  return g_string_free (out, FALSE);
}

static void
test_tokens_kept_of (const char *text,
                     gsize       length)
{
  g_autofree char *tokens = test_list_tokens (text, length);
  g_autofree char *pretty_tokens = NULL;
  g_autofree char *compact_tokens = NULL;
  g_autoptr (GString) pretty = g_string_new (NULL);
  g_autoptr (GString) compact = g_string_new (NULL);
  g_autoptr (GString) again = g_string_new (NULL);

  g_assert_true (scope_json_append_pretty (pretty, text, length, 0));
  scope_json_append_compact (compact, text, length);
  g_assert_true (scope_json_check (pretty->str, pretty->len, NULL, NULL));
  g_assert_true (scope_json_check (compact->str, compact->len, NULL, NULL));

  pretty_tokens = test_list_tokens (pretty->str, pretty->len);
  compact_tokens = test_list_tokens (compact->str, compact->len);
  g_assert_cmpstr (pretty_tokens, ==, tokens);
  g_assert_cmpstr (compact_tokens, ==, tokens);

  scope_json_append_compact (again, pretty->str, pretty->len);
  g_assert_true (g_string_equal (again, compact));
  g_string_truncate (again, 0);
  scope_json_append_pretty (again, compact->str, compact->len, 0);
  g_assert_true (g_string_equal (again, pretty));
}

static void
test_tokens_kept (void)
{
  g_autofree char *digits = test_repeat ("1234567890", 40);
  g_autofree char *long_numbers = g_strdup_printf ("[%s, -%s.%se+%s ]", digits, digits, digits,
                                                   digits);

  for (gsize i = 0; i < G_N_ELEMENTS (good_rows); i++)
    test_tokens_kept_of (good_rows[i].text, good_rows[i].length);

  g_assert_true (scope_json_check (long_numbers, strlen (long_numbers), NULL, NULL));
  test_tokens_kept_of (long_numbers, strlen (long_numbers));
}

static void
test_problem_to_text (void)
{
  static const struct
  {
    ScopeJsonProblem problem;
    const char *text;
  } rows[] = {
    { { SCOPE_JSON_FAULT_DEPTH, 812 }, "nested deeper than 64 levels at byte 812" },
    { { SCOPE_JSON_FAULT_UTF8, 3 }, "no valid UTF-8 at byte 3" },
    { { SCOPE_JSON_FAULT_SYNTAX, 0 }, "no valid JSON at byte 0" },
    { { SCOPE_JSON_FAULT_TRUNCATED, 4194304 }, "the text ends too early, at byte 4194304" },
    { { SCOPE_JSON_FAULT_TRAILING, 9 }, "more text after the JSON document at byte 9" },
    { { SCOPE_JSON_FAULT_EMPTY, 0 }, "there is no text" },
    { { SCOPE_JSON_FAULT_SIZE, G_MAXUINT32 }, "larger than 4 GiB" },
    { { SCOPE_JSON_FAULT_NONE, 0 }, "nothing is wrong" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = scope_json_problem_to_text (&rows[i].problem);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json/check/good", test_good);
  g_test_add_func ("/json/check/bad", test_bad);
  g_test_add_func ("/json/check/null-text", test_null_text);
  g_test_add_func ("/json/check/truncation", test_truncation);
  g_test_add_func ("/json/check/corruption", test_corruption);
  g_test_add_func ("/json/check/depth", test_depth);
  g_test_add_func ("/json/check/depth-mixed", test_depth_mixed);
  g_test_add_func ("/json/check/depth-hostile", test_depth_hostile);
  g_test_add_func ("/json/check/wide", test_wide);
  g_test_add_func ("/json/check/large-strings", test_large_strings);
  g_test_add_func ("/json/check/size-limit", test_size_limit);
  g_test_add_func ("/json/check/string-steps", test_string_steps);
  g_test_add_func ("/json/scan/object", test_scan_object);
  g_test_add_func ("/json/scan/keys", test_scan_keys);
  g_test_add_func ("/json/scan/failure", test_scan_failure);
  g_test_add_func ("/json/walk/iter", test_iter);
  g_test_add_func ("/json/walk/unchecked", test_iter_unchecked);
  g_test_add_func ("/json/walk/get", test_get);
  g_test_add_func ("/json/string/decode", test_string_decode);
  g_test_add_func ("/json/string/equal", test_string_equal);
  g_test_add_func ("/json/string/append", test_append_string);
  g_test_add_func ("/json/string/round-trip", test_string_round_trip);
  g_test_add_func ("/json/dup-member", test_dup_member);
  g_test_add_func ("/json/layout/pretty", test_pretty);
  g_test_add_func ("/json/layout/pretty-bounded", test_pretty_bounded);
  g_test_add_func ("/json/layout/compact", test_compact);
  g_test_add_func ("/json/layout/tokens-kept", test_tokens_kept);
  g_test_add_func ("/json/problem-to-text", test_problem_to_text);

  return g_test_run ();
}
