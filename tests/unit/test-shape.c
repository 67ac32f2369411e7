/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "base/scope-limits.h"
#include "capture-fixture.h"
#include "capture/scope-shape-file.h"
#include "capture/scope-shapes.h"

/* --- helpers --- */

static ScopeShapeVerdict
observe (ScopeShape *shape,
         const char *payload)
{
  ScopeJsonKind kind = SCOPE_JSON_NONE;
  ScopeShapeVerdict verdict;
  guint64 sequence = scope_shape_get_last_sequence (shape) + 1;

  if (!scope_json_check (payload, strlen (payload), &kind, NULL))
    kind = SCOPE_JSON_NONE;
  scope_shape_observe (shape, kind, payload, strlen (payload), sequence, FIXTURE_TIME + sequence, &verdict);
  return verdict;
}

/* What was told: "+data.a", "-data.b", "data.c:string", sorted, with blanks between. */
static char *
tell (const ScopeShapeVerdict *verdict)
{
  g_autoptr (GPtrArray) words = g_ptr_array_new_with_free_func (g_free);

  if (verdict->result == SCOPE_SHAPE_FIRST)
    return g_strdup ("first");
  for (guint i = 0; verdict->changes != NULL && i < verdict->changes->len; i++)
    {
      const ScopeShapeChange *change = verdict->changes->pdata[i];
      g_autofree char *now = scope_shape_types_to_text (change->now);

      if (change->kind == SCOPE_SHAPE_FIELD_TYPE)
        g_ptr_array_add (words, g_strdup_printf ("%s:%s", change->path,
                                                 g_str_equal (now, "integer") ? "number" : now));
      else
        g_ptr_array_add (words, g_strdup_printf ("%c%s", change->kind == SCOPE_SHAPE_FIELD_NEW ? '+' : '-',
                                                 change->path));
    }
  g_assert_true ((verdict->result == SCOPE_SHAPE_CHANGED) == (words->len > 0));
  for (guint i = 0; i < words->len; i++) /* few */
    for (guint j = i + 1; j < words->len; j++)
      if (strcmp (words->pdata[i], words->pdata[j]) > 0)
        {
          gpointer other = words->pdata[i];

          words->pdata[i] = words->pdata[j];
          words->pdata[j] = other;
        }
  g_ptr_array_add (words, NULL);
  return g_strjoinv (" ", (char **) words->pdata);
}

/* --- a validator: as much of JSON Schema as is written --- */

static gboolean validate (JsonObject *schema,
                          JsonNode   *value);

static const char *
type_of (JsonNode *value)
{
  if (JSON_NODE_HOLDS_NULL (value))
    return "null";
  if (JSON_NODE_HOLDS_OBJECT (value))
    return "object";
  if (JSON_NODE_HOLDS_ARRAY (value))
    return "array";
  if (json_node_get_value_type (value) == G_TYPE_STRING)
    return "string";
  if (json_node_get_value_type (value) == G_TYPE_BOOLEAN)
    return "boolean";
  return json_node_get_value_type (value) == G_TYPE_INT64 ? "integer" : "number";
}

static gboolean
type_fits (const char *type,
           const char *allowed)
{
  return g_str_equal (type, allowed) || (g_str_equal (type, "integer") && g_str_equal (allowed, "number"));
}

static gboolean
validate_type (JsonObject *schema,
               JsonNode   *value)
{
  JsonNode *type = json_object_get_member (schema, "type");
  JsonArray *types;

  if (type == NULL)
    return TRUE;
  if (JSON_NODE_HOLDS_VALUE (type))
    return type_fits (type_of (value), json_node_get_string (type));
  types = json_node_get_array (type);
  for (guint i = 0; i < json_array_get_length (types); i++)
    if (type_fits (type_of (value), json_array_get_string_element (types, i)))
      return TRUE;
  return FALSE;
}

static gboolean
validate_object (JsonObject *schema,
                 JsonObject *value)
{
  JsonObject *properties = json_object_has_member (schema, "properties")
                               ? json_object_get_object_member (schema, "properties") : NULL;
  JsonArray *required = json_object_has_member (schema, "required")
                            ? json_object_get_array_member (schema, "required") : NULL;
  g_autoptr (GList) names = json_object_get_members (value);

  for (guint i = 0; required != NULL && i < json_array_get_length (required); i++)
    if (!json_object_has_member (value, json_array_get_string_element (required, i)))
      return FALSE;
  for (GList *name = names; name != NULL; name = name->next)
    {
      JsonNode *member = json_object_get_member (value, name->data);

      if (properties != NULL && json_object_has_member (properties, name->data))
        {
          if (!validate (json_object_get_object_member (properties, name->data), member))
            return FALSE;
        }
      else if (json_object_has_member (schema, "additionalProperties")
               && !validate (json_object_get_object_member (schema, "additionalProperties"), member))
        return FALSE;
    }
  return TRUE;
}

