/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "cli/scope-cli-api.h"
#include "cli/scope-cli-loop.h"
#include "cli/scope-cli-mistakes.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-printer.h"
#include "cli/scope-cli-private.h"
#include "cli/scope-cli-target.h"
#include "json/scope-json.h"
#include "protocol/scope-message.h"
#include "protocol/scope-server-error.h"
#include "session/scope-session.h"

/* `trigger --client`: one event for each channel, one after the other. A server says nothing to a
 * client event it takes (protocol.md §6), but it answers frames in order: the pong to a ping that
 * was sent after the event tells that the event was not refused. No event goes out while a pong is
 * awaited: that pong would say nothing about it. */

/* A limit of events per second was reached: so long until the next try. */
#define PAUSE_MSEC 200
/* A pong that does not come leaves it unknown what became of the event. */
#define PONG_WAIT_MSEC 10000

typedef enum
{
  TRIGGER_SUBSCRIBING,
  TRIGGER_PAUSING,
  TRIGGER_SENT,
} ScopeCliTriggerStep;

typedef struct
{
  ScopeCliOptions *options;
  ScopeSession *session;
  gboolean ndjson;
  gboolean connected; /* was, at least once */
  guint next;         /* index of the channel whose turn it is */
  ScopeCliTriggerStep step;
  guint n_pings;      /* without their pong yet, the connection's own too */
  guint wait_id;
  char *trouble;      /* the last error's words */

  gboolean failed;    /* one was not accepted */
  gboolean ended;
  int status;
} ScopeCliTrigger;

static const char *
trigger_get_channel (ScopeCliTrigger *self)
{
  if (self->next >= self->options->arguments->len)
    return NULL;
  return g_ptr_array_index (self->options->arguments, self->next);
}

static void
trigger_end (ScopeCliTrigger *self,
             int              status)
{
  g_clear_handle_id (&self->wait_id, g_source_remove);
  if (self->ended)
    return;
  self->ended = TRUE;
  self->status = status;
}

static void
trigger_print (ScopeCliTrigger *self,
               const char      *outcome,
               gint64           status,
               const char      *message)
{
  g_autoptr (GString) line = g_string_new (NULL);
  const char *meaning = NULL;

  if (strcmp (outcome, "refused") == 0)
    meaning = scope_server_error_get_meaning (status > 0 ? (guint) status : 0, message);
  if (!self->ndjson)
    {
      /* what a server said may steer no terminal, and be no line of its own */
      g_autofree char *shown = scope_text_for_display (message, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);

      g_string_append_printf (line, "%s: %s%s%s%s%s\n", trigger_get_channel (self), outcome,
                              message != NULL ? ": " : "", shown,
                              meaning != NULL ? " – " : "", meaning != NULL ? meaning : "");
      scope_cli_output_write (line->str, line->len);
      return;
    }

  scope_cli_api_begin_line (line, outcome, CLAMP (status, 0, G_MAXINT32), message);
  if (meaning != NULL)
    {
      g_string_append (line, ",\"meaning\":");
      scope_json_append_string (line, meaning, -1);
    }
  g_string_append (line, ",\"events\":1,\"channel\":");
  scope_json_append_string (line, trigger_get_channel (self), -1);
  g_string_append (line, "}\n");
  scope_cli_output_write (line->str, line->len);
}

static gboolean trigger_go_on_cb (gpointer user_data);

/* What became of this channel's event; on to the next, once whoever told has finished. */
static void
trigger_settle (ScopeCliTrigger *self,
                const char      *outcome,
                gint64           status,
                const char      *message)
{
  g_clear_handle_id (&self->wait_id, g_source_remove);
  trigger_print (self, outcome, status, message);
  self->failed = self->failed || strcmp (outcome, "accepted") != 0;
  self->step = TRIGGER_SUBSCRIBING;
  self->next++;

  if (trigger_get_channel (self) == NULL)
    trigger_end (self, self->failed ? SCOPE_CLI_NOT_DONE : SCOPE_CLI_DONE);
  else
    g_idle_add (trigger_go_on_cb, self);
}

/* Nothing more can be sent: a line for each event that is left. */
static void
trigger_give_up (ScopeCliTrigger *self,
                 int              status,
                 const char      *message)
{
  if (self->ended)
    return;
  trigger_end (self, status);
  if (self->step == TRIGGER_SENT)
    {
      trigger_print (self, "unknown", -1, message);
      self->next++;
    }
  for (; trigger_get_channel (self) != NULL; self->next++)
    trigger_print (self, "not_sent", -1, message);
}

static gboolean
trigger_pause_over_cb (gpointer user_data)
{
  ScopeCliTrigger *self = user_data;

  self->wait_id = 0;
  self->step = TRIGGER_SUBSCRIBING;
  trigger_go_on_cb (self);
  return G_SOURCE_REMOVE;
}

static gboolean
trigger_pong_late_cb (gpointer user_data)
{
  ScopeCliTrigger *self = user_data;

  self->wait_id = 0;
  trigger_give_up (self, SCOPE_CLI_NOT_DONE, _("The server did not answer in time"));
  return G_SOURCE_REMOVE;
}

