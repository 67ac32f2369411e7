/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "base/scope-clock.h"
#include "net/scope-connection-options.h"

G_BEGIN_DECLS

/* Where the requests of one HTTP session go, and what they carry: protocol.md §7.1. */
typedef struct
{
  char *base;                /* http://host:port/pusher/app/KEY; sockjs: without /app/KEY */
  char *path_message;        /* sockjs: its first message */
  char *query;               /* sockjs: none */
  char *session_path;        /* SERVER/SESSION */
  char *origin;
  char **headers;            /* the user's; not for another host */
  char *ca_file;
  ScopeClock *clock;
} ScopeXhrRequest;

void         scope_xhr_request_init           (ScopeXhrRequest              *self,
                                               const ScopeConnectionOptions *options,
                                               gboolean                      sockjs,
                                               gboolean                      use_tls,
                                               ScopeClock                   *clock);
void         scope_xhr_request_clear          (ScopeXhrRequest              *self);
/* what follows belongs to another session */
void         scope_xhr_request_renew_session  (ScopeXhrRequest              *self,
                                               gboolean                      sockjs);
/* what follows goes to another host, on the same port and path */
void         scope_xhr_request_move_to        (ScopeXhrRequest              *self,
                                               const char                   *host);
/* a POST of body to an address of the session (transfer full); NULL with an error */
SoupMessage *scope_xhr_request_create_message (const ScopeXhrRequest        *self,
                                               const char                   *what,
                                               gboolean                      with_query,
                                               const char                   *body,
                                               GError                      **error);

G_END_DECLS
