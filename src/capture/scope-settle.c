/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-settle"

#include "config.h"

#include "capture/scope-settle.h"

#include <sqlite3.h>

#include "capture/scope-file-lock.h"
#include "capture/scope-reader.h"
#include "capture/scope-schema.h"

/* A recording is one file once it has ended. While another program reads it at that moment, it can't
 * leave WAL mode: -wal and -shm stay beside it. The next one to come across it tries again. */

/* Only of captures that were ended properly: what a crash has left is read, and not touched. */
static gboolean
settle_is_closed (sqlite3 *db)
{
  sqlite3_stmt *row = NULL;
  gint64 application = 0;
  gboolean is_ours = FALSE;
  gboolean is_closed = FALSE;

  if (_scope_schema_get_pragma (db, "PRAGMA application_id", &application) != SQLITE_OK
      || application != SCOPE_CAPTURE_APPLICATION_ID
      || _scope_schema_check (db, &is_ours) != SQLITE_OK || !is_ours
      || sqlite3_prepare_v2 (db, "SELECT value FROM meta WHERE key = ?1", -1, &row, NULL)
           != SQLITE_OK)
    return FALSE;
  sqlite3_bind_text (row, 1, SCOPE_SCHEMA_STATE, -1, SQLITE_STATIC);
  if (sqlite3_step (row) == SQLITE_ROW)
    is_closed = g_strcmp0 ((const char *) sqlite3_column_text (row, 0), SCOPE_SCHEMA_STATE_CLOSED)
                == 0;
  sqlite3_finalize (row);
  return is_closed;
}

/* This process's readers stand aside; another program's can't be asked to. */
static gboolean
settle_leave_wal (sqlite3    *db,
                  const char *path)
{
  gboolean done;

  _scope_reader_suspend_all (path);
  done = sqlite3_exec (db, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE", NULL,
                       NULL, NULL)
         == SQLITE_OK;
  _scope_reader_resume_all (path);
  return done;
}

static gboolean
settle_run (const char *path)
{
  sqlite3 *db = NULL;
  gboolean done = TRUE;

  if (sqlite3_open_v2 (path, &db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE, NULL)
      == SQLITE_OK)
    {
      _scope_reader_harden (db);
      /* the last one to close would do what is not to be done yet */
      sqlite3_db_config (db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
      if (settle_is_closed (db))
        done = settle_leave_wal (db, path);
    }
  sqlite3_close (db);
  return done;
}

/**
 * scope_capture_settle:
 * @path: (type filename): a capture
 *
 * Makes one file of a recording that has ended and has a -wal beside it still, unless somebody
 * records into it, or the program that did has crashed. Blocks.
 *
 * Returns: %FALSE if that is not possible now: another program has it open, or it can't be written
 */
gboolean
scope_capture_settle (const char *path)
{
  g_autofree char *whole = NULL;
  g_autofree char *wal = NULL;
  gboolean done;
  int lock;

  g_return_val_if_fail (path != NULL, FALSE);

  wal = g_strconcat (path, "-wal", NULL);
  if (!g_file_test (wal, G_FILE_TEST_EXISTS) || scope_file_lock_is_held (path))
    return TRUE;
  /* not while another one does the same, or begins to record */
  lock = _scope_file_lock_take (path);
  if (lock < 0)
    return FALSE;
  whole = g_canonicalize_filename (path, NULL);
  done = settle_run (whole);
  _scope_file_lock_leave (path, lock);
  if (!done)
    g_debug ("the capture %s is more than one file for now", path);
  return done;
}
