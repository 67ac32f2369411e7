/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "session/scope-shape-memory.h"

G_BEGIN_DECLS

/* In a row of the log: that its event looks like none before, and how. */
GtkWidget *scope_shape_mark_new      (void);
void       scope_shape_mark_set_news (GtkWidget            *mark,
                                      const ScopeShapeNews *news);

G_END_DECLS
