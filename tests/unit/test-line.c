/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "capture-fixture.h"
#include "capture/scope-line.h"

#define HEAD "{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":"

static char *
make_line (const ScopeEntry *entry,
           ScopeNames       *names)
{
  GString *line = g_string_new (NULL);

  g_assert_true (scope_line_append_ndjson (line, entry, names));
  g_assert_true (scope_json_check (line->str, line->len - 1, NULL, NULL));
  g_assert_null (memchr (line->str, '\n', line->len - 1));
  g_assert_cmpint (line->str[line->len - 1], ==, '\n');
  g_string_truncate (line, line->len - 1);
  return g_string_free (line, FALSE);
}

typedef struct
{
  const char *frame;
  const char *line; /* without what every line begins with */
} EventCase;

/* sizes are filled in: %zu */
static const EventCase event_cases[] = {
  { "{\"event\":\"order.paid\",\"channel\":\"news\",\"data\":\"{\\\"total\\\":120}\",\"user_id\":\"u-1\"}",
    "\"direction\":\"in\",\"channel\":\"news\",\"event\":\"order.paid\",\"data\":{\"total\":120},"
    "\"raw\":\"{\\\"total\\\":120}\",\"user_id\":\"u-1\",\"size\":@}" },
  /* neither data nor channel */
  { "{\"event\":\"e\"}", "\"direction\":\"in\",\"event\":\"e\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":null}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":null,\"raw\":\"null\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":{ }}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":{},\"raw\":\"{ }\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":{\"a\" : [1,\n 2]}}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":{\"a\":[1,2]},\"raw\":\"{\\\"a\\\" : [1,\\n 2]}\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":[]}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":[],\"raw\":\"[]\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":\"\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":\"\",\"raw\":\"\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":\"{}\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":{},\"raw\":\"{}\",\"size\":@}" },
  /* quoted JSON and plain text arrive alike, the raw text tells them apart */
  { "{\"event\":\"e\",\"data\":\"\\\"hello\\\"\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":\"hello\",\"raw\":\"\\\"hello\\\"\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":\"hello\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":\"hello\",\"raw\":\"hello\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":\"120\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":120,\"raw\":\"120\",\"size\":@}" },
  /* white space around and within, line breaks in it */
  { "{\"event\":\"e\",\"data\":\" {\\n\\\"a\\\" : 1 } \\n\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":{\"a\":1},\"raw\":\" {\\n\\\"a\\\" : 1 } \\n\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":\"5\\n\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":5,\"raw\":\"5\\n\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":\"\\t\\\"x\\\"\\n\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":\"x\",\"raw\":\"\\t\\\"x\\\"\\n\",\"size\":@}" },
  /* numbers of any size and form keep their digits */
  { "{\"event\":\"e\",\"data\":123456789012345678901234567890}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":123456789012345678901234567890,"
    "\"raw\":\"123456789012345678901234567890\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":\"{\\\"id\\\":-18446744073709551616,\\\"x\\\":1e21}\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":{\"id\":-18446744073709551616,\"x\":1e21},"
    "\"raw\":\"{\\\"id\\\":-18446744073709551616,\\\"x\\\":1e21}\",\"size\":@}" },
  /* NUL, in the string and in the JSON within it */
  { "{\"event\":\"e\",\"data\":\"a\\u0000b\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":\"a\\u0000b\",\"raw\":\"a\\u0000b\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":\"{\\\"a\\\":\\\"\\\\u0000\\\"}\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":{\"a\":\"\\u0000\"},"
    "\"raw\":\"{\\\"a\\\":\\\"\\\\u0000\\\"}\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":{\"a\":\"\\u0000\"}}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":{\"a\":\"\\u0000\"},"
    "\"raw\":\"{\\\"a\\\":\\\"\\\\u0000\\\"}\",\"size\":@}" },
  /* lone surrogates have no UTF-8 form: the token stands as it is */
  { "{\"event\":\"e\",\"data\":\"\\ud800\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":\"\\ud800\",\"raw\":\"\\ud800\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":\"{\\\"a\\\":\\\"\\\\ud800\\\"}\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":{\"a\":\"\\ud800\"},"
    "\"raw\":\"{\\\"a\\\":\\\"\\\\ud800\\\"}\",\"size\":@}" },
  /* escapes are the sender's own */
  { "{\"event\":\"e\",\"data\":\"caf\\u00e9 \\/ é\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":\"caf\\u00e9 \\/ é\",\"raw\":\"caf\\u00e9 \\/ é\",\"size\":@}" },
  /* nearly JSON */
  { "{\"event\":\"e\",\"data\":\"{\\\"a\\\":1,}\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":\"{\\\"a\\\":1,}\",\"raw\":\"{\\\"a\\\":1,}\",\"size\":@}" },
  { "{\"event\":\"e\",\"data\":\"nul\"}",
    "\"direction\":\"in\",\"event\":\"e\",\"data\":\"nul\",\"raw\":\"nul\",\"size\":@}" },
  /* names with what must be escaped */
  { "{\"event\":\"a\\\"b\\u0001\",\"channel\":\"c\\\\d\"}",
    "\"direction\":\"in\",\"channel\":\"c\\\\d\",\"event\":\"a\\\"b\\u0001\",\"size\":@}" },
};

static void
test_events (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (event_cases); i++)
    {
      const EventCase *c = &event_cases[i];
      g_autoptr (ScopeNames) names = scope_names_new ();
      g_autoptr (ScopeEntry) entry = fixture_event (names, c->frame);
      g_autofree char *line = make_line (entry, names);
      g_autofree char *size = g_strdup_printf ("%zu", strlen (c->frame));
      g_auto (GStrv) parts = g_strsplit (c->line, "@", 2);
      g_autofree char *expected = g_strconcat (HEAD "\"event\",", parts[0], size, parts[1], NULL);

      g_assert_cmpstr (line, ==, expected);
    }
}

/* deeper than the scanner goes: it is text */
static void
test_too_deep (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autofree char *open = g_strnfill (200, '[');
  g_autofree char *close = g_strnfill (200, ']');
  g_autofree char *frame = g_strconcat ("{\"event\":\"e\",\"data\":\"", open, close, "\"}", NULL);
  g_autofree char *expected = g_strconcat ("\"data\":\"", open, close, "\",\"raw\":\"", open, close,
                                           "\",\"size\"", NULL);
  g_autoptr (ScopeEntry) entry = fixture_event (names, frame);
  g_autofree char *line = make_line (entry, names);

  g_assert_nonnull (strstr (line, expected));
}

static void
test_direction (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeEntry) entry = fixture_event (names, "{\"event\":\"client-x\"}");
  g_autofree char *out = NULL;
  g_autofree char *none = NULL;

  entry->direction = SCOPE_DIRECTION_OUT;
  out = make_line (entry, names);
  g_assert_cmpstr (out, ==, HEAD "\"event\",\"direction\":\"out\",\"event\":\"client-x\",\"size\":20}");
  entry->direction = SCOPE_DIRECTION_NONE;
  none = make_line (entry, names);
  g_assert_cmpstr (none, ==, HEAD "\"event\",\"event\":\"client-x\",\"size\":20}");
}

static void
test_encrypted (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeEntry) entry
      = fixture_event (names, "{\"event\":\"e\",\"data\":{\"nonce\":\"n\",\"ciphertext\":\"c\"}}");
  g_autofree char *locked = NULL;
  g_autofree char *open = NULL;
  g_autofree char *text = NULL;

  entry->flags = SCOPE_ENTRY_ENCRYPTED;
  locked = make_line (entry, names);
  g_assert_cmpstr (locked, ==,
                   HEAD "\"event\",\"direction\":\"in\",\"event\":\"e\","
                        "\"data\":{\"nonce\":\"n\",\"ciphertext\":\"c\"},"
                        "\"raw\":\"{\\\"nonce\\\":\\\"n\\\",\\\"ciphertext\\\":\\\"c\\\"}\","
                        "\"size\":51,\"encrypted\":true,\"decrypted\":false}");

  entry->flags = SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED;
  entry->detail = g_strdup ("{\"data\":\"{\\\"total\\\":1}\",\"key\": 2}");
  open = make_line (entry, names);
  g_assert_cmpstr (open, ==,
                   HEAD "\"event\",\"direction\":\"in\",\"event\":\"e\",\"data\":{\"total\":1},"
                        "\"raw\":\"{\\\"nonce\\\":\\\"n\\\",\\\"ciphertext\\\":\\\"c\\\"}\","
                        "\"size\":51,\"encrypted\":true,\"decrypted\":true,\"key\":2}");

  g_free (entry->detail);
  entry->detail = g_strdup ("{\"data\":\"hello\"}");
  text = make_line (entry, names);
  g_assert_nonnull (strstr (text, "\"data\":\"hello\",\"raw\""));
}

typedef struct
{
  ScopeEntryKind kind;
  const char *channel;
  const char *detail;
  const char *line;
} DetailCase;

static const DetailCase detail_cases[] = {
  { SCOPE_ENTRY_STATE, NULL,
    "{\"previous\":\"connecting\",\"current\":\"connected\",\"socket_id\":\"1.2\",\"transport\":\"ws\","
    "\"activity_timeout\":120}",
    "\"state\",\"previous\":\"connecting\",\"current\":\"connected\",\"socket_id\":\"1.2\","
    "\"transport\":\"ws\",\"activity_timeout\":120}" },
  { SCOPE_ENTRY_CONNECTING_IN, NULL, "{ \"seconds\" : 0.5,\n\"attempt\" : 2 }",
    "\"connecting_in\",\"seconds\":0.5,\"attempt\":2}" },
  { SCOPE_ENTRY_SUBSCRIPTION, "private-x",
    "{\"status\":\"error\",\"error\":{\"type\": \"AuthError\", \"message\":\"no\", \"status\":403}}",
    "\"subscription\",\"channel\":\"private-x\",\"status\":\"error\","
    "\"error\":{\"type\":\"AuthError\",\"message\":\"no\",\"status\":403}}" },
  { SCOPE_ENTRY_PRESENCE, "presence-x",
    "{\"action\":\"snapshot\",\"count\":1,\"me\":\"7\",\"members\":[{\"user_id\":\"7\",\"user_info\":null}]}",
    "\"presence\",\"channel\":\"presence-x\",\"action\":\"snapshot\",\"count\":1,\"me\":\"7\","
    "\"members\":[{\"user_id\":\"7\",\"user_info\":null}]}" },
  { SCOPE_ENTRY_COUNT, "news", "{\"subscription_count\":0}",
    "\"count\",\"channel\":\"news\",\"subscription_count\":0}" },
  { SCOPE_ENTRY_CACHE_MISS, "cache-x", NULL, "\"cache_miss\",\"channel\":\"cache-x\"}" },
  { SCOPE_ENTRY_USER, NULL, "{\"status\":\"signed_in\",\"user_id\":\"u\"}",
    "\"user\",\"status\":\"signed_in\",\"user_id\":\"u\"}" },
  { SCOPE_ENTRY_WATCHLIST, NULL, "{\"status\":\"online\",\"user_ids\":[\"a\"]}",
    "\"watchlist\",\"status\":\"online\",\"user_ids\":[\"a\"]}" },
  { SCOPE_ENTRY_ERROR, "news",
    "{\"source\":\"server\",\"code\":null,\"message\":\"a\\u0000\\ud800\",\"action\":\"none\"}",
    "\"error\",\"source\":\"server\",\"code\":null,"
    "\"message\":\"a\\u0000\\ud800\",\"action\":\"none\",\"channel\":\"news\"}" },
  { SCOPE_ENTRY_STATE, NULL, NULL, "\"state\"}" },
  { SCOPE_ENTRY_STATE, NULL, "{}", "\"state\"}" },
  /* a key the line has already is not printed twice; without a channel, detail's stands */
  { SCOPE_ENTRY_COUNT, "news", "{\"time\":1,\"type\":2,\"ch\\u0061nnel\":3,\"x\":4}",
    "\"count\",\"channel\":\"news\",\"x\":4}" },
  { SCOPE_ENTRY_ERROR, NULL, "{\"message\":\"m\",\"channel\":\"c\"}",
    "\"error\",\"message\":\"m\",\"channel\":\"c\"}" },
};

static void
test_other_kinds (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (detail_cases); i++)
    {
      const DetailCase *c = &detail_cases[i];
      g_autoptr (ScopeNames) names = scope_names_new ();
      g_autoptr (ScopeEntry) entry = fixture_entry (names, c->kind, c->channel, c->detail);
      g_autofree char *line = make_line (entry, names);
      g_autofree char *expected = g_strconcat (HEAD, c->line, NULL);

      g_assert_cmpstr (line, ==, expected);
    }
}

/* Names past the limit come from the frame. */
static void
test_full_names (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeEntry) entry = fixture_event (
    names, "{\"event\":\"e\\u0031\",\"channel\":\"news\",\"user_id\":\"u\"}");
  g_autofree char *line = NULL;
  g_autoptr (GString) text = g_string_new (NULL);

  entry->event = entry->channel = entry->user = SCOPE_NAMES_OVERFLOW;
  line = make_line (entry, names);
  g_assert_cmpstr (line, ==,
                   HEAD "\"event\",\"direction\":\"in\",\"channel\":\"news\",\"event\":\"e1\","
                   "\"user_id\":\"u\",\"size\":50}");
  g_assert_true (scope_line_append_text (text, entry, names, FALSE));
  g_assert_true (g_str_has_suffix (text->str, "← news  e1\n"));
}

