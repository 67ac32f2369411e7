/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <float.h>
#include <math.h>

#include "ui/scope-chart-data.h"
#include "ui/scope-chart-ticks.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static void
test_value_steps (void)
{
  static const struct
  {
    double span;
    guint ticks;
    double step;
  } table[] = {
    { 10, 5, 2 },      { 9, 5, 2 },       { 11, 5, 5 },     { 1, 5, 0.2 },   { 0.3, 3, 0.1 },
    { 1000, 4, 500 },  { 1e9, 6, 2e8 },   { 1e-4, 5, 2e-5 }, { 100, 1, 100 }, { 0, 5, 1 },
    { G_MAXDOUBLE * 10, 5, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    g_assert_cmpfloat_with_epsilon (
      scope_chart_ticks_value_step (table[i].span, table[i].ticks), table[i].step,
      table[i].step * 1e-9);
}

static void
test_time_steps (void)
{
  static const struct
  {
    gint64 span;
    guint ticks;
    gint64 step;
  } table[] = {
    { MINUTE, 6, 10 * SECOND },   { MINUTE, 7, 10 * SECOND }, { MINUTE, 5, 15 * SECOND },
    { 10 * MINUTE, 6, 2 * MINUTE }, { HOUR, 6, 10 * MINUTE }, { DAY, 8, 3 * HOUR },
    { 3 * DAY, 6, 12 * HOUR },    { 30 * DAY, 6, 7 * DAY },   { 364 * 10 * DAY, 2, 5 * 364 * DAY },
    { 0, 5, SECOND },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      gint64 step = scope_chart_ticks_time_step (table[i].span, table[i].ticks);

      g_assert_cmpint (step, >=, table[i].span / table[i].ticks);
      if (table[i].span < 364 * DAY)
        g_assert_cmpint (step, ==, table[i].step);
    }
}

static void
test_first_time (void)
{
  g_assert_cmpint (scope_chart_ticks_first_time (0, MINUTE, 0), ==, 0);
  g_assert_cmpint (scope_chart_ticks_first_time (1, MINUTE, 0), ==, MINUTE);
  g_assert_cmpint (scope_chart_ticks_first_time (-1, MINUTE, 0), ==, 0);
  /* midnight in India is half past six in the evening */
  g_assert_cmpint (scope_chart_ticks_first_time (0, DAY, 5 * HOUR + 30 * MINUTE), ==,
                   DAY - 5 * HOUR - 30 * MINUTE);
}

static void
test_values (void)
{
  static const struct
  {
    double value, step;
    const char *text;
  } table[] = {
    { 0, 5, "0" },         { 5, 5, "5" },       { 0.5, 0.5, "0.5" },  { 0.02, 0.01, "0.02" },
    { 1200, 200, "1.2k" }, { 1000, 500, "1.0k" }, { 3e6, 1e6, "3M" }, { -40, 20, "-40" },
    { 1e-9, 0.5, "0" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *text = scope_chart_ticks_format_value (table[i].value, table[i].step);

      g_assert_cmpstr (text, ==, table[i].text);
    }
}

static ScopeChartData *
make_bars (void)
{
  ScopeChartData *data = scope_chart_data_new (SCOPE_CHART_BARS, SCOPE_CHART_EVENTS);

  data->width_usec = 5 * SECOND;
  data->from_usec = 0;
  data->to_usec = MINUTE;
  data->names[0] = g_strdup ("a");
  data->names[1] = g_strdup ("b, \"c\"");
  data->n_parts = 2;
  for (guint i = 0; i < 12; i++)
    {
      ScopeChartBucket bucket = { i * 5 * SECOND, i + 1, { i, 1 } };

      g_array_append_val (data->buckets, bucket);
    }
  return data;
}

static void
test_data (void)
{
  g_autoptr (ScopeChartData) data = make_bars ();
  g_autofree char *text = scope_chart_data_dup_text (data, 3);
  g_autofree char *csv = scope_chart_data_dup_csv (data);
  double least, largest;

  scope_chart_data_get_extent (data, &least, &largest);
  g_assert_cmpfloat (least, ==, 0);
  g_assert_cmpfloat_with_epsilon (largest, 12 / 5.0, 1e-9);
  g_assert_cmpuint (scope_chart_data_find (data, -HOUR), ==, 0);
  g_assert_cmpuint (scope_chart_data_find (data, 7 * SECOND), ==, 1);
  g_assert_cmpuint (scope_chart_data_find (data, HOUR), ==, 11);
  g_assert_nonnull (strstr (text, "4 events"));
  g_assert_nonnull (strstr (text, "a 3"));
  g_assert_true (g_str_has_prefix (csv, "time,a,\"b, \"\"c\"\"\"\r\n"));
  g_assert_nonnull (strstr (csv, "1970-01-01T00:00:15"));
  g_assert_nonnull (strstr (csv, ",3,1\r\n"));
}

static void
test_line (void)
{
  g_autoptr (ScopeChartData) data = scope_chart_data_new (SCOPE_CHART_LINE, SCOPE_CHART_NUMBER);
  ScopeChartBucket bucket = { 0, 1, { 5, 5, 5 } };
  double least, largest;

  scope_chart_data_get_extent (data, &least, &largest);
  g_assert_cmpfloat (least, <, largest);
  g_assert_cmpuint (scope_chart_data_find (data, 0), ==, 0);

  g_array_append_val (data->buckets, bucket);
  scope_chart_data_get_extent (data, &least, &largest);
  g_assert_cmpfloat (least, <, 5);
  g_assert_cmpfloat (largest, >, 5);

  bucket = (ScopeChartBucket) { SECOND, 3, { 100, 90, 110 } };
  g_array_append_val (data->buckets, bucket);
  scope_chart_data_get_extent (data, &least, &largest);
  g_assert_cmpfloat (least, ==, 0);
  g_assert_cmpfloat (largest, ==, 110);
}

/* Also the span of the largest numbers is one. */
static void
test_huge (void)
{
  g_autoptr (ScopeChartData) data = scope_chart_data_new (SCOPE_CHART_LINE, SCOPE_CHART_NUMBER);
  const double values[] = { -DBL_MAX, 5e-324, 0, 1e300, DBL_MAX };
  double least, largest, step;

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      ScopeChartBucket bucket = { i * SECOND, 1, { values[i], values[i], values[i] } };

      g_array_append_val (data->buckets, bucket);
    }
  scope_chart_data_get_extent (data, &least, &largest);
  step = scope_chart_ticks_value_step (largest - least, 5);
  g_assert_true (isfinite (largest - least));
  g_assert_cmpfloat (step, >, 1e300);
  g_assert_cmpfloat (ceil (largest / step) - floor (least / step), <, 12);
}

static void
test_count (void)
{
  g_autoptr (ScopeChartData) data = scope_chart_data_new (SCOPE_CHART_LINE, SCOPE_CHART_COUNT);
  ScopeChartBucket bucket = { 0, 1, { 0, 0, 0 } };
  double least, largest;

  g_array_append_val (data->buckets, bucket);
  scope_chart_data_get_extent (data, &least, &largest);
  g_assert_cmpfloat (least, ==, 0);
  g_assert_cmpfloat (largest, ==, 1);

  g_array_index (data->buckets, ScopeChartBucket, 0) = (ScopeChartBucket) { 0, 1, { 5, 5, 5 } };
  scope_chart_data_get_extent (data, &least, &largest);
  g_assert_cmpfloat (least, ==, 4);
  g_assert_cmpfloat (largest, ==, 6);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/value-steps", test_value_steps);
  g_test_add_func ("/chart/time-steps", test_time_steps);
  g_test_add_func ("/chart/first-time", test_first_time);
  g_test_add_func ("/chart/values", test_values);
  g_test_add_func ("/chart/data", test_data);
  g_test_add_func ("/chart/line", test_line);
  g_test_add_func ("/chart/count", test_count);
  g_test_add_func ("/chart/huge", test_huge);
  return g_test_run ();
}
