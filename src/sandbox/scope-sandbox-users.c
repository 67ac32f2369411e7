/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-sandbox"

#include "config.h"

#include "sandbox/scope-sandbox-users.h"

#include "json/scope-json.h"
#include "protocol/scope-channel-name.h"
#include "protocol/scope-user-data.h"
#include "sandbox/scope-sandbox-frame.h"

#include <string.h>

/* One signed-in connection. */
typedef struct
{
  ScopeSandboxWire *wire;
  const ScopeSandboxUser *user;
} Stay;

struct _ScopeSandboxUsers
{
  GArray *stays; /* of Stay, in order of signing in */
};

/* The user's info as it will be shown on presence channels. */
static char *
user_dup_info (const char *user_data)
{
  ScopeSpan span;
  ScopeJsonKind kind = scope_json_get_member (user_data, strlen (user_data), "user_info", &span);
  GString *info;

  if (kind == SCOPE_JSON_NONE || kind == SCOPE_JSON_NULL)
    return NULL;

  info = g_string_new (NULL);
  scope_json_append_compact (info, user_data + span.offset, span.length);
  return g_string_free (info, FALSE);
}

static void
user_cut_watchlist (ScopeSandboxUser *self)
{
  guint n = g_strv_length (self->watchlist);

  self->watchlist_is_cut = n > SCOPE_SANDBOX_WATCHLIST;
  for (guint i = SCOPE_SANDBOX_WATCHLIST; i < n; i++)
    g_clear_pointer (&self->watchlist[i], g_free);
}

/**
 * scope_sandbox_user_free:
 * @self: (nullable): a user
 */
void
scope_sandbox_user_free (ScopeSandboxUser *self)
{
  if (self == NULL)
    return;

  g_free (self->id);
  g_free (self->info);
  g_strfreev (self->watchlist);
  g_free (self);
}

/**
 * scope_sandbox_user_read:
 * @user_data: JSON text whose signature has been checked
 * @refusal: (out) (transfer full): why not
 *
 * An id is not empty and has the characters of channel names, for it becomes part of one
 * (protocol.md §4.5).
 *
 * Returns: (transfer full) (nullable): who signs in
 */
ScopeSandboxUser *
scope_sandbox_user_read (const char  *user_data,
                         char       **refusal)
{
  g_autoptr (ScopeUserData) data = NULL;
  g_autofree char *channel = NULL;
  ScopeSandboxUser *self;

  g_return_val_if_fail (user_data != NULL, NULL);

  data = scope_user_data_parse (user_data, strlen (user_data), NULL);
  if (data != NULL)
    channel = g_strconcat ("#server-to-user-", data->id, NULL);
  if (data == NULL || !scope_channel_name_check (channel, NULL, NULL))
    {
      *refusal = g_strdup ("Invalid user_data for sign-in: should be a JSON object with an id "
                           "of letters, digits and _ - = @ , . ;");
      return NULL;
    }

  self = g_new0 (ScopeSandboxUser, 1);
  self->id = g_steal_pointer (&data->id);
  self->info = user_dup_info (user_data);
  self->watchlist = data->watchlist != NULL ? g_steal_pointer (&data->watchlist)
                                            : g_new0 (char *, 1);
  user_cut_watchlist (self);
  return self;
}

static gboolean
users_has (ScopeSandboxUsers *self,
           const char        *user_id)
{
  for (guint i = 0; i < self->stays->len; i++)
    {
      if (strcmp (g_array_index (self->stays, Stay, i).user->id, user_id) == 0)
        return TRUE;
    }

  return FALSE;
}

