/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-connection-options"

#include "config.h"

#include "net/scope-connection-options.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "net/scope-option-checks.h"
#include "protocol/scope-auth-reply.h"

#define PROTOCOL_VERSION 7
#define CLIENT_NAME "linux-channelscope"

static const struct
{
  ScopeTransportKinds kind;
  const char *name;
} transport_names[] = {
  { SCOPE_TRANSPORT_WS, "ws" },
  { SCOPE_TRANSPORT_WSS, "wss" },
  { SCOPE_TRANSPORT_XHR_STREAMING, "xhr_streaming" },
  { SCOPE_TRANSPORT_XHR_POLLING, "xhr_polling" },
  { SCOPE_TRANSPORT_SOCKJS, "sockjs" },
};

/**
 * scope_transport_kind_to_name:
 *
 * Returns: the name of one transport in lists and lines (protocol.md §7.3)
 */
const char *
scope_transport_kind_to_name (ScopeTransportKinds kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (transport_names); i++)
    if (transport_names[i].kind == kind)
      return transport_names[i].name;
  g_return_val_if_reached (NULL);
}

/**
 * scope_transport_kinds_to_text:
 *
 * Returns: (transfer full): the names, joined by commas
 */
char *
scope_transport_kinds_to_text (ScopeTransportKinds kinds)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (transport_names); i++)
    if ((kinds & transport_names[i].kind) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", transport_names[i].name);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/**
 * scope_connection_options_new:
 *
 * Returns: (transfer full): options with the defaults of cli-contract.md
 */
ScopeConnectionOptions *
scope_connection_options_new (void)
{
  ScopeConnectionOptions *self = g_new0 (ScopeConnectionOptions, 1);

  self->use_tls = TRUE;
  self->activity_timeout = 120;
  self->pong_timeout = 30;
  self->unavailable_timeout = 10;
  self->connect_timeout = 15;
  self->reconnect_delay = 1;
  self->max_delay = 30;
  return self;
}

static void
scope_auth_options_copy_to (const ScopeAuthOptions *from,
                            ScopeAuthOptions *to)
{
  to->endpoint = g_strdup (from->endpoint);
  to->params = g_strdupv (from->params);
  to->headers = g_strdupv (from->headers);
}

/**
 * scope_connection_options_copy:
 *
 * Returns: (transfer full): a copy; secrets are shared references
 */
ScopeConnectionOptions *
scope_connection_options_copy (const ScopeConnectionOptions *self)
{
  ScopeConnectionOptions *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->key = g_strdup (self->key);
  copy->cluster = g_strdup (self->cluster);
  copy->host = g_strdup (self->host);
  copy->path = g_strdup (self->path);
  copy->ca_file = g_strdup (self->ca_file);
  copy->origin = g_strdup (self->origin);
  copy->headers = g_strdupv (self->headers);
  copy->proxy = g_strdup (self->proxy);
  copy->app_id = g_strdup (self->app_id);
  copy->api_host = g_strdup (self->api_host);
  copy->presence_user_id = g_strdup (self->presence_user_id);
  copy->presence_user_info = g_strdup (self->presence_user_info);
  copy->http_host = g_strdup (self->http_host);
  copy->http_path = g_strdup (self->http_path);
  scope_auth_options_copy_to (&self->channel_auth, &copy->channel_auth);
  scope_auth_options_copy_to (&self->user_auth, &copy->user_auth);
  copy->user_data = g_strdup (self->user_data);
  copy->secret = self->secret != NULL ? scope_secret_ref (self->secret) : NULL;
  copy->master_key = self->master_key != NULL ? scope_secret_ref (self->master_key) : NULL;
  return copy;
}

/* Headers and params may carry tokens: wiped like secrets. */
static void
scope_connection_options_free_lines (char **lines)
{
  for (char **line = lines; line != NULL && *line != NULL; line++)
    scope_secret_wipe (*line, strlen (*line));
  g_strfreev (lines);
}

static void
scope_auth_options_clear (ScopeAuthOptions *self)
{
  g_free (self->endpoint);
  scope_connection_options_free_lines (self->params);
  scope_connection_options_free_lines (self->headers);
}

/**
 * scope_connection_options_free:
 * @self: (nullable)
 */
void
scope_connection_options_free (ScopeConnectionOptions *self)
{
  if (self == NULL)
    return;

  g_free (self->key);
  g_free (self->cluster);
  g_free (self->host);
  g_free (self->path);
  g_free (self->ca_file);
  g_free (self->origin);
  scope_connection_options_free_lines (self->headers);
  g_free (self->proxy);
  g_free (self->app_id);
  g_free (self->api_host);
  g_free (self->presence_user_id);
  g_free (self->presence_user_info);
  g_free (self->http_host);
  g_free (self->http_path);
  scope_auth_options_clear (&self->channel_auth);
  scope_auth_options_clear (&self->user_auth);
  g_free (self->user_data);
  scope_secret_unref (self->secret);
  scope_secret_unref (self->master_key);
  g_free (self);
}

static gboolean
scope_connection_options_check_headers (char **headers,
                                        GError **error)
{
  for (char **header = headers; header != NULL && *header != NULL; header++)
    if (!scope_check_header (*header, error))
      return FALSE;
  return TRUE;
}

/* A script element carries no headers (protocol.md §4.1): a token in them would never arrive. */
static gboolean
scope_auth_options_check_jsonp (const ScopeAuthOptions *self,
                                GError **error)
{
  g_autofree char *shown = NULL;

  if (self->endpoint == NULL || self->transport != SCOPE_AUTH_TRANSPORT_JSONP || self->headers == NULL
      || *self->headers == NULL)
    return TRUE;

  shown = scope_auth_reply_show_url (self->endpoint);
  return scope_error_usage (error, _("JSONP carries no headers: “%s” can only be asked by ajax, or without them"),
                            shown);
}

static gboolean
scope_auth_options_check (const ScopeAuthOptions *self,
                          GError **error)
{
  for (char **param = self->params; param != NULL && *param != NULL; param++)
    if (!scope_check_param (*param, error))
      return FALSE;
  return (self->endpoint == NULL || scope_check_endpoint (self->endpoint, error))
         && scope_connection_options_check_headers (self->headers, error)
         && scope_auth_options_check_jsonp (self, error);
}

/**
 * scope_connection_options_check:
 *
 * Returns: %TRUE if a connection can be tried with them; else @error (SCOPE_ERROR_USAGE) names the
 *   field and what is allowed
 */
gboolean
scope_connection_options_check (const ScopeConnectionOptions *self,
                                GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return scope_check_key (self->key, error)
         && (self->cluster == NULL || scope_check_cluster (self->cluster, error))
         && (self->host == NULL || scope_check_host (self->host, error))
         && (self->path == NULL || scope_check_path (self->path, error))
         && (self->origin == NULL || scope_check_origin (self->origin, error))
         && (self->proxy == NULL || scope_check_proxy (self->proxy, error))
         && (self->api_host == NULL || scope_check_host (self->api_host, error))
         && (self->http_host == NULL || scope_check_host (self->http_host, error))
         && (self->http_path == NULL || scope_check_path (self->http_path, error))
         && (self->user_data == NULL || scope_check_user_data (self->user_data, NULL, error))
         && scope_auth_options_check (&self->channel_auth, error)
         && scope_auth_options_check (&self->user_auth, error)
         && scope_connection_options_check_headers (self->headers, error);
}

/**
 * scope_connection_options_get_transports:
 *
 * The list of allowed ones is a whitelist, the disabled ones are taken away from it (protocol.md §7.3). An
 * own server has sockets only, unless other transports are listed: no such server speaks them (§7).
 *
 * Returns: the transports that may be tried; 0 if none is left
 */
ScopeTransportKinds
scope_connection_options_get_transports (const ScopeConnectionOptions *self)
{
  ScopeTransportKinds kinds;

  g_return_val_if_fail (self != NULL, 0);

  kinds = self->transports;
  if (kinds == 0)
    kinds = self->host != NULL ? SCOPE_TRANSPORTS_SOCKET : SCOPE_TRANSPORTS_ALL;
  return kinds & ~self->disabled_transports;
}

/**
 * scope_connection_options_dup_host:
 *
 * A host overrides the cluster (protocol.md §1.1).
 *
 * Returns: (transfer full): the WebSocket host
 */
char *
scope_connection_options_dup_host (const ScopeConnectionOptions *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->host != NULL)
    return g_strdup (self->host);
  return g_strdup_printf ("ws-%s.pusher.com",
                          self->cluster != NULL ? self->cluster : SCOPE_DEFAULT_CLUSTER);
}

