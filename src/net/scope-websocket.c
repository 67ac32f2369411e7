/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-websocket"

#include "config.h"

#include "net/scope-websocket.h"

#include <sodium.h>

#include "base/scope-limits.h"
#include "base/scope-source.h"
#include "net/scope-transport.h"
#include "protocol/scope-websocket-reader.h"

/* libsoup connects, through proxies and TLS, and asks for the upgrade. From then on the socket is read
 * here: libsoup reads 1 KiB at a time, emits a signal a frame, bounds no message but its fragments, and
 * does not come back to the main loop as long as there is something to read, which a fast server can
 * keep up for ever. Here a turn of the loop ends after SLICE_USEC, and what is left then waits behind
 * everything else there is to do, drawing included, but no longer than PAUSE_USEC. */

#define SLICE_USEC (4 * G_TIME_SPAN_MILLISECOND)
#define PAUSE_USEC (12 * G_TIME_SPAN_MILLISECOND)
#define PRIORITY_BUSY G_PRIORITY_DEFAULT_IDLE /* GTK draws before it */
#define CLOSE_USEC (5 * G_TIME_SPAN_SECOND)
/* Pings are not answered while so much waits to be written: who asks without reading the answers would make
 * it grow without end. RFC 6455 §5.5.3 wants an answer to the latest only. */
#define PONG_QUEUE_BYTES (64 * 1024)

enum
{
  OPCODE_TEXT = 1,
  OPCODE_CLOSE = 8,
  OPCODE_PONG = 10,
};

struct _ScopeWebsocket
{
  GObject parent_instance;

  SoupWebsocketConnection *upgraded; /* closes the stream when it goes: it has to stay */
  GIOStream *stream;
  const ScopeWebsocketListener *listener;
  gpointer user_data;

  ScopeWebsocketReader *reader;
  GByteArray *outgoing;
  GSource *read_source;
  GSource *pause_source; /* while reading waits behind the rest */
  GSource *hold_source;  /* while nothing is read */
  GSource *write_source;
  GSource *unread_source; /* it has been given up */
  GSource *close_source;
  GCancellable *hang_up; /* ends waiting for the end */
  gboolean is_reading;
  gboolean close_sent;
  gboolean is_over; /* only what is to be written keeps it open */
  gboolean is_closing; /* not even that */
  guint close_code;
  char *close_reason;
};

G_DEFINE_FINAL_TYPE (ScopeWebsocket, scope_websocket, G_TYPE_OBJECT)

static void
scope_websocket_stop_reading (ScopeWebsocket *self)
{
  self->is_reading = FALSE;
  scope_source_clear (&self->read_source);
  scope_source_clear (&self->pause_source);
  scope_source_clear (&self->hold_source);
}

/* --- the end --- */

static void
scope_websocket_gone_cb (GObject      *source,
                         GAsyncResult *result,
                         gpointer      user_data)
{
  g_autoptr (ScopeWebsocket) self = user_data;
  g_autoptr (GError) error = NULL;

  if (!g_io_stream_close_finish (G_IO_STREAM (source), result, &error))
    g_debug ("closing: %s", error->message);
  scope_source_clear (&self->close_source);
  self->listener->closed (self->user_data, self->close_code, self->close_reason);
}

static void scope_websocket_limit_closing (ScopeWebsocket *self);

/* TLS takes its leave first, and that waits for whoever does not read. */
static void
scope_websocket_hang_up (ScopeWebsocket *self)
{
  if (self->is_closing)
    return;

  self->is_closing = TRUE;
  scope_websocket_stop_reading (self);
  scope_source_clear (&self->write_source);
  scope_source_clear (&self->unread_source);
  scope_source_clear (&self->close_source);
  scope_websocket_limit_closing (self);
  g_io_stream_close_async (self->stream, G_PRIORITY_DEFAULT, self->hang_up, scope_websocket_gone_cb,
                           g_object_ref (self));
}

static gboolean
scope_websocket_too_late_cb (gpointer user_data)
{
  ScopeWebsocket *self = user_data;

  if (self->is_closing)
    g_cancellable_cancel (self->hang_up);
  else
    scope_websocket_hang_up (self);
  return G_SOURCE_REMOVE;
}

