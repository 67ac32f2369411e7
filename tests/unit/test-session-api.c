/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "memory-server.h"
#include "session/scope-session.h"

#define START_USEC (G_GINT64_CONSTANT (1795269902) * G_USEC_PER_SEC)

typedef struct
{
  ScopeClock *clock;
  ScopeProfile *profile;
  ScopeCredentials *credentials;
  ScopeSession *session;
  ScopeMemoryTransport *transport; /* of the last attempt */
} Fixture;

static void
set_up (Fixture *f,
        gconstpointer data)
{
  f->clock = scope_clock_new_fake (START_USEC);
  f->profile = scope_profile_new ("Shop");
  g_object_set (f->profile, "host", "127.0.0.1", "port", 6001, "use-tls", FALSE, NULL);
  f->credentials = scope_credentials_new ();
  scope_credentials_set (f->credentials, SCOPE_CREDENTIAL_KEY, "app-key");
  scope_profile_add_subscription (f->profile, "news");
  f->session = scope_session_new (f->profile, f->credentials, "", f->clock);
  scope_connection_set_factory (scope_session_get_connection (f->session), memory_factory_cb,
                                &f->transport);
}

static void
tear_down (Fixture *f,
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
receive (Fixture *f,
         const char *frame)
{
  memory_receive (f->transport, frame);
}

static void
connect_session (Fixture *f)
{
  scope_session_connect (f->session);
  scope_memory_transport_accept (f->transport);
  receive (f, MEMORY_ESTABLISHED);
  g_assert_cmpint (scope_session_get_state (f->session), ==, SCOPE_STATE_CONNECTED);
}

static void
assert_no_api (ScopeSession *session,
               ScopeError code,
               const char *word)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (scope_session_get_api (session, &error));
  g_assert_error (error, SCOPE_ERROR, (int) code);
  /* what is missing; where it is entered is for each front to say */
  g_assert_null (strstr (error->message, "enter"));
  g_assert_nonnull (strstr (error->message, word));
}

/* One client a session, and another one when what it was made from has changed. */
static void
test_api (Fixture *f,
          gconstpointer data)
{
  g_autoptr (ScopeApiClient) first = NULL;
  g_autoptr (ScopeApiClient) second = NULL;

  assert_no_api (f->session, SCOPE_ERROR_USAGE, "id");
  g_object_set (f->profile, "app-id", "3", NULL);
  assert_no_api (f->session, SCOPE_ERROR_USAGE, "secret");
  scope_credentials_set (f->credentials, SCOPE_CREDENTIAL_SECRET, "app-secret");
  scope_credentials_set (f->credentials, SCOPE_CREDENTIAL_KEY, NULL);
  assert_no_api (f->session, SCOPE_ERROR_USAGE, "key");
  scope_credentials_set (f->credentials, SCOPE_CREDENTIAL_KEY, "app-key");

  first = g_object_ref (scope_session_get_api (f->session, NULL));
  g_assert_true (first == scope_session_get_api (f->session, NULL));

  scope_session_apply_profile (f->session);
  second = g_object_ref (scope_session_get_api (f->session, NULL));
  g_assert_true (second != first);
  scope_session_set_credentials (f->session, NULL);
  assert_no_api (f->session, SCOPE_ERROR_USAGE, "key");
}

static guint64
count (Fixture *f,
       ScopeFootprintCause cause)
{
  ScopeFootprintFigures figures;

  scope_footprint_get (scope_session_get_footprint (f->session), cause, &figures);
  g_assert_cmpuint (figures.requests, ==, 0);
  return figures.messages;
}

/* What is delivered and sent counts; the handshake, subscribing and pings don't. */
static void
test_delivered (Fixture *f,
                gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  scope_credentials_set (f->credentials, SCOPE_CREDENTIAL_SECRET, "app-secret");
  connect_session (f);
  receive (f, "{'event':'pusher_internal:subscription_succeeded','channel':'news','data':'{}'}");
  scope_session_subscribe (f->session, "presence-room", &error);
  g_assert_no_error (error);
  receive (f, "{'event':'pusher_internal:subscription_succeeded','channel':'presence-room','data':"
              "'{\\'presence\\':{\\'count\\':1,\\'ids\\':[\\'1\\'],\\'hash\\':{\\'1\\':{}}}}'}");
  receive (f, "{'event':'pusher:pong','data':{}}");
  receive (f, "{'event':'pusher:ping','data':{}}");
  g_assert_cmpuint (count (f, SCOPE_N_FOOTPRINT_CAUSES), ==, 0);

  receive (f, "{'event':'tick','channel':'news','data':1}");
  receive (f, "{'event':'tick','channel':'news','data':2}");
  g_assert_cmpuint (count (f, SCOPE_FOOTPRINT_DELIVERED), ==, 2);
  receive (f, "{'event':'pusher_internal:member_added','channel':'presence-room','data':"
              "'{\\'user_id\\':\\'2\\'}'}");
  receive (f, "{'event':'pusher_internal:member_removed','channel':'presence-room','data':"
              "'{\\'user_id\\':\\'2\\'}'}");
  g_assert_cmpuint (count (f, SCOPE_FOOTPRINT_DELIVERED), ==, 4);
  receive (f, "{'event':'pusher_internal:subscription_count','channel':'news','data':"
              "'{\\'subscription_count\\':7}'}");
  g_assert_cmpuint (count (f, SCOPE_FOOTPRINT_DELIVERED), ==, 5);
  g_assert_cmpuint (count (f, SCOPE_FOOTPRINT_CLIENT_EVENTS), ==, 0);

  scope_session_send_event (f->session, "presence-room", "client-typing", "{}", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count (f, SCOPE_FOOTPRINT_CLIENT_EVENTS), ==, 1);
  g_assert_cmpuint (count (f, SCOPE_N_FOOTPRINT_CAUSES), ==, 6);
}

static void
test_plan (Fixture *f,
           gconstpointer data)
{
  ScopeFootprint *footprint = scope_session_get_footprint (f->session);

  g_assert_cmpuint (scope_footprint_get_plan (footprint), ==, 0);
  g_object_set (f->profile, "plan-messages", 200000, NULL);
  g_assert_cmpuint (scope_footprint_get_plan (footprint), ==, 200000);
  g_assert_cmpuint (scope_footprint_get_budget (footprint), ==, 50000);
  g_object_set (f->profile, "plan-share", 10, NULL);
  g_assert_cmpuint (scope_footprint_get_budget (footprint), ==, 20000);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/session-api/api", Fixture, NULL, set_up, test_api, tear_down);
  g_test_add ("/session-api/delivered", Fixture, NULL, set_up, test_delivered, tear_down);
  g_test_add ("/session-api/plan", Fixture, NULL, set_up, test_plan, tear_down);

  return g_test_run ();
}
