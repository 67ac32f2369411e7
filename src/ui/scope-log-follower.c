/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-log-follower"

#include "config.h"

#include "ui/scope-log-follower.h"

/* A pixel or two below the last row is still its end. */
#define END_SLACK 2.0

struct _ScopeLogFollower
{
  GObject parent_instance;

  ScopeLogPane *pane;          /* weak */
  GtkAdjustment *adjustment;
  ScopeFreezeModel *model;
  GSignalGroup *list_signals;
  guint64 seen_sequence;       /* the last row when the reader left the end */
  double value;                /* where the adjustment stood */
  guint tick_id;
  guint n_new;
  guint row;                   /* to be shown once the layout has settled */
  guint ticks_left;            /* until then */
  gboolean follow;
};

enum
{
  PROP_0,
  PROP_FOLLOW,
  PROP_N_NEW,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeLogFollower, scope_log_follower, G_TYPE_OBJECT)

static gboolean
scope_log_follower_is_at_end (ScopeLogFollower *self)
{
  return gtk_adjustment_get_value (self->adjustment)
             + gtk_adjustment_get_page_size (self->adjustment)
         >= gtk_adjustment_get_upper (self->adjustment) - END_SLACK;
}

/* Whether no row is out of sight: then none waits to be seen. */
static gboolean
scope_log_follower_fits (ScopeLogFollower *self)
{
  double page_size = gtk_adjustment_get_page_size (self->adjustment);

  return page_size > 0.0 && gtk_adjustment_get_upper (self->adjustment) <= page_size + END_SLACK;
}

/* Called by the list below as well: a frozen model does not announce what arrives. */
static void
scope_log_follower_update_n_new (ScopeLogFollower *self)
{
  gboolean frozen = scope_freeze_model_get_frozen (self->model);
  gboolean watching = !frozen && (self->follow || scope_log_follower_fits (self));
  guint n_new = watching ? 0 : scope_freeze_model_count_after (self->model, self->seen_sequence);

  if (watching && !self->follow)
    self->seen_sequence = scope_freeze_model_get_last (self->model);
  if (n_new == self->n_new)
    return;
  self->n_new = n_new;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_NEW]);
}

/* A change of layout, such as the inspector's coming, is done one frame later; and what is counted
 * anew is not told in the middle of one. */
static gboolean
scope_log_follower_tick_cb (GtkWidget     *widget,
                            GdkFrameClock *clock,
                            gpointer       user_data)
{
  ScopeLogFollower *self = user_data;

  if (self->ticks_left > 0 && --self->ticks_left > 0)
    return G_SOURCE_CONTINUE;

  self->tick_id = 0;
  /* not there yet: its page tells when it is */
  if (self->row != G_MAXUINT && gtk_adjustment_get_page_size (self->adjustment) <= 0)
    return G_SOURCE_REMOVE;
  if (!self->follow && self->row < g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    scope_log_pane_show_event (self->pane, self->row);
  if (self->row != G_MAXUINT && !scope_freeze_model_get_frozen (self->model) &&
      scope_log_follower_is_at_end (self))
    self->seen_sequence = scope_freeze_model_get_last (self->model);
  self->row = G_MAXUINT;
  scope_log_follower_update_n_new (self);
  return G_SOURCE_REMOVE;
}

static void
scope_log_follower_queue (ScopeLogFollower *self)
{
  if (self->tick_id == 0)
    self->tick_id = gtk_widget_add_tick_callback (GTK_WIDGET (self->pane),
                                                  scope_log_follower_tick_cb, self, NULL);
}

static void
scope_log_follower_set (ScopeLogFollower *self,
                        gboolean          follow)
{
  if (self->follow == follow)
    return;

  if (!follow && !scope_freeze_model_get_frozen (self->model))
    self->seen_sequence = scope_freeze_model_get_last (self->model);
  self->follow = follow;
  scope_log_pane_set_at_end (self->pane, follow);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOW]);
  scope_log_follower_update_n_new (self);
}

static void
scope_log_follower_value_cb (ScopeLogFollower *self)
{
  double value = gtk_adjustment_get_value (self->adjustment);
  gboolean up = value < self->value - 0.5;
  gboolean down = value > self->value + 0.5;

  self->value = value;
  if (self->row != G_MAXUINT)
    return;
  if (up && self->follow && !scope_log_follower_is_at_end (self))
    scope_log_follower_set (self, FALSE);
  else if (down && !self->follow && scope_log_follower_is_at_end (self))
    scope_log_follower_set (self, TRUE);
}

/* Layout moved the end, and perhaps the value with it: this comes before value-changed, so that
 * only what the reader does counts as a move there. */
static void
scope_log_follower_changed_cb (ScopeLogFollower *self)
{
  self->value = gtk_adjustment_get_value (self->adjustment);
  if ((self->n_new > 0 && scope_log_follower_fits (self)) ||
      (self->row != G_MAXUINT && gtk_adjustment_get_page_size (self->adjustment) > 0))
    scope_log_follower_queue (self);
}

static void
scope_log_follower_frozen_cb (ScopeLogFollower *self)
{
  if (scope_freeze_model_get_frozen (self->model) && self->follow)
    self->seen_sequence = scope_freeze_model_get_last (self->model);
  scope_log_follower_update_n_new (self);
}

