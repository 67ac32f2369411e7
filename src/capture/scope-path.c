/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-path"

#include "config.h"

#include "capture/scope-path.h"

#include <string.h>

/**
 * scope_path_step_new:
 * @name: (transfer full) (nullable): of a member; %NULL: it is an element
 * @index: of an element
 */
ScopePathStep *
scope_path_step_new (char  *name,
                     guint  index)
{
  ScopePathStep *self = g_new0 (ScopePathStep, 1);

  self->name = name;
  self->index = index;
  return self;
}

/**
 * scope_path_step_free:
 *
 * Frees a step and its name.
 */
void
scope_path_step_free (ScopePathStep *self)
{
  g_free (self->name);
  g_free (self);
}

/**
 * scope_path_step_equal:
 *
 * Returns: whether both lead to the same member or element
 */
gboolean
scope_path_step_equal (const ScopePathStep *a,
                       const ScopePathStep *b)
{
  return g_strcmp0 (a->name, b->name) == 0 && (a->name != NULL || a->index == b->index);
}

static ScopePathStep *
path_read_quoted (const char **text)
{
  const char *end = *text + 1;
  char *name;

  while (*end != '\0' && *end != '"')
    end += *end == '\\' && end[1] != '\0' ? 2 : 1;
  if (*end == '\0' || !scope_json_check (*text, end + 1 - *text, NULL, NULL))
    return NULL;
  name = scope_json_string_dup (*text, end + 1 - *text);
  *text = end + 1;
  return name != NULL ? scope_path_step_new (name, 0) : NULL;
}

static ScopePathStep *
path_read_index (const char **text)
{
  const char *start = *text + 1;
  gsize digits = strspn (start, "0123456789");

  if (digits == 0 || digits > 9 || start[digits] != ']')
    return NULL;
  *text += digits + 2;
  return scope_path_step_new (NULL, g_ascii_strtoull (start, NULL, 10));
}

static ScopePathStep *
path_read_name (const char **text)
{
  gsize length = strcspn (*text, ".[\"");
  const char *start = *text;

  *text += length;
  return length > 0 ? scope_path_step_new (g_strndup (start, length), 0) : NULL;
}

/**
 * scope_path_parse:
 * @text: a path
 *
 * Returns: (transfer full) (element-type ScopePathStep) (nullable): its steps
 */
GPtrArray *
scope_path_parse (const char *text)
{
  g_autoptr (GPtrArray) steps = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  steps = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_path_step_free);
  for (gboolean first = TRUE; *text != '\0' || first; first = FALSE)
    {
      ScopePathStep *step;

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

/**
 * scope_path_find:
 * @first: the first step that counts
 * @value: (out): where it stands in @text
 *
 * Returns: what stands there
 */
ScopeJsonKind
scope_path_find (const GPtrArray *path,
                 guint            first,
                 const char      *text,
                 gsize            length,
                 ScopeSpan       *value)
{
  ScopeJsonKind kind;

  g_return_val_if_fail (path != NULL && value != NULL, SCOPE_JSON_NONE);

  kind = scope_json_peek_kind (text, length);
  *value = (ScopeSpan) { 0, length };
  for (guint i = first; i < path->len && kind != SCOPE_JSON_NONE; i++)
    {
      const ScopePathStep *step = path->pdata[i];
      const char *json = text + value->offset;
      ScopeSpan inner = { 0 };

      if (step->name != NULL)
        kind = scope_json_get_member (json, value->length, step->name, &inner);
      else
        kind = scope_json_get_element (json, value->length, step->index, &inner);
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

/**
 * scope_path_append_index:
 * @path: a path that goes on
 * @index: an element's place, from 0
 */
void
scope_path_append_index (GString *path,
                         guint    index)
{
  g_return_if_fail (path != NULL);

  g_string_append_printf (path, "[%u]", index);
}