static void
test_no_lines (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeEntry) gap = fixture_entry (names, SCOPE_ENTRY_GAP, NULL, "{\"seconds\":1}");
  g_autoptr (ScopeEntry) frame = fixture_entry (names, SCOPE_ENTRY_FRAME, NULL, NULL);
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_false (scope_line_append_ndjson (out, gap, names));
  g_assert_false (scope_line_append_ndjson (out, frame, names));
  g_assert_false (scope_line_append_frame (out, gap));
  g_assert_false (scope_line_append_frame_text (out, gap, TRUE));
  g_assert_false (scope_line_append_text (out, frame, names, FALSE));
  g_assert_cmpuint (out->len, ==, 0);
}

static void
test_frame (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeEntry) entry = fixture_event (names, "{\"event\":\"pusher:ping\",\"data\":\"\"}");
  g_autoptr (GString) out = g_string_new ("kept ");

  entry->direction = SCOPE_DIRECTION_OUT;
  g_assert_true (scope_line_append_frame (out, entry));
  g_assert_cmpstr (out->str, ==,
                   "kept " HEAD "\"frame\",\"direction\":\"out\","
                   "\"text\":\"{\\\"event\\\":\\\"pusher:ping\\\",\\\"data\\\":\\\"\\\"}\"}\n");

  g_bytes_unref (entry->frame);
  entry->frame = g_bytes_new ("a\n\xff", 3);
  g_string_truncate (out, 0);
  scope_line_append_frame (out, entry);
  g_assert_cmpstr (out->str, ==,
                   HEAD "\"frame\",\"direction\":\"out\",\"text\":\"a\\n\xef\xbf\xbd\"}\n");
}

