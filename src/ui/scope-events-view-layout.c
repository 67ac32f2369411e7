/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-events-view"

#include "config.h"

#include "ui/scope-events-view-private.h"

#include "ui/scope-ui-util.h"

/* Log and inspector: beside each other, one below the other, or one of them alone. */

/* What the inspector leaves to a log above it, if it can: a header and some rows. */
#define LOG_HEIGHT 200
#define LOG_SHARE 0.55

static gboolean
scope_events_view_is_beside (ScopeEventsView *self)
{
  return gtk_orientable_get_orientation (GTK_ORIENTABLE (self->paned)) == GTK_ORIENTATION_HORIZONTAL;
}

/* Whether the reader sees both, with the sizes they chose. */
static gboolean
scope_events_view_is_split (ScopeEventsView *self)
{
  return gtk_widget_get_mapped (GTK_WIDGET (self->inspector)) && !self->narrow
         && self->settle_id == 0;
}

/* Beside the log the inspector keeps its width; below it both give and take. */
static void
scope_events_view_settle (ScopeEventsView *self)
{
  gtk_paned_set_resize_start_child (self->paned, TRUE);
  gtk_paned_set_resize_end_child (self->paned, !scope_events_view_is_beside (self));
}

static gboolean
scope_events_view_settle_cb (GtkWidget     *widget,
                             GdkFrameClock *clock,
                             gpointer       user_data)
{
  ScopeEventsView *self = user_data;

  if (--self->settle_ticks > 0)
    return G_SOURCE_CONTINUE;
  self->settle_id = 0;
  scope_events_view_settle (self);
  return G_SOURCE_REMOVE;
}

/* A GtkPaned that is turned takes its width for its former height, and shares out the difference: so
 * the log may not change in size until it has been laid out. */
static void
scope_events_view_place (ScopeEventsView *self,
                         int              position)
{
  gtk_paned_set_resize_start_child (self->paned, FALSE);
  gtk_paned_set_resize_end_child (self->paned, TRUE);
  gtk_paned_set_position (self->paned, MAX (position, 0));
  self->placed = TRUE;
  self->settle_ticks = 2;
  if (self->settle_id == 0)
    self->settle_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), scope_events_view_settle_cb,
                                                    self, NULL);
}

static void
scope_events_view_place_inspector (ScopeEventsView *self)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self->paned));
  int height = gtk_widget_get_height (GTK_WIDGET (self->paned));

  if (scope_events_view_is_beside (self))
    scope_events_view_place (self, width - self->inspector_width);
  else
    scope_events_view_place (self, MAX (height * self->log_share, LOG_HEIGHT));
}

/* The log has another size: what was in sight may not be. */
static void
scope_events_view_keep_in_sight (ScopeEventsView *self)
{
  guint position = gtk_single_selection_get_selected (self->selection);

  if (position < _scope_events_view_count_shown (self)
      && !scope_log_follower_get_follow (self->follower))
    scope_log_follower_show_row (self->follower, position);
}

/* What the reader made of the room, before it is another. */
static void
scope_events_view_remember (ScopeEventsView *self)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self->paned));

  self->inspector_width = scope_events_view_get_inspector_width (self);
  if (!scope_events_view_is_beside (self) && scope_events_view_is_split (self) && height > 0)
    self->log_share = (double) gtk_paned_get_position (self->paned) / height;
}

static void
scope_events_view_turn_cb (ScopeEventsView *self)
{
  gboolean beside = scope_adaptive_bin_get_wide (self->bin);

  if (scope_events_view_is_beside (self) == beside)
    return;
  scope_events_view_remember (self);
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->paned),
                                  beside ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  self->placed = FALSE;
  if (!gtk_widget_get_visible (GTK_WIDGET (self->inspector)))
    return;
  scope_events_view_place_inspector (self);
  scope_events_view_keep_in_sight (self);
}

static void
scope_events_view_apply_columns (ScopeEventsView *self)
{
  scope_ui_set_class (self->column_view, "scope-narrow", self->narrow);
  scope_event_columns_set_room (self->columns,
                                self->narrow                                ? SCOPE_COLUMNS_NARROW
                                : scope_adaptive_bin_get_narrow (self->bin) ? SCOPE_COLUMNS_COMPACT
                                                                            : SCOPE_COLUMNS_WIDE);
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

void
_scope_events_view_show_inspector (ScopeEventsView *self,
                                   gboolean         show)
{
  if (show && !self->placed)
    scope_events_view_place_inspector (self);
  gtk_widget_set_visible (GTK_WIDGET (self->inspector), show);
  gtk_widget_set_visible (self->log_box, !(show && self->narrow));
}

void
_scope_events_view_lay_out (ScopeEventsView *self)
{
  scope_events_view_move_count (self);
  scope_events_view_apply_columns (self);
  scope_filter_entry_set_narrow (self->filter_entry, self->narrow);
  scope_inspector_set_narrow (self->inspector, self->narrow);
  scope_find_bar_set_narrow (self->find_bar, self->narrow);
  _scope_events_view_show_inspector (self, gtk_widget_get_visible (GTK_WIDGET (self->inspector)));
  scope_events_view_keep_in_sight (self);
}

void
_scope_events_view_init_layout (ScopeEventsView *self)
{
  self->inspector_width = 360;
  self->log_share = LOG_SHARE;
  scope_events_view_apply_columns (self);
  g_signal_connect_object (self->bin, "notify::narrow",
                           G_CALLBACK (scope_events_view_apply_columns), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->bin, "notify::wide", G_CALLBACK (scope_events_view_turn_cb), self,
                           G_CONNECT_SWAPPED);
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

  if (scope_events_view_is_beside (self) && scope_events_view_is_split (self))
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
