/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-outgoing.h"
#include "session/scope-template-list.h"
#include "ui/scope-session-view.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PUBLISH_API (scope_publish_api_get_type ())

G_DECLARE_FINAL_TYPE (ScopePublishApi, scope_publish_api, SCOPE, PUBLISH_API, ScopeSessionView)

/**
 * ScopePublishApi:
 *
 * The half of the Publish view that publishes over the HTTP API. Property `possible` (bool, notified): the profile has
 * what that needs.
 */
gboolean   scope_publish_api_get_possible  (ScopePublishApi   *self);
void       scope_publish_api_set_templates (ScopePublishApi   *self,
                                            ScopeTemplateList *templates); /* nullable */
/* fills the form, for the user to look at */
void       scope_publish_api_compose       (ScopePublishApi   *self,
                                            ScopeOutgoing     *outgoing);

G_END_DECLS
