/* SPDX-License-Identifier: GPL-3.0-or-later */

/* An attempt over several transports, without sockets and on a clock of our own: protocol.md §7.4–7.5. */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "net/scope-connection.h"
#include "net/scope-memory-transport.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define GREETING                                                                                   \
  "{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\"1.2\\\",\\\"activity_timeout\\\":120}\"}"

typedef struct
{
  ScopeConnectionOptions *options;
  ScopeClock *clock;
  ScopeConnection *connection;
  GPtrArray *transports; /* of ScopeMemoryTransport, as they were made */
  GString *log;
  double activity_timeout;
} Fixture;

static void
report_cb (ScopeConnection *connection,
           const ScopeReport *report,
           gpointer user_data)
{
  Fixture *fixture = user_data;

  if (report->type == SCOPE_REPORT_STATE)
    {
      g_string_append_printf (fixture->log, "%s", scope_state_to_name (report->current));
      if (report->has_code)
        g_string_append_printf (fixture->log, " %u", report->code);
      if (report->current == SCOPE_STATE_CONNECTED)
        g_string_append_printf (fixture->log, " %s [%s]", report->transport, report->transport_reason);
      g_string_append_c (fixture->log, '\n');
      fixture->activity_timeout = report->activity_timeout;
    }
  else if (report->type == SCOPE_REPORT_ERROR)
    g_string_append_printf (fixture->log, "error %s %u %s\n", scope_error_source_to_name (report->source),
                            report->code, report->text);
  else if (report->type == SCOPE_REPORT_EVENT)
    g_string_append_printf (fixture->log, "event %s\n", scope_message_get_event (report->message, NULL));
}

static ScopeTransport *
make_cb (const ScopeConnectionOptions *options,
         ScopeTransportKinds kind,
         gboolean use_tls,
         gpointer user_data)
{
  Fixture *fixture = user_data;
  ScopeMemoryTransport *transport = scope_memory_transport_new (scope_transport_kind_to_name (kind));

  g_object_set_data (G_OBJECT (transport), "tls", GINT_TO_POINTER (use_tls));
  g_ptr_array_add (fixture->transports, g_object_ref (transport));
  return SCOPE_TRANSPORT (transport);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->options = scope_connection_options_new ();
  fixture->options->key = g_strdup ("278d425bdf160c739803");
  fixture->options->host = g_strdup ("127.0.0.1");
  fixture->options->port = 6001;
  fixture->options->use_tls = FALSE;
  fixture->options->unavailable_timeout = 1000;
  fixture->options->transports = SCOPE_TRANSPORTS_ALL;
  fixture->clock = scope_clock_new_fake (0);
  fixture->transports = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->log = g_string_new (NULL);
}

static void
start (Fixture *fixture)
{
  fixture->connection = scope_connection_new (fixture->options, fixture->clock);
  scope_connection_set_listener (fixture->connection, report_cb, fixture);
  scope_connection_set_kind_factory (fixture->connection, make_cb, fixture);
  scope_connection_connect (fixture->connection);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  scope_connection_disconnect (fixture->connection);
  g_ptr_array_unref (fixture->transports);
  g_assert_finalize_object (fixture->connection);
  g_assert_cmpuint (scope_clock_count_timers (fixture->clock), ==, 0);
  g_object_unref (fixture->clock);
  scope_connection_options_free (fixture->options);
  g_string_free (fixture->log, TRUE);
}

static ScopeMemoryTransport *
newest (Fixture *fixture,
        const char *name)
{
  for (guint i = fixture->transports->len; i > 0; i--)
    if (g_str_equal (scope_transport_get_name (fixture->transports->pdata[i - 1]), name))
      return fixture->transports->pdata[i - 1];
  g_assert_not_reached ();
}

/* what runs, in the order in which the transports were made: "ws wss+tls" */
static void
expect_running (Fixture *fixture,
                const char *expected)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < fixture->transports->len; i++)
    {
      ScopeMemoryTransport *transport = fixture->transports->pdata[i];

      if (scope_memory_transport_was_opened (transport) && !scope_memory_transport_was_abandoned (transport))
        g_string_append_printf (text, "%s%s%s", text->len > 0 ? " " : "",
                                scope_transport_get_name (SCOPE_TRANSPORT (transport)),
                                g_object_get_data (G_OBJECT (transport), "tls") != NULL ? "+tls" : "");
    }
  g_assert_cmpstr (text->str, ==, expected);
}

static void
expect (Fixture *fixture,
        const char *log)
{
  g_assert_cmpstr (fixture->log->str, ==, log);
  g_string_truncate (fixture->log, 0);
}

static void
fail_with (Fixture *fixture,
           const char *name,
           GIOErrorEnum code,
           guint status)
{
  g_autoptr (GError) error = g_error_new (G_IO_ERROR, code, "%s broke", name);

  scope_memory_transport_fail (newest (fixture, name), error, status, NULL);
}

