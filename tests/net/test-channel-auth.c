/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A connection that asks an endpoint: its socket is in memory and its clock is ours, the endpoint is a real
 * HTTP server that answers when the test says so. */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "base/scope-limits.h"
#include "net/scope-connection.h"
#include "net/scope-memory-transport.h"
#include "protocol/scope-decrypt.h"
#include "tests/wait.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define GREETING(id) "{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\"" id "\\\"}\"}"
#define SUCCEEDED(channel) "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"" channel "\",\"data\":\"{}\"}"
#define LOCKED "private-encrypted-x"

typedef struct
{
  SoupServer *server;
  GPtrArray *asked;   /* bodies of requests, in order */
  GQueue waiting;     /* of SoupServerMessage*: not yet answered */

  ScopeConnectionOptions *options;
  ScopeClock *clock;
  ScopeConnection *connection;
  ScopeMemoryTransport *transport; /* the newest */
  GString *log;
  gint64 held_usec;   /* of the last event */
  gboolean unsubscribe_on_event;
} Fixture;

/* --- the endpoint --- */

static void
endpoint_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer user_data)
{
  Fixture *fixture = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  g_ptr_array_add (fixture->asked, g_strndup (body->data, body->length));
  g_queue_push_tail (&fixture->waiting, g_object_ref (message));
  soup_server_message_pause (message);
}

static void
wait_for_request (Fixture *fixture)
{
  WAIT_UNTIL (!g_queue_is_empty (&fixture->waiting));
}

/* to the oldest request that waits */
static void
answer (Fixture *fixture,
        guint status,
        const char *body)
{
  g_autoptr (SoupServerMessage) message = NULL;

  wait_for_request (fixture);
  message = g_queue_pop_head (&fixture->waiting);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, body, strlen (body));
  soup_server_message_unpause (message);
}

static void
answer_key (Fixture *fixture,
            guint8 which)
{
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];
  g_autofree char *text = NULL;
  g_autofree char *body = NULL;

  memset (key, which, sizeof key);
  text = g_base64_encode (key, sizeof key);
  body = g_strdup_printf ("{\"auth\":\"the-key:s\",\"shared_secret\":\"%s\"}", text);
  answer (fixture, 200, body);
}

/* --- the connection --- */

static void
log_event (Fixture *fixture,
           const ScopeReport *report)
{
  g_string_append_printf (fixture->log, "event %s", scope_message_get_event (report->message, NULL));
  if (report->encrypted)
    g_string_append (fixture->log, report->decrypted ? " unlocked" : " locked");
  fixture->held_usec = report->held_usec;
}

static void
log_report (Fixture *fixture,
            const ScopeReport *report)
{
  switch (report->type)
    {
    case SCOPE_REPORT_SUBSCRIPTION:
      g_string_append_printf (fixture->log, "%s %s", report->channel,
                              scope_subscription_status_to_name (report->status));
      if (report->status == SCOPE_SUBSCRIPTION_ERROR)
        g_string_append_printf (fixture->log, " %s %u %s", report->error_type, report->code, report->error_text);
      break;
    case SCOPE_REPORT_EVENT:
      log_event (fixture, report);
      break;
    case SCOPE_REPORT_PRESENCE:
      g_string_append_printf (fixture->log, "presence me=%s", report->me != NULL ? report->me : "-");
      break;
    case SCOPE_REPORT_ERROR:
      g_string_append_printf (fixture->log, "error %s %s", scope_error_source_to_name (report->source), report->text);
      break;
    case SCOPE_REPORT_FRAME:
      g_string_append_printf (fixture->log, "%s %s", report->outgoing ? "out" : "in",
                              scope_message_get_event (report->message, NULL));
      break;
    case SCOPE_REPORT_STATE:
      if (report->previous != SCOPE_STATE_CONNECTED)
        return;
      g_string_append (fixture->log, "left connected");
      break;
    case SCOPE_REPORT_USER:
      if (report->user_status != SCOPE_USER_ERROR)
        return;
      g_string_append_printf (fixture->log, "user error %s", report->error_type);
      break;
    case SCOPE_REPORT_CONNECTING_IN:
    case SCOPE_REPORT_COUNT:
    case SCOPE_REPORT_CACHE_MISS:
    case SCOPE_REPORT_WATCHLIST:
    case SCOPE_REPORT_ROUND_TRIP:
    default:
      return;
    }
  g_string_append_c (fixture->log, '\n');
}

