/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "protocol/scope-roster.h"
#include "session/scope-learnt-names.h"
#include "session/scope-member.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_MEMBER_LIST (scope_member_list_get_type ())

G_DECLARE_FINAL_TYPE (ScopeMemberList, scope_member_list, SCOPE, MEMBER_LIST, GObject)

/* The members of one presence channel, a GListModel of ScopeMember by name. */
ScopeMemberList *_scope_member_list_new    (void);
/* what to call those whose user_info does not say; followed */
void             _scope_member_list_set_names (ScopeMemberList      *self,
                                             ScopeLearntNames        *names);
/* all of them, as the server listed them at now_usec */
void             _scope_member_list_load   (ScopeMemberList         *self,
                                            const ScopeRosterMember *members,
                                            guint                    n_members,
                                            gint64                   now_usec);
/* came, or has another user_info */
void             _scope_member_list_put    (ScopeMemberList         *self,
                                            const ScopeRosterMember *member,
                                            gint64                   now_usec);
void             _scope_member_list_remove (ScopeMemberList         *self,
                                            const char              *user_id);
void             _scope_member_list_clear  (ScopeMemberList         *self);
void             _scope_member_list_set_me (ScopeMemberList         *self,
                                            const char              *user_id);
guint            _scope_member_list_get_count (ScopeMemberList      *self);

G_END_DECLS
