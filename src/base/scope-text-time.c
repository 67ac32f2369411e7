/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-text"

#include "config.h"

#include "base/scope-text.h"

#define DAY_SEC G_GINT64_CONSTANT (86400)

/* Four digits of a year: 0001-01-01T00:00:00Z and 9999-12-31T23:59:59.999999Z. */
#define FIRST_USEC (G_GINT64_CONSTANT (-62135596800) * G_USEC_PER_SEC)
#define LAST_USEC (G_GINT64_CONSTANT (253402300800) * G_USEC_PER_SEC - 1)

/* A moment in the proleptic Gregorian calendar. Written out here because a GDateTime is three
 * allocations, and a line of output or of a view needs one each. */
typedef struct
{
  int year;
  int month;
  int day;
  int hour;
  int minute;
  int second;
  int usec;
} TimeFields;

/* Days between 1970-01-01 and the first day of the year, which is counted from March. A year
 * here begins on 1 March, so that a leap day is its last. */
static gint64
time_days_before_year (int year)
{
  return G_GINT64_CONSTANT (365) * year + year / 4 - year / 100 + year / 400 - 719468;
}

/* days between 1 March and the first of the month (0 = March) */
static int
time_days_before_month (int month)
{
  return (153 * month + 2) / 5;
}

static gint64
time_days_from_civil (int year,
                      int month,
                      int day)
{
  int march_year = month > 2 ? year : year - 1;

  return time_days_before_year (march_year) + time_days_before_month ((month + 9) % 12) + day - 1;
}

static void
time_fields_set_day (TimeFields *fields,
                     gint64      days)
{
  int year = (days + 719468) * 400 / 146097;
  int month = 11;
  int rest;

  /* the quotient is at most one year off */
  while (time_days_before_year (year + 1) <= days)
    year++;
  while (time_days_before_year (year) > days)
    year--;

  rest = days - time_days_before_year (year);
  while (time_days_before_month (month) > rest)
    month--;

  fields->day = rest - time_days_before_month (month) + 1;
  fields->month = (month + 2) % 12 + 1;
  fields->year = month >= 10 ? year + 1 : year;
}

static void
time_fields_set (TimeFields *fields,
                 gint64      wall_usec)
{
  gint64 seconds, days;
  int rest;

  wall_usec = CLAMP (wall_usec, FIRST_USEC, LAST_USEC) - FIRST_USEC;
  seconds = wall_usec / G_USEC_PER_SEC;
  days = seconds / DAY_SEC;
  rest = seconds % DAY_SEC;

  time_fields_set_day (fields, days + FIRST_USEC / G_USEC_PER_SEC / DAY_SEC);
  fields->usec = wall_usec % G_USEC_PER_SEC;
  fields->hour = rest / 3600;
  fields->minute = rest / 60 % 60;
  fields->second = rest % 60;
}

/**
 * scope_text_format_rfc3339:
 * @wall_usec: microseconds since 1970, UTC
 *
 * Always in UTC, with six decimals: `2026-11-21T14:05:02.113456Z`. Beyond the years 1 to 9999 it
 * is the nearest moment that has this form.
 *
 * Returns: (transfer full): the text
 */
char *
scope_text_format_rfc3339 (gint64 wall_usec)
{
  TimeFields t;

  time_fields_set (&t, wall_usec);
  return g_strdup_printf ("%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", t.year, t.month, t.day, t.hour,
                          t.minute, t.second, t.usec);
}

/* GLib looks up what the system's zone is, in files, each time it is asked for: a third of what
 * writing a time into a row of the log costs. Here it is asked once a second, so that a zone that
 * changes is seen. */
static GTimeZone *
time_get_local_zone (void)
{
  static GMutex mutex;
  static GTimeZone *zone;
  static char *variable;
  static gint64 asked_usec;
  gint64 now = g_get_monotonic_time ();
  GTimeZone *local;

  g_mutex_lock (&mutex);
  if (zone == NULL || now - asked_usec >= G_USEC_PER_SEC || g_strcmp0 (variable, g_getenv ("TZ")) != 0)
    {
      g_clear_pointer (&zone, g_time_zone_unref);
      g_free (variable);
      zone = g_time_zone_new_local ();
      variable = g_strdup (g_getenv ("TZ"));
      asked_usec = now;
    }
  local = g_time_zone_ref (zone);
  g_mutex_unlock (&mutex);
  return local;
}

/**
 * scope_text_format_clock:
 * @wall_usec: microseconds since 1970, UTC
 *
 * The local time of day, its milliseconds cut, not rounded: `14:05:02.113`.
 *
 * Returns: (transfer full): the text
 */
