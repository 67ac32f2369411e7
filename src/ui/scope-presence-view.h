/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-session-view.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PRESENCE_VIEW (scope_presence_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopePresenceView, scope_presence_view, SCOPE, PRESENCE_VIEW,
                      ScopeSessionView)

/**
 * ScopePresenceView:
 *
 * Who is in a presence channel now. Property `session`.
 */

/* chooses the channel to show; unknown or not presence: nothing happens */
void       scope_presence_view_show_channel (ScopePresenceView *self,
                                             const char        *channel);

G_END_DECLS
