/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "ui/scope-time-dialog.h"

/* Commands that lead to a place in the log. */

static void
scope_window_show_time_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session == NULL)
    return;
  _scope_window_show_view (self, "events");
  scope_events_view_show_time (self->events_view, g_variant_get_int64 (parameter));
}

static void
scope_window_show_event_cb (GtkWidget  *widget,
                            const char *action_name,
                            GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  guint64 sequence = g_variant_get_uint64 (parameter);

  if (self->session == NULL || sequence == 0)
    return;
  _scope_window_show_view (self, "events");
  scope_events_view_show_sequence (self->events_view, sequence);
}

static void
scope_window_jump_to_time_cb (GtkWidget  *widget,
                              const char *action_name,
                              GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session != NULL)
    gtk_window_present (scope_time_dialog_new (GTK_WINDOW (self), self->session));
}

/* ---- muted channels ---- */

static void
scope_window_mute_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  const char *channel = g_variant_get_string (parameter, NULL);
  gboolean mute = g_str_equal (action_name, "win.mute");

  if (self->session != NULL)
    scope_mutes_set (scope_session_get_mutes (self->session), channel, mute);
}

static void
scope_window_unmute_all_cb (GtkWidget  *widget,
                            const char *action_name,
                            GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session != NULL)
    scope_mutes_clear (scope_session_get_mutes (self->session));
}

/* ---- flagged or bookmarked rows alone ---- */

void
_scope_window_show_only (ScopeWindow *self,
                         const char  *name)
{
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self), "show-only");

  if (scope_events_view_set_only (self->events_view, name))
    g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_string (name));
}

/* What is shown already is left again: one key does both. */
static void
scope_window_show_only_cb (GSimpleAction *action,
                           GVariant      *parameter,
                           gpointer       user_data)
{
  ScopeWindow *self = SCOPE_WINDOW (user_data);
  g_autoptr (GVariant) state = g_action_get_state (G_ACTION (action));

  if (self->session == NULL)
    return;
  _scope_window_show_view (self, "events");
  _scope_window_show_only (self, g_variant_equal (state, parameter)
                                     ? "" : g_variant_get_string (parameter, NULL));
}

void
_scope_window_init_log (ScopeWindow *self)
{
  static const GActionEntry entries[] = {
    { "show-only", scope_window_show_only_cb, "s", "''", NULL },
  };

  g_action_map_add_action_entries (G_ACTION_MAP (self), entries, G_N_ELEMENTS (entries), self);
}

/* ---- what a jump does not find ---- */

static gboolean
scope_window_mutes_event (ScopeWindow *self,
                          guint64      sequence)
{
  g_autoptr (ScopeEventItem) item =
      scope_event_list_dup_item (scope_session_get_events (self->session), sequence);

  return item != NULL && scope_event_item_get_record (item)->kind == SCOPE_ENTRY_EVENT &&
         scope_mutes_contains (scope_session_get_mutes (self->session),
                               scope_event_item_get_channel (item));
}

/* Whatever hides it: filter, muting, clearing, or that only some kind is shown. */
static void
scope_window_show_all_and_event_cb (GtkWidget  *widget,
                                    const char *action_name,
                                    GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  guint64 sequence = g_variant_get_uint64 (parameter);
  g_autoptr (ScopeEventItem) item = NULL;

  if (self->session == NULL)
    return;
  item = scope_event_list_dup_item (scope_session_get_events (self->session), sequence);
  if (item == NULL)
    return;
  if (scope_window_mutes_event (self, sequence))
    scope_mutes_set (scope_session_get_mutes (self->session), scope_event_item_get_channel (item),
                     FALSE);
  if (scope_event_list_is_cleared (scope_session_get_events (self->session), sequence))
    gtk_widget_activate_action (widget, "win.undo-clear", NULL);
  if (scope_events_view_leaves_out (self->events_view, sequence))
    _scope_window_show_only (self, "");
  scope_events_view_set_filter (self->events_view, "");
  scope_window_show_event_cb (widget, action_name, parameter);
}

static void
scope_window_tell_hidden_event (ScopeWindow *self,
                                guint64      sequence)
{
  ScopeEventList *events = scope_session_get_events (self->session);
  g_autoptr (ScopeEventItem) item = scope_event_list_dup_item (events, sequence);
  g_autofree char *action =
      g_strdup_printf ("win.show-all-and-event(uint64 %" G_GUINT64_FORMAT ")", sequence);

  if (item == NULL)
    _scope_window_show_toast (self, _("This event is no longer in the recording"));
  else if (scope_event_list_is_cleared (events, sequence))
    _scope_window_show_offer (self, _("This event was cleared from the view"), _("Bring Back"),
                              action);
  else if (scope_window_mutes_event (self, sequence))
    _scope_window_show_offer (self, _("This event’s channel is muted"), _("Unmute"), action);
  else if (scope_events_view_leaves_out (self->events_view, sequence))
    _scope_window_show_offer (self, _("This event is not among the rows shown now"),
                              _("Show All"), action);
  else
    _scope_window_show_offer (self, _("The filter hides this event"), _("Clear Filter"), action);
}

/* What a jump could not show: an event by its number, or whatever is from a time or later. */
static void
scope_window_tell_hidden_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  g_autofree char *clock = NULL;
  g_autofree char *text = NULL;
  guint64 sequence;
  gint64 wall_usec;

  g_variant_get (parameter, "(tx)", &sequence, &wall_usec);
  if (sequence != 0)
    {
      if (self->session != NULL)
        scope_window_tell_hidden_event (self, sequence);
      return;
    }
  clock = scope_text_format_clock (wall_usec);
  /* Translators: %s is a time */
  text = g_strdup_printf (_("No row is shown from %s or later"), clock);
  _scope_window_show_toast (self, text);
}

void
_scope_window_class_init_log (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.show-time", "x", scope_window_show_time_cb);
  gtk_widget_class_install_action (widget_class, "win.show-event", "t",
                                   scope_window_show_event_cb);
  gtk_widget_class_install_action (widget_class, "win.show-all-and-event", "t",
                                   scope_window_show_all_and_event_cb);
  gtk_widget_class_install_action (widget_class, "win.jump-to-time", NULL,
                                   scope_window_jump_to_time_cb);
  gtk_widget_class_install_action (widget_class, "win.mute", "s", scope_window_mute_cb);
  gtk_widget_class_install_action (widget_class, "win.unmute", "s", scope_window_mute_cb);
  gtk_widget_class_install_action (widget_class, "win.unmute-all", NULL,
                                   scope_window_unmute_all_cb);
  gtk_widget_class_install_action (widget_class, "win.tell-hidden", "(tx)",
                                   scope_window_tell_hidden_cb);
}
