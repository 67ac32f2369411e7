/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-api-event"

#include "config.h"

#include "net/scope-api-event.h"

#include <glib/gi18n-lib.h>
#include <sodium.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "json/scope-json.h"
#include "protocol/scope-channel-name.h"
#include "protocol/scope-decrypt.h"
#include "protocol/scope-signature.h"

#define USER_PREFIX "#server-to-user-"

/**
 * scope_api_event_new:
 * @data: JSON text
 * @channels: (array zero-terminated=1): names; may be empty until it is checked
 * @socket_id: (nullable): of the connection that does not get it
 * @info: (nullable): counts that are asked for, separated by commas
 *
 * Returns: (transfer full): an event, not checked yet
 */
ScopeApiEvent *
scope_api_event_new (const char *name,
                     const char *data,
                     const char * const *channels,
                     const char *socket_id,
                     const char *info)
{
  ScopeApiEvent *self;

  g_return_val_if_fail (name != NULL && data != NULL && channels != NULL, NULL);

  self = g_new0 (ScopeApiEvent, 1);
  self->name = g_strdup (name);
  self->data = g_strdup (data);
  self->channels = g_strdupv ((char **) channels);
  self->socket_id = g_strdup (socket_id);
  self->info = g_strdup (info);
  return self;
}

/**
 * scope_api_event_free:
 * @self: (nullable):
 */
void
scope_api_event_free (ScopeApiEvent *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->data);
  g_strfreev (self->channels);
  g_free (self->socket_id);
  g_free (self->info);
  g_free (self);
}

static gboolean
scope_api_event_is_encrypted (const char *channel)
{
  return scope_channel_kind_is_encrypted (scope_channel_name_get_kind (channel));
}

/* A user's id may have characters that no other channel's name has. */
static gboolean
scope_api_event_check_channel (const char *channel,
                               GError **error)
{
  gsize length = strlen (channel);

  if (!g_str_has_prefix (channel, USER_PREFIX) || length == strlen (USER_PREFIX))
    return scope_channel_name_check (channel, NULL, error);
  if (length - strlen (USER_PREFIX) <= SCOPE_LIMIT_USER_ID_BYTES)
    return TRUE;
  return scope_error_usage (error, _("A user's id has at most %d bytes, this one has %zu"),
                            SCOPE_LIMIT_USER_ID_BYTES, length - strlen (USER_PREFIX));
}

static gboolean
scope_api_event_check_channels (const ScopeApiEvent *self,
                                gboolean in_batch,
                                const char *master_key,
                                GError **error)
{
  guint n_channels = g_strv_length (self->channels);

  if (n_channels == 0)
    return scope_error_usage (error, _("An event needs a channel"));
  if (in_batch && n_channels > 1)
    return scope_error_usage (error, _("An event of a batch has one channel, this one has %u"),
                              n_channels);
  if (n_channels > SCOPE_LIMIT_EVENT_CHANNELS)
    return scope_error_usage (error, _("An event goes to at most %d channels, this one has %u"),
                              SCOPE_LIMIT_EVENT_CHANNELS, n_channels);

  for (guint i = 0; i < n_channels; i++)
    {
      const char *channel = self->channels[i];

      if (!scope_api_event_check_channel (channel, error))
        {
          g_prefix_error (error, "“%s”: ", channel);
          return FALSE;
        }
      if (!scope_api_event_is_encrypted (channel))
        continue;
      if (n_channels > 1)
        return scope_error_usage (error, _("“%s” is encrypted: such an event goes to one channel, "
                                           "because each has a key of its own"), channel);
      if (master_key == NULL)
        return scope_error_usage (error, _("“%s” is encrypted: the encryption master key is missing"),
                                  channel);
    }
  return TRUE;
}

static gboolean
scope_api_event_check (const ScopeApiEvent *self,
                       gboolean in_batch,
                       const char *master_key,
                       GError **error)
{
  gsize length = strlen (self->name);

  if (length == 0 || length > SCOPE_LIMIT_EVENT_NAME_BYTES)
    return scope_error_usage (error, _("An event's name has 1 to %d bytes, this one has %zu"),
                              SCOPE_LIMIT_EVENT_NAME_BYTES, length);
  if (!scope_json_check (self->data, strlen (self->data), NULL, NULL))
    return scope_error_usage (error, _("The data is no JSON"));
  if (self->socket_id != NULL && !scope_socket_id_check (self->socket_id))
    return scope_error_usage (error, _("“%s” is no socket id: two numbers and a dot, like 123.456"),
                              self->socket_id);
  return scope_api_event_check_channels (self, in_batch, master_key, error);
}

