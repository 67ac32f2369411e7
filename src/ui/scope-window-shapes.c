/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include "ui/scope-schema-dialog.h"

/* What events look like: a memory for each session, the dialog, and what goes with a profile. */

static void
scope_window_show_schema_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  ScopeShapeMemory *memory = scope_events_view_get_shapes (self->events_view);
  const char *event = g_variant_get_string (parameter, NULL);

  if (memory != NULL)
    gtk_window_present (
      scope_schema_dialog_new (GTK_WINDOW (self), memory, *event != '\0' ? event : NULL));
}

void
_scope_window_class_init_shapes (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.show-schema", "s",
                                   scope_window_show_schema_cb);
}

/* Only a saved profile is remembered from session to session. */
void
_scope_window_update_shapes (ScopeWindow *self)
{
  g_autoptr (ScopeShapeMemory) memory = NULL;
  const char *id = NULL;

  _scope_window_show_only (self, "");
  if (self->profile != NULL && _scope_window_is_saved (self))
    id = scope_profile_get_id (self->profile);
  if (self->session != NULL)
    memory = scope_shape_memory_new (self->session, id);
  scope_events_view_set_shapes (self->events_view, memory);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-schema", memory != NULL);
}
