/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-http-line"

#include "config.h"

#include "net/scope-http-line.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "net/scope-http-reader.h"

#define READ_BYTES (16 * 1024)
/* before the main loop has its turn: time limits and cancelling depend on it */
#define READS_AT_ONCE 8
struct _ScopeHttpLine
{
  GObject parent_instance;

  GSocketConnectable *address;
  GSocketClient *client;
  GSocketConnection *connection; /* NULL: none yet, or it ended */
  gboolean is_busy;
};

G_DEFINE_FINAL_TYPE (ScopeHttpLine, scope_http_line, G_TYPE_OBJECT)

typedef struct
{
  GBytes *request;
  gsize max_bytes;
  gsize n_sent;
  gboolean was_kept;
  ScopeHttpReader *reader;
  GError *write_error; /* an answer may have come all the same */
  guint8 buffer[READ_BYTES];
} LineExchange;

static void
line_exchange_free (gpointer data)
{
  LineExchange *x = data;

  g_bytes_unref (x->request);
  scope_http_reader_free (x->reader);
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

/* What is left of a request would be taken for the next: such a connection is not used again. */
static void
line_return (GTask *task)
{
  ScopeHttpLine *self = g_task_get_source_object (task);
  LineExchange *x = g_task_get_task_data (task);

  if (!scope_http_reader_keeps_alive (x->reader) || x->n_sent < g_bytes_get_size (x->request))
    line_close (self);
  self->is_busy = FALSE;
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
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
line_take (GTask *task,
           gsize  n)
{
  LineExchange *x = g_task_get_task_data (task);

  switch (scope_http_reader_add (x->reader, x->buffer, n))
    {
    case SCOPE_HTTP_MORE:
      return TRUE;
    case SCOPE_HTTP_DONE:
      line_return (task);
      return FALSE;
    case SCOPE_HTTP_TOO_LONG:
      line_fail_size (task);
      return FALSE;
    case SCOPE_HTTP_WRONG:
    default:
      line_fail (task, g_error_new_literal (SCOPE_ERROR, SCOPE_ERROR_PROTOCOL, _("The answer is not HTTP")));
      return FALSE;
    }
}

static void
line_take_end (GTask *task)
{
  LineExchange *x = g_task_get_task_data (task);

  if (scope_http_reader_add_end (x->reader))
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
  return x->write_error == NULL && x->n_sent < g_bytes_get_size (x->request);
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
      if (n > 0 && !line_take (task, n))
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

  while (x->n_sent < size)
    {
      gssize n = g_socket_send_with_blocking (socket, bytes + x->n_sent, size - x->n_sent, FALSE,
                                              g_task_get_cancellable (task), &error);

      if (n < 0)
        break;
      x->n_sent += n;
    }

  if (error == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
    line_wait (task);
  else if (x->n_sent == 0 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
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
  x->max_bytes = max_bytes;
  x->reader = scope_http_reader_new (refusal_bytes, max_bytes);
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
      x->was_kept = TRUE;
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
  answer->n_sent = x->n_sent;
  answer->was_kept = x->was_kept;
  scope_http_reader_steal (x->reader, &answer->status, &answer->headers, &answer->body);
  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * scope_http_answer_clear:
 *
 * Frees what an answer holds, not the answer; it can be filled again.
 */
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

/**
 * scope_http_line_is_busy:
 *
 * Returns: whether an exchange is under way: another has to wait, or to take another line
 */
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
