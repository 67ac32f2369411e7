/* SPDX-License-Identifier: GPL-3.0-or-later */

/* protocol.md §1.9. */

#define G_LOG_DOMAIN "test-backoff"

#include "config.h"

#include "protocol/scope-backoff.h"

#define S G_USEC_PER_SEC

static void
test_doubles (void)
{
  static const gint64 waits[] = { 1 * S, 2 * S, 4 * S, 8 * S, 16 * S, 30 * S, 30 * S, 30 * S };
  ScopeBackoff backoff;

  scope_backoff_init (&backoff, 1 * S, 30 * S);
  for (guint round = 0; round < 2; round++)
    {
      for (gsize i = 0; i < G_N_ELEMENTS (waits); i++)
        {
          g_assert_cmpuint (backoff.attempts, ==, i);
          g_assert_cmpint (scope_backoff_next (&backoff, 0, 0), ==, waits[i]);
        }
      scope_backoff_reset (&backoff);
    }
}

static void
test_jitter (void)
{
  ScopeBackoff backoff;

  scope_backoff_init (&backoff, 10 * S, 30 * S);
  g_assert_cmpint (scope_backoff_next (&backoff, 0.5, 0), ==, 11 * S);
  g_assert_cmpint (scope_backoff_next (&backoff, 0.5, 0), ==, 22 * S);
  /* on top of the longest also: a herd that waits long is a herd still */
  g_assert_cmpint (scope_backoff_next (&backoff, 0.999999, 0), >, 35 * S);
  g_assert_cmpint (scope_backoff_next (&backoff, 0.999999, 0), <, 36 * S);
  /* hands that do not keep to [0, 1) */
  g_assert_cmpint (scope_backoff_next (&backoff, 100, 0), ==, 36 * S);
  g_assert_cmpint (scope_backoff_next (&backoff, -100, 0), ==, 30 * S);
}

static void
test_at_least (void)
{
  ScopeBackoff backoff;

  scope_backoff_init (&backoff, S / 10, 30 * S);
  g_assert_cmpint (scope_backoff_next (&backoff, 0.9, 1 * S), ==, 1 * S);
  g_assert_cmpint (scope_backoff_next (&backoff, 0, 1 * S), ==, 1 * S);
  g_assert_cmpint (scope_backoff_next (&backoff, 0, 0), ==, S / 10 * 4);
  for (guint i = 0; i < 2; i++)
    scope_backoff_next (&backoff, 0, 1 * S);
  g_assert_cmpint (scope_backoff_next (&backoff, 0, 1 * S), >, 1 * S);
}

static void
test_bounds (void)
{
  ScopeBackoff backoff;

  /* a longest below the first */
  scope_backoff_init (&backoff, 5 * S, 1 * S);
  g_assert_cmpint (scope_backoff_next (&backoff, 0, 0), ==, 5 * S);
  g_assert_cmpint (scope_backoff_next (&backoff, 0, 0), ==, 5 * S);

  /* no overflow however long it goes on */
  scope_backoff_init (&backoff, 1, G_MAXINT64 / 4);
  for (guint i = 0; i < 1000; i++)
    g_assert_cmpint (scope_backoff_next (&backoff, 0.5, 0), >, 0);
  backoff.attempts = G_MAXUINT;
  g_assert_cmpint (scope_backoff_next (&backoff, 0, 0), ==, G_MAXINT64 / 4);
  g_assert_cmpuint (backoff.attempts, ==, G_MAXUINT);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/backoff/doubles", test_doubles);
  g_test_add_func ("/backoff/jitter", test_jitter);
  g_test_add_func ("/backoff/at-least", test_at_least);
  g_test_add_func ("/backoff/bounds", test_bounds);

  return g_test_run ();
}
