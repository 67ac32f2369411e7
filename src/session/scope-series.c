/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-series"

#include "config.h"

#include "session/scope-series.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "capture/scope-numbers.h"
#include "capture/scope-path.h"
#include "session/scope-chunks.h"
#include "session/scope-event-list-private.h"

/* Rows are taken by place, as ScopeStatistics takes them:
 *
 *   0 … next … end          points ← [thread: one batch at a time] ← rows of the wanted event
 */

#define TICK_MSEC 250
#define SLICE_USEC 4000
#define STEP_RECORDS 256
#define BATCH_ROWS 4096
/* likewise: a recorder that closes waits for the batch */
#define BATCH_BYTES (2 * 1024 * 1024)
/* rows read on the main loop between two looks at the clock, where there is no capture */
#define STEP_ENTRIES 16
#define WORK_PRIORITY (G_PRIORITY_DEFAULT_IDLE + 20)

struct _ScopeSeries
{
  GObject parent_instance;

  char *event;
  char *path;
  GPtrArray *steps;
  ScopeEventList *list;
  gboolean active;
  gboolean shown_only;

  GArray *points; /* of ScopePoint */
  ScopeChunks without; /* of guint32: sequence numbers, ascending */
  ScopeChunks too_old; /* of guint32: likewise, of numbers that are too many */
  guint max_points;
  guint64 next;
  guint64 begin;
  gboolean again;

  ScopeNumbers *reader;  /* with the batch while the thread has it */
  GCancellable *reading; /* a batch is with the thread */
  guint tick_id;
  guint work_id;
};

enum
{
  SIGNAL_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeSeries, scope_series, G_TYPE_OBJECT)

typedef struct
{
  ScopeNumbers *reader;
  ScopeNumbersRow *rows;
  guint n;
} Batch;

static void
batch_free (Batch *batch)
{
  g_clear_pointer (&batch->reader, scope_numbers_free);
  g_free (batch->rows);
  g_free (batch);
}

/* ---- rows ---- */

static guint64
series_get_begin (ScopeSeries *self)
{
  return self->shown_only || self->list == NULL ? 0 : _scope_event_list_get_first (self->list);
}

static guint64
series_get_end (ScopeSeries *self)
{
  if (self->list == NULL)
    return 0;
  if (self->shown_only)
    return g_list_model_get_n_items (G_LIST_MODEL (self->list));
  return _scope_event_list_get_end (self->list);
}

/* What a batch brings from before it is gone by now. */
static guint64
series_get_first_sequence (ScopeSeries *self)
{
  if (!self->shown_only)
    return self->begin;
  return series_get_end (self) > 0 ? _scope_event_list_get_sequence (self->list, 0) : G_MAXUINT64;
}

/* FALSE: it is no such event. */
static gboolean
series_take_row (ScopeSeries     *self,
                 guint64          place,
                 guint32          event,
                 ScopeNumbersRow *row)
{
  const ScopeRecord *record = self->shown_only
                                ? _scope_event_list_get_shown (self->list, place)
                                : _scope_event_list_get_record (self->list, place);

  if (record->kind != SCOPE_ENTRY_EVENT || (*self->event != '\0' && record->event != event))
    return FALSE;
  row->record = *record;
  row->sequence = self->shown_only ? _scope_event_list_get_sequence (self->list, place) : place;
  return TRUE;
}

/* Many at once, for what is behind them moves. */
static void
series_make_room (ScopeSeries *self)
{
  guint n = self->max_points / 16 + 1;

  for (guint i = 0; i < n; i++)
    {
      guint32 sequence = g_array_index (self->points, ScopePoint, i).sequence;

      _scope_chunks_append (&self->too_old, &sequence);
    }
  g_array_remove_range (self->points, 0, n);
}

