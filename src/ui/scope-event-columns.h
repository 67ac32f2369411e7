/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* The columns of the event log, by the names of the settings key `log-columns`. */

/* how much room there is for them */
typedef enum
{
  SCOPE_COLUMNS_WIDE,
  SCOPE_COLUMNS_COMPACT,
  SCOPE_COLUMNS_NARROW,
  SCOPE_N_COLUMN_ROOMS,
} ScopeColumnRoom;

/* names that are unknown are passed over; the time is always shown: it carries the row's accessible
 * name */
void scope_event_columns_set (GtkColumnView      *view,
                              const char * const *names,
                              ScopeColumnRoom     room);
/* the column of the cell a widget is in, by its name; a payload path is its own name. NULL: of none */
const char *scope_event_columns_find_at (GtkColumnView *view,
                                         GtkWidget     *inside);

G_END_DECLS
