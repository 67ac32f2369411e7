/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "scope-credentials"

#include "config.h"

#include "session/scope-credentials.h"

#include <glib/gi18n-lib.h>

G_DEFINE_BOXED_TYPE (ScopeCredentials, scope_credentials, scope_credentials_ref,
                     scope_credentials_unref)

static const struct
{
  const char *name;
  const char *text;
} credential_kinds[SCOPE_N_CREDENTIALS] = {
  [SCOPE_CREDENTIAL_KEY] = { "key", N_("App key") },
  [SCOPE_CREDENTIAL_SECRET] = { "secret", N_("App secret") },
  [SCOPE_CREDENTIAL_MASTER_KEY] = { "master-key", N_("Encryption master key") },
  [SCOPE_CREDENTIAL_HEADERS] = { "headers", N_("Extra headers") },
  [SCOPE_CREDENTIAL_AUTH_PARAMS] = { "auth-params",
                                     N_("Parameters of the authorization endpoint") },
  [SCOPE_CREDENTIAL_AUTH_HEADERS] = { "auth-headers", N_("Headers of the authorization endpoint") },
  [SCOPE_CREDENTIAL_USER_PARAMS] = { "user-params", N_("Parameters of the sign-in endpoint") },
  [SCOPE_CREDENTIAL_USER_HEADERS] = { "user-headers", N_("Headers of the sign-in endpoint") },
};

/**
 * scope_credentials_new:
 *
 * Returns: (transfer full): credentials of which nothing is set
 */
ScopeCredentials *
scope_credentials_new (void)
{
  ScopeCredentials *self = g_new0 (ScopeCredentials, 1);

  self->ref_count = 1;
  return self;
}

/**
 * scope_credentials_copy:
 * @self: credentials
 *
 * The secrets themselves are immutable and shared, not copied.
 *
 * Returns: (transfer full): new credentials with the same values
 */
ScopeCredentials *
scope_credentials_copy (ScopeCredentials *self)
{
  ScopeCredentials *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = scope_credentials_new ();
  copy->session_only = self->session_only;
  for (guint i = 0; i < SCOPE_N_CREDENTIALS; i++)
    if (self->values[i] != NULL)
      copy->values[i] = scope_secret_ref (self->values[i]);

  return copy;
}

/**
 * scope_credentials_ref:
 * @self: credentials
 *
 * Main thread only.
 *
 * Returns: (transfer full): @self
 */
ScopeCredentials *
scope_credentials_ref (ScopeCredentials *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  self->ref_count++;
  return self;
}

/**
 * scope_credentials_unref:
 * @self: (nullable) (transfer full): credentials
 *
 * With the last reference the secrets go, and each is wiped unless someone else holds it.
 */
void
scope_credentials_unref (ScopeCredentials *self)
{
  if (self == NULL || --self->ref_count > 0)
    return;

  for (guint i = 0; i < SCOPE_N_CREDENTIALS; i++)
    scope_secret_unref (self->values[i]);
  g_free (self);
}

/**
 * scope_credentials_set:
 * @self: credentials
 * @kind: which
 * @text: (nullable): its value; `NULL` or empty for "not set"
 */
void
scope_credentials_set (ScopeCredentials    *self,
                       ScopeCredentialKind  kind,
                       const char          *text)
{
  ScopeSecret *old;

  g_return_if_fail (self != NULL);
  g_return_if_fail (kind < SCOPE_N_CREDENTIALS);

  old = self->values[kind];
  self->values[kind] = scope_secret_new (text);
  scope_secret_unref (old);
}

/**
 * scope_credentials_peek:
 * @self: (nullable): credentials
 * @kind: which
 *
 * Returns: (transfer none) (nullable): the value, or `NULL` if it is not set
 */
const char *
scope_credentials_peek (ScopeCredentials    *self,
                        ScopeCredentialKind  kind)
{
  g_return_val_if_fail (kind < SCOPE_N_CREDENTIALS, NULL);

  return self != NULL ? scope_secret_peek (self->values[kind]) : NULL;
}

/**
 * scope_credential_kind_to_name:
 * @kind: a kind
 *
 * The name by which keyring items and scripts know it: never translated, never changed.
 *
 * Returns: (transfer none): the word that names the kind in the keyring: "key", "auth-params"…
 */
const char *
scope_credential_kind_to_name (ScopeCredentialKind kind)
{
  g_return_val_if_fail (kind < SCOPE_N_CREDENTIALS, NULL);

  return credential_kinds[kind].name;
}

/**
 * scope_credential_kind_to_text:
 * @kind: a kind
 *
 * Returns: (transfer none): what it is called in front of people, translated
 */
const char *
scope_credential_kind_to_text (ScopeCredentialKind kind)
{
  g_return_val_if_fail (kind < SCOPE_N_CREDENTIALS, NULL);

  return _(credential_kinds[kind].text);
}
