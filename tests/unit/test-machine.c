/* SPDX-License-Identifier: GPL-3.0-or-later */

/* protocol.md §1.3–1.9: every row of §1.6 and §1.7 with its Do lines, on a clock of our own. */

#define G_LOG_DOMAIN "test-machine"

#include "config.h"

#include <math.h>
#include <string.h>

#include "machine-driver.h"

#define S ((gint64) G_USEC_PER_SEC)
#define MS (S / 1000)

/* What happened since the last expectation. */
static void
expect (MachineDriver *driver,
        const char    *trace)
{
  g_assert_cmpstr (driver->trace->str, ==, trace);
  g_string_set_size (driver->trace, 0);
}

static void
expect_timers (MachineDriver *driver,
               const char    *names)
{
  static const char *const all[SCOPE_N_TIMERS] = { "connect", "unavailable", "retry",
                                                   "activity", "pong",      "stable" };
  g_autoptr (GString) armed = g_string_new (NULL);

  for (guint i = 0; i < SCOPE_N_TIMERS; i++)
    {
      if (driver->armed_at[i] != 0)
        g_string_append_printf (armed, "%s%s", armed->len > 0 ? " " : "", all[i]);
    }

  g_assert_cmpstr (armed->str, ==, names);
}

static gint64
left (MachineDriver *driver,
      ScopeTimer     timer)
{
  g_assert_cmpint (driver->armed_at[timer], !=, 0);
  return driver->armed_at[timer] - driver->now_usec;
}

static void
input (MachineDriver  *driver,
       ScopeInputType  type)
{
  machine_driver_step (driver, (ScopeInput) { .type = type });
}

static void
input_code (MachineDriver  *driver,
            ScopeInputType  type,
            guint           code,
            const char     *text)
{
  machine_driver_step (driver, (ScopeInput) { .type = type, .code = code, .text = text });
}

static void
established (MachineDriver *driver,
             double         seconds)
{
  machine_driver_step (driver, (ScopeInput) { .type = SCOPE_INPUT_ESTABLISHED, .text = "1.2",
                                              .seconds = seconds });
}

static void
network (MachineDriver *driver,
         gboolean       available)
{
  machine_driver_step (driver, (ScopeInput) { .type = SCOPE_INPUT_NETWORK, .available = available });
}

static void
clear (MachineDriver *driver)
{
  g_string_set_size (driver->trace, 0);
}

/* Brings a new driver somewhere. */
typedef enum
{
  AT_INITIALIZED,
  AT_OPENING,
  AT_HANDSHAKE,
  AT_WAITING,
  AT_UNAVAILABLE,         /* an attempt runs */
  AT_UNAVAILABLE_WAITING, /* none does */
  AT_CONNECTED,
  AT_DISCONNECTED,
  AT_FAILED,
  N_PLACES,
} Place;

static MachineDriver *
driver_at_with (Place                      place,
                const ScopeMachineOptions *given)
{
  ScopeMachineOptions options;
  MachineDriver *driver;

  if (given != NULL)
    options = *given;
  else
    machine_driver_options (&options);
  if (place == AT_FAILED)
    options.may_tls = FALSE;

  driver = machine_driver_new (&options);
  if (place != AT_INITIALIZED)
    input (driver, SCOPE_INPUT_CONNECT);

  switch (place)
    {
    case AT_HANDSHAKE:
      input (driver, SCOPE_INPUT_OPENED);
      break;

    case AT_WAITING:
      input_code (driver, SCOPE_INPUT_FAILED, 0, "refused");
      break;

    case AT_UNAVAILABLE:
      machine_driver_advance (driver, 10 * S);
      break;

    case AT_UNAVAILABLE_WAITING:
      machine_driver_advance (driver, 10 * S);
      input_code (driver, SCOPE_INPUT_FAILED, 0, "refused");
      break;

    case AT_CONNECTED:
      input (driver, SCOPE_INPUT_OPENED);
      established (driver, 120);
      break;

    case AT_DISCONNECTED:
      input (driver, SCOPE_INPUT_DISCONNECT);
      break;

    case AT_INITIALIZED:
    case AT_OPENING:
    case AT_FAILED:
    case N_PLACES:
    default:
      break;
    }

  clear (driver);
  return driver;
}

static MachineDriver *
driver_at (Place place)
{
  return driver_at_with (place, NULL);
}

/* A connection that has lasted: nothing of its beginning counts any more. */
static MachineDriver *
driver_stable (void)
{
  MachineDriver *driver = driver_at (AT_CONNECTED);

  machine_driver_advance (driver, 61 * S);
  clear (driver);
  return driver;
}

/* §1.6, row by row */

static void
test_connect_is_idempotent (void)
{
  static const Place places[] = { AT_OPENING, AT_HANDSHAKE, AT_UNAVAILABLE, AT_CONNECTED };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (places[i]);
      ScopeState state = driver->state;

      for (guint n = 0; n < 3; n++)
        input (driver, SCOPE_INPUT_CONNECT);
      expect (driver, "");
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

      input (driver, SCOPE_INPUT_CONNECT);
      expect (driver, "open(2,wss)");
      g_assert_cmpint (driver->armed_at[SCOPE_TIMER_RETRY], ==, 0);
      machine_driver_advance (driver, 5 * S);
      expect (driver, "");
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

      input (driver, SCOPE_INPUT_CONNECT);
      expect (driver, rows[i].trace);
    }
}