static void
series_add (ScopeSeries           *self,
            const ScopeNumbersRow *row)
{
  ScopePoint point = { row->sequence, row->record.time_usec, row->number };
  guint32 sequence = row->sequence;

  if (!row->found)
    _scope_chunks_append (&self->without, &sequence);
  else
    {
      if (self->points->len >= self->max_points)
        series_make_room (self);
      g_array_append_val (self->points, point);
    }
}

/* From memory, or once more from the capture. */
static void
series_read_here (ScopeSeries     *self,
                  ScopeNumbersRow *row)
{
  g_autoptr (ScopeEntry) entry = _scope_event_list_read (self->list, row->sequence, NULL);

  row->read = entry != NULL;
  row->found = entry != NULL && scope_numbers_find (entry, self->steps, &row->number);
}

/* ---- work ---- */

static void series_work (ScopeSeries *self);
static void series_touch (ScopeSeries *self);

static void
series_start_over (ScopeSeries *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_array_set_size (self->points, 0);
  _scope_chunks_reset (&self->without);
  _scope_chunks_reset (&self->too_old);
  self->again = FALSE;
  self->begin = self->next = series_get_begin (self);
  series_touch (self);
}

static gboolean
scope_series_work_cb (gpointer user_data)
{
  g_autoptr (ScopeSeries) self = g_object_ref (user_data);

  self->work_id = 0;
  series_work (self);
  return G_SOURCE_REMOVE;
}

static void
series_work_soon (ScopeSeries *self)
{
  if (self->active && self->work_id == 0)
    self->work_id = g_idle_add_full (WORK_PRIORITY, scope_series_work_cb, self, NULL);
}

static gboolean
scope_series_tick_cb (gpointer user_data)
{
  g_autoptr (ScopeSeries) self = g_object_ref (user_data);

  self->tick_id = 0;
  series_work_soon (self);
  g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
series_touch (ScopeSeries *self)
{
  if (self->active && self->tick_id == 0)
    self->tick_id = g_timeout_add (TICK_MSEC, scope_series_tick_cb, self);
}

static void
series_read_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  ScopeSeries *self = SCOPE_SERIES (object);
  Batch *batch = g_task_get_task_data (G_TASK (result));
  guint64 first;

  if (self->reading == NULL || g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;

  g_clear_object (&self->reading);
  self->reader = g_steal_pointer (&batch->reader);
  first = series_get_first_sequence (self);
  for (guint i = 0; i < batch->n; i++)
    {
      if (batch->rows[i].sequence < first)
        continue;
      if (!batch->rows[i].read)
        series_read_here (self, &batch->rows[i]);
      series_add (self, &batch->rows[i]);
    }
  series_touch (self);
  series_work_soon (self);
}

static void
series_read_thread (GTask        *task,
                    gpointer      source,
                    gpointer      data,
                    GCancellable *cancellable)
{
  Batch *batch = data;

  scope_numbers_read (batch->reader, batch->rows, batch->n, cancellable);
  g_task_return_boolean (task, TRUE);
}

static void
series_send (ScopeSeries     *self,
             ScopeNumbersRow *rows,
             guint            n)
{
  ScopeCapture *capture = _scope_event_list_get_capture (self->list);
  Batch *batch = g_new0 (Batch, 1);
  g_autoptr (GTask) task = NULL;

  batch->reader = g_steal_pointer (&self->reader);
  if (batch->reader == NULL)
    batch->reader = scope_numbers_new (capture, self->steps);
  batch->rows = rows;
  batch->n = n;
  self->reading = g_cancellable_new ();
  task = g_task_new (self, self->reading, series_read_cb, NULL);
  g_task_set_source_tag (task, series_send);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, batch, (GDestroyNotify) batch_free);
  g_task_run_in_thread (task, series_read_thread);
}

