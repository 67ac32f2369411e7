/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_COLORS_DIALOG (scope_colors_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeColorsDialog, scope_colors_dialog, SCOPE, COLORS_DIALOG, AdwWindow)

/* The rules that color the log's rows; each change counts at once. Needs the settings.
 * filter: of a rule to begin with; "": none */
void scope_colors_dialog_present (GtkWindow  *parent,
                                  const char *name,
                                  const char *filter);

G_END_DECLS
