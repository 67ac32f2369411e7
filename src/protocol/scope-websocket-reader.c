/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-websocket-reader"

#include "config.h"

#include "protocol/scope-websocket-reader.h"

#include <string.h>

#include "base/scope-utf8.h"

/* Bytes are read into one buffer, hundreds of frames at a time, and each message is copied once. The
 * buffer only grows for a frame that does not fit, and goes back after it. */

#define BUFFER_BYTES (64 * 1024)
#define MAX_CONTROL_BYTES 125

enum
{
  OPCODE_CONTINUATION = 0,
  OPCODE_TEXT = 1,
  OPCODE_BINARY = 2,
  OPCODE_CLOSE = 8,
  OPCODE_PING = 9,
  OPCODE_PONG = 10,
};

typedef struct
{
  gboolean is_last;
  guint opcode;
  gsize head_size;
  guint64 size; /* of the payload */
} Frame;

struct _ScopeWebsocketReader
{
  gsize max_bytes; /* of a message */
  guint8 *buffer;
  gsize buffer_size;
  gsize start; /* of what is not read yet */
  gsize end;
  gsize wanted; /* the size of the frame that has begun, if it is larger than the buffer */
  guint opcode;
  GByteArray *fragments; /* of a message that has begun; NULL else */
  guint fault;
};

/**
 * scope_websocket_reader_new:
 * @max_bytes: how long a message may be, all its fragments together
 *
 * Returns: (transfer full): a reader of a socket that was just upgraded
 */
ScopeWebsocketReader *
scope_websocket_reader_new (gsize max_bytes)
{
  ScopeWebsocketReader *self = g_new0 (ScopeWebsocketReader, 1);

  self->max_bytes = max_bytes;
  self->buffer_size = BUFFER_BYTES;
  self->buffer = g_malloc (self->buffer_size);
  return self;
}

/**
 * scope_websocket_reader_free:
 * @self: (transfer full): a reader
 */
void
scope_websocket_reader_free (ScopeWebsocketReader *self)
{
  g_return_if_fail (self != NULL);

  g_clear_pointer (&self->fragments, g_byte_array_unref);
  g_free (self->buffer);
  g_free (self);
}

static void
reader_resize (ScopeWebsocketReader *self,
               gsize                 size)
{
  self->buffer = g_realloc (self->buffer, size);
  self->buffer_size = size;
}

/**
 * scope_websocket_reader_get_room:
 * @size: (out): how many bytes fit, at least one
 *
 * Returns: (transfer none): where bytes that came are to be written, for scope_websocket_reader_add()
 */
guint8 *
scope_websocket_reader_get_room (ScopeWebsocketReader *self,
                                 gsize                *size)
{
  g_return_val_if_fail (self != NULL && size != NULL, NULL);

  if (self->start > 0)
    {
      memmove (self->buffer, self->buffer + self->start, self->end - self->start);
      self->end -= self->start;
      self->start = 0;
    }
  if (self->wanted > self->buffer_size)
    reader_resize (self, self->wanted);
  else if (self->end == 0 && self->buffer_size > BUFFER_BYTES)
    reader_resize (self, BUFFER_BYTES);
  if (self->fault != 0) /* nobody reads any more: what comes is dropped */
    self->end = 0;
  *size = self->buffer_size - self->end;
  return self->buffer + self->end;
}

/**
 * scope_websocket_reader_add:
 * @size: how many bytes were written to what scope_websocket_reader_get_room() returned
 */
void
scope_websocket_reader_add (ScopeWebsocketReader *self,
                            gsize                 size)
{
  g_return_if_fail (self != NULL && size <= self->buffer_size - self->end);

  self->end += size;
}

static gboolean
reader_fail (ScopeWebsocketReader *self,
             guint                 code)
{
  self->fault = code;
  return FALSE;
}

/* Text that may hold NUL; most of it is ASCII. */
static gboolean
is_utf8 (const char *text,
         gsize       size)
{
  const guint64 high_bits = G_GUINT64_CONSTANT (0x8080808080808080);
  gsize i = 0;

  while (i < size)
    {
      gsize length = sizeof (guint64);
      guint64 word = high_bits;

      if (size - i >= sizeof word)
        memcpy (&word, text + i, sizeof word);
      if ((word & high_bits) != 0 && scope_utf8_measure (text + i, size - i, &length) != SCOPE_UTF8_GOOD)
        return FALSE;
      i += length;
    }
  return TRUE;
}

