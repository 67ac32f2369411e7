/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-event-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DIFF_MARK (scope_diff_mark_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDiffMark, scope_diff_mark, SCOPE, DIFF_MARK, AdwBin)

/* Which event others are compared with, and a way to forget it; nothing without one. Uses inspector.forget-diff. */
/* both nullable; shown: what is read beside it */
void scope_diff_mark_set (ScopeDiffMark  *self,
                          ScopeEventItem *marked,
                          ScopeEventItem *shown);

G_END_DECLS
