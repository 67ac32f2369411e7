/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-discovery"

#include "config.h"

#include "session/scope-discovery-private.h"

#include "base/scope-limits.h"
#include "session/scope-found-channel-private.h"

/* What rules do with what a poll found. A rule acts once on a channel, until it was empty: what the user leaves
 * is left. Its limit counts every channel of the session that it speaks of, whoever subscribed to them, and binds
 * the other rules too: there are never more than it says. */

static int
discovery_compare_appeared (gconstpointer a,
                            gconstpointer b)
{
  ScopeFoundChannel *x = *(ScopeFoundChannel *const *) a;
  ScopeFoundChannel *y = *(ScopeFoundChannel *const *) b;

  if (x->appeared_usec != y->appeared_usec)
    return x->appeared_usec < y->appeared_usec ? -1 : 1;
  return scope_found_channel_compare_names (x->name, y->name);
}

/* In the order in which they appeared. */
static GPtrArray *
discovery_find_candidates (ScopeDiscovery     *self,
                           ScopeDiscoveryRule *rule)
{
  GPtrArray *found = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ScopeFoundChannel *channel = value;

      if (channel->occupied && !channel->subscribed && !channel->was_ruled &&
          scope_discovery_rule_matches (rule, channel->name))
        g_ptr_array_add (found, channel);
    }
  g_ptr_array_sort (found, discovery_compare_appeared);
  return found;
}

/* No rule that speaks of it has as many as it may have; counts: of each rule's channels. */
static gboolean
discovery_has_room (ScopeDiscovery *self,
                    const guint    *counts,
                    const char     *name)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rules));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeDiscoveryRule) rule = g_list_model_get_item (G_LIST_MODEL (self->rules), i);

      if (scope_discovery_rule_matches (rule, name) && counts[i] >= scope_discovery_rule_get_limit (rule))
        return FALSE;
    }
  return TRUE;
}

static void
discovery_count_one_more (ScopeDiscovery *self,
                          guint          *counts,
                          const char     *name)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rules));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeDiscoveryRule) rule = g_list_model_get_item (G_LIST_MODEL (self->rules), i);

      counts[i] += scope_discovery_rule_matches (rule, name);
    }
}

/* *n_waiting: how many it would have liked to. The problem of the last one (transfer full, nullable) */
static char *
discovery_act_by (ScopeDiscovery     *self,
                  ScopeDiscoveryRule *rule,
                  guint              *counts,
                  guint              *n_waiting)
{
  g_autoptr (GPtrArray) candidates = discovery_find_candidates (self, rule);
  char *problem = g_strdup (scope_discovery_rule_get_problem (rule));

  *n_waiting = 0;
  for (guint i = 0; i < candidates->len; i++)
    {
      ScopeFoundChannel *channel = g_ptr_array_index (candidates, i);
      g_autoptr (GError) error = NULL;

      if (!discovery_has_room (self, counts, channel->name))
        {
          (*n_waiting)++;
          continue;
        }
      channel->was_ruled = TRUE;
      g_clear_pointer (&problem, g_free);
      if (self->backend->subscribe (self->owner, channel->name, &error))
        discovery_count_one_more (self, counts, channel->name);
      else
        problem = g_strdup (error->message);
    }
  return problem;
}

void
_scope_discovery_act (ScopeDiscovery *self)
{
  guint counts[SCOPE_LIMIT_DISCOVERY_RULES] = { 0 };
  guint waiting[SCOPE_LIMIT_DISCOVERY_RULES] = { 0 };
  g_autoptr (GPtrArray) rules = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func (g_free);

  if (!self->rules_active)
    return;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->rules)); i++)
    {
      g_ptr_array_add (rules, g_list_model_get_item (G_LIST_MODEL (self->rules), i));
      counts[i] = self->backend->count_subscribed (self->owner, g_ptr_array_index (rules, i));
    }
  for (guint i = 0; i < rules->len; i++)
    g_ptr_array_add (problems, discovery_act_by (self, g_ptr_array_index (rules, i), counts, &waiting[i]));
  for (guint i = 0; i < rules->len; i++)
    scope_discovery_rule_set_figures (g_ptr_array_index (rules, i), counts[i], waiting[i],
                                      g_ptr_array_index (problems, i));
  if (rules->len > 0)
    scope_discovery_update_subscribed (self);
}
