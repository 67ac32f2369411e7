/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "capture/scope-line.h"
#include "capture/scope-writer.h"
#include "memory-server.h"
#include "protocol/scope-decrypt.h"
#include "session/scope-session-private.h"
#include "tests/wait.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <string.h>

/* 2026-11-21T14:05:02Z */
#define START_USEC (G_GINT64_CONSTANT (1795269902) * G_USEC_PER_SEC)

/* In lines below, ' stands for ". */
#define WHY "'transport_reason':'ws: the only one these options allow here',"
#define LINE "{'time':'2026-11-21T14:05:02.000000Z','type':"
#define LINE_AFTER(seconds) "{'time':'2026-11-21T14:05:" seconds "Z','type':"

typedef struct
{
  ScopeClock *clock;
  ScopeProfile *profile;
  ScopeCredentials *credentials;
  ScopeSession *session;
  ScopeMemoryTransport *transport; /* of the last attempt */
  GString *lines;
  GPtrArray *problems;
  char *directory;
} Fixture;

/* Gaps are no lines, but belong to the story. */
static void
entry_cb (ScopeSession *session,
          ScopeEntry   *entry,
          Fixture      *f)
{
  if (!scope_line_append_ndjson (f->lines, entry, scope_session_get_names (session)) &&
      entry->kind == SCOPE_ENTRY_GAP)
    g_string_append_printf (f->lines, "gap %s\n", entry->detail);
}

static void
problem_cb (ScopeSession *session,
            const char   *text,
            Fixture      *f)
{
  g_ptr_array_add (f->problems, g_strdup (text));
}

static void
fixture_make (Fixture    *f,
              const char *capture_path)
{
  f->clock = scope_clock_new_fake (START_USEC);
  f->profile = scope_profile_new ("Shop");
  g_object_set (f->profile, "host", "127.0.0.1", "port", 6001, "use-tls", FALSE, "presence-user",
                "{\"user_id\":\"me\",\"user_info\":{\"name\":\"Me\"}}", NULL);
  f->credentials = scope_credentials_new ();
  scope_credentials_set (f->credentials, SCOPE_CREDENTIAL_KEY, "app-key");
  scope_credentials_set (f->credentials, SCOPE_CREDENTIAL_SECRET, "app-secret");
  scope_profile_add_subscription (f->profile, "news");
  f->lines = g_string_new (NULL);
  f->problems = g_ptr_array_new_with_free_func (g_free);
  f->session = scope_session_new (f->profile, f->credentials, capture_path, f->clock);
  scope_connection_set_factory (scope_session_get_connection (f->session), memory_factory_cb,
                                &f->transport);
  g_signal_connect (f->session, "entry", G_CALLBACK (entry_cb), f);
  g_signal_connect (f->session, "problem", G_CALLBACK (problem_cb), f);
}

static void
fixture_set_up (Fixture      *f,
                gconstpointer data)
{
  fixture_make (f, "");
}

static char *
fixture_dup_capture_path (Fixture *f)
{
  return g_build_filename (f->directory, "test.channelscope", NULL);
}

static void
fixture_set_up_recording (Fixture      *f,
                          gconstpointer data)
{
  g_autofree char *path = NULL;

  f->directory = g_dir_make_tmp ("scope-session-XXXXXX", NULL);
  path = fixture_dup_capture_path (f);
  fixture_make (f, path);
}

static void
fixture_remove_files (Fixture *f)
{
  g_autoptr (GDir) dir = f->directory != NULL ? g_dir_open (f->directory, 0, NULL) : NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (f->directory, name, NULL);

      g_remove (path);
    }
  if (f->directory != NULL)
    g_rmdir (f->directory);
  g_free (f->directory);
}

static void
fixture_tear_down (Fixture      *f,
                   gconstpointer data)
{
  g_clear_object (&f->transport);
  if (f->session != NULL)
    g_assert_finalize_object (f->session);
  g_assert_finalize_object (f->profile);
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);
  g_assert_finalize_object (f->clock);
  scope_credentials_unref (f->credentials);
  g_string_free (f->lines, TRUE);
  g_ptr_array_unref (f->problems);
  fixture_remove_files (f);
}

static void
receive (Fixture    *f,
         const char *frame)
{
  memory_receive (f->transport, frame);
}

static void
connect_up (Fixture *f)
{
  scope_session_connect (f->session);
  scope_memory_transport_accept (f->transport);
  receive (f, MEMORY_ESTABLISHED);
}

static void
subscribed (Fixture    *f,
            const char *channel)
{
  g_autofree char *frame =
    g_strdup_printf ("{'event':'pusher_internal:subscription_succeeded',"
                     "'channel':'%s','data':'{}'}", channel);

  receive (f, frame);
}

static void
assert_lines (Fixture    *f,
              const char *expected)
{
  g_autofree char *quoted = memory_dup_quoted (expected);

  g_assert_cmpstr (f->lines->str, ==, quoted);
  g_string_truncate (f->lines, 0);
}

static char *
dup_text (Fixture    *f,
          const char *property)
{
  char *text = NULL;

  g_object_get (f->session, property, &text, NULL);
  return text;
}

static void
assert_text (Fixture    *f,
             const char *property,
             const char *expected)
{
  g_autofree char *text = dup_text (f, property);

  g_assert_cmpstr (text, ==, expected);
}

static gint64
get_int64 (Fixture    *f,
           const char *property)
{
  gint64 number = 0;

  g_object_get (f->session, property, &number, NULL);
  return number;
}

