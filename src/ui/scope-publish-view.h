/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-template-list.h"
#include "ui/scope-session-view.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PUBLISH_VIEW (scope_publish_view_get_type ())

G_DECLARE_FINAL_TYPE (ScopePublishView, scope_publish_view, SCOPE, PUBLISH_VIEW, ScopeSessionView)

/* Publishes over the HTTP API, where the profile allows it, and sends client events. */
/* fills a form, for the user to look at and to send; event may be any event's. NULL: none. event "": a client event */
void       scope_publish_view_compose       (ScopePublishView  *self,
                                             const char        *channel,
                                             const char        *event,
                                             const char        *data);
/* likewise, to a user */
void       scope_publish_view_compose_to_user (ScopePublishView *self,
                                               const char       *user_id);
void       scope_publish_view_set_templates (ScopePublishView  *self,
                                             ScopeTemplateList *templates); /* nullable */

G_END_DECLS
