/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "capture-recording.h"
#include "capture/scope-filter.h"
#include "capture/scope-line.h"

#define N_ENTRIES 40
#define NOBODY 65534

static const char *program;

/* a small capture with something of everything */
static ScopeRecorder *
record_some (const char *path)
{
  ScopeRecorder *recorder = scope_recorder_new (path, NULL, NULL);
  ScopeNames *names = scope_recorder_get_names (recorder);

  for (guint i = 1; i <= N_ENTRIES; i += 4)
    {
      g_autoptr (ScopeEntry) state
          = fixture_entry (names, SCOPE_ENTRY_STATE, NULL, "{\"current\":\"connected\"}");
      g_autoptr (ScopeEntry) presence = fixture_entry (
          names, SCOPE_ENTRY_PRESENCE, "presence-x", "{\"action\":\"added\",\"member\":{\"user_id\":\"7\"}}");
      g_autoptr (ScopeEntry) event = fixture_event (
          names, "{\"event\":\"e\",\"channel\":\"news\",\"user_id\":\"u\",\"data\":\"{\\\"a\\\":\\\"\\\\u00e4\\\"}\"}");

      scope_recorder_append (recorder, state);
      scope_recorder_append (recorder, presence);
      scope_recorder_append (recorder, event);
      g_assert_cmpuint (fixture_append (recorder, i + 3), ==, i + 3);
    }
  return recorder;
}

static void
make_capture (const char *path)
{
  g_autoptr (ScopeRecorder) recorder = record_some (path);

  g_assert_true (fixture_close (recorder, NULL));
}

/* Copies of a capture whose program is gone: the file, and its -wal unless that is left out. */
static void
make_crashed (const char *path,
              const char *copy,
              gboolean    with_wal)
{
  g_autoptr (ScopeRecorder) recorder = record_some (path);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *wal_copy = g_strconcat (copy, "-wal", NULL);

  WAIT_UNTIL (scope_recorder_get_committed (recorder) == N_ENTRIES);
  fixture_copy (path, copy);
  if (with_wal)
    fixture_copy (wal, wal_copy);
  g_assert_true (fixture_close (recorder, NULL));
}

static void
assert_refused (const char *path,
                ScopeError  code,
                const char *reason)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (path);

  g_assert_null (scope_capture_open (path, &error));
  g_assert_error (error, SCOPE_ERROR, (int) code);
  g_assert_nonnull (strstr (error->message, name));
  if (strstr (error->message, reason) == NULL)
    g_error ("“%s” instead of “%s”", error->message, reason);
}

