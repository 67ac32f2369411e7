/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-option-checks"

#include "config.h"

#include "net/scope-option-checks.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "base/scope-secret.h"
#include "json/scope-json.h"

#define MAX_KEY_BYTES 200
#define MAX_HOST_BYTES 253
#define MAX_PATH_BYTES 2048
#define MAX_HEADER_BYTES 8192
#define MAX_SECONDS 86400.0

static gboolean
scope_check_only_has (const char *text,
                      const char *others)
{
  for (const char *byte = text; *byte != '\0'; byte++)
    if (!g_ascii_isalnum (*byte) && strchr (others, *byte) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
scope_check_has_control (const char *text)
{
  for (const char *byte = text; *byte != '\0'; byte++)
    if ((guchar) *byte < 0x20 || *byte == 0x7f)
      return TRUE;
  return FALSE;
}

/* For messages: a user name, password or query that was given with an address is not repeated. */
static char *
scope_check_dup_shown (const char *text)
{
  const char *scheme = strstr (text, "://");
  const char *start = scheme != NULL ? scheme + 3 : text;
  const char *at = strrchr (start, '@');
  const char *query = strchr (at != NULL ? at : start, '?');
  gsize length = query != NULL ? (gsize) (query - (at != NULL ? at : start)) : strlen (at != NULL ? at : start);

  return g_strdup_printf ("%.*s%s%.*s%s", (int) (start - text), text, at != NULL ? SCOPE_REDACTED : "",
                          (int) length, at != NULL ? at : start, query != NULL ? "?" SCOPE_REDACTED : "");
}

/**
 * scope_check_key:
 * @key: (nullable): the app key
 *
 * Servers choose their own keys; only what can't stand in a URL or log line is refused.
 */
gboolean
scope_check_key (const char *key,
                 GError **error)
{
  if (key == NULL || *key == '\0')
    return scope_error_usage (error, _("The app key is missing"));
  if (strlen (key) > MAX_KEY_BYTES)
    return scope_error_usage (error, _("The app key is longer than %d characters"), MAX_KEY_BYTES);
  if (!g_utf8_validate (key, -1, NULL) || scope_check_has_control (key) || strchr (key, ' ') != NULL)
    return scope_error_usage (error, _("The app key must not contain spaces or control characters"));
  return TRUE;
}

/**
 * scope_check_cluster:
 *
 * Dedicated clusters exist, so any name of letters, digits and dashes is accepted (protocol.md §1.1).
 */
gboolean
scope_check_cluster (const char *cluster,
                     GError **error)
{
  if (*cluster == '\0' || strlen (cluster) > 63 || !scope_check_only_has (cluster, "-"))
    return scope_error_usage (error, _("The cluster “%s” is not valid: letters, digits and - only, "
                                       "as in “mt1” or “eu”"), cluster);
  return TRUE;
}

/**
 * scope_check_host:
 *
 * A host name or an IPv4 or IPv6 address, without scheme, port or path.
 */
gboolean
scope_check_host (const char *host,
                  GError **error)
{
  g_autofree char *shown = scope_check_dup_shown (host);

  if (*host != '\0' && strlen (host) <= MAX_HOST_BYTES && g_hostname_is_ip_address (host))
    return TRUE;
  if (strstr (host, "://") != NULL)
    return scope_error_usage (error, _("The host “%s” must be a name alone, without “%.*s://”"), shown,
                              (int) (strstr (host, "://") - host), host);
  if (strchr (host, '/') != NULL || strchr (host, ':') != NULL)
    return scope_error_usage (error, _("The host “%s” must be a name alone: port and path have fields "
                                       "of their own"), shown);
  if (*host == '\0' || strlen (host) > MAX_HOST_BYTES || !g_utf8_validate (host, -1, NULL)
      || *host == '.' || *host == '-' || strstr (host, "..") != NULL
      || (!g_hostname_is_non_ascii (host) && !scope_check_only_has (host, "-._")))
    return scope_error_usage (error, _("The host “%s” is not valid: a name like “ws.example.com” or an "
                                       "IP address"), shown);
  return TRUE;
}

/**
 * scope_check_port:
 * @value: (out) (optional)
 */
gboolean
scope_check_port (const char *port,
                  guint *value,
                  GError **error)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (port, 10, 1, 65535, &number, NULL))
    return scope_error_usage (error, _("The port “%s” is not valid: a number from 1 to 65535"), port);
  if (value != NULL)
    *value = number;
  return TRUE;
}

