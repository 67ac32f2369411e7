/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"

/* Commands that lead to a place in the log. */

void
_scope_window_show_events (ScopeWindow *self)
{
  gtk_stack_set_visible_child_name (self->view_stack, "events");
  if (scope_adaptive_bin_get_narrow (self->bin))
    _scope_window_set_sidebar (self, FALSE);
}

static void
scope_window_show_time_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session == NULL)
    return;
  _scope_window_show_events (self);
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
  _scope_window_show_events (self);
  scope_events_view_show_sequence (self->events_view, sequence);
}

static void
scope_window_show_all_and_event_cb (GtkWidget  *widget,
                                    const char *action_name,
                                    GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  scope_events_view_set_filter (self->events_view, "");
  scope_window_show_event_cb (widget, action_name, parameter);
}

/* What a jump could not show: an event by its number, or whatever is from a time or later. */
static void
scope_window_tell_hidden_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  g_autofree char *action = NULL;
  g_autofree char *clock = NULL;
  g_autofree char *text = NULL;
  guint64 sequence;
  gint64 wall_usec;

  g_variant_get (parameter, "(tx)", &sequence, &wall_usec);
  if (sequence != 0)
    {
      action = g_strdup_printf ("win.show-all-and-event(uint64 %" G_GUINT64_FORMAT ")", sequence);
      _scope_window_show_offer (self, _("The filter hides this event"), _("Clear Filter"), action);
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
  gtk_widget_class_install_action (widget_class, "win.tell-hidden", "(tx)",
                                   scope_window_tell_hidden_cb);
}
