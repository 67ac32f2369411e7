/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Our connection, told what to do by another program: one JSON object a line on standard input, the
 * lines of `watch --frames` on standard output.
 *
 *   {"id":1,"do":"open","options":{"key":K,"host":H,"port":P,…}}   first; times in seconds
 *   {"id":2,"do":"connect"} {"id":3,"do":"disconnect"} {"id":4,"do":"sign_in"}
 *   {"id":5,"do":"subscribe","channel":C} {"id":6,"do":"unsubscribe","channel":C}
 *   {"id":7,"do":"trigger","channel":C,"event":E,"data":any}
 *   {"id":8,"do":"offline"} {"id":9,"do":"online"}                 what the network monitor says
 *
 * Each is answered by {"type":"done","id":N,"ok":bool,"error":text or null}. The end of the input
 * ends it. */

#define G_LOG_DOMAIN "connection-driver"

#include "config.h"

#include <gio/gunixinputstream.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <unistd.h>

#include "../unit/fake-monitor.h"
#include "capture/scope-line.h"
#include "net/scope-connection.h"
#include "session/scope-detail.h"

typedef struct
{
  GMainLoop *loop;
  GDataInputStream *input;
  FakeMonitor *monitor;
  ScopeNames *names;
  ScopeConnection *connection; /* NULL before "open" */
} Driver;

/* --- what it tells --- */

static ScopeEntryKind
kind_of_report (ScopeReportType type)
{
  static const ScopeEntryKind kinds[] = {
    [SCOPE_REPORT_STATE] = SCOPE_ENTRY_STATE,
    [SCOPE_REPORT_CONNECTING_IN] = SCOPE_ENTRY_CONNECTING_IN,
    [SCOPE_REPORT_SUBSCRIPTION] = SCOPE_ENTRY_SUBSCRIPTION,
    [SCOPE_REPORT_EVENT] = SCOPE_ENTRY_EVENT,
    [SCOPE_REPORT_PRESENCE] = SCOPE_ENTRY_PRESENCE,
    [SCOPE_REPORT_COUNT] = SCOPE_ENTRY_COUNT,
    [SCOPE_REPORT_CACHE_MISS] = SCOPE_ENTRY_CACHE_MISS,
    [SCOPE_REPORT_USER] = SCOPE_ENTRY_USER,
    [SCOPE_REPORT_WATCHLIST] = SCOPE_ENTRY_WATCHLIST,
    [SCOPE_REPORT_ERROR] = SCOPE_ENTRY_ERROR,
    [SCOPE_REPORT_FRAME] = SCOPE_ENTRY_FRAME,
  };

  g_assert ((guint) type < G_N_ELEMENTS (kinds));
  return kinds[type];
}

static void
fill_frame (Driver            *self,
            ScopeEntry        *entry,
            const ScopeReport *report)
{
  GBytes *frame = report->bytes;
  gsize length;
  const char *text;

  if (report->message != NULL)
    frame = scope_message_get_bytes (report->message);
  if (frame == NULL)
    return;

  entry->frame = g_bytes_ref (frame);
  entry->direction = report->outgoing ? SCOPE_DIRECTION_OUT : SCOPE_DIRECTION_IN;
  if (report->message == NULL || report->type != SCOPE_REPORT_EVENT)
    return;

  text = scope_message_get_event (report->message, &length);
  entry->event = scope_names_intern (self->names, text, length);
  text = scope_message_get_user_id (report->message, &length);
  if (text != NULL)
    entry->user = scope_names_intern (self->names, text, length);
  entry->data = scope_message_get_data_span (report->message);
  entry->data_kind = scope_message_get_data_kind (report->message);
}

static void
print_line (GString *line)
{
  fwrite (line->str, 1, line->len, stdout);
  fflush (stdout);
}

static void
report_cb (ScopeConnection   *connection,
           const ScopeReport *report,
           gpointer           user_data)
{
  Driver *self = user_data;
  g_autoptr (GString) lines = g_string_new (NULL);
  g_autoptr (ScopeEntry) entry = NULL;

  if (report->type == SCOPE_REPORT_ROUND_TRIP)
    return;

  entry = scope_entry_new (kind_of_report (report->type), g_get_real_time ());
  if (report->channel != NULL)
    entry->channel = scope_names_intern (self->names, report->channel, -1);
  if (report->encrypted)
    entry->flags |= SCOPE_ENTRY_ENCRYPTED;
  if (report->decrypted)
    entry->flags |= SCOPE_ENTRY_DECRYPTED;
  fill_frame (self, entry, report);
  entry->detail = _scope_detail_new (report);
  scope_line_append_frame (lines, entry);
  scope_line_append_ndjson (lines, entry, self->names);
  print_line (lines);
}

