/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-statistics-view"

#include "config.h"

#include "ui/scope-statistics-data.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* a chart of one moment has an axis too */
#define MIN_SPAN_USEC (30 * G_USEC_PER_SEC)
#define PLOT_BUCKETS 300
/* a shorter gap is not to be seen beside it */
#define MIN_GAP_USEC G_USEC_PER_SEC

/**
 * scope_statistics_data_dup_name:
 * @names: of the session
 * @kind: what it is the name of
 * @id: its number
 *
 * Returns: (transfer full): the name, or what stands for none
 */
char *
scope_statistics_data_dup_name (ScopeNames    *names,
                                ScopeTallyName kind,
                                guint32        id)
{
  const char *name = id != 0 ? scope_names_get (names, id) : NULL;

  if (name != NULL)
    return g_strdup (name);
  return g_strdup (kind == SCOPE_TALLY_CHANNEL ? _("Without a channel") : _("Without a name"));
}

/* Those of the time that is shown. */
static void
data_set_gaps (ScopeChartData *data,
               GArray         *gaps)
{
  for (guint i = 0; i < gaps->len; i++)
    {
      const ScopePeriod *gap = &g_array_index (gaps, ScopePeriod, i);
      gint64 from_usec = MAX (gap->from_usec, data->from_usec);
      gint64 to_usec = MIN (gap->to_usec, data->to_usec);

      if (to_usec - from_usec >= MIN_GAP_USEC)
        g_array_append_val (data->gaps, *gap);
    }
}

static void
data_set_time (ScopeChartData  *data,
               ScopeStatistics *statistics)
{
  const ScopeTally *tally = scope_statistics_get_tally (statistics);
  guint n = scope_tally_get_n_buckets (tally);
  g_autoptr (GArray) gaps = scope_statistics_dup_gaps (statistics);

  data->from_usec = scope_statistics_get_from (statistics);
  data->to_usec = scope_statistics_get_now (statistics);
  if (n > 0)
    data->to_usec = MAX (data->to_usec, scope_tally_get_start (tally, n));
  data->to_usec = MAX (data->to_usec, data->from_usec + MIN_SPAN_USEC);
  data_set_gaps (data, gaps);
}

static int
rank_compare_id (gconstpointer a,
                 gconstpointer b)
{
  const ScopeRank *x = a;
  const ScopeRank *y = b;

  return (x->id > y->id) - (x->id < y->id);
}

static double
figures_get (ScopeFigures figures,
             gboolean     by_bytes)
{
  return by_bytes ? figures.bytes : figures.count;
}

/* In the order in which they first came: a colour stays with its name while ranks change. */
static GArray *
data_name_parts (ScopeChartData   *data,
                 const ScopeTally *tally,
                 ScopeNames       *names,
                 ScopeTallyName    stack,
                 gboolean          by_bytes)
{
  GArray *parts = scope_tally_dup_top (tally, stack, by_bytes, SCOPE_TALLY_TOP);

  g_array_sort (parts, rank_compare_id);
  for (guint i = 0; i < parts->len; i++)
    data->names[i] =
      scope_statistics_data_dup_name (names, stack, g_array_index (parts, ScopeRank, i).id);
  data->n_parts = parts->len;
  if (scope_tally_count_names (tally, stack) > parts->len)
    data->names[data->n_parts++] = g_strdup (_("Others"));
  return parts;
}

static void
data_add_bucket (ScopeChartData   *data,
                 const ScopeTally *tally,
                 GArray           *parts,
                 gboolean          by_bytes,
                 guint             i)
{
  ScopeFigures all = scope_tally_get_bucket (tally, i);
  ScopeChartBucket bucket = { .start_usec = scope_tally_get_start (tally, i), .count = all.count };
  double rest = figures_get (all, by_bytes);

  for (guint k = 0; parts != NULL && k < parts->len; k++)
    {
      guint32 id = g_array_index (parts, ScopeRank, k).id;

      bucket.values[k] = figures_get (scope_tally_get_part (tally, i, id), by_bytes);
      rest -= bucket.values[k];
    }
  if (parts == NULL || data->n_parts > parts->len)
    bucket.values[data->n_parts - 1] = MAX (rest, 0);
  g_array_append_val (data->buckets, bucket);
}

