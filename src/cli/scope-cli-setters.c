/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include "cli/scope-cli-setters.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-text.h"
#include "cli/scope-cli-secrets.h"
#include "json/scope-json.h"
#include "net/scope-option-checks.h"
#include "protocol/scope-signature.h"
#include "sandbox/scope-sandbox.h"

#define MAX_FOR_SECONDS 1e9
#define MAX_APP_ID_BYTES 200
#define MIN_SPEED 0.01
#define MAX_SPEED 10000.0

static gboolean
setter_number (const char *value,
               guint64     least,
               guint64     most,
               guint64    *number,
               GError    **error)
{
  if (g_ascii_string_to_unsigned (value, 10, least, most, number, NULL))
    return TRUE;
  if (most == G_MAXUINT64)
    return scope_error_usage (error, _("“%s” is no whole number from %llu on"), value,
                              (unsigned long long) least);
  return scope_error_usage (error, _("“%s” is no whole number from %llu to %llu"), value,
                            (unsigned long long) least, (unsigned long long) most);
}

/* For every command */

SCOPE_CLI_SETTER (help)
{
  options->help = TRUE;
  return TRUE;
}

SCOPE_CLI_SETTER (version)
{
  options->version = TRUE;
  return TRUE;
}

SCOPE_CLI_SETTER (format)
{
  if (strcmp (value, "text") == 0)
    options->format = SCOPE_CLI_FORMAT_TEXT;
  else if (strcmp (value, "ndjson") == 0)
    options->format = SCOPE_CLI_FORMAT_NDJSON;
  else
    return scope_error_usage (error, _("there is no format “%s”: text and ndjson are allowed"), value);
  return TRUE;
}

/* watch, query */

static gboolean
setter_filter (ScopeFilter **filter,
               const char   *text,
               GError      **error)
{
  ScopeFilter *compiled = scope_filter_new (text, NULL, error);

  if (compiled == NULL)
    return FALSE;

  g_clear_pointer (filter, scope_filter_unref);
  *filter = compiled;
  return TRUE;
}

SCOPE_CLI_SETTER (filter)
{
  return setter_filter (&options->filter, value, error);
}

SCOPE_CLI_SETTER (expect)
{
  return setter_filter (&options->expect, value, error);
}

SCOPE_CLI_SETTER (frames)
{
  options->frames = TRUE;
  return TRUE;
}

SCOPE_CLI_SETTER (unseen)
{
  options->unseen = TRUE;
  return TRUE;
}

SCOPE_CLI_SETTER (count)
{
  return setter_number (value, 1, G_MAXUINT64, &options->count, error);
}

SCOPE_CLI_SETTER (for)
{
  char *end = NULL;
  double seconds = g_ascii_strtod (value, &end);

  if (*value == '\0' || *end != '\0' || !(seconds > 0 && seconds <= MAX_FOR_SECONDS))
    return scope_error_usage (error, _("“%s” is no number of seconds: above 0, fractions allowed"),
                              value);

  options->for_seconds = seconds;
  return TRUE;
}

SCOPE_CLI_SETTER (record)
{
  if (*value == '\0')
    return scope_error_usage (error, _("the name of a file is missing"));

  g_free (options->record);
  options->record = g_canonicalize_filename (value, NULL);
  return TRUE;
}

SCOPE_CLI_SETTER (to)
{
  if (strcmp (value, "ndjson") != 0 && strcmp (value, "csv") != 0)
    return scope_error_usage (error, _("“%s” is neither ndjson nor csv"), value);

  options->to = strcmp (value, "csv") == 0 ? SCOPE_EXPORT_CSV : SCOPE_EXPORT_NDJSON;
  options->to_is_missing = FALSE;
  return TRUE;
}

SCOPE_CLI_SETTER (output)
{
  if (*value == '\0')
    return scope_error_usage (error, _("the name of a file is missing"));

  g_free (options->output);
  options->output = strcmp (value, "-") == 0 ? NULL : g_canonicalize_filename (value, NULL);
  return TRUE;
}

SCOPE_CLI_SETTER (column)
{
  g_ptr_array_insert (options->columns, options->columns->len - 1, g_strdup (value));
  return TRUE;
}

/* Given again it adds to the rules: one that was forgotten would let out what it should hide. */
SCOPE_CLI_SETTER (redact)
{
  g_autofree char *rules = NULL;
  gsize length;

  if (*value == '@')
    rules = scope_cli_read_file (value + 1, SCOPE_LIMIT_FRAME_BYTES, &length, error);
  else
    rules = g_strdup (value);
  if (rules == NULL)
    return FALSE;

  g_string_append_printf (options->rules, "%s\n", rules);
  g_clear_pointer (&options->redaction, scope_redaction_free);
  options->redaction = scope_redaction_new (options->rules->str, error);
  return options->redaction != NULL;
}

