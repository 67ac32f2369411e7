/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-channel-sidebar"

#include "config.h"

#include "ui/scope-channel-sidebar.h"

#include <glib/gi18n.h>

#include "ui/scope-channel-row.h"
#include "ui/scope-tab-stop.h"
#include "ui/scope-ui-util.h"

struct _ScopeChannelSidebar
{
  AdwBin parent_instance;

  GtkStack *stack;
  GtkListView *list_view;
  GtkLabel *empty_label;
  GtkWidget *subscribe;
  GtkWidget *user_button;
  GtkImage *user_icon;
  GtkLabel *user_label;
  GMenuModel *channel_menu;
  GtkWidget *menu;

  ScopeSession *session;
  GtkSingleSelection *selection;
  GSignalGroup *session_signals;
};

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeChannelSidebar, scope_channel_sidebar, ADW_TYPE_BIN)

static ScopeChannel *
scope_channel_sidebar_get_selected (ScopeChannelSidebar *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

static void
scope_channel_sidebar_update_actions (ScopeChannelSidebar *self)
{
  ScopeChannel *channel = scope_channel_sidebar_get_selected (self);
  gboolean online = self->session != NULL && !scope_session_get_offline (self->session);
  gboolean muted = channel != NULL && self->session != NULL &&
                   scope_mutes_contains (scope_session_get_mutes (self->session),
                                         scope_channel_get_name (channel));
  gboolean is_presence =
      channel != NULL && scope_channel_kind_is_presence (scope_channel_get_kind (channel));
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "channel.show-only", channel != NULL);
  gtk_widget_action_set_enabled (widget, "channel.copy-name", channel != NULL);
  gtk_widget_action_set_enabled (widget, "channel.unsubscribe", channel != NULL && online);
  gtk_widget_action_set_enabled (widget, "channel.mute", channel != NULL && !muted);
  gtk_widget_action_set_enabled (widget, "channel.unmute", muted);
  gtk_widget_action_set_enabled (widget, "channel.copy-error",
                                 channel != NULL && scope_channel_get_error_text (channel) != NULL);
  gtk_widget_action_set_enabled (widget, "channel.try-again",
                                 channel != NULL && online &&
                                 scope_channel_get_status (channel) == SCOPE_SUBSCRIPTION_ERROR);
  gtk_widget_action_set_enabled (
      widget, "channel.compose",
      channel != NULL && online &&
      scope_channel_kind_allows_client_events (scope_channel_get_kind (channel)));
  gtk_widget_action_set_enabled (widget, "channel.join", online && channel != NULL && is_presence);
  gtk_widget_action_set_enabled (widget, "channel.watch-unseen",
                                 online && channel != NULL && is_presence &&
                                 !scope_channel_get_unseen (channel) &&
                                 scope_session_get_api (self->session, NULL) != NULL);
  gtk_widget_action_set_enabled (widget, "channel.show-members",
                                 channel != NULL && is_presence);
}

static void
scope_channel_sidebar_channel_cb (GtkWidget  *widget,
                                  const char *action_name,
                                  GVariant   *parameter)
{
  ScopeChannelSidebar *self = SCOPE_CHANNEL_SIDEBAR (widget);
  ScopeChannel *channel = scope_channel_sidebar_get_selected (self);
  const char *name;

  if (channel == NULL)
    return;

  name = scope_channel_get_name (channel);
  if (g_str_equal (action_name, "channel.show-only"))
    gtk_widget_activate_action (widget, "win.filter-channel", "s", name);
  else if (g_str_equal (action_name, "channel.show-members"))
    gtk_widget_activate_action (widget, "win.show-members", "s", name);
  else if (g_str_equal (action_name, "channel.join"))
    gtk_widget_activate_action (widget, "win.join", "s", name);
  else if (g_str_equal (action_name, "channel.watch-unseen"))
    gtk_widget_activate_action (widget, "win.watch-unseen", "s", name);
  else if (g_str_equal (action_name, "channel.unsubscribe"))
    gtk_widget_activate_action (widget, "win.unsubscribe", "s", name);
  else if (g_str_equal (action_name, "channel.try-again"))
    gtk_widget_activate_action (widget, "win.resubscribe", "s", name);
  else if (g_str_equal (action_name, "channel.compose"))
    gtk_widget_activate_action (widget, "win.compose", "(sss)", name, "", "");
  else if (g_str_equal (action_name, "channel.mute"))
    gtk_widget_activate_action (widget, "win.mute", "s", name);
  else if (g_str_equal (action_name, "channel.unmute"))
    gtk_widget_activate_action (widget, "win.unmute", "s", name);
  else if (g_str_equal (action_name, "channel.copy-name"))
    scope_ui_copy (widget, name);
  else if (scope_channel_get_error_text (channel) != NULL)
    scope_ui_copy (widget, scope_channel_get_error_text (channel));
}

static void
scope_channel_sidebar_activate_cb (ScopeChannelSidebar *self,
                                   guint                position,
                                   GtkListView         *list_view)
{
  g_autoptr (ScopeChannel) channel =
      g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (channel != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.filter-channel", "s",
                                scope_channel_get_name (channel));
}

