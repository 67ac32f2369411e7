/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lists, repetition, the rate and the end of publishing, with a server that says what it is told to. */

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "session/scope-publisher.h"

typedef struct
{
  ScopeClock *clock;
  ScopePublisher *publisher;
  GString *requests;    /* "order=data>a,b" a line, batches in brackets */
  GPtrArray *tasks;     /* of those that wait for an answer */
  gboolean is_locked;
  guint n_may_repeat;   /* asked for by what repeats */
  GString *results;
  guint n_messages;
} Fixture;

static gboolean
may_cb (gpointer   data,
        gboolean   repeats,
        GError   **error)
{
  Fixture *f = data;

  f->n_may_repeat += repeats;
  return !f->is_locked || scope_error_set (error, SCOPE_ERROR_REFUSED, "locked");
}

static const char *
socket_id_cb (gpointer data)
{
  return "7.7";
}

static void
send_cb (gpointer             data,
         GPtrArray           *events,
         guint                n_messages,
         GCancellable        *cancellable,
         GAsyncReadyCallback  callback,
         gpointer             user_data)
{
  Fixture *f = data;

  g_string_append (f->requests, events->len > 1 ? "[" : "");
  for (guint i = 0; i < events->len; i++)
    {
      const ScopeApiEvent *event = g_ptr_array_index (events, i);
      g_autofree char *channels = g_strjoinv (",", event->channels);

      g_string_append_printf (f->requests, "%s%s=%s>%s", i > 0 ? " " : "", event->name, event->data, channels);
      if (event->socket_id != NULL)
        g_string_append_printf (f->requests, "!%s", event->socket_id);
    }
  g_string_append (f->requests, events->len > 1 ? "]\n" : "\n");
  f->n_messages += n_messages;
  g_ptr_array_add (f->tasks, g_task_new (NULL, cancellable, callback, user_data));
  g_task_set_check_cancellable (g_ptr_array_index (f->tasks, f->tasks->len - 1), FALSE);
}

static ScopeApiReply *
finish_cb (gpointer       data,
           GAsyncResult  *result,
           GError       **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
result_cb (ScopePublisher     *publisher,
           ScopePublishResult *result,
           Fixture            *f)
{
  g_autofree char *title = scope_publish_result_dup_title (result);
  g_autofree char *outcome = scope_publish_result_dup_outcome (result);

  g_string_append_printf (f->results, "%s: %s\n", title, outcome);
}

static void
fixture_set_up (Fixture      *f,
                gconstpointer data)
{
  static const ScopePublisherPort port = { NULL, may_cb, socket_id_cb, send_cb, finish_cb };

  f->clock = scope_clock_new_fake (0);
  f->requests = g_string_new (NULL);
  f->results = g_string_new (NULL);
  f->tasks = g_ptr_array_new_with_free_func (g_object_unref);
  f->publisher = scope_publisher_new (f->clock, &port, f, NULL);
  g_signal_connect (f->publisher, "result", G_CALLBACK (result_cb), f);
}

static void
fixture_tear_down (Fixture      *f,
                   gconstpointer data)
{
  g_assert_finalize_object (f->publisher);
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);
  g_ptr_array_unref (f->tasks);
  g_string_free (f->requests, TRUE);
  g_string_free (f->results, TRUE);
  g_object_unref (f->clock);
}

static ScopeOutgoing *
outgoing_new (const char *event,
              const char *channels,
              const char *text,
              const char *info)
{
  g_auto (GStrv) names = scope_outgoing_split_channels (channels);

  return scope_outgoing_new ((const char * const *) names, event, text, FALSE, SCOPE_EXCLUDE_NOBODY, NULL, info);
}

static GPtrArray *
outgoing_list (guint n)
{
  GPtrArray *list = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (list, outgoing_new ("e", "a", "{{n}}", NULL));
  return list;
}

