/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-dropped-note"

#include "config.h"

#include "ui/scope-dropped-note.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-format.h"

/* Events are dropped several times a second in a flood; nobody reads so fast. */
#define UPDATE_MSEC 250

struct _ScopeDroppedNote
{
  AdwBin parent_instance;

  GtkLabel *label;
  ScopeSession *session;
  GSignalGroup *list_signals;
  guint update_id;
};

G_DEFINE_FINAL_TYPE (ScopeDroppedNote, scope_dropped_note, ADW_TYPE_BIN)

static char *
scope_dropped_note_dup_text (ScopeDroppedNote *self,
                             guint64           n)
{
  guint64 budget = scope_session_get_recording_budget (self->session);
  g_autofree char *count = scope_format_count (n);
  g_autofree char *limit = g_format_size_full (budget, G_FORMAT_SIZE_IEC_UNITS);

  if (scope_session_get_offline (self->session) || budget == 0)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "%s older event was dropped when the recording reached its "
                                         "size limit",
                                         "%s older events were dropped when the recording reached "
                                         "its size limit", n), count);
  /* Translators: a number, and a size: "12,288", "1 GiB" */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                       "%s older event was dropped: the recording is limited to %s",
                                       "%s older events were dropped: the recording is limited to %s",
                                       n), count, limit);
}

static void
scope_dropped_note_update (ScopeDroppedNote *self)
{
  guint64 n = 0;
  g_autofree char *text = NULL;

  if (self->session != NULL)
    n = scope_event_list_get_n_dropped (scope_session_get_events (self->session));
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
  if (n == 0)
    return;
  text = scope_dropped_note_dup_text (self, n);
  gtk_label_set_text (self->label, text);
}

static gboolean
scope_dropped_note_update_cb (gpointer user_data)
{
  ScopeDroppedNote *self = user_data;

  self->update_id = 0;
  scope_dropped_note_update (self);
  return G_SOURCE_REMOVE;
}

static void
scope_dropped_note_queue_cb (ScopeDroppedNote *self)
{
  if (self->update_id == 0)
    self->update_id = g_timeout_add (UPDATE_MSEC, scope_dropped_note_update_cb, self);
}

static void
scope_dropped_note_dispose (GObject *object)
{
  ScopeDroppedNote *self = SCOPE_DROPPED_NOTE (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_object (&self->list_signals);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (scope_dropped_note_parent_class)->dispose (object);
}

static void
scope_dropped_note_class_init (ScopeDroppedNoteClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_dropped_note_dispose;
}

static void
scope_dropped_note_init (ScopeDroppedNote *self)
{
  self->label = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->label, TRUE);
  gtk_label_set_xalign (self->label, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->label), "numeric");
  gtk_widget_add_css_class (GTK_WIDGET (self), "scope-hint-bar");
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->label));

  self->list_signals = g_signal_group_new (SCOPE_TYPE_EVENT_LIST);
  g_signal_group_connect_swapped (self->list_signals, "notify::n-dropped",
                                  G_CALLBACK (scope_dropped_note_queue_cb), self);
}

/**
 * scope_dropped_note_set_session:
 * @session: (nullable): whose log stands below
 */
void
scope_dropped_note_set_session (ScopeDroppedNote *self,
                                ScopeSession     *session)
{
  g_return_if_fail (SCOPE_IS_DROPPED_NOTE (self));
  g_return_if_fail (session == NULL || SCOPE_IS_SESSION (session));

  g_set_object (&self->session, session);
  g_signal_group_set_target (self->list_signals,
                             session != NULL ? scope_session_get_events (session) : NULL);
  scope_dropped_note_update (self);
}
