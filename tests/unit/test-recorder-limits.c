/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a recorder does where something ends: its size budget, the room on the disk, its place. */

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "capture-recording.h"
#include "capture/scope-file-lock.h"
#include "capture/scope-marks.h"
#include "capture/scope-writer.h"

#define BUDGET (1024 * 1024)

static const char *program;

static void
count_cb (guint *n)
{
  (*n)++;
}

static void
append_and_wait (ScopeRecorder *recorder,
                 guint          from,
                 guint          to)
{
  for (guint i = from; i <= to; i++)
    g_assert_cmpuint (fixture_append (recorder, i), ==, i);
  WAIT_UNTIL (scope_recorder_get_committed (recorder) == to);
}

static goffset
get_size (const char *path)
{
  GStatBuf status;

  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return status.st_size;
}

/* Everything from the first one kept up to the last is there, and nothing before it. */
static void
assert_dense (ScopeCapture *capture)
{
  guint64 first = scope_capture_get_first_sequence (capture);
  guint64 last = scope_capture_count (capture);
  g_autoptr (GError) error = NULL;

  for (guint64 i = first; i <= last; i++)
    fixture_assert_tick (capture, i);
  if (first > 1)
    {
      g_assert_null (scope_capture_read (capture, first - 1, &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND);
    }
}

static void
test_budget (Place         *place,
             gconstpointer  data)
{
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autoptr (ScopeCapture) live = NULL;
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;
  guint n_dropped = 0;

  scope_recorder_set_budget (recorder, BUDGET);
  g_signal_connect_swapped (recorder, "dropped", G_CALLBACK (count_cb), &n_dropped);
  for (guint i = 0; i < 60; i++)
    append_and_wait (recorder, i * 1000 + 1, (i + 1) * 1000);
  WAIT_UNTIL (scope_recorder_get_first (recorder) > 10000);
  g_assert_cmpuint (n_dropped, >, 3);

  live = scope_capture_open_live (place->path, scope_recorder_get_names (recorder), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_get_first_sequence (live), >=, scope_recorder_get_first (recorder));
  g_assert_true (fixture_close (recorder, &error));
  g_assert_finalize_object (recorder);
  g_assert_cmpint (get_size (place->path), <, BUDGET + BUDGET / 4);
  assert_dense (live);

  capture = scope_capture_open (place->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_get_first_sequence (capture), ==,
                    scope_capture_get_first_sequence (live));
  g_assert_cmpuint (scope_capture_count (capture), ==, 60000);
  g_assert_cmpint (scope_capture_get_first_time (capture), >, 0);
  assert_dense (capture);
}

/* Without one nothing goes; one that comes later is reached step by step. */
static void
test_budget_lowered (Place         *place,
                     gconstpointer  data)
{
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);
  guint next = 40001;

  append_and_wait (recorder, 1, 40000);
  g_assert_cmpuint (scope_recorder_get_first (recorder), ==, 1);
  scope_recorder_set_budget (recorder, BUDGET);
  for (; scope_recorder_get_first (recorder) <= 10000; next++)
    {
      g_assert_cmpuint (next, <, 60000);
      append_and_wait (recorder, next, next);
    }
  g_assert_true (fixture_close (recorder, NULL));
  g_assert_finalize_object (recorder);
}

/* The newest one stays, whatever it weighs. */
static void
test_budget_tiny (Place         *place,
                  gconstpointer  data)
{
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autoptr (ScopeCapture) capture = NULL;

  scope_recorder_set_budget (recorder, 1);
  for (guint i = 1; i <= 20; i++)
    append_and_wait (recorder, i, i);
  g_assert_true (fixture_close (recorder, NULL));
  g_assert_finalize_object (recorder);
  capture = scope_capture_open (place->path, NULL);
  g_assert_cmpuint (scope_capture_get_first_sequence (capture), ==, 20);
  assert_dense (capture);
}

