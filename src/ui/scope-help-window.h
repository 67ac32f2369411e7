/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_HELP_WINDOW (scope_help_window_get_type ())

G_DECLARE_FINAL_TYPE (ScopeHelpWindow, scope_help_window, SCOPE, HELP_WINDOW, AdwWindow)

/* The user help: one window of an application, made when first asked for. */
void scope_help_window_present (GtkApplication *application);
/* when no other window is left */
void scope_help_window_dismiss (GtkApplication *application);

G_END_DECLS
