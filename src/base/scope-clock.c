/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-clock"

#include "config.h"

#include "base/scope-clock.h"
#include "base/scope-source.h"

#include <time.h>

/* A fake clock's first monotonic time: not 0, which callers use for "never". */
#define FAKE_START_USEC (1000 * G_USEC_PER_SEC)

/* Both makes keep the same queue, sorted by time, then by id (the order of adding). The system's
 * clock has one GSource that is ready when the first timer is due; a fake one is pushed along by
 * scope_clock_advance(). */
struct _ScopeClock
{
  GObject parent_instance;

  GSequence *queue;  /* of ClockTimer */
  GHashTable *by_id; /* &timer->id → GSequenceIter */
  guint64 last_id;

  GSource *source; /* NULL for a fake clock */

  gint64 fake_monotonic_usec;
  gint64 fake_wall_usec;
  gint64 fake_asleep_usec;
};

typedef struct
{
  guint64 id;
  gint64 at_usec;
  ScopeClockFunc func;
  gpointer user_data;
} ClockTimer;

typedef struct
{
  GSource parent_instance;
  ScopeClock *clock; /* unowned: the clock destroys the source in its dispose */
} ClockSource;

G_DEFINE_FINAL_TYPE (ScopeClock, scope_clock, G_TYPE_OBJECT)

static int
clock_timer_compare (gconstpointer a,
                     gconstpointer b,
                     gpointer      user_data)
{
  const ClockTimer *left = a;
  const ClockTimer *right = b;

  if (left->at_usec != right->at_usec)
    return left->at_usec < right->at_usec ? -1 : 1;
  return left->id < right->id ? -1 : left->id > right->id;
}

static ClockTimer *
scope_clock_peek_first (ScopeClock *self)
{
  GSequenceIter *first = g_sequence_get_begin_iter (self->queue);

  return g_sequence_iter_is_end (first) ? NULL : g_sequence_get (first);
}

static void
scope_clock_update_source (ScopeClock *self)
{
  const ClockTimer *first = scope_clock_peek_first (self);

  if (self->source != NULL)
    g_source_set_ready_time (self->source, first != NULL ? MAX (first->at_usec, 0) : -1);
}

/* Takes the timer out before it runs: it may add itself anew, or remove others. */
static void
scope_clock_run_timer (ScopeClock *self,
                       ClockTimer *timer)
{
  ScopeClockFunc func = timer->func;
  gpointer user_data = timer->user_data;

  scope_clock_remove_timer (self, timer->id);
  func (user_data);
}

/* Timers added by those that run here wait for the next turn, even if due: the loop stays fair. */
static void
scope_clock_run_due (ScopeClock *self)
{
  gint64 now = g_get_monotonic_time ();
  guint64 newest = self->last_id;
  GSequenceIter *iter = g_sequence_get_begin_iter (self->queue);

  while (!g_sequence_iter_is_end (iter))
    {
      ClockTimer *timer = g_sequence_get (iter);

      if (timer->at_usec > now)
        break;
      if (timer->id > newest)
        {
          iter = g_sequence_iter_next (iter);
          continue;
        }
      scope_clock_run_timer (self, timer);
      iter = g_sequence_get_begin_iter (self->queue);
    }
}

static gboolean
clock_source_dispatch (GSource     *source,
                       GSourceFunc  callback,
                       gpointer     user_data)
{
  g_autoptr (ScopeClock) clock = g_object_ref (((ClockSource *) source)->clock);

  scope_clock_run_due (clock);
  scope_clock_update_source (clock);

  return G_SOURCE_CONTINUE;
}

static GSourceFuncs clock_source_funcs = {
  .dispatch = clock_source_dispatch,
};

static void
scope_clock_attach_source (ScopeClock *self)
{
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  self->source = g_source_new (&clock_source_funcs, sizeof (ClockSource));
  ((ClockSource *) self->source)->clock = self;
  g_source_set_static_name (self->source, "scope-clock");
  g_source_attach (self->source, context);
}

