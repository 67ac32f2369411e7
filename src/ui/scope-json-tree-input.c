/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-json-tree"

#include "config.h"

#include "ui/scope-json-tree-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "ui/scope-ui-util.h"

/* --- actions --- */

static char *
json_tree_dup_bytes_text (GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  return g_strndup (length > 0 ? text : "", length);
}

/* as it came, a string with its quotes */
static void
json_tree_copy_value (ScopeJsonTree *self,
                      ScopeJsonNode *node)
{
  g_autoptr (GBytes) bytes = scope_json_node_dup_bytes (node);
  g_autofree char *text = json_tree_dup_bytes_text (bytes);

  scope_ui_copy (GTK_WIDGET (self), text);
}

static void
json_tree_copy_text (ScopeJsonTree *self,
                     ScopeJsonNode *node)
{
  g_autoptr (GBytes) bytes = scope_json_node_dup_text (node);
  g_autoptr (GdkContentProvider) provider = NULL;
  g_autofree char *text = NULL;

  /* a NUL in it would end it */
  if (memchr (g_bytes_get_data (bytes, NULL), '\0', g_bytes_get_size (bytes)) != NULL)
    {
      provider = gdk_content_provider_new_for_bytes ("text/plain;charset=utf-8", bytes);
      gdk_clipboard_set_content (gtk_widget_get_clipboard (GTK_WIDGET (self)), provider);
      return;
    }
  text = json_tree_dup_bytes_text (bytes);
  scope_ui_copy (GTK_WIDGET (self), text);
}

static void
json_tree_copy_cb (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  ScopeJsonTree *self = SCOPE_JSON_TREE (widget);
  ScopeJsonNode *node = self->node;
  g_autofree char *text = NULL;

  if (node == NULL)
    return;
  if (g_str_equal (action_name, "tree.copy-value"))
    {
      json_tree_copy_value (self, node);
      return;
    }
  if (g_str_equal (action_name, "tree.copy-text"))
    {
      json_tree_copy_text (self, node);
      return;
    }
  text = g_str_equal (action_name, "tree.copy-path") ? scope_json_node_dup_path (node)
                                                     : scope_json_node_dup_key (node);
  if (text != NULL)
    scope_ui_copy (widget, text);
}

static void
json_tree_show_whole_cb (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  ScopeJsonTree *self = SCOPE_JSON_TREE (widget);
  ScopeJsonNode *node = self->node;
  g_autoptr (GBytes) text = NULL;
  g_autofree char *path = NULL;
  g_autofree char *label = NULL;

  if (node == NULL)
    return;
  text = scope_json_node_dup_text (node);
  path = scope_json_node_dup_path (node);
  label = scope_json_node_dup_label (node);
  scope_ui_show_page (self->stack, "whole");
  scope_whole_view_show (self->whole, path != NULL ? path : label != NULL ? label : _("decoded"),
                         NULL, text);
}

void
_scope_json_tree_update_actions (ScopeJsonTree *self,
                                 ScopeJsonNode *node)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autofree char *path = node != NULL ? scope_json_node_dup_path (node) : NULL;
  g_autofree char *key = node != NULL ? scope_json_node_dup_key (node) : NULL;
  gboolean is_text = node != NULL && scope_json_node_get_kind (node) == SCOPE_JSON_STRING;

  gtk_widget_action_set_enabled (widget, "tree.copy-value", node != NULL);
  gtk_widget_action_set_enabled (widget, "tree.copy-text", is_text);
  gtk_widget_action_set_enabled (widget, "tree.copy-path", path != NULL);
  gtk_widget_action_set_enabled (widget, "tree.copy-key", key != NULL);
  gtk_widget_action_set_enabled (widget, "tree.show-whole", node != NULL);
  gtk_widget_action_set_enabled (widget, "tree.expand-all", self->model != NULL);
  gtk_widget_action_set_enabled (widget, "tree.collapse-all", self->model != NULL);
}

