/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "protocol/scope-channel-name.h"
#include "sandbox/scope-sandbox-wire.h"

G_BEGIN_DECLS

/* One channel: who is subscribed, who is present, and the last event of a cache channel.
 * Frames for the subscribers are sent from here. */

#define SCOPE_SANDBOX_USER_BYTES 1024                       /* protocol.md §3.4 */
#define SCOPE_SANDBOX_USER_ID_CHARS 128                     /* protocol.md §3.4 */
#define SCOPE_SANDBOX_CACHE_USEC (30 * 60 * G_USEC_PER_SEC) /* protocol.md §3.2 */

typedef struct _ScopeSandboxChannel ScopeSandboxChannel;

ScopeSandboxChannel *scope_sandbox_channel_new              (const char          *name);
void                 scope_sandbox_channel_free             (ScopeSandboxChannel *self);

const char          *scope_sandbox_channel_get_name         (ScopeSandboxChannel *self);
ScopeChannelKind     scope_sandbox_channel_get_kind         (ScopeSandboxChannel *self);
/* someone is subscribed or present */
gboolean             scope_sandbox_channel_is_occupied      (ScopeSandboxChannel *self);
/* nothing would be lost with it */
gboolean             scope_sandbox_channel_is_vacant        (ScopeSandboxChannel *self);

/* subscribers that have no socket: they make it occupied, and count in the HTTP API */
void                 scope_sandbox_channel_set_crowd        (ScopeSandboxChannel *self,
                                                             guint                n);
guint                scope_sandbox_channel_count_subscriptions (ScopeSandboxChannel *self);

/* subscribers: wires, not owned; one each */
void                 scope_sandbox_channel_add_wire         (ScopeSandboxChannel *self,
                                                             ScopeSandboxWire    *wire);
void                 scope_sandbox_channel_remove_wire      (ScopeSandboxChannel *self,
                                                             ScopeSandboxWire    *wire);
guint                scope_sandbox_channel_count_wires      (ScopeSandboxChannel *self);
void                 scope_sandbox_channel_send             (ScopeSandboxChannel *self,
                                                             GBytes              *frame,
                                                             ScopeSandboxWire    *except);
void                 scope_sandbox_channel_set_corked       (ScopeSandboxChannel *self,
                                                             gboolean             corked);
/* bytes that wait for the slowest subscriber */
gsize                scope_sandbox_channel_get_queued       (ScopeSandboxChannel *self);

/* members: by user id, whatever the number of their sockets (protocol.md §3.4). Both tell the
 * others, if that was the user's first or last socket. except: whom not to tell. */
gboolean             scope_sandbox_channel_has_user         (ScopeSandboxChannel *self,
                                                             const char          *user_id);
guint                scope_sandbox_channel_count_users      (ScopeSandboxChannel *self);
/* of them those with a socket */
guint                scope_sandbox_channel_count_guests     (ScopeSandboxChannel *self);
const char          *scope_sandbox_channel_get_user         (ScopeSandboxChannel *self,
                                                             guint                index);
void                 scope_sandbox_channel_hold_user        (ScopeSandboxChannel *self,
                                                             const char          *user_id,
                                                             const char          *user_info,
                                                             ScopeSandboxWire    *except);
void                 scope_sandbox_channel_drop_user        (ScopeSandboxChannel *self,
                                                             const char          *user_id);
/* a member without a socket; joining twice renews what is known of it */
void                 scope_sandbox_channel_join             (ScopeSandboxChannel *self,
                                                             const char          *user_id,
                                                             const char          *user_info);
void                 scope_sandbox_channel_leave            (ScopeSandboxChannel *self,
                                                             const char          *user_id);
char               **scope_sandbox_channel_dup_residents    (ScopeSandboxChannel *self);
/* what subscription_succeeded carries: "{}" or the presence hash */
char                *scope_sandbox_channel_dup_welcome      (ScopeSandboxChannel *self);

/* the last event of a cache channel, while it is fresh (protocol.md §3.2) */
void                 scope_sandbox_channel_set_cached       (ScopeSandboxChannel *self,
                                                             GBytes              *frame,
                                                             const char          *data_token,
                                                             gsize                data_length);
/* (transfer none, nullable); ttl: seconds left */
GBytes              *scope_sandbox_channel_get_cached       (ScopeSandboxChannel *self,
                                                             const char         **data_token,
                                                             guint               *ttl);

G_END_DECLS
