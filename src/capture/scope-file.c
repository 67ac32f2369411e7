/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-file"

#include "config.h"

#include "capture/scope-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "base/scope-text.h"
#include "capture/scope-batch-table.h"
#include "capture/scope-checkpointer.h"
#include "capture/scope-file-lock.h"
#include "capture/scope-marks-private.h"
#include "capture/scope-reader.h"
#include "capture/scope-schema.h"

/* The file is in WAL mode while it is written: readers and the writer don't wait for each other,
 * and a commit needs no fsync (synchronous=NORMAL), so that a crash of the program loses nothing
 * committed, and one of the machine at most what came after the last checkpoint, which is begun when that is
 * CHECKPOINT_PAGES. */

#define CHECKPOINT_PAGES 2000 /* 32 MiB: each costs an fsync or two */
#define MIN_CHECKPOINT_PAGES 64
#define BUSY_TIMEOUT_MSEC 1000
#define CHECK_PLACE_USEC G_USEC_PER_SEC

/* A block is this part of what is kept, so that few large entries are not dropped all at once, and
 * not more entries than the writer can drop without falling behind. The pages that become free are
 * used again: the file stays as large as the budget and a block. */
#define BLOCK_PART 16
#define MAX_BLOCK_ENTRIES 4096

struct _ScopeFile
{
  char *path;
  sqlite3 *db;
  sqlite3_stmt *begin;
  sqlite3_stmt *commit;
  sqlite3_stmt *insert_batch;
  sqlite3_stmt *insert_name;
  ScopeBatch batch;
  ScopeCheckpointer *checkpointer; /* NULL: SQLite does it by itself */
  guint32 names_written;
  guint64 entries_written;
  guint32 names_committed;
  guint64 entries_committed;

  gboolean is_full;
  int lock;
  dev_t device; /* where it was made */
  ino_t inode;
  gint64 checked_usec;

  guint64 budget;
  gint64 page_size;
  guint64 first;
};

/* SQLite does not close while there are statements. */
static void
file_close_db (ScopeFile *self)
{
  g_clear_pointer (&self->checkpointer, _scope_checkpointer_free);
  g_clear_pointer (&self->begin, sqlite3_finalize);
  g_clear_pointer (&self->commit, sqlite3_finalize);
  g_clear_pointer (&self->insert_batch, sqlite3_finalize);
  g_clear_pointer (&self->insert_name, sqlite3_finalize);
  g_clear_pointer (&self->db, sqlite3_close);
}

static void
file_free (ScopeFile *self)
{
  file_close_db (self);
  _scope_file_lock_leave (self->path, self->lock);
  g_free (self->path);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeFile, file_free)

static gboolean
file_fail (ScopeFile  *self,
           GError    **error)
{
  self->is_full = _scope_schema_is_full (self->db);
  _scope_schema_set_error (error, self->db, self->path, TRUE);
  return FALSE;
}

static gboolean
file_step (ScopeFile     *self,
           sqlite3_stmt  *statement,
           GError       **error)
{
  int code;

  errno = 0; /* see _scope_schema_dup_reason() */
  code = sqlite3_step (statement);
  if (code != SQLITE_DONE && code != SQLITE_ROW)
    {
      file_fail (self, error);
      sqlite3_reset (statement);
      return FALSE;
    }
  sqlite3_reset (statement);
  return TRUE;
}

static gboolean
file_exec (ScopeFile   *self,
           const char  *sql,
           GError     **error)
{
  errno = 0;
  if (sqlite3_exec (self->db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return file_fail (self, error);
  return TRUE;
}

/* SQLite would open what is there already, and follow a link; and the permissions of the -wal are
 * those of the file, so they must be right from the start. */
static gboolean
file_create_empty (const char  *path,
                   gboolean    *is_full,
                   GError     **error)
{
  g_autofree char *directory = g_path_get_dirname (path);
  g_autofree char *name = g_filename_display_name (path);
  int fd = -1;
  int saved;

  if (g_mkdir_with_parents (directory, 0700) == 0)
    fd = g_open (path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
  saved = errno;
  if (fd >= 0)
    {
      close (fd);
      return TRUE;
    }
  *is_full = saved == ENOSPC || saved == EDQUOT;
  if (saved == EEXIST && scope_file_lock_is_held (path))
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_EXISTS,
                 _("Couldn’t create the capture “%s”: a file of that name exists, and is being "
                   "recorded into"), name);
  else if (saved == EEXIST && g_file_test (directory, G_FILE_TEST_IS_DIR))
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_EXISTS,
                 _("Couldn’t create the capture “%s”: a file of that name exists"), name);
  else
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE,
                 _("Couldn’t create the capture “%s”: %s"), name, g_strerror (saved));
  return FALSE;
}

