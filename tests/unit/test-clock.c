/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-clock"

#include "config.h"

#include "base/scope-clock.h"

#define WALL G_GINT64_CONSTANT (1795269902113456)
#define DEADLINE_USEC (10 * G_USEC_PER_SEC)

/* What timers leave behind. */
typedef struct
{
  ScopeClock *clock;
  GString *order;
  gint64 start;
  guint64 victim;
  guint left;
  GMainLoop *loop;
} Trace;

typedef struct
{
  Trace *trace;
  char name;
} Mark;

static void
trace_mark_cb (gpointer user_data)
{
  Mark *mark = user_data;
  gint64 at = scope_clock_get_monotonic_usec (mark->trace->clock) - mark->trace->start;

  g_string_append_printf (mark->trace->order, "%c%" G_GINT64_FORMAT " ", mark->name, at);
}

static void
trace_init (Trace      *trace,
            ScopeClock *clock)
{
  *trace = (Trace) { .clock = clock, .order = g_string_new (NULL) };
  trace->start = scope_clock_get_monotonic_usec (clock);
}

static void
trace_clear (Trace *trace)
{
  g_string_free (trace->order, TRUE);
  g_assert_finalize_object (trace->clock);
}

static void
test_fake_time (void)
{
  ScopeClock *clock = scope_clock_new_fake (WALL);
  gint64 start = scope_clock_get_monotonic_usec (clock);

  g_assert_true (scope_clock_is_fake (clock));
  g_assert_cmpint (start, >, 0);
  g_assert_cmpint (scope_clock_get_wall_usec (clock), ==, WALL);
  g_assert_cmpint (scope_clock_get_asleep_usec (clock), ==, 0);

  scope_clock_advance (clock, 5);
  g_assert_cmpint (scope_clock_get_monotonic_usec (clock), ==, start + 5);
  g_assert_cmpint (scope_clock_get_wall_usec (clock), ==, WALL + 5);

  scope_clock_sleep (clock, 7);
  g_assert_cmpint (scope_clock_get_monotonic_usec (clock), ==, start + 5);
  g_assert_cmpint (scope_clock_get_wall_usec (clock), ==, WALL + 12);
  g_assert_cmpint (scope_clock_get_asleep_usec (clock), ==, 7);

  g_assert_finalize_object (clock);
}

static void
test_fake_order (void)
{
  Trace trace;
  Mark marks[] = { { &trace, 'a' }, { &trace, 'b' }, { &trace, 'c' }, { &trace, 'd' } };
  guint64 ids[4];

  trace_init (&trace, scope_clock_new_fake (WALL));
  ids[0] = scope_clock_add_timer (trace.clock, trace.start + 30, trace_mark_cb, &marks[0]);
  ids[1] = scope_clock_add_timer (trace.clock, trace.start + 10, trace_mark_cb, &marks[1]);
  ids[2] = scope_clock_add_timer (trace.clock, trace.start + 10, trace_mark_cb, &marks[2]);
  ids[3] = scope_clock_add_timer (trace.clock, trace.start - 50, trace_mark_cb, &marks[3]);
  for (guint i = 0; i < 4; i++)
    g_assert_cmpuint (ids[i], !=, 0);
  g_assert_cmpuint (scope_clock_count_timers (trace.clock), ==, 4);
  g_assert_cmpstr (trace.order->str, ==, "");

  scope_clock_advance (trace.clock, 0);
  g_assert_cmpstr (trace.order->str, ==, "d0 ");
  scope_clock_advance (trace.clock, 9);
  g_assert_cmpstr (trace.order->str, ==, "d0 ");
  scope_clock_advance (trace.clock, 1);
  g_assert_cmpstr (trace.order->str, ==, "d0 b10 c10 ");
  scope_clock_advance (trace.clock, 100);
  g_assert_cmpstr (trace.order->str, ==, "d0 b10 c10 a30 ");
  g_assert_cmpint (scope_clock_get_monotonic_usec (trace.clock), ==, trace.start + 110);
  g_assert_cmpuint (scope_clock_count_timers (trace.clock), ==, 0);

  trace_clear (&trace);
}

static void
test_fake_sleep_runs_nothing (void)
{
  Trace trace;
  Mark mark = { &trace, 'a' };

  trace_init (&trace, scope_clock_new_fake (WALL));
  scope_clock_add_timer (trace.clock, trace.start + 10, trace_mark_cb, &mark);
  scope_clock_sleep (trace.clock, 1000);
  g_assert_cmpstr (trace.order->str, ==, "");
  scope_clock_advance (trace.clock, 10);
  g_assert_cmpstr (trace.order->str, ==, "a10 ");

  trace_clear (&trace);
}