SCOPE_CLI_SETTER (summary)
{
  options->summary = TRUE;
  return TRUE;
}

/* serve */

SCOPE_CLI_SETTER (serve_port)
{
  guint64 port;

  if (!g_ascii_string_to_unsigned (value, 10, 0, G_MAXUINT16, &port, NULL))
    return scope_error_usage (error,
                              _("The port “%s” is not valid: a number from 0 (any that is free) to "
                                "65535"), value);

  options->serve_port = port;
  return TRUE;
}

static gboolean
setter_quota (const char *value,
              guint       most,
              guint      *quota,
              GError    **error)
{
  guint64 number;

  if (!setter_number (value, 1, most, &number, error))
    return FALSE;

  *quota = (guint) number;
  return TRUE;
}

SCOPE_CLI_SETTER (max_connections)
{
  return setter_quota (value, SCOPE_SANDBOX_CONNECTIONS, &options->max_connections, error);
}

SCOPE_CLI_SETTER (max_members)
{
  return setter_quota (value, SCOPE_SANDBOX_MEMBERS, &options->max_members, error);
}

SCOPE_CLI_SETTER (demo)
{
  options->demo = TRUE;
  return TRUE;
}

SCOPE_CLI_SETTER (replay)
{
  if (*value == '\0')
    return scope_error_usage (error, _("the name of a file is missing"));

  scope_set_str (&options->replay, value);
  return TRUE;
}

SCOPE_CLI_SETTER (speed)
{
  char *end = NULL;
  double speed = g_ascii_strtod (value, &end);

  if (*value == '\0' || *end != '\0' || !(speed >= MIN_SPEED && speed <= MAX_SPEED))
    return scope_error_usage (error, _("“%s” is no speed: a number from 0.01 to 10000, 2 is twice as fast"), value);

  options->speed = speed;
  return TRUE;
}

static gboolean
setter_app_secret (ScopeCliOptions *options,
                   const char      *variable,
                   GError         **error)
{
  g_autofree char *secret = scope_cli_dup_variable (variable, error);

  if (secret == NULL)
    return FALSE;
  if (!g_utf8_validate (secret, -1, NULL))
    return scope_error_usage (error, _("The environment variable “%s” is no UTF-8 text"), variable);

  scope_secret_unref (options->app_secret);
  options->app_secret = scope_secret_new (secret);
  scope_secret_wipe (secret, strlen (secret));
  return TRUE;
}

SCOPE_CLI_SETTER (app)
{
  g_auto (GStrv) parts = g_strsplit (value, ":", 3);
  guint n_parts = g_strv_length (parts);

  if (n_parts < 2)
    return scope_error_usage (error, _("the app is written KEY:ID or KEY:ID:SECRET-ENV, where SECRET-ENV is the "
                                       "environment variable that holds the secret"));
  if (!scope_check_key (parts[0], error))
    return FALSE;
  if (!scope_cli_check_app_id (parts[1], NULL))
    return scope_error_usage (error, _("the app id of KEY:ID has letters, digits, -, _ and ., at most %d"),
                              MAX_APP_ID_BYTES);
  if (n_parts == 3 && !setter_app_secret (options, parts[2], error))
    return FALSE;

  scope_set_str (&options->app_key, parts[0]);
  scope_set_str (&options->app_id, parts[1]);
  return TRUE;
}

/* trigger */

SCOPE_CLI_SETTER (client)
{
  options->client = TRUE;
  return TRUE;
}

SCOPE_CLI_SETTER (event)
{
  if (*value == '\0' || strlen (value) > SCOPE_LIMIT_EVENT_NAME_BYTES)
    return scope_error_usage (error, _("an event’s name has 1 to %d bytes"),
                              SCOPE_LIMIT_EVENT_NAME_BYTES);

  scope_set_str (&options->event, value);
  return TRUE;
}

