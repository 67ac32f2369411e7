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
 * Sends client events. Property `session`.
 */
GtkWidget *scope_publish_view_new (void);

G_END_DECLS
