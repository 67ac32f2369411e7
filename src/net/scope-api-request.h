/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "net/scope-connection-options.h"

G_BEGIN_DECLS

/* One signed GET of the HTTP API (protocol.md §9). Needs app id, key and secret in the options. The answer's body
 * is read up to SCOPE_LIMIT_ERROR_TEXT_BYTES; no redirect is followed. */
void  scope_api_get_async  (const ScopeConnectionOptions *options,
                            const char                   *path,   /* "/channels/x", after /apps/ID */
                            gint64                        timestamp,
                            GCancellable                 *cancellable,
                            GAsyncReadyCallback           callback,
                            gpointer                      user_data);
/* the body's start (transfer full); *status is set whenever the server answered */
char *scope_api_get_finish (GAsyncResult                 *result,
                            guint                        *status,
                            GError                      **error);

G_END_DECLS
