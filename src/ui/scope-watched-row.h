/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-learnt-names.h"
#include "session/scope-watched.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_WATCHED_ROW (scope_watched_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeWatchedRow, scope_watched_row, SCOPE, WATCHED_ROW, AdwBin)

/**
 * ScopeWatchedRow:
 *
 * One person of a watchlist: online or offline, and since when. Called by the name that was learnt of
 * the id, if any; the id is in the tooltip and told to a screen reader then.
 */
GtkWidget *scope_watched_row_new         (void);
void       scope_watched_row_set_watched (ScopeWatchedRow *self,
                                          ScopeWatched    *watched,   /* nullable */
                                          ScopeLearntNames *names);   /* nullable */
/* tells the time anew */
void       scope_watched_row_refresh     (ScopeWatchedRow *self,
                                          gint64           now_usec);

G_END_DECLS
