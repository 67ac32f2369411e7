/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Checkpoints beside the connection that writes: none begins where a commit could start the -wal anew meanwhile. */

#include "config.h"

#include <sys/prctl.h>

#include "capture-recording.h"
#include "capture/scope-checkpointer.h"

#define PAGES 64
#define LITTLE (PAGES / 8)
#define ROUNDS 20
#define STEPS 100
#define N_ENTRIES 15000

/* the -wal's index: what the first page of the -shm says */
#define CHECKPOINT_LOCK 1
#define LENGTH_OFFSET 16
#define IN_FILE_OFFSET 96
#define INDEX_BYTES 32768

/* SQLite's own way to files, which looks at the thread's checkpoints, and may have them wait before they begin. */
static sqlite3_vfs vfs;
static sqlite3_vfs *real_vfs;
static sqlite3_io_methods methods;
static const sqlite3_io_methods *real_methods;
static GMutex mutex;
static GCond cond;
static gboolean is_held;
static guint n_begun; /* or waiting to begin */
static guint n_ended;
static guint n_empty; /* found nothing to do */

static gboolean
is_checkpointer (void)
{
  char name[16] = "";

  prctl (PR_GET_NAME, name);
  return g_str_equal (name, "checkpointer");
}

static gboolean
is_all_in_file (sqlite3_file *file)
{
  void volatile *index = NULL;
  guint32 length;
  guint32 in_file;

  g_assert_cmpint (real_methods->xShmMap (file, 0, INDEX_BYTES, FALSE, &index), ==, SQLITE_OK);
  g_assert_nonnull (index);
  length = *(volatile guint32 *) ((volatile char *) index + LENGTH_OFFSET);
  in_file = *(volatile guint32 *) ((volatile char *) index + IN_FILE_OFFSET);
  return in_file >= length;
}

static int
lock_shared_memory (sqlite3_file *file,
                    int           offset,
                    int           n,
                    int           flags)
{
  gboolean is_ours = offset == CHECKPOINT_LOCK && n == 1 && is_checkpointer ();
  int code;

  g_mutex_lock (&mutex);
  if (is_ours && (flags & SQLITE_SHM_LOCK) != 0)
    {
      n_begun++;
      g_cond_broadcast (&cond);
      while (is_held)
        g_cond_wait (&cond, &mutex);
      n_empty += is_all_in_file (file);
    }
  g_mutex_unlock (&mutex);

  code = real_methods->xShmLock (file, offset, n, flags);

  g_mutex_lock (&mutex);
  if (is_ours && (flags & SQLITE_SHM_UNLOCK) != 0)
    {
      n_ended++;
      g_cond_broadcast (&cond);
    }
  g_mutex_unlock (&mutex);
  return code;
}

static int
open_file (sqlite3_vfs  *self,
           const char   *path,
           sqlite3_file *file,
           int           flags,
           int          *out_flags)
{
  int code = real_vfs->xOpen (real_vfs, path, file, flags, out_flags);

  if (code == SQLITE_OK && (flags & SQLITE_OPEN_MAIN_DB) != 0)
    {
      g_mutex_lock (&mutex);
      g_assert_true (real_methods == NULL || real_methods == file->pMethods);
      real_methods = file->pMethods;
      methods = *real_methods;
      methods.xShmLock = lock_shared_memory;
      g_mutex_unlock (&mutex);
      file->pMethods = &methods;
    }
  return code;
}

static void
watch_files (void)
{
  real_vfs = sqlite3_vfs_find (NULL);
  vfs = *real_vfs;
  vfs.zName = "watched";
  vfs.xOpen = open_file;
  g_assert_cmpint (sqlite3_vfs_register (&vfs, TRUE), ==, SQLITE_OK);
}

static void
hold (gboolean hold_them)
{
  g_mutex_lock (&mutex);
  is_held = hold_them;
  g_cond_broadcast (&cond);
  g_mutex_unlock (&mutex);
}

static void
wait_for (const guint *n,
          guint        least)
{
  gint64 until = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  g_mutex_lock (&mutex);
  while (*n < least)
    g_assert_true (g_cond_wait_until (&cond, &mutex, until));
  g_mutex_unlock (&mutex);
}

