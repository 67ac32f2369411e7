/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-capture.h"
#include "capture/scope-import.h"

G_BEGIN_DECLS

/* How commands read captures and lines, and what they say of them on standard error. */

/* Opens it, and tells what is wrong with it or no longer in it. NULL with an error (transfer full) */
ScopeCapture      *scope_cli_open_capture  (const char              *path,
                                            GError                 **error);
/* reads lines or a HAR file into a new capture at path, until it is done or a signal comes (transfer full) */
ScopeImportResult *scope_cli_import_stream (GInputStream            *stream,
                                            const char              *path,
                                            GError                 **error);
/* of lines or messages that were read in: which could not be */
void               scope_cli_tell_left_out (const ScopeImportResult *result);

G_END_DECLS