static void
scope_clock_dispose (GObject *object)
{
  ScopeClock *self = SCOPE_CLOCK (object);

  scope_source_clear (&self->source);
  g_hash_table_remove_all (self->by_id);
  g_sequence_remove_range (g_sequence_get_begin_iter (self->queue),
                           g_sequence_get_end_iter (self->queue));

  G_OBJECT_CLASS (scope_clock_parent_class)->dispose (object);
}

static void
scope_clock_finalize (GObject *object)
{
  ScopeClock *self = SCOPE_CLOCK (object);

  g_hash_table_unref (self->by_id);
  g_sequence_free (self->queue);

  G_OBJECT_CLASS (scope_clock_parent_class)->finalize (object);
}

static void
scope_clock_class_init (ScopeClockClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_clock_dispose;
  object_class->finalize = scope_clock_finalize;
}

static void
scope_clock_init (ScopeClock *self)
{
  self->queue = g_sequence_new (g_free);
  self->by_id = g_hash_table_new (g_int64_hash, g_int64_equal);
}

/**
 * scope_clock_new_system:
 *
 * The machine's clock. Its timers run in the main context that is the thread's default now.
 *
 * Returns: (transfer full): a new clock
 */
ScopeClock *
scope_clock_new_system (void)
{
  ScopeClock *self = g_object_new (SCOPE_TYPE_CLOCK, NULL);

  scope_clock_attach_source (self);
  return self;
}

/**
 * scope_clock_new_fake:
 * @wall_usec: its wall time, in microseconds since 1970
 *
 * A clock that stands still until scope_clock_advance() or scope_clock_sleep(). Its monotonic
 * time begins at some positive value.
 *
 * Returns: (transfer full): a new clock
 */
ScopeClock *
scope_clock_new_fake (gint64 wall_usec)
{
  ScopeClock *self = g_object_new (SCOPE_TYPE_CLOCK, NULL);

  self->fake_wall_usec = wall_usec;
  self->fake_monotonic_usec = FAKE_START_USEC;
  return self;
}

/**
 * scope_clock_is_fake:
 * @self: a clock
 *
 * Returns: whether @self was made by scope_clock_new_fake()
 */
gboolean
scope_clock_is_fake (ScopeClock *self)
{
  g_return_val_if_fail (SCOPE_IS_CLOCK (self), FALSE);

  return self->source == NULL;
}

/**
 * scope_clock_get_monotonic_usec:
 * @self: a clock
 *
 * For waits. Never goes back, and stands still while the machine sleeps (`CLOCK_MONOTONIC`).
 *
 * Returns: microseconds since some moment in the past
 */
gint64
scope_clock_get_monotonic_usec (ScopeClock *self)
{
  g_return_val_if_fail (SCOPE_IS_CLOCK (self), 0);

  return scope_clock_is_fake (self) ? self->fake_monotonic_usec : g_get_monotonic_time ();
}

/**
 * scope_clock_get_wall_usec:
 * @self: a clock
 *
 * For what is shown and recorded. May jump when the machine's clock is set. Of the system's clock
 * it may be called from any thread.
 *
 * Returns: microseconds since 1970, UTC
 */
gint64
scope_clock_get_wall_usec (ScopeClock *self)
{
  g_return_val_if_fail (SCOPE_IS_CLOCK (self), 0);

  return scope_clock_is_fake (self) ? self->fake_wall_usec : g_get_real_time ();
}

