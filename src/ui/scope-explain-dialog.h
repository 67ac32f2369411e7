/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_EXPLAIN_DIALOG (scope_explain_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeExplainDialog, scope_explain_dialog, SCOPE, EXPLAIN_DIALOG, AdwWindow)

/**
 * ScopeExplainDialog:
 *
 * Where an authorization, a request of the HTTP API or a webhook is pasted, and why its signature is not accepted
 * is told: with the secret of the session, which is not shown, or with one that is typed.
 */
/* session: NULL: none is open; text: to begin with */
GtkWindow *scope_explain_dialog_new (GtkWindow    *parent,
                                     ScopeSession *session,
                                     const char   *text);

G_END_DECLS
