/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-api-client"

#include "config.h"

#include "net/scope-api-client-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "net/scope-trust.h"
#include "protocol/scope-signature.h"

/* RFC 3986 allows these in a path as they are, and server libraries send channel names so. */
#define PATH_CHARACTERS "=@,;:!$&'()*+"

enum
{
  PROP_0,
  PROP_CLOCK_SKEW_USEC,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeApiClient, scope_api_client, G_TYPE_OBJECT)

/**
 * _scope_api_client_take_clock:
 * @reply: an answer; what something else gave in the API's place tells no time
 *
 * Learns how far the two clocks are apart.
 */
void
_scope_api_client_take_clock (ScopeApiClient *self,
                              const ScopeApiReply *reply)
{
  gint64 skew = scope_api_reply_is_clock_off (reply) ? reply->clock_ahead_usec : 0;

  if (!reply->has_server_time || reply->outcome == SCOPE_API_UNKNOWN)
    return;

  self->clock_ahead_usec = reply->clock_ahead_usec;
  if (self->clock_skew_usec == skew)
    return;
  self->clock_skew_usec = skew;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CLOCK_SKEW_USEC]);
}

static char *
scope_api_client_dup_path (ScopeApiClient *self,
                           const char *format,
                           const char *name)
{
  g_autofree char *id = g_uri_escape_string (self->options->app_id, PATH_CHARACTERS, FALSE);
  g_autofree char *escaped = g_uri_escape_string (name, PATH_CHARACTERS, FALSE);
  g_auto (GStrv) parts = g_strsplit (format, "*", 2);
  g_autofree char *rest = g_strjoinv (escaped, parts);

  return g_strconcat ("/apps/", id, rest, NULL);
}

/* body: NULL for a GET. Takes the task. */
static void
scope_api_client_call (ScopeApiClient *self,
                       GTask *task,
                       const char *path,
                       const char * const *params,
                       GString *body)
{
  ScopeApiCall *call = g_task_get_task_data (task);
  g_autofree char *query = NULL;

  call->asked_usec = scope_clock_get_wall_usec (self->clock);
  call->method = body != NULL ? SOUP_METHOD_POST : SOUP_METHOD_GET;
  query = scope_sign_http_request (self->options->key, scope_secret_peek (self->options->secret), call->method, path,
                                   params, body != NULL ? body->str : NULL, body != NULL ? (gssize) body->len : 0,
                                   scope_api_client_get_signing_usec (self) / G_USEC_PER_SEC, &call->reply->signed_text);
  call->target = g_strconcat (path, "?", query, NULL);
  if (body != NULL)
    call->content = g_bytes_new (body->str, body->len);
  _scope_api_call_start_waiting (task);
  _scope_api_client_send (self, task);
}

/**
 * scope_api_client_publish_async:
 * @event: checked and read now, not kept
 *
 * Limits are those of protocol.md §9.3; `info` is left to the server.
 */
void
scope_api_client_publish_async (ScopeApiClient *self,
                                const ScopeApiEvent *event,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GString) body = g_string_new (NULL);
  g_autofree char *path = NULL;
  GError *error = NULL;

  g_return_if_fail (SCOPE_IS_API_CLIENT (self) && event != NULL);

  task = _scope_api_call_new_task (self, cancellable, callback, user_data);
  path = scope_api_client_dup_path (self, "/events", "");
  if (scope_api_event_append (event, FALSE, self->options->max_data,
                              scope_secret_peek (self->options->master_key), body, &error))
    scope_api_client_call (self, g_steal_pointer (&task), path, NULL, body);
  else
    g_task_return_error (task, error);
}

static gboolean
scope_api_client_append_batch (ScopeApiClient *self,
                               GPtrArray *events,
                               GString *body,
                               GError **error)
{
  if (events->len == 0 || events->len > SCOPE_LIMIT_BATCH_EVENTS)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("A batch has 1 to %d events, this one has %u"),
                   SCOPE_LIMIT_BATCH_EVENTS, events->len);
      return FALSE;
    }

  g_string_append (body, "{\"batch\":[");
  for (guint i = 0; i < events->len; i++)
    {
      if (i > 0)
        g_string_append_c (body, ',');
      if (!scope_api_event_append (g_ptr_array_index (events, i), TRUE, self->options->max_data,
                                   scope_secret_peek (self->options->master_key), body, error))
        return FALSE;
    }
  g_string_append (body, "]}");
  return TRUE;
}

