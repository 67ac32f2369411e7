/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>

#include "base/scope-error.h"
#include "session/scope-footprint.h"
#include "tests/wait.h"

/* Saturday, 2026-11-21, 12:00 UTC */
#define NOON_USEC G_GINT64_CONSTANT (1795262400000000)
#define MINUTE_USEC G_TIME_SPAN_MINUTE
#define HOUR_USEC G_TIME_SPAN_HOUR

typedef struct
{
  ScopeClock *clock;
  ScopeFootprint *footprint;
  char *folder;
  char *path;
} Fixture;

/* What is read and written on a thread holds a reference. */
static void
finish (ScopeFootprint *footprint)
{
  gpointer weak = footprint;

  g_object_add_weak_pointer (G_OBJECT (footprint), &weak);
  g_object_unref (footprint);
  WAIT_UNTIL (weak == NULL);
}

static void
setup (Fixture *f,
       gconstpointer data)
{
  f->clock = scope_clock_new_fake (NOON_USEC);
  f->footprint = scope_footprint_new (f->clock);
  f->folder = g_dir_make_tmp ("scope-footprint-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "sub", "profile", NULL);
}

static void
teardown (Fixture *f,
          gconstpointer data)
{
  g_autofree char *sub = g_path_get_dirname (f->path);

  finish (g_steal_pointer (&f->footprint));
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);
  g_clear_object (&f->clock);
  g_unlink (f->path);
  g_rmdir (sub);
  g_rmdir (f->folder);
  g_free (f->path);
  g_free (f->folder);
}

static ScopeFootprintFigures
get (ScopeFootprint *footprint,
     ScopeFootprintCause cause)
{
  ScopeFootprintFigures figures;

  scope_footprint_get (footprint, cause, &figures);
  return figures;
}

static ScopeFootprintFigures
get_all (Fixture *f)
{
  return get (f->footprint, SCOPE_N_FOOTPRINT_CAUSES);
}

/* Each request is a message at least; more come with channels, counts and deliveries. */
static void
test_counts (Fixture *f,
             gconstpointer data)
{
  ScopeFootprintFigures figures;

  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_DISCOVERY, 1, 0);
  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_PUBLISH, 1, 100);
  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_DELIVERED, 0, 1);
  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_DELIVERED, 0, 1);

  figures = get (f->footprint, SCOPE_FOOTPRINT_DISCOVERY);
  g_assert_cmpuint (figures.requests, ==, 1);
  g_assert_cmpuint (figures.messages, ==, 1);
  figures = get (f->footprint, SCOPE_FOOTPRINT_PUBLISH);
  g_assert_cmpuint (figures.requests, ==, 1);
  g_assert_cmpuint (figures.messages, ==, 100);
  figures = get (f->footprint, SCOPE_FOOTPRINT_DELIVERED);
  g_assert_cmpuint (figures.requests, ==, 0);
  g_assert_cmpuint (figures.messages, ==, 2);
  figures = get_all (f);
  g_assert_cmpuint (figures.requests, ==, 2);
  g_assert_cmpuint (figures.messages, ==, 103);
}

