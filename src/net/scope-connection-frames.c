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
#include "protocol/scope-server-error.h"

#define MAX_SUSPECTS 10 /* channel names in a sentence */

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
  input.ping_delay_usec = _scope_connection_get_ping_delay_usec (self);
  input.seconds = seconds != NULL ? CLAMP (g_ascii_strtod (seconds, NULL), 0, 86400) : 0;
  _scope_connection_feed (self, &input);
}

/* What stands before the colon of what authorized a channel: a refusal may name it, and nothing else. */
void
_scope_connection_note_sent (ScopeConnection *self,
                             const char *channel,
                             const char *auth)
{
  const char *colon = auth != NULL ? strchr (auth, ':') : NULL;

  if (colon != NULL)
    g_hash_table_replace (self->sent_keys, g_strdup (channel), g_strndup (auth, colon - auth));
  else
    g_hash_table_remove (self->sent_keys, channel);
}

/* Servers that match prefixes loosely want authorization for such names, too (§11.2, §11.3). */
static gboolean
scope_connection_may_need_auth (const char *channel)
{
  return scope_channel_kind_needs_auth (scope_channel_name_get_kind (channel))
         || strstr (channel, "private") != NULL || strstr (channel, "presence") != NULL;
}

static gboolean
scope_connection_fits_error (ScopeConnection *self,
                             const char *channel,
                             const char *key)
{
  if (key != NULL)
    return g_strcmp0 (g_hash_table_lookup (self->sent_keys, channel), key) == 0;
  return scope_connection_may_need_auth (channel);
}

/* The channels a refusal without a channel may speak of; when all fit equally, all of them.
 * (transfer container: names owned by the subscriptions) */
static GPtrArray *
scope_connection_list_suspects (ScopeConnection *self,
                                const char *text)
{
  g_autofree char *key = scope_server_error_find_key (text);
  g_autoptr (GPtrArray) sent = scope_subscriptions_list_sent (self->subscriptions);
  g_autoptr (GPtrArray) fitting = g_ptr_array_new ();

  for (guint i = 0; i < sent->len; i++)
    if (scope_connection_fits_error (self, sent->pdata[i], key))
      g_ptr_array_add (fitting, sent->pdata[i]);

  return fitting->len > 0 || key != NULL ? g_steal_pointer (&fitting) : g_steal_pointer (&sent);
}

