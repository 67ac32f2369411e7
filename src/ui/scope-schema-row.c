/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-schema-row"

#include "config.h"

#include "ui/scope-schema-row.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "ui/scope-ui-util.h"

/* one level in; deeper ones stand below each other */
#define INDENT 15
#define MARGIN 12
#define MAX_INDENT 8
#define MAX_NAME_BYTES 256

struct _ScopeSchemaRow
{
  AdwBin parent_instance;

  GtkLabel *name;
  GtkLabel *details;
  GtkWidget *filter;
};

G_DEFINE_FINAL_TYPE (ScopeSchemaRow, scope_schema_row, ADW_TYPE_BIN)

static void
scope_schema_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_SCHEMA_ROW);

  G_OBJECT_CLASS (scope_schema_row_parent_class)->dispose (object);
}

static void
scope_schema_row_class_init (ScopeSchemaRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_schema_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-schema-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaRow, name);
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaRow, details);
  gtk_widget_class_bind_template_child (widget_class, ScopeSchemaRow, filter);
}

static void
scope_schema_row_init (ScopeSchemaRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_schema_row_new:
 *
 * Returns: (transfer floating): a row of no field
 */
GtkWidget *
scope_schema_row_new (void)
{
  return g_object_new (SCOPE_TYPE_SCHEMA_ROW, NULL);
}

static char *
schema_row_dup_details (ScopeSchemaField *field)
{
  const ScopeShapeField *info = scope_schema_field_get (field);
  g_autofree char *types = scope_shape_types_to_text (info->types);
  g_autofree char *share = scope_schema_field_dup_share (field);

  if (info->is_map)
    /* Translators: types, how often; of an object like {"user-1": …, "user-2": …} */
    return g_strdup_printf (_("%s, %s; its names are data: a map"), types, share);
  if (info->inside && !info->always)
    return g_strdup_printf (_("%s, %s; not in each of them"), types, share);
  return g_strdup_printf (_("%s, %s"), types, share);
}

/**
 * scope_schema_row_set_field:
 * @field: what to show
 */
void
scope_schema_row_set_field (ScopeSchemaRow   *self,
                            ScopeSchemaField *field)
{
  const ScopeShapeField *info;
  g_autofree char *details = NULL;
  g_autofree char *times = NULL;
  g_autofree char *label = NULL;
  g_autofree char *name = NULL;
  GtkWidget *box;
  GtkWidget *row;

  g_return_if_fail (SCOPE_IS_SCHEMA_ROW (self));
  g_return_if_fail (SCOPE_IS_SCHEMA_FIELD (field));

  info = scope_schema_field_get (field);
  box = adw_bin_get_child (ADW_BIN (self));
  details = schema_row_dup_details (field);
  times = scope_schema_field_dup_times (field);
  label = g_strdup_printf ("%s, %s", info->path, details);
  name = scope_text_for_display (info->name, -1, MAX_NAME_BYTES);
  gtk_widget_set_margin_start (box, MARGIN + INDENT * MIN (info->depth, MAX_INDENT));
  gtk_label_set_text (self->name, *name != '\0' ? name : "\"\"");
  gtk_label_set_text (self->details, details);
  gtk_widget_set_tooltip_text (box, times);
  gtk_widget_set_visible (self->filter, info->filter != NULL && info->depth > 0);
  if (info->filter != NULL)
    gtk_actionable_set_action_target (GTK_ACTIONABLE (self->filter), "s", info->filter);
  row = gtk_widget_get_parent (GTK_WIDGET (self));
  if (row != NULL)
    scope_ui_set_label (row, label);
}