static void
greet (Fixture *fixture,
       const char *name)
{
  scope_memory_transport_accept (newest (fixture, name));
  scope_memory_transport_receive (newest (fixture, name), GREETING);
}

static void
test_head_starts (Fixture *fixture,
                  gconstpointer data)
{
  start (fixture);
  expect_running (fixture, "ws");
  scope_clock_advance (fixture->clock, 2 * SECOND - 1);
  expect_running (fixture, "ws");
  scope_clock_advance (fixture->clock, 1);
  expect_running (fixture, "ws wss+tls");
  scope_clock_advance (fixture->clock, 3 * SECOND - 1);
  expect_running (fixture, "ws wss+tls");
  scope_clock_advance (fixture->clock, 1);
  expect_running (fixture, "ws wss+tls xhr_streaming");
  scope_clock_advance (fixture->clock, 4 * SECOND - 1);
  expect_running (fixture, "ws wss+tls xhr_streaming");
  scope_clock_advance (fixture->clock, 1);
  expect_running (fixture, "ws wss+tls xhr_streaming xhr_polling");
  expect (fixture, "connecting\n");
}

static void
test_tls (Fixture *fixture,
          gconstpointer data)
{
  fixture->options->use_tls = TRUE;
  start (fixture);
  expect_running (fixture, "ws+tls");
  scope_clock_advance (fixture->clock, 2 * SECOND);
  expect_running (fixture, "ws+tls xhr_streaming+tls");
  scope_clock_advance (fixture->clock, 4 * SECOND);
  expect_running (fixture, "ws+tls xhr_streaming+tls xhr_polling+tls");
}

/* The winner alone goes on, and what goes to and fro is its own. */
static void
test_first_wins (Fixture *fixture,
                 gconstpointer data)
{
  g_auto (GStrv) sent = NULL;

  start (fixture);
  scope_connection_subscribe (fixture->connection, "news", NULL);
  scope_clock_advance (fixture->clock, 5 * SECOND);
  scope_memory_transport_accept (newest (fixture, "ws"));
  expect (fixture, "connecting\n"); /* open, but silent */
  greet (fixture, "xhr_streaming");
  expect (fixture, "connected xhr_streaming [xhr_streaming: it answered before ws did]\n");
  expect_running (fixture, "xhr_streaming");

  sent = scope_memory_transport_take_sent (newest (fixture, "xhr_streaming"));
  g_assert_nonnull (strstr (sent[0], "pusher:subscribe"));
  scope_memory_transport_receive (newest (fixture, "ws"), GREETING); /* late */
  scope_memory_transport_receive (newest (fixture, "xhr_streaming"),
                                  "{\"event\":\"e\",\"channel\":\"news\",\"data\":\"{}\"}");
  expect (fixture, "event e\n");

  scope_connection_disconnect (fixture->connection);
  g_assert_cmpuint (scope_memory_transport_get_close_code (newest (fixture, "xhr_streaming")), ==, 1000);
  expect_running (fixture, "xhr_streaming"); /* until the server has closed, too, or two seconds */
  expect (fixture, "disconnected\n");
  scope_memory_transport_receive (newest (fixture, "xhr_streaming"),
                                  "{\"event\":\"late\",\"channel\":\"news\",\"data\":\"{}\"}");
  expect (fixture, "event late\n");
  scope_memory_transport_drop (newest (fixture, "xhr_streaming"), 1000, NULL);
  expect (fixture, "");
  expect_running (fixture, "");
}

/* Where nobody is, nothing comes of waiting; another place keeps its time. */
static void
test_refused (Fixture *fixture,
              gconstpointer data)
{
  fixture->options->http_port = 6002;
  start (fixture);
  fail_with (fixture, "ws", G_IO_ERROR_CONNECTION_REFUSED, 0);
  expect_running (fixture, "wss+tls");
  fail_with (fixture, "wss", G_IO_ERROR_CONNECTION_REFUSED, 0);
  expect_running (fixture, "");
  scope_clock_advance (fixture->clock, 5 * SECOND - 1);
  expect_running (fixture, "");
  scope_clock_advance (fixture->clock, 1);
  expect_running (fixture, "xhr_streaming");
  greet (fixture, "xhr_streaming");
  expect (fixture, "connecting\nconnected xhr_streaming [xhr_streaming, because ws did not open: ws broke]\n");
}

