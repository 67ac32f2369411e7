/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "net/scope-report.h"
#include "protocol/scope-channel-name.h"
#include "session/scope-member.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CHANNEL (scope_channel_get_type ())

G_DECLARE_FINAL_TYPE (ScopeChannel, scope_channel, SCOPE, CHANNEL, GObject)

/* One channel the user wants. Properties, all notified (counts at most once per display frame): name, kind (int),
 * status (int ScopeSubscriptionStatus), status-text (translated words), error-text (nullable, translated, with
 * status), event-count (uint64), member-count (uint), subscription-count (int64, -1 unknown), rate-text
 * (events/s over the last 10 s). `members`: GListModel of ScopeMember, by name; empty unless presence. unseen (bool):
 * the members are watched without joining; it is not subscribed to then, and never has events. watched (bool): subscribed, or
 * unseen with a list of members that is up to date. */
const char       *scope_channel_get_name        (ScopeChannel *self);
ScopeChannelKind  scope_channel_get_kind        (ScopeChannel *self);
ScopeSubscriptionStatus scope_channel_get_status (ScopeChannel *self);
const char       *scope_channel_get_error_text  (ScopeChannel *self);
guint64           scope_channel_get_event_count (ScopeChannel *self);
guint             scope_channel_get_member_count (ScopeChannel *self);
gint64            scope_channel_get_subscription_count (ScopeChannel *self);
double            scope_channel_get_rate        (ScopeChannel *self);
/* events in each of the last seconds, the oldest first; nothing for an opened capture */
#define SCOPE_CHANNEL_RECENT_SECONDS 60
void              scope_channel_get_recent      (ScopeChannel *self,
                                                 gint64        monotonic_usec,
                                                 guint32      *counts);
GListModel       *scope_channel_get_members     (ScopeChannel *self);   /* transfer none */
gboolean          scope_channel_get_unseen      (ScopeChannel *self);
gboolean          scope_channel_get_watched     (ScopeChannel *self);

G_END_DECLS
