/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-events-view"

#include "config.h"

#include "ui/scope-events-view-private.h"

/* Going to a row that something else knows by its number or its time. The row may not have been
 * read yet, or not been judged by the filter: then the jump waits for it, until the reader goes
 * somewhere else. */

static gboolean
scope_events_view_may_still_come (ScopeEventsView *self)
{
  gboolean loading = FALSE;

  g_object_get (self->session, "loading", &loading, NULL);
  return loading || scope_event_list_get_filtering (_scope_events_view_get_list (self));
}

/* In the whole list: a paused log may not show it. */
static guint
scope_events_view_find_jump (ScopeEventsView *self,
                             gboolean        *is_it)
{
  ScopeEventList *list = _scope_events_view_get_list (self);
  guint position;
  g_autoptr (ScopeEventItem) item = NULL;

  if (self->jump_sequence == 0)
    {
      position = scope_event_list_find_time (list, self->jump_usec);
      *is_it = position < g_list_model_get_n_items (G_LIST_MODEL (list));
      return position;
    }
  position = scope_event_list_find (list, self->jump_sequence);
  item = g_list_model_get_item (G_LIST_MODEL (list), position);
  *is_it = item != NULL && scope_event_item_get_sequence (item) == self->jump_sequence;
  return position;
}

static void
scope_events_view_land (ScopeEventsView *self,
                        guint            position)
{
  if (position >= _scope_events_view_count_shown (self))
    scope_freeze_model_set_frozen (self->model, FALSE);
  /* scrolling to a row takes the focus along, if it is in the log */
  if (gtk_widget_get_mapped (GTK_WIDGET (self->column_view)))
    gtk_widget_grab_focus (GTK_WIDGET (self->pane));
  scope_log_follower_set_follow (self->follower, FALSE);
  if (gtk_single_selection_get_selected (self->selection) == position)
    gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_single_selection_set_selected (self->selection, position);
  scope_log_follower_show_row (self->follower, position);
}

/* More rows came, or no more will: FALSE while the jump still waits. */
static gboolean
scope_events_view_try_jump (ScopeEventsView *self,
                            gboolean        *landed)
{
  gboolean is_it = FALSE;
  guint position = scope_events_view_find_jump (self, &is_it);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (_scope_events_view_get_list (self)));

  *landed = is_it;
  if (!is_it && position >= n_items && scope_events_view_may_still_come (self))
    return FALSE;
  self->jumping = FALSE;
  if (is_it)
    scope_events_view_land (self, position);
  return TRUE;
}

void
_scope_events_view_go_on_jumping (ScopeEventsView *self)
{
  gboolean landed;

  if (!self->jumping || self->session == NULL || !scope_events_view_try_jump (self, &landed))
    return;
  if (!landed)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.tell-hidden", "(tx)", self->jump_sequence,
                                self->jump_usec);
}

static void
scope_events_view_jump (ScopeEventsView *self,
                        guint64          sequence,
                        gint64           wall_usec)
{
  if (self->session == NULL)
    return;

  self->jump_sequence = sequence;
  self->jump_usec = wall_usec;
  self->jumping = TRUE;
  _scope_events_view_go_on_jumping (self);
}

/**
 * scope_events_view_get_selected:
 *
 * Returns: the number of the selected row, also if the filter hides it by now; 0 if there is none
 */
guint64
scope_events_view_get_selected (ScopeEventsView *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENTS_VIEW (self), 0);

  return self->selected_sequence;
}

/**
 * scope_events_view_show_sequence:
 * @sequence: the number of an event
 *
 * Selects that row and shows it. The log no longer follows. If the row is hidden, the window's
 * `win.tell-hidden` says so.
 */
void
scope_events_view_show_sequence (ScopeEventsView *self,
                                 guint64          sequence)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));
  g_return_if_fail (sequence > 0);

  scope_events_view_jump (self, sequence, 0);
}

/**
 * scope_events_view_show_time:
 * @wall_usec: microseconds since 1970
 *
 * Selects the first row shown that is from that time or later, and shows it. The log no longer
 * follows.
 */
void
scope_events_view_show_time (ScopeEventsView *self,
                             gint64           wall_usec)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_events_view_jump (self, 0, wall_usec);
}
