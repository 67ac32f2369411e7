/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "sandbox/scope-sandbox-caller.h"
#include "sandbox/scope-sandbox-door.h"
#include "sandbox/scope-sandbox-frame.h"
#include "sandbox/scope-sandbox-http.h"
#include "sandbox/scope-sandbox-line.h"
#include "sandbox/scope-sandbox-private.h"
#include "sandbox/scope-sandbox-stream.h"
#include "sandbox/scope-sandbox-xhr.h"

#define ACTIVITY_SECONDS 120    /* protocol.md §1.3: what Pusher tells */
#define PONG_MSEC 30000         /* protocol.md §1.4 */
#define PROTOCOL_OLDEST 5       /* protocol.md §1.2: 7 is what all speak, 5 and 6 differ little */
#define PROTOCOL_NEWEST 7
#define SHOWN_KEY_BYTES 64
#define NOT_AUTHORIZED 4009     /* protocol.md §11: what servers say to an Origin they don't allow */

struct _ScopeSandbox
{
  GObject parent_instance;

  char *key;
  char *app_id;
  ScopeSecret *secret;
  guint activity_timeout;
  guint pong_msec;
  guint max_connections;
  guint max_members;

  SoupServer *server;
  ScopeSandboxDoor *door;  /* NULL with it */
  guint port;
  GHashTable *connections; /* socket id → ScopeSandboxConnection, closing ones included */
  GHashTable *channels;    /* name → ScopeSandboxChannel */
  GPtrArray *floods;
  ScopeSandboxUsers *users;
  guint authorization_msec; /* 0: connections need not sign in */
  ScopeSandboxXhrs *xhrs;  /* clients over HTTP requests */
};

enum
{
  SIGNAL_LINE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeSandbox, scope_sandbox, G_TYPE_OBJECT)

/* Listening and upgrade */

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

/* (transfer full): why who calls is turned away, or NULL. A key of one's own lets in any page that knows it. */
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
  g_autofree char *shown = scope_text_for_display (key != NULL ? key : encoded_key, -1,
                                                   SHOWN_KEY_BYTES);

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

/* Refusals come after the upgrade: only then a client gets a code and a reason. turned_away is one, or NULL. */
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

  if (self->door != NULL)
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

/* Without extensions: loopback gains nothing by compression, and an inflated message would escape the bounds. */
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

/* Publishing */

static gboolean
sandbox_has_listener (ScopeSandbox *self)
{
  return g_signal_has_handler_pending (self, signals[SIGNAL_LINE], 0, TRUE);
}

static void
sandbox_report_event (ScopeSandbox            *self,
                      const ScopeSandboxEvent *event)
{
  g_autofree char *line = NULL;

  if (!sandbox_has_listener (self))
    return;

  line = scope_sandbox_line_event (event);
  g_signal_emit (self, signals[SIGNAL_LINE], 0, line);
}

static void
sandbox_sweep_channels (ScopeSandbox *self)
{
  GHashTableIter iter;
  gpointer channel;

  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &channel))
    {
      if (scope_sandbox_channel_is_vacant (channel))
        g_hash_table_iter_remove (&iter);
    }
}

const char *
_scope_sandbox_get_key (ScopeSandbox *self)
{
  return self->key;
}

const char *
_scope_sandbox_get_app_id (ScopeSandbox *self)
{
  return self->app_id;
}

const char *
_scope_sandbox_get_secret (ScopeSandbox *self)
{
  return scope_secret_peek (self->secret);
}

ScopeSandboxChannel *
_scope_sandbox_lookup_channel (ScopeSandbox *self,
                               const char   *name)
{
  return g_hash_table_lookup (self->channels, name);
}

