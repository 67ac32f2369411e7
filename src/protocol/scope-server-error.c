/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-server-error"

#include "config.h"

#include "protocol/scope-server-error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "json/scope-json.h"
#include "protocol/scope-channel-name.h"
#include "protocol/scope-close-code.h"

typedef struct
{
  const char *before;     /* the text begins so */
  const char *after;      /* behind the channel; NULL: to the end of the text */
  enum { NAMES_NONE, NAMES_CHANNEL, NAMES_SIGNED } names; /* signed: socket_id:channel[:channel_data] */
  ScopeErrorTopic topic;
  const char *meaning;
} ScopeErrorText;

#define CHANNEL SCOPE_TOPIC_SUBSCRIPTION
#define EVENT SCOPE_TOPIC_CLIENT_EVENT
#define SIGN_IN SCOPE_TOPIC_SIGN_IN
#define OTHER SCOPE_TOPIC_OTHER

/* Texts of `pusher:error` and `pusher:subscription_error`: protocol.md §1.8 in its order, then
 * those of soketi (§11.2) and Reverb (§11.3). The longer of two that begin alike comes first. */
static const ScopeErrorText texts[] = {
  { "Existing subscription to channel ", NULL, NAMES_CHANNEL, CHANNEL,
    N_("The server holds this channel as subscribed already. Nothing needs to be done.") },
  { "Existing subscription to ", NULL, NAMES_CHANNEL, CHANNEL, /* slanger */
    N_("The server holds this channel as subscribed already. Nothing needs to be done.") },
  { "No current subscription to channel ", ", or subscription in progress", NAMES_CHANNEL, OTHER,
    N_("The channel was left before the server had subscribed it. Nothing needs to be done.") },
  { "Invalid signature: Expected HMAC SHA256 hex digest of ", ", but got ", NAMES_SIGNED, CHANNEL,
    N_("The signature does not fit: the secret is another app's, or the endpoint signed for "
       "another socket or other user data. Check the app secret, or what the endpoint signs.") },
  { "Invalid key in subscription auth data: '", "'", NAMES_NONE, CHANNEL,
    N_("The authorization was made with another app's key. Check that the endpoint uses this "
       "app's key and secret.") },
  { "Auth value for subscription to ", " is invalid", NAMES_CHANNEL, CHANNEL,
    N_("The authorization is not of the form “key:signature”. Check what the endpoint "
       "answers.") },
  { "To send client events, you must enable this feature", NULL, NAMES_NONE, EVENT,
    N_("Client events are switched off for this app. Switch them on in the app's settings.") },
  { "Cannot broadcast client event (connection not subscribed to channel ", ")", NAMES_CHANNEL,
    EVENT,
    N_("The event was sent on a channel that is not subscribed. Subscribe first, then send "
       "again.") },
  { "Cannot broadcast client event", NULL, NAMES_NONE, EVENT,
    N_("Only private and presence channels that are not encrypted take client events. Choose "
       "such a channel.") },
  { "Invalid client event", NULL, NAMES_NONE, EVENT,
    N_("A client event needs a channel and data. Give it both, then send again.") },
  { "Unsupported event received on socket: 'pusher:signin'", NULL, NAMES_NONE, SIGN_IN,
    N_("This server does not know sign-in. Use one that does, or connect without a "
       "user.") },
  { "Unsupported event received on socket: '", NULL, NAMES_NONE, EVENT,
    N_("Clients may only send events whose name begins with “client-”. Rename the event, or "
       "publish it over the HTTP API.") },
  { "Missing parameter: data.user", NULL, NAMES_NONE, SIGN_IN,
    N_("The sign-in came without user data. Check what the user endpoint answers.") },
  { "Invalid format: auth must", NULL, NAMES_NONE, SIGN_IN,
    N_("The sign-in's authorization is not of the form “key:signature”. Check what the user "
       "endpoint answers.") },

  { "Subscription to ", " refused: ", NAMES_CHANNEL, CHANNEL, /* our sandbox */
    N_("Refused by the sandbox. Change what it names, then subscribe again.") },
  { "Connection not authorized within timeout", NULL, NAMES_NONE, OTHER,
    N_("This app only keeps connections that sign in or join a private channel within some "
       "seconds. Set up the sign-in, or subscribe to such a channel, then connect again.") },
  { "Connection not authorized", NULL, NAMES_NONE, SIGN_IN, /* soketi */
    N_("The server does not accept the sign-in. Check the user data and the app secret or the "
       "user endpoint.") },
  { "You got disconnected by the app", NULL, NAMES_NONE, OTHER,
    N_("The app ended this user's connections. Connect again when the user may be there "
       "again.") },
  { "The connection is unauthorized", NULL, NAMES_NONE, CHANNEL,
    N_("The server does not accept the authorization. Check the app secret or the endpoint; "
       "some servers want it for every name that contains “private-” or “presence-”.") },
  { "Connection is unauthorized", NULL, NAMES_NONE, CHANNEL,
    N_("The server does not accept the authorization. Check the app secret or the endpoint; "
       "some servers want it for every name that contains “private-” or “presence-”.") },
  { "The channel name is longer", NULL, NAMES_NONE, CHANNEL,
    N_("The channel's name is too long for this server. Choose a shorter one.") },
  { "The channel name is not allowed", NULL, NAMES_NONE, CHANNEL,
    N_("The channel's name has characters the server does not allow. Use letters, digits and "
       "_ - = @ , . ; only.") },
  { "The maximum members per presence channel", NULL, NAMES_NONE, CHANNEL,
    N_("The presence channel is full. Try again when a member has left, or raise the server's "
       "limit.") },
  { "The maximum size for a channel member", NULL, NAMES_NONE, CHANNEL,
    N_("The member's data is too large for this server. Make user_info smaller.") },
  { "A server error has occured", NULL, NAMES_NONE, CHANNEL,
    N_("The server had a fault while it subscribed, often because channel_data is missing or "
       "unreadable. Check the presence data, then the server's log.") },
  { "The app does not have client messaging enabled", NULL, NAMES_NONE, EVENT,
    N_("Client events are switched off for this app. Switch them on in the app's settings.") },
  { "The client is not a member of the specified channel", NULL, NAMES_NONE, EVENT,
    N_("The event was sent on a channel this connection is no member of. Subscribe first, then "
       "send again.") },
  { "Event name is too long", NULL, NAMES_NONE, EVENT,
    N_("The event's name is too long for this server. Choose a shorter one.") },
  { "The event data should be less", NULL, NAMES_NONE, EVENT,
    N_("The event's data is too large for this server. Send less.") },
  { "The rate limit has been reached", NULL, NAMES_NONE, EVENT,
    N_("Too many client events were sent. Wait a moment, then send fewer.") },
  { "Rate limit exceeded", NULL, NAMES_NONE, EVENT,
    N_("Too many messages were sent. Wait a moment, then send fewer.") },
  { "Origin not allowed", NULL, NAMES_NONE, OTHER,
    N_("The server does not accept this program's Origin. Set one that it allows.") },
  { "Invalid message format", NULL, NAMES_NONE, OTHER,
    N_("The server could not use a frame. Reverb answers so to whatever it does not know, "
       "sign-in for example. Check what was sent last.") },
};

