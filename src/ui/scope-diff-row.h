/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "ui/scope-diff-item.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DIFF_ROW (scope_diff_row_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDiffRow, scope_diff_row, SCOPE, DIFF_ROW, AdwBin)

/* A difference: its mark and path, what was there and what is. */
GtkWidget *scope_diff_row_new      (void);
void       scope_diff_row_set_item (ScopeDiffRow  *self,
                                    ScopeDiffItem *item);
/* "Changed data.total: before 41, after 42": for a screen reader (transfer full) */
char      *scope_diff_row_dup_name (ScopeDiffItem *item);

G_END_DECLS
