/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-tab-stop"

#include "config.h"

#include "ui/scope-tab-stop.h"

struct _ScopeTabStop
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (ScopeTabStop, scope_tab_stop, ADW_TYPE_BIN)

/* The row of a list view that the focus is in. */
static GtkWidget *
scope_tab_stop_find_row (ScopeTabStop *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *widget = root != NULL ? gtk_root_get_focus (root) : NULL;

  for (; widget != NULL && widget != GTK_WIDGET (self); widget = gtk_widget_get_parent (widget))
    if (GTK_IS_LIST_VIEW (gtk_widget_get_parent (widget)))
      return widget;
  return NULL;
}

static gboolean
scope_tab_stop_focus (GtkWidget        *widget,
                      GtkDirectionType  direction)
{
  gboolean tab = direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD;
  GtkWidget *row;

  if (!tab || gtk_widget_get_focus_child (widget) == NULL)
    return GTK_WIDGET_CLASS (scope_tab_stop_parent_class)->focus (widget, direction);

  row = scope_tab_stop_find_row (SCOPE_TAB_STOP (widget));
  return row != NULL && gtk_widget_child_focus (row, direction);
}

static void
scope_tab_stop_class_init (ScopeTabStopClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = scope_tab_stop_focus;
}

static void
scope_tab_stop_init (ScopeTabStop *self)
{
}
