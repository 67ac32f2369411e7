/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-path"

#include "config.h"

#include "capture/scope-path.h"

#include <string.h>

static char *
path_read_quoted (const char **text)
{
  const char *end = *text + 1;
  char *step;

  while (*end != '\0' && *end != '"')
    end += *end == '\\' && end[1] != '\0' ? 2 : 1;
  if (*end == '\0' || !scope_json_check (*text, end + 1 - *text, NULL, NULL))
    return NULL;
  step = scope_json_string_dup (*text, end + 1 - *text);
  *text = end + 1;
  return step;
}

static char *
path_read_index (const char **text)
{
  gsize digits = strspn (*text + 1, "0123456789");
  char *step;

  if (digits == 0 || digits > 9 || (*text)[1 + digits] != ']')
    return NULL;
  step = g_strndup (*text, digits + 2);
  *text += digits + 2;
  return step;
}

static char *
path_read_name (const char **text)
{
  gsize length = strcspn (*text, ".[\"");
  char *step = length > 0 ? g_strndup (*text, length) : NULL;

  *text += length;
  return step;
}

/**
 * scope_path_parse:
 * @text: a path
 *
 * Returns: (transfer full) (element-type utf8) (nullable): its steps
 */
GPtrArray *
scope_path_parse (const char *text)
{
  g_autoptr (GPtrArray) steps = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  steps = g_ptr_array_new_with_free_func (g_free);
  for (gboolean first = TRUE; *text != '\0' || first; first = FALSE)
    {
      char *step;

      if (*text == '[' && !first)
        step = path_read_index (&text);
      else if (!first && *text++ != '.')
        return NULL;
      else
        step = *text == '"' ? path_read_quoted (&text) : path_read_name (&text);
      if (step == NULL)
        return NULL;
      g_ptr_array_add (steps, step);
    }
  return g_steal_pointer (&steps);
}

static ScopeJsonKind
path_take_step (const char *step,
                const char *text,
                gsize       length,
                ScopeSpan  *value)
{
  ScopeJsonKind kind = scope_json_peek_kind (text, length);

  if (kind == SCOPE_JSON_OBJECT)
    return scope_json_get_member (text, length, step, value);
  if (kind == SCOPE_JSON_ARRAY && *step == '[')
    return scope_json_get_element (text, length, g_ascii_strtoull (step + 1, NULL, 10), value);
  return SCOPE_JSON_NONE;
}

/**
 * scope_path_find:
 * @first: the first step that counts
 * @value: (out): where it stands in @text
 *
 * Returns: what stands there
 */
ScopeJsonKind
scope_path_find (GPtrArray  *path,
                 guint       first,
                 const char *text,
                 gsize       length,
                 ScopeSpan  *value)
{
  ScopeJsonKind kind;

  g_return_val_if_fail (path != NULL && value != NULL, SCOPE_JSON_NONE);

  kind = scope_json_peek_kind (text, length);
  *value = (ScopeSpan) { 0, length };
  for (guint i = first; i < path->len && kind != SCOPE_JSON_NONE; i++)
    {
      ScopeSpan inner = { 0 };

      kind = path_take_step (path->pdata[i], text + value->offset, value->length, &inner);
      value->offset += inner.offset;
      value->length = inner.length;
    }
  return kind;
}

/**
 * scope_path_append_name:
 * @path: a path that goes on
 * @name: an object's key
 *
 * Writes the step to that member as the filter language reads it.
 */
void
scope_path_append_name (GString    *path,
                        const char *name)
{
  const char *p = name;

  g_return_if_fail (path != NULL);
  g_return_if_fail (name != NULL);

  while (*p == '_' || (*p != '\0' && g_unichar_isalnum (g_utf8_get_char (p))))
    p = g_utf8_next_char (p);
  g_string_append_c (path, '.');
  if (*name != '\0' && *p == '\0')
    g_string_append (path, name);
  else
    scope_json_append_string (path, name, -1);
}
