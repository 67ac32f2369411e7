/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "session/scope-event-list.h"

G_BEGIN_DECLS

/* The filter's part of a row's menu: from any cell, only its like or all but its like. */

/* column: of the cell, as `log-columns` has it ("channel", "data.total"); NULL: of no cell in
 * particular */
void scope_cell_filter_fill_menu (GMenu          *menu,
                                  ScopeEventItem *item,
                                  const char     *column);

G_END_DECLS
