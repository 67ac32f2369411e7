/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "capture/scope-export.h"
#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_EXPORT_DIALOG (scope_export_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeExportDialog, scope_export_dialog, SCOPE, EXPORT_DIALOG, AdwWindow)

/**
 * ScopeExportDialog:
 *
 * Asks what of a session's capture is to leave, and as what; shows the first lines of it; writes it.
 *
 * Signal `exported (GFile *file, const char *text)`: it is there; text says what (translated). The dialog closes itself
 * afterwards.
 */

/* The caller presents it. columns: of the log, the payload paths among which are offered. */
GtkWindow *scope_export_dialog_new (GtkWindow          *parent,
                                    ScopeSession       *session,
                                    ScopeExportFormat   format,
                                    const char * const *columns);

G_END_DECLS
