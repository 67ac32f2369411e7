/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "capture/scope-transfer.h"

G_BEGIN_DECLS

/* For scope-transfer.c (the job) and scope-transfer-preview.c (what it would do). */

/* one run's data */
typedef struct
{
  ScopeTransfer *transfer;
  ScopeTransferPlan *plan; /* NULL: an import */
  GFile *file;
  char *path;
  guint n_lines;
  ScopeExportResult counts;

  ScopeTransferPreview *preview;
  GHashTable *fields; /* set of char*: where values were replaced */
} ScopeTransferRun;

/* for scope-transfer.c */
gboolean _scope_transfer_run_look          (ScopeTransferRun   *run,
                                            GCancellable       *cancellable,
                                            GError            **error);

/* for scope-transfer-preview.c */
gboolean _scope_transfer_run_new_redaction (ScopeTransferRun   *run,
                                            ScopeRedaction    **redaction,
                                            GError            **error);
void     _scope_transfer_run_init_options  (ScopeTransferRun   *run,
                                            ScopeRedaction     *redaction,
                                            ScopeExportOptions *options);

G_END_DECLS
