/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "capture/scope-json-diff.h"

static void
append_span (GString         *out,
             const char      *text,
             const ScopeSpan *span)
{
  g_string_append_len (out, text + span->offset, span->length);
}

/* "~data.a 1 2; +data.b  3; " */
static char *
describe (ScopeJsonDiff *diff,
          const char    *before,
          const char    *after)
{
  static const char marks[] = "=+-~!";
  GString *out = g_string_new (NULL);

  for (guint i = 0; i < diff->changes->len; i++)
    {
      ScopeJsonChange *change = g_ptr_array_index (diff->changes, i);

      g_string_append_printf (out, "%s%c%s ", i > 0 ? "; " : "", marks[change->kind], change->path);
      append_span (out, before, &change->before);
      g_string_append_c (out, '>');
      append_span (out, after, &change->after);
    }
  return g_string_free (out, FALSE);
}

static void
check (const char *before,
       const char *after,
       const char *expected)
{
  g_autoptr (ScopeJsonDiff) diff
      = scope_json_diff_new (before, strlen (before), after, strlen (after), "data");
  g_autofree char *found = describe (diff, before, after);

  g_assert_cmpstr (found, ==, expected);
  g_assert_false (diff->is_coarse);
  g_assert_cmpuint (diff->n_left_out, ==, 0);
}

static void
test_values (void)
{
  check ("1", "1", "=data 1>1");
  check ("1", "2", "~data 1>2");
  check ("1", "\"1\"", "!data 1>\"1\"");
  check ("true", "false", "!data true>false");
  check ("null", "{}", "!data null>{}");
  check (" 1 ", "\n1", "=data 1>1");
  check ("12345678901234567890123", "12345678901234567890124",
         "~data 12345678901234567890123>12345678901234567890124");
  check ("\"A\"", "\"\\u0041\"", "=data \"A\">\"\\u0041\"");
  check ("\"\\ud800\"", "\"\\ud801\"", "~data \"\\ud800\">\"\\ud801\"");
}

static void
test_objects (void)
{
  check ("{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}",
         "=data {\"a\":1,\"b\":2}>{\"b\":2,\"a\":1}");
  check ("{\"a\":1,\"b\":2}", "{\"a\":1,\"c\":3}", "=data.a 1>1; -data.b 2>; +data.c >3");
  check ("{\"e-mail\":1}", "{\"e-mail\":2}", "~data.\"e-mail\" 1>2");
  check ("{\"o\":{\"x\":1,\"y\":2},\"z\":0}", "{\"o\":{\"x\":1,\"y\":3},\"z\":0}",
         "=data.o.x 1>1; ~data.o.y 2>3; =data.z 0>0");
  check ("{\"k\":1,\"k\":2}", "{\"k\":2}", "=data {\"k\":1,\"k\":2}>{\"k\":2}");
  check ("{}", "{}", "=data {}>{}");
}

static void
test_arrays (void)
{
  check ("[1,2,3]", "[1, 2, 3]", "=data [1,2,3]>[1, 2, 3]");
  check ("[1,2,3]", "[1,2,3,4]", "=data[0…2] 1,2,3>1,2,3; +data[3] >4");
  check ("[1,2,3]", "[2,3]", "-data[0] 1>; =data[0…1] 2,3>2,3");
  check ("[1,2,3]", "[1,9,3]", "=data[0] 1>1; ~data[1] 2>9; =data[2] 3>3");
  check ("[1,2,3]", "[1,8,9,3]", "=data[0] 1>1; ~data[1] 2>8; +data[2] >9; =data[3] 3>3");
  check ("[{\"a\":1}]", "[{\"a\":\"1\"}]", "!data[0].a 1>\"1\"");
  check ("[[1,2],[3]]", "[[1,2],[4]]", "=data[0] [1,2]>[1,2]; ~data[1][0] 3>4");
  check ("[]", "[null]", "+data[0] >null");
}

static void
test_deep (void)
{
  g_autoptr (GString) before = g_string_new (NULL);
  g_autoptr (GString) after = g_string_new (NULL);
  g_autoptr (ScopeJsonDiff) diff = NULL;
  ScopeJsonChange *change;

  for (guint i = 0; i < 64; i++)
    g_string_append_c (before, '[');
  g_string_append (after, before->str);
  g_string_append_c (before, '1');
  g_string_append_c (after, '2');
  for (guint i = 0; i < 64; i++)
    {
      g_string_append_c (before, ']');
      g_string_append_c (after, ']');
    }
  g_assert_true (scope_json_check (before->str, before->len, NULL, NULL));
  diff = scope_json_diff_new (before->str, before->len, after->str, after->len, "data");
  g_assert_cmpuint (diff->changes->len, ==, 1);
  change = g_ptr_array_index (diff->changes, 0);
  g_assert_cmpuint (strlen (change->path), ==, 4 + 64 * 3);
}

static GString *
make_array (guint n,
            guint changed_from)
{
  GString *json = g_string_new ("[");

  for (guint i = 0; i < n; i++)
    g_string_append_printf (json, "%s%u", i > 0 ? "," : "", i < changed_from ? i : i + n);
  g_string_append_c (json, ']');
  return json;
}