/**
 * scope_check_path:
 *
 * A prefix before /app/KEY, or with “whole path” all of it.
 */
gboolean
scope_check_path (const char *path,
                  GError **error)
{
  g_autofree char *shown = scope_check_dup_shown (path);

  if (*path == '\0')
    return TRUE;
  if (*path != '/' || strlen (path) > MAX_PATH_BYTES || !g_utf8_validate (path, -1, NULL)
      || scope_check_has_control (path) || strpbrk (path, " #") != NULL)
    return scope_error_usage (error, _("The path “%s” is not valid: it starts with “/” and has no "
                                       "spaces or “#”"), shown);
  return TRUE;
}

/**
 * scope_check_header:
 * @header: "Name: value"; the message never shows the value
 */
gboolean
scope_check_header (const char *header,
                    GError **error)
{
  const char *colon = strchr (header, ':');
  g_autofree char *name = g_strndup (header, colon != NULL ? colon - header : 0);

  if (*name == '\0' || !scope_check_only_has (name, "!#$%&'*+-.^_`|~"))
    return scope_error_usage (error, _("A header is not valid: it is written “Name: value”"));
  if (strlen (header) > MAX_HEADER_BYTES || scope_check_has_control (colon + 1)
      || !g_utf8_validate (colon + 1, -1, NULL))
    return scope_error_usage (error, _("The value of the header “%s” is not valid: one line of text, at "
                                       "most %d bytes"), name, MAX_HEADER_BYTES);
  return TRUE;
}

/**
 * scope_check_origin:
 *
 * "https://example.com": scheme and host, as browsers send it; "null" is one too.
 */
gboolean
scope_check_origin (const char *origin,
                    GError **error)
{
  g_autofree char *shown = scope_check_dup_shown (origin);
  g_autoptr (GUri) uri = NULL;

  if (*origin == '\0' || strcmp (origin, "null") == 0)
    return TRUE;
  uri = g_uri_parse (origin, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || scope_check_has_control (origin) || g_uri_get_query (uri) != NULL
      || *g_uri_get_path (uri) != '\0')
    return scope_error_usage (error, _("The origin “%s” is not valid: scheme and host, as in "
                                       "“https://example.com”"), shown);
  return TRUE;
}

/**
 * scope_check_proxy:
 * @proxy: such as `http://proxy:3128`; empty: none
 * @error: SCOPE_ERROR_USAGE: never repeats it, for a password may stand in it
 *
 * Returns: whether it is the URL of a proxy
 */
gboolean
scope_check_proxy (const char *proxy,
                   GError **error)
{
  static const char * const schemes[] = { "http", "https", "socks", "socks4", "socks4a", "socks5", NULL };
  g_autoptr (GUri) uri = NULL;

  if (*proxy == '\0')
    return TRUE;
  uri = g_uri_parse (proxy, G_URI_FLAGS_HAS_PASSWORD, NULL);
  if (uri == NULL || !g_strv_contains (schemes, g_uri_get_scheme (uri)) || g_uri_get_host (uri) == NULL
      || *g_uri_get_host (uri) == '\0')
    return scope_error_usage (error, _("The proxy is not a valid URL: as in “http://proxy:3128” or "
                                       "“socks5://127.0.0.1:1080”"));
  return TRUE;
}

/**
 * scope_check_seconds:
 * @value: (out) (optional)
 */
