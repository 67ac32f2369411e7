/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-pages"

#include "config.h"

#include "capture/scope-pages.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope-limits.h"

/* The formats are those of https://www.sqlite.org/fileformat2.html. */

#define FILE_HEADER_BYTES 100
#define LEAF_TABLE 0x0d
#define LEAF_INDEX 0x0a
#define LEAF_HEADER_BYTES 8
#define MAX_PAYLOAD_BYTES (16 * SCOPE_LIMIT_FRAME_BYTES)
/* of rows that continue on other pages; each such page belongs to one of them */
#define MAX_OVERFLOW_READS 4 /* times the file */
#define WAL_HEADER_BYTES 32
#define WAL_FRAME_BYTES 24
#define WAL_MAGIC 0x377f0682 /* its lowest bit is the order of the checksums' bytes */

struct _ScopePages
{
  int fd;
  int wal;
  guint n_pages;
  guint64 overflow_left; /* bytes */
  GHashTable *in_wal; /* page → offset of its last committed content there, divided by 8 */
  guint8 bytes[SCOPE_PAGE_SIZE];
};

static guint32
pages_get_u32 (const guint8 *bytes)
{
  return (guint32) bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

static guint
pages_get_u16 (const guint8 *bytes)
{
  return bytes[0] << 8 | bytes[1];
}

static gboolean
pages_read_at (int     fd,
               void   *bytes,
               gsize   size,
               goffset offset)
{
  return fd >= 0 && pread (fd, bytes, size, offset) == (gssize) size;
}

/* --- the -wal --- */

/* What was committed replaces what is in the file, frame by frame. */
static void
pages_commit_frames (ScopePages *self,
                     GHashTable *pending)
{
  GHashTableIter iter;
  gpointer page;
  gpointer offset;

  g_hash_table_iter_init (&iter, pending);
  while (g_hash_table_iter_next (&iter, &page, &offset))
    {
      g_hash_table_insert (self->in_wal, page, offset);
      self->n_pages = MAX (self->n_pages, GPOINTER_TO_UINT (page));
    }
  g_hash_table_remove_all (pending);
}

static void
pages_read_wal (ScopePages *self)
{
  g_autoptr (GHashTable) pending = g_hash_table_new (NULL, NULL);
  guint8 header[WAL_HEADER_BYTES];
  guint8 frame[WAL_FRAME_BYTES];
  goffset offset = WAL_HEADER_BYTES;

  if (!pages_read_at (self->wal, header, sizeof header, 0)
      || (pages_get_u32 (header) & ~1u) != WAL_MAGIC
      || pages_get_u32 (header + 8) != SCOPE_PAGE_SIZE)
    return;
  /* the salts of what was written before the last checkpoint are others */
  while (pages_read_at (self->wal, frame, sizeof frame, offset)
         && memcmp (frame + 8, header + 16, 8) == 0)
    {
      guint32 page = pages_get_u32 (frame);

      if (page > 0 && page <= G_MAXINT32)
        g_hash_table_insert (pending, GUINT_TO_POINTER (page),
                             GSIZE_TO_POINTER ((gsize) (offset + WAL_FRAME_BYTES) / 8));
      if (pages_get_u32 (frame + 4) != 0)
        pages_commit_frames (self, pending);
      offset += WAL_FRAME_BYTES + SCOPE_PAGE_SIZE;
    }
}

/* --- pages --- */

ScopePages *
_scope_pages_open (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  ScopePages *self;
  struct stat status;

  if (fd < 0)
    return NULL;
  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode))
    {
      close (fd);
      return NULL;
    }
  self = g_new0 (ScopePages, 1);
  self->fd = fd;
  self->wal = g_open (wal, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  self->n_pages = MIN ((status.st_size + SCOPE_PAGE_SIZE - 1) / SCOPE_PAGE_SIZE, G_MAXINT32);
  self->in_wal = g_hash_table_new (NULL, NULL);
  pages_read_wal (self);
  self->overflow_left = (guint64) self->n_pages * SCOPE_PAGE_SIZE * MAX_OVERFLOW_READS;
  return self;
}

