/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-entry.h"
#include "capture/scope-names.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_RECORDER (scope_recorder_get_type ())

G_DECLARE_FINAL_TYPE (ScopeRecorder, scope_recorder, SCOPE, RECORDER, GObject)

typedef enum
{
  SCOPE_RECORDER_OPENING,
  SCOPE_RECORDER_RECORDING,
  SCOPE_RECORDER_FAILED,
  SCOPE_RECORDER_CLOSED,
  SCOPE_RECORDER_STALLED, /* there is no room; tried again every few seconds */
} ScopeRecorderState;

/**
 * ScopeRecorder:
 *
 * Writes one capture file on one writer thread: batches of at most 50 ms or 4,096 entries, one
 * transaction each. Everything here is called on the main thread and returns at once.
 *
 * Signals, on the main thread's context:
 * - `committed (guint64 up_to)`: every entry up to this sequence number can be read from the file; one
 *   per batch at most, coalesced.
 * - `dropped (guint64 first)`: the size budget let entries before `first` go; before the `committed` of that batch.
 * - `stalled (GError *error)`: there is no room to write. Entries are taken as long as they may wait; `state`
 *   says when it goes on. Only if scope_recorder_set_resumes().
 * - `failed (GError *error)`: the file can't be written (any more): what follows the last `committed` is not in it.
 *
 * Properties: `state` (ScopeRecorderState as int, notified), `path`.
 */

/* The file is created 0600 and must not exist yet; its directory is created 0700. app: what is
 * recorded, for the meta table ("profile", "host", "program"…): NULL-terminated key, value, key, value;
 * never a secret. names (nullable): the table entries refer to; NULL makes a new one. */
ScopeRecorder *scope_recorder_new          (const char         *path,
                                            const char * const *app,
                                            ScopeNames         *names);
ScopeNames    *scope_recorder_get_names    (ScopeRecorder      *self);   /* transfer none */
const char    *scope_recorder_get_path     (ScopeRecorder      *self);
ScopeRecorderState scope_recorder_get_state (ScopeRecorder     *self);
/* Queues a copy. Returns the sequence number given, or 0 if it was refused: failed, closed, or more
 * than SCOPE_LIMIT_QUEUED_BYTES wait (counted in get_refused). */
guint64        scope_recorder_append       (ScopeRecorder      *self,
                                            ScopeEntry         *entry);
/* What was accepted, stands behind `after` and is not in the file, in its order: while there is no room, and once
 * more in `failed`, after which it is gone (transfer full) */
GPtrArray     *scope_recorder_list_waiting (ScopeRecorder      *self,
                                            guint64             after);
/* Sets a bookmark with that note ("": none), or takes it away (NULL). FALSE if it was refused: failed or
 * closed. In the file with the next batch. */
gboolean       scope_recorder_mark         (ScopeRecorder      *self,
                                            guint64             sequence,
                                            gint64              wall_usec,
                                            const char         *note);
guint64        scope_recorder_get_appended (ScopeRecorder      *self);   /* last sequence number given */
guint64        scope_recorder_get_committed (ScopeRecorder     *self);
guint64        scope_recorder_get_refused  (ScopeRecorder      *self);
gsize          scope_recorder_get_waiting  (ScopeRecorder      *self);

/* how large the file may become: its oldest entries go for new ones; 0, no limit, is the default. At any time */
void           scope_recorder_set_budget   (ScopeRecorder      *self,
                                            guint64             bytes);
/* TRUE: a full disk is waited out instead of being a failure */
void           scope_recorder_set_resumes  (ScopeRecorder      *self,
                                            gboolean            resumes);
guint64        scope_recorder_get_first    (ScopeRecorder      *self);   /* sequence number of the first entry kept */

/* Writes what waits, checkpoints, leaves one plain file (journal_mode=DELETE), ends the thread. Dropping
 * the last reference without it closes as cleanly, but waits for the thread in finalize. */
void           scope_recorder_close_async  (ScopeRecorder      *self,
                                            GAsyncReadyCallback callback,
                                            gpointer            user_data);
gboolean       scope_recorder_close_finish (ScopeRecorder      *self,
                                            GAsyncResult       *result,
                                            GError            **error);

/* $XDG_STATE_HOME/channelscope/captures/2026-11-21 14.05.02 NAME.channelscope, not existing yet
 * (transfer full) */
char          *scope_recorder_dup_new_path (const char         *name,
                                            gint64              wall_usec);
/* whether a file is still called as that function calls a recording of NAME; base: without suffix */
gboolean       scope_recorder_is_new_name  (const char         *base,
                                            const char         *name);

G_END_DECLS
