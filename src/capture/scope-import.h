/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-recorder.h"

G_BEGIN_DECLS

/* Lines of `watch` and `export`, or the WebSocket messages of a browser's HAR file, into a capture that is being recorded (cli-contract.md, `import`). Asynchronous: reads
 * as fast as the recorder writes. A line that is none is left out, counted, and the first such is told. */

typedef struct
{
  guint64 lines;       /* that became entries */
  guint64 skipped;     /* that did not */
  guint64 first_bad;   /* the number of the first of those, from 1; 0: none */
  char *first_problem; /* what was wrong with it */
  guint64 others;      /* HAR: connections of another protocol, left out */
} ScopeImportResult;

void               scope_import_result_free (ScopeImportResult   *self);

/* The recorder must be opening or recording; closing it afterwards is the caller's. */
void               scope_import_async  (GInputStream        *stream,
                                        ScopeRecorder       *recorder,
                                        GCancellable        *cancellable,
                                        GAsyncReadyCallback  callback,
                                        gpointer             user_data);
/* NULL with the stream's or the recorder's error, or SCOPE_ERROR_LIMIT: a line without end */
ScopeImportResult *scope_import_finish (GAsyncResult        *result,
                                        GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeImportResult, scope_import_result_free)

G_END_DECLS
