/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-target.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "base/scope-error.h"
#include "cli/scope-cli-loop.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"
#include "cli/scope-cli-secrets.h"
#include "protocol/scope-decrypt.h"
#include "session/scope-keyring.h"

/* The keyring */

/* Only where someone is there to see it may the keyring ask for its password. */
static gboolean
keyring_may_ask (void)
{
  return isatty (STDIN_FILENO) && isatty (STDERR_FILENO);
}

/* Here nothing is kept for a session, as the window can: each command gets its secrets anew. */
static void
keyring_add_advice (GError **error)
{
  const char *what;

  if (error == NULL || *error == NULL)
    return;
  if (g_error_matches (*error, SCOPE_ERROR, SCOPE_ERROR_KEYRING_LOCKED))
    what = _("The keyring is locked: unlock it.");
  else if (g_error_matches (*error, SCOPE_ERROR, SCOPE_ERROR_KEYRING_ABSENT))
    what = _("The keyring can’t be reached: there is no desktop session or no keyring service.");
  else if (g_error_matches (*error, SCOPE_ERROR, SCOPE_ERROR_TIMED_OUT))
    what = _("The keyring did not answer in time.");
  else
    return;

  g_free ((*error)->message);
  (*error)->message = g_strjoin (" ", what,
                                 _("Without a keyring, give the secrets with each command "
                                   "(CHANNELSCOPE_SECRET, --secret-file)"), NULL);
}

/**
 * scope_cli_keyring_lookup:
 * @until_usec: monotonic: how long is waited
 * @error: G_IO_ERROR_CANCELLED after a signal
 *
 * Runs the main loop until the keyring answers.
 *
 * Returns: (transfer full) (nullable): the profile's key and secrets
 */
ScopeCredentials *
scope_cli_keyring_lookup (const char *profile_id,
                          gint64      until_usec,
                          GError    **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  ScopeCredentials *credentials;
  ScopeCliCall call = { NULL };

  scope_keyring_lookup_async (profile_id, keyring_may_ask (), cancellable, scope_cli_call_cb,
                              &call);
  result = scope_cli_call_wait (&call, cancellable, until_usec);
  credentials = scope_keyring_lookup_finish (result, error);
  if (credentials == NULL)
    keyring_add_advice (error);
  return credentials;
}

/**
 * scope_cli_keyring_store:
 * @error: G_IO_ERROR_CANCELLED after a signal
 *
 * Runs the main loop until the keyring answers.
 *
 * Returns: whether key and secrets are stored
 */
gboolean
scope_cli_keyring_store (ScopeProfile     *profile,
                         ScopeCredentials *credentials,
                         GError          **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  ScopeCliCall call = { NULL };

  scope_keyring_store_async (scope_profile_get_id (profile), scope_profile_get_name (profile),
                             credentials, cancellable, scope_cli_call_cb, &call);
  result = scope_cli_call_wait (&call, cancellable, 0);
  if (scope_keyring_store_finish (result, error))
    return TRUE;

  keyring_add_advice (error);
  return FALSE;
}

/**
 * scope_cli_keyring_clear:
 * @error: G_IO_ERROR_CANCELLED after a signal
 *
 * Runs the main loop until the keyring answers.
 *
 * Returns: whether nothing of the profile is left there
 */
gboolean
scope_cli_keyring_clear (const char *profile_id,
                         GError    **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  ScopeCliCall call = { NULL };

  scope_keyring_clear_async (profile_id, cancellable, scope_cli_call_cb, &call);
  result = scope_cli_call_wait (&call, cancellable, 0);
  if (scope_keyring_clear_finish (result, error))
    return TRUE;

  keyring_add_advice (error);
  return FALSE;
}

/* What was given, over what is saved */

static gboolean
target_is_given (ScopeCliOptions *options,
                 const char      *property)
{
  for (guint i = 0; i < options->settings->len; i++)
    {
      ScopeCliSetting *setting = g_ptr_array_index (options->settings, i);

      if (strcmp (setting->property, property) == 0)
        return TRUE;
    }
  return FALSE;
}

/* A cluster that is asked for must not lose against the profile's own server. */
static void
target_leave_own_server (ScopeProfile *profile)
{
  g_object_set (profile, "host", NULL, "port", 0, "wss-port", 0, "path", NULL, "whole-path", FALSE,
                "http-host", NULL, "http-port", 0, "https-port", 0, "http-path", NULL, NULL);
}

static gboolean
target_apply_transports (ScopeCliOptions *options,
                         ScopeProfile    *profile,
                         GError         **error)
{
  g_autoptr (ScopeConnectionOptions) merged = scope_profile_to_options (profile, NULL);
  g_autofree char *allowed = scope_transport_kinds_to_text (options->transports);
  g_autofree char *disabled = scope_transport_kinds_to_text (options->disabled);

  if (options->transports != 0)
    merged->transports = options->transports;
  if (options->disabled != 0)
    merged->disabled_transports = options->disabled;
  if (scope_connection_options_get_transports (merged) == 0)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                           _("No transport is left: --transports and --disable-transports must "
                             "leave one"));
      return FALSE;
    }

  if (options->transports != 0)
    g_object_set (profile, "transports", allowed, NULL);
  if (options->disabled != 0)
    g_object_set (profile, "disabled-transports", disabled, NULL);
  return TRUE;
}

