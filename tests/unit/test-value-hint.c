/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "capture/scope-value-hint.h"

/* 2025-11-21T17:27:03Z */
#define MOMENT G_GINT64_CONSTANT (1763746023)

typedef struct
{
  const char *json;
  ScopeValueHintKind kind;
  gint64 time_usec;
  const char *decoded;
} HintCase;

static const HintCase cases[] = {
  { "1763746023", SCOPE_VALUE_HINT_TIME, MOMENT * 1000000, NULL },
  { "1763746023.25", SCOPE_VALUE_HINT_TIME, MOMENT * 1000000 + 250000, NULL },
  { "1763746023123", SCOPE_VALUE_HINT_TIME, MOMENT * 1000000 + 123000, NULL },
  { "1763746023123456", SCOPE_VALUE_HINT_TIME, MOMENT * 1000000 + 123456, NULL },
  { "\"1763746023\"", SCOPE_VALUE_HINT_TIME, MOMENT * 1000000, NULL },
  { "\"2025-11-21T17:27:03Z\"", SCOPE_VALUE_HINT_TIME, MOMENT * 1000000, NULL },
  { "\"2025-11-21T18:27:03+01:00\"", SCOPE_VALUE_HINT_TIME, MOMENT * 1000000, NULL },
  { "\"2025-11-21 17:27:03\"", SCOPE_VALUE_HINT_TIME, MOMENT * 1000000, NULL },
  /* no times */
  { "17637460", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "176374602", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "9999999999", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "17637460231", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "17637460231234567", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "12345678901234567890123", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "-1763746023", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "1.763746023e9", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "1763746023e1", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "0", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"2025-13-45T17:27:03Z\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"2025-11-21\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"2025\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"order 1763746023\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"+491763746023\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  /* JSON in a string */
  { "\"{\\\"a\\\":1}\"", SCOPE_VALUE_HINT_JSON, 0, "{\"a\":1}" },
  { "\"[1,2]\"", SCOPE_VALUE_HINT_JSON, 0, "[1,2]" },
  { "\"\\\"x\\\"\"", SCOPE_VALUE_HINT_JSON, 0, "\"x\"" },
  { "\"12\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"true\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"null\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"{name}\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"[draft] hello\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"\\ud800{}\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  /* base64 */
  { "\"eyJ0b3RhbCI6NDJ9\"", SCOPE_VALUE_HINT_BASE64_JSON, 0, "{\"total\":42}" },
  { "\"SGVsbG8sIHdvcmxkIQ==\"", SCOPE_VALUE_HINT_BASE64_TEXT, 0, "Hello, world!" },
  { "\"SGVsbG8sIHdvcmxkIQ\"", SCOPE_VALUE_HINT_BASE64_TEXT, 0, "Hello, world!" },
  { "\"8J-YgCBzbWlsZSDwn5iA\"", SCOPE_VALUE_HINT_BASE64_TEXT, 0, "😀 smile 😀" },
  { "\"documentationpage\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"internationalization\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"SGVsbG8=\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"d41d8cd98f00b204e9800998ecf8427e\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"", SCOPE_VALUE_HINT_NONE,
    0, NULL },
  { "\"3fa85f64-5717-4562-b3fc-2c963f66afa6\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"private-orders-channel-1234\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"4111111111111111\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"SGVsbG8sIHdvcmxkIQ==\\u0000\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"Hello, world! What a day.\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  /* tokens: {"alg":"HS256"} . {"sub":"7","exp":1763746023} */
  { "\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3IiwiZXhwIjoxNzYzNzQ2MDIzfQ.c2ln\"", SCOPE_VALUE_HINT_TOKEN,
    MOMENT * 1000000, "{\"sub\":\"7\",\"exp\":1763746023}" },
  { "\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.\"", SCOPE_VALUE_HINT_TOKEN, 0, "{\"sub\":\"7\"}" },
  { "\"www.example.org\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"1.2.3\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "\"e30.e30.\"", SCOPE_VALUE_HINT_NONE, 0, NULL },
  /* nothing to decode */
  { "true", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "null", SCOPE_VALUE_HINT_NONE, 0, NULL },
  { "{}", SCOPE_VALUE_HINT_NONE, 0, NULL },
};

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const HintCase *c = &cases[i];
      gsize length = strlen (c->json);
      g_auto (ScopeValueHint) hint = { 0 };
      gboolean found = scope_value_hint_init (&hint, scope_json_peek_kind (c->json, length),
                                              c->json, length);

      g_test_message ("%s", c->json);
      g_assert_cmpint (hint.kind, ==, c->kind);
      g_assert_cmpint (found, ==, c->kind != SCOPE_VALUE_HINT_NONE);
      g_assert_cmpint (hint.time_usec, ==, c->time_usec);
      g_assert_cmpint (hint.decoded != NULL, ==, c->decoded != NULL);
      if (c->decoded != NULL)
        g_assert_cmpmem (g_bytes_get_data (hint.decoded, NULL), g_bytes_get_size (hint.decoded),
                         c->decoded, strlen (c->decoded));
    }
}

static void
check_text (const char *json,
            gint64      event_usec,
            const char *expected)
{
  gsize length = strlen (json);
  g_auto (ScopeValueHint) hint = { 0 };
  g_autofree char *text = NULL;

  scope_value_hint_init (&hint, scope_json_peek_kind (json, length), json, length);
  text = scope_value_hint_to_text (&hint, event_usec);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_text (void)
{
  gint64 at = MOMENT * 1000000;

  check_text ("1763746023", 0, "2025-11-21 17:27:03 local");
  check_text ("1763746023", at + 300 * 1000000LL,
              "2025-11-21 17:27:03 local, 5 min before the event");
  check_text ("1763746023", at - 14 * 1000000, "2025-11-21 17:27:03 local, 14 s after the event");
  check_text ("1763746023", at, "2025-11-21 17:27:03 local, at the time of the event");
  check_text ("\"2025-11-21T17:27:03\"", 0, "2025-11-21 17:27:03 local, if it is meant as UTC");
  check_text ("\"{}\"", 0, "text that holds JSON");
  check_text ("\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.\"", 0,
              "JSON Web Token (HS256), signature not checked");
  check_text ("7", 0, NULL);
}

/* What is too long is not looked into. */
static void
test_long (void)
{
  g_autofree char *json = g_malloc (SCOPE_VALUE_HINT_MAX_BYTES + 3);
  g_auto (ScopeValueHint) hint = { 0 };

  memset (json, 'A', SCOPE_VALUE_HINT_MAX_BYTES + 2);
  json[0] = json[SCOPE_VALUE_HINT_MAX_BYTES + 1] = '"';
  g_assert_false (scope_value_hint_init (&hint, SCOPE_JSON_STRING, json,
                                         SCOPE_VALUE_HINT_MAX_BYTES + 2));
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/value-hint/cases", test_cases);
  g_test_add_func ("/value-hint/text", test_text);
  g_test_add_func ("/value-hint/long", test_long);

  return g_test_run ();
}
