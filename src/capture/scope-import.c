/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-import"

#include "config.h"

#include "capture/scope-import.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "capture/scope-har.h"
#include "capture/scope-line-reader.h"

#define CHUNK_BYTES (256 * 1024)
/* what waits for the writer before more is read: entries, and bytes well below what the recorder queues */
#define MAX_WAITING 65536
#define MAX_WAITING_BYTES (SCOPE_LIMIT_QUEUED_BYTES / 8)

typedef struct
{
  GInputStream *stream;
  ScopeRecorder *recorder;
  GByteArray *rest;            /* the beginning of a line whose end was not read yet */
  ScopeImportResult *result;
  guint64 number;              /* of the line at hand */
  gsize bytes;                 /* appended since nothing waited */
  GError *failure;             /* of the recorder */
  gulong committed_handler;
  gulong failed_handler;
  gboolean waiting;            /* for the writer */
  gboolean begun;              /* it is known what the input is */
  gboolean is_har;             /* all of it is collected in rest */
} Import;

static void import_read_more (GTask *task);

/**
 * scope_import_result_free:
 * @self: (nullable)
 */
void
scope_import_result_free (ScopeImportResult *self)
{
  if (self == NULL)
    return;
  g_free (self->first_problem);
  g_free (self);
}

static void
import_free (gpointer data)
{
  Import *self = data;

  g_clear_signal_handler (&self->committed_handler, self->recorder);
  g_clear_signal_handler (&self->failed_handler, self->recorder);
  g_object_unref (self->stream);
  g_object_unref (self->recorder);
  g_byte_array_unref (self->rest);
  scope_import_result_free (self->result);
  g_clear_error (&self->failure);
  g_free (self);
}

static void
import_skip (Import       *self,
             const GError *error)
{
  if (self->result->skipped++ > 0)
    return;
  self->result->first_bad = self->number;
  self->result->first_problem = g_strdup (error->message);
}

static gboolean
import_append (Import     *self,
               ScopeEntry *entry)
{
  self->bytes += entry->frame != NULL ? g_bytes_get_size (entry->frame) : 0;
  self->bytes += entry->detail != NULL ? strlen (entry->detail) : 0;
  if (scope_recorder_append (self->recorder, entry) != 0)
    self->result->lines++;
  else if (self->failure == NULL)
    self->failure = g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_CAPTURE,
                                         _("The capture takes no more entries"));
  return self->failure == NULL;
}

static gboolean
import_take_har_entry_cb (ScopeEntry *entry,
                          gpointer    user_data)
{
  gboolean taken = import_append (user_data, entry);

  scope_entry_unref (entry);
  return taken;
}

static void
import_take_har (Import *self)
{
  scope_har_read ((const char *) self->rest->data, self->rest->len,
                  scope_recorder_get_names (self->recorder), import_take_har_entry_cb, self,
                  &self->result->others, self->failure == NULL ? &self->failure : NULL);
}

static void
import_take_line (Import     *self,
                  const char *line,
                  gsize       length)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeEntry) entry = NULL;

  self->number++;
  while (length > 0 && g_ascii_isspace (line[length - 1]))
    length--;
  if (length == 0)
    return;

  entry = scope_line_read_ndjson (line, length, scope_recorder_get_names (self->recorder), &error);
  if (entry == NULL)
    import_skip (self, error);
  else
    import_append (self, entry);
}

static void
import_take_chunk (Import *self,
                   GBytes *bytes)
{
  gsize length;
  const char *chunk = g_bytes_get_data (bytes, &length);
  const char *end;

  if (!self->begun)
    self->is_har = scope_har_is (chunk, length);
  self->begun = TRUE;
  if (self->is_har)
    {
      g_byte_array_append (self->rest, (const guint8 *) chunk, length);
      return;
    }
  while (length > 0 && self->failure == NULL && (end = memchr (chunk, '\n', length)) != NULL)
    {
      gsize size = end - chunk;

      if (self->rest->len > 0)
        {
          g_byte_array_append (self->rest, (const guint8 *) chunk, size);
          import_take_line (self, (const char *) self->rest->data, self->rest->len);
          g_byte_array_set_size (self->rest, 0);
        }
      else
        import_take_line (self, chunk, size);
      chunk += size + 1;
      length -= size + 1;
    }
  g_byte_array_append (self->rest, (const guint8 *) chunk, length);
}

