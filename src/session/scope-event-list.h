/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-capture.h"
#include "capture/scope-filter.h"
#include "capture/scope-path.h"
#include "session/scope-mark-list.h"
#include "session/scope-picks.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_EVENT_ITEM (scope_event_item_get_type ())
#define SCOPE_TYPE_EVENT_LIST (scope_event_list_get_type ())

G_DECLARE_FINAL_TYPE (ScopeEventItem, scope_event_item, SCOPE, EVENT_ITEM, GObject)
G_DECLARE_FINAL_TYPE (ScopeEventList, scope_event_list, SCOPE, EVENT_LIST, GObject)

/**
 * ScopeEventItem:
 *
 * One row, made anew by each get_item: compare with scope_event_item_is_same_event(), never by pointer. Reads its
 * bytes from the capture when a text is first asked for.
 */
guint64           scope_event_item_get_sequence (ScopeEventItem *self);
/* FALSE for NULL */
gboolean          scope_event_item_is_same_event (ScopeEventItem *self,
                                                  ScopeEventItem *other);
const ScopeRecord *scope_event_item_get_record  (ScopeEventItem *self);
const char       *scope_event_item_get_channel  (ScopeEventItem *self);   /* nullable */
const char       *scope_event_item_get_event    (ScopeEventItem *self);   /* for other kinds: words, e.g. "State", "Gap" */
const char       *scope_event_item_get_user     (ScopeEventItem *self);   /* nullable */
gint64            scope_event_item_get_delta_usec (ScopeEventItem *self); /* to the row before, -1 for the first */
ScopeMarkList    *scope_event_item_get_marks   (ScopeEventItem *self);   /* nullable; of its list */
const char       *scope_event_item_get_preview  (ScopeEventItem *self);   /* never NULL; an unreadable row says so */
gboolean          scope_event_item_is_loaded    (ScopeEventItem *self);   /* FALSE: what is told of its data reads a file */
/* of the same event: whether all that rows tell is as it was; what was read of the former */
gboolean          scope_event_item_is_unchanged (ScopeEventItem *self,
                                                 ScopeEventItem *other);
void              scope_event_item_inherit      (ScopeEventItem *self,
                                                 ScopeEventItem *former);
gboolean          scope_event_item_knows_names  (ScopeEventItem *self);   /* FALSE: they read one too */
ScopeEntry       *scope_event_item_get_entry    (ScopeEventItem *self);   /* transfer none; NULL if it can't be read */
/* for long rows, of which get_entry() would be felt */
void              scope_event_item_read_async   (ScopeEventItem *self,
                                                 GCancellable   *cancellable,
                                                 GAsyncReadyCallback callback,
                                                 gpointer        user_data);
/* (transfer full) */
ScopeEntry       *scope_event_item_read_finish  (ScopeEventItem *self,
                                                 GAsyncResult   *result,
                                                 GError        **error);
/* of its payload, decoded; -1: none */
gint64            scope_event_item_get_payload_size (ScopeEventItem *self,
                                                     ScopeEntry *entry);

/* What scope_event_item_get_since_same_usec() says where it does not look further. */
#define SCOPE_SINCE_UNKNOWN (-2)

gint64            scope_event_item_get_since_same_usec (ScopeEventItem *self); /* same channel and event; -1 for the first */
gint64            scope_event_item_get_elapsed_usec (ScopeEventItem *self); /* since the log's first row */
/* what stands at a path of the payload, in one line; NULL if nothing does (transfer full) */
char             *scope_event_item_dup_value    (ScopeEventItem *self,
                                                 GPtrArray      *path,
                                                 ScopeJsonKind  *kind);
gboolean          scope_event_item_is_long      (ScopeEventItem *self);   /* too long for that */
/* bytes of the data of a frame that is above SCOPE_LIMIT_DATA_BYTES; 0 of others */
gsize             scope_event_item_get_data_size (ScopeEventItem *self);

/**
 * ScopeEventList:
 *
 * The log: a virtual GListModel of ScopeEventItem over 24-byte records, appended to once per commit of the recorder. A
 * filter is an array of positions, filled in time-boxed slices. Properties: n-items (uint), n-total (uint64: rows without
 * the filter), filtering (bool: a scan is under way), n-dropped (uint64: entries
 * whose rows went at the beginning, because the recording's size is limited). Kinds shown: all but FRAME, unless show-frames (bool).
 * Cleared rows stay in the capture: `clear` hides what came up to now, `undo_clear` brings it back.
 */
ScopeEventList   *scope_event_list_new          (ScopeNames     *names);
/* where rows read their bytes; before the first append */
void              scope_event_list_set_capture  (ScopeEventList *self,
                                                 ScopeCapture   *capture);
/* sequence numbers go on where the last append ended */
void              scope_event_list_append       (ScopeEventList *self,
                                                 const ScopeRecord *records,
                                                 guint           n_records);
/* the first record that will be appended, where those before it are not in the capture any more */
void              scope_event_list_start_at     (ScopeEventList *self,
                                                 guint64         sequence);
/* records before sequence go: the capture does not hold them any more */
void              scope_event_list_drop         (ScopeEventList *self,
                                                 guint64         sequence);
guint64           scope_event_list_get_n_dropped (ScopeEventList *self);
void              scope_event_list_set_filter   (ScopeEventList *self,
                                                 ScopeFilter    *filter);    /* NULL: all */
/* of what the filter lets through, only these rows, and those picked later */
void              scope_event_list_set_picks    (ScopeEventList *self,
                                                 ScopePicks     *picks);     /* NULL: all */
void              scope_event_list_clear        (ScopeEventList *self);
void              scope_event_list_undo_clear   (ScopeEventList *self);
/* whether clear has hidden it, and undo_clear would bring it back */
gboolean          scope_event_list_is_cleared   (ScopeEventList *self,
                                                 guint64         sequence);
/* position of the row with this sequence number, or of the first one after it; n-items if none */
guint             scope_event_list_find         (ScopeEventList *self,
                                                 guint64         sequence);
guint             scope_event_list_find_time    (ScopeEventList *self,
                                                 gint64          wall_usec);
/* bookmarks, for its rows */
void              scope_event_list_set_marks   (ScopeEventList *self,
                                                ScopeMarkList  *marks);
/* any row there is, shown or not (transfer full, nullable); its delta is not known */
ScopeEventItem   *scope_event_list_dup_item    (ScopeEventList *self,
                                                guint64         sequence);
/* sequence numbers of the rows shown, in their order (of guint64, transfer full) */
GArray           *scope_event_list_dup_sequences (ScopeEventList *self);
guint64           scope_event_list_get_n_total  (ScopeEventList *self);
/* sequence number of the last row there is, shown or not; 0: none came yet */
guint64           scope_event_list_get_last     (ScopeEventList *self);
gboolean          scope_event_list_get_filtering (ScopeEventList *self);

G_END_DECLS
