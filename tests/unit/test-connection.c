/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The connection over a transport without a socket and a clock that we own: every report it makes is
 * written down in short, and compared. */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "base/scope-error.h"
#include "fake-monitor.h"
#include "net/scope-connection.h"
#include "net/scope-memory-transport.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define GREETING "{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\"1.2\\\",\\\"activity_timeout\\\":30}\"}"
#define SUCCEEDED(channel) "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"" channel "\",\"data\":\"{}\"}"

typedef struct
{
  ScopeConnectionOptions *options;
  ScopeClock *clock;
  ScopeConnection *connection;
  GPtrArray *transports;
  GString *log;
  void (*on_report) (ScopeConnection *connection, const ScopeReport *report);
} Fixture;

static void
log_members (GString *log,
             const ScopeReport *report)
{
  guint n_members = report->action == SCOPE_PRESENCE_SNAPSHOT ? report->count : 1;

  for (guint i = 0; i < n_members; i++)
    g_string_append_printf (log, " %s%s%s", report->members[i].user_id,
                            report->members[i].user_info != NULL ? "=" : "",
                            report->members[i].user_info != NULL ? report->members[i].user_info : "");
}

static void
log_report (GString *log,
            const ScopeReport *report)
{
  switch (report->type)
    {
    case SCOPE_REPORT_STATE:
      g_string_append_printf (log, "state %s>%s", scope_state_to_name (report->previous),
                              scope_state_to_name (report->current));
      if (report->has_code)
        g_string_append_printf (log, " %u", report->code);
      break;
    case SCOPE_REPORT_CONNECTING_IN:
      g_string_append_printf (log, "wait #%u", report->attempt);
      break;
    case SCOPE_REPORT_SUBSCRIPTION:
      g_string_append_printf (log, "subscription %s %s", report->channel,
                              scope_subscription_status_to_name (report->status));
      if (report->status == SCOPE_SUBSCRIPTION_ERROR)
        g_string_append_printf (log, " %s %u", report->error_type, report->code);
      break;
    case SCOPE_REPORT_EVENT:
      g_string_append_printf (log, "%s %s/%s", report->outgoing ? "sent" : "event", report->channel,
                              scope_message_get_event (report->message, NULL));
      if (report->encrypted)
        g_string_append (log, report->decrypted ? " unlocked" : " locked");
      break;
    case SCOPE_REPORT_PRESENCE:
      g_string_append_printf (log, "presence %s %s %u", report->channel,
                              scope_presence_action_to_name (report->action), report->count);
      log_members (log, report);
      break;
    case SCOPE_REPORT_COUNT:
      g_string_append_printf (log, "count %s %" G_GINT64_FORMAT, report->channel, report->subscription_count);
      break;
    case SCOPE_REPORT_CACHE_MISS:
      g_string_append_printf (log, "cache_miss %s", report->channel);
      break;
    case SCOPE_REPORT_ERROR:
      g_string_append_printf (log, "error %s", scope_error_source_to_name (report->source));
      if (report->has_code)
        g_string_append_printf (log, " %u", report->code);
      g_string_append_printf (log, " %s", scope_reaction_to_action (report->reaction));
      if (report->channel != NULL)
        g_string_append_printf (log, " %s", report->channel);
      break;
    case SCOPE_REPORT_FRAME:
      g_string_append_printf (log, "frame %s %s", report->outgoing ? "out" : "in",
                              scope_message_get_event (report->message, NULL));
      break;
    case SCOPE_REPORT_USER:
      g_string_append_printf (log, "user %s %s", scope_user_status_to_name (report->user_status),
                              report->user_id != NULL ? report->user_id : "-");
      break;
    case SCOPE_REPORT_WATCHLIST:
      g_string_append (log, report->online ? "online" : "offline");
      for (guint i = 0; report->user_ids[i] != NULL; i++)
        g_string_append_printf (log, " %s", report->user_ids[i]);
      break;
    case SCOPE_REPORT_ROUND_TRIP:
      g_string_append_printf (log, "round-trip %" G_GINT64_FORMAT, report->usec);
      break;
    default:
      g_assert_not_reached ();
    }
  g_string_append_c (log, '\n');
}

