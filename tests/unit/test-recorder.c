/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "capture-recording.h"
#include "capture/scope-writer.h"

static const char *program;

static int
get_mode (const char *path)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return status.st_mode & 0777;
}

typedef struct
{
  guint64 committed;
  guint n_committed;
  guint n_failed;
  GError *error;
  GString *states;
} Seen;

static void
seen_committed_cb (ScopeRecorder *recorder,
                   guint64        up_to,
                   Seen          *seen)
{
  g_assert_cmpuint (up_to, >, seen->committed);
  g_assert_cmpuint (up_to, <=, scope_recorder_get_appended (recorder));
  g_assert_cmpuint (up_to, ==, scope_recorder_get_committed (recorder));
  seen->committed = up_to;
  seen->n_committed++;
}

static void
seen_failed_cb (ScopeRecorder *recorder,
                const GError  *error,
                Seen          *seen)
{
  g_assert_cmpint (scope_recorder_get_state (recorder), ==, SCOPE_RECORDER_FAILED);
  seen->n_failed++;
  g_clear_error (&seen->error);
  seen->error = g_error_copy (error);
}

static void
seen_state_cb (ScopeRecorder *recorder,
               GParamSpec    *pspec,
               Seen          *seen)
{
  int state;

  g_object_get (recorder, "state", &state, NULL);
  g_assert_cmpint (state, ==, scope_recorder_get_state (recorder));
  g_string_append_c (seen->states, "ORFCS"[state]);
}

static Seen *
seen_new (ScopeRecorder *recorder)
{
  Seen *seen = g_new0 (Seen, 1);

  seen->states = g_string_new (NULL);
  g_signal_connect (recorder, "committed", G_CALLBACK (seen_committed_cb), seen);
  g_signal_connect (recorder, "failed", G_CALLBACK (seen_failed_cb), seen);
  g_signal_connect (recorder, "notify::state", G_CALLBACK (seen_state_cb), seen);
  return seen;
}

static void
seen_free (Seen *seen)
{
  g_clear_error (&seen->error);
  g_string_free (seen->states, TRUE);
  g_free (seen);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Seen, seen_free)

/* --- all is well --- */

