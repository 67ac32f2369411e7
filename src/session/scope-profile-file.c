/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-profile"

#include "config.h"

#include "session/scope-profile-private.h"

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "net/scope-option-checks.h"
#include "session/scope-discovery-rule.h"
#include "protocol/scope-channel-name.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A profile's key file. Only what differs from the default is written, so that a default may
 * change; what this version does not know stays as it was. Keys are called as the properties. */

#define GROUP_PROFILE "Profile"
#define GROUP_CONNECTION "Connection"
#define GROUP_API "HTTP API"
#define KEY_ID "id"

typedef gboolean (*ProfileCheckFunc) (const char *text,
                                      GError    **error);

typedef struct
{
  const char *group;
  const char *key;
  ProfileCheckFunc check; /* of a text; numbers are checked by their property's type */
} ProfileField;

static gboolean
profile_check_port (const char *text,
                    GError    **error)
{
  return scope_check_port (text, NULL, error);
}

static gboolean
profile_check_seconds (const char *text,
                       GError    **error)
{
  return scope_check_seconds (text, NULL, error);
}

static gboolean
profile_check_attempts (const char *text,
                        GError    **error)
{
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, NULL, NULL))
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
               _("“%s” is no number of attempts: a whole number, 0 for no limit"), text);
  return FALSE;
}

static gboolean
profile_check_transports (const char *text,
                          GError    **error)
{
  ScopeTransportKinds kinds;

  return scope_check_transports (text, &kinds, error);
}

static gboolean
profile_check_max_data (const char *text,
                        GError    **error)
{
  if (g_ascii_string_to_unsigned (text, 10, 0, SCOPE_LIMIT_FRAME_BYTES, NULL, NULL))
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
               _("“%s” is no number of bytes: a whole number up to %d, 0 for the usual limit"),
               text, SCOPE_LIMIT_FRAME_BYTES);
  return FALSE;
}

static gboolean
profile_check_plan (const char *text,
                    GError    **error)
{
  if (g_ascii_string_to_unsigned (text, 10, 0, G_MAXUINT, NULL, NULL))
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
               _("“%s” is no number of messages a day: a whole number, 0 for no plan"), text);
  return FALSE;
}

static gboolean
profile_check_share (const char *text,
                     GError    **error)
{
  if (g_ascii_string_to_unsigned (text, 10, 0, 100, NULL, NULL))
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
               _("“%s” is no per cent of a plan: a whole number up to 100, 0 for no bound"), text);
  return FALSE;
}

static gboolean
profile_check_auth_transport (const char *text,
                              GError    **error)
{
  return scope_check_auth_transport (text, NULL, error);
}

static gboolean
profile_check_auth_method (const char *text,
                           GError    **error)
{
  return scope_check_auth_method (text, NULL, error);
}

static gboolean
profile_check_user_data (const char *text,
                         GError    **error)
{
  return scope_check_user_data (text, NULL, error);
}

static gboolean
profile_check_user (const char *text,
                    GError    **error)
{
  g_autofree char *id = NULL;
  g_autofree char *info = NULL;

  return scope_check_presence_user (text, &id, &info, error);
}

/* The file is no place for a password. */
static gboolean
profile_check_proxy (const char *text,
                     GError    **error)
{
  g_autoptr (GUri) uri = NULL;

  if (!scope_check_proxy (text, error))
    return FALSE;

  uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL);
  if (uri == NULL || g_uri_get_password (uri) == NULL)
    return TRUE;

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("The proxy’s password can’t be saved in a profile: set the proxy in the "
                         "system’s network settings instead"));
  return FALSE;
}

static gboolean
profile_check_switch (const char *text,
                      GError    **error)
{
  if (strcmp (text, "true") == 0 || strcmp (text, "false") == 0)
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("“%s” is neither true nor false"), text);
  return FALSE;
}