/* All out: the primary's reason, and what else was met. */
static void
test_all_fail (Fixture *fixture,
               gconstpointer data)
{
  fixture->options->transports = SCOPE_TRANSPORTS_SOCKET | SCOPE_TRANSPORT_XHR_POLLING;
  start (fixture);
  fail_with (fixture, "ws", G_IO_ERROR_CONNECTION_REFUSED, 0);
  expect_running (fixture, "wss+tls xhr_polling");
  fail_with (fixture, "wss", G_IO_ERROR_FAILED, 0);
  expect (fixture, "connecting\n");
  fail_with (fixture, "xhr_polling", G_IO_ERROR_FAILED, 502);
  expect (fixture, "error socket 0 ws broke; wss: wss broke; xhr_polling: The server answered the upgrade with "
                   "status 502\n");
  /* and again after the wait */
  scope_clock_advance (fixture->clock, 2 * SECOND);
  expect_running (fixture, "ws");
}

static void
test_statuses (Fixture *fixture,
               gconstpointer data)
{
  start (fixture);
  fail_with (fixture, "ws", G_IO_ERROR_FAILED, 502); /* may pass: the others go on */
  expect_running (fixture, "");
  scope_clock_advance (fixture->clock, 2 * SECOND);
  expect_running (fixture, "wss+tls");
  fail_with (fixture, "wss", G_IO_ERROR_FAILED, 403); /* for good */
  expect (fixture, "connecting\nerror handshake 403 The server answered the upgrade with status 403; ws: The server "
                   "answered the upgrade with status 502\ndisconnected 403\n");
  expect_running (fixture, "");
}

/* §7.4: a close after opening leaves the race. */
static void
test_close_after_opening (Fixture *fixture,
                          gconstpointer data)
{
  start (fixture);
  scope_clock_advance (fixture->clock, 2 * SECOND);
  scope_memory_transport_accept (newest (fixture, "ws"));
  scope_memory_transport_drop (newest (fixture, "ws"), 4001, "No such app");
  expect (fixture, "connecting\nerror server 4001 No such app\ndisconnected 4001\n");
  expect_running (fixture, "ws"); /* it has ended by itself; the others were told to */
}

static void
test_close_before_opening (Fixture *fixture,
                           gconstpointer data)
{
  start (fixture);
  scope_clock_advance (fixture->clock, 2 * SECOND);
  scope_memory_transport_drop (newest (fixture, "ws"), 1006, NULL);
  expect_running (fixture, "wss+tls");
  expect (fixture, "connecting\n");
}

/* A first frame that is no handshake is an answer all the same. */
static void
test_bad_first_frame (Fixture *fixture,
                      gconstpointer data)
{
  start (fixture);
  scope_clock_advance (fixture->clock, 2 * SECOND);
  scope_memory_transport_accept (newest (fixture, "wss"));
  scope_memory_transport_receive (newest (fixture, "wss"),
                                  "{\"event\":\"pusher:error\",\"data\":{\"code\":4003,\"message\":\"Disabled\"}}");
  expect (fixture, "connecting\nerror server 4003 Disabled\ndisconnected 4003\n");
  expect_running (fixture, "");
}

/* 4000 without TLS: the next attempt has TLS only (§1.7). */
static void
test_switch_to_tls (Fixture *fixture,
                    gconstpointer data)
{
  start (fixture);
  scope_memory_transport_accept (newest (fixture, "ws"));
  scope_memory_transport_drop (newest (fixture, "ws"), 4000, "TLS only");
  expect_running (fixture, "wss+tls");
  scope_clock_advance (fixture->clock, 2 * SECOND);
  expect_running (fixture, "wss+tls xhr_streaming+tls");
  greet (fixture, "wss");
  expect (fixture, "connecting\nerror server 4000 TLS only\nconnected wss [wss: the first that answered]\n");
}

/* Each has its own limit from its own start. */
static void
test_limits (Fixture *fixture,
             gconstpointer data)
{
  fixture->options->connect_timeout = 3;
  fixture->options->transports = SCOPE_TRANSPORTS_SOCKET;
  start (fixture);
  scope_clock_advance (fixture->clock, 3 * SECOND);
  expect_running (fixture, "wss+tls");
  expect (fixture, "connecting\n");
  scope_clock_advance (fixture->clock, 2 * SECOND);
  expect_running (fixture, "");
  expect (fixture, "error socket 0 No connection within 3 s. Check host, port, TLS and network.\n");
}

static void
test_silent_server (Fixture *fixture,
                    gconstpointer data)
{
  fixture->options->connect_timeout = 1;
  fixture->options->transports = SCOPE_TRANSPORTS_SOCKET;
  start (fixture);
  scope_memory_transport_accept (newest (fixture, "ws"));
  scope_clock_advance (fixture->clock, 2 * SECOND);
  fail_with (fixture, "wss", G_IO_ERROR_FAILED, 0);
  expect (fixture, "connecting\nerror handshake 0 The server opened the connection but sent no handshake within 1 s. "
                   "Check that it is a Channels server.; wss: wss broke\n");
}

/* What worked is tried alone; if it does not answer in time, all begin anew (§7.5). It is made first, so the newest
 * of its name is the one that waits its turn. */
