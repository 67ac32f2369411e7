/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-config"

#include "config.h"

#include "session/scope-config-private.h"

#include "base/scope-text.h"
#include "net/scope-option-checks.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Authorization endpoints: protocol.md §4.3. Of old and new names the new ones count alone. */

#define MAX_FIELDS 50
#define MAX_NAME_BYTES 80

/* One of the two endpoints, and where its parts are kept. */
typedef struct
{
  const char *endpoint;
  const char *transport;
  const char *method;
  ScopeCredentialKind params;
  ScopeCredentialKind headers;
  const char *preset; /* where the library asks unless it is told */
} AuthPlace;

static const AuthPlace channel_place = {
  "auth-endpoint", "auth-transport", "auth-method",
  SCOPE_CREDENTIAL_AUTH_PARAMS, SCOPE_CREDENTIAL_AUTH_HEADERS, "/pusher/auth",
};
static const AuthPlace user_place = {
  "user-endpoint", "user-transport", "user-method",
  SCOPE_CREDENTIAL_USER_PARAMS, SCOPE_CREDENTIAL_USER_HEADERS, "/pusher/user-auth",
};
static const AuthPlace echo_channel_place = {
  "auth-endpoint", "auth-transport", "auth-method",
  SCOPE_CREDENTIAL_AUTH_PARAMS, SCOPE_CREDENTIAL_AUTH_HEADERS, "/broadcasting/auth",
};
static const AuthPlace echo_user_place = {
  "user-endpoint", "user-transport", "user-method",
  SCOPE_CREDENTIAL_USER_PARAMS, SCOPE_CREDENTIAL_USER_HEADERS, "/broadcasting/user-auth",
};

static const AuthPlace *
auth_get_channel_place (ScopeConfigDraft *self)
{
  return self->style == SCOPE_CONFIG_STYLE_ECHO ? &echo_channel_place : &channel_place;
}

static const AuthPlace *
auth_get_user_place (ScopeConfigDraft *self)
{
  return self->style == SCOPE_CONFIG_STYLE_ECHO ? &echo_user_place : &user_place;
}

static gboolean
auth_is_named (const char *name,
               const char *wanted)
{
  return name != NULL && g_ascii_strcasecmp (name, wanted) == 0;
}

/* Endpoints */

static void
auth_take_endpoint (ScopeConfigDraft *self,
                    const AuthPlace  *place,
                    const char       *name,
                    const char       *url)
{
  g_autoptr (GError) error = NULL;

  if (scope_check_endpoint (url, &error))
    g_object_set (self->profile, place->endpoint, url, NULL);
  else if (strstr (url, "://") == NULL && strchr (url, '@') == NULL)
    {
      g_autofree char *shown = scope_text_for_display (url, strcspn (url, "?"), MAX_NAME_BYTES);

      scope_config_draft_note (self,
                               _("%s: “%s” is part of a web page’s address. Type in the whole "
                                 "address, such as https://shop.example%s%s."),
                               name, shown, *shown == '/' ? "" : "/", shown);
    }
  else
    scope_config_draft_note (self, _("%s was left out: %s"), name, error->message);
}

static void
auth_take_word (ScopeConfigDraft *self,
                const char       *name,
                const char       *property,
                const char       *text)
{
  g_autofree char *word = g_ascii_strdown (text, -1);
  g_autoptr (GError) error = NULL;

  if (scope_check_auth_transport (word, NULL, &error))
    g_object_set (self->profile, property, word, NULL);
  else
    scope_config_draft_note (self, _("%s was left out: %s"), name, error->message);
}

/* Parameters and headers */

static void
auth_add_line (ScopeConfigDraft   *self,
               ScopeCredentialKind kind,
               const char         *line)
{
  const char *before = scope_credentials_peek (self->credentials, kind);
  g_autoptr (ScopeSecret) joined =
    scope_secret_new_take (before != NULL ? g_strconcat (before, "\n", line, NULL)
                                          : g_strdup (line));

  scope_credentials_set (self->credentials, kind, scope_secret_peek (joined));
}

/* Here "cmd:…" would be a program to run: what comes from elsewhere must not bring one. */
static gboolean
auth_is_command (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  return g_ascii_strncasecmp (text, "cmd:", 4) == 0;
}

