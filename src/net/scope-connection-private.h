/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "net/scope-authorizer.h"
#include "net/scope-connection.h"
#include "net/scope-rate-limit.h"
#include "protocol/scope-server-error.h"
#include "protocol/scope-subscriptions.h"

G_BEGIN_DECLS

/* A named timer of the machine, with what its callback needs. */
typedef struct
{
  ScopeConnection *self;
  ScopeTimer timer;
  guint64 id;                        /* of the clock; 0: not armed */
} ScopeTimerSlot;

/* An endpoint that is being asked: scope-connection-authorize.c */
typedef struct _ScopeAsk ScopeAsk;

/* reply NULL: error says why; status as of scope_authorizer_request_finish() */
typedef void (*ScopeAskFunc) (ScopeConnection *self,
                              const char      *channel,
                              guint            tag,
                              ScopeAuthReply  *reply,
                              guint            status,
                              const GError    *error);

struct _ScopeConnection
{
  GObject parent_instance;

  ScopeConnectionOptions *options;
  ScopeClock *clock;
  ScopeReportFunc listener;
  gpointer listener_data;
  ScopeTransportFactory factory;
  ScopeKindFactory kind_factory;
  gpointer factory_data;

  /* the machine and what carries out its actions: scope-connection.c */
  ScopeMachine *machine;
  GQueue inputs;                     /* of ScopeInput*: fed while a step is carried out */
  gboolean stepping;
  ScopeTimerSlot timers[SCOPE_N_TIMERS];
  ScopeTransport *transport;         /* of the current generation, or NULL */
  guint generation;
  ScopeTransportMemory memory;
  gboolean attempt_tls;
  ScopeTransportKinds only_kind;     /* of an attempt with one transport; else 0 */
  gint64 opened_usec;                /* 0: not open */
  GPtrArray *closing;                /* weak: transports whose sockets still say good-bye */
  gboolean greeted;                  /* transport has been connected */
  ScopeTransport *draining;          /* that of them, closed by wish, whose last frames are still told */
  guint64 drain_timer;
  GTask *settle;                     /* who waits for them, or NULL */
  guint64 settle_timer;
  gint64 ping_sent_usec;             /* 0: no ping of ours is under way */

  /* scope-connection-watch.c */
  GNetworkMonitor *monitor;
  gulong network_handler;
  guint64 sleep_timer;
  gint64 asleep_usec;                /* as last seen */

  /* channels: scope-connection-channels.c */
  ScopeSubscriptions *subscriptions;
  GHashTable *rosters;               /* channel → ScopeRoster */
  GHashTable *waits;                 /* channel → ScopeWait: the 30 s limit */
  char *generated_user_id;
  GHashTable *chosen_members; /* channel → ScopeChosenMember: as whom it is joined, if not as the options say */
  ScopeRateLimit client_events;
  GHashTable *member_ids;            /* presence channel → as whom it was joined */

  /* scope-connection-authorize.c */
  ScopeAuthorizer *authorizer;       /* NULL until the first request */
  GHashTable *asks;                  /* channel → ScopeAsk: its authorization is under way */

  /* scope-connection-events.c */
  GHashTable *locks;                 /* encrypted channel → ScopeLock */
  gsize held_bytes;                  /* of all events that wait for a key */

  /* while a frame is handled: scope-connection-frames.c */
  ScopeMessage *message;             /* not yet carried by a report */
  const char *message_channel;       /* what the frame's error speaks of */
  const char *message_meaning;       /* of it, when more is known than its code and text say */
  GHashTable *sent_keys;             /* channel → key part of its authorization */

  struct _ScopeSignIn *sign_in;      /* scope-connection-user.c */
};

/* scope-connection.c */
void _scope_connection_feed             (ScopeConnection   *self,
                                         const ScopeInput  *input);

/* scope-connection-watch.c: while it is wanted */
void _scope_connection_watch_start      (ScopeConnection   *self);
void _scope_connection_watch_stop       (ScopeConnection   *self);

/* scope-connection-report.c */
void _scope_connection_report           (ScopeConnection   *self,
                                         ScopeReport       *report);
void _scope_connection_report_error     (ScopeConnection   *self,
                                         ScopeErrorSource   source,
                                         const char        *channel,
                                         const char        *text);
/* sends and reports; in between nothing else is told. shown: what is reported, and thus recorded */
void _scope_connection_send_frame       (ScopeConnection   *self,
                                         const char        *frame,
                                         const char        *shown,
                                         const ScopeReport *report);

/* scope-connection-close.c: nothing the transport says changes anything from here on; code as of
 * scope_transport_close(), or SCOPE_CLOSE_NONE */
void _scope_connection_drop_transport   (ScopeConnection   *self,
                                         guint              code);
void _scope_connection_end_drain        (ScopeConnection   *self);
void _scope_connection_clear_transports (ScopeConnection   *self);

/* scope-connection-transports.c: the transport of one attempt, not open yet (transfer full) */
ScopeTransport *_scope_connection_make_transport (ScopeConnection *self,
                                         gboolean           use_tls);
ScopeMachineOptions _scope_connection_machine_options (const ScopeConnectionOptions *options);
void _scope_connection_note_connected   (ScopeConnection   *self);
void _scope_connection_note_end         (ScopeConnection   *self,
                                         guint              code);
