/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/* One client's websocket, or session over HTTP requests, with a send queue that has a bound. libsoup's own queue has none and
 * does not tell its length, so frames are handed to it only while the socket takes them. */

/* bytes waiting for a client that does not read; above, it is closed with 4100 */
#define SCOPE_SANDBOX_WIRE_BYTES (16 * 1024 * 1024)
/* a message above, in one frame or many, is refused with 1009 before it is read */
#define SCOPE_SANDBOX_FRAME_BYTES (100 * 1000)

typedef struct _ScopeSandboxWire ScopeSandboxWire;
typedef struct _ScopeSandboxXhr ScopeSandboxXhr;

typedef struct
{
  /* bytes may be larger over HTTP requests: what they bound is a request */
  void (*received) (gboolean  is_text,
                    GBytes   *bytes,
                    gpointer  user_data);
  /* a message above the bound began; nothing is received any more */
  void (*overrun)  (gpointer  user_data);
  /* the last call; the wire may be freed in it */
  void (*closed)   (gpointer  user_data);
} ScopeSandboxWireFuncs;

/* libsoup's connection; its stream is a ScopeSandboxStream */
ScopeSandboxWire *scope_sandbox_wire_new        (SoupWebsocketConnection     *websocket,
                                                 const ScopeSandboxWireFuncs *funcs,
                                                 gpointer                     user_data);
/* over HTTP requests; the session is not owned */
ScopeSandboxWire *scope_sandbox_wire_new_xhr    (ScopeSandboxXhr             *xhr,
                                                 const ScopeSandboxWireFuncs *funcs,
                                                 gpointer                     user_data);
void              scope_sandbox_wire_free       (ScopeSandboxWire            *self);

/* for the session: what came, its end (the wire may be freed in it), and that it goes itself */
void              scope_sandbox_wire_emit_received (ScopeSandboxWire         *self,
                                                 GBytes                      *frame);
void              scope_sandbox_wire_emit_closed (ScopeSandboxWire           *self);
void              scope_sandbox_wire_forget_xhr (ScopeSandboxWire            *self);

/* never calls back; does nothing once closing */
void              scope_sandbox_wire_send       (ScopeSandboxWire            *self,
                                                 GBytes                      *frame);
gsize             scope_sandbox_wire_get_queued (ScopeSandboxWire            *self);
/* while corked the kernel gathers frames into full packets */
void              scope_sandbox_wire_set_corked (ScopeSandboxWire            *self,
                                                 gboolean                     corked);
/* code 0: cut without a close frame */
void              scope_sandbox_wire_close      (ScopeSandboxWire            *self,
                                                 guint                        code,
                                                 const char                  *reason);
gboolean          scope_sandbox_wire_is_closing (ScopeSandboxWire            *self);

G_END_DECLS
