/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "ui/scope-payload.h"

static ScopeEntry *
make_entry (const char *frame)
{
  ScopeEntry *entry = scope_entry_new (SCOPE_ENTRY_EVENT, 0);
  ScopeJsonKind kind;
  ScopeSpan span;

  entry->frame = g_bytes_new (frame, strlen (frame));
  kind = scope_json_get_member (frame, strlen (frame), "data", &span);
  if (kind != SCOPE_JSON_NONE)
    {
      entry->data = span;
      entry->data_kind = kind;
    }
  return entry;
}

static void
assert_lines_short (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpuint (strlen (lines[i]), <=, SCOPE_PAYLOAD_LINE_BYTES);
      g_assert_true (g_utf8_validate (lines[i], -1, NULL));
    }
}

static void
test_json (void)
{
  g_autoptr (ScopeEntry) entry =
    make_entry ("{\"event\":\"e\",\"data\":\"{\\\"n\\\":1e21,\\\"s\\\":\\\"ë\\\"}\"}");
  g_autoptr (ScopePayload) payload = scope_payload_new (entry);
  g_autoptr (GBytes) copy = scope_payload_dup_copy (entry);

  g_assert_true (payload->is_json);
  g_assert_null (payload->note);
  g_assert_cmpstr (payload->text, ==, "{\n  \"n\": 1e21,\n  \"s\": \"ë\"\n}");
  g_assert_cmpmem (g_bytes_get_data (copy, NULL), g_bytes_get_size (copy), payload->text,
                   strlen (payload->text));
}

static void
test_text (void)
{
  g_autoptr (ScopeEntry) entry = make_entry ("{\"event\":\"e\",\"data\":\"hello\\nthere\"}");
  g_autoptr (ScopePayload) payload = scope_payload_new (entry);
  g_autoptr (GBytes) copy = scope_payload_dup_copy (entry);

  g_assert_false (payload->is_json);
  g_assert_nonnull (payload->note);
  g_assert_cmpstr (payload->text, ==, "hello\nthere");
  g_assert_cmpmem (g_bytes_get_data (copy, NULL), g_bytes_get_size (copy), "hello\nthere", 11);
}

static void
test_nothing (void)
{
  g_autoptr (ScopeEntry) entry = make_entry ("{\"event\":\"e\"}");
  g_autoptr (ScopePayload) payload = scope_payload_new (entry);

  g_assert_cmpstr (payload->text, ==, "");
  g_assert_nonnull (payload->note);
  g_assert_null (scope_payload_dup_copy (entry));
}

static void
test_detail (void)
{
  g_autoptr (ScopeEntry) entry = scope_entry_new (SCOPE_ENTRY_STATE, 0);
  g_autoptr (ScopePayload) payload = NULL;

  entry->detail = g_strdup ("{\"current\":\"connected\"}");
  payload = scope_payload_new (entry);
  g_assert_true (payload->is_json);
  g_assert_cmpstr (payload->text, ==, "{\n  \"current\": \"connected\"\n}");
}

static void
test_long_line (void)
{
  g_autoptr (GString) frame = g_string_new ("{\"event\":\"e\",\"data\":{\"s\":\"");
  g_autoptr (ScopeEntry) entry = NULL;
  g_autoptr (ScopePayload) payload = NULL;

  for (guint i = 0; i < 50000; i++)
    g_string_append (frame, "ë");
  g_string_append (frame, "\"}}");
  entry = make_entry (frame->str);
  payload = scope_payload_new (entry);
  g_assert_true (payload->is_json);
  g_assert_nonnull (payload->note);
  assert_lines_short (payload->text);
}

static void
test_huge (void)
{
  g_autoptr (GString) frame = g_string_new ("{\"event\":\"e\",\"data\":[");
  g_autoptr (ScopeEntry) entry = NULL;
  g_autoptr (ScopePayload) payload = NULL;
  g_autoptr (GBytes) copy = NULL;

  for (guint i = 0; i < 300000; i++)
    g_string_append (frame, "1,");
  g_string_append (frame, "1]}");
  entry = make_entry (frame->str);
  payload = scope_payload_new (entry);
  copy = scope_payload_dup_copy (entry);
  g_assert_nonnull (payload->note);
  g_assert_cmpuint (strlen (payload->text), <=, SCOPE_PAYLOAD_PRETTY_BYTES + 256);
  g_assert_cmpuint (g_bytes_get_size (copy), >, 300000 * 4);
  assert_lines_short (payload->text);
}

static void
assert_pieces (const char *text,
               gsize       length)
{
  guint n = scope_payload_count_pieces (length);
  gsize end = 0;

  for (guint i = 0; i < n; i++)
    {
      gsize from = scope_payload_find_piece (text, length, i);
      gsize to = scope_payload_find_piece (text, length, i + 1);

      g_assert_cmpuint (from, ==, end);
      g_assert_cmpuint (to, >=, from);
      g_assert_cmpuint (to - from, <=, 32 * 1024);
      end = to;
    }
  g_assert_cmpuint (end, ==, length);
}

static void
test_pieces (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  assert_pieces ("", 0);
  assert_pieces ("x", 1);
  for (guint i = 0; i < 30000; i++)
    g_string_append (text, "x€");
  assert_pieces (text->str, text->len);
  for (guint i = 1; i < scope_payload_count_pieces (text->len); i++)
    {
      gsize from = scope_payload_find_piece (text->str, text->len, i);

      g_assert_true (g_utf8_validate (text->str + from, 4, NULL));
    }

  /* bytes that are no text at all */
  memset (text->str, 0x80, text->len);
  assert_pieces (text->str, text->len);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/payload/json", test_json);
  g_test_add_func ("/payload/text", test_text);
  g_test_add_func ("/payload/nothing", test_nothing);
  g_test_add_func ("/payload/detail", test_detail);
  g_test_add_func ("/payload/long-line", test_long_line);
  g_test_add_func ("/payload/huge", test_huge);
  g_test_add_func ("/payload/pieces", test_pieces);

  return g_test_run ();
}