/**
 * scope_statistics_data_new_rate:
 * @statistics: what was counted
 * @names: of the session
 * @stack: by which names it was counted
 * @by_bytes: bytes, not events
 *
 * Returns: (transfer full): bars
 */
ScopeChartData *
scope_statistics_data_new_rate (ScopeStatistics *statistics,
                                ScopeNames      *names,
                                ScopeTallyName   stack,
                                gboolean         by_bytes)
{
  const ScopeTally *tally = scope_statistics_get_tally (statistics);
  ScopeChartData *data =
    scope_chart_data_new (SCOPE_CHART_BARS, by_bytes ? SCOPE_CHART_BYTES : SCOPE_CHART_EVENTS);
  g_autoptr (GArray) parts = NULL;

  data_set_time (data, statistics);
  data->width_usec = scope_tally_get_width (tally);
  if (stack != SCOPE_TALLY_NONE)
    parts = data_name_parts (data, tally, names, stack, by_bytes);
  else
    data->names[data->n_parts++] = g_strdup (by_bytes ? _("Bytes") : _("Events"));
  for (guint i = 0; i < scope_tally_get_n_buckets (tally); i++)
    data_add_bucket (data, tally, parts, by_bytes, i);
  return data;
}

static int
bucket_compare_time (gconstpointer a,
                     gconstpointer b)
{
  const ScopeChartBucket *x = a;
  const ScopeChartBucket *y = b;

  return (x->start_usec > y->start_usec) - (x->start_usec < y->start_usec);
}

/* FALSE: there are too many to be drawn one by one. */
static gboolean
data_add_points (ScopeChartData *data,
                 GArray         *points)
{
  for (guint i = 0; i < points->len; i++)
    {
      const ScopePoint *point = &g_array_index (points, ScopePoint, i);
      ScopeChartBucket bucket = { point->time_usec, 1, { point->value, point->value, point->value } };

      if (point->time_usec < data->from_usec || point->time_usec > data->to_usec)
        continue;
      if (data->buckets->len == SCOPE_SERIES_EXACT_POINTS)
        return FALSE;
      g_array_append_val (data->buckets, bucket);
    }
  g_array_sort (data->buckets, bucket_compare_time);
  return TRUE;
}

/* The sum of huge numbers is no number. */
static double
bucket_get_average (const ScopeSeriesBucket *bucket)
{
  return isfinite (bucket->sum) ? bucket->sum / bucket->count : bucket->min / 2 + bucket->max / 2;
}

static void
data_add_buckets (ScopeChartData *data,
                  ScopeSeries    *series)
{
  g_autoptr (GArray) buckets = NULL;

  data->width_usec = scope_tally_find_width (data->to_usec - data->from_usec, PLOT_BUCKETS);
  buckets =
    scope_series_dup_buckets (series, data->from_usec, data->to_usec + 1, data->width_usec);
  g_array_set_size (data->buckets, 0);
  for (guint i = 0; i < buckets->len; i++)
    {
      const ScopeSeriesBucket *from = &g_array_index (buckets, ScopeSeriesBucket, i);
      ScopeChartBucket bucket = { from->start_usec,
                                  from->count,
                                  { bucket_get_average (from), from->min, from->max } };

      g_array_append_val (data->buckets, bucket);
    }
}

/**
 * scope_statistics_data_new_plot:
 * @series: the numbers
 * @statistics: whose time is shown
 * @exact: (out): whether each number is there, not what many come to
 *
 * Returns: (transfer full): a line
 */
ScopeChartData *
scope_statistics_data_new_plot (ScopeSeries     *series,
                                ScopeStatistics *statistics,
                                gboolean        *exact)
{
  ScopeChartData *data = scope_chart_data_new (SCOPE_CHART_LINE, SCOPE_CHART_NUMBER);

  data_set_time (data, statistics);
  data->names[0] = g_strdup (_("Average"));
  data->names[1] = g_strdup (_("Least"));
  data->names[2] = g_strdup (_("Largest"));
  data->n_parts = 3;
  *exact = data_add_points (data, scope_series_get_points (series));
  if (!*exact)
    data_add_buckets (data, series);
  return data;
}
