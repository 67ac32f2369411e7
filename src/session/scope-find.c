/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-find"

#include "config.h"

#include "session/scope-find.h"

#include "capture/scope-search.h"
#include "session/scope-chunks.h"
#include "session/scope-event-list-private.h"

/* The rows shown are given to a search a few batches at a time. Its thread stays for as long as a
 * text is looked for: rows that arrive are searched as well. What no capture holds is searched here,
 * in slices. */

#define SLICE_USEC 4000
#define FIND_PRIORITY (G_PRIORITY_DEFAULT_IDLE + 10)
/* few at first, so that the first hit is there soon */
#define FIRST_BATCH 1024
#define MAX_BATCH 16384
#define MAX_BATCH_BYTES (8 * 1024 * 1024)
#define MAX_BATCHES 6
/* rows of memory judged between two looks at the clock */
#define STEP_ROWS 8

struct _ScopeFind
{
  GObject parent_instance;

  ScopeEventList *list;
  gulong handler;
  ScopeFilter *filter; /* NULL: nothing is looked for */
  char *text;
  gboolean match_case;

  ScopeSearch *search;
  guint next; /* position of the first row that was not given away yet */
  guint batch;
  guint idle_id;

  ScopeChunks hits; /* of guint32: sequence numbers, ascending */
  guint64 last;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeFind, scope_find, G_TYPE_OBJECT)

static guint
scope_find_count_rows (ScopeFind *self)
{
  return self->list != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->list)) : 0;
}

static guint64
scope_find_peek_hit (ScopeFind *self,
                     guint      i)
{
  return *(guint32 *) _scope_chunks_peek (&self->hits, self->hits.n_dropped + i);
}

static void
scope_find_add_hit (ScopeFind *self,
                    guint64    sequence)
{
  guint32 hit = sequence;

  _scope_chunks_append (&self->hits, &hit);
}

