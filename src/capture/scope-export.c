/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-export"

#include "config.h"

#include "capture/scope-export.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "capture/scope-line-reader.h"
#include "capture/scope-line.h"
#include "capture/scope-marks.h"
#include "capture/scope-path.h"
#include "capture/scope-selection.h"
#include "capture/scope-sink.h"

/* what is written, and told, at once */
#define CHUNK_BYTES (256 * 1024)
#define PROGRESS_ENTRIES 1024

static const char * const csv_keys[] = {
  "time", "type", "direction", "channel", "event", "user_id", "size", "data", NULL,
};

#define N_CSV_KEYS (G_N_ELEMENTS (csv_keys) - 1)
#define CSV_DATA (N_CSV_KEYS - 1)

typedef struct
{
  ScopeCapture *capture;
  ScopeCapture *salvaged; /* owned; what could be read of it, once it proved damaged */
  gboolean tried_salvage;
  GOutputStream *stream; /* NULL: what is written goes nowhere */
  ScopeSink *sink;       /* NULL: no capture is written */
  const ScopeExportOptions *options;
  ScopeExportResult *result;
  ScopeSelection *selection;
  guint columns;         /* bits of csv_keys */
  GPtrArray *paths;      /* of GPtrArray: the steps of each CSV path */
  GString *out;          /* waits to be written */
  GString *line;
  GString *redacted;
  GPtrArray *marks;      /* of ScopeMark, in order; nullable */
  const ScopeMark *mark; /* of the line at hand; nullable */
  GString *tail;         /* what the mark adds to the line: a JSON object */
} Export;

static gboolean
export_flush (Export       *self,
              gsize         least,
              GCancellable *cancellable,
              GError      **error)
{
  if (self->out->len < least || self->out->len == 0)
    return TRUE;
  self->result->bytes += self->out->len;
  if (self->stream != NULL
      && !g_output_stream_write_all (self->stream, self->out->str, self->out->len, NULL, cancellable,
                                     error))
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
  ScopeJsonWanted wanted[N_CSV_KEYS];
  ScopeJsonWanted *data = &wanted[CSV_DATA];
  const char *comma = "";

  for (gsize i = 0; i < N_CSV_KEYS; i++)
    wanted[i] = (ScopeJsonWanted) { .key = csv_keys[i] };
  if (!scope_json_scan_object (line, length, wanted, N_CSV_KEYS, NULL))
    return;

  for (gsize i = 0; i < N_CSV_KEYS; i++)
    {
      if ((self->columns & (1 << i)) == 0)
        continue;
      g_string_append (self->out, comma);
      comma = ",";
      csv_append_value (self->out, wanted[i].kind, line + wanted[i].value.offset, wanted[i].value.length);
    }
  for (guint i = 0; i < self->paths->len; i++)
    {
      g_string_append (self->out, comma);
      comma = ",";
      csv_append_path (self, self->paths->pdata[i], data->kind, line + data->value.offset,
                       data->value.length);
    }
  g_string_append (self->out, "\r\n");
}

static void
csv_append_head (Export *self)
{
  const char *comma = "";

  for (gsize i = 0; i < N_CSV_KEYS; i++)
    if ((self->columns & (1 << i)) != 0)
      {
        g_string_append_printf (self->out, "%s%s", comma, csv_keys[i]);
        comma = ",";
      }
  for (guint i = 0; i < self->paths->len; i++)
    {
      const char *path = self->options->paths[i];

      g_string_append (self->out, comma);
      comma = ",";
      csv_append_field (self->out, path, strlen (path));
    }
  g_string_append (self->out, "\r\n");
}

/* NULL: it is none */
static GPtrArray *
export_read_path (const char  *text,
                  GError     **error)
{
  GPtrArray *path = scope_path_parse (text);

  if (path != NULL && g_strcmp0 (((ScopePathStep *) path->pdata[0])->name, "data") == 0)
    return path;
  g_clear_pointer (&path, g_ptr_array_unref);
  scope_error_usage (error, _("“%s” is no path into the data, like data.customer.email"), text);
  return NULL;
}

static gboolean
export_read_paths (Export  *self,
                   GError **error)
{
  const char * const *paths = self->options->paths;

  for (guint i = 0; paths != NULL && paths[i] != NULL; i++)
    {
      GPtrArray *path = export_read_path (paths[i], error);

      if (path == NULL)
        return FALSE;
      g_ptr_array_add (self->paths, path);
    }
  return TRUE;
}

