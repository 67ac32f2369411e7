/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shape"

#include "config.h"

#include "capture/scope-shape-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"

/* The tree as words, as a list, and as lines of the file that keeps it. */

/* --- words --- */

/**
 * scope_shape_types_to_text:
 *
 * Returns: (transfer full): "number or string"
 */
char *
scope_shape_types_to_text (ScopeShapeTypes types)
{
  static const struct
  {
    guint type;
    const char *word;
  } words[] = {
    { SCOPE_SHAPE_OBJECT, N_("object") },
    { SCOPE_SHAPE_ARRAY, N_("array") },
    { SCOPE_SHAPE_STRING, N_("string") },
    { SCOPE_SHAPE_TEXT, N_("text that is no JSON") },
    { SCOPE_SHAPE_NUMBER, N_("number") },
    { SCOPE_SHAPE_INTEGER, N_("integer") },
    { SCOPE_SHAPE_BOOLEAN, N_("true or false") },
    { SCOPE_SHAPE_NULL, N_("null") },
  };
  GString *text = g_string_new (NULL);

  if (types & SCOPE_SHAPE_NUMBER)
    types &= ~SCOPE_SHAPE_INTEGER;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if ((types & words[i].type) == 0)
        continue;
      if (text->len > 0)
        /* Translators: between the types of a field, as in "number, string" */
        g_string_append (text, _(", "));
      g_string_append (text, _(words[i].word));
    }
  return g_string_free (text, FALSE);
}

/**
 * scope_shape_change_to_text:
 * @change: what was told of an event
 *
 * Returns: (transfer full): a phrase, as in "data.total was number, now string"
 */
char *
scope_shape_change_to_text (const ScopeShapeChange *change)
{
  g_autofree char *before = NULL;
  g_autofree char *now = NULL;

  g_return_val_if_fail (change != NULL, NULL);

  if (change->kind == SCOPE_SHAPE_FIELD_NEW)
    return g_strdup_printf (_("New field %s"), change->path);
  if (change->kind == SCOPE_SHAPE_FIELD_MISSING)
    return g_strdup_printf (_("%s is missing, which was always there"), change->path);
  before = scope_shape_types_to_text (change->before);
  now = scope_shape_types_to_text (change->now);
  /* Translators: a field's path, the types it had before, the type it has now */
  return g_strdup_printf (_("%s was %s, now %s"), change->path, before, now);
}

/* --- the list --- */

/**
 * scope_shape_field_free:
 *
 * Frees a field and its texts.
 */
void
scope_shape_field_free (ScopeShapeField *field)
{
  g_free (field->path);
  g_free (field->filter);
  g_free (field->name);
  g_free (field);
}

/* The language knows no "any of them": the first item stands for the array, and nothing for a map. */
static char *
text_dup_filter (const char *path)
{
  const char *wild = strstr (path, ".*");
  g_auto (GStrv) parts = NULL;

  if (wild != NULL)
    return NULL;
  parts = g_strsplit (path, "[]", -1);
  return g_strjoinv ("[0]", parts);
}

static char *
text_dup_name (ShapeNode *node)
{
  if (node->parent == NULL)
    return g_strdup ("data");
  if (node->key != NULL)
    return g_strdup (node->key);
  return g_strdup (node == node->parent->items ? _("each item") : _("each value"));
}

static void
text_list (ShapeNode *node,
           guint      depth,
           gboolean   inside,
           GPtrArray *fields)
{
  ScopeShapeField *field = g_new0 (ScopeShapeField, 1);

  inside |= node->parent != NULL && node->key == NULL;
  field->path = _scope_shape_node_dup_path (node);
  field->filter = text_dup_filter (field->path);
  field->name = text_dup_name (node);
  field->depth = depth;
  field->types = node->types;
  field->n_events = node->n;
  field->inside = inside;
  field->always = shape_node_is_always (node);
  field->is_map = node->is_map;
  field->first_usec = node->first_usec;
  field->last_usec = node->last_usec;
  field->first_sequence = node->first_sequence;
  field->last_sequence = node->last_sequence;
  g_ptr_array_add (fields, field);

  for (guint i = 0; i < node->n_children; i++)
    text_list (node->children[i], depth + 1, inside, fields);
  if (node->values != NULL)
    text_list (node->values, depth + 1, inside, fields);
  if (node->items != NULL)
    text_list (node->items, depth + 1, inside, fields);
}

/**
 * scope_shape_list_fields:
 *
 * Returns: (transfer full) (element-type ScopeShapeField): all fields, each before those in it
 */
GPtrArray *
scope_shape_list_fields (ScopeShape *self)
{
  GPtrArray *fields;

  g_return_val_if_fail (self != NULL, NULL);

  fields = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_shape_field_free);
  text_list (self->root, 0, FALSE, fields);
  return fields;
}

/* --- the file --- */

/* ["f",depth,role,"key",types,n,first,last]; bits of role */
#define ROLE_ITEMS 1
#define ROLE_VALUES 2
#define ROLE_MAP 4
#define ROLE_LATE 8
#define ROLE_MISSED 16

static void
lines_append (ShapeNode *node,
              guint      depth,
              GString   *out)
{
  guint role = (node->is_map ? ROLE_MAP : 0) | (node->late ? ROLE_LATE : 0)
               | (node->missed ? ROLE_MISSED : 0);

  if (node->parent != NULL && node->key == NULL)
    role |= node == node->parent->items ? ROLE_ITEMS : ROLE_VALUES;
  g_string_append_printf (out, "[\"f\",%u,%u,", depth, role);
  scope_json_append_string (out, node->key != NULL ? node->key : "", -1);
  g_string_append_printf (out, ",%u,%" G_GUINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "]\n",
                          node->types, node->n, node->first_usec, node->last_usec);
  for (guint i = 0; i < node->n_children; i++)
    lines_append (node->children[i], depth + 1, out);
  if (node->values != NULL)
    lines_append (node->values, depth + 1, out);
  if (node->items != NULL)
    lines_append (node->items, depth + 1, out);
}

