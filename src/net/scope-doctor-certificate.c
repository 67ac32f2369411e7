/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A server's certificate in words: for whom, until when, by whom. */

#define G_LOG_DOMAIN "scope-doctor"

#include "config.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "base/scope-text.h"
#include "net/scope-doctor-private.h"

#define MAX_NAMES 4
#define NAME_BYTES 200

/* "CN=a.example,O=Example" → "a.example"; else the whole of it */
static char *
certificate_shorten (const char *name)
{
  const char *start = name != NULL ? strstr (name, "CN=") : NULL;
  g_autofree char *part = NULL;

  if (name == NULL)
    return g_strdup ("–");
  part = start != NULL ? g_strndup (start + 3, strcspn (start + 3, ",")) : g_strdup (name);
  return scope_text_for_display (part, -1, NAME_BYTES);
}

static void
certificate_append_name (GString *names,
                         char *name)
{
  g_autofree char *shown = name;

  g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", shown);
}

static char *
certificate_dup_names (GTlsCertificate *certificate)
{
  g_autoptr (GPtrArray) dns = g_tls_certificate_get_dns_names (certificate);
  g_autoptr (GPtrArray) addresses = g_tls_certificate_get_ip_addresses (certificate);
  g_autoptr (GString) names = g_string_new (NULL);
  guint n_dns = dns != NULL ? dns->len : 0;
  guint n_all = n_dns + (addresses != NULL ? addresses->len : 0);
  g_autofree char *subject = NULL;

  for (guint i = 0; i < MIN (n_all, MAX_NAMES); i++)
    if (i < n_dns)
      {
        gsize length;
        const char *name = g_bytes_get_data (dns->pdata[i], &length);

        certificate_append_name (names, scope_text_for_display (name, length, NAME_BYTES));
      }
    else
      certificate_append_name (names, g_inet_address_to_string (addresses->pdata[i - n_dns]));
  if (n_all > MAX_NAMES)
    g_string_append (names, ", …");
  if (n_all == 0)
    {
      subject = g_tls_certificate_get_subject_name (certificate);
      certificate_append_name (names, certificate_shorten (subject));
    }
  return g_string_free (g_steal_pointer (&names), FALSE);
}

/**
 * _scope_certificate_describe:
 * @certificate: a certificate
 * @flaw: (nullable): a sentence about what is wrong with it
 *
 * Returns: (transfer full): sentences, the last without its full stop: @flaw, whom it is for, since and
 *   until when, by whom
 */
char *
_scope_certificate_describe (GTlsCertificate *certificate,
                             const char      *flaw)
{
  g_autofree char *names = certificate_dup_names (certificate);
  g_autofree char *issuer = g_tls_certificate_get_issuer_name (certificate);
  g_autofree char *by = certificate_shorten (issuer);
  g_autoptr (GDateTime) from = g_tls_certificate_get_not_valid_before (certificate);
  g_autoptr (GDateTime) until = g_tls_certificate_get_not_valid_after (certificate);
  g_autofree char *first = from != NULL ? g_date_time_format (from, "%F") : g_strdup ("–");
  g_autofree char *last = until != NULL ? g_date_time_format (until, "%F") : g_strdup ("–");

  if (flaw != NULL)
    /* Translators: a sentence about what is wrong with a certificate, names, two dates, a name */
    return g_strdup_printf (_("%s It is for %s, valid from %s to %s, issued by %s"), flaw, names, first, last, by);
  /* Translators: names, two dates, a name */
  return g_strdup_printf (_("The certificate is for %s, valid from %s to %s, issued by %s"), names, first, last, by);
}

static gboolean
certificate_is_self_signed (GTlsCertificate *certificate)
{
  g_autofree char *subject = g_tls_certificate_get_subject_name (certificate);
  g_autofree char *issuer = g_tls_certificate_get_issuer_name (certificate);

  return g_strcmp0 (subject, issuer) == 0;
}

/* An authority of one's own is put right by a CA file, another flaw is not: so it comes last. */
ScopeFault
_scope_certificate_get_fault (GTlsCertificate *certificate,
                              GTlsCertificateFlags flaws)
{
  if (flaws == 0)
    return SCOPE_FAULT_NONE;
  if ((flaws & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    return SCOPE_FAULT_CERTIFICATE_NAME;
  if ((flaws & G_TLS_CERTIFICATE_EXPIRED) != 0)
    return SCOPE_FAULT_CERTIFICATE_EXPIRED;
  if ((flaws & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
    return SCOPE_FAULT_CERTIFICATE_EARLY;
  if ((flaws & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    return certificate_is_self_signed (certificate) ? SCOPE_FAULT_CERTIFICATE_SELF_SIGNED
                                                    : SCOPE_FAULT_CERTIFICATE_AUTHORITY;
  return SCOPE_FAULT_CERTIFICATE;
}
