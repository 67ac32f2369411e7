/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-events-view"

#include "config.h"

#include "ui/scope-events-view.h"

#include <glib/gi18n.h>

#include "ui/scope-adaptive-bin.h"
#include "ui/scope-event-columns.h"
#include "ui/scope-filter-entry.h"
#include "ui/scope-format.h"
#include "ui/scope-freeze-model.h"
#include "ui/scope-hint-bar.h"
#include "ui/scope-hint-page.h"
#include "ui/scope-inspector.h"
#include "ui/scope-log-follower.h"
#include "ui/scope-ui-util.h"

/*
 *   ScopeEventList        records, filtered (the session's)
 *     ScopeFreezeModel    stands still while paused
 *       GtkSingleSelection
 *         GtkColumnView
 *
 * Items are made anew each time, so a selection is remembered by its sequence number.
 */

/* Counts change with every frame; a person reads four a second. */
#define COUNT_INTERVAL_MSEC 250

/* until settings say otherwise */
#define DEFAULT_COLUMNS "time delta channel event size preview"

struct _ScopeEventsView
{
  AdwBin parent_instance;

  GtkBox *toolbar;
  GtkBox *second_row;
  ScopeFilterEntry *filter_entry;
  GtkLabel *count;
  GtkWidget *follow;
  GtkWidget *pause;
  ScopeAdaptiveBin *bin;
  GtkPaned *paned;
  GtkWidget *log_box;
  GtkStack *stack;
  GtkScrolledWindow *scrolled;
  GtkColumnView *column_view;
  GtkButton *pill;
  ScopeHintPage *page;
  ScopeHintBar *bar;
  ScopeInspector *inspector;
  GMenuModel *row_menu;
  GtkWidget *menu;

  ScopeSession *session;
  ScopeFreezeModel *model;
  GtkSingleSelection *selection;
  ScopeLogFollower *follower;
  GSignalGroup *session_signals;
  GSignalGroup *list_signals;
  GSignalGroup *channel_signals;
  char **columns;
  guint64 selected_sequence;  /* 0: none */
  guint count_id;
  int inspector_width;
  gboolean narrow;
  gboolean reselecting;
  gboolean wants_focus;       /* the log takes the focus when it first shows rows */
  gboolean placed;            /* the inspector has been given its share of the height */
};

enum
{
  PROP_0,
  PROP_SESSION,
  PROP_FOLLOW,
  PROP_PAUSED,
  PROP_NARROW,
  PROP_HAS_SELECTION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeEventsView, scope_events_view, ADW_TYPE_BIN)

static ScopeEventList *
scope_events_view_get_list (ScopeEventsView *self)
{
  return scope_freeze_model_get_list (self->model);
}

static guint
scope_events_view_count_shown (ScopeEventsView *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->model));
}

/* ---- what stands in the place of the log, or below it ---- */

static ScopeHint *
scope_events_view_new_filter_hint (ScopeEventsView *self)
{
  ScopeHint *hint = g_new0 (ScopeHint, 1);

  if (scope_event_list_get_filtering (scope_events_view_get_list (self)))
    {
      hint->icon = "system-search-symbolic";
      hint->title = g_strdup (_("Searching…"));
      hint->busy = TRUE;
      return hint;
    }
  hint->icon = "system-search-symbolic";
  hint->title = g_strdup (_("No Event Matches"));
  hint->text = g_strdup (_("The filter hides everything that was recorded so far."));
  hint->action = "win.clear-filter";
  hint->action_label = _("Clear Filter");
  return hint;
}

static ScopeHint *
scope_events_view_new_paused_hint (void)
{
  ScopeHint *hint = g_new0 (ScopeHint, 1);

  hint->icon = "media-playback-pause-symbolic";
  hint->title = g_strdup (_("Paused"));
  hint->text = g_strdup (_("Events arrive and are recorded, but not shown."));
  hint->action = "win.jump-to-end";
  hint->action_label = _("Resume");
  return hint;
}

