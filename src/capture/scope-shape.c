/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shape"

#include "config.h"

#include "capture/scope-shape-private.h"

#include <string.h>

#include "base/scope-limits.h"

/* Most events look like one before, so their structure's number is looked up first: known, its
 * fields are counted, and that is all. Else the payload is walked, and the tree learns. When the tree
 * grows all numbers are forgotten: an old structure may lack the new field. */

typedef struct
{
  ShapeNode *node;
  const char *text;
  gsize length;
  ScopeJsonKind kind;
} ShapeMember;

/* structures with more fields are walked each time */
#define MAX_VARIANT_NODES 512

static void shape_visit (ScopeShape    *self,
                         ShapeNode     *node,
                         ScopeJsonKind  kind,
                         const char    *text,
                         gsize          length);

/* --- telling --- */

/**
 * scope_shape_change_free:
 *
 * Frees a change and its path.
 */
void
scope_shape_change_free (ScopeShapeChange *change)
{
  g_free (change->path);
  g_free (change);
}

/**
 * scope_shape_verdict_clear:
 *
 * Frees what a verdict holds, not the verdict.
 */
void
scope_shape_verdict_clear (ScopeShapeVerdict *verdict)
{
  g_clear_pointer (&verdict->changes, g_ptr_array_unref);
  verdict->n_more = 0;
}

static void
shape_tell (ScopeShape           *self,
            ScopeShapeChangeKind  kind,
            ShapeNode            *node,
            ScopeShapeTypes       before,
            ScopeShapeTypes       now)
{
  ScopeShapeVerdict *verdict = &self->verdict;
  ScopeShapeChange *change;

  if (verdict->result == SCOPE_SHAPE_FIRST)
    return;
  verdict->result = SCOPE_SHAPE_CHANGED;
  if (verdict->changes == NULL)
    verdict->changes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) scope_shape_change_free);
  if (verdict->changes->len == SCOPE_SHAPE_MAX_CHANGES)
    {
      verdict->n_more++;
      return;
    }
  change = g_new (ScopeShapeChange, 1);
  *change = (ScopeShapeChange) { kind, _scope_shape_node_dup_path (node), before, now };
  g_ptr_array_add (verdict->changes, change);
}

typedef struct
{
  ScopeShapeResult result;
  guint n;
  guint n_more;
} ShapeTold;

static ShapeTold
shape_get_told (ScopeShape *self)
{
  guint n = self->verdict.changes != NULL ? self->verdict.changes->len : 0;

  return (ShapeTold) { self->verdict.result, n, self->verdict.n_more };
}

/* What was told since then was a mistake. */
static void
shape_untell (ScopeShape *self,
              ShapeTold   told)
{
  self->verdict.result = told.result;
  self->verdict.n_more = told.n_more;
  if (self->verdict.changes != NULL)
    g_ptr_array_set_size (self->verdict.changes, told.n);
}

/* --- looking --- */

static void
shape_count (ScopeShape *self,
             ShapeNode  *node)
{
  node->n++;
  node->last_usec = self->time_usec;
  node->last_sequence = self->sequence;
  if (node->first_usec == 0)
    node->first_usec = self->time_usec;
  if (node->first_sequence == 0)
    node->first_sequence = self->sequence;
}

/* Types that are no change of each other. */
static guint
shape_get_family (guint types)
{
  if (types & (SCOPE_SHAPE_INTEGER | SCOPE_SHAPE_NUMBER))
    types |= SCOPE_SHAPE_INTEGER | SCOPE_SHAPE_NUMBER;
  if (types & (SCOPE_SHAPE_STRING | SCOPE_SHAPE_TEXT))
    types |= SCOPE_SHAPE_STRING | SCOPE_SHAPE_TEXT;
  return types;
}

static void
shape_learn_type (ScopeShape *self,
                  ShapeNode  *node,
                  guint       type)
{
  if ((node->types & type) != 0)
    return;
  if (node->types != 0 && (shape_get_family (node->types) & type) == 0 && node->born != self->time)
    shape_tell (self, SCOPE_SHAPE_FIELD_TYPE, node, node->types, type);
  node->types |= type;
}

