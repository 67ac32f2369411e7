/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sys/resource.h>

#include "base/scope-limits.h"
#include "json/scope-json.h"
#include "sandbox-client.h"
#include "sandbox/scope-sandbox-private.h"

/* Handshake */

static void
test_handshake (void)
{
  static const char * const paths[] = {
    PATH,
    "/app/" SCOPE_SANDBOX_KEY "?protocol=5",
    "/app/" SCOPE_SANDBOX_KEY "?client=x&protocol=6",
    "/any/prefix/app/" SCOPE_SANDBOX_KEY "?protocol=7",
    "/app/app%2Dkey?protocol=7",
  };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      Client *client = client_try (sandbox, paths[i]);
      g_autofree char *frame = client_next (client);

      g_assert_true (g_regex_match_simple (
        "^\\{\"event\":\"pusher:connection_established\",\"data\":\"\\{\\\\\"socket_id\\\\\":"
        "\\\\\"\\d+\\.\\d+\\\\\",\\\\\"activity_timeout\\\\\":120\\}\"\\}$", frame, 0, 0));
      g_assert_cmpuint (scope_sandbox_count_connections (sandbox), ==, 1);
      client_free (client);
      WAIT_UNTIL (scope_sandbox_count_connections (sandbox) == 0);
    }
}

static void
test_handshake_refused (void)
{
  static const struct { const char *path; guint code; const char *reason; } cases[] = {
    { "/app/no-such?protocol=7", 4001, "Could not find app by key no-such" },
    { "/app/a%0Ab?protocol=7", 4001, "Could not find app by key a␊b" },
    { "/app/" SCOPE_SANDBOX_KEY, 4008, "No protocol version supplied" },
    { "/app/" SCOPE_SANDBOX_KEY "?client=x", 4008, "No protocol version supplied" },
    { "/app/" SCOPE_SANDBOX_KEY "?protocol=4", 4007, NULL },
    { "/app/" SCOPE_SANDBOX_KEY "?protocol=8", 4007, NULL },
    { "/app/" SCOPE_SANDBOX_KEY "?protocol=seven", 4007, NULL },
    { "/app/" SCOPE_SANDBOX_KEY "?protocol=99999999999999999999999", 4007, NULL },
    { "/app/" SCOPE_SANDBOX_KEY "?protocol=7&client=%FF", 4008, NULL },
  };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      Client *client = client_try (sandbox, cases[i].path);

      g_assert_nonnull (client->websocket);
      WAIT_UNTIL (client->closed);
      g_assert_true (g_queue_is_empty (&client->frames) || cases[i].code == 4007);
      client_expect_closed (client, cases[i].code, cases[i].reason);
      client_free (client);
    }
  g_assert_cmpuint (scope_sandbox_count_connections (sandbox), ==, 0);
}

/* Below version 6 the error is told before the close (protocol.md §1.2). */
static void
test_handshake_refused_old (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_try (sandbox, "/app/no-such?protocol=5");

  client_expect (client, "{\"event\":\"pusher:error\",\"data\":{\"code\":4001,"
                 "\"message\":\"Could not find app by key no-such\"}}");
  client_expect_closed (client, 4001, "Could not find app by key no-such");
  client_free (client);
}

static void
test_handshake_not_found (void)
{
  static const char * const paths[] = { "/", "/app/", "/app/a/b?protocol=7", "/elsewhere" };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      Client *client = client_try (sandbox, paths[i]);

      g_assert_null (client->websocket);
      g_assert_cmpuint (soup_message_get_status (client->message), ==, SOUP_STATUS_NOT_FOUND);
      client_free (client);
    }
}

static void
test_other_app (void)
{
  g_autoptr (ScopeSandbox) sandbox = scope_sandbox_new ();
  g_autofree char *auth = NULL;
  Client *client;

  scope_sandbox_set_app (sandbox, "key2", NULL, "secret2");
  scope_sandbox_set_activity_timeout (sandbox, 30);
  g_assert_true (scope_sandbox_start (sandbox, 0, NULL));

  client = client_try (sandbox, "/app/key2?protocol=7");
  {
    g_autofree char *frame = client_next (client);
    g_auto (GStrv) parts = g_strsplit (frame, "\\\"", -1);

    g_assert_nonnull (strstr (frame, "activity_timeout\\\":30}"));
    auth = scope_sign_channel ("key2", "secret2", parts[3], "private-x", NULL);
  }
  client_sendf (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\","
                "\"auth\":\"%s\"}}", auth);
  client_expect (client, "{\"event\":\"pusher_internal:subscription_succeeded\","
                 "\"channel\":\"private-x\",\"data\":\"{}\"}");
  client_free (client);
}

static void
test_start_refused (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (ScopeSandbox) second = scope_sandbox_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (scope_sandbox_start (second, 70000, &error));
  g_assert_nonnull (strstr (error->message, "70000"));
  g_clear_error (&error);

  g_assert_false (scope_sandbox_start (second, scope_sandbox_get_port (sandbox), &error));
  g_assert_nonnull (error);
  g_assert_cmpuint (scope_sandbox_get_port (second), ==, 0);
  g_clear_error (&error);

  g_assert_false (scope_sandbox_start (sandbox, 0, &error));
  g_assert_nonnull (error);
}