static void
test_order (Place         *place,
            gconstpointer  data)
{
  const char *app[] = { "profile", "Shop", "host", "example.com", NULL };
  g_autofree char *inner = g_build_filename (place->directory, "one", "two", "x.channelscope", NULL);
  g_autofree char *directory = g_path_get_dirname (inner);
  ScopeRecorder *recorder = scope_recorder_new (inner, app, NULL);
  g_autoptr (Seen) seen = seen_new (recorder);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autofree char *mode = NULL;
  g_autofree ScopeRecord *records = g_new (ScopeRecord, 10000);
  g_autoptr (GError) error = NULL;

  g_assert_cmpstr (scope_recorder_get_path (recorder), ==, inner);
  g_assert_cmpint (scope_recorder_get_state (recorder), ==, SCOPE_RECORDER_OPENING);
  for (guint i = 1; i <= 10000; i++)
    g_assert_cmpuint (fixture_append (recorder, i), ==, i);
  g_assert_cmpuint (scope_recorder_get_waiting (recorder), >, 0);
  WAIT_UNTIL (seen->committed == 10000);
  g_assert_cmpuint (scope_recorder_get_waiting (recorder), ==, 0);
  g_assert_cmpuint (seen->n_committed, <, 100);
  g_assert_cmpint (get_mode (inner), ==, 0600);
  g_assert_cmpint (get_mode (directory), ==, 0700);

  g_assert_true (fixture_close (recorder, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (seen->states->str, ==, "RC");
  g_assert_cmpuint (seen->n_failed, ==, 0);
  g_assert_finalize_object (recorder);

  /* one plain file */
  g_assert_cmpuint (place_count_files (directory), ==, 1);
  mode = fixture_query (inner, "PRAGMA journal_mode");
  g_assert_cmpstr (mode, ==, "delete");

  capture = scope_capture_open (inner, &error);
  g_assert_no_error (error);
  g_assert_null (scope_capture_get_warning (capture));
  g_assert_cmpstr (scope_capture_get_meta (capture, "profile"), ==, "Shop");
  g_assert_cmpstr (scope_capture_get_meta (capture, "state"), ==, "closed");
  g_assert_nonnull (scope_capture_get_meta (capture, "started"));
  g_assert_nonnull (scope_capture_get_meta (capture, "ended"));
  g_assert_null (scope_capture_get_meta (capture, "none"));
  g_assert_cmpuint (scope_capture_count (capture), ==, 10000);
  for (guint i = 1; i <= 10000; i++)
    fixture_assert_tick (capture, i);
  g_assert_cmpuint (scope_capture_read_records (capture, 1, 10000, records, &error), ==, 10000);
  g_assert_cmpuint (records[9999].event, ==, scope_names_find (scope_capture_get_names (capture),
                                                               "tick-4"));
}

static ScopeEntry *
make_full_entry (ScopeNames *names)
{
  ScopeEntry *entry = fixture_event (
      names, "{\"event\":\"e\",\"channel\":\"c\",\"user_id\":\"u\",\"data\":{\"a\":1}}");

  entry->direction = SCOPE_DIRECTION_OUT;
  entry->flags = SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED;
  entry->detail = g_strdup ("{\"data\":\"plain\"}");
  return entry;
}

/* every field comes back, and bytes that are no text do */
static void
test_round_trip (Place         *place,
                 gconstpointer  data)
{
  static const char bytes[] = "\xff\0\x80{";
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (place->path, NULL, NULL);
  ScopeNames *names = scope_recorder_get_names (recorder);
  g_autoptr (ScopeEntry) full = make_full_entry (names);
  g_autoptr (ScopeEntry) binary = scope_entry_new (SCOPE_ENTRY_FRAME, 0);
  g_autoptr (ScopeEntry) empty = scope_entry_new (SCOPE_ENTRY_FRAME, 1);
  g_autoptr (ScopeEntry) gap = fixture_entry (names, SCOPE_ENTRY_GAP, "ünï", "{\"seconds\":1}");
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopeEntry) full_read = NULL;
  g_autoptr (ScopeEntry) binary_read = NULL;
  g_autoptr (ScopeEntry) empty_read = NULL;
  g_autoptr (ScopeEntry) gap_read = NULL;
  g_autofree char *type = NULL;

  binary->frame = g_bytes_new (bytes, sizeof bytes);
  empty->frame = g_bytes_new (NULL, 0);
  g_assert_cmpuint (scope_recorder_append (recorder, full), ==, 1);
  g_assert_cmpuint (scope_recorder_append (recorder, binary), ==, 2);
  g_assert_cmpuint (scope_recorder_append (recorder, empty), ==, 3);
  g_assert_cmpuint (scope_recorder_append (recorder, gap), ==, 4);
  g_assert_true (fixture_close (recorder, NULL));

  capture = scope_capture_open (place->path, NULL);
  full_read = scope_capture_read (capture, 1, NULL);
  g_assert_cmpint (full_read->time_usec, ==, full->time_usec);
  g_assert_cmpint (full_read->kind, ==, SCOPE_ENTRY_EVENT);
  g_assert_cmpint (full_read->direction, ==, SCOPE_DIRECTION_OUT);
  g_assert_cmpint (full_read->flags, ==, full->flags);
  g_assert_cmpuint (full_read->channel, ==, full->channel);
  g_assert_cmpuint (full_read->event, ==, full->event);
  g_assert_cmpuint (full_read->user, ==, full->user);
  g_assert_cmpuint (full_read->data.offset, ==, full->data.offset);
  g_assert_cmpuint (full_read->data.length, ==, full->data.length);
  g_assert_cmpint (full_read->data_kind, ==, SCOPE_JSON_OBJECT);
  g_assert_true (g_bytes_equal (full_read->frame, full->frame));
  g_assert_cmpstr (full_read->detail, ==, full->detail);
  binary_read = scope_capture_read (capture, 2, NULL);
  g_assert_true (g_bytes_equal (binary_read->frame, binary->frame));
  empty_read = scope_capture_read (capture, 3, NULL);
  g_assert_nonnull (empty_read->frame);
  g_assert_cmpuint (g_bytes_get_size (empty_read->frame), ==, 0);
  gap_read = scope_capture_read (capture, 4, NULL);
  g_assert_null (gap_read->frame);
  g_assert_cmpstr (scope_names_get (scope_capture_get_names (capture), gap_read->channel), ==, "ünï");

  type = fixture_query (place->path, "SELECT group_concat(typeof(frame)) FROM entries");
  g_assert_cmpstr (type, ==, "text,blob,blob,null");
}

static GBytes *
make_letters (guint number,
              gsize size)
{
  g_autofree char *text = g_strnfill (size, 'a' + number % 26);

  return g_bytes_new (text, size);
}

static char *
make_detail (guint number,
             gsize size)
{
  g_autofree char *letters = g_strnfill (size, 'A' + number % 26);

  return g_strdup_printf ("{\"message\":\"%s\"}", letters);
}

/* small frames are copied for the writer, large ones kept: both come back, in order */
static void
test_sizes (Place         *place,
            gconstpointer  data)
{
  static const gsize sizes[] = { 10, 32768, 40, 32769, 0, 31000, 3000000, 200 };
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autoptr (ScopeCapture) capture = NULL;

  for (guint i = 0; i < 30 * G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (ScopeEntry) entry = scope_entry_new (SCOPE_ENTRY_FRAME, i);

      entry->frame = make_letters (i, sizes[i % G_N_ELEMENTS (sizes)]);
      entry->detail = make_detail (i, sizes[(i + 3) % 6]);
      g_assert_cmpuint (scope_recorder_append (recorder, entry), ==, i + 1);
    }
  g_assert_true (fixture_close (recorder, NULL));

  capture = scope_capture_open (place->path, NULL);
  g_assert_cmpuint (scope_capture_count (capture), ==, 30 * G_N_ELEMENTS (sizes));
  for (guint i = 0; i < 30 * G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (ScopeEntry) entry = scope_capture_read (capture, i + 1, NULL);
      g_autoptr (GBytes) frame = make_letters (i, sizes[i % G_N_ELEMENTS (sizes)]);
      g_autofree char *detail = make_detail (i, sizes[(i + 3) % 6]);

      g_assert_nonnull (entry);
      g_assert_cmpint (entry->time_usec, ==, i);
      g_assert_true (g_bytes_equal (entry->frame, frame));
      g_assert_cmpstr (entry->detail, ==, detail);
    }
}

/* what people with the sqlite3 shell see */
static void
test_view (Place         *place,
           gconstpointer  data)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (place->path, NULL, NULL);
  ScopeNames *names = scope_recorder_get_names (recorder);
  g_autoptr (ScopeEntry) event = fixture_event (
      names, "{\"event\":\"e\",\"channel\":\"c\",\"user_id\":\"u\",\"data\":\"{\\\"a\\\":1}\"}");
  g_autoptr (ScopeEntry) state = fixture_entry (names, SCOPE_ENTRY_STATE, NULL, "{}");
  g_autofree char *row = NULL;
  g_autofree char *count = NULL;

  scope_recorder_append (recorder, state);
  scope_recorder_append (recorder, event);
  g_assert_true (fixture_close (recorder, NULL));
  row = fixture_query (place->path,
                       "SELECT sequence || ' ' || time || ' ' || channel || ' ' || event || ' ' || user"
                       " || ' ' || direction || ' ' || size || ' ' || data FROM events");
  g_assert_cmpstr (row, ==, "2 2026-11-21T14:05:02.113456Z c e u in 60 {\"a\":1}");
  count = fixture_query (place->path, "SELECT count(*) FROM events");
  g_assert_cmpstr (count, ==, "1");
}

