/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "cli/scope-cli-options.h"

G_BEGIN_DECLS

typedef enum
{
  SCOPE_CLI_DONE = 0,
  SCOPE_CLI_NOT_DONE = 1,
  SCOPE_CLI_USAGE = 2,
  SCOPE_CLI_NO_CONNECTION = 3,
  SCOPE_CLI_INTERRUPTED = 130,
} ScopeCliStatus;

/* One function per command: runs it and returns the exit status. Problems have been told. */
int scope_cli_watch           (ScopeCliOptions *options);
int scope_cli_trigger         (ScopeCliOptions *options);
int scope_cli_publish         (ScopeCliOptions *options);
int scope_cli_batch           (ScopeCliOptions *options);
int scope_cli_channels        (ScopeCliOptions *options);
int scope_cli_channel         (ScopeCliOptions *options);
int scope_cli_users           (ScopeCliOptions *options);
int scope_cli_terminate       (ScopeCliOptions *options);
int scope_cli_doctor          (ScopeCliOptions *options);
int scope_cli_serve           (ScopeCliOptions *options);
int scope_cli_query           (ScopeCliOptions *options);
int scope_cli_export          (ScopeCliOptions *options);
int scope_cli_import          (ScopeCliOptions *options);
int scope_cli_profiles_list   (ScopeCliOptions *options);
int scope_cli_profiles_show   (ScopeCliOptions *options);
int scope_cli_profiles_add    (ScopeCliOptions *options);
int scope_cli_profiles_remove (ScopeCliOptions *options);
int scope_cli_profiles_export (ScopeCliOptions *options);
int scope_cli_profiles_import (ScopeCliOptions *options);

/* tells the error and returns its status */
int scope_cli_fail            (const GError    *error);

G_END_DECLS
