/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Authorization of channels: asked of an endpoint, or signed here (protocol.md §4). */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-secret.h"
#include "protocol/scope-signature.h"

struct _ScopeAsk
{
  ScopeConnection *self;  /* NULL: nobody waits for the answer any more */
  ScopeAskFunc func;
  char *channel;
  guint tag;
  char *socket_id;        /* an authorization is worth nothing on another one */
  GCancellable *cancellable;
};

/* --- asking --- */

static void
scope_ask_clear (gpointer data)
{
  ScopeAsk *ask = data;

  g_clear_object (&ask->cancellable);
  g_free (ask->socket_id);
  g_free (ask->channel);
}

static void
scope_ask_unref (ScopeAsk *ask)
{
  g_rc_box_release_full (ask, scope_ask_clear);
}

void
_scope_ask_cancel (ScopeAsk *ask)
{
  ask->self = NULL;
  g_cancellable_cancel (ask->cancellable);
  scope_ask_unref (ask);
}

/* Options may change at any time; a request takes them as they are when it is made. */
ScopeAuthorizer *
_scope_connection_get_authorizer (ScopeConnection *self)
{
  if (self->authorizer == NULL)
    self->authorizer = scope_authorizer_new (self->options);
  else
    scope_authorizer_set_options (self->authorizer, self->options);
  return self->authorizer;
}

static void
scope_ask_answered_cb (GObject *source,
                       GAsyncResult *result,
                       gpointer user_data)
{
  ScopeAsk *ask = user_data; /* the reference of ask() */
  g_autoptr (ScopeConnection) self = ask->self != NULL ? g_object_ref (ask->self) : NULL;
  g_autoptr (GError) error = NULL;
  guint status = 0;
  g_autoptr (ScopeAuthReply) reply
      = scope_authorizer_request_finish (SCOPE_AUTHORIZER (source), result, &status, &error);

  if (self != NULL && g_strcmp0 (ask->socket_id, scope_machine_get_socket_id (self->machine)) == 0)
    ask->func (self, ask->channel, ask->tag, reply, status, error);
  scope_ask_unref (ask);
}

static ScopeAuthPurpose
scope_connection_get_purpose (const char *channel)
{
  ScopeChannelKind kind = scope_channel_name_get_kind (channel);

  if (scope_channel_kind_is_encrypted (kind))
    return SCOPE_AUTH_FOR_ENCRYPTED;
  if (scope_channel_kind_is_presence (kind))
    return SCOPE_AUTH_FOR_PRESENCE;
  return SCOPE_AUTH_FOR_CHANNEL;
}

ScopeAsk *
_scope_connection_ask (ScopeConnection *self,
                       const char *channel,
                       guint tag,
                       ScopeAskFunc func)
{
  ScopeAsk *ask = g_rc_box_new0 (ScopeAsk);

  ask->self = self;
  ask->func = func;
  ask->channel = g_strdup (channel);
  ask->tag = tag;
  ask->socket_id = g_strdup (scope_machine_get_socket_id (self->machine));
  ask->cancellable = g_cancellable_new ();
  scope_authorizer_request_async (_scope_connection_get_authorizer (self),
                                  scope_connection_get_purpose (channel), ask->socket_id, channel,
                                  _scope_connection_may_be_user (self), ask->cancellable,
                                  scope_ask_answered_cb, g_rc_box_acquire (ask));
  return ask;
}

/* --- what comes of it --- */

/* The subscription goes on, unless it is not wanted any more, or the answer is for an older try. */
static void
scope_connection_authorized (ScopeConnection *self,
                             const char *channel,
                             guint tag,
                             const char *auth,
                             const char *channel_data,
                             const ScopeSecret *shared_secret)
{
  ScopeChannelKind kind = scope_channel_name_get_kind (channel);
  gboolean is_presence = scope_channel_kind_is_presence (kind);
  const ScopeStep *steps;
  guint n_steps;

  steps = scope_subscriptions_authorized (self->subscriptions, channel, tag, &n_steps);
  if (n_steps == 0 || steps[0].type != SCOPE_STEP_SEND_SUBSCRIBE)
    {
      _scope_connection_do_steps (self, steps, n_steps);
      return;
    }

  if (is_presence)
    _scope_connection_note_member (self, channel, channel_data);
  if (scope_channel_kind_is_encrypted (kind))
    _scope_connection_set_key (self, channel, shared_secret);
  _scope_connection_start_wait (self, channel, tag);
  _scope_connection_send_subscribe (self, channel, auth, channel_data);
}

