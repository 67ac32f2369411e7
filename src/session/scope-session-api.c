/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-session"

#include "config.h"

#include "session/scope-session-private.h"

#include "base/scope-error.h"

#include <glib/gi18n-lib.h>

/* The HTTP API of the watched app, and what it costs. */

void
_scope_session_clear_api (ScopeSession *self)
{
  g_clear_object (&self->api);
  g_clear_pointer (&self->api_target, scope_connection_options_free);
}

static void
session_set_api_target (ScopeSession                 *self,
                        const ScopeConnectionOptions *options)
{
  g_clear_pointer (&self->api_target, scope_connection_options_free);
  self->api_target = scope_connection_options_copy (options);
}

/* What was not known before and is now is no change: nothing could be sent without it. */
static gboolean
session_is_same_text (const char *old,
                      const char *text)
{
  return old == NULL || g_strcmp0 (old, text) == 0;
}

static gboolean
session_is_same_target (const ScopeConnectionOptions *old,
                        const ScopeConnectionOptions *options)
{
  g_autofree char *old_url = scope_connection_options_build_api_url (old);
  g_autofree char *old_host = scope_connection_options_dup_host (old);
  g_autofree char *url = scope_connection_options_build_api_url (options);
  g_autofree char *host = scope_connection_options_dup_host (options);

  return session_is_same_text (old->key, options->key) && session_is_same_text (old->app_id, options->app_id)
         && session_is_same_text (old->secret != NULL ? scope_secret_peek (old->secret) : NULL,
                                  options->secret != NULL ? scope_secret_peek (options->secret) : NULL)
         && g_strcmp0 (old_url, url) == 0 && g_strcmp0 (old_host, host) == 0;
}

/* The next client has the other options, and still knows the time of the same server. */
void
_scope_session_renew_api (ScopeSession                 *self,
                          const ScopeConnectionOptions *options)
{
  g_autoptr (ScopeApiClient) old = g_steal_pointer (&self->api);
  gboolean is_same = self->api_target == NULL || session_is_same_target (self->api_target, options);

  session_set_api_target (self, options);
  if (!is_same)
    {
      self->api_generation++;
      scope_session_lock_writing (self);
    }
  else if (old != NULL && scope_session_get_api (self, NULL) != NULL)
    scope_api_client_take_time (self->api, old);
}

static gboolean
session_can_sign (const ScopeConnectionOptions *options,
                  GError                      **error)
{
  const char *problem = NULL;

  if (options->key == NULL)
    problem = _("The HTTP API needs the app key");
  else if (options->app_id == NULL)
    problem = _("The HTTP API needs the app’s id, which can’t be derived");
  else if (options->secret == NULL)
    problem = _("The HTTP API needs the app secret, with which requests are signed");

  if (problem != NULL)
    g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, problem);
  return problem == NULL;
}

/* Told again when it changes; that it is right again needs nobody's attention. */
static void
session_clock_cb (ScopeSession *self)
{
  gint64 skew = self->api != NULL ? scope_api_client_get_clock_skew_usec (self->api) : 0;

  if (skew != 0 && !scope_api_client_get_uses_server_time (self->api))
    _scope_session_emit_clock_off (self, skew);
}

/**
 * scope_session_get_api:
 * @self: a session
 * @error: return location for `SCOPE_ERROR_USAGE` (what the profile lacks) or `_NOT_CONNECTED` (offline)
 *
 * The one client of this session. Ask for it before each call: when the profile or its secrets change,
 * there is another. A call under way ends with the client it began with.
 *
 * Returns: (transfer none) (nullable): the app's HTTP API
 */
ScopeApiClient *
scope_session_get_api (ScopeSession *self,
                       GError      **error)
{
  g_autoptr (ScopeConnectionOptions) options = NULL;

  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  if (!_scope_session_check_connection (self, error))
    return NULL;
  if (self->api != NULL)
    return self->api;

  options = scope_profile_to_options (self->profile, self->credentials);
  if (session_can_sign (options, error) && scope_connection_options_check (options, error))
    {
      self->api = scope_api_client_new (options, self->clock);
      if (self->api_target == NULL)
        session_set_api_target (self, options);
      g_signal_connect_object (self->api, "notify::clock-skew-usec", G_CALLBACK (session_clock_cb), self,
                               G_CONNECT_SWAPPED);
    }
  return self->api;
}

/* The footprint */

static void
session_follow_plan (ScopeSession *self)
{
  guint messages, share;

  g_object_get (self->profile, "plan-messages", &messages, "plan-share", &share, NULL);
  scope_footprint_set_plan (self->footprint, messages, share);
}

static void
session_follow_brake (ScopeSession *self)
{
  gboolean is_held = scope_footprint_is_held (self->footprint);

  if (self->is_held == is_held)
    return;
  self->is_held = is_held;
  _scope_session_notify (self, PROP_HELD);
}

void
_scope_session_init_footprint (ScopeSession *self)
{
  self->footprint = scope_footprint_new (self->clock);
  g_signal_connect_object (self->footprint, "changed", G_CALLBACK (session_follow_brake), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->profile, "notify::plan-messages", G_CALLBACK (session_follow_plan), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->profile, "notify::plan-share", G_CALLBACK (session_follow_plan), self,
                           G_CONNECT_SWAPPED);
  session_follow_plan (self);
}

/* The answer to our subscribing is free, a member who comes or goes is not. */
static gboolean
session_is_paid (const ScopeReport *report)
{
  switch (report->type)
    {
    case SCOPE_REPORT_EVENT:
    case SCOPE_REPORT_COUNT:
    case SCOPE_REPORT_CACHE_MISS:
    case SCOPE_REPORT_WATCHLIST:
      return TRUE;
    case SCOPE_REPORT_PRESENCE:
      return report->message != NULL && report->action != SCOPE_PRESENCE_SNAPSHOT;
    case SCOPE_REPORT_STATE:
    case SCOPE_REPORT_CONNECTING_IN:
    case SCOPE_REPORT_SUBSCRIPTION:
    case SCOPE_REPORT_USER:
    case SCOPE_REPORT_ERROR:
    case SCOPE_REPORT_FRAME:
    case SCOPE_REPORT_ROUND_TRIP:
    default:
      return FALSE;
    }
}

void
_scope_session_count_report (ScopeSession      *self,
                             const ScopeReport *report)
{
  if (session_is_paid (report))
    scope_footprint_add (self->footprint,
                         report->outgoing ? SCOPE_FOOTPRINT_CLIENT_EVENTS : SCOPE_FOOTPRINT_DELIVERED, 0, 1);
}

/**
 * scope_session_get_footprint:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what it costs the plan; `NULL` when offline
 */
ScopeFootprint *
scope_session_get_footprint (ScopeSession *self)
{
  g_return_val_if_fail (SCOPE_IS_SESSION (self), NULL);

  return self->footprint;
}
