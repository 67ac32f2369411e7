/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-discovery-rule"

#include "config.h"

#include "session/scope-discovery-rule.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"

#define JOIN "join"

struct _ScopeDiscoveryRule
{
  GObject parent_instance;

  char *pattern;
  char *prefix;
  guint limit;
  gboolean joins_presence;

  guint n_subscribed;
  guint n_waiting;
  char *problem;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ScopeDiscoveryRule, scope_discovery_rule, G_TYPE_OBJECT)

static void
scope_discovery_rule_finalize (GObject *object)
{
  ScopeDiscoveryRule *self = SCOPE_DISCOVERY_RULE (object);

  g_free (self->pattern);
  g_free (self->prefix);
  g_free (self->problem);

  G_OBJECT_CLASS (scope_discovery_rule_parent_class)->finalize (object);
}

static void
scope_discovery_rule_class_init (ScopeDiscoveryRuleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = scope_discovery_rule_finalize;

  signals[CHANGED] = g_signal_new ("changed", SCOPE_TYPE_DISCOVERY_RULE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
}

static void
scope_discovery_rule_init (ScopeDiscoveryRule *self)
{
}

/**
 * scope_discovery_pattern_check:
 * @pattern: "private-order-*"
 * @prefix: (out) (optional) (transfer full): "private-order-"
 * @error: return location for `SCOPE_ERROR_USAGE`
 *
 * Returns: whether a server can be asked for it
 */
gboolean
scope_discovery_pattern_check (const char  *pattern,
                               char       **prefix,
                               GError     **error)
{
  gsize length;
  g_autofree char *start = NULL;

  g_return_val_if_fail (pattern != NULL, FALSE);

  length = strlen (pattern);
  if (length == 0 || strchr (pattern, '*') != pattern + length - 1)
    return scope_error_usage (error, _("“%s” is no pattern: it is the beginning of a name with one * at its end"),
                              pattern);
  start = g_strndup (pattern, length - 1);
  /* an empty beginning is that of every name */
  if (*start != '\0' && !scope_channel_name_check (start, NULL, error))
    return FALSE;
  if (prefix != NULL)
    *prefix = g_steal_pointer (&start);
  return TRUE;
}

/**
 * scope_discovery_rule_new:
 * @pattern: which channels, "private-order-*"
 * @limit: how many of them at most
 * @joins_presence: whether presence channels are joined too
 * @error: return location for `SCOPE_ERROR_USAGE`
 *
 * Returns: (transfer full) (nullable): a rule
 */
ScopeDiscoveryRule *
scope_discovery_rule_new (const char *pattern,
                          guint       limit,
                          gboolean    joins_presence,
                          GError    **error)
{
  ScopeDiscoveryRule *self;
  g_autofree char *prefix = NULL;

  g_return_val_if_fail (pattern != NULL, NULL);

  if (!scope_discovery_pattern_check (pattern, &prefix, error))
    return NULL;
  if (limit < 1 || limit > SCOPE_LIMIT_CHANNELS)
    {
      scope_error_usage (error, _("A rule subscribes to at most 1 to %d channels"), SCOPE_LIMIT_CHANNELS);
      return NULL;
    }

  self = g_object_new (SCOPE_TYPE_DISCOVERY_RULE, NULL);
  self->pattern = g_strdup (pattern);
  self->prefix = g_steal_pointer (&prefix);
  self->limit = limit;
  self->joins_presence = joins_presence;
  return self;
}

/**
 * scope_discovery_rule_new_from_text:
 * @text: what scope_discovery_rule_to_text() wrote
 *
 * Returns: (transfer full) (nullable): the rule
 */
ScopeDiscoveryRule *
scope_discovery_rule_new_from_text (const char *text,
                                    GError    **error)
{
  g_auto (GStrv) words = NULL;
  guint64 limit;
  guint n;

  g_return_val_if_fail (text != NULL, NULL);

  words = g_strsplit (text, " ", 4);
  n = g_strv_length (words);
  if (n < 2 || n > 3 || (n == 3 && strcmp (words[2], JOIN) != 0) ||
      !g_ascii_string_to_unsigned (words[1], 10, 1, SCOPE_LIMIT_CHANNELS, &limit, NULL))
    {
      scope_error_usage (error, _("“%s” is no rule: it is a pattern and how many channels at most, "
                                  "as in “private-order-* 50”"), text);
      return NULL;
    }
  return scope_discovery_rule_new (words[0], limit, n == 3, error);
}

/**
 * scope_discovery_rule_to_text:
 *
 * Returns: (transfer full): the rule as a profile keeps it
 */
char *
scope_discovery_rule_to_text (ScopeDiscoveryRule *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_RULE (self), NULL);

  return g_strdup_printf ("%s %u%s", self->pattern, self->limit, self->joins_presence ? " " JOIN : "");
}

