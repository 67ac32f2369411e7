/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-ribbon"

#include "config.h"

#include "ui/scope-ribbon.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "ui/scope-period-text.h"
#include "ui/scope-ui-util.h"

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
#define NATURAL_WIDTH 240
#define HEIGHT 22
#define STRIPE 6.0

struct _ScopeRibbon
{
  GtkWidget parent_instance;

  GListModel *history;
  ScopeStatePeriod *selected; /* under the keyboard cursor, or NULL */
  char *selected_text;
  guint tick_source;
};

enum
{
  PROP_0,
  PROP_HISTORY,
  PROP_SELECTED_TEXT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeRibbon, scope_ribbon, GTK_TYPE_WIDGET)

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

typedef struct
{
  gint64 from_usec, to_usec, now_usec;
  double width, height;
  gboolean mirrored;
} Scale;

static guint
scope_ribbon_get_n_periods (ScopeRibbon *self)
{
  return self->history != NULL ? g_list_model_get_n_items (self->history) : 0;
}

static ScopeStatePeriod *
scope_ribbon_dup_period (ScopeRibbon *self,
                         guint        position)
{
  return g_list_model_get_item (self->history, position);
}

/* FALSE: there is nothing to draw. */
static gboolean
scope_ribbon_get_scale (ScopeRibbon *self,
                        Scale       *scale)
{
  guint n = scope_ribbon_get_n_periods (self);
  g_autoptr (ScopeStatePeriod) newest = NULL;
  g_autoptr (ScopeStatePeriod) oldest = NULL;

  if (n == 0)
    return FALSE;

  newest = scope_ribbon_dup_period (self, 0);
  oldest = scope_ribbon_dup_period (self, n - 1);
  scale->now_usec = g_get_real_time ();
  scale->to_usec = scope_period_get_end_usec (newest, scale->now_usec);
  scale->from_usec =
    MIN (scope_state_period_get_started_usec (oldest), scale->to_usec - MIN_SPAN_USEC);
  scale->width = gtk_widget_get_width (GTK_WIDGET (self));
  scale->height = gtk_widget_get_height (GTK_WIDGET (self));
  scale->mirrored = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  return scale->width >= 1 && scale->height >= 1;
}

static double
scale_get_x (const Scale *scale,
             gint64       usec)
{
  double share = (double) (usec - scale->from_usec) / (double) (scale->to_usec - scale->from_usec);

  return CLAMP (share, 0, 1) * scale->width;
}

static void
scale_get_area (const Scale      *scale,
                ScopeStatePeriod *period,
                graphene_rect_t  *area)
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

static void
scope_ribbon_get_color (ScopeRibbon     *self,
                        const StateLook *look,
                        GdkRGBA         *color)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));

  if (look->color == NULL || !gtk_style_context_lookup_color (context, look->color, color))
    gtk_style_context_get_color (context, color);
}

static void
scope_ribbon_snapshot_stripes (GtkSnapshot           *snapshot,
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
scope_ribbon_snapshot_period (ScopeRibbon      *self,
                              GtkSnapshot      *snapshot,
                              const Scale      *scale,
                              ScopeStatePeriod *period)
{
  const StateLook *look = &looks[scope_state_period_get_state (period)];
  graphene_rect_t area;
  GdkRGBA color;
  GdkRGBA ground;

  scale_get_area (scale, period, &area);
  scope_ribbon_get_color (self, look, &color);
  ground = color;
  ground.alpha *= look->alpha;
  gtk_snapshot_append_color (snapshot, &ground, &area);
  if (look->dx != 0 || look->dy != 0)
    scope_ribbon_snapshot_stripes (snapshot, look, &color, &area);
}

/* Cleared below the narrow ones, so that a gap shows within a solid bar. A second one of the same
 * kind on the same pixel adds nothing: last_x remembers the one before. */
static void
scope_ribbon_snapshot_gap (ScopeRibbon      *self,
                           GtkSnapshot      *snapshot,
                           const Scale      *scale,
                           ScopeStatePeriod *period,
                           double           *last_x)
{
  ScopeState state = scope_state_period_get_state (period);
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
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
  scope_ribbon_snapshot_period (self, snapshot, scale, period);
}

static void
scope_ribbon_snapshot_selected (ScopeRibbon *self,
                                GtkSnapshot *snapshot,
                                const Scale *scale)
{
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));
  const float widths[4] = { 2, 2, 2, 2 };
  GdkRGBA colors[4];
  graphene_rect_t area;
  GskRoundedRect outline;

  if (!gtk_widget_has_focus (GTK_WIDGET (self)))
    return;

  if (self->selected != NULL)
    scale_get_area (scale, self->selected, &area);
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

