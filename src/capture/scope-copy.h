/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-capture.h"

G_BEGIN_DECLS

/* The whole of a capture, page by page, as it is at one moment: also of one that is being recorded. The copy is one plain
 * file, and a closed capture. Blocking: for worker threads.
 *
 * path: where no file is yet; after an error there is none. progress (nullable): pages. FALSE with SCOPE_ERROR_CAPTURE or
 * G_IO_ERROR_CANCELLED. */
gboolean scope_copy_run (ScopeCapture  *capture,
                         const char    *path,
                         void         (*progress) (guint64 done, guint64 total, gpointer user_data),
                         gpointer       user_data,
                         GCancellable  *cancellable,
                         GError       **error);

G_END_DECLS