static gboolean
validate (JsonObject *schema,
          JsonNode   *value)
{
  if (!validate_type (schema, value))
    return FALSE;
  if (JSON_NODE_HOLDS_OBJECT (value))
    return validate_object (schema, json_node_get_object (value));
  if (JSON_NODE_HOLDS_ARRAY (value) && json_object_has_member (schema, "items"))
    for (guint i = 0; i < json_array_get_length (json_node_get_array (value)); i++)
      if (!validate (json_object_get_object_member (schema, "items"),
                     json_array_get_element (json_node_get_array (value), i)))
        return FALSE;
  return TRUE;
}

static void
assert_fits (JsonNode   *schema,
             const char *payload)
{
  g_autoptr (JsonNode) value = json_from_string (payload, NULL);

  if (value == NULL && scope_json_check (payload, strlen (payload), NULL, NULL))
    return; /* json-glib reads no lone surrogates */
  if (value == NULL) /* no JSON: data is that text */
    value = json_node_init_string (json_node_alloc (), payload);
  if (!validate (json_node_get_object (schema), value))
    {
      g_autofree char *text = json_to_string (schema, FALSE);

      g_error ("%s does not fit %s", payload, text);
    }
}

static void
assert_valid (ScopeShape *shape,
              const char *payload)
{
  g_autoptr (JsonNode) schema = scope_shape_to_schema (shape, NULL);

  assert_fits (schema, payload);
}

static void
assert_schema (ScopeShape *shape,
               const char *expected)
{
  g_autoptr (JsonNode) schema = scope_shape_to_schema (shape, NULL);
  g_autofree char *text = json_to_string (schema, FALSE);

  g_assert_cmpstr (text, ==, expected);
}

/* --- sequences --- */

typedef struct
{
  const char *name;
  struct
  {
    const char *payload;
    guint times;
    const char *told; /* the first time; then nothing */
  } events[8];
  const char *schema;
} Story;

static const Story stories[] = {
  { "same",
    { { "{\"a\":1}", 1, "first" }, { "{\"a\":2}", 3, "" } },
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}" },
  { "new",
    { { "{\"a\":1}", 1, "first" }, { "{\"a\":2,\"b\":null}", 2, "+data.b" } },
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"null\"}},\"required\":[\"a\"]}" },
  { "type",
    { { "{\"total\":1}", 2, "first" }, { "{\"total\":1.5}", 1, "" }, { "{\"total\":\"1.5\"}", 2, "data.total:string" },
      { "{\"total\":7}", 1, "" } },
    "{\"type\":\"object\",\"properties\":{\"total\":{\"type\":[\"string\",\"number\"]}},\"required\":[\"total\"]}" },
  { "missing after the warm-up",
    { { "{\"a\":1,\"b\":true}", 5, "first" }, { "{\"a\":1}", 2, "-data.b" }, { "{\"a\":1,\"b\":false}", 1, "" },
      { "{\"a\":1}", 1, "" } },
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"boolean\"}},\"required\":[\"a\"]}" },
  { "missing too early",
    { { "{\"a\":1,\"b\":true}", 4, "first" }, { "{\"a\":1}", 2, "" } },
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"},\"b\":{\"type\":\"boolean\"}},\"required\":[\"a\"]}" },
  { "came late and vanished",
    { { "{}", 1, "first" }, { "{\"b\":1}", 5, "+data.b" }, { "{}", 2, "-data.b" } },
    "{\"type\":\"object\",\"properties\":{\"b\":{\"type\":\"integer\"}}}" },
  { "an array's items are one",
    { { "{\"l\":[{\"i\":1},{\"i\":2}]}", 1, "first" }, { "{\"l\":[]}", 1, "" },
      { "{\"l\":[{\"i\":1},{\"i\":\"x\",\"j\":[1]}]}", 1, "+data.l[].j data.l[].i:string" }, { "{\"l\":[3]}", 1, "data.l[]:number" } },
    "{\"type\":\"object\",\"properties\":{\"l\":{\"type\":\"array\",\"items\":{\"type\":[\"object\",\"integer\"],"
    "\"properties\":{\"i\":{\"type\":[\"string\",\"integer\"]},\"j\":{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}},"
    "\"required\":[\"i\"]}}},\"required\":[\"l\"]}" },
  { "only the topmost field is told",
    { { "{\"a\":1}", 1, "first" }, { "{\"a\":1,\"c\":{\"d\":{\"e\":1}}}", 1, "+data.c" }, { "{\"a\":{\"x\":1}}", 1, "data.a:object" },
      { "{\"a\":{\"x\":1,\"y\":2}}", 1, "+data.a.y" } },
    NULL },
  { "no JSON",
    { { "hello", 2, "first" }, { "\"hello\"", 1, "" }, { "{\"a\":1}", 1, "data:object" }, { "{\"a\":", 1, "" } },
    "{\"type\":[\"object\",\"string\"],\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}" },
  { "of equal keys the last counts",
    { { "{\"a\":1}", 1, "first" }, { "{\"a\":\"x\",\"a\":1}", 1, "" }, { "{\"a\":1,\"a\":\"x\"}", 1, "data.a:string" } },
    NULL },
  { "names that need quotes",
    { { "{\"a\":1}", 1, "first" }, { "{\"a\":1,\"e-mail\":\"\",\"1\":2,\"\":3,\"x\\\"y\":4}", 1,
        "+data.\"\" +data.\"1\" +data.\"e-mail\" +data.\"x\\\"y\"" } },
    NULL },
  { "escapes in names",
    { { "{\"ab\":1}", 1, "first" }, { "{\"\\u0061b\":1}", 1, "" }, { "{\"a\\u0062\":null}", 1, "data.ab:null" } },
    NULL },
  { "names that no text can hold",
    { { "{\"a\":1}", 1, "first" }, { "{\"a\":1,\"x\\u0000y\":1,\"\\ud800\":2}", 1, "" } },
    "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\"]}" },
  { "scalars",
    { { "1", 1, "first" }, { "null", 1, "data:null" }, { "true", 1, "data:true or false" }, { "[]", 1, "data:array" } },
    "{\"type\":[\"array\",\"integer\",\"boolean\",\"null\"]}" },
};

