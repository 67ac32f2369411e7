/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-outgoing.h"
#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PUBLISH_FORM (scope_publish_form_get_type ())

G_DECLARE_FINAL_TYPE (ScopePublishForm, scope_publish_form, SCOPE, PUBLISH_FORM, AdwPreferencesGroup)

/**
 * ScopePublishForm:
 *
 * Where an event for the HTTP API is typed: channels, name, data, whom it skips, what is asked for. It is checked as
 * one types, by the rules it will be checked with when it is published. Signal `changed`.
 */
void           scope_publish_form_set_session  (ScopePublishForm *self,
                                                ScopeSession     *session);    /* nullable */
/* options: of the app; NULL: not known yet */
void           scope_publish_form_set_options  (ScopePublishForm *self,
                                                const ScopeConnectionOptions *options);
/* NULL: it can be published as it stands */
const char    *scope_publish_form_get_problem  (ScopePublishForm *self);
/* as it stands, right or wrong (transfer full) */
ScopeOutgoing *scope_publish_form_dup_outgoing (ScopePublishForm *self);
void           scope_publish_form_set_outgoing (ScopePublishForm *self,
                                                ScopeOutgoing    *outgoing);
void           scope_publish_form_focus_event  (ScopePublishForm *self);

G_END_DECLS
