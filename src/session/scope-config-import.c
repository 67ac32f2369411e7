/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-config"

#include "config.h"

#include "session/scope-config-import.h"

#include "base/scope-error.h"
#include "base/scope-text.h"
#include "session/scope-config-private.h"
#include "session/scope-config-search.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Recognising what a text is. In this order: our own profile; a call of Pusher, Echo and their like;
 * variables of a .env file; a bare object. Variables beside a call say what process.env.NAME is. */

#define MAX_CALLS 50
#define MAX_NAME_BYTES 80

typedef enum
{
  CALL_NONE,
  CALL_PUSHER,
  CALL_ECHO,
} CallKind;

typedef struct
{
  const char *text; /* with a NUL after it, and none in it */
  gsize length;
  GPtrArray *variables;
} ImportText;

/* Calls */

static CallKind
import_get_call_kind (const ScopeConfigSearch *call)
{
  static const struct
  {
    const char *name;
    CallKind kind;
  } names[] = {
    { "Pusher", CALL_PUSHER },   { "Pusher::Client.new", CALL_PUSHER },
    { "Echo", CALL_ECHO },       { "configureEcho", CALL_ECHO },
    { "pusher.init", CALL_PUSHER },
  };
  g_autofree char *path = g_strndup (call->text + call->name, call->name_length);
  gboolean brace = call->text[call->bracket] == '{';

  if (brace)
    return strcmp (path, "pusher.Client") == 0 ? CALL_PUSHER : CALL_NONE;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      gsize length = strlen (names[i].name);

      if (!g_str_has_suffix (path, names[i].name))
        continue;
      if (call->name_length == length || strchr (".\\:", path[call->name_length - length - 1]))
        return names[i].kind;
    }
  return CALL_NONE;
}

/* the arguments that have no name */
static ScopeConfigValue *
import_get_argument (ScopeConfigValue *arguments,
                     guint             index)
{
  if (index >= arguments->items->len ||
      (arguments->names != NULL && g_ptr_array_index (arguments->names, index) != NULL))
    return NULL;
  return g_ptr_array_index (arguments->items, index);
}

static gboolean
import_is_text (ScopeConfigValue *value)
{
  return value != NULL && value->kind == SCOPE_CONFIG_STRING;
}

static gboolean
import_is_number (ScopeConfigValue *value)
{
  return value != NULL && value->text != NULL && *value->text != '\0' &&
         value->text[strspn (value->text, "0123456789")] == '\0';
}

/* ("key", "secret", "id", …) in PHP, ("id", "key", "secret", …) in .NET and Java */
static void
import_take_three (ScopeConfigDraft *draft,
                   ScopeConfigValue *arguments)
{
  gboolean id_first = import_is_number (import_get_argument (arguments, 0)) &&
                      !import_is_number (import_get_argument (arguments, 2));
  static const ScopeConfigOption orders[2][3] = {
    { SCOPE_CONFIG_KEY, SCOPE_CONFIG_SECRET, SCOPE_CONFIG_APP_ID },
    { SCOPE_CONFIG_APP_ID, SCOPE_CONFIG_KEY, SCOPE_CONFIG_SECRET },
  };
  static const char * const names[2][3] = {
    { "key", "secret", "app id" },
    { "app id", "key", "secret" },
  };

  for (guint i = 0; i < 3; i++)
    scope_config_draft_set_option (draft, orders[id_first][i], names[id_first][i],
                                   import_get_argument (arguments, i));
  scope_config_draft_note (draft, _("Key, secret and app id have no names there. They were taken in "
                                    "this order: %s."),
                           id_first ? "app id, key, secret" : "key, secret, app id");
}

static gboolean
import_has_three (ScopeConfigValue *arguments)
{
  for (guint i = 0; i < 3; i++)
    {
      ScopeConfigValue *value = import_get_argument (arguments, i);

      if (value == NULL || value->kind == SCOPE_CONFIG_OBJECT || value->kind == SCOPE_CONFIG_LIST)
        return FALSE;
    }
  return import_is_text (import_get_argument (arguments, 0)) ||
         import_is_text (import_get_argument (arguments, 1));
}

