/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-limits.h"
#include "json/scope-json.h"
#include "sandbox-client.h"
#include "sandbox/scope-sandbox-http.h"
#include "sandbox/scope-sandbox-post.h"

/* The HTTP API, by signed requests (protocol.md §9). */

#define APP "/apps/" SCOPE_SANDBOX_APP_ID
#define EVENTS APP "/events"
#define BATCH APP "/batch_events"
#define CHANNELS APP "/channels"

typedef struct
{
  GBytes *body;
  gboolean done;
} Answer;

static void
answer_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Answer *answer = user_data;
  GError *error = NULL;

  answer->body = soup_session_send_and_read_finish (SOUP_SESSION (object), result, &error);
  g_assert_no_error (error);
  answer->done = TRUE;
}

/* (transfer full) the answer's text; the query is sent as it stands */
static char *
http_send (ScopeSandbox *sandbox,
           const char   *method,
           const char   *path,
           const char   *query,
           const char   *body,
           guint        *status)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u%s%s%s",
                                          scope_sandbox_get_port (sandbox), path,
                                          query != NULL ? "?" : "", query != NULL ? query : "");
  g_autoptr (SoupMessage) message = soup_message_new (method, uri);
  Answer answer = { 0 };
  const char *type;
  char *text;

  g_assert_nonnull (message);
  if (body != NULL)
    {
      g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));

      soup_message_set_request_body_from_bytes (message, "application/json", bytes);
    }
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, answer_cb, &answer);
  WAIT_UNTIL (answer.done);

  *status = soup_message_get_status (message);
  text = g_strndup (g_bytes_get_data (answer.body, NULL), g_bytes_get_size (answer.body));
  g_bytes_unref (answer.body);
  if (*status == 200)
    {
      g_assert_true (scope_json_check (text, strlen (text), NULL, NULL));
      type = soup_message_headers_get_content_type (soup_message_get_response_headers (message),
                                                    NULL);
      g_assert_cmpstr (type, ==, "application/json");
    }
  return text;
}

