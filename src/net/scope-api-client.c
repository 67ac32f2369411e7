/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-api-client"

#include "config.h"

#include "net/scope-api-client.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-source.h"
#include "base/scope-text.h"
#include "net/scope-http-line.h"
#include "net/scope-trust.h"
#include "protocol/scope-server-error.h"
#include "protocol/scope-signature.h"

#define READ_BYTES (16 * 1024)
#define MAX_LINES 4
#define HTTP_PORT 80
/* RFC 3986 allows these in a path as they are, and server libraries send channel names so. */
#define PATH_CHARACTERS "=@,;:!$&'()*+"

struct _ScopeApiClient
{
  GObject parent_instance;

  ScopeConnectionOptions *options;
  ScopeClock *clock;
  SoupSession *session;
  GUri *base;       /* of the API; NULL: no valid URL */
  GPtrArray *lines; /* ScopeHttpLine; NULL: TLS or a proxy, which are libsoup's */
  GQueue calls;  /* under way: ScopeApiCall, by their start */
  guint64 timer; /* one for all, not set anew by each: that would wake the main loop twice a call */

  gint64 clock_ahead_usec; /* by the last answer that told the server's time */
  gint64 clock_skew_usec;  /* the same, if it is worth telling */
  gboolean uses_server_time;
};

enum
{
  PROP_0,
  PROP_CLOCK_SKEW_USEC,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeApiClient, scope_api_client, G_TYPE_OBJECT)

typedef struct
{
  ScopeApiClient *client;  /* the task holds it */
  const char *method;
  char *target;            /* path and query */
  GBytes *content;         /* NULL: none */
  SoupMessage *message;    /* by libsoup: else NULL, and an answer of a line */
  GInputStream *stream;
  ScopeHttpLine *line;     /* the client's; NULL: by libsoup */
  ScopeHttpAnswer answer;
  GCancellable *stop;      /* by the caller, or by the time limit */
  GSource *cancelled;      /* watches the caller's */
  GList link;              /* in the client's calls */
  gint64 deadline;         /* 0: it does not wait */
  gint64 end;              /* the deadline when it is connected */
  gboolean is_connecting;
  gboolean is_in_tls;      /* its handshake has begun, and not ended */
  gint64 asked_usec;       /* this machine's clock */
  gboolean is_late;
  ScopeApiReply *reply;
  guint8 buffer[READ_BYTES];
} ScopeApiCall;

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

static void scope_api_client_late_cb (gpointer user_data);
static gboolean scope_api_call_is_sent (ScopeApiCall *call);

/* What a line does not tell is looked up when its time is over. */
static gboolean
scope_api_call_is_connected (ScopeApiCall *call)
{
  return call->line != NULL ? scope_http_line_is_connected (call->line) : scope_api_call_is_sent (call);
}

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

static void
scope_api_call_start_waiting (GTask *task)
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

/* Getting connected has a limit of its own. */
static void
scope_api_call_start_connecting (ScopeApiCall *call)
{
  gint64 limit = scope_api_client_get_connect_usec (call->client);

  call->is_connecting = TRUE;
  scope_api_call_set_deadline (call, MIN (call->end, scope_clock_get_monotonic_usec (call->client->clock) + limit));
}

/* On a kept connection nothing of this comes. */
static void
scope_api_call_network_cb (SoupMessage *message,
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
      scope_api_call_start_connecting (call);
      return;
    }
  call->is_connecting = FALSE;
  scope_api_call_set_deadline (call, call->end);
}

/* The end of a call */

static void
scope_api_call_return (GTask *task)
{
  ScopeApiCall *call = g_task_get_task_data (task);

  scope_api_call_stop_waiting (call);
  g_task_return_pointer (task, g_steal_pointer (&call->reply), (GDestroyNotify) scope_api_reply_free);
}

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

/* Not by an answer that something else gave in the API's place. */
static void
scope_api_client_take_clock (ScopeApiClient *self,
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

static void
scope_api_call_take_answer (ScopeApiCall *call)
{
  SoupMessageHeaders *headers
      = call->message != NULL ? soup_message_get_response_headers (call->message) : call->answer.headers;

  _scope_api_reply_take_answer (call->reply, scope_api_call_get_status (call),
                                soup_message_headers_get_content_type (headers, NULL),
                                scope_api_call_get_date (headers), call->asked_usec,
                                scope_clock_get_wall_usec (call->client->clock),
                                (const char *) call->answer.body->data, call->answer.body->len);
  call->reply->retry_after_usec = scope_api_call_get_retry_after (headers);
  scope_api_client_take_clock (call->client, call->reply);
}

static void
scope_api_call_fail (GTask *task,
                     const GError *error)
{
  ScopeApiCall *call = g_task_get_task_data (task);
  ScopeApiReply *reply = call->reply;
  guint status = scope_api_call_get_status (call);

  if (scope_api_call_is_refused_by_head (status))
    {
      scope_api_call_take_answer (call);
      scope_api_call_return (task);
      return;
    }

  reply->is_cancelled = !call->is_late && g_cancellable_is_cancelled (call->stop);
  reply->outcome = scope_api_call_is_sent (call) ? SCOPE_API_UNKNOWN : SCOPE_API_NOT_SENT;
  reply->text = scope_api_call_dup_trouble (call, error);
  if (!reply->is_cancelled)
    reply->meaning = g_strdup (scope_api_error_get_meaning (status == SOUP_STATUS_OK ? 0 : status, NULL));
  scope_api_call_return (task);
}

static void
scope_api_call_fail_size (GTask *task)
{
  g_autoptr (GError) error
      = g_error_new (SCOPE_ERROR, SCOPE_ERROR_LIMIT, _("The answer is longer than %d bytes"),
                     SCOPE_LIMIT_API_REPLY_BYTES);

  scope_api_call_fail (task, error);
}

/* The answer */

static void scope_api_call_read (GTask *task);

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
    scope_api_call_fail (task, error);
  else if (call->answer.body->len > SCOPE_LIMIT_API_REPLY_BYTES)
    scope_api_call_fail_size (task);
  else if (n_bytes > 0 && !scope_api_call_has_enough (call))
    scope_api_call_read (g_steal_pointer (&task));
  else
    {
      scope_api_call_take_answer (call);
      scope_api_call_return (task);
    }
}

