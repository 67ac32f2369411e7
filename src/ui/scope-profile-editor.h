/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-profile-store.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PROFILE_EDITOR (scope_profile_editor_get_type ())

G_DECLARE_FINAL_TYPE (ScopeProfileEditor, scope_profile_editor, SCOPE, PROFILE_EDITOR, AdwWindow)

/**
 * ScopeProfileEditor:
 *
 * The modal dialog that makes or changes one profile and its keyring items.
 *
 * Signal `saved (ScopeProfile *profile, ScopeCredentials *credentials)`: the profile is the store's
 * own object; the credentials are NULL where they were neither read nor changed (a locked keyring
 * left alone), and `session_only` where the user chose so. The dialog closes itself afterwards.
 */

/* profile NULL: a new one. The caller presents it. */
GtkWindow *scope_profile_editor_new (GtkWindow         *parent,
                                     ScopeProfileStore *store,
                                     ScopeProfile      *profile);
/* a new profile's fields begin with these; nothing of them is saved yet */
void       scope_profile_editor_fill (ScopeProfileEditor *self,
                                      ScopeProfile       *profile,
                                      ScopeCredentials   *credentials);

G_END_DECLS