static void
report_cb (ScopeConnection *connection,
           const ScopeReport *report,
           gpointer user_data)
{
  Fixture *fixture = user_data;

  log_report (fixture, report);
  g_assert_null (strstr (fixture->log->str, "the-key"));
  if (report->type == SCOPE_REPORT_EVENT && fixture->unsubscribe_on_event)
    scope_connection_unsubscribe (connection, report->channel);
}

static ScopeTransport *
make_transport (const ScopeConnectionOptions *options,
                gboolean use_tls,
                gpointer user_data)
{
  Fixture *fixture = user_data;

  g_clear_object (&fixture->transport);
  fixture->transport = scope_memory_transport_new ("ws");
  return SCOPE_TRANSPORT (g_object_ref (fixture->transport));
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  GError *error = NULL;
  GSList *uris;

  fixture->asked = g_ptr_array_new_with_free_func (g_free);
  fixture->log = g_string_new (NULL);
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, endpoint_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);

  fixture->options = scope_connection_options_new ();
  fixture->options->key = g_strdup ("the-key");
  fixture->options->host = g_strdup ("127.0.0.1");
  fixture->options->use_tls = FALSE;
  fixture->options->channel_auth.endpoint = g_uri_to_string (uris->data);
  fixture->clock = scope_clock_new_fake (0);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static void
connect_as (Fixture *fixture,
            const char *greeting)
{
  if (fixture->connection == NULL)
    {
      fixture->connection = scope_connection_new (fixture->options, fixture->clock);
      scope_connection_set_listener (fixture->connection, report_cb, fixture);
      scope_connection_set_factory (fixture->connection, make_transport, fixture);
    }
  scope_connection_connect (fixture->connection);
  scope_memory_transport_accept (fixture->transport);
  scope_memory_transport_receive (fixture->transport, greeting);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  scope_connection_disconnect (fixture->connection);
  g_assert_finalize_object (fixture->connection);
  g_assert_cmpuint (scope_clock_count_timers (fixture->clock), ==, 0);
  g_queue_clear_full (&fixture->waiting, g_object_unref);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  g_clear_object (&fixture->transport);
  g_object_unref (fixture->clock);
  scope_connection_options_free (fixture->options);
  g_ptr_array_unref (fixture->asked);
  g_string_free (fixture->log, TRUE);
}

static void
receive (Fixture *fixture,
         const char *frame)
{
  scope_memory_transport_receive (fixture->transport, frame);
}

static guint
count_lines (Fixture *fixture)
{
  guint n = 0;

  for (const char *at = fixture->log->str; (at = strchr (at, '\n')) != NULL; at++)
    n++;
  return n;
}

/* waits until as many lines have come, compares what they begin with, and empties the log */
static void
expect (Fixture *fixture,
        const char *lines)
{
  g_auto (GStrv) expected = g_strsplit (lines, "\n", -1);
  g_auto (GStrv) got = NULL;
  guint n = g_strv_length (expected);

  WAIT_UNTIL (count_lines (fixture) >= n);
  got = g_strsplit (fixture->log->str, "\n", -1);
  for (guint i = 0; i < n; i++)
    if (!g_str_has_prefix (got[i], expected[i]))
      g_error ("“%s” is not how line %u begins of:\n%s", expected[i], i, fixture->log->str);
  g_assert_cmpuint (count_lines (fixture), ==, n);
  g_string_truncate (fixture->log, 0);
}

static void
expect_nothing (Fixture *fixture)
{
  g_assert_cmpstr (fixture->log->str, ==, "");
}

static void
expect_sent (Fixture *fixture,
             const char *frames)
{
  g_auto (GStrv) sent = scope_memory_transport_take_sent (fixture->transport);
  g_autofree char *joined = g_strjoinv ("\n", sent);

  g_assert_cmpstr (joined, ==, frames);
}

static void
subscribe (Fixture *fixture,
           const char *channel)
{
  g_assert_true (scope_connection_subscribe (fixture->connection, channel, NULL));
}

/* --- authorization --- */

