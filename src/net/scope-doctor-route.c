/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The doctor's way to the server: its name, its port, TLS; through a proxy if there is one. */

#define G_LOG_DOMAIN "scope-doctor"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-error.h"
#include "base/scope-redact.h"
#include "net/scope-doctor-private.h"
#include "net/scope-trust.h"

/* of one address, if there are several */
#define LEAST_SECONDS 3
#define MAX_ADDRESSES 3
/* a server without TLS may wait for the end of what it takes for a request */
#define IMPATIENCE_USEC (2 * G_USEC_PER_SEC)

/* --- where to --- */

/* As the connection's first attempt goes: TLS from the start where nothing is allowed without. */
static ScopeTransportKinds
scope_doctor_choose_kind (ScopeDoctor *self)
{
  ScopeTransportKinds allowed = scope_connection_options_get_transports (self->options);
  ScopeTransportKinds kinds = scope_transport_plan_get_kinds (allowed, self->options->use_tls, self->options->use_tls);

  self->use_tls = self->options->use_tls;
  if (!self->use_tls && (kinds & ~SCOPE_TRANSPORT_WSS) == 0)
    {
      self->use_tls = TRUE;
      kinds = scope_transport_plan_get_kinds (allowed, FALSE, TRUE);
    }
  return kinds & -kinds; /* the first of them, sockets before HTTP */
}

gboolean
_scope_doctor_find_route (ScopeDoctor *self,
                          GError **error)
{
  g_autoptr (GUri) uri = NULL;

  self->kind = scope_doctor_choose_kind (self);
  if (self->kind == 0)
    return scope_error_usage (error, _("No transport is left to try"));

  self->url = (self->kind & SCOPE_TRANSPORTS_SOCKET) != 0
                  ? scope_connection_options_build_url (self->options, self->use_tls)
                  : scope_connection_options_build_http_url (self->options, self->use_tls);
  uri = g_uri_parse (self->url, G_URI_FLAGS_NONE, error);
  if (uri == NULL)
    {
      (*error)->domain = SCOPE_ERROR;
      (*error)->code = SCOPE_ERROR_USAGE;
      return FALSE;
    }
  self->host = g_strdup (g_uri_get_host (uri));
  self->port = g_uri_get_port (uri);
  return TRUE;
}

/* --- its name --- */

/* "192.0.2.1, 192.0.2.2, …" */
static char *
scope_doctor_dup_addresses (ScopeDoctor *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_addresses = 0;

  for (GList *l = self->addresses; l != NULL && n_addresses < MAX_ADDRESSES; l = l->next, n_addresses++)
    {
      g_autofree char *address = g_inet_address_to_string (l->data);

      g_string_append_printf (text, "%s%s", n_addresses > 0 ? ", " : "", address);
    }
  if (g_list_length (self->addresses) > MAX_ADDRESSES)
    g_string_append (text, ", …");
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
scope_doctor_told_name (ScopeDoctor *self,
                        const char *name)
{
  g_autofree char *addresses = scope_doctor_dup_addresses (self);

  if (self->proxy != NULL)
    _scope_doctor_good (self, _("The proxy %s is %s; it looks up the server itself"), name, addresses);
  else
    _scope_doctor_good (self, _("%s is %s"), name, addresses);
}

static void
scope_doctor_looked_up_cb (GObject *source,
                           GAsyncResult *result,
                           gpointer user_data)
{
  g_autoptr (ScopeDoctor) self = _scope_doctor_call_end (user_data);
  g_autoptr (GError) error = NULL;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, &error);
  g_autoptr (GUri) proxy = NULL;
  const char *name;

  if (self == NULL)
    {
      g_resolver_free_addresses (addresses);
      return;
    }
  proxy = self->proxy != NULL ? g_uri_parse (self->proxy, G_URI_FLAGS_NONE, NULL) : NULL;
  name = proxy != NULL ? g_uri_get_host (proxy) : self->host;
  if (addresses == NULL)
    {
      _scope_doctor_fail (self,
                          proxy != NULL ? SCOPE_FAULT_PROXY
                                        : scope_fault_of_lookup (error, self->options->host == NULL),
                          _("No address of %s: %s"), name, error->message);
      return;
    }
  self->addresses = addresses;
  scope_doctor_told_name (self, name);
}

