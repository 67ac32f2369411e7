/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "base/scope-secret.h"

G_BEGIN_DECLS

/* Transports by name, protocol.md §7.3: `ws` is the primary socket including TLS, `wss` the second, TLS, try
 * of a configuration without TLS. */
typedef enum
{
  SCOPE_TRANSPORT_WS = 1 << 0,
  SCOPE_TRANSPORT_WSS = 1 << 1,
} ScopeTransportKinds;

#define SCOPE_TRANSPORTS_ALL (SCOPE_TRANSPORT_WS | SCOPE_TRANSPORT_WSS)

#define SCOPE_DEFAULT_CLUSTER "mt1"

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
  ScopeTransportKinds transports;

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

ScopeConnectionOptions *scope_connection_options_new  (void);   /* the contract's defaults */
ScopeConnectionOptions *scope_connection_options_copy (const ScopeConnectionOptions *self);
void     scope_connection_options_free      (ScopeConnectionOptions       *self);
/* SCOPE_ERROR_USAGE: one line that names the field and what is allowed */
gboolean scope_connection_options_check     (const ScopeConnectionOptions *self,
                                             GError                      **error);

/* {ws|wss}://host:port/path/app/KEY?protocol=7&client=…&version=… (transfer full) */
char    *scope_connection_options_build_url (const ScopeConnectionOptions *self,
                                             gboolean                      use_tls);
/* "ws-eu.pusher.com": (transfer full) */
char    *scope_connection_options_dup_host  (const ScopeConnectionOptions *self);
/* "https://api-eu.pusher.com" or the own server's (transfer full) */
char    *scope_connection_options_build_api_url (const ScopeConnectionOptions *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeConnectionOptions, scope_connection_options_free)

G_END_DECLS
