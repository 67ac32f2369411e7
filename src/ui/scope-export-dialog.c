/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-export-dialog"

#include "config.h"

#include "ui/scope-export-dialog.h"

#include <glib/gi18n-lib.h>

#include "capture/scope-transfer.h"
#include "ui/scope-field-note.h"
#include "ui/scope-file-choice.h"
#include "ui/scope-format.h"
#include "ui/scope-lines-row.h"
#include "ui/scope-redact-group.h"
#include "ui/scope-ui-util.h"

/* The preview waits until nothing was changed for so long. */
#define PREVIEW_DELAY_MSEC 250
#define PREVIEW_LINES 5

struct _ScopeExportDialog
{
  AdwWindow parent_instance;

  GtkStack *pages;
  GtkWidget *problem_box;
  GtkLabel *problem_label;
  GtkCheckButton *ndjson;
  GtkCheckButton *csv;
  GtkCheckButton *capture;
  AdwActionRow *all_row;
  AdwActionRow *shown_row;
  GtkCheckButton *all;
  GtkCheckButton *shown;
  GtkWidget *columns_group;
  GtkFlowBox *columns;
  ScopeLinesRow *paths;
  ScopeFilterCompletion *completion; /* of paths */
  ScopeFieldNote *paths_note;
  ScopeRedactGroup *redaction;
  GtkWidget *preview_group;
  GtkTextView *preview;
  GtkLabel *progress_label;
  GtkProgressBar *progress;

  ScopeSession *session;
  GPtrArray *column_buttons; /* of GtkCheckButton, in the columns' order */
  ScopeTransfer *lines;      /* NULL: no preview is being made */
  ScopeTransfer *count;      /* likewise */
  ScopeTransfer *transfer;   /* NULL: nothing is being written */
  GFile *file;               /* where it is written to */
  guint preview_id;
};

enum
{
  EXPORTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeExportDialog, scope_export_dialog, ADW_TYPE_WINDOW)

/* ---- what is asked for ---- */

static ScopeExportFormat
scope_export_dialog_get_format (ScopeExportDialog *self)
{
  if (gtk_check_button_get_active (self->csv))
    return SCOPE_EXPORT_CSV;
  return gtk_check_button_get_active (self->capture) ? SCOPE_EXPORT_CAPTURE : SCOPE_EXPORT_NDJSON;
}

static char **
scope_export_dialog_dup_columns (ScopeExportDialog *self)
{
  const char * const *names = scope_export_get_columns ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->column_buttons->len; i++)
    if (gtk_check_button_get_active (self->column_buttons->pdata[i]))
      g_strv_builder_add (builder, names[i]);
  return g_strv_builder_end (builder);
}

static char **
scope_export_dialog_dup_paths (ScopeExportDialog *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (scope_lines_row_get_view (self->paths));
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (*g_strstrip (lines[i]) != '\0')
      g_strv_builder_add (builder, lines[i]);
  return g_strv_builder_end (builder);
}

/* The rows shown; NULL: all are asked for (transfer full) */
static GArray *
scope_export_dialog_dup_rows (ScopeExportDialog *self)
{
  if (!gtk_check_button_get_active (self->shown))
    return NULL;
  return scope_event_list_dup_sequences (scope_session_get_events (self->session));
}

/* NULL: nothing was recorded yet. rows: nullable; plans may share them */
static ScopeTransferPlan *
scope_export_dialog_new_plan (ScopeExportDialog *self,
                              GArray            *rows)
{
  ScopeCapture *capture = scope_session_get_capture (self->session);
  const char *rules = scope_redact_group_get_rules (self->redaction);
  ScopeTransferPlan *plan;

  if (capture == NULL)
    return NULL;
  plan = scope_transfer_plan_new (capture, scope_export_dialog_get_format (self));
  if (rows != NULL)
    plan->rows = g_array_ref (rows);
  if (*rules != '\0')
    plan->rules = g_strdup (rules);
  if (plan->format == SCOPE_EXPORT_CSV)
    {
      plan->columns = scope_export_dialog_dup_columns (self);
      plan->paths = scope_export_dialog_dup_paths (self);
    }
  return plan;
}

