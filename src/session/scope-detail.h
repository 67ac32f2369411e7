/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/scope-report.h"

G_BEGIN_DECLS

/* The other keys of a report's line, as a JSON object in the order of cli-contract.md ("Lines of
 * watch"); NULL if there are none (transfer full). */
char *_scope_detail_new     (const ScopeReport *report);
/* of a gap: when it began and how long it was */
char *_scope_detail_new_gap (gint64             from_usec,
                             gint64             length_usec,
                             const char        *reason);
/* of an error of our own: a bound was reached, nothing follows from it */
char *_scope_detail_new_limit (const char *message);

G_END_DECLS