/* `{"name":"online","user_ids":[…]}` */
static void
users_append_event (GString            *data,
                    const char         *name,
                    const char * const *ids)
{
  g_string_append_printf (data, "%s{\"name\":\"%s\",\"user_ids\":[",
                          data->str[data->len - 1] == '[' ? "" : ",", name);
  for (guint i = 0; ids[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (data, ',');
      scope_json_append_string (data, ids[i], -1);
    }
  g_string_append (data, "]}");
}

/* Either may be empty; nothing is sent if both are. */
static void
users_tell (ScopeSandboxWire   *wire,
            const char * const *online,
            const char * const *offline)
{
  g_autoptr (GString) data = g_string_new ("{\"events\":[");
  g_autoptr (GBytes) frame = NULL;

  if (online[0] == NULL && offline[0] == NULL)
    return;
  if (online[0] != NULL)
    users_append_event (data, "online", online);
  if (offline[0] != NULL)
    users_append_event (data, "offline", offline);
  g_string_append (data, "]}");

  frame = scope_sandbox_frame_internal ("pusher_internal:watchlist_events", NULL, data->str);
  scope_sandbox_wire_send (wire, frame);
}

/* The current status after the sign-in (§4.5). */
static void
users_tell_newcomer (ScopeSandboxUsers *self,
                     const Stay        *stay)
{
  g_autoptr (GPtrArray) online = g_ptr_array_new ();
  g_autoptr (GPtrArray) offline = g_ptr_array_new ();

  for (guint i = 0; stay->user->watchlist[i] != NULL; i++)
    g_ptr_array_add (users_has (self, stay->user->watchlist[i]) ? online : offline,
                     stay->user->watchlist[i]);
  g_ptr_array_add (online, NULL);
  g_ptr_array_add (offline, NULL);
  users_tell (stay->wire, (const char * const *) online->pdata,
              (const char * const *) offline->pdata);
}

static void
users_tell_watchers (ScopeSandboxUsers *self,
                     const char        *user_id,
                     gboolean           is_online)
{
  const char *ids[] = { user_id, NULL };
  const char *none[] = { NULL };

  for (guint i = 0; i < self->stays->len; i++)
    {
      Stay *stay = &g_array_index (self->stays, Stay, i);

      if (g_strv_contains ((const char * const *) stay->user->watchlist, user_id))
        users_tell (stay->wire, is_online ? ids : none, is_online ? none : ids);
    }
}

/**
 * scope_sandbox_users_new:
 *
 * Returns: (transfer full): nobody is signed in
 */
ScopeSandboxUsers *
scope_sandbox_users_new (void)
{
  ScopeSandboxUsers *self = g_new0 (ScopeSandboxUsers, 1);

  self->stays = g_array_new (FALSE, FALSE, sizeof (Stay));
  return self;
}

/**
 * scope_sandbox_users_free:
 *
 * Frees the list; the wires stay.
 */
void
scope_sandbox_users_free (ScopeSandboxUsers *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->stays);
  g_free (self);
}

/**
 * scope_sandbox_users_enter:
 * @self: all users
 * @wire: a connection that is not signed in
 * @user: who it is; must outlive its stay
 *
 * A user is online while at least one signed-in connection exists (protocol.md §4.5): only the first
 * is told.
 */
void
scope_sandbox_users_enter (ScopeSandboxUsers      *self,
                           ScopeSandboxWire       *wire,
                           const ScopeSandboxUser *user)
{
  Stay stay = { wire, user };
  gboolean was_online;

  g_return_if_fail (self != NULL && wire != NULL && user != NULL);

  was_online = users_has (self, user->id);
  if (!was_online)
    users_tell_watchers (self, user->id, TRUE);
  g_array_append_val (self->stays, stay);
  users_tell_newcomer (self, &stay);
}

/**
 * scope_sandbox_users_leave:
 *
 * A wire ends: its user is gone with the last one. Harmless for a wire that did not sign in.
 */
void
scope_sandbox_users_leave (ScopeSandboxUsers *self,
                           ScopeSandboxWire  *wire)
{
  g_return_if_fail (self != NULL);

  for (guint i = 0; i < self->stays->len; i++)
    {
      Stay stay = g_array_index (self->stays, Stay, i);

      if (stay.wire != wire)
        continue;

      g_array_remove_index (self->stays, i);
      if (!users_has (self, stay.user->id))
        users_tell_watchers (self, stay.user->id, FALSE);
      return;
    }
}
