/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-cli"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-text.h"
#include "cli/scope-cli-output.h"
#include "cli/scope-cli-private.h"
#include "cli/scope-cli-secrets.h"
#include "cli/scope-cli-target.h"
#include "json/scope-json.h"
#include "session/scope-config-import.h"

/* `profiles`: what is saved, in the window's own files and keyring items. */

#define MAX_IMPORT_BYTES SCOPE_CONFIG_IMPORT_MAX_BYTES
#define MAX_NAME_BYTES 200

static const char *
profiles_get_argument (ScopeCliOptions *options)
{
  return g_ptr_array_index (options->arguments, 0);
}

static void
profiles_tell_problems (ScopeProfileStore *store)
{
  const char * const *problems = scope_profile_store_get_problems (store);

  for (guint i = 0; problems[i] != NULL; i++)
    scope_cli_message ("%s", problems[i]);
}

static void
profiles_append_member (GString    *line,
                        const char *key,
                        const char *value)
{
  g_string_append_printf (line, "%s\"%s\":", line->str[line->len - 1] == '{' ? "" : ",", key);
  scope_json_append_string (line, value, -1);
}

/* list */

static void
profiles_print_row (ScopeProfile *profile,
                    gboolean      ndjson)
{
  g_autofree char *place = scope_profile_dup_place (profile);
  g_autoptr (GString) line = g_string_new (NULL);

  if (ndjson)
    {
      g_string_append_c (line, '{');
      profiles_append_member (line, "name", scope_profile_get_name (profile));
      profiles_append_member (line, "id", scope_profile_get_id (profile));
      profiles_append_member (line, "place", place);
      g_string_append (line, "}\n");
    }
  else
    {
      g_autofree char *name = scope_text_for_display (scope_profile_get_name (profile), -1, 512);

      g_string_append_printf (line, "%s  %s\n", name, place);
    }
  scope_cli_output_write (line->str, line->len);
}

int
scope_cli_profiles_list (ScopeCliOptions *options)
{
  g_autoptr (ScopeProfileStore) store = scope_profile_store_new (NULL);
  gboolean ndjson = scope_cli_options_is_ndjson (options);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (store));

  profiles_tell_problems (store);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (ScopeProfile) profile = g_list_model_get_item (G_LIST_MODEL (store), i);

      profiles_print_row (profile, ndjson);
    }
  if (n == 0 && !ndjson)
    scope_cli_message (_("No profile is saved: channelscope-cli profiles add NAME --key KEY saves one"));
  return SCOPE_CLI_DONE;
}

/* show */

static void
profiles_append_list (GString            *json,
                      const char * const *texts)
{
  g_string_append_c (json, '[');
  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      scope_json_append_string (json, texts[i], -1);
    }
  g_string_append_c (json, ']');
}

static void
profiles_append_value (GString      *json,
                       const GValue *value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  switch (G_VALUE_TYPE (value))
    {
    case G_TYPE_BOOLEAN:
      g_string_append (json, g_value_get_boolean (value) ? "true" : "false");
      break;
    case G_TYPE_UINT:
      g_string_append_printf (json, "%u", g_value_get_uint (value));
      break;
    case G_TYPE_DOUBLE:
      g_string_append (json, g_ascii_formatd (number, sizeof number, "%.15g",
                                              g_value_get_double (value)));
      break;
    case G_TYPE_STRING:
      scope_json_append_string (json, g_value_get_string (value), -1);
      break;
    default:
      profiles_append_list (json, g_value_get_boxed (value));
    }
}

static void
profiles_append_property (GString      *out,
                          gboolean      ndjson,
                          const char   *name,
                          const GValue *value)
{
  if (ndjson)
    {
      g_string_append_printf (out, "%s\"%s\":", out->str[out->len - 1] == '{' ? "" : ",", name);
      profiles_append_value (out, value);
      return;
    }

  g_string_append_printf (out, "%s: ", name);
  if (G_VALUE_HOLDS_STRING (value))
    {
      g_autofree char *shown = scope_text_for_display (g_value_get_string (value), -1, 4096);

      g_string_append (out, shown);
    }
  else
    profiles_append_value (out, value);
  g_string_append_c (out, '\n');
}

static gboolean
profiles_is_default (GParamSpec   *pspec,
                     const GValue *value)
{
  if (G_VALUE_HOLDS (value, G_TYPE_STRV))
    return g_value_get_boxed (value) == NULL || *(char **) g_value_get_boxed (value) == NULL;
  return g_param_value_defaults (pspec, value);
}

/* the name, and whatever is not as it would be anyway */
static void
profiles_append_properties (GString      *out,
                            gboolean      ndjson,
                            ScopeProfile *profile)
{
  guint n;
  g_autofree GParamSpec **pspecs =
    g_object_class_list_properties (G_OBJECT_GET_CLASS (profile), &n);

  for (guint i = 0; i < n; i++)
    {
      g_auto (GValue) value = G_VALUE_INIT;

      g_object_get_property (G_OBJECT (profile), pspecs[i]->name, &value);
      if (!profiles_is_default (pspecs[i], &value))
        profiles_append_property (out, ndjson, pspecs[i]->name, &value);
    }
}