/* `failed` is final until the options change, and is left by connect() then. */
static void
test_leave_failed (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_FAILED);
  ScopeMachineOptions options;

  input (driver, SCOPE_INPUT_CONNECT);
  expect (driver, "error(socket,-,stop)");
  machine_driver_advance (driver, 3600 * S);
  network (driver, TRUE);
  input (driver, SCOPE_INPUT_WOKE);
  expect (driver, "");

  machine_driver_options (&options);
  scope_machine_set_options (driver->machine, &options);
  input (driver, SCOPE_INPUT_CONNECT);
  expect (driver, "state(failed>connecting) open(1,wss)");
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
  expect (driver, "error(socket,-,stop) state(connecting>failed)");
  expect_timers (driver, "");
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
      input (driver, SCOPE_INPUT_CONNECT);
      expect (driver, rows[i].trace);
      expect_timers (driver, "connect unavailable");
      g_assert_cmpint (left (driver, SCOPE_TIMER_CONNECT), ==, 15 * S);
      g_assert_cmpint (left (driver, SCOPE_TIMER_UNAVAILABLE), ==, 10 * S);
      g_assert_true (scope_machine_wants_connected (driver->machine));
    }
}

static void
test_unavailable (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_OPENING);

  machine_driver_advance (driver, 10 * S - 1);
  expect (driver, "");
  machine_driver_advance (driver, 1);
  expect (driver, "state(connecting>unavailable)");
  expect_timers (driver, "connect");
}

/* Do: while unavailable, attempts and failures change nothing that is seen. */
static void
test_unavailable_stays (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_UNAVAILABLE);

  input (driver, SCOPE_INPUT_OPENED);
  input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
  expect (driver, "error(socket,1006,retry) in(1.000,#2)");
  machine_driver_advance (driver, 1 * S);
  expect (driver, "open(2,wss)");
  input_code (driver, SCOPE_INPUT_FAILED, 502, NULL);
  expect (driver, "error(handshake,502,retry) in(2.000,#3)");
  machine_driver_advance (driver, 2 * S);
  expect (driver, "open(3,wss)");
  machine_driver_advance (driver, 15 * S);
  expect (driver, "error(socket,-,retry) close(3,0) in(4.000,#4)");
  machine_driver_advance (driver, 4 * S);
  expect (driver, "open(4,wss)");
  input (driver, SCOPE_INPUT_OPENED);
  established (driver, 120);
  expect (driver, "state(unavailable>connected)");
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

      established (driver, 30);
      expect (driver, rows[i].trace);
      expect_timers (driver, "activity stable");
      g_assert_cmpstr (scope_machine_get_socket_id (driver->machine), ==, "1.2");
      g_assert_cmpint (scope_machine_get_activity_timeout_usec (driver->machine), ==, 30 * S);
    }
}

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
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      ScopeMachineOptions options;
      g_autoptr (MachineDriver) driver = NULL;

      machine_driver_options (&options);
      options.activity_timeout_usec = rows[i].option;
      driver = driver_at_with (AT_HANDSHAKE, &options);
      established (driver, rows[i].server);
      g_assert_cmpint (scope_machine_get_activity_timeout_usec (driver->machine), ==,
                       rows[i].effective);
      g_assert_cmpint (left (driver, SCOPE_TIMER_ACTIVITY), ==, rows[i].ping_after);
      clear (driver);
      machine_driver_advance (driver, rows[i].ping_after);
      expect (driver, "ping");
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

      network (driver, TRUE);
      expect (driver, "open(2,wss)");
      g_assert_cmpint (driver->state, ==, state);
    }

  for (gsize i = 0; i < G_N_ELEMENTS (trying); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (trying[i]);
      ScopeState state = driver->state;

      network (driver, FALSE);
      expect (driver, "");
      network (driver, TRUE);
      expect (driver, "close(1,0) open(2,wss)");
      g_assert_cmpint (driver->state, ==, state);
    }
}

/* Network monitors report in bursts: an attempt just begun is left alone. */
static void
test_online_burst (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_OPENING);

  network (driver, TRUE);
  machine_driver_advance (driver, 999 * MS);
  network (driver, TRUE);
  expect (driver, "");
  machine_driver_advance (driver, 1 * MS);
  network (driver, TRUE);
  network (driver, TRUE);
  expect (driver, "close(1,0) open(2,wss)");
}

static void
test_tls_required (void)
{
  static const Place places[] = { AT_OPENING, AT_HANDSHAKE, AT_UNAVAILABLE, AT_CONNECTED };
  static const char *const states[] = { "", "", "", "state(connected>connecting,4000) " };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    {
      ScopeMachineOptions options;
      g_autoptr (MachineDriver) driver = NULL;
      g_autofree char *trace = g_strconcat ("error(server,4000,retry_now) ", states[i], "open(2,wss)",
                                            NULL);

      machine_driver_options (&options);
      options.use_tls = FALSE;
      driver = driver_at_with (places[i], &options);
      input_code (driver, SCOPE_INPUT_CLOSED, 4000, NULL);
      expect (driver, trace);

      /* wss stays for later attempts, and 4000 again is the end */
      input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
      clear (driver);
      machine_driver_advance (driver, 1 * S);
      expect (driver, "open(3,wss)");
      input_code (driver, SCOPE_INPUT_CLOSED, 4000, "still");
      g_assert_nonnull (strstr (driver->trace->str, "error(server,4000,stop)"));
      g_assert_cmpint (driver->state, ==, SCOPE_STATE_DISCONNECTED);

      /* a new wish begins as the profile says */
      clear (driver);
      input (driver, SCOPE_INPUT_CONNECT);
      expect (driver, "state(disconnected>connecting) open(4,ws)");
    }
}