static ScopeHint *
scope_events_view_new_cleared_hint (void)
{
  ScopeHint *hint = g_new0 (ScopeHint, 1);

  hint->icon = "edit-clear-all-symbolic";
  hint->title = g_strdup (_("View Cleared"));
  hint->text = g_strdup (_("New events appear here. What came before is still in the recording."));
  hint->action = "win.undo-clear";
  hint->action_label = _("Bring Back");
  return hint;
}

static ScopeHint *
scope_events_view_new_hint (ScopeEventsView *self)
{
  ScopeEventList *list = scope_events_view_get_list (self);
  ScopeHint *hint;

  if (g_list_model_get_n_items (G_LIST_MODEL (list)) > 0)
    return scope_events_view_new_paused_hint ();
  if (scope_filter_entry_get_filter (self->filter_entry) != NULL &&
      scope_event_list_get_n_total (list) > 0)
    return scope_events_view_new_filter_hint (self);
  hint = scope_hint_new_for_events (self->session);
  return hint != NULL ? hint : scope_events_view_new_cleared_hint ();
}

/* Rows about the connection are no events: below them it still has to be said why none comes. The
 * window's own bar speaks of the connection. */
static ScopeHint *
scope_events_view_new_bar_hint (ScopeEventsView *self)
{
  if (scope_session_get_offline (self->session) ||
      scope_session_get_state (self->session) != SCOPE_STATE_CONNECTED)
    return NULL;
  return scope_hint_new_for_events (self->session);
}

static void
scope_events_view_update_page (ScopeEventsView *self)
{
  gboolean empty;

  if (self->session == NULL)
    return;

  empty = scope_events_view_count_shown (self) == 0;
  scope_ui_show_page (self->stack, empty ? "hint" : "log");
  if (!empty && self->wants_focus)
    {
      self->wants_focus = FALSE;
      gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
    }
  scope_hint_page_take_hint (self->page, empty ? scope_events_view_new_hint (self) : NULL);
  scope_hint_bar_take_hint (self->bar, empty ? NULL : scope_events_view_new_bar_hint (self));
}

/* ---- counts ---- */

static void
scope_events_view_update_pill (ScopeEventsView *self)
{
  guint n_new = scope_log_follower_get_n_new (self->follower);
  gboolean paused = scope_freeze_model_get_frozen (self->model);
  g_autofree char *count = scope_format_new (n_new);
  g_autofree char *label = NULL;

  /* Translators: on a button that goes to the newest event; %s is "37 new" */
  if (paused)
    label = g_strdup_printf (_("Paused · %s ↓"), count);
  else
    label = g_strdup_printf (_("%s ↓"), count);
  gtk_widget_set_visible (GTK_WIDGET (self->pill),
                          self->session != NULL && !scope_session_get_offline (self->session) &&
                          (paused || n_new > 0));
  gtk_button_set_label (self->pill, label);
  scope_ui_set_label (self->pill, label);
}

static void
scope_events_view_update_count (ScopeEventsView *self)
{
  ScopeEventList *list = scope_events_view_get_list (self);
  g_autofree char *text = NULL;

  if (list == NULL)
    return;
  text = scope_format_events (g_list_model_get_n_items (G_LIST_MODEL (list)),
                              scope_event_list_get_n_total (list),
                              scope_filter_entry_get_filter (self->filter_entry) != NULL);
  gtk_label_set_text (self->count, text);
}

static gboolean
scope_events_view_count_cb (gpointer user_data)
{
  ScopeEventsView *self = user_data;

  self->count_id = 0;
  scope_events_view_update_count (self);
  scope_events_view_update_pill (self);
  scope_events_view_update_page (self);
  return G_SOURCE_REMOVE;
}

static void
scope_events_view_queue_count (ScopeEventsView *self)
{
  if (self->count_id == 0)
    self->count_id = g_timeout_add (COUNT_INTERVAL_MSEC, scope_events_view_count_cb, self);
}

/* The first and the last row count at once; what lies between can wait. */
static void
scope_events_view_items_changed_cb (ScopeEventsView *self)
{
  gboolean empty = scope_events_view_count_shown (self) == 0;
  gboolean shows_log = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "log") == 0;

  if (empty == shows_log)
    scope_events_view_update_page (self);
  scope_events_view_queue_count (self);
}