#undef CHANNEL
#undef EVENT
#undef SIGN_IN
#undef OTHER

typedef struct
{
  guint first;
  guint last;
  const char *meaning;
} ScopeMeaningRow;

/* Codes of `pusher:error` frames after the handshake: nothing closes because of them (§1.7). Codes
 * without a row mean here what they mean as a close. */
static const ScopeMeaningRow frame_codes[] = {
  { 4000, 4000,
    N_("The server reported a fault without a code of its own. Read its message and check what "
       "was sent last.") },
  { 4009, 4009,
    N_("The server does not authorize what was asked for: a subscription, a client event or the "
       "sign-in. Check the app secret or the endpoint, and the Origin setting.") },
  { 4010, 4099,
    N_("The server refused something and will refuse it again unchanged. Read its message and "
       "check the settings of the connection.") },
  { 4100, 4100,
    N_("The server is over its capacity or a quota. Try again later, or raise the quota.") },
  { 4101, 4199, N_("The server asks to try again later. Wait a moment.") },
  { 4200, 4200,
    N_("The server asks to reconnect, or could not use a frame. While the connection stands, "
       "nothing needs to be done.") },
  { 4201, 4201,
    N_("The server got no answer to its ping. If it closes the connection, that is opened again "
       "at once.") },
  { 4202, 4299,
    N_("The server asks to reconnect. If it closes the connection, that is opened again at "
       "once.") },
  { 4301, 4301,
    N_("The server rejected a client event, usually because of its rate limit. Send fewer "
       "events.") },
  { 4302, 4302,
    N_("The watchlist has more than 100 users; only the first 100 count. Shorten it.") },
  { 4300, 4399,
    N_("The server rejected something that was sent. Read its message and check what was sent "
       "last.") },
  { 4400, 4999,
    N_("The server reported an error with a code this program does not know. Read its "
       "message.") },
  { 5001, 5001, N_("The server could not read a frame as JSON. Check what was sent last.") },
  { 500, 500, N_("The server had an internal error of its own. See the server's log.") },
};