static void
test_story (gconstpointer data)
{
  const Story *story = data;
  g_autoptr (ScopeShape) shape = scope_shape_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (story->events) && story->events[i].payload != NULL; i++)
    for (guint j = 0; j < story->events[i].times; j++)
      {
        g_auto (ScopeShapeVerdict) verdict = observe (shape, story->events[i].payload);
        g_autofree char *told = tell (&verdict);

        g_assert_cmpstr (told, ==, j == 0 ? story->events[i].told : "");
      }
  for (guint i = 0; i < G_N_ELEMENTS (story->events) && story->events[i].payload != NULL; i++)
    assert_valid (shape, story->events[i].payload);
  if (story->schema != NULL)
    assert_schema (shape, story->schema);
}

/* --- the same, naively --- */

typedef struct
{
  guint families; /* bits of what type_of() says, all numbers one */
  guint n;        /* events */
  guint occurrences;
  guint objects;  /* of which it was one */
  gboolean missed;
} Naive;

typedef struct
{
  char *path;
  GHashTable *keys;
} NaiveObject;

typedef struct
{
  GHashTable *known;   /* path → Naive */
  GHashTable *now;     /* path → families, of this event */
  GPtrArray *objects;  /* of NaiveObject, of this event */
} NaiveShape;

static guint
family_of (JsonNode *value)
{
  static const char * const types[] = { "null", "boolean", "number", "string", "object", "array" };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (type_fits (type_of (value), types[i]))
      return 1 << i;
  g_assert_not_reached ();
}

static const char *
family_name (guint family)
{
  static const char * const words[] = { "null", "true or false", "number", "string", "object", "array" };

  return words[g_bit_nth_lsf (family, -1)];
}

static void
naive_object_free (NaiveObject *object)
{
  g_free (object->path);
  g_hash_table_unref (object->keys);
  g_free (object);
}

static Naive *
naive_ensure (GHashTable *known,
              const char *path)
{
  Naive *naive = g_hash_table_lookup (known, path);

  if (naive == NULL)
    {
      naive = g_new0 (Naive, 1);
      g_hash_table_insert (known, g_strdup (path), naive);
    }
  return naive;
}

static void
naive_walk (NaiveShape *self,
            const char *path,
            JsonNode   *value)
{
  guint families = GPOINTER_TO_UINT (g_hash_table_lookup (self->now, path));

  g_hash_table_insert (self->now, g_strdup (path), GUINT_TO_POINTER (families | family_of (value)));
  if (JSON_NODE_HOLDS_OBJECT (value))
    {
      g_autoptr (GList) names = json_object_get_members (json_node_get_object (value));
      NaiveObject *object = g_new0 (NaiveObject, 1);

      object->path = g_strdup (path);
      object->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
      g_ptr_array_add (self->objects, object);
      for (GList *name = names; name != NULL; name = name->next)
        {
          g_autofree char *inner = g_strdup_printf ("%s.%s", path, (const char *) name->data);

          g_hash_table_add (object->keys, g_strdup (inner));
          naive_walk (self, inner, json_object_get_member (json_node_get_object (value), name->data));
        }
    }
  else if (JSON_NODE_HOLDS_ARRAY (value))
    {
      g_autofree char *inner = g_strdup_printf ("%s[]", path);
      JsonArray *array = json_node_get_array (value);

      for (guint i = 0; i < json_array_get_length (array); i++)
        naive_walk (self, inner, json_array_get_element (array, i));
    }
}

static char *
naive_dup_parent (const char *path)
{
  return g_strndup (path, strrchr (path, '.') - path);
}

/* Is path a member of an object? Then some object of this event may lack it. */
static gboolean
naive_lacks (NaiveShape *self,
             const char *path)
{
  g_autofree char *parent = NULL;

  if (g_str_has_suffix (path, "]") || strchr (path, '.') == NULL)
    return FALSE;
  parent = naive_dup_parent (path);
  for (guint i = 0; i < self->objects->len; i++)
    {
      NaiveObject *object = self->objects->pdata[i];

      if (g_str_equal (object->path, parent) && !g_hash_table_contains (object->keys, path))
        return TRUE;
    }
  return FALSE;
}

