/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One HTTP connection of our own against answers as servers and others give them, cut anywhere. */

#include "config.h"

#include <string.h>

#include "base/scope-error.h"
#include "net/scope-http-line.h"
#include "tests/wait.h"

#define MAX_BYTES 100000
#define REFUSAL_BYTES 10

typedef struct
{
  GSocketListener *listener;
  GCancellable *stop;
  GThread *thread;
  const char * const *answers; /* one a request; NULL ends */
  gsize piece;                 /* bytes that are written at once */
  gboolean reads_nothing;      /* of the request */
  gboolean leaves;             /* after each answer */
  int n_connections;           /* atomic */
  gsize n_read;                /* of the requests; the thread's */
  ScopeHttpLine *line;
  GAsyncResult *result;
} Fixture;

static gboolean
server_read (Fixture *f,
             GInputStream *in)
{
  char buffer[4 + 65536] = "";
  gsize length = 4;

  while (memcmp (buffer + length - 4, "END!", 4) != 0)
    {
      gssize n;

      memmove (buffer, buffer + length - 4, 4);
      n = g_input_stream_read (in, buffer + 4, sizeof buffer - 4, f->stop, NULL);
      if (n <= 0)
        return FALSE;
      f->n_read += n;
      length = 4 + n;
    }
  return TRUE;
}

static gpointer
server_thread (gpointer data)
{
  Fixture *f = data;
  const char * const *answer = f->answers;
  GSocketConnection *connection;

  while (*answer != NULL && (connection = g_socket_listener_accept (f->listener, NULL, f->stop, NULL)) != NULL)
    {
      GOutputStream *out = g_io_stream_get_output_stream (G_IO_STREAM (connection));

      g_atomic_int_inc (&f->n_connections);
      while (*answer != NULL
             && (f->reads_nothing || server_read (f, g_io_stream_get_input_stream (G_IO_STREAM (connection)))))
        {
          const char *text = *answer++;

          for (gsize at = 0, length = strlen (text); at < length; at += f->piece)
            {
              g_output_stream_write_all (out, text + at, MIN (f->piece, length - at), NULL, f->stop, NULL);
              if (f->piece < length)
                g_usleep (200);
            }
          if (f->leaves || f->reads_nothing)
            break;
        }
      g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
      g_object_unref (connection);
    }
  return NULL;
}

static void
set_up (Fixture *f,
        gconstpointer data)
{
  guint port;
  g_autoptr (GError) error = NULL;

  f->stop = g_cancellable_new ();
  f->listener = g_socket_listener_new ();
  port = g_socket_listener_add_any_inet_port (f->listener, NULL, &error);
  g_assert_no_error (error);
  f->piece = G_MAXINT;
  f->line = scope_http_line_new ("127.0.0.1", port);
}

static void
tear_down (Fixture *f,
           gconstpointer data)
{
  g_cancellable_cancel (f->stop);
  if (f->thread != NULL)
    g_thread_join (f->thread);
  g_assert_finalize_object (f->line);
  g_object_unref (f->listener);
  g_object_unref (f->stop);
}

static void
serve (Fixture *f,
       const char * const *answers)
{
  f->answers = answers;
  f->thread = g_thread_new ("server", server_thread, f);
}

static gboolean
finish (Fixture *f,
        ScopeHttpAnswer *answer,
        GError **error)
{
  gboolean good;

  WAIT_UNTIL (f->result != NULL);
  good = scope_http_line_exchange_finish (f->line, f->result, answer, error);
  g_assert_false (scope_http_line_is_busy (f->line));
  g_clear_object (&f->result);
  return good;
}

static gboolean
exchange (Fixture *f,
          gsize size,
          ScopeHttpAnswer *answer,
          GError **error)
{
  GString *text = g_string_new ("POST / HTTP/1.1\r\n\r\n");
  g_autoptr (GBytes) request = NULL;

  while (text->len < size)
    g_string_append_c (text, 'x');
  g_string_append (text, "END!");
  request = g_string_free_to_bytes (text);
  scope_http_line_exchange_async (f->line, request, REFUSAL_BYTES, MAX_BYTES, NULL,
                                  wait_result_cb, &f->result);
  return finish (f, answer, error);
}

static void
assert_body (const ScopeHttpAnswer *answer,
             const char *expected)
{
  g_assert_cmpmem (answer->body->data, answer->body->len, expected, strlen (expected));
}

static const char * const good_answers[] = {
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=\"y\"\r\nlo\r\n0\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nTrailer: x\r\nMore: y\r\n\r\n",
  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length:5\r\n\r\nhello",
  "HTTP/1.1 404 Gone\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello",
  NULL,
};