ScopeSandboxChannel *
_scope_sandbox_ensure_channel (ScopeSandbox *self,
                               const char   *name)
{
  ScopeSandboxChannel *channel = g_hash_table_lookup (self->channels, name);

  if (channel != NULL)
    return channel;

  /* cached events grow stale without anyone noticing */
  if (g_hash_table_size (self->channels) >= SCOPE_SANDBOX_CHANNELS)
    sandbox_sweep_channels (self);
  if (g_hash_table_size (self->channels) >= SCOPE_SANDBOX_CHANNELS)
    return NULL;

  channel = scope_sandbox_channel_new (name);
  g_hash_table_insert (self->channels, g_strdup (name), channel);
  return channel;
}

void
_scope_sandbox_settle_channel (ScopeSandbox        *self,
                               ScopeSandboxChannel *channel)
{
  if (scope_sandbox_channel_is_vacant (channel))
    g_hash_table_remove (self->channels, scope_sandbox_channel_get_name (channel));
}

static int
sandbox_compare_channels (gconstpointer a,
                          gconstpointer b)
{
  ScopeSandboxChannel *const *first = a;
  ScopeSandboxChannel *const *second = b;

  return strcmp (scope_sandbox_channel_get_name (*first), scope_sandbox_channel_get_name (*second));
}

GPtrArray *
_scope_sandbox_list_occupied (ScopeSandbox *self)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer channel;

  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &channel))
    {
      if (scope_sandbox_channel_is_occupied (channel) &&
          scope_sandbox_channel_get_kind (channel) != SCOPE_CHANNEL_SERVER_TO_USER)
        g_ptr_array_add (list, channel);
    }
  g_ptr_array_sort (list, sandbox_compare_channels);

  return list;
}

gboolean
_scope_sandbox_relay (ScopeSandbox            *self,
                      const ScopeSandboxEvent *event)
{
  ScopeChannelKind kind = scope_channel_name_get_kind (event->channel);
  gboolean is_cached = scope_channel_kind_is_cache (kind) && !event->is_client_event;
  ScopeSandboxChannel *channel;
  ScopeSandboxConnection *except = NULL;
  g_autoptr (GBytes) frame = NULL;

  sandbox_report_event (self, event);
  channel = is_cached ? _scope_sandbox_ensure_channel (self, event->channel)
                      : _scope_sandbox_lookup_channel (self, event->channel);
  if (channel == NULL)
    return FALSE;

  frame = scope_sandbox_frame_event (event->event, event->channel, event->data_token,
                                     event->data_length, event->user_id);
  if (is_cached)
    scope_sandbox_channel_set_cached (channel, frame, event->data_token, event->data_length);
  if (event->socket_id != NULL)
    except = g_hash_table_lookup (self->connections, event->socket_id);

  scope_sandbox_channel_send (channel, frame,
                              except != NULL ? scope_sandbox_connection_get_wire (except) : NULL);
  return scope_sandbox_channel_count_wires (channel) > 0;
}

ScopeSandboxDoor *
_scope_sandbox_get_door (ScopeSandbox *self)
{
  return self->door;
}

void
_scope_sandbox_forget_connection (ScopeSandbox           *self,
                                  ScopeSandboxConnection *connection)
{
  g_hash_table_remove (self->connections, scope_sandbox_connection_get_id (connection));
}

void
_scope_sandbox_forget_flood (ScopeSandbox      *self,
                             ScopeSandboxFlood *flood)
{
  g_ptr_array_remove (self->floods, flood);
}

void
_scope_sandbox_report (ScopeSandbox *self,
                       const char   *type,
                       ...)
{
  g_autofree char *line = NULL;
  va_list args;

  if (!sandbox_has_listener (self))
    return;

  va_start (args, type);
  line = scope_sandbox_line_pairs (type, args);
  va_end (args);
  g_signal_emit (self, signals[SIGNAL_LINE], 0, line);
}

void
_scope_sandbox_set_pong_timeout (ScopeSandbox *self,
                                 guint         msec)
{
  self->pong_msec = msec;
}

guint
_scope_sandbox_get_pong_timeout (ScopeSandbox *self)
{
  return self->pong_msec;
}

