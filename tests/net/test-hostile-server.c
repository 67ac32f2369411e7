/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A real connection against servers that misbehave on a raw socket. Each must end in a clear error and a
 * living program that connects again. */

#define _GNU_SOURCE
#define WAIT_SECONDS 60
#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "net/scope-connection.h"
#include "tests/net/threaded-server.h"
#include "tests/wait.h"

#define GREETING "{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\"1.2\\\",\\\"activity_timeout\\\":30}\"}"

typedef struct Fixture Fixture;

/* what the server does once the request of the upgrade has come */
typedef void (*ServerFunc) (Fixture *fixture, GSocketConnection *peer, const char *key);

struct Fixture
{
  GSocketService *service;
  guint16 port;
  ServerFunc serve;
  ScopeConnectionOptions *options;
  ScopeConnection *connection;
  GString *log;
  guint n_errors;
  guint n_connected;
  guint n_waits;
  guint n_events;
  guint n_late;   /* events after the disconnect */
  guint close_code; /* that the server got, if it looks for it: atomic */
  const char *head; /* of the upgrade's answer, the key's digest for %s */
  gboolean stopped;
};

/* --- the server --- */

static char *
dup_accept (const char *key)
{
  g_autofree char *joined = g_strconcat (key, "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", NULL);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  guint8 digest[20];
  gsize length = sizeof digest;

  g_checksum_update (checksum, (const guchar *) joined, -1);
  g_checksum_get_digest (checksum, digest, &length);
  return g_base64_encode (digest, length);
}

static void
accept_upgrade (GSocketConnection *peer,
                const char *key)
{
  g_autofree char *accept = dup_accept (key);
  g_autofree char *answer
      = g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Accept: %s\r\n\r\n", accept);

  peer_write_text (peer, answer);
}

static void
write_frame (GSocketConnection *peer,
             guint8 opcode,
             gconstpointer payload,
             gsize length)
{
  guint8 head[10] = { 0x80 | opcode };
  gsize n_head;

  if (length < 126)
    {
      head[1] = length;
      n_head = 2;
    }
  else if (length < 65536)
    {
      head[1] = 126;
      head[2] = length >> 8;
      head[3] = length & 0xff;
      n_head = 4;
    }
  else
    {
      head[1] = 127;
      for (guint i = 0; i < 8; i++)
        head[2 + i] = ((guint64) length >> (56 - 8 * i)) & 0xff;
      n_head = 10;
    }
  peer_write (peer, head, n_head);
  peer_write (peer, payload, length);
}

static void
write_text_frame (GSocketConnection *peer,
                  const char *text)
{
  write_frame (peer, 1, text, strlen (text));
}

static char *
read_key (GSocketConnection *peer)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (peer));
  g_autoptr (GString) request = g_string_new (NULL);
  char buffer[1024];
  char *line;

  while (strstr (request->str, "\r\n\r\n") == NULL)
    {
      gssize n = g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL);

      if (n <= 0)
        return g_strdup ("");
      g_string_append_len (request, buffer, n);
    }
  line = strcasestr (request->str, "sec-websocket-key: ");
  g_assert_nonnull (line);
  line += strlen ("sec-websocket-key: ");
  return g_strndup (line, strcspn (line, "\r"));
}

/* in a thread of its own: the client lives in the main one */
static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection *peer,
        GObject *source,
        gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autofree char *key = NULL;

  g_socket_set_timeout (g_socket_connection_get_socket (peer), 20);
  key = read_key (peer);
  if (*key != '\0')
    fixture->serve (fixture, peer, key);
  return TRUE;
}

static void
take_close (Fixture *fixture,
            GSocketConnection *peer)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (peer));
  guint8 frame[8]; /* masked, with a code */

  if (g_input_stream_read_all (stream, frame, sizeof frame, NULL, NULL, NULL) && frame[0] == 0x88)
    g_atomic_int_set (&fixture->close_code, (frame[6] ^ frame[2]) << 8 | (frame[7] ^ frame[3]));
}

/* --- the client --- */

