/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_CAPTURE_INFO (scope_capture_info_get_type ())

G_DECLARE_FINAL_TYPE (ScopeCaptureInfo, scope_capture_info, SCOPE, CAPTURE_INFO, GObject)

/* Captures listed at once: the newest. All are counted. */
#define SCOPE_CAPTURE_INFO_MAX 200

/**
 * ScopeCaptureInfo:
 *
 * What can be told of a capture file without showing it. Never changes.
 */
const char *scope_capture_info_get_path       (ScopeCaptureInfo *self);
/* of the profile, or the file's own without its suffix if somebody gave it one */
const char *scope_capture_info_get_name       (ScopeCaptureInfo *self);
gint64      scope_capture_info_get_first_time (ScopeCaptureInfo *self);   /* 0: it is empty, or damaged */
gint64      scope_capture_info_get_last_time  (ScopeCaptureInfo *self);
guint64     scope_capture_info_get_count      (ScopeCaptureInfo *self);
guint64     scope_capture_info_get_size       (ScopeCaptureInfo *self);   /* bytes, with its -wal */
gint64      scope_capture_info_get_changed    (ScopeCaptureInfo *self);   /* microseconds since 1970 */
gboolean    scope_capture_info_is_recording   (ScopeCaptureInfo *self);   /* somebody writes it now */
gboolean    scope_capture_info_is_damaged     (ScopeCaptureInfo *self);

/* The user's recordings, and other files (paths, nullable) that were opened: newest first. On a worker.
 * finish: a list of ScopeCaptureInfo (transfer full); all: those of the user's recordings, the others
 * are not among them (transfer full); total: their bytes, n: how many */
char       *scope_capture_info_dup_directory  (void);
void        scope_capture_info_scan_async     (const char * const *others,
                                               GCancellable       *cancellable,
                                               GAsyncReadyCallback callback,
                                               gpointer            user_data);
GListModel *scope_capture_info_scan_finish    (GAsyncResult       *result,
                                               GListModel        **all,
                                               guint64            *total,
                                               guint              *n,
                                               GError            **error);

G_END_DECLS
