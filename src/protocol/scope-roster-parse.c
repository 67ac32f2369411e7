/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-roster"

#include "config.h"

#include "protocol/scope-roster-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"

/* A piece of checked JSON. */
typedef struct
{
  const char *text;
  gsize length;
  ScopeJsonKind kind;
} ScopeValue;

static void
member_free (gpointer data)
{
  ScopeMember *member = data;

  g_free (member->user_id);
  g_free (member->user_info);
  g_free (member);
}

ScopeMembers *
_scope_members_new (void)
{
  ScopeMembers *self = g_new0 (ScopeMembers, 1);

  self->by_id = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, member_free);
  g_queue_init (&self->order);

  return self;
}

void
_scope_members_free (ScopeMembers *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_id);
  g_free (self);
}

ScopeMember *
_scope_members_find (ScopeMembers *self,
                     const char   *user_id)
{
  return g_hash_table_lookup (self->by_id, user_id);
}

gboolean
_scope_members_put (ScopeMembers  *self,
                    const char    *user_id,
                    const char    *user_info,
                    GError       **error)
{
  ScopeMember *member = _scope_members_find (self, user_id);

  if (member != NULL)
    {
      scope_set_str (&member->user_info, user_info);
      return TRUE;
    }

  if (self->order.length >= SCOPE_LIMIT_MEMBERS)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                   _("The channel has more than %d members"), SCOPE_LIMIT_MEMBERS);
      return FALSE;
    }

  member = g_new0 (ScopeMember, 1);
  member->user_id = g_strdup (user_id);
  member->user_info = g_strdup (user_info);
  member->link.data = member;
  g_hash_table_insert (self->by_id, member->user_id, member);
  g_queue_push_tail_link (&self->order, &member->link);

  return TRUE;
}

void
_scope_members_drop (ScopeMembers *self,
                     ScopeMember  *member)
{
  g_queue_unlink (&self->order, &member->link);
  g_hash_table_remove (self->by_id, member->user_id);
}

static ScopeValue
value_get (const ScopeValue *object,
           const char       *key)
{
  ScopeValue value = { NULL, 0, SCOPE_JSON_NONE };
  ScopeSpan span;

  if (object->kind != SCOPE_JSON_OBJECT)
    return value;

  value.kind = scope_json_get_member (object->text, object->length, key, &span);
  if (value.kind != SCOPE_JSON_NONE)
    {
      value.text = object->text + span.offset;
      value.length = span.length;
    }

  return value;
}

static gboolean
value_is_nothing (const ScopeValue *value)
{
  return value->kind == SCOPE_JSON_NONE || value->kind == SCOPE_JSON_NULL;
}

/* Ids are text: "7" and 7 are the same user (§2.2, §3.4). */
static char *
value_dup_id (const ScopeValue  *value,
              GError           **error)
{
  g_autofree char *id = NULL;

  if (value->kind == SCOPE_JSON_STRING)
    id = scope_json_string_dup (value->text, value->length);
  else if (value->kind == SCOPE_JSON_NUMBER)
    id = g_strndup (value->text, value->length);

  if (id == NULL || *id == '\0')
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                           _("A member's user_id is neither text nor a number"));
      return NULL;
    }

  if (strlen (id) > SCOPE_LIMIT_USER_ID_BYTES)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                   _("A member's user_id is longer than %d bytes"), SCOPE_LIMIT_USER_ID_BYTES);
      return NULL;
    }

  return g_steal_pointer (&id);
}

static char *
value_dup_info (const ScopeValue *value)
{
  return value_is_nothing (value) ? NULL : g_strndup (value->text, value->length);
}

static gboolean
value_read_object (ScopeValue  *self,
                   const char  *data,
                   gsize        length,
                   GError     **error)
{
  ScopeJsonProblem problem = { 0 };
  g_autofree char *text = NULL;

  *self = (ScopeValue) { data, length, SCOPE_JSON_OBJECT };
  if (scope_json_scan_object (data, length, NULL, 0, &problem))
    return TRUE;

  text = scope_json_problem_to_text (&problem);
  g_set_error (error, SCOPE_ERROR,
               problem.fault == SCOPE_JSON_FAULT_DEPTH ? SCOPE_ERROR_LIMIT : SCOPE_ERROR_PROTOCOL,
               _("The member data is no JSON object: %s"), text);
  return FALSE;
}

/* A list of strings and numbers; old Reverb versions send a map with the ids as values (§11.3). */
static GPtrArray *
ids_read (const ScopeValue  *ids,
          GError           **error)
{
  g_autoptr (GPtrArray) list = g_ptr_array_new_with_free_func (g_free);
  ScopeJsonIter iter;
  ScopeSpan span;
  ScopeJsonKind kind;

  if (value_is_nothing (ids))
    return g_steal_pointer (&list);

  if (ids->kind != SCOPE_JSON_ARRAY && ids->kind != SCOPE_JSON_OBJECT)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                           _("The member list's “ids” is neither a list nor a map"));
      return NULL;
    }

  scope_json_iter_init (&iter, ids->text, ids->length);
  while (scope_json_iter_next (&iter, NULL, &span, &kind))
    {
      ScopeValue value = { ids->text + span.offset, span.length, kind };
      char *id = value_dup_id (&value, error);

      if (id == NULL)
        return NULL;
      g_ptr_array_add (list, id);
    }

  return g_steal_pointer (&list);
}

