/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The columns of the event log, by the names of the settings key `log-columns`. */

/* names that are unknown are passed over; the time is always shown: it carries the row's accessible
 * name */
void scope_event_columns_set (GtkColumnView      *view,
                              const char * const *names,
                              gboolean            compact);

G_END_DECLS
