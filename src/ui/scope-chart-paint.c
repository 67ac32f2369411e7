/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-chart"

#include "config.h"

#include "ui/scope-chart-paint.h"

#include <math.h>

#include "ui/scope-chart-ticks.h"

/* room for what stands at the axes, on the left at least */
#define LEFT 48
#define LABEL_GAP 6
#define TOP 8
#define BOTTOM 22
#define RIGHT 8
#define TICK_WIDTH 90
#define TICK_HEIGHT 34
#define MAX_DOTS 400

/* ---- scale ---- */

static PangoLayout *
create_label (GtkWidget  *widget,
              const char *text)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (widget, text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_attr_list_insert (attributes, pango_attr_font_features_new ("tnum=1"));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

/* Times in milliseconds, say, have many digits. */
static int
scale_get_label_width (const ScopeChartScale *self,
                       GtkWidget             *widget)
{
  const double ends[] = { self->least, self->largest };
  int needed = LEFT;

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *text = scope_chart_ticks_format_value (ends[i], self->step);
      g_autoptr (PangoLayout) layout = create_label (widget, text);
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      needed = MAX (needed, width + 2 * LABEL_GAP);
    }
  return MIN (needed, gtk_widget_get_width (widget) / 2);
}

/**
 * scope_chart_scale_init:
 * @widget: whose size it fills
 *
 * Returns: `FALSE`: there is no room
 */
gboolean
scope_chart_scale_init (ScopeChartScale      *self,
                        const ScopeChartData *data,
                        GtkWidget            *widget)
{
  double scale_step;
  int labels;

  self->top = TOP;
  self->height = gtk_widget_get_height (widget) - TOP - BOTTOM;
  self->mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  if (data == NULL || self->height < 20 || data->to_usec <= data->from_usec)
    return FALSE;

  self->from_usec = data->from_usec;
  self->to_usec = data->to_usec;
  scope_chart_data_get_extent (data, &self->least, &self->largest);
  scale_step = scope_chart_ticks_value_step (self->largest - self->least,
                                             CLAMP (self->height / TICK_HEIGHT, 1, 6));
  if (data->unit == SCOPE_CHART_COUNT)
    scale_step = MAX (scale_step, 1);
  self->step = scale_step;
  self->least = floor (self->least / scale_step + 1e-9) * scale_step;
  self->largest = ceil (self->largest / scale_step - 1e-9) * scale_step;
  labels = scale_get_label_width (self, widget);
  self->left = self->mirrored ? RIGHT : labels;
  self->width = gtk_widget_get_width (widget) - labels - RIGHT;
  return self->width >= 20 && self->largest > self->least;
}

/**
 * scope_chart_scale_get_x:
 * @usec: microseconds since 1970
 *
 * Returns: pixels from the widget's left
 */
double
scope_chart_scale_get_x (const ScopeChartScale *self,
                         gint64                 usec)
{
  double share = (double) (usec - self->from_usec) / (double) (self->to_usec - self->from_usec);

  share = CLAMP (share, 0, 1);
  return self->left + (self->mirrored ? 1 - share : share) * self->width;
}

/**
 * scope_chart_scale_get_time:
 * @x: pixels from the widget's left
 *
 * Returns: microseconds since 1970
 */
gint64
scope_chart_scale_get_time (const ScopeChartScale *self,
                            double                 x)
{
  double share = CLAMP ((x - self->left) / self->width, 0, 1);

  if (self->mirrored)
    share = 1 - share;
  return self->from_usec + share * (self->to_usec - self->from_usec);
}

static double
scale_get_y (const ScopeChartScale *self,
             double                 value)
{
  double share = (value - self->least) / (self->largest - self->least);

  return self->top + (1 - CLAMP (share, 0, 1)) * self->height;
}

/* ---- axes ---- */

static void
paint_text (GtkWidget      *widget,
            GtkSnapshot    *snapshot,
            const GdkRGBA  *color,
            const char     *text,
            double          x,
            double          y,
            double          align_x,
            double          align_y)
{
  g_autoptr (PangoLayout) layout = create_label (widget, text);
  int width, height;

  pango_layout_get_pixel_size (layout, &width, &height);
  x = CLAMP (x - align_x * width, 0, MAX (gtk_widget_get_width (widget) - width, 0));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (round (x), round (y - align_y * height)));
  gtk_snapshot_append_layout (snapshot, layout, color);
  gtk_snapshot_restore (snapshot);
}

static void
paint_rect (GtkSnapshot   *snapshot,
            const GdkRGBA *color,
            double         x,
            double         y,
            double         width,
            double         height)
{
  graphene_rect_t area = GRAPHENE_RECT_INIT (x, y, width, height);

  gtk_snapshot_append_color (snapshot, color, &area);
}

