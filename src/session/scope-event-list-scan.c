/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-list"

#include "config.h"

#include "session/scope-event-list-rows.h"

/* Which rows are shown. A scan works in slices of a few milliseconds. If the filter needs payloads and one slice is
 * not enough, a search reads the rest on its own thread; it is given a few batches at a time. */

#define SLICE_USEC 4000
/* below views' redrawing, above what only runs when nothing else does */
#define SCAN_PRIORITY (G_PRIORITY_DEFAULT_IDLE + 10)
/* rows judged between two looks at the clock */
#define STEP_RECORDS 512
#define STEP_PAYLOADS 8
/* rows given to the search at once: few at first, so that something is there to be seen soon */
#define FIRST_BATCH 1024
#define MAX_BATCH 16384
/* a batch keeps the capture's reader from the writer's end: it is small in bytes as well */
#define MAX_BATCH_BYTES (8 * 1024 * 1024)
#define MAX_BATCHES 6

/* Judging */

/* A row that can't be read may match or not; hiding it would hide the failure. */
static gboolean
scope_event_list_matches_payload (ScopeEventList *self,
                                  guint           index)
{
  g_autoptr (ScopeEntry) entry = _scope_event_list_read (self, (guint64) index + 1, NULL);

  return entry == NULL || scope_filter_matches (self->filter, entry, self->names);
}

static gboolean
scope_event_list_judge (ScopeEventList *self,
                        guint           index)
{
  const ScopeRecord *record = _scope_event_list_peek_record (self, index);
  ScopeVerdict verdict;

  if (_scope_event_list_hides (self, index))
    return FALSE;
  if (self->filter == NULL)
    return TRUE;
  verdict = scope_filter_scan_ask_record (self->scan, record);
  if (verdict == SCOPE_VERDICT_MAYBE)
    return scope_event_list_matches_payload (self, index);
  return verdict == SCOPE_VERDICT_YES;
}

static gboolean
scope_event_list_needs_payload (ScopeEventList *self)
{
  return self->filter != NULL && scope_filter_needs_payload (self->filter);
}

/* Those before the next row that is picked are not asked for at all. */
static void
scope_event_list_skip_unpicked (ScopeEventList *self)
{
  guint64 sequence =
    self->picks != NULL ? scope_picks_next (self->picks, (guint64) self->next + 1) : 0;

  if (self->picks != NULL)
    self->next = sequence > 0 ? MIN (sequence - 1, self->records.n_items) : self->records.n_items;
}

/* Judges what time allows. */
static void
scope_event_list_scan (ScopeEventList *self)
{
  gint64 until = g_get_monotonic_time () + SLICE_USEC;
  guint step = scope_event_list_needs_payload (self) ? STEP_PAYLOADS : STEP_RECORDS;

  while (self->next < self->records.n_items)
    {
      for (guint i = 0; i < step; i++)
        {
          scope_event_list_skip_unpicked (self);
          if (self->next == self->records.n_items)
            break;
          if (scope_event_list_judge (self, self->next))
            _scope_ascending_append (&self->shown, self->next);
          self->next++;
        }
      if (g_get_monotonic_time () >= until)
        break;
    }
}

/* The search */

/* The rows a search can read: those behind them are only kept in memory. */
static guint
scope_event_list_count_searchable (ScopeEventList *self)
{
  return _scope_kept_entries_count_recorded (&self->kept, self->records.n_items);
}

static gboolean
scope_event_list_can_search (ScopeEventList *self)
{
  return self->capture != NULL && scope_event_list_needs_payload (self) && self->picks == NULL
         && self->next < scope_event_list_count_searchable (self);
}

static void
scope_event_list_send_batch (ScopeEventList *self)
{
  guint most = MIN (self->batch, scope_event_list_count_searchable (self) - self->sent);
  ScopeRecord *records = g_new (ScopeRecord, most);
  gsize bytes = 0;
  guint n = 0;

  for (; n < most && bytes < MAX_BATCH_BYTES; n++)
    {
      records[n] = *_scope_event_list_peek_record (self, self->sent + n);
      bytes += records[n].size;
    }
  scope_search_push (self->search, (guint64) self->sent + 1, records, n);
  self->sent += n;
  self->batch = MIN (self->batch * 2, MAX_BATCH);
}

