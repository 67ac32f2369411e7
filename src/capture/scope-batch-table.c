/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-batch-table"

#include "config.h"

#include "capture/scope-batch-table.h"

#include "capture/scope-schema.h"

/* A virtual table of one connection, nowhere in the file. Through it one statement inserts all the
 * entries of a transaction: its cursor stays at the end of the table, and no entry binds, starts,
 * halts or searches anything of its own, which cost 40 % of what writing one takes. */

typedef struct
{
  sqlite3_vtab base;
  const ScopeBatch *batch;
} BatchTable;

typedef struct
{
  sqlite3_vtab_cursor base;
  const ScopeBatch *batch;
  guint at;
} BatchCursor;

static int
batch_connect (sqlite3             *db,
               void                *user_data,
               int                  argc,
               const char * const  *argv,
               sqlite3_vtab       **table,
               char               **error)
{
  BatchTable *self;
  int code = sqlite3_declare_vtab (db, SCOPE_SCHEMA_ENTRIES);

  if (code != SQLITE_OK)
    return code;
  self = g_new0 (BatchTable, 1);
  self->batch = user_data;
  *table = &self->base;
  return SQLITE_OK;
}

static int
batch_disconnect (sqlite3_vtab *table)
{
  g_free (table);
  return SQLITE_OK;
}

/* there is one way to read it: from the first row to the last */
static int
batch_best_index (sqlite3_vtab       *table,
                  sqlite3_index_info *info)
{
  info->estimatedCost = 1;
  return SQLITE_OK;
}

static int
batch_open (sqlite3_vtab         *table,
            sqlite3_vtab_cursor **cursor)
{
  BatchCursor *self = g_new0 (BatchCursor, 1);

  self->batch = ((BatchTable *) table)->batch;
  *cursor = &self->base;
  return SQLITE_OK;
}

static int
batch_close (sqlite3_vtab_cursor *cursor)
{
  g_free (cursor);
  return SQLITE_OK;
}

static int
batch_filter (sqlite3_vtab_cursor *cursor,
              int                  index,
              const char          *index_name,
              int                  argc,
              sqlite3_value      **argv)
{
  ((BatchCursor *) cursor)->at = 0;
  return SQLITE_OK;
}

static int
batch_next (sqlite3_vtab_cursor *cursor)
{
  ((BatchCursor *) cursor)->at++;
  return SQLITE_OK;
}

static int
batch_eof (sqlite3_vtab_cursor *cursor)
{
  const BatchCursor *self = (BatchCursor *) cursor;

  return self->at >= self->batch->n_rows;
}

static int
batch_rowid (sqlite3_vtab_cursor *cursor,
             sqlite3_int64       *row)
{
  *row = ((BatchCursor *) cursor)->at;
  return SQLITE_OK;
}

static void
batch_result_id (sqlite3_context *context,
                 guint32          id)
{
  if (id != 0) /* else it stays NULL */
    sqlite3_result_int64 (context, id);
}

/* What the scanner has been through is UTF-8 without NUL; anything else is looked at. */
static gboolean
batch_is_text (const ScopeBlockRow *row)
{
  return row->data.length > 0 || g_utf8_validate_len (row->frame, row->frame_size, NULL);
}

static void
batch_result_frame (sqlite3_context     *context,
                    const ScopeBlockRow *row)
{
  if (row->frame == NULL)
    return;
  if (row->frame_size == 0)
    sqlite3_result_zeroblob (context, 0);
  else if (batch_is_text (row))
    sqlite3_result_text64 (context, row->frame, row->frame_size, SQLITE_STATIC, SQLITE_UTF8);
  else
    sqlite3_result_blob64 (context, row->frame, row->frame_size, SQLITE_STATIC);
}

/* a result that is not set is NULL */
static int
batch_column (sqlite3_vtab_cursor *cursor,
              sqlite3_context     *context,
              int                  column)
{
  const BatchCursor *self = (BatchCursor *) cursor;
  const ScopeBlockRow *row = &self->batch->rows[self->at];

  switch (column)
    {
    case SCOPE_COLUMN_TIME:
      sqlite3_result_int64 (context, row->time_usec);
      break;
    case SCOPE_COLUMN_KIND:
      sqlite3_result_int64 (context, row->kind);
      break;
    case SCOPE_COLUMN_DIRECTION:
      sqlite3_result_int64 (context, row->direction);
      break;
    case SCOPE_COLUMN_FLAGS:
      sqlite3_result_int64 (context, row->flags);
      break;
    case SCOPE_COLUMN_CHANNEL:
      batch_result_id (context, row->channel);
      break;
    case SCOPE_COLUMN_EVENT:
      batch_result_id (context, row->event);
      break;
    case SCOPE_COLUMN_USER:
      batch_result_id (context, row->user);
      break;
    case SCOPE_COLUMN_SIZE:
      sqlite3_result_int64 (context, (row->flags & SCOPE_ENTRY_TOLD_SIZE) != 0 ? row->told_size : row->frame_size);
      break;
    case SCOPE_COLUMN_DATA_OFFSET:
      sqlite3_result_int64 (context, row->data.offset);
      break;
    case SCOPE_COLUMN_DATA_LENGTH:
      sqlite3_result_int64 (context, row->data.length);
      break;
    case SCOPE_COLUMN_DATA_KIND:
      sqlite3_result_int64 (context, row->data_kind);
      break;
    case SCOPE_COLUMN_FRAME:
      batch_result_frame (context, row);
      break;
    case SCOPE_COLUMN_DETAIL:
      if (row->detail != NULL)
        sqlite3_result_text (context, row->detail, -1, SQLITE_STATIC);
      break;
    default:
      break;
    }
  return SQLITE_OK;
}

/* no xCreate: the table is there without being created, and can't be */
static const sqlite3_module batch_module = {
  .xConnect = batch_connect,
  .xBestIndex = batch_best_index,
  .xDisconnect = batch_disconnect,
  .xOpen = batch_open,
  .xClose = batch_close,
  .xFilter = batch_filter,
  .xNext = batch_next,
  .xEof = batch_eof,
  .xColumn = batch_column,
  .xRowid = batch_rowid,
};

int
_scope_batch_table_register (sqlite3    *db,
                             ScopeBatch *batch)
{
  return sqlite3_create_module (db, SCOPE_BATCH_TABLE, &batch_module, batch);
}
