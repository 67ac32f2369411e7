/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/scope-limits.h"
#include "capture/scope-names-private.h"
#include "capture/scope-names.h"

static void
test_numbers (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();

  g_assert_cmpuint (scope_names_get_count (names), ==, 0);
  g_assert_cmpuint (scope_names_intern (names, "news", -1), ==, 1);
  g_assert_cmpuint (scope_names_intern (names, "order.paid", 10), ==, 2);
  g_assert_cmpuint (scope_names_intern (names, "news", 4), ==, 1);
  g_assert_cmpuint (scope_names_intern (names, "news and more", 4), ==, 1);
  g_assert_cmpuint (scope_names_intern (names, "", -1), ==, 3);
  g_assert_cmpuint (scope_names_get_count (names), ==, 3);
  g_assert_cmpstr (scope_names_get (names, 1), ==, "news");
  g_assert_cmpstr (scope_names_get (names, 2), ==, "order.paid");
  g_assert_cmpstr (scope_names_get (names, 3), ==, "");
}

static void
test_absent (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();

  g_assert_cmpuint (scope_names_intern (names, NULL, -1), ==, 0);
  g_assert_null (scope_names_get (names, 0));
  g_assert_null (scope_names_get (names, 1));
  g_assert_cmpuint (scope_names_find (names, "news"), ==, 0);
  g_assert_cmpuint (scope_names_find (names, NULL), ==, 0);
  scope_names_intern (names, "news", -1);
  g_assert_cmpuint (scope_names_find (names, "news"), ==, 1);
  g_assert_cmpuint (scope_names_find (names, "new"), ==, 0);
}

static void
test_hostile_bytes (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  guint32 id = scope_names_intern (names, "a\xff" "b", 3);

  g_assert_cmpstr (scope_names_get (names, id), ==, "a\xef\xbf\xbd" "b");
  g_assert_cmpuint (scope_names_intern (names, "a\xff" "b", 3), ==, id);
  g_assert_cmpuint (scope_names_get_count (names), ==, 1);
  /* behind a NUL there is nothing */
  g_assert_cmpuint (scope_names_intern (names, "a\0b", 3), ==, 2);
  g_assert_cmpuint (scope_names_find (names, "a"), ==, 2);
}

static void
test_many (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  const char *first;

  scope_names_intern (names, "name 1", -1);
  first = scope_names_get (names, 1);
  for (guint i = 1; i <= 100000; i++)
    {
      char name[32];

      g_snprintf (name, sizeof name, "name %u", i);
      g_assert_cmpuint (scope_names_intern (names, name, -1), ==, i);
    }
  for (guint i = 1; i <= 100000; i += 997)
    {
      char name[32];

      g_snprintf (name, sizeof name, "name %u", i);
      g_assert_cmpuint (scope_names_find (names, name), ==, i);
      g_assert_cmpstr (scope_names_get (names, i), ==, name);
    }
  g_assert_true (scope_names_get (names, 1) == first);
}

static void
test_limit_of_number (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  char name[32];

  for (guint i = 1; i <= SCOPE_LIMIT_NAMES; i++)
    {
      g_snprintf (name, sizeof name, "%x", i);
      scope_names_intern (names, name, -1);
    }
  g_assert_cmpuint (scope_names_get_count (names), ==, SCOPE_LIMIT_NAMES);
  g_assert_cmpuint (scope_names_intern (names, "one more", -1), ==, SCOPE_NAMES_OVERFLOW);
  g_assert_cmpuint (scope_names_intern (names, name, -1), ==, SCOPE_LIMIT_NAMES);
  g_assert_nonnull (strstr (scope_names_get (names, SCOPE_NAMES_OVERFLOW), "too many"));
  g_assert_cmpuint (scope_names_get_count (names), ==, SCOPE_LIMIT_NAMES);
}

static void
test_limit_of_bytes (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  const gsize size = 1024 * 1024;
  g_autofree char *name = g_malloc (size);

  memset (name, 'x', size);
  for (guint i = 0; i < SCOPE_NAMES_TEXT_BYTES / size; i++)
    {
      name[0] = 'a' + i % 26;
      name[1] = 'a' + i / 26;
      g_assert_cmpuint (scope_names_intern (names, name, size), ==, i + 1);
    }
  name[0] = '-';
  g_assert_cmpuint (scope_names_intern (names, name, size), ==, SCOPE_NAMES_OVERFLOW);
}

static void
test_load_keeps_numbers (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();

  g_assert_cmpuint (_scope_names_load (names, "same", 4), ==, 1);
  g_assert_cmpuint (_scope_names_load (names, "same", 4), ==, 2);
  g_assert_cmpuint (_scope_names_load (names, "\xff", 1), ==, 3);
  g_assert_cmpstr (scope_names_get (names, 2), ==, "same");
  g_assert_cmpstr (scope_names_get (names, 3), ==, "\xef\xbf\xbd");
  g_assert_cmpuint (scope_names_intern (names, "same", -1), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/names/numbers", test_numbers);
  g_test_add_func ("/names/absent", test_absent);
  g_test_add_func ("/names/hostile-bytes", test_hostile_bytes);
  g_test_add_func ("/names/many", test_many);
  g_test_add_func ("/names/limit-of-number", test_limit_of_number);
  g_test_add_func ("/names/limit-of-bytes", test_limit_of_bytes);
  g_test_add_func ("/names/load-keeps-numbers", test_load_keeps_numbers);
  return g_test_run ();
}
