/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-capture.h"
#include "sandbox/scope-replay-item.h"

G_BEGIN_DECLS

/* What `serve --replay` has been given: a capture, or lines or a HAR file read into one. */
typedef struct
{
  ScopeCapture *capture;
  char *name;              /* as it was given */
  guint64 n_events;        /* that came in */
  gint64 first_usec;       /* of them; 0: there is none */
  gint64 last_usec;
  GHashTable *channels;    /* of its names: where anything happens */
  GPtrArray *channel_list; /* the same, in order of appearance */
  GPtrArray *residents;    /* of ScopeReplayItem: who was in presence channels at first */
} ScopeCliRecording;

/* Looked through once, before anything else happens; a signal ends that. SCOPE_ERROR_FAILED: nothing in it could be sent
 * again; SCOPE_ERROR_USAGE; G_IO_ERROR_CANCELLED */
ScopeCliRecording *scope_cli_recording_open (const char          *path,
                                             GError             **error);
void               scope_cli_recording_free (ScopeCliRecording   *self);

/* whether an entry of this record is sent again */
gboolean           scope_cli_recording_takes (const ScopeRecord  *record);
/* NULL: it can't be (transfer full). On any thread, as long as nothing else reads the names */
ScopeReplayItem   *scope_cli_recording_make_item (const ScopeEntry *entry,
                                                  ScopeNames       *names);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeCliRecording, scope_cli_recording_free)

G_END_DECLS