ScopeSandboxUsers *
_scope_sandbox_get_users (ScopeSandbox *self)
{
  return self->users;
}

guint
_scope_sandbox_get_authorization_timeout (ScopeSandbox *self)
{
  return self->authorization_msec;
}

/* soketi's code and text; Pusher's docs give none (protocol.md §4.5) */
void
_scope_sandbox_terminate_user (ScopeSandbox *self,
                               const char   *user_id)
{
  g_autoptr (GList) connections = g_hash_table_get_values (self->connections);

  for (GList *l = connections; l != NULL; l = l->next)
    {
      if (g_strcmp0 (scope_sandbox_connection_get_user_id (l->data), user_id) == 0)
        scope_sandbox_connection_close (l->data, 4009, "You got disconnected by the app.");
    }
}

guint
_scope_sandbox_get_max_members (ScopeSandbox *self)
{
  return self->max_members;
}

static void
scope_sandbox_dispose (GObject *object)
{
  ScopeSandbox *self = SCOPE_SANDBOX (object);

  g_ptr_array_set_size (self->floods, 0);
  g_clear_pointer (&self->xhrs, scope_sandbox_xhrs_free);
  g_clear_pointer (&self->door, scope_sandbox_door_free);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  g_hash_table_remove_all (self->connections);
  g_hash_table_remove_all (self->channels);

  G_OBJECT_CLASS (scope_sandbox_parent_class)->dispose (object);
}

static void
scope_sandbox_finalize (GObject *object)
{
  ScopeSandbox *self = SCOPE_SANDBOX (object);

  g_ptr_array_unref (self->floods);
  scope_sandbox_users_free (self->users);
  g_hash_table_unref (self->connections);
  g_hash_table_unref (self->channels);
  g_free (self->key);
  g_free (self->app_id);
  scope_secret_unref (self->secret);

  G_OBJECT_CLASS (scope_sandbox_parent_class)->finalize (object);
}

static void
scope_sandbox_class_init (ScopeSandboxClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_sandbox_dispose;
  object_class->finalize = scope_sandbox_finalize;

  /**
   * ScopeSandbox::line:
   * @self: the sandbox
   * @json: one JSON object without a line break
   *
   * Emitted for each connection (`opened`, `refused`, `closed`), subscription (`subscribed`,
   * `refused`, `unsubscribed`) and published event. Holds no secret and no signature. A flood's
   * events are left out.
   */
  signals[SIGNAL_LINE] = g_signal_new ("line", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1,
                                       G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
scope_sandbox_init (ScopeSandbox *self)
{
  self->key = g_strdup (SCOPE_SANDBOX_KEY);
  self->app_id = g_strdup (SCOPE_SANDBOX_APP_ID);
  self->secret = scope_secret_new (SCOPE_SANDBOX_SECRET);
  self->activity_timeout = ACTIVITY_SECONDS;
  self->pong_msec = PONG_MSEC;
  self->max_connections = SCOPE_SANDBOX_CONNECTIONS;
  self->max_members = SCOPE_SANDBOX_MEMBERS;
  self->connections = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                             (GDestroyNotify) scope_sandbox_connection_free);
  self->channels = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) scope_sandbox_channel_free);
  self->floods = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_sandbox_flood_free);
  self->users = scope_sandbox_users_new ();
  self->xhrs = scope_sandbox_xhrs_new (self);
}

/**
 * scope_sandbox_new:
 *
 * Returns: (transfer full): a server that does not listen yet
 */
ScopeSandbox *
scope_sandbox_new (void)
{
  return g_object_new (SCOPE_TYPE_SANDBOX, NULL);
}

/**
 * scope_sandbox_set_app:
 * @self: a sandbox that does not listen
 * @key: (nullable): the application's key; %NULL keeps what is set
 * @app_id: (nullable): its id
 * @secret: (nullable): its secret
 */
