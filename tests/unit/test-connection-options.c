/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib.h>

#include "base/scope-error.h"
#include "net/scope-connection-options.h"
#include "net/scope-option-checks.h"

#define QUERY "?protocol=7&client=linux-channelscope&version=" SCOPE_VERSION

typedef struct
{
  const char *cluster;
  const char *host;
  guint port;
  guint wss_port;
  const char *path;
  gboolean whole_path;
  gboolean use_tls;
  const char *url;
} UrlRow;

static const UrlRow url_rows[] = {
  { NULL, NULL, 0, 0, NULL, FALSE, TRUE, "wss://ws-mt1.pusher.com:443/app/k%2F1" QUERY },
  { "eu", NULL, 0, 0, NULL, FALSE, TRUE, "wss://ws-eu.pusher.com:443/app/k%2F1" QUERY },
  { "eu", "ws.example.com", 0, 0, NULL, FALSE, FALSE, "ws://ws.example.com:80/app/k%2F1" QUERY },
  { NULL, "127.0.0.1", 6001, 0, NULL, FALSE, FALSE, "ws://127.0.0.1:6001/app/k%2F1" QUERY },
  { NULL, "127.0.0.1", 6001, 0, NULL, FALSE, TRUE, "wss://127.0.0.1:6001/app/k%2F1" QUERY },
  { NULL, "127.0.0.1", 6001, 6002, NULL, FALSE, TRUE, "wss://127.0.0.1:6002/app/k%2F1" QUERY },
  { NULL, "::1", 6001, 0, NULL, FALSE, FALSE, "ws://[::1]:6001/app/k%2F1" QUERY },
  { NULL, "h", 0, 0, "/ws/", FALSE, FALSE, "ws://h:80/ws/app/k%2F1" QUERY },
  { NULL, "h", 0, 0, "/whole", TRUE, FALSE, "ws://h:80/whole" QUERY },
  { NULL, "h", 0, 0, "/whole?a=b", TRUE, FALSE,
    "ws://h:80/whole?a=b&protocol=7&client=linux-channelscope&version=" SCOPE_VERSION },
};

static void
test_url (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (url_rows); i++)
    {
      const UrlRow *row = &url_rows[i];
      g_autoptr (ScopeConnectionOptions) options = scope_connection_options_new ();
      g_autofree char *url = NULL;

      options->key = g_strdup ("k/1");
      options->cluster = g_strdup (row->cluster);
      options->host = g_strdup (row->host);
      options->port = row->port;
      options->wss_port = row->wss_port;
      options->path = g_strdup (row->path);
      options->whole_path = row->whole_path;
      url = scope_connection_options_build_url (options, row->use_tls);
      g_assert_cmpstr (url, ==, row->url);
    }
}

static void
test_api_url (void)
{
  g_autoptr (ScopeConnectionOptions) options = scope_connection_options_new ();
  g_autofree char *cluster = scope_connection_options_build_api_url (options);
  g_autofree char *own = NULL;
  g_autofree char *apart = NULL;

  g_assert_cmpstr (cluster, ==, "https://api-mt1.pusher.com:443");

  options->use_tls = FALSE;
  options->host = g_strdup ("127.0.0.1");
  options->port = 6001;
  own = scope_connection_options_build_api_url (options);
  g_assert_cmpstr (own, ==, "http://127.0.0.1:6001");

  options->api_host = g_strdup ("api.example.com");
  options->api_port = 8080;
  apart = scope_connection_options_build_api_url (options);
  g_assert_cmpstr (apart, ==, "http://api.example.com:8080");
}

static void
test_copy (void)
{
  g_autoptr (ScopeConnectionOptions) options = scope_connection_options_new ();
  g_autoptr (ScopeConnectionOptions) copy = NULL;

  options->key = g_strdup ("k");
  options->secret = scope_secret_new ("very secret");
  options->headers = g_strsplit ("X-A: 1\nX-B: 2", "\n", -1);
  copy = scope_connection_options_copy (options);
  g_assert_cmpstr (copy->key, ==, "k");
  g_assert_cmpstr (scope_secret_peek (copy->secret), ==, "very secret");
  g_assert_cmpstr (copy->headers[1], ==, "X-B: 2");
  g_assert_cmpfloat (copy->activity_timeout, ==, 120);
  g_assert_true (scope_connection_options_check (copy, NULL));
}

