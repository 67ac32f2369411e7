/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-event-list.h"
#include "session/scope-mark-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_BOOKMARK_ROW (scope_bookmark_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeBookmarkRow, scope_bookmark_row, SCOPE, BOOKMARK_ROW, AdwBin)

/**
 * ScopeBookmarkRow:
 *
 * A bookmark: when, where, what, and its note. Its buttons are the actions `bookmarks.note` and `bookmarks.remove` of
 * whoever holds it, both with a sequence number.
 */
GtkWidget *scope_bookmark_row_new  (void);
/* item NULL: its row is no longer there */
void       scope_bookmark_row_show (ScopeBookmarkRow *self,
                                    ScopeMarkItem    *mark,
                                    ScopeEventItem   *item);

G_END_DECLS
