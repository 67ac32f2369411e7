/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The frames we send (protocol.md §3.3, §1.4, §6), as text without white space (transfer full). `data` is
 * sent as a real object, never double-encoded (§2.2). */

char *scope_frame_ping         (void);  /* {"event":"pusher:ping","data":{}} */
char *scope_frame_pong         (void);
/* auth and channel_data NULL: public, `"auth":""`. channel_data is sent byte for byte as a string */
char *scope_frame_subscribe    (const char *channel,
                                const char *auth,
                                const char *channel_data);
char *scope_frame_unsubscribe  (const char *channel);
/* user_data is sent byte for byte as a string */
char *scope_frame_sign_in      (const char *auth,
                                const char *user_data);
/* data_json is checked JSON text, spliced; NULL leaves data out */
char *scope_frame_client_event (const char *channel,
                                const char *event,
                                const char *data_json);

/* {"user_id":…,"user_info":…} for channel_data; user_info_json NULL leaves it out */
char *scope_frame_channel_data (const char *user_id,
                                const char *user_info_json);

G_END_DECLS
