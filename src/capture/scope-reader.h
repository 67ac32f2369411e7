/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sqlite3.h>

G_BEGIN_DECLS

/* A read-only connection to a capture file. All readers of the process are known by path: a file
 * leaves WAL mode only while nobody else has it open, so a recorder that closes takes them off for
 * that moment; each opens the file again when it is used next. */
typedef struct _ScopeReader ScopeReader;

typedef enum
{
  SCOPE_READER_ENTRY,
  SCOPE_READER_DATA,
  SCOPE_READER_RECORDS,
  SCOPE_READER_FIRST,
  SCOPE_READER_LAST,
  SCOPE_READER_N_STATEMENTS,
} ScopeReaderStatement;

ScopeReader  *_scope_reader_new           (const char           *path);
/* one of the same file, opened as that one is when it is first locked */
ScopeReader  *_scope_reader_new_like      (ScopeReader          *other);
void          _scope_reader_free          (ScopeReader          *self);

/* Everything else between these two. SQLITE_OK, or why the file could not be opened again. */
int           _scope_reader_lock          (ScopeReader          *self);
/* the same, but leaves opening to the caller: for the first time */
void          _scope_reader_lock_unopened (ScopeReader          *self);
void          _scope_reader_unlock        (ScopeReader          *self);

/* immutable: neither locks nor a -wal are looked at */
int           _scope_reader_open          (ScopeReader          *self,
                                           gboolean              immutable);
/* another connection, unknown to suspend and resume; an SQLite code, *db is to be closed either way */
int           _scope_reader_open_apart    (ScopeReader          *self,
                                           sqlite3             **db);
/* For a file nobody writes any more: its lock is kept from read to read instead of taken each time,
 * which is most of the cost of reading a row. */
void          _scope_reader_hold          (ScopeReader          *self);
sqlite3      *_scope_reader_get_db        (ScopeReader          *self);   /* nullable */
/* prepared once; NULL if that failed (the connection's error says why) */
sqlite3_stmt *_scope_reader_get_statement (ScopeReader          *self,
                                           ScopeReaderStatement  which);

/* for a connection to whatever a user opens */
void          _scope_reader_harden        (sqlite3              *db);

void          _scope_reader_suspend_all   (const char           *path);
void          _scope_reader_resume_all    (const char           *path);

G_END_DECLS
