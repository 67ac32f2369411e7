/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* What a browser must be told before a page of another origin gets an answer. Who calls has been let in:
 * scope-sandbox-caller.h decides, this only says so. */

/* does nothing if it is no browser that calls */
void     scope_sandbox_cors_allow            (SoupServerMessage *message);
/* FALSE: it is no such question */
gboolean scope_sandbox_cors_answer_preflight (SoupServerMessage *message,
                                              const char        *methods);

G_END_DECLS