static void
print_done (gint64        id,
            const GError *error)
{
  g_autoptr (GString) line = g_string_new (NULL);

  g_string_append_printf (line, "{\"type\":\"done\",\"id\":%" G_GINT64_FORMAT, id);
  g_string_append_printf (line, ",\"ok\":%s,\"error\":", error == NULL ? "true" : "false");
  if (error != NULL)
    scope_json_append_string (line, error->message, -1);
  else
    g_string_append (line, "null");
  g_string_append (line, "}\n");
  print_line (line);
}

/* --- what it is told --- */

static const char *
get_text (JsonObject *object,
          const char *name)
{
  return json_object_get_string_member_with_default (object, name, NULL);
}

static void
take_text (JsonObject  *object,
           const char  *name,
           char       **field)
{
  if (get_text (object, name) != NULL)
    {
      g_free (*field);
      *field = g_strdup (get_text (object, name));
    }
}

static void
take_seconds (JsonObject *object,
              const char *name,
              double     *field)
{
  *field = json_object_get_double_member_with_default (object, name, *field);
}

/* {"a":"b"} as "a=b", or "a: b" */
static void
take_fields (JsonObject   *object,
             const char   *name,
             const char   *separator,
             char       ***field)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  JsonObject *fields;
  g_autoptr (GList) names = NULL;

  if (!json_object_has_member (object, name))
    return;

  fields = json_object_get_object_member (object, name);
  names = json_object_get_members (fields);
  for (GList *l = names; l != NULL; l = l->next)
    {
      g_autofree char *text = g_strconcat (l->data, separator, get_text (fields, l->data), NULL);

      g_strv_builder_add (builder, text);
    }
  g_strfreev (*field);
  *field = g_strv_builder_end (builder);
}

static ScopeTransportKinds
read_transports (JsonObject *object,
                 const char *name)
{
  ScopeTransportKinds kinds = 0;
  JsonArray *list;

  if (!json_object_has_member (object, name))
    return 0;

  list = json_object_get_array_member (object, name);
  for (guint i = 0; i < json_array_get_length (list); i++)
    for (guint bit = 1; bit <= SCOPE_TRANSPORT_SOCKJS; bit <<= 1)
      if (g_str_equal (json_array_get_string_element (list, i), scope_transport_kind_to_name (bit)))
        kinds |= bit;
  return kinds;
}

static ScopeConnectionOptions *
read_options (JsonObject *object)
{
  ScopeConnectionOptions *options = scope_connection_options_new ();

  take_text (object, "key", &options->key);
  take_text (object, "host", &options->host);
  take_text (object, "path", &options->path);
  take_text (object, "auth_endpoint", &options->channel_auth.endpoint);
  take_text (object, "user_endpoint", &options->user_auth.endpoint);
  take_text (object, "user_data", &options->user_data);
  take_text (object, "presence_user_id", &options->presence_user_id);
  take_text (object, "presence_user_info", &options->presence_user_info);
  take_fields (object, "auth_params", "=", &options->channel_auth.params);
  take_fields (object, "auth_headers", ": ", &options->channel_auth.headers);
  options->port = json_object_get_int_member_with_default (object, "port", 0);
  options->wss_port = json_object_get_int_member_with_default (object, "wss_port", 0);
  options->use_tls = json_object_get_boolean_member_with_default (object, "use_tls", FALSE);
  options->transports = read_transports (object, "transports");
  options->disabled_transports = read_transports (object, "disabled_transports");
  take_seconds (object, "activity_timeout", &options->activity_timeout);
  take_seconds (object, "pong_timeout", &options->pong_timeout);
  take_seconds (object, "unavailable_timeout", &options->unavailable_timeout);
  take_seconds (object, "connect_timeout", &options->connect_timeout);
  take_seconds (object, "reconnect_delay", &options->reconnect_delay);
  options->secret = scope_secret_new (get_text (object, "secret"));
  options->master_key = scope_secret_new (get_text (object, "master_key"));
  return options;
}