void
_scope_json_tree_class_init_actions (GtkWidgetClass *widget_class)
{
  static const char * const copies[]
      = { "tree.copy-value", "tree.copy-text", "tree.copy-path", "tree.copy-key" };

  for (gsize i = 0; i < G_N_ELEMENTS (copies); i++)
    gtk_widget_class_install_action (widget_class, copies[i], NULL, json_tree_copy_cb);
  gtk_widget_class_install_action (widget_class, "tree.show-whole", NULL, json_tree_show_whole_cb);
}

/* --- the menu, made for the place it is opened on --- */

static void
json_tree_append (GMenu      *menu,
                  const char *label,
                  const char *action,
                  GVariant   *target)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target_value (item, action, target);
  g_menu_item_set_attribute (item, "hidden-when", "s",
                             g_str_has_prefix (action, "tree.") ? "action-disabled"
                                                                : "action-missing");
  g_menu_append_item (menu, item);
}

static GMenuModel *
json_tree_make_copy_section (void)
{
  GMenu *menu = g_menu_new ();

  json_tree_append (menu, _("Copy _Value"), "tree.copy-value", NULL);
  json_tree_append (menu, _("Copy _Text"), "tree.copy-text", NULL);
  json_tree_append (menu, _("Copy _Path"), "tree.copy-path", NULL);
  json_tree_append (menu, _("Copy _Key"), "tree.copy-key", NULL);
  json_tree_append (menu, _("Show _Whole Value"), "tree.show-whole", NULL);
  return G_MENU_MODEL (menu);
}

static GMenuModel *
json_tree_make_filter_section (ScopeJsonTree *self,
                               ScopeJsonNode *node)
{
  GMenu *menu = g_menu_new ();
  g_autofree char *filter = scope_json_node_dup_filter (node);
  g_autofree char *path = scope_json_node_dup_path (node);

  if (filter != NULL)
    {
      json_tree_append (menu, _("_Filter by This Value"), "win.filter",
                        g_variant_new ("(ss)", "only", filter));
      json_tree_append (menu, _("_Exclude This Value"), "win.filter",
                        g_variant_new ("(ss)", "exclude", filter));
    }
  if (path != NULL && scope_json_node_get_kind (node) == SCOPE_JSON_NUMBER)
    json_tree_append (menu, _("P_lot This Number"), "win.plot",
                      g_variant_new ("(ss)", self->event != NULL ? self->event : "", path));
  if (path != NULL)
    json_tree_append (menu, _("Add as _Column"), "events.add-column", g_variant_new_string (path));
  return G_MENU_MODEL (menu);
}

static void
json_tree_popup (ScopeJsonTree *self,
                 double         x,
                 double         y)
{
  ScopeJsonNode *node = self->node;
  g_autoptr (GMenu) menu = g_menu_new ();
  g_autoptr (GMenuModel) copy = NULL;
  g_autoptr (GMenuModel) filter = NULL;
  graphene_point_t place;

  if (node == NULL
      || !gtk_widget_compute_point (GTK_WIDGET (self->list_view), GTK_WIDGET (self),
                                    &GRAPHENE_POINT_INIT (x, y), &place))
    return;
  copy = json_tree_make_copy_section ();
  filter = json_tree_make_filter_section (self, node);
  g_menu_append_section (menu, NULL, filter);
  g_menu_append_section (menu, NULL, copy);
  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->menu), G_MENU_MODEL (menu));
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int) place.x, (int) place.y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* Back to where it was opened, unless it led elsewhere. */
static void
json_tree_menu_closed_cb (ScopeJsonTree *self)
{
  const char *page = gtk_stack_get_visible_child_name (self->stack);

  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && g_strcmp0 (page, "tree") == 0)
    _scope_json_tree_go_to (self, gtk_single_selection_get_selected (self->selection));
}

static void
json_tree_pressed_cb (ScopeJsonTree *self,
                      int            n_press,
                      double         x,
                      double         y,
                      GtkGesture    *gesture)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self->list_view), x, y, GTK_PICK_DEFAULT);

  if (picked == NULL
      || !gtk_widget_activate_action (picked, "listitem.select", "(bb)", FALSE, FALSE))
    return;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  json_tree_popup (self, x, y);
  scope_ui_release_pressed (picked, GTK_WIDGET (self->list_view));
}

