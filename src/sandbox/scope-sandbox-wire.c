/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-wire.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "base/scope-source.h"
#include "base/scope-text.h"
#include "sandbox/scope-sandbox-inlet.h"
#include "sandbox/scope-sandbox-stream.h"
#include "sandbox/scope-sandbox-xhr.h"

#define REASON_BYTES 120 /* RFC 6455 allows 123 */
#define DRAIN_FRAMES 512 /* handed over per turn of the main loop */

struct _ScopeSandboxWire
{
  SoupWebsocketConnection *websocket; /* NULL: xhr */
  ScopeSandboxXhr *xhr;               /* not owned; NULL: websocket, or it has gone */
  GSocket *socket;                    /* of the websocket */
  ScopeSandboxWireFuncs funcs;
  gpointer user_data;

  GQueue queue; /* of GBytes, behind what libsoup holds */
  gsize queued_bytes;
  GSource *writable;
  guint overrun_id;
  gboolean closing;
};

static gboolean
wire_is_open (ScopeSandboxWire *self)
{
  if (self->websocket == NULL)
    return !self->closing && self->xhr != NULL && scope_sandbox_xhr_is_open (self->xhr);

  return !self->closing &&
         soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN;
}

static gboolean
wire_is_writable (ScopeSandboxWire *self)
{
  return (g_socket_condition_check (self->socket, G_IO_OUT) & G_IO_OUT) != 0;
}

static void
wire_clear_queue (ScopeSandboxWire *self)
{
  g_queue_clear_full (&self->queue, (GDestroyNotify) g_bytes_unref);
  self->queued_bytes = 0;
  scope_source_clear (&self->writable);
}

static void
wire_hand_over (ScopeSandboxWire *self,
                guint             max_frames)
{
  while (max_frames-- > 0 && !g_queue_is_empty (&self->queue) &&
         soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
    {
      g_autoptr (GBytes) frame = g_queue_pop_head (&self->queue);

      self->queued_bytes -= g_bytes_get_size (frame);
      soup_websocket_connection_send_message (self->websocket, SOUP_WEBSOCKET_DATA_TEXT, frame);
      if (!wire_is_writable (self))
        break;
    }
}

static gboolean
wire_writable_cb (GSocket      *socket,
                  GIOCondition  condition,
                  gpointer      user_data)
{
  ScopeSandboxWire *self = user_data;

  wire_hand_over (self, DRAIN_FRAMES);
  if (wire_is_open (self) && !g_queue_is_empty (&self->queue))
    return G_SOURCE_CONTINUE;

  wire_clear_queue (self);
  return G_SOURCE_REMOVE;
}

/* Not from within a send: whoever sends to many must be able to finish its round. */
static gboolean
wire_overrun_cb (gpointer user_data)
{
  ScopeSandboxWire *self = user_data;

  self->overrun_id = 0;
  wire_clear_queue (self);
  scope_sandbox_wire_close (self, 4100, "Over capacity: this client does not read what it is sent");
  return G_SOURCE_REMOVE;
}

static void
wire_enqueue (ScopeSandboxWire *self,
              GBytes           *frame)
{
  if (self->overrun_id != 0)
    return;

  g_queue_push_tail (&self->queue, g_bytes_ref (frame));
  self->queued_bytes += g_bytes_get_size (frame);

  if (self->queued_bytes > SCOPE_SANDBOX_WIRE_BYTES)
    {
      self->overrun_id = g_idle_add (wire_overrun_cb, self);
    }
  else if (self->writable == NULL)
    {
      self->writable = g_socket_create_source (self->socket, G_IO_OUT, NULL);
      g_source_set_callback (self->writable, G_SOURCE_FUNC (wire_writable_cb), self, NULL);
      g_source_attach (self->writable, g_main_context_get_thread_default ());
    }
}

static void
wire_message_cb (SoupWebsocketConnection *websocket,
                 SoupWebsocketDataType    type,
                 GBytes                  *bytes,
                 gpointer                 user_data)
{
  ScopeSandboxWire *self = user_data;

  if (!self->closing)
    self->funcs.received (type == SOUP_WEBSOCKET_DATA_TEXT, bytes, self->user_data);
}

static void
wire_overfed_cb (gpointer user_data)
{
  ScopeSandboxWire *self = user_data;

  if (!self->closing)
    self->funcs.overrun (self->user_data);
}

static void
wire_closed_cb (SoupWebsocketConnection *websocket,
                gpointer                 user_data)
{
  ScopeSandboxWire *self = user_data;

  self->closing = TRUE;
  wire_clear_queue (self);
  self->funcs.closed (self->user_data);
}

/**
 * scope_sandbox_wire_new:
 * @websocket: an upgraded server connection
 * @funcs: what is called back; copied
 * @user_data: for them
 *
 * Returns: (transfer full): a wire that holds @websocket
 */
ScopeSandboxWire *
scope_sandbox_wire_new (SoupWebsocketConnection     *websocket,
                        const ScopeSandboxWireFuncs *funcs,
                        gpointer                     user_data)
{
  GIOStream *stream;
  ScopeSandboxWire *self;

  g_return_val_if_fail (SOUP_IS_WEBSOCKET_CONNECTION (websocket), NULL);
  stream = soup_websocket_connection_get_io_stream (websocket);
  g_return_val_if_fail (SCOPE_IS_SANDBOX_STREAM (stream), NULL);

  self = g_new0 (ScopeSandboxWire, 1);
  self->websocket = g_object_ref (websocket);
  self->socket = g_object_ref (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)));
  self->funcs = *funcs;
  self->user_data = user_data;
  g_queue_init (&self->queue);

  /* the inlet's bound comes first */
  soup_websocket_connection_set_max_incoming_payload_size (websocket, 2 * SCOPE_SANDBOX_FRAME_BYTES);
  scope_sandbox_inlet_set_overrun (SCOPE_SANDBOX_INLET (g_io_stream_get_input_stream (stream)), wire_overfed_cb, self);
  g_signal_connect (websocket, "message", G_CALLBACK (wire_message_cb), self);
  g_signal_connect (websocket, "closed", G_CALLBACK (wire_closed_cb), self);
  return self;
}

