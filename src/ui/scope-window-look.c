/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include "ui/scope-colors-dialog.h"
#include "ui/scope-columns-dialog.h"
#include "ui/scope-ui-util.h"

/* Commands about how the log is looked at: finding, columns, colors; where the keys go. */

static void
scope_window_find_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  _scope_window_show_view (self, "events");
  scope_events_view_find (self->events_view);
}

static void
scope_window_find_step_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  _scope_window_show_view (self, "events");
  scope_events_view_find_step (self->events_view, g_str_equal (action_name, "win.find-next"));
}

static void
scope_window_columns_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  scope_columns_dialog_present (GTK_WINDOW (self),
                                self->session != NULL ? scope_session_get_events (self->session) : NULL);
}

static void
scope_window_hide_column_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  scope_columns_hide (g_variant_get_string (parameter, NULL));
}

static void
scope_window_reset_columns_cb (GtkWidget  *widget,
                               const char *action_name,
                               GVariant   *parameter)
{
  scope_columns_reset ();
}

static void
scope_window_log_colors_cb (GtkWidget  *widget,
                            const char *action_name,
                            GVariant   *parameter)
{
  scope_colors_dialog_present (GTK_WINDOW (widget), "", "");
}

/* (name, filter) of a rule to begin with */
static void
scope_window_add_color_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  const char *name;
  const char *filter;

  g_variant_get (parameter, "(&s&s)", &name, &filter);
  scope_colors_dialog_present (GTK_WINDOW (widget), name, filter);
}

/* GTK leaves the focus on the item of a submenu whose popover is gone, when the item opened a dialog
 * meanwhile; no key would reach the window then. It belongs on the button of the menu. */
static void
scope_window_active_cb (ScopeWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));

  if (!gtk_window_is_active (GTK_WINDOW (self)) || focus == NULL || gtk_widget_get_mapped (focus))
    return;
  while (focus != NULL && !gtk_widget_get_mapped (focus))
    focus = gtk_widget_get_parent (focus);
  if (focus == NULL || !gtk_widget_grab_focus (focus))
    gtk_window_set_focus (GTK_WINDOW (self), NULL);
}

void
_scope_window_class_init_look (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.find", NULL, scope_window_find_cb);
  gtk_widget_class_install_action (widget_class, "win.find-next", NULL, scope_window_find_step_cb);
  gtk_widget_class_install_action (widget_class, "win.find-previous", NULL,
                                   scope_window_find_step_cb);
  gtk_widget_class_install_action (widget_class, "win.columns", NULL, scope_window_columns_cb);
  gtk_widget_class_install_action (widget_class, "win.log-colors", NULL, scope_window_log_colors_cb);
  gtk_widget_class_install_action (widget_class, "win.add-color", "(ss)", scope_window_add_color_cb);
  gtk_widget_class_install_action (widget_class, "win.hide-column", "s",
                                   scope_window_hide_column_cb);
  gtk_widget_class_install_action (widget_class, "win.reset-columns", NULL,
                                   scope_window_reset_columns_cb);
}

void
_scope_window_init_look (ScopeWindow *self)
{
  GSettings *settings = scope_ui_get_settings ();
  g_autoptr (GAction) time = NULL;

  g_signal_connect (self, "notify::is-active", G_CALLBACK (scope_window_active_cb), NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.columns", settings != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.log-colors", settings != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.add-color", settings != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.hide-column", settings != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.reset-columns", settings != NULL);
  if (settings == NULL)
    return;
  time = g_settings_create_action (settings, "log-time");
  g_action_map_add_action (G_ACTION_MAP (self), time);
}