static void
test_stop_and_restart (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  guint port = scope_sandbox_get_port (sandbox);
  Client *first = client_open (sandbox);
  Client *second = client_open (sandbox);

  client_join (first, "presence-x", "{\"user_id\":\"1\"}");
  g_free (client_next (first));
  client_join (second, "presence-x", "{\"user_id\":\"2\"}");
  g_free (client_next (second));
  g_free (client_next (first));

  scope_sandbox_stop (sandbox, 4200);
  g_assert_cmpuint (scope_sandbox_count_connections (sandbox), ==, 0);
  client_expect_closed (first, 4200, "Server closed. Please reconnect shortly.");
  client_expect_closed (second, 4200, "Server closed. Please reconnect shortly.");
  g_assert_true (g_queue_is_empty (&first->frames));
  client_free (first);
  client_free (second);

  g_assert_true (scope_sandbox_start (sandbox, port, NULL));
  first = client_open (sandbox);
  scope_sandbox_stop (sandbox, 0);
  WAIT_UNTIL (first->closed);
  g_assert_cmpuint (soup_websocket_connection_get_close_code (first->websocket), ==, 0);
  client_free (first);
}

static void
test_ping (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  client_send (client, "{\"event\":\"pusher:ping\",\"data\":{}}");
  client_expect (client, PONG);
  client_send (client, "{\"event\":\"pusher:ping\"}");
  client_expect (client, PONG);
  client_send (client, "{\"event\":\"pusher:pong\",\"data\":{}}");
  client_expect_quiet (client);
  client_free (client);
}

/* Silence for the activity timeout is met with a ping, silence after it ends the connection. */
static void
test_silence (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client;

  scope_sandbox_set_activity_timeout (sandbox, 1);
  _scope_sandbox_set_pong_timeout (sandbox, 300);
  client = client_open (sandbox);

  client_expect (client, "{\"event\":\"pusher:ping\",\"data\":{}}");
  client_send (client, "{\"event\":\"pusher:pong\"}");
  client_expect (client, "{\"event\":\"pusher:ping\",\"data\":{}}");
  client_expect_closed (client, 4201, "Pong reply not received in time");
  client_free (client);
}

/* Subscriptions */

static void
test_subscribe_public (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  client_subscribe (client, "news");
  g_assert_true (scope_sandbox_publish (sandbox, "news", "up", "{\"a\":\"ü\\\"\"}", -1));
  client_expect (client, "{\"event\":\"up\",\"channel\":\"news\","
                 "\"data\":\"{\\\"a\\\":\\\"ü\\\\\\\"\\\"}\"}");
  g_assert_false (scope_sandbox_publish (sandbox, "other", "up", "{}", -1));

  client_send (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\","
                       "\"auth\":\"\"}}");
  client_expect_error (client, "Existing subscription to channel news");

  client_send (client, "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"news\"}}");
  client_expect_quiet (client);
  g_assert_false (scope_sandbox_publish (sandbox, "news", "up", "{}", -1));
  client_send (client, "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"news\"}}");
  client_expect_error (client, "No current subscription to channel news,"
                               " or subscription in progress");

  client_subscribe (client, "news");
  client_expect_quiet (client);
  client_free (client);
}

static void
test_subscribe_refused (void)
{
  g_autofree char *long_name = g_strnfill (201, 'n');
  struct { const char *channel; const char *text; } cases[] = {
    { "", "Invalid channel name: ''" },
    { "a b", "Invalid channel name: 'a b'" },
    { "grün", "Invalid channel name: 'grün'" },
    { "a/b", "Invalid channel name: 'a/b'" },
    { long_name, NULL },
    { "#server-to-user-7", NULL },
  };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *frame = NULL;

      client_sendf (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\"}}",
                    cases[i].channel);
      if (cases[i].text != NULL)
        client_expect_error (client, cases[i].text);
      else
        g_assert_true (g_str_has_prefix (frame = client_next (client),
                                         "{\"event\":\"pusher:error\",\"data\":{\"code\":null,"));
    }

  client_send (client, "{\"event\":\"pusher:subscribe\",\"data\":{}}");
  client_expect_error (client, "Missing parameter: data.channel");
  client_send (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":7}}");
  client_expect_error (client, "Missing parameter: data.channel");
  client_send (client, "{\"event\":\"pusher:subscribe\"}");
  client_expect_error (client, "Missing parameter: data.channel");
  client_send (client, "{\"event\":\"pusher:unsubscribe\",\"data\":[]}");
  client_expect_error (client, "Missing parameter: data.channel");
  client_expect_quiet (client);
  client_free (client);
}

static void
test_subscribe_signed (void)
{
  static const char * const channels[] = {
    "private-x", "private-cache-x", "private-encrypted-x", "private-encrypted-cache-x",
  };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      client_subscribe_private (client, channels[i]);
      if (strstr (channels[i], "cache") != NULL)
        client_expectf (client, "{\"event\":\"pusher:cache_miss\","
                                "\"channel\":\"%s\"}", channels[i]);
      client_expect_quiet (client);
    }
  client_free (client);
}

