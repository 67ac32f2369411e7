/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "capture/scope-marks.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "capture-recording.h"

#define N_ENTRIES 40
#define MARK_TIME (FIXTURE_TIME + 1)

static const char *program;

static void
record_some (const char *path,
             gboolean    marked)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (path, NULL, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 1; i <= N_ENTRIES; i++)
    fixture_append (recorder, i);
  WAIT_UNTIL (scope_recorder_get_committed (recorder) == N_ENTRIES);
  if (marked)
    {
      g_assert_true (scope_recorder_mark (recorder, 7, MARK_TIME, "seven “7”"));
      g_assert_true (scope_recorder_mark (recorder, 3, MARK_TIME, ""));
      g_assert_true (scope_recorder_mark (recorder, 9, MARK_TIME, "gone again"));
      g_assert_true (scope_recorder_mark (recorder, 9, MARK_TIME, NULL));
      g_assert_true (scope_recorder_mark (recorder, 7, MARK_TIME, "seven"));
    }
  g_assert_true (fixture_close (recorder, &error));
  g_assert_no_error (error);
  g_assert_false (scope_recorder_mark (recorder, 1, MARK_TIME, "too late"));
}

static GPtrArray *
read_marks (const char  *path,
            char       **problem)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open (path, &error);
  char *told = NULL;
  GPtrArray *marks;

  g_assert_no_error (error);
  marks = scope_marks_read (capture, &told);
  if (problem != NULL)
    *problem = told;
  else
    g_assert_null (told);
  return marks;
}

static void
assert_mark (GPtrArray  *marks,
             guint       i,
             guint64     sequence,
             const char *note)
{
  const ScopeMark *mark = g_ptr_array_index (marks, i);

  g_assert_cmpuint (mark->sequence, ==, sequence);
  g_assert_cmpstr (mark->note, ==, note);
  g_assert_cmpint (mark->time_usec, ==, MARK_TIME);
}

static gboolean
write_marks (const char  *path,
             guint64      sequence,
             const char  *note,
             GError     **error)
{
  g_autoptr (GPtrArray) changes =
    g_ptr_array_new_with_free_func ((GDestroyNotify) scope_mark_free);

  g_ptr_array_add (changes, scope_mark_new (sequence, MARK_TIME, note));
  return scope_marks_write (path, changes, error);
}

static void
test_recorded (Place         *place,
               gconstpointer  data)
{
  g_autoptr (GPtrArray) marks = NULL;

  record_some (place->path, TRUE);
  marks = read_marks (place->path, NULL);
  g_assert_cmpuint (marks->len, ==, 2);
  assert_mark (marks, 0, 3, "");
  assert_mark (marks, 1, 7, "seven");
  g_assert_cmpuint (place_count_files (place->directory), ==, 1);
}

/* A file without the table opens as ever, and gets one with the first bookmark only. */
static void
test_offline (Place         *place,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) some = NULL;
  g_autofree char *tables = NULL;

  record_some (place->path, FALSE);
  none = read_marks (place->path, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  tables = fixture_query (place->path, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'");
  g_assert_cmpstr (tables, ==, "3");

  /* whoever has it open reads on */
  capture = scope_capture_open (place->path, NULL);
  fixture_assert_tick (capture, 1);
  g_assert_true (write_marks (place->path, 12, "twelve", &error));
  g_assert_no_error (error);
  fixture_assert_tick (capture, N_ENTRIES);
  g_assert_true (write_marks (place->path, 40, "", &error));
  g_assert_true (write_marks (place->path, 2, NULL, &error));
  some = read_marks (place->path, NULL);
  g_assert_cmpuint (some->len, ==, 2);
  assert_mark (some, 0, 12, "twelve");
  assert_mark (some, 1, 40, "");
  g_assert_null (scope_capture_get_warning (capture));
  g_assert_cmpuint (place_count_files (place->directory), ==, 1);
}

/* Another program that has the file open, or a recorder, keeps us out: told, and nothing is written. */
static void
test_busy (Place         *place,
           gconstpointer  data)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) marks = NULL;

  fixture_append (recorder, 1);
  WAIT_UNTIL (scope_recorder_get_committed (recorder) == 1);
  g_assert_false (write_marks (place->path, 1, "not I", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE);
  g_assert_nonnull (strstr (error->message, "another program"));
  g_assert_true (fixture_close (recorder, NULL));
  marks = read_marks (place->path, NULL);
  g_assert_cmpuint (marks->len, ==, 0);
}