#define WAL_BUDGET (16 * 1024 * 1024)

static void
append_large (ScopeRecorder *recorder,
              guint64        n)
{
  g_autofree char *frame = g_strnfill (8000, 'a' + n % 26);
  g_autoptr (ScopeEntry) entry = scope_entry_new (SCOPE_ENTRY_FRAME, n);

  entry->frame = g_bytes_new_take (g_steal_pointer (&frame), 8000);
  g_assert_cmpuint (scope_recorder_append (recorder, entry), ==, n);
}

/* However long it goes on without a pause, the -wal is begun again: eight times a sixteenth of the
 * budget, and what one transaction and the waits for it add. */
static void
test_wal (Place         *place,
          gconstpointer  data)
{
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autofree char *wal = g_strconcat (place->path, "-wal", NULL);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;
  goffset largest = 0;
  guint64 first;

  scope_recorder_set_budget (recorder, WAL_BUDGET);
  for (guint64 i = 1; i <= 10000; i++)
    {
      append_large (recorder, i);
      if (i % 500 == 0)
        {
          WAIT_UNTIL (scope_recorder_get_committed (recorder) + 400 >= i);
          largest = MAX (largest, get_size (wal));
        }
    }
  g_assert_cmpint (largest, >, WAL_BUDGET / 16);
  g_assert_cmpint (largest, <, WAL_BUDGET);
  g_assert_true (fixture_close (recorder, &error));
  g_assert_finalize_object (recorder);
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));

  capture = scope_capture_open (place->path, &error);
  g_assert_no_error (error);
  first = scope_capture_get_first_sequence (capture);
  g_assert_cmpuint (scope_capture_count (capture), ==, 10000);
  for (guint64 i = first; i <= 10000; i++)
    {
      g_autoptr (ScopeEntry) entry = scope_capture_read (capture, i, &error);

      g_assert_no_error (error);
      g_assert_cmpint (entry->time_usec, ==, i);
      g_assert_cmpint (*(const char *) g_bytes_get_data (entry->frame, NULL), ==, 'a' + i % 26);
    }
}

/* --- no room --- */

typedef struct
{
  guint n_stalled;
  guint n_failed;
  char *message;
} Stalls;

static void
stalled_cb (ScopeRecorder *recorder,
            const GError  *error,
            Stalls        *stalls)
{
  g_assert_cmpint (scope_recorder_get_state (recorder), ==, SCOPE_RECORDER_STALLED);
  stalls->n_stalled++;
  g_free (stalls->message);
  stalls->message = g_strdup (error->message);
}

static void
failed_cb (ScopeRecorder *recorder,
           const GError  *error,
           Stalls        *stalls)
{
  stalls->n_failed++;
}

static ScopeRecorder *
new_small_recorder (const char *path,
                    Stalls     *stalls)
{
  ScopeRecorder *recorder = _scope_recorder_new_limited (path, NULL, NULL, 20);

  scope_recorder_set_resumes (recorder, TRUE);
  g_signal_connect (recorder, "stalled", G_CALLBACK (stalled_cb), stalls);
  g_signal_connect (recorder, "failed", G_CALLBACK (failed_cb), stalls);
  return recorder;
}

static guint
fill_until_stalled (ScopeRecorder *recorder,
                    Stalls        *stalls)
{
  guint number = 0;

  while (stalls->n_stalled == 0)
    {
      number++;
      g_assert_cmpuint (fixture_append (recorder, number), ==, number);
      if (number % 200 == 0)
        WAIT_UNTIL (stalls->n_stalled > 0
                    || scope_recorder_get_committed (recorder) == number);
    }
  return number;
}

