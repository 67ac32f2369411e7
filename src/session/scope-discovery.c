/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-discovery"

#include "config.h"

#include "session/scope-discovery-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "session/scope-found-channel-private.h"

/* between the end of a poll and the next one */
#define MIN_INTERVAL_USEC (2 * (gint64) G_USEC_PER_SEC)
#define MAX_INTERVAL_USEC (30 * (gint64) G_USEC_PER_SEC)

enum
{
  LISTED,
  POLLED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeDiscovery, scope_discovery, G_TYPE_OBJECT)

void
_scope_discovery_emit_listed (ScopeDiscovery *self)
{
  g_signal_emit (self, signals[LISTED], 0);
}

void
_scope_discovery_emit_polled (ScopeDiscovery *self)
{
  g_signal_emit (self, signals[POLLED], 0);
}

gboolean
_scope_discovery_covers (GPtrArray  *prefixes,
                         const char *name)
{
  for (guint i = 0; i < prefixes->len; i++)
    if (g_str_has_prefix (name, g_ptr_array_index (prefixes, i)))
      return TRUE;
  return FALSE;
}

void
_scope_discovery_count (ScopeDiscovery *self)
{
  GHashTableIter iter;
  gpointer value;

  self->n_occupied = 0;
  self->n_vacated = 0;
  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      ScopeFoundChannel *channel = value;

      if (!g_str_has_prefix (channel->name, self->prefix))
        continue;
      if (channel->occupied)
        self->n_occupied++;
      else
        self->n_vacated++;
    }
}

static void
scope_discovery_update_wishes (ScopeDiscovery *self)
{
  gboolean by_rules = self->rules_active && g_list_model_get_n_items (G_LIST_MODEL (self->rules)) > 0;

  if (!self->closed && (self->in_sight || self->keeps_on || by_rules))
    scope_poller_start (self->poller);
  else if (scope_poller_get_running (self->poller))
    {
      scope_poller_stop (self->poller);
      _scope_discovery_record_unknown (self);
    }
}

static void
scope_discovery_dispose (GObject *object)
{
  ScopeDiscovery *self = SCOPE_DISCOVERY (object);

  scope_discovery_close (self);
  g_clear_object (&self->poller);

  G_OBJECT_CLASS (scope_discovery_parent_class)->dispose (object);
}

static void
scope_discovery_finalize (GObject *object)
{
  ScopeDiscovery *self = SCOPE_DISCOVERY (object);

  g_hash_table_unref (self->channels);
  g_ptr_array_unref (self->covering);
  g_ptr_array_unref (self->covered);
  g_object_unref (self->rules);
  g_object_unref (self->cancellable);
  scope_occupancy_free (self->history);
  g_clear_object (&self->clock);
  g_free (self->prefix);
  g_free (self->problem);
  g_free (self->advice);

  G_OBJECT_CLASS (scope_discovery_parent_class)->finalize (object);
}

