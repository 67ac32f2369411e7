/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "base/scope-clock.h"
#include "net/scope-api-event.h"
#include "net/scope-api-reply.h"
#include "net/scope-connection-options.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_API_CLIENT (scope_api_client_get_type ())

G_DECLARE_FINAL_TYPE (ScopeApiClient, scope_api_client, SCOPE, API_CLIENT, GObject)

/**
 * ScopeApiClient:
 *
 * The HTTP API of one app (protocol.md §9): signed requests over connections that are kept alive. A request that
 * may have published anything is never sent again by itself. Main thread only.
 *
 * Each call has a time limit, SCOPE_WAIT_API_USEC, and may be cancelled; with TLS or a proxy getting connected has
 * that of the options' connect_timeout. What became of it is told by scope_api_client_call_finish(), of a cancelled
 * one too. That gives an error only if nothing was sent because the
 * request itself is wrong (SCOPE_ERROR_USAGE).
 *
 * Properties, notified: clock-skew-usec (int64): how far this machine's clock is before the server's by the last
 * answer that told the time, 0 while that is within half a minute.
 */

/* options are copied; key, app id and secret must be set */
ScopeApiClient *scope_api_client_new             (const ScopeConnectionOptions *options,
                                                  ScopeClock                   *clock);

/* POST events; a user is the channel #server-to-user-ID */
void            scope_api_client_publish_async   (ScopeApiClient               *self,
                                                  const ScopeApiEvent          *event,
                                                  GCancellable                 *cancellable,
                                                  GAsyncReadyCallback           callback,
                                                  gpointer                      user_data);
/* POST batch_events; events: ScopeApiEvent *, up to SCOPE_LIMIT_BATCH_EVENTS */
void            scope_api_client_publish_batch_async (ScopeApiClient           *self,
                                                  GPtrArray                    *events,
                                                  GCancellable                 *cancellable,
                                                  GAsyncReadyCallback           callback,
                                                  gpointer                      user_data);
/* GET channels; prefix and info may be NULL */
void            scope_api_client_list_channels_async (ScopeApiClient           *self,
                                                  const char                   *prefix,
                                                  const char                   *info,
                                                  GCancellable                 *cancellable,
                                                  GAsyncReadyCallback           callback,
                                                  gpointer                      user_data);
/* GET channels/NAME; info may be NULL */
void            scope_api_client_get_channel_async (ScopeApiClient             *self,
                                                  const char                   *channel,
                                                  const char                   *info,
                                                  GCancellable                 *cancellable,
                                                  GAsyncReadyCallback           callback,
                                                  gpointer                      user_data);
/* GET channels/NAME/users */
void            scope_api_client_list_users_async (ScopeApiClient              *self,
                                                  const char                   *channel,
                                                  GCancellable                 *cancellable,
                                                  GAsyncReadyCallback           callback,
                                                  gpointer                      user_data);
/* POST users/ID/terminate_connections */
void            scope_api_client_terminate_user_async (ScopeApiClient          *self,
                                                  const char                   *user_id,
                                                  GCancellable                 *cancellable,
                                                  GAsyncReadyCallback           callback,
                                                  gpointer                      user_data);
gint64          scope_api_client_get_clock_skew_usec (ScopeApiClient           *self);
/* whether requests are signed with the server's time instead of this machine's: off until somebody wants it */
gboolean        scope_api_client_get_uses_server_time (ScopeApiClient          *self);
void            scope_api_client_set_uses_server_time (ScopeApiClient          *self,
                                                  gboolean                      uses_server_time);
/* what requests are signed with now */
gint64          scope_api_client_get_signing_usec (ScopeApiClient              *self);
/* what another client of the same server has learnt of its time, and was told to do with it */
void            scope_api_client_take_time       (ScopeApiClient               *self,
                                                  ScopeApiClient               *other);
/* of every call above (transfer full) */
ScopeApiReply  *scope_api_client_call_finish     (ScopeApiClient               *self,
                                                  GAsyncResult                 *result,
                                                  GError                      **error);

G_END_DECLS
