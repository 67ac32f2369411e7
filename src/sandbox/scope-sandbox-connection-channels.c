/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-connection-private.h"

#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "sandbox/scope-sandbox-auth.h"
#include "sandbox/scope-sandbox-frame.h"

/* What a client subscribes to, and what it is refused. */

#define SERVER_TO_USER "#server-to-user-"

/* Subscriptions */

static void
connection_leave_channel (ScopeSandboxConnection *self,
                          const char             *name,
                          const char             *user_id)
{
  ScopeSandboxChannel *channel = _scope_sandbox_lookup_channel (self->sandbox, name);

  g_assert (channel != NULL);

  scope_sandbox_channel_remove_wire (channel, self->wire);
  if (user_id != NULL)
    scope_sandbox_channel_drop_user (channel, user_id);
  _scope_sandbox_settle_channel (self->sandbox, channel);
  _scope_sandbox_subscribers_changed (self->sandbox);
}

void
_scope_sandbox_connection_leave_all (ScopeSandboxConnection *self)
{
  GHashTableIter iter;
  gpointer name, user_id;

  if (self->left)
    return;

  self->left = TRUE;
  g_clear_handle_id (&self->authorize_id, g_source_remove);
  scope_sandbox_users_leave (_scope_sandbox_get_users (self->sandbox), self->wire);
  g_hash_table_iter_init (&iter, self->subscriptions);
  while (g_hash_table_iter_next (&iter, &name, &user_id))
    connection_leave_channel (self, name, user_id);
  g_hash_table_remove_all (self->subscriptions);
}

static void
connection_refuse_subscription (ScopeSandboxConnection *self,
                                const char             *channel,
                                const char             *message)
{
  _scope_sandbox_connection_send_error (self, 0, message);
  _scope_sandbox_report (self->sandbox, "subscription", "action", "refused",
                         "socket_id", self->socket_id, "channel", channel, NULL);
}

static void
connection_send_cached (ScopeSandboxConnection *self,
                        ScopeSandboxChannel    *channel)
{
  g_autoptr (GBytes) miss = NULL;
  GBytes *cached = scope_sandbox_channel_get_cached (channel, NULL, NULL);

  if (!scope_channel_kind_is_cache (scope_sandbox_channel_get_kind (channel)))
    return;

  if (cached == NULL)
    {
      miss = scope_sandbox_frame_internal ("pusher:cache_miss",
                                           scope_sandbox_channel_get_name (channel), NULL);
      cached = miss;
    }

  scope_sandbox_wire_send (self->wire, cached);
}

static void
connection_enter_channel (ScopeSandboxConnection *self,
                          ScopeSandboxChannel    *channel,
                          const char             *user_id,
                          const char             *user_info)
{
  const char *name = scope_sandbox_channel_get_name (channel);
  g_autofree char *welcome = NULL;
  g_autoptr (GBytes) frame = NULL;

  if (scope_channel_kind_needs_auth (scope_sandbox_channel_get_kind (channel)))
    g_clear_handle_id (&self->authorize_id, g_source_remove);
  scope_sandbox_channel_add_wire (channel, self->wire);
  g_hash_table_insert (self->subscriptions, g_strdup (name), g_strdup (user_id));
  if (user_id != NULL)
    scope_sandbox_channel_hold_user (channel, user_id, user_info, self->wire);

  welcome = scope_sandbox_channel_dup_welcome (channel);
  frame = scope_sandbox_frame_internal ("pusher_internal:subscription_succeeded", name, welcome);
  scope_sandbox_wire_send (self->wire, frame);
  connection_send_cached (self, channel);

  _scope_sandbox_report (self->sandbox, "subscription", "action", "subscribed",
                         "socket_id", self->socket_id, "channel", name, "user_id", user_id, NULL);
  _scope_sandbox_subscribers_changed (self->sandbox);
}

static char *
connection_check_place (ScopeSandboxConnection *self,
                        ScopeSandboxChannel    *channel,
                        const char             *user_id)
{
  guint max = _scope_sandbox_get_max_members (self->sandbox);
  /* a recorded room may be full: whoever looks at it takes nobody's place */
  guint n_users = self->sandbox->replay != NULL ? scope_sandbox_channel_count_guests (channel)
                                                : scope_sandbox_channel_count_users (channel);

  if (user_id == NULL || scope_sandbox_channel_has_user (channel, user_id) || n_users < max)
    return NULL;

  return g_strdup_printf ("Subscription to %s refused: it has its quota of %u members",
                          scope_sandbox_channel_get_name (channel), max);
}

/* `#server-to-user-ID` of the user that is signed in */
static gboolean
connection_owns_channel (ScopeSandboxConnection *self,
                         const char             *channel)
{
  return self->user != NULL && g_str_has_prefix (channel, SERVER_TO_USER) &&
         strcmp (channel + strlen (SERVER_TO_USER), self->user->id) == 0;
}

