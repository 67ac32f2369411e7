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
  SCOPE_N_FOOTPRINT_CAUSES, /* and, where figures are asked for: all of them */
} ScopeFootprintCause;

/* what is said when the rate is not known yet */
#define SCOPE_FOOTPRINT_UNKNOWN (-1)

typedef struct
{
  guint64 requests; /* of the HTTP API, today */
  guint64 messages; /* today */
  /* if it went on like this for a day; SCOPE_FOOTPRINT_UNKNOWN: watched for too short a time to say */
  double requests_a_day;
  double messages_a_day;
} ScopeFootprintFigures;

/**
 * ScopeFootprint:
 *
 * What watching costs the app's plan: requests of the HTTP API and messages, by cause, today and at the
 * present rate; and the brake that holds back what sends by itself. Counted by Pusher's rules: each request
 * is a message, an event one for each of its channels (two with `info`), and what is delivered to us one
 * each. What our events cost at their receivers is not known here, and not counted. A day is one of UTC, as
 * limits of plans are.
 *
 * Emits `changed`, at most once a second. Main thread only.
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

void            scope_footprint_get (ScopeFootprint        *self,
                                     ScopeFootprintCause    cause,
                                     ScopeFootprintFigures *figures);
/* how long the present rate was measured: at most ten minutes */
gint64          scope_footprint_get_span_usec (ScopeFootprint *self);

/* messages_a_day 0: no plan, and no brake; share: per cent of it after which the brake is put on, 0: never */
void            scope_footprint_set_plan   (ScopeFootprint *self,
                                            guint64         messages_a_day,
                                            guint           share);
guint64         scope_footprint_get_plan   (ScopeFootprint *self);
/* messages of a day; 0: any number */
guint64         scope_footprint_get_budget (ScopeFootprint *self);
gboolean        scope_footprint_is_held    (ScopeFootprint *self);
/* takes the brake off for the rest of the day, or gives it back */
void            scope_footprint_set_released (ScopeFootprint *self,
                                              gboolean        released);
gboolean        scope_footprint_get_released (ScopeFootprint *self);

/* where the counts of a profile's running day are kept (transfer full, nullable) */
char           *scope_footprint_dup_path (const char     *profile_id);
/* the profile is gone, and so are its counts */
void            scope_footprint_forget   (const char     *profile_id);
/* Keeps the day's counts in this file: those of it are added, and those of other windows on the same
 * profile come in with each saving. */
void            scope_footprint_keep     (ScopeFootprint *self,
                                          const char     *path);
/* writes what was not written yet; waits for it */
void            scope_footprint_save     (ScopeFootprint *self);

/* "Discovery" */
const char     *scope_footprint_cause_to_text    (ScopeFootprintCause cause);
/* how its messages are counted */
const char     *scope_footprint_cause_to_rule    (ScopeFootprintCause cause);
/* "about 17,000": two digits say all that is known (transfer full) */
char           *scope_footprint_dup_about_text   (double              a_day);
/* "4.6 %", "under 0.1 %" (transfer full) */
char           *scope_footprint_dup_share_text   (double              messages,
                                                  guint64             plan);
/* "About 2,900 messages a day, 1.4 % of a plan of 200,000"; plan 0: none. A request is a message, too
 * (transfer full) */
char           *scope_footprint_dup_cost_text    (double              requests_a_day,
                                                  double              messages_a_day,
                                                  guint64             plan);

G_END_DECLS
