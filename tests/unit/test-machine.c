/* SPDX-License-Identifier: GPL-3.0-or-later */

/* protocol.md §1.5, §1.6: the states, each row with its Do lines, and a walk at random. */

#define G_LOG_DOMAIN "test-machine"

#include "config.h"

#include <string.h>

#include "machine-scenes.h"

static void
test_connect_is_idempotent (void)
{
  static const Place places[] = { AT_OPENING, AT_HANDSHAKE, AT_UNAVAILABLE, AT_CONNECTED };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (places[i]);
      ScopeState state = driver->state;

      for (guint n = 0; n < 3; n++)
        driver_input (driver, SCOPE_INPUT_CONNECT);
      driver_expect (driver, "");
      g_assert_cmpint (driver->state, ==, state);
    }
}

/* Do: during a wait, the user's wish is an attempt at once; the old wait is over. */
static void
test_connect_during_wait (void)
{
  static const Place places[] = { AT_WAITING, AT_UNAVAILABLE_WAITING };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (places[i]);

      driver_input (driver, SCOPE_INPUT_CONNECT);
      driver_expect (driver, "open(2,wss)");
      g_assert_cmpint (driver->armed_at[SCOPE_TIMER_RETRY], ==, 0);
      machine_driver_advance (driver, 5 * S);
      driver_expect (driver, "");
    }
}

static void
test_connect_without_transport (void)
{
  static const struct
  {
    gboolean use_tls, may_plain, may_tls;
    const char *trace;
  } rows[] = {
    { TRUE, TRUE, TRUE, "state(initialized>connecting) open(1,wss)" },
    { TRUE, FALSE, TRUE, "state(initialized>connecting) open(1,wss)" },
    { TRUE, TRUE, FALSE, "error(socket,-,stop) state(initialized>failed)" },
    { TRUE, FALSE, FALSE, "error(socket,-,stop) state(initialized>failed)" },
    { FALSE, TRUE, TRUE, "state(initialized>connecting) open(1,ws)" },
    { FALSE, TRUE, FALSE, "state(initialized>connecting) open(1,ws)" },
    { FALSE, FALSE, TRUE, "state(initialized>connecting) open(1,wss)" },
    { FALSE, FALSE, FALSE, "error(socket,-,stop) state(initialized>failed)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ScopeMachineOptions options;
      g_autoptr (MachineDriver) driver = NULL;

      machine_driver_options (&options);
      options.use_tls = rows[i].use_tls;
      options.may_plain = rows[i].may_plain;
      options.may_tls = rows[i].may_tls;
      driver = machine_driver_new (&options);

      driver_input (driver, SCOPE_INPUT_CONNECT);
      driver_expect (driver, rows[i].trace);
    }
}

/* `failed` is final until the options change, and is left by connect() then. */
static void
test_leave_failed (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_FAILED);
  ScopeMachineOptions options;

  driver_input (driver, SCOPE_INPUT_CONNECT);
  driver_expect (driver, "error(socket,-,stop)");
  machine_driver_advance (driver, 3600 * S);
  driver_network (driver, TRUE);
  driver_input (driver, SCOPE_INPUT_WOKE);
  driver_expect (driver, "");

  machine_driver_options (&options);
  scope_machine_set_options (driver->machine, &options);
  driver_input (driver, SCOPE_INPUT_CONNECT);
  driver_expect (driver, "state(failed>connecting) open(1,wss)");
}

/* Options that leave nothing, found at the next attempt. */
static void
test_options_leave_nothing (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_WAITING);
  ScopeMachineOptions options;

  machine_driver_options (&options);
  options.may_tls = FALSE;
  scope_machine_set_options (driver->machine, &options);
  machine_driver_advance (driver, 1 * S);
  driver_expect (driver, "error(socket,-,stop) state(connecting>failed)");
  driver_expect_timers (driver, "");
}

