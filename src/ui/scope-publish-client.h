/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "ui/scope-session-view.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PUBLISH_CLIENT (scope_publish_client_get_type ())

G_DECLARE_FINAL_TYPE (ScopePublishClient, scope_publish_client, SCOPE, PUBLISH_CLIENT, ScopeSessionView)

/**
 * ScopePublishClient:
 *
 * Composes and sends client events, and keeps a history of them.
 */
void       scope_publish_client_compose (ScopePublishClient *self,
                                         const char         *channel,
                                         const char         *event,
                                         const char         *data);

G_END_DECLS
