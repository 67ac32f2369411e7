/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where an axis has its marks. */

/* 1, 2 or 5 times a power of ten, so that at most max_ticks steps cover span (> 0) */
double  scope_chart_ticks_value_step (double  span,
                                      guint   max_ticks);
/* a step people count in: 5 s, 15 min, 6 h, 1 d …; microseconds */
gint64  scope_chart_ticks_time_step  (gint64  span_usec,
                                      guint   max_ticks);
/* the first mark at or after a time: steps are counted in local time */
gint64  scope_chart_ticks_first_time (gint64  from_usec,
                                      gint64  step_usec,
                                      gint64  utc_offset_usec);
/* "14:05:10", "14:05", "21 Nov": as exact as the step (transfer full) */
char   *scope_chart_ticks_format_time (gint64 usec,
                                       gint64 step_usec);
/* "0.5", "12", "1.2k", "3M": short, for an axis (transfer full) */
char   *scope_chart_ticks_format_value (double value,
                                        double step);

G_END_DECLS
