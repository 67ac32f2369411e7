/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-profile-store.h"
#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_WINDOW (scope_window_get_type ())

G_DECLARE_FINAL_TYPE (ScopeWindow, scope_window, SCOPE, WINDOW, AdwApplicationWindow)

/**
 * ScopeWindow:
 *
 * One watched app, one opened capture, or the start page with the profiles.
 */
ScopeWindow  *scope_window_new            (GtkApplication    *application,
                                           ScopeProfileStore *store);
/* credentials NULL: read from the keyring when it connects */
void          scope_window_open_profile   (ScopeWindow       *self,
                                           ScopeProfile      *profile,
                                           ScopeCredentials  *credentials,
                                           gboolean           connect);
/* a file that is no capture is explained in the window */
void          scope_window_open_capture   (ScopeWindow       *self,
                                           const char        *path);
/* nothing is open in it */
gboolean      scope_window_is_idle        (ScopeWindow       *self);
ScopeProfile *scope_window_get_profile    (ScopeWindow       *self);      /* nullable */
ScopeSession *scope_window_get_session    (ScopeWindow       *self);      /* nullable */

G_END_DECLS
