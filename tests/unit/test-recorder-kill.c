/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A program that records is killed at any moment, and what it leaves is read.
 * As a test: ten rounds. bench-kill ROUNDS prints figures instead:
 *   kill ENTRIES MEDIAN LONGEST   read again in all; ms of what was appended that are missing */

#include "config.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture-recording.h"

#define EVENTS_PER_SECOND 20000
#define TOLD_EVENTS 32 /* at once, at most */
#define BUDGET_BYTES (1024 * 1024)
#define MOST_MSEC 600 /* after the first commit */
#define TEST_ROUNDS 10
#define MISSING_MSEC 100

typedef enum
{
  TOLD_APPENDED,
  TOLD_COMMITTED,
} ToldKind;

/* what a recording program writes into its pipe, whole or not at all */
typedef struct
{
  guint64 kind;
  guint64 number;
  gint64 stamp_usec; /* monotonic: when it was appended */
} Told;

typedef struct
{
  ScopeRecorder *recorder;
  gint64 started_usec;
  guint64 n;
} Child;

typedef struct
{
  guint64 committed;
  Told appended; /* the last one */
} Seen;

static const char *program;
static guint n_shortened; /* captures whose oldest entries had gone */

/* --- the one that is killed --- */

static void
child_tell (ToldKind kind,
            guint64  number,
            gint64   stamp_usec)
{
  const Told told = { kind, number, stamp_usec };

  if (write (STDOUT_FILENO, &told, sizeof told) != sizeof told)
    _exit (1);
}

static void
child_committed_cb (ScopeRecorder *recorder,
                    guint64        up_to,
                    gpointer       user_data)
{
  child_tell (TOLD_COMMITTED, up_to, 0);
}

static void
child_append (Child  *self,
              gint64  stamp_usec)
{
  g_autofree char *frame = g_strdup_printf (
      "{\"event\":\"tick\",\"channel\":\"news\",\"data\":{\"stamp\":%" G_GINT64_FORMAT
      ",\"note\":\"%0200d\"}}", stamp_usec, 0);
  g_autoptr (ScopeEntry) entry
      = fixture_event (scope_recorder_get_names (self->recorder), frame);

  entry->time_usec = stamp_usec;
  if (scope_recorder_append (self->recorder, entry) != ++self->n)
    _exit (1);
}

/* As many as are due. On a slow machine a turn is long: it is told in between, too. */
static gboolean
child_turn_cb (gpointer user_data)
{
  Child *self = user_data;
  gint64 now = g_get_monotonic_time ();
  guint64 due = (now - self->started_usec) * EVENTS_PER_SECOND / G_USEC_PER_SEC + 1;

  while (self->n < due)
    {
      now = g_get_monotonic_time ();
      child_append (self, now);
      if (self->n % TOLD_EVENTS == 0)
        child_tell (TOLD_APPENDED, self->n, now);
    }
  child_tell (TOLD_APPENDED, self->n, now);
  return G_SOURCE_CONTINUE;
}

static int
run_child (const char *path,
           guint64     budget)
{
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (path, NULL, NULL);
  Child self = { .recorder = recorder, .started_usec = g_get_monotonic_time () };

  scope_recorder_set_budget (recorder, budget);
  g_signal_connect (recorder, "committed", G_CALLBACK (child_committed_cb), NULL);
  g_timeout_add (1, child_turn_cb, &self);
  while (scope_recorder_get_state (recorder) <= SCOPE_RECORDER_RECORDING)
    g_main_context_iteration (NULL, TRUE);
  return 1;
}

/* --- the one that kills --- */

static GPid
spawn_child (const char *path,
             gboolean    has_budget,
             int        *fd)
{
  g_autofree char *budget = g_strdup_printf ("%u", has_budget ? BUDGET_BYTES : 0);
  const char *argv[] = { program, "--child", path, budget, NULL };
  g_autoptr (GError) error = NULL;
  GPid pid = 0;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                            NULL, fd, NULL, &error);
  g_assert_no_error (error);
  return pid;
}

/* FALSE: nobody tells any more */
static gboolean
seen_read (Seen *self,
           int   fd)
{
  Told told;
  gssize n = read (fd, &told, sizeof told);

  if (n == 0)
    return FALSE;
  g_assert_cmpint (n, ==, sizeof told);
  if (told.kind == TOLD_COMMITTED)
    {
      g_assert_cmpuint (told.number, >, self->committed);
      self->committed = told.number;
      return TRUE;
    }
  g_assert_cmpuint (told.kind, ==, TOLD_APPENDED);
  self->appended = told;
  return TRUE;
}

static void
seen_wait_committed (Seen *self,
                     int   fd)
{
  while (self->committed == 0)
    if (!seen_read (self, fd))
      g_error ("the recording program ended by itself");
}

/* Reads all the while: else the pipe would be full, and nothing appended. */
static void
seen_until (Seen   *self,
            int     fd,
            gint64  end_usec)
{
  gint64 left;

  while ((left = end_usec - g_get_monotonic_time ()) > 0)
    {
      struct pollfd wait = { .fd = fd, .events = POLLIN };

      if (poll (&wait, 1, left / 1000 + 1) > 0 && !seen_read (self, fd))
        g_error ("the recording program ended by itself");
    }
}

