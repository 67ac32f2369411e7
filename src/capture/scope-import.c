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
#include "capture/scope-sink.h"

#define CHUNK_BYTES (256 * 1024)

typedef struct
{
  GInputStream *stream;
  const ScopeImportOptions *options;
  GCancellable *cancellable;
  ScopeSink *sink;
  GByteArray *rest; /* the beginning of a line whose end was not read yet; a HAR file: all of it */
  ScopeImportResult *result;
  guint64 number;   /* of the line at hand */
  guint64 bytes;
  GError *failure;  /* of the sink, or cancelled */
} Import;

static void
import_problem_free (gpointer data)
{
  ScopeImportProblem *self = data;

  g_free (self->text);
  g_free (self);
}

/**
 * scope_import_result_free:
 * @self: (nullable)
 */
void
scope_import_result_free (ScopeImportResult *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->problems);
  g_free (self);
}

static void
import_skip (Import     *self,
             const char *why)
{
  ScopeImportProblem *problem;

  if (self->result->skipped++ >= SCOPE_IMPORT_MAX_PROBLEMS)
    return;
  problem = g_new0 (ScopeImportProblem, 1);
  problem->number = self->number;
  problem->text = g_strdup (why);
  g_ptr_array_add (self->result->problems, problem);
}

/* Takes the entry. */
static gboolean
import_append (Import     *self,
               ScopeEntry *entry)
{
  if (self->failure != NULL || g_cancellable_set_error_if_cancelled (self->cancellable, &self->failure))
    {
      scope_entry_unref (entry);
      return FALSE;
    }
  if (_scope_sink_take (self->sink, entry, &self->failure))
    self->result->lines++;
  return self->failure == NULL;
}

static gboolean
import_take_har_entry_cb (ScopeEntry *entry,
                          gpointer    user_data)
{
  Import *self = user_data;

  self->number++;
  if (entry != NULL)
    return import_append (self, entry);
  import_skip (self, _("a message without its text"));
  return TRUE;
}

/* More bookmarks than a capture may have stay in their lines. */
static ScopeEntry *
import_read_line (Import      *self,
                  const char  *line,
                  gsize        length,
                  char       **note,
                  GError     **error)
{
  ScopeNames *names = _scope_sink_get_names (self->sink);

  if (self->result->marks < SCOPE_LIMIT_MARKS)
    return scope_line_read_marked (line, length, names, note, error);
  return scope_line_read_ndjson (line, length, names, error);
}

static void
import_take_line (Import     *self,
                  const char *line,
                  gsize       length)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *note = NULL;
  ScopeEntry *entry;

  self->number++;
  while (length > 0 && g_ascii_isspace (line[length - 1]))
    length--;
  if (length == 0)
    return;

  entry = import_read_line (self, line, length, &note, &error);
  if (entry == NULL)
    {
      import_skip (self, error->message);
      return;
    }
  if (!import_append (self, entry) || note == NULL)
    return;
  _scope_sink_mark (self->sink, g_get_real_time (), note);
  self->result->marks++;
}

static gboolean
import_begins_with (const char *chunk,
                    gsize       length,
                    const char *wanted,
                    gsize       wanted_length)
{
  return length >= wanted_length && memcmp (chunk, wanted, wanted_length) == 0;
}

/* What can't have a single line is told at once, not line by line. */
static gboolean
import_check_beginning (const char  *chunk,
                        gsize        length,
                        GError     **error)
{
  static const char database[] = "SQLite format 3";

  if (import_begins_with (chunk, length, database, sizeof database))
    return scope_error_usage (error, _("This is a database, perhaps a capture already: it has no lines to import"));
  if (import_begins_with (chunk, length, "\xff\xfe", 2) || import_begins_with (chunk, length, "\xfe\xff", 2))
    return scope_error_usage (error, _("This is UTF-16 text: save it as UTF-8"));
  return TRUE;
}

static void
import_take_chunk (Import     *self,
                   const char *chunk,
                   gsize       length)
{
  const char *end;

  if (self->bytes == 0 && !import_check_beginning (chunk, length, &self->failure))
    return;
  if (self->bytes == 0)
    self->result->is_har = scope_har_is (chunk, length);
  self->bytes += length;
  while (!self->result->is_har && self->failure == NULL && (end = memchr (chunk, '\n', length)) != NULL)
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

static gboolean
import_check_bounds (Import  *self,
                     GError **error)
{
  if (self->failure != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&self->failure));
      return FALSE;
    }
  if (self->result->is_har && self->rest->len > SCOPE_HAR_MAX_BYTES)
    return scope_error_set (error, SCOPE_ERROR_LIMIT, _("This HAR file is larger than %d bytes"),
                            SCOPE_HAR_MAX_BYTES);
  if (!self->result->is_har && self->rest->len > SCOPE_LINE_MAX_BYTES)
    return scope_error_set (error, SCOPE_ERROR_LIMIT,
                            _("Line %llu is longer than %d bytes: this is no file of lines"),
                            (unsigned long long) self->number + 1, SCOPE_LINE_MAX_BYTES);
  return TRUE;
}

