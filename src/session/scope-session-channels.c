/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "session/scope-channel-private.h"
#include "session/scope-detail.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Counts change with every event, but views need them once a frame: what changed is noted in
 * `dirty`, and one timer tells. A second timer lets rates fall by themselves. */

#define FLUSH_USEC 16000
#define RATE_USEC G_USEC_PER_SEC

void
_scope_session_init_channels (ScopeSession *self)
{
  self->channels = g_list_store_new (SCOPE_TYPE_CHANNEL);
  self->channels_by_name = g_hash_table_new (g_str_hash, g_str_equal);
  self->dirty = g_ptr_array_new_with_free_func (g_object_unref);
}

void
_scope_session_clear_channels (ScopeSession *self)
{
  if (self->clock != NULL)
    {
      scope_clock_remove_timer (self->clock, self->flush_timer);
      scope_clock_remove_timer (self->clock, self->rate_timer);
    }
  self->flush_timer = 0;
  self->rate_timer = 0;
  g_ptr_array_set_size (self->dirty, 0);
}

/* Flushing */

static void session_rate_due_cb (gpointer user_data);

static guint64
session_add_timer (ScopeSession   *self,
                   gint64          delay_usec,
                   ScopeClockFunc  func)
{
  return scope_clock_add_timer (self->clock,
                                scope_clock_get_monotonic_usec (self->clock) + delay_usec, func,
                                self);
}

static void
session_keep_rates_falling (ScopeSession *self)
{
  if (self->rate_timer == 0)
    self->rate_timer = session_add_timer (self, RATE_USEC, session_rate_due_cb);
}

static void
session_rate_due_cb (gpointer user_data)
{
  ScopeSession *self = user_data;
  gint64 now = scope_clock_get_monotonic_usec (self->clock);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->channels));

  self->rate_timer = 0;
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeChannel) channel = g_list_model_get_item (G_LIST_MODEL (self->channels), i);

      if (channel != NULL && scope_channel_get_rate (channel) > 0 &&
          _scope_channel_flush (channel, now))
        session_keep_rates_falling (self);
    }
}

static void
session_flush_cb (gpointer user_data)
{
  g_autoptr (ScopeSession) self = g_object_ref (SCOPE_SESSION (user_data));
  g_autoptr (GPtrArray) dirty = g_steal_pointer (&self->dirty);
  gint64 now = scope_clock_get_monotonic_usec (self->clock);

  self->flush_timer = 0;
  self->dirty = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < dirty->len; i++)
    if (_scope_channel_flush (g_ptr_array_index (dirty, i), now))
      session_keep_rates_falling (self);
  _scope_session_flush_refused (self);
}

void
_scope_session_schedule_flush (ScopeSession *self)
{
  if (self->flush_timer == 0)
    self->flush_timer = session_add_timer (self, FLUSH_USEC, session_flush_cb);
}

static void
session_mark_dirty (ScopeSession *self,
                    ScopeChannel *channel)
{
  if (!_scope_channel_mark_dirty (channel))
    return;

  g_ptr_array_add (self->dirty, g_object_ref (channel));
  _scope_session_schedule_flush (self);
}

/* The model */

void
_scope_session_clear_members (ScopeSession *self,
                              ScopeChannel *channel)
{
  _scope_member_list_clear (_scope_channel_get_member_list (channel));
  _scope_channel_set_subscription_count (channel, -1);
  session_mark_dirty (self, channel);
}

static const char *
session_get_status_text (ScopeSession            *self,
                         ScopeSubscriptionStatus  status)
{
  switch (status)
    {
    case SCOPE_SUBSCRIPTION_PENDING:
      if (self->connection == NULL)
        return _("Recorded");
      return self->state == SCOPE_STATE_CONNECTED ? _("Subscribing…")
                                                  : _("Waiting for the connection");
    case SCOPE_SUBSCRIPTION_SUBSCRIBED:
      return _("Subscribed");
    case SCOPE_SUBSCRIPTION_ERROR:
      return _("Could not subscribe");
    case SCOPE_SUBSCRIPTION_UNSUBSCRIBED:
    default:
      return _("Not subscribed");
    }
}

static void
session_set_channel_status (ScopeSession            *self,
                            ScopeChannel            *channel,
                            ScopeSubscriptionStatus  status,
                            const char              *error_text)
{
  _scope_channel_set_status (channel, status, session_get_status_text (self, status), error_text);
}

ScopeChannel *
_scope_session_add_channel (ScopeSession *self,
                            const char   *name)
{
  ScopeChannel *known = scope_session_find_channel (self, name);
  g_autoptr (ScopeChannel) channel = NULL;

  if (known != NULL)
    return known;

  channel = _scope_channel_new (name);
  if (scope_channel_kind_is_presence (scope_channel_get_kind (channel)))
    _scope_member_list_set_names (_scope_channel_get_member_list (channel), self->learnt);
  session_set_channel_status (self, channel, SCOPE_SUBSCRIPTION_PENDING, NULL);
  g_hash_table_insert (self->channels_by_name, (gpointer) scope_channel_get_name (channel),
                       channel);
  g_list_store_append (self->channels, channel);
  return channel; /* the model holds it */
}

void
_scope_session_remove_channel (ScopeSession *self,
                               const char   *name)
{
  ScopeChannel *channel = scope_session_find_channel (self, name);
  guint position;

  if (channel == NULL)
    return;

  g_hash_table_remove (self->channels_by_name, name);
  if (g_list_store_find (self->channels, channel, &position))
    g_list_store_remove (self->channels, position);
}