/* the app key stands in the keyring and on the wire, and in nothing that could be recorded */
static void
check_no_key (const ScopeReport *report)
{
  gsize length;
  const char *frame;

  if (report->message == NULL)
    return;
  frame = g_bytes_get_data (scope_message_get_bytes (report->message), &length);
  g_assert_null (g_strstr_len (frame, length, "278d425bdf160c739803"));
}

static void
report_cb (ScopeConnection *connection,
           const ScopeReport *report,
           gpointer user_data)
{
  Fixture *fixture = user_data;

  check_no_key (report);
  log_report (fixture->log, report);
  if (fixture->on_report != NULL)
    fixture->on_report (connection, report);
}

static ScopeTransport *
make_transport (const ScopeConnectionOptions *options,
                gboolean use_tls,
                gpointer user_data)
{
  Fixture *fixture = user_data;
  ScopeMemoryTransport *transport = scope_memory_transport_new (use_tls ? "wss" : "ws");

  g_ptr_array_add (fixture->transports, g_object_ref (transport));
  return SCOPE_TRANSPORT (transport);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->options = scope_connection_options_new ();
  fixture->options->key = g_strdup ("278d425bdf160c739803");
  fixture->options->secret = scope_secret_new ("7ad3773142a6692b25b8");
  fixture->options->host = g_strdup ("127.0.0.1");
  fixture->options->use_tls = FALSE;
  fixture->options->presence_user_id = g_strdup ("me");
  fixture->clock = scope_clock_new_fake (0);
  fixture->transports = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->log = g_string_new (NULL);
  fixture->on_report = NULL;
}

static void
start (Fixture *fixture)
{
  fixture->connection = scope_connection_new (fixture->options, fixture->clock);
  scope_connection_set_listener (fixture->connection, report_cb, fixture);
  scope_connection_set_factory (fixture->connection, make_transport, fixture);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  scope_connection_disconnect (fixture->connection);
  g_assert_finalize_object (fixture->connection);
  g_assert_cmpuint (scope_clock_count_timers (fixture->clock), ==, 0);
  g_ptr_array_unref (fixture->transports);
  g_object_unref (fixture->clock);
  scope_connection_options_free (fixture->options);
  g_string_free (fixture->log, TRUE);
}

static ScopeMemoryTransport *
newest (Fixture *fixture)
{
  g_assert_cmpuint (fixture->transports->len, >, 0);
  return fixture->transports->pdata[fixture->transports->len - 1];
}

static void
receive (Fixture *fixture,
         const char *frame)
{
  scope_memory_transport_receive (newest (fixture), frame);
}

/* compares the log with what is expected, and empties it */
static void
expect (Fixture *fixture,
        const char *log)
{
  g_assert_cmpstr (fixture->log->str, ==, log);
  g_string_truncate (fixture->log, 0);
}

static void
expect_sent (Fixture *fixture,
             const char *frames)
{
  g_auto (GStrv) sent = scope_memory_transport_take_sent (newest (fixture));
  g_autofree char *joined = g_strjoinv ("\n", sent);

  g_assert_cmpstr (joined, ==, frames);
}

static void
greet (Fixture *fixture)
{
  scope_memory_transport_accept (newest (fixture));
  receive (fixture, GREETING);
}

static void
connect_quietly (Fixture *fixture)
{
  start (fixture);
  scope_connection_connect (fixture->connection);
  greet (fixture);
  g_string_truncate (fixture->log, 0);
}

static void
test_connect (Fixture *fixture,
              gconstpointer data)
{
  start (fixture);
  scope_connection_connect (fixture->connection);
  scope_connection_connect (fixture->connection); /* idempotent: one transport */
  g_assert_cmpuint (fixture->transports->len, ==, 1);
  g_assert_true (scope_memory_transport_was_opened (newest (fixture)));
  greet (fixture);
  expect (fixture, "state initialized>connecting\nstate connecting>connected\n");
  g_assert_cmpstr (scope_connection_get_socket_id (fixture->connection), ==, "1.2");

  scope_connection_disconnect (fixture->connection);
  expect (fixture, "state connected>disconnected\n");
  g_assert_cmpuint (scope_memory_transport_get_close_code (newest (fixture)), ==, 1000);
  scope_memory_transport_drop (newest (fixture), 1000, NULL);
  g_assert_true (scope_memory_transport_was_abandoned (newest (fixture)));
  receive (fixture, GREETING); /* late: nothing gets through */
  expect (fixture, "");
}

