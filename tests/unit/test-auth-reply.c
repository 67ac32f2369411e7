/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an authorization endpoint may answer: protocol.md §4.1–4.2. */

#define G_LOG_DOMAIN "test-auth-reply"

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "protocol/scope-auth-reply.h"

#define URL "https://user:pw@example.com/pusher/auth?token=tell-no-one"
#define KEY "nlr49ISQHz91yS3cy/yWmW8wFMNeTnNL5tNHnbPJcLQ="

static ScopeAuthReply *
parse (const char      *body,
       gboolean         is_jsonp,
       ScopeAuthPurpose purpose,
       GError         **error)
{
  return scope_auth_reply_parse (body, strlen (body), is_jsonp, purpose, "private-encrypted-x", URL, FALSE,
                                 error);
}

static void
test_good (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeAuthReply) plain = NULL;
  g_autoptr (ScopeAuthReply) presence = NULL;
  g_autoptr (ScopeAuthReply) locked = NULL;
  g_autoptr (ScopeAuthReply) user = NULL;

  plain = parse (" {\"auth\":\"k:s\",\"other\":[1],\"channel_data\":null}\n", FALSE, SCOPE_AUTH_FOR_CHANNEL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (plain->auth, ==, "k:s");
  g_assert_null (plain->channel_data);
  g_assert_null (plain->shared_secret);

  /* byte for byte, spaces and escapes of the inner JSON included */
  presence = parse ("{\"auth\":\"k:s\",\"channel_data\":\"{ \\\"user_id\\\":\\\"\\\\u00e9\\\" ,\\\"x\\\":1.0}\"}", FALSE,
                    SCOPE_AUTH_FOR_PRESENCE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (presence->channel_data, ==, "{ \"user_id\":\"\\u00e9\" ,\"x\":1.0}");

  locked = parse ("{\"shared_secret\":\"" KEY "\",\"auth\":\"k:s\"}", FALSE, SCOPE_AUTH_FOR_ENCRYPTED, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (scope_secret_peek (locked->shared_secret), ==, KEY);

  user = parse ("{\"auth\":\"k:s\",\"user_data\":\"{\\\"id\\\":\\\"1\\\"}\"}", FALSE, SCOPE_AUTH_FOR_USER, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (user->user_data, ==, "{\"id\":\"1\"}");
}

/* nothing of it is kept where it is not asked for */
static void
test_secret_elsewhere (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeAuthReply) reply
      = parse ("{\"auth\":\"k:s\",\"shared_secret\":7}", FALSE, SCOPE_AUTH_FOR_CHANNEL, &error);

  g_assert_no_error (error);
  g_assert_null (reply->shared_secret);
}

static void
test_signed_in (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeAuthReply) reply
      = scope_auth_reply_parse ("{\"auth\":\"k:s\"}", 14, FALSE, SCOPE_AUTH_FOR_PRESENCE, "presence-x", URL, TRUE,
                                &error);

  g_assert_no_error (error);
  g_assert_null (reply->channel_data);
}

typedef struct
{
  const char *body;
  ScopeAuthPurpose purpose;
  gboolean is_jsonp;
  const char *says; /* a part of the text */
} Fault;

static const Fault faults[] = {
  { "", SCOPE_AUTH_FOR_CHANNEL, FALSE, "empty body" },
  { "<html>Login</html>", SCOPE_AUTH_FOR_CHANNEL, FALSE, "answered: <html>Login</html>" },
  { "{\"auth\":\"k:s\"", SCOPE_AUTH_FOR_CHANNEL, FALSE, "no valid JSON" },
  { "{\"auth\":\"k:s\"} x", SCOPE_AUTH_FOR_CHANNEL, FALSE, "no valid JSON" },
  { "[]", SCOPE_AUTH_FOR_CHANNEL, FALSE, "no JSON object" },
  { "\"{\\\"auth\\\":\\\"k:s\\\"}\"", SCOPE_AUTH_FOR_CHANNEL, FALSE, "encoded twice" },
  { "{}", SCOPE_AUTH_FOR_CHANNEL, FALSE, "no “auth”" },
  { "{\"auth\":null}", SCOPE_AUTH_FOR_CHANNEL, FALSE, "no “auth”" },
  { "{\"auth\":7}", SCOPE_AUTH_FOR_CHANNEL, FALSE, "“auth” is no JSON string" },
  { "{\"auth\":\"signature\"}", SCOPE_AUTH_FOR_CHANNEL, FALSE, "a colon" },
  { "{\"auth\":\":signature\"}", SCOPE_AUTH_FOR_CHANNEL, FALSE, "a colon" },
  { "{\"auth\":\"key:\"}", SCOPE_AUTH_FOR_CHANNEL, FALSE, "a colon" },
  { "{\"auth\":\"k:\\u0000s\"}", SCOPE_AUTH_FOR_CHANNEL, FALSE, "NUL" },
  { "{\"auth\":\"k:\\ud800\"}", SCOPE_AUTH_FOR_CHANNEL, FALSE, "surrogate" },
  { "{\"auth\":\"k:s\"}", SCOPE_AUTH_FOR_PRESENCE, FALSE, "Invalid auth response" },
  { "{\"auth\":\"k:s\",\"channel_data\":{\"user_id\":1}}", SCOPE_AUTH_FOR_PRESENCE, FALSE,
    "“channel_data” is no JSON string" },
  { "{\"auth\":\"k:s\",\"channel_data\":\"a\\u0000b\"}", SCOPE_AUTH_FOR_PRESENCE, FALSE, "NUL" },
  { "{\"auth\":\"k:s\"}", SCOPE_AUTH_FOR_ENCRYPTED, FALSE,
    "No shared_secret key in auth payload for encrypted channel: private-encrypted-x" },
  { "{\"auth\":\"k:s\",\"shared_secret\":\"\"}", SCOPE_AUTH_FOR_ENCRYPTED, FALSE, "32 bytes" },
  { "{\"auth\":\"k:s\",\"shared_secret\":\"AAAA\"}", SCOPE_AUTH_FOR_ENCRYPTED, FALSE, "32 bytes" },
  { "{\"auth\":\"k:s\"}", SCOPE_AUTH_FOR_USER, FALSE, "user_data" },
  { "{\"auth\":\"k:s\"}", SCOPE_AUTH_FOR_CHANNEL, TRUE, "no JSONP" },
  { "alert(1); f({\"auth\":\"k:s\"})", SCOPE_AUTH_FOR_CHANNEL, TRUE, "no valid JSON" },
  { "f({\"auth\":\"k:s\"}", SCOPE_AUTH_FOR_CHANNEL, TRUE, "no JSONP" },
  { "f(", SCOPE_AUTH_FOR_CHANNEL, TRUE, "no JSONP" },
  { "f()", SCOPE_AUTH_FOR_CHANNEL, TRUE, "no valid JSON" },
};

static void
test_faults (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      const Fault *fault = &faults[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeAuthReply) reply = parse (fault->body, fault->is_jsonp, fault->purpose, &error);

      g_assert_null (reply);
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL);
      if (strstr (error->message, fault->says) == NULL)
        g_error ("“%s” does not say “%s”", error->message, fault->says);
      g_assert_nonnull (strstr (error->message, "example.com/pusher/auth"));
      g_assert_null (strstr (error->message, "tell-no-one"));
      g_assert_null (strstr (error->message, "pw@"));
      g_assert_null (strstr (error->message, "k:s"));
    }
}

