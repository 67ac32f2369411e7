/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-entry.h"
#include "capture/scope-names.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CAPTURE (scope_capture_get_type ())

G_DECLARE_FINAL_TYPE (ScopeCapture, scope_capture, SCOPE, CAPTURE, GObject)

/* "SCPE": PRAGMA application_id of every capture; user_version is SCOPE_CAPTURE_VERSION */
#define SCOPE_CAPTURE_APPLICATION_ID 0x53435045
#define SCOPE_CAPTURE_VERSION 1

/**
 * ScopeCapture:
 *
 * Reads a capture file, also while a recorder still writes it. Never writes to it: read-only, or
 * immutable=1 where the place is read-only and no -wal stands beside it.
 */

/* Opens a file of another run: checks application id and version (SCOPE_ERROR_CAPTURE_FOREIGN), loads the
 * names. Blocking: for the CLI and worker threads; the window uses the async form. */
ScopeCapture *scope_capture_open         (const char    *path,
                                          GError       **error);
void          scope_capture_open_async   (const char    *path,
                                          GCancellable  *cancellable,
                                          GAsyncReadyCallback callback,
                                          gpointer       user_data);
ScopeCapture *scope_capture_open_finish  (GAsyncResult  *result,
                                          GError       **error);
/* like scope_capture_open(), but a damaged file is an error: to look at many files quickly */
ScopeCapture *scope_capture_peek         (const char    *path,
                                          GError       **error);
/* What can be read of an opened capture that turns out to be damaged, under the same sequence numbers; NULL if there
 * is no more to be had. Opening does that by itself where it fails. Blocking, or on a worker */
ScopeCapture *scope_capture_salvage      (ScopeCapture  *self);
void          scope_capture_salvage_async (ScopeCapture *self,
                                           GCancellable *cancellable,
                                           GAsyncReadyCallback callback,
                                           gpointer      user_data);
ScopeCapture *scope_capture_salvage_finish (ScopeCapture *self,
                                            GAsyncResult *result);
gboolean      scope_capture_is_salvaged  (ScopeCapture  *self);
/* how many entries are known to be missing: 0 unless it was salvaged */
guint64       scope_capture_get_n_lost   (ScopeCapture  *self);
/* Opens the file a recorder of this process writes, sharing its names. After the first `committed`. */
ScopeCapture *scope_capture_open_live    (const char    *path,
                                          ScopeNames    *names,
                                          GError       **error);

ScopeNames   *scope_capture_get_names    (ScopeCapture  *self);       /* transfer none */
const char   *scope_capture_get_path     (ScopeCapture  *self);
const char   *scope_capture_get_meta     (ScopeCapture  *self,
                                          const char    *key);         /* nullable */
/* a sentence to show: "The last moments before the crash may be missing", "the -wal file can't be
 * read …"; NULL if all is well */
const char   *scope_capture_get_warning  (ScopeCapture  *self);
/* the sequence number of the last entry: as of opening, or refreshed by it for live ones */
guint64       scope_capture_count        (ScopeCapture  *self);
/* the sequence number of the first entry that is there: those before it were dropped, because a size budget was
 * exceeded. 1 if none was */
guint64       scope_capture_get_first_sequence (ScopeCapture *self);
/* of its first entry, microseconds since 1970; 0 if there is none */
gint64        scope_capture_get_first_time (ScopeCapture *self);
/* one row by its sequence number: about 2 µs (transfer full). SCOPE_ERROR_NOT_FOUND or SCOPE_ERROR_CAPTURE */
ScopeEntry   *scope_capture_read         (ScopeCapture  *self,
                                          guint64        sequence,
                                          GError       **error);
/* on any thread, and nobody else waits for it */
ScopeEntry   *scope_capture_read_apart   (ScopeCapture  *self,
                                          guint64        sequence,
                                          GError       **error);
/* without reading more of the row than that; NULL: read it whole */
char         *scope_capture_dup_preview  (ScopeCapture  *self,
                                          guint64        sequence,
                                          const ScopeRecord *record,
                                          gsize          max_bytes,
                                          gsize         *data_length);
/* the records of from … from + n - 1, without touching payloads; returns how many there were */
guint         scope_capture_read_records (ScopeCapture  *self,
                                          guint64        from,
                                          guint          n,
                                          ScopeRecord   *records,
                                          GError       **error);

G_END_DECLS
