/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <string.h>

#include "json/scope-json.h"

G_BEGIN_DECLS

/* Steps over text that has been checked. On other text they give nonsense, but stay inside it
 * and always move on. */

#define JSON_ONES G_GUINT64_CONSTANT (0x0101010101010101)
#define JSON_HIGHS (JSON_ONES * 0x80)

static inline gboolean
json_is_space (char c)
{
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static inline const char *
json_skip_space (const char *p,
                 const char *end)
{
  while (p < end && json_is_space (*p))
    p++;
  return p;
}

/* The high bit of each byte of word that is c. Bits above the first may be wrong (a borrow). */
static inline guint64
json_find_byte (guint64 word,
                guint8  c)
{
  guint64 zero = word ^ (JSON_ONES * c);

  return (zero - JSON_ONES) & ~zero & JSON_HIGHS;
}

/* Goes to the first byte inside a string that is not plain ASCII: a quote, backslash, control
 * character or the start of a longer one; or to the end. Eight bytes a step: this is the hottest
 * loop of the program. */
static inline const char *
json_skip_plain (const char *p,
                 const char *end)
{
  for (; end - p >= 8; p += 8)
    {
      guint64 word, found;

      memcpy (&word, p, sizeof word);
      word = GUINT64_FROM_LE (word);
      found = json_find_byte (word, '"') | json_find_byte (word, '\\') |
              (((word - JSON_ONES * 0x20) | word) & JSON_HIGHS);
      if (found != 0)
        return p + __builtin_ctzll (found) / 8;
    }

  while (p < end && (guint8) *p >= 0x20 && (guint8) *p < 0x80 && *p != '"' && *p != '\\')
    p++;
  return p;
}

const char *_scope_json_skip_token  (const char *p,
                                     const char *end);

G_END_DECLS
