/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sandbox/scope-sandbox-wire.h"

G_BEGIN_DECLS

/* Who is signed in, and who watches whom (protocol.md §4.5, the server's side). */

#define SCOPE_SANDBOX_WATCHLIST 100 /* protocol.md §1.7, 4302 */

/* what a sign-in carries */
typedef struct
{
  char *id;
  char *info;              /* compact JSON text, or NULL */
  char **watchlist;        /* at most SCOPE_SANDBOX_WATCHLIST */
  gboolean watchlist_is_cut;
} ScopeSandboxUser;

/* NULL, and *refusal (transfer full) tells why */
ScopeSandboxUser  *scope_sandbox_user_read   (const char             *user_data,
                                              char                  **refusal);
void               scope_sandbox_user_free   (ScopeSandboxUser       *self);

typedef struct _ScopeSandboxUsers ScopeSandboxUsers;

ScopeSandboxUsers *scope_sandbox_users_new   (void);
void               scope_sandbox_users_free  (ScopeSandboxUsers      *self);
/* A wire signs in: it is told who of its watchlist is there, and those who watch it that it is. user
 * must outlive the wire's stay. */
void               scope_sandbox_users_enter (ScopeSandboxUsers      *self,
                                              ScopeSandboxWire       *wire,
                                              const ScopeSandboxUser *user);
/* harmless for a wire that did not sign in */
void               scope_sandbox_users_leave (ScopeSandboxUsers      *self,
                                              ScopeSandboxWire       *wire);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeSandboxUser, scope_sandbox_user_free)

G_END_DECLS
