/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-capture"

#include "config.h"

#include "capture/scope-capture-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "capture/scope-row.h"
#include "capture/scope-salvage.h"
#include "capture/scope-schema.h"

G_DEFINE_FINAL_TYPE (ScopeCapture, scope_capture, G_TYPE_OBJECT)

gboolean
_scope_capture_fail (ScopeCapture  *self,
                     GError       **error)
{
  _scope_schema_set_error (error, _scope_reader_get_db (self->reader), self->path, FALSE);
  return FALSE;
}

gboolean
_scope_capture_fail_row (ScopeCapture  *self,
                         guint64        sequence,
                         GError       **error)
{
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, sequence);
  g_autofree char *name = g_filename_display_name (self->path);

  /* Translators: a number, and a file name */
  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE,
               _("Entry %s of the capture “%s” is damaged"), number, name);
  return FALSE;
}

static gboolean
scope_capture_load_number (ScopeCapture          *self,
                           ScopeReaderStatement   which,
                           gint64                *number,
                           GError               **error)
{
  sqlite3_stmt *row = _scope_reader_get_statement (self->reader, which);
  int code = row != NULL ? sqlite3_step (row) : SQLITE_ERROR;

  if (code == SQLITE_ROW)
    *number = sqlite3_column_int64 (row, 0); /* NULL: 0 */
  else
    _scope_capture_fail (self, error);
  sqlite3_reset (row);
  return code == SQLITE_ROW;
}

/* Sequence numbers have no holes, so the last one tells the count: found without a walk. */
gboolean
_scope_capture_load_count (ScopeCapture  *self,
                           GError       **error)
{
  gint64 last = 0;

  if (!scope_capture_load_number (self, SCOPE_READER_LAST, &last, error))
    return FALSE;
  self->count = MAX (last, 0);
  return TRUE;
}

gboolean
_scope_capture_find_first (ScopeCapture  *self,
                           gint64        *first,
                           GError       **error)
{
  return scope_capture_load_number (self, SCOPE_READER_FIRST, first, error);
}

static void
scope_capture_finalize (GObject *object)
{
  ScopeCapture *self = SCOPE_CAPTURE (object);

  g_clear_pointer (&self->reader, _scope_reader_free);
  if (self->copy != NULL)
    _scope_salvage_drop_target (self->copy, self->copy_lock);
  g_clear_object (&self->names);
  g_hash_table_unref (self->meta);
  g_free (self->warning);
  g_free (self->path);
  G_OBJECT_CLASS (scope_capture_parent_class)->finalize (object);
}

static void
scope_capture_class_init (ScopeCaptureClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_capture_finalize;
}

static void
scope_capture_init (ScopeCapture *self)
{
  self->meta = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

ScopeReader *
_scope_capture_get_reader (ScopeCapture *self)
{
  return self->reader;
}

ScopeReader *
_scope_capture_new_reader (ScopeCapture *self)
{
  return _scope_reader_new_like (self->reader);
}

int
_scope_capture_open_apart (ScopeCapture  *self,
                           sqlite3      **db)
{
  return _scope_reader_open_apart (self->reader, db);
}

/**
 * scope_capture_get_names:
 *
 * Returns: (transfer none): the names the entries refer to
 */
ScopeNames *
scope_capture_get_names (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);

  return self->names;
}

/**
 * scope_capture_get_path:
 *
 * Returns: (transfer none) (type filename): the file, as it was named on opening
 */
const char *
scope_capture_get_path (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);

  return self->path;
}

/**
 * scope_capture_get_meta:
 * @key: what the recorder was given as `app`, or "format", "version", "started", "ended", "state"
 *
 * Returns: (transfer none) (nullable): its value when the file was opened
 */
const char *
scope_capture_get_meta (ScopeCapture *self,
                        const char   *key)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return g_hash_table_lookup (self->meta, key);
}

/**
 * scope_capture_get_warning:
 *
 * Returns: (transfer none) (nullable): what a reader should know: that the last events may be
 *   missing, and why; %NULL if all is well
 */
const char *
scope_capture_get_warning (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), NULL);

  return self->warning;
}

/**
 * scope_capture_is_salvaged:
 *
 * Returns: whether it is what could be read of a damaged file
 */
gboolean
scope_capture_is_salvaged (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), FALSE);

  return self->copy != NULL;
}

/**
 * scope_capture_get_n_lost:
 *
 * Returns: how many entries are known to be missing from a damaged file
 */
guint64
scope_capture_get_n_lost (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), 0);

  return self->n_lost;
}

