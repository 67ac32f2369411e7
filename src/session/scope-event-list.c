/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-list"

#include "config.h"

#include "session/scope-event-list-private.h"

#include "base/scope-error.h"
#include "capture/scope-search.h"
#include "session/scope-ascending.h"
#include "session/scope-chunks.h"

#include <glib/gi18n-lib.h>

/* Two arrays: the records of all entries, and the numbers of those shown. The second is filled in
 * order by a scan that judges each record once: hidden kind, filter. What is appended meanwhile
 * waits its turn behind it, so rows never change places.
 *
 *   records:  0 … dropped … first … next … sent … n        sequence number = index + 1
 *                 cleared │ judged │ searched │ to be judged
 *
 * What the recorder's size budget lets go of is dropped at the beginning: all else keeps its index.
 *
 * A scan works in slices of a few milliseconds. If the filter needs payloads and one slice is not
 * enough, a search reads the rest on its own thread; it is given a few batches at a time.
 */

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

struct _ScopeEventList
{
  GObject parent_instance;

  ScopeNames *names;
  ScopeCapture *capture;
  ScopeMarkList *marks; /* nullable */
  ScopeLearntNames *learnt; /* nullable */
  GPtrArray *waiting;  /* of ScopeEntry: shown, but not in the capture yet */
  ScopeEntry **recent; /* ring of SCOPE_EVENT_LIST_RECENT, by sequence number; NULL until needed */

  ScopeChunks records; /* of ScopeRecord */
  ScopeAscending shown; /* indices of records */
  ScopeFilter *filter;
  ScopeFilterScan *scan; /* what the filter has told of names; NULL without a filter */
  ScopePicks *picks; /* nullable: only these rows */
  gboolean show_frames;

  ScopeSearch *search; /* NULL: none is under way */
  guint n_recorded; /* rows before the first one that is only kept in memory */
  guint sent;
  guint batch;

  guint first;
  guint undo_first;
  guint next;
  guint64 n_total;

  guint scan_id;
  gboolean filtering; /* as last notified */
};

enum
{
  PROP_0,
  PROP_N_ITEMS,
  PROP_N_TOTAL,
  PROP_FILTERING,
  PROP_SHOW_FRAMES,
  PROP_N_DROPPED,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

/* One that was dropped is a hole. */
static const ScopeRecord *
scope_event_list_peek_record (ScopeEventList *self,
                              guint           index)
{
  static const ScopeRecord hole;

  if (index < self->records.n_dropped)
    return &hole;
  return _scope_chunks_peek (&self->records, index);
}

static guint
scope_event_list_peek_shown (ScopeEventList *self,
                             guint           position)
{
  return _scope_ascending_get (&self->shown, self->shown.n_dropped + position);
}

static guint
scope_event_list_count_shown (ScopeEventList *self)
{
  return _scope_ascending_count (&self->shown);
}

static GType
scope_event_list_get_item_type (GListModel *model)
{
  return SCOPE_TYPE_EVENT_ITEM;
}

static guint
scope_event_list_get_n_items (GListModel *model)
{
  return scope_event_list_count_shown (SCOPE_EVENT_LIST (model));
}

/* -1 for the first row; a clock that was set back gives no negative time. */
static gint64
scope_event_list_get_delta (ScopeEventList *self,
                            guint           position)
{
  const ScopeRecord *record;
  const ScopeRecord *before;

  if (position == 0)
    return -1;

  record = scope_event_list_peek_record (self, scope_event_list_peek_shown (self, position));
  before = scope_event_list_peek_record (self, scope_event_list_peek_shown (self, position - 1));
  return MAX (record->time_usec - before->time_usec, 0);
}

static gpointer
scope_event_list_get_item (GListModel *model,
                           guint       position)
{
  ScopeEventList *self = SCOPE_EVENT_LIST (model);
  guint index;

  if (position >= scope_event_list_count_shown (self))
    return NULL;

  index = scope_event_list_peek_shown (self, position);
  return _scope_event_item_new (self, (guint64) index + 1,
                                scope_event_list_peek_record (self, index),
                                scope_event_list_get_delta (self, position));
}

static void
scope_event_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = scope_event_list_get_item_type;
  iface->get_n_items = scope_event_list_get_n_items;
  iface->get_item = scope_event_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeEventList, scope_event_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      scope_event_list_list_model_init))

