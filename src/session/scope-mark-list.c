/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-mark-list"

#include "config.h"

#include "session/scope-mark-list.h"

struct _ScopeMarkItem
{
  GObject parent_instance;

  guint64 sequence;
  char *note;
};

struct _ScopeMarkList
{
  GObject parent_instance;

  GPtrArray *items; /* of ScopeMarkItem, in order */
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void scope_mark_list_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE (ScopeMarkItem, scope_mark_item, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeMarkList, scope_mark_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      scope_mark_list_iface_init))

/* --- items --- */

static void
scope_mark_item_finalize (GObject *object)
{
  g_free (SCOPE_MARK_ITEM (object)->note);

  G_OBJECT_CLASS (scope_mark_item_parent_class)->finalize (object);
}

static void
scope_mark_item_class_init (ScopeMarkItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_mark_item_finalize;
}

static void
scope_mark_item_init (ScopeMarkItem *self)
{
}

static ScopeMarkItem *
scope_mark_item_new (guint64     sequence,
                     const char *note)
{
  ScopeMarkItem *self = g_object_new (SCOPE_TYPE_MARK_ITEM, NULL);

  self->sequence = sequence;
  self->note = g_strdup (note);
  return self;
}

/**
 * scope_mark_item_get_sequence:
 *
 * Returns: the number of the row it is on
 */
guint64
scope_mark_item_get_sequence (ScopeMarkItem *self)
{
  g_return_val_if_fail (SCOPE_IS_MARK_ITEM (self), 0);

  return self->sequence;
}

/**
 * scope_mark_item_get_note:
 *
 * Returns: (transfer none): what was written beside it, "" for nothing
 */
const char *
scope_mark_item_get_note (ScopeMarkItem *self)
{
  g_return_val_if_fail (SCOPE_IS_MARK_ITEM (self), "");

  return self->note;
}

/* --- the list --- */

static GType
scope_mark_list_get_item_type (GListModel *model)
{
  return SCOPE_TYPE_MARK_ITEM;
}

static guint
scope_mark_list_get_n_items (GListModel *model)
{
  return SCOPE_MARK_LIST (model)->items->len;
}

static gpointer
scope_mark_list_get_item (GListModel *model,
                          guint       position)
{
  ScopeMarkList *self = SCOPE_MARK_LIST (model);

  return position < self->items->len ? g_object_ref (g_ptr_array_index (self->items, position))
                                     : NULL;
}

static void
scope_mark_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = scope_mark_list_get_item_type;
  iface->get_n_items = scope_mark_list_get_n_items;
  iface->get_item = scope_mark_list_get_item;
}

static void
scope_mark_list_finalize (GObject *object)
{
  g_ptr_array_unref (SCOPE_MARK_LIST (object)->items);

  G_OBJECT_CLASS (scope_mark_list_parent_class)->finalize (object);
}

static void
scope_mark_list_class_init (ScopeMarkListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_mark_list_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_MARK_LIST, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT64);
}

static void
scope_mark_list_init (ScopeMarkList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
}

static ScopeMarkItem *
scope_mark_list_lookup (ScopeMarkList *self,
                        guint64        sequence)
{
  guint position = scope_mark_list_find (self, sequence);
  ScopeMarkItem *item = NULL;

  if (position < self->items->len)
    item = g_ptr_array_index (self->items, position);
  return item != NULL && item->sequence == sequence ? item : NULL;
}

void
_scope_mark_list_set (ScopeMarkList *self,
                      guint64        sequence,
                      const char    *note)
{
  guint position = scope_mark_list_find (self, sequence);
  guint removed = scope_mark_list_lookup (self, sequence) != NULL;
  guint added = note != NULL;

  if (removed)
    g_ptr_array_remove_index (self->items, position);
  if (added)
    g_ptr_array_insert (self->items, position, scope_mark_item_new (sequence, note));
  if (removed || added)
    g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
  g_signal_emit (self, signals[CHANGED], 0, sequence);
}

void
_scope_mark_list_set_all (ScopeMarkList *self,
                          GPtrArray     *marks)
{
  guint removed = self->items->len;

  g_ptr_array_set_size (self->items, 0);
  for (guint i = 0; i < marks->len; i++)
    {
      const ScopeMark *mark = g_ptr_array_index (marks, i);

      g_ptr_array_add (self->items, scope_mark_item_new (mark->sequence, mark->note));
    }
  if (removed > 0 || marks->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, removed, marks->len);
  g_signal_emit (self, signals[CHANGED], 0, G_GUINT64_CONSTANT (0));
}

/**
 * scope_mark_list_new:
 *
 * Returns: (transfer full): an empty list
 */
ScopeMarkList *
scope_mark_list_new (void)
{
  return g_object_new (SCOPE_TYPE_MARK_LIST, NULL);
}

/**
 * scope_mark_list_get_note:
 * @sequence: the number of a row
 *
 * Returns: (transfer none) (nullable): the note of the bookmark on that row, "" if it has none;
 *   %NULL if there is no bookmark
 */
const char *
scope_mark_list_get_note (ScopeMarkList *self,
                          guint64        sequence)
{
  ScopeMarkItem *item;

  g_return_val_if_fail (SCOPE_IS_MARK_LIST (self), NULL);

  item = scope_mark_list_lookup (self, sequence);
  return item != NULL ? item->note : NULL;
}

/**
 * scope_mark_list_find:
 * @sequence: the number of a row
 *
 * Returns: the position of its bookmark, or of the first one behind it; the number of bookmarks if
 *   there is none
 */
guint
scope_mark_list_find (ScopeMarkList *self,
                      guint64        sequence)
{
  guint low = 0;
  guint high;

  g_return_val_if_fail (SCOPE_IS_MARK_LIST (self), 0);

  high = self->items->len;
  while (low < high)
    {
      guint middle = low + (high - low) / 2;
      const ScopeMarkItem *item = g_ptr_array_index (self->items, middle);

      if (item->sequence < sequence)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

/**
 * scope_mark_list_get_sequence:
 * @position: of a bookmark
 *
 * Returns: the number of the row it is on; 0 if there is none at that position
 */
guint64
scope_mark_list_get_sequence (ScopeMarkList *self,
                              guint          position)
{
  const ScopeMarkItem *item;

  g_return_val_if_fail (SCOPE_IS_MARK_LIST (self), 0);

  if (position >= self->items->len)
    return 0;
  item = g_ptr_array_index (self->items, position);
  return item->sequence;
}

static guint64
scope_mark_list_next (gpointer source,
                      guint64  sequence)
{
  ScopeMarkList *self = source;

  return scope_mark_list_get_sequence (self, scope_mark_list_find (self, sequence));
}

/**
 * scope_mark_list_new_picks:
 *
 * Returns: (transfer full): the rows that have a bookmark
 */
ScopePicks *
scope_mark_list_new_picks (ScopeMarkList *self)
{
  g_return_val_if_fail (SCOPE_IS_MARK_LIST (self), NULL);

  return scope_picks_new (self, "changed", scope_mark_list_next);
}
