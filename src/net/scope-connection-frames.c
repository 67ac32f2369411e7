/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a received frame becomes: inputs for the machine, news for the channels, reports. */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"

/* The fields of a data object we interpret, as text: ids and codes alike. */
static char *
scope_connection_dup_field (const char *text,
                            const ScopeJsonWanted *field,
                            gsize max_bytes)
{
  g_autofree char *whole = NULL;

  if (field->kind == SCOPE_JSON_STRING)
    whole = scope_json_string_dup (text + field->value.offset, field->value.length);
  else if (field->kind == SCOPE_JSON_NUMBER)
    whole = g_strndup (text + field->value.offset, field->value.length);
  else
    return NULL;

  return scope_text_bounded (whole, -1, max_bytes);
}

static gboolean
scope_connection_read_code (const char *text,
                            const ScopeJsonWanted *field,
                            guint *code)
{
  g_autofree char *digits = scope_connection_dup_field (text, field, 32);
  guint64 number;

  if (digits == NULL || !g_ascii_string_to_unsigned (digits, 10, 0, G_MAXUINT16, &number, NULL))
    return FALSE;
  *code = number;
  return TRUE;
}

static gboolean
scope_connection_read_data (ScopeMessage *message,
                            ScopeJsonWanted *wanted,
                            guint n_wanted,
                            const char **text,
                            GBytes **owner)
{
  gsize length;

  return scope_message_read_data_object (message, text, &length, owner)
         && scope_json_scan_object (*text, length, wanted, n_wanted, NULL);
}

static void
scope_connection_report_frame (ScopeConnection *self,
                               ScopeMessage *message)
{
  ScopeReport report = { .type = SCOPE_REPORT_FRAME, .message = message,
                         .channel = scope_message_get_channel (message, NULL) };

  _scope_connection_report (self, &report);
}

static void
scope_connection_bad_handshake (ScopeConnection *self,
                                const char *why)
{
  ScopeInput input = { .type = SCOPE_INPUT_BAD_HANDSHAKE, .generation = self->generation, .text = why };

  _scope_connection_feed (self, &input);
}

/* §1.3; a missing, null or zero activity_timeout is 0 for the machine, which then uses its own */
static void
scope_connection_take_established (ScopeConnection *self,
                                   ScopeMessage *message)
{
  ScopeJsonWanted wanted[] = { { .key = "socket_id" }, { .key = "activity_timeout" } };
  ScopeInput input = { .type = SCOPE_INPUT_ESTABLISHED, .generation = self->generation };
  g_autoptr (GBytes) owner = NULL;
  g_autofree char *socket_id = NULL;
  g_autofree char *seconds = NULL;
  const char *text;

  if (scope_connection_read_data (message, wanted, G_N_ELEMENTS (wanted), &text, &owner))
    {
      socket_id = scope_connection_dup_field (text, &wanted[0], SCOPE_LIMIT_SOCKET_ID_BYTES);
      seconds = scope_connection_dup_field (text, &wanted[1], 32);
    }
  if (socket_id == NULL || *socket_id == '\0')
    {
      scope_connection_bad_handshake (self, _("The server's greeting has no socket id"));
      return;
    }

  input.text = socket_id;
  input.seconds = seconds != NULL ? CLAMP (g_ascii_strtod (seconds, NULL), 0, 86400) : 0;
  _scope_connection_feed (self, &input);
}

/* Texts that speak of a subscription without naming its channel (§1.8, §11.1: Reverb and Sockudo say 4009). */
static gboolean
scope_connection_is_about_subscription (const char *text,
                                        guint code)
{
  g_autofree char *lower = g_ascii_strdown (text, -1);

  return code == 4009
         || (code == 0 && (strstr (lower, "auth") != NULL || strstr (lower, "signature") != NULL
                           || strstr (lower, "subscription") != NULL));
}

/* A server error after the handshake may end a pending subscription. */
static void
scope_connection_match_error (ScopeConnection *self,
                              const char *channel,
                              const char *text,
                              guint code)
{
  if (channel == NULL && scope_connection_is_about_subscription (text, code))
    channel = scope_subscriptions_get_only_pending (self->subscriptions);
  if (channel == NULL)
    return;

  /* harmless: the server holds the channel as subscribed already */
  if (g_str_has_prefix (text, "Existing subscription to channel")
      && !scope_channel_kind_is_presence (scope_channel_name_get_kind (channel)))
    _scope_connection_accept_channel (self, channel);
  else
    _scope_connection_refuse_channel (self, channel, "ServerError", text, code);
}

