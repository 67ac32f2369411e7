/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-checkpointer"

#include "config.h"

#include "capture/scope-checkpointer.h"

/* A checkpoint reads what was committed, writes it to the file and waits for the disk twice. Done by the
 * connection that writes, as SQLite does by itself, nothing is written meanwhile: in a flood that is a third of
 * the time. Another connection can do it beside the one that writes; only then the -wal never is at its end,
 * where it could be begun again, as long as the flood lasts. So the thread checkpoints again and again what has
 * come, from `pages` on, and what is left at ENOUGH times as many, little as it should be by then, is done here,
 * between two commits.
 *
 * A checkpoint must never begin beside a commit that starts the -wal anew: SQLite from 3.7.0 to 3.51.2 may then take
 * the old length for the new one, and pages are lost. A commit starts it anew only where all of it is in the file, and
 * nothing but a checkpoint changes that. So the thread is asked only while pages are left that surely are not in the
 * file, and until they are its checkpoint is under way. That is why n_done is never less than what is there:
 * - The thread writes what has come by the time it begins, which may be more than it was asked for: it says how much.
 *   A reader or a lock may have kept it from some of that: what it was asked for counts as done all the same, and is
 *   written with what comes next.
 * - If a commit started the -wal anew before that number is looked at, it is too large or 0, and nothing is done.
 * - The same holds if a commit starts it anew and makes it longer than it was, which goes unnoticed here.
 * - While the thread is busy nobody else checkpoints, nor is it asked again; what is done here, or by the file when it
 *   is closed and the thread has ended, is between two commits. */

#define ENOUGH 4
#define LITTLE 8   /* this part of `pages` */
#define TOO_MANY 8 /* times `pages`: the thread is waited for */
#define BUSY_TIMEOUT_MSEC 1000

struct _ScopeCheckpointer
{
  sqlite3 *writer;
  guint pages;
  guint n_pages; /* of the -wal, as of the last commit */
  guint n_done;  /* no more of them are in the file, but for what the thread does right now */
  guint n_tried; /* those it had when it was last tried here */

  GThread *thread;
  GMutex mutex;
  GCond cond;
  sqlite3 *db; /* the thread's */
  /* under the mutex */
  gboolean is_asked;
  gboolean is_closing;
  guint n_written; /* pages the thread found in the file after its last checkpoint */
};

/* Returns how many pages of the -wal are in the file. */
static guint
checkpoint (sqlite3 *db)
{
  int n_written = -1; /* stays so without a checkpoint */
  int code = sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, &n_written);

  if (code != SQLITE_OK && code != SQLITE_BUSY)
    g_debug ("no checkpoint: %s", sqlite3_errmsg (db)); /* the -wal holds it all */
  return MAX (n_written, 0);
}

static gpointer
checkpointer_thread (gpointer user_data)
{
  ScopeCheckpointer *self = user_data;
  guint n_written;

  g_mutex_lock (&self->mutex);
  while (!self->is_closing)
    {
      if (!self->is_asked)
        {
          g_cond_wait (&self->cond, &self->mutex);
          continue;
        }
      g_mutex_unlock (&self->mutex);
      n_written = checkpoint (self->db);
      g_mutex_lock (&self->mutex);
      self->n_written = n_written;
      self->is_asked = FALSE;
      g_cond_broadcast (&self->cond);
    }
  g_mutex_unlock (&self->mutex);
  return NULL;
}

/* A connection knows of the -wal from its first read on. */
static sqlite3 *
open_beside (const char *path)
{
  sqlite3 *db = NULL;

  if (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
                                    | SQLITE_OPEN_PRIVATECACHE, NULL) == SQLITE_OK
      && sqlite3_busy_timeout (db, BUSY_TIMEOUT_MSEC) == SQLITE_OK
      && sqlite3_exec (db, "PRAGMA synchronous = NORMAL; SELECT 1 FROM sqlite_schema", NULL, NULL, NULL) == SQLITE_OK)
    return db;
  g_debug ("no second connection: %s", sqlite3_errmsg (db));
  sqlite3_close (db);
  return NULL;
}

