/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-connection.h"

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "json/scope-json.h"
#include "protocol/scope-frame.h"
#include "sandbox/scope-sandbox-connection-private.h"
#include "sandbox/scope-sandbox-frame.h"
#include "sandbox/scope-sandbox-line.h"

/* Sending */

static void
connection_send_text (ScopeSandboxConnection *self,
                      char                   *text)
{
  g_autoptr (GBytes) frame = g_bytes_new_take (text, strlen (text));

  scope_sandbox_wire_send (self->wire, frame);
}

void
_scope_sandbox_connection_send_error (ScopeSandboxConnection *self,
                                      guint                   code,
                                      const char             *message)
{
  g_autoptr (GBytes) frame = scope_sandbox_frame_error (code, message);

  scope_sandbox_wire_send (self->wire, frame);
}

void
_scope_sandbox_connection_send_errorf (ScopeSandboxConnection *self,
                                       const char             *format,
                                       ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  _scope_sandbox_connection_send_error (self, 0, message);
}

/* Reads string members of a frame's data; those that are absent or no strings stay NULL. */
void
_scope_sandbox_connection_read_strings (ScopeMessage  *message,
                                        const char    *first_key,
                                        char         **first,
                                        ...)
{
  g_autoptr (GBytes) owner = NULL;
  const char *text;
  gsize length;
  va_list args;

  if (!scope_message_read_data_object (message, &text, &length, &owner))
    return;

  va_start (args, first);
  for (const char *key = first_key; key != NULL; key = va_arg (args, const char *))
    {
      char **value = key == first_key ? first : va_arg (args, char **);
      ScopeSpan span;

      if (scope_json_get_member (text, length, key, &span) == SCOPE_JSON_STRING)
        *value = scope_sandbox_frame_read_string (text + span.offset, span.length);
    }
  va_end (args);
}

/* Frames */

static void
connection_handle_message (ScopeSandboxConnection *self,
                           ScopeMessage           *message)
{
  switch ((guint) scope_message_get_message_type (message))
    {
    case SCOPE_MESSAGE_PING:
      connection_send_text (self, scope_frame_pong ());
      break;

    case SCOPE_MESSAGE_PONG:
      break;

    case SCOPE_MESSAGE_SUBSCRIBE:
      _scope_sandbox_connection_handle_subscribe (self, message);
      break;

    case SCOPE_MESSAGE_UNSUBSCRIBE:
      _scope_sandbox_connection_handle_unsubscribe (self, message);
      break;

    case SCOPE_MESSAGE_SIGNIN:
      _scope_sandbox_connection_handle_sign_in (self, message);
      break;

    default:
      _scope_sandbox_connection_handle_event (self, message);
      break;
    }
}

static void
connection_overrun_cb (gpointer user_data)
{
  scope_sandbox_connection_close (user_data, SOUP_WEBSOCKET_CLOSE_TOO_BIG, "Message larger than 100 kB");
}

static void
connection_received_cb (gboolean  is_text,
                        GBytes   *bytes,
                        gpointer  user_data)
{
  ScopeSandboxConnection *self = user_data;
  g_autoptr (ScopeMessage) message = NULL;
  g_autoptr (GError) error = NULL;

  self->heard_usec = g_get_monotonic_time ();
  self->pinged = FALSE;
  if (!self->welcomed)
    return;

  if (g_bytes_get_size (bytes) > SCOPE_SANDBOX_FRAME_BYTES)
    {
      connection_overrun_cb (self);
      return;
    }
  if (!is_text)
    {
      _scope_sandbox_connection_send_error (self, 0, "Binary messages are not supported");
      return;
    }

  message = scope_message_new (bytes, &error);
  if (message != NULL)
    connection_handle_message (self, message);
  else if (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT))
    _scope_sandbox_connection_send_error (self, 0, "Invalid message: nested too deep, or a name too long");
  else
    _scope_sandbox_connection_send_error (self, 0, "Invalid message: should be a JSON object with an event");
}

static void
connection_closed_cb (gpointer user_data)
{
  ScopeSandboxConnection *self = user_data;

  _scope_sandbox_connection_leave_all (self);
  if (self->welcomed)
    _scope_sandbox_report (self->sandbox, "connection", "action", "closed",
                           "socket_id", self->socket_id, NULL);
  _scope_sandbox_forget_connection (self->sandbox, self);
}