static void
scope_event_list_feed_search (ScopeEventList *self)
{
  while (self->sent < scope_event_list_count_searchable (self)
         && scope_search_get_pending (self->search) < MAX_BATCHES)
    scope_event_list_send_batch (self);
}

static void
scope_event_list_take_batch (ScopeEventList         *self,
                             const ScopeSearchBatch *batch)
{
  g_assert (batch->from > (guint64) self->next);

  self->next = batch->from - 1; /* what lies between was dropped */
  for (guint i = 0; i < batch->n; i++, self->next++)
    {
      if (self->next >= self->records.n_dropped && batch->verdicts[i] == SCOPE_VERDICT_YES
          && !_scope_event_list_hides (self, self->next))
        _scope_ascending_append (&self->shown, self->next);
    }
}

/* Rows were added at the end, of which old_n were shown before. */
static void
scope_event_list_announce_added (ScopeEventList *self,
                                 guint           old_n)
{
  _scope_event_list_announce (self, old_n, 0, _scope_event_list_count_shown (self) - old_n);
}

static void
scope_event_list_search_cb (ScopeSearch *search,
                            gpointer     user_data)
{
  g_autoptr (ScopeEventList) self = g_object_ref (user_data);
  guint old_n = _scope_event_list_count_shown (self);
  ScopeSearchBatch *batch;

  while ((batch = scope_search_pop (search)) != NULL)
    {
      scope_event_list_take_batch (self, batch);
      scope_search_batch_free (batch);
    }
  scope_event_list_feed_search (self);
  if (self->next >= scope_event_list_count_searchable (self))
    g_clear_pointer (&self->search, scope_search_free);
  scope_event_list_announce_added (self, old_n);
  _scope_event_list_update_scan (self);
}

static void
scope_event_list_start_search (ScopeEventList *self)
{
  self->sent = self->next;
  self->batch = FIRST_BATCH;
  self->search = scope_search_new (self->capture, self->filter, SCAN_PRIORITY,
                                   scope_event_list_search_cb, self);
  scope_event_list_feed_search (self);
}

static gboolean scope_event_list_scan_cb (gpointer user_data);

void
_scope_event_list_update_scan (ScopeEventList *self)
{
  gboolean filtering = self->next < self->records.n_items;

  if (!filtering)
    {
      g_clear_handle_id (&self->scan_id, g_source_remove);
      g_clear_pointer (&self->search, scope_search_free);
    }
  else if (self->search == NULL && scope_event_list_can_search (self))
    {
      g_clear_handle_id (&self->scan_id, g_source_remove);
      scope_event_list_start_search (self);
    }
  else if (self->search == NULL && self->scan_id == 0)
    {
      self->scan_id = g_idle_add_full (SCAN_PRIORITY, scope_event_list_scan_cb, self, NULL);
    }

  if (self->filtering != filtering)
    {
      self->filtering = filtering;
      _scope_event_list_notify_filtering (self);
    }
}

static void
scope_event_list_scan_on (ScopeEventList *self)
{
  guint old_n = _scope_event_list_count_shown (self);

  scope_event_list_scan (self);
  scope_event_list_announce_added (self, old_n);
  _scope_event_list_update_scan (self);
}

