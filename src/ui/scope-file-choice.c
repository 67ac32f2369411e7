/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-file-choice"

#include "config.h"

#include "ui/scope-file-choice.h"

#include <glib/gi18n.h>

/* of the window: its chooser; of the chooser: who is told */
#define CHOOSER_KEY "scope-file-choice"
#define FUNC_KEY "scope-file-func"

static void
file_choice_free (gpointer chooser)
{
  gtk_native_dialog_destroy (chooser);
  g_object_unref (chooser);
}

static void
file_choice_response_cb (GtkNativeDialog *dialog,
                         int              response,
                         GtkWindow       *window)
{
  ScopeFileFunc func = (ScopeFileFunc) g_object_get_data (G_OBJECT (dialog), FUNC_KEY);
  g_autoptr (GObject) owned = g_object_steal_data (G_OBJECT (window), CHOOSER_KEY);
  g_autoptr (GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  if (file != NULL)
    func (window, file, GTK_FILE_CHOOSER (dialog));
}

static void
file_choice_destroy_cb (GtkWindow *window)
{
  g_object_set_data (G_OBJECT (window), CHOOSER_KEY, NULL);
}

/**
 * scope_file_choice_new:
 * @window: which asks
 * @action: open or save
 * @title: what for
 * @accept: (nullable): the button's label; `NULL` for the usual one
 *
 * Makes a chooser, in place of the one that the window may have by now.
 *
 * Returns: (transfer none): the chooser, not shown yet
 */
GtkFileChooser *
scope_file_choice_new (GtkWindow            *window,
                       GtkFileChooserAction  action,
                       const char           *title,
                       const char           *accept)
{
  GtkFileChooserNative *chooser;

  g_return_val_if_fail (GTK_IS_WINDOW (window), NULL);

  chooser = gtk_file_chooser_native_new (title, window, action, accept, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (file_choice_response_cb), window, 0);
  g_signal_connect_object (window, "destroy", G_CALLBACK (file_choice_destroy_cb), chooser, 0);
  g_object_set_data_full (G_OBJECT (window), CHOOSER_KEY, chooser, file_choice_free);
  return GTK_FILE_CHOOSER (chooser);
}

/**
 * scope_file_choice_add_filter:
 * @name: of the filter
 * @patterns: (array zero-terminated=1): the names it shows, such as `*.json`
 */
void
scope_file_choice_add_filter (GtkFileChooser     *chooser,
                              const char         *name,
                              const char * const *patterns)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  g_return_if_fail (GTK_IS_FILE_CHOOSER (chooser));

  gtk_file_filter_set_name (filter, name);
  for (guint i = 0; patterns[i] != NULL; i++)
    gtk_file_filter_add_pattern (filter, patterns[i]);
  gtk_file_chooser_add_filter (chooser, filter);
}

/**
 * scope_file_choice_add_all:
 * @chooser: from scope_file_choice_new()
 *
 * Adds the filter that shows whatever there is.
 */
void
scope_file_choice_add_all (GtkFileChooser *chooser)
{
  static const char * const all[] = { "*", NULL };

  scope_file_choice_add_filter (chooser, _("All Files"), all);
}

/**
 * scope_file_choice_ask:
 * @chooser: from scope_file_choice_new()
 * @func: (scope async): is told the file, if one is chosen
 *
 * Shows it.
 */
void
scope_file_choice_ask (GtkFileChooser *chooser,
                       ScopeFileFunc   func)
{
  g_return_if_fail (GTK_IS_FILE_CHOOSER (chooser));
  g_return_if_fail (func != NULL);

  g_object_set_data (G_OBJECT (chooser), FUNC_KEY, (gpointer) func);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}
