/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The map under ScopeRoster: members by id, in order of joining; and how it is read. */

typedef struct
{
  char *user_id;
  char *user_info; /* JSON text, nullable */
  GList link;      /* in order */
} ScopeMember;

typedef struct
{
  GHashTable *by_id; /* char* of the member → ScopeMember, owned */
  GQueue order;
} ScopeMembers;

ScopeMembers *_scope_members_new   (void);
void          _scope_members_free  (ScopeMembers  *self);   /* nullable */
ScopeMember  *_scope_members_find  (ScopeMembers  *self,
                                    const char    *user_id);
/* new, or with other info than before; SCOPE_ERROR_LIMIT above SCOPE_LIMIT_MEMBERS */
gboolean      _scope_members_put   (ScopeMembers  *self,
                                    const char    *user_id,
                                    const char    *user_info,
                                    GError       **error);
void          _scope_members_drop  (ScopeMembers  *self,
                                    ScopeMember   *member);

/* data of subscription_succeeded; every shape of protocol.md §11 */
ScopeMembers *_scope_members_parse (const char    *data,
                                    gsize          length,
                                    GError       **error);
/* data of member_added and member_removed; user_info is not read if NULL */
gboolean      _scope_member_parse  (const char    *data,
                                    gsize          length,
                                    char         **user_id,
                                    char         **user_info,
                                    GError       **error);

G_END_DECLS