static void
test_subscribe_badly_signed (void)
{
  static const char * const channels[] = {
    "private-x", "private-cache-x", "private-encrypted-x", "private-encrypted-cache-x",
    "presence-x", "presence-cache-x",
  };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      const char *name = channels[i];
      g_autofree char *format = NULL;
      static const char * const malformed[] = { "", "nonsense", ":abc", SCOPE_SANDBOX_KEY ":" };

      format = g_strdup_printf ("Auth value for subscription to %s is invalid: "
                                "should be of format 'key:signature'", name);
      for (guint j = 0; j < G_N_ELEMENTS (malformed); j++)
        {
          client_sendf (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\","
                        "\"auth\":\"%s\"}}", name, malformed[j]);
          client_expect_error (client, format);
        }
      client_sendf (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\"}}", name);
      client_expect_error (client, format);

      client_sendf (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"%s\","
                    "\"auth\":\"other:00\"}}", name);
      client_expect_error (client, "Invalid key in subscription auth data: 'other'");
    }

  client_send (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\","
               "\"auth\":\"" SCOPE_SANDBOX_KEY ":0011\"}}");
  client_expectf (client, "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":"
                  "\"Invalid signature: Expected HMAC SHA256 hex digest of %s:private-x, "
                  "but got 0011\"}}", client->socket_id);
  client_expect_quiet (client);
  client_free (client);
}

/* A signature is good for one socket, one channel and one user only. */
static void
test_subscribe_signature_of_other (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);
  g_autofree char *of_socket = scope_sign_channel (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, "1.1",
                                                   "private-x", NULL);
  g_autofree char *of_channel = scope_sign_channel (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET,
                                                    client->socket_id, "private-y", NULL);
  g_autofree char *of_secret = scope_sign_channel (SCOPE_SANDBOX_KEY, "other", client->socket_id,
                                                   "private-x", NULL);
  g_autofree char *of_user = scope_sign_channel (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET,
                                                 client->socket_id, "presence-x",
                                                 "{\"user_id\":\"1\"}");
  const char *signatures[] = { of_socket, of_channel, of_secret };

  for (guint i = 0; i < G_N_ELEMENTS (signatures); i++)
    {
      g_autofree char *frame = NULL;

      client_sendf (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\","
                    "\"auth\":\"%s\"}}", signatures[i]);
      frame = client_next (client);
      g_assert_nonnull (strstr (frame, "Invalid signature: Expected HMAC SHA256 hex digest of "));
    }

  client_sendf (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"presence-x\","
                "\"auth\":\"%s\",\"channel_data\":\"{\\\"user_id\\\":\\\"2\\\"}\"}}", of_user);
  {
    g_autofree char *frame = client_next (client);

    g_assert_nonnull (strstr (frame, ":presence-x:{\\\"user_id\\\":\\\"2\\\"}, but got "));
  }
  client_free (client);
}

static void
test_subscribe_many (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  for (guint i = 0; i <= SCOPE_LIMIT_CHANNELS; i++)
    client_sendf (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"c%u\"}}", i);
  for (guint i = 0; i < SCOPE_LIMIT_CHANNELS; i++)
    client_expectf (client, "{\"event\":\"pusher_internal:subscription_succeeded\","
                    "\"channel\":\"c%u\",\"data\":\"{}\"}", i);
  client_expect_error (client, "Subscription to c1000 refused: a connection may have 1000");
  client_free (client);
}

/* Presence */

static void
test_presence (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *ann = client_open (sandbox);
  Client *ben = client_open (sandbox);
  Client *tab = client_open (sandbox);

  client_join (ann, "presence-x", "{\"user_id\":\"ann\",\"user_info\":{\"name\":\"Ann\"}}");
  client_expect (ann, "{\"event\":\"pusher_internal:subscription_succeeded\","
                      "\"channel\":\"presence-x\","
                 "\"data\":\"{\\\"presence\\\":{\\\"ids\\\":[\\\"ann\\\"],\\\"hash\\\":"
                 "{\\\"ann\\\":"
                 "{\\\"name\\\":\\\"Ann\\\"}},\\\"count\\\":1}}\"}");

  client_join (ben, "presence-x", "{\"user_id\":7}");
  client_expect (ben, "{\"event\":\"pusher_internal:subscription_succeeded\","
                      "\"channel\":\"presence-x\","
                 "\"data\":\"{\\\"presence\\\":{\\\"ids\\\":[\\\"ann\\\",\\\"7\\\"],\\\"hash\\\":"
                 "{\\\"ann\\\":{\\\"name\\\":\\\"Ann\\\"},\\\"7\\\":null},\\\"count\\\":2}}\"}");
  client_expect (ann, "{\"event\":\"pusher_internal:member_added\",\"channel\":\"presence-x\","
                 "\"data\":\"{\\\"user_id\\\":\\\"7\\\"}\"}");

  /* a second tab of the same person is no second member */
  client_join (tab, "presence-x", "{\"user_id\":\"ann\",\"user_info\":{\"name\":\"Ann\"}}");
  g_free (client_next (tab));
  client_expect_quiet (ann);
  client_expect_quiet (ben);
  client_send (ann, "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"presence-x\"}}");
  client_expect_quiet (ann);
  client_expect_quiet (ben);

  /* the last one takes the member along, here by vanishing */
  client_free (tab);
  client_expect (ben, "{\"event\":\"pusher_internal:member_removed\",\"channel\":\"presence-x\","
                 "\"data\":\"{\\\"user_id\\\":\\\"ann\\\"}\"}");

  client_free (ann);
  client_free (ben);
}

