/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-error.h"
#include "capture-recording.h"
#include "capture/scope-export.h"
#include "capture/scope-import.h"
#include "capture/scope-line-reader.h"
#include "capture/scope-line.h"
#include "capture/scope-marks.h"

static char *
make_line (const ScopeEntry *entry,
           ScopeNames       *names)
{
  GString *line = g_string_new (NULL);

  g_assert_true (scope_line_append_ndjson (line, entry, names));
  return g_string_free (line, FALSE);
}

static const char * const frames[] = {
  "{\"event\":\"order.paid\",\"channel\":\"news\",\"data\":\"{\\\"total\\\":120}\",\"user_id\":\"u-1\"}",
  "{\"event\":\"e\"}",
  "{\"event\":\"e\",\"data\":null}",
  "{\"event\":\"e\",\"data\":{ }}",
  "{\"event\":\"e\",\"data\":{\"a\" : [1,\n 2]}}",
  "{\"event\":\"e\",\"data\":\"\"}",
  "{\"event\":\"e\",\"data\":\"\\\"hello\\\"\"}",
  "{\"event\":\"e\",\"data\":\"hello\"}",
  "{\"event\":\"e\",\"data\":\"null\"}",
  "{\"event\":\"e\",\"data\":true}",
  "{\"event\":\"e\",\"data\":12345678901234567890123}",
  "{\"event\":\"e\",\"data\":\" {\\n\\\"a\\\" : 1 } \\n\"}",
  "{\"event\":\"e\",\"data\":\"nul\\u0000 and \\ud800 alone\"}",
  "{\"event\":\"Zo\\u00eb\",\"channel\":\"a\\/b\",\"data\":{\"\\u00e9\":\"\\u00e9\"}}",
  "{ \"data\" : [ ] , \"event\" : \"spaced\" ,\"more\":1}",
  "{\"event\":\"private\",\"channel\":\"private-encrypted-x\",\"data\":\"{\\\"nonce\\\":\\\"AA==\\\",\\\"ciphertext\\\":\\\"BB==\\\"}\"}",
};

static void
check_same_line (ScopeNames *names,
                 ScopeEntry *entry)
{
  g_autofree char *line = make_line (entry, names);
  g_autoptr (ScopeNames) other_names = scope_names_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeEntry) other = scope_line_read_ndjson (line, strlen (line), other_names, &error);
  g_autofree char *again = NULL;

  g_assert_no_error (error);
  again = make_line (other, other_names);
  g_assert_cmpstr (again, ==, line);
}

static void
test_line_and_back (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr (ScopeEntry) entry = fixture_event (names, frames[i]);

      check_same_line (names, entry);
      entry->direction = SCOPE_DIRECTION_OUT;
      entry->flags = SCOPE_ENTRY_ENCRYPTED;
      check_same_line (names, entry);
      entry->flags |= SCOPE_ENTRY_DECRYPTED;
      entry->detail = g_strdup ("{\"data\":{\"plain\":1},\"later\":[true]}");
      check_same_line (names, entry);
    }
}

static void
test_other_lines_and_back (void)
{
  static const struct
  {
    ScopeEntryKind kind;
    const char *channel;
    const char *detail;
  } cases[] = {
    { SCOPE_ENTRY_STATE, NULL, "{\"previous\":\"connecting\",\"current\":\"connected\",\"socket_id\":\"1.2\"}" },
    { SCOPE_ENTRY_SUBSCRIPTION, "news", "{\"status\":\"error\",\"error\":{\"type\":\"AuthError\",\"message\":\"no\",\"status\":403}}" },
    { SCOPE_ENTRY_PRESENCE, "presence-x", "{\"action\":\"added\",\"count\":2,\"me\":\"7\",\"member\":{\"user_id\":\"8\",\"user_info\":null}}" },
    { SCOPE_ENTRY_CACHE_MISS, "cache-x", NULL },
    { SCOPE_ENTRY_ERROR, "news", "{\"source\":\"server\",\"code\":null,\"message\":\"x\",\"action\":\"none\"}" },
    { SCOPE_ENTRY_ERROR, NULL, "{\"source\":\"server\",\"code\":4301,\"message\":\"x\",\"action\":\"none\"}" },
    { SCOPE_ENTRY_WATCHLIST, NULL, "{\"status\":\"online\",\"user_ids\":[\"a\"]}" },
  };
  g_autoptr (ScopeNames) names = scope_names_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ScopeEntry) entry = fixture_entry (names, cases[i].kind, cases[i].channel, cases[i].detail);

      check_same_line (names, entry);
    }
}

