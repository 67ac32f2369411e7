/* SPDX-License-Identifier: GPL-3.0-or-later */

/* xhr_streaming, xhr_polling and sockjs: against the sandbox, and against servers on a raw socket that say what a test
 * wants them to, and misbehave. Each must end in a clear report and a living program. */

#define _GNU_SOURCE
#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "base/scope-limits.h"
#include "net/scope-connection.h"
#include "sandbox/scope-sandbox.h"
#include "tests/net/threaded-server.h"
#include "tests/wait.h"

#define HEAD "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/javascript\r\n\r\n"
#define NO_CONTENT "HTTP/1.1 204 No Content\r\n\r\n"
#define GREETING                                                                                                 \
  "a[\"{\\\"event\\\":\\\"pusher:connection_established\\\",\\\"data\\\":\\\"{\\\\\\\"socket_id\\\\\\\":\\\\\\\"1.2\\\\\\\"" \
  ",\\\\\\\"activity_timeout\\\\\\\":30}\\\"}\"]\n"
#define EVENT "m\"{\\\"event\\\":\\\"e\\\",\\\"channel\\\":\\\"news\\\",\\\"data\\\":\\\"x\\\"}\"\n"

typedef struct Fixture Fixture;

/* n: the number of the request that receives, from 0 */
typedef void (*ServerFunc) (Fixture *fixture, GSocketConnection *peer, guint n);

struct Fixture
{
  GSocketService *service;
  guint16 port;
  ServerFunc serve;
  int send_status;            /* of xhr_send; 0: it is never answered */
  GMutex lock;                /* what the server's threads write */
  GString *requests;          /* request lines, and bodies of xhr_send */
  int n_receives;             /* atomic */
  ScopeSandbox *sandbox;
  ScopeConnectionOptions *options;
  ScopeConnection *connection;
  GString *log;
  guint n_errors, n_connected, n_waits, n_events, n_subscribed, n_round_trips, n_lost;
  gboolean stopped;
};

/* --- the server on a raw socket --- */

static gboolean
write_chunk (GSocketConnection *peer,
             const char *text)
{
  g_autofree char *chunk = g_strdup_printf ("%zx\r\n%s\r\n", strlen (text), text);

  return peer_write_text (peer, chunk);
}

static void
end_chunks (GSocketConnection *peer)
{
  peer_write_text (peer, "0\r\n\r\n");
}

/* one request, with its body; NULL at the end */
static char *
read_request (GSocketConnection *peer)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (peer));
  g_autoptr (GString) request = g_string_new (NULL);
  const char *end = NULL;
  const char *length_text;
  gsize length = 0;
  char byte;

  while (end == NULL || request->len < (gsize) (end - request->str) + 4 + length)
    {
      if (g_input_stream_read (stream, &byte, 1, NULL, NULL) <= 0)
        return NULL;
      g_string_append_c (request, byte);
      end = strstr (request->str, "\r\n\r\n");
      length_text = end != NULL ? strcasestr (request->str, "content-length: ") : NULL;
      if (length_text != NULL)
        length = g_ascii_strtoull (length_text + 16, NULL, 10);
    }
  return g_string_free (g_steal_pointer (&request), FALSE);
}

static void
note_request (Fixture *fixture,
              const char *request)
{
  g_mutex_lock (&fixture->lock);
  g_string_append (fixture->requests, request);
  g_string_append_c (fixture->requests, '\n');
  g_mutex_unlock (&fixture->lock);
}

static char *
dup_requests (Fixture *fixture)
{
  char *requests;

  g_mutex_lock (&fixture->lock);
  requests = g_strdup (fixture->requests->str);
  g_mutex_unlock (&fixture->lock);
  return requests;
}

static gboolean
answer_send (Fixture *fixture,
             GSocketConnection *peer)
{
  g_autofree char *answer = NULL;

  if (fixture->send_status == 0)
    {
      peer_drain (peer);
      return FALSE;
    }
  if (fixture->send_status == 204)
    return peer_write_text (peer, NO_CONTENT);
  if (fixture->send_status == 200)
    {
      /* a body that does not end */
      peer_write_text (peer, HEAD);
      write_chunk (peer, "ok");
      peer_drain (peer);
      return FALSE;
    }
  answer = g_strdup_printf ("HTTP/1.1 %d No\r\nContent-Length: 0\r\n\r\n", fixture->send_status);
  return peer_write_text (peer, answer);
}