static void
test_memory_fails (Fixture *fixture,
                   gconstpointer data)
{
  guint n_before;

  fixture->options->transports = SCOPE_TRANSPORTS_SOCKET;
  start (fixture);
  scope_clock_advance (fixture->clock, SECOND / 10);
  greet (fixture, "ws");
  scope_connection_disconnect (fixture->connection);

  n_before = fixture->transports->len;
  scope_connection_connect (fixture->connection);
  g_assert_cmpuint (fixture->transports->len, ==, n_before + 3);
  scope_clock_advance (fixture->clock, 1200 * 1000 - 1); /* twice 100 ms and a second */
  g_assert_true (scope_memory_transport_was_opened (fixture->transports->pdata[n_before]));
  g_assert_false (scope_memory_transport_was_opened (fixture->transports->pdata[n_before + 1]));
  scope_clock_advance (fixture->clock, 1);
  g_assert_true (scope_memory_transport_was_abandoned (fixture->transports->pdata[n_before]));
  expect_running (fixture, "ws");
  scope_clock_advance (fixture->clock, 2 * SECOND);
  expect_running (fixture, "ws wss+tls");
  g_string_truncate (fixture->log, 0);
  greet (fixture, "wss");
  expect (fixture, "connected wss [wss: it answered before ws did]\n");
}

static void
test_memory_wins (Fixture *fixture,
                  gconstpointer data)
{
  guint n_before;

  start (fixture);
  greet (fixture, "ws");
  scope_connection_disconnect (fixture->connection);
  n_before = fixture->transports->len;
  scope_connection_connect (fixture->connection);
  g_string_truncate (fixture->log, 0);
  scope_memory_transport_accept (fixture->transports->pdata[n_before]);
  scope_memory_transport_receive (fixture->transports->pdata[n_before], GREETING);
  expect (fixture, "connected ws [ws: it worked last time]\n");

  /* other options: nothing is known of their server */
  scope_connection_set_options (fixture->connection, fixture->options);
  scope_connection_disconnect (fixture->connection);
  n_before = fixture->transports->len;
  scope_connection_connect (fixture->connection);
  g_assert_cmpuint (fixture->transports->len, ==, n_before + 4);
}

/* Cut off after a minute: the next connection asks after half of that at the latest (§7.5). */
static void
test_ping_delay (Fixture *fixture,
                 gconstpointer data)
{
  fixture->options->transports = SCOPE_TRANSPORT_WS;
  start (fixture);
  greet (fixture, "ws");
  g_assert_cmpfloat (fixture->activity_timeout, ==, 120);
  scope_clock_advance (fixture->clock, 60 * SECOND);
  scope_memory_transport_drop (newest (fixture, "ws"), 0, NULL);
  scope_clock_advance (fixture->clock, 2 * SECOND);
  g_string_truncate (fixture->log, 0);
  greet (fixture, "ws");
  expect (fixture, "connected ws [ws: the only one these options allow here]\n");
  g_assert_cmpfloat (fixture->activity_timeout, ==, 30);
}

/* Nothing of a race is left behind when the user gives up in the middle of it. */
static void
test_give_up (Fixture *fixture,
              gconstpointer data)
{
  start (fixture);
  scope_clock_advance (fixture->clock, 3 * SECOND);
  scope_connection_disconnect (fixture->connection);
  expect_running (fixture, "");
  scope_clock_advance (fixture->clock, 60 * SECOND);
  expect_running (fixture, "");
  expect (fixture, "connecting\ndisconnected\n");
}

static void
test_none_left (Fixture *fixture,
                gconstpointer data)
{
  fixture->options->use_tls = TRUE;
  fixture->options->transports = SCOPE_TRANSPORT_WSS;
  start (fixture);
  g_assert_cmpuint (fixture->transports->len, ==, 0);
  g_assert_nonnull (strstr (fixture->log->str, "failed\n"));
}

#define ADD(name, func) g_test_add ("/transport-race/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("head-starts", test_head_starts);
  ADD ("tls", test_tls);
  ADD ("first-wins", test_first_wins);
  ADD ("refused", test_refused);
  ADD ("all-fail", test_all_fail);
  ADD ("statuses", test_statuses);
  ADD ("close-after-opening", test_close_after_opening);
  ADD ("close-before-opening", test_close_before_opening);
  ADD ("bad-first-frame", test_bad_first_frame);
  ADD ("switch-to-tls", test_switch_to_tls);
  ADD ("limits", test_limits);
  ADD ("silent-server", test_silent_server);
  ADD ("memory-fails", test_memory_fails);
  ADD ("memory-wins", test_memory_wins);
  ADD ("ping-delay", test_ping_delay);
  ADD ("give-up", test_give_up);
  ADD ("none-left", test_none_left);
  return g_test_run ();
}