static void
scope_events_view_update_all (ScopeEventsView *self)
{
  scope_events_view_update_count (self);
  scope_events_view_update_pill (self);
  scope_events_view_update_page (self);
}

/* ---- selection ---- */

static void
scope_events_view_place_inspector (ScopeEventsView *self)
{
  GtkWidget *widget = GTK_WIDGET (self->paned);

  if (gtk_orientable_get_orientation (GTK_ORIENTABLE (self->paned)) == GTK_ORIENTATION_HORIZONTAL)
    gtk_paned_set_position (self->paned, gtk_widget_get_width (widget) - self->inspector_width);
  else
    gtk_paned_set_position (self->paned, gtk_widget_get_height (widget) * 11 / 20);
  self->placed = TRUE;
}

static void
scope_events_view_show_inspector (ScopeEventsView *self,
                                  gboolean         show)
{
  if (show && !self->placed)
    scope_events_view_place_inspector (self);
  gtk_widget_set_visible (GTK_WIDGET (self->inspector), show);
  gtk_widget_set_visible (self->log_box, !(show && self->narrow));
}

static void
scope_events_view_update_row_actions (ScopeEventsView *self,
                                      ScopeEventItem  *item)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean is_event = item != NULL && scope_event_item_get_record (item)->kind == SCOPE_ENTRY_EVENT;

  gtk_widget_action_set_enabled (widget, "events.only-channel",
                                 item != NULL && scope_event_item_get_channel (item) != NULL);
  gtk_widget_action_set_enabled (widget, "events.only-event", is_event);
  gtk_widget_action_set_enabled (widget, "events.hide-event", is_event);
}

static void
scope_events_view_selected_cb (ScopeEventsView *self)
{
  ScopeEventItem *item = gtk_single_selection_get_selected_item (self->selection);
  guint position = gtk_single_selection_get_selected (self->selection);

  if (self->reselecting)
    return;

  scope_events_view_update_row_actions (self, item);
  if (item != NULL)
    {
      self->selected_sequence = scope_event_item_get_sequence (item);
      scope_inspector_set_item (self->inspector, item);
      scope_events_view_show_inspector (self, TRUE);
      /* whoever picks a row wants to keep it in sight, also beside the inspector */
      scope_log_follower_show_row (self->follower, position);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_SELECTION]);
}

/* With the filter changed the row stands elsewhere, or nowhere. */
static void
scope_events_view_reselect (ScopeEventsView *self)
{
  guint position = GTK_INVALID_LIST_POSITION;

  if (self->selected_sequence != 0)
    position = scope_freeze_model_find (self->model, self->selected_sequence);
  if (position >= scope_events_view_count_shown (self))
    position = GTK_INVALID_LIST_POSITION;

  self->reselecting = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->reselecting = FALSE;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HAS_SELECTION]);
  if (position != GTK_INVALID_LIST_POSITION && !scope_log_follower_get_follow (self->follower))
    scope_log_follower_show_row (self->follower, position);
}

static void
scope_events_view_filtering_cb (ScopeEventsView *self)
{
  if (!scope_event_list_get_filtering (scope_events_view_get_list (self)))
    scope_events_view_reselect (self);
  scope_events_view_update_all (self);
}

/* A selection would be searched for, row by row, among everything that a new filter lets through.
 */
static void
scope_events_view_filter_cb (ScopeEventsView *self)
{
  ScopeEventList *list = scope_events_view_get_list (self);

  if (list == NULL)
    return;

  self->reselecting = TRUE;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  self->reselecting = FALSE;
  scope_event_list_set_filter (list, scope_filter_entry_get_filter (self->filter_entry));
  if (!scope_event_list_get_filtering (list))
    scope_events_view_reselect (self);
  scope_events_view_update_all (self);
}

/* ---- the row's menu ---- */

