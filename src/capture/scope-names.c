/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-names"

#include "config.h"

#include "capture/scope-names.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "capture/scope-names-private.h"

/* Names lie in chunks that never move, so that a name can be read by its number on another thread
 * (the recorder's writer) while the main thread adds more. The table beside them is open addressing
 * over numbers: looking up a known name touches it, one Name and the bytes, and allocates nothing.
 *
 * The other side chooses the names, hence the seed of the hash, and the bound on all texts
 * together beside the one on their number. */

#define CHUNK_NAMES 1024
#define N_CHUNKS ((SCOPE_LIMIT_NAMES + CHUNK_NAMES - 1) / CHUNK_NAMES)
#define FIRST_TABLE_SIZE 256

typedef struct
{
  const char *text;
  guint32 length;
  guint32 hash;
} Name;

struct _ScopeNames
{
  GObject parent_instance;

  GStringChunk *texts;
  gsize text_bytes;
  Name **chunks;
  guint count; /* atomic */
  guint32 *table; /* of ids; 0: free */
  guint32 table_mask;
  guint64 seed;
  gboolean is_full; /* and one was refused; main thread only */
};

G_DEFINE_FINAL_TYPE (ScopeNames, scope_names, G_TYPE_OBJECT)

static guint64
scope_names_mix (guint64 a,
                 guint64 b)
{
  guint64 product = (a ^ b) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return product ^ (product >> 29);
}

static guint32
scope_names_hash (ScopeNames *self,
                  const char *text,
                  gsize       length)
{
  guint64 hash = self->seed ^ length;
  guint64 word;

  for (; length >= sizeof word; length -= sizeof word, text += sizeof word)
    {
      memcpy (&word, text, sizeof word);
      hash = scope_names_mix (hash, word);
    }
  word = 0;
  memcpy (&word, text, length);
  hash = scope_names_mix (hash, word);
  return (guint32) (hash ^ (hash >> 32));
}

static Name *
scope_names_at (ScopeNames *self,
                guint32     id)
{
  return &self->chunks[(id - 1) / CHUNK_NAMES][(id - 1) % CHUNK_NAMES];
}

static guint32
scope_names_lookup (ScopeNames *self,
                    const char *text,
                    gsize       length,
                    guint32     hash)
{
  for (guint32 i = hash & self->table_mask; self->table[i] != 0; i = (i + 1) & self->table_mask)
    {
      const Name *name = scope_names_at (self, self->table[i]);

      if (name->hash == hash && name->length == length && memcmp (name->text, text, length) == 0)
        return self->table[i];
    }
  return 0;
}

static void
scope_names_enter (ScopeNames *self,
                   guint32     id,
                   guint32     hash)
{
  guint32 i = hash & self->table_mask;

  while (self->table[i] != 0)
    i = (i + 1) & self->table_mask;
  self->table[i] = id;
}

static void
scope_names_grow_table (ScopeNames *self)
{
  guint32 size = (self->table_mask + 1) * 2;

  g_free (self->table);
  self->table = g_new0 (guint32, size);
  self->table_mask = size - 1;
  for (guint32 id = 1; id <= self->count; id++)
    scope_names_enter (self, id, scope_names_at (self, id)->hash);
}

static guint32
scope_names_add (ScopeNames *self,
                 const char *text,
                 gsize       length,
                 guint32     hash)
{
  guint32 id = self->count + 1;
  Name *name;

  if (id > SCOPE_LIMIT_NAMES || self->text_bytes + length > SCOPE_NAMES_TEXT_BYTES)
    {
      self->is_full = TRUE;
      return SCOPE_NAMES_OVERFLOW;
    }

  if ((id - 1) % CHUNK_NAMES == 0)
    self->chunks[(id - 1) / CHUNK_NAMES] = g_new0 (Name, CHUNK_NAMES);
  name = scope_names_at (self, id);
  name->text = g_string_chunk_insert_len (self->texts, text, length);
  name->length = length;
  name->hash = hash;
  self->text_bytes += length;
  g_atomic_int_set (&self->count, id);

  if (id > (self->table_mask + 1) / 2)
    scope_names_grow_table (self);
  else
    scope_names_enter (self, id, hash);
  return id;
}

static guint32
scope_names_intern_bytes (ScopeNames *self,
                          const char *text,
                          gsize       length)
{
  guint32 hash = scope_names_hash (self, text, length);
  guint32 id = scope_names_lookup (self, text, length, hash);
  g_autofree char *valid = NULL;

  if (id != 0)
    return id;
  if (g_utf8_validate (text, length, NULL))
    return scope_names_add (self, text, length, hash);

  /* what reads names (regular expressions, labels) relies on UTF-8 */
  valid = g_utf8_make_valid (text, length);
  return scope_names_intern_bytes (self, valid, strlen (valid));
}

