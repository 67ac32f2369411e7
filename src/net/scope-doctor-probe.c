/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What does a port speak? Asked when the other of HTTP and HTTPS was expected there and did not work. */

#define G_LOG_DOMAIN "scope-doctor"

#include "config.h"

#include <string.h>

#include "net/scope-doctor-private.h"

#define PROBE_SECONDS 3

static const char question[] = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

typedef struct
{
  GSocketConnection *connection;
  GIOStream *tls;
  char buffer[1024];
  gboolean asks_tls;
} ScopeProbe;

static void
scope_probe_free (gpointer data)
{
  ScopeProbe *probe = data;

  g_clear_object (&probe->tls);
  g_clear_object (&probe->connection);
  g_free (probe);
}

/* A TLS port may say in plain HTTP that it wants TLS: nginx "… sent to HTTPS port", Apache "… an SSL-enabled server
 * port", Go "… to an HTTPS server". */
static gboolean
scope_probe_is_http (ScopeProbe *probe,
                     gsize length)
{
  g_autofree char *text = g_strndup (probe->buffer, length);

  return g_str_has_prefix (text, "HTTP/1.") && strstr (text, "HTTPS") == NULL && strstr (text, "SSL") == NULL;
}

static void
scope_probe_read_cb (GObject *source,
                     GAsyncResult *result,
                     gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeProbe *probe = g_task_get_task_data (task);
  gsize n_read = 0;

  g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &n_read, NULL);
  g_task_return_boolean (task, scope_probe_is_http (probe, n_read));
}

static void
scope_probe_written_cb (GObject *source,
                        GAsyncResult *result,
                        gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeProbe *probe = g_task_get_task_data (task);

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, NULL))
    g_task_return_boolean (task, FALSE);
  else
    g_input_stream_read_all_async (g_io_stream_get_input_stream (G_IO_STREAM (probe->connection)), probe->buffer,
                                   sizeof probe->buffer, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                   scope_probe_read_cb, g_object_ref (task));
}

static void
scope_probe_tls_done_cb (GObject *source,
                         GAsyncResult *result,
                         gpointer user_data)
{
  g_autoptr (GTask) task = user_data;

  g_task_return_boolean (task, g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, NULL));
}

/* Nothing is sent to whoever shows the certificate, so whose it is does not matter. */
static gboolean
scope_probe_accept_cb (GTlsConnection *connection,
                       GTlsCertificate *certificate,
                       GTlsCertificateFlags flaws,
                       gpointer user_data)
{
  return TRUE;
}

static void
scope_probe_start_tls (GTask *task)
{
  ScopeProbe *probe = g_task_get_task_data (task);

  probe->tls = g_tls_client_connection_new (G_IO_STREAM (probe->connection), NULL, NULL);
  if (probe->tls == NULL)
    {
      g_task_return_boolean (task, FALSE);
      return;
    }
  g_signal_connect (probe->tls, "accept-certificate", G_CALLBACK (scope_probe_accept_cb), NULL);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (probe->tls), G_PRIORITY_DEFAULT,
                                    g_task_get_cancellable (task), scope_probe_tls_done_cb, g_object_ref (task));
}

static void
scope_probe_connected_cb (GObject *source,
                          GAsyncResult *result,
                          gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  ScopeProbe *probe = g_task_get_task_data (task);

  probe->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, NULL);
  if (probe->connection == NULL)
    g_task_return_boolean (task, FALSE);
  else if (probe->asks_tls)
    scope_probe_start_tls (task);
  else
    g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (probe->connection)), question,
                                     strlen (question), G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                                     scope_probe_written_cb, g_object_ref (task));
}

static void
scope_probe_start (const char *host,
                   guint port,
                   gboolean asks_tls,
                   GCancellable *cancellable,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  ScopeProbe *probe = g_new0 (ScopeProbe, 1);
  g_autoptr (GSocketClient) client = g_socket_client_new ();

  probe->asks_tls = asks_tls;
  g_task_set_source_tag (task, scope_probe_start);
  g_task_set_task_data (task, probe, scope_probe_free);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_socket_client_set_timeout (client, PROBE_SECONDS);
  g_socket_client_connect_to_host_async (client, host, port, cancellable, scope_probe_connected_cb, task);
}

void
_scope_probe_http_async (const char *host,
                         guint port,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  scope_probe_start (host, port, FALSE, cancellable, callback, user_data);
}

void
_scope_probe_tls_async (const char *host,
                        guint port,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  scope_probe_start (host, port, TRUE, cancellable, callback, user_data);
}

gboolean
_scope_probe_finish (GAsyncResult *result)
{
  return g_task_propagate_boolean (G_TASK (result), NULL);
}
