/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

/* What this machine tells: whether it has a network, and whether it slept. */

/* How often we look whether the machine slept: timers of the monotonic clock stand still meanwhile,
 * so this is how late we notice at most. */
#define SLEEP_CHECK_USEC (5 * G_USEC_PER_SEC)
#define SLEEP_TOLERANCE_USEC (1 * G_USEC_PER_SEC)

/* GNetworkMonitor looks at routes: it says nothing about this machine itself. */
static gboolean
scope_connection_is_local (ScopeConnection *self)
{
  const char *host = self->options->host;
  g_autoptr (GInetAddress) address = NULL;

  if (host == NULL)
    return FALSE;
  if (g_ascii_strcasecmp (host, "localhost") == 0)
    return TRUE;

  address = g_inet_address_new_from_string (host);
  return address != NULL && g_inet_address_get_is_loopback (address);
}

static void
scope_connection_network_changed_cb (GNetworkMonitor *monitor,
                                     gboolean available,
                                     gpointer user_data)
{
  ScopeConnection *self = user_data;
  ScopeInput input = { .type = SCOPE_INPUT_NETWORK, .available = available };

  if (!scope_connection_is_local (self))
    _scope_connection_feed (self, &input);
}

static void
scope_connection_watch_sleep_cb (gpointer user_data)
{
  ScopeConnection *self = user_data;
  gint64 asleep_usec = scope_clock_get_asleep_usec (self->clock);
  gboolean slept = asleep_usec - self->asleep_usec > SLEEP_TOLERANCE_USEC;
  ScopeInput input = { .type = SCOPE_INPUT_WOKE };

  self->asleep_usec = asleep_usec;
  self->sleep_timer
      = scope_clock_add_timer (self->clock,
                               scope_clock_get_monotonic_usec (self->clock) + SLEEP_CHECK_USEC,
                               scope_connection_watch_sleep_cb, self);
  if (slept)
    _scope_connection_feed (self, &input);
}

/* The host may have become another since the last time. */
static void
scope_connection_watch_network (ScopeConnection *self)
{
  ScopeInput input = { .type = SCOPE_INPUT_NETWORK, .available = TRUE };

  if (!scope_connection_is_local (self))
    {
      if (self->monitor == NULL)
        self->monitor = g_object_ref (g_network_monitor_get_default ());
      if (self->network_handler == 0)
        self->network_handler = g_signal_connect (self->monitor, "network-changed",
                                                  G_CALLBACK (scope_connection_network_changed_cb), self);
      input.available = g_network_monitor_get_network_available (self->monitor);
    }
  /* while it is wanted, the monitor's signal has told all of it */
  if (!scope_machine_wants_connected (self->machine))
    _scope_connection_feed (self, &input);
}

void
_scope_connection_watch_start (ScopeConnection *self)
{
  if (self->sleep_timer == 0)
    {
      self->asleep_usec = scope_clock_get_asleep_usec (self->clock);
      scope_connection_watch_sleep_cb (self);
    }
  scope_connection_watch_network (self);
}

void
_scope_connection_watch_stop (ScopeConnection *self)
{
  scope_clock_remove_timer (self->clock, self->sleep_timer);
  self->sleep_timer = 0;
  if (self->monitor != NULL)
    g_clear_signal_handler (&self->network_handler, self->monitor);
}
