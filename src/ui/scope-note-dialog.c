/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-note-dialog"

#include "config.h"

#include "ui/scope-note-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/scope-limits.h"
#include "ui/scope-format.h"
#include "ui/scope-quit.h"
#include "ui/scope-ui-util.h"

struct _ScopeNoteDialog
{
  AdwWindow parent_instance;

  GtkLabel *row_label;
  GtkTextView *text_view;
  GtkLabel *problem_label;

  ScopeSession *session;
  guint64 sequence;
};

G_DEFINE_FINAL_TYPE (ScopeNoteDialog, scope_note_dialog, ADW_TYPE_WINDOW)

/* without the white space around it */
static char *
scope_note_dialog_dup_text (ScopeNoteDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->text_view);
  char *text;

  g_object_get (buffer, "text", &text, NULL);
  return g_strstrip (text);
}

static void
scope_note_dialog_show_problem (ScopeNoteDialog *self,
                                const char      *problem)
{
  scope_ui_show_text (self->problem_label, problem);
}

static void
scope_note_dialog_changed_cb (ScopeNoteDialog *self)
{
  g_autofree char *text = scope_note_dialog_dup_text (self);
  gsize length = strlen (text);
  gboolean fits = length <= SCOPE_LIMIT_NOTE_BYTES;
  g_autofree char *problem = NULL;

  if (!fits)
    problem = g_strdup_printf (_("A note may be %d bytes long; this one has %zu"),
                               SCOPE_LIMIT_NOTE_BYTES, length);
  scope_note_dialog_show_problem (self, problem);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.save", fits);
}

static void
scope_note_dialog_save_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  ScopeNoteDialog *self = SCOPE_NOTE_DIALOG (widget);
  g_autofree char *text = scope_note_dialog_dup_text (self);
  g_autoptr (GError) error = NULL;

  if (scope_session_set_mark (self->session, self->sequence, text, &error))
    gtk_window_close (GTK_WINDOW (self));
  else
    scope_note_dialog_show_problem (self, error->message);
}

static void
scope_note_dialog_dispose (GObject *object)
{
  ScopeNoteDialog *self = SCOPE_NOTE_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_NOTE_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (scope_note_dialog_parent_class)->dispose (object);
}

static void
scope_note_dialog_class_init (ScopeNoteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_note_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-note-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeNoteDialog, row_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeNoteDialog, text_view);
  gtk_widget_class_bind_template_child (widget_class, ScopeNoteDialog, problem_label);
  gtk_widget_class_install_action (widget_class, "dialog.save", NULL, scope_note_dialog_save_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
scope_note_dialog_init (ScopeNoteDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_quit_guard (GTK_WINDOW (self));
  scope_ui_set_exact_label (self->row_label);
  g_signal_connect_object (gtk_text_view_get_buffer (self->text_view), "changed",
                           G_CALLBACK (scope_note_dialog_changed_cb), self, G_CONNECT_SWAPPED);
}

static void
scope_note_dialog_load (ScopeNoteDialog *self)
{
  const char *note = scope_mark_list_get_note (scope_session_get_marks (self->session),
                                               self->sequence);
  g_autoptr (ScopeEventItem) item =
      scope_event_list_dup_item (scope_session_get_events (self->session), self->sequence);
  g_autofree char *row = item != NULL ? scope_format_row_place (item) : NULL;

  gtk_label_set_text (self->row_label, row != NULL ? row : "");
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->text_view), note != NULL ? note : "",
                            -1);
  gtk_widget_grab_focus (GTK_WIDGET (self->text_view));
}

/**
 * scope_note_dialog_new:
 * @parent: the window it belongs to
 * @session: whose row it is
 * @sequence: the number of the row
 *
 * Returns: the dialog, not yet presented
 */
GtkWindow *
scope_note_dialog_new (GtkWindow    *parent,
                       ScopeSession *session,
                       guint64       sequence)
{
  ScopeNoteDialog *self;

  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);
  g_return_val_if_fail (sequence > 0, NULL);

  self = g_object_new (SCOPE_TYPE_NOTE_DIALOG, "transient-for", parent, NULL);
  self->session = g_object_ref (session);
  self->sequence = sequence;
  scope_note_dialog_load (self);
  return GTK_WINDOW (self);
}
