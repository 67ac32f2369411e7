/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "protocol/scope-channel-name.h"

G_BEGIN_DECLS

/* The subscription life cycle, protocol.md §3.5 with its Do line: what the user wants is stored apart from
 * what the wire says. Pure: the owner (ScopeConnection) carries out the steps, arms the timers and
 * sends the frames; it is the one owner of resubscription (§12). */

typedef enum
{
  SCOPE_WIRE_NONE,
  SCOPE_WIRE_AUTHORIZING,
  SCOPE_WIRE_SENT,
  SCOPE_WIRE_SUBSCRIBED,
  SCOPE_WIRE_ERROR,
} ScopeWireState;

typedef enum
{
  SCOPE_STEP_AUTHORIZE,        /* channel, tag: sign or ask for authorization */
  SCOPE_STEP_SEND_SUBSCRIBE,   /* channel, tag (public channels: at once) */
  SCOPE_STEP_SEND_UNSUBSCRIBE, /* channel */
  SCOPE_STEP_PENDING,          /* announce: channel is pending; a 30 s limit starts */
  SCOPE_STEP_SUBSCRIBED,       /* announce */
  SCOPE_STEP_ERROR,            /* announce: error_type, error_text, status */
  SCOPE_STEP_UNSUBSCRIBED,     /* announce; the channel is forgotten unless still wanted */
  SCOPE_STEP_RESET,            /* the wire was lost: subscribed no more, members emptied; still wanted */
} ScopeStepType;

typedef struct
{
  ScopeStepType type;
  char *channel;               /* owned by the step list */
  guint tag;                   /* of the authorization this belongs to */
  char *error_type;
  char *error_text;
  guint status;                /* HTTP status or server's code; 0 if none */
} ScopeStep;

typedef struct _ScopeSubscriptions ScopeSubscriptions;

ScopeSubscriptions *scope_subscriptions_new  (void);
void scope_subscriptions_free                (ScopeSubscriptions *self);
/* an endpoint or the app secret is known: for names that only some servers read as private (§11.2) */
void scope_subscriptions_set_can_authorize   (ScopeSubscriptions *self, gboolean can_authorize);

/* Each call returns the steps to carry out (transfer none, valid until the next call). */
const ScopeStep *scope_subscriptions_subscribe   (ScopeSubscriptions *self, const char *channel, guint *n_steps);
const ScopeStep *scope_subscriptions_unsubscribe (ScopeSubscriptions *self, const char *channel, guint *n_steps);
/* an authorization ended. A tag that is not the channel's current one is dropped (stale socket id). */
const ScopeStep *scope_subscriptions_authorized  (ScopeSubscriptions *self, const char *channel, guint tag, guint *n_steps);
const ScopeStep *scope_subscriptions_refused     (ScopeSubscriptions *self, const char *channel, guint tag,
                                                  const char *type, const char *text, guint status, guint *n_steps);
/* frames from the server */
const ScopeStep *scope_subscriptions_succeeded   (ScopeSubscriptions *self, const char *channel, guint *n_steps);
const ScopeStep *scope_subscriptions_server_error (ScopeSubscriptions *self, const char *channel,
                                                   const char *type, const char *text, guint status, guint *n_steps);
/* no answer within SCOPE_WAIT_SUBSCRIBE_USEC of PENDING with this tag */
const ScopeStep *scope_subscriptions_timed_out   (ScopeSubscriptions *self, const char *channel, guint tag, guint *n_steps);
/* the connection */
const ScopeStep *scope_subscriptions_connected   (ScopeSubscriptions *self, guint *n_steps); /* all wanted: once more, fresh tags */
const ScopeStep *scope_subscriptions_lost        (ScopeSubscriptions *self, guint *n_steps);

gboolean       scope_subscriptions_is_wanted     (ScopeSubscriptions *self, const char *channel);
ScopeWireState scope_subscriptions_get_wire_state (ScopeSubscriptions *self, const char *channel);
guint          scope_subscriptions_get_tag       (ScopeSubscriptions *self, const char *channel);
/* wanted ones in the order they were asked for (transfer container: names owned by self) */
GPtrArray     *scope_subscriptions_list_wanted   (ScopeSubscriptions *self);
/* those that wait for the server's answer, in the order they were first asked for: what an error without a channel
 * may speak of (transfer container: names owned by self) */
GPtrArray     *scope_subscriptions_list_sent     (ScopeSubscriptions *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeSubscriptions, scope_subscriptions_free)

G_END_DECLS
