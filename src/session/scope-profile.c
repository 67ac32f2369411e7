/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-profile"

#include "config.h"

#include "session/scope-profile-private.h"

#include "base/scope-limits.h"

#include <string.h>

/* per cent of a plan that watching may use up before it holds itself back */
#define PLAN_SHARE 25

/* What a user may set is one table of properties: each value is kept as a GValue, so that setting,
 * copying and storing need no code per property. */
enum
{
  PROP_0,
  PROP_ID,
  PROP_NAME,
  PROP_CLUSTER,
  PROP_HOST,
  PROP_PORT,
  PROP_WSS_PORT,
  PROP_PATH,
  PROP_WHOLE_PATH,
  PROP_USE_TLS,
  PROP_CA_FILE,
  PROP_ORIGIN,
  PROP_PROXY,
  PROP_TRANSPORTS,
  PROP_DISABLED_TRANSPORTS,
  PROP_HTTP_HOST,
  PROP_HTTP_PORT,
  PROP_HTTPS_PORT,
  PROP_HTTP_PATH,
  PROP_AUTH_ENDPOINT,
  PROP_AUTH_TRANSPORT,
  PROP_AUTH_METHOD,
  PROP_USER_ENDPOINT,
  PROP_USER_TRANSPORT,
  PROP_USER_METHOD,
  PROP_USER_DATA,
  PROP_ACTIVITY_TIMEOUT,
  PROP_PONG_TIMEOUT,
  PROP_UNAVAILABLE_TIMEOUT,
  PROP_CONNECT_TIMEOUT,
  PROP_RECONNECT_DELAY,
  PROP_MAX_DELAY,
  PROP_MAX_ATTEMPTS,
  PROP_MAX_DATA,
  PROP_APP_ID,
  PROP_API_HOST,
  PROP_API_PORT,
  PROP_PRESENCE_USER,
  PROP_CONNECT_AT_START,
  PROP_READ_ONLY,
  PROP_PLAN_MESSAGES,
  PROP_PLAN_SHARE,
  PROP_SUBSCRIPTIONS,
  PROP_UNSEEN,
  PROP_NAME_FIELD,
  PROP_DISCOVERY_RULES,
  N_PROPS
};

struct _ScopeProfile
{
  GObject parent_instance;

  GValue values[N_PROPS];
  GKeyFile *origin;
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeProfile, scope_profile, G_TYPE_OBJECT)

static gboolean
profile_strv_equal (const char * const *a,
                    const char * const *b)
{
  static const char * const none[] = { NULL };

  return g_strv_equal (a != NULL ? a : none, b != NULL ? b : none);
}

static gboolean
profile_value_equal (GParamSpec   *pspec,
                     const GValue *a,
                     const GValue *b)
{
  if (pspec->value_type == G_TYPE_STRV)
    return profile_strv_equal (g_value_get_boxed (a), g_value_get_boxed (b));
  return g_param_values_cmp (pspec, a, b) == 0;
}

/* An empty text is no text: what an entry gives when it was emptied. */
static void
scope_profile_store_value (ScopeProfile *self,
                           guint         id,
                           const GValue *value)
{
  if (properties[id]->value_type == G_TYPE_STRING && id != PROP_NAME &&
      g_strcmp0 (g_value_get_string (value), "") == 0)
    g_value_set_string (&self->values[id], NULL);
  else
    g_value_copy (value, &self->values[id]);
}

static void
scope_profile_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  ScopeProfile *self = SCOPE_PROFILE (object);

  if (profile_value_equal (pspec, &self->values[id], value))
    return;

  scope_profile_store_value (self, id, value);
  g_object_notify_by_pspec (object, pspec);
}

static void
scope_profile_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  ScopeProfile *self = SCOPE_PROFILE (object);

  g_value_copy (&self->values[id], value);
}

static void
scope_profile_constructed (GObject *object)
{
  ScopeProfile *self = SCOPE_PROFILE (object);

  G_OBJECT_CLASS (scope_profile_parent_class)->constructed (object);

  if (g_value_get_string (&self->values[PROP_ID]) == NULL)
    g_value_take_string (&self->values[PROP_ID], g_uuid_string_random ());
}

static void
scope_profile_finalize (GObject *object)
{
  ScopeProfile *self = SCOPE_PROFILE (object);

  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    g_value_unset (&self->values[i]);
  g_clear_pointer (&self->origin, g_key_file_unref);

  G_OBJECT_CLASS (scope_profile_parent_class)->finalize (object);
}

