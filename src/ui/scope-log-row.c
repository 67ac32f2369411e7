/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-log-row"

#include "config.h"

#include "ui/scope-log-row.h"

struct _ScopeLogRow
{
  GObject parent_instance;

  GListModel *events;
  ScopeEventItem *item; /* once asked for */
  guint position;       /* among the events */
  gboolean is_stale;    /* the item may be that of another place, or told anew */
};

G_DEFINE_FINAL_TYPE (ScopeLogRow, scope_log_row, G_TYPE_OBJECT)

static void
scope_log_row_dispose (GObject *object)
{
  ScopeLogRow *self = SCOPE_LOG_ROW (object);

  g_clear_object (&self->item);
  g_clear_object (&self->events);

  G_OBJECT_CLASS (scope_log_row_parent_class)->dispose (object);
}

static void
scope_log_row_class_init (ScopeLogRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_log_row_dispose;
}

static void
scope_log_row_init (ScopeLogRow *self)
{
  self->position = G_MAXUINT;
}

/* What was read of the event is not read again: rows are told anew with each event that comes. */
static void
scope_log_row_update (ScopeLogRow *self)
{
  g_autoptr (ScopeEventItem) item = g_list_model_get_item (self->events, self->position);

  self->is_stale = FALSE;
  if (item != NULL && self->item != NULL && scope_event_item_is_unchanged (self->item, item))
    return;
  if (item != NULL && self->item != NULL)
    scope_event_item_inherit (item, self->item);
  g_set_object (&self->item, item);
}

/**
 * scope_log_row_new:
 * @events: of #ScopeEventItem; what the log shows
 *
 * Returns: (transfer full): a row without an event
 */
ScopeLogRow *
scope_log_row_new (GListModel *events)
{
  ScopeLogRow *self;

  g_return_val_if_fail (G_IS_LIST_MODEL (events), NULL);

  self = g_object_new (SCOPE_TYPE_LOG_ROW, NULL);
  self->events = g_object_ref (events);
  return self;
}

/**
 * scope_log_row_set_position:
 * @position: of its event
 *
 * The event that is there now is asked for when somebody wants to see it, also if the position is
 * what it was. It is the same item only if nothing about it has changed.
 */
void
scope_log_row_set_position (ScopeLogRow *self, guint position)
{
  g_return_if_fail (SCOPE_IS_LOG_ROW (self));

  self->position = position;
  self->is_stale = TRUE;
}

/**
 * scope_log_row_get_item:
 *
 * Returns: (transfer none) (nullable): its event
 */
ScopeEventItem *
scope_log_row_get_item (ScopeLogRow *self)
{
  g_return_val_if_fail (SCOPE_IS_LOG_ROW (self), NULL);

  if (self->item == NULL || self->is_stale)
    scope_log_row_update (self);
  return self->item;
}
