/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-reader"

#include "config.h"

#include "capture/scope-reader.h"

#include <errno.h>

#include "base/scope-limits.h"
#include "capture/scope-schema.h"

/* A row is a frame and a detail, which may hold the frame's plaintext with every byte escaped. */
#define MAX_ROW_BYTES (16 * SCOPE_LIMIT_FRAME_BYTES)
#define BUSY_TIMEOUT_MSEC 1000

struct _ScopeReader
{
  char *path;
  GMutex mutex;
  sqlite3 *db; /* NULL: suspended, or never opened */
  gboolean broken; /* opening failed; db tells why */
  gboolean immutable;
  gboolean holds;
  sqlite3_stmt *statements[SCOPE_READER_N_STATEMENTS];
};

/* Taken before the mutex of a reader, never after it. */
static GMutex readers_mutex;
static GPtrArray *readers;

static void
reader_close (ScopeReader *self)
{
  for (guint i = 0; i < SCOPE_READER_N_STATEMENTS; i++)
    g_clear_pointer (&self->statements[i], sqlite3_finalize);
  g_clear_pointer (&self->db, sqlite3_close);
}

/* The file may be hostile: no schema of its may run code, no row be larger than ours can be. */
void
_scope_reader_harden (sqlite3 *db)
{
  sqlite3_limit (db, SQLITE_LIMIT_LENGTH, MAX_ROW_BYTES);
  sqlite3_limit (db, SQLITE_LIMIT_ATTACHED, 0);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  sqlite3_busy_timeout (db, BUSY_TIMEOUT_MSEC);
}

ScopeReader *
_scope_reader_new (const char *path)
{
  ScopeReader *self = g_new0 (ScopeReader, 1);

  self->path = g_canonicalize_filename (path, NULL);
  g_mutex_init (&self->mutex);

  g_mutex_lock (&readers_mutex);
  if (readers == NULL)
    readers = g_ptr_array_new ();
  g_ptr_array_add (readers, self);
  g_mutex_unlock (&readers_mutex);
  return self;
}

ScopeReader *
_scope_reader_new_like (ScopeReader *other)
{
  ScopeReader *self = _scope_reader_new (other->path);

  g_mutex_lock (&other->mutex);
  self->immutable = other->immutable;
  self->holds = other->holds;
  g_mutex_unlock (&other->mutex);
  return self;
}

void
_scope_reader_free (ScopeReader *self)
{
  g_mutex_lock (&readers_mutex);
  g_ptr_array_remove_fast (readers, self);
  if (readers->len == 0)
    g_clear_pointer (&readers, g_ptr_array_unref);
  g_mutex_unlock (&readers_mutex);

  reader_close (self);
  g_mutex_clear (&self->mutex);
  g_free (self->path);
  g_free (self);
}

int
_scope_reader_lock (ScopeReader *self)
{
  _scope_reader_lock_unopened (self);
  return self->db == NULL || self->broken ? _scope_reader_open (self, self->immutable) : SQLITE_OK;
}

void
_scope_reader_lock_unopened (ScopeReader *self)
{
  g_mutex_lock (&self->mutex);
  errno = 0; /* see _scope_schema_dup_reason() */
}

void
_scope_reader_unlock (ScopeReader *self)
{
  g_mutex_unlock (&self->mutex);
}

static int
reader_connect (ScopeReader  *self,
                sqlite3     **db)
{
  g_autofree char *uri = g_filename_to_uri (self->path, NULL, NULL);
  g_autofree char *name = g_strconcat (uri, self->immutable ? "?immutable=1" : "", NULL);
  int code;

  errno = 0;
  code = sqlite3_open_v2 (name, db,
                          SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX
                              | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_PRIVATECACHE,
                          NULL);
  if (code == SQLITE_OK)
    _scope_reader_harden (*db);
  return code;
}

int
_scope_reader_open (ScopeReader *self,
                    gboolean     immutable)
{
  int code;

  reader_close (self);
  self->immutable = immutable;
  code = reader_connect (self, &self->db);
  if (code == SQLITE_OK && self->holds)
    code = sqlite3_exec (self->db, "BEGIN", NULL, NULL, NULL);
  self->broken = code != SQLITE_OK;
  return code;
}

int
_scope_reader_open_apart (ScopeReader  *self,
                          sqlite3     **db)
{
  int code;

  g_mutex_lock (&self->mutex);
  code = reader_connect (self, db);
  g_mutex_unlock (&self->mutex);
  return code;
}

void
_scope_reader_hold (ScopeReader *self)
{
  self->holds = TRUE;
  sqlite3_exec (self->db, "BEGIN", NULL, NULL, NULL);
}

sqlite3 *
_scope_reader_get_db (ScopeReader *self)
{
  return self->db;
}

sqlite3_stmt *
_scope_reader_get_statement (ScopeReader          *self,
                             ScopeReaderStatement  which)
{
  const char *sql[SCOPE_READER_N_STATEMENTS] = {
    [SCOPE_READER_ENTRY] = _scope_schema_select_entry,
    [SCOPE_READER_DATA] = _scope_schema_select_data,
    [SCOPE_READER_RECORDS] = _scope_schema_select_records,
    [SCOPE_READER_FIRST] = _scope_schema_select_first,
    [SCOPE_READER_LAST] = _scope_schema_select_last,
  };

  if (self->statements[which] == NULL && self->db != NULL)
    sqlite3_prepare_v3 (self->db, sql[which], -1, SQLITE_PREPARE_PERSISTENT,
                        &self->statements[which], NULL);
  return self->statements[which];
}

/* Closes the connections of every reader of the file, and keeps them closed until
 * _scope_reader_resume_all(): whoever reads meanwhile waits. */
void
_scope_reader_suspend_all (const char *path)
{
  g_mutex_lock (&readers_mutex);
  for (guint i = 0; readers != NULL && i < readers->len; i++)
    {
      ScopeReader *reader = g_ptr_array_index (readers, i);

      if (g_strcmp0 (reader->path, path) != 0)
        continue;
      g_mutex_lock (&reader->mutex);
      reader_close (reader);
    }
}

void
_scope_reader_resume_all (const char *path)
{
  for (guint i = 0; readers != NULL && i < readers->len; i++)
    {
      ScopeReader *reader = g_ptr_array_index (readers, i);

      if (g_strcmp0 (reader->path, path) == 0)
        g_mutex_unlock (&reader->mutex);
    }
  g_mutex_unlock (&readers_mutex);
}
