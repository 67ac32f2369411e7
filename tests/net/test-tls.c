/* SPDX-License-Identifier: GPL-3.0-or-later */

/* TLS as a user meets it: an authority that the system does not know, added by ca_file; a certificate for
 * another name. The keys in tests/net/tls protect nothing. */

#include "config.h"

#include <libsoup/soup.h>

#include "net/scope-connection.h"
#include "tests/wait.h"

#define GREETING "{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\"1.2\\\"}\"}"

/* gcc 12's leak checker crashes ("Tracer caught signal 11") once GnuTLS has loaded its modules, whatever
 * its options. The code under test has its leaks looked for in the other programs of this suite. */
__attribute__ ((visibility ("default"))) int __lsan_is_turned_off (void);

int
__lsan_is_turned_off (void)
{
  return 1;
}

typedef struct
{
  SoupServer *server;
  ScopeConnectionOptions *options;
  ScopeConnection *connection;
  GPtrArray *sockets;
  gboolean connected;
  char *error;
} Fixture;

static char *
tls_file (const char *name)
{
  return g_build_filename (g_getenv ("G_TEST_SRCDIR"), "net", "tls", name, NULL);
}

static void
socket_cb (SoupServer *server,
           SoupServerMessage *message,
           const char *path,
           SoupWebsocketConnection *socket,
           gpointer user_data)
{
  Fixture *fixture = user_data;

  g_ptr_array_add (fixture->sockets, g_object_ref (socket));
  soup_websocket_connection_send_text (socket, GREETING);
}

static void
report_cb (ScopeConnection *connection,
           const ScopeReport *report,
           gpointer user_data)
{
  Fixture *fixture = user_data;

  if (report->type == SCOPE_REPORT_STATE && report->current == SCOPE_STATE_CONNECTED)
    fixture->connected = TRUE;
  if (report->type == SCOPE_REPORT_ERROR && fixture->error == NULL)
    fixture->error = g_strdup (report->text);
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autofree char *path = tls_file (data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (path, &error);
  GSList *uris;

  g_assert_no_error (error);
  fixture->sockets = g_ptr_array_new_with_free_func (g_object_unref);
  fixture->server = soup_server_new ("tls-certificate", certificate, NULL);
  soup_server_add_websocket_handler (fixture->server, NULL, NULL, NULL, socket_cb, fixture, NULL);
  g_assert_true (soup_server_listen_local (fixture->server, 0,
                                           SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error));
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);
  fixture->options = scope_connection_options_new ();
  fixture->options->key = g_strdup ("key");
  fixture->options->host = g_strdup ("127.0.0.1");
  fixture->options->port = g_uri_get_port (uris->data);
  fixture->options->reconnect_delay = 60;
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  scope_connection_disconnect (fixture->connection);
  g_assert_finalize_object (fixture->connection);
  g_ptr_array_unref (fixture->sockets);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
  scope_connection_options_free (fixture->options);
  g_free (fixture->error);
}

static void
connect_and_wait (Fixture *fixture)
{
  fixture->connection = scope_connection_new (fixture->options, NULL);
  scope_connection_set_listener (fixture->connection, report_cb, fixture);
  scope_connection_connect (fixture->connection);
  WAIT_UNTIL (fixture->connected || fixture->error != NULL);
}

static void
test_unknown_authority (Fixture *fixture,
                        gconstpointer data)
{
  connect_and_wait (fixture);
  g_assert_false (fixture->connected);
  g_assert_nonnull (strstr (fixture->error, "CA file"));
}

static void
test_ca_file (Fixture *fixture,
              gconstpointer data)
{
  fixture->options->ca_file = tls_file ("ca.pem");
  connect_and_wait (fixture);
  g_assert_cmpstr (fixture->error, ==, NULL);
  g_assert_true (fixture->connected);
}

/* the file adds an authority, it forgives no other flaw */
static void
test_wrong_name (Fixture *fixture,
                 gconstpointer data)
{
  fixture->options->ca_file = tls_file ("ca.pem");
  connect_and_wait (fixture);
  g_assert_false (fixture->connected);
  g_assert_nonnull (strstr (fixture->error, "another name"));
}

static void
test_no_such_ca_file (Fixture *fixture,
                      gconstpointer data)
{
  fixture->options->ca_file = tls_file ("none.pem");
  connect_and_wait (fixture);
  g_assert_nonnull (strstr (fixture->error, "none.pem"));
}

#define ADD(path, certificate, func) \
  g_test_add ("/tls/" path, Fixture, certificate, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("unknown-authority", "loopback.pem", test_unknown_authority);
  ADD ("ca-file", "loopback.pem", test_ca_file);
  ADD ("wrong-name", "elsewhere.pem", test_wrong_name);
  ADD ("no-such-ca-file", "loopback.pem", test_no_such_ca_file);
  return g_test_run ();
}
