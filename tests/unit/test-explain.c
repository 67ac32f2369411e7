/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Why a signature is not accepted: the vectors of protocol.md §13 as they are pasted, and each cause, made by
 * signing as somebody does who makes that mistake. */

#define G_LOG_DOMAIN "test-explain"

#include "config.h"

#include <string.h>

#include "base/scope-limits.h"
#include "protocol/scope-explain.h"
#include "protocol/scope-signature.h"

#define KEY "278d425bdf160c739803"
#define SECRET "7ad3773142a6692b25b8"
#define MASTER_KEY "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="
#define SOCKET "1234.1234"
#define DATA "{\"user_id\":10,\"user_info\":{\"name\":\"Mr. Channels\"}}"
#define NOW G_GINT64_CONSTANT (1353088200)

#define EVENT_BODY "{\"name\":\"foo\",\"channels\":[\"project-3\"],\"data\":\"{\\\"some\\\":\\\"data\\\"}\"}"
#define EVENT_MD5 "ec365a775a4cd0599faeb73354201b6f"
#define AUTH_QUERY "auth_key=" KEY "&auth_timestamp=1353088179&auth_version=1.0"
#define EVENT_QUERY AUTH_QUERY "&body_md5=" EVENT_MD5
#define EVENT_SIGNED "POST\n/apps/3/events\n" EVENT_QUERY
#define EVENT_SIGNATURE "da454824c97ba181a32ccc17a72625ba02771f50b50e1e7430e47a1f3f457e6c"
#define EVENT_URL "https://api-eu.pusher.com/apps/3/events?" EVENT_QUERY "&auth_signature=" EVENT_SIGNATURE

static const char * const old_sockets[] = { "77.1", "77.2", NULL };
static const char * const channels[] = { "private-foobar", "presence-foobar", NULL };

static ScopeExplanation *
explain_with (const char *text,
              const char *key,
              const char *secret,
              const char *socket_id,
              const char *channel)
{
  g_autoptr (ScopeSecret) held = scope_secret_new (secret);
  g_autoptr (ScopeSecret) master_key = scope_secret_new (MASTER_KEY);
  const ScopeExplainFacts facts = { key,       "3",         held,     master_key,           socket_id, channel,
                                    old_sockets, channels, NOW * G_USEC_PER_SEC };
  ScopeExplanation *result = scope_explain (SCOPE_EXPLAIN_ANY, text, strlen (text), &facts);

  /* no text holds the secret, whatever the paste is */
  g_assert_nonnull (result->summary);
  if (secret != NULL)
    {
      g_assert_null (strstr (result->summary, secret));
      g_assert_null (result->signed_text != NULL ? strstr (result->signed_text, secret) : NULL);
      g_assert_null (result->other_text != NULL ? strstr (result->other_text, secret) : NULL);
    }
  for (guint i = 0; i < result->causes->len; i++)
    {
      const ScopeExplainCause *cause = g_ptr_array_index (result->causes, i);

      g_assert_true (secret == NULL || strstr (cause->text, secret) == NULL);
      g_test_message ("%s", cause->text);
    }
  g_test_message ("%s", result->summary);
  return result;
}

static char *
dup_filled (const char *text,
            const char *word,
            const char *value)
{
  g_auto (GStrv) parts = g_strsplit (text, word, -1);

  return g_strjoinv (value, parts);
}

static ScopeExplanation *
explain (const char *text)
{
  return explain_with (text, KEY, SECRET, SOCKET, NULL);
}

static void
assert_cause (const char         *text,
              ScopeExplainCauseId id)
{
  g_autoptr (ScopeExplanation) result = explain (text);

  if (result->verdict != SCOPE_EXPLAIN_DIFFERS || !scope_explanation_has_cause (result, id))
    g_error ("verdict %d, cause %d not found: %s\n%s", result->verdict, id, result->summary, text);
}

static void
assert_fits (const char *text)
{
  g_autoptr (ScopeExplanation) result = explain (text);

  if (result->verdict != SCOPE_EXPLAIN_FITS)
    g_error ("verdict %d: %s\n%s", result->verdict, result->summary, text);
  g_assert_cmpuint (result->causes->len, ==, 0);
  g_assert_cmpint (result->signature_difference, ==, -1);
  g_assert_cmpint (result->text_difference, ==, -1);
}

/* ---- auth ---- */

/* channel_data and user_data: NULL: none; as it will stand in the JSON string */
static char *
dup_auth_reply (const char *key,
                const char *secret,
                const char *signed_text,
                const char *channel,
                const char *data)
{
  g_autofree char *hex = scope_sign_hmac_hex (secret, signed_text, -1);
  g_autofree char *escaped = data != NULL ? g_strescape (data, "ëÃ«") : NULL;

  return g_strdup_printf ("socket_id=" SOCKET "&channel_name=%s\n{\"auth\":\"%s:%s\"%s%s%s}", channel, key, hex,
                          data != NULL ? ",\"channel_data\":\"" : "", data != NULL ? escaped : "",
                          data != NULL ? "\"" : "");
}

static void
assert_auth_cause (const char         *secret,
                   const char         *signed_text,
                   const char         *channel,
                   const char         *data,
                   ScopeExplainCauseId id)
{
  g_autofree char *text = dup_auth_reply (KEY, secret, signed_text, channel, data);

  assert_cause (text, id);
}

