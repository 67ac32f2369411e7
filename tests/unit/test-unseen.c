/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "session/scope-unseen.h"

#include <string.h>

#define START_USEC (G_GINT64_CONSTANT (1795269902) * G_USEC_PER_SEC)
#define SECOND ((gint64) G_USEC_PER_SEC)
#define CHANNEL "presence-room"

typedef struct
{
  ScopeClock *clock;
  ScopeUnseen *unseen;
  GString *story; /* what was reported, a line each */
  guint n_asked;
  guint n_changes;
  char message[100]; /* of the last error */
} Fixture;

static void
ask_cb (ScopeUnseen *unseen,
        gpointer     user_data)
{
  Fixture *f = user_data;

  f->n_asked++;
}

static void
report_cb (ScopeUnseen       *unseen,
           const ScopeReport *report,
           gpointer           user_data)
{
  Fixture *f = user_data;

  g_assert_cmpstr (report->channel, ==, CHANNEL);
  g_assert_true (report->polled);
  g_assert_null (report->me);
  if (report->type == SCOPE_REPORT_ERROR)
    {
      g_string_append_printf (f->story, "error %s %u %s\n", scope_error_source_to_name (report->source),
                              report->has_code ? report->code : 0,
                              scope_reaction_to_action (report->reaction));
      g_strlcpy (f->message, report->text != NULL ? report->text : "", sizeof f->message);
      return;
    }
  g_assert_cmpint (report->type, ==, SCOPE_REPORT_PRESENCE);
  g_string_append_printf (f->story, "%s %u:", scope_presence_action_to_name (report->action),
                          report->count);
  for (guint i = 0; i < (report->action == SCOPE_PRESENCE_SNAPSHOT ? report->count : 1); i++)
    {
      g_assert_null (report->members[i].user_info);
      g_string_append_printf (f->story, " %s", report->members[i].user_id);
    }
  g_string_append_c (f->story, '\n');
}

static void
gap_cb (ScopeUnseen *unseen,
        gint64       since_usec,
        const char  *reason,
        gpointer     user_data)
{
  Fixture *f = user_data;

  g_string_append_printf (f->story, "gap %d s: %s\n",
                          (int) ((scope_clock_get_wall_usec (f->clock) - since_usec) / SECOND), reason);
}

static void
change_cb (ScopeUnseen *unseen,
           gpointer     user_data)
{
  Fixture *f = user_data;

  f->n_changes++;
}

static void
fixture_set_up (Fixture      *f,
                gconstpointer data)
{
  static const ScopeUnseenFuncs funcs = { ask_cb, report_cb, gap_cb, change_cb };

  f->clock = scope_clock_new_fake (START_USEC);
  f->story = g_string_new (NULL);
  f->unseen = scope_unseen_new (f->clock, CHANNEL, 4 * SECOND, 60 * SECOND, &funcs, f);
}

static void
fixture_tear_down (Fixture      *f,
                   gconstpointer data)
{
  scope_unseen_detach (f->unseen);
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);
  g_assert_finalize_object (f->unseen);
  g_clear_object (&f->clock);
  g_string_free (f->story, TRUE);
}

static void
assert_story (Fixture    *f,
              const char *story)
{
  g_assert_cmpstr (f->story->str, ==, story);
  g_string_truncate (f->story, 0);
}

static void
answer (Fixture    *f,
        const char *body)
{
  g_autoptr (ScopeApiReply) reply = scope_api_reply_new ();

  reply->outcome = SCOPE_API_ACCEPTED;
  reply->status = 200;
  reply->body = g_strdup (body);
  scope_unseen_take_reply (f->unseen, reply);
}

static void
refuse (Fixture         *f,
        ScopeApiOutcome  outcome,
        guint            status)
{
  g_autoptr (ScopeApiReply) reply = scope_api_reply_new ();

  reply->outcome = outcome;
  reply->status = status;
  reply->text = g_strdup_printf ("text of %u", status);
  reply->meaning = g_strdup ("What it means.");
  reply->body = g_strdup ("text");
  scope_unseen_take_reply (f->unseen, reply);
}

