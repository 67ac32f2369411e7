/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-profile"

#include "config.h"

#include "session/scope-profile-private.h"

#include "net/scope-option-checks.h"

#include <string.h>

static char *
profile_dup_text (ScopeProfile *self,
                  const char   *property)
{
  return g_value_dup_string (_scope_profile_peek (self, property));
}

static guint
profile_get_number (ScopeProfile *self,
                    const char   *property)
{
  return g_value_get_uint (_scope_profile_peek (self, property));
}

static double
profile_get_seconds (ScopeProfile *self,
                     const char   *property)
{
  return g_value_get_double (_scope_profile_peek (self, property));
}

static gboolean
profile_get_switch (ScopeProfile *self,
                    const char   *property)
{
  return g_value_get_boolean (_scope_profile_peek (self, property));
}

/* A list was checked when it was set; what is none of ours any more counts as not set. */
static ScopeTransportKinds
profile_get_transports (ScopeProfile *self,
                        const char   *property)
{
  const char *list = g_value_get_string (_scope_profile_peek (self, property));
  ScopeTransportKinds kinds = 0;

  if (list != NULL && !scope_check_transports (list, &kinds, NULL))
    kinds = 0;
  return kinds;
}

static void
profile_fill_place (ScopeProfile           *self,
                    ScopeConnectionOptions *options)
{
  options->cluster = profile_dup_text (self, "cluster");
  options->host = profile_dup_text (self, "host");
  options->port = profile_get_number (self, "port");
  options->wss_port = profile_get_number (self, "wss-port");
  options->path = profile_dup_text (self, "path");
  options->whole_path = profile_get_switch (self, "whole-path");
  options->use_tls = profile_get_switch (self, "use-tls");
  options->ca_file = profile_dup_text (self, "ca-file");
  options->origin = profile_dup_text (self, "origin");
  options->proxy = profile_dup_text (self, "proxy");
  options->transports = profile_get_transports (self, "transports");
  options->disabled_transports = profile_get_transports (self, "disabled-transports");
}

static void
profile_fill_http (ScopeProfile           *self,
                   ScopeConnectionOptions *options)
{
  options->http_host = profile_dup_text (self, "http-host");
  options->http_port = profile_get_number (self, "http-port");
  options->https_port = profile_get_number (self, "https-port");
  options->http_path = profile_dup_text (self, "http-path");
}

static void
profile_fill_endpoint (ScopeProfile     *self,
                       const char       *endpoint,
                       const char       *transport,
                       const char       *method,
                       ScopeAuthOptions *options)
{
  const char *transport_name = g_value_get_string (_scope_profile_peek (self, transport));
  const char *method_name = g_value_get_string (_scope_profile_peek (self, method));

  options->endpoint = profile_dup_text (self, endpoint);
  if (transport_name != NULL)
    scope_check_auth_transport (transport_name, &options->transport, NULL);
  if (method_name != NULL)
    scope_check_auth_method (method_name, &options->method, NULL);
  if (options->transport == SCOPE_AUTH_TRANSPORT_JSONP)
    options->method = SCOPE_AUTH_METHOD_GET;
}

static void
profile_fill_auth (ScopeProfile           *self,
                   ScopeConnectionOptions *options)
{
  profile_fill_endpoint (self, "auth-endpoint", "auth-transport", "auth-method",
                         &options->channel_auth);
  profile_fill_endpoint (self, "user-endpoint", "user-transport", "user-method",
                         &options->user_auth);
  options->user_data = profile_dup_text (self, "user-data");
}

static void
profile_fill_times (ScopeProfile           *self,
                    ScopeConnectionOptions *options)
{
  options->activity_timeout = profile_get_seconds (self, "activity-timeout");
  options->pong_timeout = profile_get_seconds (self, "pong-timeout");
  options->unavailable_timeout = profile_get_seconds (self, "unavailable-timeout");
  options->connect_timeout = profile_get_seconds (self, "connect-timeout");
  options->reconnect_delay = profile_get_seconds (self, "reconnect-delay");
  options->max_delay = profile_get_seconds (self, "max-delay");
  options->max_attempts = profile_get_number (self, "max-attempts");
  options->max_data = profile_get_number (self, "max-data");
}