/* The whole time, also where nothing is known of it. */
static void
scope_ribbon_snapshot_track (ScopeRibbon *self,
                             GtkSnapshot *snapshot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  graphene_rect_t area =
    GRAPHENE_RECT_INIT (0, 0, gtk_widget_get_width (widget), gtk_widget_get_height (widget));
  GdkRGBA color;

  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  color.alpha *= 0.08;
  gtk_snapshot_append_color (snapshot, &color, &area);
}

static void
scope_ribbon_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  ScopeRibbon *self = SCOPE_RIBBON (widget);
  guint n = scope_ribbon_get_n_periods (self);
  double last_x[G_N_ELEMENTS (looks)];
  Scale scale;

  scope_ribbon_snapshot_track (self, snapshot);
  if (!scope_ribbon_get_scale (self, &scale))
    return;

  for (guint i = 0; i < G_N_ELEMENTS (last_x); i++)
    last_x[i] = -1;
  for (guint pass = 0; pass < 2; pass++)
    for (guint i = n; i > 0; i--)
      {
        g_autoptr (ScopeStatePeriod) period = scope_ribbon_dup_period (self, i - 1);
        gboolean connected = scope_state_period_get_state (period) == SCOPE_STATE_CONNECTED;

        if (pass == 0 && connected)
          scope_ribbon_snapshot_period (self, snapshot, &scale, period);
        else if (pass == 1 && !connected)
          scope_ribbon_snapshot_gap (self, snapshot, &scale, period, last_x);
      }
  scope_ribbon_snapshot_selected (self, snapshot, &scale);
}

static void
scope_ribbon_measure (GtkWidget      *widget,
                      GtkOrientation  orientation,
                      int             for_size,
                      int            *minimum,
                      int            *natural,
                      int            *minimum_baseline,
                      int            *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : HEIGHT;
  *minimum_baseline = *natural_baseline = -1;
}

/* What a screen reader hears: the period under the cursor, else a summary. */
static char *
scope_ribbon_dup_summary (ScopeRibbon *self)
{
  guint n = scope_ribbon_get_n_periods (self);
  guint n_gaps = 0;
  g_autofree char *current = NULL;

  if (n == 0)
    return g_strdup (_("No connection yet."));

  for (guint i = 0; i + 1 < n; i++)
    {
      g_autoptr (ScopeStatePeriod) period = scope_ribbon_dup_period (self, i);
      g_autoptr (ScopeStatePeriod) before = scope_ribbon_dup_period (self, i + 1);

      if (i == 0)
        current = scope_period_dup_sentence (period, g_get_real_time ());
      n_gaps += scope_state_period_get_state (period) != SCOPE_STATE_CONNECTED &&
                scope_state_period_get_state (before) == SCOPE_STATE_CONNECTED;
    }
  if (current == NULL)
    return g_strdup (_("No connection yet."));

  /* Translators: %s is a sentence about the connection's state now */
  return g_strdup_printf (ngettext ("%s. %u time the connection was left.",
                                    "%s. %u times the connection was left.", n_gaps),
                          current, n_gaps);
}

static void
scope_ribbon_update_text (ScopeRibbon *self)
{
  g_autofree char *description = NULL;
  char *text = self->selected != NULL
                 ? scope_period_dup_sentence (self->selected, g_get_real_time ())
                 : NULL;
  gboolean changed = g_strcmp0 (text, self->selected_text) != 0;

  g_free (self->selected_text);
  self->selected_text = text;
  description = text != NULL ? g_strdup (text) : scope_ribbon_dup_summary (self);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  description, -1);
  if (changed)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED_TEXT]);
}

static void
scope_ribbon_select (ScopeRibbon      *self,
                     ScopeStatePeriod *period)
{
  g_set_object (&self->selected, period);
  scope_ribbon_update_text (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Position of the cursor; the newest if it stands nowhere. */
static guint
scope_ribbon_find_selected (ScopeRibbon *self)
{
  guint n = scope_ribbon_get_n_periods (self);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeStatePeriod) period = scope_ribbon_dup_period (self, i);

      if (period == self->selected)
        return i;
    }
  return 0;
}

