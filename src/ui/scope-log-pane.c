/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-log-pane"

#include "config.h"

#include "ui/scope-log-pane.h"

#include <math.h>

#include "ui/scope-event-cell.h"
#include "ui/scope-log-rows.h"
#include "ui/scope-ui-util.h"

/* Two adjustments: the outer one, which a scrolled window moves, runs over all events; the inner
 * one over the rows that the column view has. The outer one decides:
 *
 *   outer value = (first row's event) × (height of a row) + inner value
 *
 * and the first row's event changes only when the inner one can't go on. All rows are equally high.
 */

struct _ScopeLogPane
{
  GtkWidget parent_instance;

  GtkColumnView *view;
  GtkSingleSelection *events;
  ScopeLogRows *rows;
  GtkAdjustment *hadjustment;
  GtkAdjustment *vadjustment; /* the outer one */
  GtkAdjustment *inner;
  double row_height; /* 0: no row was there yet */
  GtkScrollablePolicy hscroll_policy;
  GtkScrollablePolicy vscroll_policy;
  int leaning;      /* where a leap must not fall short: -1 up, 1 down, 0 it may */
  guint release_id; /* after a press */
  guint leave_id;   /* the focus is about to leave the rows */
  guint grow_id;    /* more rows are to come */
  gboolean at_end;  /* stays there */
  gboolean held;    /* but not now: a button is pressed */
  gboolean moving;  /* the focus is taken along by somebody else */
  gboolean placing; /* the inner adjustment is moved from here, or by a layout */
};

enum
{
  END,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

enum
{
  PROP_0,
  PROP_VIEW,
  PROP_HADJUSTMENT,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

static void
scope_log_pane_scrollable_init (GtkScrollableInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeLogPane,
                               scope_log_pane,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE,
                                                      scope_log_pane_scrollable_init))

static guint
scope_log_pane_count_events (ScopeLogPane *self)
{
  return self->events != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->events)) : 0;
}

static guint
scope_log_pane_count_rows (ScopeLogPane *self)
{
  return self->rows != NULL ? g_list_model_get_n_items (G_LIST_MODEL (self->rows)) : 0;
}

static GtkWidget *
scope_log_pane_find_list (ScopeLogPane *self)
{
  return self->view != NULL ? scope_ui_find_list (self->view) : NULL;
}

static GtkWidget *
scope_log_pane_find_row (ScopeLogPane *self, guint number)
{
  GtkWidget *list = scope_log_pane_find_list (self);
  GtkWidget *row = list != NULL ? gtk_widget_get_first_child (list) : NULL;

  while (row != NULL && number-- > 0)
    row = gtk_widget_get_next_sibling (row);
  return row;
}

/* The number of the row that the focus is on, or GTK_INVALID_LIST_POSITION. */
static guint
scope_log_pane_find_focus (ScopeLogPane *self)
{
  GtkWidget *list = scope_log_pane_find_list (self);
  GtkWidget *row = list != NULL ? gtk_widget_get_focus_child (list) : NULL;
  guint number = 0;

  if (row == NULL || !gtk_widget_is_focus (row) || self->leave_id != 0)
    return GTK_INVALID_LIST_POSITION;
  while ((row = gtk_widget_get_prev_sibling (row)) != NULL)
    number++;
  return number;
}

/* ---- the keyboard's row ---- */

static gboolean
scope_log_pane_is_in_sight (ScopeLogPane *self, guint position)
{
  double value = gtk_adjustment_get_value (self->vadjustment);
  double top = position * self->row_height;

  return top >= value - 1
         && top + self->row_height <= value + gtk_adjustment_get_page_size (self->vadjustment) + 1;
}

static gboolean
scope_log_pane_focus_event (ScopeLogPane *self, guint position)
{
  guint first = self->rows != NULL ? scope_log_rows_get_first (self->rows) : 0;
  GtkWidget *row = NULL;
  ScopeEventItem *item;

  if (position >= first && position - first < scope_log_pane_count_rows (self))
    row = scope_log_pane_find_row (self, position - first);
  if (row == NULL)
    return FALSE;
  /* who is told of the focus asks at once what the row is */
  item = scope_event_cell_get_row_item (row);
  if (item != NULL && scope_event_item_get_record (item)->kind != SCOPE_ENTRY_EVENT)
    scope_event_item_get_preview (item);
  scope_event_cell_fill_row (row);
  g_clear_handle_id (&self->leave_id, g_source_remove);
  return gtk_widget_grab_focus (row);
}

