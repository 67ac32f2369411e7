/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include "ui/scope-unlock-dialog.h"

/* Read-only profiles: leave to publish, for ten minutes, and its end. */

static void
scope_window_unlocked_cb (GObject      *object,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  scope_unlock_ask_finish (result);
}

static void
scope_window_unlock_cb (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session != NULL)
    scope_unlock_ask_async (widget, self->session, scope_window_unlocked_cb, NULL);
}

static void
scope_window_lock_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session != NULL)
    scope_session_lock_writing (self->session);
}

void
_scope_window_class_init_unlock (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.unlock", NULL, scope_window_unlock_cb);
  gtk_widget_class_install_action (widget_class, "win.lock", NULL, scope_window_lock_cb);
}
