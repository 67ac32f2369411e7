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

/* Our close codes for frames libsoup refused, RFC 6455 §7.4.1 */
#define CLOSE_TOO_BIG 1009

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
  SoupWebsocketConnection *connection; /* once open */
  gulong message_handler;
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
scope_websocket_transport_message_cb (SoupWebsocketConnection *connection,
                                      SoupWebsocketDataType type,
                                      GBytes *frame,
                                      gpointer user_data)
{
  ScopeTransport *self = user_data;

  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    scope_transport_emit_message (self, frame);
  else
    scope_transport_emit_refused_frame (self,
                                        _("A binary frame came; this protocol knows text frames only"),
                                        g_bytes_get_size (frame));
}

static void
scope_websocket_transport_let_go (ScopeWebsocketTransport *self)
{
  if (self->connection == NULL)
    return;

  g_clear_signal_handler (&self->message_handler, self->connection);
  g_signal_handlers_disconnect_by_data (self->connection, self);
  g_clear_object (&self->connection);
}

/* libsoup keeps a socket it found fault with until the other side answers, or five seconds. We have
 * heard enough: the end is told now, and the socket finishes by itself. */
static void
scope_websocket_transport_error_cb (SoupWebsocketConnection *connection,
                                    GError *error,
                                    gpointer user_data)
{
  g_autoptr (ScopeWebsocketTransport) self = g_object_ref (user_data);
  guint code = 0;

  if (error->domain == SOUP_WEBSOCKET_ERROR && error->code >= 1000)
    code = error->code;
  if (code == CLOSE_TOO_BIG)
    scope_transport_emit_refused_frame (SCOPE_TRANSPORT (self),
                                        _("A frame is larger than the limit of 4 MiB"), 0);
  if (code != 0)
    scope_transport_emit_closed (SCOPE_TRANSPORT (self), code, error->message);
  else
    scope_transport_emit_failed (SCOPE_TRANSPORT (self), error, 0, NULL);
  scope_transport_abandon (SCOPE_TRANSPORT (self));
}

static void
scope_websocket_transport_closed_cb (SoupWebsocketConnection *connection,
                                     gpointer user_data)
{
  g_autoptr (ScopeWebsocketTransport) self = g_object_ref (user_data);
  guint code = soup_websocket_connection_get_close_code (connection);
  g_autofree char *reason = g_strdup (soup_websocket_connection_get_close_data (connection));

  scope_websocket_transport_let_go (self);
  scope_transport_emit_closed (SCOPE_TRANSPORT (self), code, reason);
}

/* libsoup emits `message` through the generic marshaller, which builds a call with libffi: a third of what
 * a small frame costs. The closure brings its own. */
static void
scope_websocket_transport_marshal_message (GClosure *closure,
                                           GValue *return_value,
                                           guint n_values,
                                           const GValue *values,
                                           gpointer hint,
                                           gpointer marshal_data)
{
  scope_websocket_transport_message_cb (g_value_get_object (&values[0]), g_value_get_int (&values[1]),
                                        g_value_get_boxed (&values[2]), closure->data);
}

static void
scope_websocket_transport_connect_message (ScopeWebsocketTransport *self)
{
  GClosure *closure = g_closure_new_simple (sizeof (GClosure), self);

  g_closure_set_marshal (closure, scope_websocket_transport_marshal_message);
  self->message_handler = g_signal_connect_closure (self->connection, "message", closure, FALSE);
}

static void
scope_websocket_transport_take_connection (ScopeWebsocketTransport *self,
                                           SoupWebsocketConnection *connection)
{
  self->connection = connection;
  soup_websocket_connection_set_max_incoming_payload_size (connection, SCOPE_LIMIT_FRAME_BYTES);
  /* only libsoup 3.8 can bound the sum of a message's fragments */
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (connection), "max-total-message-size") != NULL)
    g_object_set (connection, "max-total-message-size", (guint64) SCOPE_LIMIT_FRAME_BYTES, NULL);
  scope_websocket_transport_connect_message (self);
  g_signal_connect (connection, "error", G_CALLBACK (scope_websocket_transport_error_cb), self);
  g_signal_connect (connection, "closed", G_CALLBACK (scope_websocket_transport_closed_cb), self);
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
  SoupWebsocketConnection *connection;

  connection = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);
  if (connection == NULL)
    scope_websocket_transport_report_refusal (self, error);
  else if (g_cancellable_is_cancelled (self->cancellable))
    g_object_unref (connection);
  else
    {
      scope_websocket_transport_take_connection (self, connection);
      scope_transport_emit_opened (SCOPE_TRANSPORT (self));
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
  g_autoptr (GBytes) bytes = NULL;

  if (self->connection == NULL
      || soup_websocket_connection_get_state (self->connection) != SOUP_WEBSOCKET_STATE_OPEN)
    return;

  bytes = g_bytes_new (text, length);
  soup_websocket_connection_send_message (self->connection, SOUP_WEBSOCKET_DATA_TEXT, bytes);
}

static void
scope_websocket_transport_close (ScopeTransport *transport,
                                 guint code)
{
  ScopeWebsocketTransport *self = SCOPE_WEBSOCKET_TRANSPORT (transport);

  /* libsoup allows one close() a socket */
  if (self->connection != NULL
      && soup_websocket_connection_get_state (self->connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->connection, code, NULL);
}

/* A socket that is closing holds the transport until it is done, so that whoever waits for the
 * transport's end waits for the socket's. */
static void
scope_websocket_transport_finished_cb (SoupWebsocketConnection *connection,
                                       gpointer user_data)
{
  g_signal_handlers_disconnect_by_func (connection, scope_websocket_transport_finished_cb, user_data);
  g_object_unref (user_data);
  g_object_unref (connection);
}

static void
scope_websocket_transport_abandon (ScopeTransport *transport)
{
  ScopeWebsocketTransport *self = SCOPE_WEBSOCKET_TRANSPORT (transport);
  SoupWebsocketConnection *connection;

  g_cancellable_cancel (self->cancellable);
  if (self->connection == NULL)
    return;

  connection = g_object_ref (self->connection);
  scope_websocket_transport_let_go (self);
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (connection, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  if (soup_websocket_connection_get_state (connection) == SOUP_WEBSOCKET_STATE_CLOSED)
    g_object_unref (connection);
  else
    g_signal_connect (connection, "closed", G_CALLBACK (scope_websocket_transport_finished_cb),
                      g_object_ref (self));
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
  scope_websocket_transport_let_go (self);

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
