/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "sandbox/scope-sandbox.h"

G_BEGIN_DECLS

/* The HTTP API of the sandbox (protocol.md §9). */

#define SCOPE_SANDBOX_BODY_BYTES (1024 * 1024)

/* path is `…/apps/ID…`, as it was sent: not decoded */
gboolean scope_sandbox_http_owns_path  (const char        *path);
/* as soon as the headers are there: bounds the body */
void     scope_sandbox_http_guard_body (SoupServerMessage *message);
/* the same, with the answer: nothing of the body is kept */
void     scope_sandbox_http_turn_away  (SoupServerMessage *message,
                                        guint              status,
                                        const char        *text);
/* answers: always sets a status */
void     scope_sandbox_http_answer     (ScopeSandbox      *sandbox,
                                        SoupServerMessage *message,
                                        const char        *path);

G_END_DECLS
