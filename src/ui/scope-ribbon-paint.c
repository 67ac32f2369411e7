/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-ribbon"

#include "config.h"

#include "ui/scope-ribbon-paint.h"

#include <math.h>

#include "ui/scope-period-text.h"

/* Time runs in reading direction, from the oldest period to now. Each state has a height and a
 * pattern of its own besides its colour:
 *
 *   connected     full height, solid          ████
 *   connecting    three quarters, stripes /   ▞▞▞
 *   unavailable   half, stripes \             ▚▚▚
 *   failed        full height, upright bars   ||||
 *   else          a thin line                 ____
 *
 * A period in which we were not connected is drawn at least MIN_WIDTH wide, over its neighbours: a
 * gap is never too short to be seen.
 */

#define MIN_WIDTH 4.0
#define MIN_SPAN_USEC (60 * G_USEC_PER_SEC)
#define STRIPE 6.0

typedef struct
{
  const char *color; /* a named colour of the theme */
  double height;     /* share of the whole */
  double alpha;      /* of the ground below the stripes */
  double dx, dy;     /* direction of the stripes, 0: none */
} StateLook;

/* clang-format off */
static const StateLook looks[] = {
  [SCOPE_STATE_INITIALIZED]  = { NULL,            0.15, 0.35, 0, 0 },
  [SCOPE_STATE_CONNECTING]   = { "warning_color", 0.75, 0.35, 1, 1 },
  [SCOPE_STATE_CONNECTED]    = { "success_color", 1.00, 1.00, 0, 0 },
  [SCOPE_STATE_UNAVAILABLE]  = { "warning_color", 0.50, 0.35, 1, -1 },
  [SCOPE_STATE_FAILED]       = { "error_color",   1.00, 0.35, 1, 0 },
  [SCOPE_STATE_DISCONNECTED] = { NULL,            0.15, 0.35, 0, 0 },
};
/* clang-format on */

/* ---- places ---- */

static double
scale_get_x (const ScopeRibbonScale *scale,
             gint64                  usec)
{
  double share = (double) (usec - scale->from_usec) / (double) (scale->to_usec - scale->from_usec);

  return CLAMP (share, 0, 1) * scale->width;
}

static void
scale_get_area (const ScopeRibbonScale *scale,
                ScopeStatePeriod       *period,
                graphene_rect_t        *area)
{
  const StateLook *look = &looks[scope_state_period_get_state (period)];
  double left = scale_get_x (scale, scope_state_period_get_started_usec (period));
  double right = scale_get_x (scale, scope_period_get_end_usec (period, scale->now_usec));
  double height = MAX (round (scale->height * look->height), 2);

  if (scope_state_period_get_state (period) != SCOPE_STATE_CONNECTED && right - left < MIN_WIDTH)
    {
      left = MIN (floor (left), scale->width - MIN_WIDTH);
      right = left + MIN_WIDTH;
    }
  if (scale->mirrored)
    {
      double mirrored_left = scale->width - right;

      right = scale->width - left;
      left = mirrored_left;
    }
  graphene_rect_init (area, left, scale->height - height, MAX (right - left, 1), height);
}

/**
 * scope_ribbon_scale_init:
 * @self: (out): where things stand
 * @widget: the ribbon
 * @history: (nullable): what it shows
 *
 * Returns: whether there is something to draw
 */
gboolean
scope_ribbon_scale_init (ScopeRibbonScale *self,
                         GtkWidget        *widget,
                         GListModel       *history)
{
  guint n = history != NULL ? g_list_model_get_n_items (history) : 0;
  g_autoptr (ScopeStatePeriod) newest = NULL;
  g_autoptr (ScopeStatePeriod) oldest = NULL;

  if (n == 0)
    return FALSE;

  newest = g_list_model_get_item (history, 0);
  oldest = g_list_model_get_item (history, n - 1);
  self->history = history;
  self->now_usec = g_get_real_time ();
  self->to_usec = scope_period_get_end_usec (newest, self->now_usec);
  self->from_usec =
    MIN (scope_state_period_get_started_usec (oldest), self->to_usec - MIN_SPAN_USEC);
  self->width = gtk_widget_get_width (widget);
  self->height = gtk_widget_get_height (widget);
  self->mirrored = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  return self->width >= 1 && self->height >= 1;
}

/**
 * scope_ribbon_scale_dup_at:
 * @x: a place in the ribbon
 *
 * Narrow periods stand above wide ones, so they go before them.
 *
 * Returns: (transfer full) (nullable): the period that is seen there
 */
ScopeStatePeriod *
scope_ribbon_scale_dup_at (const ScopeRibbonScale *self,
                           double                  x)
{
  guint n = g_list_model_get_n_items (self->history);
  g_autoptr (ScopeStatePeriod) found = NULL;
  double found_width = G_MAXDOUBLE;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeStatePeriod) period = g_list_model_get_item (self->history, i);
      graphene_rect_t area;

      scale_get_area (self, period, &area);
      if (x < area.origin.x || x > area.origin.x + area.size.width ||
          area.size.width >= found_width)
        continue;
      g_set_object (&found, period);
      found_width = area.size.width;
    }
  return g_steal_pointer (&found);
}

/* ---- painting ---- */

