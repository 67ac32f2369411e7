/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-websocket-transport"

#include "config.h"

#include "net/scope-websocket-transport.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "net/scope-header-lines.h"
#include "net/scope-trust.h"
#include "net/scope-websocket.h"
#include "protocol/scope-websocket-reader.h"

struct _ScopeWebsocketTransport
{
  ScopeTransport parent_instance;

  char *name;
  char *url;
  char *origin;
  char **headers;
  char *ca_file;
  char *proxy;

  SoupSession *session;
  SoupMessage *message;
  ScopeWebsocket *websocket;           /* once open */
  GCancellable *cancellable;
  GString *refusal;                    /* body of a refused upgrade, bounded */
};

G_DEFINE_FINAL_TYPE (ScopeWebsocketTransport, scope_websocket_transport, SCOPE_TYPE_TRANSPORT)

/* The body of a refused upgrade can't be reached through libsoup 3.2's websocket call; its logger
 * sees it pass (protocol.md §1.4). */
static void
scope_websocket_transport_print_cb (SoupLogger *logger,
                                    SoupLoggerLogLevel level,
                                    char direction,
                                    const char *data,
                                    gpointer user_data)
{
  ScopeWebsocketTransport *self = user_data;
  gsize room = SCOPE_LIMIT_ERROR_TEXT_BYTES - MIN (self->refusal->len, SCOPE_LIMIT_ERROR_TEXT_BYTES);

  if (direction != '<' || level != SOUP_LOGGER_LOG_BODY || room == 0)
    return;

  if (self->refusal->len > 0)
    g_string_append_c (self->refusal, '\n');
  g_string_append_len (self->refusal, data, MIN (strlen (data), room));
}

static void
scope_websocket_transport_add_logger (ScopeWebsocketTransport *self)
{
  g_autoptr (SoupLogger) logger = soup_logger_new (SOUP_LOGGER_LOG_BODY);

  soup_logger_set_max_body_size (logger, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  soup_logger_set_printer (logger, scope_websocket_transport_print_cb, self, NULL);
  soup_session_add_feature (self->session, SOUP_SESSION_FEATURE (logger));
}

static void
scope_websocket_transport_text_cb (gpointer user_data,
                                   GBytes *message)
{
  scope_transport_emit_message (user_data, message);
}

static void
scope_websocket_transport_binary_cb (gpointer user_data,
                                     gsize size)
{
  scope_transport_emit_refused_frame (
    user_data, _("A binary frame came; this protocol knows text frames only"), size);
}

static const char *
scope_websocket_transport_get_fault (guint code)
{
  if (code == SCOPE_WEBSOCKET_CLOSE_TOO_BIG)
    return _("A frame is larger than the limit of 4 MiB");
  if (code == SCOPE_WEBSOCKET_CLOSE_BAD_DATA)
    return _("The server sent a message that is not UTF-8");
  return _("The server sent what is no WebSocket frame");
}

/* The end is told now; the socket finishes by itself. */
static void
scope_websocket_transport_fault_cb (gpointer user_data,
                                    guint code)
{
  g_autoptr (ScopeTransport) self = g_object_ref (user_data);
  const char *text = scope_websocket_transport_get_fault (code);

  if (code == SCOPE_WEBSOCKET_CLOSE_TOO_BIG)
    scope_transport_emit_refused_frame (self, text, 0);
  scope_transport_emit_closed (self, code, text);
}

static void
scope_websocket_transport_failed_cb (gpointer user_data,
                                     const GError *error)
{
  g_autoptr (ScopeTransport) self = g_object_ref (user_data);

  scope_transport_emit_failed (self, error, 0, NULL);
}

static void
scope_websocket_transport_closed_cb (gpointer user_data,
                                     guint code,
                                     const char *reason)
{
  g_autoptr (ScopeWebsocketTransport) self = user_data; /* the reference of take_connection() */

  g_clear_object (&self->websocket);
  scope_transport_emit_closed (SCOPE_TRANSPORT (self), code, reason);
}

static const ScopeWebsocketListener scope_websocket_transport_listener = {
  .text = scope_websocket_transport_text_cb,
  .binary = scope_websocket_transport_binary_cb,
  .fault = scope_websocket_transport_fault_cb,
  .failed = scope_websocket_transport_failed_cb,
  .closed = scope_websocket_transport_closed_cb,
};

/* As long as there is a socket there is the transport: whoever waits for its end waits for the socket's. */
static gboolean
scope_websocket_transport_take_connection (ScopeWebsocketTransport *self,
                                           SoupWebsocketConnection *connection)
{
  self->websocket = scope_websocket_new (connection, &scope_websocket_transport_listener, self);
  if (self->websocket == NULL)
    return FALSE;

  g_object_ref (self);
  return TRUE;
}

static void
scope_websocket_transport_report_refusal (ScopeWebsocketTransport *self,
                                          const GError *error)
{
  guint status = soup_message_get_status (self->message);
  g_autofree char *flaw = scope_trust_describe (self->message);
  g_autoptr (GError) told = g_error_copy (error);

  if (status < 100 || status == SOUP_STATUS_SWITCHING_PROTOCOLS)
    status = 0;
  if (flaw != NULL && error->domain == G_TLS_ERROR)
    scope_set_str (&told->message, flaw);
  scope_transport_emit_failed (SCOPE_TRANSPORT (self), told, status,
                               status != 0 ? self->refusal->str : NULL);
}

static void
scope_websocket_transport_connect_cb (GObject *source,
                                      GAsyncResult *result,
                                      gpointer user_data)
{
  g_autoptr (ScopeWebsocketTransport) self = user_data; /* the reference of open() */
  g_autoptr (GError) error = NULL;
  g_autoptr (SoupWebsocketConnection) connection = NULL;

  connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (connection == NULL)
    scope_websocket_transport_report_refusal (self, error);
  else if (g_cancellable_is_cancelled (self->cancellable))
    return;
  else if (scope_websocket_transport_take_connection (self, connection))
    scope_transport_emit_opened (SCOPE_TRANSPORT (self));
  else
    {
      error = g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_FAILED,
                                   _("This version of libsoup can’t be used for WebSockets"));
      scope_transport_emit_failed (SCOPE_TRANSPORT (self), error, 0, NULL);
    }
}

