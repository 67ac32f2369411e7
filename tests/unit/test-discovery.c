/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <time.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "session/scope-discovery-list.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define WALL (G_GINT64_CONSTANT (1795269902) * SECOND)

/* A server in a table: which channels are occupied, and what it was asked. */
typedef struct
{
  ScopeClock *clock;
  ScopeDiscovery *discovery;
  GHashTable *occupied;   /* name → JSON */
  GHashTable *subscribed; /* by the session */
  GPtrArray *asked;       /* "prefix|info" */
  gboolean has_users;     /* its list counts them */
  gboolean hangs;         /* its answers are given by hand */
  guint refuse_info;      /* with this status */
  guint refuse;           /* every request */
  gint64 retry_after_usec; /* in a refusal */
  GError *unable;         /* nothing can be asked */
  gboolean refuse_subscribe;
  guint n_listed;
  guint n_polled;
} Fixture;

static ScopeApiReply *
make_reply (guint       status,
            const char *body)
{
  ScopeApiReply *reply = scope_api_reply_new ();

  reply->status = status;
  reply->outcome = status == 200 ? SCOPE_API_ACCEPTED : SCOPE_API_REFUSED;
  reply->body = g_strdup (body);
  if (status != 200)
    {
      reply->text = g_strdup_printf ("no %u", status);
      reply->meaning = g_strdup ("do something");
    }
  return reply;
}

static char *
make_body (Fixture    *f,
           const char *prefix,
           gboolean    users)
{
  g_autoptr (GString) body = g_string_new ("{\"channels\":{");
  GHashTableIter iter;
  gpointer name, value;
  gboolean first = TRUE;

  g_hash_table_iter_init (&iter, f->occupied);
  while (g_hash_table_iter_next (&iter, &name, &value))
    if (g_str_has_prefix (name, prefix))
      {
        g_string_append_printf (body, "%s\"%s\":%s", first ? "" : ",", (char *) name,
                                users || strstr (value, "user_count") == NULL ? (char *) value : "{}");
        first = FALSE;
      }
  g_string_append (body, "}}");
  return g_string_free (g_steal_pointer (&body), FALSE);
}

static void
answer (Fixture    *f,
        const char *prefix,
        const char *info)
{
  g_autofree char *body = NULL;
  g_autoptr (ScopeApiReply) reply = NULL;

  if (f->refuse != 0 || (f->refuse_info != 0 && info != NULL))
    reply = make_reply (f->refuse != 0 ? f->refuse : f->refuse_info, NULL);
  else
    {
      body = make_body (f, prefix != NULL ? prefix : "", info != NULL && f->has_users);
      reply = make_reply (200, body);
    }
  reply->retry_after_usec = f->retry_after_usec;
  scope_discovery_take_reply (f->discovery, reply, NULL);
}

static gboolean
ask_cb (gpointer         owner,
        ScopeDiscovery  *discovery,
        const char      *prefix,
        const char      *info,
        GCancellable    *cancellable,
        GError         **error)
{
  Fixture *f = owner;

  g_assert_true (info == NULL || g_str_has_prefix (prefix, "presence-"));
  g_ptr_array_add (f->asked, g_strdup_printf ("%s|%s", prefix != NULL ? prefix : "", info != NULL ? info : ""));
  if (f->unable != NULL)
    {
      g_propagate_error (error, g_error_copy (f->unable));
      return FALSE;
    }
  if (!f->hangs)
    answer (f, prefix, info);
  return TRUE;
}

static gboolean
subscribe_cb (gpointer     owner,
              const char  *channel,
              GError     **error)
{
  Fixture *f = owner;

  if (f->refuse_subscribe)
    return scope_error_set (error, SCOPE_ERROR_LIMIT, "there are enough");
  g_assert_true (g_hash_table_add (f->subscribed, g_strdup (channel)));
  return TRUE;
}

static gboolean
is_subscribed_cb (gpointer    owner,
                  const char *channel)
{
  return g_hash_table_contains (((Fixture *) owner)->subscribed, channel);
}

static guint
count_cb (gpointer            owner,
          ScopeDiscoveryRule *rule)
{
  GHashTableIter iter;
  gpointer name;
  guint n = 0;

  g_hash_table_iter_init (&iter, ((Fixture *) owner)->subscribed);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    n += scope_discovery_rule_matches (rule, name);
  return n;
}

static const ScopeDiscoveryBackend backend = { ask_cb, subscribe_cb, is_subscribed_cb, count_cb };

