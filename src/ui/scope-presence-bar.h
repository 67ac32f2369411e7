/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PRESENCE_BAR (scope_presence_bar_get_type ())

G_DECLARE_FINAL_TYPE (ScopePresenceBar, scope_presence_bar, SCOPE, PRESENCE_BAR, AdwBin)

/* How the shown presence channel is watched – joined or unseen –, the way from one to the other, and which field
 * of user_info people are called by (property and action `presence-bar.name-field`; "": it is found). */
void scope_presence_bar_set_session (ScopePresenceBar *self,
                                     ScopeSession     *session);
void scope_presence_bar_set_channel (ScopePresenceBar *self,
                                     ScopeChannel     *channel);

G_END_DECLS
