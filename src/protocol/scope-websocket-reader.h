/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a server sends after the upgrade, RFC 6455 §5, without extensions. Pure; the input is hostile. */

typedef enum
{
  SCOPE_WEBSOCKET_NOTHING,     /* more bytes are needed */
  SCOPE_WEBSOCKET_TEXT,        /* message: valid UTF-8, a NUL behind it */
  SCOPE_WEBSOCKET_BINARY,      /* size */
  SCOPE_WEBSOCKET_CLOSE,       /* code, payload: the reason */
  SCOPE_WEBSOCKET_PING,        /* payload */
  SCOPE_WEBSOCKET_PONG,
  SCOPE_WEBSOCKET_FAULT,       /* code: what is to be told the server. Nothing can be read any more */
} ScopeWebsocketType;

/* close codes of RFC 6455 §7.4.1 */
#define SCOPE_WEBSOCKET_CLOSE_NO_STATUS 1005
#define SCOPE_WEBSOCKET_CLOSE_PROTOCOL 1002
#define SCOPE_WEBSOCKET_CLOSE_BAD_DATA 1007
#define SCOPE_WEBSOCKET_CLOSE_TOO_BIG 1009

typedef struct
{
  ScopeWebsocketType type;
  guint code;                  /* CLOSE: as it came, SCOPE_WEBSOCKET_CLOSE_NO_STATUS if none; FAULT */
  GBytes *message;             /* TEXT (transfer full) */
  const char *payload;         /* of a control frame: until bytes are added */
  gsize size;                  /* of the payload, or the message */
} ScopeWebsocketEvent;

typedef struct _ScopeWebsocketReader ScopeWebsocketReader;

ScopeWebsocketReader *scope_websocket_reader_new      (gsize                 max_bytes);
void                  scope_websocket_reader_free     (ScopeWebsocketReader *self);
/* where bytes may be added: at least one */
guint8               *scope_websocket_reader_get_room (ScopeWebsocketReader *self,
                                                       gsize                *size);
void                  scope_websocket_reader_add      (ScopeWebsocketReader *self,
                                                       gsize                 size);
/* what has come whole, one after the other */
ScopeWebsocketType    scope_websocket_reader_next     (ScopeWebsocketReader *self,
                                                       ScopeWebsocketEvent  *event);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeWebsocketReader, scope_websocket_reader_free)

G_END_DECLS
