/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox.h"

#include <string.h>

#include "base/scope-limits.h"
#include "json/scope-json.h"
#include "sandbox/scope-sandbox-frame.h"
#include "sandbox/scope-sandbox-private.h"

/* The channels there are, and what comes to them. */

static void
sandbox_sweep_channels (ScopeSandbox *self)
{
  GHashTableIter iter;
  gpointer channel;

  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &channel))
    {
      if (scope_sandbox_channel_is_vacant (channel))
        g_hash_table_iter_remove (&iter);
    }
}

ScopeSandboxChannel *
_scope_sandbox_lookup_channel (ScopeSandbox *self,
                               const char   *name)
{
  return g_hash_table_lookup (self->channels, name);
}

ScopeSandboxChannel *
_scope_sandbox_ensure_channel (ScopeSandbox *self,
                               const char   *name)
{
  ScopeSandboxChannel *channel = g_hash_table_lookup (self->channels, name);

  if (channel != NULL)
    return channel;

  /* cached events grow stale without anyone noticing */
  if (g_hash_table_size (self->channels) >= SCOPE_SANDBOX_CHANNELS)
    sandbox_sweep_channels (self);
  if (g_hash_table_size (self->channels) >= SCOPE_SANDBOX_CHANNELS)
    return NULL;

  channel = scope_sandbox_channel_new (name);
  g_hash_table_insert (self->channels, g_strdup (name), channel);
  return channel;
}

void
_scope_sandbox_settle_channel (ScopeSandbox        *self,
                               ScopeSandboxChannel *channel)
{
  if (scope_sandbox_channel_is_vacant (channel))
    g_hash_table_remove (self->channels, scope_sandbox_channel_get_name (channel));
}

static int
sandbox_compare_channels (gconstpointer a,
                          gconstpointer b)
{
  ScopeSandboxChannel *const *first = a;
  ScopeSandboxChannel *const *second = b;

  return strcmp (scope_sandbox_channel_get_name (*first), scope_sandbox_channel_get_name (*second));
}

GPtrArray *
_scope_sandbox_list_occupied (ScopeSandbox *self)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer channel;

  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &channel))
    {
      if (scope_sandbox_channel_is_occupied (channel) &&
          scope_sandbox_channel_get_kind (channel) != SCOPE_CHANNEL_SERVER_TO_USER)
        g_ptr_array_add (list, channel);
    }
  g_ptr_array_sort (list, sandbox_compare_channels);

  return list;
}

/* given: the event's frame; NULL: it is composed */
static gboolean
sandbox_relay (ScopeSandbox            *self,
               const ScopeSandboxEvent *event,
               GBytes                  *given)
{
  ScopeChannelKind kind = scope_channel_name_get_kind (event->channel);
  gboolean is_cached = scope_channel_kind_is_cache (kind) && !event->is_client_event;
  ScopeSandboxChannel *channel;
  ScopeSandboxConnection *except = NULL;
  g_autoptr (GBytes) frame = given != NULL ? g_bytes_ref (given) : NULL;

  _scope_sandbox_report_event (self, event);
  channel = is_cached ? _scope_sandbox_ensure_channel (self, event->channel)
                      : _scope_sandbox_lookup_channel (self, event->channel);
  if (channel == NULL)
    return FALSE;

  if (frame == NULL)
    frame = scope_sandbox_frame_event (event->event, event->channel, event->data_token,
                                       event->data_length, event->user_id);
  if (is_cached)
    scope_sandbox_channel_set_cached (channel, frame, event->data_token, event->data_length);
  if (event->socket_id != NULL)
    except = g_hash_table_lookup (self->connections, event->socket_id);

  scope_sandbox_channel_send (channel, frame,
                              except != NULL ? scope_sandbox_connection_get_wire (except) : NULL);
  return scope_sandbox_channel_count_wires (channel) > 0;
}

gboolean
_scope_sandbox_relay (ScopeSandbox            *self,
                      const ScopeSandboxEvent *event)
{
  return sandbox_relay (self, event, NULL);
}

gboolean
_scope_sandbox_relay_frame (ScopeSandbox            *self,
                            const ScopeSandboxEvent *event,
                            GBytes                  *frame)
{
  return sandbox_relay (self, event, frame);
}

void
_scope_sandbox_subscribers_changed (ScopeSandbox *self)
{
  if (self->replay != NULL)
    scope_sandbox_replay_look (self->replay);
}

void
_scope_sandbox_forget_flood (ScopeSandbox      *self,
                             ScopeSandboxFlood *flood)
{
  g_ptr_array_remove (self->floods, flood);
}

/**
 * scope_sandbox_publish:
 * @self: a sandbox
 * @channel: the channel
 * @event: the event's name
 * @data: the decoded data; no limit of size applies here
 * @data_length: its length in bytes, or -1 if it is NUL-terminated
 *
 * Publishes as the HTTP API would: a cache channel keeps it (protocol.md §3.2).
 *
 * Returns: whether anyone was subscribed
 */
