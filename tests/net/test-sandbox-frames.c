/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a hostile client sends the sandbox once it is a websocket: messages in pieces, bounded as a whole. */

#include "config.h"

#include "raw-client.h"
#include "sandbox-client.h"
#include "sandbox/scope-sandbox-wire.h"

#define UPGRADE                                                                                   \
  "GET " PATH " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"      \
  "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
#define TOO_BIG "\x03\xf1Message larger than 100 kB"
#define SUBSCRIBE "{\"event\":\"pusher:subscribe\",\"data\":{\"channel\":\"x\"}}"
#define SUBSCRIBED "pusher_internal:subscription_succeeded"

#define TEXT 0x1
#define MORE 0x0
#define CLOSE 0x8
#define PING 0x9
#define FINAL 0x80

static void
append_frame (GString    *bytes,
              guint       head,
              const char *payload,
              gsize       size)
{
  static const guint8 mask[] = { 1, 2, 3, 4 };

  g_string_append_c (bytes, (char) head);
  if (size < 126)
    g_string_append_c (bytes, (char) (0x80 | size));
  else if (size <= G_MAXUINT16)
    g_string_append_printf (bytes, "%c%c%c", 0x80 | 126, (int) (size >> 8), (int) (size & 0xff));
  else
    {
      g_string_append_c (bytes, (char) (0x80 | 127));
      for (int shift = 56; shift >= 0; shift -= 8)
        g_string_append_c (bytes, (char) ((guint64) size >> shift));
    }
  g_string_append_len (bytes, (const char *) mask, sizeof mask);
  for (gsize i = 0; i < size; i++)
    g_string_append_c (bytes, (char) (payload[i] ^ mask[i % sizeof mask]));
}

static gboolean
heard (Raw        *raw,
       const char *text)
{
  raw_read (raw);
  return strstr (raw->heard->str, text) != NULL;
}

static Raw *
raw_upgrade (ScopeSandbox *sandbox)
{
  Raw *raw = raw_new (sandbox, UPGRADE, strlen (UPGRADE));

  WAIT_UNTIL (heard (raw, "pusher:connection_established"));
  return raw;
}

/* as far as the other side reads; FALSE: it does not any more */
static gboolean
raw_send (Raw           *raw,
          const GString *bytes,
          gsize         *sent)
{
  g_autoptr (GError) error = NULL;
  gssize n = g_socket_send (raw->socket, bytes->str + *sent, MIN (bytes->len - *sent, 65536), NULL, &error);

  *sent += MAX (n, 0);
  return n > 0 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
}

static void
raw_send_all (Raw           *raw,
              const GString *bytes)
{
  gsize sent = 0;

  WAIT_UNTIL (sent == bytes->len || !raw_send (raw, bytes, &sent));
}

static void
expect_too_big (ScopeSandbox  *sandbox,
                const GString *bytes)
{
  Raw *raw = raw_upgrade (sandbox);
  g_autoptr (GString) goodbye = g_string_new (NULL);

  raw_send_all (raw, bytes);
  WAIT_UNTIL (heard (raw, TOO_BIG));
  WAIT_UNTIL (scope_sandbox_count_connections (sandbox) == 0);
  append_frame (goodbye, FINAL | CLOSE, "\x03\xf1", 2);
  raw_send_all (raw, goodbye);
  WAIT_UNTIL (raw_has_ended (raw));
  raw_free (raw);
}

/* Thousands of fragments, each of them small; the message never ends. */
static void
test_fragments (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autofree char *piece = g_strnfill (1000, 'x');
  g_autoptr (GString) bytes = g_string_new (NULL);

  append_frame (bytes, TEXT, piece, 1000);
  for (guint i = 0; i < 5000; i++)
    append_frame (bytes, MORE, piece, 1000);
  expect_too_big (sandbox, bytes);
}

/* One frame that announces too much is not waited for; nor does a length of 2⁶⁴ − 1 wrap. */
static void
test_announced (void)
{
  static const guint64 lengths[] = { SCOPE_SANDBOX_FRAME_BYTES + 1, (guint64) 1 << 32, G_MAXINT64, G_MAXUINT64 };
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      guint64 length = GUINT64_TO_BE (lengths[i]);
      g_autoptr (GString) bytes = g_string_new ("\x81\xff");
      Raw *raw = raw_upgrade (sandbox);

      g_string_append_len (bytes, (const char *) &length, sizeof length);
      g_string_append (bytes, "mask");
      raw_send_all (raw, bytes);
      WAIT_UNTIL (heard (raw, TOO_BIG));
      raw_free (raw);
      WAIT_UNTIL (scope_sandbox_count_connections (sandbox) == 0);
    }
}

/* The pieces of a message that is small enough, even empty ones, with pings between them; then another message. */
static void
test_whole (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autoptr (GString) bytes = g_string_new (NULL);
  Raw *raw = raw_upgrade (sandbox);
  gsize sent = 0;

  append_frame (bytes, TEXT, "", 0);
  for (guint i = 0; i < strlen (SUBSCRIBE); i++)
    {
      append_frame (bytes, MORE, SUBSCRIBE + i, 1);
      append_frame (bytes, MORE, "", 0);
      append_frame (bytes, FINAL | PING, "here", 4);
    }
  append_frame (bytes, FINAL | MORE, "", 0);
  for (; sent < bytes->len; sent++)
    g_assert_cmpint (g_socket_send (raw->socket, bytes->str + sent, 1, NULL, NULL), ==, 1);
  WAIT_UNTIL (heard (raw, SUBSCRIBED));
  raw_free (raw);
}

/* The bound is the message's: many that reach it, one after the other, are read. */
static void
test_bound (void)
{
  g_autoptr (ScopeSandbox) sandbox = sandbox_open ();
  g_autofree char *largest = g_strnfill (SCOPE_SANDBOX_FRAME_BYTES, ' ');
  g_autoptr (GString) bytes = g_string_new (NULL);
  Raw *raw = raw_upgrade (sandbox);

  memcpy (largest, SUBSCRIBE, strlen (SUBSCRIBE));
  for (guint i = 0; i < 20; i++)
    {
      append_frame (bytes, TEXT, largest, SCOPE_SANDBOX_FRAME_BYTES - 10);
      append_frame (bytes, FINAL | MORE, largest + SCOPE_SANDBOX_FRAME_BYTES - 10, 10);
    }
  raw_send_all (raw, bytes);
  WAIT_UNTIL (heard (raw, SUBSCRIBED));
  g_assert_cmpuint (scope_sandbox_count_connections (sandbox), ==, 1);
  raw_free (raw);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  client_init ();
  g_test_add_func ("/sandbox-frames/fragments", test_fragments);
  g_test_add_func ("/sandbox-frames/announced", test_announced);
  g_test_add_func ("/sandbox-frames/whole", test_whole);
  g_test_add_func ("/sandbox-frames/bound", test_bound);
  return g_test_run ();
}