static void
scope_discovery_class_init (ScopeDiscoveryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = scope_discovery_dispose;
  object_class->finalize = scope_discovery_finalize;

  signals[LISTED] = g_signal_new ("listed", SCOPE_TYPE_DISCOVERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  signals[POLLED] = g_signal_new ("polled", SCOPE_TYPE_DISCOVERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static void
scope_discovery_init (ScopeDiscovery *self)
{
  self->channels = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);
  self->covering = g_ptr_array_new_with_free_func (g_free);
  self->covered = g_ptr_array_new_with_free_func (g_free);
  self->rules = g_list_store_new (SCOPE_TYPE_DISCOVERY_RULE);
  self->cancellable = g_cancellable_new ();
  self->history = scope_occupancy_new (SCOPE_LIMIT_OCCUPANCY_TOTAL_SAMPLES);
  self->prefix = g_strdup ("");
  self->counts_users = TRUE;
  self->requests = 1;
  g_queue_init (&self->todo);
}

/**
 * scope_discovery_new:
 * @clock: whose time it is
 * @backend: what it asks and acts with
 * @owner: for the functions of @backend
 *
 * Returns: (transfer full): a discovery that does not ask yet
 */
ScopeDiscovery *
scope_discovery_new (ScopeClock                  *clock,
                     const ScopeDiscoveryBackend *backend,
                     gpointer                     owner)
{
  ScopeDiscovery *self;

  g_return_val_if_fail (SCOPE_IS_CLOCK (clock), NULL);
  g_return_val_if_fail (backend != NULL, NULL);

  self = g_object_new (SCOPE_TYPE_DISCOVERY, NULL);
  self->clock = g_object_ref (clock);
  self->backend = backend;
  self->owner = owner;
  self->poller =
    scope_poller_new (clock, MIN_INTERVAL_USEC, MAX_INTERVAL_USEC, _scope_discovery_poll_cb, self);
  return self;
}

/**
 * scope_discovery_close:
 *
 * Nothing is asked from now on; an answer that still comes is not looked at.
 */
void
scope_discovery_close (ScopeDiscovery *self)
{
  g_return_if_fail (SCOPE_IS_DISCOVERY (self));

  if (self->closed)
    return;
  self->closed = TRUE;
  scope_discovery_update_wishes (self);
  _scope_discovery_end_poll (self);
  g_cancellable_cancel (self->cancellable);
}

/**
 * scope_discovery_get_poller:
 *
 * Returns: (transfer none): when it asks
 */
ScopePoller *
scope_discovery_get_poller (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), NULL);

  return self->poller;
}

/**
 * scope_discovery_set_prefix:
 * @prefix: what names begin with; "" for all
 *
 * Asks anew, and soon. What is known of other channels is kept, as long as it is.
 */
void
scope_discovery_set_prefix (ScopeDiscovery *self,
                            const char     *prefix)
{
  g_return_if_fail (SCOPE_IS_DISCOVERY (self));
  g_return_if_fail (prefix != NULL);

  if (!scope_set_str (&self->prefix, prefix))
    return;
  scope_occupancy_free (self->history);
  self->history = scope_occupancy_new (SCOPE_LIMIT_OCCUPANCY_TOTAL_SAMPLES);
  _scope_discovery_count (self);
  scope_poller_hurry (self->poller);
  _scope_discovery_emit_listed (self);
  _scope_discovery_emit_polled (self);
}

/**
 * scope_discovery_get_prefix:
 *
 * Returns: (transfer none): what the names begin with that are asked for; empty: all
 */
const char *
scope_discovery_get_prefix (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), "");

  return self->prefix;
}

/**
 * scope_discovery_set_in_sight:
 * @in_sight: whether somebody looks
 *
 * Without anybody who looks, and without rules that are to be kept on, nothing is asked.
 */
void
scope_discovery_set_in_sight (ScopeDiscovery *self,
                              gboolean        in_sight)
{
  g_return_if_fail (SCOPE_IS_DISCOVERY (self));

  if (self->in_sight == in_sight)
    return;
  self->in_sight = in_sight;
  if (in_sight)
    scope_poller_hurry (self->poller);
  scope_discovery_update_wishes (self);
}

/**
 * scope_discovery_set_keeps_on:
 * @keeps_on: whether rules act while nobody looks
 *
 * They do while the session is connected.
 */
void
scope_discovery_set_keeps_on (ScopeDiscovery *self,
                              gboolean        keeps_on)
{
  g_return_if_fail (SCOPE_IS_DISCOVERY (self));

  if (self->keeps_on == keeps_on)
    return;
  self->keeps_on = keeps_on;
  scope_discovery_update_wishes (self);
  _scope_discovery_emit_polled (self);
}

/**
 * scope_discovery_get_keeps_on:
 *
 * Returns: whether rules act while nobody looks
 */
