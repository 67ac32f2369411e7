/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-session-view.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_WATCHLIST_VIEW (scope_watchlist_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopeWatchlistView, scope_watchlist_view, SCOPE, WATCHLIST_VIEW,
                      ScopeSessionView)

/**
 * ScopeWatchlistView:
 *
 * Who of the signed-in user's watchlist is online, or why that can't be told. Its button uses
 * win.sign-in.
 */

G_END_DECLS
