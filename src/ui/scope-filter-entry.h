/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "capture/scope-filter.h"
#include "session/scope-vocabulary.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_FILTER_ENTRY (scope_filter_entry_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFilterEntry, scope_filter_entry, SCOPE, FILTER_ENTRY, AdwBin)

/**
 * ScopeFilterEntry:
 *
 * The filter language, compiled as one types. A text with a mistake is marked at its place and
 * explained; the last good filter stays in force. Signal `changed ()`: another filter is in force.
 */
/* NULL: everything matches (transfer none) */
ScopeFilter *scope_filter_entry_get_filter (ScopeFilterEntry *self);
/* nullable: what suggestions are made of */
void         scope_filter_entry_set_vocabulary (ScopeFilterEntry *self,
                                                ScopeVocabulary  *vocabulary);
/* takes effect at once */
void         scope_filter_entry_set_text   (ScopeFilterEntry *self,
                                            const char       *text);
/* takes effect at once; mode: "replace", "only" or "exclude" */
void         scope_filter_entry_combine    (ScopeFilterEntry *self,
                                            const char       *mode,
                                            const char       *text);
/* folds the buttons beside the entry into one */
void         scope_filter_entry_set_narrow (ScopeFilterEntry *self,
                                            gboolean          narrow);
void         scope_filter_entry_grab_focus (ScopeFilterEntry *self);

G_END_DECLS