static void
test_subscribe (Fixture *fixture,
                gconstpointer data)
{
  start (fixture);
  g_assert_true (scope_connection_subscribe (fixture->connection, "news", NULL));
  g_assert_true (scope_connection_subscribe (fixture->connection, "private-orders", NULL));
  expect (fixture, "");
  scope_connection_connect (fixture->connection);
  greet (fixture);
  expect (fixture,
          "state initialized>connecting\nstate connecting>connected\n"
          "subscription news pending\nframe out pusher:subscribe\n"
          "subscription private-orders pending\nframe out pusher:subscribe\n");
  expect_sent (fixture,
               "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\",\"auth\":\"\"}}\n"
               "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-orders\","
               "\"auth\":\"278d425bdf160c739803:"
               "31d2167f15d782f06988d44aed7e89ddc87c35890f613cd9aa8e3e5c3873a87e\"}}");

  receive (fixture, SUCCEEDED ("private-orders"));
  receive (fixture, "{\"event\":\"order.paid\",\"channel\":\"private-orders\",\"data\":\"{}\"}");
  receive (fixture, "{\"event\":\"pusher:cache_miss\",\"channel\":\"news\"}");
  receive (fixture, "{\"event\":\"pusher_internal:subscription_count\",\"channel\":\"news\","
                    "\"data\":\"{\\\"subscription_count\\\":0}\"}");
  expect (fixture,
          "subscription private-orders subscribed\nevent private-orders/order.paid\n"
          "cache_miss news\ncount news 0\n");

  scope_connection_unsubscribe (fixture->connection, "private-orders");
  expect (fixture, "frame out pusher:unsubscribe\nsubscription private-orders unsubscribed\n");
}

static void
test_presence (Fixture *fixture,
               gconstpointer data)
{
  connect_quietly (fixture);
  scope_connection_subscribe (fixture->connection, "presence-room", NULL);
  expect (fixture, "subscription presence-room pending\nframe out pusher:subscribe\n");
  expect_sent (fixture,
               "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"presence-room\","
               "\"auth\":\"278d425bdf160c739803:"
               "8296ef97157fa066be842535d2214e0cb1e307a6a4732675dbc8d7fde562e6d7\","
               "\"channel_data\":\"{\\\"user_id\\\":\\\"me\\\"}\"}}");
  receive (fixture, "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"presence-room\","
                    "\"data\":\"{\\\"presence\\\":{\\\"ids\\\":[\\\"me\\\",\\\"7\\\"],"
                    "\\\"hash\\\":{\\\"me\\\":null,\\\"7\\\":{\\\"name\\\":\\\"Ana\\\"}},\\\"count\\\":2}}\"}");
  receive (fixture, "{\"event\":\"pusher_internal:member_added\",\"channel\":\"presence-room\","
                    "\"data\":\"{\\\"user_id\\\":8}\"}");
  receive (fixture, "{\"event\":\"pusher_internal:member_removed\",\"channel\":\"presence-room\","
                    "\"data\":{\"user_id\":\"7\"}}");
  receive (fixture, "{\"event\":\"pusher_internal:member_removed\",\"channel\":\"presence-room\","
                    "\"data\":{\"user_id\":\"nobody\"}}");
  expect (fixture,
          "subscription presence-room subscribed\n"
          "presence presence-room snapshot 2 me 7={\"name\":\"Ana\"}\n"
          "presence presence-room added 3 8\n"
          "presence presence-room removed 2 7={\"name\":\"Ana\"}\n"
          "frame in pusher_internal:member_removed\n");
}

static void
test_loss (Fixture *fixture,
           gconstpointer data)
{
  connect_quietly (fixture);
  scope_connection_subscribe (fixture->connection, "news", NULL);
  receive (fixture, SUCCEEDED ("news"));
  g_string_truncate (fixture->log, 0);

  scope_memory_transport_drop (newest (fixture), SCOPE_CLOSE_NONE, NULL);
  expect (fixture, "error socket 1006 retry\nstate connected>connecting 1006\nwait #2\n");
  scope_clock_advance (fixture->clock, 2 * SECOND);
  g_assert_cmpuint (fixture->transports->len, ==, 2);
  scope_clock_advance (fixture->clock, 9 * SECOND);
  expect (fixture, "state connecting>unavailable\n");
  greet (fixture);
  expect (fixture, "state unavailable>connected\nsubscription news pending\nframe out pusher:subscribe\n");
}

