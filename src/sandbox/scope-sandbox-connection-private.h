/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "protocol/scope-message.h"
#include "sandbox/scope-sandbox-connection.h"
#include "sandbox/scope-sandbox-private.h"

G_BEGIN_DECLS

/* What the files of a connection share. */

#define SCOPE_SANDBOX_SHOWN_NAME_BYTES 200

struct _ScopeSandboxConnection
{
  ScopeSandbox *sandbox; /* not owned */
  ScopeSandboxWire *wire;
  char *socket_id;
  GHashTable *subscriptions; /* channel name → user id, or NULL */
  gboolean welcomed;
  gboolean left;

  guint activity_msec;
  guint activity_id;
  gint64 heard_usec;
  gboolean pinged;

  double tokens; /* client events it may send right now */
  gint64 tokens_usec;

  ScopeSandboxUser *user; /* NULL: not signed in */
  guint authorize_id;     /* the time limit for showing who it is */
};

/* code 0: none */
void     _scope_sandbox_connection_send_error         (ScopeSandboxConnection *self,
                                                       guint                   code,
                                                       const char             *message);
void     _scope_sandbox_connection_send_errorf        (ScopeSandboxConnection *self,
                                                       const char             *format,
                                                       ...) G_GNUC_PRINTF (2, 3);
/* string members of a frame's data, keys and places in turn; those that are absent or no strings stay NULL */
void     _scope_sandbox_connection_read_strings       (ScopeMessage           *message,
                                                       const char             *first_key,
                                                       char                  **first,
                                                       ...) G_GNUC_NULL_TERMINATED;

void     _scope_sandbox_connection_handle_subscribe   (ScopeSandboxConnection *self,
                                                       ScopeMessage           *message);
void     _scope_sandbox_connection_handle_unsubscribe (ScopeSandboxConnection *self,
                                                       ScopeMessage           *message);
/* its channels and its user */
void     _scope_sandbox_connection_leave_all          (ScopeSandboxConnection *self);

void     _scope_sandbox_connection_handle_sign_in     (ScopeSandboxConnection *self,
                                                       ScopeMessage           *message);
/* it has not shown in time who it is */
gboolean _scope_sandbox_connection_unauthorized_cb    (gpointer                user_data);

void     _scope_sandbox_connection_handle_event       (ScopeSandboxConnection *self,
                                                       ScopeMessage           *message);

G_END_DECLS
