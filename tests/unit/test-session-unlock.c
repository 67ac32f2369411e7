/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "session/scope-session.h"

/* Leave to publish from a read-only profile: asked for, for ten minutes. */

typedef struct
{
  ScopeClock *clock;
  ScopeProfile *profile;
  ScopeSession *session;
  guint n_may_write; /* notifications */
} Fixture;

static void
notify_cb (ScopeSession *session,
           GParamSpec   *pspec,
           Fixture      *f)
{
  f->n_may_write++;
}

static void
fixture_set_up (Fixture      *f,
                gconstpointer data)
{
  f->clock = scope_clock_new_fake (G_USEC_PER_SEC);
  f->profile = scope_profile_new ("Shop");
  g_object_set (f->profile, "read-only", TRUE, NULL);
  f->session = scope_session_new (f->profile, NULL, "", f->clock);
  g_signal_connect (f->session, "notify::may-write", G_CALLBACK (notify_cb), f);
}

static void
fixture_tear_down (Fixture      *f,
                   gconstpointer data)
{
  g_clear_object (&f->session);
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);
  g_clear_object (&f->profile);
  g_clear_object (&f->clock);
}

static void
assert_locked (Fixture *f)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (scope_session_get_may_write (f->session));
  g_assert_cmpint (scope_session_get_unlocked_usec (f->session), ==, 0);
  g_assert_false (scope_session_check_may_write (f->session, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_REFUSED);
  g_clear_error (&error);
  g_assert_false (scope_session_send_event (f->session, "private-a", "client-a", NULL, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_REFUSED);
}

static void
test_ten_minutes (Fixture      *f,
                  gconstpointer data)
{
  gint64 until_usec;

  assert_locked (f);
  scope_session_unlock_writing (f->session);
  g_assert_true (scope_session_get_may_write (f->session));
  g_assert_true (scope_session_check_may_write (f->session, NULL));
  g_assert_cmpint (scope_session_get_unlocked_usec (f->session), ==, SCOPE_WAIT_UNLOCKED_USEC);
  g_object_get (f->session, "unlocked-until-usec", &until_usec, NULL);
  g_assert_cmpint (until_usec, ==,
                   scope_clock_get_monotonic_usec (f->clock) + SCOPE_WAIT_UNLOCKED_USEC);

  scope_clock_advance (f->clock, SCOPE_WAIT_UNLOCKED_USEC - 1);
  g_assert_true (scope_session_get_may_write (f->session));
  g_assert_cmpint (scope_session_get_unlocked_usec (f->session), ==, 1);
  g_assert_cmpuint (f->n_may_write, ==, 1);
  scope_clock_advance (f->clock, 1);
  assert_locked (f);
  g_assert_cmpuint (f->n_may_write, ==, 2);
}

/* What counts is time, not how long the machine was awake. */
static void
test_asleep (Fixture      *f,
             gconstpointer data)
{
  scope_session_unlock_writing (f->session);
  scope_clock_sleep (f->clock, SCOPE_WAIT_UNLOCKED_USEC - 1);
  g_assert_true (scope_session_get_may_write (f->session));
  g_assert_cmpint (scope_session_get_unlocked_usec (f->session), ==, 1);
  scope_clock_sleep (f->clock, 1);
  assert_locked (f);
  g_assert_cmpuint (f->n_may_write, ==, 2);
}

/* What was allowed for one app is not for another; connecting changes nothing. */
static void
test_another_app (Fixture      *f,
                  gconstpointer data)
{
  g_object_set (f->profile, "host", "127.0.0.1", "app-id", "3", NULL);
  scope_session_apply_profile (f->session);
  scope_session_unlock_writing (f->session);
  scope_session_apply_profile (f->session);
  g_assert_true (scope_session_get_may_write (f->session));
  g_object_set (f->profile, "app-id", "4", NULL);
  scope_session_apply_profile (f->session);
  assert_locked (f);
  scope_session_unlock_writing (f->session);
  g_object_set (f->profile, "host", "127.0.0.2", NULL);
  scope_session_apply_profile (f->session);
  assert_locked (f);
}

/* Asked for again, the ten minutes begin anew. */
static void
test_again (Fixture      *f,
            gconstpointer data)
{
  scope_session_unlock_writing (f->session);
  scope_clock_advance (f->clock, SCOPE_WAIT_UNLOCKED_USEC / 2);
  scope_session_unlock_writing (f->session);
  scope_clock_advance (f->clock, SCOPE_WAIT_UNLOCKED_USEC - 1);
  g_assert_true (scope_session_get_may_write (f->session));
  scope_session_lock_writing (f->session);
  assert_locked (f);
}

static void
test_profile (Fixture      *f,
              gconstpointer data)
{
  gint64 until_usec;

  g_object_set (f->profile, "read-only", FALSE, NULL);
  g_assert_true (scope_session_get_may_write (f->session));
  scope_session_unlock_writing (f->session);
  g_object_get (f->session, "unlocked-until-usec", &until_usec, NULL);
  g_assert_cmpint (until_usec, ==, 0);

  g_object_set (f->profile, "read-only", TRUE, NULL);
  assert_locked (f);
  scope_session_unlock_writing (f->session);
  g_object_set (f->profile, "read-only", FALSE, NULL);
  g_object_set (f->profile, "read-only", TRUE, NULL);
  assert_locked (f);
}

static void
closed_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  gboolean *closed = user_data;

  *closed = scope_session_close_finish (SCOPE_SESSION (object), result, NULL);
}

static void
test_closed (Fixture      *f,
             gconstpointer data)
{
  gboolean closed = FALSE;

  scope_session_unlock_writing (f->session);
  scope_session_close_async (f->session, closed_cb, &closed);
  assert_locked (f);
  scope_session_unlock_writing (f->session);
  assert_locked (f);
  while (!closed)
    {
      while (g_main_context_iteration (NULL, FALSE))
        ;
      scope_clock_advance (f->clock, G_USEC_PER_SEC);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func) g_test_add (name, Fixture, NULL, fixture_set_up, func, fixture_tear_down)

  ADD ("/session-unlock/ten-minutes", test_ten_minutes);
  ADD ("/session-unlock/asleep", test_asleep);
  ADD ("/session-unlock/another-app", test_another_app);
  ADD ("/session-unlock/again", test_again);
  ADD ("/session-unlock/profile", test_profile);
  ADD ("/session-unlock/closed", test_closed);

  return g_test_run ();
}
