/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/scope-chart-data.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CHART (scope_chart_get_type ())

G_DECLARE_FINAL_TYPE (ScopeChart, scope_chart, SCOPE, CHART, GtkWidget)

/**
 * ScopeChart:
 *
 * Bars or a line over time. A cursor (pointer, or arrow keys) gives exact figures; dragging, or the
 * arrow keys with Shift, selects a time.
 *
 * Properties: title (its accessible name); cursor-text (nullable, notified: the figures under the
 * cursor, else of the selection). Signals: `activated (gint64 usec)`: a bucket was clicked, or Enter
 * pressed; `selected ()`: the selection changed.
 */
void        scope_chart_set_title       (ScopeChart     *self,
                                         const char     *title);
/* takes data (nullable) */
void        scope_chart_take_data       (ScopeChart     *self,
                                         ScopeChartData *data);
const ScopeChartData *scope_chart_get_data (ScopeChart  *self);       /* nullable */
const char *scope_chart_get_cursor_text (ScopeChart     *self);       /* nullable */
/* FALSE: nothing is selected */
gboolean    scope_chart_get_selection   (ScopeChart     *self,
                                         gint64         *from_usec,
                                         gint64         *to_usec);
void        scope_chart_unselect        (ScopeChart     *self);

G_END_DECLS