static void
test_auth_vectors (void)
{
  g_autoptr (ScopeExplanation) result = NULL;

  assert_fits ("{\"auth\":\"" KEY ":58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4\"} "
               "socket_id=" SOCKET "&channel_name=private-foobar");
  assert_fits ("POST /pusher/auth HTTP/1.1\r\nHost: a\r\n\r\nsocket_id=1234.1234&channel_name=presence-foobar\n\n"
               "HTTP/1.1 200 OK\n\n"
               "{\"auth\":\"" KEY ":31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80\","
               "\"channel_data\":\"{\\\"user_id\\\":10,\\\"user_info\\\":{\\\"name\\\":\\\"Mr. Channels\\\"}}\"}");
  assert_fits ("{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"" KEY ":"
               "4708d583dada6a56435fb8bc611c77c359a31eebde13337c16ab43aa6de336ba\","
               "\"user_data\":\"{\\\"id\\\":\\\"12345\\\"}\"}}");
  assert_fits ("callback({\"auth\":\"" KEY ":58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4\","
               "\"channel\":\"private-foobar\"});");
  assert_fits ("{\"socket_id\":\"1234.1234\",\"channel_name\":\"private-foobar\",\"reply\":\"{\\\"auth\\\":\\\"" KEY
               ":58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4\\\"}\"}");

  /* the documentation's page prints the signature of Mr. Pusher beside Mr. Channels */
  result = explain ("{\"channel\":\"presence-foobar\",\"auth\":\"" KEY
                    ":afaed3695da2ffd16931f457e338e6c9f2921fa133ce7dac49f529792be6304c\",\"channel_data\":"
                    "\"{\\\"user_id\\\":10,\\\"user_info\\\":{\\\"name\\\":\\\"Mr. Channels\\\"}}\"}");
  g_assert_cmpint (result->verdict, ==, SCOPE_EXPLAIN_DIFFERS);
  g_assert_cmpstr (result->signed_text, ==, SOCKET ":presence-foobar:" DATA);
  g_assert_cmpstr (result->our_signature, ==, "31935e7d86dba64c2a90aed31fdc61869f9b22ba9d8863bba239c03ca481bc80");
  g_assert_cmpint (result->signature_difference, ==, 0);
  g_assert_true (scope_explanation_has_cause (result, SCOPE_CAUSE_SECRET));
}

