/* SPDX-License-Identifier: GPL-3.0-or-later */

/* reconnect PORT N: connects to a sandbox of another process (libsoup's server leaks a GSocket a
 * connection) and disconnects, N times after a warm-up of N / 5. Prints resident memory in KiB after the
 * warm-up and at the end. */

#include "config.h"

#include <malloc.h>
#include <stdio.h>

#include "net/scope-connection.h"
#include "sandbox/scope-sandbox.h"

static gboolean
is_connected (ScopeConnection *connection)
{
  return scope_connection_get_state (connection) == SCOPE_STATE_CONNECTED;
}

static void
settled_cb (GObject *source,
            GAsyncResult *result,
            gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!scope_connection_settle_finish (SCOPE_CONNECTION (source), result, &error))
    g_error ("%s", error->message);
  *(gboolean *) user_data = TRUE;
}

static void
connect_once (ScopeConnection *connection)
{
  gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  gboolean settled = FALSE;

  scope_connection_connect (connection);
  while (!is_connected (connection) && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  if (!is_connected (connection))
    g_error ("Not connected in time");
  scope_connection_disconnect (connection);
  scope_connection_settle_async (connection, settled_cb, &settled);
  while (!settled)
    g_main_context_iteration (NULL, TRUE);
}

static long
resident_kib (void)
{
  g_autofree char *text = NULL;
  const char *line;

  malloc_trim (0);
  if (!g_file_get_contents ("/proc/self/status", &text, NULL, NULL)
      || (line = g_strstr_len (text, -1, "VmRSS:")) == NULL)
    g_error ("No /proc/self/status");
  return atol (line + 6);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (ScopeConnectionOptions) options = scope_connection_options_new ();
  g_autoptr (ScopeConnection) connection = NULL;
  guint n;
  long before;

  if (argc != 3)
    {
      g_printerr ("usage: reconnect PORT N\n");
      return 2;
    }
  n = atoi (argv[2]);
  options->key = g_strdup (SCOPE_SANDBOX_KEY);
  options->host = g_strdup ("127.0.0.1");
  options->port = atoi (argv[1]);
  options->use_tls = FALSE;
  connection = scope_connection_new (options, NULL);
  scope_connection_subscribe (connection, "news", NULL);
  for (guint i = 0; i < n / 5; i++)
    connect_once (connection);
  before = resident_kib ();
  for (guint i = 0; i < n; i++)
    connect_once (connection);
  printf ("%ld %ld\n", before, resident_kib ());
  return 0;
}
