/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shape"

#include "config.h"

#include "capture/scope-shape-private.h"

#include "base/scope-limits.h"
#include "json/scope-json-private.h"

/* A structure's number: one pass over the bytes, values looked at no further than their type needs.
 * Runs of items that are alike in an array count as one, so that its length does not matter. Who
 * finds two structures with the same number hides a change from the log, and nothing else. */

#define SEED G_GUINT64_CONSTANT (0x2545f4914f6cdd1d)

typedef struct
{
  guint64 hash;
  guint64 key;  /* of the member that is being read */
  guint64 last; /* item */
  gboolean is_object;
  gboolean has_key;
} HashLevel;

static inline guint64
hash_mix (guint64 a,
          guint64 b)
{
  guint64 product = (a ^ b) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return product ^ (product >> 29);
}

static guint64
hash_bytes (const char *text,
            gsize       length)
{
  guint64 hash = SEED ^ length;
  guint64 word = 0;

  for (; length >= sizeof word; length -= sizeof word, text += sizeof word)
    {
      memcpy (&word, text, sizeof word);
      hash = hash_mix (hash, word);
    }
  word = 0;
  memcpy (&word, text, length);
  return hash_mix (hash, word);
}

static void
hash_add (HashLevel *level,
          guint64    value)
{
  if (level->is_object)
    {
      level->hash = hash_mix (hash_mix (level->hash, level->key), value);
      level->has_key = FALSE;
    }
  else if (level->last != value)
    {
      level->hash = hash_mix (level->hash, value);
      level->last = value;
    }
}

static const char *
hash_skip (const char *p,
           const char *end)
{
  while (p < end && (json_is_space (*p) || *p == ',' || *p == ':'))
    p++;
  return p;
}

ScopeShapeTypes
_scope_shape_type_of (ScopeJsonKind kind,
                      const char   *text,
                      gsize         length)
{
  switch (kind)
    {
    case SCOPE_JSON_NULL:
      return SCOPE_SHAPE_NULL;
    case SCOPE_JSON_TRUE:
    case SCOPE_JSON_FALSE:
      return SCOPE_SHAPE_BOOLEAN;
    case SCOPE_JSON_STRING:
      return SCOPE_SHAPE_STRING;
    case SCOPE_JSON_OBJECT:
      return SCOPE_SHAPE_OBJECT;
    case SCOPE_JSON_ARRAY:
      return SCOPE_SHAPE_ARRAY;
    case SCOPE_JSON_NUMBER:
      for (gsize i = 0; i < length; i++)
        if (text[i] == '.' || text[i] == 'e' || text[i] == 'E')
          return SCOPE_SHAPE_NUMBER;
      return SCOPE_SHAPE_INTEGER;
    case SCOPE_JSON_NONE:
    default:
      return SCOPE_SHAPE_TEXT;
    }
}

/* The token at p, which is no mark: a key, or a value. */
static void
hash_token (HashLevel  *level,
            const char *p,
            gsize       length)
{
  if (level->is_object && !level->has_key)
    {
      level->key = hash_bytes (p, length);
      level->has_key = TRUE;
      return;
    }
  hash_add (level, hash_mix (SEED, _scope_shape_type_of (scope_json_peek_kind (p, length), p, length)));
}

/* of text that has been checked */
guint64
_scope_shape_hash (const char *text,
                   gsize       length)
{
  HashLevel levels[SCOPE_LIMIT_JSON_DEPTH + 1];
  const char *end = text + length;
  const char *p = hash_skip (text, end);
  guint depth = 0;

  levels[0] = (HashLevel) { SEED, 0, 0, FALSE, FALSE };
  while (p < end)
    {
      const char *next = _scope_json_skip_token (p, end);

      if ((*p == '{' || *p == '[') && depth < SCOPE_LIMIT_JSON_DEPTH)
        levels[++depth] = (HashLevel) { hash_mix (SEED, *p), 0, 0, *p == '{', FALSE };
      else if ((*p == '}' || *p == ']') && depth > 0)
        depth--, hash_add (&levels[depth], levels[depth + 1].hash);
      else
        hash_token (&levels[depth], p, next - p);
      p = hash_skip (next, end);
    }
  return levels[0].hash | 1;
}
