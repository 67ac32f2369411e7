/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-time-goal"

#include "config.h"

#include "session/scope-time-goal.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-text.h"

#define MAX_DIGITS 9
/* of a log: what is longer is looked at no closer */
#define MAX_DAYS 3660

typedef struct
{
  int year;
  int month;
  int day;
} Day;

/* --- reading --- */

static gboolean
take_digits (const char **text,
             guint        min,
             guint        max,
             int         *value)
{
  guint n = 0;

  *value = 0;
  for (; n < max && g_ascii_isdigit (**text); n++, (*text)++)
    *value = *value * 10 + (**text - '0');
  return n >= min && !g_ascii_isdigit (**text);
}

static gboolean
take_char (const char **text,
           char         c)
{
  if (**text != c)
    return FALSE;
  (*text)++;
  return TRUE;
}

/* ".113": up to six digits count */
static gboolean
take_fraction (const char **text,
               gint64      *usec)
{
  gint64 unit = G_USEC_PER_SEC / 10;

  *usec = 0;
  if (!take_char (text, '.') && !take_char (text, ','))
    return TRUE;
  if (!g_ascii_isdigit (**text))
    return FALSE;
  for (; g_ascii_isdigit (**text); (*text)++, unit /= 10)
    *usec += (**text - '0') * unit;
  return TRUE;
}

/* H:MM, HH:MM:SS, HH:MM:SS.mmm: microseconds since midnight */
static gboolean
take_clock (const char **text,
            gint64      *usec)
{
  int hours;
  int minutes;
  int seconds = 0;
  gint64 fraction = 0;

  if (!take_digits (text, 1, 2, &hours) || !take_char (text, ':')
      || !take_digits (text, 2, 2, &minutes))
    return FALSE;
  if (take_char (text, ':')
      && (!take_digits (text, 2, 2, &seconds) || !take_fraction (text, &fraction)))
    return FALSE;
  *usec = ((hours * 60 + minutes) * 60 + seconds) * (gint64) G_USEC_PER_SEC + fraction;
  return hours < 24 && minutes < 60 && seconds < 60;
}

static gboolean
take_day (const char **text,
          Day         *day)
{
  return take_digits (text, 4, 4, &day->year) && take_char (text, '-')
         && take_digits (text, 1, 2, &day->month) && take_char (text, '-')
         && take_digits (text, 1, 2, &day->day)
         && g_date_valid_dmy (day->day, day->month, day->year);
}

/* 0: no unit stands there */
static gint64
take_unit (const char **text)
{
  static const struct
  {
    const char *name;
    gint64 usec;
  } units[] = {
    { "ms", G_TIME_SPAN_MILLISECOND },   { "min", G_TIME_SPAN_MINUTE },
    { "d", G_TIME_SPAN_DAY },            { "h", G_TIME_SPAN_HOUR },
    { "m", G_TIME_SPAN_MINUTE },         { "s", G_TIME_SPAN_SECOND },
  };

  for (guint i = 0; i < G_N_ELEMENTS (units); i++)
    if (g_str_has_prefix (*text, units[i].name))
      {
        *text += strlen (units[i].name);
        return units[i].usec;
      }
  return 0;
}

/* "1h30m", "2.5 s" */
static gboolean
take_span (const char **text,
           gint64      *usec)
{
  *usec = 0;
  while (**text != '\0')
    {
      gint64 fraction;
      gint64 unit;
      int number;

      if (!take_digits (text, 1, MAX_DIGITS, &number) || !take_fraction (text, &fraction))
        return FALSE;
      while (take_char (text, ' '))
        ;
      unit = take_unit (text);
      if (unit == 0 || number > G_MAXINT64 / 4 / unit)
        return FALSE;
      *usec += number * unit + fraction * (unit / G_TIME_SPAN_MILLISECOND) / 1000;
      if (*usec > G_MAXINT64 / 4)
        return FALSE;
      while (take_char (text, ' '))
        ;
    }
  return TRUE;
}

/* --- days --- */