/**
 * scope_discovery_rule_get_pattern:
 *
 * Returns: (transfer none): such as `private-order-*`
 */
const char *
scope_discovery_rule_get_pattern (ScopeDiscoveryRule *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_RULE (self), NULL);

  return self->pattern;
}

/**
 * scope_discovery_rule_get_prefix:
 *
 * Returns: (transfer none): the pattern without its asterisk
 */
const char *
scope_discovery_rule_get_prefix (ScopeDiscoveryRule *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_RULE (self), NULL);

  return self->prefix;
}

/**
 * scope_discovery_rule_get_limit:
 *
 * Returns: how many channels it may subscribe to at most
 */
guint
scope_discovery_rule_get_limit (ScopeDiscoveryRule *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_RULE (self), 0);

  return self->limit;
}

/**
 * scope_discovery_rule_get_joins_presence:
 *
 * Returns: whether it joins presence channels, too: everybody in them sees that
 */
gboolean
scope_discovery_rule_get_joins_presence (ScopeDiscoveryRule *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_RULE (self), FALSE);

  return self->joins_presence;
}

/**
 * scope_discovery_rule_matches:
 * @channel: a channel's name
 *
 * Returns: whether the rule subscribes to it
 */
gboolean
scope_discovery_rule_matches (ScopeDiscoveryRule *self,
                              const char         *channel)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_RULE (self), FALSE);
  g_return_val_if_fail (channel != NULL, FALSE);

  return g_str_has_prefix (channel, self->prefix) &&
         (self->joins_presence ||
          !scope_channel_kind_is_presence (scope_channel_name_get_kind (channel))) &&
         scope_channel_name_check (channel, NULL, NULL);
}

/**
 * scope_discovery_rule_get_n_subscribed:
 *
 * Returns: of the session's channels, how many it speaks of, whoever subscribed to them
 */
guint
scope_discovery_rule_get_n_subscribed (ScopeDiscoveryRule *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_RULE (self), 0);

  return self->n_subscribed;
}

/**
 * scope_discovery_rule_get_n_waiting:
 *
 * Returns: how many are occupied, and not subscribed to because of the limit
 */
guint
scope_discovery_rule_get_n_waiting (ScopeDiscoveryRule *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_RULE (self), 0);

  return self->n_waiting;
}

/**
 * scope_discovery_rule_get_problem:
 *
 * Returns: (transfer none) (nullable): why the last one could not be subscribed to
 */
const char *
scope_discovery_rule_get_problem (ScopeDiscoveryRule *self)
{
  g_return_val_if_fail (SCOPE_IS_DISCOVERY_RULE (self), NULL);

  return self->problem;
}

/**
 * scope_discovery_rule_set_figures:
 * @problem: (nullable): why the last one could not be subscribed to
 *
 * For the discovery, which counts.
 */
void
scope_discovery_rule_set_figures (ScopeDiscoveryRule *self,
                                  guint               n_subscribed,
                                  guint               n_waiting,
                                  const char         *problem)
{
  gboolean changed;

  g_return_if_fail (SCOPE_IS_DISCOVERY_RULE (self));

  changed = scope_set_str (&self->problem, problem);
  if (!changed && self->n_subscribed == n_subscribed && self->n_waiting == n_waiting)
    return;
  self->n_subscribed = n_subscribed;
  self->n_waiting = n_waiting;
  g_signal_emit (self, signals[CHANGED], 0);
}
