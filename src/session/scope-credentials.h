/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "base/scope-secret.h"

G_BEGIN_DECLS

#define SCOPE_TYPE_CREDENTIALS (scope_credentials_get_type ())

/* What a profile keeps in the keyring: one item per kind. */
typedef enum
{
  SCOPE_CREDENTIAL_KEY,        /* app key */
  SCOPE_CREDENTIAL_SECRET,     /* app secret */
  SCOPE_CREDENTIAL_MASTER_KEY, /* encryption master key, base64 */
  SCOPE_CREDENTIAL_HEADERS,    /* extra upgrade headers, one a line */
  SCOPE_CREDENTIAL_AUTH_PARAMS,  /* of the channel authorization endpoint, one a line */
  SCOPE_CREDENTIAL_AUTH_HEADERS,
  SCOPE_CREDENTIAL_USER_PARAMS,  /* of the user authentication endpoint, one a line */
  SCOPE_CREDENTIAL_USER_HEADERS,
  SCOPE_N_CREDENTIALS,
} ScopeCredentialKind;

/**
 * ScopeCredentials:
 *
 * A profile's secrets in memory, ref-counted, wiped with the last reference. A member is NULL if not set.
 */
typedef struct
{
  /*< private >*/
  int ref_count;

  /*< public >*/
  ScopeSecret *values[SCOPE_N_CREDENTIALS];
  gboolean session_only;       /* "use for this session only": stored nowhere */
} ScopeCredentials;

GType             scope_credentials_get_type (void);
ScopeCredentials *scope_credentials_new      (void);
ScopeCredentials *scope_credentials_copy     (ScopeCredentials    *self);
ScopeCredentials *scope_credentials_ref      (ScopeCredentials    *self);
void              scope_credentials_unref    (ScopeCredentials    *self);
/* text NULL or "": not set */
void              scope_credentials_set      (ScopeCredentials    *self,
                                              ScopeCredentialKind  kind,
                                              const char          *text);
const char       *scope_credentials_peek     (ScopeCredentials    *self,    /* NULL is fine */
                                              ScopeCredentialKind  kind);
const char       *scope_credential_kind_to_name (ScopeCredentialKind kind); /* "key", "secret", "master-key", "headers" */
const char       *scope_credential_kind_to_text (ScopeCredentialKind kind); /* translated: "App key" … */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeCredentials, scope_credentials_unref)

G_END_DECLS
