/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

#include "protocol/scope-close-code.h"

G_BEGIN_DECLS

/* The connection's state machine: (state, input, now) → (state, actions). protocol.md §1.3–1.9 with their Do
 * lines. No sockets, clock or random source. The diagram, the invariants of each state and the
 * function of each edge stand at the top of scope-machine.c. */

typedef enum
{
  SCOPE_STATE_INITIALIZED,
  SCOPE_STATE_CONNECTING,
  SCOPE_STATE_CONNECTED,
  SCOPE_STATE_UNAVAILABLE,
  SCOPE_STATE_FAILED,
  SCOPE_STATE_DISCONNECTED,
} ScopeState;

#define SCOPE_TYPE_STATE (scope_state_get_type ())
GType       scope_state_get_type (void);
const char *scope_state_to_name  (ScopeState state); /* "connected": the wire name, untranslated */
const char *scope_state_to_text  (ScopeState state); /* "Connected": for people, translated */

/* One timer per purpose. */
typedef enum
{
  SCOPE_TIMER_CONNECT,     /* DNS + TCP + TLS + upgrade + first frame, one limit (15 s) */
  SCOPE_TIMER_UNAVAILABLE, /* from leaving connected, or from the first attempt (10 s) */
  SCOPE_TIMER_RETRY,       /* until the next attempt */
  SCOPE_TIMER_ACTIVITY,    /* silence → ping */
  SCOPE_TIMER_PONG,        /* silence after a ping → the socket is dead */
  SCOPE_TIMER_STABLE,      /* 60 s connected → the backoff is forgotten */
  SCOPE_N_TIMERS,
} ScopeTimer;

typedef struct
{
  gint64 activity_timeout_usec;    /* 120 s */
  gint64 pong_timeout_usec;        /* 30 s */
  gint64 unavailable_timeout_usec; /* 10 s */
  gint64 connect_timeout_usec;     /* 15 s */
  gint64 attempt_timeout_usec;     /* where an attempt tries several transports, each with its own connect
                                    * timeout: of them all. 0: the connect timeout */
  gint64 reconnect_delay_usec;     /* 1 s */
  gint64 max_delay_usec;           /* 30 s */
  guint max_attempts;              /* 0: never give up */
  gboolean use_tls;                /* wss first */
  gboolean may_plain;              /* `ws` is allowed by the transport lists */
  gboolean may_tls;                /* `wss` is allowed (needed to obey 4000) */
} ScopeMachineOptions;

typedef enum
{
  SCOPE_INPUT_CONNECT,         /* the user's wish */
  SCOPE_INPUT_DISCONNECT,      /* the user's wish */
  SCOPE_INPUT_OPENED,          /* upgrade done; generation */
  SCOPE_INPUT_ESTABLISHED,     /* generation, text = socket id, seconds = the server's activity timeout (0: none),
                                * ping_delay_usec */
  SCOPE_INPUT_BAD_HANDSHAKE,   /* generation, text = why: the first frame was something else */
  SCOPE_INPUT_ACTIVITY,        /* generation: any frame came */
  SCOPE_INPUT_PING,            /* generation: the server's pusher:ping came */
  SCOPE_INPUT_SERVER_ERROR,    /* generation, code, text: a pusher:error frame (before or after the handshake) */
  SCOPE_INPUT_CLOSED,          /* generation, code (SCOPE_CLOSE_NONE: no close frame), text = reason */
  SCOPE_INPUT_FAILED,          /* generation, code = HTTP status or 0, text = why: never opened, or broke;
                                * no_handshake */
  SCOPE_INPUT_TIMER,           /* timer */
  SCOPE_INPUT_NETWORK,         /* available */
  SCOPE_INPUT_WOKE,            /* the machine slept */
} ScopeInputType;

typedef struct
{
  ScopeInputType type;
  guint generation;  /* of the transport it comes from; another than the current one is ignored */
  guint code;
  const char *text;
  double seconds;
  ScopeTimer timer;
  gboolean available;
  double random;     /* [0, 1): for jitter */
  gint64 ping_delay_usec; /* at most so long silent, as the transport taught (§7.5); 0: no matter */
  gboolean no_handshake;  /* what failed had opened, but its first frame never came */
} ScopeInput;

typedef enum
{
  SCOPE_ACTION_OPEN,          /* generation, use_tls: make a transport and open it */
  SCOPE_ACTION_SEND_PING,
  SCOPE_ACTION_SEND_PONG,
  SCOPE_ACTION_CLOSE,         /* generation, code (0: just drop it): nothing more from it counts */
  SCOPE_ACTION_ARM,           /* timer, at_usec */
  SCOPE_ACTION_DISARM,        /* timer */
  SCOPE_ACTION_STATE,         /* previous, current; code, text, meaning when left because of a close */
  SCOPE_ACTION_CONNECTING_IN, /* delay_usec, attempt */
  SCOPE_ACTION_ERROR,         /* source, code, text, reaction */
} ScopeActionType;

/* `source` of cli-contract.md */
typedef enum
{
  SCOPE_SOURCE_SERVER,
  SCOPE_SOURCE_SOCKET,
  SCOPE_SOURCE_HANDSHAKE,
  SCOPE_SOURCE_PARSE,
  SCOPE_SOURCE_AUTH,
  SCOPE_SOURCE_DECRYPT,
  SCOPE_SOURCE_LIMIT,
} ScopeErrorSource;

const char *scope_error_source_to_name (ScopeErrorSource source);

typedef struct
{
  ScopeActionType type;
  guint generation;
  gboolean use_tls;
  ScopeTimer timer;
  gint64 at_usec;       /* monotonic */
  gint64 delay_usec;
  guint attempt;
  ScopeState previous;
  ScopeState current;
  ScopeErrorSource source;
  gboolean has_code;
  guint code;
  ScopeReaction reaction;
  char *text;           /* owned by the action list; nullable */
  const char *meaning;  /* static, translated; nullable */
} ScopeAction;

typedef struct _ScopeMachine ScopeMachine;

ScopeMachine *scope_machine_new             (const ScopeMachineOptions *options);
void          scope_machine_free            (ScopeMachine              *self);
/* options count from the next attempt on */
void          scope_machine_set_options     (ScopeMachine              *self,
                                             const ScopeMachineOptions *options);

/* Steps; actions (transfer none, valid until the next step) are to be carried out in order. */
const ScopeAction *scope_machine_step       (ScopeMachine              *self,
                                             const ScopeInput          *input,
                                             gint64                     now_usec,
                                             guint                     *n_actions);

/* The hot path's SCOPE_INPUT_ACTIVITY: only notes the time. While a pong is awaited it returns
 * FALSE, and the full step is due. */
gboolean      scope_machine_note_activity   (ScopeMachine              *self,
                                             guint                      generation,
                                             gint64                     now_usec);

ScopeState    scope_machine_get_state       (ScopeMachine              *self);
gboolean      scope_machine_wants_connected (ScopeMachine              *self); /* the user's intent */
guint         scope_machine_get_generation  (ScopeMachine              *self);
const char   *scope_machine_get_socket_id   (ScopeMachine              *self); /* nullable */
gint64        scope_machine_get_activity_timeout_usec (ScopeMachine    *self); /* effective, §1.4 */
gint64        scope_machine_get_retry_at_usec (ScopeMachine            *self); /* 0: no retry waits */

/* for tests: TRUE if every invariant of the current state holds; else *why says which does not */
gboolean      scope_machine_check           (ScopeMachine              *self,
                                             const char               **why);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ScopeMachine, scope_machine_free)

G_END_DECLS