/* A poll every ten seconds is 8,640 a day; that is known after a while, and forgotten ten minutes later. */
static void
test_rate (Fixture *f,
           gconstpointer data)
{
  ScopeFootprintFigures figures;

  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_UNSEEN, 1, 1);
  figures = get_all (f);
  g_assert_cmpfloat (figures.messages_a_day, ==, SCOPE_FOOTPRINT_UNKNOWN);
  g_assert_cmpfloat (figures.requests_a_day, ==, SCOPE_FOOTPRINT_UNKNOWN);

  for (int i = 0; i < 600; i++)
    {
      scope_clock_advance (f->clock, 10 * G_USEC_PER_SEC);
      if (i >= 5)
        {
          figures = get (f->footprint, SCOPE_FOOTPRINT_UNSEEN);
          g_assert_cmpfloat_with_epsilon (figures.messages_a_day, 8640, 1500);
        }
      scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_UNSEEN, 1, 1);
    }
  figures = get (f->footprint, SCOPE_FOOTPRINT_UNSEEN);
  g_assert_cmpfloat_with_epsilon (figures.messages_a_day, 8640, 200);
  g_assert_cmpfloat (figures.messages_a_day, ==, figures.requests_a_day);
  g_assert_cmpuint (figures.messages, ==, 601);
  g_assert_cmpfloat (get (f->footprint, SCOPE_FOOTPRINT_DISCOVERY).messages_a_day, ==, 0);
  g_assert_cmpint (scope_footprint_get_span_usec (f->footprint), <=, 10 * MINUTE_USEC);
  g_assert_cmpint (scope_footprint_get_span_usec (f->footprint), >, 9 * MINUTE_USEC);

  scope_clock_advance (f->clock, 5 * MINUTE_USEC);
  figures = get (f->footprint, SCOPE_FOOTPRINT_UNSEEN);
  g_assert_cmpfloat_with_epsilon (figures.messages_a_day, 4320, 200);
  scope_clock_advance (f->clock, 6 * MINUTE_USEC);
  figures = get (f->footprint, SCOPE_FOOTPRINT_UNSEEN);
  g_assert_cmpfloat (figures.messages_a_day, ==, 0);
  g_assert_cmpuint (figures.messages, ==, 601);
  /* nothing is looked at any more when nothing changes */
  g_assert_cmpuint (scope_clock_count_timers (f->clock), ==, 0);
}

static void
test_day (Fixture *f,
          gconstpointer data)
{
  scope_footprint_set_plan (f->footprint, 100, 50);
  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_DISCOVERY, 60, 60);
  g_assert_true (scope_footprint_is_held (f->footprint));

  scope_clock_advance (f->clock, 12 * HOUR_USEC - 1);
  g_assert_cmpuint (get_all (f).messages, ==, 60);
  g_assert_true (scope_footprint_is_held (f->footprint));
  scope_clock_advance (f->clock, 1);
  g_assert_cmpuint (get_all (f).messages, ==, 0);
  g_assert_false (scope_footprint_is_held (f->footprint));

  /* a machine that slept over midnight */
  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_DISCOVERY, 5, 5);
  g_assert_cmpuint (get_all (f).messages, ==, 5);
  scope_clock_sleep (f->clock, 24 * HOUR_USEC);
  g_assert_cmpuint (get_all (f).messages, ==, 0);
}

static void
assert_may (Fixture *f,
            ScopeFootprintCause cause)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (scope_footprint_may (f->footprint, cause, &error));
  g_assert_no_error (error);
}

static void
assert_may_not (Fixture *f,
                ScopeFootprintCause cause)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (scope_footprint_may (f->footprint, cause, &error));
  g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
  g_assert_nonnull (strstr (error->message, "50"));
}

static void
changed_cb (ScopeFootprint *footprint,
            guint *n_changes)
{
  (*n_changes)++;
}

static void
test_brake (Fixture *f,
            gconstpointer data)
{
  guint n_changes = 0;

  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_DELIVERED, 0, 1000000);
  assert_may (f, SCOPE_FOOTPRINT_DISCOVERY);
  g_assert_cmpuint (scope_footprint_get_budget (f->footprint), ==, 0);

  scope_clock_advance (f->clock, 12 * HOUR_USEC);
  scope_footprint_set_plan (f->footprint, 200, 25);
  g_assert_cmpuint (scope_footprint_get_budget (f->footprint), ==, 50);
  for (int i = 0; i < 50; i++)
    {
      assert_may (f, SCOPE_FOOTPRINT_DISCOVERY);
      scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_DISCOVERY, 1, 1);
    }
  g_signal_connect (f->footprint, "changed", G_CALLBACK (changed_cb), &n_changes);
  assert_may_not (f, SCOPE_FOOTPRINT_DISCOVERY);
  assert_may_not (f, SCOPE_FOOTPRINT_UNSEEN);
  assert_may_not (f, SCOPE_FOOTPRINT_PUBLISH);
  assert_may (f, SCOPE_FOOTPRINT_QUERY);
  assert_may (f, SCOPE_FOOTPRINT_DOCTOR);
  assert_may (f, SCOPE_FOOTPRINT_CLIENT_EVENTS);
  scope_clock_advance (f->clock, G_USEC_PER_SEC);
  g_assert_cmpuint (n_changes, ==, 1);

  scope_footprint_set_released (f->footprint, TRUE);
  g_assert_cmpuint (n_changes, ==, 2);
  g_assert_true (scope_footprint_get_released (f->footprint));
  assert_may (f, SCOPE_FOOTPRINT_DISCOVERY);
  scope_footprint_set_released (f->footprint, FALSE);
  assert_may_not (f, SCOPE_FOOTPRINT_DISCOVERY);

  scope_footprint_set_plan (f->footprint, 200, 0);
  assert_may (f, SCOPE_FOOTPRINT_DISCOVERY);
  scope_footprint_set_plan (f->footprint, 0, 25);
  assert_may (f, SCOPE_FOOTPRINT_DISCOVERY);
}