static gboolean
scope_event_list_scan_cb (gpointer user_data)
{
  g_autoptr (ScopeEventList) self = g_object_ref (user_data);

  scope_event_list_scan_on (self);
  return self->scan_id != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

void
_scope_event_list_scan_appended (ScopeEventList *self)
{
  if (self->search != NULL)
    scope_event_list_feed_search (self);
  else if (self->scan_id == 0)
    scope_event_list_scan_on (self);
}

void
_scope_event_list_stop_scan (ScopeEventList *self)
{
  g_clear_handle_id (&self->scan_id, g_source_remove);
  g_clear_pointer (&self->search, scope_search_free);
  if (self->picks != NULL)
    g_signal_handlers_disconnect_by_data (self->picks, self);
  g_clear_object (&self->picks);
}

void
_scope_event_list_free_scan (ScopeEventList *self)
{
  g_clear_pointer (&self->scan, scope_filter_scan_free);
  g_clear_pointer (&self->filter, scope_filter_unref);
}

/* Anew */

static void
scope_event_list_rejudge (ScopeEventList *self)
{
  g_clear_pointer (&self->search, scope_search_free);
  _scope_ascending_reset (&self->shown);
  self->next = MAX (self->first, self->records.n_dropped);
  scope_event_list_scan (self);
}

/* Everything is judged anew. The first slice is done at once, so that a filter that is quick (and
 * most are) replaces the rows in one step. */
void
_scope_event_list_start_over (ScopeEventList *self)
{
  guint old_n = _scope_event_list_count_shown (self);

  scope_event_list_rejudge (self);
  _scope_event_list_announce (self, 0, old_n, _scope_event_list_count_shown (self));
  _scope_event_list_update_scan (self);
}

/* Rows at the same place before and after are left alone: who reads one keeps it. */
static void
scope_event_list_announce_other (ScopeEventList *self,
                                 const guint64  *old,
                                 guint           old_n)
{
  guint new_n = _scope_event_list_count_shown (self);
  guint both = MIN (old_n, new_n);
  guint head = 0;
  guint tail = 0;

  while (head < both && old[head] == _scope_event_list_get_sequence (self, head))
    head++;
  while (tail < both - head
         && old[old_n - 1 - tail] == _scope_event_list_get_sequence (self, new_n - 1 - tail))
    tail++;
  _scope_event_list_announce (self, head, old_n - head - tail, new_n - head - tail);
}

static void
scope_event_list_picks_changed_cb (ScopeEventList *self)
{
  g_autoptr (GArray) old = scope_event_list_dup_sequences (self);

  scope_event_list_rejudge (self);
  scope_event_list_announce_other (self, (const guint64 *) old->data, old->len);
  _scope_event_list_update_scan (self);
}

/**
 * scope_event_list_set_filter:
 * @self: a list
 * @filter: (nullable): what to show; `NULL` for all
 *
 * Shows only rows that match. What can't be judged at once follows in slices; `filtering` tells.
 */
void
scope_event_list_set_filter (ScopeEventList *self,
                             ScopeFilter    *filter)
{
  g_return_if_fail (SCOPE_IS_EVENT_LIST (self));

  if (self->filter == filter)
    return;

  g_clear_pointer (&self->scan, scope_filter_scan_free);
  g_clear_pointer (&self->filter, scope_filter_unref);
  if (filter != NULL)
    {
      /* times of day are those of the capture's first */
      if (_scope_chunks_count (&self->records) > 0)
        scope_filter_set_day (
          filter, _scope_event_list_peek_record (self, self->records.n_dropped)->time_usec);
      self->filter = scope_filter_ref (filter);
      self->scan = scope_filter_scan_new (filter, self->names);
    }
  _scope_event_list_start_over (self);
}

/**
 * scope_event_list_set_picks:
 * @self: a list
 * @picks: (nullable): the rows to show, of those the filter lets through; `NULL` for all
 *
 * It takes time by the number of picks, not of rows. One picked later comes to its place.
 */
void
scope_event_list_set_picks (ScopeEventList *self,
                            ScopePicks     *picks)
{
  g_return_if_fail (SCOPE_IS_EVENT_LIST (self));
  g_return_if_fail (picks == NULL || SCOPE_IS_PICKS (picks));

  if (self->picks == picks)
    return;

  if (self->picks != NULL)
    g_signal_handlers_disconnect_by_data (self->picks, self);
  g_set_object (&self->picks, picks);
  if (picks != NULL)
    g_signal_connect_swapped (picks, "changed", G_CALLBACK (scope_event_list_picks_changed_cb),
                              self);
  _scope_event_list_start_over (self);
}

/**
 * scope_event_list_get_filtering:
 * @self: a list
 *
 * Returns: whether rows are still being judged
 */
gboolean
scope_event_list_get_filtering (ScopeEventList *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), FALSE);

  return self->filtering;
}
