/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-events-view"

#include "config.h"

#include "ui/scope-events-view-private.h"

#include "ui/scope-event-cell.h"

/* Finding: what the bar finds is selected, marked in the cells, and in the payload. */

/* The row at the log's upper edge: where a reader starts from who has selected none. */
static guint64
scope_events_view_get_top_sequence (ScopeEventsView *self)
{
  g_autoptr (ScopeEventItem) item =
      g_list_model_get_item (G_LIST_MODEL (self->model), scope_log_pane_get_top (self->pane));

  return item != NULL ? scope_event_item_get_sequence (item) : 0;
}

static void
scope_events_view_place_find (ScopeEventsView *self)
{
  scope_find_bar_set_place (self->find_bar, self->selected_sequence != 0
                                                ? self->selected_sequence
                                                : scope_events_view_get_top_sequence (self));
}

static gboolean
events_view_has_needle (const char *text,
                        const char *needle,
                        gboolean    match_case)
{
  g_autoptr (PangoAttrList) marks
      = text != NULL ? scope_event_cell_mark_text (text, needle, match_case) : NULL;

  return marks != NULL;
}

/* What is not in a row's names is in its payload. */
static gboolean
scope_events_view_is_found_in_names (ScopeEventsView *self)
{
  ScopeEventItem *item = gtk_single_selection_get_selected_item (self->selection);
  const char *needle = scope_find_bar_get_text (self->find_bar);
  gboolean match_case = scope_find_bar_get_match_case (self->find_bar);

  return item == NULL || needle == NULL
         || events_view_has_needle (scope_event_item_get_channel (item), needle, match_case)
         || events_view_has_needle (scope_event_item_get_event (item), needle, match_case)
         || events_view_has_needle (scope_event_item_get_user (item), needle, match_case);
}

static void
scope_events_view_found_cb (ScopeEventsView *self,
                            guint64          sequence)
{
  guint position = scope_freeze_model_find (self->model, sequence);

  if (position >= _scope_events_view_count_shown (self))
    return;
  scope_log_follower_set_follow (self->follower, FALSE);
  gtk_single_selection_set_selected (self->selection, position);
  scope_log_follower_show_row (self->follower, position);
  if (!scope_events_view_is_found_in_names (self))
    scope_inspector_show_found (self->inspector);
}

static void
scope_events_view_find_text_cb (ScopeEventsView *self)
{
  const char *text = scope_find_bar_get_text (self->find_bar);
  gboolean match_case = scope_find_bar_get_match_case (self->find_bar);

  scope_event_columns_set_find (self->columns, text, match_case);
  scope_inspector_set_find (self->inspector, text, match_case);
}

static void
scope_events_view_find_frozen_cb (ScopeEventsView *self)
{
  gboolean frozen = scope_freeze_model_get_frozen (self->model);

  scope_find_set_last (scope_find_bar_get_find (self->find_bar),
                       frozen ? scope_freeze_model_get_last (self->model) : 0);
}

void
_scope_events_view_update_find (ScopeEventsView *self)
{
  if (scope_find_bar_get_open (self->find_bar))
    scope_events_view_place_find (self);
}

void
_scope_events_view_init_find (ScopeEventsView *self)
{
  g_signal_connect_object (self->find_bar, "show-row", G_CALLBACK (scope_events_view_found_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->find_bar, "text-changed",
                           G_CALLBACK (scope_events_view_find_text_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->find_bar, "closed", G_CALLBACK (scope_events_view_focus_log), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->model, "notify::frozen",
                           G_CALLBACK (scope_events_view_find_frozen_cb), self, G_CONNECT_SWAPPED);
}

/**
 * scope_events_view_find:
 *
 * Opens the bar that finds.
 */
void
scope_events_view_find (ScopeEventsView *self)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_events_view_place_find (self);
  scope_find_bar_open (self->find_bar);
}

/**
 * scope_events_view_find_step:
 * @forward: whether to go to the next hit, not the previous one
 */
void
scope_events_view_find_step (ScopeEventsView *self,
                             gboolean         forward)
{
  g_return_if_fail (SCOPE_IS_EVENTS_VIEW (self));

  scope_events_view_place_find (self);
  scope_find_bar_step (self->find_bar, forward);
}