/* Of a focus that leaves them GTK computes the style of all rows anew: as long as a frame may take, and so
 * it is not part of one. Nothing is heard of the keyboard or the pointer before. */
static gboolean
scope_log_pane_leave_cb (gpointer user_data)
{
  ScopeLogPane *self = user_data;

  self->leave_id = 0;
  if (scope_log_pane_find_focus (self) != GTK_INVALID_LIST_POSITION)
    gtk_root_set_focus (gtk_widget_get_root (GTK_WIDGET (self)), GTK_WIDGET (self));
  return G_SOURCE_REMOVE;
}

/* The event that the focus was on stands in another row now, or in none. Then the pane itself keeps
 * the focus, so that the keys go on working; also while events come, so that nobody is told of a
 * focus that moves with each. */
static void
scope_log_pane_move_focus (ScopeLogPane *self, guint position)
{
  if (self->at_end || !scope_log_pane_is_in_sight (self, position)
      || !scope_log_pane_focus_event (self, position))
    self->leave_id = g_idle_add_full (G_PRIORITY_HIGH, scope_log_pane_leave_cb, self, NULL);
}

/* The event that has the focus, else the one that is selected; or GTK_INVALID_LIST_POSITION. */
static guint
scope_log_pane_find_event (ScopeLogPane *self)
{
  guint row = scope_log_pane_find_focus (self);

  if (row != GTK_INVALID_LIST_POSITION)
    return scope_log_rows_get_first (self->rows) + row;
  return gtk_single_selection_get_selected (self->events);
}

/* The event that the arrow keys start from, of those there are. */
static guint
scope_log_pane_find_cursor (ScopeLogPane *self)
{
  guint event = scope_log_pane_find_event (self);

  if (self->at_end)
    return scope_log_pane_count_events (self) - 1;
  return event != GTK_INVALID_LIST_POSITION ? event : scope_log_pane_get_top (self);
}

/* FALSE: not a key that moves. Return is a row's own, but if no row has the focus. */
static gboolean
scope_log_pane_move_cursor (ScopeLogPane *self, guint key, gint64 *cursor)
{
  double page_size = gtk_adjustment_get_page_size (self->vadjustment);
  gint64 page = self->row_height > 0 ? MAX (1, (gint64) (page_size / self->row_height) - 1) : 1;

  switch (key)
    {
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      *cursor -= 1;
      return TRUE;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      *cursor += 1;
      return TRUE;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      *cursor -= page;
      return TRUE;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      *cursor += page;
      return TRUE;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      *cursor = 0;
      return TRUE;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      *cursor = G_MAXUINT;
      return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      return gtk_widget_is_focus (GTK_WIDGET (self));
    default:
      return FALSE;
    }
}

static gboolean
scope_log_pane_key_cb (ScopeLogPane *self, guint key, guint code, GdkModifierType modifiers)
{
  gint64 n_events = scope_log_pane_count_events (self);
  gboolean on_rows = scope_log_pane_find_focus (self) != GTK_INVALID_LIST_POSITION
                     || gtk_widget_is_focus (GTK_WIDGET (self));
  /* the list has an answer to these two as well, within the rows it knows */
  GdkModifierType others
      = gtk_accelerator_get_default_mod_mask () & ~(GDK_SHIFT_MASK | GDK_CONTROL_MASK);
  gint64 cursor;

  if (n_events == 0 || !on_rows || (modifiers & others) != 0)
    return GDK_EVENT_PROPAGATE;
  cursor = scope_log_pane_find_cursor (self);
  if (!scope_log_pane_move_cursor (self, key, &cursor))
    return GDK_EVENT_PROPAGATE;

  cursor = CLAMP (cursor, 0, n_events - 1);
  self->moving = TRUE;
  gtk_single_selection_set_selected (self->events, cursor);
  scope_log_pane_show_event (self, cursor);
  scope_log_pane_focus_event (self, cursor);
  self->moving = FALSE;
  if (key == GDK_KEY_End || key == GDK_KEY_KP_End)
    g_signal_emit (self, signals[END], 0);
  return GDK_EVENT_STOP;
}

/* ---- scrolling ---- */

