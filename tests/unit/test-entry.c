/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "capture-fixture.h"

typedef struct
{
  const char *data;     /* as it stands in the frame; NULL: no such key */
  const char *raw;      /* NULL: none */
  gsize raw_length;     /* 0: up to the NUL */
  gboolean is_token;    /* not text */
} RawCase;

static const RawCase raw_cases[] = {
  { NULL, NULL },
  { "\"\"", "", 0 },
  { "\"hello\"", "hello" },
  { "\"{\\\"total\\\":120}\"", "{\"total\":120}" },
  { "\"{\\\"a\\\":\\\"\\\\u0000\\\"}\"", "{\"a\":\"\\u0000\"}" },
  { "\"a\\u0000b\"", "a\0b", 3 },
  { "\"\\ud83d\\ude00\"", "😀" },
  { "\"\\ud83d\"", "\"\\ud83d\"", 0, TRUE },
  { "{\"a\": 1}", "{\"a\": 1}" },
  { "[1, 2]", "[1, 2]" },
  { "null", "null" },
  { "true", "true" },
  { "123456789012345678901234567890", "123456789012345678901234567890" },
  { "1e21", "1e21" },
};

static void
test_raw (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (raw_cases); i++)
    {
      const RawCase *c = &raw_cases[i];
      g_autoptr (ScopeNames) names = scope_names_new ();
      g_autofree char *frame = g_strconcat ("{\"event\":\"e\"", c->data != NULL ? ", \"data\": " : "",
                                            c->data != NULL ? c->data : "", "}", NULL);
      g_autoptr (ScopeEntry) entry = fixture_event (names, frame);
      gboolean is_text = TRUE;
      g_autoptr (GBytes) raw = scope_entry_dup_raw (entry, &is_text);
      g_autoptr (GBytes) data = scope_entry_dup_data (entry, NULL);

      g_test_message ("data %s", c->data);
      if (c->raw == NULL)
        {
          g_assert_null (raw);
          g_assert_null (data);
          continue;
        }
      fixture_assert_bytes (raw, c->raw, c->raw_length != 0 ? c->raw_length : strlen (c->raw));
      g_assert_true (g_bytes_equal (raw, data));
      g_assert_cmpint (is_text, ==, !c->is_token);
    }
}

/* bytes that need no decoding are the frame's own */
static void
test_raw_shares (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeEntry) entry = fixture_event (names, "{\"event\":\"e\",\"data\":\"plain\"}");
  g_autoptr (GBytes) raw = scope_entry_dup_raw (entry, NULL);
  const char *frame = g_bytes_get_data (entry->frame, NULL);

  g_assert_true (g_bytes_get_data (raw, NULL) == frame + entry->data.offset + 1);
}

static void
test_decrypted (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  const char *cipher = "{\"nonce\":\"n\",\"ciphertext\":\"c\"}";
  g_autofree char *frame = g_strconcat ("{\"event\":\"e\",\"data\":", cipher, "}", NULL);
  g_autoptr (ScopeEntry) entry = fixture_event (names, frame);
  g_autoptr (GBytes) raw = NULL;
  g_autoptr (GBytes) data = NULL;

  entry->flags = SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED;
  entry->detail = g_strdup ("{\"data\":\"{\\\"total\\\":1}\"}");
  raw = scope_entry_dup_raw (entry, NULL);
  data = scope_entry_dup_data (entry, NULL);
  fixture_assert_bytes (raw, cipher, strlen (cipher));
  fixture_assert_bytes (data, "{\"total\":1}", 11);
}

/* a span that does not lie in the frame is no data */
static void
test_span_outside (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeEntry) entry = fixture_event (names, "{\"event\":\"e\",\"data\":{}}");

  entry->data = (ScopeSpan) { 10, 4000 };
  g_assert_null (scope_entry_dup_raw (entry, NULL));
  entry->data = (ScopeSpan) { G_MAXUINT32, 2 };
  g_assert_null (scope_entry_dup_raw (entry, NULL));
  g_clear_pointer (&entry->frame, g_bytes_unref);
  entry->data = (ScopeSpan) { 0, 1 };
  g_assert_null (scope_entry_dup_data (entry, NULL));
}

