/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "session/scope-credentials.h"
#include "session/scope-profile.h"

G_BEGIN_DECLS

#define SCOPE_CONFIG_IMPORT_MAX_BYTES (1024 * 1024)

/**
 * ScopeConfigImport:
 *
 * What was understood of somebody else's configuration: a profile, its secrets (never in the profile), and what
 * was not taken over and why. The profile's name is a proposal, "" where nothing suggests one.
 */
typedef struct
{
  char *source;                  /* translated: "Laravel Echo options" */
  ScopeProfile *profile;
  ScopeCredentials *credentials;
  char **notes;                  /* translated sentences without secrets; never NULL */
  gboolean own;                  /* a profile this program exported */
} ScopeConfigImport;

/* pure; SCOPE_ERROR_USAGE or SCOPE_ERROR_LIMIT; where there is one place that is wrong, with its line and column */
ScopeConfigImport *scope_config_import_parse (const char        *text,
                                              gsize              length,
                                              GError           **error);
void               scope_config_import_free  (ScopeConfigImport *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeConfigImport, scope_config_import_free)

G_END_DECLS
