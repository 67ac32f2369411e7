/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-api-call"

#include "config.h"

#include "net/scope-api-client-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-source.h"
#include "base/scope-text.h"
#include "net/scope-trust.h"
#include "protocol/scope-server-error.h"

static void
scope_api_call_stop_waiting (ScopeApiCall *call)
{
  if (call->deadline != 0)
    g_queue_unlink (&call->client->calls, &call->link);
  call->deadline = 0;
  scope_source_clear (&call->cancelled);
}

static void
scope_api_call_free (gpointer data)
{
  ScopeApiCall *call = data;

  scope_api_call_stop_waiting (call);
  g_clear_pointer (&call->reply, scope_api_reply_free);
  g_clear_object (&call->stream);
  if (call->message != NULL)
    g_signal_handlers_disconnect_by_data (call->message, call);
  g_clear_object (&call->message);
  scope_http_answer_clear (&call->answer);
  g_clear_pointer (&call->content, g_bytes_unref);
  g_free (call->target);
  g_object_unref (call->stop);
  g_free (call);
}

static ScopeApiCall *
scope_api_call_new (ScopeApiClient *self)
{
  ScopeApiCall *call = g_new0 (ScopeApiCall, 1);

  call->client = self;
  call->link.data = call;
  call->stop = g_cancellable_new ();
  call->reply = scope_api_reply_new ();
  return call;
}

/**
 * _scope_api_call_new_task:
 *
 * Returns: (transfer full): a task that returns a [struct@ScopeApiReply]; its task data is the #ScopeApiCall
 */
GTask *
_scope_api_call_new_task (ScopeApiClient *self,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  /* a cancelled call tells too what became of it */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, _scope_api_call_new_task);
  g_task_set_task_data (task, scope_api_call_new (self), scope_api_call_free);
  return task;
}

/* Limits of time */

/* libsoup counts what it has handed to the connection: none of it, and the server can't know of the request. */
static gboolean
scope_api_call_is_sent (ScopeApiCall *call)
{
  SoupMessageMetrics *metrics;

  if (call->message == NULL)
    return call->answer.n_sent > 0;
  metrics = soup_message_get_metrics (call->message);
  return metrics == NULL || soup_message_metrics_get_request_header_bytes_sent (metrics) > 0;
}

/* What a line does not tell is looked up when its time is over. */
static gboolean
scope_api_call_is_connected (ScopeApiCall *call)
{
  return call->line != NULL ? scope_http_line_is_connected (call->line) : scope_api_call_is_sent (call);
}

static void scope_api_client_late_cb (gpointer user_data);

static void
scope_api_client_set_timer (ScopeApiClient *self)
{
  gint64 earliest = G_MAXINT64;

  for (GList *l = self->calls.head; l != NULL; l = l->next)
    earliest = MIN (earliest, ((ScopeApiCall *) l->data)->deadline);
  if (earliest != G_MAXINT64)
    self->timer = scope_clock_add_timer (self->clock, earliest, scope_api_client_late_cb, self);
}

/* Of calls that have ended the timer is left: it finds nothing late. */
static void
scope_api_client_late_cb (gpointer user_data)
{
  ScopeApiClient *self = user_data;
  gint64 now = scope_clock_get_monotonic_usec (self->clock);
  GList *next;

  self->timer = 0;
  for (GList *l = self->calls.head; l != NULL; l = next)
    {
      ScopeApiCall *call = l->data;

      next = l->next;
      if (call->is_connecting && scope_api_call_is_connected (call))
        {
          call->is_connecting = FALSE;
          call->deadline = call->end;
        }
      if (call->deadline > now)
        continue;
      call->is_late = TRUE;
      call->deadline = 0;
      g_queue_unlink (&self->calls, &call->link);
      g_cancellable_cancel (call->stop);
    }
  scope_api_client_set_timer (self);
}

