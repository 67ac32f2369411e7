/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/scope-chart-data.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CHART_CARD (scope_chart_card_get_type ())

G_DECLARE_FINAL_TYPE (ScopeChartCard, scope_chart_card, SCOPE, CHART_CARD, AdwBin)

/**
 * ScopeChartCard:
 *
 * A chart with its title, its legend, the figures under the cursor and a table of the same figures.
 * Goes to the log by win.show-time, and filters it by win.filter.
 *
 * Signal `removed ()`: its button was pressed.
 */
GtkWidget *scope_chart_card_new           (void);
void       scope_chart_card_set_title     (ScopeChartCard *self,
                                           const char     *title);
/* whether it has a button to remove it */
void       scope_chart_card_set_removable (ScopeChartCard *self,
                                           gboolean        removable);
/* a line below the title; NULL: none */
void       scope_chart_card_set_note      (ScopeChartCard *self,
                                           const char     *note);
/* what a gap is called; NULL: "Not connected" */
void       scope_chart_card_set_gap_name  (ScopeChartCard *self,
                                           const char     *name);
/* takes data */
void       scope_chart_card_take_data     (ScopeChartCard *self,
                                           ScopeChartData *data);

G_END_DECLS