static void
test_presence_resident (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  scope_sandbox_join (sandbox, "presence-x", "amara", "{ \"name\" : \"Amara\" }");
  scope_sandbox_join (sandbox, "presence-x", "broken", "{\"name\":");
  client_join (client, "presence-x", "{\"user_id\":\"me\"}");
  client_expect (client, "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":"
                 "\"presence-x\",\"data\":\"{\\\"presence\\\":{\\\"ids\\\":[\\\"amara\\\","
                 "\\\"broken\\\",\\\"me\\\"],\\\"hash\\\":{\\\"amara\\\":"
                 "{\\\"name\\\":\\\"Amara\\\"},"
                 "\\\"broken\\\":null,\\\"me\\\":null},\\\"count\\\":3}}\"}");

  scope_sandbox_join (sandbox, "presence-x", "amara", NULL);
  client_expect_quiet (client);
  scope_sandbox_join (sandbox, "presence-x", "zoe", "{\"name\":\"Zoë\"}");
  client_expect (client, "{\"event\":\"pusher_internal:member_added\",\"channel\":\"presence-x\","
                 "\"data\":\"{\\\"user_id\\\":\\\"zoe\\\",\\\"user_info\\\":"
                 "{\\\"name\\\":\\\"Zoë\\\"}}\"}");
  scope_sandbox_leave (sandbox, "presence-x", "amara");
  client_expect (client, "{\"event\":\"pusher_internal:member_removed\",\"channel\":\"presence-x\","
                 "\"data\":\"{\\\"user_id\\\":\\\"amara\\\"}\"}");
  scope_sandbox_leave (sandbox, "presence-x", "amara");
  scope_sandbox_leave (sandbox, "presence-x", "me");
  scope_sandbox_leave (sandbox, "presence-none", "me");
  client_expect_quiet (client);
  client_free (client);
}

static void
test_presence_refused (void)
{
  g_autofree char *long_id = g_strnfill (129, 'u');
  g_autofree char *long_user = g_strdup_printf ("{\"user_id\":\"%s\"}", long_id);
  g_autofree char *filler = g_strnfill (1024, 'i');
  g_autofree char *large = g_strdup_printf ("{\"user_id\":\"1\",\"user_info\":\"%s\"}", filler);
  struct { const char *data; const char *text; } cases[] = {
    { "nonsense", "should be a JSON object" },
    { "[]", "should be a JSON object" },
    { "{\"user_id\":\"1\"} x", "should be a JSON object" },
    { "{}", "user_id should be a string" },
    { "{\"user_id\":\"\"}", "user_id should be a string" },
    { "{\"user_id\":null}", "user_id should be a string" },
    { "{\"user_id\":{}}", "user_id should be a string" },
    { long_user, "user_id should be a string of 1 to 128 characters" },
    { large, "a user object may have 1024 bytes" },
  };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);
  g_autofree char *auth = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *frame = NULL;

      client_join (client, "presence-x", cases[i].data);
      frame = client_next (client);
      g_assert_true (g_str_has_prefix (frame, "{\"event\":\"pusher:error\""));
      g_assert_nonnull (strstr (frame, "Invalid channel_data for presence-x: "));
      g_assert_nonnull (strstr (frame, cases[i].text));
    }

  auth = scope_sign_channel (SCOPE_SANDBOX_KEY, SCOPE_SANDBOX_SECRET, client->socket_id,
                             "presence-x", NULL);
  client_sendf (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"presence-x\","
                "\"auth\":\"%s\"}}", auth);
  client_expect_error (client, "Missing parameter: data.channel_data, "
                       "which presence channel presence-x needs");
  client_expect_quiet (client);
  client_free (client);
}

static void
test_presence_full (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  for (guint i = 0; i < SCOPE_SANDBOX_MEMBERS; i++)
    {
      g_autofree char *id = g_strdup_printf ("u%u", i);

      scope_sandbox_join (sandbox, "presence-x", id, NULL);
    }
  client_join (client, "presence-x", "{\"user_id\":\"one-more\"}");
  client_expect_error (client, "Subscription to presence-x refused: it has its quota of 100 members");

  /* who is there already brings no one more */
  client_join (client, "presence-x", "{\"user_id\":\"u5\"}");
  {
    g_autofree char *frame = client_next (client);

    g_assert_nonnull (strstr (frame, "\\\"count\\\":100}}"));
  }
  client_free (client);
}

/* Cache and encrypted channels */

static void
test_cache (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *first = client_open (sandbox);
  Client *second = client_open (sandbox);

  client_subscribe (first, "cache-x");
  client_expect (first, "{\"event\":\"pusher:cache_miss\",\"channel\":\"cache-x\"}");
  scope_sandbox_publish (sandbox, "cache-x", "one", "1", -1);
  scope_sandbox_publish (sandbox, "cache-x", "two", "2", -1);
  client_expect (first, "{\"event\":\"one\",\"channel\":\"cache-x\",\"data\":\"1\"}");
  client_expect (first, "{\"event\":\"two\",\"channel\":\"cache-x\",\"data\":\"2\"}");

  client_subscribe (second, "cache-x");
  client_expect (second, "{\"event\":\"two\",\"channel\":\"cache-x\",\"data\":\"2\"}");
  client_expect_quiet (second);

  /* kept though nobody is subscribed */
  g_assert_false (scope_sandbox_publish (sandbox, "cache-y", "alone", "{}", -1));
  client_subscribe (second, "cache-y");
  client_expect (second, "{\"event\":\"alone\",\"channel\":\"cache-y\",\"data\":\"{}\"}");

  client_free (first);
  client_free (second);
}

