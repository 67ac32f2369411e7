/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One signed request of the HTTP API, and what its answers come to. */

#include "config.h"

#include <libsoup/soup.h>

#include "net/scope-api-request.h"

#define DEADLINE_SECONDS 30

typedef struct
{
  SoupServer *server;
  ScopeConnectionOptions *options;
  guint answer;
  const char *answer_body;
  char *path;
  GHashTable *query;
  GAsyncResult *result;
} Fixture;

static void
answer_cb (SoupServer        *server,
           SoupServerMessage *message,
           const char        *path,
           GHashTable        *query,
           gpointer           user_data)
{
  Fixture *fixture = user_data;

  g_free (fixture->path);
  fixture->path = g_strdup (path);
  fixture->query = g_hash_table_ref (query);
  soup_server_message_set_status (message, fixture->answer, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY,
                                    fixture->answer_body, strlen (fixture->answer_body));
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr (GError) error = NULL;
  GSList *uris;

  fixture->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (fixture->server, NULL, answer_cb, fixture, NULL);
  soup_server_listen_local (fixture->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (fixture->server);

  fixture->options = scope_connection_options_new ();
  fixture->options->key = g_strdup ("k");
  fixture->options->app_id = g_strdup ("an id");
  fixture->options->secret = scope_secret_new ("s");
  fixture->options->host = g_strdup ("127.0.0.1");
  fixture->options->port = g_uri_get_port (uris->data);
  fixture->options->use_tls = FALSE;
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  scope_connection_options_free (fixture->options);
  g_clear_pointer (&fixture->query, g_hash_table_unref);
  g_free (fixture->path);
  g_clear_object (&fixture->result);
  soup_server_disconnect (fixture->server);
  g_object_unref (fixture->server);
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static gboolean
late_cb (gpointer user_data)
{
  g_error ("No answer came in time");
  return G_SOURCE_REMOVE;
}

static char *
ask (Fixture *fixture,
     guint   *status)
{
  guint late_id = g_timeout_add_seconds (DEADLINE_SECONDS, late_cb, NULL);
  g_autoptr (GError) error = NULL;
  char *body;

  g_clear_pointer (&fixture->query, g_hash_table_unref);
  g_clear_object (&fixture->result);
  scope_api_get_async (fixture->options, "/channels/news", 1700000000, NULL, done_cb, fixture);
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late_id);

  body = scope_api_get_finish (fixture->result, status, &error);
  g_assert_no_error (error);
  return body;
}

static void
test_signed (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *body = NULL;
  guint status;

  fixture->answer = 200;
  fixture->answer_body = "{\"occupied\":true}";
  body = ask (fixture, &status);

  g_assert_cmpuint (status, ==, 200);
  g_assert_cmpstr (body, ==, "{\"occupied\":true}");
  g_assert_cmpstr (fixture->path, ==, "/apps/an id/channels/news");
  g_assert_cmpstr (g_hash_table_lookup (fixture->query, "auth_key"), ==, "k");
  g_assert_cmpstr (g_hash_table_lookup (fixture->query, "auth_timestamp"), ==, "1700000000");
  g_assert_cmpuint (strlen (g_hash_table_lookup (fixture->query, "auth_signature")), ==, 64);
}

/* The first is what soketi 1.6.1 answers to a wrong secret: status 200. */
static void
test_status (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct
  {
    guint answer;
    const char *body;
    guint status;
  } rows[] = {
    { 200, "{\"error\":\"The secret authentication failed\",\"code\":401}", 401 },
    { 401, "Unknown auth_key k", 401 },
    { 413, "{\"error\":\"too big\",\"code\":400}", 413 },
    { 200, "{\"error\":\"no code\"}", 200 },
    { 200, "{\"error\":1,\"code\":401}", 200 },
    { 200, "{\"error\":\"\",\"code\":7}", 200 },
    { 200, "{\"error\":\"\",\"code\":401", 200 },
    { 200, "", 200 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *body = NULL;
      guint status;

      fixture->answer = rows[i].answer;
      fixture->answer_body = rows[i].body;
      body = ask (fixture, &status);
      g_assert_cmpuint (status, ==, rows[i].status);
      g_assert_cmpstr (body, ==, rows[i].body);
    }
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/api-request/signed", Fixture, NULL, set_up, test_signed, tear_down);
  g_test_add ("/api-request/status", Fixture, NULL, set_up, test_status, tear_down);

  return g_test_run ();
}
