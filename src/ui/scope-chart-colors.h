/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/scope-chart-data.h"

G_BEGIN_DECLS

/* What charts are drawn with: found once for a widget's style. Each part has a colour and a texture of its own: colour
 * alone tells nothing. */
typedef struct
{
  GdkRGBA text;
  GdkRGBA ground;
  GdkRGBA parts[SCOPE_CHART_MAX_PARTS];
  gboolean strong; /* high contrast */
} ScopeChartColors;

void    scope_chart_colors_init         (ScopeChartColors       *self,
                                         GtkWidget              *widget);
/* what is drawn next */
void    scope_chart_colors_set_part     (const ScopeChartColors *self,
                                         cairo_t                *cr,
                                         guint                   part);
void    scope_chart_colors_set_unknown  (const ScopeChartColors *self,
                                         cairo_t                *cr);
GdkRGBA scope_chart_colors_fade         (GdkRGBA                 color,
                                         double                  alpha);
/* a sample of a part's colour and texture; part SCOPE_CHART_MAX_PARTS: of what is not known */
void    scope_chart_colors_paint_swatch (const ScopeChartColors *self,
                                         GtkSnapshot            *snapshot,
                                         guint                   part,
                                         double                  width,
                                         double                  height);

G_END_DECLS
