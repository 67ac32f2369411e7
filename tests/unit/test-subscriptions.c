/* SPDX-License-Identifier: GPL-3.0-or-later */

/* protocol.md §3.5: every row, and its Do lines. */

#define G_LOG_DOMAIN "test-subscriptions"

#include "config.h"

#include <string.h>

#include "base/scope-limits.h"
#include "protocol/scope-subscriptions.h"

/* What a call asked for, as text: "pending(c#1) authorize(c#1)". */
static char *trace;

static void
note (const ScopeStep *steps,
      guint            n_steps)
{
  static const char *const names[] = {
    [SCOPE_STEP_AUTHORIZE] = "authorize",       [SCOPE_STEP_SEND_SUBSCRIBE] = "send",
    [SCOPE_STEP_SEND_UNSUBSCRIBE] = "unsend",   [SCOPE_STEP_PENDING] = "pending",
    [SCOPE_STEP_SUBSCRIBED] = "subscribed",     [SCOPE_STEP_ERROR] = "error",
    [SCOPE_STEP_UNSUBSCRIBED] = "unsubscribed", [SCOPE_STEP_RESET] = "reset",
  };
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < n_steps; i++)
    {
      g_string_append_printf (text, "%s%s(%s#%u", i > 0 ? " " : "", names[steps[i].type],
                              steps[i].channel, steps[i].tag);
      if (steps[i].type == SCOPE_STEP_ERROR)
        g_string_append_printf (text, ",%s,%s,%u", steps[i].error_type, steps[i].error_text,
                                steps[i].status);
      g_string_append_c (text, ')');
    }

  g_free (trace);
  trace = g_string_free (text, FALSE);
}

#define STEPS(function, ...)                                                                       \
  G_STMT_START                                                                                     \
    {                                                                                              \
      guint n_steps_ = 99;                                                                         \
      const ScopeStep *steps_ = scope_subscriptions_##function (__VA_ARGS__, &n_steps_);           \
                                                                                                   \
      note (steps_, n_steps_);                                                                     \
    }                                                                                              \
  G_STMT_END

#define EXPECT(expected, function, ...)                                                            \
  G_STMT_START                                                                                     \
    {                                                                                              \
      STEPS (function, __VA_ARGS__);                                                               \
      g_assert_cmpstr (trace, ==, expected);                                                       \
    }                                                                                              \
  G_STMT_END

static void
assert_wire (ScopeSubscriptions *subs,
             const char         *channel,
             ScopeWireState      wire,
             gboolean            wanted)
{
  g_assert_cmpint (scope_subscriptions_get_wire_state (subs, channel), ==, wire);
  g_assert_cmpint (scope_subscriptions_is_wanted (subs, channel), ==, wanted);
}

static ScopeSubscriptions *
subs_connected (void)
{
  ScopeSubscriptions *subs = scope_subscriptions_new ();

  EXPECT ("", connected, subs);
  return subs;
}

/* new, connected: create; pending; authorize; send */
static void
test_subscribe_connected (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  EXPECT ("pending(c#1) send(c#1)", subscribe, subs, "c");
  assert_wire (subs, "c", SCOPE_WIRE_SENT, TRUE);
  EXPECT ("subscribed(c#1)", succeeded, subs, "c");
  assert_wire (subs, "c", SCOPE_WIRE_SUBSCRIBED, TRUE);

  EXPECT ("pending(private-p#2) authorize(private-p#2)", subscribe, subs, "private-p");
  assert_wire (subs, "private-p", SCOPE_WIRE_AUTHORIZING, TRUE);
  g_assert_cmpuint (scope_subscriptions_get_tag (subs, "private-p"), ==, 2);
  EXPECT ("send(private-p#2)", authorized, subs, "private-p", 2);
  assert_wire (subs, "private-p", SCOPE_WIRE_SENT, TRUE);
  EXPECT ("subscribed(private-p#2)", succeeded, subs, "private-p");
}

/* Which kinds ask for a signature first. */
static void
test_subscribe_kinds (void)
{
  static const struct
  {
    const char *channel;
    gboolean needs_auth;
  } rows[] = {
    { "c", FALSE },
    { "cache-c", FALSE },
    { "#server-to-user-1", FALSE },
    { "private-c", TRUE },
    { "presence-c", TRUE },
    { "private-cache-c", TRUE },
    { "presence-cache-c", TRUE },
    { "private-encrypted-c", TRUE },
    { "private-encrypted-cache-c", TRUE },
  };
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      STEPS (subscribe, subs, rows[i].channel);
      assert_wire (subs, rows[i].channel, rows[i].needs_auth ? SCOPE_WIRE_AUTHORIZING : SCOPE_WIRE_SENT,
                   TRUE);
    }
}

