/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shapes"

#include "config.h"

#include "capture/scope-shapes.h"

#include <string.h>

#include "base/scope-limits.h"
#include "capture/scope-data.h"
#include "capture/scope-shape-private.h"

#define FIRST_LINE "{\"channelscope-shapes\":1}"
/* a name and a few numbers, every byte of the name escaped */
#define MAX_LINE_BYTES (6 * SCOPE_LIMIT_RECEIVED_NAME_BYTES + 256)

struct _ScopeShapes
{
  GHashTable *by_name; /* of ScopeShape */
  guint n_fields;
  gboolean cut;
};

/**
 * scope_shapes_new:
 *
 * Returns: (transfer full): an empty table
 */
ScopeShapes *
scope_shapes_new (void)
{
  ScopeShapes *self = g_new0 (ScopeShapes, 1);

  self->by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                         (GDestroyNotify) scope_shape_free);
  return self;
}

/**
 * scope_shapes_free:
 * @self: (transfer full): a table
 */
void
scope_shapes_free (ScopeShapes *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->by_name);
  g_free (self);
}

/* NULL: there are too many. */
static ScopeShape *
shapes_ensure (ScopeShapes *self,
               const char  *name)
{
  ScopeShape *shape = g_hash_table_lookup (self->by_name, name);

  if (shape != NULL)
    return shape;
  if (g_hash_table_size (self->by_name) >= SCOPE_LIMIT_SHAPES
      || strlen (name) > SCOPE_LIMIT_RECEIVED_NAME_BYTES)
    {
      self->cut = TRUE;
      return NULL;
    }
  shape = scope_shape_new (&self->n_fields);
  g_hash_table_insert (self->by_name, g_strdup (name), shape);
  return shape;
}

static gboolean
shapes_counts (const ScopeEntry *entry)
{
  gboolean locked =
    (entry->flags & (SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED)) == SCOPE_ENTRY_ENCRYPTED;

  return entry->kind == SCOPE_ENTRY_EVENT && !locked;
}

static void
shapes_observe_data (ScopeShape        *shape,
                     const ScopeEntry  *entry,
                     ScopeShapeVerdict *verdict)
{
  const char *token = NULL;
  gsize length = 0;
  ScopeJsonKind kind = _scope_entry_get_plain_token (entry, &token, &length);
  ScopeDataValue value;

  _scope_data_value_init (&value, kind, token, length);
  /* a string that did not turn into something else is no JSON */
  if (value.kind == SCOPE_JSON_STRING && value.json == token)
    value.kind = SCOPE_JSON_NONE;
  scope_shape_observe (shape, value.kind, value.json, value.length, entry->sequence,
                       entry->time_usec, verdict);
  _scope_data_value_clear (&value);
}

/**
 * scope_shapes_observe:
 * @entry: what happened
 * @names: what its numbers stand for
 * @verdict: (out caller-allocates) (optional): what is to be told of it; has to be cleared
 * @earlier: (out) (optional): the number of the one of its name before it; 0: none of this session
 *
 * Looks at one entry more. Data is what a reader sees: decrypted, and decoded once if it is a string
 * that holds JSON.
 *
 * Returns: whether it was an event with a payload that can be read
 */
gboolean
scope_shapes_observe (ScopeShapes       *self,
                      const ScopeEntry  *entry,
                      ScopeNames        *names,
                      ScopeShapeVerdict *verdict,
                      guint64           *earlier)
{
  g_autofree char *owned = NULL;
  const char *name;
  ScopeShape *shape;
  guint64 before;

  g_return_val_if_fail (self != NULL && entry != NULL, FALSE);

  if (!shapes_counts (entry) || entry->data_kind == SCOPE_JSON_NONE)
    return FALSE;
  name = scope_entry_get_name (entry, names, SCOPE_ENTRY_NAME_EVENT, &owned);
  shape = name != NULL ? shapes_ensure (self, name) : NULL;
  if (shape == NULL)
    return FALSE;

  before = scope_shape_get_last_sequence (shape);
  shapes_observe_data (shape, entry, verdict);
  if (earlier != NULL)
    *earlier = before;
  return TRUE;
}

