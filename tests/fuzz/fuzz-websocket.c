/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "fuzz-websocket"

#include "config.h"

#include <string.h>

#include "protocol/scope-websocket-reader.h"

#define MAX_BYTES 2000

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

/* What came, as bytes that can be compared. */
static void
note_event (GByteArray                *out,
            const ScopeWebsocketEvent *event)
{
  guint32 head[3] = { event->type, event->code, event->size };

  g_byte_array_append (out, (const guint8 *) head, sizeof head);
  if (event->message != NULL)
    {
      g_assert_cmpuint (event->size, <=, MAX_BYTES);
      g_assert_cmpuint (g_bytes_get_size (event->message), ==, event->size);
      g_byte_array_append (out, g_bytes_get_data (event->message, NULL), event->size);
      g_bytes_unref (event->message);
    }
  else if (event->payload != NULL)
    g_byte_array_append (out, (const guint8 *) event->payload, event->size);
}

static GByteArray *
read_all (const guint8 *data,
          gsize         size,
          gsize         piece)
{
  g_autoptr (ScopeWebsocketReader) reader = scope_websocket_reader_new (MAX_BYTES);
  GByteArray *out = g_byte_array_new ();
  ScopeWebsocketEvent event = { 0 };

  while (size > 0 && event.type != SCOPE_WEBSOCKET_FAULT)
    {
      gsize room;
      guint8 *place = scope_websocket_reader_get_room (reader, &room);
      gsize n = MIN (MIN (room, piece), size);

      g_assert_cmpuint (n, >, 0);
      memcpy (place, data, n);
      scope_websocket_reader_add (reader, n);
      data += n;
      size -= n;
      while (scope_websocket_reader_next (reader, &event) != SCOPE_WEBSOCKET_NOTHING)
        {
          note_event (out, &event);
          if (event.type == SCOPE_WEBSOCKET_FAULT)
            break;
        }
    }
  return out;
}

/* --- the same once more, read as slowly as the RFC is written --- */

typedef struct
{
  const guint8 *data;
  gsize size;
  GByteArray *out;
  GByteArray *message; /* NULL: none has begun */
  gboolean is_text;
} Naive;

static gboolean
naive_note (Naive             *self,
            ScopeWebsocketType type,
            guint              code,
            gconstpointer      bytes,
            gsize              size)
{
  guint32 head[3] = { type, code, size };

  g_byte_array_append (self->out, (const guint8 *) head, sizeof head);
  g_byte_array_append (self->out, bytes, bytes != NULL ? size : 0);
  return type != SCOPE_WEBSOCKET_FAULT;
}

static gboolean
naive_fail (Naive *self,
            guint  code)
{
  return naive_note (self, SCOPE_WEBSOCKET_FAULT, code, NULL, 0);
}

/* GLib's takes no NUL */
static gboolean
naive_is_utf8 (const guint8 *text,
               gsize         size)
{
  for (gsize i = 0; i < size; i++)
    {
      gsize from = i;

      while (i < size && text[i] != '\0')
        i++;
      if (!g_utf8_validate ((const char *) text + from, i - from, NULL))
        return FALSE;
    }
  return TRUE;
}

static gboolean
naive_end_message (Naive *self)
{
  g_autoptr (GByteArray) message = g_steal_pointer (&self->message);

  if (!self->is_text)
    return naive_note (self, SCOPE_WEBSOCKET_BINARY, 0, NULL, message->len);
  if (!naive_is_utf8 (message->data, message->len))
    return naive_fail (self, 1007);
  return naive_note (self, SCOPE_WEBSOCKET_TEXT, 0, message->data, message->len);
}

static gboolean
naive_take_close (Naive        *self,
                  const guint8 *payload,
                  gsize         size)
{
  guint code = size >= 2 ? payload[0] * 256 + payload[1] : 0;

  if (size == 0)
    return naive_note (self, SCOPE_WEBSOCKET_CLOSE, 1005, NULL, 0);
  if (code < 1000 || code >= 5000 || (code > 1014 && code < 3000) || (code >= 1004 && code <= 1006))
    return naive_fail (self, 1002);
  if (!naive_is_utf8 (payload + 2, size - 2))
    return naive_fail (self, 1007);
  return naive_note (self, SCOPE_WEBSOCKET_CLOSE, code, payload + 2, size - 2);
}

static gboolean
naive_take (Naive        *self,
            guint8        first,
            const guint8 *payload,
            gsize         size)
{
  guint opcode = first % 16;

  if (opcode == 8)
    return naive_take_close (self, payload, size);
  if (opcode > 8)
    return naive_note (self, opcode == 9 ? SCOPE_WEBSOCKET_PING : SCOPE_WEBSOCKET_PONG, 0, payload, size);
  if (opcode != 0)
    {
      self->message = g_byte_array_new ();
      self->is_text = opcode == 1;
    }
  g_byte_array_append (self->message, payload, size);
  return first < 128 || naive_end_message (self);
}

/* FALSE: it is over */
static gboolean
naive_read_frame (Naive *self)
{
  guint8 first, opcode;
  guint64 length, n_bytes;

  if (self->size < 2)
    return FALSE;
  first = self->data[0];
  opcode = first % 16;
  if (first / 16 % 8 != 0 || self->data[1] >= 128 || (opcode > 2 && opcode < 8) || opcode > 10
      || (opcode >= 8 && (first < 128 || self->data[1] > 125)) || (opcode == 0 && self->message == NULL)
      || ((opcode == 1 || opcode == 2) && self->message != NULL))
    return naive_fail (self, 1002);

  n_bytes = self->data[1] == 127 ? 8 : self->data[1] == 126 ? 2 : 0;
  length = n_bytes > 0 ? 0 : self->data[1];
  if (self->size < 2 + n_bytes)
    return FALSE;
  for (guint i = 0; i < n_bytes; i++)
    length = length * 256 + self->data[2 + i];
  if ((n_bytes == 2 && length <= 125) || (n_bytes == 8 && (length <= 0xffff || length >> 63 != 0)))
    return naive_fail (self, 1002);
  if (opcode < 8 && (length > MAX_BYTES || length + (self->message != NULL ? self->message->len : 0) > MAX_BYTES))
    return naive_fail (self, 1009);
  if (self->size - 2 - n_bytes < length)
    return FALSE;
  if (!naive_take (self, first, self->data + 2 + n_bytes, length))
    return FALSE;
  self->data += 2 + n_bytes + length;
  self->size -= 2 + n_bytes + length;
  return TRUE;
}

static GByteArray *
read_naively (const guint8 *data,
              gsize         size)
{
  Naive naive = { data, size, g_byte_array_new (), NULL, FALSE };

  while (naive_read_frame (&naive))
    ;
  g_clear_pointer (&naive.message, g_byte_array_unref);
  return naive.out;
}

/* How the bytes are cut on their way changes nothing, and another reader reads the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GByteArray) whole = read_all (data, size, G_MAXSIZE);
  g_autoptr (GByteArray) cut = read_all (data, size, 1 + (size > 0 ? data[0] % 7 : 0));
  g_autoptr (GByteArray) naive = read_naively (data, size);

  g_assert_cmpmem (whole->data, whole->len, cut->data, cut->len);
  g_assert_cmpmem (whole->data, whole->len, naive->data, naive->len);
  return 0;
}