/* --- heads --- */

/* FALSE: it has not come whole, or is wrong. */
static gboolean
reader_read_size (ScopeWebsocketReader *self,
                  Frame                *frame)
{
  const guint8 *head = self->buffer + self->start;
  gsize n_bytes = (head[1] & 0x7f) == 127 ? 8 : (head[1] & 0x7f) == 126 ? 2 : 0;
  guint64 least = n_bytes == 8 ? 65536 : n_bytes == 2 ? 126 : 0;

  frame->head_size = 2 + n_bytes;
  frame->size = n_bytes == 0 ? head[1] : 0;
  if (self->end - self->start < frame->head_size)
    return FALSE;
  for (gsize i = 0; i < n_bytes; i++)
    frame->size = frame->size << 8 | head[2 + i];
  /* as short as can be, and 63 bits at most */
  return (frame->size >= least && frame->size <= G_MAXINT64) || reader_fail (self, SCOPE_WEBSOCKET_CLOSE_PROTOCOL);
}

/* What its first two bytes tell of a frame: whether it may come now, depends on the message that has begun. */
static gboolean
reader_check_start (ScopeWebsocketReader *self,
                    const guint8         *head)
{
  guint opcode = head[0] & 0x0f;

  /* a server does not mask; nothing was negotiated that uses the reserved bits */
  if ((head[0] & 0x70) != 0 || (head[1] & 0x80) != 0)
    return FALSE;

  switch (opcode)
    {
    case OPCODE_CLOSE:
    case OPCODE_PING:
    case OPCODE_PONG:
      return (head[0] & 0x80) != 0 && head[1] <= MAX_CONTROL_BYTES;
    case OPCODE_CONTINUATION:
    case OPCODE_TEXT:
    case OPCODE_BINARY:
      return (opcode == OPCODE_CONTINUATION) == (self->fragments != NULL);
    default:
      return FALSE;
    }
}

/* of a message: all its fragments together; a control frame is short anyway */
static gboolean
reader_check_size (ScopeWebsocketReader *self,
                   const Frame          *frame)
{
  gsize before = self->fragments != NULL ? self->fragments->len : 0;

  return frame->opcode >= OPCODE_CLOSE || frame->size <= self->max_bytes - before
         || reader_fail (self, SCOPE_WEBSOCKET_CLOSE_TOO_BIG);
}

static gboolean
reader_read_frame (ScopeWebsocketReader *self,
                   Frame                *frame)
{
  const guint8 *head = self->buffer + self->start;

  if (self->end - self->start < 2)
    return FALSE;
  if (!reader_check_start (self, head))
    return reader_fail (self, SCOPE_WEBSOCKET_CLOSE_PROTOCOL);

  frame->is_last = (head[0] & 0x80) != 0;
  frame->opcode = head[0] & 0x0f;
  if (!reader_read_size (self, frame) || !reader_check_size (self, frame))
    return FALSE;

  self->wanted = frame->head_size + frame->size;
  return self->end - self->start >= self->wanted;
}

/* --- payloads --- */

static gboolean
reader_take_text (ScopeWebsocketReader *self,
                  ScopeWebsocketEvent  *event,
                  GBytes               *message)
{
  const char *text = g_bytes_get_data (message, &event->size);

  if (!is_utf8 (text, event->size))
    {
      g_bytes_unref (message);
      return reader_fail (self, SCOPE_WEBSOCKET_CLOSE_BAD_DATA);
    }
  event->type = SCOPE_WEBSOCKET_TEXT;
  event->message = message;
  return TRUE;
}