/* new, not connected: create only; sent at next connected */
static void
test_subscribe_offline (void)
{
  g_autoptr (ScopeSubscriptions) subs = scope_subscriptions_new ();

  EXPECT ("", subscribe, subs, "b");
  EXPECT ("", subscribe, subs, "private-a");
  EXPECT ("", subscribe, subs, "b");
  assert_wire (subs, "b", SCOPE_WIRE_NONE, TRUE);
  EXPECT ("pending(b#1) send(b#1) pending(private-a#2) authorize(private-a#2)", connected, subs);
  EXPECT ("", connected, subs);
}

/* subscribed, or pending and not cancelled: nothing sent */
static void
test_subscribe_again (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  STEPS (subscribe, subs, "private-p");
  EXPECT ("", subscribe, subs, "private-p");
  STEPS (authorized, subs, "private-p", 1);
  EXPECT ("", subscribe, subs, "private-p");
  STEPS (succeeded, subs, "private-p");
  EXPECT ("", subscribe, subs, "private-p");
  /* soketi says it again */
  EXPECT ("", succeeded, subs, "private-p");
  assert_wire (subs, "private-p", SCOPE_WIRE_SUBSCRIBED, TRUE);
}

/* pending and cancelled: the cancelling is taken back, nothing sent */
static void
test_subscribe_cancelled (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  STEPS (subscribe, subs, "private-p");
  EXPECT ("", unsubscribe, subs, "private-p");
  assert_wire (subs, "private-p", SCOPE_WIRE_AUTHORIZING, FALSE);
  EXPECT ("", subscribe, subs, "private-p");
  EXPECT ("send(private-p#1)", authorized, subs, "private-p", 1);
  EXPECT ("", unsubscribe, subs, "private-p");
  assert_wire (subs, "private-p", SCOPE_WIRE_SENT, FALSE);
  EXPECT ("", subscribe, subs, "private-p");
  EXPECT ("subscribed(private-p#1)", succeeded, subs, "private-p");
}

/* unsubscribe, pending: nothing sent; succeeded, cancelled: unsubscribe frame, removed, no event */
static void
test_unsubscribe_sent (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  STEPS (subscribe, subs, "c");
  EXPECT ("", unsubscribe, subs, "c");
  EXPECT ("", unsubscribe, subs, "c");
  EXPECT ("unsend(c#1) unsubscribed(c#1)", succeeded, subs, "c");
  assert_wire (subs, "c", SCOPE_WIRE_NONE, FALSE);
  EXPECT ("", succeeded, subs, "c");
}

/* What was never sent is not sent any more. */
static void
test_unsubscribe_authorizing (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  STEPS (subscribe, subs, "private-a");
  STEPS (subscribe, subs, "private-b");
  EXPECT ("", unsubscribe, subs, "private-a");
  EXPECT ("", unsubscribe, subs, "private-b");
  EXPECT ("unsubscribed(private-a#1)", authorized, subs, "private-a", 1);
  EXPECT ("unsubscribed(private-b#2)", refused, subs, "private-b", 2, "AuthError", "no", 403);
  assert_wire (subs, "private-a", SCOPE_WIRE_NONE, FALSE);
  EXPECT ("", connected, subs);
}

/* unsubscribe, else: removed; frame sent only if subscribed */
static void
test_unsubscribe_else (void)
{
  g_autoptr (ScopeSubscriptions) subs = scope_subscriptions_new ();

  EXPECT ("", unsubscribe, subs, "unknown");
  STEPS (subscribe, subs, "offline");
  EXPECT ("unsubscribed(offline#0)", unsubscribe, subs, "offline");

  EXPECT ("", connected, subs);
  STEPS (subscribe, subs, "c");
  STEPS (succeeded, subs, "c");
  EXPECT ("unsend(c#1) unsubscribed(c#1)", unsubscribe, subs, "c");
  assert_wire (subs, "c", SCOPE_WIRE_NONE, FALSE);

  STEPS (subscribe, subs, "private-e");
  STEPS (refused, subs, "private-e", 2, "AuthError", "no", 403);
  EXPECT ("unsubscribed(private-e#2)", unsubscribe, subs, "private-e");
  assert_wire (subs, "private-e", SCOPE_WIRE_NONE, FALSE);
}

