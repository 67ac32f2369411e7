/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-prefixes.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "cli/scope-cli-api.h"
#include "cli/scope-cli-output.h"
#include "protocol/scope-server-error.h"

#define PRESENCE "presence-"
/* each of them costs requests of its own */
#define MAX_UNSEEN 50

/**
 * scope_cli_prefixes_is_pattern:
 *
 * Returns: whether an argument of `watch` stands for all channels with a prefix: an asterisk is in it
 */
gboolean
scope_cli_prefixes_is_pattern (const char *argument)
{
  return strchr (argument, '*') != NULL;
}

static gboolean
prefixes_contain (ScopeCliPrefixes *self,
                  const char       *pattern)
{
  return g_ptr_array_find_with_equal_func (self->patterns, pattern, g_str_equal, NULL);
}

/**
 * scope_cli_prefixes_init:
 * @error: SCOPE_ERROR_USAGE: a pattern is none
 *
 * Takes the patterns among the arguments.
 *
 * Returns: whether they can be used
 */
gboolean
scope_cli_prefixes_init (ScopeCliPrefixes *self,
                         ScopeCliOptions  *options,
                         GError          **error)
{
  *self = (ScopeCliPrefixes) { .patterns = g_ptr_array_new (), .joins = !options->unseen,
                               .told_empty = scope_cli_options_is_ndjson (options) };
  for (guint i = 0; i < options->arguments->len; i++)
    {
      char *argument = g_ptr_array_index (options->arguments, i);

      if (!scope_cli_prefixes_is_pattern (argument) || prefixes_contain (self, argument))
        continue;
      if (!scope_discovery_pattern_check (argument, NULL, error))
        return FALSE;
      if (self->patterns->len == SCOPE_LIMIT_DISCOVERY_RULES)
        return scope_error_usage (error, _("There are more than %d patterns"), SCOPE_LIMIT_DISCOVERY_RULES);
      g_ptr_array_add (self->patterns, argument);
    }
  return TRUE;
}

/**
 * scope_cli_prefixes_has_any:
 *
 * Returns: whether there is a pattern among the arguments
 */
gboolean
scope_cli_prefixes_has_any (ScopeCliPrefixes *self)
{
  return self->patterns != NULL && self->patterns->len > 0;
}

/**
 * scope_cli_prefixes_clear:
 *
 * Stops asking and frees the patterns.
 */
void
scope_cli_prefixes_clear (ScopeCliPrefixes *self)
{
  if (self->discovery != NULL)
    g_signal_handlers_disconnect_by_data (self->discovery, self);
  g_clear_object (&self->discovery);
  g_clear_pointer (&self->patterns, g_ptr_array_unref);
  g_clear_pointer (&self->problem, g_free);
}

/* What is told */

/* Told on one line: what a server said may steer no terminal. */
static void
prefixes_tell_problem (ScopeCliPrefixes *self)
{
  const char *problem = scope_discovery_get_problem (self->discovery);
  const char *advice = scope_discovery_get_advice (self->discovery);
  guint status = scope_discovery_get_status (self->discovery);
  g_autofree char *brief = scope_api_error_dup_brief (problem);
  g_autofree char *shown = NULL;

  if (!scope_set_str (&self->problem, problem) || problem == NULL)
    return;
  shown = scope_text_for_display (brief, -1, SCOPE_LIMIT_ERROR_TEXT_BYTES);
  if (status != 0)
    scope_cli_message (_("The HTTP API gave no list of channels (%u): %s"), status, shown);
  else
    scope_cli_message (_("The HTTP API gave no list of channels: %s"), shown);
  if (advice != NULL)
    scope_cli_message ("%s", advice);
}

/* Unchanged, it would be refused again; unlike 429, and 400 of a proxy that is about to go. */
static gboolean
prefixes_is_refused (ScopeCliPrefixes *self)
{
  static const guint final[] = { 401, 403, 404, 405, 407 };
  guint status = scope_discovery_get_status (self->discovery);

  if (scope_discovery_get_problem (self->discovery) == NULL || scope_discovery_get_polled_usec (self->discovery) != 0)
    return FALSE;
  if (scope_discovery_get_unavailable (self->discovery))
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (final); i++)
    if (status == final[i])
      return TRUE;
  return FALSE;
}

static void
prefixes_tell_limit (ScopeCliPrefixes *self)
{
  GListModel *rules = scope_discovery_get_rules (self->discovery);
  guint n = g_list_model_get_n_items (rules);

  for (guint i = 0; i < n && !self->told_limit; i++)
    {
      g_autoptr (ScopeDiscoveryRule) rule = g_list_model_get_item (rules, i);

      if (scope_discovery_rule_get_n_waiting (rule) == 0 && scope_discovery_rule_get_problem (rule) == NULL)
        continue;
      self->told_limit = TRUE;
      scope_cli_message (_("Not all channels of “%s” are watched: there are more than %d"),
                         scope_discovery_rule_get_pattern (rule), SCOPE_LIMIT_CHANNELS);
    }
}

/* Under one of the patterns. */
static gboolean
prefixes_name (ScopeCliPrefixes *self,
               const char       *channel)
{
  for (guint i = 0; i < self->patterns->len; i++)
    {
      const char *pattern = g_ptr_array_index (self->patterns, i);

      if (strncmp (channel, pattern, strlen (pattern) - 1) == 0)
        return TRUE;
    }
  return FALSE;
}