/* Judging */

/* Of a run of entries that are missing in a damaged file one row tells. */
static gboolean
scope_event_list_follows_hole (ScopeEventList *self,
                               guint           index)
{
  return index > self->records.n_dropped
         && scope_event_list_peek_record (self, index - 1)->kind == 0;
}

static gboolean
scope_event_list_hides (ScopeEventList *self,
                        guint           index)
{
  guint kind = scope_event_list_peek_record (self, index)->kind;

  if (kind == 0)
    return scope_event_list_follows_hole (self, index);
  return kind == SCOPE_ENTRY_FRAME && !self->show_frames;
}

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
  const ScopeRecord *record = scope_event_list_peek_record (self, index);
  ScopeVerdict verdict;

  if (scope_event_list_hides (self, index))
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
scope_event_list_count_recorded (ScopeEventList *self)
{
  if (self->waiting->len > 0)
    return ((ScopeEntry *) g_ptr_array_index (self->waiting, 0))->sequence - 1;
  return self->recent != NULL ? self->n_recorded : self->records.n_items;
}

static gboolean
scope_event_list_can_search (ScopeEventList *self)
{
  return self->capture != NULL && scope_event_list_needs_payload (self) && self->picks == NULL
         && self->next < scope_event_list_count_recorded (self);
}

static void
scope_event_list_send_batch (ScopeEventList *self)
{
  guint most = MIN (self->batch, scope_event_list_count_recorded (self) - self->sent);
  ScopeRecord *records = g_new (ScopeRecord, most);
  gsize bytes = 0;
  guint n = 0;

  for (; n < most && bytes < MAX_BATCH_BYTES; n++)
    {
      records[n] = *scope_event_list_peek_record (self, self->sent + n);
      bytes += records[n].size;
    }
  scope_search_push (self->search, (guint64) self->sent + 1, records, n);
  self->sent += n;
  self->batch = MIN (self->batch * 2, MAX_BATCH);
}

static void
scope_event_list_feed_search (ScopeEventList *self)
{
  while (self->sent < scope_event_list_count_recorded (self)
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
          && !scope_event_list_hides (self, self->next))
        _scope_ascending_append (&self->shown, self->next);
    }
}

static void scope_event_list_announce_added (ScopeEventList *self,
                                             guint           old_n);
static void scope_event_list_update_scan    (ScopeEventList *self);

static void
scope_event_list_search_cb (ScopeSearch *search,
                            gpointer     user_data)
{
  g_autoptr (ScopeEventList) self = g_object_ref (user_data);
  guint old_n = scope_event_list_count_shown (self);
  ScopeSearchBatch *batch;

  while ((batch = scope_search_pop (search)) != NULL)
    {
      scope_event_list_take_batch (self, batch);
      scope_search_batch_free (batch);
    }
  scope_event_list_feed_search (self);
  if (self->next >= scope_event_list_count_recorded (self))
    g_clear_pointer (&self->search, scope_search_free);
  scope_event_list_announce_added (self, old_n);
  scope_event_list_update_scan (self);
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

/* Goes on later if something is left to be judged. */
static void
scope_event_list_update_scan (ScopeEventList *self)
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
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTERING]);
    }
}

/* Rows were added at the end, of which old_n were shown before. */
static void
scope_event_list_announce_added (ScopeEventList *self,
                                 guint           old_n)
{
  if (scope_event_list_count_shown (self) == old_n)
    return;

  g_list_model_items_changed (G_LIST_MODEL (self), old_n, 0, scope_event_list_count_shown (self) - old_n);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

static void
scope_event_list_scan_on (ScopeEventList *self)
{
  guint old_n = scope_event_list_count_shown (self);

  scope_event_list_scan (self);
  scope_event_list_announce_added (self, old_n);
  scope_event_list_update_scan (self);
}

static gboolean
scope_event_list_scan_cb (gpointer user_data)
{
  g_autoptr (ScopeEventList) self = g_object_ref (user_data);

  scope_event_list_scan_on (self);
  return self->scan_id != 0 ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
scope_event_list_recount (ScopeEventList *self)
{
  guint64 n_total = 0;

  for (guint i = MAX (self->first, self->records.n_dropped); i < self->records.n_items; i++)
    if (!scope_event_list_hides (self, i))
      n_total++;

  if (self->n_total == n_total)
    return;
  self->n_total = n_total;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TOTAL]);
}

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
static void
scope_event_list_start_over (ScopeEventList *self)
{
  guint old_n = scope_event_list_count_shown (self);

  scope_event_list_rejudge (self);
  if (old_n > 0 || scope_event_list_count_shown (self) > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, old_n, scope_event_list_count_shown (self));
  if (old_n != scope_event_list_count_shown (self))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
  scope_event_list_update_scan (self);
}