/* PHP sends a map with the keys 0, 1, 2 … as a list, and an empty one as [] (§3.4): the index is
 * the id. Should the ids say otherwise, they stand in the same order. */
static char *
list_index_to_id (guint      index,
                  GPtrArray *ids,
                  gboolean   indices_are_ids)
{
  if (!indices_are_ids && index < ids->len)
    return g_strdup (g_ptr_array_index (ids, index));

  return g_strdup_printf ("%u", index);
}

static gboolean
are_indices (GPtrArray *ids,
             guint      n_values)
{
  for (guint i = 0; i < ids->len; i++)
    {
      guint64 index;

      const char *id = g_ptr_array_index (ids, i);

      if (!g_ascii_string_to_unsigned (id, 10, 0, G_MAXUINT, &index, NULL) || index >= n_values)
        return FALSE;
    }

  return TRUE;
}

static guint
count_values (const ScopeValue *list)
{
  ScopeJsonIter iter;
  ScopeSpan span;
  ScopeJsonKind kind;
  guint n = 0;

  scope_json_iter_init (&iter, list->text, list->length);
  while (scope_json_iter_next (&iter, NULL, &span, &kind))
    n++;

  return n;
}

static gboolean
members_read_hash (ScopeMembers      *self,
                   const ScopeValue  *hash,
                   GPtrArray         *ids,
                   GError           **error)
{
  gboolean indices_are_ids = hash->kind == SCOPE_JSON_ARRAY &&
                             are_indices (ids, count_values (hash));
  ScopeJsonIter iter;
  ScopeSpan key, span;
  ScopeJsonKind kind;
  guint index = 0;

  scope_json_iter_init (&iter, hash->text, hash->length);
  while (scope_json_iter_next (&iter, &key, &span, &kind))
    {
      ScopeValue value = { hash->text + span.offset, span.length, kind };
      ScopeValue name = { hash->text + key.offset, key.length, SCOPE_JSON_STRING };
      g_autofree char *info = value_dup_info (&value);
      g_autofree char *id = NULL;

      if (hash->kind == SCOPE_JSON_ARRAY)
        id = list_index_to_id (index++, ids, indices_are_ids);
      else
        id = value_dup_id (&name, error);

      if (id == NULL || !_scope_members_put (self, id, info, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
members_read_presence (ScopeMembers      *self,
                       const ScopeValue  *presence,
                       GError           **error)
{
  ScopeValue ids_value = value_get (presence, "ids");
  ScopeValue hash = value_get (presence, "hash");
  g_autoptr (GPtrArray) ids = ids_read (&ids_value, error);

  if (ids == NULL)
    return FALSE;

  /* the ids first: they give the order */
  for (guint i = 0; i < ids->len; i++)
    {
      if (!_scope_members_put (self, g_ptr_array_index (ids, i), NULL, error))
        return FALSE;
    }

  if (value_is_nothing (&hash))
    return TRUE;

  if (hash.kind == SCOPE_JSON_OBJECT || hash.kind == SCOPE_JSON_ARRAY)
    return members_read_hash (self, &hash, ids, error);

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                       _("The member list's “hash” is neither a map nor a list"));
  return FALSE;
}

/* Nothing at all (Reverb betas), no `presence`, or an empty list for it all mean nobody. */
static gboolean
presence_is_empty (const ScopeValue *presence)
{
  return value_is_nothing (presence) ||
         (presence->kind == SCOPE_JSON_ARRAY && count_values (presence) == 0);
}

ScopeMembers *
_scope_members_parse (const char  *data,
                      gsize        length,
                      GError     **error)
{
  ScopeMembers *self;
  ScopeValue object, presence;
  gboolean ok = TRUE;

  if (data == NULL || length == 0)
    return _scope_members_new ();

  if (!value_read_object (&object, data, length, error))
    return NULL;

  presence = value_get (&object, "presence");
  self = _scope_members_new ();
  if (presence.kind == SCOPE_JSON_OBJECT)
    {
      ok = members_read_presence (self, &presence, error);
    }
  else if (!presence_is_empty (&presence))
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_PROTOCOL,
                           _("The member list's “presence” is no object"));
      ok = FALSE;
    }

  if (!ok)
    g_clear_pointer (&self, _scope_members_free);

  return self;
}

gboolean
_scope_member_parse (const char  *data,
                     gsize        length,
                     char       **user_id,
                     char       **user_info,
                     GError     **error)
{
  ScopeValue object, id, info;

  if (!value_read_object (&object, data, length, error))
    return FALSE;

  id = value_get (&object, "user_id");
  *user_id = value_dup_id (&id, error);
  if (*user_id == NULL)
    return FALSE;

  if (user_info != NULL)
    {
      info = value_get (&object, "user_info");
      *user_info = value_dup_info (&info);
    }

  return TRUE;
}
