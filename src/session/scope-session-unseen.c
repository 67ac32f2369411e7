/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "net/scope-option-checks.h"
#include "session/scope-channel-private.h"
#include "session/scope-detail.h"
#include "session/scope-unseen.h"

#include <glib/gi18n-lib.h>

/* Presence channels that are watched without joining them, and joining one as a chosen user. A channel is
 * one or the other: nothing here subscribes by itself. */

/* A hosted app pays for each request (5 s: 17,280 a day); a server of one's own does not. */
#define HOSTED_MIN_USEC (5 * G_USEC_PER_SEC)
#define HOSTED_MAX_USEC (60 * G_USEC_PER_SEC)
#define OWN_MIN_USEC (1 * G_USEC_PER_SEC)
#define OWN_MAX_USEC (10 * G_USEC_PER_SEC)

void
_scope_session_init_unseen (ScopeSession *self)
{
  self->unseen = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->unseen_cancellable = g_cancellable_new ();
}

void
_scope_session_clear_unseen (ScopeSession *self)
{
  GHashTableIter iter;
  gpointer watcher;

  g_hash_table_iter_init (&iter, self->unseen);
  while (g_hash_table_iter_next (&iter, NULL, &watcher))
    scope_unseen_detach (watcher);
  g_hash_table_remove_all (self->unseen);
  g_cancellable_cancel (self->unseen_cancellable);
}

void
_scope_session_free_unseen (ScopeSession *self)
{
  g_hash_table_unref (self->unseen);
  g_object_unref (self->unseen_cancellable);
}

/* The poll */

static void
session_users_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr (ScopeUnseen) watcher = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeApiReply) reply =
    scope_api_client_call_finish (SCOPE_API_CLIENT (source), result, &error);

  if (reply != NULL)
    scope_unseen_take_reply (watcher, reply);
  else
    scope_unseen_take_error (watcher, error, TRUE);
}

static void
session_unseen_ask (ScopeUnseen *watcher,
                    gpointer     user_data)
{
  ScopeSession *self = user_data;
  ScopeFootprint *footprint = scope_session_get_footprint (self);
  g_autoptr (GError) error = NULL;
  ScopeApiClient *api = scope_session_get_api (self, &error);

  if (api == NULL || !scope_footprint_may (footprint, SCOPE_FOOTPRINT_UNSEEN, &error))
    {
      scope_unseen_take_error (watcher, error, api == NULL);
      return;
    }

  scope_footprint_add (footprint, SCOPE_FOOTPRINT_UNSEEN, 1, 1);
  scope_api_client_list_users_async (api, scope_unseen_get_channel (watcher),
                                     self->unseen_cancellable, session_users_cb,
                                     g_object_ref (watcher));
}

/* What it tells */

static void
session_unseen_report (ScopeUnseen       *watcher,
                       const ScopeReport *report,
                       gpointer           user_data)
{
  _scope_session_take_polled (user_data, report);
}

static void
session_unseen_gap (ScopeUnseen *watcher,
                    gint64       since_usec,
                    const char  *reason,
                    gpointer     user_data)
{
  ScopeSession *self = user_data;
  gint64 now = scope_clock_get_wall_usec (self->clock);
  g_autoptr (ScopeEntry) entry = scope_entry_new (SCOPE_ENTRY_GAP, now);

  entry->channel = scope_names_intern (self->names, scope_unseen_get_channel (watcher), -1);
  entry->detail = _scope_detail_new_gap (since_usec, MAX (now - since_usec, 0), reason);
  _scope_session_take_entry (self, entry);
}