static gint64
now_seconds (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static char *
http_signed (ScopeSandbox       *sandbox,
             const char         *method,
             const char         *path,
             const char * const *params,
             const char         *body,
             guint              *status)
{
  g_autofree char *query = scope_sign_http_request (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, method,
                                                    path, params, body, -1, now_seconds (), NULL);

  return http_send (sandbox, method, path, query, body, status);
}

static void
expect (ScopeSandbox       *sandbox,
        const char         *method,
        const char         *path,
        const char * const *params,
        const char         *body,
        guint               status,
        const char         *text)
{
  guint got;
  g_autofree char *answer = http_signed (sandbox, method, path, params, body, &got);

  g_test_message ("%s %s %.80s → %u %.120s", method, path, body != NULL ? body : "", got, answer);
  g_assert_cmpuint (got, ==, status);
  if (text != NULL)
    g_assert_cmpstr (answer, ==, text);
}

static void
expect_posted (ScopeSandbox *sandbox,
               const char   *body,
               guint         status,
               const char   *text)
{
  expect (sandbox, "POST", EVENTS, NULL, body, status, text);
}

static void
test_events (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *ann = client_open (sandbox);
  Client *ben = client_open (sandbox);
  g_autofree char *body = NULL;

  client_subscribe (ann, "news");
  client_subscribe (ben, "news");
  client_subscribe_private (ben, "private-x");

  expect_posted (sandbox, "{\"name\":\"up\",\"data\":\"{\\\"a\\\":\\\"\\u00fc\\\"}\","
                          "\"channel\":\"news\"}",
                 200, "{}");
  client_expect (ann, "{\"event\":\"up\",\"channel\":\"news\","
                      "\"data\":\"{\\\"a\\\":\\\"\\u00fc\\\"}\"}");
  client_expect (ben, "{\"event\":\"up\",\"channel\":\"news\","
                      "\"data\":\"{\\\"a\\\":\\\"\\u00fc\\\"}\"}");

  expect_posted (sandbox, "{\"name\":\"two\",\"data\":\"plain\",\"channels\":[\"news\","
                          "\"private-x\",\"none\"]}",
                 200, "{}");
  client_expect (ben, "{\"event\":\"two\",\"channel\":\"news\",\"data\":\"plain\"}");
  client_expect (ben, "{\"event\":\"two\",\"channel\":\"private-x\",\"data\":\"plain\"}");
  client_expect (ann, "{\"event\":\"two\",\"channel\":\"news\",\"data\":\"plain\"}");

  /* the one who published hears nothing */
  body = g_strdup_printf ("{\"name\":\"x\",\"data\":\"1\",\"channel\":\"news\","
                          "\"socket_id\":\"%s\"}",
                          ann->socket_id);
  expect_posted (sandbox, body, 200, "{}");
  client_expect (ben, "{\"event\":\"x\",\"channel\":\"news\",\"data\":\"1\"}");
  client_expect_quiet (ann);
  client_expect_quiet (ben);

  client_free (ann);
  client_free (ben);
}

static void
test_events_info (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  client_subscribe (client, "news");
  scope_sandbox_join (sandbox, "presence-x", "u", NULL);
  expect_posted (sandbox, "{\"name\":\"a\",\"data\":\"\",\"channels\":[\"news\",\"none\"],"
                 "\"info\":\"subscription_count\"}", 200,
                 "{\"channels\":{\"news\":{\"subscription_count\":1},\"none\":"
                 "{\"subscription_count\":0}}}");
  expect_posted (sandbox, "{\"name\":\"a\",\"data\":\"\",\"channel\":\"presence-x\","
                 "\"info\":\"user_count,subscription_count\"}", 200,
                 "{\"channels\":{\"presence-x\":{\"user_count\":1,\"subscription_count\":0}}}");
  expect_posted (sandbox, "{\"name\":\"a\",\"data\":\"\",\"channel\":\"news\","
                          "\"info\":\"user_count\"}",
                 400, NULL);
  expect_posted (sandbox, "{\"name\":\"a\",\"data\":\"\",\"channel\":\"cache-x\","
                          "\"info\":\"cache\"}",
                 400, NULL);
  expect_posted (sandbox, "{\"name\":\"a\",\"data\":\"\",\"channel\":\"news\","
                          "\"info\":\"shoe_size\"}",
                 400, "Unknown info attribute: 'shoe_size'");
  client_free (client);
}

static void
test_events_refused (void)
{
  static const char * const bodies[] = {
    "nonsense", "[]", "7", "{}", "{\"name\":\"a\"}", "{\"name\":\"a\",\"data\":\"x\"}",
    "{\"data\":\"x\",\"channel\":\"c\"}",
    "{\"name\":7,\"data\":\"x\",\"channel\":\"c\"}",
    "{\"name\":\"\",\"data\":\"x\",\"channel\":\"c\"}",
    "{\"name\":\"a\\u0000b\",\"data\":\"x\",\"channel\":\"c\"}",
    "{\"name\":\"pusher:x\",\"data\":\"x\",\"channel\":\"c\"}",
    "{\"name\":\"pusher_internal:x\",\"data\":\"x\",\"channel\":\"c\"}",
    "{\"name\":\"a\",\"data\":{},\"channel\":\"c\"}",
    "{\"name\":\"a\",\"data\":null,\"channel\":\"c\"}",
    "{\"name\":\"a\",\"channel\":\"c\"}",
    "{\"name\":\"a\",\"data\":\"x\",\"channel\":\"\"}",
    "{\"name\":\"a\",\"data\":\"x\",\"channel\":\"a b\"}",
    "{\"name\":\"a\",\"data\":\"x\",\"channels\":[]}",
    "{\"name\":\"a\",\"data\":\"x\",\"channels\":[7]}",
    "{\"name\":\"a\",\"data\":\"x\",\"channels\":[\"ok\",\"\\ud800\"]}",
    "{\"name\":\"a\",\"data\":\"x\",\"channels\":\"c\"}",
    "{\"name\":\"a\",\"data\":\"x\",\"channels\":[\"news\",\"private-encrypted-x\"]}",
    "{\"name\":\"a\",\"data\":\"x\",\"channel\":\"c\",\"socket_id\":\"nonsense\"}",
  };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);
  g_autofree char *name = g_strnfill (201, 'n');
  g_autofree char *long_name = g_strdup_printf ("{\"name\":\"%s\",\"data\":\"x\","
                                                "\"channel\":\"c\"}", name);
  g_autofree char *brackets = g_strnfill (80000, '[');

  client_subscribe (client, "c");
  client_subscribe (client, "news");
  client_subscribe (client, "ok");
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    expect_posted (sandbox, bodies[i], 400, NULL);
  expect_posted (sandbox, long_name, 400, NULL);
  expect_posted (sandbox, brackets, 400, "Invalid body: should be a JSON object");
  client_expect_quiet (client);
  client_free (client);
}