static guint
get (const guint *n)
{
  guint value;

  g_mutex_lock (&mutex);
  value = *n;
  g_mutex_unlock (&mutex);
  return value;
}

static sqlite3 *
make_file (const char *path)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
                                     "CREATE TABLE rows (id INTEGER PRIMARY KEY, data BLOB)", NULL, NULL, NULL),
                   ==, SQLITE_OK);
  return db;
}

static void
commit_rows (sqlite3 *db,
             guint    n)
{
  for (guint i = 0; i < n; i++)
    g_assert_cmpint (sqlite3_exec (db, "INSERT INTO rows (data) VALUES (zeroblob (3000))", NULL, NULL, NULL), ==,
                     SQLITE_OK);
}

static void
assert_sound (sqlite3 *db)
{
  sqlite3_stmt *statement = NULL;

  g_assert_cmpint (sqlite3_prepare_v2 (db, "PRAGMA integrity_check", -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *) sqlite3_column_text (statement, 0), ==, "ok");
  sqlite3_finalize (statement);
}

/* It writes what came after it was asked as well; then nothing is left to ask it for. */
static void
test_late (Place         *place,
           gconstpointer  data)
{
  sqlite3 *db = make_file (place->path);
  g_autoptr (ScopeCheckpointer) checkpointer = _scope_checkpointer_new (place->path, db);
  guint before = get (&n_empty);

  g_assert_nonnull (checkpointer);
  _scope_checkpointer_set_pages (checkpointer, PAGES);
  for (guint round = 0; round < ROUNDS; round++)
    {
      guint begun = get (&n_begun);
      guint ended = get (&n_ended);

      hold (TRUE);
      for (guint i = 0; get (&n_begun) == begun; i++)
        {
          g_assert_cmpuint (i, <, 100 * PAGES);
          if (i < 2 * PAGES)
            commit_rows (db, 1);
          else
            g_usleep (1000); /* it was asked, and is on its way */
          _scope_checkpointer_step (checkpointer);
        }
      commit_rows (db, LITTLE + 2);
      hold (FALSE);
      wait_for (&n_ended, ended + 1);
      for (guint i = 0; i < STEPS; i++)
        {
          _scope_checkpointer_step (checkpointer);
          g_usleep (50);
        }
      g_assert_cmpuint (get (&n_empty), ==, before);
    }

  g_clear_pointer (&checkpointer, _scope_checkpointer_free);
  assert_sound (db);
  sqlite3_close (db);
}

/* As a recorder does it with the smallest budget: many small commits, and a part of what is there goes ever again. */
static void
test_flood (Place         *place,
            gconstpointer  data)
{
  ScopeRecorder *recorder = scope_recorder_new (place->path, NULL, NULL);
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;
  guint before = get (&n_empty);
  guint begun = get (&n_begun);
  sqlite3 *db = NULL;

  scope_recorder_set_budget (recorder, 1024 * 1024);
  for (guint i = 1; i <= N_ENTRIES; i++)
    {
      g_assert_cmpuint (fixture_append (recorder, i), ==, i);
      if (i % 50 == 0)
        WAIT_UNTIL (scope_recorder_get_committed (recorder) == i);
    }
  g_assert_true (fixture_close (recorder, &error));
  g_assert_no_error (error);
  g_assert_finalize_object (recorder);
  g_assert_cmpuint (get (&n_begun), >, begun);
  g_assert_cmpuint (get (&n_empty), ==, before);

  capture = scope_capture_open (place->path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scope_capture_count (capture), ==, N_ENTRIES);
  for (guint64 i = scope_capture_get_first_sequence (capture); i <= N_ENTRIES; i++)
    fixture_assert_tick (capture, i);
  g_assert_cmpint (sqlite3_open (place->path, &db), ==, SQLITE_OK);
  assert_sound (db);
  sqlite3_close (db);
}

#define add(path, func) g_test_add (path, Place, NULL, place_set_up, func, place_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  watch_files ();
  add ("/checkpointer/late", test_late);
  add ("/checkpointer/flood", test_flood);
  return g_test_run ();
}
