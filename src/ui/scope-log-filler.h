/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Fills the cells of the log when they come in sight. A column view keeps some 200 rows, whatever is
 * in sight of them, and has all of them bound anew when the log moves on by more. */
#define SCOPE_TYPE_LOG_FILLER (scope_log_filler_get_type ())

G_DECLARE_FINAL_TYPE (ScopeLogFiller, scope_log_filler, SCOPE, LOG_FILLER, GObject)

/* Shows what the row of a cell is now; child: what the cell's factory made. FALSE: it did so before. */
typedef gboolean (*ScopeLogFillFunc) (GtkWidget *child);

ScopeLogFiller *scope_log_filler_new (GtkColumnView    *view,
                                      ScopeLogFillFunc  fill);

G_END_DECLS
