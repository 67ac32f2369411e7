/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_NOTE_DIALOG (scope_note_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeNoteDialog, scope_note_dialog, SCOPE, NOTE_DIALOG, AdwWindow)

/**
 * ScopeNoteDialog:
 *
 * What is to be remembered of a row: the note of its bookmark, which it gets if it has none.
 */
GtkWindow *scope_note_dialog_new (GtkWindow    *parent,
                                  ScopeSession *session,
                                  guint64       sequence);

G_END_DECLS
