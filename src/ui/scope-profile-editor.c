/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-profile-editor"

#include "config.h"

#include "ui/scope-profile-editor-private.h"

#include <glib/gi18n-lib.h>

#include "net/scope-connection-test.h"
#include "session/scope-keyring.h"
#include "ui/scope-accessible.h"
#include "ui/scope-file-choice.h"
#include "ui/scope-lines-row.h"
#include "ui/scope-quit.h"
#include "ui/scope-ui-util.h"

/* Saving: secrets first, then the file. So a profile never stands in the list without what it needs
 * to connect, unless the user chose that ("use for this session only").
 *
 *   save ─┬─ nothing secret changed ─────────────────────────────────────┐
 *         ├─ the stored secrets could not be read → unlock, merge ─┐     │
 *         └─ else ─────────────────────────────────────────────────┴ store ─ file ─ `saved`, close
 *                                                     any failure: the card, with its two ways out
 */

enum
{
  SAVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeProfileEditor, scope_profile_editor, ADW_TYPE_WINDOW)

static void
scope_profile_editor_set_busy (ScopeProfileEditor *self,
                               gboolean            busy)
{
  self->busy = busy;
  if (!busy)
    gtk_widget_set_sensitive (self->form, TRUE);
  gtk_spinner_set_spinning (self->save_spinner, busy);
  _scope_profile_editor_update (self);
}

/* The line beside the button: how the test went, or why nothing can be saved or tested. */
static void
scope_profile_editor_show_status (ScopeProfileEditor *self,
                                  const char         *icon,
                                  const char         *css_class,
                                  const char         *text)
{
  const char *classes[] = { css_class, NULL };
  const char *label_classes[] = { "scope-two-lines", css_class == NULL ? "dim-label" : NULL, NULL };

  gtk_widget_set_visible (GTK_WIDGET (self->test_icon), icon != NULL);
  gtk_image_set_from_icon_name (self->test_icon, icon);
  gtk_widget_set_css_classes (GTK_WIDGET (self->test_icon), classes);
  gtk_widget_set_css_classes (GTK_WIDGET (self->test_label), label_classes);
  gtk_label_set_text (self->test_label, text != NULL ? text : "");
}

static void
scope_profile_editor_show_reason (ScopeProfileEditor *self,
                                  const char         *reason)
{
  scope_profile_editor_show_status (self, NULL, NULL, reason);
}

/* They are edited elsewhere, perhaps meanwhile. */
static void
scope_profile_editor_keep_rules (ScopeProfileEditor *self)
{
  g_auto (GStrv) rules = NULL;

  if (self->original == NULL)
    return;
  g_object_get (self->original, "discovery-rules", &rules, NULL);
  g_object_set (self->working, "discovery-rules", rules, NULL);
}

/* Nothing secret is in question any more: the file, the news, the end. */
static void
scope_profile_editor_commit (ScopeProfileEditor *self,
                             ScopeCredentials   *credentials)
{
  g_autoptr (GError) error = NULL;
  ScopeProfile *profile;

  scope_profile_editor_set_busy (self, FALSE);
  _scope_profile_editor_collect (self, self->working);
  /* Meanwhile the window may have subscribed to more. */
  if (self->original != NULL && !self->touched[SCOPE_FIELD_SUBSCRIPTIONS])
    scope_profile_set_subscriptions (self->working,
                                     scope_profile_get_subscriptions (self->original));
  scope_profile_editor_keep_rules (self);
  if (!scope_profile_store_save (self->store, self->working, &error))
    {
      scope_profile_editor_show_reason (self, error->message);
      return;
    }

  self->saved = TRUE;
  profile = scope_profile_store_find (self->store, scope_profile_get_id (self->working));
  if (profile == NULL)
    profile = self->working;
  if (self->original != NULL && self->original != profile)
    scope_profile_assign (self->original, profile);

  g_signal_emit (self, signals[SAVED], 0, profile, credentials);
  gtk_window_close (GTK_WINDOW (self));
}

static void
scope_profile_editor_stored_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr (ScopeProfileEditor) self = user_data;
  g_autoptr (ScopeCredentials) credentials = g_steal_pointer (&self->pending);
  g_autoptr (GError) error = NULL;

  if (scope_keyring_store_finish (result, &error))
    {
      self->stored_new = self->original == NULL;
      if (!self->closed)
        {
          self->secrets_known = TRUE;
          scope_profile_editor_commit (self, credentials);
        }
      return;
    }

  if (self->closed || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  scope_profile_editor_set_busy (self, FALSE);
  scope_keyring_card_show_error (self->card, SCOPE_KEYRING_CARD_STORE, error);
  gtk_widget_child_focus (GTK_WIDGET (self->card), GTK_DIR_TAB_FORWARD);
}

