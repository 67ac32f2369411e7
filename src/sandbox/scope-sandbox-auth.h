/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a subscription must prove (protocol.md §4.4). Pure; a refusal is Pusher's text (§1.8). */

/* channel_data is NULL unless it is a presence channel. NULL if all is well, else
 * (transfer full) */
char *scope_sandbox_auth_check     (const char  *key,
                                    const char  *secret,
                                    const char  *socket_id,
                                    const char  *channel,
                                    const char  *auth,
                                    const char  *channel_data);
/* of a sign-in, §4.5 */
char *scope_sandbox_auth_check_user (const char *key,
                                     const char *secret,
                                     const char *socket_id,
                                     const char *auth,
                                     const char *user_data);
/* who joins: user_info (nullable) is checked JSON text. NULL if all is well, else
 * (transfer full) */
char *scope_sandbox_auth_read_user (const char  *channel,
                                    const char  *channel_data,
                                    char       **user_id,
                                    char       **user_info);

G_END_DECLS