static void
paint_value_axis (GtkWidget              *widget,
                  GtkSnapshot            *snapshot,
                  const ScopeChartData   *data,
                  const ScopeChartScale  *scale,
                  const ScopeChartColors *colors)
{
  guint n = round ((scale->largest - scale->least) / scale->step);
  GdkRGBA line = scope_chart_colors_fade (colors->text, colors->strong ? 0.5 : 0.15);
  GdkRGBA text = scope_chart_colors_fade (colors->text, colors->strong ? 1 : 0.75);

  for (guint i = 0; i <= n && n <= 100; i++)
    {
      double value = scale->least + i * scale->step;
      double y = round (scale_get_y (scale, value));
      g_autofree char *label = scope_chart_ticks_format_value (value, scale->step);

      paint_rect (snapshot, &line, scale->left, y, scale->width, 1);
      if (scale->mirrored)
        paint_text (widget, snapshot, &text, label, scale->left + scale->width + LABEL_GAP, y, 0, 0.5);
      else
        paint_text (widget, snapshot, &text, label, scale->left - LABEL_GAP, y, 1, 0.5);
    }
}

static void
paint_time_axis (GtkWidget              *widget,
                 GtkSnapshot            *snapshot,
                 const ScopeChartScale  *scale,
                 const ScopeChartColors *colors)
{
  gint64 step = scope_chart_ticks_time_step (scale->to_usec - scale->from_usec,
                                             MAX (scale->width / TICK_WIDTH, 1));
  g_autoptr (GDateTime) from = g_date_time_new_from_unix_local (scale->from_usec / G_USEC_PER_SEC);
  gint64 offset = from != NULL ? g_date_time_get_utc_offset (from) : 0;
  GdkRGBA line = scope_chart_colors_fade (colors->text, 0.4);
  GdkRGBA text = scope_chart_colors_fade (colors->text, colors->strong ? 1 : 0.75);
  double bottom = scale->top + scale->height;

  for (gint64 usec = scope_chart_ticks_first_time (scale->from_usec, step, offset);
       usec <= scale->to_usec; usec += step)
    {
      g_autofree char *label = scope_chart_ticks_format_time (usec, step);
      double x = round (scope_chart_scale_get_x (scale, usec));

      paint_rect (snapshot, &line, x, bottom, 1, 4);
      paint_text (widget, snapshot, &text, label, x, bottom + 4, 0.5, 0);
    }
}

/* ---- what is known ---- */

static void
paint_gaps (cairo_t                *cr,
            const ScopeChartData   *data,
            const ScopeChartScale  *scale,
            const ScopeChartColors *colors)
{
  scope_chart_colors_set_unknown (colors, cr);
  for (guint i = 0; i < data->gaps->len; i++)
    {
      const ScopePeriod *gap = &g_array_index (data->gaps, ScopePeriod, i);
      double a, b;

      if (gap->to_usec <= scale->from_usec || gap->from_usec >= scale->to_usec)
        continue;
      a = scope_chart_scale_get_x (scale, gap->from_usec);
      b = scope_chart_scale_get_x (scale, gap->to_usec);
      cairo_rectangle (cr, MIN (a, b), scale->top, MAX (fabs (b - a), 2), scale->height);
    }
  cairo_fill (cr);
}

static void
bar_get_place (const ScopeChartData  *data,
               const ScopeChartScale *scale,
               guint                  i,
               double                *x,
               double                *width)
{
  double a = scope_chart_scale_get_x (scale, scope_chart_data_get (data, i)->start_usec);
  double b = scope_chart_scale_get_x (scale, scope_chart_data_get_end (data, i));

  *x = MIN (a, b);
  *width = fabs (b - a);
  if (*width >= 4)
    {
      *x = round (*x);
      *width = round (MAX (a, b)) - *x - 1;
    }
}

/* All of one part are filled at once: its texture then runs through. */
static void
paint_bars (cairo_t                *cr,
            const ScopeChartData   *data,
            const ScopeChartScale  *scale,
            const ScopeChartColors *colors)
{
  double factor = scope_chart_data_get_scale (data);
  g_autofree double *below = g_new0 (double, data->buckets->len + 1);

  for (guint part = 0; part < data->n_parts; part++)
    {
      scope_chart_colors_set_part (colors, cr, part);
      for (guint i = 0; i < data->buckets->len; i++)
        {
          double value = scope_chart_data_get (data, i)->values[part] * factor;
          double x, width, bottom, top;

          if (value <= 0)
            continue;
          bar_get_place (data, scale, i, &x, &width);
          bottom = scale_get_y (scale, below[i]);
          below[i] += value;
          top = scale_get_y (scale, below[i]);
          cairo_rectangle (cr, x, top, width, MAX (bottom - top, 0.5));
        }
      cairo_fill (cr);
    }
}

static double
get_middle_x (const ScopeChartData  *data,
              const ScopeChartScale *scale,
              guint                  i)
{
  return scope_chart_scale_get_x (scale, scope_chart_data_get (data, i)->start_usec +
                                           data->width_usec / 2);
}

