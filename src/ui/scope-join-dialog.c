/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-join-dialog"

#include "config.h"

#include "ui/scope-join-dialog.h"

#include <glib/gi18n-lib.h>

#include "json/scope-json.h"
#include "net/scope-option-checks.h"
#include "ui/scope-field-note.h"
#include "ui/scope-quit.h"
#include "ui/scope-ui-util.h"

struct _ScopeJoinDialog
{
  AdwWindow parent_instance;

  GtkLabel *warning_label;
  GtkLabel *how_label;
  GtkWidget *settings_button;
  GtkWidget *form;
  GtkEditable *id_entry;
  ScopeFieldNote *id_note;
  GtkEditable *info_entry;
  ScopeFieldNote *info_note;
  GtkSwitch *remember_switch;
  GtkWidget *offline_label;
  GtkWidget *refusal_box;
  GtkLabel *refusal_label;

  ScopeSession *session;
  char *channel;
};

typedef enum
{
  JOIN_BY_ENDPOINT,
  JOIN_BY_SECRET,
  JOIN_IMPOSSIBLE,
} JoinWay;

G_DEFINE_FINAL_TYPE (ScopeJoinDialog, scope_join_dialog, ADW_TYPE_WINDOW)

/* The endpoint goes before signing here. */
static JoinWay
scope_join_dialog_get_way (ScopeJoinDialog *self)
{
  const ScopeConnectionOptions *options = scope_session_get_options (self->session);

  if (options != NULL && options->channel_auth.endpoint != NULL)
    return JOIN_BY_ENDPOINT;
  if (options != NULL && options->secret != NULL)
    return JOIN_BY_SECRET;
  return JOIN_IMPOSSIBLE;
}

/* {"user_id":"ana","user_info":{…}} (transfer full) */
static char *
scope_join_dialog_dup_user (ScopeJoinDialog *self)
{
  GString *json = g_string_new ("{\"user_id\":");
  const char *info = gtk_editable_get_text (self->info_entry);

  scope_json_append_string (json, gtk_editable_get_text (self->id_entry), -1);
  if (*info != '\0')
    g_string_append_printf (json, ",\"user_info\":%s", info);
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

static gboolean
scope_join_dialog_check_user (ScopeJoinDialog *self,
                              GError         **error)
{
  g_autofree char *user = scope_join_dialog_dup_user (self);
  g_autofree char *id = NULL;
  g_autofree char *info = NULL;

  return scope_check_presence_user (user, &id, &info, error);
}

static void
scope_join_dialog_update (ScopeJoinDialog *self)
{
  JoinWay way = scope_join_dialog_get_way (self);
  gboolean has_id = *gtk_editable_get_text (self->id_entry) != '\0';
  g_autofree char *info_problem =
      scope_field_note_check_json (gtk_editable_get_text (self->info_entry));
  g_autoptr (GError) error = NULL;
  gboolean complete = has_id && info_problem == NULL && scope_join_dialog_check_user (self, &error);

  scope_field_note_set (self->id_note, SCOPE_NOTE_ERROR, error != NULL ? error->message : NULL);
  scope_field_note_set (self->info_note, info_problem != NULL ? SCOPE_NOTE_ERROR : SCOPE_NOTE_HINT,
                        info_problem != NULL ? info_problem
                                             : _("Optional: JSON that everyone in the channel is told, "
                                                 "such as {\"name\":\"Ana\"}."));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.join",
                                 way == JOIN_BY_ENDPOINT || (way == JOIN_BY_SECRET && complete));
}

static void
scope_join_dialog_changed_cb (ScopeJoinDialog *self)
{
  gtk_widget_set_visible (self->refusal_box, FALSE);
  scope_join_dialog_update (self);
}

static void
scope_join_dialog_show_way (ScopeJoinDialog *self)
{
  JoinWay way = scope_join_dialog_get_way (self);
  const ScopeConnectionOptions *options = scope_session_get_options (self->session);
  g_autofree char *text = NULL;

  if (way == JOIN_BY_ENDPOINT && options != NULL)
    text = g_strdup_printf (_("The endpoint of the profile decides as whom you join: %s"),
                            options->channel_auth.endpoint);
  else if (way == JOIN_BY_SECRET)
    text = g_strdup (_("Signed here with the app secret: you can be anybody. With the id of somebody "
                       "who is there already, nobody sees a difference."));
  else
    text = g_strdup (_("Joining needs the app secret, or an endpoint for channel authorization. Add one "
                       "of them in the profile."));
  gtk_label_set_text (self->how_label, text);
  gtk_widget_set_visible (self->settings_button, way == JOIN_IMPOSSIBLE);
  gtk_widget_set_visible (self->form, way == JOIN_BY_SECRET);
}

