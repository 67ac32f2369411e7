/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-row"

#include "config.h"

#include "capture/scope-row.h"

#include "capture/scope-schema.h"

/* Rows of a file that may be damaged or hostile: every number is checked before it is used, and
 * every text before something splices it. */

/* 9999-12-31T23:59:59.999999Z: what RFC 3339 can say */
#define MAX_TIME_USEC (G_GINT64_CONSTANT (253402300800) * G_USEC_PER_SEC - 1)

G_STATIC_ASSERT (MAX_TIME_USEC <= SCOPE_RECORD_MAX_TIME);

static gboolean
row_read_number (sqlite3_stmt *row,
                 int           column,
                 gint64        min,
                 gint64        max,
                 gint64       *number)
{
  int type = sqlite3_column_type (row, column);

  if (type != SQLITE_INTEGER && type != SQLITE_NULL)
    return FALSE;
  *number = sqlite3_column_int64 (row, column); /* NULL: 0 */
  return *number >= min && *number <= max;
}

static gboolean
row_read_name (sqlite3_stmt *row,
               ScopeNames   *names,
               int           column,
               guint32      *id)
{
  gint64 number;

  if (!row_read_number (row, column, 0, G_MAXUINT32, &number)
      || (number > scope_names_get_count (names) && number != SCOPE_NAMES_OVERFLOW))
    return FALSE;
  *id = number;
  return TRUE;
}

gboolean
_scope_row_read_record (sqlite3_stmt *row,
                        ScopeNames   *names,
                        ScopeRecord  *record)
{
  gint64 time_usec;
  gint64 kind;
  gint64 direction;
  gint64 flags;
  gint64 size;

  *record = (ScopeRecord) { 0 };
  if (!row_read_number (row, SCOPE_COLUMN_TIME, 0, MAX_TIME_USEC, &time_usec)
      || !row_read_number (row, SCOPE_COLUMN_KIND, SCOPE_ENTRY_STATE, SCOPE_ENTRY_GAP, &kind)
      || !row_read_number (row, SCOPE_COLUMN_DIRECTION, 0, SCOPE_DIRECTION_OUT, &direction)
      || !row_read_number (row, SCOPE_COLUMN_FLAGS, 0,
                           SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED | SCOPE_ENTRY_TOLD_SIZE, &flags)
      || !row_read_number (row, SCOPE_COLUMN_SIZE, 0, SCOPE_RECORD_MAX_SIZE, &size)
      || !row_read_name (row, names, SCOPE_COLUMN_CHANNEL, &record->channel)
      || !row_read_name (row, names, SCOPE_COLUMN_EVENT, &record->event)
      || !row_read_name (row, names, SCOPE_COLUMN_USER, &record->user))
    return FALSE;

  record->time_usec = time_usec;
  record->kind = kind;
  record->direction = direction;
  record->flags = flags;
  record->size = size;
  return TRUE;
}

/* The record has the size, but of an imported line, whose frame has its own: what can't be told of it counts not. */
static gboolean
row_read_frame (sqlite3_stmt       *row,
                const ScopeRecord  *record,
                gboolean            borrows,
                ScopeEntry         *entry)
{
  int type = sqlite3_column_type (row, SCOPE_COLUMN_FRAME);
  gboolean is_told = (record->flags & SCOPE_ENTRY_TOLD_SIZE) != 0;
  const void *bytes;
  gsize size;

  if (type == SQLITE_NULL)
    return record->size == 0 && !is_told;
  if (type != SQLITE_TEXT && type != SQLITE_BLOB)
    return FALSE;

  bytes = type == SQLITE_TEXT ? (const void *) sqlite3_column_text (row, SCOPE_COLUMN_FRAME)
                              : sqlite3_column_blob (row, SCOPE_COLUMN_FRAME);
  size = sqlite3_column_bytes (row, SCOPE_COLUMN_FRAME);
  if ((size != record->size && !is_told) || (bytes == NULL && size > 0))
    return FALSE;
  if (is_told && scope_entry_can_tell_size (record->size, size))
    entry->told_size = record->size;
  else
    entry->flags &= ~SCOPE_ENTRY_TOLD_SIZE;
  entry->frame = borrows ? g_bytes_new_static (bytes, size) : g_bytes_new (bytes, size);
  return TRUE;
}

