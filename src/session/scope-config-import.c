/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-config"

#include "config.h"

#include "session/scope-config-import-private.h"

#include "base/scope-error.h"
#include "base/scope-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Recognising what a text is. In this order: our own profile; a call of Pusher, Echo and their like;
 * variables of a .env file; a bare object. Variables beside a call say what process.env.NAME is. */

#define MAX_NAME_BYTES 80

/**
 * _scope_config_import_has_member:
 *
 * Returns: whether an object has a member for @option, whatever it is called there
 */
gboolean
_scope_config_import_has_member (ScopeConfigValue *object,
                                 ScopeConfigOption option)
{
  const char *reason;

  for (guint i = 0; object->names != NULL && i < object->names->len; i++)
    {
      const char *name = g_ptr_array_index (object->names, i);

      if (name != NULL && scope_config_option_find (name, &reason) == option)
        return TRUE;
    }
  return FALSE;
}

static gboolean
import_check_broadcaster (ScopeConfigDraft *draft,
                          GError          **error)
{
  static const char * const known[] = { "pusher", "reverb", "soketi", NULL };
  ScopeConfigValue *value = draft->values[SCOPE_CONFIG_BROADCASTER];

  if (value == NULL || value->text == NULL || g_strv_contains (known, value->text))
    return TRUE;

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("This broadcaster speaks another protocol: “pusher” and “reverb” can be "
                         "watched here"));
  return FALSE;
}

static ScopeConfigImport *
import_finish (ScopeConfigDraft *draft,
               const char       *source)
{
  ScopeConfigImport *self = g_new0 (ScopeConfigImport, 1);

  self->source = g_strdup (source);
  self->profile = g_object_ref (draft->profile);
  self->credentials = scope_credentials_ref (draft->credentials);
  g_ptr_array_add (draft->notes, NULL);
  self->notes = (char **) g_ptr_array_steal (draft->notes, NULL);
  scope_config_draft_free (draft);
  return self;
}

static void
import_set_name (ScopeConfigDraft *draft)
{
  const char *app = scope_config_env_lookup (draft->variables, "APP_NAME");
  g_autofree char *shown = NULL;
  g_autofree char *host = NULL;
  g_autofree char *cluster = NULL;
  g_autofree char *name = NULL;

  g_object_get (draft->profile, "host", &host, "cluster", &cluster, NULL);
  if (app != NULL)
    shown = g_strstrip (scope_text_for_display (app, -1, MAX_NAME_BYTES));
  if (shown != NULL && *shown != '\0')
    name = g_steal_pointer (&shown);
  else if (host != NULL)
    name = g_strdup (host);
  else if (cluster != NULL)
    name = g_strdup_printf (_("App on %s"), cluster);
  if (name != NULL)
    g_object_set (draft->profile, "name", name, NULL);
}

/**
 * _scope_config_import_apply:
 * @draft: (transfer full): all that was found
 * @source: what it was found in, translated
 * @error: SCOPE_ERROR_USAGE: it speaks another protocol
 *
 * Returns: (transfer full) (nullable): the import
 */
ScopeConfigImport *
_scope_config_import_apply (ScopeConfigDraft *draft,
                            const char       *source,
                            GError          **error)
{
  if (!import_check_broadcaster (draft, error))
    {
      scope_config_draft_free (draft);
      return NULL;
    }

  scope_config_draft_apply (draft);
  import_set_name (draft);
  return import_finish (draft, source);
}

/**
 * _scope_config_import_get_source:
 *
 * Returns: what such options are called, translated
 */
const char *
_scope_config_import_get_source (ScopeConfigStyle style)
{
  switch (style)
    {
    case SCOPE_CONFIG_STYLE_ECHO:
      return _("Options of Laravel Echo");
    case SCOPE_CONFIG_STYLE_SERVER:
      return _("Options of a server library");
    case SCOPE_CONFIG_STYLE_OTHER:
      return _("A call in another language");
    case SCOPE_CONFIG_STYLE_ENV:
      return _("Variables of a .env file");
    case SCOPE_CONFIG_STYLE_CLIENT:
    default:
      return _("Options of pusher-js");
    }
}

/* A bare object, as in JSON */

