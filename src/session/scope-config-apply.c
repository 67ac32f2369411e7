/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-config"

#include "config.h"

#include "session/scope-config-private.h"

#include "base/scope-error.h"
#include "base/scope-text.h"
#include "net/scope-option-checks.h"
#include "protocol/scope-decrypt.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* What other libraries' options do to a profile: protocol.md §8.1, §8.2. */

#define HTTP_PORT 80
#define HTTPS_PORT 443
#define MASTER_KEY_BYTES 32
#define SOKETI_PORT 6001

/* sets a property after its check; what is wrong is noted */
static void
config_take_text (ScopeConfigDraft *self,
                  ScopeConfigOption option,
                  const char       *property,
                  gboolean        (*check) (const char *, GError **))
{
  const char *text = scope_config_draft_get_text (self, option);
  g_autoptr (GError) error = NULL;

  if (text == NULL)
    return;
  if (strchr (text, '@') != NULL)
    scope_config_draft_note (self, _("%s was left out: it may hold a password."),
                             self->names[option]);
  else if (check (text, &error))
    g_object_set (self->profile, property, text, NULL);
  else
    scope_config_draft_note (self, _("%s was left out: %s"), self->names[option], error->message);
}

/* Secrets */

static void
config_take_key (ScopeConfigDraft *self)
{
  const char *key = scope_config_draft_get_text (self, SCOPE_CONFIG_KEY);
  g_autoptr (GError) error = NULL;

  if (key != NULL && scope_check_key (key, &error))
    scope_credentials_set (self->credentials, SCOPE_CREDENTIAL_KEY, key);
  else if (key != NULL)
    scope_config_draft_note (self, _("%s was left out: %s"), self->names[SCOPE_CONFIG_KEY],
                             error->message);
  else if (!self->key_noted)
    scope_config_draft_note (self, _("The app key is not in it: type it in yourself."));
}

/* An older form of the option has the 32 bytes themselves (protocol.md §5). */
static void
config_take_master_key (ScopeConfigDraft *self)
{
  const char *base64 = scope_config_draft_get_text (self, SCOPE_CONFIG_MASTER_KEY);
  const char *text = scope_config_draft_get_text (self, SCOPE_CONFIG_MASTER_KEY_TEXT);
  ScopeConfigOption option = base64 != NULL ? SCOPE_CONFIG_MASTER_KEY : SCOPE_CONFIG_MASTER_KEY_TEXT;
  g_autoptr (ScopeSecret) encoded = NULL;

  if (base64 == NULL && text == NULL)
    return;
  if (base64 == NULL && strlen (text) == MASTER_KEY_BYTES)
    encoded = scope_secret_new_take (g_base64_encode ((const guchar *) text, strlen (text)));
  else
    encoded = scope_secret_new (base64 != NULL ? base64 : text);

  if (scope_master_key_check (scope_secret_peek (encoded), NULL))
    scope_credentials_set (self->credentials, SCOPE_CREDENTIAL_MASTER_KEY,
                           scope_secret_peek (encoded));
  else
    scope_config_draft_note (self, _("%s was left out: it is not 32 bytes in base64."),
                             self->names[option]);
}

static void
config_take_secrets (ScopeConfigDraft *self)
{
  const char *secret = scope_config_draft_get_text (self, SCOPE_CONFIG_SECRET);

  config_take_key (self);
  config_take_master_key (self);
  if (secret == NULL)
    return;

  /* with the secret one could publish: that shall be asked once */
  scope_credentials_set (self->credentials, SCOPE_CREDENTIAL_SECRET, secret);
  g_object_set (self->profile, "read-only", TRUE, NULL);
}

/* TLS */

static gboolean
config_has_scheme (ScopeConfigDraft *self,
                   const char       *scheme)
{
  const char *text = scope_config_draft_get_text (self, SCOPE_CONFIG_SCHEME);

  return text != NULL && g_ascii_strcasecmp (text, scheme) == 0;
}

static gboolean
config_says_tls (ScopeConfigDraft *self)
{
  return scope_config_draft_is_true (self, SCOPE_CONFIG_USE_TLS) ||
         scope_config_draft_is_true (self, SCOPE_CONFIG_FORCE_TLS) ||
         scope_config_draft_is_true (self, SCOPE_CONFIG_ENCRYPTED) ||
         config_has_scheme (self, "https") || config_has_scheme (self, "wss");
}