SCOPE_CLI_SETTER (data)
{
  ScopeJsonProblem problem;
  g_autofree char *text = NULL;
  g_autofree char *why = NULL;
  gsize length = strlen (value);

  if (*value == '@')
    text = scope_cli_read_file (value + 1, SCOPE_LIMIT_FRAME_BYTES, &length, error);
  else
    text = g_strdup (value);
  if (text == NULL)
    return FALSE;
  if (text[strspn (text, " \t\r\n")] == '\0' && length == strlen (text))
    return scope_error_usage (error, _("there is no data: it is JSON, such as '{\"total\":12}' or '\"a text\"', or {} "
                                       "for none"));

  if (!scope_json_check (text, length, NULL, &problem))
    {
      why = scope_json_problem_to_text (&problem);
      return scope_error_usage (error, _("this is not valid JSON: %s; a text is written with quotes within quotes: "
                                         "--data '\"a text\"'"), why);
    }

  scope_set_str (&options->data, g_strstrip (text));
  return TRUE;
}

SCOPE_CLI_SETTER (socket_id)
{
  if (!scope_socket_id_check (value))
    return scope_error_usage (error, _("“%s” is no socket id: two numbers and a dot, like 123.456"), value);

  scope_set_str (&options->socket_id, value);
  return TRUE;
}

/* Which counts there are is the server's to say. */
SCOPE_CLI_SETTER (info)
{
  scope_set_str (&options->info, *value != '\0' ? value : NULL);
  return TRUE;
}

SCOPE_CLI_SETTER (prefix)
{
  if (strchr (value, '*') != NULL)
    return scope_error_usage (error, _("“%s” is a pattern, and no name has a “*”: a prefix is written without it: "
                                       "--prefix %.*s"), value, (int) strcspn (value, "*"), value);
  scope_set_str (&options->prefix, *value != '\0' ? value : NULL);
  return TRUE;
}

/* Where to connect to */

SCOPE_CLI_SETTER (profile)
{
  scope_set_str (&options->profile, value);
  return TRUE;
}

SCOPE_CLI_SETTER (key)
{
  return scope_cli_set_credential (options->credentials, SCOPE_CREDENTIAL_KEY, value, error);
}

SCOPE_CLI_SETTER (line)
{
  ScopeCredentialKind kind = scope_cli_lines_kind (option->name);
  g_autofree char *line = scope_cli_resolve_line (kind, value, error);
  gboolean added = line != NULL &&
                   scope_cli_add_line (options->credentials, kind, line, error);

  if (line != NULL)
    scope_secret_wipe (line, strlen (line));
  return added;
}

static gboolean
setter_secret_file (ScopeCliOptions    *options,
                    ScopeCredentialKind kind,
                    const char         *path,
                    GError            **error)
{
  g_autofree char *text = scope_cli_read_secret_file (path, error);
  gboolean taken;

  if (text == NULL)
    return FALSE;

  taken = scope_cli_set_credential (options->credentials, kind, text, error);
  scope_secret_wipe (text, strlen (text));
  return taken;
}

SCOPE_CLI_SETTER (secret_file)
{
  return setter_secret_file (options, SCOPE_CREDENTIAL_SECRET, value, error);
}

SCOPE_CLI_SETTER (encryption_key_file)
{
  return setter_secret_file (options, SCOPE_CREDENTIAL_MASTER_KEY, value, error);
}

SCOPE_CLI_SETTER (transports)
{
  return scope_check_transports (value, &options->transports, error);
}

SCOPE_CLI_SETTER (disable_transports)
{
  return scope_check_transports (value, &options->disabled, error);
}

/* Properties of the profile */

static GValue *
setter_add (ScopeCliOptions *options,
            const char      *property,
            GType            type)
{
  ScopeCliSetting *setting = g_new0 (ScopeCliSetting, 1);

  setting->property = property;
  g_ptr_array_add (options->settings, setting);
  return g_value_init (&setting->value, type);
}

SCOPE_CLI_SETTER (text)
{
  if (*value == '\0')
    return scope_error_usage (error, _("the value is empty"));
  if (!option->check (value, error))
    return FALSE;

  g_value_set_string (setter_add (options, option->property, G_TYPE_STRING), value);
  return TRUE;
}

SCOPE_CLI_SETTER (port)
{
  guint port;

  if (!scope_check_port (value, &port, error))
    return FALSE;

  g_value_set_uint (setter_add (options, option->property, G_TYPE_UINT), port);
  return TRUE;
}

SCOPE_CLI_SETTER (seconds)
{
  double seconds;

  if (!scope_check_seconds (value, &seconds, error))
    return FALSE;

  g_value_set_double (setter_add (options, option->property, G_TYPE_DOUBLE), seconds);
  return TRUE;
}

SCOPE_CLI_SETTER (attempts)
{
  guint64 attempts;

  if (!setter_number (value, 1, G_MAXINT, &attempts, error))
    return FALSE;

  g_value_set_uint (setter_add (options, option->property, G_TYPE_UINT), attempts);
  return TRUE;
}

