/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/scope-sent-event.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SENT_ROW (scope_sent_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSentRow, scope_sent_row, SCOPE, SENT_ROW, AdwActionRow)

/**
 * ScopeSentRow:
 *
 * One event of the history. Signals: `edit (ScopeSentEvent)`, `again (ScopeSentEvent)`.
 */
GtkWidget *scope_sent_row_new (ScopeSentEvent *event);

G_END_DECLS