static int
checkpointer_committed (gpointer    user_data,
                        sqlite3    *db,
                        const char *name,
                        int         n_pages)
{
  ScopeCheckpointer *self = user_data;

  if ((guint) n_pages < self->n_pages) /* begun again */
    {
      self->n_done = self->n_tried = 0;
      g_mutex_lock (&self->mutex);
      self->n_written = 0;
      g_mutex_unlock (&self->mutex);
    }
  self->n_pages = n_pages;
  return SQLITE_OK;
}

ScopeCheckpointer *
_scope_checkpointer_new (const char *path,
                         sqlite3    *writer)
{
  sqlite3 *db = open_beside (path);
  ScopeCheckpointer *self;

  if (db == NULL)
    return NULL;

  self = g_new0 (ScopeCheckpointer, 1);
  self->db = db;
  self->writer = writer;
  self->pages = G_MAXUINT / TOO_MANY;
  g_mutex_init (&self->mutex);
  g_cond_init (&self->cond);
  sqlite3_wal_hook (writer, checkpointer_committed, self); /* in place of its own checkpoints */
  return self;
}

void
_scope_checkpointer_free (ScopeCheckpointer *self)
{
  sqlite3_wal_hook (self->writer, NULL, NULL);
  g_mutex_lock (&self->mutex);
  self->is_closing = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  if (self->thread != NULL)
    g_thread_join (self->thread);
  sqlite3_close (self->db);
  g_mutex_clear (&self->mutex);
  g_cond_clear (&self->cond);
  g_free (self);
}

void
_scope_checkpointer_set_pages (ScopeCheckpointer *self,
                               guint              pages)
{
  self->pages = CLAMP (pages, LITTLE, G_MAXUINT / TOO_MANY);
}

static void
checkpointer_ask (ScopeCheckpointer *self)
{
  self->n_done = self->n_pages;
  g_mutex_lock (&self->mutex);
  self->is_asked = TRUE;
  g_cond_broadcast (&self->cond);
  g_mutex_unlock (&self->mutex);
  if (self->thread == NULL)
    self->thread = g_thread_new ("checkpointer", checkpointer_thread, self);
}

/* Takes over what the thread has done. */
static gboolean
checkpointer_is_busy (ScopeCheckpointer *self,
                      gboolean           wait)
{
  gboolean is_busy;

  g_mutex_lock (&self->mutex);
  while (wait && self->is_asked)
    g_cond_wait (&self->cond, &self->mutex);
  is_busy = self->is_asked;
  if (!is_busy)
    {
      self->n_done = MIN (MAX (self->n_done, self->n_written), self->n_pages);
      self->n_written = 0;
    }
  g_mutex_unlock (&self->mutex);
  return is_busy;
}

/* Who reads what is older keeps the -wal from being begun again: not tried after each commit then. */
static void
checkpointer_finish (ScopeCheckpointer *self)
{
  if (self->n_pages - self->n_tried < self->pages / LITTLE)
    return;
  self->n_tried = self->n_done = self->n_pages;
  checkpoint (self->writer);
}

void
_scope_checkpointer_step (ScopeCheckpointer *self)
{
  guint enough = self->pages * ENOUGH;
  guint little = self->pages / LITTLE;
  guint left;

  if (self->n_pages < self->pages
      || checkpointer_is_busy (self, self->n_pages >= self->pages * TOO_MANY))
    return;
  left = self->n_pages - self->n_done;
  if (self->n_pages >= enough + self->pages || (self->n_pages >= enough && left <= little))
    checkpointer_finish (self);
  else if (left >= (self->n_pages + self->pages < enough ? self->pages : little))
    checkpointer_ask (self);
}
