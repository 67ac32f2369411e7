/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A session's doctor: the profile and secrets of now, what the server said of a client event before, and what it
 * costs the plan. */

#include "config.h"

#include <libsoup/soup.h>
#include <string.h>

#include "session/scope-session-doctor.h"
#include "tests/wait.h"

#define CHANNEL "private-orders"
#define GREETING "{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\"1.2\\\"}\"}"
#define OFF "To send client events, you must enable this feature in the Settings page of your dashboard."

typedef struct
{
  SoupServer *server;
  GPtrArray *sockets;
  guint n_refused;
  ScopeSession *session;
  gboolean done;
} Fixture;

static void
answer_subscription (SoupWebsocketConnection *socket,
                     const char *channel)
{
  g_autofree char *text
      = g_strdup_printf ("{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"%s\",\"data\":\"{}\"}",
                         channel);

  soup_websocket_connection_send_text (socket, text);
}

static void
frame_cb (SoupWebsocketConnection *socket,
          SoupWebsocketDataType type,
          GBytes *frame,
          gpointer user_data)
{
  Fixture *fixture = user_data;
  const char *text = g_bytes_get_data (frame, NULL);

  if (strstr (text, "client-hello") != NULL)
    {
      fixture->n_refused++;
      soup_websocket_connection_send_text (
          socket, "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":\"" OFF "\"}}");
    }
  else if (strstr (text, "pusher:subscribe") != NULL)
    answer_subscription (socket, strstr (text, CHANNEL) != NULL ? CHANNEL : SCOPE_DOCTOR_CHANNEL);
}

static void
socket_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           SoupWebsocketConnection *socket,
           gpointer user_data)
{
  Fixture *fixture = user_data;

  g_ptr_array_add (fixture->sockets, g_object_ref (socket));
  g_signal_connect (socket, "message", G_CALLBACK (frame_cb), fixture);
  soup_websocket_connection_send_text (socket, GREETING);
}

static void
api_cb (SoupServer *server,
        SoupServerMessage *message,
        const char *path,
        GHashTable *query,
        gpointer user_data)
{
  soup_server_message_set_status (message, 200, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new ("doctor");
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();
  g_autoptr (GError) error = NULL;
  GSList *uris;

  fixture->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_websocket_handler (fixture->server, "/app", NULL, NULL, socket_cb, fixture, NULL);
  soup_server_add_handler (fixture->server, "/apps", api_cb, fixture, NULL);
  g_assert_true (soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error));
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  g_object_set (profile, "host", "127.0.0.1", "port", (guint) g_uri_get_port (uris->data), "use-tls", FALSE,
                "app-id", "7", "read-only", FALSE, NULL);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  scope_profile_add_subscription (profile, CHANNEL);
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, "the-app-key");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, "the-app-secret");
  fixture->session = scope_session_new (profile, credentials, "", NULL);
}

static gboolean
is_done (Fixture *fixture)
{
  return fixture->done;
}

static void
closed_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_assert_true (scope_session_close_finish (SCOPE_SESSION (source), result, NULL));
  ((Fixture *) user_data)->done = TRUE;
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  fixture->done = FALSE;
  scope_session_close_async (fixture->session, closed_cb, fixture);
  WAIT_UNTIL (is_done (fixture));
  g_assert_finalize_object (fixture->session);
  g_ptr_array_unref (fixture->sockets);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
}

static void
diagnosed_cb (GObject *source,
              GAsyncResult *result,
              gpointer user_data)
{
  g_assert_true (scope_doctor_run_finish (SCOPE_DOCTOR (source), result, NULL));
  ((Fixture *) user_data)->done = TRUE;
}

static ScopeDoctor *
diagnose (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  ScopeDoctor *doctor = scope_session_new_doctor (fixture->session, &error);

  g_assert_no_error (error);
  fixture->done = FALSE;
  scope_doctor_run_async (doctor, NULL, diagnosed_cb, fixture);
  WAIT_UNTIL (is_done (fixture));
  g_assert_cmpint (scope_doctor_get_verdict (doctor), ==, SCOPE_DOCTOR_ALL_GOOD);
  return doctor;
}

static gboolean
is_subscribed (Fixture *fixture)
{
  ScopeChannel *channel = scope_session_find_channel (fixture->session, CHANNEL);

  return channel != NULL && scope_channel_get_status (channel) == SCOPE_SUBSCRIPTION_SUBSCRIBED;
}

/* An entry is made of each error as it comes. */
static void
entry_cb (ScopeSession *session,
          ScopeEntry *entry,
          gboolean *is_told)
{
  *is_told |= entry->kind == SCOPE_ENTRY_ERROR;
}

static gboolean is_told;

static gboolean
is_refusal_told (Fixture *fixture)
{
  return is_told;
}

static void
test_client_events (Fixture *fixture,
                    gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeDoctor) before = diagnose (fixture);
  g_autoptr (ScopeDoctor) after = NULL;
  const ScopeDoctorStep *step = scope_doctor_get_step (before, SCOPE_DOCTOR_CHANNEL_AUTH);

  g_assert_cmpint (step->state, ==, SCOPE_DOCTOR_GOOD);
  g_assert_cmpstr (step->advice, ==, NULL);

  is_told = FALSE;
  g_signal_connect (fixture->session, "entry", G_CALLBACK (entry_cb), &is_told);
  scope_session_connect (fixture->session);
  WAIT_UNTIL (is_subscribed (fixture));
  g_assert_true (scope_session_send_event (fixture->session, CHANNEL, "client-hello", "{}", &error));
  g_assert_no_error (error);
  WAIT_UNTIL (is_refusal_told (fixture));

  after = diagnose (fixture);
  step = scope_doctor_get_step (after, SCOPE_DOCTOR_CHANNEL_AUTH);
  g_assert_cmpint (step->state, ==, SCOPE_DOCTOR_GOOD);
  g_assert_nonnull (strstr (step->message, OFF));
  g_assert_nonnull (strstr (step->advice, "Client events are switched off"));
  g_assert_cmpuint (fixture->n_refused, ==, 1); /* the doctor sent none */
}

static void
test_cost (Fixture *fixture,
           gconstpointer data)
{
  ScopeFootprint *footprint = scope_session_get_footprint (fixture->session);
  ScopeFootprintFigures figures;
  g_autoptr (ScopeDoctor) doctor = diagnose (fixture);

  scope_footprint_get (footprint, SCOPE_FOOTPRINT_DOCTOR, &figures);
  g_assert_cmpuint (figures.requests, ==, 1);
}

#define ADD(path, func) g_test_add ("/session-doctor/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("client-events", test_client_events);
  ADD ("cost", test_cost);
  return g_test_run ();
}
