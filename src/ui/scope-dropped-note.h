/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_DROPPED_NOTE (scope_dropped_note_get_type ())

G_DECLARE_FINAL_TYPE (ScopeDroppedNote, scope_dropped_note, SCOPE, DROPPED_NOTE, AdwBin)

/**
 * ScopeDroppedNote:
 *
 * The line above a log whose oldest events were dropped: how many, and why. Hidden if none was.
 */
void scope_dropped_note_set_session (ScopeDroppedNote *self,
                                     ScopeSession     *session);   /* nullable */

G_END_DECLS
