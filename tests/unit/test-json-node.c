/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "session/scope-json-node.h"

static ScopeJsonNode *
make_tree (const char *json)
{
  g_autoptr (GBytes) bytes = g_bytes_new (json, strlen (json));

  g_assert_true (scope_json_check (json, strlen (json), NULL, NULL));
  return scope_json_node_new (bytes, "data");
}

static ScopeJsonNode *
get_child (ScopeJsonNode *node,
           guint          position)
{
  g_autoptr (GListModel) children = scope_json_node_dup_children (node);

  g_assert_nonnull (children);
  return g_list_model_get_item (children, position);
}

static void
assert_node (ScopeJsonNode *node,
             const char    *label,
             const char    *preview,
             const char    *path,
             const char    *filter)
{
  g_autofree char *its_label = scope_json_node_dup_label (node);
  g_autofree char *its_preview = scope_json_node_dup_preview (node, 1000, NULL);
  g_autofree char *its_path = scope_json_node_dup_path (node);
  g_autofree char *its_filter = scope_json_node_dup_filter (node);

  g_assert_cmpstr (its_label, ==, label);
  g_assert_cmpstr (its_preview, ==, preview);
  g_assert_cmpstr (its_path, ==, path);
  g_assert_cmpstr (its_filter, ==, filter);
}

static void
assert_child (ScopeJsonNode *node,
              guint          position,
              const char    *label,
              const char    *preview,
              const char    *path,
              const char    *filter)
{
  g_autoptr (ScopeJsonNode) child = get_child (node, position);

  assert_node (child, label, preview, path, filter);
}

static void
assert_bytes (GBytes     *bytes,
              const char *expected)
{
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), expected,
                   strlen (expected));
}

static void
test_values (void)
{
  g_autoptr (ScopeJsonNode) root
      = make_tree (" { \"total\" : 1e21, \"e-mail\":\"a\\u0040b\", \"tags\":[null,[]], \"o\":{}, "
                   "\"big\":12345678901234567890123,\"yes\":true }\n");
  g_autoptr (ScopeJsonNode) tags = get_child (root, 2);

  assert_node (root, "data", NULL, "data", "data exists");
  g_assert_cmpuint (scope_json_node_count_children (root), ==, 6);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (root)), ==, 6);
  assert_child (root, 0, "total", "1e21", "data.total", "data.total == 1e21");
  assert_child (root, 1, "e-mail", "\"a\\u0040b\"", "data.\"e-mail\"",
                "data.\"e-mail\" == \"a\\u0040b\"");
  assert_child (root, 2, "tags", NULL, "data.tags", "data.tags exists");
  assert_child (tags, 0, "[0]", "null", "data.tags[0]", "data.tags[0] == null");
  assert_child (tags, 1, "[1]", NULL, "data.tags[1]", "data.tags[1] exists");
  assert_child (root, 4, "big", "12345678901234567890123", "data.big",
                "data.big == 12345678901234567890123");
  assert_child (root, 5, "yes", "true", "data.yes", "data.yes == true");
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (root), 6));
}

/* Copied is what came, byte for byte. */
static void
test_bytes (void)
{
  g_autoptr (ScopeJsonNode) root = make_tree ("{\"a\": {\"b\" :1 , \"c\":\"x\\ny\"} }");
  g_autoptr (ScopeJsonNode) a = get_child (root, 0);
  g_autoptr (ScopeJsonNode) c = get_child (a, 1);
  g_autoptr (GBytes) a_bytes = scope_json_node_dup_bytes (a);
  g_autoptr (GBytes) c_bytes = scope_json_node_dup_bytes (c);
  g_autoptr (GBytes) c_text = scope_json_node_dup_text (c);

  assert_bytes (a_bytes, "{\"b\" :1 , \"c\":\"x\\ny\"}");
  assert_bytes (c_bytes, "\"x\\ny\"");
  assert_bytes (c_text, "x\ny");
  g_assert_cmpuint (scope_json_node_get_depth (c), ==, 2);
}

