/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "sandbox/scope-sandbox-private.h"

G_BEGIN_DECLS

/* The lines of `serve --format ndjson`, without "time" (transfer full). */

char    *scope_sandbox_line_event      (const ScopeSandboxEvent *event);
/* pairs: names and text values in turn, up to NULL; a NULL value leaves the pair out */
char    *scope_sandbox_line_pairs      (const char              *type,
                                        va_list                  pairs);

/* bit by bit; _scope_sandbox_report_line() takes it */
GString *scope_sandbox_line_begin      (const char              *type);
/* value: NULL leaves it out */
void     scope_sandbox_line_add_text   (GString                 *line,
                                        const char              *key,
                                        const char              *value);
/* to the thousandth */
void     scope_sandbox_line_add_number (GString                 *line,
                                        const char              *key,
                                        double                   value);

G_END_DECLS
