/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-frame"

#include "config.h"

#include "protocol/scope-frame.h"

#include <string.h>

#include "json/scope-json.h"

static void
append_member (GString    *out,
               const char *key,
               const char *value)
{
  if (out->str[out->len - 1] != '{')
    g_string_append_c (out, ',');
  scope_json_append_string (out, key, -1);
  g_string_append_c (out, ':');
  scope_json_append_string (out, value, -1);
}

/* @json is checked text: its tokens go out byte for byte, on one line. */
static void
append_json_member (GString    *out,
                    const char *key,
                    const char *json)
{
  g_string_append_printf (out, ",\"%s\":", key);
  scope_json_append_compact (out, json, strlen (json));
}

/**
 * scope_frame_ping:
 *
 * The protocol's own ping: some servers do not count WebSocket's (protocol.md §1.4).
 *
 * Returns: (transfer full): the frame
 */
char *
scope_frame_ping (void)
{
  return g_strdup ("{\"event\":\"pusher:ping\",\"data\":{}}");
}

/**
 * scope_frame_pong:
 *
 * Returns: (transfer full): the answer to the server's `pusher:ping`
 */
char *
scope_frame_pong (void)
{
  return g_strdup ("{\"event\":\"pusher:pong\",\"data\":{}}");
}

/**
 * scope_frame_subscribe:
 * @auth: (nullable): `KEY:HEX`
 * @channel_data: (nullable): sent as it is, in a string, because it is signed byte for byte
 *
 * Returns: (transfer full): the frame (protocol.md §3.3)
 */
char *
scope_frame_subscribe (const char *channel,
                       const char *auth,
                       const char *channel_data)
{
  GString *out;

  g_return_val_if_fail (channel != NULL, NULL);

  out = g_string_new ("{\"event\":\"pusher:subscribe\",\"data\":{");
  append_member (out, "channel", channel);
  append_member (out, "auth", auth != NULL ? auth : "");
  if (channel_data != NULL)
    append_member (out, "channel_data", channel_data);
  g_string_append (out, "}}");

  return g_string_free (out, FALSE);
}

/**
 * scope_frame_unsubscribe:
 *
 * Returns: (transfer full): the frame; servers send no reply to it
 */
char *
scope_frame_unsubscribe (const char *channel)
{
  GString *out;

  g_return_val_if_fail (channel != NULL, NULL);

  out = g_string_new ("{\"event\":\"pusher:unsubscribe\",\"data\":{");
  append_member (out, "channel", channel);
  g_string_append (out, "}}");

  return g_string_free (out, FALSE);
}

/**
 * scope_frame_sign_in:
 * @auth: `KEY:HEX`
 * @user_data: sent as it is, in a string, because it is signed byte for byte
 *
 * Returns: (transfer full): the frame (protocol.md §4.5)
 */
char *
scope_frame_sign_in (const char *auth,
                     const char *user_data)
{
  GString *out;

  g_return_val_if_fail (auth != NULL, NULL);
  g_return_val_if_fail (user_data != NULL, NULL);

  out = g_string_new ("{\"event\":\"pusher:signin\",\"data\":{");
  append_member (out, "auth", auth);
  append_member (out, "user_data", user_data);
  g_string_append (out, "}}");

  return g_string_free (out, FALSE);
}

/**
 * scope_frame_client_event:
 * @event: a name that begins with `client-`
 * @data_json: (nullable): checked JSON text
 *
 * Returns: (transfer full): the frame (protocol.md §6)
 */
char *
scope_frame_client_event (const char *channel,
                          const char *event,
                          const char *data_json)
{
  GString *out;

  g_return_val_if_fail (channel != NULL, NULL);
  g_return_val_if_fail (event != NULL, NULL);

  out = g_string_new ("{");
  append_member (out, "event", event);
  append_member (out, "channel", channel);
  if (data_json != NULL)
    append_json_member (out, "data", data_json);
  g_string_append_c (out, '}');

  return g_string_free (out, FALSE);
}

/**
 * scope_frame_channel_data:
 * @user_info_json: (nullable): checked JSON text
 *
 * Returns: (transfer full): what a presence channel's signature covers and its subscription carries
 */
char *
scope_frame_channel_data (const char *user_id,
                          const char *user_info_json)
{
  GString *out;

  g_return_val_if_fail (user_id != NULL, NULL);

  out = g_string_new ("{");
  append_member (out, "user_id", user_id);
  if (user_info_json != NULL)
    append_json_member (out, "user_info", user_info_json);
  g_string_append_c (out, '}');

  return g_string_free (out, FALSE);
}
