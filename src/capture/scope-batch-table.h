/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include "capture/scope-block.h"

G_BEGIN_DECLS

/* What the virtual table SCOPE_BATCH_TABLE of a connection reads: its rows are a block's, its
 * columns those of the table entries but for the id, which is NULL. Belongs to whoever registers
 * it, who fills it before each statement that reads it; the block must live as long as that
 * runs. */
typedef struct
{
  const ScopeBlockRow *rows;
  guint n_rows;
} ScopeBatch;

#define SCOPE_BATCH_TABLE "batch"

/* returns an SQLite result code; batch must outlive db */
int _scope_batch_table_register (sqlite3    *db,
                                 ScopeBatch *batch);

G_END_DECLS