/**
 * scope_api_client_publish_batch_async:
 * @events: (element-type ScopeApiEvent): checked and read now, not kept
 */
void
scope_api_client_publish_batch_async (ScopeApiClient *self,
                                      GPtrArray *events,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autoptr (GString) body = g_string_new (NULL);
  g_autofree char *path = NULL;
  GError *error = NULL;

  g_return_if_fail (SCOPE_IS_API_CLIENT (self) && events != NULL);

  task = _scope_api_call_new_task (self, cancellable, callback, user_data);
  path = scope_api_client_dup_path (self, "/batch_events", "");
  if (scope_api_client_append_batch (self, events, body, &error))
    scope_api_client_call (self, g_steal_pointer (&task), path, NULL, body);
  else
    g_task_return_error (task, error);
}

/**
 * scope_api_client_list_channels_async:
 * @prefix: (nullable): that the names begin with; counts of users need one that begins with `presence-`
 * @info: (nullable): counts that are asked for, separated by commas (protocol.md §9.2)
 */
void
scope_api_client_list_channels_async (ScopeApiClient *self,
                                      const char *prefix,
                                      const char *info,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  const char *params[5] = { NULL };
  guint n = 0;
  g_autofree char *path = NULL;

  g_return_if_fail (SCOPE_IS_API_CLIENT (self));

  if (prefix != NULL)
    {
      params[n++] = "filter_by_prefix";
      params[n++] = prefix;
    }
  if (info != NULL)
    {
      params[n++] = "info";
      params[n++] = info;
    }
  path = scope_api_client_dup_path (self, "/channels", "");
  scope_api_client_call (self, _scope_api_call_new_task (self, cancellable, callback, user_data), path, params,
                         NULL);
}

/**
 * scope_api_client_get_channel_async:
 * @info: (nullable): `user_count`, `subscription_count`, `cache`, separated by commas (protocol.md §9.2)
 */
void
scope_api_client_get_channel_async (ScopeApiClient *self,
                                    const char *channel,
                                    const char *info,
                                    GCancellable *cancellable,
                                    GAsyncReadyCallback callback,
                                    gpointer user_data)
{
  const char *params[] = { "info", info, NULL };
  g_autofree char *path = NULL;

  g_return_if_fail (SCOPE_IS_API_CLIENT (self) && channel != NULL);

  path = scope_api_client_dup_path (self, "/channels/*", channel);
  scope_api_client_call (self, _scope_api_call_new_task (self, cancellable, callback, user_data), path,
                         info != NULL ? params : NULL, NULL);
}

/**
 * scope_api_client_list_users_async:
 * @channel: a presence channel
 *
 * `GET /channels/NAME/users` (protocol.md §9.1). Ends with scope_api_client_call_finish().
 */
void
scope_api_client_list_users_async (ScopeApiClient *self,
                                   const char *channel,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autofree char *path = NULL;

  g_return_if_fail (SCOPE_IS_API_CLIENT (self) && channel != NULL);

  path = scope_api_client_dup_path (self, "/channels/*/users", channel);
  scope_api_client_call (self, _scope_api_call_new_task (self, cancellable, callback, user_data), path, NULL,
                         NULL);
}

/**
 * scope_api_client_terminate_user_async:
 *
 * The body is `{}`, as the libraries send it (protocol.md §9.1).
 */
void
scope_api_client_terminate_user_async (ScopeApiClient *self,
                                       const char *user_id,
                                       GCancellable *cancellable,
                                       GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  g_autoptr (GString) body = g_string_new ("{}");
  g_autofree char *path = NULL;

  g_return_if_fail (SCOPE_IS_API_CLIENT (self) && user_id != NULL);

  path = scope_api_client_dup_path (self, "/users/*/terminate_connections", user_id);
  scope_api_client_call (self, _scope_api_call_new_task (self, cancellable, callback, user_data), path, NULL,
                         body);
}

/**
 * scope_api_client_call_finish:
 * @error: SCOPE_ERROR_USAGE: the request is wrong in itself; nothing was sent
 *
 * Returns: (transfer full) (nullable): what became of it
 */
