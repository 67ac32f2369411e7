/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "session/scope-time-goal.h"

#include "base/scope-error.h"
#include "base/scope-text.h"

/* UTC+3, so that local times can be told from others; the log goes over midnight there. */
#define ZONE "UTC-3"
#define FIRST "2026-11-21T20:30:00Z" /* 23:30 on the 21st */
#define LAST "2026-11-22T03:00:00.5Z" /* 06:00:00.5 on the 22nd */

static gint64
at (const char *text)
{
  gint64 usec = 0;

  g_assert_true (scope_text_parse_rfc3339 (text, &usec));
  return usec;
}

static void
test_understood (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
  } cases[] = {
    { "23:45", "2026-11-21T20:45:00Z" },
    { " 23:45:10 ", "2026-11-21T20:45:10Z" },
    { "23:45:10.25", "2026-11-21T20:45:10.25Z" },
    { "23:45:10,250", "2026-11-21T20:45:10.25Z" },
    { "00:10", "2026-11-21T21:10:00Z" },
    { "0:10", "2026-11-21T21:10:00Z" },
    { "06:00:00.5", "2026-11-22T03:00:00.5Z" },
    /* at no time of the log: on its last day */
    { "07:00", "2026-11-22T04:00:00Z" },
    { "23:00", "2026-11-22T20:00:00Z" },
    { "2026-11-22", "2026-11-21T21:00:00Z" },
    { "2026-11-22 05:00", "2026-11-22T02:00:00Z" },
    { "2026-11-22T05:00:01.5", "2026-11-22T02:00:01.5Z" },
    { "2026-11-22T05:00:01.5Z", "2026-11-22T05:00:01.5Z" },
    { "2026-11-22T05:00:00+01:00", "2026-11-22T04:00:00Z" },
    { "2025-1-2 3:04", "2025-01-02T00:04:00Z" },
    { "-5m", "2026-11-22T02:55:00.5Z" },
    { "- 5 min", "2026-11-22T02:55:00.5Z" },
    { "−5m", "2026-11-22T02:55:00.5Z" },
    { "-1h30m", "2026-11-22T01:30:00.5Z" },
    { "-1d", "2026-11-21T03:00:00.5Z" },
    { "-500ms", "2026-11-22T03:00:00Z" },
    { "-0.5s", "2026-11-22T03:00:00Z" },
    { "-1.5h", "2026-11-22T01:30:00.5Z" },
    { "+90s", "2026-11-21T20:31:30Z" },
    { "+2 h 5 s", "2026-11-21T22:30:05Z" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 usec = 0;
      gboolean parsed = scope_time_goal_parse (cases[i].text, at (FIRST), at (LAST), &usec, &error);
      g_autofree char *found = scope_text_format_rfc3339 (usec);

      g_assert_no_error (error);
      g_assert_true (parsed);
      if (usec != at (cases[i].expected))
        g_error ("“%s” is %s, not %s", cases[i].text, found, cases[i].expected);
    }
}

static void
test_refused (void)
{
  static const char * const texts[] = {
    "", " ", "now", "5", "5m", "14", "14:5", "24:00", "14:60", "14:05:60", "14:05:", "14:05:00.",
    "14:05 x", "2026-13-01", "2026-02-30", "2026-11", "2026-11-21 25:00", "2026-11-21x", "-", "+",
    "-m", "-5", "-5y", "-5m x", "--5m", "+-5m", "-9999999999d", "-999999999d999999999d", "14:05:02Z",
    "\xff", "-5\xff", "١٤:٠٥", "99999-01-01", "0000-01-01",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      gint64 usec = 0;

      if (scope_time_goal_parse (texts[i], at (FIRST), at (LAST), &usec, &error))
        g_error ("“%s” was taken for a time", texts[i]);
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
    }
}

/* a log at the ends of time */
static void
test_extremes (void)
{
  gint64 usec = 0;

  scope_time_goal_parse ("14:05", 0, 0, &usec, NULL);
  scope_time_goal_parse ("14:05", G_MININT64, G_MAXINT64, &usec, NULL);
  scope_time_goal_parse ("14:05", G_MAXINT64, G_MININT64, &usec, NULL);
  g_assert_true (scope_time_goal_parse ("14:05", at (FIRST), at (FIRST), &usec, NULL));
}

int
main (int    argc,
      char **argv)
{
  g_setenv ("TZ", ZONE, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/time-goal/understood", test_understood);
  g_test_add_func ("/time-goal/refused", test_refused);
  g_test_add_func ("/time-goal/extremes", test_extremes);
  return g_test_run ();
}
