/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-mutes"

#include "config.h"

#include "session/scope-mutes.h"

#include <string.h>

#include "capture/scope-filter-terms.h"
#include "json/scope-json.h"

struct _ScopeMutes
{
  GObject parent_instance;

  GHashTable *names;
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeMutes, scope_mutes, G_TYPE_OBJECT)

static void
scope_mutes_finalize (GObject *object)
{
  g_hash_table_unref (SCOPE_MUTES (object)->names);

  G_OBJECT_CLASS (scope_mutes_parent_class)->finalize (object);
}

static void
scope_mutes_class_init (ScopeMutesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_mutes_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_MUTES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
scope_mutes_init (ScopeMutes *self)
{
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

/**
 * scope_mutes_new:
 *
 * Returns: (transfer full): a set without channels
 */
ScopeMutes *
scope_mutes_new (void)
{
  return g_object_new (SCOPE_TYPE_MUTES, NULL);
}

/**
 * scope_mutes_contains:
 *
 * Returns: whether that channel is muted
 */
gboolean
scope_mutes_contains (ScopeMutes *self,
                      const char *channel)
{
  g_return_val_if_fail (SCOPE_IS_MUTES (self), FALSE);

  return channel != NULL && g_hash_table_contains (self->names, channel);
}

/**
 * scope_mutes_set:
 * @channel: the name of a channel
 * @muted: whether its events are to stay out of the log
 */
void
scope_mutes_set (ScopeMutes *self,
                 const char *channel,
                 gboolean    muted)
{
  g_return_if_fail (SCOPE_IS_MUTES (self));
  g_return_if_fail (channel != NULL);

  if (scope_mutes_contains (self, channel) == !!muted)
    return;
  if (muted)
    g_hash_table_add (self->names, g_strdup (channel));
  else
    g_hash_table_remove (self->names, channel);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * scope_mutes_clear:
 *
 * Every channel is shown again.
 */
void
scope_mutes_clear (ScopeMutes *self)
{
  g_return_if_fail (SCOPE_IS_MUTES (self));

  if (scope_mutes_get_count (self) == 0)
    return;
  g_hash_table_remove_all (self->names);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * scope_mutes_get_count:
 *
 * Returns: how many channels are muted
 */
guint
scope_mutes_get_count (ScopeMutes *self)
{
  g_return_val_if_fail (SCOPE_IS_MUTES (self), 0);

  return g_hash_table_size (self->names);
}

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(char * const *) a, *(char * const *) b);
}

/**
 * scope_mutes_dup_names:
 *
 * Returns: (transfer full): the muted channels, in order of their names
 */
char **
scope_mutes_dup_names (ScopeMutes *self)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_return_val_if_fail (SCOPE_IS_MUTES (self), NULL);

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  g_ptr_array_add (names, NULL);
  return (char **) g_ptr_array_steal (names, NULL);
}

/* Rows about the connection or a subscription are no events: they stay. */
static char *
mutes_dup_term (ScopeMutes *self)
{
  g_auto (GStrv) names = scope_mutes_dup_names (self);
  GString *term = g_string_new ("kind == \"event\" and channel in (");

  for (guint i = 0; names[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (term, ", ");
      scope_json_append_string (term, names[i], -1);
    }
  g_string_append_c (term, ')');
  return g_string_free (term, FALSE);
}

/**
 * scope_mutes_narrow:
 * @filter: (nullable): the text of a filter, or %NULL for all rows
 *
 * Returns: (transfer full) (nullable): the text of a filter that shows of these rows what is not
 *   muted; %NULL for all rows
 */
char *
scope_mutes_narrow (ScopeMutes *self,
                    const char *filter)
{
  g_autofree char *term = NULL;

  g_return_val_if_fail (SCOPE_IS_MUTES (self), NULL);

  if (scope_mutes_get_count (self) == 0)
    return g_strdup (filter);
  term = mutes_dup_term (self);
  return scope_filter_combine (filter != NULL ? filter : "", SCOPE_FILTER_EXCLUDE, term);
}
