/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-transport"

#include "config.h"

#include "net/scope-transport.h"

#include "base/scope-limits.h"
#include "base/scope-text.h"

typedef struct
{
  const ScopeTransportListener *listener; /* NULL: nobody listens (any more) */
  gpointer user_data;
} ScopeTransportPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (ScopeTransport, scope_transport, G_TYPE_OBJECT)

static ScopeTransportPrivate *
scope_transport_private (ScopeTransport *self)
{
  return scope_transport_get_instance_private (self);
}

static void
scope_transport_class_init (ScopeTransportClass *klass)
{
}

static void
scope_transport_init (ScopeTransport *self)
{
}

/**
 * scope_transport_set_listener:
 * @listener: (nullable): static; must outlive the transport
 *
 * Sets the one listener. Before scope_transport_open().
 */
void
scope_transport_set_listener (ScopeTransport *self,
                              const ScopeTransportListener *listener,
                              gpointer user_data)
{
  g_return_if_fail (SCOPE_IS_TRANSPORT (self));

  scope_transport_private (self)->listener = listener;
  scope_transport_private (self)->user_data = user_data;
}

/**
 * scope_transport_open:
 *
 * Starts to open, once in a transport's life. `opened`, `closed` or `failed` follows, never
 * before this call returned.
 */
void
scope_transport_open (ScopeTransport *self)
{
  g_return_if_fail (SCOPE_IS_TRANSPORT (self));

  SCOPE_TRANSPORT_GET_CLASS (self)->open (self);
}

/**
 * scope_transport_send:
 * @text: one frame, valid UTF-8, NUL-terminated
 *
 * Queues a frame. A transport that is not open drops it: its end has been, or will be, told.
 */
void
scope_transport_send (ScopeTransport *self,
                      const char *text,
                      gsize length)
{
  g_return_if_fail (SCOPE_IS_TRANSPORT (self));
  g_return_if_fail (text != NULL);

  SCOPE_TRANSPORT_GET_CLASS (self)->send (self, text, length);
}

/**
 * scope_transport_close:
 * @code: the close code to send
 *
 * Asks the other side to close; `closed` follows.
 */
void
scope_transport_close (ScopeTransport *self,
                       guint code)
{
  g_return_if_fail (SCOPE_IS_TRANSPORT (self));

  SCOPE_TRANSPORT_GET_CLASS (self)->close (self, code);
}

/**
 * scope_transport_abandon:
 *
 * Drops the listener, so that nothing late gets through, and lets go of the socket: a close
 * handshake under way may still finish by itself.
 */
void
scope_transport_abandon (ScopeTransport *self)
{
  g_return_if_fail (SCOPE_IS_TRANSPORT (self));

  scope_transport_private (self)->listener = NULL;
  SCOPE_TRANSPORT_GET_CLASS (self)->abandon (self);
}

/**
 * scope_transport_get_name:
 *
 * Returns: the name of protocol.md §7.3: "ws", "wss"…
 */
const char *
scope_transport_get_name (ScopeTransport *self)
{
  g_return_val_if_fail (SCOPE_IS_TRANSPORT (self), NULL);

  return SCOPE_TRANSPORT_GET_CLASS (self)->get_name (self);
}

void
scope_transport_emit_opened (ScopeTransport *self)
{
  ScopeTransportPrivate *priv = scope_transport_private (self);

  if (priv->listener != NULL)
    priv->listener->opened (self, priv->user_data);
}

void
scope_transport_emit_message (ScopeTransport *self,
                              GBytes *frame)
{
  ScopeTransportPrivate *priv = scope_transport_private (self);

  if (priv->listener != NULL)
    priv->listener->message (self, frame, priv->user_data);
}

void
scope_transport_emit_refused_frame (ScopeTransport *self,
                                    const char *why,
                                    gsize size)
{
  ScopeTransportPrivate *priv = scope_transport_private (self);

  if (priv->listener != NULL)
    priv->listener->refused_frame (self, why, size, priv->user_data);
}

/* The end is told once: the listener is gone before it hears of it. */
static const ScopeTransportListener *
scope_transport_take_listener (ScopeTransport *self,
                               gpointer *user_data)
{
  ScopeTransportPrivate *priv = scope_transport_private (self);

  *user_data = priv->user_data;
  return g_steal_pointer (&priv->listener);
}

void
scope_transport_emit_closed (ScopeTransport *self,
                             guint code,
                             const char *reason)
{
  gpointer user_data;
  const ScopeTransportListener *listener = scope_transport_take_listener (self, &user_data);
  g_autofree char *bounded = NULL;

  if (listener == NULL)
    return;

  if (reason != NULL && *reason != '\0')
    bounded = scope_text_bounded (reason, -1, SCOPE_LIMIT_CLOSE_REASON_BYTES);
  listener->closed (self, code, bounded, user_data);
}

void
scope_transport_emit_failed (ScopeTransport *self,
                             const GError *error,
                             guint status,
                             const char *body)
{
  gpointer user_data;
  const ScopeTransportListener *listener = scope_transport_take_listener (self, &user_data);
  g_autofree char *bounded = NULL;

  if (listener == NULL)
    return;

  if (body != NULL && *body != '\0')
    bounded = scope_text_bounded (body, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  listener->failed (self, error, status, bounded, user_data);
}
