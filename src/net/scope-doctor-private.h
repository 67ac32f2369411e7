/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/scope-api-client.h"
#include "net/scope-authorizer.h"
#include "net/scope-doctor.h"
#include "net/scope-transport.h"

G_BEGIN_DECLS

/* never joined */
#define SCOPE_DOCTOR_PRESENCE_CHANNEL "presence-channelscope-test"

struct _ScopeDoctor
{
  GObject parent_instance;

  ScopeConnectionOptions *options;
  ScopeClock *clock;
  ScopeDoctorStep steps[SCOPE_N_DOCTOR_STEPS];

  char *refusal;             /* of a client event, earlier; nullable */

  GTask *task;               /* while it runs; weak: the task holds the doctor */
  ScopeDoctorStepId current;
  guint generation;          /* of the step: what belongs to an earlier one is dropped */
  gint64 started_usec;
  guint64 timer;
  guint64 impatience;        /* another timer: looks for the cause before the step's time is over */
  GCancellable *stop;        /* of the step */
  GSource *cancelled;

  /* where to, from scope-doctor-route.c */
  char *url;                 /* of the transport */
  gboolean use_tls;
  ScopeTransportKinds kind;
  char *host;
  guint port;
  char *proxy;               /* NULL: straight */
  GList *addresses;          /* of GInetAddress: host's, or the proxy's */
  GList *next_address;
  GSocketConnection *stream;
  GIOStream *tls;
  GTlsDatabase *extra_trust;
  GTlsCertificate *certificate; /* the server's, and what was wrong with it */
  GTlsCertificateFlags flaws;

  ScopeTransport *transport;
  char *socket_id;
  ScopeAuthorizer *authorizer;
  ScopeApiClient *api;
};

/* An answer that is waited for by the step that asked: a callback's data. */
typedef struct
{
  ScopeDoctor *self;
  guint generation;
} ScopeDoctorCall;

ScopeDoctorCall *_scope_doctor_call_new (ScopeDoctor *self);
/* frees it; the doctor if the step still waits (transfer full), else NULL */
ScopeDoctor *_scope_doctor_call_end     (ScopeDoctorCall *call);

/* The end of the step that runs. Words of others are shown without key and secrets. */
void         _scope_doctor_good         (ScopeDoctor *self,
                                         const char  *format,
                                         ...) G_GNUC_PRINTF (2, 3);
void         _scope_doctor_fail         (ScopeDoctor *self,
                                         ScopeFault   fault,
                                         const char  *format,
                                         ...) G_GNUC_PRINTF (3, 4);
void         _scope_doctor_skip         (ScopeDoctor *self,
                                         const char  *format,
                                         ...) G_GNUC_PRINTF (2, 3);
/* a good one with something to say all the same */
void         _scope_doctor_advise       (ScopeDoctor *self,
                                         const char  *advice);
/* words of others, without key and secrets (transfer full) */
char        *_scope_doctor_hide         (ScopeDoctor *self,
                                         const char  *text);
gboolean     _scope_doctor_is_good      (ScopeDoctor      *self,
                                         ScopeDoctorStepId id);

/* The steps: each ends in one of the above, sooner or later; the others are told when its time is over. */
gboolean     _scope_doctor_find_route   (ScopeDoctor *self,
                                         GError     **error);
void         _scope_doctor_look_up      (ScopeDoctor *self);
void         _scope_doctor_connect      (ScopeDoctor *self);
void         _scope_doctor_start_tls    (ScopeDoctor *self);
void         _scope_doctor_upgrade      (ScopeDoctor *self);
void         _scope_doctor_await_greeting (ScopeDoctor *self);
void         _scope_doctor_ask_api      (ScopeDoctor *self);
void         _scope_doctor_authorize_channel (ScopeDoctor *self);
void         _scope_doctor_authorize_presence (ScopeDoctor *self);

/* for scope-doctor-socket.c: subscribes; the answer ends the step */
void         _scope_doctor_subscribe    (ScopeDoctor *self,
                                         const char  *auth);

char        *_scope_certificate_describe (GTlsCertificate *certificate,
                                          const char      *flaw);   /* nullable */
/* what is worst about it; SCOPE_FAULT_NONE without flaws */
ScopeFault   _scope_certificate_get_fault (GTlsCertificate     *certificate,
                                           GTlsCertificateFlags flaws);

/* What a place speaks, asked on a connection of its own; bounded by some seconds. finish: FALSE without an
 * error if it does not. */
void         _scope_probe_http_async    (const char          *host,
                                         guint                port,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
void         _scope_probe_tls_async     (const char          *host,
                                         guint                port,
                                         GCancellable        *cancellable,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
gboolean     _scope_probe_finish        (GAsyncResult        *result);

G_END_DECLS