static ShapeNode *
shape_add_node (ScopeShape *self,
                ShapeNode  *parent,
                const char *key)
{
  ShapeNode *node = _scope_shape_node_new (self, parent, key);

  if (node == NULL)
    return NULL;
  node->born = self->time;
  self->has_grown = TRUE;
  _scope_shape_forget_variants (self);
  return node;
}

/* The key's text in self->key; FALSE: no name that could be remembered. */
static gboolean
shape_read_key (ScopeShape *self,
                const char *token,
                gsize       length)
{
  g_string_truncate (self->key, 0);
  if (length - 2 <= SCOPE_LIMIT_SHAPE_KEY_BYTES * 6
      && scope_json_string_decode (token, length, self->key)
      && self->key->len <= SCOPE_LIMIT_SHAPE_KEY_BYTES
      && memchr (self->key->str, '\0', self->key->len) == NULL)
    return TRUE;
  self->cut = TRUE;
  return FALSE;
}

/* A key the object did not have. object_event: the event it was an object in last, before this time. */
static ShapeNode *
shape_add_child (ScopeShape *self,
                 ShapeNode  *node,
                 guint64     object_event)
{
  ShapeNode *child = shape_add_node (self, node, self->key->str);

  if (child == NULL)
    return NULL;
  child->late = object_event != 0;
  child->missed = object_event == self->time;
  if (node->object_born != 0 && node->object_born != self->time)
    shape_tell (self, SCOPE_SHAPE_FIELD_NEW, child, 0, 0);
  return child;
}

/* Each member onto the stack once; of equal keys the last counts. FALSE: it turned out to be a map. */
static gboolean
shape_collect (ScopeShape *self,
               ShapeNode  *node,
               const char *text,
               gsize       length,
               guint64     object_event)
{
  ScopeJsonIter iter;
  ScopeSpan key, value;
  ScopeJsonKind kind;

  scope_json_iter_init (&iter, text, length);
  while (scope_json_iter_next (&iter, &key, &value, &kind))
    {
      ShapeMember member = { NULL, text + value.offset, value.length, kind };

      if (!shape_read_key (self, text + key.offset, key.length))
        continue;
      member.node = _scope_shape_node_find (node, self->key->str);
      if (member.node == NULL && _scope_shape_node_is_crowded (node))
        return FALSE;
      if (member.node == NULL)
        member.node = shape_add_child (self, node, object_event);
      if (member.node == NULL)
        continue;
      if (member.node->visit == self->visit)
        {
          g_array_index (self->members, ShapeMember, member.node->slot) = member;
          continue;
        }
      member.node->visit = self->visit;
      member.node->slot = self->members->len;
      g_array_append_val (self->members, member);
    }
  return TRUE;
}

static void
shape_look_for_missing (ScopeShape *self,
                        ShapeNode  *node)
{
  for (guint i = 0; i < node->n_children; i++)
    {
      ShapeNode *child = node->children[i];
      guint64 n_before = child->n - (child->event == self->time ? 1 : 0);

      if (child->visit == self->visit || child->missed)
        continue;
      child->missed = TRUE;
      if (n_before >= SCOPE_SHAPE_WARM_UP)
        shape_tell (self, SCOPE_SHAPE_FIELD_MISSING, child, child->types, 0);
    }
}

/* All values of a map are one, and all items of an array: element. */
static void
shape_visit_elements (ScopeShape  *self,
                      ShapeNode   *node,
                      ShapeNode  **element,
                      const char  *text,
                      gsize        length)
{
  ScopeJsonIter iter;
  ScopeSpan value;
  ScopeJsonKind kind;

  scope_json_iter_init (&iter, text, length);
  while (scope_json_iter_next (&iter, NULL, &value, &kind))
    {
      if (*element == NULL)
        *element = shape_add_node (self, node, NULL);
      if (*element == NULL)
        return;
      shape_visit (self, *element, kind, text + value.offset, value.length);
    }
}