static void
scope_profile_editor_store (ScopeProfileEditor *self,
                            ScopeCredentials   *credentials)
{
  g_autofree char *name =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->inputs[SCOPE_FIELD_NAME]))));

  g_clear_pointer (&self->pending, scope_credentials_unref);
  self->pending = scope_credentials_ref (credentials);
  scope_keyring_store_async (scope_profile_get_id (self->working), name, credentials,
                             self->cancellable, scope_profile_editor_stored_cb,
                             g_object_ref (self));
}

/* What was typed while the keyring was locked joins what it holds. */
static void
scope_profile_editor_merged_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr (ScopeProfileEditor) self = user_data;
  g_autoptr (ScopeCredentials) stored = NULL;
  g_autoptr (ScopeCredentials) credentials = NULL;
  g_autoptr (GError) error = NULL;

  stored = scope_keyring_lookup_finish (result, &error);
  if (self->closed)
    return;

  if (stored == NULL)
    {
      scope_profile_editor_set_busy (self, FALSE);
      scope_keyring_card_show_error (self->card, SCOPE_KEYRING_CARD_STORE, error);
      return;
    }

  _scope_profile_editor_load_credentials (self, stored, TRUE);
  self->secrets_known = TRUE;
  credentials = _scope_profile_editor_collect_credentials (self);
  scope_profile_editor_store (self, credentials);
}

static void
scope_profile_editor_save (ScopeProfileEditor *self)
{
  g_autoptr (ScopeCredentials) credentials = NULL;
  gboolean touched = _scope_profile_editor_credentials_touched (self);

  if (self->busy || !gtk_widget_get_sensitive (self->save_button))
    return;

  gtk_widget_set_visible (GTK_WIDGET (self->card), FALSE);
  if (!self->secrets_known && !touched)
    {
      scope_profile_editor_commit (self, NULL);
      return;
    }

  scope_profile_editor_set_busy (self, TRUE);
  gtk_widget_grab_focus (self->cancel_button); /* out of what can't be typed into for now */
  gtk_widget_set_sensitive (self->form, FALSE);
  if (!self->secrets_known)
    {
      scope_keyring_lookup_async (scope_profile_get_id (self->working), TRUE, self->cancellable,
                                  scope_profile_editor_merged_cb, g_object_ref (self));
      return;
    }

  credentials = _scope_profile_editor_collect_credentials (self);
  /* Items are labelled with the profile's name. */
  if (touched || self->original == NULL || self->touched[SCOPE_FIELD_NAME])
    scope_profile_editor_store (self, credentials);
  else
    scope_profile_editor_commit (self, credentials);
}

static void
scope_profile_editor_save_cb (GtkWidget  *widget,
                              const char *action,
                              GVariant   *parameter)
{
  scope_profile_editor_save (SCOPE_PROFILE_EDITOR (widget));
}

static void
scope_profile_editor_session_only_cb (ScopeProfileEditor *self)
{
  g_autoptr (ScopeCredentials) credentials = NULL;

  if (self->busy || !gtk_widget_get_sensitive (self->save_button))
    return;

  credentials = _scope_profile_editor_collect_credentials (self);
  credentials->session_only = TRUE;
  if (scope_credentials_peek (credentials, SCOPE_CREDENTIAL_KEY) == NULL)
    {
      scope_profile_editor_show_reason (self,
                                        _("To use this profile now, type its app key first."));
      gtk_widget_grab_focus (self->inputs[SCOPE_FIELD_KEY]);
      return;
    }
  scope_profile_editor_commit (self, credentials);
}

/* Reading what is stored */

static void
scope_profile_editor_looked_up_cb (GObject      *source,
                                   GAsyncResult *result,
                                   gpointer      user_data)
{
  g_autoptr (ScopeProfileEditor) self = user_data;
  g_autoptr (ScopeCredentials) credentials = NULL;
  g_autoptr (GError) error = NULL;

  credentials = scope_keyring_lookup_finish (result, &error);
  if (self->closed)
    return;

  if (credentials != NULL)
    {
      self->secrets_known = TRUE;
      _scope_profile_editor_load_credentials (self, credentials, TRUE);
      gtk_widget_set_visible (GTK_WIDGET (self->card), FALSE);
    }
  else
    scope_keyring_card_show_error (self->card, SCOPE_KEYRING_CARD_LOOKUP, error);
  scope_profile_editor_set_busy (self, FALSE);
}

static void
scope_profile_editor_look_up (ScopeProfileEditor *self,
                              gboolean            interactive)
{
  scope_profile_editor_set_busy (self, TRUE);
  scope_keyring_lookup_async (scope_profile_get_id (self->working), interactive,
                              self->cancellable, scope_profile_editor_looked_up_cb,
                              g_object_ref (self));
}

