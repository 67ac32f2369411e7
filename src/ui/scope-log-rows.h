/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "ui/scope-log-row.h"

G_BEGIN_DECLS

/* At least so many, as far as there are events: who reads the log over the accessibility bus finds what is
 * around that which is in sight. To GTK each is twenty nodes to be styled anew whenever the focus or the
 * pointer comes into the log or leaves it: of 200 rows that took 12 ms. */
#define SCOPE_MIN_LOG_ROWS 100
#define SCOPE_MAX_LOG_ROWS 400

#define SCOPE_TYPE_LOG_ROWS (scope_log_rows_get_type ())

/**
 * ScopeLogRows:
 *
 * The rows that the log has widgets for, a stretch of all its events. The stretch is moved without
 * a change of the list: the rows stay, with other events in them. What is selected is selected
 * among all events.
 */
G_DECLARE_FINAL_TYPE (ScopeLogRows, scope_log_rows, SCOPE, LOG_ROWS, GObject)

ScopeLogRows *scope_log_rows_new       (GtkSingleSelection *events);

guint         scope_log_rows_get_first (ScopeLogRows       *self);
gboolean      scope_log_rows_set_first (ScopeLogRows       *self,
                                        guint               first);
gboolean      scope_log_rows_set_sight (ScopeLogRows       *self,
                                        guint               sight);
gboolean      scope_log_rows_update    (ScopeLogRows       *self,
                                        guint               first);
gboolean      scope_log_rows_grow      (ScopeLogRows       *self);

G_END_DECLS
