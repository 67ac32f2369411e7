/* SPDX-License-Identifier: GPL-3.0-or-later */

/* 10,000 events in one second through a real socket: all of them in the capture and in the list, in order. */

#include "config.h"

#define WAIT_SECONDS 60

#include <glib/gstdio.h>

#include "capture/scope-capture.h"
#include "sandbox/scope-sandbox.h"
#include "session/scope-session.h"
#include "tests/wait.h"

#define N_EVENTS 10000

typedef struct
{
  char *directory;
  char *path;
  ScopeSandbox *sandbox;
  ScopeSession *session;
  gboolean closed;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autoptr (ScopeProfile) profile = scope_profile_new ("flood");
  g_autoptr (ScopeCredentials) credentials = scope_credentials_new ();

  fixture->directory = g_dir_make_tmp ("scope-flood-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->directory, "flood.channelscope", NULL);
  fixture->sandbox = scope_sandbox_new ();
  g_assert_true (scope_sandbox_start (fixture->sandbox, 0, NULL));
  g_object_set (profile, "host", "127.0.0.1", "port", scope_sandbox_get_port (fixture->sandbox), "use-tls", FALSE,
                NULL);
  scope_profile_add_subscription (profile, "flood");
  scope_credentials_set (credentials, SCOPE_CREDENTIAL_KEY, SCOPE_SANDBOX_KEY);
  fixture->session = scope_session_new (profile, credentials, fixture->path, NULL);
}

static void
closed_cb (GObject *source,
           GAsyncResult *result,
           gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (scope_session_close_finish (SCOPE_SESSION (source), result, &error));
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  scope_sandbox_stop (fixture->sandbox, 1001);
  g_object_unref (fixture->sandbox);
  g_unlink (fixture->path);
  g_assert_cmpint (g_rmdir (fixture->directory), ==, 0); /* one plain file was left, no -wal */
  g_free (fixture->path);
  g_free (fixture->directory);
}

static guint64
count_events (Fixture *fixture)
{
  return scope_channel_get_event_count (scope_session_find_channel (fixture->session, "flood"));
}

static void
check_capture (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeCapture) capture = scope_capture_open (fixture->path, &error);
  guint64 next = 0;

  g_assert_no_error (error);
  g_assert_null (scope_capture_get_warning (capture));
  for (guint64 sequence = 1; sequence <= scope_capture_count (capture); sequence++)
    {
      g_autoptr (ScopeEntry) entry = scope_capture_read (capture, sequence, &error);
      g_autofree char *start = g_strdup_printf ("{\"n\":%" G_GUINT64_FORMAT ",", next);
      g_autoptr (GBytes) raw = NULL;

      g_assert_no_error (error);
      if (entry->kind != SCOPE_ENTRY_EVENT)
        continue;
      raw = scope_entry_dup_raw (entry, NULL);
      g_assert_cmpuint (g_bytes_get_size (raw), >, strlen (start));
      g_assert_cmpmem (g_bytes_get_data (raw, NULL), strlen (start), start, strlen (start));
      next++;
    }
  g_assert_cmpuint (next, ==, N_EVENTS);
}

static void
test_flood (Fixture *fixture,
            gconstpointer data)
{
  ScopeChannel *channel;

  scope_session_connect (fixture->session);
  channel = scope_session_find_channel (fixture->session, "flood");
  WAIT_UNTIL (scope_channel_get_status (channel) == SCOPE_SUBSCRIPTION_SUBSCRIBED);
  scope_sandbox_flood (fixture->sandbox, "flood", N_EVENTS, 250, 1.0);
  WAIT_UNTIL (count_events (fixture) == N_EVENTS);
  WAIT_UNTIL (scope_recorder_get_committed (scope_session_get_recorder (fixture->session))
              == scope_recorder_get_appended (scope_session_get_recorder (fixture->session)));
  g_assert_cmpuint (scope_recorder_get_refused (scope_session_get_recorder (fixture->session)), ==, 0);
  WAIT_UNTIL (scope_event_list_get_n_total (scope_session_get_events (fixture->session))
              >= N_EVENTS);

  scope_session_close_async (fixture->session, closed_cb, &fixture->closed);
  WAIT_UNTIL (fixture->closed);
  g_assert_finalize_object (fixture->session);
  check_capture (fixture);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/flood/ten-thousand", Fixture, NULL, set_up, test_flood, tear_down);
  return g_test_run ();
}
