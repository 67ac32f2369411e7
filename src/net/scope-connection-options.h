/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "base/scope-secret.h"
#include "protocol/scope-transport-plan.h"

G_BEGIN_DECLS

/* How an authorization endpoint is called, protocol.md §4.1. JSONP is always a GET, and has no headers. */
typedef enum
{
  SCOPE_AUTH_TRANSPORT_AJAX,
  SCOPE_AUTH_TRANSPORT_JSONP,
} ScopeAuthTransport;

typedef enum
{
  SCOPE_AUTH_METHOD_POST,
  SCOPE_AUTH_METHOD_GET,
} ScopeAuthMethod;

/* An authorization endpoint, for channels or for users (protocol.md §4.1, §4.3). Params and headers may
 * hold tokens: wiped when freed. A value "cmd:PROGRAM ARGS" is what that program prints, run anew for each
 * request and without a shell (ScopeField). */
typedef struct
{
  char *endpoint;                /* http or https URL; NULL: none */
  ScopeAuthTransport transport;
  ScopeAuthMethod method;
  char **params;                 /* "name=value" */
  char **headers;                /* "Name: value" */
} ScopeAuthOptions;

#define SCOPE_DEFAULT_CLUSTER "mt1"
#define SCOPE_DEFAULT_HTTP_PATH "/pusher"

/**
 * ScopeConnectionOptions:
 *
 * Everything a connection needs to know (protocol.md §8.1, cli-contract.md "Connection options").
 * Plain values; NULL or 0 where not set. Secrets are wiped with the last reference.
 */
typedef struct
{
  char *key;
  char *cluster;              /* NULL: mt1 */
  char *host;                 /* overrides the cluster */
  guint port;                 /* 0: 80 without TLS, 443 with */
  guint wss_port;             /* for TLS tries; 0: port, else 443 */
  char *path;                 /* prefix before /app/KEY */
  gboolean whole_path;        /* path is the whole request path */
  gboolean use_tls;
  char *ca_file;
  char *origin;
  char **headers;             /* "Name: value" */
  char *proxy;                /* URL; NULL: the system's */
  ScopeTransportKinds transports;          /* allowed ones; 0: all with a cluster, ws and wss with a host */
  ScopeTransportKinds disabled_transports; /* applied after it, and wins (protocol.md §7.3) */
  char *http_host;            /* HTTP transports; NULL: from host or cluster */
  guint http_port;            /* without TLS; 0: port with an own host, else 80 */
  guint https_port;           /* with TLS; 0: wss_port or port with an own host, else 443 */
  char *http_path;            /* NULL: /pusher */

  ScopeAuthOptions channel_auth; /* its endpoint goes before signing here */
  ScopeAuthOptions user_auth;
  char *user_data;            /* JSON text with which to sign in locally, or NULL: no sign-in of our own */

  double activity_timeout;    /* seconds */
  double pong_timeout;
  double unavailable_timeout;
  double connect_timeout;
  double reconnect_delay;
  double max_delay;
  guint max_attempts;         /* 0: never give up */
  gsize max_data;             /* bytes of a client event's data; 0: SCOPE_LIMIT_DATA_BYTES */

  char *app_id;
  char *api_host;
  guint api_port;

  char *presence_user_id;     /* NULL: a generated id */
  char *presence_user_info;   /* JSON text, or NULL */

  ScopeSecret *secret;        /* NULL: private channels can't be signed here */
  ScopeSecret *master_key;    /* base64 */
} ScopeConnectionOptions;

/* one name of the list, as in `--transports`: "xhr_streaming" */
const char *scope_transport_kind_to_name (ScopeTransportKinds kind);
/* "ws,wss" (transfer full); empty for 0 */
char    *scope_transport_kinds_to_text      (ScopeTransportKinds           kinds);

ScopeConnectionOptions *scope_connection_options_new  (void);   /* the contract's defaults */
ScopeConnectionOptions *scope_connection_options_copy (const ScopeConnectionOptions *self);
void     scope_connection_options_free      (ScopeConnectionOptions       *self);
/* SCOPE_ERROR_USAGE: one line that names the field and what is allowed */
gboolean scope_connection_options_check     (const ScopeConnectionOptions *self,
                                             GError                      **error);

/* the transports these options leave, §7.3: with an own host only ws and wss unless others are listed */
ScopeTransportKinds scope_connection_options_get_transports (const ScopeConnectionOptions *self);

/* {ws|wss}://host:port/path/app/KEY?protocol=7&client=…&version=… (transfer full) */
char    *scope_connection_options_build_url (const ScopeConnectionOptions *self,
                                             gboolean                      use_tls);
/* "ws-eu.pusher.com": (transfer full) */
char    *scope_connection_options_dup_host  (const ScopeConnectionOptions *self);
/* {http|https}://host:port/pusher: what HTTP transports add /app/KEY/… or, for SockJS, /SERVER/SESSION to
 * (protocol.md §7.1) (transfer full) */
char    *scope_connection_options_build_http_url (const ScopeConnectionOptions *self,
                                                  gboolean                      use_tls);
/* "protocol=7&client=…&version=…" (transfer full) */
char    *scope_connection_options_build_query (void);
/* "https://api-eu.pusher.com" or the own server's (transfer full) */
char    *scope_connection_options_build_api_url (const ScopeConnectionOptions *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeConnectionOptions, scope_connection_options_free)

G_END_DECLS
