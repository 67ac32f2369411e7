/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Lines of `watch` and `export`, or the WebSocket messages of a browser's HAR file, into a new capture file
 * (cli-contract.md, `import`). A line that is none is left out and counted; the first of those are told. */

/* so many problems are told one by one */
#define SCOPE_IMPORT_MAX_PROBLEMS 100

typedef struct
{
  guint64 number; /* of the line, from 1; HAR: of the message */
  char *text;     /* what was wrong with it */
} ScopeImportProblem;

typedef struct
{
  guint64 lines;       /* that became entries */
  guint64 skipped;     /* that did not */
  GPtrArray *problems; /* of ScopeImportProblem: the first of those */
  guint64 marks;       /* bookmarks */
  guint64 others;      /* HAR: connections of another protocol, left out */
  gboolean is_har;
} ScopeImportResult;

typedef struct
{
  const char * const *app; /* as of scope_recorder_new(); nullable */
  /* called now and then with how many bytes were read, on the thread that runs it; nullable */
  void (*progress) (guint64 bytes, gpointer user_data);
  gpointer user_data;
} ScopeImportOptions;

void               scope_import_result_free (ScopeImportResult   *self);

/* Blocking. The file at path must not exist, and is gone after an error or if nothing came of it (lines 0). NULL with the
 * stream's error, SCOPE_ERROR_EXISTS, SCOPE_ERROR_USAGE (there can't be a file at path, or the HAR file is none),
 * SCOPE_ERROR_LIMIT (a line without end, a HAR file that is too large), SCOPE_ERROR_CAPTURE (the file can't be written
 * any more) or G_IO_ERROR_CANCELLED. */
ScopeImportResult *scope_import_run    (GInputStream             *stream,
                                        const char               *path,
                                        const ScopeImportOptions *options,
                                        GCancellable             *cancellable,
                                        GError                  **error);
/* the same on a worker thread, without options */
void               scope_import_async  (GInputStream             *stream,
                                        const char               *path,
                                        GCancellable             *cancellable,
                                        GAsyncReadyCallback       callback,
                                        gpointer                  user_data);
ScopeImportResult *scope_import_finish (GAsyncResult             *result,
                                        GError                  **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeImportResult, scope_import_result_free)

G_END_DECLS