/* names may be there before the recorder, and come between entries */
static void
test_shared_names (Place         *place,
                   gconstpointer  data)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeRecorder) recorder = NULL;
  g_autoptr (ScopeEntry) entry = scope_entry_new (SCOPE_ENTRY_EVENT, 5);
  g_autoptr (ScopeCapture) capture = NULL;

  scope_names_intern (names, "before", -1);
  recorder = scope_recorder_new (place->path, NULL, names);
  g_assert_true (scope_recorder_get_names (recorder) == names);
  fixture_append (recorder, 1);
  WAIT_UNTIL (scope_recorder_get_committed (recorder) == 1);
  entry->event = scope_names_intern (names, "later", -1);
  entry->channel = SCOPE_NAMES_OVERFLOW;
  entry->sequence = 77; /* another recorder's: kept, the file's own is 2 */
  g_assert_cmpuint (scope_recorder_append (recorder, entry), ==, 2);
  g_assert_cmpuint (entry->sequence, ==, 77);
  scope_names_intern (names, "after", -1);
  g_assert_true (fixture_close (recorder, NULL));

  capture = scope_capture_open (place->path, NULL);
  g_clear_pointer (&entry, scope_entry_unref);
  entry = scope_capture_read (capture, 2, NULL);
  g_assert_cmpuint (entry->sequence, ==, 2);
  g_assert_cmpstr (scope_names_get (scope_capture_get_names (capture), entry->event), ==, "later");
  g_assert_cmpuint (entry->channel, ==, SCOPE_NAMES_OVERFLOW);
  g_assert_cmpuint (scope_names_find (scope_capture_get_names (capture), "before"), ==, 1);
}

