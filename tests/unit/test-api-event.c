/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What an event must be before it is published, and the body it becomes. */

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "json/scope-json.h"
#include "net/scope-api-event.h"
#include "protocol/scope-decrypt.h"

#define MASTER_KEY "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU="

static char *
compose (const char *data,
         const char *channel,
         gboolean    in_batch,
         GError    **error)
{
  const char * const channels[] = { channel, NULL };
  g_autoptr (ScopeApiEvent) event = scope_api_event_new ("foo", data, channels, NULL, NULL);
  g_autoptr (GString) body = g_string_new (NULL);

  if (!scope_api_event_append (event, in_batch, 0, MASTER_KEY, body, error))
    {
      g_assert_cmpuint (body->len, ==, 0);
      return NULL;
    }
  return g_string_free (g_steal_pointer (&body), FALSE);
}

/* protocol.md §9.3: data is a string; libraries leave a plain one alone and encode what is none */
static void
test_data (void)
{
  static const struct
  {
    const char *data;
    const char *token;
  } rows[] = {
    { "{\"some\":\"data\"}", "\"{\\\"some\\\":\\\"data\\\"}\"" },
    { "\"hi\"", "\"hi\"" },
    { "\"\"", "\"\"" },
    { "\"\\u00e9\\/\\u0000\\u0001\\n\"", "\"é/\\u0000\\u0001\\n\"" },
    { "\"\\ud800x\"", "\"\\ud800x\"" }, /* has no UTF-8 form */
    { "12345678901234567890123", "\"12345678901234567890123\"" },
    { "{ \"a\" : [ ] }", "\"{ \\\"a\\\" : [ ] }\"" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *body = compose (rows[i].data, "project-3", FALSE, &error);
      g_autofree char *batch = compose (rows[i].data, "project-3", TRUE, NULL);
      g_autofree char *wanted
          = g_strdup_printf ("{\"name\":\"foo\",\"data\":%s,\"channels\":[\"project-3\"]}", rows[i].token);
      g_autofree char *wanted_batch
          = g_strdup_printf ("{\"name\":\"foo\",\"data\":%s,\"channel\":\"project-3\"}", rows[i].token);

      g_assert_no_error (error);
      g_assert_cmpstr (body, ==, wanted);
      g_assert_cmpstr (batch, ==, wanted_batch);
    }
}

/* The keys' order is that of the contract. */
static void
test_all_keys (void)
{
  const char * const channels[] = { "a", "b", NULL };
  g_autoptr (ScopeApiEvent) event = scope_api_event_new ("e", "1", channels, "1.2", "user_count");
  g_autoptr (GString) body = g_string_new ("x");

  g_assert_true (scope_api_event_append (event, FALSE, 0, NULL, body, NULL));
  g_assert_cmpstr (body->str, ==,
                   "x{\"name\":\"e\",\"data\":\"1\",\"channels\":[\"a\",\"b\"],\"socket_id\":\"1.2\","
                   "\"info\":\"user_count\"}");
}

/* The plain text is the JSON text, a string with its quotes; the nonce is a new one each time. */
static void
test_encrypted (void)
{
  static const char * const rows[] = { "\"just a string\"", "{\"message\":\"hello world\"}" };
  guint8 key[SCOPE_CHANNEL_KEY_BYTES];

  g_assert_true (scope_channel_key_derive ("private-encrypted-bla", MASTER_KEY, key, NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *body = compose (rows[i], "private-encrypted-bla", FALSE, NULL);
      g_autofree char *other = compose (rows[i], "private-encrypted-bla", FALSE, NULL);
      g_autofree char *data = scope_json_dup_member (body, strlen (body), "data");
      g_autoptr (GBytes) plain = scope_decrypt_event (key, data, strlen (data), NULL);

      g_assert_cmpstr (body, !=, other);
      g_assert_nonnull (plain);
      g_assert_cmpmem (g_bytes_get_data (plain, NULL), g_bytes_get_size (plain), rows[i], strlen (rows[i]));
    }
}

/* 10,240 bytes, which count after encryption and base64 */
static void
test_size (void)
{
  static const struct
  {
    const char *channel;
    gsize most; /* of a string's content */
  } rows[] = { { "news", SCOPE_LIMIT_DATA_BYTES }, { "private-encrypted-a", 7617 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint over = 0; over < 2; over++)
      {
        g_autofree char *text = g_strnfill (rows[i].most + over, 'x');
        g_autofree char *data = g_strdup_printf ("\"%s\"", text);
        g_autoptr (GError) error = NULL;
        g_autofree char *body = compose (data, rows[i].channel, FALSE, &error);

        g_assert_cmpint (body != NULL, ==, over == 0);
        if (over == 0)
          continue;
        g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
        g_assert_nonnull (strstr (error->message, "10240"));
      }
}

static void
check_refused (const char         *name,
               const char * const *channels,
               const char         *socket_id,
               gboolean            in_batch,
               const char         *master_key,
               const char         *word)
{
  g_autoptr (ScopeApiEvent) event = scope_api_event_new (name, "1", channels, socket_id, "whatever");
  g_autoptr (GString) body = g_string_new (NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (scope_api_event_append (event, in_batch, 0, master_key, body, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  if (strstr (error->message, word) == NULL)
    g_error ("“%s” is not in “%s”", word, error->message);
}

static void
test_refused (void)
{
  const char * const none[] = { NULL };
  const char * const one[] = { "a", NULL };
  const char * const two[] = { "a", "b", NULL };
  const char * const wrong[] = { "a b", NULL };
  const char * const nobody[] = { "#server-to-user-", NULL };
  const char * const encrypted[] = { "private-encrypted-a", NULL };
  const char * const mixed[] = { "a", "private-encrypted-a", NULL };
  const char *many[SCOPE_LIMIT_EVENT_CHANNELS + 2];
  g_autofree char *long_name = g_strnfill (SCOPE_LIMIT_EVENT_NAME_BYTES + 1, 'x');

  for (gsize i = 0; i < G_N_ELEMENTS (many); i++)
    many[i] = i + 1 < G_N_ELEMENTS (many) ? "a" : NULL;

  check_refused ("", one, NULL, FALSE, NULL, "200");
  check_refused (long_name, one, NULL, FALSE, NULL, "201");
  check_refused ("e", none, NULL, FALSE, NULL, "channel");
  check_refused ("e", many, NULL, FALSE, NULL, "101");
  check_refused ("e", two, NULL, TRUE, NULL, "2");
  check_refused ("e", wrong, NULL, FALSE, NULL, "“ ”");
  check_refused ("e", nobody, NULL, FALSE, NULL, "#server-to-user-");
  check_refused ("e", one, "12", FALSE, NULL, "“12”");
  check_refused ("e", encrypted, NULL, FALSE, NULL, "master key");
  check_refused ("e", mixed, NULL, FALSE, MASTER_KEY, "private-encrypted-a");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/api-event/data", test_data);
  g_test_add_func ("/api-event/all-keys", test_all_keys);
  g_test_add_func ("/api-event/encrypted", test_encrypted);
  g_test_add_func ("/api-event/size", test_size);
  g_test_add_func ("/api-event/refused", test_refused);

  return g_test_run ();
}
