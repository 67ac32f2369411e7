/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whether the doctor is let in: the HTTP API's signature, and the authorization of private and presence channels.
 * Reads only, and joins nothing that others see. */

#define G_LOG_DOMAIN "scope-doctor"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-text.h"
#include "json/scope-json.h"
#include "net/scope-doctor-private.h"
#include "protocol/scope-signature.h"

/* --- HTTP API --- */

/* Pusher takes ten minutes (protocol.md §9.4); less than that is told where all is well, too. */
static void
scope_doctor_tell_clock (ScopeDoctor *self,
                         const ScopeApiReply *reply)
{
  g_autofree char *off = NULL;

  if (!scope_api_reply_is_clock_off (reply))
    return;

  off = scope_text_format_duration (ABS (reply->clock_ahead_usec));
  if (reply->clock_ahead_usec > 0)
    {
      g_autofree char *text = g_strdup_printf (_("This machine's clock is %s ahead of the server's. Set it: a "
                                                 "signature holds the time, and Pusher takes ten minutes."), off);
      _scope_doctor_advise (self, text);
    }
  else
    {
      g_autofree char *text = g_strdup_printf (_("This machine's clock is %s behind the server's. Set it: a "
                                                 "signature holds the time, and Pusher takes ten minutes."), off);
      _scope_doctor_advise (self, text);
    }
}

static void
scope_doctor_blame_api (ScopeDoctor *self,
                        const ScopeApiReply *reply)
{
  ScopeFault fault = scope_fault_of_api (reply->status, reply->body, scope_api_reply_is_clock_off (reply));
  g_autofree char *base = scope_connection_options_build_api_url (self->options);
  g_autofree char *text = scope_text_for_display (reply->text, -1, 512);

  if (fault == SCOPE_FAULT_API_CLOCK)
    scope_doctor_tell_clock (self, reply);
  if (reply->status == 0)
    _scope_doctor_fail (self, fault, _("No answer from %s: %s"), base, text);
  else
    _scope_doctor_fail (self, fault, _("%s answered with status %u: %s"), base, reply->status, text);
}

static void
scope_doctor_api_cb (GObject *source,
                     GAsyncResult *result,
                     gpointer user_data)
{
  g_autoptr (ScopeDoctor) self = _scope_doctor_call_end (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeApiReply) reply = scope_api_client_call_finish (SCOPE_API_CLIENT (source), result, &error);

  if (self == NULL)
    return;
  if (reply == NULL)
    _scope_doctor_fail (self, SCOPE_FAULT_API_PLACE, "%s", error->message);
  else if (reply->outcome != SCOPE_API_ACCEPTED)
    scope_doctor_blame_api (self, reply);
  else if (!scope_json_scan_object (reply->body, strlen (reply->body), NULL, 0, NULL))
    _scope_doctor_fail (self, SCOPE_FAULT_API_PLACE, _("The answer is not what an HTTP API of Channels gives"));
  else
    {
      scope_doctor_tell_clock (self, reply);
      _scope_doctor_good (self, _("App id and app secret are accepted"));
    }
}

/* The way to it has been tried already if it is at the same place. */
static gboolean
scope_doctor_reaches_api (ScopeDoctor *self)
{
  g_autofree char *base = scope_connection_options_build_api_url (self->options);
  g_autoptr (GUri) uri = g_uri_parse (base, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_strcmp0 (g_uri_get_host (uri), self->host) != 0 || g_uri_get_port (uri) != (int) self->port)
    return TRUE;
  return _scope_doctor_is_good (self, SCOPE_DOCTOR_TCP)
         && (!self->use_tls || _scope_doctor_is_good (self, SCOPE_DOCTOR_TLS));
}

void
_scope_doctor_ask_api (ScopeDoctor *self)
{
  if (self->options->app_id == NULL)
    _scope_doctor_skip (self, _("No app id is given"));
  else if (self->options->secret == NULL)
    _scope_doctor_skip (self, _("No app secret is given"));
  else if (!scope_doctor_reaches_api (self))
    _scope_doctor_skip (self, _("It is at the same place as the WebSocket, which was not reached"));
  else
    {
      self->api = scope_api_client_new (self->options, self->clock);
      scope_api_client_get_channel_async (self->api, SCOPE_DOCTOR_CHANNEL, NULL, self->stop, scope_doctor_api_cb,
                                          _scope_doctor_call_new (self));
    }
}

/* --- endpoint --- */

static void
scope_doctor_ask_endpoint (ScopeDoctor *self,
                           ScopeAuthPurpose purpose,
                           const char *channel,
                           GAsyncReadyCallback callback)
{
  gboolean signs_in = self->options->user_auth.endpoint != NULL || self->options->user_data != NULL;

  if (self->authorizer == NULL)
    self->authorizer = scope_authorizer_new (self->options);
  scope_authorizer_request_async (self->authorizer, purpose, self->socket_id, channel, signs_in, self->stop, callback,
                                  _scope_doctor_call_new (self));
}

/* "KEY:HEX" (§4.2) */
static gboolean
scope_doctor_is_own_key (ScopeDoctor *self,
                         const char *auth)
{
  gsize length = strlen (self->options->key);

  return strncmp (auth, self->options->key, length) == 0 && auth[length] == ':';
}

