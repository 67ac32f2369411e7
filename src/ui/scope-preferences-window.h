/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PREFERENCES_WINDOW (scope_preferences_window_get_type ())

G_DECLARE_FINAL_TYPE (ScopePreferencesWindow, scope_preferences_window, SCOPE, PREFERENCES_WINDOW,
                      AdwPreferencesWindow)

/* what counts for every window: how large recordings may become, where they are, the style */
GtkWindow *scope_preferences_window_new   (GtkWindow    *parent);   /* nullable */
/* keeps the session's size budget what the settings say */
void       scope_preferences_apply_budget (ScopeSession *session);

G_END_DECLS
