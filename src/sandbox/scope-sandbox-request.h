/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "sandbox/scope-sandbox-post.h"
#include "sandbox/scope-sandbox.h"

G_BEGIN_DECLS

/* One request of the HTTP API while it is answered: what it asks for, and whether it may. */
typedef struct
{
  ScopeSandbox *sandbox;
  const char *method;
  const char *path;   /* as it was sent */
  char **route;       /* what follows /apps/ID/, by slashes, decoded */
  char *app_id;
  GHashTable *query;  /* decoded */
  GBytes *body;
  GString *reply;
  ScopeSandboxRefusal refusal;
} ScopeSandboxRequest;

/* FALSE: it is refused, for what it is */
gboolean    scope_sandbox_request_init             (ScopeSandboxRequest *self,
                                                    ScopeSandbox        *sandbox,
                                                    SoupServerMessage   *message,
                                                    const char          *path);
void        scope_sandbox_request_clear            (ScopeSandboxRequest *self);
/* FALSE: it is refused, for who sends it */
gboolean    scope_sandbox_request_authenticate     (ScopeSandboxRequest *self);
/* FALSE: it is refused, for what else its query holds */
gboolean    scope_sandbox_request_check_extraneous (ScopeSandboxRequest *self,
                                                    const char * const  *known);
/* nullable */
const char *scope_sandbox_request_get_query        (ScopeSandboxRequest *self,
                                                    const char          *key);
const char *scope_sandbox_request_get_body         (ScopeSandboxRequest *self,
                                                    gsize               *length);

G_END_DECLS