static void
scope_names_finalize (GObject *object)
{
  ScopeNames *self = SCOPE_NAMES (object);

  for (gsize i = 0; i < N_CHUNKS && self->chunks[i] != NULL; i++)
    g_free (self->chunks[i]);
  g_free (self->chunks);
  g_free (self->table);
  g_string_chunk_free (self->texts);
  G_OBJECT_CLASS (scope_names_parent_class)->finalize (object);
}

static void
scope_names_class_init (ScopeNamesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_names_finalize;
}

static void
scope_names_init (ScopeNames *self)
{
  self->texts = g_string_chunk_new (4096);
  self->chunks = g_new0 (Name *, N_CHUNKS);
  self->table = g_new0 (guint32, FIRST_TABLE_SIZE);
  self->table_mask = FIRST_TABLE_SIZE - 1;
  self->seed = ((guint64) g_random_int () << 32) | g_random_int ();
}

/**
 * scope_names_new:
 *
 * Returns: (transfer full): a table without names
 */
ScopeNames *
scope_names_new (void)
{
  return g_object_new (SCOPE_TYPE_NAMES, NULL);
}

/**
 * scope_names_intern:
 * @name: (nullable): bytes of a name
 * @length: how many, or -1 if @name ends in a NUL
 *
 * Gives @name its number, the same one each time. Allocates only when the name is new. What stands
 * behind a NUL is ignored; bytes that are no UTF-8 become U+FFFD.
 *
 * Returns: the number; 0 for %NULL; %SCOPE_NAMES_OVERFLOW if there are too many names
 */
guint32
scope_names_intern (ScopeNames *self,
                    const char *name,
                    gssize      length)
{
  g_return_val_if_fail (SCOPE_IS_NAMES (self), 0);

  if (name == NULL)
    return 0;
  return scope_names_intern_bytes (self, name,
                                   length < 0 ? strlen (name) : strnlen (name, length));
}

/**
 * scope_names_find:
 * @name: (nullable): a name
 *
 * Returns: its number, or 0 if it never was interned
 */
guint32
scope_names_find (ScopeNames *self,
                  const char *name)
{
  gsize length;

  g_return_val_if_fail (SCOPE_IS_NAMES (self), 0);

  if (name == NULL)
    return 0;
  length = strlen (name);
  return scope_names_lookup (self, name, length, scope_names_hash (self, name, length));
}

/**
 * scope_names_get:
 * @id: a number
 *
 * May be called on any thread for a number that thread was given; the text lives as long as @self.
 *
 * Returns: (transfer none) (nullable): the name; %NULL for 0 or a number never given
 */
const char *
scope_names_get (ScopeNames *self,
                 guint32     id)
{
  g_return_val_if_fail (SCOPE_IS_NAMES (self), NULL);

  if (id == SCOPE_NAMES_OVERFLOW)
    return _("(too many different names)");
  if (id == 0 || id > (guint) g_atomic_int_get (&self->count))
    return NULL;
  return scope_names_at (self, id)->text;
}

/**
 * scope_names_get_count:
 *
 * Returns: how many names there are; their numbers are 1 to this
 */
guint32
scope_names_get_count (ScopeNames *self)
{
  g_return_val_if_fail (SCOPE_IS_NAMES (self), 0);

  return g_atomic_int_get (&self->count);
}

/**
 * scope_names_get_full:
 *
 * Returns: whether a name has been given %SCOPE_NAMES_OVERFLOW: see scope_entry_get_name()
 */
gboolean
scope_names_get_full (ScopeNames *self)
{
  g_return_val_if_fail (SCOPE_IS_NAMES (self), FALSE);

  return self->is_full;
}

/* Adds a name under the next number even if the same name is there already: the numbers of a file
 * must stay what they are. */
guint32
_scope_names_load (ScopeNames *self,
                   const char *name,
                   gsize       length)
{
  g_autofree char *valid = NULL;

  g_assert (SCOPE_IS_NAMES (self));

  length = strnlen (name, length);
  if (!g_utf8_validate (name, length, NULL))
    {
      valid = g_utf8_make_valid (name, length);
      name = valid;
      length = strlen (valid);
    }
  return scope_names_add (self, name, length, scope_names_hash (self, name, length));
}
