/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "base/scope-error.h"
#include "base/scope-text.h"
#include "sandbox/scope-sandbox-caller.h"
#include "sandbox/scope-sandbox-http.h"
#include "sandbox/scope-sandbox-private.h"
#include "sandbox/scope-sandbox-stream.h"
#include "sandbox/scope-sandbox-xhr.h"

/* Where the sandbox listens: whose requests go where, and who becomes a connection. */

#define PROTOCOL_OLDEST 5       /* protocol.md §1.2: 7 is what all speak, 5 and 6 differ little */
#define PROTOCOL_NEWEST 7
#define SHOWN_KEY_BYTES 64
#define NOT_AUTHORIZED 4009     /* protocol.md §11: what servers say to an Origin they don't allow */

/* `{any prefix}/app/KEY` (protocol.md §1.1); the key as it was sent, or NULL */
static const char *
sandbox_find_key (const char *path)
{
  const char *app = g_strrstr (path, "/app/");

  if (app == NULL || app[5] == '\0' || strchr (app + 5, '/') != NULL)
    return NULL;

  return app + 5;
}

static char *
sandbox_dup_socket_id (ScopeSandbox *self)
{
  for (;;)
    {
      g_autofree char *socket_id = g_strdup_printf ("%u.%u", g_random_int (), g_random_int ());

      if (!g_hash_table_contains (self->connections, socket_id))
        return g_steal_pointer (&socket_id);
    }
}

/* (transfer full): why who calls is turned away, or NULL. A key of one's own lets in any page that
 * knows it. */
static char *
sandbox_check_caller (ScopeSandbox      *self,
                      SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  char *refusal = scope_sandbox_caller_refuse_host (soup_message_headers_get_list (headers, "Host"));

  if (refusal == NULL && g_str_equal (self->key, SCOPE_SANDBOX_KEY))
    refusal = scope_sandbox_caller_refuse_origin (soup_message_headers_get_list (headers, "Origin"));
  return refusal;
}

/* The close code for what was asked, or 0 (protocol.md §1.7). */
static guint
sandbox_check_request (ScopeSandbox *self,
                       const char   *encoded_key,
                       const char   *protocol_text,
                       guint64       protocol,
                       char        **reason)
{
  g_autofree char *key = g_uri_unescape_string (encoded_key, NULL);
  const char *asked = key != NULL ? key : encoded_key;
  g_autofree char *shown = scope_text_for_display (asked != NULL ? asked : "", -1, SHOWN_KEY_BYTES);

  if (protocol_text == NULL)
    {
      *reason = g_strdup ("No protocol version supplied");
      return 4008;
    }
  if (protocol < PROTOCOL_OLDEST || protocol > PROTOCOL_NEWEST)
    {
      *reason = g_strdup_printf ("Unsupported protocol version, supported are %d to %d",
                                 PROTOCOL_OLDEST, PROTOCOL_NEWEST);
      return 4007;
    }
  if (encoded_key == NULL)
    {
      *reason = g_strdup ("Path not found");
      return 4005;
    }
  if (g_strcmp0 (key, self->key) != 0)
    {
      *reason = g_strdup_printf ("Could not find app by key %s", shown);
      return 4001;
    }
  if (scope_sandbox_count_connections (self) >= self->max_connections)
    {
      *reason = g_strdup ("Application is over connection quota");
      return 4004;
    }

  return 0;
}

static GHashTable *
sandbox_parse_query (const char *query)
{
  return query != NULL ? g_uri_parse_params (query, -1, "&", G_URI_PARAMS_WWW_FORM, NULL) : NULL;
}

/* Refusals come after the upgrade: only then a client gets a code and a reason. turned_away is one,
 * or NULL. */
