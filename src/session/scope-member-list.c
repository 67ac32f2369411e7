/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-member-list"

#include "config.h"

#include "session/scope-member-list.h"

#include "base/scope-text.h"
#include "session/scope-member-private.h"

#include <string.h>

typedef struct
{
  ScopeMember *member;
  char *sort_key;
} MemberNode;

struct _ScopeMemberList
{
  GObject parent_instance;

  GSequence *nodes;  /* of MemberNode, by sort key, then by id */
  GHashTable *by_id; /* user_id (owned by its member) → GSequenceIter */
  char *me;          /* our own id on the channel, or NULL */
  ScopeLearntNames *names; /* or NULL */
};

static MemberNode *
member_node_new (ScopeMember *member)
{
  MemberNode *node = g_new (MemberNode, 1);
  g_autofree char *folded = g_utf8_casefold (scope_member_get_name (member), -1);

  node->member = member;
  node->sort_key = g_utf8_collate_key (folded, -1);
  return node;
}

static void
member_node_free (gpointer data)
{
  MemberNode *node = data;

  g_object_unref (node->member);
  g_free (node->sort_key);
  g_free (node);
}

static int
member_node_compare (gconstpointer a,
                     gconstpointer b,
                     gpointer      user_data)
{
  const MemberNode *left = a;
  const MemberNode *right = b;
  int order = strcmp (left->sort_key, right->sort_key);

  return order != 0 ? order
                    : strcmp (scope_member_get_user_id (left->member),
                              scope_member_get_user_id (right->member));
}

static GType
scope_member_list_get_item_type (GListModel *model)
{
  return SCOPE_TYPE_MEMBER;
}

static guint
scope_member_list_get_n_items (GListModel *model)
{
  return g_sequence_get_length (SCOPE_MEMBER_LIST (model)->nodes);
}

static gpointer
scope_member_list_get_item (GListModel *model,
                            guint       position)
{
  ScopeMemberList *self = SCOPE_MEMBER_LIST (model);
  GSequenceIter *iter;

  if (position >= (guint) g_sequence_get_length (self->nodes))
    return NULL;

  iter = g_sequence_get_iter_at_pos (self->nodes, position);
  return g_object_ref (((MemberNode *) g_sequence_get (iter))->member);
}

static void
scope_member_list_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = scope_member_list_get_item_type;
  iface->get_n_items = scope_member_list_get_n_items;
  iface->get_item = scope_member_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ScopeMemberList, scope_member_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      scope_member_list_list_model_init))

static void
scope_member_list_finalize (GObject *object)
{
  ScopeMemberList *self = SCOPE_MEMBER_LIST (object);

  g_clear_object (&self->names);
  g_hash_table_unref (self->by_id);
  g_sequence_free (self->nodes);
  g_free (self->me);

  G_OBJECT_CLASS (scope_member_list_parent_class)->finalize (object);
}

static void
scope_member_list_class_init (ScopeMemberListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_member_list_finalize;
}

static void
scope_member_list_init (ScopeMemberList *self)
{
  self->nodes = g_sequence_new (member_node_free);
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
}

ScopeMemberList *
_scope_member_list_new (void)
{
  return g_object_new (SCOPE_TYPE_MEMBER_LIST, NULL);
}

static ScopeMember *
scope_member_list_lookup (ScopeMemberList *self,
                          const char      *user_id)
{
  GSequenceIter *iter = g_hash_table_lookup (self->by_id, user_id);

  return iter != NULL ? ((MemberNode *) g_sequence_get (iter))->member : NULL;
}

static ScopeMember *
scope_member_list_make (ScopeMemberList         *self,
                        const ScopeRosterMember *listed,
                        gint64                   since_usec,
                        gboolean                 since_known)
{
  ScopeMember *member = _scope_member_new (listed->user_id, listed->user_info, since_usec, since_known);

  _scope_member_set_names (member, self->names);
  return member;
}

/* Someone known already keeps its "since": the server lists who is there, not since when. */
static ScopeMember *
scope_member_list_renew (ScopeMemberList         *self,
                         const ScopeRosterMember *listed,
                         gint64                   now_usec)
{
  ScopeMember *member = scope_member_list_lookup (self, listed->user_id);

  if (member == NULL)
    return scope_member_list_make (self, listed, now_usec, FALSE);

  _scope_member_set_user_info (member, listed->user_info);
  return g_object_ref (member);
}

