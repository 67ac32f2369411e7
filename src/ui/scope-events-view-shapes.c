/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-events-view"

#include "config.h"

#include "ui/scope-events-view-private.h"

/* Of the selected row. */
void
_scope_events_view_show_schema (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (widget);
  ScopeEventItem *item = gtk_single_selection_get_selected_item (self->selection);
  const char *event = item != NULL ? scope_event_item_get_event (item) : NULL;

  if (event != NULL)
    gtk_widget_activate_action (widget, "win.show-schema", "s", event);
}

/**
 * scope_events_view_set_shapes:
 * @shapes: (nullable): what flags the rows of the session that is shown
 */
void
scope_events_view_set_shapes (ScopeEventsView  *self,
                              ScopeShapeMemory *shapes)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));
  g_return_if_fail (shapes == NULL || SCOPE_IS_SHAPE_MEMORY (shapes));

  g_set_object (&self->shapes, shapes);
  scope_event_columns_set_shapes (self->columns, shapes);
}

/**
 * scope_events_view_get_shapes:
 *
 * Returns: (transfer none) (nullable): what flags its rows
 */
ScopeShapeMemory *
scope_events_view_get_shapes (ScopeEventsView *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENTS_VIEW (self), NULL);

  return self->shapes;
}
