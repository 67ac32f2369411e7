/* SPDX-License-Identifier: GPL-3.0-or-later */

/* protocol.md §1.4, §1.7, §1.9: keeping alive and trying again, on a clock of our own. */

#define G_LOG_DOMAIN "test-machine-waits"

#include "config.h"

#include <math.h>
#include <string.h>

#include "machine-scenes.h"

/* §1.3: missing, null and 0 mean 120; §1.4: min of both, and the time of the ping. */
static void
test_activity_timeout (void)
{
  static const struct
  {
    gint64 option;
    double server;
    gint64 effective, ping_after;
  } rows[] = {
    { 120 * S, 120, 120 * S, 108 * S },
    { 120 * S, 0, 120 * S, 108 * S },
    { 600 * S, 0, 120 * S, 108 * S },
    { 600 * S, -5, 120 * S, 108 * S },
    { 600 * S, NAN, 120 * S, 108 * S },
    { 600 * S, INFINITY, 120 * S, 108 * S },
    { 600 * S, 1e300, 120 * S, 108 * S },
    { 120 * S, 30, 30 * S, 25 * S },
    { 20 * S, 30, 20 * S, 15 * S },
    { 60 * S, 600, 60 * S, 54 * S },
    { 120 * S, 6, 6 * S, 1 * S },
    { 120 * S, 5, 5 * S, 1 * S },
    { 120 * S, 0.5, S / 2, 1 * S },
    { 120 * S, 1e-9, 1, 1 * S },
    { 0, 300, 120 * S, 108 * S },
    { 120 * S, 50, 50 * S, 45 * S },
    { 120 * S, 40, 40 * S, 35 * S },
    { S / 2, 120, S / 2, S / 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ScopeMachineOptions options;
      g_autoptr (MachineDriver) driver = NULL;

      machine_driver_options (&options);
      options.activity_timeout_usec = rows[i].option;
      driver = driver_at_with (AT_HANDSHAKE, &options);
      driver_establish (driver, rows[i].server);
      g_assert_cmpint (scope_machine_get_activity_timeout_usec (driver->machine), ==,
                       rows[i].effective);
      g_assert_cmpint (driver_left (driver, SCOPE_TIMER_ACTIVITY), ==, rows[i].ping_after);
      driver_clear (driver);
      machine_driver_advance (driver, rows[i].ping_after);
      driver_expect (driver, "ping");
    }
}

/* Do: one limit over all of name, TCP, TLS, upgrade and first frame. */
static void
test_connect_limit (void)
{
  g_autoptr (MachineDriver) silent = driver_at (AT_OPENING);
  g_autoptr (MachineDriver) mute = driver_at (AT_OPENING);

  machine_driver_advance (silent, 15 * S - 1);
  driver_expect (silent, "state(connecting>unavailable)");
  machine_driver_advance (silent, 1);
  driver_expect (silent, "error(socket,-,retry) close(1,0) in(1.000,#2)");

  machine_driver_advance (mute, 9 * S);
  driver_input (mute, SCOPE_INPUT_OPENED);
  machine_driver_advance (mute, 6 * S);
  driver_expect (mute, "state(connecting>unavailable) error(handshake,-,retry) close(1,0) in(1.000,#2)");
}

/* §1.4 */

static void
test_ping_and_pong (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  machine_driver_advance (driver, 108 * S - 1);
  driver_expect (driver, "");
  machine_driver_advance (driver, 1);
  driver_expect (driver, "ping");
  driver_expect_timers (driver, "pong");
  g_assert_cmpint (driver_left (driver, SCOPE_TIMER_PONG), ==, 30 * S);

  /* any frame is an answer */
  machine_driver_advance (driver, 29 * S);
  g_assert_false (scope_machine_note_activity (driver->machine,
                                               scope_machine_get_generation (driver->machine),
                                               driver->now_usec));
  driver_input (driver, SCOPE_INPUT_ACTIVITY);
  driver_expect (driver, "");
  driver_expect_timers (driver, "activity");
  g_assert_cmpint (driver_left (driver, SCOPE_TIMER_ACTIVITY), ==, 108 * S);
}

static void
test_no_pong (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  machine_driver_advance (driver, 108 * S);
  driver_clear (driver);
  machine_driver_advance (driver, 30 * S);
  driver_expect (driver, "error(socket,-,retry_now) state(connected>connecting) close(1,0) open(2,wss)");
  g_assert_nonnull (driver->state_text);
}

/* Frames restart the wait without touching a timer each. */
static void
test_activity_is_lazy (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);
  guint generation = scope_machine_get_generation (driver->machine);
  gint64 armed = driver->armed_at[SCOPE_TIMER_ACTIVITY];

  for (guint i = 0; i < 100; i++)
    {
      machine_driver_advance (driver, 1 * S);
      g_assert_true (scope_machine_note_activity (driver->machine, generation, driver->now_usec));
      g_assert_cmpint (driver->armed_at[SCOPE_TIMER_ACTIVITY], ==, armed);
    }

  machine_driver_advance (driver, 8 * S);
  driver_expect (driver, "");
  g_assert_cmpint (driver_left (driver, SCOPE_TIMER_ACTIVITY), ==, 100 * S);
  machine_driver_advance (driver, 100 * S - 1);
  driver_expect (driver, "");
  machine_driver_advance (driver, 1);
  driver_expect (driver, "ping");

  /* of another connection, or without one: nothing to note */
  g_assert_true (scope_machine_note_activity (driver->machine, generation + 1, driver->now_usec));
  machine_driver_advance (driver, 30 * S);
  g_assert_true (scope_machine_note_activity (driver->machine, generation, driver->now_usec));
}

