/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ScopeOutputFile:
 *
 * A file that appears when it is whole: it is written beside its place under another name, and put there at the end. What is
 * freed before that leaves nothing behind. What is no regular file (a pipe, a terminal) is written at its place. Only its
 * owner reads it. Blocks.
 */
typedef struct _ScopeOutputFile ScopeOutputFile;

ScopeOutputFile *scope_output_file_new      (const char       *path);
/* where to write meanwhile, for whoever opens files itself: there is none of that name yet */
const char      *scope_output_file_get_temporary (ScopeOutputFile *self);
/* or the stream to write to; the file keeps it. NULL with an error */
GOutputStream   *scope_output_file_open     (ScopeOutputFile  *self,
                                             GError          **error);
/* tells what the stream failed with in the words of scope_output_file_open() */
void             scope_output_file_explain  (ScopeOutputFile  *self,
                                             GError          **error);
/* closes the stream and puts the file in its place, over one that is there */
gboolean         scope_output_file_commit   (ScopeOutputFile  *self,
                                             GError          **error);
void             scope_output_file_free     (ScopeOutputFile  *self);

/* all of it at once, on a worker: bytes appear as file whole, or not at all */
void             scope_output_file_write_async (GFile               *file,
                                                GBytes              *bytes,
                                                GAsyncReadyCallback  callback,
                                                gpointer             user_data);
gboolean         scope_output_file_write_finish (GFile              *file,
                                                 GAsyncResult       *result,
                                                 GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeOutputFile, scope_output_file_free)

G_END_DECLS
