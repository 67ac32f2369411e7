/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-shape-follower.h"
#include "session/scope-picks.h"
#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SHAPE_MEMORY (scope_shape_memory_get_type ())

G_DECLARE_FINAL_TYPE (ScopeShapeMemory, scope_shape_memory, SCOPE, SHAPE_MEMORY, GObject)

/**
 * ScopeShapeMemory:
 *
 * What the events of a session look like, and which of them look like none before: follows the log,
 * off the main loop. Of a saved profile it remembers names and types, never values, from session to
 * session.
 *
 * Signals: `flags-changed`: events were flagged, or are not any more; `progress`: more was looked at.
 */

/* profile_id NULL: nothing is kept */
ScopeShapeMemory *scope_shape_memory_new       (ScopeSession     *session,
                                                const char       *profile_id);
/* the log's list it follows (transfer none) */
ScopeEventList   *scope_shape_memory_get_list  (ScopeShapeMemory *self);
/* why that event is flagged; NULL: it is not (transfer none) */
const ScopeShapeNews *scope_shape_memory_find  (ScopeShapeMemory *self,
                                                guint64           sequence);
/* in order of arrival */
guint             scope_shape_memory_get_n_flags (ScopeShapeMemory *self);
const ScopeShapeNews *scope_shape_memory_get_flag (ScopeShapeMemory *self,
                                                guint             position);
/* the rows that are flagged (transfer full) */
ScopePicks       *scope_shape_memory_new_picks (ScopeShapeMemory *self);
/* there were more than are kept */
gboolean          scope_shape_memory_get_full  (ScopeShapeMemory *self);
/* how it looks is expected: the event is flagged no longer */
void              scope_shape_memory_accept    (ScopeShapeMemory *self,
                                                guint64           sequence);
void              scope_shape_memory_accept_all (ScopeShapeMemory *self);
/* all that was learnt, in this session and before */
void              scope_shape_memory_forget    (ScopeShapeMemory *self);

/* rows not yet looked at */
guint64           scope_shape_memory_get_lag   (ScopeShapeMemory *self);
/* whether what is learnt is kept for later sessions */
gboolean          scope_shape_memory_get_kept  (ScopeShapeMemory *self);
/* why that did not work, or NULL (transfer full) */
char             *scope_shape_memory_dup_problem (ScopeShapeMemory *self);
/* sorted (transfer full) */
char            **scope_shape_memory_list_events (ScopeShapeMemory *self);
/* of ScopeShapeField; n_events and cut (nullable): of that name. NULL: nothing is known of it (transfer full) */
GPtrArray        *scope_shape_memory_list_fields (ScopeShapeMemory *self,
                                                const char       *event,
                                                guint64          *n_events,
                                                gboolean         *cut);
/* as scope_shapes_dup_schema() */
char             *scope_shape_memory_dup_schema (ScopeShapeMemory *self,
                                                const char       *event);

/* "New field data.discount; data.total was number, now string" (transfer full, translated) */
char             *scope_shape_news_to_text     (const ScopeShapeNews *news);
/* what is kept of a profile that is gone */
void              scope_shape_memory_remove_profile (const char  *profile_id);

G_END_DECLS