typedef struct
{
  ScopeEntryKind kind;
  const char *detail;
  const char *preview;
} PreviewCase;

static const PreviewCase preview_cases[] = {
  { SCOPE_ENTRY_STATE,
    "{\"previous\":\"connecting\",\"current\":\"connected\",\"socket_id\":\"1.2\",\"transport\":\"ws\"}",
    "connecting → connected (ws)" },
  { SCOPE_ENTRY_STATE,
    "{\"previous\":\"connected\",\"current\":\"connecting\",\"code\":4201,\"reason\":\"bye\","
    "\"meaning\":\"pong not received\"}",
    "connected → connecting: 4201 pong not received – bye" },
  { SCOPE_ENTRY_CONNECTING_IN, "{\"seconds\":4,\"attempt\":3}", "next attempt in 4 s (attempt 3)" },
  { SCOPE_ENTRY_SUBSCRIPTION, "{\"status\":\"subscribed\"}", "subscribed" },
  { SCOPE_ENTRY_SUBSCRIPTION,
    "{\"status\":\"error\",\"error\":{\"type\":\"AuthError\",\"message\":\"no\",\"status\":403}}",
    "error: AuthError 403: no" },
  { SCOPE_ENTRY_SUBSCRIPTION,
    "{\"status\":\"error\",\"error\":{\"message\":\"no\",\"meaning\":\"Ask again.\"}}",
    "error: no – Ask again." },
  { SCOPE_ENTRY_PRESENCE,
    "{\"action\":\"added\",\"count\":2,\"me\":\"1\",\"member\":{\"user_id\":\"7\",\"user_info\":{\"n\":1}}}",
    "added: 7 {\"n\":1} (2 present)" },
  { SCOPE_ENTRY_PRESENCE, "{\"action\":\"snapshot\",\"count\":0,\"me\":null,\"members\":[]}",
    "snapshot (0 present)" },
  { SCOPE_ENTRY_PRESENCE,
    "{\"action\":\"snapshot\",\"count\":3,\"me\":null,\"members\":[{\"user_id\":\"ana\",\"user_info\":null},"
    "{\"user_id\":\"7\\n\",\"user_info\":{}},{\"user_info\":1}]}",
    "snapshot (3 present): ana, 7␊, ?" },
  { SCOPE_ENTRY_COUNT, "{\"subscription_count\":101}", "subscriptions: 101" },
  { SCOPE_ENTRY_CACHE_MISS, NULL, "the cache is empty" },
  { SCOPE_ENTRY_USER, "{\"status\":\"signed_in\",\"user_id\":\"u-1\"}", "signed in: u-1" },
  { SCOPE_ENTRY_USER, "{\"status\":\"signed_out\",\"user_id\":\"u-1\"}", "signed out: u-1" },
  { SCOPE_ENTRY_USER,
    "{\"status\":\"error\",\"error\":{\"type\":\"AuthError\",\"message\":\"no\",\"status\":403,"
    "\"meaning\":\"Not you.\"}}",
    "could not sign in: AuthError 403: no – Not you." },
  { SCOPE_ENTRY_USER, "{\"status\":\"error\",\"error\":\"words\"}", "could not sign in: words" },
  { SCOPE_ENTRY_WATCHLIST, "{\"status\":\"online\",\"user_ids\":[\"a\",\"b\"]}", "online: a, b" },
  { SCOPE_ENTRY_ERROR, "{\"source\":\"server\",\"code\":4001,\"message\":\"no\\napp\"}",
    "server 4001: no␊app" },
  { SCOPE_ENTRY_ERROR, "{\"source\":\"server\",\"message\":\"no\",\"meaning\":\"Wait.\"}",
    "server: no – Wait." },
  { SCOPE_ENTRY_GAP, "{\"from\":\"2026\",\"seconds\":14,\"reason\":\"connection lost\"}",
    "gap 14 s: connection lost, events may have been missed" },
  { SCOPE_ENTRY_SUBSCRIPTION, NULL, "" },
  { SCOPE_ENTRY_STATE, "{}", "" },
};

