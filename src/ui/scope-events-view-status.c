/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-events-view"

#include "config.h"

#include "ui/scope-events-view-private.h"

#include <glib/gi18n.h>

#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

/* Counts change with every frame; a person reads four a second. */
#define COUNT_INTERVAL_MSEC 250

ScopeEventList *
_scope_events_view_get_list (ScopeEventsView *self)
{
  return scope_freeze_model_get_list (self->model);
}

guint
_scope_events_view_count_shown (ScopeEventsView *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (self->model));
}

/* ---- what stands in the place of the log, or below it ---- */

static ScopeHint *
scope_events_view_new_filter_hint (ScopeEventsView *self)
{
  ScopeHint *hint = g_new0 (ScopeHint, 1);

  if (scope_event_list_get_filtering (_scope_events_view_get_list (self)))
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
  ScopeEventList *list = _scope_events_view_get_list (self);
  ScopeHint *hint;

  if (g_list_model_get_n_items (G_LIST_MODEL (list)) > 0)
    return scope_events_view_new_paused_hint ();
  hint = scope_event_list_get_n_total (list) > 0 ? _scope_events_view_new_only_page (self) : NULL;
  if (hint != NULL)
    return hint;
  if (scope_filter_entry_get_filter (self->filter_entry) != NULL &&
      scope_event_list_get_n_total (list) > 0)
    return scope_events_view_new_filter_hint (self);
  if (_scope_events_view_has_mutes (self) && scope_event_list_get_n_total (list) > 0)
    return _scope_events_view_new_muted_page ();
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

void
_scope_events_view_update_page (ScopeEventsView *self)
{
  gboolean empty;

  if (self->session == NULL)
    return;

  empty = _scope_events_view_count_shown (self) == 0;
  scope_ui_show_page (self->stack, empty ? "hint" : "log");
  if (!empty && self->wants_focus)
    {
      self->wants_focus = FALSE;
      gtk_widget_grab_focus (GTK_WIDGET (self->pane));
    }
  scope_hint_page_take_hint (self->page, empty ? scope_events_view_new_hint (self) : NULL);
  scope_hint_bar_take_hint (self->bar, empty ? NULL : scope_events_view_new_bar_hint (self));
}

/* ---- counts ---- */

void
_scope_events_view_update_pill (ScopeEventsView *self)
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
  ScopeEventList *list = _scope_events_view_get_list (self);
  gboolean filtered = scope_filter_entry_get_filter (self->filter_entry) != NULL ||
                      _scope_events_view_has_mutes (self) || _scope_events_view_has_only (self);
  guint n_shown;
  guint64 n_total;
  g_autofree char *text = NULL;

  if (list == NULL)
    return;
  n_shown = g_list_model_get_n_items (G_LIST_MODEL (list));
  n_total = scope_event_list_get_n_total (list);
  if (filtered && scope_event_list_get_filtering (list))
    text = scope_format_counting (n_shown, n_total);
  else
    text = scope_format_events (n_shown, n_total, filtered);
  gtk_label_set_text (self->count, text);
}

static gboolean
scope_events_view_count_cb (gpointer user_data)
{
  ScopeEventsView *self = user_data;

  self->count_id = 0;
  scope_events_view_update_count (self);
  _scope_events_view_update_pill (self);
  _scope_events_view_update_page (self);
  return G_SOURCE_REMOVE;
}

void
_scope_events_view_queue_count (ScopeEventsView *self)
{
  if (self->count_id == 0)
    self->count_id = g_timeout_add (COUNT_INTERVAL_MSEC, scope_events_view_count_cb, self);
}

/* The first and the last row count at once; what lies between can wait. */
void
_scope_events_view_items_changed (ScopeEventsView *self)
{
  gboolean empty = _scope_events_view_count_shown (self) == 0;
  gboolean shows_log = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "log") == 0;

  if (empty == shows_log)
    _scope_events_view_update_page (self);
  _scope_events_view_go_on_jumping (self);
  _scope_events_view_queue_count (self);
}

void
_scope_events_view_update_all (ScopeEventsView *self)
{
  scope_events_view_update_count (self);
  _scope_events_view_update_pill (self);
  _scope_events_view_update_page (self);
}
