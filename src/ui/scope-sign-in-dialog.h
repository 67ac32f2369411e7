/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SIGN_IN_DIALOG (scope_sign_in_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSignInDialog, scope_sign_in_dialog, SCOPE, SIGN_IN_DIALOG, AdwWindow)

/**
 * ScopeSignInDialog:
 *
 * The modal dialog that signs the connection in as a user: by the user endpoint, or with the app
 * secret.
 */
GtkWindow *scope_sign_in_dialog_new (GtkWindow    *parent,
                                     ScopeSession *session);

G_END_DECLS