/* Cells show their new events before the next frame is drawn. */
static void
scope_log_pane_queue_fill (ScopeLogPane *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));

  if (clock != NULL)
    gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_LAYOUT);
}

/* Whether what the outer adjustment asks to see is in rows. */
static gboolean
scope_log_pane_has_rows_at (ScopeLogPane *self, double value)
{
  double top = value / self->row_height;
  double page = gtk_adjustment_get_page_size (self->vadjustment) / self->row_height;
  guint first = scope_log_rows_get_first (self->rows);

  return top >= first && top + page <= first + scope_log_pane_count_rows (self);
}

static double
scope_log_pane_round (ScopeLogPane *self, double rows)
{
  if (self->leaning == 0)
    return round (rows);
  return self->leaning < 0 ? floor (rows) : ceil (rows);
}

/* A move of the inner adjustment is a layout of the whole window to GTK; a move of the rows' events
 * costs all cells. The former is for small moves. A leap is made without a layout: to the nearest
 * place where rows stand as they do now, or the ends exactly. */
static gboolean
scope_log_pane_leap (ScopeLogPane *self)
{
  double value = gtk_adjustment_get_value (self->vadjustment);
  double end = gtk_adjustment_get_upper (self->vadjustment)
               - gtk_adjustment_get_page_size (self->vadjustment);
  double inner = gtk_adjustment_get_value (self->inner);
  double first = scope_log_pane_round (self, (value - inner) / self->row_height);
  double max_first = (double) scope_log_pane_count_events (self) - scope_log_pane_count_rows (self);
  double now = scope_log_rows_get_first (self->rows) * self->row_height + inner;
  gboolean near = fabs (value - now) < gtk_adjustment_get_page_size (self->vadjustment) / 2;

  if (near || value <= 0 || value >= end || first < 0 || first > max_first)
    return FALSE;
  scope_log_rows_set_first (self->rows, first);
  gtk_adjustment_set_value (self->vadjustment, first * self->row_height + inner);
  return TRUE;
}

static void
scope_log_pane_move (ScopeLogPane *self)
{
  double value = gtk_adjustment_get_value (self->vadjustment);
  double rows = gtk_adjustment_get_page_size (self->vadjustment) / self->row_height;
  double spare = MAX (0, scope_log_pane_count_rows (self) - rows);
  double inner;

  if (!scope_log_pane_has_rows_at (self, value))
    scope_log_rows_set_first (self->rows, MAX (0, floor (value / self->row_height - spare / 2)));
  inner = round (value - scope_log_rows_get_first (self->rows) * self->row_height);
  if (fabs (inner - gtk_adjustment_get_value (self->inner)) >= 1)
    gtk_adjustment_set_value (self->inner, inner);
}

/* Brings rows and inner adjustment to where the outer one stands. */
static void
scope_log_pane_place (ScopeLogPane *self)
{
  gboolean was_placing = self->placing;
  guint first;
  guint focus;

  if (self->rows == NULL || self->row_height <= 0)
    return;
  self->placing = TRUE;
  first = scope_log_rows_get_first (self->rows);
  focus = scope_log_pane_find_focus (self);
  if (!scope_log_pane_leap (self))
    scope_log_pane_move (self);
  self->placing = was_placing;

  if (first == scope_log_rows_get_first (self->rows))
    return;
  scope_log_pane_queue_fill (self);
  if (focus != GTK_INVALID_LIST_POSITION && !self->moving)
    scope_log_pane_move_focus (self, first + focus);
}

static void
scope_log_pane_value_cb (ScopeLogPane *self)
{
  if (!self->placing)
    scope_log_pane_place (self);
}

/* GTK scrolled among the rows, to show one that took the focus. */
static void
scope_log_pane_inner_cb (ScopeLogPane *self)
{
  double value;

  if (self->placing || self->rows == NULL || self->vadjustment == NULL)
    return;
  value = scope_log_rows_get_first (self->rows) * self->row_height
          + gtk_adjustment_get_value (self->inner);
  if (fabs (value - gtk_adjustment_get_value (self->vadjustment)) >= 1)
    gtk_adjustment_set_value (self->vadjustment, value);
}

