/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Each four bytes are one input: its type, its code, how much time passed, and the rest. The driver
 * checks invariants, the one socket and the order of states after each. */

#define G_LOG_DOMAIN "fuzz-machine"

#include "config.h"

#include "../unit/machine-driver.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static guint
read_code (guint8 byte)
{
  static const guint codes[] = { 0,    1000, 1001, 1002, 1005, 1006, 1009, 4000, 4001, 4009, 4100, 4199,
                                 4200, 4201, 4299, 4300, 4301, 5001, 200,  401,  403,  404,  502,  500 };

  return codes[byte % G_N_ELEMENTS (codes)];
}

static gint64
read_time (guint8 byte)
{
  static const gint64 msec[] = { 0, 1, 999, 1000, 2000, 5000, 9999, 10000, 15000, 30000, 60000, 108000 };

  return msec[byte % G_N_ELEMENTS (msec)] * (G_USEC_PER_SEC / 1000);
}

static void
read_options (guint8               byte,
              ScopeMachineOptions *options)
{
  machine_driver_options (options);
  options->use_tls = (byte & 1) != 0;
  options->may_plain = (byte & 2) != 0;
  options->may_tls = (byte & 4) != 0;
  options->max_attempts = (byte >> 3) & 3;
  if ((byte & 32) != 0)
    options->reconnect_delay_usec = 1;
  if ((byte & 64) != 0)
    options->activity_timeout_usec = 1;
  if ((byte & 128) != 0)
    options->attempt_timeout_usec = 40 * G_USEC_PER_SEC;
}

static void
ignore_log_cb (const char     *domain,
               GLogLevelFlags  level,
               const char     *message,
               gpointer        user_data)
{
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (MachineDriver) driver = NULL;
  ScopeMachineOptions options;

  g_log_set_handler ("scope-machine", G_LOG_LEVEL_DEBUG, ignore_log_cb, NULL);
  if (size < 1)
    return 0;

  read_options (data[0], &options);
  driver = machine_driver_new (&options);

  for (gsize i = 1; i + 4 <= size && i < 4000; i += 4)
    {
      ScopeInput input = {
        .type = data[i] % (SCOPE_INPUT_WOKE + 1),
        .code = read_code (data[i + 1]),
        .text = (data[i + 3] & 1) != 0 ? "1.2" : NULL,
        .seconds = (double) data[i + 1],
        .timer = data[i + 1] % SCOPE_N_TIMERS,
        .available = (data[i + 3] & 2) != 0,
        .random = (data[i + 3] >> 3) / 32.0,
        .ping_delay_usec = read_time (data[i + 3]),
        .no_handshake = (data[i + 3] & 1) != 0,
      };

      if ((data[i + 3] & 4) != 0)
        input.generation = data[i + 1];

      machine_driver_advance (driver, read_time (data[i + 2]));
      machine_driver_step (driver, input);
      if (data[i] > 240)
        {
          read_options (data[i + 1], &options);
          scope_machine_set_options (driver->machine, &options);
        }
    }

  return 0;
}