/* in a thread of its own: the client lives in the main one */
static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection *peer,
        GObject *source,
        gpointer user_data)
{
  Fixture *fixture = user_data;
  char *request;

  g_socket_set_timeout (g_socket_connection_get_socket (peer), 30);
  while ((request = read_request (peer)) != NULL)
    {
      gboolean sends = strstr (request, "/xhr_send?") != NULL;

      note_request (fixture, request);
      g_free (request);
      if (!sends)
        {
          fixture->serve (fixture, peer, (guint) g_atomic_int_add (&fixture->n_receives, 1));
          return TRUE;
        }
      if (!answer_send (fixture, peer))
        return TRUE;
    }
  return TRUE;
}

/* --- the client --- */

static void
log_error_report (Fixture *fixture,
                  const ScopeReport *report)
{
  fixture->n_errors++;
  g_assert_true (g_utf8_validate (report->text, -1, NULL));
  g_assert_cmpuint (strlen (report->text), <, 2 * SCOPE_LIMIT_ERROR_TEXT_BYTES);
  g_string_append_printf (fixture->log, "%s %u %s\n", scope_error_source_to_name (report->source),
                          report->has_code ? report->code : 0, report->text);
}

static void
report_cb (ScopeConnection *connection,
           const ScopeReport *report,
           gpointer user_data)
{
  Fixture *fixture = user_data;

  if (report->type == SCOPE_REPORT_STATE)
    {
      fixture->n_connected += report->current == SCOPE_STATE_CONNECTED ? 1 : 0;
      fixture->n_lost += report->previous == SCOPE_STATE_CONNECTED ? 1 : 0;
      fixture->stopped = report->current == SCOPE_STATE_DISCONNECTED;
    }
  if (report->type == SCOPE_REPORT_STATE && report->current == SCOPE_STATE_CONNECTED)
    g_string_append_printf (fixture->log, "connected %s\n", report->transport);
  if (report->type == SCOPE_REPORT_CONNECTING_IN)
    fixture->n_waits++;
  if (report->type == SCOPE_REPORT_EVENT && !report->outgoing)
    fixture->n_events++;
  if (report->type == SCOPE_REPORT_SUBSCRIPTION && report->status == SCOPE_SUBSCRIPTION_SUBSCRIBED)
    fixture->n_subscribed++;
  if (report->type == SCOPE_REPORT_ROUND_TRIP)
    fixture->n_round_trips++;
  if (report->type == SCOPE_REPORT_FRAME && report->outgoing)
    g_string_append_printf (fixture->log, "sent %s\n", scope_message_get_event (report->message, NULL));
  if (report->type == SCOPE_REPORT_ERROR)
    log_error_report (fixture, report);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  ScopeTransportKinds kind = GPOINTER_TO_UINT (data);

  g_mutex_init (&fixture->lock);
  fixture->send_status = 204;
  fixture->requests = g_string_new (NULL);
  fixture->service = threaded_server_new (8, G_CALLBACK (run_cb), fixture, &fixture->port);
  fixture->log = g_string_new (NULL);
  fixture->options = scope_connection_options_new ();
  fixture->options->key = g_strdup ("app-key");
  fixture->options->host = g_strdup ("127.0.0.1");
  fixture->options->port = fixture->port;
  fixture->options->use_tls = FALSE;
  fixture->options->transports = kind != 0 ? kind : SCOPE_TRANSPORT_XHR_STREAMING;
  fixture->options->connect_timeout = 20;
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

#define WAIT_FOR(condition)                                                                    \
  G_STMT_START                                                                                 \
    {                                                                                          \
      if (!WAIT_AT_MOST (condition))                                                           \
        g_error ("Too late: %s\n%s\n%s", #condition, fixture->log->str, dup_requests (fixture)); \
    }                                                                                          \
  G_STMT_END

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  gpointer watched = fixture->connection;

  scope_connection_disconnect (fixture->connection);
  g_object_add_weak_pointer (watched, &watched);
  g_object_unref (fixture->connection);
  WAIT_FOR (watched == NULL);
  g_clear_object (&fixture->sandbox);
  threaded_server_end (fixture->service);
  scope_connection_options_free (fixture->options);
  g_string_free (fixture->log, TRUE);
  g_string_free (fixture->requests, TRUE);
  g_mutex_clear (&fixture->lock);
}

static gboolean
was_requested (Fixture *fixture,
               const char *pattern)
{
  g_autofree char *requests = dup_requests (fixture);

  return g_regex_match_simple (pattern, requests, G_REGEX_MULTILINE, 0);
}

/* it may have been sent, and not be read yet */
static void
expect_request (Fixture *fixture,
                const char *pattern)
{
  if (!WAIT_AT_MOST (was_requested (fixture, pattern)))
    g_error ("No request is “%s” in:\n%s", pattern, dup_requests (fixture));
}

/* --- servers that do as they should --- */

static void
serve_well (Fixture *fixture,
            GSocketConnection *peer,
            guint n)
{
  peer_write_text (peer, HEAD);
  write_chunk (peer, "hhhhhhhhhhhhhhhhhhhh\n"); /* SockJS's padding */
  write_chunk (peer, "o\n");
  write_chunk (peer, GREETING);
  write_chunk (peer, "h\n");
  write_chunk (peer, EVENT);
  peer_drain (peer);
}

/* Addresses and headers, §7.1; the heartbeat's answer, and an activity check that is no frame, §7.2. */
static void
test_requests (Fixture *fixture,
               gconstpointer data)
{
  fixture->options->origin = g_strdup ("https://shop.example");
  fixture->options->headers = g_strdupv ((char *[]) { (char *) "X-Way: mine", NULL });
  start (fixture, serve_well);
  scope_connection_subscribe (fixture->connection, "news", NULL);
  WAIT_FOR (fixture->n_events > 0);
  WAIT_FOR (was_requested (fixture, "^\\[\\]$"));
  assert_line (fixture->log, "connected xhr_streaming\n");
  expect_request (fixture, "^POST /pusher/app/app-key/[0-9]{1,3}/[0-9a-v]{8}/xhr_streaming"
                           "\\?protocol=7&client=[^&]+&version=[0-9.]+&t=[0-9]{13}&n=[0-9]+ HTTP/1\\.1\r$");
  expect_request (fixture, "^POST /pusher/app/app-key/[0-9]{1,3}/[0-9a-v]{8}/xhr_send\\?t=[0-9]{13}&n=[0-9]+ HTTP");
  expect_request (fixture, "(?i)^content-type: application/json\r$");
  expect_request (fixture, "(?i)^origin: https://shop\\.example\r$");
  expect_request (fixture, "(?i)^x-way: mine\r$");
  expect_request (fixture, "^\\[\"\\{\\\\\"event\\\\\":\\\\\"pusher:subscribe\\\\\"");

  scope_connection_ping (fixture->connection);
  WAIT_FOR (fixture->n_round_trips > 0);
  g_assert_null (strstr (fixture->log->str, "pusher:ping"));
  g_assert_cmpuint (fixture->n_errors, ==, 0);
}

static void
serve_polls (Fixture *fixture,
             GSocketConnection *peer,
             guint n)
{
  static const char * const answers[] = { "o\n", GREETING, "h\n", "", EVENT };

  peer_write_text (peer, HEAD);
  if (n >= G_N_ELEMENTS (answers))
    peer_drain (peer);
  else if (*answers[n] != '\0')
    write_chunk (peer, answers[n]);
  end_chunks (peer);
}

static void
test_polling (Fixture *fixture,
              gconstpointer data)
{
  start (fixture, serve_polls);
  WAIT_FOR (fixture->n_events > 0);
  assert_line (fixture->log, "connected xhr_polling\n");
  expect_request (fixture, "/xhr\\?protocol=7");
  g_assert_false (was_requested (fixture, "^\\[\\]$")); /* the next poll is the answer */
  g_assert_cmpuint (fixture->n_errors, ==, 0);
}

static void
test_sockjs (Fixture *fixture,
             gconstpointer data)
{
  start (fixture, serve_well);
  WAIT_FOR (fixture->n_events > 0);
  assert_line (fixture->log, "connected sockjs\n");
  WAIT_FOR (was_requested (fixture, "^\\[\"\\{\\\\\"path\\\\\":\\\\\"/app/app-key\\?protocol=7&client="));
  expect_request (fixture, "^POST /pusher/[0-9]{3}/[0-9a-v]{8}/xhr_streaming\\?t=");
}

/* A stream that ends is taken up again by SockJS; one that never speaks makes it poll. */
static void
serve_refusing_streams (Fixture *fixture,
                        GSocketConnection *peer,
                        guint n)
{
  if (n == 0)
    peer_write_text (peer, "HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
  else
    serve_polls (fixture, peer, n - 1);
}

static void
test_sockjs_falls_back (Fixture *fixture,
                        gconstpointer data)
{
  start (fixture, serve_refusing_streams);
  WAIT_FOR (fixture->n_events > 0);
  expect_request (fixture, "/xhr\\?t=");
  g_assert_cmpuint (fixture->n_errors, ==, 0);
}

/* More than 256 KiB, and no part of a line left: the same session goes on in a new stream (§7.2). */
static void
serve_much (Fixture *fixture,
            GSocketConnection *peer,
            guint n)
{
  g_autofree char *padding = g_strnfill (300 * 1024, 'h');

  padding[300 * 1024 - 1] = '\n';
  peer_write_text (peer, HEAD);
  if (n == 0)
    {
      write_chunk (peer, "o\n");
      write_chunk (peer, GREETING);
      write_chunk (peer, padding);
    }
  else
    write_chunk (peer, EVENT);
  peer_drain (peer);
}

static void
test_new_stream (Fixture *fixture,
                 gconstpointer data)
{
  g_autofree char *requests = NULL;
  g_auto (GStrv) lines = NULL;
  g_autofree char *first = NULL;
  guint n_streams = 0;

  start (fixture, serve_much);
  WAIT_FOR (fixture->n_events > 0);
  g_assert_cmpuint (fixture->n_errors, ==, 0);
  requests = dup_requests (fixture); /* the heartbeat's answer may still come */
  lines = g_strsplit (requests, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    if (strstr (lines[i], "/xhr_streaming") != NULL)
      {
        *strchr (lines[i], '?') = '\0';
        if (first == NULL)
          first = g_strdup (lines[i]);
        g_assert_cmpstr (lines[i], ==, first);
        n_streams++;
      }
  g_assert_cmpuint (n_streams, ==, 2);
}

/* `o` with a host: what follows goes there, without the user's headers. */
static void
serve_host (Fixture *fixture,
            GSocketConnection *peer,
            guint n)
{
  peer_write_text (peer, HEAD);
  write_chunk (peer, "o{\"hostname\":\"localhost\"}\n");
  write_chunk (peer, GREETING);
  peer_drain (peer);
}

static void
test_other_host (Fixture *fixture,
                 gconstpointer data)
{
  g_autofree char *host = g_strdup_printf ("(?i)xhr_send(?s:.*)^host: localhost:%u\r$", fixture->port);

  fixture->options->headers = g_strdupv ((char *[]) { (char *) "X-Token: secret", NULL });
  start (fixture, serve_host);
  scope_connection_subscribe (fixture->connection, "news", NULL);
  WAIT_FOR (was_requested (fixture, "pusher:subscribe"));
  expect_request (fixture, host);
  g_assert_false (was_requested (fixture, "(?i)xhr_send(?s:.*)^x-token"));
}

/* --- servers that misbehave --- */

static void
serve_second_open (Fixture *fixture,
                   GSocketConnection *peer,
                   guint n)
{
  peer_write_text (peer, HEAD);
  write_chunk (peer, "o\n");
  write_chunk (peer, GREETING);
  write_chunk (peer, "o\n");
  peer_drain (peer);
}

static void
test_second_open (Fixture *fixture,
                  gconstpointer data)
{
  start (fixture, serve_second_open);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 1006 Server lost session");
}

static void
serve_end (Fixture *fixture,
           GSocketConnection *peer,
           guint n)
{
  peer_write_text (peer, HEAD);
  write_chunk (peer, "o\n");
  write_chunk (peer, GREETING);
  end_chunks (peer);
}

static void
test_end (Fixture *fixture,
          gconstpointer data)
{
  start (fixture, serve_end);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 1006 Connection interrupted (200)");
}

static void
serve_cut_line (Fixture *fixture,
                GSocketConnection *peer,
                guint n)
{
  peer_write_text (peer, HEAD);
  write_chunk (peer, "o\n");
  write_chunk (peer, GREETING);
  write_chunk (peer, "a[\"{\\\"event");
}

static void
test_cut_line (Fixture *fixture,
               gconstpointer data)
{
  start (fixture, serve_cut_line);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 1006 Connection interrupted (");
  g_assert_cmpuint (fixture->n_lost, ==, 1);
}

static void
serve_status (Fixture *fixture,
              GSocketConnection *peer,
              guint n)
{
  /* lines count with 200 only */
  peer_write_text (peer, "HTTP/1.1 503 Busy\r\nContent-Length: 12\r\n\r\no\nnot today\n");
  peer_drain (peer);
}

static void
test_status (Fixture *fixture,
             gconstpointer data)
{
  start (fixture, serve_status);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "handshake 503 The server answered with status 503: o");
  g_assert_cmpuint (fixture->n_connected, ==, 0);
}

static void
serve_endless_status (Fixture *fixture,
                      GSocketConnection *peer,
                      guint n)
{
  g_autofree char *body = g_strnfill (64 * 1024, 'x');

  peer_write_text (peer, "HTTP/1.1 404 No\r\nContent-Type: text/html\r\n\r\n");
  while (peer_write_text (peer, body))
    ;
}

static void
test_endless_status (Fixture *fixture,
                     gconstpointer data)
{
  start (fixture, serve_endless_status);
  WAIT_FOR (fixture->stopped); /* for good */
  assert_line (fixture->log, "handshake 404 The server answered with status 404: xxx");
}

static void
serve_redirect (Fixture *fixture,
                GSocketConnection *peer,
                guint n)
{
  peer_write_text (peer, "HTTP/1.1 307 Go\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n");
  peer_drain (peer);
}

static void
test_redirect (Fixture *fixture,
               gconstpointer data)
{
  start (fixture, serve_redirect);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "handshake 307 ");
  g_assert_cmpint (g_atomic_int_get (&fixture->n_receives), ==, 1);
}

static void
serve_endless_line (Fixture *fixture,
                    GSocketConnection *peer,
                    guint n)
{
  g_autofree char *much = g_strnfill (256 * 1024, 'x');

  peer_write_text (peer, HEAD);
  write_chunk (peer, "o\n");
  write_chunk (peer, GREETING);
  write_chunk (peer, "a[\"");
  while (write_chunk (peer, much))
    ;
}

static void
test_endless_line (Fixture *fixture,
                   gconstpointer data)
{
  start (fixture, serve_endless_line);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "limit 1009 A frame is larger than the limit of 4 MiB");
}

static void
serve_endless_first_line (Fixture *fixture,
                          GSocketConnection *peer,
                          guint n)
{
  g_autofree char *much = g_strnfill (256 * 1024, 'h');

  peer_write_text (peer, HEAD);
  while (write_chunk (peer, much))
    ;
}

static void
test_endless_first_line (Fixture *fixture,
                         gconstpointer data)
{
  start (fixture, serve_endless_first_line);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 0 A frame is larger than the limit of 4 MiB");
}

static void
serve_big_header (Fixture *fixture,
                  GSocketConnection *peer,
                  guint n)
{
  g_autofree char *much = g_strnfill (1024 * 1024, 'x');

  peer_write_text (peer, "HTTP/1.1 200 OK\r\nX-Big: ");
  for (guint i = 0; i < 10 && peer_write_text (peer, much); i++)
    ;
  peer_write_text (peer, "\r\nTransfer-Encoding: chunked\r\n\r\n");
  write_chunk (peer, "o\n");
  write_chunk (peer, GREETING);
  peer_drain (peer);
}

static void
test_big_header (Fixture *fixture,
                 gconstpointer data)
{
  start (fixture, serve_big_header);
  WAIT_FOR (fixture->n_waits > 0);
  g_assert_cmpuint (fixture->n_connected, ==, 0);
}

static void
serve_drip (Fixture *fixture,
            GSocketConnection *peer,
            guint n)
{
  peer_write_text (peer, HEAD);
  while (peer_write_text (peer, "1\r\nh\r\n"))
    g_usleep (50 * 1000); /* the drip is what is tested */
}

static void
test_drip (Fixture *fixture,
           gconstpointer data)
{
  fixture->options->connect_timeout = 1;
  start (fixture, serve_drip);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 0 No connection within 1 s");
}

static void
serve_web_page (Fixture *fixture,
                GSocketConnection *peer,
                guint n)
{
  peer_write_text (peer, HEAD);
  write_chunk (peer, "<!DOCTYPE html>\n<title>Log in to this network</title>\n");
  peer_drain (peer);
}

static void
test_web_page (Fixture *fixture,
               gconstpointer data)
{
  start (fixture, serve_web_page);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "handshake 0 A line of the server is none of this protocol");
}