/* What an authorization endpoint answered, §4.2; 0: it did not. */
static const ScopeMeaningRow endpoint_statuses[] = {
  { 0, 0,
    N_("No authorization was had. Add the app secret to sign here, or check the endpoint's "
       "address and the network.") },
  { 200, 201,
    N_("The endpoint answered, but not with an authorization. Check that it replies with JSON "
       "that has “auth”.") },
  { 300, 399,
    N_("The endpoint points to another address. Set that one as the endpoint; headers are not "
       "sent elsewhere.") },
  { 401, 401,
    N_("The endpoint does not know who is asking. Add the header or parameter with the login "
       "it needs.") },
  { 403, 403,
    N_("The endpoint refuses what this user asks for. Check the rights, the headers and the "
       "parameters.") },
  { 404, 404, N_("There is no endpoint at this address. Check its path.") },
  { 405, 405, N_("The endpoint wants another method. Change POST to GET, or back.") },
  { 407, 407, N_("The proxy asks for a login. Set up its user name and password.") },
  { 419, 419,
    N_("The endpoint misses its CSRF token, as Laravel wants it. Add the X-CSRF-TOKEN header, or "
       "use a route without that check.") },
  { 429, 429, N_("The endpoint was asked too often. Wait a moment, then try again.") },
  { 400, 499,
    N_("The endpoint refuses the request. Check its parameters and headers, and its log.") },
  { 500, 599, N_("The endpoint had an error of its own. See its log.") },
};

/* soketi's LimitReached (§3.3, §11.2) */
static const ScopeMeaningRow limit_codes[] = {
  { 4009, 4009, N_("The channel's name is too long for this server. Choose a shorter one.") },
  { 4100, 4100,
    N_("The presence channel is full. Try again when a member has left, or raise the server's "
       "limit.") },
  { 4301, 4301, N_("The member's data is too large for this server. Make user_info smaller.") },
};

/* The HTTP API, §9.5 */
static const ScopeMeaningRow api_statuses[] = {
  { 0, 0, N_("The HTTP API did not answer. Check its host and port, and the network.") },
  { 400, 400,
    N_("The HTTP API does not accept a parameter of the request. Its text names it: correct it, "
       "then send again.") },
  { 401, 401,
    N_("The HTTP API does not accept the signature. Check the key, the secret and this machine's "
       "clock.") },
  { 403, 403,
    N_("The app is disabled or over its message quota. See the app's dashboard or "
       "configuration.") },
  { 404, 404,
    N_("The HTTP API knows no app with this id, or not this path. Check the app id, host, port "
       "and path.") },
  { 405, 405, N_("The address is no HTTP API of Channels. Check host, port and path.") },
  { 407, 407, N_("The proxy asks for a login. Set up its user name and password.") },
  { 413, 413,
    N_("The request is too large: an event's data may have 10 kB on most servers. Send "
       "less.") },
  { 422, 422,
    N_("The server could not use the request, as Reverb says when data is no text. Check "
       "name, data and channels.") },
  { 429, 429,
    N_("Too many requests were made. Wait a moment, then send fewer, or several events in one "
       "batch.") },
  { 200, 299, N_("The request was accepted. Nothing needs to be done.") },
  { 300, 399, N_("The HTTP API points to another address. Set that one as its host and port.") },
  { 400, 499, N_("The HTTP API refuses the request. Read its text and check the request.") },
  { 500, 599,
    N_("The HTTP API had an error of its own. Try again later; whether the request was carried "
       "out is not known.") },
};