ScopeApiReply *
scope_api_client_call_finish (ScopeApiClient *self,
                              GAsyncResult *result,
                              GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * scope_api_client_get_clock_skew_usec:
 *
 * Returns: how far this machine's clock is before the server's by the last answer that told the time; 0 while
 *   that is within half a minute
 */
gint64
scope_api_client_get_clock_skew_usec (ScopeApiClient *self)
{
  g_return_val_if_fail (SCOPE_IS_API_CLIENT (self), 0);

  return self->clock_skew_usec;
}

/**
 * scope_api_client_get_uses_server_time:
 *
 * Returns: whether requests are signed with the server's time instead of this machine's
 */
gboolean
scope_api_client_get_uses_server_time (ScopeApiClient *self)
{
  g_return_val_if_fail (SCOPE_IS_API_CLIENT (self), FALSE);

  return self->uses_server_time;
}

/**
 * scope_api_client_set_uses_server_time:
 *
 * What the user was offered when the clock was found to be off. Until an answer has told the time it changes
 * nothing.
 */
void
scope_api_client_set_uses_server_time (ScopeApiClient *self,
                                       gboolean uses_server_time)
{
  g_return_if_fail (SCOPE_IS_API_CLIENT (self));

  self->uses_server_time = uses_server_time;
}

/**
 * scope_api_client_get_signing_usec:
 *
 * Returns: what requests are signed with now: microseconds since 1970, as the server has it if that is wanted
 */
gint64
scope_api_client_get_signing_usec (ScopeApiClient *self)
{
  gint64 now;

  g_return_val_if_fail (SCOPE_IS_API_CLIENT (self), 0);

  now = scope_clock_get_wall_usec (self->clock);
  return self->uses_server_time ? now - self->clock_ahead_usec : now;
}

/**
 * scope_api_client_take_time:
 * @other: a client of the same server
 *
 * Takes over what another has learnt of the server's time, and was told to do with it.
 */
void
scope_api_client_take_time (ScopeApiClient *self,
                            ScopeApiClient *other)
{
  g_return_if_fail (SCOPE_IS_API_CLIENT (self) && SCOPE_IS_API_CLIENT (other));

  self->clock_ahead_usec = other->clock_ahead_usec;
  self->clock_skew_usec = other->clock_skew_usec;
  self->uses_server_time = other->uses_server_time;
}

static void
scope_api_client_get_property (GObject *object,
                               guint prop_id,
                               GValue *value,
                               GParamSpec *pspec)
{
  ScopeApiClient *self = SCOPE_API_CLIENT (object);

  switch (prop_id)
    {
    case PROP_CLOCK_SKEW_USEC:
      g_value_set_int64 (value, self->clock_skew_usec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
scope_api_client_dispose (GObject *object)
{
  ScopeApiClient *self = SCOPE_API_CLIENT (object);

  scope_clock_remove_timer (self->clock, self->timer);
  self->timer = 0;
  if (self->session != NULL)
    soup_session_abort (self->session);

  G_OBJECT_CLASS (scope_api_client_parent_class)->dispose (object);
}

static void
scope_api_client_finalize (GObject *object)
{
  ScopeApiClient *self = SCOPE_API_CLIENT (object);

  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->lines, g_ptr_array_unref);
  g_clear_pointer (&self->base, g_uri_unref);
  g_clear_pointer (&self->options, scope_connection_options_free);

  G_OBJECT_CLASS (scope_api_client_parent_class)->finalize (object);
}

static void
scope_api_client_class_init (ScopeApiClientClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_api_client_dispose;
  object_class->finalize = scope_api_client_finalize;
  object_class->get_property = scope_api_client_get_property;

  properties[PROP_CLOCK_SKEW_USEC]
      = g_param_spec_int64 ("clock-skew-usec", NULL, NULL, G_MININT64, G_MAXINT64, 0,
                            G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_api_client_init (ScopeApiClient *self)
{
}

static void
scope_api_client_read_base (ScopeApiClient *self)
{
  g_autofree char *base = scope_connection_options_build_api_url (self->options);

  self->base = g_uri_parse (base, G_URI_FLAGS_NONE, NULL);
  if (self->base != NULL && !self->options->use_tls && self->options->proxy == NULL)
    self->lines = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * scope_api_client_new:
 * @options: where the API is, and with what; key, app id and secret are needed
 *
 * Returns: (transfer full): a client that has no connection yet
 */
ScopeApiClient *
scope_api_client_new (const ScopeConnectionOptions *options,
                      ScopeClock *clock)
{
  ScopeApiClient *self;

  g_return_val_if_fail (options != NULL && SCOPE_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (options->key != NULL && options->app_id != NULL && options->secret != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_API_CLIENT, NULL);
  self->options = scope_connection_options_copy (options);
  self->clock = g_object_ref (clock);
  self->session = scope_trust_new_session (options->proxy);
  scope_api_client_read_base (self);
  return self;
}