static gboolean
import_has_member (ScopeConfigValue *object,
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

static ScopeConfigStyle
import_get_style (ScopeConfigValue *arguments,
                  CallKind          kind)
{
  ScopeConfigValue *first = import_get_argument (arguments, 0);

  if (kind == CALL_ECHO)
    return SCOPE_CONFIG_STYLE_ECHO;
  if (import_has_three (arguments) || arguments->kind == SCOPE_CONFIG_OBJECT)
    {
      /* a name before the first argument: not JavaScript */
      if (first == NULL || import_has_three (arguments))
        return SCOPE_CONFIG_STYLE_OTHER;
    }
  if (first != NULL && first->kind == SCOPE_CONFIG_OBJECT &&
      (import_has_member (first, SCOPE_CONFIG_APP_ID) ||
       import_has_member (first, SCOPE_CONFIG_SECRET)))
    return SCOPE_CONFIG_STYLE_SERVER;
  return SCOPE_CONFIG_STYLE_CLIENT;
}

static void
import_take_argument (ScopeConfigDraft *draft,
                      const char       *name,
                      ScopeConfigValue *value)
{
  if (value->kind == SCOPE_CONFIG_OBJECT &&
      (name == NULL || g_ascii_strcasecmp (name, "options") == 0))
    scope_config_draft_set_members (draft, value);
  else if (name != NULL)
    scope_config_draft_set (draft, name, value);
}

/* Swift has host: .cluster ("eu"), host: .host ("…"), authMethod: .inline (secret: "…") and
 * authMethod: .endpoint (authEndpoint: "…"). */
static void
import_unwrap (ScopeConfigDraft *draft,
               ScopeConfigOption option)
{
  ScopeConfigValue *value = draft->values[option];

  if (value == NULL || value->kind != SCOPE_CONFIG_OBJECT)
    return;

  draft->values[option] = NULL;
  if (option == SCOPE_CONFIG_AUTH_METHOD && value->items->len == 1)
    value = g_ptr_array_index (value->items, 0);
  scope_config_draft_set_members (draft, value);
}

static void
import_take_call (ScopeConfigDraft *draft,
                  ScopeConfigValue *arguments)
{
  ScopeConfigValue *first = import_get_argument (arguments, 0);

  if (import_has_three (arguments))
    import_take_three (draft, arguments);
  else if (first != NULL && first->kind != SCOPE_CONFIG_OBJECT && first->kind != SCOPE_CONFIG_LIST)
    scope_config_draft_set_option (draft, SCOPE_CONFIG_KEY, _("App Key"), first);

  for (guint i = 0; i < arguments->items->len; i++)
    import_take_argument (draft,
                          arguments->names != NULL ? g_ptr_array_index (arguments->names, i) : NULL,
                          g_ptr_array_index (arguments->items, i));
  import_unwrap (draft, SCOPE_CONFIG_HOST);
  import_unwrap (draft, SCOPE_CONFIG_AUTH_METHOD);
}

/* Of Echo's options, client is a Pusher made by hand: that one has what is needed. */
static gboolean
import_defers (ScopeConfigValue *arguments)
{
  ScopeConfigValue *options = import_get_argument (arguments, 0);
  gboolean client = FALSE;

  if (options == NULL || options->kind != SCOPE_CONFIG_OBJECT)
    return FALSE;
  for (guint i = 0; i < options->names->len; i++)
    client |= g_strcmp0 (g_ptr_array_index (options->names, i), "client") == 0;
  return client && !import_has_member (options, SCOPE_CONFIG_KEY);
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

static ScopeConfigImport *
import_apply (ScopeConfigDraft *draft,
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

static const char *
import_get_source (ScopeConfigStyle style)
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

/* *found: there is something to import; if it then fails, that is what is told */
static ScopeConfigImport *
import_parse_call (ImportText              *self,
                   const ScopeConfigSearch *call,
                   CallKind                 kind,
                   gboolean                *found,
                   GError                 **error)
{
  gsize offset = call->bracket;
  g_autoptr (GError) local = NULL;
  g_autoptr (ScopeConfigValue) arguments =
    scope_config_scan (self->text, self->length, &offset, &local);
  ScopeConfigDraft *draft;
  ScopeConfigStyle style;

  if (arguments == NULL)
    {
      *found = TRUE;
      g_propagate_error (error, g_steal_pointer (&local));
      return NULL;
    }
  if (arguments->items->len == 0 || import_defers (arguments))
    return NULL;

  style = import_get_style (arguments, kind);
  draft = scope_config_draft_new (style, self->variables);
  import_take_call (draft, arguments);
  *found = draft->n_known > 0;
  if (*found)
    return import_apply (draft, import_get_source (style), error);

  scope_config_draft_free (draft);
  return NULL;
}

static ScopeConfigImport *
import_parse_calls (ImportText *self,
                    gboolean    everywhere,
                    gboolean   *found,
                    GError    **error)
{
  ScopeConfigSearch search = { self->text, self->length, everywhere };
  guint n = 0;

  while (!*found && n < MAX_CALLS && scope_config_search_next (&search))
    {
      CallKind kind = import_get_call_kind (&search);
      ScopeConfigImport *import = NULL;

      if (kind == CALL_NONE)
        continue;
      n++;
      import = import_parse_call (self, &search, kind, found, error);
      if (import != NULL)
        return import;
    }
  return NULL;
}

/* Variables */

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

static ScopeConfigImport *
import_parse_variables (ImportText *self,
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
  return import_apply (draft, import_get_source (SCOPE_CONFIG_STYLE_ENV), error);
}

/* A bare object, as in JSON */

static ScopeConfigImport *
import_parse_object (ImportText *self,
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

  if (import_has_member (object, SCOPE_CONFIG_BROADCASTER))
    style = SCOPE_CONFIG_STYLE_ECHO;
  else if (import_has_member (object, SCOPE_CONFIG_SECRET))
    style = SCOPE_CONFIG_STYLE_SERVER;
  draft = scope_config_draft_new (style, self->variables);
  scope_config_draft_set_members (draft, object);
  *found = draft->n_known > 0;
  if (*found)
    return import_apply (draft, import_get_source (style), error);

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
import_parse_profile (ImportText *self,
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
import_parse_foreign (ImportText *self,
                      GError    **error)
{
  gboolean found = FALSE;
  gsize start = strspn (self->text, " \t\r\n");
  ScopeConfigImport *import = import_parse_calls (self, FALSE, &found, error);

  if (!found)
    import = import_parse_calls (self, TRUE, &found, error);
  if (!found)
    {
      import = import_parse_variables (self, error);
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
  ImportText self = { NULL, 0, NULL };

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
