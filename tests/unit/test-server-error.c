/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What servers say when they refuse: every code of protocol.md §1.7, every text of §1.8 and every row of §9.5
 * has a sentence, and it is the right one. */

#include "config.h"

#include <string.h>

#include "protocol/scope-close-code.h"
#include "protocol/scope-server-error.h"

static void
assert_says (const char *meaning,
             const char *word)
{
  g_assert_nonnull (meaning);
  g_test_message ("%s", meaning);
  g_assert_nonnull (strstr (meaning, word));
  /* what happened, and the next step */
  g_assert_true (g_str_has_suffix (meaning, "."));
  g_assert_cmpuint (strlen (meaning), <, 260);
}

static void
test_codes (void)
{
  static const struct
  {
    guint code;
    const char *word;
  } rows[] = {
    { 4000, "fault without a code" }, { 4001, "Check the key" },        { 4002, "disabled" },
    { 4003, "disabled" },             { 4004, "connection quota" },     { 4005, "path" },
    { 4006, "version" },              { 4007, "version of the protocol" }, { 4008, "proxy" },
    { 4009, "does not authorize" },   { 4042, "unchanged" },            { 4100, "capacity" },
    { 4150, "later" },                { 4200, "nothing needs" },        { 4201, "ping" },
    { 4202, "reconnect" },            { 4299, "reconnect" },            { 4301, "Send fewer" },
    { 4302, "first 100" },            { 4303, "rejected something" },   { 4400, "does not know" },
    { 5001, "JSON" },                 { 500, "internal error" },        { 1006, "lost" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_says (scope_server_error_get_meaning (rows[i].code, "whatever"), rows[i].word);

  /* nothing closes because of a frame, so nothing is promised about a new connection */
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (rows[i].code >= 4000)
      g_assert_null (strstr (scope_server_error_get_meaning (rows[i].code, NULL), "tried again"));

  g_assert_null (scope_server_error_get_meaning (0, "something new"));
  g_assert_null (scope_server_error_get_meaning (0, NULL));

  /* as a close the same codes are refusals (§1.6) */
  assert_says (scope_close_code_get_meaning (4301), "refused to go on");
  assert_says (scope_close_code_get_meaning (4301), "connect again");
  assert_says (scope_close_code_get_meaning (4302), "connect again");
  assert_says (scope_close_code_get_meaning (4303), "connect again");
}

static void
test_texts (void)
{
  static const struct
  {
    const char *text;
    ScopeErrorTopic topic;
    const char *word;
  } rows[] = {
    { "Existing subscription to channel X", SCOPE_TOPIC_SUBSCRIPTION, "already" },
    { "Existing subscription to news", SCOPE_TOPIC_SUBSCRIPTION, "already" },
    { "No current subscription to channel X, or subscription in progress", SCOPE_TOPIC_OTHER, "left" },
    { "Invalid signature: Expected HMAC SHA256 hex digest of 1.2:private-x, but got ab",
      SCOPE_TOPIC_SUBSCRIPTION, "signature" },
    { "Invalid signature: Expected HMAC SHA256 hex digest of 1.2::user::{\"id\":\"1\"}, but got ab",
      SCOPE_TOPIC_SIGN_IN, "signature" },
    { "Invalid key in subscription auth data: 'K'", SCOPE_TOPIC_SUBSCRIPTION, "another app's key" },
    { "Auth value for subscription to X is invalid: should be of format 'key:signature'",
      SCOPE_TOPIC_SUBSCRIPTION, "key:signature" },
    { "To send client events, you must enable this feature in the Settings page of your dashboard.",
      SCOPE_TOPIC_CLIENT_EVENT, "Switch them on" },
    { "Cannot broadcast client event (connection not subscribed to channel X)",
      SCOPE_TOPIC_CLIENT_EVENT, "Subscribe first" },
    { "Invalid client event (must contain channel and data)", SCOPE_TOPIC_CLIENT_EVENT, "needs a channel" },
    { "Unsupported event received on socket: 'x'", SCOPE_TOPIC_CLIENT_EVENT, "client-" },
    { "Unsupported event received on socket: 'pusher:signin'", SCOPE_TOPIC_SIGN_IN, "not know sign-in" },
    { "Missing parameter: data.user", SCOPE_TOPIC_SIGN_IN, "user data" },
    { "Invalid format: auth must have the format key:signature", SCOPE_TOPIC_SIGN_IN, "key:signature" },
    { "Connection not authorized within timeout.", SCOPE_TOPIC_OTHER, "sign-in" },
    { "You got disconnected by the app.", SCOPE_TOPIC_OTHER, "ended this user" },
    { "The connection is unauthorized.", SCOPE_TOPIC_SUBSCRIPTION, "private-" },
    { "Connection is unauthorized", SCOPE_TOPIC_SUBSCRIPTION, "private-" },
    { "The client is not a member of the specified channel.", SCOPE_TOPIC_CLIENT_EVENT, "no member" },
    { "The app does not have client messaging enabled.", SCOPE_TOPIC_CLIENT_EVENT, "Switch them on" },
    { "The rate limit has been reached.", SCOPE_TOPIC_CLIENT_EVENT, "fewer" },
    { "Origin not allowed", SCOPE_TOPIC_OTHER, "Origin" },
    { "Invalid message format", SCOPE_TOPIC_OTHER, "Reverb" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      assert_says (scope_server_error_get_meaning (0, rows[i].text), rows[i].word);
      g_assert_cmpint (scope_server_error_get_topic (0, rows[i].text), ==, rows[i].topic);
      g_assert_cmpint (scope_server_error_get_topic (4009, rows[i].text), ==, rows[i].topic);
    }

  g_assert_cmpint (scope_server_error_get_topic (4009, "no"), ==, SCOPE_TOPIC_SUBSCRIPTION);
  g_assert_cmpint (scope_server_error_get_topic (4301, "no"), ==, SCOPE_TOPIC_CLIENT_EVENT);
  g_assert_cmpint (scope_server_error_get_topic (0, "bad AUTH for you"), ==, SCOPE_TOPIC_SUBSCRIPTION);
  g_assert_cmpint (scope_server_error_get_topic (0, "signin is off"), ==, SCOPE_TOPIC_SIGN_IN);
  g_assert_cmpint (scope_server_error_get_topic (4200, "auth"), ==, SCOPE_TOPIC_UNKNOWN);
  g_assert_cmpint (scope_server_error_get_topic (0, NULL), ==, SCOPE_TOPIC_UNKNOWN);
}

/* what is kept of an error's text may end within the channel_data that was signed along */
static void
test_cut_text (void)
{
  g_autofree char *channel = scope_server_error_find_channel (
      "Invalid signature: Expected HMAC SHA256 hex digest of 1.2:presence-x:{\"user_id\":\"7\",\"user_in… (9 more bytes)");
  g_autofree char *whole = scope_server_error_find_channel (
      "Invalid signature: Expected HMAC SHA256 hex digest of 1.2:private-x, but got ab");

  g_assert_cmpstr (channel, ==, "presence-x");
  g_assert_cmpstr (whole, ==, "private-x");
  g_assert_null (scope_server_error_find_channel (
      "Invalid signature: Expected HMAC SHA256 hex digest of 1.2::user::{\"id\":\"…"));
}

static void
test_key (void)
{
  g_autofree char *key = scope_server_error_find_key ("Invalid key in subscription auth data: 'a'b'");

  g_assert_cmpstr (key, ==, "a'b");
  g_assert_null (scope_server_error_find_key ("Invalid key in subscription auth data: '"));
  g_assert_null (scope_server_error_find_key ("Invalid key"));
  g_assert_null (scope_server_error_find_key (NULL));
}

static void
test_subscription (void)
{
  static const struct
  {
    const char *type;
    const char *text;
    guint status;
    const char *word;
  } rows[] = {
    /* soketi, §11.2 */
    { "AuthError", "The connection is unauthorized.", 401, "some servers want it" },
    { "LimitReached", "The channel name is longer than the allowed 200 characters.", 4009, "too long" },
    { "LimitReached", "another wording", 4009, "too long" },
    { "LimitReached", "another wording", 4100, "full" },
    { "LimitReached", "another wording", 4301, "too large" },
    { "ServerError", "A server error has occured.", 4302, "channel_data" },
    { NULL, "The channel name is not allowed. Read channel conventions", 4009, "characters" },
    /* the endpoint, §4.2 */
    { "AuthError", "Unable to retrieve auth string", 0, "address and the network" },
    { "AuthError", "JSON returned was invalid", 200, "JSON" },
    { "AuthError", "moved", 302, "another address" },
    { "AuthError", "no", 401, "who is asking" },
    { "AuthError", "no", 403, "refuses what this user" },
    { "AuthError", "no", 404, "no endpoint" },
    { "AuthError", "no", 405, "another method" },
    { "AuthError", "no", 407, "proxy" },
    { "AuthError", "no", 419, "CSRF" },
    { "AuthError", "no", 429, "too often" },
    { "AuthError", "no", 422, "parameters" },
    { "AuthError", "no", 502, "error of its own" },
    /* pusher-fake, Reverb, silence */
    { "ServerError", "The server refused the subscription", 0, "Check the name of the channel" },
    { "ServerError", "Connection is unauthorized", 4009, "authorization" },
    { "TimedOut", "late", 0, "without a word" },
    { NULL, NULL, 0, "Check the name of the channel" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_says (scope_subscription_error_get_meaning (rows[i].type, rows[i].text, rows[i].status),
                 rows[i].word);

  assert_says (scope_sign_in_error_get_meaning ("TimedOut", NULL, 0), "may not know sign-in");
  assert_says (scope_sign_in_error_get_meaning ("AuthError", "no", 403), "endpoint");
  assert_says (scope_sign_in_error_get_meaning ("ServerError", "Missing parameter: data.user", 0),
               "user data");
  assert_says (scope_sign_in_error_get_meaning ("ServerError", "no", 4009), "refused the sign-in");
  assert_says (scope_sign_in_error_get_meaning (NULL, NULL, 0), "refused the sign-in");
}

static void
test_api (void)
{
  static const struct
  {
    guint status;
    const char *body;
    const char *word;
  } rows[] = {
    { 200, "{}", "accepted" },
    { 202, NULL, "accepted" },
    { 400, "Missing required parameter: name", "parameter" },
    { 400, "The following query string parameters are extraneous: x", "Leave out" },
    { 401, "Invalid signature: you should have sent HmacSHA256Hex(\"POST\", your_secret_key), but you "
           "sent \"ab\"", "another secret" },
    { 401, "Unknown auth_key abc", "wrong cluster" },
    { 401, "Timestamp expired: Given timestamp (a) not within 600s of server time (b)", "clock" },
    { 401, "Authentication signature invalid.", "another secret" },
    { 401, "{\"error\":\"The secret authentication failed\",\"code\":401}", "key, the secret" },
    { 403, "Account over quota", "quota" },
    { 404, "Unknown app", "app id" },
    { 405, NULL, "no HTTP API" },
    { 407, NULL, "proxy" },
    { 413, "The data content of this event exceeds the allowed maximum (10240 bytes)", "too large" },
    { 422, "{\"message\":\"The data field must be a string.\"}", "Reverb" },
    { 429, "{\"error\":\"Too many requests.\",\"code\":429}", "Too many" },
    { 301, NULL, "another address" },
    { 418, NULL, "refuses" },
    { 400, "user_count may only be requested for presence channels - please supply filter_by_prefix begining with "
           "presence-", "prefix “presence-”" },
    { 400, "Cannot retrieve the user count unless the channel is a presence channel", "Leave out user_count" },
    { 400, "{\"error\":\"The channel must be a presence channel.\",\"code\":400}", "have users" },
    { 400, "{}", "presence channels only" },
    { 404, "{}", "Nobody is in the channel" },
    { 400, "{\"error\":\"The received data is incorrect\",\"code\":400}", "empty data" },
    { 400, "{\"error\":\"Cannot broadcast to more than 100 channels at once\",\"code\":400}", "fewer channels" },
    { 400, "{\"error\":\"Cannot batch-send more than 10 messages at once\",\"code\":400}", "Send fewer" },
    { 400, "Invalid body_md5", "changed on its way" },
    { 403, "This application is disabled", "Enable it" },
    { 404, "{\"error\":\"The app 7 could not be found.\",\"code\":404}", "no app with this id" },
    { 404, "No matching application for ID [7].", "no app with this id" },
    { 413, "{\"error\":\"The event data should be less than 100 KB.\",\"code\":413}", "names the limit" },
    { 413, "{\"error\":\"The payload size is too big.\",\"code\":413}", "whole request" },
    { 413, "<h1>413 Request Entity Too Large</h1>", "web server in front" },
    { 503, "Timestamp expired", "not known" },
    { 0, NULL, "did not answer" },
    { 999, NULL, "no answer" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_says (scope_api_error_get_meaning (rows[i].status, rows[i].body), rows[i].word);
}

/* A signature comes of the secret: it is not shown. */
static void
test_api_brief (void)
{
  g_autofree char *signature = scope_api_error_dup_brief (
    "Invalid signature: you should have sent HmacSHA256Hex(\"GET\\n/apps/1/channels\\nauth_key=k\", your_secret_key), "
    "but you sent \"224aa73a\"");
  g_autofree char *other = scope_api_error_dup_brief ("Invalid signature of the moon");
  g_autofree char *none = scope_api_error_dup_brief (NULL);

  g_assert_cmpstr (signature, ==, "Invalid signature");
  g_assert_cmpstr (other, ==, "Invalid signature of the moon");
  g_assert_null (none);
}

/* The command line shows them too, and need not have a profile. */
static void
test_no_profile (void)
{
  for (guint code = 0; code < 5100; code++)
    {
      const char *meanings[] = {
        scope_server_error_get_meaning (code, NULL),
        scope_close_code_get_meaning (code),
        scope_http_status_get_meaning (code),
        scope_api_error_get_meaning (code, NULL),
        scope_subscription_error_get_meaning ("AuthError", NULL, code),
        scope_sign_in_error_get_meaning ("TimedOut", NULL, code),
      };

      for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
        g_assert_true (meanings[i] == NULL || strstr (meanings[i], "profile") == NULL);
    }
}

static void
test_api_text (void)
{
  static const struct
  {
    const char *body;
    const char *text;
  } rows[] = {
    { "{\"error\":\"The app does not exist\",\"code\":404}", "The app does not exist" },
    { "{\"message\":\"gr\\u00f6\\u00dfer\",\"errors\":{}}", "größer" },
    { "{\"error\":{},\"message\":\"m\"}", "m" },
    { "{\"code\":1}", "{\"code\":1}" },
    { "Unknown auth_key x\n", "Unknown auth_key x\n" },
    { "{\"error\":\"cut", "{\"error\":\"cut" },
    { "", "" },
    { NULL, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = scope_api_error_dup_text (rows[i].body);

      g_assert_cmpstr (text, ==, rows[i].text);
    }
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server-error/codes", test_codes);
  g_test_add_func ("/server-error/api-brief", test_api_brief);
  g_test_add_func ("/server-error/no-profile", test_no_profile);
  g_test_add_func ("/server-error/texts", test_texts);
  g_test_add_func ("/server-error/cut-text", test_cut_text);
  g_test_add_func ("/server-error/key", test_key);
  g_test_add_func ("/server-error/subscription", test_subscription);
  g_test_add_func ("/server-error/api", test_api);
  g_test_add_func ("/server-error/api-text", test_api_text);

  return g_test_run ();
}
