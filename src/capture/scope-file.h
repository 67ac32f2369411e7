/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-block.h"
#include "capture/scope-names.h"

G_BEGIN_DECLS

/* A capture file while it is written. Belongs to one thread. After a function failed only rollback
 * and close make sense. */
typedef struct _ScopeFile ScopeFile;

ScopeFile *_scope_file_create        (const char         *path,
                                      const char * const *app,
                                      guint               max_pages,
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
void       _scope_file_rollback      (ScopeFile          *self);
/* marks the capture closed, checkpoints, leaves one plain file; frees self either way */
gboolean   _scope_file_close         (ScopeFile          *self,
                                      GError            **error);

G_END_DECLS
