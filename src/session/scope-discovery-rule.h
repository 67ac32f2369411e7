/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "protocol/scope-channel-name.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DISCOVERY_RULE (scope_discovery_rule_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDiscoveryRule, scope_discovery_rule, SCOPE, DISCOVERY_RULE, GObject)

/**
 * ScopeDiscoveryRule:
 *
 * "Subscribe to `private-order-*` as they appear, at most 50." As text: `private-order-* 50`; with `join` behind
 * it, presence channels too, as a member everyone sees. Emits `changed ()` when its figures are others.
 */
/* limit: 1 to SCOPE_LIMIT_CHANNELS */
ScopeDiscoveryRule *scope_discovery_rule_new             (const char         *pattern,
                                                          guint               limit,
                                                          gboolean            joins_presence,
                                                          GError            **error);
ScopeDiscoveryRule *scope_discovery_rule_new_from_text   (const char         *text,
                                                          GError            **error);
char               *scope_discovery_rule_to_text         (ScopeDiscoveryRule *self);
/* "private-order-*" */
const char         *scope_discovery_rule_get_pattern     (ScopeDiscoveryRule *self);
/* the pattern without its asterisk */
const char         *scope_discovery_rule_get_prefix      (ScopeDiscoveryRule *self);
guint               scope_discovery_rule_get_limit       (ScopeDiscoveryRule *self);
gboolean            scope_discovery_rule_get_joins_presence (ScopeDiscoveryRule *self);
/* by name and by kind */
gboolean            scope_discovery_rule_matches         (ScopeDiscoveryRule *self,
                                                          const char         *channel);
/* of the session's channels, how many it speaks of, whoever subscribed to them */
guint               scope_discovery_rule_get_n_subscribed (ScopeDiscoveryRule *self);
/* occupied, and not subscribed to because of the limit */
guint               scope_discovery_rule_get_n_waiting   (ScopeDiscoveryRule *self);
/* why the last one could not be subscribed to; NULL: it could */
const char         *scope_discovery_rule_get_problem     (ScopeDiscoveryRule *self);
/* the discovery tells */
void                scope_discovery_rule_set_figures     (ScopeDiscoveryRule *self,
                                                          guint               n_subscribed,
                                                          guint               n_waiting,
                                                          const char         *problem);
/* of a pattern: "*" at its end and nowhere else; what it begins with is set (transfer full) */
gboolean            scope_discovery_pattern_check        (const char         *pattern,
                                                          char              **prefix,
                                                          GError            **error);

G_END_DECLS
