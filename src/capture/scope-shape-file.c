/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-shape-file"

#include "config.h"

#include "capture/scope-shape-file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "base/scope-limits.h"

/* Which file it was, and as of when: each save makes a new one. All zero: there was none. */
typedef struct
{
  dev_t device;
  ino_t node;
  struct timespec time;
} FileStamp;

struct _ScopeShapeFile
{
  char *path;
  FileStamp stamp; /* of what was read or written last */
};

/**
 * scope_shape_file_new:
 * @path: (type filename): where it is, or will be
 *
 * Returns: (transfer full): the file, not yet read
 */
ScopeShapeFile *
scope_shape_file_new (const char *path)
{
  ScopeShapeFile *self;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_new0 (ScopeShapeFile, 1);
  self->path = g_strdup (path);
  return self;
}

/**
 * scope_shape_file_free:
 *
 * Frees what is known of the file; the file stays.
 */
void
scope_shape_file_free (ScopeShapeFile *self)
{
  g_return_if_fail (self != NULL);

  g_free (self->path);
  g_free (self);
}

static FileStamp
shape_file_look (ScopeShapeFile *self)
{
  struct stat status;
  FileStamp stamp = { 0 };

  if (stat (self->path, &status) == 0)
    stamp = (FileStamp) { status.st_dev, status.st_ino, status.st_mtim };
  return stamp;
}

static gboolean
stamp_equal (const FileStamp *a,
             const FileStamp *b)
{
  return a->device == b->device && a->node == b->node && a->time.tv_sec == b->time.tv_sec
         && a->time.tv_nsec == b->time.tv_nsec;
}

/**
 * scope_shape_file_read:
 * @shapes: what stands in the file comes in addition
 *
 * Returns: whether all of it could be read, up to SCOPE_LIMIT_SHAPE_FILE_BYTES; `TRUE` if there is none
 */
gboolean
scope_shape_file_read (ScopeShapeFile *self,
                       ScopeShapes    *shapes)
{
  g_autoptr (GMappedFile) file = NULL;

  g_return_val_if_fail (self != NULL && shapes != NULL, FALSE);

  self->stamp = shape_file_look (self);
  file = g_mapped_file_new (self->path, FALSE, NULL);
  if (file == NULL)
    return !g_file_test (self->path, G_FILE_TEST_EXISTS);
  if (g_mapped_file_get_length (file) > SCOPE_LIMIT_SHAPE_FILE_BYTES)
    return FALSE;
  return scope_shapes_read_lines (shapes, g_mapped_file_get_contents (file),
                                  g_mapped_file_get_length (file));
}

/**
 * scope_shape_file_has_changed:
 *
 * Returns: whether there is one, and not the one that was read or written last
 */
gboolean
scope_shape_file_has_changed (ScopeShapeFile *self)
{
  FileStamp stamp;

  g_return_val_if_fail (self != NULL, FALSE);

  stamp = shape_file_look (self);
  return stamp.node != 0 && !stamp_equal (&stamp, &self->stamp);
}

/**
 * scope_shape_file_lock:
 *
 * Makes the folder and locks it: another window may save what it learnt of the same profile. Not every file system
 * has locks; without one the last to save wins.
 *
 * Returns: the folder's descriptor, whose closing ends the lock; -1 on error
 */
int
scope_shape_file_lock (ScopeShapeFile *self,
                       GError        **error)
{
  g_autofree char *directory = NULL;
  int fd = -1;

  g_return_val_if_fail (self != NULL, -1);

  directory = g_path_get_dirname (self->path);
  if (g_mkdir_with_parents (directory, 0700) == 0)
    fd = open (directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    g_set_error_literal (error, G_FILE_ERROR, g_file_error_from_errno (errno), g_strerror (errno));
  else if (flock (fd, LOCK_EX) != 0)
    g_debug ("No lock on %s: %s", directory, g_strerror (errno));
  return fd;
}

/**
 * scope_shape_file_write:
 * @lines: all that is to stand in it
 *
 * Whole or not at all, readable by its owner alone.
 *
 * Returns: whether it is written
 */
gboolean
scope_shape_file_write (ScopeShapeFile *self,
                        const GString  *lines,
                        GError        **error)
{
  g_return_val_if_fail (self != NULL && lines != NULL, FALSE);

  if (!g_file_set_contents_full (self->path, lines->str, lines->len, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                 error))
    return FALSE;
  self->stamp = shape_file_look (self);
  return TRUE;
}
