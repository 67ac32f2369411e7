/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-blind-times.h"
#include "session/scope-event-list.h"
#include "session/scope-tally.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_STATISTICS (scope_statistics_get_type ())

G_DECLARE_FINAL_TYPE (ScopeStatistics, scope_statistics, SCOPE, STATISTICS, GObject)

/**
 * ScopeStatistics:
 *
 * A tally of an event list that is kept up to date: what is appended is added, anything else has it
 * counted again in slices of a few milliseconds, while the figures from before stay. Works only
 * while it is active.
 *
 * Signal `changed ()`: other figures, or another time; at most four times a second.
 */
ScopeStatistics  *scope_statistics_new         (void);
/* live: time goes on by itself, and the last minute is that before now; else before the last row */
void              scope_statistics_set_list    (ScopeStatistics *self,
                                                ScopeEventList  *list,       /* nullable */
                                                gboolean         live);
/* of ScopeStatePeriod, newest first: when we were not connected */
void              scope_statistics_set_history (ScopeStatistics *self,
                                                GListModel      *history);   /* nullable */
void              scope_statistics_set_active  (ScopeStatistics *self,
                                                gboolean         active);
/* TRUE (default): rows the filter shows; FALSE: all rows that are not cleared */
void              scope_statistics_set_shown_only (ScopeStatistics *self,
                                                gboolean         shown_only);
/* the last so many seconds; 0 (default): all */
void              scope_statistics_set_range   (ScopeStatistics *self,
                                                guint            seconds);
void              scope_statistics_set_stack   (ScopeStatistics *self,
                                                ScopeTallyName   stack);
/* of an id in the tally; NULL: none */
const char       *scope_statistics_get_name    (ScopeStatistics *self,
                                                guint32          id);
/* valid until the next `changed` */
const ScopeTally *scope_statistics_get_tally   (ScopeStatistics *self);
/* still counting */
gboolean          scope_statistics_get_busy    (ScopeStatistics *self);
/* where time ends */
gint64            scope_statistics_get_now     (ScopeStatistics *self);
/* where time begins: of the range, or of the first event */
gint64            scope_statistics_get_from    (ScopeStatistics *self);
/* what is not known, in order, without overlaps (transfer full, of ScopePeriod) */
GArray           *scope_statistics_dup_gaps    (ScopeStatistics *self);

G_END_DECLS
