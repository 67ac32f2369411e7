/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-replay-schedule.h"

/* times come from a file: two of them must be subtracted without an overflow */
#define NEWEST_USEC (G_MAXINT64 / 2)

/**
 * scope_replay_schedule_init:
 * @self: (out caller-allocates): a schedule
 * @speed: above 0; 1: as it was recorded
 */
void
scope_replay_schedule_init (ScopeReplaySchedule *self,
                            double               speed)
{
  g_return_if_fail (self != NULL && speed > 0);

  *self = (ScopeReplaySchedule) { .speed = speed };
}

/* The recorded distance to what stood before. An event may be told late, as one that waited for its
 * channel's key; those behind it keep their places. */
static gint64
schedule_measure (ScopeReplaySchedule *self,
                  gint64               time_usec)
{
  gint64 distance = self->begun ? time_usec - self->last_usec : 0;

  if (!self->begun || distance > 0 || distance < -SCOPE_REPLAY_LATE_USEC)
    self->last_usec = time_usec;
  self->begun = TRUE;
  return MAX (distance, 0);
}

/**
 * scope_replay_schedule_add:
 * @self: a schedule
 * @time_usec: when it was recorded
 * @step: (out caller-allocates): when it is due
 *
 * Sums up distances, not rounded: after a day of events the last is due when it should be.
 */
void
scope_replay_schedule_add (ScopeReplaySchedule *self,
                           gint64               time_usec,
                           ScopeReplayStep     *step)
{
  gint64 recorded;
  double wait;

  g_return_if_fail (self != NULL && step != NULL);

  recorded = schedule_measure (self, CLAMP (time_usec, 0, NEWEST_USEC));
  wait = (double) recorded / self->speed;
  step->is_cut = wait > SCOPE_REPLAY_LONGEST_USEC;
  if (step->is_cut)
    wait = SCOPE_REPLAY_LONGEST_USEC;

  self->due_usec += wait;
  step->recorded_usec = recorded;
  step->wait_usec = (gint64) wait;
  step->due_usec = (gint64) self->due_usec;
}