static void
test_encrypted (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  client_subscribe_private (client, "private-encrypted-x");
  scope_sandbox_publish (sandbox, "private-encrypted-x", "e",
                         "{\"nonce\":\"bm9uY2U=\",\"ciphertext\":\"eA==\"}", -1);
  client_expect (client, "{\"event\":\"e\",\"channel\":\"private-encrypted-x\",\"data\":"
                 "\"{\\\"nonce\\\":\\\"bm9uY2U=\\\",\\\"ciphertext\\\":\\\"eA==\\\"}\"}");
  client_free (client);
}

/* Client events */

static void
test_client_event (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *ann = client_open (sandbox);
  Client *ben = client_open (sandbox);

  client_subscribe_private (ann, "private-x");
  client_subscribe_private (ben, "private-x");
  client_send (ann, "{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":"
                    "{\"n\":9007199254740993}}");
  client_expect (ben, "{\"event\":\"client-a\",\"channel\":\"private-x\","
                 "\"data\":{\"n\":9007199254740993}}");
  client_send (ann, "{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":\"text\","
                    "\"user_id\":\"x\"}");
  client_expect (ben, "{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":\"text\"}");
  client_expect_quiet (ann);

  client_join (ann, "presence-x", "{\"user_id\":\"ann\"}");
  g_free (client_next (ann));
  client_join (ben, "presence-x", "{\"user_id\":\"ben\"}");
  g_free (client_next (ben));
  g_free (client_next (ann));
  client_send (ann, "{\"event\":\"client-b\",\"channel\":\"presence-x\",\"data\":null,"
                    "\"user_id\":\"forged\"}");
  client_expect (ben, "{\"event\":\"client-b\",\"channel\":\"presence-x\",\"data\":null,"
                 "\"user_id\":\"ann\"}");
  client_expect_quiet (ann);

  client_free (ann);
  client_free (ben);
}

static void
test_client_event_refused (void)
{
  static const struct { const char *frame; const char *text; } cases[] = {
    { "{\"event\":\"client-a\",\"data\":"
      "{}}", "Invalid client event (must contain channel and data)" },
    { "{\"event\":\"client-a\",\"channel\":\"private-x\"}",
      "Invalid client event (must contain channel and data)" },
    { "{\"event\":\"client-a\",\"channel\":\"private-y\",\"data\":{}}",
      "Cannot broadcast client event (connection not subscribed to channel private-y)" },
    { "{\"event\":\"client-a\",\"channel\":\"news\",\"data\":{}}",
      "Cannot broadcast client event (channel news is neither private nor presence,"
      " or it is encrypted)" },
    { "{\"event\":\"client-a\",\"channel\":\"private-encrypted-x\",\"data\":{}}",
      "Cannot broadcast client event (channel private-encrypted-x is neither private nor presence, "
      "or it is encrypted)" },
    { "{\"event\":\"order.paid\",\"channel\":\"private-x\",\"data\":{}}",
      "Unsupported event received on socket: 'order.paid'" },
    { "{\"event\":\"pusher:unheard\",\"data\":{}}",
      "Unsupported event received on socket: 'pusher:unheard'" },
    { "{\"event\":\"pusher_internal:member_added\",\"channel\":\"private-x\",\"data\":{}}",
      "Unsupported event received on socket: 'pusher_internal:member_added'" },
    { "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"a:b\",\"user_data\":\"{}\"}}",
      "Invalid key in sign-in auth data: 'a'" },
  };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);
  g_autofree char *filler = g_strnfill (SCOPE_LIMIT_DATA_BYTES, 'd');
  g_autofree char *name = g_strnfill (SCOPE_LIMIT_EVENT_NAME_BYTES, 'n');

  client_subscribe (client, "news");
  client_subscribe_private (client, "private-x");
  client_subscribe_private (client, "private-encrypted-x");
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      client_send (client, cases[i].frame);
      client_expect_error (client, cases[i].text);
    }

  client_sendf (client, "{\"event\":\"client-a\",\"channel\":\"private-x\","
                        "\"data\":\"%sx\"}", filler);
  client_expect_error (client, "The data content of this event exceeds the allowed maximum "
                       "(10240 bytes)");
  client_sendf (client, "{\"event\":\"client-%s\",\"channel\":\"private-x\",\"data\":{}}", name);
  client_expect_error (client, "Invalid client event (its name is longer than 200 characters)");
  client_sendf (client, "{\"event\":\"client-a\",\"channel\":\"private-x\","
                        "\"data\":\"%s\"}", filler);
  client_expect_quiet (client);
  client_free (client);
}

static void
test_client_event_rate (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);
  guint refused = 0;

  client_subscribe_private (client, "private-x");
  for (guint i = 0; i < 40; i++)
    client_send (client, "{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":{}}");
  client_send (client, "{\"event\":\"pusher:ping\"}");

  for (;;)
    {
      g_autofree char *frame = client_next (client);

      if (strcmp (frame, PONG) == 0)
        break;
      g_assert_cmpstr (frame, ==, "{\"event\":\"pusher:error\",\"data\":{\"code\":4301,\"message\":"
                       "\"Client event rejected: a connection may send 10 in a second\"}}");
      refused++;
    }
  /* ten at once, and what a slow machine earns meanwhile */
  g_assert_cmpuint (refused, >=, 1);
  g_assert_cmpuint (refused, <=, 30);

  /* patience is rewarded */
  WAIT_UNTIL (({
    g_autofree char *frame = NULL;

    client_send (client, "{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":{}}");
    client_send (client, "{\"event\":\"pusher:ping\"}");
    frame = client_next (client);
    if (strcmp (frame, PONG) != 0)
      client_expect (client, PONG);
    strcmp (frame, PONG) == 0;
  }));
  client_free (client);
}

