/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-event-list.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_COLUMNS_DIALOG (scope_columns_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeColumnsDialog, scope_columns_dialog, SCOPE, COLUMNS_DIALOG, AdwWindow)

/* Which columns the log has, in which order; each change counts at once. All need the settings.
 * list: whose payloads paths are suggested from, nullable */
void scope_columns_dialog_present (GtkWindow  *parent,
                                   ScopeEventList *list);
void scope_columns_hide           (const char *name);
/* columns, widths and how times are told, as they came */
void scope_columns_reset          (void);

G_END_DECLS
