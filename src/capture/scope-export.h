/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-capture.h"
#include "capture/scope-filter.h"
#include "capture/scope-redaction.h"

G_BEGIN_DECLS

/* A capture's lines written out (cli-contract.md): NDJSON as `watch` prints it, or CSV, or into another capture. Blocking: for
 * the CLI and worker threads; ScopeTransfer is for the window. */

typedef enum
{
  SCOPE_EXPORT_NDJSON,
  SCOPE_EXPORT_CSV,
  SCOPE_EXPORT_CAPTURE, /* scope_export_run_capture() alone */
} ScopeExportFormat;

typedef struct
{
  guint64 read;        /* entries looked at */
  guint64 written;     /* lines */
  guint64 unreadable;  /* entries that could not be read, and are left out */
  guint64 replaced;    /* values hidden by the redaction */
  gboolean lost_marks; /* not all bookmarks could be read */
  guint64 bytes;       /* written; 0 for a capture */
} ScopeExportResult;

typedef struct
{
  ScopeExportFormat format;
  ScopeFilter *filter;          /* which events; NULL: all. Other lines are kept, as `query` keeps them */
  const guint64 *rows;          /* nullable: exactly these entries instead, sequence numbers in their order */
  gsize n_rows;
  guint64 last;                 /* sequence number; 0: up to the last there is when it begins */
  guint64 most;                 /* lines; 0: all */
  ScopeRedaction *redaction;    /* nullable */
  const char * const *columns;  /* CSV: which of scope_export_get_columns(); NULL: all */
  const char * const *paths;    /* CSV: payload paths (data.total) as further columns; nullable */
  /* called now and then with how far it is, of total entries, on the thread that runs it; nullable */
  void (*progress) (guint64 done, guint64 total, gpointer user_data);
  /* called once if entries turn out to be damaged, with what could be read of the file; nullable */
  void (*damaged) (const char *warning, gpointer user_data);
  gpointer user_data;
} ScopeExportOptions;

/* names of the columns that every CSV can have, in their order; NULL-terminated */
const char * const *scope_export_get_columns (void);
/* SCOPE_ERROR_USAGE: text is no path into the data */
gboolean scope_export_check_path (const char               *text,
                                  GError                  **error);

/* one entry as it is exported, without its line break: a line of NDJSON, or CSV's columns; NULL if it is no line
 * (transfer full) */
char    *scope_export_dup_row (const ScopeEntry         *entry,
                               ScopeNames               *names,
                               ScopeExportFormat         format);

/* FALSE with the stream's error, SCOPE_ERROR_USAGE (a path) or G_IO_ERROR_CANCELLED; result counts what was
 * written until then. stream NULL: nothing is written, only counted. */
gboolean scope_export_run (ScopeCapture             *capture,
                           GOutputStream            *stream,
                           const ScopeExportOptions *options,
                           ScopeExportResult        *result,
                           GCancellable             *cancellable,
                           GError                  **error);
/* The lines as a capture of their own, at a path where none is: what no line tells (gaps, frames) is not in it. After an
 * error it is gone. */
gboolean scope_export_run_capture (ScopeCapture             *capture,
                                   const char               *path,
                                   const ScopeExportOptions *options,
                                   ScopeExportResult        *result,
                                   GCancellable             *cancellable,
                                   GError                  **error);

G_END_DECLS