void
scope_sandbox_set_app (ScopeSandbox *self,
                       const char   *key,
                       const char   *app_id,
                       const char   *secret)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (self->server == NULL);

  if (key != NULL)
    scope_set_str (&self->key, key);
  if (app_id != NULL)
    scope_set_str (&self->app_id, app_id);
  if (secret != NULL && *secret != '\0')
    {
      g_clear_pointer (&self->secret, scope_secret_unref);
      self->secret = scope_secret_new (secret);
    }
}

/**
 * scope_sandbox_set_activity_timeout:
 * @self: a sandbox
 * @seconds: what new connections are told, at least 1
 */
void
scope_sandbox_set_activity_timeout (ScopeSandbox *self,
                                    guint         seconds)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (seconds > 0 && seconds <= 24 * 60 * 60);

  self->activity_timeout = seconds;
}

/**
 * scope_sandbox_set_authorization_timeout:
 * @self: a sandbox
 * @msec: milliseconds; 0, as at first: none
 *
 * New connections that neither sign in nor join a private or presence channel in that time are
 * closed with 4009, as an app with authorized connections does (protocol.md §4.5).
 */
void
scope_sandbox_set_authorization_timeout (ScopeSandbox *self,
                                         guint         msec)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));

  self->authorization_msec = msec;
}

/**
 * scope_sandbox_set_quotas:
 * @self: a sandbox
 * @connections: how many may be open at once, at most 1000, or 0 to keep what is set; one more is
 *   refused with 4004 (protocol.md §1.7)
 * @members: how many users a presence channel holds, at most 100, or 0 to keep what is set
 */
void
scope_sandbox_set_quotas (ScopeSandbox *self,
                          guint         connections,
                          guint         members)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (connections <= SCOPE_SANDBOX_CONNECTIONS && members <= SCOPE_SANDBOX_MEMBERS);

  if (connections > 0)
    self->max_connections = connections;
  if (members > 0)
    self->max_members = members;
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
 * scope_sandbox_get_port:
 * @self: a sandbox
 *
 * Returns: the port it listens on, or 0
 */
guint
scope_sandbox_get_port (ScopeSandbox *self)
{
  g_return_val_if_fail (SCOPE_IS_SANDBOX (self), 0);

  return self->port;
}

/**
 * scope_sandbox_stop:
 * @self: a sandbox
 * @close_code: what every connection is closed with: 4200, or another; 0 cuts them without a
 *   close frame
 *
 * Stops listening and ends floods. Connections are gone when the clients have answered, at most
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

  /* all wires first: nobody is told that the others leave */
  if (close_code == 4200)
    reason = "Server closed. Please reconnect shortly.";
  connections = g_hash_table_get_values (self->connections);
  for (GList *l = connections; l != NULL; l = l->next)
    scope_sandbox_wire_close (scope_sandbox_connection_get_wire (l->data), close_code, reason);
  for (GList *l = connections; l != NULL; l = l->next)
    scope_sandbox_connection_close (l->data, close_code, NULL);
}

/**
 * scope_sandbox_count_connections:
 * @self: a sandbox
 *
 * Returns: how many clients are connected; those being closed don't count
 */
guint
scope_sandbox_count_connections (ScopeSandbox *self)
{
  GHashTableIter iter;
  gpointer connection;
  guint n = 0;

  g_return_val_if_fail (SCOPE_IS_SANDBOX (self), 0);

  g_hash_table_iter_init (&iter, self->connections);
  while (g_hash_table_iter_next (&iter, NULL, &connection))
    n += scope_sandbox_connection_is_open (connection) ? 1 : 0;

  return n;
}

/**
 * scope_sandbox_publish:
 * @self: a sandbox
 * @channel: the channel
 * @event: the event's name
 * @data: the decoded data; no limit of size applies here
 * @data_length: its length in bytes, or -1 if it is NUL-terminated
 *
 * Publishes as the HTTP API would: a cache channel keeps it (protocol.md §3.2).
 *
 * Returns: whether anyone was subscribed
 */