/* the clock is the machine's: what comes behind it is compared */
static void
assert_text (const ScopeEntry *entry,
             ScopeNames       *names,
             const char       *expected)
{
  g_autoptr (GString) out = g_string_new (NULL);

  g_assert_true (scope_line_append_text (out, entry, names, FALSE));
  g_assert_cmpuint (out->len, >, 14);
  g_assert_cmpint (out->str[2], ==, ':');
  g_assert_cmpint (out->str[8], ==, '.');
  g_assert_cmpstr (out->str + 12, ==, expected);
}

static void
test_text (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeEntry) event = fixture_event (
      names, "{\"event\":\"order.paid\",\"channel\":\"private-order-7\",\"data\":\"{\\\"total\\\":120}\"}");
  g_autoptr (ScopeEntry) hostile = fixture_event (
      names, "{\"event\":\"a\\u001b[2J\",\"channel\":\"b\\nc\",\"data\":\"\\u001b]0;x\\u0007\\r\\n\"}");
  g_autoptr (ScopeEntry) bare = fixture_event (names, "{\"event\":\"x\"}");
  g_autoptr (ScopeEntry) state = fixture_entry (
      names, SCOPE_ENTRY_STATE, NULL, "{\"previous\":\"connecting\",\"current\":\"connected\"}");
  g_autoptr (ScopeEntry) gap = fixture_entry (
      names, SCOPE_ENTRY_GAP, NULL, "{\"seconds\":14,\"reason\":\"connection lost\"}");

  assert_text (event, names, "  ← private-order-7  order.paid  {\"total\":120}\n");
  event->direction = SCOPE_DIRECTION_OUT;
  assert_text (event, names, "  → private-order-7  order.paid  {\"total\":120}\n");
  assert_text (hostile, names, "  ← b␊c  a␛[2J  ␛]0;x␇␍␊\n");
  assert_text (bare, names, "  ← x\n");
  assert_text (state, names, "  · state  connecting → connected\n");
  assert_text (gap, names, "  · gap 14 s: connection lost, events may have been missed\n");
}