static void
test_connect (void)
{
  static const struct
  {
    Place place;
    const char *trace;
  } rows[] = {
    { AT_INITIALIZED, "state(initialized>connecting) open(1,wss)" },
    { AT_DISCONNECTED, "state(disconnected>connecting) open(2,wss)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (rows[i].place);

      g_assert_false (scope_machine_wants_connected (driver->machine));
      driver_input (driver, SCOPE_INPUT_CONNECT);
      driver_expect (driver, rows[i].trace);
      driver_expect_timers (driver, "connect unavailable");
      g_assert_cmpint (driver_left (driver, SCOPE_TIMER_CONNECT), ==, 15 * S);
      g_assert_cmpint (driver_left (driver, SCOPE_TIMER_UNAVAILABLE), ==, 10 * S);
      g_assert_true (scope_machine_wants_connected (driver->machine));
    }
}

static void
test_unavailable (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_OPENING);

  machine_driver_advance (driver, 10 * S - 1);
  driver_expect (driver, "");
  machine_driver_advance (driver, 1);
  driver_expect (driver, "state(connecting>unavailable)");
  driver_expect_timers (driver, "connect");
}

/* Do: while unavailable, attempts and failures change nothing that is seen. */
static void
test_unavailable_stays (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_UNAVAILABLE);

  driver_input (driver, SCOPE_INPUT_OPENED);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
  driver_expect (driver, "error(socket,1006,retry) in(1.000,#2)");
  machine_driver_advance (driver, 1 * S);
  driver_expect (driver, "open(2,wss)");
  driver_input_code (driver, SCOPE_INPUT_FAILED, 502, NULL);
  driver_expect (driver, "error(handshake,502,retry) in(2.000,#3)");
  machine_driver_advance (driver, 2 * S);
  driver_expect (driver, "open(3,wss)");
  machine_driver_advance (driver, 15 * S);
  driver_expect (driver, "error(socket,-,retry) close(3,0) in(4.000,#4)");
  machine_driver_advance (driver, 4 * S);
  driver_expect (driver, "open(4,wss)");
  driver_input (driver, SCOPE_INPUT_OPENED);
  driver_establish (driver, 120);
  driver_expect (driver, "state(unavailable>connected)");
}

static void
test_established (void)
{
  static const struct
  {
    Place place;
    const char *trace;
  } rows[] = {
    { AT_HANDSHAKE, "state(connecting>connected)" },
    { AT_OPENING, "state(connecting>connected)" }, /* should the first frame overtake */
    { AT_UNAVAILABLE, "state(unavailable>connected)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (rows[i].place);

      driver_establish (driver, 30);
      driver_expect (driver, rows[i].trace);
      driver_expect_timers (driver, "activity stable");
      g_assert_cmpstr (scope_machine_get_socket_id (driver->machine), ==, "1.2");
      g_assert_cmpint (scope_machine_get_activity_timeout_usec (driver->machine), ==, 30 * S);
    }
}

static void
test_online (void)
{
  static const Place waiting[] = { AT_WAITING, AT_UNAVAILABLE_WAITING };
  static const Place trying[] = { AT_OPENING, AT_HANDSHAKE, AT_UNAVAILABLE };

  for (gsize i = 0; i < G_N_ELEMENTS (waiting); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (waiting[i]);
      ScopeState state = driver->state;

      driver_network (driver, TRUE);
      driver_expect (driver, "open(2,wss)");
      g_assert_cmpint (driver->state, ==, state);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (trying); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (trying[i]);
      ScopeState state = driver->state;

      driver_network (driver, FALSE);
      driver_expect (driver, "");
      driver_network (driver, TRUE);
      driver_expect (driver, "close(1,0) open(2,wss)");
      g_assert_cmpint (driver->state, ==, state);
    }
}

/* Network monitors report in bursts: an attempt just begun is left alone. */
static void
test_online_burst (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_OPENING);

  driver_network (driver, TRUE);
  machine_driver_advance (driver, 999 * MS);
  driver_network (driver, TRUE);
  driver_expect (driver, "");
  machine_driver_advance (driver, 1 * MS);
  driver_network (driver, TRUE);
  driver_network (driver, TRUE);
  driver_expect (driver, "close(1,0) open(2,wss)");
}