void
_scope_member_list_load (ScopeMemberList         *self,
                         const ScopeRosterMember *members,
                         guint                    n_members,
                         gint64                   now_usec)
{
  GSequence *nodes = g_sequence_new (member_node_free);
  guint n_old = g_sequence_get_length (self->nodes);

  for (guint i = 0; i < n_members; i++)
    {
      ScopeMember *member = scope_member_list_renew (self, &members[i], now_usec);

      _scope_member_set_me (member, g_strcmp0 (self->me, members[i].user_id) == 0);
      g_sequence_append (nodes, member_node_new (member));
    }
  g_sequence_sort (nodes, member_node_compare, NULL);

  g_hash_table_remove_all (self->by_id);
  g_sequence_free (self->nodes);
  self->nodes = nodes;
  for (GSequenceIter *iter = g_sequence_get_begin_iter (nodes); !g_sequence_iter_is_end (iter);
       iter = g_sequence_iter_next (iter))
    {
      MemberNode *node = g_sequence_get (iter);

      g_hash_table_insert (self->by_id, (gpointer) scope_member_get_user_id (node->member), iter);
    }

  if (n_old > 0 || n_members > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_old, n_members);
}

static void
scope_member_list_insert (ScopeMemberList *self,
                          ScopeMember     *member)
{
  GSequenceIter *iter = g_sequence_insert_sorted (self->nodes, member_node_new (member),
                                                  member_node_compare, NULL);

  g_hash_table_insert (self->by_id, (gpointer) scope_member_get_user_id (member), iter);
  g_list_model_items_changed (G_LIST_MODEL (self), g_sequence_iter_get_position (iter), 0, 1);
}

void
_scope_member_list_remove (ScopeMemberList *self,
                           const char      *user_id)
{
  GSequenceIter *iter = g_hash_table_lookup (self->by_id, user_id);
  guint position;

  if (iter == NULL)
    return;

  position = g_sequence_iter_get_position (iter);
  g_hash_table_remove (self->by_id, user_id);
  g_sequence_remove (iter);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/* another name, another place */
static void
scope_member_list_move (ScopeMemberList *self,
                        ScopeMember     *member)
{
  g_autoptr (ScopeMember) held = g_object_ref (member);

  _scope_member_list_remove (self, scope_member_get_user_id (held));
  scope_member_list_insert (self, g_object_ref (held));
}

void
_scope_member_list_put (ScopeMemberList         *self,
                        const ScopeRosterMember *listed,
                        gint64                   now_usec)
{
  ScopeMember *member = scope_member_list_lookup (self, listed->user_id);
  g_autofree char *old_name = NULL;

  if (member == NULL)
    {
      member = scope_member_list_make (self, listed, now_usec, TRUE);
      _scope_member_set_me (member, g_strcmp0 (self->me, listed->user_id) == 0);
      scope_member_list_insert (self, member);
      return;
    }

  old_name = g_strdup (scope_member_get_name (member));
  _scope_member_set_user_info (member, listed->user_info);
  if (strcmp (old_name, scope_member_get_name (member)) == 0)
    return;

  scope_member_list_move (self, member);
}

static void
scope_member_list_update_name (ScopeMemberList *self,
                               ScopeMember     *member)
{
  g_autofree char *old_name = g_strdup (scope_member_get_name (member));

  _scope_member_update_name (member);
  if (strcmp (old_name, scope_member_get_name (member)) != 0)
    scope_member_list_move (self, member);
}

static void
scope_member_list_names_cb (ScopeMemberList *self,
                            const char      *user_id)
{
  g_autoptr (GPtrArray) members = NULL;
  GSequenceIter *iter;

  if (user_id != NULL)
    {
      ScopeMember *member = scope_member_list_lookup (self, user_id);

      if (member != NULL)
        scope_member_list_update_name (self, member);
      return;
    }

  members = g_ptr_array_new_with_free_func (g_object_unref);
  for (iter = g_sequence_get_begin_iter (self->nodes); !g_sequence_iter_is_end (iter);
       iter = g_sequence_iter_next (iter))
    g_ptr_array_add (members, g_object_ref (((MemberNode *) g_sequence_get (iter))->member));
  for (guint i = 0; i < members->len; i++)
    scope_member_list_update_name (self, g_ptr_array_index (members, i));
}

void
_scope_member_list_set_names (ScopeMemberList  *self,
                              ScopeLearntNames *names)
{
  g_return_if_fail (self->names == NULL);

  self->names = g_object_ref (names);
  g_signal_connect_object (names, "changed", G_CALLBACK (scope_member_list_names_cb), self,
                           G_CONNECT_SWAPPED);
}

void
_scope_member_list_clear (ScopeMemberList *self)
{
  _scope_member_list_load (self, NULL, 0, 0);
}

static void
scope_member_list_mark_me (ScopeMemberList *self,
                           gboolean         me)
{
  ScopeMember *member = self->me != NULL ? scope_member_list_lookup (self, self->me) : NULL;

  if (member != NULL)
    _scope_member_set_me (member, me);
}

void
_scope_member_list_set_me (ScopeMemberList *self,
                           const char      *user_id)
{
  if (g_strcmp0 (self->me, user_id) == 0)
    return;

  scope_member_list_mark_me (self, FALSE);
  scope_set_str (&self->me, user_id);
  scope_member_list_mark_me (self, TRUE);
}

guint
_scope_member_list_get_count (ScopeMemberList *self)
{
  return g_sequence_get_length (self->nodes);
}
