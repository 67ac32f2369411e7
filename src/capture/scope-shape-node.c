/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shape"

#include "config.h"

#include "capture/scope-shape-private.h"

#include <string.h>

#include "base/scope-limits.h"

/* beyond so many children a table finds them */
#define FEW_CHILDREN 8
/* An object whose keys come and go is a map: from so many on (fewer if all of them have digits, as ids
 * do), if the average key is in less than one of so many of its events. */
#define MAP_KEYS 16
#define MAP_IDS 6
#define MAP_RARITY 4

/* --- making and freeing --- */

static void
node_enter (ShapeNode *parent,
            ShapeNode *child)
{
  if ((parent->n_children & (parent->n_children - 1)) == 0)
    parent->children = g_renew (ShapeNode *, parent->children, MAX (parent->n_children * 2, 1));
  parent->children[parent->n_children++] = child;
  child->parent = parent;
  if (parent->by_key == NULL && parent->n_children > FEW_CHILDREN)
    {
      parent->by_key = g_hash_table_new (g_str_hash, g_str_equal);
      for (guint i = 0; i < parent->n_children; i++)
        g_hash_table_insert (parent->by_key, parent->children[i]->key, parent->children[i]);
    }
  else if (parent->by_key != NULL)
    g_hash_table_insert (parent->by_key, child->key, child);
}

/* The children are the caller's now. */
static ShapeNode **
node_steal_children (ShapeNode *node,
                     guint     *n)
{
  *n = node->n_children;
  node->n_children = 0;
  g_clear_pointer (&node->by_key, g_hash_table_unref);
  return g_steal_pointer (&node->children);
}

/**
 * _scope_shape_node_new:
 * @parent: (nullable): where it belongs
 * @key: (nullable): its name; `NULL`: the root, or what the caller makes @parent's items or values
 *
 * Returns: (nullable): a new node, or `NULL`: there are as many as are remembered
 */
ShapeNode *
_scope_shape_node_new (ScopeShape *self,
                       ShapeNode  *parent,
                       const char *key)
{
  ShapeNode *node;

  if (parent != NULL
      && (self->n_fields >= SCOPE_LIMIT_SHAPE_FIELDS
          || (self->n_all_fields != NULL && *self->n_all_fields >= SCOPE_LIMIT_SHAPE_ALL_FIELDS)))
    {
      self->cut = TRUE;
      return NULL;
    }

  node = g_new0 (ShapeNode, 1);
  node->parent = parent;
  node->key = g_strdup (key);
  if (parent != NULL && key != NULL)
    node_enter (parent, node);
  self->n_fields++;
  if (self->n_all_fields != NULL)
    (*self->n_all_fields)++;
  return node;
}

void
_scope_shape_node_free (ScopeShape *self,
                        ShapeNode  *node)
{
  if (node == NULL)
    return;
  for (guint i = 0; i < node->n_children; i++)
    _scope_shape_node_free (self, node->children[i]);
  _scope_shape_node_free (self, node->items);
  _scope_shape_node_free (self, node->values);
  self->n_fields--;
  if (self->n_all_fields != NULL)
    (*self->n_all_fields)--;
  g_clear_pointer (&node->by_key, g_hash_table_unref);
  g_free (node->children);
  g_free (node->key);
  g_free (node);
}

void
_scope_shape_forget_variants (ScopeShape *self)
{
  for (guint i = 0; i < SHAPE_N_VARIANTS; i++)
    {
      self->variants[i].hash = 0;
      self->variants[i].n_nodes = 0;
      g_clear_pointer (&self->variants[i].nodes, g_free);
    }
}

/* --- finding --- */

ShapeNode *
_scope_shape_node_find (ShapeNode  *node,
                        const char *key)
{
  if (node->by_key != NULL)
    return g_hash_table_lookup (node->by_key, key);
  for (guint i = 0; i < node->n_children; i++)
    if (strcmp (node->children[i]->key, key) == 0)
      return node->children[i];
  return NULL;
}

static gboolean
node_has_ids (ShapeNode *node)
{
  for (guint i = 0; i < node->n_children; i++)
    if (strpbrk (node->children[i]->key, "0123456789") == NULL)
      return FALSE;
  return TRUE;
}

gboolean
_scope_shape_node_is_crowded (ShapeNode *node)
{
  guint64 seen = 0;

  if (node->n_children >= SCOPE_LIMIT_SHAPE_KEYS)
    return TRUE;
  if (node->n_children < MAP_IDS || node->n < node->n_children
      || (node->n_children < MAP_KEYS && !node_has_ids (node)))
    return FALSE;
  for (guint i = 0; i < node->n_children; i++)
    seen += node->children[i]->n;
  return seen / node->n_children < node->n / MAP_RARITY;
}

guint
_scope_shape_node_get_depth (ShapeNode *node)
{
  guint depth = 0;

  for (; node->parent != NULL; node = node->parent)
    depth++;
  return depth;
}

/* --- maps --- */

/* @node becomes part of *place. */
static void
node_merge_at (ScopeShape  *self,
               ShapeNode   *parent,
               ShapeNode  **place,
               ShapeNode   *node)
{
  if (node == NULL)
    return;
  if (*place == NULL)
    {
      *place = node;
      node->parent = parent;
    }
  else
    {
      _scope_shape_node_merge (self, *place, node);
    }
}

