/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-text.h"
#include "session/scope-event-list-private.h"
#include "session/scope-state-period-private.h"
#include "session/scope-statistics.h"
#include "tests/wait.h"

#define START_USEC (G_GINT64_CONSTANT (1700000000) * G_USEC_PER_SEC)

typedef struct
{
  ScopeNames *names;
  ScopeEventList *list;
  ScopeStatistics *statistics;
  GArray *records; /* what was appended */
  guint n_changed;
} Fixture;

static void
count_cb (guint *count)
{
  (*count)++;
}

static void
fixture_set_up (Fixture      *f,
                gconstpointer data)
{
  f->names = scope_names_new ();
  f->list = scope_event_list_new (f->names);
  f->statistics = scope_statistics_new ();
  f->records = g_array_new (FALSE, FALSE, sizeof (ScopeRecord));
  g_signal_connect_swapped (f->statistics, "changed", G_CALLBACK (count_cb), &f->n_changed);
  scope_statistics_set_list (f->statistics, f->list, FALSE);
  scope_statistics_set_active (f->statistics, TRUE);
}

static void
fixture_tear_down (Fixture      *f,
                   gconstpointer data)
{
  g_assert_finalize_object (f->statistics);
  g_assert_finalize_object (f->list);
  g_assert_finalize_object (f->names);
  g_array_unref (f->records);
}

static void
settle (Fixture *f)
{
  guint before = f->n_changed;

  scope_statistics_set_active (f->statistics, TRUE);
  WAIT_UNTIL (f->n_changed != before && !scope_statistics_get_busy (f->statistics));
}

static guint32
intern_numbered (Fixture    *f,
                 const char *stem,
                 guint       number)
{
  g_autofree char *name = g_strdup_printf ("%s-%u", stem, number);

  return scope_names_intern (f->names, name, -1);
}

/* Some are larger than others, also late ones; every tenth step of time goes backwards. */
static ScopeRecord
random_record (Fixture *f,
               gint64  *time_usec,
               gint64   max_step)
{
  guint channel = g_test_rand_int_range (0, 12) * g_test_rand_int_range (0, 12);
  gint64 step = g_test_rand_double_range (0, max_step);

  if (g_test_rand_int_range (0, 5) == 0)
    step = 0;
  *time_usec += g_test_rand_int_range (0, 10) == 0 ? -step : step;
  return (ScopeRecord) {
    .time_usec = *time_usec,
    .channel = channel > 0 ? intern_numbered (f, "channel", channel) : 0,
    .event = intern_numbered (f, "event", g_test_rand_int_range (0, 5)),
    .user = g_test_rand_int_range (0, 3) == 0
              ? intern_numbered (f, "user", g_test_rand_int_range (0, 9))
              : 0,
    .size = g_test_rand_int_range (20, 2000),
    .kind = g_test_rand_int_range (0, 8) == 0 ? SCOPE_ENTRY_PRESENCE : SCOPE_ENTRY_EVENT,
    .direction = SCOPE_DIRECTION_IN,
  };
}

static void
append (Fixture *f,
        gint64  *time_usec,
        gint64   max_step,
        guint    n)
{
  guint first = f->records->len;

  for (guint i = 0; i < n; i++)
    {
      ScopeRecord record = random_record (f, time_usec, max_step);

      g_array_append_val (f->records, record);
    }
  scope_event_list_append (f->list, &g_array_index (f->records, ScopeRecord, first), n);
}

/* ---- the same, counted without any cleverness ---- */

static gint64
floor_to (gint64 value,
          gint64 unit)
{
  gint64 rest = value % unit;

  return value - (rest < 0 ? rest + unit : rest);
}

static guint32
name_of (const ScopeRecord *record,
         ScopeTallyName     name)
{
  return name == SCOPE_TALLY_CHANNEL ? record->channel
         : name == SCOPE_TALLY_EVENT ? record->event
                                     : record->user;
}

