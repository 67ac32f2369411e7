/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-json"

#include "config.h"

#include "json/scope-json-private.h"

#include "base/scope-utf8.h"

#define JSON_REPLACEMENT "\357\277\275" /* U+FFFD */

static inline gboolean
json_is_surrogate (guint32 c)
{
  return c >= 0xd800 && c < 0xe000;
}

/* A JSON string's inside, from its opening to its closing quote. */
typedef struct
{
  const char *pos;
  const char *end;
} JsonReader;

static gboolean
json_reader_init (JsonReader *self,
                  const char *token,
                  gsize       length)
{
  if (length < 2 || token[0] != '"' || token[length - 1] != '"')
    return FALSE;

  self->pos = token + 1;
  self->end = token + length - 1;
  return TRUE;
}

/* Takes what stands up to the next escape, or to the end. */
static gsize
json_reader_take_plain (JsonReader  *self,
                        const char **plain)
{
  const char *escape = memchr (self->pos, '\\', self->end - self->pos);

  *plain = self->pos;
  self->pos = escape != NULL ? escape : self->end;
  return self->pos - *plain;
}

/* Copies what stands up to the next escape, or to the end, eight bytes at a time: JSON in a string has
 * an escape every few bytes, and calls for each piece cost more than its bytes. Up to seven bytes
 * behind what is returned may be written. */
static char *
json_reader_copy_plain (JsonReader *self,
                        char       *out)
{
  const guint64 ones = G_GUINT64_CONSTANT (0x0101010101010101);

  while (self->end - self->pos >= 8)
    {
      guint64 word;
      guint64 zeros; /* the highest bit of bytes that were backslashes; the lowest of them is exact */

      memcpy (&word, self->pos, sizeof word);
      memcpy (out, &word, sizeof word);
      word = GUINT64_FROM_LE (word) ^ ones * '\\';
      zeros = (word - ones) & ~word & ones << 7;
      if (zeros != 0)
        {
          self->pos += __builtin_ctzll (zeros) / 8;
          return out + __builtin_ctzll (zeros) / 8;
        }
      self->pos += 8;
      out += 8;
    }
  while (self->pos < self->end && *self->pos != '\\')
    *out++ = *self->pos++;
  return out;
}

/* The four digits of "\uXXXX" at p. FALSE if that is not there. */
static gboolean
json_read_unit (const char *p,
                const char *end,
                guint32    *unit)
{
  guint32 read = 0;

  if (end - p < 6 || p[0] != '\\' || p[1] != 'u')
    return FALSE;

  for (guint i = 2; i < 6; i++)
    {
      int digit = g_ascii_xdigit_value (p[i]);

      if (digit < 0)
        return FALSE;
      read = read << 4 | (guint32) digit;
    }

  *unit = read;
  return TRUE;
}

static gboolean
json_reader_take_unicode (JsonReader *self,
                          guint32    *c)
{
  guint32 low;

  if (!json_read_unit (self->pos, self->end, c))
    return FALSE;
  self->pos += 6;

  if (*c >= 0xd800 && *c < 0xdc00 && json_read_unit (self->pos, self->end, &low) &&
      low >= 0xdc00 && low < 0xe000)
    {
      *c = 0x10000 + ((*c - 0xd800) << 10) + (low - 0xdc00);
      self->pos += 6;
    }
  return TRUE;
}

/* Takes the escape that pos stands on. A surrogate without its other half is returned as it is.
 * FALSE if it is no escape at all, which checked text does not have. */
static gboolean
json_reader_take_escape (JsonReader *self,
                         guint32    *c)
{
  static const char names[] = "\"\\/bfnrt";
  static const char characters[] = "\"\\/\b\f\n\r\t";
  const char *name;

  if (self->end - self->pos < 2)
    return FALSE;
  if (self->pos[1] == 'u')
    return json_reader_take_unicode (self, c);

  name = memchr (names, self->pos[1], sizeof names - 1);
  if (name == NULL)
    return FALSE;

  *c = (guint8) characters[name - names];
  self->pos += 2;
  return TRUE;
}

static gboolean
json_reader_decode (JsonReader  *self,
                    char       **out)
{
  char *p = *out;
  guint32 c;

  for (;;)
    {
      p = json_reader_copy_plain (self, p);
      if (self->pos == self->end)
        break;
      if (self->end - self->pos > 1 && (self->pos[1] == '"' || self->pos[1] == '\\'))
        {
          *p++ = self->pos[1];
          self->pos += 2;
          continue;
        }
      if (!json_reader_take_escape (self, &c) || json_is_surrogate (c))
        return FALSE;
      p += g_unichar_to_utf8 (c, p);
    }
  *out = p;
  return TRUE;
}

/**
 * scope_json_string_has_escapes:
 * @token: a string that has been checked, with its quotes
 * @length: its length in bytes
 *
 * Returns: FALSE if decoding is nothing but taking the quotes off
 */
gboolean
scope_json_string_has_escapes (const char *token,
                               gsize       length)
{
  g_return_val_if_fail (token != NULL || length == 0, FALSE);

  return length > 0 && memchr (token, '\\', length) != NULL;
}

/**
 * scope_json_string_decode:
 * @token: a string that has been checked, with its quotes
 * @length: its length in bytes
 * @out: what to append to
 *
 * Appends the decoded text, which may hold NUL. A token that escapes a surrogate without its other
 * half has no UTF-8 form: nothing is appended, and the caller shows the token itself.
 *
 * Returns: whether it was decoded
 */
