/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-inlet.h"

/* libsoup before 3.8 bounds a fragment, not the message, and reads for as long as something comes. The frames'
 * headers (RFC 6455 §5.2) are looked at as they pass. */

#define HEAD_BYTES 10 /* the longest, as far as the length goes */
#define MASK_BYTES 4
#define TURN_BYTES (256 * 1024)

#define FINAL 0x80
#define OPCODE 0x0f
#define CONTROL 0x08
#define CLOSE 0x08
#define MASKED 0x80
#define LENGTH 0x7f

struct _ScopeSandboxInlet
{
  GFilterInputStream parent_instance;

  gsize max_bytes;
  guint8 head[HEAD_BYTES]; /* of the frame that begins */
  guint head_length;
  guint64 payload_left;    /* of it, with its mask */
  guint64 message_bytes;   /* announced so far, of a message that has not ended */
  gsize turn_bytes;
  gboolean is_over;        /* a message was too large: nothing is passed on any more */
  gboolean has_ended;      /* then the client has said goodbye */

  ScopeSandboxInletOverrun overrun;
  gpointer user_data;
  guint overrun_id;
};

static void inlet_pollable_init (GPollableInputStreamInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeSandboxInlet, scope_sandbox_inlet, G_TYPE_FILTER_INPUT_STREAM,
                               G_IMPLEMENT_INTERFACE (G_TYPE_POLLABLE_INPUT_STREAM, inlet_pollable_init))

static GPollableInputStream *
inlet_get_base (ScopeSandboxInlet *self)
{
  return G_POLLABLE_INPUT_STREAM (g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (self)));
}

/* --- frames --- */

static gboolean
inlet_overrun_cb (gpointer user_data)
{
  ScopeSandboxInlet *self = user_data;

  self->overrun_id = 0;
  if (self->overrun != NULL)
    self->overrun (self->user_data);
  return G_SOURCE_REMOVE;
}

static guint
inlet_length_bytes (ScopeSandboxInlet *self)
{
  guint code = self->head[1] & LENGTH;

  return code == 127 ? 8 : code == 126 ? 2 : 0;
}

static gboolean
inlet_has_head (ScopeSandboxInlet *self)
{
  return self->head_length >= 2 && self->head_length == 2 + inlet_length_bytes (self);
}

static guint64
inlet_read_length (ScopeSandboxInlet *self)
{
  guint n = inlet_length_bytes (self);
  guint64 length = n == 0 ? self->head[1] & LENGTH : 0;

  for (guint i = 0; i < n; i++)
    length = length << 8 | self->head[2 + i];
  return length;
}

/* Counts what the frame announces; what it sends is at most that. Of one that is too large libsoup does not get to
 * know the whole length. */
static void
inlet_count_frame (ScopeSandboxInlet *self)
{
  guint opcode = self->head[0] & OPCODE;
  guint64 length = inlet_read_length (self);

  self->payload_left = length;
  if ((self->head[1] & MASKED) != 0 && length < G_MAXUINT64 - MASK_BYTES)
    self->payload_left += MASK_BYTES;
  self->head_length = 0;
  if ((opcode & CONTROL) != 0)
    {
      self->has_ended = self->has_ended || (self->is_over && opcode == CLOSE);
      return;
    }

  self->message_bytes += MIN (length, self->max_bytes + 1);
  if (self->message_bytes > self->max_bytes && !self->is_over)
    {
      self->is_over = TRUE;
      self->overrun_id = g_idle_add (inlet_overrun_cb, self);
    }
  if ((self->head[0] & FINAL) != 0 || self->is_over)
    self->message_bytes = 0;
}

/* how many of them may be passed on */
static gsize
inlet_take (ScopeSandboxInlet *self,
            const guint8      *bytes,
            gsize              n)
{
  gsize taken = 0;

  for (gsize i = 0; i < n;)
    {
      if (self->payload_left > 0)
        {
          gsize step = MIN (self->payload_left, n - i);

          self->payload_left -= step;
          i += step;
        }
      else
        {
          self->head[self->head_length++] = bytes[i++];
          if (inlet_has_head (self))
            inlet_count_frame (self);
        }
      if (!self->is_over)
        taken = i;
    }
  return taken;
}