static void
scope_channel_sidebar_popup (ScopeChannelSidebar *self,
                             GtkWidget           *row,
                             double               x,
                             double               y)
{
  graphene_point_t point = GRAPHENE_POINT_INIT (x, y);
  graphene_point_t place;

  scope_channel_sidebar_update_actions (self);
  if (!gtk_widget_compute_point (row, GTK_WIDGET (self), &point, &place))
    return;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int) place.x, (int) place.y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

static void
scope_channel_sidebar_popup_item (GtkGesture  *gesture,
                                  GtkListItem *item,
                                  double       x,
                                  double       y)
{
  GtkWidget *row = gtk_list_item_get_child (item);
  GtkWidget *sidebar = gtk_widget_get_ancestor (row, SCOPE_TYPE_CHANNEL_SIDEBAR);

  if (sidebar == NULL || gtk_list_item_get_item (item) == NULL)
    return;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_single_selection_set_selected (SCOPE_CHANNEL_SIDEBAR (sidebar)->selection,
                                     gtk_list_item_get_position (item));
  scope_channel_sidebar_popup (SCOPE_CHANNEL_SIDEBAR (sidebar), row, x, y);
  scope_ui_release_pressed (row, sidebar);
}

static void
scope_channel_sidebar_pressed_cb (GtkGestureClick *gesture,
                                  int              n_press,
                                  double           x,
                                  double           y,
                                  GtkListItem     *item)
{
  scope_channel_sidebar_popup_item (GTK_GESTURE (gesture), item, x, y);
}

static void
scope_channel_sidebar_long_pressed_cb (GtkGestureLongPress *gesture,
                                       double               x,
                                       double               y,
                                       GtkListItem         *item)
{
  scope_channel_sidebar_popup_item (GTK_GESTURE (gesture), item, x, y);
}

static void
scope_channel_sidebar_setup_cb (GtkSignalListItemFactory *factory,
                                GtkListItem              *item,
                                gpointer                  user_data)
{
  GtkWidget *row = scope_channel_row_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (scope_channel_sidebar_pressed_cb), item,
                           0);
  g_signal_connect_object (press, "pressed", G_CALLBACK (scope_channel_sidebar_long_pressed_cb),
                           item, 0);
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (row, GTK_EVENT_CONTROLLER (press));
  gtk_list_item_set_child (item, row);
}

static void
scope_channel_sidebar_bind_cb (GtkSignalListItemFactory *factory,
                               GtkListItem              *item,
                               gpointer                  user_data)
{
  ScopeChannelSidebar *self = SCOPE_CHANNEL_SIDEBAR (user_data);
  ScopeChannelRow *row = SCOPE_CHANNEL_ROW (gtk_list_item_get_child (item));

  scope_channel_row_set_channel (row, gtk_list_item_get_item (item));
  scope_channel_row_set_mutes (row, self->session != NULL ? scope_session_get_mutes (self->session)
                                                          : NULL);
}

static void
scope_channel_sidebar_unbind_cb (GtkSignalListItemFactory *factory,
                                 GtkListItem              *item,
                                 gpointer                  user_data)
{
  scope_channel_row_set_channel (SCOPE_CHANNEL_ROW (gtk_list_item_get_child (item)), NULL);
}

