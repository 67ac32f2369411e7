/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the doctor can find at fault, and what to do about it. Pure: tables. Texts are translated. */

typedef enum
{
  SCOPE_FAULT_NONE,

  /* the way there */
  SCOPE_FAULT_NAME_UNKNOWN,
  SCOPE_FAULT_CLUSTER_UNKNOWN,
  SCOPE_FAULT_NAME_SERVICE,
  SCOPE_FAULT_PORT_CLOSED,
  SCOPE_FAULT_NO_ROUTE,
  SCOPE_FAULT_SILENT,
  SCOPE_FAULT_PROXY,
  SCOPE_FAULT_PROXY_LOGIN,

  /* TLS */
  SCOPE_FAULT_TLS_NOT_SPOKEN,
  SCOPE_FAULT_TLS_SPOKEN,
  SCOPE_FAULT_TLS,
  SCOPE_FAULT_CA_FILE,
  SCOPE_FAULT_CERTIFICATE_EXPIRED,
  SCOPE_FAULT_CERTIFICATE_EARLY,
  SCOPE_FAULT_CERTIFICATE_NAME,
  SCOPE_FAULT_CERTIFICATE_SELF_SIGNED,
  SCOPE_FAULT_CERTIFICATE_AUTHORITY,
  SCOPE_FAULT_CERTIFICATE,

  /* the socket */
  SCOPE_FAULT_PATH,
  SCOPE_FAULT_LOGIN,
  SCOPE_FAULT_ORIGIN,
  SCOPE_FAULT_REDIRECT,
  SCOPE_FAULT_NOT_WEBSOCKET,
  SCOPE_FAULT_UPGRADE_SILENT,
  SCOPE_FAULT_GATEWAY,
  SCOPE_FAULT_OVERLOADED,
  SCOPE_FAULT_SERVER,
  SCOPE_FAULT_APP_UNKNOWN,
  SCOPE_FAULT_APP_NOT_IN_CLUSTER,
  SCOPE_FAULT_APP_DISABLED,
  SCOPE_FAULT_QUOTA,
  SCOPE_FAULT_GREETING,
  SCOPE_FAULT_GREETING_SILENT,
  SCOPE_FAULT_CLOSED,

  /* the HTTP API */
  SCOPE_FAULT_API_PLACE,
  SCOPE_FAULT_API_SECRET,
  SCOPE_FAULT_API_CLOCK,
  SCOPE_FAULT_API_KEY,
  SCOPE_FAULT_API_APP_ID,
  SCOPE_FAULT_API_REFUSED,

  /* authorization */
  SCOPE_FAULT_ENDPOINT_UNREACHED,
  SCOPE_FAULT_ENDPOINT_LOGIN,
  SCOPE_FAULT_ENDPOINT_REFUSED,
  SCOPE_FAULT_ENDPOINT_REDIRECT,
  SCOPE_FAULT_ENDPOINT_PAGE,
  SCOPE_FAULT_ENDPOINT_REPLY,
  SCOPE_FAULT_ENDPOINT_KEY,
  SCOPE_FAULT_ENDPOINT_SECRET,
  SCOPE_FAULT_ENDPOINT_MEMBER,
  SCOPE_FAULT_SIGNATURE,
  SCOPE_FAULT_SUBSCRIPTION,
  SCOPE_FAULT_SUBSCRIPTION_SILENT,
  SCOPE_N_FAULTS,
} ScopeFault;

/* what to do; NULL for SCOPE_FAULT_NONE */
const char *scope_fault_get_advice     (ScopeFault    fault);
/* whether it is put right in the profile */
gboolean    scope_fault_is_of_profile  (ScopeFault    fault);

/* of looking up a name */
ScopeFault  scope_fault_of_lookup      (const GError *error,
                                        gboolean      is_cluster);
/* of opening a TCP connection */
ScopeFault  scope_fault_of_connect     (const GError *error);
/* of an answer to the upgrade other than 101 */
ScopeFault  scope_fault_of_upgrade     (guint         status);
/* of a pusher:error that came first, or of a close; text (nullable): the server's */
ScopeFault  scope_fault_of_refusal     (guint         code,
                                        const char   *text);
/* of an answer of the HTTP API; clock_is_off: by more than servers take */
ScopeFault  scope_fault_of_api         (guint         status,
                                        const char   *body,
                                        gboolean      clock_is_off);
/* of an authorization endpoint that gave none; status: of its answer, 0 if none came */
ScopeFault  scope_fault_of_endpoint    (const GError *error,
                                        guint         status);

G_END_DECLS
