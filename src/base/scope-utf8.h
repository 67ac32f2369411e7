/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* One character of text that may be anything. g_utf8_validate() stops at NUL and g_utf8_get_char()
 * trusts its input, so neither fits bytes from the network. */

typedef enum
{
  SCOPE_UTF8_GOOD,
  SCOPE_UTF8_BAD,
  SCOPE_UTF8_CUT, /* good as far as it goes, but the text ends inside it */
} ScopeUtf8;

/* Measures the character at text, of which left (at least 1) bytes are there. length becomes its
 * length, or that of the ill-formed piece that one U+FFFD stands for (Unicode 3.9, "maximal
 * subpart"). Well-formed only: no overlong form, no surrogate, nothing above U+10FFFF. */
static inline ScopeUtf8
scope_utf8_measure (const char *text,
                    gsize       left,
                    gsize      *length)
{
  const guint8 *p = (const guint8 *) text;
  guint8 low = p[0] == 0xe0 ? 0xa0 : p[0] == 0xf0 ? 0x90 : 0x80;
  guint8 high = p[0] == 0xed ? 0x9f : p[0] == 0xf4 ? 0x8f : 0xbf;
  gsize need = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

  *length = 1;
  if (p[0] < 0x80)
    return SCOPE_UTF8_GOOD;
  if (p[0] < 0xc2 || p[0] > 0xf4)
    return SCOPE_UTF8_BAD;

  for (gsize i = 1; i < need; i++, low = 0x80, high = 0xbf)
    {
      *length = i;
      if (i == left)
        return SCOPE_UTF8_CUT;
      if (p[i] < low || p[i] > high)
        return SCOPE_UTF8_BAD;
    }

  *length = need;
  return SCOPE_UTF8_GOOD;
}

G_END_DECLS
