/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-log-rows"

#include "config.h"

#include "ui/scope-log-rows.h"

/* The widgets of a row take half a millisecond: they come a few at a time. */
#define STEP_ROWS 4

struct _ScopeLogRows
{
  GObject parent_instance;

  GtkSingleSelection *events; /* all of them, and which is selected */
  GPtrArray *rows;            /* of ScopeLogRow */
  guint first;                /* the event in the first row */
  guint sight;                /* how many there was room for in the window at most */
  guint selected;             /* the row, as was announced; or GTK_INVALID_LIST_POSITION */
  gboolean growing;           /* rows are missing: scope_log_rows_grow() is going to be called */
};

static void
scope_log_rows_model_init (GListModelInterface *iface);
static void
scope_log_rows_selection_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeLogRows,
                               scope_log_rows,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, scope_log_rows_model_init)
                                   G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                          scope_log_rows_selection_init))

static guint
scope_log_rows_count_events (ScopeLogRows *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->events));
}

/* ---- the selection ---- */

/* The row that has the selected event, or GTK_INVALID_LIST_POSITION. */
static guint
scope_log_rows_find_selected (ScopeLogRows *self)
{
  guint selected = gtk_single_selection_get_selected (self->events);

  if (selected == GTK_INVALID_LIST_POSITION || selected < self->first
      || selected - self->first >= self->rows->len)
    return GTK_INVALID_LIST_POSITION;
  return selected - self->first;
}

static void
scope_log_rows_update_selected (ScopeLogRows *self)
{
  guint before = self->selected;

  self->selected = scope_log_rows_find_selected (self);
  if (self->selected == before)
    return;
  if (before < self->rows->len)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), before, 1);
  if (self->selected < self->rows->len)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), self->selected, 1);
}

static gboolean
scope_log_rows_is_selected (GtkSelectionModel *model, guint position)
{
  return position == SCOPE_LOG_ROWS (model)->selected && position != GTK_INVALID_LIST_POSITION;
}

static GtkBitset *
scope_log_rows_get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  ScopeLogRows *self = SCOPE_LOG_ROWS (model);
  GtkBitset *bitset = gtk_bitset_new_empty ();

  if (self->selected < self->rows->len)
    gtk_bitset_add (bitset, self->selected);
  return bitset;
}

static gboolean
scope_log_rows_select_item (GtkSelectionModel *model, guint position, gboolean unselect_rest)
{
  ScopeLogRows *self = SCOPE_LOG_ROWS (model);

  if (position < self->rows->len)
    gtk_single_selection_set_selected (self->events, self->first + position);
  return TRUE;
}

static gboolean
scope_log_rows_unselect_item (GtkSelectionModel *model, guint position)
{
  if (scope_log_rows_is_selected (model, position))
    gtk_single_selection_set_selected (SCOPE_LOG_ROWS (model)->events, GTK_INVALID_LIST_POSITION);
  return TRUE;
}

static void
scope_log_rows_selection_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = scope_log_rows_is_selected;
  iface->get_selection_in_range = scope_log_rows_get_selection_in_range;
  iface->select_item = scope_log_rows_select_item;
  iface->unselect_item = scope_log_rows_unselect_item;
}

/* ---- the rows ---- */

static void
scope_log_rows_place (ScopeLogRows *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    scope_log_row_set_position (g_ptr_array_index (self->rows, i), self->first + i);
}

static guint
scope_log_rows_get_max_first (ScopeLogRows *self)
{
  guint n_events = scope_log_rows_count_events (self);

  return n_events - MIN (self->rows->len, n_events);
}

static void
scope_log_rows_shrink (ScopeLogRows *self, guint n_rows)
{
  guint removed = self->rows->len - n_rows;

  if (self->selected != GTK_INVALID_LIST_POSITION && self->selected >= n_rows)
    self->selected = GTK_INVALID_LIST_POSITION;
  g_ptr_array_set_size (self->rows, n_rows);
  self->first = MIN (self->first, scope_log_rows_get_max_first (self));
  scope_log_rows_place (self);
  g_list_model_items_changed (G_LIST_MODEL (self), n_rows, removed, 0);
}

/* Always behind those there are, and the events slide if there are none after the last row's: of a row
 * that comes before others GTK computes the style of all of them anew. */
static void
scope_log_rows_append (ScopeLogRows *self,
                       guint         n)
{
  guint position = self->rows->len;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (self->rows, scope_log_row_new (G_LIST_MODEL (self->events)));
  self->first = MIN (self->first, scope_log_rows_get_max_first (self));
  scope_log_rows_place (self);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, n);
}

/* Takes rows away, or adds some. */
static void
scope_log_rows_resize (ScopeLogRows *self, guint n_rows)
{
  self->first = MIN (self->first, scope_log_rows_get_max_first (self));
  if (n_rows < self->rows->len)
    scope_log_rows_shrink (self, n_rows);
  else if (n_rows > self->rows->len)
    scope_log_rows_append (self, n_rows - self->rows->len);
}

