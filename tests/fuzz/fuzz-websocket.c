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

/* How the bytes are cut on their way changes nothing. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (GByteArray) whole = read_all (data, size, G_MAXSIZE);
  g_autoptr (GByteArray) cut = read_all (data, size, 1 + (size > 0 ? data[0] % 7 : 0));

  g_assert_cmpmem (whole->data, whole->len, cut->data, cut->len);
  return 0;
}