/* Does with a file all that can be done with it. Either it works, or there is an error. */
static void
read_all (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open (path, &error);
  g_autoptr (ScopeFilter) filter = scope_filter_new ("data.a *= \"x\" or news", NULL, NULL);
  g_autofree ScopeRecord *records = g_new (ScopeRecord, 1000);
  g_autoptr (GString) out = g_string_new (NULL);
  ScopeNames *names;
  guint found;

  if (capture == NULL)
    {
      g_assert_true (error->domain == SCOPE_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return;
    }
  names = scope_capture_get_names (capture);
  found = scope_capture_read_records (capture, 1, 1000, records, NULL);
  for (guint i = 0; i < found; i++)
    scope_names_get (names, records[i].channel);
  for (guint64 i = 1; i <= MIN (scope_capture_count (capture), 200); i++)
    {
      g_autoptr (GError) row_error = NULL;
      g_autoptr (ScopeEntry) entry = scope_capture_read (capture, i, &row_error);
      g_autofree char *preview = NULL;

      g_assert_true ((entry == NULL) == (row_error != NULL));
      if (entry == NULL)
        continue;
      g_string_truncate (out, 0);
      if (scope_line_append_ndjson (out, entry, names))
        g_assert_true (scope_json_check (out->str, out->len, NULL, NULL));
      scope_line_append_text (out, entry, names, TRUE);
      scope_line_append_frame (out, entry);
      preview = scope_entry_dup_preview (entry, 80);
      scope_filter_matches (filter, entry, names);
    }
}

/* --- what is no capture --- */

static void
test_foreign (Place         *place,
              gconstpointer  data)
{
  g_autofree char *missing = g_build_filename (place->directory, "missing", NULL);
  g_autofree char *empty = g_build_filename (place->directory, "empty", NULL);
  g_autofree char *text = g_build_filename (place->directory, "text", NULL);
  g_autofree char *database = g_build_filename (place->directory, "database", NULL);
  g_autofree char *pipe = g_build_filename (place->directory, "pipe", NULL);
  g_autofree char *long_text = g_strnfill (5000, 'x');

  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_assert_true (g_file_set_contents (text, long_text, -1, NULL));
  fixture_exec (database, "CREATE TABLE entries (id INTEGER PRIMARY KEY)");
  g_assert_cmpint (mkfifo (pipe, 0600), ==, 0);

  assert_refused (missing, SCOPE_ERROR_NOT_FOUND, "No such file");
  assert_refused (empty, SCOPE_ERROR_CAPTURE_FOREIGN, "it is empty");
  assert_refused (text, SCOPE_ERROR_CAPTURE_FOREIGN, "another kind of file");
  assert_refused (database, SCOPE_ERROR_CAPTURE_FOREIGN, "another program");
  assert_refused (place->directory, SCOPE_ERROR_CAPTURE_FOREIGN, "folder");
  assert_refused (pipe, SCOPE_ERROR_CAPTURE_FOREIGN, "regular file");
  g_assert_false (g_file_test (missing, G_FILE_TEST_EXISTS));
}

static void
test_versions (Place         *place,
               gconstpointer  data)
{
  make_capture (place->path);
  fixture_exec (place->path, "PRAGMA user_version = 2");
  assert_refused (place->path, SCOPE_ERROR_CAPTURE_FOREIGN, "newer version");
  fixture_exec (place->path, "PRAGMA user_version = 0");
  assert_refused (place->path, SCOPE_ERROR_CAPTURE_FOREIGN, "tables");
  fixture_exec (place->path, "PRAGMA user_version = 1; PRAGMA application_id = 7");
  assert_refused (place->path, SCOPE_ERROR_CAPTURE_FOREIGN, "another program");
}

/* tables that would run code when they are read */
static void
test_hostile_schema (Place         *place,
                     gconstpointer  data)
{
  static const char * const changes[] = {
    "DROP VIEW events; DROP TABLE entries; CREATE VIEW entries AS WITH RECURSIVE n(i) AS"
    " (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT * FROM n",
    "ALTER TABLE entries ADD COLUMN more",
    "DROP TABLE names",
    "DROP TABLE meta; CREATE TABLE meta (key, value)",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *path = g_strdup_printf ("%s-%zu", place->path, i);

      make_capture (path);
      fixture_exec (path, changes[i]);
      assert_refused (path, SCOPE_ERROR_CAPTURE_FOREIGN, "tables");
    }
}

typedef struct
{
  const char *change;
  gboolean reads_record;
} RowCase;

static const RowCase row_cases[] = {
  { "data_offset = 100000", TRUE },
  { "data_offset = -1", TRUE },
  { "data_length = 4294967295", TRUE },
  { "data_length = 9223372036854775807", TRUE },
  { "data_offset = 4294967295, data_length = 4294967295", TRUE },
  { "data_length = data_length - 1", TRUE },
  { "data_length = data_length + 1", TRUE },
  { "data_offset = 0, data_length = 3", TRUE },
  { "data_length = 0", TRUE },
  { "data_kind = 99", TRUE },
  { "data_kind = 1", TRUE },
  { "data_kind = 'x'", TRUE },
  { "frame = NULL", TRUE },
  { "frame = 5", TRUE },
  { "frame = 'short'", TRUE },
  { "frame = x'ff', size = 1", TRUE },
  { "detail = 'no json'", TRUE },
  { "detail = '[1]'", TRUE },
  { "detail = x'7b7d'", TRUE },
  { "detail = '{\"a\":'", TRUE },
  { "kind = 0", FALSE },
  { "kind = 13", FALSE },
  { "kind = 'event'", FALSE },
  { "direction = 3", FALSE },
  { "flags = 255", FALSE },
  { "channel = 1000", FALSE },
  { "event = -1", FALSE },
  { "user = 4294967294", FALSE },
  { "user = 1.5", FALSE },
  { "size = -1", FALSE },
  { "size = 9999999999", FALSE },
  { "time = -1", FALSE },
  { "time = 9223372036854775807", FALSE },
  { "time = 'now'", FALSE },
};

/* Each number of a row is checked before it is used, and other rows stay readable. */
static void
test_hostile_rows (Place         *place,
                   gconstpointer  data)
{
  make_capture (place->path);
  for (gsize i = 0; i < G_N_ELEMENTS (row_cases); i++)
    {
      g_autofree char *copy = g_strdup_printf ("%s-%zu", place->path, i);
      g_autofree char *sql = g_strdup_printf ("UPDATE entries SET %s WHERE id = 4",
                                              row_cases[i].change);
      g_autoptr (ScopeCapture) capture = NULL;
      g_autoptr (GError) error = NULL;
      g_autoptr (GError) records_error = NULL;
      ScopeRecord records[8];
      guint found;

      fixture_copy (place->path, copy);
      fixture_exec (copy, sql);
      capture = scope_capture_open (copy, &error);
      g_assert_no_error (error);
      if (scope_capture_read (capture, 4, &error) != NULL)
        g_error ("%s", sql);
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE);
      g_assert_nonnull (strstr (error->message, "Entry 4"));
      fixture_assert_tick (capture, 8);
      found = scope_capture_read_records (capture, 1, 8, records, &records_error);
      g_assert_cmpuint (found, ==, row_cases[i].reads_record ? 8 : 3);
      g_assert_cmpint (records_error == NULL, ==, row_cases[i].reads_record);
    }
}