static ScopeFigures
count_naively (GArray         *records,
               gint64          from_usec,
               gint64          to_usec,
               ScopeTallyName  name,
               guint32         id)
{
  ScopeFigures sum = { 0, 0 };

  for (guint i = 0; i < records->len; i++)
    {
      const ScopeRecord *record = &g_array_index (records, ScopeRecord, i);

      if (record->kind != SCOPE_ENTRY_EVENT || record->time_usec < from_usec ||
          record->time_usec >= to_usec)
        continue;
      if (name != SCOPE_TALLY_NONE && name_of (record, name) != id)
        continue;
      sum.count++;
      sum.bytes += record->size;
    }
  return sum;
}

static void
assert_equal (ScopeFigures a,
              ScopeFigures b)
{
  g_assert_cmpuint (a.count, ==, b.count);
  g_assert_cmpuint (a.bytes, ==, b.bytes);
}

static void
check_buckets (const ScopeTally *tally,
               GArray           *records,
               gint64            from_usec,
               ScopeTallyName    stack)
{
  gint64 width = scope_tally_get_width (tally);
  guint n = scope_tally_get_n_buckets (tally);
  g_autoptr (GArray) top = NULL;
  ScopeFigures sum = { 0, 0 };

  g_assert_cmpuint (n, <=, SCOPE_TALLY_MAX_BUCKETS);
  if (stack != SCOPE_TALLY_NONE)
    top = scope_tally_dup_top (tally, stack, FALSE, SCOPE_TALLY_TOP);
  for (guint i = 0; i < n; i++)
    {
      gint64 start = scope_tally_get_start (tally, i);
      ScopeFigures figures = scope_tally_get_bucket (tally, i);

      g_assert_cmpint (start, ==, floor_to (start, width));
      assert_equal (figures, count_naively (records, MAX (start, from_usec), start + width,
                                            SCOPE_TALLY_NONE, 0));
      for (guint k = 0; top != NULL && k < top->len; k++)
        {
          guint32 id = g_array_index (top, ScopeRank, k).id;

          assert_equal (scope_tally_get_part (tally, i, id),
                        count_naively (records, MAX (start, from_usec), start + width, stack, id));
        }
      sum.count += figures.count;
      sum.bytes += figures.bytes;
    }
  assert_equal (sum, scope_tally_get_total (tally));
}

static void
check_top (Fixture          *f,
           const ScopeTally *tally,
           GArray           *records,
           gint64            from_usec,
           ScopeTallyName    name,
           gboolean          by_bytes)
{
  g_autoptr (GArray) top = scope_tally_dup_top (tally, name, by_bytes, 1000);
  guint64 before = G_MAXUINT64;
  guint n = 0;

  for (guint32 id = name == SCOPE_TALLY_USER; id <= scope_names_get_count (f->names); id++)
    n += count_naively (records, from_usec, G_MAXINT64, name, id).count > 0;
  g_assert_cmpuint (top->len, ==, n);
  g_assert_cmpuint (scope_tally_count_names (tally, name), ==, n);
  for (guint i = 0; i < top->len; i++)
    {
      const ScopeRank *rank = &g_array_index (top, ScopeRank, i);
      guint64 value = by_bytes ? rank->figures.bytes : rank->figures.count;

      g_assert_cmpuint (value, <=, before);
      before = value;
      assert_equal (rank->figures, count_naively (records, from_usec, G_MAXINT64, name, rank->id));
    }
}

static void
check (Fixture       *f,
       GArray        *records,
       gint64         from_usec,
       ScopeTallyName stack)
{
  const ScopeTally *tally = scope_statistics_get_tally (f->statistics);

  assert_equal (scope_tally_get_total (tally),
                count_naively (records, from_usec, G_MAXINT64, SCOPE_TALLY_NONE, 0));
  check_buckets (tally, records, from_usec, stack);
  for (guint i = 0; i < SCOPE_TALLY_N_NAMES; i++)
    {
      check_top (f, tally, records, from_usec, i, FALSE);
      check_top (f, tally, records, from_usec, i, TRUE);
    }
}

/* ---- tests ---- */

