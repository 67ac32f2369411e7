/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-row-reader"

#include "config.h"

#include "capture/scope-row-reader.h"

#include "capture/scope-capture-private.h"

struct _ScopeRowReader
{
  ScopeCapture *capture;
  ScopeReader *reader;
};

/**
 * scope_row_reader_new:
 * @capture: an open capture
 *
 * The file is opened when the first row is read.
 *
 * Returns: (transfer full): a reader
 */
ScopeRowReader *
scope_row_reader_new (ScopeCapture *capture)
{
  ScopeRowReader *self;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture), NULL);

  self = g_new0 (ScopeRowReader, 1);
  self->capture = g_object_ref (capture);
  self->reader = _scope_capture_new_reader (capture);
  return self;
}

/**
 * scope_row_reader_free:
 * @self: (transfer full): a reader
 */
void
scope_row_reader_free (ScopeRowReader *self)
{
  g_return_if_fail (self != NULL);

  _scope_reader_free (self->reader);
  g_object_unref (self->capture);
  g_free (self);
}

/**
 * scope_row_reader_read:
 * @sequence: a sequence number, from 1
 * @error: return location for an error
 *
 * As scope_capture_read().
 *
 * Returns: (transfer full): the entry; %NULL with an error likewise
 */
ScopeEntry *
scope_row_reader_read (ScopeRowReader  *self,
                       guint64          sequence,
                       GError         **error)
{
  g_return_val_if_fail (self != NULL, NULL);

  return _scope_capture_read_with (self->capture, self->reader, sequence, error);
}

/**
 * scope_row_reader_dup_preview:
 * @sequence: a sequence number, from 1
 * @record: its record
 * @max_bytes: of the text
 * @data_length: (out): bytes of the data as it stands in the frame; 0: not known
 *
 * As scope_capture_dup_preview().
 *
 * Returns: (transfer full) (nullable): the text, likewise
 */
char *
scope_row_reader_dup_preview (ScopeRowReader    *self,
                              guint64            sequence,
                              const ScopeRecord *record,
                              gsize              max_bytes,
                              gsize             *data_length)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (record != NULL && data_length != NULL, NULL);

  return _scope_capture_dup_preview_with (self->reader, sequence, record, max_bytes, data_length);
}
