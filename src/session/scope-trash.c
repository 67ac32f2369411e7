/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-trash"

#include "config.h"

#include "session/scope-trash.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>

/* The trash as freedesktop.org has it: files/NAME, and info/NAME.trashinfo that says where it was and when it went. */

#define GROUP "Trash Info"
#define SUFFIX ".trashinfo"

static char *
trash_dup_time (const char *info,
                const char *path)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *escaped = NULL;
  g_autofree char *there = NULL;

  if (!g_key_file_load_from_file (file, info, G_KEY_FILE_NONE, NULL))
    return NULL;
  escaped = g_key_file_get_value (file, GROUP, "Path", NULL);
  there = escaped != NULL ? g_uri_unescape_string (escaped, NULL) : NULL;
  if (g_strcmp0 (there, path) != 0)
    return NULL;
  return g_key_file_get_value (file, GROUP, "DeletionDate", NULL);
}

/* The name in the trash of what went from there last. */
static char *
trash_find (const char *trash,
            const char *path)
{
  g_autofree char *folder = g_build_filename (trash, "info", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *latest = NULL;
  g_autofree char *found = NULL;
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *info = g_build_filename (folder, name, NULL);
      g_autofree char *time = g_str_has_suffix (name, SUFFIX) ? trash_dup_time (info, path) : NULL;

      if (time == NULL || (latest != NULL && g_strcmp0 (time, latest) < 0))
        continue;
      g_free (latest);
      latest = g_steal_pointer (&time);
      g_free (found);
      found = g_strndup (name, strlen (name) - strlen (SUFFIX));
    }
  return g_steal_pointer (&found);
}

/* FALSE without an error: it is not in the trash. */
static gboolean
trash_restore_file (const char  *path,
                    GError     **error)
{
  g_autofree char *trash = g_build_filename (g_get_user_data_dir (), "Trash", NULL);
  g_autofree char *name = trash_find (trash, path);
  g_autofree char *info_name = name != NULL ? g_strconcat (name, SUFFIX, NULL) : NULL;
  g_autofree char *shown = g_filename_display_basename (path);
  g_autofree char *there = NULL;
  g_autofree char *info = NULL;

  if (name == NULL)
    return FALSE;
  there = g_build_filename (trash, "files", name, NULL);
  info = g_build_filename (trash, "info", info_name, NULL);
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("“%s” is there again already; the old one stays in the trash"),
                   shown);
      return FALSE;
    }
  if (g_rename (there, path) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("“%s” can’t be restored: %s"), shown,
                   g_strerror (errno));
      return FALSE;
    }
  g_unlink (info);
  return TRUE;
}

static gboolean
trash_restore (const char  *path,
               GError     **error)
{
  static const char * const ends[] = { "-wal", "-shm" };
  g_autofree char *shown = g_filename_display_basename (path);
  GError *problem = NULL;

  /* before the capture itself: nobody opens it without what belongs to it */
  for (guint i = 0; i < G_N_ELEMENTS (ends) && problem == NULL; i++)
    {
      g_autofree char *beside = g_strconcat (path, ends[i], NULL);

      trash_restore_file (beside, &problem);
    }
  if (problem == NULL && !trash_restore_file (path, &problem) && problem == NULL)
    g_set_error (&problem, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _("“%s” can’t be restored from here: look for it in the trash"), shown);
  if (problem == NULL)
    return TRUE;
  g_propagate_error (error, problem);
  return FALSE;
}

static void
trash_restore_thread (GTask        *task,
                      gpointer      source,
                      gpointer      task_data,
                      GCancellable *cancellable)
{
  const char * const *paths = task_data;
  GError *error = NULL;

  /* one that can't be restored is no reason not to restore the others */
  for (guint i = 0; paths[i] != NULL; i++)
    trash_restore (paths[i], error == NULL ? &error : NULL);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

/**
 * scope_trash_restore_async:
 * @paths: (array zero-terminated=1) (element-type filename): what was moved to the trash
 * @callback: what to call
 * @user_data: for it
 *
 * Moves them back to where they were, with what SQLite keeps beside them. Nothing is written over.
 */
void
scope_trash_restore_async (const char * const  *paths,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (paths != NULL);

  task = g_task_new (NULL, NULL, callback, user_data);
  g_task_set_source_tag (task, scope_trash_restore_async);
  g_task_set_task_data (task, g_strdupv ((GStrv) paths), (GDestroyNotify) g_strfreev);
  g_task_run_in_thread (task, trash_restore_thread);
}

/**
 * scope_trash_restore_finish:
 * @result: what the callback was given
 * @error: return location for an error: the first one there was
 *
 * Returns: whether all of them are back
 */
gboolean
scope_trash_restore_finish (GAsyncResult  *result,
                            GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