/* that they are there, never what they are */
static void
profiles_append_credentials (GString          *out,
                             gboolean          ndjson,
                             ScopeCredentials *credentials)
{
  for (int kind = 0; kind < SCOPE_N_CREDENTIALS; kind++)
    {
      const char *name = scope_credential_kind_to_name (kind);

      if (scope_credentials_peek (credentials, kind) == NULL)
        continue;
      if (ndjson)
        profiles_append_member (out, name, SCOPE_REDACTED);
      else
        g_string_append_printf (out, "%s: %s\n", name, SCOPE_REDACTED);
    }
}

int
scope_cli_profiles_show (ScopeCliOptions *options)
{
  g_autoptr (ScopeProfileStore) store = scope_profile_store_new (NULL);
  g_autoptr (ScopeCredentials) credentials = NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  gboolean ndjson = scope_cli_options_is_ndjson (options);
  ScopeProfile *profile = scope_cli_target_find (store, profiles_get_argument (options), &error);

  if (profile == NULL)
    return scope_cli_fail (error);

  g_string_append (out, ndjson ? "{" : "");
  profiles_append_properties (out, ndjson, profile);
  credentials = scope_cli_keyring_lookup (scope_profile_get_id (profile), 0, &error);
  if (credentials != NULL)
    profiles_append_credentials (out, ndjson, credentials);
  else if (scope_cli_fail (error) == SCOPE_CLI_INTERRUPTED)
    return SCOPE_CLI_INTERRUPTED;
  g_string_append (out, ndjson ? "}\n" : "");

  scope_cli_output_write (out->str, out->len);
  return SCOPE_CLI_DONE;
}

/* add */

static gboolean
profiles_check_name (ScopeProfileStore *store,
                     const char        *name,
                     GError           **error)
{
  if (*name == '\0' || strlen (name) > MAX_NAME_BYTES || strpbrk (name, "\r\n") != NULL)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                 _("A profile’s name is one line of 1 to %d bytes"), MAX_NAME_BYTES);
  else if (scope_profile_store_find_by_name (store, name) != NULL)
    g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_EXISTS,
                 _("There is a profile “%s” already"), name);
  else
    return TRUE;
  return FALSE;
}

/* Before its secrets are stored anywhere: its file could be read again. */
static gboolean
profiles_check (ScopeProfile *profile,
                GError      **error)
{
  g_autofree char *text = scope_profile_to_key_file (profile);
  g_autoptr (ScopeProfile) again =
    scope_profile_new_from_key_file (text, strlen (text), error);

  return again != NULL;
}

static ScopeProfile *
profiles_build (ScopeCliOptions *options,
                GError         **error)
{
  ScopeCredentials *credentials = options->credentials;
  g_autoptr (ScopeProfile) profile = scope_profile_new (profiles_get_argument (options));

  if (!scope_cli_target_apply (options, profile, error) ||
      !scope_cli_add_environment (credentials, error) ||
      !scope_cli_add_standard_input (credentials, error) ||
      !scope_cli_target_check (profile, credentials, error) ||
      !profiles_check (profile, error))
    return NULL;

  /* with the secret one could publish: that shall be asked once */
  if (scope_credentials_peek (credentials, SCOPE_CREDENTIAL_SECRET) != NULL)
    g_object_set (profile, "read-only", TRUE, NULL);
  return g_steal_pointer (&profile);
}

