/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-config"

#include "config.h"

#include "session/scope-config-import-private.h"

#include "session/scope-config-search.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Calls of Pusher, Echo and their like, in whatever language they are written. */

#define MAX_CALLS 50

typedef enum
{
  CALL_NONE,
  CALL_PUSHER,
  CALL_ECHO,
} CallKind;

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
      (_scope_config_import_has_member (first, SCOPE_CONFIG_APP_ID) ||
       _scope_config_import_has_member (first, SCOPE_CONFIG_SECRET)))
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
  return client && !_scope_config_import_has_member (options, SCOPE_CONFIG_KEY);
}

/* *found: there is something to import; if it then fails, that is what is told */
static ScopeConfigImport *
import_parse_call (ScopeConfigText              *self,
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
    return _scope_config_import_apply (draft, _scope_config_import_get_source (style), error);

  scope_config_draft_free (draft);
  return NULL;
}

/**
 * _scope_config_import_parse_calls:
 * @everywhere: in comments and strings, too
 * @found: (inout): whether there is something to import; if it then fails, that is what is told
 *
 * Looks for a call of Pusher, Echo and their like.
 *
 * Returns: (transfer full) (nullable): the first that can be imported
 */
ScopeConfigImport *
_scope_config_import_parse_calls (ScopeConfigText *self,
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
