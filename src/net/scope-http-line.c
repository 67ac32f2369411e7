/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-http-line"

#include "config.h"

#include "net/scope-http-line.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"

#define READ_BYTES (16 * 1024)
/* before the main loop has its turn: time limits and cancelling depend on it */
#define READS_AT_ONCE 8
/* heads before the answer's */
#define MAX_INFORMATIONAL 16
/* a chunk's size in hex digits: what is more is above every limit */
#define CHUNK_DIGITS 8
#define CHUNK_LINE_BYTES 1024

struct _ScopeHttpLine
{
  GObject parent_instance;

  GSocketConnectable *address;
  GSocketClient *client;
  GSocketConnection *connection; /* NULL: none yet, or it ended */
  gboolean is_busy;
};

G_DEFINE_FINAL_TYPE (ScopeHttpLine, scope_http_line, G_TYPE_OBJECT)

typedef enum
{
  LINE_HEAD,
  LINE_LENGTH, /* of a body whose length was told */
  LINE_CHUNKS,
  LINE_END,    /* of the connection is that of the body */
} LineFraming;

typedef enum
{
  LINE_MORE, /* is needed */
  LINE_DONE,
  LINE_WRONG,
} LineProgress;

typedef struct
{
  GBytes *request;
  gsize refusal_bytes;
  gsize max_bytes;
  ScopeHttpAnswer answer;
  GByteArray *in; /* what is not understood yet */
  guint n_informational;
  LineFraming framing;
  goffset length;
  gboolean keeps_alive;
  GError *write_error; /* an answer may have come all the same */
  guint8 buffer[READ_BYTES];
} LineExchange;

static void
line_exchange_free (gpointer data)
{
  LineExchange *x = data;

  g_bytes_unref (x->request);
  scope_http_answer_clear (&x->answer);
  g_byte_array_unref (x->in);
  g_clear_error (&x->write_error);
  g_free (x);
}

/* The end */

static void
line_close (ScopeHttpLine *self)
{
  if (self->connection != NULL)
    g_socket_close (g_socket_connection_get_socket (self->connection), NULL);
  g_clear_object (&self->connection);
}

/* takes both */
static void
line_fail (GTask  *task,
           GError *error)
{
  ScopeHttpLine *self = g_task_get_source_object (task);

  line_close (self);
  self->is_busy = FALSE;
  g_task_return_error (task, error);
  g_object_unref (task);
}

/* What follows an answer that is over was not asked for, and what is left of a request would be taken for the next:
 * such a connection is not used again. */
