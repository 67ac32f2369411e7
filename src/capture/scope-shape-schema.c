/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shape"

#include "config.h"

#include "capture/scope-shape-private.h"

/* The tree as JSON Schema. It says what was seen, and forbids nothing that was not: fields that are
 * not listed stay allowed, so whatever was learnt from is valid. */

static JsonNode *schema_of (ShapeNode *node);

static void
schema_take (JsonObject *schema,
             const char *name,
             JsonNode   *value)
{
  json_object_set_member (schema, name, value);
}

static JsonNode *
schema_new_node (JsonObject *object)
{
  JsonNode *node = json_node_alloc ();

  json_node_init_object (node, object);
  json_object_unref (object);
  return node;
}

/* All integers are numbers. */
static void
schema_set_types (JsonObject *schema,
                  guint       types)
{
  static const struct
  {
    guint types;
    const char *name;
  } names[] = {
    { SCOPE_SHAPE_OBJECT, "object" },
    { SCOPE_SHAPE_ARRAY, "array" },
    { SCOPE_SHAPE_STRING | SCOPE_SHAPE_TEXT, "string" },
    { SCOPE_SHAPE_NUMBER, "number" },
    { SCOPE_SHAPE_INTEGER, "integer" },
    { SCOPE_SHAPE_BOOLEAN, "boolean" },
    { SCOPE_SHAPE_NULL, "null" },
  };
  g_autoptr (JsonArray) found = json_array_new ();

  if (types & SCOPE_SHAPE_NUMBER)
    types &= ~SCOPE_SHAPE_INTEGER;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (types & names[i].types)
      json_array_add_string_element (found, names[i].name);

  if (json_array_get_length (found) == 1)
    json_object_set_string_member (schema, "type", json_array_get_string_element (found, 0));
  else if (json_array_get_length (found) > 1)
    json_object_set_array_member (schema, "type", g_steal_pointer (&found));
}

static void
schema_set_properties (JsonObject *schema,
                       ShapeNode  *node)
{
  JsonObject *properties = json_object_new ();
  JsonArray *required = json_array_new ();

  for (guint i = 0; i < node->n_children; i++)
    {
      ShapeNode *child = node->children[i];

      schema_take (properties, child->key, schema_of (child));
      if (shape_node_is_always (child))
        json_array_add_string_element (required, child->key);
    }
  json_object_set_object_member (schema, "properties", properties);
  if (json_array_get_length (required) > 0)
    json_object_set_array_member (schema, "required", required);
  else
    json_array_unref (required);
}

static void
schema_fill (JsonObject *schema,
             ShapeNode  *node)
{
  schema_set_types (schema, node->types);
  if (node->values != NULL)
    schema_take (schema, "additionalProperties", schema_of (node->values));
  else if (node->n_children > 0)
    schema_set_properties (schema, node);
  if (node->items != NULL)
    schema_take (schema, "items", schema_of (node->items));
}

static JsonNode *
schema_of (ShapeNode *node)
{
  JsonObject *schema = json_object_new ();

  schema_fill (schema, node);
  return schema_new_node (schema);
}

/**
 * scope_shape_to_schema:
 * @title: (nullable): what it is the schema of: the event's name
 *
 * Returns: (transfer full): the schema of the event's data
 */
JsonNode *
scope_shape_to_schema (ScopeShape *self,
                       const char *title)
{
  JsonObject *schema;

  g_return_val_if_fail (self != NULL, NULL);

  schema = json_object_new ();
  if (title != NULL)
    json_object_set_string_member (schema, "title", title);
  schema_fill (schema, self->root);
  return schema_new_node (schema);
}
