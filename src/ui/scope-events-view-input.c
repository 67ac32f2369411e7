/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-events-view"

#include "config.h"

#include "ui/scope-events-view-private.h"

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "ui/scope-cell-filter.h"
#include "ui/scope-event-columns.h"
#include "ui/scope-ui-util.h"

void
_scope_events_view_update_row_actions (ScopeEventsView *self,
                                       ScopeEventItem  *item)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_event = item != NULL && scope_event_item_get_record (item)->kind == SCOPE_ENTRY_EVENT;

  gtk_widget_action_set_enabled (widget, "events.mute",
                                 is_event && scope_event_item_get_channel (item) != NULL);
  gtk_widget_action_set_enabled (widget, "events.show-schema", is_event && self->shapes != NULL);
  _scope_events_view_update_copy (self, item);
  gtk_widget_action_set_enabled (widget, "events.compose",
                                 is_event && self->session != NULL &&
                                     !scope_session_get_offline (self->session));
}

/* ---- the row's menu ---- */

/* JSON as it came, byte for byte; only what no text can hold is made visible. */
static char *
scope_events_view_dup_text (GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);

  if (g_utf8_validate_len (text, length, NULL))
    return g_strndup (text, length);
  return scope_text_bounded (text, length, SCOPE_LIMIT_FRAME_BYTES);
}

/* Takes over channel, name and data of the selected event, for a client event like it. */
void
_scope_events_view_compose (GtkWidget  *widget,
                            const char *action_name,
                            GVariant   *parameter)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (widget);
  ScopeEventItem *item = gtk_single_selection_get_selected_item (self->selection);
  ScopeEntry *entry = item != NULL ? scope_event_item_get_entry (item) : NULL;
  g_autoptr (GBytes) bytes = entry != NULL ? scope_entry_dup_data (entry, NULL) : NULL;
  const char *channel = item != NULL ? scope_event_item_get_channel (item) : NULL;
  const char *event = item != NULL ? scope_event_item_get_event (item) : NULL;
  g_autofree char *data = NULL;

  if (item == NULL)
    return;
  if (bytes != NULL)
    data = scope_events_view_dup_text (bytes);
  gtk_widget_activate_action (widget, "win.compose", "(sss)", channel != NULL ? channel : "",
                              event != NULL ? event : "", data != NULL ? data : "");
}

static void
scope_events_view_popup (ScopeEventsView *self,
                         const char      *column,
                         double           x,
                         double           y)
{
  ScopeEventItem *item = gtk_single_selection_get_selected_item (self->selection);
  graphene_point_t point = GRAPHENE_POINT_INIT (x, y);
  graphene_point_t place;

  scope_cell_filter_fill_menu (self->cell_menu, item, column);
  if (!gtk_widget_compute_point (GTK_WIDGET (self->column_view), GTK_WIDGET (self), &point, &place))
    return;
  gtk_popover_set_pointing_to (GTK_POPOVER (self->menu),
                               &(GdkRectangle){ (int) place.x, (int) place.y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->menu));
}

/* so that the keyboard goes on there when the menu closes */
static void
scope_events_view_focus_row (GtkWidget *inside)
{
  GtkWidget *parent = gtk_widget_get_parent (inside);

  while (parent != NULL && !GTK_IS_LIST_VIEW (parent))
    {
      inside = parent;
      parent = gtk_widget_get_parent (inside);
    }
  if (parent != NULL)
    gtk_widget_grab_focus (inside);
}

/* The row below the pointer is selected by its own action: nothing else knows its position. */
static void
scope_events_view_popup_at (ScopeEventsView *self,
                            GtkGesture      *gesture,
                            double           x,
                            double           y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self->column_view), x, y, GTK_PICK_DEFAULT);

  if (picked == NULL ||
      !gtk_widget_activate_action (picked, "listitem.select", "(bb)", FALSE, FALSE))
    return;
  scope_events_view_focus_row (picked);
  if (gtk_single_selection_get_selected_item (self->selection) == NULL)
    return;
  gtk_gesture_set_state (gesture, GTK_EVENT_SEQUENCE_CLAIMED);
  scope_events_view_popup (self, scope_event_columns_find_at (self->column_view, picked), x, y);
}