static void
trigger_take_send_error (ScopeCliTrigger *self,
                         const GError    *error)
{
  if (g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT) &&
      strlen (self->options->data) <= self->options->max_data)
    {
      self->step = TRIGGER_PAUSING;
      self->wait_id = g_timeout_add (PAUSE_MSEC, trigger_pause_over_cb, self);
    }
  else
    trigger_settle (self, "not_sent", -1, error->message);
}

static void
trigger_wait_for_pong (ScopeCliTrigger *self)
{
  if (self->wait_id == 0)
    self->wait_id = g_timeout_add (PONG_WAIT_MSEC, trigger_pong_late_cb, self);
}

static void
trigger_send_event (ScopeCliTrigger *self)
{
  g_autoptr (GError) error = NULL;

  if (!scope_session_send_event (self->session, trigger_get_channel (self), self->options->event,
                                 self->options->data, &error))
    {
      trigger_take_send_error (self, error);
      return;
    }
  self->step = TRIGGER_SENT;
  trigger_wait_for_pong (self);
  scope_connection_ping (scope_session_get_connection (self->session));
}

/* Once the channel whose turn it is is subscribed. */
static void
trigger_send (ScopeCliTrigger *self)
{
  ScopeChannel *model = scope_session_find_channel (self->session, trigger_get_channel (self));

  if (model == NULL || self->step != TRIGGER_SUBSCRIBING ||
      scope_channel_get_status (model) == SCOPE_SUBSCRIPTION_PENDING)
    return;
  if (scope_channel_get_status (model) == SCOPE_SUBSCRIPTION_ERROR)
    {
      trigger_settle (self, "not_sent", -1, scope_channel_get_error_text (model));
      return;
    }
  if (scope_channel_get_status (model) != SCOPE_SUBSCRIPTION_SUBSCRIBED)
    return;

  if (self->n_pings > 0)
    trigger_wait_for_pong (self);
  else
    trigger_send_event (self);
}

/* What the stream says about it */

static void
trigger_take_pong (ScopeCliTrigger *self)
{
  if (self->n_pings > 0)
    self->n_pings--;

  if (self->step == TRIGGER_SENT)
    trigger_settle (self, "accepted", -1, NULL);
  else if (self->step == TRIGGER_SUBSCRIBING && self->n_pings == 0)
    {
      g_clear_handle_id (&self->wait_id, g_source_remove);
      g_idle_add (trigger_go_on_cb, self);
    }
}

static void
trigger_take_frame (ScopeCliTrigger  *self,
                    const ScopeEntry *entry)
{
  g_autoptr (ScopeMessage) message = scope_message_new (entry->frame, NULL);
  ScopeMessageType type;

  if (message == NULL)
    return;
  type = scope_message_get_message_type (message);
  if (entry->direction == SCOPE_DIRECTION_OUT && type == SCOPE_MESSAGE_PING)
    self->n_pings++;
  else if (entry->direction == SCOPE_DIRECTION_IN && type == SCOPE_MESSAGE_PONG)
    trigger_take_pong (self);
}

static void
trigger_take_error (ScopeCliTrigger  *self,
                    const ScopeEntry *entry)
{
  gboolean is_server = scope_cli_entry_is (entry, "source", "server");

  g_free (self->trouble);
  self->trouble = scope_entry_dup_detail (entry, "message");
  if (self->step == TRIGGER_SENT && is_server)
    trigger_settle (self, "refused", scope_cli_entry_get_int (entry, "code", -1), self->trouble);
}

static void
trigger_take_state (ScopeCliTrigger  *self,
                    const ScopeEntry *entry)
{
  if (scope_cli_entry_is (entry, "current", "connected"))
    self->connected = TRUE;
  else if (scope_cli_entry_is (entry, "current", "failed"))
    trigger_give_up (self, SCOPE_CLI_USAGE, _("No transport is left"));
  else if (self->connected || scope_cli_entry_is (entry, "current", "disconnected"))
    trigger_give_up (self, SCOPE_CLI_NOT_DONE,
                     self->trouble != NULL ? self->trouble : _("The connection was lost"));
}

static gboolean
trigger_go_on_cb (gpointer user_data)
{
  ScopeCliTrigger *self = user_data;

  if (!self->ended && trigger_get_channel (self) != NULL)
    trigger_send (self);
  return G_SOURCE_REMOVE;
}

static void
trigger_entry_cb (ScopeSession *session,
                  ScopeEntry   *entry,
                  gpointer      user_data)
{
  ScopeCliTrigger *self = user_data;

  if (self->ended)
    return;
  if (entry->kind == SCOPE_ENTRY_STATE)
    trigger_take_state (self, entry);
  else if (entry->kind == SCOPE_ENTRY_ERROR)
    trigger_take_error (self, entry);
  else if (entry->kind == SCOPE_ENTRY_FRAME)
    trigger_take_frame (self, entry);
  else if (entry->kind == SCOPE_ENTRY_SUBSCRIPTION)
    g_idle_add (trigger_go_on_cb, self);
}