static void
scope_websocket_limit_closing (ScopeWebsocket *self)
{
  if (self->close_source != NULL)
    return;
  self->close_source = g_timeout_source_new (CLOSE_USEC / G_TIME_SPAN_MILLISECOND);
  g_source_set_static_name (self->close_source, "scope-websocket-close");
  g_source_set_callback (self->close_source, scope_websocket_too_late_cb, self, NULL);
  g_source_attach (self->close_source, g_main_context_get_thread_default ());
}

/* --- writing --- */

static void scope_websocket_write (ScopeWebsocket *self);

static gboolean
scope_websocket_write_cb (GObject  *stream,
                          gpointer  user_data)
{
  g_autoptr (ScopeWebsocket) self = g_object_ref (user_data);

  scope_websocket_write (self);
  return G_SOURCE_CONTINUE; /* or it is destroyed */
}

static void
scope_websocket_wait_for_room (ScopeWebsocket         *self,
                               GPollableOutputStream  *output)
{
  if (self->write_source != NULL)
    return;
  self->write_source = g_pollable_output_stream_create_source (output, NULL);
  g_source_set_callback (self->write_source, (GSourceFunc) (GCallback) scope_websocket_write_cb, self, NULL);
  g_source_attach (self->write_source, g_main_context_get_thread_default ());
}

