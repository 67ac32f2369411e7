/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include "ui/scope-connection-view.h"

/* Finding out why a connection does not work; without its secrets the doctor could not tell much. */

static void
scope_window_run_doctor (ScopeWindow *self)
{
  scope_connection_view_run_doctor (SCOPE_CONNECTION_VIEW (self->connection_view));
}

static void
scope_window_doctor_cb (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session == NULL || scope_session_get_offline (self->session))
    return;
  _scope_window_show_view (self, "connection");
  _scope_window_with_credentials (self, scope_window_run_doctor);
}

void
_scope_window_class_init_doctor (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.doctor", NULL, scope_window_doctor_cb);
}
