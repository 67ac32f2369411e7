/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-adaptive-bin"

#include "config.h"

#include "ui/scope-adaptive-bin.h"

struct _ScopeAdaptiveBin
{
  GtkWidget parent_instance;

  GtkWidget *child;
  int min_width;
  int narrow_below;
  int wide_from;
  int tight_below;
  int width;
  guint update_id;
  gboolean narrow;
  gboolean wide;
  gboolean tight;
};

enum
{
  PROP_0,
  PROP_CHILD,
  PROP_MIN_WIDTH,
  PROP_NARROW_BELOW,
  PROP_WIDE_FROM,
  PROP_NARROW,
  PROP_WIDE,
  PROP_TIGHT,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void scope_adaptive_bin_buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeAdaptiveBin, scope_adaptive_bin, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE,
                                                      scope_adaptive_bin_buildable_init))

static GtkBuildableIface *parent_buildable;

static gboolean
scope_adaptive_bin_is_narrow (ScopeAdaptiveBin *self)
{
  return self->width < self->narrow_below;
}

static gboolean
scope_adaptive_bin_is_wide (ScopeAdaptiveBin *self)
{
  return self->wide_from > 0 && self->width >= self->wide_from;
}

static gboolean
scope_adaptive_bin_is_tight (ScopeAdaptiveBin *self)
{
  return self->width < self->tight_below;
}

static void
scope_adaptive_bin_update (ScopeAdaptiveBin *self)
{
  gboolean narrow = scope_adaptive_bin_is_narrow (self);
  gboolean wide = scope_adaptive_bin_is_wide (self);
  gboolean tight = scope_adaptive_bin_is_tight (self);

  if (narrow != self->narrow)
    {
      self->narrow = narrow;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NARROW]);
    }
  if (wide != self->wide)
    {
      self->wide = wide;
      /* another layout needs other room */
      tight = FALSE;
      self->tight_below = 0;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WIDE]);
    }
  if (tight != self->tight)
    {
      self->tight = tight;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIGHT]);
    }
}

static gboolean
scope_adaptive_bin_update_cb (gpointer user_data)
{
  ScopeAdaptiveBin *self = user_data;

  self->update_id = 0;
  scope_adaptive_bin_update (self);
  return G_SOURCE_REMOVE;
}

/* Listeners show and hide widgets, which must not happen while sizes are being handed out. */
static void
scope_adaptive_bin_queue_update (ScopeAdaptiveBin *self)
{
  if (self->update_id == 0)
    self->update_id = g_idle_add_full (G_PRIORITY_HIGH_IDLE, scope_adaptive_bin_update_cb,
                                       self, NULL);
}

static void
scope_adaptive_bin_measure (GtkWidget      *widget,
                            GtkOrientation  orientation,
                            int             for_size,
                            int            *minimum,
                            int            *natural,
                            int            *minimum_baseline,
                            int            *natural_baseline)
{
  ScopeAdaptiveBin *self = SCOPE_ADAPTIVE_BIN (widget);
  int child_minimum = 0;

  *minimum = *natural = 0;
  if (self->child == NULL || !gtk_widget_should_layout (self->child))
    return;

  if (orientation == GTK_ORIENTATION_VERTICAL && for_size >= 0)
    {
      gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, NULL, NULL,
                          NULL);
      for_size = MAX (for_size, child_minimum);
    }
  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MIN (*minimum, self->min_width);
}