/* Rows at the same place before and after are left alone: who reads one keeps it. */
static void
scope_event_list_announce_other (ScopeEventList *self,
                                 const guint64  *old,
                                 guint           old_n)
{
  guint new_n = scope_event_list_count_shown (self);
  guint both = MIN (old_n, new_n);
  guint head = 0;
  guint tail = 0;

  while (head < both && old[head] == _scope_event_list_get_sequence (self, head))
    head++;
  while (tail < both - head
         && old[old_n - 1 - tail] == _scope_event_list_get_sequence (self, new_n - 1 - tail))
    tail++;
  if (head + tail < MAX (old_n, new_n))
    g_list_model_items_changed (G_LIST_MODEL (self), head, old_n - head - tail, new_n - head - tail);
  if (old_n != new_n)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

static void
scope_event_list_picks_changed_cb (ScopeEventList *self)
{
  g_autoptr (GArray) old = scope_event_list_dup_sequences (self);

  scope_event_list_rejudge (self);
  scope_event_list_announce_other (self, (const guint64 *) old->data, old->len);
  scope_event_list_update_scan (self);
}

static void
scope_event_list_set_show_frames (ScopeEventList *self,
                                  gboolean        show_frames)
{
  if (self->show_frames == show_frames)
    return;

  self->show_frames = show_frames;
  scope_event_list_recount (self);
  scope_event_list_start_over (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SHOW_FRAMES]);
}

/* The class */

