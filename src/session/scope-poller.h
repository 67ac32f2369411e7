/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "base/scope-clock.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_POLLER (scope_poller_get_type ())

G_DECLARE_FINAL_TYPE (ScopePoller, scope_poller, SCOPE, POLLER, GObject)

/**
 * ScopePoller:
 *
 * When to ask again: sooner while what is asked about changes, later while it does not, much later while
 * asking fails. It knows nothing of what is asked. Never two polls at once; however often it is started
 * and stopped, no sooner than its shortest wait after the poll before.
 *
 * Properties, notified: interval-usec (int64).
 */

/* a poll begins: scope_poller_done() or scope_poller_failed() must follow, now or later */
typedef void (*ScopePollerFunc) (gpointer user_data);

/* the waits between the end of a poll and the next */
ScopePoller *scope_poller_new               (ScopeClock      *clock,
                                             gint64           min_usec,
                                             gint64           max_usec,
                                             ScopePollerFunc  callback,
                                             gpointer         user_data);
/* polls at once if it may; from the main loop, never from within this call */
void         scope_poller_start             (ScopePoller     *self);
/* a poll that has begun is still to be ended */
void         scope_poller_stop              (ScopePoller     *self);
gboolean     scope_poller_get_running       (ScopePoller     *self);
/* the next one as soon as it may be, and often from then on; for "Refresh" and new questions */
void         scope_poller_hurry             (ScopePoller     *self);
void         scope_poller_done              (ScopePoller     *self,
                                             gboolean         changed);
/* retry_after_usec: what the server asks for; 0: nothing */
void         scope_poller_failed            (ScopePoller     *self,
                                             gint64           retry_after_usec);
gboolean     scope_poller_get_busy          (ScopePoller     *self);
/* since the last that went well */
guint        scope_poller_get_failures      (ScopePoller     *self);
gint64       scope_poller_get_interval_usec (ScopePoller     *self);
gint64       scope_poller_get_next_usec     (ScopePoller     *self);
/* at the present interval, all day long */
guint        scope_poller_get_polls_a_day   (ScopePoller     *self);

G_END_DECLS