static const ProfileField profile_fields[] = {
  { GROUP_PROFILE, "name", NULL },
  { GROUP_PROFILE, "connect-at-start", profile_check_switch },
  { GROUP_PROFILE, "read-only", profile_check_switch },
  { GROUP_PROFILE, "subscriptions", NULL },
  { GROUP_PROFILE, "unseen", NULL },
  { GROUP_PROFILE, "name-field", NULL },
  { GROUP_PROFILE, "discovery-rules", NULL },
  { GROUP_CONNECTION, "cluster", scope_check_cluster },
  { GROUP_CONNECTION, "host", scope_check_host },
  { GROUP_CONNECTION, "port", profile_check_port },
  { GROUP_CONNECTION, "wss-port", profile_check_port },
  { GROUP_CONNECTION, "path", scope_check_path },
  { GROUP_CONNECTION, "whole-path", profile_check_switch },
  { GROUP_CONNECTION, "use-tls", profile_check_switch },
  { GROUP_CONNECTION, "ca-file", NULL },
  { GROUP_CONNECTION, "origin", scope_check_origin },
  { GROUP_CONNECTION, "proxy", profile_check_proxy },
  { GROUP_CONNECTION, "transports", profile_check_transports },
  { GROUP_CONNECTION, "disabled-transports", profile_check_transports },
  { GROUP_CONNECTION, "http-host", scope_check_host },
  { GROUP_CONNECTION, "http-port", profile_check_port },
  { GROUP_CONNECTION, "https-port", profile_check_port },
  { GROUP_CONNECTION, "http-path", scope_check_path },
  { GROUP_CONNECTION, "auth-endpoint", scope_check_endpoint },
  { GROUP_CONNECTION, "auth-transport", profile_check_auth_transport },
  { GROUP_CONNECTION, "auth-method", profile_check_auth_method },
  { GROUP_CONNECTION, "user-endpoint", scope_check_endpoint },
  { GROUP_CONNECTION, "user-transport", profile_check_auth_transport },
  { GROUP_CONNECTION, "user-method", profile_check_auth_method },
  { GROUP_CONNECTION, "user-data", profile_check_user_data },
  { GROUP_CONNECTION, "activity-timeout", profile_check_seconds },
  { GROUP_CONNECTION, "pong-timeout", profile_check_seconds },
  { GROUP_CONNECTION, "unavailable-timeout", profile_check_seconds },
  { GROUP_CONNECTION, "connect-timeout", profile_check_seconds },
  { GROUP_CONNECTION, "reconnect-delay", profile_check_seconds },
  { GROUP_CONNECTION, "max-delay", profile_check_seconds },
  { GROUP_CONNECTION, "max-attempts", profile_check_attempts },
  { GROUP_CONNECTION, "max-data", profile_check_max_data },
  { GROUP_CONNECTION, "presence-user", profile_check_user },
  { GROUP_API, "app-id", NULL },
  { GROUP_API, "api-host", scope_check_host },
  { GROUP_API, "api-port", profile_check_port },
  { GROUP_API, "plan-messages", profile_check_plan },
  { GROUP_API, "plan-share", profile_check_share },
};

/* Writing */

static void
profile_write_value (GKeyFile           *file,
                     const ProfileField *field,
                     const GValue       *value)
{
  char seconds[G_ASCII_DTOSTR_BUF_SIZE];
  const char * const *list;

  switch (G_VALUE_TYPE (value))
    {
    case G_TYPE_STRING:
      g_key_file_set_string (file, field->group, field->key, g_value_get_string (value));
      break;
    case G_TYPE_BOOLEAN:
      g_key_file_set_boolean (file, field->group, field->key, g_value_get_boolean (value));
      break;
    case G_TYPE_UINT:
      g_key_file_set_uint64 (file, field->group, field->key, g_value_get_uint (value));
      break;
    case G_TYPE_DOUBLE:
      g_ascii_formatd (seconds, sizeof seconds, "%.15g", g_value_get_double (value));
      g_key_file_set_value (file, field->group, field->key, seconds);
      break;
    default:
      list = g_value_get_boxed (value);
      g_key_file_set_string_list (file, field->group, field->key, list,
                                  g_strv_length ((char **) list));
    }
}

