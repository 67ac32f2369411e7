/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-diff-row"

#include "config.h"

#include "ui/scope-diff-row.h"

#include <glib/gi18n.h>

#include "base/scope-text.h"
#include "ui/scope-ui-util.h"

struct _ScopeDiffRow
{
  AdwBin parent_instance;

  GtkLabel *mark;
  GtkLabel *path;
  GtkWidget *before_box;
  GtkWidget *after_box;
  GtkLabel *before;
  GtkLabel *after;
};

G_DEFINE_FINAL_TYPE (ScopeDiffRow, scope_diff_row, ADW_TYPE_BIN)

/* one line; what is cut says how much there is */
static char *
diff_row_dup_value (GBytes *bytes)
{
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  g_autofree char *shown = scope_text_for_display (text, length, SCOPE_DIFF_ITEM_VALUE_BYTES);
  g_autofree char *size = NULL;

  if (length <= SCOPE_DIFF_ITEM_VALUE_BYTES)
    return g_steal_pointer (&shown);
  size = scope_text_format_size (length);
  /* Translators: the beginning of a value, and how long it is: “{"total":1… (32 kB; Return shows the whole)” */
  return g_strdup_printf (_("%s (%s; Return shows the whole)"), shown, size);
}

static void
scope_diff_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), SCOPE_TYPE_DIFF_ROW);

  G_OBJECT_CLASS (scope_diff_row_parent_class)->dispose (object);
}

static void
scope_diff_row_class_init (ScopeDiffRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = scope_diff_row_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, SCOPE_UI_PATH "scope-diff-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffRow, mark);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffRow, path);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffRow, before_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffRow, after_box);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffRow, before);
  gtk_widget_class_bind_template_child (widget_class, ScopeDiffRow, after);
}

static void
scope_diff_row_init (ScopeDiffRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  scope_ui_set_exact_label (self->before);
  scope_ui_set_exact_label (self->after);
}

/**
 * scope_diff_row_new:
 *
 * Returns: an empty row
 */
GtkWidget *
scope_diff_row_new (void)
{
  return g_object_new (SCOPE_TYPE_DIFF_ROW, NULL);
}

/**
 * scope_diff_row_set_item:
 * @item: what to show
 */
void
scope_diff_row_set_item (ScopeDiffRow  *self,
                         ScopeDiffItem *item)
{
  GBytes *before, *after;
  gboolean same;

  g_return_if_fail (SCOPE_IS_DIFF_ROW (self));
  g_return_if_fail (SCOPE_IS_DIFF_ITEM (item));

  before = scope_diff_item_get_before (item);
  after = scope_diff_item_get_after (item);
  same = scope_diff_item_get_kind (item) == SCOPE_JSON_SAME;
  gtk_label_set_text (self->mark, scope_diff_item_get_mark (item));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->mark), scope_diff_item_get_word (item));
  gtk_label_set_text (self->path, scope_diff_item_get_path (item));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->path), scope_diff_item_get_path (item));
  gtk_widget_set_visible (self->before_box, before != NULL && !same);
  gtk_widget_set_visible (self->after_box, after != NULL);
  scope_ui_set_class (self->before_box, "scope-diff-before", !same);
  scope_ui_set_class (self->after_box, "scope-diff-after", !same);
  scope_ui_set_class (self, "dim-label", same);
  if (before != NULL)
    {
      g_autofree char *text = diff_row_dup_value (before);

      gtk_label_set_text (self->before, text);
    }
  if (after != NULL)
    {
      g_autofree char *text = diff_row_dup_value (after);

      gtk_label_set_text (self->after, text);
    }
}

/**
 * scope_diff_row_dup_name:
 *
 * Returns: (transfer full): what a screen reader says of it
 */
char *
scope_diff_row_dup_name (ScopeDiffItem *item)
{
  GString *name;
  GBytes *before, *after;

  g_return_val_if_fail (SCOPE_IS_DIFF_ITEM (item), NULL);

  before = scope_diff_item_get_before (item);
  after = scope_diff_item_get_after (item);
  name = g_string_new (scope_diff_item_get_word (item));
  g_string_append_printf (name, " %s", scope_diff_item_get_path (item));
  if (before != NULL)
    {
      g_autofree char *text = diff_row_dup_value (before);

      g_string_append_printf (name, ", %s %s", _("before"), text);
    }
  if (after != NULL)
    {
      g_autofree char *text = diff_row_dup_value (after);

      g_string_append_printf (name, ", %s %s", _("after"), text);
    }
  return g_string_free (name, FALSE);
}