static gboolean
scope_api_call_cancelled_cb (GCancellable *cancellable,
                             gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/**
 * _scope_api_call_start_waiting:
 * @task: a call's
 *
 * From now on it has SCOPE_WAIT_API_USEC, and may be cancelled.
 */
void
_scope_api_call_start_waiting (GTask *task)
{
  ScopeApiCall *call = g_task_get_task_data (task);
  GCancellable *cancellable = g_task_get_cancellable (task);

  call->end = scope_clock_get_monotonic_usec (call->client->clock) + SCOPE_WAIT_API_USEC;
  call->deadline = call->end;
  g_queue_push_tail_link (&call->client->calls, &call->link);
  if (call->client->timer == 0)
    scope_api_client_set_timer (call->client);
  if (cancellable == NULL)
    return;

  /* a source, not the signal: nothing may end inside g_cancellable_cancel() */
  call->cancelled = g_cancellable_source_new (cancellable);
  g_source_set_callback (call->cancelled, G_SOURCE_FUNC (scope_api_call_cancelled_cb), g_object_ref (call->stop),
                         g_object_unref);
  g_source_attach (call->cancelled, g_main_context_get_thread_default ());
}

static void
scope_api_call_set_deadline (ScopeApiCall *call,
                             gint64 deadline)
{
  ScopeApiClient *client = call->client;

  if (call->deadline == 0 || call->deadline == deadline)
    return;
  call->deadline = deadline;
  scope_clock_remove_timer (client->clock, client->timer);
  client->timer = 0;
  scope_api_client_set_timer (client);
}

static gint64
scope_api_client_get_connect_usec (ScopeApiClient *self)
{
  gint64 limit = (gint64) (self->options->connect_timeout * G_USEC_PER_SEC);

  return limit > 0 ? MIN (limit, SCOPE_WAIT_API_USEC) : SCOPE_WAIT_API_USEC;
}

/**
 * _scope_api_call_start_connecting:
 *
 * Getting connected has a limit of its own, the options' connect_timeout.
 */
void
_scope_api_call_start_connecting (ScopeApiCall *call)
{
  gint64 limit = scope_api_client_get_connect_usec (call->client);

  call->is_connecting = TRUE;
  scope_api_call_set_deadline (call, MIN (call->end, scope_clock_get_monotonic_usec (call->client->clock) + limit));
}

/**
 * _scope_api_call_network_cb:
 *
 * For "network-event": how far getting connected is. On a kept connection nothing of this comes.
 */
void
_scope_api_call_network_cb (SoupMessage *message,
                            GSocketClientEvent event,
                            GIOStream *connection,
                            gpointer user_data)
{
  ScopeApiCall *call = user_data;

  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    call->is_in_tls = TRUE;
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED || event == G_SOCKET_CLIENT_RESOLVING)
    call->is_in_tls = FALSE;

  if (call->is_connecting == (event != G_SOCKET_CLIENT_COMPLETE))
    return;
  if (!call->is_connecting)
    {
      _scope_api_call_start_connecting (call);
      return;
    }
  call->is_connecting = FALSE;
  scope_api_call_set_deadline (call, call->end);
}

/* The end of a call */

/**
 * _scope_api_call_return:
 * @task: a call's
 *
 * Ends the call with its reply as it is.
 */
void
_scope_api_call_return (GTask *task)
{
  ScopeApiCall *call = g_task_get_task_data (task);

  scope_api_call_stop_waiting (call);
  g_task_return_pointer (task, g_steal_pointer (&call->reply), (GDestroyNotify) scope_api_reply_free);
}

/* 0: there was no answer */
static guint
scope_api_call_get_status (ScopeApiCall *call)
{
  if (call->message == NULL)
    return call->answer.status;
  return call->stream != NULL ? soup_message_get_status (call->message) : 0;
}

static char *
scope_api_call_dup_trouble (ScopeApiCall *call,
                            const GError *error)
{
  g_autofree char *limit = NULL;
  g_autofree char *text = NULL;
  char *trust;

  if (call->is_late && call->is_connecting)
    {
      limit = scope_text_format_duration (scope_api_client_get_connect_usec (call->client));
      return g_strdup_printf (call->is_in_tls ? _("No TLS connection came about within %s. Does the port speak plain "
                                                  "HTTP? Then switch TLS off (--no-tls).")
                                              : _("No connection came about within %s"), limit);
    }
  if (call->is_late)
    {
      limit = scope_text_format_duration (SCOPE_WAIT_API_USEC);
      return g_strdup_printf (_("The HTTP API did not answer within %s"), limit);
    }
  if (call->reply->is_cancelled)
    return g_strdup (_("Cancelled"));

  trust = call->message != NULL ? scope_trust_describe (call->message) : NULL;
  if (trust != NULL)
    return trust;
  text = scope_text_bounded (error->message, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  /* what is no TLS is either, by where it is noticed */
  if (call->is_in_tls && (g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_NOT_TLS)
                          || g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_MISC)))
    return g_strdup_printf (_("No TLS connection came about (%s). Does the port speak plain HTTP? Then switch TLS "
                              "off (--no-tls)."), text);
  return g_steal_pointer (&text);
}

/* A refusal whose head has come is one, whatever became of its body; of anything else the answer is lost. */
static gboolean
scope_api_call_is_refused_by_head (guint status)
{
  return status >= 300 && status < 500;
}

