/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-state-period.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_RIBBON (scope_ribbon_get_type ())

G_DECLARE_FINAL_TYPE (ScopeRibbon, scope_ribbon, SCOPE, RIBBON, GtkWidget)

/**
 * ScopeRibbon:
 *
 * The connection's states over time as one bar. Properties: `history` (GListModel of
 * ScopeStatePeriod, newest first); read-only `selected-text` (nullable): the period under the
 * keyboard cursor in words.
 */
void        scope_ribbon_set_history       (ScopeRibbon *self,
                                            GListModel  *history);
const char *scope_ribbon_get_selected_text (ScopeRibbon *self);          /* nullable */

G_END_DECLS