static void
naive_tell_present (NaiveShape *self,
                    GPtrArray  *told)
{
  GHashTableIter iter;
  gpointer path, families;

  g_hash_table_iter_init (&iter, self->now);
  while (g_hash_table_iter_next (&iter, &path, &families))
    {
      Naive *known = g_hash_table_lookup (self->known, path);
      guint new_ones = known != NULL ? GPOINTER_TO_UINT (families) & ~known->families : 0;

      for (guint bit = 1; known != NULL && bit <= new_ones; bit <<= 1)
        if (new_ones & bit)
          g_ptr_array_add (told, g_strdup_printf ("%s:%s", (char *) path, family_name (bit)));
      if (known == NULL && strchr (path, '.') != NULL && !g_str_has_suffix (path, "]"))
        {
          g_autofree char *parent = naive_dup_parent (path);
          Naive *object = g_hash_table_lookup (self->known, parent);

          if (object != NULL && object->objects > 0)
            g_ptr_array_add (told, g_strdup_printf ("+%s", (char *) path));
        }
    }
}

static void
naive_tell_missing (NaiveShape *self,
                    GPtrArray  *told)
{
  GHashTableIter iter;
  gpointer path, value;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &path, &value))
    {
      Naive *known = value;

      if (!known->missed && known->n >= SCOPE_SHAPE_WARM_UP && naive_lacks (self, path))
        g_ptr_array_add (told, g_strdup_printf ("-%s", (char *) path));
    }
}

static void
naive_learn (NaiveShape *self)
{
  GHashTableIter iter;
  gpointer path, value;

  g_hash_table_iter_init (&iter, self->now);
  while (g_hash_table_iter_next (&iter, &path, &value))
    {
      Naive *known = naive_ensure (self->known, path);

      known->families |= GPOINTER_TO_UINT (value);
      known->n++;
    }
  for (guint i = 0; i < self->objects->len; i++)
    {
      NaiveObject *object = self->objects->pdata[i];

      naive_ensure (self->known, object->path)->objects++;
      g_hash_table_iter_init (&iter, object->keys);
      while (g_hash_table_iter_next (&iter, &path, NULL))
        naive_ensure (self->known, path)->occurrences++;
    }
  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &path, &value))
    ((Naive *) value)->missed |= naive_lacks (self, path);
}

static int
compare_words (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char * const *) a, *(char * const *) b);
}

static char *
naive_observe (NaiveShape *self,
               JsonNode   *value)
{
  g_autoptr (GPtrArray) told = g_ptr_array_new_with_free_func (g_free);
  gboolean first = g_hash_table_size (self->known) == 0;

  g_hash_table_remove_all (self->now);
  g_ptr_array_set_size (self->objects, 0);
  naive_walk (self, "data", value);
  naive_tell_present (self, told);
  naive_tell_missing (self, told);
  naive_learn (self);
  if (first)
    return g_strdup ("first");
  g_ptr_array_sort (told, compare_words);
  g_ptr_array_add (told, NULL);
  return g_strjoinv (" ", (char **) told->pdata);
}

static void
append_random (GRand   *rand,
               GString *out,
               guint    depth)
{
  static const char * const scalars[] = { "1", "2.5", "\"x\"", "true", "null", "\"y\"", "-3", "1e3" };
  static const char * const keys[] = { "a", "b", "c", "d" };
  int kind = g_rand_int_range (rand, 0, depth < 3 ? 10 : 5);

  if (depth == 0 && g_rand_int_range (rand, 0, 20) > 0)
    kind = 9;
  if (kind < 5)
    {
      g_string_append (out, scalars[g_rand_int_range (rand, 0, g_rand_boolean (rand) ? 2 : 8)]);
      return;
    }
  g_string_append_c (out, kind < 7 ? '[' : '{');
  if (kind < 7)
    for (int i = 0, n = g_rand_int_range (rand, 0, 4); i < n; i++)
      {
        g_string_append (out, i > 0 ? "," : "");
        append_random (rand, out, depth + 1);
      }
  else
    for (guint i = 0, n = 0; i < G_N_ELEMENTS (keys); i++)
      if (g_rand_int_range (rand, 0, 12) > 0)
        {
          g_string_append_printf (out, "%s\"%s\":", n++ > 0 ? "," : "", keys[i]);
          append_random (rand, out, depth + 1);
        }
  g_string_append_c (out, kind < 7 ? ']' : '}');
}

static void
assert_fields_agree (ScopeShape *shape,
                     NaiveShape *naive)
{
  g_autoptr (GPtrArray) fields = scope_shape_list_fields (shape);

  g_assert_cmpuint (fields->len, ==, g_hash_table_size (naive->known));
  for (guint i = 0; i < fields->len; i++)
    {
      ScopeShapeField *field = fields->pdata[i];
      Naive *known = g_hash_table_lookup (naive->known, field->path);

      g_assert_nonnull (known);
      g_assert_cmpuint (field->n_events, ==, known->n);
      if (strchr (field->path, '.') != NULL && !g_str_has_suffix (field->path, "]"))
        {
          g_autofree char *parent = naive_dup_parent (field->path);
          Naive *object = g_hash_table_lookup (naive->known, parent);

          g_assert_cmpint (field->always, ==, known->occurrences == object->objects);
        }
    }
}

