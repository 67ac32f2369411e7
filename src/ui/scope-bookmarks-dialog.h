/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-session.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_BOOKMARKS_DIALOG (scope_bookmarks_dialog_get_type ())

G_DECLARE_FINAL_TYPE (ScopeBookmarksDialog, scope_bookmarks_dialog, SCOPE, BOOKMARKS_DIALOG, AdwWindow)

/**
 * ScopeBookmarksDialog:
 *
 * The bookmarks of a session: goes to one with its parent's `win.show-event`, removes them, and takes that back.
 */
GtkWindow *scope_bookmarks_dialog_new (GtkWindow    *parent,
                                       ScopeSession *session);

G_END_DECLS
