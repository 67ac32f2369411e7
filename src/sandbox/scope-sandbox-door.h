/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* sockets of requests, idle ones included; websockets are counted elsewhere */
#define SCOPE_SANDBOX_GUESTS 500
/* until a request has come whole; a new socket owes one */
#define SCOPE_SANDBOX_REQUEST_SECONDS 30

typedef struct _ScopeSandboxDoor ScopeSandboxDoor;

/* somebody was turned away; why, for people */
typedef void (*ScopeSandboxDoorRefused) (const char *message, gpointer user_data);

ScopeSandboxDoor *scope_sandbox_door_new           (SoupServer              *server,
                                                    ScopeSandboxDoorRefused  refused,
                                                    gpointer                 user_data);
void              scope_sandbox_door_free          (ScopeSandboxDoor        *self);
/* it is a websocket now */
void              scope_sandbox_door_let_through   (ScopeSandboxDoor        *self,
                                                    SoupServerMessage       *message);
guint             scope_sandbox_door_count         (ScopeSandboxDoor        *self);
/* for tests */
void              _scope_sandbox_door_set_patience (ScopeSandboxDoor        *self,
                                                    guint                    seconds,
                                                    guint                    max_guests);

G_END_DECLS
