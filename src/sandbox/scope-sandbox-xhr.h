/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sandbox/scope-sandbox.h"
#include "sandbox/scope-sandbox-wire.h"

G_BEGIN_DECLS

/* The HTTP transports' side of the server, protocol.md §7.1–7.2: sessions of one client each, held by requests
 * that come and go. `…/app/KEY/SERVER/SESSION/{xhr_streaming,xhr,xhr_send}`, and for SockJS
 * `…/SERVER/SESSION/…`, where the first message says which application is meant. */

#define SCOPE_SANDBOX_XHR_SESSIONS 1000
#define SCOPE_SANDBOX_XHR_HEARTBEAT_SECONDS 25
#define SCOPE_SANDBOX_XHR_GONE_SECONDS 5   /* without a request that receives */

typedef struct _ScopeSandboxXhrs ScopeSandboxXhrs; /* all sessions */

ScopeSandboxXhrs *scope_sandbox_xhrs_new       (ScopeSandbox      *sandbox);
void              scope_sandbox_xhrs_free      (ScopeSandboxXhrs  *self);

gboolean          scope_sandbox_xhr_owns_path  (const char        *path);
/* answers, now or as frames come */
void              scope_sandbox_xhrs_answer    (ScopeSandboxXhrs  *self,
                                                SoupServerMessage *message,
                                                const char        *path);

/* for the wire */
void              scope_sandbox_xhr_set_wire   (ScopeSandboxXhr   *self,
                                                ScopeSandboxWire  *wire);
void              scope_sandbox_xhr_send       (ScopeSandboxXhr   *self,
                                                GBytes            *frame);
gsize             scope_sandbox_xhr_get_queued (ScopeSandboxXhr   *self);
void              scope_sandbox_xhr_close      (ScopeSandboxXhr   *self,
                                                guint              code,
                                                const char        *reason);
gboolean          scope_sandbox_xhr_is_open    (ScopeSandboxXhr   *self);

G_END_DECLS
