/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "session/scope-trash.h"
#include "tests/wait.h"

#include <glib/gstdio.h>

static char *
put (const char *folder,
     const char *name,
     const char *text)
{
  g_autofree char *directory = g_build_filename (g_get_user_data_dir (), folder, NULL);
  char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return path;
}

/* As g_file_trash() does it. */
static void
trash (const char *path,
       const char *name,
       const char *time,
       const char *text)
{
  g_autofree char *escaped = g_uri_escape_string (path, "/", FALSE);
  g_autofree char *info = g_strdup_printf ("[Trash Info]\nPath=%s\nDeletionDate=%s\n", escaped, time);
  g_autofree char *info_name = g_strconcat (name, ".trashinfo", NULL);
  g_autofree char *file = put ("Trash/files", name, text);
  g_autofree char *info_file = put ("Trash/info", info_name, info);

  g_assert_true (g_file_test (file, G_FILE_TEST_EXISTS) && g_file_test (info_file, G_FILE_TEST_EXISTS));
}

static void
restore (const char  *path,
         GError     **error)
{
  const char *paths[] = { path, NULL };
  g_autoptr (GAsyncResult) result = NULL;

  scope_trash_restore_async (paths, wait_result_cb, &result);
  WAIT_UNTIL (result != NULL);
  scope_trash_restore_finish (result, error);
}

static void
assert_text (const char *path,
             const char *expected)
{
  g_autofree char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, expected);
}

/* What went last comes back, with what lies beside it; nothing is written over. */
static void
test_restore (void)
{
  g_autofree char *path = put ("captures", "a %ä.channelscope", "");
  g_autofree char *beside = g_strconcat (path, "-wal", NULL);
  g_autoptr (GError) error = NULL;

  g_unlink (path);
  trash (path, "a", "2026-11-20T10:00:00", "older");
  trash (path, "a.2", "2026-11-21T10:00:00", "newer");
  trash (beside, "a-wal", "2026-11-21T10:00:00", "wal");
  restore (path, &error);
  g_assert_no_error (error);
  assert_text (path, "newer");
  assert_text (beside, "wal");

  restore (path, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  assert_text (path, "newer");
  g_clear_error (&error);

  g_unlink (path);
  restore (path, &error);
  g_assert_no_error (error);
  assert_text (path, "older");

  g_unlink (path);
  restore (path, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  assert_text (path, NULL);
}

/* A -wal is only put beside the file that it was written for. */
static void
test_foreign (void)
{
  g_autofree char *path = put ("captures", "b.channelscope", "");
  g_autofree char *beside = g_strconcat (path, "-wal", NULL);
  g_autoptr (GError) error = NULL;

  trash (path, "b", "2026-11-20T10:00:00", "older");
  trash (beside, "b-wal", "2026-11-20T10:00:01", "wal of the older");
  restore (path, &error);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  assert_text (path, "");
  assert_text (beside, NULL);
  g_clear_error (&error);

  g_unlink (path);
  trash (path, "b.2", "2026-11-21T10:00:00", "newer");
  restore (path, &error);
  g_assert_no_error (error);
  assert_text (path, "newer");
  assert_text (beside, NULL);

  g_unlink (path);
  restore (path, &error);
  g_assert_no_error (error);
  assert_text (path, "older");
  assert_text (beside, "wal of the older");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  g_test_add_func ("/trash/restore", test_restore);
  g_test_add_func ("/trash/foreign", test_foreign);

  return g_test_run ();
}
