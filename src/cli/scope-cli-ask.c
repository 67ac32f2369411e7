/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "cli/scope-cli-api.h"
#include "cli/scope-cli-mistakes.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"

/* `channels`, `channel`, `users`, which ask the HTTP API, and `terminate`. */

typedef void     (*AskStart) (ScopeCliApi     *api,
                              ScopeCliOptions *options,
                              GCancellable    *cancellable,
                              ScopeCliCall    *call);
/* FALSE: the answer is not what this asks for */
typedef gboolean (*AskPrint) (ScopeCliApi         *api,
                              ScopeCliOptions     *options,
                              const ScopeApiReply *reply);

static const char *
ask_get_argument (ScopeCliOptions *options)
{
  return g_ptr_array_index (options->arguments, 0);
}

/* "GET /apps/7/channels" */
static char *
ask_dup_request (const ScopeApiReply *reply)
{
  g_auto (GStrv) lines = g_strsplit (reply->signed_text != NULL ? reply->signed_text : "", "\n", 3);

  return g_strv_length (lines) > 1 ? g_strjoin (" ", lines[0], lines[1], NULL) : g_strdup (_("the request"));
}

/* What this command asked for and servers refuse: how to ask otherwise. NULL: it is something else. */
static const char *
ask_get_hint (ScopeCliOptions     *options,
              const ScopeApiReply *reply)
{
  gboolean counts_users = options->info != NULL && strstr (options->info, "user_count") != NULL;

  if (reply->outcome != SCOPE_API_REFUSED || reply->status != 400 || options->command != SCOPE_CLI_CHANNELS ||
      options->info == NULL)
    return NULL;
  if (counts_users && (options->prefix == NULL || !g_str_has_prefix (options->prefix, "presence-")))
    return _("Users are only counted in presence channels: add --prefix presence-, or leave out user_count");
  if (!counts_users || strcmp (options->info, "user_count") != 0)
    return _("A list of channels knows no other count than user_count: ask channelscope-cli channel NAME for the rest");
  return NULL;
}

/* Of the request, "GET /apps/1/channels", and its status, unless there is none. */
static void
ask_tell_failure (const ScopeApiReply *reply)
{
  g_autofree char *request = ask_dup_request (reply);
  g_autofree char *place = reply->status != 0 ? g_strdup_printf ("%s (%u)", request, reply->status)
                                              : g_strdup (request);
  g_autofree char *what = scope_cli_api_dup_what (reply);
  gboolean refused = reply->outcome == SCOPE_API_REFUSED;

  if (what == NULL || *what == '\0')
    scope_cli_message (refused ? _("The HTTP API refused %s") : _("The HTTP API gave no answer to %s"), place);
  else
    scope_cli_message (refused ? _("The HTTP API refused %s: %s") : _("The HTTP API gave no answer to %s: %s"), place,
                       what);
}

static int
ask_fail (ScopeCliApi         *api,
          ScopeCliOptions     *options,
          const ScopeApiReply *reply)
{
  g_autofree char *next = NULL;
  const char *hint = ask_get_hint (options, reply);

  if (reply->is_cancelled)
    return SCOPE_CLI_INTERRUPTED;
  ask_tell_failure (reply);
  next = hint != NULL ? g_strdup (hint) : scope_cli_api_dup_next (api, reply);
  if (next != NULL)
    scope_cli_message ("%s", next);
  return reply->outcome == SCOPE_API_NOT_SENT ? SCOPE_CLI_NO_CONNECTION : SCOPE_CLI_NOT_DONE;
}

static int
ask_take (ScopeCliApi         *api,
          ScopeCliOptions     *options,
          const ScopeApiReply *reply,
          AskPrint             print)
{
  if (reply->outcome != SCOPE_API_ACCEPTED)
    return ask_fail (api, options, reply);
  if (print (api, options, reply))
    return SCOPE_CLI_DONE;
  scope_cli_message (_("The answer is not what an HTTP API of Channels gives"));
  return SCOPE_CLI_NOT_DONE;
}

