/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-statistics"

#include "config.h"

#include "session/scope-statistics.h"

#include "session/scope-event-list-private.h"

/* Rows are taken by place: a position among the shown ones, or, if all count, a sequence number.
 *
 *   list ──items-changed──→ dirty ──a tick later──→ what is behind `next` is added, or, if something
 *                                                  before it went, a second tally begins at 0 and
 *                                                  takes the first one's place when it is done
 */

#define TICK_MSEC 250
#define SLICE_USEC 4000
#define STEP_RECORDS 256
/* as often at most is all counted again because the oldest rows went */
#define DROP_USEC (5 * G_USEC_PER_SEC)
/* as often at most are names told apart anew */
#define SEED_USEC (2 * G_USEC_PER_SEC)
/* buckets of a range */
#define RANGE_BUCKETS 240
#define WORK_PRIORITY (G_PRIORITY_DEFAULT_IDLE + 20)

struct _ScopeStatistics
{
  GObject parent_instance;

  ScopeEventList *list;
  GListModel *history;
  gboolean live;
  gboolean active;
  gboolean shown_only;
  guint range_seconds;
  ScopeTallyName stack;

  ScopeTally *tally;   /* what is shown */
  ScopeTally *pending; /* NULL: tally is complete or only lacks what is behind next */
  guint64 next;        /* place of the next row to add */
  guint64 first;       /* sequence number of the oldest row */
  guint64 old_end;     /* the first row that may be of the range: those before it are older */
  gint64 from_usec;    /* of the range, G_MININT64: all */
  gboolean again;      /* rows before next have changed */
  gboolean moved;      /* the range has */
  gboolean dropped;    /* rows that were counted have gone */
  gint64 started_usec; /* monotonic: when counting began */
  gint64 seeded_usec;

  ScopeBlindTimes *blind;

  guint tick_id;
  guint work_id;
  guint clock_id;
  guint drop_id;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeStatistics, scope_statistics, G_TYPE_OBJECT)

/* ---- time ---- */

static gint64
statistics_find_last_time (ScopeStatistics *self)
{
  guint64 end = self->list != NULL ? _scope_event_list_get_end (self->list) : 0;
  const ScopeRecord *record;

  if (self->list == NULL || end == _scope_event_list_get_first (self->list))
    return 0;
  record = _scope_event_list_get_record (self->list, end - 1);
  return record->time_usec;
}

static gint64
statistics_get_width (ScopeStatistics *self)
{
  if (self->range_seconds == 0)
    return G_USEC_PER_SEC;
  return scope_tally_find_width ((gint64) self->range_seconds * G_USEC_PER_SEC, RANGE_BUCKETS);
}

static gint64
statistics_get_utc_offset (gint64 now_usec)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (now_usec / G_USEC_PER_SEC);

  return now != NULL ? g_date_time_get_utc_offset (now) : 0;
}

/* Where the range begins: at a whole bucket, so that it moves seldom. */
static gint64
statistics_find_from (ScopeStatistics *self)
{
  gint64 now_usec = scope_statistics_get_now (self);
  gint64 width = statistics_get_width (self);
  gint64 offset = statistics_get_utc_offset (now_usec);
  gint64 local = now_usec + offset;

  if (self->range_seconds == 0 || now_usec == 0)
    return G_MININT64;
  return (local / width + 1) * width - offset - (gint64) self->range_seconds * G_USEC_PER_SEC;
}

/* ---- rows ---- */

static guint64
statistics_get_begin (ScopeStatistics *self)
{
  return self->shown_only ? 0 : _scope_event_list_get_first (self->list);
}

static guint64
statistics_get_end (ScopeStatistics *self)
{
  if (self->list == NULL)
    return 0;
  if (self->shown_only)
    return g_list_model_get_n_items (G_LIST_MODEL (self->list));
  return _scope_event_list_get_end (self->list);
}

static const ScopeRecord *
statistics_get_record (ScopeStatistics *self,
                       guint64          place)
{
  if (self->shown_only)
    return _scope_event_list_get_shown (self->list, place);
  return _scope_event_list_get_record (self->list, place);
}

