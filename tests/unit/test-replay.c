/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "base/scope-limits.h"
#include "sandbox/scope-replay-item.h"
#include "sandbox/scope-replay-schedule.h"

/* What a replay is made of: when it is due, and what it sends. */

#define SECOND ((gint64) G_USEC_PER_SEC)
#define START G_GINT64_CONSTANT (1795269902113456)

static gint64
due (ScopeReplaySchedule *schedule,
     gint64               time_usec)
{
  ScopeReplayStep step;

  scope_replay_schedule_add (schedule, time_usec, &step);
  g_assert_false (step.is_cut);
  return step.due_usec;
}

static void
test_distances (void)
{
  ScopeReplaySchedule schedule;

  scope_replay_schedule_init (&schedule, 1);
  g_assert_cmpint (due (&schedule, START), ==, 0);
  g_assert_cmpint (due (&schedule, START + 250000), ==, 250000);
  g_assert_cmpint (due (&schedule, START + 250000), ==, 250000);
  g_assert_cmpint (due (&schedule, START + 60250000), ==, 60250000);
}

static void
test_speed (void)
{
  static const double speeds[] = { 0.01, 0.5, 1, 3, 10000 };

  for (guint i = 0; i < G_N_ELEMENTS (speeds); i++)
    {
      ScopeReplaySchedule schedule;

      scope_replay_schedule_init (&schedule, speeds[i]);
      g_assert_cmpint (due (&schedule, START), ==, 0);
      g_assert_cmpint (due (&schedule, START + 300000), ==, (gint64) (300000 / speeds[i]));
    }
}

/* thirds of a microsecond are not lost one by one */
static void
test_no_drift (void)
{
  ScopeReplaySchedule schedule;
  gint64 last = 0;

  scope_replay_schedule_init (&schedule, 3);
  for (guint i = 0; i <= 3000000; i++)
    last = due (&schedule, START + i);
  g_assert_cmpint (ABS (last - 1000000), <=, 1);
}

static void
test_silence (void)
{
  ScopeReplaySchedule schedule;
  ScopeReplayStep step;

  scope_replay_schedule_init (&schedule, 2);
  g_assert_cmpint (due (&schedule, START), ==, 0);
  g_assert_cmpint (due (&schedule, START + 120 * SECOND), ==, 60 * SECOND);

  scope_replay_schedule_add (&schedule, START + 3720 * SECOND, &step);
  g_assert_true (step.is_cut);
  g_assert_cmpint (step.recorded_usec, ==, 3600 * SECOND);
  g_assert_cmpint (step.wait_usec, ==, SCOPE_REPLAY_LONGEST_USEC);
  g_assert_cmpint (step.due_usec, ==, 120 * SECOND);

  /* what follows has its distances again */
  g_assert_cmpint (due (&schedule, START + 3721 * SECOND), ==, 120 * SECOND + SECOND / 2);
}

/* An event that waited for its channel's key comes behind younger ones: nothing waits twice. */
static void
test_late (void)
{
  ScopeReplaySchedule schedule;

  scope_replay_schedule_init (&schedule, 1);
  g_assert_cmpint (due (&schedule, START + 10 * SECOND), ==, 0);
  g_assert_cmpint (due (&schedule, START), ==, 0);
  g_assert_cmpint (due (&schedule, START + 2 * SECOND), ==, 0);
  g_assert_cmpint (due (&schedule, START + 11 * SECOND), ==, SECOND);
}

static void
test_clock_set_back (void)
{
  ScopeReplaySchedule schedule;

  scope_replay_schedule_init (&schedule, 1);
  g_assert_cmpint (due (&schedule, START), ==, 0);
  g_assert_cmpint (due (&schedule, START - 3600 * SECOND), ==, 0);
  g_assert_cmpint (due (&schedule, START - 3599 * SECOND), ==, SECOND);
}

/* times of a file may be anything */
static void
test_any_time (void)
{
  static const gint64 times[] = { G_MAXINT64, G_MININT64, 0, G_MAXINT64, START, -1 };
  ScopeReplaySchedule schedule;
  gint64 last = 0;

  scope_replay_schedule_init (&schedule, 0.01);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      ScopeReplayStep step;

      scope_replay_schedule_add (&schedule, times[i], &step);
      g_assert_cmpint (step.due_usec, >=, last);
      g_assert_cmpint (step.due_usec - last, <=, SCOPE_REPLAY_LONGEST_USEC);
      last = step.due_usec;
    }
}

