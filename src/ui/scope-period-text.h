/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-state-period.h"

G_BEGIN_DECLS

/* Words about a stretch of the connection's history. now_usec: wall clock; all texts translated,
 * transfer full. */
gint64  scope_period_get_end_usec  (ScopeStatePeriod *period,
                                    gint64            now_usec);
char   *scope_period_dup_span      (ScopeStatePeriod *period);          /* "14:05 – 14:06", "since 14:05" */
char   *scope_period_dup_duration  (ScopeStatePeriod *period,
                                    gint64            now_usec);        /* "1 min 8 s" */
char   *scope_period_dup_cause     (ScopeStatePeriod *period);          /* "4004: …", nullable */
char   *scope_period_dup_sentence  (ScopeStatePeriod *period,
                                    gint64            now_usec);        /* all of it */

G_END_DECLS