static void
scope_events_view_row_cb (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (widget);
  ScopeEventItem *item = gtk_single_selection_get_selected_item (self->selection);
  ScopeFilter *filter = scope_filter_entry_get_filter (self->filter_entry);
  gboolean by_channel = g_str_equal (action_name, "events.only-channel");
  const char *value;
  g_autofree char *text = NULL;

  if (item == NULL)
    return;
  value = by_channel ? scope_event_item_get_channel (item) : scope_event_item_get_event (item);
  if (value == NULL)
    return;

  text = scope_format_filter (by_channel ? "channel" : "event", value);
  if (g_str_equal (action_name, "events.hide-event"))
    {
      g_autofree char *is = g_steal_pointer (&text);

      if (filter != NULL)
        text = g_strdup_printf ("(%s) and not %s", scope_filter_get_text (filter), is);
      else
        text = g_strdup_printf ("not %s", is);
    }
  scope_events_view_set_filter (self, text);
}

static void
scope_events_view_popup (ScopeEventsView *self,
                         double           x,
                         double           y)
{
  graphene_point_t point = GRAPHENE_POINT_INIT (x, y);
  graphene_point_t place;

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
  scope_events_view_popup (self, x, y);
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

static gboolean
scope_events_view_menu_key_cb (GtkWidget *widget,
                               GVariant  *args,
                               gpointer   user_data)
{
  ScopeEventsView *self = user_data;

  if (gtk_single_selection_get_selected_item (self->selection) == NULL)
    return FALSE;
  scope_events_view_popup (self, gtk_widget_get_width (widget) / 3.0,
                           gtk_widget_get_height (widget) / 3.0);
  return TRUE;
}

/* ---- layout ---- */

static void
scope_events_view_apply_columns (ScopeEventsView *self)
{
  static const char * const narrow_columns[] = { "time", "event", "preview", NULL };

  if (self->narrow)
    scope_event_columns_set (self->column_view, narrow_columns);
  else if (self->columns != NULL)
    scope_event_columns_set (self->column_view, (const char * const *) self->columns);
}

static void
scope_events_view_bin_cb (ScopeEventsView *self)
{
  gboolean wide = scope_adaptive_bin_get_wide (self->bin);
  GtkOrientation orientation = wide ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL;

  if (gtk_orientable_get_orientation (GTK_ORIENTABLE (self->paned)) == orientation)
    return;
  self->inspector_width = scope_events_view_get_inspector_width (self);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned), orientation);
  scope_events_view_place_inspector (self);
}

static void
scope_events_view_move_count (ScopeEventsView *self)
{
  g_autoptr (GtkWidget) count = g_object_ref (GTK_WIDGET (self->count));

  gtk_box_remove (GTK_BOX (gtk_widget_get_parent (count)), count);
  if (self->narrow)
    gtk_box_append (self->second_row, count);
  else
    gtk_box_insert_child_after (self->toolbar, count, GTK_WIDGET (self->filter_entry));
  gtk_widget_set_margin_top (count, self->narrow ? 0 : 8);
  gtk_label_set_xalign (self->count, self->narrow ? 0 : 1);
  gtk_widget_set_visible (GTK_WIDGET (self->second_row), self->narrow);
}

/* ---- class ---- */

static void
scope_events_view_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  GTK_WIDGET_CLASS (scope_events_view_parent_class)
      ->size_allocate (widget, width, height, baseline);

  gtk_popover_present (GTK_POPOVER (SCOPE_EVENTS_VIEW (widget)->menu));
}

static void
scope_events_view_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;
    case PROP_FOLLOW:
      g_value_set_boolean (value, scope_log_follower_get_follow (self->follower));
      break;
    case PROP_PAUSED:
      g_value_set_boolean (value, scope_freeze_model_get_frozen (self->model));
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_HAS_SELECTION:
      g_value_set_boolean (value, gtk_single_selection_get_selected (self->selection)
                                      != GTK_INVALID_LIST_POSITION);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_events_view_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      scope_events_view_set_session (self, g_value_get_object (value));
      break;
    case PROP_FOLLOW:
      scope_log_follower_set_follow (self->follower, g_value_get_boolean (value));
      break;
    case PROP_PAUSED:
      scope_freeze_model_set_frozen (self->model, g_value_get_boolean (value));
      break;
    case PROP_NARROW:
      scope_events_view_set_narrow (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_events_view_dispose (GObject *object)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (object);

  g_clear_handle_id (&self->count_id, g_source_remove);
  g_clear_pointer (&self->menu, gtk_widget_unparent);
  g_clear_object (&self->session_signals);
  g_clear_object (&self->list_signals);
  g_clear_object (&self->channel_signals);
  if (self->follower != NULL)
    g_object_run_dispose (G_OBJECT (self->follower));
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_EVENTS_VIEW);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (scope_events_view_parent_class)->dispose (object);
}

