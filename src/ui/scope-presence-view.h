/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PRESENCE_VIEW (scope_presence_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopePresenceView, scope_presence_view, SCOPE, PRESENCE_VIEW, AdwBin)

/**
 * ScopePresenceView:
 *
 * Who is in a presence channel now. Property `session`.
 */
GtkWidget    *scope_presence_view_new (void);
ScopeSession *scope_presence_view_get_session (ScopePresenceView *self);    /* nullable */
void          scope_presence_view_set_session (ScopePresenceView *self,
                                           ScopeSession *session);

/* chooses the channel to show; unknown or not presence: nothing happens */
void          scope_presence_view_show_channel (ScopePresenceView *self,
                                                const char        *channel);

G_END_DECLS
