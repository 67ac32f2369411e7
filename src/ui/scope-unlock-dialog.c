/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-unlock-dialog"

#include "config.h"

#include "ui/scope-unlock-dialog.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "ui/scope-accessible.h"

static void
scope_unlock_response_cb (AdwMessageDialog *dialog,
                          const char       *response,
                          ScopeSession     *session)
{
  if (g_str_equal (response, "allow"))
    scope_session_unlock_writing (session);
}

/* Answered or not: the dialog may go with its window, when the program ends. */
static void
scope_unlock_destroy_cb (GtkWidget *dialog,
                         GTask     *task)
{
  g_task_return_boolean (task, scope_session_get_may_write (g_task_get_task_data (task)));
  g_signal_handlers_disconnect_by_func (dialog, scope_unlock_destroy_cb, task);
}

static void
scope_unlock_present (GtkWidget    *parent,
                      ScopeSession *session,
                      GTask        *task)
{
  GtkRoot *root = gtk_widget_get_root (parent);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
      GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, _("Publish from a Read-Only Profile?"), NULL));

  adw_message_dialog_format_body (dialog,
                                  _("“%s” is read-only. If you allow it, events can be sent and "
                                    "connections ended from here for ten minutes: everybody in a "
                                    "channel gets them."),
                                  scope_profile_get_name (scope_session_get_profile (session)));
  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), "allow", _("Allow Publishing"), NULL);
  adw_message_dialog_set_response_appearance (dialog, "allow", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (dialog, "cancel");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (scope_unlock_response_cb), session, 0);
  g_signal_connect_data (dialog, "destroy", G_CALLBACK (scope_unlock_destroy_cb), g_object_ref (task),
                         (GClosureNotify) (GCallback) g_object_unref, 0);
  gtk_window_set_destroy_with_parent (GTK_WINDOW (dialog), TRUE);
  scope_accessible_name_parts (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * scope_unlock_ask_async:
 * @parent: a widget of the window that the question belongs to
 * @session: a session with a connection
 */
void
scope_unlock_ask_async (GtkWidget           *parent,
                        ScopeSession        *session,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (GTK_IS_WIDGET (parent) && SCOPE_IS_SESSION (session));

  task = g_task_new (parent, NULL, callback, user_data);
  g_task_set_source_tag (task, scope_unlock_ask_async);
  g_task_set_task_data (task, g_object_ref (session), g_object_unref);
  if (!scope_session_get_may_write (session) && !scope_session_get_offline (session))
    {
      scope_unlock_present (parent, session, task);
      return;
    }
  g_task_return_boolean (task, scope_session_get_may_write (session));
}

/**
 * scope_unlock_ask_finish:
 *
 * Returns: whether it is allowed
 */
gboolean
scope_unlock_ask_finish (GAsyncResult *result)
{
  g_return_val_if_fail (G_IS_TASK (result), FALSE);

  return g_task_propagate_boolean (G_TASK (result), NULL);
}