static gboolean
scope_export_dialog_check_paths (ScopeExportDialog *self)
{
  g_auto (GStrv) paths = scope_export_dialog_dup_paths (self);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; paths[i] != NULL && error == NULL; i++)
    scope_export_check_path (paths[i], &error);
  scope_field_note_set (self->paths_note, error != NULL ? SCOPE_NOTE_ERROR : SCOPE_NOTE_NONE,
                        error != NULL ? error->message : NULL);
  scope_ui_set_class (self->paths, "error", error != NULL);
  return error == NULL;
}

static gboolean
scope_export_dialog_has_columns (ScopeExportDialog *self)
{
  g_auto (GStrv) columns = scope_export_dialog_dup_columns (self);
  g_auto (GStrv) paths = scope_export_dialog_dup_paths (self);

  return columns[0] != NULL || paths[0] != NULL;
}

static gboolean
scope_export_dialog_check (ScopeExportDialog *self)
{
  gboolean is_csv = gtk_check_button_get_active (self->csv);
  gboolean has_paths = scope_export_dialog_check_paths (self);

  return scope_session_get_capture (self->session) != NULL && scope_redact_group_is_valid (self->redaction)
         && (!is_csv || (has_paths && scope_export_dialog_has_columns (self)));
}

/* ---- the preview ---- */

static void
scope_export_dialog_drop (ScopeTransfer **transfer)
{
  if (*transfer != NULL)
    scope_transfer_cancel (*transfer);
  g_clear_object (transfer);
}

static void
scope_export_dialog_show_problem (ScopeExportDialog *self,
                                  const char        *text)
{
  gtk_label_set_text (self->problem_label, text != NULL ? text : "");
  gtk_widget_set_visible (self->problem_box, text != NULL);
}

static void
scope_export_dialog_lines_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr (ScopeExportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeTransferPreview) preview =
      scope_transfer_preview_finish (SCOPE_TRANSFER (source), result, &error);

  /* another one was begun, or the dialog is gone */
  if (self->lines != SCOPE_TRANSFER (source))
    return;
  g_clear_object (&self->lines);
  scope_ui_set_exact_text (gtk_text_view_get_buffer (self->preview),
                           preview == NULL             ? error->message
                           : preview->lines != NULL ? preview->lines
                                                    : "");
}

static void
scope_export_dialog_count_cb (GObject      *source,
                              GAsyncResult *result,
                              gpointer      user_data)
{
  g_autoptr (ScopeExportDialog) self = user_data;
  g_autoptr (ScopeTransferPreview) preview =
      scope_transfer_preview_finish (SCOPE_TRANSFER (source), result, NULL);

  if (self->count != SCOPE_TRANSFER (source))
    return;
  g_clear_object (&self->count);
  if (preview != NULL)
    scope_redact_group_show (self->redaction, preview);
}

static void
scope_export_dialog_preview_lines (ScopeExportDialog *self,
                                   GArray            *rows)
{
  self->lines = scope_transfer_new ();
  scope_transfer_preview_async (self->lines, scope_export_dialog_new_plan (self, rows),
                                PREVIEW_LINES, scope_export_dialog_lines_cb, g_object_ref (self));
}

/* What the rules do has nothing to do with columns. */
static void
scope_export_dialog_preview_rules (ScopeExportDialog *self,
                                   GArray            *rows)
{
  ScopeTransferPlan *plan = scope_export_dialog_new_plan (self, rows);

  plan->format = SCOPE_EXPORT_NDJSON;
  g_clear_pointer (&plan->paths, g_strfreev);
  self->count = scope_transfer_new ();
  scope_transfer_preview_async (self->count, plan, 0, scope_export_dialog_count_cb, g_object_ref (self));
}

static gboolean
scope_export_dialog_preview_cb (gpointer user_data)
{
  ScopeExportDialog *self = user_data;
  g_autoptr (GArray) rows = NULL;

  self->preview_id = 0;
  if (scope_session_get_capture (self->session) == NULL
      || !scope_redact_group_is_valid (self->redaction))
    return G_SOURCE_REMOVE;
  rows = scope_export_dialog_dup_rows (self);
  if (scope_export_dialog_check (self))
    scope_export_dialog_preview_lines (self, rows);
  if (*scope_redact_group_get_rules (self->redaction) != '\0')
    scope_export_dialog_preview_rules (self, rows);
  return G_SOURCE_REMOVE;
}

