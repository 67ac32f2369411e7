/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-event-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DIFF_VIEW (scope_diff_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDiffView, scope_diff_view, SCOPE, DIFF_VIEW, AdwBin)

/**
 * ScopeDiffView:
 *
 * How one event's payload differs from another's. Uses inspector.mark-diff and inspector.forget-diff.
 *
 * Signal `picked (ScopeEventItem)`: another one is to be compared with.
 */
/* which event others can be picked for (nullable) */
void scope_diff_view_set_item   (ScopeDiffView  *self,
                                 ScopeEventItem *item);
/* title: what is compared. before NULL: nothing to compare with, and title says why. Reads a long one and
 * compares on a worker thread */
void scope_diff_view_compare    (ScopeDiffView  *self,
                                 const char     *title,
                                 ScopeEventItem *before,
                                 ScopeEntry     *after);
/* instead of a comparison */
void scope_diff_view_set_note   (ScopeDiffView  *self,
                                 const char     *note);
/* which event is remembered to compare with (nullable) */
void scope_diff_view_set_marked (ScopeDiffView  *self,
                                 ScopeEventItem *marked);

G_END_DECLS