static gboolean
config_says_no_tls (ScopeConfigDraft *self)
{
  return scope_config_draft_is_false (self, SCOPE_CONFIG_USE_TLS) ||
         scope_config_draft_is_false (self, SCOPE_CONFIG_FORCE_TLS) ||
         config_has_scheme (self, "http") || config_has_scheme (self, "ws") ||
         (self->values[SCOPE_CONFIG_FORCE_TLS] == NULL &&
          scope_config_draft_is_false (self, SCOPE_CONFIG_ENCRYPTED));
}

/* Only literal false turns forceTLS off; Node's server library has no TLS unless it is asked for. */
static gboolean
config_uses_tls (ScopeConfigDraft *self)
{
  if (config_says_no_tls (self))
    return FALSE;
  if (self->style != SCOPE_CONFIG_STYLE_SERVER || config_says_tls (self))
    return TRUE;

  scope_config_draft_note (self, _("TLS is off, as in the Node library where useTLS is not true."));
  return FALSE;
}

/* Places */

/* "eu" for api-eu.pusher.com and its like, "" for those without a cluster, NULL for other hosts
 * (protocol.md §1.1) */
static char *
config_dup_cluster_of (const char *host)
{
  static const char * const prefixes[] = { "api", "ws", "sockjs" };
  static const char * const suffixes[] = { ".pusher.com", ".pusherapp.com" };

  for (gsize i = 0; i < G_N_ELEMENTS (prefixes) * G_N_ELEMENTS (suffixes); i++)
    {
      const char *prefix = prefixes[i % G_N_ELEMENTS (prefixes)];
      const char *suffix = suffixes[i / G_N_ELEMENTS (prefixes)];
      gsize length = strlen (host);

      if (!g_str_has_prefix (host, prefix) || !g_str_has_suffix (host, suffix))
        continue;
      host += strlen (prefix);
      length -= strlen (prefix) + strlen (suffix);
      if (length == 0)
        return g_strdup ("");
      return *host == '-' ? g_strndup (host + 1, length - 1) : NULL;
    }
  return NULL;
}

static ScopeConfigOption
config_get_host_option (ScopeConfigDraft *self)
{
  if (scope_config_draft_get_text (self, SCOPE_CONFIG_WS_HOST) != NULL)
    return SCOPE_CONFIG_WS_HOST;
  return SCOPE_CONFIG_HOST;
}

static void
config_take_host (ScopeConfigDraft *self)
{
  ScopeConfigOption option = config_get_host_option (self);
  const char *host = scope_config_draft_get_text (self, option);
  g_autofree char *cluster = host != NULL ? config_dup_cluster_of (host) : NULL;

  config_take_text (self, SCOPE_CONFIG_CLUSTER, "cluster", scope_check_cluster);
  if (cluster == NULL)
    config_take_text (self, option, "host", scope_check_host);
  else if (scope_config_draft_get_text (self, SCOPE_CONFIG_CLUSTER) == NULL && *cluster != '\0' &&
           scope_check_cluster (cluster, NULL))
    g_object_set (self->profile, "cluster", cluster, NULL);
}

static gboolean
config_has_host (ScopeConfigDraft *self)
{
  g_autofree char *host = NULL;

  g_object_get (self->profile, "host", &host, NULL);
  return host != NULL;
}

/* 0: not given, or not a port */
static guint
config_get_port (ScopeConfigDraft *self,
                 ScopeConfigOption option)
{
  const char *text = scope_config_draft_get_text (self, option);
  g_autoptr (GError) error = NULL;
  guint port = 0;

  if (text != NULL && !scope_check_port (text, &port, &error))
    scope_config_draft_note (self, _("%s was left out: %s"), self->names[option], error->message);
  return port;
}

static void
config_take_port (ScopeConfigDraft *self,
                  ScopeConfigOption option,
                  const char       *property,
                  guint             usual)
{
  guint port = config_get_port (self, option);

  if (port != 0 && port != usual)
    g_object_set (self->profile, property, port, NULL);
}