static gboolean
scope_websocket_transport_prepare (ScopeWebsocketTransport *self,
                                   GError **error)
{
  self->message = soup_message_new (SOUP_METHOD_GET, self->url);
  if (self->message == NULL)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("The address “%s” is no valid URL"),
                   self->url);
      return FALSE;
    }
  return scope_trust_prepare (self->message, self->ca_file, error);
}

static void
scope_websocket_transport_connect (ScopeWebsocketTransport *self)
{
  scope_header_lines_append_to (self->headers, soup_message_get_request_headers (self->message));
  soup_session_websocket_connect_async (self->session, self->message, self->origin, NULL,
                                        G_PRIORITY_DEFAULT, self->cancellable,
                                        scope_websocket_transport_connect_cb, g_object_ref (self));
}

/* Whoever abandons the transport cancels, and hears nothing more. */
static void
scope_websocket_transport_resolved_cb (GObject *source,
                                       GAsyncResult *result,
                                       gpointer user_data)
{
  g_autoptr (ScopeWebsocketTransport) self = user_data;
  g_autoptr (GError) error = NULL;
  char **headers = scope_header_lines_resolve_finish (result, &error);

  if (headers == NULL)
    {
      scope_transport_emit_failed (SCOPE_TRANSPORT (self), error, 0, NULL);
      return;
    }
  scope_header_lines_free (self->headers);
  self->headers = headers;
  scope_websocket_transport_connect (self);
}

static void
scope_websocket_transport_open (ScopeTransport *transport)
{
  ScopeWebsocketTransport *self = SCOPE_WEBSOCKET_TRANSPORT (transport);
  GError *error = NULL;

  if (!scope_websocket_transport_prepare (self, &error))
    {
      scope_transport_fail_later (transport, error);
      return;
    }

  self->session = scope_trust_new_session (self->proxy);
  scope_websocket_transport_add_logger (self);
  if (scope_header_lines_have_command (self->headers))
    scope_header_lines_resolve_async (self->headers, self->cancellable,
                                      scope_websocket_transport_resolved_cb, g_object_ref (self));
  else
    scope_websocket_transport_connect (self);
}