static void
test_server_ping (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);
  g_autoptr (MachineDriver) early = driver_at (AT_HANDSHAKE);

  machine_driver_advance (driver, 50 * S);
  driver_input (driver, SCOPE_INPUT_PING);
  driver_expect (driver, "pong");
  machine_driver_advance (driver, 108 * S - 1);
  driver_expect (driver, "");
  machine_driver_advance (driver, 1);
  driver_expect (driver, "ping");

  /* while a pong is awaited: it counts as one, and is answered */
  driver_input (driver, SCOPE_INPUT_PING);
  driver_expect (driver, "pong");
  driver_expect_timers (driver, "activity");

  driver_input (early, SCOPE_INPUT_PING);
  driver_expect (early, "");
}

static void
test_error_frame_is_activity (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  machine_driver_advance (driver, 108 * S);
  driver_clear (driver);
  driver_input_code (driver, SCOPE_INPUT_SERVER_ERROR, 4301, NULL);
  driver_expect (driver, "error(server,4301,none)");
  driver_expect_timers (driver, "activity");

  machine_driver_advance (driver, 108 * S);
  driver_clear (driver);
  driver_establish (driver, 5); /* a second handshake is a frame like any */
  driver_expect (driver, "");
  driver_expect_timers (driver, "activity");
  g_assert_cmpint (scope_machine_get_activity_timeout_usec (driver->machine), ==, 120 * S);
  machine_driver_step (driver, (ScopeInput) { .type = SCOPE_INPUT_BAD_HANDSHAKE });
  driver_expect (driver, "");
}

/* Offline while connected: ping now, 30 s; on a change also; a burst gives one ping. */
static void
test_network_while_connected (void)
{
  for (int available = FALSE; available <= TRUE; available++)
    {
      g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

      driver_network (driver, available);
      driver_network (driver, available);
      driver_expect (driver, "ping");
      driver_expect_timers (driver, "pong stable");
      g_assert_cmpint (driver_left (driver, SCOPE_TIMER_PONG), ==, 30 * S);
      driver_input (driver, SCOPE_INPUT_ACTIVITY);
      driver_expect_timers (driver, "activity stable");
      g_assert_cmpint (driver->state, ==, SCOPE_STATE_CONNECTED);
    }
}

