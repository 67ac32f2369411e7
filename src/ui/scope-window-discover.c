/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include "ui/scope-discover-dialog.h"

static void
scope_window_discover (ScopeWindow *self)
{
  if (self->discover == NULL)
    g_set_weak_pointer (&self->discover, scope_discover_dialog_new (GTK_WINDOW (self), self->session));
  gtk_window_present (self->discover);
}

static void
scope_window_discover_cb (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session == NULL || scope_session_get_offline (self->session))
    return;
  _scope_window_try_credentials (self, scope_window_discover);
}

/* It speaks of the session before. */
void
_scope_window_close_discover (ScopeWindow *self)
{
  if (self->discover != NULL)
    gtk_window_destroy (self->discover);
  g_clear_weak_pointer (&self->discover);
}

void
_scope_window_class_init_discover (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.discover", NULL, scope_window_discover_cb);
}
