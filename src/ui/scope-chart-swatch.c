/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-chart"

#include "config.h"

#include "ui/scope-chart-swatch.h"

#include "ui/scope-chart-colors.h"

#define WIDTH 22
#define HEIGHT 14

struct _ScopeChartSwatch
{
  GtkWidget parent_instance;

  guint part;
};

G_DEFINE_FINAL_TYPE (ScopeChartSwatch, scope_chart_swatch, GTK_TYPE_WIDGET)

static void
scope_chart_swatch_snapshot (GtkWidget   *widget,
                             GtkSnapshot *snapshot)
{
  ScopeChartColors colors;

  scope_chart_colors_init (&colors, widget);
  scope_chart_colors_paint_swatch (&colors, snapshot, SCOPE_CHART_SWATCH (widget)->part,
                                   gtk_widget_get_width (widget), gtk_widget_get_height (widget));
}

static void
scope_chart_swatch_class_init (ScopeChartSwatchClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->snapshot = scope_chart_swatch_snapshot;
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PRESENTATION);
}

static void
scope_chart_swatch_init (ScopeChartSwatch *self)
{
  gtk_widget_set_size_request (GTK_WIDGET (self), WIDTH, HEIGHT);
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
}

/**
 * scope_chart_swatch_new:
 * @part: which
 *
 * Returns: (transfer floating): a sample
 */
GtkWidget *
scope_chart_swatch_new (guint part)
{
  ScopeChartSwatch *self = g_object_new (SCOPE_TYPE_CHART_SWATCH, NULL);

  self->part = part;
  return GTK_WIDGET (self);
}
