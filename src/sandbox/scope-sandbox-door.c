/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-door.h"

#include <string.h>

#include "base/scope-source.h"

/* libsoup takes TLS for the start of a request and waits for its end for ever, as does the client; nor does it
 * count sockets, cut one whose request does not come to its end, or see that whoever was answered has left. It tells of a socket before it reads anything
 * from it, and of further requests when they begin. */

#define SWEEP_SECONDS 5
#define TLS_HANDSHAKE 22
#define TLS_HELLO_BYTES (16 * 1024)
#define TLS_TOLD "A client began with TLS, but this server speaks plain HTTP: switch TLS off there"
#define TLS_ANSWER                                                                   \
  "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" \
  "This port speaks plain HTTP and WebSocket, without TLS\n"

struct _ScopeSandboxDoor
{
  SoupServer *server;
  guint sweep_id;
  guint patience_seconds;
  guint max_guests;
  GHashTable *guests; /* GSocket, which its guest does not hold → Guest */
  ScopeSandboxDoorRefused refused;
  gpointer user_data;
};

typedef enum
{
  GUEST_ASKS,    /* its request has not come whole */
  GUEST_WAITS,   /* for the answer */
  GUEST_IS_IDLE, /* it was answered */
} GuestState;

typedef struct
{
  ScopeSandboxDoor *door;
  GSocket *socket; /* not owned */
  GSource *first;  /* the next bytes; NULL: they have come */
  gint64 since;    /* it is in this state */
  GuestState state;
} Guest;

/* --- guests --- */

static void
guest_gone_cb (gpointer  data,
               GObject  *socket)
{
  Guest *guest = data;

  guest->socket = NULL;
  g_hash_table_remove (guest->door->guests, socket);
}

static void
guest_enter (Guest      *guest,
             GuestState  state)
{
  guest->state = state;
  guest->since = g_get_monotonic_time ();
}

static void
guest_forget_first (Guest *guest)
{
  scope_source_clear (&guest->first);
}

static void
guest_free (gpointer data)
{
  Guest *guest = data;

  guest_forget_first (guest);
  if (guest->socket != NULL)
    g_object_weak_unref (G_OBJECT (guest->socket), guest_gone_cb, guest);
  g_free (guest);
}

/* libsoup reads the end and lets go; of one that is idle the door does. */
static void
guest_cut (Guest *guest)
{
  g_socket_shutdown (guest->socket, TRUE, TRUE, NULL);
}

/* In plain text: that is what a client's “wrong version number” is known for. */
static void
guest_refuse_tls (Guest *guest)
{
  ScopeSandboxDoor *self = guest->door;
  g_autofree char *hello = g_malloc (TLS_HELLO_BYTES);

  /* unread, it would take the answer with it */
  g_socket_receive_with_blocking (guest->socket, hello, TLS_HELLO_BYTES, FALSE, NULL, NULL);
  g_socket_send_with_blocking (guest->socket, TLS_ANSWER, strlen (TLS_ANSWER), FALSE, NULL, NULL);
  guest_cut (guest);
  self->refused (TLS_TOLD, self->user_data);
}

static gboolean
guest_speaks_cb (GSocket      *socket,
                 GIOCondition  condition,
                 gpointer      user_data)
{
  Guest *guest = user_data;
  guint8 byte = 0;
  GInputVector vector = { &byte, 1 };
  int flags = G_SOCKET_MSG_PEEK;
  gssize n = g_socket_receive_message (socket, NULL, &vector, 1, NULL, NULL, &flags, NULL, NULL);

  guest_forget_first (guest);
  if (n == 1 && byte == TLS_HANDSHAKE)
    guest_refuse_tls (guest);
  else if (n <= 0 && guest->state == GUEST_IS_IDLE)
    {
      g_hash_table_remove (guest->door->guests, socket);
      g_socket_close (socket, NULL);
    }
  return G_SOURCE_REMOVE;
}

/* before libsoup does */
static void
guest_watch (Guest *guest)
{
  guest->first = g_socket_create_source (guest->socket, G_IO_IN, NULL);
  g_source_set_priority (guest->first, G_PRIORITY_HIGH);
  g_source_set_callback (guest->first, G_SOURCE_FUNC (guest_speaks_cb), guest, NULL);
  g_source_attach (guest->first, g_main_context_get_thread_default ());
}

/* libsoup reads at once what is there. */
static void
guest_listen (Guest *guest)
{
  if (g_socket_condition_check (guest->socket, G_IO_IN) != 0)
    guest_speaks_cb (guest->socket, G_IO_IN, guest);
  else
    guest_watch (guest);
}

/* --- room --- */

static gboolean
door_has_left (gpointer socket,
               gpointer guest,
               gpointer user_data)
{
  return g_socket_is_closed (socket);
}

/* libsoup closes a socket, and may keep it a while. */
static guint
door_count_guests (ScopeSandboxDoor *self)
{
  g_hash_table_foreach_remove (self->guests, door_has_left, NULL);
  return g_hash_table_size (self->guests);
}

/* Whoever has been here longest without a request goes. */
static void
door_make_room (ScopeSandboxDoor *self)
{
  GHashTableIter iter;
  gpointer value;
  Guest *oldest = NULL;

  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Guest *guest = value;

      if (guest->state != GUEST_WAITS && (oldest == NULL || guest->since < oldest->since))
        oldest = guest;
    }
  if (oldest != NULL)
    {
      oldest->since = G_MAXINT64; /* once is enough */
      guest_cut (oldest);
    }
}

