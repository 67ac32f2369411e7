/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-window.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_APPLICATION (scope_application_get_type ())

G_DECLARE_FINAL_TYPE (ScopeApplication, scope_application, SCOPE, APPLICATION, AdwApplication)

/* One process, any number of windows. */
ScopeApplication *scope_application_new         (void);
/* the window that watches this profile (transfer none) (nullable) */
ScopeWindow      *scope_application_find_window (ScopeApplication *self,
                                                 ScopeProfile     *profile);

G_END_DECLS