static void
test_events_limits (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autofree char *data = g_strnfill (SCOPE_LIMIT_DATA_BYTES, 'd');
  g_autofree char *fits = g_strdup_printf ("{\"name\":\"a\",\"data\":\"%s\","
                                           "\"channel\":\"c\"}", data);
  g_autofree char *large = g_strdup_printf ("{\"name\":\"a\",\"data\":\"%sx\","
                                            "\"channel\":\"c\"}", data);
  g_autofree char *huge = g_strnfill (SCOPE_SANDBOX_BODY_BYTES + 1, 'h');
  g_autoptr (GString) channels = g_string_new ("{\"name\":\"a\",\"data\":\"x\","
                                               "\"channels\":[\"c0\"");

  expect_posted (sandbox, fits, 200, "{}");
  expect_posted (sandbox, large, 413,
                 "The data content of this event exceeds the allowed maximum (10240 bytes)");
  expect_posted (sandbox, huge, 413, "The request body exceeds the allowed maximum (1 MiB)");

  for (guint i = 1; i < SCOPE_SANDBOX_POST_CHANNELS; i++)
    g_string_append_printf (channels, ",\"c%u\"", i);
  g_string_append (channels, "]}");
  expect_posted (sandbox, channels->str, 200, "{}");
  g_string_truncate (channels, channels->len - 2);
  g_string_append (channels, ",\"one-more\"]}");
  expect_posted (sandbox, channels->str, 400, "Too many channels: an event may have 100");
}

static void
test_body_of_unknown_length (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *uri = g_strdup_printf ("http://127.0.0.1:%u" EVENTS,
                                          scope_sandbox_get_port (sandbox));
  g_autoptr (SoupMessage) message = soup_message_new ("POST", uri);
  g_autofree char *huge = g_strnfill (3 * SCOPE_SANDBOX_BODY_BYTES, 'h');
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (huge, -1, NULL);
  Answer answer = { 0 };

  soup_message_set_request_body (message, "application/json", stream, -1);
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, answer_cb, &answer);
  WAIT_UNTIL (answer.done);
  g_assert_cmpuint (soup_message_get_status (message), ==, 413);
  g_bytes_unref (answer.body);
}

static void
test_batch (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);
  g_autoptr (GString) many = g_string_new ("{\"batch\":[");

  client_subscribe (client, "a");
  client_subscribe (client, "b");
  expect (sandbox, "POST", BATCH, NULL, "{\"batch\":[{\"channel\":\"a\",\"name\":\"x\","
                                        "\"data\":\"1\"},"
          "{\"channel\":\"b\",\"name\":\"y\",\"data\":\"2\"}]}", 200, "{}");
  client_expect (client, "{\"event\":\"x\",\"channel\":\"a\",\"data\":\"1\"}");
  client_expect (client, "{\"event\":\"y\",\"channel\":\"b\",\"data\":\"2\"}");

  expect (sandbox, "POST", BATCH, NULL, "{\"batch\":[{\"channel\":\"a\",\"name\":\"x\","
                                        "\"data\":\"1\","
          "\"info\":\"subscription_count\"},{\"channel\":\"b\",\"name\":\"y\","
          "\"data\":\"2\"}]}", 200,
          "{\"batch\":[{\"subscription_count\":1},{}]}");
  g_free (client_next (client));
  g_free (client_next (client));

  /* all or nothing */
  expect (sandbox, "POST", BATCH, NULL, "{\"batch\":[{\"channel\":\"a\",\"name\":\"x\","
                                        "\"data\":\"1\"},"
          "{\"channel\":\"b\",\"name\":\"y\"}]}", 400, NULL);
  expect (sandbox, "POST", BATCH, NULL, "{\"batch\":[{\"channels\":[\"a\"],\"name\":\"x\","
                                        "\"data\":\"1\"}]}",
          400, NULL);
  expect (sandbox, "POST", BATCH, NULL, "{\"batch\":[7]}", 400, NULL);
  expect (sandbox, "POST", BATCH, NULL, "{\"batch\":{}}", 400, NULL);
  expect (sandbox, "POST", BATCH, NULL, "{}", 400, NULL);
  expect (sandbox, "POST", BATCH, NULL, "{\"batch\":[]}", 200, "{}");
  for (guint i = 0; i <= SCOPE_SANDBOX_POST_BATCH; i++)
    g_string_append_printf (many, "%s{\"channel\":\"a\",\"name\":\"x\","
                                  "\"data\":\"1\"}", i > 0 ? "," : "");
  g_string_append (many, "]}");
  expect (sandbox, "POST", BATCH, NULL, many->str, 400, "Too many events: a batch may have 10");
  client_expect_quiet (client);
  client_free (client);
}