typedef struct
{
  const char *cluster;
  const char *host;
  guint port;
  guint wss_port;
  const char *http_host;
  guint http_port;
  guint https_port;
  const char *http_path;
  gboolean use_tls;
  const char *url;
} HttpUrlRow;

static const HttpUrlRow http_url_rows[] = {
  { NULL, NULL, 0, 0, NULL, 0, 0, NULL, TRUE, "https://sockjs-mt1.pusher.com:443/pusher" },
  { "eu", NULL, 0, 0, NULL, 0, 0, NULL, FALSE, "http://sockjs-eu.pusher.com:80/pusher" },
  { "eu", "h", 0, 0, NULL, 0, 0, NULL, TRUE, "https://h:443/pusher" },
  { NULL, "h", 6001, 6002, NULL, 0, 0, NULL, FALSE, "http://h:6001/pusher" },
  { NULL, "h", 6001, 6002, NULL, 0, 0, NULL, TRUE, "https://h:6002/pusher" },
  { NULL, "h", 6001, 0, "f", 81, 444, "/x/", FALSE, "http://f:81/x" },
  { NULL, "h", 6001, 0, "f", 81, 444, "/", TRUE, "https://f:444" },
  { NULL, NULL, 0, 0, "::1", 0, 0, NULL, TRUE, "https://[::1]:443/pusher" },
};

static void
test_http_url (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (http_url_rows); i++)
    {
      const HttpUrlRow *row = &http_url_rows[i];
      g_autoptr (ScopeConnectionOptions) options = scope_connection_options_new ();
      g_autofree char *url = NULL;

      options->cluster = g_strdup (row->cluster);
      options->host = g_strdup (row->host);
      options->port = row->port;
      options->wss_port = row->wss_port;
      options->http_host = g_strdup (row->http_host);
      options->http_port = row->http_port;
      options->https_port = row->https_port;
      options->http_path = g_strdup (row->http_path);
      url = scope_connection_options_build_http_url (options, row->use_tls);
      g_assert_cmpstr (url, ==, row->url);
    }
}

/* protocol.md §7.3: a whitelist, what is disabled taken away; an own server has sockets alone */
static void
test_transports (void)
{
  g_autoptr (ScopeConnectionOptions) options = scope_connection_options_new ();

  g_assert_cmpint (scope_connection_options_get_transports (options), ==, SCOPE_TRANSPORTS_ALL);
  options->disabled_transports = SCOPE_TRANSPORT_WS;
  g_assert_cmpint (scope_connection_options_get_transports (options), ==,
                   SCOPE_TRANSPORTS_ALL & ~SCOPE_TRANSPORT_WS);
  options->host = g_strdup ("h");
  g_assert_cmpint (scope_connection_options_get_transports (options), ==, SCOPE_TRANSPORT_WSS);
  options->transports = SCOPE_TRANSPORT_WS | SCOPE_TRANSPORT_SOCKJS;
  g_assert_cmpint (scope_connection_options_get_transports (options), ==, SCOPE_TRANSPORT_SOCKJS);
  options->disabled_transports = SCOPE_TRANSPORTS_ALL;
  g_assert_cmpint (scope_connection_options_get_transports (options), ==, 0);
}