static void
test_bad_lines (void)
{
  static const char * const lines[] = {
    "", "{", "[]", "{}", "nothing", "{\"time\":\"yesterday\",\"type\":\"event\"}",
    "{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"gap\"}",
    "{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"nonsense\"}",
    "{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"event\"}",
    "{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"frame\"}",
    "{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"event\",\"event\":7}",
  };
  g_autoptr (ScopeNames) names = scope_names_new ();

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeEntry) entry = scope_line_read_ndjson (lines[i], strlen (lines[i]), names, &error);

      g_assert_null (entry);
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE);
    }
}

/* A name that can't be kept as it is leaves no line, and is told. */
static void
test_bad_names (void)
{
  static const struct
  {
    const char *keys;
    const char *told; /* NULL: it is kept */
  } cases[] = {
    { "\"event\":\"a\\u0000b\"", "its “event” holds a NUL" },
    { "\"event\":\"e\",\"channel\":\"\\u0000\"", "its “channel” holds a NUL" },
    { "\"event\":\"e\",\"user_id\":\"u\\u0000\"", "its “user_id” holds a NUL" },
    { "\"event\":\"e\",\"channel\":\"c\\ud800\"", "its “channel” holds a NUL, or one half of" },
    { "\"event\":\"e\",\"channel\":5", "its “channel” is no text" },
    { "\"event\":\"e\",\"user_id\":{}", "its “user_id” is no text" },
    { "\"event\":\"e\",\"channel\":null,\"user_id\":5", NULL },
    { "\"event\":\"\",\"channel\":\"\\ud83d\\ude00\\u0001\",\"data\":\"\\u0000\"", NULL },
  };
  g_autoptr (ScopeNames) names = scope_names_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *line = g_strdup_printf ("{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"event\",%s}",
                                               cases[i].keys);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeEntry) entry = scope_line_read_ndjson (line, strlen (line), names, &error);

      if (cases[i].told == NULL)
        {
          g_assert_no_error (error);
          continue;
        }
      g_assert_null (entry);
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE);
      g_assert_true (g_str_has_prefix (error->message, cases[i].told));
    }
  g_assert_cmpuint (scope_names_find (names, "5"), >, 0);
  g_assert_cmpuint (scope_names_find (names, "😀\x01"), >, 0);
  g_assert_cmpuint (scope_names_find (names, "a"), ==, 0);
}

/* --- redaction --- */

static char *
redact (ScopeRedaction *redaction,
        const char     *line)
{
  GString *out = g_string_new (NULL);

  scope_redaction_append_line (redaction, out, line, strlen (line));
  g_assert_true (scope_json_check (out->str, out->len, NULL, NULL));
  g_string_truncate (out, out->len - 1);
  return g_string_free (out, FALSE);
}

static void
check_redacted (const char *rules,
                const char *line,
                const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeRedaction) redaction = scope_redaction_new (rules, &error);
  g_autofree char *got = NULL;

  g_assert_no_error (error);
  got = redact (redaction, line);
  g_assert_cmpstr (got, ==, expected);
}

