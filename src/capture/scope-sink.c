/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sink"

#include "config.h"

#include "capture/scope-sink.h"

#include <glib/gstdio.h>

#include "capture/scope-block.h"
#include "capture/scope-file.h"
#include "capture/scope-marks.h"
#include "capture/scope-names.h"

struct _ScopeSink
{
  char *path;
  ScopeFile *file;
  ScopeNames *names;
  ScopeBlock *block; /* one transaction */
  GPtrArray *marks;  /* go along with it */
  guint64 n_taken;
};

ScopeSink *
_scope_sink_new (const char          *path,
                 const char * const  *app,
                 GError             **error)
{
  ScopeFile *file = _scope_file_create (path, app, 0, NULL, error);
  ScopeSink *self;

  if (file == NULL)
    return NULL;

  self = g_new0 (ScopeSink, 1);
  self->path = g_strdup (path);
  self->file = file;
  self->names = scope_names_new ();
  self->block = _scope_block_new ();
  self->marks = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_mark_free);
  return self;
}

ScopeNames *
_scope_sink_get_names (ScopeSink *self)
{
  return self->names;
}

static gboolean
sink_flush (ScopeSink  *self,
            GError    **error)
{
  guint n_rows;
  gboolean done;

  _scope_block_get_rows (self->block, &n_rows);
  if (n_rows == 0)
    return TRUE;

  done = _scope_file_begin (self->file, error)
         && _scope_file_write_names (self->file, self->names, scope_names_get_count (self->names), error)
         && _scope_file_write_block (self->file, self->block, error)
         && _scope_file_write_marks (self->file, self->marks, error)
         && _scope_file_commit (self->file, error);
  _scope_block_clear (self->block);
  g_ptr_array_set_size (self->marks, 0);
  return done;
}

gboolean
_scope_sink_take (ScopeSink   *self,
                  ScopeEntry  *entry,
                  GError     **error)
{
  gboolean done = _scope_block_append (self->block, entry);

  if (!done && sink_flush (self, error))
    done = _scope_block_append (self->block, entry);
  scope_entry_unref (entry);
  self->n_taken += done ? 1 : 0;
  return done;
}

void
_scope_sink_mark (ScopeSink  *self,
                  gint64      time_usec,
                  const char *note)
{
  g_ptr_array_add (self->marks, scope_mark_new (self->n_taken, time_usec, note));
}

static void
sink_free (ScopeSink *self)
{
  g_object_unref (self->names);
  _scope_block_free (self->block);
  g_ptr_array_unref (self->marks);
  g_free (self->path);
  g_free (self);
}

static void
sink_unlink (ScopeSink *self)
{
  static const char * const ends[] = { "", "-wal", "-shm", "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *path = g_strconcat (self->path, ends[i], NULL);

      g_unlink (path);
    }
}

gboolean
_scope_sink_close (ScopeSink  *self,
                   GError    **error)
{
  gboolean done = sink_flush (self, error);

  if (!done)
    _scope_file_rollback (self->file);
  done = _scope_file_close (self->file, done ? error : NULL) && done;
  if (!done)
    sink_unlink (self);
  sink_free (self);
  return done;
}

void
_scope_sink_abandon (ScopeSink *self)
{
  if (self == NULL)
    return;

  _scope_file_rollback (self->file);
  _scope_file_close (self->file, NULL);
  sink_unlink (self);
  sink_free (self);
}
