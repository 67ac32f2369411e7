/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/scope-doctor.h"
#include "session/scope-session.h"

G_BEGIN_DECLS

/* for the profile and its secrets as they are now; NULL offline (transfer full) */
ScopeDoctor *scope_session_new_doctor (ScopeSession *self,
                                       GError      **error);

G_END_DECLS
