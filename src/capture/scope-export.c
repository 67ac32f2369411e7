/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-export"

#include "config.h"

#include "capture/scope-export.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "capture/scope-line.h"
#include "capture/scope-path.h"

/* what is written, and told, at once */
#define CHUNK_BYTES (256 * 1024)
#define PROGRESS_ENTRIES 1024

static const char * const csv_keys[] = {
  "time", "type", "direction", "channel", "event", "user_id", "size", "data",
};

#define CSV_DATA (G_N_ELEMENTS (csv_keys) - 1)

typedef struct
{
  ScopeCapture *capture;
  GOutputStream *stream;
  const ScopeExportOptions *options;
  ScopeExportResult *result;
  GPtrArray *paths;      /* of GPtrArray: the steps of each CSV path */
  GString *out;          /* waits to be written */
  GString *line;
  GString *redacted;
} Export;

static gboolean
export_flush (Export       *self,
              gsize         least,
              GCancellable *cancellable,
              GError      **error)
{
  if (self->out->len < least || self->out->len == 0)
    return TRUE;
  if (!g_output_stream_write_all (self->stream, self->out->str, self->out->len, NULL, cancellable, error))
    return FALSE;
  g_string_truncate (self->out, 0);
  return TRUE;
}

/* --- CSV (RFC 4180) --- */

static void
csv_append_field (GString    *out,
                  const char *text,
                  gsize       length)
{
  g_autofree char *field = g_strndup (text, length);

  if (strpbrk (field, ",\"\r\n") == NULL && strlen (field) == length)
    {
      g_string_append (out, field);
      return;
    }
  g_string_append_c (out, '"');
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, text[i]);
    }
  g_string_append_c (out, '"');
}

/* A string stands without its quotes, anything else as its JSON; what has no UTF-8 form as it is written. */
static void
csv_append_value (GString      *out,
                  ScopeJsonKind kind,
                  const char   *text,
                  gsize         length)
{
  g_autoptr (GString) decoded = NULL;

  if (kind == SCOPE_JSON_NONE)
    return;
  decoded = g_string_new (NULL);
  if (kind == SCOPE_JSON_STRING && scope_json_string_decode (text, length, decoded))
    csv_append_field (out, decoded->str, decoded->len);
  else
    csv_append_field (out, text, length);
}

static void
csv_append_path (Export        *self,
                 GPtrArray     *path,
                 ScopeJsonKind  kind,
                 const char    *data,
                 gsize          length)
{
  ScopeSpan value;

  if (kind == SCOPE_JSON_NONE)
    return;
  kind = scope_path_find (path, 1, data, length, &value);
  csv_append_value (self->out, kind, data + value.offset, value.length);
}

/* A row is made of the (redacted) line: both formats say the same. */
static void
csv_append_row (Export     *self,
                const char *line,
                gsize       length)
{
  ScopeJsonWanted wanted[G_N_ELEMENTS (csv_keys)];
  ScopeJsonWanted *data = &wanted[CSV_DATA];

  for (gsize i = 0; i < G_N_ELEMENTS (csv_keys); i++)
    wanted[i] = (ScopeJsonWanted) { .key = csv_keys[i] };
  if (!scope_json_scan_object (line, length, wanted, G_N_ELEMENTS (wanted), NULL))
    return;

  for (gsize i = 0; i < G_N_ELEMENTS (csv_keys); i++)
    {
      if (i > 0)
        g_string_append_c (self->out, ',');
      csv_append_value (self->out, wanted[i].kind, line + wanted[i].value.offset, wanted[i].value.length);
    }
  for (guint i = 0; i < self->paths->len; i++)
    {
      g_string_append_c (self->out, ',');
      csv_append_path (self, self->paths->pdata[i], data->kind, line + data->value.offset,
                       data->value.length);
    }
  g_string_append (self->out, "\r\n");
}

static void
csv_append_head (Export *self)
{
  for (gsize i = 0; i < G_N_ELEMENTS (csv_keys); i++)
    g_string_append_printf (self->out, "%s%s", i > 0 ? "," : "", csv_keys[i]);
  for (guint i = 0; i < self->paths->len; i++)
    {
      const char *path = self->options->paths[i];

      g_string_append_c (self->out, ',');
      csv_append_field (self->out, path, strlen (path));
    }
  g_string_append (self->out, "\r\n");
}