static gboolean
scope_channel_sidebar_menu_key_cb (GtkWidget *widget,
                                   GVariant  *args,
                                   gpointer   user_data)
{
  ScopeChannelSidebar *self = SCOPE_CHANNEL_SIDEBAR (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *row = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (row == NULL || !gtk_widget_is_ancestor (row, GTK_WIDGET (self->list_view)) ||
      scope_channel_sidebar_get_selected (self) == NULL)
    return FALSE;
  scope_channel_sidebar_popup (self, row, gtk_widget_get_width (row) / 2.0,
                               gtk_widget_get_height (row) / 2.0);
  return TRUE;
}

static void
scope_channel_sidebar_update (ScopeChannelSidebar *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0;
  gboolean offline = self->session != NULL && scope_session_get_offline (self->session);

  scope_ui_show_page (self->stack, empty ? "empty" : "list");
  gtk_label_set_text (self->empty_label,
                      offline ? _("The capture holds no channel.")
                              : _("No channel yet. Subscribe to the ones you want to watch."));
  gtk_widget_set_visible (self->subscribe, !offline);
  scope_channel_sidebar_update_actions (self);
}

/* Who the connection is, or why it is nobody; nothing for the many who never sign in. */
static void
scope_channel_sidebar_update_user (ScopeChannelSidebar *self)
{
  g_autofree char *user_id = NULL;
  g_autofree char *problem = NULL;
  g_autofree char *text = NULL;

  if (self->session != NULL)
    g_object_get (self->session, "user-id", &user_id, "user-problem", &problem, NULL);
  gtk_widget_set_visible (self->user_button, user_id != NULL || problem != NULL);
  if (problem != NULL)
    text = g_strdup (_("Signing in failed"));
  else if (user_id != NULL)
    text = g_strdup_printf (_("Signed in as %s"), user_id);
  gtk_image_set_from_icon_name (self->user_icon, problem != NULL ? "dialog-error-symbolic"
                                                                 : "avatar-default-symbolic");
  scope_ui_set_class (self->user_icon, "error", problem != NULL);
  gtk_label_set_text (self->user_label, text != NULL ? text : "");
  gtk_widget_set_tooltip_text (self->user_button, problem != NULL ? problem : text);
  scope_ui_set_label (self->user_button, text != NULL ? text : "");
}

static void
scope_channel_sidebar_size_allocate (GtkWidget *widget,
                                     int        width,
                                     int        height,
                                     int        baseline)
{
  GTK_WIDGET_CLASS (scope_channel_sidebar_parent_class)
      ->size_allocate (widget, width, height, baseline);

  gtk_popover_present (GTK_POPOVER (SCOPE_CHANNEL_SIDEBAR (widget)->menu));
}

static void
scope_channel_sidebar_get_property (GObject    *object,
                                    guint       prop_id,
                                    GValue     *value,
                                    GParamSpec *pspec)
{
  ScopeChannelSidebar *self = SCOPE_CHANNEL_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_channel_sidebar_set_property (GObject      *object,
                                    guint         prop_id,
                                    const GValue *value,
                                    GParamSpec   *pspec)
{
  ScopeChannelSidebar *self = SCOPE_CHANNEL_SIDEBAR (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      scope_channel_sidebar_set_session (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_channel_sidebar_dispose (GObject *object)
{
  ScopeChannelSidebar *self = SCOPE_CHANNEL_SIDEBAR (object);

  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_CHANNEL_SIDEBAR);
  g_clear_object (&self->selection);

  G_OBJECT_CLASS (scope_channel_sidebar_parent_class)->dispose (object);
}

static void
scope_channel_sidebar_install_actions (GtkWidgetClass *widget_class)
{
  static const char * const names[] =
      { "channel.show-only", "channel.show-members", "channel.mute", "channel.unmute",
        "channel.copy-name", "channel.copy-error",
          "channel.unsubscribe", "channel.try-again", "channel.compose", "channel.join",
          "channel.watch-unseen" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_class_install_action (widget_class, names[i], NULL,
                                     scope_channel_sidebar_channel_cb);

  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "channel.unsubscribe",
                                       NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK,
                                       "channel.copy-name", NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK,
                                scope_channel_sidebar_menu_key_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, scope_channel_sidebar_menu_key_cb,
                                NULL);
}

static void
scope_channel_sidebar_class_init (ScopeChannelSidebarClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_channel_sidebar_dispose;
  object_class->get_property = scope_channel_sidebar_get_property;
  object_class->set_property = scope_channel_sidebar_set_property;
  widget_class->size_allocate = scope_channel_sidebar_size_allocate;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SCOPE_TYPE_SESSION,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS |
                                                  G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SCOPE_TYPE_TAB_STOP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-channel-sidebar.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelSidebar, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelSidebar, list_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelSidebar, empty_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelSidebar, subscribe);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelSidebar, user_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelSidebar, user_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelSidebar, user_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeChannelSidebar, channel_menu);
  scope_channel_sidebar_install_actions (widget_class);
}

static void
scope_channel_sidebar_init (ScopeChannelSidebar *self)
{
  g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));

  self->menu = gtk_popover_menu_new_from_model (self->channel_menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  g_signal_connect_object (self->menu, "closed", G_CALLBACK (gtk_widget_grab_focus),
                           self->list_view, G_CONNECT_SWAPPED);

  g_signal_connect (factory, "setup", G_CALLBACK (scope_channel_sidebar_setup_cb), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (scope_channel_sidebar_bind_cb), self, 0);
  g_signal_connect (factory, "unbind", G_CALLBACK (scope_channel_sidebar_unbind_cb), NULL);
  gtk_list_view_set_factory (self->list_view, factory);

  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (self->selection, "items-changed",
                           G_CALLBACK (scope_channel_sidebar_update), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected",
                           G_CALLBACK (scope_channel_sidebar_update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list_view, "activate",
                           G_CALLBACK (scope_channel_sidebar_activate_cb), self, G_CONNECT_SWAPPED);
  self->session_signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  g_signal_group_connect_swapped (self->session_signals, "notify::user-id",
                                  G_CALLBACK (scope_channel_sidebar_update_user), self);
  g_signal_group_connect_swapped (self->session_signals, "notify::user-problem",
                                  G_CALLBACK (scope_channel_sidebar_update_user), self);
  scope_channel_sidebar_update (self);
}

/**
 * scope_channel_sidebar_set_session:
 * @session: (nullable): whose channels to list
 */
void
scope_channel_sidebar_set_session (ScopeChannelSidebar *self,
                                   ScopeSession        *session)
{
  g_return_if_fail (SCOPE_IS_CHANNEL_SIDEBAR (self));
  g_return_if_fail (session == NULL || SCOPE_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  gtk_single_selection_set_model (self->selection,
                                  session != NULL ? scope_session_get_channels (session) : NULL);
  g_signal_group_set_target (self->session_signals, session);
  scope_channel_sidebar_update_user (self);
  scope_channel_sidebar_update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}