static gboolean
profile_value_is_default (ScopeProfile       *self,
                          const ProfileField *field,
                          const GValue       *value)
{
  GParamSpec *pspec = g_object_class_find_property (G_OBJECT_GET_CLASS (self), field->key);

  if (G_VALUE_TYPE (value) == G_TYPE_STRV)
    return g_value_get_boxed (value) == NULL || *(char **) g_value_get_boxed (value) == NULL;
  return g_param_value_defaults (pspec, value);
}

/* An address, whose user name and password must not get into the file. */
static gboolean
profile_field_may_hold_password (const ProfileField *field)
{
  return field->check == profile_check_proxy || field->check == scope_check_endpoint;
}

static void
profile_write_field (ScopeProfile       *self,
                     GKeyFile           *file,
                     const ProfileField *field)
{
  const GValue *value = _scope_profile_peek (self, field->key);

  if (profile_value_is_default (self, field, value))
    g_key_file_remove_key (file, field->group, field->key, NULL);
  else if (!profile_field_may_hold_password (field) ||
           field->check (g_value_get_string (value), NULL))
    profile_write_value (file, field, value);
}

static GKeyFile *
profile_new_key_file (ScopeProfile *self)
{
  GKeyFile *origin = _scope_profile_get_origin (self);
  GKeyFile *file = g_key_file_new ();
  g_autofree char *text = NULL;
  gsize length;

  if (origin == NULL)
    return file;

  text = g_key_file_to_data (origin, &length, NULL);
  g_key_file_load_from_data (file, text, length,
                             G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS, NULL);
  return file;
}

/**
 * scope_profile_to_key_file:
 * @self: a profile
 *
 * The profile as key file text: what differs from the defaults, and what its own file held that
 * this version does not know. Nothing in it is secret.
 *
 * Returns: (transfer full): the text
 */
char *
scope_profile_to_key_file (ScopeProfile *self)
{
  g_autoptr (GKeyFile) file = NULL;

  g_return_val_if_fail (SCOPE_IS_PROFILE (self), NULL);

  file = profile_new_key_file (self);
  g_key_file_set_string (file, GROUP_PROFILE, KEY_ID, scope_profile_get_id (self));
  for (guint i = 0; i < G_N_ELEMENTS (profile_fields); i++)
    profile_write_field (self, file, &profile_fields[i]);

  return g_key_file_to_data (file, NULL, NULL);
}

/* Reading */

static gboolean
profile_read_channels (ScopeProfile       *self,
                       GKeyFile           *file,
                       const ProfileField *field,
                       GError            **error)
{
  gsize length;
  g_auto (GStrv) names =
    g_key_file_get_string_list (file, field->group, field->key, &length, error);

  if (names == NULL)
    return FALSE;
  if (length > SCOPE_LIMIT_CHANNELS)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                   _("There are %zu channels; %d are allowed"), length,
                   SCOPE_LIMIT_CHANNELS);
      return FALSE;
    }
  for (char **name = names; *name != NULL; name++)
    if (!scope_channel_name_check (*name, NULL, error))
      return FALSE;

  g_object_set (self, field->key, names, NULL);
  return TRUE;
}

static gboolean
profile_read_rules (ScopeProfile       *self,
                    GKeyFile           *file,
                    const ProfileField *field,
                    GError            **error)
{
  gsize length;
  g_auto (GStrv) texts =
    g_key_file_get_string_list (file, field->group, field->key, &length, error);

  if (texts == NULL)
    return FALSE;
  if (length > SCOPE_LIMIT_DISCOVERY_RULES)
    return scope_error_usage (error, _("There are %zu rules; %d are allowed"), length,
                              SCOPE_LIMIT_DISCOVERY_RULES);
  for (char **text = texts; *text != NULL; text++)
    {
      g_autoptr (ScopeDiscoveryRule) rule = scope_discovery_rule_new_from_text (*text, error);

      if (rule == NULL)
        return FALSE;
    }

  g_object_set (self, field->key, texts, NULL);
  return TRUE;
}