static void
test_close_with_pending (Place         *place,
                         gconstpointer  data)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GAsyncResult) third = NULL;
  g_autoptr (ScopeCapture) capture = NULL;

  for (guint i = 1; i <= 20000; i++)
    fixture_append (recorder, i);
  scope_recorder_close_async (recorder, wait_result_cb, &first);
  scope_recorder_close_async (recorder, wait_result_cb, &second);
  g_assert_cmpuint (fixture_append (recorder, 1), ==, 0);
  g_assert_cmpuint (scope_recorder_get_refused (recorder), ==, 1);
  WAIT_UNTIL (first != NULL && second != NULL);
  g_assert_true (scope_recorder_close_finish (recorder, first, NULL));
  g_assert_true (scope_recorder_close_finish (recorder, second, NULL));
  g_assert_cmpint (scope_recorder_get_state (recorder), ==, SCOPE_RECORDER_CLOSED);
  g_assert_cmpuint (scope_recorder_get_committed (recorder), ==, 20000);

  g_assert_cmpuint (fixture_append (recorder, 1), ==, 0);
  scope_recorder_close_async (recorder, wait_result_cb, &third);
  WAIT_UNTIL (third != NULL);
  g_assert_true (scope_recorder_close_finish (recorder, third, NULL));

  capture = scope_capture_open (place->path, NULL);
  g_assert_cmpuint (scope_capture_count (capture), ==, 20000);
  fixture_assert_tick (capture, 20000);
}

/* dropping it closes as cleanly; so does dropping it while it closes */
static void
test_drop (Place         *place,
           gconstpointer  data)
{
  g_autofree char *other = g_build_filename (place->directory, "other", NULL);
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);
  ScopeRecorder *closing = scope_recorder_new (other, NULL, NULL);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GAsyncResult) result = NULL;

  for (guint i = 1; i <= 1000; i++)
    {
      fixture_append (recorder, i);
      fixture_append (closing, i);
    }
  g_assert_finalize_object (recorder);
  scope_recorder_close_async (closing, wait_result_cb, &result);
  g_object_unref (closing);
  WAIT_UNTIL (result != NULL);
  g_assert_true (scope_recorder_close_finish (closing, result, NULL));

  g_assert_cmpuint (place_count_files (place->directory), ==, 2);
  capture = scope_capture_open (place->path, NULL);
  g_assert_null (scope_capture_get_warning (capture));
  g_assert_cmpuint (scope_capture_count (capture), ==, 1000);
}

