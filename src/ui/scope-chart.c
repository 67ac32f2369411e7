/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-chart"

#include "config.h"

#include "ui/scope-chart.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/scope-text.h"
#include "ui/scope-chart-paint.h"
#include "ui/scope-ui-util.h"

/* The picture is painted once for its data, size and style and kept; cursor and selection are drawn
 * over it. Both are times, so that they stay where they are while data moves on. */

#define NO_TIME G_MININT64
#define NATURAL_WIDTH 320
#define HEIGHT 190
#define DRAG_PIXELS 5

struct _ScopeChart
{
  GtkWidget parent_instance;

  char *title;
  ScopeChartData *data;
  GskRenderNode *picture;
  int picture_width, picture_height;
  gint64 cursor_usec;   /* middle of a bucket */
  gint64 anchor_usec;   /* where the selection began */
  gint64 reach_usec;    /* and where it goes to */
  double drag_x;
  char *cursor_text;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_CURSOR_TEXT,
  N_PROPS,
};

enum
{
  SIGNAL_ACTIVATED,
  SIGNAL_SELECTED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeChart, scope_chart, GTK_TYPE_WIDGET)

static guint
scope_chart_get_n (ScopeChart *self)
{
  return self->data != NULL ? self->data->buckets->len : 0;
}

/* n: there is no cursor. */
static guint
scope_chart_find_cursor (ScopeChart *self)
{
  if (self->cursor_usec == NO_TIME || scope_chart_get_n (self) == 0)
    return scope_chart_get_n (self);
  return scope_chart_data_find (self->data, self->cursor_usec);
}

static gint64
scope_chart_get_middle (ScopeChart *self,
                        guint       i)
{
  return scope_chart_data_get (self->data, i)->start_usec + self->data->width_usec / 2;
}

/* ---- what it says ---- */

static char *
scope_chart_dup_selection_text (ScopeChart *self)
{
  gint64 from_usec, to_usec;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  g_autofree char *length = NULL;

  if (!scope_chart_get_selection (self, &from_usec, &to_usec))
    return NULL;
  from = scope_text_format_clock (from_usec);
  to = scope_text_format_clock (to_usec);
  length = scope_text_format_duration (to_usec - from_usec);
  /* Translators: a selected time: from, to, how long */
  return g_strdup_printf (_("%s – %s selected (%s)"), from, to, length);
}

static void
scope_chart_update_text (ScopeChart *self)
{
  guint cursor = scope_chart_find_cursor (self);
  g_autofree char *text = NULL;
  g_autofree char *selection = scope_chart_dup_selection_text (self);

  if (cursor < scope_chart_get_n (self))
    text = scope_chart_data_dup_text (self->data, cursor);
  if (selection != NULL)
    {
      char *both = text != NULL ? g_strdup_printf ("%s · %s", selection, text)
                                : g_strdup (selection);

      g_free (text);
      text = both;
    }
  if (!scope_set_str (&self->cursor_text, text))
    return;
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CURSOR_TEXT]);
}

/* ---- drawing ---- */