static gboolean
file_set_meta (ScopeFile   *self,
               const char  *key,
               const char  *value,
               GError     **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean done;

  if (sqlite3_prepare_v2 (self->db, _scope_schema_set_meta, -1, &statement, NULL) != SQLITE_OK)
    return file_fail (self, error);
  sqlite3_bind_text (statement, 1, key, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (statement, 2, value, -1, SQLITE_TRANSIENT);
  done = file_step (self, statement, error);
  sqlite3_finalize (statement);
  return done;
}

static gboolean
file_set_time (ScopeFile   *self,
               const char  *key,
               GError     **error)
{
  g_autofree char *now = scope_text_format_rfc3339 (g_get_real_time ());

  return file_set_meta (self, key, now, error);
}

static gboolean
file_write_app (ScopeFile           *self,
                const char * const  *app,
                GError             **error)
{
  for (guint i = 0; app != NULL && app[i] != NULL && app[i + 1] != NULL; i += 2)
    if (!file_set_meta (self, app[i], app[i + 1], error))
      return FALSE;
  return file_set_meta (self, "format", "channelscope capture", error)
         && file_set_meta (self, "version", SCOPE_VERSION, error)
         && file_set_time (self, "started", error)
         && file_set_meta (self, SCOPE_SCHEMA_STATE, SCOPE_SCHEMA_STATE_OPEN, error);
}

static gboolean
file_prepare (ScopeFile     *self,
              const char    *sql,
              sqlite3_stmt **statement,
              GError       **error)
{
  if (sqlite3_prepare_v3 (self->db, sql, -1, SQLITE_PREPARE_PERSISTENT, statement, NULL)
      != SQLITE_OK)
    return file_fail (self, error);
  return TRUE;
}

static gboolean
file_exec_number (ScopeFile   *self,
                  const char  *pragma,
                  guint        number,
                  GError     **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA %s = %u", pragma, number);

  return file_exec (self, sql, error);
}

static guint
file_get_checkpoint_pages (ScopeFile *self)
{
  if (self->budget == 0)
    return CHECKPOINT_PAGES;
  return CLAMP (self->budget / self->page_size / BLOCK_PART, MIN_CHECKPOINT_PAGES,
                CHECKPOINT_PAGES);
}

static void
file_set_checkpoint_pages (ScopeFile *self)
{
  guint pages = file_get_checkpoint_pages (self);

  if (self->checkpointer != NULL)
    _scope_checkpointer_set_pages (self->checkpointer, pages);
  else
    file_exec_number (self, "wal_autocheckpoint", pages, NULL);
}

/* where it stands: see _scope_file_check_place() */
static void
file_remember_place (ScopeFile *self)
{
  GStatBuf status;

  if (g_stat (self->path, &status) != 0)
    return;
  self->device = status.st_dev;
  self->inode = status.st_ino;
}

/* The tables are there before the file goes into WAL mode: should a copy of it lose its -wal, it
 * still is a capture that says it was not closed. */
static gboolean
file_set_up (ScopeFile           *self,
             const char * const  *app,
             guint                max_pages,
             GError             **error)
{
  if (sqlite3_open_v2 (self->path, &self->db,
                       SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
                           | SQLITE_OPEN_PRIVATECACHE,
                       NULL)
      != SQLITE_OK)
    return file_fail (self, error);
  sqlite3_busy_timeout (self->db, BUSY_TIMEOUT_MSEC);
  if (!_scope_schema_create (self->db)
      || _scope_batch_table_register (self->db, &self->batch) != SQLITE_OK)
    return file_fail (self, error);

  return file_exec (self, "BEGIN", error)
         && file_write_app (self, app, error)
         && file_exec (self,
                       "COMMIT; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL", error)
         && _scope_file_set_max_pages (self, max_pages, error)
         && file_prepare (self, "BEGIN IMMEDIATE", &self->begin, error)
         && file_prepare (self, "COMMIT", &self->commit, error)
         && file_prepare (self, _scope_schema_insert_name, &self->insert_name, error)
         && file_prepare (self, _scope_schema_insert_batch, &self->insert_batch, error);
}

static void
file_unlink (const char *path)
{
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);

  g_unlink (wal);
  g_unlink (shm);
  g_unlink (path);
}

