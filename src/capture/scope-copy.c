/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-copy"

#include "config.h"

#include "capture/scope-copy.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <unistd.h>

#include "base/scope-text.h"
#include "capture/scope-capture-private.h"
#include "capture/scope-schema.h"

/* between two looks at the cancellable: 4 MiB */
#define STEP_PAGES 256

typedef struct
{
  const char *path;
  sqlite3 *from;
  sqlite3 *to;
} Copy;

/* SQLite gives a new file the permissions of its own choice: it is made before. */
static gboolean
copy_open (Copy         *self,
           ScopeCapture *capture)
{
  int fd = g_open (self->path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    return FALSE;
  close (fd);
  return sqlite3_open_v2 (self->path, &self->to,
                          SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE, NULL)
             == SQLITE_OK
         && _scope_capture_open_apart (capture, &self->from) == SQLITE_OK
         /* what is committed from now on is not in it: otherwise it would begin anew with each commit */
         && sqlite3_exec (self->from, "BEGIN; SELECT count(*) FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK;
}

static gboolean
copy_set_meta (Copy       *self,
               const char *key,
               const char *value)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (self->to, _scope_schema_set_meta, -1, &statement, NULL);

  if (code == SQLITE_OK)
    {
      sqlite3_bind_text (statement, 1, key, -1, SQLITE_TRANSIENT);
      sqlite3_bind_text (statement, 2, value, -1, SQLITE_TRANSIENT);
      code = sqlite3_step (statement);
    }
  sqlite3_finalize (statement);
  return code == SQLITE_DONE;
}

/* Nobody records into the copy, whatever happens to what it was made of. */
static gboolean
copy_finish (Copy         *self,
             ScopeCapture *capture)
{
  g_autofree char *now = scope_text_format_rfc3339 (g_get_real_time ());
  gboolean was_closed = g_strcmp0 (scope_capture_get_meta (capture, SCOPE_SCHEMA_STATE),
                                   SCOPE_SCHEMA_STATE_CLOSED) == 0;

  if (sqlite3_exec (self->to, "PRAGMA journal_mode = DELETE", NULL, NULL, NULL) != SQLITE_OK)
    return FALSE;
  return was_closed
         || (copy_set_meta (self, "ended", now)
             && copy_set_meta (self, SCOPE_SCHEMA_STATE, SCOPE_SCHEMA_STATE_CLOSED));
}

static gboolean
copy_pages (Copy         *self,
            void        (*progress) (guint64 done, guint64 total, gpointer user_data),
            gpointer      user_data,
            GCancellable *cancellable)
{
  sqlite3_backup *backup = sqlite3_backup_init (self->to, "main", self->from, "main");
  int code = SQLITE_OK;

  while (backup != NULL && code == SQLITE_OK && !g_cancellable_is_cancelled (cancellable))
    {
      errno = 0;
      code = sqlite3_backup_step (backup, STEP_PAGES);
      if (progress != NULL)
        progress (sqlite3_backup_pagecount (backup) - sqlite3_backup_remaining (backup),
                  sqlite3_backup_pagecount (backup), user_data);
    }
  if (backup != NULL)
    sqlite3_backup_finish (backup);
  return code == SQLITE_DONE;
}

static gboolean
copy_fail (Copy          *self,
           GCancellable  *cancellable,
           GError       **error)
{
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    _scope_schema_set_error (error, self->to, self->path, TRUE);
  return FALSE;
}

/**
 * scope_copy_run:
 * @path: (type filename): of the copy
 *
 * Returns: %FALSE with SCOPE_ERROR_CAPTURE or G_IO_ERROR_CANCELLED
 */
gboolean
scope_copy_run (ScopeCapture  *capture,
                const char    *path,
                void         (*progress) (guint64 done, guint64 total, gpointer user_data),
                gpointer       user_data,
                GCancellable  *cancellable,
                GError       **error)
{
  Copy self = { .path = path };
  gboolean done;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture) && path != NULL, FALSE);

  errno = 0;
  done = (copy_open (&self, capture) && copy_pages (&self, progress, user_data, cancellable)
          && copy_finish (&self, capture))
         || copy_fail (&self, cancellable, error);
  sqlite3_close (self.from);
  if (sqlite3_close (self.to) != SQLITE_OK || !done)
    g_unlink (path);
  return done;
}
