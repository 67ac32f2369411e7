/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-profile-editor"

#include "config.h"

#include "ui/scope-profile-editor-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
#include "base/scope-limits.h"
#include "net/scope-option-checks.h"
#include "protocol/scope-channel-name.h"
#include "protocol/scope-decrypt.h"

#define MAX_ATTEMPTS 1000000

/* clang-format off */
static const struct { const char *name, *place; } clusters[] = {
  { "mt1", N_("N. Virginia") },
  { "us2", N_("Ohio") },
  { "us3", N_("Oregon") },
  { "eu",  N_("Ireland") },
  { "ap1", N_("Singapore") },
  { "ap2", N_("Mumbai") },
  { "ap3", N_("Tokyo") },
  { "ap4", N_("Sydney") },
  { "sa1", N_("São Paulo") },
};

/* clang-format on */

static gboolean
check_name (ScopeProfileEditor *self,
            const char         *text,
            GError            **error)
{
  ScopeProfile *other = scope_profile_store_find_by_name (self->store, text);

  if (other == NULL
      || g_strcmp0 (scope_profile_get_id (other), scope_profile_get_id (self->working)) == 0)
    return TRUE;

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_EXISTS,
                       _("There is another profile with this name."));
  return FALSE;
}

static gboolean
check_key (ScopeProfileEditor *self,
           const char         *text,
           GError            **error)
{
  return scope_check_key (text, error);
}

static gboolean
check_cluster (ScopeProfileEditor *self,
               const char         *text,
               GError            **error)
{
  return scope_check_cluster (text, error);
}

static gboolean
check_host (ScopeProfileEditor *self,
            const char         *text,
            GError            **error)
{
  return scope_check_host (text, error);
}

static gboolean
check_port (ScopeProfileEditor *self,
            const char         *text,
            GError            **error)
{
  guint port;

  return scope_check_port (text, &port, error);
}

/* It becomes one segment of the HTTP API's paths (protocol.md §9). */
static gboolean
check_app_id (ScopeProfileEditor *self,
              const char         *text,
              GError            **error)
{
  if (strpbrk (text, " \t\r\n/?#") == NULL)
    return TRUE;

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("An app id has no spaces and none of / ? #."));
  return FALSE;
}

static gboolean
check_master_key (ScopeProfileEditor *self,
                  const char         *text,
                  GError            **error)
{
  return scope_master_key_check (text, error);
}

static gboolean
check_path (ScopeProfileEditor *self,
            const char         *text,
            GError            **error)
{
  return scope_check_path (text, error);
}

static gboolean
check_ca_file (ScopeProfileEditor *self,
               const char         *text,
               GError            **error)
{
  if (g_path_is_absolute (text) && g_file_test (text, G_FILE_TEST_IS_REGULAR))
    return TRUE;

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("There is no such file. Give its whole path, or choose it."));
  return FALSE;
}

static gboolean
check_proxy (ScopeProfileEditor *self,
             const char         *text,
             GError            **error)
{
  return scope_check_proxy (text, error);
}

static gboolean
check_origin (ScopeProfileEditor *self,
              const char         *text,
              GError            **error)
{
  return scope_check_origin (text, error);
}

static gboolean
check_header (ScopeProfileEditor *self,
              const char         *text,
              GError            **error)
{
  return scope_check_header (text, error);
}

static gboolean
check_param (ScopeProfileEditor *self,
             const char         *text,
             GError            **error)
{
  return scope_check_param (text, error);
}

/* JSONP carries none (protocol.md §4.1). */
static gboolean
check_endpoint_header (ScopeProfileEditor *self,
                       ScopeEditorField    method,
                       const char         *text,
                       GError            **error)
{
  guint choice = adw_combo_row_get_selected (ADW_COMBO_ROW (self->inputs[method]));

  if (choice != SCOPE_REQUEST_JSONP)
    return scope_check_header (text, error);

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("JSONP carries no headers: remove them, or choose another request."));
  return FALSE;
}

static gboolean
check_auth_header (ScopeProfileEditor *self,
                   const char         *text,
                   GError            **error)
{
  return check_endpoint_header (self, SCOPE_FIELD_AUTH_METHOD, text, error);
}

