/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-config-import.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_IMPORT_DIALOG (scope_import_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeImportDialog, scope_import_dialog, SCOPE, IMPORT_DIALOG, AdwWindow)

/**
 * ScopeImportDialog:
 *
 * Reads somebody else's configuration from pasted text or a file and shows what was understood, without secrets.
 *
 * Signal `chosen (ScopeProfile *profile, ScopeCredentials *credentials)`: a profile is to be made of it. The
 * dialog closes itself afterwards.
 */

/* The caller presents it. */
GtkWindow *scope_import_dialog_new (GtkWindow *parent);

G_END_DECLS
