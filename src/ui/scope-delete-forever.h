/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Asks whether recordings that can't go to the trash are to be deleted, and does so on a worker thread, with what SQLite
 * keeps beside them. paths: of filenames; why: what the trash said. Nothing is deleted before the answer. */
void     scope_delete_forever_async  (GtkWindow            *parent,
                                      GPtrArray            *paths,
                                      const char           *why,
                                      GAsyncReadyCallback   callback,
                                      gpointer              user_data);
/* n_deleted: how many are gone, also on failure; 0 without an error: it was not wanted */
gboolean scope_delete_forever_finish (GAsyncResult         *result,
                                      guint                *n_deleted,
                                      GError              **error);

G_END_DECLS
