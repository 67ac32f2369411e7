/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "capture/scope-import.h"
#include "cli/scope-cli-loop.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"

/* `import`: lines of `watch` or `export`, or a browser's HAR file, into a new capture file. */

static GInputStream *
import_open (const char *path,
             GError    **error)
{
  g_autoptr (GFile) file = NULL;

  if (strcmp (path, "-") == 0)
    return g_unix_input_stream_new (STDIN_FILENO, FALSE);

  file = g_file_new_for_path (path);
  return G_INPUT_STREAM (g_file_read (file, NULL, error));
}

static ScopeImportResult *
import_run (GInputStream  *stream,
            ScopeRecorder *recorder,
            GError       **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  ScopeCliCall call = { NULL };

  scope_import_async (stream, recorder, cancellable, scope_cli_call_cb, &call);
  result = scope_cli_call_wait (&call, cancellable, 0);
  return scope_import_finish (result, error);
}

static gboolean
import_close (ScopeRecorder *recorder,
              GError       **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  ScopeCliCall call = { NULL };

  scope_recorder_close_async (recorder, scope_cli_call_cb, &call);
  result = scope_cli_call_wait (&call, NULL, 0);
  return scope_recorder_close_finish (recorder, result, error);
}

static int
import_tell_result (const ScopeImportResult *result)
{
  if (result->others > 0)
    scope_cli_message (_("%llu WebSocket connections are not of this protocol and are left out"),
                       (unsigned long long) result->others);
  if (result->skipped == 0)
    return SCOPE_CLI_DONE;

  scope_cli_message (_("Line %llu is left out: %s"), (unsigned long long) result->first_bad,
                     result->first_problem);
  if (result->skipped > 1)
    scope_cli_message (_("%llu lines in all are left out"), (unsigned long long) result->skipped);
  return result->lines == 0 ? SCOPE_CLI_USAGE : SCOPE_CLI_NOT_DONE;
}

/* wrong usage: the input can't be read, or the capture can't be made */
static int
import_fail (const GError *error)
{
  scope_cli_message ("%s", error->message);
  return scope_cli_is_interrupted () ? SCOPE_CLI_INTERRUPTED : SCOPE_CLI_USAGE;
}

int
scope_cli_import (ScopeCliOptions *options)
{
  const char *input = g_ptr_array_index (options->arguments, 0);
  const char *output = g_ptr_array_index (options->arguments, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = import_open (input, &error);
  g_autoptr (ScopeRecorder) recorder = NULL;
  g_autoptr (ScopeImportResult) result = NULL;
  g_autofree char *path = NULL;

  if (stream == NULL)
    return import_fail (error);
  path = g_canonicalize_filename (output, NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      scope_cli_message (_("“%s” is there already: import makes a new capture"), output);
      return SCOPE_CLI_USAGE;
    }

  recorder = scope_recorder_new (path, NULL, NULL);
  result = import_run (stream, recorder, &error);
  if (!import_close (recorder, error == NULL ? &error : NULL) || result == NULL)
    return import_fail (error);
  if (result->lines == 0)
    g_unlink (path); /* nothing came of it: no empty capture stays behind */
  return import_tell_result (result);
}
