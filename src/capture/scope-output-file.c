/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-output-file"

#include "config.h"

#include "capture/scope-output-file.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/scope-error.h"

struct _ScopeOutputFile
{
  char *path;      /* with links followed */
  char *temporary; /* NULL: written at its place, or put there */
  GOutputStream *stream;
};

/* A link stays one: what it leads to is replaced. */
static char *
output_file_resolve (const char *path)
{
  char *real = realpath (path, NULL);
  char *resolved = real != NULL ? g_strdup (real) : g_canonicalize_filename (path, NULL);

  free (real);
  return resolved;
}

static gboolean
output_file_is_special (const char *path)
{
  GStatBuf status;

  return g_stat (path, &status) == 0 && !S_ISREG (status.st_mode) && !S_ISDIR (status.st_mode);
}

/**
 * scope_output_file_new:
 * @path: (type filename): where the file is to appear
 *
 * Returns: (transfer full): a file of which nothing is there yet
 */
ScopeOutputFile *
scope_output_file_new (const char *path)
{
  ScopeOutputFile *self;
  g_autofree char *directory = NULL;
  g_autofree char *name = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (ScopeOutputFile, 1);
  self->path = output_file_resolve (path);
  if (output_file_is_special (self->path))
    return self;

  directory = g_path_get_dirname (self->path);
  /* short, whatever the name's length is; nobody foresees it */
  name = g_strdup_printf (".channelscope-%08x%08x.part", g_random_int (), g_random_int ());
  self->temporary = g_build_filename (directory, name, NULL);
  return self;
}

/**
 * scope_output_file_get_temporary:
 *
 * Returns: (transfer none) (type filename): where to write
 */
const char *
scope_output_file_get_temporary (ScopeOutputFile *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->temporary != NULL ? self->temporary : self->path;
}

static gboolean
output_file_fail (ScopeOutputFile  *self,
                  int               saved,
                  GError          **error)
{
  g_autofree char *name = g_filename_display_name (self->path);

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), _("Couldn’t write “%s”: %s"), name,
               g_strerror (saved));
  return FALSE;
}

/**
 * scope_output_file_open:
 *
 * Returns: (transfer none): a stream; %NULL with a `G_IO_ERROR`
 */
GOutputStream *
scope_output_file_open (ScopeOutputFile  *self,
                        GError          **error)
{
  int flags = self->temporary != NULL ? O_CREAT | O_EXCL | O_NOFOLLOW : 0;
  int fd;

  g_return_val_if_fail (self != NULL && self->stream == NULL, NULL);

  fd = g_open (scope_output_file_get_temporary (self), flags | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    {
      output_file_fail (self, errno, error);
      return NULL;
    }
  self->stream = g_unix_output_stream_new (fd, TRUE);
  return self->stream;
}

/**
 * scope_output_file_explain:
 * @error: (inout): what writing to its stream set
 *
 * GIO speaks of a file descriptor: this names the file, and keeps the reason and the code.
 */
void
scope_output_file_explain (ScopeOutputFile  *self,
                           GError          **error)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;

  g_return_if_fail (self != NULL && error != NULL);

  if (*error == NULL || (*error)->domain != G_IO_ERROR
      || g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  name = g_filename_display_name (self->path);
  text = g_strdup_printf (_("Couldn’t write “%s”: %s"), name, scope_error_get_reason (*error));
  g_free ((*error)->message);
  (*error)->message = g_steal_pointer (&text);
}

/**
 * scope_output_file_commit:
 *
 * Returns: %FALSE with a `G_IO_ERROR`; what was at its place is still there then
 */
gboolean
scope_output_file_commit (ScopeOutputFile  *self,
                          GError          **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  /* after a crash of the machine there must not be an empty file where one with lines was */
  if (self->stream != NULL && self->temporary != NULL
      && fsync (g_unix_output_stream_get_fd (G_UNIX_OUTPUT_STREAM (self->stream))) != 0)
    return output_file_fail (self, errno, error);
  if (self->stream != NULL && !g_output_stream_close (self->stream, NULL, error))
    return FALSE;
  if (self->temporary != NULL && g_rename (self->temporary, self->path) != 0)
    return output_file_fail (self, errno, error);
  g_clear_pointer (&self->temporary, g_free);
  return TRUE;
}

/**
 * scope_output_file_free:
 * @self: (nullable): nothing of it stays unless it was committed
 */
void
scope_output_file_free (ScopeOutputFile *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->stream);
  if (self->temporary != NULL)
    g_unlink (self->temporary);
  g_free (self->temporary);
  g_free (self->path);
  g_free (self);
}

static gboolean
output_file_write (const char  *path,
                   GBytes      *bytes,
                   GError     **error)
{
  g_autoptr (ScopeOutputFile) self = scope_output_file_new (path);
  GOutputStream *stream = scope_output_file_open (self, error);
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);

  if (stream == NULL)
    return FALSE;
  if (!g_output_stream_write_all (stream, data, length, NULL, NULL, error))
    {
      scope_output_file_explain (self, error);
      return FALSE;
    }
  return scope_output_file_commit (self, error);
}

/* What has no path here (a share that is not mounted) is GIO's to write. */
static void
output_file_write_thread (GTask        *task,
                          gpointer      source,
                          gpointer      task_data,
                          GCancellable *cancellable)
{
  const char *path = g_file_peek_path (source);
  GError *error = NULL;
  gsize length;
  const char *data = g_bytes_get_data (task_data, &length);

  if (path != NULL ? output_file_write (path, task_data, &error)
                   : g_file_replace_contents (source, data, length, NULL, FALSE, G_FILE_CREATE_NONE,
                                              NULL, NULL, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * scope_output_file_write_async:
 * @file: where it is to appear
 * @bytes: all of it
 * @callback: called with the result
 * @user_data: for @callback
 *
 * Writes a small file on a worker thread, in place of one that is there.
 */
void
scope_output_file_write_async (GFile               *file,
                               GBytes              *bytes,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (G_IS_FILE (file));
  g_return_if_fail (bytes != NULL);

  task = g_task_new (file, NULL, callback, user_data);
  g_task_set_source_tag (task, scope_output_file_write_async);
  g_task_set_task_data (task, g_bytes_ref (bytes), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, output_file_write_thread);
}

/**
 * scope_output_file_write_finish:
 * @file: where it was to appear
 * @result: what the callback got
 * @error: return location for a `G_IO_ERROR`
 *
 * Returns: whether it is there; if not, what was there before still is
 */
gboolean
scope_output_file_write_finish (GFile         *file,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, file), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
