/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-learnt-names.h"
#include "session/scope-member.h"

G_BEGIN_DECLS

ScopeMember *_scope_member_new           (const char  *user_id,
                                          const char  *user_info,
                                          gint64       since_usec,
                                          gboolean     since_known);
void         _scope_member_set_user_info (ScopeMember *self,
                                          const char  *user_info);
void         _scope_member_set_me        (ScopeMember *self,
                                          gboolean     me);

/* what to call it if its own user_info does not say; nullable */
void         _scope_member_set_names     (ScopeMember      *self,
                                          ScopeLearntNames *names);
/* after the names have changed */
void         _scope_member_update_name   (ScopeMember *self);

G_END_DECLS