static void
profile_take_text (ScopeProfile *self,
                   const char   *property,
                   const char   *text)
{
  switch (G_VALUE_TYPE (_scope_profile_peek (self, property)))
    {
    case G_TYPE_STRING:
      g_object_set (self, property, text, NULL);
      break;
    case G_TYPE_BOOLEAN:
      g_object_set (self, property, strcmp (text, "true") == 0, NULL);
      break;
    case G_TYPE_UINT:
      g_object_set (self, property, (guint) g_ascii_strtoull (text, NULL, 10), NULL);
      break;
    default:
      g_object_set (self, property, g_ascii_strtod (text, NULL), NULL);
    }
}

static gboolean
profile_read_value (ScopeProfile       *self,
                    GKeyFile           *file,
                    const ProfileField *field,
                    GError            **error)
{
  g_autofree char *text = NULL;

  if (strcmp (field->key, "discovery-rules") == 0)
    return profile_read_rules (self, file, field, error);
  if (G_VALUE_TYPE (_scope_profile_peek (self, field->key)) == G_TYPE_STRV)
    return profile_read_channels (self, file, field, error);

  text = g_key_file_get_string (file, field->group, field->key, error);
  if (text == NULL)
    return FALSE;
  g_strchomp (text);
  if (field->check != NULL && !field->check (text, error))
    return FALSE;

  profile_take_text (self, field->key, text);
  return TRUE;
}

/* Whatever is wrong with a value, the message begins with its key. */
static gboolean
profile_read_field (ScopeProfile       *self,
                    GKeyFile           *file,
                    const ProfileField *field,
                    GError            **error)
{
  g_autoptr (GError) local = NULL;

  if (!g_key_file_has_key (file, field->group, field->key, NULL))
    return TRUE;
  if (profile_read_value (self, file, field, &local))
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, "[%s] %s: %s", field->group, field->key,
               local->message);
  return FALSE;
}

/* "appSecret", "app_secret" and "App-Secret" are one name: "app-secret"; key[de] is key. */
static char *
profile_normalize_key (const char *line,
                       gsize       length)
{
  GString *name = g_string_new (NULL);

  for (gsize i = 0; i < length && strchr ("=[", line[i]) == NULL; i++)
    {
      if (g_ascii_isspace (line[i]))
        continue;
      if (i > 0 && g_ascii_isupper (line[i]) && g_ascii_islower (line[i - 1]))
        g_string_append_c (name, '-');
      g_string_append_c (name, strchr ("_.", line[i]) != NULL ? '-' : g_ascii_tolower (line[i]));
    }
  return g_string_free (name, FALSE);
}

static gboolean
profile_is_field (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (profile_fields); i++)
    if (strcmp (profile_fields[i].key, name) == 0)
      return TRUE;
  return FALSE;
}

/* Called like one of the secrets, in the names of this program, of client libraries or of sense. */
static gboolean
profile_is_credential (const char *name)
{
  static const char * const prefixes[] = { "auth-", "user-" };
  static const char * const words[] = {
    "key", "secret", "header", "headers", "password", "passphrase", "token", "auth",
  };
  const char *dash = strrchr (name, '-');
  const char *last = dash != NULL ? dash + 1 : name;

  if (profile_is_field (name))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]))
      return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strcmp (last, words[i]) == 0)
      return TRUE;
  return FALSE;
}

static gboolean
profile_line_is_credential (const char *line,
                            gsize       length)
{
  g_autofree char *name = NULL;

  while (length > 0 && (g_ascii_isspace (*line) || *line == '#'))
    {
      line++;
      length--;
    }
  if (length == 0 || *line == '[' || memchr (line, '=', length) == NULL)
    return FALSE;

  name = profile_normalize_key (line, length);
  return profile_is_credential (name);
}