/* The next rows of the wanted event, as many as time allows. */
static ScopeNumbersRow *
series_collect (ScopeSeries *self,
                guint        max_rows,
                guint       *n)
{
  gint64 until_usec = g_get_monotonic_time () + SLICE_USEC;
  guint32 event = scope_names_find (_scope_event_list_get_names (self->list), self->event);
  guint64 end = series_get_end (self);
  gsize bytes = 0;
  ScopeNumbersRow *rows = g_new0 (ScopeNumbersRow, max_rows);

  *n = 0;
  while (self->next < end && *n < max_rows && bytes < BATCH_BYTES
         && g_get_monotonic_time () < until_usec)
    {
      guint64 step_end = MIN (self->next + STEP_RECORDS, end);

      for (; self->next < step_end && *n < max_rows && bytes < BATCH_BYTES; self->next++)
        if (series_take_row (self, self->next, event, &rows[*n]))
          bytes += rows[(*n)++].record.size;
    }
  return rows;
}

static void
sequences_drop_before (ScopeChunks *sequences,
                       guint64      first)
{
  guint from = sequences->n_dropped;

  while (from < sequences->n_items && *(guint32 *) _scope_chunks_peek (sequences, from) < first)
    from++;
  _scope_chunks_drop_before (sequences, from);
}

static void
series_drop_before (ScopeSeries *self,
                    guint64      first)
{
  guint n = 0;

  while (n < self->points->len && g_array_index (self->points, ScopePoint, n).sequence < first)
    n++;
  if (n > 0)
    g_array_remove_range (self->points, 0, n);
  sequences_drop_before (&self->without, first);
  sequences_drop_before (&self->too_old, first);
}

/* Rows came, or went at the beginning, or it is to start over. */
static void
series_update_range (ScopeSeries *self)
{
  guint64 begin = series_get_begin (self);

  if (self->again || begin < self->begin || series_get_end (self) < self->next)
    {
      series_start_over (self);
      return;
    }
  if (begin == self->begin)
    return;
  series_drop_before (self, begin);
  self->begin = begin;
  self->next = MAX (self->next, begin);
  series_touch (self);
}

static void
series_work (ScopeSeries *self)
{
  gboolean has_capture;
  ScopeNumbersRow *rows;
  guint n;

  series_update_range (self);
  if (self->list == NULL || self->reading != NULL || self->next >= series_get_end (self))
    return;

  has_capture = _scope_event_list_get_capture (self->list) != NULL;
  rows = series_collect (self, has_capture ? BATCH_ROWS : STEP_ENTRIES, &n);
  if (has_capture && n > 0)
    {
      series_send (self, rows, n);
      return;
    }
  for (guint i = 0; i < n; i++)
    {
      series_read_here (self, &rows[i]);
      series_add (self, &rows[i]);
    }
  g_free (rows);
  series_touch (self);
  if (self->next < series_get_end (self))
    series_work_soon (self);
}

/* Rows at the beginning went: their numbers go, the others need not be read again. */
static void
series_drop_head (ScopeSeries *self,
                  guint        removed)
{
  series_drop_before (self, self->next > removed ? _scope_event_list_get_sequence (self->list, 0)
                                                 : G_MAXUINT64);
  self->next -= removed;
}

static void
scope_series_items_changed_cb (ScopeSeries *self,
                               guint        position,
                               guint        removed,
                               guint        added)
{
  gboolean is_head = position == 0 && added == 0 && removed <= self->next && !self->again;

  if (self->shown_only && position < self->next)
    {
      /* a batch whose rows all went might come when some of them are there again */
      if (is_head && (self->reading == NULL || removed < self->next))
        series_drop_head (self, removed);
      else
        self->again = TRUE;
    }
  series_touch (self);
}

static void
scope_series_total_cb (ScopeSeries *self)
{
  if (!self->shown_only)
    series_touch (self);
}

/* ---- class ---- */

static void
scope_series_dispose (GObject *object)
{
  ScopeSeries *self = SCOPE_SERIES (object);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->work_id, g_source_remove);
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_clear_pointer (&self->reader, scope_numbers_free);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (scope_series_parent_class)->dispose (object);
}

