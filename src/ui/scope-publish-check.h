/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "json/scope-json.h"

G_BEGIN_DECLS

#define SCOPE_CLIENT_EVENT_PREFIX "client-"

/* What a form says of a client event before it is sent, as scope_connection_send_event() would.
 * Each returns what is wrong, or NULL (transfer full). */
char *scope_publish_check_event (const char *event);
char *scope_publish_check_data  (const char *data,
                                 gsize       max_bytes);

/* "Not JSON: … (line 2, column 5)." (transfer full) */
char *scope_publish_describe_problem (const char             *data,
                                      const ScopeJsonProblem *problem);

/* "312 B of 10.2 kB (3 %), valid JSON" (transfer full) */
char *scope_publish_describe_data (const char *data,
                                   gsize       max_bytes);

/* for a composer: a name with the prefix, and JSON whatever came (transfer full) */
char *scope_publish_dup_event   (const char *event);
char *scope_publish_dup_data    (const char *data,
                                 gsize       length);

G_END_DECLS