static void
report_cb (ScopeConnection *connection,
           const ScopeReport *report,
           gpointer user_data)
{
  Fixture *fixture = user_data;

  if (report->type == SCOPE_REPORT_STATE && report->current == SCOPE_STATE_CONNECTED)
    fixture->n_connected++;
  if (report->type == SCOPE_REPORT_STATE && report->current == SCOPE_STATE_DISCONNECTED)
    fixture->stopped = TRUE;
  if (report->type == SCOPE_REPORT_CONNECTING_IN)
    fixture->n_waits++;
  if (report->type == SCOPE_REPORT_EVENT)
    fixture->n_events++;
  if (report->type == SCOPE_REPORT_EVENT && fixture->stopped)
    fixture->n_late++;
  if (report->type != SCOPE_REPORT_ERROR)
    return;

  fixture->n_errors++;
  g_assert_true (g_utf8_validate (report->text, -1, NULL));
  g_string_append_printf (fixture->log, "%s %u %s\n", scope_error_source_to_name (report->source),
                          report->has_code ? report->code : 0, report->text);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->service = threaded_server_new (4, G_CALLBACK (run_cb), fixture, &fixture->port);

  fixture->log = g_string_new (NULL);
  fixture->options = scope_connection_options_new ();
  fixture->options->key = g_strdup ("key");
  fixture->options->host = g_strdup ("127.0.0.1");
  fixture->options->port = fixture->port;
  fixture->options->use_tls = FALSE;
  /* only the cases about a limit shorten it: the others must not meet one on a slow machine */
  fixture->options->connect_timeout = 60;
  fixture->options->pong_timeout = 60;
  fixture->options->activity_timeout = 60;
  fixture->options->transports = SCOPE_TRANSPORT_WS; /* not wss as well, which these servers do not answer */
  fixture->options->reconnect_delay = 60; /* one attempt is looked at */
  fixture->options->max_delay = 60;
}

static void
start (Fixture *fixture,
       ServerFunc serve)
{
  fixture->serve = serve;
  fixture->connection = scope_connection_new (fixture->options, NULL);
  scope_connection_set_listener (fixture->connection, report_cb, fixture);
  scope_connection_connect (fixture->connection);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  scope_connection_disconnect (fixture->connection);
  g_assert_finalize_object (fixture->connection);
  threaded_server_end (fixture->service);
  scope_connection_options_free (fixture->options);
  g_string_free (fixture->log, TRUE);
}

/* --- servers and what is to come of them --- */

static void
serve_garbage (Fixture *fixture,
               GSocketConnection *peer,
               const char *key)
{
  accept_upgrade (peer, key);
  write_text_frame (peer, "\x01garbage that is no JSON");
  peer_drain (peer);
}

static void
test_garbage (Fixture *fixture,
              gconstpointer data)
{
  start (fixture, serve_garbage);
  WAIT_UNTIL (fixture->n_waits > 0);
  assert_line (fixture->log, "parse 0 ");
  assert_line (fixture->log, "handshake 0 ");
}

static void
serve_nested (Fixture *fixture,
              GSocketConnection *peer,
              const char *key)
{
  g_autofree char *nested = g_strnfill (80000, '[');

  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  write_text_frame (peer, nested);
  peer_drain (peer);
}

static void
test_nested (Fixture *fixture,
             gconstpointer data)
{
  start (fixture, serve_nested);
  WAIT_UNTIL (fixture->n_errors > 0);
  assert_line (fixture->log, "limit 0 ");
  g_assert_cmpint (scope_connection_get_state (fixture->connection), ==, SCOPE_STATE_CONNECTED);
}

static void
serve_big (Fixture *fixture,
           GSocketConnection *peer,
           const char *key)
{
  gsize length = 5 * 1024 * 1024;
  g_autofree char *big = g_strnfill (length, ' ');

  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  write_frame (peer, 1, big, length);
  peer_drain (peer);
}

static void
test_big (Fixture *fixture,
          gconstpointer data)
{
  start (fixture, serve_big);
  WAIT_UNTIL (fixture->n_waits > 0);
  assert_line (fixture->log, "limit 0 ");
  assert_line (fixture->log, "limit 1009 ");
}

static void
serve_nearly_big (Fixture *fixture,
                  GSocketConnection *peer,
                  const char *key)
{
  gsize length = 4 * 1024 * 1024;
  g_autofree char *big = g_strnfill (length, ' ');

  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  memcpy (big, "{\"event\":\"x\"}", 13);
  write_frame (peer, 1, big, length);
  write_text_frame (peer, "no JSON");
  peer_drain (peer);
}