static void
shape_visit_object (ScopeShape *self,
                    ShapeNode  *node,
                    const char *text,
                    gsize       length)
{
  guint64 object_event = node->object_event;
  ShapeTold told = shape_get_told (self);
  guint first = self->members->len;
  guint last;

  node->object_event = self->time;
  if (node->object_born == 0)
    node->object_born = self->time;
  self->visit++;
  if (!node->is_map && !shape_collect (self, node, text, length, object_event))
    {
      g_array_set_size (self->members, first);
      shape_untell (self, told);
      _scope_shape_node_make_map (self, node);
    }
  if (node->is_map)
    {
      shape_visit_elements (self, node, &node->values, text, length);
      return;
    }

  shape_look_for_missing (self, node);
  last = self->members->len;
  for (guint i = first; i < last; i++)
    {
      ShapeMember member = g_array_index (self->members, ShapeMember, i);

      shape_visit (self, member.node, member.kind, member.text, member.length);
    }
  g_array_set_size (self->members, first);
}

static void
shape_visit (ScopeShape    *self,
             ShapeNode     *node,
             ScopeJsonKind  kind,
             const char    *text,
             gsize          length)
{
  if (node->event != self->time)
    {
      node->event = self->time;
      shape_count (self, node);
      g_ptr_array_add (self->touched, node);
    }
  shape_learn_type (self, node, _scope_shape_type_of (kind, text, length));
  if (kind == SCOPE_JSON_OBJECT)
    shape_visit_object (self, node, text, length);
  else if (kind == SCOPE_JSON_ARRAY)
    shape_visit_elements (self, node, &node->items, text, length);
}

/* --- knowing again --- */

static gboolean
shape_count_variant (ScopeShape *self,
                     guint64     hash)
{
  for (guint i = 0; i < SHAPE_N_VARIANTS; i++)
    {
      ShapeVariant *variant = &self->variants[i];

      if (variant->hash != hash)
        continue;
      for (guint j = 0; j < variant->n_nodes; j++)
        shape_count (self, variant->nodes[j]);
      return TRUE;
    }
  return FALSE;
}

static void
shape_keep_variant (ScopeShape *self,
                    guint64     hash)
{
  ShapeVariant *variant = &self->variants[self->next_variant];

  if (self->touched->len > MAX_VARIANT_NODES)
    return;
  self->next_variant = (self->next_variant + 1) % SHAPE_N_VARIANTS;
  variant->hash = hash;
  if (variant->n_nodes != self->touched->len)
    variant->nodes = g_renew (ShapeNode *, variant->nodes, self->touched->len);
  variant->n_nodes = self->touched->len;
  memcpy (variant->nodes, self->touched->pdata, sizeof (ShapeNode *) * variant->n_nodes);
}

static void
shape_walk (ScopeShape    *self,
            guint64        hash,
            ScopeJsonKind  kind,
            const char    *text,
            gsize          length)
{
  self->has_grown = FALSE;
  g_ptr_array_set_size (self->touched, 0);
  shape_visit (self, self->root, kind, text, length);
  if (!self->has_grown)
    shape_keep_variant (self, hash);
}

/* --- public --- */

/**
 * scope_shape_new:
 * @n_fields: (nullable): a counter that lives longer: fields of all shapes that share it
 *
 * Returns: (transfer full): a shape that has seen nothing
 */
ScopeShape *
scope_shape_new (guint *n_fields)
{
  ScopeShape *self = g_new0 (ScopeShape, 1);

  self->n_all_fields = n_fields;
  self->time = 1;
  self->members = g_array_new (FALSE, FALSE, sizeof (ShapeMember));
  self->touched = g_ptr_array_new ();
  self->key = g_string_new (NULL);
  self->root = _scope_shape_node_new (self, NULL, NULL);
  return self;
}

/**
 * scope_shape_free:
 * @self: (transfer full): a shape
 */
void
scope_shape_free (ScopeShape *self)
{
  g_return_if_fail (self != NULL);

  _scope_shape_forget_variants (self);
  _scope_shape_node_free (self, self->root);
  scope_shape_verdict_clear (&self->verdict);
  g_array_unref (self->members);
  g_ptr_array_unref (self->touched);
  g_string_free (self->key, TRUE);
  g_free (self);
}

