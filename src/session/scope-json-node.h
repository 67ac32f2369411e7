/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-entry.h"
#include "capture/scope-value-hint.h"

G_BEGIN_DECLS

/* an object or array with more children shows them in pages of so many */
#define SCOPE_JSON_NODE_PAGE 1000

typedef enum
{
  SCOPE_JSON_NODE_VALUE,
  SCOPE_JSON_NODE_PAGE_OF, /* some of the children of a large object or array */
  SCOPE_JSON_NODE_DECODED, /* what a string holds, as its child */
} ScopeJsonNodeRole;

#define SCOPE_TYPE_JSON_NODE (scope_json_node_get_type ())

G_DECLARE_FINAL_TYPE (ScopeJsonNode, scope_json_node, SCOPE, JSON_NODE, GObject)

/**
 * ScopeJsonNode:
 *
 * A place in a JSON text, as a span of the text's own bytes; and a GListModel of the places below it,
 * which is filled when it is first asked for.
 */

/* json: checked; root: the path of the whole, "data"; NULL: filters know none (transfer full) */
ScopeJsonNode    *scope_json_node_new             (GBytes        *json,
                                                   const char    *root);
/* what an entry carries, or what its detail says; NULL if neither. On any thread (transfer full) */
ScopeJsonNode    *scope_json_node_new_for_entry   (const ScopeEntry *entry);
/* the child model, for GtkTreeListModel: NULL if there is nothing below (transfer full) */
GListModel       *scope_json_node_dup_children    (ScopeJsonNode *self);
ScopeJsonNodeRole scope_json_node_get_role        (ScopeJsonNode *self);
ScopeJsonKind     scope_json_node_get_kind        (ScopeJsonNode *self);
/* below it, pages not counted */
guint             scope_json_node_count_children  (ScopeJsonNode *self);
guint             scope_json_node_get_depth       (ScopeJsonNode *self);  /* 0: the whole */

/* own bytes; of a page those from its first child to its last (transfer full) */
GBytes           *scope_json_node_dup_bytes       (ScopeJsonNode *self);
/* a string's text, decoded; else, and if it has no form in UTF-8, as it stands (transfer full) */
GBytes           *scope_json_node_dup_text        (ScopeJsonNode *self);
gsize             scope_json_node_get_size        (ScopeJsonNode *self);
/* a member's key, readable; the name of the whole; "[3]"; "1–1000"; NULL of a decoded one
 * (transfer full) */
char             *scope_json_node_dup_label       (ScopeJsonNode *self);
/* one line of at most max_bytes of own bytes; NULL for objects, arrays and pages. cut (nullable):
 * whether there is more (transfer full) */
char             *scope_json_node_dup_preview     (ScopeJsonNode *self,
                                                   gsize          max_bytes,
                                                   gboolean      *cut);
/* a member's key in its own text; NULL if it is no member (transfer full) */
char             *scope_json_node_dup_key         (ScopeJsonNode *self);
/* another member with the same key comes later, and counts for filters */
gboolean          scope_json_node_is_overridden   (ScopeJsonNode *self);

/* "data.customer.email"; NULL if the filter language has no path to it (transfer full) */
char             *scope_json_node_dup_path        (ScopeJsonNode *self);
/* what events with this value have in common: `data.total == 42`, of objects and arrays
 * `data.customer exists`; NULL if no filter can say it (transfer full) */
char             *scope_json_node_dup_filter      (ScopeJsonNode *self);
/* NULL if nothing is known (transfer none) */
const ScopeValueHint *scope_json_node_get_hint    (ScopeJsonNode *self);

G_END_DECLS