static void
test_disconnect (void)
{
  static const struct
  {
    Place place;
    const char *trace;
  } rows[] = {
    { AT_INITIALIZED, "state(initialized>disconnected)" },
    { AT_OPENING, "state(connecting>disconnected) close(1,0)" },
    { AT_HANDSHAKE, "state(connecting>disconnected) close(1,1000)" },
    { AT_WAITING, "state(connecting>disconnected)" },
    { AT_UNAVAILABLE, "state(unavailable>disconnected) close(1,0)" },
    { AT_UNAVAILABLE_WAITING, "state(unavailable>disconnected)" },
    { AT_CONNECTED, "state(connected>disconnected) close(1,1000)" },
    { AT_DISCONNECTED, "" },
    { AT_FAILED, "state(failed>disconnected)" },
  };

  g_assert_cmpuint (G_N_ELEMENTS (rows), ==, N_PLACES);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (rows[i].place);

      driver_input (driver, SCOPE_INPUT_DISCONNECT);
      driver_expect (driver, rows[i].trace);
      driver_expect_timers (driver, "");
      g_assert_false (scope_machine_wants_connected (driver->machine));

      /* nothing comes back by itself (§12) */
      machine_driver_advance (driver, 3600 * S);
      driver_network (driver, FALSE);
      driver_network (driver, TRUE);
      driver_input (driver, SCOPE_INPUT_WOKE);
      driver_input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
      driver_input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
      driver_establish (driver, 120);
      driver_expect (driver, "");
    }
}

/* §1.7, every code as a close and as a first frame */

/* Do: a generation on everything. What an old socket says late is not heard. */
static void
test_stale_generation (void)
{
  static const ScopeInputType types[] = {
    SCOPE_INPUT_OPENED,       SCOPE_INPUT_ESTABLISHED, SCOPE_INPUT_BAD_HANDSHAKE, SCOPE_INPUT_ACTIVITY,
    SCOPE_INPUT_PING,         SCOPE_INPUT_SERVER_ERROR, SCOPE_INPUT_CLOSED,       SCOPE_INPUT_FAILED,
  };
  static const Place places[] = { AT_OPENING, AT_HANDSHAKE, AT_CONNECTED };

  for (gsize p = 0; p < G_N_ELEMENTS (places); p++)
    {
      g_autoptr (MachineDriver) driver = driver_at (places[p]);

      /* make the current generation 2 */
      driver_input (driver, SCOPE_INPUT_DISCONNECT);
      driver_input (driver, SCOPE_INPUT_CONNECT);
      driver_clear (driver);

      for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
        {
          machine_driver_step (driver, (ScopeInput) { .type = types[i], .generation = 1, .code = 4001,
                                                      .text = "9.9", .seconds = 1 });
          machine_driver_step (driver, (ScopeInput) { .type = types[i], .generation = 3, .code = 4001,
                                                      .text = "9.9", .seconds = 1 });
        }
      driver_expect (driver, "");
      driver_expect_timers (driver, "connect unavailable");
    }
}

/* After our own close nothing of that socket counts, though it is the newest. */
static void
test_own_close_is_final (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_HANDSHAKE);

  machine_driver_advance (driver, 15 * S);
  driver_clear (driver);
  driver_establish (driver, 120);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4001, NULL);
  driver_input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  driver_input (driver, SCOPE_INPUT_PING);
  driver_expect (driver, "");
  driver_expect_timers (driver, "retry");
}

