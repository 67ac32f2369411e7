/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Users, from the server's side: protocol.md §4.5. */

#include "config.h"

#include "sandbox-client.h"

#define TERMINATE(user) "/apps/" SCOPE_SANDBOX_APP_ID "/users/" user "/terminate_connections"

/* only asks; the answer is left to the test */
static void
client_sign_in (Client     *self,
                const char *user_data)
{
  g_autofree char *auth = scope_sign_user (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, self->socket_id,
                                           user_data);
  g_autofree char *escaped = g_strescape (user_data, NULL);

  client_sendf (self, "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"%s\",\"user_data\":\"%s\"}}", auth,
                escaped);
}

static void
client_expect_signed_in (Client     *self,
                         const char *user_data)
{
  g_autofree char *once = g_strescape (user_data, NULL);
  g_autofree char *object = g_strdup_printf ("{\"user_data\":\"%s\"}", once);
  g_autofree char *twice = g_strescape (object, NULL);

  client_expectf (self, "{\"event\":\"pusher:signin_success\",\"data\":\"%s\"}", twice);
}

static Client *
open_as (ScopeSandbox *sandbox,
         const char   *user_data)
{
  Client *self = client_open (sandbox);

  client_sign_in (self, user_data);
  client_expect_signed_in (self, user_data);
  return self;
}

static void
client_expect_watched (Client     *self,
                       const char *events)
{
  g_autofree char *object = g_strdup_printf ("{\"events\":[%s]}", events);
  g_autofree char *escaped = g_strescape (object, NULL);

  client_expectf (self, "{\"event\":\"pusher_internal:watchlist_events\",\"data\":\"%s\"}", escaped);
}

static void
got_cb (GObject      *object,
        GAsyncResult *result,
        gpointer      user_data)
{
  GBytes **body = user_data;

  *body = soup_session_send_and_read_finish (SOUP_SESSION (object), result, NULL);
  g_assert_nonnull (*body);
}

static void
post (ScopeSandbox *sandbox,
      const char   *path,
      const char   *body,
      guint         status,
      const char   *text)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *query = scope_sign_http_request (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, "POST", path, NULL,
                                                    body, -1, g_get_real_time () / G_USEC_PER_SEC, NULL);
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u%s?%s", scope_sandbox_get_port (sandbox), path, query);
  g_autoptr (SoupMessage) message = soup_message_new ("POST", uri);
  g_autoptr (GBytes) sent = body != NULL ? g_bytes_new (body, strlen (body)) : NULL;
  g_autoptr (GBytes) got = NULL;

  if (sent != NULL)
    soup_message_set_request_body_from_bytes (message, "application/json", sent);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, got_cb, &got);
  WAIT_UNTIL (got != NULL);
  g_assert_cmpuint (soup_message_get_status (message), ==, status);
  if (text != NULL)
    g_assert_cmpmem (g_bytes_get_data (got, NULL), g_bytes_get_size (got), text, strlen (text));
}

static void
test_sign_in (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = open_as (sandbox, "{\"id\":\"u-1\", \"user_info\":{\"name\":\"Zo\"}}");

  client_sign_in (client, "{\"id\":\"u-1\"}"); /* the same user */
  client_expect_signed_in (client, "{\"id\":\"u-1\"}");
  client_sign_in (client, "{\"id\":\"u-2\"}");
  client_expect_error (client, "Invalid sign-in: this connection is signed in as another user");
  client_expect_quiet (client);
  client_free (client);
}

static void
test_refused (void)
{
  static const struct { const char *data; const char *text; } rows[] = {
    { "{}", "Missing parameter: data.user_data" },
    { "{\"auth\":\"a:b\",\"user_data\":7}", "Missing parameter: data.user_data" },
    { "{\"user_data\":\"{}\"}", "Invalid format: auth must have the format key:signature" },
    { "{\"auth\":\"abc\",\"user_data\":\"{}\"}", "Invalid format: auth must have the format key:signature" },
    { "{\"auth\":\"app-key:\",\"user_data\":\"{}\"}", "Invalid format: auth must have the format key:signature" },
    { "{\"auth\":\"other:00\",\"user_data\":\"{}\"}", "Invalid key in sign-in auth data: 'other'" },
  };
  static const char * const users[] = { "{}", "[]", "7", "{\"id\":\"\"}", "{\"id\":\"two words\"}", "{\"id\":null}" };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      client_sendf (client, "{\"event\":\"pusher:signin\",\"data\":%s}", rows[i].data);
      client_expect_error (client, rows[i].text);
    }
  client_send (client, "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"app-key:00\",\"user_data\":\"{'id'}\"}}");
  client_expectf (client, "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":\"Invalid signature: Expected "
                  "HMAC SHA256 hex digest of %s::user::{'id'}, but got 00\"}}", client->socket_id);
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    {
      client_sign_in (client, users[i]);
      client_expect_error (client, "Invalid user_data for sign-in: should be a JSON object with an id of letters, "
                           "digits and _ - = @ , . ;");
    }
  client_expect_quiet (client);
  client_free (client);
}

static void
test_own_channel (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *ann = open_as (sandbox, "{\"id\":\"ann\"}");
  Client *ben = client_open (sandbox);

  client_subscribe (ann, "#server-to-user-ann");
  client_send (ann, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"#server-to-user-ben\"}}");
  client_expect_error (ann, "Subscription to #server-to-user-ben refused: it needs the sign-in of that user");
  client_send (ben, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"#server-to-user-ann\"}}");
  client_expect_error (ben, "Subscription to #server-to-user-ann refused: it needs the sign-in of that user");

  post (sandbox, "/apps/" SCOPE_SANDBOX_APP_ID "/events",
        "{\"name\":\"hi\",\"data\":\"{}\",\"channels\":[\"#server-to-user-ann\"]}", 200, "{}");
  client_expect (ann, "{\"event\":\"hi\",\"channel\":\"#server-to-user-ann\",\"data\":\"{}\"}");
  client_expect_quiet (ben);
  client_free (ann);
  client_free (ben);
}