/* A socket that can't be written to any more tells so when it is read, after what came before that. */
static void
scope_websocket_write (ScopeWebsocket *self)
{
  GPollableOutputStream *output = G_POLLABLE_OUTPUT_STREAM (g_io_stream_get_output_stream (self->stream));
  g_autoptr (GError) error = NULL;
  gssize n = 1;

  while (self->outgoing->len > 0 && n > 0)
    {
      n = g_pollable_output_stream_write_nonblocking (output, self->outgoing->data, self->outgoing->len,
                                                      NULL, &error);
      if (n > 0)
        g_byte_array_remove_range (self->outgoing, 0, n);
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    {
      scope_websocket_wait_for_room (self, output);
      return;
    }
  if (error != NULL)
    g_debug ("writing: %s", error->message);
  g_byte_array_set_size (self->outgoing, 0);
  scope_source_clear (&self->write_source);
  if (self->is_over)
    scope_websocket_hang_up (self);
}

/* RFC 6455 §5.3: what a client sends is masked, so that no proxy takes it for something else. */
static void
scope_websocket_send_frame (ScopeWebsocket *self,
                            guint           opcode,
                            const char     *payload,
                            gsize           size)
{
  guint8 head[10] = { 0x80 | opcode, 0x80 | MIN (size, 126) };
  gsize n_head = 2;
  guint8 mask[4];

  if (size > G_MAXUINT16)
    head[1] = 0x80 | 127;
  if (size >= 126)
    for (int shift = size > G_MAXUINT16 ? 56 : 8; shift >= 0; shift -= 8)
      head[n_head++] = ((guint64) size >> shift) & 0xff;
  randombytes_buf (mask, sizeof mask);

  g_byte_array_append (self->outgoing, head, n_head);
  g_byte_array_append (self->outgoing, mask, sizeof mask);
  g_byte_array_append (self->outgoing, (const guint8 *) payload, size);
  for (gsize i = 0; i < size; i++)
    self->outgoing->data[self->outgoing->len - size + i] ^= mask[i % sizeof mask];
  scope_websocket_write (self);
}

static gboolean
scope_websocket_unread_cb (gpointer user_data)
{
  g_autoptr (ScopeWebsocket) self = g_object_ref (user_data);
  g_autoptr (GError) error = scope_transport_error_unread ();

  scope_source_clear (&self->unread_source);
  scope_websocket_stop_reading (self);
  self->listener->failed (self->user_data, error);
  scope_websocket_hang_up (self);
  return G_SOURCE_REMOVE;
}

/* Not from within a send: whoever sends is busy with more. */
static void
scope_websocket_give_up (ScopeWebsocket *self)
{
  if (self->unread_source != NULL)
    return;
  self->unread_source = g_idle_source_new ();
  g_source_set_priority (self->unread_source, G_PRIORITY_DEFAULT);
  g_source_set_static_name (self->unread_source, "scope-websocket-unread");
  g_source_set_callback (self->unread_source, scope_websocket_unread_cb, self, NULL);
  g_source_attach (self->unread_source, g_main_context_get_thread_default ());
}

static void
scope_websocket_send_close (ScopeWebsocket *self,
                            guint           code)
{
  const char payload[2] = { code >> 8, code & 0xff };

  if (self->close_sent)
    return;
  self->close_sent = TRUE;
  scope_websocket_limit_closing (self);
  scope_websocket_send_frame (self, OPCODE_CLOSE, payload, sizeof payload);
}

/* Nothing is read any more; what is to be written is written. */
static void
scope_websocket_end (ScopeWebsocket *self,
                     guint           code)
{
  scope_websocket_stop_reading (self);
  scope_websocket_send_close (self, code);
  self->is_over = TRUE;
  scope_websocket_write (self);
}

/* --- reading --- */

static void
scope_websocket_take_close (ScopeWebsocket            *self,
                            const ScopeWebsocketEvent *event)
{
  self->close_code = event->code;
  self->close_reason = event->size > 0 ? g_strndup (event->payload, event->size) : NULL;
  scope_websocket_end (self, event->code != SCOPE_WEBSOCKET_CLOSE_NO_STATUS ? event->code
                                                                            : SOUP_WEBSOCKET_CLOSE_NORMAL);
}

static void
scope_websocket_take_fault (ScopeWebsocket *self,
                            guint           code)
{
  scope_websocket_stop_reading (self);
  scope_websocket_send_close (self, code); /* before the listener closes, with a code of its own */
  self->listener->fault (self->user_data, code);
  scope_websocket_end (self, code);
}

static void
scope_websocket_deliver (ScopeWebsocket *self)
{
  ScopeWebsocketEvent event;

  /* whoever hears of one may close */
  while (self->is_reading
         && scope_websocket_reader_next (self->reader, &event) != SCOPE_WEBSOCKET_NOTHING)
    switch (event.type)
      {
      case SCOPE_WEBSOCKET_TEXT:
        self->listener->text (self->user_data, event.message);
        g_bytes_unref (event.message);
        break;
      case SCOPE_WEBSOCKET_BINARY:
        self->listener->binary (self->user_data, event.size);
        break;
      case SCOPE_WEBSOCKET_CLOSE:
        scope_websocket_take_close (self, &event);
        break;
      case SCOPE_WEBSOCKET_PING:
        if (!self->close_sent && self->outgoing->len < PONG_QUEUE_BYTES)
          scope_websocket_send_frame (self, OPCODE_PONG, event.payload, event.size);
        break;
      case SCOPE_WEBSOCKET_FAULT:
        scope_websocket_take_fault (self, event.code);
        break;
      case SCOPE_WEBSOCKET_NOTHING:
      case SCOPE_WEBSOCKET_PONG:
      default:
        break;
      }
}

/* FALSE: nothing came. */
static gboolean
scope_websocket_read (ScopeWebsocket       *self,
                      GPollableInputStream *input)
{
  g_autoptr (GError) error = NULL;
  gsize room;
  guint8 *place = scope_websocket_reader_get_room (self->reader, &room);
  gssize n = g_pollable_input_stream_read_nonblocking (input, place, room, NULL, &error);

  if (n > 0)
    {
      scope_websocket_reader_add (self->reader, n);
      scope_websocket_deliver (self);
      return TRUE;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    return FALSE;
  scope_websocket_stop_reading (self);
  if (error != NULL)
    self->listener->failed (self->user_data, error);
  scope_websocket_hang_up (self);
  return FALSE;
}

static gboolean scope_websocket_read_cb (GObject  *stream,
                                         gpointer  user_data);

/* A source knows at its creation whether the stream holds bytes itself, and is then always ready: there
 * is a new one each time. */
static void
scope_websocket_wait_for_bytes (ScopeWebsocket       *self,
                                GPollableInputStream *input,
                                int                   priority)
{
  scope_source_clear (&self->read_source);
  self->read_source = g_pollable_input_stream_create_source (input, NULL);
  g_source_set_static_name (self->read_source, "scope-websocket-read");
  g_source_set_priority (self->read_source, priority);
  g_source_set_callback (self->read_source, (GSourceFunc) (GCallback) scope_websocket_read_cb, self, NULL);
  g_source_attach (self->read_source, g_main_context_get_thread_default ());
}

static gboolean
scope_websocket_paused_cb (gpointer user_data)
{
  ScopeWebsocket *self = user_data;

  scope_source_clear (&self->pause_source);
  g_source_set_priority (self->read_source, G_PRIORITY_DEFAULT);
  return G_SOURCE_REMOVE;
}

static void
scope_websocket_limit_pause (ScopeWebsocket *self)
{
  if (self->pause_source != NULL)
    return;
  self->pause_source = g_timeout_source_new (PAUSE_USEC / G_TIME_SPAN_MILLISECOND);
  g_source_set_static_name (self->pause_source, "scope-websocket-pause");
  g_source_set_callback (self->pause_source, scope_websocket_paused_cb, self, NULL);
  g_source_attach (self->pause_source, g_main_context_get_thread_default ());
}

static gboolean
scope_websocket_read_cb (GObject  *stream,
                         gpointer  user_data)
{
  g_autoptr (ScopeWebsocket) self = g_object_ref (user_data);
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (stream);
  gint64 until = g_get_monotonic_time () + SLICE_USEC;
  gboolean more;

  do
    more = scope_websocket_read (self, input);
  while (more && self->is_reading && self->hold_source == NULL && g_get_monotonic_time () < until);

  if (!self->is_reading || self->hold_source != NULL)
    return G_SOURCE_REMOVE;
  if (more)
    scope_websocket_limit_pause (self);
  scope_websocket_wait_for_bytes (self, input, more ? PRIORITY_BUSY : G_PRIORITY_DEFAULT);
  return G_SOURCE_REMOVE;
}

static void
scope_websocket_let_go (ScopeWebsocket *self)
{
  GPollableInputStream *input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->stream));

  if (self->hold_source == NULL)
    return;
  scope_source_clear (&self->hold_source);
  scope_websocket_wait_for_bytes (self, input, G_PRIORITY_DEFAULT);
}

