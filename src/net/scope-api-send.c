/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-api-send"

#include "config.h"

#include "net/scope-api-client-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "net/scope-trust.h"

#define MAX_LINES 4
#define HTTP_PORT 80

/* By libsoup, or over a line of our own. Both take the task. */

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
    _scope_api_call_fail (task, error);
  else
    _scope_api_call_read (g_steal_pointer (&task));
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
      g_signal_connect (call->message, "network-event", G_CALLBACK (_scope_api_call_network_cb), call);
      soup_session_send_async (self->session, call->message, G_PRIORITY_DEFAULT, call->stop, scope_api_call_sent_cb,
                               g_steal_pointer (&owned));
    }
}

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
      _scope_api_call_take_answer (call);
      _scope_api_call_return (task);
    }
  else if (scope_api_call_may_be_repeated (call))
    _scope_api_client_send (call->client, g_steal_pointer (&task));
  else
    _scope_api_call_fail (task, error);
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
    _scope_api_call_start_connecting (call);
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

/**
 * _scope_api_client_send:
 * @task: (transfer full): of a call with method, target and content
 *
 * Over a line of our own without TLS and proxy, else by libsoup. Ends the task.
 */
void
_scope_api_client_send (ScopeApiClient *self,
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
