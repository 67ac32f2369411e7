/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-payload"

#include "config.h"

#include "ui/scope-payload.h"

#include <glib/gi18n.h>
#include <string.h>

#include "base/scope-text.h"

/* the payload, or for entries without one what they say in their detail; NULL if neither */
static GBytes *
payload_dup_bytes (const ScopeEntry *entry,
                   gboolean         *is_text)
{
  GBytes *bytes = scope_entry_dup_data (entry, is_text);

  if (bytes == NULL && entry->detail != NULL)
    bytes = g_bytes_new (entry->detail, strlen (entry->detail));
  return bytes;
}

static gboolean
payload_is_continuation (char byte)
{
  return ((guint8) byte & 0xc0) == 0x80;
}

/* how much of a line goes into one piece, cutting between characters */
static gsize
payload_measure_line (const char *line,
                      gsize       length)
{
  gsize cut = SCOPE_PAYLOAD_LINE_BYTES;

  if (length <= cut)
    return length;
  while (cut > 1 && payload_is_continuation (line[cut]))
    cut--;
  return cut;
}

/* text is valid UTF-8. Returns how many lines had to be cut. */
static guint
payload_append_lines (GString    *out,
                      const char *text,
                      gsize       length)
{
  guint n_cut = 0;

  for (const char *end = text + length; text < end;)
    {
      const char *feed = memchr (text, '\n', end - text);
      gsize left = feed != NULL ? (gsize) (feed + 1 - text) : (gsize) (end - text);

      if (left > SCOPE_PAYLOAD_LINE_BYTES)
        n_cut++;
      while (left > 0)
        {
          gsize piece = payload_measure_line (text, left);

          g_string_append_len (out, text, piece);
          text += piece;
          left -= piece;
          if (left > 0)
            g_string_append (out, "\n");
        }
    }
  return n_cut;
}

static void
payload_add_note (ScopePayload *self,
                  const char   *note)
{
  char *both = self->note != NULL ? g_strdup_printf ("%s %s", self->note, note) : g_strdup (note);

  g_free (self->note);
  self->note = both;
}

static void
payload_set_text (ScopePayload *self,
                  const char   *bytes,
                  gsize         length)
{
  g_autofree char *shown = scope_text_bounded (bytes, length, SCOPE_PAYLOAD_PRETTY_BYTES);
  g_autoptr (GString) lines = g_string_sized_new (strlen (shown) + 64);
  guint n_cut = payload_append_lines (lines, shown, strlen (shown));

  if (length > SCOPE_PAYLOAD_PRETTY_BYTES)
    payload_add_note (self, _("Only the beginning is shown here; Raw and Copy have all of it."));
  if (n_cut > 0)
    payload_add_note (self, _("Long lines are broken here; Raw and Copy have them whole."));
  self->text = g_strndup (lines->str, lines->len);
}

static void
payload_set_json (ScopePayload *self,
                  const char   *json,
                  gsize         length)
{
  g_autoptr (GString) pretty = g_string_sized_new (length * 2);

  if (!scope_json_append_pretty (pretty, json, length, SCOPE_PAYLOAD_PRETTY_BYTES))
    payload_add_note (self, _("Only the beginning is shown here; Raw and Copy have all of it."));
  payload_set_text (self, pretty->str, MIN (pretty->len, SCOPE_PAYLOAD_PRETTY_BYTES));
  self->is_json = TRUE;
}

/**
 * scope_payload_new:
 * @entry: any entry
 *
 * Indents JSON by the scanner, which keeps its tokens byte for byte, and breaks what is too long
 * for a text view, saying so in the note.
 *
 * Returns: (transfer full): the payload
 */
ScopePayload *
scope_payload_new (const ScopeEntry *entry)
{
  ScopePayload *self = g_new0 (ScopePayload, 1);
  g_autoptr (GBytes) bytes = NULL;
  gboolean is_text = TRUE;
  ScopeJsonProblem problem;
  const char *text;
  gsize length;

  g_return_val_if_fail (entry != NULL, NULL);

  bytes = payload_dup_bytes (entry, &is_text);
  if (bytes == NULL)
    {
      self->text = g_strdup ("");
      payload_add_note (self, _("No payload."));
      return self;
    }

  text = g_bytes_get_data (bytes, &length);
  if (length == 0)
    {
      self->text = g_strdup ("");
      payload_add_note (self, _("The payload is empty text."));
    }
  else if (scope_json_check (text, length, NULL, &problem))
    {
      payload_set_json (self, text, length);
    }
  else
    {
      g_autofree char *why = scope_json_problem_to_text (&problem);
      g_autofree char *note = g_strdup_printf (_("Not JSON (%s): shown as it came."), why);

      payload_add_note (self, note);
      payload_set_text (self, text, length);
    }
  if (!is_text)
    payload_add_note (self, _("It holds characters that no text can: shown escaped."));
  return self;
}

/**
 * scope_payload_free:
 * @self: (nullable): a payload
 */
void
scope_payload_free (ScopePayload *self)
{
  if (self == NULL)
    return;

  g_free (self->text);
  g_free (self->note);
  g_free (self);
}

/**
 * scope_payload_dup_copy:
 *
 * Returns: (transfer full) (nullable): the whole payload, indented if it is JSON
 */
GBytes *
scope_payload_dup_copy (const ScopeEntry *entry)
{
  g_autoptr (GBytes) bytes = NULL;
  const char *text;
  gsize length;
  GString *pretty;

  g_return_val_if_fail (entry != NULL, NULL);

  bytes = payload_dup_bytes (entry, NULL);
  if (bytes == NULL)
    return NULL;

  text = g_bytes_get_data (bytes, &length);
  if (length == 0 || !scope_json_check (text, length, NULL, NULL))
    return g_steal_pointer (&bytes);

  pretty = g_string_sized_new (length * 2);
  scope_json_append_pretty (pretty, text, length, 0);
  return g_string_free_to_bytes (pretty);
}

/**
 * scope_payload_count_pieces:
 * @length: bytes
 *
 * Returns: how many pieces a text of that length is shown in, at least 1
 */
guint
scope_payload_count_pieces (gsize length)
{
  return MAX (1, (length + SCOPE_PAYLOAD_PIECE_BYTES - 1) / SCOPE_PAYLOAD_PIECE_BYTES);
}

/**
 * scope_payload_find_piece:
 * @piece: from 0; beyond the last one gives @length
 *
 * Returns: where that piece begins
 */
gsize
scope_payload_find_piece (const char *bytes,
                          gsize       length,
                          guint       piece)
{
  gsize offset = (gsize) piece * SCOPE_PAYLOAD_PIECE_BYTES;
  gsize back = 0;

  if (offset >= length)
    return length;
  /* a character has at most 4 bytes; more continuation bytes than that are no character */
  while (back < 3 && back < offset && payload_is_continuation (bytes[offset - back]))
    back++;
  return payload_is_continuation (bytes[offset - back]) ? offset : offset - back;
}
