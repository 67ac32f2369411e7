/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-event-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_FREEZE_MODEL (scope_freeze_model_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFreezeModel, scope_freeze_model, SCOPE, FREEZE_MODEL, GObject)

/**
 * ScopeFreezeModel:
 *
 * A #GListModel over a #ScopeEventList that can stand still: while `frozen` it ends at the row that
 * was last when it froze, whatever arrives or is filtered. Properties: `list` (nullable), `frozen`.
 */
ScopeFreezeModel *scope_freeze_model_new        (void);
ScopeEventList   *scope_freeze_model_get_list   (ScopeFreezeModel *self);
void              scope_freeze_model_set_list   (ScopeFreezeModel *self,
                                                 ScopeEventList   *list);
gboolean          scope_freeze_model_get_frozen (ScopeFreezeModel *self);
void              scope_freeze_model_set_frozen (ScopeFreezeModel *self,
                                                 gboolean          frozen);
/* the last row's sequence number, hidden ones included; 0 if there is none */
guint64           scope_freeze_model_get_last   (ScopeFreezeModel *self);
/* how many rows, hidden ones included, came after that sequence number */
guint             scope_freeze_model_count_after (ScopeFreezeModel *self,
                                                  guint64           sequence);
/* position of that row, GTK_INVALID_LIST_POSITION's value if it is not shown */
guint             scope_freeze_model_find       (ScopeFreezeModel *self,
                                                 guint64           sequence);

G_END_DECLS