static void
scope_series_finalize (GObject *object)
{
  ScopeSeries *self = SCOPE_SERIES (object);

  g_array_unref (self->points);
  _scope_chunks_clear (&self->without);
  _scope_chunks_clear (&self->too_old);
  g_clear_pointer (&self->steps, g_ptr_array_unref);
  g_free (self->event);
  g_free (self->path);

  G_OBJECT_CLASS (scope_series_parent_class)->finalize (object);
}

static void
scope_series_class_init (ScopeSeriesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_series_dispose;
  object_class->finalize = scope_series_finalize;

  signals[SIGNAL_CHANGED] = g_signal_new ("changed", SCOPE_TYPE_SERIES, G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
scope_series_init (ScopeSeries *self)
{
  self->points = g_array_new (FALSE, FALSE, sizeof (ScopePoint));
  _scope_chunks_init (&self->without, sizeof (guint32));
  _scope_chunks_init (&self->too_old, sizeof (guint32));
  self->max_points = SCOPE_SERIES_MAX_POINTS;
  self->shown_only = TRUE;
}

/**
 * scope_series_new:
 * @event: the name of the events to read; "" for any
 * @path: where the number stands: `data.total`
 * @error: what is wrong with @path
 *
 * Returns: (transfer full) (nullable): a series of nothing, not active
 */
ScopeSeries *
scope_series_new (const char  *event,
                  const char  *path,
                  GError     **error)
{
  g_autoptr (GPtrArray) steps = NULL;
  ScopeSeries *self;

  g_return_val_if_fail (event != NULL && path != NULL, NULL);

  steps = scope_path_parse (path);
  if (steps == NULL ||
      g_strcmp0 (((ScopePathStep *) g_ptr_array_index (steps, 0))->name, "data") != 0)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                           _("expected a path such as data.total"));
      return NULL;
    }
  self = g_object_new (SCOPE_TYPE_SERIES, NULL);
  self->event = g_strdup (event);
  self->path = g_strdup (path);
  self->steps = g_steal_pointer (&steps);
  return self;
}

/**
 * scope_series_get_event:
 *
 * Returns: (transfer none): the events' name; "" for any
 */
const char *
scope_series_get_event (ScopeSeries *self)
{
  g_return_val_if_fail (SCOPE_IS_SERIES (self), NULL);

  return self->event;
}

/**
 * scope_series_get_path:
 *
 * Returns: (transfer none): where the number stands
 */
const char *
scope_series_get_path (ScopeSeries *self)
{
  g_return_val_if_fail (SCOPE_IS_SERIES (self), NULL);

  return self->path;
}

/**
 * scope_series_set_list:
 * @list: (nullable): whose events are read
 */
void
scope_series_set_list (ScopeSeries    *self,
                       ScopeEventList *list)
{
  g_return_if_fail (SCOPE_IS_SERIES (self));
  g_return_if_fail (list == NULL || SCOPE_IS_EVENT_LIST (list));

  if (self->list == list)
    return;
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  /* its reader, too, is of the old capture */
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_pointer (&self->reader, scope_numbers_free);
  g_set_object (&self->list, list);
  if (list != NULL)
    {
      g_signal_connect_swapped (list, "items-changed", G_CALLBACK (scope_series_items_changed_cb),
                                self);
      g_signal_connect_swapped (list, "notify::n-total", G_CALLBACK (scope_series_total_cb), self);
    }
  self->again = TRUE;
  series_work_soon (self);
}

/**
 * scope_series_set_active:
 * @active: whether somebody looks
 */
void
scope_series_set_active (ScopeSeries *self,
                         gboolean     active)
{
  g_return_if_fail (SCOPE_IS_SERIES (self));

  self->active = active;
  if (active)
    {
      series_work_soon (self);
      return;
    }
  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_handle_id (&self->work_id, g_source_remove);
}