/* Do: while offline one probe per 30 s; with the network back, at once. */
static void
test_offline_probes (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_OPENING);

  driver_network (driver, FALSE);
  driver->random = 0.9;
  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *trace = g_strdup_printf ("error(socket,-,retry) in(30.000,#%u)", i + 1);

      driver_input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
      driver_expect (driver, trace);
      machine_driver_advance (driver, 30 * S);
      driver_clear (driver);
    }

  driver_input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  machine_driver_advance (driver, 3 * S);
  driver_clear (driver);
  driver_network (driver, TRUE);
  driver_expect (driver, "open(7,wss)");

  /* the probes have not made the backoff grow */
  driver_input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  driver_expect (driver, "error(socket,-,retry) in(1.180,#8)");
}

static void
test_woke (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);
  g_autoptr (MachineDriver) awaiting = driver_at (AT_CONNECTED);
  g_autoptr (MachineDriver) waiting = driver_at (AT_UNAVAILABLE_WAITING);
  g_autoptr (MachineDriver) trying = driver_at (AT_UNAVAILABLE);

  driver_input (driver, SCOPE_INPUT_WOKE);
  driver_expect (driver, "ping");
  g_assert_cmpint (driver_left (driver, SCOPE_TIMER_PONG), ==, 5 * S);
  /* nothing that follows gives it more time */
  machine_driver_advance (driver, 4 * S);
  driver_network (driver, TRUE);
  driver_input (driver, SCOPE_INPUT_WOKE);
  g_assert_cmpint (driver_left (driver, SCOPE_TIMER_PONG), ==, 1 * S);
  driver_clear (driver);
  machine_driver_advance (driver, 1 * S);
  driver_expect (driver, "error(socket,-,retry_now) state(connected>connecting) close(1,0) open(2,wss)");

  /* a pong was awaited already: its limit is cut */
  machine_driver_advance (awaiting, 108 * S);
  driver_clear (awaiting);
  driver_input (awaiting, SCOPE_INPUT_WOKE);
  driver_expect (awaiting, "ping");
  g_assert_cmpint (driver_left (awaiting, SCOPE_TIMER_PONG), ==, 5 * S);

  driver_input (waiting, SCOPE_INPUT_WOKE);
  driver_expect (waiting, "open(2,wss)");
  driver_input (trying, SCOPE_INPUT_WOKE);
  driver_expect (trying, "close(1,0) open(2,wss)");
}

/* §1.6 Do, §1.9 */

/* The unavailable timer runs from the loss, once. */
static void
test_unavailable_runs_from_loss (void)
{
  g_autoptr (MachineDriver) driver = driver_stable ();

  driver_input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
  driver_expect (driver, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#1)");
  driver_expect_timers (driver, "unavailable retry");
  machine_driver_advance (driver, 1 * S);
  driver_input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  machine_driver_advance (driver, 2 * S);
  driver_input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  machine_driver_advance (driver, 4 * S);
  g_assert_cmpint (driver_left (driver, SCOPE_TIMER_UNAVAILABLE), ==, 3 * S);
  driver_clear (driver);
  machine_driver_advance (driver, 3 * S);
  driver_expect (driver, "state(connecting>unavailable)");
}

static void
fail_and_expect_wait (MachineDriver *driver,
                      double         seconds)
{
  g_autofree char *begin = g_strdup_printf ("in(%.3f,", seconds);

  driver_input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  g_assert_nonnull (strstr (driver->trace->str, begin));
  driver_clear (driver);
  machine_driver_advance (driver, (gint64) (seconds * S));
  g_assert_nonnull (strstr (driver->trace->str, "open("));
  driver_clear (driver);
}

static void
test_backoff (void)
{
  static const double waits[] = { 1, 2, 4, 8, 16, 30, 30 };
  g_autoptr (MachineDriver) driver = driver_at (AT_OPENING);

  for (gsize i = 0; i < G_N_ELEMENTS (waits); i++)
    fail_and_expect_wait (driver, waits[i]);

  /* the user's new wish begins anew */
  driver_input (driver, SCOPE_INPUT_DISCONNECT);
  driver_input (driver, SCOPE_INPUT_CONNECT);
  fail_and_expect_wait (driver, 1);

  driver->random = 0.5;
  fail_and_expect_wait (driver, 2.2);
}

/* Forgotten after 60 s of connection, not by the connection itself. */
static void
test_backoff_reset (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_OPENING);

  fail_and_expect_wait (driver, 1);
  fail_and_expect_wait (driver, 2);
  driver_input (driver, SCOPE_INPUT_OPENED);
  driver_establish (driver, 120);
  machine_driver_advance (driver, 59 * S);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
  g_assert_nonnull (strstr (driver->trace->str, "in(4.000,#4)"));
  machine_driver_advance (driver, 4 * S);

  driver_input (driver, SCOPE_INPUT_OPENED);
  driver_establish (driver, 120);
  machine_driver_advance (driver, 60 * S);
  driver_clear (driver);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
  g_assert_nonnull (strstr (driver->trace->str, "in(1.000,#1)"));
}

