/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-block.h"
#include "capture/scope-names.h"

G_BEGIN_DECLS

/* A capture file while it is written. Belongs to one thread. After a function failed only rollback
 * and close make sense; and, if there was no room, another try after rollback. */
typedef struct _ScopeFile ScopeFile;

/* is_full (nullable): set to whether it failed because there is no room */
ScopeFile *_scope_file_create        (const char         *path,
                                      const char * const *app,
                                      guint               max_pages,
                                      gboolean           *is_full,
                                      GError            **error);
gboolean   _scope_file_begin         (ScopeFile          *self,
                                      GError            **error);
/* the names from the last one written up to number count */
gboolean   _scope_file_write_names   (ScopeFile          *self,
                                      ScopeNames         *names,
                                      guint32             count,
                                      GError            **error);
/* its entries behind those written before; their ids are 1, 2, 3… */
gboolean   _scope_file_write_block   (ScopeFile          *self,
                                      const ScopeBlock   *block,
                                      GError            **error);
/* bookmarks set and taken away */
gboolean   _scope_file_write_marks   (ScopeFile          *self,
                                      GPtrArray          *marks,
                                      GError            **error);
gboolean   _scope_file_commit        (ScopeFile          *self,
                                      GError            **error);
/* to be called after a commit, when nobody waits for it any more: keeps the -wal from growing */
void       _scope_file_checkpoint    (ScopeFile          *self);
void       _scope_file_rollback      (ScopeFile          *self);
/* whether the last failure was for want of room */
gboolean   _scope_file_is_full       (ScopeFile          *self);
/* 0, or the size at which the file counts as a full disk (for tests) */
gboolean   _scope_file_set_max_pages (ScopeFile          *self,
                                      guint               max_pages,
                                      GError            **error);
/* fails if the file does not stand in its place any more; looks once a second at most */
gboolean   _scope_file_check_place   (ScopeFile          *self,
                                      GError            **error);
/* how large what is kept may be; 0: no limit */
void       _scope_file_set_budget    (ScopeFile          *self,
                                      guint64             bytes);
/* One block of the oldest entries goes, if the budget is exceeded: *dropped tells. */
gboolean   _scope_file_drop_block    (ScopeFile          *self,
                                      gboolean           *dropped,
                                      GError            **error);
/* the first entry that is kept, from 1 */
guint64    _scope_file_get_first     (ScopeFile          *self);
/* marks the capture closed, checkpoints, leaves one plain file; frees self either way */
gboolean   _scope_file_close         (ScopeFile          *self,
                                      GError            **error);

G_END_DECLS