#define ROOM                                                                                       \
  "{'event':'pusher_internal:subscription_succeeded','channel':'presence-room','data':"            \
  "'{\\'presence\\':{\\'count\\':2,\\'ids\\':[\\'me\\',\\'7\\'],"                                  \
  "\\'hash\\':{\\'me\\':{\\'name\\':\\'Me\\'},\\'7\\':null}}}'}"

/* A whole conversation, line by line as `watch` prints it. */
static void
test_session_story (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  connect_up (f);
  assert_lines (f, LINE "'state','previous':'initialized','current':'connecting'}\n"
                   LINE "'state','previous':'connecting','current':'connected',"
                        "'socket_id':'1.2','transport':'ws'," WHY "'activity_timeout':120}\n"
                   LINE "'subscription','channel':'news','status':'pending'}\n");

  subscribed (f, "news");
  assert_lines (f, LINE "'subscription','channel':'news','status':'subscribed'}\n");

  g_assert_true (scope_session_subscribe (f->session, "presence-room", &error));
  g_assert_no_error (error);
  receive (f, ROOM);
  assert_lines (f, LINE "'subscription','channel':'presence-room','status':'pending'}\n"
                   LINE "'subscription','channel':'presence-room','status':'subscribed'}\n"
                   LINE "'presence','channel':'presence-room','action':'snapshot','count':2,"
                        "'me':'me','members':[{'user_id':'me','user_info':{'name':'Me'}},"
                        "{'user_id':'7','user_info':null}]}\n");

  receive (f, "{'event':'pusher_internal:member_added','channel':'presence-room',"
              "'data':'{\\'user_id\\':9,\\'user_info\\':{\\'n\\':1e21}}'}");
  receive (f, "{'event':'pusher_internal:member_removed','channel':'presence-room',"
              "'data':'{\\'user_id\\':\\'7\\'}'}");
  receive (f, "{'event':'pusher_internal:subscription_count','channel':'news',"
              "'data':'{\\'subscription_count\\':3}'}");
  receive (f, "{'event':'pusher:cache_miss','channel':'news'}");
  assert_lines (f, LINE "'presence','channel':'presence-room','action':'added','count':3,"
                        "'me':'me','member':{'user_id':'9','user_info':{'n':1e21}}}\n"
                   LINE "'presence','channel':'presence-room','action':'removed','count':2,"
                        "'me':'me','member':{'user_id':'7','user_info':null}}\n"
                   LINE "'count','channel':'news','subscription_count':3}\n"
                   LINE "'cache_miss','channel':'news'}\n");

  receive (f, "{'event':'order.paid','channel':'news','data':'{\\'total\\': 120}'}");
  receive (f, "{'event':'client-hi','channel':'presence-room','user_id':'9','data':7}");
  g_assert_true (scope_session_send_event (f->session, "presence-room", "client-yo", "[1]",
                                           &error));
  g_assert_no_error (error);
  assert_lines (f, LINE "'event','direction':'in','channel':'news','event':'order.paid',"
                        "'data':{'total':120},'raw':'{\\'total\\': 120}','size':65}\n"
                   LINE "'event','direction':'in','channel':'presence-room','event':'client-hi',"
                        "'data':7,'raw':'7','user_id':'9','size':70}\n"
                   LINE "'event','direction':'out','channel':'presence-room',"
                        "'event':'client-yo','data':[1],'raw':'[1]','size':58}\n");

  receive (f, "{'event':'pusher:error','data':{'code':null,'message':'no'}}");
  receive (f, "nonsense");
  g_assert_nonnull (strstr (f->lines->str, "\"source\":\"server\",\"code\":null,\"message\":\"no\","
                                           "\"action\":\"none\"}\n"));
  g_assert_nonnull (strstr (f->lines->str, "\"type\":\"error\",\"source\":\"parse\",\"code\":null"));
}

static void
count_notify_cb (ScopeSession *session,
                 GParamSpec   *pspec,
                 guint        *n)
{
  (*n)++;
}

/* What there is of the connection while there is one. */
static void
test_session_link (Fixture      *f,
                   gconstpointer data)
{
  double seconds = -1;
  guint n = 0;

  g_signal_connect (f->session, "notify::transport", G_CALLBACK (count_notify_cb), &n);
  g_signal_connect (f->session, "notify::activity-timeout", G_CALLBACK (count_notify_cb), &n);
  assert_text (f, "transport", NULL);

  connect_up (f);
  assert_text (f, "transport", "ws");
  g_object_get (f->session, "activity-timeout", &seconds, NULL);
  g_assert_cmpfloat (seconds, ==, 120);
  g_assert_cmpuint (n, ==, 2);

  scope_memory_transport_drop (f->transport, 4200, "bye");
  assert_text (f, "transport", NULL);
  g_object_get (f->session, "activity-timeout", &seconds, NULL);
  g_assert_cmpfloat (seconds, ==, 0);
  g_assert_cmpuint (n, ==, 4);
  g_signal_handlers_disconnect_by_data (f->session, &n);
}

/* A server that invents names: told once, and the lines stay right. */
static void
test_session_full_names (Fixture      *f,
                         gconstpointer data)
{
  ScopeNames *names = scope_session_get_names (f->session);

  connect_up (f);
  subscribed (f, "news");
  for (guint i = 0; !scope_names_get_full (names); i++)
    {
      char name[16];

      g_snprintf (name, sizeof name, "%u", i);
      scope_names_intern (names, name, -1);
    }
  g_string_truncate (f->lines, 0);
  receive (f, "{'event':'tick','channel':'news'}");
  receive (f, "{'event':'tock','channel':'news'}");

  assert_lines (f, LINE "'event','direction':'in','channel':'news','event':'tick','size':33}\n"
                   LINE "'error','source':'limit','code':null,'message':'There are too many "
                        "different channel, event and user names: further ones are not indexed',"
                        "'action':'none'}\n"
                   LINE "'event','direction':'in','channel':'news','event':'tock','size':33}\n");
}

