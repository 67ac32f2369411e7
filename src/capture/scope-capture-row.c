/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-capture"

#include "config.h"

#include "capture/scope-capture-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "base/scope-text.h"
#include "capture/scope-data.h"
#include "capture/scope-row.h"
#include "capture/scope-schema.h"

/* One row of a capture: whole, or only as much of it as a list shows. */

/* ---- whole ---- */

static ScopeEntry *
capture_read_locked (ScopeCapture  *self,
                     ScopeReader   *reader,
                     guint64        sequence,
                     GError       **error)
{
  sqlite3_stmt *row = _scope_reader_get_statement (reader, SCOPE_READER_ENTRY);
  ScopeEntry *entry = NULL;
  int code = SQLITE_ERROR;

  if (row != NULL)
    {
      sqlite3_bind_int64 (row, 1, sequence);
      code = sqlite3_step (row);
    }
  if (code == SQLITE_ROW)
    {
      entry = _scope_row_read_entry (row, scope_capture_get_names (self), sequence);
      if (entry == NULL)
        _scope_capture_fail_row (self, sequence, error);
    }
  else if (code == SQLITE_DONE)
    {
      g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, sequence);

      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND, _("The capture has no entry %s"),
                   number);
    }
  else
    {
      _scope_schema_set_error (error, _scope_reader_get_db (reader), scope_capture_get_path (self), FALSE);
    }
  sqlite3_reset (row);
  return entry;
}

ScopeEntry *
_scope_capture_read_with (ScopeCapture  *self,
                          ScopeReader   *reader,
                          guint64        sequence,
                          GError       **error)
{
  ScopeEntry *entry = NULL;

  if (_scope_reader_lock (reader) == SQLITE_OK)
    entry = capture_read_locked (self, reader, sequence, error);
  else
    _scope_schema_set_error (error, _scope_reader_get_db (reader), scope_capture_get_path (self), FALSE);
  _scope_reader_unlock (reader);
  return entry;
}

/**
 * scope_capture_read:
 * @sequence: a sequence number, from 1
 * @error: return location for an error
 *
 * Returns: (transfer full): the entry; %NULL with `SCOPE_ERROR_NOT_FOUND` if there is none,
 *   `SCOPE_ERROR_CAPTURE` if it can't be read or is damaged
 */
ScopeEntry *
scope_capture_read (ScopeCapture  *self,
                    guint64        sequence,
                    GError       **error)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);

  return _scope_capture_read_with (self, _scope_capture_get_reader (self), sequence, error);
}

/**
 * scope_capture_read_apart:
 * @sequence: a sequence number, from 1
 * @error: return location for an error
 *
 * scope_capture_read() for a large row, on any thread: by a connection of its own, so that nobody who reads rows
 * meanwhile waits for this one.
 *
 * Returns: (transfer full): the entry; %NULL with an error likewise
 */
ScopeEntry *
scope_capture_read_apart (ScopeCapture  *self,
                          guint64        sequence,
                          GError       **error)
{
  ScopeReader *reader;
  ScopeEntry *entry;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);

  reader = _scope_capture_new_reader (self);
  entry = _scope_capture_read_with (self, reader, sequence, error);
  _scope_reader_free (reader);
  return entry;
}

/* ---- its size ---- */

/* Without reading the frame, which may be long: a record is all that long rows are known by. */
void
_scope_capture_check_size (ScopeReader   *reader,
                           guint64        sequence,
                           sqlite3_blob **blob,
                           ScopeRecord   *record)
{
  int code;

  if ((record->flags & SCOPE_ENTRY_TOLD_SIZE) == 0)
    return;
  if (*blob != NULL)
    code = sqlite3_blob_reopen (*blob, sequence);
  else
    code = sqlite3_blob_open (_scope_reader_get_db (reader), "main", "entries", "frame", sequence, 0, blob);
  if (code != SQLITE_OK)
    g_clear_pointer (blob, sqlite3_blob_close);
  else if (!scope_entry_can_tell_size (record->size, sqlite3_blob_bytes (*blob)))
    {
      record->flags &= ~SCOPE_ENTRY_TOLD_SIZE;
      record->size = MIN ((guint) sqlite3_blob_bytes (*blob), SCOPE_RECORD_MAX_SIZE);
    }
}

/* ---- its beginning ---- */

