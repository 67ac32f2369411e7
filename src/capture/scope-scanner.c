/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-scanner"

#include "config.h"

#include "capture/scope-scanner.h"

#include "capture/scope-capture-private.h"
#include "capture/scope-reader.h"
#include "capture/scope-row.h"
#include "capture/scope-schema.h"

/* Three sieves, each finer and dearer than the one before: the record, the bytes of the frame
 * (looked at by a function within SQLite, while they still lie in its page), the decoded entry. */

/* rows that need not be read are read over if there are no more of them in a row: to seek costs as
 * much */
#define MAX_SKIPPED_ROWS 16

struct _ScopeScanner
{
  ScopeCapture *capture;
  ScopeFilter *filter;
  ScopeFilterScan *scan;
  ScopeReader *reader;

  /* of the call under way */
  guint64 from;
  const ScopeRecord *records;
  guint n;
  guint8 *verdicts;
  const int *cancelled;
};

static gboolean
scanner_is_cancelled (ScopeScanner *self)
{
  return self->cancelled != NULL && g_atomic_int_get (self->cancelled) != 0;
}

/* What the frame's bytes tell; a row that is not as its record says is for the third sieve. */
static ScopeVerdict
scanner_ask_frame (ScopeScanner  *self,
                   guint          i,
                   sqlite3_value *frame)
{
  const ScopeRecord *record = &self->records[i];
  int type = sqlite3_value_type (frame);
  const void *bytes;

  if ((type != SQLITE_TEXT && type != SQLITE_BLOB) || !scope_record_has_names (record))
    return SCOPE_VERDICT_MAYBE;
  bytes = sqlite3_value_blob (frame);
  if (bytes == NULL || sqlite3_value_bytes (frame) != record->size)
    return SCOPE_VERDICT_MAYBE;
  return scope_filter_scan_ask_frame (self->scan, record, bytes, record->size);
}

/* scope_maybe (id, frame): whether the entry has to be decoded. */
static void
scanner_maybe_cb (sqlite3_context  *context,
                  int               n_arguments,
                  sqlite3_value   **arguments)
{
  ScopeScanner *self = sqlite3_user_data (context);
  guint64 i = sqlite3_value_int64 (arguments[0]) - self->from;

  if (i >= self->n || self->verdicts[i] != SCOPE_VERDICT_MAYBE)
    {
      sqlite3_result_int (context, 0);
      return;
    }
  if (scanner_is_cancelled (self))
    {
      sqlite3_result_error_code (context, SQLITE_INTERRUPT);
      return;
    }
  self->verdicts[i] = scanner_ask_frame (self, i, arguments[1]);
  sqlite3_result_int (context, self->verdicts[i] == SCOPE_VERDICT_MAYBE);
}

/* An entry that can't be read may match or not; hiding it would hide the failure. */
static void
scanner_decode (ScopeScanner *self,
                sqlite3_stmt *row,
                guint         i)
{
  ScopeNames *names = scope_capture_get_names (self->capture);
  g_autoptr (ScopeEntry) entry = NULL;

  /* kind 0: the row was not there when the records were read */
  if (self->records[i].kind != 0)
    entry = _scope_row_borrow_entry (row, &self->records[i], self->from + i);

  self->verdicts[i] = entry == NULL || scope_filter_matches (self->filter, entry, names)
                          ? SCOPE_VERDICT_YES
                          : SCOPE_VERDICT_NO;
}

/* Rows first … last, SQLITE_DONE or what stopped it. */
static int
scanner_read_run (ScopeScanner *self,
                  sqlite3_stmt *rows,
                  guint         first,
                  guint         last)
{
  int code = SQLITE_ROW;

  sqlite3_bind_int64 (rows, 1, self->from + first);
  sqlite3_bind_int64 (rows, 2, self->from + last);
  while (code == SQLITE_ROW && (code = sqlite3_step (rows)) == SQLITE_ROW)
    {
      guint64 i = sqlite3_column_int64 (rows, SCOPE_COLUMN_ID) - self->from;

      if (i < self->n)
        scanner_decode (self, rows, i);
      if (scanner_is_cancelled (self))
        break;
    }
  sqlite3_reset (rows);
  return code;
}

/* In a damaged file: what can be read one by one is. The rest is shown, and says so itself. */
static void
scanner_read_singly (ScopeScanner *self,
                     guint         first,
                     guint         last)
{
  for (guint i = first; i <= last && !scanner_is_cancelled (self); i++)
    {
      sqlite3_stmt *row = _scope_reader_get_statement (self->reader, SCOPE_READER_ENTRY);

      if (self->verdicts[i] != SCOPE_VERDICT_MAYBE)
        continue;
      self->verdicts[i] = SCOPE_VERDICT_YES;
      if (row == NULL)
        continue;
      sqlite3_bind_int64 (row, 1, self->from + i);
      if (sqlite3_step (row) == SQLITE_ROW)
        scanner_decode (self, row, i);
      sqlite3_reset (row);
    }
}