/* a live reader follows the recorder, and does not keep the file from becoming a plain one */
static void
test_live (Place         *place,
           gconstpointer  data)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autoptr (ScopeCapture) live = NULL;
  g_autoptr (ScopeCapture) other = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *mode = NULL;
  ScopeRecord records[4];

  fixture_append (recorder, 1);
  WAIT_UNTIL (scope_recorder_get_committed (recorder) == 1);
  live = scope_capture_open_live (place->path, scope_recorder_get_names (recorder), &error);
  g_assert_no_error (error);
  g_assert_null (scope_capture_get_warning (live));
  g_assert_cmpuint (scope_capture_count (live), ==, 1);
  g_assert_true (scope_capture_get_names (live) == scope_recorder_get_names (recorder));
  fixture_assert_tick (live, 1);
  other = scope_capture_open (place->path, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (scope_capture_get_warning (other), "being recorded"));

  for (guint i = 2; i <= 6; i++)
    fixture_append (recorder, i);
  WAIT_UNTIL (scope_recorder_get_committed (recorder) == 6);
  g_assert_cmpuint (scope_capture_count (live), ==, 6);
  g_assert_cmpuint (scope_capture_read_records (live, 5, 4, records, &error), ==, 2);
  fixture_assert_tick (live, 6);
  g_assert_null (scope_capture_read (live, 7, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND);

  g_assert_true (fixture_close (recorder, NULL));
  g_assert_cmpuint (place_count_files (place->directory), ==, 1);
  fixture_assert_tick (live, 3);
  fixture_assert_tick (other, 1);
  g_assert_cmpuint (scope_capture_count (live), ==, 6);
  g_clear_object (&live);
  g_clear_object (&other);
  mode = fixture_query (place->path, "PRAGMA journal_mode");
  g_assert_cmpstr (mode, ==, "delete");
  g_assert_cmpuint (place_count_files (place->directory), ==, 1);
}

/* --- failures --- */

static void
assert_fails (const char *path,
              ScopeError  code,
              const char *reason)
{
  ScopeRecorder *recorder = scope_recorder_new (path, NULL, NULL);
  g_autoptr (Seen) seen = seen_new (recorder);
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (path);

  guint64 refused;

  fixture_append (recorder, 1);
  WAIT_UNTIL (seen->n_failed == 1);
  refused = scope_recorder_get_refused (recorder); /* it may have failed before the first one */
  g_assert_error (seen->error, SCOPE_ERROR, (int) code);
  g_assert_nonnull (strstr (seen->error->message, name));
  g_assert_nonnull (strstr (seen->error->message, reason));
  g_assert_cmpuint (fixture_append (recorder, 2), ==, 0);
  g_assert_cmpuint (scope_recorder_get_refused (recorder), ==, refused + 1);
  g_assert_cmpuint (scope_recorder_get_committed (recorder), ==, 0);

  g_assert_false (fixture_close (recorder, &error));
  g_assert_cmpstr (error->message, ==, seen->error->message);
  g_assert_cmpstr (seen->states->str, ==, "FC");
  g_assert_cmpuint (seen->n_failed, ==, 1);
  g_assert_finalize_object (recorder);
}

