/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-session-view.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_STATISTICS_VIEW (scope_statistics_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopeStatisticsView, scope_statistics_view, SCOPE, STATISTICS_VIEW,
                      ScopeSessionView)

/**
 * ScopeStatisticsView:
 *
 * How much came when, from where, and what its numbers say: the log as charts and tables. Property
 * `session`.
 */

/* event "": any; path as the filter writes it: data.total */
void       scope_statistics_view_plot (ScopeStatisticsView *self,
                                       const char          *event,
                                       const char          *path);

G_END_DECLS