static void
node_merge_children (ScopeShape *self,
                     ShapeNode  *into,
                     ShapeNode  *from)
{
  gboolean both = (into->types & from->types & SCOPE_SHAPE_OBJECT) != 0;
  guint n;
  g_autofree ShapeNode **children = node_steal_children (from, &n);

  for (guint i = 0; both && i < into->n_children; i++)
    {
      gboolean found = FALSE;

      for (guint j = 0; j < n && !found; j++)
        found = strcmp (children[j]->key, into->children[i]->key) == 0;
      into->children[i]->missed |= !found;
    }
  for (guint i = 0; i < n; i++)
    {
      ShapeNode *known = _scope_shape_node_find (into, children[i]->key);

      if (known != NULL)
        {
          _scope_shape_node_merge (self, known, children[i]);
          continue;
        }
      children[i]->late |= both;
      children[i]->missed |= both;
      node_enter (into, children[i]);
    }
}

/* What is known of @from is known of @into; @from is gone. Counts become the larger of the two: less
 * than that it can't have been. */
void
_scope_shape_node_merge (ScopeShape *self,
                         ShapeNode  *into,
                         ShapeNode  *from)
{
  if (into->is_map != from->is_map)
    _scope_shape_node_make_map (self, into->is_map ? from : into);
  node_merge_children (self, into, from);
  node_merge_at (self, into, &into->items, g_steal_pointer (&from->items));
  node_merge_at (self, into, &into->values, g_steal_pointer (&from->values));

  if (from->first_usec != 0 && (into->first_usec == 0 || from->first_usec < into->first_usec))
    into->first_usec = from->first_usec;
  if (from->first_sequence != 0
      && (into->first_sequence == 0 || from->first_sequence < into->first_sequence))
    into->first_sequence = from->first_sequence;
  into->last_usec = MAX (into->last_usec, from->last_usec);
  into->last_sequence = MAX (into->last_sequence, from->last_sequence);
  into->n = MAX (into->n, from->n);
  into->event = MAX (into->event, from->event);
  into->object_event = MAX (into->object_event, from->object_event);
  if (from->object_born != 0 && (into->object_born == 0 || from->object_born < into->object_born))
    into->object_born = from->object_born;
  into->types |= from->types;
  into->late |= from->late;
  into->missed |= from->missed;
  _scope_shape_node_free (self, from);
  if (!into->is_map && into->n_children > SCOPE_LIMIT_SHAPE_KEYS)
    _scope_shape_node_make_map (self, into);
}

/* Its keys are data from now on: what was known of each is known of all. */
void
_scope_shape_node_make_map (ScopeShape *self,
                            ShapeNode  *node)
{
  guint n;
  g_autofree ShapeNode **children = node_steal_children (node, &n);

  self->has_grown = TRUE;
  _scope_shape_forget_variants (self);
  node->is_map = TRUE;
  for (guint i = 0; i < n; i++)
    {
      g_clear_pointer (&children[i]->key, g_free);
      children[i]->late = children[i]->missed = FALSE;
      node_merge_at (self, node, &node->values, children[i]);
    }
}

/* Both NULL at times. */
static guint
node_count_new_at (ShapeNode *into,
                   ShapeNode *from)
{
  guint n;

  if (from == NULL)
    return 0;
  if (into != NULL)
    return _scope_shape_node_count_new (into, from);
  n = 1 + node_count_new_at (NULL, from->items) + node_count_new_at (NULL, from->values);
  for (guint i = 0; i < from->n_children; i++)
    n += node_count_new_at (NULL, from->children[i]);
  return n;
}

guint
_scope_shape_node_count_new (ShapeNode *into,
                             ShapeNode *from)
{
  guint n = node_count_new_at (into->items, from->items)
            + node_count_new_at (into->values, from->values);

  for (guint i = 0; i < from->n_children; i++)
    n += node_count_new_at (_scope_shape_node_find (into, from->children[i]->key),
                            from->children[i]);
  return n;
}

/* --- paths --- */

/* What the filter language takes for a name without quotes. */
static gboolean
key_is_plain (const char *key)
{
  if (!g_ascii_isalpha (*key) && *key != '_')
    return FALSE;
  for (; *key != '\0'; key++)
    if (!g_ascii_isalnum (*key) && *key != '_')
      return FALSE;
  return TRUE;
}

static void
node_append_path (ShapeNode *node,
                  GString   *out)
{
  if (node->parent == NULL)
    {
      g_string_append (out, "data");
      return;
    }

  node_append_path (node->parent, out);
  if (node == node->parent->items)
    g_string_append (out, "[]");
  else if (node->key == NULL)
    g_string_append (out, ".*");
  else
    {
      g_string_append_c (out, '.');
      if (key_is_plain (node->key))
        g_string_append (out, node->key);
      else
        scope_json_append_string (out, node->key, -1);
    }
}

char *
_scope_shape_node_dup_path (ShapeNode *node)
{
  GString *path = g_string_new (NULL);

  node_append_path (node, path);
  return g_string_free (path, FALSE);
}
