/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-ordered-box"

#include "config.h"

#include "ui/scope-ordered-box.h"

struct _ScopeOrderedBox
{
  GtkBox parent_instance;
};

G_DEFINE_FINAL_TYPE (ScopeOrderedBox, scope_ordered_box, GTK_TYPE_BOX)

static GtkWidget *
scope_ordered_box_get_next (GtkWidget *box,
                            GtkWidget *child,
                            gboolean   forward)
{
  if (child == NULL)
    return forward ? gtk_widget_get_first_child (box) : gtk_widget_get_last_child (box);
  return forward ? gtk_widget_get_next_sibling (child) : gtk_widget_get_prev_sibling (child);
}

static gboolean
scope_ordered_box_focus (GtkWidget        *widget,
                         GtkDirectionType  direction)
{
  gboolean forward = direction == GTK_DIR_TAB_FORWARD;
  GtkWidget *child = gtk_widget_get_focus_child (widget);

  if (!forward && direction != GTK_DIR_TAB_BACKWARD)
    return GTK_WIDGET_CLASS (scope_ordered_box_parent_class)->focus (widget, direction);

  if (child != NULL && gtk_widget_child_focus (child, direction))
    return TRUE;
  while ((child = scope_ordered_box_get_next (widget, child, forward)) != NULL)
    if (gtk_widget_child_focus (child, direction))
      return TRUE;
  return FALSE;
}

static void
scope_ordered_box_class_init (ScopeOrderedBoxClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = scope_ordered_box_focus;
}

static void
scope_ordered_box_init (ScopeOrderedBox *self)
{
}