static void
test_naive (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (7);
  guint n_changed = 0;

  for (guint round = 0; round < 20; round++)
    {
      g_autoptr (ScopeShape) shape = scope_shape_new (NULL);
      g_autoptr (GPtrArray) payloads = g_ptr_array_new_with_free_func (g_free);
      g_autoptr (JsonNode) schema = NULL;
      NaiveShape naive = {
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
        g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
        g_ptr_array_new_with_free_func ((GDestroyNotify) naive_object_free),
      };

      for (guint i = 0; i < 50; i++)
        {
          g_autoptr (GString) payload = g_string_new (NULL);
          g_autoptr (JsonNode) value = NULL;
          g_auto (ScopeShapeVerdict) verdict = { 0 };
          g_autofree char *told = NULL;
          g_autofree char *expected = NULL;

          if (payloads->len > 0 && g_rand_int_range (rand, 0, 3) > 0)
            g_string_assign (payload, payloads->pdata[g_rand_int_range (rand, 0, payloads->len)]);
          else
            append_random (rand, payload, 0);
          g_ptr_array_add (payloads, g_strdup (payload->str));
          value = json_from_string (payload->str, NULL);
          verdict = observe (shape, payload->str);
          expected = naive_observe (&naive, value);
          if (verdict.n_more > 0)
            continue;
          told = tell (&verdict);
          n_changed += verdict.result == SCOPE_SHAPE_CHANGED;
          g_assert_cmpstr (told, ==, expected);
        }
      assert_fields_agree (shape, &naive);
      schema = scope_shape_to_schema (shape, NULL);
      for (guint i = 0; i < payloads->len; i++)
        assert_fits (schema, payloads->pdata[i]);
      g_hash_table_unref (naive.known);
      g_hash_table_unref (naive.now);
      g_ptr_array_unref (naive.objects);
    }
  g_assert_cmpuint (n_changed, >, 200);
}

/* --- hostile payloads --- */

static void
test_many_keys (void)
{
  g_autoptr (ScopeShape) shape = scope_shape_new (NULL);
  g_autoptr (GString) payload = g_string_new ("{\"users\":{");
  g_autoptr (GPtrArray) fields = NULL;

  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (payload, "%s\"user-%u\":{\"name\":\"n\",\"age\":%u}", i > 0 ? "," : "", i, i);
  g_string_append (payload, "}}");
  for (guint i = 0; i < 3; i++)
    {
      g_auto (ScopeShapeVerdict) verdict = observe (shape, payload->str);

      g_assert_cmpint (verdict.result, ==, i == 0 ? SCOPE_SHAPE_FIRST : SCOPE_SHAPE_SAME);
    }
  fields = scope_shape_list_fields (shape);
  g_assert_cmpuint (fields->len, ==, 5);
  g_assert_true (((ScopeShapeField *) fields->pdata[1])->is_map);
  g_assert_cmpstr (((ScopeShapeField *) fields->pdata[3])->path, ==, "data.users.*.name");
  g_assert_null (((ScopeShapeField *) fields->pdata[3])->filter);
  assert_schema (shape, "{\"type\":\"object\",\"properties\":{\"users\":{\"type\":\"object\",\"additionalProperties\":"
                        "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"age\":{\"type\":\"integer\"}},"
                        "\"required\":[\"name\",\"age\"]}}},\"required\":[\"users\"]}");
  assert_valid (shape, "{\"users\":{\"x\":{\"name\":\"\",\"age\":1}}}");
}

/* Each event has another id for a key: soon it is no news any more. */
static void
test_ids_as_keys (void)
{
  g_autoptr (ScopeShape) shape = scope_shape_new (NULL);
  guint n_changed = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *payload = g_strdup_printf ("{\"by_id\":{\"id%u\":{\"n\":%u%s}}}", i, i, i % 2 ? "" : ",\"m\":null");
      g_auto (ScopeShapeVerdict) verdict = observe (shape, payload);

      n_changed += verdict.result == SCOPE_SHAPE_CHANGED;
      if (i >= 100)
        g_assert_cmpint (verdict.result, ==, SCOPE_SHAPE_SAME);
    }
  g_assert_cmpuint (n_changed, <, 10);
  assert_valid (shape, "{\"by_id\":{\"other\":{\"n\":1}}}");
}

