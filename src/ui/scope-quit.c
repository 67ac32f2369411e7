/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-quit"

#include "config.h"

#include "ui/scope-quit.h"

#include <string.h>

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "ui/scope-accessible.h"

#define WATCHED "scope-quit-watched"
#define TYPED "scope-quit-typed"
#define QUESTION "scope-quit-question"

/* ---- what is typed ---- */

static void
quit_add_text (GChecksum  *sum,
               const char *text)
{
  g_checksum_update (sum, (const guchar *) text, strlen (text) + 1);
}

static void
quit_add_buffer (GChecksum     *sum,
                 GtkTextBuffer *buffer)
{
  GtkTextIter start, end;
  g_autofree char *text = NULL;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  text = gtk_text_buffer_get_text (buffer, &start, &end, TRUE);
  quit_add_text (sum, text);
}

static void
quit_add_widget (GChecksum *sum,
                 GtkWidget *widget)
{
  if (GTK_IS_TEXT (widget))
    quit_add_text (sum, gtk_editable_get_text (GTK_EDITABLE (widget)));
  else if (GTK_IS_TEXT_VIEW (widget))
    quit_add_buffer (sum, gtk_text_view_get_buffer (GTK_TEXT_VIEW (widget)));
  else if (GTK_IS_SWITCH (widget))
    quit_add_text (sum, gtk_switch_get_active (GTK_SWITCH (widget)) ? "1" : "0");
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    quit_add_widget (sum, child);
}

/* (transfer full): a text that differs when anything in the fields does; it holds none of it */
static char *
quit_dup_typed (GtkWidget *dialog)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);

  quit_add_widget (sum, dialog);
  return g_strdup (g_checksum_get_string (sum));
}

static void
quit_guarded_map_cb (GtkWidget *dialog)
{
  if (g_object_get_data (G_OBJECT (dialog), TYPED) == NULL)
    g_object_set_data_full (G_OBJECT (dialog), TYPED, quit_dup_typed (dialog), g_free);
}

static gboolean
quit_would_lose (GtkWidget *dialog)
{
  const char *before = g_object_get_data (G_OBJECT (dialog), TYPED);
  g_autofree char *now = NULL;

  if (before == NULL || !gtk_widget_get_mapped (dialog))
    return FALSE;
  now = quit_dup_typed (dialog);
  return !g_str_equal (before, now);
}

/* (transfer full) (nullable) */
static GtkWindow *
quit_find_unsaved (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      if (quit_would_lose (GTK_WIDGET (window)))
        return g_steal_pointer (&window);
    }
  return NULL;
}

/* ---- the question ---- */

static void
quit_response_cb (AdwMessageDialog *question,
                  const char       *response,
                  GtkApplication   *application)
{
  void (*quit) (GtkApplication *) =
      (void (*) (GtkApplication *)) g_object_get_data (G_OBJECT (question), QUESTION);

  if (g_str_equal (response, "quit"))
    quit (application);
}

static void
quit_question_gone_cb (GtkWindow *dialog)
{
  g_object_set_data (G_OBJECT (dialog), QUESTION, NULL);
}

static void
quit_ask (GtkApplication *application,
          GtkWindow      *dialog,
          GCallback       quit)
{
  GtkWindow *question = g_object_get_data (G_OBJECT (dialog), QUESTION);
  const char *title = gtk_window_get_title (dialog);

  if (question != NULL)
    {
      gtk_window_present (question);
      return;
    }
  question = GTK_WINDOW (adw_message_dialog_new (dialog, _("Quit Without Saving?"), NULL));
  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (question),
                                  _("What was typed in “%s” is not saved, and will be lost."),
                                  title != NULL ? title : "");
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (question), "cancel", _("Cancel"), "quit", _("Quit"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (question), "quit", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (question), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (question), "cancel");
  gtk_window_set_destroy_with_parent (question, TRUE);
  g_object_set_data (G_OBJECT (question), QUESTION, (gpointer) quit);
  /* without a reference, which would keep a closed window from being disposed of */
  g_object_set_data (G_OBJECT (dialog), QUESTION, question);
  g_signal_connect_object (question, "response", G_CALLBACK (quit_response_cb), application, 0);
  g_signal_connect_object (question, "destroy", G_CALLBACK (quit_question_gone_cb), dialog, G_CONNECT_SWAPPED);
  scope_accessible_name_parts (GTK_WIDGET (question));
  gtk_window_present (question);
}

/* ---- the key ---- */

static gboolean
quit_key_cb (GtkWidget *widget,
             GVariant  *arguments,
             gpointer   user_data)
{
  g_action_group_activate_action (G_ACTION_GROUP (user_data), "quit", NULL);
  return TRUE;
}

/* An application window has the application's own accelerators. */
static void
quit_map_cb (GtkWidget      *window,
             GtkApplication *application)
{
  GtkEventController *controller;

  if (GTK_IS_APPLICATION_WINDOW (window) || g_object_get_data (G_OBJECT (window), WATCHED) != NULL)
    return;
  g_object_set_data (G_OBJECT (window), WATCHED, window);
  controller = gtk_shortcut_controller_new ();
  gtk_shortcut_controller_add_shortcut (
      GTK_SHORTCUT_CONTROLLER (controller),
      gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_q, GDK_CONTROL_MASK),
                        gtk_callback_action_new (quit_key_cb, application, NULL)));
  gtk_widget_add_controller (window, controller);
}

/* A window is listed while it is being made: what it will be is known when it is shown. */
static void
quit_windows_cb (GListModel     *windows,
                 guint           position,
                 guint           removed,
                 guint           added,
                 GtkApplication *application)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

      g_signal_connect_object (window, "map", G_CALLBACK (quit_map_cb), application, 0);
    }
}

/**
 * scope_quit_watch:
 * @application: the program, with an action “quit”
 */
void
scope_quit_watch (GtkApplication *application)
{
  GListModel *windows = gtk_window_get_toplevels ();

  g_return_if_fail (GTK_IS_APPLICATION (application));

  g_signal_connect_object (windows, "items-changed", G_CALLBACK (quit_windows_cb), application, 0);
  quit_windows_cb (windows, 0, 0, g_list_model_get_n_items (windows), application);
}

/**
 * scope_quit_guard:
 * @dialog: a window with fields that are saved by a button
 */
void
scope_quit_guard (GtkWindow *dialog)
{
  g_return_if_fail (GTK_IS_WINDOW (dialog));

  g_signal_connect_after (dialog, "map", G_CALLBACK (quit_guarded_map_cb), NULL);
}

/**
 * scope_quit_may:
 * @application: the program
 * @quit: called with @application after a yes
 *
 * Returns: whether the program may end now
 */
gboolean
scope_quit_may (GtkApplication *application,
                GCallback       quit)
{
  g_autoptr (GtkWindow) unsaved = quit_find_unsaved ();

  g_return_val_if_fail (GTK_IS_APPLICATION (application), TRUE);

  if (unsaved != NULL)
    quit_ask (application, unsaved, quit);
  return unsaved == NULL;
}
