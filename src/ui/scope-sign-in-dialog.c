/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sign-in-dialog"

#include "config.h"

#include "ui/scope-sign-in-dialog.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "json/scope-json.h"
#include "ui/scope-field-note.h"
#include "ui/scope-quit.h"
#include "ui/scope-ui-util.h"

/* protocol.md §3.4 and §4.5: the characters of a channel's name, at most 128 of them */
#define ID_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=@,.;"
#define ID_MAX_CHARACTERS 128
#define SPACES " \t\r\n"

struct _ScopeSignInDialog
{
  AdwWindow parent_instance;

  GtkWidget *how_icon;
  GtkLabel *how_label;
  GtkWidget *settings_button;
  GtkWidget *form;
  GtkEditable *id_entry;
  ScopeFieldNote *id_note;
  GtkEditable *info_entry;
  ScopeFieldNote *info_note;
  GtkEditable *watchlist_entry;
  ScopeFieldNote *watchlist_note;
  GtkWidget *again_label;
  GtkWidget *offline_label;
  GtkWidget *refusal_box;
  GtkLabel *refusal_label;

  ScopeSession *session;
};

typedef enum
{
  SIGN_IN_BY_ENDPOINT,
  SIGN_IN_BY_SECRET,
  SIGN_IN_IMPOSSIBLE,
} SignInWay;

G_DEFINE_FINAL_TYPE (ScopeSignInDialog, scope_sign_in_dialog, ADW_TYPE_WINDOW)

static SignInWay
scope_sign_in_dialog_get_way (ScopeSignInDialog *self)
{
  const ScopeConnectionOptions *options = scope_session_get_options (self->session);

  if (options != NULL && options->user_auth.endpoint != NULL)
    return SIGN_IN_BY_ENDPOINT;
  if (options != NULL && options->secret != NULL)
    return SIGN_IN_BY_SECRET;
  return SIGN_IN_IMPOSSIBLE;
}

/* Checking: each returns what is wrong (transfer full), or NULL */

static char *
scope_sign_in_dialog_check_id (const char *id)
{
  const char *wrong = id + strspn (id, ID_CHARACTERS);

  if (*wrong != '\0')
    {
      g_autofree char *letter = g_utf8_substring (wrong, 0, 1);

      return g_strdup_printf (_("“%s” can’t stand in a user id: letters, digits and _ - = @ , . ; "
                                "can."), letter);
    }
  if (strlen (id) > ID_MAX_CHARACTERS)
    return g_strdup_printf (_("A user id has at most %d characters."), ID_MAX_CHARACTERS);
  return NULL;
}

/* The ids, without what stands between them (transfer full) */
static char **
scope_sign_in_dialog_dup_watchlist (ScopeSignInDialog *self)
{
  g_auto (GStrv) words = g_strsplit_set (gtk_editable_get_text (self->watchlist_entry), SPACES, -1);
  g_autoptr (GStrvBuilder) ids = g_strv_builder_new ();

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_strv_builder_add (ids, words[i]);
  return g_strv_builder_end (ids);
}

static ScopeNoteKind
scope_sign_in_dialog_check_watchlist (ScopeSignInDialog *self,
                                      char             **text)
{
  g_auto (GStrv) ids = scope_sign_in_dialog_dup_watchlist (self);
  guint n = g_strv_length (ids);

  for (guint i = 0; i < n; i++)
    if ((*text = scope_sign_in_dialog_check_id (ids[i])) != NULL)
      return SCOPE_NOTE_ERROR;
  if (n > SCOPE_LIMIT_WATCHLIST)
    {
      *text = g_strdup_printf (_("These are %u people: the server watches the first %d only."), n,
                               SCOPE_LIMIT_WATCHLIST);
      return SCOPE_NOTE_WARNING;
    }
  *text = g_strdup (_("The ids of users to watch, separated by spaces. Their app has to have "
                      "watchlist events switched on."));
  return SCOPE_NOTE_HINT;
}

static void
scope_sign_in_dialog_update (ScopeSignInDialog *self)
{
  SignInWay way = scope_sign_in_dialog_get_way (self);
  const char *id = gtk_editable_get_text (self->id_entry);
  g_autofree char *id_problem = scope_sign_in_dialog_check_id (id);
  g_autofree char *info_problem =
      scope_field_note_check_json (gtk_editable_get_text (self->info_entry));
  g_autofree char *watchlist = NULL;
  ScopeNoteKind kind = scope_sign_in_dialog_check_watchlist (self, &watchlist);
  gboolean complete =
      *id != '\0' && id_problem == NULL && info_problem == NULL && kind != SCOPE_NOTE_ERROR;

  scope_field_note_set (self->id_note, SCOPE_NOTE_ERROR, id_problem);
  scope_field_note_set (self->info_note, info_problem != NULL ? SCOPE_NOTE_ERROR : SCOPE_NOTE_HINT,
                        info_problem != NULL ? info_problem
                                             : _("Optional: JSON that others are told of the user, "
                                                 "such as {\"name\":\"Ana\"}."));
  scope_field_note_set (self->watchlist_note, kind, watchlist);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.sign-in",
                                 way == SIGN_IN_BY_ENDPOINT ||
                                     (way == SIGN_IN_BY_SECRET && complete));
}

static void
scope_sign_in_dialog_changed_cb (ScopeSignInDialog *self)
{
  gtk_widget_set_visible (self->refusal_box, FALSE);
  scope_sign_in_dialog_update (self);
}

