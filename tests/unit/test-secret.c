/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-secret"

#include "config.h"

#include "base/scope-secret.h"

#include <string.h>

static void
test_new (void)
{
  char text[] = "7ad3773142a6692b25b8";
  g_autoptr (ScopeSecret) secret = scope_secret_new (text);

  g_assert_nonnull (secret);
  g_assert_true (scope_secret_peek (secret) != text);
  g_assert_cmpstr (scope_secret_peek (secret), ==, text);

  memset (text, 'x', strlen (text));
  g_assert_cmpstr (scope_secret_peek (secret), ==, "7ad3773142a6692b25b8");
}

static void
test_nothing (void)
{
  g_assert_null (scope_secret_new (NULL));
  g_assert_null (scope_secret_new (""));
  g_assert_null (scope_secret_new_take (NULL));
  g_assert_null (scope_secret_new_take (g_strdup ("")));
  g_assert_null (scope_secret_peek (NULL));
  scope_secret_unref (NULL);
  scope_secret_wipe (NULL, 0);
}

static void
test_new_take (void)
{
  g_autoptr (ScopeSecret) secret = scope_secret_new_take (g_strdup ("schlüssel"));

  g_assert_cmpstr (scope_secret_peek (secret), ==, "schlüssel");
}

static void
test_ref (void)
{
  ScopeSecret *secret = scope_secret_new ("secret");
  ScopeSecret *again = scope_secret_ref (secret);

  g_assert_true (again == secret);
  scope_secret_unref (secret);
  g_assert_cmpstr (scope_secret_peek (again), ==, "secret");
  scope_secret_unref (again);
}

static void
test_boxed (void)
{
  g_autoptr (ScopeSecret) secret = scope_secret_new ("secret");
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, SCOPE_TYPE_SECRET);
  g_value_set_boxed (&value, secret);
  g_assert_true (g_value_get_boxed (&value) == secret);
}

static void
test_wipe (void)
{
  char memory[] = "0123456789";

  scope_secret_wipe (memory + 2, 4);
  g_assert_cmpmem (memory, sizeof memory, "01\0\0\0\0" "6789", sizeof memory);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/secret/new", test_new);
  g_test_add_func ("/secret/nothing", test_nothing);
  g_test_add_func ("/secret/new-take", test_new_take);
  g_test_add_func ("/secret/ref", test_ref);
  g_test_add_func ("/secret/boxed", test_boxed);
  g_test_add_func ("/secret/wipe", test_wipe);

  return g_test_run ();
}
