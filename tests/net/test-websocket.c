/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A websocket after its upgrade, against a server's bytes: what is told, and what is answered. The cases are those
 * an RFC 6455 test suite has (its numbers stand beside them), valid and invalid, whole and byte by byte. */

#include "config.h"

#include <gio/gio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/scope-limits.h"
#include "net/scope-websocket.h"
#include "tests/wait.h"

#define ORDERLY_END "\x88\x02\x03\xe8"

typedef struct Fixture Fixture;

struct Fixture
{
  GSocket *peer;
  ScopeWebsocket *websocket;
  GString *told;
  guint n_told;
  guint n_closed;
  char *error;
  void (*react) (Fixture *f); /* while something is told */
};

/* --- what is told --- */

G_GNUC_PRINTF (2, 3) static void
tell (Fixture    *f,
      const char *format,
      ...)
{
  va_list args;

  va_start (args, format);
  g_string_append_vprintf (f->told, format, args);
  va_end (args);
  f->n_told++;
  if (f->react != NULL)
    f->react (f);
}

static void
text_cb (gpointer  user_data,
         GBytes   *message)
{
  gsize size;
  const char *text = g_bytes_get_data (message, &size);

  if (size > 50)
    tell (user_data, "text %zu, ", size);
  else
    tell (user_data, "text <%.*s>, ", (int) size, text);
}

static void
binary_cb (gpointer user_data,
           gsize    size)
{
  tell (user_data, "binary %zu, ", size);
}

static void
fault_cb (gpointer user_data,
          guint    code)
{
  tell (user_data, "fault %u, ", code);
}

static void
failed_cb (gpointer      user_data,
           const GError *error)
{
  Fixture *f = user_data;

  g_assert_nonnull (error);
  g_free (f->error);
  f->error = g_strdup (error->message);
  tell (user_data, "failed, ");
}

static void
closed_cb (gpointer    user_data,
           guint       code,
           const char *reason)
{
  ((Fixture *) user_data)->n_closed++;
  tell (user_data, "closed %u <%s>", code, reason != NULL ? reason : "");
}

static const ScopeWebsocketListener listener = { text_cb, binary_cb, fault_cb, failed_cb, closed_cb };

/* --- both ends --- */

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  int fds[2];
  g_autoptr (GSocket) socket = NULL;
  g_autoptr (GSocketConnection) connection = NULL;
  g_autoptr (SoupWebsocketConnection) upgraded = NULL;
  g_autoptr (GUri) uri = g_uri_parse ("ws://127.0.0.1/", SOUP_HTTP_URI_FLAGS, NULL);

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
  socket = g_socket_new_from_fd (fds[0], NULL);
  f->peer = g_socket_new_from_fd (fds[1], NULL);
  g_socket_set_blocking (f->peer, FALSE);
  connection = g_socket_connection_factory_create_connection (socket);
  upgraded = soup_websocket_connection_new (G_IO_STREAM (connection), uri, SOUP_WEBSOCKET_CONNECTION_CLIENT, NULL,
                                            NULL, NULL);
  f->told = g_string_new (NULL);
  f->websocket = scope_websocket_new (upgraded, &listener, f);
  g_assert_nonnull (f->websocket);
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  if (f->websocket != NULL)
    g_assert_finalize_object (f->websocket);
  g_object_unref (f->peer);
  g_string_free (f->told, TRUE);
  g_free (f->error);
}

/* what does not fit into the socket waits until it was read; what nobody reads any more is dropped */
static void
serve (Fixture    *f,
       const char *bytes,
       gsize       length,
       gsize       piece)
{
  gint64 deadline = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;

  for (gsize at = 0; at < length && f->n_closed == 0;)
    {
      gssize n = g_socket_send (f->peer, bytes + at, MIN (piece, length - at), NULL, NULL);

      at += MAX (n, 0);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
    }
}

