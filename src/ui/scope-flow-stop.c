/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-flow-stop"

#include "config.h"

#include "ui/scope-flow-stop.h"

struct _ScopeFlowStop
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (ScopeFlowStop, scope_flow_stop, ADW_TYPE_BIN)

static GtkWidget *
scope_flow_stop_get_next (GtkWidget *child,
                          gboolean   forward)
{
  return forward ? gtk_widget_get_next_sibling (child) : gtk_widget_get_prev_sibling (child);
}

static gboolean
scope_flow_stop_focus (GtkWidget        *widget,
                       GtkDirectionType  direction)
{
  GtkWidget *flow = adw_bin_get_child (ADW_BIN (widget));
  gboolean forward = direction == GTK_DIR_TAB_FORWARD;
  GtkWidget *child;

  if (!GTK_IS_FLOW_BOX (flow) || (!forward && direction != GTK_DIR_TAB_BACKWARD))
    return GTK_WIDGET_CLASS (scope_flow_stop_parent_class)->focus (widget, direction);

  child = gtk_widget_get_focus_child (flow);
  if (child == NULL)
    child = forward ? gtk_widget_get_first_child (flow) : gtk_widget_get_last_child (flow);
  for (; child != NULL; child = scope_flow_stop_get_next (child, forward))
    {
      GtkWidget *inside = gtk_widget_get_first_child (child);

      if (inside != NULL && gtk_widget_child_focus (inside, direction))
        return TRUE;
    }
  return FALSE;
}

static void
scope_flow_stop_class_init (ScopeFlowStopClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = scope_flow_stop_focus;
}

static void
scope_flow_stop_init (ScopeFlowStop *self)
{
}
