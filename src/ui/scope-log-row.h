/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-event-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_LOG_ROW (scope_log_row_get_type ())

/**
 * ScopeLogRow:
 *
 * A place for an event in the log: its widgets stay, the event in it changes.
 */
G_DECLARE_FINAL_TYPE (ScopeLogRow, scope_log_row, SCOPE, LOG_ROW, GObject)

ScopeLogRow    *scope_log_row_new          (GListModel  *events);

void            scope_log_row_set_position (ScopeLogRow *self,
                                            guint        position);

ScopeEventItem *scope_log_row_get_item     (ScopeLogRow *self);

G_END_DECLS
