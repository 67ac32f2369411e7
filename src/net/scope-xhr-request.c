/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-xhr-transport"

#include "config.h"

#include "net/scope-xhr-request.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "json/scope-json.h"
#include "net/scope-header-lines.h"
#include "net/scope-trust.h"

/* {0..999}/{8 characters from 0-9a-v}, §7.1; SockJS has three digits */
static char *
xhr_request_dup_session_path (gboolean sockjs)
{
  static const char letters[] = "0123456789abcdefghijklmnopqrstuv";
  char session[9] = { 0 };

  for (guint i = 0; i < 8; i++)
    session[i] = letters[g_random_int_range (0, 32)];
  return g_strdup_printf (sockjs ? "%03d/%s" : "%d/%s", g_random_int_range (0, 1000), session);
}

/* t and n defeat caches; n counts the requests of the process (§7.1) */
static char *
xhr_request_build_url (const ScopeXhrRequest *self,
                       const char *what,
                       gboolean with_query)
{
  static guint n_requests = 0;
  const char *query = with_query && self->query != NULL ? self->query : "";

  return g_strdup_printf ("%s/%s/%s?%s%st=%" G_GINT64_FORMAT "&n=%u", self->base, self->session_path, what,
                          query, *query != '\0' ? "&" : "",
                          scope_clock_get_wall_usec (self->clock) / 1000, ++n_requests);
}

/* xhr: the application stands in the address. SockJS: in the first message (§7.2). */
static void
xhr_request_set_addresses (ScopeXhrRequest *self,
                           const ScopeConnectionOptions *options,
                           gboolean sockjs,
                           gboolean use_tls)
{
  g_autofree char *start = scope_connection_options_build_http_url (options, use_tls);
  g_autofree char *key = g_uri_escape_string (options->key, NULL, FALSE);
  g_autofree char *query = scope_connection_options_build_query ();
  g_autofree char *path = g_strdup_printf ("/app/%s?%s", key, query);
  g_autoptr (GString) message = NULL;

  if (!sockjs)
    {
      self->base = g_strdup_printf ("%s/app/%s", start, key);
      self->query = g_steal_pointer (&query);
      return;
    }
  message = g_string_new ("{\"path\":");
  scope_json_append_string (message, path, -1);
  g_string_append_c (message, '}');
  self->base = g_steal_pointer (&start);
  self->path_message = g_string_free (g_steal_pointer (&message), FALSE);
}

/**
 * scope_xhr_request_init:
 * @options: read now, not kept
 * @sockjs: whether the addresses are SockJS's own
 * @use_tls: https instead of http
 * @clock: whose time stands in the addresses
 *
 * The session is a new one. To be cleared with scope_xhr_request_clear().
 */
void
scope_xhr_request_init (ScopeXhrRequest *self,
                        const ScopeConnectionOptions *options,
                        gboolean sockjs,
                        gboolean use_tls,
                        ScopeClock *clock)
{
  *self = (ScopeXhrRequest) {
    .clock = g_object_ref (clock),
    .session_path = xhr_request_dup_session_path (sockjs),
    .origin = g_strdup (options->origin),
    .headers = g_strdupv (options->headers),
    .ca_file = g_strdup (options->ca_file),
  };
  xhr_request_set_addresses (self, options, sockjs, use_tls);
}

/**
 * scope_xhr_request_clear:
 *
 * Frees what it holds.
 */
void
scope_xhr_request_clear (ScopeXhrRequest *self)
{
  g_clear_object (&self->clock);
  g_free (self->base);
  g_free (self->path_message);
  g_free (self->query);
  g_free (self->session_path);
  g_free (self->origin);
  scope_header_lines_free (self->headers);
  g_free (self->ca_file);
}

/**
 * scope_xhr_request_renew_session:
 * @sockjs: as in scope_xhr_request_init()
 *
 * What follows belongs to another session.
 */
void
scope_xhr_request_renew_session (ScopeXhrRequest *self,
                                 gboolean sockjs)
{
  g_free (self->session_path);
  self->session_path = xhr_request_dup_session_path (sockjs);
}

/**
 * scope_xhr_request_move_to:
 * @host: the server's word for it
 *
 * Same port and path on another host (§7.2). What the user's headers hold is for the host they were given for.
 */
void
scope_xhr_request_move_to (ScopeXhrRequest *self,
                           const char *host)
{
  char *start = strstr (self->base, "://") + 3;
  gsize length = start[0] == '[' ? strcspn (start, "]") + 1 : strcspn (start, ":/");
  g_autofree char *old = g_strndup (start, length);
  g_autofree char *scheme = g_strndup (self->base, start - self->base);
  g_autofree char *moved = NULL;

  if (g_ascii_strcasecmp (old, host) == 0)
    return;

  g_debug ("The server goes on at %s", host);
  moved = g_strconcat (scheme, host, start + length, NULL);
  g_free (self->base);
  self->base = g_steal_pointer (&moved);
  g_clear_pointer (&self->headers, scope_header_lines_free);
}

/**
 * scope_xhr_request_create_message:
 * @what: the address's last part
 * @with_query: whether the application's query goes with it
 * @body: what is posted
 * @error: return location for an error
 *
 * Returns: (transfer full): a request that is not sent yet; %NULL: the address is none, or the
 *   certificates of the options can't be read
 */
SoupMessage *
scope_xhr_request_create_message (const ScopeXhrRequest *self,
                                  const char *what,
                                  gboolean with_query,
                                  const char *body,
                                  GError **error)
{
  g_autofree char *url = xhr_request_build_url (self, what, with_query);
  g_autoptr (SoupMessage) message = soup_message_new (SOUP_METHOD_POST, url);
  g_autoptr (GBytes) bytes = g_bytes_new (body, strlen (body));
  SoupMessageHeaders *headers;

  if (message == NULL)
    {
      g_set_error (error, SCOPE_ERROR, SCOPE_ERROR_USAGE, _("The address “%s” is no valid URL"), self->base);
      return NULL;
    }
  if (!scope_trust_prepare (message, self->ca_file, error))
    return NULL;

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  soup_message_set_request_body_from_bytes (message, "application/json", bytes);
  headers = soup_message_get_request_headers (message);
  if (self->origin != NULL)
    soup_message_headers_replace (headers, "Origin", self->origin);
  scope_header_lines_append_to (self->headers, headers);
  return g_steal_pointer (&message);
}