/* Hostile clients */

static void
test_hostile_frames (void)
{
  static const char * const texts[] = {
    "", " ", "x", "null", "7", "[]", "\"pusher:ping\"", "{", "{}",
    "{\"event\":7}", "{\"event\":null}",
    "{\"event\":\"pusher:ping\"", "{\"event\":\"pusher:ping\"}}", "{'event':'pusher:ping'}",
    "{\"event\":\"a\",\"channel\":{}}", "{\"event\":\"\\ud800\"}", "{\"event\":\"\"}",
    "{\"event\":\"client-\",\"channel\":\"\",\"data\":{}}",
    "{\"event\":\"pusher:subscribe\",\"data\":\"{\"}",
    "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"\\ud800\"}}",
    "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"a\\u0000b\"}}",
    "{\"event\":\"client-\\u0000\",\"channel\":\"private-x\",\"data\":{}}",
  };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *frame = NULL;

      client_send (client, texts[i]);
      client_send (client, "{\"event\":\"pusher:ping\"}");
      frame = client_next (client);
      g_test_message ("%s → %s", texts[i], frame);
      if (strcmp (frame, PONG) == 0)
        continue;
      g_assert_true (scope_json_check (frame, strlen (frame), NULL, NULL));
      g_assert_true (g_str_has_prefix (frame, "{\"event\":\"pusher:error\",\"data\":"
                                              "{\"code\":null"));
      client_expect (client, PONG);
    }
  client_free (client);
}

static void
test_hostile_depth (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);
  g_autofree char *brackets = g_strnfill (80000, '[');

  client_send (client, brackets);
  client_expect_error (client, "Invalid message: nested too deep, or a name too long");
  client_sendf (client, "{\"event\":\"client-a\",\"channel\":\"private-x\",\"data\":%s}", brackets);
  client_expect_error (client, "Invalid message: nested too deep, or a name too long");
  client_expect_quiet (client);
  client_free (client);
}

static void
test_hostile_size (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);
  g_autofree char *filler = g_strnfill (SCOPE_SANDBOX_FRAME_BYTES, 'x');
  g_autofree char *huge = g_strnfill (2 * 1024 * 1024, 'x');

  client_sendf (client, "{\"event\":\"%s\"}", filler);
  client_expect_closed (client, 1009, "Message larger than 100 kB");
  client_free (client);

  client = client_open (sandbox);
  client_sendf (client, "{\"event\":\"%s\"}", huge);
  WAIT_UNTIL (client->closed);
  client_free (client);
  WAIT_UNTIL (scope_sandbox_count_connections (sandbox) == 0);

  client = client_open (sandbox);
  client_expect_quiet (client);
  client_free (client);
}

/* One masked frame, written below libsoup, which would refuse to send it. */
static void
client_send_raw (Client     *self,
                 guint8      first,
                 const char *payload)
{
  GIOStream *stream = soup_websocket_connection_get_io_stream (self->websocket);
  g_autoptr (GByteArray) frame = g_byte_array_new ();
  guint8 header[6] = { first, 0x80 | (guint8) strlen (payload), 0, 0, 0, 0 };

  g_assert_cmpuint (strlen (payload), <, 126);
  g_byte_array_append (frame, header, sizeof header);
  g_byte_array_append (frame, (const guint8 *) payload, strlen (payload));
  g_assert_true (g_output_stream_write_all (g_io_stream_get_output_stream (stream), frame->data,
                                            frame->len, NULL, NULL, NULL));
}

static void
test_hostile_bytes (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);

  client_send_raw (client, 0x82, "{\"event\":\"pusher:ping\"}");
  client_expect_error (client, "Binary messages are not supported");
  client_expect_quiet (client);

  client_send_raw (client, 0x81, "{\"event\":\"\xff\xfe\"}");
  client_expect_closed (client, 1007, NULL);
  client_free (client);

  client = client_open (sandbox);
  client_send_raw (client, 0x83, "reserved opcode");
  WAIT_UNTIL (client->closed);
  client_free (client);

  client = client_open (sandbox);
  client_send_raw (client, 0xf1, "reserved bits");
  WAIT_UNTIL (client->closed);
  client_free (client);
  WAIT_UNTIL (scope_sandbox_count_connections (sandbox) == 0);
}

/* A socket that has been upgraded by hand and reads nothing. */
static GSocketConnection *
raw_open (ScopeSandbox *sandbox)
{
  static const char request[] = "GET " PATH " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
                                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  GSocketConnection *connection;
  GOutputStream *output;

  connection = g_socket_client_connect_to_host (client, "127.0.0.1",
                                                (guint16) scope_sandbox_get_port (sandbox), NULL,
                                                NULL);
  g_assert_nonnull (connection);
  output = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  g_assert_true (g_output_stream_write_all (output, request, strlen (request), NULL, NULL, NULL));
  return connection;
}