static void
test_bad_places (Place         *place,
                 gconstpointer  data)
{
  g_autofree char *below_file = g_build_filename (place->path, "x", "y.channelscope", NULL);
  g_autofree char *link = g_build_filename (place->directory, "link.channelscope", NULL);
  g_autofree char *target = g_build_filename (place->directory, "target", NULL);
  g_autofree char *contents = NULL;

  g_assert_true (g_file_set_contents (place->path, "precious", -1, NULL));
  assert_fails (place->path, SCOPE_ERROR_EXISTS, "exists");
  g_assert_true (g_file_get_contents (place->path, &contents, NULL, NULL));
  g_assert_cmpstr (contents, ==, "precious");

  assert_fails (below_file, SCOPE_ERROR_CAPTURE, "Not a directory");
  assert_fails (place->directory, SCOPE_ERROR_EXISTS, "exists");
  assert_fails ("/proc/none/x.channelscope", SCOPE_ERROR_CAPTURE, "No such file");

  /* a link is not followed */
  g_assert_cmpint (symlink (target, link), ==, 0);
  assert_fails (link, SCOPE_ERROR_EXISTS, "exists");
  g_assert_false (g_file_test (target, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (place_count_files (place->directory), ==, 2);
}

/* what was committed before the disk was full stays readable */
static void
test_disk_full (Place         *place,
                gconstpointer  data)
{
  ScopeRecorder *recorder = _scope_recorder_new_limited (place->path, NULL, NULL, 20);
  g_autoptr (Seen) seen = seen_new (recorder);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;
  guint number = 0;

  while (seen->n_failed == 0)
    {
      number++;
      fixture_append (recorder, number);
      if (number % 200 == 0)
        WAIT_UNTIL (seen->n_failed > 0 || seen->committed == number);
    }
  g_assert_error (seen->error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE);
  g_assert_nonnull (strstr (seen->error->message, "the disk is full"));
  g_assert_cmpuint (seen->committed, >, 0);
  g_assert_false (fixture_close (recorder, &error));
  g_assert_cmpstr (error->message, ==, seen->error->message);
  g_assert_finalize_object (recorder);
  g_clear_error (&error);

  capture = scope_capture_open (place->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_count (capture), ==, seen->committed);
  for (guint64 i = 1; i <= seen->committed; i++)
    fixture_assert_tick (capture, i);
}

/* ids are sequence numbers, or recording fails: another program put a row behind ours */
static void
test_foreign_row (Place         *place,
                  gconstpointer  data)
{
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autoptr (Seen) seen = seen_new (recorder);
  g_autofree char *ids = NULL;

  for (guint i = 1; i <= 3; i++)
    fixture_append (recorder, i);
  WAIT_UNTIL (seen->committed == 3);
  fixture_exec (place->path, "INSERT INTO entries (id, time, kind, direction, flags, size, data_kind)"
                             " VALUES (10, 0, 4, 1, 0, 0, 0)");
  fixture_append (recorder, 4);
  WAIT_UNTIL (seen->n_failed == 1);
  g_assert_error (seen->error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE);
  g_assert_nonnull (strstr (seen->error->message, "the file is damaged"));
  g_assert_cmpuint (seen->committed, ==, 3);
  g_assert_false (fixture_close (recorder, NULL));
  g_assert_finalize_object (recorder);

  /* what was not right is not there */
  ids = fixture_query (place->path, "SELECT group_concat(id) FROM entries");
  g_assert_cmpstr (ids, ==, "1,2,3,10");
}

/* what may wait in memory is bounded */
static void
test_queue_bound (Place         *place,
                  gconstpointer  data)
{
  g_autoptr (ScopeRecorder) recorder = _scope_recorder_new_limited (place->path, NULL, NULL, 20);
  g_autofree char *bytes = g_malloc0 (SCOPE_LIMIT_FRAME_BYTES);
  g_autoptr (ScopeEntry) entry = scope_entry_new (SCOPE_ENTRY_FRAME, 1);
  guint accepted = 0;

  entry->frame = g_bytes_new_take (g_steal_pointer (&bytes), SCOPE_LIMIT_FRAME_BYTES);
  while (scope_recorder_append (recorder, entry) != 0)
    accepted++;
  g_assert_cmpuint (accepted, <=, SCOPE_LIMIT_QUEUED_BYTES / SCOPE_LIMIT_FRAME_BYTES);
  g_assert_cmpuint (scope_recorder_get_refused (recorder), ==, 1);
  g_assert_cmpuint (scope_recorder_get_appended (recorder), ==, accepted);
}

/* --- processes of their own --- */

/* Records until it is killed, telling what is committed; or until it fails. */
static void
child_print_cb (ScopeRecorder *recorder,
                guint64        up_to,
                gpointer       user_data)
{
  g_print ("%" G_GUINT64_FORMAT "\n", up_to);
}

static int
run_flood_child (const char *path)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (path, NULL, NULL);

  g_signal_connect (recorder, "committed", G_CALLBACK (child_print_cb), NULL);
  for (guint i = 1; scope_recorder_get_state (recorder) <= SCOPE_RECORDER_RECORDING; i++)
    {
      fixture_append (recorder, i);
      if (i % 64 == 0)
        while (g_main_context_iteration (NULL, FALSE))
          ;
    }
  return 1;
}

/* The system refuses to let the file grow. */
static int
run_limit_child (const char *path)
{
  const struct rlimit limit = { 1024 * 1024, 1024 * 1024 };
  g_autoptr (ScopeRecorder) recorder = NULL;
  g_autoptr (Seen) seen = NULL;

  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  recorder = scope_recorder_new (path, NULL, NULL);
  seen = seen_new (recorder);
  for (guint i = 1; seen->n_failed == 0; i++)
    {
      fixture_append (recorder, i);
      if (i % 1000 == 0)
        WAIT_UNTIL (seen->n_failed > 0 || seen->committed == i);
    }
  g_print ("%" G_GUINT64_FORMAT "\n%s\n", seen->committed, seen->error->message);
  fixture_close (recorder, NULL);
  return 0;
}

static GPid
spawn_child (const char *what,
             const char *path,
             FILE      **output)
{
  const char *argv[] = { program, what, path, NULL };

  return fixture_spawn (argv, output);
}

static void
assert_killed_capture (const char *path,
                       guint64     reported)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open (path, &error);
  g_autofree ScopeRecord *records = NULL;
  guint64 count;

  g_assert_no_error (error);
  g_assert_nonnull (strstr (scope_capture_get_warning (capture), "not closed"));
  count = scope_capture_count (capture);
  g_assert_cmpuint (count, >=, reported);
  records = g_new0 (ScopeRecord, count);
  g_assert_cmpuint (scope_capture_read_records (capture, 1, count, records, &error), ==, count);
  g_assert_no_error (error);
  for (guint64 i = 1; i <= count; i++)
    {
      g_assert_cmpuint (records[i - 1].kind, ==, SCOPE_ENTRY_EVENT);
      if (i % 17 == 0 || i + 100 > count)
        fixture_assert_tick (capture, i);
    }
}

