/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-memory-transport"

#include "config.h"

#include "net/scope-memory-transport.h"

#include <string.h>

struct _ScopeMemoryTransport
{
  ScopeTransport parent_instance;

  char *name;
  GPtrArray *sent;
  gboolean opened;
  gboolean abandoned;
  guint close_code;
};

G_DEFINE_FINAL_TYPE (ScopeMemoryTransport, scope_memory_transport, SCOPE_TYPE_TRANSPORT)

static void
scope_memory_transport_open (ScopeTransport *transport)
{
  SCOPE_MEMORY_TRANSPORT (transport)->opened = TRUE;
}

static void
scope_memory_transport_send (ScopeTransport *transport,
                             const char *text,
                             gsize length)
{
  g_ptr_array_add (SCOPE_MEMORY_TRANSPORT (transport)->sent, g_strndup (text, length));
}

static gboolean
scope_memory_transport_closed_cb (gpointer user_data)
{
  ScopeMemoryTransport *self = user_data;

  scope_transport_emit_closed (SCOPE_TRANSPORT (self), self->close_code, NULL);
  return G_SOURCE_REMOVE;
}

/* The other side answers from the main loop. */
static void
scope_memory_transport_close (ScopeTransport *transport,
                              guint code)
{
  SCOPE_MEMORY_TRANSPORT (transport)->close_code = code;
  g_idle_add_full (G_PRIORITY_DEFAULT, scope_memory_transport_closed_cb, g_object_ref (transport),
                   g_object_unref);
}

static void
scope_memory_transport_abandon (ScopeTransport *transport)
{
  SCOPE_MEMORY_TRANSPORT (transport)->abandoned = TRUE;
}

static const char *
scope_memory_transport_get_name (ScopeTransport *transport)
{
  return SCOPE_MEMORY_TRANSPORT (transport)->name;
}

static void
scope_memory_transport_finalize (GObject *object)
{
  ScopeMemoryTransport *self = SCOPE_MEMORY_TRANSPORT (object);

  g_free (self->name);
  g_ptr_array_unref (self->sent);

  G_OBJECT_CLASS (scope_memory_transport_parent_class)->finalize (object);
}

static void
scope_memory_transport_class_init (ScopeMemoryTransportClass *klass)
{
  ScopeTransportClass *transport_class = SCOPE_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = scope_memory_transport_finalize;
  transport_class->open = scope_memory_transport_open;
  transport_class->send = scope_memory_transport_send;
  transport_class->close = scope_memory_transport_close;
  transport_class->abandon = scope_memory_transport_abandon;
  transport_class->get_name = scope_memory_transport_get_name;
}

static void
scope_memory_transport_init (ScopeMemoryTransport *self)
{
  self->sent = g_ptr_array_new_with_free_func (g_free);
}

/**
 * scope_memory_transport_new:
 * @name: as [method@Transport.get_name] gives it
 *
 * Returns: (transfer full): a transport that nobody has opened
 */
ScopeMemoryTransport *
scope_memory_transport_new (const char *name)
{
  ScopeMemoryTransport *self = g_object_new (SCOPE_TYPE_MEMORY_TRANSPORT, NULL);

  self->name = g_strdup (name);
  return self;
}

/**
 * scope_memory_transport_accept:
 *
 * The other side accepts the upgrade: the transport is open.
 */
void
scope_memory_transport_accept (ScopeMemoryTransport *self)
{
  g_return_if_fail (SCOPE_IS_MEMORY_TRANSPORT (self));

  scope_transport_emit_opened (SCOPE_TRANSPORT (self));
}

/**
 * scope_memory_transport_receive:
 * @frame: text of a frame
 *
 * The other side sends a frame.
 */
void
scope_memory_transport_receive (ScopeMemoryTransport *self,
                                const char *frame)
{
  g_autoptr (GBytes) bytes = g_bytes_new (frame, strlen (frame));

  scope_memory_transport_receive_bytes (self, bytes);
}

/**
 * scope_memory_transport_receive_bytes:
 * @frame: a frame's bytes, valid UTF-8 or not
 *
 * The other side sends a frame.
 */
void
scope_memory_transport_receive_bytes (ScopeMemoryTransport *self,
                                      GBytes *frame)
{
  g_return_if_fail (SCOPE_IS_MEMORY_TRANSPORT (self));

  scope_transport_emit_message (SCOPE_TRANSPORT (self), frame);
}

/**
 * scope_memory_transport_drop:
 * @code: of the close; 0: there was none
 * @reason: (nullable): of the close
 *
 * The connection ends.
 */
void
scope_memory_transport_drop (ScopeMemoryTransport *self,
                             guint code,
                             const char *reason)
{
  g_return_if_fail (SCOPE_IS_MEMORY_TRANSPORT (self));

  scope_transport_emit_closed (SCOPE_TRANSPORT (self), code, reason);
}

/**
 * scope_memory_transport_fail:
 * @error: why it did not open
 * @status: HTTP's; 0: none came
 * @body: (nullable): the answer's start
 *
 * The other side does not accept the upgrade.
 */
void
scope_memory_transport_fail (ScopeMemoryTransport *self,
                             const GError *error,
                             guint status,
                             const char *body)
{
  g_return_if_fail (SCOPE_IS_MEMORY_TRANSPORT (self));

  scope_transport_emit_failed (SCOPE_TRANSPORT (self), error, status, body);
}

/**
 * scope_memory_transport_take_sent:
 *
 * Returns: (transfer full) (array zero-terminated=1): the frames sent since the last call
 */
char **
scope_memory_transport_take_sent (ScopeMemoryTransport *self)
{
  GPtrArray *sent;

  g_return_val_if_fail (SCOPE_IS_MEMORY_TRANSPORT (self), NULL);

  sent = g_steal_pointer (&self->sent);
  self->sent = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (sent, NULL);
  return (char **) g_ptr_array_free (sent, FALSE);
}

/**
 * scope_memory_transport_was_opened:
 *
 * Returns: whether somebody opened it
 */
gboolean
scope_memory_transport_was_opened (ScopeMemoryTransport *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMORY_TRANSPORT (self), FALSE);

  return self->opened;
}

/**
 * scope_memory_transport_was_abandoned:
 *
 * Returns: whether it was given up without a close
 */
gboolean
scope_memory_transport_was_abandoned (ScopeMemoryTransport *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMORY_TRANSPORT (self), FALSE);

  return self->abandoned;
}

/**
 * scope_memory_transport_get_close_code:
 *
 * Returns: the code it was asked to close with; 0: it was not
 */
guint
scope_memory_transport_get_close_code (ScopeMemoryTransport *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMORY_TRANSPORT (self), 0);

  return self->close_code;
}