static void
count_signal_cb (guint *n)
{
  (*n)++;
}

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->clock = scope_clock_new_fake (WALL);
  f->occupied = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  f->subscribed = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  f->asked = g_ptr_array_new_with_free_func (g_free);
  f->has_users = TRUE;
  f->discovery = scope_discovery_new (f->clock, &backend, f);
  g_signal_connect_swapped (f->discovery, "listed", G_CALLBACK (count_signal_cb), &f->n_listed);
  g_signal_connect_swapped (f->discovery, "polled", G_CALLBACK (count_signal_cb), &f->n_polled);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  g_assert_finalize_object (f->discovery);
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);
  g_assert_finalize_object (f->clock);
  g_hash_table_unref (f->occupied);
  g_hash_table_unref (f->subscribed);
  g_ptr_array_unref (f->asked);
  g_clear_error (&f->unable);
}

static void
occupy (Fixture    *f,
        const char *name,
        const char *value)
{
  g_hash_table_insert (f->occupied, g_strdup (name), g_strdup (value));
}

/* To the next poll, whenever it is. */
static void
poll_once (Fixture *f)
{
  ScopePoller *poller = scope_discovery_get_poller (f->discovery);
  gint64 next = scope_poller_get_next_usec (poller);

  g_assert_cmpint (next, >, 0);
  scope_clock_advance (f->clock, MAX (next - scope_clock_get_monotonic_usec (f->clock), 0));
}

static void
assert_asked (Fixture    *f,
              const char *expected)
{
  g_autofree char *asked = NULL;

  g_ptr_array_add (f->asked, NULL);
  asked = g_strjoinv (" ", (char **) f->asked->pdata);
  g_assert_cmpstr (asked, ==, expected);
  g_ptr_array_set_size (f->asked, 0);
}

static ScopeFoundChannel *
find (Fixture    *f,
      const char *name)
{
  ScopeFoundChannel *channel = scope_discovery_find (f->discovery, name);

  g_assert_nonnull (channel);
  return channel;
}

static void
add_rule (Fixture    *f,
          const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeDiscoveryRule) rule = scope_discovery_rule_new_from_text (text, &error);

  g_assert_no_error (error);
  g_assert_true (scope_discovery_add_rule (f->discovery, rule, &error));
  g_assert_no_error (error);
}

/* Polling */

static void
test_only_while_wanted (Fixture       *f,
                        gconstpointer  data)
{
  scope_clock_advance (f->clock, 600 * SECOND);
  g_assert_cmpuint (f->asked->len, ==, 0);
  g_assert_cmpuint (scope_discovery_get_requests_a_day (f->discovery), ==, 0);

  scope_discovery_set_in_sight (f->discovery, TRUE);
  scope_clock_advance (f->clock, 600 * SECOND);
  g_assert_cmpuint (f->asked->len, >, 15);
  g_assert_cmpuint (f->asked->len, <, 60);
  g_assert_cmpuint (scope_discovery_get_requests_a_day (f->discovery), ==, 2880);

  scope_discovery_set_in_sight (f->discovery, FALSE);
  g_ptr_array_set_size (f->asked, 0);
  scope_clock_advance (f->clock, 600 * SECOND);
  g_assert_cmpuint (f->asked->len, ==, 0);

  scope_discovery_set_keeps_on (f->discovery, TRUE);
  scope_clock_advance (f->clock, 600 * SECOND);
  g_assert_cmpuint (f->asked->len, >, 0);
}

static void
test_appear_and_vanish (Fixture       *f,
                        gconstpointer  data)
{
  occupy (f, "private-a", "{}");
  occupy (f, "chat", "{\"subscription_count\":3}");
  scope_discovery_set_in_sight (f->discovery, TRUE);
  poll_once (f);
  g_assert_cmpuint (scope_discovery_get_n_occupied (f->discovery), ==, 2);
  g_assert_cmpint (scope_found_channel_get_subscription_count (find (f, "chat")), ==, 3);
  g_assert_cmpint (scope_found_channel_get_user_count (find (f, "chat")), ==, -1);
  /* it was there before anybody looked */
  g_assert_false (scope_found_channel_get_new (find (f, "chat")));
  g_assert_cmpint (scope_found_channel_get_appeared_usec (find (f, "chat")), ==, 0);

  occupy (f, "private-b", "{}");
  g_hash_table_remove (f->occupied, "private-a");
  poll_once (f);
  g_assert_true (scope_found_channel_get_new (find (f, "private-b")));
  g_assert_cmpint (scope_found_channel_get_appeared_usec (find (f, "private-b")), ==,
                   scope_clock_get_wall_usec (f->clock));
  g_assert_false (scope_found_channel_get_occupied (find (f, "private-a")));
  g_assert_cmpint (scope_found_channel_get_empty_usec (find (f, "private-a")), ==,
                   scope_clock_get_wall_usec (f->clock));
  g_assert_cmpuint (scope_discovery_get_n_occupied (f->discovery), ==, 2);
  g_assert_cmpuint (scope_discovery_get_n_vacated (f->discovery), ==, 1);

  /* new is what came a short while ago */
  scope_clock_advance (f->clock, 90 * SECOND);
  g_assert_false (scope_found_channel_get_new (find (f, "private-b")));

  scope_discovery_clear_vacated (f->discovery);
  g_assert_null (scope_discovery_find (f->discovery, "private-a"));
  g_assert_cmpuint (scope_discovery_get_n_vacated (f->discovery), ==, 0);

  /* and again */
  occupy (f, "private-a", "{}");
  poll_once (f);
  g_assert_true (scope_found_channel_get_new (find (f, "private-a")));
  g_assert_cmpint (scope_found_channel_get_empty_usec (find (f, "private-a")), ==, 0);
}