static void
scope_chart_drop_picture (ScopeChart *self)
{
  g_clear_pointer (&self->picture, gsk_render_node_unref);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
scope_chart_append_picture (ScopeChart             *self,
                            GtkSnapshot            *snapshot,
                            const ScopeChartScale  *scale,
                            const ScopeChartColors *colors)
{
  int width = gtk_widget_get_width (GTK_WIDGET (self));
  int height = gtk_widget_get_height (GTK_WIDGET (self));

  if (self->picture == NULL || self->picture_width != width || self->picture_height != height)
    {
      GtkSnapshot *picture = gtk_snapshot_new ();

      scope_chart_paint (GTK_WIDGET (self), picture, self->data, scale, colors);
      g_clear_pointer (&self->picture, gsk_render_node_unref);
      self->picture = gtk_snapshot_free_to_node (picture);
      self->picture_width = width;
      self->picture_height = height;
    }
  if (self->picture != NULL)
    gtk_snapshot_append_node (snapshot, self->picture);
}

static void
scope_chart_append_marks (ScopeChart             *self,
                          GtkSnapshot            *snapshot,
                          const ScopeChartScale  *scale,
                          const ScopeChartColors *colors)
{
  guint cursor = scope_chart_find_cursor (self);
  gint64 from_usec, to_usec;

  if (scope_chart_get_selection (self, &from_usec, &to_usec))
    {
      scope_chart_paint_span (snapshot, scale, &colors->text, 0.15, from_usec, to_usec);
      scope_chart_paint_span (snapshot, scale, &colors->text, 0.8, from_usec, from_usec);
      scope_chart_paint_span (snapshot, scale, &colors->text, 0.8, to_usec, to_usec);
    }
  if (cursor < scope_chart_get_n (self))
    {
      gint64 middle = scope_chart_get_middle (self, cursor);

      scope_chart_paint_span (snapshot, scale, &colors->text, 0.9, middle, middle);
    }
}

static void
scope_chart_append_focus (ScopeChart  *self,
                          GtkSnapshot *snapshot)
{
  if (gtk_widget_has_visible_focus (GTK_WIDGET (self)))
    gtk_snapshot_render_focus (snapshot, gtk_widget_get_style_context (GTK_WIDGET (self)), 0, 0,
                               gtk_widget_get_width (GTK_WIDGET (self)),
                               gtk_widget_get_height (GTK_WIDGET (self)));
}

static void
scope_chart_snapshot (GtkWidget   *widget,
                      GtkSnapshot *snapshot)
{
  ScopeChart *self = SCOPE_CHART (widget);
  ScopeChartScale scale;
  ScopeChartColors colors;

  if (scope_chart_scale_init (&scale, self->data, widget))
    {
      scope_chart_colors_init (&colors, widget);
      scope_chart_append_picture (self, snapshot, &scale, &colors);
      scope_chart_append_marks (self, snapshot, &scale, &colors);
    }
  scope_chart_append_focus (self, snapshot);
}

static void
scope_chart_measure (GtkWidget      *widget,
                     GtkOrientation  orientation,
                     int             for_size,
                     int            *minimum,
                     int            *natural,
                     int            *minimum_baseline,
                     int            *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 160 : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? NATURAL_WIDTH : HEIGHT;
  *minimum_baseline = *natural_baseline = -1;
}

static void
scope_chart_css_changed (GtkWidget         *widget,
                         GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (scope_chart_parent_class)->css_changed (widget, change);

  scope_chart_drop_picture (SCOPE_CHART (widget));
}

/* ---- cursor and selection ---- */

static void
scope_chart_set_cursor (ScopeChart *self,
                        gint64      usec)
{
  if (self->cursor_usec == usec)
    return;
  self->cursor_usec = usec;
  scope_chart_update_text (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
scope_chart_select (ScopeChart *self,
                    gint64      anchor_usec,
                    gint64      reach_usec)
{
  if (self->anchor_usec == anchor_usec && self->reach_usec == reach_usec)
    return;
  self->anchor_usec = anchor_usec;
  self->reach_usec = reach_usec;
  scope_chart_update_text (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  g_signal_emit (self, signals[SIGNAL_SELECTED], 0);
}

/* NO_TIME: nothing is there. */
static gint64
scope_chart_find_time_at (ScopeChart *self,
                          double      x)
{
  ScopeChartScale scale;
  guint i;

  if (scope_chart_get_n (self) == 0 ||
      !scope_chart_scale_init (&scale, self->data, GTK_WIDGET (self)))
    return NO_TIME;
  i = scope_chart_data_find (self->data, scope_chart_scale_get_time (&scale, x));
  return scope_chart_get_middle (self, i);
}

static void
scope_chart_motion_cb (ScopeChart *self,
                       double      x,
                       double      y)
{
  scope_chart_set_cursor (self, scope_chart_find_time_at (self, x));
}

static void
scope_chart_leave_cb (ScopeChart *self)
{
  if (!gtk_widget_has_focus (GTK_WIDGET (self)))
    scope_chart_set_cursor (self, NO_TIME);
}

static void
scope_chart_activate_cursor (ScopeChart *self)
{
  guint cursor = scope_chart_find_cursor (self);

  if (cursor < scope_chart_get_n (self))
    g_signal_emit (self, signals[SIGNAL_ACTIVATED], 0,
                   scope_chart_data_get (self->data, cursor)->start_usec);
}

static void
scope_chart_drag_begin_cb (ScopeChart *self,
                           double      x,
                           double      y)
{
  self->drag_x = x;
  gtk_widget_grab_focus (GTK_WIDGET (self));
  scope_chart_set_cursor (self, scope_chart_find_time_at (self, x));
}

static void
scope_chart_drag_update_cb (ScopeChart *self,
                            double      dx,
                            double      dy)
{
  gint64 anchor = scope_chart_find_time_at (self, self->drag_x);
  gint64 reach = scope_chart_find_time_at (self, self->drag_x + dx);

  if (fabs (dx) < DRAG_PIXELS || anchor == NO_TIME)
    return;
  scope_chart_set_cursor (self, reach);
  scope_chart_select (self, anchor, reach);
}

static void
scope_chart_drag_end_cb (ScopeChart *self,
                         double      dx,
                         double      dy)
{
  if (fabs (dx) >= DRAG_PIXELS)
    return;
  if (self->anchor_usec != NO_TIME)
    scope_chart_unselect (self);
  else
    scope_chart_activate_cursor (self);
}

/* A step is a bucket; "is" are steps and whether they select. */
static gboolean
scope_chart_move_cb (GtkWidget *widget,
                     GVariant  *args,
                     gpointer   user_data)
{
  ScopeChart *self = SCOPE_CHART (widget);
  guint n = scope_chart_get_n (self);
  guint cursor = scope_chart_find_cursor (self);
  gint64 from_usec = self->cursor_usec;
  gboolean selects;
  gint64 to;
  int steps;

  g_variant_get (args, "(ib)", &steps, &selects);
  if (n == 0)
    return FALSE;
  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL && ABS (steps) == 1)
    steps = -steps;
  to = cursor == n ? (steps < 0 ? n - 1 : 0) : CLAMP ((gint64) cursor + steps, 0, n - 1);
  scope_chart_set_cursor (self, scope_chart_get_middle (self, to));
  if (!selects)
    scope_chart_unselect (self);
  else
    scope_chart_select (self,
                        self->anchor_usec != NO_TIME ? self->anchor_usec
                        : from_usec != NO_TIME       ? from_usec
                                                     : self->cursor_usec,
                        self->cursor_usec);
  return TRUE;
}

static gboolean
scope_chart_activate_cb (GtkWidget *widget,
                         GVariant  *args,
                         gpointer   user_data)
{
  scope_chart_activate_cursor (SCOPE_CHART (widget));
  return TRUE;
}

static gboolean
scope_chart_escape_cb (GtkWidget *widget,
                       GVariant  *args,
                       gpointer   user_data)
{
  ScopeChart *self = SCOPE_CHART (widget);

  if (self->anchor_usec == NO_TIME)
    return FALSE;
  scope_chart_unselect (self);
  return TRUE;
}

/* ---- class ---- */

static void
scope_chart_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  ScopeChart *self = SCOPE_CHART (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, self->title);
      break;
    case PROP_CURSOR_TEXT:
      g_value_set_string (value, self->cursor_text);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_chart_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  if (prop_id == PROP_TITLE)
    scope_chart_set_title (SCOPE_CHART (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
}

static void
scope_chart_finalize (GObject *object)
{
  ScopeChart *self = SCOPE_CHART (object);

  g_clear_pointer (&self->data, scope_chart_data_free);
  g_clear_pointer (&self->picture, gsk_render_node_unref);
  g_free (self->title);
  g_free (self->cursor_text);

  G_OBJECT_CLASS (scope_chart_parent_class)->finalize (object);
}

static void
scope_chart_bind_keys (GtkWidgetClass *widget_class)
{
  const struct
  {
    guint key, keypad;
    int steps;
  } keys[] = {
    { GDK_KEY_Left, GDK_KEY_KP_Left, -1 },
    { GDK_KEY_Right, GDK_KEY_KP_Right, 1 },
    { GDK_KEY_Page_Up, GDK_KEY_KP_Page_Up, -10 },
    { GDK_KEY_Page_Down, GDK_KEY_KP_Page_Down, 10 },
    { GDK_KEY_Home, GDK_KEY_KP_Home, -G_MAXINT },
    { GDK_KEY_End, GDK_KEY_KP_End, G_MAXINT },
  };
  const guint enter[] = { GDK_KEY_Return, GDK_KEY_KP_Enter, GDK_KEY_ISO_Enter };

  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    for (guint selects = 0; selects < 2; selects++)
      {
        GdkModifierType modifiers = selects ? GDK_SHIFT_MASK : 0;

        gtk_widget_class_add_binding (widget_class, keys[i].key, modifiers, scope_chart_move_cb,
                                      "(ib)", keys[i].steps, selects);
        gtk_widget_class_add_binding (widget_class, keys[i].keypad, modifiers,
                                      scope_chart_move_cb, "(ib)", keys[i].steps, selects);
      }
  for (guint i = 0; i < G_N_ELEMENTS (enter); i++)
    gtk_widget_class_add_binding (widget_class, enter[i], 0, scope_chart_activate_cb, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, scope_chart_escape_cb, NULL);
}

static void
scope_chart_class_init (ScopeChartClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = scope_chart_finalize;
  object_class->get_property = scope_chart_get_property;
  object_class->set_property = scope_chart_set_property;
  widget_class->snapshot = scope_chart_snapshot;
  widget_class->measure = scope_chart_measure;
  widget_class->css_changed = scope_chart_css_changed;

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_CURSOR_TEXT] = g_param_spec_string ("cursor-text", NULL, NULL, NULL,
                                                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", SCOPE_TYPE_CHART, G_SIGNAL_RUN_LAST, 0,
                                            NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
  signals[SIGNAL_SELECTED] = g_signal_new ("selected", SCOPE_TYPE_CHART, G_SIGNAL_RUN_LAST, 0,
                                           NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  scope_chart_bind_keys (widget_class);
}

static void
scope_chart_init (ScopeChart *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();

  self->cursor_usec = self->anchor_usec = self->reach_usec = NO_TIME;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (scope_chart_motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (scope_chart_leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  g_signal_connect_swapped (drag, "drag-begin", G_CALLBACK (scope_chart_drag_begin_cb), self);
  g_signal_connect_swapped (drag, "drag-update", G_CALLBACK (scope_chart_drag_update_cb), self);
  g_signal_connect_swapped (drag, "drag-end", G_CALLBACK (scope_chart_drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
}

/**
 * scope_chart_set_title:
 * @title: what a screen reader calls it
 */
void
scope_chart_set_title (ScopeChart *self,
                       const char *title)
{
  g_return_if_fail (SCOPE_IS_CHART (self));

  if (!scope_set_str (&self->title, title))
    return;
  scope_ui_set_label (self, title != NULL ? title : "");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

/**
 * scope_chart_take_data:
 * @data: (transfer full) (nullable): what is shown
 */
void
scope_chart_take_data (ScopeChart     *self,
                       ScopeChartData *data)
{
  g_return_if_fail (SCOPE_IS_CHART (self));

  g_clear_pointer (&self->data, scope_chart_data_free);
  self->data = data;
  scope_chart_update_text (self);
  scope_chart_drop_picture (self);
}

/**
 * scope_chart_get_data:
 *
 * Returns: (transfer none) (nullable): what is shown
 */
const ScopeChartData *
scope_chart_get_data (ScopeChart *self)
{
  g_return_val_if_fail (SCOPE_IS_CHART (self), NULL);

  return self->data;
}

/**
 * scope_chart_get_cursor_text:
 *
 * Returns: (transfer none) (nullable): the figures under the cursor
 */
const char *
scope_chart_get_cursor_text (ScopeChart *self)
{
  g_return_val_if_fail (SCOPE_IS_CHART (self), NULL);

  return self->cursor_text;
}

/**
 * scope_chart_get_selection:
 * @from_usec: (out): where it begins
 * @to_usec: (out): where it ends: the first moment that is not in it
 *
 * Returns: whether a time is selected
 */
gboolean
scope_chart_get_selection (ScopeChart *self,
                           gint64     *from_usec,
                           gint64     *to_usec)
{
  guint first, last;

  g_return_val_if_fail (SCOPE_IS_CHART (self), FALSE);

  if (self->anchor_usec == NO_TIME || scope_chart_get_n (self) == 0)
    return FALSE;
  first = scope_chart_data_find (self->data, MIN (self->anchor_usec, self->reach_usec));
  last = scope_chart_data_find (self->data, MAX (self->anchor_usec, self->reach_usec));
  *from_usec = scope_chart_data_get (self->data, first)->start_usec;
  *to_usec = MAX (scope_chart_data_get_end (self->data, last), *from_usec + 1);
  return TRUE;
}

/**
 * scope_chart_unselect:
 *
 * Selects nothing.
 */
void
scope_chart_unselect (ScopeChart *self)
{
  g_return_if_fail (SCOPE_IS_CHART (self));

  scope_chart_select (self, NO_TIME, NO_TIME);
}
