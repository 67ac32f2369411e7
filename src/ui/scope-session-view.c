/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session-view"

#include "config.h"

#include "ui/scope-session-view.h"

typedef struct
{
  ScopeSession *session;
  guint refresh_source;
} ScopeSessionViewPrivate;

enum
{
  PROP_0,
  PROP_SESSION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ScopeSessionView, scope_session_view, ADW_TYPE_BIN)

static gboolean
scope_session_view_refresh_cb (gpointer user_data)
{
  SCOPE_SESSION_VIEW_GET_CLASS (user_data)->refresh (user_data);
  return G_SOURCE_CONTINUE;
}

static void
scope_session_view_map (GtkWidget *widget)
{
  ScopeSessionViewPrivate *priv =
      scope_session_view_get_instance_private (SCOPE_SESSION_VIEW (widget));
  ScopeSessionViewClass *klass = SCOPE_SESSION_VIEW_GET_CLASS (widget);

  GTK_WIDGET_CLASS (scope_session_view_parent_class)->map (widget);

  if (klass->refresh == NULL)
    return;
  klass->refresh (SCOPE_SESSION_VIEW (widget));
  priv->refresh_source =
      g_timeout_add_seconds (klass->refresh_seconds, scope_session_view_refresh_cb, widget);
}

static void
scope_session_view_unmap (GtkWidget *widget)
{
  ScopeSessionViewPrivate *priv =
      scope_session_view_get_instance_private (SCOPE_SESSION_VIEW (widget));

  g_clear_handle_id (&priv->refresh_source, g_source_remove);

  GTK_WIDGET_CLASS (scope_session_view_parent_class)->unmap (widget);
}

/* Views let go of their session while they still have their children: see their own dispose. */
static void
scope_session_view_dispose (GObject *object)
{
  ScopeSessionViewPrivate *priv =
      scope_session_view_get_instance_private (SCOPE_SESSION_VIEW (object));

  g_clear_handle_id (&priv->refresh_source, g_source_remove);
  g_clear_object (&priv->session);

  G_OBJECT_CLASS (scope_session_view_parent_class)->dispose (object);
}

static void
scope_session_view_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, scope_session_view_get_session (SCOPE_SESSION_VIEW (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_session_view_set_property (GObject      *object,
                                 guint         prop_id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_SESSION:
      scope_session_view_set_session (SCOPE_SESSION_VIEW (object), g_value_get_object (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_session_view_class_init (ScopeSessionViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = scope_session_view_dispose;
  object_class->get_property = scope_session_view_get_property;
  object_class->set_property = scope_session_view_set_property;
  widget_class->map = scope_session_view_map;
  widget_class->unmap = scope_session_view_unmap;

  properties[PROP_SESSION] =
      g_param_spec_object ("session", NULL, NULL, SCOPE_TYPE_SESSION,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_session_view_init (ScopeSessionView *self)
{
}

/**
 * scope_session_view_get_session:
 *
 * Returns: (transfer none) (nullable): what is shown
 */
ScopeSession *
scope_session_view_get_session (ScopeSessionView *self)
{
  ScopeSessionViewPrivate *priv = scope_session_view_get_instance_private (self);

  g_return_val_if_fail (SCOPE_IS_SESSION_VIEW (self), NULL);

  return priv->session;
}

/**
 * scope_session_view_set_session:
 * @session: (nullable): what to show
 */
void
scope_session_view_set_session (ScopeSessionView *self,
                                ScopeSession     *session)
{
  ScopeSessionViewPrivate *priv = scope_session_view_get_instance_private (self);

  g_return_if_fail (SCOPE_IS_SESSION_VIEW (self));
  g_return_if_fail (session == NULL || SCOPE_IS_SESSION (session));

  if (!g_set_object (&priv->session, session))
    return;

  SCOPE_SESSION_VIEW_GET_CLASS (self)->session_changed (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SESSION]);
}
