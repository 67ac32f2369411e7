/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-learnt-names"

#include "config.h"

#include "session/scope-learnt-names.h"

#include <string.h>

#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "json/scope-json.h"

#define NAME_MAX_BYTES 256

/* user_info is kept too, so that another field may be chosen later. */
typedef struct
{
  char *user_info;
  char *name;
} LearntName;

struct _ScopeLearntNames
{
  GObject parent_instance;

  GHashTable *names; /* id → LearntName */
  gsize bytes;       /* of all user_info */
  char *field;
  gboolean told_full;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeLearntNames, scope_learnt_names, G_TYPE_OBJECT)

static void
learnt_name_free (gpointer data)
{
  LearntName *self = data;

  g_free (self->user_info);
  g_free (self->name);
  g_free (self);
}

static void
scope_learnt_names_finalize (GObject *object)
{
  ScopeLearntNames *self = SCOPE_LEARNT_NAMES (object);

  g_hash_table_unref (self->names);
  g_free (self->field);

  G_OBJECT_CLASS (scope_learnt_names_parent_class)->finalize (object);
}

static void
scope_learnt_names_class_init (ScopeLearntNamesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_learnt_names_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_LEARNT_NAMES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   g_cclosure_marshal_VOID__STRING, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
scope_learnt_names_init (ScopeLearntNames *self)
{
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, learnt_name_free);
}

/**
 * scope_learnt_names_new:
 *
 * Returns: (transfer full): nobody's name is known
 */
ScopeLearntNames *
scope_learnt_names_new (void)
{
  return g_object_new (SCOPE_TYPE_LEARNT_NAMES, NULL);
}

/**
 * scope_learnt_names_set_field:
 * @field: (nullable): the member of user_info that holds the name, if it is there; `NULL`, or where it is not
 *   there: the first of the usual ones
 *
 * Counts for what is learnt from now on.
 */
void
scope_learnt_names_set_field (ScopeLearntNames *self,
                              const char       *field)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (SCOPE_IS_LEARNT_NAMES (self));

  if (!scope_set_str (&self->field, field))
    return;

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      LearntName *known = value;

      g_free (known->name);
      known->name = scope_user_info_dup_name (known->user_info, field);
    }
  g_signal_emit (self, signals[CHANGED], 0, NULL);
}

/**
 * scope_learnt_names_get_field:
 *
 * Returns: (transfer none) (nullable): the member of user_info that the user chose
 */
const char *
scope_learnt_names_get_field (ScopeLearntNames *self)
{
  g_return_val_if_fail (SCOPE_IS_LEARNT_NAMES (self), NULL);

  return self->field;
}

static gboolean
scope_learnt_names_has_room (ScopeLearntNames *self,
                             gsize             length)
{
  return g_hash_table_size (self->names) < SCOPE_LIMIT_LEARNT_NAMES &&
         self->bytes + length <= SCOPE_LIMIT_LEARNT_BYTES;
}

/**
 * scope_learnt_names_learn:
 * @user_id: an id, as text
 * @user_info: (nullable): JSON text as it came; one without any name is nothing to learn from
 *
 * Returns: %FALSE if a bound was reached and nobody was told yet
 */
gboolean
scope_learnt_names_learn (ScopeLearntNames *self,
                          const char       *user_id,
                          const char       *user_info)
{
  g_autofree char *name = NULL;
  LearntName *known;
  gsize length;

  g_return_val_if_fail (SCOPE_IS_LEARNT_NAMES (self), TRUE);
  g_return_val_if_fail (user_id != NULL, TRUE);

  known = g_hash_table_lookup (self->names, user_id);
  if (user_info == NULL || (known != NULL && strcmp (known->user_info, user_info) == 0))
    return TRUE;
  name = scope_user_info_dup_name (user_info, self->field);
  if (name == NULL)
    return TRUE;

  length = strlen (user_info);
  if (known != NULL)
    self->bytes -= strlen (known->user_info);
  if (known == NULL ? !scope_learnt_names_has_room (self, length)
                    : self->bytes + length > SCOPE_LIMIT_LEARNT_BYTES)
    {
      gboolean told = self->told_full;

      if (known != NULL)
        self->bytes += strlen (known->user_info);
      self->told_full = TRUE;
      return told;
    }

  known = g_new (LearntName, 1);
  known->user_info = g_strdup (user_info);
  known->name = g_steal_pointer (&name);
  self->bytes += length;
  g_hash_table_replace (self->names, g_strdup (user_id), known);
  g_signal_emit (self, signals[CHANGED], 0, user_id);
  return TRUE;
}

/**
 * scope_learnt_names_lookup:
 *
 * Returns: (transfer none) (nullable): what the user is called
 */
const char *
scope_learnt_names_lookup (ScopeLearntNames *self,
                           const char       *user_id)
{
  LearntName *known;

  g_return_val_if_fail (SCOPE_IS_LEARNT_NAMES (self), NULL);
  g_return_val_if_fail (user_id != NULL, NULL);

  known = g_hash_table_lookup (self->names, user_id);
  return known != NULL ? known->name : NULL;
}

/**
 * scope_learnt_names_get_count:
 *
 * Returns: how many names are known, at most SCOPE_LIMIT_LEARNT_NAMES
 */
guint
scope_learnt_names_get_count (ScopeLearntNames *self)
{
  g_return_val_if_fail (SCOPE_IS_LEARNT_NAMES (self), 0);

  return g_hash_table_size (self->names);
}

/* user_info is whatever the application chose (protocol.md §3.4); these are what applications call
 * a person's name. */
const char * const *
scope_user_info_get_name_fields (void)
{
  static const char * const fields[] = {
    "name", "username", "displayName", "display_name", "nickname", "login", "email", NULL,
  };

  return fields;
}

static char *
user_info_dup_field (const char *user_info,
                     gsize       length,
                     const char *field)
{
  g_autofree char *text = NULL;
  ScopeSpan span;

  if (scope_json_get_member (user_info, length, field, &span) != SCOPE_JSON_STRING)
    return NULL;
  text = scope_json_string_dup (user_info + span.offset, span.length);
  return *g_strstrip (text) != '\0' ? scope_text_for_display (text, -1, NAME_MAX_BYTES) : NULL;
}

/**
 * scope_user_info_dup_name:
 * @user_info: (nullable): JSON text as it came
 * @field: (nullable): where to look for the name first, before the usual fields
 *
 * Returns: (transfer full) (nullable): the name for people, in one bounded line
 */
char *
scope_user_info_dup_name (const char *user_info,
                          const char *field)
{
  gsize length = user_info != NULL ? strlen (user_info) : 0;
  char *name = NULL;

  if (length == 0 || scope_json_peek_kind (user_info, length) != SCOPE_JSON_OBJECT)
    return NULL;
  if (field != NULL)
    name = user_info_dup_field (user_info, length, field);

  for (const char * const *usual = scope_user_info_get_name_fields (); name == NULL && *usual != NULL;
       usual++)
    name = user_info_dup_field (user_info, length, *usual);
  return name;
}
