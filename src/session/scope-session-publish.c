/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "session/scope-session-publish.h"

/* Publishing over the HTTP API of the watched app. */

static gboolean
session_may_publish (gpointer   data,
                     gboolean   repeats,
                     GError   **error)
{
  ScopeSession *self = data;

  return scope_session_get_api (self, error) != NULL && scope_session_check_may_write (self, error)
         && (!repeats
             || scope_footprint_may (scope_session_get_footprint (self), SCOPE_FOOTPRINT_PUBLISH, error));
}

static const char *
session_get_socket_id (gpointer data)
{
  return ((ScopeSession *) data)->socket_id;
}

static void
session_publish (gpointer             data,
                 GPtrArray           *events,
                 guint                n_messages,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  ScopeSession *self = data;
  ScopeApiClient *api = scope_session_get_api (self, NULL); /* session_may_publish() has just asked */

  g_return_if_fail (api != NULL);

  scope_footprint_add (scope_session_get_footprint (self), SCOPE_FOOTPRINT_PUBLISH, 1, n_messages);
  if (events->len == 1)
    scope_api_client_publish_async (api, g_ptr_array_index (events, 0), cancellable, callback, user_data);
  else
    scope_api_client_publish_batch_async (api, events, cancellable, callback, user_data);
}

/* The client that was asked: another may have taken its place meanwhile. */
static ScopeApiReply *
session_publish_finish (gpointer       data,
                        GAsyncResult  *result,
                        GError       **error)
{
  g_autoptr (GObject) api = g_async_result_get_source_object (result);

  return scope_api_client_call_finish (SCOPE_API_CLIENT (api), result, error);
}

/**
 * scope_session_dup_options:
 * @session: a session with a connection
 *
 * The connection has older ones until its next attempt.
 *
 * Returns: (transfer full): options
 */
ScopeConnectionOptions *
scope_session_dup_options (ScopeSession *session)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (session) && session->profile != NULL, NULL);

  return scope_profile_to_options (session->profile, session->credentials);
}

/**
 * scope_publisher_new_for_session:
 * @session: a session with a connection; held
 *
 * Returns: (transfer full): a publisher that asks the session's client, and counts what it costs
 */
ScopePublisher *
scope_publisher_new_for_session (ScopeSession *session)
{
  static const ScopePublisherPort port
      = { session_may_publish, session_get_socket_id, session_publish, session_publish_finish };

  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);
  g_return_val_if_fail (!scope_session_get_offline (session), NULL);

  return scope_publisher_new (session->clock, &port, g_object_ref (session), g_object_unref);
}