/* The wire is lost and comes back: states, waits, the gap, everything subscribed again. */
static void
test_session_loss (Fixture      *f,
                   gconstpointer data)
{
  connect_up (f);
  subscribed (f, "news");
  g_string_truncate (f->lines, 0);

  scope_clock_advance (f->clock, 3 * G_USEC_PER_SEC);
  scope_memory_transport_drop (f->transport, 4200, "bye");
  g_assert_nonnull (strstr (f->lines->str, "\"previous\":\"connected\",\"current\":\"connecting\","
                                           "\"code\":4200,\"reason\":\"bye\",\"meaning\":\""));
  g_assert_cmpint (scope_session_get_state (f->session), ==, SCOPE_STATE_CONNECTING);
  g_string_truncate (f->lines, 0);

  scope_clock_advance (f->clock, 1500 * 1000);
  scope_memory_transport_accept (f->transport);
  receive (f, MEMORY_ESTABLISHED);
  assert_lines (f, LINE_AFTER ("06.500000") "'state','previous':'connecting',"
                        "'current':'connected','socket_id':'1.2','transport':'ws'," WHY
                        "'activity_timeout':120}\n"
                   "gap {'from':'2026-11-21T14:05:05.000000Z','seconds':1.5,"
                        "'reason':'Closed by the server (4200): bye'}\n"
                   LINE_AFTER ("06.500000") "'subscription','channel':'news',"
                        "'status':'pending'}\n");

  /* also what the user did left us blind */
  scope_session_disconnect (f->session);
  scope_clock_advance (f->clock, G_USEC_PER_SEC);
  g_string_truncate (f->lines, 0);
  scope_session_connect (f->session);
  scope_memory_transport_accept (f->transport);
  receive (f, MEMORY_ESTABLISHED);
  g_assert_nonnull (strstr (f->lines->str, "\"seconds\":1,\"reason\":\"disconnected\"}"));
}

/* What the window says about the state. */
static void
test_session_words (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr (GError) refused = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED,
                                                    "Connection refused");
  g_autofree char *detail = NULL;
  g_autofree char *unavailable = NULL;
  gboolean wants = TRUE;

  assert_text (f, "state-text", scope_state_to_text (SCOPE_STATE_INITIALIZED));
  assert_text (f, "state-detail", NULL);
  g_object_get (f->session, "wants-connected", &wants, NULL);
  g_assert_false (wants);

  scope_session_connect (f->session);
  g_object_get (f->session, "wants-connected", &wants, NULL);
  g_assert_true (wants);
  assert_text (f, "state-detail", "Connecting to ws://127.0.0.1:6001");
  g_assert_cmpint (get_int64 (f, "retry-at-usec"), ==, 0);

  scope_memory_transport_fail (f->transport, refused, 0, NULL);
  detail = dup_text (f, "state-detail");
  g_assert_nonnull (strstr (detail, "Connection refused"));
  g_assert_cmpint (get_int64 (f, "retry-at-usec"), >,
                   scope_clock_get_monotonic_usec (f->clock));

  /* the wait is over: nothing to count down to */
  scope_clock_advance (f->clock, 2 * G_USEC_PER_SEC);
  g_assert_cmpint (get_int64 (f, "retry-at-usec"), ==, 0);

  scope_clock_advance (f->clock, 9 * G_USEC_PER_SEC);
  g_assert_cmpint (scope_session_get_state (f->session), ==, SCOPE_STATE_UNAVAILABLE);
  unavailable = dup_text (f, "state-detail");
  g_assert_true (g_str_has_prefix (unavailable, "There is no connection."));
  g_assert_nonnull (strstr (unavailable, "Connection refused"));

  scope_memory_transport_accept (f->transport);
  receive (f, MEMORY_ESTABLISHED);
  assert_text (f, "state-detail", NULL);
  assert_text (f, "socket-id", "1.2");
  g_assert_cmpint (get_int64 (f, "round-trip-usec"), ==, -1);

  scope_connection_ping (scope_session_get_connection (f->session));
  scope_clock_advance (f->clock, 34000);
  receive (f, "{'event':'pusher:pong'}");
  g_assert_cmpint (get_int64 (f, "round-trip-usec"), ==, 34000);

  scope_session_disconnect (f->session);
  g_object_get (f->session, "wants-connected", &wants, NULL);
  g_assert_false (wants);
  assert_text (f, "state-detail", NULL);
  assert_text (f, "socket-id", NULL);
  g_assert_cmpint (get_int64 (f, "round-trip-usec"), ==, -1);
}

static void
test_session_refused (Fixture      *f,
                      gconstpointer data)
{
  g_autofree char *detail = NULL;

  scope_session_connect (f->session);
  scope_memory_transport_accept (f->transport);
  scope_memory_transport_drop (f->transport, 4001, "App key x not in this cluster");

  g_assert_cmpint (scope_session_get_state (f->session), ==, SCOPE_STATE_DISCONNECTED);
  detail = dup_text (f, "state-detail");
  g_assert_true (g_str_has_prefix (
    detail, "Closed by the server (4001): App key x not in this cluster. "));
  g_assert_nonnull (strstr (detail, scope_close_code_get_meaning (4001)));
}

