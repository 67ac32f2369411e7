/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a server sends after the upgrade, RFC 6455 §5, whole and in pieces of any size. */

#include "config.h"

#include <string.h>

#include "protocol/scope-websocket-reader.h"

#define MAX_BYTES 100000

static void
describe_event (GString                   *text,
                const ScopeWebsocketEvent *event)
{
  switch (event->type)
    {
    case SCOPE_WEBSOCKET_TEXT:
      g_assert_cmpuint (g_bytes_get_size (event->message), ==, event->size);
      /* a NUL is behind it */
      g_assert_cmpint (((const char *) g_bytes_get_data (event->message, NULL))[event->size], ==, 0);
      if (event->size > 100)
        g_string_append_printf (text, "text %zu, ", event->size);
      else
        g_string_append_printf (text, "text <%s>, ", (const char *) g_bytes_get_data (event->message, NULL));
      g_bytes_unref (event->message);
      break;
    case SCOPE_WEBSOCKET_BINARY:
      g_string_append_printf (text, "binary %zu, ", event->size);
      break;
    case SCOPE_WEBSOCKET_CLOSE:
      g_string_append_printf (text, "close %u <%.*s>, ", event->code, (int) event->size,
                              event->size > 0 ? event->payload : "");
      break;
    case SCOPE_WEBSOCKET_PING:
    case SCOPE_WEBSOCKET_PONG:
      g_string_append_printf (text, "%s <%.*s>, ", event->type == SCOPE_WEBSOCKET_PING ? "ping" : "pong",
                              (int) event->size, event->payload);
      break;
    case SCOPE_WEBSOCKET_FAULT:
      g_string_append_printf (text, "fault %u, ", event->code);
      break;
    case SCOPE_WEBSOCKET_NOTHING:
    default:
      g_assert_not_reached ();
    }
}