static void
test_private (Fixture *fixture,
              gconstpointer data)
{
  fixture->options->secret = scope_secret_new ("known, but the endpoint goes before");
  connect_as (fixture, GREETING ("1.2"));
  subscribe (fixture, "private-a");
  expect (fixture, "private-a pending");
  expect_sent (fixture, "");
  answer (fixture, 200, "{\"auth\":\"the-key:abc\",\"channel_data\":\"{ \\\"a\\\":1}\"}");
  expect (fixture, "out pusher:subscribe");
  g_assert_cmpstr (fixture->asked->pdata[0], ==, "socket_id=1.2&channel_name=private-a");
  expect_sent (fixture, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-a\",\"auth\":\"the-key:abc\","
                        "\"channel_data\":\"{ \\\"a\\\":1}\"}}");
  receive (fixture, SUCCEEDED ("private-a"));
  expect (fixture, "private-a subscribed");
}

static void
test_refused (Fixture *fixture,
              gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe (fixture, "private-a");
  answer (fixture, 403, "{\"why\":\"not yours, the-key\"}");
  expect (fixture, "private-a pending\nprivate-a error AuthError 403 Unable to retrieve auth string");

  /* by subscribing again */
  subscribe (fixture, "private-a");
  answer (fixture, 200, "no");
  expect (fixture, "private-a pending\nprivate-a error AuthError 200 The answer is no valid JSON");

  /* and when it is connected again */
  scope_connection_disconnect (fixture->connection);
  connect_as (fixture, GREETING ("3.4"));
  answer (fixture, 200, "{\"auth\":\"the-key:abc\"}");
  expect (fixture, "left connected\nprivate-a pending\nout pusher:subscribe");
  g_assert_cmpstr (fixture->asked->pdata[2], ==, "socket_id=3.4&channel_name=private-a");
}

static void
test_presence (Fixture *fixture,
               gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe (fixture, "presence-a");
  answer (fixture, 200, "{\"auth\":\"the-key:abc\"}");
  expect (fixture, "presence-a pending\npresence-a error AuthError 200 Invalid auth response");

  subscribe (fixture, "presence-a");
  answer (fixture, 200, "{\"auth\":\"the-key:abc\",\"channel_data\":\"{\\\"user_id\\\":7}\"}");
  expect (fixture, "presence-a pending\nout pusher:subscribe");
  receive (fixture, "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"presence-a\",\"data\":"
                    "\"{\\\"presence\\\":{\\\"ids\\\":[\\\"7\\\"],\\\"hash\\\":{\\\"7\\\":null},\\\"count\\\":1}}\"}");
  expect (fixture, "presence-a subscribed\npresence me=7");
}

/* nobody was known when it was asked, but somebody was about to sign in; that failed meanwhile */
static void
test_presence_sign_in_failed (Fixture *fixture,
                              gconstpointer data)
{
  fixture->options->secret = scope_secret_new ("secret");
  fixture->options->user_data = g_strdup ("{\"id\":\"u-1\"}");
  connect_as (fixture, GREETING ("1.2"));
  subscribe (fixture, "presence-a");
  wait_for_request (fixture);
  receive (fixture, "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":\"Missing parameter: data.user\"}}");
  answer (fixture, 200, "{\"auth\":\"the-key:abc\"}");
  expect (fixture, "out pusher:signin\npresence-a pending\nerror server Missing\nuser error ServerError\n"
                   "presence-a error AuthError 200 The endpoint gave no “channel_data”");
}

/* what was asked for an old socket is dropped, and its request ended (§3.5, §12) */
static void
test_stale (Fixture *fixture,
            gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe (fixture, "private-a");
  wait_for_request (fixture);
  scope_connection_disconnect (fixture->connection);
  connect_as (fixture, GREETING ("3.4"));
  WAIT_UNTIL (fixture->asked->len == 2);
  g_assert_cmpstr (fixture->asked->pdata[1], ==, "socket_id=3.4&channel_name=private-a");
  answer (fixture, 200, "{\"auth\":\"the-key:old\"}");
  answer (fixture, 200, "{\"auth\":\"the-key:new\"}");
  expect (fixture, "private-a pending\nleft connected\nprivate-a pending\nout pusher:subscribe");
  expect_sent (fixture, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-a\",\"auth\":\"the-key:new\"}}");
}

