/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-channel.h"

#include "json/scope-json.h"
#include "sandbox/scope-sandbox-frame.h"

typedef struct
{
  char *user_id;
  char *user_info;    /* compact JSON text, or NULL */
  guint n_holders;    /* sockets, plus one for a member without any */
  gboolean resident;  /* joined without a socket */
} Member;

struct _ScopeSandboxChannel
{
  char *name;
  ScopeChannelKind kind;
  GPtrArray *wires;

  GPtrArray *members; /* in order of joining */
  GHashTable *index;  /* user id → Member; both belong to members */
  guint crowd;        /* subscribers without a socket */

  GBytes *cached;
  char *cached_data;
  gint64 cached_usec;
};

static void
member_free (gpointer data)
{
  Member *member = data;

  g_free (member->user_id);
  g_free (member->user_info);
  g_free (member);
}

static char *
member_compact_info (const char *user_info)
{
  GString *text;

  if (user_info == NULL)
    return NULL;

  text = g_string_new (NULL);
  scope_json_append_compact (text, user_info, strlen (user_info));
  return g_string_free (text, FALSE);
}

static void
channel_announce (ScopeSandboxChannel *self,
                  Member              *member,
                  gboolean             added,
                  ScopeSandboxWire    *except)
{
  g_autoptr (GString) data = g_string_new ("{\"user_id\":");
  g_autoptr (GBytes) frame = NULL;

  scope_json_append_string (data, member->user_id, -1);
  if (added && member->user_info != NULL)
    g_string_append_printf (data, ",\"user_info\":%s", member->user_info);
  g_string_append_c (data, '}');

  frame = scope_sandbox_frame_internal (added ? "pusher_internal:member_added"
                                              : "pusher_internal:member_removed",
                                        self->name, data->str);
  scope_sandbox_channel_send (self, frame, except);
}

static Member *
channel_add_member (ScopeSandboxChannel *self,
                    const char          *user_id)
{
  Member *member = g_new0 (Member, 1);

  member->user_id = g_strdup (user_id);
  g_ptr_array_add (self->members, member);
  g_hash_table_insert (self->index, member->user_id, member);
  return member;
}

static gboolean
channel_has_cached (ScopeSandboxChannel *self)
{
  return self->cached != NULL &&
         g_get_monotonic_time () - self->cached_usec < SCOPE_SANDBOX_CACHE_USEC;
}

/**
 * scope_sandbox_channel_new:
 * @name: a checked name
 *
 * Returns: (transfer full): a channel that nobody is subscribed to
 */
ScopeSandboxChannel *
scope_sandbox_channel_new (const char *name)
{
  ScopeSandboxChannel *self;

  g_return_val_if_fail (name != NULL, NULL);

  self = g_new0 (ScopeSandboxChannel, 1);
  self->name = g_strdup (name);
  self->kind = scope_channel_name_get_kind (name);
  self->wires = g_ptr_array_new ();
  self->members = g_ptr_array_new_with_free_func (member_free);
  self->index = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

/**
 * scope_sandbox_channel_free:
 * @self: (nullable): a channel
 *
 * Nobody is told.
 */
void
scope_sandbox_channel_free (ScopeSandboxChannel *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->index);
  g_ptr_array_unref (self->members);
  g_ptr_array_unref (self->wires);
  g_clear_pointer (&self->cached, g_bytes_unref);
  g_free (self->cached_data);
  g_free (self->name);
  g_free (self);
}

/**
 * scope_sandbox_channel_get_name:
 * @self: a channel
 *
 * Returns: (transfer none): its name
 */
const char *
scope_sandbox_channel_get_name (ScopeSandboxChannel *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->name;
}

/**
 * scope_sandbox_channel_get_kind:
 * @self: a channel
 *
 * Returns: what its name says it is (protocol.md §3.2)
 */
ScopeChannelKind
scope_sandbox_channel_get_kind (ScopeSandboxChannel *self)
{
  g_return_val_if_fail (self != NULL, SCOPE_CHANNEL_PUBLIC);

  return self->kind;
}