/* ---- counting ---- */

static void
statistics_start_over (ScopeStatistics *self)
{
  const ScopeTally *known = self->pending != NULL ? self->pending : self->tally;
  g_autoptr (GArray) seeds = NULL;

  guint64 begin = self->list != NULL ? statistics_get_begin (self) : 0;
  gint64 from_usec = statistics_find_from (self);

  /* what was large is so again, most of the time */
  if (known != NULL)
    seeds = scope_tally_dup_seeds (known);
  if (self->again || from_usec < self->from_usec)
    self->old_end = begin;
  self->again = self->moved = self->dropped = FALSE;
  self->started_usec = g_get_monotonic_time ();
  self->first = self->list != NULL ? _scope_event_list_get_first (self->list) : 0;
  self->next = self->old_end = MAX (self->old_end, begin);
  self->from_usec = from_usec;
  g_clear_pointer (&self->pending, scope_tally_free);
  self->pending = scope_tally_new (self->stack, self->from_usec, statistics_get_width (self),
                                   statistics_get_utc_offset (scope_statistics_get_now (self)),
                                   seeds);
}

/* FALSE: time is up. */
static gboolean
statistics_count (ScopeStatistics *self,
                  gint64           until_usec)
{
  ScopeTally *tally = self->pending != NULL ? self->pending : self->tally;
  guint64 end = statistics_get_end (self);

  while (self->next < end)
    {
      guint64 step_end = MIN (self->next + STEP_RECORDS, end);

      for (; self->next < step_end; self->next++)
        {
          const ScopeRecord *record = statistics_get_record (self, self->next);

          if (self->next == self->old_end && record->time_usec < self->from_usec)
            self->old_end++;
          else
            scope_tally_add (tally, record);
        }
      if (g_get_monotonic_time () >= until_usec)
        break;
    }
  return self->next >= end;
}

static gboolean
statistics_must_start_over (ScopeStatistics *self)
{
  if (self->again || self->tally == NULL)
    return TRUE;
  if (self->list == NULL)
    return FALSE;
  if (self->pending == NULL &&
      (self->moved ||
       (self->dropped && g_get_monotonic_time () - self->started_usec >= DROP_USEC)))
    return TRUE;
  return statistics_get_end (self) < self->next;
}

/* Not cleared away: the oldest rows went as they do from a full log. */
static gboolean
statistics_is_drop (ScopeStatistics *self)
{
  guint64 first = _scope_event_list_get_first (self->list);

  return first > self->first && first == scope_event_list_get_n_dropped (self->list) + 1;
}

/* The oldest rows went. Their figures are still in the tally: what a full log drops all the time
 * must not be counted again all the time. */
static void
statistics_check_head (ScopeStatistics *self)
{
  guint64 first = self->list != NULL ? _scope_event_list_get_first (self->list) : 0;

  if (!self->shown_only && first != self->first && (first == 0 || !statistics_is_drop (self)))
    self->again = TRUE;
  else if (!self->shown_only && first != self->first)
    {
      self->dropped = self->dropped || MAX (self->first, self->old_end) < MIN (first, self->next);
      self->next = MAX (self->next, first);
    }
  self->first = first;
}

static void
statistics_drop_head (ScopeStatistics *self,
                      guint            removed)
{
  self->dropped = self->dropped || removed > self->old_end;
  self->next -= MIN (removed, self->next);
  self->old_end -= MIN (removed, self->old_end);
}

/* Names are told apart anew if a new one is among the largest. */
static void
statistics_check_seeds (ScopeStatistics *self)
{
  gint64 now_usec = g_get_monotonic_time ();

  if (now_usec - self->seeded_usec < SEED_USEC || !scope_tally_needs_seeds (self->tally))
    return;
  self->seeded_usec = now_usec;
  statistics_start_over (self);
}

static gboolean scope_statistics_work_cb (gpointer user_data);
static void statistics_await_drop (ScopeStatistics *self);
static void statistics_touch (ScopeStatistics *self);

