/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-events-view"

#include "config.h"

#include "ui/scope-events-view-private.h"

#include <glib/gi18n.h>

#include "ui/scope-format.h"

/* Flagged or bookmarked rows alone. No filter can tell them: what a bookmark is on, or what looks
 * like nothing before it, is not in the event. A bar above the log says so, and leads back. */

static const struct
{
  const char *name;
  const char *icon;
  const char *title;
  const char *none;
  const char *none_text;
} scope_only_kinds[] = {
  { "flagged", "emblem-important-symbolic", N_("Only flagged events"), N_("Nothing Is Flagged"),
    N_("An event is flagged when its payload has other fields or types than those of the same name "
       "before it.") },
  { "bookmarked", "user-bookmarks-symbolic", N_("Only bookmarked rows"), N_("No Bookmarks"),
    N_("Ctrl+D sets a bookmark on a row of the log.") },
};

static guint
scope_events_view_find_only (const char *name)
{
  guint i = 0;

  while (i < G_N_ELEMENTS (scope_only_kinds) && !g_str_equal (scope_only_kinds[i].name, name))
    i++;
  return i;
}

static gboolean
scope_events_view_is_looking (ScopeEventsView *self)
{
  return self->only == scope_events_view_find_only ("flagged") &&
         scope_shape_memory_get_lag (self->shapes) > 0;
}

static ScopePicks *
scope_events_view_new_picks (ScopeEventsView *self,
                             const char      *name)
{
  if (self->session == NULL)
    return NULL;
  if (g_str_equal (name, "bookmarked"))
    return scope_mark_list_new_picks (scope_session_get_marks (self->session));
  if (g_str_equal (name, "flagged") && self->shapes != NULL)
    return scope_shape_memory_new_picks (self->shapes);
  return NULL;
}

static ScopeHint *
scope_events_view_new_only_hint (ScopeEventsView *self)
{
  ScopeHint *hint = g_new0 (ScopeHint, 1);

  hint->icon = scope_only_kinds[self->only].icon;
  hint->title = g_strdup (_(scope_only_kinds[self->only].title));
  if (self->only == scope_events_view_find_only ("flagged") &&
      scope_shape_memory_get_full (self->shapes))
    hint->text = g_strdup (_("There are more events that look different than are marked."));
  hint->action = "win.show-only('')";
  hint->action_label = _("Show All");
  return hint;
}

gboolean
_scope_events_view_has_only (ScopeEventsView *self)
{
  return self->picks != NULL;
}

/* NULL: it is something else that leaves the log empty */
ScopeHint *
_scope_events_view_new_only_page (ScopeEventsView *self)
{
  ScopeHint *hint;

  if (self->picks == NULL || scope_picks_next (self->picks, 1) != 0)
    return NULL;
  hint = scope_events_view_new_only_hint (self);
  g_free (hint->title);
  g_free (hint->text);
  hint->busy = scope_events_view_is_looking (self);
  hint->title = g_strdup (hint->busy ? _("Searching…") : _(scope_only_kinds[self->only].none));
  hint->text = g_strdup (_(scope_only_kinds[self->only].none_text));
  return hint;
}

static void
scope_events_view_update_only (ScopeEventsView *self)
{
  scope_hint_bar_take_hint (self->only_bar,
                            self->picks != NULL ? scope_events_view_new_only_hint (self) : NULL);
}

/* The list has changed its rows before this: it was connected first. */
static void
scope_events_view_picks_changed_cb (ScopeEventsView *self)
{
  _scope_events_view_reselect (self);
  scope_events_view_update_only (self);
  _scope_events_view_queue_count (self);
}

/**
 * scope_events_view_set_only:
 * @name: "flagged", "bookmarked" or "" for all rows
 *
 * Shows these rows alone, of those that filter and muting let through.
 *
 * Returns: whether it does
 */
gboolean
scope_events_view_set_only (ScopeEventsView *self,
                            const char      *name)
{
  g_autoptr (ScopePicks) picks = NULL;

  g_return_val_if_fail (SCOPE_IS_EVENTS_VIEW (self), FALSE);
  g_return_val_if_fail (name != NULL, FALSE);

  picks = scope_events_view_new_picks (self, name);
  if (picks == NULL && *name != '\0')
    return FALSE;
  if (self->shapes != NULL)
    g_signal_handlers_disconnect_by_func (self->shapes, _scope_events_view_queue_count, self);
  /* with room for one pane it is the log that was asked for */
  if (self->narrow && picks != NULL)
    scope_events_view_close_inspector (self);
  self->only = scope_events_view_find_only (name);
  g_set_object (&self->picks, picks);
  _scope_events_view_apply_filter (self);
  if (picks != NULL)
    g_signal_connect_object (picks, "changed", G_CALLBACK (scope_events_view_picks_changed_cb),
                             self, G_CONNECT_SWAPPED);
  if (picks != NULL && self->shapes != NULL)
    g_signal_connect_object (self->shapes, "progress",
                             G_CALLBACK (_scope_events_view_queue_count), self,
                             G_CONNECT_SWAPPED);
  scope_events_view_update_only (self);
  return TRUE;
}

/**
 * scope_events_view_leaves_out:
 * @sequence: the number of an event
 *
 * Returns: whether it is not shown because it is neither flagged nor bookmarked
 */
gboolean
scope_events_view_leaves_out (ScopeEventsView *self,
                              guint64          sequence)
{
  g_return_val_if_fail (SCOPE_IS_EVENTS_VIEW (self), FALSE);

  return self->picks != NULL && scope_picks_next (self->picks, sequence) != sequence;
}