static void
test_bounds (void)
{
  guint n_fields = 0;
  ScopeShape *shape = scope_shape_new (&n_fields);
  g_autoptr (GString) deep = g_string_new (NULL);
  g_autofree char *long_key = g_strnfill (SCOPE_LIMIT_SHAPE_KEY_BYTES + 1, 'k');
  g_autofree char *too_long = g_strdup_printf ("{\"%s\":1}", long_key);

  for (guint i = 0; i < SCOPE_LIMIT_JSON_DEPTH; i++)
    g_string_append (deep, i % 2 ? "[" : "{\"a\":");
  g_string_append (deep, "1");
  for (guint i = SCOPE_LIMIT_JSON_DEPTH; i-- > 0;)
    g_string_append (deep, i % 2 ? "]" : "}");
  for (guint i = 0; i < 2; i++)
    {
      g_auto (ScopeShapeVerdict) verdict = observe (shape, deep->str);
    }
  assert_valid (shape, deep->str);
  g_assert_false (scope_shape_get_cut (shape));
  g_assert_cmpuint (n_fields, ==, SCOPE_LIMIT_JSON_DEPTH + 1);

  for (guint i = 0; i < 2; i++)
    {
      g_auto (ScopeShapeVerdict) verdict = observe (shape, too_long);

      g_assert_cmpint (verdict.result, ==, SCOPE_SHAPE_SAME);
    }
  g_assert_true (scope_shape_get_cut (shape));

  for (guint i = 0; i < 50; i++) /* objects with a hundred keys each */
    {
      g_autoptr (GString) wide = g_string_new (NULL);

      g_string_append_printf (wide, "{\"o%u\":{\"x\":0", i);
      for (guint j = 0; j < 100; j++)
        g_string_append_printf (wide, ",\"k%u\":%u", j, j);
      g_string_append (wide, "}}");
      g_autofree char *text = g_string_free (g_steal_pointer (&wide), FALSE);
      g_auto (ScopeShapeVerdict) verdict = observe (shape, text);

      g_assert_cmpuint (n_fields, <=, SCOPE_LIMIT_SHAPE_FIELDS);
      g_assert_true (verdict.changes == NULL || verdict.changes->len <= SCOPE_SHAPE_MAX_CHANGES);
      if (i % 10 == 9)
        assert_valid (shape, text);
    }
  scope_shape_free (shape);
  g_assert_cmpuint (n_fields, ==, 0);
}

/* --- the table --- */

static ScopeEntry *
make_event (ScopeNames *names,
            const char *event,
            const char *data,
            guint64     sequence)
{
  g_autofree char *frame = g_strdup_printf ("{\"event\":\"%s\",\"channel\":\"c\",\"data\":%s}", event, data);
  ScopeEntry *entry = fixture_event (names, frame);

  entry->sequence = sequence;
  return entry;
}

static gboolean
observe_entry (ScopeShapes *shapes,
               ScopeNames  *names,
               ScopeEntry  *taken,
               const char  *expected,
               guint64     *earlier)
{
  g_autoptr (ScopeEntry) entry = taken;
  g_auto (ScopeShapeVerdict) verdict = { 0 };
  g_autofree char *told = NULL;

  if (!scope_shapes_observe (shapes, entry, names, &verdict, earlier))
    return FALSE;
  told = tell (&verdict);
  g_assert_cmpstr (told, ==, expected);
  return TRUE;
}

static void
test_entries (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeShapes) shapes = scope_shapes_new ();
  guint64 earlier = 99;
  ScopeEntry *entry;

  /* a string that holds JSON is that JSON; but only once */
  g_assert_true (observe_entry (shapes, names, make_event (names, "a", "\"{\\\"n\\\":1}\"", 3), "first", &earlier));
  g_assert_cmpuint (earlier, ==, 0);
  g_assert_true (observe_entry (shapes, names, make_event (names, "a", "{\"n\":2}", 5), "", &earlier));
  g_assert_cmpuint (earlier, ==, 3);
  g_assert_true (observe_entry (shapes, names, make_event (names, "a", "{\"n\":\"{}\"}", 6), "data.n:string", &earlier));
  g_assert_cmpuint (earlier, ==, 5);
  g_assert_true (observe_entry (shapes, names, make_event (names, "b", "\"lone \\ud800\"", 7), "first", NULL));
  g_assert_true (observe_entry (shapes, names, make_event (names, "b", "\"no {JSON\"", 8), "", NULL));
  g_assert_true (observe_entry (shapes, names, make_event (names, "b", "\"[1]\"", 8), "data:array", NULL));

  /* locked; then with the plaintext */
  entry = make_event (names, "c", "{\"nonce\":\"x\",\"ciphertext\":\"y\"}", 9);
  entry->flags = SCOPE_ENTRY_ENCRYPTED;
  g_assert_false (observe_entry (shapes, names, entry, NULL, NULL));
  entry = make_event (names, "c", "{\"nonce\":\"x\",\"ciphertext\":\"y\"}", 10);
  entry->flags = SCOPE_ENTRY_ENCRYPTED | SCOPE_ENTRY_DECRYPTED;
  entry->detail = g_strdup ("{\"data\":\"{\\\"plain\\\":1}\"}");
  g_assert_true (observe_entry (shapes, names, entry, "first", NULL));
  assert_schema (scope_shapes_find (shapes, "c"),
                 "{\"type\":\"object\",\"properties\":{\"plain\":{\"type\":\"integer\"}},\"required\":[\"plain\"]}");

  /* what is no event does not count */
  g_assert_false (observe_entry (shapes, names, fixture_entry (names, SCOPE_ENTRY_STATE, NULL, "{}"), NULL, NULL));
}

