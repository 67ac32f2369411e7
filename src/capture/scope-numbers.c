/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-numbers"

#include "config.h"

#include "capture/scope-numbers.h"

#include <math.h>

#include "capture/scope-capture-private.h"
#include "capture/scope-data.h"
#include "capture/scope-path.h"
#include "capture/scope-row.h"

/* digits behind these change nothing in a double */
#define MAX_DIGITS 400

struct _ScopeNumbers
{
  GPtrArray *path;
  ScopeReader *reader;
};

static gboolean
numbers_parse (const char *token,
               gsize       length,
               double     *number)
{
  g_autofree char *text = NULL;

  if (length > MAX_DIGITS)
    return FALSE;
  text = g_strndup (token, length);
  *number = g_ascii_strtod (text, NULL);
  return isfinite (*number);
}

/**
 * scope_numbers_find:
 * @entry: an event
 * @path: (element-type ScopePathStep): its first step stands for the payload
 * @number: (out): what stands there
 *
 * Returns: whether a number stands there
 */
gboolean
scope_numbers_find (const ScopeEntry *entry,
                    GPtrArray        *path,
                    double           *number)
{
  ScopeDataValue data;
  ScopeSpan span;
  const char *token;
  gsize length;
  ScopeJsonKind kind;
  gboolean found = FALSE;

  g_return_val_if_fail (entry != NULL && path != NULL && number != NULL, FALSE);

  kind = _scope_entry_get_plain_token (entry, &token, &length);
  _scope_data_value_init (&data, kind, token, length);
  if (data.kind != SCOPE_JSON_NONE &&
      scope_path_find (path, 1, data.json, data.length, &span) == SCOPE_JSON_NUMBER)
    found = numbers_parse (data.json + span.offset, span.length, number);
  _scope_data_value_clear (&data);
  return found;
}

/**
 * scope_numbers_new:
 * @capture: where the rows are
 * @path: (element-type ScopePathStep): where the number stands
 *
 * Returns: (transfer full): a reader
 */
ScopeNumbers *
scope_numbers_new (ScopeCapture *capture,
                   GPtrArray    *path)
{
  ScopeNumbers *self;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture), NULL);
  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (ScopeNumbers, 1);
  self->path = g_ptr_array_ref (path);
  self->reader = _scope_capture_new_reader (capture);
  return self;
}

/**
 * scope_numbers_free:
 * @self: (transfer full): a reader
 */
void
scope_numbers_free (ScopeNumbers *self)
{
  g_return_if_fail (self != NULL);

  _scope_reader_free (self->reader);
  g_ptr_array_unref (self->path);
  g_free (self);
}

static void
numbers_read_row (ScopeNumbers    *self,
                  sqlite3_stmt    *statement,
                  ScopeNumbersRow *row)
{
  g_autoptr (ScopeEntry) entry = NULL;

  sqlite3_bind_int64 (statement, 1, row->sequence);
  if (sqlite3_step (statement) == SQLITE_ROW)
    entry = _scope_row_borrow_entry (statement, &row->record, row->sequence);
  if (entry != NULL)
    {
      row->read = TRUE;
      row->found = scope_numbers_find (entry, self->path, &row->number);
    }
  g_clear_pointer (&entry, scope_entry_unref);
  sqlite3_reset (statement);
}

/**
 * scope_numbers_read:
 * @rows: (array length=n): sequence and record are given, the rest is filled in
 * @n: how many
 * @cancellable: (nullable): gives up
 */
void
scope_numbers_read (ScopeNumbers    *self,
                    ScopeNumbersRow *rows,
                    guint            n,
                    GCancellable    *cancellable)
{
  sqlite3_stmt *statement = NULL;

  g_return_if_fail (self != NULL && (rows != NULL || n == 0));

  if (_scope_reader_lock (self->reader) == SQLITE_OK)
    statement = _scope_reader_get_statement (self->reader, SCOPE_READER_ENTRY);
  for (guint i = 0; i < n; i++)
    {
      rows[i].read = rows[i].found = FALSE;
      if (statement != NULL && !g_cancellable_is_cancelled (cancellable))
        numbers_read_row (self, statement, &rows[i]);
    }
  _scope_reader_unlock (self->reader);
}
