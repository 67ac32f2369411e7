/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-window"

#include "config.h"

#include "ui/scope-window-private.h"

#include "ui/scope-statistics-view.h"

static void
scope_window_plot_cb (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  ScopeWindow *self = SCOPE_WINDOW (widget);
  const char *event;
  const char *path;

  if (self->session == NULL)
    return;

  g_variant_get (parameter, "(&s&s)", &event, &path);
  _scope_window_show_view (self, "statistics");
  scope_statistics_view_plot (SCOPE_STATISTICS_VIEW (self->statistics_view), event, path);
}

void
_scope_window_class_init_statistics (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.plot", "(ss)", scope_window_plot_cb);
}