/* The end of the run of rows that begins at first: the last one in it that has to be read. */
static guint
scanner_find_last (ScopeScanner *self,
                   guint         first)
{
  guint last = first;

  for (guint i = first + 1; i < self->n && i - last <= MAX_SKIPPED_ROWS; i++)
    if (self->verdicts[i] == SCOPE_VERDICT_MAYBE)
      last = i;
  return last;
}

static void
scanner_read_all (ScopeScanner *self,
                  sqlite3_stmt *rows)
{
  for (guint i = 0; i < self->n && !scanner_is_cancelled (self); i++)
    {
      guint last;

      if (self->verdicts[i] != SCOPE_VERDICT_MAYBE)
        continue;
      last = scanner_find_last (self, i);
      if (rows != NULL)
        scanner_read_run (self, rows, i, last);
      scanner_read_singly (self, i, last);
      i = last;
    }
}

/* The function and the statement belong to the connection, which a recorder that closes the file
 * may have taken off since the last time. */
static void
scanner_read (ScopeScanner *self)
{
  sqlite3_stmt *rows = NULL;
  sqlite3 *db;

  _scope_reader_lock (self->reader); /* without a connection each row is one that can't be read */
  db = _scope_reader_get_db (self->reader);
  if (db != NULL
      && sqlite3_create_function_v2 (db, "scope_maybe", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY, self,
                                     scanner_maybe_cb, NULL, NULL, NULL)
             == SQLITE_OK)
    sqlite3_prepare_v2 (db, _scope_schema_select_maybe, -1, &rows, NULL);
  scanner_read_all (self, rows);
  sqlite3_finalize (rows);
  _scope_reader_unlock (self->reader);
}

/**
 * scope_scanner_new:
 * @capture: where the rows are
 * @filter: what they are judged by
 *
 * Returns: (transfer full): a scanner, which has to be freed
 */
ScopeScanner *
scope_scanner_new (ScopeCapture *capture,
                   ScopeFilter  *filter)
{
  ScopeScanner *self;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture), NULL);
  g_return_val_if_fail (filter != NULL, NULL);

  self = g_new0 (ScopeScanner, 1);
  self->capture = g_object_ref (capture);
  self->filter = scope_filter_ref (filter);
  self->scan = scope_filter_scan_new (filter, scope_capture_get_names (capture));
  self->reader = _scope_capture_new_reader (capture);
  return self;
}

/**
 * scope_scanner_free:
 * @self: (transfer full): a scanner
 */
void
scope_scanner_free (ScopeScanner *self)
{
  g_return_if_fail (self != NULL);

  _scope_reader_free (self->reader);
  scope_filter_scan_free (self->scan);
  scope_filter_unref (self->filter);
  g_object_unref (self->capture);
  g_free (self);
}

/**
 * scope_scanner_judge:
 * @from: the sequence number of the first row
 * @records: (array length=n): the rows' records
 * @n: how many
 * @verdicts: (out caller-allocates) (array length=n): room for SCOPE_VERDICT_NO or YES each
 * @cancelled: (nullable): looked at between any two rows; 1: give up
 *
 * Rows must have been committed. What can't be read is not hidden, so it is YES; but a row is not
 * read further than it takes to answer, and of one whose bytes lack what is looked for nobody sees
 * that they are damaged as well.
 *
 * Returns: %FALSE if it was given up
 */
gboolean
scope_scanner_judge (ScopeScanner      *self,
                     guint64            from,
                     const ScopeRecord *records,
                     guint              n,
                     guint8            *verdicts,
                     const int         *cancelled)
{
  gboolean must_read = FALSE;

  g_return_val_if_fail (self != NULL && verdicts != NULL, FALSE);

  self->from = from;
  self->records = records;
  self->n = n;
  self->verdicts = verdicts;
  self->cancelled = cancelled;
  for (guint i = 0; i < n; i++)
    {
      verdicts[i] = records[i].kind == SCOPE_SCANNER_SKIP
                        ? SCOPE_VERDICT_NO
                        : scope_filter_scan_ask_record (self->scan, &records[i]);
      must_read |= verdicts[i] == SCOPE_VERDICT_MAYBE;
    }
  if (must_read)
    scanner_read (self);
  return !scanner_is_cancelled (self);
}
