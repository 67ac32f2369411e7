/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "sandbox/scope-replay-item.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_SANDBOX (scope_sandbox_get_type ())

G_DECLARE_FINAL_TYPE (ScopeSandbox, scope_sandbox, SCOPE, SANDBOX, GObject)

/* Documented and worthless (cli-contract.md, `serve`). */
#define SCOPE_SANDBOX_KEY "app-key"
#define SCOPE_SANDBOX_APP_ID "app-id"
#define SCOPE_SANDBOX_SECRET "app-secret"

/* the most there may be: open connections, and distinct users of a presence channel (§3.4) */
#define SCOPE_SANDBOX_CONNECTIONS 1000
#define SCOPE_SANDBOX_MEMBERS 100

/**
 * ScopeSandbox:
 *
 * A Channels server on 127.0.0.1 (protocol.md, the server's side). Runs on the main context it was
 * started on. It shares protocol/ with the client and nothing else.
 *
 * Signal `line (const char *json)`: one JSON object per connection, subscription, event and turn of a
 * replay, as `serve --format ndjson` prints them (without "time").
 */
ScopeSandbox *scope_sandbox_new            (void);
/* before start; NULL keeps the default. */
void          scope_sandbox_set_app        (ScopeSandbox *self,
                                            const char   *key,
                                            const char   *app_id,
                                            const char   *secret);
/* seconds told in the handshake; default 120 */
void          scope_sandbox_set_activity_timeout (ScopeSandbox *self,
                                                  guint         seconds);
/* authorized connections: closed with 4009 if they have not shown in time who they are. 0: no limit */
void          scope_sandbox_set_authorization_timeout (ScopeSandbox *self,
                                                       guint         msec);
/* smaller ones than the defaults, which are the most; 0 keeps what is set */
void          scope_sandbox_set_quotas     (ScopeSandbox *self,
                                            guint         connections,
                                            guint         members);
/* port 0: any free one */
gboolean      scope_sandbox_start          (ScopeSandbox *self,
                                            guint         port,
                                            GError      **error);
guint         scope_sandbox_get_port       (ScopeSandbox *self);
/* closes every connection (code 4200 "Server closed. Please reconnect shortly.", another, or 0: cut
 * without a close frame) and stops listening */
void          scope_sandbox_stop           (ScopeSandbox *self,
                                            guint         close_code);
guint         scope_sandbox_count_connections (ScopeSandbox *self);

/* publishes as the HTTP API would; data is the decoded text. TRUE if anyone was subscribed */
gboolean      scope_sandbox_publish        (ScopeSandbox *self,
                                            const char   *channel,
                                            const char   *event,
                                            const char   *data,
                                            gssize        data_length);
/* a member that has no socket: for the demo. user_info_json nullable. */
void          scope_sandbox_join           (ScopeSandbox *self,
                                            const char   *channel,
                                            const char   *user_id,
                                            const char   *user_info_json);
void          scope_sandbox_leave          (ScopeSandbox *self,
                                            const char   *channel,
                                            const char   *user_id);
/* those members are exactly these: ScopeReplayMember */
void          scope_sandbox_set_residents  (ScopeSandbox *self,
                                            const char   *channel,
                                            GPtrArray    *members);
/* n subscribers that have no socket: for the demo; 0: none any more */
void          scope_sandbox_set_crowd      (ScopeSandbox *self,
                                            const char   *channel,
                                            guint         n);
/* n events as fast as sockets take them, spread over seconds (0: at once): for tests and bench.
 * payload of about size bytes, each {"n":N,…} */
void          scope_sandbox_flood          (ScopeSandbox *self,
                                            const char   *channel,
                                            guint         n,
                                            gsize         size,
                                            double        seconds);

/* Where what is sent again comes from. Called on the main context; the source outlives the replay. */
typedef struct
{
  /* the next one; NULL: there is none yet, or, with *is_over, none any more (transfer full) */
  ScopeReplayItem *(*next)        (gboolean   *is_over,
                                   gpointer    user_data);
  /* whether anything of the recording happens there */
  gboolean         (*has_channel) (const char *channel,
                                   gpointer    user_data);
} ScopeReplaySource;

/* One at a time. It begins soon after somebody has subscribed to a channel of the recording, and
 * stands still while nobody is. speed 2: in half the time */
void          scope_sandbox_replay         (ScopeSandbox            *self,
                                            const ScopeReplaySource *source,
                                            gpointer                 user_data,
                                            double                   speed);
/* the source has some again */
void          scope_sandbox_wake_replay    (ScopeSandbox *self);

G_END_DECLS