/* wsPort counts without TLS, wssPort with it and for a TLS try of a configuration without. */
static void
config_take_ports (ScopeConfigDraft *self,
                   gboolean          tls)
{
  guint port;

  if (!config_has_host (self) && self->values[SCOPE_CONFIG_WS_HOST] == NULL &&
      self->values[SCOPE_CONFIG_PORT] != NULL)
    return; /* the HTTP API's, and its usual one */

  config_take_port (self, SCOPE_CONFIG_PORT, "port", tls ? HTTPS_PORT : HTTP_PORT);
  if (tls)
    {
      config_take_port (self, SCOPE_CONFIG_WSS_PORT, "port", HTTPS_PORT);
      return;
    }

  config_take_port (self, SCOPE_CONFIG_WS_PORT, "port", HTTP_PORT);
  port = config_get_port (self, SCOPE_CONFIG_WSS_PORT);
  if (port == 0 && scope_config_draft_get_text (self, SCOPE_CONFIG_WS_PORT) != NULL)
    port = HTTPS_PORT; /* pusher-js's own default, unlike ours */
  if (port != 0)
    g_object_set (self->profile, "wss-port", port, NULL);
}

/* The slash before it is easily forgotten. */
static void
config_take_path (ScopeConfigDraft *self,
                  ScopeConfigOption option,
                  const char       *property)
{
  const char *text = scope_config_draft_get_text (self, option);
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  if (text == NULL || strcmp (text, "/") == 0)
    return;

  path = *text == '/' ? g_strdup (text) : g_strconcat ("/", text, NULL);
  if (scope_check_path (path, &error))
    g_object_set (self->profile, property, path, NULL);
  else
    scope_config_draft_note (self, _("%s was left out: %s"), self->names[option], error->message);
}

static void
config_take_soketi (ScopeConfigDraft *self)
{
  if (self->style != SCOPE_CONFIG_STYLE_ENV || self->names[SCOPE_CONFIG_KEY] == NULL ||
      strstr (self->names[SCOPE_CONFIG_KEY], "SOKETI") == NULL || config_has_host (self))
    return;

  g_object_set (self->profile, "host", "127.0.0.1", "use-tls", FALSE, NULL);
  if (config_get_port (self, SCOPE_CONFIG_PORT) == 0)
    g_object_set (self->profile, "port", SOKETI_PORT, NULL);
  scope_config_draft_note (self, _("soketi’s own address is assumed: 127.0.0.1, without TLS."));
}

static void
config_take_place (ScopeConfigDraft *self)
{
  gboolean tls = config_uses_tls (self);

  config_take_host (self);
  g_object_set (self->profile, "use-tls", tls, NULL);
  config_take_ports (self, tls);
  config_take_path (self, SCOPE_CONFIG_PATH, "path");
  config_take_path (self, SCOPE_CONFIG_WS_PATH, "path");
  config_take_soketi (self);
  if (self->style == SCOPE_CONFIG_STYLE_SERVER && config_has_host (self))
    scope_config_draft_note (self, _("The HTTP API’s host and port are used for the connection too."));

  config_take_text (self, SCOPE_CONFIG_HTTP_HOST, "http-host", scope_check_host);
  config_take_port (self, SCOPE_CONFIG_HTTP_PORT, "http-port", 0);
  config_take_port (self, SCOPE_CONFIG_HTTPS_PORT, "https-port", 0);
  config_take_path (self, SCOPE_CONFIG_HTTP_PATH, "http-path");
}

/* Times, transports and the rest */

/* what is no number stays as it is, for the check to name */
static char *
config_dup_seconds (const char *text,
                    double      unit)
{
  char digits[G_ASCII_DTOSTR_BUF_SIZE];
  char *end = NULL;
  double value = g_ascii_strtod (text, &end) * unit;

  if (*end != '\0')
    return g_strdup (text);
  return g_strdup (g_ascii_formatd (digits, sizeof digits, "%.3f", value));
}

static void
config_take_time (ScopeConfigDraft *self,
                  ScopeConfigOption option,
                  const char       *property,
                  double            unit)
{
  const char *text = scope_config_draft_get_text (self, option);
  g_autofree char *seconds = text != NULL ? config_dup_seconds (text, unit) : NULL;
  g_autoptr (GError) error = NULL;
  double value;

  if (text == NULL)
    return;
  if (scope_check_seconds (seconds, &value, &error))
    g_object_set (self->profile, property, value, NULL);
  else
    scope_config_draft_note (self, _("%s was left out: %s"), self->names[option], error->message);
}

static gboolean
config_check_count (const char *text,
                    GError    **error)
{
  return g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, NULL, error);
}

