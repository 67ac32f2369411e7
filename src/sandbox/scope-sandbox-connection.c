/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-connection.h"

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"
#include "protocol/scope-frame.h"
#include "protocol/scope-message.h"
#include "sandbox/scope-sandbox-auth.h"
#include "sandbox/scope-sandbox-frame.h"
#include "sandbox/scope-sandbox-private.h"

#define SHOWN_NAME_BYTES 200
#define SERVER_TO_USER "#server-to-user-"

struct _ScopeSandboxConnection
{
  ScopeSandbox *sandbox; /* not owned */
  ScopeSandboxWire *wire;
  char *socket_id;
  GHashTable *subscriptions; /* channel name → user id, or NULL */
  gboolean welcomed;
  gboolean left;

  guint activity_msec;
  guint activity_id;
  gint64 heard_usec;
  gboolean pinged;

  double tokens; /* client events it may send right now */
  gint64 tokens_usec;

  ScopeSandboxUser *user; /* NULL: not signed in */
  guint authorize_id;     /* the time limit for showing who it is */
};

static void
connection_send_text (ScopeSandboxConnection *self,
                      char                   *text)
{
  g_autoptr (GBytes) frame = g_bytes_new_take (text, strlen (text));

  scope_sandbox_wire_send (self->wire, frame);
}

static void
connection_send_error (ScopeSandboxConnection *self,
                       guint                   code,
                       const char             *message)
{
  g_autoptr (GBytes) frame = scope_sandbox_frame_error (code, message);

  scope_sandbox_wire_send (self->wire, frame);
}

G_GNUC_PRINTF (2, 3)
static void
connection_send_errorf (ScopeSandboxConnection *self,
                        const char             *format,
                        ...)
{
  g_autofree char *message = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);

  connection_send_error (self, 0, message);
}

/* Subscriptions */

static void
connection_leave_channel (ScopeSandboxConnection *self,
                          const char             *name,
                          const char             *user_id)
{
  ScopeSandboxChannel *channel = _scope_sandbox_lookup_channel (self->sandbox, name);

  g_assert (channel != NULL);

  scope_sandbox_channel_remove_wire (channel, self->wire);
  if (user_id != NULL)
    scope_sandbox_channel_drop_user (channel, user_id);
  _scope_sandbox_settle_channel (self->sandbox, channel);
}

static void
connection_leave_all (ScopeSandboxConnection *self)
{
  GHashTableIter iter;
  gpointer name, user_id;

  if (self->left)
    return;

  self->left = TRUE;
  g_clear_handle_id (&self->authorize_id, g_source_remove);
  scope_sandbox_users_leave (_scope_sandbox_get_users (self->sandbox), self->wire);
  g_hash_table_iter_init (&iter, self->subscriptions);
  while (g_hash_table_iter_next (&iter, &name, &user_id))
    connection_leave_channel (self, name, user_id);
  g_hash_table_remove_all (self->subscriptions);
}

static void
connection_refuse_subscription (ScopeSandboxConnection *self,
                                const char             *channel,
                                const char             *message)
{
  connection_send_error (self, 0, message);
  _scope_sandbox_report (self->sandbox, "subscription", "action", "refused",
                         "socket_id", self->socket_id, "channel", channel, NULL);
}

static void
connection_send_cached (ScopeSandboxConnection *self,
                        ScopeSandboxChannel    *channel)
{
  g_autoptr (GBytes) miss = NULL;
  GBytes *cached = scope_sandbox_channel_get_cached (channel, NULL, NULL);

  if (!scope_channel_kind_is_cache (scope_sandbox_channel_get_kind (channel)))
    return;

  if (cached == NULL)
    {
      miss = scope_sandbox_frame_internal ("pusher:cache_miss",
                                           scope_sandbox_channel_get_name (channel), NULL);
      cached = miss;
    }

  scope_sandbox_wire_send (self->wire, cached);
}