/* The port of `port` belongs to the first try; a TLS try of a configuration without TLS goes to
 * the TLS port. */
static guint
scope_connection_options_get_port (const ScopeConnectionOptions *self,
                                   gboolean use_tls)
{
  if (!use_tls)
    return self->port != 0 ? self->port : 80;
  if (self->wss_port != 0)
    return self->wss_port;
  return self->port != 0 ? self->port : 443;
}

/* An IPv6 address stands in brackets in a URL. */
static char *
scope_connection_options_join_host (const char *scheme,
                                    const char *host,
                                    guint port)
{
  gboolean is_ipv6 = strchr (host, ':') != NULL && host[0] != '[';

  return g_strdup_printf (is_ipv6 ? "%s://[%s]:%u" : "%s://%s:%u", scheme, host, port);
}

static char *
scope_connection_options_build_path (const ScopeConnectionOptions *self)
{
  const char *prefix = self->path != NULL ? self->path : "";
  gsize length = strlen (prefix);
  g_autofree char *key = NULL;

  while (length > 0 && prefix[length - 1] == '/' && !self->whole_path)
    length--;
  if (self->whole_path)
    return g_strdup (length > 0 ? prefix : "/");

  key = g_uri_escape_string (self->key, NULL, FALSE);
  return g_strdup_printf ("%.*s/app/%s", (int) length, prefix, key);
}

