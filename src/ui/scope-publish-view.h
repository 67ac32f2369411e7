/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PUBLISH_VIEW (scope_publish_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopePublishView, scope_publish_view, SCOPE, PUBLISH_VIEW, AdwBin)

/**
 * ScopePublishView:
 *
 * Sends client events. Property `session`.
 */
GtkWidget    *scope_publish_view_new (void);
ScopeSession *scope_publish_view_get_session (ScopePublishView *self);    /* nullable */
void          scope_publish_view_set_session (ScopePublishView *self,
                                           ScopeSession *session);

G_END_DECLS
