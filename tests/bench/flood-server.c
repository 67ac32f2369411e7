/* SPDX-License-Identifier: GPL-3.0-or-later */

/* flood-server N SIZE [RATE]: a server that costs nothing, so that only its client is measured. All N frames are
 * composed beforehand; whoever subscribes gets them as fast as the socket takes them, or RATE a second. Serves one
 * client after the other until its standard input closes; prints its port. */

#include "config.h"

#include <arpa/inet.h>
#include <gio/gio.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SLICES_PER_SECOND 200

static void
append_frame (GByteArray *out,
              const char *text)
{
  gsize length = strlen (text);
  guint8 head[4] = { 0x81, 126, length >> 8, length & 0xff };

  if (length < 126)
    {
      head[1] = length;
      g_byte_array_append (out, head, 2);
    }
  else
    g_byte_array_append (out, head, 4);
  g_byte_array_append (out, (const guint8 *) text, length);
}

/* one event of about `size` bytes, its data a JSON text in a string, as servers send it */
static GByteArray *
compose_flood (guint n,
               gsize size)
{
  GByteArray *flood = g_byte_array_sized_new (n * (size + 8));
  g_autofree char *filler = NULL;
  g_autofree char *empty = g_strdup_printf ("{\"event\":\"order.paid\",\"channel\":\"flood\",\"data\":"
                                            "\"{\\\"n\\\":%07u,\\\"customer\\\":\\\"\\\"}\"}", 0);

  filler = g_strnfill (size > strlen (empty) ? size - strlen (empty) : 0, 'x');
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *text
          = g_strdup_printf ("{\"event\":\"order.paid\",\"channel\":\"flood\",\"data\":"
                             "\"{\\\"n\\\":%u,\\\"customer\\\":\\\"%s\\\"}\"}", 1000000 + i, filler);

      append_frame (flood, text);
    }
  return flood;
}

static gboolean
write_all (int fd,
           gconstpointer bytes,
           gsize length)
{
  const char *place = bytes;

  while (length > 0)
    {
      gssize n = send (fd, place, length, MSG_NOSIGNAL);

      if (n <= 0)
        return FALSE;
      place += n;
      length -= n;
    }
  return TRUE;
}

/* Equal shares, SLICES_PER_SECOND of them, each at its time: one that comes late is followed at once by the next. */
static gboolean
write_paced (int               fd,
             const GByteArray *flood,
             guint             n,
             guint             rate)
{
  gint64 started = g_get_monotonic_time ();
  gsize frame = flood->len / n;
  guint slice = MAX (rate / SLICES_PER_SECOND, 1);

  for (guint sent = 0; sent < n; sent += slice)
    {
      gint64 due = started + (gint64) sent * G_USEC_PER_SEC / rate;
      gint64 now = g_get_monotonic_time ();

      if (due > now)
        g_usleep (due - now);
      if (!write_all (fd, flood->data + sent * frame, MIN (slice, n - sent) * frame))
        return FALSE;
    }
  return TRUE;
}

static gboolean
upgrade (int fd)
{
  g_autoptr (GString) request = g_string_new (NULL);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *accept_key = NULL;
  g_autofree char *answer = NULL;
  char buffer[2048];
  guint8 digest[20];
  gsize n_digest = sizeof digest;
  const char *key;

  while (strstr (request->str, "\r\n\r\n") == NULL)
    {
      gssize n = recv (fd, buffer, sizeof buffer, 0);

      if (n <= 0 || request->len > 65536)
        return FALSE;
      g_string_append_len (request, buffer, n);
    }
  key = g_strstr_len (request->str, -1, "Sec-WebSocket-Key: ");
  if (key == NULL)
    return FALSE;

  key += strlen ("Sec-WebSocket-Key: ");
  g_checksum_update (checksum, (const guchar *) key, strcspn (key, "\r"));
  g_checksum_update (checksum, (const guchar *) "258EAFA5-E914-47DA-95CA-C5AB0DC85B11", -1);
  g_checksum_get_digest (checksum, digest, &n_digest);
  accept_key = g_base64_encode (digest, n_digest);
  answer = g_strdup_printf ("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                            "Sec-WebSocket-Accept: %s\r\n\r\n", accept_key);
  return write_all (fd, answer, strlen (answer));
}

static void
serve (int fd,
       const GByteArray *flood,
       guint n,
       guint rate)
{
  g_autoptr (GByteArray) greeting = g_byte_array_new ();
  g_autoptr (GByteArray) succeeded = g_byte_array_new ();
  char buffer[4096];

  append_frame (greeting, "{\"event\":\"pusher:connection_established\",\"data\":"
                          "\"{\\\"socket_id\\\":\\\"1.1\\\",\\\"activity_timeout\\\":120}\"}");
  append_frame (succeeded, "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"flood\",\"data\":\"{}\"}");
  if (!upgrade (fd) || !write_all (fd, greeting->data, greeting->len))
    return;
  /* whatever it says first is its subscription */
  if (recv (fd, buffer, sizeof buffer, 0) <= 0 || !write_all (fd, succeeded->data, succeeded->len)
      || !(rate > 0 ? write_paced (fd, flood, n, rate) : write_all (fd, flood->data, flood->len)))
    return;
  while (recv (fd, buffer, sizeof buffer, 0) > 0)
    ;
}

static int
listen_on_loopback (guint16 *port)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0 || bind (fd, (struct sockaddr *) &address, sizeof address) != 0 || listen (fd, 4) != 0
      || getsockname (fd, (struct sockaddr *) &address, &length) != 0)
    g_error ("Can't listen");
  *port = ntohs (address.sin_port);
  return fd;
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GByteArray) flood = NULL;
  guint16 port;
  int listener;

  if (argc != 3 && argc != 4)
    {
      g_printerr ("usage: flood-server N SIZE [RATE]\n");
      return 2;
    }
  flood = compose_flood (atoi (argv[1]), atoi (argv[2]));
  listener = listen_on_loopback (&port);
  g_print ("%u\n", port);
  for (;;)
    {
      struct pollfd fds[] = { { .fd = listener, .events = POLLIN }, { .fd = 0, .events = POLLIN } };
      int fd;

      if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 || fds[1].revents != 0)
        return 0;
      fd = accept (listener, NULL, NULL);
      serve (fd, flood, atoi (argv[1]), argc == 4 ? atoi (argv[3]) : 0);
      close (fd);
    }
}
