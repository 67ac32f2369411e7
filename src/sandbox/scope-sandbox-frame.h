/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The frames a server sends (protocol.md §1.3, §1.8, §3.3), as bytes without white space, ready to
 * be sent to any number of sockets. */

/* an application's event: data is JSON text, spliced as it stands; user_id is nullable */
GBytes *scope_sandbox_frame_event    (const char *event,
                                      const char *channel,
                                      const char *data_token,
                                      gsize       data_length,
                                      const char *user_id);
/* a frame of the protocol itself: json becomes a string, as Pusher double-encodes its hashes;
 * channel and json are nullable */
GBytes *scope_sandbox_frame_internal (const char *event,
                                      const char *channel,
                                      const char *json);
/* code 0 is sent as null */
GBytes *scope_sandbox_frame_error    (guint       code,
                                      const char *message);

/* the text of a JSON string a client sent, or NULL if C can't hold it: a NUL or a lone surrogate
 * (transfer full, nullable) */
char   *scope_sandbox_frame_read_string (const char *token,
                                         gsize       length);

G_END_DECLS