static gboolean
export_read_paths (Export  *self,
                   GError **error)
{
  const char * const *paths = self->options->paths;

  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      GPtrArray *path = scope_path_parse (paths[i]);

      if (path == NULL || strcmp (path->pdata[0], "data") != 0)
        {
          g_clear_pointer (&path, g_ptr_array_unref);
          g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("“%s” is no path into the data, like data.customer.email"), paths[i]);
          return FALSE;
        }
      g_ptr_array_add (self->paths, path);
    }
  return TRUE;
}

/* --- lines --- */

static gboolean
export_wants (Export           *self,
              const ScopeEntry *entry)
{
  return entry->kind != SCOPE_ENTRY_EVENT || self->options->filter == NULL
         || scope_filter_matches (self->options->filter, entry, scope_capture_get_names (self->capture));
}

static void
export_append_line (Export *self)
{
  GString *line = self->line;

  if (self->options->redaction != NULL)
    {
      g_string_truncate (self->redacted, 0);
      self->result->replaced += scope_redaction_append_line (self->options->redaction, self->redacted,
                                                             line->str, line->len);
      line = self->redacted;
    }
  if (self->options->format == SCOPE_EXPORT_CSV)
    csv_append_row (self, line->str, line->len);
  else
    g_string_append_len (self->out, line->str, line->len);
  self->result->written++;
}

static void
export_take_entry (Export           *self,
                   const ScopeEntry *entry)
{
  self->result->read++;
  g_string_truncate (self->line, 0);
  if (export_wants (self, entry)
      && scope_line_append_ndjson (self->line, entry, scope_capture_get_names (self->capture)))
    export_append_line (self);
}

static void
export_tell (Export  *self,
             guint64  done,
             guint64  total)
{
  if (self->options->progress != NULL && (done % PROGRESS_ENTRIES == 0 || done == total))
    self->options->progress (done, total, self->options->user_data);
}

static gboolean
export_all (Export       *self,
            GCancellable *cancellable,
            GError      **error)
{
  guint64 total = scope_capture_count (self->capture);

  if (!export_read_paths (self, error))
    return FALSE;
  if (self->options->format == SCOPE_EXPORT_CSV)
    csv_append_head (self);
  for (guint64 sequence = 1; sequence <= total; sequence++)
    {
      g_autoptr (ScopeEntry) entry = scope_capture_read (self->capture, sequence, NULL);

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (entry != NULL)
        export_take_entry (self, entry);
      else
        self->result->unreadable++;
      if (!export_flush (self, CHUNK_BYTES, cancellable, error))
        return FALSE;
      export_tell (self, sequence, total);
    }
  return export_flush (self, 1, cancellable, error);
}

/**
 * scope_export_run:
 * @capture: an opened capture
 * @stream: where the lines go; stays open
 * @result: (out caller-allocates): what was done, also on failure
 *
 * Writes every line of the capture. Gaps and frames are no lines (cli-contract.md).
 *
 * Returns: %FALSE with the stream's error, SCOPE_ERROR_USAGE or G_IO_ERROR_CANCELLED
 */
gboolean
scope_export_run (ScopeCapture             *capture,
                  GOutputStream            *stream,
                  const ScopeExportOptions *options,
                  ScopeExportResult        *result,
                  GCancellable             *cancellable,
                  GError                  **error)
{
  Export self = { .capture = capture, .stream = stream, .options = options, .result = result };
  gboolean done;

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture) && G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (options != NULL && result != NULL, FALSE);

  *result = (ScopeExportResult) { 0 };
  self.paths = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self.out = g_string_new (NULL);
  self.line = g_string_new (NULL);
  self.redacted = g_string_new (NULL);
  done = export_all (&self, cancellable, error);
  g_ptr_array_unref (self.paths);
  g_string_free (self.out, TRUE);
  g_string_free (self.line, TRUE);
  g_string_free (self.redacted, TRUE);
  return done;
}