static void
test_random (Fixture      *f,
             gconstpointer data)
{
  const gint64 steps[] = { 1000, G_USEC_PER_SEC, 600 * (gint64) G_USEC_PER_SEC };

  for (guint round = 0; round < G_N_ELEMENTS (steps); round++)
    {
      ScopeTallyName stack = round; /* channel, event, user */
      gint64 time_usec = START_USEC;

      scope_statistics_set_stack (f->statistics, stack);
      for (guint i = 0; i < 6; i++)
        {
          append (f, &time_usec, steps[round], g_test_rand_int_range (1, 200));
          settle (f);
          check (f, f->records, G_MININT64, stack);
        }
    }
}

static GArray *
keep_channel (Fixture    *f,
              GArray     *records,
              const char *channel)
{
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (ScopeRecord));

  for (guint i = 0; i < records->len; i++)
    {
      const ScopeRecord *record = &g_array_index (records, ScopeRecord, i);

      if (record->channel == scope_names_find (f->names, channel))
        g_array_append_vals (kept, record, 1);
    }
  return kept;
}

static void
test_filter (Fixture      *f,
             gconstpointer data)
{
  g_autoptr (ScopeFilter) filter = scope_filter_new ("channel == \"channel-6\"", NULL, NULL);
  g_autoptr (GArray) kept = NULL;
  gint64 time_usec = START_USEC;

  append (f, &time_usec, G_USEC_PER_SEC, 1000);
  scope_event_list_set_filter (f->list, filter);
  append (f, &time_usec, G_USEC_PER_SEC, 500);
  settle (f);
  kept = keep_channel (f, f->records, "channel-6");
  g_assert_cmpuint (kept->len, >, 0);
  check (f, kept, G_MININT64, SCOPE_TALLY_NONE);

  scope_statistics_set_shown_only (f->statistics, FALSE);
  settle (f);
  check (f, f->records, G_MININT64, SCOPE_TALLY_NONE);

  scope_statistics_set_shown_only (f->statistics, TRUE);
  scope_event_list_set_filter (f->list, NULL);
  settle (f);
  check (f, f->records, G_MININT64, SCOPE_TALLY_NONE);
}

static void
test_clear (Fixture      *f,
            gconstpointer data)
{
  gint64 time_usec = START_USEC;

  for (guint all = 0; all < 2; all++)
    {
      g_autoptr (GArray) later = g_array_new (FALSE, FALSE, sizeof (ScopeRecord));
      guint cleared;

      scope_statistics_set_shown_only (f->statistics, all == 0);
      append (f, &time_usec, G_USEC_PER_SEC, 300);
      settle (f);
      cleared = f->records->len;
      scope_event_list_clear (f->list);
      settle (f);
      g_assert_cmpuint (scope_tally_get_total (scope_statistics_get_tally (f->statistics)).count,
                        ==, 0);
      append (f, &time_usec, G_USEC_PER_SEC, 300);
      settle (f);
      g_array_append_vals (later, &g_array_index (f->records, ScopeRecord, cleared), 300);
      check (f, later, G_MININT64, SCOPE_TALLY_NONE);
      scope_event_list_undo_clear (f->list);
      settle (f);
      check (f, f->records, G_MININT64, SCOPE_TALLY_NONE);
    }
}

static guint
count_events (GArray *records)
{
  guint n = 0;

  for (guint i = 0; i < records->len; i++)
    n += g_array_index (records, ScopeRecord, i).kind == SCOPE_ENTRY_EVENT;
  return n;
}

static void
test_drop (Fixture      *f,
           gconstpointer data)
{
  gint64 time_usec = START_USEC;

  for (guint all = 0; all < 2; all++)
    {
      scope_statistics_set_shown_only (f->statistics, all == 0);
      append (f, &time_usec, G_USEC_PER_SEC, 500);
      settle (f);
      for (guint i = 0; i < 3; i++)
        {
          scope_event_list_drop (f->list, _scope_event_list_get_first (f->list) + 100);
          append (f, &time_usec, G_USEC_PER_SEC, 10);
          settle (f);
        }
      /* what went is not counted again each time: here when the page is shown the next time */
      g_assert_cmpuint (scope_tally_get_total (scope_statistics_get_tally (f->statistics)).count,
                        ==, count_events (f->records));
      g_array_remove_range (f->records, 0, 300);
      scope_statistics_set_active (f->statistics, FALSE);
      settle (f);
      check (f, f->records, G_MININT64, SCOPE_TALLY_NONE);
    }
}

