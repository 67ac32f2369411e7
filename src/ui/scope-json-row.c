/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-json-row"

#include "config.h"

#include "ui/scope-json-row.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

struct _ScopeJsonRow
{
  AdwBin parent_instance;

  GtkLabel *key;
  GtkLabel *value;
  GtkLabel *type;
};

G_DEFINE_FINAL_TYPE (ScopeJsonRow, scope_json_row, ADW_TYPE_BIN)

static char *
json_row_dup_count (ScopeJsonNode *node)
{
  guint n = scope_json_node_count_children (node);
  g_autofree char *count = scope_format_count (n);

  if (scope_json_node_get_kind (node) == SCOPE_JSON_OBJECT)
    return g_strdup_printf (ngettext ("object, %s member", "object, %s members", n), count);
  return g_strdup_printf (ngettext ("array, %s element", "array, %s elements", n), count);
}

static char *
json_row_dup_text_type (ScopeJsonNode *node)
{
  g_autofree char *size = scope_text_format_size (scope_json_node_get_size (node));

  if (scope_json_node_get_size (node) <= SCOPE_JSON_ROW_VALUE_BYTES)
    return g_strdup (_("text"));
  /* Translators: %s is a size */
  return g_strdup_printf (_("text, %s"), size);
}

/**
 * scope_json_row_dup_type:
 *
 * Returns: (transfer full): the type of its value in words, and how much it is
 */
char *
scope_json_row_dup_type (ScopeJsonNode *node)
{
  g_return_val_if_fail (SCOPE_IS_JSON_NODE (node), NULL);

  switch (scope_json_node_get_kind (node))
    {
    case SCOPE_JSON_OBJECT:
    case SCOPE_JSON_ARRAY:
      return json_row_dup_count (node);
    case SCOPE_JSON_NUMBER:
      return g_strdup (_("number"));
    case SCOPE_JSON_TRUE:
    case SCOPE_JSON_FALSE:
      return g_strdup (_("truth value"));
    case SCOPE_JSON_NULL:
      return g_strdup (_("nothing"));
    case SCOPE_JSON_STRING:
    case SCOPE_JSON_NONE:
    default:
      return json_row_dup_text_type (node);
    }
}

/* what stands for a key where there is none */
static char *
json_row_dup_label (ScopeJsonNode *node)
{
  char *label = scope_json_node_dup_label (node);

  if (label != NULL)
    return label;
  if (scope_json_node_get_role (node) == SCOPE_JSON_NODE_DECODED)
    return g_strdup (_("decoded"));
  return g_strdup (_("details"));
}

/**
 * scope_json_row_dup_name:
 *
 * Returns: (transfer full): what a screen reader says of it
 */
char *
scope_json_row_dup_name (ScopeJsonNode *node)
{
  g_autofree char *label = NULL;
  g_autofree char *type = NULL;
  g_autofree char *value = NULL;

  g_return_val_if_fail (SCOPE_IS_JSON_NODE (node), NULL);

  label = json_row_dup_label (node);
  type = scope_json_row_dup_type (node);
  value = scope_json_node_dup_preview (node, SCOPE_JSON_ROW_VALUE_BYTES, NULL);
  return g_strdup_printf ("%s: %s%s%s", label, type, value != NULL ? " " : "",
                          value != NULL ? value : "");
}

static void
scope_json_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_JSON_ROW);

  G_OBJECT_CLASS (scope_json_row_parent_class)->dispose (object);
}

static void
scope_json_row_class_init (ScopeJsonRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_json_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-json-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonRow, key);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonRow, value);
  gtk_widget_class_bind_template_child (widget_class, ScopeJsonRow, type);
}

static void
scope_json_row_init (ScopeJsonRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_json_row_new:
 *
 * Returns: an empty row
 */
GtkWidget *
scope_json_row_new (void)
{
  return g_object_new (SCOPE_TYPE_JSON_ROW, NULL);
}

static const char *
json_row_get_class (ScopeJsonKind kind)
{
  switch (kind)
    {
    case SCOPE_JSON_STRING:
      return "scope-json-text";
    case SCOPE_JSON_NUMBER:
      return "scope-json-number";
    case SCOPE_JSON_TRUE:
    case SCOPE_JSON_FALSE:
    case SCOPE_JSON_NULL:
      return "scope-json-word";
    case SCOPE_JSON_OBJECT:
    case SCOPE_JSON_ARRAY:
    case SCOPE_JSON_NONE:
    default:
      return NULL;
    }
}

static void
scope_json_row_set_classes (ScopeJsonRow *self,
                            const char   *css_class)
{
  static const char * const classes[] = { "scope-json-text", "scope-json-number", "scope-json-word" };

  for (gsize i = 0; i < G_N_ELEMENTS (classes); i++)
    scope_ui_set_class (self->value, classes[i], g_strcmp0 (classes[i], css_class) == 0);
}

/* the whole of it, up to a bound, and what it may mean */
static char *
json_row_dup_tooltip (ScopeJsonNode *node)
{
  g_autofree char *type = scope_json_row_dup_type (node);
  g_autofree char *hint = NULL;
  g_autofree char *preview = scope_json_node_dup_preview (node, 2000, NULL);

  if (scope_json_node_get_hint (node) != NULL)
    hint = scope_value_hint_to_text (scope_json_node_get_hint (node), 0);
  return g_strdup_printf ("%s%s%s%s%s", type, hint != NULL ? " · " : "", hint != NULL ? hint : "",
                          preview != NULL ? "\n" : "", preview != NULL ? preview : "");
}

/**
 * scope_json_row_set_node:
 * @node: (nullable): what to show
 */
void
scope_json_row_set_node (ScopeJsonRow  *self,
                         ScopeJsonNode *node)
{
  g_autofree char *label = NULL;
  g_autofree char *value = NULL;
  g_autofree char *type = NULL;
  g_autofree char *tooltip = NULL;
  gboolean cut;

  g_return_if_fail (SCOPE_IS_JSON_ROW (self));

  if (node == NULL)
    return;
  label = json_row_dup_label (node);
  value = scope_json_node_dup_preview (node, SCOPE_JSON_ROW_VALUE_BYTES, &cut);
  type = value == NULL || cut ? scope_json_row_dup_type (node) : g_strdup ("");
  tooltip = json_row_dup_tooltip (node);

  gtk_label_set_text (self->key, label);
  scope_ui_set_class (self->key, "dim-label", scope_json_node_get_role (node) != SCOPE_JSON_NODE_VALUE);
  scope_ui_show_text (self->value, value);
  scope_json_row_set_classes (self, json_row_get_class (scope_json_node_get_kind (node)));
  gtk_label_set_text (self->type, type);
  gtk_widget_set_visible (GTK_WIDGET (self->type), *type != '\0');
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), tooltip);
}