/* `data` is spliced into lines and walked by filters as JSON that has been checked. */
static gboolean
row_read_data (sqlite3_stmt *row,
               ScopeEntry   *entry)
{
  gint64 offset;
  gint64 length;
  gint64 data_kind;
  ScopeJsonKind kind = SCOPE_JSON_NONE;
  const char *bytes;
  gsize size = 0;

  if (!row_read_number (row, SCOPE_COLUMN_DATA_OFFSET, 0, G_MAXUINT32, &offset)
      || !row_read_number (row, SCOPE_COLUMN_DATA_LENGTH, 0, G_MAXUINT32, &length)
      || !row_read_number (row, SCOPE_COLUMN_DATA_KIND, 0, SCOPE_JSON_NULL, &data_kind))
    return FALSE;
  if (data_kind == SCOPE_JSON_NONE)
    return TRUE;

  bytes = entry->frame != NULL ? g_bytes_get_data (entry->frame, &size) : NULL;
  if (bytes == NULL || offset > size || length > size - offset
      || !scope_json_check (bytes + offset, length, &kind, NULL) || kind != data_kind
      || scope_json_peek_kind (bytes + offset, 1) != kind || bytes[offset + length - 1] <= ' ')
    return FALSE;

  entry->data = (ScopeSpan) { offset, length };
  entry->data_kind = kind;
  return TRUE;
}

static gboolean
row_read_detail (sqlite3_stmt *row,
                 ScopeEntry   *entry)
{
  int type = sqlite3_column_type (row, SCOPE_COLUMN_DETAIL);
  const char *text;
  gsize length;
  ScopeJsonKind kind;

  if (type == SQLITE_NULL)
    return TRUE;
  if (type != SQLITE_TEXT)
    return FALSE;

  text = (const char *) sqlite3_column_text (row, SCOPE_COLUMN_DETAIL);
  length = sqlite3_column_bytes (row, SCOPE_COLUMN_DETAIL);
  if (text == NULL || !scope_json_check (text, length, &kind, NULL) || kind != SCOPE_JSON_OBJECT)
    return FALSE;
  entry->detail = g_strndup (text, length);
  return TRUE;
}

/* What a record says, and then what a payload is. */
static gboolean
row_fill_entry (sqlite3_stmt      *row,
                const ScopeRecord *record,
                guint64            sequence,
                gboolean           borrows,
                ScopeEntry        *entry)
{
  entry->sequence = sequence;
  entry->direction = record->direction;
  entry->flags = record->flags;
  entry->channel = record->channel;
  entry->event = record->event;
  entry->user = record->user;
  return row_read_frame (row, record, borrows, entry) && row_read_data (row, entry)
         && row_read_detail (row, entry);
}

ScopeEntry *
_scope_row_read_entry (sqlite3_stmt *row,
                       ScopeNames   *names,
                       guint64       sequence)
{
  g_autoptr (ScopeEntry) entry = NULL;
  ScopeRecord record;

  if (!_scope_row_read_record (row, names, &record))
    return NULL;

  entry = scope_entry_new (record.kind, record.time_usec);
  if (!row_fill_entry (row, &record, sequence, FALSE, entry))
    return NULL;
  return g_steal_pointer (&entry);
}

ScopeEntry *
_scope_row_borrow_entry (sqlite3_stmt      *row,
                         const ScopeRecord *record,
                         guint64            sequence)
{
  g_autoptr (ScopeEntry) entry = scope_entry_new (record->kind, record->time_usec);

  if (!row_fill_entry (row, record, sequence, TRUE, entry))
    return NULL;
  return g_steal_pointer (&entry);
}