static void
raw_send (GSocketConnection *connection,
          const char        *text)
{
  guint8 header[6] = { 0x81, 0x80 | (guint8) strlen (text), 0, 0, 0, 0 };
  GOutputStream *output = g_io_stream_get_output_stream (G_IO_STREAM (connection));

  g_assert_cmpuint (strlen (text), <, 126);
  g_assert_true (g_output_stream_write_all (output, header, sizeof header, NULL, NULL, NULL));
  g_assert_true (g_output_stream_write_all (output, text, strlen (text), NULL, NULL, NULL));
}

static void
test_hostile_reader (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (GSocketConnection) deaf = raw_open (sandbox);
  g_autofree char *data = g_strnfill (1024 * 1024, 'x');
  Client *client;

  WAIT_UNTIL (scope_sandbox_count_connections (sandbox) == 1);
  raw_send (deaf, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"news\"}}");
  WAIT_UNTIL (scope_sandbox_publish (sandbox, "news", "hello", "{}", -1));

  client = client_open (sandbox);
  client_subscribe (client, "news");
  for (guint i = 0; i < 40; i++)
    {
      scope_sandbox_publish (sandbox, "news", "big", data, -1);
      g_free (client_next (client));
    }

  /* the deaf one is gone, the other has missed nothing */
  WAIT_UNTIL (scope_sandbox_count_connections (sandbox) == 1);
  client_expect_quiet (client);
  client_free (client);
}

static void
test_connection_quota (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (GPtrArray) raw = g_ptr_array_new_with_free_func (g_object_unref);
  struct rlimit limit;
  Client *client;

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = MIN (limit.rlim_max, 4096);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  if (limit.rlim_cur < 2200)
    {
      g_test_skip ("the system allows too few open files");
      return;
    }

  for (guint i = 0; i < SCOPE_SANDBOX_CONNECTIONS; i++)
    {
      g_ptr_array_add (raw, raw_open (sandbox));
      if (i % 5 == 4) /* what the server has not accepted yet fits its backlog */
        WAIT_UNTIL (scope_sandbox_count_connections (sandbox) == raw->len);
    }

  client = client_try (sandbox, PATH);
  client_expect_closed (client, 4004, "Application is over connection quota");
  client_free (client);

  g_ptr_array_set_size (raw, 0);
  WAIT_UNTIL (scope_sandbox_count_connections (sandbox) == 0);
  client = client_open (sandbox);
  client_free (client);
}

/* Lines */

static void
collect_line_cb (ScopeSandbox *sandbox,
                 const char   *json,
                 gpointer      user_data)
{
  g_assert_true (scope_json_check (json, strlen (json), NULL, NULL));
  g_assert_null (strchr (json, '\n'));
  g_string_append_printf (user_data, "%s\n", json);
}

static void
test_lines (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autofree char *expected = NULL;
  g_autofree char *id = NULL;
  Client *client;

  g_signal_connect (sandbox, "line", G_CALLBACK (collect_line_cb), lines);
  client = client_open (sandbox);
  id = g_strdup (client->socket_id);
  client_join (client, "presence-x", "{\"user_id\":\"ann\",\"user_info\":{\"name\":\"A\"}}");
  g_free (client_next (client));
  client_send (client, "{\"event\":\"client-a\",\"channel\":\"presence-x\",\"data\":{\"a\":1}}");
  client_send (client, "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"private-x\","
               "\"auth\":\"" SCOPE_SANDBOX_KEY ":feed\"}}");
  g_free (client_next (client));
  client_send (client, "{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"presence-x\"}}");
  client_expect_quiet (client);
  scope_sandbox_publish (sandbox, "news", "up", "{}", -1);
  client_free (client);
  WAIT_UNTIL (strstr (lines->str, "\"closed\"") != NULL);

  expected = g_strdup_printf (
    "{\"type\":\"connection\",\"action\":\"opened\",\"socket_id\":\"%s\"}\n"
    "{\"type\":\"subscription\",\"action\":\"subscribed\",\"socket_id\":\"%s\","
    "\"channel\":\"presence-x\",\"user_id\":\"ann\"}\n"
    "{\"type\":\"event\",\"channel\":\"presence-x\",\"event\":\"client-a\",\"data\":{\"a\":1},"
    "\"user_id\":\"ann\",\"socket_id\":\"%s\"}\n"
    "{\"type\":\"subscription\",\"action\":\"refused\",\"socket_id\":\"%s\","
    "\"channel\":\"private-x\"}\n"
    "{\"type\":\"subscription\",\"action\":\"unsubscribed\",\"socket_id\":\"%s\","
    "\"channel\":\"presence-x\",\"user_id\":\"ann\"}\n"
    "{\"type\":\"event\",\"channel\":\"news\",\"event\":\"up\",\"data\":\"{}\"}\n"
    "{\"type\":\"connection\",\"action\":\"closed\",\"socket_id\":\"%s\"}\n",
    id, id, id, id, id, id);
  g_assert_cmpstr (lines->str, ==, expected);
  g_assert_null (strstr (lines->str, SCOPE_SANDBOX_SECRET));
  g_assert_null (strstr (lines->str, "feed"));
  g_assert_null (strstr (lines->str, SCOPE_SANDBOX_KEY ":"));
}

/* Flood */

