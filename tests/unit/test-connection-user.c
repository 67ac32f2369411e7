/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Users, their watchlists, and what errors of the server are about: the connection over a transport without a
 * socket and a clock that we own. In frames of this file `'` stands for a quotation mark. */

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "base/scope-error.h"
#include "memory-server.h"
#include "net/scope-connection.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define KEY "278d425bdf160c739803"
#define USER_DATA "{'id':'u-1','user_info':{'name':'Zoë'},'watchlist':['u-2','u-3']}"
#define SUCCESS "{'event':'pusher:signin_success','data':'{\\'user_data\\':\\'{\\\\\\'id\\\\\\':\\\\\\'u-1\\\\\\'}\\'}'}"

typedef struct
{
  ScopeConnectionOptions *options;
  ScopeClock *clock;
  ScopeConnection *connection;
  ScopeMemoryTransport *transport;
  GString *log;
  char *meaning; /* of the last report that had one */
  char *text;    /* the same */
} Fixture;

static void
log_report (GString *log,
            const ScopeReport *report)
{
  switch (report->type)
    {
    case SCOPE_REPORT_STATE:
      g_string_append_printf (log, "state %s", scope_state_to_name (report->current));
      break;
    case SCOPE_REPORT_SUBSCRIPTION:
      g_string_append_printf (log, "%s %s", report->channel,
                              scope_subscription_status_to_name (report->status));
      break;
    case SCOPE_REPORT_EVENT:
      g_string_append_printf (log, "event %s/%s", report->channel != NULL ? report->channel : "-",
                              scope_message_get_event (report->message, NULL));
      break;
    case SCOPE_REPORT_ERROR:
      g_string_append_printf (log, "error %s %u", scope_error_source_to_name (report->source), report->code);
      if (report->channel != NULL)
        g_string_append_printf (log, " %s", report->channel);
      break;
    case SCOPE_REPORT_FRAME:
      g_string_append_printf (log, "%s %s", report->outgoing ? "out" : "in",
                              scope_message_get_event (report->message, NULL));
      break;
    case SCOPE_REPORT_USER:
      g_string_append_printf (log, "user %s %s", scope_user_status_to_name (report->user_status),
                              report->user_id != NULL ? report->user_id : "-");
      if (report->user_status == SCOPE_USER_ERROR)
        g_string_append_printf (log, " %s %u", report->error_type, report->code);
      for (guint i = 0; report->user_ids != NULL && report->user_ids[i] != NULL; i++)
        g_string_append_printf (log, " +%s", report->user_ids[i]);
      break;
    case SCOPE_REPORT_WATCHLIST:
      g_string_append (log, report->online ? "online" : "offline");
      for (guint i = 0; report->user_ids[i] != NULL; i++)
        g_string_append_printf (log, " %s", report->user_ids[i]);
      break;
    case SCOPE_REPORT_COUNT:
      g_string_append_printf (log, "count %" G_GINT64_FORMAT, report->subscription_count);
      break;
    case SCOPE_REPORT_CACHE_MISS:
      g_string_append_printf (log, "cache_miss %s", report->channel);
      break;
    case SCOPE_REPORT_PRESENCE:
      g_string_append_printf (log, "presence %s %s %u", report->channel,
                              scope_presence_action_to_name (report->action), report->count);
      for (guint i = 0; report->action == SCOPE_PRESENCE_SNAPSHOT && i < report->count; i++)
        g_string_append_printf (log, " %s", report->members[i].user_id);
      break;
    case SCOPE_REPORT_CONNECTING_IN:
    case SCOPE_REPORT_ROUND_TRIP:
    default:
      return;
    }
  g_string_append_c (log, '\n');
}

/* The key stands in the keyring and on the wire, and in nothing that is told. */
static void
assert_no_key (const ScopeReport *report)
{
  gsize length;
  const char *frame;

  g_assert_true (report->text == NULL || strstr (report->text, KEY) == NULL);
  g_assert_true (report->error_text == NULL || strstr (report->error_text, KEY) == NULL);
  g_assert_true (report->meaning == NULL || strstr (report->meaning, KEY) == NULL);
  if (report->message == NULL || !report->outgoing)
    return;
  frame = g_bytes_get_data (scope_message_get_bytes (report->message), &length);
  g_assert_null (g_strstr_len (frame, length, KEY));
}