/* Libraries quote even a plain string before they encrypt it (§9.3), so it is the JSON text that is. */
static char *
scope_api_event_encrypt (const ScopeApiEvent *self,
                         const char *master_key,
                         GError **error)
{
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];
  guint8 nonce[crypto_secretbox_NONCEBYTES];
  char *data;

  if (sodium_init () < 0)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_FAILED, "libsodium does not start");
      return NULL;
    }
  if (!scope_channel_key_derive (self->channels[0], master_key, key, error))
    return NULL;

  randombytes_buf (nonce, sizeof nonce);
  data = scope_encrypt_event (key, nonce, self->data, strlen (self->data));
  sodium_memzero (key, sizeof key);
  return data;
}

/* The text that is published, as a JSON string. One that escapes half a surrogate pair has no UTF-8 form: its
 * token is that string already. */
static char *
scope_api_event_dup_data_token (const ScopeApiEvent *self,
                                const char *master_key,
                                gsize *n_bytes,
                                GError **error)
{
  g_autoptr (GString) content = g_string_new (NULL);
  GString *token;

  if (scope_api_event_is_encrypted (self->channels[0]))
    {
      g_autofree char *cipher = scope_api_event_encrypt (self, master_key, error);

      if (cipher == NULL)
        return NULL;
      g_string_append (content, cipher);
    }
  else if (scope_json_peek_kind (self->data, strlen (self->data)) != SCOPE_JSON_STRING)
    g_string_append (content, self->data);
  else if (!scope_json_string_decode (self->data, strlen (self->data), content))
    {
      *n_bytes = strlen (self->data) - 2;
      return g_strdup (self->data);
    }

  *n_bytes = content->len;
  token = g_string_sized_new (content->len + 2);
  scope_json_append_string (token, content->str, content->len);
  return g_string_free (token, FALSE);
}

static void
scope_api_event_append_channels (const ScopeApiEvent *self,
                                 gboolean in_batch,
                                 GString *body)
{
  g_string_append (body, in_batch ? ",\"channel\":" : ",\"channels\":[");
  for (guint i = 0; self->channels[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (body, ',');
      scope_json_append_string (body, self->channels[i], -1);
    }
  if (!in_batch)
    g_string_append_c (body, ']');
}

static void
scope_api_event_append_member (GString *body,
                               const char *member,
                               const char *value)
{
  if (value == NULL)
    return;
  g_string_append (body, member);
  scope_json_append_string (body, value, -1);
}

/**
 * scope_api_event_append:
 * @in_batch: whether it is one of several in a request
 * @max_data: most bytes of the published data; 0 for the servers' usual 10,240, which count after encryption
 *   and base64 (protocol.md §9.3)
 * @master_key: (nullable): base64, wherewith the key of an encrypted channel is made
 * @body: appended to only on success
 */
gboolean
scope_api_event_append (const ScopeApiEvent *self,
                        gboolean in_batch,
                        gsize max_data,
                        const char *master_key,
                        GString *body,
                        GError **error)
{
  g_autofree char *token = NULL;
  gsize n_bytes;

  g_return_val_if_fail (self != NULL && body != NULL, FALSE);

  if (!scope_api_event_check (self, in_batch, master_key, error))
    return FALSE;
  token = scope_api_event_dup_data_token (self, master_key, &n_bytes, error);
  if (token == NULL)
    return FALSE;
  if (max_data == 0)
    max_data = SCOPE_LIMIT_DATA_BYTES;
  if (n_bytes > max_data)
    return scope_error_usage (error, _("The data has %zu bytes; %zu are allowed"), n_bytes, max_data);

  scope_api_event_append_member (body, "{\"name\":", self->name);
  g_string_append (body, ",\"data\":");
  g_string_append (body, token);
  scope_api_event_append_channels (self, in_batch, body);
  scope_api_event_append_member (body, ",\"socket_id\":", self->socket_id);
  scope_api_event_append_member (body, ",\"info\":", self->info);
  g_string_append_c (body, '}');
  return TRUE;
}