static gboolean
check_user_header (ScopeProfileEditor *self,
                   const char         *text,
                   GError            **error)
{
  return check_endpoint_header (self, SCOPE_FIELD_USER_METHOD, text, error);
}

static gboolean
check_endpoint (ScopeProfileEditor *self,
                const char         *text,
                GError            **error)
{
  return scope_check_endpoint (text, error);
}

static gboolean
check_user_data (ScopeProfileEditor *self,
                 const char         *text,
                 GError            **error)
{
  if (!scope_check_user_data (text, NULL, error))
    return FALSE;
  if (!self->secrets_known
      || !_scope_profile_editor_field_is_empty (self, SCOPE_FIELD_SECRET)
      || !_scope_profile_editor_field_is_empty (self, SCOPE_FIELD_USER_ENDPOINT))
    return TRUE;

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
                       _("Signing in here needs the app secret."));
  return FALSE;
}

static gboolean
check_transports (ScopeProfileEditor *self,
                  const char         *text,
                  GError            **error)
{
  ScopeTransportKinds kinds;

  return scope_check_transports (text, &kinds, error);
}

/* Something must be left. */
static gboolean
check_disabled_transports (ScopeProfileEditor *self,
                           const char         *text,
                           GError            **error)
{
  g_autoptr (ScopeConnectionOptions) options = scope_connection_options_new ();
  g_autofree char *allowed = _scope_profile_editor_dup_text (self, SCOPE_FIELD_TRANSPORTS);

  if (!scope_check_transports (text, &options->disabled_transports, error))
    return FALSE;

  options->host = _scope_profile_editor_dup_text (self, SCOPE_FIELD_HOST);
  if (*options->host == '\0')
    g_clear_pointer (&options->host, g_free);
  if (*allowed != '\0')
    scope_check_transports (allowed, &options->transports, NULL);
  if (scope_connection_options_get_transports (options) != 0)
    return TRUE;

  g_set_error_literal (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("No transport is left."));
  return FALSE;
}

static gboolean
check_max_data (ScopeProfileEditor *self,
                const char         *text,
                GError            **error)
{
  guint64 value;

  if (g_ascii_string_to_unsigned (text, 10, 0, SCOPE_LIMIT_FRAME_BYTES, &value, NULL))
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("A whole number of bytes up to %d."),
               SCOPE_LIMIT_FRAME_BYTES);
  return FALSE;
}

static gboolean
check_presence_user (ScopeProfileEditor *self,
                     const char         *text,
                     GError            **error)
{
  g_autofree char *id = NULL;
  g_autofree char *info = NULL;

  return scope_check_presence_user (text, &id, &info, error);
}

static gboolean
check_channel (ScopeProfileEditor *self,
               const char         *text,
               GError            **error)
{
  g_autofree char *warning = NULL;

  return scope_channel_name_check (text, &warning, error);
}

static gboolean
check_seconds (ScopeProfileEditor *self,
               const char         *text,
               GError            **error)
{
  double seconds;

  return scope_check_seconds (text, &seconds, error);
}

static gboolean
check_attempts (ScopeProfileEditor *self,
                const char         *text,
                GError            **error)
{
  guint64 value;

  if (g_ascii_string_to_unsigned (text, 10, 0, MAX_ATTEMPTS, &value, NULL))
    return TRUE;

  g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE,
               _("A whole number up to %d; empty or 0 never gives up."), MAX_ATTEMPTS);
  return FALSE;
}