static void
connection_enter_channel (ScopeSandboxConnection *self,
                          ScopeSandboxChannel    *channel,
                          const char             *user_id,
                          const char             *user_info)
{
  const char *name = scope_sandbox_channel_get_name (channel);
  g_autofree char *welcome = NULL;
  g_autoptr (GBytes) frame = NULL;

  if (scope_channel_kind_needs_auth (scope_sandbox_channel_get_kind (channel)))
    g_clear_handle_id (&self->authorize_id, g_source_remove);
  scope_sandbox_channel_add_wire (channel, self->wire);
  g_hash_table_insert (self->subscriptions, g_strdup (name), g_strdup (user_id));
  if (user_id != NULL)
    scope_sandbox_channel_hold_user (channel, user_id, user_info, self->wire);

  welcome = scope_sandbox_channel_dup_welcome (channel);
  frame = scope_sandbox_frame_internal ("pusher_internal:subscription_succeeded", name, welcome);
  scope_sandbox_wire_send (self->wire, frame);
  connection_send_cached (self, channel);

  _scope_sandbox_report (self->sandbox, "subscription", "action", "subscribed",
                         "socket_id", self->socket_id, "channel", name, "user_id", user_id, NULL);
}

static char *
connection_check_place (ScopeSandboxConnection *self,
                        ScopeSandboxChannel    *channel,
                        const char             *user_id)
{
  guint max = _scope_sandbox_get_max_members (self->sandbox);

  if (user_id == NULL || scope_sandbox_channel_has_user (channel, user_id) ||
      scope_sandbox_channel_count_users (channel) < max)
    return NULL;

  return g_strdup_printf ("Subscription to %s refused: it has its quota of %u members",
                          scope_sandbox_channel_get_name (channel), max);
}

/* `#server-to-user-ID` of the user that is signed in */
static gboolean
connection_owns_channel (ScopeSandboxConnection *self,
                         const char             *channel)
{
  return self->user != NULL && g_str_has_prefix (channel, SERVER_TO_USER) &&
         strcmp (channel + strlen (SERVER_TO_USER), self->user->id) == 0;
}

/* Who joins a presence channel: channel_data says it, or the sign-in did (protocol.md §3.4). */
static char *
connection_read_member (ScopeSandboxConnection *self,
                        const char             *channel,
                        const char             *channel_data,
                        char                  **user_id,
                        char                  **user_info)
{
  if (channel_data != NULL || self->user == NULL)
    return scope_sandbox_auth_read_user (channel, channel_data, user_id, user_info);

  *user_id = g_strdup (self->user->id);
  *user_info = g_strdup (self->user->info);
  return NULL;
}

/* What may stand in the way of a name, before anything else is looked at. */
static char *
connection_check_name (ScopeSandboxConnection *self,
                       const char             *channel)
{
  g_autofree char *shown = scope_text_for_display (channel, -1, SHOWN_NAME_BYTES);

  if (!scope_channel_name_check (channel, NULL, NULL))
    return g_strdup_printf ("Invalid channel name: '%s'", shown);
  if (scope_channel_name_get_kind (channel) == SCOPE_CHANNEL_SERVER_TO_USER &&
      !connection_owns_channel (self, channel))
    return g_strdup_printf ("Subscription to %s refused: it needs the sign-in of that user", shown);
  if (g_hash_table_contains (self->subscriptions, channel))
    return g_strdup_printf ("Existing subscription to channel %s", shown);
  if (g_hash_table_size (self->subscriptions) >= SCOPE_LIMIT_CHANNELS)
    return g_strdup_printf ("Subscription to %s refused: a connection may have %d", shown,
                            SCOPE_LIMIT_CHANNELS);

  return NULL;
}

