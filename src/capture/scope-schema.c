/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-schema"

#include "config.h"

#include "capture/scope-schema.h"

#include <errno.h>
#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "capture/scope-batch-table.h"

/* Times are microseconds since 1970, UTC. json_extract() fails on what is no JSON, and a frame may
 * be that, hence json_valid(). */
static const char schema_view[]
    = "CREATE VIEW events AS SELECT entries.id AS sequence,"
      " strftime('%Y-%m-%dT%H:%M:%S', entries.time / 1000000, 'unixepoch')"
      " || printf('.%06dZ', entries.time % 1000000) AS time,"
      " channels.name AS channel, events.name AS event, users.name AS user,"
      " CASE entries.direction WHEN 1 THEN 'in' WHEN 2 THEN 'out' END AS direction,"
      " entries.size AS size,"
      " CASE WHEN typeof(entries.frame) = 'text' AND json_valid(entries.frame)"
      " THEN json_extract(entries.frame, '$.data') END AS data"
      " FROM entries"
      " LEFT JOIN names AS channels ON channels.id = entries.channel"
      " LEFT JOIN names AS events ON events.id = entries.event"
      " LEFT JOIN names AS users ON users.id = entries.user"
      " WHERE entries.kind = 4";

#define RECORD_COLUMNS "time, kind, direction, flags, channel, event, user, size"
#define ENTRY_COLUMNS RECORD_COLUMNS ", data_offset, data_length, data_kind, frame, detail"

/* The ids are given by SQLite, the last one plus 1: a given one it would search for first. With OR
 * FAIL it needs no journal to undo half of the statement: what fails here is rolled back whole. */
const char _scope_schema_insert_batch[]
    = "INSERT OR FAIL INTO entries (id, " ENTRY_COLUMNS ")"
      " SELECT NULL, " ENTRY_COLUMNS " FROM " SCOPE_BATCH_TABLE;
const char _scope_schema_insert_salvaged[]
    = "INSERT OR IGNORE INTO entries (id, " ENTRY_COLUMNS ")"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
const char _scope_schema_insert_name[] = "INSERT INTO names (id, name) VALUES (?, ?)";
const char _scope_schema_set_meta[] = "INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)";
const char _scope_schema_select_entry[] = "SELECT id, " ENTRY_COLUMNS " FROM entries WHERE id = ?";
const char _scope_schema_select_data[] = "SELECT data_offset, data_length, data_kind FROM entries WHERE id = ?";
const char _scope_schema_select_records[]
    = "SELECT id, " RECORD_COLUMNS " FROM entries WHERE id >= ? AND id <= ? ORDER BY id";
/* scope_maybe() is scope-scanner.c's */
const char _scope_schema_select_maybe[]
    = "SELECT id, " ENTRY_COLUMNS " FROM entries WHERE id >= ? AND id <= ? AND scope_maybe (id, frame)";
const char _scope_schema_select_events[]
    = "SELECT id, " ENTRY_COLUMNS " FROM entries WHERE id >= ? AND id <= ? AND kind = 4 ORDER BY id";
const char _scope_schema_select_names[] = "SELECT id, name FROM names ORDER BY id";
const char _scope_schema_select_meta[] = "SELECT key, value FROM meta";
const char _scope_schema_select_last[] = "SELECT max(id) FROM entries";
const char _scope_schema_select_first[] = "SELECT ifnull(min(id), 1) FROM entries";
const char _scope_schema_delete_before[] = "DELETE FROM entries WHERE id < ?";

gboolean
_scope_schema_is_full (sqlite3 *db)
{
  int saved = errno;
  int code = db != NULL ? sqlite3_errcode (db) & 0xff : SQLITE_NOMEM;
  int system_error = db != NULL ? sqlite3_system_errno (db) : 0;

  if (system_error == 0)
    system_error = saved;
  return code == SQLITE_FULL
         || ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN)
             && (system_error == ENOSPC || system_error == EDQUOT));
}