static int
ask (ScopeCliOptions *options,
     AskStart         start,
     AskPrint         print)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ScopeApiReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  ScopeCliCall call = { NULL };
  ScopeCliApi api;
  int status;

  if (!scope_cli_api_open (&api, options, &status))
    return status;

  start (&api, options, cancellable, &call);
  reply = scope_cli_api_wait (&api, &call, cancellable, &error);
  status = reply != NULL ? ask_take (&api, options, reply, print) : scope_cli_fail (error);
  scope_cli_api_close (&api);
  return status;
}

/* Lines */

/* `key`, and the members of a checked object as they came. */
static void
ask_print_ndjson (const char *key,
                  const char *value,
                  const char *members,
                  gsize       length)
{
  g_autoptr (GString) line = g_string_new ("{");
  ScopeSpan name, member;
  ScopeJsonIter iter;

  g_string_append_printf (line, "\"%s\":", key);
  scope_json_append_string (line, value, -1);
  scope_json_iter_init (&iter, members, length);
  while (scope_json_iter_next (&iter, &name, &member, NULL))
    {
      g_string_append_c (line, ',');
      g_string_append_len (line, members + name.offset, name.length);
      g_string_append_c (line, ':');
      scope_json_append_compact (line, members + member.offset, member.length);
    }
  g_string_append (line, "}\n");
  scope_cli_output_write (line->str, line->len);
}

static void
ask_append_shown (GString    *line,
                  const char *text,
                  gsize       length)
{
  g_autofree char *shown = scope_text_for_display (text, length, SCOPE_LIMIT_FRAME_BYTES);

  g_string_append (line, shown);
}

static void
ask_print_text (const char *value,
                const char *members,
                gsize       length)
{
  g_autoptr (GString) line = g_string_new (NULL);
  ScopeSpan name, member;
  ScopeJsonIter iter;

  ask_append_shown (line, value, strlen (value));
  scope_json_iter_init (&iter, members, length);
  while (scope_json_iter_next (&iter, &name, &member, NULL))
    {
      g_string_append (line, "  ");
      ask_append_shown (line, members + name.offset + 1, name.length - 2);
      g_string_append_c (line, ' ');
      ask_append_shown (line, members + member.offset, member.length);
    }
  g_string_append_c (line, '\n');
  scope_cli_output_write (line->str, line->len);
}

static void
ask_print_line (ScopeCliApi *api,
                const char  *key,
                const char  *value,
                const char  *members,
                gsize        length)
{
  if (api->ndjson)
    ask_print_ndjson (key, value, members, length);
  else
    ask_print_text (value, members, length);
}

/* channels */

static void
channels_start (ScopeCliApi     *api,
                ScopeCliOptions *options,
                GCancellable    *cancellable,
                ScopeCliCall    *call)
{
  scope_api_client_list_channels_async (api->client, options->prefix, options->info, cancellable,
                                        scope_cli_call_cb, call);
}

static gboolean
channels_print (ScopeCliApi         *api,
                ScopeCliOptions     *options,
                const ScopeApiReply *reply)
{
  g_autofree char *list = scope_cli_api_dup_member (reply, "channels", SCOPE_JSON_OBJECT);
  ScopeSpan name, value;
  ScopeJsonIter iter;
  ScopeJsonKind kind;

  gboolean has_any = FALSE;

  /* PHP's empty list is an array */
  if (list == NULL)
    list = scope_cli_api_dup_member (reply, "channels", SCOPE_JSON_ARRAY);
  if (list == NULL)
    return FALSE;

  scope_json_iter_init (&iter, list, strlen (list));
  while (scope_json_iter_next (&iter, &name, &value, &kind))
    {
      g_autofree char *channel = NULL;
      gboolean has_members = kind == SCOPE_JSON_OBJECT;

      if (name.length == 0)
        return FALSE;
      has_any = TRUE;
      channel = scope_json_string_dup (list + name.offset, name.length);
      ask_print_line (api, "channel", channel, has_members ? list + value.offset : "{}",
                      has_members ? value.length : 2);
    }
  if (!has_any && !api->ndjson && options->prefix != NULL)
    scope_cli_message (_("No channel whose name begins with “%s” is occupied now"), options->prefix);
  else if (!has_any && !api->ndjson)
    scope_cli_message (_("No channel is occupied now"));
  return TRUE;
}

int
scope_cli_channels (ScopeCliOptions *options)
{
  return ask (options, channels_start, channels_print);
}

