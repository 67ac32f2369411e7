/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-json"

#include "config.h"

#include "json/scope-json-private.h"

/* Finding one's way in text that has been checked. */

/* What ends a token that is no string: white space, a quote, or one of the marks below. */
static inline gboolean
json_is_mark (char c)
{
  return c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':';
}

/* From an opening quote to behind the closing one. */
static const char *
json_skip_string (const char *p,
                  const char *end)
{
  for (p++; (p = json_skip_plain (p, end)) < end;)
    {
      if (*p == '"')
        return p + 1;
      p += *p == '\\' && end - p > 1 ? 2 : 1;
    }

  return end;
}

/* Behind the token at p, which is no white space. */
const char *
_scope_json_skip_token (const char *p,
                        const char *end)
{
  if (*p == '"')
    return json_skip_string (p, end);
  if (json_is_mark (*p))
    return p + 1;

  do
    p++;
  while (p < end && !json_is_space (*p) && *p != '"' && !json_is_mark (*p));
  return p;
}

/* Behind the value at p, which is no white space. */
static const char *
json_skip_value (const char *p,
                 const char *end)
{
  gsize depth = 0;

  do
    {
      if (*p == '{' || *p == '[')
        depth++;
      else if ((*p == '}' || *p == ']') && depth > 0)
        depth--;
      p = _scope_json_skip_token (p, end);
      if (depth > 0)
        p = json_skip_space (p, end);
    }
  while (depth > 0 && p < end);

  return p;
}

static ScopeSpan
json_make_span (const char *text,
                const char *from,
                const char *to)
{
  return (ScopeSpan) { from - text, to - from };
}

/**
 * scope_json_iter_init:
 * @iter: (out caller-allocates): a place
 * @text: an object or array that has been checked; anything else has no members
 * @length: its length in bytes
 *
 * @text must stay as long as @iter is used.
 */
void
scope_json_iter_init (ScopeJsonIter *iter,
                      const char    *text,
                      gsize          length)
{
  ScopeJsonKind kind = scope_json_peek_kind (text, length);

  g_return_if_fail (iter != NULL);
  g_return_if_fail (text != NULL || length == 0);

  iter->text = text;
  iter->length = length;
  iter->is_object = kind == SCOPE_JSON_OBJECT;
  iter->started = FALSE;
  iter->offset = length;
  if (kind == SCOPE_JSON_OBJECT || kind == SCOPE_JSON_ARRAY)
    iter->offset = json_skip_space (text, text + length) - text;
}

/* Goes to the next key or element; to the end if there is none. */
static const char *
json_iter_find_next (ScopeJsonIter *iter)
{
  const char *end = iter->text + iter->length;
  const char *p = iter->text + iter->offset;

  if (!iter->started && p < end)
    p++;
  iter->started = TRUE;

  p = json_skip_space (p, end);
  if (p < end && *p == ',')
    p = json_skip_space (p + 1, end);
  return p < end && *p != '}' && *p != ']' ? p : end;
}

/**
 * scope_json_iter_next:
 * @iter: a place
 * @key: (out) (optional): the key with its quotes; absent in an array
 * @value: (out) (optional): the value
 * @kind: (out) (optional): the value's kind
 *
 * Spans count from the start of the text that is iterated. At the end nothing is written.
 *
 * Returns: whether there was another member
 */
gboolean
scope_json_iter_next (ScopeJsonIter *iter,
                      ScopeSpan     *key,
                      ScopeSpan     *value,
                      ScopeJsonKind *kind)
{
  const char *p, *end, *name;
  ScopeSpan found_key = { 0, 0 };

  g_return_val_if_fail (iter != NULL, FALSE);

  end = iter->text + iter->length;
  p = json_iter_find_next (iter);
  iter->offset = p - iter->text;
  if (p < end && iter->is_object)
    {
      name = p;
      p = _scope_json_skip_token (name, end);
      found_key = json_make_span (iter->text, name, p);
      p = json_skip_space (p, end);
      p = p < end ? json_skip_space (p + 1, end) : end;
    }
  if (p == end)
    {
      iter->offset = iter->length;
      return FALSE;
    }

  name = p;
  p = json_skip_value (p, end);
  iter->offset = p - iter->text;
  if (key != NULL)
    *key = found_key;
  if (value != NULL)
    *value = json_make_span (iter->text, name, p);
  if (kind != NULL)
    *kind = scope_json_peek_kind (name, p - name);
  return TRUE;
}

/**
 * scope_json_get_member:
 * @text: JSON that has been checked
 * @length: its length in bytes
 * @key: the member's name, UTF-8
 * @value: (out) (optional): where its value is in @text; only written if it is there
 *
 * Of equal keys the last counts, as in scope_json_scan_object().
 *
 * Returns: the value's kind, or `SCOPE_JSON_NONE`: no such member, or @text is no object
 */
ScopeJsonKind
scope_json_get_member (const char *text,
                       gsize       length,
                       const char *key,
                       ScopeSpan  *value)
{
  ScopeJsonKind found = SCOPE_JSON_NONE;
  ScopeJsonKind kind;
  ScopeJsonIter iter;
  ScopeSpan name, member;

  g_return_val_if_fail (text != NULL || length == 0, SCOPE_JSON_NONE);
  g_return_val_if_fail (key != NULL, SCOPE_JSON_NONE);

  scope_json_iter_init (&iter, text, length);
  while (iter.is_object && scope_json_iter_next (&iter, &name, &member, &kind))
    if (scope_json_string_equal (text + name.offset, name.length, key))
      {
        found = kind;
        if (value != NULL)
          *value = member;
      }

  return found;
}

/**
 * scope_json_dup_member:
 * @text: JSON that has been checked
 * @length: its length in bytes
 * @key: the member's name, UTF-8
 *
 * Returns: (transfer full) (nullable): that member as text: a string as of scope_json_string_dup(), anything
 *   else as it stands; `NULL` if it is absent or null
 */
char *
scope_json_dup_member (const char *text,
                       gsize       length,
                       const char *key)
{
  ScopeSpan span;
  ScopeJsonKind kind = scope_json_get_member (text, length, key, &span);

  if (kind == SCOPE_JSON_NONE || kind == SCOPE_JSON_NULL)
    return NULL;
  if (kind == SCOPE_JSON_STRING)
    return scope_json_string_dup (text + span.offset, span.length);
  return g_strndup (text + span.offset, span.length);
}

/**
 * scope_json_get_element:
 * @text: JSON that has been checked
 * @length: its length in bytes
 * @index: the element's place, from 0
 * @value: (out) (optional): where the element is in @text; only written if it is there
 *
 * Returns: the element's kind, or `SCOPE_JSON_NONE`: not that many, or @text is no array
 */
ScopeJsonKind
scope_json_get_element (const char *text,
                        gsize       length,
                        guint       index,
                        ScopeSpan  *value)
{
  ScopeJsonKind kind;
  ScopeJsonIter iter;
  ScopeSpan element;

  g_return_val_if_fail (text != NULL || length == 0, SCOPE_JSON_NONE);

  scope_json_iter_init (&iter, text, length);
  for (guint i = 0; !iter.is_object && scope_json_iter_next (&iter, NULL, &element, &kind); i++)
    if (i == index)
      {
        if (value != NULL)
          *value = element;
        return kind;
      }

  return SCOPE_JSON_NONE;
}
