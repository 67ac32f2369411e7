/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/scope-connection-options.h"

G_BEGIN_DECLS

/* One rule per field, for editors that check as one types; each SCOPE_ERROR_USAGE */
gboolean scope_check_key                    (const char *key, GError **error);
gboolean scope_check_cluster                (const char *cluster, GError **error);
gboolean scope_check_host                   (const char *host, GError **error);
gboolean scope_check_port                   (const char *port, guint *value, GError **error);
gboolean scope_check_path                   (const char *path, GError **error);
gboolean scope_check_header                 (const char *header, GError **error);
gboolean scope_check_origin                 (const char *origin, GError **error);
gboolean scope_check_proxy                  (const char *proxy, GError **error);
gboolean scope_check_seconds                (const char *seconds, double *value, GError **error);
/* {"user_id":…,"user_info":…}: id becomes text, info stays JSON text (both transfer full) */
gboolean scope_check_presence_user          (const char *json, char **user_id, char **user_info, GError **error);
gboolean scope_check_transports             (const char *list, ScopeTransportKinds *kinds, GError **error);
gboolean scope_check_param                  (const char *param, GError **error);
gboolean scope_check_endpoint               (const char *url, GError **error);
gboolean scope_check_auth_transport         (const char *name, ScopeAuthTransport *transport, GError **error);
gboolean scope_check_auth_method            (const char *name, ScopeAuthMethod *method, GError **error);
/* {"id":…,"user_info":…,"watchlist":[…]}: the id (transfer full, optional) */
gboolean scope_check_user_data              (const char *json, char **id, GError **error);

G_END_DECLS