static gint64
read_stamp (ScopeCapture *capture,
            guint64       sequence)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeEntry) entry = scope_capture_read (capture, sequence, &error);
  const char *bytes;
  const char *stamp;
  gsize size;

  g_assert_no_error (error);
  g_assert_cmpuint (entry->sequence, ==, sequence);
  g_assert_cmpuint (entry->kind, ==, SCOPE_ENTRY_EVENT);
  bytes = g_bytes_get_data (entry->frame, &size);
  stamp = g_strstr_len (bytes, size, "\"stamp\":");
  g_assert_nonnull (stamp);
  return g_ascii_strtoll (stamp + strlen ("\"stamp\":"), NULL, 10);
}

/* Reads what was left, all of it. Returns how many entries there are; missing_usec: from the last
 * one to the last one that was told to be appended. */
static guint64
check_capture (const char *path,
               const Seen *seen,
               gint64     *missing_usec)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open (path, &error);
  gint64 last_usec = 0;
  guint64 first;
  guint64 last;

  g_assert_no_error (error);
  g_assert_false (scope_capture_is_salvaged (capture));
  first = scope_capture_get_first_sequence (capture);
  last = scope_capture_count (capture);
  g_assert_cmpuint (first, <=, last);
  g_assert_cmpuint (last, >=, seen->committed);
  n_shortened += first > 1;
  for (guint64 i = first; i <= last; i++)
    {
      gint64 stamp = read_stamp (capture, i);

      g_assert_cmpint (stamp, >=, last_usec);
      last_usec = stamp;
    }
  *missing_usec = last < seen->appended.number ? seen->appended.stamp_usec - last_usec : 0;
  return last - first + 1;
}

/* every other one lets go of its oldest entries */
static guint64
run_round (const char *directory,
           guint       round,
           gint64     *missing_usec)
{
  g_autofree char *name = g_strdup_printf ("round-%u.channelscope", round);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  Seen seen = { 0 };
  int fd = -1;
  GPid pid = spawn_child (path, round % 2 == 0, &fd);

  seen_wait_committed (&seen, fd);
  seen_until (&seen, fd,
              g_get_monotonic_time () + g_random_int_range (0, MOST_MSEC * 1000));
  kill (pid, SIGKILL);
  while (seen_read (&seen, fd))
    ;
  close (fd);
  g_assert_cmpint (waitpid (pid, NULL, 0), ==, pid);
  return check_capture (path, &seen, missing_usec);
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

/* the missing times, sorted (transfer full) */
static GArray *
run_rounds (const char *directory,
            guint       n_rounds,
            guint64    *n_entries)
{
  GArray *missing = g_array_new (FALSE, FALSE, sizeof (gint64));

  *n_entries = 0;
  for (guint round = 1; round <= n_rounds; round++)
    {
      gint64 missing_usec = 0;

      *n_entries += run_round (directory, round, &missing_usec);
      g_array_append_val (missing, missing_usec);
    }
  g_array_sort (missing, compare_times);
  return missing;
}

static double
get_msec (GArray *missing,
          guint   i)
{
  return g_array_index (missing, gint64, i) / 1000.0;
}

/* What is missing is as long as the machine lets the writer wait: the median is that of a moment in
 * which it did not. */
static void
test_any_moment (Place         *place,
                 gconstpointer  data)
{
  guint64 n_entries;
  g_autoptr (GArray) missing = run_rounds (place->directory, TEST_ROUNDS, &n_entries);

  g_test_message ("%" G_GUINT64_FORMAT " entries, %u captures shortened; missing: median %.1f ms, "
                  "at most %.1f ms", n_entries, n_shortened, get_msec (missing, TEST_ROUNDS / 2),
                  get_msec (missing, TEST_ROUNDS - 1));
  g_assert_cmpfloat (get_msec (missing, TEST_ROUNDS / 2), <=, MISSING_MSEC);
}

static int
print_figures (guint n_rounds)
{
  Place place;
  guint64 n_entries;
  g_autoptr (GArray) missing = NULL;

  place_set_up (&place, NULL);
  missing = run_rounds (place.directory, n_rounds, &n_entries);
  printf ("kill %" G_GUINT64_FORMAT " %.1f %.1f\n", n_entries, get_msec (missing, n_rounds / 2),
          get_msec (missing, n_rounds - 1));
  place_tear_down (&place, NULL);
  return 0;
}

int
main (int    argc,
      char **argv)
{
  program = argv[0];
  if (argc == 4 && g_str_equal (argv[1], "--child"))
    return run_child (argv[2], g_ascii_strtoull (argv[3], NULL, 10));
  if (argc == 2 && g_ascii_isdigit (argv[1][0]))
    return print_figures (CLAMP (g_ascii_strtoull (argv[1], NULL, 10), 1, 1000));

  g_test_init (&argc, &argv, NULL);
  g_test_add ("/recorder-kill/any-moment", Place, NULL, place_set_up, test_any_moment,
              place_tear_down);
  return g_test_run ();
}
