/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-error.h"
#include "memory-server.h"
#include "session/scope-session-private.h"

#include <string.h>

/* A session's presence channels: which are joined, which are not. The clock stands still, so that nothing
 * is asked for; what the answers do is told by test-unseen. */

#define START_USEC (G_GINT64_CONSTANT (1795269902) * G_USEC_PER_SEC)
#define ROOM "presence-room"

typedef struct
{
  ScopeClock *clock;
  ScopeProfile *profile;
  ScopeCredentials *credentials;
  ScopeSession *session;
  ScopeMemoryTransport *transport;
} Fixture;

static void
set_up (Fixture      *f,
        gconstpointer data)
{
  f->clock = scope_clock_new_fake (START_USEC);
  f->profile = scope_profile_new ("Shop");
  g_object_set (f->profile, "host", "127.0.0.1", "port", 6001, "use-tls", FALSE, "app-id", "7", NULL);
  f->credentials = scope_credentials_new ();
  scope_credentials_set (f->credentials, SCOPE_CREDENTIAL_KEY, "app-key");
  scope_credentials_set (f->credentials, SCOPE_CREDENTIAL_SECRET, "app-secret");
}

static void
start (Fixture *f)
{
  f->session = scope_session_new (f->profile, f->credentials, "", f->clock);
  scope_connection_set_factory (scope_session_get_connection (f->session), memory_factory_cb,
                                &f->transport);
}

static void
tear_down (Fixture      *f,
           gconstpointer data)
{
  g_clear_object (&f->transport);
  g_assert_finalize_object (f->session);
  g_assert_finalize_object (f->profile);
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);
  g_assert_finalize_object (f->clock);
  scope_credentials_unref (f->credentials);
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
assert_unseen (Fixture  *f,
               gboolean  unseen)
{
  ScopeChannel *channel = scope_session_find_channel (f->session, ROOM);

  g_assert_nonnull (channel);
  g_assert_true (scope_channel_get_unseen (channel) == unseen);
  g_assert_true (g_strv_contains (scope_profile_get_unseen (f->profile), ROOM) == unseen);
}

/* A profile remembers which way; a channel in both lists is never joined by accident. */
static void
test_restored (Fixture      *f,
               gconstpointer data)
{
  g_autofree char *sent = NULL;

  scope_profile_add_unseen (f->profile, ROOM);
  scope_profile_add_subscription (f->profile, ROOM);
  scope_profile_add_subscription (f->profile, "news");
  start (f);
  assert_unseen (f, TRUE);
  connect_up (f);
  sent = memory_dup_sent (f->transport);
  g_assert_nonnull (strstr (sent, "news"));
  g_assert_null (strstr (sent, ROOM));
  g_assert_cmpint (scope_channel_get_status (scope_session_find_channel (f->session, ROOM)), ==,
                   SCOPE_SUBSCRIPTION_PENDING);
}

static void
test_back_and_forth (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *joined = NULL;
  g_autofree char *left = NULL;
  g_autofree char *nothing = NULL;
  g_autofree char *again = NULL;

  start (f);
  connect_up (f);
  g_assert_true (scope_session_watch (f->session, ROOM, &error));
  g_assert_no_error (error);
  assert_unseen (f, TRUE);
  /* "Try Again" and the like join nothing */
  g_assert_true (scope_session_subscribe (f->session, ROOM, NULL));
  g_assert_true (scope_session_watch (f->session, ROOM, NULL));
  nothing = memory_dup_sent (f->transport);
  g_assert_cmpstr (nothing, ==, "");

  g_assert_true (scope_session_join (f->session, ROOM,
                                     "{\"user_id\":\"desk\",\"user_info\":{\"name\":\"Help Desk\"}}", &error));
  g_assert_no_error (error);
  assert_unseen (f, FALSE);
  g_assert_true (g_strv_contains (scope_profile_get_subscriptions (f->profile), ROOM));
  joined = memory_dup_sent (f->transport);
  g_assert_nonnull (strstr (joined, "\\\"user_id\\\":\\\"desk\\\""));
  g_assert_nonnull (strstr (joined, "Help Desk"));
  receive (f, "{'event':'pusher_internal:subscription_succeeded','channel':'" ROOM "','data':{'presence':"
              "{'count':2,'ids':['u1','desk'],'hash':{'u1':{'name':'Ana'},'desk':{'name':'Help Desk'}}}}}");
  g_assert_cmpstr (scope_session_get_learnt_name (f->session, "u1"), ==, "Ana");

  g_assert_true (scope_session_watch_unseen (f->session, ROOM, &error));
  g_assert_no_error (error);
  assert_unseen (f, TRUE);
  g_assert_false (g_strv_contains (scope_profile_get_subscriptions (f->profile), ROOM));
  left = memory_dup_sent (f->transport);
  g_assert_nonnull (strstr (left, "pusher:unsubscribe"));
  g_assert_cmpuint (scope_channel_get_member_count (scope_session_find_channel (f->session, ROOM)), ==, 0);
  g_assert_cmpstr (scope_session_get_learnt_name (f->session, "u1"), ==, "Ana");

  /* as the profile's user, and not as the one chosen before */
  g_assert_true (scope_session_join (f->session, ROOM, NULL, &error));
  again = memory_dup_sent (f->transport);
  g_assert_null (strstr (again, "desk"));
  g_assert_nonnull (strstr (again, "channelscope-"));

  g_assert_true (scope_session_watch_unseen (f->session, ROOM, NULL));
  scope_session_unsubscribe (f->session, ROOM);
  g_assert_null (scope_session_find_channel (f->session, ROOM));
  g_assert_cmpuint (g_strv_length ((char **) scope_profile_get_unseen (f->profile)), ==, 0);
}

static void
test_refused (Fixture      *f,
              gconstpointer data)
{
  g_autoptr (GError) no_presence = NULL;
  g_autoptr (GError) bad_name = NULL;
  g_autoptr (GError) bad_user = NULL;
  g_autoptr (GError) no_api = NULL;
  g_autofree char *sent = NULL;

  start (f);
  connect_up (f);
  g_assert_false (scope_session_watch_unseen (f->session, "private-room", &no_presence));
  g_assert_error (no_presence, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_assert_false (scope_session_watch_unseen (f->session, "presence- room", &bad_name));
  g_assert_error (bad_name, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_assert_false (scope_session_join (f->session, ROOM, "{\"user_info\":{}}", &bad_user));
  g_assert_error (bad_user, SCOPE_ERROR, SCOPE_ERROR_USAGE);

  g_object_set (f->profile, "app-id", NULL, NULL);
  scope_session_apply_profile (f->session);
  g_assert_false (scope_session_watch_unseen (f->session, ROOM, &no_api));
  g_assert_error (no_api, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_assert_cmpuint (g_list_model_get_n_items (scope_session_get_channels (f->session)), ==, 0);
  sent = memory_dup_sent (f->transport);
  g_assert_cmpstr (sent, ==, "");

  /* then joining is the only way */
  g_assert_true (scope_session_watch (f->session, ROOM, NULL));
  assert_unseen (f, FALSE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/session-unseen/restored", Fixture, NULL, set_up, test_restored, tear_down);
  g_test_add ("/session-unseen/back-and-forth", Fixture, NULL, set_up, test_back_and_forth, tear_down);
  g_test_add ("/session-unseen/refused", Fixture, NULL, set_up, test_refused, tear_down);
  return g_test_run ();
}
