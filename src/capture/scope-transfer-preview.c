/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-transfer"

#include "config.h"

#include "capture/scope-transfer-private.h"

#include <string.h>

#include "base/scope-text.h"

#define MAX_SAMPLES 5
#define MAX_SAMPLE_BYTES 60
#define MAX_FIELDS 10000
#define MAX_FIELD_BYTES 1024 /* of one longer its checksum is kept */
#define MAX_LINE_BYTES 2000

static void
transfer_sample_free (gpointer data)
{
  ScopeTransferSample *self = data;

  g_free (self->field);
  g_free (self->before);
  g_free (self->after);
  g_free (self);
}

/**
 * scope_transfer_preview_free:
 * @self: (nullable)
 */
void
scope_transfer_preview_free (ScopeTransferPreview *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->samples);
  g_free (self->lines);
  g_free (self);
}

static gboolean
transfer_add_field (ScopeTransferRun *run,
                    const char  *path)
{
  g_autofree char *field = NULL;

  if (strlen (path) > MAX_FIELD_BYTES)
    field = g_compute_checksum_for_string (G_CHECKSUM_SHA256, path, -1);
  else
    field = g_strdup (path);
  if (g_hash_table_size (run->fields) < MAX_FIELDS)
    return g_hash_table_add (run->fields, g_steal_pointer (&field));
  if (!g_hash_table_contains (run->fields, field))
    run->preview->has_more_fields = TRUE;
  return FALSE;
}

/* Samples stay in memory, and are short. */
static void
transfer_watch_cb (const char *path,
                   const char *value,
                   const char *placeholder,
                   gpointer    user_data)
{
  ScopeTransferRun *run = user_data;
  ScopeTransferPreview *preview = run->preview;
  ScopeTransferSample *sample;

  preview->replaced++;
  if (!transfer_add_field (run, path))
    return;
  preview->n_fields++;
  if (preview->samples->len == MAX_SAMPLES)
    return;
  sample = g_new0 (ScopeTransferSample, 1);
  sample->field = scope_text_for_display (path, -1, MAX_SAMPLE_BYTES);
  sample->before = scope_text_for_display (value, -1, MAX_SAMPLE_BYTES);
  sample->after = scope_text_for_display (placeholder, -1, MAX_SAMPLE_BYTES);
  g_ptr_array_add (preview->samples, sample);
}

/* Each line for itself: one may be of megabytes. */
static char *
transfer_dup_lines (GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autofree char *whole = g_strndup (text, length);
  g_auto (GStrv) lines = g_strsplit (whole, "\n", -1);
  GString *shown = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *line = scope_text_for_display (g_strchomp (lines[i]), -1, MAX_LINE_BYTES);

      if (*line != '\0')
        g_string_append_printf (shown, "%s%s", shown->len > 0 ? "\n" : "", line);
    }
  return g_string_free (shown, FALSE);
}

/**
 * _scope_transfer_run_look:
 *
 * Exports into nothing, or into memory as far as lines are shown, and fills the run's preview. On the worker.
 *
 * Returns: whether it went through
 */
gboolean
_scope_transfer_run_look (ScopeTransferRun   *run,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autoptr (ScopeRedaction) redaction = NULL;
  g_autoptr (GOutputStream) stream = NULL;
  ScopeExportOptions options;

  run->preview = g_new0 (ScopeTransferPreview, 1);
  run->preview->samples = g_ptr_array_new_with_free_func (transfer_sample_free);
  run->fields = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (!_scope_transfer_run_new_redaction (run, &redaction, error))
    return FALSE;
  _scope_transfer_run_init_options (run, redaction, &options);
  options.most = run->n_lines;
  if (run->n_lines > 0)
    stream = g_memory_output_stream_new_resizable ();
  if (redaction != NULL)
    scope_redaction_watch (redaction, transfer_watch_cb, run);
  if (!scope_export_run (run->plan->capture, stream, &options, &run->counts, cancellable, error))
    return FALSE;
  if (stream != NULL && g_output_stream_close (stream, NULL, NULL))
    {
      g_autoptr (GBytes) bytes = g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));

      run->preview->lines = transfer_dup_lines (bytes);
    }
  return TRUE;
}
