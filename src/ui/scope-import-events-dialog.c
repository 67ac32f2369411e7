/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-import-events-dialog"

#include "config.h"

#include "ui/scope-import-events-dialog.h"

#include <glib/gi18n-lib.h>

#include "capture/scope-recorder.h"
#include "capture/scope-transfer.h"
#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

struct _ScopeImportEventsDialog
{
  AdwWindow parent_instance;

  GtkButton *close_button;
  GtkWidget *open_button;
  GtkStack *pages;
  GtkLabel *progress_label;
  GtkProgressBar *progress;
  GtkLabel *summary;
  GtkListBox *problems;

  ScopeTransfer *transfer; /* NULL: it is over */
  char *name;              /* of the file */
  char *path;              /* of the capture */
};

enum
{
  IMPORTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeImportEventsDialog, scope_import_events_dialog, ADW_TYPE_WINDOW)

/* ---- the result ---- */

static void
scope_import_events_dialog_open (ScopeImportEventsDialog *self)
{
  g_signal_emit (self, signals[IMPORTED], 0, self->path);
  gtk_window_close (GTK_WINDOW (self));
}

static void
scope_import_events_dialog_open_cb (GtkWidget  *widget,
                                    const char *action,
                                    GVariant   *parameter)
{
  scope_import_events_dialog_open (SCOPE_IMPORT_EVENTS_DIALOG (widget));
}

/* text: also read to those who don't see it */
static void
scope_import_events_dialog_show_result (ScopeImportEventsDialog *self,
                                        const char              *text,
                                        gboolean                 can_open)
{
  gtk_label_set_text (self->summary, text);
  gtk_button_set_label (self->close_button, _("Close"));
  gtk_widget_set_visible (self->open_button, can_open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.open", can_open);
  scope_ui_show_page (self->pages, "result");
  if (can_open)
    gtk_widget_grab_focus (self->open_button);
}

static void
scope_import_events_dialog_add_problem (ScopeImportEventsDialog  *self,
                                        const ScopeImportProblem *problem,
                                        gboolean                  is_har)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *number = scope_format_count (problem->number);
  g_autofree char *title = g_strdup_printf (is_har ? _("Message %s") : _("Line %s"), number);
  g_autofree char *label = g_strdup_printf ("%s: %s", title, problem->text);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), problem->text);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  scope_ui_set_label (row, label);
  gtk_list_box_append (self->problems, row);
}

static void
scope_import_events_dialog_append_skipped (GString                 *text,
                                           const ScopeImportResult *result)
{
  g_autofree char *skipped = scope_format_count (result->skipped);
  gulong n = MIN (result->skipped, G_MAXINT);

  if (result->skipped == 0)
    return;
  g_string_append_c (text, '\n');
  if (result->is_har)
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%s message was left out.",
                                               "%s messages were left out.", n), skipped);
  else
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%s line was left out.",
                                               "%s lines were left out.", n), skipped);
  if (result->skipped > result->problems->len)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, _("The first %u:"), result->problems->len);
    }
}

static char *
scope_import_events_dialog_dup_summary (ScopeImportEventsDialog *self,
                                        const ScopeImportResult *result)
{
  GString *text = g_string_new (NULL);
  g_autofree char *lines = scope_format_count (result->lines);
  g_autofree char *others = scope_format_count (result->others);

  if (result->lines == 0)
    g_string_append_printf (text, _("“%s” has nothing that could be imported: neither lines of an export nor "
                                    "WebSocket messages of this protocol."), self->name);
  else
    g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE, "%s entry was imported.",
                                               "%s entries were imported.",
                                               (gulong) MIN (result->lines, G_MAXINT)), lines);
  if (result->others > 0)
    {
      g_string_append_c (text, '\n');
      g_string_append_printf (text, g_dngettext (GETTEXT_PACKAGE,
                                                 "%s WebSocket connection is of another protocol.",
                                                 "%s WebSocket connections are of another protocol.",
                                                 (gulong) MIN (result->others, G_MAXINT)), others);
    }
  scope_import_events_dialog_append_skipped (text, result);
  return g_string_free (text, FALSE);
}

static void
scope_import_events_dialog_take_result (ScopeImportEventsDialog *self,
                                        const ScopeImportResult *result)
{
  g_autofree char *summary = NULL;

  if (result->lines > 0 && result->skipped == 0 && result->others == 0)
    {
      scope_import_events_dialog_open (self);
      return;
    }
  for (guint i = 0; i < result->problems->len; i++)
    scope_import_events_dialog_add_problem (self, result->problems->pdata[i], result->is_har);
  gtk_widget_set_visible (GTK_WIDGET (self->problems), result->problems->len > 0);
  summary = scope_import_events_dialog_dup_summary (self, result);
  scope_import_events_dialog_show_result (self, summary, result->lines > 0);
}

