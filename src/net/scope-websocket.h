/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_WEBSOCKET (scope_websocket_get_type ())

G_DECLARE_FINAL_TYPE (ScopeWebsocket, scope_websocket, SCOPE, WEBSOCKET, GObject)

/* Direct calls: this is the hot path. */
typedef struct
{
  void (*text)   (gpointer user_data, GBytes *message);
  void (*binary) (gpointer user_data, gsize size);
  /* the server broke the rules: code is the close code it was told */
  void (*fault)  (gpointer user_data, guint code);
  /* the socket broke */
  void (*failed) (gpointer user_data, const GError *error);
  /* the socket is gone, whatever was told before. code 0: no close frame came; reason: valid UTF-8, nullable */
  void (*closed) (gpointer user_data, guint code, const char *reason);
} ScopeWebsocketListener;

/* An open websocket, from its upgrade on. NULL: this libsoup does not hand it over. */
ScopeWebsocket *scope_websocket_new          (SoupWebsocketConnection      *upgraded,
                                              const ScopeWebsocketListener *listener,
                                              gpointer                      user_data);
void            scope_websocket_set_listener (ScopeWebsocket               *self,
                                              const ScopeWebsocketListener *listener,
                                              gpointer                      user_data);
void            scope_websocket_send         (ScopeWebsocket               *self,
                                              const char                   *text,
                                              gsize                         length);
void            scope_websocket_hold         (ScopeWebsocket               *self,
                                              gboolean                      hold);
void            scope_websocket_close        (ScopeWebsocket               *self,
                                              guint                         code);

G_END_DECLS
