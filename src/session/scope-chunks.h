/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <string.h>

G_BEGIN_DECLS

/* An array that grows in chunks and never moves: doubling a GArray of a million records copies
 * 32 MB at once, which is a dropped frame. Items can go at its beginning as well: what is left
 * keeps its index. */
#define SCOPE_CHUNK_ITEMS 65536

typedef struct
{
  GPtrArray *chunks;
  gsize item_size;
  guint n_items;   /* the index behind the last one */
  guint n_dropped; /* the index of the first one */
} ScopeChunks;

static inline void
_scope_chunks_init (ScopeChunks *self,
                    gsize        item_size)
{
  self->chunks = g_ptr_array_new_with_free_func (g_free);
  self->item_size = item_size;
  self->n_items = 0;
  self->n_dropped = 0;
}

static inline void
_scope_chunks_clear (ScopeChunks *self)
{
  g_ptr_array_unref (self->chunks);
}

static inline gpointer
_scope_chunks_peek (const ScopeChunks *self,
                    guint              i)
{
  guint first = self->n_dropped / SCOPE_CHUNK_ITEMS;
  char *chunk = g_ptr_array_index (self->chunks, i / SCOPE_CHUNK_ITEMS - first);

  return chunk + (i % SCOPE_CHUNK_ITEMS) * self->item_size;
}

static inline void
_scope_chunks_append (ScopeChunks   *self,
                      gconstpointer  item)
{
  guint first = self->n_dropped / SCOPE_CHUNK_ITEMS;

  if (self->n_items / SCOPE_CHUNK_ITEMS - first == self->chunks->len)
    g_ptr_array_add (self->chunks, g_malloc (SCOPE_CHUNK_ITEMS * self->item_size));

  memcpy (_scope_chunks_peek (self, self->n_items++), item, self->item_size);
}

static inline guint
_scope_chunks_count (const ScopeChunks *self)
{
  return self->n_items - self->n_dropped;
}

/* bytes for its items */
static inline gsize
_scope_chunks_get_size (const ScopeChunks *self)
{
  return self->chunks->len * SCOPE_CHUNK_ITEMS * self->item_size;
}

/* Items before that index go. */
static inline void
_scope_chunks_drop_before (ScopeChunks *self,
                           guint        i)
{
  guint whole = i / SCOPE_CHUNK_ITEMS - self->n_dropped / SCOPE_CHUNK_ITEMS;

  if (whole > 0 && self->chunks->len > 0)
    g_ptr_array_remove_range (self->chunks, 0, MIN (whole, self->chunks->len));
  self->n_dropped = i;
  self->n_items = MAX (self->n_items, i);
}

/* Forgets all items, and all memory but one chunk's. */
static inline void
_scope_chunks_reset (ScopeChunks *self)
{
  self->n_items = 0;
  self->n_dropped = 0;
  if (self->chunks->len > 1)
    g_ptr_array_set_size (self->chunks, 1);
}

G_END_DECLS
