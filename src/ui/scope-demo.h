/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-profile.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DEMO (scope_demo_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDemo, scope_demo, SCOPE, DEMO, GObject)

/* The sandbox with its demo shop, in this process, as long as this object lives; and how to watch
 * it. */
ScopeDemo        *scope_demo_new             (GError    **error);
/* never saved (transfer none) */
ScopeProfile     *scope_demo_get_profile     (ScopeDemo  *self);
ScopeCredentials *scope_demo_get_credentials (ScopeDemo  *self);

G_END_DECLS
