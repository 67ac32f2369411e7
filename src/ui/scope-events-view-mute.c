/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-events-view"

#include "config.h"

#include "ui/scope-events-view-private.h"

#include <glib/gi18n.h>

#include "ui/scope-format.h"

/* Muted channels: what the log shows is narrowed to the rest, and a bar above it says so. */

/* with their names, as long as they are few */
#define MAX_NAMED 3

static ScopeMutes *
scope_events_view_get_mutes (ScopeEventsView *self)
{
  return self->session != NULL ? scope_session_get_mutes (self->session) : NULL;
}

gboolean
_scope_events_view_has_mutes (ScopeEventsView *self)
{
  ScopeMutes *mutes = scope_events_view_get_mutes (self);

  return mutes != NULL && scope_mutes_get_count (mutes) > 0;
}

/* What is typed, narrowed to what is not muted (transfer full, nullable). */
ScopeFilter *
_scope_events_view_dup_filter (ScopeEventsView *self)
{
  ScopeFilter *typed = scope_filter_entry_get_filter (self->filter_entry);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  ScopeFilter *narrowed;

  if (!_scope_events_view_has_mutes (self))
    return typed != NULL ? scope_filter_ref (typed) : NULL;
  text = scope_mutes_narrow (scope_events_view_get_mutes (self),
                             typed != NULL ? scope_filter_get_text (typed) : NULL);
  narrowed = scope_filter_new (text, NULL, &error);
  if (narrowed == NULL)
    g_warning ("Muting doesn’t go with this filter: %s", error->message);
  return narrowed;
}

static ScopeHint *
scope_events_view_new_mute_hint (ScopeEventsView *self)
{
  ScopeMutes *mutes = scope_events_view_get_mutes (self);
  guint n = scope_mutes_get_count (mutes);
  g_auto (GStrv) names = scope_mutes_dup_names (mutes);
  ScopeHint *hint = g_new0 (ScopeHint, 1);

  hint->icon = "audio-volume-muted-symbolic";
  hint->title = g_strdup_printf (ngettext ("%u muted channel", "%u muted channels", n), n);
  if (n <= MAX_NAMED)
    hint->text = g_strjoinv (", ", names);
  hint->action = "win.unmute-all";
  hint->action_label = _("Unmute");
  return hint;
}

ScopeHint *
_scope_events_view_new_muted_page (void)
{
  ScopeHint *hint = g_new0 (ScopeHint, 1);

  hint->icon = "audio-volume-muted-symbolic";
  hint->title = g_strdup (_("Everything Is Muted"));
  hint->text = g_strdup (_("Events arrive and are recorded; their channels are muted in the log."));
  hint->action = "win.unmute-all";
  hint->action_label = _("Unmute");
  return hint;
}

void
_scope_events_view_update_mutes (ScopeEventsView *self)
{
  scope_hint_bar_take_hint (self->mute_bar, _scope_events_view_has_mutes (self)
                                                ? scope_events_view_new_mute_hint (self)
                                                : NULL);
  _scope_events_view_update_row_actions (
      self, gtk_single_selection_get_selected_item (self->selection));
}

/**
 * scope_events_view_has_filter:
 *
 * Returns: whether a filter was typed; muted channels are none
 */
gboolean
scope_events_view_has_filter (ScopeEventsView *self)
{
  g_return_val_if_fail (SCOPE_IS_EVENTS_VIEW (self), FALSE);

  return scope_filter_entry_get_filter (self->filter_entry) != NULL;
}

void
_scope_events_view_mute (GtkWidget  *widget,
                         const char *action_name,
                         GVariant   *parameter)
{
  ScopeEventsView *self = SCOPE_EVENTS_VIEW (widget);
  ScopeEventItem *item = gtk_single_selection_get_selected_item (self->selection);
  const char *channel = item != NULL ? scope_event_item_get_channel (item) : NULL;

  if (channel != NULL)
    gtk_widget_activate_action (widget, "win.mute", "s", channel);
}
