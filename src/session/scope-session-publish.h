/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-publisher.h"
#include "session/scope-session.h"

G_BEGIN_DECLS

/* what the HTTP API is asked with now: of the profile and its secrets as they are (transfer full) */
ScopeConnectionOptions *scope_session_dup_options (ScopeSession *session);
/* publishes with the session's HTTP API, if the session allows it; held by the publisher */
ScopePublisher *scope_publisher_new_for_session (ScopeSession *session);

G_END_DECLS
