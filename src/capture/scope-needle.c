/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-needle"

#include "config.h"

#include "capture/scope-needle.h"

#include <string.h>

/* A text in JSON may be written in many ways: any character as \uXXXX, and " \ / and controls in
 * ways of their own; and `data` mostly is JSON in a string, so that all this happens twice.
 *
 * So what is looked for is the longest run of a text without " \ / and controls. Such a run stands
 * in the bytes as it is, unless one of its characters is written \uXXXX, an ASCII one \u00XX. In
 * bytes without "\u00" nothing can decode to these four characters either (their own escapes would
 * hold them), hence it holds however often the text is encoded. */

#define BLOCK 32

struct _ScopeNeedle
{
  guchar *run; /* NULL: it only must not be plain ASCII */
  gsize length;
  gboolean is_ascii;
  /* two of its bytes, and what is set in a text's before they are compared: 0x20 makes letters
   * small */
  gsize first_at;
  gsize second_at;
  guchar first;
  guchar second;
  guchar first_mask;
  guchar second_mask;
  gboolean ignores_case;
};

static const ScopeNeedle needle_escape = {
  .run = (guchar *) "\\u", .length = 2, .second_at = 1, .first = '\\', .second = 'u',
};
static const ScopeNeedle needle_ascii_escape = {
  .run = (guchar *) "\\u00", .length = 4, .second_at = 1, .first = '\\', .second = 'u',
};

/* --- finding --- */

static gboolean
needle_stands_at (const ScopeNeedle *self,
                  const guchar      *p)
{
  if (!self->ignores_case)
    return memcmp (p, self->run, self->length) == 0;
  for (gsize i = 0; i < self->length; i++)
    if ((guchar) g_ascii_tolower (p[i]) != self->run[i])
      return FALSE;
  return TRUE;
}

/* Compares two bytes at each of BLOCK places: compilers make a few vector instructions of it. */
G_ALWAYS_INLINE static inline gboolean
needle_look_at_block (const ScopeNeedle *self,
                      const guchar      *p,
                      guchar            *hits)
{
  const guchar *a = p + self->first_at;
  const guchar *b = p + self->second_at;
  const guchar first = self->first;
  const guchar second = self->second;
  const guchar first_mask = self->first_mask;
  const guchar second_mask = self->second_mask;
  guint64 words[BLOCK / 8];

  for (guint i = 0; i < BLOCK; i++)
    hits[i] = ((a[i] | first_mask) == first) & ((b[i] | second_mask) == second);
  memcpy (words, hits, sizeof words);
  return (words[0] | words[1] | words[2] | words[3]) != 0;
}

G_ALWAYS_INLINE static inline const guchar *
needle_find_in_block (const ScopeNeedle *self,
                      const guchar      *p)
{
  guchar hits[BLOCK];

  if (!needle_look_at_block (self, p, hits))
    return NULL;
  for (guint i = 0; i < BLOCK; i++)
    if (hits[i] != 0 && needle_stands_at (self, p + i))
      return p + i;
  return NULL;
}

static const guchar *
needle_find (const ScopeNeedle *self,
             const guchar      *p,
             gsize              length)
{
  const guchar *found = NULL;
  const guchar *end;

  if (length < self->length)
    return NULL;
  end = p + length - self->length + 1; /* of the places where it can begin */
  if (end - p < BLOCK)
    {
      for (; p < end; p++)
        if (needle_stands_at (self, p))
          return p;
      return NULL;
    }
  for (; end - p >= BLOCK && found == NULL; p += BLOCK)
    found = needle_find_in_block (self, p);
  if (found == NULL && p < end)
    found = needle_find_in_block (self, end - BLOCK);
  return found;
}

static gboolean
needle_is_in (const ScopeNeedle *self,
              const guchar      *p,
              gsize              length)
{
  return needle_find (self, p, length) != NULL;
}

/* --- haystacks --- */

void
_scope_haystack_init (ScopeHaystack *self,
                      const void    *bytes,
                      gsize          length)
{
  *self = (ScopeHaystack) { bytes, length, -1, -1, -1 };
}

static gboolean
haystack_has_escapes (ScopeHaystack *self)
{
  if (self->escapes < 0)
    self->escapes = needle_is_in (&needle_escape, self->bytes, self->length);
  return self->escapes;
}

gboolean
_scope_haystack_has_ascii_escapes (ScopeHaystack *self)
{
  if (self->ascii_escapes < 0)
    self->ascii_escapes = needle_is_in (&needle_ascii_escape, self->bytes, self->length);
  return self->ascii_escapes;
}