static void
test_kill (Place         *place,
           gconstpointer  data)
{
  for (guint round = 1; round <= 5; round++)
    {
      g_autofree char *name = g_strdup_printf ("round-%u.channelscope", round);
      g_autofree char *path = g_build_filename (place->directory, name, NULL);
      FILE *output;
      GPid pid = spawn_child ("--child-flood", path, &output);
      guint64 reported = 0;
      guint64 number;

      while (reported < 3000 * round)
        {
          number = fixture_read_number (output);
          g_assert_cmpuint (number, >, reported);
          reported = number;
        }
      kill (pid, SIGKILL);
      while ((number = fixture_read_number (output)) != 0)
        reported = number;
      fclose (output);
      g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
      assert_killed_capture (path, reported);
    }
}

static void
test_file_size_limit (Place         *place,
                      gconstpointer  data)
{
  FILE *output;
  GPid pid = spawn_child ("--child-limit", place->path, &output);
  guint64 committed = fixture_read_number (output);
  char message[512] = "";
  g_autoptr (ScopeCapture) capture = NULL;
  int status = -1;

  g_assert_nonnull (fgets (message, sizeof message, output));
  fclose (output);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status) && WEXITSTATUS (status) == 0);
  g_assert_cmpuint (committed, >, 0);
  g_assert_nonnull (strstr (message, "File too large"));

  capture = scope_capture_open (place->path, NULL);
  g_assert_cmpuint (scope_capture_count (capture), ==, committed);
  for (guint64 i = 1; i <= committed; i++)
    fixture_assert_tick (capture, i);
}

