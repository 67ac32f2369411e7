/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <sqlite3.h>

#include "capture/scope-capture.h"

G_BEGIN_DECLS

/* The capture file: everything SQL is here, so that writer and reader agree on it.
 *
 *   meta     key → value: what was recorded, by what; "state" is "open" until a clean close
 *   names    channel and event names and user ids; ids are contiguous from 1
 *   entries  one row per ScopeEntry; id is its sequence number, contiguous from the first one that
 *            is kept: meta's "dropped" says how many were before it
 *   events   a view for people with the sqlite3 shell: the events, readable
 *
 * The texts of the three tables are compared when a file is opened: a file whose tables are
 * something else (views, virtual tables, generated columns) is no capture of this version. */

#define SCOPE_SCHEMA_META "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
#define SCOPE_SCHEMA_NAMES "CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL)"
#define SCOPE_SCHEMA_ENTRIES                                                                       \
  "CREATE TABLE entries (id INTEGER PRIMARY KEY, time INTEGER NOT NULL, kind INTEGER NOT NULL,"    \
  " direction INTEGER NOT NULL, flags INTEGER NOT NULL, channel INTEGER, event INTEGER,"           \
  " user INTEGER, size INTEGER NOT NULL, data_offset INTEGER, data_length INTEGER,"                \
  " data_kind INTEGER NOT NULL, frame, detail TEXT)"

#define SCOPE_SCHEMA_STATE "state"
#define SCOPE_SCHEMA_STATE_OPEN "open"
#define SCOPE_SCHEMA_STATE_CLOSED "closed"
#define SCOPE_SCHEMA_DROPPED "dropped"

/* columns of the table, and of the selects */
enum
{
  SCOPE_COLUMN_ID,
  SCOPE_COLUMN_TIME,
  SCOPE_COLUMN_KIND,
  SCOPE_COLUMN_DIRECTION,
  SCOPE_COLUMN_FLAGS,
  SCOPE_COLUMN_CHANNEL,
  SCOPE_COLUMN_EVENT,
  SCOPE_COLUMN_USER,
  SCOPE_COLUMN_SIZE, /* the last one of a record: behind it payloads begin */
  SCOPE_COLUMN_DATA_OFFSET,
  SCOPE_COLUMN_DATA_LENGTH,
  SCOPE_COLUMN_DATA_KIND,
  SCOPE_COLUMN_FRAME,
  SCOPE_COLUMN_DETAIL,
  SCOPE_N_COLUMNS,
};

extern const char _scope_schema_insert_batch[];
extern const char _scope_schema_insert_name[];
extern const char _scope_schema_insert_salvaged[];
extern const char _scope_schema_set_meta[];
extern const char _scope_schema_select_entry[];
/* data_offset, data_length, data_kind */
extern const char _scope_schema_select_data[];
extern const char _scope_schema_select_records[];
extern const char _scope_schema_select_maybe[];
extern const char _scope_schema_select_events[];
extern const char _scope_schema_select_names[];
extern const char _scope_schema_select_meta[];
extern const char _scope_schema_select_last[];
extern const char _scope_schema_select_first[];
extern const char _scope_schema_delete_before[];

/* SCOPE_ERROR_CAPTURE with a text for people: "Couldn’t write “x”: the disk is full" */
void     _scope_schema_set_error   (GError     **error,
                                    sqlite3     *db,
                                    const char  *path,
                                    gboolean     writing);
/* the same reason alone (transfer full) */
char    *_scope_schema_dup_reason  (sqlite3     *db);

/* whether what failed last did so because there is no room; see _scope_schema_dup_reason() */
gboolean _scope_schema_is_full     (sqlite3     *db);

/* tables, view, application id and version in a new, empty file */
gboolean _scope_schema_create      (sqlite3     *db);
/* whether the three tables are ours; SQLITE_OK, or why that can't be told */
int      _scope_schema_check       (sqlite3     *db,
                                    gboolean    *is_ours);
/* the number a pragma answers */
int      _scope_schema_get_pragma  (sqlite3     *db,
                                    const char  *sql,
                                    gint64      *value);

G_END_DECLS
