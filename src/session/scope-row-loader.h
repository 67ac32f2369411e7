/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-event-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_ROW_LOADER (scope_row_loader_get_type ())

/**
 * ScopeRowLoader:
 *
 * Reads what a log shows of its rows on a thread of its own. A file that the system has in memory is read
 * while the log waits for it; when a disk has to be asked the log goes on and is told later.
 *
 * `::loaded` is emitted when rows came late. They are loaded now, or are not wanted any more.
 */
G_DECLARE_FINAL_TYPE (ScopeRowLoader, scope_row_loader, SCOPE, ROW_LOADER, GObject)

ScopeRowLoader *scope_row_loader_new  (void);
gboolean        scope_row_loader_load (ScopeRowLoader *self,
                                       GPtrArray      *items,
                                       gint64          patience_usec);
void            scope_row_loader_forget (ScopeRowLoader *self);

G_END_DECLS