static void
test_preview_words (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (preview_cases); i++)
    {
      const PreviewCase *c = &preview_cases[i];
      g_autoptr (ScopeNames) names = scope_names_new ();
      g_autoptr (ScopeEntry) entry = fixture_entry (names, c->kind, "news", c->detail);
      g_autofree char *preview = scope_entry_dup_preview (entry, 200);

      g_assert_cmpstr (preview, ==, c->preview);
    }
}

/* A list is shown as far as it can be read at a glance, and how much is left out is told. */
static void
test_preview_many_members (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (GString) detail = g_string_new ("{\"action\":\"snapshot\",\"count\":25,\"members\":[");
  g_autoptr (ScopeEntry) entry = NULL;
  g_autofree char *preview = NULL;

  for (guint i = 0; i < 25; i++)
    g_string_append_printf (detail, "%s{\"user_id\":\"u%u\"}", i > 0 ? "," : "", i);
  g_string_append (detail, "]}");
  entry = fixture_entry (names, SCOPE_ENTRY_PRESENCE, "presence-a", detail->str);
  preview = scope_entry_dup_preview (entry, 1000);

  g_assert_true (g_str_has_prefix (preview, "snapshot (25 present): u0, u1, "));
  g_assert_true (g_str_has_suffix (preview, ", u19 and 5 more"));
}

static void
test_preview_data (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeEntry) event
      = fixture_event (names, "{\"event\":\"e\",\"data\":\"{\\\"a\\\":\\n \\\"b\\\"}\"}");
  g_autoptr (ScopeEntry) none = fixture_event (names, "{\"event\":\"e\"}");
  g_autoptr (ScopeEntry) frame = scope_entry_new (SCOPE_ENTRY_FRAME, FIXTURE_TIME);
  g_autofree char *of_event = scope_entry_dup_preview (event, 100);
  g_autofree char *of_none = scope_entry_dup_preview (none, 100);
  g_autofree char *of_frame = NULL;

  frame->frame = g_bytes_new ("\xff\x1b[31m", 6);
  of_frame = scope_entry_dup_preview (frame, 100);
  g_assert_cmpstr (of_event, ==, "{\"a\":␊ \"b\"}");
  g_assert_cmpstr (of_none, ==, "");
  g_assert_cmpstr (of_frame, ==, "\xef\xbf\xbd␛[31m");
}

/* A long string is cut before it is decoded; what is shown is the same. */
static void
test_preview_long (void)
{
  static const char * const units[]
      = { "x", "ä", "😀", "\\n", "\\u00e4", "\\ud83d\\ude00", "\\\\", "\\\"", "\\u0000" };

  for (gsize i = 0; i < G_N_ELEMENTS (units); i++)
    {
      g_autoptr (ScopeNames) names = scope_names_new ();
      g_autoptr (GString) frame = g_string_new ("{\"event\":\"e\",\"data\":\"");
      g_autoptr (ScopeEntry) entry = NULL;
      g_autoptr (GBytes) data = NULL;
      g_autofree char *preview = NULL;

      for (guint n = 0; n < 5000; n++)
        g_string_append (frame, units[i]);
      g_string_append (frame, "\"}");
      entry = fixture_event (names, frame->str);
      data = scope_entry_dup_data (entry, NULL);
      preview = scope_entry_dup_preview (entry, 50);
      g_assert_cmpuint (strlen (preview), <=, 50);
      g_assert_cmpuint (strlen (preview), >=, 40);
      g_assert_true (g_str_has_suffix (preview, "…"));
      g_assert_null (strstr (preview, "\xef\xbf\xbd"));
      g_assert_true (g_utf8_validate (preview, -1, NULL));
    }
}