/* steps: to the older ones; G_MAXINT and -G_MAXINT: to the ends */
static gboolean
scope_ribbon_move_cb (GtkWidget *widget,
                      GVariant  *args,
                      gpointer   user_data)
{
  ScopeRibbon *self = SCOPE_RIBBON (widget);
  gint64 last = (gint64) scope_ribbon_get_n_periods (self) - 1;
  int steps = g_variant_get_int32 (args);
  gint64 position;
  g_autoptr (ScopeStatePeriod) period = NULL;

  if (last < 0)
    return FALSE;
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL && ABS (steps) == 1)
    steps = -steps;

  position = self->selected == NULL && ABS (steps) == 1
               ? 0
               : (gint64) scope_ribbon_find_selected (self) + steps;
  period = scope_ribbon_dup_period (self, CLAMP (position, 0, last));
  scope_ribbon_select (self, period);
  return TRUE;
}

/* Narrow periods stand above wide ones, so they are asked first. */
static ScopeStatePeriod *
scope_ribbon_dup_period_at (ScopeRibbon *self,
                            double       x)
{
  guint n = scope_ribbon_get_n_periods (self);
  g_autoptr (ScopeStatePeriod) found = NULL;
  double found_width = G_MAXDOUBLE;
  Scale scale;

  if (!scope_ribbon_get_scale (self, &scale))
    return NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeStatePeriod) period = scope_ribbon_dup_period (self, i);
      graphene_rect_t area;

      scale_get_area (&scale, period, &area);
      if (x < area.origin.x || x > area.origin.x + area.size.width ||
          area.size.width >= found_width)
        continue;
      g_set_object (&found, period);
      found_width = area.size.width;
    }
  return g_steal_pointer (&found);
}

