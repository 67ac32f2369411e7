/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-scanner.h"

G_BEGIN_DECLS

/**
 * ScopeSearch:
 *
 * ScopeScanners on threads of their own, as many as there are batches and processors for. Rows are given in batches and
 * come back judged, in the same order. Given up at once: scope_search_free() waits for nothing, and nothing comes after it.
 */
typedef struct _ScopeSearch ScopeSearch;

#define SCOPE_SEARCH_MAX_THREADS 4

typedef struct
{
  guint64 from;    /* sequence number of the first row */
  guint n;
  guint8 *verdicts; /* SCOPE_VERDICT_NO or YES each */
} ScopeSearchBatch;

/* on the context the search was made on; batches have come: take them */
typedef void (*ScopeSearchFunc) (ScopeSearch *self,
                                 gpointer     user_data);

ScopeSearch      *scope_search_new         (ScopeCapture      *capture,
                                            ScopeFilter       *filter,
                                            int                priority,
                                            ScopeSearchFunc    func,
                                            gpointer           user_data);
void              scope_search_free        (ScopeSearch       *self);
/* takes records, which g_free() frees */
void              scope_search_push        (ScopeSearch       *self,
                                            guint64            from,
                                            ScopeRecord       *records,
                                            guint              n);
/* NULL: there is none yet (transfer full) */
ScopeSearchBatch *scope_search_pop         (ScopeSearch       *self);
/* batches given and not yet taken */
guint             scope_search_get_pending (ScopeSearch       *self);
void              scope_search_batch_free  (ScopeSearchBatch  *batch);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeSearch, scope_search_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeSearchBatch, scope_search_batch_free)

G_END_DECLS