/* The next poll has begun. */
static void
wait_for_poll (Fixture *f)
{
  guint n = f->n_asked;

  for (guint seconds = 0; f->n_asked == n && seconds < 4000; seconds++)
    scope_clock_advance (f->clock, SECOND);
  g_assert_cmpuint (f->n_asked, ==, n + 1);
}

static void
poll (Fixture    *f,
      const char *body)
{
  wait_for_poll (f);
  answer (f, body);
}

static void
start (Fixture *f)
{
  scope_unseen_start (f->unseen);
  poll (f, "{\"users\":[{\"id\":\"ana\"},{\"id\":7}]}");
  assert_story (f, "snapshot 2: ana 7\n");
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_WATCHING);
}

static void
test_snapshot (Fixture      *f,
               gconstpointer data)
{
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_STOPPED);
  scope_unseen_start (f->unseen);
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_LOOKING);
  poll (f, "{\"users\":[]}");
  assert_story (f, "snapshot 0:\n");
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_WATCHING);
  g_assert_null (scope_unseen_get_problem (f->unseen));
}

static void
test_differences (Fixture      *f,
                  gconstpointer data)
{
  start (f);
  poll (f, "{\"users\":[{\"id\":\"ana\"},{\"id\":7}]}");
  assert_story (f, "");
  /* a user with two connections is listed twice by some servers */
  poll (f, "{\"users\":[{\"id\":\"ana\"},{\"id\":\"ben\"},{\"id\":\"ben\"},{\"id\":\"7\"}]}");
  assert_story (f, "added 3: ben\n");
  poll (f, "{\"users\":[{\"id\":\"cem\"},{\"id\":\"ben\"},{\"id\":\"dia\"}]}");
  assert_story (f, "removed 2: ana\nremoved 1: 7\nadded 2: cem\nadded 3: dia\n");
  poll (f, "{\"users\":[]}");
  assert_story (f, "removed 2: cem\nremoved 1: ben\nremoved 0: dia\n");
  poll (f, "{\"users\":[{\"id\":\"eva\"},{\"id\":\"eva\"},{\"id\":\"mia\"},{\"id\":\"eva\"}]}");
  assert_story (f, "added 1: eva\nadded 2: mia\n");
}

/* sooner while people come and go, later while nobody does */
static void
test_interval (Fixture      *f,
               gconstpointer data)
{
  gint64 calm;

  start (f);
  for (guint i = 0; i < 20; i++)
    poll (f, "{\"users\":[{\"id\":\"ana\"},{\"id\":7}]}");
  calm = scope_unseen_get_interval_usec (f->unseen);
  g_assert_cmpint (calm, ==, 60 * SECOND);
  g_assert_cmpuint (f->n_changes, >=, 10); /* each step is told */
  poll (f, "{\"users\":[{\"id\":\"ana\"}]}");
  g_assert_cmpint (scope_unseen_get_interval_usec (f->unseen), ==, calm / 2);
}

static void
test_refused (Fixture      *f,
              gconstpointer data)
{
  static const guint final[] = { 400, 401, 403, 404 };

  for (guint i = 0; i < G_N_ELEMENTS (final); i++)
    {
      g_autofree char *story = g_strdup_printf ("error %s %u stop\n",
                                                final[i] == 401 || final[i] == 403 ? "auth" : "server",
                                                final[i]);
      guint n;

      if (i == 0)
        scope_unseen_start (f->unseen);
      else
        scope_unseen_retry (f->unseen);
      wait_for_poll (f);
      refuse (f, SCOPE_API_REFUSED, final[i]);
      assert_story (f, story);
      g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_REFUSED);
      g_assert_nonnull (strstr (scope_unseen_get_problem (f->unseen), "What it means."));
      g_assert_nonnull (strstr (scope_unseen_get_problem (f->unseen), "text of"));

      n = f->n_asked;
      scope_clock_advance (f->clock, 10000 * SECOND);
      g_assert_cmpuint (f->n_asked, ==, n);
    }
  scope_unseen_retry (f->unseen);
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_LOOKING);
  poll (f, "{\"users\":[{\"id\":\"ana\"}]}");
  assert_story (f, "snapshot 1: ana\n");
}

