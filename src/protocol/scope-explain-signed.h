/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "protocol/scope-explain-private.h"

G_BEGIN_DECLS

/* A request of the HTTP API as far as it is signed (protocol.md §9.4), and what people sign in its place. */

typedef struct
{
  char *name;
  char *raw;   /* as it stands in the query */
  char *value; /* percent-decoded */
} ScopeSignedParam;

typedef struct
{
  char *method;       /* NULL until it is known */
  char *path;
  char *url;          /* without its query; nullable */
  char *query;        /* as it stands, auth_signature too */
  GPtrArray *params;  /* ScopeSignedParam *, in the query's order */
  char *body;         /* nullable */
} ScopeSignedRequest;

/* is_encoded: the values of the query are percent-encoded */
void        _scope_signed_request_init    (ScopeSignedRequest       *self,
                                           const char               *method,
                                           const char               *path,
                                           const char               *query,
                                           gboolean                  is_encoded);
void        _scope_signed_request_clear   (ScopeSignedRequest       *self);
/* decoded; NULL: not there */
const char *_scope_signed_request_get     (const ScopeSignedRequest *self,
                                           const char               *name);
/* what has to be signed (transfer full) */
char       *_scope_signed_request_compose (const ScopeSignedRequest *self);
void        _scope_signed_request_add_candidates (const ScopeSignedRequest *self,
                                           ScopeTrial               *trial);
gboolean    _scope_signed_is_md5          (const char               *md5,
                                           const char               *body);

G_END_DECLS
