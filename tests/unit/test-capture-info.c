/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "capture-recording.h"
#include "session/scope-capture-info.h"

#define N_MORE (SCOPE_CAPTURE_INFO_MAX + 5)

typedef struct
{
  GListModel *shown;
  GListModel *all;
  guint64 total;
  guint n;
} Scan;

static void
scan (Scan *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  scope_capture_info_scan_async (NULL, NULL, wait_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  self->shown = scope_capture_info_scan_finish (result, &self->all, &self->total, &self->n, &error);
  g_assert_no_error (error);
}

static void
scan_clear (Scan *self)
{
  g_object_unref (self->shown);
  g_object_unref (self->all);
}

/* Where a session of that profile records. */
static char *
record (const char *profile)
{
  const char *app[] = { "profile", profile, NULL };
  char *path = scope_recorder_dup_new_path (profile, g_get_real_time ());
  g_autoptr (ScopeRecorder) recorder = scope_recorder_new (path, app, NULL);
  g_autoptr (GError) error = NULL;

  fixture_append (recorder, 1);
  WAIT_UNTIL (scope_recorder_get_committed (recorder) == 1);
  g_assert_true (fixture_close (recorder, &error));
  g_assert_no_error (error);
  return path;
}

static char *
rename_to (const char *path,
           const char *base)
{
  g_autofree char *directory = g_path_get_dirname (path);
  char *renamed = g_build_filename (directory, base, NULL);

  g_assert_cmpint (g_rename (path, renamed), ==, 0);
  return renamed;
}

static void
assert_only_name (const char *expected)
{
  Scan found;
  g_autoptr (ScopeCaptureInfo) info = NULL;

  scan (&found);
  g_assert_cmpuint (g_list_model_get_n_items (found.shown), ==, 1);
  info = g_list_model_get_item (found.shown, 0);
  g_assert_cmpstr (scope_capture_info_get_name (info), ==, expected);
  g_assert_cmpuint (scope_capture_info_get_count (info), ==, 1);
  scan_clear (&found);
}

/* The profile's, until somebody gives the file a name. */
static void
test_name (void)
{
  static const char * const profiles[] = { "Shop", "Shop: a/b", "Läden 7", "" };

  for (guint i = 0; i < G_N_ELEMENTS (profiles); i++)
    {
      g_autofree char *path = record (profiles[i]);
      g_autofree char *base = g_path_get_basename (path);
      g_autofree char *kept = NULL;
      g_autofree char *longer = NULL;

      base[strlen (base) - strlen (".channelscope")] = '\0';
      assert_only_name (*profiles[i] != '\0' ? profiles[i] : base);
      kept = rename_to (path, "before the fix.channelscope");
      assert_only_name ("before the fix");
      longer = rename_to (kept, "2026-11-21 14.05.02 Shop that broke.channelscope");
      assert_only_name ("2026-11-21 14.05.02 Shop that broke");
      g_unlink (longer);
    }
}

static void
test_new_name (void)
{
  g_assert_true (scope_recorder_is_new_name ("2026-11-21 14.05.02 Shop", "Shop"));
  g_assert_true (scope_recorder_is_new_name ("2026-11-21 14.05.02 Shop 2", "Shop"));
  g_assert_true (scope_recorder_is_new_name ("2026-11-21 14.05.02", ""));
  g_assert_true (scope_recorder_is_new_name ("2026-11-21 14.05.02 3", ""));
  g_assert_false (scope_recorder_is_new_name ("2026-11-21 14.05.02 Shop 2b", "Shop"));
  g_assert_false (scope_recorder_is_new_name ("2026-11-21 14.05.02 Shopping", "Shop"));
  g_assert_false (scope_recorder_is_new_name ("2026-11-21 14.05.02Shop", "Shop"));
  g_assert_false (scope_recorder_is_new_name ("2026-11-21", "Shop"));
  g_assert_false (scope_recorder_is_new_name ("", ""));
}

/* The oldest are too many to be listed, and yet known to who wants to throw old ones away. */
static void
test_many (void)
{
  g_autofree char *path = record ("Shop");
  g_autofree char *directory = g_path_get_dirname (path);
  Scan found;

  for (guint i = 0; i < N_MORE; i++)
    {
      g_autofree char *base = g_strdup_printf ("old %u.channelscope", i);
      g_autofree char *old = g_build_filename (directory, base, NULL);

      g_assert_true (g_file_set_contents (old, "", 0, NULL));
    }
  scan (&found);
  g_assert_cmpuint (g_list_model_get_n_items (found.shown), <=, SCOPE_CAPTURE_INFO_MAX);
  g_assert_cmpuint (g_list_model_get_n_items (found.all), ==, N_MORE + 1);
  g_assert_cmpuint (found.n, ==, N_MORE + 1);
  scan_clear (&found);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/capture-info/name", test_name);
  g_test_add_func ("/capture-info/new-name", test_new_name);
  g_test_add_func ("/capture-info/many", test_many);

  return g_test_run ();
}