typedef struct
{
  const char *part;
  const char *meaning;
} ScopeApiText;

/* What Pusher, soketi, Sockudo, Reverb and our sandbox say. The first that fits counts. */
static const ScopeApiText api_texts[] = {
  { "Invalid signature",
    N_("The request was signed with another secret, or changed on its way. Check the app "
       "secret.") },
  { "signature invalid", /* Reverb */
    N_("The request was signed with another secret, or changed on its way. Check the app "
       "secret.") },
  { "signature is invalid", /* soketi */
    N_("The request was signed with another secret, or changed on its way. Check the app "
       "secret.") },
  { "secret authentication failed", /* soketi 1.6, which also says so of another app's key */
    N_("The signature does not fit: it was made with another secret, or for another app. Check the app's "
       "key, the secret and the app id.") },
  { "Unknown auth_key",
    N_("The HTTP API knows no app with this key. Check the key, and the cluster or host: it is "
       "often the wrong cluster.") },
  { "Timestamp expired",
    N_("This machine's clock differs from the server's by more than ten minutes. Set the clock, "
       "then send again.") },
  { "body_md5",
    N_("The body of the request was changed on its way. Look for a proxy that rewrites "
       "requests.") },
  { "query string parameters are extraneous",
    N_("The HTTP API does not know a parameter of the request. Leave out the one its text "
       "names.") },
  { "user_count may only be requested",
    N_("Users are only counted in presence channels. Ask for channels with the prefix "
       "“presence-”, or leave out user_count.") },
  { "Cannot retrieve the user count",
    N_("Users are only counted in presence channels. Leave out user_count, or name a channel that "
       "begins with “presence-”.") },
  { "Only user_count can be asked",
    N_("A list of channels knows no other count than user_count. Ask for the rest of one channel "
       "at a time.") },
  { "Cannot retrieve the cache",
    N_("Only cache channels keep their last event. Leave out cache, or name a channel that begins "
       "with “cache-”, or “private-cache-” and the like.") },
  { "Unknown info attribute",
    N_("The HTTP API does not know a count that was asked for. Leave out the one its text "
       "names.") },
  { "Users can only be retrieved",
    N_("Only presence channels have users. Name a channel that begins with “presence-”.") },
  { "must be a presence channel", /* soketi */
    N_("Only presence channels have users. Name a channel that begins with “presence-”.") },
  { "Event name is too long", /* soketi */
    N_("The event's name is too long for this server. Choose a shorter one.") },
  { "Invalid event name",
    N_("The server does not take this name of an event. Choose one that is not empty, not longer "
       "than 200 characters, and not the protocol's own (“pusher:”).") },
  { "Invalid channel name",
    N_("The server does not take this name of a channel. Use letters, digits and _ - = @ , . ; "
       "only.") },
  { "Invalid socket_id",
    N_("The socket id is not one. Take the connection's own, two numbers with a dot, or leave it "
       "out.") },
  { "Cannot broadcast to more than", /* soketi */
    N_("The event names more channels than this server takes at once. Send it several times, to "
       "fewer channels each.") },
  { "Too many channels",
    N_("The event names more channels than this server takes at once. Send it several times, to "
       "fewer channels each.") },
  { "Cannot batch-send more than", /* soketi */
    N_("The batch has more events than this server takes at once. Send fewer at a time.") },
  { "Too many events",
    N_("The batch has more events than this server takes at once. Send fewer at a time.") },
  { "received data is incorrect", /* soketi, also of data that is empty */
    N_("The server misses the name, the channels or the data, and soketi takes empty data for "
       "none. Give the event all three.") },
  { "data content of this event exceeds",
    N_("The event's data is too large for this server; its text names the limit. Send less, "
       "such as an id with which the rest can be fetched.") },
  { "event data should be less", /* soketi */
    N_("The event's data is too large for this server; its text names the limit. Send less, "
       "such as an id with which the rest can be fetched.") },
  { "payload size is too big", /* soketi, the whole request */
    N_("The whole request is too large for this server. Send fewer events at a time, or less "
       "data.") },
  { "request body exceeds",
    N_("The whole request is too large for this server. Send fewer events at a time, or less "
       "data.") },
  { "Request Entity Too Large", /* nginx, Apache */
    N_("A web server in front of the HTTP API takes no requests of this size. Raise its limit, or "
       "send less at a time.") },
  { "No matching application", /* Reverb */
    N_("The server has no app with this id. Check the app id, and that host and port are of the "
       "right server.") },
  { "could not be found", /* soketi: The app ID … */
    N_("The server has no app with this id. Check the app id, and that host and port are of the "
       "right server.") },
  { "Unknown app id",
    N_("The server has no app with this id. Check the app id, and that host and port are of the "
       "right server.") },
  { "Unknown path",
    N_("The server does not know this request. Check host, port and path of the HTTP API.") },
  { "quota",
    N_("The app has used up a quota. Wait until it begins anew, or raise it in the app's "
       "settings.") },
  { "disabled",
    N_("The app is disabled. Enable it in its settings, or take another one's key and secret.") },
};

