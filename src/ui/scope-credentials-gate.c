/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-credentials-gate"

#include "config.h"

#include "ui/scope-credentials-gate.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "base/scope-source.h"
#include "net/scope-option-checks.h"
#include "session/scope-keyring.h"
#include "ui/scope-accessible.h"
#include "ui/scope-field-note.h"
#include "ui/scope-keyring-card.h"
#include "ui/scope-ui-util.h"

/* One task; each dialog is one question, and its answer leads to the next step:
 *
 *   look up, no prompt ─┬─ a key ─────────────────────────────────────────────→ done
 *                       ├─ no key stored → ask ─┬─ Save in Keyring → store ─┬─→ done
 *                       │                       │              fails → ask ─┘
 *                       │                       └─ Use for This Session Only ─→ done
 *                       ├─ locked → ask, with Unlock… → look up with a prompt (and so on as above)
 *                       └─ absent, no answer → ask, with Try Again → look up
 *   Cancel or Escape anywhere → G_IO_ERROR_CANCELLED
 */

/* A keyring that answers at once needs no dialog about waiting. */
#define WAIT_DIALOG_MSEC 500

typedef struct
{
  GtkWindow *parent;  /* nullable */
  ScopeProfile *profile;
  GtkWindow *dialog;  /* the one that is up, or NULL */
  GtkWidget *key_row; /* of that dialog */
  GtkWidget *secret_row;
  ScopeFieldNote *key_note;
  guint wait_source;
  GSource *cancel_source;
  gulong destroy_id;             /* of the parent */
  ScopeCredentials *found;       /* what the keyring holds besides a key */
  ScopeCredentials *credentials; /* being stored */
  gboolean over;                 /* the task has returned: whatever still comes is dropped */
} Gate;

static void scope_credentials_gate_look_up (GTask    *task,
                                            gboolean  interactive);
static void scope_credentials_gate_ask     (GTask        *task,
                                            const GError *error,
                                            gboolean      may_store);

static void
gate_unref_task (gpointer  data,
                 GClosure *closure)
{
  g_object_unref (data);
}

static void
gate_close_dialog (Gate *gate)
{
  GtkWindow *dialog = g_steal_pointer (&gate->dialog);

  g_clear_handle_id (&gate->wait_source, g_source_remove);
  if (dialog != NULL)
    gtk_window_destroy (dialog);
}

static void
gate_free (gpointer data)
{
  Gate *gate = data;

  gate_close_dialog (gate);
  g_clear_weak_pointer (&gate->parent);
  g_clear_object (&gate->profile);
  g_clear_pointer (&gate->found, scope_credentials_unref);
  g_clear_pointer (&gate->credentials, scope_credentials_unref);
  g_free (gate);
}

/* The end, once. Takes over both. */
static void
scope_credentials_gate_finish (GTask            *task,
                               ScopeCredentials *credentials,
                               GError           *error)
{
  Gate *gate = g_task_get_task_data (task);

  g_assert (!gate->over);

  gate->over = TRUE;
  gate_close_dialog (gate);
  if (gate->parent != NULL)
    g_clear_signal_handler (&gate->destroy_id, gate->parent);
  scope_source_clear (&gate->cancel_source);

  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, credentials, (GDestroyNotify) scope_credentials_unref);
}