void
_scope_session_reset_channels (ScopeSession *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->channels));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeChannel) channel = g_list_model_get_item (G_LIST_MODEL (self->channels), i);

      if (scope_channel_get_unseen (channel))
        continue; /* asked for apart from this connection */
      session_set_channel_status (self, channel, SCOPE_SUBSCRIPTION_PENDING, NULL);
      _scope_session_clear_members (self, channel);
    }
}

/* Reports */

static ScopeChannel *
session_find_reported (ScopeSession      *self,
                       const ScopeReport *report)
{
  return report->channel != NULL ? scope_session_find_channel (self, report->channel) : NULL;
}

void
_scope_session_take_subscription (ScopeSession      *self,
                                  const ScopeReport *report)
{
  ScopeChannel *channel = session_find_reported (self, report);
  g_autofree char *problem = NULL;

  if (channel == NULL)
    return;

  if (report->status == SCOPE_SUBSCRIPTION_ERROR)
    problem = _scope_session_dup_explained (report->meaning, report->error_text);
  session_set_channel_status (self, channel, report->status, problem);
  if (report->status != SCOPE_SUBSCRIPTION_SUBSCRIBED)
    _scope_session_clear_members (self, channel);
}

/* People's names */

static void
session_learn (ScopeSession *self,
               const char   *user_id,
               const char   *user_info)
{
  g_autoptr (ScopeEntry) entry = NULL;

  if (scope_learnt_names_learn (self->learnt, user_id, user_info) || self->clock == NULL)
    return;

  entry = scope_entry_new (SCOPE_ENTRY_ERROR, scope_clock_get_wall_usec (self->clock));
  entry->detail = _scope_detail_new_limit (
    _("There are too many people: the names of further ones are not remembered"));
  _scope_session_take_entry (self, entry);
}

/* user_info comes with a joined channel only. */
static void
session_learn_reported (ScopeSession      *self,
                        const ScopeReport *report)
{
  guint n = report->action == SCOPE_PRESENCE_SNAPSHOT ? report->count : 1;

  for (guint i = 0; i < n && !report->polled; i++)
    session_learn (self, report->members[i].user_id, report->members[i].user_info);
}

static void
session_learn_member (ScopeSession *self,
                      const char   *json,
                      gsize         length)
{
  g_autofree char *id = scope_json_dup_member (json, length, "user_id");
  g_autofree char *info = NULL;
  ScopeSpan span;

  if (id == NULL || scope_json_get_member (json, length, "user_info", &span) != SCOPE_JSON_OBJECT)
    return;
  info = g_strndup (json + span.offset, span.length);
  session_learn (self, id, info);
}

void
_scope_session_learn_recorded (ScopeSession     *self,
                               const ScopeEntry *entry)
{
  const char *detail = entry->detail;
  ScopeJsonIter iter;
  ScopeSpan list;
  ScopeSpan member;

  if (detail == NULL)
    return;
  if (scope_json_get_member (detail, strlen (detail), "member", &member) == SCOPE_JSON_OBJECT)
    session_learn_member (self, detail + member.offset, member.length);
  if (scope_json_get_member (detail, strlen (detail), "members", &list) != SCOPE_JSON_ARRAY)
    return;
  scope_json_iter_init (&iter, detail + list.offset, list.length);
  while (scope_json_iter_next (&iter, NULL, &member, NULL))
    session_learn_member (self, detail + list.offset + member.offset, member.length);
}

/**
 * scope_session_get_learnt_names:
 * @self: a session
 *
 * Returns: (transfer none): what people are called, as learnt from channels that were joined
 */
ScopeLearntNames *
scope_session_get_learnt_names (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return self->learnt;
}

/**
 * scope_session_get_learnt_name:
 * @self: a session
 * @user_id: somebody's id
 *
 * Returns: (transfer none) (nullable): what that person is called, if it was ever told; for display only
 */
const char *
scope_session_get_learnt_name (ScopeSession *self,
                               const char   *user_id)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);
  g_return_val_if_fail (user_id != NULL, NULL);

  return scope_learnt_names_lookup (self->learnt, user_id);
}

void
_scope_session_take_presence (ScopeSession      *self,
                              const ScopeReport *report,
                              gint64             wall_usec)
{
  ScopeChannel *channel = session_find_reported (self, report);
  ScopeMemberList *members;

  if (channel == NULL)
    return;

  session_learn_reported (self, report);
  members = _scope_channel_get_member_list (channel);
  _scope_member_list_set_me (members, report->me);
  switch (report->action)
    {
    case SCOPE_PRESENCE_SNAPSHOT:
      _scope_member_list_load (members, report->members, report->count, wall_usec);
      break;
    case SCOPE_PRESENCE_REMOVED:
      _scope_member_list_remove (members, report->members->user_id);
      break;
    case SCOPE_PRESENCE_ADDED:
    case SCOPE_PRESENCE_UPDATED:
    default:
      _scope_member_list_put (members, report->members, wall_usec);
    }
  session_mark_dirty (self, channel);
}

void
_scope_session_take_count (ScopeSession      *self,
                           const ScopeReport *report)
{
  ScopeChannel *channel = session_find_reported (self, report);

  if (channel == NULL)
    return;

  _scope_channel_set_subscription_count (channel, report->subscription_count);
  session_mark_dirty (self, channel);
}

void
_scope_session_take_event (ScopeSession      *self,
                           const ScopeReport *report)
{
  ScopeChannel *channel = session_find_reported (self, report);

  if (channel == NULL)
    return;

  _scope_channel_count_event (channel, scope_clock_get_monotonic_usec (self->clock));
  session_mark_dirty (self, channel);
}