static void
test_redaction_rules (void)
{
  check_redacted ("field email", "{\"data\":{\"email\":\"a@b\",\"x\":[{\"email\":\"a@b\"},{\"email\":\"c\"}]}}",
                  "{\"data\":{\"email\":\"email-1\",\"x\":[{\"email\":\"email-1\"},{\"email\":\"email-2\"}]},\"redacted\":3}");
  check_redacted ("path data.customer.email",
                  "{\"data\":{\"email\":\"a\",\"customer\":{\"email\":\"a\"}},\"raw\":\"{\\\"customer\\\":{\\\"email\\\":\\\"a\\\"}}\"}",
                  "{\"data\":{\"email\":\"a\",\"customer\":{\"email\":\"email-1\"}},"
                  "\"raw\":\"{\\\"customer\\\":{\\\"email\\\":\\\"email-1\\\"}}\",\"redacted\":2}");
  check_redacted ("path data.list[1]", "{\"data\":{\"list\":[1,2,3]}}", "{\"data\":{\"list\":[1,\"list-1\",3]},\"redacted\":1}");
  /* a key that looks like an index is none, and an index is no key */
  check_redacted ("path data.\"[0]\"", "{\"data\":{\"[0]\":1},\"x\":[1]}", "{\"data\":{\"[0]\":\"[0]-1\"},\"x\":[1],\"redacted\":1}");
  check_redacted ("path data.\"[0]\"", "{\"data\":[1]}", "{\"data\":[1]}");
  check_redacted ("path data[0]", "{\"data\":{\"[0]\":1}}", "{\"data\":{\"[0]\":1}}");
  check_redacted ("regex [0-9]{4}", "{\"data\":\"pin 1234, 1234 and 5678\",\"n\":1234}",
                  "{\"data\":\"pin text-1, text-1 and text-2\",\"n\":1234,\"redacted\":3}");
  /* one value, one placeholder, whichever rule found it */
  check_redacted ("field email\nregex a@b", "{\"data\":{\"email\":\"a@b\",\"text\":\"to a@b\"}}",
                  "{\"data\":{\"email\":\"email-1\",\"text\":\"to email-1\"},\"redacted\":2}");
  /* encoded twice */
  check_redacted ("field email", "{\"data\":{\"inner\":\"{\\\"email\\\":\\\"a\\\",\\\"n\\\":1.50}\"}}",
                  "{\"data\":{\"inner\":\"{\\\"email\\\":\\\"email-1\\\",\\\"n\\\":1.50}\"},\"redacted\":1}");
  /* nothing to hide: byte for byte */
  check_redacted ("# a remark\n\nfield email", "{\"time\":\"t\",\"data\":{\"a\":1e21,\"b\":\"\\u00e9\"}}",
                  "{\"time\":\"t\",\"data\":{\"a\":1e21,\"b\":\"\\u00e9\"}}");
  /* the line's own keys stay, null is nothing to hide */
  check_redacted ("field size\nfield type\nfield none\nregex event", "{\"type\":\"event\",\"size\":12,\"data\":{\"size\":3,\"none\":null}}",
                  "{\"type\":\"event\",\"size\":12,\"data\":{\"size\":\"size-1\",\"none\":null},\"redacted\":1}");
  /* behind an escaped NUL, and beside a lone surrogate */
  check_redacted ("regex secret", "{\"data\":\"a\\u0000secret\"}", "{\"data\":\"a\342\220\200text-1\",\"redacted\":1}");
  check_redacted ("regex secret", "{\"data\":\"\\ud800secret\"}", "{\"data\":\"\357\277\275text-1\",\"redacted\":1}");
  check_redacted ("regex a@b", "{\"data\":\"\\udc00a\\u0040b\\ud83d\\ude00\\u0000\",\"x\":{\"\\ud800\\u0061@b\":1}}",
                  "{\"data\":\"\357\277\275text-1\360\237\230\200\342\220\200\","
                  "\"x\":{\"\357\277\275text-1\":1},\"redacted\":2}");
}

