/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_FILTER_MENU (scope_filter_menu_get_type ())

G_DECLARE_FINAL_TYPE (ScopeFilterMenu, scope_filter_menu, SCOPE, FILTER_MENU, GtkPopover)

/**
 * ScopeFilterMenu:
 *
 * Saved and recent filters. Signal `picked (const char *text)`: one is to be used.
 */
void       scope_filter_menu_set_text (ScopeFilterMenu *self,
                                       const char      *text);

G_END_DECLS
