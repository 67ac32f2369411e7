/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-state-period.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PERIOD_ROW (scope_period_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopePeriodRow, scope_period_row, SCOPE, PERIOD_ROW, AdwBin)

/* One stretch of the connection's history: state, from when to when, how long, why. */
GtkWidget        *scope_period_row_new        (void);
ScopeStatePeriod *scope_period_row_get_period (ScopePeriodRow   *self);  /* nullable */
void              scope_period_row_set_period (ScopePeriodRow   *self,
                                               ScopeStatePeriod *period);
/* the current one grows; now: wall clock */
void              scope_period_row_refresh    (ScopePeriodRow   *self,
                                               gint64            now_usec);

G_END_DECLS