/* authorization fails: pending no more; stays wanted and is tried at the next connected */
static void
test_refused (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  STEPS (subscribe, subs, "private-p");
  EXPECT ("error(private-p#1,AuthError,Forbidden,403)", refused, subs, "private-p", 1, "AuthError",
          "Forbidden", 403);
  assert_wire (subs, "private-p", SCOPE_WIRE_ERROR, TRUE);
  EXPECT ("", authorized, subs, "private-p", 1);
  EXPECT ("", refused, subs, "private-p", 1, "AuthError", "Forbidden", 403);

  EXPECT ("reset(private-p#1)", lost, subs);
  assert_wire (subs, "private-p", SCOPE_WIRE_NONE, TRUE);
  EXPECT ("pending(private-p#2) authorize(private-p#2)", connected, subs);
}

/* Do: a server's error clears pending and allows a retry. */
static void
test_server_error (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  EXPECT ("", server_error, subs, "unknown", "AuthError", "no", 401);
  STEPS (subscribe, subs, "c");
  EXPECT ("error(c#1,LimitReached,full,4100)", server_error, subs, "c", "LimitReached", "full", 4100);
  assert_wire (subs, "c", SCOPE_WIRE_ERROR, TRUE);
  EXPECT ("", server_error, subs, "c", "LimitReached", "full", 4100);
  EXPECT ("pending(c#2) send(c#2)", subscribe, subs, "c");

  /* cancelled meanwhile: refused is as good as unsubscribed, and nothing is left */
  EXPECT ("", unsubscribe, subs, "c");
  EXPECT ("unsubscribed(c#2)", server_error, subs, "c", NULL, NULL, 0);
  assert_wire (subs, "c", SCOPE_WIRE_NONE, FALSE);

  /* while it is being authorized also */
  STEPS (subscribe, subs, "private-p");
  EXPECT ("error(private-p#3,(null),(null),0)", server_error, subs, "private-p", NULL, NULL, 0);
  EXPECT ("", authorized, subs, "private-p", 3);

  /* "Existing subscription" on one that stands is harmless (§1.8) */
  STEPS (subscribe, subs, "d");
  STEPS (succeeded, subs, "d");
  EXPECT ("", server_error, subs, "d", NULL, "Existing subscription to channel d", 0);
  assert_wire (subs, "d", SCOPE_WIRE_SUBSCRIBED, TRUE);
}

/* soketi's prefixes count anywhere in a name (§11.2): once more with authorization, or said why */
static void
test_private_elsewhere (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  STEPS (subscribe, subs, "my-private-room");
  STEPS (server_error, subs, "my-private-room", "AuthError", "No.", 401);
  g_assert_true (g_str_has_prefix (trace, "error(my-private-room#1,AuthError,No. This server"));
  g_assert_nonnull (strstr (trace, "endpoint"));

  scope_subscriptions_set_can_authorize (subs, TRUE);
  STEPS (subscribe, subs, "my-private-room");
  EXPECT ("pending(my-private-room#3) authorize(my-private-room#3)", server_error, subs,
          "my-private-room", "AuthError", "No.", 401);
  assert_wire (subs, "my-private-room", SCOPE_WIRE_AUTHORIZING, TRUE);
  EXPECT ("send(my-private-room#3)", authorized, subs, "my-private-room", 3);

  /* once */
  EXPECT ("error(my-private-room#3,AuthError,No.,401)", server_error, subs, "my-private-room",
          "AuthError", "No.", 401);

  /* known from now on */
  STEPS (lost, subs);
  EXPECT ("pending(my-private-room#4) authorize(my-private-room#4)", connected, subs);

  /* neither another name, nor another refusal, nor one that is not wanted any more */
  STEPS (subscribe, subs, "room");
  EXPECT ("error(room#5,AuthError,No.,401)", server_error, subs, "room", "AuthError", "No.", 401);
  STEPS (subscribe, subs, "a-presence-b");
  EXPECT ("error(a-presence-b#6,LimitReached,full,4100)", server_error, subs, "a-presence-b",
          "LimitReached", "full", 4100);
  STEPS (subscribe, subs, "a-presence-b");
  STEPS (unsubscribe, subs, "a-presence-b");
  EXPECT ("unsubscribed(a-presence-b#7)", server_error, subs, "a-presence-b", "AuthError", "No.", 401);
}

