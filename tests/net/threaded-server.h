/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>
#include <string.h>

#include "tests/wait.h"

/* A server on 127.0.0.1 that runs a function in a thread of its own for each connection. */

static void
threaded_server_free_peer (gpointer data)
{
  g_weak_ref_clear (data);
  g_free (data);
}

/* in the main thread, before the peer has its own */
static gboolean
threaded_server_incoming_cb (GSocketService *service,
                             GSocketConnection *connection,
                             GObject *source,
                             gpointer user_data)
{
  GPtrArray *peers = user_data;
  GWeakRef *peer = g_new0 (GWeakRef, 1);

  g_weak_ref_init (peer, connection); /* no more: a thread that ends closes its connection */
  g_ptr_array_add (peers, peer);
  return !g_socket_service_is_active (service);
}

/* run_cb: the handler of “run”; fixture: its user_data, which must live until threaded_server_end(); port: the one it
 * listens on */
static GSocketService *
threaded_server_new (int n_threads,
                     GCallback run_cb,
                     gpointer fixture,
                     guint16 *port)
{
  GSocketService *service = g_threaded_socket_service_new (n_threads);
  GPtrArray *peers = g_ptr_array_new_with_free_func (threaded_server_free_peer);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GError) error = NULL;

  g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP,
                                 NULL, &bound, &error);
  g_assert_no_error (error);
  *port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
  g_object_set_data_full (G_OBJECT (service), "peers", peers, (GDestroyNotify) g_ptr_array_unref);
  g_signal_connect (service, "incoming", G_CALLBACK (threaded_server_incoming_cb), peers);
  g_signal_connect (service, "run", run_cb, fixture);
  return service;
}

/* For the handler of “run”. The client may have hung up already: that is its right. */
static inline gboolean
peer_write (GSocketConnection *peer,
            gconstpointer bytes,
            gsize length)
{
  GOutputStream *stream = g_io_stream_get_output_stream (G_IO_STREAM (peer));

  return g_output_stream_write_all (stream, bytes, length, NULL, NULL, NULL);
}

static inline gboolean
peer_write_text (GSocketConnection *peer,
                 const char *text)
{
  return peer_write (peer, text, strlen (text));
}

/* waits until the client hangs up */
static inline void
peer_drain (GSocketConnection *peer)
{
  GInputStream *stream = g_io_stream_get_input_stream (G_IO_STREAM (peer));
  char buffer[1024];

  while (g_input_stream_read (stream, buffer, sizeof buffer, NULL, NULL) > 0)
    ;
}

/* a line of the log begins so */
static inline void
assert_line (GString *log,
             const char *start_of_line)
{
  g_autofree char *needle = g_strconcat ("\n", start_of_line, NULL);
  g_autofree char *haystack = g_strconcat ("\n", log->str, NULL);

  if (strstr (haystack, needle) == NULL)
    g_error ("No line begins with “%s” in:\n%s", start_of_line, log->str);
}

static void
threaded_server_gone_cb (gpointer data,
                         GObject *where_it_was)
{
  g_atomic_int_set ((int *) data, TRUE);
}

/* Takes the service, hangs up, and waits for its threads, those that were still to begin included: the last one to end
 * drops the last reference. Only then may go what they use. */
static void
threaded_server_end (GSocketService *service)
{
  GPtrArray *peers = g_object_get_data (G_OBJECT (service), "peers");
  int is_gone = FALSE;

  g_object_weak_ref (G_OBJECT (service), threaded_server_gone_cb, &is_gone);
  g_socket_service_stop (service);
  g_socket_listener_close (G_SOCKET_LISTENER (service));
  for (guint i = 0; i < peers->len; i++)
    {
      g_autoptr (GSocketConnection) peer = g_weak_ref_get (peers->pdata[i]);

      if (peer != NULL)
        g_socket_shutdown (g_socket_connection_get_socket (peer), TRUE, TRUE, NULL);
    }
  g_object_unref (service);
  WAIT_UNTIL (g_atomic_int_get (&is_gone));
}