gboolean
scope_sandbox_publish (ScopeSandbox *self,
                       const char   *channel,
                       const char   *event,
                       const char   *data,
                       gssize        data_length)
{
  g_autoptr (GString) token = g_string_new (NULL);
  ScopeSandboxEvent relayed = { .channel = channel, .event = event };

  g_return_val_if_fail (SCOPE_IS_SANDBOX (self), FALSE);
  g_return_val_if_fail (channel != NULL && event != NULL && data != NULL, FALSE);

  scope_json_append_string (token, data, data_length);
  relayed.data_token = token->str;
  relayed.data_length = token->len;
  return _scope_sandbox_relay (self, &relayed);
}

/**
 * scope_sandbox_join:
 * @self: a sandbox
 * @channel: a presence channel
 * @user_id: who joins
 * @user_info_json: (nullable): JSON text; left out if it isn't valid
 *
 * Adds a member that has no socket.
 */
void
scope_sandbox_join (ScopeSandbox *self,
                    const char   *channel,
                    const char   *user_id,
                    const char   *user_info_json)
{
  ScopeSandboxChannel *joined;

  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (channel != NULL && user_id != NULL);
  g_return_if_fail (scope_channel_kind_is_presence (scope_channel_name_get_kind (channel)));

  if (user_info_json != NULL &&
      !scope_json_check (user_info_json, strlen (user_info_json), NULL, NULL))
    user_info_json = NULL;

  joined = _scope_sandbox_ensure_channel (self, channel);
  if (joined != NULL && scope_sandbox_channel_count_users (joined) < SCOPE_LIMIT_MEMBERS)
    scope_sandbox_channel_join (joined, user_id, user_info_json);
}

/**
 * scope_sandbox_leave:
 * @self: a sandbox
 * @channel: a presence channel
 * @user_id: who leaves; one that did not join is left alone
 */
void
scope_sandbox_leave (ScopeSandbox *self,
                     const char   *channel,
                     const char   *user_id)
{
  ScopeSandboxChannel *left;

  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (channel != NULL && user_id != NULL);

  left = _scope_sandbox_lookup_channel (self, channel);
  if (left == NULL)
    return;

  scope_sandbox_channel_leave (left, user_id);
  _scope_sandbox_settle_channel (self, left);
}

/**
 * scope_sandbox_set_crowd:
 * @self: a sandbox
 * @channel: a channel
 * @n: how many are subscribed to it without a socket; 0: none any more
 */
void
scope_sandbox_set_crowd (ScopeSandbox *self,
                         const char   *channel,
                         guint         n)
{
  ScopeSandboxChannel *crowded;

  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (channel != NULL);

  crowded = n > 0 ? _scope_sandbox_ensure_channel (self, channel)
                  : _scope_sandbox_lookup_channel (self, channel);
  if (crowded == NULL)
    return;
  scope_sandbox_channel_set_crowd (crowded, n);
  _scope_sandbox_settle_channel (self, crowded);
}

/**
 * scope_sandbox_flood:
 * @self: a sandbox
 * @channel: the channel
 * @n: how many events
 * @size: about how many bytes of data each has
 * @seconds: how long to take; 0: as fast as the subscribers read
 *
 * Publishes events named `flood`, each `{"n":N,…}` counting from 0, evenly over @seconds, in
 * short slices of the main loop. It waits for subscribers that don't keep up: nobody misses one,
 * and what waits in memory stays bounded. Events due while nobody is subscribed are not sent.
 */
void
scope_sandbox_flood (ScopeSandbox *self,
                     const char   *channel,
                     guint         n,
                     gsize         size,
                     double        seconds)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (channel != NULL);

  if (n > 0)
    g_ptr_array_add (self->floods, scope_sandbox_flood_new (self, channel, n, size, seconds));
}