/* A presence channel that is not watched, though it is under a pattern. */
static gboolean
prefixes_is_left (ScopeCliPrefixes  *self,
                  ScopeFoundChannel *channel)
{
  return scope_channel_kind_is_presence (scope_found_channel_get_kind (channel)) &&
         scope_found_channel_get_occupied (channel) && !scope_found_channel_get_subscribed (channel) &&
         prefixes_name (self, scope_found_channel_get_name (channel));
}

static void
prefixes_tell_presence (ScopeCliPrefixes *self)
{
  g_autoptr (GPtrArray) channels = NULL;

  if (self->told_presence)
    return;
  channels = scope_discovery_dup_list (self->discovery);
  for (guint i = 0; i < channels->len; i++)
    {
      ScopeFoundChannel *channel = g_ptr_array_index (channels, i);
      const char *name = scope_found_channel_get_name (channel);

      if (!prefixes_is_left (self, channel))
        continue;
      self->told_presence = TRUE;
      scope_cli_message (_("“%s” is a presence channel, and not joined: add --unseen to watch it all the same, or "
                           "name it, or give a pattern that begins with presence-, to join as a member everyone sees"), name);
      return;
    }
}

/* Once, so that silence is not taken for a fault. */
static void
prefixes_tell_empty (ScopeCliPrefixes *self)
{
  g_autoptr (GPtrArray) channels = NULL;
  g_autoptr (GString) patterns = g_string_new (NULL);

  if (self->told_empty || scope_discovery_get_polled_usec (self->discovery) == 0)
    return;
  self->told_empty = TRUE;
  channels = scope_discovery_dup_list (self->discovery);
  for (guint i = 0; i < channels->len; i++)
    if (prefixes_name (self, scope_found_channel_get_name (g_ptr_array_index (channels, i))))
      return;
  for (guint i = 0; i < self->patterns->len; i++)
    g_string_append_printf (patterns, "%s%s", i > 0 ? " " : "", (char *) g_ptr_array_index (self->patterns, i));
  scope_cli_message (_("%s: no channel is occupied yet; the server is asked again and again"), patterns->str);
}

/* Following */

/* With --unseen. */
static void
prefixes_watch_unseen (ScopeCliPrefixes *self)
{
  g_autoptr (GPtrArray) channels = scope_discovery_dup_list (self->discovery);

  for (guint i = 0; i < channels->len; i++)
    {
      ScopeFoundChannel *channel = g_ptr_array_index (channels, i);
      const char *name = scope_found_channel_get_name (channel);
      g_autoptr (GError) error = NULL;

      if (!prefixes_is_left (self, channel))
        continue;
      if (self->n_unseen == MAX_UNSEEN)
        {
          if (!self->told_presence)
            scope_cli_message (_("“%s” is not watched: each presence channel is asked about by itself, and %d are enough"),
                               name, MAX_UNSEEN);
          self->told_presence = TRUE;
          return;
        }
      if (scope_session_watch_unseen (self->session, name, &error))
        self->n_unseen++;
      else
        scope_cli_message ("%s", error->message);
    }
  scope_discovery_update_subscribed (self->discovery);
}

static void
prefixes_listed_cb (ScopeCliPrefixes *self)
{
  if (self->joins)
    prefixes_tell_presence (self);
  else
    prefixes_watch_unseen (self);
}

static void
prefixes_polled_cb (ScopeCliPrefixes *self)
{
  prefixes_tell_problem (self);
  prefixes_tell_limit (self);
  prefixes_tell_empty (self);
  if (self->refused || !prefixes_is_refused (self))
    return;
  self->refused = TRUE;
  self->ended (self, self->user_data);
}

static void
prefixes_add_rules (ScopeCliPrefixes *self)
{
  for (guint i = 0; i < self->patterns->len; i++)
    {
      const char *pattern = g_ptr_array_index (self->patterns, i);
      g_autoptr (GError) error = NULL;
      g_autoptr (ScopeDiscoveryRule) rule =
        scope_discovery_rule_new (pattern, SCOPE_LIMIT_CHANNELS, self->joins && g_str_has_prefix (pattern, PRESENCE),
                                  &error);

      if (rule == NULL || !scope_discovery_add_rule (self->discovery, rule, &error))
        scope_cli_message ("%s", error->message);
    }
}

/**
 * scope_cli_prefixes_check:
 *
 * Returns: `FALSE`: app id or secret is missing, which has been told
 */
gboolean
scope_cli_prefixes_check (ScopeCliPrefixes *self,
                          ScopeProfile     *profile,
                          ScopeCredentials *credentials)
{
  g_autoptr (ScopeConnectionOptions) target = scope_profile_to_options (profile, credentials);

  return self->patterns->len == 0 || scope_cli_api_check_target (target);
}

/**
 * scope_cli_prefixes_start:
 * @ended: called once if the server refuses for good
 *
 * Begins to ask for occupied channels. Before the session connects.
 */
void
scope_cli_prefixes_start (ScopeCliPrefixes *self,
                          ScopeSession     *session,
                          GFunc             ended,
                          gpointer          user_data)
{
  if (self->patterns->len == 0)
    return;

  self->session = session;
  self->discovery = g_object_ref (scope_session_get_discovery (session));
  self->ended = ended;
  self->user_data = user_data;
  prefixes_add_rules (self);
  g_signal_connect_swapped (self->discovery, "listed", G_CALLBACK (prefixes_listed_cb), self);
  g_signal_connect_swapped (self->discovery, "polled", G_CALLBACK (prefixes_polled_cb), self);
}
