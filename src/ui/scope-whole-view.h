/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_WHOLE_VIEW (scope_whole_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopeWholeView, scope_whole_view, SCOPE, WHOLE_VIEW, AdwBin)

/**
 * ScopeWholeView:
 *
 * One value with nothing left out, over the list that shows only its beginning; of two versions one
 * or the other. Signal `closed`: back to the list.
 */
/* before: nullable; after: nullable, but one of them is there */
void scope_whole_view_show (ScopeWholeView *self,
                            const char     *title,
                            GBytes         *before,
                            GBytes         *after);

G_END_DECLS
