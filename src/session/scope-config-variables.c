/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-config"

#include "config.h"

#include "session/scope-config-import-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Variables of a .env file, whose names begin with what the server is. */

typedef struct
{
  const char *prefix;
  const char *driver; /* of BROADCAST_CONNECTION */
} Family;

static const Family families[] = {
  { "PUSHER_", "pusher" },
  { "REVERB_", "reverb" },
  { "SOKETI_", "soketi" },
};

/* what build tools put before what a browser may see */
static const char *
import_skip_public_prefix (const char *name)
{
  static const char * const prefixes[] = {
    "VITE_", "MIX_", "NEXT_PUBLIC_", "NUXT_PUBLIC_", "REACT_APP_", "EXPO_PUBLIC_", "PUBLIC_",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_str_has_prefix (name, prefixes[i]))
      return name + strlen (prefixes[i]);
  return name;
}

static ScopeConfigOption
import_get_variable_option (const ScopeConfigVariable *variable,
                            const Family              *family,
                            const char               **reason)
{
  const char *name = import_skip_public_prefix (variable->name);

  *reason = NULL;
  if (!g_str_has_prefix (name, family->prefix))
    return SCOPE_CONFIG_UNKNOWN;
  return scope_config_option_find (name + strlen (family->prefix), reason);
}

static gboolean
import_family_has_key (GPtrArray    *variables,
                       const Family *family)
{
  const char *reason;

  for (guint i = 0; i < variables->len; i++)
    {
      ScopeConfigVariable *variable = g_ptr_array_index (variables, i);
      ScopeConfigOption option = import_get_variable_option (variable, family, &reason);

      if ((option == SCOPE_CONFIG_KEY || option == SCOPE_CONFIG_URL) && *variable->value != '\0')
        return TRUE;
    }
  return FALSE;
}

/* Which one counts: the one Laravel would use, else the first that has a key. */
static const Family *
import_choose_family (GPtrArray *variables)
{
  const char *driver = scope_config_env_lookup (variables, "BROADCAST_CONNECTION");
  const Family *chosen = NULL;

  if (driver == NULL)
    driver = scope_config_env_lookup (variables, "BROADCAST_DRIVER");
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    if (import_family_has_key (variables, &families[i]) &&
        (chosen == NULL || g_strcmp0 (driver, families[i].driver) == 0))
      chosen = &families[i];
  return chosen;
}

static void
import_note_other_families (ScopeConfigDraft *draft,
                            const Family     *chosen)
{
  for (gsize i = 0; i < G_N_ELEMENTS (families); i++)
    if (&families[i] != chosen && import_family_has_key (draft->variables, &families[i]))
      scope_config_draft_note (draft, _("%s… is taken. %s… is there too and was left out."),
                               chosen->prefix, families[i].prefix);
}

static void
import_take_variable (ScopeConfigDraft    *draft,
                      ScopeConfigVariable *variable,
                      ScopeConfigOption    option)
{
  ScopeConfigValue *before = draft->values[option];
  ScopeConfigValue *value;

  if (*variable->value == '\0')
    return;
  if (variable->unresolved)
    {
      scope_config_draft_note (draft, _("%s needs a variable that is not there: fill it in "
                                        "yourself."), variable->name);
      return;
    }
  /* the one for browsers says where to connect to */
  if (before != NULL && import_skip_public_prefix (variable->name) == variable->name)
    return;
  if (before != NULL && strcmp (before->text, variable->value) != 0)
    scope_config_draft_note (draft, _("%s is taken, not %s: browsers use it."), variable->name,
                             draft->names[option]);

  value = scope_config_value_new_string (variable->value, 0);
  g_ptr_array_add (draft->resolved, value);
  scope_config_draft_set_option (draft, option, variable->name, value);
}

/* PUSHER_URL=https://KEY:SECRET@api-eu.pusher.com/apps/ID */
static void
import_take_url (ScopeConfigDraft *draft)
{
  const char *text = scope_config_draft_get_text (draft, SCOPE_CONFIG_URL);
  g_autoptr (GUri) uri = text != NULL ? g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL) : NULL;
  g_autofree char *port = NULL;

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return;
  if (g_uri_get_port (uri) > 0)
    port = g_strdup_printf ("%d", g_uri_get_port (uri));

  {
    const struct
    {
      ScopeConfigOption option;
      const char *text;
    } parts[] = {
      { SCOPE_CONFIG_SCHEME, g_uri_get_scheme (uri) },
      { SCOPE_CONFIG_KEY, g_uri_get_user (uri) },
      { SCOPE_CONFIG_SECRET, g_uri_get_password (uri) },
      { SCOPE_CONFIG_HOST, g_uri_get_host (uri) },
      { SCOPE_CONFIG_PORT, port },
      { SCOPE_CONFIG_APP_ID, g_str_has_prefix (g_uri_get_path (uri), "/apps/")
                               ? g_uri_get_path (uri) + strlen ("/apps/")
                               : NULL },
    };

    for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
      if (parts[i].text != NULL && draft->values[parts[i].option] == NULL)
        {
          ScopeConfigValue *value = scope_config_value_new_string (parts[i].text, 0);

          g_ptr_array_add (draft->resolved, value);
          scope_config_draft_set_option (draft, parts[i].option,
                                         draft->names[SCOPE_CONFIG_URL], value);
        }
  }
}

/**
 * _scope_config_import_parse_variables:
 *
 * Returns: (transfer full) (nullable): what the variables of one app say; `NULL` without @error: they are of none
 */
ScopeConfigImport *
_scope_config_import_parse_variables (ScopeConfigText *self,
                                      GError    **error)
{
  const Family *family = import_choose_family (self->variables);
  ScopeConfigDraft *draft;

  if (family == NULL)
    return NULL;

  draft = scope_config_draft_new (SCOPE_CONFIG_STYLE_ENV, self->variables);
  for (guint i = 0; i < self->variables->len; i++)
    {
      ScopeConfigVariable *variable = g_ptr_array_index (self->variables, i);
      const char *reason;
      ScopeConfigOption option = import_get_variable_option (variable, family, &reason);

      if (option == SCOPE_CONFIG_UNNEEDED)
        scope_config_draft_note (draft, _("%s is not needed: %s."), variable->name, reason);
      else if (option != SCOPE_CONFIG_UNKNOWN)
        import_take_variable (draft, variable, option);
    }
  import_take_url (draft);
  import_note_other_families (draft, family);
  return _scope_config_import_apply (draft, _scope_config_import_get_source (SCOPE_CONFIG_STYLE_ENV), error);
}
