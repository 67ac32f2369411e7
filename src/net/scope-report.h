/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "protocol/scope-machine.h"
#include "protocol/scope-message.h"
#include "protocol/scope-roster.h"

G_BEGIN_DECLS

/* What a connection tells: one ordered stream, each report one line of `watch` (cli-contract.md). Pointers
 * are valid during the call only. */
typedef enum
{
  SCOPE_REPORT_STATE,
  SCOPE_REPORT_CONNECTING_IN,
  SCOPE_REPORT_SUBSCRIPTION,
  SCOPE_REPORT_EVENT,
  SCOPE_REPORT_PRESENCE,
  SCOPE_REPORT_COUNT,
  SCOPE_REPORT_CACHE_MISS,
  SCOPE_REPORT_USER,
  SCOPE_REPORT_WATCHLIST,
  SCOPE_REPORT_ERROR,
  SCOPE_REPORT_FRAME,      /* a frame that gives no other report; bytes only if it is no valid message */
  SCOPE_REPORT_ROUND_TRIP, /* usec between our ping and the answer; no line */
} ScopeReportType;

typedef enum
{
  SCOPE_SUBSCRIPTION_PENDING,
  SCOPE_SUBSCRIPTION_SUBSCRIBED,
  SCOPE_SUBSCRIPTION_ERROR,
  SCOPE_SUBSCRIPTION_UNSUBSCRIBED,
} ScopeSubscriptionStatus;

const char *scope_subscription_status_to_name (ScopeSubscriptionStatus status);

typedef enum
{
  SCOPE_PRESENCE_SNAPSHOT,
  SCOPE_PRESENCE_ADDED,
  SCOPE_PRESENCE_REMOVED,
  SCOPE_PRESENCE_UPDATED,
} ScopePresenceAction;

const char *scope_presence_action_to_name (ScopePresenceAction action);

typedef enum
{
  SCOPE_USER_SIGNED_IN,
  SCOPE_USER_ERROR,
  SCOPE_USER_SIGNED_OUT,
} ScopeUserStatus;

const char *scope_user_status_to_name (ScopeUserStatus status);

typedef struct
{
  ScopeReportType type;
  gboolean outgoing;
  ScopeMessage *message;     /* the frame it comes from; NULL if none. Of several reports of one frame only
                              * the first carries it. */
  GBytes *bytes;             /* of a frame that is no valid message; NULL otherwise */
  const char *channel;       /* NULL if none */
  gboolean polled;           /* learnt by asking the HTTP API, not told by a subscription */

  /* STATE */
  ScopeState previous, current;
  const char *socket_id, *transport;      /* when connected */
  double activity_timeout;                /* seconds, effective */
  gboolean has_code;                      /* STATE left because of a close; ERROR with a code; SUBSCRIPTION status */
  guint code;
  const char *text;                       /* reason (STATE), message (ERROR) */
  const char *meaning;                    /* translated; nullable */

  const char *transport_reason;           /* translated: why this transport and no other; nullable */

  /* CONNECTING_IN */
  double seconds;
  guint attempt;

  /* SUBSCRIPTION */
  ScopeSubscriptionStatus status;
  const char *error_type, *error_text;    /* and meaning */

  /* EVENT */
  gboolean encrypted, decrypted;
  GBytes *plain;                          /* decrypted data, or NULL */
  gint64 held_usec;                       /* how long ago it came: it waited for its channel's key */

  /* PRESENCE */
  ScopePresenceAction action;
  guint count;
  const char *me;                         /* nullable */
  const ScopeRosterMember *members;       /* SNAPSHOT: count of them; else one */

  /* COUNT */
  gint64 subscription_count;

  /* ERROR */
  ScopeErrorSource source;
  ScopeReaction reaction;

  /* USER: error_type, error_text; has_code and code: a status */
  ScopeUserStatus user_status;
  const char *user_id;                    /* nullable */

  /* WATCHLIST */
  gboolean online;
  const char * const *user_ids;           /* of USER, signed in: who is on the watchlist; nullable */

  /* ROUND_TRIP */
  gint64 usec;
} ScopeReport;

G_END_DECLS