/* exactly the limit passes */
static void
test_nearly_big (Fixture *fixture,
                 gconstpointer data)
{
  start (fixture, serve_nearly_big);
  WAIT_UNTIL (fixture->n_errors > 0);
  assert_line (fixture->log, "parse 0 ");
  g_assert_cmpuint (fixture->n_errors, ==, 1);
}

static void
serve_bad_utf8 (Fixture *fixture,
                GSocketConnection *peer,
                const char *key)
{
  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  write_text_frame (peer, "{\"event\":\"\xc3\x28\"}");
  take_close (fixture, peer);
  peer_drain (peer);
}

static void
test_bad_utf8 (Fixture *fixture,
               gconstpointer data)
{
  start (fixture, serve_bad_utf8);
  WAIT_UNTIL (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 1007 ");
  WAIT_UNTIL (g_atomic_int_get (&fixture->close_code) > 0);
  g_assert_cmpuint (fixture->close_code, ==, 1007);
}

static void
serve_half_close (Fixture *fixture,
                  GSocketConnection *peer,
                  const char *key)
{
  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  g_socket_shutdown (g_socket_connection_get_socket (peer), FALSE, TRUE, NULL);
  peer_drain (peer);
}

static void
test_half_close (Fixture *fixture,
                 gconstpointer data)
{
  start (fixture, serve_half_close);
  WAIT_UNTIL (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 1006 ");
}

static void
serve_silence (Fixture *fixture,
               GSocketConnection *peer,
               const char *key)
{
  accept_upgrade (peer, key);
  peer_drain (peer);
}

static void
test_no_handshake (Fixture *fixture,
                   gconstpointer data)
{
  fixture->options->connect_timeout = 1;
  start (fixture, serve_silence);
  WAIT_UNTIL (fixture->n_waits > 0);
  assert_line (fixture->log, "handshake 0 ");
}

static void
serve_nothing (Fixture *fixture,
               GSocketConnection *peer,
               const char *key)
{
  peer_drain (peer);
}

static void
test_no_upgrade (Fixture *fixture,
                 gconstpointer data)
{
  fixture->options->connect_timeout = 1;
  start (fixture, serve_nothing);
  WAIT_UNTIL (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 0 ");
}

static void
serve_then_silence (Fixture *fixture,
                    GSocketConnection *peer,
                    const char *key)
{
  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  peer_drain (peer);
}

/* no pong: dead, opened again at once */
static void
test_no_pong (Fixture *fixture,
              gconstpointer data)
{
  fixture->options->activity_timeout = 1;
  fixture->options->pong_timeout = 1;
  start (fixture, serve_then_silence);
  WAIT_UNTIL (fixture->n_errors > 0);
  assert_line (fixture->log, "socket 0 ");
  fixture->n_connected = 0;
  WAIT_UNTIL (fixture->n_connected > 0);
}

static void
serve_refusal (Fixture *fixture,
               GSocketConnection *peer,
               const char *key)
{
  peer_write_text (peer, "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: 26\r\n\r\n"
                    "This key is not for Tuesday");
  peer_drain (peer);
}

/* status and body are told, and it stops */
static void
test_refused_upgrade (Fixture *fixture,
                      gconstpointer data)
{
  start (fixture, serve_refusal);
  WAIT_UNTIL (fixture->n_errors > 0);
  assert_line (fixture->log, "handshake 403 ");
  g_assert_nonnull (strstr (fixture->log->str, "This key is not for Tuesda"));
  g_assert_true (fixture->stopped);
}

static void
serve_head (Fixture *fixture,
            GSocketConnection *peer,
            const char *key)
{
  g_autofree char *accept = dup_accept (key);
  g_auto (GStrv) parts = g_strsplit (fixture->head, "%s", 2);
  g_autofree char *head = g_strjoinv (accept, parts);
  /* in one piece with what follows */
  g_autofree char *text = g_strconcat (head, "\r\n\r\n\x81\x62" GREETING, NULL);

  G_STATIC_ASSERT (sizeof GREETING - 1 == 0x62);
  peer_write_text (peer, text);
  peer_drain (peer);
}

#define UPGRADE "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"

/* The first frames may come with the answer; what a proxy adds to it does no harm. */
static void
test_upgraded (Fixture *fixture,
               gconstpointer data)
{
  fixture->head = data;
  start (fixture, serve_head);
  WAIT_UNTIL (fixture->n_connected > 0);
  g_assert_cmpuint (fixture->n_errors, ==, 0);
}

/* What was not asked for, or does not show that the request was understood, is no upgrade. */
static void
test_not_upgraded (Fixture *fixture,
                   gconstpointer data)
{
  fixture->head = data;
  start (fixture, serve_head);
  WAIT_UNTIL (fixture->n_errors > 0);
  g_assert_cmpuint (fixture->n_connected, ==, 0);
  g_assert_cmpuint (fixture->n_events, ==, 0);
}

static void
serve_binary (Fixture *fixture,
              GSocketConnection *peer,
              const char *key)
{
  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  write_frame (peer, 2, "\0\1\2", 3);
  peer_drain (peer);
}

static void
test_binary (Fixture *fixture,
             gconstpointer data)
{
  start (fixture, serve_binary);
  WAIT_UNTIL (fixture->n_errors > 0);
  assert_line (fixture->log, "limit 0 ");
  g_assert_cmpint (scope_connection_get_state (fixture->connection), ==, SCOPE_STATE_CONNECTED);
}

static void
serve_endless_head (Fixture *fixture,
                    GSocketConnection *peer,
                    const char *key)
{
  g_autofree char *filler = g_strnfill (65536, 'a');

  peer_write_text (peer, "HTTP/1.1 101 Switching Protocols\r\nX: ");
  for (guint i = 0; i < 256; i++) /* 16 MiB of one header */
    peer_write (peer, filler, 65536);
  peer_drain (peer);
}

static void
test_endless_head (Fixture *fixture,
                   gconstpointer data)
{
  start (fixture, serve_endless_head);
  WAIT_UNTIL (fixture->n_waits > 0);
  g_assert_cmpuint (fixture->n_errors, >, 0);
}

static void
serve_close (Fixture *fixture,
             GSocketConnection *peer,
             const char *key)
{
  accept_upgrade (peer, key);
  write_text_frame (peer, "{\"event\":\"pusher:error\",\"data\":{\"code\":4001,\"message\":\"No such app\"}}");
  write_frame (peer, 8, "\x0f\xa1No such app", 13);
  peer_drain (peer);
}

static void
test_close (Fixture *fixture,
            gconstpointer data)
{
  start (fixture, serve_close);
  WAIT_UNTIL (fixture->n_errors > 0);
  assert_line (fixture->log, "server 4001 No such app");
  g_assert_true (fixture->stopped);
}

static void
serve_flood_without_end (Fixture *fixture,
                         GSocketConnection *peer,
                         const char *key)
{
  static const char event[] = "{\"event\":\"x\",\"channel\":\"news\",\"data\":\"{}\"}";
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (peer));
  g_autoptr (GByteArray) frames = g_byte_array_new ();
  guint8 head[2] = { 0x81, strlen (event) };

  for (guint i = 0; i < 1000; i++)
    {
      g_byte_array_append (frames, head, sizeof head);
      g_byte_array_append (frames, (const guint8 *) event, strlen (event));
    }
  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  while (g_output_stream_write_all (stream, frames->data, frames->len, NULL, NULL, NULL))
    ;
}

static gboolean
count_cb (gpointer user_data)
{
  ++*(guint *) user_data;
  return G_SOURCE_CONTINUE;
}

/* whoever sends faster than we read does not keep the main loop to himself: not even from drawing */
static void
test_flood_without_end (Fixture *fixture,
                        gconstpointer data)
{
  gint64 deadline = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
  guint n_turns = 0;
  guint n_wanted = G_MAXUINT;
  guint idle;

  start (fixture, serve_flood_without_end);
  WAIT_UNTIL (fixture->n_connected > 0);
  idle = g_idle_add_full (G_PRIORITY_HIGH_IDLE + 20, count_cb, &n_turns, NULL);
  while (fixture->n_events < n_wanted && g_get_monotonic_time () < deadline)
    {
      g_main_context_iteration (NULL, FALSE);
      if (n_turns == 50) /* from then on nobody draws: reading goes on at once */
        {
          g_clear_handle_id (&idle, g_source_remove);
          n_turns++;
          n_wanted = fixture->n_events + 20000; /* of many buffers */
        }
    }
  g_assert_cmpuint (n_turns, >, 50);
  g_assert_cmpuint (fixture->n_events, >=, n_wanted);
}

/* what was read already is still told: a buffer of it */
#define MAX_EVENTS_AFTER_HOLD (64 * 1024 / 40)

static void
expect_quiet (Fixture *fixture)
{
  guint before = fixture->n_events;
  guint turns = 0;
  guint wake = g_timeout_add (20, count_cb, &turns);

  while (turns < 20)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (wake);
  g_assert_cmpuint (fixture->n_events, <=, before + MAX_EVENTS_AFTER_HOLD);
}

/* reads nothing until it is let go, or for as long as that may take at most */
static void
test_hold (Fixture *fixture,
           gconstpointer data)
{
  start (fixture, serve_flood_without_end);
  WAIT_UNTIL (fixture->n_connected > 0);
  WAIT_UNTIL (fixture->n_events > 0);
  scope_connection_hold_reading (fixture->connection, TRUE);
  expect_quiet (fixture);
  scope_connection_hold_reading (fixture->connection, FALSE);
  fixture->n_events = 0;
  WAIT_UNTIL (fixture->n_events > 0);

  scope_connection_hold_reading (fixture->connection, TRUE);
  fixture->n_events = 0;
  WAIT_UNTIL (fixture->n_events > 0);
  g_assert_cmpuint (fixture->n_errors, ==, 0);
}

static void
serve_fragments (Fixture *fixture,
                 GSocketConnection *peer,
                 const char *key)
{
  gsize length = 1024 * 1024;
  g_autofree char *part = g_strnfill (length, ' ');
  guint8 head[10] = { 0x01, 127, 0, 0, 0, 0, 0, 0x10, 0, 0 };

  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  for (guint i = 0; i < 8; i++, head[0] = 0)
    {
      peer_write (peer, head, sizeof head);
      peer_write (peer, part, length);
    }
  peer_drain (peer);
}

/* a message is bounded, not only its fragments */
static void
test_fragments (Fixture *fixture,
                gconstpointer data)
{
  start (fixture, serve_fragments);
  WAIT_UNTIL (fixture->n_waits > 0);
  assert_line (fixture->log, "limit 1009 ");
}

static void
serve_masked (Fixture *fixture,
              GSocketConnection *peer,
              const char *key)
{
  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  peer_write (peer, "\x81\x82\x00\x00\x00\x00{}", 8);
  take_close (fixture, peer);
  peer_drain (peer);
}

static void
test_masked (Fixture *fixture,
             gconstpointer data)
{
  start (fixture, serve_masked);
  WAIT_UNTIL (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 1002 ");
  WAIT_UNTIL (g_atomic_int_get (&fixture->close_code) > 0);
  g_assert_cmpuint (fixture->close_code, ==, 1002);
}

/* an event for each answer to a ping that is as it must be */
static void
serve_pings (Fixture *fixture,
             GSocketConnection *peer,
             const char *key)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (peer));
  guint8 answer[11];

  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  for (guint i = 0; i < 3; i++)
    {
      write_frame (peer, 9, "hello", 5);
      if (!g_input_stream_read_all (stream, answer, sizeof answer, NULL, NULL, NULL))
        return;
      for (guint j = 6; j < sizeof answer; j++)
        answer[j] ^= answer[2 + (j - 6) % 4];
      if (answer[0] == 0x8a && answer[1] == 0x85 && memcmp (answer + 6, "hello", 5) == 0)
        write_text_frame (peer, "{\"event\":\"x\",\"channel\":\"news\",\"data\":\"{}\"}");
    }
  peer_drain (peer);
}

static void
test_pings (Fixture *fixture,
            gconstpointer data)
{
  start (fixture, serve_pings);
  for (guint seen = 0; seen < 3; seen += fixture->n_events, fixture->n_events = 0)
    WAIT_UNTIL (fixture->n_events > 0);
  g_assert_cmpuint (fixture->n_errors, ==, 0);
}

/* answers our close with an event first */
static void
serve_last_words (Fixture *fixture,
                  GSocketConnection *peer,
                  const char *key)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (peer));
  guint8 close_frame[8]; /* masked, with a code */

  accept_upgrade (peer, key);
  write_text_frame (peer, GREETING);
  if (!g_input_stream_read_all (stream, close_frame, sizeof close_frame, NULL, NULL, NULL)
      || close_frame[0] != 0x88)
    return;
  write_text_frame (peer, "{\"event\":\"late\",\"channel\":\"news\",\"data\":1}");
  write_frame (peer, 8, "\x03\xe8", 2);
  peer_drain (peer);
}

