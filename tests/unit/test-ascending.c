/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "session/scope-ascending.h"

/* Each step is done to a plain array as well: the two must hold the same. */
typedef struct
{
  ScopeAscending numbers;
  GArray *plain; /* of guint32 */
  guint n_dropped;
  guint32 last;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  _scope_ascending_init (&f->numbers);
  f->plain = g_array_new (FALSE, FALSE, sizeof (guint32));
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  _scope_ascending_clear (&f->numbers);
  g_array_unref (f->plain);
}

static void
append (Fixture *f,
        guint    step)
{
  f->last += step;
  _scope_ascending_append (&f->numbers, f->last);
  g_array_append_val (f->plain, f->last);
}

static void
drop (Fixture *f,
      guint    n)
{
  f->n_dropped += n;
  _scope_ascending_drop_before (&f->numbers, f->n_dropped);
  g_array_remove_range (f->plain, 0, n);
}

static void
assert_same (Fixture *f)
{
  g_assert_cmpuint (_scope_ascending_count (&f->numbers), ==, f->plain->len);
  for (guint i = 0; i < f->plain->len; i++)
    g_assert_cmpuint (_scope_ascending_get (&f->numbers, f->n_dropped + i), ==,
                      g_array_index (f->plain, guint32, i));
}

static void
test_run (Fixture       *f,
          gconstpointer  data)
{
  f->last = 41;
  for (guint i = 0; i < 1000000; i++)
    append (f, 1);
  assert_same (f);
  g_assert_cmpuint (_scope_ascending_get_size (&f->numbers), ==, 0);
}

/* One that is left out costs the room of those beside it, not of all. */
static void
test_gap (Fixture       *f,
          gconstpointer  data)
{
  for (guint i = 0; i < 1000000; i++)
    append (f, i == 100000 ? 2 : 1);
  assert_same (f);
  g_assert_cmpuint (_scope_ascending_get_size (&f->numbers), >, 0);
  g_assert_cmpuint (_scope_ascending_get_size (&f->numbers), <, 300000);
}

static void
test_drop (Fixture       *f,
           gconstpointer  data)
{
  for (guint i = 0; i < 300000; i++)
    append (f, i % 70000 == 0 ? 3 : 1);
  drop (f, 1);
  assert_same (f);
  drop (f, 65535);
  assert_same (f);
  drop (f, 131073);
  assert_same (f);
  drop (f, f->plain->len);
  assert_same (f);
  for (guint i = 0; i < 100000; i++)
    append (f, 1);
  assert_same (f);
  _scope_ascending_reset (&f->numbers);
  g_assert_cmpuint (_scope_ascending_count (&f->numbers), ==, 0);
}

static void
test_random (Fixture       *f,
             gconstpointer  data)
{
  for (guint round = 0; round < 60; round++)
    {
      guint n = g_test_rand_int_range (0, 30000);
      gboolean gaps = g_test_rand_bit ();

      for (guint i = 0; i < n; i++)
        append (f, gaps ? g_test_rand_int_range (1, 4) : 1);
      if (g_test_rand_bit ())
        drop (f, g_test_rand_int_range (0, f->plain->len + 1));
      assert_same (f);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/ascending/run", Fixture, NULL, set_up, test_run, tear_down);
  g_test_add ("/ascending/gap", Fixture, NULL, set_up, test_gap, tear_down);
  g_test_add ("/ascending/drop", Fixture, NULL, set_up, test_drop, tear_down);
  g_test_add ("/ascending/random", Fixture, NULL, set_up, test_random, tear_down);
  return g_test_run ();
}