static void
scope_export_dialog_stop_preview (ScopeExportDialog *self)
{
  g_clear_handle_id (&self->preview_id, g_source_remove);
  scope_export_dialog_drop (&self->lines);
  scope_export_dialog_drop (&self->count);
}

/* A redacted line or capture says so of itself. */
static void
scope_export_dialog_update_columns (ScopeExportDialog *self)
{
  gboolean redacted = *scope_redact_group_get_rules (self->redaction) != '\0';

  gtk_widget_set_visible (self->columns_group, gtk_check_button_get_active (self->csv));
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->columns_group),
                                         redacted ? _("CSV has no place to say that it is redacted: the file’s name will")
                                                  : NULL);
}

/* What was shown before is no longer true. */
static void
scope_export_dialog_changed_cb (ScopeExportDialog *self)
{
  gboolean is_valid;

  if (self->session == NULL)
    return;
  is_valid = scope_export_dialog_check (self);
  scope_export_dialog_stop_preview (self);
  scope_redact_group_show (self->redaction, NULL);
  scope_export_dialog_show_problem (self, NULL);
  scope_export_dialog_update_columns (self);
  gtk_widget_set_visible (self->preview_group, !gtk_check_button_get_active (self->capture));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.export", is_valid && self->transfer == NULL);
  if (!is_valid)
    gtk_text_buffer_set_text (gtk_text_view_get_buffer (self->preview), "", -1);
  self->preview_id = g_timeout_add (PREVIEW_DELAY_MSEC, scope_export_dialog_preview_cb, self);
}

/* ---- writing ---- */

static void
scope_export_dialog_progress_cb (ScopeExportDialog *self)
{
  guint64 done, total;

  g_object_get (self->transfer, "done", &done, "total", &total, NULL);
  if (total > 0)
    gtk_progress_bar_set_fraction (self->progress, CLAMP ((double) done / total, 0, 1));
}

static char *
scope_export_dialog_dup_result (ScopeExportDialog       *self,
                                const ScopeExportResult *counts)
{
  g_autofree char *base = g_file_get_basename (self->file);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *written = scope_format_count (counts->written);
  g_autofree char *lost = scope_format_count (counts->unreadable);

  if (counts->unreadable > 0)
    /* Translators: a file's name, and two numbers */
    return g_strdup_printf (_("Exported to %s: %s entries; %s can’t be read and are left out"), name, written,
                            lost);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "Exported to %s: %s entry",
                                       "Exported to %s: %s entries", (gulong) MIN (counts->written, G_MAXINT)),
                          name, written);
}