/* what comes out when at most @piece bytes at a time come in */
static char *
describe (const char *bytes,
          gsize       length,
          gsize       piece)
{
  g_autoptr (ScopeWebsocketReader) reader = scope_websocket_reader_new (MAX_BYTES);
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean failed = FALSE;

  for (gsize at = 0; at < length && !failed;)
    {
      ScopeWebsocketEvent event;
      gsize room;
      guint8 *place = scope_websocket_reader_get_room (reader, &room);
      gsize n = MIN (MIN (room, piece), length - at);

      g_assert_cmpuint (room, >, 0);
      memcpy (place, bytes + at, n);
      scope_websocket_reader_add (reader, n);
      at += n;
      while (!failed && scope_websocket_reader_next (reader, &event) != SCOPE_WEBSOCKET_NOTHING)
        {
          describe_event (text, &event);
          failed = event.type == SCOPE_WEBSOCKET_FAULT;
        }
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
check (const char *bytes,
       gsize       length,
       const char *expected)
{
  static const gsize pieces[] = { 1, 2, 3, 7, 1000, 70000, G_MAXSIZE };

  for (guint i = 0; i < G_N_ELEMENTS (pieces); i++)
    {
      g_autofree char *described = describe (bytes, length, pieces[i]);

      g_assert_cmpstr (described, ==, expected);
    }
}

static void
test_frames (void)
{
  static const struct
  {
    const char *bytes;
    gsize length;
    const char *expected;
  } rows[] = {
#define ROW(bytes, expected) { bytes, sizeof bytes - 1, expected }
    ROW ("\x81\x05hello", "text <hello>, "),
    ROW ("\x81\x00\x81\x01" "a", "text <>, text <a>, "),
    ROW ("\x82\x03" "abc", "binary 3, "),
    /* in fragments, with a control frame between them */
    ROW ("\x01\x03hel\x80\x02lo", "text <hello>, "),
    ROW ("\x01\x01h\x00\x00\x89\x02hi\x00\x03" "ell\x80\x01o", "ping <hi>, text <hello>, "),
    ROW ("\x01\x00\x80\x00", "text <>, "),
    ROW ("\x02\x02" "ab\x80\x02" "cd", "binary 4, "),
    /* a character may be cut by a fragment */
    ROW ("\x01\x01\xc3\x80\x01\xa4", "text <\xc3\xa4>, "),
    ROW ("\x8a\x00\x89\x01x", "pong <>, ping <x>, "),
    ROW ("\x88\x00", "close 1005 <>, "),
    ROW ("\x88\x02\x03\xe8", "close 1000 <>, "),
    ROW ("\x88\x0a\x0f\xa1" "No app\xc3\xa4", "close 4001 <No app\xc3\xa4>, "),
    ROW ("\x88\x02\x03\xf4", "close 1012 <>, "),
    /* not whole: nothing yet */
    ROW ("\x81", ""),
    ROW ("\x81\x05hell", ""),
    ROW ("\x81\x7e\x00", ""),
    /* what breaks the rules */
    ROW ("\x88\x01\x03", "fault 1002, "),
    ROW ("\x88\x02\x03\xed", "fault 1002, "), /* 1005 is never sent */
    ROW ("\x88\x02\x03\xee", "fault 1002, "),
    ROW ("\x88\x02\x00\x00", "fault 1002, "),
    ROW ("\x88\x02\x13\x88", "fault 1002, "), /* 5000 */
    ROW ("\x88\x03\x03\xe8\xff", "fault 1007, "),
    ROW ("\x88\x04\x03\xe8\xc3\x28", "fault 1007, "),
    ROW ("\x08\x00", "fault 1002, "),
    ROW ("\x89\x7e\x00\x7e", "fault 1002, "),
    ROW ("\x80\x01" "a", "fault 1002, "),
    ROW ("\x01\x01" "a\x81\x01" "b", "fault 1002, "),
    ROW ("\x83\x00", "fault 1002, "),
    ROW ("\x8b\x00", "fault 1002, "),
    ROW ("\xc1\x01" "a", "fault 1002, "),
    ROW ("\x91\x01" "a", "fault 1002, "),
    ROW ("\x81\x85\x00\x00\x00\x00hello", "fault 1002, "),
    ROW ("\x81\x7e\x00\x05hello", "fault 1002, "),
    ROW ("\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff", "fault 1002, "),
    ROW ("\x81\x02\xc3\x28", "fault 1007, "),
    ROW ("\x81\x01\xc3", "fault 1007, "),
    ROW ("\x81\x03\xed\xa0\x80", "fault 1007, "),
    ROW ("\x81\x7f\x00\x00\x00\x00\x7f\xff\xff\xff", "fault 1009, "),
    ROW ("\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", "fault 1009, "),
    ROW ("\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x01", "fault 1002, "), /* a length has 63 bits */
    ROW ("\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", "fault 1002, "),
    ROW ("\x01\x01" "a\x80\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", "fault 1009, "),
    /* known by the first two bytes already: nothing more is waited for */
    ROW ("\x83\x7f", "fault 1002, "),
    ROW ("\x89\x7e", "fault 1002, "),
    ROW ("\x89\x7f", "fault 1002, "),
    ROW ("\x80\x7e", "fault 1002, "),
    ROW ("\x81\xfe", "fault 1002, "),
    ROW ("\xa1\x7e", "fault 1002, "),
    ROW ("\x81\x01" "a\x81\x02\xff\xff\x81\x01" "b", "text <a>, fault 1007, "),
#undef ROW
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    check (rows[i].bytes, rows[i].length, rows[i].expected);
}

static void
append_frame (GByteArray *out,
              guint8      first,
              gsize       size)
{
  g_autofree char *payload = g_strnfill (size, 'x');
  guint8 head[10] = { first, size < 126 ? size : size < 65536 ? 126 : 127 };
  gsize n_head = 2;

  for (int shift = size < 126 ? -8 : size < 65536 ? 8 : 56; shift >= 0; shift -= 8)
    head[n_head++] = ((guint64) size >> shift) & 0xff;
  g_byte_array_append (out, head, n_head);
  g_byte_array_append (out, (const guint8 *) payload, size);
}

/* around where a length takes more bytes, where the buffer ends, and the limit */
static void
test_sizes (void)
{
  static const gsize sizes[] = { 125, 126, 127, 65521, 65532, 65535, 65536, 65537, 80000, MAX_BYTES };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GByteArray) bytes = g_byte_array_new ();
      g_autofree char *expected
          = g_strdup_printf ("text %zu, text <xxx>, text %zu, text <xx>, ", sizes[i], sizes[i]);

      append_frame (bytes, 0x81, sizes[i]);
      append_frame (bytes, 0x81, 3);
      append_frame (bytes, 0x81, sizes[i]);
      append_frame (bytes, 0x81, 2);
      check ((const char *) bytes->data, bytes->len, expected);
    }
}

/* the limit is one on the message, not only on its parts */
static void
test_limit (void)
{
  g_autoptr (GByteArray) one = g_byte_array_new ();
  g_autoptr (GByteArray) parts = g_byte_array_new ();
  g_autoptr (GByteArray) fits = g_byte_array_new ();

  append_frame (one, 0x81, MAX_BYTES + 1);
  check ((const char *) one->data, one->len, "fault 1009, ");

  append_frame (parts, 0x01, MAX_BYTES / 2);
  append_frame (parts, 0x00, MAX_BYTES / 2);
  g_byte_array_append (fits, parts->data, parts->len);
  append_frame (fits, 0x80, 0);
  check ((const char *) fits->data, fits->len, "text 100000, ");
  append_frame (parts, 0x80, 1);
  check ((const char *) parts->data, parts->len, "fault 1009, ");
}

/* NUL is a character of a message */
static void
test_nul (void)
{
  g_autoptr (ScopeWebsocketReader) reader = scope_websocket_reader_new (MAX_BYTES);
  static const char bytes[] = "\x81\x0b" "a\0b456789\xc3\xa4";
  ScopeWebsocketEvent event;
  gsize room;

  memcpy (scope_websocket_reader_get_room (reader, &room), bytes, sizeof bytes - 1);
  scope_websocket_reader_add (reader, sizeof bytes - 1);
  g_assert_cmpint (scope_websocket_reader_next (reader, &event), ==, SCOPE_WEBSOCKET_TEXT);
  g_assert_cmpmem (g_bytes_get_data (event.message, NULL), event.size, bytes + 2, sizeof bytes - 3);
  g_bytes_unref (event.message);
  g_assert_cmpint (scope_websocket_reader_next (reader, &event), ==, SCOPE_WEBSOCKET_NOTHING);
}

/* after a fault bytes may still be added, for as long as the socket takes to close */
static void
test_after_fault (void)
{
  g_autoptr (ScopeWebsocketReader) reader = scope_websocket_reader_new (MAX_BYTES);
  ScopeWebsocketEvent event;
  gsize room;

  memcpy (scope_websocket_reader_get_room (reader, &room), "\x83\x00", 2);
  scope_websocket_reader_add (reader, 2);
  for (guint i = 0; i < 100; i++)
    {
      g_assert_cmpint (scope_websocket_reader_next (reader, &event), ==, SCOPE_WEBSOCKET_FAULT);
      g_assert_cmpuint (event.code, ==, SCOPE_WEBSOCKET_CLOSE_PROTOCOL);
      scope_websocket_reader_get_room (reader, &room);
      g_assert_cmpuint (room, >, 1000);
      scope_websocket_reader_add (reader, room);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/websocket-reader/frames", test_frames);
  g_test_add_func ("/websocket-reader/sizes", test_sizes);
  g_test_add_func ("/websocket-reader/limit", test_limit);
  g_test_add_func ("/websocket-reader/nul", test_nul);
  g_test_add_func ("/websocket-reader/after-fault", test_after_fault);
  return g_test_run ();
}
