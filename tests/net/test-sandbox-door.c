/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who comes in where the sandbox listens, and who is turned away. */

#include "config.h"

#include "raw-client.h"
#include "sandbox-client.h"
#include "sandbox/scope-sandbox-private.h"

#define UNKNOWN_PAGE "GET /nothing HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

/* asks for a page there is not, and has the answer */
static gboolean
raw_is_answered (Raw *self)
{
  raw_read (self);
  return g_str_has_prefix (self->heard->str, "HTTP/1.1 404") && strstr (self->heard->str, "\r\n\r\n") != NULL;
}

static void
raw_ask (Raw *self)
{
  g_string_truncate (self->heard, 0);
  g_socket_send (self->socket, UNKNOWN_PAGE, strlen (UNKNOWN_PAGE), NULL, NULL);
  WAIT_UNTIL (raw_is_answered (self));
}

static ScopeSandboxDoor *
get_door (ScopeSandbox *sandbox)
{
  return _scope_sandbox_get_door (sandbox);
}

static void
line_cb (ScopeSandbox *sandbox,
         const char   *json,
         gpointer      user_data)
{
  g_string_append_printf (user_data, "%s\n", json);
}

/* It is told on both sides, at once: neither waits for the other. */
static void
test_tls (void)
{
  static const char hello[] = "\x16\x03\x01\x00\x05\x01\x00\x00\x01\x03";
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (GString) lines = g_string_new (NULL);
  Raw *whole, *first;

  g_signal_connect (sandbox, "line", G_CALLBACK (line_cb), lines);
  whole = raw_new (sandbox, hello, sizeof hello - 1);
  WAIT_UNTIL (raw_has_ended (whole));
  g_assert_true (g_str_has_prefix (whole->heard->str, "HTTP/1.1 400 "));
  g_assert_nonnull (strstr (whole->heard->str, "without TLS"));
  g_assert_cmpstr (lines->str, ==,
                   "{\"type\":\"connection\",\"action\":\"refused\",\"message\":\"A client began with TLS, but this "
                   "server speaks plain HTTP: switch TLS off there\"}\n");

  first = raw_new (sandbox, hello, 1);
  WAIT_UNTIL (raw_has_ended (first));
  WAIT_UNTIL (scope_sandbox_door_count (get_door (sandbox)) == 0);
  raw_free (whole);
  raw_free (first);
}

static void
tls_done_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, user_data);

  g_assert_null (connection);
}

/* so does a real client know what it is */
static void
test_tls_client (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;

  if (!g_tls_backend_supports_tls (g_tls_backend_get_default ()))
    {
      g_test_skip ("There is no TLS here");
      return;
    }
  g_socket_client_set_tls (client, TRUE);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_connect_to_host_async (client, "127.0.0.1", scope_sandbox_get_port (sandbox), NULL, tls_done_cb,
                                         &error);
  WAIT_UNTIL (error != NULL);
  g_assert_true (error->domain == G_TLS_ERROR);
}

/* Who says nothing, or does not come to an end, goes in time; who has asked once may stay silent. */
static void
test_patience (void)
{
  static const char * const unfinished[] = {
    "",
    "GET /app/app-key?protocol=7 HT",
    "GET /app/app-key?protocol=7 HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n",
    "POST /apps/app-id/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 10\r\n\r\nabc",
    "POST /apps/app-id/events HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
  };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_try (sandbox, PATH);
  Raw *idle = raw_new (sandbox, "", 0);
  Raw *raws[G_N_ELEMENTS (unfinished)];

  raw_ask (idle);
  for (guint i = 0; i < G_N_ELEMENTS (unfinished); i++)
    raws[i] = raw_new (sandbox, unfinished[i], strlen (unfinished[i]));
  WAIT_UNTIL (scope_sandbox_door_count (get_door (sandbox)) == G_N_ELEMENTS (unfinished) + 1);
  _scope_sandbox_door_set_patience (get_door (sandbox), 1, SCOPE_SANDBOX_GUESTS);
  for (guint i = 0; i < G_N_ELEMENTS (unfinished); i++)
    {
      WAIT_UNTIL (raw_has_ended (raws[i]));
      raw_free (raws[i]);
    }
  raw_ask (idle);
  g_assert_false (client->closed);
  WAIT_UNTIL (scope_sandbox_door_count (get_door (sandbox)) == 1);
  raw_free (idle);
  client_free (client);
  WAIT_UNTIL (scope_sandbox_door_count (get_door (sandbox)) == 0);
}

