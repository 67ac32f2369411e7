/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-series.h"
#include "ui/scope-chart-data.h"

G_BEGIN_DECLS

/* What charts show, from what was counted or read. */

/* the name of a channel, event or user, or what stands for none (transfer full) */
char           *scope_statistics_data_dup_name (ScopeNames      *names,
                                                ScopeTallyName   kind,
                                                guint32          id);
ScopeChartData *scope_statistics_data_new_rate (ScopeStatistics *statistics,
                                                ScopeNames      *names,
                                                ScopeTallyName   stack,
                                                gboolean         by_bytes);
/* over the same time; whether it is exact: every number by itself */
ScopeChartData *scope_statistics_data_new_plot (ScopeSeries     *series,
                                                ScopeStatistics *statistics,
                                                gboolean        *exact);

G_END_DECLS