/**
 * scope_shape_append_fields:
 * @out: where to
 *
 * Writes one line a field.
 */
void
scope_shape_append_fields (ScopeShape *self,
                           GString    *out)
{
  g_return_if_fail (self != NULL && out != NULL);

  lines_append (self->root, 0, out);
}

gboolean
_scope_shape_read_number (ScopeJsonIter *iter,
                          guint64        max,
                          guint64       *number)
{
  ScopeSpan span;
  ScopeJsonKind kind;
  g_autofree char *digits = NULL;

  if (!scope_json_iter_next (iter, NULL, &span, &kind) || kind != SCOPE_JSON_NUMBER)
    return FALSE;
  digits = g_strndup (iter->text + span.offset, span.length);
  return g_ascii_string_to_unsigned (digits, 10, 0, max, number, NULL);
}

/* Where the line's node belongs: below the last one of the depth before. */
static ShapeNode *
line_find_parent (ScopeShape *self,
                  guint       depth)
{
  ShapeNode *node = self->reading;
  guint at = node != NULL ? _scope_shape_node_get_depth (node) : 0;

  if (node == NULL || depth == 0 || depth > at + 1)
    return NULL;
  for (; at + 1 > depth; at--)
    node = node->parent;
  return node;
}

/* A new node, if nothing is there yet. */
static ShapeNode *
line_make_node (ScopeShape *self,
                guint       depth,
                guint       role,
                const char *key)
{
  ShapeNode *parent = line_find_parent (self, depth);
  ShapeNode **place;
  gboolean plain = (role & (ROLE_ITEMS | ROLE_VALUES)) == 0;

  if (depth == 0)
    return self->reading == NULL ? self->root : NULL;
  if (parent == NULL)
    return NULL;
  if (plain)
    return parent->is_map || parent->n_children >= SCOPE_LIMIT_SHAPE_KEYS
                   || _scope_shape_node_find (parent, key) != NULL
               ? NULL
               : _scope_shape_node_new (self, parent, key);

  place = role & ROLE_ITEMS ? &parent->items : &parent->values;
  if (*place != NULL || (place == &parent->values && !parent->is_map))
    return NULL;
  *place = _scope_shape_node_new (self, parent, NULL);
  return *place;
}

static gboolean
line_read (ScopeShape    *self,
           ScopeJsonIter *iter)
{
  guint64 depth, role, types, n, first, last;
  ScopeSpan key;
  ScopeJsonKind kind;
  g_autofree char *name = NULL;
  ShapeNode *node;

  if (!_scope_shape_read_number (iter, SCOPE_LIMIT_JSON_DEPTH, &depth)
      || !_scope_shape_read_number (iter, 31, &role) || !scope_json_iter_next (iter, NULL, &key, &kind)
      || kind != SCOPE_JSON_STRING || key.length > SCOPE_LIMIT_SHAPE_KEY_BYTES * 6 + 2
      || !_scope_shape_read_number (iter, SCOPE_SHAPE_ALL_TYPES, &types)
      || !_scope_shape_read_number (iter, G_MAXINT64, &n) || !_scope_shape_read_number (iter, G_MAXINT64, &first)
      || !_scope_shape_read_number (iter, G_MAXINT64, &last))
    return FALSE;
  name = scope_json_string_dup (iter->text + key.offset, key.length);
  node = line_make_node (self, depth, role, name);
  if (node == NULL)
    return FALSE;

  node->is_map = (role & ROLE_MAP) != 0;
  node->late = (role & ROLE_LATE) != 0;
  node->missed = (role & ROLE_MISSED) != 0;
  node->types = types;
  node->n = n;
  node->first_usec = first;
  node->last_usec = last;
  node->object_event = node->object_born = types & SCOPE_SHAPE_OBJECT ? 1 : 0;
  self->reading = node;
  return TRUE;
}

/**
 * scope_shape_read_field:
 * @line: a line of a file that anybody may have written
 * @length: its length in bytes
 *
 * Takes back what scope_shape_append_fields() wrote, line by line, into a new shape.
 *
 * Returns: %FALSE if that is none of its lines, or not the one that comes next
 */
gboolean
scope_shape_read_field (ScopeShape *self,
                        const char *line,
                        gsize       length)
{
  ScopeJsonIter iter;
  ScopeSpan span;
  ScopeJsonKind kind;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!scope_json_check (line, length, &kind, NULL) || kind != SCOPE_JSON_ARRAY)
    return FALSE;
  scope_json_iter_init (&iter, line, length);
  return scope_json_iter_next (&iter, NULL, &span, &kind) && kind == SCOPE_JSON_STRING
         && scope_json_string_equal (line + span.offset, span.length, "f") && line_read (self, &iter);
}

/**
 * scope_shape_set_counts:
 *
 * The rest of what was read.
 */
void
scope_shape_set_counts (ScopeShape *self,
                        guint64     n_events,
                        gint64      last_usec,
                        gboolean    cut)
{
  g_return_if_fail (self != NULL);

  self->n_events = n_events;
  self->last_usec = last_usec;
  self->cut = cut;
}