/* An answer out of a cache has the time of then. */
static const char *
scope_api_call_get_date (SoupMessageHeaders *headers)
{
  return soup_message_headers_get_one (headers, "Age") == NULL ? soup_message_headers_get_one (headers, "Date")
                                                               : NULL;
}

/* Retry-After in seconds; as a date it depends on two clocks, and nobody sends it so here. */
static gint64
scope_api_call_get_retry_after (SoupMessageHeaders *headers)
{
  const char *value = soup_message_headers_get_one (headers, "Retry-After");
  guint64 seconds;

  if (value == NULL || !g_ascii_string_to_unsigned (value, 10, 0, G_MAXINT32, &seconds, NULL))
    return 0;
  return (gint64) seconds * G_USEC_PER_SEC;
}

/**
 * _scope_api_call_take_answer:
 *
 * Reads an answer that came wholly, or a refusal's start, into the reply; the client learns the server's time of it.
 */
void
_scope_api_call_take_answer (ScopeApiCall *call)
{
  SoupMessageHeaders *headers
      = call->message != NULL ? soup_message_get_response_headers (call->message) : call->answer.headers;

  _scope_api_reply_take_answer (call->reply, scope_api_call_get_status (call),
                                soup_message_headers_get_content_type (headers, NULL),
                                scope_api_call_get_date (headers), call->asked_usec,
                                scope_clock_get_wall_usec (call->client->clock),
                                (const char *) call->answer.body->data, call->answer.body->len);
  call->reply->retry_after_usec = scope_api_call_get_retry_after (headers);
  _scope_api_client_take_clock (call->client, call->reply);
}

/**
 * _scope_api_call_fail:
 * @task: a call's
 * @error: why there is no answer
 *
 * Ends the call: as refused if the answer's head has come, else as not sent, or with an unknown outcome.
 */
void
_scope_api_call_fail (GTask *task,
                      const GError *error)
{
  ScopeApiCall *call = g_task_get_task_data (task);
  ScopeApiReply *reply = call->reply;
  guint status = scope_api_call_get_status (call);

  if (scope_api_call_is_refused_by_head (status))
    {
      _scope_api_call_take_answer (call);
      _scope_api_call_return (task);
      return;
    }

  reply->is_cancelled = !call->is_late && g_cancellable_is_cancelled (call->stop);
  reply->outcome = scope_api_call_is_sent (call) ? SCOPE_API_UNKNOWN : SCOPE_API_NOT_SENT;
  reply->text = scope_api_call_dup_trouble (call, error);
  if (!reply->is_cancelled)
    reply->meaning = g_strdup (scope_api_error_get_meaning (status == SOUP_STATUS_OK ? 0 : status, NULL));
  _scope_api_call_return (task);
}

static void
scope_api_call_fail_size (GTask *task)
{
  g_autoptr (GError) error
      = g_error_new (SCOPE_ERROR, SCOPE_ERROR_LIMIT, _("The answer is longer than %d bytes"),
                     SCOPE_LIMIT_API_REPLY_BYTES);

  _scope_api_call_fail (task, error);
}

/* The answer, by libsoup */

/* Of a refusal only the start is read; what is left of it ends with its connection. */
static gboolean
scope_api_call_has_enough (ScopeApiCall *call)
{
  guint status = soup_message_get_status (call->message);

  return !SOUP_STATUS_IS_SUCCESSFUL (status) && call->answer.body->len >= SCOPE_LIMIT_ERROR_TEXT_BYTES;
}

static void
scope_api_call_read_cb (GObject *source,
                        GAsyncResult *result,
                        gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeApiCall *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;
  gssize n_bytes = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (n_bytes > 0)
    g_byte_array_append (call->answer.body, call->buffer, n_bytes);

  if (n_bytes < 0)
    _scope_api_call_fail (task, error);
  else if (call->answer.body->len > SCOPE_LIMIT_API_REPLY_BYTES)
    scope_api_call_fail_size (task);
  else if (n_bytes > 0 && !scope_api_call_has_enough (call))
    _scope_api_call_read (g_steal_pointer (&task));
  else
    {
      _scope_api_call_take_answer (call);
      _scope_api_call_return (task);
    }
}

/**
 * _scope_api_call_read:
 * @task: (transfer full): a call's, whose stream has begun
 *
 * Reads the answer, up to SCOPE_LIMIT_API_REPLY_BYTES, and ends the call.
 */
void
_scope_api_call_read (GTask *task)
{
  ScopeApiCall *call = g_task_get_task_data (task);

  g_input_stream_read_async (call->stream, call->buffer, sizeof call->buffer, G_PRIORITY_DEFAULT, call->stop,
                             scope_api_call_read_cb, task);
}
