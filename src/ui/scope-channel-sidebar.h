/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CHANNEL_SIDEBAR (scope_channel_sidebar_get_type ())

G_DECLARE_FINAL_TYPE (ScopeChannelSidebar, scope_channel_sidebar, SCOPE, CHANNEL_SIDEBAR, AdwBin)

/**
 * ScopeChannelSidebar:
 *
 * The channels of a session. Property `session`. Uses win.subscribe, win.unsubscribe (s),
 * win.filter-channel (s), win.show-members (s).
 */
void       scope_channel_sidebar_set_session (ScopeChannelSidebar *self,
                                              ScopeSession        *session);

G_END_DECLS
