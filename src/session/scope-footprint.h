/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "base/scope-clock.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_FOOTPRINT (scope_footprint_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFootprint, scope_footprint, SCOPE, FOOTPRINT, GObject)

/* Why something was sent, or delivered to us. */
typedef enum
{
  SCOPE_FOOTPRINT_PUBLISH,
  SCOPE_FOOTPRINT_DISCOVERY,
  SCOPE_FOOTPRINT_UNSEEN,
  SCOPE_FOOTPRINT_QUERY,
  SCOPE_FOOTPRINT_CLIENT_EVENTS,
  SCOPE_FOOTPRINT_DELIVERED,
  SCOPE_FOOTPRINT_DOCTOR,
  SCOPE_N_FOOTPRINT_CAUSES,
} ScopeFootprintCause;

/**
 * ScopeFootprint:
 *
 * What watching costs the app's plan: requests of the HTTP API and messages, by cause, today and at the
 * present rate; and the brake that holds back what sends by itself. Counted by Pusher's rules: each request
 * is a message, an event one for each of its channels (two with `info`), and what is delivered to us one
 * each. What our events cost at their receivers is not known here, and not counted.
 */
ScopeFootprint *scope_footprint_new (ScopeClock          *clock);
/* a request is at least one message, whatever is given */
void            scope_footprint_add (ScopeFootprint      *self,
                                     ScopeFootprintCause  cause,
                                     guint                requests,
                                     guint                messages);
/* whether that may be sent now. Ask for what comes by itself (polls, repeated events); what the user does by
 * hand is only counted. SCOPE_ERROR_LIMIT says why not, and what to do */
gboolean        scope_footprint_may (ScopeFootprint      *self,
                                     ScopeFootprintCause  cause,
                                     GError             **error);

G_END_DECLS