/* Silence */

static gboolean connection_activity_cb (gpointer user_data);

static void
connection_watch_silence (ScopeSandboxConnection *self,
                          gint64                  msec)
{
  self->activity_id = g_timeout_add ((guint) MAX (msec, 1), connection_activity_cb, self);
}

/* One timer, armed again for what is left: no work for each frame that comes. */
static gboolean
connection_activity_cb (gpointer user_data)
{
  ScopeSandboxConnection *self = user_data;
  gint64 silent_msec = (g_get_monotonic_time () - self->heard_usec) / 1000;

  self->activity_id = 0;
  if (!scope_sandbox_connection_is_open (self))
    return G_SOURCE_REMOVE;

  if (silent_msec < self->activity_msec)
    {
      connection_watch_silence (self, self->activity_msec - silent_msec);
    }
  else if (!self->pinged)
    {
      self->pinged = TRUE;
      connection_send_text (self, scope_frame_ping ());
      connection_watch_silence (self, _scope_sandbox_get_pong_timeout (self->sandbox));
    }
  else
    {
      scope_sandbox_connection_close (self, 4201, "Pong reply not received in time");
    }

  return G_SOURCE_REMOVE;
}

static const ScopeSandboxWireFuncs wire_funcs = { connection_received_cb, connection_overrun_cb,
                                                  connection_closed_cb };

static ScopeSandboxConnection *
connection_create (ScopeSandbox *sandbox,
                   const char   *socket_id)
{
  ScopeSandboxConnection *self = g_new0 (ScopeSandboxConnection, 1);

  self->sandbox = sandbox;
  self->socket_id = g_strdup (socket_id);
  self->subscriptions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->tokens = SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND;
  self->tokens_usec = self->heard_usec = g_get_monotonic_time ();
  return self;
}

/**
 * scope_sandbox_connection_new:
 * @sandbox: the owner, which outlives it
 * @websocket: an upgraded connection
 * @socket_id: its id
 *
 * Returns: (transfer full): a connection that has not been told anything yet
 */
ScopeSandboxConnection *
scope_sandbox_connection_new (ScopeSandbox            *sandbox,
                              SoupWebsocketConnection *websocket,
                              const char              *socket_id)
{
  ScopeSandboxConnection *self;

  g_return_val_if_fail (SCOPE_IS_SANDBOX (sandbox), NULL);
  g_return_val_if_fail (socket_id != NULL, NULL);

  self = connection_create (sandbox, socket_id);
  self->wire = scope_sandbox_wire_new (websocket, &wire_funcs, self);
  return self;
}

/**
 * scope_sandbox_connection_new_xhr:
 * @sandbox: the owner, which outlives it
 * @xhr: a session over HTTP requests
 * @socket_id: its id
 *
 * Returns: (transfer full): a connection that has not been told anything yet
 */
ScopeSandboxConnection *
scope_sandbox_connection_new_xhr (ScopeSandbox    *sandbox,
                                  ScopeSandboxXhr *xhr,
                                  const char      *socket_id)
{
  ScopeSandboxConnection *self;

  g_return_val_if_fail (SCOPE_IS_SANDBOX (sandbox), NULL);
  g_return_val_if_fail (socket_id != NULL, NULL);

  self = connection_create (sandbox, socket_id);
  self->wire = scope_sandbox_wire_new_xhr (xhr, &wire_funcs, self);
  return self;
}

/**
 * scope_sandbox_connection_free:
 * @self: (nullable): a connection
 *
 * Leaves its channels and cuts its socket, if that is still open.
 */
void
scope_sandbox_connection_free (ScopeSandboxConnection *self)
{
  if (self == NULL)
    return;

  g_clear_handle_id (&self->activity_id, g_source_remove);
  _scope_sandbox_connection_leave_all (self);
  g_clear_pointer (&self->wire, scope_sandbox_wire_free);
  g_hash_table_unref (self->subscriptions);
  scope_sandbox_user_free (self->user);
  g_free (self->socket_id);
  g_free (self);
}