static void
line_return (GTask *task)
{
  ScopeHttpLine *self = g_task_get_source_object (task);
  LineExchange *x = g_task_get_task_data (task);

  if (!x->keeps_alive || x->in->len > 0 || x->answer.n_sent < g_bytes_get_size (x->request))
    line_close (self);
  self->is_busy = FALSE;
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

/* The answer */

static void
line_skip (LineExchange *x,
           gsize         n)
{
  if (n > 0)
    g_byte_array_remove_range (x->in, 0, n);
}

/* from there up to and with a text that begins with CR; 0: it is not there */
static gsize
line_find (LineExchange *x,
           gsize         from,
           const char   *text)
{
  gsize length = strlen (text);

  for (gsize at = from; at + length <= x->in->len; at++)
    {
      const guint8 *found = memchr (x->in->data + at, '\r', x->in->len - length + 1 - at);

      if (found == NULL)
        return 0;
      at = found - x->in->data;
      if (memcmp (found, text, length) == 0)
        return at + length - from;
    }
  return 0;
}

/* up to and with the empty line; 0: it is not there. A line may end with LF alone, as for libsoup (RFC 9112 §2.2). */
static gsize
line_find_head_end (LineExchange *x)
{
  const guint8 *data = x->in->data;
  const guint8 *end = data + x->in->len;

  for (const guint8 *at = data; (at = memchr (at, '\n', end - at)) != NULL; at++)
    {
      if (end - at > 1 && at[1] == '\n')
        return at + 2 - data;
      if (end - at > 2 && at[1] == '\r' && at[2] == '\n')
        return at + 3 - data;
    }
  return 0;
}

/* RFC 9112 §6.3: several that say the same are one; anything else is no length. libsoup takes signs, and the last. */
static gboolean
line_read_length (const char *values,
                  goffset    *length)
{
  g_auto (GStrv) parts = g_strsplit (values, ",", -1);

  *length = -1;
  for (guint i = 0; parts[i] != NULL; i++)
    {
      const char *digits = g_strstrip (parts[i]);
      guint64 value;

      if (!g_ascii_isdigit (*digits) ||
          !g_ascii_string_to_unsigned (digits, 10, 0, G_MAXINT64, &value, NULL) ||
          (*length >= 0 && (guint64) *length != value))
        return FALSE;
      *length = (goffset) value;
    }
  return *length >= 0;
}

/* FALSE: where the body ends can't be known for sure. A coding but `chunked` was not asked for. */
static gboolean
line_take_framing (LineExchange   *x,
                   SoupHTTPVersion version)
{
  SoupMessageHeaders *headers = x->answer.headers;
  gboolean closes = soup_message_headers_header_contains (headers, "Connection", "close");
  gboolean keeps = soup_message_headers_header_contains (headers, "Connection", "keep-alive");
  const char *coding = soup_message_headers_get_list (headers, "Transfer-Encoding");
  const char *length = soup_message_headers_get_list (headers, "Content-Length");

  x->keeps_alive = version == SOUP_HTTP_1_1 ? !closes : keeps && !closes;
  if (x->answer.status == SOUP_STATUS_NO_CONTENT || x->answer.status == SOUP_STATUS_NOT_MODIFIED)
    x->framing = LINE_LENGTH;
  else if (coding != NULL)
    {
      x->framing = LINE_CHUNKS;
      x->keeps_alive = x->keeps_alive && version == SOUP_HTTP_1_1 && length == NULL;
      return g_ascii_strcasecmp (coding, "chunked") == 0;
    }
  else if (length != NULL)
    {
      x->framing = LINE_LENGTH;
      return line_read_length (length, &x->length);
    }
  else
    {
      x->framing = LINE_END;
      x->keeps_alive = FALSE;
    }
  return TRUE;
}

static LineProgress
line_take_head (LineExchange *x)
{
  gsize length = line_find_head_end (x);
  g_autofree char *head = NULL; /* libsoup reads the status as of a string that ends */
  SoupHTTPVersion version;
  guint status;

  if (length == 0)
    return x->in->len > SCOPE_LIMIT_HTTP_HEADER_BYTES ? LINE_WRONG : LINE_MORE;

  g_clear_pointer (&x->answer.headers, soup_message_headers_unref);
  x->answer.headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  head = g_strndup ((const char *) x->in->data, length);
  if (length > SCOPE_LIMIT_HTTP_HEADER_BYTES || memchr (x->in->data, '\0', length) != NULL ||
      !soup_headers_parse_response (head, length, x->answer.headers, &version, &status, NULL) ||
      status == SOUP_STATUS_SWITCHING_PROTOCOLS)
    {
      g_clear_pointer (&x->answer.headers, soup_message_headers_unref);
      return LINE_WRONG;
    }

  line_skip (x, length);
  if (SOUP_STATUS_IS_INFORMATIONAL (status)) /* the answer follows */
    {
      g_clear_pointer (&x->answer.headers, soup_message_headers_unref);
      return ++x->n_informational > MAX_INFORMATIONAL ? LINE_WRONG : line_take_head (x);
    }
  x->answer.status = status;
  return line_take_framing (x, version) ? LINE_DONE : LINE_WRONG;
}

static void
line_take_body (LineExchange *x,
                gsize         n)
{
  g_byte_array_append (x->answer.body, x->in->data, n);
  line_skip (x, n);
}

static gboolean
line_read_chunk_size (LineExchange *x,
                      gsize         line_length,
                      gsize        *size)
{
  const guint8 *line = x->in->data; /* ended by CR LF */
  gsize at = 0, from;

  while (line[at] == '0')
    at++;
  *size = 0;
  for (from = at; g_ascii_isxdigit (line[at]) && at - from <= CHUNK_DIGITS; at++)
    *size = *size * 16 + g_ascii_xdigit_value (line[at]);
  if (at == 0 || at - from > CHUNK_DIGITS)
    return FALSE;
  while (line[at] == ' ' || line[at] == '\t')
    at++;
  return line[at] == ';' || at == line_length - strlen ("\r\n");
}

/* After the last chunk: lines up to an empty one. */
static LineProgress
line_take_trailers (LineExchange *x,
                    gsize         from)
{
  gsize at = from;

  while (TRUE)
    {
      gsize length = line_find (x, at, "\r\n");

      if (length == 0)
        return x->in->len - from > SCOPE_LIMIT_HTTP_HEADER_BYTES ? LINE_WRONG : LINE_MORE;
      at += length;
      if (length == strlen ("\r\n"))
        break;
    }
  line_skip (x, at);
  return LINE_DONE;
}

static LineProgress
line_take_chunk (LineExchange *x)
{
  gsize line_length = line_find (x, 0, "\r\n");
  gsize size;

  if (line_length == 0)
    return x->in->len > CHUNK_LINE_BYTES ? LINE_WRONG : LINE_MORE;
  if (!line_read_chunk_size (x, line_length, &size))
    return LINE_WRONG;
  if (size == 0)
    return line_take_trailers (x, line_length);
  if (size > x->max_bytes)
    size = x->max_bytes + 1; /* too much, as soon as so much is there */
  if (x->in->len < line_length + size + 2)
    return LINE_MORE;
  if (memcmp (x->in->data + line_length + size, "\r\n", 2) != 0 && size <= x->max_bytes)
    return LINE_WRONG;

  line_skip (x, line_length);
  line_take_body (x, size);
  line_skip (x, 2);
  return LINE_DONE;
}

static LineProgress
line_take_chunks (LineExchange *x)
{
  while (TRUE)
    {
      gsize before = x->answer.body->len;
      LineProgress progress = line_take_chunk (x);

      if (progress != LINE_DONE || x->answer.body->len == before || x->answer.body->len > x->max_bytes)
        return progress;
    }
}

static LineProgress
line_take_bytes (LineExchange *x)
{
  LineProgress progress = x->framing == LINE_HEAD ? line_take_head (x) : LINE_DONE;

  if (progress != LINE_DONE)
    return progress;

  switch (x->framing)
    {
    case LINE_LENGTH:
      line_take_body (x, MIN ((guint64) x->in->len, (guint64) x->length - x->answer.body->len));
      return (goffset) x->answer.body->len == x->length ? LINE_DONE : LINE_MORE;
    case LINE_CHUNKS:
      return line_take_chunks (x);
    case LINE_END:
      line_take_body (x, x->in->len);
      return LINE_MORE;
    case LINE_HEAD:
    default:
      return LINE_WRONG;
    }
}

/* Of a refusal only the start is read; what is left of it ends with its connection. */
static gboolean
line_has_enough (LineExchange *x)
{
  return x->answer.status != 0 && !SOUP_STATUS_IS_SUCCESSFUL (x->answer.status) &&
         x->answer.body->len >= x->refusal_bytes;
}

static void
line_fail_size (GTask *task)
{
  LineExchange *x = g_task_get_task_data (task);

  line_fail (task, g_error_new (SCOPE_ERROR, SCOPE_ERROR_LIMIT, _("The answer is longer than %zu bytes"),
                                x->max_bytes));
}

/* TRUE: it goes on */
static gboolean
line_take (GTask *task)
{
  LineExchange *x = g_task_get_task_data (task);
  LineProgress progress = line_take_bytes (x);

  if (x->answer.body->len > x->max_bytes)
    line_fail_size (task);
  else if (progress == LINE_WRONG)
    line_fail (task, g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_PROTOCOL, _("The answer is not HTTP")));
  else if (progress == LINE_DONE)
    line_return (task);
  else if (line_has_enough (x))
    {
      x->keeps_alive = FALSE;
      line_return (task);
    }
  else
    return TRUE;
  return FALSE;
}