static void
test_jsonp (void)
{
  static const char *const bodies[] = {
    "cb({\"auth\":\"k:s\"});",
    " \n Pusher.auth_callbacks['12'] ( {\"auth\":\"k:s\"} ) ; \n",
    "Pusher.auth_callbacks[\"1\"]({\"auth\":\"k:s\"})",
    "/**/ typeof Pusher.auth_callbacks[1] === 'function' && Pusher.auth_callbacks[1]({\"auth\":\"k:s\"});",
    "/**/$cb({\"auth\":\"k:s\"})",
  };

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeAuthReply) reply = parse (bodies[i], TRUE, SCOPE_AUTH_FOR_CHANNEL, &error);

      g_assert_no_error (error);
      g_assert_cmpstr (reply->auth, ==, "k:s");
    }
}

/* a body that is no good may still hold what is secret; a text about it is shown and recorded */
static void
test_quote (void)
{
  static const char *const bodies[] = {
    "{\"auth\":\"SECRET\",\"shared_secret\" : \"SECRET\"} trailing",
    "\"{\\\"auth\\\":\\\"SECRET\\\"}\"",
    "{'shared_secret':'SECRET'}",
    "{\"shared_secret\":\"SECRET",
    "{\"shared_secret\":\"abc\\/SECRET==\",\"x\":1} trailing", /* PHP */
    "\"{\\\"auth\\\":\\\"k:SECRET\\\",\\\"shared_secret\\\":\\\"abc\\\\\\/SECRET\\\"}\"",
  };
  g_autofree char *big = g_strnfill (300000, 'x');
  g_autofree char *quote = scope_auth_reply_quote (big, 300000);
  g_autofree char *binary = scope_auth_reply_quote ("\0\xff\n", 3);

  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      g_autofree char *text = scope_auth_reply_quote (bodies[i], strlen (bodies[i]));

      g_assert_null (strstr (text, "SECRET"));
      g_assert_nonnull (strstr (text, "•••"));
    }
  g_assert_cmpuint (strlen (quote), <=, 512);
  g_assert_true (g_utf8_validate (binary, -1, NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/auth-reply/good", test_good);
  g_test_add_func ("/auth-reply/secret-elsewhere", test_secret_elsewhere);
  g_test_add_func ("/auth-reply/signed-in", test_signed_in);
  g_test_add_func ("/auth-reply/faults", test_faults);
  g_test_add_func ("/auth-reply/jsonp", test_jsonp);
  g_test_add_func ("/auth-reply/quote", test_quote);
  return g_test_run ();
}