void
_scope_pages_free (ScopePages *self)
{
  g_hash_table_unref (self->in_wal);
  close (self->fd);
  if (self->wal >= 0)
    close (self->wal);
  g_free (self);
}

guint
_scope_pages_get_count (ScopePages *self)
{
  return self->n_pages;
}

const guint8 *
_scope_pages_read (ScopePages *self,
                   guint       page)
{
  gpointer offset;
  guint8 *bytes = self->bytes;

  if (page == 0 || page > self->n_pages)
    return NULL;
  if (g_hash_table_lookup_extended (self->in_wal, GUINT_TO_POINTER (page), NULL, &offset))
    {
      if (pages_read_at (self->wal, bytes, SCOPE_PAGE_SIZE, (goffset) GPOINTER_TO_SIZE (offset) * 8))
        return bytes;
    }
  if (!pages_read_at (self->fd, bytes, SCOPE_PAGE_SIZE, (goffset) (page - 1) * SCOPE_PAGE_SIZE))
    return NULL;
  return bytes;
}

/* --- rows --- */

/* 0: it does not end in time */
static guint
pages_get_varint (const guint8 *bytes,
                  gsize         size,
                  guint64      *number)
{
  *number = 0;
  for (guint i = 0; i < size && i < 9; i++)
    {
      if (i == 8)
        {
          *number = *number << 8 | bytes[i];
          return 9;
        }
      *number = *number << 7 | (bytes[i] & 0x7f);
      if ((bytes[i] & 0x80) == 0)
        return i + 1;
    }
  return 0;
}

ScopeLeaf
_scope_pages_get_leaf (const guint8 *bytes,
                       guint         page,
                       guint        *n_cells)
{
  const guint8 *header = bytes + (page == 1 ? FILE_HEADER_BYTES : 0);

  *n_cells = pages_get_u16 (header + 3);
  if (*n_cells == 0 || *n_cells > SCOPE_PAGE_SIZE / 4)
    return SCOPE_LEAF_NONE;
  if (header[0] == LEAF_TABLE)
    return SCOPE_LEAF_TABLE;
  return header[0] == LEAF_INDEX ? SCOPE_LEAF_INDEX : SCOPE_LEAF_NONE;
}

/* How much of a row is on the page where it begins. */
static gsize
pages_get_local (gsize    payload,
                 gboolean is_table)
{
  gsize most = is_table ? SCOPE_PAGE_SIZE - 35 : (SCOPE_PAGE_SIZE - 12) * 64 / 255 - 23;
  gsize least = (SCOPE_PAGE_SIZE - 12) * 32 / 255 - 23;
  gsize local = least + (payload - least) % (SCOPE_PAGE_SIZE - 4);

  if (payload <= most)
    return payload;
  return local <= most ? local : least;
}

static gboolean
pages_read_overflow (ScopePages *self,
                     guint32     page,
                     gsize       size,
                     GByteArray *buffer)
{
  if (size / (SCOPE_PAGE_SIZE - 4) > self->n_pages)
    return FALSE;
  while (size > 0)
    {
      gsize n = MIN (size, SCOPE_PAGE_SIZE - 4);
      const guint8 *bytes = n <= self->overflow_left ? _scope_pages_read (self, page) : NULL;

      if (bytes == NULL)
        return FALSE;
      self->overflow_left -= n;
      g_byte_array_append (buffer, bytes + 4, n);
      size -= n;
      page = pages_get_u32 (bytes);
    }
  return TRUE;
}

static gsize
cell_get_type_size (guint64 type)
{
  static const guint8 sizes[] = { 0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0 };

  return type < G_N_ELEMENTS (sizes) ? sizes[type] : (type - 12) / 2;
}