static void
scope_api_call_read (GTask *task)
{
  ScopeApiCall *call = g_task_get_task_data (task);

  g_input_stream_read_async (call->stream, call->buffer, sizeof call->buffer, G_PRIORITY_DEFAULT, call->stop,
                             scope_api_call_read_cb, task);
}

static void
scope_api_call_sent_cb (GObject *source,
                        GAsyncResult *result,
                        gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeApiCall *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  call->stream = soup_session_send_finish (SOUP_SESSION (source), result, &error);
  if (call->stream == NULL)
    scope_api_call_fail (task, error);
  else
    scope_api_call_read (g_steal_pointer (&task));
}

/* A call */

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

static SoupMessage *
scope_api_client_compose (ScopeApiClient *self,
                          ScopeApiCall *call)
{
  g_autofree char *base = scope_connection_options_build_api_url (self->options);
  g_autofree char *url = g_strconcat (base, call->target, NULL);
  SoupMessage *message = soup_message_new (call->method, url);

  if (message == NULL)
    return NULL;

  /* libsoup repeats what failed on a kept connection only if the method is one that changes nothing. This flag
   * lets a POST use such a connection, and leaves that as it is. */
  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT | SOUP_MESSAGE_IDEMPOTENT
                                       | SOUP_MESSAGE_COLLECT_METRICS);
  soup_message_headers_append (soup_message_get_request_headers (message), "X-Pusher-Library",
                               "channelscope " SCOPE_VERSION);
  if (call->content != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", call->content);
  return message;
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

static GTask *
scope_api_client_new_task (ScopeApiClient *self,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  /* a cancelled call tells too what became of it */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_source_tag (task, scope_api_client_new_task);
  g_task_set_task_data (task, scope_api_call_new (self), scope_api_call_free);
  return task;
}

/* By libsoup, or over a line of our own. Both take the task. */

static void
scope_api_client_send_by_soup (ScopeApiClient *self,
                               GTask *task)
{
  g_autoptr (GTask) owned = task;
  ScopeApiCall *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  call->answer.body = g_byte_array_new ();
  call->message = scope_api_client_compose (self, call);
  if (call->message == NULL)
    g_task_return_new_error (task, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                             _("The address of the HTTP API is no valid URL"));
  else if (!scope_trust_prepare (call->message, self->options->ca_file, &error))
    g_task_return_new_error (task, SCOPE_ERROR, SCOPE_ERROR_USAGE, "%s", error->message);
  else
    {
      g_signal_connect (call->message, "network-event", G_CALLBACK (scope_api_call_network_cb), call);
      soup_session_send_async (self->session, call->message, G_PRIORITY_DEFAULT, call->stop, scope_api_call_sent_cb,
                               g_steal_pointer (&owned));
    }
}

static void scope_api_client_send (ScopeApiClient *self,
                                   GTask *task);

/* A query that came upon the end of a kept connection. It changes nothing, so it is sent again; nothing that may
 * have published is. */
static gboolean
scope_api_call_may_be_repeated (ScopeApiCall *call)
{
  return call->content == NULL && call->answer.was_kept && call->answer.status == 0
         && !g_cancellable_is_cancelled (call->stop);
}

static void
scope_api_call_exchanged_cb (GObject *source,
                             GAsyncResult *result,
                             gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeApiCall *call = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  scope_http_answer_clear (&call->answer);
  call->is_connecting = call->is_connecting && call->is_late;
  if (scope_http_line_exchange_finish (SCOPE_HTTP_LINE (source), result, &call->answer, &error))
    {
      scope_api_call_take_answer (call);
      scope_api_call_return (task);
    }
  else if (scope_api_call_may_be_repeated (call))
    scope_api_client_send (call->client, g_steal_pointer (&task));
  else
    scope_api_call_fail (task, error);
}

static GBytes *
scope_api_client_compose_bytes (ScopeApiClient *self,
                                ScopeApiCall *call)
{
  gsize size = call->content != NULL ? g_bytes_get_size (call->content) : 0;
  GString *request = g_string_sized_new (1024 + size);
  const char *host = g_uri_get_host (self->base);
  gboolean is_address = strchr (host, ':') != NULL; /* IPv6 */

  g_string_append_printf (request, "%s %s HTTP/1.1\r\nHost: %s%s%s", call->method, call->target,
                          is_address ? "[" : "", host, is_address ? "]" : "");
  if (g_uri_get_port (self->base) > 0)
    g_string_append_printf (request, ":%d", g_uri_get_port (self->base));
  g_string_append (request,
                   "\r\nAccept-Encoding: identity\r\nX-Pusher-Library: channelscope " SCOPE_VERSION "\r\n");
  if (call->content != NULL)
    g_string_append_printf (request, "Content-Type: application/json\r\nContent-Length: %zu\r\n", size);
  g_string_append (request, "\r\n");
  if (call->content != NULL)
    g_string_append_len (request, g_bytes_get_data (call->content, NULL), size);
  return g_string_free_to_bytes (request);
}

static void
scope_api_client_send_by_line (ScopeApiClient *self,
                               ScopeHttpLine *line,
                               GTask *task)
{
  ScopeApiCall *call = g_task_get_task_data (task);
  g_autoptr (GBytes) request = scope_api_client_compose_bytes (self, call);

  call->line = line;
  if (!scope_http_line_is_open (line))
    scope_api_call_start_connecting (call);
  scope_http_line_exchange_async (line, request, SCOPE_LIMIT_ERROR_TEXT_BYTES, SCOPE_LIMIT_API_REPLY_BYTES,
                                  call->stop, scope_api_call_exchanged_cb, task);
}

/* open: only one that needs no new connection. NULL: there is none, or too many are busy */
static ScopeHttpLine *
scope_api_client_find_line (ScopeApiClient *self,
                            gboolean open)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      ScopeHttpLine *line = g_ptr_array_index (self->lines, i);

      if (!scope_http_line_is_busy (line) && (!open || scope_http_line_is_open (line)))
        return line;
    }
  if (open || self->lines->len >= MAX_LINES)
    return NULL;

  g_ptr_array_add (self->lines, scope_http_line_new (g_uri_get_host (self->base),
                                                     g_uri_get_port (self->base) > 0 ? g_uri_get_port (self->base)
                                                                                     : HTTP_PORT));
  return g_ptr_array_index (self->lines, self->lines->len - 1);
}