static gboolean
door_sweep_cb (gpointer user_data)
{
  ScopeSandboxDoor *self = user_data;
  gint64 oldest = g_get_monotonic_time () - self->patience_seconds * G_USEC_PER_SEC;
  GHashTableIter iter;
  gpointer value;

  door_count_guests (self);
  g_hash_table_iter_init (&iter, self->guests);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Guest *guest = value;

      if (guest->state == GUEST_ASKS && guest->since <= oldest)
        guest_cut (guest);
    }
  return G_SOURCE_CONTINUE;
}

/* --- the door --- */

static Guest *
door_find (ScopeSandboxDoor  *self,
           SoupServerMessage *message)
{
  GSocket *socket = soup_server_message_get_socket (message);

  return socket != NULL ? g_hash_table_lookup (self->guests, socket) : NULL;
}

static void
door_let_in (ScopeSandboxDoor *self,
             GSocket          *socket)
{
  Guest *guest = g_new0 (Guest, 1);

  if (g_hash_table_size (self->guests) >= self->max_guests && door_count_guests (self) >= self->max_guests)
    door_make_room (self);
  guest->door = self;
  guest->socket = socket;
  guest_enter (guest, GUEST_ASKS);
  g_object_weak_ref (G_OBJECT (socket), guest_gone_cb, guest);
  g_hash_table_insert (self->guests, socket, guest);
  guest_listen (guest);
}

static void
door_started_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 gpointer           user_data)
{
  ScopeSandboxDoor *self = user_data;
  Guest *guest = door_find (self, message);

  if (guest != NULL)
    {
      guest_forget_first (guest);
      guest_enter (guest, GUEST_ASKS);
    }
  else if (soup_server_message_get_socket (message) != NULL)
    door_let_in (self, soup_server_message_get_socket (message));
}

static void
door_read_cb (SoupServer        *server,
              SoupServerMessage *message,
              gpointer           user_data)
{
  Guest *guest = door_find (user_data, message);

  if (guest != NULL)
    guest_enter (guest, GUEST_WAITS);
}

static void
door_finished_cb (SoupServer        *server,
                  SoupServerMessage *message,
                  gpointer           user_data)
{
  Guest *guest = door_find (user_data, message);

  if (guest == NULL)
    return;
  guest_forget_first (guest);
  guest_enter (guest, GUEST_IS_IDLE);
  guest_watch (guest);
}

/* its socket is over, too */
static void
door_aborted_cb (SoupServer        *server,
                 SoupServerMessage *message,
                 gpointer           user_data)
{
  scope_sandbox_door_let_through (user_data, message);
}

/**
 * scope_sandbox_door_new:
 * @server: one that does not listen yet
 *
 * Returns: (transfer full): who looks at those that come to @server
 */
ScopeSandboxDoor *
scope_sandbox_door_new (SoupServer              *server,
                        ScopeSandboxDoorRefused  refused,
                        gpointer                 user_data)
{
  ScopeSandboxDoor *self;

  g_return_val_if_fail (SOUP_IS_SERVER (server) && refused != NULL, NULL);

  self = g_new0 (ScopeSandboxDoor, 1);
  self->server = g_object_ref (server);
  self->refused = refused;
  self->user_data = user_data;
  self->guests = g_hash_table_new_full (NULL, NULL, NULL, guest_free);
  g_signal_connect (server, "request-started", G_CALLBACK (door_started_cb), self);
  g_signal_connect (server, "request-read", G_CALLBACK (door_read_cb), self);
  g_signal_connect (server, "request-finished", G_CALLBACK (door_finished_cb), self);
  g_signal_connect (server, "request-aborted", G_CALLBACK (door_aborted_cb), self);
  _scope_sandbox_door_set_patience (self, SCOPE_SANDBOX_REQUEST_SECONDS, SCOPE_SANDBOX_GUESTS);
  self->sweep_id = g_timeout_add_seconds (SWEEP_SECONDS, door_sweep_cb, self);
  return self;
}

/**
 * scope_sandbox_door_free:
 * @self: (nullable) (transfer full): a door
 *
 * Those who are in stay.
 */
void
scope_sandbox_door_free (ScopeSandboxDoor *self)
{
  if (self == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->server, self);
  g_clear_handle_id (&self->sweep_id, g_source_remove);
  g_hash_table_unref (self->guests);
  g_object_unref (self->server);
  g_free (self);
}

/**
 * scope_sandbox_door_let_through:
 *
 * A request became a websocket: it takes no place at the door any more.
 */
void
scope_sandbox_door_let_through (ScopeSandboxDoor  *self,
                                SoupServerMessage *message)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove (self->guests, soup_server_message_get_socket (message));
}

/**
 * scope_sandbox_door_count:
 *
 * Returns: the sockets that are open and no websockets
 */
guint
scope_sandbox_door_count (ScopeSandboxDoor *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return door_count_guests (self);
}

void
_scope_sandbox_door_set_patience (ScopeSandboxDoor *self,
                                  guint             seconds,
                                  guint             max_guests)
{
  g_return_if_fail (self != NULL);

  self->patience_seconds = seconds;
  self->max_guests = max_guests;
}
