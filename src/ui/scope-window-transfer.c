/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n.h>
#include <string.h>

#include "capture/scope-output-file.h"
#include "ui/scope-file-choice.h"
#include "ui/scope-import-dialog.h"

/* Profiles that come from elsewhere, or go there: without their secrets. */

/* ---- import ---- */

/* The name was only proposed: another one will do. */
static void
scope_window_chosen_cb (ScopeWindow      *self,
                        ScopeProfile     *profile,
                        ScopeCredentials *credentials)
{
  const char *proposed = scope_profile_get_name (profile);
  g_autofree char *name =
      *proposed != '\0' ? scope_profile_store_dup_free_name (self->store, proposed) : NULL;
  ScopeProfileEditor *editor = _scope_window_edit_profile (self, NULL);

  if (name != NULL)
    g_object_set (profile, "name", name, NULL);
  scope_profile_editor_fill (editor, profile, credentials);
}

static void
scope_window_import_profile_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  GtkWindow *dialog = scope_import_dialog_new (GTK_WINDOW (widget));

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (scope_window_chosen_cb), widget,
                           G_CONNECT_SWAPPED);
  gtk_window_present (dialog);
}

/* ---- export ---- */

static void
scope_window_exported_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr (ScopeWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *base = g_file_get_basename (G_FILE (source));
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *text = NULL;

  if (self->closing)
    return;
  if (scope_output_file_write_finish (G_FILE (source), result, &error))
    text = g_strdup_printf (_("Exported to %s, without key and secrets"), name);
  else
    text = g_strdup_printf (_("The profile could not be exported: %s"), error->message);
  _scope_window_show_toast (self, text);
}

static void
scope_window_export_chosen_cb (gpointer        window,
                               GFile          *file,
                               GtkFileChooser *chooser)
{
  ScopeProfile *profile = g_object_get_data (G_OBJECT (chooser), "scope-profile");
  char *text = scope_profile_to_key_file (profile);
  g_autoptr (GBytes) bytes = g_bytes_new_take (text, strlen (text));

  scope_output_file_write_async (file, bytes, scope_window_exported_cb, g_object_ref (window));
}

static void
scope_window_export (ScopeWindow  *self,
                     ScopeProfile *profile)
{
  GtkFileChooser *chooser =
      scope_file_choice_new (GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE,
                             _("Export Profile Without Secrets"), _("_Export"));
  g_autofree char *name = g_strconcat (scope_profile_get_name (profile), ".profile", NULL);

  g_strdelimit (name, "/", '-');
  gtk_file_chooser_set_current_name (chooser, name);
  g_object_set_data_full (G_OBJECT (chooser), "scope-profile", g_object_ref (profile),
                          g_object_unref);
  scope_file_choice_ask (chooser, scope_window_export_chosen_cb);
}

static void
scope_window_export_profile_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  ScopeProfile *profile =
      scope_profile_store_find (self->store, g_variant_get_string (parameter, NULL));

  if (profile != NULL)
    scope_window_export (self, profile);
}

static void
scope_window_export_current_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);

  if (_scope_window_is_saved (self))
    scope_window_export (self, self->profile);
}

void
_scope_window_class_init_transfer (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.import-profile", NULL,
                                   scope_window_import_profile_cb);
  gtk_widget_class_install_action (widget_class, "win.export-profile", "s",
                                   scope_window_export_profile_cb);
  gtk_widget_class_install_action (widget_class, "win.export-current", NULL,
                                   scope_window_export_current_cb);
}
