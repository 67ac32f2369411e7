/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"

G_BEGIN_DECLS

#define SCOPE_BLOCK_ROWS 4096

/* What of an entry goes into the file. The texts belong to the block. */
typedef struct
{
  gint64 time_usec;
  const char *frame;   /* NULL: none */
  const char *detail;  /* with its NUL; NULL: none */
  gsize frame_size;
  ScopeSpan data;
  guint32 channel;
  guint32 event;
  guint32 user;
  guint32 told_size; /* of the entry */
  guint8 kind;
  guint8 direction;
  guint8 flags;
  guint8 data_kind;
} ScopeBlockRow;

/* Entries on their way to the file: what one transaction writes. A block is filled on one thread,
 * handed over, written, cleared and filled again. */
typedef struct _ScopeBlock ScopeBlock;

ScopeBlock *         _scope_block_new      (void);
void                 _scope_block_free     (ScopeBlock       *self);
/* FALSE: it is full. An empty block takes any entry */
gboolean             _scope_block_append   (ScopeBlock       *self,
                                            const ScopeEntry *entry);
void                 _scope_block_clear    (ScopeBlock       *self);
const ScopeBlockRow *_scope_block_get_rows (const ScopeBlock *self,
                                            guint            *n_rows);
/* the entry a row was made of (transfer full) */
ScopeEntry *         _scope_block_new_entry (const ScopeBlock *self,
                                             guint             row,
                                             guint64           sequence);
/* the memory its entries keep */
gsize                _scope_block_get_size (const ScopeBlock *self);

G_END_DECLS