static void
scope_connection_not_authorized (ScopeConnection *self,
                                 const char *channel,
                                 guint tag,
                                 const char *text,
                                 guint status)
{
  guint n_steps;
  const ScopeStep *steps = scope_subscriptions_refused (self->subscriptions, channel, tag, "AuthError", text,
                                                        status, &n_steps);

  _scope_connection_do_steps (self, steps, n_steps);
}

/* A presence channel that is joined as the signed-in user (§3.4), if there is one: it may take until the
 * sign-in has ended to know that. */
void
_scope_connection_resume_presence (ScopeConnection *self,
                                   const char *channel,
                                   guint tag,
                                   const char *auth)
{
  if (_scope_connection_wait_for_user (self, channel, tag, auth))
    return;

  if (scope_connection_get_user_id (self) != NULL)
    scope_connection_authorized (self, channel, tag, auth, NULL, NULL);
  else
    scope_connection_not_authorized (self, channel, tag,
                                     _("The endpoint gave no “channel_data”, and nobody is signed in"), 200);
}

static void
scope_connection_take_reply (ScopeConnection *self,
                             const char *channel,
                             guint tag,
                             ScopeAuthReply *reply,
                             guint status,
                             const GError *error)
{
  gboolean is_presence = scope_channel_kind_is_presence (scope_channel_name_get_kind (channel));

  g_hash_table_remove (self->asks, channel);
  if (reply != NULL && is_presence && reply->channel_data == NULL)
    _scope_connection_resume_presence (self, channel, tag, reply->auth);
  else if (reply != NULL)
    scope_connection_authorized (self, channel, tag, reply->auth, reply->channel_data, reply->shared_secret);
  else
    scope_connection_not_authorized (self, channel, tag, error->message, status);
}

/* soketi takes a name with its prefix anywhere for a presence channel (§11.2); such a name only gets here
 * when the server wants authorization for it. */
static gboolean
scope_connection_needs_member (const char *channel)
{
  ScopeChannelKind kind = scope_channel_name_get_kind (channel);

  return scope_channel_kind_is_presence (kind)
         || (!scope_channel_kind_needs_auth (kind) && strstr (channel, "presence-") != NULL);
}

/* §4.4. Local signing is done in one go; nothing of it leaves this function but the frame. */
static void
scope_connection_sign (ScopeConnection *self,
                       const ScopeStep *step)
{
  const char *secret = scope_secret_peek (self->options->secret);
  const char *socket_id = scope_machine_get_socket_id (self->machine);
  g_autofree char *channel_data = NULL;
  g_autofree char *auth = NULL;

  if (scope_connection_needs_member (step->channel))
    channel_data = _scope_connection_dup_channel_data (self, step->channel);
  auth = scope_sign_channel (self->options->key, secret, socket_id, step->channel, channel_data);
  scope_connection_authorized (self, step->channel, step->tag, auth, channel_data, NULL);
}

gboolean
_scope_connection_can_authorize (ScopeConnection *self)
{
  return self->options->channel_auth.endpoint != NULL || self->options->secret != NULL;
}

/* The endpoint goes before signing here. */
void
_scope_connection_authorize (ScopeConnection *self,
                             const ScopeStep *step)
{
  if (self->options->channel_auth.endpoint != NULL)
    {
      ScopeAsk *ask = _scope_connection_ask (self, step->channel, step->tag, scope_connection_take_reply);

      g_hash_table_replace (self->asks, g_strdup (step->channel), ask);
    }
  else if (self->options->secret != NULL)
    scope_connection_sign (self, step);
  else
    scope_connection_not_authorized (self, step->channel, step->tag,
                                     _("This channel needs authorization, and neither the app secret nor an "
                                       "authorization endpoint is set"), 0);
}
