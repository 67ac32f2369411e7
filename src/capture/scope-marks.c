/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-marks"

#include "config.h"

#include "capture/scope-marks.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "capture/scope-capture-private.h"
#include "capture/scope-marks-private.h"
#include "capture/scope-reader.h"
#include "capture/scope-schema.h"

/* The capture that is recorded is written by the recorder's thread. A capture of another run is
 * opened for one transaction: this process's readers stand aside for as long as that takes, and a
 * program that has the file open, perhaps to record into it, keeps us out (locking_mode). */

#define TABLE "marks (sequence INTEGER PRIMARY KEY, note TEXT NOT NULL, time INTEGER NOT NULL)"

#define WRITE_ATTEMPTS 20
#define WRITE_PAUSE_USEC (100 * G_TIME_SPAN_MILLISECOND)

/**
 * scope_mark_new:
 * @sequence: the row's sequence number
 * @time_usec: wall clock: when it was set
 * @note: (nullable): the user's words
 *
 * Returns: (transfer full): a bookmark
 */
ScopeMark *
scope_mark_new (guint64     sequence,
                gint64      time_usec,
                const char *note)
{
  ScopeMark *self = g_new0 (ScopeMark, 1);

  self->sequence = sequence;
  self->time_usec = time_usec;
  self->note = g_strdup (note);
  return self;
}

/**
 * scope_mark_free:
 *
 * Frees a bookmark.
 */
void
scope_mark_free (ScopeMark *self)
{
  g_free (self->note);
  g_free (self);
}

/* --- the table --- */

typedef enum
{
  TABLE_ABSENT,
  TABLE_OURS,
  TABLE_FOREIGN,
} TableState;

/* Like the other tables it is known by its text: what is not ours is not touched. */
static int
marks_find_table (sqlite3    *db,
                  TableState *state)
{
  sqlite3_stmt *row = NULL;
  int code = sqlite3_prepare_v2 (db,
                                 "SELECT sql FROM sqlite_schema WHERE name = 'marks' COLLATE NOCASE",
                                 -1, &row, NULL);

  *state = TABLE_ABSENT;
  if (code == SQLITE_OK && (code = sqlite3_step (row)) == SQLITE_ROW)
    {
      const char *sql = (const char *) sqlite3_column_text (row, 0);

      *state = g_strcmp0 (sql, "CREATE TABLE " TABLE) == 0 ? TABLE_OURS : TABLE_FOREIGN;
      code = SQLITE_DONE;
    }
  sqlite3_finalize (row);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

static int
marks_ensure_table (sqlite3 *db)
{
  TableState state = TABLE_ABSENT;
  int code = marks_find_table (db, &state);

  if (code != SQLITE_OK || state == TABLE_OURS)
    return code;
  if (state == TABLE_FOREIGN)
    return SQLITE_CORRUPT;
  return sqlite3_exec (db, "CREATE TABLE " TABLE, NULL, NULL, NULL);
}

int
_scope_marks_apply (sqlite3         *db,
                    const ScopeMark *mark)
{
  const char *sql = mark->note != NULL
                        ? "INSERT OR REPLACE INTO marks (sequence, note, time) VALUES (?, ?, ?)"
                        : "DELETE FROM marks WHERE sequence = ?";
  sqlite3_stmt *statement = NULL;
  int code = marks_ensure_table (db);

  if (code == SQLITE_OK)
    code = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);
  if (code != SQLITE_OK)
    return code;

  sqlite3_bind_int64 (statement, 1, mark->sequence);
  if (mark->note != NULL)
    {
      sqlite3_bind_text (statement, 2, mark->note, -1, SQLITE_TRANSIENT);
      sqlite3_bind_int64 (statement, 3, mark->time_usec);
    }
  code = sqlite3_step (statement);
  sqlite3_finalize (statement);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

/* --- reading --- */

/* NULL if the row is none of ours: any program may have been at the file. */
static ScopeMark *
marks_take_row (sqlite3_stmt *row,
                guint64       count)
{
  gint64 sequence = sqlite3_column_int64 (row, 0);
  const char *note;
  gsize length;

  /* before they are read, which would convert them */
  if (sqlite3_column_type (row, 1) != SQLITE_TEXT || sqlite3_column_type (row, 2) != SQLITE_INTEGER)
    return NULL;
  note = (const char *) sqlite3_column_text (row, 1);
  length = sqlite3_column_bytes (row, 1);
  if (sequence < 1 || (guint64) sequence > count || note == NULL || length > SCOPE_LIMIT_NOTE_BYTES
      || !g_utf8_validate_len (note, length, NULL))
    return NULL;
  return scope_mark_new (sequence, sqlite3_column_int64 (row, 2), note);
}

/* *n_bad: rows that are damaged, or more than there may be */
static int
marks_read_rows (sqlite3   *db,
                 guint64    count,
                 GPtrArray *marks,
                 guint     *n_bad)
{
  sqlite3_stmt *row = NULL;
  int code = sqlite3_prepare_v2 (db, "SELECT sequence, note, time FROM marks ORDER BY sequence", -1,
                                 &row, NULL);

  while (code == SQLITE_OK && (code = sqlite3_step (row)) == SQLITE_ROW)
    {
      ScopeMark *mark = marks_take_row (row, count);

      code = SQLITE_OK;
      if (mark != NULL)
        g_ptr_array_add (marks, mark);
      else
        (*n_bad)++;
      if (marks->len + *n_bad > SCOPE_LIMIT_MARKS)
        code = SQLITE_DONE;
    }
  sqlite3_finalize (row);
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

static char *
marks_explain (sqlite3    *db,
               int         code,
               TableState  state,
               guint       n_bad)
{
  g_autofree char *reason = NULL;

  if (code == SQLITE_OK && state == TABLE_FOREIGN)
    return g_strdup (_("The bookmarks of this capture can’t be read: their table is damaged"));
  if (code == SQLITE_OK)
    return n_bad == 0 ? NULL
                      : g_strdup_printf (ngettext ("%u bookmark of this capture is damaged and "
                                                   "left out",
                                                   "%u bookmarks of this capture are damaged and "
                                                   "left out",
                                                   n_bad),
                                         n_bad);
  reason = _scope_schema_dup_reason (db);
  return g_strdup_printf (_("The bookmarks of this capture can’t be read: %s"), reason);
}

/**
 * scope_marks_read:
 * @capture: a capture
 * @problem: (out) (transfer full) (nullable): a sentence to show if there are more than could be
 *   read
 *
 * Reads the bookmarks through a connection of its own. Blocks: for a worker thread.
 *
 * Returns: (transfer full) (element-type ScopeMark): those that could be read, in order of their
 *   sequence numbers; at most `SCOPE_LIMIT_MARKS`
 */
GPtrArray *
scope_marks_read (ScopeCapture  *capture,
                  char         **problem)
{
  GPtrArray *marks = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_mark_free);
  TableState state = TABLE_ABSENT;
  guint64 count = scope_capture_count (capture);
  guint n_bad = 0;
  ScopeReader *reader;
  sqlite3 *db;
  int code;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture), marks);
  g_return_val_if_fail (problem != NULL, marks);

  reader = _scope_capture_new_reader (capture);
  code = _scope_reader_lock (reader);
  db = _scope_reader_get_db (reader);
  if (code == SQLITE_OK)
    code = marks_find_table (db, &state);
  if (code == SQLITE_OK && state == TABLE_OURS)
    code = marks_read_rows (db, count, marks, &n_bad);
  *problem = marks_explain (db, code, state, n_bad);
  _scope_reader_unlock (reader);
  _scope_reader_free (reader);
  return marks;
}

