/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-glyph-table.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_LOG_CELL (scope_log_cell_get_type ())

/**
 * ScopeLogCell:
 *
 * A line of text in the log, which has eight hundred of them. Its size does not depend on its text, so that
 * a new text costs no layout.
 */
G_DECLARE_FINAL_TYPE (ScopeLogCell, scope_log_cell, SCOPE, LOG_CELL, GtkWidget)

GtkWidget  *scope_log_cell_new      (ScopeGlyphTable   *table,
                                     PangoEllipsizeMode mode,
                                     guint              min_chars);
void        scope_log_cell_set_text (ScopeLogCell      *self,
                                     const char        *text,
                                     gboolean           at_end,
                                     PangoAttrList     *marks);
const char *scope_log_cell_get_text (ScopeLogCell      *self);
gboolean    scope_log_cell_is_cut   (ScopeLogCell      *self);

G_END_DECLS