/* When there are too many, the one that has been idle longest goes, never one that is connected. */
static void
test_crowd (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_try (sandbox, PATH);
  Raw *idle[5];

  _scope_sandbox_door_set_patience (get_door (sandbox), 600, 2);
  for (guint i = 0; i < G_N_ELEMENTS (idle); i++)
    {
      idle[i] = raw_new (sandbox, "", 0);
      raw_ask (idle[i]);
      if (i >= 2)
        WAIT_UNTIL (raw_has_ended (idle[i - 2]));
      WAIT_UNTIL (scope_sandbox_door_count (get_door (sandbox)) == MIN (i + 1, 2));
    }
  g_assert_false (client->closed);
  g_assert_cmpuint (scope_sandbox_count_connections (sandbox), ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (idle); i++)
    raw_free (idle[i]);
  client_free (client);
}

/* It opens and closes with whoever stands in it. */
static void
test_again (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 3; i++)
    {
      Raw *silent = raw_new (sandbox, "", 0);
      Raw *half = raw_new (sandbox, "GET / HT", 8);
      Raw *idle = raw_new (sandbox, "", 0);

      raw_ask (idle);
      WAIT_UNTIL (scope_sandbox_door_count (get_door (sandbox)) == 3);
      scope_sandbox_stop (sandbox, 4200);
      g_assert_cmpuint (scope_sandbox_get_port (sandbox), ==, 0);
      WAIT_UNTIL (raw_has_ended (silent) && raw_has_ended (half) && raw_has_ended (idle));
      raw_free (silent);
      raw_free (half);
      raw_free (idle);
      g_assert_true (scope_sandbox_start (sandbox, 0, &error));
      g_assert_no_error (error);
    }
}

/* --- who calls --- */

static void
expect_reply (ScopeSandbox *sandbox,
              const char   *request,
              const char   *status,
              const char   *text)
{
  Raw *raw = raw_new (sandbox, request, strlen (request));

  WAIT_UNTIL (raw_has_ended (raw) || strstr (raw->heard->str, text) != NULL);
  g_assert_true (g_str_has_prefix (raw->heard->str, status));
  g_assert_nonnull (strstr (raw->heard->str, text));
  raw_free (raw);
}

/* A page whose name was rebound to this machine: in none of the ways there are. */
static void
test_host (void)
{
  static const char * const requests[] = {
    "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
    "GET /apps/app-id/channels HTTP/1.1\r\nHost: evil.example:80\r\n\r\n",
    "POST /app/app-key/1/abcdefgh/xhr_streaming?protocol=7 HTTP/1.1\r\nHost: evil.example\r\n"
    "Content-Length: 0\r\n\r\n",
    "POST /apps/app-id/events HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\nContent-Length: 0\r\n\r\n",
  };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (GString) lines = g_string_new (NULL);

  g_signal_connect (sandbox, "line", G_CALLBACK (line_cb), lines);
  for (guint i = 0; i < G_N_ELEMENTS (requests); i++)
    {
      g_string_truncate (lines, 0);
      expect_reply (sandbox, requests[i], "HTTP/1.1 403 ", "call the sandbox by 127.0.0.1 or localhost");
      g_assert_true (g_str_has_prefix (lines->str, "{\"type\":\"connection\",\"action\":\"refused\","
                                                   "\"message\":\"Host not allowed: "));
      g_assert_nonnull (strstr (lines->str, "(evil.example"));
    }
  g_assert_cmpuint (scope_sandbox_count_connections (sandbox), ==, 0);
  expect_reply (sandbox, "GET / HTTP/1.1\r\nHost: localhost:1\r\n\r\n", "HTTP/1.1 404 ", "\r\n\r\n");
  expect_reply (sandbox, "GET / HTTP/1.0\r\n\r\n", "HTTP/1.0 404 ", "\r\n\r\n");
}