static void
test_stale_socket (Fixture *fixture,
                   gconstpointer data)
{
  ScopeMemoryTransport *first;

  connect_quietly (fixture);
  first = newest (fixture);
  scope_connection_disconnect (fixture->connection);
  scope_connection_connect (fixture->connection);
  g_string_truncate (fixture->log, 0);

  scope_memory_transport_receive (first, "{\"event\":\"x\"}");
  scope_memory_transport_drop (first, 4001, "late");
  expect (fixture, "");
  g_assert_cmpint (scope_connection_get_state (fixture->connection), ==, SCOPE_STATE_CONNECTING);
}

static void
test_ping (Fixture *fixture,
           gconstpointer data)
{
  connect_quietly (fixture);

  /* theirs */
  receive (fixture, "{\"event\":\"pusher:ping\"}");
  expect (fixture, "frame in pusher:ping\nframe out pusher:pong\n");
  expect_sent (fixture, "{\"event\":\"pusher:pong\",\"data\":{}}");

  /* ours: the server said 30 s, which is 25 s of silence for us */
  scope_clock_advance (fixture->clock, 24 * SECOND);
  expect (fixture, "");
  scope_clock_advance (fixture->clock, 2 * SECOND);
  expect (fixture, "frame out pusher:ping\n");
  expect_sent (fixture, "{\"event\":\"pusher:ping\",\"data\":{}}");
  scope_clock_advance (fixture->clock, SECOND / 2);
  receive (fixture, "{\"event\":\"pusher:pong\",\"data\":{}}");
  expect (fixture, "frame in pusher:pong\nround-trip 1500000\n");

  /* no answer: dead, and at once anew */
  scope_clock_advance (fixture->clock, 26 * SECOND);
  scope_clock_advance (fixture->clock, 31 * SECOND);
  expect (fixture, "frame out pusher:ping\nerror socket retry_now\nstate connected>connecting\n");
  g_assert_cmpuint (fixture->transports->len, ==, 2);
}

static void
test_sleep (Fixture *fixture,
            gconstpointer data)
{
  connect_quietly (fixture);
  scope_clock_sleep (fixture->clock, 3600 * SECOND);
  scope_clock_advance (fixture->clock, 6 * SECOND);
  expect (fixture, "frame out pusher:ping\n");
  scope_clock_advance (fixture->clock, 6 * SECOND);
  expect (fixture, "error socket retry_now\nstate connected>connecting\n");
}

/* The monitor is looked at anew with every connect: the host, or the network, may be another. */
static void
test_network (Fixture *fixture,
              gconstpointer data)
{
  g_autoptr (FakeMonitor) monitor = g_object_new (FAKE_TYPE_MONITOR, NULL);
  g_autoptr (ScopeConnectionOptions) remote = NULL;

  start (fixture);
  scope_connection_set_network_monitor (fixture->connection, G_NETWORK_MONITOR (monitor));
  scope_connection_connect (fixture->connection); /* to this machine: the monitor does not count */
  scope_memory_transport_accept (newest (fixture));
  scope_memory_transport_drop (newest (fixture), 4001, NULL);
  g_assert_cmpint (scope_connection_get_state (fixture->connection), ==, SCOPE_STATE_DISCONNECTED);

  remote = scope_connection_options_copy (scope_connection_get_options (fixture->connection));
  g_free (remote->host);
  remote->host = g_strdup ("ws.example.com");
  scope_connection_set_options (fixture->connection, remote);
  scope_connection_connect (fixture->connection);
  scope_memory_transport_drop (newest (fixture), SCOPE_CLOSE_NONE, NULL);
  g_assert_cmpint (scope_connection_get_retry_at_usec (fixture->connection)
                       - scope_clock_get_monotonic_usec (fixture->clock), ==, 30 * SECOND);

  /* it comes: at once */
  g_assert_cmpuint (fixture->transports->len, ==, 2);
  fake_monitor_change (monitor, TRUE);
  g_assert_cmpuint (fixture->transports->len, ==, 3);

  /* it went and came while nobody wanted to be connected */
  fake_monitor_change (monitor, FALSE);
  scope_connection_disconnect (fixture->connection);
  monitor->available = TRUE;
  scope_connection_connect (fixture->connection);
  scope_memory_transport_drop (newest (fixture), SCOPE_CLOSE_NONE, NULL);
  g_assert_cmpint (scope_connection_get_retry_at_usec (fixture->connection)
                       - scope_clock_get_monotonic_usec (fixture->clock), <, 2 * SECOND);
}