static gboolean
haystack_has_others (ScopeHaystack *self)
{
  guchar all = 0;

  if (self->others >= 0)
    return self->others;
  for (gsize i = 0; i < self->length; i++)
    all |= self->bytes[i];
  self->others = all >= 0x80;
  return self->others;
}

gboolean
_scope_needle_may_occur (const ScopeNeedle *self,
                         ScopeHaystack     *haystack)
{
  if (self->run == NULL)
    return haystack_has_others (haystack) || haystack_has_escapes (haystack);
  if (needle_is_in (self, haystack->bytes, haystack->length))
    return TRUE;
  return self->is_ascii ? _scope_haystack_has_ascii_escapes (haystack)
                        : haystack_has_escapes (haystack);
}

const guchar *
_scope_needle_find_next (const ScopeNeedle   *self,
                         const ScopeHaystack *haystack,
                         const guchar        *from)
{
  return needle_find (self, from, haystack->bytes + haystack->length - from);
}

gsize
_scope_needle_get_length (const ScopeNeedle *self)
{
  return self->length;
}

/* --- needles --- */

static gboolean
byte_has_own_escape (guchar c)
{
  return c < 0x20 || c == '"' || c == '\\' || c == '/';
}

/* The longest run; of runs of one length the first. */
static gsize
find_run (const char  *text,
          gsize        length,
          const char **run)
{
  gsize longest = 0;
  gsize start = 0;

  for (gsize i = 0; i <= length; i++)
    {
      if (i < length && !byte_has_own_escape (text[i]))
        continue;
      if (i - start > longest)
        {
          longest = i - start;
          *run = text + start;
        }
      start = i + 1;
    }
  return longest;
}

/* What payloads are full of is a poor thing to look for. */
static guint
byte_get_commonness (guchar c)
{
  static const char common[] = "\"\\,:e0 1atnrio2sd{}cl";
  const char *found = c != '\0' ? strchr (common, c) : NULL;

  return found != NULL ? sizeof common - (found - common) : 0;
}

static void
needle_choose_bytes (ScopeNeedle *self)
{
  gsize first = 0;
  gsize second = self->length > 1 ? 1 : 0;

  for (gsize i = 1; i < self->length; i++)
    if (byte_get_commonness (self->run[i]) < byte_get_commonness (self->run[first]))
      first = i;
  if (second == first)
    second = 0;
  for (gsize i = 0; i < self->length; i++)
    if (i != first && byte_get_commonness (self->run[i]) < byte_get_commonness (self->run[second]))
      second = i;

  self->first_at = first;
  self->second_at = second;
  self->first = self->run[first];
  self->second = self->run[second];
  self->first_mask = self->ignores_case && g_ascii_isalpha (self->first) ? 0x20 : 0;
  self->second_mask = self->ignores_case && g_ascii_isalpha (self->second) ? 0x20 : 0;
}

static ScopeNeedle *
needle_new (const char *text,
            gsize       length,
            gboolean    ignores_case)
{
  const char *run = NULL;
  gsize run_length = find_run (text, length, &run);
  ScopeNeedle *self;

  if (run_length == 0)
    return NULL;
  self = g_new0 (ScopeNeedle, 1);
  self->run = g_memdup2 (run, run_length);
  self->length = run_length;
  self->ignores_case = ignores_case;
  self->is_ascii = TRUE;
  for (gsize i = 0; i < run_length; i++)
    if (self->run[i] >= 0x80)
      self->is_ascii = FALSE;
  needle_choose_bytes (self);
  return self;
}

ScopeNeedle *
_scope_needle_new (const char *text,
                   gsize       length)
{
  return needle_new (text, length, FALSE);
}

/* Folding makes ASCII of some other characters (K of kelvin, ß) but nothing else of ASCII: where
 * texts are folded whole, all that can be told is that plain ASCII gives no other character. */
ScopeNeedle *
_scope_needle_new_folded (const char *folded,
                          gsize       length,
                          gboolean    is_ascii)
{
  if (is_ascii)
    return needle_new (folded, length, TRUE);
  for (gsize i = 0; i < length; i++)
    if ((guchar) folded[i] >= 0x80)
      return g_new0 (ScopeNeedle, 1);
  return NULL;
}

gboolean
_scope_needle_is_whole (const ScopeNeedle *self,
                        gsize              length)
{
  return self->run != NULL && self->is_ascii && self->length == length;
}

void
_scope_needle_free (ScopeNeedle *self)
{
  g_free (self->run);
  g_free (self);
}