/* TRUE: something may have been missed between this bucket and the one before. */
static gboolean
is_broken (const ScopeChartData *data,
           guint                 i,
           guint                *gap)
{
  gint64 before = scope_chart_data_get (data, i - 1)->start_usec;
  gint64 start = scope_chart_data_get (data, i)->start_usec;

  while (*gap < data->gaps->len && g_array_index (data->gaps, ScopePeriod, *gap).to_usec <= before)
    (*gap)++;
  return *gap < data->gaps->len && g_array_index (data->gaps, ScopePeriod, *gap).from_usec < start;
}

static void
paint_band (cairo_t                *cr,
            const ScopeChartData   *data,
            const ScopeChartScale  *scale,
            const ScopeChartColors *colors)
{
  GdkRGBA band = scope_chart_colors_fade (colors->parts[0], colors->strong ? 0.5 : 0.35);

  gdk_cairo_set_source_rgba (cr, &band);
  for (guint i = 0; i < data->buckets->len; i++)
    {
      const ScopeChartBucket *bucket = scope_chart_data_get (data, i);
      double top = scale_get_y (scale, bucket->values[2]);
      double bottom = scale_get_y (scale, bucket->values[1]);
      double x, width;

      if (data->width_usec == 0 || bottom - top < 1)
        continue;
      bar_get_place (data, scale, i, &x, &width);
      cairo_rectangle (cr, x, top, MAX (width, 1), bottom - top);
    }
  cairo_fill (cr);
}

static void
paint_dots (cairo_t               *cr,
            const ScopeChartData  *data,
            const ScopeChartScale *scale)
{
  if (data->buckets->len > MAX_DOTS)
    return;
  for (guint i = 0; i < data->buckets->len; i++)
    {
      cairo_new_sub_path (cr);
      cairo_arc (cr, get_middle_x (data, scale, i),
                 scale_get_y (scale, scope_chart_data_get (data, i)->values[0]),
                 data->buckets->len > 100 ? 1.5 : 3, 0, 2 * G_PI);
    }
  cairo_fill (cr);
}

static void
paint_line (cairo_t                *cr,
            const ScopeChartData   *data,
            const ScopeChartScale  *scale,
            const ScopeChartColors *colors)
{
  guint gap = 0;

  paint_band (cr, data, scale, colors);
  gdk_cairo_set_source_rgba (cr, &colors->parts[0]);
  cairo_set_line_width (cr, colors->strong ? 2.5 : 1.5);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  for (guint i = 0; i < data->buckets->len; i++)
    {
      double x = get_middle_x (data, scale, i);
      double y = scale_get_y (scale, scope_chart_data_get (data, i)->values[0]);

      if (i == 0 || is_broken (data, i, &gap))
        cairo_move_to (cr, x, y);
      else
        cairo_line_to (cr, x, y);
    }
  cairo_stroke (cr);
  paint_dots (cr, data, scale);
}

/**
 * scope_chart_paint:
 *
 * Draws axes, parts and what is not known.
 */
void
scope_chart_paint (GtkWidget              *widget,
                   GtkSnapshot            *snapshot,
                   const ScopeChartData   *data,
                   const ScopeChartScale  *scale,
                   const ScopeChartColors *colors)
{
  graphene_rect_t area =
    GRAPHENE_RECT_INIT (scale->left, scale->top - 4, scale->width, scale->height + 8);
  GdkRGBA base = scope_chart_colors_fade (colors->text, 0.5);
  cairo_t *cr;

  paint_value_axis (widget, snapshot, data, scale, colors);
  paint_time_axis (widget, snapshot, scale, colors);
  cr = gtk_snapshot_append_cairo (snapshot, &area);
  paint_gaps (cr, data, scale, colors);
  if (data->kind == SCOPE_CHART_BARS)
    paint_bars (cr, data, scale, colors);
  else
    paint_line (cr, data, scale, colors);
  cairo_destroy (cr);
  paint_rect (snapshot, &base, scale->left, scale->top + scale->height, scale->width, 1);
}

/**
 * scope_chart_paint_span:
 * @alpha: of the colour, from 0 to 1
 * @from_usec: where it begins
 * @to_usec: where it ends; the same: a line
 *
 * Tints a time over what scope_chart_paint() draws.
 */
void
scope_chart_paint_span (GtkSnapshot           *snapshot,
                        const ScopeChartScale *scale,
                        const GdkRGBA         *color,
                        double                 alpha,
                        gint64                 from_usec,
                        gint64                 to_usec)
{
  double a = scope_chart_scale_get_x (scale, from_usec);
  double b = scope_chart_scale_get_x (scale, to_usec);
  graphene_rect_t area =
    GRAPHENE_RECT_INIT (round (MIN (a, b)), scale->top, MAX (fabs (b - a), 1), scale->height);
  GdkRGBA tint = *color;

  tint.alpha *= alpha;
  gtk_snapshot_append_color (snapshot, &tint, &area);
}
