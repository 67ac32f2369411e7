/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_SHAPE_BAR (scope_shape_bar_get_type ())

G_DECLARE_FINAL_TYPE (ScopeShapeBar, scope_shape_bar, SCOPE, SHAPE_BAR, AdwBin)

/**
 * ScopeShapeBar:
 *
 * Over an event's details: how it looks like none before. Only to be seen if it does.
 */
/* 0: of no event */
void       scope_shape_bar_set_sequence (ScopeShapeBar *self,
                                         guint64        sequence);

G_END_DECLS
