/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-file-lock"

#include "config.h"

#include "capture/scope-file-lock.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/file.h>
#include <unistd.h>

#define TRIES 20 /* a millisecond each */

static char *
file_lock_dup_path (const char *path)
{
  return g_strconcat (path, "-lock", NULL);
}

/* Whoever asks whether it is held holds it, too, for a moment. */
static gboolean
file_lock_try (int fd)
{
  for (guint i = 0; i < TRIES; i++)
    {
      if (flock (fd, LOCK_EX | LOCK_NB) == 0)
        return TRUE;
      if (errno != EWOULDBLOCK)
        return FALSE;
      g_usleep (1000);
    }
  return FALSE;
}

int
_scope_file_lock_take (const char *path)
{
  g_autofree char *name = file_lock_dup_path (path);
  int fd = g_open (name, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);

  if (fd < 0)
    return -1;
  if (file_lock_try (fd))
    return fd;
  close (fd);
  return -1;
}

/* Removed while it is still held: who comes later makes a new one. */
void
_scope_file_lock_leave (const char *path,
                        int         fd)
{
  g_autofree char *name = file_lock_dup_path (path);

  if (fd < 0)
    return;
  g_unlink (name);
  close (fd);
}

/**
 * scope_file_lock_is_held:
 * @path: (type filename): a capture
 *
 * Returns: whether somebody, this program or another one, records into it right now
 */
gboolean
scope_file_lock_is_held (const char *path)
{
  g_autofree char *name = file_lock_dup_path (path);
  gboolean is_held;
  int fd;

  g_return_val_if_fail (path != NULL, FALSE);

  fd = g_open (name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0);
  if (fd < 0)
    return FALSE;
  is_held = flock (fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  close (fd);
  return is_held;
}
