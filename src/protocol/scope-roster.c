/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-roster"

#include "config.h"

#include "protocol/scope-roster.h"

#include "base/scope-text.h"
#include "protocol/scope-roster-private.h"

struct _ScopeRoster
{
  ScopeMembers *members;
  ScopeMembers *before;   /* nullable: those known when the wire was lost */
  gboolean is_loaded;     /* members came from a load, not from single changes alone */
  char *me;
};

static ScopeRosterChange *
change_new (ScopeRosterChangeType  type,
            const char            *user_id,
            const char            *user_info)
{
  ScopeRosterChange *change = g_new0 (ScopeRosterChange, 1);

  change->type = type;
  change->user_id = g_strdup (user_id);
  change->user_info = g_strdup (user_info);

  return change;
}

/* The server tells no differences after a reconnect (§3.4): leavers first, then who came. */
static GPtrArray *
roster_compare (ScopeMembers *before,
                ScopeMembers *after)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func ((GDestroyNotify) scope_roster_change_free);

  for (GList *l = before != NULL ? before->order.head : NULL; l != NULL; l = l->next)
    {
      ScopeMember *old = l->data;

      if (_scope_members_find (after, old->user_id) == NULL)
        g_ptr_array_add (changes, change_new (SCOPE_ROSTER_REMOVED, old->user_id, old->user_info));
    }

  for (GList *l = before != NULL ? after->order.head : NULL; l != NULL; l = l->next)
    {
      ScopeMember *new = l->data;
      ScopeMember *old = _scope_members_find (before, new->user_id);

      if (old == NULL)
        g_ptr_array_add (changes, change_new (SCOPE_ROSTER_ADDED, new->user_id, new->user_info));
      else if (g_strcmp0 (old->user_info, new->user_info) != 0)
        g_ptr_array_add (changes, change_new (SCOPE_ROSTER_UPDATED, new->user_id, new->user_info));
    }

  return changes;
}

/**
 * scope_roster_new:
 *
 * Returns: (transfer full): no members
 */
ScopeRoster *
scope_roster_new (void)
{
  ScopeRoster *self = g_new0 (ScopeRoster, 1);

  self->members = _scope_members_new ();
  return self;
}

/**
 * scope_roster_free:
 * @self: (nullable):
 */
void
scope_roster_free (ScopeRoster *self)
{
  if (self == NULL)
    return;

  _scope_members_free (self->members);
  _scope_members_free (self->before);
  g_free (self->me);
  g_free (self);
}

/**
 * scope_roster_load:
 * @data: (nullable): the data object of `subscription_succeeded`
 * @changes: (out) (optional) (transfer full) (element-type ScopeRosterChange): empty if there was
 *   nothing to compare with
 * @error: SCOPE_ERROR_PROTOCOL or SCOPE_ERROR_LIMIT
 *
 * Replaces the members wholly, in the order of the server's list (protocol.md §3.4).
 */
gboolean
scope_roster_load (ScopeRoster  *self,
                   const char   *data,
                   gsize         length,
                   GPtrArray   **changes,
                   GError      **error)
{
  ScopeMembers *loaded;
  ScopeMembers *baseline;

  g_return_val_if_fail (self != NULL, FALSE);

  loaded = _scope_members_parse (data, length, error);
  if (loaded == NULL)
    return FALSE;

  baseline = self->is_loaded ? self->members : self->before;
  if (changes != NULL)
    *changes = roster_compare (baseline, loaded);

  _scope_members_free (self->members);
  g_clear_pointer (&self->before, _scope_members_free);
  self->members = loaded;
  self->is_loaded = TRUE;

  return TRUE;
}

/**
 * scope_roster_add:
 * @data: the data object of `member_added`
 * @change: (out) (optional) (nullable) (transfer full): NULL if the same user was there already
 *   with the same info, as servers that announce each connection do (protocol.md §11.3, §11.5)
 * @error: SCOPE_ERROR_PROTOCOL or SCOPE_ERROR_LIMIT
 */
