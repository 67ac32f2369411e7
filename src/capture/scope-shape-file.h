/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-shapes.h"

G_BEGIN_DECLS

/**
 * ScopeShapeFile:
 *
 * The file that keeps what was learnt of events from session to session. Another window may write it, too: it is
 * locked for writing, and tells whether it is still what was read or written last. Blocks; on one thread.
 */
typedef struct _ScopeShapeFile ScopeShapeFile;

ScopeShapeFile *scope_shape_file_new         (const char      *path);
void            scope_shape_file_free        (ScopeShapeFile  *self);
/* FALSE: there is one, and not all of it could be read */
gboolean        scope_shape_file_read        (ScopeShapeFile  *self,
                                              ScopeShapes     *shapes);
/* somebody else has written it since */
gboolean        scope_shape_file_has_changed (ScopeShapeFile  *self);
/* a descriptor that holds the lock until it is closed; -1: error */
int             scope_shape_file_lock        (ScopeShapeFile  *self,
                                              GError         **error);
gboolean        scope_shape_file_write       (ScopeShapeFile  *self,
                                              const GString   *lines,
                                              GError         **error);

G_END_DECLS