static ScopeConfigImport *
import_parse_object (ScopeConfigText *self,
                     gsize       offset,
                     gboolean   *found,
                     GError    **error)
{
  g_autoptr (ScopeConfigValue) object =
    scope_config_scan (self->text, self->length, &offset, error);
  ScopeConfigStyle style = SCOPE_CONFIG_STYLE_CLIENT;
  ScopeConfigDraft *draft;

  *found = object == NULL;
  if (object == NULL || object->kind != SCOPE_CONFIG_OBJECT)
    return NULL;

  if (_scope_config_import_has_member (object, SCOPE_CONFIG_BROADCASTER))
    style = SCOPE_CONFIG_STYLE_ECHO;
  else if (_scope_config_import_has_member (object, SCOPE_CONFIG_SECRET))
    style = SCOPE_CONFIG_STYLE_SERVER;
  draft = scope_config_draft_new (style, self->variables);
  scope_config_draft_set_members (draft, object);
  *found = draft->n_known > 0;
  if (*found)
    return _scope_config_import_apply (draft, _scope_config_import_get_source (style), error);

  scope_config_draft_free (draft);
  return NULL;
}

/* Our own */

static gboolean
import_is_profile (const char *text)
{
  return g_str_has_prefix (text, "[Profile]") || strstr (text, "\n[Profile]") != NULL;
}

static ScopeConfigImport *
import_parse_profile (ScopeConfigText *self,
                      GError    **error)
{
  g_autoptr (ScopeProfile) profile =
    scope_profile_new_from_key_file (self->text, self->length, error);
  ScopeConfigImport *import;

  if (profile == NULL)
    return NULL;

  import = g_new0 (ScopeConfigImport, 1);
  import->own = TRUE;
  import->source = g_strdup (_("An exported profile"));
  import->profile = g_steal_pointer (&profile);
  import->credentials = scope_credentials_new ();
  import->notes = g_new0 (char *, 2);
  import->notes[0] =
    g_strdup (_("Exported profiles are without key and secrets: type them in yourself."));
  return import;
}

static ScopeConfigImport *
import_parse_foreign (ScopeConfigText *self,
                      GError    **error)
{
  gboolean found = FALSE;
  gsize start = strspn (self->text, " \t\r\n");
  ScopeConfigImport *import = _scope_config_import_parse_calls (self, FALSE, &found, error);

  if (!found)
    import = _scope_config_import_parse_calls (self, TRUE, &found, error);
  if (!found)
    {
      import = _scope_config_import_parse_variables (self, error);
      found = import != NULL || (error != NULL && *error != NULL);
    }
  if (!found && (self->text[start] == '{' || self->text[start] == '['))
    import = import_parse_object (self, start, &found, error);
  if (!found)
    g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                         _("No configuration was recognised: a .env file, new Pusher (…), new Echo "
                           "(…) or an exported profile can be read"));
  return import;
}

static gboolean
import_check (const char *text,
              gsize       length,
              GError    **error)
{
  if (length > SCOPE_CONFIG_IMPORT_MAX_BYTES)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_LIMIT,
                   _("The text is too long: %d bytes are allowed"), SCOPE_CONFIG_IMPORT_MAX_BYTES);
      return FALSE;
    }
  if (g_utf8_validate_len (text, length, NULL))
    return TRUE;

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("This is no UTF-8 text"));
  return FALSE;
}

/**
 * scope_config_import_parse:
 * @text: what somebody has: a `.env` file, a call of `new Pusher` or `new Echo` with its options as
 *   source code, options alone, or a profile this program exported
 * @length: its bytes
 * @error: return location for a `SCOPE_ERROR_USAGE` or `SCOPE_ERROR_LIMIT`
 *
 * Reads somebody else's configuration. Nothing is evaluated; what is no literal is named in a note
 * and left empty. Options that are not given have the default of the library they belong to, and
 * old names of options their own precedence (protocol.md §4.3, §8.1, §8.2).
 *
 * Returns: (transfer full) (nullable): what was understood
 */
ScopeConfigImport *
scope_config_import_parse (const char *text,
                           gsize       length,
                           GError    **error)
{
  g_autoptr (ScopeSecret) copy = NULL;
  g_autoptr (GPtrArray) variables = NULL;
  ScopeConfigText self = { NULL, 0, NULL };

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  if (!import_check (text, length, error))
    return NULL;
  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length -= 3;
    }

  copy = scope_secret_new_take (g_strndup (length > 0 ? text : " ", MAX (length, 1)));
  self.text = scope_secret_peek (copy);
  self.length = MAX (length, 1);
  if (import_is_profile (self.text))
    return import_parse_profile (&self, error);

  variables = scope_config_env_parse (self.text);
  self.variables = variables;
  return import_parse_foreign (&self, error);
}

/**
 * scope_config_import_free:
 * @self: (nullable) (transfer full): an import
 */
void
scope_config_import_free (ScopeConfigImport *self)
{
  if (self == NULL)
    return;

  g_free (self->source);
  g_clear_object (&self->profile);
  g_clear_pointer (&self->credentials, scope_credentials_unref);
  g_strfreev (self->notes);
  g_free (self);
}
