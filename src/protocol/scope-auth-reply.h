/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "base/scope-secret.h"

G_BEGIN_DECLS

/* What an authorization endpoint answers, protocol.md §4.1–4.2. Pure: bytes in, reply or error out. The input is
 * hostile: checked by the scanner before anything is read. */

typedef enum
{
  SCOPE_AUTH_FOR_CHANNEL,      /* private: needs auth */
  SCOPE_AUTH_FOR_PRESENCE,     /* needs channel_data too (unless signed in) */
  SCOPE_AUTH_FOR_ENCRYPTED,    /* needs shared_secret too */
  SCOPE_AUTH_FOR_USER,         /* needs user_data */
} ScopeAuthPurpose;

typedef struct
{
  char *auth;                  /* "KEY:HEX", holds the app key */
  char *channel_data;          /* byte for byte what the endpoint gave; nullable */
  char *user_data;             /* the same; nullable */
  ScopeSecret *shared_secret;  /* base64 of 32 bytes; nullable */
} ScopeAuthReply;

/* is_jsonp: `callback({…});` is stripped by its grammar and the rest parsed, never evaluated (§4.1).
 * channel: for texts; NULL for a user. url: for the same, shown without its query.
 * Errors: SCOPE_ERROR_PROTOCOL, with a sentence of §4.2 that quotes the start of the body. */
ScopeAuthReply *scope_auth_reply_parse (const char       *body,
                                        gsize             length,
                                        gboolean          is_jsonp,
                                        ScopeAuthPurpose  purpose,
                                        const char       *channel,
                                        const char       *url,
                                        gboolean          signed_in,
                                        GError          **error);
void            scope_auth_reply_free  (ScopeAuthReply   *self);
/* the start of a body as one line for an error's text, what it may hold of secrets hidden (transfer full) */
char           *scope_auth_reply_quote (const char       *body,
                                        gsize             length);
/* an endpoint without its query, which may hold tokens: as texts name it (transfer full) */
char           *scope_auth_reply_show_url (const char    *url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeAuthReply, scope_auth_reply_free)

G_END_DECLS