static void
line_take_end (GTask *task)
{
  LineExchange *x = g_task_get_task_data (task);

  if (x->framing == LINE_END)
    line_return (task);
  else if (x->write_error != NULL)
    line_fail (task, g_steal_pointer (&x->write_error));
  else
    line_fail (task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CONNECTION_CLOSED,
                                          _("The connection ended before the answer did")));
}

/* Reading and writing */

static gboolean line_ready_cb (GSocket     *socket,
                               GIOCondition condition,
                               gpointer     user_data);

static gboolean
line_has_to_write (LineExchange *x)
{
  return x->write_error == NULL && x->answer.n_sent < g_bytes_get_size (x->request);
}

/* A server may answer before it has read everything, and then read no more. */
static void
line_wait (GTask *task)
{
  ScopeHttpLine *self = g_task_get_source_object (task);
  LineExchange *x = g_task_get_task_data (task);
  GIOCondition condition = line_has_to_write (x) ? G_IO_IN | G_IO_OUT : G_IO_IN;
  GSource *source = g_socket_create_source (g_socket_connection_get_socket (self->connection), condition,
                                            g_task_get_cancellable (task));

  g_source_set_callback (source, G_SOURCE_FUNC (line_ready_cb), task, NULL);
  g_source_attach (source, g_task_get_context (task));
  g_source_unref (source);
}

