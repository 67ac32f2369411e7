/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "session/scope-poller.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MIN_USEC (2 * SECOND)
#define MAX_USEC (60 * SECOND)

typedef struct
{
  ScopeClock *clock;
  ScopePoller *poller;
  guint n_polls;
} Fixture;

static void
poll_cb (gpointer user_data)
{
  Fixture *f = user_data;

  g_assert_true (scope_poller_get_busy (f->poller));
  f->n_polls++;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->clock = scope_clock_new_fake (0);
  f->poller = scope_poller_new (f->clock, MIN_USEC, MAX_USEC, poll_cb, f);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->poller);
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);
  g_assert_finalize_object (f->clock);
}

static void
test_begins_at_once (Fixture       *f,
                     gconstpointer  data)
{
  scope_clock_advance (f->clock, 5 * SECOND);
  g_assert_cmpuint (f->n_polls, ==, 0);
  scope_poller_start (f->poller);
  g_assert_cmpuint (f->n_polls, ==, 0);
  scope_clock_advance (f->clock, 0);
  g_assert_cmpuint (f->n_polls, ==, 1);

  /* not another one while it is under way */
  scope_clock_advance (f->clock, 600 * SECOND);
  g_assert_cmpuint (f->n_polls, ==, 1);
}

static void
test_adapts (Fixture       *f,
             gconstpointer  data)
{
  gint64 before = 0;

  scope_poller_start (f->poller);
  scope_clock_advance (f->clock, 0);
  for (guint i = 0; i < 30; i++)
    {
      before = scope_poller_get_interval_usec (f->poller);
      scope_poller_done (f->poller, FALSE);
      g_assert_cmpint (scope_poller_get_interval_usec (f->poller), >=, before);
      scope_clock_advance (f->clock, scope_poller_get_interval_usec (f->poller) - 1);
      g_assert_cmpuint (f->n_polls, ==, i + 1);
      scope_clock_advance (f->clock, 1);
      g_assert_cmpuint (f->n_polls, ==, i + 2);
    }
  g_assert_cmpint (scope_poller_get_interval_usec (f->poller), ==, MAX_USEC);
  g_assert_cmpuint (scope_poller_get_polls_a_day (f->poller), ==, 1440);

  for (guint i = 0; i < 10; i++)
    {
      scope_poller_done (f->poller, TRUE);
      scope_clock_advance (f->clock, scope_poller_get_interval_usec (f->poller));
    }
  g_assert_cmpint (scope_poller_get_interval_usec (f->poller), ==, MIN_USEC);
}

static void
test_backs_off (Fixture       *f,
                gconstpointer  data)
{
  gint64 spent = 0;

  scope_poller_start (f->poller);
  scope_clock_advance (f->clock, 0);
  for (guint i = 0; i < 12; i++)
    {
      gint64 before = scope_poller_get_interval_usec (f->poller);

      scope_poller_failed (f->poller, 0);
      g_assert_cmpint (scope_poller_get_interval_usec (f->poller), ==, MIN (2 * before, 300 * SECOND));
      spent += scope_poller_get_interval_usec (f->poller);
      scope_clock_advance (f->clock, scope_poller_get_interval_usec (f->poller));
    }
  g_assert_cmpuint (scope_poller_get_failures (f->poller), ==, 12);
  g_assert_cmpuint (f->n_polls, ==, 13);
  g_assert_cmpint (spent, >, 1000 * SECOND);

  scope_poller_done (f->poller, FALSE);
  g_assert_cmpuint (scope_poller_get_failures (f->poller), ==, 0);
  g_assert_cmpint (scope_poller_get_interval_usec (f->poller), <=, 2 * MIN_USEC);
}

static void
test_keeps_the_servers_wish (Fixture       *f,
                             gconstpointer  data)
{
  scope_poller_start (f->poller);
  scope_clock_advance (f->clock, 0);
  scope_poller_failed (f->poller, 90 * SECOND);
  scope_poller_hurry (f->poller);
  scope_poller_stop (f->poller);
  scope_poller_start (f->poller);
  scope_clock_advance (f->clock, 90 * SECOND - 1);
  g_assert_cmpuint (f->n_polls, ==, 1);
  scope_clock_advance (f->clock, 1);
  g_assert_cmpuint (f->n_polls, ==, 2);

  /* not for ever */
  scope_poller_failed (f->poller, G_MAXINT64);
  scope_clock_advance (f->clock, 3600 * SECOND);
  g_assert_cmpuint (f->n_polls, ==, 3);
}

static void
test_never_hammers (Fixture       *f,
                    gconstpointer  data)
{
  for (guint i = 0; i < 1000; i++)
    {
      scope_poller_start (f->poller);
      scope_clock_advance (f->clock, 10000);
      scope_poller_stop (f->poller);
      scope_poller_hurry (f->poller);
      if (scope_poller_get_busy (f->poller))
        scope_poller_done (f->poller, i % 2 == 0);
    }
  /* 10 s in all */
  g_assert_cmpuint (f->n_polls, >=, 2);
  g_assert_cmpuint (f->n_polls, <=, 5);
}

static void
test_stopped_while_under_way (Fixture       *f,
                              gconstpointer  data)
{
  scope_poller_start (f->poller);
  scope_clock_advance (f->clock, 0);
  scope_poller_stop (f->poller);
  scope_poller_start (f->poller);
  scope_clock_advance (f->clock, 3600 * SECOND);
  g_assert_cmpuint (f->n_polls, ==, 1);
  scope_poller_hurry (f->poller);
  scope_poller_done (f->poller, FALSE);
  scope_clock_advance (f->clock, MIN_USEC);
  g_assert_cmpuint (f->n_polls, ==, 2);

  /* an end that nothing began is none */
  scope_poller_done (f->poller, FALSE);
  scope_poller_done (f->poller, FALSE);
  scope_poller_failed (f->poller, 0);
  g_assert_cmpuint (scope_poller_get_failures (f->poller), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/poller/begins-at-once", test_begins_at_once);
  ADD ("/poller/adapts", test_adapts);
  ADD ("/poller/backs-off", test_backs_off);
  ADD ("/poller/keeps-the-servers-wish", test_keeps_the_servers_wish);
  ADD ("/poller/never-hammers", test_never_hammers);
  ADD ("/poller/stopped-while-under-way", test_stopped_while_under_way);
#undef ADD
  return g_test_run ();
}