static char *
session_dup_interval_text (ScopeUnseen *watcher)
{
  gint64 seconds = (scope_unseen_get_interval_usec (watcher) + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC;
  g_autofree char *interval = scope_text_format_duration (MAX (seconds, 1) * G_USEC_PER_SEC);

  return g_strdup_printf (_("Watched unseen, every %s"), interval);
}

static void
session_unseen_change (ScopeUnseen *watcher,
                       gpointer     user_data)
{
  ScopeSession *self = user_data;
  ScopeChannel *channel = scope_session_find_channel (self, scope_unseen_get_channel (watcher));
  const char *problem = scope_unseen_get_problem (watcher);
  ScopeSubscriptionStatus status = SCOPE_SUBSCRIPTION_PENDING;
  ScopeUnseenState state = scope_unseen_get_state (watcher);
  g_autofree char *text = NULL;

  if (channel == NULL)
    return;
  if (state == SCOPE_UNSEEN_WATCHING)
    {
      status = SCOPE_SUBSCRIPTION_UNSUBSCRIBED;
      text = session_dup_interval_text (watcher);
    }
  else if (state == SCOPE_UNSEEN_REFUSED)
    {
      status = SCOPE_SUBSCRIPTION_ERROR;
      text = g_strdup (_("Can’t be watched unseen"));
    }
  else if (state == SCOPE_UNSEEN_BLIND)
    text = g_strdup (_("Nobody can be seen now"));
  else
    text = g_strdup (state == SCOPE_UNSEEN_LOOKING ? _("Asking who is there…")
                                                   : _("Waiting for the connection"));

  if (state != SCOPE_UNSEEN_WATCHING)
    _scope_session_clear_members (self, channel);
  _scope_channel_set_status (channel, status, text, problem);
  _scope_channel_set_unseen (channel, TRUE, state == SCOPE_UNSEEN_WATCHING);
}

/**
 * scope_session_get_unseen_interval:
 * @self: a session
 * @min_usec: (out): between two polls of a channel while people come and go
 * @max_usec: (out): while nobody does
 *
 * How often a presence channel that is watched unseen is asked for.
 */
void
scope_session_get_unseen_interval (ScopeSession *self,
                                   gint64       *min_usec,
                                   gint64       *max_usec)
{
  g_autofree char *host = NULL;

  g_return_if_fail (SCOPE_IS_SESSION (self) && self->profile != NULL);

  g_object_get (self->profile, "host", &host, NULL);
  *min_usec = host != NULL ? OWN_MIN_USEC : HOSTED_MIN_USEC;
  *max_usec = host != NULL ? OWN_MAX_USEC : HOSTED_MAX_USEC;
}

/* Watchers */

static void
session_run_watcher (ScopeSession *self,
                     ScopeUnseen  *watcher)
{
  if (self->wants_connected)
    scope_unseen_start (watcher);
  else
    scope_unseen_stop (watcher, _("disconnected"));
}

void
_scope_session_update_unseen (ScopeSession *self)
{
  g_autoptr (GList) watchers = g_hash_table_get_values (self->unseen);

  for (GList *link = watchers; link != NULL; link = link->next)
    session_run_watcher (self, link->data);
}

void
_scope_session_retry_unseen (ScopeSession *self)
{
  g_autoptr (GList) watchers = g_hash_table_get_values (self->unseen);

  for (GList *link = watchers; link != NULL; link = link->next)
    if (scope_unseen_get_state (link->data) != SCOPE_UNSEEN_WATCHING)
      scope_unseen_retry (link->data);
}

gboolean
_scope_session_retry_channel_unseen (ScopeSession *self,
                                     const char   *channel)
{
  ScopeUnseen *watcher = g_hash_table_lookup (self->unseen, channel);

  if (watcher != NULL)
    scope_unseen_retry (watcher);
  return watcher != NULL;
}

void
_scope_session_add_unseen (ScopeSession *self,
                           const char   *name)
{
  static const ScopeUnseenFuncs funcs = {
    session_unseen_ask, session_unseen_report, session_unseen_gap, session_unseen_change,
  };
  ScopeChannel *channel = _scope_session_add_channel (self, name);
  ScopeUnseen *watcher;
  gint64 min_usec;
  gint64 max_usec;

  scope_session_get_unseen_interval (self, &min_usec, &max_usec);
  watcher = scope_unseen_new (self->clock, name, min_usec, max_usec, &funcs, self);
  g_hash_table_insert (self->unseen, (gpointer) scope_unseen_get_channel (watcher), watcher);
  _scope_channel_set_unseen (channel, TRUE, FALSE);
  session_unseen_change (watcher, self);
  session_run_watcher (self, watcher);
}

/* The log tells where watching ends, as it does of a subscription. */
void
_scope_session_remove_unseen (ScopeSession *self,
                              const char   *name)
{
  ScopeUnseen *watcher = g_hash_table_lookup (self->unseen, name);
  ScopeChannel *channel = scope_session_find_channel (self, name);
  const ScopeReport report = { .type = SCOPE_REPORT_SUBSCRIPTION, .channel = name, .polled = TRUE,
                               .status = SCOPE_SUBSCRIPTION_UNSUBSCRIBED };

  if (watcher == NULL)
    return;

  if (scope_unseen_get_state (watcher) != SCOPE_UNSEEN_STOPPED)
    _scope_session_take_polled (self, &report);
  scope_unseen_detach (watcher);
  g_hash_table_remove (self->unseen, name);
  if (channel == NULL)
    return;
  _scope_channel_set_unseen (channel, FALSE, FALSE);
  _scope_session_clear_members (self, channel);
}

static gboolean
session_check_unseen (ScopeSession *self,
                      const char   *channel,
                      GError      **error)
{
  guint n_channels = g_list_model_get_n_items (G_LIST_MODEL (self->channels));

  if (!scope_channel_name_check (channel, NULL, error))
    return FALSE;
  if (!scope_channel_kind_is_presence (scope_channel_name_get_kind (channel)))
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                   _("“%s” is no presence channel: only those have members that can be asked for"),
                   channel);
      return FALSE;
    }
  if (n_channels >= SCOPE_LIMIT_CHANNELS && scope_session_find_channel (self, channel) == NULL)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                   _("At most %d channels can be watched at once"), SCOPE_LIMIT_CHANNELS);
      return FALSE;
    }
  return scope_session_get_api (self, error) != NULL;
}