/**
 * scope_sandbox_channel_is_occupied:
 * @self: a channel
 *
 * Returns: whether the HTTP API lists it (protocol.md §9.1): someone is subscribed or present
 */
gboolean
scope_sandbox_channel_is_occupied (ScopeSandboxChannel *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->wires->len > 0 || self->members->len > 0 || self->crowd > 0;
}

/**
 * scope_sandbox_channel_set_crowd:
 * @self: a channel
 * @n: how many are subscribed without a socket
 */
void
scope_sandbox_channel_set_crowd (ScopeSandboxChannel *self,
                                 guint                n)
{
  g_return_if_fail (self != NULL);

  self->crowd = n;
}

/**
 * scope_sandbox_channel_count_subscriptions:
 * @self: a channel
 *
 * Returns: what the HTTP API counts: subscribers, with a socket or without
 */
guint
scope_sandbox_channel_count_subscriptions (ScopeSandboxChannel *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->wires->len + self->crowd;
}

/**
 * scope_sandbox_channel_is_vacant:
 * @self: a channel
 *
 * Returns: whether it can be forgotten: not occupied, and no fresh event cached
 */
gboolean
scope_sandbox_channel_is_vacant (ScopeSandboxChannel *self)
{
  return !scope_sandbox_channel_is_occupied (self) && !channel_has_cached (self);
}

/**
 * scope_sandbox_channel_add_wire:
 * @self: a channel
 * @wire: one that is not subscribed yet
 */
void
scope_sandbox_channel_add_wire (ScopeSandboxChannel *self,
                                ScopeSandboxWire    *wire)
{
  g_return_if_fail (self != NULL && wire != NULL);

  g_ptr_array_add (self->wires, wire);
}

/**
 * scope_sandbox_channel_remove_wire:
 * @self: a channel
 * @wire: a subscriber
 */
void
scope_sandbox_channel_remove_wire (ScopeSandboxChannel *self,
                                   ScopeSandboxWire    *wire)
{
  g_return_if_fail (self != NULL && wire != NULL);

  g_ptr_array_remove (self->wires, wire);
}

/**
 * scope_sandbox_channel_count_wires:
 * @self: a channel
 *
 * Returns: how many connections are subscribed
 */
guint
scope_sandbox_channel_count_wires (ScopeSandboxChannel *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->wires->len;
}

/**
 * scope_sandbox_channel_send:
 * @self: a channel
 * @frame: the frame
 * @except: (nullable): a subscriber that does not get it
 */
void
scope_sandbox_channel_send (ScopeSandboxChannel *self,
                            GBytes              *frame,
                            ScopeSandboxWire    *except)
{
  g_return_if_fail (self != NULL && frame != NULL);

  for (guint i = 0; i < self->wires->len; i++)
    {
      ScopeSandboxWire *wire = g_ptr_array_index (self->wires, i);

      if (wire != except)
        scope_sandbox_wire_send (wire, frame);
    }
}

/**
 * scope_sandbox_channel_set_corked:
 * @self: a channel
 * @corked: whether more frames follow at once
 */
void
scope_sandbox_channel_set_corked (ScopeSandboxChannel *self,
                                  gboolean             corked)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->wires->len; i++)
    scope_sandbox_wire_set_corked (g_ptr_array_index (self->wires, i), corked);
}

/**
 * scope_sandbox_channel_get_queued:
 * @self: a channel
 *
 * Returns: the bytes that wait for its slowest subscriber
 */
gsize
scope_sandbox_channel_get_queued (ScopeSandboxChannel *self)
{
  gsize most = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->wires->len; i++)
    most = MAX (most, scope_sandbox_wire_get_queued (g_ptr_array_index (self->wires, i)));

  return most;
}

/**
 * scope_sandbox_channel_has_user:
 * @self: a channel
 * @user_id: a user's id
 *
 * Returns: whether that user is present
 */
