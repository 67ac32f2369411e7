/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "protocol/scope-channel-name.h"
#include "session/scope-occupancy.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_FOUND_CHANNEL (scope_found_channel_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFoundChannel, scope_found_channel, SCOPE, FOUND_CHANNEL, GObject)

/**
 * ScopeFoundChannel:
 *
 * A channel that the server's list told of. Emits `changed ()` when anything but its history is another.
 */
const char       *scope_found_channel_get_name           (ScopeFoundChannel *self);
ScopeChannelKind  scope_found_channel_get_kind           (ScopeFoundChannel *self);
gboolean          scope_found_channel_get_occupied       (ScopeFoundChannel *self);
/* -1: not told */
gint64            scope_found_channel_get_user_count     (ScopeFoundChannel *self);
gint64            scope_found_channel_get_subscription_count (ScopeFoundChannel *self);
/* wall: since when the list has had it; 0: it was there before anybody looked */
gint64            scope_found_channel_get_appeared_usec  (ScopeFoundChannel *self);
/* wall: of the first poll that did not find it; 0: occupied */
gint64            scope_found_channel_get_empty_usec     (ScopeFoundChannel *self);
/* it appeared a short while ago */
gboolean          scope_found_channel_get_new            (ScopeFoundChannel *self);
/* by this session: which keeps it occupied */
gboolean          scope_found_channel_get_subscribed     (ScopeFoundChannel *self);
/* of users, else of subscriptions, else 1 and 0 */
const ScopeOccupancy *
                  scope_found_channel_get_history        (ScopeFoundChannel *self);
/* numbers within names count as numbers; names that begin alike stand together */
int               scope_found_channel_compare_names      (const char        *a,
                                                          const char        *b);

G_END_DECLS