static void
test_channels (void)
{
  static const char * const by_prefix[] = { "filter_by_prefix", "presence-", NULL };
  static const char * const with_users[] = { "filter_by_prefix", "presence-", "info", "user_count",
                                             NULL };
  static const char * const users_of_all[] = { "info", "user_count", NULL };
  static const char * const users_of_other[] = { "filter_by_prefix", "private-",
                                                 "info", "user_count", NULL };
  static const char * const counts[] = { "info", "subscription_count", NULL };
  static const char * const extraneous[] = { "shoe_size", "42", NULL };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  expect (sandbox, "GET", CHANNELS, NULL, NULL, 200, "{\"channels\":{}}");
  client_subscribe (client, "news");
  client_subscribe (client, "a@b");
  scope_sandbox_join (sandbox, "presence-x", "u", NULL);
  scope_sandbox_publish (sandbox, "cache-unoccupied", "a", "1", -1);

  expect (sandbox, "GET", CHANNELS, NULL, NULL, 200,
          "{\"channels\":{\"a@b\":{},\"news\":{},\"presence-x\":{}}}");
  expect (sandbox, "GET", CHANNELS, by_prefix, NULL, 200, "{\"channels\":{\"presence-x\":{}}}");
  expect (sandbox, "GET", CHANNELS, with_users, NULL, 200,
          "{\"channels\":{\"presence-x\":{\"user_count\":1}}}");
  expect (sandbox, "GET", CHANNELS, users_of_all, NULL, 400, NULL);
  expect (sandbox, "GET", CHANNELS, users_of_other, NULL, 400, NULL);
  expect (sandbox, "GET", CHANNELS, counts, NULL, 400, NULL);
  expect (sandbox, "GET", CHANNELS, extraneous, NULL, 400,
          "The following query string parameters are extraneous: shoe_size");

  client_send (client, "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"a@b\"}}");
  client_expect_quiet (client);
  client_free (client);
  WAIT_UNTIL (scope_sandbox_count_connections (sandbox) == 0);
  expect (sandbox, "GET", CHANNELS, NULL, NULL, 200, "{\"channels\":{\"presence-x\":{}}}");
}

static void
test_channel (void)
{
  static const char * const count[] = { "info", "subscription_count", NULL };
  static const char * const users[] = { "info", "user_count", NULL };
  static const char * const cache[] = { "info", "subscription_count,cache", NULL };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  client_subscribe (client, "news");
  scope_sandbox_join (sandbox, "presence-x", "u", NULL);
  expect (sandbox, "GET", CHANNELS "/news", NULL, NULL, 200, "{\"occupied\":true}");
  expect (sandbox, "GET", CHANNELS "/none", NULL, NULL, 200, "{\"occupied\":false}");
  expect (sandbox, "GET", CHANNELS "/news", count, NULL, 200,
          "{\"occupied\":true,\"subscription_count\":1}");
  expect (sandbox, "GET", CHANNELS "/presence-x", users, NULL, 200,
          "{\"occupied\":true,\"user_count\":1}");
  expect (sandbox, "GET", CHANNELS "/news", users, NULL, 400, NULL);
  expect (sandbox, "GET", CHANNELS "/news", cache, NULL, 400, NULL);
  expect (sandbox, "GET", CHANNELS "/a%20b", NULL, NULL, 400, "Invalid channel name");

  /* the path is signed as it was sent, and decoded after that */
  expect (sandbox, "GET", CHANNELS "/cache-a%40b", cache, NULL, 200,
          "{\"occupied\":false,\"subscription_count\":0,\"cache\":null}");
  scope_sandbox_publish (sandbox, "cache-a@b", "a", "\"quoted\"", -1);
  {
    guint status;
    g_autofree char *answer = http_signed (sandbox, "GET", CHANNELS "/cache-a@b", cache,
                                           NULL, &status);

    g_assert_cmpuint (status, ==, 200);
    g_assert_true (g_str_has_prefix (answer, "{\"occupied\":false,\"subscription_count\":0,"
                                             "\"cache\":"
                                     "{\"data\":\"\\\"quoted\\\"\",\"ttl\":1"));
  }
  client_free (client);
}