static void
scope_event_list_get_property (GObject    *object,
                               guint       id,
                               GValue     *value,
                               GParamSpec *pspec)
{
  ScopeEventList *self = SCOPE_EVENT_LIST (object);

  switch (id)
    {
    case PROP_N_ITEMS:
      g_value_set_uint (value, scope_event_list_count_shown (self));
      break;
    case PROP_N_TOTAL:
      g_value_set_uint64 (value, self->n_total);
      break;
    case PROP_FILTERING:
      g_value_set_boolean (value, self->filtering);
      break;
    case PROP_SHOW_FRAMES:
      g_value_set_boolean (value, self->show_frames);
      break;
    case PROP_N_DROPPED:
      g_value_set_uint64 (value, self->records.n_dropped);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
scope_event_list_set_property (GObject      *object,
                               guint         id,
                               const GValue *value,
                               GParamSpec   *pspec)
{
  if (id == PROP_SHOW_FRAMES)
    scope_event_list_set_show_frames (SCOPE_EVENT_LIST (object), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
scope_event_list_dispose (GObject *object)
{
  ScopeEventList *self = SCOPE_EVENT_LIST (object);

  g_clear_handle_id (&self->scan_id, g_source_remove);
  g_clear_pointer (&self->search, scope_search_free);
  if (self->picks != NULL)
    g_signal_handlers_disconnect_by_data (self->picks, self);
  g_clear_object (&self->picks);
  g_clear_object (&self->capture);
  g_clear_object (&self->marks);
  g_clear_object (&self->learnt);

  G_OBJECT_CLASS (scope_event_list_parent_class)->dispose (object);
}

static void
scope_event_list_finalize (GObject *object)
{
  ScopeEventList *self = SCOPE_EVENT_LIST (object);

  for (guint i = 0; self->recent != NULL && i < SCOPE_EVENT_LIST_RECENT; i++)
    g_clear_pointer (&self->recent[i], scope_entry_unref);
  g_free (self->recent);
  g_ptr_array_unref (self->waiting);
  g_clear_pointer (&self->scan, scope_filter_scan_free);
  g_clear_pointer (&self->filter, scope_filter_unref);
  g_clear_object (&self->names);
  _scope_chunks_clear (&self->records);
  _scope_ascending_clear (&self->shown);

  G_OBJECT_CLASS (scope_event_list_parent_class)->finalize (object);
}

static void
scope_event_list_class_init (ScopeEventListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->dispose = scope_event_list_dispose;
  object_class->finalize = scope_event_list_finalize;
  object_class->get_property = scope_event_list_get_property;
  object_class->set_property = scope_event_list_set_property;

  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_TOTAL] =
    g_param_spec_uint64 ("n-total", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_FILTERING] = g_param_spec_boolean ("filtering", NULL, NULL, FALSE, flags);
  properties[PROP_N_DROPPED] =
    g_param_spec_uint64 ("n-dropped", NULL, NULL, 0, G_MAXUINT64, 0, flags);
  properties[PROP_SHOW_FRAMES] =
    g_param_spec_boolean ("show-frames", NULL, NULL, FALSE, flags | G_PARAM_WRITABLE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_event_list_init (ScopeEventList *self)
{
  self->waiting = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_entry_unref);
  _scope_chunks_init (&self->records, sizeof (ScopeRecord));
  _scope_ascending_init (&self->shown);
}

ScopeNames *
_scope_event_list_get_names (ScopeEventList *self)
{
  return self->names;
}

void
_scope_event_list_set_learnt_names (ScopeEventList   *self,
                                    ScopeLearntNames *names)
{
  g_set_object (&self->learnt, names);
}

ScopeLearntNames *
_scope_event_list_get_learnt_names (ScopeEventList *self)
{
  return self->learnt;
}

ScopeMarkList *
_scope_event_list_get_marks (ScopeEventList *self)
{
  return self->marks;
}

static ScopeEntry *
scope_event_list_find_waiting (ScopeEventList *self,
                               guint64         sequence)
{
  ScopeEntry *first = self->waiting->len > 0 ? g_ptr_array_index (self->waiting, 0) : NULL;

  if (first == NULL || sequence < first->sequence
      || sequence - first->sequence >= self->waiting->len)
    return NULL;
  return g_ptr_array_index (self->waiting, sequence - first->sequence);
}

const ScopeRecord *
_scope_event_list_peek (ScopeEventList *self,
                        guint64         sequence)
{
  if (sequence == 0 || sequence > self->records.n_items)
    return NULL;
  return scope_event_list_peek_record (self, sequence - 1);
}

guint
_scope_event_list_count_recorded (ScopeEventList *self)
{
  return self->capture != NULL ? scope_event_list_count_recorded (self) : 0;
}

ScopeEntry *
_scope_event_list_find_kept (ScopeEventList *self,
                             guint64         sequence)
{
  ScopeEntry *entry = scope_event_list_find_waiting (self, sequence);

  if (entry == NULL && self->recent != NULL)
    entry = self->recent[sequence % SCOPE_EVENT_LIST_RECENT];
  return entry != NULL && entry->sequence == sequence ? scope_entry_ref (entry) : NULL;
}

ScopeEntry *
_scope_event_list_read (ScopeEventList *self,
                        guint64         sequence,
                        GError        **error)
{
  ScopeEntry *entry = _scope_event_list_find_kept (self, sequence);

  if (entry != NULL)
    return entry;
  if (self->capture != NULL)
    return scope_capture_read (self->capture, sequence, error);

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND,
                       _("it was not recorded and is no longer in memory"));
  return NULL;
}

guint64
_scope_event_list_get_first (ScopeEventList *self)
{
  return (guint64) MAX (self->first, self->records.n_dropped) + 1;
}

guint64
_scope_event_list_get_end (ScopeEventList *self)
{
  return (guint64) self->records.n_items + 1;
}

const ScopeRecord *
_scope_event_list_get_record (ScopeEventList *self,
                              guint64         sequence)
{
  return scope_event_list_peek_record (self, sequence - 1);
}

const ScopeRecord *
_scope_event_list_get_shown (ScopeEventList *self,
                             guint           position)
{
  return scope_event_list_peek_record (self, scope_event_list_peek_shown (self, position));
}

guint64
_scope_event_list_get_sequence (ScopeEventList *self,
                                guint           position)
{
  return (guint64) scope_event_list_peek_shown (self, position) + 1;
}

ScopeCapture *
_scope_event_list_get_capture (ScopeEventList *self)
{
  return self->capture;
}

gsize
_scope_event_list_get_size (ScopeEventList *self)
{
  return _scope_chunks_get_size (&self->records) + _scope_ascending_get_size (&self->shown);
}

/**
 * scope_event_list_new:
 * @names: the names its records refer to
 *
 * Returns: (transfer full): an empty list
 */
ScopeEventList *
scope_event_list_new (ScopeNames *names)
{
  ScopeEventList *self;

  g_return_val_if_fail (SCOPE_IS_NAMES (names), NULL);

  self = g_object_new (SCOPE_TYPE_EVENT_LIST, NULL);
  self->names = g_object_ref (names);
  return self;
}

/**
 * scope_event_list_set_capture:
 * @self: a list
 * @capture: where its rows read their bytes
 */
void
scope_event_list_set_capture (ScopeEventList *self,
                              ScopeCapture   *capture)
{
  g_return_if_fail (SCOPE_IS_EVENT_LIST (self));
  g_return_if_fail (SCOPE_IS_CAPTURE (capture));

  g_set_object (&self->capture, capture);
}

static void
scope_event_list_store_record (ScopeEventList    *self,
                               const ScopeRecord *record)
{
  _scope_chunks_append (&self->records, record);
  if (!scope_event_list_hides (self, self->records.n_items - 1))
    self->n_total++;
}

/* Shows what was stored, unless a scan is under way that will come to it. */
static void
scope_event_list_finish_append (ScopeEventList *self,
                                guint64         old_total)
{
  if (self->search != NULL)
    scope_event_list_feed_search (self);
  else if (self->scan_id == 0)
    scope_event_list_scan_on (self);
  if (self->n_total != old_total)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TOTAL]);
}

/**
 * scope_event_list_append:
 * @self: a list
 * @records: (array length=n_records): of the entries that follow the last append's
 * @n_records: how many
 *
 * Emits one items-changed at most.
 */
void
scope_event_list_append (ScopeEventList    *self,
                         const ScopeRecord *records,
                         guint              n_records)
{
  guint64 old_total;

  g_return_if_fail (SCOPE_IS_EVENT_LIST (self));
  g_return_if_fail (records != NULL || n_records == 0);

  old_total = self->n_total;
  for (guint i = 0; i < n_records; i++)
    scope_event_list_store_record (self, &records[i]);
  scope_event_list_finish_append (self, old_total);
}

static void
scope_event_list_remember (ScopeEventList *self,
                           ScopeEntry     *entry)
{
  ScopeEntry **slot;

  if (self->recent == NULL)
    {
      self->recent = g_new0 (ScopeEntry *, SCOPE_EVENT_LIST_RECENT);
      self->n_recorded = self->records.n_items;
    }

  slot = &self->recent[entry->sequence % SCOPE_EVENT_LIST_RECENT];
  g_clear_pointer (slot, scope_entry_unref);
  *slot = scope_entry_ref (entry);
}

void
_scope_event_list_append_entries (ScopeEventList     *self,
                                  ScopeEntry * const *entries,
                                  guint               n_entries)
{
  guint64 old_total = self->n_total;

  for (guint i = 0; i < n_entries; i++)
    {
      ScopeRecord record;

      g_assert (entries[i]->sequence == (guint64) self->records.n_items + 1);
      scope_entry_to_record (entries[i], &record);
      scope_event_list_remember (self, entries[i]);
      scope_event_list_store_record (self, &record);
    }
  scope_event_list_finish_append (self, old_total);
}

/* For entries the capture will hold when there is room: they are read from memory until
 * _scope_event_list_set_recorded(). */
void
_scope_event_list_append_waiting (ScopeEventList     *self,
                                  ScopeEntry * const *entries,
                                  guint               n_entries)
{
  g_autofree ScopeRecord *records = g_new (ScopeRecord, n_entries);

  for (guint i = 0; i < n_entries; i++)
    {
      g_assert (entries[i]->sequence == (guint64) self->records.n_items + 1 + i);
      scope_entry_to_record (entries[i], &records[i]);
      g_ptr_array_add (self->waiting, scope_entry_ref (entries[i]));
    }
  scope_event_list_append (self, records, n_entries);
}

void
_scope_event_list_set_recorded (ScopeEventList *self,
                                guint64         up_to)
{
  guint n = 0;

  while (n < self->waiting->len
         && ((ScopeEntry *) g_ptr_array_index (self->waiting, n))->sequence <= up_to)
    n++;
  if (n > 0)
    g_ptr_array_remove_range (self->waiting, 0, n);
}

/* What was shown of the records up to there. */
static guint
scope_event_list_count_before (ScopeEventList *self,
                               guint64         sequence)
{
  return MIN (scope_event_list_find (self, sequence), scope_event_list_count_shown (self));
}

static guint
scope_event_list_count_rows (ScopeEventList *self,
                             guint           from,
                             guint           to)
{
  guint n = 0;

  for (guint i = from; i < to; i++)
    if (!scope_event_list_hides (self, i))
      n++;
  return n;
}

/**
 * scope_event_list_start_at:
 * @self: a list nothing was appended to
 * @sequence: the sequence number of the first record that will be
 *
 * For a capture whose oldest entries were dropped.
 */
void
scope_event_list_start_at (ScopeEventList *self,
                           guint64         sequence)
{
  guint index;

  g_return_if_fail (SCOPE_IS_EVENT_LIST (self));
  g_return_if_fail (self->records.n_items == 0);
  g_return_if_fail (sequence > 0 && sequence <= G_MAXUINT);

  index = sequence - 1;
  _scope_chunks_drop_before (&self->records, index);
  self->first = self->undo_first = self->next = index;
  if (index > 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_DROPPED]);
}

