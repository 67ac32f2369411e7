/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-time-dialog"

#include "config.h"

#include "ui/scope-time-dialog.h"

#include <glib/gi18n.h>

#include "session/scope-time-goal.h"
#include "ui/scope-field-note.h"
#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

struct _ScopeTimeDialog
{
  AdwWindow parent_instance;

  GtkEditable *entry;
  ScopeFieldNote *note;
  GtkLabel *span_label;

  ScopeSession *session;
};

G_DEFINE_FINAL_TYPE (ScopeTimeDialog, scope_time_dialog, ADW_TYPE_WINDOW)

/* FALSE if no row is shown. */
static gboolean
scope_time_dialog_get_span (ScopeTimeDialog *self,
                            gint64          *first_usec,
                            gint64          *last_usec)
{
  GListModel *rows = G_LIST_MODEL (scope_session_get_events (self->session));
  guint n = g_list_model_get_n_items (rows);
  g_autoptr (ScopeEventItem) first = g_list_model_get_item (rows, 0);
  g_autoptr (ScopeEventItem) last = n > 0 ? g_list_model_get_item (rows, n - 1) : NULL;

  if (first == NULL || last == NULL)
    return FALSE;
  *first_usec = scope_event_item_get_record (first)->time_usec;
  *last_usec = scope_event_item_get_record (last)->time_usec;
  return TRUE;
}

static gboolean
scope_time_dialog_parse (ScopeTimeDialog  *self,
                         gint64           *wall_usec,
                         GError          **error)
{
  gint64 first_usec = g_get_real_time ();
  gint64 last_usec = first_usec;

  scope_time_dialog_get_span (self, &first_usec, &last_usec);
  return scope_time_goal_parse (gtk_editable_get_text (self->entry), first_usec, last_usec,
                                wall_usec, error);
}

/* What is understood is told while it is typed: "-5m" says nothing of the day. */
static void
scope_time_dialog_changed_cb (ScopeTimeDialog *self)
{
  gboolean empty = *gtk_editable_get_text (self->entry) == '\0';
  g_autofree char *understood = NULL;
  gint64 wall_usec;
  gboolean fits = scope_time_dialog_parse (self, &wall_usec, NULL);

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.jump", !empty);
  if (fits)
    understood = scope_format_day_time (wall_usec);
  scope_field_note_set (self->note, SCOPE_NOTE_HINT,
                        understood != NULL
                            ? understood
                            : _("14:05, 14:05:02.113, 2026-11-21 14:05, -5m before the end or +90s "
                                "after the beginning"));
}

static void
scope_time_dialog_jump_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  ScopeTimeDialog *self = SCOPE_TIME_DIALOG (widget);
  GtkWidget *parent = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self)));
  g_autoptr (GError) error = NULL;
  gint64 wall_usec;

  if (!scope_time_dialog_parse (self, &wall_usec, &error))
    {
      scope_field_note_set (self->note, SCOPE_NOTE_ERROR, error->message);
      return;
    }
  if (parent != NULL)
    gtk_widget_activate_action (parent, "win.show-time", "x", wall_usec);
  gtk_window_close (GTK_WINDOW (self));
}

static void
scope_time_dialog_dispose (GObject *object)
{
  ScopeTimeDialog *self = SCOPE_TIME_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_TIME_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (scope_time_dialog_parent_class)->dispose (object);
}

static void
scope_time_dialog_class_init (ScopeTimeDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_time_dialog_dispose;

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-time-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeTimeDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeTimeDialog, note);
  gtk_widget_class_bind_template_child (widget_class, ScopeTimeDialog, span_label);
  gtk_widget_class_bind_template_callback (widget_class, scope_time_dialog_changed_cb);
  gtk_widget_class_install_action (widget_class, "dialog.jump", NULL, scope_time_dialog_jump_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
scope_time_dialog_init (ScopeTimeDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
scope_time_dialog_show_span (ScopeTimeDialog *self)
{
  g_autofree char *text = NULL;
  gint64 first_usec;
  gint64 last_usec;

  if (scope_time_dialog_get_span (self, &first_usec, &last_usec))
    {
      g_autofree char *first = scope_format_day_time (first_usec);
      g_autofree char *last = scope_format_day_time (last_usec);

      /* Translators: both are days with times */
      text = g_strdup_printf (_("The rows shown are from\n%s to\n%s."), first, last);
    }
  gtk_label_set_text (self->span_label, text != NULL ? text : _("No row is shown."));
}

/**
 * scope_time_dialog_new:
 * @parent: the window that shows the log
 * @session: whose log it is
 *
 * Returns: the dialog, not yet presented
 */
GtkWindow *
scope_time_dialog_new (GtkWindow    *parent,
                       ScopeSession *session)
{
  ScopeTimeDialog *self;

  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);

  self = g_object_new (SCOPE_TYPE_TIME_DIALOG, "transient-for", parent, NULL);
  self->session = g_object_ref (session);
  scope_time_dialog_show_span (self);
  scope_time_dialog_changed_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
  return GTK_WINDOW (self);
}
