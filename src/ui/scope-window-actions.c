/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n.h>

#include "capture/scope-filter-terms.h"
#include "ui/scope-publish-view.h"
#include "ui/scope-sign-in-dialog.h"
#include "ui/scope-subscribe-dialog.h"

/* Commands of a window. Menus, buttons and shortcuts know their names only; whether they are
 * possible is decided in one place, _scope_window_update_actions(). */

/* ---- connection ---- */

static void
scope_window_connect_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  _scope_window_connect (SCOPE_WINDOW (widget));
}

static void
scope_window_disconnect_cb (GtkWidget  *widget,
                            const char *action_name,
                            GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session != NULL)
    scope_session_disconnect (self->session);
}

/* ---- channels ---- */

static void
scope_window_subscribe (ScopeWindow *self)
{
  gtk_window_present (scope_subscribe_dialog_new (GTK_WINDOW (self), self->session));
}

/* With an app id presence channels are watched unseen, which takes the secrets: without them
 * subscribing would join, and be seen. */
static void
scope_window_subscribe_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  g_autofree char *app_id = NULL;

  if (self->session == NULL || scope_session_get_offline (self->session))
    return;
  g_object_get (scope_session_get_profile (self->session), "app-id", &app_id, NULL);
  if (app_id != NULL && *app_id != '\0')
    _scope_window_try_credentials (self, scope_window_subscribe);
  else
    scope_window_subscribe (self);
}

static void
scope_window_unsubscribe_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  const char *channel = g_variant_get_string (parameter, NULL);
  ScopeChannel *known =
      self->session != NULL ? scope_session_find_channel (self->session, channel) : NULL;
  g_autofree char *text = NULL;
  g_autofree char *undo = NULL;

  if (known == NULL)
    return;

  text = g_strdup_printf (scope_channel_get_unseen (known) ? _("%s is not watched any more")
                                                           : _("Unsubscribed from %s"),
                          channel);
  undo = g_action_print_detailed_name (scope_channel_get_unseen (known) ? "win.watch-unseen"
                                                                        : "win.resubscribe",
                                       parameter);
  scope_session_unsubscribe (self->session, channel);
  _scope_window_show_undo (self, text, undo, NULL, NULL, NULL);
}

static void
scope_window_resubscribe_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  g_autoptr (GError) error = NULL;

  if (self->session != NULL &&
      !scope_session_subscribe (self->session, g_variant_get_string (parameter, NULL), &error))
    _scope_window_show_toast (self, error->message);
}

static void
scope_window_filter_channel_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  g_autofree char *filter =
      scope_filter_format_term ("channel", g_variant_get_string (parameter, NULL));

  _scope_window_show_view (self, "events");
  scope_events_view_set_filter (self->events_view, filter);
}

static void
scope_window_show_members_cb (GtkWidget  *widget,
                              const char *action_name,
                              GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  _scope_window_show_view (self, "presence");
  scope_presence_view_show_channel (self->presence_view, g_variant_get_string (parameter, NULL));
}

static void
scope_window_compose_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  const char *channel;
  const char *event;
  const char *data;

  g_variant_get (parameter, "(&s&s&s)", &channel, &event, &data);
  _scope_window_show_view (self, "publish");
  scope_publish_view_compose (SCOPE_PUBLISH_VIEW (self->publish_view), channel, event, data);
}

static void
scope_window_sign_in_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  gtk_window_present (scope_sign_in_dialog_new (GTK_WINDOW (self), self->session));
}

static void
scope_window_release_brake_cb (GtkWidget  *widget,
                               const char *action_name,
                               GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  ScopeFootprint *footprint =
      self->session != NULL ? scope_session_get_footprint (self->session) : NULL;

  if (footprint != NULL)
    scope_footprint_set_released (footprint, TRUE);
}

/* ---- the event log ---- */