static void
scope_credentials_gate_cancel (GTask *task)
{
  scope_credentials_gate_finish (
      task, NULL, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Cancelled")));
}

static gboolean
gate_is_over (GTask *task)
{
  return ((Gate *) g_task_get_task_data (task))->over;
}

static gboolean
scope_credentials_gate_cancelled_cb (GCancellable *cancellable,
                                     gpointer      user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  scope_credentials_gate_cancel (task);
  return G_SOURCE_REMOVE;
}

/* Nobody is left to answer to. */
static void
scope_credentials_gate_parent_destroyed_cb (GtkWindow *parent,
                                            gpointer   user_data)
{
  g_autoptr (GTask) task = g_object_ref (user_data);

  scope_credentials_gate_cancel (task);
}

/* The dialog with the fields */

/* What was typed (transfer full); NULL without a valid key */
static ScopeCredentials *
gate_collect (Gate *gate)
{
  g_autoptr (ScopeCredentials) credentials = NULL;
  const char *secret = gtk_editable_get_text (GTK_EDITABLE (gate->secret_row));
  g_autofree char *key =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (gate->key_row))));

  if (*key == '\0' || !scope_check_key (key, NULL))
    return NULL;

  credentials = gate->found != NULL ? scope_credentials_copy (gate->found)
                                    : scope_credentials_new ();
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, key);
  if (*secret != '\0')
    scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, secret);
  return g_steal_pointer (&credentials);
}

static void
scope_credentials_gate_changed_cb (Gate *gate)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (gate->dialog);
  g_autoptr (GError) error = NULL;
  g_autofree char *key =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (gate->key_row))));
  gboolean valid = *key != '\0' && scope_check_key (key, &error);

  scope_field_note_set (gate->key_note, SCOPE_NOTE_ERROR, error != NULL ? error->message : NULL);
  adw_message_dialog_set_response_enabled (dialog, "session", valid);
  if (adw_message_dialog_has_response (dialog, "store"))
    adw_message_dialog_set_response_enabled (dialog, "store", valid);
}

static GtkWidget *
gate_create_fields (Gate *gate)
{
  GtkWidget *group = adw_preferences_group_new ();

  gate->key_row = adw_entry_row_new ();
  gate->secret_row = adw_password_entry_row_new ();
  gate->key_note = SCOPE_FIELD_NOTE (scope_field_note_new ());
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (gate->key_row), _("App Key"));
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (gate->secret_row),
                                 _("App Secret"));
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (gate->key_row), TRUE);
  adw_entry_row_set_activates_default (ADW_ENTRY_ROW (gate->secret_row), TRUE);
  scope_field_note_set_field (gate->key_note, gate->key_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), gate->key_row);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), GTK_WIDGET (gate->key_note));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), gate->secret_row);
  scope_ui_set_label (gtk_widget_get_ancestor (gate->key_row, GTK_TYPE_LIST_BOX), _("Secrets"));
  g_signal_connect_swapped (gate->key_row, "changed",
                            G_CALLBACK (scope_credentials_gate_changed_cb), gate);
  return group;
}

static void
scope_credentials_gate_stored_cb (GObject      *source,
                                  GAsyncResult *result,
                                  gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (GError) error = NULL;
  gboolean stored = scope_keyring_store_finish (result, &error);
  Gate *gate = g_task_get_task_data (task);

  if (gate_is_over (task))
    return;

  gate_close_dialog (gate);
  if (stored)
    scope_credentials_gate_finish (task, g_steal_pointer (&gate->credentials), NULL);
  else
    scope_credentials_gate_ask (task, error, FALSE);
}

static void
scope_credentials_gate_wait_response_cb (GtkWindow  *dialog,
                                         const char *response,
                                         GTask      *task)
{
  if (gate_is_over (task))
    return;

  ((Gate *) g_task_get_task_data (task))->dialog = NULL;
  scope_credentials_gate_cancel (task);
}

static gboolean
scope_credentials_gate_wait_cb (gpointer user_data)
{
  GTask *task = user_data;
  Gate *gate = g_task_get_task_data (task);
  GtkWidget *spinner = gtk_spinner_new ();

  gate->wait_source = 0;
  gate->dialog = GTK_WINDOW (adw_message_dialog_new (gate->parent, _("Opening the Keyring…"),
                                                     NULL));
  gtk_spinner_start (GTK_SPINNER (spinner));
  gtk_widget_set_size_request (spinner, 32, 32);
  gtk_widget_set_halign (spinner, GTK_ALIGN_CENTER);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (gate->dialog), spinner);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (gate->dialog), "cancel", _("Cancel"));
  g_signal_connect_data (gate->dialog, "response",
                         G_CALLBACK (scope_credentials_gate_wait_response_cb),
                         g_object_ref (task), gate_unref_task, 0);
  scope_accessible_name_parts (GTK_WIDGET (gate->dialog));
  gtk_window_present (gate->dialog);
  return G_SOURCE_REMOVE;
}

