/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "capture-recording.h"
#include "session/scope-event-list-private.h"
#include "session/scope-series.h"
#include "tests/wait.h"

#define START_USEC (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

typedef struct
{
  ScopeNames *names;
  ScopeEventList *list;
  ScopeSeries *series;
  guint64 next;
  GArray *expected; /* of ScopePoint */
  guint n_without;
} Fixture;

static void
fixture_set_up (Fixture      *f,
                gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  f->names = scope_names_new ();
  f->list = scope_event_list_new (f->names);
  f->series = scope_series_new ("order", "data.order.total", &error);
  g_assert_no_error (error);
  f->expected = g_array_new (FALSE, FALSE, sizeof (ScopePoint));
  f->next = 1;
  scope_series_set_list (f->series, f->list);
  scope_series_set_active (f->series, TRUE);
}

static void
fixture_tear_down (Fixture      *f,
                   gconstpointer data)
{
  g_assert_finalize_object (f->series);
  g_assert_finalize_object (f->list);
  g_assert_finalize_object (f->names);
  g_array_unref (f->expected);
}

static void
settle (Fixture *f)
{
  WAIT_UNTIL (!scope_series_get_busy (f->series));
}

/* As it comes over the wire: data is a string that holds JSON. */
static ScopeEntry *
make_entry (Fixture    *f,
            const char *event,
            const char *json)
{
  ScopeEntry *entry = scope_entry_new (SCOPE_ENTRY_EVENT, START_USEC + f->next * G_USEC_PER_SEC);
  g_autofree char *data = g_strescape (json, NULL);
  g_autofree char *frame = g_strdup_printf ("{\"data\":\"%s\"}", data);

  entry->sequence = f->next++;
  entry->event = scope_names_intern (f->names, event, -1);
  entry->data = (ScopeSpan) { 8, strlen (data) + 2 };
  entry->data_kind = SCOPE_JSON_STRING;
  entry->frame = g_bytes_new (frame, strlen (frame));
  return entry;
}

static void
append (Fixture    *f,
        const char *event,
        const char *json)
{
  g_autoptr (ScopeEntry) entry = make_entry (f, event, json);

  _scope_event_list_append_entries (f->list, &entry, 1);
}

static void
append_number (Fixture *f,
               double   number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  ScopePoint point = { f->next, START_USEC + f->next * G_USEC_PER_SEC, number };
  g_autofree char *json = g_strdup_printf ("{\"order\":{\"total\":%s}}",
                                           g_ascii_dtostr (buffer, sizeof buffer, number));

  g_array_append_val (f->expected, point);
  append (f, "order", json);
}

static void
check (Fixture *f)
{
  GArray *points = scope_series_get_points (f->series);

  g_assert_cmpuint (points->len, ==, f->expected->len);
  for (guint i = 0; i < points->len; i++)
    {
      const ScopePoint *point = &g_array_index (points, ScopePoint, i);
      const ScopePoint *expected = &g_array_index (f->expected, ScopePoint, i);

      g_assert_cmpuint (point->sequence, ==, expected->sequence);
      g_assert_cmpint (point->time_usec, ==, expected->time_usec);
      g_assert_cmpfloat (point->value, ==, expected->value);
    }
  g_assert_cmpuint (scope_series_get_n_without (f->series), ==, f->n_without);
}

static void
fill (Fixture *f,
      guint    n)
{
  static const char * const without[] = { "{}", "{\"order\":{\"total\":\"5\"}}", "[1]", "7",
                                          "{\"order\":{\"total\":1e999}}", "not JSON" };

  for (guint i = 0; i < n; i++)
    {
      int choice = g_test_rand_int_range (0, 10);

      if (choice < 6)
        append_number (f, g_test_rand_double_range (-1000, 1000));
      else if (choice < 8)
        append (f, "other", "{\"order\":{\"total\":1}}");
      else
        {
          append (f, "order", without[g_test_rand_int_range (0, G_N_ELEMENTS (without))]);
          f->n_without++;
        }
    }
}

static void
test_follow (Fixture      *f,
             gconstpointer data)
{
  for (guint i = 0; i < 3; i++)
    {
      fill (f, 300);
      settle (f);
      check (f);
    }
}