static void
sandbox_accept (ScopeSandbox           *self,
                ScopeSandboxConnection *connection,
                const char             *path,
                const char             *query_text,
                const char             *turned_away)
{
  g_autoptr (GHashTable) query = sandbox_parse_query (query_text);
  const char *protocol_text = query != NULL ? g_hash_table_lookup (query, "protocol") : NULL;
  guint64 protocol = protocol_text != NULL ? g_ascii_strtoull (protocol_text, NULL, 10) : 0;
  g_autofree char *reason = g_strdup (turned_away);
  guint code = NOT_AUTHORIZED;

  g_hash_table_insert (self->connections, g_strdup (scope_sandbox_connection_get_id (connection)),
                       connection);

  if (turned_away == NULL)
    code = sandbox_check_request (self, sandbox_find_key (path), protocol_text, protocol, &reason);
  if (code == 0)
    scope_sandbox_connection_welcome (connection, self->activity_timeout);
  else
    scope_sandbox_connection_refuse (connection, (guint) MIN (protocol, G_MAXUINT), code, reason);
}

void
_scope_sandbox_accept_xhr (ScopeSandbox    *self,
                           ScopeSandboxXhr *xhr,
                           const char      *path,
                           const char      *query)
{
  g_autofree char *socket_id = sandbox_dup_socket_id (self);

  sandbox_accept (self, scope_sandbox_connection_new_xhr (self, xhr, socket_id), path, query, NULL);
}

static void
sandbox_add_websocket (ScopeSandbox            *self,
                       SoupServerMessage       *message,
                       SoupWebsocketConnection *websocket)
{
  g_autofree char *socket_id = sandbox_dup_socket_id (self);
  g_autofree char *turned_away = sandbox_check_caller (self, message);
  GUri *uri = soup_server_message_get_uri (message);

  sandbox_accept (self, scope_sandbox_connection_new (self, websocket, socket_id), g_uri_get_path (uri),
                  g_uri_get_query (uri), turned_away);
}

/* As libsoup does it, but for the stream. */
static void
sandbox_upgraded_cb (SoupServerMessage *message,
                     gpointer           user_data)
{
  ScopeSandbox *self = user_data;
  g_autoptr (SoupServerMessage) kept = g_object_ref (message);
  g_autoptr (GSocket) socket = g_object_ref (soup_server_message_get_socket (message));
  g_autoptr (GIOStream) base = NULL;
  g_autoptr (GIOStream) stream = NULL;
  g_autoptr (SoupWebsocketConnection) websocket = NULL;

  if (self->server == NULL) /* it stopped meanwhile */
    return;

  scope_sandbox_door_let_through (self->door, message);
  base = soup_server_message_steal_connection (message);
  /* a refusal waits for the client's answer; beyond this there is none, just the end */
  if (g_hash_table_size (self->connections) >= 2 * SCOPE_SANDBOX_CONNECTIONS)
    return;

  stream = scope_sandbox_stream_new (base, socket, SCOPE_SANDBOX_FRAME_BYTES);
  websocket = soup_websocket_connection_new (stream, soup_server_message_get_uri (message),
                                             SOUP_WEBSOCKET_CONNECTION_SERVER, NULL, NULL, NULL);
  sandbox_add_websocket (self, message, websocket);
}

/* Without extensions: loopback gains nothing by compression, and an inflated message would escape
 * the bounds. */
static void
sandbox_upgrade (ScopeSandbox      *self,
                 SoupServerMessage *message)
{
  if (soup_websocket_server_process_handshake (message, NULL, NULL, NULL, NULL))
    g_signal_connect_object (message, "wrote-informational", G_CALLBACK (sandbox_upgraded_cb), self, 0);
}

static void
sandbox_request_cb (SoupServer        *server,
                    SoupServerMessage *message,
                    const char        *path,
                    GHashTable        *query,
                    gpointer           user_data)
{
  ScopeSandbox *self = user_data;

  if (scope_sandbox_xhr_owns_path (path))
    scope_sandbox_xhrs_answer (self->xhrs, message, path);
  else if (scope_sandbox_http_owns_path (path))
    scope_sandbox_http_answer (self, message, path);
  else if (sandbox_find_key (path) == NULL)
    soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
  else
    sandbox_upgrade (self, message);
}

/* what sandbox_request_cb() leaves to libsoup */
static gboolean
sandbox_is_upgrade (SoupServerMessage *message,
                    const char        *path)
{
  return !scope_sandbox_xhr_owns_path (path) && !scope_sandbox_http_owns_path (path)
         && sandbox_find_key (path) != NULL
         && soup_message_headers_header_contains (soup_server_message_get_request_headers (message),
                                                  "Upgrade", "websocket");
}

