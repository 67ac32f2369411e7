/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "net/scope-connection-options.h"

G_BEGIN_DECLS

/* How a message is trusted and routed, the same for sockets and requests. */

/* the options' proxy, else the system's */
SoupSession *scope_trust_new_session  (const char  *proxy);
/* adds ca_file (nullable) to the system's trust for this message; FALSE if it can't be read */
gboolean     scope_trust_prepare      (SoupMessage *message,
                                       const char  *ca_file,
                                       GError     **error);
/* whether a certificate whose authority the system does not know is good by extra_trust */
gboolean     scope_trust_accepts      (GTlsDatabase         *extra_trust,
                                       GTlsCertificate      *certificate,
                                       GTlsCertificateFlags  flaws,
                                       const char           *host);
/* what was wrong with the server's certificate, and the next step (transfer full); NULL if nothing was */
char        *scope_trust_describe     (SoupMessage *message);

G_END_DECLS