static void
test_session_http_refusal (Fixture      *f,
                           gconstpointer data)
{
  g_autoptr (GError) error = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_FAILED, "no");
  g_autofree char *detail = NULL;

  scope_session_connect (f->session);
  scope_memory_transport_fail (f->transport, error, 403, "go away");
  detail = dup_text (f, "state-detail");
  g_assert_nonnull (strstr (detail, "403"));
  g_assert_nonnull (strstr (detail, "go away"));
  g_assert_null (strstr (detail, "Closed by the server"));
}

static ScopeStatePeriod *
peek_period (Fixture *f,
             guint    position)
{
  GListModel *history = scope_session_get_history (f->session);
  g_autoptr (ScopeStatePeriod) period = g_list_model_get_item (history, position);

  g_assert_nonnull (period);
  return period;
}

static void
test_session_history (Fixture      *f,
                      gconstpointer data)
{
  g_autofree char *detail = NULL;
  ScopeStatePeriod *period;

  connect_up (f);
  scope_clock_advance (f->clock, G_USEC_PER_SEC);
  scope_memory_transport_drop (f->transport, 1006, NULL);
  detail = dup_text (f, "state-detail");
  g_assert_true (g_str_has_prefix (detail, "Connection lost (1006). "));
  scope_clock_advance (f->clock, 3 * G_USEC_PER_SEC);

  g_assert_cmpuint (g_list_model_get_n_items (scope_session_get_history (f->session)), ==, 3);
  period = peek_period (f, 0);
  g_assert_cmpint (scope_state_period_get_state (period), ==, SCOPE_STATE_CONNECTING);
  g_assert_cmpint (scope_state_period_get_started_usec (period), ==, START_USEC + G_USEC_PER_SEC);
  g_assert_cmpint (scope_state_period_get_ended_usec (period), ==, 0);
  g_assert_cmpuint (scope_state_period_get_attempts (period), >=, 1);

  period = peek_period (f, 1);
  g_assert_cmpint (scope_state_period_get_state (period), ==, SCOPE_STATE_CONNECTED);
  g_assert_cmpint (scope_state_period_get_started_usec (period), ==, START_USEC);
  g_assert_cmpint (scope_state_period_get_ended_usec (period), ==, START_USEC + G_USEC_PER_SEC);
  g_assert_cmpint (scope_state_period_get_code (period), ==, 1006);
  g_assert_nonnull (scope_state_period_get_meaning (period));
  g_assert_cmpint (scope_state_period_get_code (peek_period (f, 2)), ==, -1);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_session_channels (Fixture      *f,
                       gconstpointer data)
{
  ScopeChannel *news = scope_session_find_channel (f->session, "news");
  g_autofree char *rate = NULL;
  guint notified = 0;

  /* there before anything is connected */
  g_assert_nonnull (news);
  g_assert_cmpint (scope_channel_get_status (news), ==, SCOPE_SUBSCRIPTION_PENDING);
  connect_up (f);
  subscribed (f, "news");
  g_assert_cmpint (scope_channel_get_status (news), ==, SCOPE_SUBSCRIPTION_SUBSCRIBED);

  g_signal_connect_swapped (news, "notify::event-count", G_CALLBACK (count_cb), &notified);
  for (guint i = 0; i < 50; i++)
    receive (f, "{'event':'tick','channel':'news','data':1}");
  g_assert_cmpuint (notified, ==, 0);
  scope_clock_advance (f->clock, 16000);
  g_assert_cmpuint (notified, ==, 1);
  g_assert_cmpuint (scope_channel_get_event_count (news), ==, 50);
  g_assert_cmpfloat (scope_channel_get_rate (news), ==, 5.0);
  g_object_get (news, "rate-text", &rate, NULL);
  g_assert_cmpstr (rate, !=, "");

  /* the rate falls by itself, and then nothing ticks any more */
  scope_clock_advance (f->clock, 12 * G_USEC_PER_SEC);
  g_assert_cmpfloat (scope_channel_get_rate (news), ==, 0.0);
  g_assert_cmpuint (notified, ==, 1);

  receive (f, "{'event':'pusher_internal:subscription_count','channel':'news',"
              "'data':{'subscription_count':0}}");
  g_assert_cmpint (scope_channel_get_subscription_count (news), ==, 0);

  scope_memory_transport_drop (f->transport, 1006, NULL);
  g_assert_cmpint (scope_channel_get_status (news), ==, SCOPE_SUBSCRIPTION_PENDING);
  g_assert_cmpint (scope_channel_get_subscription_count (news), ==, -1);
}

static void
assert_members (ScopeChannel *channel,
                const char   *expected)
{
  GListModel *members = scope_channel_get_members (channel);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (members); i++)
    {
      g_autoptr (ScopeMember) member = g_list_model_get_item (members, i);

      g_string_append_printf (names, "%s%s%s%s", i > 0 ? "," : "", scope_member_get_name (member),
                              scope_member_get_me (member) ? "*" : "",
                              scope_member_get_since_known (member) ? "+" : "");
    }
  g_assert_cmpstr (names->str, ==, expected);
  g_assert_cmpuint (scope_channel_get_member_count (channel), ==,
                    g_list_model_get_n_items (members));
}