/**
 * scope_event_list_drop:
 * @self: a list
 * @sequence: the sequence number of the first entry that is still there
 *
 * Forgets what came before, shown or not: it is not in the capture any more. Emits one
 * items-changed at most, which removes rows at the beginning.
 */
void
scope_event_list_drop (ScopeEventList *self,
                       guint64         sequence)
{
  guint index;
  guint n_rows;
  guint n_shown;

  g_return_if_fail (SCOPE_IS_EVENT_LIST (self));

  index = MIN (sequence - 1, self->records.n_items);
  if (sequence == 0 || index <= self->records.n_dropped)
    return;

  n_shown = scope_event_list_count_before (self, (guint64) index + 1);
  n_rows = scope_event_list_count_rows (self, MAX (self->first, self->records.n_dropped), index);
  _scope_ascending_drop_before (&self->shown, self->shown.n_dropped + n_shown);
  _scope_chunks_drop_before (&self->records, index);
  self->first = MAX (self->first, index);
  self->undo_first = MAX (self->undo_first, index);
  /* a search comes to it: its batches are in order */
  if (self->search == NULL)
    self->next = MAX (self->next, index);
  self->n_total -= n_rows;

  if (n_shown > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_shown, 0);
  if (n_shown > 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
  if (n_rows > 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TOTAL]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_DROPPED]);
  scope_event_list_update_scan (self);
}

