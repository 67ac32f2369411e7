/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-mark-look"

#include "config.h"

#include "ui/scope-mark-look.h"

#include "ui/scope-format.h"
#include "ui/scope-ui-util.h"

#define ITEM_KEY "scope-marked-item"

static void
mark_look_apply (GtkWidget      *cell,
                 ScopeEventItem *item)
{
  g_autofree char *text = scope_format_bookmark (item);

  scope_ui_set_class (cell, "scope-marked", text != NULL);
  scope_ui_set_tooltip (cell, text);
}

static void
mark_look_rename (GtkWidget      *cell,
                  ScopeEventItem *item)
{
  GtkWidget *row = gtk_widget_get_parent (cell);
  g_autofree char *name = scope_format_row_name (item);

  if (row != NULL)
    scope_ui_set_label (row, name);
}

/**
 * scope_mark_look_bind:
 * @cell: a row's first cell
 * @item: what the row shows now
 *
 * Shows the bookmark of the row, or that there is none. The row's name has it by itself, see
 * scope_format_row_name().
 */
void
scope_mark_look_bind (GtkWidget      *cell,
                      ScopeEventItem *item)
{
  g_return_if_fail (GTK_IS_WIDGET (cell));
  g_return_if_fail (SCOPE_IS_EVENT_ITEM (item));

  g_object_set_data_full (G_OBJECT (cell), ITEM_KEY, g_object_ref (item), g_object_unref);
  mark_look_apply (cell, item);
}

static void
mark_look_refresh_row (GtkWidget *row)
{
  for (GtkWidget *cell = gtk_widget_get_first_child (row); cell != NULL;
       cell = gtk_widget_get_next_sibling (cell))
    {
      ScopeEventItem *item = g_object_get_data (G_OBJECT (cell), ITEM_KEY);

      if (item == NULL)
        continue;
      mark_look_apply (cell, item);
      mark_look_rename (cell, item);
    }
}

/**
 * scope_mark_look_refresh:
 * @view: the log
 *
 * Looks at the bookmarks of the rows again that exist as widgets.
 */
void
scope_mark_look_refresh (GtkColumnView *view)
{
  GtkWidget *list;

  g_return_if_fail (GTK_IS_COLUMN_VIEW (view));

  list = scope_ui_find_list (view);
  if (list == NULL)
    return;
  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    mark_look_refresh_row (row);
}
