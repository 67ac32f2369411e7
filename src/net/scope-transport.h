/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define SCOPE_TYPE_TRANSPORT (scope_transport_get_type ())

G_DECLARE_DERIVABLE_TYPE (ScopeTransport, scope_transport, SCOPE, TRANSPORT, GObject)

/* What a transport tells its one listener, on the main context it was opened on. After closed or failed
 * nothing more comes. Direct calls instead of signals: this is the hot path. */
typedef struct
{
  void (*opened)  (ScopeTransport *transport, gpointer user_data);
  void (*message) (ScopeTransport *transport, GBytes *frame, gpointer user_data);
  /* a frame that is not for us: binary */
  void (*refused_frame) (ScopeTransport *transport, const char *why, gsize size, gpointer user_data);
  /* code 0: no close frame came; reason is bounded, valid UTF-8, nullable */
  void (*closed)  (ScopeTransport *transport, guint code, const char *reason, gpointer user_data);
  /* never opened, or broke. status: of an HTTP answer other than 101, else 0; body: bounded, nullable */
  void (*failed)  (ScopeTransport *transport, const GError *error, guint status, const char *body,
                   gpointer user_data);
  /* the other side lives, though no frame came: a heartbeat of the transport's own */
  void (*activity) (ScopeTransport *transport, gpointer user_data);
  /* the answer to scope_transport_ping() */
  void (*answered) (ScopeTransport *transport, gpointer user_data);
} ScopeTransportListener;

/**
 * ScopeTransportClass:
 *
 * One way to carry frames. A transport opens once. abandon: from now on say nothing; let go of the
 * socket, as politely as possible.
 */
struct _ScopeTransportClass
{
  GObjectClass parent_class;

  void        (*open)     (ScopeTransport *self);
  void        (*send)     (ScopeTransport *self, const char *text, gsize length);
  void        (*close)    (ScopeTransport *self, guint code);   /* ask the other side; closed follows */
  void        (*abandon)  (ScopeTransport *self);
  const char *(*get_name) (ScopeTransport *self);               /* "ws", "wss"… */
  gboolean    (*ping)     (ScopeTransport *self);               /* NULL: has none of its own */
  void        (*hold)     (ScopeTransport *self, gboolean hold); /* NULL: it can't */
};

void        scope_transport_set_listener (ScopeTransport               *self,
                                          const ScopeTransportListener *listener,
                                          gpointer                      user_data);
void        scope_transport_open         (ScopeTransport *self);
void        scope_transport_send         (ScopeTransport *self,
                                          const char     *text,
                                          gsize           length);
void        scope_transport_close        (ScopeTransport *self,
                                          guint           code);
/* also drops the listener: nothing late gets through */
void        scope_transport_abandon      (ScopeTransport *self);
const char *scope_transport_get_name     (ScopeTransport *self);
/* FALSE: this transport has no sign of life of its own; a frame has to ask for one */
gboolean    scope_transport_ping         (ScopeTransport *self);
/* reads nothing for now, so that the other side waits: until it is let go, or for SCOPE_WAIT_HOLD_USEC */
void        scope_transport_hold         (ScopeTransport *self,
                                          gboolean        hold);

/*< protected >: for makes of transport */
void        scope_transport_emit_opened  (ScopeTransport *self);
void        scope_transport_emit_message (ScopeTransport *self,
                                          GBytes         *frame);
void        scope_transport_emit_refused_frame (ScopeTransport *self,
                                                const char     *why,
                                                gsize           size);
void        scope_transport_emit_closed  (ScopeTransport *self,
                                          guint           code,
                                          const char     *reason);
void        scope_transport_emit_failed  (ScopeTransport *self,
                                          const GError   *error,
                                          guint           status,
                                          const char     *body);
void        scope_transport_emit_activity (ScopeTransport *self);
void        scope_transport_emit_answered (ScopeTransport *self);
/* failed, but not before the caller is done; takes the error */
void        scope_transport_fail_later   (ScopeTransport *self,
                                          GError         *error);
/* more than SCOPE_LIMIT_OUTGOING_BYTES wait to be sent */
GError     *scope_transport_error_unread (void);
/* one sentence, translated: why it failed (transfer full) */
char       *scope_transport_describe_failure (const GError *error,
                                              guint         status,
                                              const char   *body);
/* from now on @to tells what @self would have */
void        scope_transport_hand_listener (ScopeTransport *self,
                                           ScopeTransport *to);

G_END_DECLS
