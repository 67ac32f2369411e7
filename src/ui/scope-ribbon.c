/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-ribbon"

#include "config.h"

#include "ui/scope-ribbon.h"

#include <glib/gi18n-lib.h>

#include "ui/scope-period-text.h"
#include "ui/scope-ribbon-paint.h"
#include "ui/scope-ui-util.h"

#define NATURAL_WIDTH 240
#define HEIGHT 22

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

static gboolean
scope_ribbon_get_scale (ScopeRibbon      *self,
                        ScopeRibbonScale *scale)
{
  return scope_ribbon_scale_init (scale, GTK_WIDGET (self), self->history);
}

static void
scope_ribbon_snapshot (GtkWidget   *widget,
                       GtkSnapshot *snapshot)
{
  ScopeRibbon *self = SCOPE_RIBBON (widget);
  ScopeRibbonScale scale;

  scope_ribbon_paint_track (snapshot, widget);
  if (!scope_ribbon_get_scale (self, &scale))
    return;

  scope_ribbon_paint_periods (snapshot, widget, &scale);
  if (gtk_widget_has_focus (widget))
    scope_ribbon_paint_cursor (snapshot, widget, &scale, self->selected);
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

static ScopeStatePeriod *
scope_ribbon_dup_period_at (ScopeRibbon *self,
                            double       x)
{
  ScopeRibbonScale scale;

  return scope_ribbon_get_scale (self, &scale) ? scope_ribbon_scale_dup_at (&scale, x) : NULL;
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
  ScopeRibbonScale scale;
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
