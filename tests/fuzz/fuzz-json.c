/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "fuzz-json"

#include "config.h"

#include "json/scope-json.h"

#include <string.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
fuzz_string (const char *token,
             gsize       length)
{
  g_autofree char *name = scope_json_string_dup (token, length);
  g_autoptr (GString) decoded = g_string_new (NULL);
  g_autoptr (GString) encoded = g_string_new (NULL);
  g_autoptr (GString) again = g_string_new (NULL);

  g_assert_true (g_utf8_validate (name, -1, NULL));
  if (!scope_json_string_decode (token, length, decoded))
    {
      g_assert_cmpuint (decoded->len, ==, 0);
      g_assert_true (scope_json_string_has_escapes (token, length));
      g_assert_false (scope_json_string_equal (token, length, name));
      return;
    }

  if (!scope_json_string_has_escapes (token, length))
    g_assert_cmpmem (token + 1, length - 2, decoded->str, decoded->len);
  g_assert_cmpstr (name, ==, decoded->str);
  g_assert_true (scope_json_string_equal (token, length, name) == (strlen (name) == decoded->len));

  scope_json_append_string (encoded, decoded->str, decoded->len);
  g_assert_true (scope_json_check (encoded->str, encoded->len, NULL, NULL));
  g_assert_true (scope_json_string_decode (encoded->str, encoded->len, again));
  g_assert_true (g_string_equal (decoded, again));
}

/* What the iterator finds under a key is what the other ways to it find. */
static void
fuzz_member (const char *text,
             gsize       length,
             ScopeSpan   key)
{
  g_autofree char *name = scope_json_string_dup (text + key.offset, key.length);
  ScopeJsonWanted wanted[] = { { name } };
  ScopeSpan found = { 0, 0 };
  ScopeJsonKind kind = scope_json_get_member (text, length, name, &found);

  g_assert_true (scope_json_scan_object (text, length, wanted, 1, NULL));
  g_assert_cmpint (kind, ==, wanted[0].kind);
  g_assert_cmpuint (found.offset, ==, wanted[0].value.offset);
  g_assert_cmpuint (found.length, ==, wanted[0].value.length);
  if (scope_json_string_equal (text + key.offset, key.length, name))
    g_assert_cmpint (kind, !=, SCOPE_JSON_NONE);
}

/* Every value inside is a document of its own. Recurses, but never deeper than a checked document
 * does. Lookups are quadratic, so they are left out where there are many members. */
static void
fuzz_walk (const char *text,
           gsize       length)
{
  ScopeSpan key, value, element;
  ScopeJsonKind kind, checked;
  ScopeJsonIter iter;

  scope_json_iter_init (&iter, text, length);
  for (guint i = 0; scope_json_iter_next (&iter, &key, &value, &kind); i++)
    {
      g_assert_cmpuint (value.offset + value.length, <=, length);
      g_assert_true (scope_json_check (text + value.offset, value.length, &checked, NULL));
      g_assert_cmpint (kind, ==, checked);
      if (i < 16 && iter.is_object)
        fuzz_member (text, length, key);
      if (i < 16 && !iter.is_object)
        {
          g_assert_cmpint (scope_json_get_element (text, length, i, &element), ==, kind);
          g_assert_cmpuint (element.offset, ==, value.offset);
        }

      if (iter.is_object)
        fuzz_string (text + key.offset, key.length);
      if (kind == SCOPE_JSON_STRING)
        fuzz_string (text + value.offset, value.length);
      if (kind == SCOPE_JSON_OBJECT || kind == SCOPE_JSON_ARRAY)
        fuzz_walk (text + value.offset, value.length);
    }
}

static void
fuzz_layout (const char *text,
             gsize       length)
{
  g_autoptr (GString) pretty = g_string_new (NULL);
  g_autoptr (GString) compact = g_string_new (NULL);
  g_autoptr (GString) again = g_string_new (NULL);

  g_assert_true (scope_json_append_pretty (pretty, text, length, 0));
  scope_json_append_compact (compact, text, length);
  g_assert_true (scope_json_check (pretty->str, pretty->len, NULL, NULL));
  g_assert_true (scope_json_check (compact->str, compact->len, NULL, NULL));
  scope_json_append_compact (again, pretty->str, pretty->len);
  g_assert_true (g_string_equal (again, compact));

  g_string_truncate (again, 0);
  scope_json_append_pretty (again, text, length, length);
  g_assert_cmpuint (again->len, <=, length);
  g_assert_true (g_utf8_validate_len (again->str, again->len, NULL));
  g_assert_true (strncmp (again->str, pretty->str, again->len) == 0);
}

/* Text that is no JSON: the walkers must stay inside it and end. */
static void
fuzz_unchecked (const char *text,
                gsize       length)
{
  g_autofree char *name = scope_json_string_dup (text, length);
  g_autoptr (GString) out = g_string_new (NULL);
  ScopeSpan key, value;
  ScopeJsonIter iter;

  scope_json_iter_init (&iter, text, length);
  while (scope_json_iter_next (&iter, &key, &value, NULL))
    g_assert_cmpuint (value.offset + value.length, <=, length);

  scope_json_string_decode (text, length, out);
  scope_json_string_equal (text, length, name);
  scope_json_append_pretty (out, text, length, 1024);
  scope_json_append_compact (out, text, length);
  g_string_truncate (out, 0);
  scope_json_append_string (out, text, length);
  g_assert_true (scope_json_check (out->str, out->len, NULL, NULL));
}

static void
fuzz_refused (const char       *text,
              gsize             length,
              ScopeJsonProblem  problem)
{
  g_autofree char *message = scope_json_problem_to_text (&problem);
  ScopeJsonProblem other = { SCOPE_JSON_FAULT_NONE, 0 };

  g_assert_cmpint (problem.fault, !=, SCOPE_JSON_FAULT_NONE);
  g_assert_cmpuint (problem.offset, <=, length);
  g_assert_true (g_utf8_validate (message, -1, NULL));

  g_assert_false (scope_json_scan_object (text, length, NULL, 0, &other));
  if (scope_json_peek_kind (text, length) == SCOPE_JSON_OBJECT)
    {
      g_assert_cmpint (other.fault, ==, problem.fault);
      g_assert_cmpuint (other.offset, ==, problem.offset);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  const char *text = (const char *) data;
  ScopeJsonProblem problem;
  ScopeJsonKind kind;

  fuzz_unchecked (text, size);
  if (!scope_json_check (text, size, &kind, &problem))
    {
      fuzz_refused (text, size, problem);
      return 0;
    }

  g_assert_cmpint (kind, ==, scope_json_peek_kind (text, size));
  g_assert_true (scope_json_scan_object (text, size, NULL, 0, NULL) == (kind == SCOPE_JSON_OBJECT));
  fuzz_walk (text, size);
  fuzz_layout (text, size);
  return 0;
}
