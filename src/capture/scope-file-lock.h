/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whoever records holds a lock on the empty file PATH-lock. It is another file because of SQLite:
 * its own locks on the capture would be gone with the first descriptor of it that we close. */

/* descriptor, or -1 if another one holds it or it can't be had here */
int      _scope_file_lock_take   (const char *path);
void     _scope_file_lock_leave  (const char *path,
                                  int         fd);
/* whether somebody, this program or another, records into path right now */
gboolean scope_file_lock_is_held (const char *path);

G_END_DECLS