gboolean
scope_sandbox_channel_has_user (ScopeSandboxChannel *self,
                                const char          *user_id)
{
  g_return_val_if_fail (self != NULL && user_id != NULL, FALSE);

  return g_hash_table_contains (self->index, user_id);
}

/**
 * scope_sandbox_channel_count_users:
 * @self: a channel
 *
 * Returns: how many distinct users are present
 */
guint
scope_sandbox_channel_count_users (ScopeSandboxChannel *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->members->len;
}

/**
 * scope_sandbox_channel_count_guests:
 * @self: a channel
 *
 * Returns: how many distinct users are present by a socket
 */
guint
scope_sandbox_channel_count_guests (ScopeSandboxChannel *self)
{
  guint n = 0;

  g_return_val_if_fail (self != NULL, 0);

  for (guint i = 0; i < self->members->len; i++)
    {
      const Member *member = g_ptr_array_index (self->members, i);

      n += member->n_holders > (member->resident ? 1 : 0) ? 1 : 0;
    }
  return n;
}

/**
 * scope_sandbox_channel_get_user:
 * @self: a channel
 * @index: below the count of users
 *
 * Returns: (transfer none): a user's id, in order of joining
 */
const char *
scope_sandbox_channel_get_user (ScopeSandboxChannel *self,
                                guint                index)
{
  g_return_val_if_fail (self != NULL && index < self->members->len, NULL);

  return ((Member *) g_ptr_array_index (self->members, index))->user_id;
}

/**
 * scope_sandbox_channel_hold_user:
 * @self: a presence channel
 * @user_id: a user's id
 * @user_info: (nullable): checked JSON text; what the newest of a user's sockets says counts
 * @except: (nullable): the socket that is not told
 *
 * Counts one more socket of a user. `member_added` is sent only for the first (protocol.md §3.4).
 */
void
scope_sandbox_channel_hold_user (ScopeSandboxChannel *self,
                                 const char          *user_id,
                                 const char          *user_info,
                                 ScopeSandboxWire    *except)
{
  Member *member;

  g_return_if_fail (self != NULL && user_id != NULL);

  member = g_hash_table_lookup (self->index, user_id);
  if (member == NULL)
    member = channel_add_member (self, user_id);

  g_free (member->user_info);
  member->user_info = member_compact_info (user_info);
  if (++member->n_holders == 1)
    channel_announce (self, member, TRUE, except);
}

/**
 * scope_sandbox_channel_drop_user:
 * @self: a presence channel
 * @user_id: a user's id
 *
 * Counts one socket of a user less. `member_removed` is sent only for the last.
 */
void
scope_sandbox_channel_drop_user (ScopeSandboxChannel *self,
                                 const char          *user_id)
{
  Member *member;

  g_return_if_fail (self != NULL && user_id != NULL);

  member = g_hash_table_lookup (self->index, user_id);
  if (member == NULL || --member->n_holders > 0)
    return;

  channel_announce (self, member, FALSE, NULL);
  g_hash_table_remove (self->index, user_id);
  g_ptr_array_remove (self->members, member);
}

/**
 * scope_sandbox_channel_join:
 * @self: a presence channel
 * @user_id: a user's id
 * @user_info: (nullable): checked JSON text
 */
void
scope_sandbox_channel_join (ScopeSandboxChannel *self,
                            const char          *user_id,
                            const char          *user_info)
{
  Member *member;

  g_return_if_fail (self != NULL && user_id != NULL);

  member = g_hash_table_lookup (self->index, user_id);
  if (member != NULL && member->resident)
    {
      g_free (member->user_info);
      member->user_info = member_compact_info (user_info);
      return;
    }

  scope_sandbox_channel_hold_user (self, user_id, user_info, NULL);
  member = g_hash_table_lookup (self->index, user_id);
  member->resident = TRUE;
}

/**
 * scope_sandbox_channel_leave:
 * @self: a presence channel
 * @user_id: a user's id; one that did not join is left alone
 */
