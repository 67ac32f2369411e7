/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-marks.h"
#include "session/scope-picks.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_MARK_ITEM (scope_mark_item_get_type ())
#define SCOPE_TYPE_MARK_LIST (scope_mark_list_get_type ())

G_DECLARE_FINAL_TYPE (ScopeMarkItem, scope_mark_item, SCOPE, MARK_ITEM, GObject)
G_DECLARE_FINAL_TYPE (ScopeMarkList, scope_mark_list, SCOPE, MARK_LIST, GObject)

/**
 * ScopeMarkItem:
 *
 * A bookmark. It never changes: with another note it is another item.
 */
guint64        scope_mark_item_get_sequence (ScopeMarkItem *self);
const char    *scope_mark_item_get_note     (ScopeMarkItem *self);    /* "" : none */

/**
 * ScopeMarkList:
 *
 * The bookmarks of a session, a GListModel of ScopeMarkItem in order of their sequence numbers. Views look; the
 * session sets, with scope_session_set_mark().
 *
 * Signals:
 * - `changed (guint64 sequence)`: the bookmark of that row came, went or has another note; 0: any may have.
 */
ScopeMarkList *scope_mark_list_new          (void);
/* NULL: there is no bookmark on it; "": one without a note */
const char    *scope_mark_list_get_note     (ScopeMarkList *self,
                                             guint64        sequence);
/* position of the bookmark on that row, or of the first one after it; n-items if none */
guint          scope_mark_list_find         (ScopeMarkList *self,
                                             guint64        sequence);
/* of that position; 0 if there is none */
guint64        scope_mark_list_get_sequence (ScopeMarkList *self,
                                             guint          position);
/* the rows that have one (transfer full) */
ScopePicks    *scope_mark_list_new_picks    (ScopeMarkList *self);

/* note NULL: takes it away */
void           _scope_mark_list_set         (ScopeMarkList *self,
                                             guint64        sequence,
                                             const char    *note);
/* everything anew: of ScopeMark, in order */
void           _scope_mark_list_set_all     (ScopeMarkList *self,
                                             GPtrArray     *marks);

G_END_DECLS