/* Who joins a presence channel: channel_data says it, or the sign-in did (protocol.md §3.4). */
static char *
connection_read_member (ScopeSandboxConnection *self,
                        const char             *channel,
                        const char             *channel_data,
                        char                  **user_id,
                        char                  **user_info)
{
  if (channel_data != NULL || self->user == NULL)
    return scope_sandbox_auth_read_user (channel, channel_data, user_id, user_info);

  *user_id = g_strdup (self->user->id);
  *user_info = g_strdup (self->user->info);
  return NULL;
}

/* What may stand in the way of a name, before anything else is looked at. */
static char *
connection_check_name (ScopeSandboxConnection *self,
                       const char             *channel)
{
  g_autofree char *shown = scope_text_for_display (channel, -1, SCOPE_SANDBOX_SHOWN_NAME_BYTES);

  if (!scope_channel_name_check (channel, NULL, NULL))
    return g_strdup_printf ("Invalid channel name: '%s'", shown);
  if (scope_channel_name_get_kind (channel) == SCOPE_CHANNEL_SERVER_TO_USER &&
      !connection_owns_channel (self, channel))
    return g_strdup_printf ("Subscription to %s refused: it needs the sign-in of that user", shown);
  if (g_hash_table_contains (self->subscriptions, channel))
    return g_strdup_printf ("Existing subscription to channel %s", shown);
  if (g_hash_table_size (self->subscriptions) >= SCOPE_LIMIT_CHANNELS)
    return g_strdup_printf ("Subscription to %s refused: a connection may have %d", shown,
                            SCOPE_LIMIT_CHANNELS);

  return NULL;
}

/* (transfer full): why not, or NULL */
static char *
connection_try_subscribe (ScopeSandboxConnection *self,
                          const char             *name,
                          const char             *auth,
                          const char             *channel_data)
{
  ScopeChannelKind kind = scope_channel_name_get_kind (name);
  gboolean is_presence = scope_channel_kind_is_presence (kind);
  ScopeSandboxChannel *channel;
  g_autofree char *user_id = NULL;
  g_autofree char *user_info = NULL;
  char *refusal = connection_check_name (self, name);

  if (refusal == NULL && scope_channel_kind_needs_auth (kind))
    refusal = scope_sandbox_auth_check (_scope_sandbox_get_key (self->sandbox),
                                        _scope_sandbox_get_secret (self->sandbox),
                                        self->socket_id, name, auth,
                                        is_presence ? channel_data : NULL);
  if (refusal == NULL && is_presence)
    refusal = connection_read_member (self, name, channel_data, &user_id, &user_info);
  if (refusal != NULL)
    return refusal;

  channel = _scope_sandbox_ensure_channel (self->sandbox, name);
  if (channel == NULL)
    return g_strdup_printf ("Subscription to %s refused: over capacity", name);

  refusal = connection_check_place (self, channel, user_id);
  if (refusal == NULL)
    connection_enter_channel (self, channel, user_id, user_info);
  else
    _scope_sandbox_settle_channel (self->sandbox, channel);

  return refusal;
}

void
_scope_sandbox_connection_handle_subscribe (ScopeSandboxConnection *self,
                                            ScopeMessage           *message)
{
  g_autofree char *channel = NULL;
  g_autofree char *auth = NULL;
  g_autofree char *channel_data = NULL;
  g_autofree char *refusal = NULL;

  _scope_sandbox_connection_read_strings (message, "channel", &channel, "auth", &auth,
                                          "channel_data", &channel_data, NULL);
  if (channel == NULL)
    {
      _scope_sandbox_connection_send_error (self, 0, "Missing parameter: data.channel");
      return;
    }

  refusal = connection_try_subscribe (self, channel, auth, channel_data);
  if (refusal != NULL)
    connection_refuse_subscription (self, channel, refusal);
}

void
_scope_sandbox_connection_handle_unsubscribe (ScopeSandboxConnection *self,
                                              ScopeMessage           *message)
{
  g_autofree char *channel = NULL;
  g_autofree char *name = NULL;
  g_autofree char *user_id = NULL;

  _scope_sandbox_connection_read_strings (message, "channel", &channel, NULL);
  if (channel == NULL)
    {
      _scope_sandbox_connection_send_error (self, 0, "Missing parameter: data.channel");
      return;
    }

  if (!g_hash_table_steal_extended (self->subscriptions, channel, (gpointer *) &name,
                                    (gpointer *) &user_id))
    {
      g_autofree char *shown = scope_text_for_display (channel, -1, SCOPE_SANDBOX_SHOWN_NAME_BYTES);

      _scope_sandbox_connection_send_errorf (self, "No current subscription to channel %s, "
                                             "or subscription in progress", shown);
      return;
    }

  connection_leave_channel (self, name, user_id);
  _scope_sandbox_report (self->sandbox, "subscription", "action", "unsubscribed",
                         "socket_id", self->socket_id, "channel", name, "user_id", user_id, NULL);
}
