/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What g_file_trash() took, back from the user's own trash to where it was: paths (of filenames, NULL-terminated), with
 * what SQLite keeps beside each of them. On a worker thread. */
void     scope_trash_restore_async  (const char * const  *paths,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data);
gboolean scope_trash_restore_finish (GAsyncResult        *result,
                                     GError             **error);

G_END_DECLS
