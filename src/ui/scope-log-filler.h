/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Fills the cells of the log when they come in sight. There are more rows than are in
 * sight (scope-log-rows.h), and other events in all of them when the log moves on. */
#define SCOPE_TYPE_LOG_FILLER (scope_log_filler_get_type ())

G_DECLARE_FINAL_TYPE (ScopeLogFiller, scope_log_filler, SCOPE, LOG_FILLER, GObject)

ScopeLogFiller *scope_log_filler_new    (GtkColumnView  *view);
void            scope_log_filler_forget (ScopeLogFiller *self);

G_END_DECLS
