/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-discovery-data"

#include "config.h"

#include "ui/scope-discovery-data.h"

#include <glib/gi18n.h>

/* a chart of one poll has an axis too */
#define MIN_SPAN_USEC (30 * G_USEC_PER_SEC)

static void
data_add_gap (ScopeChartData *data,
              gint64          from_usec,
              gint64          to_usec)
{
  ScopePeriod gap = { from_usec, to_usec };

  if (to_usec > from_usec)
    g_array_append_val (data->gaps, gap);
}

/* From the last sample that is known to the next one. */
static void
data_add_samples (ScopeChartData       *data,
                  const ScopeOccupancy *occupancy)
{
  gint64 unknown_from = 0;

  for (guint i = 0; i < scope_occupancy_get_n_samples (occupancy); i++)
    {
      const ScopeOccupancySample *sample = scope_occupancy_get (occupancy, i);
      double value = (double) sample->value;
      ScopeChartBucket bucket = { sample->wall_usec, 1, { value, value, value } };

      if (sample->value == SCOPE_OCCUPANCY_UNKNOWN)
        {
          if (unknown_from == 0)
            unknown_from = sample->wall_usec;
          continue;
        }
      if (unknown_from != 0)
        data_add_gap (data, unknown_from, sample->wall_usec);
      unknown_from = 0;
      g_array_append_val (data->buckets, bucket);
    }
  if (unknown_from != 0)
    data_add_gap (data, unknown_from, data->to_usec);
}

/**
 * scope_discovery_data_new:
 * @occupancy: what was found, poll by poll
 * @to_usec: where time ends, microseconds since 1970
 *
 * Returns: (transfer full): a line
 */
ScopeChartData *
scope_discovery_data_new (const ScopeOccupancy *occupancy,
                          gint64                to_usec)
{
  ScopeChartData *data = scope_chart_data_new (SCOPE_CHART_LINE, SCOPE_CHART_COUNT);
  guint n = scope_occupancy_get_n_samples (occupancy);

  data->from_usec = n > 0 ? scope_occupancy_get (occupancy, 0)->wall_usec : to_usec;
  data->to_usec = MAX (to_usec, data->from_usec + MIN_SPAN_USEC);
  data->names[0] = g_strdup (_("Average"));
  data->names[1] = g_strdup (_("Least"));
  data->names[2] = g_strdup (_("Largest"));
  data->n_parts = 3;
  data_add_samples (data, occupancy);
  return data;
}