/**
 * scope_shapes_find:
 * @event: an event's name
 *
 * Returns: (transfer none) (nullable): its shape
 */
ScopeShape *
scope_shapes_find (ScopeShapes *self,
                   const char  *event)
{
  g_return_val_if_fail (self != NULL && event != NULL, NULL);

  return g_hash_table_lookup (self->by_name, event);
}

static int
shapes_compare (gconstpointer a,
                gconstpointer b)
{
  return strcmp (*(char * const *) a, *(char * const *) b);
}

/**
 * scope_shapes_list_names:
 *
 * Returns: (transfer full): the events' names, sorted
 */
char **
scope_shapes_list_names (ScopeShapes *self)
{
  GPtrArray *names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_return_val_if_fail (self != NULL, NULL);

  g_hash_table_iter_init (&iter, self->by_name);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, shapes_compare);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_free (names, FALSE);
}

/**
 * scope_shapes_get_cut:
 *
 * Returns: whether there were more event names than are remembered
 */
gboolean
scope_shapes_get_cut (ScopeShapes *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->cut;
}

/**
 * scope_shapes_merge:
 * @from: (transfer full): what another session of the same app has learnt
 *
 * Learns it too, as far as there is room.
 */
void
scope_shapes_merge (ScopeShapes *self,
                    ScopeShapes *from)
{
  GHashTableIter iter;
  gpointer name, shape;

  g_return_if_fail (self != NULL && from != NULL && self != from);

  g_hash_table_iter_init (&iter, from->by_name);
  while (g_hash_table_iter_next (&iter, &name, &shape))
    {
      ScopeShape *into = shapes_ensure (self, name);

      if (into == NULL)
        continue;
      scope_shape_merge (into, shape);
      g_hash_table_iter_steal (&iter);
      g_free (name);
    }
  self->cut |= from->cut;
  scope_shapes_free (from);
}

/**
 * scope_shapes_clear:
 *
 * Forgets everything.
 */
void
scope_shapes_clear (ScopeShapes *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_remove_all (self->by_name);
  self->cut = FALSE;
}

/* --- JSON Schema --- */

static JsonNode *
shapes_new_defs (ScopeShapes *self)
{
  g_auto (GStrv) names = scope_shapes_list_names (self);
  JsonObject *defs = json_object_new ();
  JsonNode *document = json_node_new (JSON_NODE_OBJECT);
  g_autoptr (JsonObject) root = json_object_new ();

  for (guint i = 0; names[i] != NULL; i++)
    json_object_set_member (defs, names[i],
                            scope_shape_to_schema (scope_shapes_find (self, names[i]), names[i]));
  json_object_set_object_member (root, "$defs", defs);
  json_node_set_object (document, root);
  return document;
}

/* The member that has to come first comes first. */
static void
shapes_copy_member_cb (JsonObject *object,
                       const char *name,
                       JsonNode   *value,
                       gpointer    user_data)
{
  json_object_set_member (user_data, name, json_node_copy (value));
}

/**
 * scope_shapes_dup_schema:
 * @event: (nullable): an event's name; `NULL`: all of them
 *
 * Returns: (transfer full) (nullable): a document; `NULL`: there is no such event
 */
char *
scope_shapes_dup_schema (ScopeShapes *self,
                         const char  *event)
{
  ScopeShape *shape;
  g_autoptr (JsonNode) body = NULL;
  g_autoptr (JsonNode) document = NULL;
  JsonObject *root;

  g_return_val_if_fail (self != NULL, NULL);

  shape = event != NULL ? scope_shapes_find (self, event) : NULL;
  if (event != NULL && shape == NULL)
    return NULL;
  body = shape != NULL ? scope_shape_to_schema (shape, event) : shapes_new_defs (self);
  root = json_object_new ();
  json_object_set_string_member (root, "$schema", "https://json-schema.org/draft/2020-12/schema");
  json_object_foreach_member (json_node_get_object (body), shapes_copy_member_cb, root);
  document = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (document, root);
  return json_to_string (document, TRUE);
}