gboolean
scope_json_string_decode (const char *token,
                          gsize       length,
                          GString    *out)
{
  JsonReader reader;
  gsize before;
  gboolean good;
  char *p;

  g_return_val_if_fail (token != NULL || length == 0, FALSE);
  g_return_val_if_fail (out != NULL, FALSE);

  if (!json_reader_init (&reader, token, length))
    return FALSE;

  /* no escape is shorter than what it stands for */
  before = out->len;
  g_string_set_size (out, before + length + 8);
  p = out->str + before;
  good = json_reader_decode (&reader, &p);
  g_string_truncate (out, good ? (gsize) (p - out->str) : before);
  return good;
}

static gboolean
json_take_prefix (const char **text,
                  const char  *prefix,
                  gsize        length)
{
  if (strnlen (*text, length) < length || memcmp (*text, prefix, length) != 0)
    return FALSE;

  *text += length;
  return TRUE;
}

/**
 * scope_json_string_equal:
 * @token: a string that has been checked, with its quotes
 * @length: its length in bytes
 * @text: UTF-8
 *
 * Compares without allocating.
 *
 * Returns: whether @token decodes to exactly @text
 */
gboolean
scope_json_string_equal (const char *token,
                         gsize       length,
                         const char *text)
{
  JsonReader reader;

  g_return_val_if_fail (token != NULL || length == 0, FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  if (!json_reader_init (&reader, token, length))
    return FALSE;

  for (;;)
    {
      const char *plain;
      gsize n = json_reader_take_plain (&reader, &plain);
      char utf8[8];
      guint32 c;

      if (!json_take_prefix (&text, plain, n))
        return FALSE;
      if (reader.pos == reader.end)
        return *text == '\0';

      if (!json_reader_take_escape (&reader, &c) || c == 0 || json_is_surrogate (c))
        return FALSE;
      n = g_unichar_to_utf8 (c, utf8);
      if (!json_take_prefix (&text, utf8, n))
        return FALSE;
    }
}

static char *
json_string_dup (const char *token,
                 gsize       length,
                 gboolean    keeps_nul)
{
  GString *out = NULL;
  JsonReader reader;

  if (!json_reader_init (&reader, token, length))
    return g_strdup ("");

  out = g_string_sized_new (length);
  for (;;)
    {
      const char *plain;
      gsize n = json_reader_take_plain (&reader, &plain);
      guint32 c;

      g_string_append_len (out, plain, n);
      if (reader.pos == reader.end || !json_reader_take_escape (&reader, &c) || (c == 0 && !keeps_nul))
        return g_string_free (out, FALSE);
      g_string_append_unichar (out, c == 0 || json_is_surrogate (c) ? 0xfffd : c);
    }
}

/**
 * scope_json_string_dup:
 * @token: a string that has been checked, with its quotes
 * @length: its length in bytes
 *
 * For names: surrogates without their other half become U+FFFD, and a NUL ends the text.
 *
 * Returns: (transfer full): the decoded text
 */
char *
scope_json_string_dup (const char *token,
                       gsize       length)
{
  g_return_val_if_fail (token != NULL || length == 0, NULL);

  return json_string_dup (token, length, FALSE);
}

/**
 * scope_json_string_dup_name:
 * @token: a string that has been checked, with its quotes
 * @length: its length in bytes
 *
 * For names that came: a NUL, which would end a C string, becomes U+FFFD, as a surrogate without its other half does.
 *
 * Returns: (transfer full): the decoded text
 */
char *
scope_json_string_dup_name (const char *token,
                            gsize       length)
{
  g_return_val_if_fail (token != NULL || length == 0, NULL);

  return json_string_dup (token, length, TRUE);
}

/* one byte that can't stand in a string as it is, at most 0x7f */
static void
json_append_escaped (GString *out,
                     char     c)
{
  static const char characters[] = "\"\\\b\f\n\r\t";
  static const char names[] = "\"\\bfnrt";
  const char *found = memchr (characters, c, sizeof characters - 1);

  if (found != NULL)
    {
      g_string_append_c (out, '\\');
      g_string_append_c (out, names[found - characters]);
    }
  else
    g_string_append_printf (out, "\\u%04x", (guint) (guint8) c);
}

/**
 * scope_json_append_string:
 * @out: what to append to
 * @text: (nullable): any bytes
 * @length: how many, or -1 if they end in NUL
 *
 * Appends @text as a JSON string with its quotes. Only quotes, backslashes and control characters
 * are escaped; each ill-formed piece of UTF-8 becomes U+FFFD.
 */
void
scope_json_append_string (GString    *out,
                          const char *text,
                          gssize      length)
{
  const char *p = text;
  const char *end;

  g_return_if_fail (out != NULL);
  g_return_if_fail (text != NULL || length <= 0);

  end = text != NULL ? text + (length >= 0 ? (gsize) length : strlen (text)) : NULL;
  g_string_append_c (out, '"');
  while (p < end)
    {
      const char *plain = p;
      gsize n;

      p = json_skip_plain (p, end);
      g_string_append_len (out, plain, p - plain);
      if (p == end)
        break;

      if (scope_utf8_measure (p, end - p, &n) != SCOPE_UTF8_GOOD)
        g_string_append (out, JSON_REPLACEMENT);
      else if (n > 1)
        g_string_append_len (out, p, n);
      else
        json_append_escaped (out, *p);
      p += n;
    }
  g_string_append_c (out, '"');
}