/* The outer adjustment for as many events as there are, standing at value or at their end. */
static void
scope_log_pane_configure (ScopeLogPane *self, double value)
{
  double page_size = gtk_adjustment_get_page_size (self->inner);
  double upper = MAX (page_size, scope_log_pane_count_events (self) * self->row_height);
  double end = upper - page_size;

  if (self->vadjustment == NULL)
    return;
  if (self->at_end && !self->held)
    value = end;
  gtk_adjustment_configure (self->vadjustment, CLAMP (value, 0, end), 0, upper, self->row_height,
                            page_size * 0.9, page_size);
}

/* Where the outer adjustment then stands: what goes or comes above does not move what is read. */
static double
scope_log_pane_keep_place (ScopeLogPane *self, guint position, guint removed, guint added)
{
  double value = gtk_adjustment_get_value (self->vadjustment);
  double top = self->row_height > 0 ? ceil (value / self->row_height) : 0;

  if (position >= top)
    return value;
  if ((double) position + removed <= top)
    return value + ((double) added - removed) * self->row_height;
  return added == 0 ? position * self->row_height : value;
}

/* Where the event has gone that the focus was on, and the focus with it. */
static void
scope_log_pane_keep_focus (
    ScopeLogPane *self, guint focused, guint position, guint removed, guint added)
{
  guint row = scope_log_pane_find_focus (self);

  if (focused >= position && focused - position < removed)
    return;
  if (focused >= position)
    focused = focused + added - removed;
  if (row == GTK_INVALID_LIST_POSITION || scope_log_rows_get_first (self->rows) + row != focused)
    scope_log_pane_move_focus (self, focused);
}

/* Brings rows that were missing: their widgets take half a millisecond each, so they come a few at a
 * time. */