static void
export_read_columns (Export *self)
{
  for (guint i = 0; i < N_CSV_KEYS; i++)
    if (self->options->columns == NULL || g_strv_contains (self->options->columns, csv_keys[i]))
      self->columns |= 1 << i;
}

/* --- bookmarks --- */

/* CSV has no room for them. */
static void
export_read_marks (Export *self)
{
  g_autofree char *problem = NULL;

  if (self->options->format == SCOPE_EXPORT_CSV)
    return;
  self->marks = scope_marks_read (self->capture, &problem);
  self->result->lost_marks = problem != NULL;
}

static const ScopeMark *
export_find_mark (Export  *self,
                  guint64  sequence)
{
  guint from = 0;
  guint to = self->marks != NULL ? self->marks->len : 0;

  while (from < to)
    {
      guint middle = from + (to - from) / 2;
      const ScopeMark *mark = self->marks->pdata[middle];

      if (mark->sequence == sequence)
        return mark;
      if (mark->sequence < sequence)
        from = middle + 1;
      else
        to = middle;
    }
  return NULL;
}

/* A line of another hand may have such keys of its own: none stands there twice. */
static void
export_write_tail (Export *self)
{
  ScopeJsonWanted wanted[] = { { .key = "bookmark" }, { .key = "note" } };

  g_string_assign (self->tail, "{");
  if (!scope_json_scan_object (self->line->str, self->line->len, wanted, G_N_ELEMENTS (wanted), NULL))
    return;
  if (wanted[0].kind == SCOPE_JSON_NONE)
    g_string_append (self->tail, "\"bookmark\":true");
  if (wanted[1].kind == SCOPE_JSON_NONE && *self->mark->note != '\0')
    {
      g_string_append_printf (self->tail, "%s\"note\":", self->tail->len > 1 ? "," : "");
      scope_json_append_string (self->tail, self->mark->note, -1);
    }
}

/* Two objects without their last braces become one line, those with members of the second behind. */
static void
export_join_tail (GString    *line,
                  const char *tail)
{
  if (tail[1] != '\0')
    g_string_append_printf (line, ",%s", tail + 1);
  g_string_append (line, "}\n");
}

/* The number of values stands where it is when the line was imported, and is exported again: before the bookmark. */
static guint
export_redact_marked (Export *self)
{
  g_autoptr (GString) tail = g_string_new (NULL);
  guint n = scope_redaction_append_object (self->options->redaction, self->redacted, self->line->str,
                                           self->line->len - 1);

  g_string_append_c (self->tail, '}');
  n += scope_redaction_append_object (self->options->redaction, tail, self->tail->str, self->tail->len);
  g_string_truncate (self->redacted, self->redacted->len - 1);
  g_string_truncate (tail, tail->len - 1);
  if (n > 0)
    g_string_append_printf (self->redacted, ",\"redacted\":%u", n);
  export_join_tail (self->redacted, tail->str);
  return n;
}

static guint
export_redact (Export *self)
{
  g_string_truncate (self->redacted, 0);
  if (self->mark != NULL)
    return export_redact_marked (self);
  return scope_redaction_append_line (self->options->redaction, self->redacted, self->line->str,
                                      self->line->len);
}

/* --- lines --- */

/* What was redacted is read again: the copy holds what the line says, and nothing else. */
static gboolean
export_sink_line (Export   *self,
                  GString  *line,
                  GError  **error)
{
  g_autofree char *note = NULL;
  ScopeEntry *entry = scope_line_read_marked (line->str, line->len, _scope_sink_get_names (self->sink), &note,
                                              error);

  if (entry == NULL || !_scope_sink_take (self->sink, entry, error))
    return FALSE;
  if (note != NULL)
    _scope_sink_mark (self->sink, self->mark != NULL ? self->mark->time_usec : g_get_real_time (), note);
  return TRUE;
}

static gboolean
export_take_line (Export  *self,
                  GError **error)
{
  GString *line = self->line;

  if (self->mark != NULL)
    export_write_tail (self);
  if (self->options->redaction != NULL)
    {
      self->result->replaced += export_redact (self);
      line = self->redacted;
    }
  else if (self->mark != NULL)
    {
      g_string_truncate (line, line->len - 2);
      export_join_tail (line, self->tail->str);
    }
  self->result->written++;
  if (self->sink != NULL)
    return export_sink_line (self, line, error);
  if (self->options->format == SCOPE_EXPORT_CSV)
    csv_append_row (self, line->str, line->len);
  else
    g_string_append_len (self->out, line->str, line->len);
  return TRUE;
}

