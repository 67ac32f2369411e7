/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-shape-memory.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SHAPE_MARK (scope_shape_mark_get_type ())

G_DECLARE_FINAL_TYPE (ScopeShapeMark, scope_shape_mark, SCOPE, SHAPE_MARK, AdwBin)

/**
 * ScopeShapeMark:
 *
 * In a row of the log: that its event looks like none before, and how. Only to be seen if it does.
 */
GtkWidget *scope_shape_mark_new          (void);
void       scope_shape_mark_set_sequence (ScopeShapeMark *self,
                                          guint64         sequence);
/* for whatever shows what is flagged: the memory of the events view it stands in */
void       scope_shape_follow            (gpointer           widget,
                                          ScopeShapeMemory **memory,
                                          GCallback          update);
/* of a cell: the mark among the children of a box */
void       scope_shape_mark_bind         (GtkWidget      *box,
                                          guint64         sequence);

G_END_DECLS
