/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-chart"

#include "config.h"

#include "ui/scope-chart-colors.h"

#include <adwaita.h>

#define TILE 8

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

/**
 * scope_chart_colors_fade:
 * @color: a colour
 * @alpha: from 0 to 1
 *
 * Returns: it, so much of it
 */
GdkRGBA
scope_chart_colors_fade (GdkRGBA color,
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

/**
 * scope_chart_colors_set_part:
 * @cr: what is drawn on
 * @part: below SCOPE_CHART_MAX_PARTS
 *
 * What is drawn next has the colour and texture of a part.
 */
void
scope_chart_colors_set_part (const ScopeChartColors *self,
                             cairo_t                *cr,
                             guint                   part)
{
  GdkRGBA through = mix (&self->parts[part], &self->ground, self->strong ? 0.9 : 0.55);

  set_texture (cr, part, &self->parts[part], &through);
}

/**
 * scope_chart_colors_set_unknown:
 * @cr: what is drawn on
 *
 * What is drawn next has the look of what is not known.
 */
void
scope_chart_colors_set_unknown (const ScopeChartColors *self,
                                cairo_t                *cr)
{
  GdkRGBA line = scope_chart_colors_fade (self->text, self->strong ? 0.7 : 0.3);
  GdkRGBA ground = scope_chart_colors_fade (self->text, 0.04);

  set_texture (cr, SCOPE_CHART_MAX_PARTS, &line, &ground);
}

/**
 * scope_chart_colors_paint_swatch:
 * @part: SCOPE_CHART_MAX_PARTS: of what is not known
 * @width: pixels
 * @height: pixels
 *
 * Draws a sample of a part's colour and texture.
 */
void
scope_chart_colors_paint_swatch (const ScopeChartColors *self,
                                 GtkSnapshot            *snapshot,
                                 guint                   part,
                                 double                  width,
                                 double                  height)
{
  graphene_rect_t area = GRAPHENE_RECT_INIT (0, 0, width, height);
  cairo_t *cr = gtk_snapshot_append_cairo (snapshot, &area);

  if (part < SCOPE_CHART_MAX_PARTS)
    scope_chart_colors_set_part (self, cr, part);
  else
    scope_chart_colors_set_unknown (self, cr);
  cairo_rectangle (cr, 0, 0, width, height);
  cairo_fill (cr);
  gdk_cairo_set_source_rgba (cr, &self->text);
  cairo_set_line_width (cr, self->strong ? 2 : 1);
  cairo_rectangle (cr, 0.5, 0.5, width - 1, height - 1);
  cairo_stroke (cr);
  cairo_destroy (cr);
}