static void
scope_window_clear_cb (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session == NULL)
    return;
  scope_events_view_clear (self->events_view);
  self->cleared = TRUE;
  _scope_window_update_actions (self);
  _scope_window_show_undo (self, _("View cleared; the recording is kept"), "win.undo-clear", NULL,
                           NULL, NULL);
}

static void
scope_window_undo_clear_cb (GtkWidget  *widget,
                            const char *action_name,
                            GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session != NULL)
    scope_events_view_undo_clear (self->events_view);
  self->cleared = FALSE;
  _scope_window_update_actions (self);
}

static void
scope_window_jump_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  scope_events_view_jump_to_end (SCOPE_WINDOW (widget)->events_view);
}

static void
scope_window_focus_filter_cb (GtkWidget  *widget,
                              const char *action_name,
                              GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  _scope_window_show_view (self, "events");
  scope_events_view_focus_filter (self->events_view);
}

/* (mode, filter): "replace", "only" or "exclude" */
static void
scope_window_filter_cb (GtkWidget  *widget,
                        const char *action_name,
                        GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  const char *mode;
  const char *text;

  g_variant_get (parameter, "(&s&s)", &mode, &text);
  _scope_window_show_view (self, "events");
  scope_events_view_combine_filter (self->events_view, mode, text);
}

static void
scope_window_clear_filter_cb (GtkWidget  *widget,
                              const char *action_name,
                              GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  /* without a filter it is muting that hides, or that only some kind is shown */
  if (!scope_events_view_has_filter (self->events_view))
    {
      _scope_window_show_only (self, "");
      gtk_widget_activate_action (widget, "win.unmute-all", NULL);
    }
  scope_events_view_set_filter (self->events_view, "");
}

static void
scope_window_focus_log_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  scope_events_view_focus_log (SCOPE_WINDOW (widget)->events_view);
}

static void
scope_window_close_inspector_cb (GtkWidget  *widget,
                                 const char *action_name,
                                 GVariant   *parameter)
{
  scope_events_view_close_inspector (SCOPE_WINDOW (widget)->events_view);
}

static void
scope_window_copy_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  scope_events_view_copy (SCOPE_WINDOW (widget)->events_view,
                          g_variant_get_string (parameter, NULL));
}

/* ---- stateful actions ---- */

static void
scope_window_sidebar_cb (GSimpleAction *action,
                         GVariant      *state,
                         gpointer       user_data)
{
  _scope_window_set_sidebar (SCOPE_WINDOW (user_data), g_variant_get_boolean (state));
}

static void
scope_window_add_property_action (ScopeWindow *self,
                                  const char  *name,
                                  gpointer     object,
                                  const char  *property)
{
  g_autoptr (GPropertyAction) action = g_property_action_new (name, object, property);

  g_action_map_add_action (G_ACTION_MAP (self), G_ACTION (action));
}

void
_scope_window_bind_list (ScopeWindow *self)
{
  if (self->session != NULL)
    scope_window_add_property_action (self, "show-frames", scope_session_get_events (self->session),
                                      "show-frames");
  else
    g_action_map_remove_action (G_ACTION_MAP (self), "show-frames");
}

