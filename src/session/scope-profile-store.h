/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "session/scope-profile.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_PROFILE_STORE (scope_profile_store_get_type ())

G_DECLARE_FINAL_TYPE (ScopeProfileStore, scope_profile_store, SCOPE, PROFILE_STORE, GObject)

/**
 * ScopeProfileStore:
 *
 * The saved profiles, a GListModel of ScopeProfile sorted by name: one key file each,
 * $XDG_CONFIG_HOME/channelscope/profiles/UUID.profile, 0600, replaced atomically. Follows changes that
 * another process makes (GFileMonitor). A file that can't be read is left alone and named by `problems`.
 */
/* directory NULL: the user's. Reads at once: small files. */
ScopeProfileStore *scope_profile_store_new     (const char         *directory);
/* new or changed. SCOPE_ERROR_EXISTS if another profile has that name */
gboolean           scope_profile_store_save    (ScopeProfileStore  *self,
                                                ScopeProfile       *profile,
                                                GError            **error);
/* the file goes; the caller clears the keyring once Undo is no longer possible */
gboolean           scope_profile_store_remove  (ScopeProfileStore  *self,
                                                const char         *id,
                                                GError            **error);
ScopeProfile      *scope_profile_store_find_by_name (ScopeProfileStore *self,
                                                     const char        *name); /* transfer none, nullable */
ScopeProfile      *scope_profile_store_find    (ScopeProfileStore  *self,
                                                const char         *id);
/* "Shop", "Shop 2", …: a name that is free (transfer full) */
char              *scope_profile_store_dup_free_name (ScopeProfileStore *self,
                                                      const char        *base);
/* one sentence per file that could not be read (transfer none) */
const char * const *scope_profile_store_get_problems (ScopeProfileStore *self);

G_END_DECLS
