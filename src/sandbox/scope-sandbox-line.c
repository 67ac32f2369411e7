/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-line.h"

#include "json/scope-json.h"

static void
line_add_text (GString    *line,
               const char *key,
               const char *value)
{
  if (value == NULL)
    return;

  g_string_append_printf (line, ",\"%s\":", key);
  scope_json_append_string (line, value, -1);
}

static GString *
line_begin (const char *type)
{
  GString *line = g_string_new ("{\"type\":");

  scope_json_append_string (line, type, -1);
  return line;
}

/**
 * scope_sandbox_line_event:
 * @event: an event that was published
 *
 * Returns: (transfer full): `{"type":"event","channel":…,"event":…,"data":…}`, with `user_id` and
 *   the sender's `socket_id` for a client event
 */
char *
scope_sandbox_line_event (const ScopeSandboxEvent *event)
{
  GString *line;

  g_return_val_if_fail (event != NULL, NULL);

  line = line_begin ("event");
  line_add_text (line, "channel", event->channel);
  line_add_text (line, "event", event->event);
  g_string_append (line, ",\"data\":");
  g_string_append_len (line, event->data_token, (gssize) event->data_length);
  line_add_text (line, "user_id", event->user_id);
  if (event->is_client_event)
    line_add_text (line, "socket_id", event->socket_id);
  g_string_append_c (line, '}');

  return g_string_free (line, FALSE);
}

/**
 * scope_sandbox_line_pairs:
 * @type: the line's type
 * @pairs: names and text values in turn, up to %NULL
 *
 * Returns: (transfer full): the line
 */
char *
scope_sandbox_line_pairs (const char *type,
                          va_list     pairs)
{
  GString *line;
  const char *key;

  g_return_val_if_fail (type != NULL, NULL);

  line = line_begin (type);
  while ((key = va_arg (pairs, const char *)) != NULL)
    line_add_text (line, key, va_arg (pairs, const char *));
  g_string_append_c (line, '}');

  return g_string_free (line, FALSE);
}
