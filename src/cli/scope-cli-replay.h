/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/scope-cli-recording.h"
#include "sandbox/scope-sandbox.h"

G_BEGIN_DECLS

/* Reads a recording for a sandbox, batch by batch on a worker, a little ahead of what is sent. */
typedef struct _ScopeCliReplay ScopeCliReplay;

/* takes the recording; begins when somebody subscribes. The sandbox listens */
ScopeCliReplay *scope_cli_replay_new          (ScopeSandbox       *sandbox,
                                               ScopeCliRecording  *recording,
                                               double              speed);
/* after the sandbox has stopped */
void            scope_cli_replay_free         (ScopeCliReplay     *self);

/* the line that says what will be sent: JSON, or a sentence (transfer full) */
char           *scope_cli_replay_dup_line     (ScopeCliReplay     *self);
char           *scope_cli_replay_dup_sentence (ScopeCliReplay     *self);
/* of the sandbox's lines: what has to be told of it on standard error */
void            scope_cli_replay_note         (ScopeCliReplay     *self,
                                               const char         *json);
/* of one of the type replay, in words (transfer full) */
char           *scope_cli_replay_dup_words    (const char         *json);
/* a channel to watch that needs no quotes; NULL: there is none */
const char     *scope_cli_replay_get_channel  (ScopeCliReplay     *self);

G_END_DECLS