static void
test_record (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  const char *frame = "{\"event\":\"e\",\"channel\":\"c\",\"user_id\":\"u\",\"data\":{}}";
  g_autoptr (ScopeEntry) entry = fixture_event (names, frame);
  ScopeRecord record;

  entry->flags = SCOPE_ENTRY_ENCRYPTED;
  scope_entry_to_record (entry, &record);
  g_assert_cmpint (record.time_usec, ==, FIXTURE_TIME);
  g_assert_cmpuint (record.event, ==, 1);
  g_assert_cmpuint (record.channel, ==, 2);
  g_assert_cmpuint (record.user, ==, 3);
  g_assert_cmpuint (record.size, ==, strlen (frame));
  g_assert_cmpuint (record.kind, ==, SCOPE_ENTRY_EVENT);
  g_assert_cmpuint (record.direction, ==, SCOPE_DIRECTION_IN);
  g_assert_cmpuint (record.flags, ==, SCOPE_ENTRY_ENCRYPTED);
}

/* What no capture holds stays within a record's bits. */
static void
test_record_bounds (void)
{
  g_autoptr (ScopeEntry) early = scope_entry_new (SCOPE_ENTRY_GAP, G_MININT64);
  g_autoptr (ScopeEntry) late = scope_entry_new (SCOPE_ENTRY_GAP, G_MAXINT64);
  ScopeRecord record;

  late->flags = SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED;
  late->direction = SCOPE_DIRECTION_OUT;
  late->user = SCOPE_NAMES_OVERFLOW;
  scope_entry_to_record (late, &record);
  g_assert_cmpint (record.time_usec, ==, SCOPE_RECORD_MAX_TIME);
  g_assert_cmpuint (record.kind, ==, SCOPE_ENTRY_GAP);
  g_assert_cmpuint (record.flags, ==, SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED);
  g_assert_cmpuint (record.direction, ==, SCOPE_DIRECTION_OUT);
  g_assert_cmpuint (record.user, ==, SCOPE_NAMES_OVERFLOW);
  g_assert_false (scope_record_has_names (&record));

  scope_entry_to_record (early, &record);
  g_assert_cmpint (record.time_usec, ==, -SCOPE_RECORD_MAX_TIME);
  g_assert_cmpuint (record.kind, ==, SCOPE_ENTRY_GAP);
}

static void
test_kinds (void)
{
  g_assert_cmpstr (scope_entry_kind_to_name (SCOPE_ENTRY_STATE), ==, "state");
  g_assert_cmpstr (scope_entry_kind_to_name (SCOPE_ENTRY_CONNECTING_IN), ==, "connecting_in");
  g_assert_cmpstr (scope_entry_kind_to_name (SCOPE_ENTRY_GAP), ==, "gap");
  g_assert_cmpstr (scope_entry_kind_to_name (0), ==, "unknown");
  g_assert_cmpstr (scope_entry_kind_to_name (13), ==, "unknown");
  g_assert_cmpstr (scope_entry_kind_to_name (255), ==, "unknown");
}

static void
test_boxed (void)
{
  GValue value = G_VALUE_INIT;
  ScopeEntry *entry = scope_entry_new (SCOPE_ENTRY_GAP, 1);

  g_value_init (&value, SCOPE_TYPE_ENTRY);
  g_value_take_boxed (&value, entry);
  g_assert_true (g_value_get_boxed (&value) == entry);
  g_value_unset (&value);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/entry/raw", test_raw);
  g_test_add_func ("/entry/raw-shares", test_raw_shares);
  g_test_add_func ("/entry/decrypted", test_decrypted);
  g_test_add_func ("/entry/span-outside", test_span_outside);
  g_test_add_func ("/entry/preview-words", test_preview_words);
  g_test_add_func ("/entry/preview-many-members", test_preview_many_members);
  g_test_add_func ("/entry/preview-data", test_preview_data);
  g_test_add_func ("/entry/preview-long", test_preview_long);
  g_test_add_func ("/entry/record", test_record);
  g_test_add_func ("/entry/record-bounds", test_record_bounds);
  g_test_add_func ("/entry/kinds", test_kinds);
  g_test_add_func ("/entry/boxed", test_boxed);
  return g_test_run ();
}
