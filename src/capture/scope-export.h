/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-capture.h"
#include "capture/scope-filter.h"
#include "capture/scope-redaction.h"

G_BEGIN_DECLS

/* A capture's lines written out (cli-contract.md): NDJSON as `watch` prints it, or CSV. Blocking: for the CLI and
 * worker threads. */

typedef enum
{
  SCOPE_EXPORT_NDJSON,
  SCOPE_EXPORT_CSV,
} ScopeExportFormat;

typedef struct
{
  guint64 read;        /* entries looked at */
  guint64 written;     /* lines */
  guint64 unreadable;  /* entries that could not be read, and are left out */
  guint64 replaced;    /* values hidden by the redaction */
} ScopeExportResult;

typedef struct
{
  ScopeExportFormat format;
  ScopeFilter *filter;          /* which events; NULL: all. Other lines are kept, as `query` keeps them */
  ScopeRedaction *redaction;    /* nullable */
  const char * const *paths;    /* CSV: payload paths (data.total) as further columns; nullable */
  /* called now and then with how far it is, of total entries; nullable */
  void (*progress) (guint64 done, guint64 total, gpointer user_data);
  gpointer user_data;
} ScopeExportOptions;

/* FALSE with the stream's error, SCOPE_ERROR_USAGE (a path) or G_IO_ERROR_CANCELLED; result counts what was
 * written until then. */
gboolean scope_export_run (ScopeCapture             *capture,
                           GOutputStream            *stream,
                           const ScopeExportOptions *options,
                           ScopeExportResult        *result,
                           GCancellable             *cancellable,
                           GError                  **error);

G_END_DECLS
