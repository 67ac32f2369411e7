/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "test-text"

#include "config.h"

#include "base/scope-text.h"

#include <math.h>
#include <string.h>

#define MSEC G_GINT64_CONSTANT (1000)
#define SEC G_GINT64_CONSTANT (1000000)
#define MIN_ (60 * SEC)
#define HOUR (60 * MIN_)
#define DAY (24 * HOUR)

typedef struct
{
  gint64 usec;
  const char *expected;
} TimeRow;

static void
test_times (const TimeRow *rows,
            gsize          n_rows,
            char        *(*format) (gint64))
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *out = format (rows[i].usec);

      g_assert_cmpstr (out, ==, rows[i].expected);
    }
}

static void
test_size (void)
{
  static const struct
  {
    guint64 bytes;
    const char *expected;
  } rows[] = {
    { 0, "0 B" },
    { 1, "1 B" },
    { 312, "312 B" },
    { 999, "999 B" },
    { 1000, "1.0 kB" },
    { 1049, "1.0 kB" },
    { 1050, "1.1 kB" },
    { 1234, "1.2 kB" },
    { 999949, "999.9 kB" },
    { 999950, "1.0 MB" },
    { 4000000, "4.0 MB" },
    { 4 * 1024 * 1024, "4.2 MB" },
    { G_GUINT64_CONSTANT (999949999), "999.9 MB" },
    { G_GUINT64_CONSTANT (999950000), "1.0 GB" },
    { G_GUINT64_CONSTANT (1500000000000), "1.5 TB" },
    { G_GUINT64_CONSTANT (2500000000000000), "2.5 PB" },
    { G_GUINT64_CONSTANT (999950000000000000), "1.0 EB" },
    { G_MAXUINT64, "18.4 EB" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *out = scope_text_format_size (rows[i].bytes);

      g_assert_cmpstr (out, ==, rows[i].expected);
    }
}

static void
test_duration (void)
{
  static const TimeRow rows[] = {
    { 0, "0 ms" },
    { 499, "0 ms" },
    { 500, "1 ms" },
    { 340 * MSEC, "340 ms" },
    { 999 * MSEC + 499, "999 ms" },
    { 999 * MSEC + 500, "1 s" },
    { SEC, "1 s" },
    { SEC + 499 * MSEC, "1 s" },
    { SEC + 500 * MSEC, "2 s" },
    { 14 * SEC, "14 s" },
    { 59 * SEC + 499 * MSEC, "59 s" },
    { 59 * SEC + 500 * MSEC, "1 min" },
    { 2 * MIN_ + 5 * SEC, "2 min 5 s" },
    { HOUR - 500 * MSEC - 1, "59 min 59 s" },
    { HOUR - 500 * MSEC, "1 h" },
    { 3 * HOUR + 10 * MIN_, "3 h 10 min" },
    { 3 * HOUR + 10 * MIN_ + 29 * SEC, "3 h 10 min" },
    { 3 * HOUR + 10 * MIN_ + 30 * SEC, "3 h 11 min" },
    { DAY - 31 * SEC, "23 h 59 min" },
    { DAY - 30 * SEC, "1 d" },
    { 2 * DAY + 4 * HOUR + 20 * MIN_, "2 d 4 h" },
    { 400 * DAY, "400 d" },
    { G_MAXINT64, "106751991 d 4 h" },
    { -340 * MSEC, "-340 ms" },
    { -(2 * MIN_ + 5 * SEC), "-2 min 5 s" },
    { G_MININT64, "-106751991 d 4 h" },
  };

  test_times (rows, G_N_ELEMENTS (rows), scope_text_format_duration);
}

static void
test_delta (void)
{
  static const TimeRow rows[] = {
    { 0, "+0.000 s" },
    { 499, "+0.000 s" },
    { 500, "+0.001 s" },
    { 412 * MSEC, "+0.412 s" },
    { 999 * MSEC + 500, "+1.000 s" },
    { 59 * SEC + 999 * MSEC, "+59.999 s" },
    { 59 * SEC + 999 * MSEC + 500, "+1 min" },
    { MIN_, "+1 min" },
    { 2 * MIN_ + 5 * SEC, "+2 min 5 s" },
    { -412 * MSEC, "-0.412 s" },
    { -MIN_, "-1 min" },
    { G_MAXINT64, "+106751991 d 4 h" },
    { G_MININT64, "-106751991 d 4 h" },
  };

  test_times (rows, G_N_ELEMENTS (rows), scope_text_format_delta);
}

static void
test_rate (void)
{
  static const struct
  {
    double per_second;
    const char *expected;
  } rows[] = {
    { 0, "0/s" },
    { -0.0, "0/s" },
    { -5, "0/s" },
    { NAN, "0/s" },
    { 1e-9, "<0.1/s" },
    { 0.049, "<0.1/s" },
    { 0.05, "0.1/s" },
    { 0.2, "0.2/s" },
    { 0.96, "1/s" },
    { 3, "3/s" },
    { 3.04, "3/s" },
    { 3.4, "3.4/s" },
    { 9.94, "9.9/s" },
    { 9.96, "10/s" },
    { 12.4, "12/s" },
    { 12.6, "13/s" },
    { 999.4, "999/s" },
    { 999.5, "1k/s" },
    { 1234, "1.2k/s" },
    { 9960, "10k/s" },
    { 20000, "20k/s" },
    { 999499, "999k/s" },
    { 999500, "1M/s" },
    { 2.5e6, "2.5M/s" },
    { 7e9, "7G/s" },
    { 999.4e9, "999G/s" },
    { 1e12, ">999G/s" },
    { INFINITY, ">999G/s" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *out = scope_text_format_rate (rows[i].per_second);

      g_assert_cmpstr (out, ==, rows[i].expected);
    }
}

static const TimeRow rfc3339_rows[] = {
  { 0, "1970-01-01T00:00:00.000000Z" },
  { 1, "1970-01-01T00:00:00.000001Z" },
  { -1, "1969-12-31T23:59:59.999999Z" },
  { DAY - 1, "1970-01-01T23:59:59.999999Z" },
  { G_GINT64_CONSTANT (1795269902113456), "2026-11-21T14:05:02.113456Z" },
  { G_GINT64_CONSTANT (951782400000000), "2000-02-29T00:00:00.000000Z" },
  { G_GINT64_CONSTANT (951868800000000), "2000-03-01T00:00:00.000000Z" },
  { G_GINT64_CONSTANT (4107456000000000), "2100-02-28T00:00:00.000000Z" },
  { G_GINT64_CONSTANT (4107542400000000), "2100-03-01T00:00:00.000000Z" },
  { G_GINT64_CONSTANT (1735689599999999), "2024-12-31T23:59:59.999999Z" },
  { G_GINT64_CONSTANT (-62135596800000000), "0001-01-01T00:00:00.000000Z" },
  { G_GINT64_CONSTANT (253402300799999999), "9999-12-31T23:59:59.999999Z" },
};

static void
test_rfc3339_format (void)
{
  static const TimeRow beyond[] = {
    { G_MININT64, "0001-01-01T00:00:00.000000Z" },
    { G_GINT64_CONSTANT (-62135596800000001), "0001-01-01T00:00:00.000000Z" },
    { G_GINT64_CONSTANT (253402300800000000), "9999-12-31T23:59:59.999999Z" },
    { G_MAXINT64, "9999-12-31T23:59:59.999999Z" },
  };

  test_times (rfc3339_rows, G_N_ELEMENTS (rfc3339_rows), scope_text_format_rfc3339);
  test_times (beyond, G_N_ELEMENTS (beyond), scope_text_format_rfc3339);
}

/* Our own calendar against GLib's, over all of its years. */
static void
test_rfc3339_calendar (void)
{
  const gint64 step = 11 * DAY + 7 * HOUR + 13 * MIN_ + 17 * SEC + 1;

  for (gint64 usec = G_GINT64_CONSTANT (-62135596800000000);
       usec < G_GINT64_CONSTANT (253402300800000000);
       usec += step)
    {
      gint64 seconds = usec >= 0 ? usec / SEC : -((-usec + SEC - 1) / SEC);
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (seconds);
      g_autofree char *out = scope_text_format_rfc3339 (usec);
      char expected[32];
      gint64 back;

      g_snprintf (expected, sizeof expected, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ",
                  g_date_time_get_year (time), g_date_time_get_month (time),
                  g_date_time_get_day_of_month (time), g_date_time_get_hour (time),
                  g_date_time_get_minute (time), g_date_time_get_second (time),
                  (int) (usec - seconds * SEC));
      g_assert_cmpstr (out, ==, expected);
      g_assert_true (scope_text_parse_rfc3339 (out, &back));
      g_assert_cmpint (back, ==, usec);
    }
}

static void
test_rfc3339_parse (void)
{
  static const TimeRow good[] = {
    { 0, "1970-01-01T00:00:00Z" },
    { 0, "1970-01-01t00:00:00z" },
    { 0, "1970-01-01 00:00:00Z" },
    { 0, "1970-01-01T00:00:00.0Z" },
    { 500000, "1970-01-01T00:00:00.5Z" },
    { 123456, "1970-01-01T00:00:00.123456999Z" },
    { 0, "1970-01-01T01:30:00+01:30" },
    { 0, "1969-12-31T22:30:00-01:30" },
    { 0, "1970-01-01T00:00:00-00:00" },
    { MIN_, "1970-01-01T00:00:60Z" },
  };
  static const char *const bad[] = {
    "", "1970", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00Z", "1970-01-01T00:00:00.Z",
    "1970-01-01T00:00:00ZZ", "1970-01-01T00:00:00Z ", " 1970-01-01T00:00:00Z",
    "1970-1-01T00:00:00Z", "1970-00-01T00:00:00Z", "1970-13-01T00:00:00Z", "1970-01-00T00:00:00Z",
    "1970-01-32T00:00:00Z", "1970-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "1970-04-31T00:00:00Z",
    "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z", "1970-01-01T00:00:61Z", "0000-01-01T00:00:00Z",
    "1970-01-01T00:00:00+1:00", "1970-01-01T00:00:00+0100", "1970-01-01T00:00:00+24:00",
    "1970-01-01T00:00:00+00:60", "1970-01-01X00:00:00Z", "-970-01-01T00:00:00Z",
    "1970/01/01T00:00:00Z", "１970-01-01T00:00:00Z",
  };
  gint64 usec;

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      usec = -1;
      g_assert_true (scope_text_parse_rfc3339 (good[i].expected, &usec));
      g_assert_cmpint (usec, ==, good[i].usec);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (rfc3339_rows); i++)
    {
      g_assert_true (scope_text_parse_rfc3339 (rfc3339_rows[i].expected, &usec));
      g_assert_cmpint (usec, ==, rfc3339_rows[i].usec);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      usec = 42;
      g_assert_false (scope_text_parse_rfc3339 (bad[i], &usec));
      g_assert_cmpint (usec, ==, 42);
    }
}

/* The zone of main() is half an hour off UTC's hours. */
static void
test_clock (void)
{
  static const TimeRow rows[] = {
    { 0, "05:30:00.000" },
    { -1, "05:29:59.999" },
    { 999, "05:30:00.000" },
    { 1999, "05:30:00.001" },
    { 18 * HOUR + 29 * MIN_ + 59 * SEC + 999999, "23:59:59.999" },
    { 18 * HOUR + 30 * MIN_, "00:00:00.000" },
    { G_GINT64_CONSTANT (1795269902113456), "19:35:02.113" },
  };

  test_times (rows, G_N_ELEMENTS (rows), scope_text_format_clock);
}

static void
test_clock_extremes (void)
{
  static const gint64 extremes[] = { G_MININT64, G_MAXINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (extremes); i++)
    {
      g_autofree char *out = scope_text_format_clock (extremes[i]);

      g_assert_true (g_regex_match_simple ("^\\d\\d:\\d\\d:\\d\\d\\.\\d\\d\\d$", out, 0, 0));
    }
}

typedef struct
{
  const char *bytes;
  gssize length;
  gsize max;
  const char *expected;
} BytesRow;

static void
test_bytes (const BytesRow *rows,
            gsize           n_rows,
            char         *(*format) (const char *, gssize, gsize))
{
  for (gsize i = 0; i < n_rows; i++)
    {
      g_autofree char *out = format (rows[i].bytes, rows[i].length, rows[i].max);

      g_assert_cmpstr (out, ==, rows[i].expected);
      g_assert_true (g_utf8_validate (out, -1, NULL));
    }
}

static void
test_for_display (void)
{
  static const BytesRow rows[] = {
    { NULL, -1, 100, "" },
    { NULL, 0, 100, "" },
    { "", -1, 0, "" },
    { "plain", -1, 100, "plain" },
    { "plain", 3, 100, "pla" },
    { "plain", -1, 5, "plain" },
    { "plain", -1, 4, "p…" },
    { "plain", -1, 3, "…" },
    { "plain", -1, 2, "" },
    { "plain", -1, 0, "" },
    { "grün", -1, 5, "grün" },
    { "grüne", -1, 5, "gr…" },
    { "üü", -1, 4, "üü" },
    { "üüü", -1, 5, "ü…" },
    { "üüü", -1, 4, "…" },
    { "€€", -1, 6, "€€" },
    { "€€€", -1, 8, "€…" },
    { "😀😀", -1, 7, "😀…" },
    { "a\nb\tc\r", -1, 100, "a␊b␉c␍" },
    { "a\0b", 3, 100, "a␀b" },
    { "\x1b[31m\x7f", -1, 100, "␛[31m␡" },
    { "\n\n", -1, 6, "␊␊" },
    { "\n\n\n", -1, 8, "␊…" },
    { "a\302\205b", -1, 100, "a\357\277\275b" },           /* NEL, a C1 control */
    { "a\342\200\250b", -1, 100, "a␤b" },                  /* line separator */
    { "a\342\200\256b", -1, 100, "a\357\277\275b" },       /* right-to-left override */
    { "a\342\201\246b", -1, 100, "a\357\277\275b" },       /* an isolate */
    { "\327\251\342\200\217", -1, 100, "\327\251\342\200\217" }, /* a mark is no override */
    { "a\377b", -1, 100, "a\357\277\275b" },
    { "a\300\200b", -1, 100, "a\357\277\275\357\277\275b" }, /* overlong */
    { "\355\240\200", -1, 100, "\357\277\275\357\277\275\357\277\275" }, /* a surrogate */
    { "\342\202", -1, 100, "\357\277\275" },               /* the text ends inside */
    { "\342\202\254", 2, 100, "\357\277\275" },
    { "\360\237\230x", -1, 100, "\357\277\275x" },
    { "\364\220\200\200", -1, 12, "\357\277\275\357\277\275\357\277\275\357\277\275" },
  };

  test_bytes (rows, G_N_ELEMENTS (rows), scope_text_for_display);
}

static void
test_for_display_never_too_long (void)
{
  static const char text[] = "a€\n😀ü\377 plain\033 text 日本語";

  for (gsize max = 0; max < 2 * sizeof text; max++)
    for (gsize length = 0; length < sizeof text; length++)
      {
        g_autofree char *out = scope_text_for_display (text, length, max);

        g_assert_cmpuint (strlen (out), <=, max);
        g_assert_true (g_utf8_validate (out, -1, NULL));
      }
}

static void
test_bounded (void)
{
  static const BytesRow rows[] = {
    { NULL, -1, 100, "" },
    { "", -1, 0, "" },
    { "one\ntwo\r\n\tthree", -1, 100, "one\ntwo\r\n\tthree" },
    { "a\rb", -1, 100, "a␍b" },
    { "a\r", -1, 100, "a␍" },
    { "a\0\033b", 4, 100, "a␀␛b" },
    { "abc", -1, 3, "abc" },
    { "abcd", -1, 3, "abc… (1 more byte)" },
    { "abcdefgh", -1, 3, "abc… (5 more bytes)" },
    { "abc", -1, 0, "… (3 more bytes)" },
    { "ab€d", -1, 4, "ab… (4 more bytes)" },
    { "a\377b", -1, 100, "a\357\277\275b" },
    { "a\377b", -1, 2, "a… (2 more bytes)" },
  };

  test_bytes (rows, G_N_ELEMENTS (rows), scope_text_bounded);
}

static void
test_set_str (void)
{
  char *field = NULL;

  g_assert_false (scope_set_str (&field, NULL));
  g_assert_true (scope_set_str (&field, "one two"));
  g_assert_false (scope_set_str (&field, "one two"));
  g_assert_cmpstr (field, ==, "one two");
  g_assert_false (scope_set_str (&field, field));
  g_assert_true (scope_set_str (&field, field + 4));
  g_assert_cmpstr (field, ==, "two");
  g_assert_true (scope_set_str (&field, ""));
  g_assert_cmpstr (field, ==, "");
  g_assert_true (scope_set_str (&field, NULL));
  g_assert_null (field);
}

int
main (int   argc,
      char *argv[])
{
  g_setenv ("TZ", "XYZ-05:30", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/text/size", test_size);
  g_test_add_func ("/text/duration", test_duration);
  g_test_add_func ("/text/delta", test_delta);
  g_test_add_func ("/text/rate", test_rate);
  g_test_add_func ("/text/clock", test_clock);
  g_test_add_func ("/text/clock-extremes", test_clock_extremes);
  g_test_add_func ("/text/rfc3339/format", test_rfc3339_format);
  g_test_add_func ("/text/rfc3339/calendar", test_rfc3339_calendar);
  g_test_add_func ("/text/rfc3339/parse", test_rfc3339_parse);
  g_test_add_func ("/text/for-display", test_for_display);
  g_test_add_func ("/text/for-display-never-too-long", test_for_display_never_too_long);
  g_test_add_func ("/text/bounded", test_bounded);
  g_test_add_func ("/text/set-str", test_set_str);

  return g_test_run ();
}