static void
scope_adaptive_bin_size_allocate (GtkWidget *widget,
                                  int        width,
                                  int        height,
                                  int        baseline)
{
  ScopeAdaptiveBin *self = SCOPE_ADAPTIVE_BIN (widget);
  int minimum = 0;
  int minimum_height;
  gboolean laid_out = self->child != NULL && gtk_widget_should_layout (self->child);

  self->width = width;
  if (laid_out)
    gtk_widget_measure (self->child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  if (laid_out && minimum > width && !self->tight)
    self->tight_below = minimum;
  if (scope_adaptive_bin_is_narrow (self) != self->narrow ||
      scope_adaptive_bin_is_wide (self) != self->wide ||
      scope_adaptive_bin_is_tight (self) != self->tight)
    scope_adaptive_bin_queue_update (self);
  if (!laid_out)
    return;

  width = MAX (width, minimum);
  gtk_widget_measure (self->child, GTK_ORIENTATION_VERTICAL, width, &minimum_height, NULL, NULL,
                      NULL);
  gtk_widget_allocate (self->child, width, MAX (height, minimum_height), baseline, NULL);
}

static void
scope_adaptive_bin_add_child (GtkBuildable *buildable,
                              GtkBuilder   *builder,
                              GObject      *child,
                              const char   *type)
{
  if (GTK_IS_WIDGET (child))
    scope_adaptive_bin_set_child (SCOPE_ADAPTIVE_BIN (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
scope_adaptive_bin_buildable_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = scope_adaptive_bin_add_child;
}

static void
scope_adaptive_bin_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  ScopeAdaptiveBin *self = SCOPE_ADAPTIVE_BIN (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      g_value_set_object (value, self->child);
      break;
    case PROP_MIN_WIDTH:
      g_value_set_int (value, self->min_width);
      break;
    case PROP_NARROW_BELOW:
      g_value_set_int (value, self->narrow_below);
      break;
    case PROP_WIDE_FROM:
      g_value_set_int (value, self->wide_from);
      break;
    case PROP_NARROW:
      g_value_set_boolean (value, self->narrow);
      break;
    case PROP_WIDE:
      g_value_set_boolean (value, self->wide);
      break;
    case PROP_TIGHT:
      g_value_set_boolean (value, self->tight);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_adaptive_bin_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  ScopeAdaptiveBin *self = SCOPE_ADAPTIVE_BIN (object);

  switch (prop_id)
    {
    case PROP_CHILD:
      scope_adaptive_bin_set_child (self, g_value_get_object (value));
      break;
    case PROP_MIN_WIDTH:
      self->min_width = g_value_get_int (value);
      break;
    case PROP_NARROW_BELOW:
      self->narrow_below = g_value_get_int (value);
      break;
    case PROP_WIDE_FROM:
      self->wide_from = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_adaptive_bin_dispose (GObject *object)
{
  ScopeAdaptiveBin *self = SCOPE_ADAPTIVE_BIN (object);

  g_clear_handle_id (&self->update_id, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);

  G_OBJECT_CLASS (scope_adaptive_bin_parent_class)->dispose (object);
}

static void
scope_adaptive_bin_class_init (ScopeAdaptiveBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = scope_adaptive_bin_dispose;
  object_class->get_property = scope_adaptive_bin_get_property;
  object_class->set_property = scope_adaptive_bin_set_property;
  widget_class->measure = scope_adaptive_bin_measure;
  widget_class->size_allocate = scope_adaptive_bin_size_allocate;

  properties[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                                flags | G_PARAM_READWRITE);
  properties[PROP_MIN_WIDTH] = g_param_spec_int ("min-width", NULL, NULL, 0, G_MAXINT, 360,
                                                 flags | G_PARAM_READWRITE);
  properties[PROP_NARROW_BELOW] = g_param_spec_int ("narrow-below", NULL, NULL, 0, G_MAXINT, 0,
                                                    flags | G_PARAM_READWRITE);
  properties[PROP_WIDE_FROM] = g_param_spec_int ("wide-from", NULL, NULL, 0, G_MAXINT, 0,
                                                 flags | G_PARAM_READWRITE);
  properties[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                                                  flags | G_PARAM_READABLE);
  properties[PROP_WIDE] = g_param_spec_boolean ("wide", NULL, NULL, FALSE,
                                                flags | G_PARAM_READABLE);
  properties[PROP_TIGHT] = g_param_spec_boolean ("tight", NULL, NULL, FALSE,
                                                 flags | G_PARAM_READABLE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_adaptive_bin_init (ScopeAdaptiveBin *self)
{
  self->min_width = 360;
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/**
 * scope_adaptive_bin_set_child:
 * @child: (nullable): the only child
 */
void
scope_adaptive_bin_set_child (ScopeAdaptiveBin *self,
                              GtkWidget        *child)
{
  g_return_if_fail (SCOPE_IS_ADAPTIVE_BIN (self));
  g_return_if_fail (child == NULL || GTK_IS_WIDGET (child));

  if (self->child == child)
    return;

  g_clear_pointer (&self->child, gtk_widget_unparent);
  if (child != NULL)
    {
      self->child = child;
      gtk_widget_set_parent (child, GTK_WIDGET (self));
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHILD]);
}

/**
 * scope_adaptive_bin_get_narrow:
 *
 * Returns: whether there is less room than `narrow-below`
 */
gboolean
scope_adaptive_bin_get_narrow (ScopeAdaptiveBin *self)
{
  g_return_val_if_fail (SCOPE_IS_ADAPTIVE_BIN (self), FALSE);

  return self->narrow;
}

/**
 * scope_adaptive_bin_get_wide:
 *
 * Returns: whether there is at least as much room as `wide-from`
 */
gboolean
scope_adaptive_bin_get_wide (ScopeAdaptiveBin *self)
{
  g_return_val_if_fail (SCOPE_IS_ADAPTIVE_BIN (self), FALSE);

  return self->wide;
}

/**
 * scope_adaptive_bin_get_tight:
 *
 * Returns: whether there is less room than the child needed when it was laid out in full
 */
gboolean
scope_adaptive_bin_get_tight (ScopeAdaptiveBin *self)
{
  g_return_val_if_fail (SCOPE_IS_ADAPTIVE_BIN (self), FALSE);

  return self->tight;
}

/**
 * scope_adaptive_bin_expect:
 * @width: in pixels
 *
 * Takes @width for granted until the first layout says otherwise.
 */
void
scope_adaptive_bin_expect (ScopeAdaptiveBin *self,
                           int               width)
{
  g_return_if_fail (SCOPE_IS_ADAPTIVE_BIN (self));

  self->width = width;
  scope_adaptive_bin_update (self);
}