/* --- keys --- */

static gboolean
json_tree_menu_key_cb (GtkWidget *widget,
                       GVariant  *args,
                       gpointer   user_data)
{
  ScopeJsonTree *self = user_data;

  json_tree_popup (self, gtk_widget_get_width (widget) / 3.0, gtk_widget_get_height (widget) / 3.0);
  return TRUE;
}

/* Right unfolds, then goes to the first one inside. */
static gboolean
json_tree_right_cb (GtkWidget *widget,
                    GVariant  *args,
                    gpointer   user_data)
{
  ScopeJsonTree *self = user_data;
  GtkTreeListRow *row = _scope_json_tree_get_row (self);

  if (row == NULL || !gtk_tree_list_row_is_expandable (row))
    return row != NULL;
  if (gtk_tree_list_row_get_expanded (row))
    _scope_json_tree_go_to (self, gtk_tree_list_row_get_position (row) + 1);
  else
    gtk_tree_list_row_set_expanded (row, TRUE);
  return TRUE;
}

/* Left folds, then goes to what it stands in. */
static gboolean
json_tree_left_cb (GtkWidget *widget,
                   GVariant  *args,
                   gpointer   user_data)
{
  ScopeJsonTree *self = user_data;
  GtkTreeListRow *row = _scope_json_tree_get_row (self);
  g_autoptr (GtkTreeListRow) parent = row != NULL ? gtk_tree_list_row_get_parent (row) : NULL;

  if (row == NULL)
    return FALSE;
  if (gtk_tree_list_row_get_expanded (row))
    gtk_tree_list_row_set_expanded (row, FALSE);
  else if (parent != NULL)
    _scope_json_tree_go_to (self, gtk_tree_list_row_get_position (parent));
  return TRUE;
}

/* Return or a double click: unfolds or folds; what has nothing inside is shown whole. */
static void
json_tree_activate_cb (ScopeJsonTree *self,
                       guint          position)
{
  GtkTreeListRow *row;

  gtk_single_selection_set_selected (self->selection, position);
  row = _scope_json_tree_get_row (self);
  if (row != NULL && gtk_tree_list_row_is_expandable (row))
    gtk_tree_list_row_set_expanded (row, !gtk_tree_list_row_get_expanded (row));
  else if (row != NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "tree.show-whole", NULL);
}

static void
json_tree_add_key (GtkEventController *controller,
                   guint               key,
                   GdkModifierType     modifiers,
                   GtkShortcutAction  *action)
{
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (key, modifiers), action));
}

void
_scope_json_tree_init_input (ScopeJsonTree *self)
{
  GtkEventController *keys = gtk_shortcut_controller_new ();
  GtkGesture *click = gtk_gesture_click_new ();

  /* before the list takes them for moving sideways */
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  json_tree_add_key (keys, GDK_KEY_Right, 0, gtk_callback_action_new (json_tree_right_cb, self, NULL));
  json_tree_add_key (keys, GDK_KEY_Left, 0, gtk_callback_action_new (json_tree_left_cb, self, NULL));
  json_tree_add_key (keys, GDK_KEY_Menu, 0,
                     gtk_callback_action_new (json_tree_menu_key_cb, self, NULL));
  json_tree_add_key (keys, GDK_KEY_F10, GDK_SHIFT_MASK,
                     gtk_callback_action_new (json_tree_menu_key_cb, self, NULL));
  json_tree_add_key (keys, GDK_KEY_c, GDK_CONTROL_MASK, gtk_named_action_new ("tree.copy-value"));
  gtk_widget_add_controller (GTK_WIDGET (self->list_view), keys);

  self->menu = gtk_popover_menu_new_from_model (NULL);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  g_signal_connect_object (self->menu, "closed", G_CALLBACK (json_tree_menu_closed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect_object (click, "pressed", G_CALLBACK (json_tree_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->list_view), GTK_EVENT_CONTROLLER (click));
  g_signal_connect_object (self->list_view, "activate", G_CALLBACK (json_tree_activate_cb), self,
                           G_CONNECT_SWAPPED);
}