static void
scope_websocket_transport_send (ScopeTransport *transport,
                                const char *text,
                                gsize length)
{
  ScopeWebsocketTransport *self = SCOPE_WEBSOCKET_TRANSPORT (transport);

  if (self->websocket != NULL)
    scope_websocket_send (self->websocket, text, length);
}

static void
scope_websocket_transport_close (ScopeTransport *transport,
                                 guint code)
{
  ScopeWebsocketTransport *self = SCOPE_WEBSOCKET_TRANSPORT (transport);

  if (self->websocket != NULL)
    scope_websocket_close (self->websocket, code);
}

static void
scope_websocket_transport_hold (ScopeTransport *transport,
                                gboolean hold)
{
  ScopeWebsocketTransport *self = SCOPE_WEBSOCKET_TRANSPORT (transport);

  if (self->websocket != NULL)
    scope_websocket_hold (self->websocket, hold);
}

static void
scope_websocket_transport_abandon (ScopeTransport *transport)
{
  ScopeWebsocketTransport *self = SCOPE_WEBSOCKET_TRANSPORT (transport);

  g_cancellable_cancel (self->cancellable);
  if (self->websocket != NULL)
    scope_websocket_close (self->websocket, SOUP_WEBSOCKET_CLOSE_NORMAL);
}

static const char *
scope_websocket_transport_get_name (ScopeTransport *transport)
{
  return SCOPE_WEBSOCKET_TRANSPORT (transport)->name;
}

static void
scope_websocket_transport_dispose (GObject *object)
{
  ScopeWebsocketTransport *self = SCOPE_WEBSOCKET_TRANSPORT (object);

  g_cancellable_cancel (self->cancellable);
  G_OBJECT_CLASS (scope_websocket_transport_parent_class)->dispose (object);
}

static void
scope_websocket_transport_finalize (GObject *object)
{
  ScopeWebsocketTransport *self = SCOPE_WEBSOCKET_TRANSPORT (object);

  g_clear_object (&self->message);
  g_clear_object (&self->session);
  g_clear_object (&self->cancellable);
  g_string_free (self->refusal, TRUE);
  g_free (self->name);
  g_free (self->url);
  g_free (self->origin);
  scope_header_lines_free (self->headers);
  g_free (self->ca_file);
  g_free (self->proxy);

  G_OBJECT_CLASS (scope_websocket_transport_parent_class)->finalize (object);
}

static void
scope_websocket_transport_class_init (ScopeWebsocketTransportClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  ScopeTransportClass *transport_class = SCOPE_TRANSPORT_CLASS (klass);

  object_class->dispose = scope_websocket_transport_dispose;
  object_class->finalize = scope_websocket_transport_finalize;
  transport_class->open = scope_websocket_transport_open;
  transport_class->send = scope_websocket_transport_send;
  transport_class->close = scope_websocket_transport_close;
  transport_class->abandon = scope_websocket_transport_abandon;
  transport_class->hold = scope_websocket_transport_hold;
  transport_class->get_name = scope_websocket_transport_get_name;
}

static void
scope_websocket_transport_init (ScopeWebsocketTransport *self)
{
  self->cancellable = g_cancellable_new ();
  self->refusal = g_string_new (NULL);
}

/**
 * scope_websocket_transport_new:
 * @options: read now, not kept
 * @use_tls: `wss` instead of `ws`
 *
 * Returns: (transfer full): a transport that is not open yet
 */
ScopeTransport *
scope_websocket_transport_new (const ScopeConnectionOptions *options,
                               gboolean use_tls)
{
  ScopeWebsocketTransport *self;

  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_WEBSOCKET_TRANSPORT, NULL);
  self->name = g_strdup (use_tls && !options->use_tls ? "wss" : "ws");
  self->url = scope_connection_options_build_url (options, use_tls);
  self->origin = g_strdup (options->origin);
  self->headers = g_strdupv (options->headers);
  self->ca_file = g_strdup (options->ca_file);
  self->proxy = g_strdup (options->proxy);
  return SCOPE_TRANSPORT (self);
}