/* With the secret at hand it is known without asking the server. */
static gboolean
scope_doctor_check_reply (ScopeDoctor *self,
                          const ScopeAuthReply *reply,
                          const char *channel,
                          const char *channel_data)
{
  g_autofree char *expected = NULL;

  if (!scope_doctor_is_own_key (self, reply->auth))
    {
      _scope_doctor_fail (self, SCOPE_FAULT_ENDPOINT_KEY, _("The endpoint signs with another app's key"));
      return FALSE;
    }
  if (self->options->secret == NULL)
    return TRUE;

  expected = scope_sign_channel (self->options->key, scope_secret_peek (self->options->secret), self->socket_id,
                                 channel, channel_data);
  if (scope_signature_equal (expected, reply->auth))
    return TRUE;
  _scope_doctor_fail (self, SCOPE_FAULT_ENDPOINT_SECRET,
                      _("The endpoint's signature is not what the app secret given here makes"));
  return FALSE;
}

static void
scope_doctor_blame_endpoint (ScopeDoctor *self,
                             const GError *error,
                             guint status)
{
  _scope_doctor_fail (self, scope_fault_of_endpoint (error, status), "%s", error->message);
}

/* --- private channels --- */

static void
scope_doctor_channel_cb (GObject *source,
                         GAsyncResult *result,
                         gpointer user_data)
{
  g_autoptr (ScopeDoctor) self = _scope_doctor_call_end (user_data);
  g_autoptr (GError) error = NULL;
  guint status;
  g_autoptr (ScopeAuthReply) reply
      = scope_authorizer_request_finish (SCOPE_AUTHORIZER (source), result, &status, &error);

  if (self == NULL)
    return;
  if (reply == NULL)
    scope_doctor_blame_endpoint (self, error, status);
  else if (scope_doctor_check_reply (self, reply, SCOPE_DOCTOR_CHANNEL, NULL))
    _scope_doctor_subscribe (self, reply->auth);
}

void
_scope_doctor_authorize_channel (ScopeDoctor *self)
{
  g_autofree char *auth = NULL;

  if (self->socket_id == NULL)
    _scope_doctor_fail (self, SCOPE_FAULT_CLOSED, _("The server has closed the connection meanwhile"));
  else if (self->options->channel_auth.endpoint != NULL)
    scope_doctor_ask_endpoint (self, SCOPE_AUTH_FOR_CHANNEL, SCOPE_DOCTOR_CHANNEL, scope_doctor_channel_cb);
  else if (self->options->secret != NULL)
    {
      auth = scope_sign_channel (self->options->key, scope_secret_peek (self->options->secret), self->socket_id,
                                 SCOPE_DOCTOR_CHANNEL, NULL);
      _scope_doctor_subscribe (self, auth);
    }
  else
    _scope_doctor_skip (self, _("Neither an authorization endpoint nor the app secret is given"));
}

/* --- presence channels --- */

static void
scope_doctor_tell_member (ScopeDoctor *self,
                          const char *channel_data)
{
  g_autofree char *id = NULL;

  if (channel_data == NULL)
    {
      _scope_doctor_good (self, _("The endpoint gives no “channel_data”: presence channels are joined as the "
                                  "signed-in user"));
      return;
    }
  id = scope_json_dup_member (channel_data, strlen (channel_data), "user_id");
  if (id == NULL || *id == '\0')
    _scope_doctor_fail (self, SCOPE_FAULT_ENDPOINT_MEMBER, _("The endpoint's “channel_data” has no user_id"));
  else
    {
      g_autofree char *shown = scope_text_for_display (id, -1, 100);

      _scope_doctor_good (self, _("The endpoint lets us in as “%s”. No channel was joined: its members would see it"),
                          shown);
    }
}

static void
scope_doctor_presence_cb (GObject *source,
                          GAsyncResult *result,
                          gpointer user_data)
{
  g_autoptr (ScopeDoctor) self = _scope_doctor_call_end (user_data);
  g_autoptr (GError) error = NULL;
  guint status;
  g_autoptr (ScopeAuthReply) reply
      = scope_authorizer_request_finish (SCOPE_AUTHORIZER (source), result, &status, &error);

  if (self == NULL)
    return;
  /* it answers rightly for private channels, so it is the member that is missing */
  if (reply == NULL && _scope_doctor_is_good (self, SCOPE_DOCTOR_CHANNEL_AUTH)
      && scope_fault_of_endpoint (error, status) == SCOPE_FAULT_ENDPOINT_REPLY)
    _scope_doctor_fail (self, SCOPE_FAULT_ENDPOINT_MEMBER, "%s", error->message);
  else if (reply == NULL)
    scope_doctor_blame_endpoint (self, error, status);
  else if (scope_doctor_check_reply (self, reply, SCOPE_DOCTOR_PRESENCE_CHANNEL, reply->channel_data))
    scope_doctor_tell_member (self, reply->channel_data);
}

void
_scope_doctor_authorize_presence (ScopeDoctor *self)
{
  if (self->options->channel_auth.endpoint != NULL && self->socket_id != NULL)
    scope_doctor_ask_endpoint (self, SCOPE_AUTH_FOR_PRESENCE, SCOPE_DOCTOR_PRESENCE_CHANNEL, scope_doctor_presence_cb);
  else if (self->options->channel_auth.endpoint != NULL)
    _scope_doctor_fail (self, SCOPE_FAULT_CLOSED, _("The server has closed the connection meanwhile"));
  else if (self->options->secret != NULL)
    _scope_doctor_skip (self, _("Signed with the app secret, as private channels are. Joining one would tell more, "
                                "but its members would see it"));
  else
    _scope_doctor_skip (self, _("Neither an authorization endpoint nor the app secret is given"));
}