/* Asked before each new connection: networks change. */
static void
scope_api_client_proxies_cb (GObject *source,
                             GAsyncResult *result,
                             gpointer user_data)
{
  GTask *task = user_data;
  ScopeApiClient *self = g_task_get_source_object (task);
  g_auto (GStrv) proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, NULL);
  ScopeHttpLine *line = NULL;

  if (proxies != NULL && g_strcmp0 (proxies[0], "direct://") == 0)
    line = scope_api_client_find_line (self, FALSE);
  if (line != NULL)
    scope_api_client_send_by_line (self, line, task);
  else
    scope_api_client_send_by_soup (self, task);
}

static void
scope_api_client_send (ScopeApiClient *self,
                       GTask *task)
{
  ScopeApiCall *call = g_task_get_task_data (task);
  ScopeHttpLine *line = NULL;
  g_autofree char *base = NULL;

  if (self->lines == NULL)
    {
      scope_api_client_send_by_soup (self, task);
      return;
    }
  line = scope_api_client_find_line (self, TRUE);
  if (line != NULL)
    {
      scope_api_client_send_by_line (self, line, task);
      return;
    }
  base = scope_connection_options_build_api_url (self->options);
  g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (), base, call->stop, scope_api_client_proxies_cb,
                                 task);
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
  scope_api_call_start_waiting (task);
  scope_api_client_send (self, task);
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

  task = scope_api_client_new_task (self, cancellable, callback, user_data);
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

  task = scope_api_client_new_task (self, cancellable, callback, user_data);
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
  scope_api_client_call (self, scope_api_client_new_task (self, cancellable, callback, user_data), path, params,
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
  scope_api_client_call (self, scope_api_client_new_task (self, cancellable, callback, user_data), path,
                         info != NULL ? params : NULL, NULL);
}

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
  scope_api_client_call (self, scope_api_client_new_task (self, cancellable, callback, user_data), path, NULL,
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
  scope_api_client_call (self, scope_api_client_new_task (self, cancellable, callback, user_data), path, NULL,
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

gint64
scope_api_client_get_clock_skew_usec (ScopeApiClient *self)
{
  g_return_val_if_fail (SCOPE_IS_API_CLIENT (self), 0);

  return self->clock_skew_usec;
}

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

gint64
scope_api_client_get_signing_usec (ScopeApiClient *self)
{
  gint64 now;

  g_return_val_if_fail (SCOPE_IS_API_CLIENT (self), 0);

  now = scope_clock_get_wall_usec (self->clock);
  return self->uses_server_time ? now - self->clock_ahead_usec : now;
}

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