/* What is not told one by one is counted. */
static void
test_many (void)
{
  g_autoptr (GString) before = make_array (100000, G_MAXUINT);
  g_autoptr (GString) one = make_array (100000, 99999);
  g_autoptr (GString) all = make_array (100000, 0);
  g_autoptr (ScopeJsonDiff) diff
      = scope_json_diff_new (before->str, before->len, one->str, one->len, "data");
  g_autoptr (ScopeJsonDiff) other
      = scope_json_diff_new (before->str, before->len, all->str, all->len, "data");

  g_assert_cmpuint (diff->changes->len, ==, 2);
  g_assert_cmpuint (diff->n_changed, ==, 1);
  g_assert_cmpuint (other->n_changed, ==, 100000);
  g_assert_cmpuint (other->changes->len, ==, SCOPE_JSON_DIFF_MAX_CHANGES);
  g_assert_cmpuint (other->n_left_out, ==, 100000 - SCOPE_JSON_DIFF_MAX_CHANGES);
}

/* Equal members leave room for the one that differs. */
static void
test_room (void)
{
  g_autoptr (GString) before = g_string_new ("{");
  g_autoptr (GString) after = NULL;
  g_autoptr (ScopeJsonDiff) diff = NULL;
  ScopeJsonChange *last;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (before, "\"k%u\":%u,", i, i);
  after = g_string_new (before->str);
  g_string_append (before, "\"last\":1}");
  g_string_append (after, "\"last\":2}");
  diff = scope_json_diff_new (before->str, before->len, after->str, after->len, "data");
  last = g_ptr_array_index (diff->changes, diff->changes->len - 1);
  g_assert_cmpstr (last->path, ==, "data.last");
  g_assert_true (diff->same_left_out);
  g_assert_cmpuint (diff->n_left_out, ==, 0);
}

/* A key of megabytes does not stand in each of thousands of paths. */
static void
test_long_keys (void)
{
  g_autofree char *key = g_strnfill (2 * 1024 * 1024, 'k');
  g_autoptr (GString) before = g_string_new ("{\"");
  g_autoptr (ScopeJsonDiff) diff = NULL;

  g_string_append_printf (before, "%s\":{", key);
  for (guint i = 0; i < SCOPE_JSON_DIFF_MAX_CHANGES; i++)
    g_string_append_printf (before, "%s\"m%u\":1", i > 0 ? "," : "", i);
  g_string_append (before, "}}");
  {
    g_autoptr (GString) after = g_string_new (before->str);

    g_string_replace (after, ":1", ":2", 0);
    diff = scope_json_diff_new (before->str, before->len, after->str, after->len, "data");
  }
  g_assert_cmpuint (diff->changes->len, ==, SCOPE_JSON_DIFF_MAX_CHANGES);
  for (guint i = 0; i < diff->changes->len; i++)
    {
      ScopeJsonChange *change = g_ptr_array_index (diff->changes, i);

      g_assert_cmpuint (strlen (change->path), <, 300);
      g_assert_nonnull (strstr (change->path, "…"));
      g_assert_true (g_utf8_validate (change->path, -1, NULL));
    }
}

static void
check_lines (const char *before,
             const char *after,
             const char *expected)
{
  g_autoptr (ScopeJsonDiff) diff
      = scope_json_diff_new_lines (before, strlen (before), after, strlen (after));
  g_autofree char *found = describe (diff, before, after);
  g_auto (GStrv) parts = g_strsplit (found, "\n", -1);
  g_autofree char *joined = g_strjoinv ("", parts);

  g_assert_true (diff->is_lines);
  g_assert_cmpstr (joined, ==, expected);
}

static void
test_lines (void)
{
  check_lines ("", "", "");
  check_lines ("", "a", "+1 >a");
  check_lines ("a\nb\nc\n", "a\nc\n", "=1 a>a; -2 b>; =2 c>c");
  check_lines ("a\nb\nc\nd\n", "a\nx\nc\ny\nd\n", "=1 a>a; -2 b>; +2 >x; =3 c>c; +4 >y; =5 d>d");
}

static void
test_many_lines (void)
{
  g_autoptr (GString) before = g_string_new (NULL);
  g_autoptr (GString) after = g_string_new (NULL);
  g_autoptr (ScopeJsonDiff) diff = NULL;

  for (guint i = 0; i < 3000; i++)
    {
      g_string_append_printf (before, "b%u\n", i);
      g_string_append_printf (after, "a%u\n", i);
    }
  diff = scope_json_diff_new_lines (before->str, before->len, after->str, after->len);
  g_assert_true (diff->is_coarse);
  g_assert_cmpuint (diff->n_removed, ==, 3000);
  g_assert_cmpuint (diff->n_added, ==, 3000);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-diff/values", test_values);
  g_test_add_func ("/json-diff/objects", test_objects);
  g_test_add_func ("/json-diff/arrays", test_arrays);
  g_test_add_func ("/json-diff/deep", test_deep);
  g_test_add_func ("/json-diff/many", test_many);
  g_test_add_func ("/json-diff/room", test_room);
  g_test_add_func ("/json-diff/long-keys", test_long_keys);
  g_test_add_func ("/json-diff/lines", test_lines);
  g_test_add_func ("/json-diff/many-lines", test_many_lines);

  return g_test_run ();
}