static void
auth_take_field (ScopeConfigDraft   *self,
                 ScopeCredentialKind kind,
                 const char         *name,
                 const char         *text)
{
  gboolean header = kind == SCOPE_CREDENTIAL_AUTH_HEADERS || kind == SCOPE_CREDENTIAL_USER_HEADERS;
  g_autoptr (ScopeSecret) line =
    scope_secret_new_take (g_strconcat (name, header ? ": " : "=", text, NULL));
  g_autoptr (GError) error = NULL;
  gboolean valid = header ? scope_check_header (scope_secret_peek (line), &error)
                          : scope_check_param (scope_secret_peek (line), &error);

  if (auth_is_command (text))
    scope_config_draft_note (self, _("%s was left out: it would run a program here."), name);
  else if (strpbrk (name, ":=") != NULL)
    scope_config_draft_note (self, _("%s is not written as expected, and was left out."), name);
  else if (valid)
    auth_add_line (self, kind, scope_secret_peek (line));
  else
    scope_config_draft_note (self, _("%s was left out: %s"), name, error->message);
}

static void
auth_take_fields (ScopeConfigDraft   *self,
                  ScopeCredentialKind kind,
                  const char         *owner,
                  ScopeConfigValue   *value)
{
  value = scope_config_draft_resolve (self, owner, value);
  if (value == NULL || value->kind != SCOPE_CONFIG_OBJECT)
    return;

  for (guint i = 0; i < MIN (value->items->len, MAX_FIELDS); i++)
    {
      const char *name = g_ptr_array_index (value->names, i);
      g_autofree char *shown = scope_text_for_display (name != NULL ? name : owner, -1,
                                                       MAX_NAME_BYTES);
      ScopeConfigValue *item =
        scope_config_draft_resolve (self, shown, g_ptr_array_index (value->items, i));

      if (item == NULL || name == NULL)
        continue;
      if (item->text != NULL)
        auth_take_field (self, kind, shown, item->text);
      else if (item->kind == SCOPE_CONFIG_BOOLEAN)
        auth_take_field (self, kind, shown, item->truth ? "true" : "false");
      else
        scope_config_draft_note (self, _("%s is not written as expected, and was left out."),
                                 shown);
    }
}

/* An object: channelAuthorization, userAuthentication, auth */

typedef struct
{
  gboolean endpoint;
  gboolean code; /* a handler of its own: no endpoint is asked */
} AuthSeen;

static void
auth_take_part (ScopeConfigDraft *self,
                const AuthPlace  *place,
                const char       *name,
                ScopeConfigValue *value,
                AuthSeen         *seen)
{
  const char *reason = NULL;

  if (auth_is_named (name, "params"))
    auth_take_fields (self, place->params, name, value);
  else if (auth_is_named (name, "headers"))
    auth_take_fields (self, place->headers, name, value);
  else if (scope_config_option_find (name, &reason) == SCOPE_CONFIG_UNNEEDED)
    {
      seen->code |= auth_is_named (name, "customHandler");
      scope_config_draft_note (self, _("%s is not needed: %s."), name, reason);
    }
  else if (!auth_is_named (name, "endpoint") && !auth_is_named (name, "transport"))
    scope_config_draft_note (self, _("%s is not known here, and was left out."), name);
  else
    {
      value = scope_config_draft_resolve (self, name, value);
      seen->endpoint |= auth_is_named (name, "endpoint") && (value == NULL || value->text != NULL);
      if (value == NULL || value->text == NULL || *value->text == '\0')
        return;
      if (auth_is_named (name, "endpoint"))
        auth_take_endpoint (self, place, name, value->text);
      else
        auth_take_word (self, name, place->transport, value->text);
    }
}

static void
auth_take_object (ScopeConfigDraft *self,
                  const AuthPlace  *place,
                  ScopeConfigOption option,
                  gboolean          whole)
{
  ScopeConfigValue *object = self->values[option];
  AuthSeen seen = { FALSE, FALSE };

  if (object == NULL || object->kind != SCOPE_CONFIG_OBJECT)
    return;

  for (guint i = 0; i < object->items->len; i++)
    {
      const char *name = g_ptr_array_index (object->names, i);
      g_autofree char *shown =
        scope_text_for_display (name != NULL ? name : "", -1, MAX_NAME_BYTES);

      if (name != NULL)
        auth_take_part (self, place, shown, g_ptr_array_index (object->items, i), &seen);
    }
  if (seen.code)
    g_object_set (self->profile, place->endpoint, NULL, NULL);
  else if (whole && !seen.endpoint)
    auth_take_endpoint (self, place, self->names[option], place->preset);
}