static void
scope_export_dialog_done_cb (GObject      *source,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr (ScopeExportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  ScopeExportResult counts;
  gboolean done = scope_transfer_export_finish (SCOPE_TRANSFER (source), result, &counts, &error);

  if (self->transfer != SCOPE_TRANSFER (source))
    return;
  g_clear_object (&self->transfer);
  if (done)
    {
      text = scope_export_dialog_dup_result (self, &counts);
      g_signal_emit (self, signals[EXPORTED], 0, self->file, text);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  scope_ui_show_page (self->pages, "options");
  scope_export_dialog_changed_cb (self);
  scope_export_dialog_show_problem (self, error->message);
}

static void
scope_export_dialog_start (ScopeExportDialog *self,
                           GFile             *file)
{
  g_autoptr (GArray) rows = scope_export_dialog_dup_rows (self);
  ScopeTransferPlan *plan = scope_export_dialog_new_plan (self, rows);
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *text = g_strdup_printf (_("Writing %s…"), name);

  g_set_object (&self->file, file);
  scope_export_dialog_stop_preview (self);
  gtk_label_set_text (self->progress_label, text);
  gtk_progress_bar_set_fraction (self->progress, 0);
  scope_ui_show_page (self->pages, "progress");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.export", FALSE);
  self->transfer = scope_transfer_new ();
  g_signal_connect_object (self->transfer, "notify::done", G_CALLBACK (scope_export_dialog_progress_cb), self,
                           G_CONNECT_SWAPPED);
  scope_transfer_export_async (self->transfer, plan, g_file_peek_path (file), scope_export_dialog_done_cb,
                               g_object_ref (self));
}

static void
scope_export_dialog_chosen_cb (gpointer        window,
                               GFile          *file,
                               GtkFileChooser *chooser)
{
  ScopeExportDialog *self = window;

  if (g_file_peek_path (file) == NULL)
    scope_export_dialog_show_problem (self, _("Only files on this computer can be written."));
  else if (self->transfer == NULL && scope_export_dialog_check (self))
    scope_export_dialog_start (self, file);
}

static char *
scope_export_dialog_dup_name (ScopeExportDialog *self)
{
  static const char * const ends[] = {
    [SCOPE_EXPORT_NDJSON] = "ndjson",
    [SCOPE_EXPORT_CSV] = "csv",
    [SCOPE_EXPORT_CAPTURE] = "channelscope",
  };
  const char *path = scope_capture_get_path (scope_session_get_capture (self->session));
  g_autofree char *base = g_path_get_basename (path);
  g_autofree char *name = g_filename_display_name (base);
  gboolean redacted = *scope_redact_group_get_rules (self->redaction) != '\0';
  char *dot = strrchr (name, '.');

  if (dot != NULL && dot != name)
    *dot = '\0';
  return g_strconcat (name, redacted ? _(" (redacted)") : "", ".",
                      ends[scope_export_dialog_get_format (self)], NULL);
}

static void
scope_export_dialog_export_cb (GtkWidget  *widget,
                               const char *action,
                               GVariant   *parameter)
{
  ScopeExportDialog *self = SCOPE_EXPORT_DIALOG (widget);
  GtkFileChooser *chooser;
  g_autofree char *name = NULL;

  if (!scope_export_dialog_check (self))
    return;
  name = scope_export_dialog_dup_name (self);
  chooser = scope_file_choice_new (GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, _("Export To"),
                                   _("_Export"));
  gtk_file_chooser_set_current_name (chooser, name);
  scope_file_choice_ask (chooser, scope_export_dialog_chosen_cb);
}

/* ---- class ---- */

static void
scope_export_dialog_dispose (GObject *object)
{
  ScopeExportDialog *self = SCOPE_EXPORT_DIALOG (object);

  scope_export_dialog_stop_preview (self);
  scope_export_dialog_drop (&self->transfer);
  g_clear_object (&self->session);
  g_clear_object (&self->file);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_EXPORT_DIALOG);

  G_OBJECT_CLASS (scope_export_dialog_parent_class)->dispose (object);
}

static void
scope_export_dialog_finalize (GObject *object)
{
  g_ptr_array_unref (SCOPE_EXPORT_DIALOG (object)->column_buttons);

  G_OBJECT_CLASS (scope_export_dialog_parent_class)->finalize (object);
}

/* Cancel stops what is being written; only then does it close. */
static gboolean
scope_export_dialog_close_request (GtkWindow *window)
{
  ScopeExportDialog *self = SCOPE_EXPORT_DIALOG (window);

  scope_export_dialog_stop_preview (self);
  scope_export_dialog_drop (&self->transfer);
  return GTK_WINDOW_CLASS (scope_export_dialog_parent_class)->close_request (window);
}

static void
scope_export_dialog_bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-export-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, pages);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, problem_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, problem_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, ndjson);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, csv);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, capture);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, all_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, shown_row);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, all);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, shown);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, columns_group);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, columns);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, paths);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, paths_note);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, redaction);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, preview_group);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, preview);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, progress_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeExportDialog, progress);
  gtk_widget_class_bind_template_callback (widget_class, scope_export_dialog_changed_cb);
}

static void
scope_export_dialog_class_init (ScopeExportDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_export_dialog_dispose;
  object_class->finalize = scope_export_dialog_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = scope_export_dialog_close_request;

  signals[EXPORTED] = g_signal_new ("exported", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 2, G_TYPE_FILE, G_TYPE_STRING);

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  g_type_ensure (SCOPE_TYPE_LINES_ROW);
  g_type_ensure (SCOPE_TYPE_REDACT_GROUP);
  scope_export_dialog_bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "dialog.export", NULL, scope_export_dialog_export_cb);
}

