/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <sqlite3.h>

#include "capture/scope-entry.h"
#include "capture/scope-names.h"

G_BEGIN_DECLS

/* FALSE or NULL: the row is damaged */
gboolean    _scope_row_read_record (sqlite3_stmt *row,
                                    ScopeNames   *names,
                                    ScopeRecord  *record);
ScopeEntry *_scope_row_read_entry  (sqlite3_stmt *row,
                                    ScopeNames   *names,
                                    guint64       sequence);
/* The same of a row whose record has been read before. Its frame is the row's and goes with it: for an
 * entry that is dropped before. */
ScopeEntry *_scope_row_borrow_entry (sqlite3_stmt *row,
                                    const ScopeRecord *record,
                                    guint64       sequence);

G_END_DECLS
