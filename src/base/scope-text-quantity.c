/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-text"

#include "config.h"

#include "base/scope-text.h"

#include <glib/gi18n-lib.h>

#define MSEC (G_USEC_PER_SEC / 1000)
#define MINUTE_SEC G_GUINT64_CONSTANT (60)
#define HOUR_SEC (60 * MINUTE_SEC)
#define DAY_SEC (24 * HOUR_SEC)

/* A difference from here on is written as a duration: milliseconds say nothing any more. */
#define DELTA_EXACT_USEC ((guint64) 60 * G_USEC_PER_SEC)

/* half goes up; no overflow for any value */
static guint64
text_divide_rounded (guint64 value,
                     guint64 divisor)
{
  return value / divisor + (value % divisor >= divisor - divisor / 2);
}

/**
 * scope_text_format_size:
 * @bytes: a number of bytes
 *
 * Decimal units (1 kB = 1,000 B), one decimal, in the locale's form: `312 B`, `1.2 kB`, `4.0 MB`.
 *
 * Returns: (transfer full): the text
 */
char *
scope_text_format_size (guint64 bytes)
{
  static const char *const units[] = { N_("kB"), N_("MB"), N_("GB"), N_("TB"), N_("PB"), N_("EB") };
  guint64 unit = 1000;
  guint64 tenths;
  guint i = 0;

  if (bytes < unit)
    return g_strdup_printf (_("%u B"), (guint) bytes);

  /* 999,950 B would read "1000.0 kB": rounding decides the unit */
  while ((tenths = text_divide_rounded (bytes, unit / 10)) >= 10000 && i + 1 < G_N_ELEMENTS (units))
    {
      unit *= 1000;
      i++;
    }

  return g_strdup_printf ("%.1f %s", tenths / 10.0, _(units[i]));
}

/**
 * scope_text_format_count:
 * @n: a number of things
 *
 * Returns: (transfer full): the number, grouped as the locale does it
 */
char *
scope_text_format_count (guint64 n)
{
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, n);
}

static guint64
text_get_magnitude (gint64 value)
{
  return value < 0 ? -(guint64) value : (guint64) value;
}

/* "3 h" or "3 h 10 min"; the small part is left out when 0 */
static char *
text_join_units (const char *sign,
                 guint64     large,
                 const char *large_unit,
                 guint64     small,
                 const char *small_unit)
{
  if (small == 0)
    return g_strdup_printf ("%s%" G_GUINT64_FORMAT " %s", sign, large, large_unit);
  return g_strdup_printf ("%s%" G_GUINT64_FORMAT " %s %" G_GUINT64_FORMAT " %s", sign, large,
                          large_unit, small, small_unit);
}

static char *
text_format_long (const char *sign,
                  guint64     seconds)
{
  guint64 minutes = text_divide_rounded (seconds, MINUTE_SEC);
  guint64 hours = text_divide_rounded (seconds, HOUR_SEC);

  if (seconds < HOUR_SEC)
    return text_join_units (sign, seconds / 60, _("min"), seconds % 60, _("s"));
  if (minutes < 24 * 60)
    return text_join_units (sign, minutes / 60, _("h"), minutes % 60, _("min"));
  return text_join_units (sign, hours / 24, _("d"), hours % 24, _("h"));
}

static char *
text_format_duration (const char *sign,
                      guint64     usec)
{
  guint64 milliseconds = text_divide_rounded (usec, MSEC);
  guint64 seconds = text_divide_rounded (usec, G_USEC_PER_SEC);

  if (milliseconds < 1000)
    return g_strdup_printf ("%s%u %s", sign, (guint) milliseconds, _("ms"));
  if (seconds < MINUTE_SEC)
    return g_strdup_printf ("%s%u %s", sign, (guint) seconds, _("s"));
  return text_format_long (sign, seconds);
}

/**
 * scope_text_format_duration:
 * @usec: a span of time in microseconds; may be negative
 *
 * The two largest units that say something, rounded to the smaller one: `340 ms`, `14 s`,
 * `2 min 5 s`, `3 h 10 min`, `2 d 4 h`.
 *
 * Returns: (transfer full): the text
 */
char *
scope_text_format_duration (gint64 usec)
{
  return text_format_duration (usec < 0 ? "-" : "", text_get_magnitude (usec));
}

/**
 * scope_text_format_delta:
 * @usec: the time between two events in microseconds
 *
 * Always with its sign and, up to a minute, its milliseconds: `+0.412 s`; then as a duration:
 * `+2 min 5 s`.
 *
 * Returns: (transfer full): the text
 */
char *
scope_text_format_delta (gint64 usec)
{
  const char *sign = usec < 0 ? "-" : "+";
  guint64 magnitude = text_get_magnitude (usec);
  guint64 milliseconds = text_divide_rounded (magnitude, MSEC);

  if (milliseconds * MSEC >= DELTA_EXACT_USEC)
    return text_format_duration (sign, magnitude);
  return g_strdup_printf (_("%s%.3f s"), sign, milliseconds / 1000.0);
}

/**
 * scope_text_format_rate:
 * @per_second: how often; what is below 0 or no number counts as 0
 *
 * Short enough for a narrow column: `3/s`, `0.2/s`, `20k/s`. What is above 0 never reads as 0.
 *
 * Returns: (transfer full): the text
 */
char *
scope_text_format_rate (double per_second)
{
  static const char *const units[] = { "", "k", "M", "G" };
  guint i = 0;
  guint64 tenths;

  if (!(per_second > 0))
    return g_strdup (_("0/s"));
  if (per_second < 0.05)
    return g_strdup_printf (_("<%.1f/s"), 0.1);
  if (per_second >= 999.5e9)
    return g_strdup (_(">999G/s"));

  while (per_second >= 999.5)
    {
      per_second /= 1000;
      i++;
    }

  tenths = per_second * 10 + 0.5;
  if (tenths < 100 && tenths % 10 != 0)
    return g_strdup_printf (_("%.1f%s/s"), tenths / 10.0, units[i]);
  return g_strdup_printf (_("%u%s/s"), (guint) (per_second + 0.5), units[i]);
}