static void
report_cb (ScopeConnection *connection,
           const ScopeReport *report,
           gpointer user_data)
{
  Fixture *f = user_data;
  const char *text = report->error_text != NULL ? report->error_text : report->text;

  assert_no_key (report);
  log_report (f->log, report);
  if (report->meaning != NULL)
    {
      g_free (f->meaning);
      f->meaning = g_strdup (report->meaning);
    }
  if (text != NULL)
    {
      g_free (f->text);
      f->text = g_strdup (text);
    }
}

static void
set_up (Fixture *f,
        gconstpointer data)
{
  f->options = scope_connection_options_new ();
  f->options->key = g_strdup (KEY);
  f->options->secret = scope_secret_new ("7ad3773142a6692b25b8");
  f->options->host = g_strdup ("127.0.0.1");
  f->options->use_tls = FALSE;
  f->clock = scope_clock_new_fake (0);
  f->log = g_string_new (NULL);
}

static void
tear_down (Fixture *f,
           gconstpointer data)
{
  scope_connection_disconnect (f->connection);
  g_assert_finalize_object (f->connection);
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);
  g_clear_object (&f->transport);
  g_object_unref (f->clock);
  scope_connection_options_free (f->options);
  g_string_free (f->log, TRUE);
  g_free (f->meaning);
  g_free (f->text);
}

static void
receive (Fixture *f,
         const char *frame)
{
  memory_receive (f->transport, frame);
}

static void
expect (Fixture *f,
        const char *log)
{
  g_assert_cmpstr (f->log->str, ==, log);
  g_string_truncate (f->log, 0);
}

static void
expect_sent (Fixture *f,
             const char *frames)
{
  g_autofree char *sent = memory_dup_sent (f->transport);
  g_autofree char *quoted = memory_dup_quoted (frames);

  g_assert_cmpstr (sent, ==, quoted);
}

static void
assert_meaning (Fixture *f,
                const char *part)
{
  g_assert_nonnull (f->meaning);
  g_test_message ("%s", f->meaning);
  g_assert_nonnull (strstr (f->meaning, part));
}

static void
greet (Fixture *f)
{
  scope_memory_transport_accept (f->transport);
  receive (f, "{'event':'pusher:connection_established','data':'{\\'socket_id\\':\\'123.456\\',"
              "\\'activity_timeout\\':600}'}");
}

static void
start (Fixture *f)
{
  f->options->activity_timeout = 600;
  f->connection = scope_connection_new (f->options, f->clock);
  scope_connection_set_listener (f->connection, report_cb, f);
  scope_connection_set_factory (f->connection, memory_factory_cb, &f->transport);
  scope_connection_connect (f->connection);
}

/* connected, and everything up to here forgotten */
static void
connect_quietly (Fixture *f)
{
  start (f);
  greet (f);
  g_string_truncate (f->log, 0);
  g_strfreev (scope_memory_transport_take_sent (f->transport));
}

static void
connect_as_user (Fixture *f)
{
  f->options->user_data = memory_dup_quoted (USER_DATA);
  connect_quietly (f);
}

/* --- signing in --- */

/* §4.5, §13.1 */
static void
test_local (Fixture *f,
            gconstpointer data)
{
  f->options->user_data = memory_dup_quoted (USER_DATA);
  start (f);
  scope_connection_subscribe (f->connection, "news", NULL);
  greet (f);
  /* before the subscriptions */
  expect (f, "state connecting\nstate connected\nout pusher:signin\nnews pending\nout pusher:subscribe\n");
  expect_sent (f, "{'event':'pusher:signin','data':{'auth':'" KEY ":1ab5cf92aa15d5f4d22f5638dd63967a4beebb174890d2b35edbbbb94e53f183','user_data':"
                  "'{\\'id\\':\\'u-1\\',\\'user_info\\':{\\'name\\':\\'Zoë\\'},\\'watchlist\\':[\\'u-2\\',\\'u-3\\']}'}}\n"
                  "{'event':'pusher:subscribe','data':{'channel':'news','auth':''}}");
  g_assert_null (scope_connection_get_user_id (f->connection));

  receive (f, SUCCESS);
  expect (f, "user signed_in u-1 +u-2 +u-3\nout pusher:subscribe\n");
  expect_sent (f, "{'event':'pusher:subscribe','data':{'channel':'#server-to-user-u-1','auth':''}}");
  g_assert_cmpstr (scope_connection_get_user_id (f->connection), ==, "u-1");

  receive (f, "{'event':'pusher_internal:subscription_succeeded','channel':'#server-to-user-u-1','data':'{}'}");
  receive (f, "{'event':'hello','channel':'#server-to-user-u-1','data':'{}'}");
  expect (f, "in pusher_internal:subscription_succeeded\nevent #server-to-user-u-1/hello\n");

  /* no limit is left to fall due */
  receive (f, "{'event':'pusher_internal:subscription_succeeded','channel':'news','data':'{}'}");
  g_string_truncate (f->log, 0);
  scope_clock_advance (f->clock, 40 * SECOND);
  expect (f, "");
}

