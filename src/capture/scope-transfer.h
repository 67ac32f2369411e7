/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "capture/scope-export.h"
#include "capture/scope-import.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_TRANSFER (scope_transfer_get_type ())

G_DECLARE_FINAL_TYPE (ScopeTransfer, scope_transfer, SCOPE, TRANSFER, GObject)

/**
 * ScopeTransfer:
 *
 * An export, a preview of one, or an import, on a worker thread, once. Called on the main thread; cancelled or failed it leaves
 * nothing behind, and what was at the place of its file is still there.
 *
 * Properties, notified a few times a second while it runs: `done` and `total` (uint64: entries, pages or bytes; total 0:
 * nobody knows).
 */

/* What is to leave. Fields may be set until it is handed over. */
typedef struct
{
  ScopeCapture *capture;
  ScopeExportFormat format;
  GArray *rows;   /* of guint64; NULL: all up to last */
  guint64 last;   /* 0: all there are when it begins */
  char *rules;    /* of a redaction; NULL: none */
  char **columns; /* of CSV; NULL: all */
  char **paths;   /* of CSV; NULL: none */
} ScopeTransferPlan;

typedef struct
{
  char *field;  /* data.customer.email */
  char *before; /* bounded */
  char *after;
} ScopeTransferSample;

typedef struct
{
  char *lines;       /* the first ones, as they will be written; nullable */
  guint64 replaced;  /* values, each once */
  guint n_fields;    /* they stand in, up to 10,000 */
  gboolean has_more_fields; /* than these */
  GPtrArray *samples; /* of ScopeTransferSample: one of each of the first fields */
} ScopeTransferPreview;

ScopeTransferPlan    *scope_transfer_plan_new       (ScopeCapture         *capture,
                                                     ScopeExportFormat     format);
void                  scope_transfer_plan_free      (ScopeTransferPlan    *self);
void                  scope_transfer_preview_free   (ScopeTransferPreview *self);

ScopeTransfer        *scope_transfer_new            (void);
void                  scope_transfer_cancel         (ScopeTransfer        *self);

/* These take the plan over. */
/* to a file that is replaced if it is there: SCOPE_ERROR_USAGE (rules, a path, the capture itself), SCOPE_ERROR_CAPTURE,
 * a G_IO_ERROR. A capture of everything without rules is a copy page by page. */
void                  scope_transfer_export_async   (ScopeTransfer        *self,
                                                     ScopeTransferPlan    *plan,
                                                     const char           *path,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
/* result (out): also set on failure */
gboolean              scope_transfer_export_finish  (ScopeTransfer        *self,
                                                     GAsyncResult         *result,
                                                     ScopeExportResult    *counts,
                                                     GError              **error);
/* the first n_lines lines, or with 0 what the rules replace in all of it */
void                  scope_transfer_preview_async  (ScopeTransfer        *self,
                                                     ScopeTransferPlan    *plan,
                                                     guint                 n_lines,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
ScopeTransferPreview *scope_transfer_preview_finish (ScopeTransfer        *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);
/* a file of lines or a HAR file into a capture at path, as of scope_import_run() */
void                  scope_transfer_import_async   (ScopeTransfer        *self,
                                                     GFile                *file,
                                                     const char           *path,
                                                     GAsyncReadyCallback   callback,
                                                     gpointer              user_data);
ScopeImportResult    *scope_transfer_import_finish  (ScopeTransfer        *self,
                                                     GAsyncResult         *result,
                                                     GError              **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeTransferPlan, scope_transfer_plan_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeTransferPreview, scope_transfer_preview_free)

G_END_DECLS
