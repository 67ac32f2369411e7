/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_STATE_BUTTON (scope_state_button_get_type ())

G_DECLARE_FINAL_TYPE (ScopeStateButton, scope_state_button, SCOPE, STATE_BUTTON, AdwBin)

/**
 * ScopeStateButton:
 *
 * The connection's state, always visible; its popover tells the rest. Properties: `session`,
 * `compact` (icon only).
 */
void       scope_state_button_set_session (ScopeStateButton *self,
                                           ScopeSession     *session);
void       scope_state_button_set_compact (ScopeStateButton *self,
                                           gboolean          compact);

G_END_DECLS