char *
scope_text_format_clock (gint64 wall_usec)
{
  g_autoptr (GTimeZone) zone = time_get_local_zone ();
  TimeFields t;
  gint64 seconds, offset;

  wall_usec = CLAMP (wall_usec, FIRST_USEC, LAST_USEC);
  seconds = (wall_usec - FIRST_USEC) / G_USEC_PER_SEC + FIRST_USEC / G_USEC_PER_SEC;
  offset = g_time_zone_get_offset (zone, g_time_zone_find_interval (zone, G_TIME_TYPE_UNIVERSAL,
                                                                    seconds));
  time_fields_set (&t, wall_usec + offset * G_USEC_PER_SEC);
  return g_strdup_printf ("%02d:%02d:%02d.%03d", t.hour, t.minute, t.second, t.usec / 1000);
}

/* Reads exactly count digits. */
static gboolean
time_read_digits (const char **text,
                  guint        count,
                  int         *value)
{
  int read = 0;

  for (guint i = 0; i < count; i++, (*text)++)
    {
      if (!g_ascii_isdigit (**text))
        return FALSE;
      read = read * 10 + (**text - '0');
    }

  *value = read;
  return TRUE;
}

/* Reads one of chars. */
static gboolean
time_read_char (const char **text,
                const char  *chars)
{
  for (; *chars != '\0'; chars++)
    if (**text == *chars)
      {
        (*text)++;
        return TRUE;
      }

  return FALSE;
}

/* ".113456": digits beyond the sixth are passed over. Nothing there is 0. */
static gboolean
time_read_fraction (const char **text,
                    int         *usec)
{
  int unit = G_USEC_PER_SEC / 10;

  *usec = 0;
  if (!time_read_char (text, "."))
    return TRUE;
  if (!g_ascii_isdigit (**text))
    return FALSE;

  for (; g_ascii_isdigit (**text); (*text)++, unit /= 10)
    *usec += (**text - '0') * unit;
  return TRUE;
}

/* "Z" or "+01:30" */
static gboolean
time_read_offset (const char **text,
                  int         *seconds)
{
  gboolean west = **text == '-';
  int hours, minutes;

  *seconds = 0;
  if (time_read_char (text, "Zz"))
    return TRUE;
  if (!time_read_char (text, "+-") || !time_read_digits (text, 2, &hours) ||
      !time_read_char (text, ":") || !time_read_digits (text, 2, &minutes))
    return FALSE;

  *seconds = (hours * 60 + minutes) * (west ? -60 : 60);
  return hours < 24 && minutes < 60;
}

static gboolean
time_fields_read (TimeFields  *t,
                  const char **text)
{
  return time_read_digits (text, 4, &t->year) && time_read_char (text, "-") &&
         time_read_digits (text, 2, &t->month) && time_read_char (text, "-") &&
         time_read_digits (text, 2, &t->day) && time_read_char (text, "Tt ") &&
         time_read_digits (text, 2, &t->hour) && time_read_char (text, ":") &&
         time_read_digits (text, 2, &t->minute) && time_read_char (text, ":") &&
         time_read_digits (text, 2, &t->second) && time_read_fraction (text, &t->usec);
}

/* A leap second (60) is taken as the second that follows. */
static gboolean
time_fields_are_valid (const TimeFields *t)
{
  return t->year >= 1 && t->month >= 1 && t->month <= 12 && t->day >= 1 &&
         t->day <= g_date_get_days_in_month (t->month, t->year) && t->hour < 24 &&
         t->minute < 60 && t->second <= 60;
}

/**
 * scope_text_parse_rfc3339:
 * @text: a date and time as in RFC 3339
 * @wall_usec: (out): microseconds since 1970, UTC; only written on success
 *
 * The zone must be there. A space may stand for the `T`.
 *
 * Returns: whether @text has that form and names a moment that exists
 */
gboolean
scope_text_parse_rfc3339 (const char *text,
                          gint64     *wall_usec)
{
  TimeFields t;
  int offset;
  gint64 seconds;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (wall_usec != NULL, FALSE);

  if (!time_fields_read (&t, &text) || !time_read_offset (&text, &offset) || *text != '\0' ||
      !time_fields_are_valid (&t))
    return FALSE;

  seconds = time_days_from_civil (t.year, t.month, t.day) * DAY_SEC;
  seconds += t.hour * 3600 + t.minute * 60 + t.second - offset;
  *wall_usec = seconds * G_USEC_PER_SEC + t.usec;
  return TRUE;
}