static void
test_session_members (Fixture      *f,
                      gconstpointer data)
{
  ScopeChannel *room;

  connect_up (f);
  g_assert_true (scope_session_subscribe (f->session, "presence-room", NULL));
  room = scope_session_find_channel (f->session, "presence-room");
  assert_members (room, "");
  receive (f, ROOM);
  assert_members (room, "7,Me*");

  receive (f, "{'event':'pusher_internal:member_added','channel':'presence-room',"
              "'data':'{\\'user_id\\':9,\\'user_info\\':{\\'name\\':\\'  \\',"
              "\\'email\\':\\'ana@example.com\\'}}'}");
  assert_members (room, "7,ana@example.com+,Me*");
  receive (f, "{'event':'pusher_internal:member_added','channel':'presence-room',"
              "'data':'{\\'user_id\\':\\'9\\',\\'user_info\\':{\\'name\\':\\'Zoe\\'}}'}");
  assert_members (room, "7,Me*,Zoe+");
  receive (f, "{'event':'pusher_internal:member_removed','channel':'presence-room',"
              "'data':{'user_id':7}}");
  assert_members (room, "Me*,Zoe+");

  scope_memory_transport_drop (f->transport, 1006, NULL);
  assert_members (room, "");
}

static void
test_session_wishes (Fixture      *f,
                     gconstpointer data)
{
  GListModel *channels = scope_session_get_channels (f->session);
  g_autoptr (GError) error = NULL;

  g_assert_true (scope_session_subscribe (f->session, "a", &error));
  g_assert_true (scope_session_subscribe (f->session, "a", &error));
  g_assert_cmpuint (g_list_model_get_n_items (channels), ==, 2);
  g_assert_cmpstrv (scope_profile_get_subscriptions (f->profile),
                    ((const char *[]){ "news", "a", NULL }));

  g_assert_false (scope_session_subscribe (f->session, "a b", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_cmpuint (g_list_model_get_n_items (channels), ==, 2);

  connect_up (f);
  subscribed (f, "news");
  g_string_truncate (f->lines, 0);
  scope_session_unsubscribe (f->session, "news");
  assert_lines (f, LINE "'subscription','channel':'news','status':'unsubscribed'}\n");
  g_assert_null (scope_session_find_channel (f->session, "news"));
  g_assert_cmpuint (g_list_model_get_n_items (channels), ==, 1);
  g_assert_cmpstrv (scope_profile_get_subscriptions (f->profile), ((const char *[]){ "a", NULL }));

  /* undo */
  g_assert_true (scope_session_subscribe (f->session, "news", &error));
  g_assert_cmpuint (g_list_model_get_n_items (channels), ==, 2);

  g_assert_false (scope_session_send_event (f->session, "a", "nope", NULL, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
}

static void
test_session_channel_error (Fixture      *f,
                            gconstpointer data)
{
  ScopeChannel *news = scope_session_find_channel (f->session, "news");

  connect_up (f);
  g_string_truncate (f->lines, 0);
  receive (f, "{'event':'pusher:subscription_error','channel':'news','data':"
              "{'type':'AuthError','error':'not yours','status':403}}");
  assert_lines (f, LINE "'subscription','channel':'news','status':'error','error':"
                        "{'type':'AuthError','message':'not yours','status':403,'meaning':"
                        "'The server refused the subscription. Check the name of the channel and its "
                        "authorization, then subscribe again.'}}\n");
  g_assert_cmpint (scope_channel_get_status (news), ==, SCOPE_SUBSCRIPTION_ERROR);
  g_assert_cmpstr (scope_channel_get_error_text (news), ==,
                   "The server refused the subscription. Check the name of the channel and its "
                   "authorization, then subscribe again. “not yours”");

  /* tried again with other secrets */
  scope_session_set_credentials (f->session, f->credentials);
  g_assert_cmpint (scope_channel_get_status (news), ==, SCOPE_SUBSCRIPTION_PENDING);
  receive (f, "{'event':'pusher:subscription_error','channel':'news','data':{}}");
  g_assert_cmpint (scope_channel_get_status (news), ==, SCOPE_SUBSCRIPTION_ERROR);

  /* tried again with the next connection */
  scope_memory_transport_drop (f->transport, 1006, NULL);
  g_assert_cmpint (scope_channel_get_status (news), ==, SCOPE_SUBSCRIPTION_PENDING);
  g_assert_null (scope_channel_get_error_text (news));
}

/* Nothing to connect with is said, not tried. */
static void
test_session_no_key (Fixture      *f,
                     gconstpointer data)
{
  g_autofree char *detail = NULL;

  scope_session_set_credentials (f->session, NULL);
  scope_session_connect (f->session);
  g_assert_null (f->transport);
  g_assert_cmpint (scope_session_get_state (f->session), ==, SCOPE_STATE_INITIALIZED);
  g_assert_cmpuint (f->problems->len, ==, 1);
  detail = dup_text (f, "state-detail");
  g_assert_cmpstr (detail, ==, g_ptr_array_index (f->problems, 0));

  scope_session_set_credentials (f->session, f->credentials);
  scope_session_connect (f->session);
  g_assert_nonnull (f->transport);
}

/* A server that complains all the time gives a toast now and then. */
static void
test_session_problems (Fixture      *f,
                       gconstpointer data)
{
  connect_up (f);
  for (guint i = 0; i < 100; i++)
    receive (f, "{'event':'pusher:error','data':{'code':4301,'message':'slow \\n down'}}");
  g_assert_cmpuint (f->problems->len, ==, 1);
  g_assert_nonnull (strstr (f->problems->pdata[0], "Send fewer events. “slow ␊ down”"));
  scope_clock_advance (f->clock, 3 * G_USEC_PER_SEC);
  receive (f, "{'event':'pusher:error','data':{'code':4301,'message':'slow down'}}");
  g_assert_cmpuint (f->problems->len, ==, 2);
}

static void
test_session_encrypted (Fixture      *f,
                        gconstpointer data)
{
  static const char master[] = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";
  static const guint8 nonce[24] = { 7 };
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];
  const char *plains[] = { "{\"a\": 1}", "plain text" };

  scope_credentials_set (f->credentials, SCOPE_CREDENTIAL_MASTER_KEY, master);
  scope_session_set_credentials (f->session, f->credentials);
  g_assert_true (scope_session_subscribe (f->session, "private-encrypted-x", NULL));
  connect_up (f);
  subscribed (f, "private-encrypted-x");
  g_string_truncate (f->lines, 0);

  g_assert_true (scope_channel_key_derive ("private-encrypted-x", master, key, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (plains); i++)
    {
      g_autofree char *cipher = scope_encrypt_event (key, nonce, plains[i], strlen (plains[i]));
      g_autofree char *frame = g_strdup_printf (
        "{\"event\":\"secret\",\"channel\":\"private-encrypted-x\",\"data\":%s}", cipher);

      scope_memory_transport_receive (f->transport, frame);
    }
  g_assert_nonnull (strstr (f->lines->str, "\"data\":{\"a\":1},\"raw\":\"{\\\"nonce"));
  g_assert_nonnull (strstr (f->lines->str, "\"data\":\"plain text\",\"raw\":"));
  g_assert_nonnull (strstr (f->lines->str, "\"encrypted\":true,\"decrypted\":true"));
  g_assert_null (strstr (f->lines->str, "\"decrypted\":false"));
  g_string_truncate (f->lines, 0);

  receive (f, "{'event':'secret','channel':'private-encrypted-x','data':"
              "{'nonce':'AAAA','ciphertext':'AAAA'}}");
  g_assert_nonnull (strstr (f->lines->str, "\"source\":\"decrypt\""));
  g_assert_nonnull (strstr (f->lines->str, "\"encrypted\":true,\"decrypted\":false"));
}

/* an event that waited for its channel's key has the time at which it came */
static void
test_session_held (Fixture      *f,
                   gconstpointer data)
{
  static const char frame[] = "{\"event\":\"late\",\"channel\":\"private-encrypted-x\",\"data\":{}}";
  g_autoptr (GBytes) bytes = g_bytes_new_static (frame, strlen (frame));
  g_autoptr (ScopeMessage) message = scope_message_new (bytes, NULL);
  ScopeReport report = { .type = SCOPE_REPORT_EVENT, .channel = "private-encrypted-x", .message = message,
                         .encrypted = TRUE, .held_usec = 2 * G_USEC_PER_SEC };

  scope_clock_advance (f->clock, 3 * G_USEC_PER_SEC);
  _scope_session_report_cb (scope_session_get_connection (f->session), &report, f->session);
  g_assert_nonnull (strstr (f->lines->str, "{\"time\":\"2026-11-21T14:05:03.000000Z\",\"type\":\"event\""));
}

/* Recording */

static void
wait_for_rows (Fixture *f,
               guint    n)
{
  GListModel *events = G_LIST_MODEL (scope_session_get_events (f->session));

  WAIT_UNTIL (g_list_model_get_n_items (events) >= n);
}

static gboolean
close_session (ScopeSession *session,
               GError      **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  scope_session_close_async (session, wait_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  return scope_session_close_finish (session, result, error);
}

static char *
dup_previews (ScopeSession *session)
{
  GListModel *events = G_LIST_MODEL (scope_session_get_events (session));
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (ScopeEventItem) item = g_list_model_get_item (events, i);

      g_string_append_printf (text, "%s|%s|%s\n", scope_event_item_get_event (item),
                              scope_event_item_get_channel (item),
                              scope_event_item_get_preview (item));
    }
  return g_string_free (text, FALSE);
}

static gboolean
is_loading (ScopeSession *session)
{
  gboolean loading;

  g_object_get (session, "loading", &loading, NULL);
  return loading;
}

static void
wait_for_loaded (ScopeSession *session)
{
  WAIT_UNTIL (!is_loading (session));
}

static char *
dup_capture_lines (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open (path, &error);
  GString *lines = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint64 i = 1; i <= scope_capture_count (capture); i++)
    {
      g_autoptr (ScopeEntry) entry = scope_capture_read (capture, i, &error);

      g_assert_no_error (error);
      if (!scope_line_append_ndjson (lines, entry, scope_capture_get_names (capture)) &&
          entry->kind == SCOPE_ENTRY_GAP)
        g_string_append_printf (lines, "gap %s\n", entry->detail);
    }
  return g_string_free (lines, FALSE);
}

/* What was shown live, what is in the file, and what an offline session shows are the same. */
static void
test_session_record (Fixture      *f,
                     gconstpointer data)
{
  g_autofree char *path = fixture_dup_capture_path (f);
  g_autofree char *live = NULL;
  g_autofree char *again = NULL;
  g_autofree char *lines = NULL;
  g_autofree char *state_text = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopeSession) offline = NULL;
  g_autoptr (GError) error = NULL;
  ScopeChannel *news;

  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  connect_up (f);
  subscribed (f, "news");
  for (guint i = 0; i < 100; i++)
    receive (f, "{'event':'tick','channel':'news','data':{'n':1}}");
  assert_text (f, "recording-text", path);
  assert_text (f, "recording-problem", NULL);
  wait_for_rows (f, 104);
  scope_memory_transport_drop (f->transport, 4200, "bye");
  scope_memory_transport_accept (f->transport);
  receive (f, MEMORY_ESTABLISHED);
  g_clear_object (&f->transport);
  g_assert_true (close_session (f->session, &error));
  g_assert_no_error (error);

  live = dup_previews (f->session);
  lines = dup_capture_lines (path);
  g_assert_cmpstr (lines, ==, f->lines->str);
  g_assert_nonnull (strstr (lines, "\ngap {"));

  capture = scope_capture_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (scope_capture_get_meta (capture, "profile"), ==, "Shop");
  g_assert_cmpstr (scope_capture_get_meta (capture, "host"), ==, "ws://127.0.0.1:6001");
  offline = scope_session_new_for_capture (capture);
  wait_for_loaded (offline);
  again = dup_previews (offline);
  g_assert_cmpstr (again, ==, live);

  g_assert_true (scope_session_get_offline (offline));
  g_assert_null (scope_session_get_connection (offline));
  g_assert_null (scope_session_get_profile (offline));
  g_object_get (offline, "state-text", &state_text, NULL);
  g_assert_cmpstr (state_text, ==, "Opened capture");
  news = scope_session_find_channel (offline, "news");
  g_assert_nonnull (news);
  g_assert_cmpuint (scope_channel_get_event_count (news), ==, 100);
  g_assert_cmpuint (g_list_model_get_n_items (scope_session_get_history (offline)), ==,
                    g_list_model_get_n_items (scope_session_get_history (f->session)));
  {
    g_autoptr (ScopeStatePeriod) last =
      g_list_model_get_item (scope_session_get_history (offline), 0);
    g_autoptr (ScopeStatePeriod) lost =
      g_list_model_get_item (scope_session_get_history (offline), 2);

    g_assert_cmpint (scope_state_period_get_state (last), ==, SCOPE_STATE_DISCONNECTED);
    g_assert_cmpint (scope_state_period_get_ended_usec (last), !=, 0);
    g_assert_cmpint (scope_state_period_get_code (lost), ==, 4200);
    g_assert_cmpstr (scope_state_period_get_reason (lost), ==, "bye");
  }
  g_assert_false (scope_session_subscribe (offline, "x", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_CONNECTED);
  g_clear_error (&error);
  g_assert_true (close_session (offline, &error));
}

/* The file can't be written: the log goes on from memory, and says so. */
static void
test_session_record_failed (Fixture      *f,
                            gconstpointer data)
{
  g_autofree char *path = fixture_dup_capture_path (f);
  g_autofree char *previews = NULL;
  g_autofree char *problem = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (path, "mine", -1, NULL));
  connect_up (f);
  subscribed (f, "news");
  receive (f, "{'event':'tick','channel':'news','data':1}");
  wait_for_rows (f, 4);
  receive (f, "{'event':'tock','channel':'news','data':2}");
  scope_clock_advance (f->clock, 16000);
  wait_for_rows (f, 5);

  previews = dup_previews (f->session);
  g_assert_nonnull (strstr (previews, "tick|news|1\n"));
  g_assert_nonnull (strstr (previews, "tock|news|2\n"));
  problem = dup_text (f, "recording-problem");
  g_assert_nonnull (strstr (problem, "10000"));
  assert_text (f, "recording-text", NULL);

  g_clear_object (&f->transport);
  g_assert_false (close_session (f->session, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_false (close_session (f->session, &error));
  g_assert_nonnull (error);
}

static void
wait_for_state (Fixture           *f,
                ScopeRecorderState state)
{
  WAIT_UNTIL (scope_recorder_get_state (scope_session_get_recorder (f->session)) == state);
}

static void
receive_large (Fixture *f,
               guint    n)
{
  g_autofree char *filler = g_strnfill (3900000, 'x');
  g_autofree char *frame =
    g_strdup_printf ("{'event':'large','channel':'news','data':'%s'}", filler);

  for (guint i = 0; i < n; i++)
    receive (f, frame);
}

/* The disk is full: what comes is shown from memory, what does not fit there is counted, and all of
 * it is in the file when there is room. */
static void
test_session_record_stalled (Fixture      *f,
                             gconstpointer data)
{
  g_autofree char *path = fixture_dup_capture_path (f);
  g_autofree char *previews = NULL;
  g_autofree char *problem = NULL;
  g_autofree char *later = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;
  ScopeRecorder *recorder;

  connect_up (f);
  subscribed (f, "news");
  wait_for_rows (f, 4);
  recorder = scope_session_get_recorder (f->session);
  scope_recorder_set_resumes (recorder, TRUE);
  _scope_recorder_set_max_pages (recorder, 1);
  receive_large (f, 1);
  wait_for_state (f, SCOPE_RECORDER_STALLED);
  problem = dup_text (f, "recording-problem");
  g_assert_nonnull (strstr (problem, "the disk is full"));
  wait_for_rows (f, 5);

  receive (f, "{'event':'tick','channel':'news','data':1}");
  scope_clock_advance (f->clock, 16000);
  wait_for_rows (f, 6);
  previews = dup_previews (f->session);
  g_assert_nonnull (strstr (previews, "tick|news|1\n"));
  receive_large (f, 40);
  g_assert_cmpuint (scope_recorder_get_refused (recorder), >, 0);
  /* not all of these are kept either */
  g_assert_cmpuint (f->session->refused_bytes, >, 0);
  g_assert_cmpuint (f->session->refused_bytes, <=, SCOPE_LIMIT_STALLED_BYTES);
  g_assert_cmpuint (g_queue_get_length (&f->session->refused), <, f->session->n_refused);

  _scope_recorder_set_max_pages (recorder, 1000000);
  wait_for_state (f, SCOPE_RECORDER_RECORDING);
  receive (f, "{'event':'tock','channel':'news','data':2}");
  later = dup_text (f, "recording-problem");
  g_assert_nonnull (strstr (later, "not kept while the disk was full"));

  g_clear_object (&f->transport);
  g_assert_true (close_session (f->session, &error));
  g_assert_no_error (error);
  capture = scope_capture_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_count (capture), ==, scope_recorder_get_appended (recorder));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (scope_session_get_events (f->session))),
                    <=, scope_capture_count (capture));
  for (guint64 i = 1; i <= scope_capture_count (capture); i++)
    {
      g_autoptr (ScopeEntry) entry = scope_capture_read (capture, i, &error);

      g_assert_no_error (error);
      if (entry->kind == SCOPE_ENTRY_GAP)
        g_string_append (f->lines, entry->detail);
    }
  g_assert_nonnull (strstr (f->lines->str, "not kept while the disk was full"));
}

static void
start_close (ScopeSession  *session,
             GAsyncResult **result)
{
  scope_session_close_async (session, wait_result_cb, result);
}

/* Whoever asks while it is closing waits like the first; whoever asks later is told the same. */
static void
test_session_close_twice (Fixture      *f,
                          gconstpointer data)
{
  g_autofree char *path = fixture_dup_capture_path (f);
  g_autofree char *lines = NULL;
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;

  connect_up (f);
  receive (f, "{'event':'tick','channel':'news','data':1}");
  g_clear_object (&f->transport);
  start_close (f->session, &first);
  start_close (f->session, &second);
  WAIT_UNTIL (second != NULL);

  g_assert_nonnull (first);
  g_assert_true (scope_session_close_finish (f->session, first, &error));
  g_assert_no_error (error);
  g_assert_true (scope_session_close_finish (f->session, second, &error));
  g_assert_no_error (error);
  g_assert_true (close_session (f->session, &error));
  g_assert_no_error (error);

  lines = dup_capture_lines (path);
  g_assert_nonnull (strstr (lines, "\"event\":\"tick\""));
  g_assert_nonnull (strstr (lines, "\"current\":\"disconnected\""));
}

/* Gone without a close: nothing is left running, and what came is in the file. */
static void
test_session_drop (Fixture      *f,
                   gconstpointer data)
{
  g_autofree char *path = fixture_dup_capture_path (f);
  g_autofree char *lines = NULL;

  connect_up (f);
  subscribed (f, "news");
  receive (f, "{'event':'tick','channel':'news','data':1}");
  g_clear_object (&f->transport);
  g_assert_finalize_object (g_steal_pointer (&f->session));
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);

  lines = dup_capture_lines (path);
  g_assert_nonnull (strstr (lines, "\"event\":\"tick\""));
  g_assert_nonnull (strstr (lines, f->lines->str));
}

