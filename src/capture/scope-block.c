/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-block"

#include "config.h"

#include "capture/scope-block.h"

#include <string.h>

/* Entries are copied, not referred to. In a flood the writer is behind by tens of thousands of them:
 * kept, each of their allocations would be new memory on one thread and be freed on the other, which
 * costs more than copying 250 bytes; and blocks are used again, so that they stay in the cache. What
 * is larger than COPY_BYTES is referred to all the same. */

#define BLOCK_BYTES (1536 * 1024)
#define COPY_BYTES (32 * 1024)

struct _ScopeBlock
{
  guint n_rows;
  gsize used;      /* of bytes */
  gsize kept_size; /* of what kept holds */
  GPtrArray *kept; /* of GBytes */
  ScopeBlockRow rows[SCOPE_BLOCK_ROWS];
  char bytes[BLOCK_BYTES];
};

ScopeBlock *
_scope_block_new (void)
{
  ScopeBlock *self = g_malloc (sizeof *self);

  self->n_rows = 0;
  self->used = 0;
  self->kept_size = 0;
  self->kept = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  return self;
}

void
_scope_block_free (ScopeBlock *self)
{
  g_ptr_array_unref (self->kept);
  g_free (self);
}

static const char *
block_copy (ScopeBlock *self,
            const char *text,
            gsize       size)
{
  char *copy = self->bytes + self->used;

  if (size > 0)
    memcpy (copy, text, size);
  self->used += size;
  return copy;
}

static void
block_keep (ScopeBlock *self,
            GBytes     *bytes)
{
  self->kept_size += g_bytes_get_size (bytes);
  g_ptr_array_add (self->kept, bytes);
}

static const char *
block_add_frame (ScopeBlock *self,
                 GBytes     *frame,
                 gsize      *size)
{
  const char *text = g_bytes_get_data (frame, size);

  if (*size <= COPY_BYTES)
    return block_copy (self, text, *size);
  block_keep (self, g_bytes_ref (frame));
  return text;
}

static const char *
block_add_detail (ScopeBlock *self,
                  const char *detail)
{
  gsize size = strlen (detail) + 1;
  GBytes *bytes;

  if (size <= COPY_BYTES)
    return block_copy (self, detail, size);
  bytes = g_bytes_new (detail, size);
  block_keep (self, bytes);
  return g_bytes_get_data (bytes, NULL);
}

gboolean
_scope_block_append (ScopeBlock       *self,
                     const ScopeEntry *entry)
{
  ScopeBlockRow *row;

  if (self->n_rows == SCOPE_BLOCK_ROWS || self->used + 2 * COPY_BYTES > BLOCK_BYTES ||
      (self->kept_size > 0 && self->kept_size + self->used > BLOCK_BYTES))
    return FALSE;

  row = &self->rows[self->n_rows++];
  *row = (ScopeBlockRow) {
    .time_usec = entry->time_usec,
    .data = entry->data,
    .channel = entry->channel,
    .event = entry->event,
    .user = entry->user,
    .told_size = entry->told_size,
    .kind = entry->kind,
    .direction = entry->direction,
    .flags = entry->flags,
    .data_kind = entry->data_kind,
  };
  if (entry->frame != NULL)
    row->frame = block_add_frame (self, entry->frame, &row->frame_size);
  if (entry->detail != NULL)
    row->detail = block_add_detail (self, entry->detail);
  return TRUE;
}

void
_scope_block_clear (ScopeBlock *self)
{
  self->n_rows = 0;
  self->used = 0;
  self->kept_size = 0;
  g_ptr_array_set_size (self->kept, 0);
}

const ScopeBlockRow *
_scope_block_get_rows (const ScopeBlock *self,
                       guint            *n_rows)
{
  *n_rows = self->n_rows;
  return self->rows;
}

/* What was referred to still is. */
static GBytes *
block_ref_frame (const ScopeBlock    *self,
                 const ScopeBlockRow *row)
{
  for (guint i = 0; row->frame_size > COPY_BYTES && i < self->kept->len; i++)
    if (g_bytes_get_data (g_ptr_array_index (self->kept, i), NULL) == row->frame)
      return g_bytes_ref (g_ptr_array_index (self->kept, i));
  return g_bytes_new (row->frame, row->frame_size);
}

ScopeEntry *
_scope_block_new_entry (const ScopeBlock *self,
                        guint             index,
                        guint64           sequence)
{
  const ScopeBlockRow *row = &self->rows[index];
  ScopeEntry *entry = scope_entry_new (row->kind, row->time_usec);

  g_assert (index < self->n_rows);

  entry->sequence = sequence;
  entry->direction = row->direction;
  entry->flags = row->flags;
  entry->channel = row->channel;
  entry->event = row->event;
  entry->user = row->user;
  entry->told_size = row->told_size;
  entry->data = row->data;
  entry->data_kind = row->data_kind;
  if (row->frame != NULL)
    entry->frame = block_ref_frame (self, row);
  entry->detail = g_strdup (row->detail);
  return entry;
}

gsize
_scope_block_get_size (const ScopeBlock *self)
{
  return self->n_rows * sizeof (ScopeBlockRow) + self->used + self->kept_size;
}
