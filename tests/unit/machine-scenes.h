/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "machine-driver.h"

#define S ((gint64) G_USEC_PER_SEC)
#define MS (S / 1000)

typedef enum
{
  AT_INITIALIZED,
  AT_OPENING,
  AT_HANDSHAKE,
  AT_WAITING,
  AT_UNAVAILABLE,         /* an attempt runs */
  AT_UNAVAILABLE_WAITING, /* none does */
  AT_CONNECTED,
  AT_DISCONNECTED,
  AT_FAILED,
  N_PLACES,
} Place;

/* asserts what was announced since the last call, and clears it */
void driver_expect (MachineDriver *driver,
                    const char *trace);
/* "connect unavailable": those armed, in the order of ScopeTimer */
void driver_expect_timers (MachineDriver *driver,
                           const char *names);
/* how long an armed timer still runs */
gint64 driver_left (MachineDriver *driver,
                    ScopeTimer timer);
void driver_input (MachineDriver *driver,
                   ScopeInputType type);
void driver_input_code (MachineDriver *driver,
                        ScopeInputType type,
                        guint code,
                        const char *text);
void driver_establish (MachineDriver *driver,
                       double seconds);
void driver_network (MachineDriver *driver,
                     gboolean available);
void driver_clear (MachineDriver *driver);
MachineDriver *driver_at_with (Place place,
                               const ScopeMachineOptions *given);
MachineDriver *driver_at (Place place);
/* a connection that has lasted: nothing of its beginning counts any more */
MachineDriver *driver_stable (void);