static void
scope_events_view_pressed_cb (ScopeEventsView *self,
                              int              n_press,
                              double           x,
                              double           y,
                              GtkGesture      *gesture)
{
  scope_events_view_popup_at (self, gesture, x, y);
}

static void
scope_events_view_long_pressed_cb (ScopeEventsView *self,
                                   double           x,
                                   double           y,
                                   GtkGesture      *gesture)
{
  scope_events_view_popup_at (self, gesture, x, y);
}

/* a row's menu, or a title's, which is the column view's own */
static void
scope_events_view_menu_pressed_cb (ScopeEventsView *self,
                                   int              n_press,
                                   double           x,
                                   double           y)
{
  GtkWidget *log = GTK_WIDGET (self->column_view);

  scope_ui_release_pressed (gtk_widget_pick (log, x, y, GTK_PICK_DEFAULT), log);
}

static gboolean
scope_events_view_menu_key_cb (GtkWidget *widget,
                               GVariant  *args,
                               gpointer   user_data)
{
  ScopeEventsView *self = user_data;
  guint position = scope_log_pane_get_cursor (self->pane);

  if (position == GTK_INVALID_LIST_POSITION)
    return FALSE;
  gtk_single_selection_set_selected (self->selection, position);
  scope_events_view_popup (self, NULL, gtk_widget_get_width (widget) / 3.0,
                           gtk_widget_get_height (widget) / 3.0);
  return TRUE;
}

static void
scope_events_view_add_shortcut (GtkEventController *controller,
                                guint               key,
                                GdkModifierType     modifiers,
                                GtkShortcutAction  *action)
{
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (key, modifiers), action));
}

/* Return on a row that Tab led to: moving there selected nothing. */
static void
scope_events_view_activate_cb (ScopeEventsView *self,
                               guint            row)
{
  gtk_selection_model_select_item (gtk_column_view_get_model (self->column_view), row, TRUE);
}

void
_scope_events_view_init_keys (ScopeEventsView *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();

  g_signal_connect_object (self->column_view, "activate",
                           G_CALLBACK (scope_events_view_activate_cb), self, G_CONNECT_SWAPPED);

  /* Space pauses before a row can take it for a selection. */
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  scope_events_view_add_shortcut (controller, GDK_KEY_space, 0, gtk_named_action_new ("win.pause"));
  scope_events_view_add_shortcut (controller, GDK_KEY_Escape, 0,
                                  gtk_named_action_new ("win.close-inspector"));
  scope_events_view_add_shortcut (
      controller, GDK_KEY_F10, GDK_SHIFT_MASK,
      gtk_callback_action_new (scope_events_view_menu_key_cb, self, NULL));
  scope_events_view_add_shortcut (
      controller, GDK_KEY_Menu, 0,
      gtk_callback_action_new (scope_events_view_menu_key_cb, self, NULL));
  gtk_widget_add_controller (GTK_WIDGET (self->pane), controller);
}

void
_scope_events_view_init_menu (ScopeEventsView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();
  GtkGesture *any = gtk_gesture_click_new ();

  self->menu = gtk_popover_menu_new_from_model (self->row_menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  g_signal_connect_object (self->menu, "closed", G_CALLBACK (scope_events_view_focus_log), self,
                           G_CONNECT_SWAPPED);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (any), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (any), GTK_PHASE_CAPTURE);
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect_object (any, "pressed", G_CALLBACK (scope_events_view_menu_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (click, "pressed", G_CALLBACK (scope_events_view_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (press, "pressed", G_CALLBACK (scope_events_view_long_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (any));
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (press));
}
