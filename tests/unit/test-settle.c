/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <sqlite3.h>

#include "capture-recording.h"
#include "capture/scope-settle.h"

/* A recording becomes one file as soon as nobody reads it any more. */

#define N_EVENTS 20

static ScopeRecorder *
record (const char *path)
{
  ScopeRecorder *recorder = scope_recorder_new (path, NULL, NULL);

  for (guint i = 0; i < N_EVENTS; i++)
    {
      g_autoptr (ScopeEntry) entry = fixture_event (scope_recorder_get_names (recorder),
                                                    "{\"event\":\"e\",\"channel\":\"c\",\"data\":1}");

      scope_recorder_append (recorder, entry);
    }
  WAIT_UNTIL (scope_recorder_get_committed (recorder) == N_EVENTS);
  return recorder;
}

/* Reads, as another program would that copies it: it can't be asked to stand aside. */
static sqlite3 *
read_elsewhere (const char *path)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "BEGIN; SELECT count(*) FROM entries", NULL, NULL, NULL), ==,
                   SQLITE_OK);
  return db;
}

static gboolean
has_beside (const char *path,
            const char *end)
{
  g_autofree char *name = g_strconcat (path, end, NULL);

  return g_file_test (name, G_FILE_TEST_EXISTS);
}

static void
assert_readable (const char *path,
                 gboolean    warns)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open (path, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_count (capture), ==, N_EVENTS);
  g_assert_cmpint (scope_capture_get_warning (capture) != NULL, ==, warns);
}

static void
test_read_elsewhere (Place         *place,
                     gconstpointer  data)
{
  ScopeRecorder *recorder = record (place->path);
  sqlite3 *other = read_elsewhere (place->path);
  g_autoptr (ScopeCapture) reader = NULL;

  g_assert_true (scope_capture_settle (place->path)); /* it is recorded: nothing to be done */
  g_assert_true (has_beside (place->path, "-wal"));
  g_assert_true (fixture_close (recorder, NULL));
  g_object_unref (recorder);
  g_assert_true (has_beside (place->path, "-wal"));

  g_assert_false (scope_capture_settle (place->path));
  g_assert_false (has_beside (place->path, "-lock"));
  assert_readable (place->path, TRUE);
  reader = scope_capture_open (place->path, NULL); /* our own are no hindrance */
  sqlite3_close (other);

  g_assert_true (scope_capture_settle (place->path));
  g_assert_false (has_beside (place->path, "-wal"));
  g_assert_false (has_beside (place->path, "-shm"));
  g_assert_false (has_beside (place->path, "-lock"));
  assert_readable (place->path, FALSE);
  g_assert_cmpuint (scope_capture_count (reader), ==, N_EVENTS);
  g_assert_true (scope_capture_settle (place->path));
}

/* What a crash has left stays as it is, and so does what is no capture. */
static void
test_left_alone (Place         *place,
                 gconstpointer  data)
{
  ScopeRecorder *recorder = record (place->path);
  g_autofree char *copy = g_strconcat (place->path, "-copy", NULL);
  g_autofree char *wal = g_strconcat (place->path, "-wal", NULL);
  g_autofree char *wal_copy = g_strconcat (copy, "-wal", NULL);
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  gsize length, length_after;

  fixture_copy (place->path, copy);
  fixture_copy (wal, wal_copy);
  g_assert_true (fixture_close (recorder, NULL));
  g_object_unref (recorder);
  g_assert_true (g_file_get_contents (wal_copy, &before, &length, NULL));
  g_assert_true (scope_capture_settle (copy));
  g_assert_true (g_file_get_contents (wal_copy, &after, &length_after, NULL));
  g_assert_cmpmem (before, length, after, length_after);
  assert_readable (copy, TRUE);

  g_assert_true (g_file_set_contents (copy, "text", -1, NULL));
  g_assert_true (scope_capture_settle (copy));
  g_assert_true (has_beside (copy, "-wal"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/settle/read-elsewhere", Place, NULL, place_set_up, test_read_elsewhere,
              place_tear_down);
  g_test_add ("/settle/left-alone", Place, NULL, place_set_up, test_left_alone, place_tear_down);
  return g_test_run ();
}