static void
test_unsubscribed (Fixture *fixture,
                   gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe (fixture, "private-a");
  scope_connection_unsubscribe (fixture->connection, "private-a");
  answer (fixture, 200, "{\"auth\":\"the-key:abc\"}");
  expect (fixture, "private-a pending\nprivate-a unsubscribed");
  expect_sent (fixture, "");
}

/* the connection goes while it asks: nothing holds it */
static void
test_disposed (Fixture *fixture,
               gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe (fixture, "private-a");
  wait_for_request (fixture);
}

/* the server has 30 s from when the frame is sent, however long the channel's turn at the endpoint took */
static void
test_timed_out (Fixture *fixture,
                gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  for (guint i = 0; i <= SCOPE_LIMIT_AUTH_AT_ONCE; i++)
    {
      g_autofree char *channel = g_strdup_printf ("private-%u", i);

      subscribe (fixture, channel);
    }
  WAIT_UNTIL (fixture->asked->len == SCOPE_LIMIT_AUTH_AT_ONCE);
  g_string_truncate (fixture->log, 0);
  scope_clock_advance (fixture->clock, 60 * SECOND);
  expect_nothing (fixture);

  for (guint i = 0; i <= SCOPE_LIMIT_AUTH_AT_ONCE; i++)
    answer (fixture, i < SCOPE_LIMIT_AUTH_AT_ONCE ? 403 : 200, "{\"auth\":\"the-key:abc\"}");
  WAIT_UNTIL (strstr (fixture->log->str, "out pusher:subscribe\n") != NULL);
  g_assert_null (strstr (fixture->log->str, "TimedOut"));
  g_string_truncate (fixture->log, 0);
  scope_clock_advance (fixture->clock, 29 * SECOND);
  expect_nothing (fixture);
  scope_clock_advance (fixture->clock, 2 * SECOND);
  expect (fixture, "private-5 error TimedOut 0");
}

/* soketi wants authorization for a name that only holds its prefix (§11.2) */
static void
test_private_elsewhere (Fixture *fixture,
                        gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe (fixture, "my-private-room");
  receive (fixture, "{\"event\":\"pusher:subscription_error\",\"channel\":\"my-private-room\",\"data\":"
                    "{\"type\":\"AuthError\",\"error\":\"The connection is unauthorized.\",\"status\":401}}");
  answer (fixture, 200, "{\"auth\":\"the-key:abc\"}");
  expect (fixture, "my-private-room pending\nout pusher:subscribe\nmy-private-room pending\nout pusher:subscribe");
  expect_sent (fixture, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"my-private-room\",\"auth\":\"\"}}\n"
                        "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"my-private-room\","
                        "\"auth\":\"the-key:abc\"}}");
}

/* --- keys --- */

static void
receive_locked (Fixture *fixture,
                const char *event,
                guint8 which)
{
  static const guint8 nonce[24] = { 1 };
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];
  g_autofree char *data = NULL;
  g_autofree char *frame = NULL;

  memset (key, which, sizeof key);
  data = scope_encrypt_event (key, nonce, "{}", 2);
  frame = g_strdup_printf ("{\"event\":\"%s\",\"channel\":\"" LOCKED "\",\"data\":%s}", event, data);
  receive (fixture, frame);
}

static void
subscribe_locked (Fixture *fixture)
{
  subscribe (fixture, LOCKED);
  answer_key (fixture, 1);
  expect (fixture, LOCKED " pending\nout pusher:subscribe");
  receive (fixture, SUCCEEDED (LOCKED));
  expect (fixture, LOCKED " subscribed");
  receive_locked (fixture, "first", 1);
  expect (fixture, "event first unlocked");
  g_assert_cmpint (fixture->held_usec, ==, 0);
  g_strfreev (scope_memory_transport_take_sent (fixture->transport));
}

static void
test_key_changed (Fixture *fixture,
                  gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe_locked (fixture);

  /* the second waits although it could be opened: order */
  receive_locked (fixture, "new", 2);
  receive_locked (fixture, "old", 1);
  receive_locked (fixture, "new-again", 2);
  wait_for_request (fixture);
  g_assert_cmpuint (fixture->asked->len, ==, 2);
  receive (fixture, "{\"event\":\"other\",\"channel\":\"news\",\"data\":1}");
  expect (fixture, "event other");
  scope_clock_advance (fixture->clock, 3 * SECOND);
  receive_locked (fixture, "late", 2);
  answer_key (fixture, 2);
  expect (fixture, "event new unlocked\nerror decrypt The event can't be decrypted\nevent old locked\n"
                   "event new-again unlocked\nevent late unlocked");
  g_assert_cmpint (fixture->held_usec, ==, 0);
  expect_sent (fixture, ""); /* the subscription stands: its new authorization is not sent */
}

