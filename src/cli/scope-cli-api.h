/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/scope-cli-loop.h"
#include "cli/scope-cli-options.h"
#include "json/scope-json.h"
#include "net/scope-api-client.h"

G_BEGIN_DECLS

/* What the commands of the HTTP API share: the client, waiting for it, and the lines about what became of a
 * request. */
typedef struct
{
  ScopeConnectionOptions *target;
  ScopeApiClient *client;
  gboolean ndjson;
  gboolean told_clock; /* that it is off: said once */
} ScopeCliApi;

/* What each line of `trigger`, `batch` and `terminate` begins with: {"outcome":…,"status":…,"message":…. status: 0: there
 * was no answer; message: nullable */
void           scope_cli_api_begin_line (GString              *line,
                                         const char           *outcome,
                                         guint                 status,
                                         const char           *message);

/* One line of `trigger`, `batch` or `terminate`. */
typedef struct
{
  guint n_events;       /* 0: the command has none */
  guint64 first_line;   /* of the batch file; 0: there is none */
  guint64 last_line;
  const char *subject;  /* for people: the channels, the lines, the user */
  const char *counts;   /* a JSON object of channels; NULL: none */
} ScopeCliOutcome;

/* whether the HTTP API can be asked with these; what is missing has been told */
gboolean       scope_cli_api_check_target (const ScopeConnectionOptions *target);
/* FALSE: the problem has been told, *status is the exit status */
gboolean       scope_cli_api_open    (ScopeCliApi           *self,
                                      ScopeCliOptions       *options,
                                      int                   *status);
void           scope_cli_api_close   (ScopeCliApi           *self);
/* The end of a call whose callback and data are scope_cli_call_cb() and call; cancelled by a signal.
 * (transfer full) */
ScopeApiReply *scope_cli_api_wait    (ScopeCliApi           *self,
                                      ScopeCliCall          *call,
                                      GCancellable          *cancellable,
                                      GError               **error);
void           scope_cli_api_print   (ScopeCliApi           *self,
                                      const ScopeApiReply   *reply,
                                      const ScopeCliOutcome *outcome);
/* What became of a request that was not accepted, in one line each: what the server says, without what only
 * repeats the request; and what to do, which of a clock that is off has been told. (transfer full) */
char          *scope_cli_api_dup_what (const ScopeApiReply  *reply);
char          *scope_cli_api_dup_next (ScopeCliApi          *self,
                                      const ScopeApiReply   *reply);
/* the span of a member of the answer's object; NULL if it is not of that kind (transfer full) */
char          *scope_cli_api_dup_member (const ScopeApiReply *reply,
                                      const char            *key,
                                      ScopeJsonKind          kind);

G_END_DECLS