static void
test_stall (Place         *place,
            gconstpointer  data)
{
  Stalls stalls = { 0 };
  ScopeRecorder *recorder = new_small_recorder (place->path, &stalls);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;
  guint number = fill_until_stalled (recorder, &stalls);

  g_assert_nonnull (strstr (stalls.message, "the disk is full"));
  g_assert_cmpuint (scope_recorder_get_committed (recorder), <, number);
  for (guint i = 0; i < 500; i++)
    {
      number++;
      g_assert_cmpuint (fixture_append (recorder, number), ==, number);
    }
  _scope_recorder_set_max_pages (recorder, 2000);
  WAIT_UNTIL (scope_recorder_get_committed (recorder) == number);
  g_assert_cmpint (scope_recorder_get_state (recorder), ==, SCOPE_RECORDER_RECORDING);
  append_and_wait (recorder, number + 1, number + 10);
  g_assert_cmpuint (stalls.n_stalled, ==, 1);
  g_assert_cmpuint (stalls.n_failed, ==, 0);
  g_assert_true (fixture_close (recorder, &error));
  g_assert_no_error (error);
  g_assert_finalize_object (recorder);

  capture = scope_capture_open (place->path, &error);
  g_assert_no_error (error);
  g_assert_null (scope_capture_get_warning (capture));
  g_assert_cmpuint (scope_capture_count (capture), ==, number + 10);
  assert_dense (capture);
  g_free (stalls.message);
}

/* Closed while there is no room: what could not be written is told. */
static void
test_stall_close (Place         *place,
                  gconstpointer  data)
{
  Stalls stalls = { 0 };
  ScopeRecorder *recorder = new_small_recorder (place->path, &stalls);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;

  fill_until_stalled (recorder, &stalls);
  g_assert_false (fixture_close (recorder, &error));
  g_assert_nonnull (strstr (error->message, "the disk is full"));
  g_assert_cmpuint (stalls.n_failed, ==, 1);
  capture = scope_capture_open (place->path, NULL);
  g_assert_cmpuint (scope_capture_count (capture), ==, scope_recorder_get_committed (recorder));
  assert_dense (capture);
  g_assert_finalize_object (recorder);
  g_free (stalls.message);
}

/* --- what waits --- */

/* Of every sort: with names, without a frame, not text, empty, one that is not copied. */
static GPtrArray *
append_sorts (ScopeRecorder *recorder)
{
  GPtrArray *sent = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_entry_unref);
  g_autofree char *large = g_strnfill (100 * 1024, 'x');
  ScopeEntry *entry;

  g_ptr_array_add (sent, fixture_event (scope_recorder_get_names (recorder),
                                        "{\"event\":\"e\",\"channel\":\"c\",\"user_id\":\"u\",\"data\":7}"));
  entry = scope_entry_new (SCOPE_ENTRY_ERROR, 2);
  entry->detail = g_strdup ("{\"text\":\"no frame\"}");
  g_ptr_array_add (sent, entry);
  entry = scope_entry_new (SCOPE_ENTRY_FRAME, 3);
  entry->direction = SCOPE_DIRECTION_OUT;
  entry->flags = SCOPE_ENTRY_DECRYPTED;
  entry->frame = g_bytes_new ("\0\xff", 2);
  g_ptr_array_add (sent, entry);
  entry = scope_entry_new (SCOPE_ENTRY_FRAME, 4);
  entry->frame = g_bytes_new (NULL, 0);
  g_ptr_array_add (sent, entry);
  entry = scope_entry_new (SCOPE_ENTRY_FRAME, 5);
  entry->frame = g_bytes_new (large, strlen (large));
  g_ptr_array_add (sent, entry);
  for (guint i = 0; i < sent->len; i++)
    g_assert_cmpuint (scope_recorder_append (recorder, sent->pdata[i]), >, 0);
  return sent;
}