static void
test_colour (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeEntry) event = fixture_event (names, "{\"event\":\"e\",\"channel\":\"c\",\"data\":1}");
  g_autoptr (ScopeEntry) error = fixture_entry (names, SCOPE_ENTRY_ERROR, NULL, "{\"message\":\"m\"}");
  g_autoptr (GString) out = g_string_new (NULL);

  scope_line_append_text (out, event, names, TRUE);
  g_assert_nonnull (strstr (out->str, "\033[36mc\033[0m  \033[1me\033[0m  1\n"));
  scope_line_append_text (out, error, names, TRUE);
  g_assert_nonnull (strstr (out->str, "\033[31merror\033[0m  m\n"));
  g_string_truncate (out, 0);
  scope_line_append_frame_text (out, event, FALSE);
  g_assert_cmpstr (out->str + 12, ==, "  ← {\"event\":\"e\",\"channel\":\"c\",\"data\":1}\n");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/line/events", test_events);
  g_test_add_func ("/line/too-deep", test_too_deep);
  g_test_add_func ("/line/direction", test_direction);
  g_test_add_func ("/line/encrypted", test_encrypted);
  g_test_add_func ("/line/other-kinds", test_other_kinds);
  g_test_add_func ("/line/full-names", test_full_names);
  g_test_add_func ("/line/no-lines", test_no_lines);
  g_test_add_func ("/line/frame", test_frame);
  g_test_add_func ("/line/text", test_text);
  g_test_add_func ("/line/colour", test_colour);
  return g_test_run ();
}