static void
test_counts_users (Fixture       *f,
                   gconstpointer  data)
{
  occupy (f, "private-a", "{}");
  scope_discovery_set_in_sight (f->discovery, TRUE);
  poll_once (f);
  assert_asked (f, "|");

  occupy (f, "presence-room", "{\"user_count\":7}");
  poll_once (f);
  assert_asked (f, "| presence-|user_count");
  g_assert_cmpint (scope_found_channel_get_user_count (find (f, "presence-room")), ==, 7);
  g_assert_cmpint (scope_found_channel_get_user_count (find (f, "private-a")), ==, -1);
  g_assert_cmpuint (scope_discovery_get_requests (f->discovery), ==, 2);

  /* the list of all knows no count, and forgets none */
  f->n_listed = 0;
  poll_once (f);
  assert_asked (f, "| presence-|user_count");
  g_assert_cmpint (scope_found_channel_get_user_count (find (f, "presence-room")), ==, 7);
  g_assert_cmpuint (f->n_listed, ==, 0);

  scope_discovery_set_prefix (f->discovery, "presence-r");
  poll_once (f);
  assert_asked (f, "presence-r|user_count");
  scope_discovery_set_prefix (f->discovery, "private-");
  poll_once (f);
  assert_asked (f, "private-|");
  g_assert_cmpuint (scope_discovery_get_n_occupied (f->discovery), ==, 1);
}

/* soketi: no counts of users in a list. */
static void
test_server_without_users (Fixture       *f,
                           gconstpointer  data)
{
  f->has_users = FALSE;
  occupy (f, "presence-room", "{\"subscription_count\":2,\"occupied\":true}");
  scope_discovery_set_in_sight (f->discovery, TRUE);
  poll_once (f);
  assert_asked (f, "| presence-|user_count");
  g_assert_cmpint (scope_found_channel_get_subscription_count (find (f, "presence-room")), ==, 2);
  poll_once (f);
  assert_asked (f, "|");
}

static void
test_server_refuses_info (Fixture       *f,
                          gconstpointer  data)
{
  f->refuse_info = 400;
  occupy (f, "presence-room", "{}");
  scope_discovery_set_prefix (f->discovery, "presence-");
  scope_discovery_set_in_sight (f->discovery, TRUE);
  poll_once (f);
  assert_asked (f, "presence-|user_count presence-|");
  g_assert_null (scope_discovery_get_problem (f->discovery));
  g_assert_true (scope_found_channel_get_occupied (find (f, "presence-room")));
  poll_once (f);
  assert_asked (f, "presence-|");
}

static void
test_failures (Fixture       *f,
               gconstpointer  data)
{
  gint64 before;

  occupy (f, "a", "{}");
  scope_discovery_set_in_sight (f->discovery, TRUE);
  poll_once (f);
  f->refuse = 429;
  before = scope_poller_get_interval_usec (scope_discovery_get_poller (f->discovery));
  poll_once (f);
  g_assert_cmpstr (scope_discovery_get_problem (f->discovery), ==, "no 429");
  g_assert_cmpstr (scope_discovery_get_advice (f->discovery), ==, "do something");
  g_assert_cmpuint (scope_discovery_get_status (f->discovery), ==, 429);
  g_assert_cmpint (scope_poller_get_interval_usec (scope_discovery_get_poller (f->discovery)), ==, 2 * before);
  /* nothing is said about the channels */
  g_assert_true (scope_found_channel_get_occupied (find (f, "a")));
  g_assert_cmpint (scope_occupancy_get_last (scope_discovery_get_history (f->discovery)), ==,
                   SCOPE_OCCUPANCY_UNKNOWN);

  g_ptr_array_set_size (f->asked, 0);
  scope_clock_advance (f->clock, 3600 * SECOND);
  g_assert_cmpuint (f->asked->len, <, 20);

  f->refuse = 0;
  scope_clock_advance (f->clock, 400 * SECOND);
  g_assert_null (scope_discovery_get_problem (f->discovery));
  g_assert_cmpint (scope_occupancy_get_last (scope_discovery_get_history (f->discovery)), ==, 1);

  f->refuse = 404;
  scope_clock_advance (f->clock, 60 * SECOND);
  g_assert_nonnull (strstr (scope_discovery_get_advice (f->discovery), "list of channels"));
}