/* Nothing that came is hidden, and the connection stands. */
static void
serve_bad_lines (Fixture *fixture,
                 GSocketConnection *peer,
                 guint n)
{
  peer_write_text (peer, HEAD);
  write_chunk (peer, "o\n");
  write_chunk (peer, GREETING);
  write_chunk (peer, "a[\"x\n\na[7]\nzzz\nc[\"x\"]\n\xff\xfe\n");
  write_chunk (peer, EVENT);
  peer_drain (peer);
}

static void
test_bad_lines (Fixture *fixture,
                gconstpointer data)
{
  start (fixture, serve_bad_lines);
  WAIT_FOR (fixture->n_events > 0);
  g_assert_cmpuint (fixture->n_errors, ==, 5);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

static void
serve_close (Fixture *fixture,
             GSocketConnection *peer,
             guint n)
{
  peer_write_text (peer, HEAD);
  write_chunk (peer, "o\n");
  write_chunk (peer, "c[4001,\"Could not find app\"]\n");
  peer_drain (peer);
}

static void
test_close (Fixture *fixture,
            gconstpointer data)
{
  start (fixture, serve_close);
  WAIT_FOR (fixture->stopped);
  assert_line (fixture->log, "server 4001 Could not find app");
}

/* `c` is all that ever came: still its code counts */
static void
serve_close_at_once (Fixture *fixture,
                     GSocketConnection *peer,
                     guint n)
{
  peer_write_text (peer, HEAD);
  write_chunk (peer, "c[2010,\"Another connection still open\"]\n");
  peer_drain (peer);
}

static void
test_close_at_once (Fixture *fixture,
                    gconstpointer data)
{
  start (fixture, serve_close_at_once);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 2010 Another connection still open");
}

static void
serve_quietly (Fixture *fixture,
               GSocketConnection *peer,
               guint n)
{
  peer_write_text (peer, HEAD);
  write_chunk (peer, "o\n");
  write_chunk (peer, GREETING);
  peer_drain (peer);
}

static void
test_send_refused (Fixture *fixture,
                   gconstpointer data)
{
  fixture->send_status = 404;
  start (fixture, serve_quietly);
  scope_connection_subscribe (fixture->connection, "news", NULL);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 1006 Connection interrupted (404)");
}

static void
test_send_unanswered (Fixture *fixture,
                      gconstpointer data)
{
  fixture->options->connect_timeout = 5; /* that of sending, too */
  fixture->send_status = 0;
  start (fixture, serve_quietly);
  scope_connection_subscribe (fixture->connection, "news", NULL);
  WAIT_FOR (fixture->n_waits > 0);
  assert_line (fixture->log, "socket 1006 Connection interrupted: the server does not take what is sent");
}

/* The status is the answer. Nobody waits for what follows it, the main loop least of all. */
static void
test_send_endless (Fixture *fixture,
                   gconstpointer data)
{
  fixture->send_status = 200;
  start (fixture, serve_quietly);
  scope_connection_subscribe (fixture->connection, "first", NULL);
  scope_connection_subscribe (fixture->connection, "second", NULL);
  WAIT_FOR (was_requested (fixture, "first") && was_requested (fixture, "second"));
  g_assert_cmpuint (fixture->n_errors, ==, 0);
}

/* What was sent before the user left still arrives, though the next had to wait for it. */
static void
test_leave_after_sending (Fixture *fixture,
                          gconstpointer data)
{
  start (fixture, serve_quietly);
  WAIT_FOR (fixture->n_connected > 0);
  scope_connection_subscribe (fixture->connection, "first", NULL);
  scope_connection_subscribe (fixture->connection, "second", NULL);
  scope_connection_disconnect (fixture->connection);
  WAIT_FOR (was_requested (fixture, "first") && was_requested (fixture, "second"));
}

/* Silence, an activity check that is answered, but no heartbeat: dead (§1.4). */
static void
test_silence (Fixture *fixture,
              gconstpointer data)
{
  fixture->options->activity_timeout = 1;
  fixture->options->pong_timeout = 1;
  start (fixture, serve_quietly);
  WAIT_FOR (fixture->n_lost > 0);
  assert_line (fixture->log, "socket 0 The server did not answer a ping");
  expect_request (fixture, "^\\[\\]$");
}

static void
serve_heartbeats (Fixture *fixture,
                  GSocketConnection *peer,
                  guint n)
{
  peer_write_text (peer, HEAD);
  write_chunk (peer, "o\n");
  write_chunk (peer, GREETING);
  for (guint i = 0; i < 50 && write_chunk (peer, "h\n"); i++)
    g_usleep (100 * 1000);
  write_chunk (peer, EVENT);
  peer_drain (peer);
}

/* Heartbeats alone keep it, for longer than silence and the check of it last together. */
static void
test_heartbeats (Fixture *fixture,
                 gconstpointer data)
{
  fixture->options->activity_timeout = 1;
  fixture->options->pong_timeout = 3;
  start (fixture, serve_heartbeats);
  WAIT_FOR (fixture->n_events > 0);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

/* A race over real sockets: the upgrade is refused, HTTP carries it (§7.4). */
static void
test_race (Fixture *fixture,
           gconstpointer data)
{
  fixture->options->transports = SCOPE_TRANSPORT_WS | SCOPE_TRANSPORT_XHR_STREAMING;
  fixture->options->http_port = fixture->port;
  fixture->options->port = 1; /* nobody listens there */
  start (fixture, serve_well);
  WAIT_FOR (fixture->n_connected > 0);
  assert_line (fixture->log, "connected xhr_streaming\n");
}

/* --- the sandbox --- */

static void
start_with_sandbox (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture->sandbox = scope_sandbox_new ();
  g_assert_true (scope_sandbox_start (fixture->sandbox, 0, &error));
  g_assert_no_error (error);
  fixture->options->port = scope_sandbox_get_port (fixture->sandbox);
  g_free (fixture->options->key);
  fixture->options->key = g_strdup (SCOPE_SANDBOX_KEY);
  fixture->options->secret = scope_secret_new (SCOPE_SANDBOX_SECRET);
  fixture->options->presence_user_id = g_strdup ("me");
  start (fixture, NULL);
}

static void
test_sandbox (Fixture *fixture,
              gconstpointer data)
{
  start_with_sandbox (fixture);
  scope_connection_subscribe (fixture->connection, "news", NULL);
  scope_connection_subscribe (fixture->connection, "presence-room", NULL);
  WAIT_FOR (fixture->n_subscribed == 2);
  for (guint i = 0; i < 500; i++)
    scope_sandbox_publish (fixture->sandbox, "news", "tick", "{\"é\":\"\\\"\"}", -1);
  WAIT_FOR (fixture->n_events == 500);
  scope_connection_ping (fixture->connection);
  WAIT_FOR (fixture->n_round_trips == 1);
  g_assert_cmpuint (fixture->n_errors, ==, 0);
  g_assert_cmpuint (scope_sandbox_count_connections (fixture->sandbox), ==, 1);

  scope_connection_disconnect (fixture->connection);
  WAIT_FOR (scope_sandbox_count_connections (fixture->sandbox) == 0);
}

static void
test_sandbox_wrong_key (Fixture *fixture,
                        gconstpointer data)
{
  fixture->sandbox = scope_sandbox_new ();
  g_assert_true (scope_sandbox_start (fixture->sandbox, 0, NULL));
  fixture->options->port = scope_sandbox_get_port (fixture->sandbox);
  g_free (fixture->options->key);
  fixture->options->key = g_strdup ("no-such-key");
  start (fixture, NULL);
  WAIT_FOR (fixture->stopped);
  assert_line (fixture->log, "server 4001 ");
}

/* Close codes reach the client as they are. */
static void
test_sandbox_stops (Fixture *fixture,
                    gconstpointer data)
{
  start_with_sandbox (fixture);
  WAIT_FOR (fixture->n_connected == 1);
  scope_sandbox_stop (fixture->sandbox, 4200);
  WAIT_FOR (fixture->n_lost == 1);
}

/* Far more than one stream carries: nothing is lost between two of them. */
static void
test_sandbox_flood (Fixture *fixture,
                    gconstpointer data)
{
  g_autofree char *payload = g_strnfill (2000, 'x');

  start_with_sandbox (fixture);
  scope_connection_subscribe (fixture->connection, "news", NULL);
  WAIT_FOR (fixture->n_subscribed == 1);
  for (guint n = 25; n <= 1000; n += 25)
    {
      for (guint i = 0; i < 25; i++)
        scope_sandbox_publish (fixture->sandbox, "news", "tick", payload, -1);
      WAIT_FOR (fixture->n_events == n);
    }
  g_assert_cmpuint (fixture->n_errors, ==, 0);
  g_assert_cmpuint (fixture->n_lost, ==, 0);
}

/* one request on a connection of its own: "STATUS body" */
typedef struct
{
  SoupSession *session;
  SoupMessage *message;
  char *answer;
} Request;

static void
answered_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  Request *request = user_data;
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);
  gsize length = 0;
  const char *text = body != NULL ? g_bytes_get_data (body, &length) : "";

  request->answer = g_strdup_printf ("%u %.*s", soup_message_get_status (request->message), (int) length, text);
}

