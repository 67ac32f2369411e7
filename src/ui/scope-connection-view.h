/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CONNECTION_VIEW (scope_connection_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopeConnectionView, scope_connection_view, SCOPE, CONNECTION_VIEW, AdwBin)

/**
 * ScopeConnectionView:
 *
 * The connection's state, details, ribbon and history. Property `session`; its buttons use
 * win.connect and win.disconnect.
 */
GtkWidget    *scope_connection_view_new (void);
ScopeSession *scope_connection_view_get_session (ScopeConnectionView *self);    /* nullable */
void          scope_connection_view_set_session (ScopeConnectionView *self,
                                           ScopeSession *session);

G_END_DECLS