static void
test_range (Fixture      *f,
            gconstpointer data)
{
  gint64 time_usec = START_USEC;
  gint64 from_usec;

  append (f, &time_usec, G_USEC_PER_SEC, 2000);
  scope_statistics_set_range (f->statistics, 60);
  settle (f);
  from_usec = scope_statistics_get_from (f->statistics);
  g_assert_cmpint (from_usec, >, scope_statistics_get_now (f->statistics) - 61 * G_USEC_PER_SEC);
  g_assert_cmpint (from_usec, <=, scope_statistics_get_now (f->statistics) - 59 * G_USEC_PER_SEC);
  check (f, f->records, from_usec, SCOPE_TALLY_NONE);

  /* the last row moves the range */
  time_usec += 30 * G_USEC_PER_SEC;
  append (f, &time_usec, G_USEC_PER_SEC, 50);
  scope_statistics_set_active (f->statistics, FALSE);
  settle (f);
  g_assert_cmpint (scope_statistics_get_from (f->statistics), >, from_usec);
  check (f, f->records, scope_statistics_get_from (f->statistics), SCOPE_TALLY_NONE);
}

static void
test_many_names (Fixture      *f,
                 gconstpointer data)
{
  ScopeRecord records[400];

  /* the largest one comes last, behind more names than are told apart */
  scope_statistics_set_stack (f->statistics, SCOPE_TALLY_CHANNEL);
  for (guint i = 0; i < G_N_ELEMENTS (records); i++)
    records[i] = (ScopeRecord) { .time_usec = START_USEC + i * G_USEC_PER_SEC,
                                 .channel = intern_numbered (f, "c", MIN (i, 200)),
                                 .size = 100,
                                 .kind = SCOPE_ENTRY_EVENT };
  g_array_append_vals (f->records, records, G_N_ELEMENTS (records));
  scope_event_list_append (f->list, records, G_N_ELEMENTS (records));
  settle (f);
  check (f, f->records, G_MININT64, SCOPE_TALLY_CHANNEL);
}

static void
test_few (Fixture      *f,
          gconstpointer data)
{
  const ScopeTally *tally;
  ScopeRecord record = { .time_usec = START_USEC, .size = 312, .kind = SCOPE_ENTRY_EVENT };
  guint64 value;
  gint64 usec;

  settle (f);
  tally = scope_statistics_get_tally (f->statistics);
  g_assert_cmpuint (scope_tally_get_n_buckets (tally), ==, 0);
  g_assert_false (scope_tally_find_peak (tally, FALSE, &usec, &value));
  g_assert_cmpuint (value, ==, 0);

  g_array_append_val (f->records, record);
  scope_event_list_append (f->list, &record, 1);
  settle (f);
  tally = scope_statistics_get_tally (f->statistics);
  g_assert_cmpuint (scope_tally_get_n_buckets (tally), ==, 1);
  g_assert_true (scope_tally_find_peak (tally, TRUE, &usec, &value));
  g_assert_cmpint (usec, ==, START_USEC);
  g_assert_cmpuint (value, ==, 312);
  check (f, f->records, G_MININT64, SCOPE_TALLY_NONE);

  /* a clock that knows no limits */
  record.time_usec = SCOPE_RECORD_MAX_TIME;
  scope_event_list_append (f->list, &record, 1);
  record.time_usec = -SCOPE_RECORD_MAX_TIME;
  scope_event_list_append (f->list, &record, 1);
  settle (f);
  tally = scope_statistics_get_tally (f->statistics);
  g_assert_cmpuint (scope_tally_get_total (tally).count, ==, 3);
  g_assert_cmpuint (scope_tally_get_n_buckets (tally), <=, SCOPE_TALLY_MAX_BUCKETS);
}