static void
trace_repeat_cb (gpointer user_data)
{
  Mark *mark = user_data;
  Trace *trace = mark->trace;

  trace_mark_cb (mark);
  if (--trace->left > 0)
    scope_clock_add_timer (trace->clock, scope_clock_get_monotonic_usec (trace->clock) + 10,
                           trace_repeat_cb, mark);
}

static void
test_fake_added_while_running (void)
{
  Trace trace;
  Mark repeat = { &trace, 'r' };
  Mark other = { &trace, 'o' };

  trace_init (&trace, scope_clock_new_fake (WALL));
  trace.left = 4;
  scope_clock_add_timer (trace.clock, trace.start + 10, trace_repeat_cb, &repeat);
  scope_clock_add_timer (trace.clock, trace.start + 25, trace_mark_cb, &other);
  scope_clock_advance (trace.clock, 35);
  g_assert_cmpstr (trace.order->str, ==, "r10 r20 o25 r30 ");
  g_assert_cmpuint (scope_clock_count_timers (trace.clock), ==, 1);

  trace_clear (&trace);
}

static void
trace_remove_cb (gpointer user_data)
{
  Mark *mark = user_data;

  trace_mark_cb (mark);
  scope_clock_remove_timer (mark->trace->clock, mark->trace->victim);
}

static void
test_remove (void)
{
  Trace trace;
  Mark marks[] = { { &trace, 'a' }, { &trace, 'b' }, { &trace, 'c' } };
  guint64 first, last;

  trace_init (&trace, scope_clock_new_fake (WALL));
  first = scope_clock_add_timer (trace.clock, trace.start + 5, trace_mark_cb, &marks[0]);
  scope_clock_add_timer (trace.clock, trace.start + 10, trace_remove_cb, &marks[1]);
  trace.victim = scope_clock_add_timer (trace.clock, trace.start + 10, trace_mark_cb, &marks[2]);

  scope_clock_remove_timer (trace.clock, first);
  scope_clock_remove_timer (trace.clock, first);
  scope_clock_remove_timer (trace.clock, 0);
  scope_clock_remove_timer (trace.clock, G_MAXUINT64);
  scope_clock_advance (trace.clock, 20);
  g_assert_cmpstr (trace.order->str, ==, "b10 ");

  last = scope_clock_add_timer (trace.clock, trace.start + 99, trace_mark_cb, &marks[0]);
  g_assert_cmpuint (last, >, trace.victim);
  scope_clock_remove_timer (trace.clock, trace.victim);
  g_assert_cmpuint (scope_clock_count_timers (trace.clock), ==, 1);

  trace_clear (&trace);
}

static void
trace_advance_cb (gpointer user_data)
{
  Mark *mark = user_data;

  trace_mark_cb (mark);
  scope_clock_advance (mark->trace->clock, 100);
}

static void
test_fake_nested_advance (void)
{
  Trace trace;
  Mark marks[] = { { &trace, 'a' }, { &trace, 'b' } };

  trace_init (&trace, scope_clock_new_fake (WALL));
  scope_clock_add_timer (trace.clock, trace.start + 10, trace_advance_cb, &marks[0]);
  scope_clock_add_timer (trace.clock, trace.start + 15, trace_mark_cb, &marks[1]);
  scope_clock_advance (trace.clock, 20);
  g_assert_cmpstr (trace.order->str, ==, "a10 b15 ");
  g_assert_cmpint (scope_clock_get_monotonic_usec (trace.clock), ==, trace.start + 110);

  trace_clear (&trace);
}

static void
test_system_time (void)
{
  ScopeClock *clock = scope_clock_new_system ();
  gint64 before = g_get_monotonic_time ();
  gint64 monotonic = scope_clock_get_monotonic_usec (clock);
  gint64 wall = scope_clock_get_wall_usec (clock);

  g_assert_false (scope_clock_is_fake (clock));
  g_assert_cmpint (monotonic, >=, before);
  g_assert_cmpint (monotonic, <=, g_get_monotonic_time ());
  g_assert_cmpint (ABS (g_get_real_time () - wall), <, DEADLINE_USEC);
  g_assert_cmpint (scope_clock_get_asleep_usec (clock), >=, 0);

  g_assert_finalize_object (clock);
}

static void
trace_quit_cb (gpointer user_data)
{
  Mark *mark = user_data;

  g_string_append_c (mark->trace->order, mark->name);
  g_main_loop_quit (mark->trace->loop);
}

static void
trace_note_cb (gpointer user_data)
{
  Mark *mark = user_data;

  g_string_append_c (mark->trace->order, mark->name);
}

static void
test_deadline_cb (gpointer user_data)
{
  g_error ("the loop did not end in time");
}

