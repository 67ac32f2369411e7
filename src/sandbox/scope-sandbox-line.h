/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sandbox/scope-sandbox-private.h"

G_BEGIN_DECLS

/* The lines of `serve --format ndjson`, without "time" (transfer full). */

char *scope_sandbox_line_event (const ScopeSandboxEvent *event);
/* pairs: names and text values in turn, up to NULL; a NULL value leaves the pair out */
char *scope_sandbox_line_pairs (const char              *type,
                                va_list                  pairs);

G_END_DECLS