static void
scope_import_events_dialog_done_cb (GObject      *source,
                                    GAsyncResult *result,
                                    gpointer      user_data)
{
  g_autoptr (ScopeImportEventsDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeImportResult) imported =
      scope_transfer_import_finish (SCOPE_TRANSFER (source), result, &error);
  g_autofree char *text = NULL;

  if (self->transfer != SCOPE_TRANSFER (source))
    return;
  g_clear_object (&self->transfer);
  if (imported != NULL)
    {
      scope_import_events_dialog_take_result (self, imported);
      return;
    }
  text = g_strdup_printf (_("“%s” can’t be imported: %s"), self->name, error->message);
  scope_import_events_dialog_show_result (self, text, FALSE);
}

/* ---- starting ---- */

static void
scope_import_events_dialog_progress_cb (ScopeImportEventsDialog *self)
{
  guint64 done, total;

  g_object_get (self->transfer, "done", &done, "total", &total, NULL);
  if (total > 0)
    gtk_progress_bar_set_fraction (self->progress, CLAMP ((double) done / total, 0, 1));
  else
    gtk_progress_bar_pulse (self->progress);
}

static void
scope_import_events_dialog_start (ScopeImportEventsDialog *self,
                                  GFile                   *file)
{
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *text = NULL;
  g_autofree char *stem = NULL;
  char *dot;

  self->name = g_filename_display_name (base);
  stem = g_strdup (self->name);
  dot = strrchr (stem, '.');
  if (dot != NULL && dot != stem)
    *dot = '\0';
  self->path = scope_recorder_dup_new_path (stem, g_get_real_time ());
  text = g_strdup_printf (_("Reading %s…"), self->name);
  gtk_label_set_text (self->progress_label, text);
  self->transfer = scope_transfer_new ();
  g_signal_connect_object (self->transfer, "notify::done",
                           G_CALLBACK (scope_import_events_dialog_progress_cb), self, G_CONNECT_SWAPPED);
  scope_transfer_import_async (self->transfer, file, self->path, scope_import_events_dialog_done_cb,
                               g_object_ref (self));
}

/* ---- class ---- */

static void
scope_import_events_dialog_stop (ScopeImportEventsDialog *self)
{
  if (self->transfer != NULL)
    scope_transfer_cancel (self->transfer);
  g_clear_object (&self->transfer);
}

static gboolean
scope_import_events_dialog_close_request (GtkWindow *window)
{
  scope_import_events_dialog_stop (SCOPE_IMPORT_EVENTS_DIALOG (window));
  return GTK_WINDOW_CLASS (scope_import_events_dialog_parent_class)->close_request (window);
}

static void
scope_import_events_dialog_dispose (GObject *object)
{
  scope_import_events_dialog_stop (SCOPE_IMPORT_EVENTS_DIALOG (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_IMPORT_EVENTS_DIALOG);

  G_OBJECT_CLASS (scope_import_events_dialog_parent_class)->dispose (object);
}

static void
scope_import_events_dialog_finalize (GObject *object)
{
  ScopeImportEventsDialog *self = SCOPE_IMPORT_EVENTS_DIALOG (object);

  g_free (self->name);
  g_free (self->path);

  G_OBJECT_CLASS (scope_import_events_dialog_parent_class)->finalize (object);
}

static void
scope_import_events_dialog_class_init (ScopeImportEventsDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_import_events_dialog_dispose;
  object_class->finalize = scope_import_events_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = scope_import_events_dialog_close_request;

  signals[IMPORTED] = g_signal_new ("imported", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-import-events-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeImportEventsDialog, close_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportEventsDialog, open_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportEventsDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportEventsDialog, progress_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportEventsDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportEventsDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, ScopeImportEventsDialog, problems);
  gtk_widget_class_install_action (widget_class, "dialog.open", NULL, scope_import_events_dialog_open_cb);
}

static void
scope_import_events_dialog_init (ScopeImportEventsDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.open", FALSE);
  scope_ui_show_page (self->pages, "progress");
}

/**
 * scope_import_events_dialog_new:
 * @parent: the window it belongs to
 * @file: what is read
 *
 * Returns: (transfer none): a window that owns itself, not presented yet
 */
GtkWindow *
scope_import_events_dialog_new (GtkWindow *parent,
                                GFile     *file)
{
  ScopeImportEventsDialog *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent) && G_IS_FILE (file), NULL);

  self = g_object_new (SCOPE_TYPE_IMPORT_EVENTS_DIALOG, "transient-for", parent, NULL);
  scope_import_events_dialog_start (self, file);
  return GTK_WINDOW (self);
}
