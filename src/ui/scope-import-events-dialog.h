/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_IMPORT_EVENTS_DIALOG (scope_import_events_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeImportEventsDialog, scope_import_events_dialog, SCOPE, IMPORT_EVENTS_DIALOG, AdwWindow)

/**
 * ScopeImportEventsDialog:
 *
 * Makes a capture of a file of lines or a HAR file, and tells what was left out and why.
 *
 * Signal `imported (const char *path)`: the capture is to be opened. The dialog closes itself afterwards.
 */

/* The caller presents it; the import has begun. */
GtkWindow *scope_import_events_dialog_new (GtkWindow *parent,
                                           GFile     *file);

G_END_DECLS