/* (transfer full): why not, or NULL */
static char *
connection_try_subscribe (ScopeSandboxConnection *self,
                          const char             *name,
                          const char             *auth,
                          const char             *channel_data)
{
  ScopeChannelKind kind = scope_channel_name_get_kind (name);
  gboolean is_presence = scope_channel_kind_is_presence (kind);
  ScopeSandboxChannel *channel;
  g_autofree char *user_id = NULL;
  g_autofree char *user_info = NULL;
  char *refusal = connection_check_name (self, name);

  if (refusal == NULL && scope_channel_kind_needs_auth (kind))
    refusal = scope_sandbox_auth_check (_scope_sandbox_get_key (self->sandbox),
                                        _scope_sandbox_get_secret (self->sandbox),
                                        self->socket_id, name, auth,
                                        is_presence ? channel_data : NULL);
  if (refusal == NULL && is_presence)
    refusal = connection_read_member (self, name, channel_data, &user_id, &user_info);
  if (refusal != NULL)
    return refusal;

  channel = _scope_sandbox_ensure_channel (self->sandbox, name);
  if (channel == NULL)
    return g_strdup_printf ("Subscription to %s refused: over capacity", name);

  refusal = connection_check_place (self, channel, user_id);
  if (refusal == NULL)
    connection_enter_channel (self, channel, user_id, user_info);
  else
    _scope_sandbox_settle_channel (self->sandbox, channel);

  return refusal;
}

/* Reads string members of a frame's data; those that are absent or no strings stay NULL. */
static void
connection_read_strings (ScopeMessage *message,
                         const char   *first_key,
                         char        **first,
                         ...) G_GNUC_NULL_TERMINATED;