/* The card's first button: unlock to read, or save once more. */
static void
scope_profile_editor_retry_cb (ScopeProfileEditor *self)
{
  if (self->busy)
    return;

  if (self->secrets_known || _scope_profile_editor_credentials_touched (self))
    scope_profile_editor_save (self);
  else
    scope_profile_editor_look_up (self, TRUE);
}

/* Testing */

static void
scope_profile_editor_set_testing (ScopeProfileEditor *self,
                                  gboolean            testing)
{
  gtk_widget_set_visible (self->test_button, !testing);
  gtk_widget_set_visible (self->cancel_test_button, testing);
  gtk_spinner_set_spinning (self->test_spinner, testing);
  gtk_widget_set_visible (GTK_WIDGET (self->test_spinner), testing);
  if (testing)
    scope_profile_editor_show_reason (self, _("Connecting…"));
}

static void
scope_profile_editor_tested_cb (GObject      *source,
                                GAsyncResult *result,
                                gpointer      user_data)
{
  g_autoptr (ScopeProfileEditor) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = scope_connection_test_finish (result, &error);

  g_clear_object (&self->test_cancellable);
  if (self->closed)
    return;

  scope_profile_editor_set_testing (self, FALSE);
  if (text != NULL)
    scope_profile_editor_show_status (self, "emblem-ok-symbolic", "success", text);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    scope_profile_editor_show_status (self, scope_note_kind_to_icon (SCOPE_NOTE_ERROR), "error",
                                      error->message);
  else if (!self->stale)
    scope_profile_editor_show_reason (self, _("Test cancelled."));
  else
    _scope_profile_editor_update (self);
}

static void
scope_profile_editor_test_cb (ScopeProfileEditor *self)
{
  g_autoptr (ScopeProfile) profile = scope_profile_copy (self->working);
  g_autoptr (ScopeCredentials) credentials = _scope_profile_editor_collect_credentials (self);
  g_autoptr (ScopeConnectionOptions) options = NULL;

  if (self->test_cancellable != NULL)
    return;

  _scope_profile_editor_collect (self, profile);
  options = scope_profile_to_options (profile, credentials);
  self->test_cancellable = g_cancellable_new ();
  self->stale = FALSE;
  scope_profile_editor_set_testing (self, TRUE);
  gtk_widget_grab_focus (self->cancel_test_button);
  scope_connection_test_async (options, self->test_cancellable, scope_profile_editor_tested_cb,
                               g_object_ref (self));
}

static void
scope_profile_editor_cancel_test_cb (ScopeProfileEditor *self)
{
  g_cancellable_cancel (self->test_cancellable);
}

static void
scope_profile_editor_ca_file_cb (gpointer        window,
                                 GFile          *file,
                                 GtkFileChooser *chooser)
{
  ScopeProfileEditor *self = window;

  if (g_file_peek_path (file) != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->inputs[SCOPE_FIELD_CA_FILE]),
                           g_file_peek_path (file));
}

static void
scope_profile_editor_choose_ca_file_cb (ScopeProfileEditor *self)
{
  scope_file_choice_ask (scope_file_choice_new (GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN,
                                                _("CA File"), NULL),
                         scope_profile_editor_ca_file_cb);
}

/* Class */

static gboolean
scope_profile_editor_close_request (GtkWindow *window)
{
  ScopeProfileEditor *self = SCOPE_PROFILE_EDITOR (window);

  self->closed = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->test_cancellable);
  /* Its file was never written, so nobody could reach its items again. */
  if (self->stored_new && !self->saved)
    scope_keyring_clear_async (scope_profile_get_id (self->working), NULL, NULL, NULL);

  return GTK_WINDOW_CLASS (scope_profile_editor_parent_class)->close_request (window);
}

static void
scope_profile_editor_dispose (GObject *object)
{
  ScopeProfileEditor *self = SCOPE_PROFILE_EDITOR (object);

  self->closed = TRUE;
  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->test_cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), SCOPE_TYPE_PROFILE_EDITOR);

  G_OBJECT_CLASS (scope_profile_editor_parent_class)->dispose (object);
}

static void
scope_profile_editor_finalize (GObject *object)
{
  ScopeProfileEditor *self = SCOPE_PROFILE_EDITOR (object);

  g_clear_object (&self->store);
  g_clear_object (&self->original);
  g_clear_object (&self->working);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->test_cancellable);
  g_clear_pointer (&self->pending, scope_credentials_unref);

  G_OBJECT_CLASS (scope_profile_editor_parent_class)->finalize (object);
}

static void
scope_profile_editor_bind_callbacks (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, scope_profile_editor_retry_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_profile_editor_session_only_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_profile_editor_test_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_profile_editor_cancel_test_cb);
  gtk_widget_class_bind_template_callback (widget_class, scope_profile_editor_choose_ca_file_cb);
}