/**
 * scope_sandbox_wire_new_xhr:
 * @xhr: a session that has none; not owned
 * @funcs: what is called back; copied
 *
 * Returns: (transfer full): a wire over HTTP requests
 */
ScopeSandboxWire *
scope_sandbox_wire_new_xhr (ScopeSandboxXhr             *xhr,
                            const ScopeSandboxWireFuncs *funcs,
                            gpointer                     user_data)
{
  ScopeSandboxWire *self;

  g_return_val_if_fail (xhr != NULL, NULL);

  self = g_new0 (ScopeSandboxWire, 1);
  self->xhr = xhr;
  self->funcs = *funcs;
  self->user_data = user_data;
  g_queue_init (&self->queue);
  scope_sandbox_xhr_set_wire (xhr, self);
  return self;
}

/**
 * scope_sandbox_wire_emit_received:
 * @frame: what came
 *
 * For makes of wire: tells the session of a frame.
 */
void
scope_sandbox_wire_emit_received (ScopeSandboxWire *self,
                                  GBytes           *frame)
{
  if (!scope_sandbox_wire_is_closing (self))
    self->funcs.received (TRUE, frame, self->user_data);
}

/**
 * scope_sandbox_wire_emit_closed:
 *
 * For makes of wire: tells the session of its end. The wire may be freed in it.
 */
void
scope_sandbox_wire_emit_closed (ScopeSandboxWire *self)
{
  self->closing = TRUE;
  self->funcs.closed (self->user_data);
}

/**
 * scope_sandbox_wire_forget_xhr:
 *
 * For the session over HTTP, which goes itself.
 */
void
scope_sandbox_wire_forget_xhr (ScopeSandboxWire *self)
{
  self->xhr = NULL;
  self->closing = TRUE;
}

/**
 * scope_sandbox_wire_free:
 * @self: (nullable): a wire
 *
 * A socket that is still open is cut.
 */
