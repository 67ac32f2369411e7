/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <gio/gunixinputstream.h>
#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "cli/scope-cli-capture.h"
#include "cli/scope-cli-lines.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"

/* `import`: lines of `watch` or `export`, or a browser's HAR file, into a new capture file. */

/* A capture is made where one says, not in a directory that was misspelt. */
static gboolean
import_check_place (const char  *path,
                    const char  *output,
                    GError     **error)
{
  g_autofree char *directory = g_path_get_dirname (path);

  if (*output == '\0' || g_str_equal (output, "-"))
    return scope_error_usage (error, _("“%s” is no name for a capture: import makes a file"), output);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return scope_error_usage (error, _("“%s” is there already: import makes a new capture"), output);
  if (!g_file_test (directory, G_FILE_TEST_IS_DIR))
    return scope_error_usage (error, _("“%s” can’t be made: there is no directory “%s”"), output, directory);
  return TRUE;
}

static int
import_tell_result (const ScopeImportResult *result)
{
  scope_cli_tell_left_out (result);
  if (result->skipped == 0 && result->lines == 0)
    {
      scope_cli_message (result->is_har ? _("This HAR file has no WebSocket messages, so no capture was made: not every "
                                            "browser saves them")
                                        : _("There is nothing to import, so no capture was made: lines of watch or "
                                            "export are wanted, or a HAR file"));
      return SCOPE_CLI_NOT_DONE;
    }
  if (result->skipped == 0)
    return SCOPE_CLI_DONE;
  return result->lines == 0 ? SCOPE_CLI_USAGE : SCOPE_CLI_NOT_DONE;
}

/* Wrong usage: the input can't be read, or the capture can't be made. A disk that is full in the middle is none, as it
 * is none of `export`. */
static int
import_fail (const GError *error)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    scope_cli_message ("%s", error->message);
  if (scope_cli_is_interrupted ())
    return SCOPE_CLI_INTERRUPTED;
  return g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_CAPTURE) ? SCOPE_CLI_NOT_DONE : SCOPE_CLI_USAGE;
}

int
scope_cli_import (ScopeCliOptions *options)
{
  const char *output = g_ptr_array_index (options->arguments, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GInputStream) stream = NULL;
  g_autoptr (ScopeImportResult) result = NULL;
  g_autofree char *path = g_canonicalize_filename (output, NULL);
  int fd = scope_cli_open_input (g_ptr_array_index (options->arguments, 0), &error);

  if (fd < 0)
    return import_fail (error);
  stream = g_unix_input_stream_new (fd, TRUE);
  if (!import_check_place (path, output, &error))
    return import_fail (error);

  result = scope_cli_import_stream (stream, path, &error);
  if (result == NULL)
    return import_fail (error);
  return import_tell_result (result);
}