static gboolean
export_skips (Export  *self,
              guint64  sequence)
{
  const ScopeRecord *record = scope_selection_peek_no (self->selection, sequence);

  if (record == NULL || record->kind != SCOPE_ENTRY_EVENT)
    return FALSE;
  self->result->read++;
  return TRUE;
}

/* The first entry that is damaged has all of the file looked through, as `query` does. */
static gboolean
export_salvage (Export       *self,
                const GError *error)
{
  if (self->tried_salvage || g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND))
    return FALSE;
  self->tried_salvage = TRUE;
  self->salvaged = scope_capture_salvage (self->capture);
  if (self->salvaged == NULL)
    return FALSE;
  self->capture = self->salvaged;
  if (self->options->damaged != NULL)
    self->options->damaged (scope_capture_get_warning (self->salvaged), self->options->user_data);
  return TRUE;
}

static ScopeEntry *
export_read (Export  *self,
             guint64  sequence)
{
  g_autoptr (GError) error = NULL;
  ScopeEntry *entry = scope_capture_read (self->capture, sequence, &error);

  if (entry == NULL && export_salvage (self, error))
    entry = scope_capture_read (self->capture, sequence, NULL);
  return entry;
}

static gboolean
export_take (Export   *self,
             guint64   sequence,
             GError  **error)
{
  g_autoptr (ScopeEntry) entry = NULL;

  if (export_skips (self, sequence))
    return TRUE;
  entry = export_read (self, sequence);
  if (entry == NULL)
    {
      self->result->unreadable++;
      return TRUE;
    }
  self->result->read++;
  if (entry->kind == SCOPE_ENTRY_EVENT && !scope_selection_matches (self->selection, entry))
    return TRUE;
  g_string_truncate (self->line, 0);
  self->mark = export_find_mark (self, sequence);
  return !scope_line_append_ndjson (self->line, entry, scope_capture_get_names (self->capture))
         || export_take_line (self, error);
}

static void
export_tell (Export  *self,
             guint64  done,
             guint64  total)
{
  if (self->options->progress != NULL && (done % PROGRESS_ENTRIES == 0 || done == total))
    self->options->progress (done, total, self->options->user_data);
}

/* How many entries there are, from the first one that was kept. */
static guint64
export_count (Export  *self,
              guint64 *first)
{
  guint64 last = scope_capture_count (self->capture);

  *first = scope_capture_get_first_sequence (self->capture);
  if (self->options->rows != NULL)
    return self->options->n_rows;
  if (self->options->last != 0)
    last = MIN (self->options->last, last);
  return last >= *first ? last - *first + 1 : 0;
}

static gboolean
export_all (Export       *self,
            GCancellable *cancellable,
            GError      **error)
{
  guint64 first;
  guint64 total = export_count (self, &first);

  export_read_columns (self);
  if (!export_read_paths (self, error))
    return FALSE;
  export_read_marks (self);
  if (self->options->format == SCOPE_EXPORT_CSV)
    csv_append_head (self);
  for (guint64 i = 0; i < total; i++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (!export_take (self, self->options->rows != NULL ? self->options->rows[i] : first + i, error)
          || !export_flush (self, CHUNK_BYTES, cancellable, error))
        return FALSE;
      export_tell (self, i + 1, total);
      if (self->options->most != 0 && self->result->written >= self->options->most)
        break;
    }
  return export_flush (self, 1, cancellable, error);
}

static gboolean
export_run (Export        *self,
            GCancellable  *cancellable,
            GError       **error)
{
  gboolean done;

  *self->result = (ScopeExportResult) { 0 };
  self->selection = scope_selection_new (self->capture,
                                         self->options->rows == NULL ? self->options->filter : NULL);
  self->paths = g_ptr_array_new_with_free_func ((GDestroyNotify) g_ptr_array_unref);
  self->out = g_string_new (NULL);
  self->line = g_string_new (NULL);
  self->redacted = g_string_new (NULL);
  self->tail = g_string_new (NULL);
  done = export_all (self, cancellable, error);
  scope_selection_free (self->selection);
  g_clear_object (&self->salvaged);
  g_ptr_array_unref (self->paths);
  g_string_free (self->out, TRUE);
  g_string_free (self->line, TRUE);
  g_string_free (self->redacted, TRUE);
  g_string_free (self->tail, TRUE);
  g_clear_pointer (&self->marks, g_ptr_array_unref);
  return done;
}