/* A handler that does something is no danger to the one that called it. */
static void
disconnect_cb (ScopeSession *session,
               ScopeEntry   *entry,
               Fixture      *f)
{
  if (entry->kind == SCOPE_ENTRY_EVENT)
    scope_session_disconnect (session);
}

static void
test_session_reentrant (Fixture      *f,
                        gconstpointer data)
{
  g_signal_connect (f->session, "entry", G_CALLBACK (disconnect_cb), f);
  connect_up (f);
  receive (f, "{'event':'tick','channel':'news','data':1}");
  g_assert_cmpint (scope_session_get_state (f->session), ==, SCOPE_STATE_DISCONNECTED);
  g_assert_nonnull (strstr (f->lines->str, "\"event\":\"tick\""));
  g_assert_nonnull (strstr (f->lines->str, "\"current\":\"disconnected\""));
  g_assert_cmpint (scope_memory_transport_get_close_code (f->transport), ==, 1000);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) \
  g_test_add (name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)
#define ADD_RECORDING(name, func) \
  g_test_add (name, Fixture, NULL, fixture_set_up_recording, func, fixture_tear_down)

  ADD ("/session/story", test_session_story);
  ADD ("/session/full-names", test_session_full_names);
  ADD ("/session/loss", test_session_loss);
  ADD ("/session/link", test_session_link);
  ADD ("/session/words", test_session_words);
  ADD ("/session/refused", test_session_refused);
  ADD ("/session/http-refusal", test_session_http_refusal);
  ADD ("/session/history", test_session_history);
  ADD ("/session/channels", test_session_channels);
  ADD ("/session/members", test_session_members);
  ADD ("/session/wishes", test_session_wishes);
  ADD ("/session/channel-error", test_session_channel_error);
  ADD ("/session/no-key", test_session_no_key);
  ADD ("/session/problems", test_session_problems);
  ADD ("/session/encrypted", test_session_encrypted);
  ADD ("/session/held", test_session_held);
  ADD ("/session/reentrant", test_session_reentrant);
  ADD_RECORDING ("/session/record", test_session_record);
  ADD_RECORDING ("/session/record-failed", test_session_record_failed);
  ADD_RECORDING ("/session/record-stalled", test_session_record_stalled);
  ADD_RECORDING ("/session/close-twice", test_session_close_twice);
  ADD_RECORDING ("/session/drop", test_session_drop);

  return g_test_run ();
}
