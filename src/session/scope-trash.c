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
/* what lies beside a capture goes to the trash right after it */
#define TOGETHER_SECONDS 5

static const char * const trash_ends[] = { "-wal", "-shm" };

typedef struct
{
  char *path;  /* where it was */
  char *there; /* in the trash; NULL: nothing of that path is */
  char *info;
  gint64 time; /* when it went, in seconds */
} TrashedFile;

static void
trashed_file_clear (TrashedFile *self)
{
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->there, g_free);
  g_clear_pointer (&self->info, g_free);
}

/* FALSE: it says nothing of that path. */
static gboolean
trash_read_time (const char *info,
                 const char *path,
                 gint64     *time)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GTimeZone) here = g_time_zone_new_local ();
  g_autoptr (GDateTime) went = NULL;
  g_autofree char *escaped = NULL;
  g_autofree char *there = NULL;
  g_autofree char *text = NULL;

  if (!g_key_file_load_from_file (file, info, G_KEY_FILE_NONE, NULL))
    return FALSE;
  escaped = g_key_file_get_value (file, GROUP, "Path", NULL);
  there = escaped != NULL ? g_uri_unescape_string (escaped, NULL) : NULL;
  if (g_strcmp0 (there, path) != 0)
    return FALSE;
  text = g_key_file_get_value (file, GROUP, "DeletionDate", NULL);
  went = text != NULL ? g_date_time_new_from_iso8601 (text, here) : NULL;
  if (went == NULL)
    return FALSE;
  *time = g_date_time_to_unix (went);
  return TRUE;
}

/* What went from there last; beside: and together with that. */
static void
trashed_file_find (TrashedFile       *self,
                   const char        *path,
                   const TrashedFile *beside)
{
  g_autofree char *trash = g_build_filename (g_get_user_data_dir (), "Trash", NULL);
  g_autofree char *folder = g_build_filename (trash, "info", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  gint64 time;

  self->path = g_strdup (path);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *info = g_build_filename (folder, name, NULL);
      g_autofree char *plain = NULL;

      if (!g_str_has_suffix (name, SUFFIX) || !trash_read_time (info, path, &time)
          || (self->there != NULL && time < self->time)
          || (beside != NULL && ABS (time - beside->time) > TOGETHER_SECONDS))
        continue;
      plain = g_strndup (name, strlen (name) - strlen (SUFFIX));
      self->time = time;
      g_free (self->info);
      self->info = g_steal_pointer (&info);
      g_free (self->there);
      self->there = g_build_filename (trash, "files", plain, NULL);
    }
}

/* Nothing is written over. */
static gboolean
trashed_file_check (const TrashedFile  *self,
                    GError            **error)
{
  g_autofree char *shown = g_filename_display_basename (self->path);

  if (self->there == NULL || !g_file_test (self->path, G_FILE_TEST_EXISTS))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("“%s” is there again already; the old one stays in the trash"),
               shown);
  return FALSE;
}

static gboolean
trashed_file_move (const TrashedFile  *self,
                   GError            **error)
{
  g_autofree char *shown = g_filename_display_basename (self->path);

  if (self->there == NULL || g_rename (self->there, self->path) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("“%s” can’t be restored: %s"), shown,
               g_strerror (errno));
  return FALSE;
}

static void
trashed_files_move_back (const TrashedFile *files,
                         guint              n_files)
{
  for (guint i = 0; i < n_files; i++)
    if (files[i].there != NULL && g_rename (files[i].path, files[i].there) != 0)
      g_debug ("“%s” stays outside the trash: %s", files[i].path, g_strerror (errno));
}

/* What lies beside the capture comes before it: nobody opens it without what belongs to it. */
static gboolean
trashed_files_move (const TrashedFile  *files,
                    guint               n_files,
                    GError            **error)
{
  for (guint i = 0; i < n_files; i++)
    if (!trashed_file_check (&files[i], error))
      return FALSE;
  for (guint i = 0; i < n_files; i++)
    if (!trashed_file_move (&files[i], error))
      {
        trashed_files_move_back (files, i);
        return FALSE;
      }
  for (guint i = 0; i < n_files; i++)
    if (files[i].info != NULL)
      g_unlink (files[i].info);
  return TRUE;
}

/* A -wal fits the very file it was written for, and damages any other: only what went together comes back together. */
static gboolean
trash_restore (const char  *path,
               GError     **error)
{
  TrashedFile files[G_N_ELEMENTS (trash_ends) + 1] = { 0 };
  TrashedFile *capture = &files[G_N_ELEMENTS (trash_ends)];
  g_autofree char *shown = g_filename_display_basename (path);
  GError *problem = NULL;

  trashed_file_find (capture, path, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (trash_ends); i++)
    {
      g_autofree char *beside = g_strconcat (path, trash_ends[i], NULL);

      trashed_file_find (&files[i], beside, capture);
    }
  if (capture->there == NULL)
    g_set_error (&problem, G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                 _("“%s” can’t be restored from here: look for it in the trash"), shown);
  else
    trashed_files_move (files, G_N_ELEMENTS (files), &problem);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    trashed_file_clear (&files[i]);
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