static void
test_retry_after (Fixture       *f,
                  gconstpointer  data)
{
  scope_discovery_set_in_sight (f->discovery, TRUE);
  f->refuse = 503;
  f->retry_after_usec = 900 * SECOND;
  poll_once (f);
  g_ptr_array_set_size (f->asked, 0);
  scope_clock_advance (f->clock, 899 * SECOND);
  g_assert_cmpuint (f->asked->len, ==, 0);
  scope_clock_advance (f->clock, 2 * SECOND);
  g_assert_cmpuint (f->asked->len, ==, 1);
}

static void
test_strange_answers (Fixture       *f,
                      gconstpointer  data)
{
  static const char * const bad[] = {
    "", "[]", "{}", "{\"channels\":3}", "{\"channels\":[1]}", "<html>", "{\"channels\":{\"a\":{}", "null",
  };
  static const char * const empty[] = { "{\"channels\":[]}", "{\"channels\":{}}" };

  f->hangs = TRUE;
  scope_discovery_set_in_sight (f->discovery, TRUE);
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (ScopeApiReply) reply = make_reply (200, bad[i]);

      poll_once (f);
      scope_discovery_take_reply (f->discovery, reply, NULL);
      g_assert_nonnull (scope_discovery_get_problem (f->discovery));
      g_assert_true (g_utf8_validate (scope_discovery_get_problem (f->discovery), -1, NULL));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (empty); i++)
    {
      g_autoptr (ScopeApiReply) reply = make_reply (200, empty[i]);

      poll_once (f);
      scope_discovery_take_reply (f->discovery, reply, NULL);
      g_assert_null (scope_discovery_get_problem (f->discovery));
    }
  {
    g_autoptr (ScopeApiReply) reply =
      make_reply (200, "{\"channels\":{\"a\":null,\"b\":7,\"c\":{\"user_count\":-1},\"d\":{\"user_count\":1e3},"
                       "\"e\\u0041\":{\"subscription_count\":99999999999999999999},\"a\":{}}}");

    poll_once (f);
    scope_discovery_take_reply (f->discovery, reply, NULL);
    g_assert_cmpuint (scope_discovery_get_n_occupied (f->discovery), ==, 5);
    g_assert_cmpint (scope_found_channel_get_user_count (find (f, "c")), ==, -1);
    g_assert_cmpint (scope_found_channel_get_subscription_count (find (f, "eA")), ==, -1);
    /* an answer to nothing */
    scope_discovery_take_reply (f->discovery, reply, NULL);
  }
}

static void
test_unavailable (Fixture       *f,
                  gconstpointer  data)
{
  f->unable = g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_USAGE, "no app id");
  scope_discovery_set_in_sight (f->discovery, TRUE);
  poll_once (f);
  g_assert_true (scope_discovery_get_unavailable (f->discovery));
  g_assert_cmpstr (scope_discovery_get_problem (f->discovery), ==, "no app id");

  /* the brake is another thing */
  g_clear_error (&f->unable);
  f->unable = g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_LIMIT, "enough for today");
  poll_once (f);
  g_assert_false (scope_discovery_get_unavailable (f->discovery));
  g_assert_cmpstr (scope_discovery_get_problem (f->discovery), ==, "enough for today");

  g_clear_error (&f->unable);
  scope_poller_hurry (scope_discovery_get_poller (f->discovery));
  poll_once (f);
  g_assert_null (scope_discovery_get_problem (f->discovery));
}

static void
test_closed_while_under_way (Fixture       *f,
                             gconstpointer  data)
{
  g_autoptr (ScopeApiReply) reply = make_reply (200, "{\"channels\":{\"a\":{}}}");

  f->hangs = TRUE;
  scope_discovery_set_in_sight (f->discovery, TRUE);
  poll_once (f);
  scope_discovery_close (f->discovery);
  scope_discovery_take_reply (f->discovery, reply, NULL);
  g_assert_null (scope_discovery_find (f->discovery, "a"));
}

/* Rules */

static guint
count_subscribed (Fixture    *f,
                  const char *prefix)
{
  GHashTableIter iter;
  gpointer name;
  guint n = 0;

  g_hash_table_iter_init (&iter, f->subscribed);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    n += g_str_has_prefix (name, prefix);
  return n;
}

