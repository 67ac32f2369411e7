/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/scope-chart-colors.h"
#include "ui/scope-chart-data.h"

G_BEGIN_DECLS

/* The picture of a chart. */

typedef struct
{
  double left, top, width, height; /* of what is inside the axes */
  gint64 from_usec, to_usec;
  double least, largest; /* of the value axis */
  double step;           /* between its marks */
  gboolean mirrored;
} ScopeChartScale;

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
/* a time over it */
void   scope_chart_paint_span    (GtkSnapshot            *snapshot,
                                  const ScopeChartScale  *scale,
                                  const GdkRGBA          *color,
                                  double                  alpha,
                                  gint64                  from_usec,
                                  gint64                  to_usec);

G_END_DECLS