/* The two endpoints, by their options' first word. */
static const struct
{
  const char *prefix;
  ScopeCredentialKind params;
  ScopeCredentialKind headers;
} target_endpoints[] = {
  { "auth", SCOPE_CREDENTIAL_AUTH_PARAMS, SCOPE_CREDENTIAL_AUTH_HEADERS },
  { "user", SCOPE_CREDENTIAL_USER_PARAMS, SCOPE_CREDENTIAL_USER_HEADERS },
};

static char *
target_dup_text (ScopeProfile *profile,
                 const char   *prefix,
                 const char   *name)
{
  g_autofree char *property = g_strconcat (prefix, "-", name, NULL);
  char *text;

  g_object_get (profile, property, &text, NULL);
  return text;
}

/* (nullable): the last word of an option that means nothing without an endpoint, and was given */
static const char *
target_get_endpoint_option (ScopeCliOptions *options,
                            guint            endpoint)
{
  static const char * const names[] = { "transport", "method" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *property =
        g_strconcat (target_endpoints[endpoint].prefix, "-", names[i], NULL);

      if (target_is_given (options, property))
        return names[i];
    }
  if (scope_credentials_peek (options->credentials, target_endpoints[endpoint].params) != NULL)
    return "param";
  if (scope_credentials_peek (options->credentials, target_endpoints[endpoint].headers) != NULL)
    return "header";
  return NULL;
}

/* What is given must be of use. */
static gboolean
target_check_endpoint (ScopeCliOptions *options,
                       ScopeProfile    *profile,
                       guint            endpoint,
                       GError         **error)
{
  const char *prefix = target_endpoints[endpoint].prefix;
  const char *given = target_get_endpoint_option (options, endpoint);
  const char *headers =
    scope_credentials_peek (options->credentials, target_endpoints[endpoint].headers);
  g_autofree char *url = target_dup_text (profile, prefix, "endpoint");
  g_autofree char *transport = target_dup_text (profile, prefix, "transport");
  g_autofree char *method = target_dup_text (profile, prefix, "method");

  if (url == NULL && given != NULL)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("--%s-%s is for an endpoint, and none is given: --%s-endpoint URL"), prefix,
                 given, prefix);
  else if (g_strcmp0 (transport, "jsonp") == 0 && g_strcmp0 (method, "post") == 0)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("--%s-transport jsonp always is a get: --%s-method post can’t go with it"),
                 prefix, prefix);
  else if (g_strcmp0 (transport, "jsonp") == 0 && headers != NULL)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("--%s-transport jsonp carries no headers: --%s-header can’t go with it"), prefix,
                 prefix);
  else
    return TRUE;
  return FALSE;
}

/* A user that is asked for must not lose against the profile's endpoint. */
static gboolean
target_apply_user (ScopeCliOptions *options,
                   ScopeProfile    *profile,
                   GError         **error)
{
  if (!target_is_given (options, "user-data"))
    return TRUE;
  if (target_is_given (options, "user-endpoint"))
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                           _("--user-data signs in with the app secret, --user-endpoint by asking: "
                             "give one of them"));
      return FALSE;
    }

  g_object_set (profile, "user-endpoint", NULL, "user-transport", NULL, "user-method", NULL, NULL);
  return TRUE;
}

/**
 * scope_cli_target_apply:
 * @error: SCOPE_ERROR_USAGE
 *
 * Lays the options that were given over a profile.
 *
 * Returns: whether all of them are valid
 */
gboolean
scope_cli_target_apply (ScopeCliOptions *options,
                        ScopeProfile    *profile,
                        GError         **error)
{
  if (target_is_given (options, "cluster") && !target_is_given (options, "host"))
    target_leave_own_server (profile);

  for (guint i = 0; i < options->settings->len; i++)
    {
      ScopeCliSetting *setting = g_ptr_array_index (options->settings, i);

      g_object_set_property (G_OBJECT (profile), setting->property, &setting->value);
    }
  return target_apply_transports (options, profile, error) &&
         target_apply_user (options, profile, error) &&
         target_check_endpoint (options, profile, 0, error) &&
         target_check_endpoint (options, profile, 1, error);
}

static gboolean
target_check_ca_file (const ScopeConnectionOptions *options,
                      GError                      **error)
{
  if (options->ca_file == NULL || g_file_test (options->ca_file, G_FILE_TEST_IS_REGULAR))
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("The CA file “%s” does not exist"),
               options->ca_file);
  return FALSE;
}

static gboolean
target_check_user (const ScopeConnectionOptions *options,
                   GError                      **error)
{
  if (options->user_data == NULL || options->user_auth.endpoint != NULL || options->secret != NULL)
    return TRUE;

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("--user-data: signing in needs the app secret (CHANNELSCOPE_SECRET, "
                         "--secret-file or a profile that has it), or an endpoint with "
                         "--user-endpoint"));
  return FALSE;
}

