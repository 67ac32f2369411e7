/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_CLOCK (scope_clock_get_type ())

G_DECLARE_FINAL_TYPE (ScopeClock, scope_clock, SCOPE, CLOCK, GObject)

typedef void (*ScopeClockFunc) (gpointer user_data);

/* All time in the program comes from here, in microseconds, so that tests can own it.
 * Main-thread only, except scope_clock_get_wall_usec() of the system's clock. */
ScopeClock *scope_clock_new_system        (void);
ScopeClock *scope_clock_new_fake          (gint64          wall_usec);
gboolean    scope_clock_is_fake           (ScopeClock     *self);

/* monotonic: for waits; stands still while the machine sleeps (CLOCK_MONOTONIC) */
gint64      scope_clock_get_monotonic_usec (ScopeClock     *self);
/* wall: for what is shown and recorded; microseconds since 1970, UTC */
gint64      scope_clock_get_wall_usec      (ScopeClock     *self);
/* how long the machine has slept since boot: CLOCK_BOOTTIME - CLOCK_MONOTONIC */
gint64      scope_clock_get_asleep_usec    (ScopeClock     *self);

/* one-shot timers; ids are never 0 and never reused; removing an unknown or 0 id is harmless */
guint64     scope_clock_add_timer          (ScopeClock     *self,
                                            gint64          at_monotonic_usec,
                                            ScopeClockFunc  func,
                                            gpointer        user_data);
void        scope_clock_remove_timer       (ScopeClock     *self,
                                            guint64         id);

/* fake clocks only: runs every timer that falls due, in order of time, then stands at the end */
void        scope_clock_advance            (ScopeClock     *self,
                                            gint64          usec);
/* wall and boot time pass, monotonic does not */
void        scope_clock_sleep              (ScopeClock     *self,
                                            gint64          usec);
guint       scope_clock_count_timers       (ScopeClock     *self);

G_END_DECLS