static gboolean
scope_log_pane_grow_cb (gpointer user_data)
{
  ScopeLogPane *self = user_data;
  guint focus = scope_log_pane_find_focus (self);
  guint focused = scope_log_rows_get_first (self->rows) + focus;
  gboolean missing;

  self->moving = TRUE;
  missing = scope_log_rows_grow (self->rows);
  scope_log_pane_place (self);
  self->moving = FALSE;
  scope_log_pane_queue_fill (self);
  if (focus != GTK_INVALID_LIST_POSITION)
    scope_log_pane_keep_focus (self, focused, 0, 0, 0);
  if (!missing)
    self->grow_id = 0;
  return missing ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
scope_log_pane_queue_grow (ScopeLogPane *self)
{
  if (self->grow_id == 0)
    self->grow_id = g_idle_add (scope_log_pane_grow_cb, self);
}

static void
scope_log_pane_events_changed_cb (ScopeLogPane *self, guint position, guint removed, guint added)
{
  double value = scope_log_pane_keep_place (self, position, removed, added);
  guint first = scope_log_rows_get_first (self->rows);
  guint focus = scope_log_pane_find_focus (self);
  guint focused = first + focus;

  if (position + removed <= first && position < first)
    first = first + added - removed;
  self->moving = TRUE;
  if (scope_log_rows_update (self->rows, first))
    scope_log_pane_queue_grow (self);
  scope_log_pane_configure (self, value);
  scope_log_pane_place (self);
  self->moving = FALSE;
  scope_log_pane_queue_fill (self);
  if (focus != GTK_INVALID_LIST_POSITION)
    scope_log_pane_keep_focus (self, focused, position, removed, added);
}

/* ---- pressing ---- */

/* The list selects a row when a button is let go: until then it keeps the event that was pressed.
 */

static gboolean
scope_log_pane_release_cb (gpointer user_data)
{
  ScopeLogPane *self = user_data;

  self->release_id = 0;
  self->held = FALSE;
  if (self->at_end)
    scope_log_pane_configure (self, 0);
  return G_SOURCE_REMOVE;
}

static void
scope_log_pane_pressed_cb (ScopeLogPane *self)
{
  g_clear_handle_id (&self->release_id, g_source_remove);
  self->held = TRUE;
}

/* When the list has heard of it too. */
static void
scope_log_pane_released_cb (ScopeLogPane *self)
{
  if (self->held && self->release_id == 0)
    self->release_id = g_idle_add_full (G_PRIORITY_HIGH, scope_log_pane_release_cb, self, NULL);
}

static void
scope_log_pane_init_press (ScopeLogPane *self)
{
  GtkGesture *press = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (press), 0);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (press), GTK_PHASE_CAPTURE);
  g_signal_connect_object (press, "begin", G_CALLBACK (scope_log_pane_pressed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (press, "end", G_CALLBACK (scope_log_pane_released_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (press, "cancel", G_CALLBACK (scope_log_pane_released_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (press));
}

/* ---- layout ---- */

static GtkSizeRequestMode
scope_log_pane_get_request_mode (GtkWidget *widget)
{
  return gtk_widget_get_request_mode (GTK_WIDGET (SCOPE_LOG_PANE (widget)->view));
}

static void
scope_log_pane_measure (GtkWidget *widget,
                        GtkOrientation orientation,
                        int for_size,
                        int *minimum,
                        int *natural,
                        int *minimum_baseline,
                        int *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (SCOPE_LOG_PANE (widget)->view), orientation, for_size, minimum,
                      natural, minimum_baseline, natural_baseline);
}

/* Of the first row in sight; else what it was. */
static double
scope_log_pane_measure_one_row (ScopeLogPane *self)
{
  GtkWidget *list = scope_log_pane_find_list (self);
  GtkWidget *row = list != NULL ? gtk_widget_get_first_child (list) : NULL;
  graphene_rect_t bounds;

  while (row != NULL && !gtk_widget_get_child_visible (row))
    row = gtk_widget_get_next_sibling (row);
  if (row == NULL || !gtk_widget_compute_bounds (row, list, &bounds) || bounds.size.height <= 0)
    return self->row_height;
  return bounds.size.height;
}

/* The mean: should a sign be higher than the text, then all rows together are as high as GTK made
 * them, and their end is the log's end. */
static double
scope_log_pane_measure_row (ScopeLogPane *self)
{
  guint n_rows = scope_log_pane_count_rows (self);
  double upper = gtk_adjustment_get_upper (self->inner);

  if (n_rows > 0 && upper > gtk_adjustment_get_page_size (self->inner))
    return upper / n_rows;
  return scope_log_pane_measure_one_row (self);
}

static void
scope_log_pane_allocate_view (ScopeLogPane *self, int width, int height, int baseline)
{
  gtk_widget_size_allocate (GTK_WIDGET (self->view), &(GtkAllocation){ 0, 0, width, height },
                            baseline);
}

static void
scope_log_pane_update_sight (ScopeLogPane *self)
{
  double page_size = gtk_adjustment_get_page_size (self->inner);

  if (self->rows == NULL || self->row_height <= 0)
    return;
  if (scope_log_rows_set_sight (self->rows, (guint) ceil (page_size / self->row_height)))
    scope_log_pane_queue_grow (self);
}

static void
scope_log_pane_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  ScopeLogPane *self = SCOPE_LOG_PANE (widget);
  double top
      = self->row_height > 0 ? gtk_adjustment_get_value (self->vadjustment) / self->row_height : 0;
  double inner;

  self->placing = TRUE;
  scope_log_pane_allocate_view (self, width, height, baseline);
  inner = gtk_adjustment_get_value (self->inner);
  self->row_height = scope_log_pane_measure_row (self);
  scope_log_pane_update_sight (self);
  scope_log_pane_configure (self, top * self->row_height);
  scope_log_pane_place (self);
  if (inner != gtk_adjustment_get_value (self->inner))
    scope_log_pane_allocate_view (self, width, height, baseline);
  self->placing = FALSE;
}

/* ---- focus ---- */

/* Onto the row that is selected, if it can be seen. */
static gboolean
scope_log_pane_grab_focus (GtkWidget *widget)
{
  ScopeLogPane *self = SCOPE_LOG_PANE (widget);
  guint selected = self->events != NULL ? gtk_single_selection_get_selected (self->events)
                                        : GTK_INVALID_LIST_POSITION;
  guint n_events = scope_log_pane_count_events (self);
  guint position = selected;

  if (n_events == 0)
    return GTK_WIDGET_CLASS (scope_log_pane_parent_class)->grab_focus (widget);
  if (selected == GTK_INVALID_LIST_POSITION || !scope_log_pane_is_in_sight (self, selected))
    position = self->at_end ? n_events - 1 : scope_log_pane_get_top (self);
  if (scope_log_pane_focus_event (self, position))
    return TRUE;
  return GTK_WIDGET_CLASS (scope_log_pane_parent_class)->grab_focus (widget);
}

/* Tab comes in at the row that the keyboard would start from; the pane itself is no stop. */
static gboolean
scope_log_pane_focus (GtkWidget *widget, GtkDirectionType direction)
{
  gboolean tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;

  if (gtk_widget_is_focus (widget))
    return FALSE;
  if (tab && gtk_widget_get_focus_child (widget) == NULL)
    return gtk_widget_grab_focus (widget);
  return gtk_widget_child_focus (GTK_WIDGET (SCOPE_LOG_PANE (widget)->view), direction);
}

/* ---- class ---- */

static gboolean
scope_log_pane_get_border (GtkScrollable *scrollable, GtkBorder *border)
{
  return gtk_scrollable_get_border (GTK_SCROLLABLE (SCOPE_LOG_PANE (scrollable)->view), border);
}

static void
scope_log_pane_scrollable_init (GtkScrollableInterface *iface)
{
  iface->get_border = scope_log_pane_get_border;
}

static void
scope_log_pane_set_view (ScopeLogPane *self, GtkColumnView *view)
{
  g_return_if_fail (self->view == NULL);

  self->view = view;
  gtk_widget_set_parent (GTK_WIDGET (view), GTK_WIDGET (self));
  gtk_scrollable_set_hadjustment (GTK_SCROLLABLE (view), self->hadjustment);
  gtk_scrollable_set_hscroll_policy (GTK_SCROLLABLE (view), self->hscroll_policy);
  gtk_scrollable_set_vadjustment (GTK_SCROLLABLE (view), self->inner);
}

static void
scope_log_pane_set_hadjustment (ScopeLogPane *self, GtkAdjustment *adjustment)
{
  g_set_object (&self->hadjustment, adjustment);
  if (self->view != NULL)
    gtk_scrollable_set_hadjustment (GTK_SCROLLABLE (self->view), adjustment);
}

static void
scope_log_pane_set_vadjustment (ScopeLogPane *self, GtkAdjustment *adjustment)
{
  g_autoptr (GtkAdjustment) made = NULL;

  if (adjustment == NULL)
    adjustment = made = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  if (self->vadjustment != NULL)
    g_signal_handlers_disconnect_by_func (self->vadjustment, scope_log_pane_value_cb, self);
  g_set_object (&self->vadjustment, adjustment);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scope_log_pane_value_cb), self,
                           G_CONNECT_SWAPPED);
  scope_log_pane_configure (self, 0);
}

