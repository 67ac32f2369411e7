/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "base/scope-secret.h"
#include "sandbox/scope-sandbox-channel.h"
#include "sandbox/scope-sandbox-connection.h"
#include "sandbox/scope-sandbox-door.h"
#include "sandbox/scope-sandbox-flood.h"
#include "sandbox/scope-sandbox-replay.h"
#include "sandbox/scope-sandbox-users.h"
#include "sandbox/scope-sandbox-xhr.h"
#include "sandbox/scope-sandbox.h"

G_BEGIN_DECLS

/* What the files of the sandbox share: the application, its channels and connections. */

#define SCOPE_SANDBOX_CHANNELS 4096

/* One event on its way to a channel's subscribers. */
typedef struct
{
  const char *channel;
  const char *event;
  const char *data_token;          /* JSON text, spliced; NULL: none, only of a frame that is there */
  gsize data_length;
  const char *user_id;             /* nullable: a client event on a presence channel */
  const char *socket_id;           /* nullable: this connection does not get it */
  gboolean is_client_event;        /* never cached (protocol.md §6) */
} ScopeSandboxEvent;

struct _ScopeSandbox
{
  GObject parent_instance;

  char *key;
  char *app_id;
  ScopeSecret *secret;
  guint activity_timeout;
  guint pong_msec;
  guint max_connections;
  guint max_members;

  SoupServer *server;
  ScopeSandboxDoor *door;  /* NULL with it */
  guint port;
  GHashTable *connections; /* socket id → ScopeSandboxConnection, closing ones included */
  GHashTable *channels;    /* name → ScopeSandboxChannel */
  GPtrArray *floods;
  ScopeSandboxReplay *replay; /* NULL: there is none */
  ScopeSandboxUsers *users;
  guint authorization_msec; /* 0: connections need not sign in */
  ScopeSandboxXhrs *xhrs;  /* clients over HTTP requests */
};

const char             *_scope_sandbox_get_key           (ScopeSandbox            *self);
const char             *_scope_sandbox_get_app_id        (ScopeSandbox            *self);
const char             *_scope_sandbox_get_secret        (ScopeSandbox            *self);

/* transfer none, nullable */
ScopeSandboxChannel    *_scope_sandbox_lookup_channel    (ScopeSandbox            *self,
                                                          const char              *name);
/* the same, made if it is not there; NULL if there are too many */
ScopeSandboxChannel    *_scope_sandbox_ensure_channel    (ScopeSandbox            *self,
                                                          const char              *name);
/* forgets the channel if nothing would be lost with it */
void                    _scope_sandbox_settle_channel    (ScopeSandbox            *self,
                                                          ScopeSandboxChannel     *channel);
/* by name (transfer container) */
GPtrArray              *_scope_sandbox_list_occupied     (ScopeSandbox            *self);

/* TRUE if anyone was subscribed */
gboolean                _scope_sandbox_relay             (ScopeSandbox            *self,
                                                          const ScopeSandboxEvent *event);

/* the same, with a frame that is there already */
gboolean                _scope_sandbox_relay_frame       (ScopeSandbox            *self,
                                                          const ScopeSandboxEvent *event,
                                                          GBytes                  *frame);
/* somebody has subscribed, or does no more */
void                    _scope_sandbox_subscribers_changed (ScopeSandbox          *self);

/* a client over HTTP requests; path is `…/app/KEY`, query may be NULL */
void                    _scope_sandbox_accept_xhr        (ScopeSandbox            *self,
                                                          ScopeSandboxXhr         *xhr,
                                                          const char              *path,
                                                          const char              *query);

/* transfer none; NULL: it does not listen */
ScopeSandboxDoor       *_scope_sandbox_get_door          (ScopeSandbox            *self);

/* drops and frees it */
void                    _scope_sandbox_forget_connection (ScopeSandbox            *self,
                                                          ScopeSandboxConnection  *connection);

/* drops and frees it */
void                    _scope_sandbox_forget_flood      (ScopeSandbox            *self,
                                                          ScopeSandboxFlood       *flood);

/* one line (signal `line`) */
void                    _scope_sandbox_report_event      (ScopeSandbox            *self,
                                                          const ScopeSandboxEvent *event);
/* likewise: names and text values in turn, NULL-terminated; a NULL value leaves
 * the pair out. Never a secret or a signature. */
void                    _scope_sandbox_report            (ScopeSandbox            *self,
                                                          const char              *type,
                                                          ...) G_GNUC_NULL_TERMINATED;
/* likewise; takes and frees the line, of scope_sandbox_line_begin() */
void                    _scope_sandbox_report_line       (ScopeSandbox            *self,
                                                          GString                 *line);

/* how long a connection that was pinged may stay silent; default 30 s */
void                    _scope_sandbox_set_pong_timeout  (ScopeSandbox            *self,
                                                          guint                    msec);
guint                   _scope_sandbox_get_pong_timeout  (ScopeSandbox            *self);

ScopeSandboxUsers      *_scope_sandbox_get_users         (ScopeSandbox            *self);
/* milliseconds; 0: none */
guint                   _scope_sandbox_get_authorization_timeout (ScopeSandbox    *self);
/* closes every connection of that user */
void                    _scope_sandbox_terminate_user    (ScopeSandbox            *self,
                                                          const char              *user_id);

guint                   _scope_sandbox_get_max_members   (ScopeSandbox            *self);

G_END_DECLS
