/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-occupancy.h"
#include "ui/scope-chart-data.h"

G_BEGIN_DECLS

/* Occupancy over time as a line; what nobody asked for is a gap. to_usec: where time ends (transfer full) */
ScopeChartData *scope_discovery_data_new (const ScopeOccupancy *occupancy,
                                          gint64                to_usec);

G_END_DECLS
