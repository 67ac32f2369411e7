/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-statistics-view"

#include "config.h"

#include "ui/scope-statistics-view.h"

#include "ui/scope-ui-util.h"

struct _ScopeStatisticsView
{
  ScopeSessionView parent_instance;
};

G_DEFINE_FINAL_TYPE (ScopeStatisticsView, scope_statistics_view, SCOPE_TYPE_SESSION_VIEW)

static void
scope_statistics_view_session_changed (ScopeSessionView *view)
{
}

static void
scope_statistics_view_class_init (ScopeStatisticsViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  SCOPE_SESSION_VIEW_CLASS (klass)->session_changed = scope_statistics_view_session_changed;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               SCOPE_UI_PATH "scope-statistics-view.ui");
}

static void
scope_statistics_view_init (ScopeStatisticsView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * scope_statistics_view_plot:
 * @event: the name of the events to read; "" for any
 * @path: where the number stands, as the filter writes it
 *
 * Shows a payload's number over time.
 */
void
scope_statistics_view_plot (ScopeStatisticsView *self,
                            const char          *event,
                            const char          *path)
{
  g_return_if_fail (SCOPE_IS_STATISTICS_VIEW (self));
  g_return_if_fail (event != NULL && path != NULL);
}