typedef struct
{
  guint n;
  gint64 half_usec;
} FloodSeen;

static void
flood_seen_cb (SoupWebsocketConnection *websocket,
               SoupWebsocketDataType    type,
               GBytes                  *bytes,
               gpointer                 user_data)
{
  FloodSeen *seen = user_data;
  const char *text = g_bytes_get_data (bytes, NULL);
  const char *number = strstr (text, "{\\\"n\\\":");

  if (number == NULL)
    return;

  g_assert_cmpuint (g_ascii_strtoull (number + strlen ("{\\\"n\\\":"), NULL, 10), ==, seen->n);
  if (++seen->n == 5000)
    seen->half_usec = g_get_monotonic_time ();
}

static void
test_flood (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);
  FloodSeen seen = { 0 };
  gint64 start, end;

  client_subscribe (client, "news");
  g_signal_handlers_disconnect_by_func (client->websocket, client_message_cb, client);
  g_signal_connect (client->websocket, "message", G_CALLBACK (flood_seen_cb), &seen);

  start = g_get_monotonic_time ();
  scope_sandbox_flood (sandbox, "news", 10000, 120, 1.0);
  WAIT_UNTIL (seen.n == 10000);
  end = g_get_monotonic_time ();
  g_assert_cmpint (end - start, >=, 900 * 1000);
  g_assert_cmpint (seen.half_usec - start, >=, 450 * 1000);
  g_assert_cmpint (seen.half_usec - start, <=, (end - start) * 3 / 4);

  g_signal_handlers_disconnect_by_data (client->websocket, &seen);
  client_free (client);
}

static void
test_flood_at_once (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  Client *client = client_open (sandbox);
  FloodSeen seen = { 0 };
  guint n = g_test_perf () ? 1000000 : 20000;
  gint64 start;
  double seconds;

  client_subscribe (client, "news");
  g_signal_handlers_disconnect_by_func (client->websocket, client_message_cb, client);
  g_signal_connect (client->websocket, "message", G_CALLBACK (flood_seen_cb), &seen);

  start = g_get_monotonic_time ();
  scope_sandbox_flood (sandbox, "news", n, 120, 0);
  WAIT_UNTIL (seen.n == n);
  seconds = (double) (g_get_monotonic_time () - start) / G_USEC_PER_SEC;
  g_test_message ("%.0f events/s, sent and received in one thread", n / seconds);

  /* with nobody there it ends as well, and one that is stopped leaves nothing behind */
  scope_sandbox_flood (sandbox, "empty", n, 0, 0);
  scope_sandbox_flood (sandbox, "news", n, 5, 0);
  scope_sandbox_stop (sandbox, 4200);

  g_signal_handlers_disconnect_by_data (client->websocket, &seen);
  client_free (client);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  client_init ();

  g_test_add_func ("/sandbox/handshake", test_handshake);
  g_test_add_func ("/sandbox/handshake/refused", test_handshake_refused);
  g_test_add_func ("/sandbox/handshake/refused-old", test_handshake_refused_old);
  g_test_add_func ("/sandbox/handshake/not-found", test_handshake_not_found);
  g_test_add_func ("/sandbox/other-app", test_other_app);
  g_test_add_func ("/sandbox/start-refused", test_start_refused);
  g_test_add_func ("/sandbox/stop-and-restart", test_stop_and_restart);
  g_test_add_func ("/sandbox/ping", test_ping);
  g_test_add_func ("/sandbox/silence", test_silence);
  g_test_add_func ("/sandbox/subscribe/public", test_subscribe_public);
  g_test_add_func ("/sandbox/subscribe/refused", test_subscribe_refused);
  g_test_add_func ("/sandbox/subscribe/signed", test_subscribe_signed);
  g_test_add_func ("/sandbox/subscribe/badly-signed", test_subscribe_badly_signed);
  g_test_add_func ("/sandbox/subscribe/signature-of-other", test_subscribe_signature_of_other);
  g_test_add_func ("/sandbox/subscribe/many", test_subscribe_many);
  g_test_add_func ("/sandbox/presence", test_presence);
  g_test_add_func ("/sandbox/presence/resident", test_presence_resident);
  g_test_add_func ("/sandbox/presence/refused", test_presence_refused);
  g_test_add_func ("/sandbox/presence/full", test_presence_full);
  g_test_add_func ("/sandbox/cache", test_cache);
  g_test_add_func ("/sandbox/encrypted", test_encrypted);
  g_test_add_func ("/sandbox/client-event", test_client_event);
  g_test_add_func ("/sandbox/client-event/refused", test_client_event_refused);
  g_test_add_func ("/sandbox/client-event/rate", test_client_event_rate);
  g_test_add_func ("/sandbox/hostile/frames", test_hostile_frames);
  g_test_add_func ("/sandbox/hostile/depth", test_hostile_depth);
  g_test_add_func ("/sandbox/hostile/size", test_hostile_size);
  g_test_add_func ("/sandbox/hostile/bytes", test_hostile_bytes);
  g_test_add_func ("/sandbox/hostile/reader", test_hostile_reader);
  g_test_add_func ("/sandbox/connection-quota", test_connection_quota);
  g_test_add_func ("/sandbox/lines", test_lines);
  g_test_add_func ("/sandbox/flood", test_flood);
  g_test_add_func ("/sandbox/flood/at-once", test_flood_at_once);

  return g_test_run ();
}
