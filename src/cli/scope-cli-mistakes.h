/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "cli/scope-cli-options.h"

G_BEGIN_DECLS

/* What is said of arguments that are not understood. A value is never repeated: it may be a secret
 * whose option was written wrongly. All set SCOPE_ERROR_USAGE and return FALSE. */

/* an option this command does not have, or none at all has; argument as it was given */
gboolean scope_cli_fail_option      (ScopeCliCommand   command,
                                     const char       *argument,
                                     const char       *name,
                                     GError          **error);
/* first is the first word of all, second the next or NULL */
gboolean scope_cli_fail_command     (const char       *first,
                                     const char       *second,
                                     GError          **error);
/* the position of the first word that is too much, counted from 1 */
gboolean scope_cli_fail_extra       (ScopeCliCommand   command,
                                     guint             position,
                                     GError          **error);

/* scope_channel_name_check(), which names the channel: there may be several */
gboolean scope_cli_check_channel    (const char       *channel,
                                     char            **warning,
                                     GError          **error);

G_END_DECLS
