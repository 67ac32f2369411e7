/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-watched"

#include "config.h"

#include "session/scope-watched.h"

struct _ScopeWatched
{
  GObject parent_instance;

  char *user_id;
  gboolean online;
  gint64 since_usec;
};

enum
{
  PROP_0,
  PROP_USER_ID,
  PROP_ONLINE,
  PROP_SINCE_USEC,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeWatched, scope_watched, G_TYPE_OBJECT)

static void
scope_watched_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ScopeWatched *self = SCOPE_WATCHED (object);

  switch (id)
    {
    case PROP_USER_ID:
      g_value_set_string (value, self->user_id);
      break;
    case PROP_ONLINE:
      g_value_set_boolean (value, self->online);
      break;
    case PROP_SINCE_USEC:
      g_value_set_int64 (value, self->since_usec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
scope_watched_finalize (GObject *object)
{
  ScopeWatched *self = SCOPE_WATCHED (object);

  g_free (self->user_id);

  G_OBJECT_CLASS (scope_watched_parent_class)->finalize (object);
}

static void
scope_watched_class_init (ScopeWatchedClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = scope_watched_finalize;
  object_class->get_property = scope_watched_get_property;

  properties[PROP_USER_ID] = g_param_spec_string ("user-id", NULL, NULL, NULL, flags);
  properties[PROP_ONLINE] = g_param_spec_boolean ("online", NULL, NULL, FALSE, flags);
  properties[PROP_SINCE_USEC] =
    g_param_spec_int64 ("since-usec", NULL, NULL, 0, G_MAXINT64, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_watched_init (ScopeWatched *self)
{
}

/**
 * scope_watched_new:
 * @user_id: an id on the watchlist
 *
 * Returns: (transfer full): somebody of whom nothing is known yet
 */
ScopeWatched *
scope_watched_new (const char *user_id)
{
  ScopeWatched *self;

  g_return_val_if_fail (user_id != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_WATCHED, NULL);
  self->user_id = g_strdup (user_id);
  return self;
}

/**
 * scope_watched_get_user_id:
 *
 * Returns: (transfer none): whom the watchlist names (protocol.md §4.5)
 */
const char *
scope_watched_get_user_id (ScopeWatched *self)
{
  g_return_val_if_fail (SCOPE_IS_WATCHED (self), NULL);

  return self->user_id;
}

/**
 * scope_watched_get_online:
 *
 * Returns: whether at least one signed-in connection of this user exists; only known if
 *   scope_watched_get_since_usec() is not 0
 */
gboolean
scope_watched_get_online (ScopeWatched *self)
{
  g_return_val_if_fail (SCOPE_IS_WATCHED (self), FALSE);

  return self->online;
}

/**
 * scope_watched_get_since_usec:
 *
 * Returns: wall-clock microseconds since when that is known; 0: the server has not told
 */
gint64
scope_watched_get_since_usec (ScopeWatched *self)
{
  g_return_val_if_fail (SCOPE_IS_WATCHED (self), 0);

  return self->since_usec;
}

/**
 * scope_watched_set_online:
 * @wall_usec: when that was told
 *
 * Told the same again, the older time stays.
 */
void
scope_watched_set_online (ScopeWatched *self,
                          gboolean      online,
                          gint64        wall_usec)
{
  g_return_if_fail (SCOPE_IS_WATCHED (self));

  online = online != FALSE;
  if (self->since_usec != 0 && self->online == online)
    return;

  g_object_freeze_notify (G_OBJECT (self));
  if (self->online != online)
    {
      self->online = online;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ONLINE]);
    }
  if (self->since_usec != wall_usec)
    {
      self->since_usec = wall_usec;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SINCE_USEC]);
    }
  g_object_thaw_notify (G_OBJECT (self));
}