ScopeFile *
_scope_file_create (const char          *path,
                    const char * const  *app,
                    guint                max_pages,
                    gboolean            *is_full,
                    GError             **error)
{
  g_autoptr (ScopeFile) self = g_new0 (ScopeFile, 1);
  gboolean no_room = FALSE;

  if (is_full == NULL)
    is_full = &no_room;
  self->path = g_strdup (path);
  self->lock = -1;
  self->first = 1;
  if (!file_create_empty (path, is_full, error))
    return NULL;
  self->lock = _scope_file_lock_take (path);
  if (!file_set_up (self, app, max_pages, error)
      || _scope_schema_get_pragma (self->db, "PRAGMA page_size", &self->page_size) != SQLITE_OK)
    {
      *is_full = self->is_full;
      /* nothing was recorded, and it is ours */
      file_close_db (self);
      file_unlink (path);
      return NULL;
    }
  file_remember_place (self);
  self->checkpointer = _scope_checkpointer_new (path, self->db);
  file_set_checkpoint_pages (self);
  return g_steal_pointer (&self);
}

gboolean
_scope_file_begin (ScopeFile  *self,
                   GError    **error)
{
  return file_step (self, self->begin, error);
}

gboolean
_scope_file_write_names (ScopeFile   *self,
                         ScopeNames  *names,
                         guint32      count,
                         GError     **error)
{
  while (self->names_written < count)
    {
      guint32 id = self->names_written + 1;

      sqlite3_bind_int64 (self->insert_name, 1, id);
      sqlite3_bind_text (self->insert_name, 2, scope_names_get (names, id), -1, SQLITE_STATIC);
      if (!file_step (self, self->insert_name, error))
        return FALSE;
      self->names_written = id;
    }
  return TRUE;
}

/* SQLite gives each entry the last id plus 1, which is its sequence number as long as the table
 * holds our rows alone: the last one tells. */
static gboolean
file_check_ids (ScopeFile  *self,
                GError    **error)
{
  g_autofree char *name = NULL;

  if (sqlite3_last_insert_rowid (self->db) == (gint64) self->entries_written)
    return TRUE;
  self->is_full = FALSE;
  name = g_filename_display_name (self->path);
  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE, _("Couldn’t write the capture “%s”: %s"),
               name, _("the file is damaged"));
  return FALSE;
}

gboolean
_scope_file_write_block (ScopeFile         *self,
                         const ScopeBlock  *block,
                         GError           **error)
{
  self->batch.rows = _scope_block_get_rows (block, &self->batch.n_rows);
  g_assert (self->batch.n_rows > 0);

  self->entries_written += self->batch.n_rows;
  return file_step (self, self->insert_batch, error) && file_check_ids (self, error);
}

gboolean
_scope_file_write_marks (ScopeFile  *self,
                         GPtrArray  *marks,
                         GError    **error)
{
  errno = 0;
  for (guint i = 0; i < marks->len; i++)
    if (_scope_marks_apply (self->db, g_ptr_array_index (marks, i)) != SQLITE_OK)
      return file_fail (self, error);
  return TRUE;
}

gboolean
_scope_file_commit (ScopeFile  *self,
                    GError    **error)
{
  if (!file_step (self, self->commit, error))
    return FALSE;
  self->names_committed = self->names_written;
  self->entries_committed = self->entries_written;
  return TRUE;
}

void
_scope_file_checkpoint (ScopeFile *self)
{
  if (self->checkpointer != NULL)
    _scope_checkpointer_step (self->checkpointer);
}

void
_scope_file_rollback (ScopeFile *self)
{
  if (!sqlite3_get_autocommit (self->db))
    sqlite3_exec (self->db, "ROLLBACK", NULL, NULL, NULL);
  self->names_written = self->names_committed;
  self->entries_written = self->entries_committed;
}

gboolean
_scope_file_is_full (ScopeFile *self)
{
  return self->is_full;
}