static GParamSpec *
profile_text (const char *name)
{
  return g_param_spec_string (name, NULL, NULL, NULL,
                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static GParamSpec *
profile_number (const char *name,
                guint       maximum)
{
  return g_param_spec_uint (name, NULL, NULL, 0, maximum, 0,
                            G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
}

static GParamSpec *
profile_seconds (const char *name,
                 double      preset)
{
  return g_param_spec_double (name, NULL, NULL, 0, G_MAXDOUBLE, preset,
                              G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                G_PARAM_STATIC_STRINGS);
}

static GParamSpec *
profile_switch (const char *name,
                gboolean    preset)
{
  return g_param_spec_boolean (name, NULL, NULL, preset,
                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                 G_PARAM_STATIC_STRINGS);
}

static void
scope_profile_class_init (ScopeProfileClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  g_autoptr (ScopeConnectionOptions) preset = scope_connection_options_new ();

  object_class->constructed = scope_profile_constructed;
  object_class->finalize = scope_profile_finalize;
  object_class->get_property = scope_profile_get_property;
  object_class->set_property = scope_profile_set_property;

  properties[PROP_ID] =
    g_param_spec_string ("id", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_EXPLICIT_NOTIFY |
                           G_PARAM_STATIC_STRINGS);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, "",
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY |
                                                 G_PARAM_STATIC_STRINGS);
  properties[PROP_CLUSTER] = profile_text ("cluster");
  properties[PROP_HOST] = profile_text ("host");
  properties[PROP_PORT] = profile_number ("port", G_MAXUINT16);
  properties[PROP_WSS_PORT] = profile_number ("wss-port", G_MAXUINT16);
  properties[PROP_PATH] = profile_text ("path");
  properties[PROP_WHOLE_PATH] = profile_switch ("whole-path", FALSE);
  properties[PROP_USE_TLS] = profile_switch ("use-tls", TRUE);
  properties[PROP_CA_FILE] = profile_text ("ca-file");
  properties[PROP_ORIGIN] = profile_text ("origin");
  properties[PROP_PROXY] = profile_text ("proxy");
  properties[PROP_TRANSPORTS] = profile_text ("transports");
  properties[PROP_DISABLED_TRANSPORTS] = profile_text ("disabled-transports");
  properties[PROP_HTTP_HOST] = profile_text ("http-host");
  properties[PROP_HTTP_PORT] = profile_number ("http-port", G_MAXUINT16);
  properties[PROP_HTTPS_PORT] = profile_number ("https-port", G_MAXUINT16);
  properties[PROP_HTTP_PATH] = profile_text ("http-path");
  properties[PROP_AUTH_ENDPOINT] = profile_text ("auth-endpoint");
  properties[PROP_AUTH_TRANSPORT] = profile_text ("auth-transport");
  properties[PROP_AUTH_METHOD] = profile_text ("auth-method");
  properties[PROP_USER_ENDPOINT] = profile_text ("user-endpoint");
  properties[PROP_USER_TRANSPORT] = profile_text ("user-transport");
  properties[PROP_USER_METHOD] = profile_text ("user-method");
  properties[PROP_USER_DATA] = profile_text ("user-data");
  properties[PROP_ACTIVITY_TIMEOUT] =
    profile_seconds ("activity-timeout", preset->activity_timeout);
  properties[PROP_PONG_TIMEOUT] = profile_seconds ("pong-timeout", preset->pong_timeout);
  properties[PROP_UNAVAILABLE_TIMEOUT] =
    profile_seconds ("unavailable-timeout", preset->unavailable_timeout);
  properties[PROP_CONNECT_TIMEOUT] = profile_seconds ("connect-timeout", preset->connect_timeout);
  properties[PROP_RECONNECT_DELAY] = profile_seconds ("reconnect-delay", preset->reconnect_delay);
  properties[PROP_MAX_DELAY] = profile_seconds ("max-delay", preset->max_delay);
  properties[PROP_MAX_ATTEMPTS] = profile_number ("max-attempts", G_MAXINT);
  properties[PROP_MAX_DATA] = profile_number ("max-data", SCOPE_LIMIT_FRAME_BYTES);
  properties[PROP_APP_ID] = profile_text ("app-id");
  properties[PROP_API_HOST] = profile_text ("api-host");
  properties[PROP_API_PORT] = profile_number ("api-port", G_MAXUINT16);
  properties[PROP_PRESENCE_USER] = profile_text ("presence-user");
  properties[PROP_CONNECT_AT_START] = profile_switch ("connect-at-start", FALSE);
  properties[PROP_READ_ONLY] = profile_switch ("read-only", FALSE);
  properties[PROP_PLAN_MESSAGES] = profile_number ("plan-messages", G_MAXUINT);
  properties[PROP_PLAN_SHARE] =
    g_param_spec_uint ("plan-share", NULL, NULL, 0, 100, PLAN_SHARE,
                       G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_SUBSCRIPTIONS] =
    g_param_spec_boxed ("subscriptions", NULL, NULL, G_TYPE_STRV,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_UNSEEN] =
    g_param_spec_boxed ("unseen", NULL, NULL, G_TYPE_STRV,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NAME_FIELD] = profile_text ("name-field");
  properties[PROP_DISCOVERY_RULES] =
    g_param_spec_boxed ("discovery-rules", NULL, NULL, G_TYPE_STRV,
                        G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_profile_init (ScopeProfile *self)
{
  for (guint i = PROP_0 + 1; i < N_PROPS; i++)
    {
      g_value_init (&self->values[i], properties[i]->value_type);
      g_param_value_set_default (properties[i], &self->values[i]);
    }
}

GKeyFile *
_scope_profile_get_origin (ScopeProfile *self)
{
  return self->origin;
}

void
_scope_profile_set_origin (ScopeProfile *self,
                           GKeyFile     *origin)
{
  if (origin != NULL)
    g_key_file_ref (origin);
  g_clear_pointer (&self->origin, g_key_file_unref);
  self->origin = origin;
}

const GValue *
_scope_profile_peek (ScopeProfile *self,
                     const char   *property)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (self), property);

  g_assert (pspec != NULL);
  return &self->values[pspec->param_id];
}

/**
 * scope_profile_new:
 * @name: what people call it
 *
 * Returns: (transfer full): a profile with a new id and every default
 */
ScopeProfile *
scope_profile_new (const char *name)
{
  return scope_profile_new_with_id (NULL, name);
}

/**
 * scope_profile_new_with_id:
 * @id: (nullable): a UUID; `NULL` makes one
 * @name: what people call it
 *
 * Returns: (transfer full): a profile with every default
 */
ScopeProfile *
scope_profile_new_with_id (const char *id,
                           const char *name)
{
  g_return_val_if_fail (name != NULL, NULL);

  return g_object_new (SCOPE_TYPE_PROFILE, "id", id, "name", name, NULL);
}

/**
 * scope_profile_copy:
 * @self: a profile
 *
 * For an editor: the same id, and values of its own. scope_profile_assign() takes them back.
 *
 * Returns: (transfer full): a copy
 */
ScopeProfile *
scope_profile_copy (ScopeProfile *self)
{
  ScopeProfile *copy;

  g_return_val_if_fail (SCOPE_IS_PROFILE (self), NULL);

  copy = scope_profile_new_with_id (scope_profile_get_id (self), scope_profile_get_name (self));
  scope_profile_assign (copy, self);
  return copy;
}

/**
 * scope_profile_assign:
 * @self: a profile
 * @from: another
 *
 * Takes over every property but the id, and what the file of @from holds beyond them. Notifies
 * what changed.
 */
void
scope_profile_assign (ScopeProfile *self,
                      ScopeProfile *from)
{
  g_return_if_fail (SCOPE_IS_PROFILE (self));
  g_return_if_fail (SCOPE_IS_PROFILE (from));

  if (self == from)
    return;

  g_object_freeze_notify (G_OBJECT (self));
  for (guint i = PROP_ID + 1; i < N_PROPS; i++)
    g_object_set_property (G_OBJECT (self), properties[i]->name, &from->values[i]);
  _scope_profile_set_origin (self, from->origin);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * scope_profile_get_id:
 * @self: a profile
 *
 * Returns: (transfer none): its UUID, which names its file and its keyring items
 */
const char *
scope_profile_get_id (ScopeProfile *self)
{
  g_return_val_if_fail (SCOPE_IS_PROFILE (self), NULL);

  return g_value_get_string (&self->values[PROP_ID]);
}

/**
 * scope_profile_get_name:
 * @self: a profile
 *
 * Returns: (transfer none): what people call it; never `NULL`
 */
const char *
scope_profile_get_name (ScopeProfile *self)
{
  const char *name;

  g_return_val_if_fail (SCOPE_IS_PROFILE (self), NULL);

  name = g_value_get_string (&self->values[PROP_NAME]);
  return name != NULL ? name : "";
}

static const char * const *
profile_get_list (ScopeProfile *self,
                  guint         id)
{
  static const char * const none[] = { NULL };
  const char * const *names = g_value_get_boxed (&self->values[id]);

  return names != NULL ? names : none;
}

static void
profile_add_to_list (ScopeProfile *self,
                     guint         id,
                     const char   *name)
{
  const char * const *old = profile_get_list (self, id);
  g_autoptr (GStrvBuilder) builder = NULL;
  g_auto (GStrv) names = NULL;

  if (g_strv_contains (old, name) || g_strv_length ((char **) old) >= SCOPE_LIMIT_CHANNELS)
    return;

  builder = g_strv_builder_new ();
  g_strv_builder_addv (builder, (const char **) old);
  g_strv_builder_add (builder, name);
  names = g_strv_builder_end (builder);
  g_object_set (self, properties[id]->name, names, NULL);
}

static void
profile_remove_from_list (ScopeProfile *self,
                          guint         id,
                          const char   *name)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) names = NULL;

  for (const char * const *old = profile_get_list (self, id); *old != NULL; old++)
    if (strcmp (*old, name) != 0)
      g_strv_builder_add (builder, *old);
  names = g_strv_builder_end (builder);
  g_object_set (self, properties[id]->name, names, NULL);
}

/**
 * scope_profile_get_subscriptions:
 * @self: a profile
 *
 * Returns: (transfer none): the channels it subscribes to, in order; never `NULL`
 */
const char * const *
scope_profile_get_subscriptions (ScopeProfile *self)
{
  g_return_val_if_fail (SCOPE_IS_PROFILE (self), NULL);

  return profile_get_list (self, PROP_SUBSCRIPTIONS);
}

/**
 * scope_profile_set_subscriptions:
 * @self: a profile
 * @channels: (nullable): channel names
 */
void
scope_profile_set_subscriptions (ScopeProfile       *self,
                                 const char * const *channels)
{
  g_return_if_fail (SCOPE_IS_PROFILE (self));

  g_object_set (self, "subscriptions", channels, NULL);
}

/**
 * scope_profile_add_subscription:
 * @self: a profile
 * @channel: a channel's name; nothing happens if it is there already, or if there are
 *   `SCOPE_LIMIT_CHANNELS`
 */
void
scope_profile_add_subscription (ScopeProfile *self,
                                const char   *channel)
{
  g_return_if_fail (SCOPE_IS_PROFILE (self));
  g_return_if_fail (channel != NULL);

  profile_add_to_list (self, PROP_SUBSCRIPTIONS, channel);
}

/**
 * scope_profile_remove_subscription:
 * @self: a profile
 * @channel: a channel's name; nothing happens if it is not there
 */
void
scope_profile_remove_subscription (ScopeProfile *self,
                                   const char   *channel)
{
  g_return_if_fail (SCOPE_IS_PROFILE (self));
  g_return_if_fail (channel != NULL);

  profile_remove_from_list (self, PROP_SUBSCRIPTIONS, channel);
}

/**
 * scope_profile_get_unseen:
 * @self: a profile
 *
 * Returns: (transfer none): the presence channels it watches without joining them, in order; never
 *   `NULL`. A channel that stands in both lists is not joined.
 */
const char * const *
scope_profile_get_unseen (ScopeProfile *self)
{
  g_return_val_if_fail (SCOPE_IS_PROFILE (self), NULL);

  return profile_get_list (self, PROP_UNSEEN);
}

/**
 * scope_profile_add_unseen:
 * @self: a profile
 * @channel: a presence channel's name
 *
 * It is no subscription any more.
 */
void
scope_profile_add_unseen (ScopeProfile *self,
                          const char   *channel)
{
  g_return_if_fail (SCOPE_IS_PROFILE (self));
  g_return_if_fail (channel != NULL);

  g_object_freeze_notify (G_OBJECT (self));
  profile_remove_from_list (self, PROP_SUBSCRIPTIONS, channel);
  profile_add_to_list (self, PROP_UNSEEN, channel);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * scope_profile_remove_unseen:
 * @self: a profile
 * @channel: a channel's name; nothing happens if it is not there
 */
void
scope_profile_remove_unseen (ScopeProfile *self,
                             const char   *channel)
{
  g_return_if_fail (SCOPE_IS_PROFILE (self));
  g_return_if_fail (channel != NULL);

  profile_remove_from_list (self, PROP_UNSEEN, channel);
}