static void
test_filter (Fixture      *f,
             gconstpointer data)
{
  g_autoptr (ScopeFilter) filter = scope_filter_new ("data.order.total >= 0", NULL, NULL);
  g_autoptr (GArray) all = NULL;
  guint n_without;

  fill (f, 500);
  settle (f);
  check (f);
  all = g_array_copy (f->expected);
  n_without = f->n_without;

  scope_event_list_set_filter (f->list, filter);
  while (scope_event_list_get_filtering (f->list))
    g_main_context_iteration (NULL, TRUE);
  settle (f);
  for (guint i = f->expected->len; i > 0; i--)
    if (g_array_index (f->expected, ScopePoint, i - 1).value < 0)
      g_array_remove_index (f->expected, i - 1);
  f->n_without = scope_series_get_n_without (f->series); /* 1e999 is no number, and larger */
  check (f);

  scope_series_set_shown_only (f->series, FALSE);
  settle (f);
  g_array_unref (f->expected);
  f->expected = g_steal_pointer (&all);
  f->n_without = n_without;
  check (f);
}

static void
test_drop (Fixture      *f,
           gconstpointer data)
{
  for (guint i = 0; i < 200; i++)
    append_number (f, i);
  settle (f);
  scope_event_list_drop (f->list, 51);
  g_array_remove_range (f->expected, 0, 50);
  settle (f);
  check (f);
  append_number (f, 7);
  settle (f);
  check (f);

  append (f, "order", "{}");
  f->n_without++;
  settle (f);
  scope_event_list_drop (f->list, 101);
  g_array_remove_range (f->expected, 0, 50);
  settle (f);
  check (f);
  g_assert_cmpuint (scope_series_get_n_without (f->series), ==, 1);
  append_number (f, 8);
  settle (f);
  scope_event_list_drop (f->list, 203); /* the one without, too */
  g_array_remove_range (f->expected, 0, 101);
  f->n_without = 0;
  settle (f);
  check (f);
}

/* The newest are kept; rows that go from a full log are no reason to read all of them again. */
static void
test_many (Fixture      *f,
           gconstpointer data)
{
  GArray *points = scope_series_get_points (f->series);
  guint64 first;

  _scope_series_set_max_points (f->series, 160);
  for (guint i = 0; i < 400; i++)
    append_number (f, i);
  settle (f);
  g_assert_cmpuint (points->len, <=, 160);
  g_assert_cmpuint (points->len, >, 140);
  g_assert_cmpuint (points->len + scope_series_get_n_dropped (f->series), ==, 400);
  first = g_array_index (points, ScopePoint, 0).sequence;
  g_assert_cmpuint (first, ==, 400 - points->len + 1);
  g_assert_cmpuint (g_array_index (points, ScopePoint, points->len - 1).sequence, ==, 400);

  for (guint shown_only = 0; shown_only < 2; shown_only++)
    {
      scope_series_set_shown_only (f->series, shown_only != 0);
      settle (f);
      first = g_array_index (points, ScopePoint, 0).sequence;
      scope_event_list_drop (f->list, 101 + shown_only * 50);
      do
        {
          /* it does not start over */
          g_assert_cmpuint (points->len, >, 140);
          g_main_context_iteration (NULL, FALSE);
        }
      while (points->len + scope_series_get_n_dropped (f->series) > 300 - shown_only * 50);
      g_assert_cmpuint (points->len + scope_series_get_n_dropped (f->series), ==,
                        300 - shown_only * 50);
      g_assert_cmpuint (g_array_index (points, ScopePoint, 0).sequence, ==, first);
    }
  scope_event_list_drop (f->list, first + 10);
  WAIT_UNTIL (scope_series_get_n_dropped (f->series) == 0);
  g_assert_cmpuint (g_array_index (points, ScopePoint, 0).sequence, ==, first + 10);
}