static void
test_bad_handshakes (Fixture *fixture,
                     gconstpointer data)
{
  static const char * const frames[] = {
    "{\"event\":\"hello\"}",
    "garbage",
    "{\"event\":\"pusher:connection_established\",\"data\":\"{}\"}",
    "{\"event\":\"pusher:connection_established\",\"data\":\"no json\"}",
    "{\"event\":\"pusher:connection_established\"}",
  };

  start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      scope_connection_connect (fixture->connection);
      scope_memory_transport_accept (newest (fixture));
      receive (fixture, frames[i]);
      g_assert_cmpint (scope_connection_get_state (fixture->connection), ==, SCOPE_STATE_CONNECTING);
      g_assert_nonnull (strstr (fixture->log->str, "error handshake retry"));
      g_assert_nonnull (strstr (fixture->log->str, "wait #"));
      scope_connection_disconnect (fixture->connection);
      g_string_truncate (fixture->log, 0);
    }
}

static void
test_refusals (Fixture *fixture,
               gconstpointer data)
{
  connect_quietly (fixture);
  scope_connection_subscribe (fixture->connection, "private-a", NULL);
  scope_connection_subscribe (fixture->connection, "private-b", NULL);
  scope_connection_subscribe (fixture->connection, "presence-c", NULL);
  g_string_truncate (fixture->log, 0);

  /* soketi's frame, Pusher's text, and silence */
  receive (fixture, "{\"event\":\"pusher:subscription_error\",\"channel\":\"private-a\",\"data\":"
                    "{\"type\":\"AuthError\",\"error\":\"The connection is unauthorized.\",\"status\":401}}");
  expect (fixture, "subscription private-a error AuthError 401\n");
  receive (fixture, "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":\"Invalid signature: Expected "
                    "HMAC SHA256 hex digest of 1.2:private-b, but got x\"}}");
  expect (fixture, "error server none private-b\nsubscription private-b error ServerError 0\n");
  scope_clock_advance (fixture->clock, 24 * SECOND);
  receive (fixture, "{\"event\":\"x\"}");
  g_string_truncate (fixture->log, 0);
  scope_clock_advance (fixture->clock, 7 * SECOND);
  g_assert_nonnull (strstr (fixture->log->str, "subscription presence-c error "));
}

/* What a server says about subscriptions without being asked, or without naming the channel. */
static void
test_server_errors (Fixture *fixture,
                    gconstpointer data)
{
  connect_quietly (fixture);
  scope_connection_subscribe (fixture->connection, "news", NULL);
  g_string_truncate (fixture->log, 0);

  receive (fixture, "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":"
                    "\"Unsupported event received on socket: 'x'\"}}");
  expect (fixture, "error server none\n"); /* not the pending channel's fault */
  receive (fixture, "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":"
                    "\"Existing subscription to channel news\"}}");
  expect (fixture, "error server none news\nsubscription news subscribed\n");
  receive (fixture, "{\"event\":\"pusher:subscription_error\",\"channel\":\"news\",\"data\":{}}");
  expect (fixture, "error server none news\n");
  receive (fixture, "{\"event\":\"pusher_internal:subscription_count\",\"channel\":\"news\",\"data\":"
                    "{\"subscription_count\":\"abc\"}}");
  expect (fixture, "error parse none news\n");

  scope_connection_subscribe (fixture->connection, "private-a", NULL);
  g_string_truncate (fixture->log, 0);
  receive (fixture, "{\"event\":\"pusher:error\",\"data\":{\"code\":4009,\"message\":\"Connection is unauthorized\"}}");
  expect (fixture, "error server 4009 none private-a\nsubscription private-a error ServerError 4009\n");
}

