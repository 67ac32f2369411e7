/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "session/scope-credentials.h"

G_BEGIN_DECLS

/* Where secrets come from: files, the environment, standard input; never the arguments. No
 * message holds any of them. */

/* its value (transfer full), or an error that does not repeat a secret */
char       *scope_cli_dup_variable       (const char        *name,
                                          GError           **error);
/* a whole file of at most max_bytes (transfer full) */
char       *scope_cli_read_file          (const char        *path,
                                          gsize              max_bytes,
                                          gsize             *length,
                                          GError           **error);
/* the file's text without the line break at its end (transfer full) */
char       *scope_cli_read_secret_file   (const char        *path,
                                          GError           **error);
/* what "header", "auth-param" and their like are kept as */
ScopeCredentialKind
            scope_cli_lines_kind         (const char        *name);
/* "N: V" or "N=V" as it is; N=env:VARIABLE, N=@FILE and N=cmd:COMMAND to it (transfer full) */
char       *scope_cli_resolve_line       (ScopeCredentialKind kind,
                                          const char        *text,
                                          GError           **error);
gboolean    scope_cli_add_line           (ScopeCredentials  *credentials,
                                          ScopeCredentialKind kind,
                                          const char        *line,
                                          GError           **error);
gboolean    scope_cli_set_credential     (ScopeCredentials  *credentials,
                                          ScopeCredentialKind kind,
                                          const char        *text,
                                          GError           **error);
/* CHANNELSCOPE_SECRET and CHANNELSCOPE_ENCRYPTION_KEY, where no file gave them */
gboolean    scope_cli_add_environment    (ScopeCredentials  *credentials,
                                          GError           **error);
/* key=, secret=, encryption-key=, header=, auth-param=, auth-header=, user-param= and user-header=
 * lines of standard input, if it is a pipe or file */
gboolean    scope_cli_add_standard_input (ScopeCredentials  *credentials,
                                          GError           **error);

G_END_DECLS