/* What was signed, and what with, is told nobody. */
static void
test_signature (Fixture      *f,
                gconstpointer data)
{
  g_autoptr (ScopeApiReply) reply = scope_api_reply_new ();

  scope_unseen_start (f->unseen);
  wait_for_poll (f);
  reply->outcome = SCOPE_API_REFUSED;
  reply->status = 401;
  reply->text = g_strdup ("Invalid signature: you should have sent HmacSHA256Hex(\"GET\\n/apps/1\\nauth_key=k\", "
                          "your_secret_key), but you sent \"224aa73a\"");
  reply->meaning = g_strdup ("Check the app secret.");
  scope_unseen_take_reply (f->unseen, reply);
  assert_story (f, "error auth 401 stop\n");
  g_assert_cmpstr (scope_unseen_get_problem (f->unseen), ==, "Check the app secret. (Invalid signature)");
  g_assert_cmpstr (f->message, ==, "Invalid signature");
}

/* told once, tried ever later, and the blind time is told when it is over */
static void
test_blind (Fixture      *f,
            gconstpointer data)
{
  gint64 before;

  start (f);
  wait_for_poll (f);
  refuse (f, SCOPE_API_UNKNOWN, 0);
  assert_story (f, "error socket 0 retry\n");
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_BLIND);

  before = scope_unseen_get_interval_usec (f->unseen);
  wait_for_poll (f);
  refuse (f, SCOPE_API_UNKNOWN, 0);
  assert_story (f, "");
  g_assert_cmpint (scope_unseen_get_interval_usec (f->unseen), >, before);

  wait_for_poll (f);
  refuse (f, SCOPE_API_REFUSED, 429);
  assert_story (f, "error server 429 retry\n");
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_BLIND);

  scope_unseen_retry (f->unseen);
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_LOOKING);
  wait_for_poll (f);
  refuse (f, SCOPE_API_REFUSED, 503);
  assert_story (f, "error server 503 retry\n");
  wait_for_poll (f);
  answer (f, "{\"users\":[{\"id\":\"ben\"}]}");
  g_assert_true (g_str_has_prefix (f->story->str, "gap "));
  g_assert_true (g_str_has_suffix (f->story->str, "\nsnapshot 1: ben\n"));
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_WATCHING);
}

static void
test_no_answer_of_ours (Fixture      *f,
                        gconstpointer data)
{
  static const char * const bodies[] = { "", "[]", "{}", "{\"users\":{}}", "{\"users\":[{}]}", "nonsense" };

  start (f);
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      wait_for_poll (f);
      answer (f, bodies[i]);
      assert_story (f, i == 0 ? "error server 200 retry\n" : "");
      g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_BLIND);
    }
}

/* disconnected and connected again */
static void
test_stop (Fixture      *f,
           gconstpointer data)
{
  guint n;

  start (f);
  scope_unseen_stop (f->unseen, "disconnected");
  n = f->n_asked;
  scope_clock_advance (f->clock, 1000 * SECOND);
  g_assert_cmpuint (f->n_asked, ==, n);
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_STOPPED);

  scope_unseen_start (f->unseen);
  wait_for_poll (f);
  answer (f, "{\"users\":[{\"id\":\"ana\"}]}");
  assert_story (f, "gap 1001 s: disconnected\nsnapshot 1: ana\n");
}

