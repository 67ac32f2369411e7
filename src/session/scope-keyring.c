/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-keyring"

#include "config.h"

#include "session/scope-keyring.h"

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-source.h"
#include "session/scope-keyring-error.h"

#include <glib/gi18n-lib.h>
#include <libsecret/secret.h>

/* Each call here is a GTask with libsecret calls behind it, one after the other. The task may be
 * over before libsecret answers: its time is up, or it was cancelled. libsecret's own call then
 * goes on by itself, because cancelling one while a prompt is up ends gnome-keyring (libsecret
 * 0.20.5 with gnome-keyring 42.1: its callback never comes and the daemon dies). So a KeyringCall
 * lives as long as the libsecret call that refers to it, and knows by its missing task that nobody
 * waits for the answer any more. */

#define KEYRING_INTERACTIVE_USEC (120 * G_USEC_PER_SEC)

#define ATTRIBUTE_PROFILE "profile"
#define ATTRIBUTE_KIND "kind"

typedef struct
{
  int ref_count;
  GTask *task; /* NULL: over, whatever still comes is dropped */
  GSource *timeout;
  GSource *cancelled;

  char *profile_id;
  gboolean interactive;

  ScopeCredentials *credentials; /* found so far, or to be stored */
  char *label_name;
  ScopeCredentialKind next; /* of those to be stored */

  GList *items; /* of SecretRetrievable: still to be read */
  guint64 modified[SCOPE_N_CREDENTIALS];
} KeyringCall;

