/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-shape.h"

G_BEGIN_DECLS

/* scope-shape.c: what is learnt, and how it is told; scope-shape-node.c: the tree; scope-shape-hash.c:
 * knowing a structure again; scope-shape-schema.c: the tree as JSON Schema; scope-shape-text.c: as
 * words, lists and lines. */

typedef struct _ShapeNode ShapeNode;

/* A place in a payload. An object has children, or, being a map, values; an array has items. */
struct _ShapeNode
{
  ShapeNode *parent;
  char *key; /* NULL: data itself, items, values */
  ShapeNode **children; /* in order of arrival */
  GHashTable *by_key;   /* beyond a few */
  guint n_children;
  guint8 types;
  guint is_map : 1;
  guint late : 1;   /* it came when its object had been there before */
  guint missed : 1; /* it has been missing since it came */
  ShapeNode *items;
  ShapeNode *values;

  guint64 n; /* events it was in */
  gint64 first_usec;
  gint64 last_usec;
  guint64 first_sequence;
  guint64 last_sequence;

  /* while an event is looked at: numbers of events and of objects */
  guint64 event;        /* it was seen in last */
  guint64 born;         /* it was seen in first; 0: in another session */
  guint64 object_event; /* it was an object in last; 0: in none */
  guint64 object_born;  /* it was an object in first */
  guint64 visit;        /* the object it was found in last */
  guint slot;
};

/* The fields that one structure has: seen again, they are only counted. */
typedef struct
{
  guint64 hash; /* 0: free */
  ShapeNode **nodes;
  guint n_nodes;
} ShapeVariant;

#define SHAPE_N_VARIANTS 16

struct _ScopeShape
{
  ShapeNode *root; /* data */
  guint n_fields;
  guint *n_all_fields;
  guint64 n_events;
  guint64 last_sequence;
  gint64 last_usec;
  guint64 time; /* number of the event that is looked at; what was read has 1 */
  gboolean cut;
  gboolean has_grown; /* within this event: what was touched may be gone, or not be all */

  ShapeVariant variants[SHAPE_N_VARIANTS];
  guint next_variant;

  /* of the event that is looked at */
  guint64 visit;
  GArray *members;     /* of ShapeMember: a stack */
  GPtrArray *touched;  /* of ShapeNode */
  GString *key;
  guint64 sequence;
  gint64 time_usec;
  ScopeShapeVerdict verdict;

  ShapeNode *reading; /* the last line's */
};

/* node.c */
ShapeNode *_scope_shape_node_new      (ScopeShape  *self,
                                       ShapeNode   *parent,
                                       const char  *key);   /* NULL: a bound is reached */
void       _scope_shape_node_free     (ScopeShape  *self,
                                       ShapeNode   *node);
ShapeNode *_scope_shape_node_find     (ShapeNode   *node,
                                       const char  *key);
/* whether its next key would make it one of those whose keys are data */
gboolean   _scope_shape_node_is_crowded (ShapeNode *node);
void       _scope_shape_node_make_map (ScopeShape  *self,
                                       ShapeNode   *node);
/* @from is gone: what was known of it is known of @into; both are of @self */
void       _scope_shape_node_merge    (ScopeShape  *self,
                                       ShapeNode   *into,
                                       ShapeNode   *from);
/* how many of its places @into has not, at most */
guint      _scope_shape_node_count_new (ShapeNode  *into,
                                       ShapeNode   *from);
guint      _scope_shape_node_get_depth (ShapeNode  *node);
char      *_scope_shape_node_dup_path (ShapeNode   *node);
void       _scope_shape_forget_variants (ScopeShape *self);

/* hash.c: of keys, types and nesting; never 0 */
guint64    _scope_shape_hash          (const char  *text,
                                       gsize        length);
ScopeShapeTypes _scope_shape_type_of  (ScopeJsonKind kind,
                                       const char  *text,
                                       gsize        length);

/* text.c: the next item of a line, if it is a whole number up to max */
gboolean   _scope_shape_read_number   (ScopeJsonIter *iter,
                                       guint64        max,
                                       guint64       *number);

static inline gboolean
shape_node_is_always (const ShapeNode *node)
{
  return !node->late && !node->missed;
}

G_END_DECLS