static gboolean
trigger_not_connected_cb (gpointer user_data)
{
  ScopeCliTrigger *self = user_data;

  if (!self->connected)
    {
      g_autofree char *text = g_strjoin (": ", _("Could not connect in time"), self->trouble, NULL);

      scope_cli_message (_("%s. To learn where it fails, run channelscope-cli doctor with the same options"), text);
      trigger_give_up (self, SCOPE_CLI_NO_CONNECTION, text);
    }
  return G_SOURCE_REMOVE;
}

/* Checks before anything is connected */

static gboolean
trigger_check_channels (ScopeCliOptions *options,
                        GError         **error)
{
  for (guint i = 0; i < options->arguments->len; i++)
    {
      const char *channel = g_ptr_array_index (options->arguments, i);
      g_autofree char *warning = NULL;

      if (!scope_cli_check_channel (channel, &warning, error))
        return FALSE;
      if (warning != NULL)
        scope_cli_message ("%s", warning);
      if (!scope_channel_kind_allows_client_events (scope_channel_name_get_kind (channel)))
        {
          g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("“%s” takes no client events: only private and presence channels that are "
                         "not encrypted do"), channel);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
trigger_check (ScopeCliOptions *options,
               GError         **error)
{
  if (options->socket_id != NULL || options->info != NULL)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("--%s is for the HTTP API and can’t go with --client"),
                 options->socket_id != NULL ? "socket-id" : "info");
  else if (options->event == NULL || options->data == NULL)
    scope_error_usage (error, _("“trigger” needs --%s: channelscope-cli trigger CHANNEL --event NAME --data JSON"),
                       options->event == NULL ? "event" : "data");
  else if (!g_str_has_prefix (options->event, "client-"))
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("--event: a client event’s name begins with “client-”, not “%s”"),
                 options->event);
  else
    return trigger_check_channels (options, error);
  return FALSE;
}

/* What is too much is known once there is a profile. */
static gboolean
trigger_check_length (ScopeCliOptions *options,
                      ScopeProfile    *profile,
                      GError         **error)
{
  gsize length = strlen (options->data);
  guint most;

  g_object_get (profile, "max-data", &most, NULL);
  options->max_data = most != 0 ? most : SCOPE_LIMIT_DATA_BYTES;
  if (length <= options->max_data)
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
               _("--data: it has %zu bytes; %zu are allowed"), length, options->max_data);
  return FALSE;
}

static void
trigger_run (ScopeCliTrigger *self,
             double           connect_seconds)
{
  guint limit_id = g_timeout_add ((guint) (connect_seconds * 1000), trigger_not_connected_cb, self);
  GSource *limit = g_main_context_find_source_by_id (NULL, limit_id);

  g_source_ref (limit);
  scope_session_connect (self->session);
  while (!self->ended && !scope_cli_loop_is_over ())
    scope_cli_loop_turn ();
  if (scope_cli_is_interrupted ())
    trigger_end (self, SCOPE_CLI_INTERRUPTED);
  trigger_end (self, SCOPE_CLI_NOT_DONE);

  g_source_destroy (limit);
  g_source_unref (limit);
}

static void
trigger_close (ScopeCliTrigger *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  ScopeCliCall call = { NULL };

  scope_session_close_async (self->session, scope_cli_call_cb, &call);
  result = scope_cli_call_wait (&call, NULL, 0);
  scope_session_close_finish (self->session, result, NULL);
  g_signal_handlers_disconnect_by_data (self->session, self);
  while (g_source_remove_by_user_data (self))
    ;
}

static int
trigger_with (ScopeCliOptions  *options,
              ScopeProfile     *profile,
              ScopeCredentials *credentials)
{
  ScopeCliTrigger self = { .options = options, .ndjson = scope_cli_options_is_ndjson (options) };
  double connect_seconds;

  g_object_get (profile, "connect-timeout", &connect_seconds, NULL);
  /* that keeps a window from sending by mistake: who runs this command means it, as over the HTTP API */
  g_object_set (profile, "read-only", FALSE, NULL);
  for (guint i = 0; i < options->arguments->len; i++)
    scope_profile_add_subscription (profile, g_ptr_array_index (options->arguments, i));
  self.session = scope_session_new (profile, credentials, "", NULL);
  g_signal_connect (self.session, "entry", G_CALLBACK (trigger_entry_cb), &self);

  trigger_run (&self, connect_seconds);
  trigger_close (&self);

  g_object_unref (self.session);
  g_free (self.trouble);
  return self.status;
}

int
scope_cli_trigger (ScopeCliOptions *options)
{
  g_autoptr (ScopeProfile) profile = NULL;
  g_autoptr (ScopeCredentials) credentials = NULL;
  g_autoptr (GError) error = NULL;
  int status = SCOPE_CLI_DONE;

  if (!options->client)
    return scope_cli_publish (options);
  if (!trigger_check (options, &error))
    return scope_cli_fail (error);
  if (!scope_cli_target_resolve (options, &profile, &credentials, &status))
    return status;
  if (!trigger_check_length (options, profile, &error))
    return scope_cli_fail (error);
  return trigger_with (options, profile, credentials);
}
