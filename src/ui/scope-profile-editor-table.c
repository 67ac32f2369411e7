/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-profile-editor"

#include "config.h"

#include "ui/scope-profile-editor-private.h"

#include <glib/gi18n-lib.h>

#include "base/scope-error.h"
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
#define FIELD(id, property, type, check) { id, property, SCOPE_FIELD_TYPE_##type, 0, check }
#define SECRET(id, type, kind, check) { id, NULL, SCOPE_FIELD_TYPE_##type, kind, check }

const ScopeFieldInfo _scope_profile_editor_fields[SCOPE_N_FIELDS] = {
  [SCOPE_FIELD_NAME] = FIELD ("name", "name", TEXT, check_name),
  [SCOPE_FIELD_KEY] = SECRET ("key", SECRET, SCOPE_CREDENTIAL_KEY, check_key),
  [SCOPE_FIELD_CLUSTER] = FIELD ("cluster", "cluster", TEXT, check_cluster),
  [SCOPE_FIELD_HOST] = FIELD ("host", "host", TEXT, check_host),
  [SCOPE_FIELD_PORT] = FIELD ("port", "port", NUMBER, check_port),
  [SCOPE_FIELD_USE_TLS] = FIELD ("use_tls", "use-tls", SWITCH, NULL),
  [SCOPE_FIELD_APP_ID] = FIELD ("app_id", "app-id", TEXT, check_app_id),
  [SCOPE_FIELD_SECRET] = SECRET ("secret", SECRET, SCOPE_CREDENTIAL_SECRET, NULL),
  [SCOPE_FIELD_MASTER_KEY] =
      SECRET ("master_key", SECRET, SCOPE_CREDENTIAL_MASTER_KEY, check_master_key),
  [SCOPE_FIELD_PATH] = FIELD ("path", "path", TEXT, check_path),
  [SCOPE_FIELD_WHOLE_PATH] = FIELD ("whole_path", "whole-path", SWITCH, NULL),
  [SCOPE_FIELD_WSS_PORT] = FIELD ("wss_port", "wss-port", NUMBER, check_port),
  [SCOPE_FIELD_TRANSPORTS] = FIELD ("transports", "transports", CHOICE, NULL),
  [SCOPE_FIELD_CA_FILE] = FIELD ("ca_file", "ca-file", TEXT, check_ca_file),
  [SCOPE_FIELD_PROXY] = FIELD ("proxy", "proxy", TEXT, check_proxy),
  [SCOPE_FIELD_ORIGIN] = FIELD ("origin", "origin", TEXT, check_origin),
  [SCOPE_FIELD_HEADERS] =
      SECRET ("headers", SECRET_LINES, SCOPE_CREDENTIAL_HEADERS, check_header),
  [SCOPE_FIELD_API_HOST] = FIELD ("api_host", "api-host", TEXT, check_host),
  [SCOPE_FIELD_API_PORT] = FIELD ("api_port", "api-port", NUMBER, check_port),
  [SCOPE_FIELD_PRESENCE_USER] = FIELD ("presence_user", "presence-user", TEXT, check_presence_user),
  [SCOPE_FIELD_SUBSCRIPTIONS] = FIELD ("subscriptions", "subscriptions", LINES, check_channel),
  [SCOPE_FIELD_ACTIVITY_TIMEOUT] =
      FIELD ("activity_timeout", "activity-timeout", SECONDS, check_seconds),
  [SCOPE_FIELD_PONG_TIMEOUT] = FIELD ("pong_timeout", "pong-timeout", SECONDS, check_seconds),
  [SCOPE_FIELD_UNAVAILABLE_TIMEOUT] =
      FIELD ("unavailable_timeout", "unavailable-timeout", SECONDS, check_seconds),
  [SCOPE_FIELD_CONNECT_TIMEOUT] =
      FIELD ("connect_timeout", "connect-timeout", SECONDS, check_seconds),
  [SCOPE_FIELD_RECONNECT_DELAY] =
      FIELD ("reconnect_delay", "reconnect-delay", SECONDS, check_seconds),
  [SCOPE_FIELD_MAX_DELAY] = FIELD ("max_delay", "max-delay", SECONDS, check_seconds),
  [SCOPE_FIELD_MAX_ATTEMPTS] = FIELD ("max_attempts", "max-attempts", NUMBER, check_attempts),
  [SCOPE_FIELD_CONNECT_AT_START] = FIELD ("connect_at_start", "connect-at-start", SWITCH, NULL),
  [SCOPE_FIELD_READ_ONLY] = FIELD ("read_only", "read-only", SWITCH, NULL),
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
