/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-copy-as"

#include "config.h"

#include "session/scope-copy-as.h"

#include "base/scope-error.h"
#include "json/scope-json.h"
#include "protocol/scope-channel-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The server libraries' calls. Each hands a text on as it stands, if it is told so, so that what is published is
 * byte for byte what would be published from here. Node's encrypts what it has encoded, and .NET's encodes always:
 * see node_append_data() and csharp_append_data(). */

#define USER_PREFIX "#server-to-user-"
#define ENV_KEY "PUSHER_APP_KEY"
#define ENV_SECRET "PUSHER_APP_SECRET"
#define ENV_MASTER_KEY "PUSHER_ENCRYPTION_MASTER_KEY"

typedef struct
{
  const ScopeConnectionOptions *options;
  GPtrArray *events;
  const char *cluster;
  const char *host;      /* NULL: the cluster's */
  guint port;
  gboolean is_encrypted; /* any of the channels */
  GString *out;
} CopyAs;

/* Literals */

/* JSON's are those of JavaScript, Python, Go and C# too. */
static void
append_quoted (GString    *out,
               const char *text)
{
  scope_json_append_string (out, text, -1);
}

/* PHP and Ruby: nothing in single quotes is replaced */
static void
append_single_quoted (GString    *out,
                      const char *text)
{
  g_string_append_c (out, '\'');
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == '\'' || *p == '\\')
        g_string_append_c (out, '\\');
      g_string_append_c (out, *p);
    }
  g_string_append_c (out, '\'');
}

typedef void (*AppendText) (GString *out, const char *text);