static void
scope_doctor_look_up_name (ScopeDoctor *self,
                           const char *name)
{
  g_autoptr (GResolver) resolver = NULL;

  if (g_hostname_is_ip_address (name))
    {
      self->addresses = g_list_prepend (NULL, g_inet_address_new_from_string (name));
      _scope_doctor_good (self, _("%s is an address: there is nothing to look up"), name);
      return;
    }
  resolver = g_resolver_get_default ();
  g_resolver_lookup_by_name_async (resolver, name, self->stop, scope_doctor_looked_up_cb,
                                   _scope_doctor_call_new (self));
}

static void
scope_doctor_take_proxy (ScopeDoctor *self,
                         const char *proxy)
{
  g_autoptr (GUri) uri = g_uri_parse (proxy, G_URI_FLAGS_NONE, NULL);

  if (uri == NULL || g_uri_get_host (uri) == NULL)
    {
      _scope_doctor_fail (self, SCOPE_FAULT_PROXY, _("The proxy's address is no valid URL"));
      return;
    }
  self->proxy = g_strdup (proxy);
  scope_doctor_look_up_name (self, g_uri_get_host (uri));
}

static void
scope_doctor_proxy_found_cb (GObject *source,
                             GAsyncResult *result,
                             gpointer user_data)
{
  g_autoptr (ScopeDoctor) self = _scope_doctor_call_end (user_data);
  g_auto (GStrv) proxies = g_proxy_resolver_lookup_finish (G_PROXY_RESOLVER (source), result, NULL);

  if (self == NULL)
    return;
  if (proxies != NULL && proxies[0] != NULL && !g_str_has_prefix (proxies[0], "direct:"))
    scope_doctor_take_proxy (self, proxies[0]);
  else
    scope_doctor_look_up_name (self, self->host);
}

void
_scope_doctor_look_up (ScopeDoctor *self)
{
  g_autofree char *uri = NULL;

  if (self->options->proxy != NULL)
    {
      scope_doctor_take_proxy (self, self->options->proxy);
      return;
    }
  uri = g_strdup_printf ("%s://%s%s%s:%u", self->use_tls ? "https" : "http", strchr (self->host, ':') ? "[" : "",
                         self->host, strchr (self->host, ':') ? "]" : "", self->port);
  g_proxy_resolver_lookup_async (g_proxy_resolver_get_default (), uri, self->stop, scope_doctor_proxy_found_cb,
                                 _scope_doctor_call_new (self));
}

/* --- its port --- */

static void scope_doctor_connect_next (ScopeDoctor *self);

static char *
scope_doctor_dup_place (ScopeDoctor *self)
{
  g_autofree char *redacted = NULL;
  g_autofree char *address = NULL;

  if (self->proxy != NULL)
    {
      redacted = scope_redact_url (self->proxy);
      return g_strdup_printf (_("%s by way of the proxy %s"), self->host, redacted);
    }
  address = g_inet_address_to_string (self->next_address->data);
  return g_strdup_printf (strchr (address, ':') != NULL ? "[%s]:%u" : "%s:%u", address, self->port);
}

static void
scope_doctor_not_connected (ScopeDoctor *self,
                            const GError *error)
{
  g_autofree char *place = scope_doctor_dup_place (self);

  if (self->proxy == NULL && self->next_address->next != NULL)
    {
      self->next_address = self->next_address->next;
      scope_doctor_connect_next (self);
      return;
    }
  _scope_doctor_fail (self, scope_fault_of_connect (error), _("No connection to %s: %s"), place, error->message);
}

static void
scope_doctor_connected_cb (GObject *source,
                           GAsyncResult *result,
                           gpointer user_data)
{
  g_autoptr (ScopeDoctor) self = _scope_doctor_call_end (user_data);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) stream
      = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  g_autofree char *place = NULL;
  g_autofree char *first = NULL;

  if (self == NULL)
    return;
  if (stream == NULL)
    {
      scope_doctor_not_connected (self, error);
      return;
    }
  place = scope_doctor_dup_place (self);
  self->stream = g_steal_pointer (&stream);
  if (self->proxy != NULL || self->next_address == self->addresses)
    {
      _scope_doctor_good (self, _("Connected to %s"), place);
      return;
    }
  first = g_inet_address_to_string (self->addresses->data);
  _scope_doctor_good (self, _("Connected to %s; %s, which comes first, could not be reached"), place, first);
}