static void
ribbon_get_color (GtkWidget       *widget,
                  const StateLook *look,
                  GdkRGBA         *color)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);

  if (look->color == NULL || !gtk_style_context_lookup_color (context, look->color, color))
    gtk_style_context_get_color (context, color);
}

static void
ribbon_paint_stripes (GtkSnapshot           *snapshot,
                      const StateLook       *look,
                      const GdkRGBA         *color,
                      const graphene_rect_t *area)
{
  GdkRGBA clear = *color;
  graphene_point_t start = area->origin;
  graphene_point_t end =
    GRAPHENE_POINT_INIT (start.x + STRIPE * look->dx, start.y + STRIPE * look->dy);
  GskColorStop stops[4];

  clear.alpha = 0;
  stops[0] = (GskColorStop) { 0.0, *color };
  stops[1] = (GskColorStop) { 0.5, *color };
  stops[2] = (GskColorStop) { 0.5, clear };
  stops[3] = (GskColorStop) { 1.0, clear };
  gtk_snapshot_append_repeating_linear_gradient (snapshot, area, &start, &end, stops,
                                                 G_N_ELEMENTS (stops));
}

static void
ribbon_paint_period (GtkWidget              *widget,
                     GtkSnapshot            *snapshot,
                     const ScopeRibbonScale *scale,
                     ScopeStatePeriod       *period)
{
  const StateLook *look = &looks[scope_state_period_get_state (period)];
  graphene_rect_t area;
  GdkRGBA color;
  GdkRGBA ground;

  scale_get_area (scale, period, &area);
  ribbon_get_color (widget, look, &color);
  ground = color;
  ground.alpha *= look->alpha;
  gtk_snapshot_append_color (snapshot, &ground, &area);
  if (look->dx != 0 || look->dy != 0)
    ribbon_paint_stripes (snapshot, look, &color, &area);
}

/* Cleared below the narrow ones, so that a gap shows within a solid bar. A second one of the same
 * kind on the same pixel adds nothing: last_x remembers the one before. */
static void
ribbon_paint_gap (GtkWidget              *widget,
                  GtkSnapshot            *snapshot,
                  const ScopeRibbonScale *scale,
                  ScopeStatePeriod       *period,
                  double                 *last_x)
{
  ScopeState state = scope_state_period_get_state (period);
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  graphene_rect_t area;
  GdkRGBA color;

  scale_get_area (scale, period, &area);
  if (area.size.width <= MIN_WIDTH && floor (area.origin.x) == last_x[state])
    return;

  last_x[state] = floor (area.origin.x);
  area.origin.y = 0;
  area.size.height = scale->height;
  if (gtk_style_context_lookup_color (context, "window_bg_color", &color))
    gtk_snapshot_append_color (snapshot, &color, &area);
  ribbon_paint_period (widget, snapshot, scale, period);
}

/**
 * scope_ribbon_paint_track:
 *
 * Draws the ground of the ribbon.
 */
void
scope_ribbon_paint_track (GtkSnapshot *snapshot,
                          GtkWidget   *widget)
{
  graphene_rect_t area =
    GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= 0.08;
  gtk_snapshot_append_color (snapshot, &color, &area);
}

/**
 * scope_ribbon_paint_periods:
 *
 * Draws them all, the narrow ones above those in which we were connected.
 */
void
scope_ribbon_paint_periods (GtkSnapshot            *snapshot,
                            GtkWidget              *widget,
                            const ScopeRibbonScale *scale)
{
  double last_x[G_N_ELEMENTS (looks)];

  for (guint i = 0; i < G_N_ELEMENTS (last_x); i++)
    last_x[i] = -1;
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = g_list_model_get_n_items (scale->history); i > 0; i--)
      {
        g_autoptr (ScopeStatePeriod) period = g_list_model_get_item (scale->history, i - 1);
        gboolean connected = scope_state_period_get_state (period) == SCOPE_STATE_CONNECTED;

        if (pass == 0 && connected)
          ribbon_paint_period (widget, snapshot, scale, period);
        else if (pass == 1 && !connected)
          ribbon_paint_gap (widget, snapshot, scale, period, last_x);
      }
}

/**
 * scope_ribbon_paint_cursor:
 * @period: (nullable): where the cursor stands; `NULL`: it has not been moved
 *
 * Draws the outline that shows the focus.
 */
void
scope_ribbon_paint_cursor (GtkSnapshot            *snapshot,
                           GtkWidget              *widget,
                           const ScopeRibbonScale *scale,
                           ScopeStatePeriod       *period)
{
  GtkStyleContext *context = gtk_widget_get_style_context (widget);
  const float widths[4] = { 2, 2, 2, 2 };
  GdkRGBA colors[4];
  graphene_rect_t area;
  GskRoundedRect outline;

  if (period != NULL)
    scale_get_area (scale, period, &area);
  else
    graphene_rect_init (&area, 0, 0, scale->width, scale->height);
  area.origin.y = 0;
  area.size.height = scale->height;
  area.origin.x = MAX (area.origin.x - 2, 0);
  area.size.width = MIN (area.size.width + 4, scale->width - area.origin.x);
  gtk_style_context_get_color (context, &colors[0]);
  colors[1] = colors[2] = colors[3] = colors[0];
  gsk_rounded_rect_init_from_rect (&outline, &area, 2);
  gtk_snapshot_append_border (snapshot, &outline, widths, colors);
}