static void
test_auth_secrets (void)
{
  static const struct
  {
    const char *secret;
    ScopeExplainCauseId id;
  } rows[] = {
    { SECRET "\n", SCOPE_CAUSE_SECRET_SPACE },   { SECRET "\r\n", SCOPE_CAUSE_SECRET_SPACE },
    { " " SECRET, SCOPE_CAUSE_SECRET_SPACE },    { "\"" SECRET "\"", SCOPE_CAUSE_SECRET_SPACE },
    { "", SCOPE_CAUSE_SECRET_UNSET },            { "undefined", SCOPE_CAUSE_SECRET_UNSET },
    { "7AD3773142A6692B25B8", SCOPE_CAUSE_SECRET_CASE }, { KEY, SCOPE_CAUSE_SWAPPED },
    { "3", SCOPE_CAUSE_SWAPPED },                { MASTER_KEY, SCOPE_CAUSE_SWAPPED },
    { "another", SCOPE_CAUSE_SECRET },
  };
  g_autofree char *good = dup_auth_reply (KEY, SECRET, SOCKET ":private-foobar", "private-foobar", NULL);
  g_autofree char *swapped = dup_auth_reply (SECRET, KEY, SOCKET ":private-foobar", "private-foobar", NULL);
  g_autofree char *other_key = dup_auth_reply ("other", SECRET, SOCKET ":private-foobar", "private-foobar", NULL);
  g_autoptr (ScopeExplanation) typed = explain_with (good, KEY, SECRET "\n", NULL, NULL);
  g_autoptr (ScopeExplanation) none = explain_with (good, KEY, NULL, NULL, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_auth_cause (rows[i].secret, SOCKET ":private-foobar", "private-foobar", NULL, rows[i].id);
  assert_cause (swapped, SCOPE_CAUSE_SWAPPED);
  assert_cause (other_key, SCOPE_CAUSE_KEY);
  g_assert_true (scope_explanation_has_cause (typed, SCOPE_CAUSE_SECRET_SPACE));
  g_assert_cmpint (none->verdict, ==, SCOPE_EXPLAIN_UNCHECKED);
  g_assert_cmpstr (none->signed_text, ==, SOCKET ":private-foobar");
  g_assert_null (none->our_signature);
}

static void
test_auth_texts (void)
{
  static const struct
  {
    const char *signed_text;
    const char *channel;
    const char *data;
    ScopeExplainCauseId id;
  } rows[] = {
    { SOCKET ":presence-foobar", "presence-foobar", DATA, SCOPE_CAUSE_CHANNEL_DATA },
    { SOCKET ":private-foobar:{}", "private-foobar", NULL, SCOPE_CAUSE_CHANNEL_DATA },
    { SOCKET ":private-foobar:{}", "private-foobar", "{}", SCOPE_CAUSE_CHANNEL_DATA },
    { SOCKET ":presence-foobar:{\"user_id\": 10, \"user_info\": {\"name\": \"Mr. Channels\"}}", "presence-foobar",
      DATA, SCOPE_CAUSE_JSON },
    { SOCKET ":presence-foobar:{\n  \"user_id\": 10,\n  \"user_info\": {\n    \"name\": \"Mr. Channels\"\n  }\n}",
      "presence-foobar", DATA, SCOPE_CAUSE_JSON },
    { SOCKET ":presence-foobar:{\"user_id\":\"10\",\"user_info\":{\"name\":\"Mr. Channels\"}}", "presence-foobar",
      DATA, SCOPE_CAUSE_JSON },
    { SOCKET ":presence-foobar:{\"user_info\":{\"name\":\"Mr. Channels\"},\"user_id\":10}", "presence-foobar", DATA,
      SCOPE_CAUSE_JSON },
    { SOCKET ":presence-x:{\"user_id\":\"a\\/b\"}", "presence-x", "{\"user_id\":\"a/b\"}", SCOPE_CAUSE_JSON },
    { SOCKET ":presence-x:{\"user_id\":\"a/b\"}", "presence-x", "{\"user_id\":\"a\\/b\"}", SCOPE_CAUSE_JSON },
    { SOCKET ":presence-x:{\"user_id\":\"Zo\\u00eb\"}", "presence-x", "{\"user_id\":\"Zoë\"}", SCOPE_CAUSE_JSON },
    { SOCKET ":presence-x:{\"user_id\":\"Zoë\"}", "presence-x", "{\"user_id\":\"Zo\\u00eb\"}", SCOPE_CAUSE_JSON },
    { SOCKET ":presence-x:{\"user_id\":\"\\u003cb\\u003e\"}", "presence-x", "{\"user_id\":\"<b>\"}",
      SCOPE_CAUSE_JSON },
    { SOCKET ":presence-foobar:" DATA "\n", "presence-foobar", DATA, SCOPE_CAUSE_SPACE },
    { SOCKET ":private-foobar\n", "private-foobar", NULL, SCOPE_CAUSE_SPACE },
    { "private-foobar:" SOCKET, "private-foobar", NULL, SCOPE_CAUSE_FORM },
    { SOCKET "private-foobar", "private-foobar", NULL, SCOPE_CAUSE_FORM },
    { "77.2:private-foobar", "private-foobar", NULL, SCOPE_CAUSE_SOCKET },
    { SOCKET ":foobar", "private-foobar", NULL, SCOPE_CAUSE_CHANNEL },
    { SOCKET ":private-foobar", "private-FooBar", NULL, SCOPE_CAUSE_CHANNEL },
    { SOCKET ":presence-foobar", "private-other", NULL, SCOPE_CAUSE_CHANNEL },
    { SOCKET ":private-a%40b", "private-a@b", NULL, SCOPE_CAUSE_ENCODED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_auth_cause (SECRET, rows[i].signed_text, rows[i].channel, rows[i].data, rows[i].id);
  /* two mistakes at once */
  assert_auth_cause (SECRET "\n", SOCKET ":presence-foobar", "presence-foobar", DATA, SCOPE_CAUSE_SECRET_SPACE);
  assert_auth_cause (SECRET "\n", SOCKET ":presence-foobar", "presence-foobar", DATA, SCOPE_CAUSE_CHANNEL_DATA);
}

static void
test_auth_users (void)
{
  static const struct
  {
    const char *signed_text;
    ScopeExplainCauseId id;
  } rows[] = {
    { SOCKET ":user:{\"id\":\"u\"}", SCOPE_CAUSE_FORM },
    { SOCKET "::user::{\"id\": \"u\"}", SCOPE_CAUSE_JSON },
    { "77.1::user::{\"id\":\"u\"}", SCOPE_CAUSE_SOCKET },
    { "77.3::user::{\"id\":\"u\"}", SCOPE_CAUSE_SECRET },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *hex = scope_sign_hmac_hex (SECRET, rows[i].signed_text, -1);
      g_autofree char *text = g_strdup_printf (
        "{\"auth\":\"" KEY ":%s\",\"user_data\":\"{\\\"id\\\":\\\"u\\\"}\"}", hex);

      assert_cause (text, rows[i].id);
    }
}

static void
test_auth_digests (void)
{
  g_autofree char *upper
    = g_strdup ("{\"channel\":\"private-foobar\",\"auth\":\"" KEY
                ":58DF8B0C36D6982B82C3ECF6B4662E34FE8C25BBA48F5369F135BF843651C3A4\"}");
  const char *signed_text = SOCKET ":private-foobar";
  g_autofree char *sha1 = g_compute_hmac_for_string (G_CHECKSUM_SHA1, (const guchar *) SECRET, strlen (SECRET),
                                                     signed_text, -1);
  g_autofree char *old = g_strdup_printf ("{\"channel\":\"private-foobar\",\"auth\":\"" KEY ":%s\"}", sha1);

  assert_cause (upper, SCOPE_CAUSE_HEX_CASE);
  assert_cause (old, SCOPE_CAUSE_DIGEST);
  assert_cause ("{\"channel\":\"private-foobar\",\"auth\":\"" KEY ":WN+LDDbWmCuCw+z2tGYuNP6MJbukj1Np8TW/hDZRw6Q=\"}",
                SCOPE_CAUSE_BASE64);
  assert_cause ("{\"channel\":\"private-foobar\",\"auth\":\"" KEY ":xyz\"}", SCOPE_CAUSE_DIGEST);
  assert_cause ("{\"channel\":\"private-foobar\",\"auth\":\"" KEY
                ": 58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4\\n\"}",
                SCOPE_CAUSE_SPACE);
  assert_cause ("{\"channel\":\"private-foobar\",\"auth\":"
                "\"58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4\"}",
                SCOPE_CAUSE_KEY);
}

static void
test_auth_answers (void)
{
  g_autofree char *encrypted
    = dup_auth_reply (KEY, SECRET, SOCKET ":private-encrypted-bla", "private-encrypted-bla", NULL);
  g_autofree char *presence = dup_auth_reply (KEY, SECRET, SOCKET ":presence-x", "presence-x", NULL);
  g_autofree char *odd = dup_auth_reply (KEY, SECRET, SOCKET ":presence-x:[1]", "presence-x", "[1]");
  const char *right = "{\"socket_id\":\"123.456\",\"channel\":\"private-encrypted-bla\",\"auth\":\"" KEY
                      ":ed31befa60bf1e362ccecf5845cfeec76a7fb3ab250b12ac4724800ff8d458c6\",\"shared_secret\":\"@KEY\"}";
  g_autofree char *good = dup_filled (right, "@KEY", "nlr49ISQHz91yS3cy/yWmW8wFMNeTnNL5tNHnbPJcLQ=");
  g_autofree char *other = dup_filled (right, "@KEY", "S3Qc1mldWvowVfJ6QPeoPLBsVIjC9bCudNtN25v4Snw=");
  g_autofree char *broken = dup_filled (right, "@KEY", "nlr49");
  g_autoptr (ScopeExplanation) fits = explain_with (good, KEY, SECRET, "123.456", NULL);

  g_assert_cmpint (fits->verdict, ==, SCOPE_EXPLAIN_FITS);
  assert_cause (encrypted, SCOPE_CAUSE_SHARED_SECRET);
  assert_cause (other, SCOPE_CAUSE_SHARED_SECRET);
  assert_cause (broken, SCOPE_CAUSE_SHARED_SECRET);
  assert_cause (good, SCOPE_CAUSE_SOCKET); /* of another connection than the one that is open */
  assert_cause (presence, SCOPE_CAUSE_CHANNEL_DATA);
  assert_cause (odd, SCOPE_CAUSE_CHANNEL_DATA);
  assert_cause ("{\"channel\":\"presence-foobar\",\"auth\":\"" KEY ":abc\",\"channel_data\":{\"user_id\":1}}",
                SCOPE_CAUSE_CHANNEL_DATA);
  assert_cause ("<!DOCTYPE html><html><body>Log in</body></html>", SCOPE_CAUSE_ANSWER);
  assert_cause ("HTTP/1.1 302 Found\r\nLocation: /login\r\n\r\n", SCOPE_CAUSE_ANSWER);
  assert_cause ("{\"channel_data\":\"{}\"}", SCOPE_CAUSE_ANSWER);
}

/* A server's own words tell what it took. */
static void
test_auth_refused (void)
{
  const char *hex = "58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4";
  g_autofree char *same = g_strdup_printf (
    "{\"event\":\"pusher:error\",\"data\":{\"code\":null,\"message\":\"Invalid signature: Expected HMAC SHA256 hex "
    "digest of " SOCKET ":private-foobar, but got %s\"}}",
    hex);
  g_autofree char *other = g_strdup_printf (
    "socket_id=" SOCKET "&channel_name=private-foobar {\"auth\":\"" KEY ":%s\"}\n"
    "Invalid signature: Expected HMAC SHA256 hex digest of 77.9:private-foobar, but got %s",
    hex, hex);
  g_autofree char *data = g_strdup_printf (
    "{\"event\":\"pusher:error\",\"data\":\"{\\\"message\\\":\\\"Invalid signature: Expected HMAC SHA256 hex digest of "
    SOCKET ":presence-x:{\\\\\\\"user_id\\\\\\\":\\\\\\\"1\\\\\\\"}, but got %s\\\"}\"}",
    hex);
  g_autofree char *quoted = g_strdup_printf (
    "channel_name=private-foobar\nCheck it. “Invalid signature: Expected HMAC SHA256 hex digest of " SOCKET
    ":private-foobar, but got %s”",
    hex);
  g_autoptr (ScopeExplanation) result = explain (data);
  g_autoptr (ScopeExplanation) differs = explain (other);

  assert_cause (same, SCOPE_CAUSE_SECRET);
  assert_cause (quoted, SCOPE_CAUSE_SECRET);
  assert_cause (other, SCOPE_CAUSE_SOCKET);
  g_assert_cmpstr (differs->signed_text, ==, SOCKET ":private-foobar");
  g_assert_cmpstr (differs->other_text, ==, "77.9:private-foobar");
  g_assert_cmpint (differs->text_difference, ==, 0);
  g_assert_cmpstr (result->signed_text, ==, SOCKET ":presence-x:{\"user_id\":\"1\"}");
  g_assert_cmpint (result->verdict, ==, SCOPE_EXPLAIN_DIFFERS);
}

static void
test_auth_incomplete (void)
{
  const char *text = "{\"auth\":\"" KEY ":58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4\"}";
  g_autoptr (ScopeExplanation) no_socket = explain_with (text, KEY, SECRET, NULL, "private-foobar");
  g_autoptr (ScopeExplanation) no_channel = explain_with (text, KEY, SECRET, SOCKET, NULL);
  g_autoptr (ScopeExplanation) whole = explain_with (text, KEY, SECRET, SOCKET, "private-foobar");

  g_assert_cmpint (no_socket->verdict, ==, SCOPE_EXPLAIN_INCOMPLETE);
  g_assert_nonnull (strstr (no_socket->summary, "socket id"));
  g_assert_cmpint (no_channel->verdict, ==, SCOPE_EXPLAIN_INCOMPLETE);
  g_assert_nonnull (strstr (no_channel->summary, "channel"));
  g_assert_cmpint (whole->verdict, ==, SCOPE_EXPLAIN_FITS);
}

/* ---- requests ---- */

static void
test_request_vectors (void)
{
  static const struct
  {
    const char *method;
    const char *path;
    const char *query;
    const char *body;
    const char *signature;
  } rows[] = {
    { "POST", "/apps/3/batch_events", "&body_md5=cd79c9ab8d1bcf38e7fad8916d1a1463",
      "{\"batch\":[{\"channel\":\"a\",\"name\":\"x\",\"data\":\"{\\\"n\\\":1}\"},{\"channel\":\"b\",\"name\":\"y\","
      "\"data\":\"hi\"}]}",
      "83b54adc383104ae882dbd132ec5d8abf01cd5157539ac0add06ed8c9ff0cead" },
    { "GET", "/apps/3/channels", "&filter_by_prefix=presence-&info=user_count", NULL,
      "5142c71a4248ef5f3ec45e8793d8997773f1d19ce69ee6f6b1d75131d8aa0a6a" },
    { "GET", "/apps/3/channels/cache-a@b", "&info=subscription_count%2Ccache", NULL,
      "9dadc59076ae0ee486adfe829a33c811ef4c04f3d3fa99afd63c793c9c164612" },
    { "GET", "/apps/3/channels/presence-x/users", "", NULL,
      "c07b75cf1ca429512726a46b9d10af958414d9386040c498bc8cee29512fbdbb" },
    { "POST", "/apps/3/users/12345/terminate_connections", "&body_md5=99914b932bd37a50b983c5e7c90ae93b", "{}",
      "1cd9554f74ae79a6907349b2b5317ab9521b603905905e9e48a86c5952b7a5b9" },
  };

  assert_fits ("POST " EVENT_URL "\n\n" EVENT_BODY);
  assert_fits ("POST /apps/3/events?" EVENT_QUERY "&auth_signature=" EVENT_SIGNATURE
               " HTTP/1.1\r\nHost: api-eu.pusher.com\r\nContent-Length: 68\r\n\r\n" EVENT_BODY "\n");
  assert_fits ("curl -X POST -H 'Content-Type: application/json' \\\n  -d '" EVENT_BODY "' \\\n  \"" EVENT_URL "\"");
  assert_fits ("$ curl --data-raw $'{\"name\":\"foo\",\"channels\":[\"project-3\"],\"data\":"
               "\"{\\\\\"some\\\\\":\\\\\"data\\\\\"}\"}' --url='" EVENT_URL "'");
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf (
        "%s https://api.pusherapp.com%s?auth_key=" KEY "&auth_timestamp=1700000000&auth_version=1.0%s&auth_signature=%s"
        "%s%s", rows[i].method, rows[i].path, rows[i].query, rows[i].signature, rows[i].body != NULL ? "\n\n" : "",
        rows[i].body != NULL ? rows[i].body : "");
      g_autoptr (ScopeExplanation) result = explain (text);

      /* years from the time of the test's clock: that is told, and nothing else */
      g_assert_cmpuint (result->causes->len, ==, 1);
      g_assert_true (scope_explanation_has_cause (result, SCOPE_CAUSE_TIME));
      g_assert_cmpstr (result->our_signature, ==, rows[i].signature);
      g_assert_cmpint (result->signature_difference, ==, -1);
    }
}

/* Another library's vectors: no app's path, a body with GET. */
static void
test_request_node (void)
{
  g_autoptr (ScopeExplanation) body
    = explain_with ("GET http://a/event?auth_key=f00d&auth_timestamp=1234567890&auth_version=1.0&body_md5="
                    "165d5e6d7ca8f73b3853ce45addf42fc&auth_signature="
                    "a650196dc427ebe837226f8565ca9232198c6d1b9455eaa72374a9dc0b620e7b\n\nexample body",
                    "f00d", "tofu", NULL, NULL);
  g_autoptr (ScopeExplanation) query
    = explain_with ("GET http://a/event?foo=bar&baz=123454321&auth_key=f00d&auth_timestamp=1234567890&auth_version=1.0"
                    "&auth_signature=d8bdbd31911fb7400a14fbd36fd7de053494725b64400ae5856deafe304b34a9",
                    "f00d", "tofu", NULL, NULL);

  g_assert_cmpint (body->signature_difference, ==, -1);
  g_assert_cmpint (query->signature_difference, ==, -1);
  g_assert_false (scope_explanation_has_cause (query, SCOPE_CAUSE_ORDER));
  g_assert_true (scope_explanation_has_cause (query, SCOPE_CAUSE_PATH));
}

#define CHANNELS "/apps/3/channels"
#define SORTED AUTH_QUERY "&filter_by_prefix=a%40b,c&info=user_count"

static void
test_request_causes (void)
{
  static const struct
  {
    const char *signed_text;
    ScopeExplainCauseId id;
  } rows[] = {
    { "GET\n" CHANNELS "\ninfo=user_count&filter_by_prefix=a@b,c&" AUTH_QUERY, SCOPE_CAUSE_ORDER },
    { "GET\n" CHANNELS "\n" AUTH_QUERY "&filter_by_prefix=a%40b%2Cc&info=user_count", SCOPE_CAUSE_ENCODED },
    { "GET\n" CHANNELS "\n" AUTH_QUERY "&filter_by_prefix=a%40b%2cc&info=user_count", SCOPE_CAUSE_ENCODED },
    { "GET\n" CHANNELS "\ninfo=user_count&filter_by_prefix=a%40b%2Cc&" AUTH_QUERY, SCOPE_CAUSE_ENCODED },
    { "GET\n" CHANNELS "\n" AUTH_QUERY, SCOPE_CAUSE_PARAMETERS },
    { "GET\n" CHANNELS "/\n" AUTH_QUERY "&filter_by_prefix=a@b,c&info=user_count", SCOPE_CAUSE_PATH },
    { "GET\n/channels\n" AUTH_QUERY "&filter_by_prefix=a@b,c&info=user_count", SCOPE_CAUSE_PATH },
    { "GET\nhttp://a" CHANNELS "\n" AUTH_QUERY "&filter_by_prefix=a@b,c&info=user_count", SCOPE_CAUSE_PATH },
    { "get\n" CHANNELS "\n" AUTH_QUERY "&filter_by_prefix=a@b,c&info=user_count", SCOPE_CAUSE_METHOD },
    { "POST\n" CHANNELS "\n" AUTH_QUERY "&filter_by_prefix=a@b,c&info=user_count", SCOPE_CAUSE_METHOD },
    { "GET\\n" CHANNELS "\\n" AUTH_QUERY "&filter_by_prefix=a@b,c&info=user_count", SCOPE_CAUSE_FORM },
    { "GET" CHANNELS AUTH_QUERY "&filter_by_prefix=a@b,c&info=user_count", SCOPE_CAUSE_FORM },
    { "GET\n" CHANNELS "\n" AUTH_QUERY "&filter_by_prefix=a@b,c&info=user_count\n", SCOPE_CAUSE_SPACE },
    { "GET\n" CHANNELS "\n" AUTH_QUERY "&body_md5=d41d8cd98f00b204e9800998ecf8427e&filter_by_prefix=a@b,c&info=user_count",
      SCOPE_CAUSE_BODY_MD5 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *hex = scope_sign_hmac_hex (SECRET, rows[i].signed_text, -1);
      g_autofree char *text = g_strdup_printf (
        "http://a" CHANNELS "?info=user_count&filter_by_prefix=a%%40b%%2Cc&" AUTH_QUERY "&auth_signature=%s", hex);
      g_autoptr (ScopeExplanation) result = explain (text);

      assert_cause (text, rows[i].id);
      /* what was signed instead is found, and compared */
      g_assert_cmpstr (result->other_text, ==, rows[i].signed_text);
      g_assert_cmpint (result->text_difference, >=, 0);
    }
}

/* A prefix in front of /apps is signed by soketi, and not by Reverb. */
static void
test_request_prefix (void)
{
  g_autofree char *hex = scope_sign_hmac_hex (SECRET, EVENT_SIGNED, -1);
  g_autofree char *text = g_strdup_printf ("POST http://a/socket/apps/3/events?" EVENT_QUERY "&auth_signature=%s", hex);

  assert_cause (text, SCOPE_CAUSE_PATH);
}

static void
test_request_bodies (void)
{
  static const struct
  {
    const char *body;
    const char *words;
  } rows[] = {
    { "{\"name\": \"foo\", \"channels\": [\"project-3\"], \"data\": \"{\\\"some\\\":\\\"data\\\"}\"}", "written anew" },
    { EVENT_BODY "\n ", "white space" },
    { "{\"name\":\"bar\"}", "another body" },
  };
  g_autoptr (ScopeExplanation) empty = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *text = g_strdup_printf ("POST " EVENT_URL "\n\n%s", rows[i].body);
      g_autoptr (ScopeExplanation) result = explain (text);

      g_assert_cmpint (result->verdict, ==, SCOPE_EXPLAIN_DIFFERS);
      g_assert_cmpint (result->signature_difference, ==, -1);
      g_assert_true (scope_explanation_has_cause (result, SCOPE_CAUSE_BODY_MD5));
      g_assert_nonnull (strstr (((ScopeExplainCause *) result->causes->pdata[0])->text, rows[i].words));
    }
  assert_cause ("POST http://a/apps/3/events?" AUTH_QUERY "&auth_signature=" EVENT_SIGNATURE "\n\n{\"a\":1}",
                SCOPE_CAUSE_BODY_MD5);
  empty = explain ("POST http://a/apps/3/events?" AUTH_QUERY "&body_md5=d41d8cd98f00b204e9800998ecf8427e"
                   "&auth_signature=" EVENT_SIGNATURE "\n\n{\"a\":1}");
  g_assert_true (scope_explanation_has_cause (empty, SCOPE_CAUSE_BODY_MD5));
}

static void
test_request_parameters (void)
{
  assert_cause ("POST http://a/apps/3/events?auth_key=other&auth_timestamp=1353088179&auth_version=1.0"
                "&auth_signature=" EVENT_SIGNATURE, SCOPE_CAUSE_KEY);
  assert_cause ("POST http://a/apps/3/events?auth_key=" SECRET "&auth_timestamp=1353088179&auth_version=1.0"
                "&auth_signature=" EVENT_SIGNATURE, SCOPE_CAUSE_SWAPPED);
  assert_cause ("POST http://a/apps/4/events?" EVENT_QUERY "&auth_signature=" EVENT_SIGNATURE, SCOPE_CAUSE_APP);
  assert_cause ("POST http://a/apps/3/events?auth_key=" KEY "&auth_version=1.0&auth_signature=" EVENT_SIGNATURE,
                SCOPE_CAUSE_PARAMETERS);
  assert_cause ("POST http://a/apps/3/events?auth_key=" KEY "&auth_timestamp=1353088179000&auth_version=1.0"
                "&auth_signature=" EVENT_SIGNATURE, SCOPE_CAUSE_TIME);
  assert_cause ("POST http://a/apps/3/events?auth_key=" KEY "&auth_timestamp=2012-11-16&auth_version=1.0"
                "&auth_signature=" EVENT_SIGNATURE, SCOPE_CAUSE_TIME);
  assert_cause ("POST http://a/apps/3/events?auth_key=" KEY "&auth_timestamp=1353084000&auth_version=1.0"
                "&auth_signature=" EVENT_SIGNATURE, SCOPE_CAUSE_TIME);
}

/* The words of a 401, alone, in JSON, and with what was sent. */
static void
test_request_refused (void)
{
  const char *alone = "Invalid signature: you should have sent HmacSHA256Hex(\"POST\\n/apps/3/events\\n" EVENT_QUERY
                      "\", your_secret_key), but you sent \"" EVENT_SIGNATURE "\"";
  const char *json = "{\"error\":\"Invalid signature: you should have sent HmacSHA256Hex(\\\"POST\\\\n/apps/3/events"
                     "\\\\n" EVENT_QUERY "\\\", your_secret_key), but you sent \\\"" EVENT_SIGNATURE "\\\"\"}";
  const char *other = EVENT_SIGNED "\n\nInvalid signature: you should have sent HmacSHA256Hex(\"POST\\n/x/apps/3/events"
                      "\\n" EVENT_QUERY "\", your_secret_key), but you sent \"" EVENT_SIGNATURE "\"";
  const char *reverb = "POST " EVENT_URL "\n\nHTTP/1.1 401 Unauthorized\n\nAuthentication signature invalid.";
  g_autoptr (ScopeExplanation) prefixed = explain (other);
  g_autoptr (ScopeExplanation) wrong = explain_with (alone, KEY, "an0ther", NULL, NULL);
  g_autoptr (ScopeExplanation) text = explain ("POST\\n/apps/3/events\\n" EVENT_QUERY);

  assert_cause (alone, SCOPE_CAUSE_SECRET);
  assert_cause (json, SCOPE_CAUSE_SECRET);
  assert_cause (reverb, SCOPE_CAUSE_SECRET);
  assert_cause (other, SCOPE_CAUSE_PATH);
  g_assert_cmpstr (prefixed->signed_text, ==, EVENT_SIGNED);
  g_assert_cmpint (prefixed->text_difference, ==, strlen ("POST\n/"));
  g_assert_true (scope_explanation_has_cause (wrong, SCOPE_CAUSE_SECRET));
  g_assert_cmpint (wrong->signature_difference, >=, 0);
  g_assert_cmpint (text->verdict, ==, SCOPE_EXPLAIN_INCOMPLETE);
  g_assert_cmpstr (text->our_signature, ==, EVENT_SIGNATURE);
}

/* ---- webhooks ---- */

#define HOOK "{\"time_ms\":1403175510755,\"events\":[{\"channel\":\"test_channel\",\"name\":\"channel_vacated\"}]}"
#define HOOK_SIGNATURE "c17257e92037cd7de407ebc1ed174ceb7b2e518db127f44411b9ffc4f5b28cc5"

static ScopeExplanation *
explain_hook (const char *format,
              const char *body,
              const char *signature)
{
  g_autofree char *signed_text = dup_filled (format, "@SIGNATURE", signature);
  g_autofree char *text = dup_filled (signed_text, "@BODY", body);

  return explain_with (text, "k", "tofu", NULL, NULL);
}

static void
test_webhook (void)
{
  static const char * const formats[] = {
    "POST /hooks HTTP/1.1\r\nX-Pusher-Key: k\r\nX-Pusher-Signature: @SIGNATURE\r\nContent-Type: application/json\r\n\r\n@BODY",
    "x-pusher-key: k\nx-pusher-signature: @SIGNATURE\n\n@BODY",
    "@BODY\n\nX-Pusher-Signature: @SIGNATURE",
    "curl -H 'X-Pusher-Signature: @SIGNATURE' -H 'X-Pusher-Key: k' --data-binary '@BODY' https://shop.example/hooks",
    "'X-Pusher-Key' => 'k',\n'X-Pusher-Signature' => '@SIGNATURE',\n@BODY",
  };
  static const struct
  {
    const char *signed_body;
    const char *body;
    ScopeExplainCauseId id;
  } rows[] = {
    { HOOK "\n", HOOK, SCOPE_CAUSE_SPACE },
    { HOOK, HOOK "\n", SCOPE_CAUSE_SPACE },
    { "{\"a\":\n1}", "{\"a\":\r\n1}", SCOPE_CAUSE_SPACE },
    { "{\"time_ms\": 1, \"a\": \"b/c\"}", "{\"time_ms\":1,\"a\":\"b/c\"}", SCOPE_CAUSE_JSON },
    { "{\"time_ms\":1,\"a\":\"b\\/c\"}", "{\"time_ms\":1,\"a\":\"b/c\"}", SCOPE_CAUSE_JSON },
    { "other", HOOK, SCOPE_CAUSE_SECRET },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (ScopeExplanation) result = explain_hook (formats[i], HOOK, HOOK_SIGNATURE);

      g_test_message ("%s", formats[i]);
      g_assert_cmpint (result->kind, ==, SCOPE_EXPLAIN_WEBHOOK);
      g_assert_cmpint (result->verdict, ==, SCOPE_EXPLAIN_FITS);
      g_assert_cmpstr (result->signed_text, ==, HOOK);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *hex = scope_sign_hmac_hex ("tofu", rows[i].signed_body, -1);
      g_autoptr (ScopeExplanation) result = explain_hook ("X-Pusher-Signature: @SIGNATURE\n\n@BODY", rows[i].body, hex);

      g_assert_cmpint (result->verdict, ==, SCOPE_EXPLAIN_DIFFERS);
      g_assert_true (scope_explanation_has_cause (result, rows[i].id));
    }
}

static void
test_webhook_parts (void)
{
  g_autoptr (ScopeExplanation) other
    = explain_hook ("X-Pusher-Key: z\nX-Pusher-Signature: @SIGNATURE\n\n@BODY", HOOK, HOOK_SIGNATURE);
  g_autoptr (ScopeExplanation) no_body = explain_hook ("X-Pusher-Signature: @SIGNATURE@BODY\n", "", HOOK_SIGNATURE);
  g_autoptr (ScopeExplanation) alone = explain_hook ("@BODY@SIGNATURE", HOOK, "");

  g_assert_cmpint (other->verdict, ==, SCOPE_EXPLAIN_DIFFERS);
  g_assert_true (scope_explanation_has_cause (other, SCOPE_CAUSE_KEY));
  g_assert_cmpint (no_body->verdict, ==, SCOPE_EXPLAIN_INCOMPLETE);
  g_assert_cmpint (alone->verdict, ==, SCOPE_EXPLAIN_INCOMPLETE);
  g_assert_cmpstr (alone->our_signature, ==, HOOK_SIGNATURE);
}

/* ---- all ---- */

static void
test_nothing (void)
{
  static const char * const texts[] = { "", " ", "hello", "{", "curl ", "curl 'http://", "POST", "auth_signature=",
                                        "X-Pusher-Signature:", "HmacSHA256Hex(", "HmacSHA256Hex(\"", "/apps/",
                                        "{\"auth\":7}", "{\"auth\":\"\"}", "socket_id=", "hex digest of , but got " };
  g_autofree char *long_text = g_strnfill (SCOPE_LIMIT_EXPLAIN_BYTES + 1, '{');
  g_autofree char *braces = g_strnfill (SCOPE_LIMIT_EXPLAIN_BYTES, '{');
  g_autoptr (ScopeExplanation) bounded = explain (long_text);
  g_autoptr (ScopeExplanation) deep = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (ScopeExplanation) result = explain (texts[i]);

      g_assert_cmpint (result->verdict, !=, SCOPE_EXPLAIN_FITS);
      g_assert_nonnull (result->summary);
    }
  g_assert_cmpint (bounded->verdict, ==, SCOPE_EXPLAIN_NOTHING);
  g_assert_nonnull (strstr (bounded->summary, "65536"));
  memcpy (braces, "auth\"", 5);
  deep = explain (braces);
  g_assert_cmpint (deep->verdict, !=, SCOPE_EXPLAIN_FITS);
}

/* Bytes that are no text, and a document as large as is looked at. */
static void
test_hostile (void)
{
  const ScopeExplainFacts facts = { .key = KEY };
  g_autoptr (ScopeExplanation) bytes = scope_explain (SCOPE_EXPLAIN_WEBHOOK, "{\"\xff\":\0}", 6, &facts);
  g_autoptr (GString) large = g_string_new ("X-Pusher-Signature: " HOOK_SIGNATURE "\n\n[");
  g_autoptr (ScopeExplanation) cut = NULL;

  g_assert_nonnull (bytes->summary);
  while (large->len < SCOPE_LIMIT_EXPLAIN_BYTES - 8)
    g_string_append (large, "\"é/\",");
  g_string_append (large, "1]");
  cut = explain (large->str);
  g_assert_cmpint (cut->verdict, ==, SCOPE_EXPLAIN_DIFFERS);
  g_assert_cmpuint (cut->causes->len, ==, 2);
}

static void
test_difference (void)
{
  g_assert_cmpint (scope_explain_find_difference ("", ""), ==, -1);
  g_assert_cmpint (scope_explain_find_difference ("abc", "abc"), ==, -1);
  g_assert_cmpint (scope_explain_find_difference ("abc", "abd"), ==, 2);
  g_assert_cmpint (scope_explain_find_difference ("abc", "ab"), ==, 2);
  g_assert_cmpint (scope_explain_find_difference ("", "x"), ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/explain/auth/vectors", test_auth_vectors);
  g_test_add_func ("/explain/auth/secrets", test_auth_secrets);
  g_test_add_func ("/explain/auth/texts", test_auth_texts);
  g_test_add_func ("/explain/auth/users", test_auth_users);
  g_test_add_func ("/explain/auth/digests", test_auth_digests);
  g_test_add_func ("/explain/auth/answers", test_auth_answers);
  g_test_add_func ("/explain/auth/refused", test_auth_refused);
  g_test_add_func ("/explain/auth/incomplete", test_auth_incomplete);
  g_test_add_func ("/explain/request/vectors", test_request_vectors);
  g_test_add_func ("/explain/request/node", test_request_node);
  g_test_add_func ("/explain/request/causes", test_request_causes);
  g_test_add_func ("/explain/request/prefix", test_request_prefix);
  g_test_add_func ("/explain/request/bodies", test_request_bodies);
  g_test_add_func ("/explain/request/parameters", test_request_parameters);
  g_test_add_func ("/explain/request/refused", test_request_refused);
  g_test_add_func ("/explain/webhook", test_webhook);
  g_test_add_func ("/explain/webhook/parts", test_webhook_parts);
  g_test_add_func ("/explain/nothing", test_nothing);
  g_test_add_func ("/explain/hostile", test_hostile);
  g_test_add_func ("/explain/difference", test_difference);

  return g_test_run ();
}
