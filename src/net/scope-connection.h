/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "base/scope-clock.h"
#include "net/scope-connection-options.h"
#include "net/scope-report.h"
#include "net/scope-transport.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CONNECTION (scope_connection_get_type ())

G_DECLARE_FINAL_TYPE (ScopeConnection, scope_connection, SCOPE, CONNECTION, GObject)

/**
 * ScopeConnection:
 *
 * The only place where state machine, subscriptions, rosters, transport and timers meet: it carries out
 * what the pure parts decide, and reports everything in one ordered stream to one listener.
 */

typedef void (*ScopeReportFunc) (ScopeConnection   *connection,
                                 const ScopeReport *report,
                                 gpointer           user_data);
/* makes a transport for one attempt (transfer full); tests hand in their own */
typedef ScopeTransport *(*ScopeTransportFactory) (const ScopeConnectionOptions *options,
                                                  gboolean                      use_tls,
                                                  gpointer                      user_data);

/* makes one of the transports of an attempt (transfer full) */
typedef ScopeTransport *(*ScopeKindFactory)      (const ScopeConnectionOptions *options,
                                                  ScopeTransportKinds           kind,
                                                  gboolean                      use_tls,
                                                  gpointer                      user_data);

/* clock NULL: the system's. The options are copied. */
ScopeConnection *scope_connection_new           (const ScopeConnectionOptions *options,
                                                 ScopeClock                   *clock);
void             scope_connection_set_listener  (ScopeConnection              *self,
                                                 ScopeReportFunc               func,
                                                 gpointer                      user_data);
void             scope_connection_set_factory   (ScopeConnection              *self,
                                                 ScopeTransportFactory         factory,
                                                 gpointer                      user_data);
/* the same for each transport that an attempt tries */
void             scope_connection_set_kind_factory (ScopeConnection           *self,
                                                 ScopeKindFactory              factory,
                                                 gpointer                      user_data);
/* the longest that one attempt can take, over all its transports */
gint64           scope_connection_get_longest_attempt_usec (ScopeConnection   *self);
/* NULL: GNetworkMonitor's default. Before connect. */
void             scope_connection_set_network_monitor (ScopeConnection        *self,
                                                       GNetworkMonitor        *monitor);
/* takes effect with the next attempt */
void             scope_connection_set_options   (ScopeConnection              *self,
                                                 const ScopeConnectionOptions *options);
const ScopeConnectionOptions *
                 scope_connection_get_options   (ScopeConnection              *self);

/* as scope_transport_hold(), of the socket there is now */
void             scope_connection_hold_reading  (ScopeConnection              *self,
                                                 gboolean                      hold);

/* the user's wishes; both idempotent */
void             scope_connection_connect       (ScopeConnection              *self);
void             scope_connection_disconnect    (ScopeConnection              *self);
/* FALSE with SCOPE_ERROR_USAGE (name) or SCOPE_ERROR_LIMIT. Already wanted: TRUE, nothing happens. */
gboolean         scope_connection_subscribe     (ScopeConnection              *self,
                                                 const char                   *channel,
                                                 GError                      **error);
/* as whom a presence channel is joined, where that is signed here; user_id NULL: as the options say. user_info: JSON
 * text or NULL */
void             scope_connection_set_member    (ScopeConnection              *self,
                                                 const char                   *channel,
                                                 const char                   *user_id,
                                                 const char                   *user_info);
void             scope_connection_unsubscribe   (ScopeConnection              *self,
                                                 const char                   *channel);
/* protocol.md §6: refused here with the reason (SCOPE_ERROR_USAGE, _LIMIT, _NOT_CONNECTED), else sent and reported
 * as an outgoing EVENT. data_json: JSON text or NULL. */
gboolean         scope_connection_send_event    (ScopeConnection              *self,
                                                 const char                   *channel,
                                                 const char                   *event,
                                                 const char                   *data_json,
                                                 GError                      **error);
void             scope_connection_ping          (ScopeConnection              *self);
/* Signs in as a user now, or at the next connected, and after every reconnect (protocol.md §4.5): by the user endpoint if
 * there is one, else with user_data (JSON text; NULL: the options') and the secret. SCOPE_ERROR_USAGE if neither is known.
 * Options with an endpoint or user data sign in by themselves. */
gboolean         scope_connection_sign_in       (ScopeConnection              *self,
                                                 const char                   *user_data,
                                                 GError                      **error);
/* the user that is signed in, or NULL */
const char      *scope_connection_get_user_id   (ScopeConnection              *self);
/* after disconnect: waits until every socket has finished its close handshake, at most SCOPE_WAIT_CLOSE_USEC */
void             scope_connection_settle_async  (ScopeConnection              *self,
                                                 GAsyncReadyCallback           callback,
                                                 gpointer                      user_data);
gboolean         scope_connection_settle_finish (ScopeConnection              *self,
                                                 GAsyncResult                 *result,
                                                 GError                      **error);

ScopeState       scope_connection_get_state     (ScopeConnection              *self);
const char      *scope_connection_get_socket_id (ScopeConnection              *self);
gboolean         scope_connection_wants_connected (ScopeConnection            *self);
/* monotonic time of the next attempt, or 0 */
gint64           scope_connection_get_retry_at_usec (ScopeConnection          *self);

G_END_DECLS