static void
test_foreign_table (Place         *place,
                    gconstpointer  data)
{
  static const char * const tables[] = {
    "CREATE TABLE marks (sequence, note, time)",
    "CREATE VIEW marks AS SELECT id AS sequence, 'x' AS note, 1 AS time FROM entries",
    "CREATE TABLE Marks (sequence INTEGER PRIMARY KEY, note TEXT NOT NULL, time INTEGER NOT NULL)",
  };

  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.channelscope", i);
      g_autofree char *path = g_build_filename (place->directory, name, NULL);
      g_autofree char *problem = NULL;
      g_autoptr (GPtrArray) marks = NULL;
      g_autoptr (GError) error = NULL;

      record_some (path, FALSE);
      fixture_exec (path, tables[i]);
      marks = read_marks (path, &problem);
      g_assert_cmpuint (marks->len, ==, 0);
      g_assert_nonnull (strstr (problem, "damaged"));
      g_assert_false (write_marks (path, 1, "", &error));
      g_assert_nonnull (strstr (error->message, "damaged"));
    }
}

static void
test_bad_rows (Place         *place,
               gconstpointer  data)
{
  g_autofree char *problem = NULL;
  g_autoptr (GPtrArray) marks = NULL;

  record_some (place->path, TRUE);
  fixture_exec (place->path,
                "INSERT INTO marks VALUES (0, '', 1), (-5, '', 1), (41, '', 1),"
                " (9223372036854775807, '', 1), (10, x'41', 1), (11, CAST (x'ff' AS TEXT), 1),"
                " (12, CAST (x'610062' AS TEXT), 1), (13, printf ('%4097s', 'x'), 1),"
                " (14, 'a', 'never'), (15, printf ('%4096s', 'x'), 1)");
  marks = read_marks (place->path, &problem);
  g_assert_cmpuint (marks->len, ==, 3);
  g_assert_nonnull (strstr (problem, "9 bookmarks"));
}

static void
test_bound (Place         *place,
            gconstpointer  data)
{
  g_autofree char *problem = NULL;
  g_autoptr (GPtrArray) marks = NULL;

  record_some (place->path, TRUE);
  fixture_exec (place->path,
                "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n LIMIT 300000)"
                " INSERT INTO marks SELECT i, '', 1 FROM n");
  marks = read_marks (place->path, &problem);
  g_assert_cmpuint (marks->len, ==, 2);
  g_assert_nonnull (problem);
}

static void
test_missing (Place         *place,
              gconstpointer  data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (write_marks (place->path, 1, "", &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE);
  g_assert_cmpuint (place_count_files (place->directory), ==, 0);
}

/* --- processes of their own --- */

/* Marks every hundredth entry that is committed. A transaction takes along the marks that are there
 * when it begins: those sent two commits ago are in the file. */
typedef struct
{
  guint64 next;
  guint64 sent[2];
} Marker;

static void
child_mark_cb (ScopeRecorder *recorder,
               guint64        up_to,
               gpointer       user_data)
{
  Marker *marker = user_data;

  if (marker->sent[1] > 0)
    g_print ("%" G_GUINT64_FORMAT "\n", marker->sent[1] / 100);
  for (; marker->next <= up_to; marker->next += 100)
    {
      g_autofree char *note = g_strdup_printf ("note %" G_GUINT64_FORMAT, marker->next);

      if (!scope_recorder_mark (recorder, marker->next, MARK_TIME, note))
        return;
    }
  marker->sent[1] = marker->sent[0];
  marker->sent[0] = marker->next - 100;
}

static int
run_marking_child (const char *path)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (path, NULL, NULL);
  Marker marker = { .next = 100 };

  g_signal_connect (recorder, "committed", G_CALLBACK (child_mark_cb), &marker);
  for (guint i = 1; scope_recorder_get_state (recorder) <= SCOPE_RECORDER_RECORDING; i++)
    {
      fixture_append (recorder, i);
      if (i % 64 == 0)
        while (g_main_context_iteration (NULL, FALSE))
          ;
    }
  return 1;
}

