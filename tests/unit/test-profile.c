/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-error.h"
#include "session/scope-profile.h"

#include <glib.h>
#include <string.h>

#define ID "0f8fad5b-d9cb-469f-a165-70867728950e"

static ScopeProfile *
parse (const char *text,
       GError    **error)
{
  return scope_profile_new_from_key_file (text, strlen (text), error);
}

static ScopeProfile *
parse_ok (const char *text)
{
  g_autoptr (GError) error = NULL;
  ScopeProfile *profile = parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (profile);
  return profile;
}

static void
test_profile_defaults (void)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new ("Shop");
  g_autoptr (ScopeProfile) other = scope_profile_new ("Shop");
  g_autoptr (ScopeConnectionOptions) options = scope_profile_to_options (profile, NULL);
  g_autoptr (ScopeConnectionOptions) preset = scope_connection_options_new ();
  g_autofree char *place = scope_profile_dup_place (profile);

  g_assert_true (g_uuid_string_is_valid (scope_profile_get_id (profile)));
  g_assert_cmpstr (scope_profile_get_id (profile), !=, scope_profile_get_id (other));
  g_assert_cmpstr (scope_profile_get_name (profile), ==, "Shop");
  g_assert_cmpuint (g_strv_length ((char **) scope_profile_get_subscriptions (profile)), ==, 0);
  g_assert_cmpstr (place, ==, "mt1");

  g_assert_null (options->key);
  g_assert_true (options->use_tls);
  g_assert_cmpint (options->transports, ==, preset->transports);
  g_assert_cmpfloat (options->activity_timeout, ==, preset->activity_timeout);
  g_assert_cmpfloat (options->connect_timeout, ==, preset->connect_timeout);
  g_assert_cmpfloat (options->max_delay, ==, preset->max_delay);
}

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
test_profile_notify (void)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new ("Shop");
  guint hosts = 0;
  guint subscriptions = 0;

  g_signal_connect_swapped (profile, "notify::host", G_CALLBACK (count_cb), &hosts);
  g_signal_connect_swapped (profile, "notify::subscriptions", G_CALLBACK (count_cb),
                            &subscriptions);

  g_object_set (profile, "host", "example.com", NULL);
  g_object_set (profile, "host", "example.com", NULL);
  g_assert_cmpuint (hosts, ==, 1);
  g_object_set (profile, "host", "", NULL);
  g_assert_cmpuint (hosts, ==, 2);

  scope_profile_add_subscription (profile, "a");
  scope_profile_add_subscription (profile, "b");
  scope_profile_add_subscription (profile, "a");
  g_assert_cmpuint (subscriptions, ==, 2);
  scope_profile_remove_subscription (profile, "x");
  g_assert_cmpuint (subscriptions, ==, 2);
  scope_profile_remove_subscription (profile, "a");
  g_assert_cmpuint (subscriptions, ==, 3);
  g_assert_cmpstrv (scope_profile_get_subscriptions (profile), ((const char *[]){ "b", NULL }));
}

static void
test_profile_options (void)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new ("Own");
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();
  g_autoptr (ScopeConnectionOptions) options = NULL;
  g_autofree char *place = NULL;

  g_object_set (profile, "host", "127.0.0.1", "port", 6001, "use-tls", FALSE, "path", "/ws",
                "transports", "ws", "pong-timeout", 2.5, "max-attempts", 7, "app-id", "12",
                "presence-user", "{\"user_id\":7,\"user_info\":{\"name\":\"Ana\"}}", NULL);
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, "app-key");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_SECRET, "app-secret");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_HEADERS, "X-A: 1\r\n\n  X-B: 2  \n");

  options = scope_profile_to_options (profile, credentials);
  place = scope_profile_dup_place (profile);
  g_assert_cmpstr (place, ==, "ws://127.0.0.1:6001");
  g_assert_cmpstr (options->key, ==, "app-key");
  g_assert_cmpstr (options->host, ==, "127.0.0.1");
  g_assert_cmpuint (options->port, ==, 6001);
  g_assert_false (options->use_tls);
  g_assert_cmpstr (options->path, ==, "/ws");
  g_assert_cmpint (options->transports, ==, SCOPE_TRANSPORT_WS);
  g_assert_cmpfloat (options->pong_timeout, ==, 2.5);
  g_assert_cmpuint (options->max_attempts, ==, 7);
  g_assert_cmpstr (options->app_id, ==, "12");
  g_assert_cmpstr (options->presence_user_id, ==, "7");
  g_assert_cmpstr (options->presence_user_info, ==, "{\"name\":\"Ana\"}");
  g_assert_cmpstr (scope_secret_peek (options->secret), ==, "app-secret");
  g_assert_null (options->master_key);
  g_assert_cmpstrv (options->headers, ((const char *[]){ "X-A: 1", "X-B: 2", NULL }));
}