static void
append_channels (GString             *out,
                 const ScopeApiEvent *event,
                 const char          *open,
                 const char          *close,
                 AppendText           append)
{
  g_string_append (out, open);
  for (guint i = 0; event->channels[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (out, ", ");
      append (out, event->channels[i]);
    }
  g_string_append (out, close);
}

/* Values */

static gboolean
event_is_encrypted (const ScopeApiEvent *event)
{
  return scope_channel_kind_is_encrypted (scope_channel_name_get_kind (event->channels[0]));
}

/* NULL if it goes to a channel */
static const char *
event_get_user (const ScopeApiEvent *event)
{
  return g_str_has_prefix (event->channels[0], USER_PREFIX) ? event->channels[0] + strlen (USER_PREFIX) : NULL;
}

/* What the library gets: the text that is published or, of an encrypted event, its JSON (transfer full). */
static char *
event_dup_data (const ScopeApiEvent *event)
{
  gsize length = strlen (event->data);
  GString *content;

  if (event_is_encrypted (event) || scope_json_peek_kind (event->data, length) != SCOPE_JSON_STRING)
    return g_strdup (event->data);
  content = g_string_new (NULL);
  if (!scope_json_string_decode (event->data, length, content))
    g_string_assign (content, event->data);
  return g_string_free (content, FALSE);
}

static void
append_data (GString             *out,
             const ScopeApiEvent *event,
             AppendText           append)
{
  g_autofree char *data = event_dup_data (event);

  append (out, data);
}

/* format has one %s: the value's literal. Nothing for NULL. */
static void
append_optional (GString    *out,
                 const char *value,
                 AppendText  append,
                 const char *format)
{
  g_autoptr (GString) literal = NULL;
  g_auto (GStrv) parts = NULL;

  if (value == NULL)
    return;
  literal = g_string_new (NULL);
  append (literal, value);
  parts = g_strsplit (format, "%s", 2);
  g_string_append (out, parts[0]);
  g_string_append (out, literal->str);
  g_string_append (out, parts[1]);
}

static const ScopeApiEvent *
copy_get_first (CopyAs *self)
{
  return g_ptr_array_index (self->events, 0);
}

/* Node.js: pusher 5 */

static void
node_append_data (GString             *out,
                  const ScopeApiEvent *event)
{
  if (event_is_encrypted (event))
    g_string_append (out, "JSON.parse(");
  append_data (out, event, append_quoted);
  if (event_is_encrypted (event))
    g_string_append_c (out, ')');
}

static void
node_append_client (CopyAs *self)
{
  g_string_append (self->out, "const Pusher = require(\"pusher\");\n\nconst pusher = new Pusher({\n");
  append_optional (self->out, self->options->app_id, append_quoted, "  appId: %s,\n");
  g_string_append (self->out, "  key: process.env." ENV_KEY ",\n  secret: process.env." ENV_SECRET ",\n");
  if (self->is_encrypted)
    g_string_append (self->out, "  encryptionMasterKeyBase64: process.env." ENV_MASTER_KEY ",\n");
  if (self->host == NULL)
    append_optional (self->out, self->cluster, append_quoted, "  cluster: %s,\n");
  else
    {
      append_optional (self->out, self->host, append_quoted, "  host: %s,\n");
      g_string_append_printf (self->out, "  port: %u,\n", self->port);
    }
  g_string_append_printf (self->out, "  useTLS: %s,\n});\n\n", self->options->use_tls ? "true" : "false");
}

static void
node_append_one (CopyAs *self)
{
  const ScopeApiEvent *event = copy_get_first (self);
  const char *user = event_get_user (event);

  g_string_append (self->out, "pusher\n");
  if (user != NULL)
    append_optional (self->out, user, append_quoted, "  .sendToUser(%s, ");
  else
    append_channels (self->out, event, "  .trigger([", "], ", append_quoted);
  append_quoted (self->out, event->name);
  g_string_append (self->out, ", ");
  node_append_data (self->out, event);
  if (user == NULL && (event->socket_id != NULL || event->info != NULL))
    {
      g_string_append (self->out, ", {");
      append_optional (self->out, event->socket_id, append_quoted, " socket_id: %s,");
      append_optional (self->out, event->info, append_quoted, " info: %s,");
      g_string_append (self->out, " }");
    }
  g_string_append (self->out, ")\n");
}

static void
node_append_batch (CopyAs *self)
{
  g_string_append (self->out, "pusher\n  .triggerBatch([\n");
  for (guint i = 0; i < self->events->len; i++)
    {
      const ScopeApiEvent *event = g_ptr_array_index (self->events, i);

      append_optional (self->out, event->channels[0], append_quoted, "    { channel: %s, ");
      append_optional (self->out, event->name, append_quoted, "name: %s, data: ");
      node_append_data (self->out, event);
      append_optional (self->out, event->socket_id, append_quoted, ", socket_id: %s");
      append_optional (self->out, event->info, append_quoted, ", info: %s");
      g_string_append (self->out, " },\n");
    }
  g_string_append (self->out, "  ])\n");
}

static void
copy_node (CopyAs *self)
{
  node_append_client (self);
  if (self->events->len > 1)
    node_append_batch (self);
  else
    node_append_one (self);
  g_string_append (self->out, "  .then((response) => console.log(response.status), console.error);\n");
}

/* PHP: pusher/pusher-php-server 7 */

static void
php_append_client (CopyAs *self)
{
  const char *use_tls = self->options->use_tls ? "true" : "false";

  g_string_append (self->out, "<?php\n\nrequire __DIR__ . '/vendor/autoload.php';\n\n"
                              "$pusher = new Pusher\\Pusher(\n"
                              "    getenv('" ENV_KEY "'),\n    getenv('" ENV_SECRET "'),\n");
  append_optional (self->out, self->options->app_id, append_single_quoted, "    %s,\n    [\n");
  if (self->host == NULL)
    append_optional (self->out, self->cluster, append_single_quoted, "        'cluster' => %s,\n");
  else
    {
      append_optional (self->out, self->host, append_single_quoted, "        'host' => %s,\n");
      g_string_append_printf (self->out, "        'port' => %u,\n        'scheme' => '%s',\n", self->port,
                              self->options->use_tls ? "https" : "http");
    }
  g_string_append_printf (self->out, "        'useTLS' => %s,\n", use_tls);
  if (self->is_encrypted)
    g_string_append (self->out, "        'encryption_master_key_base64' => getenv('" ENV_MASTER_KEY "'),\n");
  g_string_append (self->out, "    ]\n);\n\n");
}

static void
php_append_one (CopyAs *self)
{
  const ScopeApiEvent *event = copy_get_first (self);
  const char *user = event_get_user (event);

  if (user != NULL)
    append_optional (self->out, user, append_single_quoted, "$pusher->sendToUser(%s, ");
  else
    append_channels (self->out, event, "$pusher->trigger([", "], ", append_single_quoted);
  append_single_quoted (self->out, event->name);
  g_string_append (self->out, ", ");
  append_data (self->out, event, append_single_quoted);
  if (user == NULL)
    {
      g_string_append (self->out, ", [");
      append_optional (self->out, event->socket_id, append_single_quoted, "'socket_id' => %s, ");
      append_optional (self->out, event->info, append_single_quoted, "'info' => %s");
      g_string_append (self->out, "]");
    }
  g_string_append (self->out, ", true);\n");
}

static void
php_append_batch (CopyAs *self)
{
  g_string_append (self->out, "$pusher->triggerBatch([\n");
  for (guint i = 0; i < self->events->len; i++)
    {
      const ScopeApiEvent *event = g_ptr_array_index (self->events, i);

      append_optional (self->out, event->channels[0], append_single_quoted, "    ['channel' => %s, ");
      append_optional (self->out, event->name, append_single_quoted, "'name' => %s, 'data' => ");
      append_data (self->out, event, append_single_quoted);
      append_optional (self->out, event->socket_id, append_single_quoted, ", 'socket_id' => %s");
      append_optional (self->out, event->info, append_single_quoted, ", 'info' => %s");
      g_string_append (self->out, "],\n");
    }
  g_string_append (self->out, "], true);\n");
}

static void
copy_php (CopyAs *self)
{
  php_append_client (self);
  if (self->events->len > 1)
    php_append_batch (self);
  else
    php_append_one (self);
}

/* Python: pusher 3 */

static void
python_append_client (CopyAs *self)
{
  g_string_append (self->out, "import os\n\nimport pusher\n\nclient = pusher.Pusher(\n");
  append_optional (self->out, self->options->app_id, append_quoted, "    app_id=%s,\n");
  g_string_append (self->out, "    key=os.environ[\"" ENV_KEY "\"],\n    secret=os.environ[\"" ENV_SECRET "\"],\n");
  if (self->host == NULL)
    append_optional (self->out, self->cluster, append_quoted, "    cluster=%s,\n");
  else
    {
      append_optional (self->out, self->host, append_quoted, "    host=%s,\n");
      g_string_append_printf (self->out, "    port=%u,\n", self->port);
    }
  g_string_append_printf (self->out, "    ssl=%s,\n", self->options->use_tls ? "True" : "False");
  if (self->is_encrypted)
    g_string_append (self->out, "    encryption_master_key_base64=os.environ[\"" ENV_MASTER_KEY "\"],\n");
  g_string_append (self->out, ")\n\n");
}

static void
python_append_one (CopyAs *self)
{
  const ScopeApiEvent *event = copy_get_first (self);
  const char *user = event_get_user (event);

  if (event->info != NULL)
    g_string_append (self->out, "# This library asks for no counts (info).\n");
  if (user != NULL)
    append_optional (self->out, user, append_quoted, "client.send_to_user(%s, ");
  else
    append_channels (self->out, event, "client.trigger([", "], ", append_quoted);
  append_quoted (self->out, event->name);
  g_string_append (self->out, ", ");
  append_data (self->out, event, append_quoted);
  if (user == NULL)
    append_optional (self->out, event->socket_id, append_quoted, ", socket_id=%s");
  g_string_append (self->out, ")\n");
}

static void
python_append_batch (CopyAs *self)
{
  g_string_append (self->out, "client.trigger_batch([\n");
  for (guint i = 0; i < self->events->len; i++)
    {
      const ScopeApiEvent *event = g_ptr_array_index (self->events, i);

      append_optional (self->out, event->channels[0], append_quoted, "    {\"channel\": %s, ");
      append_optional (self->out, event->name, append_quoted, "\"name\": %s, \"data\": ");
      append_data (self->out, event, append_quoted);
      append_optional (self->out, event->socket_id, append_quoted, ", \"socket_id\": %s");
      append_optional (self->out, event->info, append_quoted, ", \"info\": %s");
      g_string_append (self->out, "},\n");
    }
  g_string_append (self->out, "])\n");
}

static void
copy_python (CopyAs *self)
{
  python_append_client (self);
  if (self->events->len > 1)
    python_append_batch (self);
  else
    python_append_one (self);
}

/* Ruby: pusher 2 */

static void
ruby_append_client (CopyAs *self)
{
  g_string_append (self->out, "require 'pusher'\n\nclient = Pusher::Client.new(\n");
  append_optional (self->out, self->options->app_id, append_single_quoted, "  app_id: %s,\n");
  g_string_append (self->out, "  key: ENV.fetch('" ENV_KEY "'),\n  secret: ENV.fetch('" ENV_SECRET "'),\n");
  if (self->is_encrypted)
    g_string_append (self->out, "  encryption_master_key_base64: ENV.fetch('" ENV_MASTER_KEY "'),\n");
  if (self->host == NULL)
    append_optional (self->out, self->cluster, append_single_quoted, "  cluster: %s,\n");
  else
    {
      append_optional (self->out, self->host, append_single_quoted, "  host: %s,\n");
      g_string_append_printf (self->out, "  port: %u,\n", self->port);
    }
  g_string_append_printf (self->out, "  scheme: '%s'\n)\n\n", self->options->use_tls ? "https" : "http");
}

/* A hash's members: ", socket_id: '1.2'" */
static void
ruby_append_options (GString             *out,
                     const ScopeApiEvent *event)
{
  append_optional (out, event->socket_id, append_single_quoted, ", socket_id: %s");
  append_optional (out, event->info, append_single_quoted, ", info: %s");
}

static void
ruby_append_one (CopyAs *self)
{
  const ScopeApiEvent *event = copy_get_first (self);

  if (event_get_user (event) != NULL)
    {
      append_channels (self->out, event, "client.post('/events', channels: [", "], name: ", append_single_quoted);
      append_single_quoted (self->out, event->name);
      g_string_append (self->out, ", data: ");
    }
  else
    {
      append_channels (self->out, event, "client.trigger([", "], ", append_single_quoted);
      append_single_quoted (self->out, event->name);
      g_string_append (self->out, ", ");
    }
  append_data (self->out, event, append_single_quoted);
  ruby_append_options (self->out, event);
  g_string_append (self->out, ")\n");
}

static void
ruby_append_batch (CopyAs *self)
{
  g_string_append (self->out, "client.trigger_batch([\n");
  for (guint i = 0; i < self->events->len; i++)
    {
      const ScopeApiEvent *event = g_ptr_array_index (self->events, i);

      append_optional (self->out, event->channels[0], append_single_quoted, "  { channel: %s, ");
      append_optional (self->out, event->name, append_single_quoted, "name: %s, data: ");
      append_data (self->out, event, append_single_quoted);
      ruby_append_options (self->out, event);
      g_string_append (self->out, " },\n");
    }
  g_string_append (self->out, "])\n");
}

static void
copy_ruby (CopyAs *self)
{
  ruby_append_client (self);
  if (self->events->len > 1)
    ruby_append_batch (self);
  else
    ruby_append_one (self);
}

/* Go: pusher-http-go 5 */

static void
go_append_client (CopyAs *self)
{
  g_string_append (self->out, "package main\n\nimport (\n\t\"log\"\n\t\"os\"\n\n"
                              "\t\"github.com/pusher/pusher-http-go/v5\"\n)\n\n"
                              "func text(value string) *string { return &value }\n\n"
                              "func main() {\n\tclient := pusher.Client{\n");
  append_optional (self->out, self->options->app_id, append_quoted, "\t\tAppID:  %s,\n");
  g_string_append (self->out, "\t\tKey:    os.Getenv(\"" ENV_KEY "\"),\n\t\tSecret: os.Getenv(\"" ENV_SECRET "\"),\n");
  if (self->host == NULL)
    append_optional (self->out, self->cluster, append_quoted, "\t\tCluster: %s,\n");
  else
    {
      g_autofree char *place = g_strdup_printf ("%s:%u", self->host, self->port);

      append_optional (self->out, place, append_quoted, "\t\tHost:   %s,\n");
    }
  if (self->is_encrypted)
    g_string_append (self->out, "\t\tEncryptionMasterKeyBase64: os.Getenv(\"" ENV_MASTER_KEY "\"),\n");
  g_string_append_printf (self->out, "\t\tSecure: %s,\n\t}\n\n", self->options->use_tls ? "true" : "false");
}

static void
go_append_one (CopyAs *self)
{
  const ScopeApiEvent *event = copy_get_first (self);
  const char *user = event_get_user (event);

  if (user != NULL)
    append_optional (self->out, user, append_quoted, "\terr := client.SendToUser(%s, ");
  else
    append_channels (self->out, event, "\t_, err := client.TriggerMultiWithParams([]string{", "}, ", append_quoted);
  append_quoted (self->out, event->name);
  g_string_append (self->out, ", ");
  append_data (self->out, event, append_quoted);
  if (user == NULL)
    {
      g_string_append (self->out, ", pusher.TriggerParams{");
      append_optional (self->out, event->socket_id, append_quoted, "SocketID: text(%s), ");
      append_optional (self->out, event->info, append_quoted, "Info: text(%s)");
      g_string_append (self->out, "}");
    }
  g_string_append (self->out, ")\n");
}

static void
go_append_batch (CopyAs *self)
{
  g_string_append (self->out, "\t_, err := client.TriggerBatch([]pusher.Event{\n");
  for (guint i = 0; i < self->events->len; i++)
    {
      const ScopeApiEvent *event = g_ptr_array_index (self->events, i);

      append_optional (self->out, event->channels[0], append_quoted, "\t\t{Channel: %s, ");
      append_optional (self->out, event->name, append_quoted, "Name: %s, Data: ");
      append_data (self->out, event, append_quoted);
      append_optional (self->out, event->socket_id, append_quoted, ", SocketID: text(%s)");
      append_optional (self->out, event->info, append_quoted, ", Info: text(%s)");
      g_string_append (self->out, "},\n");
    }
  g_string_append (self->out, "\t})\n");
}

static void
copy_go (CopyAs *self)
{
  go_append_client (self);
  if (self->events->len > 1)
    go_append_batch (self);
  else
    go_append_one (self);
  g_string_append (self->out, "\tif err != nil {\n\t\tlog.Fatal(err)\n\t}\n}\n");
}

/* C#: PusherServer 5 */

/* What it gets it encodes as JSON; of a JRaw the text stays what it is. */
static void
csharp_append_data (GString             *out,
                    const ScopeApiEvent *event)
{
  g_string_append (out, "new JRaw(");
  append_data (out, event, append_quoted);
  g_string_append_c (out, ')');
}

static void
csharp_append_client (CopyAs *self)
{
  g_string_append (self->out, "using System;\nusing System.Collections.Generic;\nusing Newtonsoft.Json.Linq;\n"
                              "using PusherServer;\n\nvar pusher = new Pusher(\n");
  append_optional (self->out, self->options->app_id, append_quoted, "    %s,\n");
  g_string_append (self->out, "    Environment.GetEnvironmentVariable(\"" ENV_KEY "\"),\n"
                              "    Environment.GetEnvironmentVariable(\"" ENV_SECRET "\"),\n"
                              "    new PusherOptions\n    {\n");
  if (self->host == NULL)
    append_optional (self->out, self->cluster, append_quoted, "        Cluster = %s,\n");
  else
    {
      append_optional (self->out, self->host, append_quoted, "        HostName = %s,\n");
      g_string_append_printf (self->out, "        Port = %u,\n", self->port);
    }
  if (self->is_encrypted)
    g_string_append (self->out, "        EncryptionMasterKey = Convert.FromBase64String(\n"
                                "            Environment.GetEnvironmentVariable(\"" ENV_MASTER_KEY "\")),\n");
  g_string_append_printf (self->out, "        Encrypted = %s,\n    });\n\n", self->options->use_tls ? "true" : "false");
}

static void
csharp_append_info (GString    *out,
                    const char *info)
{
  g_auto (GStrv) names = g_strsplit (info, ",", -1);

  g_string_append (out, "Info = new List<string> { ");
  for (guint i = 0; names[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (out, ", ");
      append_quoted (out, names[i]);
    }
  g_string_append (out, " }");
}

static void
csharp_append_one (CopyAs *self)
{
  const ScopeApiEvent *event = copy_get_first (self);

  append_channels (self->out, event, "var result = await pusher.TriggerAsync(new[] { ", " }, ", append_quoted);
  append_quoted (self->out, event->name);
  g_string_append (self->out, ", ");
  csharp_append_data (self->out, event);
  g_string_append (self->out, ", new TriggerOptions { ");
  append_optional (self->out, event->socket_id, append_quoted, "SocketId = %s, ");
  if (event->info != NULL)
    csharp_append_info (self->out, event->info);
  g_string_append (self->out, " });\n");
}

static void
csharp_append_batch (CopyAs *self)
{
  g_string_append (self->out, "var result = await pusher.TriggerAsync(new[]\n{\n");
  for (guint i = 0; i < self->events->len; i++)
    {
      const ScopeApiEvent *event = g_ptr_array_index (self->events, i);

      append_optional (self->out, event->channels[0], append_quoted, "    new Event { Channel = %s, ");
      append_optional (self->out, event->name, append_quoted, "EventName = %s, Data = ");
      csharp_append_data (self->out, event);
      append_optional (self->out, event->socket_id, append_quoted, ", SocketId = %s");
      g_string_append (self->out, " },\n");
    }
  g_string_append (self->out, "});\n");
}

static void
copy_csharp (CopyAs *self)
{
  csharp_append_client (self);
  if (self->events->len > 1)
    csharp_append_batch (self);
  else
    csharp_append_one (self);
  g_string_append (self->out, "Console.WriteLine(result.StatusCode);\n");
}

static void (* const writers[SCOPE_N_COPY_AS]) (CopyAs *self) = {
  [SCOPE_COPY_AS_NODE] = copy_node, [SCOPE_COPY_AS_PHP] = copy_php, [SCOPE_COPY_AS_PYTHON] = copy_python,
  [SCOPE_COPY_AS_RUBY] = copy_ruby, [SCOPE_COPY_AS_GO] = copy_go,   [SCOPE_COPY_AS_CSHARP] = copy_csharp,
};

/* The libraries refuse the characters of a user's channel; most have a call of their own for it. */
static gboolean
copy_is_offered (ScopeCopyAs  language,
                 GPtrArray   *events,
                 GError     **error)
{
  for (guint i = 0; i < events->len; i++)
    {
      const ScopeApiEvent *event = g_ptr_array_index (events, i);

      if (event_get_user (event) == NULL)
        continue;
      if (language == SCOPE_COPY_AS_CSHARP || events->len > 1 || g_strv_length (event->channels) > 1)
        return scope_error_set (error, SCOPE_ERROR_UNSUPPORTED,
                                _("The library for %s has no call that sends this to a user"),
                                scope_copy_as_get_title (language));
    }
  return TRUE;
}

static void
copy_find_place (CopyAs *self)
{
  const ScopeConnectionOptions *options = self->options;

  self->cluster = options->cluster != NULL ? options->cluster : SCOPE_DEFAULT_CLUSTER;
  self->host = options->api_host != NULL ? options->api_host : options->host;
  self->port = options->api_port;
  if (self->port == 0 && options->host != NULL)
    self->port = options->port;
  if (self->port == 0)
    self->port = options->use_tls ? 443 : 80;
}

char *
_scope_copy_as_library (ScopeCopyAs                   language,
                        const ScopeConnectionOptions *options,
                        GPtrArray                    *events,
                        GError                      **error)
{
  CopyAs self = { .options = options, .events = events };

  g_return_val_if_fail (language < SCOPE_N_COPY_AS && writers[language] != NULL, NULL);

  if (!copy_is_offered (language, events, error))
    return NULL;
  for (guint i = 0; i < events->len; i++)
    self.is_encrypted |= event_is_encrypted (g_ptr_array_index (events, i));
  copy_find_place (&self);
  self.out = g_string_new (NULL);
  writers[language] (&self);
  return g_string_free (self.out, FALSE);
}