static void
line_read (GTask *task)
{
  ScopeHttpLine *self = g_task_get_source_object (task);
  LineExchange *x = g_task_get_task_data (task);
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  g_autoptr (GError) error = NULL;
  guint n_reads = 0;
  gssize n;

  do
    {
      n = g_socket_receive_with_blocking (socket, (char *) x->buffer, sizeof x->buffer, FALSE,
                                          g_task_get_cancellable (task), &error);
      if (n > 0)
        g_byte_array_append (x->in, x->buffer, n);
      if (n > 0 && !line_take (task))
        return;
    }
  while (n == sizeof x->buffer && ++n_reads < READS_AT_ONCE);

  if (n > 0 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    line_wait (task);
  else if (n == 0)
    line_take_end (task);
  else if (x->write_error != NULL)
    line_fail (task, g_steal_pointer (&x->write_error));
  else
    line_fail (task, g_steal_pointer (&error));
}

/* A server may refuse what it has not read to its end, and close: its answer is looked for. */
static void
line_write (GTask *task)
{
  ScopeHttpLine *self = g_task_get_source_object (task);
  LineExchange *x = g_task_get_task_data (task);
  GSocket *socket = g_socket_connection_get_socket (self->connection);
  g_autoptr (GError) error = NULL;
  gsize size;
  const char *bytes = g_bytes_get_data (x->request, &size);

  while (x->answer.n_sent < size)
    {
      gssize n = g_socket_send_with_blocking (socket, bytes + x->answer.n_sent, size - x->answer.n_sent, FALSE,
                                              g_task_get_cancellable (task), &error);

      if (n < 0)
        break;
      x->answer.n_sent += n;
    }

  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    line_wait (task);
  else if (x->answer.n_sent == 0 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    line_fail (task, g_steal_pointer (&error));
  else
    {
      x->write_error = g_steal_pointer (&error);
      line_read (task);
    }
}

static gboolean
line_ready_cb (GSocket     *socket,
               GIOCondition condition,
               gpointer     user_data)
{
  GTask *task = user_data;
  LineExchange *x = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error))
    line_fail (task, error);
  else if ((condition & G_IO_OUT) != 0 && line_has_to_write (x))
    line_write (task);
  else
    line_read (task);
  return G_SOURCE_REMOVE;
}

/* Beginning */

static void
line_connected_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  GTask *task = user_data;
  ScopeHttpLine *self = g_task_get_source_object (task);
  GError *error = NULL;

  self->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (self->connection == NULL)
    line_fail (task, error);
  else
    line_write (task);
}

static LineExchange *
line_exchange_new (GBytes *request,
                   gsize   refusal_bytes,
                   gsize   max_bytes)
{
  LineExchange *x = g_new (LineExchange, 1);

  /* all but the buffer */
  memset (x, 0, G_STRUCT_OFFSET (LineExchange, buffer));
  x->request = g_bytes_ref (request);
  x->refusal_bytes = refusal_bytes;
  x->max_bytes = max_bytes;
  x->in = g_byte_array_new ();
  x->answer.body = g_byte_array_new ();
  return x;
}

/**
 * scope_http_line_exchange_async:
 * @request: the whole of it, not empty
 * @refusal_bytes: so much of the body of an answer that is no 2xx is enough
 * @max_bytes: a body may have
 */
