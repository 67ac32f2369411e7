/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-channel.h"
#include "session/scope-member-list.h"

G_BEGIN_DECLS

ScopeChannel    *_scope_channel_new         (const char              *name);
/* text: of the status, translated */
void             _scope_channel_set_status  (ScopeChannel            *self,
                                             ScopeSubscriptionStatus  status,
                                             const char              *text,
                                             const char              *error_text);
/* current: its list of members is that of the last poll */
void             _scope_channel_set_unseen  (ScopeChannel            *self,
                                             gboolean                 unseen,
                                             gboolean                 current);
/* These only count; _scope_channel_flush() tells. monotonic_usec 0: not for the rate. */
void             _scope_channel_count_event (ScopeChannel            *self,
                                             gint64                   monotonic_usec);
void             _scope_channel_set_subscription_count (ScopeChannel *self,
                                                        gint64        count);
ScopeMemberList *_scope_channel_get_member_list (ScopeChannel        *self);

/* Notifies what has changed since the last call. TRUE while the rate is above 0, and so will
 * change by itself. */
gboolean         _scope_channel_flush       (ScopeChannel            *self,
                                             gint64                   monotonic_usec);
/* TRUE the first time something has changed since the last flush */
gboolean         _scope_channel_mark_dirty  (ScopeChannel            *self);

G_END_DECLS