/* JSONP is a GET whatever else was said (protocol.md §4.1). */
static void
test_profile_endpoints (void)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new ("Own");
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();
  g_autoptr (ScopeConnectionOptions) options = NULL;

  g_object_set (profile, "auth-endpoint", "http://h/auth", "auth-method", "get", "user-endpoint",
                "http://h/user", "user-transport", "jsonp", "user-data", "{\"id\":\"ann\"}",
                "http-host", "f", "http-port", 81, "https-port", 444, "http-path", "/x",
                "disabled-transports", "ws,sockjs", "max-data", 99, NULL);
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_AUTH_PARAMS, "a=b\nc=d e\n");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_AUTH_HEADERS, "X-A: 1");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_USER_PARAMS, "u=v");

  options = scope_profile_to_options (profile, credentials);
  g_assert_cmpstr (options->channel_auth.endpoint, ==, "http://h/auth");
  g_assert_cmpint (options->channel_auth.transport, ==, SCOPE_AUTH_TRANSPORT_AJAX);
  g_assert_cmpint (options->channel_auth.method, ==, SCOPE_AUTH_METHOD_GET);
  g_assert_cmpstrv (options->channel_auth.params, ((const char *[]){ "a=b", "c=d e", NULL }));
  g_assert_cmpstrv (options->channel_auth.headers, ((const char *[]){ "X-A: 1", NULL }));
  g_assert_cmpstr (options->user_auth.endpoint, ==, "http://h/user");
  g_assert_cmpint (options->user_auth.transport, ==, SCOPE_AUTH_TRANSPORT_JSONP);
  g_assert_cmpint (options->user_auth.method, ==, SCOPE_AUTH_METHOD_GET);
  g_assert_cmpstrv (options->user_auth.params, ((const char *[]){ "u=v", NULL }));
  g_assert_null (options->user_auth.headers);
  g_assert_cmpstr (options->user_data, ==, "{\"id\":\"ann\"}");
  g_assert_cmpstr (options->http_host, ==, "f");
  g_assert_cmpuint (options->http_port, ==, 81);
  g_assert_cmpuint (options->https_port, ==, 444);
  g_assert_cmpstr (options->http_path, ==, "/x");
  g_assert_cmpint (options->disabled_transports, ==, SCOPE_TRANSPORT_WS | SCOPE_TRANSPORT_SOCKJS);
  g_assert_cmpuint (options->max_data, ==, 99);
}

static void
test_profile_ipv6_place (void)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new ("Own");
  g_autofree char *place = NULL;

  g_object_set (profile, "host", "::1", "port", 443, NULL);
  place = scope_profile_dup_place (profile);
  g_assert_cmpstr (place, ==, "wss://[::1]:443");
}

/* Every property goes to the file and comes back. */
static void
test_profile_round_trip (void)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new_with_id (ID, "Zoë; [x]=#\\");
  g_autoptr (ScopeProfile) again = NULL;
  g_autofree char *text = NULL;
  g_autofree char *text_again = NULL;
  g_autofree GParamSpec **pspecs = NULL;
  guint n_pspecs;

  g_object_set (profile, "cluster", "eu", "host", "example.com", "port", 1, "wss-port", 65535,
                "path", "/p", "whole-path", TRUE, "use-tls", FALSE, "ca-file", "/tmp/ca ü.pem",
                "origin", "https://example.com", "proxy", "http://proxy:3128", "transports",
                "ws,wss", "disabled-transports", "sockjs", "http-host", "f.example.com",
                "http-port", 81, "https-port", 444, "http-path", "/x", "auth-endpoint",
                "https://a.example.com/auth?a=b;c", "auth-transport", "ajax", "auth-method", "get",
                "user-endpoint", "http://a.example.com/user", "user-transport", "jsonp",
                "user-method", "post", "user-data", "{\"id\":\"ann\"}", "max-data", 20480,
                "activity-timeout", 0.1, "pong-timeout", 2.0, "unavailable-timeout", 3.0,
                "connect-timeout", 4.0, "reconnect-delay", 1.5, "max-delay", 86400.0,
                "max-attempts", 3, "app-id", "1;2", "api-host", "api.example.com", "api-port", 8080,
                "presence-user", "{\"user_id\":\"ü\"}", "connect-at-start", TRUE, "read-only", TRUE,
                "plan-messages", 200000, "plan-share", 0,
                NULL);
  g_object_set (profile, "discovery-rules", ((const char *[]){ "a;b-* 50", "presence-* 3 join", NULL }), NULL);
  scope_profile_add_subscription (profile, "presence-room;7,x");
  scope_profile_add_subscription (profile, "private-a");
  scope_profile_add_unseen (profile, "presence-hall;9");
  g_object_set (profile, "name-field", "nickname", NULL);

  text = scope_profile_to_key_file (profile);
  again = parse_ok (text);
  text_again = scope_profile_to_key_file (again);
  g_assert_cmpstr (text, ==, text_again);

  pspecs = g_object_class_list_properties (G_OBJECT_GET_CLASS (profile), &n_pspecs);
  g_assert_cmpuint (n_pspecs, ==, 45);
  for (guint i = 0; i < n_pspecs; i++)
    {
      g_auto (GValue) before = G_VALUE_INIT;
      g_auto (GValue) after = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (profile), pspecs[i]->name, &before);
      g_object_get_property (G_OBJECT (again), pspecs[i]->name, &after);
      if (pspecs[i]->value_type == G_TYPE_STRV)
        g_assert_cmpstrv (g_value_get_boxed (&before), g_value_get_boxed (&after));
      else
        g_assert_cmpint (g_param_values_cmp (pspecs[i], &before, &after), ==, 0);
    }
}

