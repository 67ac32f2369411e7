/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-authorizer"

#include "config.h"

#include "net/scope-authorizer.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-secret.h"
#include "base/scope-source.h"
#include "net/scope-auth-call-private.h"
#include "net/scope-field.h"
#include "net/scope-trust.h"

struct _ScopeAuthorizer
{
  GObject parent_instance;

  ScopeConnectionOptions *options;
  SoupSession *session; /* of options' proxy; NULL until the first request */
  GQueue waiting;       /* of GTask*, owned */
  guint n_running;
  guint64 n_callbacks;  /* numbers JSONP's callbacks, as pusher-js does */
};

G_DEFINE_FINAL_TYPE (ScopeAuthorizer, scope_authorizer, G_TYPE_OBJECT)

static void scope_authorizer_send (GTask *task);
static void scope_authorizer_read (GTask *task);
static void scope_authorizer_run_next (ScopeAuthorizer *self);

/* --- its end --- */

static void
scope_auth_call_unwatch (ScopeAuthCall *call)
{
  g_clear_handle_id (&call->timeout, g_source_remove);
  scope_source_clear (&call->cancelled);
}

/* Ends a request that runs: reply or error (both transfer full), and the next one's turn. */
static void
scope_authorizer_end (GTask *task,
                      ScopeAuthReply *reply,
                      GError *error)
{
  g_autoptr (ScopeAuthorizer) self = g_object_ref (g_task_get_source_object (task));
  ScopeAuthCall *call = g_task_get_task_data (task);

  scope_auth_call_unwatch (call);
  g_cancellable_cancel (call->stop); /* whatever still comes is not read */
  g_clear_object (&call->stream);
  if (call->timed_out)
    {
      g_clear_error (&error);
      g_clear_pointer (&reply, scope_auth_reply_free);
      error = _scope_auth_call_timed_out_error (call);
    }

  self->n_running--;
  scope_authorizer_run_next (self);
  if (error != NULL)
    g_task_return_error (task, _scope_auth_call_hide_values (call, error));
  else
    g_task_return_pointer (task, reply, (GDestroyNotify) scope_auth_reply_free);
}

static void
scope_authorizer_fail (GTask *task,
                       GError *error)
{
  scope_authorizer_end (task, NULL, error);
}

static gboolean
scope_authorizer_timeout_cb (gpointer user_data)
{
  ScopeAuthCall *call = g_task_get_task_data (user_data);

  call->timeout = 0;
  call->timed_out = TRUE;
  g_cancellable_cancel (call->stop);
  return G_SOURCE_REMOVE;
}

static gboolean
scope_authorizer_cancelled_cb (GCancellable *cancellable,
                               gpointer user_data)
{
  GTask *task = user_data;
  ScopeAuthorizer *self = g_task_get_source_object (task);
  ScopeAuthCall *call = g_task_get_task_data (task);

  if (call->is_running)
    {
      g_cancellable_cancel (call->stop);
      return G_SOURCE_REMOVE;
    }

  g_queue_remove (&self->waiting, task);
  scope_auth_call_unwatch (call);
  g_task_return_error_if_cancelled (task);
  g_object_unref (task); /* the queue's */
  return G_SOURCE_REMOVE;
}

/* --- the answer --- */

static gboolean
scope_auth_call_is_good (ScopeAuthCall *call)
{
  return call->status == SOUP_STATUS_OK || call->status == SOUP_STATUS_CREATED;
}

static void
scope_authorizer_take_body (GTask *task)
{
  ScopeAuthCall *call = g_task_get_task_data (task);
  ScopeAuthReply *reply;
  GError *error = NULL;

  if (!scope_auth_call_is_good (call))
    {
      scope_authorizer_fail (task, _scope_auth_call_refusal (call));
      return;
    }

  reply = scope_auth_reply_parse ((const char *) call->body->data, call->body->len,
                                  call->transport == SCOPE_AUTH_TRANSPORT_JSONP, call->purpose,
                                  call->channel, call->url, call->signed_in, &error);
  scope_authorizer_end (task, reply, error);
}

static void
scope_authorizer_read_cb (GObject *source,
                          GAsyncResult *result,
                          gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeAuthCall *call = g_task_get_task_data (task);
  GError *error = NULL;
  gssize n_bytes = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n_bytes < 0)
    scope_authorizer_fail (task, error);
  else if (n_bytes == 0)
    scope_authorizer_take_body (task);
  else if (call->body->len + n_bytes > SCOPE_LIMIT_AUTH_REPLY_BYTES)
    scope_authorizer_fail (task, _scope_auth_call_too_big_error (call));
  else
    {
      g_byte_array_append (call->body, (const guint8 *) call->buffer, n_bytes);
      scope_authorizer_read (task);
    }
}