gboolean
_scope_file_set_max_pages (ScopeFile  *self,
                           guint       max_pages,
                           GError    **error)
{
  return max_pages == 0 || file_exec_number (self, "max_page_count", max_pages, error);
}

/* SQLite goes on writing to what was moved, or deleted, as if nothing had happened. */
gboolean
_scope_file_check_place (ScopeFile  *self,
                         GError    **error)
{
  gint64 now = g_get_monotonic_time ();
  g_autofree char *name = NULL;
  GStatBuf status;

  if (self->inode == 0 || now - self->checked_usec < CHECK_PLACE_USEC)
    return TRUE;
  self->checked_usec = now;
  if (g_stat (self->path, &status) == 0 && status.st_dev == self->device
      && status.st_ino == self->inode)
    return TRUE;

  self->is_full = FALSE;
  name = g_filename_display_name (self->path);
  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE, _("Couldn’t write the capture “%s”: %s"),
               name, _("the file was moved or deleted"));
  return FALSE;
}

/* --- the budget --- */

void
_scope_file_set_budget (ScopeFile *self,
                        guint64    bytes)
{
  if (self->budget == bytes)
    return;
  self->budget = bytes;
  file_set_checkpoint_pages (self);
}

static gboolean
file_exceeds_budget (ScopeFile *self)
{
  gint64 pages = 0;
  gint64 unused = 0;

  return self->budget > 0 && self->entries_committed > self->first
         && _scope_schema_get_pragma (self->db, "PRAGMA page_count", &pages) == SQLITE_OK
         && _scope_schema_get_pragma (self->db, "PRAGMA freelist_count", &unused) == SQLITE_OK
         && (guint64) (MAX (pages - unused, 0) * self->page_size) > self->budget;
}

static gboolean
file_delete_before (ScopeFile  *self,
                    guint64     first,
                    GError    **error)
{
  sqlite3_stmt *statement = NULL;
  gboolean done;

  if (!file_prepare (self, _scope_schema_delete_before, &statement, error))
    return FALSE;
  sqlite3_bind_int64 (statement, 1, first);
  done = file_step (self, statement, error);
  sqlite3_finalize (statement);
  return done;
}

/* The number of those that are gone is changed with them: after a crash both are so or not. */
gboolean
_scope_file_drop_block (ScopeFile  *self,
                        gboolean   *dropped,
                        GError    **error)
{
  guint64 n = self->entries_committed + 1 - self->first;
  guint64 first = self->first + CLAMP (n / BLOCK_PART, 1, MAX_BLOCK_ENTRIES);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, first - 1);

  *dropped = FALSE;
  if (!file_exceeds_budget (self))
    return TRUE;
  if (!_scope_file_begin (self, error) || !file_delete_before (self, first, error)
      || !file_set_meta (self, SCOPE_SCHEMA_DROPPED, number, error)
      || !_scope_file_commit (self, error))
    return FALSE;
  self->first = first;
  *dropped = TRUE;
  return TRUE;
}

guint64
_scope_file_get_first (ScopeFile *self)
{
  return self->first;
}

/* Leaving WAL mode needs the file to itself. This process's readers stand aside; another
 * program's may keep it in WAL mode, with all of it in the main file: nothing is lost then. */
static void
file_leave_wal (ScopeFile *self)
{
  g_clear_pointer (&self->checkpointer, _scope_checkpointer_free);
  /* the long part first, while readers still may read */
  sqlite3_wal_checkpoint_v2 (self->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

  _scope_reader_suspend_all (self->path);
  if (sqlite3_exec (self->db,
                    "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE",
                    NULL, NULL, NULL)
      != SQLITE_OK)
    g_debug ("the capture stays in WAL mode: %s", sqlite3_errmsg (self->db));
  file_close_db (self);
  _scope_reader_resume_all (self->path);
}

gboolean
_scope_file_close (ScopeFile  *self,
                   GError    **error)
{
  G_GNUC_UNUSED g_autoptr (ScopeFile) owned = self;
  gboolean done;

  done = file_exec (self, "BEGIN IMMEDIATE", error)
         && file_set_time (self, "ended", error)
         && file_set_meta (self, SCOPE_SCHEMA_STATE, SCOPE_SCHEMA_STATE_CLOSED, error)
         && file_exec (self, "COMMIT", error);
  if (!done)
    _scope_file_rollback (self);
  file_leave_wal (self);
  return done;
}