static gboolean
scope_websocket_held_cb (gpointer user_data)
{
  scope_websocket_let_go (user_data);
  return G_SOURCE_REMOVE;
}

static void
scope_websocket_ignore_text (gpointer  user_data,
                             GBytes   *message)
{
}

static void
scope_websocket_ignore_binary (gpointer user_data,
                               gsize    size)
{
}

static void
scope_websocket_ignore_fault (gpointer user_data,
                              guint    code)
{
}

static void
scope_websocket_ignore_failed (gpointer      user_data,
                               const GError *error)
{
}

static void
scope_websocket_ignore_closed (gpointer    user_data,
                               guint       code,
                               const char *reason)
{
}

static const ScopeWebsocketListener nobody = {
  scope_websocket_ignore_text,   scope_websocket_ignore_binary, scope_websocket_ignore_fault,
  scope_websocket_ignore_failed, scope_websocket_ignore_closed,
};

/* It may be disposed of while something is told: whoever listened is not called again. */
static void
scope_websocket_dispose (GObject *object)
{
  ScopeWebsocket *self = SCOPE_WEBSOCKET (object);

  scope_websocket_set_listener (self, &nobody, NULL);
  scope_websocket_stop_reading (self);
  scope_source_clear (&self->write_source);
  scope_source_clear (&self->unread_source);
  scope_source_clear (&self->close_source);
  g_clear_object (&self->upgraded);
  G_OBJECT_CLASS (scope_websocket_parent_class)->dispose (object);
}

static void
scope_websocket_finalize (GObject *object)
{
  ScopeWebsocket *self = SCOPE_WEBSOCKET (object);

  g_clear_object (&self->stream);
  g_clear_object (&self->hang_up);
  scope_websocket_reader_free (self->reader);
  g_byte_array_unref (self->outgoing);
  g_free (self->close_reason);
  G_OBJECT_CLASS (scope_websocket_parent_class)->finalize (object);
}

static void
scope_websocket_class_init (ScopeWebsocketClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = scope_websocket_dispose;
  G_OBJECT_CLASS (klass)->finalize = scope_websocket_finalize;
}

static void
scope_websocket_init (ScopeWebsocket *self)
{
  self->reader = scope_websocket_reader_new (SCOPE_LIMIT_FRAME_BYTES);
  self->outgoing = g_byte_array_new ();
  self->hang_up = g_cancellable_new ();
}