/**
 * scope_sandbox_connection_welcome:
 * @self: a new connection
 * @seconds: the activity timeout, told in the handshake (protocol.md §1.3)
 *
 * Sends `pusher:connection_established`. From now on a client that is silent for
 * @seconds is pinged, and closed with 4201 if it stays silent (protocol.md §1.7).
 */
void
scope_sandbox_connection_welcome (ScopeSandboxConnection *self,
                                  guint                   seconds)
{
  g_autofree char *data = NULL;
  g_autoptr (GBytes) frame = NULL;

  g_return_if_fail (self != NULL && !self->welcomed);

  self->welcomed = TRUE;
  data = g_strdup_printf ("{\"socket_id\":\"%s\",\"activity_timeout\":%u}",
                          self->socket_id, seconds);
  frame = scope_sandbox_frame_internal ("pusher:connection_established", NULL, data);
  scope_sandbox_wire_send (self->wire, frame);

  self->activity_msec = seconds * 1000;
  connection_watch_silence (self, self->activity_msec);
  if (_scope_sandbox_get_authorization_timeout (self->sandbox) > 0)
    self->authorize_id = g_timeout_add (_scope_sandbox_get_authorization_timeout (self->sandbox),
                                        _scope_sandbox_connection_unauthorized_cb, self);
  _scope_sandbox_report (self->sandbox, "connection", "action", "opened",
                         "socket_id", self->socket_id, NULL);
}

/**
 * scope_sandbox_connection_refuse:
 * @self: a new connection
 * @protocol: the protocol version the client asked for, or 0
 * @code: a close code
 * @text: its reason
 *
 * Closes. Only below version 6 a `pusher:error` precedes the close (protocol.md §1.2).
 */
void
scope_sandbox_connection_refuse (ScopeSandboxConnection *self,
                                 guint                   protocol,
                                 guint                   code,
                                 const char             *text)
{
  GString *line;

  g_return_if_fail (self != NULL && !self->welcomed);

  if (protocol > 0 && protocol < 6)
    _scope_sandbox_connection_send_error (self, code, text);
  scope_sandbox_wire_close (self->wire, code, text);

  line = scope_sandbox_line_begin ("connection");
  scope_sandbox_line_add_text (line, "action", "refused");
  scope_sandbox_line_add_text (line, "socket_id", self->socket_id);
  scope_sandbox_line_add_number (line, "code", code);
  scope_sandbox_line_add_text (line, "message", text);
  _scope_sandbox_report_line (self->sandbox, line);
}

/**
 * scope_sandbox_connection_close:
 * @self: a connection
 * @code: a close code; 0 cuts the socket without a close frame
 * @text: (nullable): its reason
 *
 * Its subscriptions end at once, whether the client answers or not.
 */
void
scope_sandbox_connection_close (ScopeSandboxConnection *self,
                                guint                   code,
                                const char             *text)
{
  g_return_if_fail (self != NULL);

  scope_sandbox_wire_close (self->wire, code, text);
  _scope_sandbox_connection_leave_all (self);
}

/**
 * scope_sandbox_connection_get_id:
 * @self: a connection
 *
 * Returns: (transfer none): its socket id
 */
const char *
scope_sandbox_connection_get_id (ScopeSandboxConnection *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->socket_id;
}

/**
 * scope_sandbox_connection_get_user_id:
 * @self: a connection
 *
 * Returns: (transfer none) (nullable): who is signed in on it
 */
const char *
scope_sandbox_connection_get_user_id (ScopeSandboxConnection *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->user != NULL ? self->user->id : NULL;
}

/**
 * scope_sandbox_connection_get_wire:
 * @self: a connection
 *
 * Returns: (transfer none): its websocket
 */
ScopeSandboxWire *
scope_sandbox_connection_get_wire (ScopeSandboxConnection *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->wire;
}

/**
 * scope_sandbox_connection_is_open:
 * @self: a connection
 *
 * Returns: whether it was welcomed and is not closing
 */
gboolean
scope_sandbox_connection_is_open (ScopeSandboxConnection *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->welcomed && !scope_sandbox_wire_is_closing (self->wire);
}