static void
test_recent (void)
{
  g_autoptr (ScopeTally) tally =
    scope_tally_new (SCOPE_TALLY_NONE, G_MININT64, G_USEC_PER_SEC, 0, NULL);
  ScopeRecord record = { .size = 10, .kind = SCOPE_ENTRY_EVENT };

  for (guint i = 0; i < 100; i++)
    {
      record.time_usec = START_USEC + i * G_USEC_PER_SEC;
      scope_tally_add (tally, &record);
      scope_tally_add (tally, &record);
    }
  assert_equal (scope_tally_get_recent (tally, record.time_usec), (ScopeFigures) { 20, 200 });
  assert_equal (scope_tally_get_recent (tally, record.time_usec + 5 * G_USEC_PER_SEC),
                (ScopeFigures) { 10, 100 });
  assert_equal (scope_tally_get_recent (tally, record.time_usec + 3600 * (gint64) G_USEC_PER_SEC),
                (ScopeFigures) { 0, 0 });

  /* the clock is set back by an hour */
  record.time_usec = START_USEC - 3600 * (gint64) G_USEC_PER_SEC;
  scope_tally_add (tally, &record);
  assert_equal (scope_tally_get_recent (tally, record.time_usec), (ScopeFigures) { 1, 10 });
}

static void
add_period (GListStore *history,
            ScopeState  state,
            gint64      from_usec,
            gint64      to_usec)
{
  g_autoptr (ScopeStatePeriod) period = _scope_state_period_new (state, from_usec);

  _scope_state_period_end (period, to_usec);
  g_list_store_insert (history, 0, period);
}

static void
test_gaps (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (GListStore) history = g_list_store_new (SCOPE_TYPE_STATE_PERIOD);
  g_autoptr (ScopeEntry) entry = NULL;
  g_autoptr (GArray) gaps = NULL;
  g_autofree char *from = scope_text_format_rfc3339 (START_USEC + 50 * G_USEC_PER_SEC);
  const ScopePeriod *gap;

  add_period (history, SCOPE_STATE_CONNECTING, START_USEC, START_USEC + G_USEC_PER_SEC);
  add_period (history, SCOPE_STATE_CONNECTED, START_USEC + G_USEC_PER_SEC,
              START_USEC + 10 * G_USEC_PER_SEC);
  add_period (history, SCOPE_STATE_CONNECTING, START_USEC + 10 * G_USEC_PER_SEC,
              START_USEC + 12 * G_USEC_PER_SEC);
  add_period (history, SCOPE_STATE_UNAVAILABLE, START_USEC + 12 * G_USEC_PER_SEC,
              START_USEC + 20 * G_USEC_PER_SEC);
  scope_statistics_set_history (f->statistics, G_LIST_MODEL (history));

  entry = scope_entry_new (SCOPE_ENTRY_GAP, START_USEC + 60 * G_USEC_PER_SEC);
  entry->sequence = 1;
  entry->detail = g_strdup_printf ("{\"from\":\"%s\",\"seconds\":10}", from);
  _scope_event_list_append_entries (f->list, &entry, 1);
  settle (f);

  gaps = scope_statistics_dup_gaps (f->statistics);
  g_assert_cmpuint (gaps->len, ==, 3);
  gap = &g_array_index (gaps, ScopePeriod, 1);
  g_assert_cmpint (gap->from_usec, ==, START_USEC + 10 * G_USEC_PER_SEC);
  g_assert_cmpint (gap->to_usec, ==, START_USEC + 20 * G_USEC_PER_SEC);
  gap = &g_array_index (gaps, ScopePeriod, 2);
  g_assert_cmpint (gap->from_usec, ==, START_USEC + 50 * G_USEC_PER_SEC);
  g_assert_cmpint (gap->to_usec, ==, START_USEC + 60 * G_USEC_PER_SEC);
}

/* Nothing is done while nobody looks, and nothing is lost by it. */
static void
test_inactive (Fixture      *f,
               gconstpointer data)
{
  gint64 time_usec = START_USEC;
  guint before;

  append (f, &time_usec, G_USEC_PER_SEC, 100);
  settle (f);
  scope_statistics_set_active (f->statistics, FALSE);
  before = f->n_changed;
  append (f, &time_usec, G_USEC_PER_SEC, 100);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (f->n_changed, ==, before);
  settle (f);
  check (f, f->records, G_MININT64, SCOPE_TALLY_NONE);
}