static void
profile_fill_app (ScopeProfile           *self,
                  ScopeConnectionOptions *options)
{
  const char *user = g_value_get_string (_scope_profile_peek (self, "presence-user"));

  options->app_id = profile_dup_text (self, "app-id");
  options->api_host = profile_dup_text (self, "api-host");
  options->api_port = profile_get_number (self, "api-port");
  if (user != NULL)
    scope_check_presence_user (user, &options->presence_user_id, &options->presence_user_info,
                               NULL);
}

/* One header or parameter a line; empty lines are nothing. */
static char **
profile_split_lines (ScopeCredentials    *credentials,
                     ScopeCredentialKind  kind)
{
  const char *text = scope_credentials_peek (credentials, kind);
  g_autoptr (GStrvBuilder) builder = NULL;
  g_auto (GStrv) lines = NULL;

  if (text == NULL)
    return NULL;

  builder = g_strv_builder_new ();
  lines = g_strsplit_set (text, "\r\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      if (*g_strstrip (*line) != '\0')
        g_strv_builder_add (builder, *line);
      scope_secret_wipe (*line, strlen (*line));
    }

  return g_strv_builder_end (builder);
}

static void
profile_fill_secrets (ScopeCredentials       *credentials,
                      ScopeConnectionOptions *options)
{
  ScopeSecret *secret = credentials->values[SCOPE_CREDENTIAL_SECRET];
  ScopeSecret *master_key = credentials->values[SCOPE_CREDENTIAL_MASTER_KEY];

  options->key = g_strdup (scope_credentials_peek (credentials, SCOPE_CREDENTIAL_KEY));
  options->secret = secret != NULL ? scope_secret_ref (secret) : NULL;
  options->master_key = master_key != NULL ? scope_secret_ref (master_key) : NULL;
  options->headers = profile_split_lines (credentials, SCOPE_CREDENTIAL_HEADERS);
  options->channel_auth.params = profile_split_lines (credentials, SCOPE_CREDENTIAL_AUTH_PARAMS);
  options->channel_auth.headers = profile_split_lines (credentials, SCOPE_CREDENTIAL_AUTH_HEADERS);
  options->user_auth.params = profile_split_lines (credentials, SCOPE_CREDENTIAL_USER_PARAMS);
  options->user_auth.headers = profile_split_lines (credentials, SCOPE_CREDENTIAL_USER_HEADERS);
}

/**
 * scope_profile_to_options:
 * @self: a profile
 * @credentials: (nullable): its secrets
 *
 * What a connection needs, from what is stored here and in the keyring. Nothing is judged:
 * scope_connection_options_check() does that.
 *
 * Returns: (transfer full): options
 */
ScopeConnectionOptions *
scope_profile_to_options (ScopeProfile     *self,
                          ScopeCredentials *credentials)
{
  ScopeConnectionOptions *options;

  g_return_val_if_fail (SCOPE_IS_PROFILE (self), NULL);

  options = scope_connection_options_new ();
  g_clear_pointer (&options->cluster, g_free);
  profile_fill_place (self, options);
  profile_fill_http (self, options);
  profile_fill_auth (self, options);
  profile_fill_times (self, options);
  profile_fill_app (self, options);
  if (credentials != NULL)
    profile_fill_secrets (credentials, options);

  return options;
}

/**
 * scope_profile_dup_place:
 * @self: a profile
 *
 * Where it connects to, in few characters: the cluster's name, or the own server's address.
 *
 * Returns: (transfer full): "eu", "ws://127.0.0.1:6001"
 */
char *
scope_profile_dup_place (ScopeProfile *self)
{
  g_autofree char *host = NULL;
  g_autofree char *cluster = NULL;
  const char *scheme;
  gboolean bare_ipv6;
  guint port;

  g_return_val_if_fail (SCOPE_IS_PROFILE (self), NULL);

  cluster = profile_dup_text (self, "cluster");
  host = profile_dup_text (self, "host");
  if (host == NULL)
    return g_strdup (cluster != NULL ? cluster : SCOPE_DEFAULT_CLUSTER);

  scheme = profile_get_switch (self, "use-tls") ? "wss" : "ws";
  port = profile_get_number (self, "port");
  bare_ipv6 = strchr (host, ':') != NULL && *host != '[';
  if (bare_ipv6)
    {
      char *bracketed = g_strdup_printf ("[%s]", host);

      g_free (host);
      host = bracketed;
    }

  return port != 0 ? g_strdup_printf ("%s://%s:%u", scheme, host, port)
                   : g_strdup_printf ("%s://%s", scheme, host);
}