static void
test_again_after_loss (Fixture *f,
                       gconstpointer data)
{
  connect_as_user (f);
  receive (f, SUCCESS);
  g_string_truncate (f->log, 0);

  scope_memory_transport_drop (f->transport, 0, NULL);
  g_assert_nonnull (strstr (f->log->str, "state connecting\nuser signed_out u-1\n"));
  g_assert_null (scope_connection_get_user_id (f->connection));
  scope_clock_advance (f->clock, 3 * SECOND);
  g_string_truncate (f->log, 0);
  greet (f);
  expect (f, "state connected\nout pusher:signin\n");

  /* lost before the answer: nobody was signed in */
  scope_memory_transport_drop (f->transport, 4200, NULL);
  g_assert_null (strstr (f->log->str, "user"));
  greet (f);
  g_string_truncate (f->log, 0);
  receive (f, SUCCESS);
  expect (f, "user signed_in u-1 +u-2 +u-3\nout pusher:subscribe\n");
}

/* Shapes of the answer: §4.5, §11.1 */
static void
test_answers (Fixture *f,
              gconstpointer data)
{
  static const struct
  {
    const char *frame;
    const char *log;
  } rows[] = {
    { "{'event':'pusher:signin_success','data':{'auth':'x:y','user_data':'{\\'id\\':\\'a\\'}'}}", "user signed_in a" },
    { "{'event':'pusher:signin_success','data':{'user_data':{'id':'a','watchlist':['b',3]}}}",
      "user signed_in a +b +3" },
    { "{'event':'pusher:signin_success','data':{'user_data':{'id':9007199254740993}}}",
      "user signed_in 9007199254740993" },
    { "{'event':'pusher:signin_success','data':{'user_data':'{\\'id\\':\\'\\'}'}}", "user error - ServerError 0" },
    { "{'event':'pusher:signin_success','data':{'user_data':'{\\'id\\':null}'}}", "user error - ServerError 0" },
    { "{'event':'pusher:signin_success','data':{'user_data':'no JSON'}}", "user error - ServerError 0" },
    { "{'event':'pusher:signin_success','data':{'user_data':[]}}", "user error - ServerError 0" },
    { "{'event':'pusher:signin_success','data':'{}'}", "user error - ServerError 0" },
    { "{'event':'pusher:signin_success'}", "user error - ServerError 0" },
    { "{'event':'pusher:error','data':{'code':null,'message':'Missing parameter: data.user'}}",
      "error server 0\nuser error - ServerError 0" },
    { "{'event':'pusher:error','data':{'code':null,'message':'Invalid format: auth must have the format key:signature'}}",
      "error server 0\nuser error - ServerError 0" },
    { "{'event':'pusher:error','data':{'code':null,'message':'Invalid signature: Expected HMAC SHA256 hex digest of "
      "123.456::user::{}, but got 00'}}", "error server 0\nuser error - ServerError 0" },
    { "{'event':'pusher:error','data':'{\\'code\\':4200,\\'message\\':\\'Invalid message format\\'}'}", /* Reverb */
      "error server 4200\nuser error - ServerError 4200" },
    { "{'event':'pusher:error','data':{'code':4009,'message':'not you'}}",  /* Sockudo */
      "error server 4009\nuser error - ServerError 4009" },
  };

  f->options->user_data = g_strdup ("{\"id\":\"a\"}");
  connect_quietly (f);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *log = g_strconcat (
          rows[i].log, "\n", strstr (rows[i].log, "signed_in") != NULL ? "out pusher:subscribe\n" : "", NULL);

      receive (f, rows[i].frame);
      expect (f, log);
      if (strstr (rows[i].log, "user error") != NULL)
        g_assert_nonnull (f->meaning);

      /* once more on another socket; it is opened at once */
      scope_clock_advance (f->clock, 11 * SECOND);
      scope_memory_transport_drop (f->transport, 4200, NULL);
      greet (f);
      g_string_truncate (f->log, 0);
    }
}