static void
config_take_attempts (ScopeConfigDraft *self)
{
  const char *text = scope_config_draft_get_text (self, SCOPE_CONFIG_MAX_ATTEMPTS);

  if (text != NULL && config_check_count (text, NULL))
    g_object_set (self->profile, "max-attempts", (guint) g_ascii_strtoull (text, NULL, 10), NULL);
}

static void
config_take_times (ScopeConfigDraft *self)
{
  /* Swift counts in seconds, the others in milliseconds */
  double unit = self->style == SCOPE_CONFIG_STYLE_OTHER ? 1 : 0.001;

  config_take_time (self, SCOPE_CONFIG_ACTIVITY_TIMEOUT, "activity-timeout", unit);
  config_take_time (self, SCOPE_CONFIG_PONG_TIMEOUT, "pong-timeout", unit);
  config_take_time (self, SCOPE_CONFIG_UNAVAILABLE_TIMEOUT, "unavailable-timeout", unit);
  config_take_time (self, SCOPE_CONFIG_RECONNECT_DELAY, "reconnect-delay", 1);
  config_take_time (self, SCOPE_CONFIG_MAX_DELAY, "max-delay", 1);
  config_take_attempts (self);
}

static void
config_append_transport (ScopeConfigDraft *self,
                         GString          *list,
                         const char       *name,
                         ScopeConfigValue *value)
{
  ScopeTransportKinds kinds;

  value = scope_config_draft_resolve (self, name, value);
  if (value == NULL)
    return;
  if (value->text != NULL && *value->text != '\0' && strchr (value->text, ',') == NULL &&
      scope_check_transports (value->text, &kinds, NULL))
    {
      g_autofree char *known = scope_transport_kinds_to_text (kinds);

      g_string_append_printf (list, "%s%s", list->len > 0 ? "," : "", known);
    }
  else if (value->text != NULL)
    {
      g_autofree char *shown = scope_text_for_display (value->text, -1, 40);

      scope_config_draft_note (self, _("%s: there is no transport “%s” here."), name, shown);
    }
}

static void
config_take_transports (ScopeConfigDraft *self,
                        ScopeConfigOption option,
                        const char       *property)
{
  ScopeConfigValue *value = self->values[option];
  g_autoptr (GString) list = g_string_new (NULL);

  if (value == NULL || value->kind == SCOPE_CONFIG_NONE || value->kind == SCOPE_CONFIG_BOOLEAN)
    return;
  if (value->kind == SCOPE_CONFIG_LIST)
    for (guint i = 0; i < MIN (value->items->len, 10); i++)
      config_append_transport (self, list, self->names[option],
                               g_ptr_array_index (value->items, i));
  else
    config_append_transport (self, list, self->names[option], value);
  if (list->len > 0)
    g_object_set (self->profile, property, list->str, NULL);
}

/* A password has no place in a profile. */
static gboolean
config_check_proxy (const char *text,
                    GError    **error)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_HAS_PASSWORD, NULL);

  if (uri != NULL && g_uri_get_password (uri) != NULL)
    return scope_check_proxy ("", error);
  return scope_check_proxy (text, error);
}

/* It becomes one segment of the HTTP API's paths (protocol.md §9). */
static gboolean
config_check_app_id (const char *text,
                     GError    **error)
{
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p <= ' ' || *p == 0x7f || strchr ("/?#", *p) != NULL)
      {
        g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                             _("An app id has no spaces and none of / ? #."));
        return FALSE;
      }
  return TRUE;
}

/**
 * scope_config_draft_apply:
 *
 * Turns the options into a profile and its secrets. What is missing has the default of the library
 * the options belong to.
 */
void
scope_config_draft_apply (ScopeConfigDraft *self)
{
  config_take_secrets (self);
  config_take_text (self, SCOPE_CONFIG_APP_ID, "app-id", config_check_app_id);
  config_take_place (self);
  config_take_times (self);
  config_take_transports (self, SCOPE_CONFIG_ENABLED_TRANSPORTS, "transports");
  config_take_transports (self, SCOPE_CONFIG_DISABLED_TRANSPORTS, "disabled-transports");
  config_take_text (self, SCOPE_CONFIG_PROXY, "proxy", config_check_proxy);
  if (scope_config_draft_is_true (self, SCOPE_CONFIG_CONNECT_AT_START))
    g_object_set (self->profile, "connect-at-start", TRUE, NULL);
  scope_config_draft_apply_auth (self);
}
