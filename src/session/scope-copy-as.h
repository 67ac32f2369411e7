/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/scope-api-event.h"
#include "net/scope-connection-options.h"

G_BEGIN_DECLS

/* The same call, for somewhere else: a request of curl that is signed already, or a few lines for a server library.
 * No secret stands in any of them: a signature does, or the names of environment variables. Pure text. */
typedef enum
{
  SCOPE_COPY_AS_CURL,
  SCOPE_COPY_AS_NODE,
  SCOPE_COPY_AS_PHP,
  SCOPE_COPY_AS_PYTHON,
  SCOPE_COPY_AS_RUBY,
  SCOPE_COPY_AS_GO,
  SCOPE_COPY_AS_CSHARP,
  SCOPE_N_COPY_AS
} ScopeCopyAs;

/* "curl", "Node.js"… */
const char *scope_copy_as_get_title (ScopeCopyAs                   language);
/* "curl", "node"…: of an action */
const char *scope_copy_as_get_name  (ScopeCopyAs                   language);
/* events: ScopeApiEvent *; one, or a batch. SCOPE_ERROR_USAGE as of publishing them, SCOPE_ERROR_UNSUPPORTED if the
 * library offers no such call (transfer full) */
char       *scope_copy_as           (ScopeCopyAs                   language,
                                     const ScopeConnectionOptions *options,
                                     GPtrArray                    *events,
                                     gint64                        wall_usec,
                                     GError                      **error);

/* private to it: scope-copy-as-library.c. The events are checked */
char       *_scope_copy_as_library  (ScopeCopyAs                   language,
                                     const ScopeConnectionOptions *options,
                                     GPtrArray                    *events,
                                     GError                      **error);

G_END_DECLS