static void
test_tls_not_allowed (void)
{
  ScopeMachineOptions options;
  g_autoptr (MachineDriver) driver = NULL;

  machine_driver_options (&options);
  options.use_tls = FALSE;
  options.may_tls = FALSE;
  driver = driver_at_with (AT_HANDSHAKE, &options);
  input_code (driver, SCOPE_INPUT_CLOSED, 4000, NULL);
  expect (driver, "error(server,4000,stop) state(connecting>disconnected,4000)");
  g_assert_nonnull (strstr (driver->error_text, "profile does not allow"));
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

      input (driver, SCOPE_INPUT_DISCONNECT);
      expect (driver, rows[i].trace);
      expect_timers (driver, "");
      g_assert_false (scope_machine_wants_connected (driver->machine));

      /* nothing comes back by itself (§12) */
      machine_driver_advance (driver, 3600 * S);
      network (driver, FALSE);
      network (driver, TRUE);
      input (driver, SCOPE_INPUT_WOKE);
      input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
      input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
      established (driver, 120);
      expect (driver, "");
    }
}

/* §1.7, every code as a close and as a first frame */

typedef enum
{
  DOES_RETRY,
  DOES_QUIET_RETRY,
  DOES_RETRY_NOW,
  DOES_STOP,
} Does;

static const struct
{
  guint code;
  const char *source;
  Does does;
} codes[] = {
  { 1000, "socket", DOES_QUIET_RETRY },
  { 1001, "socket", DOES_QUIET_RETRY },
  { 1002, "socket", DOES_RETRY },
  { 1003, "socket", DOES_RETRY },
  { 1004, "socket", DOES_RETRY },
  { 1005, "socket", DOES_RETRY },
  { 1006, "socket", DOES_RETRY },
  { 1009, "limit", DOES_RETRY },
  { 1011, "socket", DOES_RETRY },
  { 2010, "socket", DOES_RETRY },
  { 500, "socket", DOES_RETRY },
  { 3500, "socket", DOES_RETRY },
  { 4000, "server", DOES_STOP }, /* TLS is on already */
  { 4001, "server", DOES_STOP },
  { 4002, "server", DOES_STOP },
  { 4003, "server", DOES_STOP },
  { 4004, "server", DOES_STOP },
  { 4005, "server", DOES_STOP },
  { 4006, "server", DOES_STOP },
  { 4007, "server", DOES_STOP },
  { 4008, "server", DOES_STOP },
  { 4009, "server", DOES_STOP },
  { 4099, "server", DOES_STOP },
  { 4100, "server", DOES_RETRY },
  { 4199, "server", DOES_RETRY },
  { 4200, "server", DOES_RETRY_NOW },
  { 4201, "server", DOES_RETRY_NOW },
  { 4202, "server", DOES_RETRY_NOW },
  { 4299, "server", DOES_RETRY_NOW },
  { 4300, "server", DOES_STOP },
  { 4301, "server", DOES_STOP },
  { 4302, "server", DOES_STOP },
  { 5001, "server", DOES_STOP },
};

static char *
expected_trace (gsize       row,
                const char *source,
                ScopeState  from,
                gboolean    we_close)
{
  static const char *const names[] = { "retry", "retry", "retry_now", "stop" };
  GString *trace = g_string_new (NULL);
  Does does = codes[row].does;
  guint code = codes[row].code;

  if (does != DOES_QUIET_RETRY)
    g_string_append_printf (trace, "error(%s,%u,%s) ", source, code, names[does]);
  if (does == DOES_STOP)
    g_string_append_printf (trace, "state(%s>disconnected,%u) ", scope_state_to_name (from), code);
  else if (from == SCOPE_STATE_CONNECTED)
    g_string_append_printf (trace, "state(connected>connecting,%u) ", code);
  if (we_close)
    g_string_append (trace, "close(1,1000) ");
  if (does == DOES_RETRY || does == DOES_QUIET_RETRY)
    g_string_append (trace, "in(1.000,#2) ");
  if (does == DOES_RETRY_NOW)
    g_string_append (trace, "open(2,wss) ");

  g_string_set_size (trace, trace->len - 1);
  return g_string_free (trace, FALSE);
}

