/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <gio/gunixoutputstream.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "capture/scope-export.h"
#include "capture/scope-output-file.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"

/* `export`: a capture's lines into a file that others read. */

typedef struct
{
  ScopeCliOptions *options;
  GCancellable *cancellable;
  gboolean tells;            /* standard error is a terminal */
  int told_percent;
  int status;                /* of an error */
} ScopeCliExport;

static void
export_progress_cb (guint64  done,
                    guint64  total,
                    gpointer user_data)
{
  ScopeCliExport *self = user_data;
  int percent = total > 0 ? (int) (100 * done / total) : 100;

  if (scope_cli_is_interrupted ())
    g_cancellable_cancel (self->cancellable);
  if (!self->tells || percent == self->told_percent)
    return;

  self->told_percent = percent;
  g_printerr ("\r%3d %%%s", percent, done == total ? "\r     \r" : "");
}

static void
export_damaged_cb (const char *warning,
                   gpointer    user_data)
{
  scope_cli_message ("%s", warning);
}

/* The lines would take the place of what they were made from. */
static gboolean
export_is_onto_itself (const char *capture,
                       const char *output)
{
  struct stat from, to;

  return output != NULL && stat (capture, &from) == 0 && stat (output, &to) == 0 &&
         from.st_dev == to.st_dev && from.st_ino == to.st_ino;
}

static void
export_tell_result (ScopeCliOptions         *options,
                    const ScopeExportResult *result)
{
  if (result->unreadable > 0)
    scope_cli_message (ngettext ("%llu entry can’t be read and is left out", "%llu entries can’t be read and are left out",
                                 result->unreadable), (unsigned long long) result->unreadable);
  if (result->lost_marks)
    scope_cli_message (_("Not all bookmarks can be read: those that can’t are left out"));
  if (options->redaction != NULL)
    scope_cli_message (ngettext ("%llu value hidden (%u different)", "%llu values hidden (%u different)", result->replaced),
                       (unsigned long long) result->replaced, scope_redaction_get_distinct (options->redaction));
}

/* That the reader has enough is no error: `export … | head`. */
static gboolean
export_write_output (ScopeCapture             *capture,
                     const ScopeExportOptions *options,
                     ScopeExportResult        *result,
                     GCancellable             *cancellable,
                     GError                  **error)
{
  g_autoptr (GOutputStream) stream = g_unix_output_stream_new (STDOUT_FILENO, FALSE);
  g_autoptr (GError) failure = NULL;

  if (scope_export_run (capture, stream, options, result, cancellable, &failure)
      || g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return TRUE;
  if (failure->domain == G_IO_ERROR && !g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_set_error (error, G_IO_ERROR, failure->code, _("Standard output can’t be written: %s"),
                 scope_error_get_reason (failure));
  else
    g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

static gboolean
export_write (ScopeCliExport    *self,
              ScopeCapture      *capture,
              ScopeExportResult *result,
              GError           **error)
{
  ScopeExportOptions options = { .format = self->options->to, .filter = self->options->filter,
                                 .redaction = self->options->redaction,
                                 .paths = (const char * const *) self->options->columns->pdata,
                                 .progress = export_progress_cb, .damaged = export_damaged_cb,
                                 .user_data = self };
  g_autoptr (ScopeOutputFile) file = NULL;
  GOutputStream *stream;

  if (self->options->output == NULL)
    return export_write_output (capture, &options, result, self->cancellable, error);
  file = scope_output_file_new (self->options->output);
  stream = scope_output_file_open (file, error);
  if (stream == NULL)
    {
      self->status = SCOPE_CLI_USAGE;
      return FALSE;
    }
  if (scope_export_run (capture, stream, &options, result, self->cancellable, error))
    return scope_output_file_commit (file, error);
  scope_output_file_explain (file, error);
  return FALSE;
}

int
scope_cli_export (ScopeCliOptions *options)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  ScopeCliExport self = { .options = options, .cancellable = cancellable, .told_percent = -1 };
  ScopeExportResult result = { 0 };
  g_autoptr (ScopeCapture) capture = NULL;
  g_autoptr (GError) error = NULL;

  if (options->to_is_missing)
    {
      scope_cli_message (_("--to is missing: ndjson or csv"));
      return SCOPE_CLI_USAGE;
    }
  if (options->to != SCOPE_EXPORT_CSV && options->columns->len > 1)
    {
      scope_cli_message (_("--column is for --to csv"));
      return SCOPE_CLI_USAGE;
    }
  if (export_is_onto_itself (g_ptr_array_index (options->arguments, 0), options->output))
    {
      scope_cli_message (_("--output: “%s” is the capture itself"), options->output);
      return SCOPE_CLI_USAGE;
    }
  if (options->output != NULL && g_file_test (options->output, G_FILE_TEST_IS_DIR))
    {
      scope_cli_message (_("--output: “%s” is a folder: a file’s name is wanted"), options->output);
      return SCOPE_CLI_USAGE;
    }
  capture = scope_capture_open (g_ptr_array_index (options->arguments, 0), &error);
  if (capture == NULL)
    return scope_cli_fail (error);
  if (scope_capture_get_warning (capture) != NULL)
    scope_cli_message ("%s", scope_capture_get_warning (capture));
  if (options->filter != NULL && scope_capture_get_first_time (capture) > 0)
    scope_filter_set_day (options->filter, scope_capture_get_first_time (capture));

  self.tells = options->output != NULL && isatty (STDERR_FILENO);
  if (!export_write (&self, capture, &result, &error))
    {
      int status = scope_cli_is_interrupted () ? SCOPE_CLI_INTERRUPTED : scope_cli_fail (error);

      return self.status != SCOPE_CLI_DONE ? self.status : status;
    }

  export_tell_result (options, &result);
  return result.unreadable > 0 && result.written == 0 ? SCOPE_CLI_USAGE : SCOPE_CLI_DONE;
}