static void
test_no_answer (Fixture *f,
                gconstpointer data)
{
  connect_as_user (f);
  scope_clock_advance (f->clock, 29 * SECOND);
  expect (f, "");
  scope_clock_advance (f->clock, 2 * SECOND);
  expect (f, "user error - TimedOut 0\n");
  g_assert_nonnull (strstr (f->text, "may not know sign-in"));
  assert_meaning (f, "did not answer the sign-in");

  receive (f, SUCCESS); /* late, but there */
  expect (f, "user signed_in u-1 +u-2 +u-3\nout pusher:subscribe\n");
}

/* soketi: an error and then the close, or the close alone */
static void
test_refused_by_close (Fixture *f,
                       gconstpointer data)
{
  connect_as_user (f);
  scope_memory_transport_drop (f->transport, 4009, "");
  expect (f, "error server 4009\nstate disconnected\nuser error - ServerError 4009\n");
  g_assert_false (scope_connection_wants_connected (f->connection));
}

static void
test_without_secret (Fixture *f,
                     gconstpointer data)
{
  g_clear_pointer (&f->options->secret, scope_secret_unref);
  f->options->user_data = memory_dup_quoted (USER_DATA);
  start (f);
  greet (f);
  expect (f, "state connecting\nstate connected\nuser error - AuthError 0\n");
  assert_meaning (f, "Add the app secret");
  expect_sent (f, "");
}

