/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/scope-chart-data.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CHART_TABLE (scope_chart_table_get_type ())

G_DECLARE_FINAL_TYPE (ScopeChartTable, scope_chart_table, SCOPE, CHART_TABLE, AdwBin)

/* The figures of a chart as a table, newest last. Signal `activated (gint64 usec)`. */
void scope_chart_table_set_title (ScopeChartTable      *self,
                                  const char           *title);
void scope_chart_table_set_data  (ScopeChartTable      *self,
                                  const ScopeChartData *data);

G_END_DECLS