static void
test_profile_unknown_kept (void)
{
  g_autoptr (ScopeProfile) profile = parse_ok (
    "# a note\n[Profile]\nid=" ID "\nname=Shop\nlater=1\n"
    "[Connection]\nport=80\n[Layout]\npane=300\n");
  g_autoptr (ScopeProfile) copy = scope_profile_copy (profile);
  g_autofree char *text = NULL;

  g_object_set (copy, "port", 0, "cluster", "eu", NULL);
  scope_profile_assign (profile, copy);
  text = scope_profile_to_key_file (profile);

  g_assert_nonnull (strstr (text, "# a note"));
  g_assert_nonnull (strstr (text, "later=1"));
  g_assert_nonnull (strstr (text, "[Layout]\npane=300"));
  g_assert_nonnull (strstr (text, "cluster=eu"));
  g_assert_null (strstr (text, "port"));
}

/* Nothing secret reaches the text, whatever the properties hold. */
/* A file someone passed on may hold secrets under keys that we don't know. */
static void
test_profile_foreign_secrets (void)
{
  g_autoptr (ScopeProfile) profile = parse_ok (
    "# secret=LEAK0\n#  the note stays\n[Profile]\nid=" ID "\nname=Shop\nlater=1\nkey=LEAK1\n"
    "[Connection]\nport=80\npresence-user={\"user_id\":\"me\"}\nactivity-timeout=9\n"
    "key=LEAK2\nsecret=LEAK3\nheaders=Cookie: LEAK4\n  app-key = LEAK5\nAppSecret=LEAK6\n"
    "app_secret=LEAK7\nencryption-key=LEAK8\nmaster-key=LEAK9\r\n"
    "encryption-master-key=LEAK10\nheader=LEAK11\nauth-params=LEAK12\nuser-headers=LEAK13\n"
    "password[de]=LEAK14\ntoken=LEAK15\nkeyboard=us\n"
    "auth-endpoint=http://h/a\nauth-header=LEAK18\nauth_headers=LEAK19\nuser-data={\"id\":\"x\"}\n"
    "userParams=LEAK20\nauth-param=LEAK21\n"
    "[Other]\nSECRET=LEAK16\npane=300\n[HTTP API]\nsecret=LEAK17");
  g_autoptr (ScopeProfile) copy = scope_profile_copy (profile);
  g_autofree char *text = scope_profile_to_key_file (copy);

  g_assert_null (strstr (text, "LEAK"));
  g_assert_nonnull (strstr (text, "the note stays"));
  g_assert_nonnull (strstr (text, "later=1"));
  g_assert_nonnull (strstr (text, "port=80"));
  g_assert_nonnull (strstr (text, "presence-user={"));
  g_assert_nonnull (strstr (text, "activity-timeout=9"));
  g_assert_nonnull (strstr (text, "keyboard=us"));
  g_assert_nonnull (strstr (text, "auth-endpoint=http://h/a"));
  g_assert_nonnull (strstr (text, "user-data={"));
  g_assert_nonnull (strstr (text, "pane=300"));
}

static void
test_profile_no_secrets (void)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new ("Shop");
  g_autofree char *text = NULL;

  g_object_set (profile, "proxy", "http://me:geheim@proxy:3128", "auth-endpoint",
                "https://me:geheim@h/auth", "user-endpoint", "https://me:geheim@h/user", NULL);
  text = scope_profile_to_key_file (profile);
  g_assert_null (strstr (text, "geheim"));
}

