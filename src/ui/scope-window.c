/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n.h>

#include "ui/scope-connection-view.h"
#include "ui/scope-publish-view.h"
#include "ui/scope-statistics-view.h"
#include "ui/scope-ui-util.h"
#include "ui/scope-unlock-bar.h"

/* How long an Undo stays; its work is done for good when it goes. */
#define UNDO_SECONDS 10
/* a text is there for at least so long, and for as long as reading it takes */
#define TEXT_SECONDS 5
#define READ_CHARS_PER_SECOND 10

G_DEFINE_FINAL_TYPE (ScopeWindow, scope_window, ADW_TYPE_APPLICATION_WINDOW)

/* ---- toasts ---- */

static void
scope_window_toast_gone_cb (ScopeWindow *self)
{
  self->n_toasts--;
  if (self->n_toasts == 0 && self->events_view != NULL)
    scope_events_view_set_raised (self->events_view, FALSE);
}

/* While there is a toast, what lies below it is lifted. */
static void
scope_window_add_toast (ScopeWindow *self,
                        AdwToast    *toast)
{
  self->n_toasts++;
  scope_events_view_set_raised (self->events_view, TRUE);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (scope_window_toast_gone_cb), self,
                           G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

void
_scope_window_show_toast (ScopeWindow *self,
                          const char  *text)
{
  AdwToast *toast = scope_ui_toast_new (GTK_WIDGET (self), text, NULL);
  guint n_seconds = g_utf8_strlen (text, -1) / READ_CHARS_PER_SECOND;

  adw_toast_set_timeout (toast, CLAMP (n_seconds, TEXT_SECONDS, 2 * UNDO_SECONDS));
  scope_window_add_toast (self, toast);
}

void
_scope_window_show_offer (ScopeWindow *self,
                          const char  *text,
                          const char  *label,
                          const char  *detailed_action)
{
  AdwToast *toast = scope_ui_toast_new (GTK_WIDGET (self), text, label);

  adw_toast_set_detailed_action_name (toast, detailed_action);
  adw_toast_set_timeout (toast, UNDO_SECONDS);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  scope_window_add_toast (self, toast);
}

void
_scope_window_show_undo (ScopeWindow    *self,
                         const char     *text,
                         const char     *detailed_action,
                         GCallback       dismissed,
                         gpointer        user_data,
                         GClosureNotify  destroy)
{
  AdwToast *toast = scope_ui_toast_new (GTK_WIDGET (self), text, _("Undo"));

  adw_toast_set_detailed_action_name (toast, detailed_action);
  adw_toast_set_timeout (toast, UNDO_SECONDS);
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  if (dismissed != NULL)
    g_signal_connect_data (toast, "dismissed", dismissed, user_data, destroy, 0);
  scope_window_add_toast (self, toast);
}

/* ---- layout ---- */

static gboolean
scope_window_shows_session (ScopeWindow *self)
{
  return g_strcmp0 (gtk_stack_get_visible_child_name (self->pages), "session") == 0;
}

/* One widget in two places, so that no view has two buttons. */
static void
scope_window_place_switcher (ScopeWindow *self,
                             gboolean     in_header)
{
  GtkBox *slot = in_header ? self->header_slot : self->bottom_slot;
  g_autoptr (GtkWidget) switcher = g_object_ref (self->switcher);

  if (gtk_widget_get_parent (switcher) != GTK_WIDGET (slot))
    {
      gtk_box_remove (GTK_BOX (gtk_widget_get_parent (switcher)), switcher);
      gtk_box_append (slot, switcher);
    }
  gtk_widget_set_hexpand (switcher, !in_header);
  gtk_widget_set_halign (switcher, in_header ? GTK_ALIGN_CENTER : GTK_ALIGN_FILL);
}

/* Where their names have no room together, the views’ buttons show icons; GTK gives them the names
 * as tooltips and for screen readers. */
static void
scope_window_set_icons (ScopeWindow *self,
                        gboolean     icons)
{
  static const struct
  {
    const char *view;
    const char *icon;
  } views[] = {
    { "events", "view-list-symbolic" },
    { "presence", "system-users-symbolic" },
    { "connection", "network-transmit-receive-symbolic" },
    { "publish", "mail-send-symbolic" },
    { "statistics", "scope-statistics-symbolic" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (views); i++)
    {
      GtkWidget *view = gtk_stack_get_child_by_name (self->view_stack, views[i].view);

      gtk_stack_page_set_icon_name (gtk_stack_get_page (self->view_stack, view),
                                    icons ? views[i].icon : NULL);
    }
}

void
_scope_window_update_layout (ScopeWindow *self)
{
  gboolean narrow = scope_adaptive_bin_get_narrow (self->bin);
  gboolean wide = scope_adaptive_bin_get_wide (self->bin);
  gboolean session = scope_window_shows_session (self);

  scope_window_place_switcher (self, wide);
  scope_window_set_icons (self, scope_adaptive_bin_get_tight (self->bin));
  gtk_widget_set_visible (self->switcher, session);
  gtk_widget_set_visible (GTK_WIDGET (self->bottom_slot), session && !wide);
  gtk_widget_set_visible (self->sidebar_toggle, session);
  gtk_widget_set_visible (GTK_WIDGET (self->connect_button),
                          session && self->session != NULL &&
                              !scope_session_get_offline (self->session));

  gtk_widget_set_visible (GTK_WIDGET (self->sidebar),
                          narrow ? self->narrow_sidebar : self->show_sidebar);
  gtk_widget_set_visible (GTK_WIDGET (self->view_stack), !(narrow && self->narrow_sidebar));
  gtk_label_set_max_width_chars (self->profile_label, narrow ? 10 : 18);
  gtk_label_set_width_chars (self->profile_label, narrow ? 7 : 9);
  scope_state_button_set_compact (self->state_button, narrow);
  scope_events_view_set_narrow (self->events_view, narrow);
  _scope_window_update_session (self);
}

gboolean
_scope_window_get_sidebar (ScopeWindow *self)
{
  return scope_adaptive_bin_get_narrow (self->bin) ? self->narrow_sidebar : self->show_sidebar;
}

void
_scope_window_set_sidebar (ScopeWindow *self,
                           gboolean     show)
{
  if (scope_adaptive_bin_get_narrow (self->bin))
    self->narrow_sidebar = show;
  else
    self->show_sidebar = show;
  _scope_window_update_layout (self);
  _scope_window_update_actions (self);
}

void
_scope_window_show_view (ScopeWindow *self,
                         const char  *name)
{
  gtk_stack_set_visible_child_name (self->view_stack, name);
  if (scope_adaptive_bin_get_narrow (self->bin))
    _scope_window_set_sidebar (self, FALSE);
}

static void
scope_window_bin_cb (ScopeWindow *self)
{
  self->narrow_sidebar = FALSE;
  _scope_window_update_layout (self);
  _scope_window_update_actions (self);
}

/* ---- settings ---- */

static void
scope_window_load_state (ScopeWindow *self)
{
  GSettings *settings = scope_ui_get_settings ();
  int width;

  if (settings == NULL)
    {
      gtk_window_set_default_size (GTK_WINDOW (self), 1100, 700);
      gtk_paned_set_position (self->paned, 240);
      scope_adaptive_bin_expect (self->bin, 1100);
      return;
    }

  width = g_settings_get_int (settings, "window-width");
  gtk_window_set_default_size (GTK_WINDOW (self), width,
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  gtk_paned_set_position (self->paned, g_settings_get_int (settings, "sidebar-width"));
  scope_events_view_set_inspector_width (self->events_view,
                                         g_settings_get_int (settings, "inspector-width"));
  scope_adaptive_bin_expect (self->bin, width);
}

static void
scope_window_save_state (ScopeWindow *self)
{
  GSettings *settings = scope_ui_get_settings ();
  int width, height;

  if (settings == NULL)
    return;

  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  g_settings_set_boolean (settings, "window-maximized",
                          gtk_window_is_maximized (GTK_WINDOW (self)));
  if (width >= 360 && height >= 294)
    {
      g_settings_set_int (settings, "window-width", width);
      g_settings_set_int (settings, "window-height", height);
    }
  if (gtk_widget_get_mapped (GTK_WIDGET (self->sidebar)) &&
      !scope_adaptive_bin_get_narrow (self->bin))
    g_settings_set_int (settings, "sidebar-width",
                        CLAMP (gtk_paned_get_position (self->paned), 160, 1000));
  scope_events_view_save_columns (self->events_view);
  g_settings_set_int (settings, "inspector-width",
                      CLAMP (scope_events_view_get_inspector_width (self->events_view), 240, 2000));
}

/* ---- life ---- */

static void
scope_window_closed_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (ScopeWindow) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!scope_session_close_finish (SCOPE_SESSION (object), result, &error))
    g_warning ("The capture was not closed cleanly: %s", error->message);
  gtk_window_destroy (GTK_WINDOW (self));
}

/* The window goes at once; the program stays until the socket and the capture are closed. */
static gboolean
scope_window_close_request (GtkWindow *window)
{
  ScopeWindow *self = SCOPE_WINDOW (window);

  if (self->closing)
    return GDK_EVENT_STOP;

  self->closing = TRUE;
  scope_window_save_state (self);
  g_cancellable_cancel (self->gate);
  g_cancellable_cancel (self->opening);
  _scope_window_forget_removed (self);
  if (self->session == NULL)
    return GTK_WINDOW_CLASS (scope_window_parent_class)->close_request (window);

  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  _scope_window_close_discover (self);
  scope_session_close_async (self->session, scope_window_closed_cb, g_object_ref (self));
  return GDK_EVENT_STOP;
}

/* Told once, for ./dev bench: how long a start takes is what a user waits for. */
static void
scope_window_painted_cb (GdkFrameClock *clock,
                         gpointer       user_data)
{
  g_signal_handlers_disconnect_by_func (clock, scope_window_painted_cb, user_data);
  g_debug ("first frame");
}

static void
scope_window_realize (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (scope_window_parent_class)->realize (widget);

  g_signal_connect_object (gtk_widget_get_frame_clock (widget), "after-paint",
                           G_CALLBACK (scope_window_painted_cb), widget, 0);
}

static void
scope_window_dispose (GObject *object)
{
  ScopeWindow *self = SCOPE_WINDOW (object);

  g_clear_handle_id (&self->countdown_id, g_source_remove);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->list_signals);
  g_clear_object (&self->profile_signals);
  g_clear_object (&self->gate);
  g_clear_object (&self->opening);
  _scope_window_close_discover (self);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_WINDOW);
  g_clear_object (&self->session);
  g_clear_object (&self->profile);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (scope_window_parent_class)->dispose (object);
}