static gboolean
reader_take_whole (ScopeWebsocketReader *self,
                   const Frame          *frame,
                   const char           *payload,
                   ScopeWebsocketEvent  *event)
{
  char *copy;

  if (frame->opcode == OPCODE_BINARY)
    {
      event->type = SCOPE_WEBSOCKET_BINARY;
      event->size = frame->size;
      return TRUE;
    }
  copy = g_malloc (frame->size + 1);
  memcpy (copy, payload, frame->size);
  copy[frame->size] = '\0';
  return reader_take_text (self, event, g_bytes_new_take (copy, frame->size));
}

static gboolean
reader_take_fragment (ScopeWebsocketReader *self,
                      const Frame          *frame,
                      const char           *payload,
                      ScopeWebsocketEvent  *event)
{
  GByteArray *whole;

  if (self->fragments == NULL)
    {
      self->fragments = g_byte_array_new ();
      self->opcode = frame->opcode;
    }
  g_byte_array_append (self->fragments, (const guint8 *) payload, frame->size);
  if (!frame->is_last)
    return TRUE;

  whole = g_steal_pointer (&self->fragments);
  if (self->opcode == OPCODE_BINARY)
    {
      event->type = SCOPE_WEBSOCKET_BINARY;
      event->size = whole->len;
      g_byte_array_unref (whole);
      return TRUE;
    }
  g_byte_array_append (whole, (const guint8 *) "", 1);
  whole->len--;
  return reader_take_text (self, event, g_byte_array_free_to_bytes (whole));
}

/* RFC 6455 §7.4 and the registry: what a close frame may carry */
static gboolean
is_close_code (guint code)
{
  return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

static gboolean
reader_take_close (ScopeWebsocketReader *self,
                   const Frame          *frame,
                   const char           *payload,
                   ScopeWebsocketEvent  *event)
{
  event->type = SCOPE_WEBSOCKET_CLOSE;
  event->code = SCOPE_WEBSOCKET_CLOSE_NO_STATUS;
  if (frame->size == 0)
    return TRUE;

  event->code = frame->size < 2 ? 0 : (guint8) payload[0] << 8 | (guint8) payload[1];
  if (!is_close_code (event->code))
    return reader_fail (self, SCOPE_WEBSOCKET_CLOSE_PROTOCOL);
  if (!is_utf8 (payload + 2, frame->size - 2))
    return reader_fail (self, SCOPE_WEBSOCKET_CLOSE_BAD_DATA);
  event->payload = payload + 2;
  event->size = frame->size - 2;
  return TRUE;
}

static gboolean
reader_take_frame (ScopeWebsocketReader *self,
                   const Frame          *frame,
                   ScopeWebsocketEvent  *event)
{
  const char *payload = (const char *) self->buffer + self->start + frame->head_size;

  self->start += frame->head_size + frame->size;
  self->wanted = 0;
  switch (frame->opcode)
    {
    case OPCODE_CLOSE:
      return reader_take_close (self, frame, payload, event);

    case OPCODE_PING:
    case OPCODE_PONG:
      event->type = frame->opcode == OPCODE_PING ? SCOPE_WEBSOCKET_PING : SCOPE_WEBSOCKET_PONG;
      event->payload = payload;
      event->size = frame->size;
      return TRUE;

    default:
      if (frame->is_last && self->fragments == NULL)
        return reader_take_whole (self, frame, payload, event);
      return reader_take_fragment (self, frame, payload, event);
    }
}

/**
 * scope_websocket_reader_next:
 * @event: (out caller-allocates): what came
 *
 * Returns: its type; %SCOPE_WEBSOCKET_NOTHING until more bytes are added
 */
ScopeWebsocketType
scope_websocket_reader_next (ScopeWebsocketReader *self,
                             ScopeWebsocketEvent  *event)
{
  Frame frame;

  g_return_val_if_fail (self != NULL && event != NULL, SCOPE_WEBSOCKET_NOTHING);

  *event = (ScopeWebsocketEvent) { .type = SCOPE_WEBSOCKET_NOTHING };
  while (self->fault == 0 && event->type == SCOPE_WEBSOCKET_NOTHING && reader_read_frame (self, &frame))
    reader_take_frame (self, &frame, event);
  if (self->fault != 0)
    *event = (ScopeWebsocketEvent) { .type = SCOPE_WEBSOCKET_FAULT, .code = self->fault };
  return event->type;
}