gboolean
scope_discovery_get_keeps_on (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), FALSE);

  return self->keeps_on;
}

/**
 * scope_discovery_set_rules_active:
 * @active: whether what rules ask for could be subscribed to: there is a connection
 */
void
scope_discovery_set_rules_active (ScopeDiscovery *self,
                                  gboolean        active)
{
  g_return_if_fail (SCOPE_IS_DISCOVERY (self));

  if (self->rules_active == active)
    return;
  self->rules_active = active;
  scope_discovery_update_wishes (self);
}

/**
 * scope_discovery_get_rules:
 *
 * Returns: (transfer none): a model of [class@DiscoveryRule]
 */
GListModel *
scope_discovery_get_rules (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), NULL);

  return G_LIST_MODEL (self->rules);
}

static gboolean
scope_discovery_has_pattern (ScopeDiscovery *self,
                             const char     *pattern)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rules));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeDiscoveryRule) rule = g_list_model_get_item (G_LIST_MODEL (self->rules), i);

      if (strcmp (scope_discovery_rule_get_pattern (rule), pattern) == 0)
        return TRUE;
    }
  return FALSE;
}

/**
 * scope_discovery_add_rule:
 * @rule: what to subscribe to
 * @error: return location for `SCOPE_ERROR_EXISTS` or `SCOPE_ERROR_LIMIT`
 *
 * The rule acts on what is occupied now, too.
 *
 * Returns: whether it is one of the rules now
 */
gboolean
scope_discovery_add_rule (ScopeDiscovery     *self,
                          ScopeDiscoveryRule *rule,
                          GError            **error)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), FALSE);
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_RULE (rule), FALSE);

  if (scope_discovery_has_pattern (self, scope_discovery_rule_get_pattern (rule)))
    return scope_error_set (error, SCOPE_ERROR_EXISTS, _("There is a rule for “%s” already"),
                            scope_discovery_rule_get_pattern (rule));
  if (g_list_model_get_n_items (G_LIST_MODEL (self->rules)) >= SCOPE_LIMIT_DISCOVERY_RULES)
    return scope_error_set (error, SCOPE_ERROR_LIMIT, _("There are %d rules already; there can’t be more"),
                            SCOPE_LIMIT_DISCOVERY_RULES);

  g_list_store_append (self->rules, rule);
  scope_poller_hurry (self->poller);
  scope_discovery_update_wishes (self);
  return TRUE;
}

/**
 * scope_discovery_remove_rule:
 * @rule: one of the rules
 *
 * What it subscribed to stays.
 */
void
scope_discovery_remove_rule (ScopeDiscovery     *self,
                             ScopeDiscoveryRule *rule)
{
  guint position;

  g_return_if_fail (SCOPE_IS_DISCOVERY (self));
  g_return_if_fail (SCOPE_IS_DISCOVERY_RULE (rule));

  if (!g_list_store_find (self->rules, rule, &position))
    return;
  g_list_store_remove (self->rules, position);
  scope_discovery_update_wishes (self);
}

/**
 * scope_discovery_update_subscribed:
 *
 * Looks again which channels are subscribed to, after the session's changed.
 */
void
scope_discovery_update_subscribed (ScopeDiscovery *self)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (SCOPE_IS_DISCOVERY (self));

  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    _scope_found_channel_set_subscribed (
      value, self->backend->is_subscribed (self->owner, ((ScopeFoundChannel *) value)->name));
}

/**
 * scope_discovery_clear_vacated:
 *
 * Forgets the channels that are empty.
 */
void
scope_discovery_clear_vacated (ScopeDiscovery *self)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (SCOPE_IS_DISCOVERY (self));

  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (!((ScopeFoundChannel *) value)->occupied)
      g_hash_table_iter_remove (&iter);
  _scope_discovery_count (self);
  _scope_discovery_emit_listed (self);
  _scope_discovery_emit_polled (self);
}