static void
test_documents (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeShapes) shapes = scope_shapes_new ();
  g_autofree char *one = NULL;
  g_autofree char *all = NULL;
  g_autoptr (JsonNode) node = NULL;
  JsonObject *root;

  observe_entry (shapes, names, make_event (names, "order.paid", "{\"n\":2}", 5), "first", NULL);
  observe_entry (shapes, names, make_event (names, "a", "[1]", 6), "first", NULL);
  g_assert_null (scope_shapes_dup_schema (shapes, "other"));
  one = scope_shapes_dup_schema (shapes, "order.paid");
  g_assert_cmpstr (one, ==,
                   "{\n  \"$schema\" : \"https://json-schema.org/draft/2020-12/schema\",\n  \"title\" : \"order.paid\",\n"
                   "  \"type\" : \"object\",\n  \"properties\" : {\n    \"n\" : {\n      \"type\" : \"integer\"\n    }\n  },\n"
                   "  \"required\" : [\n    \"n\"\n  ]\n}");
  all = scope_shapes_dup_schema (shapes, NULL);
  node = json_from_string (all, NULL);
  root = json_node_get_object (node);
  g_assert_true (json_object_has_member (root, "$schema"));
  root = json_object_get_object_member (root, "$defs");
  g_assert_cmpuint (json_object_get_size (root), ==, 2);
  g_assert_cmpstr (json_object_get_string_member (json_object_get_object_member (root, "a"), "title"), ==, "a");
}

static void
test_lines (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeShapes) shapes = scope_shapes_new ();
  g_autoptr (ScopeShapes) again = scope_shapes_new ();
  g_autoptr (GString) lines = NULL;
  g_autoptr (GString) second = NULL;
  g_autofree char *schema = NULL;
  g_autofree char *same = NULL;

  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *data =
        g_strdup_printf ("{\"m\":{\"k%u\":{\"v\":1}},\"l\":[{\"e-\\u00e4\\\"\":null}],\"t\":1%s}", i, i % 2 ? ",\"o\":2" : "");
      g_autoptr (ScopeEntry) entry = make_event (names, i % 3 ? "x" : "y \\u00e4 \\n", data, i + 1);

      g_assert_true (scope_shapes_observe (shapes, entry, names, NULL, NULL));
    }
  lines = scope_shapes_to_lines (shapes);
  g_assert_true (scope_shapes_read_lines (again, lines->str, lines->len));
  second = scope_shapes_to_lines (again);
  g_assert_cmpstr (second->str, ==, lines->str);
  schema = scope_shapes_dup_schema (shapes, NULL);
  same = scope_shapes_dup_schema (again, NULL);
  g_assert_cmpstr (schema, ==, same);

  /* a change since then is told, and there is no event to compare with yet */
  g_assert_true (observe_entry (again, names, make_event (names, "x", "{\"m\":{},\"l\":[],\"t\":\"1\",\"q\":0}", 1),
                                "+data.q data.t:string", NULL));
  g_assert_true (observe_entry (again, names, make_event (names, "x", "{\"m\":{}}", 2), "-data.l -data.t", NULL));

  /* cut anywhere, or with any byte turned over, it is read without harm */
  for (gsize i = 0; i < lines->len; i += 7)
    {
      g_autoptr (ScopeShapes) damaged = scope_shapes_new ();
      g_autoptr (ScopeShapes) cut = scope_shapes_new ();
      g_autofree char *text = g_strdup (lines->str);
      g_autoptr (GString) out = NULL;
      g_autofree char *document = NULL;

      scope_shapes_read_lines (cut, lines->str, i);
      text[i] ^= 1 << (i % 8);
      scope_shapes_read_lines (damaged, text, lines->len);
      observe_entry (damaged, names, make_event (names, "new", "{}", 1), "first", NULL);
      out = scope_shapes_to_lines (damaged);
      document = scope_shapes_dup_schema (damaged, NULL);
      g_assert_true (scope_json_check (document, strlen (document), NULL, NULL));
    }
  g_assert_false (scope_shapes_read_lines (again, "", 0));
  g_assert_false (scope_shapes_read_lines (again, "{}\n", 3));
}

/* Memory does not grow with events: nodes are all there is, and there are as many as there are fields. */
static void
test_many_events (void)
{
  g_autoptr (ScopeShape) shape = scope_shape_new (NULL);
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  static const char payload[] = "{\"id\":7,\"total\":12.5,\"items\":[{\"sku\":\"a\",\"n\":1},{\"sku\":\"b\",\"n\":2}],\"note\":null}";

  scope_shape_observe (shape, SCOPE_JSON_OBJECT, payload, strlen (payload), 1, 1, NULL);
  before = scope_shape_list_fields (shape);
  for (guint i = 2; i <= 200000; i++)
    scope_shape_observe (shape, SCOPE_JSON_OBJECT, payload, strlen (payload), i, i, NULL);
  after = scope_shape_list_fields (shape);
  g_assert_cmpuint (after->len, ==, before->len);
  for (guint i = 0; i < after->len; i++)
    {
      ScopeShapeField *field = after->pdata[i];

      g_assert_cmpuint (field->n_events, ==, 200000);
      g_assert_cmpuint (field->first_sequence, ==, 1);
      g_assert_cmpuint (field->last_sequence, ==, 200000);
      g_assert_true (field->always);
    }
}