/* `error` instead of `message` is soketi's (§11.2) */
static void
scope_connection_take_error (ScopeConnection *self,
                             ScopeMessage *message)
{
  ScopeJsonWanted wanted[] = { { .key = "message" }, { .key = "error" }, { .key = "code" } };
  ScopeInput input = { .type = SCOPE_INPUT_SERVER_ERROR, .generation = self->generation };
  g_autoptr (GBytes) owner = NULL;
  g_autofree char *text = NULL;
  g_autofree char *channel = NULL;
  const char *data;

  if (scope_connection_read_data (message, wanted, G_N_ELEMENTS (wanted), &data, &owner))
    {
      text = scope_connection_dup_field (data, &wanted[0], SCOPE_LIMIT_ERROR_TEXT_BYTES);
      if (text == NULL)
        text = scope_connection_dup_field (data, &wanted[1], SCOPE_LIMIT_ERROR_TEXT_BYTES);
      scope_connection_read_code (data, &wanted[2], &input.code);
    }
  if (text == NULL)
    text = g_strdup (_("The server reported an error without a text"));

  channel = g_strdup (scope_message_get_channel (message, NULL));
  if (channel == NULL)
    channel = scope_server_error_find_channel (text);
  self->message_channel = channel;
  input.text = text;
  _scope_connection_feed (self, &input);
  self->message_channel = NULL;

  if (scope_machine_get_state (self->machine) == SCOPE_STATE_CONNECTED)
    scope_connection_match_error (self, channel, text, input.code);
}

static void
scope_connection_take_subscription_error (ScopeConnection *self,
                                          ScopeMessage *message)
{
  ScopeJsonWanted wanted[] = { { .key = "type" }, { .key = "error" }, { .key = "status" } };
  const char *channel = scope_message_get_channel (message, NULL);
  g_autoptr (GBytes) owner = NULL;
  g_autofree char *type = NULL;
  g_autofree char *text = NULL;
  guint status = 0;
  const char *data;

  if (channel == NULL)
    return;
  if (scope_connection_read_data (message, wanted, G_N_ELEMENTS (wanted), &data, &owner))
    {
      type = scope_connection_dup_field (data, &wanted[0], 64);
      text = scope_connection_dup_field (data, &wanted[1], SCOPE_LIMIT_ERROR_TEXT_BYTES);
      scope_connection_read_code (data, &wanted[2], &status);
    }
  if (text == NULL)
    text = g_strdup (_("The server refused the subscription"));
  _scope_connection_refuse_channel (self, channel, type != NULL ? type : "ServerError", text, status);

  /* it changed nothing, for example because the channel stands: told all the same */
  if (self->message != NULL)
    _scope_connection_report_error (self, SCOPE_SOURCE_SERVER, channel, text);
}

/* §3.3: 0 is a count too */
static void
scope_connection_take_count (ScopeConnection *self,
                             ScopeMessage *message)
{
  ScopeJsonWanted wanted[] = { { .key = "subscription_count" } };
  ScopeReport report = { .type = SCOPE_REPORT_COUNT, .channel = scope_message_get_channel (message, NULL) };
  g_autoptr (GBytes) owner = NULL;
  g_autofree char *digits = NULL;
  const char *data;
  guint64 count;

  if (scope_connection_read_data (message, wanted, G_N_ELEMENTS (wanted), &data, &owner))
    digits = scope_connection_dup_field (data, &wanted[0], 32);
  if (digits == NULL || report.channel == NULL
      || !g_ascii_string_to_unsigned (digits, 10, 0, G_MAXINT64, &count, NULL))
    {
      _scope_connection_report_error (self, SCOPE_SOURCE_PARSE, report.channel,
                                      _("A subscription count came without a number"));
      return;
    }

  report.subscription_count = count;
  _scope_connection_report (self, &report);
}

static void
scope_connection_take_cache_miss (ScopeConnection *self,
                                  ScopeMessage *message)
{
  ScopeReport report = { .type = SCOPE_REPORT_CACHE_MISS, .message = message,
                         .channel = scope_message_get_channel (message, NULL) };

  _scope_connection_report (self, &report);
}

static void
scope_connection_take_ping (ScopeConnection *self,
                            ScopeMessage *message)
{
  ScopeInput input = { .type = SCOPE_INPUT_PING, .generation = self->generation };

  scope_connection_report_frame (self, message);
  _scope_connection_feed (self, &input);
}