static int
discovery_compare_channels (gconstpointer a,
                            gconstpointer b)
{
  ScopeFoundChannel *x = *(ScopeFoundChannel *const *) a;
  ScopeFoundChannel *y = *(ScopeFoundChannel *const *) b;

  return scope_found_channel_compare_names (x->name, y->name);
}

/**
 * scope_discovery_dup_list:
 *
 * Returns: (transfer container) (element-type ScopeFoundChannel): the channels under the prefix
 */
GPtrArray *
scope_discovery_dup_list (ScopeDiscovery *self)
{
  GPtrArray *list;
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), NULL);

  list = g_ptr_array_new_with_free_func (g_object_unref);
  g_hash_table_iter_init (&iter, self->channels);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (g_str_has_prefix (((ScopeFoundChannel *) value)->name, self->prefix))
      g_ptr_array_add (list, g_object_ref (value));
  g_ptr_array_sort (list, discovery_compare_channels);
  return list;
}

/**
 * scope_discovery_find:
 *
 * Returns: (transfer none) (nullable): what is known of a channel
 */
ScopeFoundChannel *
scope_discovery_find (ScopeDiscovery *self,
                      const char     *name)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return g_hash_table_lookup (self->channels, name);
}

/**
 * scope_discovery_get_n_occupied:
 *
 * Returns: how many channels under the prefix are occupied
 */
guint
scope_discovery_get_n_occupied (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), 0);

  return self->n_occupied;
}

/**
 * scope_discovery_get_n_vacated:
 *
 * Returns: how many channels under the prefix were occupied and are empty
 */
guint
scope_discovery_get_n_vacated (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), 0);

  return self->n_vacated;
}

/**
 * scope_discovery_get_n_ignored:
 *
 * Returns: how many channels of the last poll SCOPE_LIMIT_FOUND_CHANNELS kept out
 */
guint
scope_discovery_get_n_ignored (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), 0);

  return self->n_ignored;
}

/**
 * scope_discovery_get_polled_usec:
 *
 * Returns: wall clock of the last poll that went well; 0: there was none
 */
gint64
scope_discovery_get_polled_usec (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), 0);

  return self->polled_usec;
}

/**
 * scope_discovery_get_requests:
 *
 * Returns: requests of one poll, as the last one had them; at least 1
 */
guint
scope_discovery_get_requests (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), 1);

  return MAX (self->requests, 1);
}

/**
 * scope_discovery_get_requests_a_day:
 *
 * Returns: requests of a whole day at the present interval; 0: nothing is asked
 */
guint
scope_discovery_get_requests_a_day (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), 0);

  if (!scope_poller_get_running (self->poller))
    return 0;
  return scope_discovery_get_requests (self) * scope_poller_get_polls_a_day (self->poller);
}

/**
 * scope_discovery_get_problem:
 *
 * Returns: (transfer none) (nullable): why the last poll failed
 */
const char *
scope_discovery_get_problem (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), NULL);

  return self->problem;
}

/**
 * scope_discovery_get_advice:
 *
 * Returns: (transfer none) (nullable): what to do about that
 */
const char *
scope_discovery_get_advice (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), NULL);

  return self->advice;
}

/**
 * scope_discovery_get_status:
 *
 * Returns: HTTP's of the last poll that failed; 0: there was no answer
 */
guint
scope_discovery_get_status (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), 0);

  return self->status;
}

/**
 * scope_discovery_get_unavailable:
 *
 * Returns: whether nothing can be asked as things stand: app id or secret is missing
 */
gboolean
scope_discovery_get_unavailable (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), FALSE);

  return self->unavailable;
}

/**
 * scope_discovery_get_history:
 *
 * Returns: (transfer none): how many channels were occupied, poll by poll
 */
const ScopeOccupancy *
scope_discovery_get_history (ScopeDiscovery *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY (self), NULL);

  return self->history;
}