static void
scope_credentials_gate_wait (GTask *task)
{
  Gate *gate = g_task_get_task_data (task);

  gate->wait_source =
      g_timeout_add_full (G_PRIORITY_DEFAULT, WAIT_DIALOG_MSEC, scope_credentials_gate_wait_cb,
                          g_object_ref (task), g_object_unref);
}

static void
scope_credentials_gate_store (GTask            *task,
                              ScopeCredentials *credentials)
{
  Gate *gate = g_task_get_task_data (task);

  g_clear_pointer (&gate->credentials, scope_credentials_unref);
  gate->credentials = credentials;
  scope_credentials_gate_wait (task);
  scope_keyring_store_async (scope_profile_get_id (gate->profile),
                             scope_profile_get_name (gate->profile), credentials,
                             g_task_get_cancellable (task), scope_credentials_gate_stored_cb,
                             g_object_ref (task));
}

static void
scope_credentials_gate_response_cb (GtkWindow  *dialog,
                                    const char *response,
                                    GTask      *task)
{
  Gate *gate = g_task_get_task_data (task);
  ScopeCredentials *credentials;

  if (gate_is_over (task))
    return;

  credentials = gate_collect (gate);
  gate->dialog = NULL; /* a response closes it */

  if (g_str_equal (response, "retry"))
    {
      g_clear_pointer (&credentials, scope_credentials_unref);
      scope_credentials_gate_look_up (task, TRUE);
    }
  else if (g_str_equal (response, "store") && credentials != NULL)
    scope_credentials_gate_store (task, credentials);
  else if (g_str_equal (response, "session") && credentials != NULL)
    {
      credentials->session_only = TRUE;
      scope_credentials_gate_finish (task, credentials, NULL);
    }
  else
    {
      g_clear_pointer (&credentials, scope_credentials_unref);
      scope_credentials_gate_cancel (task);
    }
}

static char *
gate_dup_body (Gate         *gate,
               const GError *error)
{
  const char *name = scope_profile_get_name (gate->profile);

  if (error == NULL)
    return g_strdup_printf (_("The keyring holds no app key for “%s”. Type it to connect."), name);

  return g_strdup_printf (_("%s\n\nThe app key of “%s” can also be typed for this session. "
                             "It is then written nowhere."),
                          error->message, name);
}

static void
scope_credentials_gate_add_responses (AdwMessageDialog *dialog,
                                      const GError     *error,
                                      gboolean          may_store)
{
  gboolean locked = g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_KEYRING_LOCKED);

  adw_message_dialog_add_response (dialog, "cancel", _("Cancel"));
  adw_message_dialog_add_response (dialog, "session", _("Use for This Session Only"));
  if (may_store)
    adw_message_dialog_add_response (dialog, "store", _("Save in Keyring"));
  else
    adw_message_dialog_add_response (dialog, "retry", locked ? _("Unlock…") : _("Try Again"));

  adw_message_dialog_set_response_appearance (dialog, may_store ? "store" : "retry",
                                              ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, may_store ? "store" : "session");
  adw_message_dialog_set_close_response (dialog, "cancel");
}