/* --- the stream --- */

static gssize
inlet_would_block (ScopeSandboxInlet *self,
                   GError           **error)
{
  self->turn_bytes = 0;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK, "Nothing to be passed on for now");
  return -1;
}

static gssize
inlet_read_nonblocking (GPollableInputStream *stream,
                        void                 *buffer,
                        gsize                 size,
                        GError              **error)
{
  ScopeSandboxInlet *self = SCOPE_SANDBOX_INLET (stream);
  gssize n;
  gsize taken;

  if (self->has_ended)
    return 0;
  if (self->turn_bytes >= TURN_BYTES)
    return inlet_would_block (self, error);

  n = g_pollable_input_stream_read_nonblocking (inlet_get_base (self), buffer, size, NULL, error);
  if (n <= 0)
    {
      self->turn_bytes = 0;
      return n;
    }

  self->turn_bytes += (gsize) n;
  taken = inlet_take (self, buffer, (gsize) n);
  return taken > 0 || self->has_ended ? (gssize) taken : inlet_would_block (self, error);
}

static gboolean
inlet_is_readable (GPollableInputStream *stream)
{
  return g_pollable_input_stream_is_readable (inlet_get_base (SCOPE_SANDBOX_INLET (stream)));
}

static GSource *
inlet_create_source (GPollableInputStream *stream,
                     GCancellable         *cancellable)
{
  g_autoptr (GSource) base = g_pollable_input_stream_create_source (inlet_get_base (SCOPE_SANDBOX_INLET (stream)), NULL);

  return g_pollable_source_new_full (stream, base, cancellable);
}

static void
inlet_pollable_init (GPollableInputStreamInterface *iface)
{
  iface->is_readable = inlet_is_readable;
  iface->create_source = inlet_create_source;
  iface->read_nonblocking = inlet_read_nonblocking;
}

static void
scope_sandbox_inlet_dispose (GObject *object)
{
  ScopeSandboxInlet *self = SCOPE_SANDBOX_INLET (object);

  g_clear_handle_id (&self->overrun_id, g_source_remove);

  G_OBJECT_CLASS (scope_sandbox_inlet_parent_class)->dispose (object);
}

static void
scope_sandbox_inlet_class_init (ScopeSandboxInletClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_sandbox_inlet_dispose;
}

static void
scope_sandbox_inlet_init (ScopeSandboxInlet *self)
{
}

/**
 * scope_sandbox_inlet_new:
 * @base: what comes after the upgrade; pollable
 * @max_bytes: the most a message may have
 *
 * Returns: (transfer full): a stream without messages over the bound. From the frame on that would reach
 *   above it, nothing comes; the client's close frame is then its end.
 */
GInputStream *
scope_sandbox_inlet_new (GInputStream *base,
                         gsize         max_bytes)
{
  ScopeSandboxInlet *self;

  g_return_val_if_fail (G_IS_POLLABLE_INPUT_STREAM (base), NULL);

  self = g_object_new (SCOPE_TYPE_SANDBOX_INLET, "base-stream", base, "close-base-stream", FALSE, NULL);
  self->max_bytes = max_bytes;
  return G_INPUT_STREAM (self);
}

/**
 * scope_sandbox_inlet_set_overrun:
 * @overrun: (nullable): called once, from the main loop; `NULL`: not any more
 *
 * Who is told when more is read than is taken.
 */
void
scope_sandbox_inlet_set_overrun (ScopeSandboxInlet       *self,
                                 ScopeSandboxInletOverrun overrun,
                                 gpointer                 user_data)
{
  g_return_if_fail (SCOPE_IS_SANDBOX_INLET (self));

  self->overrun = overrun;
  self->user_data = user_data;
}