/* Unusual, and yet clear. None of them ends its connection. */
static const char * const odd_answers[] = {
  "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\nhello",
  "HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
  "HTTP/1.1 200 OK\r\nCONTENT-LENGTH:5  \r\n\r\nhello",
  "HTTP/1.1 200 OK\r\nContent-Length: 0005\r\n\r\nhello",
  "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
  "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
  "HTTP/1.1 200 OK\r\nX: a\r\n b\r\nContent-Length: 5\r\n\r\nhello",
  "HTTP/1.1 200 OK\r\ntransfer-encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n000000000005\r\nhello\r\n00000000000\r\n\r\n",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5 \t; a=b ; c=\"d;e\"\r\nhello\r\n0;x\r\n\r\n",
  "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 5\r\n\r\nhello",
  NULL,
};

/* Over one connection, however they are cut. */
static void
test_good (Fixture *f,
           gconstpointer data)
{
  f->piece = GPOINTER_TO_SIZE (data);
  serve (f, good_answers);
  for (guint i = 0; good_answers[i] != NULL; i++)
    {
      g_auto (ScopeHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_true (exchange (f, 100, &answer, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (answer.status, ==, i == 4 ? 404 : 200);
      g_assert_cmpuint (answer.n_sent, ==, 104);
      g_assert_cmpint (answer.was_kept, ==, i > 0);
      g_assert_nonnull (answer.headers);
      assert_body (&answer, "hello");
    }
  g_assert_cmpint (g_atomic_int_get (&f->n_connections), ==, 1);
}

static void
test_odd (Fixture *f,
          gconstpointer data)
{
  f->piece = GPOINTER_TO_SIZE (data);
  serve (f, odd_answers);
  for (guint i = 0; odd_answers[i] != NULL; i++)
    {
      g_auto (ScopeHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      g_test_message ("%s", odd_answers[i]);
      g_assert_true (exchange (f, 100, &answer, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (answer.status, ==, 200);
      g_assert_cmpint (answer.was_kept, ==, i > 0);
      assert_body (&answer, "hello");
    }
  g_assert_cmpint (g_atomic_int_get (&f->n_connections), ==, 1);
}

static void
test_no_body (Fixture *f,
              gconstpointer data)
{
  static const char * const answers[] = {
    "HTTP/1.1 204 No\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    /* a length that is told of what does not come */
    "HTTP/1.1 304 Same\r\nContent-Length: 5\r\n\r\n",
    "HTTP/1.1 204 No\r\nTransfer-Encoding: chunked\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    NULL,
  };

  serve (f, answers);
  for (guint i = 0; answers[i] != NULL; i++)
    {
      g_auto (ScopeHttpAnswer) answer = { 0 };

      g_assert_true (exchange (f, 10, &answer, NULL));
      assert_body (&answer, "");
    }
  g_assert_cmpint (g_atomic_int_get (&f->n_connections), ==, 1);
}

/* Each of them is the last of its connection, and the next request has another one. */
static void
test_last (Fixture *f,
           gconstpointer data)
{
  static const char * const answers[] = {
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello",
    "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n", /* what nobody asked for */
    "HTTP/1.1 400 No\r\nContent-Length: 500000\r\n\r\nhello0123456789",
    /* the length does not count then, and whoever takes it for one would read on elsewhere */
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nConnection: x, close\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    NULL,
  };

  f->leaves = TRUE;
  serve (f, answers);
  for (guint i = 0; answers[i] != NULL; i++)
    {
      g_auto (ScopeHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_true (exchange (f, 100, &answer, &error));
      g_assert_no_error (error);
      g_assert_false (answer.was_kept);
      g_assert_true (g_str_has_prefix ((const char *) answer.body->data, "hello"));
    }
  g_assert_cmpint (g_atomic_int_get (&f->n_connections), ==, G_N_ELEMENTS (answers) - 1);
}

static void
test_bad (Fixture *f,
          gconstpointer data)
{
  g_autofree char *endless = g_strnfill (200000, 'x');
  g_autofree char *long_head = g_strconcat ("HTTP/1.1 200 OK\r\nX: ", endless, NULL);
  g_autofree char *long_body = g_strconcat ("HTTP/1.1 200 OK\r\n\r\n", endless, NULL);
  g_autofree char *long_told = g_strconcat ("HTTP/1.1 200 OK\r\nContent-Length: 200000\r\n\r\n", endless, NULL);
  g_autofree char *long_chunk
      = g_strconcat ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffff\r\n", endless, NULL);
  g_autofree char *long_line
      = g_strconcat ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", endless, NULL);
#define CHUNKED(chunks) { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" chunks, 200, SCOPE_ERROR_PROTOCOL }
#define HEAD(fields) { "HTTP/1.1 200 OK\r\n" fields "\r\n\r\nhello", 200, SCOPE_ERROR_PROTOCOL }
  const struct
  {
    const char *answer;
    guint status;
    int code; /* of SCOPE_ERROR; -1: the connection ended */
  } cases[] = {
    { "", 0, -1 },
    HEAD ("Content-Length: -5"),
    HEAD ("Content-Length: +5"),
    HEAD ("Content-Length: 5 5"),
    HEAD ("Content-Length: 0x5"),
    HEAD ("Content-Length: five"),
    HEAD ("Content-Length: "),
    HEAD ("Content-Length: 5,"),
    HEAD ("Content-Length: 5;x"),
    HEAD ("Content-Length: 5, 6"),
    HEAD ("Content-Length: 5\r\nContent-Length: 6"),
    HEAD ("Content-Length: 6\r\nContent-Length: 5"),
    HEAD ("Content-Length: 5\r\n 6"),
    HEAD ("Content-Length: 9223372036854775808"),
    HEAD ("Content-Length: 18446744073709551616"),
    HEAD ("Content-Length: 99999999999999999999999999999999999"),
    HEAD ("Transfer-Encoding: gzip"),
    HEAD ("Transfer-Encoding: gzip, chunked"),
    HEAD ("Transfer-Encoding: chunked, gzip"),
    HEAD ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked"),
    HEAD ("Transfer-Encoding: chunked;x=y"),
    HEAD ("Transfer-Encoding: xchunked\r\nContent-Length: 5"),
    HEAD ("Transfer-Encoding: \r\nContent-Length: 5"),
    CHUNKED ("\r\nhello\r\n0\r\n\r\n"),
    CHUNKED ("+5\r\nhello\r\n0\r\n\r\n"),
    CHUNKED (" 5\r\nhello\r\n0\r\n\r\n"),
    CHUNKED ("0x5\r\nhello\r\n0\r\n\r\n"),
    CHUNKED ("5 5\r\nhello\r\n0\r\n\r\n"),
    CHUNKED ("5,\r\nhello\r\n0\r\n\r\n"),
    CHUNKED ("5\nhello\n0\r\n\r\n"),
    CHUNKED ("5\rhello\r\n0\r\n\r\n"),
    CHUNKED ("5\r\nhello\n\r0\r\n\r\n"),
    CHUNKED ("4\r\nhello\r\n0\r\n\r\n"),
    CHUNKED ("ffffffffffffffff\r\nhello\r\n"),
    CHUNKED ("10000000000000005\r\nhello\r\n"),
    { "HTTP/2 200 OK\r\nContent-Length: 5\r\n\r\nhello", 0, SCOPE_ERROR_PROTOCOL },
    { "HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello", 0, SCOPE_ERROR_PROTOCOL },
    { "HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n\r\nhello", 0, SCOPE_ERROR_PROTOCOL },
    { "HTTP/1.1 -20 OK\r\nContent-Length: 5\r\n\r\nhello", 0, SCOPE_ERROR_PROTOCOL },
    { "{\"error\":\"x\"}\r\n\r\n", 0, SCOPE_ERROR_PROTOCOL },
    { "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", 0, SCOPE_ERROR_PROTOCOL },
    { "HTTP/1.1 200 OK\r\nContent-", 0, -1 },
    { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell", 200, -1 },
    { "HTTP/1.1 500 No\r\nContent-Length: 5\r\n\r\nhell", 500, -1 },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", 200, -1 },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nTrailer: x\r\n", 200, -1 },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n", 200, SCOPE_ERROR_PROTOCOL },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n", 200, SCOPE_ERROR_PROTOCOL },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n111111111\r\nhello\r\n", 200, SCOPE_ERROR_PROTOCOL },
    { "HTTP/1.1 101 Switching\r\n\r\n", 0, SCOPE_ERROR_PROTOCOL },
    { "SSH-2.0-x\r\n\r\n", 0, SCOPE_ERROR_PROTOCOL },
    { long_head, 0, SCOPE_ERROR_PROTOCOL },
    { long_line, 200, SCOPE_ERROR_PROTOCOL },
    { long_body, 200, SCOPE_ERROR_LIMIT },
    { long_told, 200, SCOPE_ERROR_LIMIT },
    { long_chunk, 200, SCOPE_ERROR_LIMIT },
  };
  const char *answers[G_N_ELEMENTS (cases) + 1] = { NULL };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    answers[i] = cases[i].answer;
  f->leaves = TRUE;
  serve (f, answers);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_auto (ScopeHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      g_test_message ("%.60s", cases[i].answer);
      g_assert_false (exchange (f, 100, &answer, &error));
      g_assert_cmpuint (answer.status, ==, cases[i].status);
      g_assert_cmpuint (answer.n_sent, ==, 104);
      if (cases[i].code >= 0)
        g_assert_error (error, SCOPE_ERROR, cases[i].code);
      else
        g_assert_cmpint (error->domain, ==, G_IO_ERROR);
    }
  g_clear_pointer (&f->thread, g_thread_join);
}

/* No text has them, and what reads texts stops there. */
static gpointer
nul_thread (gpointer data)
{
  static const char answer[] = "HTTP/1.1 200 OK\r\nContent-Length: 5\0\r\n\r\nhello";
  static const char chunks[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\0\r\nhello\r\n0\r\n\r\n";
  Fixture *f = data;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GSocketConnection) peer = g_socket_listener_accept (f->listener, NULL, f->stop, NULL);

      if (peer == NULL || !server_read (f, g_io_stream_get_input_stream (G_IO_STREAM (peer))))
        break;
      g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (peer)), i == 0 ? answer : chunks,
                                 (i == 0 ? sizeof answer : sizeof chunks) - 1, NULL, f->stop, NULL);
    }
  return NULL;
}

static void
test_nul (Fixture *f,
          gconstpointer data)
{
  f->thread = g_thread_new ("nul", nul_thread, f);
  for (guint i = 0; i < 2; i++)
    {
      g_auto (ScopeHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_false (exchange (f, 100, &answer, &error));
      g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL);
    }
}

/* Refused before it was read, by a server that then neither reads nor leaves. */
static gpointer
early_thread (gpointer data)
{
  static const char answer[] = "HTTP/1.1 413 Large\r\nContent-Length: 5\r\n\r\nhello";
  Fixture *f = data;
  g_autoptr (GSocketConnection) peer = g_socket_listener_accept (f->listener, NULL, f->stop, NULL);

  if (peer != NULL)
    g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (peer)), answer, strlen (answer), NULL,
                               f->stop, NULL);
  while (!g_cancellable_is_cancelled (f->stop))
    g_usleep (10000);
  return NULL;
}

static void
test_early_answer (Fixture *f,
                   gconstpointer data)
{
  g_auto (ScopeHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  f->thread = g_thread_new ("early", early_thread, f);
  g_assert_true (exchange (f, 50000000, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (answer.status, ==, 413);
  assert_body (&answer, "hello");
  g_assert_cmpuint (answer.n_sent, >, 0);
  g_assert_cmpuint (answer.n_sent, <, 50000004);
  g_assert_false (scope_http_line_is_open (f->line)); /* the rest of the request is owed there */
}

/* As many heads before the answer's as there may be, and one more. */
static void
test_informational (Fixture *f,
                    gconstpointer data)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autofree char *most = NULL;
  const char *answers[] = { NULL, NULL, NULL };

  for (guint i = 0; i < 16; i++)
    g_string_append (text, "HTTP/1.1 103 Early\r\nLink: x\r\n\r\n");
  /* closed, so that the second request does not go where nobody reads any more */
  g_string_append (text, "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
  most = g_strdup (text->str);
  g_string_prepend (text, "HTTP/1.1 100 Continue\r\n\r\n");
  answers[0] = most;
  answers[1] = text->str;
  f->leaves = TRUE;
  serve (f, answers);
  for (guint i = 0; i < 2; i++)
    {
      g_auto (ScopeHttpAnswer) answer = { 0 };
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (exchange (f, 100, &answer, &error), ==, i == 0);
      g_assert_cmpuint (answer.status, ==, i == 0 ? 200 : 0);
      if (i == 0)
        assert_body (&answer, "hello");
      else
        g_assert_error (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL);
    }
  g_clear_pointer (&f->thread, g_thread_join);
}

static gpointer
flood_thread (gpointer data)
{
  Fixture *f = data;
  g_autoptr (GSocketConnection) connection = g_socket_listener_accept (f->listener, NULL, f->stop, NULL);
  GOutputStream *out;
  static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  g_autoptr (GString) chunk = g_string_new ("1;");

  while (chunk->len < 1000)
    g_string_append_c (chunk, 'x');
  g_string_append (chunk, "\r\ny\r\n");
  if (connection == NULL)
    return NULL;
  out = g_io_stream_get_output_stream (G_IO_STREAM (connection));
  if (g_output_stream_write_all (out, head, strlen (head), NULL, f->stop, NULL))
    while (g_output_stream_write_all (out, chunk->str, chunk->len, NULL, f->stop, NULL))
      ;
  return NULL;
}

static gboolean
cancel_cb (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* Who sends without a pause does not keep the main loop from its timers. */
static void
test_flood (Fixture *f,
            gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GBytes) request = g_bytes_new_static ("x", 1);
  g_auto (ScopeHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  f->thread = g_thread_new ("flood", flood_thread, f);
  scope_http_line_exchange_async (f->line, request, REFUSAL_BYTES, G_MAXINT, cancellable,
                                  wait_result_cb, &f->result);
  g_timeout_add (100, cancel_cb, cancellable);
  g_assert_false (finish (f, &answer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Far more than a socket takes at once. */
static void
test_large_request (Fixture *f,
                    gconstpointer data)
{
  static const char * const answers[] = { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", NULL };
  g_auto (ScopeHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  serve (f, answers);
  g_assert_true (exchange (f, 20000000, &answer, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (answer.n_sent, ==, 20000004);
  g_clear_pointer (&f->thread, g_thread_join);
  g_assert_cmpuint (f->n_read, ==, 20000004);
}

/* Refused before it was read: what was sent is told, and the refusal if it still came. */
static void
test_unread_request (Fixture *f,
                     gconstpointer data)
{
  static const char * const answers[] = { "HTTP/1.1 413 Large\r\nContent-Length: 5\r\n\r\nhello", NULL };
  g_auto (ScopeHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean good;

  f->reads_nothing = TRUE;
  serve (f, answers);
  good = exchange (f, 20000000, &answer, &error);
  g_assert_cmpuint (answer.n_sent, >, 0);
  if (good)
    g_assert_cmpuint (answer.status, ==, 413);
  else
    g_assert_cmpint (error->domain, ==, G_IO_ERROR);
}

static void
test_cancelled (Fixture *f,
                gconstpointer data)
{
  static const char * const answers[] = { "", "", NULL };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GBytes) request = g_bytes_new_static ("x", 1);
  g_auto (ScopeHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  serve (f, answers);
  scope_http_line_exchange_async (f->line, request, REFUSAL_BYTES, MAX_BYTES, cancellable,
                                  wait_result_cb, &f->result);
  WAIT_UNTIL (g_atomic_int_get (&f->n_connections) > 0);
  g_cancellable_cancel (cancellable);
  g_assert_false (finish (f, &answer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_false (scope_http_line_is_open (f->line));
  g_clear_error (&error);
  scope_http_answer_clear (&answer);

  scope_http_line_exchange_async (f->line, request, REFUSAL_BYTES, MAX_BYTES, cancellable,
                                  wait_result_cb, &f->result);
  g_assert_false (finish (f, &answer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (answer.n_sent, ==, 0);
}

static void
test_nobody_there (Fixture *f,
                   gconstpointer data)
{
  g_auto (ScopeHttpAnswer) answer = { 0 };
  g_autoptr (GError) error = NULL;

  g_socket_listener_close (f->listener);
  g_assert_false (exchange (f, 10, &answer, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
  g_assert_cmpuint (answer.n_sent, ==, 0);
}

int
main (int argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

#define ADD(name, func, data) g_test_add ("/http-line/" name, Fixture, data, set_up, func, tear_down)
  ADD ("good", test_good, GSIZE_TO_POINTER (G_MAXINT));
  ADD ("good-in-pieces", test_good, GSIZE_TO_POINTER (7));
  ADD ("good-byte-by-byte", test_good, GSIZE_TO_POINTER (1));
  ADD ("odd", test_odd, GSIZE_TO_POINTER (G_MAXINT));
  ADD ("odd-byte-by-byte", test_odd, GSIZE_TO_POINTER (1));
  ADD ("no-body", test_no_body, NULL);
  ADD ("last", test_last, NULL);
  ADD ("bad", test_bad, NULL);
  ADD ("nul", test_nul, NULL);
  ADD ("early-answer", test_early_answer, NULL);
  ADD ("informational", test_informational, NULL);
  ADD ("flood", test_flood, NULL);
  ADD ("large-request", test_large_request, NULL);
  ADD ("unread-request", test_unread_request, NULL);
  ADD ("cancelled", test_cancelled, NULL);
  ADD ("nobody-there", test_nobody_there, NULL);

  return g_test_run ();
}
