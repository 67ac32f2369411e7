/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-config"

#include "config.h"

#include "session/scope-config-search.h"

#include <string.h>

gboolean
_scope_config_is_name (char c)
{
  return g_ascii_isalnum (c) || c == '_' || c == '$' || (guchar) c >= 0x80;
}

/* Comments and quotes */

static gsize
config_find (const char *text,
             gsize       length,
             gsize       offset,
             const char *what)
{
  const char *found = offset < length ? g_strstr_len (text + offset, length - offset, what) : NULL;

  return found != NULL ? (gsize) (found - text) : length;
}

/* the offset after it; offset itself if there is none, length + 1 if it does not end */
gsize
_scope_config_skip_comment (const char *text,
                            gsize       length,
                            gsize       offset)
{
  gsize end;

  if (text[offset] == '#' ||
      (text[offset] == '/' && offset + 1 < length && text[offset + 1] == '/'))
    return config_find (text, length, offset, "\n");
  if (text[offset] != '/' || offset + 1 >= length || text[offset + 1] != '*')
    return offset;

  end = config_find (text, length, offset + 2, "*/");
  return end < length ? end + 2 : length + 1;
}

/* the same of a quoted text; only a template literal has several lines */
gsize
_scope_config_skip_quote (const char *text,
                          gsize       length,
                          gsize       offset)
{
  char quote = text[offset];

  if (quote != '"' && quote != '\'' && quote != '`')
    return offset;
  for (gsize i = offset + 1; i < length; i++)
    if (text[i] == '\\')
      i++;
    else if (text[i] == quote)
      return i + 1;
    else if (text[i] == '\n' && quote != '`')
      break;
  return length + 1;
}

/* Searching */

/* Prose has lone apostrophes, and code has marks of other kinds: what does not end counts as text,
 * and is not looked for again up to where it would have ended. */
static gboolean
search_skip_quoted (ScopeConfigSearch *self)
{
  static const char marks[] = "'\"`/";
  char c = self->text[self->at];
  guint mark;
  gsize end;

  if (self->everywhere || (c != '#' && strchr (marks, c) == NULL))
    return FALSE;

  mark = c != '#' ? strchr (marks, c) - marks : 0;
  if (c != '#' && self->at < self->unfinished[mark])
    return FALSE;
  end = _scope_config_skip_comment (self->text, self->length, self->at);
  if (end == self->at)
    end = _scope_config_skip_quote (self->text, self->length, self->at);
  if (end > self->length)
    self->unfinished[mark] = c == '\'' || c == '"'
                               ? config_find (self->text, self->length, self->at, "\n")
                               : self->length;
  if (end > self->length || end == self->at)
    return FALSE;

  self->at = end;
  return TRUE;
}

static gboolean
search_is_path (char c)
{
  return _scope_config_is_name (c) || c == '.' || c == '\\' || c == ':';
}

/**
 * scope_config_search_next:
 * @search: where it got to
 *
 * Finds calls by their dotted name, as in `new Pusher (`, `Pusher\Pusher (`, `pusher.Client {`.
 *
 * Returns: whether there is one more
 */
gboolean
scope_config_search_next (ScopeConfigSearch *search)
{
  while (search->at < search->length)
    {
      gsize start = search->at;

      if (search_skip_quoted (search))
        continue;
      while (search->at < search->length && search_is_path (search->text[search->at]))
        search->at++;
      if (search->at == start)
        {
          search->at++;
          continue;
        }

      search->name = start;
      search->name_length = search->at - start;
      search->bracket = search->at;
      while (g_ascii_isspace (search->text[search->bracket]))
        search->bracket++;
      if (search->text[search->bracket] == '(' || search->text[search->bracket] == '{')
        return TRUE;
    }
  return FALSE;
}