static void
test_by_call (Fixture *f,
              gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  start (f);
  g_assert_false (scope_connection_sign_in (f->connection, NULL, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_false (scope_connection_sign_in (f->connection, "{\"name\":1}", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_assert_true (scope_connection_sign_in (f->connection, "{\"id\":\"u-1\"}", NULL));
  expect (f, "state connecting\n");
  greet (f);
  expect (f, "state connected\nout pusher:signin\n");
  g_assert_true (scope_connection_sign_in (f->connection, NULL, NULL)); /* under way */
  expect (f, "");
  receive (f, SUCCESS);
  expect (f, "user signed_in u-1\nout pusher:subscribe\n");
  g_assert_true (scope_connection_sign_in (f->connection, NULL, NULL)); /* done */
  expect (f, "");

  /* another user: the server's to refuse, and the first one stays (§4.5.5) */
  g_assert_true (scope_connection_sign_in (f->connection, "{\"id\":\"u-9\"}", NULL));
  expect (f, "out pusher:signin\n");
  receive (f, "{'event':'pusher:error','data':{'code':null,'message':'signin as another user'}}");
  expect (f, "error server 0\nuser error u-1 ServerError 0\n");
  g_assert_cmpstr (scope_connection_get_user_id (f->connection), ==, "u-1");
}

static void
test_unasked (Fixture *f,
              gconstpointer data)
{
  connect_quietly (f);
  receive (f, SUCCESS);
  receive (f, "{'event':'pusher:error','data':{'code':4200,'message':'Invalid message format'}}");
  expect (f, "in pusher:signin_success\nerror server 4200\n");
  g_assert_null (scope_connection_get_user_id (f->connection));
}

/* --- the watchlist --- */

static void
test_watchlist (Fixture *f,
                gconstpointer data)
{
  static const struct
  {
    const char *frame;
    const char *log;
  } rows[] = {
    { "{'event':'pusher_internal:watchlist_events','data':'{\\'events\\':[{\\'name\\':\\'online\\',\\'user_ids\\':"
      "[\\'u-2\\',\\'u-3\\']},{\\'name\\':\\'offline\\',\\'user_ids\\':[\\'u-4\\']}]}'}",
      "online u-2 u-3\noffline u-4\n" },
    { "{'event':'pusher_internal:watchlist_events','data':{'events':[{'user_ids':[7],'name':'offline'}]}}", "offline 7\n" },
    { "{'event':'pusher_internal:watchlist_events','data':{'events':[{'name':'online','user_ids':[]}]}}", "online\n" },
    { "{'event':'pusher_internal:watchlist_events','data':{'events':[{'name':'online','user_ids':[null,{},'','x']}]}}",
      "online x\n" },
    /* Sockudo, §11.4 */
    { "{'event':'online','data':{'user_ids':['u-2']}}", "online u-2\n" },
    { "{'event':'offline','data':'{\\'user_ids\\':[\\'u-2\\']}'}", "offline u-2\n" },
    /* neither */
    { "{'event':'online','channel':'news','data':{'user_ids':['u-2']}}", "event news/online\n" },
    { "{'event':'online','data':{'who':1}}", "event -/online\n" },
    { "{'event':'online'}", "event -/online\n" },
    { "{'event':'pusher_internal:watchlist_events','data':{'events':[{'name':'away','user_ids':['x']},7,[]]}}",
      "in pusher_internal:watchlist_events\n" },
    { "{'event':'pusher_internal:watchlist_events','data':'{}'}", "in pusher_internal:watchlist_events\n" },
    { "{'event':'pusher_internal:watchlist_events'}", "in pusher_internal:watchlist_events\n" },
  };

  connect_as_user (f);
  receive (f, SUCCESS);
  g_string_truncate (f->log, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      receive (f, rows[i].frame);
      expect (f, rows[i].log);
    }
}

static void
test_watchlist_bound (Fixture *f,
                      gconstpointer data)
{
  g_autoptr (GString) frame = g_string_new ("{'event':'online','data':{'user_ids':[0");

  connect_quietly (f);
  for (guint i = 1; i < 10050; i++)
    g_string_append_printf (frame, ",%u", i);
  g_string_append (frame, "]}}");
  receive (f, frame->str);
  g_assert_true (g_str_has_suffix (f->log->str, " 9998 9999\nerror limit 0\n"));
}

static void
test_watchlist_events_bound (Fixture *f,
                             gconstpointer data)
{
  g_autoptr (GString) frame = g_string_new ("{'event':'pusher_internal:watchlist_events','data':{'events':[");
  g_autoptr (GString) told = g_string_new (NULL);

  connect_quietly (f);
  for (guint i = 0; i < 100; i++)
    {
      g_string_append_printf (frame, "%s{'name':'online','user_ids':['%u']}", i > 0 ? "," : "", i);
      g_string_append_printf (told, "online %u\n", i);
    }
  g_string_append (frame, "]}}");
  receive (f, frame->str);
  expect (f, told->str);

  g_string_truncate (frame, frame->len - strlen ("]}}"));
  g_string_append (frame, ",{'name':'online','user_ids':['x']}]}}");
  g_string_append (told, "error limit 0\n");
  receive (f, frame->str);
  expect (f, told->str);
}

/* --- what errors are about --- */

static void
subscribe_quietly (Fixture *f,
                   const char *channel)
{
  g_assert_true (scope_connection_subscribe (f->connection, channel, NULL));
  g_string_truncate (f->log, 0);
}

static void
receive_error (Fixture *f,
               const char *code,
               const char *text)
{
  g_autofree char *frame = g_strdup_printf ("{'event':'pusher:error','data':{'code':%s,'message':\"%s\"}}", code, text);

  receive (f, frame);
}

static void
test_only_suspect (Fixture *f,
                   gconstpointer data)
{
  connect_quietly (f);
  subscribe_quietly (f, "news");
  subscribe_quietly (f, "private-a");
  /* of the two only one was to be authorized */
  receive_error (f, "4009", "Connection is unauthorized");
  expect (f, "error server 4009 private-a\nprivate-a error\n");
  assert_meaning (f, "does not accept the authorization");

  receive_error (f, "4009", "Connection is unauthorized");
  expect (f, "error server 4009 news\nnews error\n");
}

static void
test_several_suspects (Fixture *f,
                       gconstpointer data)
{
  connect_quietly (f);
  subscribe_quietly (f, "private-a");
  subscribe_quietly (f, "news");
  subscribe_quietly (f, "presence-b");
  receive_error (f, "4009", "Connection is unauthorized for " KEY);
  expect (f, "error server 4009\n");
  g_assert_cmpstr (f->text, ==, "Connection is unauthorized for •••");
  assert_meaning (f, "does not accept the authorization");
  assert_meaning (f, "It concerns one of these channels: private-a, presence-b");
}

static void
test_key_part (Fixture *f,
               gconstpointer data)
{
  connect_quietly (f);
  subscribe_quietly (f, "private-a");
  subscribe_quietly (f, "news");
  /* nobody was sent with that key */
  receive (f, "{'event':'pusher:error','data':{'message':'Invalid key in subscription auth data: \\u0027K\\u0027'}}");
  expect (f, "error server 0\n");
  receive (f, "{'event':'pusher:error','data':{'message':'Invalid key in subscription auth data: \\u0027" KEY "\\u0027'}}");
  expect (f, "error server 0 private-a\nprivate-a error\n");
  g_assert_cmpstr (f->text, ==, "Invalid key in subscription auth data: '•••'");
  assert_meaning (f, "another app's key");

  subscribe_quietly (f, "private-a");
  subscribe_quietly (f, "private-b");
  receive (f, "{'event':'pusher:error','data':{'message':'Invalid key in subscription auth data: \\u0027" KEY "\\u0027'}}");
  expect (f, "error server 0\n");
  assert_meaning (f, "It concerns one of these channels: private-a, private-b");
}

static void
test_named_by_text (Fixture *f,
                    gconstpointer data)
{
  connect_quietly (f);
  subscribe_quietly (f, "private-a");
  subscribe_quietly (f, "private-b");
  receive_error (f, "null", "Invalid signature: Expected HMAC SHA256 hex digest of 123.456:private-b, but got 0");
  expect (f, "error server 0 private-b\nprivate-b error\n");
  assert_meaning (f, "signature does not fit");
  receive_error (f, "null", "Auth value for subscription to private-a is invalid: should be of format");
  expect (f, "error server 0 private-a\nprivate-a error\n");

  /* about an event, not about the subscription that is under way */
  subscribe_quietly (f, "private-a");
  receive_error (f, "null", "Cannot broadcast client event (connection not subscribed to channel private-a)");
  expect (f, "error server 0 private-a\n");
  receive_error (f, "4009", "The client is not a member of the specified channel.");
  expect (f, "error server 4009\n");
  receive (f, "{'event':'pusher:error','channel':'private-a','data':{'code':4301,'message':'too fast'}}"); /* soketi */
  expect (f, "error server 4301 private-a\n");
  receive_error (f, "null", "No current subscription to channel private-a, or subscription in progress");
  expect (f, "error server 0 private-a\n");
  receive_error (f, "null", "Existing subscription to channel private-a");
  expect (f, "error server 0 private-a\nprivate-a subscribed\n");
}

/* --- servers' shapes, §11.1 --- */

static void
test_shapes (Fixture *f,
             gconstpointer data)
{
  static const struct
  {
    const char *channel;
    const char *frame;
    const char *log;
  } rows[] = {
    { "a", "{'event':'pusher_internal:subscription_succeeded','channel':'a'}", "a subscribed\n" },             /* soketi */
    { "a", "{'event':'pusher_internal:subscription_succeeded','channel':'a','data':{}}", "a subscribed\n" },   /* poxa */
    { "a", "{'event':'pusher_internal:subscription_succeeded','channel':'a','data':null}", "a subscribed\n" },
    { "presence-a", "{'event':'pusher_internal:subscription_succeeded','channel':'presence-a','data':"
      "'{\\'presence\\':{\\'ids\\':[\\'7\\'],\\'hash\\':{\\'7\\':null},\\'count\\':1}}'}",
      "presence-a subscribed\npresence presence-a snapshot 1 7\n" },
    { "presence-a", "{'event':'pusher_internal:subscription_succeeded','channel':'presence-a','data':"
      "{'presence':{'hash':{'7':null,'8':{}},'count':5}}}",                                          /* pusher-fake */
      "presence-a subscribed\npresence presence-a snapshot 2 7 8\n" },
    { "presence-a", "{'event':'pusher_internal:subscription_succeeded','channel':'presence-a','data':"
      "{'presence':{'ids':[1,2],'hash':[],'count':0}}}",                                             /* Reverb, PHP */
      "presence-a subscribed\npresence presence-a snapshot 2 1 2\n" },
    { "presence-a", "{'event':'pusher_internal:subscription_succeeded','channel':'presence-a','data':"
      "{'presence':{'ids':{'0':'5'},'hash':{'5':null},'count':1}}}",                                 /* old Reverb */
      "presence-a subscribed\npresence presence-a snapshot 1 5\n" },
    { "presence-a", "{'event':'pusher_internal:subscription_succeeded','channel':'presence-a','data':"
      "{'presence':{'ids':['0','1'],'hash':[{'n':1},{'n':2}],'count':2}}}",                          /* PHP lists */
      "presence-a subscribed\npresence presence-a snapshot 2 0 1\n" },
    { "a", "{'event':'pusher_internal:subscription_error','channel':'a','data':'{}'}", "a error\n" }, /* pusher-fake */
    { "a", "{'event':'pusher:subscription_error','channel':'a','data':{'type':'AuthError','error':'The connection is "
      "unauthorized.','status':401}}", "a error\n" },
    { "a", "{'event':'pusher:error','data':'{\\'code\\':4009,\\'message\\':\\'Connection is unauthorized\\'}'}", /* Reverb */
      "error server 4009 a\na error\n" },
    { "cache-a", "{'event':'pusher:cache_miss','channel':'cache-a'}", "cache_miss cache-a\n" },
    { "cache-a", "{'event':'pusher:cache_miss','channel':'cache-a','data':'{}'}", "cache_miss cache-a\n" },
    { "cache-a", "{'event':'pusher:cache_miss','channel':'cache-a','data':'null'}", "cache_miss cache-a\n" },
    { "a", "{'event':'pusher_internal:subscription_count','channel':'a','data':'{\\'subscription_count\\':0}'}", "count 0\n" },
    { "a", "{'event':'pusher_internal:subscription_count','channel':'a','data':{'subscription_count':3}}", "count 3\n" },
  };

  connect_quietly (f);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      subscribe_quietly (f, rows[i].channel);
      receive (f, rows[i].frame);
      expect (f, rows[i].log);
      if (g_str_has_suffix (rows[i].log, "error\n"))
        g_assert_nonnull (f->meaning);
      g_clear_pointer (&f->meaning, g_free);
      scope_connection_unsubscribe (f->connection, rows[i].channel);
      receive (f, "{'event':'pusher_internal:subscription_succeeded','channel':'a'}"); /* what was left pending ends */
      g_string_truncate (f->log, 0);
    }

  /* slanger's member events are objects */
  subscribe_quietly (f, "presence-s");
  receive (f, "{'event':'pusher_internal:subscription_succeeded','channel':'presence-s','data':'{\\'presence\\':"
              "{\\'ids\\':[\\'1\\',\\'1\\'],\\'hash\\':{\\'1\\':{}},\\'count\\':1}}'}");
  receive (f, "{'event':'pusher_internal:member_added','channel':'presence-s','data':{'user_id':'2','user_info':{}}}");
  receive (f, "{'event':'pusher_internal:member_removed','channel':'presence-s','data':{'user_id':2}}");
  expect (f, "presence-s subscribed\npresence presence-s snapshot 1 1\npresence presence-s added 2\n"
             "presence presence-s removed 1\n");
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define TEST(name, func) g_test_add ("/connection-user/" name, Fixture, NULL, set_up, func, tear_down)
  TEST ("local", test_local);
  TEST ("again-after-loss", test_again_after_loss);
  TEST ("answers", test_answers);
  TEST ("no-answer", test_no_answer);
  TEST ("refused-by-close", test_refused_by_close);
  TEST ("without-secret", test_without_secret);
  TEST ("by-call", test_by_call);
  TEST ("unasked", test_unasked);
  TEST ("watchlist", test_watchlist);
  TEST ("watchlist-bound", test_watchlist_bound);
  TEST ("watchlist-events-bound", test_watchlist_events_bound);
  TEST ("only-suspect", test_only_suspect);
  TEST ("several-suspects", test_several_suspects);
  TEST ("key-part", test_key_part);
  TEST ("named-by-text", test_named_by_text);
  TEST ("shapes", test_shapes);
#undef TEST

  return g_test_run ();
}
