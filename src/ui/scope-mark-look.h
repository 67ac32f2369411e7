/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-event-list.h"

G_BEGIN_DECLS

/* How a row of the log shows its bookmark: an icon at the edge of its first cell, the note as that
 * cell's tooltip, and both in the row's name. */

/* the first cell of a row, when it is given an item */
void scope_mark_look_bind    (GtkWidget      *cell,
                              ScopeEventItem *item);
/* after bookmarks changed */
void scope_mark_look_refresh (GtkColumnView  *view);

G_END_DECLS