static void
connection_read_strings (ScopeMessage *message,
                         const char   *first_key,
                         char        **first,
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

static void
connection_handle_subscribe (ScopeSandboxConnection *self,
                             ScopeMessage           *message)
{
  g_autofree char *channel = NULL;
  g_autofree char *auth = NULL;
  g_autofree char *channel_data = NULL;
  g_autofree char *refusal = NULL;

  connection_read_strings (message, "channel", &channel, "auth", &auth,
                           "channel_data", &channel_data, NULL);
  if (channel == NULL)
    {
      connection_send_error (self, 0, "Missing parameter: data.channel");
      return;
    }

  refusal = connection_try_subscribe (self, channel, auth, channel_data);
  if (refusal != NULL)
    connection_refuse_subscription (self, channel, refusal);
}

static void
connection_handle_unsubscribe (ScopeSandboxConnection *self,
                               ScopeMessage           *message)
{
  g_autofree char *channel = NULL;
  g_autofree char *name = NULL;
  g_autofree char *user_id = NULL;

  connection_read_strings (message, "channel", &channel, NULL);
  if (channel == NULL)
    {
      connection_send_error (self, 0, "Missing parameter: data.channel");
      return;
    }

  if (!g_hash_table_steal_extended (self->subscriptions, channel, (gpointer *) &name,
                                    (gpointer *) &user_id))
    {
      g_autofree char *shown = scope_text_for_display (channel, -1, SHOWN_NAME_BYTES);

      connection_send_errorf (self, "No current subscription to channel %s, "
                              "or subscription in progress", shown);
      return;
    }

  connection_leave_channel (self, name, user_id);
  _scope_sandbox_report (self->sandbox, "subscription", "action", "unsubscribed",
                         "socket_id", self->socket_id, "channel", name, "user_id", user_id, NULL);
}

/* Sign-in */

/* It has shown who it is; the time limit is over. */
static void
connection_set_authorized (ScopeSandboxConnection *self)
{
  g_clear_handle_id (&self->authorize_id, g_source_remove);
}

static gboolean
connection_unauthorized_cb (gpointer user_data)
{
  ScopeSandboxConnection *self = user_data;

  self->authorize_id = 0;
  scope_sandbox_connection_close (self, 4009, "Connection not authorized within timeout");
  return G_SOURCE_REMOVE;
}

/* (transfer full): why not, or NULL. *user is then who it is. */
static char *
connection_check_sign_in (ScopeSandboxConnection *self,
                          const char             *auth,
                          const char             *user_data,
                          ScopeSandboxUser      **user)
{
  g_autoptr (ScopeSandboxUser) read = NULL;
  char *refusal = scope_sandbox_auth_check_user (_scope_sandbox_get_key (self->sandbox),
                                                 _scope_sandbox_get_secret (self->sandbox),
                                                 self->socket_id, auth, user_data);

  if (refusal == NULL)
    read = scope_sandbox_user_read (user_data, &refusal);
  if (refusal == NULL && self->user != NULL && strcmp (self->user->id, read->id) != 0)
    refusal = g_strdup ("Invalid sign-in: this connection is signed in as another user");
  if (refusal == NULL)
    *user = g_steal_pointer (&read);
  return refusal;
}

/* Pusher double-encodes the hashes of its own events, and user_data is a string within. */
static void
connection_send_signed_in (ScopeSandboxConnection *self,
                           const char             *user_data)
{
  g_autoptr (GString) data = g_string_new ("{\"user_data\":");
  g_autoptr (GBytes) frame = NULL;

  scope_json_append_string (data, user_data, -1);
  g_string_append_c (data, '}');
  frame = scope_sandbox_frame_internal ("pusher:signin_success", NULL, data->str);
  scope_sandbox_wire_send (self->wire, frame);
}

static void
connection_enter_user (ScopeSandboxConnection *self,
                       ScopeSandboxUser       *user)
{
  self->user = user;
  connection_set_authorized (self);
  if (user->watchlist_is_cut)
    connection_send_error (self, 4302, "The watchlist has more than 100 users: only the first 100 "
                           "are watched");
  scope_sandbox_users_enter (_scope_sandbox_get_users (self->sandbox), self->wire, user);
  _scope_sandbox_report (self->sandbox, "connection", "action", "signed_in",
                         "socket_id", self->socket_id, "user_id", user->id, NULL);
}

static void
connection_handle_sign_in (ScopeSandboxConnection *self,
                           ScopeMessage           *message)
{
  g_autofree char *auth = NULL;
  g_autofree char *user_data = NULL;
  g_autofree char *refusal = NULL;
  g_autoptr (ScopeSandboxUser) user = NULL;

  connection_read_strings (message, "auth", &auth, "user_data", &user_data, NULL);
  refusal = connection_check_sign_in (self, auth, user_data, &user);
  if (refusal != NULL)
    {
      connection_send_error (self, 0, refusal);
      return;
    }

  connection_send_signed_in (self, user_data);
  if (self->user == NULL)
    connection_enter_user (self, g_steal_pointer (&user));
}

/* Client events */

static gboolean
connection_take_token (ScopeSandboxConnection *self)
{
  gint64 now = g_get_monotonic_time ();
  double gained = (double) (now - self->tokens_usec) / G_USEC_PER_SEC *
                  SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND;

  self->tokens = MIN (self->tokens + gained, SCOPE_LIMIT_CLIENT_EVENTS_PER_SECOND);
  self->tokens_usec = now;
  if (self->tokens < 1)
    return FALSE;

  self->tokens -= 1;
  return TRUE;
}

/* (transfer full): why not, or NULL (protocol.md §1.8, §6) */
static char *
connection_check_client_event (ScopeSandboxConnection *self,
                               ScopeMessage           *message,
                               gsize                   event_length)
{
  const char *channel = scope_message_get_channel (message, NULL);
  g_autofree char *shown = NULL;
  g_autoptr (GBytes) data = NULL;

  if (channel == NULL || scope_message_get_data_kind (message) == SCOPE_JSON_NONE)
    return g_strdup ("Invalid client event (must contain channel and data)");

  shown = scope_text_for_display (channel, -1, SHOWN_NAME_BYTES);
  if (!scope_channel_kind_allows_client_events (scope_channel_name_get_kind (channel)))
    return g_strdup_printf ("Cannot broadcast client event (channel %s is neither private nor "
                            "presence, or it is encrypted)", shown);
  if (!g_hash_table_contains (self->subscriptions, channel))
    return g_strdup_printf ("Cannot broadcast client event (connection not subscribed to "
                            "channel %s)", shown);
  if (event_length > SCOPE_LIMIT_EVENT_NAME_BYTES)
    return g_strdup_printf ("Invalid client event (its name is longer than %d characters)",
                            SCOPE_LIMIT_EVENT_NAME_BYTES);

  data = scope_message_dup_raw_data (message);
  if (g_bytes_get_size (data) > SCOPE_LIMIT_DATA_BYTES)
    return g_strdup_printf ("The data content of this event exceeds the allowed maximum (%d bytes)",
                            SCOPE_LIMIT_DATA_BYTES);

  return NULL;
}

static void
connection_relay_client_event (ScopeSandboxConnection *self,
                               ScopeMessage           *message)
{
  const char *channel = scope_message_get_channel (message, NULL);
  const char *text = g_bytes_get_data (scope_message_get_bytes (message), NULL);
  ScopeSpan data = scope_message_get_data_span (message);
  ScopeSandboxEvent event = {
    .channel = channel,
    .event = scope_message_get_event (message, NULL),
    .data_token = text + data.offset,
    .data_length = data.length,
    .user_id = g_hash_table_lookup (self->subscriptions, channel),
    .socket_id = self->socket_id,
    .is_client_event = TRUE,
  };

  _scope_sandbox_relay (self->sandbox, &event);
}

static void
connection_handle_event (ScopeSandboxConnection *self,
                         ScopeMessage           *message)
{
  gsize length;
  const char *event = scope_message_get_event (message, &length);
  g_autofree char *refusal = NULL;

  if (!g_str_has_prefix (event, "client-"))
    {
      g_autofree char *shown = scope_text_for_display (event, length, SHOWN_NAME_BYTES);

      connection_send_errorf (self, "Unsupported event received on socket: '%s'", shown);
      return;
    }

  refusal = connection_check_client_event (self, message, length);
  if (refusal != NULL)
    connection_send_error (self, 0, refusal);
  else if (!connection_take_token (self))
    connection_send_error (self, 4301, "Client event rejected: "
                           "a connection may send 10 in a second");
  else
    connection_relay_client_event (self, message);
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
      connection_handle_subscribe (self, message);
      break;

    case SCOPE_MESSAGE_UNSUBSCRIBE:
      connection_handle_unsubscribe (self, message);
      break;

    case SCOPE_MESSAGE_SIGNIN:
      connection_handle_sign_in (self, message);
      break;

    default:
      connection_handle_event (self, message);
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
      connection_send_error (self, 0, "Binary messages are not supported");
      return;
    }

  message = scope_message_new (bytes, &error);
  if (message != NULL)
    connection_handle_message (self, message);
  else if (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT))
    connection_send_error (self, 0, "Invalid message: nested too deep, or a name too long");
  else
    connection_send_error (self, 0, "Invalid message: should be a JSON object with an event");
}

static void
connection_closed_cb (gpointer user_data)
{
  ScopeSandboxConnection *self = user_data;

  connection_leave_all (self);
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
  connection_leave_all (self);
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
                                        connection_unauthorized_cb, self);
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
  g_autofree char *code_text = NULL;

  g_return_if_fail (self != NULL && !self->welcomed);

  if (protocol > 0 && protocol < 6)
    connection_send_error (self, code, text);
  scope_sandbox_wire_close (self->wire, code, text);

  code_text = g_strdup_printf ("%u", code);
  _scope_sandbox_report (self->sandbox, "connection", "action", "refused",
                         "socket_id", self->socket_id, "code", code_text, "message", text, NULL);
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
  connection_leave_all (self);
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