/* What is not known is kept and written again, so secrets must not get in: lines that look like
 * one are left out, in whatever group, commented out or not. */
static GString *
profile_drop_credentials (const char *text,
                          gsize       length)
{
  GString *kept = g_string_sized_new (length);

  while (length > 0)
    {
      const char *end = memchr (text, '\n', length);
      gsize size = end != NULL ? (gsize) (end - text) + 1 : length;

      if (!profile_line_is_credential (text, size))
        g_string_append_len (kept, text, size);
      text += size;
      length -= size;
    }
  return kept;
}

static GKeyFile *
profile_parse (const char *text,
               gsize       length,
               GError    **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GString) kept = NULL;
  g_autoptr (GError) local = NULL;

  if (length > SCOPE_PROFILE_MAX_BYTES)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                   _("A profile of %zu bytes is too large: %d are allowed"), length,
                   SCOPE_PROFILE_MAX_BYTES);
      return NULL;
    }

  kept = profile_drop_credentials (text, length);
  if (!g_key_file_load_from_data (file, kept->str, kept->len,
                                  G_KEY_FILE_KEEP_COMMENTS | G_KEY_FILE_KEEP_TRANSLATIONS,
                                  &local))
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("This is no profile: %s"),
                 local->message);
  else if (!g_key_file_has_group (file, GROUP_PROFILE))
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("This is no profile: the group [%s] is missing"), GROUP_PROFILE);
  else
    return g_steal_pointer (&file);

  return NULL;
}

/* What must not be stored as it is. */
static gboolean
profile_check_addresses (ScopeProfile *self,
                         GError      **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (profile_fields); i++)
    {
      const ProfileField *field = &profile_fields[i];
      const char *text;

      if (!profile_field_may_hold_password (field))
        continue;
      text = g_value_get_string (_scope_profile_peek (self, field->key));
      if (text != NULL && !field->check (text, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
_scope_profile_check (ScopeProfile *self,
                      GError      **error)
{
  const char *problem = NULL;

  if (!g_uuid_string_is_valid (scope_profile_get_id (self)))
    problem = _("[Profile] id: a UUID is needed");
  else if (*scope_profile_get_name (self) == '\0')
    problem = _("[Profile] name: a profile needs a name");

  if (problem != NULL)
    {
      g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, problem);
      return FALSE;
    }
  return profile_check_addresses (self, error);
}

/**
 * scope_profile_new_from_key_file:
 * @text: key file text
 * @length: its bytes
 * @error: return location for a `SCOPE_ERROR_USAGE` that names the group and key that is wrong
 *
 * The reverse of scope_profile_to_key_file(). A file without an id gets a new one. What this
 * version does not know is kept and written again, but for keys that are called like a secret
 * (`key`, `app-secret`, `headers`, `auth-…` …): those are dropped.
 *
 * Returns: (transfer full) (nullable): a profile, or `NULL` with @error set
 */
ScopeProfile *
scope_profile_new_from_key_file (const char *text,
                                 gsize       length,
                                 GError    **error)
{
  g_autoptr (GKeyFile) file = NULL;
  g_autoptr (ScopeProfile) self = NULL;
  g_autofree char *id = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  file = profile_parse (text, length, error);
  if (file == NULL)
    return NULL;

  id = g_key_file_get_string (file, GROUP_PROFILE, KEY_ID, NULL);
  self = scope_profile_new_with_id (id, "");
  for (guint i = 0; i < G_N_ELEMENTS (profile_fields); i++)
    if (!profile_read_field (self, file, &profile_fields[i], error))
      return NULL;
  if (!_scope_profile_check (self, error))
    return NULL;

  _scope_profile_set_origin (self, file);
  return g_steal_pointer (&self);
}
