/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_FILTER_CHIPS (scope_filter_chips_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFilterChips, scope_filter_chips, SCOPE, FILTER_CHIPS, AdwBin)

/**
 * ScopeFilterChips:
 *
 * The parts of a filter that all have to be true, in words, each to be turned around or removed.
 * Signal `edited (const char *text)`: the filter that is left.
 */
/* hidden where there is no term; a broken text changes nothing */
void       scope_filter_chips_set_text (ScopeFilterChips *self,
                                        const char       *text);

G_END_DECLS