/* The request under way is answered; the next one may follow at once. */
static void
answer (Fixture        *f,
        ScopeApiOutcome outcome,
        guint           status)
{
  g_autoptr (GTask) task = NULL;
  ScopeApiReply *reply = scope_api_reply_new ();

  g_assert_cmpuint (f->tasks->len, ==, 1);
  task = g_ptr_array_steal_index (f->tasks, 0);
  reply->outcome = outcome;
  reply->status = status;
  reply->is_cancelled = g_cancellable_is_cancelled (g_task_get_cancellable (task));
  g_task_return_pointer (task, reply, (GDestroyNotify) scope_api_reply_free);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
assert_taken (GString    *text,
              const char *wanted)
{
  g_assert_cmpstr (text->str, ==, wanted);
  g_string_truncate (text, 0);
}

static void
assert_summary (Fixture    *f,
                const char *wanted)
{
  g_autofree char *summary = scope_publisher_dup_summary (f->publisher);

  g_assert_cmpstr (summary, ==, wanted);
}

static void
test_one (Fixture      *f,
          gconstpointer data)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_object_unref);
  const char * const channels[] = { "a", "b", NULL };

  g_ptr_array_add (list, scope_outgoing_new (channels, "e", "{\"n\":{{n}}}", FALSE, SCOPE_EXCLUDE_US, NULL, "user_count"));
  scope_publisher_start (f->publisher, list, 1, 0);
  g_assert_true (scope_publisher_get_running (f->publisher));
  assert_taken (f->requests, "e={\"n\":1}>a,b!7.7\n");
  g_assert_cmpuint (f->n_messages, ==, 4);
  answer (f, SCOPE_API_ACCEPTED, 200);
  g_assert_false (scope_publisher_get_running (f->publisher));
  assert_taken (f->results, "e: Accepted (200)\n");
  assert_summary (f, "1 of 1 event · 1 accepted");
  g_assert_null (scope_publisher_get_problem (f->publisher));
  g_assert_cmpuint (f->n_may_repeat, ==, 0);
}

/* Ten a request; what goes to several channels by itself; all in order. */
static void
test_batches (Fixture      *f,
              gconstpointer data)
{
  g_autoptr (GPtrArray) list = outgoing_list (12);

  g_ptr_array_insert (list, 1, outgoing_new ("wide", "a b", "0", NULL));
  g_ptr_array_add (list, outgoing_new ("last", "c", "0", NULL));
  scope_publisher_start (f->publisher, list, 1, 0);
  assert_taken (f->requests, "e=1>a\n");
  answer (f, SCOPE_API_ACCEPTED, 200);
  assert_taken (f->requests, "wide=0>a,b\n");
  answer (f, SCOPE_API_ACCEPTED, 200);
  assert_taken (f->requests, "[e=3>a e=4>a e=5>a e=6>a e=7>a e=8>a e=9>a e=10>a e=11>a e=12>a]\n");
  answer (f, SCOPE_API_UNKNOWN, 0);
  assert_summary (f, "12 of 14 events · 2 accepted · 10 with unknown outcome");
  assert_taken (f->requests, "[e=13>a last=0>c]\n");
  answer (f, SCOPE_API_REFUSED, 413);
  assert_taken (f->results, "e: Accepted (200)\nwide: Accepted (200)\n10 events: Outcome unknown\n2 events: Refused (413)\n");
  assert_summary (f, "14 of 14 events · 2 accepted · 2 refused · 10 with unknown outcome");
  g_assert_false (scope_publisher_get_running (f->publisher));
}

/* Every T, from start to start; what is late does not make others early. */
static void
test_repeat (Fixture      *f,
             gconstpointer data)
{
  g_autoptr (GPtrArray) list = outgoing_list (1);

  scope_publisher_start (f->publisher, list, 3, 2 * G_USEC_PER_SEC);
  assert_taken (f->requests, "e=1>a\n");
  scope_clock_advance (f->clock, G_USEC_PER_SEC / 2);
  answer (f, SCOPE_API_ACCEPTED, 200);
  assert_taken (f->requests, "");
  scope_clock_advance (f->clock, G_USEC_PER_SEC * 3 / 2 - 1);
  assert_taken (f->requests, "");
  scope_clock_advance (f->clock, 1);
  assert_taken (f->requests, "e=2>a\n");
  g_assert_cmpuint (f->n_may_repeat, ==, 1);

  scope_clock_advance (f->clock, 5 * G_USEC_PER_SEC);
  answer (f, SCOPE_API_ACCEPTED, 200);
  assert_taken (f->requests, "e=3>a\n");
  answer (f, SCOPE_API_ACCEPTED, 200);
  assert_summary (f, "3 of 3 events · 3 accepted");
}

