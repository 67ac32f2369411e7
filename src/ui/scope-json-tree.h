/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-json-node.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_JSON_TREE (scope_json_tree_get_type ())

G_DECLARE_FINAL_TYPE (ScopeJsonTree, scope_json_tree, SCOPE, JSON_TREE, AdwBin)

/* "Expand All" stops at so many rows, and says so */
#define SCOPE_JSON_TREE_MAX_EXPANDED 2000

/**
 * ScopeJsonTree:
 *
 * A payload as a tree with folding. Its menu uses win.filter (ss), win.plot (ss) and, if there is one,
 * events.add-column (s).
 */
/* entry: nullable; event: its name, for plots. Large payloads are read on a worker thread */
void scope_json_tree_set_entry (ScopeJsonTree *self,
                                ScopeEntry    *entry,
                                const char    *event);
/* instead of a payload */
void scope_json_tree_set_note  (ScopeJsonTree *self,
                                const char    *note);

G_END_DECLS