/* channel */

static gboolean
ask_check_channel (ScopeCliOptions *options)
{
  g_autoptr (GError) error = NULL;

  if (scope_cli_check_channel (ask_get_argument (options), NULL, &error))
    return TRUE;
  scope_cli_message ("%s", error->message);
  return FALSE;
}

static void
channel_start (ScopeCliApi     *api,
               ScopeCliOptions *options,
               GCancellable    *cancellable,
               ScopeCliCall    *call)
{
  scope_api_client_get_channel_async (api->client, ask_get_argument (options), options->info, cancellable,
                                      scope_cli_call_cb, call);
}

static gboolean
channel_print (ScopeCliApi         *api,
               ScopeCliOptions     *options,
               const ScopeApiReply *reply)
{
  if (!scope_json_scan_object (reply->body, strlen (reply->body), NULL, 0, NULL))
    return FALSE;
  ask_print_line (api, "channel", ask_get_argument (options), reply->body, strlen (reply->body));
  return TRUE;
}

int
scope_cli_channel (ScopeCliOptions *options)
{
  if (!ask_check_channel (options))
    return SCOPE_CLI_USAGE;
  return ask (options, channel_start, channel_print);
}

/* users */

static void
users_start (ScopeCliApi     *api,
             ScopeCliOptions *options,
             GCancellable    *cancellable,
             ScopeCliCall    *call)
{
  scope_api_client_list_users_async (api->client, ask_get_argument (options), cancellable, scope_cli_call_cb, call);
}

static gboolean
users_print (ScopeCliApi         *api,
             ScopeCliOptions     *options,
             const ScopeApiReply *reply)
{
  g_autofree char *list = scope_cli_api_dup_member (reply, "users", SCOPE_JSON_ARRAY);
  gboolean has_any = FALSE;
  ScopeJsonIter iter;
  ScopeSpan value;

  if (list == NULL)
    return FALSE;

  scope_json_iter_init (&iter, list, strlen (list));
  while (scope_json_iter_next (&iter, NULL, &value, NULL))
    {
      g_autofree char *id = scope_json_dup_member (list + value.offset, value.length, "id");

      if (id == NULL)
        return FALSE;
      has_any = TRUE;
      ask_print_line (api, "user_id", id, "{}", 2);
    }
  if (!has_any && !api->ndjson)
    scope_cli_message (_("Nobody is in “%s” now"), ask_get_argument (options));
  return TRUE;
}

int
scope_cli_users (ScopeCliOptions *options)
{
  if (!ask_check_channel (options))
    return SCOPE_CLI_USAGE;
  return ask (options, users_start, users_print);
}

/* terminate */

static int
terminate_send (ScopeCliApi *api,
                const char  *user_id)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ScopeApiReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  ScopeCliOutcome outcome = { .subject = user_id };
  ScopeCliCall call = { NULL };

  scope_api_client_terminate_user_async (api->client, user_id, cancellable, scope_cli_call_cb, &call);
  reply = scope_cli_api_wait (api, &call, cancellable, &error);
  if (reply == NULL)
    return scope_cli_fail (error);

  scope_cli_api_print (api, reply, &outcome);
  if (scope_cli_is_interrupted ())
    return SCOPE_CLI_INTERRUPTED;
  if (reply->outcome == SCOPE_API_NOT_SENT)
    return SCOPE_CLI_NO_CONNECTION;
  return reply->outcome == SCOPE_API_ACCEPTED ? SCOPE_CLI_DONE : SCOPE_CLI_NOT_DONE;
}

int
scope_cli_terminate (ScopeCliOptions *options)
{
  gsize length = strlen (ask_get_argument (options));
  ScopeCliApi api;
  int status;

  if (length == 0 || length > SCOPE_LIMIT_USER_ID_BYTES)
    {
      scope_cli_message (_("A user’s id has 1 to %d bytes, this one has %zu"), SCOPE_LIMIT_USER_ID_BYTES, length);
      return SCOPE_CLI_USAGE;
    }
  if (!scope_cli_api_open (&api, options, &status))
    return status;

  status = terminate_send (&api, ask_get_argument (options));
  scope_cli_api_close (&api);
  return status;
}
