/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Vectors of protocol.md §13.1 and §13.2. */

#define G_LOG_DOMAIN "test-signature"

#include "config.h"

#include <string.h>

#include "protocol/scope-signature.h"

#define KEY "278d425bdf160c739803"
#define SECRET "7ad3773142a6692b25b8"

static void
test_hmac (void)
{
  static const struct
  {
    const char *secret;
    const char *text;
    const char *hex;
  } rows[] = {
    { SECRET, "1234.1234:private-foobar",
      "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4" },
    { SECRET, "1234.1234:presence-foobar:{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Channels\"}}",
      "31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80" },
    { SECRET, "1234.1234:presence-foobar:{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Pusher\"}}",
      "afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c" },
    { SECRET, "1234.1234::user::{\"id\":\"12345\"}",
      "4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba" },
    { SECRET, "123.456:private-orders",
      "e4d29dffccd4b6efa2fb1839df25d64a1a0f367e65116d15d6f3be66184f45ba" },
    { SECRET, "123.456:private-encrypted-bla",
      "ed31befa60bf1e362ccecf5845cfeec76a7fb3ab250b12ac4724800ff8d458c6" },
    { SECRET, "123.456:presence-lobby:{\"user_id\":\"u-1\",\"user_info\":{\"name\":\"Zoë\"}}",
      "0736c61ce0bc9400b5fd0af54e1548636bbef5f120843546e047013fa902333f" },
    { SECRET, "123.456::user::{\"id\":\"u-1\",\"user_info\":{\"name\":\"Zoë\"},\"watchlist\":"
              "[\"u-2\",\"u-3\"]}",
      "1ab5cf92aa15d5f4d22f5638dd63967a4beebb174890d2b35edbbbb94e53f183" },
    { "tofu", "123.456:test", "efa6cf7644a0b35cba36aa0f776f3cbf7bb60e95ea2696bde1dbe8403b61bd7c" },
    { "tofu", "321.654:test", "f6ecb0a17d3e4f68aca28f1673197a7608587c09deb0208faa4b5519aee0a777" },
    { "tofu", "123.456:test:{\"foo\":\"bar\"}",
      "f41faf9ead2ea76772cc6b1168363057459f02499ae4d92e88229dc7f4efa2d4" },
    { "tofu", "1.1:test:\"ą§¶™€łü€ß£\"",
      "2a229263e89d9c50524fd80c2e88be2843379f6931e28995e2cc214282c9db0c" },
    { "tofu", "123.456:private-encrypted-bla:\"foo\"",
      "962c48b78bf93d98ff4c92ee7dff04865821455b7b401e9d60a9e0a90af2c105" },
    { "tofu", "123.456::user::{\"id\":\"45678\"}",
      "f4b1fdeea7c93e32648c7230e32b172057c5623cace6cfce791c6e7035e0babd" },
    { "tofu", "123.456::user::{\"id\":\"55555\",\"user_name\":\"test\"}",
      "b8a9f173455903792ae2b788add0c4c78ad7372b3ae7fb5769479276a1993743" },
    { "tofu", "1.1::user::{\"id\":\"ą§¶™€łü€ß£\"}",
      "620494cee53d6c568b49598313194088afda37218f0d059af03c0c898ed61ff4" },
    { "supersecret", "Hello!",
      "64e3f44166575febbc5de88c9476325ea7d4b3684752158d9fdb31fce34b980d" },
    { "tofu",
      "{\"time_ms\":1403175510755,\"events\":[{\"channel\":\"test_channel\",\"name\":"
      "\"channel_vacated\"}]}",
      "c17257e92037cd7de407ebc1ed174ceb7b2e518db127f44411b9ffc4f5b28cc5" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *all = scope_sign_hmac_hex (rows[i].secret, rows[i].text, -1);
      g_autofree char *part = NULL;
      g_autofree char *longer = g_strconcat (rows[i].text, "more", NULL);

      g_assert_cmpstr (all, ==, rows[i].hex);
      part = scope_sign_hmac_hex (rows[i].secret, longer, strlen (rows[i].text));
      g_assert_cmpstr (part, ==, rows[i].hex);
    }
}

static void
test_channel (void)
{
  static const struct
  {
    const char *secret;
    const char *socket_id;
    const char *channel;
    const char *channel_data;
    const char *hex;
  } rows[] = {
    { SECRET, "1234.1234", "private-foobar", NULL,
      "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4" },
    { SECRET, "1234.1234", "presence-foobar",
      "{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Channels\"}}",
      "31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80" },
    { SECRET, "1234.1234", "presence-foobar",
      "{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Pusher\"}}",
      "afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c" },
    { SECRET, "123.456", "private-orders", NULL,
      "e4d29dffccd4b6efa2fb1839df25d64a1a0f367e65116d15d6f3be66184f45ba" },
    { SECRET, "123.456", "private-encrypted-bla", NULL,
      "ed31befa60bf1e362ccecf5845cfeec76a7fb3ab250b12ac4724800ff8d458c6" },
    { SECRET, "123.456", "presence-lobby", "{\"user_id\":\"u-1\",\"user_info\":{\"name\":\"Zoë\"}}",
      "0736c61ce0bc9400b5fd0af54e1548636bbef5f120843546e047013fa902333f" },
    { "tofu", "123.456", "test", NULL,
      "efa6cf7644a0b35cba36aa0f776f3cbf7bb60e95ea2696bde1dbe8403b61bd7c" },
    { "tofu", "321.654", "test", NULL,
      "f6ecb0a17d3e4f68aca28f1673197a7608587c09deb0208faa4b5519aee0a777" },
    { "tofu", "123.456", "test", "{\"foo\":\"bar\"}",
      "f41faf9ead2ea76772cc6b1168363057459f02499ae4d92e88229dc7f4efa2d4" },
    { "tofu", "1.1", "test", "\"ą§¶™€łü€ß£\"",
      "2a229263e89d9c50524fd80c2e88be2843379f6931e28995e2cc214282c9db0c" },
    { "tofu", "123.456", "private-encrypted-bla", "\"foo\"",
      "962c48b78bf93d98ff4c92ee7dff04865821455b7b401e9d60a9e0a90af2c105" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *auth = scope_sign_channel (KEY, rows[i].secret, rows[i].socket_id,
                                                  rows[i].channel, rows[i].channel_data);

      g_assert_true (g_str_has_prefix (auth, KEY ":"));
      g_assert_cmpstr (auth + strlen (KEY ":"), ==, rows[i].hex);
    }
}

static void
test_user (void)
{
  static const struct
  {
    const char *secret;
    const char *socket_id;
    const char *user_data;
    const char *hex;
  } rows[] = {
    { SECRET, "1234.1234", "{\"id\":\"12345\"}",
      "4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba" },
    { SECRET, "123.456",
      "{\"id\":\"u-1\",\"user_info\":{\"name\":\"Zoë\"},\"watchlist\":[\"u-2\",\"u-3\"]}",
      "1ab5cf92aa15d5f4d22f5638dd63967a4beebb174890d2b35edbbbb94e53f183" },
    { "tofu", "123.456", "{\"id\":\"45678\"}",
      "f4b1fdeea7c93e32648c7230e32b172057c5623cace6cfce791c6e7035e0babd" },
    { "tofu", "123.456", "{\"id\":\"55555\",\"user_name\":\"test\"}",
      "b8a9f173455903792ae2b788add0c4c78ad7372b3ae7fb5769479276a1993743" },
    { "tofu", "1.1", "{\"id\":\"ą§¶™€łü€ß£\"}",
      "620494cee53d6c568b49598313194088afda37218f0d059af03c0c898ed61ff4" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *auth = scope_sign_user (KEY, rows[i].secret, rows[i].socket_id,
                                               rows[i].user_data);

      g_assert_true (g_str_has_prefix (auth, KEY ":"));
      g_assert_cmpstr (auth + strlen (KEY ":"), ==, rows[i].hex);
    }
}

typedef struct
{
  const char *key;
  const char *secret;
  const char *method;
  const char *path;
  const char *params[6];
  const char *body;
  gint64 timestamp;
  const char *md5;    /* nullable */
  const char *to_sign; /* nullable: not given there */
  const char *signature;
} HttpRow;

static const HttpRow http_rows[] = {
  { KEY, SECRET, "POST", "/apps/3/events", { NULL },
    "{\"name\":\"foo\",\"channels\":[\"project-3\"],\"data\":\"{\\\"some\\\":\\\"data\\\"}\"}",
    1353088179, "ec365a775a4cd0599faeb73354201b6f",
    "POST\n/apps/3/events\nauth_key=278d425bdf160c739803&auth_timestamp=1353088179&auth_version=1.0"
    "&body_md5=ec365a775a4cd0599faeb73354201b6f",
    "da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c" },
  { KEY, SECRET, "POST", "/apps/3/batch_events", { NULL },
    "{\"batch\":[{\"channel\":\"a\",\"name\":\"x\",\"data\":\"{\\\"n\\\":1}\"},{\"channel\":\"b\","
    "\"name\":\"y\",\"data\":\"hi\"}]}",
    1700000000, "cd79c9ab8d1bcf38e7fad8916d1a1463", NULL,
    "83b54adc383104ae882dbd132ec5d8abf01cd5157539ac0add06ed8c9ff0cead" },
  { KEY, SECRET, "GET", "/apps/3/channels",
    { "filter_by_prefix", "presence-", "info", "user_count" }, NULL, 1700000000, NULL,
    "GET\n/apps/3/channels\nauth_key=278d425bdf160c739803&auth_timestamp=1700000000&auth_version=1.0"
    "&filter_by_prefix=presence-&info=user_count",
    "5142c71a4248ef5f3ec45e8793d8997773f1d19ce69ee6f6b1d75131d8aa0a6a" },
  { KEY, SECRET, "GET", "/apps/3/channels/cache-a@b", { "info", "subscription_count,cache" }, NULL,
    1700000000, NULL,
    "GET\n/apps/3/channels/cache-a@b\nauth_key=278d425bdf160c739803&auth_timestamp=1700000000"
    "&auth_version=1.0&info=subscription_count,cache",
    "9dadc59076ae0ee486adfe829a33c811ef4c04f3d3fa99afd63c793c9c164612" },
  { KEY, SECRET, "GET", "/apps/3/channels/presence-x/users", { NULL }, NULL, 1700000000, NULL, NULL,
    "c07b75cf1ca429512726a46b9d10af958414d9386040c498bc8cee29512fbdbb" },
  { KEY, SECRET, "POST", "/apps/3/users/12345/terminate_connections", { NULL }, "{}", 1700000000,
    "99914b932bd37a50b983c5e7c90ae93b",
    "POST\n/apps/3/users/12345/terminate_connections\nauth_key=278d425bdf160c739803"
    "&auth_timestamp=1700000000&auth_version=1.0&body_md5=99914b932bd37a50b983c5e7c90ae93b",
    "1cd9554f74ae79a6907349b2b5317ab9521b603905905e9e48a86c5952b7a5b9" },
  { "f00d", "tofu", "GET", "/event", { NULL }, "example body", 1234567890,
    "165d5e6d7ca8f73b3853ce45addf42fc", NULL,
    "a650196dc427ebe837226f8565ca9232198c6d1b9455eaa72374a9dc0b620e7b" },
  { "f00d", "tofu", "GET", "/event", { "foo", "bar", "baz", "123454321" }, NULL, 1234567890, NULL,
    NULL, "d8bdbd31911fb7400a14fbd36fd7de053494725b64400ae5856deafe304b34a9" },
};

/* What a server does with the query it gets. */
static GHashTable *
parse_query (const char *query)
{
  return g_uri_parse_params (query, -1, "&", G_URI_PARAMS_NONE, NULL);
}

static void
test_http (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (http_rows); i++)
    {
      const HttpRow *row = &http_rows[i];
      g_autofree char *to_sign = NULL;
      g_autofree char *query = scope_sign_http_request (row->key, row->secret, row->method, row->path,
                                                        row->params, row->body, -1, row->timestamp,
                                                        &to_sign);
      g_autofree char *end = g_strconcat ("&auth_signature=", row->signature, NULL);
      g_autoptr (GHashTable) parsed = parse_query (query);
      g_autofree char *verified = NULL;

      g_assert_true (g_str_has_suffix (query, end));
      g_assert_cmpstr (g_hash_table_lookup (parsed, "body_md5"), ==, row->md5);
      if (row->to_sign != NULL)
        g_assert_cmpstr (to_sign, ==, row->to_sign);
      g_assert_null (strstr (to_sign, row->secret));

      verified = scope_sign_http_query (row->secret, row->method, row->path, parsed);
      g_assert_cmpstr (verified, ==, row->signature);
    }
}

/* Values are signed as they are and sent percent-encoded; keys are lowered before sorting. */
static void
test_http_encoding (void)
{
  const char *const params[] = { "Zeta", "a b&c=d", "alpha", "ü,;@", "channels[]", "x", NULL };
  g_autofree char *to_sign = NULL;
  g_autofree char *query = scope_sign_http_request ("k", "s", "get", "/p", params, "", 0, 1, &to_sign);
  g_autoptr (GHashTable) parsed = parse_query (query);
  g_autofree char *verified = scope_sign_http_query ("s", "GET", "/p", parsed);
  g_autofree char *wrong_path = scope_sign_http_query ("s", "GET", "/q", parsed);

  g_assert_cmpstr (to_sign, ==,
                   "GET\n/p\nalpha=ü,;@&auth_key=k&auth_timestamp=1&auth_version=1.0&channels[]=x"
                   "&zeta=a b&c=d");
  g_assert_true (g_str_has_prefix (query,
                                   "alpha=%C3%BC%2C%3B%40&auth_key=k&auth_timestamp=1"
                                   "&auth_version=1.0&channels[]=x&zeta=a%20b%26c%3Dd"
                                   "&auth_signature="));
  g_assert_cmpstr (g_hash_table_lookup (parsed, "zeta"), ==, "a b&c=d");
  g_assert_cmpstr (verified, ==, g_hash_table_lookup (parsed, "auth_signature"));
  g_assert_cmpstr (wrong_path, !=, verified);
}

static void
test_md5 (void)
{
  g_autofree char *braces = scope_md5_hex ("{}", 2);
  g_autofree char *nothing = scope_md5_hex (NULL, 0);

  g_assert_cmpstr (braces, ==, "99914b932bd37a50b983c5e7c90ae93b");
  g_assert_cmpstr (nothing, ==, "d41d8cd98f00b204e9800998ecf8427e");
}

static void
test_equal (void)
{
  g_assert_true (scope_signature_equal ("", ""));
  g_assert_true (scope_signature_equal ("abc", "abc"));
  g_assert_false (scope_signature_equal ("abc", "abd"));
  g_assert_false (scope_signature_equal ("abc", "xbc"));
  g_assert_false (scope_signature_equal ("abc", "ab"));
  g_assert_false (scope_signature_equal ("abc", "ABC"));
}

static void
test_socket_id (void)
{
  static const char *const good[] = { "1.1", "123.456", "0.0", "999999999999.1" };
  static const char *const bad[] = { "",     ".",     "1",    "1.",   ".1",     "1.2.3", "a.b",
                                     "1.2 ", " 1.2",  "-1.2", "1,2",  "1.2\n",  "١.٢",   "1.2:private-x" };
  g_autofree char *longest = g_strnfill (65, '1');

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    g_assert_true (scope_socket_id_check (good[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (scope_socket_id_check (bad[i]));

  longest[1] = '.';
  g_assert_false (scope_socket_id_check (longest));
  longest[64] = '\0';
  g_assert_true (scope_socket_id_check (longest));
  g_assert_false (scope_socket_id_check (NULL));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/signature/hmac", test_hmac);
  g_test_add_func ("/signature/channel", test_channel);
  g_test_add_func ("/signature/user", test_user);
  g_test_add_func ("/signature/http", test_http);
  g_test_add_func ("/signature/http-encoding", test_http_encoding);
  g_test_add_func ("/signature/md5", test_md5);
  g_test_add_func ("/signature/equal", test_equal);
  g_test_add_func ("/signature/socket-id", test_socket_id);

  return g_test_run ();
}