static void
test_users (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);
  Client *tab = client_open (sandbox);

  scope_sandbox_join (sandbox, "presence-x", "zoë", "{}");
  client_join (client, "presence-x", "{\"user_id\":\"7\"}");
  g_free (client_next (client));
  client_join (tab, "presence-x", "{\"user_id\":\"7\"}");
  g_free (client_next (tab));
  expect (sandbox, "GET", CHANNELS "/presence-x/users", NULL, NULL, 200,
          "{\"users\":[{\"id\":\"zoë\"},{\"id\":\"7\"}]}");
  expect (sandbox, "GET", CHANNELS "/presence-none/users", NULL, NULL, 200, "{\"users\":[]}");
  expect (sandbox, "GET", CHANNELS "/news/users", NULL, NULL, 400,
          "Users can only be retrieved for presence channels");
  client_free (client);
  client_free (tab);
}

static void
test_unknown (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();

  expect (sandbox, "GET", "/apps/other/channels", NULL, NULL, 404, "Unknown app id other");
  expect (sandbox, "GET", "/apps/", NULL, NULL, 404, "Unknown app id ");
  expect (sandbox, "POST", "/apps/", NULL, "{}", 404, "Unknown app id ");
  expect (sandbox, "GET", "/apps//", NULL, NULL, 404, "Unknown app id ");
  expect (sandbox, "GET", APP "/shoes", NULL, NULL, 404, NULL);
  expect (sandbox, "GET", APP, NULL, NULL, 404, NULL);
  expect (sandbox, "GET", APP "/", NULL, NULL, 404, NULL);
  expect (sandbox, "GET", CHANNELS "/news/users/more", NULL, NULL, 404, NULL);
  expect (sandbox, "GET", CHANNELS "/news/shoes", NULL, NULL, 404, NULL);
  expect (sandbox, "GET", EVENTS, NULL, NULL, 404, NULL);
  expect (sandbox, "POST", CHANNELS, NULL, "{}", 404, NULL);
  expect (sandbox, "DELETE", CHANNELS, NULL, NULL, 405, NULL);
  expect (sandbox, "GET", "/elsewhere", NULL, NULL, 404, NULL);
  expect (sandbox, "GET", "/any/prefix" CHANNELS, NULL, NULL, 200, "{\"channels\":{}}");
}

/* Signatures */

static void
expect_refused (ScopeSandbox *sandbox,
                const char   *key,
                const char   *secret,
                gint64        timestamp,
                const char   *prefix)
{
  g_autofree char *query = scope_sign_http_request (key, secret, "GET", CHANNELS, NULL, NULL, 0,
                                                    timestamp, NULL);
  guint status;
  g_autofree char *answer = http_send (sandbox, "GET", CHANNELS, query, NULL, &status);

  g_test_message ("%s", answer);
  g_assert_cmpuint (status, ==, 401);
  g_assert_true (g_str_has_prefix (answer, prefix));
  g_assert_null (strstr (answer, SCOPE_SANDBOX_SECRET));
}