/* The name stands in every user's keyring: never change it. */
static const SecretSchema keyring_schema = {
  "io.github.channelscope.Channelscope",
  SECRET_SCHEMA_NONE,
  {
    { ATTRIBUTE_PROFILE, SECRET_SCHEMA_ATTRIBUTE_STRING },
    { ATTRIBUTE_KIND, SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

static gint64 keyring_wait_usec;

static KeyringCall *
keyring_call_ref (KeyringCall *self)
{
  self->ref_count++;
  return self;
}

static void
keyring_call_unref (KeyringCall *self)
{
  if (--self->ref_count > 0)
    return;

  g_assert (self->task == NULL);
  g_list_free_full (self->items, g_object_unref);
  scope_credentials_unref (self->credentials);
  g_free (self->label_name);
  g_free (self->profile_id);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KeyringCall, keyring_call_unref)

/* The call is over for its caller; its task is to be returned now, once. */
static GTask *
keyring_call_take_task (KeyringCall *self)
{
  scope_source_clear (&self->timeout);
  scope_source_clear (&self->cancelled);
  return g_steal_pointer (&self->task);
}

static void
keyring_call_fail (KeyringCall *self,
                   GError      *error)
{
  g_autoptr (GTask) task = keyring_call_take_task (self);

  g_task_return_error (task, error);
}

static void
keyring_call_succeed (KeyringCall *self)
{
  g_autoptr (GTask) task = keyring_call_take_task (self);

  if (g_task_get_source_tag (task) == scope_keyring_lookup_async)
    g_task_return_pointer (task, scope_credentials_ref (self->credentials),
                           (GDestroyNotify) scope_credentials_unref);
  else
    g_task_return_boolean (task, TRUE);
}

/* Takes an answer's error. TRUE if the call goes on. */
static gboolean
keyring_call_check (KeyringCall *self,
                    GError      *error)
{
  g_autoptr (GError) owned = error;

  if (self->task == NULL)
    return FALSE;
  if (error == NULL)
    return TRUE;

  keyring_call_fail (self, _scope_keyring_translate_error (error));
  return FALSE;
}

static gboolean
keyring_call_timed_out_cb (gpointer user_data)
{
  g_autoptr (KeyringCall) self = keyring_call_ref (user_data);

  keyring_call_fail (self, g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_TIMED_OUT,
                                                _("The keyring did not answer in time. Try again, "
                                                  "or use the secrets for this session only.")));
  return G_SOURCE_REMOVE;
}

static gboolean
keyring_call_cancelled_cb (GCancellable *cancellable,
                           gpointer      user_data)
{
  g_autoptr (KeyringCall) self = keyring_call_ref (user_data);

  keyring_call_fail (self, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                                _("The keyring was not waited for")));
  return G_SOURCE_REMOVE;
}

static GSource *
keyring_call_attach (KeyringCall *self,
                     GSource     *source,
                     GSourceFunc  callback)
{
  g_source_set_callback (source, callback, keyring_call_ref (self),
                         (GDestroyNotify) keyring_call_unref);
  g_source_set_static_name (source, "scope-keyring");
  g_source_attach (source, g_task_get_context (self->task));
  return source;
}

static gint64
keyring_call_get_wait_usec (KeyringCall *self)
{
  if (keyring_wait_usec > 0)
    return keyring_wait_usec;
  return self->interactive ? KEYRING_INTERACTIVE_USEC : SCOPE_WAIT_KEYRING_USEC;
}

static KeyringCall *
keyring_call_new (gpointer             tag,
                  const char          *profile_id,
                  gboolean             interactive,
                  GCancellable        *cancellable,
                  GAsyncReadyCallback  callback,
                  gpointer             user_data)
{
  KeyringCall *self = g_new0 (KeyringCall, 1);

  self->ref_count = 1;
  self->profile_id = g_strdup (profile_id);
  self->interactive = interactive;
  self->task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (self->task, tag);
  /* What was found is what counts, also if the cancellable is triggered a moment later. */
  g_task_set_check_cancellable (self->task, FALSE);

  self->timeout =
    keyring_call_attach (self, g_timeout_source_new (keyring_call_get_wait_usec (self) / 1000),
                         keyring_call_timed_out_cb);
  if (cancellable != NULL)
    self->cancelled = keyring_call_attach (self, g_cancellable_source_new (cancellable),
                                           G_SOURCE_FUNC (keyring_call_cancelled_cb));
  return self;
}

static gboolean
keyring_list_has_locked (GList *items)
{
  for (GList *item = items; item != NULL; item = item->next)
    if (SECRET_IS_ITEM (item->data) && secret_item_get_locked (item->data))
      return TRUE;
  return FALSE;
}

static gboolean
keyring_item_get_kind (SecretRetrievable   *item,
                       ScopeCredentialKind *kind)
{
  g_autoptr (GHashTable) attributes = secret_retrievable_get_attributes (item);
  const char *name = attributes != NULL ? g_hash_table_lookup (attributes, ATTRIBUTE_KIND) : NULL;

  for (guint i = 0; name != NULL && i < SCOPE_N_CREDENTIALS; i++)
    if (g_str_equal (name, scope_credential_kind_to_name (i)))
      {
        *kind = i;
        return TRUE;
      }
  return FALSE;
}

/* The answer to a search: its items, or nothing if the call is over by now. */
static gboolean
keyring_call_take_items (KeyringCall  *self,
                         GAsyncResult *result)
{
  GError *error = NULL;
  GList *items = secret_password_search_finish (result, &error);

  self->items = items;
  if (!keyring_call_check (self, error))
    return FALSE;

  if (keyring_list_has_locked (items))
    {
      keyring_call_fail (self, _scope_keyring_new_locked_error (self->interactive));
      return FALSE;
    }
  return TRUE;
}

static void
keyring_call_search (KeyringCall         *self,
                     GAsyncReadyCallback  callback)
{
  SecretSearchFlags flags = SECRET_SEARCH_ALL;

  if (self->interactive)
    flags |= SECRET_SEARCH_UNLOCK;
  secret_password_search (&keyring_schema, flags, NULL, callback, keyring_call_ref (self),
                          ATTRIBUTE_PROFILE, self->profile_id, NULL);
}

/* Lookup */

static void keyring_lookup_next (KeyringCall *self);

/* Of two items of one kind (several collections may hold one) the newest counts. */
static void
keyring_lookup_take (KeyringCall       *self,
                     SecretRetrievable *item,
                     SecretValue       *value)
{
  guint64 modified = secret_retrievable_get_modified (item);
  const char *text = secret_value_get_text (value);
  ScopeCredentialKind kind;

  if (text == NULL || !keyring_item_get_kind (item, &kind))
    return;
  if (self->credentials->values[kind] != NULL && modified <= self->modified[kind])
    return;

  self->modified[kind] = modified;
  scope_credentials_set (self->credentials, kind, text);
}

static void
keyring_lookup_retrieved_cb (GObject      *object,
                             GAsyncResult *result,
                             gpointer      user_data)
{
  g_autoptr (KeyringCall) self = user_data;
  SecretRetrievable *item = SECRET_RETRIEVABLE (object);
  GError *error = NULL;
  SecretValue *value = secret_retrievable_retrieve_secret_finish (item, result, &error);

  if (keyring_call_check (self, error))
    {
      if (value != NULL)
        keyring_lookup_take (self, item, value);
      keyring_lookup_next (self);
    }
  g_clear_pointer (&value, secret_value_unref);
}

static void
keyring_lookup_next (KeyringCall *self)
{
  g_autoptr (SecretRetrievable) item = NULL;

  if (self->items == NULL)
    {
      keyring_call_succeed (self);
      return;
    }

  item = self->items->data;
  self->items = g_list_delete_link (self->items, self->items);
  secret_retrievable_retrieve_secret (item, NULL, keyring_lookup_retrieved_cb,
                                      keyring_call_ref (self));
}

static void
keyring_lookup_searched_cb (GObject      *object,
                            GAsyncResult *result,
                            gpointer      user_data)
{
  g_autoptr (KeyringCall) self = user_data;

  if (keyring_call_take_items (self, result))
    keyring_lookup_next (self);
}

/**
 * scope_keyring_lookup_async:
 * @profile_id: a profile's UUID
 * @interactive: whether the user may be asked to unlock the keyring
 * @cancellable: (nullable): ends the wait, not the keyring's work
 * @callback: to call when done
 * @user_data: for @callback
 *
 * Reads every secret of a profile.
 */
void
scope_keyring_lookup_async (const char          *profile_id,
                            gboolean             interactive,
                            GCancellable        *cancellable,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  g_autoptr (KeyringCall) self = NULL;

  g_return_if_fail (profile_id != NULL);

  self = keyring_call_new (scope_keyring_lookup_async, profile_id, interactive, cancellable,
                           callback, user_data);
  self->credentials = scope_credentials_new ();
  keyring_call_search (self, keyring_lookup_searched_cb);
}

/**
 * scope_keyring_lookup_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: (transfer full) (nullable): the secrets, of which any number may not be set; or `NULL`
 *   with `SCOPE_ERROR_KEYRING_LOCKED`, `_KEYRING_ABSENT`, `_TIMED_OUT` or `G_IO_ERROR_CANCELLED`
 */
ScopeCredentials *
scope_keyring_lookup_finish (GAsyncResult *result,
                             GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, scope_keyring_lookup_async), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* What of a store is to be cleared, and clear: search first, because clearing in a locked keyring
 * looks like clearing what was not there (FALSE and no error). */

static void keyring_clear_next (KeyringCall *self);

/* What follows a call to the keyring; FALSE without an error is how a locked one refuses. */
static void
keyring_call_go_on (KeyringCall *self,
                    gboolean     done,
                    GError      *error,
                    void       (*next) (KeyringCall *self))
{
  if (!keyring_call_check (self, error))
    return;
  if (done)
    next (self);
  else
    keyring_call_fail (self, _scope_keyring_new_locked_error (TRUE));
}

static void
keyring_clear_cleared_cb (GObject      *object,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr (KeyringCall) self = user_data;
  GError *error = NULL;
  gboolean cleared = secret_password_clear_finish (result, &error);

  keyring_call_go_on (self, cleared, error, keyring_clear_next);
}

static void
keyring_clear_kind (KeyringCall         *self,
                    ScopeCredentialKind  kind)
{
  secret_password_clear (&keyring_schema, NULL, keyring_clear_cleared_cb, keyring_call_ref (self),
                         ATTRIBUTE_PROFILE, self->profile_id, ATTRIBUTE_KIND,
                         scope_credential_kind_to_name (kind), NULL);
}

/* Forgets the items of a kind: one call clears them all. */
static void
keyring_call_drop_items (KeyringCall         *self,
                         ScopeCredentialKind  kind)
{
  GList *item = self->items;

  while (item != NULL)
    {
      GList *next = item->next;
      ScopeCredentialKind its_kind;

      if (!keyring_item_get_kind (item->data, &its_kind) || its_kind == kind)
        {
          g_object_unref (item->data);
          self->items = g_list_delete_link (self->items, item);
        }
      item = next;
    }
}

static void
keyring_clear_next (KeyringCall *self)
{
  while (self->items != NULL)
    {
      ScopeCredentialKind kind = SCOPE_N_CREDENTIALS;

      if (!keyring_item_get_kind (self->items->data, &kind))
        kind = SCOPE_N_CREDENTIALS;
      keyring_call_drop_items (self, kind);
      if (kind < SCOPE_N_CREDENTIALS && scope_credentials_peek (self->credentials, kind) == NULL)
        {
          keyring_clear_kind (self, kind);
          return;
        }
    }
  keyring_call_succeed (self);
}

static void
keyring_store_searched_cb (GObject      *object,
                           GAsyncResult *result,
                           gpointer      user_data)
{
  g_autoptr (KeyringCall) self = user_data;

  if (keyring_call_take_items (self, result))
    keyring_clear_next (self);
}

static void
keyring_clear_all_cb (GObject      *object,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr (KeyringCall) self = user_data;
  GError *error = NULL;
  gboolean cleared = secret_password_clear_finish (result, &error);

  keyring_call_go_on (self, cleared, error, keyring_call_succeed);
}

static void
keyring_clear_found_cb (GObject      *object,
                        GAsyncResult *result,
                        gpointer      user_data)
{
  g_autoptr (KeyringCall) self = user_data;

  if (!keyring_call_take_items (self, result))
    return;
  if (self->items == NULL)
    keyring_call_succeed (self);
  else
    secret_password_clear (&keyring_schema, NULL, keyring_clear_all_cb, keyring_call_ref (self),
                           ATTRIBUTE_PROFILE, self->profile_id, NULL);
}

/**
 * scope_keyring_clear_async:
 * @profile_id: a profile's UUID
 * @cancellable: (nullable): ends the wait, not the keyring's work
 * @callback: to call when done
 * @user_data: for @callback
 *
 * Removes every secret of a profile. The user may be asked to unlock the keyring.
 */
void
scope_keyring_clear_async (const char          *profile_id,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (KeyringCall) self = NULL;

  g_return_if_fail (profile_id != NULL);

  self = keyring_call_new (scope_keyring_clear_async, profile_id, TRUE, cancellable, callback,
                           user_data);
  keyring_call_search (self, keyring_clear_found_cb);
}

/**
 * scope_keyring_clear_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: whether nothing of the profile is in the keyring now; else @error as for
 *   scope_keyring_lookup_finish()
 */
gboolean
scope_keyring_clear_finish (GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, scope_keyring_clear_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Store */

static void keyring_store_next (KeyringCall *self);

static void
keyring_store_stored_cb (GObject      *object,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr (KeyringCall) self = user_data;
  GError *error = NULL;
  gboolean stored = secret_password_store_finish (result, &error);

  keyring_call_go_on (self, stored, error, keyring_store_next);
}

static void
keyring_store_kind (KeyringCall         *self,
                    ScopeCredentialKind  kind)
{
  /* Translators: how a secret is called in the system's keyring: "App key of Shop" */
  g_autofree char *label = g_strdup_printf (_("Channelscope: %s of %s"),
                                            scope_credential_kind_to_text (kind),
                                            self->label_name);

  secret_password_store (&keyring_schema, SECRET_COLLECTION_DEFAULT, label,
                         scope_credentials_peek (self->credentials, kind), NULL,
                         keyring_store_stored_cb, keyring_call_ref (self), ATTRIBUTE_PROFILE,
                         self->profile_id, ATTRIBUTE_KIND, scope_credential_kind_to_name (kind),
                         NULL);
}

static void
keyring_store_next (KeyringCall *self)
{
  while (self->next < SCOPE_N_CREDENTIALS)
    {
      ScopeCredentialKind kind = self->next++;

      if (scope_credentials_peek (self->credentials, kind) != NULL)
        {
          keyring_store_kind (self, kind);
          return;
        }
    }
  keyring_call_search (self, keyring_store_searched_cb);
}

/**
 * scope_keyring_store_async:
 * @profile_id: a profile's UUID
 * @label_name: the profile's name, for labels that a keyring manager shows
 * @credentials: what to store; kinds that are not set are removed from the keyring
 * @cancellable: (nullable): ends the wait, not the keyring's work
 * @callback: to call when done
 * @user_data: for @callback
 *
 * Stores a profile's secrets in the default keyring. The user may be asked to unlock it, or to
 * choose a password for a first one.
 */
void
scope_keyring_store_async (const char          *profile_id,
                           const char          *label_name,
                           ScopeCredentials    *credentials,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (KeyringCall) self = NULL;

  g_return_if_fail (profile_id != NULL);
  g_return_if_fail (label_name != NULL);
  g_return_if_fail (credentials != NULL);

  self = keyring_call_new (scope_keyring_store_async, profile_id, TRUE, cancellable, callback,
                           user_data);
  self->label_name = g_strdup (label_name);
  self->credentials = scope_credentials_copy (credentials);
  keyring_store_next (self);
}

/**
 * scope_keyring_store_finish:
 * @result: what the callback got
 * @error: return location for an error
 *
 * Returns: whether the keyring holds exactly what was given; else @error as for
 *   scope_keyring_lookup_finish()
 */
gboolean
scope_keyring_store_finish (GAsyncResult *result,
                            GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);
  g_return_val_if_fail (g_async_result_is_tagged (result, scope_keyring_store_async), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * scope_keyring_set_wait:
 * @usec: the limit of each wait from now on; 0 for the usual ones
 *
 * For tests.
 */
void
scope_keyring_set_wait (gint64 usec)
{
  keyring_wait_usec = usec;
}
