/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-member.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_MEMBER_ROW (scope_member_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeMemberRow, scope_member_row, SCOPE, MEMBER_ROW, AdwBin)

/* One person of a presence channel: name, id, since when, user_info in a popover. */
GtkWidget   *scope_member_row_new        (void);
ScopeMember *scope_member_row_get_member (ScopeMemberRow *self);         /* nullable */
void         scope_member_row_set_member (ScopeMemberRow *self,
                                          ScopeMember    *member);
/* how long ago changes by itself; now: wall clock */
void         scope_member_row_refresh    (ScopeMemberRow *self,
                                          gint64          now_usec);
void         scope_member_row_show_details (ScopeMemberRow *self);

G_END_DECLS