/* SQLite keeps the system's reason of failed opens only: after a failed write or read it still is
 * errno, which those who get here set to 0 before. */
char *
_scope_schema_dup_reason (sqlite3 *db)
{
  int saved = errno;
  int code = db != NULL ? sqlite3_errcode (db) & 0xff : SQLITE_NOMEM;
  int system_error = db != NULL ? sqlite3_system_errno (db) : 0;

  if (system_error == 0 && code == SQLITE_IOERR)
    system_error = saved;

  if (code == SQLITE_FULL || system_error == ENOSPC)
    return g_strdup (_("the disk is full"));
  if (code == SQLITE_CORRUPT)
    return g_strdup (_("the file is damaged"));
  if (code == SQLITE_READONLY)
    return g_strdup (_("the file can’t be written to"));
  if ((code == SQLITE_IOERR || code == SQLITE_CANTOPEN) && system_error != 0)
    return g_strdup (g_strerror (system_error));
  return g_strdup (db != NULL ? sqlite3_errmsg (db) : sqlite3_errstr (code));
}

void
_scope_schema_set_error (GError    **error,
                         sqlite3    *db,
                         const char *path,
                         gboolean    writing)
{
  g_autofree char *reason = _scope_schema_dup_reason (db);
  g_autofree char *name = g_filename_display_name (path);

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE,
               writing ? _("Couldn’t write the capture “%s”: %s")
                       : _("Couldn’t read the capture “%s”: %s"),
               name, reason);
}

/* Pages are larger than SQLite's default of 4 KiB: a WAL is written and checkpointed page by page,
 * and a flood of 250-byte frames commits 690,000 a second with these, 470,000 with those. */
gboolean
_scope_schema_create (sqlite3 *db)
{
  g_autofree char *sql
      = g_strdup_printf ("PRAGMA page_size = 16384;"
                         "BEGIN;"
                         "PRAGMA application_id = %d; PRAGMA user_version = %d;"
                         SCOPE_SCHEMA_META ";" SCOPE_SCHEMA_NAMES ";" SCOPE_SCHEMA_ENTRIES ";%s;"
                         "COMMIT;",
                         SCOPE_CAPTURE_APPLICATION_ID, SCOPE_CAPTURE_VERSION, schema_view);

  return sqlite3_exec (db, sql, NULL, NULL, NULL) == SQLITE_OK;
}

int
_scope_schema_check (sqlite3  *db,
                     gboolean *is_ours)
{
  static const char * const tables[] = {
    SCOPE_SCHEMA_META,
    SCOPE_SCHEMA_NAMES,
    SCOPE_SCHEMA_ENTRIES,
  };
  sqlite3_stmt *statement = NULL;
  guint found = 0;
  int code;

  code = sqlite3_prepare_v2 (db, "SELECT sql FROM sqlite_schema WHERE type = 'table'", -1,
                             &statement, NULL);
  while (code == SQLITE_OK && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      code = SQLITE_OK;
      for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
        if (g_strcmp0 ((const char *) sqlite3_column_text (statement, 0), tables[i]) == 0)
          found |= 1 << i;
    }
  sqlite3_finalize (statement);
  *is_ours = found == (1 << G_N_ELEMENTS (tables)) - 1;
  return code == SQLITE_DONE ? SQLITE_OK : code;
}

int
_scope_schema_get_pragma (sqlite3    *db,
                          const char *sql,
                          gint64     *value)
{
  sqlite3_stmt *statement = NULL;
  int code = sqlite3_prepare_v2 (db, sql, -1, &statement, NULL);

  if (code == SQLITE_OK && (code = sqlite3_step (statement)) == SQLITE_ROW)
    {
      *value = sqlite3_column_int64 (statement, 0);
      code = SQLITE_OK;
    }
  sqlite3_finalize (statement);
  return code;
}