static void
scope_events_view_finalize (GObject *object)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (object);

  g_clear_object (&self->follower);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_clear_pointer (&self->columns, g_strfreev);

  G_OBJECT_CLASS (scope_events_view_parent_class)->finalize (object);
}

static void
scope_events_view_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-events-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, toolbar);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, second_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, count);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, follow);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, pause);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, bin);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, paned);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, log_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, stack);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, scrolled);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, column_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, pill);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, page);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, bar);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, inspector);
  gtk_widget_class_bind_template_child (widget_class, ScopeEventsView, row_menu);
}

static void
scope_events_view_class_init (ScopeEventsViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = scope_events_view_dispose;
  object_class->finalize = scope_events_view_finalize;
  object_class->get_property = scope_events_view_get_property;
  object_class->set_property = scope_events_view_set_property;
  widget_class->size_allocate = scope_events_view_size_allocate;

  properties[PROP_SESSION] = g_param_spec_object ("session", NULL, NULL, SCOPE_TYPE_SESSION,
                                                  flags | G_PARAM_READWRITE);
  properties[PROP_FOLLOW] =
      g_param_spec_boolean ("follow", NULL, NULL, TRUE, flags | G_PARAM_READWRITE);
  properties[PROP_PAUSED] =
      g_param_spec_boolean ("paused", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);
  properties[PROP_NARROW] =
      g_param_spec_boolean ("narrow", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);
  properties[PROP_HAS_SELECTION] = g_param_spec_boolean ("has-selection", NULL, NULL, FALSE,
                                                         flags | G_PARAM_READABLE);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (SCOPE_TYPE_ADAPTIVE_BIN);
  g_type_ensure (SCOPE_TYPE_FILTER_ENTRY);
  g_type_ensure (SCOPE_TYPE_HINT_BAR);
  g_type_ensure (SCOPE_TYPE_HINT_PAGE);
  g_type_ensure (SCOPE_TYPE_INSPECTOR);
  scope_events_view_bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "events.only-channel", NULL,
                                   scope_events_view_row_cb);
  gtk_widget_class_install_action (widget_class, "events.only-event", NULL,
                                   scope_events_view_row_cb);
  gtk_widget_class_install_action (widget_class, "events.hide-event", NULL,
                                   scope_events_view_row_cb);
}

static void
scope_events_view_notify_follow_cb (ScopeEventsView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOW]);
  scope_events_view_update_pill (self);
}

static void
scope_events_view_notify_frozen_cb (ScopeEventsView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PAUSED]);
  scope_events_view_update_all (self);
}