static void
test_million (Fixture      *f,
              gconstpointer data)
{
  g_autofree ScopeRecord *records = g_new (ScopeRecord, 100000);
  gint64 begin;
  gint64 longest = 0;
  guint before;

  for (guint i = 0; i < 10; i++)
    {
      for (guint k = 0; k < 100000; k++)
        records[k] = (ScopeRecord) { .time_usec = START_USEC + (i * 100000 + k) * 50,
                                     .channel = k % 500,
                                     .event = 500 + k % 20,
                                     .size = 250,
                                     .kind = SCOPE_ENTRY_EVENT };
      scope_event_list_append (f->list, records, 100000);
    }
  scope_statistics_set_stack (f->statistics, SCOPE_TALLY_CHANNEL);
  before = f->n_changed;
  begin = g_get_monotonic_time ();
  while (f->n_changed == before || scope_statistics_get_busy (f->statistics))
    {
      gint64 turn = g_get_monotonic_time ();

      g_main_context_iteration (NULL, TRUE);
      longest = MAX (longest, g_get_monotonic_time () - turn);
    }
  g_test_message ("1,000,000 records: %.1f ms, longest turn %.1f ms",
                  (g_get_monotonic_time () - begin) / 1000.0, longest / 1000.0);
  g_assert_cmpuint (scope_tally_get_total (scope_statistics_get_tally (f->statistics)).count, ==,
                    1000000);
}

static void
check_peak (Fixture  *f,
            gboolean  by_bytes,
            gint64    second,
            guint64   expected)
{
  gint64 usec;
  guint64 value;

  g_assert_true (scope_tally_find_peak (scope_statistics_get_tally (f->statistics), by_bytes, &usec,
                                        &value));
  g_assert_cmpint (usec, ==, START_USEC + second * G_USEC_PER_SEC);
  g_assert_cmpuint (value, ==, expected);
}

/* The most in one second is told also where a bucket is longer; a clock set back changes nothing. */
static void
test_peak (Fixture      *f,
           gconstpointer data)
{
  for (gint64 second = 0; second < 20000; second++)
    for (guint k = 0; k < (second == 7 || second == 12000 ? 9 : second % 600 < 20 ? 5 : 1); k++)
      {
        ScopeRecord record = { .time_usec = START_USEC + second * G_USEC_PER_SEC + k,
                               .size = second == 15100 ? 9000 : 100,
                               .kind = SCOPE_ENTRY_EVENT };

        /* two streams, one of them half a minute late */
        if (second % 2 == 0)
          record.time_usec -= 30 * G_USEC_PER_SEC;
        scope_event_list_append (f->list, &record, 1);
      }
  settle (f);
  g_assert_cmpint (scope_tally_get_width (scope_statistics_get_tally (f->statistics)), >,
                   G_USEC_PER_SEC);
  check_peak (f, FALSE, 7, 9);
  check_peak (f, TRUE, 15100 - 30, 9000);
}

static void
test_width (void)
{
  g_assert_cmpint (scope_tally_find_width (60 * G_USEC_PER_SEC, 240), ==, G_USEC_PER_SEC);
  g_assert_cmpint (scope_tally_find_width (600 * G_USEC_PER_SEC, 240), ==, 5 * G_USEC_PER_SEC);
  g_assert_cmpint (scope_tally_find_width (3600 * (gint64) G_USEC_PER_SEC, 240), ==,
                   15 * G_USEC_PER_SEC);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, function) \
  g_test_add ("/statistics/" name, Fixture, NULL, fixture_set_up, function, fixture_tear_down)

  ADD ("random", test_random);
  ADD ("filter", test_filter);
  ADD ("clear", test_clear);
  ADD ("drop", test_drop);
  ADD ("range", test_range);
  ADD ("many-names", test_many_names);
  ADD ("few", test_few);
  ADD ("gaps", test_gaps);
  ADD ("inactive", test_inactive);
  ADD ("million", test_million);
  ADD ("peak", test_peak);
  g_test_add_func ("/statistics/recent", test_recent);
  g_test_add_func ("/statistics/width", test_width);
  return g_test_run ();
}
