/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"
#include "session/scope-shape-memory.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_EVENTS_VIEW (scope_events_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopeEventsView, scope_events_view, SCOPE, EVENTS_VIEW, AdwBin)

/**
 * ScopeEventsView:
 *
 * The event log with its filter and the inspector. Properties: `session`; `follow` and `paused`
 * (for actions); `narrow`; `has-selection` (read-only).
 */
void        scope_events_view_set_session   (ScopeEventsView *self,
                                             ScopeSession    *session);
void        scope_events_view_set_narrow    (ScopeEventsView *self,
                                             gboolean         narrow);
void        scope_events_view_set_filter    (ScopeEventsView *self,
                                             const char      *text);
/* mode: "replace", "only", "exclude" */
void           scope_events_view_combine_filter (ScopeEventsView *self,
                                                 const char      *mode,
                                                 const char      *text);
void        scope_events_view_focus_filter  (ScopeEventsView *self);
void        scope_events_view_focus_log     (ScopeEventsView *self);
void        scope_events_view_jump_to_end   (ScopeEventsView *self);
/* whether one was typed */
gboolean    scope_events_view_has_filter    (ScopeEventsView *self);
/* the number of the row the inspector shows; 0: none */
guint64     scope_events_view_get_selected  (ScopeEventsView *self);
/* select a row and show it, now or when it has been read */
void        scope_events_view_show_sequence (ScopeEventsView *self,
                                             guint64          sequence);
void        scope_events_view_show_time     (ScopeEventsView *self,
                                             gint64           wall_usec);
void        scope_events_view_close_inspector (ScopeEventsView *self);
void        scope_events_view_clear         (ScopeEventsView *self);
void        scope_events_view_undo_clear    (ScopeEventsView *self);
void        scope_events_view_copy          (ScopeEventsView *self,
                                             const char      *what);
/* keeps in the settings what was changed a moment ago */
void        scope_events_view_save_columns  (ScopeEventsView *self);
/* opens the bar that finds; to the next or previous hit */
void        scope_events_view_find          (ScopeEventsView *self);
void        scope_events_view_find_step     (ScopeEventsView *self,
                                             gboolean         forward);
/* a countdown in a hint went on */
void        scope_events_view_refresh       (ScopeEventsView *self);
/* in pixels, for the settings; 0 if it was never laid out */
int         scope_events_view_get_inspector_width (ScopeEventsView *self);
void        scope_events_view_set_inspector_width (ScopeEventsView *self,
                                                   int              width);
/* what flags its rows (nullable; set before the session) */
void              scope_events_view_set_shapes (ScopeEventsView  *self,
                                                ScopeShapeMemory *shapes);
ScopeShapeMemory *scope_events_view_get_shapes (ScopeEventsView  *self);
/* "flagged" or "bookmarked" rows alone, "" for all; FALSE: not possible now */
gboolean          scope_events_view_set_only   (ScopeEventsView  *self,
                                                const char       *name);
gboolean          scope_events_view_leaves_out (ScopeEventsView  *self,
                                                guint64           sequence);
/* out of the way of what lies over the lower edge */
void          scope_events_view_set_raised (ScopeEventsView   *self,
                                            gboolean           raised);

G_END_DECLS