static void
test_codes_as_close (void)
{
  static const Place places[] = { AT_OPENING, AT_HANDSHAKE, AT_UNAVAILABLE, AT_CONNECTED };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      for (gsize p = 0; p < G_N_ELEMENTS (places); p++)
        {
          g_autoptr (MachineDriver) driver = driver_at (places[p]);
          g_autofree char *trace = expected_trace (i, codes[i].source, driver->state, FALSE);
          gboolean changes = codes[i].does == DOES_STOP || driver->state == SCOPE_STATE_CONNECTED;

          input_code (driver, SCOPE_INPUT_CLOSED, codes[i].code, "why");
          expect (driver, trace);
          if (changes)
            {
              g_assert_cmpstr (driver->state_text, ==, "why");
              g_assert_nonnull (driver->state_meaning);
            }
          if (codes[i].does != DOES_QUIET_RETRY)
            g_assert_cmpstr (driver->error_text, ==, "why");
          if (codes[i].does == DOES_STOP)
            {
              expect_timers (driver, "");
              g_assert_false (scope_machine_wants_connected (driver->machine));
              machine_driver_advance (driver, 3600 * S);
              expect (driver, "");
            }
        }
    }
}

/* §1.3: a pusher:error before the handshake acts as a close; we close what the server leaves open. */
static void
test_codes_as_first_frame (void)
{
  static const Place places[] = { AT_HANDSHAKE, AT_UNAVAILABLE };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      for (gsize p = 0; p < G_N_ELEMENTS (places); p++)
        {
          g_autoptr (MachineDriver) driver = driver_at (places[p]);
          g_autofree char *trace = expected_trace (i, "server", driver->state, TRUE);

          input_code (driver, SCOPE_INPUT_SERVER_ERROR, codes[i].code, NULL);
          expect (driver, trace);
          if (codes[i].does == DOES_QUIET_RETRY)
            continue;
          /* without a text the meaning stands in */
          g_assert_cmpstr (driver->error_text, !=, "");
        }
    }
}

static void
test_first_frame_without_code (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_HANDSHAKE);

  input_code (driver, SCOPE_INPUT_SERVER_ERROR, 0, NULL);
  expect (driver, "error(server,-,retry) close(1,1000) in(1.000,#2)");
  g_assert_nonnull (strstr (driver->error_text, "instead of a handshake"));
}

/* After the handshake no code in a frame acts: not 4000 (§11.4), not 4200 (§11.3). */
static void
test_codes_in_later_frame (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);
      g_autofree char *trace = g_strdup_printf ("error(server,%u,none)", codes[i].code);

      input_code (driver, SCOPE_INPUT_SERVER_ERROR, codes[i].code, "text");
      expect (driver, trace);
      g_assert_cmpstr (driver->error_text, ==, "text");
      machine_driver_advance (driver, 100 * S);
      expect (driver, "");
      expect_timers (driver, "activity");
    }
}

