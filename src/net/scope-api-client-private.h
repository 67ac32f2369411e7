/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "net/scope-api-client.h"
#include "net/scope-http-line.h"

G_BEGIN_DECLS

/* For scope-api-client.c (what is asked), scope-api-send.c (by which way) and scope-api-call.c (how long, and what
 * came of it). */

struct _ScopeApiClient
{
  GObject parent_instance;

  ScopeConnectionOptions *options;
  ScopeClock *clock;
  SoupSession *session;
  GUri *base;       /* of the API; NULL: no valid URL */
  GPtrArray *lines; /* ScopeHttpLine; NULL: TLS or a proxy, which are libsoup's */
  GQueue calls;  /* under way: ScopeApiCall, by their start */
  guint64 timer; /* one for all, not set anew by each: that would wake the main loop twice a call */

  gint64 clock_ahead_usec; /* by the last answer that told the server's time */
  gint64 clock_skew_usec;  /* the same, if it is worth telling */
  gboolean uses_server_time;
};

#define SCOPE_API_READ_BYTES (16 * 1024)

typedef struct
{
  ScopeApiClient *client;  /* the task holds it */
  const char *method;
  char *target;            /* path and query */
  GBytes *content;         /* NULL: none */
  SoupMessage *message;    /* by libsoup: else NULL, and an answer of a line */
  GInputStream *stream;
  ScopeHttpLine *line;     /* the client's; NULL: by libsoup */
  ScopeHttpAnswer answer;
  GCancellable *stop;      /* by the caller, or by the time limit */
  GSource *cancelled;      /* watches the caller's */
  GList link;              /* in the client's calls */
  gint64 deadline;         /* 0: it does not wait */
  gint64 end;              /* the deadline when it is connected */
  gboolean is_connecting;
  gboolean is_in_tls;      /* its handshake has begun, and not ended */
  gint64 asked_usec;       /* this machine's clock */
  gboolean is_late;
  ScopeApiReply *reply;
  guint8 buffer[SCOPE_API_READ_BYTES];
} ScopeApiCall;

/* for scope-api-client.c */
GTask *_scope_api_call_new_task         (ScopeApiClient      *client,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
void   _scope_api_call_start_waiting    (GTask               *task);
void   _scope_api_client_send           (ScopeApiClient      *self,
                                         GTask               *task);

/* for scope-api-send.c */
void   _scope_api_call_start_connecting (ScopeApiCall        *call);
void   _scope_api_call_network_cb       (SoupMessage         *message,
                                         GSocketClientEvent   event,
                                         GIOStream           *connection,
                                         gpointer             user_data);
void   _scope_api_call_read             (GTask               *task);
void   _scope_api_call_take_answer      (ScopeApiCall        *call);
void   _scope_api_call_return           (GTask               *task);
void   _scope_api_call_fail             (GTask               *task,
                                         const GError        *error);

/* for scope-api-call.c */
void   _scope_api_client_take_clock     (ScopeApiClient      *self,
                                         const ScopeApiReply *reply);

G_END_DECLS
