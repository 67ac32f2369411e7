/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-json"

#include "config.h"

#include "json/scope-json-private.h"

#include "base/scope-limits.h"

/* Laying checked text out anew. Tokens are copied, never read: what arrived is what is shown,
 * 1e21 and "\u0000" and numbers of any length included. */

#define JSON_INDENT "  "

typedef struct
{
  GString *out;
  gsize limit; /* of out->len */
  guint depth;
} JsonPrinter;

/* FALSE if the limit cut it; never inside a character. */
static gboolean
json_printer_add (JsonPrinter *self,
                  const char  *bytes,
                  gsize        length)
{
  gsize room = self->limit - self->out->len;
  gsize kept = MIN (length, room);

  while (kept > 0 && kept < length && ((guint8) bytes[kept] & 0xc0) == 0x80)
    kept--;

  g_string_append_len (self->out, bytes, kept);
  return kept == length;
}

static gboolean
json_printer_break_line (JsonPrinter *self)
{
  gboolean good = json_printer_add (self, "\n", 1);

  for (guint i = 0; good && i < self->depth; i++)
    good = json_printer_add (self, JSON_INDENT, strlen (JSON_INDENT));
  return good;
}

/* An empty container stays on its line. */
static gboolean
json_printer_open (JsonPrinter  *self,
                   const char  **p,
                   const char   *end)
{
  const char *next = json_skip_space (*p + 1, end);

  if (!json_printer_add (self, *p, 1))
    return FALSE;

  if (next < end && (*next == '}' || *next == ']'))
    {
      *p = next + 1;
      return json_printer_add (self, next, 1);
    }

  *p += 1;
  self->depth = MIN (self->depth + 1, SCOPE_LIMIT_JSON_DEPTH);
  return json_printer_break_line (self);
}

static gboolean
json_printer_close (JsonPrinter *self,
                    const char  *p)
{
  self->depth -= self->depth > 0;
  return json_printer_break_line (self) && json_printer_add (self, p, 1);
}

/* Prints the token at p, which is no white space, and moves behind it. */
static gboolean
json_printer_step (JsonPrinter  *self,
                   const char  **p,
                   const char   *end)
{
  const char *token = *p;

  if (*token == '{' || *token == '[')
    return json_printer_open (self, p, end);

  *p = _scope_json_skip_token (token, end);
  switch (*token)
    {
    case '}': case ']':
      return json_printer_close (self, token);
    case ',':
      return json_printer_add (self, ",", 1) && json_printer_break_line (self);
    case ':':
      return json_printer_add (self, ": ", 2);
    default:
      return json_printer_add (self, token, *p - token);
    }
}

/**
 * scope_json_append_pretty:
 * @out: what to append to
 * @text: JSON that has been checked
 * @length: its length in bytes
 * @max_bytes: the most to append; 0 for no limit
 *
 * One member or element a line, indented by two spaces a level, without a line break at the end.
 * Tokens are kept byte for byte.
 *
 * Returns: FALSE if @max_bytes cut it, which is never inside a character
 */
gboolean
scope_json_append_pretty (GString    *out,
                          const char *text,
                          gsize       length,
                          gsize       max_bytes)
{
  JsonPrinter printer = { .out = out };
  const char *end = text + length;
  const char *p = text;

  g_return_val_if_fail (out != NULL, FALSE);
  g_return_val_if_fail (text != NULL || length == 0, FALSE);

  printer.limit = max_bytes > 0 && max_bytes < G_MAXSIZE - out->len ? out->len + max_bytes
                                                                     : G_MAXSIZE;
  while ((p = json_skip_space (p, end)) < end)
    if (!json_printer_step (&printer, &p, end))
      return FALSE;

  return TRUE;
}

/**
 * scope_json_append_compact:
 * @out: what to append to
 * @text: JSON that has been checked
 * @length: its length in bytes
 *
 * Leaves out the white space between tokens, which are kept byte for byte.
 */
void
scope_json_append_compact (GString    *out,
                           const char *text,
                           gsize       length)
{
  const char *end = text + length;
  const char *p, *run;

  g_return_if_fail (out != NULL);
  g_return_if_fail (text != NULL || length == 0);

  run = p = json_skip_space (text, end);
  while (p < end)
    {
      p = _scope_json_skip_token (p, end);
      if (p < end && !json_is_space (*p))
        continue;
      g_string_append_len (out, run, p - run);
      run = p = json_skip_space (p, end);
    }
}