static void
statistics_finish (ScopeStatistics *self)
{
  if (self->pending != NULL)
    {
      g_clear_pointer (&self->tally, scope_tally_free);
      self->tally = g_steal_pointer (&self->pending);
    }
  statistics_check_seeds (self);
  if (self->dropped)
    statistics_await_drop (self);
  if (self->moved)
    statistics_touch (self);
  if (self->pending != NULL && self->work_id == 0)
    self->work_id = g_idle_add_full (WORK_PRIORITY, scope_statistics_work_cb, self, NULL);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
}

/* One slice. TRUE: all is counted. */
static gboolean
statistics_work (ScopeStatistics *self)
{
  gint64 until_usec = g_get_monotonic_time () + SLICE_USEC;

  statistics_check_head (self);
  if (statistics_must_start_over (self))
    statistics_start_over (self);
  if (self->list == NULL)
    return TRUE;
  return statistics_count (self, until_usec) && scope_blind_times_find (self->blind, self->list, until_usec);
}

static gboolean
scope_statistics_work_cb (gpointer user_data)
{
  g_autoptr (ScopeStatistics) self = g_object_ref (user_data);

  if (!statistics_work (self))
    return G_SOURCE_CONTINUE;
  self->work_id = 0;
  statistics_finish (self);
  return G_SOURCE_REMOVE;
}

static gboolean
scope_statistics_tick_cb (gpointer user_data)
{
  g_autoptr (ScopeStatistics) self = g_object_ref (user_data);

  self->tick_id = 0;
  if (self->work_id == 0)
    self->work_id = g_idle_add_full (WORK_PRIORITY, scope_statistics_work_cb, self, NULL);
  return G_SOURCE_REMOVE;
}

/* Something has to be counted, soon. */
static void
statistics_touch (ScopeStatistics *self)
{
  if (self->active && self->tick_id == 0)
    self->tick_id = g_timeout_add (TICK_MSEC, scope_statistics_tick_cb, self);
}

static gboolean
scope_statistics_drop_cb (gpointer user_data)
{
  ScopeStatistics *self = user_data;

  self->drop_id = 0;
  statistics_touch (self);
  return G_SOURCE_REMOVE;
}

static void
statistics_await_drop (ScopeStatistics *self)
{
  gint64 msec = (self->started_usec + DROP_USEC - g_get_monotonic_time ()) / 1000;

  if (self->active && self->drop_id == 0)
    self->drop_id = g_timeout_add (MAX (msec, 0), scope_statistics_drop_cb, self);
}

/* Something has to be counted that the user waits for. */
static void
statistics_restart (ScopeStatistics *self)
{
  self->again = TRUE;
  if (self->active && self->work_id == 0)
    self->work_id = g_idle_add_full (WORK_PRIORITY, scope_statistics_work_cb, self, NULL);
}

static void
scope_statistics_items_changed_cb (ScopeStatistics *self,
                                   guint            position,
                                   guint            removed,
                                   guint            added)
{
  gboolean is_drop = position == 0 && added == 0 && statistics_is_drop (self) &&
                     g_list_model_get_n_items (G_LIST_MODEL (self->list)) > 0;

  if (self->shown_only && is_drop && !self->again)
    statistics_drop_head (self, removed);
  else if (self->shown_only && position < self->next)
    self->again = TRUE;
  statistics_touch (self);
}

static void
scope_statistics_total_cb (ScopeStatistics *self)
{
  if (!self->shown_only)
    statistics_touch (self);
}

/* Time goes on: the range moves, and "now" with it. */
static gboolean
scope_statistics_clock_cb (gpointer user_data)
{
  ScopeStatistics *self = user_data;

  if (statistics_find_from (self) != self->from_usec)
    self->moved = TRUE;
  statistics_touch (self);
  return G_SOURCE_CONTINUE;
}

static void
statistics_update_clock (ScopeStatistics *self)
{
  gboolean wanted = self->active && self->live && self->list != NULL;

  if (!wanted)
    g_clear_handle_id (&self->clock_id, g_source_remove);
  else if (self->clock_id == 0)
    self->clock_id = g_timeout_add_seconds (1, scope_statistics_clock_cb, self);
}