static void
scope_profile_editor_class_init (ScopeProfileEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_profile_editor_dispose;
  object_class->finalize = scope_profile_editor_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = scope_profile_editor_close_request;

  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 2, SCOPE_TYPE_PROFILE,
                                 SCOPE_TYPE_CREDENTIALS);

  g_type_ensure (SCOPE_TYPE_FIELD_NOTE);
  g_type_ensure (SCOPE_TYPE_KEYRING_CARD);
  g_type_ensure (SCOPE_TYPE_LINES_ROW);
  gtk_widget_class_set_template_from_resource (
      widget_class, SCOPE_UI_PATH "scope-profile-editor.ui");
  _scope_profile_editor_bind_fields (widget_class);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, card);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, form);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, expert);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, expert_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, cluster_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, save_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, save_spinner);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, test_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, cancel_test_button);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, test_spinner);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, test_icon);
  gtk_widget_class_bind_template_child (widget_class, ScopeProfileEditor, test_label);
  scope_profile_editor_bind_callbacks (widget_class);
  gtk_widget_class_install_action (widget_class, "editor.save", NULL,
                                   scope_profile_editor_save_cb);
}

/* Where something is wrong, its whole sentence is read below. */
static void
scope_profile_editor_focus_cb (ScopeProfileEditor *self)
{
  if (!self->closed && !gtk_widget_get_sensitive (self->test_button))
    _scope_profile_editor_update (self);
}

static void
scope_profile_editor_init (ScopeProfileEditor *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_quit_guard (GTK_WINDOW (self));
  _scope_profile_editor_init_fields (self);
  scope_accessible_name_parts (GTK_WIDGET (self));
  g_signal_connect (self, "notify::focus-widget", G_CALLBACK (scope_profile_editor_focus_cb), NULL);
}

void
_scope_profile_editor_update (ScopeProfileEditor *self)
{
  g_autofree char *save_reason = NULL;
  g_autofree char *test_reason = NULL;

  _scope_profile_editor_validate (self, &save_reason, &test_reason);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "editor.save",
                                 save_reason == NULL && !self->busy);
  gtk_widget_set_sensitive (self->test_button, test_reason == NULL);

  /* What a test said was said of other values; one that runs asks with them in vain. */
  self->stale = TRUE;
  if (self->test_cancellable != NULL)
    g_cancellable_cancel (self->test_cancellable);
  else
    scope_profile_editor_show_reason (self, save_reason != NULL ? save_reason : test_reason);
}

/**
 * scope_profile_editor_new:
 * @parent: (nullable): the window it belongs to
 * @store: where profiles are saved
 * @profile: (nullable): what to edit, or %NULL for a new profile
 *
 * Makes the dialog. An existing profile's secrets are read from the keyring without prompting.
 *
 * Returns: (transfer none): a window that owns itself, not presented yet
 */
GtkWindow *
scope_profile_editor_new (GtkWindow         *parent,
                          ScopeProfileStore *store,
                          ScopeProfile      *profile)
{
  ScopeProfileEditor *self;

  g_return_val_if_fail (parent == NULL || GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (SCOPE_IS_PROFILE_STORE (store), NULL);
  g_return_val_if_fail (profile == NULL || SCOPE_IS_PROFILE (profile), NULL);

  self = g_object_new (SCOPE_TYPE_PROFILE_EDITOR, "transient-for", parent, "title",
                       profile != NULL ? _("Edit Profile") : _("New Profile"), NULL);
  self->store = g_object_ref (store);
  self->original = profile != NULL ? g_object_ref (profile) : NULL;
  self->working = profile != NULL ? scope_profile_copy (profile) : scope_profile_new ("");
  self->secrets_known = profile == NULL;

  _scope_profile_editor_load (self);
  if (profile != NULL)
    scope_profile_editor_look_up (self, FALSE);
  else
    _scope_profile_editor_update (self);
  gtk_widget_grab_focus (self->inputs[SCOPE_FIELD_NAME]);
  return GTK_WINDOW (self);
}

/**
 * scope_profile_editor_fill:
 * @self: the dialog for a new profile
 * @profile: what its fields begin with
 * @credentials: its secrets
 *
 * For what was imported: to be looked at, completed and saved.
 */
void
scope_profile_editor_fill (ScopeProfileEditor *self,
                           ScopeProfile       *profile,
                           ScopeCredentials   *credentials)
{
  g_return_if_fail (SCOPE_IS_PROFILE_EDITOR (self));
  g_return_if_fail (self->original == NULL);
  g_return_if_fail (SCOPE_IS_PROFILE (profile));
  g_return_if_fail (credentials != NULL);

  scope_profile_assign (self->working, profile);
  _scope_profile_editor_load (self);
  _scope_profile_editor_load_credentials (self, credentials, FALSE);
  _scope_profile_editor_update (self);
}