static void
assert_same_entry (const ScopeEntry *entry,
                   const ScopeEntry *sent)
{
  ScopeRecord record = { 0 };
  ScopeRecord expected = { 0 };

  g_assert_true (entry != sent);
  g_assert_cmpuint (entry->sequence, ==, sent->sequence);
  g_assert_cmpstr (entry->detail, ==, sent->detail);
  g_assert_true ((entry->frame == NULL) == (sent->frame == NULL));
  g_assert_true (entry->frame == NULL || g_bytes_equal (entry->frame, sent->frame));
  g_assert_cmpuint (entry->data.offset, ==, sent->data.offset);
  g_assert_cmpuint (entry->data.length, ==, sent->data.length);
  g_assert_cmpint (entry->data_kind, ==, sent->data_kind);
  scope_entry_to_record (entry, &record);
  scope_entry_to_record (sent, &expected);
  g_assert_cmpmem (&record, sizeof record, &expected, sizeof expected);
}

static void
assert_waiting (ScopeRecorder *recorder,
                guint64        after,
                GPtrArray     *sent)
{
  g_autoptr (GPtrArray) waiting = scope_recorder_list_waiting (recorder, after);

  g_assert_cmpuint (waiting->len, ==, sent->len);
  for (guint i = 0; i < sent->len; i++)
    assert_same_entry (waiting->pdata[i], sent->pdata[i]);
}

typedef struct
{
  GPtrArray *sent;
  guint n;
} LastWishes;

static void
list_failed_cb (ScopeRecorder *recorder,
                const GError  *error,
                LastWishes    *wishes)
{
  ScopeEntry *first = g_ptr_array_index (wishes->sent, 0);
  g_autoptr (GPtrArray) waiting = scope_recorder_list_waiting (recorder, 0);

  g_assert_cmpuint (((ScopeEntry *) waiting->pdata[0])->sequence, ==,
                    scope_recorder_get_committed (recorder) + 1);
  assert_waiting (recorder, first->sequence - 1, wishes->sent);
  wishes->n++;
}

/* What is not in the file is had back: while there is no room, and once more when that is final. */
static void
test_waiting (Place         *place,
              gconstpointer  data)
{
  Stalls stalls = { 0 };
  ScopeRecorder *recorder = new_small_recorder (place->path, &stalls);
  guint number = fill_until_stalled (recorder, &stalls);
  guint64 committed = scope_recorder_get_committed (recorder);
  g_autoptr (GPtrArray) sent = append_sorts (recorder);
  g_autoptr (GPtrArray) all = scope_recorder_list_waiting (recorder, 0);
  g_autoptr (GPtrArray) none = scope_recorder_list_waiting (recorder, number + sent->len);
  LastWishes wishes = { sent, 0 };

  g_assert_cmpuint (all->len, ==, number - committed + sent->len);
  for (guint i = 0; i < all->len; i++)
    g_assert_cmpuint (((ScopeEntry *) all->pdata[i])->sequence, ==, committed + 1 + i);
  g_assert_cmpuint (none->len, ==, 0);
  assert_waiting (recorder, number, sent);

  g_signal_connect (recorder, "failed", G_CALLBACK (list_failed_cb), &wishes);
  g_assert_false (fixture_close (recorder, NULL));
  g_assert_cmpuint (wishes.n, ==, 1);
  g_ptr_array_set_size (sent, 0);
  assert_waiting (recorder, 0, sent);
  g_assert_finalize_object (recorder);
  g_free (stalls.message);
}

/* --- bookmarks --- */

static GPtrArray *
read_marks (const char *path)
{
  g_autoptr (ScopeCapture) capture = scope_capture_open (path, NULL);
  g_autofree char *problem = NULL;
  GPtrArray *marks = scope_marks_read (capture, &problem);

  g_assert_null (problem);
  return marks;
}

/* Bookmarks alone that find no room: enough of them for a file of that size. */
static guint
mark_until_stalled (ScopeRecorder *recorder,
                    Stalls        *stalls)
{
  g_autofree char *note = g_strnfill (SCOPE_LIMIT_NOTE_BYTES, 'n');
  guint number = 0;

  append_and_wait (recorder, 1, 100);
  while (stalls->n_stalled == 0 && number < 100)
    {
      g_assert_true (scope_recorder_mark (recorder, ++number, FIXTURE_TIME, note));
      g_main_context_iteration (NULL, FALSE);
    }
  WAIT_UNTIL (stalls->n_stalled > 0);
  return number;
}