static gint64
clock_read_usec (clockid_t id)
{
  struct timespec now;

  if (clock_gettime (id, &now) != 0)
    return 0;
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

/**
 * scope_clock_get_asleep_usec:
 * @self: a clock
 *
 * How long the machine has slept since boot: a growth tells of a sleep that no timer noticed.
 *
 * Returns: microseconds
 */
gint64
scope_clock_get_asleep_usec (ScopeClock *self)
{
  gint64 monotonic;

  g_return_val_if_fail (SCOPE_IS_CLOCK (self), 0);

  if (scope_clock_is_fake (self))
    return self->fake_asleep_usec;

  monotonic = clock_read_usec (CLOCK_MONOTONIC);
  return MAX (clock_read_usec (CLOCK_BOOTTIME) - monotonic, 0);
}

/**
 * scope_clock_add_timer:
 * @self: a clock
 * @at_monotonic_usec: when, on scope_clock_get_monotonic_usec()'s scale; the past means at once,
 *   which is never inside this call
 * @func: what to call, once
 * @user_data: what to call it with
 *
 * Timers of the same time run in the order in which they were added.
 *
 * Returns: an id for scope_clock_remove_timer(), never 0
 */
guint64
scope_clock_add_timer (ScopeClock     *self,
                       gint64          at_monotonic_usec,
                       ScopeClockFunc  func,
                       gpointer        user_data)
{
  ClockTimer *timer;
  GSequenceIter *iter;

  g_return_val_if_fail (SCOPE_IS_CLOCK (self), 0);
  g_return_val_if_fail (func != NULL, 0);

  timer = g_new (ClockTimer, 1);
  timer->id = ++self->last_id;
  timer->at_usec = at_monotonic_usec;
  timer->func = func;
  timer->user_data = user_data;

  iter = g_sequence_insert_sorted (self->queue, timer, clock_timer_compare, NULL);
  g_hash_table_insert (self->by_id, &timer->id, iter);
  scope_clock_update_source (self);

  return timer->id;
}

/**
 * scope_clock_remove_timer:
 * @self: a clock
 * @id: a timer's id; one that has run, was removed or is 0 does no harm
 *
 * After this the timer does not run any more.
 */
void
scope_clock_remove_timer (ScopeClock *self,
                          guint64     id)
{
  GSequenceIter *iter;

  g_return_if_fail (SCOPE_IS_CLOCK (self));

  iter = g_hash_table_lookup (self->by_id, &id);
  if (iter == NULL)
    return;

  g_hash_table_remove (self->by_id, &id);
  g_sequence_remove (iter);
  scope_clock_update_source (self);
}

/**
 * scope_clock_advance:
 * @self: a fake clock
 * @usec: how far, not negative
 *
 * Lets time pass. Each timer runs at its own time, in order, also those added on the way.
 */
void
scope_clock_advance (ScopeClock *self,
                     gint64      usec)
{
  g_autoptr (ScopeClock) guard = NULL;
  ClockTimer *timer;
  gint64 end;

  g_return_if_fail (SCOPE_IS_CLOCK (self));
  g_return_if_fail (scope_clock_is_fake (self));
  g_return_if_fail (usec >= 0);

  guard = g_object_ref (self);
  end = self->fake_monotonic_usec + usec;

  while ((timer = scope_clock_peek_first (self)) != NULL && timer->at_usec <= end)
    {
      gint64 step = MAX (timer->at_usec - self->fake_monotonic_usec, 0);

      self->fake_monotonic_usec += step;
      self->fake_wall_usec += step;
      scope_clock_run_timer (self, timer);
    }

  /* A timer may itself have advanced the clock beyond the end. */
  usec = MAX (end - self->fake_monotonic_usec, 0);
  self->fake_monotonic_usec += usec;
  self->fake_wall_usec += usec;
}

/**
 * scope_clock_sleep:
 * @self: a fake clock
 * @usec: how long, not negative
 *
 * The machine sleeps and wakes: wall and boot time pass, monotonic time does not, no timer runs.
 */
void
scope_clock_sleep (ScopeClock *self,
                   gint64      usec)
{
  g_return_if_fail (SCOPE_IS_CLOCK (self));
  g_return_if_fail (scope_clock_is_fake (self));
  g_return_if_fail (usec >= 0);

  self->fake_wall_usec += usec;
  self->fake_asleep_usec += usec;
}

/**
 * scope_clock_count_timers:
 * @self: a clock
 *
 * Returns: how many timers wait
 */
guint
scope_clock_count_timers (ScopeClock *self)
{
  g_return_val_if_fail (SCOPE_IS_CLOCK (self), 0);

  return g_hash_table_size (self->by_id);
}