/* ---- class ---- */

static void
scope_statistics_dispose (GObject *object)
{
  ScopeStatistics *self = SCOPE_STATISTICS (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->work_id, g_source_remove);
  g_clear_handle_id (&self->clock_id, g_source_remove);
  g_clear_handle_id (&self->drop_id, g_source_remove);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_clear_object (&self->list);
  g_clear_object (&self->history);

  G_OBJECT_CLASS (scope_statistics_parent_class)->dispose (object);
}

static void
scope_statistics_finalize (GObject *object)
{
  ScopeStatistics *self = SCOPE_STATISTICS (object);

  g_clear_pointer (&self->tally, scope_tally_free);
  g_clear_pointer (&self->pending, scope_tally_free);
  scope_blind_times_free (self->blind);

  G_OBJECT_CLASS (scope_statistics_parent_class)->finalize (object);
}

static void
scope_statistics_class_init (ScopeStatisticsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_statistics_dispose;
  object_class->finalize = scope_statistics_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SCOPE_TYPE_STATISTICS, G_SIGNAL_RUN_LAST, 0,
                                          NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
scope_statistics_init (ScopeStatistics *self)
{
  self->shown_only = TRUE;
  self->stack = SCOPE_TALLY_NONE;
  self->blind = scope_blind_times_new ();
  self->tally = scope_tally_new (SCOPE_TALLY_NONE, G_MININT64, G_USEC_PER_SEC, 0, NULL);
  self->from_usec = G_MININT64;
}

/**
 * scope_statistics_new:
 *
 * Returns: (transfer full): statistics of nothing, not active
 */
ScopeStatistics *
scope_statistics_new (void)
{
  return g_object_new (SCOPE_TYPE_STATISTICS, NULL);
}

/**
 * scope_statistics_set_list:
 * @list: (nullable): what is counted
 * @live: whether time goes on by itself
 */
void
scope_statistics_set_list (ScopeStatistics *self,
                           ScopeEventList  *list,
                           gboolean         live)
{
  g_return_if_fail (SCOPE_IS_STATISTICS (self));
  g_return_if_fail (list == NULL || SCOPE_IS_EVENT_LIST (list));

  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_set_object (&self->list, list);
  self->live = live;
  scope_blind_times_clear (self->blind);
  g_clear_pointer (&self->pending, scope_tally_free);
  g_clear_pointer (&self->tally, scope_tally_free);
  self->tally = scope_tally_new (self->stack, G_MININT64, G_USEC_PER_SEC, 0, NULL);
  if (list != NULL)
    {
      g_signal_connect_swapped (list, "items-changed",
                                G_CALLBACK (scope_statistics_items_changed_cb), self);
      g_signal_connect_swapped (list, "notify::n-total", G_CALLBACK (scope_statistics_total_cb),
                                self);
    }
  statistics_update_clock (self);
  statistics_restart (self);
}

/**
 * scope_statistics_set_history:
 * @history: (nullable): a model of #ScopeStatePeriod, newest first
 */
void
scope_statistics_set_history (ScopeStatistics *self,
                              GListModel      *history)
{
  g_return_if_fail (SCOPE_IS_STATISTICS (self));

  if (g_set_object (&self->history, history))
    statistics_touch (self);
}

/**
 * scope_statistics_set_active:
 * @active: whether somebody looks
 */
void
scope_statistics_set_active (ScopeStatistics *self,
                             gboolean         active)
{
  gboolean was_active;

  g_return_if_fail (SCOPE_IS_STATISTICS (self));

  was_active = self->active;
  self->active = active;
  statistics_update_clock (self);
  if (!active)
    {
      g_clear_handle_id (&self->tick_id, g_source_remove);
      g_clear_handle_id (&self->work_id, g_source_remove);
      g_clear_handle_id (&self->drop_id, g_source_remove);
      return;
    }
  if (!was_active && (self->range_seconds != 0 || self->dropped))
    self->moved = TRUE;
  if (self->work_id == 0)
    self->work_id = g_idle_add_full (WORK_PRIORITY, scope_statistics_work_cb, self, NULL);
}

/**
 * scope_statistics_set_shown_only:
 * @shown_only: whether rows that the filter hides do not count
 */
void
scope_statistics_set_shown_only (ScopeStatistics *self,
                                 gboolean         shown_only)
{
  g_return_if_fail (SCOPE_IS_STATISTICS (self));

  if (self->shown_only == shown_only)
    return;
  self->shown_only = shown_only;
  statistics_restart (self);
}

/**
 * scope_statistics_set_range:
 * @seconds: how far back; 0 for all
 */
void
scope_statistics_set_range (ScopeStatistics *self,
                            guint            seconds)
{
  g_return_if_fail (SCOPE_IS_STATISTICS (self));

  if (self->range_seconds == seconds)
    return;
  self->range_seconds = seconds;
  statistics_restart (self);
}

/**
 * scope_statistics_set_stack:
 * @stack: by which name buckets are divided
 */
void
scope_statistics_set_stack (ScopeStatistics *self,
                            ScopeTallyName   stack)
{
  g_return_if_fail (SCOPE_IS_STATISTICS (self));

  if (self->stack == stack)
    return;
  self->stack = stack;
  /* seeds are names of the other kind */
  g_clear_pointer (&self->pending, scope_tally_free);
  g_clear_pointer (&self->tally, scope_tally_free);
  self->tally = scope_tally_new (stack, G_MININT64, G_USEC_PER_SEC, 0, NULL);
  statistics_restart (self);
}

/**
 * scope_statistics_get_tally:
 *
 * Returns: (transfer none): the figures
 */
const ScopeTally *
scope_statistics_get_tally (ScopeStatistics *self)
{
  g_return_val_if_fail (SCOPE_IS_STATISTICS (self), NULL);

  return self->tally;
}

/**
 * scope_statistics_get_name:
 * @id: a number in the tally
 *
 * Returns: (transfer none) (nullable): the name it stands for
 */
const char *
scope_statistics_get_name (ScopeStatistics *self,
                           guint32          id)
{
  g_return_val_if_fail (SCOPE_IS_STATISTICS (self), NULL);

  if (self->list == NULL || id == 0)
    return NULL;
  return scope_names_get (_scope_event_list_get_names (self->list), id);
}

/**
 * scope_statistics_get_busy:
 *
 * Returns: whether rows are still being judged or counted
 */
gboolean
scope_statistics_get_busy (ScopeStatistics *self)
{
  g_return_val_if_fail (SCOPE_IS_STATISTICS (self), FALSE);

  return self->list != NULL &&
         (self->pending != NULL || self->again || self->moved ||
          self->next < statistics_get_end (self) ||
          (self->shown_only && scope_event_list_get_filtering (self->list)));
}

/**
 * scope_statistics_get_now:
 *
 * Returns: where time ends, microseconds since 1970; 0 if there is none
 */
gint64
scope_statistics_get_now (ScopeStatistics *self)
{
  g_return_val_if_fail (SCOPE_IS_STATISTICS (self), 0);

  return self->live ? g_get_real_time () : statistics_find_last_time (self);
}

/**
 * scope_statistics_get_from:
 *
 * Returns: where time begins, microseconds since 1970
 */
gint64
scope_statistics_get_from (ScopeStatistics *self)
{
  g_return_val_if_fail (SCOPE_IS_STATISTICS (self), 0);

  if (self->from_usec != G_MININT64)
    return self->from_usec;
  if (scope_tally_get_n_buckets (self->tally) > 0)
    return scope_tally_get_start (self->tally, 0);
  return scope_statistics_get_now (self);
}

/**
 * scope_statistics_dup_gaps:
 *
 * Returns: (transfer full) (element-type ScopePeriod): when events may have been missed
 */
GArray *
scope_statistics_dup_gaps (ScopeStatistics *self)
{
  g_return_val_if_fail (SCOPE_IS_STATISTICS (self), NULL);

  return scope_blind_times_dup (self->blind, self->history, scope_statistics_get_now (self));
}