/**
 * scope_capture_count:
 *
 * Returns: the sequence number of the last entry: as of opening, or of now for a live capture
 */
guint64
scope_capture_count (ScopeCapture *self)
{
  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), 0);

  if (!self->is_live)
    return self->count;
  if (_scope_reader_lock (self->reader) == SQLITE_OK)
    _scope_capture_load_count (self, NULL);
  _scope_reader_unlock (self->reader);
  return self->count;
}

/**
 * scope_capture_get_first_sequence:
 *
 * Returns: the sequence number of the first entry that was kept: as of opening, or of now for a live
 *   capture. What was before it was dropped: a size budget was exceeded
 */
guint64
scope_capture_get_first_sequence (ScopeCapture *self)
{
  gint64 first = 0;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), 1);

  if (!self->is_live)
    return self->first;
  if (_scope_reader_lock (self->reader) == SQLITE_OK
      && _scope_capture_find_first (self, &first, NULL))
    self->first = MAX (first, 1);
  _scope_reader_unlock (self->reader);
  return self->first;
}

/**
 * scope_capture_get_first_time:
 *
 * Its day is the one that times of day in a filter mean: see scope_filter_set_day().
 *
 * Returns: when the first entry was, in microseconds since 1970; 0 if there is none
 */
gint64
scope_capture_get_first_time (ScopeCapture *self)
{
  ScopeRecord record = { 0 };

  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), 0);

  scope_capture_read_records (self, scope_capture_get_first_sequence (self), 1, &record, NULL);
  return record.time_usec;
}

/* Behind the last row that was found there may be more: a whole block can be missing. */
static guint
scope_capture_fill_holes (ScopeRecord *records,
                          guint        n,
                          guint        found)
{
  for (; found < n; found++)
    records[found] = (ScopeRecord) { 0 };
  return found;
}

/* The record of sequence number from + i stands at i: a hole is a record of kind 0. */
static guint
scope_capture_read_records_locked (ScopeCapture  *self,
                                   guint64        from,
                                   guint          n,
                                   ScopeRecord   *records,
                                   GError       **error)
{
  sqlite3_stmt *row = _scope_reader_get_statement (self->reader, SCOPE_READER_RECORDS);
  sqlite3_blob *blob = NULL;
  int code = SQLITE_ERROR;
  guint found = 0;

  if (row != NULL)
    {
      sqlite3_bind_int64 (row, 1, from);
      sqlite3_bind_int64 (row, 2, from + n - 1);
      code = SQLITE_ROW;
    }
  while (code == SQLITE_ROW && (code = sqlite3_step (row)) == SQLITE_ROW)
    {
      guint64 i = sqlite3_column_int64 (row, SCOPE_COLUMN_ID) - from;

      if (i >= n || i < found
          || (!_scope_row_read_record (row, self->names, &records[i]) && self->copy == NULL))
        {
          _scope_capture_fail_row (self, from + i, error);
          code = SQLITE_DONE;
          break;
        }
      _scope_capture_check_size (self->reader, from + i, &blob, &records[i]);
      memset (&records[found], 0, (i - found) * sizeof (ScopeRecord));
      found = i + 1;
    }
  if (code != SQLITE_DONE)
    _scope_capture_fail (self, error);
  else if (self->copy != NULL && from <= self->count)
    found = scope_capture_fill_holes (records, MIN (n, self->count - from + 1), found);
  sqlite3_blob_close (blob);
  sqlite3_reset (row);
  return found;
}

/**
 * scope_capture_read_records:
 * @from: a sequence number, from 1
 * @n: how many
 * @records: (out caller-allocates) (array length=n): room for them
 * @error: return location for an error
 *
 * Reads the records of @from … @from + @n - 1 without their payloads. A row that is missing in a
 * damaged file gives a record of kind 0, so that record i is that of @from + i.
 *
 * Returns: how many there were. With an error set, how many could be read before it
 */
guint
scope_capture_read_records (ScopeCapture  *self,
                            guint64        from,
                            guint          n,
                            ScopeRecord   *records,
                            GError       **error)
{
  guint found = 0;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (self), 0);
  g_return_val_if_fail (records != NULL || n == 0, 0);

  if (n == 0 || from == 0 || from > G_MAXINT64 - n)
    return 0;
  if (_scope_reader_lock (self->reader) == SQLITE_OK)
    found = scope_capture_read_records_locked (self, from, n, records, error);
  else
    _scope_capture_fail (self, error);
  _scope_reader_unlock (self->reader);
  return found;
}
