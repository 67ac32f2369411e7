/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sandbox/scope-sandbox.h"

G_BEGIN_DECLS

/* A recording that is sent again, as it happened, in slices of the main loop. */

typedef struct _ScopeSandboxReplay ScopeSandboxReplay;

/* sandbox is not referenced: it owns its replay */
ScopeSandboxReplay *scope_sandbox_replay_new  (ScopeSandbox            *sandbox,
                                               const ScopeReplaySource *source,
                                               gpointer                 user_data,
                                               double                   speed);
void                scope_sandbox_replay_free (ScopeSandboxReplay      *self);
/* who is subscribed to what may be different */
void                scope_sandbox_replay_look (ScopeSandboxReplay      *self);
/* the source has some again */
void                scope_sandbox_replay_wake (ScopeSandboxReplay      *self);

G_END_DECLS
