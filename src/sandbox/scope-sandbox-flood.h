/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sandbox/scope-sandbox.h"

G_BEGIN_DECLS

/* Many numbered events on one channel, in slices of the main loop. */

typedef struct _ScopeSandboxFlood ScopeSandboxFlood;

/* sandbox is not referenced: it owns its floods. When all events are sent,
 * _scope_sandbox_forget_flood() is called. */
ScopeSandboxFlood *scope_sandbox_flood_new  (ScopeSandbox      *sandbox,
                                             const char        *channel,
                                             guint              n,
                                             gsize              size,
                                             double             seconds);
void               scope_sandbox_flood_free (ScopeSandboxFlood *self);

G_END_DECLS
