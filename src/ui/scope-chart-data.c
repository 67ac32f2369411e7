/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-chart"

#include "config.h"

#include "ui/scope-chart-data.h"

#include <float.h>
#include <glib/gi18n-lib.h>
#include <math.h>

#include "base/scope-text.h"
#include "ui/scope-chart-ticks.h"
#include "ui/scope-format.h"

/**
 * scope_chart_data_new:
 * @kind: how it is drawn
 * @unit: of its values
 *
 * Returns: (transfer full): data without buckets
 */
ScopeChartData *
scope_chart_data_new (ScopeChartKind kind,
                      ScopeChartUnit unit)
{
  ScopeChartData *self = g_new0 (ScopeChartData, 1);

  self->kind = kind;
  self->unit = unit;
  self->buckets = g_array_new (FALSE, TRUE, sizeof (ScopeChartBucket));
  self->gaps = g_array_new (FALSE, FALSE, sizeof (ScopePeriod));
  return self;
}

/**
 * scope_chart_data_free:
 * @self: (transfer full): data
 */
void
scope_chart_data_free (ScopeChartData *self)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < G_N_ELEMENTS (self->names); i++)
    g_free (self->names[i]);
  g_array_unref (self->buckets);
  g_array_unref (self->gaps);
  g_free (self);
}

/**
 * scope_chart_data_get:
 *
 * Returns: (transfer none): a bucket
 */
const ScopeChartBucket *
scope_chart_data_get (const ScopeChartData *self,
                      guint                 i)
{
  return &g_array_index (self->buckets, ScopeChartBucket, i);
}

/**
 * scope_chart_data_get_end:
 *
 * Returns: where a bucket ends, microseconds since 1970
 */
gint64
scope_chart_data_get_end (const ScopeChartData *self,
                          guint                 i)
{
  return scope_chart_data_get (self, i)->start_usec + self->width_usec;
}

/**
 * scope_chart_data_get_scale:
 *
 * Returns: what an amount is multiplied with to be drawn: amounts are drawn per second
 */
double
scope_chart_data_get_scale (const ScopeChartData *self)
{
  if (self->kind == SCOPE_CHART_LINE || self->width_usec == 0)
    return 1;
  return (double) G_USEC_PER_SEC / (double) self->width_usec;
}

/**
 * scope_chart_data_get_sum:
 *
 * Returns: the height of a bucket: of all parts, or the average
 */
double
scope_chart_data_get_sum (const ScopeChartData *self,
                          guint                 i)
{
  const ScopeChartBucket *bucket = scope_chart_data_get (self, i);
  double sum = 0;

  if (self->kind == SCOPE_CHART_LINE)
    return bucket->values[0];
  for (guint k = 0; k < self->n_parts; k++)
    sum += bucket->values[k];
  return sum;
}

/* What is beyond is drawn at the edge: the axis itself must not overflow. */
static double
clamp_to_axis (double value)
{
  return CLAMP (value, -DBL_MAX / 16, DBL_MAX / 16);
}

/**
 * scope_chart_data_get_extent:
 * @least: (out): where the value axis begins
 * @largest: (out): what it must reach
 */
void
scope_chart_data_get_extent (const ScopeChartData *self,
                             double               *least,
                             double               *largest)
{
  double scale = scope_chart_data_get_scale (self);

  *least = 0;
  *largest = 0;
  for (guint i = 0; i < self->buckets->len; i++)
    {
      const ScopeChartBucket *bucket = scope_chart_data_get (self, i);
      double low = self->kind == SCOPE_CHART_LINE ? bucket->values[1] : 0;
      double high = self->kind == SCOPE_CHART_LINE ? bucket->values[2]
                                                   : scope_chart_data_get_sum (self, i) * scale;

      low = clamp_to_axis (low);
      high = clamp_to_axis (high);
      *least = i == 0 ? low : MIN (*least, low);
      *largest = i == 0 ? high : MAX (*largest, high);
    }
  /* zero is shown if it is not far: heights then say something */
  if (*least > 0 && *least < *largest / 2)
    *least = 0;
  if (*largest < 0 && *largest > *least / 2)
    *largest = 0;
  if (!(*largest > *least))
    {
      gboolean is_whole = self->kind == SCOPE_CHART_BARS || self->unit == SCOPE_CHART_COUNT;
      double around = MAX (fabs (*largest) / 10, is_whole ? 1 : 0.5);

      *least -= self->kind == SCOPE_CHART_BARS ? 0 : around;
      *largest += around;
    }
  if (self->unit == SCOPE_CHART_COUNT)
    *least = MAX (*least, 0);
}

/**
 * scope_chart_data_find:
 * @usec: a time
 *
 * Returns: the bucket nearest to it; how many there are if there is none
 */
guint
scope_chart_data_find (const ScopeChartData *self,
                       gint64                usec)
{
  guint n = self->buckets->len;
  guint low = 0, high = n;
  gint64 wanted = usec - self->width_usec / 2;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (scope_chart_data_get (self, middle)->start_usec < wanted)
        low = middle + 1;
      else
        high = middle;
    }
  if (low == n)
    return n > 0 ? n - 1 : n;
  if (low > 0 && wanted - scope_chart_data_get (self, low - 1)->start_usec <
                   scope_chart_data_get (self, low)->start_usec - wanted)
    return low - 1;
  return low;
}

/**
 * scope_chart_data_dup_time:
 *
 * Returns: (transfer full): when a bucket is, local time
 */
