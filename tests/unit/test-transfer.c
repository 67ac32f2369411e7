/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "capture-recording.h"
#include "capture/scope-output-file.h"
#include "capture/scope-transfer.h"

#define N_EVENTS 5000

static const char * const secrets[] = { "ann@example.com", "bob@example.com" };

static ScopeRecorder *
record (const char *path,
        guint       n)
{
  static const char * const app[] = { "profile", "Shop", "host", "shop.example", NULL };
  ScopeRecorder *recorder = scope_recorder_new (path, app, NULL);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *frame = g_strdup_printf (
          "{\"event\":\"e\",\"channel\":\"c\",\"data\":\"{\\\"n\\\":%u,\\\"to\\\":[{\\\"email\\\":\\\"%s\\\"}]}\"}",
          i, secrets[i % 2]);
      g_autoptr (ScopeEntry) entry = fixture_event (scope_recorder_get_names (recorder), frame);

      g_assert_cmpuint (scope_recorder_append (recorder, entry), ==, i + 1);
    }
  return recorder;
}

static ScopeCapture *
make_capture (const char *path,
              guint       n)
{
  g_autoptr (ScopeRecorder) recorder = record (path, n);
  g_autoptr (GError) error = NULL;
  ScopeCapture *capture;

  fixture_close (recorder, &error);
  g_assert_no_error (error);
  capture = scope_capture_open (path, &error);
  g_assert_no_error (error);
  return capture;
}