/* A time of day that a change of clocks leaves out is the one after the change. */
static gint64
day_to_usec (const Day *day,
             gint64     clock_usec)
{
  g_autoptr (GDateTime) midnight =
    g_date_time_new_local (day->year, day->month, day->day, (int) (clock_usec / G_TIME_SPAN_HOUR),
                           (int) (clock_usec / G_TIME_SPAN_MINUTE % 60), 0);

  if (midnight == NULL)
    return G_MININT64;
  return g_date_time_to_unix (midnight) * G_USEC_PER_SEC + clock_usec % G_TIME_SPAN_MINUTE;
}

static gboolean
day_of (gint64  wall_usec,
        int     days_later,
        Day    *day)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_local (wall_usec / G_USEC_PER_SEC);
  g_autoptr (GDateTime) later = time != NULL ? g_date_time_add_days (time, days_later) : NULL;

  if (later == NULL)
    return FALSE;
  g_date_time_get_ymd (later, &day->year, &day->month, &day->day);
  return TRUE;
}

/* The first day on which the log was there at that time; else the day of its end, or of its
 * beginning if that comes later. */
static gboolean
place_clock (gint64  clock_usec,
             gint64  first_usec,
             gint64  last_usec,
             gint64 *wall_usec)
{
  Day day;

  for (int i = 0; i < MAX_DAYS && day_of (first_usec, i, &day); i++)
    {
      gint64 usec = day_to_usec (&day, clock_usec);

      if (usec > last_usec)
        break;
      if (usec >= first_usec)
        {
          *wall_usec = usec;
          return TRUE;
        }
    }
  if (!day_of (last_usec, 0, &day))
    return FALSE;
  *wall_usec = day_to_usec (&day, clock_usec);
  return TRUE;
}

/* --- the forms --- */

static gboolean
parse_relative (const char *text,
                gint64      first_usec,
                gint64      last_usec,
                gint64     *wall_usec)
{
  gboolean from_end = !take_char (&text, '+');
  gint64 span;

  if (from_end && !take_char (&text, '-') && !g_str_has_prefix (text, "\342\210\222"))
    return FALSE;
  if (g_str_has_prefix (text, "\342\210\222")) /* a minus sign */
    text += 3;
  while (take_char (&text, ' '))
    ;
  if (*text == '\0' || !take_span (&text, &span))
    return FALSE;
  *wall_usec = from_end ? last_usec - span : first_usec + span;
  return TRUE;
}

static gboolean
parse_clock (const char *text,
             gint64      first_usec,
             gint64      last_usec,
             gint64     *wall_usec)
{
  gint64 clock_usec;

  return take_clock (&text, &clock_usec) && *text == '\0'
         && place_clock (clock_usec, first_usec, last_usec, wall_usec);
}

static gboolean
parse_date (const char *text,
            gint64     *wall_usec)
{
  gint64 clock_usec = 0;
  Day day;

  if (!take_day (&text, &day))
    return FALSE;
  if (*text != '\0')
    {
      if (!take_char (&text, ' ') && !take_char (&text, 'T'))
        return FALSE;
      while (take_char (&text, ' '))
        ;
      if (!take_clock (&text, &clock_usec) || *text != '\0')
        return FALSE;
    }
  *wall_usec = day_to_usec (&day, clock_usec);
  return *wall_usec != G_MININT64;
}

/**
 * scope_time_goal_parse:
 * @text: what was typed
 * @first_usec: when the log begins, microseconds since 1970
 * @last_usec: when it ends
 * @wall_usec: (out): the time that is meant
 * @error: return location for an error
 *
 * Returns: %FALSE with `SCOPE_ERROR_USAGE` if that is no time
 */
gboolean
scope_time_goal_parse (const char  *text,
                       gint64       first_usec,
                       gint64       last_usec,
                       gint64      *wall_usec,
                       GError     **error)
{
  g_autofree char *stripped = NULL;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (wall_usec != NULL, FALSE);

  stripped = g_strstrip (g_strdup (text));
  if (parse_relative (stripped, first_usec, last_usec, wall_usec)
      || parse_clock (stripped, first_usec, last_usec, wall_usec)
      || parse_date (stripped, wall_usec) || scope_text_parse_rfc3339 (stripped, wall_usec))
    return TRUE;
  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("Not a time. Understood are 14:05, 14:05:02.113, 2026-11-21 14:05, -5m "
                         "(before the end) and +90s (after the beginning)."));
  return FALSE;
}