/* Timers that are late, early or not armed. */
static void
test_stray_timers (void)
{
  for (Place place = AT_INITIALIZED; place < N_PLACES; place++)
    {
      for (ScopeTimer timer = 0; timer < SCOPE_N_TIMERS; timer++)
        {
          g_autoptr (MachineDriver) driver = driver_at (place);
          gint64 armed = driver->armed_at[timer];

          /* nothing but ACTIVITY and RETRY falls due in the first moment of a state */
          if (armed != 0 && armed <= driver->now_usec)
            continue;
          machine_driver_step (driver, (ScopeInput) { .type = SCOPE_INPUT_TIMER, .timer = timer });
          driver_expect (driver, "");
          g_assert_cmpint (driver->armed_at[timer], ==, armed);
        }
    }
}

static void
test_options_count_from_next_attempt (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);
  ScopeMachineOptions options;

  machine_driver_options (&options);
  options.pong_timeout_usec = 3 * S;
  options.connect_timeout_usec = 2 * S;
  options.use_tls = FALSE;
  scope_machine_set_options (driver->machine, &options);
  machine_driver_advance (driver, 108 * S);
  g_assert_cmpint (driver_left (driver, SCOPE_TIMER_PONG), ==, 30 * S);
  driver_clear (driver);
  machine_driver_advance (driver, 30 * S);
  g_assert_nonnull (strstr (driver->trace->str, "open(2,ws)"));
  g_assert_cmpint (driver_left (driver, SCOPE_TIMER_CONNECT), ==, 2 * S);
}

/* Options no one should set: no overflow, no spinning. */
static void
test_absurd_options (void)
{
  static const gint64 values[] = { G_MININT64, -1, 0, 1, G_MAXINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      ScopeMachineOptions options = {
        values[i], values[i], values[i], values[i], values[i], values[i], values[i], 0, TRUE, TRUE, TRUE
      };
      g_autoptr (MachineDriver) driver = machine_driver_new (&options);

      driver_input (driver, SCOPE_INPUT_CONNECT);
      driver_input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
      g_assert_cmpint (driver_left (driver, SCOPE_TIMER_RETRY), >=, 1 * MS);
      driver_input (driver, SCOPE_INPUT_CONNECT);
      driver_input (driver, SCOPE_INPUT_OPENED);
      driver_establish (driver, 1);
      driver_input (driver, SCOPE_INPUT_WOKE);
      machine_driver_advance (driver, 1 * S);
    }
}

static void
test_names (void)
{
  static const char *const names[] = { "initialized", "connecting", "connected",
                                       "unavailable", "failed",     "disconnected" };
  static const char *const sources[] = { "server", "socket", "handshake", "parse",
                                         "auth",   "decrypt", "limit" };
  g_autoptr (GEnumClass) states = g_type_class_ref (SCOPE_TYPE_STATE);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_cmpstr (scope_state_to_name (i), ==, names[i]);
      g_assert_cmpstr (g_enum_get_value (states, i)->value_nick, ==, names[i]);
      g_assert_cmpstr (scope_state_to_text (i), !=, "");
    }
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    g_assert_cmpstr (scope_error_source_to_name (i), ==, sources[i]);
}

/* 100,000 inputs in no order. The driver checks after each: the invariants, one socket, states that
 * follow one another, no socket nobody wants, and a way on from everywhere. */

static guint
random_code (GRand *rand)
{
  static const guint ranges[] = { 0, 1000, 1005, 4000, 4001, 4100, 4200, 4300, 401, 5001 };

  return ranges[g_rand_int_range (rand, 0, G_N_ELEMENTS (ranges))] + g_rand_int_range (rand, 0, 3);
}