static void
test_frame_without_code (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  input_code (driver, SCOPE_INPUT_SERVER_ERROR, 0, "Invalid signature");
  expect (driver, "error(server,-,none)");
  input_code (driver, SCOPE_INPUT_CLOSED, 0, NULL);
  expect (driver, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#2)");
}

/* Do: the frame's code is used only for a close without one, within 2 s. */
static void
test_remembered_error (void)
{
  static const struct
  {
    guint frame, close;
    gint64 after;
    const char *trace;
  } rows[] = {
    { 4001, 0, 0, "error(server,4001,stop) state(connected>disconnected,4001)" },
    { 4001, 1005, 1 * S, "error(server,4001,stop) state(connected>disconnected,4001)" },
    { 4001, 1006, 2 * S, "error(server,4001,stop) state(connected>disconnected,4001)" },
    { 4001, 1006, 2 * S + 1,
      "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#2)" },
    { 4001, 1000, 0, "state(connected>connecting,1000) in(1.000,#2)" },
    { 4001, 4100, 0, "error(server,4100,retry) state(connected>connecting,4100) in(1.000,#2)" },
    { 4201, 0, 0, "error(server,4201,retry_now) state(connected>connecting,4201) open(2,wss)" },
    { 4100, 0, 0, "error(server,4100,retry) state(connected>connecting,4100) in(1.000,#2)" },
    /* these explain no close */
    { 4000, 0, 0, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#2)" },
    { 4301, 0, 0, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#2)" },
    { 5001, 0, 0, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#2)" },
    { 500, 0, 0, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#2)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

      input_code (driver, SCOPE_INPUT_SERVER_ERROR, rows[i].frame, "from the frame");
      clear (driver);
      machine_driver_advance (driver, rows[i].after);
      input_code (driver, SCOPE_INPUT_CLOSED, rows[i].close, NULL);
      expect (driver, rows[i].trace);
      if (rows[i].frame < 4300 && rows[i].frame > 4000 && strstr (rows[i].trace, "1006") == NULL &&
          rows[i].close != 1000 && rows[i].close != 4100)
        g_assert_cmpstr (driver->error_text, ==, "from the frame");
    }
}

/* What an old connection said does not explain the end of a new one. */
static void
test_remembered_error_is_of_its_connection (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  input_code (driver, SCOPE_INPUT_SERVER_ERROR, 4001, "old");
  input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  input (driver, SCOPE_INPUT_OPENED);
  established (driver, 120);
  clear (driver);
  input_code (driver, SCOPE_INPUT_CLOSED, 0, NULL);
  expect (driver, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#3)");
}

/* A transport that breaks after it opened is a loss like any (§12: all errors end in one handler). */
static void
test_failed_after_open (void)
{
  g_autoptr (MachineDriver) waiting = driver_at (AT_HANDSHAKE);
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  input_code (waiting, SCOPE_INPUT_FAILED, 0, "reset by peer");
  expect (waiting, "error(socket,1006,retry) in(1.000,#2)");
  g_assert_cmpstr (waiting->error_text, ==, "reset by peer");

  input_code (driver, SCOPE_INPUT_SERVER_ERROR, 4001, NULL);
  clear (driver);
  input_code (driver, SCOPE_INPUT_FAILED, 0, "reset by peer");
  expect (driver, "error(server,4001,stop) state(connected>disconnected,4001)");
}

/* §12: 401, 403 and 404 at the upgrade stop; any other status is tried again. */
static void
test_http_status (void)
{
  static const struct
  {
    guint status;
    const char *trace;
  } rows[] = {
    { 0, "error(socket,-,retry) in(1.000,#2)" },
    { 200, "error(handshake,200,retry) in(1.000,#2)" },
    { 301, "error(handshake,301,retry) in(1.000,#2)" },
    { 400, "error(handshake,400,retry) in(1.000,#2)" },
    { 401, "error(handshake,401,stop) state(connecting>disconnected,401)" },
    { 403, "error(handshake,403,stop) state(connecting>disconnected,403)" },
    { 404, "error(handshake,404,stop) state(connecting>disconnected,404)" },
    { 407, "error(handshake,407,retry) in(1.000,#2)" },
    { 429, "error(handshake,429,retry) in(1.000,#2)" },
    { 500, "error(handshake,500,retry) in(1.000,#2)" },
    { 503, "error(handshake,503,retry) in(1.000,#2)" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autoptr (MachineDriver) driver = driver_at (AT_OPENING);

      input_code (driver, SCOPE_INPUT_FAILED, rows[i].status, NULL);
      expect (driver, rows[i].trace);
      g_assert_nonnull (driver->error_text);
    }
}

/* §1.3 */
static void
test_bad_handshake (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_HANDSHAKE);
  g_autoptr (MachineDriver) no_id = driver_at (AT_HANDSHAKE);

  machine_driver_step (driver, (ScopeInput) { .type = SCOPE_INPUT_BAD_HANDSHAKE, .text = "garbage" });
  expect (driver, "error(handshake,-,retry) close(1,1002) in(1.000,#2)");
  g_assert_cmpstr (driver->error_text, ==, "garbage");

  machine_driver_step (no_id, (ScopeInput) { .type = SCOPE_INPUT_ESTABLISHED, .seconds = 30 });
  expect (no_id, "error(handshake,-,retry) close(1,1002) in(1.000,#2)");
}

/* Do: one limit over all of name, TCP, TLS, upgrade and first frame. */
static void
test_connect_limit (void)
{
  g_autoptr (MachineDriver) silent = driver_at (AT_OPENING);
  g_autoptr (MachineDriver) mute = driver_at (AT_OPENING);

  machine_driver_advance (silent, 15 * S - 1);
  expect (silent, "state(connecting>unavailable)");
  machine_driver_advance (silent, 1);
  expect (silent, "error(socket,-,retry) close(1,0) in(1.000,#2)");

  machine_driver_advance (mute, 9 * S);
  input (mute, SCOPE_INPUT_OPENED);
  machine_driver_advance (mute, 6 * S);
  expect (mute, "state(connecting>unavailable) error(handshake,-,retry) close(1,0) in(1.000,#2)");
}

/* §1.4 */

static void
test_ping_and_pong (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  machine_driver_advance (driver, 108 * S - 1);
  expect (driver, "");
  machine_driver_advance (driver, 1);
  expect (driver, "ping");
  expect_timers (driver, "pong");
  g_assert_cmpint (left (driver, SCOPE_TIMER_PONG), ==, 30 * S);

  /* any frame is an answer */
  machine_driver_advance (driver, 29 * S);
  g_assert_false (scope_machine_note_activity (driver->machine,
                                               scope_machine_get_generation (driver->machine),
                                               driver->now_usec));
  input (driver, SCOPE_INPUT_ACTIVITY);
  expect (driver, "");
  expect_timers (driver, "activity");
  g_assert_cmpint (left (driver, SCOPE_TIMER_ACTIVITY), ==, 108 * S);
}

static void
test_no_pong (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  machine_driver_advance (driver, 108 * S);
  clear (driver);
  machine_driver_advance (driver, 30 * S);
  expect (driver, "error(socket,-,retry_now) state(connected>connecting) close(1,0) open(2,wss)");
  g_assert_nonnull (driver->state_text);
  g_assert_nonnull (driver->state_meaning);
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
  expect (driver, "");
  g_assert_cmpint (left (driver, SCOPE_TIMER_ACTIVITY), ==, 100 * S);
  machine_driver_advance (driver, 100 * S - 1);
  expect (driver, "");
  machine_driver_advance (driver, 1);
  expect (driver, "ping");

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
  input (driver, SCOPE_INPUT_PING);
  expect (driver, "pong");
  machine_driver_advance (driver, 108 * S - 1);
  expect (driver, "");
  machine_driver_advance (driver, 1);
  expect (driver, "ping");

  /* while a pong is awaited: it counts as one, and is answered */
  input (driver, SCOPE_INPUT_PING);
  expect (driver, "pong");
  expect_timers (driver, "activity");

  input (early, SCOPE_INPUT_PING);
  expect (early, "");
}

static void
test_error_frame_is_activity (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  machine_driver_advance (driver, 108 * S);
  clear (driver);
  input_code (driver, SCOPE_INPUT_SERVER_ERROR, 4301, NULL);
  expect (driver, "error(server,4301,none)");
  expect_timers (driver, "activity");

  machine_driver_advance (driver, 108 * S);
  clear (driver);
  established (driver, 5); /* a second handshake is a frame like any */
  expect (driver, "");
  expect_timers (driver, "activity");
  g_assert_cmpint (scope_machine_get_activity_timeout_usec (driver->machine), ==, 120 * S);
  machine_driver_step (driver, (ScopeInput) { .type = SCOPE_INPUT_BAD_HANDSHAKE });
  expect (driver, "");
}

/* Offline while connected: ping now, 30 s; on a change also; a burst gives one ping. */
static void
test_network_while_connected (void)
{
  for (int available = FALSE; available <= TRUE; available++)
    {
      g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

      network (driver, available);
      network (driver, available);
      expect (driver, "ping");
      expect_timers (driver, "pong stable");
      g_assert_cmpint (left (driver, SCOPE_TIMER_PONG), ==, 30 * S);
      input (driver, SCOPE_INPUT_ACTIVITY);
      expect_timers (driver, "activity stable");
      g_assert_cmpint (driver->state, ==, SCOPE_STATE_CONNECTED);
    }
}

/* Do: while offline one probe per 30 s; with the network back, at once. */
static void
test_offline_probes (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_OPENING);

  network (driver, FALSE);
  driver->random = 0.9;
  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *trace = g_strdup_printf ("error(socket,-,retry) in(30.000,#%u)", i + 1);

      input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
      expect (driver, trace);
      machine_driver_advance (driver, 30 * S);
      clear (driver);
    }

  input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  machine_driver_advance (driver, 3 * S);
  clear (driver);
  network (driver, TRUE);
  expect (driver, "open(7,wss)");

  /* the probes have not made the backoff grow */
  input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  expect (driver, "error(socket,-,retry) in(1.180,#8)");
}

static void
test_woke (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);
  g_autoptr (MachineDriver) awaiting = driver_at (AT_CONNECTED);
  g_autoptr (MachineDriver) waiting = driver_at (AT_UNAVAILABLE_WAITING);
  g_autoptr (MachineDriver) trying = driver_at (AT_UNAVAILABLE);

  input (driver, SCOPE_INPUT_WOKE);
  expect (driver, "ping");
  g_assert_cmpint (left (driver, SCOPE_TIMER_PONG), ==, 5 * S);
  /* nothing that follows gives it more time */
  machine_driver_advance (driver, 4 * S);
  network (driver, TRUE);
  input (driver, SCOPE_INPUT_WOKE);
  g_assert_cmpint (left (driver, SCOPE_TIMER_PONG), ==, 1 * S);
  clear (driver);
  machine_driver_advance (driver, 1 * S);
  expect (driver, "error(socket,-,retry_now) state(connected>connecting) close(1,0) open(2,wss)");

  /* a pong was awaited already: its limit is cut */
  machine_driver_advance (awaiting, 108 * S);
  clear (awaiting);
  input (awaiting, SCOPE_INPUT_WOKE);
  expect (awaiting, "ping");
  g_assert_cmpint (left (awaiting, SCOPE_TIMER_PONG), ==, 5 * S);

  input (waiting, SCOPE_INPUT_WOKE);
  expect (waiting, "open(2,wss)");
  input (trying, SCOPE_INPUT_WOKE);
  expect (trying, "close(1,0) open(2,wss)");
}

/* §1.6 Do, §1.9 */

/* The unavailable timer runs from the loss, once. */
static void
test_unavailable_runs_from_loss (void)
{
  g_autoptr (MachineDriver) driver = driver_stable ();

  input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
  expect (driver, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#1)");
  expect_timers (driver, "unavailable retry");
  machine_driver_advance (driver, 1 * S);
  input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  machine_driver_advance (driver, 2 * S);
  input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  machine_driver_advance (driver, 4 * S);
  g_assert_cmpint (left (driver, SCOPE_TIMER_UNAVAILABLE), ==, 3 * S);
  clear (driver);
  machine_driver_advance (driver, 3 * S);
  expect (driver, "state(connecting>unavailable)");
}

static void
fail_and_expect_wait (MachineDriver *driver,
                      double         seconds)
{
  g_autofree char *begin = g_strdup_printf ("in(%.3f,", seconds);

  input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  g_assert_nonnull (strstr (driver->trace->str, begin));
  clear (driver);
  machine_driver_advance (driver, (gint64) (seconds * S));
  g_assert_nonnull (strstr (driver->trace->str, "open("));
  clear (driver);
}

static void
test_backoff (void)
{
  static const double waits[] = { 1, 2, 4, 8, 16, 30, 30 };
  g_autoptr (MachineDriver) driver = driver_at (AT_OPENING);

  for (gsize i = 0; i < G_N_ELEMENTS (waits); i++)
    fail_and_expect_wait (driver, waits[i]);

  /* the user's new wish begins anew */
  input (driver, SCOPE_INPUT_DISCONNECT);
  input (driver, SCOPE_INPUT_CONNECT);
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
  input (driver, SCOPE_INPUT_OPENED);
  established (driver, 120);
  machine_driver_advance (driver, 59 * S);
  input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
  g_assert_nonnull (strstr (driver->trace->str, "in(4.000,#4)"));
  machine_driver_advance (driver, 4 * S);

  input (driver, SCOPE_INPUT_OPENED);
  established (driver, 120);
  machine_driver_advance (driver, 60 * S);
  clear (driver);
  input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
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
      input_code (driver, SCOPE_INPUT_CLOSED, 4100, NULL);
      g_assert_cmpint (left (driver, SCOPE_TIMER_RETRY), ==, 1 * S);
      machine_driver_advance (driver, 1 * S);
    }
  input_code (driver, SCOPE_INPUT_CLOSED, 4199, NULL);
  g_assert_cmpint (left (driver, SCOPE_TIMER_RETRY), ==, 1600 * MS);
  machine_driver_advance (driver, 1600 * MS);

  /* others keep to the profile */
  input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
  g_assert_cmpint (left (driver, SCOPE_TIMER_RETRY), ==, 3200 * MS);
}

/* §1.7: one immediate reconnect per 10 s; closed again within 10 s of connected: backoff. */
static void
test_loop_guard (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  expect (driver, "error(server,4200,retry_now) state(connected>connecting,4200) open(2,wss)");
  input (driver, SCOPE_INPUT_OPENED);
  established (driver, 120);
  clear (driver);
  machine_driver_advance (driver, 5 * S);
  input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  expect (driver, "error(server,4200,retry) state(connected>connecting,4200) in(1.000,#3)");
  machine_driver_advance (driver, 1 * S);

  /* a slow handshake: more than 10 s after the last one, but within 10 s of connected */
  machine_driver_advance (driver, 8 * S);
  input (driver, SCOPE_INPUT_OPENED);
  established (driver, 120);
  clear (driver);
  input_code (driver, SCOPE_INPUT_CLOSED, 4201, NULL);
  expect (driver, "error(server,4201,retry) state(connected>connecting,4201) in(2.000,#4)");
  machine_driver_advance (driver, 2 * S);

  /* after 10 s of connection it is granted again */
  input (driver, SCOPE_INPUT_OPENED);
  established (driver, 120);
  machine_driver_advance (driver, 10 * S);
  clear (driver);
  input_code (driver, SCOPE_INPUT_CLOSED, 4202, NULL);
  expect (driver, "error(server,4202,retry_now) state(connected>connecting,4202) open(5,wss)");
}

/* Before the handshake the same: one per 10 s. */
static void
test_loop_guard_in_handshake (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_HANDSHAKE);

  input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  expect (driver, "error(server,4200,retry_now) open(2,wss)");
  input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  expect (driver, "error(server,4200,retry) in(1.000,#3)");
  machine_driver_advance (driver, 1 * S);
  machine_driver_advance (driver, 9 * S);
  clear (driver);
  input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  expect (driver, "error(server,4200,retry_now) open(4,wss)");
}

static void
test_max_attempts (void)
{
  ScopeMachineOptions options;
  g_autoptr (MachineDriver) driver = NULL;

  machine_driver_options (&options);
  options.max_attempts = 3;
  driver = driver_at_with (AT_OPENING, &options);

  input_code (driver, SCOPE_INPUT_FAILED, 0, "refused");
  expect (driver, "error(socket,-,retry) in(1.000,#2)");
  machine_driver_advance (driver, 1 * S);
  input_code (driver, SCOPE_INPUT_CLOSED, 1001, NULL);
  expect (driver, "open(2,wss) in(2.000,#3)");
  machine_driver_advance (driver, 2 * S);
  clear (driver);
  input_code (driver, SCOPE_INPUT_FAILED, 502, "bad gateway");
  expect (driver, "error(handshake,502,stop) state(connecting>disconnected,502)");
  g_assert_cmpstr (driver->error_text, ==, "Gave up after 3 attempts: bad gateway");
  g_assert_false (scope_machine_wants_connected (driver->machine));

  /* the user's wish gives three more; a stable connection also */
  input (driver, SCOPE_INPUT_CONNECT);
  input (driver, SCOPE_INPUT_OPENED);
  established (driver, 120);
  machine_driver_advance (driver, 60 * S);
  clear (driver);
  input_code (driver, SCOPE_INPUT_CLOSED, 1006, NULL);
  expect (driver, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#1)");
  machine_driver_advance (driver, 1 * S);
  for (guint i = 0; i < 2; i++)
    {
      input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
      machine_driver_advance (driver, 5 * S);
    }
  clear (driver);
  input_code (driver, SCOPE_INPUT_CLOSED, 1000, NULL);
  expect (driver, "error(socket,1000,stop) state(unavailable>disconnected,1000)");
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

  input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  expect (driver, "error(server,4200,retry_now) state(connected>connecting,4200) open(2,wss)");
  input (driver, SCOPE_INPUT_OPENED);
  established (driver, 120);
  clear (driver);
  input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  expect (driver, "error(server,4200,stop) state(connected>disconnected,4200)");
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
  input_code (driver, SCOPE_INPUT_CLOSED, 4000, NULL);
  expect (driver, "error(server,4000,retry_now) open(2,wss)");
}

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
      input (driver, SCOPE_INPUT_DISCONNECT);
      input (driver, SCOPE_INPUT_CONNECT);
      clear (driver);

      for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
        {
          machine_driver_step (driver, (ScopeInput) { .type = types[i], .generation = 1, .code = 4001,
                                                      .text = "9.9", .seconds = 1 });
          machine_driver_step (driver, (ScopeInput) { .type = types[i], .generation = 3, .code = 4001,
                                                      .text = "9.9", .seconds = 1 });
        }
      expect (driver, "");
      expect_timers (driver, "connect unavailable");
    }
}

/* After our own close nothing of that socket counts, though it is the newest. */
static void
test_own_close_is_final (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_HANDSHAKE);

  machine_driver_advance (driver, 15 * S);
  clear (driver);
  established (driver, 120);
  input_code (driver, SCOPE_INPUT_CLOSED, 4001, NULL);
  input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
  input (driver, SCOPE_INPUT_PING);
  expect (driver, "");
  expect_timers (driver, "retry");
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
          expect (driver, "");
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
  g_assert_cmpint (left (driver, SCOPE_TIMER_PONG), ==, 30 * S);
  clear (driver);
  machine_driver_advance (driver, 30 * S);
  g_assert_nonnull (strstr (driver->trace->str, "open(2,ws)"));
  g_assert_cmpint (left (driver, SCOPE_TIMER_CONNECT), ==, 2 * S);
}

