/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-chart"

#include "config.h"

#include "ui/scope-chart-paint.h"

#include <adwaita.h>
#include <math.h>

#include "ui/scope-chart-ticks.h"

#define TILE 8
/* room for what stands at the axes, on the left at least */
#define LEFT 48
#define LABEL_GAP 6
#define TOP 8
#define BOTTOM 22
#define RIGHT 8
#define TICK_WIDTH 90
#define TICK_HEIGHT 34
#define MAX_DOTS 400

/* ---- colours and textures ---- */

/* named colours of the theme's palette: darker ones on light ground, lighter ones on dark */
static const char * const palette[2][SCOPE_CHART_MAX_PARTS] = {
  { "blue_4", "orange_4", "green_5", "purple_3", "red_3", "brown_4", "yellow_5", "dark_1" },
  { "blue_2", "orange_2", "green_3", "purple_1", "red_1", "brown_1", "yellow_2", "light_5" },
};

/* one row of bits a line: where the texture of a part leaves the ground through */
static const guint8 textures[SCOPE_CHART_MAX_PARTS + 1][TILE] = {
  { 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00 }, /* solid */
  { 0x03, 0x06, 0x0c, 0x18, 0x30, 0x60, 0xc0, 0x81 }, /* stripes / */
  { 0x00, 0x66, 0x66, 0x00, 0x00, 0x66, 0x66, 0x00 }, /* dots */
  { 0x81, 0xc0, 0x60, 0x30, 0x18, 0x0c, 0x06, 0x03 }, /* stripes \ */
  { 0x00, 0x00, 0xff, 0x00, 0x00, 0x00, 0xff, 0x00 }, /* lines */
  { 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22, 0x22 }, /* upright lines */
  { 0xff, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81, 0x81 }, /* grid */
  { 0xcc, 0xcc, 0x33, 0x33, 0xcc, 0xcc, 0x33, 0x33 }, /* checks: all others */
  { 0xfc, 0xf9, 0xf3, 0xe7, 0xcf, 0x9f, 0x3f, 0x7e }, /* thin stripes: not known */
};

/**
 * scope_chart_colors_init:
 *
 * Takes the colours of a chart's parts from a widget's style.
 */
void
scope_chart_colors_init (ScopeChartColors *self,
                         GtkWidget        *widget)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  AdwStyleManager *manager = adw_style_manager_get_default ();
  guint dark = adw_style_manager_get_dark (manager);

  gtk_style_context_get_color (context, &self->text);
  if (!gtk_style_context_lookup_color (context, "view_bg_color", &self->ground))
    gdk_rgba_parse (&self->ground, dark ? "#1e1e1e" : "#ffffff");
  self->strong = adw_style_manager_get_high_contrast (manager);
  for (guint i = 0; i < SCOPE_CHART_MAX_PARTS; i++)
    if (!gtk_style_context_lookup_color (context, palette[dark][i], &self->parts[i]))
      self->parts[i] = self->text;
}

static guint32
color_to_pixel (const GdkRGBA *color)
{
  guint alpha = color->alpha * 255 + 0.5;

  return alpha << 24 | (guint) (color->red * alpha + 0.5) << 16 |
         (guint) (color->green * alpha + 0.5) << 8 | (guint) (color->blue * alpha + 0.5);
}

static void
set_texture (cairo_t       *cr,
             guint          texture,
             const GdkRGBA *color,
             const GdkRGBA *through)
{
  cairo_surface_t *tile = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, TILE, TILE);
  guint32 pixels[2] = { color_to_pixel (color), color_to_pixel (through) };
  cairo_pattern_t *pattern;

  for (guint y = 0; y < TILE; y++)
    {
      guint32 *line = (guint32 *) (gpointer) (cairo_image_surface_get_data (tile) +
                                              y * cairo_image_surface_get_stride (tile));

      for (guint x = 0; x < TILE; x++)
        line[x] = pixels[textures[texture][y] >> x & 1];
    }
  cairo_surface_mark_dirty (tile);
  pattern = cairo_pattern_create_for_surface (tile);
  cairo_pattern_set_extend (pattern, CAIRO_EXTEND_REPEAT);
  cairo_pattern_set_filter (pattern, CAIRO_FILTER_NEAREST);
  cairo_set_source (cr, pattern);
  cairo_pattern_destroy (pattern);
  cairo_surface_destroy (tile);
}

static GdkRGBA
with_alpha (GdkRGBA color,
            double  alpha)
{
  color.alpha *= alpha;
  return color;
}

static GdkRGBA
mix (const GdkRGBA *a,
     const GdkRGBA *b,
     double         share)
{
  return (GdkRGBA) { a->red + (b->red - a->red) * share, a->green + (b->green - a->green) * share,
                     a->blue + (b->blue - a->blue) * share, 1 };
}

static void
set_part (cairo_t                *cr,
          const ScopeChartColors *colors,
          guint                   part)
{
  GdkRGBA through = mix (&colors->parts[part], &colors->ground, colors->strong ? 0.9 : 0.55);

  set_texture (cr, part, &colors->parts[part], &through);
}

static void
set_unknown (cairo_t                *cr,
             const ScopeChartColors *colors)
{
  GdkRGBA line = with_alpha (colors->text, colors->strong ? 0.7 : 0.3);
  GdkRGBA ground = with_alpha (colors->text, 0.04);

  set_texture (cr, SCOPE_CHART_MAX_PARTS, &line, &ground);
}

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
  GdkRGBA line = with_alpha (colors->text, colors->strong ? 0.5 : 0.15);
  GdkRGBA text = with_alpha (colors->text, colors->strong ? 1 : 0.75);

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
  GdkRGBA line = with_alpha (colors->text, 0.4);
  GdkRGBA text = with_alpha (colors->text, colors->strong ? 1 : 0.75);
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
  set_unknown (cr, colors);
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
      set_part (cr, colors, part);
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
  GdkRGBA band = with_alpha (colors->parts[0], colors->strong ? 0.5 : 0.35);

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
  GdkRGBA base = with_alpha (colors->text, 0.5);
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
 * scope_chart_paint_swatch:
 * @part: SCOPE_CHART_MAX_PARTS: of what is not known
 * @width: pixels
 * @height: pixels
 *
 * Draws a sample of a part's colour and texture.
 */
void
scope_chart_paint_swatch (GtkSnapshot            *snapshot,
                          const ScopeChartColors *colors,
                          guint                   part,
                          double                  width,
                          double                  height)
{
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, width, height);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &area);

  if (part < SCOPE_CHART_MAX_PARTS)
    set_part (cr, colors, part);
  else
    set_unknown (cr, colors);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, &colors->text);
  cairo_set_line_width (cr, colors->strong ? 2 : 1);
  cairo_rectangle (cr, 0.5, 0.5, width - 1, height - 1);
  cairo_stroke (cr);
  cairo_destroy (cr);
}