static gboolean
export (ScopeTransfer      *transfer,
        ScopeTransferPlan  *plan,
        const char         *path,
        ScopeExportResult  *counts,
        GError            **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  scope_transfer_export_async (transfer, plan, path, wait_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  return scope_transfer_export_finish (transfer, result, counts, error);
}

static char *
read_file (const char *path)
{
  char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
check_has_no_secret (const char *path)
{
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (gsize i = 0; i < length; i++)
    text[i] = text[i] == '\0' ? ' ' : text[i];
  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    g_assert_null (strstr (text, secrets[i]));
}

/* --- files --- */

static void
test_file_is_whole_or_absent (Place         *place,
                              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  for (guint round = 0; round < 3; round++)
    {
      ScopeOutputFile *file = scope_output_file_new (place->path);
      GOutputStream *stream = scope_output_file_open (file, &error);

      g_assert_no_error (error);
      g_assert_true (g_output_stream_write_all (stream, "new\n", 4, NULL, NULL, NULL));
      if (round == 0) /* nothing was there, nothing is */
        g_assert_false (g_file_test (place->path, G_FILE_TEST_EXISTS));
      if (round == 1)
        g_assert_true (g_file_set_contents (place->path, "old\n", -1, NULL));
      if (round == 2)
        g_assert_true (scope_output_file_commit (file, &error));
      scope_output_file_free (file);
      g_assert_cmpuint (place_count_files (place->directory), ==, round == 0 ? 0 : 1);
      if (round > 0)
        {
          g_autofree char *text = read_file (place->path);

          g_assert_cmpstr (text, ==, round == 1 ? "old\n" : "new\n");
        }
    }
}

static void
test_file_follows_links (Place         *place,
                         gconstpointer  data)
{
  g_autofree char *link = g_build_filename (place->directory, "link", NULL);
  g_autoptr (ScopeOutputFile) file = NULL;
  g_autoptr (ScopeOutputFile) pipe = scope_output_file_new ("/dev/null");
  g_autofree char *text = NULL;
  GStatBuf status;

  g_assert_true (g_file_set_contents (place->path, "old\n", -1, NULL));
  g_assert_cmpint (symlink (place->path, link), ==, 0);
  file = scope_output_file_new (link);
  g_assert_true (g_output_stream_write_all (scope_output_file_open (file, NULL), "new\n", 4, NULL, NULL, NULL));
  g_assert_true (scope_output_file_commit (file, NULL));
  text = read_file (place->path);
  g_assert_cmpstr (text, ==, "new\n");
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_cmpint (g_stat (place->path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  g_assert_nonnull (scope_output_file_open (pipe, NULL));
  g_assert_true (scope_output_file_commit (pipe, NULL));
}

/* --- export --- */

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
test_export_counts (Place         *place,
                    gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place->path, N_EVENTS);
  g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
  g_autofree char *out = g_build_filename (place->directory, "out.ndjson", NULL);
  g_autoptr (GError) error = NULL;
  ScopeTransferPlan *plan = scope_transfer_plan_new (capture, SCOPE_EXPORT_NDJSON);
  ScopeExportResult counts;
  g_autofree char *text = NULL;
  guint64 done, total;
  guint told = 0;

  g_signal_connect_swapped (transfer, "notify::done", G_CALLBACK (count_cb), &told);
  plan->last = N_EVENTS - 1; /* as of a recording that goes on */
  g_assert_true (export (transfer, plan, out, &counts, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (counts.written, ==, N_EVENTS - 1);
  g_object_get (transfer, "done", &done, "total", &total, NULL);
  g_assert_cmpuint (done, ==, N_EVENTS - 1);
  g_assert_cmpuint (total, ==, N_EVENTS - 1);
  text = read_file (out);
  g_assert_cmpuint (strlen (text), ==, counts.bytes);
  g_assert_nonnull (strstr (text, "\"n\":4998"));
  g_assert_null (strstr (text, "\"n\":4999"));
}

static void
test_export_rows_and_columns (Place         *place,
                              gconstpointer  data)
{
  static const guint64 rows[] = { 3, 5 };
  static const char * const columns[] = { "event", NULL };
  static const char * const paths[] = { "data.n", "data.to[0].email", NULL };
  g_autoptr (ScopeCapture) capture = make_capture (place->path, 10);
  g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
  g_autofree char *out = g_build_filename (place->directory, "out.csv", NULL);
  ScopeTransferPlan *plan = scope_transfer_plan_new (capture, SCOPE_EXPORT_CSV);
  g_autofree char *text = NULL;

  plan->rows = g_array_append_vals (g_array_new (FALSE, FALSE, sizeof (guint64)), rows, 2);
  plan->columns = g_strdupv ((char **) columns);
  plan->paths = g_strdupv ((char **) paths);
  plan->rules = g_strdup ("field email");
  g_assert_true (export (transfer, plan, out, NULL, NULL));
  text = read_file (out);
  g_assert_cmpstr (text, ==, "event,data.n,data.to[0].email\r\ne,2,email-1\r\ne,4,email-1\r\n");
}

static void
test_export_cancelled (Place         *place,
                       gconstpointer  data)
{
  static const ScopeExportFormat formats[] = { SCOPE_EXPORT_NDJSON, SCOPE_EXPORT_CSV, SCOPE_EXPORT_CAPTURE };
  g_autoptr (ScopeCapture) capture = make_capture (place->path, N_EVENTS);
  g_autofree char *out = g_build_filename (place->directory, "out", NULL);

  g_assert_true (g_file_set_contents (out, "old\n", -1, NULL));
  for (guint i = 0; i < 2 * G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
      ScopeTransferPlan *plan = scope_transfer_plan_new (capture, formats[i / 2]);
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;

      plan->rules = i % 2 == 1 ? g_strdup ("field email") : NULL;
      scope_transfer_cancel (transfer);
      g_assert_false (export (transfer, plan, out, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      text = read_file (out);
      g_assert_cmpstr (text, ==, "old\n");
      g_assert_cmpuint (place_count_files (place->directory), ==, 2);
    }
}

static gboolean
write_bytes (GFile   *file,
             GError **error)
{
  g_autofree char *text = g_strnfill (20000, 'x');
  g_autoptr (GBytes) bytes = g_bytes_new (text, 20000);
  g_autoptr (GAsyncResult) result = NULL;

  scope_output_file_write_async (file, bytes, wait_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  return scope_output_file_write_finish (file, result, error);
}

/* In a process of its own: no file of it may become larger than this from then on. */
static void
limit_files (rlim_t bytes)
{
  struct rlimit limit = { bytes, bytes };

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}

static void
run_on_full_disk (Place *place)
{
  static const ScopeExportFormat formats[] = { SCOPE_EXPORT_NDJSON, SCOPE_EXPORT_CSV, SCOPE_EXPORT_CAPTURE };
  g_autoptr (ScopeCapture) capture = make_capture (place->path, 2000);
  g_autofree char *out = g_build_filename (place->directory, "out", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (out);
  g_autoptr (GError) refused = NULL;

  limit_files (8192);
  for (guint i = 0; i < 4 * G_N_ELEMENTS (formats); i++)
    {
      g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
      ScopeTransferPlan *plan = scope_transfer_plan_new (capture, formats[i / 4]);
      g_autoptr (GError) error = NULL;

      if (i % 2 == 1)
        g_assert_true (g_file_set_contents (out, "old\n", -1, NULL));
      plan->rules = (i / 2) % 2 == 1 ? g_strdup ("field email") : NULL;
      g_assert_false (export (transfer, plan, out, NULL, &error));
      g_assert_nonnull (error);
      g_assert_false (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
      /* what stood there does, and nothing else came */
      g_assert_cmpuint (place_count_files (place->directory), ==, 1 + i % 2);
      if (i % 2 == 1)
        {
          g_autofree char *text = read_file (out);

          g_assert_cmpstr (text, ==, "old\n");
        }
      g_unlink (out);
    }
  g_assert_false (write_bytes (file, &refused));
  g_assert_error (refused, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpuint (place_count_files (place->directory), ==, 1);
}

static void
test_export_onto_a_full_disk (Place         *place,
                              gconstpointer  data)
{
  if (g_test_subprocess ())
    {
      run_on_full_disk (place);
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

static void
test_write_bytes (Place         *place,
                  gconstpointer  data)
{
  g_autofree char *out = g_build_filename (place->directory, "out", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (out);
  g_autoptr (GFile) nowhere = g_file_new_for_path ("/nowhere/at/all");
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (out, "old\n", -1, NULL));
  g_assert_true (write_bytes (file, &error));
  g_assert_no_error (error);
  text = read_file (out);
  g_assert_cmpuint (strlen (text), ==, 20000);
  g_assert_false (write_bytes (nowhere, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
}

static void
test_export_refused (Place         *place,
                     gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place->path, 3);
  g_autofree char *before = fixture_query (place->path, "SELECT count(*) FROM entries");
  g_autofree char *after = NULL;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
      ScopeTransferPlan *plan = scope_transfer_plan_new (capture, SCOPE_EXPORT_CSV);
      g_autoptr (GError) error = NULL;

      if (i == 1)
        plan->rules = g_strdup ("email");
      g_assert_false (export (transfer, plan, i == 2 ? "/nowhere/at/all" : i == 1 ? "/tmp/never" : place->path,
                              NULL, &error));
      if (i == 2)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
      else
        g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
    }
  after = fixture_query (place->path, "SELECT count(*) FROM entries");
  g_assert_cmpstr (before, ==, after);
}

static void
test_export_redacted_capture (Place         *place,
                              gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place->path, 10);
  g_autoptr (ScopeCapture) other = NULL;
  g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
  g_autofree char *out = g_build_filename (place->directory, "out.channelscope", NULL);
  ScopeTransferPlan *plan = scope_transfer_plan_new (capture, SCOPE_EXPORT_CAPTURE);
  ScopeExportResult counts;
  g_autoptr (ScopeEntry) entry = NULL;
  g_autofree char *redacted = NULL;
  g_autoptr (GError) error = NULL;

  plan->rules = g_strdup ("field email");
  g_assert_true (export (transfer, plan, out, &counts, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (counts.replaced, ==, 20); /* in data and in raw */
  check_has_no_secret (out);
  other = scope_capture_open (out, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_count (other), ==, 10);
  g_assert_null (scope_capture_get_warning (other));
  g_assert_cmpstr (scope_capture_get_meta (other, "redacted"), ==, "yes");
  g_assert_null (scope_capture_get_meta (other, "host"));
  entry = scope_capture_read (other, 1, NULL);
  redacted = scope_entry_dup_detail (entry, "redacted");
  g_assert_cmpstr (redacted, ==, "2");
}

/* A -wal of what stood there before would be taken for the new capture's. */
static void
test_export_beside_a_wal (Place         *place,
                          gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place->path, 3);
  g_autofree char *out = g_build_filename (place->directory, "out.channelscope", NULL);
  g_autofree char *wal = g_strconcat (out, "-wal", NULL);
  g_autofree char *text = NULL;
  g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (out, "old\n", -1, NULL));
  g_assert_true (g_file_set_contents (wal, "pages", -1, NULL));
  g_assert_false (export (transfer, scope_transfer_plan_new (capture, SCOPE_EXPORT_CAPTURE), out, NULL, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
  text = read_file (out);
  g_assert_cmpstr (text, ==, "old\n");
}

/* --- copies --- */

static void
test_copy_of_a_recording (Place         *place,
                          gconstpointer  data)
{
  g_autoptr (ScopeRecorder) recorder = record (place->path, N_EVENTS);
  g_autofree char *out = g_build_filename (place->directory, "out.channelscope", NULL);
  g_autoptr (ScopeCapture) live = NULL;
  g_autoptr (ScopeCapture) copy = NULL;
  g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
  g_autoptr (ScopeEntry) entry = NULL;
  g_autoptr (GError) error = NULL;

  WAIT_UNTIL (scope_recorder_get_committed (recorder) == N_EVENTS);
  live = scope_capture_open_live (place->path, scope_recorder_get_names (recorder), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 100; i++) /* it goes on */
    fixture_append (recorder, i);
  g_assert_true (export (transfer, scope_transfer_plan_new (live, SCOPE_EXPORT_CAPTURE), out, NULL, &error));
  g_assert_no_error (error);
  copy = scope_capture_open (out, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_count (copy), >=, N_EVENTS);
  g_assert_null (scope_capture_get_warning (copy));
  g_assert_cmpstr (scope_capture_get_meta (copy, "profile"), ==, "Shop");
  g_assert_cmpstr (scope_capture_get_meta (copy, "state"), ==, "closed");
  entry = scope_capture_read (copy, N_EVENTS, &error);
  g_assert_no_error (error);

  g_assert_true (fixture_close (recorder, &error));
  g_assert_no_error (error);
  g_clear_object (&live);
  g_clear_object (&copy);
  g_assert_cmpuint (place_count_files (place->directory), ==, 2); /* no -wal of either */
}

/* --- preview --- */

static void
test_preview (Place         *place,
              gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = make_capture (place->path, 10);

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
      ScopeTransferPlan *plan = scope_transfer_plan_new (capture, SCOPE_EXPORT_CSV);
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (ScopeTransferPreview) preview = NULL;
      g_autoptr (GError) error = NULL;
      ScopeTransferSample *sample;

      plan->rules = g_strdup ("field email\nregex ^e$");
      scope_transfer_preview_async (transfer, plan, i == 0 ? 2 : 0, wait_result_cb, &result);
      WAIT_UNTIL (result != NULL);
      preview = scope_transfer_preview_finish (transfer, result, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (preview->replaced, ==, i == 0 ? 4 : 20);
      g_assert_cmpuint (preview->n_fields, ==, 2);
      g_assert_cmpuint (preview->samples->len, ==, 2);
      sample = preview->samples->pdata[1];
      g_assert_cmpstr (sample->field, ==, "data.to[].email");
      g_assert_cmpstr (sample->before, ==, secrets[0]);
      g_assert_cmpstr (sample->after, ==, "email-1");
      if (i == 1)
        g_assert_null (preview->lines);
      else
        {
          g_auto (GStrv) lines = g_strsplit (preview->lines, "\n", -1);

          g_assert_cmpuint (g_strv_length (lines), ==, 3);
          g_assert_true (g_str_has_prefix (lines[0], "time,type,"));
          g_assert_null (strstr (preview->lines, "example"));
        }
    }
}

/* The fields are counted up to a bound, however long their paths are. */
static void
test_many_fields (Place         *place,
                  gconstpointer  data)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autofree char *key = g_strnfill (5000, 'k');
  g_autoptr (GString) frame = g_string_new ("{\"event\":\"e\",\"channel\":\"c\",\"data\":{");
  g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (ScopeTransferPreview) preview = NULL;
  g_autoptr (ScopeEntry) entry = NULL;
  g_autoptr (GError) error = NULL;
  ScopeTransferPlan *plan;

  g_string_append_printf (frame, "\"%s\":{\"email\":\"ann@example.com\"}", key);
  for (guint i = 0; i < 12000; i++)
    g_string_append_printf (frame, ",\"k%u\":{\"email\":\"ann@example.com\"}", i);
  g_string_append (frame, "}}");
  entry = fixture_event (scope_recorder_get_names (recorder), frame->str);
  g_assert_cmpuint (scope_recorder_append (recorder, entry), ==, 1);
  g_assert_true (fixture_close (recorder, NULL));
  capture = scope_capture_open (place->path, &error);
  g_assert_no_error (error);

  plan = scope_transfer_plan_new (capture, SCOPE_EXPORT_NDJSON);
  plan->rules = g_strdup ("field email");
  scope_transfer_preview_async (transfer, plan, 0, wait_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  preview = scope_transfer_preview_finish (transfer, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (preview->replaced, ==, 12001);
  g_assert_cmpuint (preview->n_fields, ==, 10000);
  g_assert_true (preview->has_more_fields);
}

/* --- import --- */

static ScopeImportResult *
import (ScopeTransfer  *transfer,
        const char     *text,
        Place          *place,
        GError        **error)
{
  g_autofree char *in = g_build_filename (place->directory, "in", NULL);
  g_autoptr (GFile) file = g_file_new_for_path (in);
  g_autoptr (GAsyncResult) result = NULL;

  g_assert_true (g_file_set_contents (in, text, -1, NULL));
  scope_transfer_import_async (transfer, file, place->path, wait_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  return scope_transfer_import_finish (transfer, result, error);
}

#define LINE "{\"time\":\"2026-11-21T14:05:02.113456Z\",\"type\":\"event\",\"event\":\"a\",\"size\":13}\n"

static void
test_import_lines (Place         *place,
                   gconstpointer  data)
{
  g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (ScopeImportResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *count = NULL;

  for (guint i = 0; i < 3000; i++)
    g_string_append (text, i % 10 == 9 ? "nonsense\n" : LINE);
  result = import (transfer, text->str, place, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (result->lines, ==, 2700);
  g_assert_cmpuint (result->skipped, ==, 300);
  g_assert_cmpuint (result->problems->len, ==, SCOPE_IMPORT_MAX_PROBLEMS);
  g_assert_cmpuint (((ScopeImportProblem *) result->problems->pdata[1])->number, ==, 20);
  count = fixture_query (place->path, "SELECT count(*) FROM entries");
  g_assert_cmpstr (count, ==, "2700");
}

static void
test_import_har (Place         *place,
                 gconstpointer  data)
{
  static const char har[] =
      "{\"log\":{\"entries\":["
      "{\"request\":{\"url\":\"wss://x/app/k\"},\"_webSocketMessages\":["
      "{\"type\":\"receive\",\"time\":1795269902.25,\"data\":\"{\\\"event\\\":\\\"e\\\",\\\"channel\\\":\\\"c\\\"}\"},"
      "{\"type\":\"receive\",\"time\":1}, 7]},"
      "{\"request\":{\"url\":\"wss://x/chat\"},\"_webSocketMessages\":[{\"data\":\"x\"}]}]}}";
  g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeImportResult) result = import (transfer, har, place, &error);
  g_autofree char *kind = NULL;

  g_assert_no_error (error);
  g_assert_true (result->is_har);
  g_assert_cmpuint (result->lines, ==, 1);
  g_assert_cmpuint (result->skipped, ==, 2);
  g_assert_cmpuint (((ScopeImportProblem *) result->problems->pdata[0])->number, ==, 2);
  g_assert_cmpuint (result->others, ==, 1);
  kind = fixture_query (place->path, "SELECT channel || ' ' || event FROM events");
  g_assert_cmpstr (kind, ==, "c e");
}

static void
test_import_leaves_nothing (Place         *place,
                            gconstpointer  data)
{
  static const char * const texts[] = { LINE, "{\"log\": [", "nonsense\n", "" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeImportResult) result = NULL;

      if (i == 0)
        scope_transfer_cancel (transfer);
      result = import (transfer, texts[i], place, &error);
      if (i == 0)
        g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      else if (i == 1)
        g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
      else
        g_assert_cmpuint (result->lines, ==, 0);
      g_assert_cmpuint (place_count_files (place->directory), ==, 1);
    }
}

static void
test_import_over_nothing_that_is_there (Place         *place,
                                        gconstpointer  data)
{
  g_autoptr (ScopeTransfer) transfer = scope_transfer_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_assert_true (g_file_set_contents (place->path, "old\n", -1, NULL));
  g_assert_null (import (transfer, LINE, place, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_EXISTS);
  text = read_file (place->path);
  g_assert_cmpstr (text, ==, "old\n");
}

int
main (int    argc,
      char **argv)
{
#define ADD(name, func) g_test_add ("/transfer/" name, Place, NULL, place_set_up, func, place_tear_down)
  g_test_init (&argc, &argv, NULL);

  ADD ("file-is-whole-or-absent", test_file_is_whole_or_absent);
  ADD ("file-follows-links", test_file_follows_links);
  ADD ("export-counts", test_export_counts);
  ADD ("export-rows-and-columns", test_export_rows_and_columns);
  ADD ("export-cancelled", test_export_cancelled);
  ADD ("export-onto-a-full-disk", test_export_onto_a_full_disk);
  ADD ("write-bytes", test_write_bytes);
  ADD ("export-refused", test_export_refused);
  ADD ("export-redacted-capture", test_export_redacted_capture);
  ADD ("export-beside-a-wal", test_export_beside_a_wal);
  ADD ("copy-of-a-recording", test_copy_of_a_recording);
  ADD ("preview", test_preview);
  ADD ("many-fields", test_many_fields);
  ADD ("import-lines", test_import_lines);
  ADD ("import-har", test_import_har);
  ADD ("import-leaves-nothing", test_import_leaves_nothing);
  ADD ("import-over-nothing-that-is-there", test_import_over_nothing_that_is_there);
  return g_test_run ();
}