static void
occupy_many (Fixture    *f,
             const char *prefix,
             guint       from,
             guint       to)
{
  for (guint i = from; i < to; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s%u", prefix, i);

      occupy (f, name, "{}");
    }
}

static void
test_rules (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr (ScopeDiscoveryRule) rule = NULL;

  occupy_many (f, "private-order-", 1, 4);
  occupy_many (f, "private-chat-", 1, 4);
  add_rule (f, "private-order-* 5");
  scope_clock_advance (f->clock, 60 * SECOND);
  g_assert_cmpuint (f->asked->len, ==, 0);

  /* nobody looks, but there is a connection */
  scope_discovery_set_rules_active (f->discovery, TRUE);
  poll_once (f);
  assert_asked (f, "private-order-|");
  g_assert_cmpuint (g_hash_table_size (f->subscribed), ==, 3);
  g_assert_true (scope_found_channel_get_subscribed (find (f, "private-order-1")));

  occupy_many (f, "private-order-", 4, 20);
  poll_once (f);
  g_assert_cmpuint (count_subscribed (f, "private-order-"), ==, 5);
  rule = g_list_model_get_item (scope_discovery_get_rules (f->discovery), 0);
  g_assert_cmpuint (scope_discovery_rule_get_n_subscribed (rule), ==, 5);
  g_assert_cmpuint (scope_discovery_rule_get_n_waiting (rule), ==, 14);

  /* what the user leaves is left, and makes room for another */
  g_assert_true (g_hash_table_remove (f->subscribed, "private-order-1"));
  scope_discovery_update_subscribed (f->discovery);
  poll_once (f);
  g_assert_false (g_hash_table_contains (f->subscribed, "private-order-1"));
  g_assert_cmpuint (count_subscribed (f, "private-order-"), ==, 5);

  /* until it appears anew */
  g_hash_table_remove_all (f->subscribed);
  g_hash_table_remove_all (f->occupied);
  scope_discovery_update_subscribed (f->discovery);
  poll_once (f);
  occupy (f, "private-order-1", "{}");
  poll_once (f);
  g_assert_true (g_hash_table_contains (f->subscribed, "private-order-1"));

  scope_discovery_remove_rule (f->discovery, rule);
  g_assert_false (scope_poller_get_running (scope_discovery_get_poller (f->discovery)));
}

/* Each rule's limit holds for what the others do, and for what the user did. */
static void
test_rules_together (Fixture       *f,
                     gconstpointer  data)
{
  occupy_many (f, "private-order-", 0, 50);
  occupy_many (f, "private-chat-", 0, 50);
  g_hash_table_add (f->subscribed, g_strdup ("private-order-7"));
  add_rule (f, "private-* 30");
  add_rule (f, "private-order-* 10");
  scope_discovery_set_rules_active (f->discovery, TRUE);
  for (guint i = 0; i < 5; i++)
    poll_once (f);
  g_assert_cmpuint (count_subscribed (f, "private-"), ==, 30);
  g_assert_cmpuint (count_subscribed (f, "private-order-"), <=, 10);
  /* one list has both */
  g_assert_cmpstr (g_ptr_array_index (f->asked, 0), ==, "private-|");
  g_assert_cmpuint (f->asked->len, ==, 5);
}

static void
test_rules_join_no_one (Fixture       *f,
                        gconstpointer  data)
{
  occupy (f, "presence-room", "{\"user_count\":1}");
  occupy (f, "presence-cache-room", "{\"user_count\":1}");
  occupy (f, "plain", "{}");
  occupy (f, "not a name", "{}");
  add_rule (f, "* 100");
  add_rule (f, "presence-* 7");
  scope_discovery_set_rules_active (f->discovery, TRUE);
  poll_once (f);
  poll_once (f);
  g_assert_cmpuint (g_hash_table_size (f->subscribed), ==, 1);
  g_assert_true (g_hash_table_contains (f->subscribed, "plain"));

  add_rule (f, "presence-r* 7 join");
  poll_once (f);
  g_assert_cmpuint (g_hash_table_size (f->subscribed), ==, 2);
  g_assert_true (g_hash_table_contains (f->subscribed, "presence-room"));
}

static void
test_rule_is_refused (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr (ScopeDiscoveryRule) rule = NULL;

  f->refuse_subscribe = TRUE;
  occupy (f, "a", "{}");
  add_rule (f, "* 100");
  scope_discovery_set_rules_active (f->discovery, TRUE);
  poll_once (f);
  rule = g_list_model_get_item (scope_discovery_get_rules (f->discovery), 0);
  g_assert_cmpstr (scope_discovery_rule_get_problem (rule), ==, "there are enough");

  /* asked for once */
  f->refuse_subscribe = FALSE;
  poll_once (f);
  g_assert_cmpuint (g_hash_table_size (f->subscribed), ==, 0);
}

