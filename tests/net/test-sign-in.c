/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing in for real: a session, the sandbox and an endpoint that signs, or does not. What was seen is seen again
 * in the capture. */

#include "config.h"

#define WAIT_SECONDS 60

#include <glib/gstdio.h>
#include <libsoup/soup.h>

#include "capture/scope-capture.h"
#include "protocol/scope-signature.h"
#include "sandbox/scope-sandbox.h"
#include "session/scope-session.h"
#include "session/scope-watched.h"
#include "tests/wait.h"

#define ANN "{\"id\":\"ann\",\"watchlist\":[\"ben\",\"cem\"]}"

typedef struct
{
  char *directory;
  char *path;
  ScopeSandbox *sandbox;
  SoupServer *endpoint;
  guint status;         /* what the endpoint answers */
  guint n_asked;
  SoupServerMessage *held; /* a question about a user that waits */
  gboolean holds;
  ScopeProfile *profile;
  ScopeSession *session;
  GPtrArray *problems;
} Fixture;

/* --- the endpoint: signs for the socket it is told of --- */

static void
endpoint_answer (Fixture *f,
                 SoupServerMessage *message)
{
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autofree char *form = g_strndup (body->data, body->length);
  g_autoptr (GHashTable) params = g_uri_parse_params (form, -1, "&", G_URI_PARAMS_WWW_FORM, NULL);
  const char *socket_id = g_hash_table_lookup (params, "socket_id");
  const char *channel = g_hash_table_lookup (params, "channel_name");
  g_autofree char *auth = NULL;
  g_autofree char *user_data = NULL;
  g_autofree char *text = NULL;

  if (channel == NULL)
    {
      user_data = g_strescape (ANN, NULL);
      auth = scope_sign_user (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, socket_id, ANN);
      text = g_strdup_printf ("{\"auth\":\"%s\",\"user_data\":\"%s\"}", auth, user_data);
    }
  else
    {
      auth = scope_sign_channel (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, socket_id, channel, NULL);
      text = g_strdup_printf ("{\"auth\":\"%s\"}", auth);
    }
  soup_server_message_set_status (message, f->status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, text, strlen (text));
}

static void
endpoint_cb (SoupServer *server,
             SoupServerMessage *message,
             const char *path,
             GHashTable *query,
             gpointer user_data)
{
  Fixture *f = user_data;

  f->n_asked++;
  if (f->holds && g_str_equal (path, "/user"))
    {
      f->held = g_object_ref (message);
      soup_server_message_pause (message);
    }
  else
    endpoint_answer (f, message);
}

static void
problem_cb (ScopeSession *session,
            const char *text,
            gpointer user_data)
{
  g_ptr_array_add (user_data, g_strdup (text));
}

static void
set_up (Fixture *f,
        gconstpointer data)
{
  GSList *uris;

  f->directory = g_dir_make_tmp ("scope-sign-in-XXXXXX", NULL);
  f->path = g_build_filename (f->directory, "users.channelscope", NULL);
  f->sandbox = scope_sandbox_new ();
  g_assert_true (scope_sandbox_start (f->sandbox, 0, NULL));
  f->endpoint = soup_server_new (NULL, NULL);
  soup_server_add_handler (f->endpoint, NULL, endpoint_cb, f, NULL);
  g_assert_true (soup_server_listen_local (f->endpoint, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, NULL));
  f->status = 200;
  f->problems = g_ptr_array_new_with_free_func (g_free);

  f->profile = scope_profile_new ("users");
  uris = soup_server_get_uris (f->endpoint);
  if (data != NULL)
    {
      g_autofree char *base = g_uri_to_string (uris->data);
      g_autofree char *user = g_strconcat (base, "user", NULL);
      g_autofree char *channel = g_strconcat (base, "channel", NULL);

      g_object_set (f->profile, "user-endpoint", user, "auth-endpoint", channel, NULL);
    }
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  g_object_set (f->profile, "host", "127.0.0.1", "port", scope_sandbox_get_port (f->sandbox), "use-tls", FALSE, NULL);
}

static void
start (Fixture *f)
{
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();

  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, SCOPE_SANDBOX_KEY);
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, SCOPE_SANDBOX_SECRET);
  f->session = scope_session_new (f->profile, credentials, f->path, NULL);
  g_signal_connect (f->session, "problem", G_CALLBACK (problem_cb), f->problems);
  scope_session_connect (f->session);
}

