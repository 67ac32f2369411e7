/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-ascending"

#include "config.h"

#include "session/scope-ascending.h"

#define CHUNK_ITEMS 65536

typedef struct
{
  guint32 first;
  guint32 *numbers; /* NULL: first, first + 1 … */
} ScopeAscendingChunk;

static void
chunk_clear (gpointer data)
{
  g_free (((ScopeAscendingChunk *) data)->numbers);
}

static ScopeAscendingChunk *
ascending_get_chunk (const ScopeAscending *self,
                     guint                 i)
{
  guint gone = self->n_dropped / CHUNK_ITEMS;

  return &g_array_index (self->chunks, ScopeAscendingChunk, i / CHUNK_ITEMS - gone);
}

void
_scope_ascending_init (ScopeAscending *self)
{
  self->chunks = g_array_new (FALSE, FALSE, sizeof (ScopeAscendingChunk));
  g_array_set_clear_func (self->chunks, chunk_clear);
  self->n_items = 0;
  self->n_dropped = 0;
}

void
_scope_ascending_clear (ScopeAscending *self)
{
  g_array_unref (self->chunks);
}

/* There is a gap: from here on each number is kept. */
static void
chunk_spread (ScopeAscendingChunk *chunk,
              guint                n)
{
  chunk->numbers = g_new (guint32, CHUNK_ITEMS);
  for (guint i = 0; i < n; i++)
    chunk->numbers[i] = chunk->first + i;
}

void
_scope_ascending_append (ScopeAscending *self,
                         guint32         number)
{
  guint offset = self->n_items % CHUNK_ITEMS;
  ScopeAscendingChunk *chunk;

  if (self->n_items / CHUNK_ITEMS - self->n_dropped / CHUNK_ITEMS == self->chunks->len)
    {
      /* what was dropped of it is not missed */
      ScopeAscendingChunk made = { number - offset, NULL };

      g_array_append_val (self->chunks, made);
    }
  chunk = ascending_get_chunk (self, self->n_items);
  if (chunk->numbers == NULL && number != chunk->first + offset)
    chunk_spread (chunk, offset);
  if (chunk->numbers != NULL)
    chunk->numbers[offset] = number;
  self->n_items++;
}

guint32
_scope_ascending_get (const ScopeAscending *self,
                      guint                 i)
{
  const ScopeAscendingChunk *chunk = ascending_get_chunk (self, i);
  guint offset = i % CHUNK_ITEMS;

  return chunk->numbers != NULL ? chunk->numbers[offset] : chunk->first + offset;
}

guint
_scope_ascending_count (const ScopeAscending *self)
{
  return self->n_items - self->n_dropped;
}

void
_scope_ascending_drop_before (ScopeAscending *self,
                              guint           i)
{
  guint whole = i / CHUNK_ITEMS - self->n_dropped / CHUNK_ITEMS;

  if (whole > 0 && self->chunks->len > 0)
    g_array_remove_range (self->chunks, 0, MIN (whole, self->chunks->len));
  self->n_dropped = i;
  self->n_items = MAX (self->n_items, i);
}

void
_scope_ascending_reset (ScopeAscending *self)
{
  self->n_items = 0;
  self->n_dropped = 0;
  g_array_set_size (self->chunks, 0);
}

gsize
_scope_ascending_get_size (const ScopeAscending *self)
{
  gsize size = 0;

  for (guint i = 0; i < self->chunks->len; i++)
    if (g_array_index (self->chunks, ScopeAscendingChunk, i).numbers != NULL)
      size += CHUNK_ITEMS * sizeof (guint32);
  return size;
}