static void
random_step (MachineDriver *driver,
             GRand         *rand)
{
  ScopeInput random = {
    .type = g_rand_int_range (rand, SCOPE_INPUT_CONNECT, SCOPE_INPUT_WOKE + 1),
    .code = g_rand_boolean (rand) ? 0 : random_code (rand),
    .text = g_rand_boolean (rand) ? "7.7" : NULL,
    .seconds = g_rand_int_range (rand, 0, 200),
    .timer = g_rand_int_range (rand, 0, SCOPE_N_TIMERS),
    .available = g_rand_boolean (rand),
    .random = g_rand_double (rand),
  };

  if (g_rand_int_range (rand, 0, 10) == 0)
    random.generation = scope_machine_get_generation (driver->machine) + g_rand_int_range (rand, -1, 2);
  /* rarely disconnect, or most of the walk is spent at rest */
  if (random.type == SCOPE_INPUT_DISCONNECT && g_rand_int_range (rand, 0, 4) != 0)
    random.type = SCOPE_INPUT_CONNECT;

  /* and a handshake is rare among all that can come first */
  if (driver->state != SCOPE_STATE_CONNECTED && g_rand_int_range (rand, 0, 4) == 0)
    random = (ScopeInput) { .type = SCOPE_INPUT_ESTABLISHED, .text = "7.7", .seconds = 30 };

  if (g_rand_int_range (rand, 0, 3) == 0)
    machine_driver_advance (driver, (gint64) (g_rand_double (rand) * g_rand_double (rand) * 100 * S));
  machine_driver_step (driver, random);
}

static void
test_random_walk (void)
{
  guint32 seed = g_test_rand_int ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint visited[SCOPE_STATE_DISCONNECTED + 1] = { 0 };
  g_autoptr (MachineDriver) driver = NULL;

  g_test_message ("seed %u", seed);
  for (guint i = 0; i < 100000; i++)
    {
      if (i % 5000 == 0)
        {
          ScopeMachineOptions options;

          machine_driver_options (&options);
          options.use_tls = g_rand_boolean (rand);
          options.may_plain = g_rand_boolean (rand);
          options.may_tls = g_rand_int_range (rand, 0, 4) > 0;
          options.max_attempts = g_rand_boolean (rand) ? 0 : 5;
          g_clear_pointer (&driver, machine_driver_free);
          driver = machine_driver_new (&options);
        }

      random_step (driver, rand);
      visited[driver->state]++;
      driver_clear (driver);
    }

  for (guint i = SCOPE_STATE_CONNECTING; i < G_N_ELEMENTS (visited); i++)
    {
      g_test_message ("%s: %u", scope_state_to_name (i), visited[i]);
      if (i != SCOPE_STATE_FAILED)
        g_assert_cmpuint (visited[i], >, 100);
    }
}

/* The walk changes states more often than anyone wants to read. */
static void
ignore_log_cb (const char     *domain,
               GLogLevelFlags  level,
               const char     *message,
               gpointer        user_data)
{
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_log_set_handler ("scope-machine", G_LOG_LEVEL_DEBUG, ignore_log_cb, NULL);

  g_test_add_func ("/machine/connect", test_connect);
  g_test_add_func ("/machine/connect/idempotent", test_connect_is_idempotent);
  g_test_add_func ("/machine/connect/during-wait", test_connect_during_wait);
  g_test_add_func ("/machine/connect/without-transport", test_connect_without_transport);
  g_test_add_func ("/machine/failed/leave", test_leave_failed);
  g_test_add_func ("/machine/failed/options", test_options_leave_nothing);
  g_test_add_func ("/machine/unavailable", test_unavailable);
  g_test_add_func ("/machine/unavailable/stays", test_unavailable_stays);
  g_test_add_func ("/machine/established", test_established);
  g_test_add_func ("/machine/online", test_online);
  g_test_add_func ("/machine/online/burst", test_online_burst);
  g_test_add_func ("/machine/disconnect", test_disconnect);
  g_test_add_func ("/machine/late/generation", test_stale_generation);
  g_test_add_func ("/machine/late/own-close", test_own_close_is_final);
  g_test_add_func ("/machine/late/timers", test_stray_timers);
  g_test_add_func ("/machine/options/next-attempt", test_options_count_from_next_attempt);
  g_test_add_func ("/machine/options/absurd", test_absurd_options);
  g_test_add_func ("/machine/names", test_names);
  g_test_add_func ("/machine/random-walk", test_random_walk);

  return g_test_run ();
}
