/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/scope-chart-data.h"

G_BEGIN_DECLS

/* The picture of a chart. Each part has a colour and a texture of its own: colour alone tells
 * nothing. */

typedef struct
{
  double left, top, width, height; /* of what is inside the axes */
  gint64 from_usec, to_usec;
  double least, largest; /* of the value axis */
  double step;           /* between its marks */
  gboolean mirrored;
} ScopeChartScale;

/* what is drawn with: found once for a widget's style */
typedef struct
{
  GdkRGBA text;
  GdkRGBA ground;
  GdkRGBA parts[SCOPE_CHART_MAX_PARTS];
  gboolean strong; /* high contrast */
} ScopeChartColors;

void   scope_chart_colors_init   (ScopeChartColors       *self,
                                  GtkWidget              *widget);
/* FALSE: there is no room */
gboolean scope_chart_scale_init  (ScopeChartScale        *self,
                                  const ScopeChartData   *data,
                                  GtkWidget              *widget);
double scope_chart_scale_get_x   (const ScopeChartScale  *self,
                                  gint64                  usec);
gint64 scope_chart_scale_get_time (const ScopeChartScale *self,
                                   double                 x);
void   scope_chart_paint         (GtkWidget              *widget,
                                  GtkSnapshot            *snapshot,
                                  const ScopeChartData   *data,
                                  const ScopeChartScale  *scale,
                                  const ScopeChartColors *colors);
/* a sample of a part's colour and texture; part SCOPE_CHART_MAX_PARTS: of what is not known */
void   scope_chart_paint_swatch  (GtkSnapshot            *snapshot,
                                  const ScopeChartColors *colors,
                                  guint                   part,
                                  double                  width,
                                  double                  height);

G_END_DECLS
