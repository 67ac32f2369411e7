/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_TAB_STOP (scope_tab_stop_get_type ())

G_DECLARE_FINAL_TYPE (ScopeTabStop, scope_tab_stop, SCOPE, TAB_STOP, AdwBin)

/**
 * ScopeTabStop:
 *
 * Makes the list in it one stop of the Tab key. GTK's own lists are left only behind their last
 * row: 10,000 rows would be 10,000 stops. Within a row Tab still reaches its buttons.
 */

G_END_DECLS