/* libsoup would read the stream, too. Its source is known by whom it calls. */
static gboolean
silence (SoupWebsocketConnection *upgraded)
{
  GSource *source
      = g_main_context_find_source_by_user_data (g_main_context_get_thread_default (), upgraded);

  if (source == NULL)
    return FALSE;
  g_source_destroy (source);
  return TRUE;
}

/**
 * scope_websocket_new:
 * @upgraded: what libsoup has just connected, before it read anything
 * @listener: static
 *
 * Takes the socket over, on the main context that is the thread's default now. The listener is told of its end
 * once, with `closed`.
 *
 * Returns: (transfer full) (nullable): a websocket; %NULL if libsoup does not let go of it
 */
ScopeWebsocket *
scope_websocket_new (SoupWebsocketConnection      *upgraded,
                     const ScopeWebsocketListener *listener,
                     gpointer                      user_data)
{
  ScopeWebsocket *self;
  GPollableInputStream *input;

  g_return_val_if_fail (SOUP_IS_WEBSOCKET_CONNECTION (upgraded), NULL);
  g_return_val_if_fail (listener != NULL, NULL);

  if (!silence (upgraded))
    return NULL;

  self = g_object_new (SCOPE_TYPE_WEBSOCKET, NULL);
  self->upgraded = g_object_ref (upgraded);
  self->stream = g_object_ref (soup_websocket_connection_get_io_stream (upgraded));
  scope_websocket_set_listener (self, listener, user_data);

  self->is_reading = TRUE;
  input = G_POLLABLE_INPUT_STREAM (g_io_stream_get_input_stream (self->stream));
  scope_websocket_wait_for_bytes (self, input, G_PRIORITY_DEFAULT);
  return self;
}

/**
 * scope_websocket_set_listener:
 * @listener: static; from now on it hears what there is to tell
 */
void
scope_websocket_set_listener (ScopeWebsocket               *self,
                              const ScopeWebsocketListener *listener,
                              gpointer                      user_data)
{
  g_return_if_fail (SCOPE_IS_WEBSOCKET (self));
  g_return_if_fail (listener != NULL);

  self->listener = listener;
  self->user_data = user_data;
}

/**
 * scope_websocket_send:
 * @text: valid UTF-8
 *
 * Queues a message. What is closing, or closed, drops it. A server that leaves more than
 * %SCOPE_LIMIT_OUTGOING_BYTES waiting is given up: `failed`, then `closed`.
 */
void
scope_websocket_send (ScopeWebsocket *self,
                      const char     *text,
                      gsize           length)
{
  g_return_if_fail (SCOPE_IS_WEBSOCKET (self));
  g_return_if_fail (text != NULL);

  if (self->close_sent || self->is_closing)
    return;
  if (self->outgoing->len > SCOPE_LIMIT_OUTGOING_BYTES)
    scope_websocket_give_up (self);
  else
    scope_websocket_send_frame (self, OPCODE_TEXT, text, length);
}

/**
 * scope_websocket_hold:
 * @hold: %TRUE to read nothing for now; %FALSE to go on
 *
 * See scope_transport_hold().
 */
void
scope_websocket_hold (ScopeWebsocket *self,
                      gboolean        hold)
{
  g_return_if_fail (SCOPE_IS_WEBSOCKET (self));

  if (!hold)
    scope_websocket_let_go (self);
  else if (self->is_reading && !self->close_sent && self->hold_source == NULL)
    {
      scope_source_clear (&self->read_source);
      scope_source_clear (&self->pause_source);
      self->hold_source = g_timeout_source_new (SCOPE_WAIT_HOLD_USEC / G_TIME_SPAN_MILLISECOND);
      g_source_set_static_name (self->hold_source, "scope-websocket-hold");
      g_source_set_callback (self->hold_source, scope_websocket_held_cb, self, NULL);
      g_source_attach (self->hold_source, g_main_context_get_thread_default ());
    }
}

/**
 * scope_websocket_close:
 * @code: the close code to send
 *
 * Asks the other side to close, and waits five seconds for it: what it still sends is told. `closed` follows. Nothing
 * happens if it is closing already.
 */
void
scope_websocket_close (ScopeWebsocket *self,
                       guint           code)
{
  g_return_if_fail (SCOPE_IS_WEBSOCKET (self));

  if (self->is_closing)
    return;
  scope_websocket_let_go (self);
  scope_websocket_send_close (self, code);
}