/* 4100–4199 wait 1 s at least, whatever the profile says. */
static void
test_over_capacity (void)
{
  ScopeMachineOptions options;
  g_autoptr (MachineDriver) driver = NULL;

  machine_driver_options (&options);
  options.reconnect_delay_usec = 100 * MS;
  driver = driver_at_with (AT_HANDSHAKE, &options);

  for (guint i = 0; i < 4; i++)
    {
      driver_input_code (driver, SCOPE_INPUT_CLOSED, 4100, NULL);
      g_assert_cmpint (driver_left (driver, SCOPE_TIMER_RETRY), ==, 1 * S);
      machine_driver_advance (driver, 1 * S);
    }
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4199, NULL);
  g_assert_cmpint (driver_left (driver, SCOPE_TIMER_RETRY), ==, 1600 * MS);
  machine_driver_advance (driver, 1600 * MS);

  /* others keep to the profile */
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
  g_assert_cmpint (driver_left (driver, SCOPE_TIMER_RETRY), ==, 3200 * MS);
}

/* §1.7: one immediate reconnect per 10 s; closed again within 10 s of connected: backoff. */
static void
test_loop_guard (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  driver_expect (driver, "error(server,4200,retry_now) state(connected>connecting,4200) open(2,wss)");
  driver_input (driver, SCOPE_INPUT_OPENED);
  driver_establish (driver, 120);
  driver_clear (driver);
  machine_driver_advance (driver, 5 * S);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  driver_expect (driver, "error(server,4200,retry) state(connected>connecting,4200) in(1.000,#3)");
  machine_driver_advance (driver, 1 * S);

  /* a slow handshake: more than 10 s after the last one, but within 10 s of connected */
  machine_driver_advance (driver, 8 * S);
  driver_input (driver, SCOPE_INPUT_OPENED);
  driver_establish (driver, 120);
  driver_clear (driver);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4201, NULL);
  driver_expect (driver, "error(server,4201,retry) state(connected>connecting,4201) in(2.000,#4)");
  machine_driver_advance (driver, 2 * S);

  /* after 10 s of connection it is granted again */
  driver_input (driver, SCOPE_INPUT_OPENED);
  driver_establish (driver, 120);
  machine_driver_advance (driver, 10 * S);
  driver_clear (driver);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4202, NULL);
  driver_expect (driver, "error(server,4202,retry_now) state(connected>connecting,4202) open(5,wss)");
}

/* Before the handshake the same: one per 10 s. */
static void
test_loop_guard_in_handshake (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_HANDSHAKE);

  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  driver_expect (driver, "error(server,4200,retry_now) open(2,wss)");
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  driver_expect (driver, "error(server,4200,retry) in(1.000,#3)");
  machine_driver_advance (driver, 1 * S);
  machine_driver_advance (driver, 9 * S);
  driver_clear (driver);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  driver_expect (driver, "error(server,4200,retry_now) open(4,wss)");
}