/* Options no one should set: no overflow, no spinning. */
static void
test_absurd_options (void)
{
  static const gint64 values[] = { G_MININT64, -1, 0, 1, G_MAXINT64 };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++)
    {
      ScopeMachineOptions options = {
        values[i], values[i], values[i], values[i], values[i], values[i], 0, TRUE, TRUE, TRUE
      };
      g_autoptr (MachineDriver) driver = machine_driver_new (&options);

      input (driver, SCOPE_INPUT_CONNECT);
      input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
      g_assert_cmpint (left (driver, SCOPE_TIMER_RETRY), >=, 1 * MS);
      input (driver, SCOPE_INPUT_CONNECT);
      input (driver, SCOPE_INPUT_OPENED);
      established (driver, 1);
      input (driver, SCOPE_INPUT_WOKE);
      machine_driver_advance (driver, 1 * S);
    }
}

static void
test_long_texts (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);
  g_autofree char *text = g_strnfill (100000, 'x');

  input_code (driver, SCOPE_INPUT_SERVER_ERROR, 4001, text);
  g_assert_cmpuint (strlen (driver->error_text), <, 4096);
  input_code (driver, SCOPE_INPUT_CLOSED, 0, text);
  g_assert_cmpuint (strlen (driver->state_text), <, 4096);
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
      clear (driver);
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
  g_test_add_func ("/machine/connect/limit", test_connect_limit);
  g_test_add_func ("/machine/failed/leave", test_leave_failed);
  g_test_add_func ("/machine/failed/options", test_options_leave_nothing);
  g_test_add_func ("/machine/unavailable", test_unavailable);
  g_test_add_func ("/machine/unavailable/stays", test_unavailable_stays);
  g_test_add_func ("/machine/unavailable/runs-from-loss", test_unavailable_runs_from_loss);
  g_test_add_func ("/machine/established", test_established);
  g_test_add_func ("/machine/established/activity-timeout", test_activity_timeout);
  g_test_add_func ("/machine/online", test_online);
  g_test_add_func ("/machine/online/burst", test_online_burst);
  g_test_add_func ("/machine/online/connected", test_network_while_connected);
  g_test_add_func ("/machine/offline", test_offline_probes);
  g_test_add_func ("/machine/woke", test_woke);
  g_test_add_func ("/machine/tls-required", test_tls_required);
  g_test_add_func ("/machine/tls-not-allowed", test_tls_not_allowed);
  g_test_add_func ("/machine/disconnect", test_disconnect);
  g_test_add_func ("/machine/codes/close", test_codes_as_close);
  g_test_add_func ("/machine/codes/first-frame", test_codes_as_first_frame);
  g_test_add_func ("/machine/codes/first-frame-without", test_first_frame_without_code);
  g_test_add_func ("/machine/codes/later-frame", test_codes_in_later_frame);
  g_test_add_func ("/machine/codes/later-frame-without", test_frame_without_code);
  g_test_add_func ("/machine/codes/remembered", test_remembered_error);
  g_test_add_func ("/machine/codes/remembered-by-connection", test_remembered_error_is_of_its_connection);
  g_test_add_func ("/machine/failed-after-open", test_failed_after_open);
  g_test_add_func ("/machine/http-status", test_http_status);
  g_test_add_func ("/machine/bad-handshake", test_bad_handshake);
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
  g_test_add_func ("/machine/late/generation", test_stale_generation);
  g_test_add_func ("/machine/late/own-close", test_own_close_is_final);
  g_test_add_func ("/machine/late/timers", test_stray_timers);
  g_test_add_func ("/machine/options/next-attempt", test_options_count_from_next_attempt);
  g_test_add_func ("/machine/options/absurd", test_absurd_options);
  g_test_add_func ("/machine/long-texts", test_long_texts);
  g_test_add_func ("/machine/names", test_names);
  g_test_add_func ("/machine/random-walk", test_random_walk);

  return g_test_run ();
}
