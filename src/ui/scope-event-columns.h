/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-color-rules.h"
#include "session/scope-shape-memory.h"
#include "ui/scope-glyph-table.h"
#include "ui/scope-log-column.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_EVENT_COLUMNS (scope_event_columns_get_type ())

G_DECLARE_FINAL_TYPE (ScopeEventColumns, scope_event_columns, SCOPE, EVENT_COLUMNS, GObject)

/**
 * ScopeEventColumns:
 *
 * The columns of an event log and what their cells show: which there are, their order and widths, how
 * times are told, the colors of rules. Follows the settings, and keeps there what is done in the
 * log's header.
 */
ScopeEventColumns *scope_event_columns_new      (GtkColumnView        *view);
/* how much room there is: in narrow logs a few columns stand for all */
void               scope_event_columns_set_room (ScopeEventColumns    *self,
                                                 ScopeColumnRoom       room);
/* the log whose rows are shown: times are told by its first and last */
void               scope_event_columns_set_list (ScopeEventColumns    *self,
                                                 ScopeEventList       *list);      /* nullable */
/* what flags the rows */
void               scope_event_columns_set_shapes (ScopeEventColumns  *self,
                                                   ScopeShapeMemory   *shapes);   /* nullable */
/* what is marked in texts; NULL: nothing */
void               scope_event_columns_set_find (ScopeEventColumns    *self,
                                                 const char           *needle,
                                                 gboolean              match_case);

/* the column of the cell a widget is in, by its name; a payload path is its own name. NULL: of none */
const char        *scope_event_columns_find_at  (GtkColumnView        *view,
                                                 GtkWidget            *inside);
/* keeps now what is about to be kept */
void               scope_event_columns_flush    (ScopeEventColumns    *self);

/* for cells */
const ScopeLogTime *_scope_event_columns_get_time  (ScopeEventColumns *self);
ScopeColorRules    *_scope_event_columns_get_rules (ScopeEventColumns *self);
const char         *_scope_event_columns_get_needle (ScopeEventColumns *self,
                                                     gboolean          *match_case);
ScopeShapeMemory   *_scope_event_columns_dup_shapes (ScopeEventColumns *self);
ScopeGlyphTable    *_scope_event_columns_get_glyphs (ScopeEventColumns *self);
void                _scope_event_columns_add_cell    (ScopeEventColumns *self,
                                                      GtkWidget         *child);
void                _scope_event_columns_remove_cell (ScopeEventColumns *self,
                                                      GtkWidget         *child);

G_END_DECLS
