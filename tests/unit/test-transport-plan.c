/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which transports an attempt tries, when each starts, and what is remembered: protocol.md §7.3–7.5, §12. */

#include "config.h"

#include "protocol/scope-transport-plan.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define LIMIT (15 * SECOND)
#define WS SCOPE_TRANSPORT_WS
#define WSS SCOPE_TRANSPORT_WSS
#define STREAMING SCOPE_TRANSPORT_XHR_STREAMING
#define POLLING SCOPE_TRANSPORT_XHR_POLLING
#define SOCKJS SCOPE_TRANSPORT_SOCKJS

static const char *
name_of (ScopeTransportKinds kind)
{
  static const char * const names[] = { "ws", "wss", "streaming", "polling", "sockjs" };

  return names[g_bit_nth_lsf (kind, -1)];
}

/* "ws 0, wss+tls 2": a remembered one with its limit in milliseconds, "(ws 1100)" */
static char *
describe (const ScopeTransportPlan *plan)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < plan->n_candidates; i++)
    {
      const ScopeTransportCandidate *candidate = &plan->candidates[i];

      g_string_append_printf (text, "%s%s%s%s", i > 0 ? ", " : "", candidate->remembered ? "(" : "",
                              name_of (candidate->kind), candidate->use_tls ? "+tls" : "");
      if (candidate->remembered)
        g_string_append_printf (text, " %d)", (int) (candidate->limit_usec / 1000));
      else
        g_string_append_printf (text, " %d", (int) (candidate->start_usec / SECOND));
      if (!candidate->remembered)
        g_assert_cmpint (candidate->limit_usec, ==, LIMIT);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
expect_at (ScopeTransportMemory *memory,
           ScopeTransportKinds allowed,
           gboolean profile_tls,
           gboolean use_tls,
           gint64 now_usec,
           const char *expected)
{
  ScopeTransportPlan plan;
  g_autofree char *text = NULL;

  scope_transport_plan_make (&plan, allowed, profile_tls, use_tls, LIMIT, now_usec, memory);
  text = describe (&plan);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_order (void)
{
  static const struct
  {
    ScopeTransportKinds allowed;
    gboolean profile_tls, use_tls;
    const char *expected;
  } rows[] = {
    /* the table of §7.4 */
    { SCOPE_TRANSPORTS_ALL, TRUE, TRUE, "ws+tls 0, streaming+tls 2, polling+tls 6" },
    { SCOPE_TRANSPORTS_ALL, FALSE, FALSE, "ws 0, wss+tls 2, streaming 5, polling 9" },
    /* after code 4000: only what has TLS */
    { SCOPE_TRANSPORTS_ALL, FALSE, TRUE, "wss+tls 0, streaming+tls 2, polling+tls 6" },
    { SCOPE_TRANSPORTS_SOCKET, FALSE, FALSE, "ws 0, wss+tls 2" },
    { SCOPE_TRANSPORTS_SOCKET, TRUE, TRUE, "ws+tls 0" },
    { WS, FALSE, FALSE, "ws 0" },
    { WS | STREAMING, FALSE, FALSE, "ws 0, streaming 5" },
    { WSS, FALSE, TRUE, "wss+tls 0" },
    { WSS | POLLING, FALSE, FALSE, "wss+tls 0, polling 2" },
    /* `wss` with TLS in the options names nothing (§7.3) */
    { WSS, TRUE, TRUE, "" },
    { WS, FALSE, TRUE, "" },
    { 0, FALSE, FALSE, "" },
    /* no socket: HTTP at once; polling waits for streaming only */
    { SCOPE_TRANSPORTS_HTTP, TRUE, TRUE, "streaming+tls 0, polling+tls 4" },
    { STREAMING, FALSE, FALSE, "streaming 0" },
    { POLLING, FALSE, FALSE, "polling 0" },
    { POLLING | WS, TRUE, TRUE, "ws+tls 0, polling+tls 2" },
    /* sockjs only where neither of the others is allowed */
    { SOCKJS, FALSE, FALSE, "sockjs 0" },
    { SOCKJS | POLLING, FALSE, FALSE, "polling 0" },
    { SOCKJS | WS, TRUE, TRUE, "ws+tls 0, sockjs+tls 2" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ScopeTransportMemory memory = { 0 };

      g_test_message ("row %u", i);
      expect_at (&memory, rows[i].allowed, rows[i].profile_tls, rows[i].use_tls, 0, rows[i].expected);
      g_assert_cmpint (scope_transport_plan_get_kinds (rows[i].allowed, rows[i].profile_tls, rows[i].use_tls) != 0,
                       ==, *rows[i].expected != '\0');
    }
}

static void
test_longest (void)
{
  g_assert_cmpint (scope_transport_plan_get_longest_usec (WS, FALSE, LIMIT), ==, LIMIT);
  g_assert_cmpint (scope_transport_plan_get_longest_usec (0, FALSE, LIMIT), ==, LIMIT);
  g_assert_cmpint (scope_transport_plan_get_longest_usec (SCOPE_TRANSPORTS_SOCKET, FALSE, LIMIT), ==,
                   LIMIT + 2 * SECOND + LIMIT);
  g_assert_cmpint (scope_transport_plan_get_longest_usec (SCOPE_TRANSPORTS_ALL, TRUE, LIMIT), ==,
                   LIMIT + 6 * SECOND + LIMIT);
}

static void
test_memory_of_sockets (void)
{
  ScopeTransportMemory memory = { 0 };

  scope_transport_memory_note_win (&memory, FALSE, WS, SECOND / 20, 0);
  expect_at (&memory, SCOPE_TRANSPORTS_SOCKET, FALSE, FALSE, SECOND, "(ws 1100), ws 0, wss+tls 2");
  /* its own for each of TLS and none */
  expect_at (&memory, SCOPE_TRANSPORTS_ALL, FALSE, TRUE, SECOND, "wss+tls 0, streaming+tls 2, polling+tls 6");
  /* where there is only one way, there is nothing to remember */
  expect_at (&memory, WS, FALSE, FALSE, SECOND, "ws 0");
  /* what is not allowed any more */
  expect_at (&memory, WSS | POLLING, FALSE, FALSE, SECOND, "wss+tls 0, polling 2");
  /* half an hour */
  expect_at (&memory, SCOPE_TRANSPORTS_SOCKET, FALSE, FALSE, 1800 * SECOND, "(ws 1100), ws 0, wss+tls 2");
  expect_at (&memory, SCOPE_TRANSPORTS_SOCKET, FALSE, FALSE, 1801 * SECOND, "ws 0, wss+tls 2");
  /* never longer than the connect timeout */
  scope_transport_memory_note_win (&memory, FALSE, WSS, 20 * SECOND, 0);
  expect_at (&memory, SCOPE_TRANSPORTS_SOCKET, FALSE, FALSE, SECOND, "(wss+tls 15000), ws 0, wss+tls 2");
  scope_transport_memory_note_failure (&memory, FALSE);
  expect_at (&memory, SCOPE_TRANSPORTS_SOCKET, FALSE, FALSE, SECOND, "ws 0, wss+tls 2");
}

/* §7.5: after it was passed over more than three times */
static void
test_memory_of_http (void)
{
  ScopeTransportMemory memory = { 0 };

  scope_transport_memory_note_win (&memory, TRUE, POLLING, SECOND, 0);
  for (guint i = 0; i < 4; i++)
    {
      expect_at (&memory, SCOPE_TRANSPORTS_ALL, TRUE, TRUE, 0, "ws+tls 0, streaming+tls 2, polling+tls 6");
      scope_transport_memory_note_win (&memory, TRUE, POLLING, SECOND, 0);
    }
  expect_at (&memory, SCOPE_TRANSPORTS_ALL, TRUE, TRUE, 0,
             "(polling+tls 3000), ws+tls 0, streaming+tls 2, polling+tls 6");
  scope_transport_memory_note_failure (&memory, TRUE);
  scope_transport_memory_note_win (&memory, TRUE, POLLING, SECOND, 0);
  expect_at (&memory, SCOPE_TRANSPORTS_ALL, TRUE, TRUE, 0, "ws+tls 0, streaming+tls 2, polling+tls 6");
}

static void
test_ping_delay (void)
{
  ScopeTransportMemory memory = { 0 };

  /* closed by the other side, or old enough: no reason to ask sooner */
  scope_transport_memory_note_end (&memory, WS, 1000, 60 * SECOND, 120 * SECOND);
  scope_transport_memory_note_end (&memory, WS, 1006, 240 * SECOND, 120 * SECOND);
  g_assert_cmpint (scope_transport_memory_get_ping_delay_usec (&memory, WS), ==, 0);
  scope_transport_memory_note_end (&memory, WS, 1006, 60 * SECOND, 120 * SECOND);
  g_assert_cmpint (scope_transport_memory_get_ping_delay_usec (&memory, WS), ==, 30 * SECOND);
  scope_transport_memory_note_end (&memory, WS, 0, 2 * SECOND, 120 * SECOND);
  g_assert_cmpint (scope_transport_memory_get_ping_delay_usec (&memory, WS), ==, 10 * SECOND);
  scope_transport_memory_note_end (&memory, POLLING, 1006, 2 * SECOND, 120 * SECOND);
  g_assert_cmpint (scope_transport_memory_get_ping_delay_usec (&memory, POLLING), ==, 0);
  g_assert_cmpint (scope_transport_memory_get_ping_delay_usec (&memory, WSS), ==, 0);
}

/* Streaming has two lives; sockets have no number of them (§12). */
static void
test_lives (void)
{
  ScopeTransportMemory memory = { 0 };

  for (guint i = 0; i < 100; i++)
    scope_transport_memory_note_end (&memory, WS, 1006, SECOND, 120 * SECOND);
  expect_at (&memory, SCOPE_TRANSPORTS_ALL, TRUE, TRUE, 0, "ws+tls 0, streaming+tls 2, polling+tls 6");

  scope_transport_memory_note_end (&memory, STREAMING, 1006, SECOND, 120 * SECOND);
  scope_transport_memory_note_end (&memory, STREAMING, 1000, SECOND, 120 * SECOND);
  expect_at (&memory, SCOPE_TRANSPORTS_ALL, TRUE, TRUE, 0, "ws+tls 0, streaming+tls 2, polling+tls 6");
  scope_transport_memory_note_end (&memory, STREAMING, 1002, 1000 * SECOND, 120 * SECOND);
  expect_at (&memory, SCOPE_TRANSPORTS_ALL, TRUE, TRUE, 0, "ws+tls 0, polling+tls 2");
  expect_at (&memory, STREAMING | SOCKJS, FALSE, FALSE, 0, "sockjs 0");
  /* it is better than nothing */
  expect_at (&memory, STREAMING, TRUE, TRUE, 0, "streaming+tls 0");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/transport-plan/order", test_order);
  g_test_add_func ("/transport-plan/longest", test_longest);
  g_test_add_func ("/transport-plan/memory-of-sockets", test_memory_of_sockets);
  g_test_add_func ("/transport-plan/memory-of-http", test_memory_of_http);
  g_test_add_func ("/transport-plan/ping-delay", test_ping_delay);
  g_test_add_func ("/transport-plan/lives", test_lives);
  return g_test_run ();
}