static void
test_profile_bad (void)
{
  static const struct
  {
    const char *text;
    const char *named;
  } cases[] = {
    { "", "no profile" },
    { "hello", "no profile" },
    { "[Other]\na=b\n", "[Profile]" },
    { "[Profile]\nid=x\nname=A\n", "id" },
    { "[Profile]\nid=" ID "\n", "name" },
    { "[Profile]\nname=\n", "name" },
    { "[Profile]\nname=A\nread-only=maybe\n", "read-only" },
    { "[Profile]\nname=A\nsubscriptions=a;b c;\n", "subscriptions" },
    { "[Profile]\nname=A\ndiscovery-rules=a* 5;b;\n", "discovery-rules" },
    { "[Profile]\nname=\xff\n", "name" },
    { "[Profile]\nname=A\n[Connection]\nport=70000\n", "[Connection] port" },
    { "[Profile]\nname=A\n[Connection]\nport=-1\n", "[Connection] port" },
    { "[Profile]\nname=A\n[Connection]\nport=\n", "[Connection] port" },
    { "[Profile]\nname=A\n[Connection]\nhost=http://x\n", "host" },
    { "[Profile]\nname=A\n[Connection]\ncluster=a b\n", "cluster" },
    { "[Profile]\nname=A\n[Connection]\npong-timeout=0\n", "pong-timeout" },
    { "[Profile]\nname=A\n[Connection]\nmax-delay=nan\n", "max-delay" },
    { "[Profile]\nname=A\n[Connection]\nmax-attempts=1.5\n", "max-attempts" },
    { "[Profile]\nname=A\n[Connection]\ntransports=carrier-pigeon\n", "carrier-pigeon" },
    { "[Profile]\nname=A\n[Connection]\npresence-user={}\n", "presence-user" },
    { "[Profile]\nname=A\n[Connection]\nproxy=http://a:pw@b:1\n", "proxy" },
    { "[Profile]\nname=A\n[HTTP API]\napi-port=x\n", "api-port" },
    { "[Profile]\nname=A\n[HTTP API]\nplan-messages=many\n", "plan-messages" },
    { "[Profile]\nname=A\n[HTTP API]\nplan-share=101\n", "plan-share" },
    { "[Profile]\nname=A\n[Connection]\nauth-endpoint=/pusher/auth\n", "auth-endpoint" },
    { "[Profile]\nname=A\n[Connection]\nauth-endpoint=http://a:pw@b/\n", "auth-endpoint" },
    { "[Profile]\nname=A\n[Connection]\nuser-endpoint=ftp://b/\n", "user-endpoint" },
    { "[Profile]\nname=A\n[Connection]\nauth-transport=fetch\n", "auth-transport" },
    { "[Profile]\nname=A\n[Connection]\nuser-transport=\n", "user-transport" },
    { "[Profile]\nname=A\n[Connection]\nauth-method=put\n", "auth-method" },
    { "[Profile]\nname=A\n[Connection]\nuser-method=put\n", "user-method" },
    { "[Profile]\nname=A\n[Connection]\nuser-data={\"id\":7}\n", "user-data" },
    { "[Profile]\nname=A\n[Connection]\nhttp-host=a:1\n", "http-host" },
    { "[Profile]\nname=A\n[Connection]\nhttp-port=0\n", "http-port" },
    { "[Profile]\nname=A\n[Connection]\nhttps-port=x\n", "https-port" },
    { "[Profile]\nname=A\n[Connection]\nhttp-path=x\n", "http-path" },
    { "[Profile]\nname=A\n[Connection]\nmax-data=-1\n", "max-data" },
    { "[Profile]\nname=A\n[Connection]\ndisabled-transports=x\n", "disabled-transports" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeProfile) profile = parse (cases[i].text, &error);

      g_test_message ("%s", cases[i].text);
      g_assert_null (profile);
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
      g_test_message ("-> %s", error->message);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_nonnull (strstr (error->message, cases[i].named));
      g_assert_null (strstr (error->message, ":pw@"));
    }
}

static void
test_profile_large (void)
{
  g_autofree char *text = g_strnfill (2 * 1024 * 1024, '\n');
  g_autoptr (GError) error = NULL;

  g_assert_null (parse (text, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/profile/defaults", test_profile_defaults);
  g_test_add_func ("/profile/notify", test_profile_notify);
  g_test_add_func ("/profile/options", test_profile_options);
  g_test_add_func ("/profile/endpoints", test_profile_endpoints);
  g_test_add_func ("/profile/ipv6-place", test_profile_ipv6_place);
  g_test_add_func ("/profile/round-trip", test_profile_round_trip);
  g_test_add_func ("/profile/unknown-kept", test_profile_unknown_kept);
  g_test_add_func ("/profile/foreign-secrets", test_profile_foreign_secrets);
  g_test_add_func ("/profile/no-secrets", test_profile_no_secrets);
  g_test_add_func ("/profile/bad", test_profile_bad);
  g_test_add_func ("/profile/large", test_profile_large);

  return g_test_run ();
}