static gboolean
cell_parse (ScopeCell    *cell,
            const guint8 *bytes,
            gsize         size)
{
  guint64 header = 0;
  gsize at = pages_get_varint (bytes, size, &header);
  gsize body = header;

  cell->n_columns = 0;
  if (at == 0 || header > size || header < at)
    return FALSE;
  while (at < header)
    {
      guint64 type;
      guint n = pages_get_varint (bytes + at, header - at, &type);
      gsize length;

      if (n == 0 || cell->n_columns == SCOPE_CELL_COLUMNS || type == 10 || type == 11)
        return FALSE;
      length = cell_get_type_size (type);
      if (length > size - body)
        return FALSE;
      cell->columns[cell->n_columns].type = type;
      cell->columns[cell->n_columns].bytes = bytes + body;
      cell->columns[cell->n_columns].size = length;
      cell->n_columns++;
      body += length;
      at += n;
    }
  return cell->n_columns > 0;
}

/* where the cell's row begins, 0: there is none; how long it is, and its id */
static gsize
pages_find_cell (const guint8 *bytes,
                 guint         page,
                 guint         i,
                 gsize        *payload_size,
                 gint64       *row_id)
{
  const guint8 *header = bytes + (page == 1 ? FILE_HEADER_BYTES : 0);
  gboolean is_table = header[0] == LEAF_TABLE;
  gsize pointer = (header - bytes) + LEAF_HEADER_BYTES + 2 * (gsize) i;
  gsize at = pointer + 2 <= SCOPE_PAGE_SIZE ? pages_get_u16 (bytes + pointer) : 0;
  guint64 payload = 0;
  guint64 id = 0;
  guint n;

  if (at < LEAF_HEADER_BYTES || at >= SCOPE_PAGE_SIZE)
    return 0;
  n = pages_get_varint (bytes + at, SCOPE_PAGE_SIZE - at, &payload);
  at += n;
  if (n == 0 || payload == 0 || payload > MAX_PAYLOAD_BYTES)
    return 0;
  if (is_table)
    {
      n = pages_get_varint (bytes + at, SCOPE_PAGE_SIZE - at, &id);
      at += n;
      if (n == 0)
        return 0;
    }
  if (pages_get_local (payload, is_table) > SCOPE_PAGE_SIZE - at)
    return 0;
  *payload_size = payload;
  *row_id = (gint64) id; /* two's complement, as it is in the file */
  return at;
}

gboolean
_scope_pages_read_id (const guint8 *bytes,
                      guint         page,
                      guint         i,
                      gint64       *id)
{
  gsize payload;

  return pages_find_cell (bytes, page, i, &payload, id) > 0;
}

gboolean
_scope_pages_read_cell (ScopePages   *self,
                        const guint8 *bytes,
                        guint         page,
                        guint         i,
                        GByteArray   *buffer,
                        ScopeCell    *cell)
{
  const guint8 *header = bytes + (page == 1 ? FILE_HEADER_BYTES : 0);
  gsize payload = 0;
  gsize at = pages_find_cell (bytes, page, i, &payload, &cell->id);
  gsize local;

  if (at == 0)
    return FALSE;
  local = pages_get_local (payload, header[0] == LEAF_TABLE);
  if (local == payload)
    return cell_parse (cell, bytes + at, payload);
  if (local + 4 > SCOPE_PAGE_SIZE - at)
    return FALSE;

  g_byte_array_set_size (buffer, 0);
  g_byte_array_append (buffer, bytes + at, local);
  return pages_read_overflow (self, pages_get_u32 (bytes + at + local), payload - local, buffer)
         && cell_parse (cell, buffer->data, buffer->len);
}

gboolean
_scope_cell_is_integer (const ScopeCell *cell,
                        guint            column)
{
  guint64 type = cell->columns[column].type;

  return (type >= 1 && type <= 6) || type == 8 || type == 9;
}

gint64
_scope_cell_get_integer (const ScopeCell *cell,
                         guint            column)
{
  const guint8 *bytes = cell->columns[column].bytes;
  gsize size = cell->columns[column].size;
  gint64 number;

  if (size == 0)
    return cell->columns[column].type == 9;
  number = (gint8) bytes[0];
  for (gsize i = 1; i < size; i++)
    number = (gint64) ((guint64) number << 8 | bytes[i]);
  return number;
}

gboolean
_scope_cell_is_text (const ScopeCell *cell,
                     guint            column)
{
  guint64 type = cell->columns[column].type;

  return type >= 13 && type % 2 == 1;
}