void
scope_sandbox_wire_free (ScopeSandboxWire *self)
{
  if (self == NULL)
    return;

  if (self->xhr != NULL)
    scope_sandbox_xhr_set_wire (self->xhr, NULL);
  if (self->websocket != NULL)
    {
      GIOStream *stream = soup_websocket_connection_get_io_stream (self->websocket);

      scope_sandbox_inlet_set_overrun (SCOPE_SANDBOX_INLET (g_io_stream_get_input_stream (stream)), NULL, NULL);
      g_signal_handlers_disconnect_by_data (self->websocket, self);
    }
  g_clear_handle_id (&self->overrun_id, g_source_remove);
  wire_clear_queue (self);
  if (self->socket != NULL &&
      soup_websocket_connection_get_state (self->websocket) != SOUP_WEBSOCKET_STATE_CLOSED)
    g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
  g_clear_object (&self->socket);
  g_clear_object (&self->websocket);
  g_free (self);
}

/**
 * scope_sandbox_wire_send:
 * @self: a wire
 * @frame: valid UTF-8
 *
 * Sends, or queues while the client does not read. A client that leaves more than
 * %SCOPE_SANDBOX_WIRE_BYTES waiting is closed with 4100 from the main loop.
 */
void
scope_sandbox_wire_send (ScopeSandboxWire *self,
                         GBytes           *frame)
{
  g_return_if_fail (self != NULL && frame != NULL);

  if (!wire_is_open (self))
    return;

  if (self->xhr != NULL)
    scope_sandbox_xhr_send (self->xhr, frame);
  else if (g_queue_is_empty (&self->queue) && wire_is_writable (self))
    soup_websocket_connection_send_message (self->websocket, SOUP_WEBSOCKET_DATA_TEXT, frame);
  else
    wire_enqueue (self, frame);
}

/**
 * scope_sandbox_wire_get_queued:
 * @self: a wire
 *
 * Returns: the bytes that wait for the client to read
 */
gsize
scope_sandbox_wire_get_queued (ScopeSandboxWire *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->xhr != NULL ? scope_sandbox_xhr_get_queued (self->xhr) : self->queued_bytes;
}

/**
 * scope_sandbox_wire_set_corked:
 * @self: a wire
 * @corked: whether more frames follow at once
 *
 * libsoup writes each frame by itself; without this every small frame is a packet of its own,
 * which costs several times what composing it does.
 */
void
scope_sandbox_wire_set_corked (ScopeSandboxWire *self,
                               gboolean          corked)
{
  g_return_if_fail (self != NULL);

  if (self->socket != NULL && !g_socket_is_closed (self->socket))
    g_socket_set_option (self->socket, IPPROTO_TCP, TCP_CORK, corked, NULL);
}

/**
 * scope_sandbox_wire_close:
 * @self: a wire
 * @code: a close code, or 0 to cut the socket without a close frame
 * @reason: (nullable): the text; cut to what a close frame holds
 *
 * What is queued is still sent before the close frame.
 */
void
scope_sandbox_wire_close (ScopeSandboxWire *self,
                          guint             code,
                          const char       *reason)
{
  g_autofree char *text = NULL;

  g_return_if_fail (self != NULL);

  if (!wire_is_open (self))
    return;

  if (self->xhr != NULL)
    {
      scope_sandbox_xhr_close (self->xhr, code, reason);
      return;
    }

  g_clear_handle_id (&self->overrun_id, g_source_remove);
  if (code == 0)
    {
      self->closing = TRUE;
      wire_clear_queue (self);
      if (self->socket != NULL)
        g_socket_shutdown (self->socket, TRUE, TRUE, NULL);
      return;
    }

  while (!g_queue_is_empty (&self->queue) &&
         soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
    wire_hand_over (self, G_MAXUINT);
  wire_clear_queue (self);

  self->closing = TRUE;
  text = scope_text_for_display (reason != NULL ? reason : "", -1, REASON_BYTES);
  if (soup_websocket_connection_get_state (self->websocket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->websocket, code, text);
}

/**
 * scope_sandbox_wire_is_closing:
 * @self: a wire
 *
 * Returns: %TRUE once nothing can be sent any more
 */
gboolean
scope_sandbox_wire_is_closing (ScopeSandboxWire *self)
{
  g_return_val_if_fail (self != NULL, TRUE);

  return !wire_is_open (self);
}
