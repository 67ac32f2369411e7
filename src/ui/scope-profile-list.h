/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "session/scope-profile-store.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PROFILE_LIST (scope_profile_list_get_type ())

G_DECLARE_FINAL_TYPE (ScopeProfileList, scope_profile_list, SCOPE, PROFILE_LIST, AdwBin)

/**
 * ScopeProfileList:
 *
 * The start page. Property `store`. Signal `activated (ScopeProfile *profile)`. Its buttons use the
 * actions win.new-profile, win.import-profile, win.edit-profile (s: id), win.export-profile (s: id),
 * win.remove-profile (s: id) and app.demo.
 */
void               scope_profile_list_set_store (ScopeProfileList  *self,
                                                 ScopeProfileStore *store);

G_END_DECLS