/* "… It concerns one of these channels: a, b, c" (transfer full) */
static char *
scope_connection_describe_suspects (GPtrArray *suspects,
                                    const char *meaning)
{
  g_autoptr (GString) names = g_string_new (NULL);
  g_autofree char *sentence = NULL;

  for (guint i = 0; i < suspects->len && i < MAX_SUSPECTS; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", (const char *) suspects->pdata[i]);
  if (suspects->len > MAX_SUSPECTS)
    g_string_append (names, ", …");

  /* Translators: %s is a list of channel names */
  sentence = g_strdup_printf (_("It concerns one of these channels: %s"), names->str);
  return g_strjoin (" ", meaning != NULL ? meaning : sentence, meaning != NULL ? sentence : NULL,
                    NULL);
}

/* What a `pusher:error` after the handshake is about. It is never guessed: of several channels that
 * may be meant none is refused, but all are named. */
typedef struct
{
  const char *text;
  guint code;
  ScopeErrorTopic topic;
  char *channel;              /* nullable */
  char *meaning;              /* if more than one channel may be meant */
} ScopeServerError;

static void
scope_server_error_clear (ScopeServerError *error)
{
  g_free (error->channel);
  g_free (error->meaning);
}

static void
scope_connection_match_error (ScopeConnection *self,
                              ScopeServerError *error)
{
  g_autoptr (GPtrArray) suspects = NULL;

  error->topic = scope_server_error_get_topic (error->code, error->text);
  if (error->channel != NULL || error->topic != SCOPE_TOPIC_SUBSCRIPTION)
    return;

  suspects = scope_connection_list_suspects (self, error->text);
  if (suspects->len == 0 && error->code == 4009)
    error->topic = SCOPE_TOPIC_SIGN_IN; /* Sockudo; there is nothing else it could be */
  else if (suspects->len == 1)
    error->channel = g_strdup (suspects->pdata[0]);
  else if (suspects->len > 1)
    error->meaning = scope_connection_describe_suspects (
        suspects, scope_server_error_get_meaning (error->code, error->text));
}

/* It may end a pending subscription, or the sign-in. */
static void
scope_connection_act_on_error (ScopeConnection *self,
                               const ScopeServerError *error)
{
  if (_scope_connection_refuse_sign_in (self, error->topic, error->text, error->code))
    return;
  if (error->channel == NULL || error->topic == SCOPE_TOPIC_CLIENT_EVENT
      || error->topic == SCOPE_TOPIC_OTHER)
    return;

  /* harmless: the server holds the channel as subscribed already */
  if (g_str_has_prefix (error->text, "Existing subscription to ")
      && !scope_channel_kind_is_presence (scope_channel_name_get_kind (error->channel)))
    _scope_connection_accept_channel (self, error->channel);
  else
    _scope_connection_refuse_channel (self, error->channel, "ServerError", error->text, error->code);
}

static void
scope_connection_feed_error (ScopeConnection *self,
                             ScopeServerError *error)
{
  ScopeInput input = { .type = SCOPE_INPUT_SERVER_ERROR, .generation = self->generation,
                       .code = error->code, .text = error->text };
  gboolean greeted = scope_machine_get_state (self->machine) == SCOPE_STATE_CONNECTED;

  if (greeted)
    scope_connection_match_error (self, error);
  self->message_channel = error->channel;
  self->message_meaning = error->meaning;
  _scope_connection_feed (self, &input);
  self->message_channel = NULL;
  self->message_meaning = NULL;

  if (greeted && scope_machine_get_state (self->machine) == SCOPE_STATE_CONNECTED)
    scope_connection_act_on_error (self, error);
}

/* `error` instead of `message` is soketi's (§11.2) */
static void
scope_connection_take_error (ScopeConnection *self,
                             ScopeMessage *message)
{
  ScopeJsonWanted wanted[] = { { .key = "message" }, { .key = "error" }, { .key = "code" } };
  ScopeServerError error = { 0 };
  g_autoptr (GBytes) owner = NULL;
  g_autofree char *text = NULL;
  const char *data;

  if (scope_connection_read_data (message, wanted, G_N_ELEMENTS (wanted), &data, &owner))
    {
      text = scope_connection_dup_field (data, &wanted[0], SCOPE_LIMIT_ERROR_TEXT_BYTES);
      if (text == NULL)
        text = scope_connection_dup_field (data, &wanted[1], SCOPE_LIMIT_ERROR_TEXT_BYTES);
      scope_connection_read_code (data, &wanted[2], &error.code);
    }
  if (text == NULL)
    text = g_strdup (_("The server reported an error without a text"));

  error.text = text;
  error.channel = g_strdup (scope_message_get_channel (message, NULL));
  if (error.channel == NULL)
    error.channel = scope_server_error_find_channel (text);
  scope_connection_feed_error (self, &error);
  scope_server_error_clear (&error);
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

  /* the server's own AuthError is not an endpoint's, and its status none of HTTP */
  self->message_meaning
      = scope_subscription_error_get_meaning (g_strcmp0 (type, "AuthError") == 0 ? NULL : type, text, status);
  _scope_connection_refuse_channel (self, channel, type != NULL ? type : "ServerError", text, status);
  self->message_meaning = NULL;

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

/* to a ping of ours, in a frame or in the transport's own way */
void
_scope_connection_take_answer (ScopeConnection *self)
{
  ScopeReport report = { .type = SCOPE_REPORT_ROUND_TRIP };
  gint64 sent_usec = self->ping_sent_usec;

  if (sent_usec == 0)
    return;

  self->ping_sent_usec = 0;
  report.usec = scope_clock_get_monotonic_usec (self->clock) - sent_usec;
  _scope_connection_report (self, &report);
}

static void
scope_connection_take_pong (ScopeConnection *self,
                            ScopeMessage *message)
{
  scope_connection_report_frame (self, message);
  _scope_connection_take_answer (self);
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
    case SCOPE_MESSAGE_SIGNIN_SUCCESS:
      _scope_connection_take_signed_in (self, message);
      break;
    case SCOPE_MESSAGE_WATCHLIST:
      _scope_connection_take_watchlist (self, message);
      break;
    case SCOPE_MESSAGE_CONNECTION_ESTABLISHED:
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

/* Nothing follows from it any more, but what was on its way is told: events as such, the rest as frames. */
void
_scope_connection_take_late_frame (ScopeConnection *self,
                                   GBytes *frame)
{
  g_autoptr (ScopeConnection) alive = g_object_ref (self);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeMessage) message = scope_message_new (frame, &error);

  if (message == NULL)
    {
      scope_connection_take_garbage (self, frame, error);
      return;
    }

  self->message = message;
  if (scope_message_get_message_type (message) == SCOPE_MESSAGE_EVENT)
    _scope_connection_take_event (self, message);
  else
    scope_connection_report_frame (self, message);
  self->message = NULL;
}

/* Any frame shows that the other side lives (§1.4). */
void
_scope_connection_note_activity (ScopeConnection *self)
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
    _scope_connection_note_activity (self);

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