/* `raw` says once more what `data` says, in whatever dress. */
static void
test_redaction_hidden_places (void)
{
  g_autoptr (GString) deep = g_string_new ("{\"data\":{},\"raw\":\"");

  /* white space around it, a string in a string, a lone surrogate beside it */
  check_redacted ("field email", "{\"raw\":\"\\n {\\\"email\\\":\\\"a\\\"}\\n\"}",
                  "{\"raw\":\"{\\\"email\\\":\\\"email-1\\\"}\",\"redacted\":1}");
  check_redacted ("field email", "{\"raw\":\"\\\"{\\\\\\\"email\\\\\\\":7}\\\"\"}",
                  "{\"raw\":\"\\\"{\\\\\\\"email\\\\\\\":\\\\\\\"email-1\\\\\\\"}\\\"\",\"redacted\":1}");
  check_redacted ("field email", "{\"raw\":\"{\\\"email\\\":\\\"a\\\",\\\"n\\\":\\\"\\ud800\\\"}\"}",
                  "{\"raw\":\"{\\\"email\\\":\\\"email-1\\\",\\\"n\\\":\\\"\357\277\275\\\"}\",\"redacted\":1}");
  /* a key is a string, too, unless it is the line's own */
  check_redacted ("regex [a-z]+@b", "{\"a@b\":1,\"data\":{\"hash\":{\"me@b\":{},\"x\":\"me@b\"}}}",
                  "{\"a@b\":1,\"data\":{\"hash\":{\"text-1\":{},\"x\":\"text-1\"}},\"redacted\":2}");
  check_redacted ("path \"[a]\"", "{\"[a]\":1}", "{\"[a]\":\"[a]-1\",\"redacted\":1}");

  /* too deep to be looked through */
  for (guint i = 0; i < 100; i++)
    g_string_append_c (deep, '[');
  g_string_append (deep, "{\\\"email\\\":1}");
  for (guint i = 0; i < 100; i++)
    g_string_append_c (deep, ']');
  g_string_append (deep, "\"}");
  check_redacted ("field email", deep->str, "{\"data\":{},\"raw\":\"text-1\",\"redacted\":1}");
  check_redacted ("regex nothing", deep->str, deep->str);
}

static void
test_redaction_mistakes (void)
{
  static const char * const rules[] = { "", "# only a remark", "email", "field", "path data..x", "path data[x]", "regex (",
                                        "field a\nnonsense b" };

  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    {
      g_autoptr (GError) error = NULL;
      ScopeRedaction *redaction = scope_redaction_new (rules[i], &error);

      g_assert_null (redaction);
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
    }
}

/* --- captures --- */

static ScopeCapture *
record_frames (const char *path)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (path, NULL, NULL);
  g_autoptr (GError) error = NULL;
  ScopeCapture *capture;

  for (guint i = 0; i < G_N_ELEMENTS (frames); i++)
    {
      g_autoptr (ScopeEntry) entry = fixture_event (scope_recorder_get_names (recorder), frames[i]);

      scope_recorder_append (recorder, entry);
    }
  fixture_close (recorder, &error);
  g_assert_no_error (error);
  capture = scope_capture_open (path, &error);
  g_assert_no_error (error);
  return capture;
}

static GBytes *
export (ScopeCapture             *capture,
        const ScopeExportOptions *options,
        ScopeExportResult        *result)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (GError) error = NULL;

  g_assert_true (scope_export_run (capture, stream, options, result, NULL, &error));
  g_assert_no_error (error);
  g_output_stream_close (stream, NULL, NULL);
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

static ScopeImportResult *
import (GBytes     *lines,
        const char *path)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_bytes (lines);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  ScopeImportResult *done;

  scope_import_async (stream, path, NULL, wait_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  done = scope_import_finish (result, &error);
  g_assert_no_error (error);
  return done;
}

static void
test_export_imported_again (Place         *place,
                            gconstpointer  data)
{
  g_autofree char *other_path = g_build_filename (place->directory, "other.channelscope", NULL);
  g_autoptr (ScopeCapture) capture = record_frames (place->path);
  ScopeExportOptions options = { .format = SCOPE_EXPORT_NDJSON };
  ScopeExportResult result;
  g_autoptr (GBytes) lines = export (capture, &options, &result);
  g_autoptr (ScopeImportResult) imported = import (lines, other_path);
  g_autoptr (ScopeCapture) other = scope_capture_open (other_path, NULL);
  g_autoptr (GBytes) again = NULL;

  g_assert_cmpuint (result.written, ==, G_N_ELEMENTS (frames));
  g_assert_cmpuint (imported->lines, ==, G_N_ELEMENTS (frames));
  g_assert_cmpuint (imported->skipped, ==, 0);
  g_assert_nonnull (other);
  again = export (other, &options, &result);
  g_assert_true (g_bytes_equal (lines, again));
}

