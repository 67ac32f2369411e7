/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* When what was recorded is due again: at its distances in time, divided by a speed. Pure. */

/* no silence of a replay is longer; what is left out is told */
#define SCOPE_REPLAY_LONGEST_USEC (60 * G_USEC_PER_SEC)
/* what is so much older than what stands before it was late; beyond it, a clock was set back */
#define SCOPE_REPLAY_LATE_USEC (60 * G_USEC_PER_SEC)

typedef struct
{
  double speed;
  double due_usec;  /* of what was added last */
  gint64 last_usec; /* when the newest was recorded */
  gboolean begun;
} ScopeReplaySchedule;

typedef struct
{
  gint64 due_usec;      /* since the first was due */
  gint64 recorded_usec; /* how long nothing came before it */
  gint64 wait_usec;     /* how long nothing comes now */
  gboolean is_cut;      /* that is less than the speed makes of it */
} ScopeReplayStep;

/* speed: 2: in half the time */
void scope_replay_schedule_init (ScopeReplaySchedule *self,
                                 double               speed);
/* in the order of arrival; time: microseconds since 1970 */
void scope_replay_schedule_add  (ScopeReplaySchedule *self,
                                 gint64               time_usec,
                                 ScopeReplayStep     *step);

G_END_DECLS