static void
test_signature (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  gint64 now = now_seconds ();
  g_autofree char *expected = NULL;
  g_autofree char *answer = NULL;
  guint status;

  expect_refused (sandbox, "other", SCOPE_SANDBOX_SECRET, now, "Unknown auth_key other");
  expect_refused (sandbox, SCOPE_SANDBOX_KEY, "other", now, "Invalid signature:"
                                                            " you should have sent "
                  "HmacSHA256Hex(\"GET\\n" CHANNELS "\\nauth_key=" SCOPE_SANDBOX_KEY
                  "&auth_timestamp=");
  expect_refused (sandbox, SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, now - 700,
                  "Timestamp expired: Given timestamp (");
  expect_refused (sandbox, SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, now + 700,
                  "Timestamp expired: Given timestamp (");

  answer = http_send (sandbox, "GET", CHANNELS, NULL, NULL, &status);
  g_assert_cmpuint (status, ==, 401);
  g_clear_pointer (&answer, g_free);

  answer = http_send (sandbox, "GET", CHANNELS, "auth_key=" SCOPE_SANDBOX_KEY "&auth_version=1.0"
                      "&auth_timestamp=nonsense&auth_signature=00", NULL, &status);
  g_assert_cmpuint (status, ==, 401);
  g_assert_cmpstr (answer, ==, "auth_timestamp should be seconds since 1970");
  g_clear_pointer (&answer, g_free);

  expected = g_strdup_printf ("auth_key=" SCOPE_SANDBOX_KEY "&auth_timestamp=%" G_GINT64_FORMAT
                              "&auth_version=2.0&auth_signature=00", now);
  answer = http_send (sandbox, "GET", CHANNELS, expected, NULL, &status);
  g_assert_cmpuint (status, ==, 401);
  g_assert_cmpstr (answer, ==, "auth_version should be 1.0");
  g_clear_pointer (&answer, g_free);

  answer = http_send (sandbox, "GET", CHANNELS, "a=%FF", NULL, &status);
  g_assert_cmpuint (status, ==, 400);
}

/* Body, parameters, method and path are all covered. */
static void
test_signature_covers (void)
{
  static const char * const params[] = { "filter_by_prefix", "presence-", NULL };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  const char *body = "{\"name\":\"a\",\"data\":\"x\",\"channel\":\"c\"}";
  const char *other = "{\"name\":\"a\",\"data\":\"y\",\"channel\":\"c\"}";
  g_autofree char *post = scope_sign_http_request (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, "POST",
                                                   EVENTS, NULL, body, -1, now_seconds (), NULL);
  g_autofree char *without = scope_sign_http_request (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET,
                                                      "POST", EVENTS, NULL, NULL, 0, now_seconds (), NULL);
  g_autofree char *get = scope_sign_http_request (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, "GET",
                                                  CHANNELS, params, NULL, 0, now_seconds (), NULL);
  g_auto (GStrv) parts = g_strsplit (get, "presence-", 2);
  g_autofree char *altered = g_strjoinv ("private-", parts);
  struct { const char *method, *path, *query, *body; guint status; } cases[] = {
    { "POST", EVENTS, post, body, 200 },
    { "POST", EVENTS, post, other, 401 },
    { "POST", EVENTS, without, body, 401 },
    { "POST", BATCH, post, body, 401 },
    { "GET", CHANNELS, get, NULL, 200 },
    { "GET", CHANNELS, altered, NULL, 401 },
    { "GET", CHANNELS "/", get, NULL, 401 },
    { "GET", CHANNELS "/presence-x/users", get, NULL, 401 },
    { "HEAD", CHANNELS, get, NULL, 401 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint status;
      g_autofree char *answer = http_send (sandbox, cases[i].method, cases[i].path, cases[i].query,
                                           cases[i].body, &status);

      g_test_message ("%u: %s", i, answer);
      g_assert_cmpuint (status, ==, cases[i].status);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  client_init ();

  g_test_add_func ("/sandbox-http/events", test_events);
  g_test_add_func ("/sandbox-http/events/info", test_events_info);
  g_test_add_func ("/sandbox-http/events/refused", test_events_refused);
  g_test_add_func ("/sandbox-http/events/limits", test_events_limits);
  g_test_add_func ("/sandbox-http/body-of-unknown-length", test_body_of_unknown_length);
  g_test_add_func ("/sandbox-http/batch", test_batch);
  g_test_add_func ("/sandbox-http/channels", test_channels);
  g_test_add_func ("/sandbox-http/channel", test_channel);
  g_test_add_func ("/sandbox-http/users", test_users);
  g_test_add_func ("/sandbox-http/unknown", test_unknown);
  g_test_add_func ("/sandbox-http/signature", test_signature);
  g_test_add_func ("/sandbox-http/signature/covers", test_signature_covers);

  return g_test_run ();
}
