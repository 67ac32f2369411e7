/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-stream.h"

#include "sandbox/scope-sandbox-inlet.h"

struct _ScopeSandboxStream
{
  GSocketConnection parent_instance;

  GIOStream *base;     /* may have read bytes ahead */
  GInputStream *inlet;
};

G_DEFINE_FINAL_TYPE (ScopeSandboxStream, scope_sandbox_stream, G_TYPE_SOCKET_CONNECTION)

static GInputStream *
scope_sandbox_stream_get_input_stream (GIOStream *stream)
{
  return SCOPE_SANDBOX_STREAM (stream)->inlet;
}

static GOutputStream *
scope_sandbox_stream_get_output_stream (GIOStream *stream)
{
  return g_io_stream_get_output_stream (SCOPE_SANDBOX_STREAM (stream)->base);
}

static void
scope_sandbox_stream_finalize (GObject *object)
{
  ScopeSandboxStream *self = SCOPE_SANDBOX_STREAM (object);

  g_object_unref (self->inlet);
  g_object_unref (self->base);

  G_OBJECT_CLASS (scope_sandbox_stream_parent_class)->finalize (object);
}

static void
scope_sandbox_stream_class_init (ScopeSandboxStreamClass *klass)
{
  GIOStreamClass *stream_class = G_IO_STREAM_CLASS (klass);

  stream_class->get_input_stream = scope_sandbox_stream_get_input_stream;
  stream_class->get_output_stream = scope_sandbox_stream_get_output_stream;
  G_OBJECT_CLASS (klass)->finalize = scope_sandbox_stream_finalize;
}

static void
scope_sandbox_stream_init (ScopeSandboxStream *self)
{
}

/**
 * scope_sandbox_stream_new:
 * @base: what was read and written until now; it is kept, and its socket closed with this stream
 * @socket: its socket
 * @max_message_bytes: the most a message may have
 *
 * Returns: (transfer full): the same connection; what is read comes through a #ScopeSandboxInlet
 */
GIOStream *
scope_sandbox_stream_new (GIOStream *base,
                          GSocket   *socket,
                          gsize      max_message_bytes)
{
  ScopeSandboxStream *self;

  g_return_val_if_fail (G_IS_IO_STREAM (base) && G_IS_SOCKET (socket), NULL);

  self = g_object_new (SCOPE_TYPE_SANDBOX_STREAM, "socket", socket, NULL);
  self->base = g_object_ref (base);
  self->inlet = scope_sandbox_inlet_new (g_io_stream_get_input_stream (base), max_message_bytes);
  return G_IO_STREAM (self);
}
