/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-publish-check"

#include "config.h"

#include "ui/scope-publish-check.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"

/**
 * scope_publish_check_event:
 *
 * The rules of a client event's name (protocol.md §6): what is wrong with it.
 */
char *
scope_publish_check_event (const char *event)
{
  g_return_val_if_fail (event != NULL, NULL);

  if (!g_str_has_prefix (event, SCOPE_CLIENT_EVENT_PREFIX))
    return g_strdup_printf (_("The name of a client event begins with %s."),
                            SCOPE_CLIENT_EVENT_PREFIX);
  if (strlen (event) == strlen (SCOPE_CLIENT_EVENT_PREFIX))
    return g_strdup_printf (_("Something has to follow %s."), SCOPE_CLIENT_EVENT_PREFIX);
  if (strlen (event) > SCOPE_LIMIT_EVENT_NAME_BYTES)
    return g_strdup_printf (_("A name has at most %d bytes."), SCOPE_LIMIT_EVENT_NAME_BYTES);
  return NULL;
}

/**
 * scope_publish_describe_problem:
 * @data: what was typed
 * @problem: what is wrong with it, and where
 *
 * People look for a line and a column, not for a byte.
 *
 * Returns: (transfer full): a sentence
 */
char *
scope_publish_describe_problem (const char             *data,
                                const ScopeJsonProblem *problem)
{
  g_autofree char *what = scope_json_problem_to_text (problem);
  gsize line = 1;
  const char *line_start = data;

  for (const char *p = data; p < data + problem->offset && *p != '\0'; p++)
    if (*p == '\n')
      {
        line++;
        line_start = p + 1;
      }
  return g_strdup_printf (_("Not JSON: %s (line %zu, column %ld)."), what, line,
                          g_utf8_pointer_to_offset (line_start, data + problem->offset) + 1);
}

/**
 * scope_publish_check_data:
 * @data: what was typed; nothing is fine
 * @max_bytes: what is accepted
 *
 * Whether it is JSON, and not too much of it (protocol.md §6).
 */
char *
scope_publish_check_data (const char *data,
                          gsize       max_bytes)
{
  gsize length = strlen (data);
  ScopeJsonProblem problem;
  g_autofree char *most = NULL;

  if (length == 0)
    return NULL;
  if (!scope_json_check (data, length, NULL, &problem))
    return scope_publish_describe_problem (data, &problem);
  if (length <= max_bytes)
    return NULL;
  most = scope_text_format_size (max_bytes);
  return g_strdup_printf (_("Too large by %zu bytes: at most %s are accepted."), length - max_bytes,
                          most);
}

/**
 * scope_publish_describe_data:
 *
 * Returns: (transfer full): the size against the limit, and whether it is JSON
 */
char *
scope_publish_describe_data (const char *data,
                             gsize       max_bytes)
{
  gsize length = strlen (data);
  g_autofree char *size = scope_text_format_size (length);
  g_autofree char *most = scope_text_format_size (max_bytes);
  int percent = max_bytes > 0 ? (int) MIN (length * 100 / max_bytes, 9999) : 0;

  if (length == 0)
    return g_strdup (_("Empty: no data is sent"));
  if (!scope_json_check (data, length, NULL, NULL))
    /* Translators: a size, the largest size allowed, a percentage */
    return g_strdup_printf (_("%s of %s (%d %%), not JSON"), size, most, percent);
  return g_strdup_printf (_("%s of %s (%d %%), valid JSON"), size, most, percent);
}

/**
 * scope_publish_dup_event:
 * @event: (nullable): any event's name
 *
 * Returns: (transfer full): a client event's name made of it
 */
char *
scope_publish_dup_event (const char *event)
{
  if (event == NULL)
    event = "";
  if (g_str_has_prefix (event, SCOPE_CLIENT_EVENT_PREFIX))
    return g_strdup (event);
  return g_strconcat (SCOPE_CLIENT_EVENT_PREFIX, event, NULL);
}

/**
 * scope_publish_dup_data:
 * @data: any event's data
 *
 * Returns: (transfer full): JSON: indented, or the text as a JSON string if it is none
 */
char *
scope_publish_dup_data (const char *data,
                        gsize       length)
{
  GString *json = g_string_new (NULL);

  if (length > 0 && scope_json_check (data, length, NULL, NULL))
    scope_json_append_pretty (json, data, length, 0);
  else if (length > 0)
    scope_json_append_string (json, data, length);
  return g_string_free (json, FALSE);
}
