/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-session-view.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_UNLOCK_BAR (scope_unlock_bar_get_type ())

G_DECLARE_FINAL_TYPE (ScopeUnlockBar, scope_unlock_bar, SCOPE, UNLOCK_BAR, ScopeSessionView)

/* Says that a read-only profile may publish, for how long still, and locks it again (win.lock). In
 * sight only then. */

G_END_DECLS
