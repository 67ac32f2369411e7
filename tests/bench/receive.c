/* SPDX-License-Identifier: GPL-3.0-or-later */

/* receive MODE PORT N: how fast N events of flood-server come in. MODE:
 *   soup        libsoup alone: the upper bound
 *   connection  + scanner, message, routing: ScopeConnection
 *   session     + capture file: ScopeSession, until the last event is committed
 *   budget      the same, the file no larger than 16 MiB
 * Prints events per second: from the first event, for a session from connected on,
 * to the last. With a budget then the file's size, and what was resident after each tenth: KiB. */

#include "config.h"

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <stdio.h>
#include <unistd.h>

#include "session/scope-session.h"

#define BUDGET_BYTES (16 * 1024 * 1024)
#define PARTS 10

typedef struct
{
  GMainLoop *loop;
  guint wanted;
  guint count;
  gint64 first_usec;
  gint64 last_usec;
  gint64 file_kib;
  guint n_parts;
  long resident_kib[PARTS];
} Bench;

static void
bench_count (Bench *bench)
{
  if (bench->count++ == 0)
    bench->first_usec = g_get_monotonic_time ();
}

static void
bench_end (Bench *bench)
{
  bench->last_usec = g_get_monotonic_time ();
  g_main_loop_quit (bench->loop);
}

static gboolean
too_late_cb (gpointer user_data)
{
  g_error ("Not all events came within 120 s");
  return G_SOURCE_REMOVE;
}

/* --- soup --- */

static void
soup_message_cb (SoupWebsocketConnection *connection,
                 SoupWebsocketDataType type,
                 GBytes *frame,
                 gpointer user_data)
{
  Bench *bench = user_data;

  if (bench->count == 0)
    soup_websocket_connection_send_text (connection, "{\"event\":\"pusher:subscribe\"}");
  bench_count (bench);
  if (bench->count == 3)
    bench->first_usec = g_get_monotonic_time (); /* greeting and succeeded do not count */
  if (bench->count == bench->wanted + 2)
    bench_end (bench);
}

static void
soup_connected_cb (GObject *source,
                   GAsyncResult *result,
                   gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  SoupWebsocketConnection *connection
      = soup_session_websocket_connect_finish (SOUP_SESSION (source), result, &error);

  g_assert_no_error (error);
  g_signal_connect (connection, "message", G_CALLBACK (soup_message_cb), user_data);
}

static void
run_soup (Bench *bench,
          guint port)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autofree char *url = g_strdup_printf ("ws://127.0.0.1:%u/app/key", port);
  g_autoptr (SoupMessage) message = soup_message_new ("GET", url);

  soup_session_websocket_connect_async (session, message, NULL, NULL, 0, NULL, soup_connected_cb, bench);
  g_main_loop_run (bench->loop);
}

/* --- connection --- */

static void
report_cb (ScopeConnection *connection,
           const ScopeReport *report,
           gpointer user_data)
{
  Bench *bench = user_data;

  if (report->type != SCOPE_REPORT_EVENT)
    return;
  bench_count (bench);
  if (bench->count == bench->wanted)
    bench_end (bench);
}

static void
run_connection (Bench *bench,
                guint port)
{
  g_autoptr (ScopeConnectionOptions) options = scope_connection_options_new ();
  g_autoptr (ScopeConnection) connection = NULL;

  options->key = g_strdup ("key");
  options->host = g_strdup ("127.0.0.1");
  options->port = port;
  options->use_tls = FALSE;
  connection = scope_connection_new (options, NULL);
  scope_connection_set_listener (connection, report_cb, bench);
  scope_connection_subscribe (connection, "flood", NULL);
  scope_connection_connect (connection);
  g_main_loop_run (bench->loop);
}

/* --- session --- */

typedef struct
{
  Bench *bench;
  ScopeSession *session;
} Watched;