/**
 * scope_event_list_get_n_dropped:
 * @self: a list
 *
 * Returns: how many entries were dropped: the first one that is there is the next
 */
guint64
scope_event_list_get_n_dropped (ScopeEventList *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), 0);

  return self->records.n_dropped;
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
          filter, scope_event_list_peek_record (self, self->records.n_dropped)->time_usec);
      self->filter = scope_filter_ref (filter);
      self->scan = scope_filter_scan_new (filter, self->names);
    }
  scope_event_list_start_over (self);
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
  scope_event_list_start_over (self);
}

static void
scope_event_list_set_first (ScopeEventList *self,
                            guint           first)
{
  if (self->first == first)
    return;

  self->first = first;
  scope_event_list_recount (self);
  scope_event_list_start_over (self);
}

/**
 * scope_event_list_clear:
 * @self: a list
 *
 * Hides every row there is now. They stay in the capture.
 */
void
scope_event_list_clear (ScopeEventList *self)
{
  g_return_if_fail (SCOPE_IS_EVENT_LIST (self));

  if (self->first == self->records.n_items)
    return;

  self->undo_first = self->first;
  scope_event_list_set_first (self, self->records.n_items);
}

/**
 * scope_event_list_undo_clear:
 * @self: a list
 *
 * Shows again what the last scope_event_list_clear() has hidden.
 */