/* Do: replies for an old socket id are dropped. */
static void
test_stale_tags (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  STEPS (subscribe, subs, "private-p");
  STEPS (lost, subs);
  EXPECT ("", authorized, subs, "private-p", 1);
  EXPECT ("", refused, subs, "private-p", 1, "AuthError", "no", 403);
  EXPECT ("pending(private-p#2) authorize(private-p#2)", connected, subs);
  EXPECT ("", authorized, subs, "private-p", 1);
  EXPECT ("", refused, subs, "private-p", 1, "AuthError", "no", 403);
  EXPECT ("", timed_out, subs, "private-p", 1);
  EXPECT ("", authorized, subs, "private-p", 3);
  EXPECT ("", authorized, subs, "private-q", 2);
  EXPECT ("send(private-p#2)", authorized, subs, "private-p", 2);
  EXPECT ("", authorized, subs, "private-p", 2);
  EXPECT ("", refused, subs, "private-p", 2, "AuthError", "no", 403);
}

/* Do: no answer in time ends pending. */
static void
test_timed_out (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  STEPS (subscribe, subs, "c");
  STEPS (subscribe, subs, "private-p");
  STEPS (timed_out, subs, "c", 1);
  g_assert_true (g_str_has_prefix (trace, "error(c#1,TimedOut,"));
  STEPS (timed_out, subs, "private-p", 2);
  g_assert_true (g_str_has_prefix (trace, "error(private-p#2,TimedOut,"));
  EXPECT ("", timed_out, subs, "c", 1);

  /* the server was only late */
  EXPECT ("subscribed(c#1)", succeeded, subs, "c");
  EXPECT ("", timed_out, subs, "c", 1);
}

/* Cancelled and never answered: the server may have subscribed us all the same. */
static void
test_timed_out_cancelled (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  STEPS (subscribe, subs, "c");
  STEPS (subscribe, subs, "private-p");
  STEPS (unsubscribe, subs, "c");
  STEPS (unsubscribe, subs, "private-p");
  EXPECT ("unsend(c#1) unsubscribed(c#1)", timed_out, subs, "c", 1);
  EXPECT ("unsubscribed(private-p#2)", timed_out, subs, "private-p", 2);
}

/* connecting, disconnected: subscribed and pending end; connected: every channel once more, with
 * fresh authorization, in the order asked for. Do: a cancelled one is not among them. */
static void
test_lost (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  STEPS (subscribe, subs, "a");
  STEPS (succeeded, subs, "a");
  STEPS (subscribe, subs, "private-b");
  STEPS (subscribe, subs, "c");
  STEPS (subscribe, subs, "d");
  STEPS (unsubscribe, subs, "c");
  STEPS (subscribe, subs, "private-e");
  STEPS (unsubscribe, subs, "private-e");

  EXPECT ("reset(a#1) reset(private-b#2) unsubscribed(c#3) reset(d#4) unsubscribed(private-e#5)", lost,
          subs);
  EXPECT ("", lost, subs);
  assert_wire (subs, "a", SCOPE_WIRE_NONE, TRUE);
  assert_wire (subs, "c", SCOPE_WIRE_NONE, FALSE);

  EXPECT ("", succeeded, subs, "a");
  EXPECT ("", server_error, subs, "a", NULL, NULL, 0);
  EXPECT ("pending(a#6) send(a#6) pending(private-b#7) authorize(private-b#7) pending(d#8) send(d#8)",
          connected, subs);
}

static void
test_list_wanted (void)
{
  static const char *const names[] = { "z", "private-y", "a", "m" };
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();
  g_autoptr (GPtrArray) wanted = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    STEPS (subscribe, subs, names[i]);
  STEPS (unsubscribe, subs, "a");

  wanted = scope_subscriptions_list_wanted (subs);
  g_assert_cmpuint (wanted->len, ==, 3);
  g_assert_cmpstr (g_ptr_array_index (wanted, 0), ==, "z");
  g_assert_cmpstr (g_ptr_array_index (wanted, 1), ==, "private-y");
  g_assert_cmpstr (g_ptr_array_index (wanted, 2), ==, "m");
}

static void
assert_sent (ScopeSubscriptions *subs,
             const char *expected)
{
  g_autoptr (GPtrArray) names = scope_subscriptions_list_sent (subs);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < names->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? " " : "", (const char *) names->pdata[i]);
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_list_sent (void)
{
  g_autoptr (ScopeSubscriptions) subs = subs_connected ();

  assert_sent (subs, "");
  STEPS (subscribe, subs, "private-a");
  assert_sent (subs, ""); /* the server knows nothing of it yet */
  STEPS (subscribe, subs, "b");
  assert_sent (subs, "b");
  STEPS (authorized, subs, "private-a", 1);
  assert_sent (subs, "private-a b");
  STEPS (unsubscribe, subs, "private-a"); /* its refusal may still come */
  assert_sent (subs, "private-a b");
  STEPS (succeeded, subs, "b");
  assert_sent (subs, "private-a");
}