/**
 * scope_session_watch_unseen:
 * @self: a session
 * @channel: a presence channel's name
 * @error: return location for `SCOPE_ERROR_USAGE` (the name, or the HTTP API can't be asked), `_LIMIT`
 *   or `_NOT_CONNECTED` (offline)
 *
 * Watches who is in it by asking the HTTP API, while the user wants to be connected. Nobody in the
 * channel learns of it. If it was joined, it is left first. It joins the model and the profile's
 * unseen channels.
 *
 * Returns: whether it is watched unseen now
 */
gboolean
scope_session_watch_unseen (ScopeSession *self,
                            const char   *channel,
                            GError      **error)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);
  g_return_val_if_fail (channel != NULL, FALSE);

  if (!_scope_session_check_connection (self, error) ||
      !session_check_unseen (self, channel, error))
    return FALSE;
  if (_scope_session_retry_channel_unseen (self, channel))
    return TRUE;

  name = g_strdup (channel); /* it may be the channel's own */
  scope_connection_unsubscribe (self->connection, name);
  _scope_session_add_unseen (self, name);
  scope_profile_add_unseen (self->profile, name);
  return TRUE;
}

/**
 * scope_session_watch:
 * @self: a session
 * @channel: a channel's name
 * @error: return location for an error of scope_session_subscribe() or scope_session_watch_unseen()
 *
 * Watches it in the way that changes nothing for others: a presence channel unseen where the HTTP API
 * can be asked, anything else by subscribing.
 *
 * Returns: whether it is watched now
 */
gboolean
scope_session_watch (ScopeSession *self,
                     const char   *channel,
                     GError      **error)
{
  ScopeChannelKind kind;

  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);
  g_return_val_if_fail (channel != NULL, FALSE);

  kind = scope_channel_name_get_kind (channel);
  if (scope_channel_kind_is_presence (kind) && scope_session_find_channel (self, channel) == NULL &&
      scope_session_get_api (self, NULL) != NULL)
    return scope_session_watch_unseen (self, channel, error);
  return scope_session_subscribe (self, channel, error);
}

/**
 * scope_session_join:
 * @self: a session
 * @channel: a presence channel's name
 * @presence_user: (nullable): as whom, JSON text as the profile's `presence-user`; `NULL` for that one
 * @error: return location for an error of scope_session_subscribe(), or `SCOPE_ERROR_USAGE` for
 *   @presence_user
 *
 * Subscribes to it as a member, whom everyone in the channel sees; after every reconnect as the same
 * user, until it is joined as another. An authorization endpoint decides by itself as whom.
 *
 * Returns: whether it is wanted now
 */
gboolean
scope_session_join (ScopeSession *self,
                    const char   *channel,
                    const char   *presence_user,
                    GError      **error)
{
  g_autofree char *name = NULL;
  g_autofree char *user_id = NULL;
  g_autofree char *user_info = NULL;

  g_return_val_if_fail (SCOPE_IS_SESSION (self), FALSE);
  g_return_val_if_fail (channel != NULL, FALSE);

  if (!_scope_session_check_connection (self, error) ||
      (presence_user != NULL &&
       !scope_check_presence_user (presence_user, &user_id, &user_info, error)))
    return FALSE;

  name = g_strdup (channel);
  scope_connection_unsubscribe (self->connection, name); /* joined as somebody else */
  _scope_session_remove_unseen (self, name);
  scope_profile_remove_unseen (self->profile, name);
  scope_connection_set_member (self->connection, name, user_id, user_info);
  return scope_session_subscribe (self, name, error);
}
