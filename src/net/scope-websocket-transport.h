/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/scope-connection-options.h"
#include "net/scope-transport.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_WEBSOCKET_TRANSPORT (scope_websocket_transport_get_type ())

G_DECLARE_FINAL_TYPE (ScopeWebsocketTransport, scope_websocket_transport, SCOPE, WEBSOCKET_TRANSPORT, ScopeTransport)

/* RFC 6455 over libsoup: `ws`, or `wss` when use_tls. The options are read now, not kept. */
ScopeTransport *scope_websocket_transport_new (const ScopeConnectionOptions *options,
                                               gboolean                      use_tls);

G_END_DECLS
