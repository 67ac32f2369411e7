/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-frame.h"

#include "json/scope-json.h"

static GString *
frame_begin (const char *event,
             const char *channel)
{
  GString *text = g_string_sized_new (256);

  g_string_append (text, "{\"event\":");
  scope_json_append_string (text, event, -1);
  if (channel != NULL)
    {
      g_string_append (text, ",\"channel\":");
      scope_json_append_string (text, channel, -1);
    }

  return text;
}

static GBytes *
frame_end (GString *text)
{
  g_string_append_c (text, '}');
  return g_string_free_to_bytes (text);
}

/**
 * scope_sandbox_frame_event:
 * @event: the event's name
 * @channel: the channel's name
 * @data_token: JSON text, spliced as it stands
 * @data_length: its length in bytes
 * @user_id: (nullable): the sender of a client event on a presence channel; servers set it in the
 *   envelope (protocol.md §6)
 *
 * Returns: (transfer full): the frame
 */
GBytes *
scope_sandbox_frame_event (const char *event,
                           const char *channel,
                           const char *data_token,
                           gsize       data_length,
                           const char *user_id)
{
  GString *text;

  g_return_val_if_fail (event != NULL, NULL);
  g_return_val_if_fail (data_token != NULL, NULL);

  text = frame_begin (event, channel);
  g_string_append (text, ",\"data\":");
  g_string_append_len (text, data_token, data_length);
  if (user_id != NULL)
    {
      g_string_append (text, ",\"user_id\":");
      scope_json_append_string (text, user_id, -1);
    }

  return frame_end (text);
}

/**
 * scope_sandbox_frame_internal:
 * @event: the event's name
 * @channel: (nullable): the channel's name
 * @json: (nullable): JSON text that becomes the string `data`: Pusher double-encodes the hashes of
 *   its own events (protocol.md §2.2); %NULL leaves data out
 *
 * Returns: (transfer full): the frame
 */
GBytes *
scope_sandbox_frame_internal (const char *event,
                              const char *channel,
                              const char *json)
{
  GString *text;

  g_return_val_if_fail (event != NULL, NULL);

  text = frame_begin (event, channel);
  if (json != NULL)
    {
      g_string_append (text, ",\"data\":");
      scope_json_append_string (text, json, -1);
    }

  return frame_end (text);
}

/**
 * scope_sandbox_frame_error:
 * @code: the code, or 0 for null: most refusals carry none (protocol.md §1.8)
 * @message: the text
 *
 * Composes `pusher:error`, whose data is a plain object.
 *
 * Returns: (transfer full): the frame
 */
GBytes *
scope_sandbox_frame_error (guint       code,
                           const char *message)
{
  GString *text;

  g_return_val_if_fail (message != NULL, NULL);

  text = frame_begin ("pusher:error", NULL);
  g_string_append (text, ",\"data\":{\"code\":");
  if (code != 0)
    g_string_append_printf (text, "%u", code);
  else
    g_string_append (text, "null");
  g_string_append (text, ",\"message\":");
  scope_json_append_string (text, message, -1);
  g_string_append_c (text, '}');

  return frame_end (text);
}

/**
 * scope_sandbox_frame_read_string:
 * @token: a JSON string in checked text, with its quotes
 * @length: its length in bytes
 *
 * No name, id or signature holds a NUL or a lone surrogate. Cutting or replacing one would make a
 * name that nobody sent.
 *
 * Returns: (transfer full) (nullable): the decoded text
 */
char *
scope_sandbox_frame_read_string (const char *token,
                                 gsize       length)
{
  g_autoptr (GString) text = g_string_new (NULL);

  g_return_val_if_fail (token != NULL, NULL);

  if (!scope_json_string_decode (token, length, text) || strlen (text->str) != text->len)
    return NULL;

  return g_string_free (g_steal_pointer (&text), FALSE);
}