/* --- writing --- */

static int
marks_open (const char  *path,
            sqlite3    **db)
{
  int code;

  errno = 0;
  code = sqlite3_open_v2 (path, db,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
                              | SQLITE_OPEN_PRIVATECACHE | SQLITE_OPEN_NOFOLLOW,
                          NULL);
  if (code != SQLITE_OK)
    return code;
  if (sqlite3_db_readonly (*db, "main") == 1)
    return SQLITE_READONLY;
  /* a capture that was not closed stays as it is, with its -wal: no checkpoint */
  sqlite3_db_config (*db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
  sqlite3_db_config (*db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (*db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (*db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (*db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  return sqlite3_exec (*db,
                       "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = NORMAL;"
                       "PRAGMA wal_autocheckpoint = 0; BEGIN EXCLUSIVE",
                       NULL, NULL, NULL);
}

static int
marks_write_once (const char  *path,
                  GPtrArray   *changes,
                  char       **reason)
{
  sqlite3 *db = NULL;
  int code = marks_open (path, &db);

  for (guint i = 0; code == SQLITE_OK && i < changes->len; i++)
    code = _scope_marks_apply (db, g_ptr_array_index (changes, i));
  if (code == SQLITE_OK)
    code = sqlite3_exec (db, "COMMIT", NULL, NULL, NULL);
  if ((code & 0xff) == SQLITE_BUSY)
    *reason = g_strdup (_("another program is using the file"));
  else if ((code & 0xff) == SQLITE_READONLY)
    *reason = g_strdup (_("the file can’t be written to"));
  else if ((code & 0xff) == SQLITE_CORRUPT)
    *reason = g_strdup (_("the file is damaged"));
  else if (code != SQLITE_OK)
    *reason = _scope_schema_dup_reason (db);
  sqlite3_close (db);
  return code & 0xff;
}

/**
 * scope_marks_write:
 * @path: (type filename): a capture nothing records into
 * @changes: (element-type ScopeMark): what to set, and, with a note of %NULL, to take away
 * @error: return location for an error
 *
 * Opens the file for one transaction. Blocks, for two seconds if another program is using the file:
 * for a worker thread.
 *
 * Returns: %FALSE with `SCOPE_ERROR_CAPTURE` if nothing was changed
 */
gboolean
scope_marks_write (const char  *path,
                   GPtrArray   *changes,
                   GError     **error)
{
  g_autofree char *canonical = NULL;
  g_autofree char *reason = NULL;
  int code = SQLITE_BUSY;

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (changes != NULL, FALSE);

  canonical = g_canonicalize_filename (path, NULL);
  for (guint i = 0; i < WRITE_ATTEMPTS && code == SQLITE_BUSY; i++)
    {
      /* not while our readers wait for us */
      if (i > 0)
        g_usleep (WRITE_PAUSE_USEC);
      g_clear_pointer (&reason, g_free);
      _scope_reader_suspend_all (canonical);
      code = marks_write_once (canonical, changes, &reason);
      _scope_reader_resume_all (canonical);
    }
  if (code == SQLITE_OK)
    return TRUE;
  /* Translators: %s is a reason: "the file can’t be written to" */
  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE,
               _("Couldn’t keep the bookmark in the capture: %s"), reason);
  return FALSE;
}
