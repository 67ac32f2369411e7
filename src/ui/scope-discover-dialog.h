/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DISCOVER_DIALOG (scope_discover_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDiscoverDialog, scope_discover_dialog, SCOPE, DISCOVER_DIALOG, AdwWindow)

/**
 * ScopeDiscoverDialog:
 *
 * Which channels of the app are occupied: as a tree, over time, and the rules that subscribe to them. Stands
 * beside the window it belongs to; asks the server only while it is in sight, unless told to go on.
 */
GtkWindow *scope_discover_dialog_new (GtkWindow    *parent,
                                      ScopeSession *session);   /* not offline */

G_END_DECLS