static gboolean
import_end (Import  *self,
            GError **error)
{
  const char *rest = (const char *) self->rest->data;

  if (self->result->is_har
      && !scope_har_read (rest, self->rest->len, _scope_sink_get_names (self->sink),
                          import_take_har_entry_cb, self, &self->result->others, error))
    return FALSE;
  if (!self->result->is_har && self->rest->len > 0)
    import_take_line (self, rest, self->rest->len);
  return import_check_bounds (self, error);
}

/* Some programs begin a text with U+FEFF: it is none of it. */
static gsize
import_measure_mark (const char *chunk,
                     gsize       length)
{
  static const char mark[] = "\xef\xbb\xbf";

  return length >= strlen (mark) && memcmp (chunk, mark, strlen (mark)) == 0 ? strlen (mark) : 0;
}

static gboolean
import_read (Import  *self,
             GError **error)
{
  g_autofree char *chunk = g_malloc (CHUNK_BYTES);
  gsize n = CHUNK_BYTES;

  /* whole chunks, also of a pipe: the first one tells what it is */
  while (n == CHUNK_BYTES)
    {
      gsize mark;

      if (!g_input_stream_read_all (self->stream, chunk, CHUNK_BYTES, &n, self->cancellable, error))
        return FALSE;
      mark = self->bytes == 0 ? import_measure_mark (chunk, n) : 0;
      import_take_chunk (self, chunk + mark, n - mark);
      if (!import_check_bounds (self, error))
        return FALSE;
      if (self->options->progress != NULL)
        self->options->progress (self->bytes, self->options->user_data);
    }
  return import_end (self, error);
}

/* No empty capture stays behind. */
static gboolean
import_finish_sink (Import  *self,
                    gboolean done,
                    GError **error)
{
  ScopeSink *sink = g_steal_pointer (&self->sink);

  if (done && self->result->lines > 0)
    return _scope_sink_close (sink, error);
  _scope_sink_abandon (sink);
  return done;
}

/* That there can't be a capture is another matter than one that can't be written any more. */
static void
import_blame_path (GError **error)
{
  if (error != NULL && g_error_matches (*error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE))
    (*error)->code = SCOPE_ERROR_USAGE;
}

/**
 * scope_import_run:
 * @stream: lines, or a HAR file
 * @path: (type filename): of the capture that is made
 * @cancellable: (nullable): to stop it
 *
 * Reads all of @stream. Blocks.
 *
 * Returns: (transfer full): what was done; %NULL with an error
 */
ScopeImportResult *
scope_import_run (GInputStream              *stream,
                  const char                *path,
                  const ScopeImportOptions  *options,
                  GCancellable              *cancellable,
                  GError                   **error)
{
  Import self = { .stream = stream, .options = options, .cancellable = cancellable };
  g_autoptr (ScopeImportResult) result = NULL;
  gboolean done;

  g_return_val_if_fail (G_IS_INPUT_STREAM (stream) && path != NULL && options != NULL, NULL);

  self.sink = _scope_sink_new (path, options->app, error);
  if (self.sink == NULL)
    {
      import_blame_path (error);
      return NULL;
    }
  result = self.result = g_new0 (ScopeImportResult, 1);
  result->problems = g_ptr_array_new_with_free_func (import_problem_free);
  self.rest = g_byte_array_new ();
  done = import_read (&self, error);
  done = import_finish_sink (&self, done, done ? error : NULL) && done;
  g_byte_array_unref (self.rest);
  g_clear_error (&self.failure);
  return done ? g_steal_pointer (&result) : NULL;
}

typedef struct
{
  GInputStream *stream;
  char *path;
} ImportCall;

static void
import_call_free (gpointer data)
{
  ImportCall *self = data;

  g_object_unref (self->stream);
  g_free (self->path);
  g_free (self);
}

static void
import_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  ImportCall *call = task_data;
  ScopeImportOptions options = { 0 };
  GError *error = NULL;
  ScopeImportResult *result = scope_import_run (call->stream, call->path, &options, cancellable, &error);

  if (result != NULL)
    g_task_return_pointer (task, result, (GDestroyNotify) scope_import_result_free);
  else
    g_task_return_error (task, error);
}

/**
 * scope_import_async:
 * @stream: lines, or a HAR file
 * @path: (type filename): of the capture that is made
 *
 * scope_import_run() on a worker thread.
 */
void
scope_import_async (GInputStream        *stream,
                    const char          *path,
                    GCancellable        *cancellable,
                    GAsyncReadyCallback  callback,
                    gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  ImportCall *call;

  g_return_if_fail (G_IS_INPUT_STREAM (stream) && path != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  call = g_new0 (ImportCall, 1);
  call->stream = g_object_ref (stream);
  call->path = g_strdup (path);
  g_task_set_source_tag (task, scope_import_async);
  g_task_set_task_data (task, call, import_call_free);
  /* a capture that was made stays, whoever was interested */
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, import_thread);
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