/* the server says how long */
static void
test_retry_after (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr (ScopeApiReply) reply = scope_api_reply_new ();
  guint n;

  reply->outcome = SCOPE_API_REFUSED;
  reply->status = 429;
  reply->text = g_strdup ("slower");
  reply->retry_after_usec = 100 * SECOND;
  start (f);
  wait_for_poll (f);
  scope_unseen_take_reply (f->unseen, reply);
  n = f->n_asked;
  scope_clock_advance (f->clock, 99 * SECOND);
  g_assert_cmpuint (f->n_asked, ==, n);
  scope_clock_advance (f->clock, 2 * SECOND);
  g_assert_cmpuint (f->n_asked, ==, n + 1);
}

/* an answer that comes after the stop tells nobody anything, nor one to an old question */
static void
test_late_answer (Fixture      *f,
                  gconstpointer data)
{
  start (f);
  wait_for_poll (f);
  scope_unseen_stop (f->unseen, "disconnected");
  answer (f, "{\"users\":[]}");
  assert_story (f, "");

  scope_unseen_start (f->unseen);
  wait_for_poll (f);
  scope_unseen_retry (f->unseen);
  refuse (f, SCOPE_API_REFUSED, 401);
  assert_story (f, "");
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_LOOKING);
  poll (f, "{\"users\":[]}");
  g_assert_true (g_str_has_suffix (f->story->str, "\nsnapshot 0:\n"));
}

static void
test_not_asked (Fixture      *f,
                gconstpointer data)
{
  g_autoptr (GError) brake = g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_LIMIT, "The brake holds.");

  scope_unseen_start (f->unseen);
  wait_for_poll (f);
  scope_unseen_take_error (f->unseen, brake, FALSE);
  assert_story (f, "error limit 0 retry\n");
  g_assert_cmpstr (scope_unseen_get_problem (f->unseen), ==, "The brake holds.");
  wait_for_poll (f);
  scope_unseen_take_error (f->unseen, brake, TRUE);
  g_assert_cmpint (scope_unseen_get_state (f->unseen), ==, SCOPE_UNSEEN_REFUSED);
}

static void
test_sleep (Fixture      *f,
            gconstpointer data)
{
  start (f);
  scope_clock_sleep (f->clock, 3600 * SECOND);
  wait_for_poll (f);
  answer (f, "{\"users\":[{\"id\":\"ana\"}]}");
  g_assert_true (g_str_has_prefix (f->story->str, "gap 360"));
  g_assert_true (g_str_has_suffix (f->story->str, "\nsnapshot 1: ana\n"));
}

/* a bound that is reached is told, once */
static void
test_too_many (Fixture      *f,
               gconstpointer data)
{
  g_autoptr (GString) body = g_string_new ("{\"users\":[");

  for (guint i = 0; i <= SCOPE_LIMIT_MEMBERS; i++)
    g_string_append_printf (body, "%s{\"id\":\"%u\"}", i > 0 ? "," : "", i);
  g_string_append (body, "]}");

  scope_unseen_start (f->unseen);
  poll (f, body->str);
  g_assert_true (g_str_has_prefix (f->story->str, "error limit 0 none\nsnapshot 10000: 0 1 2 "));
  g_string_truncate (f->story, 0);
  poll (f, body->str);
  assert_story (f, "");
}

#define ADD(path, func)                                                                            \
  g_test_add ("/unseen/" path, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("snapshot", test_snapshot);
  ADD ("differences", test_differences);
  ADD ("interval", test_interval);
  ADD ("refused", test_refused);
  ADD ("signature", test_signature);
  ADD ("blind", test_blind);
  ADD ("no-answer-of-ours", test_no_answer_of_ours);
  ADD ("stop", test_stop);
  ADD ("retry-after", test_retry_after);
  ADD ("late-answer", test_late_answer);
  ADD ("not-asked", test_not_asked);
  ADD ("sleep", test_sleep);
  ADD ("too-many", test_too_many);
  return g_test_run ();
}