static void
test_buckets (Fixture      *f,
              gconstpointer data)
{
  const gint64 width = 30 * G_USEC_PER_SEC;
  g_autoptr (GArray) buckets = NULL;
  guint n = 0;

  fill (f, 400);
  settle (f);
  buckets = scope_series_dup_buckets (f->series, START_USEC, START_USEC + 300 * G_USEC_PER_SEC,
                                      width);
  for (guint i = 0; i < buckets->len; i++)
    {
      const ScopeSeriesBucket *bucket = &g_array_index (buckets, ScopeSeriesBucket, i);
      double min = G_MAXDOUBLE, max = -G_MAXDOUBLE, sum = 0;
      guint count = 0;

      for (guint k = 0; k < f->expected->len; k++)
        {
          const ScopePoint *point = &g_array_index (f->expected, ScopePoint, k);

          if (point->time_usec < bucket->start_usec ||
              point->time_usec >= bucket->start_usec + width)
            continue;
          min = MIN (min, point->value);
          max = MAX (max, point->value);
          sum += point->value;
          count++;
        }
      g_assert_cmpuint (bucket->count, ==, count);
      g_assert_cmpfloat (bucket->min, ==, min);
      g_assert_cmpfloat (bucket->max, ==, max);
      g_assert_cmpfloat_with_epsilon (bucket->sum, sum, 1e-6);
      n += count;
    }
  g_assert_cmpuint (n, >, 0);
}

static void
test_path (void)
{
  static const char * const wrong[] = { "", "total", "data.", "data[x]", "channel" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (scope_series_new ("", wrong[i], &error));
      g_assert_nonnull (error);
    }
}

/* --- a capture: a thread of its own reads --- */

#define N_TICKS 5000

typedef struct
{
  ScopeRecorder *recorder;
  ScopeCapture *capture;
  ScopeEventList *list;
  ScopeSeries *series;
  guint n;
} Recording;

/* As a session does it: committed entries become rows. */
static void
recording_take (Recording *r,
                guint      n)
{
  g_autofree ScopeRecord *records = g_new (ScopeRecord, n);

  g_assert_cmpuint (scope_capture_read_records (r->capture, r->n + 1, n, records, NULL), ==, n);
  scope_event_list_append (r->list, records, n);
  r->n += n;
}

static void
recording_append (Recording *r,
                  guint      n)
{
  for (guint i = 0; i < n; i++)
    fixture_append (r->recorder, r->n + i + 1);
  WAIT_UNTIL (scope_recorder_get_committed (r->recorder) == r->n + n);
  recording_take (r, n);
}

static void
recording_open (Recording *r,
                Place     *place)
{
  g_autoptr (GError) error = NULL;

  *r = (Recording) { .recorder = scope_recorder_new (place->path, NULL, NULL) };
  fixture_append (r->recorder, 1);
  WAIT_UNTIL (scope_recorder_get_committed (r->recorder) == 1);
  r->capture = scope_capture_open_live (place->path, scope_recorder_get_names (r->recorder),
                                        &error);
  g_assert_no_error (error);
  r->list = scope_event_list_new (scope_capture_get_names (r->capture));
  scope_event_list_set_capture (r->list, r->capture);
  recording_take (r, 1);
  r->series = scope_series_new ("tick-3", "data.number", &error);
  g_assert_no_error (error);
  scope_series_set_list (r->series, r->list);
  scope_series_set_active (r->series, TRUE);
}

static void
recording_close (Recording *r)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_close (r->recorder, &error));
  g_assert_no_error (error);
  g_clear_object (&r->series);
  g_clear_object (&r->list);
  g_clear_object (&r->capture);
  g_clear_object (&r->recorder);
}

static void
recording_settle (Recording *r)
{
  WAIT_UNTIL (!scope_event_list_get_filtering (r->list) && !scope_series_get_busy (r->series));
}

/* Of 1…to every seventh is a tick-3, and its number is its place. */
static void
recording_check (Recording *r,
                 guint      from,
                 guint      to)
{
  GArray *points = scope_series_get_points (r->series);
  guint k = 0;

  for (guint number = from; number <= to; number++)
    if (number % 7 == 3)
      {
        const ScopePoint *point = &g_array_index (points, ScopePoint, k++);

        g_assert_cmpuint (k, <=, points->len);
        g_assert_cmpfloat (point->value, ==, number);
        g_assert_cmpuint (point->sequence, ==, number);
        g_assert_cmpint (point->time_usec, ==, FIXTURE_TIME);
      }
  g_assert_cmpuint (points->len, ==, k);
  g_assert_cmpuint (scope_series_get_n_without (r->series), ==, 0);
}