static void
import_end (GTask *task)
{
  Import *self = g_task_get_task_data (task);

  if (self->is_har)
    import_take_har (self);
  else if (self->rest->len > 0)
    import_take_line (self, (const char *) self->rest->data, self->rest->len);
  if (self->failure != NULL)
    g_task_return_error (task, g_steal_pointer (&self->failure));
  else
    g_task_return_pointer (task, g_steal_pointer (&self->result), (GDestroyNotify) scope_import_result_free);
}

static void
import_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  Import *self = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (source), result, &error);

  if (bytes == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  if (g_bytes_get_size (bytes) == 0)
    {
      import_end (task);
      return;
    }

  import_take_chunk (self, bytes);
  if (self->failure != NULL)
    g_task_return_error (task, g_steal_pointer (&self->failure));
  else if (self->is_har && self->rest->len > SCOPE_HAR_MAX_BYTES)
    g_task_return_new_error (task, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                             _("This HAR file is larger than %d bytes"), SCOPE_HAR_MAX_BYTES);
  else if (!self->is_har && self->rest->len > SCOPE_LINE_MAX_BYTES)
    g_task_return_new_error (task, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                             _("Line %llu is longer than %d bytes: this is no file of lines"),
                             (unsigned long long) self->number + 1, SCOPE_LINE_MAX_BYTES);
  else
    import_read_more (g_steal_pointer (&task));
}

/* Takes the task. The writer sets the pace: not everything is read into memory. */
static void
import_read_more (GTask *task)
{
  Import *self = g_task_get_task_data (task);
  guint64 waiting = scope_recorder_get_appended (self->recorder)
                    - scope_recorder_get_committed (self->recorder);

  if (waiting == 0)
    self->bytes = 0;
  self->waiting = waiting > MAX_WAITING || self->bytes > MAX_WAITING_BYTES;
  if (!self->waiting)
    g_input_stream_read_bytes_async (self->stream, CHUNK_BYTES, G_PRIORITY_DEFAULT,
                                     g_task_get_cancellable (task), import_read_cb, task);
}

static void
import_committed_cb (ScopeRecorder *recorder,
                     guint64        up_to,
                     gpointer       user_data)
{
  GTask *task = user_data;
  Import *self = g_task_get_task_data (task);

  if (self->waiting)
    import_read_more (task);
}

static void
import_failed_cb (ScopeRecorder *recorder,
                  GError        *error,
                  gpointer       user_data)
{
  g_autoptr (GTask) task = user_data;
  Import *self = g_task_get_task_data (task);

  if (self->failure == NULL)
    self->failure = g_error_copy (error);
  if (self->waiting)
    {
      self->waiting = FALSE;
      g_task_return_error (task, g_steal_pointer (&self->failure));
    }
  else
    g_steal_pointer (&task); /* the read that is under way ends it */
}

/**
 * scope_import_async:
 * @stream: lines
 * @recorder: takes the entries
 *
 * Reads all of @stream.
 */
void
scope_import_async (GInputStream        *stream,
                    ScopeRecorder       *recorder,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  GTask *task;
  Import *self;

  g_return_if_fail (G_IS_INPUT_STREAM (stream) && SCOPE_IS_RECORDER (recorder));

  task = g_task_new (NULL, cancellable, callback, user_data);
  self = g_new0 (Import, 1);
  self->stream = g_object_ref (stream);
  self->recorder = g_object_ref (recorder);
  self->rest = g_byte_array_new ();
  self->result = g_new0 (ScopeImportResult, 1);
  g_task_set_source_tag (task, scope_import_async);
  g_task_set_task_data (task, self, import_free);
  self->committed_handler = g_signal_connect (recorder, "committed", G_CALLBACK (import_committed_cb), task);
  self->failed_handler = g_signal_connect (recorder, "failed", G_CALLBACK (import_failed_cb), task);
  import_read_more (task);
}

/**
 * scope_import_finish:
 *
 * Returns: (transfer full): what was done; %NULL with the error that ended it
 */
ScopeImportResult *
scope_import_finish (GAsyncResult  *result,
                     GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
