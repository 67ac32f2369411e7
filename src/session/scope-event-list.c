/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-list"

#include "config.h"

#include "session/scope-event-list-rows.h"

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

static GType
scope_event_list_get_item_type (GListModel *model)
{
  return SCOPE_TYPE_EVENT_ITEM;
}

static guint
scope_event_list_get_n_items (GListModel *model)
{
  return _scope_event_list_count_shown (SCOPE_EVENT_LIST (model));
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

  record = _scope_event_list_peek_record (self, _scope_event_list_peek_shown (self, position));
  before = _scope_event_list_peek_record (self, _scope_event_list_peek_shown (self, position - 1));
  return MAX (record->time_usec - before->time_usec, 0);
}

static gpointer
scope_event_list_get_item (GListModel *model,
                           guint       position)
{
  ScopeEventList *self = SCOPE_EVENT_LIST (model);
  guint index;

  if (position >= _scope_event_list_count_shown (self))
    return NULL;

  index = _scope_event_list_peek_shown (self, position);
  return _scope_event_item_new (self, (guint64) index + 1,
                                _scope_event_list_peek_record (self, index),
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

/* Changes */

void
_scope_event_list_announce (ScopeEventList *self,
                            guint           position,
                            guint           n_removed,
                            guint           n_added)
{
  if (n_removed > 0 || n_added > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), position, n_removed, n_added);
  if (n_removed != n_added)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

void
_scope_event_list_notify_filtering (ScopeEventList *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTERING]);
}

static guint
scope_event_list_count_rows (ScopeEventList *self,
                             guint           from,
                             guint           to)
{
  guint n = 0;

  for (guint i = from; i < to; i++)
    if (!_scope_event_list_hides (self, i))
      n++;
  return n;
}

static void
scope_event_list_recount (ScopeEventList *self)
{
  guint from = MAX (self->first, self->records.n_dropped);
  guint64 n_total = scope_event_list_count_rows (self, from, self->records.n_items);

  if (self->n_total == n_total)
    return;
  self->n_total = n_total;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TOTAL]);
}

static void
scope_event_list_set_show_frames (ScopeEventList *self,
                                  gboolean        show_frames)
{
  if (self->show_frames == show_frames)
    return;

  self->show_frames = show_frames;
  scope_event_list_recount (self);
  _scope_event_list_start_over (self);
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
      g_value_set_uint (value, _scope_event_list_count_shown (self));
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

  _scope_event_list_stop_scan (self);
  g_clear_object (&self->capture);
  g_clear_object (&self->marks);
  g_clear_object (&self->learnt);

  G_OBJECT_CLASS (scope_event_list_parent_class)->dispose (object);
}

static void
scope_event_list_finalize (GObject *object)
{
  ScopeEventList *self = SCOPE_EVENT_LIST (object);

  _scope_kept_entries_clear (&self->kept);
  _scope_event_list_free_scan (self);
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
  _scope_kept_entries_init (&self->kept);
  _scope_chunks_init (&self->records, sizeof (ScopeRecord));
  _scope_ascending_init (&self->shown);
}

void
_scope_event_list_set_learnt_names (ScopeEventList   *self,
                                    ScopeLearntNames *names)
{
  g_set_object (&self->learnt, names);
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
  if (!_scope_event_list_hides (self, self->records.n_items - 1))
    self->n_total++;
}

static void
scope_event_list_finish_append (ScopeEventList *self,
                                guint64         old_total)
{
  _scope_event_list_scan_appended (self);
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
      _scope_kept_entries_add_recent (&self->kept, entries[i]);
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
      _scope_kept_entries_add_waiting (&self->kept, entries[i]);
    }
  scope_event_list_append (self, records, n_entries);
}

void
_scope_event_list_set_recorded (ScopeEventList *self,
                                guint64         up_to)
{
  _scope_kept_entries_set_recorded (&self->kept, up_to);
}

/* What was shown of the records up to there. */
static guint
scope_event_list_count_before (ScopeEventList *self,
                               guint64         sequence)
{
  return MIN (scope_event_list_find (self, sequence), _scope_event_list_count_shown (self));
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

  _scope_event_list_announce (self, 0, n_shown, 0);
  if (n_rows > 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TOTAL]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_DROPPED]);
  _scope_event_list_update_scan (self);
}

static void
scope_event_list_set_first (ScopeEventList *self,
                            guint           first)
{
  if (self->first == first)
    return;

  self->first = first;
  scope_event_list_recount (self);
  _scope_event_list_start_over (self);
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