static const char *
find_meaning (const ScopeMeaningRow *rows,
              gsize                  n_rows,
              guint                  code)
{
  for (gsize i = 0; i < n_rows; i++)
    {
      if (code >= rows[i].first && code <= rows[i].last)
        return _(rows[i].meaning);
    }

  return NULL;
}

static const ScopeErrorText *
find_text (const char *message)
{
  for (guint i = 0; message != NULL && i < G_N_ELEMENTS (texts); i++)
    {
      if (g_str_has_prefix (message, texts[i].before))
        return &texts[i];
    }

  return NULL;
}

static char *
server_error_cut_at (const char *start,
                     const char *after)
{
  /* the last one: channel_data may hold the same words */
  const char *end = after != NULL ? g_strrstr (start, after) : start + strlen (start);

  return end != NULL ? g_strndup (start, end - start) : NULL;
}

/* "12.34:private-x:{…}" → "private-x". A sign-in's "12.34::user::…" names none. */
static char *
server_error_channel_of_signed (const char *text)
{
  const char *channel = strchr (text, ':');
  const char *end;

  if (channel == NULL)
    return NULL;

  channel++;
  end = strchr (channel, ':');
  return end != NULL ? g_strndup (channel, end - channel) : g_strdup (channel);
}

static gboolean
server_error_is_signed_user (const ScopeErrorText *text,
                             const char           *message)
{
  const char *signed_text = message + strlen (text->before);
  const char *colon = strchr (signed_text, ':');

  return text->names == NAMES_SIGNED && colon != NULL && g_str_has_prefix (colon, "::user::");
}

/**
 * scope_server_error_find_channel:
 * @message: (nullable): the text of a `pusher:error`
 *
 * Servers rarely name the channel in a field of its own, but their texts do (protocol.md §1.8).
 *
 * Returns: (transfer full) (nullable): the channel, if the text speaks of a valid one
 */
char *
scope_server_error_find_channel (const char *message)
{
  const ScopeErrorText *text = find_text (message);
  g_autofree char *cut = NULL;
  g_autofree char *channel = NULL;

  if (text == NULL || text->names == NAMES_NONE)
    return NULL;

  cut = server_error_cut_at (message + strlen (text->before), text->after);
  if (cut == NULL && text->names == NAMES_SIGNED) /* the text was cut within long channel_data */
    cut = server_error_cut_at (message + strlen (text->before), ":");
  if (cut == NULL)
    return NULL;

  channel = text->names == NAMES_SIGNED ? server_error_channel_of_signed (cut)
                                        : g_steal_pointer (&cut);
  if (channel != NULL && scope_channel_name_check (channel, NULL, NULL))
    return g_steal_pointer (&channel);
  return NULL;
}

