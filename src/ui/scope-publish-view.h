/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-session-view.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PUBLISH_VIEW (scope_publish_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopePublishView, scope_publish_view, SCOPE, PUBLISH_VIEW,
                      ScopeSessionView)

/**
 * ScopePublishView:
 *
 * Composes and sends client events, and keeps a history of them.
 */
GtkWidget *scope_publish_view_new (void);
void       scope_publish_view_compose (ScopePublishView *self,
                                       const char       *channel,
                                       const char       *event,
                                       const char       *data);

G_END_DECLS
