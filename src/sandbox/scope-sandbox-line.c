/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-line.h"

#include <string.h>

#include "json/scope-json.h"

/**
 * scope_sandbox_line_begin:
 * @type: its type
 *
 * Returns: (transfer full): a line without its last brace
 */
GString *
scope_sandbox_line_begin (const char *type)
{
  GString *line;

  g_return_val_if_fail (type != NULL, NULL);

  line = g_string_new ("{\"type\":");
  scope_json_append_string (line, type, -1);
  return line;
}

/**
 * scope_sandbox_line_add_text:
 * @line: a line that has begun
 * @key: a name that needs no escapes
 * @value: (nullable): text; %NULL leaves it out
 */
void
scope_sandbox_line_add_text (GString    *line,
                             const char *key,
                             const char *value)
{
  g_return_if_fail (line != NULL && key != NULL);

  if (value == NULL)
    return;

  g_string_append_printf (line, ",\"%s\":", key);
  scope_json_append_string (line, value, -1);
}

/**
 * scope_sandbox_line_add_number:
 * @line: a line that has begun
 * @key: a name that needs no escapes
 * @value: a number, told to the thousandth: 120, 1.5
 */
void
scope_sandbox_line_add_number (GString    *line,
                               const char *key,
                               double      value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE + 300];
  gsize length;

  g_return_if_fail (line != NULL && key != NULL);

  g_ascii_formatd (text, sizeof text, "%.3f", value);
  length = strlen (text);
  while (text[length - 1] == '0')
    length--;
  if (text[length - 1] == '.')
    length--;

  g_string_append_printf (line, ",\"%s\":", key);
  g_string_append_len (line, text, (gssize) length);
}

/**
 * scope_sandbox_line_event:
 * @event: an event that was published
 *
 * Returns: (transfer full): `{"type":"event","channel":…,"event":…,"data":…}`, with `user_id` and
 *   the sender's `socket_id` for a client event, without `data` if there is none
 */
char *
scope_sandbox_line_event (const ScopeSandboxEvent *event)
{
  GString *line;

  g_return_val_if_fail (event != NULL, NULL);

  line = scope_sandbox_line_begin ("event");
  scope_sandbox_line_add_text (line, "channel", event->channel);
  scope_sandbox_line_add_text (line, "event", event->event);
  if (event->data_token != NULL)
    {
      g_string_append (line, ",\"data\":");
      g_string_append_len (line, event->data_token, (gssize) event->data_length);
    }
  scope_sandbox_line_add_text (line, "user_id", event->user_id);
  if (event->is_client_event)
    scope_sandbox_line_add_text (line, "socket_id", event->socket_id);
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

  line = scope_sandbox_line_begin (type);
  while ((key = va_arg (pairs, const char *)) != NULL)
    scope_sandbox_line_add_text (line, key, va_arg (pairs, const char *));
  g_string_append_c (line, '}');

  return g_string_free (line, FALSE);
}
