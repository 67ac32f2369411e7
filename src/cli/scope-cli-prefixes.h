/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/scope-cli-options.h"
#include "session/scope-session.h"

G_BEGIN_DECLS

/**
 * ScopeCliPrefixes:
 *
 * The arguments `prefix*` of `watch`: what appears under them is subscribed to, up to SCOPE_LIMIT_CHANNELS. Presence
 * channels are joined only if the pattern itself begins with `presence-`, and are left alone otherwise, which is told;
 * with --unseen all of them are watched without joining.
 */
typedef struct
{
  GPtrArray *patterns;       /* of char, borrowed from the options */
  gboolean joins;            /* FALSE: no presence channel is joined, whatever the pattern */
  ScopeSession *session;     /* borrowed */
  guint n_unseen;
  ScopeDiscovery *discovery; /* NULL: there is no pattern, or not yet */
  GFunc ended;
  gpointer user_data;
  char *problem;             /* the last that was told */
  gboolean told_presence;
  gboolean told_limit;
  gboolean told_empty;       /* or there is nothing to tell */
  gboolean refused;          /* the server will not list channels for us */
} ScopeCliPrefixes;

gboolean scope_cli_prefixes_is_pattern (const char       *argument);
/* takes the patterns among the arguments. FALSE with SCOPE_ERROR_USAGE if one of them is none */
gboolean scope_cli_prefixes_init       (ScopeCliPrefixes *self,
                                        ScopeCliOptions  *options,
                                        GError          **error);
gboolean scope_cli_prefixes_has_any    (ScopeCliPrefixes *self);
void     scope_cli_prefixes_clear      (ScopeCliPrefixes *self);
/* FALSE: app id or secret is missing, which has been told */
gboolean scope_cli_prefixes_check      (ScopeCliPrefixes *self,
                                        ScopeProfile     *profile,
                                        ScopeCredentials *credentials);
/* before the session connects. ended: called once the server refused */
void     scope_cli_prefixes_start      (ScopeCliPrefixes *self,
                                        ScopeSession     *session,
                                        GFunc             ended,
                                        gpointer          user_data);

G_END_DECLS
