/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define SCOPE_PAGE_SIZE 16384 /* of every capture; all of a page is used */

/* The pages of a capture as they lie in the file and its -wal, read without SQLite: for a file that
 * SQLite does not want to read any more. Nothing is believed, nothing is written. */
typedef struct _ScopePages ScopePages;

ScopePages   *_scope_pages_open      (const char *path);   /* NULL: it can't be read at all */
void          _scope_pages_free      (ScopePages *self);
guint         _scope_pages_get_count (ScopePages *self);
/* page from 1; SCOPE_PAGE_SIZE bytes, valid until the next call that reads; NULL: it is not there */
const guint8 *_scope_pages_read      (ScopePages *self,
                                      guint       page);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopePages, _scope_pages_free)

/* One row as it lies in a leaf page. */
#define SCOPE_CELL_COLUMNS 16

typedef struct
{
  gint64 id;
  guint n_columns;
  struct
  {
    guint64 type;         /* SQLite's serial type */
    const guint8 *bytes;
    gsize size;
  } columns[SCOPE_CELL_COLUMNS];
} ScopeCell;

typedef enum
{
  SCOPE_LEAF_NONE,
  SCOPE_LEAF_TABLE, /* rows with ids: entries, names, bookmarks */
  SCOPE_LEAF_INDEX, /* rows without: meta */
} ScopeLeaf;

/* buffer: for rows that continue on other pages, of which no more is read than a few times the file.
 * FALSE: there is no such row, or it is damaged */
ScopeLeaf     _scope_pages_get_leaf  (const guint8 *bytes,
                                      guint         page,
                                      guint        *n_cells);
/* its id alone */
gboolean      _scope_pages_read_id   (const guint8 *bytes,
                                      guint         page,
                                      guint         i,
                                      gint64       *id);
gboolean      _scope_pages_read_cell (ScopePages   *self,
                                      const guint8 *bytes,
                                      guint         page,
                                      guint         i,
                                      GByteArray   *buffer,
                                      ScopeCell    *cell);
gboolean      _scope_cell_is_integer (const ScopeCell *cell,
                                      guint            column);
gint64        _scope_cell_get_integer (const ScopeCell *cell,
                                       guint            column);
gboolean      _scope_cell_is_text    (const ScopeCell *cell,
                                      guint            column);

G_END_DECLS