static void
request_begin (Fixture *fixture,
               Request *request,
               const char *method,
               const char *path,
               const char *body)
{
  g_autofree char *url = g_strdup_printf ("http://127.0.0.1:%u%s", fixture->port, path);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

  request->session = soup_session_new ();
  request->message = soup_message_new (method, url);
  soup_message_set_request_body_from_bytes (request->message, "application/json", bytes);
  soup_session_send_and_read_async (request->session, request->message, G_PRIORITY_DEFAULT, NULL, answered_cb,
                                    request);
}

static void
request_expect (Fixture *fixture,
                Request *request,
                const char *expected)
{
  WAIT_FOR (request->answer != NULL);
  if (!g_str_has_prefix (request->answer, expected))
    g_error ("“%s” instead of “%s”", request->answer, expected);
  g_free (request->answer);
  g_object_unref (request->message);
  g_object_unref (request->session);
}

static void
ask (Fixture *fixture,
     const char *method,
     const char *path,
     const char *body,
     const char *expected)
{
  Request request = { 0 };

  request_begin (fixture, &request, method, path, body);
  request_expect (fixture, &request, expected);
}

#define SESSION "/pusher/app/" SCOPE_SANDBOX_KEY "/7/abcdefgh"

/* What the sandbox says to requests that are not as they should be. */
static void
test_sandbox_requests (Fixture *fixture,
                       gconstpointer data)
{
  Request held[2] = { { 0 }, { 0 } };
  guint first;

  start_with_sandbox (fixture);
  fixture->port = scope_sandbox_get_port (fixture->sandbox);
  ask (fixture, "GET", SESSION "/xhr?protocol=7", "", "405 ");
  ask (fixture, "POST", "/xhr", "", "404 ");
  ask (fixture, "POST", "/pusher/app/key/xhr", "", "404 ");
  ask (fixture, "POST", SESSION "/xhr_send", "[]", "404 ");

  ask (fixture, "POST", SESSION "/xhr?protocol=7", "", "200 o\n");
  ask (fixture, "POST", SESSION "/xhr?protocol=7", "", "200 a[\"{\\\"event\\\":\\\"pusher:connection_established");
  ask (fixture, "POST", SESSION "/xhr_send", "[\"x", "500 ");
  ask (fixture, "POST", SESSION "/xhr_send", "{}", "500 ");
  ask (fixture, "POST", SESSION "/xhr_send", "[7,\"{}\"]", "204 ");
  ask (fixture, "POST", SESSION "/xhr?protocol=7", "", "200 a[\"{\\\"event\\\":\\\"pusher:error");

  /* of two that receive the second is refused, the first goes on */
  for (guint i = 0; i < 2; i++)
    request_begin (fixture, &held[i], "POST", SESSION "/xhr?protocol=7", "");
  WAIT_FOR (held[0].answer != NULL || held[1].answer != NULL);
  first = held[0].answer != NULL ? 1 : 0;
  request_expect (fixture, &held[1 - first], "200 c[2010,\"Another connection still open\"]");
  ask (fixture, "POST", SESSION "/xhr_send", "[\"{\\\"event\\\":\\\"pusher:ping\\\"}\"]", "204 ");
  request_expect (fixture, &held[first], "200 a[\"{\\\"event\\\":\\\"pusher:pong");
}