static guint
scope_log_rows_count_wanted (ScopeLogRows *self)
{
  guint wanted = CLAMP (2 * self->sight, SCOPE_MIN_LOG_ROWS, SCOPE_MAX_LOG_ROWS);

  return MIN (scope_log_rows_count_events (self), wanted);
}

static gboolean
scope_log_rows_fit (ScopeLogRows *self,
                    guint         n_new)
{
  guint wanted = scope_log_rows_count_wanted (self);

  scope_log_rows_resize (self, MIN (wanted, self->rows->len + n_new));
  scope_log_rows_place (self);
  scope_log_rows_update_selected (self);
  self->growing = self->rows->len < wanted;
  return self->growing;
}

static GType
scope_log_rows_get_item_type (GListModel *model)
{
  return SCOPE_TYPE_LOG_ROW;
}

static guint
scope_log_rows_get_n_items (GListModel *model)
{
  return SCOPE_LOG_ROWS (model)->rows->len;
}

static gpointer
scope_log_rows_get_item (GListModel *model, guint position)
{
  ScopeLogRows *self = SCOPE_LOG_ROWS (model);

  return position < self->rows->len ? g_object_ref (g_ptr_array_index (self->rows, position))
                                    : NULL;
}

static void
scope_log_rows_model_init (GListModelInterface *iface)
{
  iface->get_item_type = scope_log_rows_get_item_type;
  iface->get_n_items = scope_log_rows_get_n_items;
  iface->get_item = scope_log_rows_get_item;
}

/* ---- class ---- */

static void
scope_log_rows_finalize (GObject *object)
{
  ScopeLogRows *self = SCOPE_LOG_ROWS (object);

  g_ptr_array_unref (self->rows);
  g_object_unref (self->events);

  G_OBJECT_CLASS (scope_log_rows_parent_class)->finalize (object);
}

static void
scope_log_rows_class_init (ScopeLogRowsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = scope_log_rows_finalize;
}

static void
scope_log_rows_init (ScopeLogRows *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->selected = GTK_INVALID_LIST_POSITION;
}

/**
 * scope_log_rows_new:
 * @events: of #ScopeEventItem; all that the log shows
 *
 * Returns: (transfer full): no rows yet, see scope_log_rows_update()
 */
ScopeLogRows *
scope_log_rows_new (GtkSingleSelection *events)
{
  ScopeLogRows *self;

  g_return_val_if_fail (GTK_IS_SINGLE_SELECTION (events), NULL);

  self = g_object_new (SCOPE_TYPE_LOG_ROWS, NULL);
  self->events = g_object_ref (events);
  g_signal_connect_object (events, "notify::selected", G_CALLBACK (scope_log_rows_update_selected),
                           self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * scope_log_rows_get_first:
 *
 * Returns: the position of the event in the first row
 */
guint
scope_log_rows_get_first (ScopeLogRows *self)
{
  g_return_val_if_fail (SCOPE_IS_LOG_ROWS (self), 0);

  return self->first;
}

/**
 * scope_log_rows_set_first:
 * @first: the event to be in the first row, or as near as there are events after it for all rows
 *
 * Returns: whether there are other events in the rows now
 */
gboolean
scope_log_rows_set_first (ScopeLogRows *self, guint first)
{
  g_return_val_if_fail (SCOPE_IS_LOG_ROWS (self), FALSE);

  first = MIN (first, scope_log_rows_get_max_first (self));
  if (first == self->first)
    return FALSE;
  self->first = first;
  scope_log_rows_place (self);
  scope_log_rows_update_selected (self);
  return TRUE;
}

/**
 * scope_log_rows_set_sight:
 * @sight: how many rows there is room for in the window
 *
 * There are twice as many, so that not each move of the window's leaves them. They stay when there is
 * less room again.
 *
 * Returns: whether scope_log_rows_grow() is to be called
 */
gboolean
scope_log_rows_set_sight (ScopeLogRows *self,
                          guint         sight)
{
  g_return_val_if_fail (SCOPE_IS_LOG_ROWS (self), FALSE);

  self->sight = CLAMP (sight, self->sight, SCOPE_MAX_LOG_ROWS);
  self->growing = self->rows->len < scope_log_rows_count_wanted (self);
  return self->growing;
}

/**
 * scope_log_rows_update:
 * @first: as for scope_log_rows_set_first()
 *
 * To be called when the events have changed. Rows that become too many go at once, a few of those that
 * are missing come at once.
 *
 * Returns: whether scope_log_rows_grow() is to be called for the others
 */
gboolean
scope_log_rows_update (ScopeLogRows *self,
                       guint         first)
{
  g_return_val_if_fail (SCOPE_IS_LOG_ROWS (self), FALSE);

  self->first = first;
  return scope_log_rows_fit (self, self->growing ? 0 : STEP_ROWS);
}

/**
 * scope_log_rows_grow:
 *
 * Makes a few of the rows that are missing. The events slide if there are none for them after the last
 * row's.
 *
 * Returns: whether it is to be called again
 */
gboolean
scope_log_rows_grow (ScopeLogRows *self)
{
  g_return_val_if_fail (SCOPE_IS_LOG_ROWS (self), FALSE);

  return scope_log_rows_fit (self, STEP_ROWS);
}
