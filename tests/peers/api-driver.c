/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The HTTP API's client, driven line by line from standard input, with a clock that stands still:
 * api-driver PORT KEY APP-ID SECRET SECONDS [MASTER-KEY]. Each line is a call, answered by a line with what became
 * of it. "data" is JSON text. */

#include "config.h"

#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "json/scope-json.h"
#include "net/scope-api-client.h"

#define DEADLINE_SECONDS 30

static const char *
get_text (JsonObject *object,
          const char *member)
{
  return json_object_get_string_member_with_default (object, member, NULL);
}

static ScopeApiEvent *
read_event (JsonObject *call)
{
  JsonArray *list = json_object_get_array_member (call, "channels");
  g_autoptr (GPtrArray) channels = g_ptr_array_new ();

  for (guint i = 0; i < json_array_get_length (list); i++)
    g_ptr_array_add (channels, (gpointer) json_array_get_string_element (list, i));
  g_ptr_array_add (channels, NULL);
  return scope_api_event_new (get_text (call, "name"), get_text (call, "data"),
                              (const char * const *) channels->pdata, get_text (call, "socket_id"),
                              get_text (call, "info"));
}

static GPtrArray *
read_batch (JsonObject *call)
{
  JsonArray *list = json_object_get_array_member (call, "events");
  GPtrArray *events = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_api_event_free);

  for (guint i = 0; i < json_array_get_length (list); i++)
    g_ptr_array_add (events, read_event (json_array_get_object_element (list, i)));
  return events;
}

static void
done_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
start (ScopeApiClient *client,
       JsonObject     *call,
       GAsyncResult  **result)
{
  const char *what = get_text (call, "call");

  if (g_strcmp0 (what, "publish") == 0)
    {
      g_autoptr (ScopeApiEvent) event = read_event (call);

      scope_api_client_publish_async (client, event, NULL, done_cb, result);
    }
  else if (g_strcmp0 (what, "batch") == 0)
    {
      g_autoptr (GPtrArray) events = read_batch (call);

      scope_api_client_publish_batch_async (client, events, NULL, done_cb, result);
    }
  else if (g_strcmp0 (what, "channels") == 0)
    scope_api_client_list_channels_async (client, get_text (call, "prefix"), get_text (call, "info"), NULL, done_cb,
                                          result);
  else if (g_strcmp0 (what, "channel") == 0)
    scope_api_client_get_channel_async (client, get_text (call, "channel"), get_text (call, "info"), NULL, done_cb,
                                        result);
  else if (g_strcmp0 (what, "users") == 0)
    scope_api_client_list_users_async (client, get_text (call, "channel"), NULL, done_cb, result);
  else if (g_strcmp0 (what, "terminate") == 0)
    scope_api_client_terminate_user_async (client, get_text (call, "user"), NULL, done_cb, result);
  else
    g_error ("There is no call “%s”", what);
}

static gboolean
late_cb (gpointer user_data)
{
  g_error ("No answer came in time");
  return G_SOURCE_REMOVE;
}

static void
answer (ScopeApiClient *client,
        const char     *line)
{
  g_autoptr (JsonNode) node = json_from_string (line, NULL);
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (ScopeApiReply) reply = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  guint late_id = g_timeout_add_seconds (DEADLINE_SECONDS, late_cb, NULL);

  g_assert_nonnull (node);
  start (client, json_node_get_object (node), &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (late_id);

  reply = scope_api_client_call_finish (client, result, &error);
  if (reply == NULL)
    g_string_append (out, "{\"outcome\":\"wrong\",\"text\":");
  else
    g_string_append_printf (out, "{\"outcome\":\"%s\",\"status\":%u,\"text\":",
                            scope_api_outcome_to_text (reply->outcome), reply->status);
  scope_json_append_string (out, reply != NULL ? reply->text : error->message, -1);
  g_string_append (out, "}\n");
  fputs (out->str, stdout);
  fflush (stdout);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (ScopeConnectionOptions) options = scope_connection_options_new ();
  g_autoptr (ScopeClock) clock = NULL;
  g_autoptr (ScopeApiClient) client = NULL;
  g_autofree char *line = NULL;
  size_t size = 0;

  if (argc < 6)
    return 2;

  options->host = g_strdup ("127.0.0.1");
  options->port = (guint) atoi (argv[1]);
  options->use_tls = FALSE;
  options->key = g_strdup (argv[2]);
  options->app_id = g_strdup (argv[3]);
  options->secret = scope_secret_new (argv[4]);
  options->master_key = argc > 6 ? scope_secret_new (argv[6]) : NULL;
  clock = scope_clock_new_fake (g_ascii_strtoll (argv[5], NULL, 10) * G_USEC_PER_SEC);
  client = scope_api_client_new (options, clock);

  while (getline (&line, &size, stdin) > 0)
    answer (client, line);
  return 0;
}
