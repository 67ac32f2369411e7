/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n.h>

#include "ui/scope-export-dialog.h"
#include "ui/scope-file-choice.h"
#include "ui/scope-import-events-dialog.h"
#include "ui/scope-ui-util.h"

/* Captures and their lines that go elsewhere, or come from there. */

/* ---- export ---- */

static void
scope_window_exported_events_cb (ScopeWindow *self,
                                 GFile       *file,
                                 const char  *text)
{
  g_autoptr (GVariant) uri = g_variant_ref_sink (g_variant_new_take_string (g_file_get_uri (file)));
  g_autofree char *action = g_action_print_detailed_name ("win.show-folder", uri);

  _scope_window_show_offer (self, text, _("Open Folder"), action);
}

static void
scope_window_open_export (ScopeWindow       *self,
                          ScopeExportFormat  format)
{
  g_auto (GStrv) columns = NULL;
  GtkWindow *dialog;

  if (self->session == NULL)
    return;
  if (scope_session_get_capture (self->session) == NULL)
    {
      _scope_window_show_toast (self, _("Nothing has been recorded yet"));
      return;
    }
  if (scope_ui_get_settings () != NULL)
    columns = g_settings_get_strv (scope_ui_get_settings (), "log-columns");
  dialog = scope_export_dialog_new (GTK_WINDOW (self), self->session, format,
                                    (const char * const *) columns);
  g_signal_connect_object (dialog, "exported", G_CALLBACK (scope_window_exported_events_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
scope_window_export_events_cb (GtkWidget  *widget,
                               const char *action_name,
                               GVariant   *parameter)
{
  scope_window_open_export (SCOPE_WINDOW (widget), SCOPE_EXPORT_NDJSON);
}

static void
scope_window_save_copy_cb (GtkWidget  *widget,
                           const char *action_name,
                           GVariant   *parameter)
{
  scope_window_open_export (SCOPE_WINDOW (widget), SCOPE_EXPORT_CAPTURE);
}

static void
scope_window_show_folder_cb (GtkWidget  *widget,
                             const char *action_name,
                             GVariant   *parameter)
{
  g_autoptr (GFile) file = g_file_new_for_uri (g_variant_get_string (parameter, NULL));
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *uri = folder != NULL ? g_file_get_uri (folder) : NULL;

  if (uri != NULL)
    gtk_show_uri (GTK_WINDOW (widget), uri, GDK_CURRENT_TIME);
}

/* ---- import ---- */

void
_scope_window_import_events (ScopeWindow *self,
                             GFile       *file)
{
  GtkWindow *dialog = scope_import_events_dialog_new (GTK_WINDOW (self), file);

  g_signal_connect_object (dialog, "imported", G_CALLBACK (_scope_window_open_beside), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

static void
scope_window_import_chosen_cb (gpointer        window,
                               GFile          *file,
                               GtkFileChooser *chooser)
{
  _scope_window_import_events (window, file);
}

static void
scope_window_import_events_cb (GtkWidget  *widget,
                               const char *action_name,
                               GVariant   *parameter)
{
  static const char * const ours[] = { "*.ndjson", "*.jsonl", "*.har", "*.json", NULL };
  GtkFileChooser *chooser =
      scope_file_choice_new (GTK_WINDOW (widget), GTK_FILE_CHOOSER_ACTION_OPEN, _("Import Events"),
                             _("_Import"));

  scope_file_choice_add_filter (chooser, _("NDJSON and HAR Files"), ours);
  scope_file_choice_add_all (chooser);
  scope_file_choice_ask (chooser, scope_window_import_chosen_cb);
}

void
_scope_window_class_init_export (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.export-events", NULL, scope_window_export_events_cb);
  gtk_widget_class_install_action (widget_class, "win.save-copy", NULL, scope_window_save_copy_cb);
  gtk_widget_class_install_action (widget_class, "win.show-folder", "s", scope_window_show_folder_cb);
  gtk_widget_class_install_action (widget_class, "win.import-events", NULL, scope_window_import_events_cb);
}