/* --- the file --- */

static void
shapes_append_shape (const char *name,
                     ScopeShape *shape,
                     GString    *out)
{
  g_string_append (out, "[\"e\",");
  scope_json_append_string (out, name, -1);
  g_string_append_printf (out, ",%" G_GUINT64_FORMAT ",%" G_GINT64_FORMAT ",%d]\n",
                          scope_shape_get_n_events (shape), scope_shape_get_last_time (shape),
                          scope_shape_get_cut (shape));
  scope_shape_append_fields (shape, out);
}

/**
 * scope_shapes_to_lines:
 *
 * Returns: (transfer full): what scope_shapes_read_lines() takes back
 */
GString *
scope_shapes_to_lines (ScopeShapes *self)
{
  g_auto (GStrv) names = NULL;
  GString *out;

  g_return_val_if_fail (self != NULL, NULL);

  names = scope_shapes_list_names (self);
  out = g_string_new (FIRST_LINE "\n");
  for (guint i = 0; names[i] != NULL; i++)
    shapes_append_shape (names[i], scope_shapes_find (self, names[i]), out);
  return out;
}

/* ["e","name",events,last,cut]: the shape that the next lines are of, or NULL. */
static ScopeShape *
shapes_read_event (ScopeShapes *self,
                   const char  *line,
                   gsize        length)
{
  ScopeJsonIter iter;
  ScopeSpan tag, name;
  ScopeJsonKind kind;
  guint64 n, last, cut;
  g_autofree char *text = NULL;
  ScopeShape *shape;

  scope_json_iter_init (&iter, line, length);
  if (!scope_json_iter_next (&iter, NULL, &tag, &kind) || kind != SCOPE_JSON_STRING
      || !scope_json_string_equal (line + tag.offset, tag.length, "e")
      || !scope_json_iter_next (&iter, NULL, &name, &kind) || kind != SCOPE_JSON_STRING
      || !_scope_shape_read_number (&iter, G_MAXINT64, &n)
      || !_scope_shape_read_number (&iter, G_MAXINT64, &last)
      || !_scope_shape_read_number (&iter, 1, &cut))
    return NULL;

  text = scope_json_string_dup (line + name.offset, name.length);
  if (scope_shapes_find (self, text) != NULL)
    return NULL;
  shape = shapes_ensure (self, text);
  if (shape != NULL)
    scope_shape_set_counts (shape, n, last, cut != 0);
  return shape;
}

static gboolean
shapes_read_line (ScopeShapes  *self,
                  const char   *line,
                  gsize         length,
                  ScopeShape  **shape)
{
  ScopeJsonKind kind;

  if (length > MAX_LINE_BYTES || !scope_json_check (line, length, &kind, NULL)
      || kind != SCOPE_JSON_ARRAY)
    return FALSE;
  if (*shape != NULL && scope_shape_read_field (*shape, line, length))
    return TRUE;
  *shape = shapes_read_event (self, line, length);
  return *shape != NULL;
}

/**
 * scope_shapes_read_lines:
 * @text: the bytes of a file
 * @length: how many
 *
 * Takes back what scope_shapes_to_lines() wrote. Stops at the first line that is not one of those.
 *
 * Returns: whether all of it was
 */
gboolean
scope_shapes_read_lines (ScopeShapes *self,
                         const char  *text,
                         gsize        length)
{
  const char *end = text + length;
  ScopeShape *shape = NULL;
  gboolean first = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);

  while (text < end)
    {
      const char *line_end = memchr (text, '\n', end - text);
      gsize n = (line_end != NULL ? line_end : end) - text;
      gboolean good = first ? n == strlen (FIRST_LINE) && memcmp (text, FIRST_LINE, n) == 0
                            : shapes_read_line (self, text, n, &shape);

      if (!good)
        return FALSE;
      first = FALSE;
      text = line_end != NULL ? line_end + 1 : end;
    }
  return !first;
}