static void
test_empty (void)
{
  g_autoptr (ScopeJsonNode) object = make_tree ("{ }");
  g_autoptr (ScopeJsonNode) array = make_tree ("[\n]");
  g_autoptr (ScopeJsonNode) text = make_tree ("\"x\"");

  g_assert_null (scope_json_node_dup_children (object));
  g_assert_null (scope_json_node_dup_children (array));
  g_assert_null (scope_json_node_dup_children (text));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (array)), ==, 0);
  assert_node (text, "data", "\"x\"", "data", "data == \"x\"");
}

/* Keys and strings that have no form in UTF-8, and keys that come twice. */
static void
test_odd (void)
{
  g_autoptr (ScopeJsonNode) root
      = make_tree ("{\"\\ud800\":1,\"a\\u0000b\":2,\"s\":\"\\udfff\",\"k\":1,\"k\":2,\"\":3}");
  g_autoptr (ScopeJsonNode) lone = get_child (root, 0);
  g_autoptr (ScopeJsonNode) first = get_child (root, 3);
  g_autoptr (ScopeJsonNode) second = get_child (root, 4);
  g_autofree char *key = scope_json_node_dup_key (lone);

  g_assert_cmpstr (key, ==, "\"\\ud800\"");
  assert_node (lone, "\"\\ud800\"", "1", NULL, NULL);
  assert_child (root, 1, "a␀b", "2", NULL, NULL);
  assert_child (root, 2, "s", "\"\\udfff\"", "data.s", NULL);
  assert_node (first, "k", "1", "data.k", NULL);
  assert_node (second, "k", "2", "data.k", "data.k == 2");
  g_assert_true (scope_json_node_is_overridden (first));
  g_assert_false (scope_json_node_is_overridden (second));
  assert_child (root, 5, "", "3", "data.\"\"", "data.\"\" == 3");
}

static void
test_deep (void)
{
  g_autoptr (GString) json = g_string_new (NULL);
  g_autoptr (ScopeJsonNode) node = NULL;
  g_autofree char *path = NULL;

  for (guint i = 0; i < 63; i++)
    g_string_append (json, "{\"a\":");
  g_string_append (json, "[7]");
  for (guint i = 0; i < 63; i++)
    g_string_append_c (json, '}');

  node = make_tree (json->str);
  for (guint i = 0; i < 64; i++)
    {
      ScopeJsonNode *child = get_child (node, 0);

      g_set_object (&node, child);
      g_object_unref (child);
    }
  g_assert_cmpuint (scope_json_node_get_depth (node), ==, 64);
  path = scope_json_node_dup_path (node);
  g_assert_true (g_str_has_prefix (path, "data.a.a."));
  g_assert_true (g_str_has_suffix (path, ".a[0]"));
}

static void
test_pages (void)
{
  g_autoptr (GString) json = g_string_new ("[");
  g_autoptr (ScopeJsonNode) root = NULL;
  g_autoptr (ScopeJsonNode) page = NULL;
  g_autoptr (ScopeJsonNode) last = NULL;
  g_autoptr (GBytes) bytes = NULL;

  for (guint i = 0; i < 100001; i++)
    g_string_append_printf (json, "%s%u", i > 0 ? ", " : "", i);
  g_string_append_c (json, ']');
  root = make_tree (json->str);

  g_assert_cmpuint (scope_json_node_count_children (root), ==, 100001);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (root)), ==, 101);
  page = get_child (root, 42);
  g_assert_cmpint (scope_json_node_get_role (page), ==, SCOPE_JSON_NODE_PAGE_OF);
  assert_node (page, "42001–43000", NULL, NULL, NULL);
  g_assert_cmpuint (scope_json_node_count_children (page), ==, 1000);
  assert_child (page, 0, "[42000]", "42000", "data[42000]", "data[42000] == 42000");
  assert_child (page, 999, "[42999]", "42999", "data[42999]", "data[42999] == 42999");
  last = get_child (root, 100);
  assert_node (last, "100001–100001", NULL, NULL, NULL);
  assert_child (last, 0, "[100000]", "100000", "data[100000]", "data[100000] == 100000");
  bytes = scope_json_node_dup_bytes (last);
  assert_bytes (bytes, "100000");
}