static void
test_no_secret (Fixture *fixture,
                gconstpointer data)
{
  g_clear_pointer (&fixture->options->secret, scope_secret_unref);
  connect_quietly (fixture);
  scope_connection_subscribe (fixture->connection, "private-a", NULL);
  expect (fixture, "subscription private-a pending\nsubscription private-a error AuthError 0\n");
  expect_sent (fixture, "");
}

static void
test_client_events (Fixture *fixture,
                    gconstpointer data)
{
  g_autofree char *big = g_strnfill (10241, '1');
  g_autoptr (GError) error = NULL;

  start (fixture);
  g_assert_false (scope_connection_send_event (fixture->connection, "private-a", "client-x", "1", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_CONNECTED);
  g_clear_error (&error);

  scope_connection_connect (fixture->connection);
  greet (fixture);
  g_assert_false (scope_connection_send_event (fixture->connection, "private-a", "client-x", "1", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_CONNECTED);
  g_clear_error (&error);

  scope_connection_subscribe (fixture->connection, "private-a", NULL);
  receive (fixture, SUCCEEDED ("private-a"));
  g_strfreev (scope_memory_transport_take_sent (newest (fixture)));
  g_string_truncate (fixture->log, 0);

  g_assert_false (scope_connection_send_event (fixture->connection, "private-a", "typing", "1", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_false (scope_connection_send_event (fixture->connection, "private-a", "client-x", "{bad", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_false (scope_connection_send_event (fixture->connection, "private-a", "client-x", big, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_false (scope_connection_send_event (fixture->connection, "news", "client-x", "1", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_false (scope_connection_send_event (fixture->connection, "private-encrypted-a", "client-x", "1",
                                               &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_clear_error (&error);
  expect (fixture, "");

  /* ten at once, then the server's limit is ours */
  for (guint i = 0; i < 10; i++)
    g_assert_true (scope_connection_send_event (fixture->connection, "private-a", "client-x",
                                                i == 0 ? "{\"n\": 1e21}" : NULL, NULL));
  g_assert_false (scope_connection_send_event (fixture->connection, "private-a", "client-x", NULL, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
  scope_clock_advance (fixture->clock, SECOND / 10);
  g_assert_true (scope_connection_send_event (fixture->connection, "private-a", "client-x", NULL, NULL));
  g_assert_true (g_str_has_prefix (fixture->log->str, "sent private-a/client-x\n"));
  {
    g_auto (GStrv) sent = scope_memory_transport_take_sent (newest (fixture));

    g_assert_cmpuint (g_strv_length (sent), ==, 11);
    g_assert_cmpstr (sent[0], ==, "{\"event\":\"client-x\",\"channel\":\"private-a\",\"data\":{\"n\":1e21}}");
    g_assert_cmpstr (sent[1], ==, "{\"event\":\"client-x\",\"channel\":\"private-a\"}");
  }
}

/* protocol.md §13.4: the key of private-encrypted-bla */
#define LOCKED "{\"event\":\"x\",\"channel\":\"private-encrypted-bla\",\"data\":" \
               "\"{\\\"nonce\\\":\\\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYX\\\",\\\"ciphertext\\\":" \
               "\\\"33oMbJp4jf9rt7Abv2Sc4QEidySHWH/MlDfFNmdv+bWcdikhl31YXp8=\\\"}\"}"

static void
test_encrypted (Fixture *fixture,
                gconstpointer data)
{
  g_autoptr (ScopeConnectionOptions) with_key = NULL;

  connect_quietly (fixture);
  receive (fixture, LOCKED);
  expect (fixture, "event private-encrypted-bla/x locked\n");

  with_key = scope_connection_options_copy (scope_connection_get_options (fixture->connection));
  with_key->master_key = scope_secret_new ("zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=");
  scope_connection_set_options (fixture->connection, with_key);
  receive (fixture, LOCKED);
  expect (fixture, "event private-encrypted-bla/x unlocked\n");
  receive (fixture, "{\"event\":\"x\",\"channel\":\"private-encrypted-bla\",\"data\":\"{}\"}");
  expect (fixture, "error decrypt none private-encrypted-bla\nevent private-encrypted-bla/x locked\n");
}

static void
test_nothing_hidden (Fixture *fixture,
                     gconstpointer data)
{
  connect_quietly (fixture);
  receive (fixture, "no json");
  expect (fixture, "error parse none\n");
  receive (fixture, "{\"event\":\"pusher:new_thing\",\"data\":1}");
  receive (fixture, "{\"event\":\"pusher_internal:member_added\",\"channel\":\"presence-x\",\"data\":\"{}\"}");
  receive (fixture, "{\"event\":\"pusher:signin_success\",\"data\":\"{}\"}");
  expect (fixture, "frame in pusher:new_thing\nframe in pusher_internal:member_added\n"
                   "frame in pusher:signin_success\n");
  receive (fixture, "{\"event\":\"stray\",\"channel\":\"not-ours\",\"data\":1}");
  expect (fixture, "event not-ours/stray\n");
}

static void
disconnect_when_connected (ScopeConnection *connection,
                           const ScopeReport *report)
{
  if (report->type == SCOPE_REPORT_STATE && report->current == SCOPE_STATE_CONNECTED)
    {
      scope_connection_subscribe (connection, "news", NULL);
      scope_connection_disconnect (connection);
    }
}

/* A wish from inside a report waits for its turn. */
static void
test_wish_in_report (Fixture *fixture,
                     gconstpointer data)
{
  start (fixture);
  fixture->on_report = disconnect_when_connected;
  scope_connection_connect (fixture->connection);
  greet (fixture);
  g_assert_cmpint (scope_connection_get_state (fixture->connection), ==, SCOPE_STATE_DISCONNECTED);
  g_assert_true (g_str_has_suffix (fixture->log->str, "state connected>disconnected\n"));
}

static void
subscribe_when_lost (ScopeConnection *connection,
                     const ScopeReport *report)
{
  if (report->type == SCOPE_REPORT_STATE && report->previous == SCOPE_STATE_CONNECTED)
    g_assert_true (scope_connection_subscribe (connection, "private-late", NULL));
}

static void
disconnect_when_pending (ScopeConnection *connection,
                         const ScopeReport *report)
{
  if (report->type == SCOPE_REPORT_SUBSCRIPTION && report->status == SCOPE_SUBSCRIPTION_PENDING)
    scope_connection_disconnect (connection);
}

/* nothing can be pending without a socket, whatever the listener does while it is told */
static void
test_subscribe_in_report (Fixture *fixture,
                          gconstpointer data)
{
  connect_quietly (fixture);
  fixture->on_report = subscribe_when_lost;
  scope_connection_disconnect (fixture->connection);
  expect (fixture, "state connected>disconnected\n");

  fixture->on_report = NULL;
  scope_connection_connect (fixture->connection);
  greet (fixture);
  g_assert_nonnull (strstr (fixture->log->str, "subscription private-late pending\n"));
  g_string_truncate (fixture->log, 0);

  fixture->on_report = disconnect_when_pending;
  g_assert_true (scope_connection_subscribe (fixture->connection, "private-x", NULL));
  expect (fixture, "subscription private-x pending\nstate connected>disconnected\n");
}

/* what is on its way when the user disconnects is told until the server closes, too, or two seconds */
static void
test_late_frames (Fixture *fixture,
                  gconstpointer data)
{
  connect_quietly (fixture);
  for (guint i = 0; i < 3; i++)
    {
      ScopeMemoryTransport *transport = newest (fixture);

      scope_connection_disconnect (fixture->connection);
      g_assert_cmpuint (scope_memory_transport_get_close_code (transport), ==, 1000);
      g_string_truncate (fixture->log, 0);
      scope_memory_transport_receive (transport, "{\"event\":\"late\",\"channel\":\"a\",\"data\":1}");
      scope_memory_transport_receive (transport, SUCCEEDED ("a"));
      scope_memory_transport_receive (transport, "{\"event\":\"pusher:ping\"}");
      expect (fixture, "event a/late\nframe in pusher_internal:subscription_succeeded\nframe in pusher:ping\n");
      g_assert_false (scope_memory_transport_was_abandoned (transport));

      if (i == 0)
        scope_memory_transport_drop (transport, 1000, NULL);
      else if (i == 1)
        scope_clock_advance (fixture->clock, 3 * SECOND);
      scope_connection_connect (fixture->connection);
      g_assert_true (scope_memory_transport_was_abandoned (transport));
      greet (fixture);
      g_string_truncate (fixture->log, 0);
      scope_memory_transport_receive (transport, "{\"event\":\"too-late\",\"channel\":\"a\",\"data\":1}");
      expect (fixture, "");
    }
}

static void
free_when_told (ScopeConnection *connection,
                const ScopeReport *report)
{
  if (report->type == SCOPE_REPORT_SUBSCRIPTION && report->status == SCOPE_SUBSCRIPTION_ERROR)
    g_object_unref (connection);
}

/* the owner may let go when it is told that the server did not answer */
static void
test_free_in_report (Fixture *fixture,
                     gconstpointer data)
{
  connect_quietly (fixture);
  g_assert_true (scope_connection_subscribe (fixture->connection, "a", NULL));
  g_object_add_weak_pointer (G_OBJECT (fixture->connection), (gpointer *) &fixture->connection);
  fixture->on_report = free_when_told;
  scope_clock_advance (fixture->clock, 31 * SECOND);
  g_assert_null (fixture->connection);
  start (fixture);
}

static void
test_upgrade_refused (Fixture *fixture,
                      gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "no upgrade");

  start (fixture);
  scope_connection_connect (fixture->connection);
  scope_memory_transport_fail (newest (fixture), error, 403, "Forbidden here");
  expect (fixture, "state initialized>connecting\nerror handshake 403 stop\nstate connecting>disconnected 403\n");

  scope_connection_connect (fixture->connection);
  scope_memory_transport_fail (newest (fixture), error, 502, NULL);
  expect (fixture, "state disconnected>connecting\nerror handshake 502 retry\nwait #2\n");
}

static void
test_tls_switch (Fixture *fixture,
                 gconstpointer data)
{
  start (fixture);
  scope_connection_connect (fixture->connection);
  g_assert_cmpstr (scope_transport_get_name (SCOPE_TRANSPORT (newest (fixture))), ==, "ws");
  scope_memory_transport_accept (newest (fixture));
  scope_memory_transport_drop (newest (fixture), 4000, "TLS please");
  g_assert_cmpuint (fixture->transports->len, ==, 2);
  g_assert_cmpstr (scope_transport_get_name (SCOPE_TRANSPORT (newest (fixture))), ==, "wss");
}

static void
test_no_transport (Fixture *fixture,
                   gconstpointer data)
{
  fixture->options->use_tls = TRUE;
  fixture->options->transports = SCOPE_TRANSPORT_WSS; /* names only the second try: nothing is left */
  start (fixture);
  scope_connection_connect (fixture->connection);
  expect (fixture, "error socket stop\nstate initialized>failed\n");
}

static void
test_limits (Fixture *fixture,
             gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start (fixture);
  g_assert_false (scope_connection_subscribe (fixture->connection, "no spaces", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_clear_error (&error);
  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *channel = g_strdup_printf ("c-%u", i);

      g_assert_true (scope_connection_subscribe (fixture->connection, channel, NULL));
    }
  g_assert_true (scope_connection_subscribe (fixture->connection, "c-1", NULL));
  g_assert_false (scope_connection_subscribe (fixture->connection, "one-more", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
}

#define ADD(path, func) g_test_add ("/connection/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("connect", test_connect);
  ADD ("subscribe", test_subscribe);
  ADD ("presence", test_presence);
  ADD ("loss", test_loss);
  ADD ("stale-socket", test_stale_socket);
  ADD ("ping", test_ping);
  ADD ("sleep", test_sleep);
  ADD ("network", test_network);
  ADD ("bad-handshakes", test_bad_handshakes);
  ADD ("refusals", test_refusals);
  ADD ("server-errors", test_server_errors);
  ADD ("no-secret", test_no_secret);
  ADD ("client-events", test_client_events);
  ADD ("encrypted", test_encrypted);
  ADD ("nothing-hidden", test_nothing_hidden);
  ADD ("wish-in-report", test_wish_in_report);
  ADD ("subscribe-in-report", test_subscribe_in_report);
  ADD ("late-frames", test_late_frames);
  ADD ("free-in-report", test_free_in_report);
  ADD ("upgrade-refused", test_upgrade_refused);
  ADD ("tls-switch", test_tls_switch);
  ADD ("no-transport", test_no_transport);
  ADD ("limits", test_limits);
  return g_test_run ();
}