static void
test_many_prefixes (Fixture       *f,
                    gconstpointer  data)
{
  scope_discovery_set_rules_active (f->discovery, TRUE);
  add_rule (f, "a* 5");
  add_rule (f, "b* 5");
  add_rule (f, "ab* 5");
  add_rule (f, "c* 5");
  poll_once (f);
  assert_asked (f, "a| b| c|");
  g_assert_cmpuint (scope_discovery_get_requests (f->discovery), ==, 3);
  add_rule (f, "d* 5");
  poll_once (f);
  assert_asked (f, "|");
}

static void
test_rule_texts (void)
{
  static const char * const good[] = { "private-order-* 50", "* 1", "presence-room-* 1000 join", "a;b* 3" };
  static const char * const bad[] = {
    "", "a*", "a* 0", "a* 1001", "a* -1", "a* 5 now", "a 5", "a*b 5", "a** 5", "ä* 5", "a* 5 join more", "a*  5",
    "a b* 5", " 5", "a* 99999999999999999999",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeDiscoveryRule) rule = scope_discovery_rule_new_from_text (good[i], &error);
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      text = scope_discovery_rule_to_text (rule);
      g_assert_cmpstr (text, ==, good[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (scope_discovery_rule_new_from_text (bad[i], &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
}

static void
test_rules_are_bounded (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr (ScopeDiscoveryRule) again = scope_discovery_rule_new ("a0*", 9, FALSE, NULL);
  g_autoptr (ScopeDiscoveryRule) more = scope_discovery_rule_new ("b*", 9, FALSE, NULL);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < SCOPE_LIMIT_DISCOVERY_RULES; i++)
    {
      g_autofree char *text = g_strdup_printf ("a%u* 5", i);

      add_rule (f, text);
    }
  g_assert_false (scope_discovery_add_rule (f->discovery, again, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (scope_discovery_add_rule (f->discovery, more, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
}

/* Occupancy over time */

static void
test_history (Fixture       *f,
              gconstpointer  data)
{
  const ScopeOccupancy *history;
  gint64 least, largest;

  occupy (f, "presence-room", "{\"user_count\":2}");
  scope_discovery_set_in_sight (f->discovery, TRUE);
  for (guint i = 0; i < 10; i++)
    poll_once (f);
  history = scope_found_channel_get_history (find (f, "presence-room"));
  g_assert_cmpuint (scope_occupancy_get_n_samples (history), ==, 2);
  g_assert_cmpint (scope_occupancy_get (history, 0)->value, ==, 2);
  g_assert_cmpint (scope_occupancy_get (history, 1)->wall_usec, ==, scope_clock_get_wall_usec (f->clock));

  occupy (f, "presence-room", "{\"user_count\":9}");
  poll_once (f);
  g_hash_table_remove_all (f->occupied);
  poll_once (f);
  g_assert_cmpint (scope_occupancy_get_last (history), ==, 0);
  g_assert_true (scope_occupancy_get_extent (history, &least, &largest));
  g_assert_cmpint (least, ==, 0);
  g_assert_cmpint (largest, ==, 9);
  g_assert_cmpint (scope_occupancy_get_last (scope_discovery_get_history (f->discovery)), ==, 0);

  /* nobody looks: nothing is known */
  scope_discovery_set_in_sight (f->discovery, FALSE);
  g_assert_cmpint (scope_occupancy_get_last (history), ==, SCOPE_OCCUPANCY_UNKNOWN);
}

static void
test_occupancy_is_bounded (void)
{
  g_autoptr (ScopeOccupancy) occupancy = scope_occupancy_new (100);
  gint64 before = -1;

  for (guint i = 0; i < 10000; i++)
    {
      scope_occupancy_add (occupancy, i, i % 7);
      g_assert_cmpuint (scope_occupancy_get_n_samples (occupancy), <=, 100);
    }
  g_assert_true (scope_occupancy_get_dropped (occupancy));
  for (guint i = 0; i < scope_occupancy_get_n_samples (occupancy); i++)
    {
      g_assert_cmpint (scope_occupancy_get (occupancy, i)->wall_usec, >, before);
      before = scope_occupancy_get (occupancy, i)->wall_usec;
      g_assert_cmpint (scope_occupancy_get (occupancy, i)->value, ==, before % 7);
    }
  g_assert_cmpint (before, ==, 9999);
}

/* The tree */

typedef struct
{
  GPtrArray *items;
} Mirror;

static void
mirror_cb (GListModel *model,
           guint       position,
           guint       removed,
           guint       added,
           Mirror     *mirror)
{
  g_ptr_array_remove_range (mirror->items, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (mirror->items, position + i, g_list_model_get_item (model, position + i));
}

static void
assert_mirrored (GListModel *model,
                 Mirror     *mirror)
{
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, mirror->items->len);
  for (guint i = 0; i < mirror->items->len; i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      g_assert_true (item == g_ptr_array_index (mirror->items, i));
    }
}

/* "0:presence-(2) 1:room 1:support 0:chat" */
static char *
describe (ScopeDiscoveryList *list)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (list)); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (G_LIST_MODEL (list), i);
      guint told = scope_discovery_list_get_told (list, i);

      g_string_append_printf (text, "%s%u:", i > 0 ? " " : "", scope_discovery_list_get_depth (list, i));
      if (SCOPE_IS_FOUND_GROUP (item))
        g_string_append_printf (text, "%s(%u)", scope_found_group_get_prefix (SCOPE_FOUND_GROUP (item)) + told,
                                scope_found_group_get_n_channels (SCOPE_FOUND_GROUP (item)));
      else
        g_string_append (text, scope_found_channel_get_name (SCOPE_FOUND_CHANNEL (item)) + told);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_tree (ScopeDiscoveryList *list,
             const char         *expected)
{
  g_autofree char *text = describe (list);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_tree (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr (ScopeDiscoveryList) list = scope_discovery_list_new (f->discovery);
  g_autoptr (ScopeFoundGroup) group = NULL;

  occupy (f, "private-order-10", "{}");
  occupy (f, "private-order-9", "{}");
  occupy (f, "private-chat-eu-1", "{}");
  occupy (f, "private-chat-eu-2", "{}");
  occupy (f, "presence-room", "{}");
  occupy (f, "news", "{}");
  f->has_users = FALSE;
  scope_discovery_set_in_sight (f->discovery, TRUE);
  poll_once (f);
  assert_tree (list, "0:news 0:presence-room 0:private-(4) 1:chat-eu-(2) 2:1 2:2 1:order-(2) 2:9 2:10");
  g_assert_cmpuint (scope_discovery_list_get_parent (list, 5), ==, 3);
  g_assert_cmpuint (scope_discovery_list_get_parent (list, 3), ==, 2);
  g_assert_cmpuint (scope_discovery_list_get_parent (list, 2), ==, G_MAXUINT);

  group = g_list_model_get_item (G_LIST_MODEL (list), 3);
  scope_discovery_list_set_expanded (list, group, FALSE);
  assert_tree (list, "0:news 0:presence-room 0:private-(4) 1:chat-eu-(2) 1:order-(2) 2:9 2:10");

  /* folded it stays, whatever happens */
  g_hash_table_remove_all (f->occupied);
  poll_once (f);
  g_assert_cmpuint (scope_found_group_get_n_occupied (group), ==, 0);
  scope_discovery_clear_vacated (f->discovery);
  assert_tree (list, "");
  occupy (f, "private-chat-eu-1", "{}");
  occupy (f, "private-chat-eu-2", "{}");
  poll_once (f);
  assert_tree (list, "0:private-chat-eu-(2)");

  scope_discovery_set_prefix (f->discovery, "private-chat-eu-");
  assert_tree (list, "0:1 0:2");
  scope_discovery_set_prefix (f->discovery, "private-ch");
  assert_tree (list, "0:chat-eu-(2)");
}

static void
test_names_in_order (void)
{
  static const char * const sorted[] = {
    "", "-", "a", "a-", "a-1", "a-01", "a-2", "a-2-b", "a-10", "a-10-1", "a-10-2", "a-10.5", "a-x", "aa", "b0", "b00",
    "b0000000000000000000000000000000000000000001", "b2", "b99999999999999999999999999999999999999998",
    "b99999999999999999999999999999999999999999",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sorted); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sorted); j++)
      {
        int order = scope_found_channel_compare_names (sorted[i], sorted[j]);

        g_assert_cmpint ((order > 0) - (order < 0), ==, (i > j) - (i < j));
      }
}

/* Channels that come and go by chance: rows as the signals tell them, and each channel once. */
static void
test_tree_by_chance (Fixture       *f,
                     gconstpointer  data)
{
  static const char * const parts[] = { "private", "order", "eu", "7", "42", "presence", "a" };
  g_autoptr (ScopeDiscoveryList) list = scope_discovery_list_new (f->discovery);
  Mirror mirror = { g_ptr_array_new_with_free_func (g_object_unref) };

  f->has_users = FALSE;
  g_signal_connect (list, "items-changed", G_CALLBACK (mirror_cb), &mirror);
  scope_discovery_set_in_sight (f->discovery, TRUE);
  for (guint round = 0; round < 150; round++)
    {
      for (guint i = 0; i < 10; i++)
        {
          g_autoptr (GString) name = g_string_new (parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);

          for (int n = g_test_rand_int_range (0, 4); n > 0; n--)
            g_string_append_printf (name, "%c%s", "-._"[g_test_rand_int_range (0, 3)],
                                    parts[g_test_rand_int_range (0, G_N_ELEMENTS (parts))]);
          if (g_test_rand_bit ())
            occupy (f, name->str, "{}");
          else
            g_hash_table_remove (f->occupied, name->str);
        }
      poll_once (f);
      if (round % 20 == 19)
        scope_discovery_clear_vacated (f->discovery);
      if (mirror.items->len > 0)
        {
          GObject *item = g_ptr_array_index (mirror.items, g_test_rand_int_range (0, mirror.items->len));

          if (SCOPE_IS_FOUND_GROUP (item))
            scope_discovery_list_set_expanded (list, SCOPE_FOUND_GROUP (item), g_test_rand_bit ());
        }
      assert_mirrored (G_LIST_MODEL (list), &mirror);
      g_assert_cmpuint (scope_discovery_get_n_occupied (f->discovery), ==, g_hash_table_size (f->occupied));
    }
  g_signal_handlers_disconnect_by_data (list, &mirror);
  g_ptr_array_unref (mirror.items);
}

/* Ten thousand, and more than are kept. */
static void
test_many (Fixture       *f,
           gconstpointer  data)
{
  g_autoptr (ScopeDiscoveryList) list = scope_discovery_list_new (f->discovery);
  clock_t start;

  occupy_many (f, "private-order-", 0, 10000);
  scope_discovery_set_in_sight (f->discovery, TRUE);
  start = clock ();
  poll_once (f);
  g_test_message ("10,000 channels listed in %ld us of the processor", (long) (clock () - start));
  g_assert_cmpuint (scope_discovery_get_n_occupied (f->discovery), ==, 10000);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (list)), ==, 10001);
  start = clock ();
  poll_once (f);
  g_test_message ("the same again in %ld us", (long) (clock () - start));
  occupy_many (f, "private-order-", 10000, 10010);
  start = clock ();
  poll_once (f);
  g_test_message ("ten more in %ld us", (long) (clock () - start));
  g_assert_cmpuint (scope_discovery_get_n_occupied (f->discovery), ==, 10010);

  occupy_many (f, "x", 0, SCOPE_LIMIT_FOUND_CHANNELS - 9010);
  poll_once (f);
  g_assert_cmpuint (scope_discovery_get_n_occupied (f->discovery), ==, SCOPE_LIMIT_FOUND_CHANNELS);
  g_assert_cmpuint (scope_discovery_get_n_ignored (f->discovery), ==, 1000);

  /* those that are empty are bounded, too */
  g_hash_table_remove_all (f->occupied);
  poll_once (f);
  g_assert_cmpuint (scope_discovery_get_n_occupied (f->discovery), ==, 0);
  g_assert_cmpuint (scope_discovery_get_n_vacated (f->discovery), ==, SCOPE_LIMIT_VACATED_CHANNELS);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/discovery/only-while-wanted", test_only_while_wanted);
  ADD ("/discovery/appear-and-vanish", test_appear_and_vanish);
  ADD ("/discovery/counts-users", test_counts_users);
  ADD ("/discovery/server-without-users", test_server_without_users);
  ADD ("/discovery/server-refuses-info", test_server_refuses_info);
  ADD ("/discovery/failures", test_failures);
  ADD ("/discovery/retry-after", test_retry_after);
  ADD ("/discovery/strange-answers", test_strange_answers);
  ADD ("/discovery/unavailable", test_unavailable);
  ADD ("/discovery/closed-while-under-way", test_closed_while_under_way);
  ADD ("/discovery/rules", test_rules);
  ADD ("/discovery/rules-together", test_rules_together);
  ADD ("/discovery/rules-join-no-one", test_rules_join_no_one);
  ADD ("/discovery/rule-is-refused", test_rule_is_refused);
  ADD ("/discovery/many-prefixes", test_many_prefixes);
  ADD ("/discovery/rules-are-bounded", test_rules_are_bounded);
  ADD ("/discovery/history", test_history);
  ADD ("/discovery/tree", test_tree);
  ADD ("/discovery/tree-by-chance", test_tree_by_chance);
  ADD ("/discovery/many", test_many);
#undef ADD
  g_test_add_func ("/discovery/rule-texts", test_rule_texts);
  g_test_add_func ("/discovery/occupancy-is-bounded", test_occupancy_is_bounded);
  g_test_add_func ("/discovery/names-in-order", test_names_in_order);
  return g_test_run ();
}
