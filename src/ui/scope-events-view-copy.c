/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-events-view"

#include "config.h"

#include "ui/scope-events-view-private.h"

#include "ui/scope-entry-copy.h"

/* "events.copy-ndjson" and "events.copy-csv": the selected row as it is exported. */

static void
scope_events_view_copy_row_cb (GtkWidget  *widget,
                               const char *action_name,
                               GVariant   *parameter)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (widget);
  ScopeEventItem *item = gtk_single_selection_get_selected_item (self->selection);
  gboolean as_csv = g_str_equal (action_name, "events.copy-csv");

  if (item == NULL)
    return;
  /* what is asked for last is what is to be in the clipboard */
  _scope_events_view_stop_copying (self);
  self->copying = g_cancellable_new ();
  scope_entry_copy_row (widget, item, scope_session_get_names (self->session),
                        as_csv ? "csv" : "ndjson", self->copying);
}

void
_scope_events_view_stop_copying (ScopeEventsView *self)
{
  g_cancellable_cancel (self->copying);
  g_clear_object (&self->copying);
}

/* Gaps and frames are no lines. */
void
_scope_events_view_update_copy (ScopeEventsView *self,
                                ScopeEventItem  *item)
{
  guint8 kind = item != NULL ? scope_event_item_get_record (item)->kind : SCOPE_ENTRY_FRAME;
  gboolean is_line = kind != SCOPE_ENTRY_FRAME && kind != SCOPE_ENTRY_GAP;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "events.copy-ndjson", is_line);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "events.copy-csv", is_line);
}

void
_scope_events_view_class_init_copy (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "events.copy-ndjson", NULL, scope_events_view_copy_row_cb);
  gtk_widget_class_install_action (widget_class, "events.copy-csv", NULL, scope_events_view_copy_row_cb);
}
