/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-event-item"

#include "config.h"

#include "session/scope-event-list-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"

/* above that a payload is not read for a cell: a screen full of them would be felt. Nor is it kept: so many bytes for each
 * row that was in sight would be more than there is */
#define MAX_CELL_BYTES (256 * 1024)

/* ---- what a list shows ---- */

gboolean
_scope_record_is_long (const ScopeRecord *record)
{
  return record->size > MAX_CELL_BYTES;
}

void
_scope_item_load_read (ScopeItemLoad  *self,
                       ScopeRowReader *reader)
{
  gboolean is_long = _scope_record_is_long (&self->record);

  if (is_long)
    self->preview = scope_row_reader_dup_preview (reader, self->sequence, &self->record,
                                                  SCOPE_ITEM_PREVIEW_BYTES, &self->encoded_length);
  if (self->preview == NULL)
    self->entry = scope_row_reader_read (reader, self->sequence, &self->error);
  if (self->entry != NULL)
    self->preview = scope_entry_dup_preview (self->entry, SCOPE_ITEM_PREVIEW_BYTES);
  if (is_long && self->entry != NULL)
    self->payload_size = _scope_entry_measure_raw (self->entry);
  if (is_long)
    g_clear_pointer (&self->entry, scope_entry_unref);
  self->was_read = TRUE;
}

void
_scope_item_load_clear (ScopeItemLoad *self)
{
  g_clear_pointer (&self->entry, scope_entry_unref);
  g_clear_pointer (&self->preview, g_free);
  g_clear_error (&self->error);
}

/* ---- the whole of a row ---- */

/* A long row is read, and its payload measured, on a worker thread. It belongs to who asked for it, not to the row. */

typedef struct
{
  ScopeCapture *capture; /* nullable */
  guint64 sequence;
  ScopeEntry *entry; /* NULL: not read yet */
  gint64 payload_size;
} ItemRead;

static void
item_read_free (gpointer data)
{
  ItemRead *self = data;

  g_clear_object (&self->capture);
  g_clear_pointer (&self->entry, scope_entry_unref);
  g_free (self);
}

gint64
_scope_entry_measure_raw (ScopeEntry *entry)
{
  g_autoptr (GBytes) raw = entry != NULL ? scope_entry_dup_raw (entry, NULL) : NULL;

  return raw != NULL ? (gint64) g_bytes_get_size (raw) : -1;
}

static void
item_read_thread (GTask        *task,
                  gpointer      source,
                  gpointer      task_data,
                  GCancellable *cancellable)
{
  ItemRead *read = task_data;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (read->entry == NULL && read->capture != NULL)
    read->entry = scope_capture_read_apart (read->capture, read->sequence, &error);
  else if (read->entry == NULL)
    g_set_error_literal (&error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND,
                         _("it was not recorded and is no longer in memory"));
  if (error != NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (!g_cancellable_is_cancelled (cancellable))
    read->payload_size = _scope_entry_measure_raw (read->entry);
  g_task_return_boolean (task, TRUE);
}

/**
 * scope_event_item_read_async:
 * @self: a row
 * @cancellable: (nullable): gives it up
 * @callback: what to call; not while this runs
 * @user_data: for it
 *
 * Reads the whole entry without keeping the main loop: on a worker thread.
 */
void
scope_event_item_read_async (ScopeEventItem      *self,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  ScopeCapture *capture;
  ItemRead *read;

  g_return_if_fail (SCOPE_IS_EVENT_ITEM (self));

  capture = _scope_event_list_get_capture (_scope_event_item_get_list (self));
  read = g_new0 (ItemRead, 1);
  read->capture = capture != NULL ? g_object_ref (capture) : NULL;
  read->sequence = scope_event_item_get_sequence (self);
  read->entry = _scope_event_item_find_kept (self);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_event_item_read_async);
  g_task_set_task_data (task, read, item_read_free);
  g_task_run_in_thread (task, item_read_thread);
}

/**
 * scope_event_item_read_finish:
 * @self: a row
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Returns: (transfer full): the entry; %NULL if it can't be read, with what scope_capture_read() says of it, or
 *   `G_IO_ERROR_CANCELLED`
 */
ScopeEntry *
scope_event_item_read_finish (ScopeEventItem  *self,
                              GAsyncResult    *result,
                              GError         **error)
{
  ItemRead *read;

  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  read = g_task_get_task_data (G_TASK (result));
  _scope_event_item_set_payload (self, read->payload_size);
  return scope_entry_ref (read->entry);
}
