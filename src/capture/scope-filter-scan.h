/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-filter.h"

G_BEGIN_DECLS

typedef enum
{
  SCOPE_VERDICT_NO,
  SCOPE_VERDICT_MAYBE, /* only the entry tells */
  SCOPE_VERDICT_YES,
} ScopeVerdict;

/**
 * ScopeFilterScan:
 *
 * A filter that is asked about very many entries: it remembers what it found out about names, and
 * tells from a record, or from a frame's bytes before anything is decoded, what can be told. Not
 * MAYBE: what scope_filter_matches() would say. For one thread at a time.
 */
typedef struct _ScopeFilterScan ScopeFilterScan;

ScopeFilterScan *scope_filter_scan_new       (ScopeFilter       *filter,
                                              ScopeNames        *names);
void             scope_filter_scan_free      (ScopeFilterScan   *self);
ScopeVerdict     scope_filter_scan_ask_record (ScopeFilterScan  *self,
                                              const ScopeRecord *record);
/* the record's whole frame */
ScopeVerdict     scope_filter_scan_ask_frame (ScopeFilterScan   *self,
                                              const ScopeRecord *record,
                                              const void        *frame,
                                              gsize              length);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeFilterScan, scope_filter_scan_free)

G_END_DECLS
