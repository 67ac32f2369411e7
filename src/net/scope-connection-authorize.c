/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Authorization of channels: signed here, or asked of an endpoint (protocol.md §4). */

#define G_LOG_DOMAIN "scope-connection"

#include "config.h"

#include "net/scope-connection-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-secret.h"
#include "protocol/scope-frame.h"
#include "protocol/scope-signature.h"

/* §4.4. Local signing is done in one go; nothing of it leaves this function but the frame. */
static void
scope_connection_sign (ScopeConnection *self,
                       const ScopeStep *step)
{
  const char *secret = scope_secret_peek (self->options->secret);
  const char *socket_id = scope_machine_get_socket_id (self->machine);
  g_autofree char *channel_data = NULL;
  g_autofree char *auth = NULL;
  const ScopeStep *steps;
  guint n_steps;

  if (scope_channel_kind_is_presence (scope_channel_name_get_kind (step->channel)))
    channel_data = scope_frame_channel_data (_scope_connection_get_member_id (self),
                                             self->options->presence_user_info);
  auth = scope_sign_channel (self->options->key, secret, socket_id, step->channel, channel_data);
  steps = scope_subscriptions_authorized (self->subscriptions, step->channel, step->tag, &n_steps);
  for (guint i = 0; i < n_steps; i++)
    if (steps[i].type == SCOPE_STEP_SEND_SUBSCRIBE)
      {
        _scope_connection_send_subscribe (self, step->channel, auth, channel_data);
        return;
      }
  _scope_connection_do_steps (self, steps, n_steps);
}

void
_scope_connection_authorize (ScopeConnection *self,
                            const ScopeStep *step)
{
  const ScopeStep *steps;
  guint n_steps;

  if (self->options->secret != NULL)
    {
      scope_connection_sign (self, step);
      return;
    }

  steps = scope_subscriptions_refused (self->subscriptions, step->channel, step->tag, "AuthError",
                                       _("This channel needs authorization, and the app secret is not "
                                         "known: add it to sign here"),
                                       0, &n_steps);
  _scope_connection_do_steps (self, steps, n_steps);
}