static void
scope_window_finalize (GObject *object)
{
  ScopeWindow *self = SCOPE_WINDOW (object);

  g_clear_pointer (&self->removed, g_hash_table_unref);
  g_free (self->capture_name);
  g_free (self->join_channel);

  G_OBJECT_CLASS (scope_window_parent_class)->finalize (object);
}

static void
scope_window_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-window.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, bin);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, sidebar_toggle);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, profile_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, profile_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, state_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, header_slot);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, bottom_slot);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, switcher);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, connect_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, bar);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, profile_list);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, hint_page);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, paned);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, sidebar);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, view_stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, events_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, presence_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, connection_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, publish_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, statistics_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeWindow, unlock_bar);
}

static void
scope_window_class_init (ScopeWindowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GtkWindowClass *window_class = GTK_WINDOW_CLASS (klass);

  object_class->dispose = scope_window_dispose;
  object_class->finalize = scope_window_finalize;
  widget_class->realize = scope_window_realize;
  window_class->close_request = scope_window_close_request;

  g_type_ensure (SCOPE_TYPE_ADAPTIVE_BIN);
  g_type_ensure (SCOPE_TYPE_CHANNEL_SIDEBAR);
  g_type_ensure (SCOPE_TYPE_CONNECTION_VIEW);
  g_type_ensure (SCOPE_TYPE_EVENTS_VIEW);
  g_type_ensure (SCOPE_TYPE_HINT_BAR);
  g_type_ensure (SCOPE_TYPE_HINT_PAGE);
  g_type_ensure (SCOPE_TYPE_PRESENCE_VIEW);
  g_type_ensure (SCOPE_TYPE_PROFILE_LIST);
  g_type_ensure (SCOPE_TYPE_PUBLISH_VIEW);
  g_type_ensure (SCOPE_TYPE_STATE_BUTTON);
  g_type_ensure (SCOPE_TYPE_STATISTICS_VIEW);
  g_type_ensure (SCOPE_TYPE_UNLOCK_BAR);
  scope_window_bind_template (widget_class);
  _scope_window_class_init_actions (widget_class);
  _scope_window_class_init_captures (widget_class);
  _scope_window_class_init_discover (widget_class);
  _scope_window_class_init_explain (widget_class);
  _scope_window_class_init_export (widget_class);
  _scope_window_class_init_log (widget_class);
  _scope_window_class_init_marks (widget_class);
  _scope_window_class_init_profiles (widget_class);
  _scope_window_class_init_shapes (widget_class);
  _scope_window_class_init_statistics (widget_class);
  _scope_window_class_init_publish (widget_class);
  _scope_window_class_init_unlock (widget_class);
  _scope_window_class_init_presence (widget_class);
}

