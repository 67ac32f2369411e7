/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "net/scope-connection-options.h"

G_BEGIN_DECLS

/* "Test Connection" of the profile editor: opens a connection of its own, waits for the handshake, with an endpoint or a
 * secret subscribes to a private channel to see whether the server accepts the authorization, and signs in if that is
 * configured. Bounded by the longest attempt plus twice the authorization limit. */
void  scope_connection_test_async  (const ScopeConnectionOptions *options,
                                    GCancellable                 *cancellable,
                                    GAsyncReadyCallback           callback,
                                    gpointer                      user_data);
/* a translated sentence: "Connected in 34 ms. The app secret is accepted." (transfer full), or NULL with what
 * went wrong and the next step */
char *scope_connection_test_finish (GAsyncResult                 *result,
                                    GError                      **error);

G_END_DECLS
