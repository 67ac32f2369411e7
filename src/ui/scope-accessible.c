/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-accessible"

#include "config.h"

#include "ui/scope-accessible.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

static void
scope_accessible_name_button (GtkWidget *button)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (button);

  /* A mnemonic's label names its widget, which has the same text as its own label already. */
  if (gtk_button_get_use_underline (GTK_BUTTON (button)))
    gtk_accessible_reset_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  else if (gtk_button_get_label (GTK_BUTTON (button)) == NULL &&
           gtk_widget_get_ancestor (button, ADW_TYPE_PASSWORD_ENTRY_ROW) != NULL)
    gtk_accessible_update_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    _("Show or Hide the Text"), -1);
}

/* A row made of lists: they are called what the row is called. */
static void
scope_accessible_name_list (GtkWidget *list)
{
  GtkWidget *combo = gtk_widget_get_ancestor (list, ADW_TYPE_COMBO_ROW);
  GtkWidget *row = combo != NULL ? combo : gtk_widget_get_ancestor (list, ADW_TYPE_EXPANDER_ROW);

  if (row == NULL)
    return;

  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);
  /* its title names a combo row already: twice would be read twice */
  if (combo == NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                    adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), -1);
}

/**
 * scope_accessible_name_parts:
 * @root: a widget with all its children
 *
 * Walks over all descendants.
 */
void
scope_accessible_name_parts (GtkWidget *root)
{
  g_return_if_fail (GTK_IS_WIDGET (root));

  if (GTK_IS_BUTTON (root))
    scope_accessible_name_button (root);
  else if (GTK_IS_LIST_BOX (root) || GTK_IS_LIST_VIEW (root))
    scope_accessible_name_list (root);
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    scope_accessible_name_parts (child);
}