static void
test_too_many_names (void)
{
  g_autoptr (ScopeNames) names = scope_names_new ();
  g_autoptr (ScopeShapes) shapes = scope_shapes_new ();
  g_auto (GStrv) list = NULL;

  for (guint i = 0; i < SCOPE_LIMIT_SHAPES + 10; i++)
    {
      g_autofree char *name = g_strdup_printf ("n%u", i);
      g_autoptr (ScopeEntry) entry = make_event (names, name, "1", i + 1);

      g_assert_cmpint (scope_shapes_observe (shapes, entry, names, NULL, NULL), ==, i < SCOPE_LIMIT_SHAPES);
    }
  g_assert_true (scope_shapes_get_cut (shapes));
  list = scope_shapes_list_names (shapes);
  g_assert_cmpuint (g_strv_length (list), ==, SCOPE_LIMIT_SHAPES);
}

/* A file that another window wrote is known as one, and what can't be read is told; one's own is neither. */
static void
test_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *directory = g_dir_make_tmp ("scope-shape-XXXXXX", &error);
  g_autofree char *folder = g_build_filename (directory, "shapes", NULL);
  g_autofree char *path = g_build_filename (folder, "profile.jsonl", NULL);
  ScopeShapeFile *mine = scope_shape_file_new (path);
  ScopeShapeFile *other = scope_shape_file_new (path);
  g_autoptr (ScopeShapes) empty = scope_shapes_new ();
  g_autoptr (ScopeShapes) read = scope_shapes_new ();
  g_autoptr (GString) lines = scope_shapes_to_lines (empty);
  g_autoptr (GString) again = NULL;
  int fd;

  g_assert_true (scope_shape_file_read (mine, read));
  g_assert_false (scope_shape_file_has_changed (mine));

  fd = scope_shape_file_lock (other, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fd, >=, 0);
  g_assert_true (scope_shape_file_write (other, lines, &error));
  g_assert_no_error (error);
  g_assert_cmpint (close (fd), ==, 0);
  g_assert_false (scope_shape_file_has_changed (other));
  g_assert_true (scope_shape_file_has_changed (mine));

  g_assert_true (scope_shape_file_read (mine, read));
  again = scope_shapes_to_lines (read);
  g_assert_cmpstr (again->str, ==, lines->str);
  g_assert_false (scope_shape_file_has_changed (mine));

  g_assert_true (g_file_set_contents (path, "no shapes", -1, &error));
  g_assert_true (scope_shape_file_has_changed (mine));
  g_assert_false (scope_shape_file_read (mine, read));

  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_false (scope_shape_file_has_changed (mine));
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_true (g_file_set_contents (folder, "", -1, &error));
  g_assert_cmpint (scope_shape_file_lock (mine, &error), ==, -1);
  g_assert_nonnull (error);
  g_assert_cmpint (g_unlink (folder), ==, 0);
  g_assert_cmpint (g_rmdir (directory), ==, 0);
  scope_shape_file_free (mine);
  scope_shape_file_free (other);
}

static void
test_words (void)
{
  static const ScopeShapeChange changes[] = {
    { SCOPE_SHAPE_FIELD_NEW, (char *) "data.discount", 0, 0 },
    { SCOPE_SHAPE_FIELD_MISSING, (char *) "data.id", SCOPE_SHAPE_STRING, 0 },
    { SCOPE_SHAPE_FIELD_TYPE, (char *) "data.total", SCOPE_SHAPE_NUMBER | SCOPE_SHAPE_INTEGER, SCOPE_SHAPE_STRING },
  };
  static const char * const texts[] = { "New field data.discount", "data.id is missing, which was always there",
                                        "data.total was number, now string" };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autofree char *text = scope_shape_change_to_text (&changes[i]);

      g_assert_cmpstr (text, ==, texts[i]);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (stories); i++)
    {
      g_autofree char *path = g_strdup_printf ("/shape/story/%s", stories[i].name);

      g_test_add_data_func (path, &stories[i], test_story);
    }
  g_test_add_func ("/shape/naive", test_naive);
  g_test_add_func ("/shape/many-keys", test_many_keys);
  g_test_add_func ("/shape/ids-as-keys", test_ids_as_keys);
  g_test_add_func ("/shape/bounds", test_bounds);
  g_test_add_func ("/shape/many-events", test_many_events);
  g_test_add_func ("/shape/words", test_words);
  g_test_add_func ("/shapes/entries", test_entries);
  g_test_add_func ("/shapes/documents", test_documents);
  g_test_add_func ("/shapes/lines", test_lines);
  g_test_add_func ("/shapes/file", test_file);
  g_test_add_func ("/shapes/too-many-names", test_too_many_names);
  return g_test_run ();
}
