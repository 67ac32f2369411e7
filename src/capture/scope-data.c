/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-data"

#include "config.h"

#include "capture/scope-data.h"

#include "base/scope-text.h"

#include <string.h>

/* a preview's head ends with a whole character, which may take so much more */
#define BEYOND_BYTES 32

/* Gives the token of `data` as it stands in the frame. */
ScopeJsonKind
_scope_entry_get_token (const ScopeEntry *entry,
                        const char      **token,
                        gsize            *length)
{
  const char *bytes;
  gsize size;

  if (entry->data_kind == SCOPE_JSON_NONE || entry->frame == NULL)
    return SCOPE_JSON_NONE;

  bytes = g_bytes_get_data (entry->frame, &size);
  if (entry->data.offset > size || entry->data.length > size - entry->data.offset)
    return SCOPE_JSON_NONE;
  *token = bytes + entry->data.offset;
  *length = entry->data.length;
  return entry->data_kind;
}

ScopeJsonKind
_scope_entry_get_plain_token (const ScopeEntry *entry,
                              const char      **token,
                              gsize            *length)
{
  ScopeSpan span;
  ScopeJsonKind kind;

  if ((entry->flags & SCOPE_ENTRY_DECRYPTED) != 0 && entry->detail != NULL)
    {
      kind = scope_json_get_member (entry->detail, strlen (entry->detail), "data", &span);
      if (kind != SCOPE_JSON_NONE)
        {
          *token = entry->detail + span.offset;
          *length = span.length;
          return kind;
        }
    }
  return _scope_entry_get_token (entry, token, length);
}

void
_scope_data_text_init (ScopeDataText *self,
                       ScopeJsonKind  kind,
                       const char    *token,
                       gsize          length)
{
  *self = (ScopeDataText) { 0 };
  if (kind == SCOPE_JSON_NONE)
    return;

  self->text = token;
  self->length = length;
  self->is_text = TRUE;
  if (kind != SCOPE_JSON_STRING || length < 2)
    return;

  if (!scope_json_string_has_escapes (token, length))
    {
      self->text = token + 1;
      self->length = length - 2;
      return;
    }
  self->owned = g_string_sized_new (length);
  if (scope_json_string_decode (token, length, self->owned))
    {
      self->text = self->owned->str;
      self->length = self->owned->len;
    }
  else
    {
      self->is_text = FALSE;
    }
}

void
_scope_data_text_clear (ScopeDataText *self)
{
  if (self->owned != NULL)
    g_string_free (self->owned, TRUE);
  *self = (ScopeDataText) { 0 };
}

static gboolean
data_is_space (char c)
{
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void
data_value_trim (ScopeDataValue *self)
{
  while (self->length > 0 && data_is_space (self->json[0]))
    self->json++, self->length--;
  while (self->length > 0 && data_is_space (self->json[self->length - 1]))
    self->length--;
}

/* A string is tried as JSON once; on failure it stays a string (protocol.md §2.2). */
void
_scope_data_value_init (ScopeDataValue *self,
                        ScopeJsonKind   kind,
                        const char     *token,
                        gsize           length)
{
  ScopeDataText text;
  ScopeJsonKind inner;

  *self = (ScopeDataValue) { kind, token, length, NULL };
  if (kind != SCOPE_JSON_STRING)
    return;

  _scope_data_text_init (&text, kind, token, length);
  if (text.is_text && scope_json_check (text.text, text.length, &inner, NULL))
    {
      self->kind = inner;
      self->json = text.text;
      self->length = text.length;
      self->owned = g_steal_pointer (&text.owned);
      data_value_trim (self);
    }
  _scope_data_text_clear (&text);
}

void
_scope_data_value_clear (ScopeDataValue *self)
{
  if (self->owned != NULL)
    g_string_free (self->owned, TRUE);
  *self = (ScopeDataValue) { 0 };
}

/* The longest head of a string token, at most limit bytes, that ends between two characters. A
 * pair of surrogate escapes counts as one. */
static gsize
data_measure_head (const char *token,
                   gsize       limit)
{
  gsize end = 1;
  gsize next = 1;

  while (next <= limit)
    {
      end = next;
      if (token[next] != '\\')
        next += g_utf8_skip[(guchar) token[next]];
      else if (token[next + 1] != 'u')
        next += 2;
      else if (g_ascii_strncasecmp (token + next + 2, "d8", 2) >= 0
               && g_ascii_strncasecmp (token + next + 2, "dc", 2) < 0)
        next += 12;
      else
        next += 6;
    }
  return end;
}

/* A row shows a few hundred bytes: of a long string only the head is decoded. */
char *
_scope_data_dup_preview (ScopeJsonKind  kind,
                         const char    *token,
                         gsize          length,
                         gsize          max_bytes)
{
  gsize limit = _scope_data_get_preview_need (max_bytes) - BEYOND_BYTES;
  g_autoptr (GString) head = NULL;
  ScopeDataText text;
  char *preview;

  if (kind == SCOPE_JSON_NONE)
    return g_strdup ("");

  if (kind == SCOPE_JSON_STRING && length > limit + 16)
    {
      head = g_string_new_len (token, data_measure_head (token, limit));
      g_string_append_c (head, '"');
      token = head->str;
      length = head->len;
    }
  _scope_data_text_init (&text, kind, token, length);
  preview = scope_text_for_display (text.text, text.length, max_bytes);
  _scope_data_text_clear (&text);
  return preview;
}

/* No character takes more than six bytes a byte, and none is cut within. */
gsize
_scope_data_get_preview_need (gsize max_bytes)
{
  return 6 * max_bytes + 64 + BEYOND_BYTES;
}
