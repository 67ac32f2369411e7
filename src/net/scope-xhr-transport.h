/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "base/scope-clock.h"
#include "net/scope-connection-options.h"
#include "net/scope-transport.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_XHR_TRANSPORT (scope_xhr_transport_get_type ())

G_DECLARE_FINAL_TYPE (ScopeXhrTransport, scope_xhr_transport, SCOPE, XHR_TRANSPORT, ScopeTransport)

/* The HTTP transports, protocol.md §7.1–7.2: xhr_streaming, xhr_polling, and sockjs, which is both of them with
 * SockJS's own addresses. options are read now, not kept. */
ScopeTransport *scope_xhr_transport_new (const ScopeConnectionOptions *options,
                                         ScopeTransportKinds           kind,
                                         gboolean                      use_tls,
                                         ScopeClock                   *clock);

G_END_DECLS