static GByteArray *
take_answer (Fixture *f)
{
  GByteArray *answer = g_byte_array_new ();
  guint8 buffer[65536];
  gssize n;

  while ((n = g_socket_receive (f->peer, (char *) buffer, sizeof buffer, NULL, NULL)) > 0)
    g_byte_array_append (answer, buffer, n);
  return answer;
}

/* What a client sends is masked, whole, and as short as can be. */
static gsize
describe_frame (GString      *text,
                const guint8 *frame,
                gsize         size)
{
  gsize length, head = 2;
  g_autofree char *payload = NULL;

  g_assert_cmpuint (size, >=, 6);
  g_assert_cmpuint (frame[0] & 0xf0, ==, 0x80);
  g_assert_cmpuint (frame[1] & 0x80, ==, 0x80);
  length = frame[1] & 0x7f;
  if (length == 126)
    {
      length = frame[2] << 8 | frame[3];
      head = 4;
      g_assert_cmpuint (length, >, 125);
    }
  g_assert_cmpuint (length, <, 65536);
  g_assert_cmpuint (size, >=, head + 4 + length);
  payload = g_malloc0 (length + 1);
  for (gsize i = 0; i < length; i++)
    payload[i] = frame[head + 4 + i] ^ frame[head + i % 4];

  switch (frame[0] & 0x0f)
    {
    case 8:
      g_assert_cmpuint (length, ==, 2);
      g_string_append_printf (text, "close %u", (guint8) payload[0] << 8 | (guint8) payload[1]);
      break;
    case 10:
      if (length > 50)
        g_string_append_printf (text, "pong %zu, ", length);
      else
        g_string_append_printf (text, "pong <%s>, ", payload);
      break;
    case 1:
      g_string_append_printf (text, "text <%s>, ", payload);
      break;
    default:
      g_assert_not_reached ();
    }
  return head + 4 + length;
}

static void
assert_answer (Fixture    *f,
               const char *expected)
{
  g_autoptr (GByteArray) answer = take_answer (f);
  g_autoptr (GString) text = g_string_new (NULL);

  for (gsize at = 0; at < answer->len;)
    at += describe_frame (text, answer->data + at, answer->len - at);
  g_assert_cmpstr (text->str, ==, expected);
}

/* --- cases --- */

typedef struct
{
  const char *number;
  const char *bytes; /* ended by an orderly close frame, which counts if the end did not come before */
  gsize length;
  const char *told;
  const char *answered;
} Case;

#define CASE(number, bytes, told, answered) { number, bytes, sizeof bytes - 1, told, answered }
#define GOOD(number, bytes, told) CASE (number, bytes, told "closed 1000 <>", "close 1000")
#define BAD(number, bytes, code) CASE (number, bytes, "fault " #code ", closed 0 <>", "close " #code)
#define BAD_AFTER(number, bytes, told, code) CASE (number, bytes, told "fault " #code ", closed 0 <>", "close " #code)
#define CLOSE(number, bytes, code) CASE (number, "\x88\x02" bytes, "closed " #code " <>", "close " #code)
#define X25 "xxxxxxxxxxxxxxxxxxxxxxxxx"
#define X123 X25 X25 X25 X25 "xxxxxxxxxxxxxxxxxxxxxxx"