static gboolean
shape_has_room (ScopeShape *self,
                guint       n)
{
  return self->n_fields + n <= SCOPE_LIMIT_SHAPE_FIELDS
         && (self->n_all_fields == NULL || *self->n_all_fields + n <= SCOPE_LIMIT_SHAPE_ALL_FIELDS);
}

/* Its fields are counted here from now on. */
static ShapeNode *
shape_adopt_root (ScopeShape *self,
                  ScopeShape *from)
{
  self->n_fields += from->n_fields;
  if (self->n_all_fields != NULL)
    *self->n_all_fields += from->n_fields;
  if (from->n_all_fields != NULL)
    *from->n_all_fields -= from->n_fields;
  from->n_fields = 0;
  return g_steal_pointer (&from->root);
}

/**
 * scope_shape_merge:
 * @from: (transfer full): a shape of the same events, seen by another session
 *
 * Learns what another one has learnt. Counts become the larger of the two: both may have seen the
 * same events. If there are more fields than are remembered, none is taken.
 */
void
scope_shape_merge (ScopeShape *self,
                   ScopeShape *from)
{
  g_return_if_fail (self != NULL && from != NULL && self != from);

  self->n_events = MAX (self->n_events, from->n_events);
  self->last_usec = MAX (self->last_usec, from->last_usec);
  self->cut |= from->cut;
  _scope_shape_forget_variants (self);
  if (shape_has_room (self, _scope_shape_node_count_new (self->root, from->root)))
    _scope_shape_node_merge (self, self->root, shape_adopt_root (self, from));
  else
    self->cut = TRUE;
  scope_shape_free (from);
}

/**
 * scope_shape_observe:
 * @kind: what @text is; `SCOPE_JSON_NONE`: no JSON
 * @text: (nullable): the payload, checked if it is JSON
 * @length: its length in bytes
 * @sequence: the event's number
 * @time_usec: when it came, microseconds since 1970
 * @verdict: (out caller-allocates) (nullable): what is to be told of it; has to be cleared
 *
 * Looks at one more event.
 */
void
scope_shape_observe (ScopeShape        *self,
                     ScopeJsonKind      kind,
                     const char        *text,
                     gsize              length,
                     guint64            sequence,
                     gint64             time_usec,
                     ScopeShapeVerdict *verdict)
{
  guint64 hash;

  g_return_if_fail (self != NULL);
  g_return_if_fail (text != NULL || length == 0);

  self->time++;
  self->sequence = sequence;
  self->time_usec = time_usec;
  self->verdict.result = self->n_events == 0 ? SCOPE_SHAPE_FIRST : SCOPE_SHAPE_SAME;
  hash = kind != SCOPE_JSON_NONE ? _scope_shape_hash (text, length) : 2;
  if (!shape_count_variant (self, hash))
    shape_walk (self, hash, kind, text, length);

  self->n_events++;
  self->last_sequence = sequence;
  self->last_usec = time_usec;
  if (verdict != NULL)
    *verdict = self->verdict;
  else
    scope_shape_verdict_clear (&self->verdict);
  self->verdict = (ScopeShapeVerdict) { 0 };
}

/**
 * scope_shape_get_n_events:
 *
 * Returns: how many events were looked at
 */
guint64
scope_shape_get_n_events (ScopeShape *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_events;
}

/**
 * scope_shape_get_last_sequence:
 *
 * Returns: the number of the last one; 0: there is none of this session
 */
guint64
scope_shape_get_last_sequence (ScopeShape *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->last_sequence;
}

/**
 * scope_shape_get_last_time:
 *
 * Returns: when the last one came, microseconds since 1970
 */
gint64
scope_shape_get_last_time (ScopeShape *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->last_usec;
}

/**
 * scope_shape_get_cut:
 *
 * Returns: whether there was more than is remembered
 */
gboolean
scope_shape_get_cut (ScopeShape *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->cut;
}