/* How many hits stand before that row. */
static guint
scope_find_count_before (ScopeFind *self,
                         guint64    sequence)
{
  guint low = 0;
  guint high = _scope_chunks_count (&self->hits);

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (scope_find_peek_hit (self, middle) < sequence)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static void
scope_find_notify (ScopeFind *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Rows of the capture */

/* A row is given with those around it that are hidden: they are passed over. */
static void
scope_find_send_batch (ScopeFind *self)
{
  guint64 from = _scope_event_list_get_sequence (self->list, self->next);
  guint64 n_recorded = _scope_event_list_count_recorded (self->list);
  guint n_rows = scope_find_count_rows (self);
  guint most = MIN (self->batch, n_recorded - from + 1);
  ScopeRecord *records = g_new (ScopeRecord, most);
  gsize bytes = 0;
  guint n = 0;

  for (; n < most && bytes < MAX_BATCH_BYTES && self->next < n_rows; n++)
    {
      records[n] = *_scope_event_list_peek (self->list, from + n);
      if (_scope_event_list_get_sequence (self->list, self->next) != from + n)
        {
          records[n].kind = SCOPE_SCANNER_SKIP;
          continue;
        }
      bytes += records[n].size;
      self->next++;
    }
  scope_search_push (self->search, from, records, n);
  self->batch = MIN (self->batch * 2, MAX_BATCH);
}

static gboolean
scope_find_next_is_recorded (ScopeFind *self)
{
  return self->next < scope_find_count_rows (self)
         && _scope_event_list_get_sequence (self->list, self->next)
                <= _scope_event_list_count_recorded (self->list);
}

static void scope_find_go_on (ScopeFind *self);

static void
scope_find_search_cb (ScopeSearch *search,
                      gpointer     user_data)
{
  g_autoptr (ScopeFind) self = g_object_ref (user_data);
  ScopeSearchBatch *batch;
  /* what was dropped meanwhile lies before it: without any row there would be no batch */
  guint64 first = scope_find_count_rows (self) > 0 ? _scope_event_list_get_sequence (self->list, 0) : 0;

  while ((batch = scope_search_pop (search)) != NULL)
    {
      for (guint i = 0; i < batch->n; i++)
        if (batch->verdicts[i] == SCOPE_VERDICT_YES && batch->from + i >= first)
          scope_find_add_hit (self, batch->from + i);
      scope_search_batch_free (batch);
    }
  scope_find_go_on (self);
  scope_find_notify (self);
}

static void
scope_find_feed (ScopeFind *self)
{
  if (self->search == NULL)
    self->search = scope_search_new (_scope_event_list_get_capture (self->list), self->filter,
                                     FIND_PRIORITY, scope_find_search_cb, self);
  while (scope_find_next_is_recorded (self) && scope_search_get_pending (self->search) < MAX_BATCHES)
    scope_find_send_batch (self);
}

/* Rows of memory */

static void
scope_find_judge_next (ScopeFind *self)
{
  guint64 sequence = _scope_event_list_get_sequence (self->list, self->next++);
  g_autoptr (ScopeEntry) entry = _scope_event_list_read (self->list, sequence, NULL);

  if (entry != NULL
      && scope_filter_matches (self->filter, entry, _scope_event_list_get_names (self->list)))
    scope_find_add_hit (self, sequence);
}

static gboolean
scope_find_idle_cb (gpointer user_data)
{
  ScopeFind *self = user_data;
  gint64 until = g_get_monotonic_time () + SLICE_USEC;
  guint n_rows = scope_find_count_rows (self);

  self->idle_id = 0;
  while (self->next < n_rows && g_get_monotonic_time () < until)
    for (guint i = 0; i < STEP_ROWS && self->next < n_rows; i++)
      scope_find_judge_next (self);
  scope_find_go_on (self);
  scope_find_notify (self);
  return G_SOURCE_REMOVE;
}

static void
scope_find_go_on (ScopeFind *self)
{
  if (self->filter == NULL || self->next >= scope_find_count_rows (self))
    return;
  if (scope_find_next_is_recorded (self))
    scope_find_feed (self);
  else if (self->idle_id == 0 && (self->search == NULL || scope_search_get_pending (self->search) == 0))
    self->idle_id = g_idle_add_full (FIND_PRIORITY, scope_find_idle_cb, self, NULL);
}

static void
scope_find_stop (ScopeFind *self)
{
  g_clear_pointer (&self->search, scope_search_free);
  g_clear_handle_id (&self->idle_id, g_source_remove);
  _scope_chunks_reset (&self->hits);
  self->next = 0;
  self->batch = FIRST_BATCH;
}

static void
scope_find_start_over (ScopeFind *self)
{
  scope_find_stop (self);
  scope_find_go_on (self);
  scope_find_notify (self);
}

/* Rows at the beginning went, all of them looked at or given away: the others need not be again. */
static void
scope_find_drop_head (ScopeFind *self,
                      guint      removed)
{
  guint n = scope_find_count_before (self, _scope_event_list_get_sequence (self->list, 0));

  _scope_chunks_drop_before (&self->hits, self->hits.n_dropped + n);
  self->next -= removed;
  scope_find_notify (self);
}

static void
scope_find_items_changed_cb (ScopeFind *self,
                             guint      position,
                             guint      removed,
                             guint      added)
{
  if (self->filter == NULL)
    return;
  if (position == 0 && added == 0 && removed > 0 && removed <= self->next
      && scope_find_count_rows (self) > 0)
    scope_find_drop_head (self, removed);
  else if (removed > 0)
    scope_find_start_over (self);
  else
    scope_find_go_on (self);
}

static void
scope_find_dispose (GObject *object)
{
  ScopeFind *self = SCOPE_FIND (object);

  scope_find_stop (self);
  if (self->list != NULL)
    g_clear_signal_handler (&self->handler, self->list);
  g_clear_object (&self->list);

  G_OBJECT_CLASS (scope_find_parent_class)->dispose (object);
}

static void
scope_find_finalize (GObject *object)
{
  ScopeFind *self = SCOPE_FIND (object);

  g_clear_pointer (&self->filter, scope_filter_unref);
  _scope_chunks_clear (&self->hits);
  g_free (self->text);

  G_OBJECT_CLASS (scope_find_parent_class)->finalize (object);
}

static void
scope_find_class_init (ScopeFindClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_find_dispose;
  object_class->finalize = scope_find_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_FIND, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
scope_find_init (ScopeFind *self)
{
  _scope_chunks_init (&self->hits, sizeof (guint32));
  self->batch = FIRST_BATCH;
}

/**
 * scope_find_new:
 *
 * Returns: (transfer full): one that looks for nothing
 */
ScopeFind *
scope_find_new (void)
{
  return g_object_new (SCOPE_TYPE_FIND, NULL);
}

/**
 * scope_find_set_list:
 * @self: a search
 * @list: (nullable): the log to look in
 */
void
scope_find_set_list (ScopeFind      *self,
                     ScopeEventList *list)
{
  g_return_if_fail (SCOPE_IS_FIND (self));
  g_return_if_fail (list == NULL || SCOPE_IS_EVENT_LIST (list));

  if (self->list == list)
    return;
  if (self->list != NULL)
    g_clear_signal_handler (&self->handler, self->list);
  scope_find_stop (self);
  g_set_object (&self->list, list);
  if (list != NULL)
    self->handler = g_signal_connect_object (list, "items-changed",
                                             G_CALLBACK (scope_find_items_changed_cb), self,
                                             G_CONNECT_SWAPPED);
  scope_find_start_over (self);
}

/**
 * scope_find_set_text:
 * @self: a search
 * @text: UTF-8; "" for nothing
 * @match_case: whether `A` and `a` differ
 *
 * Looks for another text, from the log's beginning.
 */
void
scope_find_set_text (ScopeFind  *self,
                     const char *text,
                     gboolean    match_case)
{
  g_return_if_fail (SCOPE_IS_FIND (self));
  g_return_if_fail (text != NULL);

  if (g_strcmp0 (self->text, text) == 0 && self->match_case == match_case)
    return;
  g_free (self->text);
  self->text = g_strdup (text);
  self->match_case = match_case;
  g_clear_pointer (&self->filter, scope_filter_unref);
  if (*text != '\0')
    self->filter = scope_filter_new_for_text (text, !match_case);
  scope_find_start_over (self);
}

/**
 * scope_find_set_last:
 * @self: a search
 * @sequence: of the last row that is shown, or 0
 *
 * Leaves out hits after that row.
 */
void
scope_find_set_last (ScopeFind *self,
                     guint64    sequence)
{
  g_return_if_fail (SCOPE_IS_FIND (self));

  if (self->last == sequence)
    return;
  self->last = sequence;
  scope_find_notify (self);
}

/**
 * scope_find_get_n_hits:
 * @self: a search
 *
 * Returns: how many rows have been found so far
 */
guint
scope_find_get_n_hits (ScopeFind *self)
{
  g_return_val_if_fail (SCOPE_IS_FIND (self), 0);

  return self->last != 0 ? scope_find_count_before (self, self->last + 1)
                         : _scope_chunks_count (&self->hits);
}

/**
 * scope_find_get_searching:
 * @self: a search
 *
 * Returns: whether there are rows that have not been looked at
 */
gboolean
scope_find_get_searching (ScopeFind *self)
{
  g_return_val_if_fail (SCOPE_IS_FIND (self), FALSE);

  return self->filter != NULL
         && (self->next < scope_find_count_rows (self)
             || (self->search != NULL && scope_search_get_pending (self->search) > 0));
}

/**
 * scope_find_get_number:
 * @self: a search
 * @sequence: of a row
 *
 * Returns: which of the hits it is, from 1; 0 if it is none
 */
guint
scope_find_get_number (ScopeFind *self,
                       guint64    sequence)
{
  guint before;

  g_return_val_if_fail (SCOPE_IS_FIND (self), 0);

  before = scope_find_count_before (self, sequence);
  if (before >= scope_find_get_n_hits (self) || scope_find_peek_hit (self, before) != sequence)
    return 0;
  return before + 1;
}

/**
 * scope_find_step:
 * @self: a search
 * @from: a sequence number; 0 is before the first row
 * @forward: whether to look behind it, not before it
 * @wrapped: (out) (optional): whether the log's end was passed
 *
 * Returns: the sequence number of the next hit, which is @from itself if there is no other; 0 if
 *   there is none
 */
guint64
scope_find_step (ScopeFind *self,
                 guint64    from,
                 gboolean   forward,
                 gboolean  *wrapped)
{
  guint n_hits;
  guint i;
  gboolean round;

  g_return_val_if_fail (SCOPE_IS_FIND (self), 0);

  n_hits = scope_find_get_n_hits (self);
  i = scope_find_count_before (self, forward ? from + 1 : from);
  round = forward ? i >= n_hits : i == 0;
  if (wrapped != NULL)
    *wrapped = round && n_hits > 0;
  if (n_hits == 0)
    return 0;
  if (forward)
    return scope_find_peek_hit (self, round ? 0 : i);
  return scope_find_peek_hit (self, round ? n_hits - 1 : MIN (i, n_hits) - 1);
}
