/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-event-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_FIND (scope_find_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFind, scope_find, SCOPE, FIND, GObject)

/**
 * ScopeFind:
 *
 * Looks for a text in the rows of a log: in channel, event, user and payload of those that its filter
 * shows. Payloads are read on a thread; hits come in by and by, in the order of the rows, also those
 * of rows that are appended meanwhile. Signal `changed ()`: there are more or other hits, or the
 * search has ended.
 */
ScopeFind *scope_find_new           (void);
void       scope_find_set_list      (ScopeFind      *self,
                                     ScopeEventList *list);         /* nullable */
/* "" looks for nothing */
void       scope_find_set_text      (ScopeFind      *self,
                                     const char     *text,
                                     gboolean        match_case);
/* hits after this row do not count (a log that stands still); 0: all do */
void       scope_find_set_last      (ScopeFind      *self,
                                     guint64         sequence);
guint      scope_find_get_n_hits    (ScopeFind      *self);
gboolean   scope_find_get_searching (ScopeFind      *self);
/* from 1: which of the hits this row is; 0: none */
guint      scope_find_get_number    (ScopeFind      *self,
                                     guint64         sequence);
/* sequence number of the hit after, or before, that row, which need be none; 0: there is no hit.
 * wrapped (nullable): it was found on the other side of the log's end */
guint64    scope_find_step          (ScopeFind      *self,
                                     guint64         from,
                                     gboolean        forward,
                                     gboolean       *wrapped);

G_END_DECLS
