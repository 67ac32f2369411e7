/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-member.h"

G_BEGIN_DECLS

ScopeMember *_scope_member_new           (const char  *user_id,
                                          const char  *user_info,
                                          gint64       since_usec,
                                          gboolean     since_known);
void         _scope_member_set_user_info (ScopeMember *self,
                                          const char  *user_info);
void         _scope_member_set_since     (ScopeMember *self,
                                          gint64       since_usec,
                                          gboolean     since_known);
void         _scope_member_set_me        (ScopeMember *self,
                                          gboolean     me);

G_END_DECLS