char *
scope_chart_data_dup_time (const ScopeChartData *self,
                           guint                 i)
{
  gint64 start_usec = scope_chart_data_get (self, i)->start_usec;
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;

  if (self->width_usec == 0)
    return scope_text_format_clock (start_usec);
  from = scope_chart_ticks_format_time (start_usec, self->width_usec);
  if (self->width_usec >= 24 * 3600 * (gint64) G_USEC_PER_SEC)
    return g_steal_pointer (&from);
  to = scope_chart_ticks_format_time (scope_chart_data_get_end (self, i), self->width_usec);
  /* Translators: from, to: times of day */
  return g_strdup_printf (_("%s – %s"), from, to);
}

/**
 * scope_chart_data_dup_value:
 *
 * Returns: (transfer full): an amount with its unit
 */
char *
scope_chart_data_dup_value (const ScopeChartData *self,
                            double                value)
{
  switch (self->unit)
    {
    case SCOPE_CHART_BYTES:
      return scope_text_format_size (value);
    case SCOPE_CHART_EVENTS:
      return scope_format_count (value);
    case SCOPE_CHART_NUMBER:
    case SCOPE_CHART_COUNT:
    default:
      return g_strdup_printf ("%.10g", value);
    }
}

/* "10:21:00 – 10:21:05: 12 events, 2.4/s" */
static char *
chart_data_dup_amount (const ScopeChartData *self,
                       const char           *time,
                       double                sum)
{
  g_autofree char *value = scope_chart_data_dup_value (self, sum);
  g_autofree char *rate = NULL;

  if (self->unit == SCOPE_CHART_BYTES)
    {
      rate = scope_text_format_size (sum * scope_chart_data_get_scale (self) + 0.5);
      /* Translators: when, bytes, and bytes per second: "10:21: 3.1 kB, 620 B/s" */
      return g_strdup_printf (_("%s: %s, %s/s"), time, value, rate);
    }
  rate = scope_text_format_rate (sum * scope_chart_data_get_scale (self));
  /* Translators: when, a grouped number of events, and events per second: "10:21: 12 events, 2.4/s" */
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s: %s event, %s", "%s: %s events, %s",
                                       (gulong) sum),
                          time, value, rate);
}

static char *
chart_data_dup_numbers (const ScopeChartData   *self,
                        const char             *time,
                        const ScopeChartBucket *bucket)
{
  g_autofree char *average = scope_chart_data_dup_value (self, bucket->values[0]);
  g_autofree char *least = scope_chart_data_dup_value (self, bucket->values[1]);
  g_autofree char *largest = scope_chart_data_dup_value (self, bucket->values[2]);

  if (bucket->count == 1)
    /* Translators: when, a number */
    return g_strdup_printf (_("%s: %s"), time, average);
  /* Translators: when, and of the numbers in that stretch of time */
  return g_strdup_printf (_("%s: average %s, from %s to %s"), time, average, least, largest);
}

/**
 * scope_chart_data_dup_text:
 *
 * Returns: (transfer full): the exact figures of a bucket
 */
char *
scope_chart_data_dup_text (const ScopeChartData *self,
                           guint                 i)
{
  const ScopeChartBucket *bucket = scope_chart_data_get (self, i);
  g_autofree char *time = scope_chart_data_dup_time (self, i);
  g_autofree char *amount = NULL;
  GString *text;

  if (self->kind == SCOPE_CHART_LINE)
    return chart_data_dup_numbers (self, time, bucket);

  amount = chart_data_dup_amount (self, time, scope_chart_data_get_sum (self, i));
  text = g_string_new (amount);
  for (guint k = 0; self->n_parts > 1 && k < self->n_parts; k++)
    {
      g_autofree char *value = scope_chart_data_dup_value (self, bucket->values[k]);

      if (bucket->values[k] > 0)
        g_string_append_printf (text, " · %s %s", self->names[k], value);
    }
  return g_string_free (text, FALSE);
}

static void
csv_append (GString    *out,
            const char *text)
{
  if (out->len > 0 && out->str[out->len - 1] != '\n')
    g_string_append_c (out, ',');
  if (strpbrk (text, ",\"\r\n") == NULL)
    {
      g_string_append (out, text);
      return;
    }
  g_string_append_c (out, '"');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *text);
    }
  g_string_append_c (out, '"');
}

static void
csv_append_number (GString *out,
                   double   value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  csv_append (out, g_ascii_formatd (buffer, sizeof buffer, "%.15g", value));
}

/**
 * scope_chart_data_dup_csv:
 *
 * Returns: (transfer full): the figures as CSV, times in UTC
 */
char *
scope_chart_data_dup_csv (const ScopeChartData *self)
{
  GString *out = g_string_new (NULL);

  csv_append (out, "time");
  for (guint k = 0; k < self->n_parts; k++)
    csv_append (out, self->names[k]);
  g_string_append (out, "\r\n");
  for (guint i = 0; i < self->buckets->len; i++)
    {
      const ScopeChartBucket *bucket = scope_chart_data_get (self, i);
      g_autofree char *time = scope_text_format_rfc3339 (bucket->start_usec);

      csv_append (out, time);
      for (guint k = 0; k < self->n_parts; k++)
        csv_append_number (out, bucket->values[k]);
      g_string_append (out, "\r\n");
    }
  return g_string_free (out, FALSE);
}
