/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_LOG_PANE (scope_log_pane_get_type ())

/**
 * ScopeLogPane:
 *
 * Scrolls a column view through any number of events. The view has widgets for some of them only,
 * see #ScopeLogRows, and never learns of the others: a new place costs the cells in sight, and
 * events that come cost nothing.
 */
G_DECLARE_FINAL_TYPE (ScopeLogPane, scope_log_pane, SCOPE, LOG_PANE, GtkWidget)

void  scope_log_pane_set_events (ScopeLogPane       *self,
                                 GtkSingleSelection *events);

void  scope_log_pane_set_at_end (ScopeLogPane       *self,
                                 gboolean            at_end);

void  scope_log_pane_show_event (ScopeLogPane       *self,
                                 guint               position);

guint scope_log_pane_get_cursor (ScopeLogPane      *self);

guint scope_log_pane_get_top    (ScopeLogPane       *self);

G_END_DECLS