static void
test_export_filtered_csv (Place         *place,
                          gconstpointer  data)
{
  static const char * const paths[] = { "data.total", NULL };
  g_autoptr (ScopeCapture) capture = record_frames (place->path);
  g_autoptr (ScopeFilter) filter = scope_filter_new ("channel == \"news\"", NULL, NULL);
  ScopeExportOptions options = { .format = SCOPE_EXPORT_CSV, .filter = filter, .paths = paths };
  ScopeExportResult result;
  g_autoptr (GBytes) csv = export (capture, &options, &result);
  static const char expected[]
      = "time,type,direction,channel,event,user_id,size,data,data.total\r\n"
        "2026-11-21T14:05:02.113456Z,event,in,news,order.paid,u-1,80,\"{\"\"total\"\":120}\",120\r\n";

  g_assert_cmpuint (result.written, ==, 1);
  fixture_assert_bytes (csv, expected, strlen (expected));
}

/* Lines of another hand: `data` alone is kept, and a size that their frame can't have is told all the same. */
static void
test_foreign_lines (void)
{
  static const char start[] = "{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"event\",\"event\":\"a\",";
  g_autofree char *bare = g_strconcat (start, "\"data\":{\"b\":[1]}}", NULL);
  g_autofree char *huge = g_strconcat (start, "\"size\":16000000}", NULL);
  g_autofree char *plain = g_strconcat (start, "\"data\":1,\"encrypted\":true,\"decrypted\":true}", NULL);
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeEntry) entry = scope_line_read_ndjson (bare, strlen (bare), names, NULL);
  g_autoptr (ScopeEntry) padded = scope_line_read_ndjson (huge, strlen (huge), names, NULL);
  g_autoptr (ScopeEntry) decrypted = scope_line_read_ndjson (plain, strlen (plain), names, NULL);
  g_autofree char *line = make_line (entry, names);

  g_assert_nonnull (strstr (line, ",\"data\":{\"b\":[1]},\"raw\":\"{\\\"b\\\":[1]}\","));
  g_assert_cmpuint (g_bytes_get_size (padded->frame), <, 64 * 1024);
  g_assert_cmpuint (scope_entry_get_size (padded), ==, 16000000);
  g_assert_cmpint (decrypted->data_kind, ==, SCOPE_JSON_NONE);
}

/* A long frame is not a short one because its line says so; a small one may have had fewer bytes. */
static void
test_told_size (void)
{
  g_autofree char *long_text = g_strnfill (1024 * 1024, 'x');
  g_autofree char *half_text = g_strnfill (60 * 1024, 'x');
  const char *texts[] = { long_text, half_text, "short" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *line
          = g_strdup_printf ("{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"event\",\"event\":\"a\","
                             "\"data\":\"%s\",\"size\":1}", texts[i]);
      g_autoptr (ScopeNames) names = scope_names_new ();
      g_autoptr (ScopeEntry) entry = scope_line_read_ndjson (line, strlen (line), names, NULL);
      gsize frame_size = g_bytes_get_size (entry->frame);

      g_assert_cmpuint (frame_size, >, strlen (texts[i]));
      g_assert_cmpuint (scope_entry_get_frame_size (entry), ==, frame_size);
      g_assert_cmpuint (scope_entry_get_size (entry), ==, texts[i] == long_text ? frame_size : 1);
      g_assert_cmpint ((entry->flags & SCOPE_ENTRY_TOLD_SIZE) != 0, ==, texts[i] != long_text);
    }
}

static void
test_import_tells_bad_lines (Place         *place,
                             gconstpointer  data)
{
  static const char text[] = "{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"event\",\"event\":\"a\",\"size\":13}\n"
                             "\n"
                             "nonsense\n"
                             "{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"event\",\"event\":\"b\",\"size\":13}";
  g_autoptr (GBytes) lines = g_bytes_new_static (text, strlen (text));
  g_autoptr (ScopeImportResult) imported = import (lines, place->path);

  g_assert_cmpuint (imported->lines, ==, 2);
  g_assert_cmpuint (imported->skipped, ==, 1);
  g_assert_cmpuint (imported->problems->len, ==, 1);
  g_assert_cmpuint (((ScopeImportProblem *) imported->problems->pdata[0])->number, ==, 3);
  g_assert_nonnull (((ScopeImportProblem *) imported->problems->pdata[0])->text);
}

/* --- bookmarks --- */