/* error NULL: the keyring works and holds no key */
static void
scope_credentials_gate_ask (GTask        *task,
                            const GError *error,
                            gboolean      may_store)
{
  Gate *gate = g_task_get_task_data (task);
  g_autofree char *body = gate_dup_body (gate, error);
  AdwMessageDialog *dialog;

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (
      gate->parent, error != NULL ? scope_keyring_error_to_title (error) : _("App Key Needed"),
      body));
  gate->dialog = GTK_WINDOW (dialog);
  adw_message_dialog_set_extra_child (dialog, gate_create_fields (gate));
  scope_credentials_gate_add_responses (dialog, error, may_store);
  scope_credentials_gate_changed_cb (gate);
  g_signal_connect_data (dialog, "response", G_CALLBACK (scope_credentials_gate_response_cb),
                         g_object_ref (task), gate_unref_task, 0);
  scope_accessible_name_parts (GTK_WIDGET (dialog));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Looking up */

static void
scope_credentials_gate_looked_up_cb (GObject      *source,
                                     GAsyncResult *result,
                                     gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  g_autoptr (ScopeCredentials) credentials = NULL;
  g_autoptr (GError) error = NULL;
  Gate *gate = g_task_get_task_data (task);

  credentials = scope_keyring_lookup_finish (result, &error);
  if (gate_is_over (task))
    return;

  gate_close_dialog (gate);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    scope_credentials_gate_finish (task, NULL, g_steal_pointer (&error));
  else if (credentials == NULL)
    scope_credentials_gate_ask (task, error, FALSE);
  else if (scope_credentials_peek (credentials, SCOPE_CREDENTIAL_KEY) == NULL)
    {
      g_clear_pointer (&gate->found, scope_credentials_unref);
      gate->found = g_steal_pointer (&credentials);
      scope_credentials_gate_ask (task, NULL, TRUE);
    }
  else
    scope_credentials_gate_finish (task, g_steal_pointer (&credentials), NULL);
}

static void
scope_credentials_gate_look_up (GTask    *task,
                                gboolean  interactive)
{
  Gate *gate = g_task_get_task_data (task);

  scope_credentials_gate_wait (task);
  scope_keyring_lookup_async (scope_profile_get_id (gate->profile), interactive,
                              g_task_get_cancellable (task), scope_credentials_gate_looked_up_cb,
                              g_object_ref (task));
}

static void
scope_credentials_gate_watch (GTask *task)
{
  Gate *gate = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (cancellable != NULL)
    {
      gate->cancel_source = g_cancellable_source_new (cancellable);
      g_task_attach_source (task, gate->cancel_source,
                            G_SOURCE_FUNC (scope_credentials_gate_cancelled_cb));
    }
  if (gate->parent != NULL)
    gate->destroy_id =
        g_signal_connect_data (gate->parent, "destroy",
                               G_CALLBACK (scope_credentials_gate_parent_destroyed_cb),
                               g_object_ref (task), gate_unref_task, 0);
}

/**
 * scope_credentials_gate_open_async:
 * @parent: (nullable): the window the dialogs belong to
 * @profile: whose credentials
 * @cancellable: (nullable): ends the wait, also while a dialog is up
 *
 * Gets credentials that hold at least an app key, without a prompt where the keyring allows.
 */
void
scope_credentials_gate_open_async (GtkWindow           *parent,
                                   ScopeProfile        *profile,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  Gate *gate;

  g_return_if_fail (parent == NULL || GTK_IS_WINDOW (parent));
  g_return_if_fail (SCOPE_IS_PROFILE (profile));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_credentials_gate_open_async);
  gate = g_new0 (Gate, 1);
  g_set_weak_pointer (&gate->parent, parent);
  gate->profile = g_object_ref (profile);
  g_task_set_task_data (task, gate, gate_free);
  scope_credentials_gate_watch (task);

  scope_credentials_gate_look_up (task, FALSE);
}

/**
 * scope_credentials_gate_open_finish:
 *
 * Returns: (transfer full): credentials with an app key, or %NULL with `G_IO_ERROR_CANCELLED`
 */
ScopeCredentials *
scope_credentials_gate_open_finish (GAsyncResult  *result,
                                    GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