gboolean
scope_check_seconds (const char *seconds,
                     double *value,
                     GError **error)
{
  char *end = NULL;
  double number = g_ascii_strtod (seconds, &end);

  if (*seconds == '\0' || *end != '\0' || !isfinite (number) || number <= 0 || number > MAX_SECONDS)
    return scope_error_usage (error, _("“%s” is no number of seconds: above 0, at most %d, fractions "
                                       "allowed"), seconds, (int) MAX_SECONDS);
  if (value != NULL)
    *value = number;
  return TRUE;
}

/* ids are text always: a number keeps its digits (protocol.md §2.2, §12) */
static char *
scope_check_dup_id (const char *text,
                    ScopeSpan span,
                    ScopeJsonKind kind)
{
  if (kind == SCOPE_JSON_STRING)
    return scope_json_string_dup (text + span.offset, span.length);
  if (kind == SCOPE_JSON_NUMBER)
    return g_strndup (text + span.offset, span.length);
  return NULL;
}

/**
 * scope_check_presence_user:
 * @json: `{"user_id":…,"user_info":…}`
 * @user_id: (out) (transfer full)
 * @user_info: (out) (transfer full) (nullable): JSON text
 */
gboolean
scope_check_presence_user (const char *json,
                           char **user_id,
                           char **user_info,
                           GError **error)
{
  ScopeJsonWanted wanted[] = { { .key = "user_id" }, { .key = "user_info" } };
  g_autofree char *id = NULL;

  if (scope_json_scan_object (json, strlen (json), wanted, G_N_ELEMENTS (wanted), NULL))
    id = scope_check_dup_id (json, wanted[0].value, wanted[0].kind);
  if (id == NULL || *id == '\0' || strlen (id) > SCOPE_LIMIT_USER_ID_BYTES)
    return scope_error_usage (error, _("The presence user is not valid: a JSON object like "
                                       "{\"user_id\":\"7\",\"user_info\":{\"name\":\"Ana\"}}"));

  *user_id = g_steal_pointer (&id);
  *user_info = wanted[1].kind == SCOPE_JSON_NONE
                   ? NULL
                   : g_strndup (json + wanted[1].value.offset, wanted[1].value.length);
  return TRUE;
}

/**
 * scope_check_transports:
 * @list: names separated by commas
 * @kinds: (out)
 */
gboolean
scope_check_transports (const char *list,
                        ScopeTransportKinds *kinds,
                        GError **error)
{
  g_auto (GStrv) names = g_strsplit (list, ",", -1);
  g_autofree char *allowed = scope_transport_kinds_to_text (SCOPE_TRANSPORTS_ALL);
  ScopeTransportKinds found = 0;

  for (char **name = names; *name != NULL; name++)
    {
      guint kind = 1;

      g_strstrip (*name);
      while (kind < SCOPE_TRANSPORTS_ALL && strcmp (*name, scope_transport_kind_to_name (kind)) != 0)
        kind <<= 1;
      found |= kind;
      if (kind > SCOPE_TRANSPORTS_ALL)
        return scope_error_usage (error, _("There is no transport “%s”: allowed are %s"), *name, allowed);
    }
  if (found == 0)
    return scope_error_usage (error, _("The list of transports is empty: allowed are %s"), allowed);
  *kinds = found;
  return TRUE;
}

/**
 * scope_check_param:
 * @param: "name=value"; the message never shows the value
 *
 * A parameter of an authorization endpoint (protocol.md §4.1). One line: they are kept as lines.
 */
gboolean
scope_check_param (const char *param,
                   GError **error)
{
  const char *equals = strchr (param, '=');
  g_autofree char *name = g_strndup (param, equals != NULL ? equals - param : 0);

  if (*name == '\0' || !g_utf8_validate (name, -1, NULL) || scope_check_has_control (name))
    return scope_error_usage (error, _("A parameter is not valid: it is written “name=value”"));
  if (strlen (equals + 1) > SCOPE_LIMIT_FIELD_BYTES || scope_check_has_control (equals + 1)
      || !g_utf8_validate (equals + 1, -1, NULL))
    return scope_error_usage (error, _("The value of the parameter “%s” is not valid: one line of text, "
                                       "at most %d bytes"), name, SCOPE_LIMIT_FIELD_BYTES);
  return TRUE;
}

