/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-lines.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "cli/scope-cli-output.h"

#define READ_BYTES (64 * 1024)

static gboolean
input_fail (const char  *path,
            int          code,
            GError     **error)
{
  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("“%s” can’t be read: %s"), path, g_strerror (code));
  return FALSE;
}

static gboolean
input_wait (int          fd,
            const char  *path,
            GError     **error)
{
  struct pollfd fds[] = {
    { .fd = fd, .events = POLLIN },
    { .fd = scope_cli_get_interrupt_fd (), .events = POLLIN },
  };

  while (poll (fds, G_N_ELEMENTS (fds), -1) < 0)
    if (errno != EINTR && errno != EAGAIN)
      return input_fail (path, errno, error);

  if (fds[1].revents == 0)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("Interrupted"));
  return FALSE;
}

static gboolean
input_check (int          fd,
             const char  *path,
             GError     **error)
{
  struct stat status;

  if (fstat (fd, &status) != 0)
    return input_fail (path, errno, error);
  if (S_ISDIR (status.st_mode))
    return input_fail (path, EISDIR, error);
  if (S_ISFIFO (status.st_mode) && !input_wait (fd, path, error))
    return FALSE;
  return fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) & ~O_NONBLOCK) == 0 || input_fail (path, errno, error);
}

/**
 * scope_cli_open_input:
 * @path: (type filename): `-` is standard input
 * @error: SCOPE_ERROR_USAGE; G_IO_ERROR_CANCELLED after a signal
 *
 * What opens a pipe waits until somebody writes to it; a signal ends that, for it is opened with O_NONBLOCK.
 *
 * Returns: a descriptor to read from; -1 on error
 */
int
scope_cli_open_input (const char  *path,
                      GError     **error)
{
  int fd;

  if (strcmp (path, "-") == 0)
    fd = fcntl (STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
  else
    fd = open (path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0)
    {
      input_fail (path, errno, error);
      return -1;
    }
  if (strcmp (path, "-") == 0 || input_check (fd, path, error))
    return fd;
  close (fd);
  return -1;
}

/**
 * scope_cli_lines_open:
 * @path: (type filename): `-` is standard input
 * @error: SCOPE_ERROR_USAGE
 *
 * Returns: whether lines can be read
 */
gboolean
scope_cli_lines_open (ScopeCliLines *self,
                      const char    *path,
                      GError       **error)
{
  memset (self, 0, sizeof *self);
  self->name = g_strdup (path);
  self->buffer = g_string_new (NULL);
  self->fd = scope_cli_open_input (path, error);
  return self->fd >= 0;
}

/**
 * scope_cli_lines_rewind:
 *
 * Back to the first line.
 *
 * Returns: `FALSE`: it is a pipe, or the like, and was left where it is
 */
gboolean
scope_cli_lines_rewind (ScopeCliLines *self)
{
  if (lseek (self->fd, 0, SEEK_SET) != 0)
    return FALSE;

  g_string_truncate (self->buffer, 0);
  self->used = 0;
  self->ended = FALSE;
  self->number = 0;
  return TRUE;
}

static gboolean
lines_read (ScopeCliLines *self,
            GError       **error)
{
  gsize before;
  gssize n;

  g_string_erase (self->buffer, 0, self->used);
  self->used = 0;
  before = self->buffer->len;
  if (before > SCOPE_LIMIT_FRAME_BYTES)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("Line %llu has more than %d bytes"),
                   (unsigned long long) self->number + 1, SCOPE_LIMIT_FRAME_BYTES);
      return FALSE;
    }
  if (!input_wait (self->fd, self->name, error))
    return FALSE;

  g_string_set_size (self->buffer, before + READ_BYTES);
  n = read (self->fd, self->buffer->str + before, READ_BYTES);
  g_string_set_size (self->buffer, before + MAX (n, 0));
  if (n < 0 && errno != EINTR && errno != EAGAIN)
    return input_fail (self->name, errno, error);
  self->ended = n == 0;
  return TRUE;
}

/**
 * scope_cli_lines_next:
 * @line: (out) (transfer none): without its break; until the next call
 * @length: (out): in bytes
 * @error: SCOPE_ERROR_USAGE: too long, or can't be read; G_IO_ERROR_CANCELLED after a signal
 *
 * Returns: `FALSE` at the end, and on error
 */
gboolean
scope_cli_lines_next (ScopeCliLines *self,
                      const char   **line,
                      gsize         *length,
                      GError       **error)
{
  const char *start, *end;

  while ((end = memchr (self->buffer->str + self->used, '\n', self->buffer->len - self->used)) == NULL &&
         !self->ended)
    if (!lines_read (self, error))
      return FALSE;

  start = self->buffer->str + self->used;
  *line = start;
  *length = end != NULL ? (gsize) (end - start) : self->buffer->len - self->used;
  if (end == NULL && *length == 0)
    return FALSE;

  self->used += *length + (end != NULL ? 1 : 0);
  if (*length > 0 && start[*length - 1] == '\r')
    (*length)--;
  self->number++;
  return TRUE;
}

/**
 * scope_cli_lines_close:
 *
 * Closes what was opened.
 */
void
scope_cli_lines_close (ScopeCliLines *self)
{
  if (self->fd >= 0)
    close (self->fd);
  self->fd = -1;
  g_clear_pointer (&self->name, g_free);
  if (self->buffer != NULL)
    g_string_free (self->buffer, TRUE);
  self->buffer = NULL;
}
