/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/scope-transport.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_MEMORY_TRANSPORT (scope_memory_transport_get_type ())

G_DECLARE_FINAL_TYPE (ScopeMemoryTransport, scope_memory_transport, SCOPE, MEMORY_TRANSPORT, ScopeTransport)

/**
 * ScopeMemoryTransport:
 *
 * A transport without a socket: what the other side does is done by calls, what we sent is looked
 * up. For tests of everything above the transport.
 */
ScopeMemoryTransport *scope_memory_transport_new     (const char           *name);

/* the other side */
void        scope_memory_transport_accept            (ScopeMemoryTransport *self);
void        scope_memory_transport_receive           (ScopeMemoryTransport *self,
                                                      const char           *frame);
void        scope_memory_transport_receive_bytes     (ScopeMemoryTransport *self,
                                                      GBytes               *frame);
void        scope_memory_transport_drop              (ScopeMemoryTransport *self,
                                                      guint                 code,
                                                      const char           *reason);
void        scope_memory_transport_fail              (ScopeMemoryTransport *self,
                                                      const GError         *error,
                                                      guint                 status,
                                                      const char           *body);

/* what we did: the frames sent since the last take (transfer full, NULL-terminated) */
char      **scope_memory_transport_take_sent         (ScopeMemoryTransport *self);
gboolean    scope_memory_transport_was_opened        (ScopeMemoryTransport *self);
gboolean    scope_memory_transport_was_abandoned     (ScopeMemoryTransport *self);
guint       scope_memory_transport_get_close_code    (ScopeMemoryTransport *self); /* 0: not asked */

G_END_DECLS
