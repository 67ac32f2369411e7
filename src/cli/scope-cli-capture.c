/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-capture.h"

#include <glib/gi18n-lib.h>

#include "cli/scope-cli-loop.h"
#include "cli/scope-cli-output.h"

/* what the recorder let go of cannot be printed: it is told instead */
static void
capture_tell_dropped (ScopeCapture *capture)
{
  guint64 n = scope_capture_get_first_sequence (capture) - 1;

  if (n == 1)
    scope_cli_message (_("The oldest entry was dropped when the recording reached its size limit"));
  else if (n > 1)
    scope_cli_message (_("The oldest %llu entries were dropped when the recording reached its size "
                         "limit"), (unsigned long long) n);
}

/**
 * scope_cli_open_capture:
 * @path: (type filename): a capture file
 * @error: as of scope_capture_open()
 *
 * Returns: (transfer full) (nullable): the capture; its warning and what was dropped have been told
 */
ScopeCapture *
scope_cli_open_capture (const char  *path,
                        GError     **error)
{
  ScopeCapture *capture = scope_capture_open (path, error);

  if (capture == NULL)
    return NULL;
  if (scope_capture_get_warning (capture) != NULL)
    scope_cli_message ("%s", scope_capture_get_warning (capture));
  capture_tell_dropped (capture);
  return capture;
}

/**
 * scope_cli_import_stream:
 * @stream: lines, or a HAR file
 * @path: (type filename): the capture to make
 * @error: return location for an error
 *
 * Waits until it is done, or a signal ends it.
 *
 * Returns: (transfer full): what came of it; %NULL with an error of scope_import_finish()
 */
ScopeImportResult *
scope_cli_import_stream (GInputStream  *stream,
                         const char    *path,
                         GError       **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  ScopeCliCall call = { NULL };

  scope_import_async (stream, path, cancellable, scope_cli_call_cb, &call);
  result = scope_cli_call_wait (&call, cancellable, 0);
  return scope_import_finish (result, error);
}

/**
 * scope_cli_tell_left_out:
 * @result: of an import
 *
 * Tells the first line, or message, that was left out, and how many were.
 */
void
scope_cli_tell_left_out (const ScopeImportResult *result)
{
  const ScopeImportProblem *problem;

  if (result->others > 0)
    scope_cli_message (ngettext ("%llu WebSocket connection is not of this protocol and is left out",
                                 "%llu WebSocket connections are not of this protocol and are left out", result->others),
                       (unsigned long long) result->others);
  if (result->skipped == 0)
    return;

  problem = result->problems->pdata[0];
  scope_cli_message (result->is_har ? _("Message %llu is left out: %s") : _("Line %llu is left out: %s"),
                     (unsigned long long) problem->number, problem->text);
  if (result->skipped > 1)
    scope_cli_message (result->is_har ? _("%llu messages in all are left out")
                                      : _("%llu lines in all are left out"),
                       (unsigned long long) result->skipped);
}