void
scope_sandbox_channel_leave (ScopeSandboxChannel *self,
                             const char          *user_id)
{
  Member *member;

  g_return_if_fail (self != NULL && user_id != NULL);

  member = g_hash_table_lookup (self->index, user_id);
  if (member == NULL || !member->resident)
    return;

  member->resident = FALSE;
  scope_sandbox_channel_drop_user (self, user_id);
}

/**
 * scope_sandbox_channel_dup_residents:
 * @self: a channel
 *
 * Returns: (transfer full): the ids of the members that joined without a socket, in order of joining
 */
char **
scope_sandbox_channel_dup_residents (ScopeSandboxChannel *self)
{
  GPtrArray *ids;

  g_return_val_if_fail (self != NULL, NULL);

  ids = g_ptr_array_new ();
  for (guint i = 0; i < self->members->len; i++)
    {
      Member *member = g_ptr_array_index (self->members, i);

      if (member->resident)
        g_ptr_array_add (ids, g_strdup (member->user_id));
    }
  g_ptr_array_add (ids, NULL);
  return (char **) g_ptr_array_free (ids, FALSE);
}

/**
 * scope_sandbox_channel_dup_welcome:
 * @self: a channel
 *
 * Returns: (transfer full): the JSON text that `subscription_succeeded` carries double-encoded:
 *   `{}`, or ids, hash and count of a presence channel (protocol.md §3.3)
 */
char *
scope_sandbox_channel_dup_welcome (ScopeSandboxChannel *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  if (!scope_channel_kind_is_presence (self->kind))
    return g_strdup ("{}");

  text = g_string_new ("{\"presence\":{\"ids\":[");
  for (guint i = 0; i < self->members->len; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      scope_json_append_string (text, scope_sandbox_channel_get_user (self, i), -1);
    }
  g_string_append (text, "],\"hash\":{");
  for (guint i = 0; i < self->members->len; i++)
    {
      Member *member = g_ptr_array_index (self->members, i);

      if (i > 0)
        g_string_append_c (text, ',');
      scope_json_append_string (text, member->user_id, -1);
      g_string_append_c (text, ':');
      g_string_append (text, member->user_info != NULL ? member->user_info : "null");
    }
  g_string_append_printf (text, "},\"count\":%u}}", self->members->len);

  return g_string_free (text, FALSE);
}

/**
 * scope_sandbox_channel_set_cached:
 * @self: a cache channel
 * @frame: the event's frame
 * @data_token: (nullable): the JSON text of its data, if it has any
 * @data_length: its length in bytes
 */
void
scope_sandbox_channel_set_cached (ScopeSandboxChannel *self,
                                  GBytes              *frame,
                                  const char          *data_token,
                                  gsize                data_length)
{
  g_return_if_fail (self != NULL && frame != NULL);

  g_clear_pointer (&self->cached, g_bytes_unref);
  g_free (self->cached_data);
  self->cached = g_bytes_ref (frame);
  self->cached_data = data_token != NULL ? g_strndup (data_token, data_length) : NULL;
  self->cached_usec = g_get_monotonic_time ();
}

/**
 * scope_sandbox_channel_get_cached:
 * @self: a channel
 * @data_token: (out) (optional): the JSON text of the event's data
 * @ttl: (out) (optional): for how many seconds it will be kept
 *
 * Returns: (transfer none) (nullable): the frame of the last event, while it is fresh
 */
GBytes *
scope_sandbox_channel_get_cached (ScopeSandboxChannel *self,
                                  const char         **data_token,
                                  guint               *ttl)
{
  gint64 left;

  g_return_val_if_fail (self != NULL, NULL);

  if (!channel_has_cached (self))
    return NULL;

  left = SCOPE_SANDBOX_CACHE_USEC - (g_get_monotonic_time () - self->cached_usec);
  if (data_token != NULL)
    *data_token = self->cached_data;
  if (ttl != NULL)
    *ttl = (guint) MAX (left / G_USEC_PER_SEC, 1);

  return self->cached;
}