#define ADD_KIND(name, kind, func) \
  g_test_add ("/http-transports/" name, Fixture, GUINT_TO_POINTER (kind), set_up, func, tear_down)
#define ADD(name, func) ADD_KIND (name, SCOPE_TRANSPORT_XHR_STREAMING, func)
#define ADD_ALL(name, func)                                          \
  ADD_KIND (name "/streaming", SCOPE_TRANSPORT_XHR_STREAMING, func); \
  ADD_KIND (name "/polling", SCOPE_TRANSPORT_XHR_POLLING, func);     \
  ADD_KIND (name "/sockjs", SCOPE_TRANSPORT_SOCKJS, func)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("requests", test_requests);
  ADD_KIND ("polling", SCOPE_TRANSPORT_XHR_POLLING, test_polling);
  ADD_KIND ("sockjs", SCOPE_TRANSPORT_SOCKJS, test_sockjs);
  ADD_KIND ("sockjs-falls-back", SCOPE_TRANSPORT_SOCKJS, test_sockjs_falls_back);
  ADD ("new-stream", test_new_stream);
  ADD ("other-host", test_other_host);
  ADD ("second-open", test_second_open);
  ADD ("end", test_end);
  ADD ("cut-line", test_cut_line);
  ADD_ALL ("status", test_status);
  ADD ("endless-status", test_endless_status);
  ADD ("redirect", test_redirect);
  ADD ("endless-line", test_endless_line);
  ADD ("endless-first-line", test_endless_first_line);
  ADD ("big-header", test_big_header);
  ADD ("drip", test_drip);
  ADD ("web-page", test_web_page);
  ADD ("bad-lines", test_bad_lines);
  ADD ("close", test_close);
  ADD ("close-at-once", test_close_at_once);
  ADD ("send-refused", test_send_refused);
  ADD ("send-unanswered", test_send_unanswered);
  ADD ("send-endless", test_send_endless);
  ADD ("leave-after-sending", test_leave_after_sending);
  ADD ("silence", test_silence);
  ADD ("heartbeats", test_heartbeats);
  ADD ("race", test_race);
  ADD ("sandbox-requests", test_sandbox_requests);
  ADD_ALL ("sandbox", test_sandbox);
  ADD_ALL ("sandbox-wrong-key", test_sandbox_wrong_key);
  ADD_ALL ("sandbox-stops", test_sandbox_stops);
  ADD_ALL ("sandbox-flood", test_sandbox_flood);
  return g_test_run ();
}
