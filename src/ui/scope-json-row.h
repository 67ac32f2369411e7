/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-json-node.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_JSON_ROW (scope_json_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeJsonRow, scope_json_row, SCOPE, JSON_ROW, AdwBin)

/* a longer value is shortened in its row, which says so */
#define SCOPE_JSON_ROW_VALUE_BYTES 160

/**
 * ScopeJsonRow:
 *
 * One place of a payload in the tree: its key, its value or how much is in it, its type.
 */
GtkWidget  *scope_json_row_new      (void);
void        scope_json_row_set_node (ScopeJsonRow  *self,
                                     ScopeJsonNode *node);  /* nullable */
/* "total: number 42": the row for a screen reader (transfer full) */
char       *scope_json_row_dup_name (ScopeJsonNode *node);
/* "number", "text, 32 kB", "3 members" (transfer full) */
char       *scope_json_row_dup_type (ScopeJsonNode *node);

G_END_DECLS
