/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "session/scope-session-publish.h"

#include "base/scope-error.h"

#include <glib/gi18n-lib.h>

/* Publishing over the HTTP API of the watched app. */

typedef struct
{
  ScopeSession *session;
  guint generation; /* of the session's API: the app that the job was started for */
} SessionPublishing;

static void
session_publishing_free (gpointer data)
{
  SessionPublishing *publishing = data;

  g_object_unref (publishing->session);
  g_free (publishing);
}

static void
session_begin (gpointer data)
{
  SessionPublishing *publishing = data;

  publishing->generation = publishing->session->api_generation;
}

static gboolean
session_may_publish (gpointer   data,
                     gboolean   repeats,
                     GError   **error)
{
  SessionPublishing *publishing = data;
  ScopeSession *self = publishing->session;

  if (publishing->generation != self->api_generation)
    return scope_error_set (error, SCOPE_ERROR_REFUSED,
                            _("The rest was not sent: the profile was changed, and leads to another app now."));
  return scope_session_get_api (self, error) != NULL && scope_session_check_may_write (self, error)
         && (!repeats
             || scope_footprint_may (scope_session_get_footprint (self), SCOPE_FOOTPRINT_PUBLISH, error));
}

static const char *
session_get_socket_id (gpointer data)
{
  return ((SessionPublishing *) data)->session->socket_id;
}

static void
session_publish (gpointer             data,
                 GPtrArray           *events,
                 guint                n_messages,
                 GCancellable        *cancellable,
                 GAsyncReadyCallback  callback,
                 gpointer             user_data)
{
  ScopeSession *self = ((SessionPublishing *) data)->session;
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
      = { session_begin, session_may_publish, session_get_socket_id, session_publish, session_publish_finish };

  SessionPublishing *publishing;

  g_return_val_if_fail (SCOPE_IS_SESSION (session), NULL);
  g_return_val_if_fail (!scope_session_get_offline (session), NULL);

  publishing = g_new0 (SessionPublishing, 1);
  publishing->session = g_object_ref (session);
  return scope_publisher_new (session->clock, &port, publishing, session_publishing_free);
}
