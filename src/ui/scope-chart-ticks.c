/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-chart"

#include "config.h"

#include "ui/scope-chart-ticks.h"

#include <glib/gi18n-lib.h>
#include <math.h>

#define SECOND ((gint64) G_USEC_PER_SEC)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

static const gint64 time_steps[] = {
  SECOND,       2 * SECOND,  5 * SECOND,  10 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE,
  2 * MINUTE,   5 * MINUTE,  10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR,        2 * HOUR,
  3 * HOUR,     6 * HOUR,    12 * HOUR,   DAY,         2 * DAY,     7 * DAY,     14 * DAY,
  28 * DAY,     91 * DAY,    182 * DAY,   364 * DAY,
};

/**
 * scope_chart_ticks_value_step:
 * @span: what the axis covers
 * @max_ticks: how many steps there is room for
 *
 * Returns: the smallest good step
 */
double
scope_chart_ticks_value_step (double span,
                              guint  max_ticks)
{
  double least = span / MAX (max_ticks, 1);
  double power;

  if (!(least > 0) || !isfinite (least))
    return 1;
  power = pow (10, floor (log10 (least)));
  if (least <= power * 1.0000001)
    return power;
  if (least <= 2 * power * 1.0000001)
    return 2 * power;
  return least <= 5 * power * 1.0000001 ? 5 * power : 10 * power;
}

/**
 * scope_chart_ticks_time_step:
 * @span_usec: what the axis covers
 * @max_ticks: how many steps there is room for
 *
 * Returns: the smallest good step, in microseconds
 */
gint64
scope_chart_ticks_time_step (gint64 span_usec,
                             guint  max_ticks)
{
  gint64 least = span_usec / MAX (max_ticks, 1);
  gint64 longest = time_steps[G_N_ELEMENTS (time_steps) - 1];

  for (guint i = 0; i < G_N_ELEMENTS (time_steps); i++)
    if (time_steps[i] >= least)
      return time_steps[i];
  return (least / longest + 1) * longest;
}

/**
 * scope_chart_ticks_first_time:
 * @from_usec: where the axis begins
 * @step_usec: between marks
 * @utc_offset_usec: of the local time
 *
 * Returns: where the first mark is
 */
gint64
scope_chart_ticks_first_time (gint64 from_usec,
                              gint64 step_usec,
                              gint64 utc_offset_usec)
{
  gint64 local = from_usec + utc_offset_usec;
  gint64 rest = local % step_usec;

  if (rest < 0)
    rest += step_usec;
  return rest == 0 ? from_usec : from_usec + step_usec - rest;
}

/**
 * scope_chart_ticks_format_time:
 * @usec: wall clock
 * @step_usec: between marks
 *
 * Returns: (transfer full): the local time
 */
char *
scope_chart_ticks_format_time (gint64 usec,
                               gint64 step_usec)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (usec / G_USEC_PER_SEC);
  char *text = NULL;

  if (time == NULL)
    return g_strdup ("");
  if (step_usec < MINUTE)
    text = g_date_time_format (time, "%H:%M:%S");
  else if (step_usec < DAY)
    text = g_date_time_format (time, "%H:%M");
  else
    /* Translators: a day at an axis, as of g_date_time_format(): "21 Nov" */
    text = g_date_time_format (time, step_usec < 182 * DAY ? _("%-d %b") : "%Y");
  return text != NULL ? text : g_strdup ("");
}

/**
 * scope_chart_ticks_format_value:
 * @value: at a mark
 * @step: between marks
 *
 * Returns: (transfer full): a short number in the locale's form
 */
char *
scope_chart_ticks_format_value (double value,
                                double step)
{
  static const char units[] = { 0, 'k', 'M', 'G', 'T' };
  double size = MAX (fabs (value), fabs (step));
  guint unit = 0;
  int decimals;

  if (fabs (value) < step / 1000)
    return g_strdup ("0");
  if (size >= 1e15 || step < 1e-6)
    return g_strdup_printf ("%.3g", value);
  while (size >= 1000 && unit + 1 < G_N_ELEMENTS (units))
    {
      size /= 1000;
      value /= 1000;
      step /= 1000;
      unit++;
    }
  decimals = step >= 1 ? 0 : (int) ceil (-log10 (step) - 1e-9);
  if (unit == 0)
    return g_strdup_printf ("%.*f", decimals, value);
  return g_strdup_printf ("%.*f%c", decimals, value, units[unit]);
}
