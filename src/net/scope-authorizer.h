/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "net/scope-connection-options.h"
#include "protocol/scope-auth-reply.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_AUTHORIZER (scope_authorizer_get_type ())

G_DECLARE_FINAL_TYPE (ScopeAuthorizer, scope_authorizer, SCOPE, AUTHORIZER, GObject)

/**
 * ScopeAuthorizer:
 *
 * Asks authorization endpoints (protocol.md §4.1): five at a time, the others wait in order; 10 s for one, command
 * values and redirects included; a redirect to another origin is not followed when headers are attached. No retry.
 * The owner drops replies that belong to another socket (it tags them), and cancels what it no longer needs.
 */
ScopeAuthorizer *scope_authorizer_new (const ScopeConnectionOptions *options); /* copied */
/* for requests from now on */
void             scope_authorizer_set_options (ScopeAuthorizer              *self,
                                               const ScopeConnectionOptions *options);
/* channel NULL: a user's authentication */
void             scope_authorizer_request_async  (ScopeAuthorizer     *self,
                                                  ScopeAuthPurpose     purpose,
                                                  const char          *socket_id,
                                                  const char          *channel,
                                                  gboolean             signed_in,
                                                  GCancellable        *cancellable,
                                                  GAsyncReadyCallback  callback,
                                                  gpointer             user_data);
/* Errors: SCOPE_ERROR_REFUSED (another status than 200 or 201: the text holds the status and the body's start),
 * _PROTOCOL (§4.2), _LIMIT, _TIMED_OUT, _USAGE (a field's command), G_IO_ERROR_*. *status: of the answer, 0 if none
 * came. */
ScopeAuthReply  *scope_authorizer_request_finish (ScopeAuthorizer     *self,
                                                  GAsyncResult        *result,
                                                  guint               *status,
                                                  GError             **error);

G_END_DECLS