static void
scope_events_view_init_model (ScopeEventsView *self)
{
  self->model = scope_freeze_model_new ();
  self->selection = gtk_single_selection_new (g_object_ref (G_LIST_MODEL (self->model)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->selection));
  self->follower = scope_log_follower_new (
      self->column_view, gtk_scrolled_window_get_vadjustment (self->scrolled), self->model);

  g_signal_connect_object (self->model, "items-changed",
                           G_CALLBACK (scope_events_view_items_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "notify::frozen",
                           G_CALLBACK (scope_events_view_notify_frozen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected",
                           G_CALLBACK (scope_events_view_selected_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->follower, "notify::follow",
                           G_CALLBACK (scope_events_view_notify_follow_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->follower, "notify::n-new",
                           G_CALLBACK (scope_events_view_queue_count), self, G_CONNECT_SWAPPED);
}

static void
scope_events_view_init_signals (ScopeEventsView *self)
{
  static const char * const watched[] =
      { "notify::state", "notify::state-detail", "notify::retry-at-usec" };

  self->session_signals = g_signal_group_new (SCOPE_TYPE_SESSION);
  for (guint i = 0; i < G_N_ELEMENTS (watched); i++)
    g_signal_group_connect_swapped (self->session_signals, watched[i],
                                    G_CALLBACK (scope_events_view_queue_count), self);
  self->list_signals = g_signal_group_new (SCOPE_TYPE_EVENT_LIST);
  g_signal_group_connect_swapped (self->list_signals, "notify::filtering",
                                  G_CALLBACK (scope_events_view_filtering_cb), self);
  g_signal_group_connect_swapped (self->list_signals, "notify::n-total",
                                  G_CALLBACK (scope_events_view_queue_count), self);
  self->channel_signals = g_signal_group_new (G_TYPE_LIST_MODEL);
  g_signal_group_connect_swapped (self->channel_signals, "items-changed",
                                  G_CALLBACK (scope_events_view_queue_count), self);
  g_signal_connect_object (self->filter_entry, "changed", G_CALLBACK (scope_events_view_filter_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bin, "notify::wide", G_CALLBACK (scope_events_view_bin_cb), self,
                           G_CONNECT_SWAPPED);
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

/* Space pauses before a row can take it for a selection. */
/* While the log follows, the keyboard starts at its end, not where the focus was left behind. */
static gboolean
scope_events_view_key_cb (ScopeEventsView *self,
                          guint            key,
                          guint            code,
                          GdkModifierType  modifiers)
{
  gboolean moves = key == GDK_KEY_Up || key == GDK_KEY_Down || key == GDK_KEY_Page_Up;

  if (moves && scope_log_follower_get_follow (self->follower))
    scope_log_follower_focus_end (self->follower);
  return GDK_EVENT_PROPAGATE;
}

static void
scope_events_view_init_keys (ScopeEventsView *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (scope_events_view_key_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), keys);

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
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), controller);
}

static void
scope_events_view_init_menu (ScopeEventsView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();
  GtkGesture *press = gtk_gesture_long_press_new ();

  self->menu = gtk_popover_menu_new_from_model (self->row_menu);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->menu), FALSE);
  gtk_widget_set_halign (self->menu, GTK_ALIGN_START);
  gtk_widget_set_parent (self->menu, GTK_WIDGET (self));
  g_signal_connect_object (self->menu, "closed", G_CALLBACK (scope_events_view_focus_log), self,
                           G_CONNECT_SWAPPED);

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_gesture_single_set_touch_only (GTK_GESTURE_SINGLE (press), TRUE);
  g_signal_connect_object (click, "pressed", G_CALLBACK (scope_events_view_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (press, "pressed", G_CALLBACK (scope_events_view_long_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (click));
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (press));
}

static void
scope_events_view_init (ScopeEventsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));

  self->inspector_width = 360;
  self->columns = g_strsplit (DEFAULT_COLUMNS, " ", -1);
  scope_events_view_apply_columns (self);
  scope_events_view_init_model (self);
  scope_events_view_init_signals (self);
  scope_events_view_init_keys (self);
  scope_events_view_init_menu (self);
  scope_events_view_update_row_actions (self, NULL);
}

/**
 * scope_events_view_new:
 *
 * Returns: a view without a session
 */
GtkWidget *
scope_events_view_new (void)
{
  return g_object_new (SCOPE_TYPE_EVENTS_VIEW, NULL);
}

/* A capture has no new events to follow or hold back: it is read from its beginning. */
static void
scope_events_view_update_offline (ScopeEventsView *self)
{
  gboolean offline = self->session != NULL && scope_session_get_offline (self->session);

  if (offline)
    scope_log_follower_set_follow (self->follower, FALSE);
  gtk_widget_set_visible (self->follow, !offline);
  gtk_widget_set_visible (self->pause, !offline);
}

/**
 * scope_events_view_set_session:
 * @session: (nullable): whose log to show; filter and pause do not outlast it
 */
void
scope_events_view_set_session (ScopeEventsView *self,
                               ScopeSession    *session)
{
  ScopeEventList *list = NULL;

  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));
  g_return_if_fail (session == NULL || SCOPE_IS_SESSION (session));

  if (!g_set_object (&self->session, session))
    return;

  if (session != NULL)
    list = scope_session_get_events (session);
  scope_events_view_close_inspector (self);
  scope_filter_entry_set_text (self->filter_entry, "");
  g_signal_group_set_target (self->session_signals, session);
  g_signal_group_set_target (self->list_signals, list);
  g_signal_group_set_target (self->channel_signals,
                             session != NULL ? scope_session_get_channels (session) : NULL);
  self->wants_focus = session != NULL;
  scope_freeze_model_set_list (self->model, list);
  scope_events_view_update_offline (self);
  scope_events_view_update_all (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}