/* --- names of files --- */

static void
test_new_path (void)
{
  g_autoptr (GDateTime) time = g_date_time_new_local (2026, 11, 21, 14, 5, 2);
  gint64 usec = g_date_time_to_unix (time) * G_USEC_PER_SEC;
  g_autofree char *directory
      = g_build_filename (g_get_user_state_dir (), "channelscope", "captures", NULL);
  g_autofree char *plain = scope_recorder_dup_new_path ("My Shop", usec);
  g_autofree char *expected = g_build_filename (directory, "2026-11-21 14.05.02 My Shop.channelscope",
                                                NULL);
  g_autofree char *second = NULL;
  g_autofree char *nameless = scope_recorder_dup_new_path (NULL, usec);
  g_autofree char *hostile = scope_recorder_dup_new_path ("../../etc/\x01pass\nwd\xff", usec);
  g_autofree char *long_name = g_strnfill (1000, 'x');
  g_autofree char *cut = scope_recorder_dup_new_path (long_name, usec);
  g_autofree char *cut_base = g_path_get_basename (cut);
  g_autofree char *hostile_directory = g_path_get_dirname (hostile);

  g_assert_cmpstr (plain, ==, expected);
  g_assert_true (g_str_has_suffix (nameless, "/2026-11-21 14.05.02.channelscope"));
  g_assert_cmpstr (hostile_directory, ==, directory);
  g_assert_true (g_str_has_suffix (hostile, " .._.._etc__pass_wd\xef\xbf\xbd.channelscope"));
  g_assert_cmpuint (strlen (cut_base), <, 130);

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_assert_true (g_file_set_contents (plain, "", 0, NULL));
  second = scope_recorder_dup_new_path ("My Shop", usec);
  g_assert_true (g_str_has_suffix (second, " My Shop 2.channelscope"));
}

#define add(path, func) g_test_add (path, Place, NULL, place_set_up, func, place_tear_down)

int
main (int    argc,
      char **argv)
{
  g_autofree char *state_home = NULL;
  int status;

  program = argv[0];
  if (argc == 3 && g_str_equal (argv[1], "--child-flood"))
    return run_flood_child (argv[2]);
  if (argc == 3 && g_str_equal (argv[1], "--child-limit"))
    return run_limit_child (argv[2]);

  g_test_init (&argc, &argv, NULL);
  state_home = g_dir_make_tmp ("scope-state-XXXXXX", NULL);
  g_setenv ("XDG_STATE_HOME", state_home, TRUE);
  add ("/recorder/order", test_order);
  add ("/recorder/round-trip", test_round_trip);
  add ("/recorder/sizes", test_sizes);
  add ("/recorder/view", test_view);
  add ("/recorder/shared-names", test_shared_names);
  add ("/recorder/close-with-pending", test_close_with_pending);
  add ("/recorder/drop", test_drop);
  add ("/recorder/live", test_live);
  add ("/recorder/bad-places", test_bad_places);
  add ("/recorder/disk-full", test_disk_full);
  add ("/recorder/foreign-row", test_foreign_row);
  add ("/recorder/queue-bound", test_queue_bound);
  add ("/recorder/kill", test_kill);
  add ("/recorder/file-size-limit", test_file_size_limit);
  g_test_add_func ("/recorder/new-path", test_new_path);
  status = g_test_run ();
  place_remove (state_home);
  return status;
}