/**
 * scope_series_set_shown_only:
 * @shown_only: whether rows that the filter hides are left out
 */
void
scope_series_set_shown_only (ScopeSeries *self,
                             gboolean     shown_only)
{
  g_return_if_fail (SCOPE_IS_SERIES (self));

  if (self->shown_only == shown_only)
    return;
  self->shown_only = shown_only;
  self->again = TRUE;
  series_work_soon (self);
}

/**
 * scope_series_get_points:
 *
 * Returns: (transfer none) (element-type ScopePoint): the numbers, in order of arrival
 */
GArray *
scope_series_get_points (ScopeSeries *self)
{
  g_return_val_if_fail (SCOPE_IS_SERIES (self), NULL);

  return self->points;
}

/**
 * scope_series_get_n_without:
 *
 * Returns: how many of the events have no such number
 */
guint
scope_series_get_n_without (ScopeSeries *self)
{
  g_return_val_if_fail (SCOPE_IS_SERIES (self), 0);

  return _scope_chunks_count (&self->without);
}

/**
 * scope_series_get_n_dropped:
 *
 * Returns: how many older numbers were too many
 */
guint
scope_series_get_n_dropped (ScopeSeries *self)
{
  g_return_val_if_fail (SCOPE_IS_SERIES (self), 0);

  return _scope_chunks_count (&self->too_old);
}

void
_scope_series_set_max_points (ScopeSeries *self,
                              guint        max_points)
{
  g_return_if_fail (SCOPE_IS_SERIES (self));
  g_return_if_fail (max_points > 1);

  self->max_points = max_points;
}

/**
 * scope_series_get_busy:
 *
 * Returns: whether events are still to be read
 */
gboolean
scope_series_get_busy (ScopeSeries *self)
{
  g_return_val_if_fail (SCOPE_IS_SERIES (self), FALSE);

  return self->reading != NULL || self->again || self->next < series_get_end (self);
}

static void
bucket_add (ScopeSeriesBucket *bucket,
            double             value)
{
  bucket->min = bucket->count == 0 ? value : MIN (bucket->min, value);
  bucket->max = bucket->count == 0 ? value : MAX (bucket->max, value);
  bucket->sum += value;
  bucket->count++;
}

/**
 * scope_series_dup_buckets:
 * @from_usec: where the first bucket begins
 * @to_usec: where time ends
 * @width_usec: of a bucket
 *
 * Returns: (transfer full) (element-type ScopeSeriesBucket): those with a number, in order of time
 */
GArray *
scope_series_dup_buckets (ScopeSeries *self,
                          gint64       from_usec,
                          gint64       to_usec,
                          gint64       width_usec)
{
  GArray *buckets = g_array_new (FALSE, TRUE, sizeof (ScopeSeriesBucket));
  guint n = 0;

  g_return_val_if_fail (SCOPE_IS_SERIES (self), buckets);
  g_return_val_if_fail (width_usec > 0 && to_usec >= from_usec, buckets);

  g_array_set_size (buckets, (to_usec - from_usec) / width_usec + 1);
  for (guint i = 0; i < self->points->len; i++)
    {
      const ScopePoint *point = &g_array_index (self->points, ScopePoint, i);

      if (point->time_usec >= from_usec && point->time_usec < to_usec)
        bucket_add (&g_array_index (buckets, ScopeSeriesBucket,
                                    (point->time_usec - from_usec) / width_usec),
                    point->value);
    }
  for (guint i = 0; i < buckets->len; i++)
    if (g_array_index (buckets, ScopeSeriesBucket, i).count > 0)
      {
        g_array_index (buckets, ScopeSeriesBucket, n) =
          g_array_index (buckets, ScopeSeriesBucket, i);
        g_array_index (buckets, ScopeSeriesBucket, n++).start_usec = from_usec + i * width_usec;
      }
  g_array_set_size (buckets, n);
  return buckets;
}