void
_scope_window_init_actions (ScopeWindow *self)
{
  static const GActionEntry entries[] = {
    { "sidebar", NULL, NULL, "true", scope_window_sidebar_cb },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
  scope_window_add_property_action (self, "show-view", self->view_stack, "visible-child-name");
  scope_window_add_property_action (self, "follow", self->events_view, "follow");
  scope_window_add_property_action (self, "pause", self->events_view, "paused");
  _scope_window_init_look (self);
  _scope_window_init_log (self);
}

void
_scope_window_class_init_actions (GtkWidgetClass *widget_class)
{
  static const struct
  {
    const char *name;
    const char *parameter;
    GtkWidgetActionActivateFunc activate;
  } actions[] = {
    { "win.connect", NULL, scope_window_connect_cb },
    { "win.disconnect", NULL, scope_window_disconnect_cb },
    { "win.subscribe", NULL, scope_window_subscribe_cb },
    { "win.unsubscribe", "s", scope_window_unsubscribe_cb },
    { "win.resubscribe", "s", scope_window_resubscribe_cb },
    { "win.filter-channel", "s", scope_window_filter_channel_cb },
    { "win.show-members", "s", scope_window_show_members_cb },
    { "win.compose", "(sss)", scope_window_compose_cb },
    { "win.sign-in", NULL, scope_window_sign_in_cb },
    { "win.release-brake", NULL, scope_window_release_brake_cb },
    { "win.clear", NULL, scope_window_clear_cb },
    { "win.undo-clear", NULL, scope_window_undo_clear_cb },
    { "win.jump-to-end", NULL, scope_window_jump_cb },
    { "win.filter", "(ss)", scope_window_filter_cb },
    { "win.focus-filter", NULL, scope_window_focus_filter_cb },
    { "win.clear-filter", NULL, scope_window_clear_filter_cb },
    { "win.focus-log", NULL, scope_window_focus_log_cb },
    { "win.close-inspector", NULL, scope_window_close_inspector_cb },
    { "win.copy", "s", scope_window_copy_cb },
  };

  _scope_window_class_init_look (widget_class);
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_class_install_action (widget_class, actions[i].name, actions[i].parameter,
                                     actions[i].activate);

  /* whatever has the focus comes first: buttons are pressed by it, and entries type it */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_space, 0, "win.pause", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "win.undo-clear",
                                       NULL);
}

static void
scope_window_enable_simple (ScopeWindow *self,
                            const char  *name,
                            gboolean     enabled)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), name);

  if (G_IS_SIMPLE_ACTION (action))
    g_simple_action_set_enabled (G_SIMPLE_ACTION (action), enabled);
}

void
_scope_window_update_actions (ScopeWindow *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean any = self->session != NULL;
  gboolean online = any && !scope_session_get_offline (self->session);
  GAction *sidebar = g_action_map_lookup_action (G_ACTION_MAP (self), "sidebar");

  gtk_widget_action_set_enabled (widget, "win.connect", online && self->gate == NULL);
  gtk_widget_action_set_enabled (widget, "win.disconnect", online);
  gtk_widget_action_set_enabled (widget, "win.doctor", online && self->gate == NULL);
  gtk_widget_action_set_enabled (widget, "win.subscribe", online);
  gtk_widget_action_set_enabled (widget, "win.discover", online);
  gtk_widget_action_set_enabled (widget, "win.unsubscribe", online);
  gtk_widget_action_set_enabled (widget, "win.compose", online);
  /* whether there is a secret to sign with is known when it was asked for */
  gtk_widget_action_set_enabled (widget, "win.sign-in", online && self->has_credentials);
  gtk_widget_action_set_enabled (widget, "win.clear", any);
  gtk_widget_action_set_enabled (widget, "win.undo-clear", any && self->cleared);
  gtk_widget_action_set_enabled (widget, "win.filter", any);
  gtk_widget_action_set_enabled (widget, "win.export-events", any);
  gtk_widget_action_set_enabled (widget, "win.save-copy", any);
  gtk_widget_action_set_enabled (widget, "win.focus-filter", any);
  gtk_widget_action_set_enabled (widget, "win.find", any);
  gtk_widget_action_set_enabled (widget, "win.find-next", any);
  gtk_widget_action_set_enabled (widget, "win.find-previous", any);
  gtk_widget_action_set_enabled (widget, "win.show-profiles", any);
  _scope_window_update_marks (self);
  gtk_widget_action_set_enabled (widget, "win.edit-current", _scope_window_is_saved (self));
  gtk_widget_action_set_enabled (widget, "win.export-current", _scope_window_is_saved (self));
  scope_window_enable_simple (self, "sidebar", any);
  scope_window_enable_simple (self, "show-only", any);
  if (sidebar != NULL)
    g_simple_action_set_state (G_SIMPLE_ACTION (sidebar),
                               g_variant_new_boolean (_scope_window_get_sidebar (self)));
}
