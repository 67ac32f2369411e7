/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-entry.h"
#include "capture/scope-names.h"

G_BEGIN_DECLS

/* The filter language of cli-contract.md: compiled once, then asked per entry. Immutable, ref-counted. */

typedef struct _ScopeFilter ScopeFilter;

/* SCOPE_ERROR_USAGE on a mistake; *position (nullable) is the byte it was found at, and the message says
 * what was expected there. Text without anything but white space compiles to a filter that matches all. */
ScopeFilter *scope_filter_new          (const char        *text,
                                        gsize             *position,
                                        GError           **error);
/* a plain text, in which no character has a meaning: for finding; its text is that text */
ScopeFilter *scope_filter_new_for_text (const char       *text,
                                        gboolean          ignores_case);
ScopeFilter *scope_filter_ref          (ScopeFilter       *self);
void         scope_filter_unref        (ScopeFilter       *self);
const char  *scope_filter_get_text     (ScopeFilter       *self);
/* the wall-clock time whose local day HH:MM values are on; default: today's */
void         scope_filter_set_day      (ScopeFilter       *self,
                                        gint64             wall_usec);
/* FALSE: a record (names, time, size, kind, direction) decides alone, no payload is read */
gboolean     scope_filter_needs_payload (ScopeFilter      *self);
gboolean     scope_filter_matches      (ScopeFilter       *self,
                                        const ScopeEntry  *entry,
                                        ScopeNames        *names);
/* only for filters that need no payload */
gboolean     scope_filter_matches_record (ScopeFilter     *self,
                                          const ScopeRecord *record,
                                          ScopeNames      *names);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeFilter, scope_filter_unref)

G_END_DECLS