/**
 * scope_events_view_set_narrow:
 * @narrow: whether there is room for one pane only
 */
void
scope_events_view_set_narrow (ScopeEventsView *self,
                              gboolean         narrow)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  if (self->narrow == narrow)
    return;

  self->narrow = narrow;
  scope_events_view_move_count (self);
  scope_events_view_apply_columns (self);
  scope_inspector_set_narrow (self->inspector, narrow);
  scope_events_view_show_inspector (self, gtk_widget_get_visible (GTK_WIDGET (self->inspector)));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
}

/**
 * scope_events_view_set_filter:
 * @text: a filter, "" for none
 */
void
scope_events_view_set_filter (ScopeEventsView *self,
                              const char      *text)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_filter_entry_set_text (self->filter_entry, text);
}

/**
 * scope_events_view_focus_filter:
 *
 * Moves the keyboard focus into the filter.
 */
void
scope_events_view_focus_filter (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_filter_entry_grab_focus (self->filter_entry);
}

/**
 * scope_events_view_focus_log:
 *
 * Moves the keyboard focus to the log.
 */
void
scope_events_view_focus_log (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

/**
 * scope_events_view_jump_to_end:
 *
 * Shows the newest event and follows again, also if paused.
 */
void
scope_events_view_jump_to_end (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_freeze_model_set_frozen (self->model, FALSE);
  scope_log_follower_set_follow (self->follower, TRUE);
}

/**
 * scope_events_view_close_inspector:
 *
 * Unselects, and gives its room back to the log.
 */
void
scope_events_view_close_inspector (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  self->selected_sequence = 0;
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  scope_events_view_show_inspector (self, FALSE);
}

/**
 * scope_events_view_copy:
 * @what: "payload", "raw" or "frame"
 *
 * Copies that of the selected row.
 */
void
scope_events_view_copy (ScopeEventsView *self,
                        const char      *what)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  if (self->selected_sequence != 0)
    scope_inspector_copy (self->inspector, what);
}

/**
 * scope_events_view_refresh:
 *
 * Says again why there is nothing to see: the wait for the next attempt has become shorter.
 */
void
scope_events_view_refresh (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_events_view_update_page (self);
}

/**
 * scope_events_view_set_columns:
 * @names: NULL-terminated: the columns to show where there is room
 */
void
scope_events_view_set_columns (ScopeEventsView    *self,
                               const char * const *names)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));
  g_return_if_fail (names != NULL);

  g_strfreev (self->columns);
  self->columns = g_strdupv ((char **) names);
  scope_events_view_apply_columns (self);
}

/**
 * scope_events_view_get_inspector_width:
 *
 * Returns: how wide the inspector is, or was when it last stood beside the log
 */
int
scope_events_view_get_inspector_width (ScopeEventsView *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENTS_VIEW (self), 0);

  if (gtk_orientable_get_orientation (GTK_ORIENTABLE (self->paned)) == GTK_ORIENTATION_HORIZONTAL &&
      gtk_widget_get_mapped (GTK_WIDGET (self->inspector)) && !self->narrow)
    self->inspector_width = gtk_widget_get_width (GTK_WIDGET (self->inspector));
  return self->inspector_width;
}

/**
 * scope_events_view_set_inspector_width:
 * @width: in pixels
 */
void
scope_events_view_set_inspector_width (ScopeEventsView *self,
                                       int              width)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  self->inspector_width = MAX (width, 280);
}
