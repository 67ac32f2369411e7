/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-text"

#include "config.h"

#include "base/scope-text.h"

#include "base/scope-utf8.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define TEXT_ELLIPSIS "…"
#define TEXT_PIECE_BYTES 8 /* room for one character and its NUL */

/* How one character is shown. */
typedef struct
{
  gsize consumed; /* bytes of the source */
  gsize length;   /* bytes of text */
  char text[TEXT_PIECE_BYTES];
} TextPiece;

static void
text_piece_set (TextPiece *piece,
                gunichar   c)
{
  piece->length = g_unichar_to_utf8 (c, piece->text);
}

/* What would break a line, move the cursor or turn the reading direction of what stands beside it
 * gets a visible symbol. Text from the other side must not be able to pose as our own. */
static gunichar
text_make_visible (gunichar c)
{
  if (c < 0x20)
    return 0x2400 + c;
  if (c == 0x7f)
    return 0x2421;
  if (c == 0x2028 || c == 0x2029)
    return 0x2424;
  if ((c >= 0x80 && c < 0xa0) || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069))
    return 0xfffd;
  return c;
}

static void
text_piece_read (TextPiece  *piece,
                 const char *text,
                 gsize       left)
{
  if (scope_utf8_measure (text, left, &piece->consumed) != SCOPE_UTF8_GOOD)
    text_piece_set (piece, 0xfffd);
  else
    text_piece_set (piece, text_make_visible (g_utf8_get_char (text)));
}

/* As above, but line breaks and tabs stay. A lone carriage return does not: on a terminal it
 * writes over its line. */
static void
text_piece_read_block (TextPiece  *piece,
                       const char *text,
                       gsize       left)
{
  text_piece_read (piece, text, left);
  if (*text == '\n' || *text == '\t' || (*text == '\r' && left > 1 && text[1] == '\n'))
    text_piece_set (piece, *text);
}

static gsize
text_get_length (const char *bytes,
                 gssize      length)
{
  if (length >= 0)
    return length;
  return bytes != NULL ? strlen (bytes) : 0;
}

/**
 * scope_text_for_display:
 * @bytes: (nullable): any bytes
 * @length: how many, or -1 if they end in NUL
 * @max_bytes: the most the result may have, without its NUL
 *
 * One line for a list or a log. Control characters become their symbols (U+2400 …), line and
 * paragraph separators U+2424, ill-formed UTF-8, C1 controls and the characters that override the
 * direction of writing U+FFFD. What is cut ends in `…`, never inside a character.
 *
 * Returns: (transfer full): valid UTF-8
 */
char *
scope_text_for_display (const char *bytes,
                        gssize      length,
                        gsize       max_bytes)
{
  const gsize total = text_get_length (bytes, length);
  const gsize ellipsis = strlen (TEXT_ELLIPSIS);
  GString *out = g_string_sized_new (MIN (total, max_bytes));
  gsize uncut = 0; /* how much of out leaves room for the ellipsis */

  for (gsize offset = 0; offset < total;)
    {
      TextPiece piece;

      text_piece_read (&piece, bytes + offset, total - offset);
      if (out->len + piece.length > max_bytes)
        {
          g_string_truncate (out, uncut);
          if (max_bytes >= ellipsis)
            g_string_append (out, TEXT_ELLIPSIS);
          break;
        }
      g_string_append_len (out, piece.text, piece.length);
      offset += piece.consumed;
      if (out->len + ellipsis <= max_bytes)
        uncut = out->len;
    }

  return g_string_free (out, FALSE);
}

/**
 * scope_text_bounded:
 * @bytes: (nullable): any bytes
 * @length: how many, or -1 if they end in NUL
 * @max_bytes: the most that is kept; the note on what was cut comes on top
 *
 * A block of text: line breaks and tabs are kept, everything else is made visible as in
 * [func@text_for_display]. When cut it ends in `… (N more bytes)`, N counting the bytes given.
 *
 * Returns: (transfer full): valid UTF-8
 */
char *
scope_text_bounded (const char *bytes,
                    gssize      length,
                    gsize       max_bytes)
{
  const gsize total = text_get_length (bytes, length);
  GString *out = g_string_sized_new (MIN (total, max_bytes));
  gsize offset = 0;

  while (offset < total)
    {
      TextPiece piece;

      text_piece_read_block (&piece, bytes + offset, total - offset);
      if (out->len + piece.length > max_bytes)
        break;
      g_string_append_len (out, piece.text, piece.length);
      offset += piece.consumed;
    }

  if (offset < total)
    g_string_append_printf (out,
                            g_dngettext (GETTEXT_PACKAGE, "… (%zu more byte)", "… (%zu more bytes)",
                                         total - offset),
                            total - offset);
  return g_string_free (out, FALSE);
}

/**
 * scope_text_option_name:
 * @argument: of a command line, beginning with a dash
 *
 * What messages may repeat of an option that is not known: "--name=value", "--name:value" and
 * "-pvalue" without the value.
 *
 * Returns: (transfer full): the option alone
 */
char *
scope_text_option_name (const char *argument)
{
  gsize length = 0;

  g_return_val_if_fail (argument != NULL && *argument == '-', NULL);

  if (argument[1] != '-')
    return g_strndup (argument, argument[1] != '\0' ? 1 + g_utf8_skip[(guchar) argument[1]] : 1);
  while (g_ascii_isalnum (argument[length]) || argument[length] == '-' || argument[length] == '_')
    length++;
  return g_strndup (argument, length);
}

/**
 * scope_set_str:
 * @field: (inout) (nullable): a string the caller owns
 * @value: (nullable): its new value; may be part of the old one
 *
 * Returns: whether that changed the field
 */
gboolean
scope_set_str (char       **field,
               const char  *value)
{
  char *copy;

  g_return_val_if_fail (field != NULL, FALSE);

  if (g_strcmp0 (*field, value) == 0)
    return FALSE;

  copy = g_strdup (value);
  g_free (*field);
  *field = copy;
  return TRUE;
}