static gboolean
do_open (Driver      *self,
         JsonObject  *command,
         GError     **error)
{
  g_autoptr (ScopeConnectionOptions) options
      = read_options (json_object_get_object_member (command, "options"));

  self->connection = scope_connection_new (options, NULL);
  scope_connection_set_listener (self->connection, report_cb, self);
  scope_connection_set_network_monitor (self->connection, G_NETWORK_MONITOR (self->monitor));
  return TRUE;
}

static gboolean
do_connect (Driver      *self,
            JsonObject  *command,
            GError     **error)
{
  scope_connection_connect (self->connection);
  return TRUE;
}

static gboolean
do_disconnect (Driver      *self,
               JsonObject  *command,
               GError     **error)
{
  scope_connection_disconnect (self->connection);
  return TRUE;
}

static gboolean
do_subscribe (Driver      *self,
              JsonObject  *command,
              GError     **error)
{
  return scope_connection_subscribe (self->connection, get_text (command, "channel"), error);
}

static gboolean
do_unsubscribe (Driver      *self,
                JsonObject  *command,
                GError     **error)
{
  scope_connection_unsubscribe (self->connection, get_text (command, "channel"));
  return TRUE;
}

static gboolean
do_trigger (Driver      *self,
            JsonObject  *command,
            GError     **error)
{
  g_autofree char *data = json_to_string (json_object_get_member (command, "data"), FALSE);

  return scope_connection_send_event (self->connection, get_text (command, "channel"),
                                      get_text (command, "event"), data, error);
}

static gboolean
do_sign_in (Driver      *self,
            JsonObject  *command,
            GError     **error)
{
  return scope_connection_sign_in (self->connection, NULL, error);
}

static gboolean
do_offline (Driver      *self,
            JsonObject  *command,
            GError     **error)
{
  fake_monitor_change (self->monitor, FALSE);
  return TRUE;
}

static gboolean
do_online (Driver      *self,
           JsonObject  *command,
           GError     **error)
{
  fake_monitor_change (self->monitor, TRUE);
  return TRUE;
}

typedef struct
{
  const char *name;
  gboolean (*func) (Driver *self, JsonObject *command, GError **error);
} Verb;

static const Verb verbs[] = {
  { "open", do_open },
  { "connect", do_connect },
  { "disconnect", do_disconnect },
  { "subscribe", do_subscribe },
  { "unsubscribe", do_unsubscribe },
  { "trigger", do_trigger },
  { "sign_in", do_sign_in },
  { "offline", do_offline },
  { "online", do_online },
};

static void
obey (Driver     *self,
      JsonObject *command)
{
  const char *wanted = get_text (command, "do");
  gint64 id = json_object_get_int_member (command, "id");
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (verbs); i++)
    if (g_strcmp0 (verbs[i].name, wanted) == 0)
      {
        verbs[i].func (self, command, &error);
        print_done (id, error);
        return;
      }
  g_error ("Unknown command: %s", wanted);
}

static void read_next (Driver *self);

static void
line_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Driver *self = user_data;
  g_autofree char *line = g_data_input_stream_read_line_finish (self->input, result, NULL, NULL);
  g_autoptr (JsonNode) node = NULL;

  if (line == NULL)
    {
      g_main_loop_quit (self->loop);
      return;
    }

  node = json_from_string (line, NULL);
  if (node == NULL || !JSON_NODE_HOLDS_OBJECT (node))
    g_error ("No command: %s", line);
  obey (self, json_node_get_object (node));
  read_next (self);
}

static void
read_next (Driver *self)
{
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, NULL, line_cb, self);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr (GInputStream) standard_input = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  Driver self = {
    .loop = g_main_loop_new (NULL, FALSE),
    .input = g_data_input_stream_new (standard_input),
    .monitor = g_object_new (FAKE_TYPE_MONITOR, NULL),
    .names = scope_names_new (),
  };

  self.monitor->available = TRUE;
  read_next (&self);
  g_main_loop_run (self.loop);

  g_clear_object (&self.connection);
  g_object_unref (self.names);
  g_object_unref (self.monitor);
  g_object_unref (self.input);
  g_main_loop_unref (self.loop);
  return 0;
}