SCOPE_CLI_SETTER (bytes)
{
  guint64 bytes;

  if (!setter_number (value, 1, SCOPE_LIMIT_FRAME_BYTES, &bytes, error))
    return FALSE;

  g_value_set_uint (setter_add (options, option->property, G_TYPE_UINT), bytes);
  return TRUE;
}

SCOPE_CLI_SETTER (true)
{
  g_value_set_boolean (setter_add (options, option->property, G_TYPE_BOOLEAN), TRUE);
  return TRUE;
}

SCOPE_CLI_SETTER (false)
{
  g_value_set_boolean (setter_add (options, option->property, G_TYPE_BOOLEAN), FALSE);
  return TRUE;
}

/* Absolute, for a profile that outlives this directory. */
SCOPE_CLI_SETTER (ca_file)
{
  g_autofree char *path = g_canonicalize_filename (value, NULL);
  g_autoptr (GError) local = NULL;
  /* no pipe: it is read again for each connection */
  GList *certificates = g_file_test (path, G_FILE_TEST_IS_REGULAR) || !g_file_test (path, G_FILE_TEST_EXISTS)
                          ? g_tls_certificate_list_new_from_file (path, &local) : NULL;
  gboolean has_any = certificates != NULL;

  g_list_free_full (certificates, g_object_unref);
  if (local != NULL)
    return scope_error_usage (error, _("The file “%s” can’t be used: %s"), value, local->message);
  if (!has_any)
    return scope_error_usage (error, _("The file “%s” holds no PEM certificate"), value);

  g_value_set_string (setter_add (options, option->property, G_TYPE_STRING), path);
  return TRUE;
}

/**
 * scope_cli_check_app_id:
 * @error: SCOPE_ERROR_USAGE
 *
 * Returns: whether it can be an app id
 */
gboolean
scope_cli_check_app_id (const char *text,
                        GError    **error)
{
  gboolean is_good = *text != '\0' && strlen (text) <= MAX_APP_ID_BYTES;

  for (const char *byte = text; *byte != '\0' && is_good; byte++)
    is_good = g_ascii_isalnum (*byte) || strchr ("-_.", *byte) != NULL;

  return is_good || scope_error_usage (error, _("The app id “%s” is not valid: letters, digits, -, _ and "
                                                "., at most %d"), text, MAX_APP_ID_BYTES);
}

/**
 * scope_cli_check_proxy:
 * @error: SCOPE_ERROR_USAGE, without a password that stands in it
 *
 * What stands in the arguments, every program can read.
 *
 * Returns: whether it is a proxy's URL
 */
gboolean
scope_cli_check_proxy (const char *text,
                       GError    **error)
{
  g_autoptr (GUri) uri = NULL;

  if (!scope_check_proxy (text, error))
    return FALSE;

  uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL);
  return uri == NULL || g_uri_get_password (uri) == NULL ||
         scope_error_usage (error, _("A proxy’s password is a secret and can’t stand in the arguments: "
                                     "set the proxy in the system’s network settings instead"));
}

/**
 * scope_cli_check_auth_transport:
 * @error: SCOPE_ERROR_USAGE
 *
 * Returns: whether it is `ajax` or `jsonp` (protocol.md §4.1)
 */
gboolean
scope_cli_check_auth_transport (const char *text,
                                GError    **error)
{
  return scope_check_auth_transport (text, NULL, error);
}

/**
 * scope_cli_check_auth_method:
 * @error: SCOPE_ERROR_USAGE
 *
 * Returns: whether it is `post` or `get`, in any case
 */
gboolean
scope_cli_check_auth_method (const char *text,
                             GError    **error)
{
  return scope_check_auth_method (text, NULL, error);
}

/**
 * scope_cli_check_user_data:
 * @error: SCOPE_ERROR_USAGE
 *
 * Returns: whether it is user data to sign in with: a JSON object with an id (protocol.md §4.5)
 */
gboolean
scope_cli_check_user_data (const char *text,
                           GError    **error)
{
  return scope_check_user_data (text, NULL, error);
}

/**
 * scope_cli_check_presence_user:
 * @error: SCOPE_ERROR_USAGE
 *
 * Returns: whether it is channel data for presence channels: a JSON object with a user_id (protocol.md §3.4)
 */
gboolean
scope_cli_check_presence_user (const char *text,
                               GError    **error)
{
  g_autofree char *id = NULL;
  g_autofree char *info = NULL;

  return scope_check_presence_user (text, &id, &info, error);
}