static void
test_jsonp_headers (void)
{
  g_autoptr (ScopeConnectionOptions) options = scope_connection_options_new ();
  g_autoptr (GError) error = NULL;

  options->key = g_strdup ("k");
  options->channel_auth.endpoint = g_strdup ("http://h/auth?token=opensesame");
  options->channel_auth.headers = g_strsplit ("X-Token: sesame", "\n", -1);
  g_assert_true (scope_connection_options_check (options, NULL));
  options->channel_auth.transport = SCOPE_AUTH_TRANSPORT_JSONP;
  g_assert_false (scope_connection_options_check (options, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  g_assert_nonnull (strstr (error->message, "http://h/auth"));
  g_assert_null (strstr (error->message, "sesame"));
}

typedef gboolean (*CheckFunc) (const char *text, GError **error);

static gboolean
check_port (const char *text,
            GError **error)
{
  return scope_check_port (text, NULL, error);
}

static gboolean
check_seconds (const char *text,
               GError **error)
{
  return scope_check_seconds (text, NULL, error);
}

static gboolean
check_presence_user (const char *text,
                     GError **error)
{
  g_autofree char *id = NULL;
  g_autofree char *info = NULL;

  return scope_check_presence_user (text, &id, &info, error);
}

static gboolean
check_transports (const char *text,
                  GError **error)
{
  ScopeTransportKinds kinds;

  return scope_check_transports (text, &kinds, error);
}

static gboolean
check_auth_transport (const char *text,
                      GError **error)
{
  return scope_check_auth_transport (text, NULL, error);
}

static gboolean
check_auth_method (const char *text,
                   GError **error)
{
  return scope_check_auth_method (text, NULL, error);
}

static gboolean
check_user_data (const char *text,
                 GError **error)
{
  return scope_check_user_data (text, NULL, error);
}

typedef struct
{
  CheckFunc check;
  const char *text;
  gboolean good;
} CheckRow;

static const CheckRow check_rows[] = {
  { scope_check_key, "278d425bdf160c739803", TRUE },
  { scope_check_key, "app-key", TRUE },
  { scope_check_key, "", FALSE },
  { scope_check_key, "a b", FALSE },
  { scope_check_key, "a\nb", FALSE },
  { scope_check_cluster, "eu", TRUE },
  { scope_check_cluster, "my-own-1", TRUE },
  { scope_check_cluster, "", FALSE },
  { scope_check_cluster, "eu.example.com", FALSE },
  { scope_check_host, "localhost", TRUE },
  { scope_check_host, "ws.example.com", TRUE },
  { scope_check_host, "127.0.0.1", TRUE },
  { scope_check_host, "::1", TRUE },
  { scope_check_host, "bücher.example", TRUE },
  { scope_check_host, "https://x", FALSE },
  { scope_check_host, "x:6001", FALSE },
  { scope_check_host, "x/y", FALSE },
  { scope_check_host, "a..b", FALSE },
  { scope_check_host, "a b", FALSE },
  { scope_check_host, "", FALSE },
  { check_port, "1", TRUE },
  { check_port, "65535", TRUE },
  { check_port, "0", FALSE },
  { check_port, "65536", FALSE },
  { check_port, "-1", FALSE },
  { check_port, "80x", FALSE },
  { check_port, "", FALSE },
  { scope_check_path, "", TRUE },
  { scope_check_path, "/ws", TRUE },
  { scope_check_path, "ws", FALSE },
  { scope_check_path, "/a b", FALSE },
  { scope_check_path, "/a#b", FALSE },
  { scope_check_header, "X-Token: abc", TRUE },
  { scope_check_header, "X-Empty:", TRUE },
  { scope_check_header, "no colon", FALSE },
  { scope_check_header, "X Y: z", FALSE },
  { scope_check_header, "X: a\r\nY: b", FALSE },
  { scope_check_origin, "https://example.com", TRUE },
  { scope_check_origin, "http://localhost:3000", TRUE },
  { scope_check_origin, "null", TRUE },
  { scope_check_origin, "example.com", FALSE },
  { scope_check_origin, "https://example.com/x", FALSE },
  { scope_check_proxy, "http://proxy:3128", TRUE },
  { scope_check_proxy, "socks5://u:p@127.0.0.1:1080", TRUE },
  { scope_check_proxy, "proxy:3128", FALSE },
  { scope_check_proxy, "ftp://proxy", FALSE },
  { check_seconds, "1", TRUE },
  { check_seconds, "0.25", TRUE },
  { check_seconds, "0", FALSE },
  { check_seconds, "-1", FALSE },
  { check_seconds, "nan", FALSE },
  { check_seconds, "1e9", FALSE },
  { check_seconds, "3s", FALSE },
  { check_presence_user, "{\"user_id\":\"7\"}", TRUE },
  { check_presence_user, "{\"user_id\":7,\"user_info\":{\"name\":\"A\"}}", TRUE },
  { check_presence_user, "{\"user_id\":\"\"}", FALSE },
  { check_presence_user, "{\"user_id\":null}", FALSE },
  { check_presence_user, "7", FALSE },
  { check_presence_user, "{", FALSE },
  { check_transports, "ws,wss", TRUE },
  { check_transports, " wss ", TRUE },
  { check_transports, "ws,wss,xhr_streaming,xhr_polling,sockjs", TRUE },
  { check_transports, "sockjs", TRUE },
  { check_transports, "", FALSE },
  { check_transports, "ws,", FALSE },
  { check_transports, "carrier-pigeon", FALSE },
  { scope_check_param, "a=b", TRUE },
  { scope_check_param, "a=b=c", TRUE },
  { scope_check_param, "a=", TRUE },
  { scope_check_param, "room name=ü", TRUE },
  { scope_check_param, "a", FALSE },
  { scope_check_param, "=b", FALSE },
  { scope_check_param, "a=b\nc=d", FALSE },
  { scope_check_param, "a\n=b", FALSE },
  { scope_check_param, "a=\xff", FALSE },
  { scope_check_endpoint, "https://example.com/pusher/auth", TRUE },
  { scope_check_endpoint, "HTTP://127.0.0.1:8000/auth?a=b", TRUE },
  { scope_check_endpoint, "/pusher/auth", FALSE },
  { scope_check_endpoint, "https://example.com/pusher/auth ", FALSE },
  { scope_check_endpoint, "ws://example.com", FALSE },
  { scope_check_endpoint, "https://", FALSE },
  { scope_check_endpoint, "https://me:pw@example.com/auth", FALSE },
  { check_auth_transport, "ajax", TRUE },
  { check_auth_transport, "jsonp", TRUE },
  { check_auth_transport, "fetch", FALSE },
  { check_auth_method, "post", TRUE },
  { check_auth_method, "get", TRUE },
  { check_auth_method, "GET", FALSE },
  { check_user_data, "{\"id\":\"ann\"}", TRUE },
  { check_user_data, "{\"id\":\"a_-=@,.;1\",\"watchlist\":[\"b\"]}", TRUE },
  { check_user_data, "{\"id\":7}", FALSE },
  { check_user_data, "{\"id\":\"\"}", FALSE },
  { check_user_data, "{\"id\":\"a b\"}", FALSE },
  { check_user_data, "{}", FALSE },
  { check_user_data, "{", FALSE },
};

/* A user name, password or query that came along with an address is not told again. */
static void
test_addresses_shown (void)
{
  static const struct
  {
    CheckFunc check;
    const char *text;
    const char *shown;
  } rows[] = {
    { scope_check_host, "https://ann:sesame@h/", "“https://•••@h/”" },
    { scope_check_host, "ann:sesame@h:80", "“•••@h:80”" },
    { scope_check_host, "h:80?sesame", "“h:80?•••”" },
    { scope_check_host, "a b", "“a b”" },
    { scope_check_path, "app?token=sesame", "“app?•••”" },
    { scope_check_origin, "https://ann:sesame@h/x?sesame", "“https://•••@h/x?•••”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (rows[i].check (rows[i].text, &error));
      g_assert_null (strstr (error->message, "sesame"));
      g_assert_nonnull (strstr (error->message, rows[i].shown));
    }
}

static void
test_checks (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (check_rows); i++)
    {
      const CheckRow *row = &check_rows[i];
      g_autoptr (GError) error = NULL;
      gboolean good = row->check (row->text, &error);

      if (good != row->good)
        g_error ("“%s” should be %s", row->text, row->good ? "good" : "refused");
      if (good)
        continue;
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_cmpuint (strlen (error->message), >, 10);
    }
}

/* A header may hold a token: what is wrong with it is told without its value. */
static void
test_header_value_hidden (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (scope_check_header ("X-Token: sesame\nX", &error));
  g_assert_null (strstr (error->message, "sesame"));
  g_clear_error (&error);
  g_assert_false (scope_check_param ("token=sesame\nX", &error));
  g_assert_null (strstr (error->message, "sesame"));
}

static void
test_presence_user (void)
{
  g_autofree char *id = NULL;
  g_autofree char *info = NULL;

  /* a number keeps its digits, whatever their number */
  g_assert_true (scope_check_presence_user ("{\"user_info\": {\"n\" : 1e21},\"user_id\":12345678901234567890}",
                                            &id, &info, NULL));
  g_assert_cmpstr (id, ==, "12345678901234567890");
  g_assert_cmpstr (info, ==, "{\"n\" : 1e21}");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/connection-options/url", test_url);
  g_test_add_func ("/connection-options/api-url", test_api_url);
  g_test_add_func ("/connection-options/http-url", test_http_url);
  g_test_add_func ("/connection-options/transports", test_transports);
  g_test_add_func ("/connection-options/jsonp-headers", test_jsonp_headers);
  g_test_add_func ("/connection-options/addresses-shown", test_addresses_shown);
  g_test_add_func ("/connection-options/copy", test_copy);
  g_test_add_func ("/connection-options/checks", test_checks);
  g_test_add_func ("/connection-options/header-value-hidden", test_header_value_hidden);
  g_test_add_func ("/connection-options/presence-user", test_presence_user);
  return g_test_run ();
}
