/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "base/scope-clock.h"
#include "net/scope-api-reply.h"
#include "session/scope-discovery-rule.h"
#include "session/scope-found-channel.h"
#include "session/scope-poller.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DISCOVERY (scope_discovery_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDiscovery, scope_discovery, SCOPE, DISCOVERY, GObject)

/* What a discovery asks, and acts with. */
typedef struct
{
  /* GET channels: scope_discovery_take_reply() must follow, now or later. FALSE: nothing was asked, and why */
  gboolean (*ask)              (gpointer         owner,
                                ScopeDiscovery  *discovery,
                                const char      *prefix,     /* nullable: all */
                                const char      *info,       /* nullable */
                                GCancellable    *cancellable,
                                GError         **error);
  gboolean (*subscribe)        (gpointer         owner,
                                const char      *channel,
                                GError         **error);
  gboolean (*is_subscribed)    (gpointer         owner,
                                const char      *channel);
  /* how many of a rule's channels are subscribed to */
  guint    (*count_subscribed) (gpointer         owner,
                                ScopeDiscoveryRule *rule);
} ScopeDiscoveryBackend;

/**
 * ScopeDiscovery:
 *
 * Which channels are occupied, by asking the HTTP API again and again: only while somebody looks (in sight),
 * wants it to go on (keeps-on), or rules wait for channels (rules-active).
 *
 * Signals: `listed ()`: the set of channels is another; `polled ()`: a poll ended, or anything else that is told
 * about polling is another.
 */
ScopeDiscovery *scope_discovery_new             (ScopeClock                  *clock,
                                                 const ScopeDiscoveryBackend *backend,
                                                 gpointer                     owner);   /* lives longer */
/* nothing is asked any more */
void            scope_discovery_close           (ScopeDiscovery  *self);
ScopePoller    *scope_discovery_get_poller      (ScopeDiscovery  *self);

/* "": all channels */
void            scope_discovery_set_prefix      (ScopeDiscovery  *self,
                                                 const char      *prefix);
const char     *scope_discovery_get_prefix      (ScopeDiscovery  *self);
void            scope_discovery_set_in_sight    (ScopeDiscovery  *self,
                                                 gboolean         in_sight);
void            scope_discovery_set_keeps_on    (ScopeDiscovery  *self,
                                                 gboolean         keeps_on);
gboolean        scope_discovery_get_keeps_on    (ScopeDiscovery  *self);
void            scope_discovery_set_rules_active (ScopeDiscovery *self,
                                                 gboolean         active);
/* GListModel of ScopeDiscoveryRule */
GListModel     *scope_discovery_get_rules       (ScopeDiscovery  *self);
/* FALSE with SCOPE_ERROR_EXISTS or _LIMIT */
gboolean        scope_discovery_add_rule        (ScopeDiscovery     *self,
                                                 ScopeDiscoveryRule *rule,
                                                 GError            **error);
void            scope_discovery_remove_rule     (ScopeDiscovery     *self,
                                                 ScopeDiscoveryRule *rule);

/* the answer to what was asked last (transfer none) */
void            scope_discovery_take_reply      (ScopeDiscovery  *self,
                                                 const ScopeApiReply *reply,   /* NULL: error tells */
                                                 const GError    *error);
/* after the session's channels changed */
void            scope_discovery_update_subscribed (ScopeDiscovery *self);
/* those that are empty are forgotten */
void            scope_discovery_clear_vacated   (ScopeDiscovery  *self);

/* those under the prefix, occupied or not, in order of their names (transfer container) */
GPtrArray      *scope_discovery_dup_list        (ScopeDiscovery  *self);
ScopeFoundChannel *
                scope_discovery_find            (ScopeDiscovery  *self,
                                                 const char      *name);     /* nullable */
/* both under the prefix */
guint           scope_discovery_get_n_occupied  (ScopeDiscovery  *self);
guint           scope_discovery_get_n_vacated   (ScopeDiscovery  *self);
/* channels of the list that a bound kept out, in the last poll */
guint           scope_discovery_get_n_ignored   (ScopeDiscovery  *self);
/* of the last poll that went well, wall; 0: there was none */
gint64          scope_discovery_get_polled_usec (ScopeDiscovery  *self);
/* requests of one poll, as the last one had them; at least 1 */
guint           scope_discovery_get_requests    (ScopeDiscovery  *self);
/* at the present interval; 0: nothing is asked */
guint           scope_discovery_get_requests_a_day (ScopeDiscovery *self);
/* why the last poll failed; NULL: it did not */
const char     *scope_discovery_get_problem     (ScopeDiscovery  *self);
/* what to do about it; nullable */
const char     *scope_discovery_get_advice      (ScopeDiscovery  *self);
/* HTTP's; 0: there was no answer */
guint           scope_discovery_get_status      (ScopeDiscovery  *self);
/* nothing can be asked as things stand: app id or secret is missing */
gboolean        scope_discovery_get_unavailable (ScopeDiscovery  *self);
/* under the prefix: occupied channels; a prefix of its own begins anew */
const ScopeOccupancy *
                scope_discovery_get_history     (ScopeDiscovery  *self);

G_END_DECLS