void
scope_http_line_exchange_async (ScopeHttpLine       *self,
                                GBytes              *request,
                                gsize                refusal_bytes,
                                gsize                max_bytes,
                                GCancellable        *cancellable,
                                GAsyncReadyCallback  callback,
                                gpointer             user_data)
{
  GTask *task;
  LineExchange *x;
  GError *error = NULL;

  g_return_if_fail (SCOPE_IS_HTTP_LINE (self));
  g_return_if_fail (!self->is_busy);
  g_return_if_fail (g_bytes_get_size (request) > 0);

  x = line_exchange_new (request, refusal_bytes, max_bytes);
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, scope_http_line_exchange_async);
  g_task_set_check_cancellable (task, FALSE); /* an answer that came is one */
  g_task_set_task_data (task, x, line_exchange_free);
  self->is_busy = TRUE;

  if (g_cancellable_set_error_if_cancelled (cancellable, &error))
    line_fail (task, error);
  else if (scope_http_line_is_open (self))
    {
      x->answer.was_kept = TRUE;
      line_write (task);
    }
  else
    {
      line_close (self);
      g_socket_client_connect_async (self->client, self->address, cancellable, line_connected_cb, task);
    }
}

/**
 * scope_http_line_exchange_finish:
 * @answer: (out caller-allocates): what came, and how much was sent; filled in any case
 *
 * Returns: whether a whole answer came, or enough of a refusal
 */
gboolean
scope_http_line_exchange_finish (ScopeHttpLine    *self,
                                 GAsyncResult     *result,
                                 ScopeHttpAnswer  *answer,
                                 GError          **error)
{
  LineExchange *x;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  x = g_task_get_task_data (G_TASK (result));
  *answer = x->answer;
  memset (&x->answer, 0, sizeof x->answer);
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
scope_http_answer_clear (ScopeHttpAnswer *self)
{
  g_clear_pointer (&self->headers, soup_message_headers_unref);
  g_clear_pointer (&self->body, g_byte_array_unref);
}

/**
 * scope_http_line_is_open:
 *
 * Returns: whether there is a connection the other side has not ended: nothing else can be there to be read
 *   before it was asked for
 */
gboolean
scope_http_line_is_open (ScopeHttpLine *self)
{
  g_return_val_if_fail (SCOPE_IS_HTTP_LINE (self), FALSE);

  return self->connection != NULL &&
         g_socket_condition_check (g_socket_connection_get_socket (self->connection),
                                   G_IO_IN | G_IO_HUP | G_IO_ERR) == 0;
}

/**
 * scope_http_line_is_connected:
 *
 * Returns: whether there is a connection, ended by the other side or not
 */
gboolean
scope_http_line_is_connected (ScopeHttpLine *self)
{
  g_return_val_if_fail (SCOPE_IS_HTTP_LINE (self), FALSE);

  return self->connection != NULL;
}

gboolean
scope_http_line_is_busy (ScopeHttpLine *self)
{
  g_return_val_if_fail (SCOPE_IS_HTTP_LINE (self), FALSE);

  return self->is_busy;
}

static void
scope_http_line_finalize (GObject *object)
{
  ScopeHttpLine *self = SCOPE_HTTP_LINE (object);

  line_close (self);
  g_clear_object (&self->client);
  g_clear_object (&self->address);

  G_OBJECT_CLASS (scope_http_line_parent_class)->finalize (object);
}

static void
scope_http_line_class_init (ScopeHttpLineClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_http_line_finalize;
}

static void
scope_http_line_init (ScopeHttpLine *self)
{
}

/**
 * scope_http_line_new:
 * @host: a name or an address
 *
 * Returns: (transfer full): not connected yet
 */
ScopeHttpLine *
scope_http_line_new (const char *host,
                     guint       port)
{
  ScopeHttpLine *self;

  g_return_val_if_fail (host != NULL && port > 0, NULL);

  self = g_object_new (SCOPE_TYPE_HTTP_LINE, NULL);
  self->address = g_network_address_new (host, port);
  self->client = g_socket_client_new ();
  g_socket_client_set_enable_proxy (self->client, FALSE);
  return self;
}
