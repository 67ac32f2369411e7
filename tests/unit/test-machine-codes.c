/* SPDX-License-Identifier: GPL-3.0-or-later */

/* protocol.md §1.3, §1.7, §12: what closes, errors and refusals do. */

#define G_LOG_DOMAIN "test-machine-codes"

#include "config.h"

#include <string.h>

#include "machine-scenes.h"

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
      driver_input_code (driver, SCOPE_INPUT_CLOSED, 4000, NULL);
      driver_expect (driver, trace);

      /* wss stays for later attempts, and 4000 again is the end */
      driver_input_code (driver, SCOPE_INPUT_FAILED, 0, NULL);
      driver_clear (driver);
      machine_driver_advance (driver, 1 * S);
      driver_expect (driver, "open(3,wss)");
      driver_input_code (driver, SCOPE_INPUT_CLOSED, 4000, "still");
      g_assert_nonnull (strstr (driver->trace->str, "error(server,4000,stop)"));
      g_assert_cmpint (driver->state, ==, SCOPE_STATE_DISCONNECTED);

      /* a new wish begins as the profile says */
      driver_clear (driver);
      driver_input (driver, SCOPE_INPUT_CONNECT);
      driver_expect (driver, "state(disconnected>connecting) open(4,ws)");
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
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4000, NULL);
  driver_expect (driver, "error(server,4000,stop) state(connecting>disconnected,4000)");
  g_assert_nonnull (strstr (driver->error_text, "profile does not allow"));
}

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

          driver_input_code (driver, SCOPE_INPUT_CLOSED, codes[i].code, "why");
          driver_expect (driver, trace);
          if (changes)
            {
              g_assert_cmpstr (driver->state_text, ==, "why");
              g_assert_nonnull (driver->state_meaning);
            }
          if (codes[i].does != DOES_QUIET_RETRY)
            g_assert_cmpstr (driver->error_text, ==, "why");
          if (codes[i].does == DOES_STOP)
            {
              driver_expect_timers (driver, "");
              g_assert_false (scope_machine_wants_connected (driver->machine));
              machine_driver_advance (driver, 3600 * S);
              driver_expect (driver, "");
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

          driver_input_code (driver, SCOPE_INPUT_SERVER_ERROR, codes[i].code, NULL);
          driver_expect (driver, trace);
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

  driver_input_code (driver, SCOPE_INPUT_SERVER_ERROR, 0, NULL);
  driver_expect (driver, "error(server,-,retry) close(1,1000) in(1.000,#2)");
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

      driver_input_code (driver, SCOPE_INPUT_SERVER_ERROR, codes[i].code, "text");
      driver_expect (driver, trace);
      g_assert_cmpstr (driver->error_text, ==, "text");
      machine_driver_advance (driver, 100 * S);
      driver_expect (driver, "");
      driver_expect_timers (driver, "activity");
    }
}

static void
test_frame_without_code (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  driver_input_code (driver, SCOPE_INPUT_SERVER_ERROR, 0, "Invalid signature");
  driver_expect (driver, "error(server,-,none)");
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 0, NULL);
  driver_expect (driver, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#2)");
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

      driver_input_code (driver, SCOPE_INPUT_SERVER_ERROR, rows[i].frame, "from the frame");
      driver_clear (driver);
      machine_driver_advance (driver, rows[i].after);
      driver_input_code (driver, SCOPE_INPUT_CLOSED, rows[i].close, NULL);
      driver_expect (driver, rows[i].trace);
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

  driver_input_code (driver, SCOPE_INPUT_SERVER_ERROR, 4001, "old");
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 4200, NULL);
  driver_input (driver, SCOPE_INPUT_OPENED);
  driver_establish (driver, 120);
  driver_clear (driver);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 0, NULL);
  driver_expect (driver, "error(socket,1006,retry) state(connected>connecting,1006) in(1.000,#3)");
}

/* A transport that breaks after it opened is a loss like any (§12: all errors end in one handler). */
static void
test_failed_after_open (void)
{
  g_autoptr (MachineDriver) waiting = driver_at (AT_HANDSHAKE);
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);

  driver_input_code (waiting, SCOPE_INPUT_FAILED, 0, "reset by peer");
  driver_expect (waiting, "error(socket,1006,retry) in(1.000,#2)");
  g_assert_cmpstr (waiting->error_text, ==, "reset by peer");

  driver_input_code (driver, SCOPE_INPUT_SERVER_ERROR, 4001, NULL);
  driver_clear (driver);
  driver_input_code (driver, SCOPE_INPUT_FAILED, 0, "reset by peer");
  driver_expect (driver, "error(server,4001,stop) state(connected>disconnected,4001)");
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

      driver_input_code (driver, SCOPE_INPUT_FAILED, rows[i].status, NULL);
      driver_expect (driver, rows[i].trace);
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
  driver_expect (driver, "error(handshake,-,retry) close(1,1002) in(1.000,#2)");
  g_assert_cmpstr (driver->error_text, ==, "garbage");

  machine_driver_step (no_id, (ScopeInput) { .type = SCOPE_INPUT_ESTABLISHED, .seconds = 30 });
  driver_expect (no_id, "error(handshake,-,retry) close(1,1002) in(1.000,#2)");
}

static void
test_long_texts (void)
{
  g_autoptr (MachineDriver) driver = driver_at (AT_CONNECTED);
  g_autofree char *text = g_strnfill (100000, 'x');

  driver_input_code (driver, SCOPE_INPUT_SERVER_ERROR, 4001, text);
  g_assert_cmpuint (strlen (driver->error_text), <, 4096);
  driver_input_code (driver, SCOPE_INPUT_CLOSED, 0, text);
  g_assert_cmpuint (strlen (driver->state_text), <, 4096);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/machine/tls-required", test_tls_required);
  g_test_add_func ("/machine/tls-not-allowed", test_tls_not_allowed);
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
  g_test_add_func ("/machine/long-texts", test_long_texts);

  return g_test_run ();
}
