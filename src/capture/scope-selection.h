/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-capture.h"
#include "capture/scope-filter.h"

G_BEGIN_DECLS

/**
 * ScopeSelection:
 *
 * What a filter lets through of a capture that is gone through from one end to the other, as `query` and `export` do: rows
 * are judged many at once, and one that does not match need not be read. Blocks; for one thread.
 */
typedef struct _ScopeSelection ScopeSelection;

/* filter: NULL: everything */
ScopeSelection    *scope_selection_new     (ScopeCapture    *capture,
                                            ScopeFilter     *filter);
void               scope_selection_free    (ScopeSelection  *self);
/* the record of an entry the filter does not match, until the next call; NULL: it matches, or only reading it tells.
 * Sequence numbers must not go down. */
const ScopeRecord *scope_selection_peek_no (ScopeSelection  *self,
                                            guint64          sequence);
/* of an entry that was read */
gboolean           scope_selection_matches (ScopeSelection  *self,
                                            const ScopeEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeSelection, scope_selection_free)

G_END_DECLS