gboolean
scope_sandbox_publish (ScopeSandbox *self,
                       const char   *channel,
                       const char   *event,
                       const char   *data,
                       gssize        data_length)
{
  g_autoptr (GString) token = g_string_new (NULL);
  ScopeSandboxEvent relayed = { .channel = channel, .event = event };

  g_return_val_if_fail (SCOPE_IS_SANDBOX (self), FALSE);
  g_return_val_if_fail (channel != NULL && event != NULL && data != NULL, FALSE);

  scope_json_append_string (token, data, data_length);
  relayed.data_token = token->str;
  relayed.data_length = token->len;
  return _scope_sandbox_relay (self, &relayed);
}

/**
 * scope_sandbox_join:
 * @self: a sandbox
 * @channel: a presence channel
 * @user_id: who joins
 * @user_info_json: (nullable): JSON text; left out if it isn't valid
 *
 * Adds a member that has no socket.
 */
void
scope_sandbox_join (ScopeSandbox *self,
                    const char   *channel,
                    const char   *user_id,
                    const char   *user_info_json)
{
  ScopeSandboxChannel *joined;

  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (channel != NULL && user_id != NULL);
  g_return_if_fail (scope_channel_kind_is_presence (scope_channel_name_get_kind (channel)));

  if (user_info_json != NULL &&
      !scope_json_check (user_info_json, strlen (user_info_json), NULL, NULL))
    user_info_json = NULL;

  joined = _scope_sandbox_ensure_channel (self, channel);
  if (joined != NULL && scope_sandbox_channel_count_users (joined) < SCOPE_LIMIT_MEMBERS)
    scope_sandbox_channel_join (joined, user_id, user_info_json);
}

/**
 * scope_sandbox_leave:
 * @self: a sandbox
 * @channel: a presence channel
 * @user_id: who leaves; one that did not join is left alone
 */
void
scope_sandbox_leave (ScopeSandbox *self,
                     const char   *channel,
                     const char   *user_id)
{
  ScopeSandboxChannel *left;

  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (channel != NULL && user_id != NULL);

  left = _scope_sandbox_lookup_channel (self, channel);
  if (left == NULL)
    return;

  scope_sandbox_channel_leave (left, user_id);
  _scope_sandbox_settle_channel (self, left);
}

/**
 * scope_sandbox_set_residents:
 * @self: a sandbox
 * @channel: a presence channel
 * @members: (element-type ScopeReplayMember): who is there without a socket; the others of those leave
 */
void
scope_sandbox_set_residents (ScopeSandbox *self,
                             const char   *channel,
                             GPtrArray    *members)
{
  g_autoptr (GHashTable) staying = g_hash_table_new (g_str_hash, g_str_equal);
  ScopeSandboxChannel *settled;
  g_auto (GStrv) residents = NULL;

  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (channel != NULL && members != NULL);

  for (guint i = 0; i < members->len; i++)
    g_hash_table_add (staying, ((ScopeReplayMember *) g_ptr_array_index (members, i))->user_id);

  settled = _scope_sandbox_lookup_channel (self, channel);
  residents = settled != NULL ? scope_sandbox_channel_dup_residents (settled) : NULL;
  for (guint i = 0; residents != NULL && residents[i] != NULL; i++)
    if (!g_hash_table_contains (staying, residents[i]))
      scope_sandbox_leave (self, channel, residents[i]);

  for (guint i = 0; i < members->len; i++)
    {
      const ScopeReplayMember *member = g_ptr_array_index (members, i);

      scope_sandbox_join (self, channel, member->user_id, member->user_info);
    }
}

/**
 * scope_sandbox_set_crowd:
 * @self: a sandbox
 * @channel: a channel
 * @n: how many are subscribed to it without a socket; 0: none any more
 */
void
scope_sandbox_set_crowd (ScopeSandbox *self,
                         const char   *channel,
                         guint         n)
{
  ScopeSandboxChannel *crowded;

  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (channel != NULL);

  crowded = n > 0 ? _scope_sandbox_ensure_channel (self, channel)
                  : _scope_sandbox_lookup_channel (self, channel);
  if (crowded == NULL)
    return;
  scope_sandbox_channel_set_crowd (crowded, n);
  _scope_sandbox_settle_channel (self, crowded);
}

/**
 * scope_sandbox_flood:
 * @self: a sandbox
 * @channel: the channel
 * @n: how many events
 * @size: about how many bytes of data each has
 * @seconds: how long to take; 0: as fast as the subscribers read
 *
 * Publishes events named `flood`, each `{"n":N,…}` counting from 0, evenly over @seconds, in
 * short slices of the main loop. It waits for subscribers that don't keep up: nobody misses one,
 * and what waits in memory stays bounded. Events due while nobody is subscribed are not sent.
 */
void
scope_sandbox_flood (ScopeSandbox *self,
                     const char   *channel,
                     guint         n,
                     gsize         size,
                     double        seconds)
{
  g_return_if_fail (SCOPE_IS_SANDBOX (self));
  g_return_if_fail (channel != NULL);

  if (n > 0)
    g_ptr_array_add (self->floods, scope_sandbox_flood_new (self, channel, n, size, seconds));
}
