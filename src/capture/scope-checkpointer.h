/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include <glib.h>

G_BEGIN_DECLS

/* Keeps the -wal of a capture that is written from growing: checkpoints on a thread of its own. Belongs to the
 * thread that writes. */
typedef struct _ScopeCheckpointer ScopeCheckpointer;

/* path: the file; writer: the connection that writes it, already in WAL mode, whose commits are followed from now on.
 * NULL: the file can't be opened once more; the reason is not kept, as writing goes on without */
ScopeCheckpointer *_scope_checkpointer_new       (const char        *path,
                                                  sqlite3           *writer);
/* waits for what it does, and lets go of the file */
void               _scope_checkpointer_free      (ScopeCheckpointer *self);
/* how many pages of the -wal are reason enough */
void               _scope_checkpointer_set_pages (ScopeCheckpointer *self,
                                                  guint              pages);
/* to be called after each commit */
void               _scope_checkpointer_step      (ScopeCheckpointer *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeCheckpointer, _scope_checkpointer_free)

G_END_DECLS