static void
test_watchlist (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *ben = open_as (sandbox, "{\"id\":\"ben\"}");
  Client *ann = client_open (sandbox);
  Client *cem, *cem_again;

  client_sign_in (ann, "{\"id\":\"ann\",\"watchlist\":[\"ben\",\"cem\",4]}");
  client_expect_signed_in (ann, "{\"id\":\"ann\",\"watchlist\":[\"ben\",\"cem\",4]}");
  client_expect_watched (ann, "{\"name\":\"online\",\"user_ids\":[\"ben\"]},"
                              "{\"name\":\"offline\",\"user_ids\":[\"cem\",\"4\"]}");

  /* there while at least one connection is */
  cem = open_as (sandbox, "{\"id\":\"cem\"}");
  client_expect_watched (ann, "{\"name\":\"online\",\"user_ids\":[\"cem\"]}");
  cem_again = open_as (sandbox, "{\"id\":\"cem\"}");
  client_expect_quiet (cem_again);
  client_free (cem);
  WAIT_UNTIL (scope_sandbox_count_connections (sandbox) == 3);
  client_expect_quiet (ann);
  client_free (cem_again);
  client_expect_watched (ann, "{\"name\":\"offline\",\"user_ids\":[\"cem\"]}");
  client_expect_quiet (ben); /* watches nobody */
  client_free (ann);
  client_free (ben);
}

static void
test_long_watchlist (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (GString) user_data = g_string_new ("{\"id\":\"ann\",\"watchlist\":[");
  g_autofree char *told = NULL;
  Client *ben = open_as (sandbox, "{\"id\":\"u100\"}"); /* one too many */
  Client *ann = client_open (sandbox);

  for (guint i = 0; i <= 100; i++)
    g_string_append_printf (user_data, "%s\"u%u\"", i > 0 ? "," : "", i);
  g_string_append (user_data, "]}");
  client_sign_in (ann, user_data->str);
  client_expect_signed_in (ann, user_data->str);
  client_expect (ann, "{\"event\":\"pusher:error\",\"data\":{\"code\":4302,\"message\":\"The watchlist has more than 100 "
                      "users: only the first 100 are watched\"}}");
  told = client_next (ann);
  g_assert_nonnull (strstr (told, "u99"));
  g_assert_null (strstr (told, "u100"));
  g_assert_null (strstr (told, "online"));
  client_free (ann);
  client_free (ben);
}

static void
test_terminate (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *one = open_as (sandbox, "{\"id\":\"ann\"}");
  Client *two = open_as (sandbox, "{\"id\":\"ann\"}");
  Client *ben = open_as (sandbox, "{\"id\":\"ben\"}");

  post (sandbox, TERMINATE ("ann"), "{}", 200, "{}");
  client_expect_closed (one, 4009, "You got disconnected by the app.");
  client_expect_closed (two, 4009, "You got disconnected by the app.");
  client_expect_quiet (ben);
  post (sandbox, TERMINATE ("nobody"), NULL, 200, "{}");
  post (sandbox, TERMINATE ("ann") "/more", NULL, 404, NULL);
  client_free (one);
  client_free (two);
  client_free (ben);
}

/* The sign-in says who joins, if channel_data does not. */
static void
test_presence (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *ann = open_as (sandbox, "{\"id\":\"ann\",\"user_info\":{ \"n\": 1 }}");
  g_autofree char *auth = scope_sign_channel (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, ann->socket_id, "presence-x",
                                              NULL);

  client_sendf (ann, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"presence-x\",\"auth\":\"%s\"}}", auth);
  client_expect (ann, "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"presence-x\",\"data\":\"{"
                      "\\\"presence\\\":{\\\"ids\\\":[\\\"ann\\\"],\\\"hash\\\":{\\\"ann\\\":{\\\"n\\\":1}},\\\"count\\\":1}}\"}");
  client_free (ann);
}

static void
test_authorization_timeout (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *signed_in, *member, *nobody;

  scope_sandbox_set_authorization_timeout (sandbox, 1500);
  signed_in = open_as (sandbox, "{\"id\":\"ann\"}");
  member = client_open (sandbox);
  client_subscribe_private (member, "private-x");
  nobody = client_open (sandbox);
  client_subscribe (nobody, "news");
  client_expect_closed (nobody, 4009, "Connection not authorized within timeout");
  client_expect_quiet (signed_in);
  client_expect_quiet (member);
  client_free (signed_in);
  client_free (member);
  client_free (nobody);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  client_init ();

  g_test_add_func ("/sandbox-users/sign-in", test_sign_in);
  g_test_add_func ("/sandbox-users/refused", test_refused);
  g_test_add_func ("/sandbox-users/own-channel", test_own_channel);
  g_test_add_func ("/sandbox-users/watchlist", test_watchlist);
  g_test_add_func ("/sandbox-users/long-watchlist", test_long_watchlist);
  g_test_add_func ("/sandbox-users/terminate", test_terminate);
  g_test_add_func ("/sandbox-users/presence", test_presence);
  g_test_add_func ("/sandbox-users/authorization-timeout", test_authorization_timeout);

  return g_test_run ();
}