/* Two windows, or this program and the next one. */
static void
test_keep (Fixture *f,
           gconstpointer data)
{
  g_autoptr (ScopeFootprint) other = scope_footprint_new (f->clock);
  g_autofree char *text = NULL;

  scope_footprint_keep (f->footprint, f->path);
  scope_footprint_keep (other, f->path);
  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_DISCOVERY, 7, 7);
  scope_footprint_set_released (f->footprint, TRUE);
  scope_footprint_save (f->footprint);
  scope_footprint_add (other, SCOPE_FOOTPRINT_PUBLISH, 1, 100);
  scope_footprint_save (other);

  g_assert_cmpuint (get (other, SCOPE_FOOTPRINT_DISCOVERY).messages, ==, 7);
  g_assert_cmpuint (get (other, SCOPE_FOOTPRINT_PUBLISH).requests, ==, 1);
  g_assert_cmpuint (get (other, SCOPE_FOOTPRINT_PUBLISH).messages, ==, 100);
  g_assert_true (scope_footprint_get_released (other));

  /* and nothing twice */
  scope_footprint_save (other);
  scope_footprint_save (f->footprint);
  g_assert_cmpuint (get (other, SCOPE_N_FOOTPRINT_CAUSES).messages, ==, 107);

  g_assert_true (g_file_get_contents (f->path, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "publish=1 100"));

  finish (g_steal_pointer (&other));
}

static void
wait_for_messages (ScopeFootprint *footprint,
                   guint64 messages)
{
  WAIT_UNTIL (get (footprint, SCOPE_N_FOOTPRINT_CAUSES).messages == messages);
}

static gboolean
is_in_file (Fixture *f,
            const char *line)
{
  g_autofree char *text = NULL;

  return g_file_get_contents (f->path, &text, NULL, NULL) && strstr (text, line) != NULL;
}

/* What is in the file when a window opens, and when half a minute has passed. */
static void
test_keep_later (Fixture *f,
                 gconstpointer data)
{
  g_autoptr (ScopeFootprint) later = scope_footprint_new (f->clock);
  g_autoptr (ScopeFootprint) tomorrow = NULL;

  scope_footprint_keep (f->footprint, f->path);
  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_DELIVERED, 0, 3);
  scope_footprint_save (f->footprint);
  scope_footprint_add (later, SCOPE_FOOTPRINT_DELIVERED, 0, 4);
  scope_footprint_keep (later, f->path);
  wait_for_messages (later, 7);

  scope_footprint_add (later, SCOPE_FOOTPRINT_DELIVERED, 0, 1);
  scope_clock_advance (f->clock, 40 * G_USEC_PER_SEC); /* saved by itself, on a thread */
  WAIT_UNTIL (is_in_file (f, "delivered=0 8"));
  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_DELIVERED, 0, 1);
  scope_clock_advance (f->clock, 40 * G_USEC_PER_SEC);
  wait_for_messages (f->footprint, 9);

  scope_clock_advance (f->clock, 24 * HOUR_USEC);
  tomorrow = scope_footprint_new (f->clock);
  scope_footprint_keep (tomorrow, f->path);
  scope_footprint_add (tomorrow, SCOPE_FOOTPRINT_DELIVERED, 0, 2);
  wait_for_messages (tomorrow, 2);
  scope_footprint_save (tomorrow);
  g_assert_cmpuint (get (tomorrow, SCOPE_N_FOOTPRINT_CAUSES).messages, ==, 2);
  finish (g_steal_pointer (&tomorrow));
  finish (g_steal_pointer (&later));
}