/* As somebody who may read only what everybody may: 0 if writing fails, and says why. */
static int
run_reading_child (const char *path)
{
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0 && setuid (65534) != 0)
    return 3;
  if (write_marks (path, 1, "", &error))
    return 1;
  return strstr (error->message, "can’t be written to") != NULL ? 0 : 2;
}

static GPid
spawn_child (const char  *what,
             const char  *path,
             FILE       **output)
{
  const char *argv[] = { program, what, path, NULL };

  return fixture_spawn (argv, output);
}

static void
assert_killed_marks (const char *path,
                     guint64     reported)
{
  g_autoptr (GPtrArray) marks = read_marks (path, NULL);

  g_assert_cmpuint (marks->len, >=, reported);
  for (guint i = 0; i < marks->len; i++)
    {
      guint64 sequence = (guint64) (i + 1) * 100;
      g_autofree char *note = g_strdup_printf ("note %" G_GUINT64_FORMAT, sequence);

      assert_mark (marks, i, sequence, note);
    }
}

static void
assert_marks_into_crashed (const char *path)
{
  g_autoptr (ScopeCapture) before = scope_capture_open (path, NULL);
  g_autofree char *warning = g_strdup (scope_capture_get_warning (before));
  guint64 count = scope_capture_count (before);
  g_autoptr (ScopeCapture) after = NULL;
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_object (&before);
  g_assert_true (write_marks (path, 1, "first", &error));
  g_assert_no_error (error);
  after = scope_capture_open (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_count (after), ==, count);
  g_assert_cmpstr (scope_capture_get_warning (after), ==, warning);
  marks = read_marks (path, NULL);
  assert_mark (marks, 0, 1, "first");
}

static void
test_kill (Place         *place,
           gconstpointer  data)
{
  for (guint round = 1; round <= 3; round++)
    {
      g_autofree char *name = g_strdup_printf ("round-%u.channelscope", round);
      g_autofree char *path = g_build_filename (place->directory, name, NULL);
      FILE *output;
      GPid pid = spawn_child ("--child-mark", path, &output);
      guint64 reported = 0;
      guint64 number;

      while (reported < 30 * round)
        {
          number = fixture_read_number (output);
          g_assert_cmpuint (number, >, 0);
          reported = number;
        }
      kill (pid, SIGKILL);
      while ((number = fixture_read_number (output)) != 0)
        reported = number;
      fclose (output);
      g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
      assert_killed_marks (path, reported);
      assert_marks_into_crashed (path);
    }
}

static void
test_read_only (Place         *place,
                gconstpointer  data)
{
  FILE *output;
  GPid pid;
  int status = 0;

  record_some (place->path, FALSE);
  g_chmod (place->path, 0444);
  g_chmod (place->directory, 0555);
  pid = spawn_child ("--child-read", place->path, &output);
  fclose (output);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFEXITED (status));
  g_assert_cmpint (WEXITSTATUS (status), ==, 0);
  g_assert_cmpuint (place_count_files (place->directory), ==, 1);
}

static void
add (const char *name,
     void      (*test) (Place *, gconstpointer))
{
  g_test_add (name, Place, NULL, place_set_up, test, place_tear_down);
}

int
main (int    argc,
      char **argv)
{
  program = argv[0];
  if (argc == 3 && g_str_equal (argv[1], "--child-mark"))
    return run_marking_child (argv[2]);
  if (argc == 3 && g_str_equal (argv[1], "--child-read"))
    return run_reading_child (argv[2]);

  g_test_init (&argc, &argv, NULL);
  add ("/marks/recorded", test_recorded);
  add ("/marks/offline", test_offline);
  add ("/marks/busy", test_busy);
  add ("/marks/foreign-table", test_foreign_table);
  add ("/marks/bad-rows", test_bad_rows);
  add ("/marks/bound", test_bound);
  add ("/marks/missing", test_missing);
  add ("/marks/kill", test_kill);
  add ("/marks/read-only", test_read_only);
  return g_test_run ();
}
