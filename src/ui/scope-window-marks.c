/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n.h>

#include "ui/scope-bookmarks-dialog.h"
#include "ui/scope-note-dialog.h"

/* Commands about bookmarks and notes of the log's rows. */

/* Whether it was written; if not, that is told. */
static gboolean
scope_window_set_mark (ScopeWindow *self,
                       guint64      sequence,
                       const char  *note)
{
  g_autoptr (GError) error = NULL;

  if (scope_session_set_mark (self->session, sequence, note, &error))
    return TRUE;
  _scope_window_show_toast (self, error->message);
  return FALSE;
}

/* The row a command is about; 0 and a hint if there is none. */
static guint64
scope_window_get_row (ScopeWindow *self)
{
  guint64 sequence = 0;

  if (self->session == NULL)
    return 0;
  sequence = scope_events_view_get_selected (self->events_view);
  if (sequence == 0)
    _scope_window_show_toast (self, _("Select a row of the log first"));
  return sequence;
}

/* With a note, that is kept for Undo. */
static void
scope_window_remove_mark (ScopeWindow *self,
                          guint64      sequence,
                          const char  *note)
{
  g_autoptr (GVariant) target =
      g_variant_ref_sink (g_variant_new ("(tts)", self->n_sessions, sequence, note));
  g_autofree char *undo = g_action_print_detailed_name ("win.set-note", target);
  gboolean had_note = *note != '\0';

  if (scope_window_set_mark (self, sequence, NULL) && had_note)
    _scope_window_show_undo (self, _("Bookmark and note removed"), undo, NULL, NULL, NULL);
}

static void
scope_window_bookmark_cb (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  guint64 sequence = scope_window_get_row (self);
  const char *note;

  if (sequence == 0)
    return;
  note = scope_mark_list_get_note (scope_session_get_marks (self->session), sequence);
  if (note == NULL)
    scope_window_set_mark (self, sequence, "");
  else
    scope_window_remove_mark (self, sequence, note);
}

/* Undo may still stand there when the window shows another session. */
static void
scope_window_set_note_cb (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  const char *note;
  guint64 session, sequence;

  g_variant_get (parameter, "(tt&s)", &session, &sequence, &note);
  if (self->session != NULL && session == self->n_sessions && sequence > 0)
    scope_window_set_mark (self, sequence, note);
}

static void
scope_window_note_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  guint64 sequence = scope_window_get_row (self);

  if (sequence != 0)
    gtk_window_present (scope_note_dialog_new (GTK_WINDOW (self), self->session, sequence));
}

static void
scope_window_bookmarks_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (self->session != NULL)
    gtk_window_present (scope_bookmarks_dialog_new (GTK_WINDOW (self), self->session));
}

/* From the selected row on; round at the ends. */
static void
scope_window_next_bookmark_cb (GtkWidget  *widget,
                               const char *action_name,
                               GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  ScopeMarkList *marks = self->session != NULL ? scope_session_get_marks (self->session) : NULL;
  guint n = marks != NULL ? g_list_model_get_n_items (G_LIST_MODEL (marks)) : 0;
  guint64 here;
  guint position;

  if (n == 0)
    {
      if (marks != NULL)
        _scope_window_show_toast (self, _("There are no bookmarks yet: Ctrl+D sets one"));
      return;
    }
  here = scope_events_view_get_selected (self->events_view);
  if (g_str_equal (action_name, "win.next-bookmark"))
    position = scope_mark_list_find (marks, here + 1) % n;
  else
    position = (scope_mark_list_find (marks, here > 0 ? here : G_MAXUINT64) + n - 1) % n;
  gtk_widget_activate_action (widget, "win.show-event", "t",
                              scope_mark_list_get_sequence (marks, position));
}

void
_scope_window_class_init_marks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.bookmark", NULL, scope_window_bookmark_cb);
  gtk_widget_class_install_action (widget_class, "win.note", NULL, scope_window_note_cb);
  gtk_widget_class_install_action (widget_class, "win.set-note", "(tts)", scope_window_set_note_cb);
  gtk_widget_class_install_action (widget_class, "win.bookmarks", NULL, scope_window_bookmarks_cb);
  gtk_widget_class_install_action (widget_class, "win.next-bookmark", NULL,
                                   scope_window_next_bookmark_cb);
  gtk_widget_class_install_action (widget_class, "win.previous-bookmark", NULL,
                                   scope_window_next_bookmark_cb);
}

void
_scope_window_update_marks (ScopeWindow *self)
{
  static const char * const names[] =
      { "win.bookmark", "win.note", "win.bookmarks", "win.next-bookmark", "win.previous-bookmark",
        "win.jump-to-time" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), names[i], self->session != NULL);
}
