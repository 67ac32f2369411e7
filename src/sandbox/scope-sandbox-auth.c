/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-auth.h"

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "protocol/scope-signature.h"
#include "sandbox/scope-sandbox-channel.h"
#include "sandbox/scope-sandbox-frame.h"

#define SHOWN_KEY_BYTES 64
#define SHOWN_SIGNATURE_BYTES 128

/* Pusher shows the whole text that had to be signed, so it names the channel. */
static char *
auth_refuse_signature (const char *socket_id,
                       const char *channel,
                       const char *channel_data,
                       const char *signature)
{
  g_autofree char *text = NULL;
  g_autofree char *shown = NULL;
  g_autofree char *got = NULL;

  text = g_strconcat (socket_id, ":", channel, channel_data != NULL ? ":" : "",
                      channel_data != NULL ? channel_data : "", NULL);
  shown = scope_text_for_display (text, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  got = scope_text_for_display (signature, -1, SHOWN_SIGNATURE_BYTES);
  return g_strdup_printf ("Invalid signature: Expected HMAC SHA256 hex digest of %s, but got %s",
                          shown, got);
}

/**
 * scope_sandbox_auth_check:
 * @key: the application's key
 * @secret: its secret
 * @socket_id: the connection's id
 * @channel: the channel's name
 * @auth: (nullable): what the client sent: `KEY:HEX`
 * @channel_data: (nullable): what was signed along, on presence channels
 *
 * Returns: (transfer full) (nullable): Pusher's text of the refusal (protocol.md §1.8), or %NULL
 */
char *
scope_sandbox_auth_check (const char *key,
                          const char *secret,
                          const char *socket_id,
                          const char *channel,
                          const char *auth,
                          const char *channel_data)
{
  g_autofree char *expected = NULL;
  const char *colon = auth != NULL ? strchr (auth, ':') : NULL;

  if (colon == NULL || colon == auth || colon[1] == '\0')
    return g_strdup_printf ("Auth value for subscription to %s is invalid: "
                            "should be of format 'key:signature'", channel);

  if (strlen (key) != (gsize) (colon - auth) || strncmp (auth, key, colon - auth) != 0)
    {
      g_autofree char *shown = scope_text_for_display (auth, colon - auth, SHOWN_KEY_BYTES);

      return g_strdup_printf ("Invalid key in subscription auth data: '%s'", shown);
    }

  expected = scope_sign_channel (key, secret, socket_id, channel, channel_data);
  if (!scope_signature_equal (expected, auth))
    return auth_refuse_signature (socket_id, channel, channel_data, colon + 1);

  return NULL;
}

/**
 * scope_sandbox_auth_check_user:
 * @key: the application's key
 * @secret: its secret
 * @socket_id: the connection's id
 * @auth: (nullable): what the client sent: `KEY:HEX`
 * @user_data: (nullable): what was signed along
 *
 * The same for a sign-in, which is signed as `socket_id::user::user_data` (protocol.md §4.4).
 *
 * Returns: (transfer full) (nullable): Pusher's text of the refusal (protocol.md §1.8), or %NULL
 */
char *
scope_sandbox_auth_check_user (const char *key,
                               const char *secret,
                               const char *socket_id,
                               const char *auth,
                               const char *user_data)
{
  g_autofree char *expected = NULL;
  const char *colon = auth != NULL ? strchr (auth, ':') : NULL;

  if (user_data == NULL)
    return g_strdup ("Missing parameter: data.user_data");
  if (colon == NULL || colon == auth || colon[1] == '\0')
    return g_strdup ("Invalid format: auth must have the format key:signature");

  if (strlen (key) != (gsize) (colon - auth) || strncmp (auth, key, colon - auth) != 0)
    {
      g_autofree char *shown = scope_text_for_display (auth, colon - auth, SHOWN_KEY_BYTES);

      return g_strdup_printf ("Invalid key in sign-in auth data: '%s'", shown);
    }

  expected = scope_sign_user (key, secret, socket_id, user_data);
  if (!scope_signature_equal (expected, auth))
    return auth_refuse_signature (socket_id, ":user:", user_data, colon + 1);

  return NULL;
}

static gboolean
auth_read_user_id (const char            *channel_data,
                   const ScopeJsonWanted *wanted,
                   char                 **user_id)
{
  const char *token = channel_data + wanted->value.offset;

  if (wanted->kind == SCOPE_JSON_STRING)
    *user_id = scope_sandbox_frame_read_string (token, wanted->value.length);
  else if (wanted->kind == SCOPE_JSON_NUMBER)
    *user_id = g_strndup (token, wanted->value.length); /* ids are text always: §2.2 */
  else
    return FALSE;

  return *user_id != NULL && **user_id != '\0' &&
         g_utf8_strlen (*user_id, -1) <= SCOPE_SANDBOX_USER_ID_CHARS;
}

/**
 * scope_sandbox_auth_read_user:
 * @channel: the channel's name, for the text
 * @channel_data: (nullable): what the client sent
 * @user_id: (out) (transfer full): the user's id
 * @user_info: (out) (transfer full) (nullable): checked JSON text
 *
 * Reads who joins a presence channel: an object with `user_id` of at most 128 characters and an
 * optional `user_info`, 1 KB in all (protocol.md §3.4).
 *
 * Returns: (transfer full) (nullable): the text of the refusal, or %NULL
 */
char *
scope_sandbox_auth_read_user (const char  *channel,
                              const char  *channel_data,
                              char       **user_id,
                              char       **user_info)
{
  ScopeJsonWanted wanted[] = { { .key = "user_id" }, { .key = "user_info" } };
  g_autofree char *id = NULL;
  gsize length;

  if (channel_data == NULL)
    return g_strdup_printf ("Missing parameter: data.channel_data, which presence channel %s needs",
                            channel);

  length = strlen (channel_data);
  if (length > SCOPE_SANDBOX_USER_BYTES)
    return g_strdup_printf ("Invalid channel_data for %s: a user object may have %d bytes, "
                            "this one has %" G_GSIZE_FORMAT, channel, SCOPE_SANDBOX_USER_BYTES,
                            length);
  if (!scope_json_scan_object (channel_data, length, wanted, G_N_ELEMENTS (wanted), NULL))
    return g_strdup_printf ("Invalid channel_data for %s: should be a JSON object", channel);
  if (!auth_read_user_id (channel_data, &wanted[0], &id))
    return g_strdup_printf ("Invalid channel_data for %s: user_id should be a string of 1 to %d "
                            "characters", channel, SCOPE_SANDBOX_USER_ID_CHARS);

  *user_id = g_steal_pointer (&id);
  *user_info = wanted[1].kind != SCOPE_JSON_NONE && wanted[1].kind != SCOPE_JSON_NULL
                 ? g_strndup (channel_data + wanted[1].value.offset, wanted[1].value.length)
                 : NULL;
  return NULL;
}
