/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_MEMBER (scope_member_get_type ())

G_DECLARE_FINAL_TYPE (ScopeMember, scope_member, SCOPE, MEMBER, GObject)

/* Properties, all notified: user-id, name (from user_info; else as learnt elsewhere, which name-is-learnt (bool) tells; else the id),
 * user-info (JSON text or NULL), since-usec (int64, wall clock), since-known (bool: FALSE: was there already when we
 * looked, so "since" is a lower bound), me (bool). */
const char *scope_member_get_user_id     (ScopeMember *self);
const char *scope_member_get_name        (ScopeMember *self);
gboolean    scope_member_get_name_is_learnt (ScopeMember *self);
const char *scope_member_get_user_info   (ScopeMember *self);
gint64      scope_member_get_since_usec  (ScopeMember *self);
gboolean    scope_member_get_since_known (ScopeMember *self);
gboolean    scope_member_get_me          (ScopeMember *self);

G_END_DECLS
