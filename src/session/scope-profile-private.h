/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-profile.h"

G_BEGIN_DECLS

/* A key file larger than this is no profile. */
#define SCOPE_PROFILE_MAX_BYTES (1024 * 1024)

/* The key file this profile was read from, with everything in it that this version does not know;
 * NULL for a new one. Never changed in place. */
GKeyFile *_scope_profile_get_origin (ScopeProfile *self);
void      _scope_profile_set_origin (ScopeProfile *self,
                                     GKeyFile     *origin);
/* the stored value of a property, without a copy */
const GValue *
          _scope_profile_peek       (ScopeProfile *self,
                                     const char   *property);
/* FALSE with SCOPE_ERROR_USAGE if it can't be stored: no name, a bad id, a secret in the proxy */
gboolean  _scope_profile_check      (ScopeProfile *self,
                                     GError      **error);

G_END_DECLS