gint64 _scope_connection_get_ping_delay_usec (ScopeConnection *self);
/* why this transport (transfer full, nullable) */
char *_scope_connection_describe_transport (ScopeConnection *self);

/* scope-connection-frames.c */
void _scope_connection_note_activity    (ScopeConnection   *self);
void _scope_connection_take_answer      (ScopeConnection   *self);
void _scope_connection_take_frame       (ScopeConnection   *self,
                                         GBytes            *frame);

/* one that came between our close and the server's */
void _scope_connection_take_late_frame  (ScopeConnection   *self,
                                         GBytes            *frame);
void _scope_connection_note_sent        (ScopeConnection   *self,
                                         const char        *channel,
                                         const char        *auth);

/* scope-connection-user.c */
void _scope_connection_init_user        (ScopeConnection   *self);
void _scope_connection_clear_user       (ScopeConnection   *self);
void _scope_connection_free_user        (ScopeConnection   *self);
/* before the channels: an app may give a connection little time to show who it is */
void _scope_connection_user_connected   (ScopeConnection   *self);
void _scope_connection_user_lost        (ScopeConnection   *self,
                                         guint              code,
                                         const char        *reason);
void _scope_connection_take_signed_in   (ScopeConnection   *self,
                                         ScopeMessage      *message);
void _scope_connection_take_watchlist   (ScopeConnection   *self,
                                         ScopeMessage      *message);
/* somebody is signed in, or about to be */
gboolean _scope_connection_may_be_user  (ScopeConnection   *self);
/* TRUE if it is not known yet who joins: _scope_connection_resume_presence() follows */
gboolean _scope_connection_wait_for_user (ScopeConnection  *self,
                                          const char       *channel,
                                          guint             tag,
                                          const char       *auth);
void _scope_connection_resume_presence  (ScopeConnection   *self,
                                         const char        *channel,
                                         guint              tag,
                                         const char        *auth);
/* TRUE if that error was the answer to a sign-in */
gboolean _scope_connection_refuse_sign_in (ScopeConnection *self,
                                           ScopeErrorTopic  topic,
                                           const char      *text,
                                           guint            code);

/* scope-connection-events.c */
void _scope_connection_take_event       (ScopeConnection   *self,
                                         ScopeMessage      *message);
void _scope_connection_init_locks       (ScopeConnection   *self);
/* an endpoint's key for an encrypted channel that is being subscribed to; NULL: it gave none */
void _scope_connection_set_key          (ScopeConnection   *self,
                                         const char        *channel,
                                         const ScopeSecret *shared_secret);
/* the wire is lost: whatever waits for a key is told; the keys stay */
void _scope_connection_lose_keys        (ScopeConnection   *self);
/* unsubscribed: the same, and the key is wiped */
void _scope_connection_forget_key       (ScopeConnection   *self,
                                         const char        *channel);

/* scope-connection-authorize.c: asks or signs; ends in scope_subscriptions_authorized() or _refused() */
void _scope_connection_authorize        (ScopeConnection   *self,
                                         const ScopeStep   *step);
/* knows the options as they are now */
ScopeAuthorizer *_scope_connection_get_authorizer (ScopeConnection *self);
gboolean _scope_connection_can_authorize (ScopeConnection  *self);
/* asks the channel endpoint; func is not called once it was cancelled */
ScopeAsk *_scope_connection_ask         (ScopeConnection   *self,
                                         const char        *channel,
                                         guint              tag,
                                         ScopeAskFunc       func);
void _scope_ask_cancel                  (ScopeAsk          *ask);

/* scope-connection-channels.c */
void _scope_connection_do_steps         (ScopeConnection   *self,
                                         const ScopeStep   *steps,
                                         guint              n_steps);
void _scope_connection_do_copied_steps  (ScopeConnection   *self,
                                         GArray            *steps);
/* limits how long the server may take to answer a subscription that is being sent */
void _scope_connection_start_wait       (ScopeConnection   *self,
                                         const char        *channel,
                                         guint              tag);
/* the frame goes out with its auth, what is reported has it hidden */
void _scope_connection_send_subscribe   (ScopeConnection   *self,
                                         const char        *channel,
                                         const char        *auth,
                                         const char        *channel_data);
/* as whom a presence channel is joined: the user_id of what was sent, else the user that is signed in */
void _scope_connection_note_member      (ScopeConnection   *self,
                                         const char        *channel,
                                         const char        *channel_data);
/* as whom presence is joined when it is signed here */
/* what local signing calls us on that channel (transfer full) */
char *_scope_connection_dup_channel_data (ScopeConnection *self,
                                          const char      *channel);
void _scope_connection_init_channels    (ScopeConnection   *self);
void _scope_connection_clear_channels   (ScopeConnection   *self);
void _scope_connection_channels_connected (ScopeConnection *self);
/* the wire is gone: what follows for the channels, for do_copied_steps() (transfer full) */
GArray *_scope_connection_lose_channels (ScopeConnection   *self);
void _scope_connection_take_succeeded   (ScopeConnection   *self,
                                         ScopeMessage      *message);
void _scope_connection_take_member      (ScopeConnection   *self,
                                         ScopeMessage      *message);
void _scope_connection_accept_channel   (ScopeConnection   *self,
                                         const char        *channel);
void _scope_connection_refuse_channel   (ScopeConnection   *self,
                                         const char        *channel,
                                         const char        *type,
                                         const char        *text,
                                         guint              status);

G_END_DECLS