/* Who goes to the end by a key wants to stay there, as with the wheel. */
static void
scope_log_follower_end_cb (ScopeLogFollower *self)
{
  scope_log_follower_set_follow (self, TRUE);
}

static void
scope_log_follower_list_cb (ScopeLogFollower *self)
{
  self->row = G_MAXUINT;
  self->seen_sequence = 0;
  g_signal_group_set_target (self->list_signals, scope_freeze_model_get_list (self->model));
  scope_log_follower_update_n_new (self);
}

static void
scope_log_follower_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  ScopeLogFollower *self = SCOPE_LOG_FOLLOWER (object);

  switch (prop_id)
    {
    case PROP_FOLLOW:
      g_value_set_boolean (value, self->follow);
      break;
    case PROP_N_NEW:
      g_value_set_uint (value, self->n_new);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_log_follower_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  ScopeLogFollower *self = SCOPE_LOG_FOLLOWER (object);

  switch (prop_id)
    {
    case PROP_FOLLOW:
      scope_log_follower_set_follow (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_log_follower_dispose (GObject *object)
{
  ScopeLogFollower *self = SCOPE_LOG_FOLLOWER (object);

  if (self->tick_id != 0 && self->pane != NULL)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self->pane), self->tick_id);
  self->tick_id = 0;
  g_clear_weak_pointer (&self->pane);
  g_clear_object (&self->list_signals);
  g_clear_object (&self->adjustment);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (scope_log_follower_parent_class)->dispose (object);
}

static void
scope_log_follower_class_init (ScopeLogFollowerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->dispose = scope_log_follower_dispose;
  object_class->get_property = scope_log_follower_get_property;
  object_class->set_property = scope_log_follower_set_property;

  properties[PROP_FOLLOW] =
      g_param_spec_boolean ("follow", NULL, NULL, TRUE, flags | G_PARAM_READWRITE);
  properties[PROP_N_NEW] =
      g_param_spec_uint ("n-new", NULL, NULL, 0, G_MAXUINT, 0, flags | G_PARAM_READABLE);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_log_follower_init (ScopeLogFollower *self)
{
  self->follow = TRUE;
  self->row = G_MAXUINT;
  self->list_signals = g_signal_group_new (SCOPE_TYPE_EVENT_LIST);
  g_signal_group_connect_swapped (self->list_signals, "items-changed",
                                  G_CALLBACK (scope_log_follower_update_n_new), self);
}

/**
 * scope_log_follower_new:
 * @pane: the log, which must outlive the follower's signals (held weakly)
 * @adjustment: the vertical one of what it scrolls in
 * @model: what it shows
 *
 * Returns: (transfer full): a follower that follows
 */
ScopeLogFollower *
scope_log_follower_new (ScopeLogPane     *pane,
                        GtkAdjustment    *adjustment,
                        ScopeFreezeModel *model)
{
  ScopeLogFollower *self;

  g_return_val_if_fail (SCOPE_IS_LOG_PANE (pane), NULL);
  g_return_val_if_fail (GTK_IS_ADJUSTMENT (adjustment), NULL);
  g_return_val_if_fail (SCOPE_IS_FREEZE_MODEL (model), NULL);

  self = g_object_new (SCOPE_TYPE_LOG_FOLLOWER, NULL);
  g_set_weak_pointer (&self->pane, pane);
  self->adjustment = g_object_ref (adjustment);
  self->model = g_object_ref (model);
  scope_log_pane_set_at_end (pane, TRUE);
  g_signal_connect_object (pane, "end", G_CALLBACK (scope_log_follower_end_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scope_log_follower_value_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (scope_log_follower_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::frozen", G_CALLBACK (scope_log_follower_frozen_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (model, "notify::list", G_CALLBACK (scope_log_follower_list_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * scope_log_follower_get_follow:
 *
 * Returns: whether the log stays at its end
 */
gboolean
scope_log_follower_get_follow (ScopeLogFollower *self)
{
  g_return_val_if_fail (SCOPE_IS_LOG_FOLLOWER (self), FALSE);

  return self->follow;
}

/**
 * scope_log_follower_set_follow:
 * @follow: TRUE goes to the end and stays there
 */
void
scope_log_follower_set_follow (ScopeLogFollower *self,
                               gboolean          follow)
{
  g_return_if_fail (SCOPE_IS_LOG_FOLLOWER (self));

  scope_log_follower_set (self, follow);
  if (follow)
    self->row = G_MAXUINT;
}

/**
 * scope_log_follower_get_n_new:
 *
 * Returns: rows the reader has not been shown
 */
guint
scope_log_follower_get_n_new (ScopeLogFollower *self)
{
  g_return_val_if_fail (SCOPE_IS_LOG_FOLLOWER (self), 0);

  return self->n_new;
}

/**
 * scope_log_follower_show_row:
 * @position: of a row of the model
 *
 * Scrolls as little as is needed to show that row, after the next layout. Stops following, unless
 * it is the last.
 */
void
scope_log_follower_show_row (ScopeLogFollower *self,
                             guint             position)
{
  g_return_if_fail (SCOPE_IS_LOG_FOLLOWER (self));

  if (position + 1 < g_list_model_get_n_items (G_LIST_MODEL (self->model)))
    scope_log_follower_set (self, FALSE);
  self->row = position;
  self->ticks_left = 2;
  scope_log_follower_queue (self);
}
