/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-json-node.h"

G_BEGIN_DECLS

/* For scope-json-node.c (the tree) and scope-json-node-place.c (where a node stands in it). */

/* A text and what has been found out about it; shared by its nodes. */
typedef struct
{
  GBytes *bytes;
  GHashTable *spreads; /* offset of a value → Spread */
} ScopeJsonDocument;

struct _ScopeJsonNode
{
  GObject parent_instance;

  ScopeJsonDocument *document; /* g_rc_box */
  ScopeJsonNode *parent;
  char *root;         /* of the whole: its path */
  ScopeJsonNodeRole role;
  ScopeSpan key;
  ScopeSpan value;
  ScopeJsonKind kind;
  guint index;        /* among all children of the object or array */
  guint first;        /* PAGE_OF: its first child */
  guint n_page;       /* PAGE_OF: how many */
  GArray *children;   /* of Child; NULL: not asked for yet */
  gboolean hint_known;
  ScopeValueHint hint;
};

const char *_scope_json_node_peek         (ScopeJsonNode *self);
gboolean    _scope_json_node_is_container (ScopeJsonNode *self);

G_END_DECLS