static void
settled_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  g_assert_true (scope_connection_settle_finish (SCOPE_CONNECTION (source), result, NULL));
  ++*(guint *) user_data;
}

/* what is on its way when we disconnect is told before the socket is gone */
static void
test_last_words (Fixture *fixture,
                 gconstpointer data)
{
  guint n_settled = 0;

  start (fixture, serve_last_words);
  WAIT_UNTIL (fixture->n_connected > 0);
  scope_connection_disconnect (fixture->connection);
  g_assert_true (fixture->stopped);
  scope_connection_settle_async (fixture->connection, settled_cb, &n_settled);
  WAIT_UNTIL (n_settled > 0);
  g_assert_cmpuint (fixture->n_late, ==, 1);
}

static void
test_nobody_listens (Fixture *fixture,
                     gconstpointer data)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocket) deaf = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                           NULL);

  /* bound, so that no one else gets the port, but not listening */
  g_assert_true (g_socket_bind (deaf, address, TRUE, NULL));
  bound = g_socket_get_local_address (deaf, NULL);
  fixture->options->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  start (fixture, serve_nothing);
  WAIT_UNTIL (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 0 ");
}

#define ADD_WITH(path, data, func) g_test_add ("/hostile-server/" path, Fixture, data, set_up, func, tear_down)
#define ADD(path, func) ADD_WITH (path, NULL, func)