/**
 * scope_server_error_find_key:
 * @message: (nullable): the text of a `pusher:error`
 *
 * "Invalid key in subscription auth data: 'K'" names no channel, but the key part of the
 * authorization that was sent (protocol.md §1.8).
 *
 * Returns: (transfer full) (nullable): that key part
 */
char *
scope_server_error_find_key (const char *message)
{
  const char *before = "Invalid key in subscription auth data: '";

  if (message == NULL || !g_str_has_prefix (message, before))
    return NULL;

  return server_error_cut_at (message + strlen (before), "'");
}

/**
 * scope_server_error_get_topic:
 * @code: of the error, or 0
 * @message: (nullable): its text
 *
 * Reverb and Sockudo say 4009 to a subscription they refuse (protocol.md §11.1); a text we don't
 * know may still speak of one.
 */
ScopeErrorTopic
scope_server_error_get_topic (guint       code,
                              const char *message)
{
  const ScopeErrorText *text = find_text (message);
  g_autofree char *lower = NULL;

  if (text != NULL)
    return server_error_is_signed_user (text, message) ? SCOPE_TOPIC_SIGN_IN : text->topic;
  if (code == 4009)
    return SCOPE_TOPIC_SUBSCRIPTION;
  if (code == 4301)
    return SCOPE_TOPIC_CLIENT_EVENT;
  if (code != 0 || message == NULL)
    return SCOPE_TOPIC_UNKNOWN;

  lower = g_ascii_strdown (message, -1);
  if (strstr (lower, "signin") != NULL || strstr (lower, "sign-in") != NULL)
    return SCOPE_TOPIC_SIGN_IN;
  if (strstr (lower, "auth") != NULL || strstr (lower, "signature") != NULL
      || strstr (lower, "subscription") != NULL)
    return SCOPE_TOPIC_SUBSCRIPTION;
  return SCOPE_TOPIC_UNKNOWN;
}

/**
 * scope_server_error_get_meaning:
 * @code: of a `pusher:error` frame after the handshake, or 0
 * @message: (nullable): its text
 *
 * Returns: (transfer none) (nullable): what happened and what to do next, translated
 */
const char *
scope_server_error_get_meaning (guint       code,
                                const char *message)
{
  const ScopeErrorText *text = find_text (message);
  const char *meaning;

  if (text != NULL)
    return _(text->meaning);
  if (code == 0)
    return NULL;

  meaning = find_meaning (frame_codes, G_N_ELEMENTS (frame_codes), code);
  return meaning != NULL ? meaning : scope_close_code_get_meaning (code);
}

static const char *
get_known_meaning (const char *type,
                   const char *message,
                   guint       status)
{
  const ScopeErrorText *text = find_text (message);
  const char *meaning = NULL;

  if (text != NULL)
    return _(text->meaning);
  if (g_strcmp0 (type, "LimitReached") == 0)
    meaning = find_meaning (limit_codes, G_N_ELEMENTS (limit_codes), status);
  else if (g_strcmp0 (type, "AuthError") == 0)
    meaning = find_meaning (endpoint_statuses, G_N_ELEMENTS (endpoint_statuses), status);
  if (meaning == NULL && status >= 4000)
    meaning = scope_server_error_get_meaning (status, NULL);
  return meaning;
}

/**
 * scope_subscription_error_get_meaning:
 * @type: (nullable): `AuthError`, `LimitReached`, `ServerError`, `TimedOut`, …
 * @message: (nullable): the server's or the endpoint's text
 * @status: the server's code or the endpoint's HTTP status, or 0
 *
 * Returns: (transfer none): what happened and what to do next, translated
 */
const char *
scope_subscription_error_get_meaning (const char *type,
                                      const char *message,
                                      guint       status)
{
  const char *meaning = get_known_meaning (type, message, status);

  if (meaning != NULL)
    return meaning;
  if (g_strcmp0 (type, "TimedOut") == 0)
    return _("The server did not answer the subscription. Subscribe again to retry; some servers "
             "refuse without a word.");
  return _("The server refused the subscription. Check the name of the channel and its "
           "authorization, then subscribe again.");
}