static void
scope_log_pane_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  ScopeLogPane *self = SCOPE_LOG_PANE (object);

  switch (prop_id)
    {
    case PROP_VIEW:
      g_value_set_object (value, self->view);
      break;
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->hadjustment);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->vadjustment);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->hscroll_policy);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->vscroll_policy);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_log_pane_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  ScopeLogPane *self = SCOPE_LOG_PANE (object);

  switch (prop_id)
    {
    case PROP_VIEW:
      scope_log_pane_set_view (self, g_value_get_object (value));
      break;
    case PROP_HADJUSTMENT:
      scope_log_pane_set_hadjustment (self, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      scope_log_pane_set_vadjustment (self, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->hscroll_policy = g_value_get_enum (value);
      if (self->view != NULL)
        gtk_scrollable_set_hscroll_policy (GTK_SCROLLABLE (self->view), self->hscroll_policy);
      break;
    case PROP_VSCROLL_POLICY:
      self->vscroll_policy = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_log_pane_dispose (GObject *object)
{
  ScopeLogPane *self = SCOPE_LOG_PANE (object);

  g_clear_handle_id (&self->release_id, g_source_remove);
  g_clear_handle_id (&self->leave_id, g_source_remove);
  g_clear_handle_id (&self->grow_id, g_source_remove);
  g_clear_pointer ((GtkWidget **) &self->view, gtk_widget_unparent);
  if (self->events != NULL)
    g_signal_handlers_disconnect_by_data (self->events, self);
  g_clear_object (&self->rows);
  g_clear_object (&self->events);
  g_clear_object (&self->hadjustment);
  if (self->vadjustment != NULL)
    g_signal_handlers_disconnect_by_data (self->vadjustment, self);
  g_clear_object (&self->vadjustment);
  g_clear_object (&self->inner);

  G_OBJECT_CLASS (scope_log_pane_parent_class)->dispose (object);
}

static void
scope_log_pane_class_init (ScopeLogPaneClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_log_pane_dispose;
  object_class->get_property = scope_log_pane_get_property;
  object_class->set_property = scope_log_pane_set_property;
  widget_class->get_request_mode = scope_log_pane_get_request_mode;
  widget_class->measure = scope_log_pane_measure;
  widget_class->size_allocate = scope_log_pane_size_allocate;
  widget_class->grab_focus = scope_log_pane_grab_focus;
  widget_class->focus = scope_log_pane_focus;

  g_object_class_install_property (
      object_class, PROP_VIEW,
      g_param_spec_object ("view", NULL, NULL, GTK_TYPE_COLUMN_VIEW,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  /**
   * ScopeLogPane::end:
   *
   * The keyboard was asked to go to the last event.
   */
  signals[END] = g_signal_new ("end", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
scope_log_pane_init (ScopeLogPane *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  self->inner = g_object_ref_sink (gtk_adjustment_new (0, 0, 0, 0, 0, 0));
  g_signal_connect_object (self->inner, "value-changed", G_CALLBACK (scope_log_pane_inner_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_object (keys, "key-pressed", G_CALLBACK (scope_log_pane_key_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  scope_log_pane_init_press (self);
}

/**
 * scope_log_pane_set_events:
 * @events: of #ScopeEventItem; what is shown, and which of them is selected
 *
 * To be called once. The items of the view's cells are #ScopeLogRow.
 */
void
scope_log_pane_set_events (ScopeLogPane *self, GtkSingleSelection *events)
{
  g_return_if_fail (SCOPE_IS_LOG_PANE (self));
  g_return_if_fail (GTK_IS_SINGLE_SELECTION (events));
  g_return_if_fail (self->events == NULL);

  self->events = g_object_ref (events);
  self->rows = scope_log_rows_new (events);
  gtk_column_view_set_model (self->view, GTK_SELECTION_MODEL (self->rows));
  if (scope_log_rows_update (self->rows, 0))
    scope_log_pane_queue_grow (self);
  g_signal_connect_object (events, "items-changed", G_CALLBACK (scope_log_pane_events_changed_cb),
                           self, G_CONNECT_SWAPPED);
  scope_log_pane_configure (self, 0);
}

/**
 * scope_log_pane_set_at_end:
 * @at_end: whether to go to the last event, and to stay there as others come
 */
void
scope_log_pane_set_at_end (ScopeLogPane *self, gboolean at_end)
{
  g_return_if_fail (SCOPE_IS_LOG_PANE (self));

  self->at_end = at_end;
  if (at_end)
    scope_log_pane_configure (self, 0);
}

/**
 * scope_log_pane_show_event:
 * @position: of an event
 *
 * Scrolls as little as is needed to show it.
 */
void
scope_log_pane_show_event (ScopeLogPane *self, guint position)
{
  double page_size;
  double value;
  double top;

  g_return_if_fail (SCOPE_IS_LOG_PANE (self));

  page_size = gtk_adjustment_get_page_size (self->vadjustment);
  value = gtk_adjustment_get_value (self->vadjustment);
  top = position * self->row_height;
  self->leaning = top < value ? -1 : 1;
  gtk_adjustment_set_value (self->vadjustment,
                            CLAMP (value, top + self->row_height - page_size, top));
  self->leaning = 0;
}

/**
 * scope_log_pane_get_top:
 *
 * Returns: the position of the first event that is in sight as a whole
 */
guint
scope_log_pane_get_top (ScopeLogPane *self)
{
  guint n_events;

  g_return_val_if_fail (SCOPE_IS_LOG_PANE (self), 0);

  n_events = scope_log_pane_count_events (self);
  if (n_events == 0 || self->row_height <= 0)
    return 0;
  return MIN (n_events - 1,
              (guint) ceil (gtk_adjustment_get_value (self->vadjustment) / self->row_height));
}

/**
 * scope_log_pane_get_cursor:
 *
 * Returns: the position of the event that the keyboard is at, also if it is not selected, or
 *   %GTK_INVALID_LIST_POSITION if there is none
 */
guint
scope_log_pane_get_cursor (ScopeLogPane *self)
{
  g_return_val_if_fail (SCOPE_IS_LOG_PANE (self), GTK_INVALID_LIST_POSITION);

  if (scope_log_pane_count_events (self) == 0)
    return GTK_INVALID_LIST_POSITION;
  return scope_log_pane_find_event (self);
}
