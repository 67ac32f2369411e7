/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-capture.h"
#include "capture/scope-filter-scan.h"

G_BEGIN_DECLS

/**
 * ScopeScanner:
 *
 * Judges the rows of a capture by a filter, many at once, over a connection of its own: about five
 * million rows a second where the bytes tell, one million where they have to be decoded. Blocks;
 * for one thread at a time. ScopeSearch is one with a thread.
 */
typedef struct _ScopeScanner ScopeScanner;

ScopeScanner *scope_scanner_new   (ScopeCapture      *capture,
                                   ScopeFilter       *filter);
void          scope_scanner_free  (ScopeScanner      *self);
/* kind of a record that stands there only because rows are judged in runs: its row is NO, unread */
#define SCOPE_SCANNER_SKIP 15

G_STATIC_ASSERT (SCOPE_SCANNER_SKIP > SCOPE_ENTRY_GAP);

/* verdicts: NO or YES for each of from … from + n - 1, whose records these are. A row that can't be
 * read is YES. FALSE: given up, because *cancelled was set meanwhile (nullable, atomic) */
gboolean      scope_scanner_judge (ScopeScanner      *self,
                                   guint64            from,
                                   const ScopeRecord *records,
                                   guint              n,
                                   guint8            *verdicts,
                                   const int         *cancelled);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeScanner, scope_scanner_free)

G_END_DECLS
