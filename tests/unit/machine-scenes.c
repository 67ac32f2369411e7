/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "machine-scenes"

#include "config.h"

#include "machine-scenes.h"

/* What happened since the last expectation. */
void
driver_expect (MachineDriver *driver,
               const char    *trace)
{
  g_assert_cmpstr (driver->trace->str, ==, trace);
  g_string_set_size (driver->trace, 0);
}

void
driver_expect_timers (MachineDriver *driver,
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

gint64
driver_left (MachineDriver *driver,
             ScopeTimer     timer)
{
  g_assert_cmpint (driver->armed_at[timer], !=, 0);
  return driver->armed_at[timer] - driver->now_usec;
}

void
driver_input (MachineDriver  *driver,
              ScopeInputType  type)
{
  machine_driver_step (driver, (ScopeInput) { .type = type });
}

void
driver_input_code (MachineDriver  *driver,
                   ScopeInputType  type,
                   guint           code,
                   const char     *text)
{
  machine_driver_step (driver, (ScopeInput) { .type = type, .code = code, .text = text });
}

void
driver_establish (MachineDriver *driver,
                  double         seconds)
{
  machine_driver_step (driver, (ScopeInput) { .type = SCOPE_INPUT_ESTABLISHED, .text = "1.2",
                                              .seconds = seconds });
}

void
driver_network (MachineDriver *driver,
                gboolean       available)
{
  machine_driver_step (driver, (ScopeInput) { .type = SCOPE_INPUT_NETWORK, .available = available });
}

void
driver_clear (MachineDriver *driver)
{
  g_string_set_size (driver->trace, 0);
}

MachineDriver *
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
    driver_input (driver, SCOPE_INPUT_CONNECT);

  switch (place)
    {
    case AT_HANDSHAKE:
      driver_input (driver, SCOPE_INPUT_OPENED);
      break;

    case AT_WAITING:
      driver_input_code (driver, SCOPE_INPUT_FAILED, 0, "refused");
      break;

    case AT_UNAVAILABLE:
      machine_driver_advance (driver, 10 * S);
      break;

    case AT_UNAVAILABLE_WAITING:
      machine_driver_advance (driver, 10 * S);
      driver_input_code (driver, SCOPE_INPUT_FAILED, 0, "refused");
      break;

    case AT_CONNECTED:
      driver_input (driver, SCOPE_INPUT_OPENED);
      driver_establish (driver, 120);
      break;

    case AT_DISCONNECTED:
      driver_input (driver, SCOPE_INPUT_DISCONNECT);
      break;

    case AT_INITIALIZED:
    case AT_OPENING:
    case AT_FAILED:
    case N_PLACES:
    default:
      break;
    }

  driver_clear (driver);
  return driver;
}

MachineDriver *
driver_at (Place place)
{
  return driver_at_with (place, NULL);
}

/* A connection that has lasted: nothing of its beginning counts any more. */
MachineDriver *
driver_stable (void)
{
  MachineDriver *driver = driver_at (AT_CONNECTED);

  machine_driver_advance (driver, 61 * S);
  driver_clear (driver);
  return driver;
}

/* §1.6, row by row */