/**
 * scope_check_auth_transport:
 * @transport: (out) (optional)
 *
 * "ajax" or "jsonp" (protocol.md §4.3).
 */
gboolean
scope_check_auth_transport (const char *name,
                            ScopeAuthTransport *transport,
                            GError **error)
{
  gboolean is_jsonp = strcmp (name, "jsonp") == 0;

  if (!is_jsonp && strcmp (name, "ajax") != 0)
    return scope_error_usage (error, _("An endpoint is asked by ajax or jsonp, not by “%s”"), name);
  if (transport != NULL)
    *transport = is_jsonp ? SCOPE_AUTH_TRANSPORT_JSONP : SCOPE_AUTH_TRANSPORT_AJAX;
  return TRUE;
}

/**
 * scope_check_auth_method:
 * @method: (out) (optional)
 *
 * "post" or "get" (protocol.md §4.1, §8.2).
 */
gboolean
scope_check_auth_method (const char *name,
                         ScopeAuthMethod *method,
                         GError **error)
{
  gboolean is_get = strcmp (name, "get") == 0;

  if (!is_get && strcmp (name, "post") != 0)
    return scope_error_usage (error, _("An endpoint is called with post or get, not with “%s”"), name);
  if (method != NULL)
    *method = is_get ? SCOPE_AUTH_METHOD_GET : SCOPE_AUTH_METHOD_POST;
  return TRUE;
}

/**
 * scope_check_endpoint:
 *
 * An authorization endpoint: a whole http or https URL with a host, without a user name or password.
 */
gboolean
scope_check_endpoint (const char *url,
                      GError **error)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_HAS_PASSWORD, NULL);
  const char *scheme = uri != NULL ? g_uri_get_scheme (uri) : NULL;

  if (uri == NULL || strpbrk (url, " \t\r\n") != NULL || g_uri_get_host (uri) == NULL
      || *g_uri_get_host (uri) == '\0'
      || (g_ascii_strcasecmp (scheme, "http") != 0 && g_ascii_strcasecmp (scheme, "https") != 0))
    return scope_error_usage (error, _("An endpoint is a whole http or https address, such as "
                                       "https://example.com/pusher/auth"));
  if (g_uri_get_userinfo (uri) != NULL)
    return scope_error_usage (error, _("An endpoint's address can't hold a user name or password: use a "
                                       "header"));
  return TRUE;
}

/**
 * scope_check_user_data:
 * @json: `{"id":…,"user_info":…,"watchlist":[…]}`
 * @id: (out) (optional) (transfer full): the user's id
 *
 * What one signs in with: the id is a string of the characters channel names have, not empty
 * (protocol.md §4.5).
 */
gboolean
scope_check_user_data (const char *json,
                       char **id,
                       GError **error)
{
  ScopeJsonWanted wanted[] = { { .key = "id" } };
  g_autofree char *text = NULL;

  if (!scope_json_check (json, strlen (json), NULL, NULL)
      || !scope_json_scan_object (json, strlen (json), wanted, G_N_ELEMENTS (wanted), NULL))
    return scope_error_usage (error, _("The user is a JSON object, such as {\"id\":\"ann\"}"));
  if (wanted[0].kind == SCOPE_JSON_STRING)
    text = scope_json_string_dup (json + wanted[0].value.offset, wanted[0].value.length);
  if (text == NULL || *text == '\0'
      || text[strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=@,.;")] != '\0')
    return scope_error_usage (error, _("The user's “id” is a text of letters, digits and _-=@,.; that is not "
                                       "empty"));
  if (id != NULL)
    *id = g_steal_pointer (&text);
  return TRUE;
}
