/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-statistics.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_STATISTICS_PLOTS (scope_statistics_plots_get_type ())

G_DECLARE_FINAL_TYPE (ScopeStatisticsPlots, scope_statistics_plots, SCOPE, STATISTICS_PLOTS, AdwBin)

/**
 * ScopeStatisticsPlots:
 *
 * Numbers of payloads over time, each in a card, and the fields to add one. What is plotted is
 * remembered in the settings.
 */
void scope_statistics_plots_set_list       (ScopeStatisticsPlots *self,
                                            ScopeEventList       *list,       /* nullable */
                                            ScopeStatistics      *statistics);
void scope_statistics_plots_set_active     (ScopeStatisticsPlots *self,
                                            gboolean              active);
void scope_statistics_plots_set_shown_only (ScopeStatisticsPlots *self,
                                            gboolean              shown_only);
/* event "": any. Plotted already: nothing happens. The card (transfer none), or NULL: the path is
 * none */
GtkWidget *scope_statistics_plots_add      (ScopeStatisticsPlots *self,
                                            const char           *event,
                                            const char           *path);
/* time, gaps or names have changed */
void scope_statistics_plots_refresh        (ScopeStatisticsPlots *self);

G_END_DECLS