static void
scope_authorizer_read (GTask *task)
{
  ScopeAuthCall *call = g_task_get_task_data (task);

  g_input_stream_read_async (call->stream, call->buffer, sizeof call->buffer, G_PRIORITY_DEFAULT, call->stop,
                             scope_authorizer_read_cb, g_object_ref (task));
}

/* --- redirects --- */

static void
scope_authorizer_redirect (GTask *task)
{
  ScopeAuthCall *call = g_task_get_task_data (task);
  SoupMessageHeaders *headers = soup_message_get_response_headers (call->message);
  const char *location = soup_message_headers_get_one (headers, "Location");
  g_autoptr (GUri) target = NULL;
  g_autofree char *url = NULL;
  GString *form = NULL;
  GError *error = NULL;

  if (location != NULL)
    target = g_uri_parse_relative (soup_message_get_uri (call->message), location, SOUP_HTTP_URI_FLAGS, NULL);
  if (!_scope_auth_call_check_redirect (call, target, &error))
    {
      scope_authorizer_fail (task, error);
      return;
    }

  call->n_redirects++;
  g_clear_object (&call->stream);
  url = g_uri_to_string (target);
  if (call->method == SCOPE_AUTH_METHOD_POST)
    form = _scope_auth_call_build_query (call, 0);
  if (_scope_auth_call_compose (call, url, form, &error))
    scope_authorizer_send (task);
  else
    scope_authorizer_fail (task, error);
  if (form != NULL)
    {
      scope_secret_wipe (form->str, form->len);
      g_string_free (form, TRUE);
    }
}

/* --- sending --- */

static void
scope_authorizer_sent_cb (GObject *source,
                          GAsyncResult *result,
                          gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeAuthCall *call = g_task_get_task_data (task);
  GError *error = NULL;

  call->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (call->stream == NULL)
    {
      scope_authorizer_fail (task, _scope_auth_call_unreachable_error (call, error));
      return;
    }

  call->status = soup_message_get_status (call->message);
  if (!_scope_auth_call_check_head (call, &error))
    scope_authorizer_fail (task, error);
  else if (_scope_auth_is_redirect (call->status))
    scope_authorizer_redirect (task);
  else
    scope_authorizer_read (task);
}

static void
scope_authorizer_send (GTask *task)
{
  ScopeAuthorizer *self = g_task_get_source_object (task);
  ScopeAuthCall *call = g_task_get_task_data (task);

  if (self->session == NULL)
    self->session = scope_trust_new_session (self->options->proxy);
  soup_session_send_async (self->session, call->message, G_PRIORITY_DEFAULT, call->stop,
                           scope_authorizer_sent_cb, g_object_ref (task));
}

static void
scope_authorizer_send_first (GTask *task)
{
  ScopeAuthorizer *self = g_task_get_source_object (task);
  ScopeAuthCall *call = g_task_get_task_data (task);
  gboolean is_post = call->method == SCOPE_AUTH_METHOD_POST;
  GString *query = _scope_auth_call_build_query (call, ++self->n_callbacks);
  char *url = is_post ? g_strdup (call->url) : _scope_auth_join_query (call->url, query->str);
  GError *error = NULL;

  if (_scope_auth_call_compose (call, url, is_post ? query : NULL, &error))
    scope_authorizer_send (task);
  else
    scope_authorizer_fail (task, error);

  scope_secret_wipe (url, strlen (url));
  scope_secret_wipe (query->str, query->len);
  g_free (url);
  g_string_free (query, TRUE);
}

static void
scope_authorizer_resolved_cb (GObject *source,
                              GAsyncResult *result,
                              gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeAuthCall *call = g_task_get_task_data (task);
  GError *error = NULL;

  call->fields = scope_fields_resolve_finish (result, &error);
  if (call->fields == NULL)
    {
      call->fields = g_ptr_array_new ();
      scope_authorizer_fail (task, error);
      return;
    }
  scope_authorizer_send_first (task);
}

/* --- the queue --- */

static void
scope_authorizer_run (ScopeAuthorizer *self,
                      GTask *task)
{
  ScopeAuthCall *call = g_task_get_task_data (task);

  self->n_running++;
  call->is_running = TRUE;
  call->timeout = g_timeout_add (SCOPE_WAIT_AUTHORIZE_USEC / 1000, scope_authorizer_timeout_cb, task);
  scope_fields_resolve_async (g_steal_pointer (&call->fields), call->stop, scope_authorizer_resolved_cb,
                              g_object_ref (task));
}