static void
test_stop (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (GPtrArray) list = outgoing_list (1);

  scope_publisher_stop (f->publisher);
  scope_publisher_start (f->publisher, list, 100, G_USEC_PER_SEC);
  answer (f, SCOPE_API_ACCEPTED, 200);
  scope_publisher_stop (f->publisher); /* while it waits */
  g_assert_false (scope_publisher_get_running (f->publisher));
  assert_summary (f, "1 of 100 events · 1 accepted · 99 not tried");
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);

  scope_publisher_start (f->publisher, list, 100, 0);
  scope_publisher_stop (f->publisher); /* while something is under way */
  g_assert_true (scope_publisher_get_running (f->publisher));
  answer (f, SCOPE_API_UNKNOWN, 0);
  g_assert_false (scope_publisher_get_running (f->publisher));
  g_assert_null (scope_publisher_get_problem (f->publisher));
  assert_summary (f, "1 of 100 events · 1 with unknown outcome · 99 not tried");
}

static void
test_give_up (Fixture      *f,
              gconstpointer data)
{
  g_autoptr (GPtrArray) list = outgoing_list (1);

  scope_publisher_start (f->publisher, list, 9, 0);
  answer (f, SCOPE_API_REFUSED, 401);
  g_assert_false (scope_publisher_get_running (f->publisher));
  g_assert_nonnull (scope_publisher_get_problem (f->publisher));

  scope_publisher_start (f->publisher, list, 9, 0);
  g_assert_null (scope_publisher_get_problem (f->publisher));
  answer (f, SCOPE_API_UNKNOWN, 502);
  answer (f, SCOPE_API_NOT_SENT, 0);
  answer (f, SCOPE_API_ACCEPTED, 200);
  answer (f, SCOPE_API_UNKNOWN, 0);
  answer (f, SCOPE_API_UNKNOWN, 0);
  g_assert_true (scope_publisher_get_running (f->publisher));
  answer (f, SCOPE_API_UNKNOWN, 0);
  g_assert_false (scope_publisher_get_running (f->publisher));
  g_assert_nonnull (strstr (scope_publisher_get_problem (f->publisher), "three"));
  assert_summary (f, "6 of 9 events · 1 accepted · 1 not sent · 4 with unknown outcome · 3 not tried");
}

/* A read-only profile's ten minutes are over. */
static void
test_locked (Fixture      *f,
             gconstpointer data)
{
  g_autoptr (GPtrArray) list = outgoing_list (1);

  scope_publisher_start (f->publisher, list, 3, G_USEC_PER_SEC);
  answer (f, SCOPE_API_ACCEPTED, 200);
  f->is_locked = TRUE;
  scope_clock_advance (f->clock, G_USEC_PER_SEC);
  g_assert_false (scope_publisher_get_running (f->publisher));
  g_assert_cmpstr (scope_publisher_get_problem (f->publisher), ==, "locked");
  assert_summary (f, "1 of 3 events · 1 accepted · 2 not tried");
}

/* A hundred messages a second, whatever is asked for. */
static void
test_rate (Fixture      *f,
           gconstpointer data)
{
  g_autoptr (GPtrArray) list = outgoing_list (1000);
  const gint64 seconds = 10;
  guint n_sent = 0;

  scope_publisher_start (f->publisher, list, 5, 0);
  for (gint64 now = 0; now < seconds * 100; now++)
    {
      while (f->tasks->len > 0)
        {
          answer (f, SCOPE_API_ACCEPTED, 200);
          n_sent += 10;
        }
      g_assert_cmpuint (f->n_messages, <=, SCOPE_LIMIT_PUBLISH_PER_SECOND * (now + 1) / 100 + SCOPE_LIMIT_PUBLISH_PER_SECOND + 10);
      scope_clock_advance (f->clock, G_USEC_PER_SEC / 100);
    }
  g_assert_cmpuint (n_sent, >=, SCOPE_LIMIT_PUBLISH_PER_SECOND * seconds);
  scope_publisher_stop (f->publisher);
  if (f->tasks->len > 0)
    answer (f, SCOPE_API_UNKNOWN, 0);
  g_assert_false (scope_publisher_get_running (f->publisher));
}