static const Case cases[] = {
  /* framing */
  GOOD ("1.1.1", "\x81\x00", "text <>, "),
  GOOD ("1.1.2", "\x81\x7d" X123 "xx", "text 125, "),
  GOOD ("1.1.3", "\x81\x7e\x00\x7e" X123 "xxx", "text 126, "),
  GOOD ("1.1.4", "\x81\x7e\x00\x7f" X123 "xxxx", "text 127, "),
  GOOD ("1.2.1", "\x82\x00", "binary 0, "),
  GOOD ("1.2.2", "\x82\x7d" X123 "\xfe\xff", "binary 125, "),
  GOOD ("1.2.3", "\x82\x7e\x00\x7e" X123 "\xfd\xfe\xff", "binary 126, "),
  BAD ("length not minimal", "\x81\x7e\x00\x05hello", 1002),
  BAD ("length not minimal", "\x81\x7e\x00\x7d" X123 "xx", 1002),
  BAD ("length not minimal", "\x81\x7f\x00\x00\x00\x00\x00\x00\xff\xff", 1002),
  BAD ("length of 64 bits", "\x81\x7f\x80\x00\x00\x00\x00\x00\x00\x00", 1002),
  BAD ("length of 64 bits", "\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 1002),
  BAD ("masked", "\x81\x85\x00\x00\x00\x00hello", 1002),
  BAD ("masked", "\x81\x80\x01\x02\x03\x04", 1002),
  BAD ("masked", "\x89\x80\x01\x02\x03\x04", 1002),
  BAD ("masked", "\x88\x82\x00\x00\x00\x00\x03\xe8", 1002),
  BAD ("an answer of HTTP", "HTTP/1.1 200 OK\r\n\r\n", 1002),

  /* pings and pongs */
  CASE ("2.1", "\x89\x00", "closed 1000 <>", "pong <>, close 1000"),
  CASE ("2.2", "\x89\x0bhello there", "closed 1000 <>", "pong <hello there>, close 1000"),
  CASE ("2.3", "\x89\x06\xff\xfe\xfd\xfc\xfb\xfa", "closed 1000 <>", "pong <\xff\xfe\xfd\xfc\xfb\xfa>, close 1000"),
  CASE ("2.4", "\x89\x7d" X123 "xx", "closed 1000 <>", "pong 125, close 1000"),
  BAD ("2.5", "\x89\x7e\x00\x7e" X123 "xxx", 1002),
  BAD ("2.5 of 64 bits", "\x89\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 1002),
  GOOD ("2.7", "\x8a\x00", ""),
  GOOD ("2.8", "\x8a\x05hello", ""),
  CASE ("2.9", "\x8a\x05hello\x89\x02hi", "closed 1000 <>", "pong <hi>, close 1000"),
  CASE ("2.10", "\x89\x01" "1\x89\x01" "2\x89\x01" "3\x89\x01" "4\x89\x01" "5", "closed 1000 <>",
        "pong <1>, pong <2>, pong <3>, pong <4>, pong <5>, close 1000"),

  /* reserved bits */
  BAD ("3.1", "\x91\x05hello", 1002),
  BAD_AFTER ("3.2", "\x81\x01" "a\xa1\x05hello", "text <a>, ", 1002),
  BAD_AFTER ("3.3", "\x81\x01" "a\xb1\x05hello\x89\x00", "text <a>, ", 1002),
  BAD ("3.4", "\xc1\x05hello", 1002),
  BAD ("3.5", "\xd2\x05hello", 1002),
  BAD ("3.6", "\xe9\x05hello", 1002),
  BAD ("3.7", "\xf8\x00", 1002),
  BAD ("3.8", "\x01\x01h\x90\x04" "ello", 1002),

  /* reserved opcodes */
  BAD ("4.1.1", "\x83\x00", 1002),
  BAD ("4.1.2", "\x84\x01" "a", 1002),
  BAD_AFTER ("4.1.3", "\x81\x01" "a\x85\x00\x89\x00", "text <a>, ", 1002),
  BAD ("4.1.4", "\x86\x01" "a", 1002),
  BAD ("4.1.5", "\x87\x00", 1002),
  BAD ("4.2.1", "\x8b\x00", 1002),
  BAD ("4.2.2", "\x8c\x01" "a", 1002),
  BAD_AFTER ("4.2.3", "\x81\x01" "a\x8d\x00\x89\x00", "text <a>, ", 1002),
  BAD ("4.2.4", "\x8e\x01" "a", 1002),
  BAD ("4.2.5", "\x8f\x00", 1002),

  /* fragments */
  BAD ("5.1", "\x09\x01" "a\x80\x01" "b", 1002),
  BAD ("5.2", "\x0a\x01" "a\x80\x01" "b", 1002),
  GOOD ("5.3", "\x01\x03hel\x80\x02lo", "text <hello>, "),
  CASE ("5.6", "\x01\x03hel\x89\x01p\x80\x02lo", "text <hello>, closed 1000 <>", "pong <p>, close 1000"),
  BAD ("5.9", "\x80\x05hello\x81\x05hello", 1002),
  BAD_AFTER ("5.11", "\x81\x01" "a\x80\x05hello", "text <a>, ", 1002),
  BAD ("5.12", "\x00\x05hello\x81\x05hello", 1002),
  BAD_AFTER ("5.15", "\x01\x01" "a\x80\x01" "b\x00\x01" "c\x81\x01" "d", "text <ab>, ", 1002),
  BAD ("5.18", "\x01\x01" "a\x81\x01" "b", 1002),
  BAD ("5.18 binary", "\x01\x01" "a\x82\x01" "b", 1002),
  CASE ("5.19", "\x01\x01" "a\x00\x01" "b\x89\x01p\x00\x01" "c\x89\x01q\x80\x01" "d", "text <abcd>, closed 1000 <>",
        "pong <p>, pong <q>, close 1000"),
  GOOD ("5.21 empty parts", "\x01\x00\x00\x00\x00\x00\x80\x00\x01\x00\x00\x01" "a\x80\x00", "text <>, text <a>, "),
  GOOD ("5.22 binary", "\x02\x02\xff\xfe\x8a\x00\x80\x01\x00", "binary 3, "),

  /* UTF-8 */
  GOOD ("6.1.2", "\x01\x00\x00\x00\x80\x00", "text <>, "),
  GOOD ("6.2.1", "\x81\x0f" "Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4", "text <Hello-\xc2\xb5@\xc3\x9f\xc3\xb6\xc3\xa4>, "),
  GOOD ("6.2.2", "\x01\x08" "Hello-\xc2\xb5\x80\x06\xc3\x9f\xc3\xb6\xc3\xa4",
        "text <Hello-\xc2\xb5\xc3\x9f\xc3\xb6\xc3\xa4>, "),
  GOOD ("6.2.3 each octet", "\x01\x01\xe2\x00\x01\x82\x80\x01\xac", "text <\xe2\x82\xac>, "),
  GOOD ("6.2.4", "\x81\x0b\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5",
        "text <\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5>, "),
  BAD ("6.3.1", "\x81\x0e\xce\xba\xe1\xbd\xb9\xcf\x83\xed\xa0\x80" "edit", 1007),
  BAD ("6.3.2", "\x01\x09\xce\xba\xe1\xbd\xb9\xcf\x83\xed\xa0\x00\x01\x80\x80\x04" "edit", 1007),
  BAD ("6.4.1", "\x01\x04\xce\xba\xf4\x90\x80\x02\x80\x80", 1007),
  GOOD ("6.6.1", "\x81\x04\xf4\x8f\xbf\xbf", "text <\xf4\x8f\xbf\xbf>, "),
  BAD ("6.6.2 cut", "\x81\x03\xf4\x8f\xbf", 1007),
  BAD ("6.6.3 cut by the end", "\x01\x02\xf4\x8f\x80\x01\xbf", 1007),
  GOOD ("6.7", "\x81\x0d\x7f\xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80\x7f\x7f\x7f",
        "text <\x7f\xc2\x80\xe0\xa0\x80\xf0\x90\x80\x80\x7f\x7f\x7f>, "),
  BAD ("6.8.1 five octets", "\x81\x05\xf8\x88\x80\x80\x80", 1007),
  BAD ("6.8.2 six octets", "\x81\x06\xfc\x84\x80\x80\x80\x80", 1007),
  GOOD ("6.9 last of each", "\x81\x0c\xdf\xbf\xef\xbf\xbf\xf4\x8f\xbf\xbf\x7f\x7f\x7f",
        "text <\xdf\xbf\xef\xbf\xbf\xf4\x8f\xbf\xbf\x7f\x7f\x7f>, "),
  BAD ("6.10 above U+10FFFF", "\x81\x04\xf4\x90\x80\x80", 1007),
  BAD ("6.12 alone", "\x81\x01\x80", 1007),
  BAD ("6.12.2 alone", "\x81\x02\xbf\xbf", 1007),
  BAD ("6.13 start alone", "\x81\x02\xc3\x20", 1007),
  BAD ("6.14 nothing follows", "\x81\x01\xe0", 1007),
  BAD ("6.16 never", "\x81\x01\xfe", 1007),
  BAD ("6.16.2 never", "\x81\x01\xff", 1007),
  BAD ("6.17 too long", "\x81\x02\xc0\xaf", 1007),
  BAD ("6.17.2 too long", "\x81\x03\xe0\x80\xaf", 1007),
  BAD ("6.17.3 too long", "\x81\x04\xf0\x80\x80\xaf", 1007),
  BAD ("6.18 too long", "\x81\x02\xc1\xbf", 1007),
  BAD ("6.19 NUL too long", "\x81\x02\xc0\x80", 1007),
  BAD ("6.20 surrogate", "\x81\x03\xed\xbf\xbf", 1007),
  BAD ("6.21 surrogates", "\x81\x06\xed\xa0\x80\xed\xb0\x80", 1007),
  GOOD ("6.22 no character", "\x81\x03\xef\xbf\xbe", "text <\xef\xbf\xbe>, "),
  GOOD ("6.23", "\x81\x03\xef\xbf\xbd", "text <\xef\xbf\xbd>, "),
  GOOD ("binary is not looked at", "\x82\x02\xc3\x28", "binary 2, "),
  CASE ("nor are pings", "\x89\x02\xc3\x28", "closed 1000 <>", "pong <\xc3\x28>, close 1000"),

  /* the end */
  GOOD ("7.1.1", "\x81\x05hello", "text <hello>, "),
  CASE ("7.1.2", "\x88\x02\x03\xe8\x88\x02\x03\xe9", "closed 1000 <>", "close 1000"),
  CASE ("7.1.3", "\x88\x02\x03\xe8\x89\x05hello", "closed 1000 <>", "close 1000"),
  CASE ("7.1.4", "\x88\x02\x03\xe8\x81\x05hello", "closed 1000 <>", "close 1000"),
  CASE ("7.1.5", "\x01\x05hello\x88\x02\x03\xe8\x80\x01!", "closed 1000 <>", "close 1000"),
  CASE ("7.1.6 nor a fault", "\x88\x02\x03\xe8\xff\xff", "closed 1000 <>", "close 1000"),
  CASE ("7.3.1", "\x88\x00", "closed 1005 <>", "close 1000"),
  BAD ("7.3.2", "\x88\x01\x03", 1002),
  CASE ("7.3.4", "\x88\x0f\x03\xe8Hello World!!", "closed 1000 <Hello World!!>", "close 1000"),
  CASE ("7.3.5", "\x88\x7d\x03\xe8" X123, "closed 1000 <" X123 ">", "close 1000"),
  BAD ("7.3.6", "\x88\x7e\x00\x7e\x03\xe8" X123 "x", 1002),
  BAD ("7.4 in parts", "\x08\x01\x03\x80\x01\xe8", 1002),
  BAD ("7.5.1", "\x88\x0b\x03\xe8\xce\xba\xed\xa0\x80" "edit", 1007),
  BAD ("7.5.2 cut", "\x88\x03\x03\xe8\xc3", 1007),
  CLOSE ("7.7.1", "\x03\xe8", 1000),
  CLOSE ("7.7.2", "\x03\xe9", 1001),
  CLOSE ("7.7.3", "\x03\xea", 1002),
  CLOSE ("7.7.4", "\x03\xeb", 1003),
  CLOSE ("7.7.5", "\x03\xef", 1007),
  CLOSE ("7.7.6", "\x03\xf0", 1008),
  CLOSE ("7.7.7", "\x03\xf1", 1009),
  CLOSE ("7.7.8", "\x03\xf2", 1010),
  CLOSE ("7.7.9", "\x03\xf3", 1011),
  CLOSE ("registered", "\x03\xf4", 1012),
  CLOSE ("registered", "\x03\xf5", 1013),
  CLOSE ("registered", "\x03\xf6", 1014),
  CLOSE ("7.7.10", "\x0b\xb8", 3000),
  CLOSE ("7.7.11", "\x0f\x9f", 3999),
  CLOSE ("7.7.12", "\x0f\xa0", 4000),
  CLOSE ("of the protocol", "\x0f\xa1", 4001),
  CLOSE ("7.7.13", "\x13\x87", 4999),
  BAD ("7.9.1", "\x88\x02\x00\x00", 1002),
  BAD ("7.9.2", "\x88\x02\x03\xe7", 1002),
  BAD ("7.9.3", "\x88\x02\x03\xec", 1002),
  BAD ("7.9.4", "\x88\x02\x03\xed", 1002),
  BAD ("7.9.5", "\x88\x02\x03\xee", 1002),
  BAD ("7.9.6", "\x88\x02\x03\xf8", 1002),
  BAD ("7.9.7", "\x88\x02\x04\x4c", 1002),
  BAD ("7.9.8", "\x88\x02\x07\xd0", 1002),
  BAD ("7.9.9", "\x88\x02\x0b\xb7", 1002),
  BAD ("TLS", "\x88\x02\x03\xf7", 1002),
  BAD ("7.13.1", "\x88\x02\x13\x88", 1002),
  BAD ("7.13.2", "\x88\x02\xff\xff", 1002),

  /* limits */
  BAD ("9.1", "\x81\x7f\x00\x00\x00\x00\x00\x40\x00\x01", 1009),
  BAD ("9.1 most of all", "\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 1009),
  BAD ("9.3 in parts", "\x01\x01" "a\x80\x7f\x00\x00\x00\x00\x00\x40\x00\x00", 1009),
};

static void
check_case (const Case *row,
            gsize       piece)
{
  Fixture f = { 0 };
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  g_test_message ("%s", row->number);
  g_byte_array_append (bytes, (const guint8 *) row->bytes, row->length);
  g_byte_array_append (bytes, (const guint8 *) ORDERLY_END, 4);
  set_up (&f, NULL);
  serve (&f, (const char *) bytes->data, bytes->len, piece);
  WAIT_UNTIL (f.n_closed >= 1);
  g_assert_cmpstr (f.told->str, ==, row->told);
  assert_answer (&f, row->answered);
  g_assert_cmpuint (f.n_closed, ==, 1);
  tear_down (&f, NULL);
}

static void
test_cases (gconstpointer piece)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    check_case (&cases[i], GPOINTER_TO_SIZE (piece));
}

/* --- larger than the socket takes at once --- */

static void
append_frame (GByteArray *bytes,
              guint8      first,
              gsize       size)
{
  guint8 head[10] = { first, 127 };
  g_autofree guint8 *payload = g_malloc (size);

  for (guint i = 0; i < 8; i++)
    head[2 + i] = ((guint64) size >> (56 - 8 * i)) & 0xff;
  memset (payload, 'x', size);
  g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, payload, size);
}

static void
test_large (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();

  append_frame (bytes, 0x81, SCOPE_LIMIT_FRAME_BYTES); /* 9.1.6 */
  append_frame (bytes, 0x82, 65536);                   /* 1.2.7 */
  for (guint i = 0; i < 4; i++)                        /* 9.3 */
    {
      append_frame (bytes, i == 0 ? 0x01 : i == 3 ? 0x80 : 0x00, SCOPE_LIMIT_FRAME_BYTES / 4);
      g_byte_array_append (bytes, (const guint8 *) "\x89\x01p", 3);
    }
  g_byte_array_append (bytes, (const guint8 *) ORDERLY_END, 4);
  serve (f, (const char *) bytes->data, bytes->len, 100000);
  WAIT_UNTIL (f->n_closed >= 1);
  g_assert_cmpstr (f->told->str, ==, "text 4194304, binary 65536, text 4194304, closed 1000 <>");
  assert_answer (f, "pong <p>, pong <p>, pong <p>, pong <p>, close 1000");
}

/* --- the user's side --- */

static void
test_send (Fixture       *f,
           gconstpointer  data)
{
  scope_websocket_send (f->websocket, "hello", 5);
  scope_websocket_close (f->websocket, 4000);
  scope_websocket_send (f->websocket, "too late", 8);
  scope_websocket_close (f->websocket, 1000);
  /* it is still read, but no ping is answered any more */
  serve (f, "\x89\x01p\x81\x04last" ORDERLY_END, 13, G_MAXSIZE);
  WAIT_UNTIL (f->n_closed >= 1);
  g_assert_cmpstr (f->told->str, ==, "text <last>, closed 1000 <>");
  assert_answer (f, "text <hello>, close 4000");
}

/* Whoever is told may close, send, or hold: what came already is told all the same. */
static void
close_cb (Fixture *f)
{
  scope_websocket_hold (f->websocket, TRUE);
  scope_websocket_send (f->websocket, "x", 1);
  scope_websocket_close (f->websocket, 4001);
}

static void
test_close_inside (Fixture       *f,
                   gconstpointer  data)
{
  f->react = close_cb;
  serve (f, "\x81\x01" "a\x81\x01" "b" ORDERLY_END, 10, G_MAXSIZE);
  WAIT_UNTIL (f->n_closed >= 1);
  g_assert_cmpstr (f->told->str, ==, "text <a>, text <b>, closed 1000 <>");
  assert_answer (f, "text <x>, close 4001");
}

/* It may go while something is told: nothing more is, and the socket is closed. */
static void
drop_cb (Fixture *f)
{
  f->react = NULL;
  g_object_run_dispose (G_OBJECT (f->websocket));
  g_clear_object (&f->websocket);
}

static void
test_dropped_inside (void)
{
  static const char * const firsts[] = { "\x81\x01" "a\x81\x01" "b", "\x82\x01" "a\x81\x01" "b", "\x83\x01" "a\x81\x01" "b",
                                         "\x81\x01" "a\x83\x01" "b" };

  for (gsize i = 0; i < G_N_ELEMENTS (firsts); i++)
    {
      Fixture f = { .react = drop_cb };
      gpointer weak;
      char byte;

      set_up (&f, NULL);
      weak = f.websocket;
      g_object_add_weak_pointer (G_OBJECT (weak), &weak);
      g_socket_send (f.peer, firsts[i], 6, NULL, NULL);
      WAIT_UNTIL (weak == NULL);
      g_assert_cmpuint (f.n_told, ==, 1);
      while (g_socket_receive (f.peer, &byte, 1, NULL, NULL) == 1)
        ;
      g_assert_cmpint (g_socket_receive (f.peer, &byte, 1, NULL, NULL), ==, 0);
      tear_down (&f, NULL);
    }
}

/* A server that says nothing more does not keep it for ever, nor does one that reads nothing. */
static void
test_no_answer (Fixture       *f,
                gconstpointer  data)
{
  scope_websocket_close (f->websocket, 1000);
  WAIT_UNTIL (f->n_closed >= 1);
  g_assert_cmpstr (f->told->str, ==, "closed 0 <>");
  assert_answer (f, "close 1000");
}

static void
test_unread (Fixture       *f,
             gconstpointer  data)
{
  g_autofree char *text = g_strnfill (60000, 'x');

  for (guint i = 0; i < 20; i++) /* far more than the socket takes */
    scope_websocket_send (f->websocket, text, 60000);
  serve (f, ORDERLY_END, 4, G_MAXSIZE);
  WAIT_UNTIL (f->n_closed >= 1);
  g_assert_cmpstr (f->told->str, ==, "closed 1000 <>");
}

/* What we send does not pile up before a server that reads nothing: it is given up, and said why. */
static void
test_unread_for_long (Fixture       *f,
                      gconstpointer  data)
{
  g_autofree char *text = g_strnfill (60000, 'x');

  for (guint i = 0; i < 2 * SCOPE_LIMIT_OUTGOING_BYTES / 60000; i++)
    scope_websocket_send (f->websocket, text, 60000);
  g_assert_cmpuint (f->n_told, ==, 0); /* not while it is sent */
  WAIT_UNTIL (f->n_closed >= 1);
  g_assert_cmpstr (f->told->str, ==, "failed, closed 0 <>");
  g_assert_nonnull (strstr (f->error, "does not read"));
}

/* A single large message is none of that. */
static void
test_unread_large (Fixture       *f,
                   gconstpointer  data)
{
  gsize size = SCOPE_LIMIT_OUTGOING_BYTES + 1000;
  g_autofree char *text = g_strnfill (size, 'x');
  gsize taken = 0;

  scope_websocket_send (f->websocket, text, size);
  WAIT_UNTIL (({
    g_autoptr (GByteArray) part = take_answer (f);

    (taken += part->len) >= size;
  }));
  g_assert_cmpuint (f->n_told, ==, 0);
}

/* Pings that nobody wants answered do not pile up. */
static void
test_pings_unread (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  g_autoptr (GByteArray) answer = NULL;
  guint8 ping[127] = { 0x89, 125 };

  for (guint i = 0; i < 100000; i++)
    g_byte_array_append (bytes, ping, sizeof ping);
  g_byte_array_append (bytes, (const guint8 *) "\x81\x01" "a", 3);
  serve (f, (const char *) bytes->data, bytes->len, G_MAXSIZE);
  WAIT_UNTIL (f->n_told >= 1);
  g_assert_cmpstr (f->told->str, ==, "text <a>, ");
  /* once it is read, the rest comes, and then the end */
  scope_websocket_close (f->websocket, 1000);
  for (gint64 until = g_get_monotonic_time () + WAIT_SECONDS * G_USEC_PER_SEC;
       f->n_closed == 0 && g_get_monotonic_time () < until;)
    {
      g_autoptr (GByteArray) part = take_answer (f);

      if (part->len > 8 && memcmp (part->data + part->len - 8, "\x88\x82", 2) == 0)
        g_socket_send (f->peer, ORDERLY_END, 4, NULL, NULL);
      g_main_context_iteration (NULL, FALSE);
    }
  g_assert_cmpstr (f->told->str, ==, "text <a>, closed 1000 <>");
}

/* What is not whole when the connection ends is not told. */
static void
test_cut (Fixture       *f,
          gconstpointer  data)
{
  serve (f, "\x81\x01" "a\x81\x05hel", 8, G_MAXSIZE);
  g_socket_shutdown (f->peer, FALSE, TRUE, NULL);
  WAIT_UNTIL (f->n_closed >= 1);
  g_assert_cmpstr (f->told->str, ==, "text <a>, closed 0 <>");
}

#define ADD(path, func) g_test_add ("/websocket/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/websocket/cases", GSIZE_TO_POINTER (G_MAXSIZE), test_cases);
  g_test_add_data_func ("/websocket/cases-byte-by-byte", GSIZE_TO_POINTER (1), test_cases);
  ADD ("large", test_large);
  ADD ("send", test_send);
  ADD ("close-inside", test_close_inside);
  g_test_add_func ("/websocket/dropped-inside", test_dropped_inside);
  ADD ("no-answer", test_no_answer);
  ADD ("unread", test_unread);
  ADD ("unread-for-long", test_unread_for_long);
  ADD ("unread-large", test_unread_large);
  ADD ("pings-unread", test_pings_unread);
  ADD ("cut", test_cut);
  return g_test_run ();
}
