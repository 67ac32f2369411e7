/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-delete-forever"

#include "config.h"

#include "ui/scope-delete-forever.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>

typedef struct
{
  GPtrArray *paths;
  guint n_deleted;
} DeleteForever;

static void
delete_forever_free (gpointer data)
{
  DeleteForever *self = data;

  g_ptr_array_unref (self->paths);
  g_free (self);
}

/* The recording before what belongs to it: should it stay, it stays whole. */
static gboolean
delete_forever_unlink (const char  *path,
                       GError     **error)
{
  g_autofree char *name = g_filename_display_basename (path);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *shm = g_strconcat (path, "-shm", NULL);

  if (g_unlink (path) != 0)
    {
      int saved = errno;

      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _("Couldn’t delete “%s”: %s"), name,
                   g_strerror (saved));
      return FALSE;
    }
  g_unlink (wal);
  g_unlink (shm);
  return TRUE;
}

/* One that can't be deleted keeps none of the others. */
static void
delete_forever_thread (GTask        *task,
                       gpointer      source_object,
                       gpointer      task_data,
                       GCancellable *cancellable)
{
  DeleteForever *self = task_data;
  GError *error = NULL;

  for (guint i = 0; i < self->paths->len; i++)
    if (delete_forever_unlink (self->paths->pdata[i], error == NULL ? &error : NULL))
      self->n_deleted++;
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_boolean (task, TRUE);
}

static void
delete_forever_answered_cb (GtkWidget  *dialog,
                            const char *response,
                            gpointer    user_data)
{
  g_autoptr (GTask) task = user_data;

  if (g_strcmp0 (response, "delete") == 0)
    g_task_run_in_thread (task, delete_forever_thread);
  else
    g_task_return_boolean (task, TRUE);
}

static char *
delete_forever_dup_body (GPtrArray  *paths,
                         const char *why)
{
  g_autofree char *name = NULL;

  if (paths->len > 1)
    /* Translators: a number, and why */
    return g_strdup_printf (
        ngettext ("%u recording can’t be moved to the trash: %s\n\nOnce it is deleted, it can’t be brought back.",
                  "%u recordings can’t be moved to the trash: %s\n\nOnce they are deleted, they can’t be brought back.",
                  paths->len),
        paths->len, why);
  name = g_filename_display_basename (paths->pdata[0]);
  /* Translators: a file's name, and why */
  return g_strdup_printf (
      _("“%s” can’t be moved to the trash: %s\n\nOnce it is deleted, it can’t be brought back."), name, why);
}

/**
 * scope_delete_forever_async:
 * @parent: the window it belongs to
 * @paths: (element-type filename): recordings, at least one
 * @why: what the trash said
 * @callback: called with the result
 * @user_data: for @callback
 *
 * Asks, and deletes if that is the answer.
 */
void
scope_delete_forever_async (GtkWindow           *parent,
                            GPtrArray           *paths,
                            const char          *why,
                            GAsyncReadyCallback  callback,
                            gpointer             user_data)
{
  GTask *task;
  DeleteForever *self;
  GtkWidget *dialog;
  g_autofree char *body = NULL;

  g_return_if_fail (GTK_IS_WINDOW (parent) && paths != NULL && paths->len > 0 && why != NULL);

  task = g_task_new (NULL, NULL, callback, user_data);
  self = g_new0 (DeleteForever, 1);
  self->paths = g_ptr_array_ref (paths);
  g_task_set_source_tag (task, scope_delete_forever_async);
  g_task_set_task_data (task, self, delete_forever_free);
  body = delete_forever_dup_body (paths, why);
  dialog = adw_message_dialog_new (parent, _("Delete Forever?"), body);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "delete",
                                    _("_Delete Forever"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (delete_forever_answered_cb), task);
  gtk_window_present (GTK_WINDOW (dialog));
}

/**
 * scope_delete_forever_finish:
 * @result: what the callback got
 * @n_deleted: (out): how many are gone, also on failure
 *
 * Returns: %FALSE with a `G_IO_ERROR` if one could not be deleted
 */
gboolean
scope_delete_forever_finish (GAsyncResult  *result,
                             guint         *n_deleted,
                             GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL) && n_deleted != NULL, FALSE);

  *n_deleted = ((DeleteForever *) g_task_get_task_data (G_TASK (result)))->n_deleted;
  return g_task_propagate_boolean (G_TASK (result), error);
}
