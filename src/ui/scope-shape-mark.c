/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shape-mark"

#include "config.h"

#include "ui/scope-shape-mark.h"

#include "ui/scope-ui-util.h"

/**
 * scope_shape_mark_new:
 *
 * Returns: (transfer floating): a mark of no event
 */
GtkWidget *
scope_shape_mark_new (void)
{
  GtkWidget *mark = g_object_new (GTK_TYPE_IMAGE, "icon-name", "emblem-important-symbolic",
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_IMG, "visible", FALSE, NULL);

  gtk_widget_add_css_class (mark, "warning");
  return mark;
}

/**
 * scope_shape_mark_set_news:
 * @mark: a mark
 * @news: (nullable): what is new in the event’s shape; %NULL: nothing, it is not to be seen
 */
void
scope_shape_mark_set_news (GtkWidget            *mark,
                           const ScopeShapeNews *news)
{
  g_autofree char *text = NULL;

  g_return_if_fail (GTK_IS_IMAGE (mark));

  gtk_widget_set_visible (mark, news != NULL);
  if (news == NULL)
    return;
  text = scope_shape_news_to_text (news);
  scope_ui_set_tooltip (mark, text);
  scope_ui_set_label (mark, text);
}