/* The old names */

static void
auth_note_ignored (ScopeConfigDraft *self)
{
  static const ScopeConfigOption old[] = {
    SCOPE_CONFIG_AUTH_ENDPOINT,
    SCOPE_CONFIG_AUTH_TRANSPORT,
    SCOPE_CONFIG_AUTH,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (old); i++)
    if (self->names[old[i]] != NULL)
      scope_config_draft_note (self, _("%s does not count beside channelAuthorization."),
                               self->names[old[i]]);
}

static void
auth_take_old (ScopeConfigDraft *self,
               const AuthPlace  *place)
{
  const char *endpoint = scope_config_draft_get_text (self, SCOPE_CONFIG_AUTH_ENDPOINT);
  const char *transport = scope_config_draft_get_text (self, SCOPE_CONFIG_AUTH_TRANSPORT);
  gboolean asks = self->values[SCOPE_CONFIG_AUTH] != NULL || transport != NULL ||
                  self->style == SCOPE_CONFIG_STYLE_ECHO;

  auth_take_object (self, place, SCOPE_CONFIG_AUTH, FALSE);
  if (transport != NULL)
    auth_take_word (self, self->names[SCOPE_CONFIG_AUTH_TRANSPORT], place->transport, transport);
  if (endpoint != NULL)
    auth_take_endpoint (self, place, self->names[SCOPE_CONFIG_AUTH_ENDPOINT], endpoint);
  else if (asks && self->names[SCOPE_CONFIG_AUTH_ENDPOINT] == NULL)
    auth_take_endpoint (self, place, "authEndpoint", place->preset);

  /* Haskell's asks by GET */
  endpoint = scope_config_draft_get_text (self, SCOPE_CONFIG_AUTH_GET_URL);
  if (endpoint != NULL)
    {
      auth_take_endpoint (self, place, self->names[SCOPE_CONFIG_AUTH_GET_URL], endpoint);
      g_object_set (self->profile, place->method, "get", NULL);
    }
}

/* Laravel Echo sends its tokens to both endpoints. */
static void
auth_take_tokens (ScopeConfigDraft *self)
{
  const char *csrf = scope_config_draft_get_text (self, SCOPE_CONFIG_CSRF_TOKEN);
  const char *bearer = scope_config_draft_get_text (self, SCOPE_CONFIG_BEARER_TOKEN);
  g_autoptr (ScopeSecret) value =
    bearer != NULL ? scope_secret_new_take (g_strconcat ("Bearer ", bearer, NULL)) : NULL;
  const ScopeCredentialKind kinds[] = {
    SCOPE_CREDENTIAL_AUTH_HEADERS,
    SCOPE_CREDENTIAL_USER_HEADERS,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (csrf != NULL)
        auth_take_field (self, kinds[i], "X-CSRF-TOKEN", csrf);
      if (value != NULL)
        auth_take_field (self, kinds[i], "Authorization", scope_secret_peek (value));
    }
}

/**
 * scope_config_draft_apply_auth:
 *
 * The endpoints, with what is sent to them. If channelAuthorization is there, the old options do not
 * count (protocol.md §4.3).
 */
void
scope_config_draft_apply_auth (ScopeConfigDraft *self)
{
  const AuthPlace *place = auth_get_channel_place (self);
  ScopeConfigValue *channel = self->values[SCOPE_CONFIG_CHANNEL_AUTH];

  if (channel != NULL && channel->kind == SCOPE_CONFIG_OBJECT)
    {
      auth_take_object (self, place, SCOPE_CONFIG_CHANNEL_AUTH, TRUE);
      auth_note_ignored (self);
    }
  else
    auth_take_old (self, place);
  auth_take_object (self, auth_get_user_place (self), SCOPE_CONFIG_USER_AUTH, TRUE);
  auth_take_tokens (self);
}
