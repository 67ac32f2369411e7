/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_RECENT_CAPTURES (scope_recent_captures_get_type ())

G_DECLARE_FINAL_TYPE (ScopeRecentCaptures, scope_recent_captures, SCOPE, RECENT_CAPTURES, AdwBin)

/**
 * ScopeRecentCaptures:
 *
 * The user's recordings and the captures opened lately, newest first: opened, shown in the file
 * manager, renamed, put in the trash. Looks at them anew whenever it comes into sight.
 */

/* it was opened: it stays in the list wherever it is */
void scope_recent_captures_remember (const char *path);

G_END_DECLS
