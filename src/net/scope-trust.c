/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-trust"

#include "config.h"

#include "net/scope-trust.h"

#include <glib/gi18n-lib.h>

#include "base/scope-limits.h"

/**
 * scope_trust_accepts:
 * @flaws: what the system found wrong with @certificate
 *
 * GIO has no composite database: what the system does not trust is asked of @extra_trust. Nothing but the
 * missing authority is forgiven.
 *
 * Returns: whether the certificate is good for @host all the same
 */
gboolean
scope_trust_accepts (GTlsDatabase *extra_trust,
                     GTlsCertificate *certificate,
                     GTlsCertificateFlags flaws,
                     const char *host)
{
  g_autoptr (GSocketConnectable) identity = NULL;
  g_autoptr (GError) error = NULL;

  if ((flaws & ~G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    return FALSE;

  identity = g_network_address_new (host, 443);
  flaws = g_tls_database_verify_chain (extra_trust, certificate,
                                       G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
                                       G_TLS_DATABASE_VERIFY_NONE, NULL, &error);
  if (error != NULL)
    g_debug ("Could not verify the certificate: %s", error->message);

  return error == NULL && flaws == 0;
}

static gboolean
scope_trust_accept_certificate_cb (SoupMessage *message,
                                   GTlsCertificate *certificate,
                                   GTlsCertificateFlags flaws,
                                   gpointer user_data)
{
  return scope_trust_accepts (user_data, certificate, flaws, g_uri_get_host (soup_message_get_uri (message)));
}

static void
scope_trust_release (gpointer data,
                     GClosure *closure)
{
  g_object_unref (data);
}

/**
 * scope_trust_new_session:
 * @proxy: (nullable): URL of a proxy instead of the system's
 *
 * Returns: (transfer full): a session
 */
SoupSession *
scope_trust_new_session (const char *proxy)
{
  /* libsoup's own limit of two would hold requests back behind our five */
  SoupSession *session
      = soup_session_new_with_options ("max-conns-per-host", SCOPE_LIMIT_AUTH_AT_ONCE + 3, NULL);

  if (proxy != NULL)
    {
      g_autoptr (GProxyResolver) resolver = g_simple_proxy_resolver_new (proxy, NULL);

      soup_session_set_proxy_resolver (session, resolver);
    }
  return session;
}

/**
 * scope_trust_prepare:
 * @ca_file: (nullable): PEM with authorities trusted beside the system's
 *
 * Returns: %FALSE if the file can't be used
 */
gboolean
scope_trust_prepare (SoupMessage *message,
                     const char *ca_file,
                     GError **error)
{
  GTlsDatabase *extra_trust;

  g_return_val_if_fail (SOUP_IS_MESSAGE (message), FALSE);

  if (ca_file == NULL)
    return TRUE;

  extra_trust = g_tls_file_database_new (ca_file, error);
  if (extra_trust == NULL)
    {
      g_prefix_error (error, _("The CA file “%s” can't be used: "), ca_file);
      return FALSE;
    }
  g_signal_connect_data (message, "accept-certificate", G_CALLBACK (scope_trust_accept_certificate_cb),
                         extra_trust, scope_trust_release, 0);
  return TRUE;
}

/* The system's view, in which a CA file's authority is unknown too: so that flaw comes last. */
static const char *
scope_trust_flaw_to_text (GTlsCertificateFlags flaws)
{
  if ((flaws & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    return _("The server's certificate is for another name. Check the host.");
  if ((flaws & G_TLS_CERTIFICATE_EXPIRED) != 0)
    return _("The server's certificate has expired. Renew it, or check this machine's clock.");
  if ((flaws & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
    return _("The server's certificate is not valid yet. Check this machine's clock.");
  if ((flaws & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    return _("The server's certificate was issued by an authority this system does not know. If it is "
             "yours, give its CA file.");
  return _("The server's certificate is not acceptable.");
}

/**
 * scope_trust_describe:
 *
 * Returns: (transfer full) (nullable): what is wrong with the certificate the server showed, with the
 *   next step; %NULL if it showed none or nothing is wrong
 */
char *
scope_trust_describe (SoupMessage *message)
{
  GTlsCertificateFlags flaws;

  g_return_val_if_fail (SOUP_IS_MESSAGE (message), NULL);

  flaws = soup_message_get_tls_peer_certificate_errors (message);
  return flaws != 0 ? g_strdup (scope_trust_flaw_to_text (flaws)) : NULL;
}