gboolean
scope_roster_add (ScopeRoster        *self,
                  const char         *data,
                  gsize               length,
                  ScopeRosterChange **change,
                  GError            **error)
{
  g_autofree char *user_id = NULL;
  g_autofree char *user_info = NULL;
  ScopeRosterChange *happened = NULL;
  ScopeMember *known;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!_scope_member_parse (data, length, &user_id, &user_info, error))
    return FALSE;

  known = _scope_members_find (self->members, user_id);
  if (known == NULL)
    {
      if (!_scope_members_put (self->members, user_id, user_info, error))
        return FALSE;
      happened = change_new (SCOPE_ROSTER_ADDED, user_id, user_info);
    }
  else if (scope_set_str (&known->user_info, user_info))
    {
      happened = change_new (SCOPE_ROSTER_UPDATED, user_id, user_info);
    }

  if (change != NULL)
    *change = happened;
  else
    scope_roster_change_free (happened);

  return TRUE;
}

/**
 * scope_roster_remove:
 * @data: the data object of `member_removed`
 * @change: (out) (optional) (nullable) (transfer full): NULL if nobody of that id was there
 * @error: SCOPE_ERROR_PROTOCOL or SCOPE_ERROR_LIMIT
 */
gboolean
scope_roster_remove (ScopeRoster        *self,
                     const char         *data,
                     gsize               length,
                     ScopeRosterChange **change,
                     GError            **error)
{
  g_autofree char *user_id = NULL;
  ScopeRosterChange *happened = NULL;
  ScopeMember *known;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!_scope_member_parse (data, length, &user_id, NULL, error))
    return FALSE;

  known = _scope_members_find (self->members, user_id);
  if (known != NULL)
    {
      happened = change_new (SCOPE_ROSTER_REMOVED, user_id, known->user_info);
      _scope_members_drop (self->members, known);
    }

  if (change != NULL)
    *change = happened;
  else
    scope_roster_change_free (happened);

  return TRUE;
}

/**
 * scope_roster_reset:
 *
 * The wire is lost. Members and our own id are emptied; who was there is kept for the next load.
 */
void
scope_roster_reset (ScopeRoster *self)
{
  g_return_if_fail (self != NULL);

  if (self->is_loaded)
    {
      _scope_members_free (self->before);
      self->before = self->members;
    }
  else
    {
      _scope_members_free (self->members);
    }

  self->members = _scope_members_new ();
  self->is_loaded = FALSE;
  g_clear_pointer (&self->me, g_free);
}

/**
 * scope_roster_forget:
 *
 * Unsubscribed: nothing is kept.
 */
void
scope_roster_forget (ScopeRoster *self)
{
  g_return_if_fail (self != NULL);

  scope_roster_reset (self);
  g_clear_pointer (&self->before, _scope_members_free);
}

/**
 * scope_roster_get_count:
 *
 * The size of the map: the server's own count may be wrong (protocol.md §11).
 */
guint
scope_roster_get_count (ScopeRoster *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->members->order.length;
}

/**
 * scope_roster_set_me:
 * @user_id: (nullable): from our own channel_data
 */
void
scope_roster_set_me (ScopeRoster *self,
                     const char  *user_id)
{
  g_return_if_fail (self != NULL);

  scope_set_str (&self->me, user_id);
}

/**
 * scope_roster_get_me:
 *
 * Returns: (transfer none) (nullable): our own user id there (protocol.md §3.4)
 */
const char *
scope_roster_get_me (ScopeRoster *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->me;
}

/**
 * scope_roster_lookup:
 * @member: (out) (optional): valid until the next change
 */
gboolean
scope_roster_lookup (ScopeRoster       *self,
                     const char        *user_id,
                     ScopeRosterMember *member)
{
  ScopeMember *known;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (user_id != NULL, FALSE);

  known = _scope_members_find (self->members, user_id);
  if (known != NULL && member != NULL)
    *member = (ScopeRosterMember) { known->user_id, known->user_info };

  return known != NULL;
}

/**
 * scope_roster_list:
 *
 * Returns: (transfer container) (element-type ScopeRosterMember): in order of joining
 */
GArray *
scope_roster_list (ScopeRoster *self)
{
  GArray *list;

  g_return_val_if_fail (self != NULL, NULL);

  list = g_array_sized_new (FALSE, FALSE, sizeof (ScopeRosterMember), self->members->order.length);
  for (GList *l = self->members->order.head; l != NULL; l = l->next)
    {
      ScopeMember *known = l->data;
      ScopeRosterMember member = { known->user_id, known->user_info };

      g_array_append_val (list, member);
    }

  return list;
}

/**
 * scope_roster_change_free:
 * @change: (nullable):
 */
void
scope_roster_change_free (ScopeRosterChange *change)
{
  if (change == NULL)
    return;

  g_free (change->user_id);
  g_free (change->user_info);
  g_free (change);
}
