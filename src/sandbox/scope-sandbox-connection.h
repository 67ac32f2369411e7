/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sandbox/scope-sandbox-wire.h"
#include "sandbox/scope-sandbox.h"

G_BEGIN_DECLS

/* One client: what its frames ask for and what it is subscribed to. */

typedef struct _ScopeSandboxConnection ScopeSandboxConnection;

/* sandbox is not referenced: it owns its connections */
ScopeSandboxConnection *scope_sandbox_connection_new        (ScopeSandbox            *sandbox,
                                                             SoupWebsocketConnection *websocket,
                                                             const char              *socket_id);
ScopeSandboxConnection *scope_sandbox_connection_new_xhr    (ScopeSandbox            *sandbox,
                                                             ScopeSandboxXhr         *xhr,
                                                             const char              *socket_id);
void                    scope_sandbox_connection_free       (ScopeSandboxConnection  *self);

/* exactly one of these two comes first */
void                    scope_sandbox_connection_welcome    (ScopeSandboxConnection  *self,
                                                             guint                    seconds);
void                    scope_sandbox_connection_refuse     (ScopeSandboxConnection  *self,
                                                             guint                    protocol,
                                                             guint                    code,
                                                             const char              *text);

/* code 0: without a close frame */
void                    scope_sandbox_connection_close      (ScopeSandboxConnection  *self,
                                                             guint                    code,
                                                             const char              *text);
const char             *scope_sandbox_connection_get_id     (ScopeSandboxConnection  *self);
/* nullable */
const char             *scope_sandbox_connection_get_user_id (ScopeSandboxConnection *self);
ScopeSandboxWire       *scope_sandbox_connection_get_wire   (ScopeSandboxConnection  *self);
/* welcomed, and not closing */
gboolean                scope_sandbox_connection_is_open    (ScopeSandboxConnection  *self);

G_END_DECLS
