/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include "ui/scope-join-dialog.h"

/* Presence channels: joined, which everyone there sees, or watched unseen. */

static void
scope_window_join (ScopeWindow *self)
{
  g_autofree char *channel = g_steal_pointer (&self->join_channel);

  if (channel != NULL)
    gtk_window_present (scope_join_dialog_new (GTK_WINDOW (self), self->session, channel));
}

static void
scope_window_join_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session == NULL || scope_session_get_offline (self->session))
    return;
  g_free (self->join_channel);
  self->join_channel = g_variant_dup_string (parameter, NULL);
  _scope_window_try_credentials (self, scope_window_join);
}

static void
scope_window_watch_unseen_cb (GtkWidget  *widget,
                              const char *action_name,
                              GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  g_autoptr (GError) error = NULL;

  if (self->session != NULL &&
      !scope_session_watch_unseen (self->session, g_variant_get_string (parameter, NULL), &error))
    _scope_window_show_toast (self, error->message);
}

void
_scope_window_class_init_presence (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.join", "s", scope_window_join_cb);
  gtk_widget_class_install_action (widget_class, "win.watch-unseen", "s", scope_window_watch_unseen_cb);
}