/**
 * scope_cli_target_check:
 * @error: SCOPE_ERROR_USAGE: names the option that is missing or wrong
 *
 * Returns: whether one can connect with these
 */
gboolean
scope_cli_target_check (ScopeProfile     *profile,
                        ScopeCredentials *credentials,
                        GError          **error)
{
  g_autoptr (ScopeConnectionOptions) options = scope_profile_to_options (profile, credentials);
  const char *master_key = scope_credentials_peek (credentials, SCOPE_CREDENTIAL_MASTER_KEY);

  if (options->key == NULL)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                           _("The app key is missing: give it with --key KEY, or name a saved "
                             "profile with --profile NAME"));
      return FALSE;
    }
  return scope_connection_options_check (options, error) &&
         target_check_ca_file (options, error) &&
         target_check_user (options, error) &&
         (master_key == NULL || scope_master_key_check (master_key, error));
}

/* Saved profiles */

/**
 * scope_cli_target_find:
 * @name: of a saved profile
 * @error: SCOPE_ERROR_NOT_FOUND
 *
 * Returns: (transfer none) (nullable): the profile
 */
ScopeProfile *
scope_cli_target_find (ScopeProfileStore *store,
                       const char        *name,
                       GError           **error)
{
  ScopeProfile *profile = scope_profile_store_find_by_name (store, name);

  if (profile == NULL)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_NOT_FOUND,
                 _("There is no profile “%s”: see channelscope-cli profiles list"), name);
  return profile;
}

static ScopeProfile *
target_load_profile (ScopeCliOptions *options,
                     GError         **error)
{
  g_autoptr (ScopeProfileStore) store = NULL;
  ScopeProfile *found;
  ScopeProfile *profile;

  if (options->profile == NULL)
    return scope_profile_new ("channelscope-cli");

  store = scope_profile_store_new (NULL);
  found = scope_cli_target_find (store, options->profile, error);
  if (found == NULL)
    return NULL;

  profile = scope_profile_copy (found);
  scope_profile_set_subscriptions (profile, NULL);
  g_object_set (profile, "unseen", NULL, "discovery-rules", NULL, NULL);
  return profile;
}

/* Without the keyring it goes on only if the key was given. */
static ScopeCredentials *
target_load_credentials (ScopeCliOptions *options,
                         ScopeProfile    *profile,
                         GError         **error)
{
  g_autoptr (GError) local = NULL;
  ScopeCredentials *credentials;
  gint64 until_usec = 0;

  if (options->profile == NULL)
    return scope_credentials_new ();

  if (options->for_seconds > 0)
    until_usec = options->started_usec + (gint64) (options->for_seconds * G_USEC_PER_SEC);
  credentials = scope_cli_keyring_lookup (scope_profile_get_id (profile), until_usec, &local);
  if (credentials != NULL)
    return credentials;

  if (g_error_matches (local, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
      scope_credentials_peek (options->credentials, SCOPE_CREDENTIAL_KEY) == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  scope_cli_message ("%s", local->message);
  return scope_credentials_new ();
}

static void
target_merge_credentials (ScopeCredentials *into,
                          ScopeCredentials *given)
{
  for (int kind = 0; kind < SCOPE_N_CREDENTIALS; kind++)
    {
      const char *text = scope_credentials_peek (given, kind);

      if (text != NULL)
        scope_credentials_set (into, kind, text);
    }
}

static gboolean
target_build (ScopeCliOptions   *options,
              ScopeProfile     **profile,
              ScopeCredentials **credentials,
              GError           **error)
{
  *profile = target_load_profile (options, error);
  if (*profile == NULL || !scope_cli_add_environment (options->credentials, error) ||
      !scope_cli_target_apply (options, *profile, error))
    return FALSE;

  *credentials = target_load_credentials (options, *profile, error);
  if (*credentials == NULL)
    return FALSE;
  target_merge_credentials (*credentials, options->credentials);
  return scope_cli_target_check (*profile, *credentials, error);
}

/**
 * scope_cli_target_resolve:
 * @options: parsed options
 * @profile: (out) (transfer full): where to connect to
 * @credentials: (out) (transfer full): with what
 * @status: (out): the exit status if it failed; the problem has been told
 *
 * Returns: whether a connection can be tried
 */
gboolean
scope_cli_target_resolve (ScopeCliOptions   *options,
                          ScopeProfile     **profile,
                          ScopeCredentials **credentials,
                          int               *status)
{
  g_autoptr (ScopeProfile) built = NULL;
  g_autoptr (ScopeCredentials) secrets = NULL;
  g_autoptr (GError) error = NULL;

  if (target_build (options, &built, &secrets, &error))
    {
      *profile = g_steal_pointer (&built);
      *credentials = g_steal_pointer (&secrets);
      return TRUE;
    }

  /* cancelled by no signal: the time of --for was over */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) && !scope_cli_is_interrupted ())
    {
      scope_cli_message (_("Could not connect in time: the keyring did not answer"));
      *status = SCOPE_CLI_NO_CONNECTION;
    }
  else
    *status = scope_cli_fail (error);
  return FALSE;
}