static ScopeReplayItem *
item_of (const char *frame)
{
  g_autoptr (GBytes) bytes = g_bytes_new (frame, strlen (frame));

  return scope_replay_item_new_event (START, bytes);
}

static void
test_events (void)
{
  static const char * const good[] = {
    "{\"event\":\"e\",\"channel\":\"news\",\"data\":\"{}\"}",
    "{ \"channel\":\"presence-x\", \"event\":\"client-e\",\"user_id\":\"7\",\"data\":{\"a\":1}, \"more\":1 }",
    "{\"event\":\"e\",\"channel\":\"#server-to-user-7\"}",
  };
  static const char * const bad[] = {
    "", "{}", "[]", "{\"event\":\"e\"}", "{\"event\":\"e\",\"channel\":\"no such name\"}",
    "{\"event\":\"e\",\"channel\":\"news\",\"data\":\"\xff\"}",
    "{\"event\":\"pusher:error\",\"channel\":\"news\",\"data\":{}}",
    "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"news\",\"data\":\"{}\"}",
    "{\"event\":\"pusher_internal:nobody_knows\",\"channel\":\"news\"}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (ScopeReplayItem) item = item_of (good[i]);
      GBytes *bytes;

      g_assert_nonnull (item);
      bytes = scope_message_get_bytes (item->message);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), good[i], strlen (good[i]));
      g_assert_cmpint (item->time_usec, ==, START);
      g_assert_cmpuint (scope_replay_item_get_size (item), >, strlen (good[i]));
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (item_of (bad[i]));
}

static void
test_members (void)
{
  g_autoptr (ScopeReplayItem) item = scope_replay_item_new_members (START, SCOPE_REPLAY_RESIDENTS, "presence-x");
  g_autofree char *long_id = g_strnfill (SCOPE_LIMIT_USER_ID_BYTES + 1, 'x');
  const ScopeReplayMember *member;

  g_assert_null (scope_replay_item_new_members (START, SCOPE_REPLAY_JOIN, "private-x"));
  g_assert_null (scope_replay_item_new_members (START, SCOPE_REPLAY_JOIN, "presence-no such name"));
  g_assert_null (scope_replay_item_new_members (START, SCOPE_REPLAY_JOIN, NULL));

  g_assert_true (scope_replay_item_add_member (item, "ana", "{\"name\":\"Ana\"}"));
  g_assert_true (scope_replay_item_add_member (item, "bob", "null"));
  g_assert_true (scope_replay_item_add_member (item, "carl", "{"));
  g_assert_false (scope_replay_item_add_member (item, NULL, NULL));
  g_assert_false (scope_replay_item_add_member (item, "", NULL));
  g_assert_false (scope_replay_item_add_member (item, long_id, NULL));
  g_assert_cmpuint (item->members->len, ==, 3);
  member = g_ptr_array_index (item->members, 0);
  g_assert_cmpstr (member->user_info, ==, "{\"name\":\"Ana\"}");
  for (guint i = 1; i < 3; i++)
    {
      member = g_ptr_array_index (item->members, i);
      g_assert_null (member->user_info);
    }
}

static void
test_gap (void)
{
  g_autoptr (ScopeReplayItem) item = scope_replay_item_new_gap (START, 12.5);
  g_autoptr (ScopeReplayItem) odd = scope_replay_item_new_gap (START, -1);

  g_assert_cmpfloat (item->gap_seconds, ==, 12.5);
  g_assert_cmpfloat (odd->gap_seconds, ==, 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/replay/schedule/distances", test_distances);
  g_test_add_func ("/replay/schedule/speed", test_speed);
  g_test_add_func ("/replay/schedule/no-drift", test_no_drift);
  g_test_add_func ("/replay/schedule/silence", test_silence);
  g_test_add_func ("/replay/schedule/late", test_late);
  g_test_add_func ("/replay/schedule/clock-set-back", test_clock_set_back);
  g_test_add_func ("/replay/schedule/any-time", test_any_time);
  g_test_add_func ("/replay/item/events", test_events);
  g_test_add_func ("/replay/item/members", test_members);
  g_test_add_func ("/replay/item/gap", test_gap);

  return g_test_run ();
}