static void
mark_some (const char *path)
{
  g_autoptr (GPtrArray) marks = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_mark_free);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (marks, scope_mark_new (1, FIXTURE_TIME, "for “ann@example.com”\n"));
  g_ptr_array_add (marks, scope_mark_new (3, FIXTURE_TIME + 3, ""));
  scope_marks_write (path, marks, &error);
  g_assert_no_error (error);
}

/* "number note time" of each */
static void
check_marks (const char *path,
             const char *expected)
{
  g_autoptr (ScopeCapture) capture = scope_capture_open (path, NULL);
  g_autofree char *problem = NULL;
  g_autoptr (GPtrArray) marks = scope_marks_read (capture, &problem);
  g_autoptr (GString) found = g_string_new (NULL);

  g_assert_null (problem);
  for (guint i = 0; i < marks->len; i++)
    {
      const ScopeMark *mark = marks->pdata[i];

      g_string_append_printf (found, "%d %s;", (int) mark->sequence, mark->note);
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static char *
get_line (GBytes *lines,
          guint   number)
{
  gsize length;
  const char *text = g_bytes_get_data (lines, &length);
  g_autofree char *whole = g_strndup (text, length);
  g_auto (GStrv) all = g_strsplit (whole, "\n", -1);

  g_assert_cmpuint (number, <, g_strv_length (all));
  return g_strdup (all[number]);
}

static void
check_end (GBytes     *lines,
           guint       number,
           const char *end)
{
  g_autofree char *line = get_line (lines, number);

  if (!g_str_has_suffix (line, end))
    g_error ("%s does not end in %s", line, end);
}

/* Exported, imported, exported: the same bytes, and the bookmarks are where they were. */
static void
check_marks_round_trip (Place                    *place,
                        const ScopeExportOptions *options,
                        const char               *end,
                        const char               *expected)
{
  g_autofree char *other_path = g_build_filename (place->directory, "other.channelscope", NULL);
  g_autoptr (ScopeCapture) capture = record_frames (place->path);
  ScopeExportOptions plain = { .format = SCOPE_EXPORT_NDJSON };
  ScopeExportResult result;
  g_autoptr (GBytes) lines = NULL;
  g_autoptr (GBytes) again = NULL;
  g_autoptr (ScopeImportResult) imported = NULL;
  g_autoptr (ScopeCapture) other = NULL;

  mark_some (place->path);
  lines = export (capture, options, &result);
  g_assert_false (result.lost_marks);
  check_end (lines, 0, end);
  check_end (lines, 1, "\"size\":13}");
  check_end (lines, 2, ",\"bookmark\":true}");
  imported = import (lines, other_path);
  g_assert_cmpuint (imported->marks, ==, 2);
  check_marks (other_path, expected);
  other = scope_capture_open (other_path, NULL);
  again = export (other, &plain, &result);
  g_assert_true (g_bytes_equal (lines, again));
}

static void
test_export_marks (Place         *place,
                   gconstpointer  data)
{
  ScopeExportOptions options = { .format = SCOPE_EXPORT_NDJSON };

  check_marks_round_trip (place, &options,
                          ",\"bookmark\":true,\"note\":\"for “ann@example.com”\\n\"}",
                          "1 for “ann@example.com”\n;3 ;");
}

/* A note is redacted as any string; that there is a bookmark is no secret. */
static void
test_export_marks_redacted (Place         *place,
                            gconstpointer  data)
{
  g_autoptr (ScopeRedaction) redaction = scope_redaction_new ("regex [a-z]+@[a-z.]+\nfield bookmark\nregex order[.]paid",
                                                              NULL);
  ScopeExportOptions options = { .format = SCOPE_EXPORT_NDJSON, .redaction = redaction };

  check_marks_round_trip (place, &options,
                          ",\"redacted\":2,\"bookmark\":true,\"note\":\"for “text-2”\\n\"}",
                          "1 for “text-2”\n;3 ;");
}

static void
test_export_marks_field (Place         *place,
                         gconstpointer  data)
{
  g_autoptr (ScopeRedaction) redaction = scope_redaction_new ("field note", NULL);
  ScopeExportOptions options = { .format = SCOPE_EXPORT_NDJSON, .redaction = redaction };

  check_marks_round_trip (place, &options, ",\"redacted\":1,\"bookmark\":true,\"note\":\"note-1\"}",
                          "1 note-1;3 ;");
}

/* Into a capture they go with their entries, which may have other numbers there. */
static void
test_export_marks_capture (Place         *place,
                           gconstpointer  data)
{
  g_autofree char *other_path = g_build_filename (place->directory, "other.channelscope", NULL);
  g_autoptr (ScopeCapture) capture = record_frames (place->path);
  const guint64 rows[] = { 2, 3 };
  ScopeExportOptions options = { .format = SCOPE_EXPORT_CAPTURE, .rows = rows, .n_rows = G_N_ELEMENTS (rows) };
  ScopeExportResult result;
  g_autoptr (GError) error = NULL;

  mark_some (place->path);
  g_assert_true (scope_export_run_capture (capture, other_path, &options, &result, NULL, &error));
  g_assert_no_error (error);
  check_marks (other_path, "2 ;");
}

/* What is no bookmark as this program writes it stays a part of the line. */
static void
test_import_odd_marks (Place         *place,
                       gconstpointer  data)
{
#define HEAD "{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"state\","
  static const char text[] = HEAD "\"bookmark\":1,\"note\":\"a\"}\n"
                             HEAD "\"note\":\"b\"}\n"
                             HEAD "\"bookmark\":true,\"note\":3}\n"
                             HEAD "\"bookmark\":true,\"note\":\"nul\\u0000\"}\n"
                             HEAD "\"bookmark\":true,\"note\":\"good\"}\n";
  g_autofree char *long_note = g_strnfill (5000, 'x');
  g_autofree char *all = g_strdup_printf ("%s" HEAD "\"bookmark\":true,\"note\":\"%s\"}\n", text, long_note);
  g_autoptr (GBytes) lines = g_bytes_new_static (all, strlen (all));
  g_autoptr (ScopeImportResult) imported = import (lines, place->path);
  g_autoptr (ScopeCapture) capture = scope_capture_open (place->path, NULL);
  ScopeExportOptions options = { .format = SCOPE_EXPORT_NDJSON };
  ScopeExportResult result;
  g_autoptr (GBytes) again = export (capture, &options, &result);

  g_assert_cmpuint (imported->lines, ==, 6);
  g_assert_cmpuint (imported->marks, ==, 1);
  check_marks (place->path, "5 good;");
  g_assert_true (g_bytes_equal (lines, again));
#undef HEAD
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/export/line-and-back", test_line_and_back);
  g_test_add_func ("/export/other-lines-and-back", test_other_lines_and_back);
  g_test_add_func ("/export/bad-lines", test_bad_lines);
  g_test_add_func ("/export/bad-names", test_bad_names);
  g_test_add_func ("/export/redaction-rules", test_redaction_rules);
  g_test_add_func ("/export/redaction-hidden-places", test_redaction_hidden_places);
  g_test_add_func ("/export/redaction-mistakes", test_redaction_mistakes);
  g_test_add ("/export/imported-again", Place, NULL, place_set_up, test_export_imported_again, place_tear_down);
  g_test_add ("/export/filtered-csv", Place, NULL, place_set_up, test_export_filtered_csv, place_tear_down);
  g_test_add ("/export/marks", Place, NULL, place_set_up, test_export_marks, place_tear_down);
  g_test_add ("/export/marks-redacted", Place, NULL, place_set_up, test_export_marks_redacted, place_tear_down);
  g_test_add ("/export/marks-field", Place, NULL, place_set_up, test_export_marks_field, place_tear_down);
  g_test_add ("/export/marks-capture", Place, NULL, place_set_up, test_export_marks_capture, place_tear_down);
  g_test_add ("/export/odd-marks", Place, NULL, place_set_up, test_import_odd_marks, place_tear_down);
  g_test_add_func ("/export/foreign-lines", test_foreign_lines);
  g_test_add_func ("/export/told-size", test_told_size);
  g_test_add ("/export/import-tells-bad-lines", Place, NULL, place_set_up, test_import_tells_bad_lines,
              place_tear_down);
  return g_test_run ();
}