void
scope_event_list_undo_clear (ScopeEventList *self)
{
  g_return_if_fail (SCOPE_IS_EVENT_LIST (self));

  scope_event_list_set_first (self, self->undo_first);
}

/**
 * scope_event_list_is_cleared:
 * @self: a list
 * @sequence: the number of a row
 *
 * Returns: whether scope_event_list_clear() has hidden it
 */
gboolean
scope_event_list_is_cleared (ScopeEventList *self,
                             guint64         sequence)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), FALSE);

  return sequence > self->records.n_dropped && sequence <= self->first;
}

/**
 * scope_event_list_find:
 * @self: a list
 * @sequence: a sequence number
 *
 * Returns: the position of that row, or, if it is not shown, of the first one shown after it; the
 *   number of rows if there is none
 */
guint
scope_event_list_find (ScopeEventList *self,
                       guint64         sequence)
{
  guint low = 0;
  guint high;

  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), 0);

  high = scope_event_list_count_shown (self);
  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if ((guint64) scope_event_list_peek_shown (self, middle) + 1 < sequence)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * scope_event_list_find_time:
 * @self: a list
 * @wall_usec: microseconds since 1970
 *
 * Rows stand in order of arrival; where the clock was set back, any row that fits may be found.
 *
 * Returns: the position of the first row at that time or later; the number of rows if there is none
 */
guint
scope_event_list_find_time (ScopeEventList *self,
                            gint64          wall_usec)
{
  guint low = 0;
  guint high;

  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), 0);

  high = scope_event_list_count_shown (self);
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      guint index = scope_event_list_peek_shown (self, middle);

      if (scope_event_list_peek_record (self, index)->time_usec < wall_usec)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * scope_event_list_set_marks:
 * @self: a list
 * @marks: the bookmarks that are on its rows
 */
void
scope_event_list_set_marks (ScopeEventList *self,
                            ScopeMarkList  *marks)
{
  g_return_if_fail (SCOPE_IS_EVENT_LIST (self));
  g_return_if_fail (SCOPE_IS_MARK_LIST (marks));

  g_set_object (&self->marks, marks);
}

/**
 * scope_event_list_dup_item:
 * @self: a list
 * @sequence: a sequence number
 *
 * Returns: (transfer full) (nullable): that row, whether it is shown or not
 */
ScopeEventItem *
scope_event_list_dup_item (ScopeEventList *self,
                           guint64         sequence)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), NULL);

  if (sequence <= self->records.n_dropped || sequence > self->records.n_items)
    return NULL;
  return _scope_event_item_new (self, sequence, scope_event_list_peek_record (self, sequence - 1),
                                -1);
}

/**
 * scope_event_list_dup_sequences:
 *
 * What is shown now, whatever comes later: 10 ms for a million rows.
 *
 * Returns: (transfer full) (element-type guint64): sequence numbers, in the order of the rows
 */
GArray *
scope_event_list_dup_sequences (ScopeEventList *self)
{
  GArray *sequences;
  guint n;

  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), NULL);

  n = scope_event_list_count_shown (self);
  sequences = g_array_sized_new (FALSE, FALSE, sizeof (guint64), n);
  for (guint i = 0; i < n; i++)
    {
      guint64 sequence = (guint64) scope_event_list_peek_shown (self, i) + 1;

      g_array_append_val (sequences, sequence);
    }
  return sequences;
}

/**
 * scope_event_list_get_n_total:
 * @self: a list
 *
 * Returns: how many rows there would be without the filter
 */
guint64
scope_event_list_get_n_total (ScopeEventList *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), 0);

  return self->n_total;
}

/**
 * scope_event_list_get_last:
 * @self: a list
 *
 * Returns: the sequence number of the last row that came, whatever the filter says; 0 before the first
 */
guint64
scope_event_list_get_last (ScopeEventList *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENT_LIST (self), 0);

  return self->records.n_items;
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
