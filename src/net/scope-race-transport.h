/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "base/scope-clock.h"
#include "net/scope-transport.h"
#include "protocol/scope-transport-plan.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_RACE_TRANSPORT (scope_race_transport_get_type ())

G_DECLARE_FINAL_TYPE (ScopeRaceTransport, scope_race_transport, SCOPE, RACE_TRANSPORT, ScopeTransport)

/* Several transports for one attempt, protocol.md §7.4: each starts at its time, and the first whose first
 * frame is the handshake carries the connection. From then on it talks to the listener itself. */
ScopeRaceTransport *scope_race_transport_new (ScopeClock                    *clock);
/* takes the transport. place: "host:port": what is refused there is not worth a wait for another */
void        scope_race_transport_add         (ScopeRaceTransport            *self,
                                              const ScopeTransportCandidate *candidate,
                                              ScopeTransport                *transport,
                                              const char                    *place);

/* of the transport that the race ended with; NULL or 0 before */
const ScopeTransportCandidate *
            scope_race_transport_get_winner  (ScopeRaceTransport            *self);
gint64      scope_race_transport_get_latency_usec (ScopeRaceTransport       *self);
/* one sentence, translated: why this one (transfer full) */
char       *scope_race_transport_describe    (ScopeRaceTransport            *self);

G_END_DECLS