static void
test_held_time (Fixture *fixture,
                gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe_locked (fixture);
  receive_locked (fixture, "new", 2);
  wait_for_request (fixture);
  scope_clock_advance (fixture->clock, 3 * SECOND);
  answer_key (fixture, 2);
  expect (fixture, "event new unlocked");
  g_assert_cmpint (fixture->held_usec, ==, 3 * SECOND);
}

/* one request in ten seconds; one remark a key */
static void
test_key_limit (Fixture *fixture,
                gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe_locked (fixture);
  receive_locked (fixture, "a", 3);
  answer_key (fixture, 2);
  expect (fixture, "error decrypt The event can't be decrypted\nevent a locked");
  receive_locked (fixture, "b", 3);
  scope_clock_advance (fixture->clock, 9 * SECOND);
  receive_locked (fixture, "c", 3);
  expect (fixture, "event b locked\nevent c locked");
  g_assert_cmpuint (fixture->asked->len, ==, 2);

  scope_clock_advance (fixture->clock, SECOND);
  receive_locked (fixture, "d", 3);
  answer_key (fixture, 3);
  expect (fixture, "event d unlocked");
  g_assert_cmpuint (fixture->asked->len, ==, 3);
}

static void
test_key_refused (Fixture *fixture,
                  gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe_locked (fixture);
  receive_locked (fixture, "a", 2);
  receive_locked (fixture, "b", 1);
  receive_locked (fixture, "c", 2);
  answer (fixture, 403, "no");
  expect (fixture, "error decrypt An event could not be decrypted, and its channel's key could not be asked for "
                   "anew: Unable\nevent a locked\nevent b unlocked\nevent c locked");
  receive_locked (fixture, "d", 2);
  expect (fixture, "event d locked");
}

static void
test_too_many (Fixture *fixture,
               gconstpointer data)
{
  g_autoptr (GString) lines = g_string_new ("error decrypt Too many events wait");

  connect_as (fixture, GREETING ("1.2"));
  subscribe_locked (fixture);
  for (guint i = 0; i < SCOPE_LIMIT_HELD_EVENTS; i++)
    receive_locked (fixture, "x", 2);
  expect_nothing (fixture);
  receive_locked (fixture, "over", 2);
  receive_locked (fixture, "after", 2);
  for (guint i = 0; i < SCOPE_LIMIT_HELD_EVENTS; i++)
    g_string_append (lines, "\nevent x locked");
  g_string_append (lines, "\nevent over locked\nevent after locked");
  expect (fixture, lines->str);

  /* the question stands */
  answer_key (fixture, 2);
  WAIT_UNTIL ((receive_locked (fixture, "y", 2), strstr (fixture->log->str, "event y unlocked") != NULL));
}

static void
test_key_lost (Fixture *fixture,
               gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe_locked (fixture);
  receive_locked (fixture, "a", 2);
  receive_locked (fixture, "b", 2);
  wait_for_request (fixture);
  scope_memory_transport_drop (fixture->transport, SCOPE_CLOSE_NONE, NULL);
  expect (fixture, "error socket The connection was lost\nerror decrypt The connection was lost\nevent a locked\nevent b locked\nleft connected");
}

