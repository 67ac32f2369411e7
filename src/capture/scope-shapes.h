/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"
#include "capture/scope-shape.h"

G_BEGIN_DECLS

/**
 * ScopeShapes:
 *
 * The shapes of all event names of one app. For one thread at a time.
 */
typedef struct _ScopeShapes ScopeShapes;

ScopeShapes *scope_shapes_new          (void);
void         scope_shapes_free         (ScopeShapes       *self);

/* Looks at an entry. FALSE, and nothing is written: it is no event, its payload is locked, or its name
 * is one too many. verdict (nullable) has to be cleared; earlier (nullable): the number of the event
 * of that name before it, 0 if it is not of this session */
gboolean     scope_shapes_observe      (ScopeShapes       *self,
                                        const ScopeEntry  *entry,
                                        ScopeNames        *names,
                                        ScopeShapeVerdict *verdict,
                                        guint64           *earlier);
/* transfer none, nullable */
ScopeShape  *scope_shapes_find         (ScopeShapes       *self,
                                        const char        *event);
/* what another table has learnt of the same app; from is used up */
void         scope_shapes_merge        (ScopeShapes       *self,
                                        ScopeShapes       *from);
/* sorted, NULL-terminated (transfer full) */
char       **scope_shapes_list_names   (ScopeShapes       *self);
/* there were more event names than are remembered */
gboolean     scope_shapes_get_cut      (ScopeShapes       *self);
void         scope_shapes_clear        (ScopeShapes       *self);

/* A JSON Schema (2020-12) document of one event's data; event NULL: of all, as $defs. NULL: there is
 * no such event (transfer full) */
char        *scope_shapes_dup_schema   (ScopeShapes       *self,
                                        const char        *event);

/* What is kept from session to session: names and types (transfer full) */
GString     *scope_shapes_to_lines     (ScopeShapes       *self);
/* into an empty one. FALSE: it is no such file, or damaged; what could be read is there */
gboolean     scope_shapes_read_lines   (ScopeShapes       *self,
                                        const char        *text,
                                        gsize              length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeShapes, scope_shapes_free)

G_END_DECLS
