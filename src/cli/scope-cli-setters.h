/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/scope-cli-table.h"

G_BEGIN_DECLS

/* How a row's value is checked and stored. */
#define SCOPE_CLI_SETTER(name) \
  gboolean scope_cli_set_##name (ScopeCliOptions *options, const ScopeCliOption *option, \
                                 const char *value, GError **error)

SCOPE_CLI_SETTER (help);
SCOPE_CLI_SETTER (version);
SCOPE_CLI_SETTER (format);

SCOPE_CLI_SETTER (filter);
SCOPE_CLI_SETTER (expect);
SCOPE_CLI_SETTER (frames);
SCOPE_CLI_SETTER (unseen);
SCOPE_CLI_SETTER (count);
SCOPE_CLI_SETTER (for);
SCOPE_CLI_SETTER (record);
SCOPE_CLI_SETTER (summary);

SCOPE_CLI_SETTER (to);
SCOPE_CLI_SETTER (output);
SCOPE_CLI_SETTER (column);
SCOPE_CLI_SETTER (redact);

SCOPE_CLI_SETTER (serve_port);
SCOPE_CLI_SETTER (max_connections);
SCOPE_CLI_SETTER (max_members);
SCOPE_CLI_SETTER (demo);
SCOPE_CLI_SETTER (replay);
SCOPE_CLI_SETTER (speed);
SCOPE_CLI_SETTER (app);

SCOPE_CLI_SETTER (client);
SCOPE_CLI_SETTER (event);
SCOPE_CLI_SETTER (data);
SCOPE_CLI_SETTER (socket_id);
SCOPE_CLI_SETTER (info);
SCOPE_CLI_SETTER (prefix);

SCOPE_CLI_SETTER (profile);
SCOPE_CLI_SETTER (key);
SCOPE_CLI_SETTER (line);
SCOPE_CLI_SETTER (secret_file);
SCOPE_CLI_SETTER (encryption_key_file);
SCOPE_CLI_SETTER (transports);
SCOPE_CLI_SETTER (disable_transports);

/* of a property of ScopeProfile */
SCOPE_CLI_SETTER (text);
SCOPE_CLI_SETTER (port);
SCOPE_CLI_SETTER (seconds);
SCOPE_CLI_SETTER (attempts);
SCOPE_CLI_SETTER (bytes);
SCOPE_CLI_SETTER (true);
SCOPE_CLI_SETTER (false);
SCOPE_CLI_SETTER (ca_file);

gboolean scope_cli_check_app_id        (const char *text,
                                        GError    **error);
gboolean scope_cli_check_proxy         (const char *text,
                                        GError    **error);
gboolean scope_cli_check_auth_transport (const char *text,
                                        GError    **error);
gboolean scope_cli_check_auth_method   (const char *text,
                                        GError    **error);
gboolean scope_cli_check_user_data     (const char *text,
                                        GError    **error);
gboolean scope_cli_check_presence_user (const char *text,
                                        GError    **error);

G_END_DECLS