static void
scope_window_init (ScopeWindow *self)
{
  self->show_sidebar = TRUE;
  self->removed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);

  gtk_widget_init_template (GTK_WIDGET (self));
  if (SCOPE_DEVELOPMENT)
    gtk_widget_add_css_class (GTK_WIDGET (self), "devel");

  _scope_window_init_session (self);
  _scope_window_init_actions (self);
  _scope_window_init_captures (self);
  _scope_window_init_profiles (self);
  scope_window_load_state (self);
  g_signal_connect_object (self->bin, "notify::narrow", G_CALLBACK (scope_window_bin_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bin, "notify::wide", G_CALLBACK (scope_window_bin_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bin, "notify::tight", G_CALLBACK (_scope_window_update_layout), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->pages, "notify::visible-child",
                           G_CALLBACK (_scope_window_update_layout), self, G_CONNECT_SWAPPED);
  _scope_window_update_layout (self);
  _scope_window_update_actions (self);
}

/**
 * scope_window_new:
 * @application: whose window it is
 * @store: the saved profiles
 *
 * Returns: a window with the start page
 */
ScopeWindow *
scope_window_new (GtkApplication    *application,
                  ScopeProfileStore *store)
{
  ScopeWindow *self;

  g_return_val_if_fail (GTK_IS_APPLICATION (application), NULL);
  g_return_val_if_fail (SCOPE_IS_PROFILE_STORE (store), NULL);

  self = g_object_new (SCOPE_TYPE_WINDOW, "application", application, NULL);
  self->store = g_object_ref (store);
  scope_profile_list_set_store (self->profile_list, store);
  return self;
}

/**
 * scope_window_is_idle:
 *
 * Returns: whether nothing is open in it
 */
gboolean
scope_window_is_idle (ScopeWindow *self)
{
  g_return_val_if_fail (SCOPE_IS_WINDOW (self), FALSE);

  return !self->closing && self->session == NULL && self->opening == NULL;
}

/**
 * scope_window_get_profile:
 *
 * Returns: (transfer none) (nullable): the profile it watches
 */
ScopeProfile *
scope_window_get_profile (ScopeWindow *self)
{
  g_return_val_if_fail (SCOPE_IS_WINDOW (self), NULL);

  return self->profile;
}

/**
 * scope_window_get_session:
 *
 * Returns: (transfer none) (nullable): what it shows
 */
ScopeSession *
scope_window_get_session (ScopeWindow *self)
{
  g_return_val_if_fail (SCOPE_IS_WINDOW (self), NULL);

  return self->session;
}