/* The keyring first: without it there is no profile. */
static gboolean
profiles_save (ScopeProfileStore *store,
               ScopeProfile      *profile,
               ScopeCredentials  *credentials,
               GError           **error)
{
  if (!scope_cli_keyring_store (profile, credentials, error))
    {
      if (!g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_prefix_error (error, _("The profile “%s” is not saved: "),
                        scope_profile_get_name (profile));
      return FALSE;
    }
  if (scope_profile_store_save (store, profile, error))
    return TRUE;

  scope_cli_keyring_clear (scope_profile_get_id (profile), NULL);
  return FALSE;
}

int
scope_cli_profiles_add (ScopeCliOptions *options)
{
  g_autoptr (ScopeProfileStore) store = scope_profile_store_new (NULL);
  g_autoptr (ScopeProfile) profile = NULL;
  g_autoptr (GError) error = NULL;

  if (!profiles_check_name (store, profiles_get_argument (options), &error))
    return scope_cli_fail (error);

  profile = profiles_build (options, &error);
  if (profile == NULL || !profiles_save (store, profile, options->credentials, &error))
    return scope_cli_fail (error);

  profiles_print_row (profile, scope_cli_options_is_ndjson (options));
  return SCOPE_CLI_DONE;
}

/* remove */

int
scope_cli_profiles_remove (ScopeCliOptions *options)
{
  g_autoptr (ScopeProfileStore) store = scope_profile_store_new (NULL);
  g_autoptr (GError) error = NULL;
  ScopeProfile *profile = scope_cli_target_find (store, profiles_get_argument (options), &error);
  g_autofree char *id = NULL;

  if (profile == NULL)
    return scope_cli_fail (error);

  /* a locked keyring still has them: better to keep what says so */
  id = g_strdup (scope_profile_get_id (profile));
  if (!scope_cli_keyring_clear (id, &error))
    {
      if (!g_error_matches (error, SCOPE_ERROR, SCOPE_ERROR_KEYRING_ABSENT))
        return scope_cli_fail (error);
      scope_cli_message ("%s", error->message);
      g_clear_error (&error);
    }
  if (!scope_profile_store_remove (store, id, &error))
    return scope_cli_fail (error);
  return SCOPE_CLI_DONE;
}

/* export, import */

int
scope_cli_profiles_export (ScopeCliOptions *options)
{
  g_autoptr (ScopeProfileStore) store = scope_profile_store_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  ScopeProfile *profile = scope_cli_target_find (store, profiles_get_argument (options), &error);

  if (profile == NULL)
    return scope_cli_fail (error);

  text = scope_profile_to_key_file (profile);
  return scope_cli_output_write (text, strlen (text)) ? SCOPE_CLI_DONE : SCOPE_CLI_NOT_DONE;
}

/* the same file twice is two profiles, if the name allows it */
static ScopeProfile *
profiles_with_free_id (ScopeProfileStore *store,
                       ScopeProfile      *profile)
{
  ScopeProfile *other;

  if (scope_profile_store_find (store, scope_profile_get_id (profile)) == NULL)
    return g_object_ref (profile);

  other = scope_profile_new (scope_profile_get_name (profile));
  scope_profile_assign (other, profile);
  return other;
}

/* A file, or with "-" standard input. It may hold secrets. */
static ScopeConfigImport *
profiles_read_import (const char *path,
                      GError    **error)
{
  gboolean is_stdin = strcmp (path, "-") == 0;
  gsize length = 0;
  char *text =
    scope_cli_read_file (is_stdin ? "/dev/stdin" : path, MAX_IMPORT_BYTES, &length, error);
  ScopeConfigImport *import;

  if (text == NULL)
    return NULL;

  import = scope_config_import_parse (text, length, error);
  scope_secret_wipe (text, length);
  g_free (text);
  if (import == NULL)
    g_prefix_error (error, "%s: ", is_stdin ? _("standard input") : path);
  return import;
}

/* Where the name was only proposed, another will do. */
static gboolean
profiles_choose_name (ScopeProfileStore *store,
                      ScopeConfigImport *import,
                      ScopeProfile      *profile,
                      GError           **error)
{
  const char *name = scope_profile_get_name (profile);

  if (!import->own)
    {
      g_autofree char *free_name =
        scope_profile_store_dup_free_name (store, *name != '\0' ? name : _("Imported"));

      g_object_set (profile, "name", free_name, NULL);
    }
  return profiles_check_name (store, scope_profile_get_name (profile), error);
}

static gboolean
profiles_has_credentials (ScopeCredentials *credentials)
{
  for (int kind = 0; kind < SCOPE_N_CREDENTIALS; kind++)
    if (scope_credentials_peek (credentials, kind) != NULL)
      return TRUE;
  return FALSE;
}

static ScopeProfile *
profiles_import (ScopeProfileStore *store,
                 ScopeConfigImport *import,
                 GError           **error)
{
  g_autoptr (ScopeProfile) profile = profiles_with_free_id (store, import->profile);

  if (!profiles_choose_name (store, import, profile, error) || !profiles_check (profile, error))
    return NULL;
  if (profiles_has_credentials (import->credentials)
        ? !profiles_save (store, profile, import->credentials, error)
        : !scope_profile_store_save (store, profile, error))
    return NULL;
  return g_steal_pointer (&profile);
}

int
scope_cli_profiles_import (ScopeCliOptions *options)
{
  g_autoptr (ScopeProfileStore) store = scope_profile_store_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (ScopeProfile) profile = NULL;
  g_autoptr (ScopeConfigImport) import =
    profiles_read_import (profiles_get_argument (options), &error);

  if (import == NULL)
    return scope_cli_fail (error);

  profile = profiles_import (store, import, &error);
  if (profile == NULL)
    return scope_cli_fail (error);

  for (guint i = 0; import->notes[i] != NULL; i++)
    scope_cli_message ("%s", import->notes[i]);
  profiles_print_row (profile, scope_cli_options_is_ndjson (options));
  return SCOPE_CLI_DONE;
}