/**
 * scope_sign_in_error_get_meaning:
 * @type: (nullable): `AuthError`, `ServerError`, `TimedOut`, …
 * @message: (nullable): the server's or the endpoint's text
 * @status: the server's code or the endpoint's HTTP status, or 0
 *
 * Returns: (transfer none): what happened and what to do next, translated
 */
const char *
scope_sign_in_error_get_meaning (const char *type,
                                 const char *message,
                                 guint       status)
{
  const char *meaning = NULL;

  if (g_strcmp0 (type, "TimedOut") == 0)
    return _("The server did not answer the sign-in: it may not know sign-in, or have it switched "
             "off. Switch it on in the app's settings, or connect without a user.");
  if (g_strcmp0 (type, "AuthError") == 0 || find_text (message) != NULL)
    meaning = get_known_meaning (type, message, status);
  return meaning != NULL ? meaning
                         : _("The server refused the sign-in. Check the user data and the app "
                             "secret or the user endpoint.");
}

/* Reverb says no more to a question about a channel than that it is wrong: {} */
static const ScopeMeaningRow api_empty_objects[] = {
  { 400, 400, N_("The channel has no such thing: users are in presence channels only. Check its name.") },
  { 404, 404, N_("Nobody is in the channel, or the server does not know it. Check its name.") },
};

/**
 * scope_api_error_get_meaning:
 * @status: of the answer; 0: there was none
 * @body: (nullable): its start
 *
 * Returns: (transfer none): what happened and what to do next, translated
 */
const char *
scope_api_error_get_meaning (guint       status,
                             const char *body)
{
  const char *meaning;

  for (guint i = 0; body != NULL && status >= 400 && status < 500 && i < G_N_ELEMENTS (api_texts);
       i++)
    {
      if (strstr (body, api_texts[i].part) != NULL)
        return _(api_texts[i].meaning);
    }

  if (g_strcmp0 (body, "{}") == 0)
    {
      meaning = find_meaning (api_empty_objects, G_N_ELEMENTS (api_empty_objects), status);
      if (meaning != NULL)
        return meaning;
    }
  meaning = find_meaning (api_statuses, G_N_ELEMENTS (api_statuses), status);
  return meaning != NULL ? meaning
                         : _("The address gave no answer of an HTTP API. Check host, port and "
                             "path.");
}

/**
 * scope_api_error_dup_text:
 * @body: (nullable): an answer's body, or its start
 *
 * soketi and Sockudo answer `{"error":"text","code":401}`, Laravel `{"message":"text"}`, Pusher plain
 * text (protocol.md §9.5).
 *
 * Returns: (transfer full): the text
 */
char *
scope_api_error_dup_text (const char *body)
{
  ScopeJsonWanted wanted[] = { { .key = "error" }, { .key = "message" } };

  if (body == NULL)
    return g_strdup ("");
  if (!scope_json_scan_object (body, strlen (body), wanted, G_N_ELEMENTS (wanted), NULL))
    return g_strdup (body);

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      if (wanted[i].kind == SCOPE_JSON_STRING)
        return scope_json_string_dup (body + wanted[i].value.offset, wanted[i].value.length);
    }

  return g_strdup (body);
}

/**
 * scope_api_error_dup_brief:
 * @text: (nullable): from scope_api_error_dup_text()
 *
 * Pusher's text of a wrong signature repeats all that was signed, and the signature, which comes of the secret:
 * "… you should have sent HmacSHA256Hex("…", your_secret_key), but you sent "…"" (protocol.md §9.5).
 *
 * Returns: (transfer full) (nullable): "Invalid signature" for such a text, else the text
 */
char *
scope_api_error_dup_brief (const char *text)
{
  static const char signature_text[] = "Invalid signature";

  if (text != NULL && g_str_has_prefix (text, signature_text) && strstr (text, "HmacSHA256Hex(") != NULL)
    return g_strdup (signature_text);
  return g_strdup (text);
}