static void
scope_export_dialog_init_columns (ScopeExportDialog *self)
{
  const char * const *names = scope_export_get_columns ();

  self->column_buttons = g_ptr_array_new ();
  for (guint i = 0; names[i] != NULL; i++)
    {
      GtkWidget *button = gtk_check_button_new_with_label (names[i]);

      gtk_check_button_set_active (GTK_CHECK_BUTTON (button), TRUE);
      g_signal_connect_object (button, "toggled", G_CALLBACK (scope_export_dialog_changed_cb), self,
                               G_CONNECT_SWAPPED);
      gtk_flow_box_append (self->columns, button);
      /* the button has the focus, not what the box puts around it */
      gtk_widget_set_focusable (gtk_widget_get_parent (button), FALSE);
      g_ptr_array_add (self->column_buttons, button);
    }
}

static void
scope_export_dialog_init (ScopeExportDialog *self)
{
  GtkTextView *view;

  gtk_widget_init_template (GTK_WIDGET (self));
  scope_export_dialog_init_columns (self);
  view = scope_lines_row_get_view (self->paths);
  scope_field_note_set_field (self->paths_note, GTK_WIDGET (view));
  self->completion = scope_lines_row_complete (self->paths, _("Paths in This Log"));
  scope_filter_completion_set_path (self->completion, FALSE);
  g_signal_connect_object (gtk_text_view_get_buffer (view), "changed",
                           G_CALLBACK (scope_export_dialog_changed_cb), self, G_CONNECT_SWAPPED);
  scope_ui_show_page (self->pages, "options");
}

static void
scope_export_dialog_set_session (ScopeExportDialog *self,
                                 ScopeSession      *session)
{
  ScopeEventList *events = scope_session_get_events (session);
  ScopeCapture *capture = scope_session_get_capture (session);
  guint64 n = capture != NULL
                  ? scope_capture_count (capture) + 1 - scope_capture_get_first_sequence (capture) : 0;
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (events));
  g_autofree char *all = scope_format_events (n, n, FALSE);
  g_autofree char *shown = scope_format_events (n_shown, n_shown, FALSE);
  g_autoptr (ScopeVocabulary) vocabulary = scope_vocabulary_new (events);

  scope_filter_completion_set_vocabulary (self->completion, vocabulary);
  scope_redact_group_set_vocabulary (self->redaction, vocabulary);
  self->session = g_object_ref (session);
  adw_action_row_set_subtitle (self->all_row, all);
  adw_action_row_set_subtitle (self->shown_row, shown);
  gtk_widget_set_sensitive (GTK_WIDGET (self->shown_row), n_shown > 0);
}

/* Columns of the log that show a part of the payload will be wanted here, too. */
static void
scope_export_dialog_offer_paths (ScopeExportDialog  *self,
                                 const char * const *columns)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; columns != NULL && columns[i] != NULL; i++)
    if (g_str_has_prefix (columns[i], "data") && scope_export_check_path (columns[i], NULL))
      g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", columns[i]);
  gtk_text_buffer_set_text (gtk_text_view_get_buffer (scope_lines_row_get_view (self->paths)), text->str, -1);
}

/**
 * scope_export_dialog_new:
 * @parent: the window it belongs to
 * @session: whose capture is exported
 * @format: what is chosen at first
 * @columns: (nullable): of the log
 *
 * Returns: (transfer none): a window that owns itself, not presented yet
 */
GtkWindow *
scope_export_dialog_new (GtkWindow          *parent,
                         ScopeSession       *session,
                         ScopeExportFormat   format,
                         const char * const *columns)
{
  ScopeExportDialog *self;

  g_return_val_if_fail (GTK_IS_WINDOW (parent) && SCOPE_IS_SESSION (session), NULL);

  self = g_object_new (SCOPE_TYPE_EXPORT_DIALOG, "transient-for", parent, NULL);
  scope_export_dialog_offer_paths (self, columns);
  scope_export_dialog_set_session (self, session);
  gtk_check_button_set_active (format == SCOPE_EXPORT_CSV       ? self->csv
                               : format == SCOPE_EXPORT_CAPTURE ? self->capture
                                                                : self->ndjson,
                               TRUE);
  scope_export_dialog_changed_cb (self);
  return GTK_WINDOW (self);
}
