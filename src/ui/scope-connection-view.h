/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-session-view.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CONNECTION_VIEW (scope_connection_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopeConnectionView, scope_connection_view, SCOPE, CONNECTION_VIEW,
                      ScopeSessionView)

/**
 * ScopeConnectionView:
 *
 * The connection's state, details, ribbon and history. Its buttons use win.connect and win.sign-in.
 */
void       scope_connection_view_run_doctor (ScopeConnectionView *self);

G_END_DECLS