static void
test_max_attempts (void)
{
  ScopeMachineOptions options;
  g_autoptr (MachineDriver) driver = NULL;

  machine_driver_options (&options);
  options.max_attempts = 3;
  driver = driver_at_with (AT_OPENING, &options);

  driver_input_code (driver, SCOPE_INPUT_FAILED, 0, "refused");
  driver_expect (driver, "error(socket,-,retry) in(1.000,#2)");
  machine_driver_advance (driver, 1 * S);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 1001, NULL);
  driver_expect (driver, "open(2,wss) in(2.000,#3)");
  machine_driver_advance (driver, 2 * S);
  driver_clear (driver);
  driver_input_code (driver, SCOPE_INPUT_FAILED, 502, "bad gateway");
  driver_expect (driver, "error(handshake,502,stop) state(connecting>disconnected,502)");
  g_assert_cmpstr (driver->error_text, ==, "Gave up after 3 attempts: bad gateway");
  g_assert_false (scope_machine_wants_connected (driver->machine));

  /* the user's wish gives three more; a stable connection also */
  driver_input (driver, SCOPE_INPUT_CONNECT);
  driver_input (driver, SCOPE_INPUT_OPENED);
  driver_establish (driver, 120);
  machine_driver_advance (driver, 60 * S);
  driver_clear (driver);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
  driver_expect (driver, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#1)");
  machine_driver_advance (driver, 1 * S);
  for (guint i = 0; i < 2; i++)
    {
      driver_input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
      machine_driver_advance (driver, 5 * S);
    }
  driver_clear (driver);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 1000, NULL);
  driver_expect (driver, "error(socket,1000,stop) state(unavailable>disconnected,1000)");
  g_assert_cmpstr (driver->error_text, ==, "Gave up after 3 attempts.");
}

/* A server that accepts and ends each connection at once does not go round for ever. */
static void
test_max_attempts_flapping (void)
{
  ScopeMachineOptions options;
  g_autoptr (MachineDriver) driver = NULL;

  machine_driver_options (&options);
  options.max_attempts = 2;
  driver = driver_at_with (AT_CONNECTED, &options);

  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  driver_expect (driver, "error(server,4200,retry_now) state(connected>connecting,4200) open(2,wss)");
  driver_input (driver, SCOPE_INPUT_OPENED);
  driver_establish (driver, 120);
  driver_clear (driver);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  driver_expect (driver, "error(server,4200,stop) state(connected>disconnected,4200)");
}

/* A switch to TLS is the same attempt, put right. */
static void
test_max_attempts_tls (void)
{
  ScopeMachineOptions options;
  g_autoptr (MachineDriver) driver = NULL;

  machine_driver_options (&options);
  options.max_attempts = 1;
  options.use_tls = FALSE;
  driver = driver_at_with (AT_HANDSHAKE, &options);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4000, NULL);
  driver_expect (driver, "error(server,4000,retry_now) open(2,wss)");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/machine/connect/limit", test_connect_limit);
  g_test_add_func ("/machine/unavailable/runs-from-loss", test_unavailable_runs_from_loss);
  g_test_add_func ("/machine/established/activity-timeout", test_activity_timeout);
  g_test_add_func ("/machine/online/connected", test_network_while_connected);
  g_test_add_func ("/machine/offline", test_offline_probes);
  g_test_add_func ("/machine/woke", test_woke);
  g_test_add_func ("/machine/activity/ping-and-pong", test_ping_and_pong);
  g_test_add_func ("/machine/activity/no-pong", test_no_pong);
  g_test_add_func ("/machine/activity/lazy", test_activity_is_lazy);
  g_test_add_func ("/machine/activity/server-ping", test_server_ping);
  g_test_add_func ("/machine/activity/error-frame", test_error_frame_is_activity);
  g_test_add_func ("/machine/retry/backoff", test_backoff);
  g_test_add_func ("/machine/retry/backoff-reset", test_backoff_reset);
  g_test_add_func ("/machine/retry/over-capacity", test_over_capacity);
  g_test_add_func ("/machine/retry/loop-guard", test_loop_guard);
  g_test_add_func ("/machine/retry/loop-guard-in-handshake", test_loop_guard_in_handshake);
  g_test_add_func ("/machine/retry/max-attempts", test_max_attempts);
  g_test_add_func ("/machine/retry/max-attempts-flapping", test_max_attempts_flapping);
  g_test_add_func ("/machine/retry/max-attempts-tls", test_max_attempts_tls);

  return g_test_run ();
}