static void
scope_authorizer_run_next (ScopeAuthorizer *self)
{
  while (self->n_running < SCOPE_LIMIT_AUTH_AT_ONCE && !g_queue_is_empty (&self->waiting))
    {
      g_autoptr (GTask) task = g_queue_pop_head (&self->waiting);

      scope_authorizer_run (self, task);
    }
}

/* --- the object --- */

static void
scope_authorizer_finalize (GObject *object)
{
  ScopeAuthorizer *self = SCOPE_AUTHORIZER (object);

  g_queue_clear_full (&self->waiting, g_object_unref);
  g_clear_object (&self->session);
  scope_connection_options_free (self->options);

  G_OBJECT_CLASS (scope_authorizer_parent_class)->finalize (object);
}

static void
scope_authorizer_class_init (ScopeAuthorizerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_authorizer_finalize;
}

static void
scope_authorizer_init (ScopeAuthorizer *self)
{
  g_queue_init (&self->waiting);
}

/**
 * scope_authorizer_new:
 * @options: copied: endpoints, trust and proxy are taken from it
 *
 * Returns: (transfer full): asks nothing yet
 */
ScopeAuthorizer *
scope_authorizer_new (const ScopeConnectionOptions *options)
{
  ScopeAuthorizer *self;

  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_AUTHORIZER, NULL);
  self->options = scope_connection_options_copy (options);
  return self;
}

/**
 * scope_authorizer_set_options:
 * @options: copied; for requests from now on
 */
void
scope_authorizer_set_options (ScopeAuthorizer *self,
                              const ScopeConnectionOptions *options)
{
  ScopeConnectionOptions *before;

  g_return_if_fail (SCOPE_IS_AUTHORIZER (self));
  g_return_if_fail (options != NULL);

  before = self->options;
  self->options = scope_connection_options_copy (options);
  if (g_strcmp0 (before->proxy, self->options->proxy) != 0)
    g_clear_object (&self->session);
  scope_connection_options_free (before);
}

static void
scope_authorizer_watch (GTask *task)
{
  ScopeAuthCall *call = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  if (cancellable == NULL)
    return;

  call->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (call->cancelled, G_SOURCE_FUNC (scope_authorizer_cancelled_cb), task, NULL);
  g_source_attach (call->cancelled, g_main_context_get_thread_default ());
}

/**
 * scope_authorizer_request_async:
 * @socket_id: of the connection that wants in
 * @channel: (nullable): %NULL for a user
 * @signed_in: whether a user is (a presence channel needs no `channel_data` then)
 *
 * Asks the endpoint of the options once (protocol.md §4.1). Five requests run at a time, the others wait in
 * order; one may take %SCOPE_WAIT_AUTHORIZE_USEC from when it begins.
 */
void
scope_authorizer_request_async (ScopeAuthorizer *self,
                                ScopeAuthPurpose purpose,
                                const char *socket_id,
                                const char *channel,
                                gboolean signed_in,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  ScopeAuthCall *call;

  g_return_if_fail (SCOPE_IS_AUTHORIZER (self));
  g_return_if_fail (socket_id != NULL);
  g_return_if_fail (channel != NULL || purpose == SCOPE_AUTH_FOR_USER);

  call = _scope_auth_call_new (self->options, purpose, socket_id, channel);
  call->signed_in = signed_in;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_authorizer_request_async);
  g_task_set_task_data (task, call, _scope_auth_call_free);

  if (call->url == NULL)
    g_task_return_new_error (task, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("There is no authorization endpoint"));
  else if (call->fault != NULL)
    g_task_return_error (task, g_steal_pointer (&call->fault));
  else
    {
      scope_authorizer_watch (task);
      g_queue_push_tail (&self->waiting, g_steal_pointer (&task));
      scope_authorizer_run_next (self);
    }
}

/**
 * scope_authorizer_request_finish:
 * @status: (out): of the answer; 0 if none came
 * @error: SCOPE_ERROR_REFUSED (another status than 200 or 201, or a redirect that is not followed),
 *   _PROTOCOL (protocol.md §4.2), _LIMIT, _TIMED_OUT, _USAGE (a field's command), G_IO_ERROR_* and others
 *   of the network
 *
 * Returns: (transfer full) (nullable): what the endpoint handed out
 */
ScopeAuthReply *
scope_authorizer_request_finish (ScopeAuthorizer *self,
                                 GAsyncResult *result,
                                 guint *status,
                                 GError **error)
{
  ScopeAuthCall *call;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (status != NULL, NULL);

  call = g_task_get_task_data (G_TASK (result));
  *status = call->status;
  return g_task_propagate_pointer (G_TASK (result), error);
}