/* An upgrade is refused when it is done: sandbox_accept(). */
static void
sandbox_headers_cb (SoupServer        *server,
                    SoupServerMessage *message,
                    const char        *path,
                    GHashTable        *query,
                    gpointer           user_data)
{
  g_autofree char *turned_away = NULL;

  if (!sandbox_is_upgrade (message, path))
    turned_away = sandbox_check_caller (user_data, message);
  if (turned_away == NULL)
    {
      scope_sandbox_http_guard_body (message);
      return;
    }

  scope_sandbox_http_turn_away (message, SOUP_STATUS_FORBIDDEN, turned_away);
  _scope_sandbox_report (user_data, "connection", "action", "refused", "message", turned_away, NULL);
}

static SoupServer *
sandbox_create_server (ScopeSandbox *self)
{
  /* raw paths: the HTTP API's signatures cover the path as it was sent (protocol.md §9.4) */
  SoupServer *server = g_object_new (SOUP_TYPE_SERVER, "raw-paths", TRUE, NULL);

  soup_server_add_early_handler (server, NULL, sandbox_headers_cb, self, NULL);
  soup_server_add_handler (server, NULL, sandbox_request_cb, self, NULL);
  return server;
}

static void
sandbox_refused_cb (const char *message,
                    gpointer    user_data)
{
  _scope_sandbox_report (user_data, "connection", "action", "refused", "message", message, NULL);
}

static guint
sandbox_read_port (SoupServer *server)
{
  GSList *uris = soup_server_get_uris (server);
  guint port = uris != NULL ? (guint) g_uri_get_port (uris->data) : 0;

  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  return port;
}

/**
 * scope_sandbox_start:
 * @self: a sandbox
 * @port: the port, or 0 for any that is free
 * @error: %SCOPE_ERROR_USAGE for a port out of range, %SCOPE_ERROR_EXISTS if it listens already,
 *   or why the port can't be had (#GIOErrorEnum)
 *
 * Listens on 127.0.0.1, never elsewhere.
 *
 * Returns: %TRUE if it listens
 */
gboolean
scope_sandbox_start (ScopeSandbox *self,
                     guint         port,
                     GError      **error)
{
  g_autoptr (SoupServer) server = NULL;

  g_return_val_if_fail (SCOPE_IS_SANDBOX (self), FALSE);

  if (port > G_MAXUINT16)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                   _("Port %u is out of range: 0 (any free port) to 65535"), port);
      return FALSE;
    }
  if (self->server != NULL)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_EXISTS,
                   _("The sandbox is listening already, on port %u"), self->port);
      return FALSE;
    }

  server = sandbox_create_server (self);
  if (!soup_server_listen_local (server, port, SOUP_SERVER_LISTEN_IPV4_ONLY, error))
    return FALSE;

  self->door = scope_sandbox_door_new (server, sandbox_refused_cb, self);
  self->port = sandbox_read_port (server);
  self->server = g_steal_pointer (&server);
  return TRUE;
}

/**
 * scope_sandbox_stop:
 * @self: a sandbox
 * @close_code: what every connection is closed with: 4200, or another; 0 cuts them without a
 *   close frame
 *
 * Stops listening, ends floods and a replay. Connections are gone when the clients have answered, at most
 * five seconds later. It can be started again.
 */
void
scope_sandbox_stop (ScopeSandbox *self,
                    guint         close_code)
{
  g_autoptr (GList) connections = NULL;
  const char *reason = NULL;

  g_return_if_fail (SCOPE_IS_SANDBOX (self));

  g_clear_pointer (&self->door, scope_sandbox_door_free);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  self->port = 0;
  g_ptr_array_set_size (self->floods, 0);
  g_clear_pointer (&self->replay, scope_sandbox_replay_free);

  /* all wires first: nobody is told that the others leave */
  if (close_code == 4200)
    reason = "Server closed. Please reconnect shortly.";
  connections = g_hash_table_get_values (self->connections);
  for (GList *l = connections; l != NULL; l = l->next)
    scope_sandbox_wire_close (scope_sandbox_connection_get_wire (l->data), close_code, reason);
  for (GList *l = connections; l != NULL; l = l->next)
    scope_sandbox_connection_close (l->data, close_code, NULL);
}
