/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_CHART_SWATCH (scope_chart_swatch_get_type ())

G_DECLARE_FINAL_TYPE (ScopeChartSwatch, scope_chart_swatch, SCOPE, CHART_SWATCH, GtkWidget)

/* A sample of a part's colour and texture, for a legend. part: as scope_chart_colors_paint_swatch() */
GtkWidget *scope_chart_swatch_new (guint part);

G_END_DECLS