static void
scope_join_dialog_state_cb (ScopeJoinDialog *self)
{
  gtk_widget_set_visible (self->offline_label,
                          scope_session_get_state (self->session) != SCOPE_STATE_CONNECTED);
  /* connecting may have brought the secrets */
  scope_join_dialog_show_way (self);
  scope_join_dialog_update (self);
}

static void
scope_join_dialog_join_cb (GtkWidget  *widget,
                           const char *action,
                           GVariant   *parameter)
{
  ScopeJoinDialog *self = SCOPE_JOIN_DIALOG (widget);
  g_autofree char *user = NULL;
  g_autoptr (GError) error = NULL;

  if (scope_join_dialog_get_way (self) == JOIN_BY_SECRET)
    user = scope_join_dialog_dup_user (self);
  if (!scope_session_join (self->session, self->channel, user, &error))
    {
      gtk_label_set_text (self->refusal_label, error->message);
      gtk_widget_set_visible (self->refusal_box, TRUE);
      return;
    }

  if (user != NULL && gtk_switch_get_active (self->remember_switch))
    g_object_set (scope_session_get_profile (self->session), "presence-user", user, NULL);
  gtk_window_close (GTK_WINDOW (self));
}

/* as the profile has it */
static void
scope_join_dialog_fill (ScopeJoinDialog *self)
{
  g_autofree char *user = NULL;
  g_autofree char *id = NULL;
  g_autofree char *info = NULL;

  g_object_get (scope_session_get_profile (self->session), "presence-user", &user, NULL);
  if (user == NULL || !scope_check_presence_user (user, &id, &info, NULL))
    return;
  gtk_editable_set_text (self->id_entry, id);
  gtk_editable_set_text (self->info_entry, info != NULL ? info : "");
}

static void
scope_join_dialog_dispose (GObject *object)
{
  ScopeJoinDialog *self = SCOPE_JOIN_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_JOIN_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (scope_join_dialog_parent_class)->dispose (object);
}

static void
scope_join_dialog_finalize (GObject *object)
{
  g_free (SCOPE_JOIN_DIALOG (object)->channel);

  G_OBJECT_CLASS (scope_join_dialog_parent_class)->finalize (object);
}

static void
scope_join_dialog_class_init (ScopeJoinDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_join_dialog_dispose;
  object_class->finalize = scope_join_dialog_finalize;

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-join-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, warning_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, how_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, settings_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, form);
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, id_entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, id_note);
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, info_entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, info_note);
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, remember_switch);
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, offline_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, refusal_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeJoinDialog, refusal_label);
  gtk_widget_class_bind_template_callback (widget_class, scope_join_dialog_changed_cb);
  gtk_widget_class_install_action (widget_class, "dialog.join", NULL, scope_join_dialog_join_cb);
  gtk_widget_class_install_action (widget_class, "dialog.settings", NULL,
                                   scope_ui_edit_profile_action);
}

static void
scope_join_dialog_init (ScopeJoinDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_quit_guard (GTK_WINDOW (self));
}

/**
 * scope_join_dialog_new:
 * @parent: (nullable): the window it belongs to
 * @session: what to join with
 * @channel: a presence channel's name
 *
 * Makes the dialog that says what joining does, and asks as whom, where that can be chosen.
 *
 * Returns: (transfer none): a window that owns itself, not presented yet
 */
GtkWindow *
scope_join_dialog_new (GtkWindow    *parent,
                       ScopeSession *session,
                       const char   *channel)
{
  ScopeJoinDialog *self;
  g_autofree char *warning = NULL;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);
  g_return_val_if_fail (channel != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_JOIN_DIALOG, "transient-for", parent, NULL);
  self->session = g_object_ref (session);
  self->channel = g_strdup (channel);
  warning = g_strdup_printf (_("Everyone in “%s” will see it: you appear there as a member, and the app’s "
                               "own users and servers are told when you come and go."), channel);
  gtk_label_set_text (self->warning_label, warning);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (scope_join_dialog_state_cb), self,
                           G_CONNECT_SWAPPED);
  scope_join_dialog_fill (self);
  scope_join_dialog_state_cb (self);
  scope_ui_set_label (gtk_widget_get_ancestor (GTK_WIDGET (self->id_entry), GTK_TYPE_LIST_BOX),
                      _("User"));
  gtk_widget_grab_focus (GTK_WIDGET (self->id_entry));
  return GTK_WINDOW (self);
}
