/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "cli/scope-cli-api.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"
#include "protocol/scope-channel-name.h"

/* `trigger` without --client: one event, to up to a hundred channels, by one request of the HTTP API. */

static ScopeApiEvent *
publish_new_event (ScopeCliOptions *options)
{
  g_autoptr (GPtrArray) channels = g_ptr_array_copy (options->arguments, NULL, NULL);
  ScopeApiEvent *event;

  g_ptr_array_set_free_func (channels, NULL);
  g_ptr_array_add (channels, NULL);
  event = scope_api_event_new (options->event, options->data, (const char * const *) channels->pdata,
                               options->socket_id, options->info);
  return event;
}

static void
publish_warn (ScopeCliOptions *options)
{
  for (guint i = 0; i < options->arguments->len; i++)
    {
      g_autofree char *warning = NULL;

      if (scope_channel_name_check (g_ptr_array_index (options->arguments, i), &warning, NULL) && warning != NULL)
        scope_cli_message ("%s", warning);
    }
}

static int
publish_send (ScopeCliApi     *api,
              ScopeCliOptions *options)
{
  g_autoptr (ScopeApiEvent) event = publish_new_event (options);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (ScopeApiReply) reply = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *subject = g_strjoinv (" ", event->channels);
  g_autofree char *counts = NULL;
  ScopeCliOutcome outcome = { .n_events = 1, .subject = subject };
  ScopeCliCall call = { NULL };

  scope_api_client_publish_async (api->client, event, cancellable, scope_cli_call_cb, &call);
  reply = scope_cli_api_wait (api, &call, cancellable, &error);
  if (reply == NULL)
    return scope_cli_fail (error);

  if (reply->outcome == SCOPE_API_ACCEPTED)
    outcome.counts = counts = scope_cli_api_dup_member (reply, "channels", SCOPE_JSON_OBJECT);
  scope_cli_api_print (api, reply, &outcome);
  if (scope_cli_is_interrupted ())
    return SCOPE_CLI_INTERRUPTED;
  return reply->outcome == SCOPE_API_ACCEPTED ? SCOPE_CLI_DONE : SCOPE_CLI_NOT_DONE;
}

int
scope_cli_publish (ScopeCliOptions *options)
{
  ScopeCliApi api;
  int status = SCOPE_CLI_DONE;

  if (options->event == NULL || options->data == NULL)
    {
      scope_cli_message (_("“trigger” needs --%s: channelscope-cli trigger CHANNEL --event NAME --data JSON"),
                         options->event == NULL ? "event" : "data");
      return SCOPE_CLI_USAGE;
    }
  if (!scope_cli_api_open (&api, options, &status))
    return status;

  publish_warn (options);
  status = publish_send (&api, options);
  scope_cli_api_close (&api);
  return status;
}