static gboolean
scope_ribbon_query_tooltip (GtkWidget  *widget,
                            int         x,
                            int         y,
                            gboolean    keyboard,
                            GtkTooltip *tooltip)
{
  ScopeRibbon *self = SCOPE_RIBBON (widget);
  g_autoptr (ScopeStatePeriod) period = NULL;
  g_autofree char *text = NULL;

  if (keyboard)
    period = self->selected != NULL ? g_object_ref (self->selected) : NULL;
  else
    period = scope_ribbon_dup_period_at (self, x);
  if (period == NULL)
    return FALSE;

  text = scope_period_dup_sentence (period, g_get_real_time ());
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
scope_ribbon_pressed_cb (ScopeRibbon *self,
                         int          n_press,
                         double       x,
                         double       y)
{
  g_autoptr (ScopeStatePeriod) period = scope_ribbon_dup_period_at (self, x);

  gtk_widget_grab_focus (GTK_WIDGET (self));
  scope_ribbon_select (self, period);
}

/* A period that was dropped from the history is no longer under the cursor. */
static void
scope_ribbon_changed_cb (ScopeRibbon *self)
{
  if (self->selected != NULL)
    {
      guint position = scope_ribbon_find_selected (self);
      g_autoptr (ScopeStatePeriod) period =
        scope_ribbon_get_n_periods (self) > 0 ? scope_ribbon_dup_period (self, position) : NULL;

      if (period != self->selected)
        g_clear_object (&self->selected);
    }
  scope_ribbon_update_text (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* Time moves on: once a second, or less often where a second is less than a pixel. */
static gboolean
scope_ribbon_tick_cb (gpointer user_data)
{
  ScopeRibbon *self = user_data;
  Scale scale;
  guint seconds = 1;

  if (scope_ribbon_get_scale (self, &scale))
    seconds = CLAMP ((scale.to_usec - scale.from_usec) / (scale.width * G_USEC_PER_SEC), 1, 60);
  scope_ribbon_update_text (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  self->tick_source = g_timeout_add_seconds (seconds, scope_ribbon_tick_cb, self);
  return G_SOURCE_REMOVE;
}

static void
scope_ribbon_map (GtkWidget *widget)
{
  ScopeRibbon *self = SCOPE_RIBBON (widget);

  GTK_WIDGET_CLASS (scope_ribbon_parent_class)->map (widget);

  self->tick_source = g_timeout_add_seconds (1, scope_ribbon_tick_cb, self);
}

static void
scope_ribbon_unmap (GtkWidget *widget)
{
  ScopeRibbon *self = SCOPE_RIBBON (widget);

  g_clear_handle_id (&self->tick_source, g_source_remove);

  GTK_WIDGET_CLASS (scope_ribbon_parent_class)->unmap (widget);
}

static void
scope_ribbon_dispose (GObject *object)
{
  ScopeRibbon *self = SCOPE_RIBBON (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  scope_ribbon_set_history (self, NULL);

  G_OBJECT_CLASS (scope_ribbon_parent_class)->dispose (object);
}

static void
scope_ribbon_finalize (GObject *object)
{
  ScopeRibbon *self = SCOPE_RIBBON (object);

  g_free (self->selected_text);

  G_OBJECT_CLASS (scope_ribbon_parent_class)->finalize (object);
}

static void
scope_ribbon_get_property (GObject    *object,
                           guint       prop_id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ScopeRibbon *self = SCOPE_RIBBON (object);

  switch (prop_id)
    {
    case PROP_HISTORY:
      g_value_set_object (value, self->history);
      break;

    case PROP_SELECTED_TEXT:
      g_value_set_string (value, self->selected_text);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_ribbon_set_property (GObject      *object,
                           guint         prop_id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  ScopeRibbon *self = SCOPE_RIBBON (object);

  switch (prop_id)
    {
    case PROP_HISTORY:
      scope_ribbon_set_history (self, g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_ribbon_bind_keys (GtkWidgetClass *widget_class)
{
  const struct
  {
    guint key, keypad;
    int steps;
  } keys[] = {
    { GDK_KEY_Left, GDK_KEY_KP_Left, 1 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, -1 },
    { GDK_KEY_Home, GDK_KEY_KP_Home, G_MAXINT },
    { GDK_KEY_End, GDK_KEY_KP_End, -G_MAXINT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      gtk_widget_class_add_binding (widget_class, keys[i].key, 0, scope_ribbon_move_cb, "i",
                                    keys[i].steps);
      gtk_widget_class_add_binding (widget_class, keys[i].keypad, 0, scope_ribbon_move_cb, "i",
                                    keys[i].steps);
    }
}

static void
scope_ribbon_class_init (ScopeRibbonClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_ribbon_dispose;
  object_class->finalize = scope_ribbon_finalize;
  object_class->get_property = scope_ribbon_get_property;
  object_class->set_property = scope_ribbon_set_property;
  widget_class->snapshot = scope_ribbon_snapshot;
  widget_class->measure = scope_ribbon_measure;
  widget_class->query_tooltip = scope_ribbon_query_tooltip;
  widget_class->map = scope_ribbon_map;
  widget_class->unmap = scope_ribbon_unmap;

  properties[PROP_HISTORY] =
    g_param_spec_object ("history", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SELECTED_TEXT] = g_param_spec_string (
    "selected-text", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "ribbon");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  scope_ribbon_bind_keys (widget_class);
}

static void
scope_ribbon_init (ScopeRibbon *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_has_tooltip (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  scope_ui_set_label (self, _("Connection over Time"));
  g_signal_connect_swapped (click, "pressed", G_CALLBACK (scope_ribbon_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

/**
 * scope_ribbon_new:
 *
 * Returns: (transfer floating): a ribbon without a history
 */
GtkWidget *
scope_ribbon_new (void)
{
  return g_object_new (SCOPE_TYPE_RIBBON, NULL);
}

/**
 * scope_ribbon_get_history:
 *
 * Returns: (transfer none) (nullable): what is drawn
 */
GListModel *
scope_ribbon_get_history (ScopeRibbon *self)
{
  g_return_val_if_fail (SCOPE_IS_RIBBON (self), NULL);

  return self->history;
}

/**
 * scope_ribbon_set_history:
 * @history: (nullable): a model of #ScopeStatePeriod, newest first
 */
void
scope_ribbon_set_history (ScopeRibbon *self,
                          GListModel  *history)
{
  g_return_if_fail (SCOPE_IS_RIBBON (self));
  g_return_if_fail (history == NULL || G_IS_LIST_MODEL (history));

  if (self->history == history)
    return;

  if (self->history != NULL)
    g_signal_handlers_disconnect_by_func (self->history, scope_ribbon_changed_cb, self);
  g_set_object (&self->history, history);
  g_clear_object (&self->selected);
  if (history != NULL)
    g_signal_connect_object (history, "items-changed", G_CALLBACK (scope_ribbon_changed_cb), self,
                             G_CONNECT_SWAPPED);
  scope_ribbon_changed_cb (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_HISTORY]);
}

/**
 * scope_ribbon_get_selected_text:
 *
 * Returns: (transfer none) (nullable): the period under the keyboard cursor, in words
 */
const char *
scope_ribbon_get_selected_text (ScopeRibbon *self)
{
  g_return_val_if_fail (SCOPE_IS_RIBBON (self), NULL);

  return self->selected_text;
}