static void
test_bad_file (Fixture *f,
               gconstpointer data)
{
  static const char *const texts[] = {
    "", "nonsense", "[Footprint]\nday=x\n", "[Footprint]\nday=20778\npublish=-1 99999999999999999999\ndoctor=5\n",
    "[Footprint]\nday=20778\npublish=1 2 3\n",
  };
  g_autofree char *sub = g_path_get_dirname (f->path);

  g_assert_cmpint (g_mkdir_with_parents (sub, 0700), ==, 0);
  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (ScopeFootprint) footprint = scope_footprint_new (f->clock);

      g_assert_true (g_file_set_contents (f->path, texts[i], -1, NULL));
      scope_footprint_keep (footprint, f->path);
      scope_footprint_add (footprint, SCOPE_FOOTPRINT_DOCTOR, 0, 4);
      scope_footprint_save (footprint);
      wait_for_messages (footprint, 4);
      finish (g_steal_pointer (&footprint));
    }

  /* a folder that can't be written: the counts stay */
  g_unlink (f->path);
  g_assert_cmpint (g_mkdir (f->path, 0700), ==, 0);
  scope_footprint_keep (f->footprint, f->path);
  scope_footprint_add (f->footprint, SCOPE_FOOTPRINT_DOCTOR, 0, 4);
  scope_footprint_save (f->footprint);
  wait_for_messages (f->footprint, 4);
  g_assert_cmpint (g_rmdir (f->path), ==, 0);
}

static void
test_paths (void)
{
  g_autofree char *path = scope_footprint_dup_path ("93eac17b-0d0d-4ff5-8d0f-40a53e5b0c01");

  g_assert_true (g_str_has_suffix (path, "/channelscope/footprint/93eac17b-0d0d-4ff5-8d0f-40a53e5b0c01"));
  g_assert_null (scope_footprint_dup_path ("../x"));
  g_assert_null (scope_footprint_dup_path (".."));
  g_assert_null (scope_footprint_dup_path (""));
}

static void
assert_cost (double requests,
             double messages,
             guint64 plan,
             const char *expected)
{
  g_autofree char *text = scope_footprint_dup_cost_text (requests, messages, plan);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_cost_text (void)
{
  assert_cost (0, 0, 200000, "Costs no messages");
  assert_cost (86400, 0, 200000, "Costs about 86000 messages a day: 43 % of a plan of 200000");
  assert_cost (17280, 17280, 200000, "Costs about 17000 messages a day: 8.6 % of a plan of 200000");
  assert_cost (2880, 0, 200000, "Costs about 2900 messages a day: 1.4 % of a plan of 200000");
  assert_cost (24, 2400, 0, "Costs about 2400 messages a day");
  assert_cost (24, 0, 90000000, "Costs about 24 messages a day: under 0.1 % of a plan of 90000000");
  assert_cost (0.2, 0, 0, "Costs about 1 messages a day");
  assert_cost (1e30, 0, 0, "Costs about 1000000000000000000 messages a day");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name) g_test_add ("/footprint/" #name, Fixture, NULL, setup, test_##name, teardown)
  ADD (counts);
  ADD (rate);
  ADD (day);
  ADD (brake);
  ADD (keep);
  ADD (keep_later);
  ADD (bad_file);
  g_test_add_func ("/footprint/paths", test_paths);
  g_test_add_func ("/footprint/cost-text", test_cost_text);
  return g_test_run ();
}