static void
scope_sign_in_dialog_show_way (ScopeSignInDialog *self)
{
  SignInWay way = scope_sign_in_dialog_get_way (self);
  const ScopeConnectionOptions *options = scope_session_get_options (self->session);
  g_autofree char *text = NULL;

  if (way == SIGN_IN_BY_ENDPOINT && options != NULL)
    text = g_strdup_printf (_("The endpoint of the profile says who you are, and signs for it: %s"),
                            options->user_auth.endpoint);
  else if (way == SIGN_IN_BY_SECRET)
    text = g_strdup (_("Signed here with the app secret: you can be anybody."));
  else
    text = g_strdup (_("Signing in needs the app secret, or an endpoint for user authentication. "
                       "Add one of them in the profile, then connect again."));
  gtk_label_set_text (self->how_label, text);
  gtk_widget_set_visible (self->how_icon, way == SIGN_IN_IMPOSSIBLE);
  gtk_widget_set_visible (self->settings_button, way == SIGN_IN_IMPOSSIBLE);
  gtk_widget_set_visible (self->form, way == SIGN_IN_BY_SECRET);
}

static void
scope_sign_in_dialog_state_cb (ScopeSignInDialog *self)
{
  g_autofree char *user_id = NULL;

  g_object_get (self->session, "user-id", &user_id, NULL);
  gtk_widget_set_visible (self->again_label, user_id != NULL);
  gtk_widget_set_visible (self->offline_label,
                          scope_session_get_state (self->session) != SCOPE_STATE_CONNECTED);
}

/* {"id":"ana","user_info":{…},"watchlist":["ben"]}, protocol.md §4.5 (transfer full) */
static char *
scope_sign_in_dialog_dup_user_data (ScopeSignInDialog *self)
{
  GString *json = g_string_new ("{\"id\":");
  const char *info = gtk_editable_get_text (self->info_entry);
  g_auto (GStrv) ids = scope_sign_in_dialog_dup_watchlist (self);

  scope_json_append_string (json, gtk_editable_get_text (self->id_entry), -1);
  if (*info != '\0')
    g_string_append_printf (json, ",\"user_info\":%s", info);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      g_string_append (json, i == 0 ? ",\"watchlist\":[" : ",");
      scope_json_append_string (json, ids[i], -1);
    }
  if (ids[0] != NULL)
    g_string_append_c (json, ']');
  g_string_append_c (json, '}');
  return g_string_free (json, FALSE);
}

/* A connection keeps its user (protocol.md §4.5): for another one it has to be a new connection. */
static void
scope_sign_in_dialog_sign_in_cb (GtkWidget  *widget,
                                 const char *action,
                                 GVariant   *parameter)
{
  ScopeSignInDialog *self = SCOPE_SIGN_IN_DIALOG (widget);
  g_autofree char *user_data = NULL;
  g_autofree char *user_id = NULL;
  g_autoptr (GError) error = NULL;

  if (scope_sign_in_dialog_get_way (self) == SIGN_IN_BY_SECRET)
    user_data = scope_sign_in_dialog_dup_user_data (self);
  g_object_get (self->session, "user-id", &user_id, NULL);
  if (user_id != NULL)
    scope_session_disconnect (self->session);
  if (!scope_session_sign_in (self->session, user_data, &error))
    {
      gtk_label_set_text (self->refusal_label, error->message);
      gtk_widget_set_visible (self->refusal_box, TRUE);
    }
  if (user_id != NULL)
    scope_session_connect (self->session);
  if (error == NULL)
    gtk_window_close (GTK_WINDOW (self));
}

static void
scope_sign_in_dialog_dispose (GObject *object)
{
  ScopeSignInDialog *self = SCOPE_SIGN_IN_DIALOG (object);

  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_SIGN_IN_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (scope_sign_in_dialog_parent_class)->dispose (object);
}

static void
scope_sign_in_dialog_class_init (ScopeSignInDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_sign_in_dialog_dispose;

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-sign-in-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, how_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, how_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, settings_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, form);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, id_entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, id_note);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, info_entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, info_note);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, watchlist_entry);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, watchlist_note);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, again_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, offline_label);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, refusal_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeSignInDialog, refusal_label);
  gtk_widget_class_bind_template_callback (widget_class, scope_sign_in_dialog_changed_cb);
  gtk_widget_class_install_action (widget_class, "dialog.sign-in", NULL,
                                   scope_sign_in_dialog_sign_in_cb);
  gtk_widget_class_install_action (widget_class, "dialog.settings", NULL,
                                   scope_ui_edit_profile_action);
}

static void
scope_sign_in_dialog_init (ScopeSignInDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_quit_guard (GTK_WINDOW (self));
}

/**
 * scope_sign_in_dialog_new:
 * @parent: (nullable): the window it belongs to
 * @session: what to sign in
 *
 * Makes the dialog that asks who to be, where that can be chosen.
 *
 * Returns: (transfer none): a window that owns itself, not presented yet
 */
GtkWindow *
scope_sign_in_dialog_new (GtkWindow    *parent,
                          ScopeSession *session)
{
  ScopeSignInDialog *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);

  self = g_object_new (SCOPE_TYPE_SIGN_IN_DIALOG, "transient-for", parent, NULL);
  self->session = g_object_ref (session);
  g_signal_connect_object (session, "notify::state", G_CALLBACK (scope_sign_in_dialog_state_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::user-id", G_CALLBACK (scope_sign_in_dialog_state_cb),
                           self, G_CONNECT_SWAPPED);
  scope_sign_in_dialog_state_cb (self);
  scope_sign_in_dialog_show_way (self);
  scope_sign_in_dialog_update (self);
  scope_ui_set_label (gtk_widget_get_ancestor (GTK_WIDGET (self->id_entry), GTK_TYPE_LIST_BOX),
                      _("User"));
  gtk_widget_grab_focus (GTK_WIDGET (self->id_entry));
  return GTK_WINDOW (self);
}
