/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/scope-cli-options.h"
#include "session/scope-profile-store.h"

G_BEGIN_DECLS

/* What the connection options come to: a profile with its secrets, checked as a whole. */

/* --profile, the keyring and what was given over them. *status is set on failure: the exit status.
 * The profile is a copy without subscriptions. */
gboolean      scope_cli_target_resolve  (ScopeCliOptions   *options,
                                         ScopeProfile     **profile,
                                         ScopeCredentials **credentials,
                                         int               *status);
/* what was given, over a profile */
gboolean      scope_cli_target_apply    (ScopeCliOptions   *options,
                                         ScopeProfile      *profile,
                                         GError           **error);
gboolean      scope_cli_target_check    (ScopeProfile      *profile,
                                         ScopeCredentials  *credentials,
                                         GError           **error);
/* a saved profile by its name: SCOPE_ERROR_NOT_FOUND (transfer none) */
ScopeProfile *scope_cli_target_find     (ScopeProfileStore *store,
                                         const char        *name,
                                         GError           **error);

/* The keyring, waited for; a signal cancels (G_IO_ERROR_CANCELLED). */
ScopeCredentials *scope_cli_keyring_lookup (const char       *profile_id,
                                            gint64            until_usec,
                                            GError          **error);
gboolean      scope_cli_keyring_store   (ScopeProfile      *profile,
                                         ScopeCredentials  *credentials,
                                         GError           **error);
gboolean      scope_cli_keyring_clear   (const char        *profile_id,
                                         GError           **error);

G_END_DECLS
