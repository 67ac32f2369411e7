/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "net/scope-connection-options.h"
#include "protocol/scope-auth-reply.h"

G_BEGIN_DECLS

#define SCOPE_AUTH_READ_BYTES 16384

/* One request, from the queue to its reply: task data. The names in what is sent come from here, so that
 * options that change meanwhile change nothing. */
typedef struct
{
  ScopeAuthPurpose purpose;
  char *socket_id;
  char *channel; /* NULL: a user */
  gboolean signed_in;

  char *url;
  ScopeAuthTransport transport;
  ScopeAuthMethod method;
  char *ca_file;
  GPtrArray *fields;  /* of ScopeField: first n_params parameters, then headers */
  guint n_params;
  GError *fault;      /* found while it was prepared */

  GSource *cancelled; /* the caller's cancellable */
  GCancellable *stop; /* ends what is under way: time over, or the caller cancelled */
  guint timeout;
  gboolean is_running;
  gboolean timed_out;

  SoupMessage *message;
  GInputStream *stream;
  GByteArray *body;
  guint n_redirects;
  guint status;
  char buffer[SCOPE_AUTH_READ_BYTES];
} ScopeAuthCall;

ScopeAuthCall *_scope_auth_call_new (const ScopeConnectionOptions *options,
                                     ScopeAuthPurpose              purpose,
                                     const char                   *socket_id,
                                     const char                   *channel);
void     _scope_auth_call_free      (gpointer        data);

/* form or query, percent-encoded */
GString *_scope_auth_call_build_query (ScopeAuthCall *call,
                                       guint64        callback_number);
char    *_scope_auth_join_query     (const char     *url,
                                     const char     *query);
/* makes call->message: a POST with form, or a GET */
gboolean _scope_auth_call_compose   (ScopeAuthCall  *call,
                                     const char     *url,
                                     GString        *form,
                                     GError        **error);

gboolean _scope_auth_is_redirect    (guint           status);
/* whether target (nullable) may be followed */
gboolean _scope_auth_call_check_redirect (ScopeAuthCall *call,
                                          GUri          *target,
                                          GError       **error);
gboolean _scope_auth_call_check_head (ScopeAuthCall *call,
                                      GError       **error);

/* error without the values of parameters and headers (transfer full, both) */
GError  *_scope_auth_call_hide_values (ScopeAuthCall *call,
                                       GError        *error);
GError  *_scope_auth_call_timed_out_error (ScopeAuthCall *call);
GError  *_scope_auth_call_too_big_error (ScopeAuthCall *call);
/* another status than 200 or 201 */
GError  *_scope_auth_call_refusal   (ScopeAuthCall  *call);
/* takes error */
GError  *_scope_auth_call_unreachable_error (ScopeAuthCall *call,
                                             GError        *error);

G_END_DECLS
