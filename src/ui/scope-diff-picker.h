/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-event-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DIFF_PICKER (scope_diff_picker_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDiffPicker, scope_diff_picker, SCOPE, DIFF_PICKER, GtkPopover)

/**
 * ScopeDiffPicker:
 *
 * Which event another one is compared with: one before it of the same channel and name, a bookmarked
 * one, or any by its number.
 *
 * Signal `picked (ScopeEventItem)`: that one.
 */
/* whose others; NULL: there is none */
void       scope_diff_picker_set_item (ScopeDiffPicker *self,
                                       ScopeEventItem  *item);
/* the one that is compared with (nullable) */
void       scope_diff_picker_set_marked (ScopeDiffPicker *self,
                                         ScopeEventItem  *marked);

G_END_DECLS
