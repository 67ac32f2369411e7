/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-member"

#include "config.h"

#include "session/scope-member-private.h"

#include "base/scope-text.h"

#define NAME_MAX_BYTES 256

struct _ScopeMember
{
  GObject parent_instance;

  char *user_id;
  char *name;
  ScopeLearntNames *names;
  gboolean name_is_learnt;
  char *user_info;
  gint64 since_usec;
  gboolean since_known;
  gboolean me;
};

enum
{
  PROP_0,
  PROP_USER_ID,
  PROP_NAME,
  PROP_NAME_IS_LEARNT,
  PROP_USER_INFO,
  PROP_SINCE_USEC,
  PROP_SINCE_KNOWN,
  PROP_ME,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (ScopeMember, scope_member, G_TYPE_OBJECT)

void
_scope_member_update_name (ScopeMember *self)
{
  const char *field = self->names != NULL ? scope_learnt_names_get_field (self->names) : NULL;
  const char *learnt = self->names != NULL ? scope_learnt_names_lookup (self->names, self->user_id)
                                           : NULL;
  g_autofree char *name = scope_user_info_dup_name (self->user_info, field);
  gboolean is_learnt = name == NULL && learnt != NULL;

  if (name == NULL)
    name = learnt != NULL ? g_strdup (learnt)
                          : scope_text_for_display (self->user_id, -1, NAME_MAX_BYTES);
  if (scope_set_str (&self->name, name))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
  if (self->name_is_learnt == is_learnt)
    return;
  self->name_is_learnt = is_learnt;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME_IS_LEARNT]);
}

static void
scope_member_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  ScopeMember *self = SCOPE_MEMBER (object);

  switch (id)
    {
    case PROP_USER_ID:
      g_value_set_string (value, self->user_id);
      break;
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;
    case PROP_NAME_IS_LEARNT:
      g_value_set_boolean (value, self->name_is_learnt);
      break;
    case PROP_USER_INFO:
      g_value_set_string (value, self->user_info);
      break;
    case PROP_SINCE_USEC:
      g_value_set_int64 (value, self->since_usec);
      break;
    case PROP_SINCE_KNOWN:
      g_value_set_boolean (value, self->since_known);
      break;
    case PROP_ME:
      g_value_set_boolean (value, self->me);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
scope_member_finalize (GObject *object)
{
  ScopeMember *self = SCOPE_MEMBER (object);

  g_clear_object (&self->names);
  g_free (self->user_id);
  g_free (self->name);
  g_free (self->user_info);

  G_OBJECT_CLASS (scope_member_parent_class)->finalize (object);
}

static void
scope_member_class_init (ScopeMemberClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->finalize = scope_member_finalize;
  object_class->get_property = scope_member_get_property;

  properties[PROP_USER_ID] = g_param_spec_string ("user-id", NULL, NULL, NULL, flags);
  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_NAME_IS_LEARNT] =
    g_param_spec_boolean ("name-is-learnt", NULL, NULL, FALSE, flags);
  properties[PROP_USER_INFO] = g_param_spec_string ("user-info", NULL, NULL, NULL, flags);
  properties[PROP_SINCE_USEC] =
    g_param_spec_int64 ("since-usec", NULL, NULL, G_MININT64, G_MAXINT64, 0, flags);
  properties[PROP_SINCE_KNOWN] = g_param_spec_boolean ("since-known", NULL, NULL, FALSE, flags);
  properties[PROP_ME] = g_param_spec_boolean ("me", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
scope_member_init (ScopeMember *self)
{
}

ScopeMember *
_scope_member_new (const char *user_id,
                   const char *user_info,
                   gint64      since_usec,
                   gboolean    since_known)
{
  ScopeMember *self = g_object_new (SCOPE_TYPE_MEMBER, NULL);

  self->user_id = g_strdup (user_id);
  self->user_info = g_strdup (user_info);
  self->since_usec = since_usec;
  self->since_known = since_known;
  _scope_member_update_name (self);
  return self;
}

void
_scope_member_set_user_info (ScopeMember *self,
                             const char  *user_info)
{
  if (!scope_set_str (&self->user_info, user_info))
    return;

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_USER_INFO]);
  _scope_member_update_name (self);
}

void
_scope_member_set_names (ScopeMember      *self,
                         ScopeLearntNames *names)
{
  if (g_set_object (&self->names, names))
    _scope_member_update_name (self);
}

void
_scope_member_set_me (ScopeMember *self,
                      gboolean     me)
{
  if (self->me == me)
    return;

  self->me = me;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ME]);
}

/**
 * scope_member_get_user_id:
 * @self: a member
 *
 * Returns: (transfer none): its id on the channel, as text
 */
const char *
scope_member_get_user_id (ScopeMember *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMBER (self), NULL);

  return self->user_id;
}

/**
 * scope_member_get_name:
 * @self: a member
 *
 * Returns: (transfer none): what to call it in front of people, in one bounded line: a name found
 *   in user_info, else one that was learnt elsewhere, else the id
 */
const char *
scope_member_get_name (ScopeMember *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMBER (self), NULL);

  return self->name;
}

/**
 * scope_member_get_name_is_learnt:
 * @self: a member
 *
 * Returns: whether its name came with the same id elsewhere, and not with this membership
 */
gboolean
scope_member_get_name_is_learnt (ScopeMember *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMBER (self), FALSE);

  return self->name_is_learnt;
}

/**
 * scope_member_get_user_info:
 * @self: a member
 *
 * Returns: (transfer none) (nullable): JSON text as it came
 */
const char *
scope_member_get_user_info (ScopeMember *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMBER (self), NULL);

  return self->user_info;
}

/**
 * scope_member_get_since_usec:
 * @self: a member
 *
 * Returns: since when it is there, in microseconds since 1970; see scope_member_get_since_known()
 */
gint64
scope_member_get_since_usec (ScopeMember *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMBER (self), 0);

  return self->since_usec;
}

/**
 * scope_member_get_since_known:
 * @self: a member
 *
 * Returns: whether we saw it come; else it was there already at scope_member_get_since_usec(),
 *   which is when we looked
 */
gboolean
scope_member_get_since_known (ScopeMember *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMBER (self), FALSE);

  return self->since_known;
}

/**
 * scope_member_get_me:
 * @self: a member
 *
 * Returns: whether that is this program's own membership
 */
gboolean
scope_member_get_me (ScopeMember *self)
{
  g_return_val_if_fail (SCOPE_IS_MEMBER (self), FALSE);

  return self->me;
}