/* Straight: one address after the other, each with its share of the time, so that one that is silent does not
 * hide one that works. */
static void
scope_doctor_connect_next (ScopeDoctor *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (self->next_address->data, self->port);
  guint n_addresses = g_list_length (self->addresses);

  g_socket_client_set_enable_proxy (client, FALSE);
  if (n_addresses > 1)
    g_socket_client_set_timeout (client, MAX (LEAST_SECONDS, (guint) self->options->connect_timeout / n_addresses));
  g_socket_client_connect_async (client, G_SOCKET_CONNECTABLE (address), self->stop, scope_doctor_connected_cb,
                                 _scope_doctor_call_new (self));
}

/* Without TLS an HTTP proxy is asked for pages, not for a tunnel: it need only be there. */
static void
scope_doctor_connect_by_proxy (ScopeDoctor *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GUri) uri = g_uri_parse (self->proxy, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GSocketConnectable) place = NULL;
  gboolean is_http = g_str_has_prefix (g_uri_get_scheme (uri), "http");

  if (is_http && !self->use_tls)
    {
      guint standard = strcmp (g_uri_get_scheme (uri), "https") == 0 ? 443 : 80;

      g_socket_client_set_enable_proxy (client, FALSE);
      place = g_network_address_new (g_uri_get_host (uri),
                                     g_uri_get_port (uri) > 0 ? (guint) g_uri_get_port (uri) : standard);
    }
  else
    {
      g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (self->proxy, NULL);

      g_socket_client_set_proxy_resolver (client, resolver);
      place = g_network_address_new (self->host, self->port);
    }
  g_socket_client_connect_async (client, place, self->stop, scope_doctor_connected_cb, _scope_doctor_call_new (self));
}

void
_scope_doctor_connect (ScopeDoctor *self)
{
  self->next_address = self->addresses;
  if (self->proxy != NULL)
    scope_doctor_connect_by_proxy (self);
  else
    scope_doctor_connect_next (self);
}

/* --- TLS --- */

static gboolean
scope_doctor_accept_cb (GTlsConnection *connection,
                        GTlsCertificate *certificate,
                        GTlsCertificateFlags flaws,
                        gpointer user_data)
{
  ScopeDoctor *self = user_data;

  g_set_object (&self->certificate, certificate);
  self->flaws = flaws;
  return self->extra_trust != NULL && scope_trust_accepts (self->extra_trust, certificate, flaws, self->host);
}

static char *
scope_doctor_dup_flaw (ScopeDoctor *self,
                       ScopeFault fault)
{
  if (fault == SCOPE_FAULT_CERTIFICATE_NAME)
    return g_strdup_printf (_("The certificate is not for %s."), self->host);
  if (fault == SCOPE_FAULT_CERTIFICATE_EXPIRED)
    return g_strdup (_("The certificate has expired."));
  if (fault == SCOPE_FAULT_CERTIFICATE_EARLY)
    return g_strdup (_("The certificate is not valid yet."));
  if (fault == SCOPE_FAULT_CERTIFICATE_SELF_SIGNED)
    return g_strdup (_("The certificate is self-signed: nobody vouches for it."));
  if (fault == SCOPE_FAULT_CERTIFICATE_AUTHORITY)
    return g_strdup (_("The certificate's authority is not trusted here."));
  return g_strdup (_("The certificate is not acceptable."));
}

static void
scope_doctor_blame_certificate (ScopeDoctor *self)
{
  ScopeFault fault = _scope_certificate_get_fault (self->certificate, self->flaws);
  g_autofree char *flaw = scope_doctor_dup_flaw (self, fault);
  g_autofree char *shown = _scope_certificate_describe (self->certificate, flaw);

  _scope_doctor_fail (self, fault, "%s", shown);
}

static void
scope_doctor_probed_http_cb (GObject *source,
                             GAsyncResult *result,
                             gpointer user_data)
{
  g_autoptr (ScopeDoctor) self = _scope_doctor_call_end (user_data);

  if (self == NULL)
    return;
  if (_scope_probe_finish (result))
    _scope_doctor_fail (self, SCOPE_FAULT_TLS_NOT_SPOKEN, _("Port %u does not speak TLS, but plain HTTP"), self->port);
  else
    _scope_doctor_fail (self, SCOPE_FAULT_TLS, _("No TLS connection came about, and the port does not speak plain "
                                                 "HTTP either"));
}