/* What nobody would wait for years for is left out, and the rest is there. */
static void
assert_salvaged (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open (path, &error);

  g_assert_no_error (error);
  g_assert_true (scope_capture_is_salvaged (capture));
  g_assert_nonnull (strstr (scope_capture_get_warning (capture), "damaged"));
  g_assert_cmpuint (scope_capture_count (capture), <=, N_ENTRIES);
  g_assert_cmpuint (scope_names_get_count (scope_capture_get_names (capture)), <, 100);
}

static void
test_hostile_ids (Place         *place,
                  gconstpointer  data)
{
  static const char * const sql[] = {
    "UPDATE names SET id = 1000000 WHERE id = 2",
    "UPDATE entries SET id = 9223372036854775807 WHERE id = 40",
    "INSERT INTO names VALUES (-5, 'x')",
  };
  g_autofree char *hole = g_strconcat (place->path, "-hole", NULL);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;
  ScopeRecord records[10];

  make_capture (place->path);
  fixture_copy (place->path, hole);
  for (gsize i = 0; i < G_N_ELEMENTS (sql); i++)
    {
      g_autofree char *copy = g_strdup_printf ("%s-%zu", place->path, i);

      fixture_copy (place->path, copy);
      fixture_exec (copy, sql[i]);
      assert_salvaged (copy);
    }

  /* a hole is told from an entry, and record i stays that of from + i */
  fixture_exec (hole, "DELETE FROM entries WHERE id IN (2, 3)");
  capture = scope_capture_open (hole, &error);
  g_assert_no_error (error);
  g_assert_null (scope_capture_read (capture, 2, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND);
  g_assert_cmpuint (scope_capture_read_records (capture, 1, 10, records, NULL), ==, 10);
  g_assert_cmpuint (records[0].kind, ==, SCOPE_ENTRY_STATE);
  g_assert_cmpuint (records[1].kind, ==, 0);
  g_assert_cmpuint (records[2].kind, ==, 0);
  g_assert_cmpuint (records[3].kind, ==, SCOPE_ENTRY_EVENT);
}

/* Rows are told apart by 32 bits. */
static void
test_hostile_last (Place         *place,
                   gconstpointer  data)
{
  static const char * const dropped[] = { "4294967200", "5000000000", "9223372036854775000" };

  make_capture (place->path);
  for (gsize i = 0; i < G_N_ELEMENTS (dropped); i++)
    {
      g_autofree char *copy = g_strdup_printf ("%s-%zu", place->path, i);
      g_autofree char *move = g_strdup_printf ("UPDATE entries SET id = id + %s", dropped[i]);
      g_autofree char *meta = g_strdup_printf ("INSERT OR REPLACE INTO meta VALUES ('dropped', '%s')",
                                               dropped[i]);
      g_autoptr (ScopeCapture) capture = NULL;

      fixture_copy (place->path, copy);
      fixture_exec (copy, move);
      fixture_exec (copy, meta);
      capture = scope_capture_open (copy, NULL);
      if (capture != NULL)
        g_assert_cmpuint (scope_capture_count (capture), <, G_MAXUINT32 - 65536);
    }
}

static void
test_record_bounds (Place         *place,
                    gconstpointer  data)
{
  g_autoptr (ScopeCapture) capture = NULL;
  ScopeRecord records[100];

  make_capture (place->path);
  capture = scope_capture_open (place->path, NULL);
  g_assert_cmpstr (scope_capture_get_path (capture), ==, place->path);
  g_assert_cmpuint (scope_capture_read_records (capture, 1, 100, records, NULL), ==, N_ENTRIES);
  g_assert_cmpuint (scope_capture_read_records (capture, N_ENTRIES, 100, records, NULL), ==, 1);
  g_assert_cmpuint (scope_capture_read_records (capture, N_ENTRIES + 1, 100, records, NULL), ==, 0);
  g_assert_cmpuint (scope_capture_read_records (capture, 0, 100, records, NULL), ==, 0);
  g_assert_cmpuint (scope_capture_read_records (capture, 1, 0, NULL, NULL), ==, 0);
  g_assert_cmpuint (scope_capture_read_records (capture, G_MAXUINT64, 100, records, NULL), ==, 0);
  g_assert_null (scope_capture_read (capture, 0, NULL));
  g_assert_null (scope_capture_read (capture, G_MAXUINT64, NULL));
}

/* --- damage --- */

/* without waiting for the disk */
static void
write_file (const char *path,
            const char *bytes,
            gsize       size)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents_full (path, bytes, size, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

static void
write_flipped (const char *path,
               const char *bytes,
               gsize       size)
{
  g_autofree char *copy = g_memdup2 (bytes, size);

  copy[g_test_rand_int_range (0, size)] ^= 1 << g_test_rand_int_range (0, 8);
  write_file (path, copy, size);
}

static void
test_bit_flips (Place         *place,
                gconstpointer  data)
{
  g_autofree char *copy = g_build_filename (place->directory, "copy", NULL);
  g_autofree char *bytes = NULL;
  gsize size = 0;

  make_capture (place->path);
  g_assert_true (g_file_get_contents (place->path, &bytes, &size, NULL));
  for (guint i = 0; i < 300; i++)
    {
      write_flipped (copy, bytes, size);
      read_all (copy);
    }
  for (guint i = 0; i < 40; i++)
    {
      write_file (copy, bytes, g_test_rand_int_range (0, size));
      read_all (copy);
    }
}

static void
test_wal_bit_flips (Place         *place,
                    gconstpointer  data)
{
  g_autofree char *copy = g_build_filename (place->directory, "copy", NULL);
  g_autofree char *wal = g_strconcat (copy, "-wal", NULL);
  g_autofree char *shm = g_strconcat (copy, "-shm", NULL);
  g_autofree char *bytes = NULL;
  gsize size = 0;

  make_crashed (place->path, copy, TRUE);
  g_assert_true (g_file_get_contents (wal, &bytes, &size, NULL));
  g_assert_cmpuint (size, >, 0);
  for (guint i = 0; i < 100; i++)
    {
      write_flipped (wal, bytes, size);
      read_all (copy);
      g_remove (shm);
    }
}

/* --- crashes and places --- */

static void
test_crashed (Place         *place,
              gconstpointer  data)
{
  g_autofree char *copy = g_build_filename (place->directory, "copy", NULL);
  g_autofree char *bare = g_build_filename (place->directory, "bare", NULL);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (ScopeCapture) without = NULL;
  g_autoptr (GError) error = NULL;

  make_crashed (place->path, copy, TRUE);
  capture = scope_capture_open (copy, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_count (capture), ==, N_ENTRIES);
  fixture_assert_tick (capture, N_ENTRIES);
  g_assert_nonnull (strstr (scope_capture_get_warning (capture), "not closed"));

  /* the file alone: still a capture, and it says what is missing */
  g_remove (place->path);
  make_crashed (place->path, bare, FALSE);
  without = scope_capture_open (bare, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_count (without), ==, 0);
  g_assert_nonnull (strstr (scope_capture_get_warning (without), "-wal"));
}

/* Opens a file as someone who may not write there; the exit status tells what was found. */
static int
run_open_child (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  int found;

  if (geteuid () == 0 && setuid (NOBODY) != 0)
    _exit (99);
  capture = scope_capture_open (path, &error);
  if (capture == NULL)
    fprintf (stderr, "%s\n", error->message);
  found = capture != NULL ? (int) scope_capture_count (capture) : 98;
  if (capture != NULL && scope_capture_get_warning (capture) != NULL)
    fprintf (stderr, "%s\n", scope_capture_get_warning (capture));
  fflush (stderr);
  /* the leak checker can't look into a process that changed its user */
  _exit (found);
}

static int
open_as_reader (const char  *path,
                char       **warning)
{
  const char *argv[] = { program, "--child-open", path, NULL };
  g_autoptr (GError) error = NULL;
  int status = 0;

  g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL, warning,
                &status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (status));
  return WEXITSTATUS (status);
}

static void
test_read_only_place (Place         *place,
                      gconstpointer  data)
{
  g_autofree char *other = g_dir_make_tmp ("scope-capture-XXXXXX", NULL);
  g_autofree char *source = g_build_filename (other, "source", NULL);
  g_autofree char *second = g_build_filename (other, "second", NULL);
  g_autofree char *closed = g_build_filename (place->directory, "closed", NULL);
  g_autofree char *bare = g_build_filename (place->directory, "bare", NULL);
  g_autofree char *crashed = g_build_filename (place->directory, "crashed", NULL);
  g_autofree char *wal = g_strconcat (crashed, "-wal", NULL);
  g_autofree char *no_warning = NULL;
  g_autofree char *missing = NULL;
  g_autofree char *unreadable = NULL;

  make_capture (closed);
  make_crashed (source, bare, FALSE);
  make_crashed (second, crashed, TRUE);
  g_chmod (closed, 0444);
  g_chmod (bare, 0444);
  g_chmod (crashed, 0444);
  g_chmod (wal, 0444);
  g_chmod (place->directory, 0555);

  g_assert_cmpint (open_as_reader (closed, &no_warning), ==, N_ENTRIES);
  g_assert_cmpstr (no_warning, ==, "");
  g_assert_cmpint (open_as_reader (bare, &missing), ==, 0);
  g_assert_nonnull (strstr (missing, "-wal file that belongs beside it is missing"));
  g_assert_cmpint (open_as_reader (crashed, &unreadable), ==, 0);
  g_assert_nonnull (strstr (unreadable, "can’t be read here"));
  g_assert_cmpuint (place_count_files (place->directory), ==, 4);
  place_remove (other);
}

/* --- asynchronously --- */

static void
test_async (Place         *place,
            gconstpointer  data)
{
  g_autoptr (GAsyncResult) good = NULL;
  g_autoptr (GAsyncResult) bad = NULL;
  g_autoptr (GAsyncResult) cancelled = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  ScopeCapture *capture;

  make_capture (place->path);
  scope_capture_open_async (place->path, NULL, wait_result_cb, &good);
  scope_capture_open_async (place->directory, NULL, wait_result_cb, &bad);
  scope_capture_open_async (place->path, cancellable, wait_result_cb, &cancelled);
  g_cancellable_cancel (cancellable);
  WAIT_UNTIL (good != NULL && bad != NULL && cancelled != NULL);

  capture = scope_capture_open_finish (good, &error);
  g_assert_no_error (error);
  fixture_assert_tick (capture, 4);
  g_assert_finalize_object (capture);
  g_assert_null (scope_capture_open_finish (bad, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE_FOREIGN);
  g_clear_error (&error);
  g_assert_null (scope_capture_open_finish (cancelled, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define add(path, func) g_test_add (path, Place, NULL, place_set_up, func, place_tear_down)

int
main (int    argc,
      char **argv)
{
  program = argv[0];
  if (argc == 3 && g_str_equal (argv[1], "--child-open"))
    return run_open_child (argv[2]);

  g_test_init (&argc, &argv, NULL);
  add ("/capture/foreign", test_foreign);
  add ("/capture/versions", test_versions);
  add ("/capture/hostile-schema", test_hostile_schema);
  add ("/capture/hostile-rows", test_hostile_rows);
  add ("/capture/hostile-ids", test_hostile_ids);
  add ("/capture/hostile-last", test_hostile_last);
  add ("/capture/record-bounds", test_record_bounds);
  add ("/capture/bit-flips", test_bit_flips);
  add ("/capture/wal-bit-flips", test_wal_bit_flips);
  add ("/capture/crashed", test_crashed);
  add ("/capture/read-only-place", test_read_only_place);
  add ("/capture/async", test_async);
  return g_test_run ();
}