static void
scope_connection_take_pong (ScopeConnection *self,
                            ScopeMessage *message)
{
  ScopeReport report = { .type = SCOPE_REPORT_ROUND_TRIP };
  gint64 sent_usec = self->ping_sent_usec;

  scope_connection_report_frame (self, message);
  if (sent_usec == 0)
    return;

  self->ping_sent_usec = 0;
  report.usec = scope_clock_get_monotonic_usec (self->clock) - sent_usec;
  _scope_connection_report (self, &report);
}

static void
scope_connection_take_handshake (ScopeConnection *self,
                                 ScopeMessage *message)
{
  ScopeMessageType type = scope_message_get_message_type (message);

  if (type == SCOPE_MESSAGE_CONNECTION_ESTABLISHED)
    scope_connection_take_established (self, message);
  else if (type == SCOPE_MESSAGE_ERROR)
    scope_connection_take_error (self, message);
  else
    scope_connection_bad_handshake (self, _("The server's first frame is no greeting of this protocol"));
}

static void
scope_connection_take_message (ScopeConnection *self,
                               ScopeMessage *message)
{
  switch (scope_message_get_message_type (message))
    {
    case SCOPE_MESSAGE_EVENT:
      _scope_connection_take_event (self, message);
      break;
    case SCOPE_MESSAGE_ERROR:
      scope_connection_take_error (self, message);
      break;
    case SCOPE_MESSAGE_PING:
      scope_connection_take_ping (self, message);
      break;
    case SCOPE_MESSAGE_PONG:
      scope_connection_take_pong (self, message);
      break;
    case SCOPE_MESSAGE_SUBSCRIPTION_SUCCEEDED:
      _scope_connection_take_succeeded (self, message);
      break;
    case SCOPE_MESSAGE_SUBSCRIPTION_ERROR:
      scope_connection_take_subscription_error (self, message);
      break;
    case SCOPE_MESSAGE_SUBSCRIPTION_COUNT:
      scope_connection_take_count (self, message);
      break;
    case SCOPE_MESSAGE_MEMBER_ADDED:
    case SCOPE_MESSAGE_MEMBER_REMOVED:
      _scope_connection_take_member (self, message);
      break;
    case SCOPE_MESSAGE_CACHE_MISS:
      scope_connection_take_cache_miss (self, message);
      break;
    case SCOPE_MESSAGE_CONNECTION_ESTABLISHED:
    case SCOPE_MESSAGE_SIGNIN_SUCCESS:
    case SCOPE_MESSAGE_WATCHLIST:
    case SCOPE_MESSAGE_SUBSCRIBE:
    case SCOPE_MESSAGE_UNSUBSCRIBE:
    case SCOPE_MESSAGE_SIGNIN:
    case SCOPE_MESSAGE_UNKNOWN:
    default:
      break; /* recorded as a frame below */
    }

  /* whatever gave no report of its own is still told: nothing that came is hidden */
  if (self->message != NULL)
    scope_connection_report_frame (self, message);
}

static void
scope_connection_take_garbage (ScopeConnection *self,
                               GBytes *frame,
                               const GError *error)
{
  gboolean over = g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT);
  ScopeReport report = { .type = SCOPE_REPORT_ERROR, .bytes = frame, .text = error->message,
                         .source = over ? SCOPE_SOURCE_LIMIT : SCOPE_SOURCE_PARSE,
                         .reaction = SCOPE_REACTION_NONE };

  _scope_connection_report (self, &report);
}

/* Any frame shows that the other side lives (§1.4). */
static void
scope_connection_note_activity (ScopeConnection *self)
{
  ScopeInput input = { .type = SCOPE_INPUT_ACTIVITY, .generation = self->generation };

  if (!scope_machine_note_activity (self->machine, self->generation,
                                    scope_clock_get_monotonic_usec (self->clock)))
    _scope_connection_feed (self, &input);
}

void
_scope_connection_take_frame (ScopeConnection *self,
                              GBytes *frame)
{
  g_autoptr (ScopeConnection) alive = g_object_ref (self);
  gboolean greeted = scope_machine_get_state (self->machine) == SCOPE_STATE_CONNECTED;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeMessage) message = scope_message_new (frame, &error);

  if (greeted)
    scope_connection_note_activity (self);

  if (message == NULL)
    {
      scope_connection_take_garbage (self, frame, error);
      if (!greeted)
        scope_connection_bad_handshake (self, error->message);
      return;
    }

  self->message = message;
  if (greeted)
    scope_connection_take_message (self, message);
  else
    scope_connection_take_handshake (self, message);
  self->message = NULL;
}