/* Where the text that is shown begins in the frame, how long it is, and what. */
static gboolean
capture_find_text (ScopeReader       *reader,
                   guint64            sequence,
                   const ScopeRecord *record,
                   ScopeSpan         *span,
                   ScopeJsonKind     *kind)
{
  sqlite3_stmt *row;
  gint64 offset = 0, length = 0;

  *kind = SCOPE_JSON_NONE;
  if (record->kind == SCOPE_ENTRY_FRAME)
    {
      *span = (ScopeSpan) { 0, record->size };
      return TRUE;
    }
  row = _scope_reader_get_statement (reader, SCOPE_READER_DATA);
  if (row == NULL)
    return FALSE;
  sqlite3_bind_int64 (row, 1, sequence);
  if (sqlite3_step (row) == SQLITE_ROW)
    {
      offset = sqlite3_column_int64 (row, 0);
      length = sqlite3_column_int64 (row, 1);
      *kind = sqlite3_column_int (row, 2);
    }
  sqlite3_reset (row);
  *span = (ScopeSpan) { offset, length };
  return *kind > SCOPE_JSON_NONE && *kind <= SCOPE_JSON_NULL && offset >= 0 && length > 0
         && length <= record->size && offset <= record->size - length;
}

static gboolean
capture_read_head (ScopeReader *reader,
                   guint64      sequence,
                   gsize        offset,
                   char        *head,
                   gsize        length)
{
  sqlite3_blob *blob = NULL;
  int code = sqlite3_blob_open (_scope_reader_get_db (reader), "main", "entries", "frame", sequence, 0, &blob);

  if (code == SQLITE_OK)
    code = sqlite3_blob_read (blob, head, length, offset);
  sqlite3_blob_close (blob);
  return code == SQLITE_OK;
}

static char *
capture_dup_preview_locked (ScopeReader       *reader,
                            guint64            sequence,
                            const ScopeRecord *record,
                            gsize              max_bytes,
                            gsize             *data_length)
{
  g_autofree char *head = NULL;
  ScopeJsonKind kind;
  ScopeSpan span;
  gsize length;

  if (!capture_find_text (reader, sequence, record, &span, &kind))
    return NULL;
  length = MIN (span.length, _scope_data_get_preview_need (max_bytes));
  head = g_malloc (length);
  if (!capture_read_head (reader, sequence, span.offset, head, length)
      || (kind != SCOPE_JSON_NONE && scope_json_peek_kind (head, 1) != kind))
    return NULL;
  *data_length = record->kind == SCOPE_ENTRY_EVENT ? span.length : 0;
  if (kind == SCOPE_JSON_NONE)
    return scope_text_for_display (head, length, max_bytes);
  return _scope_data_dup_preview (kind, head, length, max_bytes);
}

char *
_scope_capture_dup_preview_with (ScopeReader       *reader,
                                 guint64            sequence,
                                 const ScopeRecord *record,
                                 gsize              max_bytes,
                                 gsize             *data_length)
{
  char *preview = NULL;

  *data_length = 0;
  if ((record->kind != SCOPE_ENTRY_EVENT && record->kind != SCOPE_ENTRY_FRAME)
      || (record->flags & SCOPE_ENTRY_DECRYPTED))
    return NULL;
  if (_scope_reader_lock (reader) == SQLITE_OK)
    preview = capture_dup_preview_locked (reader, sequence, record, max_bytes, data_length);
  _scope_reader_unlock (reader);
  return preview;
}

/**
 * scope_capture_dup_preview:
 * @sequence: a sequence number, from 1
 * @record: its record
 * @max_bytes: the longest text wanted
 * @data_length: (out): bytes of an event's data as they stand in its frame; 0 of others
 *
 * What scope_entry_dup_preview() says, without reading more of the row than that: for rows that are too large to be read
 * for a list.
 *
 * Returns: (transfer full) (nullable): the text; %NULL if only the whole row tells, or what is wrong with it
 */
char *
scope_capture_dup_preview (ScopeCapture      *self,
                           guint64            sequence,
                           const ScopeRecord *record,
                           gsize              max_bytes,
                           gsize             *data_length)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);
  g_return_val_if_fail (record != NULL && data_length != NULL, NULL);

  return _scope_capture_dup_preview_with (_scope_capture_get_reader (self), sequence, record, max_bytes,
                                          data_length);
}
