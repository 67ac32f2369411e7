/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-transport"

#include "config.h"

#include "net/scope-transport.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
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

/**
 * scope_transport_ping:
 *
 * Asks the other side for a sign of life in the transport's own way (protocol.md §7.2: `[]`).
 *
 * Returns: %FALSE if it has none: then a frame has to ask
 */
gboolean
scope_transport_ping (ScopeTransport *self)
{
  ScopeTransportClass *klass;

  g_return_val_if_fail (SCOPE_IS_TRANSPORT (self), FALSE);

  klass = SCOPE_TRANSPORT_GET_CLASS (self);
  return klass->ping != NULL && klass->ping (self);
}

/**
 * scope_transport_hold:
 * @hold: %TRUE to read nothing for now; %FALSE to go on
 *
 * For whoever can't keep up. It ends by itself after `SCOPE_WAIT_HOLD_USEC`, so that the other side is
 * heard of at times, and when the transport is closed. A few frames that were read already are still told.
 */
void
scope_transport_hold (ScopeTransport *self,
                      gboolean        hold)
{
  ScopeTransportClass *klass;

  g_return_if_fail (SCOPE_IS_TRANSPORT (self));

  klass = SCOPE_TRANSPORT_GET_CLASS (self);
  if (klass->hold != NULL)
    klass->hold (self, hold);
}

/**
 * scope_transport_emit_opened:
 *
 * For makes of transport: frames can be sent from now on.
 */
void
scope_transport_emit_opened (ScopeTransport *self)
{
  ScopeTransportPrivate *priv = scope_transport_private (self);

  if (priv->listener != NULL)
    priv->listener->opened (self, priv->user_data);
}

/**
 * scope_transport_emit_message:
 * @frame: its bytes, as they came
 *
 * For makes of transport: a frame came.
 */
void
scope_transport_emit_message (ScopeTransport *self,
                              GBytes *frame)
{
  ScopeTransportPrivate *priv = scope_transport_private (self);

  if (priv->listener != NULL)
    priv->listener->message (self, frame, priv->user_data);
}

/**
 * scope_transport_emit_refused_frame:
 * @why: what is wrong, translated
 * @size: of the frame, in bytes
 *
 * For makes of transport: a frame came that can't be taken, and is not kept.
 */
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

/**
 * scope_transport_emit_closed:
 * @code: of the other side's close (protocol.md §1.7); 0: none came
 * @reason: (nullable): of the close
 *
 * For makes of transport: the connection has ended. Nothing follows.
 */
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

/**
 * scope_transport_emit_failed:
 * @error: why it did not open
 * @status: HTTP's; 0: none came
 * @body: (nullable): the answer's start
 *
 * For makes of transport: it did not open. Nothing follows.
 */
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

/**
 * scope_transport_emit_activity:
 *
 * For makes of transport: something came that shows the other side to be alive, and is no frame.
 */
void
scope_transport_emit_activity (ScopeTransport *self)
{
  ScopeTransportPrivate *priv = scope_transport_private (self);

  if (priv->listener != NULL)
    priv->listener->activity (self, priv->user_data);
}

/**
 * scope_transport_emit_answered:
 *
 * For makes of transport: the answer to scope_transport_ping() came.
 */
void
scope_transport_emit_answered (ScopeTransport *self)
{
  ScopeTransportPrivate *priv = scope_transport_private (self);

  if (priv->listener != NULL)
    priv->listener->answered (self, priv->user_data);
}

static gboolean
scope_transport_fail_cb (gpointer user_data)
{
  GTask *task = user_data;
  ScopeTransport *self = g_task_get_source_object (task);

  scope_transport_emit_failed (self, g_task_get_task_data (task), 0, NULL);
  return G_SOURCE_REMOVE;
}

/**
 * scope_transport_fail_later:
 * @error: (transfer full):
 *
 * For what goes wrong inside of open(): the caller is still busy with it.
 */
void
scope_transport_fail_later (ScopeTransport *self,
                            GError *error)
{
  GTask *task;

  g_return_if_fail (SCOPE_IS_TRANSPORT (self));

  task = g_task_new (self, NULL, NULL, NULL);
  g_task_set_source_tag (task, scope_transport_fail_later);
  g_task_set_task_data (task, error, (GDestroyNotify) g_error_free);
  g_idle_add_full (G_PRIORITY_DEFAULT, scope_transport_fail_cb, task, g_object_unref);
}

/**
 * scope_transport_error_unread:
 *
 * Returns: (transfer full): %SCOPE_ERROR_LIMIT: the server leaves more than %SCOPE_LIMIT_OUTGOING_BYTES waiting
 */
GError *
scope_transport_error_unread (void)
{
  g_autofree char *size = scope_text_format_size (SCOPE_LIMIT_OUTGOING_BYTES);

  return g_error_new (SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                      _("The server does not read what it is sent: more than %s wait. Send less, or look whether the "
                        "server is overloaded"), size);
}

/**
 * scope_transport_describe_failure:
 * @status: of an HTTP answer, or 0
 * @body: (nullable): its start
 *
 * Returns: (transfer full): what `failed` told, for people. An error of our own says all of it by itself.
 */
char *
scope_transport_describe_failure (const GError *error,
                                  guint status,
                                  const char *body)
{
  g_return_val_if_fail (error != NULL, NULL);

  if (status == 0 || error->domain == SCOPE_ERROR)
    return g_strdup (error->message);
  if (body == NULL)
    return g_strdup_printf (_("The server answered the upgrade with status %u"), status);
  return g_strdup_printf (_("The server answered the upgrade with status %u: %s"), status, body);
}

/**
 * scope_transport_hand_listener:
 * @to: the transport that takes over
 *
 * @self keeps its listener for what it has still to tell itself.
 */
void
scope_transport_hand_listener (ScopeTransport *self,
                               ScopeTransport *to)
{
  ScopeTransportPrivate *priv = scope_transport_private (self);

  g_return_if_fail (SCOPE_IS_TRANSPORT (self) && SCOPE_IS_TRANSPORT (to));

  scope_transport_set_listener (to, priv->listener, priv->user_data);
}