/* Nothing arrives that would take them along: they are written when there is room. */
static void
test_stall_marks (Place         *place,
                  gconstpointer  data)
{
  Stalls stalls = { 0 };
  ScopeRecorder *recorder = new_small_recorder (place->path, &stalls);
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (GError) error = NULL;
  guint number = mark_until_stalled (recorder, &stalls);

  g_assert_true (scope_recorder_mark (recorder, 100, FIXTURE_TIME, "while there is no room"));
  _scope_recorder_set_max_pages (recorder, 2000);
  WAIT_UNTIL (scope_recorder_get_state (recorder) == SCOPE_RECORDER_RECORDING);
  g_assert_true (fixture_close (recorder, &error));
  g_assert_no_error (error);
  g_assert_finalize_object (recorder);
  g_assert_cmpuint (stalls.n_failed, ==, 0);

  marks = read_marks (place->path);
  g_assert_cmpuint (marks->len, ==, number == 100 ? number : number + 1);
  g_assert_cmpstr (((ScopeMark *) marks->pdata[marks->len - 1])->note, ==, "while there is no room");
  g_free (stalls.message);
}

/* The bookmarks that were never written are told at the end. */
static void
test_stall_marks_close (Place         *place,
                        gconstpointer  data)
{
  Stalls stalls = { 0 };
  ScopeRecorder *recorder = new_small_recorder (place->path, &stalls);
  g_autoptr (GPtrArray) marks = NULL;
  g_autoptr (GError) error = NULL;
  guint number = mark_until_stalled (recorder, &stalls);

  g_assert_false (fixture_close (recorder, &error));
  g_assert_nonnull (strstr (error->message, "the disk is full"));
  g_assert_cmpuint (stalls.n_failed, ==, 1);
  marks = read_marks (place->path);
  g_assert_cmpuint (marks->len, <, number);
  g_assert_finalize_object (recorder);
  g_free (stalls.message);
}

/* --- its place --- */

static void
test_moved (Place         *place,
            gconstpointer  data)
{
  g_autofree char *moved = g_build_filename (place->directory, "moved.channelscope", NULL);
  Stalls stalls = { 0 };
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;
  guint number = 100;

  g_signal_connect (recorder, "failed", G_CALLBACK (failed_cb), &stalls);
  append_and_wait (recorder, 1, 100);
  g_assert_cmpint (g_rename (place->path, moved), ==, 0);
  while (stalls.n_failed == 0)
    {
      if (fixture_append (recorder, number + 1) != 0)
        number++;
      WAIT_UNTIL (stalls.n_failed > 0 || scope_recorder_get_committed (recorder) == number);
    }
  g_assert_false (fixture_close (recorder, &error));
  g_assert_nonnull (strstr (error->message, "moved or deleted"));

  /* what was committed is in the file that was moved */
  capture = scope_capture_open (moved, NULL);
  g_assert_nonnull (capture);
  g_assert_cmpuint (scope_capture_count (capture), ==, scope_recorder_get_committed (recorder));
  assert_dense (capture);
  g_assert_finalize_object (recorder);
}

/* --- processes of their own --- */

static void
child_tell_cb (ScopeRecorder *recorder,
               guint64        number,
               const char    *what)
{
  g_print ("%s %" G_GUINT64_FORMAT "\n", what, number);
}