static void
add_upgrades (void)
{
  ADD_WITH ("upgrade/good", UPGRADE "Sec-WebSocket-Accept: %s", test_upgraded);
  ADD_WITH ("upgrade/list", "HTTP/1.1 101 Ok\r\nupgrade: WebSocket\r\nconnection: keep-alive, upgrade\r\n"
                            "sec-websocket-accept: %s", test_upgraded);
  ADD_WITH ("upgrade/no-digest", UPGRADE "Server: x", test_not_upgraded);
  ADD_WITH ("upgrade/empty-digest", UPGRADE "Sec-WebSocket-Accept: ", test_not_upgraded);
  ADD_WITH ("upgrade/wrong-digest", UPGRADE "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", test_not_upgraded);
  ADD_WITH ("upgrade/two-digests", UPGRADE "Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Accept: x", test_not_upgraded);
  ADD_WITH ("upgrade/extension", UPGRADE "Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Extensions: permessage-deflate",
            test_not_upgraded);
  ADD_WITH ("upgrade/unknown-extension", UPGRADE "Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Extensions: x-y",
            test_not_upgraded);
  ADD_WITH ("upgrade/subprotocol", UPGRADE "Sec-WebSocket-Accept: %s\r\nSec-WebSocket-Protocol: chat",
            test_not_upgraded);
  ADD_WITH ("upgrade/to-nothing", "HTTP/1.1 101 Ok\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s",
            test_not_upgraded);
  ADD_WITH ("upgrade/to-else", "HTTP/1.1 101 Ok\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s",
            test_not_upgraded);
  ADD_WITH ("upgrade/not-said", "HTTP/1.1 101 Ok\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: %s",
            test_not_upgraded);
  ADD_WITH ("upgrade/other-status", "HTTP/1.1 200 Ok\r\nContent-Length: 100\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                                    "Sec-WebSocket-Accept: %s", test_not_upgraded);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("garbage", test_garbage);
  ADD ("nested", test_nested);
  ADD ("big", test_big);
  ADD ("nearly-big", test_nearly_big);
  ADD ("bad-utf8", test_bad_utf8);
  ADD ("half-close", test_half_close);
  ADD ("no-handshake", test_no_handshake);
  ADD ("no-upgrade", test_no_upgrade);
  ADD ("no-pong", test_no_pong);
  ADD ("refused-upgrade", test_refused_upgrade);
  add_upgrades ();
  ADD ("binary", test_binary);
  ADD ("endless-head", test_endless_head);
  ADD ("close", test_close);
  ADD ("flood-without-end", test_flood_without_end);
  ADD ("fragments", test_fragments);
  ADD ("hold", test_hold);
  ADD ("masked", test_masked);
  ADD ("pings", test_pings);
  ADD ("last-words", test_last_words);
  ADD ("nobody-listens", test_nobody_listens);
  return g_test_run ();
}