/* Dropped while it waits for an answer: it lives on until that has come. */
static void
test_dropped (Fixture      *f,
              gconstpointer data)
{
  g_autoptr (GPtrArray) list = outgoing_list (1);

  scope_publisher_start (f->publisher, list, 2, G_USEC_PER_SEC);
  g_object_ref (f->publisher);
  g_object_run_dispose (G_OBJECT (f->publisher));
  g_object_unref (f->publisher);
  answer (f, SCOPE_API_UNKNOWN, 0);
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);
}

/* Results */

static ScopePublishResult *
make_result (ScopeApiOutcome outcome,
             guint           status,
             const char     *body,
             guint           n)
{
  g_autoptr (GPtrArray) list = outgoing_list (n);
  ScopeApiReply *reply = scope_api_reply_new ();

  reply->outcome = outcome;
  reply->status = status;
  reply->body = g_strdup (body);
  return scope_publish_result_new (1, list, reply, NULL);
}

static void
test_counts (void)
{
  static const struct
  {
    const char *body;
    guint n;
    const char *wanted;
  } rows[] = {
    { "{}", 1, NULL },
    { "ok", 1, NULL },
    { "{\"channels\":{}}", 1, NULL },
    { "{\"channels\":[1]}", 1, NULL },
    { "{\"channels\":{\"news\":{\"subscription_count\":1},\"presence-a\":{\"user_count\":2,\"subscription_count\":3}}}", 1,
      "news: 1 subscription · presence-a: 2 users, 3 subscriptions" },
    { "{\"batch\":[{\"user_count\":1},{},{\"user_count\":5},{\"user_count\":9}]}", 3, "a: 1 user · a: 5 users" },
    { "{\"channels\":{\"a\":{\"user_count\":-1,\"subscription_count\":1e3}}}", 1, NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (ScopePublishResult) result = make_result (SCOPE_API_ACCEPTED, 200, rows[i].body, rows[i].n);
      g_autofree char *counts = scope_publish_result_dup_counts (result);

      g_assert_cmpstr (counts, ==, rows[i].wanted);
    }
}

static void
test_sentences (void)
{
  g_autoptr (GPtrArray) list = outgoing_list (1);
  g_autoptr (GError) error = g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_USAGE, "wrong");
  g_autoptr (ScopePublishResult) unknown = make_result (SCOPE_API_UNKNOWN, 0, NULL, 1);
  g_autoptr (ScopePublishResult) wrong = scope_publish_result_new (1, list, NULL, error);
  g_autofree char *lost = scope_publish_result_dup_sentence (unknown);
  g_autofree char *why = scope_publish_result_dup_sentence (wrong);
  g_autofree char *outcome = scope_publish_result_dup_outcome (wrong);

  g_assert_nonnull (strstr (lost, "may have been published"));
  g_assert_cmpstr (why, ==, "wrong");
  g_assert_cmpstr (outcome, ==, "Not sent");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/publisher/one", test_one);
  ADD ("/publisher/batches", test_batches);
  ADD ("/publisher/repeat", test_repeat);
  ADD ("/publisher/stop", test_stop);
  ADD ("/publisher/give-up", test_give_up);
  ADD ("/publisher/locked", test_locked);
  ADD ("/publisher/rate", test_rate);
  ADD ("/publisher/dropped", test_dropped);
  g_test_add_func ("/publisher/counts", test_counts);
  g_test_add_func ("/publisher/sentences", test_sentences);

  return g_test_run ();
}