static void
test_system_timers (void)
{
  Trace trace;
  Mark marks[] = { { &trace, 'a' }, { &trace, 'b' }, { &trace, 'c' }, { &trace, 'd' } };
  guint deadline = g_timeout_add_once (DEADLINE_USEC / 1000, test_deadline_cb, NULL);
  guint64 removed;

  trace_init (&trace, scope_clock_new_system ());
  trace.loop = g_main_loop_new (NULL, FALSE);
  scope_clock_add_timer (trace.clock, trace.start + 20000, trace_quit_cb, &marks[2]);
  removed = scope_clock_add_timer (trace.clock, trace.start + 5000, trace_note_cb, &marks[3]);
  scope_clock_add_timer (trace.clock, trace.start + 10000, trace_note_cb, &marks[1]);
  scope_clock_add_timer (trace.clock, 0, trace_note_cb, &marks[0]);
  scope_clock_remove_timer (trace.clock, removed);

  g_assert_cmpstr (trace.order->str, ==, "");
  g_main_loop_run (trace.loop);
  g_assert_cmpstr (trace.order->str, ==, "abc");
  g_assert_cmpint (g_get_monotonic_time (), >=, trace.start + 20000);
  g_assert_cmpuint (scope_clock_count_timers (trace.clock), ==, 0);

  g_source_remove (deadline);
  g_main_loop_unref (trace.loop);
  trace_clear (&trace);
}

static void
trace_again_cb (gpointer user_data)
{
  Mark *mark = user_data;

  mark->trace->left++;
  scope_clock_add_timer (mark->trace->clock, 0, trace_again_cb, mark);
}

/* A timer that adds itself as due at once must not keep the loop to itself. */
static void
test_system_is_fair (void)
{
  Trace trace;
  Mark mark = { &trace, 'a' };

  trace_init (&trace, scope_clock_new_system ());
  scope_clock_add_timer (trace.clock, 0, trace_again_cb, &mark);
  for (guint i = 1; i <= 3; i++)
    {
      g_assert_true (g_main_context_iteration (NULL, FALSE));
      g_assert_cmpuint (trace.left, ==, i);
    }

  trace_clear (&trace);
}

static void
trace_drop_cb (gpointer user_data)
{
  Mark *mark = user_data;

  g_string_append_c (mark->trace->order, mark->name);
  g_clear_object (&mark->trace->clock);
}

/* Its owner may drop the clock from inside a timer; what still waits is then gone. */
static void
test_dropped_while_running (void)
{
  for (guint system = 0; system < 2; system++)
    {
      ScopeClock *clock = system ? scope_clock_new_system () : scope_clock_new_fake (WALL);
      Trace trace;
      Mark marks[] = { { &trace, 'a' }, { &trace, 'b' } };

      trace_init (&trace, clock);
      g_object_add_weak_pointer (G_OBJECT (clock), (gpointer *) &clock);
      scope_clock_add_timer (clock, 0, trace_drop_cb, &marks[0]);
      scope_clock_add_timer (clock, G_MAXINT64, trace_note_cb, &marks[1]);
      if (system)
        g_assert_true (g_main_context_iteration (NULL, FALSE));
      else
        scope_clock_advance (clock, 1);

      g_assert_cmpstr (trace.order->str, ==, "a");
      g_assert_null (clock);
      g_string_free (trace.order, TRUE);
    }
}

static void
test_system_context (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  Trace trace;
  Mark mark = { &trace, 'a' };

  g_main_context_push_thread_default (context);
  trace_init (&trace, scope_clock_new_system ());
  g_main_context_pop_thread_default (context);

  scope_clock_add_timer (trace.clock, 0, trace_note_cb, &mark);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (trace.order->str, ==, "");
  g_assert_true (g_main_context_iteration (context, FALSE));
  g_assert_cmpstr (trace.order->str, ==, "a");

  trace_clear (&trace);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/clock/fake/time", test_fake_time);
  g_test_add_func ("/clock/fake/order", test_fake_order);
  g_test_add_func ("/clock/fake/sleep-runs-nothing", test_fake_sleep_runs_nothing);
  g_test_add_func ("/clock/fake/added-while-running", test_fake_added_while_running);
  g_test_add_func ("/clock/fake/nested-advance", test_fake_nested_advance);
  g_test_add_func ("/clock/remove", test_remove);
  g_test_add_func ("/clock/dropped-while-running", test_dropped_while_running);
  g_test_add_func ("/clock/system/time", test_system_time);
  g_test_add_func ("/clock/system/timers", test_system_timers);
  g_test_add_func ("/clock/system/is-fair", test_system_is_fair);
  g_test_add_func ("/clock/system/context", test_system_context);

  return g_test_run ();
}