static void
test_capture (Place         *place,
              gconstpointer  data)
{
  Recording r;
  g_autoptr (ScopeFilter) filter = scope_filter_new ("data.number > 2000", NULL, NULL);

  recording_open (&r, place);
  for (guint i = 0; i < 3; i++)
    {
      recording_append (&r, N_TICKS);
      recording_settle (&r);
      recording_check (&r, 1, r.n);
    }

  /* other rows while the thread is reading */
  scope_series_set_shown_only (r.series, FALSE);
  WAIT_UNTIL (scope_series_get_points (r.series)->len > 0);
  scope_series_set_shown_only (r.series, TRUE);
  scope_event_list_set_filter (r.list, filter);
  recording_settle (&r);
  recording_check (&r, 2001, r.n);
  recording_append (&r, 100);
  recording_settle (&r);
  recording_check (&r, 2001, r.n);

  /* nobody looks, and looks again */
  scope_series_set_active (r.series, FALSE);
  scope_event_list_set_filter (r.list, NULL);
  recording_append (&r, 100);
  scope_series_set_active (r.series, TRUE);
  recording_settle (&r);
  recording_check (&r, 1, r.n);
  recording_close (&r);
}

/* Until the first number is that of a row. */
static void
recording_settle_from (Recording *r,
                       guint64    first)
{
  GArray *points = scope_series_get_points (r->series);

  WAIT_UNTIL (!scope_series_get_busy (r->series) && points->len > 0
              && g_array_index (points, ScopePoint, 0).sequence >= first);
}

/* The oldest rows go while the thread reads, again and again. */
static void
test_drop_capture (Place         *place,
                   gconstpointer  shown_only)
{
  Recording r;

  recording_open (&r, place);
  scope_series_set_shown_only (r.series, shown_only != NULL);
  recording_append (&r, N_TICKS);
  for (guint i = 1; i <= 20; i++)
    {
      scope_event_list_drop (r.list, i * 100 + 1);
      g_main_context_iteration (NULL, FALSE);
      g_main_context_iteration (NULL, FALSE);
    }
  recording_settle_from (&r, 2001);
  recording_check (&r, 2001, r.n);

  /* just after a batch went to the thread */
  for (guint i = 1; i <= 6; i++)
    {
      scope_series_set_shown_only (r.series, shown_only == NULL);
      scope_series_set_shown_only (r.series, shown_only != NULL);
      g_main_context_iteration (NULL, FALSE);
      scope_event_list_drop (r.list, 2001 + i * 70);
      recording_settle_from (&r, 2001 + i * 70);
      recording_check (&r, 2001 + i * 70, r.n);
    }

  /* all that was read went, and came back */
  recording_append (&r, 1000);
  g_main_context_iteration (NULL, FALSE);
  scope_event_list_drop (r.list, 3001);
  scope_event_list_clear (r.list);
  g_main_context_iteration (NULL, FALSE);
  scope_event_list_undo_clear (r.list);
  recording_settle_from (&r, 3001);
  recording_check (&r, 3001, r.n);
  recording_close (&r);
}

/* It goes while its thread reads. */
static void
test_cancel (Place         *place,
             gconstpointer  data)
{
  Recording r;

  recording_open (&r, place);
  recording_append (&r, N_TICKS);
  recording_settle (&r);
  for (guint i = 0; i < 20; i++)
    {
      scope_series_set_shown_only (r.series, i % 2 != 0);
      g_main_context_iteration (NULL, FALSE);
      g_main_context_iteration (NULL, FALSE);
    }
  recording_settle (&r);
  recording_check (&r, 1, r.n);

  scope_series_set_shown_only (r.series, FALSE);
  g_main_context_iteration (NULL, TRUE);
  scope_series_set_list (r.series, NULL);
  recording_settle (&r);
  g_assert_cmpuint (scope_series_get_points (r.series)->len, ==, 0);

  scope_series_set_list (r.series, r.list);
  g_main_context_iteration (NULL, TRUE);
  recording_close (&r);
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/series/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

  ADD ("follow", test_follow);
  ADD ("filter", test_filter);
  ADD ("drop", test_drop);
  ADD ("many", test_many);
  ADD ("buckets", test_buckets);
  g_test_add_func ("/series/path", test_path);
  g_test_add ("/series/capture", Place, NULL, place_set_up, test_capture, place_tear_down);
  g_test_add ("/series/drop-capture/all", Place, NULL, place_set_up, test_drop_capture,
              place_tear_down);
  g_test_add ("/series/drop-capture/shown", Place, "shown", place_set_up, test_drop_capture,
              place_tear_down);
  g_test_add ("/series/cancel", Place, NULL, place_set_up, test_cancel, place_tear_down);
  return g_test_run ();
}
