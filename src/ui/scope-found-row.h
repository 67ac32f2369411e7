/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-discovery-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_FOUND_ROW (scope_found_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFoundRow, scope_found_row, SCOPE, FOUND_ROW, AdwBin)

/* A row of the discovered channels: a ScopeFoundChannel, or a ScopeFoundGroup. */
GtkWidget *scope_found_row_new   (void);
/* item (nullable); told: how many bytes of its name the groups around it tell */
void       scope_found_row_show  (ScopeFoundRow *self,
                                  gpointer       item,
                                  guint          depth,
                                  guint          told);

G_END_DECLS