/* The upgrade of such a page is done, so that it can be told, and over. */
static void
test_host_upgrade (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();

  expect_reply (sandbox,
                "GET " PATH " HTTP/1.1\r\nHost: evil.example\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
                "HTTP/1.1 101 ", "\x0f\xa9Host not allowed: ");
  g_assert_cmpuint (scope_sandbox_count_connections (sandbox), ==, 0);
}

/* Pages under development go in, and so does a program. */
static void
test_origin (void)
{
  static const char * const let_in[] = { NULL, "http://localhost:5173", "https://shop.test", "file://" };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (GString) lines = g_string_new (NULL);
  Client *client;

  for (guint i = 0; i < G_N_ELEMENTS (let_in); i++)
    {
      g_autofree char *frame = NULL;

      client = client_try_from (sandbox, PATH, let_in[i]);
      frame = client_next (client);
      g_assert_nonnull (strstr (frame, "pusher:connection_established"));
      client_free (client);
    }

  g_signal_connect (sandbox, "line", G_CALLBACK (line_cb), lines);
  client = client_try_from (sandbox, PATH, "https://evil.example");
  client_expect_closed (client, 4009, NULL);
  g_assert_true (g_queue_is_empty (&client->frames));
  g_assert_nonnull (strstr (soup_websocket_connection_get_close_data (client->websocket), "serve --app KEY:ID"));
  g_assert_nonnull (strstr (lines->str, "\"code\":4009,\"message\":\"Origin not allowed"));
  g_assert_nonnull (strstr (lines->str, "(https://evil.example)"));
  client_free (client);
  client = client_try_from (sandbox, PATH, "null"); /* any page can have a frame that says so */
  client_expect_closed (client, 4009, NULL);
  client_free (client);
  expect_reply (sandbox,
                "POST /app/app-key/1/abcdefgh/xhr?protocol=7 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                "Origin: https://evil.example\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 403 ", "serve --app KEY:ID");
  expect_reply (sandbox,
                "POST /app/app-key/1/abcdefgh/xhr?protocol=7 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                "Origin: http://localhost:5173\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 ", "o\n");
}

/* (transfer full): the head of the answer */
static char *
dup_head (ScopeSandbox *sandbox,
          const char   *method,
          const char   *path,
          const char   *more)
{
  g_autofree char *request = g_strdup_printf ("%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n%s\r\n",
                                              method, path, more);
  Raw *raw = raw_new (sandbox, request, strlen (request));
  char *head;

  WAIT_UNTIL (raw_has_ended (raw) || strstr (raw->heard->str, "\r\n\r\n") != NULL);
  head = g_strdup (raw->heard->str);
  raw_free (raw);
  return head;
}

static void
assert_head (ScopeSandbox *sandbox,
             const char   *method,
             const char   *path,
             const char   *more,
             const char   *status,
             const char   *allowed)
{
  g_autofree char *head = dup_head (sandbox, method, path, more);
  g_autofree char *line = g_strdup_printf ("\r\nAccess-Control-Allow-Origin: %s\r\n", allowed);

  g_assert_true (g_str_has_prefix (head, status));
  if (allowed == NULL)
    g_assert_null (strstr (head, "Access-Control"));
  else
    {
      g_assert_nonnull (strstr (head, line));
      g_assert_nonnull (strstr (head, "\r\nAccess-Control-Allow-Credentials: true\r\n"));
      g_assert_nonnull (strstr (head, "\r\nVary: Origin\r\n"));
    }
}

#define NEAR "Origin: http://localhost:5173\r\n"
#define EVIL "Origin: https://evil.example\r\n"
#define ASKS "Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: content-type\r\n"

/* A browser shows a page the answer only if that says so: to whom is let in, and to nobody else. */
static void
test_other_origin (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autofree char *head = dup_head (sandbox, "OPTIONS", "/app/app-key/1/abcdefg0/xhr_send", NEAR ASKS);

  g_assert_nonnull (strstr (head, "\r\nAccess-Control-Allow-Methods: POST\r\n"));
  g_assert_nonnull (strstr (head, "\r\nAccess-Control-Allow-Headers: Content-Type\r\n"));
  assert_head (sandbox, "OPTIONS", "/app/app-key/1/abcdefg1/xhr", NEAR ASKS, "HTTP/1.1 204 ", "http://localhost:5173");
  assert_head (sandbox, "POST", "/app/app-key/1/abcdefg1/xhr?protocol=7", NEAR, "HTTP/1.1 200 ",
               "http://localhost:5173");
  assert_head (sandbox, "POST", "/app/app-key/1/unknown/xhr_send", NEAR, "HTTP/1.1 404 ", "http://localhost:5173");

  assert_head (sandbox, "OPTIONS", "/app/app-key/1/abcdefg2/xhr", EVIL ASKS, "HTTP/1.1 403 ", NULL);
  assert_head (sandbox, "POST", "/app/app-key/1/abcdefg2/xhr?protocol=7", EVIL, "HTTP/1.1 403 ", NULL);
  assert_head (sandbox, "POST", "/app/app-key/1/abcdefg3/xhr?protocol=7", "", "HTTP/1.1 200 ", NULL);
  assert_head (sandbox, "OPTIONS", "/app/app-key/1/abcdefg3/xhr", "", "HTTP/1.1 405 ", NULL);
  /* the HTTP API is for servers: pages have no secret */
  assert_head (sandbox, "GET", "/apps/app-id/channels", NEAR, "HTTP/1.1 401 ", NULL);
}

/* who has chosen a key of one's own says with it who may come in */
static void
test_origin_own_key (void)
{
  g_autoptr (ScopeSandbox) sandbox = scope_sandbox_new ();
  g_autofree char *frame = NULL;
  Client *client;

  scope_sandbox_set_app (sandbox, "key2", NULL, NULL);
  g_assert_true (scope_sandbox_start (sandbox, 0, NULL));
  client = client_try_from (sandbox, "/app/key2?protocol=7", "https://shop.example");
  frame = client_next (client);
  g_assert_nonnull (strstr (frame, "pusher:connection_established"));
  client_free (client);
  assert_head (sandbox, "OPTIONS", "/app/key2/1/abcdefg0/xhr", EVIL ASKS, "HTTP/1.1 204 ", "https://evil.example");
}

/* SockJS says only in its first message where it wants to: that may be anywhere, or nowhere. */
static void
test_nowhere (void)
{
  static const char * const paths[] = { "nothing?protocol=7", "/app/?protocol=7", "?protocol=7", "/app/a/b?protocol=7" };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *receive = g_strdup_printf ("POST /pusher/123/session%u/xhr_streaming HTTP/1.1\r\n"
                                                  "Host: 127.0.0.1\r\nContent-Length: 0\r\n\r\n", i);
      g_autofree char *body = g_strdup_printf ("[\"{\\\"path\\\":\\\"%s\\\"}\"]", paths[i]);
      g_autofree char *send = g_strdup_printf ("POST /pusher/123/session%u/xhr_send HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                                               "Content-Length: %zu\r\n\r\n%s", i, strlen (body), body);
      Raw *raw = raw_new (sandbox, receive, strlen (receive));

      WAIT_UNTIL (raw_has_ended (raw) || strstr (raw->heard->str, "o\n") != NULL);
      expect_reply (sandbox, send, "HTTP/1.1 204 ", "\r\n\r\n");
      WAIT_UNTIL (raw_has_ended (raw) || strstr (raw->heard->str, "c[4005,\"Path not found\"]") != NULL);
      g_assert_nonnull (strstr (raw->heard->str, "c[4005,\"Path not found\"]"));
      raw_free (raw);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sandbox-door/tls", test_tls);
  g_test_add_func ("/sandbox-door/tls-client", test_tls_client);
  g_test_add_func ("/sandbox-door/patience", test_patience);
  g_test_add_func ("/sandbox-door/crowd", test_crowd);
  g_test_add_func ("/sandbox-door/again", test_again);
  g_test_add_func ("/sandbox-door/nowhere", test_nowhere);
  g_test_add_func ("/sandbox-door/host", test_host);
  g_test_add_func ("/sandbox-door/host-upgrade", test_host_upgrade);
  g_test_add_func ("/sandbox-door/origin", test_origin);
  g_test_add_func ("/sandbox-door/other-origin", test_other_origin);
  g_test_add_func ("/sandbox-door/origin-own-key", test_origin_own_key);
  return g_test_run ();
}
