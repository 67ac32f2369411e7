/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include "capture/scope-entry.h"

G_BEGIN_DECLS

/* What the virtual table SCOPE_BATCH_TABLE of a connection reads: its rows are the entries, its
 * columns those of the table entries but for the id, which is NULL. Belongs to whoever registers
 * it, who fills it before each statement that reads it; the entries must live as long as that
 * runs. */
typedef struct
{
  ScopeEntry **entries;
  guint n_entries;
} ScopeBatch;

#define SCOPE_BATCH_TABLE "batch"

/* returns an SQLite result code; batch must outlive db */
int _scope_batch_table_register (sqlite3    *db,
                                 ScopeBatch *batch);

G_END_DECLS