static void
scope_doctor_tls_failed (ScopeDoctor *self,
                         const GError *error)
{
  if (self->certificate != NULL && self->flaws != 0)
    scope_doctor_blame_certificate (self);
  else if (self->proxy != NULL)
    _scope_doctor_fail (self, SCOPE_FAULT_TLS, _("No TLS connection came about: %s"), error->message);
  else
    _scope_probe_http_async (self->host, self->port, self->stop, scope_doctor_probed_http_cb,
                             _scope_doctor_call_new (self));
}

static void
scope_doctor_tls_done_cb (GObject *source,
                          GAsyncResult *result,
                          gpointer user_data)
{
  g_autoptr (ScopeDoctor) self = _scope_doctor_call_end (user_data);
  g_autoptr (GError) error = NULL;
  gboolean good = g_tls_connection_handshake_finish (G_TLS_CONNECTION (source), result, &error);
  GTlsCertificate *certificate = g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (source));
  g_autofree char *shown = NULL;

  g_signal_handlers_disconnect_matched (source, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, scope_doctor_accept_cb, NULL);
  if (self == NULL)
    return;
  if (!good)
    {
      scope_doctor_tls_failed (self, error);
      return;
    }
  shown = certificate != NULL ? _scope_certificate_describe (certificate, NULL) : g_strdup ("–");
  _scope_doctor_good (self, "%s", shown);
}

static void
scope_doctor_probed_while_waiting_cb (GObject *source,
                                      GAsyncResult *result,
                                      gpointer user_data)
{
  g_autoptr (ScopeDoctor) self = _scope_doctor_call_end (user_data);

  if (self != NULL && _scope_probe_finish (result))
    _scope_doctor_fail (self, SCOPE_FAULT_TLS_NOT_SPOKEN, _("Port %u does not speak TLS, but plain HTTP"), self->port);
}

static void
scope_doctor_impatient_cb (gpointer user_data)
{
  ScopeDoctor *self = user_data;

  self->impatience = 0;
  _scope_probe_http_async (self->host, self->port, self->stop, scope_doctor_probed_while_waiting_cb,
                           _scope_doctor_call_new (self));
}

/* libsoup speaks HTTP/1.1 with WebSockets; some servers choose by that. */
void
_scope_doctor_start_tls (ScopeDoctor *self)
{
  static const char * const protocols[] = { "http/1.1", NULL };
  g_autoptr (GSocketConnectable) identity = NULL;
  g_autoptr (GError) error = NULL;

  if (!self->use_tls)
    {
      g_clear_object (&self->stream);
      _scope_doctor_skip (self, _("TLS is off"));
      return;
    }
  if (self->options->ca_file != NULL)
    self->extra_trust = g_tls_file_database_new (self->options->ca_file, &error);
  if (error != NULL)
    {
      _scope_doctor_fail (self, SCOPE_FAULT_CA_FILE, _("The CA file “%s” can't be used: %s"), self->options->ca_file,
                          error->message);
      return;
    }

  identity = g_network_address_new (self->host, self->port);
  self->tls = g_tls_client_connection_new (G_IO_STREAM (self->stream), identity, &error);
  if (self->tls == NULL)
    {
      _scope_doctor_fail (self, SCOPE_FAULT_TLS, _("No TLS connection came about: %s"), error->message);
      return;
    }
  g_tls_connection_set_advertised_protocols (G_TLS_CONNECTION (self->tls), (const char **) protocols);
  g_signal_connect_object (self->tls, "accept-certificate", G_CALLBACK (scope_doctor_accept_cb), self, 0);
  g_tls_connection_handshake_async (G_TLS_CONNECTION (self->tls), G_PRIORITY_DEFAULT, self->stop,
                                    scope_doctor_tls_done_cb, _scope_doctor_call_new (self));
  if (self->proxy == NULL)
    self->impatience = scope_clock_add_timer (self->clock,
                                              scope_clock_get_monotonic_usec (self->clock) + IMPATIENCE_USEC,
                                              scope_doctor_impatient_cb, self);
}
