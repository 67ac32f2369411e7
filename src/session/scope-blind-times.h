/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-event-list.h"

G_BEGIN_DECLS

/* microseconds since 1970 */
typedef struct
{
  gint64 from_usec;
  gint64 to_usec;
} ScopePeriod;

/**
 * ScopeBlindTimes:
 *
 * When events may have been missed: what a log's GAP entries tell, and when there was no connection.
 * It has no main loop: its owner calls until it has seen all rows.
 */
typedef struct _ScopeBlindTimes ScopeBlindTimes;

ScopeBlindTimes *scope_blind_times_new   (void);
void             scope_blind_times_free  (ScopeBlindTimes *self);
/* for another log */
void             scope_blind_times_clear (ScopeBlindTimes *self);
/* reads on; FALSE: time is up before the log's end */
gboolean         scope_blind_times_find  (ScopeBlindTimes *self,
                                          ScopeEventList  *list,
                                          gint64           until_usec);
/* in order, without overlaps (transfer full, of ScopePeriod) */
GArray          *scope_blind_times_dup   (ScopeBlindTimes *self,
                                          GListModel      *history,
                                          gint64           now_usec);

G_END_DECLS