static long
get_resident_kib (void)
{
  g_autofree char *text = NULL;
  long pages = 0;

  if (!g_file_get_contents ("/proc/self/statm", &text, NULL, NULL)
      || sscanf (text, "%*s %ld", &pages) != 1)
    g_error ("/proc/self/statm can’t be read");
  return pages * (sysconf (_SC_PAGESIZE) / 1024);
}

static void
bench_look (Bench   *bench,
            guint64  count)
{
  while (bench->n_parts < PARTS && count >= (guint64) bench->wanted * (bench->n_parts + 1) / PARTS)
    bench->resident_kib[bench->n_parts++] = get_resident_kib ();
}

static void
state_cb (ScopeSession *session,
          GParamSpec *pspec,
          gpointer user_data)
{
  Bench *bench = user_data;

  if (scope_session_get_state (session) == SCOPE_STATE_CONNECTED)
    bench->first_usec = g_get_monotonic_time ();
}

/* the events come behind everything else there is to record */
static void
committed_cb (ScopeRecorder *recorder,
              guint64 up_to,
              gpointer user_data)
{
  Watched *watched = user_data;
  ScopeChannel *channel = scope_session_find_channel (watched->session, "flood");

  bench_look (watched->bench, scope_channel_get_event_count (channel));
  if (scope_channel_get_event_count (channel) == watched->bench->wanted
      && up_to == scope_recorder_get_appended (recorder))
    bench_end (watched->bench);
}

static void
closed_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  scope_session_close_finish (SCOPE_SESSION (source), result, &error);
  g_main_loop_quit (user_data);
}

static void
run_session (Bench *bench,
             guint port,
             guint64 budget)
{
  GStatBuf status = { 0 };
  g_autofree char *directory = g_dir_make_tmp ("scope-bench-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (directory, "flood.channelscope", NULL);
  g_autoptr (ScopeProfile) profile = scope_profile_new ("bench");
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();
  g_autoptr (ScopeSession) session = NULL;
  Watched watched;

  g_object_set (profile, "host", "127.0.0.1", "port", port, "use-tls", FALSE, NULL);
  scope_profile_add_subscription (profile, "flood");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, "key");
  session = scope_session_new (profile, credentials, path, NULL);
  watched = (Watched) { bench, session };
  g_signal_connect (session, "notify::state", G_CALLBACK (state_cb), bench);
  scope_session_connect (session);
  scope_recorder_set_budget (scope_session_get_recorder (session), budget);
  g_signal_connect_after (scope_session_get_recorder (session), "committed", G_CALLBACK (committed_cb), &watched);
  g_main_loop_run (bench->loop);

  scope_session_close_async (session, closed_cb, bench->loop);
  g_main_loop_run (bench->loop);
  g_stat (path, &status);
  bench->file_kib = status.st_size / 1024;
  g_unlink (path);
  g_rmdir (directory);
}

int
main (int argc,
      char **argv)
{
  Bench bench = { 0 };
  const char *mode;
  guint port;

  if (argc != 4)
    {
      g_printerr ("usage: receive soup|connection|session|budget PORT N\n");
      return 2;
    }
  mode = argv[1];
  port = atoi (argv[2]);
  bench.wanted = atoi (argv[3]);
  bench.loop = g_main_loop_new (NULL, FALSE);
  g_timeout_add_seconds (120, too_late_cb, NULL);

  if (g_str_equal (mode, "soup"))
    run_soup (&bench, port);
  else if (g_str_equal (mode, "connection"))
    run_connection (&bench, port);
  else
    run_session (&bench, port, g_str_equal (mode, "budget") ? BUDGET_BYTES : 0);

  g_print ("%.0f", bench.wanted / ((bench.last_usec - bench.first_usec) / (double) G_USEC_PER_SEC));
  if (g_str_equal (mode, "budget"))
    g_print (" %" G_GINT64_FORMAT, bench.file_kib);
  for (guint i = 0; i < bench.n_parts && g_str_equal (mode, "budget"); i++)
    g_print (" %ld", bench.resident_kib[i]);
  g_print ("\n");
  g_main_loop_unref (bench.loop);
  return 0;
}