static void
closed_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (scope_session_close_finish (SCOPE_SESSION (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
close_session (Fixture *f)
{
  gboolean closed = FALSE;

  scope_session_close_async (f->session, closed_cb, &closed);
  WAIT_UNTIL (closed);
  g_clear_object (&f->session);
}

static void
tear_down (Fixture *f,
           gconstpointer data)
{
  if (f->session != NULL)
    close_session (f);
  scope_sandbox_stop (f->sandbox, 1001);
  g_object_unref (f->sandbox);
  soup_server_disconnect (f->endpoint);
  g_object_unref (f->endpoint);
  g_clear_object (&f->held);
  g_object_unref (f->profile);
  g_ptr_array_unref (f->problems);
  g_unlink (f->path);
  g_rmdir (f->directory);
  g_free (f->path);
  g_free (f->directory);
}

/* (transfer full) */
static char *
dup_text (ScopeSession *session,
          const char *property)
{
  char *text;

  g_object_get (session, property, &text, NULL);
  return text;
}

static gboolean
has_text (ScopeSession *session,
          const char *property)
{
  g_autofree char *text = dup_text (session, property);

  return text != NULL;
}

/* "ben+ cem- dee?": there, not there, not known (transfer full) */
static char *
dup_watchlist (ScopeSession *session)
{
  GListModel *watchlist = scope_session_get_watchlist (session);
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (watchlist); i++)
    {
      g_autoptr (ScopeWatched) watched = g_list_model_get_item (watchlist, i);
      const char *sign = scope_watched_get_online (watched) ? "+" : "-";

      if (scope_watched_get_since_usec (watched) == 0)
        sign = "?";
      g_string_append_printf (text, "%s%s%s", i > 0 ? " " : "", scope_watched_get_user_id (watched), sign);
    }
  return g_string_free (text, FALSE);
}

static gboolean
watchlist_is (ScopeSession *session,
              const char *expected)
{
  g_autofree char *text = dup_watchlist (session);

  return g_str_equal (text, expected);
}

static gboolean
user_is (ScopeSession *session,
         const char *expected)
{
  g_autofree char *text = dup_text (session, "user-id");

  return g_strcmp0 (text, expected) == 0;
}

static guint
count_rows (ScopeSession *session,
            const char *event)
{
  GListModel *events = G_LIST_MODEL (scope_session_get_events (session));
  guint n = 0;

  for (guint i = 0; i < g_list_model_get_n_items (events); i++)
    {
      g_autoptr (ScopeEventItem) item = g_list_model_get_item (events, i);
      const ScopeRecord *record = scope_event_item_get_record (item);
      const char *name = scope_names_get (scope_session_get_names (session), record->event);

      n += record->kind == SCOPE_ENTRY_EVENT && g_strcmp0 (name, event) == 0;
    }
  return n;
}

/* Ben is somebody else's connection. */
static ScopeConnection *
connect_ben (Fixture *f)
{
  g_autoptr (ScopeConnectionOptions) options = scope_connection_options_new ();
  ScopeConnection *ben;

  options->key = g_strdup (SCOPE_SANDBOX_KEY);
  options->secret = scope_secret_new (SCOPE_SANDBOX_SECRET);
  options->host = g_strdup ("127.0.0.1");
  options->port = scope_sandbox_get_port (f->sandbox);
  options->use_tls = FALSE;
  options->user_data = g_strdup ("{\"id\":\"ben\"}");
  ben = scope_connection_new (options, NULL);
  scope_connection_connect (ben);
  WAIT_UNTIL (scope_connection_get_user_id (ben) != NULL);
  return ben;
}

static gboolean
is_loading (ScopeSession *session)
{
  gboolean loading;

  g_object_get (session, "loading", &loading, NULL);
  return loading;
}

/* What came once is what the capture shows. */
static void
check_capture (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open (f->path, &error);
  g_autoptr (ScopeSession) offline = NULL;

  g_assert_no_error (error);
  offline = scope_session_new_for_capture (capture);
  WAIT_UNTIL (!is_loading (offline));
  g_assert_true (watchlist_is (offline, "ben- cem-"));
  g_assert_true (user_is (offline, NULL)); /* signed out at the end */
  g_assert_false (scope_session_sign_in (offline, ANN, NULL));
}

static void
check_whole_stay (Fixture *f)
{
  g_autoptr (ScopeConnection) ben = NULL;

  start (f);
  WAIT_UNTIL (user_is (f->session, "ann"));
  WAIT_UNTIL (watchlist_is (f->session, "ben- cem-"));
  ben = connect_ben (f);
  WAIT_UNTIL (watchlist_is (f->session, "ben+ cem-"));

  /* an event for the user alone */
  WAIT_UNTIL (scope_sandbox_publish (f->sandbox, "#server-to-user-ann", "hello", "{}", -1));
  WAIT_UNTIL (count_rows (f->session, "hello") >= 1);
  g_assert_null (scope_session_find_channel (f->session, "#server-to-user-ann")); /* nobody asked for it */

  scope_connection_disconnect (ben);
  WAIT_UNTIL (watchlist_is (f->session, "ben- cem-"));
  g_assert_false (has_text (f->session, "user-problem"));
  g_assert_cmpuint (f->problems->len, ==, 0);

  scope_session_disconnect (f->session);
  WAIT_UNTIL (user_is (f->session, NULL));
  g_assert_true (watchlist_is (f->session, ""));
  close_session (f);
  check_capture (f);
}

static void
test_local (Fixture *f,
            gconstpointer data)
{
  g_object_set (f->profile, "user-data", ANN, NULL);
  check_whole_stay (f);
  g_assert_cmpuint (f->n_asked, ==, 0);
}

static void
test_endpoint (Fixture *f,
               gconstpointer data)
{
  check_whole_stay (f);
  g_assert_cmpuint (f->n_asked, ==, 1);
}

static void
test_endpoint_refuses (Fixture *f,
                       gconstpointer data)
{
  g_autofree char *problem = NULL;

  f->status = 403;
  start (f);
  WAIT_UNTIL (has_text (f->session, "user-problem"));
  problem = dup_text (f->session, "user-problem");
  g_test_message ("%s", problem);
  g_assert_true (g_str_has_prefix (problem, "The endpoint refuses"));
  g_assert_nonnull (strstr (problem, "403"));
  g_assert_null (strstr (problem, SCOPE_SANDBOX_KEY)); /* of the body that was quoted */
  g_assert_cmpuint (f->problems->len, ==, 1);
  g_assert_cmpint (scope_session_get_state (f->session), ==, SCOPE_STATE_CONNECTED);

  /* once more, by hand */
  f->status = 200;
  g_assert_true (scope_session_sign_in (f->session, NULL, NULL));
  WAIT_UNTIL (user_is (f->session, "ann"));
  g_assert_false (has_text (f->session, "user-problem"));
}

/* The presence channel is joined as the user, whose sign-in takes longer than the channel's authorization. */
static void
test_presence (Fixture *f,
               gconstpointer data)
{
  ScopeChannel *channel;

  f->holds = TRUE;
  scope_profile_add_subscription (f->profile, "presence-x");
  start (f);
  channel = scope_session_find_channel (f->session, "presence-x");
  WAIT_UNTIL (f->held != NULL && f->n_asked == 2);
  for (guint i = 0; i < 20; i++)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (scope_channel_get_status (channel), ==, SCOPE_SUBSCRIPTION_PENDING);

  endpoint_answer (f, f->held);
  soup_server_message_unpause (f->held);
  WAIT_UNTIL (scope_channel_get_status (channel) == SCOPE_SUBSCRIPTION_SUBSCRIBED);
  g_assert_cmpuint (scope_channel_get_member_count (channel), ==, 1);
}

/* The answer belongs to a socket that is gone. */
static void
test_stale_answer (Fixture *f,
                   gconstpointer data)
{
  f->holds = TRUE;
  start (f);
  WAIT_UNTIL (f->held != NULL);
  scope_session_disconnect (f->session);
  endpoint_answer (f, f->held);
  soup_server_message_unpause (f->held);
  g_clear_object (&f->held);
  f->holds = FALSE;
  scope_session_connect (f->session);
  WAIT_UNTIL (user_is (f->session, "ann"));
  g_assert_cmpuint (f->n_asked, ==, 2);
  g_assert_cmpuint (f->problems->len, ==, 0);
}

/* A terminated user is not back by itself (§4.5). */
static void
answered_cb (GObject *source,
             GAsyncResult *result,
             gpointer user_data)
{
  g_autoptr (GBytes) body = soup_session_send_and_read_finish (SOUP_SESSION (source), result, NULL);

  g_assert_nonnull (body);
  *(gboolean *) user_data = TRUE;
}

static void
test_terminated (Fixture *f,
                 gconstpointer data)
{
  static const char path[] = "/apps/" SCOPE_SANDBOX_APP_ID "/users/ann/terminate_connections";
  g_autoptr (SoupSession) http = soup_session_new ();
  g_autofree char *query = scope_sign_http_request (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, "POST", path, NULL, NULL,
                                                    0, g_get_real_time () / G_USEC_PER_SEC, NULL);
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u%s?%s", scope_sandbox_get_port (f->sandbox), path, query);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", uri);
  g_autofree char *detail = NULL;
  gboolean answered = FALSE;

  g_object_set (f->profile, "user-data", ANN, NULL);
  start (f);
  WAIT_UNTIL (user_is (f->session, "ann"));
  soup_session_send_and_read_async (http, message, G_PRIORITY_DEFAULT, NULL, answered_cb, &answered);
  WAIT_UNTIL (answered);
  g_assert_cmpuint (soup_message_get_status (message), ==, 200);
  WAIT_UNTIL (scope_session_get_state (f->session) == SCOPE_STATE_DISCONNECTED);
  g_assert_true (user_is (f->session, NULL));
  detail = dup_text (f->session, "state-detail");
  g_assert_nonnull (strstr (detail, "4009"));
  g_assert_nonnull (strstr (detail, "You got disconnected by the app."));
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define TEST(name, endpoint, func) g_test_add ("/sign-in/" name, Fixture, endpoint, set_up, func, tear_down)
  TEST ("local", NULL, test_local);
  TEST ("endpoint", "endpoint", test_endpoint);
  TEST ("endpoint-refuses", "endpoint", test_endpoint_refuses);
  TEST ("presence", "endpoint", test_presence);
  TEST ("stale-answer", "endpoint", test_stale_answer);
  TEST ("terminated", NULL, test_terminated);
#undef TEST

  return g_test_run ();
}
