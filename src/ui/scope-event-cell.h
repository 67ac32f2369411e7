/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-event-columns.h"

G_BEGIN_DECLS

/* What stands in one cell of the log, and how a row is told apart: by kind, by the rule that fits. */

/* makes the cells of one column (transfer full) */
GtkListItemFactory *scope_event_cell_factory_new (ScopeEventColumns *columns,
                                                  ScopeLogColumn    *column);
/* shows the row's event in its cells. FALSE: they did so before */
gboolean            scope_event_cell_fill_row    (GtkWidget         *row);
/* what the cells of a row are to show (nullable) */
ScopeEventItem     *scope_event_cell_get_row_item (GtkWidget        *row);
/* shows anew what a cell shows */
void                scope_event_cell_refresh     (GtkWidget         *child);
/* looks again whether its event is flagged */
void                scope_event_cell_refresh_mark (GtkWidget        *child);
/* where needle occurs, as bytes from … to; NULL if it does not (transfer full) */
PangoAttrList      *scope_event_cell_mark_text   (const char        *text,
                                                  const char        *needle,
                                                  gboolean           match_case);
/* the style class of what stands on it */
const char         *scope_color_to_class         (ScopeColor         color);
/* a sign of its own for each color, so that no color stands alone */
const char         *scope_color_to_sign          (ScopeColor         color);
/* "Red" */
const char         *scope_color_to_word          (ScopeColor         color);

G_END_DECLS