/**
 * scope_connection_options_build_query:
 *
 * Returns: (transfer full): what every transport tells the server about us (protocol.md §1.1)
 */
char *
scope_connection_options_build_query (void)
{
  return g_strdup_printf ("protocol=%d&client=%s&version=%s", PROTOCOL_VERSION, CLIENT_NAME,
                          SCOPE_VERSION);
}

/**
 * scope_connection_options_build_url:
 *
 * Returns: (transfer full): `{ws|wss}://host:port/path/app/KEY?protocol=7&client=…&version=…`
 *   (protocol.md §1.1)
 */
char *
scope_connection_options_build_url (const ScopeConnectionOptions *self,
                                    gboolean use_tls)
{
  g_autofree char *host = NULL;
  g_autofree char *start = NULL;
  g_autofree char *path = NULL;
  g_autofree char *query = NULL;

  g_return_val_if_fail (self != NULL && self->key != NULL, NULL);

  host = scope_connection_options_dup_host (self);
  start = scope_connection_options_join_host (use_tls ? "wss" : "ws", host,
                                              scope_connection_options_get_port (self, use_tls));
  path = scope_connection_options_build_path (self);
  query = scope_connection_options_build_query ();
  return g_strdup_printf ("%s%s%c%s", start, path, strchr (path, '?') != NULL ? '&' : '?', query);
}

static guint
scope_connection_options_get_http_port (const ScopeConnectionOptions *self,
                                        gboolean use_tls)
{
  guint port = use_tls ? self->https_port : self->http_port;

  if (port != 0)
    return port;
  /* an own server's ports go together, as its hosts do (protocol.md §12) */
  if (self->host != NULL)
    return scope_connection_options_get_port (self, use_tls);
  return use_tls ? 443 : 80;
}

/**
 * scope_connection_options_build_http_url:
 *
 * Without a host of its own it is the own server's, never the cluster's beside an own server
 * (protocol.md §12), and `sockjs-CLUSTER.pusher.com` else (§1.1).
 *
 * Returns: (transfer full): the base of the HTTP transports, without a slash at its end
 */
char *
scope_connection_options_build_http_url (const ScopeConnectionOptions *self,
                                         gboolean use_tls)
{
  g_autofree char *host = NULL;
  g_autofree char *start = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->http_host != NULL || self->host != NULL)
    host = g_strdup (self->http_host != NULL ? self->http_host : self->host);
  else
    host = g_strdup_printf ("sockjs-%s.pusher.com",
                            self->cluster != NULL ? self->cluster : SCOPE_DEFAULT_CLUSTER);
  start = scope_connection_options_join_host (use_tls ? "https" : "http", host,
                                              scope_connection_options_get_http_port (self, use_tls));
  path = g_strdup (self->http_path != NULL ? self->http_path : SCOPE_DEFAULT_HTTP_PATH);
  while (g_str_has_suffix (path, "/"))
    path[strlen (path) - 1] = '\0';
  return g_strconcat (start, path, NULL);
}

/**
 * scope_connection_options_build_api_url:
 *
 * Returns: (transfer full): where the HTTP API is: the own server's host and port when given, else
 *   the cluster's API host (cli-contract.md)
 */
char *
scope_connection_options_build_api_url (const ScopeConnectionOptions *self)
{
  const char *scheme;
  g_autofree char *host = NULL;
  guint port;

  g_return_val_if_fail (self != NULL, NULL);

  scheme = self->use_tls ? "https" : "http";
  if (self->api_host != NULL || self->host != NULL)
    host = g_strdup (self->api_host != NULL ? self->api_host : self->host);
  else
    host = g_strdup_printf ("api-%s.pusher.com",
                            self->cluster != NULL ? self->cluster : SCOPE_DEFAULT_CLUSTER);
  port = self->api_port;
  if (port == 0 && self->host != NULL)
    port = self->port;
  if (port == 0)
    port = self->use_tls ? 443 : 80;
  return scope_connection_options_join_host (scheme, host, port);
}