/* an endpoint that is not configured any more has no say */
static void
test_key_dropped (Fixture *fixture,
                  gconstpointer data)
{
  static const char *const master = "nlr49ISQHz91yS3cy/yWmW8wFMNeTnNL5tNHnbPJcLQ=";
  static const guint8 nonce[24] = { 1 };
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];
  g_autofree char *event = NULL;
  g_autofree char *frame = NULL;

  connect_as (fixture, GREETING ("1.2"));
  subscribe_locked (fixture);
  g_clear_pointer (&fixture->options->channel_auth.endpoint, g_free);
  fixture->options->secret = scope_secret_new ("secret");
  fixture->options->master_key = scope_secret_new (master);
  scope_connection_disconnect (fixture->connection);
  scope_connection_set_options (fixture->connection, fixture->options);
  connect_as (fixture, GREETING ("3.4"));
  expect (fixture, "left connected\n" LOCKED " pending\nout pusher:subscribe");

  g_assert_true (scope_channel_key_derive (LOCKED, master, key, NULL));
  event = scope_encrypt_event (key, nonce, "{}", 2);
  frame = g_strdup_printf ("{\"event\":\"a\",\"channel\":\"" LOCKED "\",\"data\":%s}", event);
  receive (fixture, frame);
  expect (fixture, "event a unlocked");
}

static void
test_key_unsubscribed (Fixture *fixture,
                       gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe_locked (fixture);
  receive_locked (fixture, "a", 2);
  wait_for_request (fixture);
  scope_connection_unsubscribe (fixture->connection, LOCKED);
  expect (fixture, "out pusher:unsubscribe\nerror decrypt The channel was unsubscribed\nevent a locked\n"
                   LOCKED " unsubscribed");

  /* the key is forgotten; nobody wants the channel, so nothing is said */
  receive_locked (fixture, "b", 1);
  expect (fixture, "event b locked");
}

/* the listener unsubscribes at the first of several held events */
static void
test_unsubscribe_while_told (Fixture *fixture,
                             gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe_locked (fixture);
  receive_locked (fixture, "a", 2);
  receive_locked (fixture, "b", 2);
  fixture->unsubscribe_on_event = TRUE;
  answer_key (fixture, 2);
  WAIT_UNTIL (strstr (fixture->log->str, "event b ") != NULL);
  g_assert_nonnull (strstr (fixture->log->str, "event a unlocked\n"));
}

static void
test_no_key (Fixture *fixture,
             gconstpointer data)
{
  g_clear_pointer (&fixture->options->channel_auth.endpoint, g_free);
  fixture->options->secret = scope_secret_new ("secret");
  connect_as (fixture, GREETING ("1.2"));
  subscribe (fixture, LOCKED);
  receive (fixture, SUCCEEDED (LOCKED));
  receive_locked (fixture, "a", 1);
  receive_locked (fixture, "b", 1);
  receive (fixture, "{\"event\":\"c\",\"channel\":\"" LOCKED "\",\"data\":\"{}\"}");
  expect (fixture, LOCKED " pending\nout pusher:subscribe\n" LOCKED " subscribed\nerror decrypt The events of this channel "
                   "stay locked\nevent a locked\nevent b locked\nevent c locked");
}

static void
test_bad_form (Fixture *fixture,
               gconstpointer data)
{
  connect_as (fixture, GREETING ("1.2"));
  subscribe_locked (fixture);
  receive (fixture, "{\"event\":\"a\",\"channel\":\"" LOCKED "\",\"data\":\"{}\"}");
  receive (fixture, "{\"event\":\"b\",\"channel\":\"" LOCKED "\"}");
  expect (fixture, "error decrypt The encrypted event has no “nonce”\nevent a locked\nevent b locked");
  g_assert_cmpuint (fixture->asked->len, ==, 1); /* no key would help */
}

#define ADD(path, func) g_test_add ("/channel-auth/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("private", test_private);
  ADD ("refused", test_refused);
  ADD ("presence", test_presence);
  ADD ("presence-sign-in-failed", test_presence_sign_in_failed);
  ADD ("stale", test_stale);
  ADD ("unsubscribed", test_unsubscribed);
  ADD ("disposed", test_disposed);
  ADD ("timed-out", test_timed_out);
  ADD ("private-elsewhere", test_private_elsewhere);
  ADD ("key/changed", test_key_changed);
  ADD ("key/held-time", test_held_time);
  ADD ("key/limit", test_key_limit);
  ADD ("key/refused", test_key_refused);
  ADD ("key/too-many", test_too_many);
  ADD ("key/lost", test_key_lost);
  ADD ("key/dropped", test_key_dropped);
  ADD ("key/unsubscribed", test_key_unsubscribed);
  ADD ("key/unsubscribe-while-told", test_unsubscribe_while_told);
  ADD ("key/none", test_no_key);
  ADD ("key/bad-form", test_bad_form);
  return g_test_run ();
}
