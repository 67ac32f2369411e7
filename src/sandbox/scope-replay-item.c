/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-replay-item.h"

#include <string.h>

#include "base/scope-limits.h"
#include "json/scope-json.h"
#include "protocol/scope-channel-name.h"

static void
replay_member_free (gpointer data)
{
  ScopeReplayMember *member = data;

  g_free (member->user_id);
  g_free (member->user_info);
  g_free (member);
}

static ScopeReplayItem *
replay_item_new (gint64          time_usec,
                 ScopeReplayKind kind)
{
  ScopeReplayItem *self = g_new0 (ScopeReplayItem, 1);

  self->kind = kind;
  self->time_usec = time_usec;
  return self;
}

/**
 * scope_replay_item_new_event:
 * @time_usec: when it came, microseconds since 1970
 * @frame: the frame as it came; checked, as it may be from a file
 *
 * Frames of the protocol itself are none: a server makes its own.
 *
 * Returns: (transfer full) (nullable): the event; %NULL if it can't be sent to a channel
 */
ScopeReplayItem *
scope_replay_item_new_event (gint64  time_usec,
                             GBytes *frame)
{
  g_autoptr (ScopeMessage) message = NULL;
  const char *channel;
  ScopeReplayItem *self;

  g_return_val_if_fail (frame != NULL, NULL);

  if (g_bytes_get_size (frame) > SCOPE_LIMIT_FRAME_BYTES)
    return NULL;
  message = scope_message_new (frame, NULL);
  if (message == NULL || scope_message_get_message_type (message) != SCOPE_MESSAGE_EVENT)
    return NULL;
  channel = scope_message_get_channel (message, NULL);
  if (channel == NULL || !scope_channel_name_check (channel, NULL, NULL))
    return NULL;

  self = replay_item_new (time_usec, SCOPE_REPLAY_EVENT);
  self->message = g_steal_pointer (&message);
  return self;
}

/**
 * scope_replay_item_new_members:
 * @time_usec: when it was told
 * @kind: %SCOPE_REPLAY_JOIN, %SCOPE_REPLAY_LEAVE or %SCOPE_REPLAY_RESIDENTS
 * @channel: (nullable): where
 *
 * Returns: (transfer full) (nullable): it, without a member; %NULL if that is no presence channel
 */
ScopeReplayItem *
scope_replay_item_new_members (gint64           time_usec,
                               ScopeReplayKind  kind,
                               const char      *channel)
{
  ScopeReplayItem *self;

  g_return_val_if_fail (kind == SCOPE_REPLAY_JOIN || kind == SCOPE_REPLAY_LEAVE ||
                        kind == SCOPE_REPLAY_RESIDENTS, NULL);

  if (channel == NULL || !scope_channel_name_check (channel, NULL, NULL) ||
      !scope_channel_kind_is_presence (scope_channel_name_get_kind (channel)))
    return NULL;

  self = replay_item_new (time_usec, kind);
  self->channel = g_strdup (channel);
  self->members = g_ptr_array_new_with_free_func (replay_member_free);
  return self;
}

/**
 * scope_replay_item_add_member:
 * @self: an item of members
 * @user_id: (nullable): who
 * @user_info: (nullable): JSON text; left out if it isn't valid, or null
 *
 * Returns: whether that can be a member
 */
gboolean
scope_replay_item_add_member (ScopeReplayItem *self,
                              const char      *user_id,
                              const char      *user_info)
{
  ScopeJsonKind kind = SCOPE_JSON_NONE;
  ScopeReplayMember *member;

  g_return_val_if_fail (self != NULL && self->members != NULL, FALSE);

  if (user_id == NULL || *user_id == '\0' || strlen (user_id) > SCOPE_LIMIT_USER_ID_BYTES ||
      self->members->len >= SCOPE_LIMIT_MEMBERS)
    return FALSE;

  member = g_new0 (ScopeReplayMember, 1);
  member->user_id = g_strdup (user_id);
  if (user_info != NULL && scope_json_check (user_info, strlen (user_info), &kind, NULL) &&
      kind != SCOPE_JSON_NULL)
    member->user_info = g_strdup (user_info);
  g_ptr_array_add (self->members, member);
  return TRUE;
}

/**
 * scope_replay_item_new_gap:
 * @time_usec: when it was over
 * @seconds: how long it was
 *
 * Returns: (transfer full): a time of which the recording does not know everything
 */
ScopeReplayItem *
scope_replay_item_new_gap (gint64 time_usec,
                           double seconds)
{
  ScopeReplayItem *self = replay_item_new (time_usec, SCOPE_REPLAY_GAP);

  self->gap_seconds = seconds > 0 ? MIN (seconds, G_MAXINT32) : 0;
  return self;
}

/**
 * scope_replay_item_free:
 * @self: (nullable): an item
 */
void
scope_replay_item_free (ScopeReplayItem *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->message, scope_message_unref);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  g_free (self->channel);
  g_free (self);
}

/**
 * scope_replay_item_get_size:
 * @self: an item
 *
 * Returns: bytes of the texts it keeps
 */
gsize
scope_replay_item_get_size (ScopeReplayItem *self)
{
  gsize size = sizeof *self;

  g_return_val_if_fail (self != NULL, 0);

  if (self->message != NULL)
    size += scope_message_get_size (self->message);
  for (guint i = 0; self->members != NULL && i < self->members->len; i++)
    {
      const ScopeReplayMember *member = g_ptr_array_index (self->members, i);

      size += sizeof *member + strlen (member->user_id);
      size += member->user_info != NULL ? strlen (member->user_info) : 0;
    }
  return size;
}