static void
test_limit (void)
{
  g_autoptr (ScopeSubscriptions) subs = scope_subscriptions_new ();

  for (guint i = 0; i < SCOPE_LIMIT_CHANNELS; i++)
    {
      g_autofree char *name = g_strdup_printf ("c%u", i);

      EXPECT ("", subscribe, subs, name);
    }

  STEPS (subscribe, subs, "one-more");
  g_assert_true (g_str_has_prefix (trace, "error(one-more#0,LimitReached,"));
  assert_wire (subs, "one-more", SCOPE_WIRE_NONE, FALSE);
  EXPECT ("", subscribe, subs, "c7");
  STEPS (unsubscribe, subs, "c7");
  EXPECT ("", subscribe, subs, "one-more");
}

/* No order of calls leaves a channel stuck: whatever happened, losing and regaining the wire and the
 * server's answers bring every wanted channel to subscribed and forget every other. */
static void
test_random_walk (void)
{
  static const char *const names[] = { "a", "b", "private-c", "presence-d", "cache-e" };

  for (guint round = 0; round < 2000; round++)
    {
      g_autoptr (ScopeSubscriptions) subs = scope_subscriptions_new ();
      gboolean wanted[G_N_ELEMENTS (names)] = { FALSE };

      for (guint i = 0; i < 50; i++)
        {
          gsize which = g_test_rand_int_range (0, G_N_ELEMENTS (names));
          const char *name = names[which];
          guint tag = scope_subscriptions_get_tag (subs, name) - (g_test_rand_int_range (0, 5) == 0);

          switch (g_test_rand_int_range (0, 9))
            {
            case 0: STEPS (subscribe, subs, name); wanted[which] = TRUE; break;
            case 1: STEPS (unsubscribe, subs, name); wanted[which] = FALSE; break;
            case 2: STEPS (authorized, subs, name, tag); break;
            case 3: STEPS (refused, subs, name, tag, "AuthError", "no", 403); break;
            case 4: STEPS (succeeded, subs, name); break;
            case 5: STEPS (server_error, subs, name, "AuthError", "no", 401); break;
            case 6: STEPS (timed_out, subs, name, tag); break;
            case 7: STEPS (connected, subs); break;
            default: STEPS (lost, subs); break;
            }
          g_assert_cmpint (scope_subscriptions_is_wanted (subs, name), ==, wanted[which]);
        }

      STEPS (lost, subs);
      STEPS (connected, subs);
      for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
        {
          STEPS (authorized, subs, names[i], scope_subscriptions_get_tag (subs, names[i]));
          STEPS (succeeded, subs, names[i]);
          assert_wire (subs, names[i], wanted[i] ? SCOPE_WIRE_SUBSCRIBED : SCOPE_WIRE_NONE, wanted[i]);
        }
    }
}

int
main (int   argc,
      char *argv[])
{
  int status;

  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/subscriptions/subscribe/connected", test_subscribe_connected);
  g_test_add_func ("/subscriptions/subscribe/kinds", test_subscribe_kinds);
  g_test_add_func ("/subscriptions/subscribe/offline", test_subscribe_offline);
  g_test_add_func ("/subscriptions/subscribe/again", test_subscribe_again);
  g_test_add_func ("/subscriptions/subscribe/cancelled", test_subscribe_cancelled);
  g_test_add_func ("/subscriptions/unsubscribe/sent", test_unsubscribe_sent);
  g_test_add_func ("/subscriptions/unsubscribe/authorizing", test_unsubscribe_authorizing);
  g_test_add_func ("/subscriptions/unsubscribe/else", test_unsubscribe_else);
  g_test_add_func ("/subscriptions/refused", test_refused);
  g_test_add_func ("/subscriptions/server-error", test_server_error);
  g_test_add_func ("/subscriptions/private-elsewhere", test_private_elsewhere);
  g_test_add_func ("/subscriptions/stale-tags", test_stale_tags);
  g_test_add_func ("/subscriptions/timed-out", test_timed_out);
  g_test_add_func ("/subscriptions/timed-out/cancelled", test_timed_out_cancelled);
  g_test_add_func ("/subscriptions/lost", test_lost);
  g_test_add_func ("/subscriptions/list-wanted", test_list_wanted);
  g_test_add_func ("/subscriptions/list-sent", test_list_sent);
  g_test_add_func ("/subscriptions/limit", test_limit);
  g_test_add_func ("/subscriptions/random-walk", test_random_walk);

  status = g_test_run ();
  g_free (trace);
  return status;
}