/* clang-format off */
#define FIELD(id, property, type, check, hint) \
  { id, hint, property, SCOPE_FIELD_TYPE_##type, 0, check }
#define SECRET(id, kind, type, check, hint) \
  { id, hint, NULL, SCOPE_FIELD_TYPE_##type, SCOPE_CREDENTIAL_##kind, check }

const ScopeFieldInfo _scope_profile_editor_fields[SCOPE_N_FIELDS] = {
  [SCOPE_FIELD_NAME] = FIELD ("name", "name", TEXT, check_name,
      N_("Shown in the list of profiles and as the title of its window.")),
  [SCOPE_FIELD_KEY] = SECRET ("key", KEY, SECRET, check_key,
      N_("Tells the server which app is meant.")),
  [SCOPE_FIELD_CLUSTER] = FIELD ("cluster", "cluster", TEXT, check_cluster, NULL),
  [SCOPE_FIELD_HOST] = FIELD ("host", "host", TEXT, check_host,
      N_("A name or an address, without wss:// before it.")),
  [SCOPE_FIELD_PORT] = FIELD ("port", "port", NUMBER, check_port, NULL),
  [SCOPE_FIELD_USE_TLS] = FIELD ("use_tls", "use-tls", SWITCH, NULL, NULL),
  [SCOPE_FIELD_PATH] = FIELD ("path", "path", TEXT, check_path,
      N_("Stands before /app/KEY. Usually empty.")),
  [SCOPE_FIELD_APP_ID] = FIELD ("app_id", "app-id", TEXT, check_app_id,
      N_("Needed for the HTTP API.")),
  [SCOPE_FIELD_SECRET] = SECRET ("secret", SECRET, SECRET, NULL,
      N_("Signs private and presence channels, and calls of the HTTP API.")),
  [SCOPE_FIELD_MASTER_KEY] = SECRET ("master_key", MASTER_KEY, SECRET, check_master_key,
      N_("Base64 of 32 bytes. Decrypts encrypted channels.")),
  [SCOPE_FIELD_AUTH_ENDPOINT] = FIELD ("auth_endpoint", "auth-endpoint", TEXT, check_endpoint,
      N_("Such as https://example.com/pusher/auth. Empty means signing here.")),
  [SCOPE_FIELD_AUTH_METHOD] = FIELD ("auth_method", "auth-method", REQUEST, NULL, NULL),
  [SCOPE_FIELD_AUTH_PARAMS] = SECRET ("auth_params", AUTH_PARAMS, SECRET_LINES, check_param, NULL),
  [SCOPE_FIELD_AUTH_HEADERS] = SECRET (
      "auth_headers", AUTH_HEADERS, SECRET_LINES, check_auth_header,
      NULL),
  [SCOPE_FIELD_PRESENCE_USER] = FIELD ("presence_user", "presence-user", TEXT, check_presence_user,
      N_("As {\"user_id\": \"42\", \"user_info\": {\"name\": \"Ada\"}}. Empty means a "
         "generated id.")),
  [SCOPE_FIELD_USER_ENDPOINT] = FIELD ("user_endpoint", "user-endpoint", TEXT, check_endpoint,
      N_("Such as https://example.com/pusher/user-auth. Empty means none is asked.")),
  [SCOPE_FIELD_USER_METHOD] = FIELD ("user_method", "user-method", REQUEST, NULL, NULL),
  [SCOPE_FIELD_USER_PARAMS] = SECRET ("user_params", USER_PARAMS, SECRET_LINES, check_param, NULL),
  [SCOPE_FIELD_USER_HEADERS] = SECRET (
      "user_headers", USER_HEADERS, SECRET_LINES, check_user_header,
      NULL),
  [SCOPE_FIELD_USER_DATA] = FIELD ("user_data", "user-data", TEXT, check_user_data, NULL),
  [SCOPE_FIELD_API_HOST] = FIELD ("api_host", "api-host", TEXT, check_host,
      N_("Empty means the host above, else the cluster’s.")),
  [SCOPE_FIELD_API_PORT] = FIELD ("api_port", "api-port", NUMBER, check_port,
      N_("Empty means the port above.")),
  [SCOPE_FIELD_CONNECT_AT_START] = FIELD ("connect_at_start", "connect-at-start", SWITCH, NULL,
      NULL),
  [SCOPE_FIELD_READ_ONLY] = FIELD ("read_only", "read-only", SWITCH, NULL, NULL),
  [SCOPE_FIELD_SUBSCRIPTIONS] = FIELD ("subscriptions", "subscriptions", LINES, check_channel,
      NULL),
  [SCOPE_FIELD_TRANSPORTS] = FIELD ("transports", "transports", TEXT, check_transports,
      N_("Such as ws,wss. Empty means all with a cluster, ws and wss with a host.")),
  [SCOPE_FIELD_DISABLED_TRANSPORTS] = FIELD (
      "disabled_transports", "disabled-transports", TEXT, check_disabled_transports,
      N_("Taken away from those that are allowed.")),
  [SCOPE_FIELD_WSS_PORT] = FIELD ("wss_port", "wss-port", NUMBER, check_port,
      N_("Empty means the port above, else 443.")),
  [SCOPE_FIELD_HTTP_HOST] = FIELD ("http_host", "http-host", TEXT, check_host,
      N_("Where transports over HTTP go to. Empty means the host above, else the cluster’s.")),
  [SCOPE_FIELD_HTTP_PORT] = FIELD ("http_port", "http-port", NUMBER, check_port,
      N_("Empty means the port above, else 80.")),
  [SCOPE_FIELD_HTTPS_PORT] = FIELD ("https_port", "https-port", NUMBER, check_port,
      N_("Empty means the port for TLS, else 443.")),
  [SCOPE_FIELD_HTTP_PATH] = FIELD ("http_path", "http-path", TEXT, check_path,
      N_("Empty means /pusher.")),
  [SCOPE_FIELD_WHOLE_PATH] = FIELD ("whole_path", "whole-path", SWITCH, NULL, NULL),
  [SCOPE_FIELD_ORIGIN] = FIELD ("origin", "origin", TEXT, check_origin,
      N_("Such as https://example.com, for servers that look at it.")),
  [SCOPE_FIELD_HEADERS] = SECRET ("headers", HEADERS, SECRET_LINES, check_header, NULL),
  [SCOPE_FIELD_CA_FILE] = FIELD ("ca_file", "ca-file", TEXT, check_ca_file,
      N_("A PEM file with further authorities to trust.")),
  [SCOPE_FIELD_PROXY] = FIELD ("proxy", "proxy", TEXT, check_proxy,
      N_("Empty means the system’s proxy settings.")),
  [SCOPE_FIELD_MAX_DATA] = FIELD ("max_data", "max-data", NUMBER, check_max_data,
      N_("Bytes of an event’s data above which nothing is sent. Empty means 10240.")),
  [SCOPE_FIELD_ACTIVITY_TIMEOUT] = FIELD (
      "activity_timeout", "activity-timeout", SECONDS, check_seconds,
      N_("Silence before a ping is sent.")),
  [SCOPE_FIELD_PONG_TIMEOUT] = FIELD ("pong_timeout", "pong-timeout", SECONDS, check_seconds,
      N_("How long to wait for its answer.")),
  [SCOPE_FIELD_UNAVAILABLE_TIMEOUT] = FIELD (
      "unavailable_timeout", "unavailable-timeout", SECONDS, check_seconds,
      N_("Time without a connection until it counts as unavailable.")),
  [SCOPE_FIELD_CONNECT_TIMEOUT] = FIELD (
      "connect_timeout", "connect-timeout", SECONDS, check_seconds,
      N_("Longest time of one attempt.")),
  [SCOPE_FIELD_RECONNECT_DELAY] = FIELD (
      "reconnect_delay", "reconnect-delay", SECONDS, check_seconds,
      N_("Before the first attempt to connect again. It doubles from there.")),
  [SCOPE_FIELD_MAX_DELAY] = FIELD ("max_delay", "max-delay", SECONDS, check_seconds,
      N_("However often it failed.")),
  [SCOPE_FIELD_MAX_ATTEMPTS] = FIELD ("max_attempts", "max-attempts", NUMBER, check_attempts,
      N_("After so many it gives up. Empty means never.")),
};
/* clang-format on */

/* The known clusters, in order; NULL after the last. protocol.md §1.2 */
const char *
_scope_profile_editor_get_cluster (guint        index,
                                   const char **place)
{
  if (index >= G_N_ELEMENTS (clusters))
    return NULL;

  *place = _(clusters[index].place);
  return clusters[index].name;
}