/**
 * scope_export_get_columns:
 *
 * Returns: (transfer none) (array zero-terminated=1): names of CSV columns
 */
const char * const *
scope_export_get_columns (void)
{
  return csv_keys;
}

/**
 * scope_export_check_path:
 * @text: what somebody typed
 *
 * Returns: %FALSE with SCOPE_ERROR_USAGE if it can't be a column
 */
gboolean
scope_export_check_path (const char  *text,
                         GError     **error)
{
  GPtrArray *path;

  g_return_val_if_fail (text != NULL, FALSE);

  path = export_read_path (text, error);
  if (path == NULL)
    return FALSE;
  g_ptr_array_unref (path);
  return TRUE;
}

/**
 * scope_export_dup_row:
 * @entry: an entry
 * @names: what it refers to
 * @format: NDJSON or CSV
 *
 * Returns: (transfer full) (nullable): its line, without a line break
 */
char *
scope_export_dup_row (const ScopeEntry  *entry,
                      ScopeNames        *names,
                      ScopeExportFormat  format)
{
  ScopeExportOptions options = { .format = format };
  ScopeExportResult result = { 0 };
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GString) line = g_string_new (NULL);
  g_autoptr (GPtrArray) paths = g_ptr_array_new ();
  Export self = { .options = &options, .result = &result, .out = out, .line = line, .paths = paths };

  g_return_val_if_fail (entry != NULL && format != SCOPE_EXPORT_CAPTURE, NULL);

  if (!scope_line_append_ndjson (line, entry, names))
    return NULL;
  export_read_columns (&self);
  export_take_line (&self, NULL);
  while (out->len > 0 && (out->str[out->len - 1] == '\n' || out->str[out->len - 1] == '\r'))
    g_string_truncate (out, out->len - 1);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/**
 * scope_export_run:
 * @capture: an opened capture
 * @stream: (nullable): where the lines go; stays open
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

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture), FALSE);
  g_return_val_if_fail (stream == NULL || G_IS_OUTPUT_STREAM (stream), FALSE);
  g_return_val_if_fail (options != NULL && result != NULL, FALSE);

  return export_run (&self, cancellable, error);
}

/* What the capture says about itself goes along, but for what its file says. */
static const char *
export_get_meta (ScopeCapture *capture,
                 const char   *key)
{
  const char *value = scope_capture_get_meta (capture, key);

  return value != NULL ? value : "";
}

/**
 * scope_export_run_capture:
 * @capture: an opened capture
 * @path: (type filename): of the capture that is made
 * @result: (out caller-allocates): what was done, also on failure
 *
 * Writes the lines into a capture. A redacted one says so (`redacted` in its meta table), and does not name the profile and
 * its host.
 *
 * Returns: %FALSE with SCOPE_ERROR_EXISTS, SCOPE_ERROR_CAPTURE or G_IO_ERROR_CANCELLED
 */
gboolean
scope_export_run_capture (ScopeCapture             *capture,
                          const char               *path,
                          const ScopeExportOptions *options,
                          ScopeExportResult        *result,
                          GCancellable             *cancellable,
                          GError                  **error)
{
  Export self = { .capture = capture, .options = options, .result = result };
  const char *redacted[] = { "redacted", "yes", NULL };
  const char *plain[] = { "profile", export_get_meta (capture, "profile"),
                          "host", export_get_meta (capture, "host"), NULL };

  g_return_val_if_fail (SCOPE_IS_CAPTURE (capture) && path != NULL, FALSE);
  g_return_val_if_fail (options != NULL && result != NULL, FALSE);

  self.sink = _scope_sink_new (path, options->redaction != NULL ? redacted : plain, error);
  if (self.sink == NULL)
    return FALSE;
  if (export_run (&self, cancellable, error))
    return _scope_sink_close (g_steal_pointer (&self.sink), error);
  _scope_sink_abandon (self.sink);
  return FALSE;
}
