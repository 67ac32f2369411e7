/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/scope-filter-completion.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_LINES_ROW (scope_lines_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeLinesRow, scope_lines_row, SCOPE, LINES_ROW, AdwPreferencesRow)

/**
 * ScopeLinesRow:
 *
 * A row of a form with room for several lines of text below its title. Property `subtitle`: one
 * sentence about what goes there. The text is called like the row.
 */
GtkTextView           *scope_lines_row_get_view (ScopeLinesRow *self);
/* suggests lines; button: what suggests all is called (transfer none) */
ScopeFilterCompletion *scope_lines_row_complete (ScopeLinesRow *self,
                                                 const char    *button);

G_END_DECLS