static void
test_object_pages (void)
{
  g_autoptr (GString) json = g_string_new ("{");
  g_autoptr (ScopeJsonNode) root = NULL;
  g_autoptr (ScopeJsonNode) page = NULL;

  for (guint i = 0; i < 2500; i++)
    g_string_append_printf (json, "%s\"k%u\":[%u]", i > 0 ? "," : "", i, i);
  g_string_append_c (json, '}');
  root = make_tree (json->str);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (root)), ==, 3);
  page = get_child (root, 2);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (page)), ==, 500);
  assert_child (page, 499, "k2499", NULL, "data.k2499", "data.k2499 exists");
}

static void
test_cut (void)
{
  g_autofree char *long_text = g_strnfill (40000, 'x');
  g_autofree char *json = g_strdup_printf ("[\"%s\"]", long_text);
  g_autoptr (ScopeJsonNode) root = make_tree (json);
  g_autoptr (ScopeJsonNode) text = get_child (root, 0);
  gboolean cut;
  g_autofree char *preview = scope_json_node_dup_preview (text, 100, &cut);

  g_assert_true (cut);
  g_assert_true (g_str_has_suffix (preview, "…"));
  g_assert_cmpuint (strlen (preview), <=, 100);
  g_assert_cmpuint (scope_json_node_get_size (text), ==, 40002);
  g_assert_null (scope_json_node_dup_filter (text));
}

static void
test_decoded (void)
{
  g_autoptr (ScopeJsonNode) root
      = make_tree ("{\"body\":\"{\\\"n\\\":[1]}\",\"b64\":\"SGVsbG8sIHdvcmxkIQ==\",\"at\":1763746023}");
  g_autoptr (ScopeJsonNode) body = get_child (root, 0);
  g_autoptr (ScopeJsonNode) decoded = get_child (body, 0);
  g_autoptr (ScopeJsonNode) inner = get_child (decoded, 0);
  g_autoptr (ScopeJsonNode) b64 = get_child (root, 1);
  g_autoptr (ScopeJsonNode) text = get_child (b64, 0);
  g_autoptr (ScopeJsonNode) at = get_child (root, 2);

  assert_node (body, "body", "\"{\\\"n\\\":[1]}\"", "data.body", "data.body == \"{\\\"n\\\":[1]}\"");
  g_assert_cmpint (scope_json_node_get_role (decoded), ==, SCOPE_JSON_NODE_DECODED);
  g_assert_cmpint (scope_json_node_get_kind (decoded), ==, SCOPE_JSON_OBJECT);
  assert_node (inner, "n", NULL, NULL, NULL);
  g_assert_cmpint (scope_json_node_get_kind (text), ==, SCOPE_JSON_NONE);
  assert_node (text, NULL, "Hello, world!", NULL, NULL);
  g_assert_nonnull (scope_json_node_get_hint (at));
  g_assert_null (scope_json_node_dup_children (at));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/json-node/values", test_values);
  g_test_add_func ("/json-node/bytes", test_bytes);
  g_test_add_func ("/json-node/empty", test_empty);
  g_test_add_func ("/json-node/odd", test_odd);
  g_test_add_func ("/json-node/deep", test_deep);
  g_test_add_func ("/json-node/pages", test_pages);
  g_test_add_func ("/json-node/object-pages", test_object_pages);
  g_test_add_func ("/json-node/cut", test_cut);
  g_test_add_func ("/json-node/decoded", test_decoded);

  return g_test_run ();
}
