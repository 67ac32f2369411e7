/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "session/scope-template-list.h"
#include "ui/scope-accessible.h"
#include "ui/scope-publish-view.h"
#include "ui/scope-ui-util.h"
#include "ui/scope-unlock-dialog.h"

/* What goes to a user instead of a channel, and the templates of a profile. */

typedef struct
{
  ScopeWindow *window;
  char *user_id;
} UserTask;

static UserTask *
user_task_new (ScopeWindow *window,
               const char  *user_id)
{
  UserTask *task = g_new0 (UserTask, 1);

  task->window = g_object_ref (window);
  task->user_id = g_strdup (user_id);
  return task;
}

static void
user_task_free (UserTask *task)
{
  g_object_unref (task->window);
  g_free (task->user_id);
  g_free (task);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (UserTask, user_task_free)

/* ---- asking for the id ---- */

static void
scope_window_user_id_cb (GtkEditable      *entry,
                         AdwMessageDialog *dialog)
{
  gsize length = strlen (gtk_editable_get_text (entry));

  adw_message_dialog_set_response_enabled (dialog, "go", length > 0 && length <= SCOPE_LIMIT_USER_ID_BYTES);
}

/* A question with the user's id in it; the answer is "go". */
static AdwMessageDialog *
scope_window_ask_user (ScopeWindow           *self,
                       const char            *user_id,
                       const char            *heading,
                       const char            *body,
                       const char            *label,
                       AdwResponseAppearance  appearance)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (GTK_WINDOW (self), heading, body));
  GtkWidget *entry = gtk_entry_new ();

  scope_ui_set_label (entry, _("User ID"));
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), _("User ID"));
  gtk_entry_set_activates_default (GTK_ENTRY (entry), appearance != ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_extra_child (dialog, entry);
  adw_message_dialog_add_responses (dialog, "cancel", _("Cancel"), "go", label, NULL);
  adw_message_dialog_set_response_appearance (dialog, "go", appearance);
  adw_message_dialog_set_response_enabled (dialog, "go", FALSE);
  adw_message_dialog_set_default_response (dialog, appearance == ADW_RESPONSE_DESTRUCTIVE ? "cancel" : "go");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect_object (entry, "changed", G_CALLBACK (scope_window_user_id_cb), dialog, 0);
  gtk_editable_set_text (GTK_EDITABLE (entry), user_id);
  scope_accessible_name_parts (GTK_WIDGET (dialog));
  return dialog;
}

static const char *
scope_window_get_asked (AdwMessageDialog *dialog)
{
  return gtk_editable_get_text (GTK_EDITABLE (adw_message_dialog_get_extra_child (dialog)));
}

/* ---- an event to a user ---- */

static void
scope_window_compose_to_user (ScopeWindow *self,
                              const char  *user_id)
{
  _scope_window_show_view (self, "publish");
  scope_publish_view_compose_to_user (SCOPE_PUBLISH_VIEW (self->publish_view), user_id);
}

static void
scope_window_send_to_user_response_cb (AdwMessageDialog *dialog,
                                       const char       *response,
                                       ScopeWindow      *self)
{
  if (g_str_equal (response, "go"))
    scope_window_compose_to_user (self, scope_window_get_asked (dialog));
}

static void
scope_window_send_to_user_cb (GtkWidget  *widget,
                              const char *action_name,
                              GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  const char *user_id = g_variant_get_string (parameter, NULL);
  AdwMessageDialog *dialog;

  if (*user_id != '\0')
    {
      scope_window_compose_to_user (self, user_id);
      return;
    }
  dialog = scope_window_ask_user (self, user_id, _("Address to a User"),
                                  _("All connections on which this user is signed in get the event."), _("Continue"),
                                  ADW_RESPONSE_SUGGESTED);
  g_signal_connect_object (dialog, "response", G_CALLBACK (scope_window_send_to_user_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- the end of a user's connections ---- */

/* (transfer full) */
static char *
scope_window_describe_terminated (ScopeApiReply *reply,
                                  const char    *id)
{
  g_autofree char *user_id = scope_text_for_display (id, -1, 100);

  if (reply->outcome == SCOPE_API_ACCEPTED)
    return g_strdup_printf (_("The connections of “%s” are ended"), user_id);
  /* Translators: a user's id, a sentence about what went wrong */
  return g_strdup_printf (_("The connections of “%s” were not ended: %s"), user_id,
                          reply->meaning != NULL ? reply->meaning : reply->text);
}

static void
scope_window_terminated_cb (GObject      *object,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr (UserTask) task = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeApiReply) reply = scope_api_client_call_finish (SCOPE_API_CLIENT (object), result, &error);
  g_autofree char *text = NULL;

  if (reply != NULL)
    text = scope_window_describe_terminated (reply, task->user_id);
  else if (error != NULL)
    text = g_strdup (error->message);
  if (text != NULL && !task->window->closing)
    _scope_window_show_toast (task->window, text);
}

static void
scope_window_terminate_allowed_cb (GObject      *object,
                                   GAsyncResult *result,
                                   gpointer      user_data)
{
  g_autoptr (UserTask) task = user_data;
  ScopeWindow *self = task->window;
  g_autoptr (GError) error = NULL;
  const char *user_id = task->user_id;
  ScopeApiClient *api;

  if (!scope_unlock_ask_finish (result) || self->session == NULL)
    return;
  api = scope_session_get_api (self->session, &error);
  if (api == NULL)
    {
      _scope_window_show_toast (self, error->message);
      return;
    }
  scope_footprint_add (scope_session_get_footprint (self->session), SCOPE_FOOTPRINT_PUBLISH, 1, 1);
  scope_api_client_terminate_user_async (api, user_id, NULL, scope_window_terminated_cb,
                                         g_steal_pointer (&task));
}

static void
scope_window_terminate_response_cb (AdwMessageDialog *dialog,
                                    const char       *response,
                                    ScopeWindow      *self)
{
  if (g_str_equal (response, "go") && self->session != NULL)
    scope_unlock_ask_async (GTK_WIDGET (self), self->session, scope_window_terminate_allowed_cb,
                            user_task_new (self, scope_window_get_asked (dialog)));
}

static void
scope_window_terminate_user_cb (GtkWidget  *widget,
                                const char *action_name,
                                GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  AdwMessageDialog *dialog
      = scope_window_ask_user (self, g_variant_get_string (parameter, NULL), _("End a User's Connections?"),
                               _("The server closes all connections on which this user is signed in. They may connect "
                                 "again, if your server lets them."),
                               _("End Connections"), ADW_RESPONSE_DESTRUCTIVE);

  g_signal_connect_object (dialog, "response", G_CALLBACK (scope_window_terminate_response_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* ---- templates ---- */

/* Only a saved profile's are kept. */
void
_scope_window_update_templates (ScopeWindow *self)
{
  g_autoptr (ScopeTemplateList) templates = NULL;
  gboolean saved = self->profile != NULL && _scope_window_is_saved (self);

  if (self->session != NULL && !scope_session_get_offline (self->session))
    templates = scope_template_list_new (saved ? scope_profile_get_id (self->profile) : NULL);
  scope_publish_view_set_templates (SCOPE_PUBLISH_VIEW (self->publish_view), templates);
}

void
_scope_window_class_init_publish (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.send-to-user", "s", scope_window_send_to_user_cb);
  gtk_widget_class_install_action (widget_class, "win.terminate-user", "s", scope_window_terminate_user_cb);
}