/* Records until it is killed. */
static int
run_child (const char *path)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (path, NULL, NULL);

  scope_recorder_set_budget (recorder, BUDGET);
  g_signal_connect (recorder, "committed", G_CALLBACK (child_tell_cb), (char *) "committed");
  g_signal_connect (recorder, "dropped", G_CALLBACK (child_tell_cb), (char *) "dropped");
  for (guint i = 1; scope_recorder_get_state (recorder) <= SCOPE_RECORDER_RECORDING; i++)
    {
      fixture_append (recorder, i);
      if (i % 64 == 0)
        while (g_main_context_iteration (NULL, FALSE))
          ;
    }
  return 1;
}

static GPid
spawn_child (const char  *path,
             FILE       **output)
{
  const char *argv[] = { program, "--child", path, NULL };

  return fixture_spawn (argv, output);
}

static void
read_until (FILE       *output,
            const char *what,
            guint       times)
{
  char line[64];

  while (times > 0)
    {
      g_assert_nonnull (fgets (line, sizeof line, output));
      if (g_str_has_prefix (line, what))
        times--;
    }
}

static void
end_child (GPid  pid,
           FILE *output)
{
  char line[64];

  kill (pid, SIGKILL);
  while (fgets (line, sizeof line, output) != NULL)
    ;
  fclose (output);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
}

/* Killed in the middle of dropping, at another moment each time. */
static void
test_kill_while_dropping (Place         *place,
                          gconstpointer  data)
{
  for (guint round = 1; round <= 8; round++)
    {
      g_autofree char *name = g_strdup_printf ("round-%u.channelscope", round);
      g_autofree char *path = g_build_filename (place->directory, name, NULL);
      g_autoptr (ScopeCapture) capture = NULL;
      g_autoptr (GError) error = NULL;
      FILE *output;
      GPid pid = spawn_child (path, &output);

      read_until (output, "dropped", round);
      g_usleep (g_random_int_range (0, 20000));
      end_child (pid, output);
      g_assert_false (scope_file_lock_is_held (path));
      capture = scope_capture_open (path, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (scope_capture_get_first_sequence (capture), >, 1);
      assert_dense (capture);
    }
}

static void
test_two_processes (Place         *place,
                    gconstpointer  data)
{
  g_autoptr (ScopeRecorder) recorder = NULL;
  g_autoptr (GError) error = NULL;
  Stalls stalls = { 0 };
  FILE *output;
  GPid pid = spawn_child (place->path, &output);

  read_until (output, "committed", 2);
  g_assert_true (scope_file_lock_is_held (place->path));
  recorder = scope_recorder_new (place->path, NULL, NULL);
  g_signal_connect (recorder, "failed", G_CALLBACK (failed_cb), &stalls);
  WAIT_UNTIL (stalls.n_failed == 1);
  g_assert_false (fixture_close (recorder, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_EXISTS);
  g_assert_nonnull (strstr (error->message, "being recorded into"));

  /* the other one was not disturbed */
  g_assert_true (scope_file_lock_is_held (place->path));
  read_until (output, "committed", 2);
  end_child (pid, output);
  g_assert_false (scope_file_lock_is_held (place->path));
}

#define add(path, func) g_test_add (path, Place, NULL, place_set_up, func, place_tear_down)

int
main (int    argc,
      char **argv)
{
  program = argv[0];
  if (argc == 3 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2]);

  g_test_init (&argc, &argv, NULL);
  add ("/recorder/budget", test_budget);
  add ("/recorder/budget-lowered", test_budget_lowered);
  add ("/recorder/budget-tiny", test_budget_tiny);
  add ("/recorder/wal", test_wal);
  add ("/recorder/stall", test_stall);
  add ("/recorder/stall-close", test_stall_close);
  add ("/recorder/waiting", test_waiting);
  add ("/recorder/stall-marks", test_stall_marks);
  add ("/recorder/stall-marks-close", test_stall_marks_close);
  add ("/recorder/moved", test_moved);
  add ("/recorder/kill-while-dropping", test_kill_while_dropping);
  add ("/recorder/two-processes", test_two_processes);
  return g_test_run ();
}
