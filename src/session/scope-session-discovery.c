/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"

/* The discovery of a session: what it asks with, what its rules act on, and where they are kept. */

typedef struct
{
  ScopeDiscovery *discovery;
  ScopeApiClient *client;
} DiscoveryCall;

static void
session_discovery_answered_cb (GObject      *source,
                               GAsyncResult *result,
                               gpointer      user_data)
{
  DiscoveryCall *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeApiReply) reply = scope_api_client_call_finish (call->client, result, &error);

  scope_discovery_take_reply (call->discovery, reply, error);
  g_object_unref (call->discovery);
  g_object_unref (call->client);
  g_free (call);
}

static gboolean
session_discovery_ask (gpointer         owner,
                       ScopeDiscovery  *discovery,
                       const char      *prefix,
                       const char      *info,
                       GCancellable    *cancellable,
                       GError         **error)
{
  ScopeSession *self = owner;
  ScopeApiClient *client = scope_session_get_api (self, error);
  ScopeFootprint *footprint = scope_session_get_footprint (self);
  DiscoveryCall *call;

  if (client == NULL || !scope_footprint_may (footprint, SCOPE_FOOTPRINT_DISCOVERY, error))
    return FALSE;

  scope_footprint_add (footprint, SCOPE_FOOTPRINT_DISCOVERY, 1, 0);
  call = g_new0 (DiscoveryCall, 1);
  call->discovery = g_object_ref (discovery);
  call->client = g_object_ref (client);
  scope_api_client_list_channels_async (client, prefix, info, cancellable, session_discovery_answered_cb, call);
  return TRUE;
}

/* Not among the profile's subscriptions: what a rule found today would be wanted for ever. */
static gboolean
session_discovery_subscribe (gpointer     owner,
                             const char  *channel,
                             GError     **error)
{
  ScopeSession *self = owner;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->channels));

  if (scope_session_find_channel (self, channel) != NULL)
    return TRUE;
  if (n >= SCOPE_LIMIT_CHANNELS)
    return scope_error_set (error, SCOPE_ERROR_LIMIT, _("There are %u channels; %d are allowed"), n,
                            SCOPE_LIMIT_CHANNELS);

  /* in the model before the connection's first report on it */
  _scope_session_add_channel (self, channel);
  if (scope_connection_subscribe (self->connection, channel, error))
    return TRUE;
  _scope_session_remove_channel (self, channel);
  return FALSE;
}

static gboolean
session_discovery_is_subscribed (gpointer    owner,
                                 const char *channel)
{
  return scope_session_find_channel (owner, channel) != NULL;
}

static guint
session_discovery_count_subscribed (gpointer            owner,
                                    ScopeDiscoveryRule *rule)
{
  ScopeSession *self = owner;
  GHashTableIter iter;
  gpointer name;
  guint n = 0;

  g_hash_table_iter_init (&iter, self->channels_by_name);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    n += scope_discovery_rule_matches (rule, name);
  return n;
}

static const ScopeDiscoveryBackend session_discovery_backend = {
  session_discovery_ask,
  session_discovery_subscribe,
  session_discovery_is_subscribed,
  session_discovery_count_subscribed,
};

/* Following */

static void
session_discovery_channels_due_cb (gpointer user_data)
{
  ScopeSession *self = user_data;

  self->discovery_timer = 0;
  scope_discovery_update_subscribed (self->discovery);
}

/* Channels come by the dozen. */
static void
session_discovery_channels_cb (ScopeSession *self)
{
  if (self->discovery_timer == 0)
    self->discovery_timer = scope_clock_add_timer (self->clock, scope_clock_get_monotonic_usec (self->clock),
                                                   session_discovery_channels_due_cb, self);
}

static void
session_discovery_state_cb (ScopeSession *self)
{
  scope_discovery_set_rules_active (self->discovery, self->state == SCOPE_STATE_CONNECTED);
}

static void
session_discovery_keep_rules_cb (ScopeSession *self)
{
  GListModel *rules = scope_discovery_get_rules (self->discovery);
  guint n = g_list_model_get_n_items (rules);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) texts = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeDiscoveryRule) rule = g_list_model_get_item (rules, i);
      g_autofree char *text = scope_discovery_rule_to_text (rule);

      g_strv_builder_add (builder, text);
    }
  texts = g_strv_builder_end (builder);
  g_object_set (self->profile, "discovery-rules", texts, NULL);
}

static void
session_discovery_load_rules (ScopeSession *self)
{
  g_auto (GStrv) texts = NULL;

  g_object_get (self->profile, "discovery-rules", &texts, NULL);
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeDiscoveryRule) rule = scope_discovery_rule_new_from_text (texts[i], &error);

      if (rule == NULL || !scope_discovery_add_rule (self->discovery, rule, &error))
        _scope_session_emit_problem (self, error->message);
    }
}

static void
session_start_discovery (ScopeSession *self)
{
  self->discovery = scope_discovery_new (self->clock, &session_discovery_backend, self);
  session_discovery_load_rules (self);
  g_signal_connect_object (scope_discovery_get_rules (self->discovery), "items-changed",
                           G_CALLBACK (session_discovery_keep_rules_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->channels, "items-changed", G_CALLBACK (session_discovery_channels_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self, "notify::state", G_CALLBACK (session_discovery_state_cb), NULL);
  session_discovery_state_cb (self);
}

/* Once there is something to connect to: rules wait for a connection, not for somebody who looks. */
void
_scope_session_start_rules (ScopeSession *self)
{
  g_auto (GStrv) texts = NULL;

  g_object_get (self->profile, "discovery-rules", &texts, NULL);
  if (texts != NULL && texts[0] != NULL)
    scope_session_get_discovery (self);
}

/* The profile or its secrets are others: it may be possible now. */
void
_scope_session_retry_discovery (ScopeSession *self)
{
  if (self->discovery != NULL)
    scope_poller_hurry (scope_discovery_get_poller (self->discovery));
}

void
_scope_session_close_discovery (ScopeSession *self)
{
  if (self->clock != NULL)
    scope_clock_remove_timer (self->clock, self->discovery_timer);
  self->discovery_timer = 0;
  if (self->discovery != NULL)
    scope_discovery_close (self->discovery);
}

void
_scope_session_clear_discovery (ScopeSession *self)
{
  _scope_session_close_discovery (self);
  if (self->discovery != NULL)
    g_signal_handlers_disconnect_by_func (self, session_discovery_state_cb, NULL);
  g_clear_object (&self->discovery);
}

/**
 * scope_session_get_discovery:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what finds the app's occupied channels; `NULL` when offline
 */
ScopeDiscovery *
scope_session_get_discovery (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  if (self->discovery == NULL && self->connection != NULL && !self->closed)
    session_start_discovery (self);
  return self->discovery;
}
